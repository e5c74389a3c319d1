//! What an answer by mail means: a value that reads exactly as the field's
//! type, a yes to the one value that was asked about, or what the form offers
//! instead of a value. Free words are an answer where they have the form of
//! one; where only their author can say so, they are shown to them for a yes.
//! Everything else is no answer, with the reason why.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::why::Why;
use crate::answers::{FieldPatch, UnknownUntil};
use crate::brief::{Gap, GapKind};
use crate::route::Field;
use crate::value::{self, Context, Form, Kind, Precision};

/// An answer of more words than this needs its number.
const MOST_BARE_WORDS: usize = 12;

/// A question as it was put, and how it is answered.
#[derive(Debug, Clone, Copy)]
pub struct Put<'a> {
    pub field: &'a Field,
    /// What is open of the field.
    pub gap: Option<&'a Gap>,
    /// The message asked just what is open now.
    pub is_same: bool,
    /// The answer stands under the question's number, or under the question.
    pub is_numbered: bool,
    /// Who answers, as they call themselves.
    pub by: &'a str,
    /// When it was written.
    pub at: Timestamp,
    /// Earlier words of theirs that the message showed them for a yes.
    pub offered: Option<&'a str>,
}

/// What words come to.
#[derive(Debug, Clone, PartialEq)]
pub enum Meant {
    Answer(FieldPatch),
    /// These words may be the answer, or be about it.
    Perhaps(String),
}

/// The answer that words are, or why they are none.
pub fn understand(words: &str, put: &Put) -> Result<Meant, Why> {
    let words = words.trim();
    if let Some(offered) = put.offered
        && is_all(words, YES)
        && value::read_answer(words) == Some(true)
    {
        return Ok(Meant::Answer(taken(offered, put.field)));
    }
    match put.field.kind {
        Kind::Text | Kind::LongText | Kind::Team => match aside(words, put) {
            Some(patch) => patch.map(Meant::Answer),
            None => free(words, put),
        },
        _ => aside(words, put).unwrap_or_else(|| typed(words, put)).map(Meant::Answer),
    }
}

/// The value that a person's own words are once they have said so.
pub fn taken(words: &str, field: &Field) -> FieldPatch {
    if field.list {
        return FieldPatch::Value(items(words));
    }
    let own = if field.kind == Kind::LongText { words.to_owned() } else { one_line(words) };
    let sentence = own.strip_suffix('.').filter(|rest| !rest.contains('.'));
    FieldPatch::Value(sentence.unwrap_or(&own).into())
}

/// What is said instead of a value, or why that is not taken; none where the words may be one.
fn aside(words: &str, put: &Put) -> Option<Result<FieldPatch, Why>> {
    if let Some(rest) = after_any(words, NOT_APPLICABLE) {
        return Some(reason_in(rest).map(FieldPatch::NotApplicable).ok_or(Why::NoReason));
    }
    if let Some(rest) = after_any(without_manners(words), UNKNOWN) {
        let until = put.field.allow.unknown.then(|| until_in(rest, put.by)).flatten();
        return Some(match until {
            Some(until) => Ok(FieldPatch::Unknown(until)),
            None if put.field.allow.unknown => Err(Why::NoOwner),
            None => Err(Why::PutsOff),
        });
    }
    if words.ends_with('?') {
        return Some(Err(Why::Asks));
    }
    confirmed(words, put)
}

/// Why an unread source does not matter, when that is what the words say.
pub fn dismissal(words: &str) -> Result<String, Why> {
    let words = words.trim();
    let rest = after_any(words, NOT_APPLICABLE).or_else(|| after_any(words, NO_MATTER)).ok_or(Why::Unread)?;
    reason_in(rest).ok_or(Why::NoReason)
}

#[rustfmt::skip]
const NOT_APPLICABLE: &[&str] = &[
    "not applicable", "n/a", "n.a.", "does not apply", "doesn't apply", "doesn’t apply", "it does not apply", "it doesn't apply",
    "it doesn’t apply", "this does not apply", "nicht zutreffend", "trifft nicht zu", "entfällt", "non applicable", "sans objet", "no aplica",
];
#[rustfmt::skip]
const NO_MATTER: &[&str] = &[
    "does not matter", "doesn't matter", "doesn’t matter", "it does not matter", "it doesn't matter", "it doesn’t matter", "not relevant",
    "not important", "ignore it", "irrelevant", "spielt keine rolle", "unwichtig",
];
#[rustfmt::skip]
const UNKNOWN: &[&str] = &[
    "don't know", "don’t know", "dont know", "do not know", "not known yet", "not yet known", "not known", "unknown", "no idea",
    "not sure yet", "not sure", "weiß ich nicht", "weiß nicht", "noch nicht bekannt", "nicht bekannt", "keine ahnung", "ne sais pas", "aucune idée",
    "no lo sé", "no sabemos", "ni idea",
];
const MANNERS: &[&str] = &["sorry, ", "sorry ", "i ", "we ", "es ist ", "it is ", "it's ", "it’s ", "je ", "nous "];
const BECAUSE: &[&str] = &["because ", "since ", "as ", "weil ", "denn ", "parce que ", "car ", "porque ", "ya que "];
#[rustfmt::skip]
const VERBS: &[&str] = &[
    " finds out", " finds it out", " will ", " is finding out", " is to find out", " checks", " knows", " confirms", " asks", " clarifies", " decides",
];
/// Somebody puts the answer off, or says that it stands elsewhere.
#[rustfmt::skip]
const DEFERS: &[&str] = &[
    "i'll ask", "i’ll ask", "i will ask", "i'll check", "i’ll check", "will check", "we'll check", "we’ll check", "let me check", "let me ask",
    "need to check", "have to check", "need to ask", "have to ask", "get back to you", "come back to you", "please ask", "better ask", "out of office",
    "out of the office", "on vacation", "on holiday", "see above", "see below", "see attached", "as above", "as discussed", "same as above",
    "don't know", "don’t know", "do not know", "no idea", "not sure", "to be confirmed", "to be decided",
];
/// Words of a letter, not of an answer that stands alone.
#[rustfmt::skip]
const LETTERS: &[&str] = &[
    "i", "i'm", "i’m", "i'll", "i’ll", "we", "we'll", "we’ll", "you", "your", "me", "my", "hi", "hello", "hey", "dear", "thanks", "thank", "sorry", "please", "ok", "okay",
    "sure", "yes", "no", "done", "noted", "received", "got", "will", "would", "could", "can", "should",
    "today", "back", "forward", "forwarding", "forwarded", "office", "vacation", "holiday", "regards", "cheers", "call", "attached", "below", "above",
    "page", "link", "form", "answered", "what", "why", "who", "when", "where", "how", "which",
];
#[rustfmt::skip]
const YES: &[&str] = &[
    "yes", "yep", "yeah", "correct", "right", "that", "that's", "that’s", "is", "it", "confirmed", "exactly", "ok", "okay", "sure", "indeed", "ja", "oui", "si",
    "sí", "genau", "richtig", "stimmt", "please", "thanks", "still",
];
const NO: &[&str] = &[
    "no", "nope", "not", "it", "is", "isn't", "isn’t", "that", "that's", "that’s", "right", "correct", "wrong", "nein",
    "non", "anymore", "longer",
];

/// What follows one of the phrases at the beginning of the words.
fn after_any<'a>(words: &'a str, phrases: &[&str]) -> Option<&'a str> {
    let rests = phrases.iter().filter_map(|phrase| {
        let (head, rest) = words.split_at_checked(phrase.len())?;
        let is_same = head.eq_ignore_ascii_case(phrase) || head.to_lowercase() == *phrase;
        (is_same && !rest.starts_with(char::is_alphanumeric)).then_some(rest)
    });
    rests.min_by_key(|rest| rest.len())
}

fn without_manners(words: &str) -> &str {
    let mut rest = words;
    for _ in 0..2 {
        let shorter = MANNERS.iter().find_map(|manner| {
            let (head, own) = rest.split_at_checked(manner.len())?;
            head.eq_ignore_ascii_case(manner).then_some(own)
        });
        rest = shorter.unwrap_or(rest);
    }
    rest
}

/// The reason behind a sign or a `because`.
fn reason_in(rest: &str) -> Option<String> {
    let own = rest
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | ';' | '-' | '–' | '—' | '.' | '('));
    let signed = rest.trim_start().len() > own.len();
    let because = BECAUSE.iter().find_map(|word| {
        let (head, reason) = own.split_at_checked(word.len())?;
        head.eq_ignore_ascii_case(word).then_some(reason)
    });
    let reason = because.or(signed.then_some(own))?.trim().trim_end_matches([')', '.']);
    (!reason.is_empty()).then(|| one_line(reason))
}

/// `Tom Becker finds out by 10 March 2026`.
fn until_in(rest: &str, by: &str) -> Option<UnknownUntil> {
    let own = one_line(rest.trim_matches(|c: char| c.is_whitespace() || ",:;-–—.(".contains(c)));
    let plain = own.to_ascii_lowercase();
    let at = plain.rfind(" by ")?;
    let due = own.get(at + 4..)?.trim_end_matches(['.', ')']).trim().to_owned();
    let verb = VERBS.iter().filter_map(|verb| plain.get(..at + 1)?.find(verb)).min()?;
    let mut owner = own.get(..verb)?.trim();
    for before in ["yet", ",", ";", "but ", "and "] {
        owner = owner.strip_prefix(before).unwrap_or(owner).trim_start();
    }
    let is_self = ["i", "we", "i'll", "i’ll"].iter().any(|own| owner.eq_ignore_ascii_case(own));
    let owner = if is_self { by } else { owner };
    (!owner.is_empty() && !due.is_empty()).then(|| UnknownUntil { owner: owner.to_owned(), due })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn folded(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn is_all(words: &str, known: &[&str]) -> bool {
    let said = folded(words);
    !said.is_empty() && said.iter().all(|word| known.contains(&word.as_str()))
}

/// A yes or no to the one value that was asked about; none when no such thing was asked.
fn confirmed(words: &str, put: &Put) -> Option<Result<FieldPatch, Why>> {
    let gap = put.gap.filter(|gap| put.is_same && matches!(gap.kind, GapKind::Unconfirmed | GapKind::Stale))?;
    let [only] = gap.candidates.as_slice() else { return None };
    if !gap.question.contains("Is ") {
        return None;
    }
    let (is_yes, is_no) = (is_all(words, YES), is_all(words, NO));
    let says = value::read_answer(words)?;
    match (&put.field.kind, only.value.as_bool()) {
        // `Is “no” right?` – `No.`: it may mean either.
        (Kind::Bool, Some(false)) => Some(Err(Why::Denies)),
        (Kind::Bool, _) => None,
        _ if is_yes && says => Some(Ok(FieldPatch::Candidate(only.id.clone()))),
        _ if is_no && !says => Some(Err(Why::Denies)),
        _ => None,
    }
}

fn free(words: &str, put: &Put) -> Result<Meant, Why> {
    if words.contains('?') {
        return Err(Why::Asks);
    }
    let (plain, kind) = (words.to_lowercase(), &put.field.kind);
    let form = value::form_of(kind, words);
    if form == Form::Nothing || value::puts_off(words) || DEFERS.iter().any(|phrase| plain.contains(phrase)) {
        return Err(Why::PutsOff);
    }
    let said = folded(words);
    let is_bare = !words.contains('\n')
        && said.len() <= MOST_BARE_WORDS
        && !said.iter().any(|word| LETTERS.contains(&word.as_str()));
    if !put.is_numbered && !is_bare {
        return Err(Why::Unnumbered);
    }
    if let Some(reason) = value::vagueness(kind, words).filter(|_| !put.field.list) {
        return Err(Why::Loose(reason));
    }
    let is_value = match put.field.list {
        true => words.lines().filter(|line| !line.trim().is_empty()).all(|line| is_value(kind, line)),
        false => form == Form::Value,
    };
    Ok(if is_value { Meant::Answer(taken(words, put.field)) } else { Meant::Perhaps(words.to_owned()) })
}

fn is_value(kind: &Kind, line: &str) -> bool {
    value::form_of(kind, line) == Form::Value
}

fn typed(words: &str, put: &Put) -> Result<FieldPatch, Why> {
    if put.field.list {
        return Ok(FieldPatch::Value(items(words)));
    }
    let own = one_line(words);
    let context = Context { said_at: Some(put.at), zone: None, around: Some(put.at), participants: &[] };
    let reading = value::read(&put.field.kind, &own, &context).map_err(|_| Why::Unread)?;
    match reading.precision {
        Precision::Exact => Ok(FieldPatch::Value(own.into())),
        Precision::Vague(reason) => Err(Why::Loose(reason)),
        Precision::Ambiguous(all) => {
            let all: Vec<String> = all.iter().map(value::display).collect();
            Err(Why::Loose(format!("it can mean {}", all.join(" or "))))
        }
    }
}

/// One item a line, else what signs between them part.
fn items(words: &str) -> Json {
    let lines: Vec<&str> = words
        .lines()
        .map(|line| line.trim().trim_start_matches(['-', '*', '•', '–']).trim())
        .filter(|line| !line.is_empty())
        .collect();
    match lines.as_slice() {
        [only] => Json::from(*only),
        several => Json::from(several.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::{alone, own_words};
    use super::*;
    use crate::brief::{Ask, Candidate};

    const FIELDS: &str = "
  - {key: day, label: Go-live date, question: By which day?, type: date, allow: [not_applicable, unknown]}
  - {key: region, label: Region, question: Where?, type: text, allow: [unknown]}
  - {key: users, label: Users, question: How many?, type: number}
  - {key: sso, label: SSO, question: Is it needed?, type: bool}
  - {key: plan, label: Plan, question: Which plan?, type: enum, values: [{id: gold}, {id: tin}]}
  - {key: mails, label: Mails, question: Whom?, type: email, list: true}
  - {key: story, label: Story, question: What happened?, type: long_text}
";

    fn route() -> crate::route::Route {
        let head = "id: r\nversion: 1\ntitle: R\nfrom: {team: a}\nto: {team: b}\nfields:";
        crate::route::load("r.yaml", &format!("{head}{FIELDS}")).expect("a route")
    }

    fn said(key: &str, words: &str, is_numbered: bool, gap: Option<&Gap>) -> String {
        let route = route();
        let at = "2026-03-03T12:00:00Z".parse().expect("a time");
        let field = route.field(key).expect("a field");
        let put = Put { field, gap, is_same: true, is_numbered, by: "Marcus Lee", at, offered: None };
        match understand(words, &put) {
            Ok(Meant::Answer(FieldPatch::Value(value))) => value.to_string().replace('"', ""),
            Ok(Meant::Answer(FieldPatch::Candidate(id))) => format!("takes {id}"),
            Ok(Meant::Answer(FieldPatch::NotApplicable(why))) => format!("not applicable: {why}"),
            Ok(Meant::Answer(FieldPatch::Unknown(until))) => format!("{} by {}", until.owner, until.due),
            Ok(Meant::Perhaps(words)) => format!("perhaps {words}"),
            Err(why) => format!("-{}", why.code()),
        }
    }

    #[test]
    fn only_plain_answers_are_taken() {
        let check =
            |key: &str, words: &str, expected: &str| assert_eq!(said(key, words, true, None), expected, "{words}");
        check("day", "1 July 2026", "1 July 2026");
        check("day", "July 2026", "-not_exact");
        check("day", "probably 1 July 2026", "-not_exact");
        check("day", "03/04/2026", "-not_exact");
        check("day", "1 or 2 July 2026", "-not_exact");
        check("day", "whenever Tom says", "-unreadable");
        check("day", "1 July 2026?", "-asks_back");
        check("users", "40 users", "40 users");
        check("users", "about 40", "-not_exact");
        check("sso", "Yes, from day one", "Yes, from day one");
        check("sso", "it depends", "-unreadable");
        check("plan", "gold", "gold");
        check("plan", "gold or tin", "-unreadable");
        check("region", "Frankfurt.", "Frankfurt");
        check("region", "They store all of it in Frankfurt", "They store all of it in Frankfurt");
        check("region", "We store all of it in Frankfurt", "perhaps We store all of it in Frankfurt");
        check("region", "I'll ask Tom about it", "-still_open");
        for words in ["no clue", "I told you already", "n/k", "same as before"] {
            assert_eq!(said("region", words, true, None), "-still_open", "{words}");
        }
        for words in [
            "I can tell you on Friday",
            "we are still discussing it",
            "still with legal",
            "Ask Tom",
            "Das klärt Tom noch",
        ] {
            assert_eq!(said("region", words, true, None), format!("perhaps {words}"));
        }
        check("region", "Why do you need it? Frankfurt", "-asks_back");
        check("region", "the usual system", "-not_exact");
        check("mails", "- a@b.example\n- c@d.example", "[a@b.example,c@d.example]");
    }

    #[test]
    fn what_the_form_offers_instead_of_a_value_is_taken_when_it_is_plain() {
        let check =
            |key: &str, words: &str, expected: &str| assert_eq!(said(key, words, true, None), expected, "{words}");
        check("day", "not applicable, because they are live already", "not applicable: they are live already");
        check("day", "N/A - live already.", "not applicable: live already");
        check("day", "does not apply", "-no_reason");
        check("day", "not applicable to some", "-no_reason");
        check("day", "don't know", "-no_owner");
        check("day", "I don't know", "-no_owner");
        check("day", "Not known yet; Tom Becker finds out by 10 March 2026", "Tom Becker by 10 March 2026");
        check("day", "we don't know yet, but I will ask them by Friday", "Marcus Lee by Friday");
        check("users", "no idea", "-still_open");
        check("day", "unknown by me", "-no_owner");
    }

    #[test]
    fn a_yes_takes_the_one_value_that_was_asked_about() {
        let candidate =
            |value: Json| Candidate { id: "c_1".to_owned(), value, evidence: Vec::new(), reason: String::new() };
        let gap = |value: Json| Gap {
            field: Some("day".to_owned()),
            source: None,
            kind: GapKind::Unconfirmed,
            blocking: true,
            question: "Is “this” right for it?".to_owned(),
            why: String::new(),
            ask: Ask { role: "sender".to_owned(), name: None, email: None },
            nearest: None,
            candidates: vec![candidate(value)],
        };
        let check = |key: &str, value: Json, words: &str, expected: &str| {
            assert_eq!(said(key, words, true, Some(&gap(value))), expected, "{words}");
        };
        check("day", "2026-07-01".into(), "Yes", "takes c_1");
        check("day", "2026-07-01".into(), "Yes, that's right.", "takes c_1");
        check("day", "2026-07-01".into(), "Yes, 1 August 2026", "Yes, 1 August 2026");
        check("day", "2026-07-01".into(), "No", "-no_value");
        check("sso", true.into(), "Yes", "Yes");
        check("sso", false.into(), "No", "-no_value");
    }

    #[test]
    fn without_a_number_only_bare_words_are_an_answer() {
        let check =
            |key: &str, words: &str, expected: &str| assert_eq!(said(key, words, false, None), expected, "{words}");
        check("region", "Frankfurt, Germany", "Frankfurt, Germany");
        check("region", "Thanks, I answered on the page", "-no_number");
        check("story", "The pallets were late\nand nobody called", "-no_number");
        check("day", "1 July 2026", "1 July 2026");
        let found = |text: &str| alone(text, &(0..text.len())).map(|place| text[place].to_owned());
        assert_eq!(found("Hi Baton,\n\n1 July 2026\n\nThanks").as_deref(), Some("1 July 2026"));
        assert_eq!(found("Hi,\n1 July 2026").as_deref(), Some("1 July 2026"));
        assert_eq!(found("1 July 2026\n\nOr rather 2 July"), None);
        assert_eq!(found("Thanks"), None);
    }

    #[test]
    fn a_copied_question_is_no_part_of_the_answer() {
        let route = route();
        let check = |text: &str, goes_on: bool, expected: &str| {
            let field = route.field("day").expect("a field");
            assert_eq!(&text[own_words(text, &(0..text.len()), field, goes_on)], expected, "{text}");
        };
        check("Go-live date: 1 July", false, "1 July");
        check("go-live date: By which day? 1 July", false, "1 July");
        check("By which day?\n1 July\n\nBest, Marcus", true, "1 July");
        check("Go-live dates differ", false, "Go-live dates differ");
        check(" \n ", false, "");
    }
}
