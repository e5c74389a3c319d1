//! The events that can be told to systems outside, as callers name them. What
//! stands in the log alone is refused by name, with a list of what can be told.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

use crate::handoff::EventKind;

/// An event that somebody wants to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldEvent(pub EventKind);

impl ToldEvent {
    /// The kinds of several.
    pub fn kinds(events: Vec<ToldEvent>) -> Vec<EventKind> {
        events.into_iter().map(|ToldEvent(kind)| kind).collect()
    }
}

struct Name;

impl Visitor<'_> for Name {
    type Value = ToldEvent;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let names = EventKind::TOLD.map(EventKind::name).join("`, `");
        write!(formatter, "one of the events that can be told: `{names}`")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<ToldEvent, E> {
        let found = EventKind::parse(name).filter(|kind| kind.is_told());
        found.map(ToldEvent).ok_or_else(|| E::invalid_value(Unexpected::Str(name), &self))
    }
}

impl<'de> Deserialize<'de> for ToldEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Name)
    }
}

impl JsonSchema for ToldEvent {
    fn schema_name() -> Cow<'static, str> {
        "ToldEvent".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "enum": EventKind::TOLD.map(EventKind::name)})
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The first column of the table, where the names stand in backticks.
    #[test]
    fn the_guide_names_every_event_that_can_be_told_and_no_other() {
        let guide = include_str!("../../docs/webhooks.md");
        let rows = guide.lines().skip_while(|line| !line.starts_with("| event |")).skip(2);
        let cells = rows.take_while(|line| line.starts_with('|')).filter_map(|line| line.split('|').nth(1));
        let named: Vec<&str> = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
        assert_eq!(named.iter().copied().collect::<BTreeSet<_>>(), EventKind::TOLD.map(EventKind::name).into());
        assert_eq!(named.len(), EventKind::TOLD.len(), "each once");
    }

    #[test]
    fn what_stands_in_the_log_alone_is_no_event_to_be_told() {
        for kind in EventKind::ALL {
            let read = serde_json::from_str::<ToldEvent>(&format!("\"{}\"", kind.name()));
            assert_eq!(read.is_ok(), EventKind::TOLD.contains(&kind), "{}", kind.name());
        }
        let refused = serde_json::from_str::<ToldEvent>("\"message.sent\"").expect_err("nobody is told").to_string();
        assert!(refused.contains("`handoff.ready`") && !refused.contains("`message.sent`"), "{refused}");
    }
}
