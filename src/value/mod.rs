//! Typed values out of words: what a field of a given type may hold, how it
//! is read from text, when two are equal, and how it stands in JSON.
//!
//! Everything here is pure: the day a message was written, its offset and the
//! people known are handed in as a [`Context`]. Nothing is guessed silently: a
//! reading says whether it is exact, vague, or has several meanings.

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::Offset;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::conversation::Side;

mod amount;
mod answer;
mod calendar;
mod choice;
mod clock;
mod contact;
mod date;
mod digits;
mod display;
mod duration;
mod equality;
mod fold;
mod json;
mod lexicon;
mod moment;
mod naming;
mod numbered;
mod numeric;
mod people;
mod person;
mod phone;
mod read;
mod relative;
mod scan;
mod tokens;
mod vague;

pub use answer::read_answer;
pub use choice::Choices;
pub use display::display;
pub use equality::same;
pub use json::{ListOf, from_json, to_json};
pub use moment::{Edge, MOMENT, WHOLE_DAY, parse_day, parse_moment};
pub use naming::{Form, form_of};
pub use people::{Names, find_people};
pub use read::{Unreadable, read};
pub use scan::{Sort, Sorts, Spotted, scan, scan_with_people};
pub use vague::{hints_at_value, is_junk, is_junk_value, puts_off, says_none, vagueness};

/// The type of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Text,
    LongText,
    Date,
    DateTime,
    Duration,
    Money,
    Number,
    Email,
    Phone,
    Url,
    Person,
    Team,
    /// The declared choices; nothing else is a value.
    Enum(Vec<Choice>),
    Bool,
}

/// One declared value of an enum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub id: String,
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// A typed value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, team names and anything else that is its words.
    Text(String),
    /// A whole calendar day.
    Date(civil::Date),
    /// Only a month, quarter or year: never a day by itself.
    PartialDate(PartialDate),
    /// An instant, with the offset it was stated in.
    DateTime(Timestamp, Offset),
    Duration(Length),
    Money(Money),
    Number(Number),
    /// Lower case domain, local part as written.
    Email(String),
    /// `+` and digits where the country is known, digits alone otherwise.
    Phone(String),
    Url(String),
    Person(Person),
    /// The id of a declared choice.
    Enum(String),
    Bool(bool),
    List(Vec<Value>),
}

/// A stretch of the calendar that is not one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartialDate {
    Year(i16),
    /// Quarter 1 to 4.
    Quarter(i16, i8),
    Month(i16, i8),
}

/// A length of time as counted in calendar units; months and years stay what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Length {
    pub months: i64,
    pub days: i64,
    pub seconds: i64,
}

/// An amount with its currency, if one was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    pub amount: Decimal,
    /// ISO 4217 code; `None` when no currency was named or the sign is shared (`$` alone is USD unless said otherwise).
    pub currency: Option<String>,
}

/// A number with its unit of measure, if it has one (`GB`, `%`, `kg`); what is merely counted (users, sites) is no unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    pub amount: Decimal,
    pub unit: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    /// The address of the participant this is, when there is exactly one.
    pub address: Option<String>,
}

/// Someone known from the context, to tell who a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    pub name: String,
    pub address: Option<String>,
    pub side: Side,
}

/// What a reading may depend on besides its words.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// When the words were said; relative dates are counted from here, in `zone`.
    pub said_at: Option<Timestamp>,
    /// The speaker's offset; UTC where unknown.
    pub zone: Option<Offset>,
    /// A day near which the words were said, where their own day is unknown: enough to tell a missing year, not `tomorrow`.
    pub around: Option<Timestamp>,
    pub participants: &'a [Participant],
}

/// A value read out of words.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub value: Value,
    pub precision: Precision,
}

/// How firmly the words name the value.
#[derive(Debug, Clone, PartialEq)]
pub enum Precision {
    Exact,
    /// Too loose for a field that must be specific; the reason in plain words (`no day`, `about`).
    Vague(String),
    /// The words have several meanings; the first is the value of the reading (`03/04/2026`).
    Ambiguous(Vec<Value>),
}
