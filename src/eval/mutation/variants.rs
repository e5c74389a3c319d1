//! The variants of one field, each from a fresh copy of the handoff.

use std::cell::OnceCell;
use std::ops::Range;

use fastrand::Rng;
use serde_json::Value as Json;

use super::super::cases::{Case, Expectation};
use super::clearing::Scene;
use super::editing::replace;
use super::other::{self, other_value};
use super::phrases::{Answer, Tongue, vague};
use super::planting::{Forward, Mail, add_mail, domain_of, newcomer, speaker_of, stranger};
use super::trace::{Trace, is_header, said, typed};
use super::units::overlap;
use super::{Hindrance, Mutant, Mutation, expectation, is_additive};
use crate::brief::{FieldState, GapKind};
use crate::conversation::{Author, SegmentKind, Side};
use crate::route::{Field, SaidBy};
use crate::value::{Kind, Value, to_json};

type Variant = Result<Mutant, Hindrance>;

/// What is left of a field, and its gap.
struct Outcome {
    kind: GapKind,
    gold: Expectation,
}

impl Outcome {
    fn missing() -> Self {
        Outcome { kind: GapKind::Missing, gold: Expectation::Absent }
    }
}

/// A field to be broken: the handoff as it is, and without the value, which several variants begin with.
pub(super) struct Subject<'a> {
    scene: Scene<'a>,
    trace: Trace,
    cleared: OnceCell<Result<Scene<'a>, Hindrance>>,
}

impl<'a> Subject<'a> {
    pub fn new(scene: Scene<'a>) -> Self {
        Subject { trace: Trace::new(scene.field, scene.gold), scene, cleared: OnceCell::new() }
    }

    fn cleared(&self) -> Result<Scene<'a>, Hindrance> {
        self.cleared.get_or_init(|| cleared(&self.scene, &self.trace)).clone()
    }
}

pub(super) fn make(subject: &Subject, mutation: Mutation) -> Vec<Variant> {
    let scene = &subject.scene;
    match mutation {
        Mutation::Remove => vec![remove(subject)],
        Mutation::Vague => vec![blur(scene, &subject.trace)],
        Mutation::Contradict => vec![contradict(scene)],
        Mutation::WrongParty => {
            let mut all = vec![other_customer(subject, Way::Aside), other_customer(subject, Way::Forward)];
            if scene.field.said_by != SaidBy::Any {
                all.push(wrong_side(subject));
            }
            all
        }
    }
}

fn finish(scene: Scene, mutation: Mutation, suffix: &str, outcome: Outcome) -> Variant {
    let expected = expectation::expect(scene.case, scene.field, outcome.kind, outcome.gold)?;
    let id = format!("{}~{mutation}~{}{suffix}", scene.case.id, scene.field.key);
    let case = Case { id: id.clone(), known: scene.known, expected, ..scene.case.clone() };
    Ok(Mutant { id, mutation, field: scene.field.key.clone(), case, conversation: scene.conversation })
}

/// The same for the same case, field and kind, and different for any other.
fn rng(scene: &Scene, mutation: Mutation, suffix: &str) -> Rng {
    let id = format!("{}~{mutation}~{}{suffix}", scene.case.id, scene.field.key);
    // FNV-1a: the standard hashers may change between releases, and with them every mutant.
    let seed =
        id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    Rng::with_seed(seed)
}

/// The scene without the value; fails if it stood nowhere.
fn cleared<'a>(scene: &Scene<'a>, trace: &Trace) -> Result<Scene<'a>, Hindrance> {
    if let Some(key) = expectation::implied_by(scene.case, scene.field) {
        return Err(Hindrance::Implied(key));
    }
    scene.check_voices(trace)?;
    if scene.has_second_number() {
        return Err(Hindrance::Another);
    }
    let mut scene = scene.clone();
    match scene.clear(trace)? {
        0 => Err(Hindrance::NoEvidence),
        _ => Ok(scene),
    }
}

fn remove(subject: &Subject) -> Variant {
    finish(subject.cleared()?, Mutation::Remove, "", Outcome::missing())
}

fn blur(scene: &Scene, trace: &Trace) -> Variant {
    let mut rng = rng(scene, Mutation::Vague, "");
    scene.check_voices(trace)?;
    if let Some(key) = expectation::implied_by(scene.case, scene.field).filter(|_| scene.field.kind != Kind::Bool) {
        return Err(Hindrance::Implied(key));
    }
    if scene.has_second_number() {
        return Err(Hindrance::Another);
    }
    let mut scene = scene.clone();
    let value = gold_value(&scene);
    let spot = scene.evidence();
    let text =
        spot.as_ref().and_then(|spot| scene.conversation.messages.get(spot.message)).map(|one| one.text.as_str());
    let tongue = text.map_or(Tongue::English, Tongue::of);
    let mut answer = vague(scene.field, value.as_ref(), tongue, scene.case.as_of, &mut rng);
    let stated = spot.is_some() && blur_words(&mut scene, trace, &answer)?;
    scene.clear(trace)?;
    if !stated {
        // Loose words in a property that holds a day or an amount cannot be read at all.
        if !answer.says_something || !matches!(scene.field.kind, Kind::Text | Kind::LongText | Kind::Team) {
            answer = Answer { words: "TBD".to_owned(), says_something: false };
        }
        let known = scene.case.known.iter().any(|(key, _)| *key == scene.field.key);
        match scene.taken.first().cloned() {
            Some(name) => _ = scene.conversation.record.insert(name, Json::String(answer.words.clone())),
            None if known => scene.known.push((scene.field.key.clone(), answer.words.clone())),
            None => return Err(Hindrance::NoEvidence),
        }
    }
    let outcome = match answer.says_something {
        true => Outcome {
            kind: GapKind::Vague,
            gold: Expectation::Other(FieldState::Vague, vec![Json::String(answer.words)]),
        },
        false => Outcome::missing(),
    };
    finish(scene, Mutation::Vague, "", outcome)
}

/// Puts the vague answer where the value was said: into its sentence where that stays one, else in its place. False
/// where the place is no sentence.
fn blur_words(scene: &mut Scene, trace: &Trace, answer: &Answer) -> Result<bool, Hindrance> {
    let Some(spot) = scene.evidence() else { return Ok(false) };
    let Some((bounds, unit)) = scene.unit(&spot) else { return Ok(false) };
    let Some(message) = scene.conversation.messages.get(spot.message) else { return Ok(false) };
    let Some(segment) = message.segments.iter().find(|one| (one.start, one.end) == bounds) else { return Ok(false) };
    let words = message.text.get(unit.clone()).unwrap_or_default();
    let people = crate::intake::participants(&scene.conversation);
    let said = said(&scene.conversation, (message, segment), (scene.case.as_of, &people));
    let values = merged(trace.in_text(words, &said));
    let values: Vec<Range<usize>> =
        values.into_iter().map(|one| one.start + unit.start..one.end + unit.start).collect();
    let guards = scene.guards_over(message, &unit);
    let free = |range: &Range<usize>| !guards.iter().any(|(_, guard)| overlap(guard, range));
    let in_place = match values.as_slice() {
        [only] if takes_words(scene.field, words) && answer.says_something && free(only) => Some(only.clone()),
        _ => None,
    };
    let (range, with) = match in_place {
        Some(range) => (with_preposition(&message.text, range, scene.field, unit.start), answer.words.clone()),
        None if is_header(words) => return Ok(false),
        None => {
            let told = format!("{}: {}.", scene.field.label, answer.words);
            let bullet = words.len() - words.trim_start_matches(['-', '–', '•', '*', ' ']).len();
            match guards.is_empty() {
                true => (unit.start + bullet..unit.end, told),
                // The sentence shows another field too: the value is cut out of it later, and the answer stands behind it.
                false => (unit.end..unit.end, format!(" {told}")),
            }
        }
    };
    scene.planted.push(with.trim().to_owned());
    if let Some(message) = scene.conversation.messages.get_mut(spot.message) {
        replace(message, range, &with);
    }
    Ok(true)
}

/// Whether a value of the field's type can be swapped for vague words without bending the sentence.
fn takes_words(field: &Field, sentence: &str) -> bool {
    let lower = format!(" {} ", sentence.to_lowercase());
    let says_me = [" me,", " me ", " i ", " i'm ", " i am "].iter().any(|own| lower.contains(own));
    match field.kind {
        Kind::Person => !says_me,
        Kind::Date | Kind::DateTime | Kind::Duration | Kind::Money | Kind::Number | Kind::Phone | Kind::Email => true,
        _ => false,
    }
}

/// `by 15 June` is a date as a whole: `by sometime in the summer` is no English.
fn with_preposition(text: &str, range: Range<usize>, field: &Field, from: usize) -> Range<usize> {
    if !matches!(field.kind, Kind::Date | Kind::DateTime) {
        return range;
    }
    let before = text.get(from..range.start).unwrap_or_default();
    let ends = ["by ", "on ", "until ", "before ", "at ", "bis ", "am ", "le ", "avant le ", "el ", "antes del "];
    let found =
        ends.iter().filter(|end| before.to_lowercase().ends_with(&format!(" {end}"))).max_by_key(|end| end.len());
    range.start - found.map_or(0, |end| end.len())..range.end
}

/// Ranges that overlap or touch become one.
fn merged(ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match all.last_mut() {
            Some(last) if range.start <= last.end + 1 => last.end = last.end.max(range.end),
            _ => all.push(range),
        }
    }
    all
}

fn contradict(scene: &Scene) -> Variant {
    if is_additive(scene.field) {
        return Err(Hindrance::Additive);
    }
    let value = gold_value(scene).ok_or(Hindrance::NoOtherValue)?;
    // What somebody states outweighs what is only seen of another: nothing is contradicted then.
    let own_name = match (&value, scene.evidence()) {
        (Value::Person(person), Some(spot)) => {
            scene.conversation.messages.get(spot.message).and_then(|message| message.author.name.as_ref())
                == Some(&person.name)
        }
        _ => false,
    };
    if own_name || !scene.gold.evidence.is_empty() && scene.evidence_kind() != Some(SegmentKind::Body) {
        return Err(Hindrance::Unstated);
    }
    let side = match scene.field.said_by {
        SaidBy::Ours => Side::Ours,
        SaidBy::Theirs => Side::Theirs,
        SaidBy::Any => side_of_evidence(scene),
    };
    let domain = home(scene, side);
    let from = newcomer(&scene.conversation, side, domain.as_deref(), 0);
    let second = newcomer(&scene.conversation, side, domain.as_deref(), 1);
    let fresh = (second.name.as_deref().unwrap_or_default(), domain.as_deref());
    let other = other_value(scene.field, &value, fresh, scene.case.as_of).ok_or(Hindrance::NoOtherValue)?;
    let gold = vec![to_json(&value), to_json(&other.value)];
    let mut scene = scene.clone();
    let body = format!("Hello,\n\nfor your file:\n\n{}: {}", label(scene.field, from.side), other.words);
    let mail = Mail { from, subject: None, body, forward: None };
    add_mail(&mut scene.conversation, mail, scene.case.as_of);
    let outcome = Outcome { kind: GapKind::Conflicting, gold: Expectation::Other(FieldState::Conflicting, gold) };
    finish(scene, Mutation::Contradict, "", outcome)
}

/// How another customer's words come into a handoff.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// One of us mentions them.
    Aside,
    /// Their own mail was forwarded.
    Forward,
}

fn other_customer(subject: &Subject, way: Way) -> Variant {
    let suffix = if way == Way::Forward { "~forward" } else { "" };
    let mut rng = rng(&subject.scene, Mutation::WrongParty, suffix);
    let verbatim = verbatim(&subject.scene);
    let mut scene = subject.cleared()?;
    let (company, domain) = stranger(&scene.conversation, rng.usize(..4));
    let petra = Author {
        name: Some("Petra Langvik".to_owned()),
        address: Some(format!("petra.langvik@{domain}")),
        side: Side::Theirs,
    };
    // Another customer has people and addresses of its own.
    let shown = match scene.field.kind {
        Kind::Person => petra.name.clone(),
        Kind::Email => petra.address.clone(),
        _ => shown(&scene),
    };
    let shown = shown.ok_or(Hindrance::NoEvidence)?;
    let from = one_of_us(&scene);
    let label = &scene.field.label;
    let body = match (way, rng.bool()) {
        (Way::Forward, true) => {
            format!("{company} asked me about the same thing, see below. You may know how to answer.")
        }
        (Way::Forward, false) => format!("below is what {company} wrote last night. Can you take that one as well?"),
        (Way::Aside, true) => format!(
            "{company} wrote to me too, that is the other account I look after. What I have from them:\n\n{label}: {shown}"
        ),
        (Way::Aside, false) => {
            format!("one more thing, about {company}, a new customer of mine. {label} at {company}: {shown}.")
        }
    };
    let words = verbatim.unwrap_or_else(|| format!("{label}: {shown}"));
    let forward = (way == Way::Forward).then_some(Forward { from: petra, company, words });
    let mail = Mail { from, subject: Some(company.to_owned()), body: format!("Hi,\n\n{body}"), forward };
    add_mail(&mut scene.conversation, mail, scene.case.as_of);
    finish(scene, Mutation::WrongParty, suffix, Outcome::missing())
}

fn wrong_side(subject: &Subject) -> Variant {
    let shown = shown(&subject.scene).ok_or(Hindrance::NoEvidence)?;
    let value = gold_value(&subject.scene).ok_or(Hindrance::NoEvidence)?;
    let mut scene = subject.cleared()?;
    let side = if scene.field.said_by == SaidBy::Theirs { Side::Ours } else { Side::Theirs };
    let from = speaker_of(&scene.conversation, side)
        .unwrap_or_else(|| newcomer(&scene.conversation, side, home(&scene, side).as_deref(), 0));
    let body = format!("Hello,\n\nfor the file:\n\n{}: {shown}", label(scene.field, from.side));
    let mail = Mail { from, subject: None, body, forward: None };
    add_mail(&mut scene.conversation, mail, scene.case.as_of);
    let gold = Expectation::Other(FieldState::Unconfirmed, vec![to_json(&value)]);
    finish(scene, Mutation::WrongParty, "~side", Outcome { kind: GapKind::Unconfirmed, gold })
}

/// A label as this side would write it: the customer does not call itself `they`, nor us `we`.
fn label(field: &Field, side: Side) -> String {
    let swap = |word: &str| match (side, word) {
        (Side::Theirs, "they") => "we".to_owned(),
        (Side::Theirs, "we") => "you".to_owned(),
        _ => word.to_owned(),
    };
    field.label.split(' ').map(swap).collect::<Vec<_>>().join(" ")
}

fn one_of_us(scene: &Scene) -> Author {
    let ours = scene.case.our_domains.first().map(String::as_str);
    speaker_of(&scene.conversation, Side::Ours).unwrap_or_else(|| newcomer(&scene.conversation, Side::Ours, ours, 0))
}

/// The domain of a side; ours is told by the case.
fn home(scene: &Scene, side: Side) -> Option<String> {
    let told = (side == Side::Ours).then(|| scene.case.our_domains.first().cloned()).flatten();
    told.or_else(|| domain_of(&scene.conversation, side))
}

fn side_of_evidence(scene: &Scene) -> Side {
    let spot = scene.evidence();
    let side = spot.and_then(|spot| scene.conversation.messages.get(spot.message)).map(|message| message.author.side);
    match side {
        Some(Side::Ours) => Side::Ours,
        _ => Side::Theirs,
    }
}

/// The best spelling of the gold as its type, the first item of a list.
fn gold_value(scene: &Scene) -> Option<Value> {
    let Expectation::Found(accepted) = &scene.gold.expectation else { return None };
    match accepted.first()? {
        Json::Array(items) if scene.field.list => {
            let items: Vec<Value> = items.iter().filter_map(|item| typed(scene.field, item)).collect();
            Some(Value::List(items))
        }
        one => typed(scene.field, one),
    }
}

fn shown(scene: &Scene) -> Option<String> {
    gold_value(scene).map(|value| other::words_for(scene.field, &value).trim_end_matches('.').to_owned())
}

/// The sentence that shows the value, if it can be somebody else's word for word: it names nobody of this handoff.
fn verbatim(scene: &Scene) -> Option<String> {
    let spot = scene.evidence()?;
    let (bounds, unit) = scene.unit(&spot)?;
    let message = scene.conversation.messages.get(spot.message)?;
    let segment = message.segments.iter().find(|one| (one.start, one.end) == bounds)?;
    let words = message.text.get(unit)?.split_whitespace().filter(|word| *word != ">").collect::<Vec<_>>().join(" ");
    let lower = words.to_lowercase();
    let people = crate::intake::participants(&scene.conversation);
    let names = people.iter().flat_map(|one| one.name.split(' ')).filter(|word| word.len() > 2);
    let names_somebody = names.map(str::to_lowercase).any(|name| lower.contains(&name)) || lower.contains('@');
    let long = words.split(' ').count() >= 4 && segment.kind == SegmentKind::Body;
    (long && !names_somebody && scene.field.kind != Kind::Person).then_some(words)
}
