//! The figures of a set of handoffs. Beside every share stands of how many it
//! is; a share of nothing is null.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::facts::Fact;
use super::times::{Span, Times, times};
use crate::brief::Origin;
use crate::handoff::Status;

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, JsonSchema)]
pub struct Share {
    pub count: u64,
    /// Of how many.
    pub n: u64,
    /// `count / n`; null when `n` is 0.
    pub share: Option<f64>,
}

impl Share {
    pub fn of(count: u64, n: u64) -> Share {
        Share { count, n, share: (n > 0).then(|| count as f64 / n as f64) }
    }
}

/// The figures of a set of handoffs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Figures {
    pub handoffs: Counts,
    /// What waits now, by its age since it was received.
    pub waiting: Waiting,
    /// From received to first complete. What is not complete yet counts as "at least so long"; so does what was cancelled.
    pub time_to_ready: Times,
    /// From the newest transfer before the acceptance to the acceptance.
    pub time_to_accept: Times,
    /// Fields that were asked of people, of handoffs that were read; `share` is questions per handoff.
    pub questions: Share,
    /// Whose word the values in force are.
    pub answers: Answers,
    /// Values that the machine read and a person replaced by another one, of all values that it read.
    pub corrections: Share,
    pub reminders: u64,
    pub escalations: u64,
    pub returns: Returns,
    pub overrides: Overrides,
    pub refused_transfers: Refused,
}

/// How many handoffs ever got there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    pub received: u64,
    /// Were complete at some time, or moved.
    pub ready: u64,
    pub transferred: u64,
    pub accepted: u64,
    /// Were given back at least once.
    pub returned: u64,
    pub cancelled: u64,
    /// Could not be read, and stand so now.
    pub failed: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Waiting {
    /// Not handed over yet.
    pub sending: Ages,
    /// Handed over and not accepted yet.
    pub receiving: Ages,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ages {
    pub under_a_day: u64,
    /// A day or more, under three.
    pub to_three_days: u64,
    /// Three days or more, under seven.
    pub to_a_week: u64,
    /// Seven days or more.
    pub over_a_week: u64,
}

impl Ages {
    pub fn total(&self) -> u64 {
        self.under_a_day + self.to_three_days + self.to_a_week + self.over_a_week
    }

    fn add(&mut self, milliseconds: i64) {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        match milliseconds.max(0) / DAY {
            0 => self.under_a_day += 1,
            1..3 => self.to_three_days += 1,
            3..7 => self.to_a_week += 1,
            _ => self.over_a_week += 1,
        }
    }
}

/// Values in force, by whose word they are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Answers {
    /// Read in the sources, with a quote.
    pub read: Share,
    /// From the CRM record.
    pub crm: Share,
    /// A named person's answer.
    pub person: Share,
}

impl Answers {
    fn of(origins: [u64; 3]) -> Answers {
        let n = origins.iter().sum();
        let [read, crm, person] = origins.map(|count| Share::of(count, n));
        Answers { read, crm, person }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Returns {
    /// Times that something was given back; more than once for one handoff counts as often.
    pub count: u64,
    /// Handoffs given back at least once, of those transferred.
    pub handoffs: Share,
    /// By the kind of reason: `incomplete`, `wrong`, `not_ours`, `other`; `erased` where the log no longer tells.
    pub by_kind: BTreeMap<String, u64>,
    /// By the field that was named, how often.
    pub by_field: BTreeMap<String, u64>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Overrides {
    /// Transfers that somebody forced.
    pub count: u64,
    /// Handoffs forced at least once, of those transferred.
    pub handoffs: Share,
    /// What these left open and is still owed.
    pub open_debts: u64,
    /// The same by field; `""` for a source that could not be read.
    pub open_debts_by_field: BTreeMap<String, u64>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Refused {
    /// Transfers that the gate refused.
    pub count: u64,
    /// Handoffs refused at least once, of all.
    pub handoffs: Share,
    /// `count` by all handoffs received; null without any.
    pub per_handoff: Option<f64>,
}

/// The figures of these handoffs at `now`, in milliseconds since 1970.
pub fn figures<'a>(facts: impl IntoIterator<Item = &'a Fact>, now: i64) -> Figures {
    let mut sum = Sum { now, ..Sum::default() };
    for fact in facts {
        sum.add_life(fact);
        sum.add_fields(fact);
        sum.add_trouble(fact);
    }
    sum.finish()
}

#[derive(Default)]
struct Sum {
    now: i64,
    whole: Figures,
    to_ready: Vec<Span>,
    to_accept: Vec<Span>,
    questions: u64,
    read: u64,
    origins: [u64; 3],
    found: u64,
    corrected: u64,
    forced: u64,
    refused: u64,
}

impl Sum {
    fn add_life(&mut self, fact: &Fact) {
        let (record, received) = (&fact.record, fact.received_at);
        let counts = &mut self.whole.handoffs;
        counts.received += 1;
        counts.ready += u64::from(record.ready_at.is_some());
        counts.transferred += u64::from(record.transferred_at.is_some());
        counts.accepted += u64::from(record.accepted_at.is_some());
        counts.returned += u64::from(!fact.returns.is_empty());
        counts.cancelled += u64::from(fact.status == Status::Cancelled);
        counts.failed += u64::from(fact.status == Status::Failed);
        let age = self.now.saturating_sub(received);
        if fact.status.is_open() {
            self.whole.waiting.sending.add(age);
        } else if fact.status == Status::Transferred {
            self.whole.waiting.receiving.add(age);
        }
        // What was called off waits no longer; until then it was not ready.
        let seen_until = record.ended_at.unwrap_or(self.now);
        self.to_ready.push(Span::between(received, record.ready_at, seen_until));
        if let Some(handed) = record.handed_at {
            // What was given back and not handed over again is no wait of the receiver's.
            let is_waiting = fact.status == Status::Transferred || record.accepted_at.is_some();
            if is_waiting {
                self.to_accept.push(Span::between(handed, record.accepted_at, self.now));
            }
        }
    }

    fn add_fields(&mut self, fact: &Fact) {
        self.read += u64::from(fact.record.is_read);
        for field in fact.record.fields.values() {
            self.questions += u64::from(field.asked_at.is_some());
            self.found += u64::from(field.is_found);
            self.corrected += u64::from(field.is_corrected);
            if let Some(origin) = field.origin {
                self.origins[place(origin)] += 1;
            }
        }
    }

    fn add_trouble(&mut self, fact: &Fact) {
        let whole = &mut self.whole;
        for returned in &fact.returns {
            whole.returns.count += 1;
            let kind = returned.kind.clone().unwrap_or_else(|| "erased".to_owned());
            *whole.returns.by_kind.entry(kind).or_default() += 1;
            for field in &returned.fields {
                *whole.returns.by_field.entry(field.clone()).or_default() += 1;
            }
        }
        self.forced += u64::from(fact.forced > 0);
        whole.overrides.count += u64::from(fact.forced);
        whole.overrides.open_debts += fact.debts.len() as u64;
        for field in &fact.debts {
            *whole.overrides.open_debts_by_field.entry(field.clone()).or_default() += 1;
        }
        self.refused += u64::from(fact.refused > 0);
        whole.refused_transfers.count += u64::from(fact.refused);
        whole.reminders += u64::from(fact.reminders);
        whole.escalations += u64::from(fact.escalations);
    }

    fn finish(self) -> Figures {
        let mut whole = self.whole;
        let (received, transferred) = (whole.handoffs.received, whole.handoffs.transferred);
        whole.time_to_ready = times(self.to_ready);
        whole.time_to_accept = times(self.to_accept);
        whole.questions = Share::of(self.questions, self.read);
        whole.answers = Answers::of(self.origins);
        whole.corrections = Share::of(self.corrected, self.found);
        whole.returns.handoffs = Share::of(whole.handoffs.returned, transferred);
        whole.overrides.handoffs = Share::of(self.forced, transferred);
        whole.refused_transfers.handoffs = Share::of(self.refused, received);
        whole.refused_transfers.per_handoff = Share::of(whole.refused_transfers.count, received).share;
        whole
    }
}

/// The figures of one field of one route.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct FieldFigures {
    /// Handoffs in which it was asked of people, of those that were read and asked about.
    pub asked: Share,
    /// Of these, not answered yet.
    pub still_open: u64,
    pub answers: Answers,
    pub corrections: Share,
    /// How often a receiving team named it when it gave something back.
    pub returns: u64,
}

/// The figures of the field `key` in these handoffs.
pub(super) fn field_figures<'a>(facts: impl IntoIterator<Item = &'a Fact>, key: &str) -> FieldFigures {
    let (mut read, mut asked, mut still_open, mut returns) = (0, 0, 0, 0);
    let (mut origins, mut found, mut corrected) = ([0; 3], 0, 0);
    for fact in facts {
        read += u64::from(fact.record.is_read);
        returns += fact.returns.iter().flat_map(|back| &back.fields).filter(|field| *field == key).count() as u64;
        let Some(field) = fact.record.fields.get(key) else { continue };
        asked += u64::from(field.asked_at.is_some());
        still_open += u64::from(field.is_open && fact.status.is_open());
        found += u64::from(field.is_found);
        corrected += u64::from(field.is_corrected);
        if let Some(origin) = field.origin {
            origins[place(origin)] += 1;
        }
    }
    FieldFigures {
        asked: Share::of(asked, read),
        still_open,
        answers: Answers::of(origins),
        corrections: Share::of(corrected, found),
        returns,
    }
}

fn place(origin: Origin) -> usize {
    match origin {
        Origin::Source => 0,
        Origin::Crm => 1,
        Origin::Person => 2,
    }
}
