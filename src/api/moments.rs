//! Times as callers write them: a moment, or a day where a day makes sense.
//! What is neither is refused with what would be taken, in our own words.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::value::{Edge, MOMENT, WHOLE_DAY, parse_day, parse_moment};

/// A moment; a day means its beginning, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begin(pub Timestamp);

/// A moment; a day means its end, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End(pub Timestamp);

/// A whole day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub Date);

/// Reads a text by one of our own readers, whose errors say what to write.
struct Read<T> {
    reader: fn(&str) -> Result<T, String>,
    expected: &'static str,
}

impl<T> Visitor<'_> for Read<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        let given: String = text.chars().filter(|letter| !letter.is_control()).take(60).collect();
        (self.reader)(text).map_err(|mend| E::custom(format_args!("here stands the text \"{given}\"; {mend}")))
    }
}

impl<'de> Deserialize<'de> for Begin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let reader = |text: &str| parse_moment(text, Edge::Begin);
        deserializer.deserialize_str(Read { reader, expected: MOMENT }).map(Begin)
    }
}

impl<'de> Deserialize<'de> for End {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let reader = |text: &str| parse_moment(text, Edge::End);
        deserializer.deserialize_str(Read { reader, expected: MOMENT }).map(End)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Read { reader: parse_day, expected: WHOLE_DAY }).map(Day)
    }
}

/// The schema of a moment, which stands where it is used.
macro_rules! moment_schema {
    ($($name:ident)*) => { $(
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]})
            }
        }
    )* };
}

moment_schema! { Begin End }

impl JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date"})
    }
}
