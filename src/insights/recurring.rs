//! Gaps that come again and again: the same field of the same route, from the
//! same team. Across several people it is the route that is at fault, not one
//! of them; the rule that says so stands beside its answer.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::facts::{Fact, NO_FIELD};
use super::figures::Share;

/// When a gap counts as a fault of the route's design.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Rule {
    /// In at least so many handoffs,
    pub handoffs: u64,
    /// of at least so many different senders,
    pub senders: u64,
    /// and in at least this share of the team's handoffs on the route.
    pub share: f64,
}

/// The rule in force.
pub const DESIGN_FAULT: Rule = Rule { handoffs: 5, senders: 3, share: 0.3 };

/// Where a gap that recurs points to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Points {
    /// Different people leave out the same thing, by the rule: the route asks too late, in the wrong words, or for what
    /// they cannot know.
    Route,
    /// One person alone of several.
    Person,
    /// Often, but neither of the two.
    Unclear,
    /// Too few handoffs to say.
    #[default]
    TooFew,
}

/// A gap that occurred more than once.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct RecurringGap {
    pub route: String,
    /// Null for sources that could not be read.
    pub field: Option<String>,
    /// The sending team; null where nobody named one.
    pub team: Option<String>,
    /// Handoffs in which people were asked for it, of this team's handoffs on the route that were read.
    pub handoffs: Share,
    /// Handoffs beside these that had the gap only in a reading without the model that was to read. It may be the
    /// reading's gap and nobody's: it points nowhere.
    pub without_model: u64,
    /// By what was the matter when it was first asked: `missing`, `vague`, `conflicting`, …
    pub by_kind: BTreeMap<String, u64>,
    /// Different senders who had it. Handoffs that name no sender count for none.
    pub senders: u64,
    /// Different senders of the team's handoffs on the route.
    pub senders_of: u64,
    pub points_to: Points,
}

#[derive(Default)]
struct Tally<'a> {
    count: u64,
    without_model: u64,
    kinds: BTreeMap<String, u64>,
    senders: BTreeSet<&'a str>,
}

/// A team on a route.
#[derive(Default)]
struct Desk<'a> {
    read: u64,
    senders: BTreeSet<&'a str>,
    fields: BTreeMap<&'a str, Tally<'a>>,
}

/// Gaps that occurred at least twice, the most frequent first.
pub fn recurring<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> Vec<RecurringGap> {
    let mut desks: BTreeMap<(&str, Option<&str>), Desk<'_>> = BTreeMap::new();
    for fact in facts {
        let desk = desks.entry((&fact.route, fact.team.as_deref())).or_default();
        if fact.record.is_read {
            desk.read += 1;
            desk.senders.extend(fact.sender.as_deref());
        }
        for (key, field) in fact.gaps() {
            let tally = desk.fields.entry(key).or_default();
            if field.without_model {
                tally.without_model += 1;
                continue;
            }
            tally.count += 1;
            tally.senders.extend(fact.sender.as_deref());
            if let Some(kind) = field.kind.and_then(|kind| serde_json::to_value(kind).ok()) {
                *tally.kinds.entry(kind.as_str().unwrap_or_default().to_owned()).or_default() += 1;
            }
        }
    }
    let mut gaps: Vec<RecurringGap> = desks.into_iter().flat_map(|(place, desk)| gaps_of(place, desk)).collect();
    // The order within the same count is that of route, team and field: the same facts give the same list.
    gaps.sort_by_key(|gap| std::cmp::Reverse((gap.handoffs.count, gap.without_model)));
    gaps
}

fn gaps_of<'a>((route, team): (&'a str, Option<&'a str>), desk: Desk<'a>) -> Vec<RecurringGap> {
    let senders_of = desk.senders.len() as u64;
    let recurring = desk.fields.into_iter().filter(|(_, tally)| tally.count + tally.without_model > 1);
    recurring
        .map(|(field, tally)| {
            let (handoffs, senders) = (Share::of(tally.count, desk.read), tally.senders.len() as u64);
            RecurringGap {
                route: route.to_owned(),
                field: (field != NO_FIELD).then(|| field.to_owned()),
                team: team.map(str::to_owned),
                points_to: points_to(handoffs, senders, senders_of),
                handoffs,
                by_kind: tally.kinds,
                senders,
                senders_of,
                without_model: tally.without_model,
            }
        })
        .collect()
}

fn points_to(handoffs: Share, senders: u64, senders_of: u64) -> Points {
    let rule = DESIGN_FAULT;
    let is_frequent = handoffs.share.is_some_and(|share| share >= rule.share);
    match () {
        () if handoffs.count < rule.handoffs => Points::TooFew,
        () if senders >= rule.senders && is_frequent => Points::Route,
        () if senders == 1 && senders_of >= rule.senders => Points::Person,
        () => Points::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(counts: (u64, u64), (senders, senders_of): (u64, u64), expected: Points) {
        assert_eq!(points_to(Share::of(counts.0, counts.1), senders, senders_of), expected, "{counts:?}");
    }

    #[test]
    fn a_gap_points_where_the_rule_says() {
        check((5, 10), (3, 3), Points::Route);
        check((3, 10), (3, 3), Points::TooFew);
        check((4, 4), (4, 4), Points::TooFew);
        check((5, 17), (3, 3), Points::Unclear);
        check((6, 20), (3, 9), Points::Route);
        check((6, 20), (2, 9), Points::Unclear);
        check((6, 20), (1, 3), Points::Person);
        check((6, 20), (1, 2), Points::Unclear);
        check((6, 6), (0, 0), Points::Unclear);
    }
}
