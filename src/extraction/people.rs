//! Persons in roles: a name beside a cue, the name that answers a question,
//! and the speaker who says "I'll be your main contact".

use crate::claim::{Certainty, Citation, Claim};
use crate::conversation::{SegmentKind, Side};
use crate::language::{Doubt, Reach, doubts, fold, is_name_word_stop, tokens};
use crate::route::Field;
use crate::value::{Kind, Person, Precision, Reading, Sort, Spotted, Value, vagueness};

use super::selves::speaks_of_self;
use super::typed::confirm;
use super::{Hit, Line, MOST_BYTES_BETWEEN, Scene, Sign, certainty, cite_line, claim};

pub(super) fn claim_people(scene: &Scene, claims: &mut Vec<Claim>) {
    let first = claims.len();
    collect(scene, claims);
    // "Talk to me" from one of us gives way when somebody at the customer is named as well.
    let own = |claim: &Claim| {
        claim.cited.first().is_some_and(|cited| cited.at.is_none() && side_of(scene, cited) == Side::Ours)
    };
    for at in first..claims.len() {
        let rivalled = claims[first..]
            .iter()
            .any(|other| other.field == claims[at].field && !own(other) && other.certainty == Certainty::Stated);
        if rivalled && own(&claims[at]) {
            claims[at].certainty = Certainty::Guessed;
        }
    }
}

fn answers(scene: &Scene, at: usize, field: usize) -> bool {
    let about = |question: &usize| scene.lines[*question].hits_of(field).any(|hit| hit.sign == Sign::Cue);
    scene.replies.questions_of(at).iter().any(about)
}

/// Why a line may name somebody.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    BesideCue,
    InAnswer,
}

/// Words before the name in an answer that is nothing but the name: `That would be our colleague …`.
#[rustfmt::skip]
fn leads_to_name(word: &str) -> bool {
    matches!(
        word,
        "that" | "would" | "be" | "is" | "it's" | "that's" | "it" | "um" | "uh" | "er" | "oh" | "so" | "well" | "yes" | "yeah" | "sure" | "hm" | "our" | "my" | "the" | "a"
            | "colleague" | "boss" | "will" | "talk" | "speak" | "to" | "best" | "ask" | "for" | "you" | "want" | "here" | "then" | "from" | "side" | "on" | "s" | "i" | "guess" | "think"
    )
}

/// Names of people nobody has met yet: two or three capitalised words in a row, in a line about a person.
fn unknown_names(line: &Line, place: Place) -> Vec<Spotted> {
    let own_cue = place == Place::BesideCue;
    let text = line.words();
    let words = tokens(text);
    let is_name = |at: &usize| {
        let word = words[*at].text(text);
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().nth(1).is_some_and(char::is_lowercase)
            && !is_name_word_stop(&fold(word))
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let together = |next: &usize| {
            *next == at || text[words[*next - 1].end..words[*next].start].trim_matches([' ', '-']).is_empty()
        };
        let count = (at..words.len()).take_while(|next| is_name(next) && together(next)).count();
        let (start, end) = (line.start + words[at].start, line.start + words[(at + count.max(1)) - 1].end);
        let known = line.values.iter().any(|value| value.start < end && start < value.end)
            || line.hits.iter().any(|hit| hit.start < end && start < hit.end);
        let led = own_cue || words[..at].iter().all(|word| leads_to_name(&fold(word.text(text))));
        if (2..=3).contains(&count) && !known && led {
            let person = Person { name: line.text[start..end].to_owned(), address: None };
            found.push(Spotted {
                sort: Sort::Person,
                start,
                end,
                reading: Reading { value: Value::Person(person), precision: Precision::Exact },
            });
        }
        at += count.max(1);
    }
    found
}

/// The side of the author that a citation names.
fn side_of(scene: &Scene, cited: &Citation) -> Side {
    let from = scene.lines.partition_point(|line| line.id < cited.message);
    let own = scene.lines[from..]
        .iter()
        .take_while(|line| line.id == cited.message)
        .find(|line| line.speaker.label() == Some(&cited.quote));
    own.map_or(Side::Unknown, |line| line.speaker.side)
}

fn collect(scene: &Scene, claims: &mut Vec<Claim>) {
    let fields = scene.route.fields.iter().enumerate().filter(|(_, field)| field.kind == Kind::Person);
    for (index, field) in fields {
        for (at, line) in
            scene.lines.iter().enumerate().filter(|(_, line)| line.counts && line.kind != SegmentKind::Signature)
        {
            let own: Vec<&Hit> = line.hits_of(index).filter(|hit| hit.sign == Sign::Cue).collect();
            let answering = answers(scene, at, index);
            if own.is_empty() && !answering {
                continue;
            }
            let strangers = match (own.is_empty(), answering) {
                (false, _) => unknown_names(line, Place::BesideCue),
                (true, true) => unknown_names(line, Place::InAnswer),
                (true, false) => Vec::new(),
            };
            let borrowed = match own.is_empty() || !strangers.is_empty() {
                true => None,
                false => name_before(scene, at),
            };
            if let Some((place, name)) = borrowed.filter(|_| !line.asks) {
                let before = &scene.lines[place];
                let cited = vec![cite_line(before), cite_line(line)];
                let telling = own.iter().any(|hit| hit.tells()) || own.len() > 1 || answers(scene, place, index);
                let sure = if telling { Certainty::Stated } else { Certainty::Guessed };
                claims.push(claim(field, cited, before.text[name.0..name.1].to_owned(), sure));
                continue;
            }
            let names: Vec<&Spotted> =
                line.values.iter().filter(|value| value.sort == Sort::Person).chain(&strangers).collect();
            if let Some(hit) = own.first()
                && !line.asks
                && speaks_of_self(line, hit, &names)
                && let Some(name) = line.speaker.label()
            {
                let author = Citation { message: line.id, quote: name.to_owned(), at: None };
                // "Talk to me" from one of us does not name the customer's person.
                let meant = speaks_of_customer(field) && line.speaker.side == Side::Ours;
                let sure = if meant { Certainty::Guessed } else { Certainty::Stated };
                claims.push(claim(field, vec![author, cite_line(line)], name.to_owned(), sure));
                continue;
            }
            let best = names
                .iter()
                .filter(|name| !is_addressed(line, name))
                .filter_map(|name| {
                    let score = own.iter().map(|hit| beside(scene, line, index, hit, name)).fold(0.0f32, f32::max);
                    let (asked, question) = from_question(scene, at, index, name);
                    // The look at the whole sentence costs most, so only names that could stand get it.
                    certainty(score.max(asked))?;
                    let denied = doubts(line.text, (line.start, line.end), (name.start, name.end), Reach::Outside)
                        .contains(&Doubt::Negated);
                    let top = if asked > score { (asked, question) } else { (score, None) };
                    (!denied).then_some((top, *name))
                })
                .max_by(|a, b| a.0.0.total_cmp(&b.0.0));
            if let Some(((score, question), name)) = best
                && let Some(sure) = certainty(score)
            {
                let mut cited = vec![cite_line(line)];
                cited.extend(question.map(|q| cite_line(&scene.lines[q])));
                if line.asks {
                    match scene.replies.verdict_on(at) {
                        Some((answer, true)) => cited.push(cite_line(&scene.lines[answer])),
                        _ => continue,
                    }
                }
                claims.push(claim(field, cited, line.text[name.start..name.end].to_owned(), sure));
                confirm(scene, at, field, claims);
            } else if field.specific && !line.asks {
                claim_vague(scene, at, index, claims);
            }
        }
    }
}

/// `Tuuli Kask. She's there from six.`: the one person of the line before, when a line goes on with `he` or `she`.
fn name_before(scene: &Scene, at: usize) -> Option<(usize, (usize, usize))> {
    let line = &scene.lines[at];
    let first = tokens(line.words()).first().map(|token| fold(token.text(line.words())).into_owned())?;
    let pronoun = matches!(
        first.as_str(),
        "he" | "she" | "he's" | "she's" | "he'll" | "she'll" | "er" | "elle" | "il" | "ella" | "él"
    );
    let before = at.checked_sub(1).filter(|_| pronoun)?;
    let line_before = &scene.lines[before];
    if line_before.message != line.message || line_before.asks {
        return None;
    }
    let strangers = unknown_names(line_before, Place::BesideCue);
    let mut named = line_before.values.iter().filter(|value| value.sort == Sort::Person).chain(&strangers);
    let (only, None) = (named.next()?, named.next()) else { return None };
    Some((before, (only.start, only.end)))
}

/// Whether the route means a person at the customer.
fn speaks_of_customer(field: &Field) -> bool {
    let words = format!("{} {} {}", field.label, field.description, field.question).to_lowercase();
    ["customer", "lead", "client", "prospect", "buyer"].iter().any(|word| words.contains(word))
}

/// `Hi Dana,`, `Dana, could you …`, `Thanks Dana`: spoken to, not about.
fn is_addressed(line: &Line, name: &Spotted) -> bool {
    let before = line.text[line.start..name.start].trim_end().to_ascii_lowercase();
    let after = &line.text[name.end..line.end];
    let greets = ["hi", "hello", "hey", "dear", "thanks", "thank you", "morning", "afternoon", "@", "thx", "cheers"]
        .iter()
        .any(|word| before.ends_with(word));
    let vocative = (before.is_empty() || before.ends_with(','))
        && (after.starts_with(',') || after.trim().is_empty() || after.starts_with(" -") || after.starts_with(" –"))
        && !after.starts_with(", our")
        && !after.starts_with(", the")
        && !after.starts_with(", who")
        && !after.starts_with(", my");
    greets
        || vocative && line.values.iter().filter(|value| value.sort == Sort::Person).count() > 1
        || before.is_empty() && after.starts_with(',') && line.asks
}

fn beside(scene: &Scene, line: &Line, field: usize, hit: &Hit, name: &Spotted) -> f32 {
    let (between, after) = if hit.end <= name.start {
        (&line.text[hit.end..name.start], false)
    } else if name.end <= hit.start {
        (&line.text[name.end..hit.start], true)
    } else {
        return hit.weight;
    };
    if !after && between.trim_start().starts_with([':', '=', '|', '(']) {
        return 1.0;
    }
    if between.len() > MOST_BYTES_BETWEEN {
        return 0.0;
    }
    // Another person or another role between them takes the name.
    let (from, to) = if after { (name.end, hit.start) } else { (hit.end, name.start) };
    let person_between =
        line.values.iter().any(|other| other.sort == Sort::Person && other.start >= from && other.end <= to);
    let role_between = line.hits.iter().any(|other| {
        other.field != field
            && other.sign == Sign::Cue
            && scene.route.fields[other.field].kind == Kind::Person
            && other.start >= from
            && other.end <= to
    });
    let words = tokens(between).len() as f32;
    let breaks = if between.contains([';']) || between.contains(" but ") { 0.2 } else { 0.0 };
    // `our main contact until Rosa is back`: what links a role to a name is `is`, not `until` or `with`.
    let odd =
        tokens(between).iter().filter(|token| !links_role(&token.text(between).to_ascii_lowercase())).count() as f32;
    // `Donna Hay will be in the yard to take it in`: the subject of what the cue says.
    let opens = line.text[line.start..name.start].trim().is_empty()
        || line.text[line.start..name.start].trim_end().ends_with([',', ':', ';']);
    let subject = after && opens && !between.contains([',', ';', ':', '.']) && words <= 10.0;
    let breaks = breaks
        + if subject {
            0.015
        } else if after {
            0.04
        } else {
            0.14
        } * odd;
    let words = if subject { words * 0.4 } else { words };
    let crossed = if person_between { 0.3 } else { 0.0 } + if role_between { 0.25 } else { 0.0 };
    hit.weight - 0.025 * words - breaks - crossed
}

fn from_question(scene: &Scene, at: usize, field: usize, name: &Spotted) -> (f32, Option<usize>) {
    let line = &scene.lines[at];
    if line.asks {
        return (0.0, None);
    }
    scene
        .replies
        .questions_of(at)
        .iter()
        .enumerate()
        .filter_map(|(rank, question)| {
            let asked = &scene.lines[*question];
            let cue =
                asked.hits_of(field).filter(|hit| hit.sign == Sign::Cue).map(|hit| hit.weight).fold(0.0f32, f32::max);
            let who = asked.words().to_ascii_lowercase();
            let asks_who = if who.contains("who")
                || who.contains("whom")
                || who.contains("name")
                || who.contains("person")
                || who.contains("contact")
            {
                1.0
            } else {
                0.8
            };
            let lead = tokens(&line.text[line.start..name.start]).len() as f32;
            // "Ada asked me to send this" is about Ada, and no answer.
            let rest = &line.text[name.end..line.end];
            let verb = tokens(rest).first().map(|word| word.text(rest).to_ascii_lowercase()).unwrap_or_default();
            let goes_on = rest.trim_start().is_empty()
                || rest.trim_start().starts_with([',', '.', ';', '(', '-', '–', '—', ':', '!', '<', '/'])
                || continues_answer(&verb);
            let aside = if goes_on { 0.0 } else { 0.35 };
            (cue > 0.0)
                .then_some((cue * asks_who * (0.97 - 0.05 * rank as f32 - 0.015 * lead - aside), Some(*question)))
        })
        .fold((0.0, None), |best, next| if next.0 > best.0 { next } else { best })
}

/// Words between a role and the name that bears it.
#[rustfmt::skip]
fn links_role(word: &str) -> bool {
    matches!(
        word,
        "is" | "are" | "will" | "be" | "would" | "was" | "the" | "a" | "our" | "my" | "your" | "their" | "his" | "her" | "for" | "of" | "on" | "this" | "project" | "side" | "at" | "here"
            | "ist" | "bei" | "uns" | "unsere" | "unser" | "herr" | "frau" | "mein" | "meine" | "est" | "chez" | "notre" | "es" | "nuestro" | "nuestra" | "aquí" | "alli" | "allí" | "será" | "wird"
            | "to" | "now" | "still" | "remains" | "stays" | "named" | "called" | "by" | "mr" | "ms" | "mrs" | "dr" | "technical" | "and" | "as" | "from" | "in" | "from here" | "um" | "uh" | "colleague"
    )
}

/// Words that may follow a name that answers who: `Ada will`, `Ada from finance`.
#[rustfmt::skip]
fn continues_answer(word: &str) -> bool {
    matches!(
        word,
        "is" | "will" | "from" | "our" | "the" | "runs" | "leads" | "handles" | "does" | "at" | "in" | "of" | "who" | "would" | "can" | "and" | "or" | "on" | "for"
            | "takes" | "owns" | "again" | "here" | "there" | "too" | "then" | "as" | "with" | "looks" | "works"
    )
}

/// `their VP Ops`, `someone from IT`, `Helen something`: somebody, but not who.
fn claim_vague(scene: &Scene, at: usize, index: usize, claims: &mut Vec<Claim>) {
    let line = &scene.lines[at];
    let field = &scene.route.fields[index];
    let own = line.hits_of(index).find(|hit| hit.sign == Sign::Cue);
    let question = scene
        .replies
        .questions_of(at)
        .first()
        .filter(|q| scene.lines[**q].hits_of(index).any(|hit| hit.sign == Sign::Cue));
    if let Some(hit) = own
        && let Some(at) = ["someone", "somebody"]
            .iter()
            .find_map(|word| line.text[line.start..hit.start].to_ascii_lowercase().rfind(word))
    {
        let phrase = line.text[line.start + at..hit.end].to_owned();
        if phrase.split_whitespace().count() <= 5 {
            claims.push(claim(field, vec![cite_line(line)], phrase, Certainty::Stated));
            return;
        }
    }
    let (from, cited) = match (own, question) {
        (Some(hit), _) => (hit.end, vec![cite_line(line)]),
        (None, Some(question)) => (line.start, vec![cite_line(line), cite_line(&scene.lines[*question])]),
        (None, None) => return,
    };
    let text = &line.text[from..line.end];
    let words = tokens(text);
    let start = words.iter().position(|word| {
        !matches!(
            fold(word.text(text)).as_ref(),
            "is" | "will"
                | "be"
                | "would"
                | "are"
                | "the"
                | "probably"
                | "it's"
                | "that's"
                | "um"
                | "uh"
                | "that"
                | "should"
                | "think"
                | "i"
                | "as"
                | "guess"
        )
    });
    let Some(start) = start.and_then(|at| words.get(at)) else { return };
    let end = text[start.start..].find([',', ';', '.', '\n', '?', '!']).map_or(text.len(), |i| start.start + i);
    let phrase = text[start.start..end].trim();
    let short: String = phrase.split_whitespace().take(6).collect::<Vec<_>>().join(" ");
    // `Helen something` is somebody; the first word of a sentence has a capital anyway.
    let says_someone = phrase.starts_with(char::is_uppercase)
        && (from + start.start > line.start
            || phrase.split_whitespace().nth(1).is_some_and(|next| matches!(next, "something" | "from" | "in" | "or")))
        && !is_name_word_stop(&fold(phrase.split_whitespace().next().unwrap_or_default()))
        || ["someone", "somebody", "their", "our", "one of", "a ", "whoever", "some "]
            .iter()
            .any(|word| phrase.to_ascii_lowercase().starts_with(word));
    if says_someone && vagueness(&Kind::Person, &short).is_some() {
        claims.push(claim(field, cited, short, Certainty::Stated));
    }
}
