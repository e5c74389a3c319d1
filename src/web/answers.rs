//! What somebody typed into a form, by the names of its inputs, and the answers
//! it stands for. A mistake names the input it is about.

use serde_json::Value as Json;

use super::{MOST_INPUTS, Mistake, Typed};
use crate::answers::{FieldPatch, Patch, SourcePatch, UnknownUntil};
use crate::asking::replies::taken;
use crate::brief::{FieldBrief, FieldState};
use crate::route::{Field, Ordered, Route};
use crate::value::Kind;
use crate::wording;

/// What stands before the words of a mail that are taken as they are.
pub(super) const OWN_WORDS: &str = "w:";

/// Choices are radios up to this many, beyond a list that opens.
pub const MOST_RADIOS: usize = 8;

/// A day as three inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayParts {
    pub day: String,
    pub month: String,
    pub year: String,
}

/// The name of a field's inputs, without the last part.
pub fn base(key: &str) -> String {
    format!("f-{key}-")
}

/// The same for an unread source, by its place among them.
pub fn source_base(place: usize) -> String {
    format!("s-{place}-")
}

impl Typed {
    pub fn part(&self, base: &str, part: &str) -> &str {
        self.one(&format!("{base}{part}"))
    }

    pub fn day(&self, base: &str, before: &str) -> DayParts {
        let part = |name: &str| self.part(base, &format!("{before}{name}")).to_owned();
        DayParts { day: part("day"), month: part("month"), year: part("year") }
    }

    /// Whether anything was typed or chosen in the inputs of a field.
    pub fn touches(&self, base: &str) -> bool {
        self.0.iter().any(|(name, values)| name.starts_with(base) && values.iter().any(|value| !value.is_empty()))
    }

    /// What somebody would have typed into the inputs of a field to say what it holds.
    pub fn of_field(field: &Field, brief: &FieldBrief) -> Typed {
        let base = base(&field.key);
        let mut typed = Typed::default();
        let day = |typed: &mut Typed, before: &str, text: &str| {
            for (part, digits) in ["year", "month", "day"].into_iter().zip(text.split('-')) {
                typed.put(&format!("{base}{before}{part}"), digits.trim_start_matches('0'));
            }
        };
        let how = match brief.state {
            FieldState::NotApplicable => {
                typed.put(&format!("{base}reason"), brief.reason.as_deref().unwrap_or_default());
                "na".to_owned()
            }
            FieldState::UnknownByDesign => {
                typed.put(&format!("{base}owner"), brief.owner.as_deref().unwrap_or_default());
                day(&mut typed, "due_", brief.due.as_deref().unwrap_or_default());
                "un".to_owned()
            }
            _ if brief.value.is_null() => return typed,
            _ => match (&field.kind, &brief.value) {
                (Kind::Enum(_), Json::Array(items)) => {
                    let ids = items.iter().filter_map(Json::as_str).map(str::to_owned).collect();
                    typed.0.insert(format!("{base}value"), ids);
                    "value".to_owned()
                }
                (_, Json::Array(items)) => {
                    let lines: Vec<String> = items.iter().map(|item| wording::value_text(field, item)).collect();
                    typed.put(&format!("{base}value"), &lines.join("\n"));
                    "value".to_owned()
                }
                (Kind::Bool, value) => if value.as_bool() == Some(true) { "v:yes" } else { "v:no" }.to_owned(),
                (Kind::Enum(choices), value) if choices.len() <= MOST_RADIOS => {
                    format!("v:{}", value.as_str().unwrap_or_default())
                }
                (Kind::Enum(_), value) => {
                    typed.put(&format!("{base}value"), value.as_str().unwrap_or_default());
                    "value".to_owned()
                }
                (Kind::Date, value) => {
                    day(&mut typed, "", value.as_str().unwrap_or_default());
                    "value".to_owned()
                }
                (Kind::Money, value) => {
                    typed.put(&format!("{base}amount"), value["amount"].as_str().unwrap_or_default());
                    typed.put(&format!("{base}currency"), value["currency"].as_str().unwrap_or_default());
                    "value".to_owned()
                }
                (_, value) => {
                    typed.put(&format!("{base}value"), &wording::value_text(field, value));
                    "value".to_owned()
                }
            },
        };
        typed.put(&format!("{base}how"), &how);
        typed
    }

    fn put(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.0.insert(name.to_owned(), vec![text.to_owned()]);
        }
    }

    /// The same without the inputs whose names begin so.
    pub fn without(mut self, beginnings: &[String]) -> Typed {
        self.0.retain(|name, _| !beginnings.iter().any(|beginning| name.starts_with(beginning)));
        self
    }

    /// Everything that a person wrote in their own words, to be copied.
    pub fn words(&self) -> Vec<String> {
        let is_own = |name: &str| {
            !name.ends_with("-how")
                && (name.starts_with("f-") || ["read_back", "reason"].contains(&name) || name.ends_with("-reason"))
        };
        let mut names: Vec<&String> = self.0.keys().filter(|name| is_own(name)).collect();
        names.sort();
        let words = names.into_iter().filter_map(|name| {
            let written: Vec<&str> = self.all(name);
            (!written.is_empty()).then(|| written.join(", "))
        });
        words.collect()
    }

    /// The answers that the form stands for, and what is wrong with it already.
    pub fn patch(&self, route: &Route) -> (Patch, Vec<Mistake>) {
        let mut mistakes = Vec::new();
        let mut fields = Vec::new();
        for field in &route.fields {
            match self.field(field) {
                Ok(Some(answer)) => fields.push((field.key.clone(), answer)),
                Ok(None) => {}
                Err(mistake) => mistakes.push(mistake),
            }
        }
        (Patch { by: None, fields: Ordered(fields), sources: Ordered(self.sources()) }, mistakes)
    }

    fn sources(&self) -> Vec<(String, SourcePatch)> {
        let patch = |base: String| SourcePatch { dismissed: self.part(&base, "reason").to_owned() };
        self.dismissed().map(|(base, name)| (name, patch(base))).collect()
    }

    /// The inputs of questions that are not left empty.
    pub fn filled(&self) -> impl Iterator<Item = &str> {
        let filled = self.0.iter().filter(|(_, values)| values.iter().any(|value| !value.is_empty()));
        filled.map(|(name, _)| name.as_str()).filter(|name| name.starts_with("f-") || name.starts_with("s-"))
    }

    /// The unread sources that a form names: what the names of their inputs begin with, and their names.
    pub fn named_sources(&self) -> impl Iterator<Item = (String, String)> {
        let named = self.filled().filter_map(|name| name.strip_suffix("name").filter(|base| base.starts_with("s-")));
        named.map(|base| (base.to_owned(), self.part(base, "name").to_owned()))
    }

    /// The unread sources for which a reason was given: what the names of their inputs begin with, and their names.
    pub fn dismissed(&self) -> impl Iterator<Item = (String, String)> {
        let places = (0..MOST_INPUTS).map(source_base).take_while(|base| !self.part(base, "name").is_empty());
        let given = places.filter(|base| !self.part(base, "reason").is_empty());
        given.map(|base| {
            let name = self.part(&base, "name").to_owned();
            (base, name)
        })
    }

    fn field(&self, field: &Field) -> Result<Option<FieldPatch>, Mistake> {
        let base = base(&field.key);
        let how = self.part(&base, "how");
        if let Some(id) = how.strip_prefix("c:") {
            return Ok(Some(FieldPatch::Candidate(id.to_owned())));
        }
        if let Some(words) = how.strip_prefix(OWN_WORDS) {
            return Ok(Some(taken(words, field)));
        }
        if let Some(chosen) = how.strip_prefix("v:") {
            return Ok(Some(FieldPatch::Value(chosen.into())));
        }
        match how {
            "na" => Ok(Some(FieldPatch::NotApplicable(self.part(&base, "reason").to_owned()))),
            "un" => {
                let due = self.day(&base, "due_").text().map_err(|text| mistake(&base, "due_day", field, text))?;
                let owner = self.part(&base, "owner").to_owned();
                Ok(Some(FieldPatch::Unknown(UnknownUntil { owner, due: due.unwrap_or_default() })))
            }
            _ => match self.value(field, &base)? {
                Some(value) => Ok(Some(FieldPatch::Value(value))),
                None if how.is_empty() => Ok(None),
                None => {
                    Err(mistake(&base, value_part(field), field, "enter the answer, or choose another way to answer"))
                }
            },
        }
    }

    fn value(&self, field: &Field, base: &str) -> Result<Option<Json>, Mistake> {
        let words = self.part(base, "value");
        if field.list {
            let items = match field.kind {
                Kind::Enum(_) => self.all(&format!("{base}value")),
                _ => words.lines().map(str::trim).filter(|line| !line.is_empty()).collect(),
            };
            return Ok((!items.is_empty()).then(|| Json::from(items)));
        }
        let text = match field.kind {
            Kind::Date => self.day(base, "").text().map_err(|text| mistake(base, "day", field, text))?,
            Kind::Money => match (self.part(base, "amount"), self.part(base, "currency")) {
                ("", "") => None,
                ("", _) => return Err(mistake(base, "amount", field, "enter the amount")),
                (_, "") => return Err(mistake(base, "currency", field, "enter the currency, such as EUR")),
                (amount, currency) => Some(format!("{amount} {}", currency.to_uppercase())),
            },
            _ => (!words.is_empty()).then(|| words.to_owned()),
        };
        Ok(text.map(Json::from))
    }
}

impl DayParts {
    /// The day as it is written in a brief; none when nothing is typed.
    pub fn text(&self) -> Result<Option<String>, &'static str> {
        let parts = [&self.day, &self.month, &self.year];
        if parts.iter().all(|part| part.is_empty()) {
            return Ok(None);
        }
        if parts.iter().any(|part| part.is_empty()) {
            return Err("enter day, month and year");
        }
        let is_number = |part: &str, most: usize| part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(&self.day, 2) || !is_number(&self.month, 2) || !is_number(&self.year, 4) {
            return Err("enter day, month and year as numbers, such as 27 and 3 for 27 March");
        }
        if self.year.len() != 4 {
            return Err("enter the year with four digits");
        }
        let text = format!("{}-{:0>2}-{:0>2}", self.year, self.month, self.day);
        match text.parse::<jiff::civil::Date>() {
            Ok(_) => Ok(Some(text)),
            Err(_) => Err("there is no such day"),
        }
    }
}

/// The part of a field's name at which its value begins.
pub fn value_part(field: &Field) -> &'static str {
    match &field.kind {
        _ if field.list => "value",
        Kind::Date => "day",
        Kind::Money => "amount",
        Kind::Bool => "how",
        Kind::Enum(choices) if choices.len() <= MOST_RADIOS => "how",
        _ => "value",
    }
}

fn mistake(base: &str, part: &str, field: &Field, text: &str) -> Mistake {
    Mistake { anchor: format!("{base}{part}"), text: format!("{}: {text}", field.label) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route() -> Route {
        let text = r"
id: r
version: 1
title: R
from: {team: a}
to: {team: b}
fields:
  - {key: day, label: Day, type: date, required: true}
  - {key: price, label: Price, type: money}
  - {key: mails, label: Mails, type: email, list: true}
  - {key: plan, label: Plan, type: enum, values: [{id: gold}, {id: tin}], allow: [unknown, not_applicable]}
";
        crate::route::load("r.yaml", text).expect("a route")
    }

    #[test]
    fn forms_stand_for_answers() {
        let check = |body: &str, expected: &str| {
            let (patch, mistakes) = Typed::read(body.as_bytes()).patch(&route());
            let answers = patch.fields.iter().map(|(key, answer)| format!("{key} {answer:?}"));
            let wrong = mistakes.iter().map(|mistake| format!("#{} {}", mistake.anchor, mistake.text));
            let sources = patch.sources.iter().map(|(name, why)| format!("{name} {}", why.dismissed));
            assert_eq!(answers.chain(sources).chain(wrong).collect::<Vec<_>>().join("; "), expected, "{body}");
        };
        check("", "");
        check("f-day-day=1&f-day-month=7&f-day-year=2026", r#"day Value(String("2026-07-01"))"#);
        check("f-day-day=1&f-day-month=&f-day-year=2026", "#f-day-day Day: enter day, month and year");
        check("f-day-day=31&f-day-month=2&f-day-year=2026", "#f-day-day Day: there is no such day");
        check("f-day-day=1&f-day-month=7&f-day-year=26", "#f-day-day Day: enter the year with four digits");
        check("f-day-how=value", "#f-day-day Day: enter the answer, or choose another way to answer");
        check("f-day-how=c%3Ac_12&f-day-day=1", r#"day Candidate("c_12")"#);
        check("f-price-amount=86%2C400&f-price-currency=usd", r#"price Value(String("86,400 USD"))"#);
        check("f-price-amount=86&f-price-currency=", "#f-price-currency Price: enter the currency, such as EUR");
        check(
            "f-mails-value=a%40b.example%0D%0A%0D%0Ac%40d.example",
            r#"mails Value(Array [String("a@b.example"), String("c@d.example")])"#,
        );
        check("f-plan-how=v%3Agold&f-plan-reason=left", r#"plan Value(String("gold"))"#);
        check("f-plan-how=na&f-plan-reason=none+such", r#"plan NotApplicable("none such")"#);
        check(
            "f-plan-how=un&f-plan-owner=Dana&f-plan-due_day=9&f-plan-due_month=3&f-plan-due_year=2026",
            r#"plan Unknown(UnknownUntil { owner: "Dana", due: "2026-03-09" })"#,
        );
        check("s-0-name=a.pdf&s-0-reason=&s-1-name=b.pdf&s-1-reason=old", "b.pdf old");
        check("f-nothing-value=x", "");
    }

    #[test]
    fn own_words_are_kept_for_copying() {
        let typed = Typed::read(b"token=t&f-a-how=value&f-a-value=one&f-b-day=&s-0-name=x&s-0-reason=old&reason=why");
        assert_eq!(typed.words(), ["one", "why", "old"]);
    }
}
