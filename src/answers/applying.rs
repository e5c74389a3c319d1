//! The brief in force: the machine's reading with people's answers laid over
//! it, judged anew by the same rules as every brief. The verdict and gaps of
//! the reading count for nothing, save what they say against it.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::standing::{answers_to, in_force, own_value};
use super::{Dismissal, Given, checking};
use crate::brief::{Brief, FieldBrief, FieldMap, FieldState, Gap, GapKind, Origin, Verdict, candidate_id};
use crate::conversation::{Unread, Warning};
use crate::gaps::{self, People, Subject};
use crate::route::{Field, Ordered, Route};
use crate::verdict::{settle, verdict};
use crate::wording;

/// Lays what people said over the machine's reading and judges the whole at `now`. `base` is the reading, not
/// a brief made here, which no longer tells what the reading showed from what people said. Whoever `people` leaves out
/// is taken from the reading's own gaps.
pub fn apply(base: &Brief, route: &Route, given: &Given, people: &People, now: Timestamp) -> Brief {
    let fields = fields_in_force(base, route, given, now);
    let (unread, dismissed) = open_sources(base, given.dismissals);
    let known = gaps::people_of(&base.gaps);
    let people = People {
        sender: people.sender.clone().or(known.sender),
        receiver: people.receiver.clone().or(known.receiver),
        owner: people.owner.clone().or(known.owner),
    };
    let nearest = gaps::nearest_of(&base.gaps);
    let subject = Subject { route, fields: &fields, unread: &[], people: &people, nearest: &nearest, now };

    let mut gaps = Vec::new();
    let same_route = base.route.id == route.id && base.route.version == route.version;
    if !same_route {
        gaps.push(gaps::whole_brief(&subject, wording::route_differs(&base.route, route)));
    }
    let (blocking, optional): (Vec<Gap>, Vec<Gap>) = gaps::list(&subject).into_iter().partition(|gap| gap.blocking);
    gaps.extend(blocking);
    let names: Vec<Unread> = unread.iter().map(as_unread).collect();
    gaps.extend(unread);
    gaps.extend(optional);

    let verdict = match verdict(route, &fields, base.coverage, &names, now) {
        Verdict::Complete if !same_route => Verdict::Incomplete,
        verdict => verdict,
    };
    let mut warnings = base.warnings.clone();
    for warning in dismissed {
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    Brief {
        route: base.route.clone(),
        engine: base.engine.clone(),
        verdict,
        coverage: base.coverage,
        fields,
        gaps,
        summary: base.summary.clone(),
        warnings,
        usage: base.usage.clone(),
    }
}

fn fields_in_force(base: &Brief, route: &Route, given: &Given, now: Timestamp) -> FieldMap {
    let fields = route.fields.iter().map(|field| {
        let read = base.fields.find(&field.key).cloned().unwrap_or_default();
        (field.key.clone(), in_force(field, judged_again(field, read), given))
    });
    let mut settled = settle(route, Ordered(fields.collect()), now);
    for (field, (_, brief)) in route.fields.iter().zip(&mut settled.0) {
        if matches!(brief.state, FieldState::NotApplicable | FieldState::UnknownByDesign) {
            brief.origin = Some(Origin::Person);
        }
        if let Some(own) = answers_to(field, given).last().and_then(|answer| own_value(answer)) {
            own_first(field, brief, own);
        }
    }
    settled
}

/// A value that a rule over other fields took away gets another hearing: what people answered may be what it waited
/// for. Everything else that the reading lost stays lost.
fn judged_again(field: &Field, mut read: FieldBrief) -> FieldBrief {
    let over_others = field.rules.iter().any(|rule| rule.assert.names.iter().any(|name| *name != field.key));
    if read.state != FieldState::Invalid || !over_others || read.reason.is_none() {
        return read;
    }
    let taken = read.candidates.iter().rposition(|candidate| Some(&candidate.reason) == read.reason.as_ref());
    let is_quoted = read.evidence.iter().any(|evidence| evidence.tier.is_verified());
    let origin = match (&read.by, is_quoted, &read.record) {
        (Some(_), ..) => Origin::Person,
        (None, true, _) => Origin::Source,
        (None, false, Some(_)) => Origin::Crm,
        (None, false, None) => return read,
    };
    let Some(taken) = taken else { return read };
    read.value = read.candidates.remove(taken).value;
    FieldBrief { state: FieldState::Found, origin: Some(origin), reason: None, waits_for: Vec::new(), ..read }
}

/// A person's value that does not stand by itself is asked about before any other.
fn own_first(field: &Field, brief: &mut FieldBrief, own: &Json) {
    if brief.state == FieldState::Conflicting || brief.state.is_settled() {
        return;
    }
    let id = candidate_id(&field.key, own);
    if let Some(place) = brief.candidates.iter().position(|candidate| candidate.id == id) {
        let own = brief.candidates.remove(place);
        brief.candidates.insert(0, own);
    }
}

/// The unread sources that nobody dismissed, and a warning for each name that somebody did.
fn open_sources(base: &Brief, dismissals: &[Dismissal]) -> (Vec<Gap>, Vec<Warning>) {
    let count = |source: &str| checking::unread(base).filter(|(name, _)| *name == source).count();
    let mut open = Vec::new();
    let mut warnings = Vec::new();
    for (source, gap) in checking::unread(base) {
        let count = count(source);
        let by_time = |one: &&Dismissal| (one.at, one.by.label(), one.reason.clone());
        let stands = |one: &&Dismissal| one.source == source && one.count >= count && checking::is_sound(one);
        match dismissals.iter().filter(stands).max_by_key(by_time) {
            None => open.push(Gap { blocking: true, ..gap.clone() }),
            Some(dismissal) => warnings.push(Warning {
                source: source.to_owned(),
                place: String::new(),
                message: wording::dismissed_source(&dismissal.by.label(), dismissal.at, &dismissal.reason),
            }),
        }
    }
    (open, warnings)
}

fn as_unread(gap: &Gap) -> Unread {
    debug_assert!(gap.kind == GapKind::UnreadSource);
    Unread { source: gap.source.clone().unwrap_or_default(), inside: None, reason: gap.why.clone() }
}
