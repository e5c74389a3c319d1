//! Several values for one field: the same, superseded, or conflicting. No
//! reader picks a winner. A later value replaces an earlier one only when it
//! comes from an equal or higher authority and either the same person says it
//! or the words say that something changed; everything else is a conflict
//! for a person, with all sides and dates.
//!
//! Authority is whose word the field counts, not the channel: a customer's
//! correction in a chat binds as much as the one in a mail.

mod doubt;
mod readers;
mod record;
mod sameness;
mod setting_aside;

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use doubt::{contradicted, contradicts_record, taken_back, takes_back};
pub use readers::{Readers, resolve_readers};
pub use record::{Content, Properties, Recorded, add_replaced, find_recorded};
pub(crate) use sameness::means_same;
use sameness::{fuller, is_told};
use setting_aside::sets_aside;

use crate::brief::{Candidate, Evidence, FieldBrief, FieldState, Origin, Superseded, candidate_id};
use crate::conversation::Side;
use crate::grounding::{Grounded, Standing};
use crate::route::{Field, SaidBy};
use crate::value::{Kind, Precision, Value, same, to_json};
use crate::wording;

/// The most quotes kept for one value.
const MOST_EVIDENCE: usize = 6;
/// The most candidates offered for one field.
const MOST_CANDIDATES: usize = 6;

/// The most different values that are compared with each other.
const MOST_GROUPS: usize = 24;

/// Statements with one value.
struct Group<'a> {
    value: Value,
    members: Vec<&'a Grounded>,
}

/// Settles what the sources and the record say of one field. The route's rules come after this.
pub fn resolve(field: &Field, grounded: &[&Grounded], recorded: Option<&Recorded>) -> FieldBrief {
    let supported: Vec<&Grounded> =
        grounded.iter().copied().filter(|one| one.standing == Standing::Supported).collect();
    let groups = group(field, &supported);
    let mut brief = if groups.is_empty() {
        without_support(field, grounded, recorded)
    } else if field.list {
        as_list(field, &groups, recorded)
    } else {
        as_scalar(field, &groups, (recorded, grounded))
    };
    add_candidates(field, &mut brief, grounded);
    brief
}

fn group<'a>(field: &Field, statements: &[&'a Grounded]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for one in statements {
        let key = to_json(&one.value).to_string();
        let place = known.get(&key).copied().or_else(|| {
            let near = groups.iter().take(MOST_GROUPS).position(|group| means_same(field, &group.value, &one.value));
            near.inspect(|place| _ = known.insert(key.clone(), *place))
        });
        match place {
            Some(place) => {
                let group = &mut groups[place];
                // The fuller of two spellings is kept.
                if fuller(&one.value, &group.value) {
                    group.value = one.value.clone();
                }
                group.members.push(one);
            }
            None if groups.len() <= MOST_GROUPS || field.list => {
                known.insert(key, groups.len());
                groups.push(Group { value: one.value.clone(), members: vec![one] });
            }
            None => {}
        }
    }
    groups
}

fn as_scalar(field: &Field, groups: &[Group], (recorded, grounded): (Option<&Recorded>, &[&Grounded])) -> FieldBrief {
    let recorded_value = recorded.and_then(|record| match &record.content {
        Content::Value(reading) => Some((record, reading)),
        Content::Junk | Content::Unreadable(_) => None,
    });
    let disagrees = |group: &Group| {
        recorded_value
            .filter(|(_, reading)| field.kind != Kind::LongText && !means_same(field, &group.value, &reading.value))
    };
    let Some(winner) = winner(field, groups) else {
        return conflict(field, groups, recorded_value.map(|(record, reading)| (record, &reading.value)));
    };
    let chosen = &groups[winner];
    if let Some((record, reading)) = disagrees(chosen) {
        return conflict(field, &groups[winner..=winner], Some((record, &reading.value)));
    }
    if let Some(doubter) = grounded.iter().find(|one| takes_back(field, one, chosen)) {
        return taken_back(field, chosen, doubter);
    }
    let superseded = groups
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != winner)
        .map(|(_, group)| Superseded {
            value: to_json(&group.value),
            origin: Origin::Source,
            evidence: evidence(group),
        })
        .collect();
    FieldBrief {
        state: FieldState::Found,
        value: to_json(
            recorded_value
                .map(|(_, reading)| &reading.value)
                .filter(|recorded| fuller(recorded, &chosen.value))
                .unwrap_or(&chosen.value),
        ),
        origin: Some(Origin::Source),
        evidence: evidence(chosen),
        superseded,
        record: recorded_value.map(|(record, _)| record.property.clone()),
        ..FieldBrief::default()
    }
}

fn as_list(field: &Field, groups: &[Group], recorded: Option<&Recorded>) -> FieldBrief {
    let items: Vec<Value> = groups.iter().map(|group| group.value.clone()).collect();
    let mut candidates = Vec::new();
    if let Some(record) = recorded
        && let Content::Value(reading) = &record.content
    {
        // What only the record names has no quote; it is offered beside the list.
        let named = match &reading.value {
            Value::List(values) => values.as_slice(),
            single => std::slice::from_ref(single),
        };
        candidates = named
            .iter()
            .filter(|value| !items.iter().any(|item| same(item, value)))
            .take(MOST_CANDIDATES)
            .map(|value| {
                let value = to_json(value);
                Candidate {
                    id: candidate_id(&field.key, &value),
                    value,
                    evidence: Vec::new(),
                    reason: wording::recorded_reason(&record.property),
                }
            })
            .collect();
    }
    FieldBrief {
        state: FieldState::Found,
        value: to_json(&Value::List(items)),
        origin: Some(Origin::Source),
        evidence: groups.iter().flat_map(evidence).fold(Vec::new(), push_new),
        candidates,
        record: recorded.map(|record| record.property.clone()),
        ..FieldBrief::default()
    }
}

/// The one group whose latest statement replaces every other; `None` when that cannot be told.
fn winner(field: &Field, groups: &[Group]) -> Option<usize> {
    if groups.len() == 1 {
        return Some(0);
    }
    (0..groups.len()).find(|at| {
        let others =
            || groups.iter().enumerate().filter(|(other, _)| other != at).flat_map(|(_, group)| &group.members);
        groups[*at].members.iter().any(|later| others().all(|earlier| supersedes(field, later, earlier)))
    })
}

/// Whether one statement replaces another.
fn supersedes(field: &Field, later: &Grounded, earlier: &Grounded) -> bool {
    let after = match (later.at, earlier.at) {
        (Some(left), Some(right)) if left != right => left > right,
        (Some(_), Some(_)) => later.place > earlier.place,
        // Without times only the order inside one sitting is known, and that whoever names a value to set it aside knew it.
        _ if sets_aside(field, later, earlier) => true,
        _ => {
            later.place.0.abs_diff(earlier.place.0) < 200 && later.place > earlier.place && same_source(later, earlier)
        }
    };
    // Who names what they put aside speaks after it, whenever that was.
    let puts_aside = |one: &Grounded, other: &Grounded| one.sets_aside.iter().any(|old| same(old, &other.value));
    let replaces =
        puts_aside(later, earlier) && !puts_aside(earlier, later) && (after || !dated_before(later, earlier));
    let same_author = later.speaker.is_some() && later.speaker == earlier.speaker;
    let same_message = later.place.0 == earlier.place.0;
    let same_author = same_author && !same_message;
    authority(field, later.side) >= authority(field, earlier.side)
        && (replaces || after && (same_author || later.corrects))
}

fn dated_before(one: &Grounded, other: &Grounded) -> bool {
    matches!((one.at, other.at), (Some(left), Some(right)) if left < right)
}

fn same_source(left: &Grounded, right: &Grounded) -> bool {
    left.evidence.first().map(|evidence| &evidence.source) == right.evidence.first().map(|evidence| &evidence.source)
}

/// Whose word weighs more for this field.
fn authority(field: &Field, side: Side) -> u8 {
    match (field.said_by, side) {
        (_, Side::Unknown) => 0,
        (SaidBy::Theirs, Side::Ours) | (SaidBy::Ours, Side::Theirs) => 1,
        _ => 2,
    }
}

fn conflict(field: &Field, groups: &[Group], recorded: Option<(&Recorded, &Value)>) -> FieldBrief {
    let mut candidates: Vec<Candidate> = groups
        .iter()
        .take(MOST_CANDIDATES)
        .map(|group| {
            let value = to_json(&group.value);
            Candidate {
                id: candidate_id(&field.key, &value),
                value,
                evidence: evidence(group),
                reason: wording::stated_reason(),
            }
        })
        .collect();
    if let Some((record, value)) = recorded
        && !groups.iter().any(|group| means_same(field, &group.value, value))
    {
        let value = to_json(value);
        candidates.push(Candidate {
            id: candidate_id(&field.key, &value),
            value,
            evidence: Vec::new(),
            reason: wording::recorded_reason(&record.property),
        });
    }
    FieldBrief {
        state: FieldState::Conflicting,
        evidence: groups.iter().flat_map(|group| evidence(group).into_iter().take(1)).collect(),
        candidates,
        record: recorded.map(|(record, _)| record.property.clone()),
        ..FieldBrief::default()
    }
}

/// No statement stands by itself: the record, or the best of what was seen.
fn without_support(field: &Field, grounded: &[&Grounded], recorded: Option<&Recorded>) -> FieldBrief {
    let junk = recorded.is_some_and(|record| matches!(record.content, Content::Junk));
    let seen = grounded.iter().any(|one| matches!(one.standing, Standing::Unconfirmed(_) | Standing::Vague(_)));
    if let Some(record) = recorded.filter(|_| !(junk && seen)) {
        return match grounded.iter().find(|one| contradicts_record(field, one, record)) {
            Some(other) => contradicted(field, record, other),
            None => from_record(field, record),
        };
    }
    let latest = |wanted: fn(&Standing) -> bool| {
        grounded.iter().filter(|one| wanted(&one.standing)).max_by_key(|one| one.place).copied()
    };
    let unconfirmed = latest(|standing| matches!(standing, Standing::Unconfirmed(_)));
    let vague = latest(|standing| matches!(standing, Standing::Vague(_)));
    let (state, one) = match (unconfirmed, vague) {
        (Some(one), _) => (FieldState::Unconfirmed, one),
        (None, Some(one)) => (FieldState::Vague, one),
        (None, None) => return FieldBrief::default(),
    };
    let reason = match &one.standing {
        Standing::Unconfirmed(reason) | Standing::Vague(reason) | Standing::Candidate(reason) => Some(reason.clone()),
        Standing::Supported => None,
    };
    FieldBrief { state, reason, evidence: one.evidence.clone(), ..FieldBrief::default() }
}

fn from_record(field: &Field, record: &Recorded) -> FieldBrief {
    let property = Some(record.property.clone());
    match &record.content {
        Content::Junk => FieldBrief {
            reason: Some(wording::reason_junk(&record.property.raw)),
            record: property,
            ..FieldBrief::default()
        },
        Content::Unreadable(problem) => FieldBrief {
            state: FieldState::Invalid,
            reason: Some(problem.clone()),
            record: property,
            ..FieldBrief::default()
        },
        Content::Value(reading) => {
            let loose = match &reading.precision {
                Precision::Vague(reason) if field.specific => Some((FieldState::Vague, reason.clone())),
                Precision::Ambiguous(all) => Some((FieldState::Unconfirmed, wording::ambiguous_reason(all))),
                _ => None,
            };
            let value = to_json(&reading.value);
            if let Some((state, reason)) = loose {
                let candidate = Candidate {
                    id: candidate_id(&field.key, &value),
                    value,
                    evidence: Vec::new(),
                    reason: reason.clone(),
                };
                return FieldBrief {
                    state,
                    reason: Some(reason),
                    candidates: vec![candidate],
                    record: property,
                    ..FieldBrief::default()
                };
            }
            FieldBrief {
                state: FieldState::Found,
                value,
                origin: Some(Origin::Crm),
                record: property,
                at: record.at,
                ..FieldBrief::default()
            }
        }
    }
}

/// Everything seen that does not stand is offered, each value once, the latest first. Beside a value that was found
/// only what was said otherwise without its speaker's word counting: it changes nothing, and is not lost either.
fn add_candidates(field: &Field, brief: &mut FieldBrief, grounded: &[&Grounded]) {
    let speaks_against = |one: &&Grounded| {
        matches!(one.standing, Standing::Unconfirmed(_))
            && !one.guessed
            && field.kind != Kind::LongText
            && !is_told(field, brief, &one.value)
    };
    let against: Vec<&Grounded>;
    let grounded = if brief.state == FieldState::Found {
        against = grounded.iter().copied().filter(speaks_against).collect();
        against.as_slice()
    } else {
        grounded
    };
    let mut seen: Vec<&Grounded> = grounded.iter().copied().filter(|one| one.standing != Standing::Supported).collect();
    seen.sort_by_key(|one| (rank(&one.standing), std::cmp::Reverse(one.place)));
    for one in seen {
        let (Standing::Unconfirmed(reason) | Standing::Vague(reason) | Standing::Candidate(reason)) = &one.standing
        else {
            continue;
        };
        for value in std::iter::once(&one.value).chain(&one.alternatives) {
            let value = to_json(value);
            let id = candidate_id(&field.key, &value);
            if brief.candidates.len() < MOST_CANDIDATES && !brief.candidates.iter().any(|candidate| candidate.id == id)
            {
                brief.candidates.push(Candidate { id, value, evidence: one.evidence.clone(), reason: reason.clone() });
            }
        }
    }
}

fn rank(standing: &Standing) -> u8 {
    match standing {
        Standing::Supported => 0,
        Standing::Unconfirmed(_) => 1,
        Standing::Vague(_) => 2,
        Standing::Candidate(_) => 3,
    }
}

/// The quotes of a group, the latest statement first, each once.
fn evidence(group: &Group) -> Vec<Evidence> {
    let mut members = group.members.clone();
    members.sort_by_key(|one| (std::cmp::Reverse(one.at.unwrap_or(Timestamp::MIN)), std::cmp::Reverse(one.place)));
    let mut all = members.iter().flat_map(|one| one.evidence.iter().cloned()).fold(Vec::new(), push_new);
    all.truncate(MOST_EVIDENCE);
    all
}

fn push_new(mut all: Vec<Evidence>, one: Evidence) -> Vec<Evidence> {
    if !all.iter().any(|other| other.message == one.message && other.start == one.start && other.quote == one.quote) {
        all.push(one);
    }
    all
}
