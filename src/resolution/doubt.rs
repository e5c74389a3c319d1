//! Later doubt: what was said and then denied, reopened or contradicted does
//! not stand quietly; both sides go to a person.

use crate::brief::{Candidate, FieldBrief, FieldState, candidate_id};
use crate::grounding::{Grounded, Standing};
use crate::language::Doubt;
use crate::route::Field;
use crate::value::{Kind, Value, same, to_json};
use crate::wording;

use super::{Content, Group, Recorded, authority, conflict, from_record, means_same};

/// Whether somebody with as much say later denied the value, or opened the question again with another one.
pub(super) fn takes_back(field: &Field, doubter: &Grounded, chosen: &Group) -> bool {
    let newest = chosen.members.iter().map(|member| (member.at, member.place)).max();
    let later = newest.is_some_and(|(at, place)| match (doubter.at, at) {
        (Some(doubted), Some(said)) if doubted != said => doubted > said,
        _ => doubter.place > place,
    });
    let weighs = chosen.members.iter().any(|member| authority(field, doubter.side) >= authority(field, member.side));
    let same_value = means_same(field, &doubter.value, &chosen.value);
    // The words that moved it may be those that say where to.
    let own = chosen.members.iter().any(|member| member.place.0 == doubter.place.0);
    let moved = !own && matches!(doubter.standing, Standing::Vague(_)) && says_moved(doubter);
    let reopens = moved
        || match doubter.doubt {
            Some(Doubt::Negated | Doubt::Over) => same_value,
            Some(Doubt::Hedged | Doubt::Conditional) => !same_value && doubter.corrects,
            // A correction that could not be shown is no value, but what it puts aside is none any more either.
            None => {
                let aside = |old: &Value| doubter.sets_aside.iter().any(|aside| same(aside, old));
                let unshown = doubter.corrects && matches!(doubter.standing, Standing::Candidate(_));
                !same_value && (unshown || chosen.members.iter().any(|member| aside(&member.value)))
            }
            _ => false,
        };
    later && weighs && reopens && !doubter.guessed && field.kind != Kind::LongText
}

/// `one week later`, `two days earlier`: counted from what was said before, which therefore no longer stands.
fn says_moved(one: &Grounded) -> bool {
    let Some(quote) = one.evidence.first().map(|evidence| evidence.quote.to_lowercase()) else { return false };
    let words: Vec<&str> = quote.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let unit = |word: &str| {
        matches!(
            word,
            "day"
                | "days"
                | "week"
                | "weeks"
                | "fortnight"
                | "month"
                | "months"
                | "tag"
                | "tage"
                | "woche"
                | "wochen"
                | "semaine"
                | "semaines"
                | "jours"
                | "semana"
                | "semanas"
                | "días"
        )
    };
    words.windows(2).any(|pair| {
        unit(pair[0])
            && matches!(
                pair[1],
                "later" | "earlier" | "sooner" | "später" | "früher" | "plus" | "más" | "antes" | "después"
            )
    })
}

/// Both sides, so that a person sees what was said and what was taken back.
pub(super) fn taken_back(field: &Field, chosen: &Group, doubter: &Grounded) -> FieldBrief {
    let mut brief = conflict(field, std::slice::from_ref(chosen), None);
    let doubt = doubter.doubt.map(wording::doubt_reason).unwrap_or_default();
    if means_same(field, &doubter.value, &chosen.value) {
        brief.reason = Some(wording::taken_back_reason(doubter.speaker.as_deref()));
        brief.evidence.splice(0..0, doubter.evidence.iter().take(1).cloned());
    } else {
        let value = to_json(&doubter.value);
        brief.candidates.push(Candidate {
            id: candidate_id(&field.key, &value),
            value,
            evidence: doubter.evidence.clone(),
            reason: doubt,
        });
    }
    brief
}

/// Whether a source says, if not firmly, that the record is wrong.
pub(super) fn contradicts_record(field: &Field, one: &Grounded, record: &Recorded) -> bool {
    let Content::Value(reading) = &record.content else { return false };
    let same_value = means_same(field, &one.value, &reading.value);
    let speaks = match (&one.standing, one.doubt) {
        (Standing::Unconfirmed(_), _) | (_, Some(Doubt::Hedged | Doubt::Conditional)) => !same_value,
        (_, Some(Doubt::Negated | Doubt::Over)) => same_value,
        _ => false,
    };
    speaks && !one.guessed && !field.list && field.kind != Kind::LongText
}

pub(super) fn contradicted(field: &Field, record: &Recorded, other: &Grounded) -> FieldBrief {
    let Content::Value(reading) = &record.content else { return from_record(field, record) };
    let value = to_json(&reading.value);
    let recorded = Candidate {
        id: candidate_id(&field.key, &value),
        value,
        evidence: Vec::new(),
        reason: wording::recorded_reason(&record.property),
    };
    FieldBrief {
        state: FieldState::Conflicting,
        evidence: other.evidence.clone(),
        candidates: vec![recorded],
        record: Some(record.property.clone()),
        ..FieldBrief::default()
    }
}
