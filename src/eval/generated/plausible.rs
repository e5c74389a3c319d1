//! Values that nobody stated but that one would believe, by the type of the
//! field: made-up ones, and ones that stand elsewhere in the conversation.

use fastrand::Rng;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::route::Field;
use crate::value::{Kind, Sort};

use super::Stage;

impl Stage<'_> {
    /// A made-up value in the words of a mail.
    pub(super) fn invent(&self, field: &Field, rng: &mut Rng) -> String {
        let pick = |rng: &mut Rng, all: &[&str]| all[rng.usize(..all.len())].to_owned();
        match &field.kind {
            Kind::Date => self.day(rng),
            Kind::DateTime => format!("{} at {}:30", self.day(rng), rng.u8(9..17)),
            Kind::Duration => pick(rng, &["24 months", "36 months", "4 hours", "two days", "12 months"]),
            Kind::Money => {
                let thousands = rng.u32(9..95);
                pick(rng, &["USD", "EUR", "GBP"]) + &format!(" {thousands},{}00", rng.u32(1..9))
            }
            Kind::Number => rng.u32(7..180).to_string(),
            Kind::Email => {
                let domain = self.domain().unwrap_or_else(|| "mail.example".to_owned());
                pick(rng, &["helen.ortiz", "it", "p.lindqvist", "office"]) + "@" + &domain
            }
            Kind::Phone => format!("+44 7700 900{}", rng.u32(101..989)),
            Kind::Url => "https://status.harrow.example/start".to_owned(),
            Kind::Person => self.person(rng).unwrap_or_else(|| "Helen Ortiz".to_owned()),
            Kind::Team => pick(rng, &["Customer Care", "Field Services", "Platform Team"]),
            Kind::Bool => pick(rng, &["true", "false"]),
            Kind::Enum(choices) => {
                let choice = &choices[rng.usize(..choices.len())];
                choice.aliases.first().unwrap_or(&choice.id).clone()
            }
            Kind::Text if field.key.contains("number") || field.key.contains("po") => {
                pick(rng, &["PO-77120", "4500118823", "UN1950", "UN3480"])
            }
            Kind::Text => {
                let seen = self.names_seen();
                match rng.bool() && !seen.is_empty() {
                    true => seen[rng.usize(..seen.len())].clone(),
                    false => {
                        pick(rng, &["Ledgerline 4", "Northgate Central", "Operations Director", "ERR-5120", "Spain"])
                    }
                }
            }
            Kind::LongText => pick(
                rng,
                &[
                    "planning time falls from 6 hours to 2 hours a week by the end of the year",
                    "we will train the whole team on site free of charge",
                    "open the list, choose an order and press Send",
                ],
            ),
        }
    }

    fn day(&self, rng: &mut Rng) -> String {
        let today: Date = jiff::tz::Offset::UTC.to_datetime(self.case.as_of).date();
        let day = today.checked_add(rng.i64(10..120).days()).unwrap_or(today);
        match rng.u8(..3) {
            0 => day.to_string(),
            1 => day.strftime("%-d %B %Y").to_string(),
            _ => day.strftime("%B %-d, %Y").to_string(),
        }
    }

    fn domain(&self) -> Option<String> {
        let addresses = self.scene.participants.iter().filter_map(|participant| participant.address.as_deref());
        let mut domains = addresses.filter_map(|address| address.split_once('@')).map(|(_, domain)| domain.to_owned());
        domains.find(|domain| !self.case.our_domains.contains(domain))
    }

    pub(super) fn person(&self, rng: &mut Rng) -> Option<String> {
        let names: Vec<&str> = self
            .scene
            .participants
            .iter()
            .map(|participant| participant.name.as_str())
            .filter(|name| name.contains(' '))
            .collect();
        (!names.is_empty()).then(|| names[rng.usize(..names.len())].to_owned())
    }

    /// Runs of words that begin with a capital inside a sentence: products, places, companies.
    fn names_seen(&self) -> Vec<String> {
        let mut seen: Vec<String> = self.scene.lines.iter().flat_map(|line| capitalised(line.words())).collect();
        seen.dedup();
        seen.truncate(60);
        seen
    }

    /// A value of the field's type that really stands in the words.
    pub(super) fn value_in(&self, field: &Field, words: &str, rng: &mut Rng) -> Option<String> {
        let context = crate::value::Context {
            said_at: None,
            zone: None,
            around: self.scene.around,
            participants: self.scene.participants,
        };
        let seen = match &field.kind {
            Kind::Text | Kind::Team | Kind::Person => capitalised(words),
            Kind::LongText => vec![words.to_owned()],
            Kind::Bool => vec![if rng.bool() { "true" } else { "false" }.to_owned()],
            Kind::Enum(choices) => {
                let choices = crate::value::Choices::new(choices);
                choices
                    .find(words)
                    .into_iter()
                    .filter_map(|(start, end, _)| words.get(start..end))
                    .map(str::to_owned)
                    .collect()
            }
            kind => {
                let spotted = crate::value::scan(words, crate::value::Sorts::of(kind), &context);
                let fitting = spotted.iter().filter(|one| !matches!(one.sort, Sort::Person));
                fitting.filter_map(|one| words.get(one.start..one.end)).map(str::to_owned).collect()
            }
        };
        (!seen.is_empty()).then(|| seen[rng.usize(..seen.len())].clone())
    }
}

/// Words with capitals that do not open the sentence, neighbours together.
fn capitalised(words: &str) -> Vec<String> {
    let mut runs: Vec<Vec<&str>> = vec![Vec::new()];
    for (at, word) in words.split_whitespace().enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let named = at > 0 && bare.starts_with(char::is_uppercase) && bare.chars().count() > 1;
        match runs.last_mut() {
            Some(run) if named => run.push(bare),
            _ => runs.push(Vec::new()),
        }
        if !word.ends_with(char::is_alphanumeric) {
            runs.push(Vec::new());
        }
    }
    runs.into_iter().filter(|run| !run.is_empty()).map(|run| run.join(" ")).collect()
}
