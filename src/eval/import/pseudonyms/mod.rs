//! A case without the names of the people and companies it came from: each is
//! replaced by an invented one, the same one everywhere, in the sources, the
//! evidence and the gold. What matters for reading stays: who is on which
//! side, which first name belongs to whom, days, times and amounts. The result
//! is pseudonymous, not anonymous: whoever knows the story knows whose it is.

mod invention;
mod inventory;
pub mod leaks;
mod mails;
mod naming;
mod numbers;
mod ordinary;
mod places;
mod plain;
mod replacement;
mod suspects;

use serde_json::Value as Json;

use super::Imported;
use crate::brief::Brief;
use crate::conversation::Conversation;
use crate::eval::cases::{Case, Expectation};
use crate::intake::{self, Input};
use crate::route::Field;
use crate::value::{Context, Kind, Value, find_people};
use inventory::Inventory;
use plain::Plain;

pub use naming::Pseudonyms;
pub use replacement::Replaced;

/// How names are invented.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// The same seed and the same handoff give the same names.
    pub seed: u64,
    /// Amounts of money and other figures are changed too; days never are.
    pub with_amounts: bool,
    /// Names that nothing in the sources tells to be names.
    pub people: Vec<String>,
    pub companies: Vec<String>,
}

/// Words that many records use for a person.
const PERSON_KEYS: [&str; 14] = [
    "name",
    "real_name",
    "display_name",
    "full_name",
    "fullname",
    "first_name",
    "last_name",
    "firstname",
    "lastname",
    "author",
    "speaker",
    "owner",
    "sender",
    "from",
];
/// Words in the key of a record or field that holds a company.
const COMPANY_WORDS: [&str; 6] = ["company", "customer", "client", "account", "organization", "organisation"];
/// Messages that are named when they are read otherwise.
const MOST_NAMED: usize = 20;

/// Replaces all names of a case. An error names a source that cannot be rewritten.
pub fn pseudonymise(
    imported: &Imported,
    brief: &Brief,
    route_text: Option<&str>,
    choices: &Choices,
) -> Result<(Imported, Option<String>, Pseudonyms), String> {
    let case = &imported.case;
    let before = case.conversation();
    let mut checks = imported.checks.clone();
    let sources: Vec<Plain> =
        case.sources.iter().map(|source| plain::decode(source, &mut checks)).collect::<Result<_, _>>()?;
    let inventory = take_all(case, brief, (&before, &sources, route_text), choices);
    if !inventory.knows_company() {
        checks.push("no company of the other side is known: if one is named, name it with --company".to_owned());
    }
    let names = Pseudonyms::invent(inventory, &case.our_domains, choices.seed, choices.with_amounts);
    let renamed: Vec<(String, String)> = case
        .sources
        .iter()
        .zip(&sources)
        .map(|(source, plain)| (source.name.clone(), names.text(&plain.name)))
        .collect();
    let told: Vec<String> = sources
        .iter()
        .filter_map(|source| match &source.content {
            plain::Content::Text(text) => Some(names.text(text)),
            _ => None,
        })
        .collect();
    let sources: Vec<Input> = sources.into_iter().map(|source| source.rewritten(&names)).collect();
    let our_domains: Vec<String> = case
        .our_domains
        .iter()
        .map(|domain| names.text(&format!("x@{domain}")).trim_start_matches("x@").to_owned())
        .collect();
    let mut new = Case { sources, our_domains, ..case.clone() };
    new.tags.push("pseudonymised".to_owned());
    let after = new.conversation();
    let mut checks: Vec<String> = checks.iter().map(|check| names.text(check)).collect();
    compare(&before, &after, &names, &mut checks);
    for (key, value) in &mut new.known {
        let mut json = Json::String(value.clone());
        names.value(&mut json, is_figure(case.route.field(key)));
        if let Json::String(text) = json {
            *value = text;
        }
    }
    rewrite_gold(&mut new, (&before, &after), &names, &mut checks);
    for gap in &mut new.expected.gaps {
        let whole = renamed.iter().find(|(old, _)| *old == gap.subject).map(|(_, new)| new.clone());
        if case.route.field(&gap.subject).is_none() {
            gap.subject = whole.unwrap_or_else(|| names.text(&gap.subject));
        }
    }
    suspects::name((&after, &told), &case.route, &names, &mut checks);
    let route_text = route_text.map(|text| names.text(text));
    Ok((Imported { case: new, checks }, route_text, names))
}

type Everything<'a> = (&'a Conversation, &'a [Plain], Option<&'a str>);

fn take_all(case: &Case, brief: &Brief, (before, sources, route): Everything, choices: &Choices) -> Inventory {
    let mut all = Inventory::default();
    for source in sources {
        source.each(|_, text| all.learn(text));
    }
    before.messages.iter().for_each(|message| all.learn(&message.text));
    for field in &case.route.fields {
        [&field.label, &field.description, &field.question].into_iter().for_each(|text| all.learn(text));
    }
    choices.people.iter().for_each(|name| all.take_person(name));
    choices.companies.iter().for_each(|name| all.take_company(name));
    let participants = intake::participants(before);
    for person in &participants {
        all.take_person(&person.name);
        if let Some(address) = person.address.as_deref().filter(|address| address.contains('@')) {
            all.take_address(address, Some(person.name.clone()));
        }
    }
    for person in &brief.summary.people {
        all.take_mentioned(&person.name);
    }
    for (key, value) in &case.known {
        all.take_text("", value);
        take_value(&mut all, key, case.route.field(key), &Json::String(value.clone()));
    }
    for (key, field) in brief.fields.iter() {
        let earlier = field.superseded.iter().map(|one| &one.value);
        let values = std::iter::once(&field.value).chain(earlier).chain(field.candidates.iter().map(|one| &one.value));
        values.for_each(|value| take_value(&mut all, key, case.route.field(key), value));
        field.by.iter().for_each(|by| all.take_person(by));
    }
    for (key, gold) in &case.expected.fields {
        if let Expectation::Found(values) | Expectation::Other(_, values) = &gold.expectation {
            values.iter().for_each(|value| take_value(&mut all, key, case.route.field(key), value));
        }
    }
    for (key, value) in &before.record {
        take_value(&mut all, key, None, value);
    }
    for source in sources {
        if let plain::Content::Json(values, _) = &source.content {
            values.iter().for_each(|value| take_keys(&mut all, value));
        }
        if let plain::Content::Text(text) = &source.content {
            all.take_speakers(text);
        }
        source.each(|lead, text| all.take_text(lead, text));
    }
    let context = Context { said_at: None, zone: None, around: Some(case.as_of), participants: &participants };
    for message in &before.messages {
        all.take_text("", &message.text);
        for spot in find_people(&message.text, &context) {
            if let Value::Person(person) = spot.reading.value {
                all.take_mentioned(&person.name);
            }
        }
    }
    route.into_iter().for_each(|text| all.take_text("", text));
    all
}

/// The names in a value, by the type of its field or the words of its key.
fn take_value(all: &mut Inventory, key: &str, field: Option<&Field>, value: &Json) {
    match value {
        Json::Array(items) => items.iter().for_each(|item| take_value(all, key, field, item)),
        Json::String(text) => {
            all.take_text("", text);
            let kind = field.map(|field| &field.kind);
            let names_company = COMPANY_WORDS.iter().any(|word| key.to_lowercase().contains(word))
                && (key.ends_with("name") || COMPANY_WORDS.contains(&key.to_lowercase().as_str()));
            match kind {
                Some(Kind::Person) => all.take_mentioned(text),
                Some(Kind::Text | Kind::LongText) | None if is_postal(key) => all.take_postal(text),
                Some(Kind::Text) | None if names_company => all.take_company(text),
                None if is_deal_key(key) => all.take_weak_company(text),
                None if is_person_key(key) && looks_like_name(text) => all.take_person(text),
                _ => {}
            }
        }
        _ => {}
    }
}

/// The names that records and chats keep under keys.
fn take_keys(all: &mut Inventory, value: &Json) {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Json::Array(items) => waiting.extend(items),
            Json::Object(entries) => {
                for (key, value) in entries {
                    take_value(all, key, None, value);
                    waiting.push(value);
                }
            }
            _ => {}
        }
    }
}

/// Deals are called by their customers.
fn is_deal_key(key: &str) -> bool {
    let key: String = key.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    ["dealname", "opportunityname", "leadcompany", "ticketname"].contains(&key.as_str())
}

/// A postal address, or a part of one.
fn is_postal(key: &str) -> bool {
    let key = key.to_lowercase();
    let is_mail = ["mail", "web", "url", "ip_", "domain"].iter().any(|word| key.contains(word));
    !is_mail && ["address", "street", "city", "town", "ship_to", "location"].iter().any(|word| key.contains(word))
}

fn is_person_key(key: &str) -> bool {
    let key = key.to_lowercase();
    PERSON_KEYS.contains(&key.as_str())
        || key.ends_with("_name")
            && ["owner", "contact", "user", "person", "sender", "rep"].iter().any(|word| key.contains(word))
        || ["contact", "owner.name", "ownername", "contactname"].iter().any(|word| key == *word)
}

/// One to four capitalised words: a key called `name` may hold a file or a channel.
fn looks_like_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    (1..=4).contains(&words.len())
        && words.iter().all(|word| word.chars().all(|c| c.is_alphabetic() || ".'’-,".contains(c)))
        && words.iter().any(|word| word.starts_with(|c: char| c.is_uppercase()))
}

fn is_figure(field: Option<&Field>) -> bool {
    field.is_some_and(|field| matches!(field.kind, Kind::Money | Kind::Number))
}

/// Quotes are cut out of the rewritten messages, where they must stand again; values are rewritten by themselves.
fn rewrite_gold(
    case: &mut Case,
    (before, after): (&Conversation, &Conversation),
    names: &Pseudonyms,
    checks: &mut Vec<String>,
) {
    let rewritten: Vec<(&str, Replaced)> =
        before.messages.iter().map(|message| (message.text.as_str(), names.replace("", &message.text))).collect();
    let stands = |quote: &str| {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        after.messages.iter().any(|message| {
            flat(&message.text).contains(&flat(quote))
                || [&message.author.name, &message.author.address].into_iter().flatten().any(|label| label == quote)
        })
    };
    let route = case.route.clone();
    for (key, gold) in &mut case.expected.fields {
        let is_amount = is_figure(route.field(key));
        gold.evidence.retain_mut(|quote| {
            let place = rewritten.iter().find_map(|(old, new)| Some((old.find(quote.as_str())?, new)));
            *quote = match place {
                Some((at, new)) => new.stretch(at, at + quote.len()).to_owned(),
                None => names.text(quote),
            };
            let found = stands(quote);
            if !found {
                checks
                    .push(format!("{key}: a quote does not stand in the rewritten sources and is left out: «{quote}»"));
            }
            found
        });
        gold.superseded.iter_mut().for_each(|value| names.value(value, is_amount));
        if let Expectation::Found(values) | Expectation::Other(_, values) = &mut gold.expectation {
            values.iter_mut().for_each(|value| names.value(value, is_amount));
        }
    }
}

/// The rewritten sources must be read as the old ones were, but for the names.
fn compare(before: &Conversation, after: &Conversation, names: &Pseudonyms, checks: &mut Vec<String>) {
    if before.messages.len() != after.messages.len() {
        checks.push(format!(
            "the rewritten sources are read as {} messages, the old ones as {}: look at them",
            after.messages.len(),
            before.messages.len()
        ));
        return;
    }
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let otherwise: Vec<String> = before
        .messages
        .iter()
        .zip(&after.messages)
        .filter(|(old, new)| {
            flat(&names.text(&old.text)) != flat(&new.text) || old.author.side != new.author.side || old.at != new.at
        })
        .map(|(_, new)| new.id.to_string())
        .collect();
    if !otherwise.is_empty() {
        checks.push(format!(
            "{} of {} messages are read otherwise than before, in words, side or time: {}",
            otherwise.len(),
            after.messages.len(),
            otherwise.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ")
        ));
    }
    if before.unread.len() != after.unread.len() {
        checks.push(format!(
            "{} files cannot be read now, {} could not before",
            after.unread.len(),
            before.unread.len()
        ));
    }
}
