//! Two readers of one conversation: a model, and the rules. Where both saw a
//! value it stands as usual. What only the rules saw of a required field is
//! for a person to confirm, since a good reader left it out; where the two
//! disagree, a person picks.

use rustc_hash::FxHashSet;

use super::{Recorded, resolve};
use crate::brief::{Candidate, FieldBrief, FieldState, Origin, candidate_id};
use crate::claim::Claim;
use crate::config::LeftOut;
use crate::grounding::{Grounded, Standing};
use crate::route::{Field, Requirement};
use crate::value::{Context, Kind, ListOf, Value, from_json, read, same};
use crate::wording;

use super::sameness::{holds_run, means_same, words_of};

/// What each reader said of one field, grounded.
#[derive(Debug)]
pub struct Readers<'a> {
    pub model: &'a [&'a Grounded],
    pub rules: &'a [&'a Grounded],
    /// What the model said before anything was looked up: a right value with a clumsy quote still is its word.
    pub said: &'a [&'a Claim],
    pub left_out: LeftOut,
}

/// Settles a field out of what both readers saw.
pub fn resolve_readers(field: &Field, readers: &Readers, recorded: Option<&Recorded>) -> FieldBrief {
    let mut all: Vec<&Grounded> = readers.model.to_vec();
    all.extend(readers.rules.iter().copied().filter(|one| adds(field, one, readers.model)));
    let brief = resolve(field, &all, recorded);
    let sourced = brief.state == FieldState::Found && brief.origin == Some(Origin::Source);
    // Of a list the model may name some items; of a list it says nothing of at all, a person has the word.
    let named = match field.list {
        true => !readers.said.is_empty() || !readers.model.is_empty(),
        false => named_by_model(field, &brief, readers),
    };
    if !sourced || !may_block(field) || named {
        return brief;
    }
    let disagrees = readers.model.iter().any(|one| one.standing == Standing::Supported);
    if !disagrees && readers.left_out == LeftOut::Stands {
        return brief;
    }
    unconfirmed(field, brief, if disagrees { wording::readers_disagree_reason() } else { wording::left_out_reason() })
}

/// Whether what the rules saw is something else than what the model said.
fn adds(field: &Field, one: &Grounded, model: &[&Grounded]) -> bool {
    let said = |other: &&&Grounded| !matches!(other.standing, Standing::Candidate(_));
    // Which sentence sums it up best is the model's to say; rules only know where a cue stood.
    if field.kind == Kind::LongText && model.iter().any(|other| said(&other)) {
        return false;
    }
    // `In production. Test is empty`: who quoted both words has chosen between them.
    if matches!(field.kind, Kind::Enum(_)) {
        let quotes = |other: &&Grounded| {
            other.standing == Standing::Supported && other.span.0 == one.span.0 && !same(&other.value, &one.value) && {
                let first = other.evidence.first().and_then(|quote| quote.start.zip(quote.end));
                first.is_some_and(|(start, end)| start <= one.span.1 && one.span.2 <= end)
            }
        };
        if model.iter().copied().any(|other| quotes(&other)) {
            return false;
        }
    }
    // Where two readers cut one stretch of words differently, the model's cut is the better one.
    let free = matches!(field.kind, Kind::Text | Kind::Team);
    !model.iter().any(|other| {
        let same_words = other.span == one.span && other.standing == one.standing;
        let same_stretch = free && said(&other) && overlaps(other.span, one.span);
        let same_said = free && said(&other) && holds_words(&one.value, &other.value);
        same_words && means_same(field, &other.value, &one.value) || same_stretch || same_said
    })
}

/// `a shared calendar, but mostly whiteboards` holds `whiteboards`.
fn holds_words(long: &Value, short: &Value) -> bool {
    let (Value::Text(long), Value::Text(short)) = (long, short) else { return false };
    long.len() > short.len() && holds_run(&words_of(long), &words_of(short))
}

fn overlaps(left: (usize, usize, usize), right: (usize, usize, usize)) -> bool {
    left.0 == right.0 && left.1 < right.2 && right.1 < left.2
}

fn may_block(field: &Field) -> bool {
    !matches!(field.required, Requirement::Optional)
}

/// Whether the model named the value that stands, with whatever quote.
fn named_by_model(field: &Field, brief: &FieldBrief, readers: &Readers) -> bool {
    let context = Context { said_at: None, zone: None, around: None, participants: &[] };
    let Ok(value) = from_json(&field.kind, ListOf::One, &brief.value, &context) else { return false };
    let spoken = brief.evidence.first().and_then(|evidence| evidence.at);
    let context = Context { said_at: spoken, around: spoken, ..context };
    let names = |text: &str| match &value {
        Value::Text(own) => shares_most_words(own, text),
        _ => read(&field.kind, text, &context).is_ok_and(|reading| means_same(field, &reading.value, &value)),
    };
    readers.model.iter().any(|one| means_same(field, &one.value, &value))
        || readers.said.iter().flat_map(|claim| [&claim.value, &claim.raw_value]).flatten().any(|text| names(text))
}

/// The least share of the shorter text's words that the other must hold to mean the same.
const SHARED_WORDS: f64 = 0.6;

fn shares_most_words(left: &str, right: &str) -> bool {
    let words = |text: &str| words_of(text).into_iter().collect::<FxHashSet<String>>();
    let (left, right) = (words(left), words(right));
    let least = left.len().min(right.len());
    least > 0 && left.intersection(&right).count() as f64 >= least as f64 * SHARED_WORDS
}

/// The value is offered instead of standing; every value it had replaced is offered with it.
fn unconfirmed(field: &Field, brief: FieldBrief, reason: String) -> FieldBrief {
    let offer = |value: &serde_json::Value, evidence: &[crate::brief::Evidence]| Candidate {
        id: candidate_id(&field.key, value),
        value: value.clone(),
        evidence: evidence.to_vec(),
        reason: reason.clone(),
    };
    let mut candidates = vec![offer(&brief.value, &brief.evidence)];
    candidates.extend(brief.superseded.iter().map(|old| offer(&old.value, &old.evidence)));
    candidates.extend(brief.candidates);
    FieldBrief {
        state: FieldState::Unconfirmed,
        reason: Some(reason),
        evidence: brief.evidence,
        candidates,
        record: brief.record,
        ..FieldBrief::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::{Evidence, Tier};
    use crate::conversation::{MessageId, Side};
    use crate::route::{Route, load};
    use crate::value::read;

    fn route() -> Route {
        let text = "id: r\nversion: 1\nfields:\n  - {key: day, type: date, required: true}\n  - {key: tool, type: text, required: true}\n  \
                    - {key: need, type: long_text, required: true}\n  - {key: note, type: date}\n";
        load("r.yaml", text).unwrap()
    }

    /// What a reader said in message `at` from byte `start` on.
    fn said(field: usize, words: &str, (at, start): (usize, usize)) -> Grounded {
        let route = route();
        let context = Context { said_at: None, zone: None, around: None, participants: &[] };
        let evidence = Evidence {
            source: "a.eml".to_owned(),
            message: MessageId(at as u32 + 1),
            quote: words.to_owned(),
            start: Some(start),
            end: Some(start + words.len()),
            author: None,
            at: None,
            tier: Tier::Exact,
        };
        Grounded {
            field,
            value: read(&route.fields[field].kind, words, &context).unwrap().value,
            evidence: vec![evidence],
            standing: Standing::Supported,
            doubt: None,
            guessed: false,
            speaker: Some(format!("speaker {at}")),
            side: Side::Theirs,
            at: None,
            place: (at, start),
            corrects: false,
            sets_aside: Vec::new(),
            alternatives: Vec::new(),
            span: (at, start, start + words.len()),
        }
    }

    fn check(field: usize, model: &[Grounded], rules: &[Grounded], expected: FieldState) {
        let (model, rules): (Vec<&Grounded>, Vec<&Grounded>) = (model.iter().collect(), rules.iter().collect());
        let brief = resolve_readers(
            &route().fields[field],
            &Readers { model: &model, rules: &rules, said: &[], left_out: LeftOut::Confirm },
            None,
        );
        assert_eq!(brief.state, expected, "{model:#?} {rules:#?}");
    }

    #[test]
    fn two_readers_agree_or_a_person_is_asked() {
        use FieldState::{Conflicting, Found, Missing, Unconfirmed};
        let (july, august) = ("2026-07-01", "2026-08-01");
        check(0, &[said(0, july, (1, 0))], &[said(0, july, (1, 0))], Found);
        check(0, &[said(0, july, (1, 0))], &[], Found);
        check(0, &[], &[], Missing);
        // Required, and a good reader left it out.
        check(0, &[], &[said(0, july, (1, 0))], Unconfirmed);
        check(3, &[], &[said(3, july, (1, 0))], Found);
        check(0, &[said(0, july, (1, 0))], &[said(0, august, (2, 0))], Conflicting);
        // One stretch of words cut twice is one statement; another place with the same words is one more of it.
        check(1, &[said(1, "Freightly", (1, 10))], &[said(1, "off Freightly now", (1, 6))], Found);
        check(1, &[said(1, "whiteboards", (1, 0))], &[said(1, "a calendar, but mostly whiteboards", (3, 0))], Found);
        check(1, &[said(1, "Freightly", (1, 10))], &[said(1, "Shipmate", (3, 0))], Conflicting);
        // Which sentence sums it up is the model's to say.
        check(2, &[said(2, "we lose 40 pallets a month", (1, 0))], &[said(2, "we need better ramps", (4, 0))], Found);
    }

    #[test]
    fn an_unsure_model_does_not_silence_the_rules() {
        let guess = Grounded { standing: Standing::Candidate("asked".to_owned()), ..said(2, "we need it", (1, 0)) };
        check(2, &[guess], &[said(2, "we lose 40 pallets a month", (2, 0))], FieldState::Unconfirmed);
    }
}
