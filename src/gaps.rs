//! What is missing, what to ask and whom: every gap at once, the ones that
//! decide others first, one question each, no question twice.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::brief::{Ask, Candidate, Evidence, FieldBrief, FieldMap, FieldState, Gap, GapKind};
use crate::conversation::Unread;
use crate::route::{Asked, Field, Requirement, Route};
use crate::verdict::{Need, Requirements, accepts, requirements, waits};
use crate::wording::{self, Cause, Situation};

/// What gaps are told from.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub route: &'a Route,
    /// As [`crate::verdict::settle`] left them.
    pub fields: &'a FieldMap,
    /// Documents that could not be read and that nobody dismissed.
    pub unread: &'a [Unread],
    pub people: &'a People,
    /// The words that came closest to a field for which nothing was found, by key.
    pub nearest: &'a BTreeMap<String, Evidence>,
    pub now: Timestamp,
}

/// The people of one handoff, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    pub sender: Option<Contact>,
    pub receiver: Option<Contact>,
    pub owner: Option<Contact>,
}

/// How to reach somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    pub name: Option<String>,
    pub email: Option<String>,
}

/// All gaps: fields that decide what else is needed, then the other fields
/// that block, then unread sources, then what is worth telling of optional
/// fields (something was seen that may not stand). An optional field of which
/// nothing was seen is no gap.
pub fn list(subject: &Subject) -> Vec<Gap> {
    let needs = requirements(subject.route, subject.fields, subject.now);
    let open: Vec<(&Field, &FieldBrief)> =
        subject.route.fields.iter().filter_map(|field| open(subject, &needs, field)).collect();
    let told: Vec<(&Field, &FieldBrief)> =
        open.iter().copied().filter(|(field, brief)| !is_asked_elsewhere(subject, &open, field, brief)).collect();

    let mut gaps: Vec<Gap> = Vec::new();
    let ranks: [&dyn Fn(&str) -> bool; 2] =
        [&|key| needs.decider(key).is_some(), &|key| needs.decider(key).is_none() && needs.is_needed(key)];
    for in_rank in ranks {
        gaps.extend(
            told.iter()
                .filter(|(field, _)| in_rank(&field.key))
                .map(|(field, brief)| gap(subject, &needs, field, brief)),
        );
    }
    for unread in subject.unread {
        let gap = unread_gap(subject, unread);
        if !gaps.contains(&gap) {
            gaps.push(gap);
        }
    }
    gaps.extend(
        told.iter()
            .filter(|(field, _)| !needs.is_needed(&field.key))
            .map(|(field, brief)| gap(subject, &needs, field, brief)),
    );
    tell_apart(subject.route, &mut gaps);
    gaps
}

/// A gap that no single field can close: the brief has to be made again.
pub fn whole_brief(subject: &Subject, (question, why): (String, String)) -> Gap {
    Gap {
        field: None,
        source: None,
        kind: GapKind::UnreadSource,
        blocking: true,
        question,
        why,
        ask: ask(&Asked::Owner, subject.people),
        nearest: None,
        candidates: Vec::new(),
    }
}

/// The people as far as earlier gaps of the same brief tell them.
pub fn people_of(gaps: &[Gap]) -> People {
    let contact = |role: &str| {
        let ask = gaps
            .iter()
            .map(|gap| &gap.ask)
            .find(|ask| ask.role == role && (ask.name.is_some() || ask.email.is_some()))?;
        Some(Contact { name: ask.name.clone(), email: ask.email.clone() })
    };
    People { sender: contact("sender"), receiver: contact("receiver"), owner: contact("owner") }
}

/// The words that came closest, as earlier gaps of the same brief tell them, by field.
pub fn nearest_of(gaps: &[Gap]) -> BTreeMap<String, Evidence> {
    let entries = gaps.iter().filter_map(|gap| Some((gap.field.clone()?, gap.nearest.clone()?)));
    entries.collect()
}

/// The field if there is something to ask about it.
fn open<'a>(subject: &Subject<'a>, needs: &Requirements, field: &'a Field) -> Option<(&'a Field, &'a FieldBrief)> {
    let brief = subject.fields.find(&field.key)?;
    let seen = brief.state != FieldState::Missing;
    (!brief.state.is_settled() && (seen || needs.is_needed(&field.key))).then_some((field, brief))
}

/// A value that only waits for other fields needs no question of its own while those are asked.
fn is_asked_elsewhere(subject: &Subject, open: &[(&Field, &FieldBrief)], field: &Field, brief: &FieldBrief) -> bool {
    let names = waits(field, brief, subject.fields);
    let has_own_gap = |name: &String| {
        open.iter().any(|(other, brief)| other.key == *name && waits(other, brief, subject.fields).is_empty())
    };
    !names.is_empty() && names.iter().all(has_own_gap)
}

fn gap(subject: &Subject, needs: &Requirements, field: &Field, brief: &FieldBrief) -> Gap {
    let pick = |candidate: &&Candidate| accepts(subject.route, subject.fields, field, &candidate.value, subject.now);
    let candidates: Vec<Candidate> = brief.candidates.iter().filter(pick).cloned().collect();
    let waits_for = waits(field, brief, subject.fields).iter().filter_map(|name| subject.route.field(name)).collect();
    // Whoever is asked for a yes is asked about what somebody said.
    let said: Vec<Candidate> = candidates.iter().filter(|one| !wording::says_no_value(&one.reason)).cloned().collect();
    let offered = if said.is_empty() { &candidates } else { &said };
    let situation = Situation { field, brief, waits_for, offered };
    Gap {
        field: Some(field.key.clone()),
        source: None,
        kind: kind(brief.state),
        blocking: needs.is_needed(&field.key),
        question: wording::question(&situation),
        why: wording::why(&situation, &cause(subject.route, needs, field)),
        ask: ask(&field.ask, subject.people),
        nearest: nearest(subject, field, brief),
        candidates,
    }
}

/// Why an answer is needed.
fn cause<'a>(route: &'a Route, needs: &Requirements, field: &'a Field) -> Cause<'a> {
    let labels = |keys: &[String]| -> Vec<&'a str> {
        keys.iter().filter_map(|key| route.field(key)).map(|field| field.label.as_str()).collect()
    };
    if let Some(decider) = needs.decider(&field.key) {
        return Cause::Decides(labels(&decider.decides));
    }
    match (needs.need(&field.key), &field.required) {
        (None | Some(Need::Optional), _) => Cause::Optional,
        (Some(Need::RequiredBecauseUnknown(names)), _) => Cause::Unknown(labels(names)),
        (Some(Need::Required), Requirement::When(condition)) => Cause::When(wording::condition(route, condition)),
        (Some(Need::Required), _) => Cause::Always(&route.to_team),
    }
}

fn kind(state: FieldState) -> GapKind {
    match state {
        FieldState::Vague => GapKind::Vague,
        FieldState::Conflicting => GapKind::Conflicting,
        FieldState::Invalid => GapKind::Invalid,
        FieldState::Stale => GapKind::Stale,
        FieldState::Unconfirmed => GapKind::Unconfirmed,
        FieldState::Missing | FieldState::Found | FieldState::NotApplicable | FieldState::UnknownByDesign => {
            GapKind::Missing
        }
    }
}

fn unread_gap(subject: &Subject, unread: &Unread) -> Gap {
    Gap {
        field: None,
        source: Some(unread.source.clone()),
        kind: GapKind::UnreadSource,
        blocking: true,
        question: wording::question_unread(unread),
        why: wording::why_unread(unread),
        ask: ask(&Asked::Sender, subject.people),
        nearest: None,
        candidates: Vec::new(),
    }
}

/// The one person to ask, as far as known; a named address keeps its name if it is one of the people.
fn ask(asked: &Asked, people: &People) -> Ask {
    let known = |role: &str, contact: &Option<Contact>| {
        let contact = contact.clone().unwrap_or_default();
        Ask { role: role.to_string(), name: contact.name, email: contact.email }
    };
    match asked {
        Asked::Sender => known("sender", &people.sender),
        Asked::Receiver => known("receiver", &people.receiver),
        Asked::Owner => known("owner", &people.owner),
        Asked::Address(address) => {
            let contacts = [&people.sender, &people.receiver, &people.owner];
            let same =
                |contact: &&Contact| contact.email.as_ref().is_some_and(|email| email.eq_ignore_ascii_case(address));
            let name = contacts.into_iter().flatten().find(same).and_then(|contact| contact.name.clone());
            Ask { role: "address".to_string(), name, email: Some(address.clone()) }
        }
    }
}

/// The field's own words first, then those of its candidates, then whatever came closest.
fn nearest(subject: &Subject, field: &Field, brief: &FieldBrief) -> Option<Evidence> {
    let of_candidates = brief.candidates.iter().flat_map(|candidate| &candidate.evidence);
    let own = brief.evidence.iter().chain(of_candidates);
    own.min_by_key(|evidence| evidence.tier).or_else(|| subject.nearest.get(&field.key)).cloned()
}

/// Two gaps with the same words would look like one: the label tells them apart.
fn tell_apart(route: &Route, gaps: &mut [Gap]) {
    let questions: Vec<String> = gaps.iter().map(|gap| gap.question.clone()).collect();
    for gap in gaps {
        let same = questions.iter().filter(|question| **question == gap.question).count();
        let label = gap.field.as_deref().and_then(|key| route.field(key)).map(|field| &field.label);
        if let (true, Some(label)) = (same > 1, label) {
            gap.question = wording::question_about(label, &gap.question);
        }
    }
}
