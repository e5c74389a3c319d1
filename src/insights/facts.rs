//! What figures are made of. A record is kept beside each handoff and grows
//! with every change, because the newest brief does not tell what was asked
//! before it was answered; a fact is a record with what else the store knows.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::brief::{Brief, FieldState, GapKind, Origin};
use crate::handoff::{MODEL_UNAVAILABLE, Status};

/// The key under which gaps of no field are kept: sources that could not be read, a run that did not read everything.
pub const NO_FIELD: &str = "";

/// What is kept of a handoff's life. Times are milliseconds since 1970 in UTC. No names and no words of anybody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// Where it stood when it was last looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Whether it was ever read in such a way that people are asked for what is missing.
    pub is_read: bool,
    /// When it was first complete, or moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready_at: Option<i64>,
    /// When it was first transferred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transferred_at: Option<i64>,
    /// The newest transfer before it was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handed_at: Option<i64>,
    /// When it was first accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<i64>,
    /// When it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    /// By field key.
    pub fields: BTreeMap<String, FieldRecord>,
}

/// What became of one field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldRecord {
    /// When people were first asked for it, as a gap that blocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<i64>,
    /// What was the matter when it first was such a gap, asked for or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<GapKind>,
    /// A gap only in readings without the model that was to read: perhaps nobody left anything out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub without_model: bool,
    /// Whether people are asked for it now.
    pub is_open: bool,
    /// Whose word its value is; none without a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The machine found a value in the sources or the CRM record.
    pub is_found: bool,
    /// A person put another value in its place.
    pub is_corrected: bool,
}

/// A handoff as it is about to be stored.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    pub status: Status,
    /// Why it stands there.
    pub reason: Option<&'a str>,
    /// The machine's reading.
    pub base: Option<&'a Brief>,
    /// The brief in force.
    pub brief: Option<&'a Brief>,
}

impl Record {
    /// Takes note of where a handoff stands at `now`.
    pub fn note(&mut self, seen: &Seen<'_>, now: Timestamp) {
        let now = now.as_millisecond();
        let was = self.status.replace(seen.status);
        let first = |at: &mut Option<i64>| _ = at.get_or_insert(now);
        match seen.status {
            Status::Ready => first(&mut self.ready_at),
            Status::Transferred if was != Some(Status::Transferred) => {
                first(&mut self.ready_at);
                first(&mut self.transferred_at);
                if self.accepted_at.is_none() {
                    self.handed_at = Some(now);
                }
            }
            Status::Accepted => first(&mut self.accepted_at),
            Status::Cancelled => first(&mut self.ended_at),
            _ => {}
        }
        // What waits to be read asks nobody yet, and what has moved is asked no more.
        if let (Status::NeedsInput | Status::Ready | Status::Returned, Some(brief)) = (seen.status, seen.brief) {
            // For what the model may find when it is back nobody is asked.
            let is_asked = !(seen.status == Status::NeedsInput && seen.reason == Some(MODEL_UNAVAILABLE));
            self.is_read |= is_asked;
            self.note_fields(brief, seen.base, is_asked.then_some(now));
        }
    }

    /// `asked_at` is none when people are not asked for what is open.
    fn note_fields(&mut self, brief: &Brief, base: Option<&Brief>, asked_at: Option<i64>) {
        for field in self.fields.values_mut() {
            field.is_open = false;
        }
        for gap in brief.gaps.iter().filter(|gap| gap.blocking) {
            let key = gap.field.clone().unwrap_or_else(|| NO_FIELD.to_owned());
            let field = self.fields.entry(key).or_default();
            field.is_open = asked_at.is_some();
            field.asked_at = field.asked_at.or(asked_at);
            // A whole reading tells what is the matter, whatever one without the model said before.
            let is_whole = !brief.engine.degraded;
            if field.kind.is_none() || is_whole && field.without_model {
                field.kind = Some(gap.kind);
                field.without_model = !is_whole;
            }
        }
        for (key, value) in &brief.fields.0 {
            let read = base.and_then(|base| base.fields.find(key)).filter(|read| read.state == FieldState::Found);
            let origin = value.origin.filter(|_| value.state == FieldState::Found);
            let is_corrected = origin == Some(Origin::Person) && read.is_some_and(|read| read.value != value.value);
            if origin.is_none() && read.is_none() && !self.fields.contains_key(key) {
                continue;
            }
            let field = self.fields.entry(key.clone()).or_default();
            field.origin = origin;
            field.is_found = read.is_some_and(|read| matches!(read.origin, Some(Origin::Source | Origin::Crm)));
            field.is_corrected = is_corrected && field.is_found;
        }
    }
}

/// What a receiving team gave back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Returned {
    /// `incomplete`, `wrong`, …; none where the log's entry was erased.
    pub kind: Option<String>,
    pub fields: Vec<String>,
}

/// One handoff, as figures see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub route: String,
    /// The sending team: the handoff's own, else its route's.
    pub team: Option<String>,
    /// Who handed it over, by address or name; only told apart from others, never shown.
    pub sender: Option<String>,
    pub status: Status,
    /// Milliseconds since 1970.
    pub received_at: i64,
    pub record: Record,
    pub returns: Vec<Returned>,
    /// Transfers that somebody forced.
    pub forced: u32,
    /// Field keys of what those left open and is still owed; `""` for what is no field.
    pub debts: Vec<String>,
    /// Transfers that the gate refused.
    pub refused: u32,
    /// Reminders and escalations that were sent.
    pub reminders: u32,
    pub escalations: u32,
}

impl Fact {
    /// Fields that were ever a gap that blocks: asked of people, or found open by a reading without the model.
    pub(super) fn gaps(&self) -> impl Iterator<Item = (&str, &FieldRecord)> {
        let fields = self.record.fields.iter().map(|(key, field)| (key.as_str(), field));
        fields.filter(|(_, field)| field.asked_at.is_some() || field.without_model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::{Ask, FieldBrief, FieldMap, Gap};
    use serde_json::json;

    fn brief(values: &[(&str, &str, Origin)], gaps: &[&str]) -> Brief {
        let field = |(key, value, origin): &(&str, &str, Origin)| {
            let brief = FieldBrief {
                state: FieldState::Found,
                value: json!(value),
                origin: Some(*origin),
                ..FieldBrief::default()
            };
            ((*key).to_owned(), brief)
        };
        let gap = |key: &&str| Gap {
            field: Some((*key).to_owned()),
            source: None,
            kind: GapKind::Missing,
            blocking: true,
            question: String::new(),
            why: String::new(),
            ask: Ask { role: "sender".to_owned(), name: None, email: None },
            nearest: None,
            candidates: Vec::new(),
        };
        let fields: FieldMap = crate::route::Ordered(values.iter().map(field).collect());
        let brief = json!({
            "route": {"id": "short", "version": 1}, "verdict": "incomplete", "coverage": 1.0,
            "engine": {"kind": "extractive", "model": null, "prompt": null, "degraded": false},
            "fields": fields, "gaps": gaps.iter().map(gap).collect::<Vec<_>>(), "warnings": [],
            "summary": crate::brief::Summary::default(), "usage": crate::brief::Usage::default(),
        });
        serde_json::from_value(brief).expect("a brief")
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    #[test]
    fn what_was_asked_is_remembered_after_it_was_answered() {
        let mut record = Record::default();
        let read = brief(&[("date", "1 July", Origin::Source), ("seats", "10", Origin::Crm)], &["region"]);
        let seen = |status| Seen { status, reason: None, base: Some(&read), brief: Some(&read) };
        record.note(&seen(Status::Drafting), at(1));
        assert!(record.fields.is_empty() && !record.is_read, "nobody is asked while it is read");
        record.note(&seen(Status::NeedsInput), at(2));
        let answered = brief(
            &[("date", "2 July", Origin::Person), ("seats", "10", Origin::Person), ("region", "EU", Origin::Person)],
            &[],
        );
        record.note(&Seen { brief: Some(&answered), ..seen(Status::Ready) }, at(5));
        record.note(&Seen { brief: Some(&answered), ..seen(Status::Ready) }, at(9));
        assert_eq!(record.ready_at, Some(5000));
        let of = |key: &str| record.fields[key].clone();
        assert_eq!((of("region").asked_at, of("region").is_open), (Some(2000), false));
        assert!(!of("region").is_found && !of("region").is_corrected, "nothing was there to correct");
        assert!(of("date").is_corrected && of("date").asked_at.is_none());
        assert!(!of("seats").is_corrected, "the same value again corrects nothing");
        let back = serde_json::from_str::<Record>(&serde_json::to_string(&record).expect("text")).expect("a record");
        assert_eq!(back, record);
    }

    #[test]
    fn what_nobody_was_asked_for_is_no_question() {
        let mut rules_alone = brief(&[], &["date", "region"]);
        rules_alone.engine.degraded = true;
        let whole = brief(&[("date", "1 July", Origin::Source)], &["region"]);
        let mut record = Record::default();
        let mut note = |brief: &Brief, reason, second| {
            let seen = Seen { status: Status::NeedsInput, reason: Some(reason), base: Some(brief), brief: Some(brief) };
            record.note(&seen, at(second));
            record.clone()
        };
        let away = note(&rules_alone, MODEL_UNAVAILABLE, 1);
        assert!(!away.is_read && away.fields.values().all(|field| field.asked_at.is_none() && !field.is_open));
        assert!(away.fields.values().all(|field| field.without_model && field.kind == Some(GapKind::Missing)));
        let back = note(&whole, "gaps", 2);
        let of = |key: &str| (back.fields[key].asked_at, back.fields[key].without_model);
        assert_eq!((back.is_read, of("region"), of("date")), (true, (Some(2000), false), (None, true)));
        // Where money is used up people are asked for what the rules left open.
        let dear = note(&rules_alone, "over_budget", 3);
        assert_eq!((dear.fields["date"].asked_at, dear.fields["date"].without_model), (Some(3000), true));
        assert!(!dear.fields["region"].without_model);
    }

    #[test]
    fn the_clock_of_the_receiver_starts_with_each_transfer() {
        let mut record = Record::default();
        let mut note = |status, second| {
            record.note(&Seen { status, reason: None, base: None, brief: None }, at(second));
            (record.transferred_at, record.handed_at, record.accepted_at)
        };
        assert_eq!(note(Status::Transferred, 10), (Some(10_000), Some(10_000), None));
        assert_eq!(note(Status::Transferred, 20), (Some(10_000), Some(10_000), None), "a new pass moves nothing");
        assert_eq!(note(Status::Returned, 30), (Some(10_000), Some(10_000), None));
        assert_eq!(note(Status::Transferred, 40), (Some(10_000), Some(40_000), None));
        assert_eq!(note(Status::Accepted, 50), (Some(10_000), Some(40_000), Some(50_000)));
        note(Status::Returned, 60);
        assert_eq!(note(Status::Transferred, 70), (Some(10_000), Some(40_000), Some(50_000)));
    }
}
