//! A whole text as a person: name, role and address taken apart, and the name
//! matched against the people known from the context. A role or a bare first
//! name is kept but says that it names no one firmly.

use super::lexicon::{Meaning, look_up};
use super::scan::Sorts;
use super::{Context, Participant, Person, Precision, Reading, Unreadable, Value, contact, fold, scan};

/// Reads `Dana Whitfield (VP Ops) <dana@nw.example>` and its like.
pub(super) fn read_person(text: &str, context: &Context) -> Result<Reading, Unreadable> {
    if text.len() > 300 {
        return Err(Unreadable::because("too long for a name"));
    }
    let (rest, address) = without_address(text);
    let parts = parts(&rest);
    let mut people: Vec<Vec<&str>> = Vec::new();
    for part in &parts {
        let name = name_words(part);
        if !name.is_empty() {
            people.push(name);
        }
    }
    let Some(first) = people.first() else {
        return without_name(text, &rest, address, context);
    };
    let mut name = first.join(" ");
    if let Some(second) = people.get(1) {
        if rest.contains(',') && first.len() == 1 && second.len() <= 2 && second.iter().all(|word| is_capital(word)) {
            name = format!("{} {name}", second.join(" "));
        } else if joined_by_and(&rest) || is_participant(&second.join(" "), context) {
            return Err(Unreadable { reason: format!("names several people: {name} and {}", second.join(" ")) });
        }
    }
    Ok(identify(&name, address, context))
}

/// The text without an e-mail address, and the address.
fn without_address(text: &str) -> (String, Option<String>) {
    let spotted = contact::find(text);
    let found = spotted.iter().find_map(|spot| match &spot.reading.value {
        Value::Email(address) => Some((spot, address.clone())),
        _ => None,
    });
    let Some((spot, address)) = found else { return (text.to_owned(), None) };
    let before = text.get(..spot.start).unwrap_or("");
    let after = text.get(spot.end..).unwrap_or("");
    let before = before.trim_end().trim_end_matches(['<', '(', '[']).trim_end().trim_end_matches("mailto:");
    (format!("{before} {}", after.trim_start().trim_start_matches(['>', ')', ']'])), Some(address))
}

/// The text at its commas, dashes and `from`, without what stands in brackets.
fn parts(text: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut depth = 0_u32;
    for letter in text.chars() {
        match letter {
            '(' | '[' => depth = depth.saturating_add(1),
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    let plain = plain.replace(" - ", ",").replace(" – ", ",").replace(" — ", ",").replace(" & ", " and ");
    let mut parts = Vec::new();
    for part in plain.split([',', ';', '/', '|', ':', '\n']) {
        let mut words: Vec<&str> = Vec::new();
        let mut skipping = false;
        for word in part.split_whitespace() {
            let folded = fold::word(word);
            match folded.as_str() {
                "and" | "und" | "or" => {
                    parts.push(words.join(" "));
                    words.clear();
                    skipping = false;
                }
                "from" | "at" | "von" if !words.is_empty() && folded != "von" => skipping = true,
                _ if !skipping => words.push(word),
                _ => {}
            }
        }
        parts.push(words.join(" "));
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn joined_by_and(text: &str) -> bool {
    text.contains('&') || text.contains('/') || text.split_whitespace().any(|word| matches!(word, "and" | "or" | "und"))
}

/// Words of a company's departments and of rank, which stand beside roles.
#[rustfmt::skip]
const AROUND_ROLES: &[&str] = &[
    "ops", "operations", "it", "finance", "sales", "procurement", "logistics", "marketing", "legal",
    "security", "engineering", "product", "hr", "success", "customer", "technology", "supply", "chain", "data",
    "revenue", "of", "the", "for", "global", "senior", "junior", "business", "project", "account", "program",
    "general", "managing", "regional", "vice", "deputy", "sr", "jr", "financial", "executive", "technical",
    "warehouse", "implementation", "onboarding", "solutions", "support", "information", "european", "our",
    "their", "his", "her", "my", "your", "its", "is", "this", "thats", "that", "it's", "be", "will", "i", "im",
    "am", "contact", "new", "and", "in", "house",
];

/// Words that stand for a person without naming one.
#[rustfmt::skip]
const NO_ONE: &[&str] = &[
    "someone", "somebody", "anyone", "person", "team", "guy", "lady", "something", "tbd", "they", "he", "she",
    "department", "folks", "people", "whoever", "unknown", "nobody", "none", "whatsit", "them", "him",
    "colleague", "everyone", "staff", "management", "group", "company",
];

pub(super) fn is_role(word: &str) -> bool {
    look_up(word).contains(&Meaning::Role)
}

pub(super) fn surrounds_role(word: &str) -> bool {
    AROUND_ROLES.contains(&fold::word(word).as_str())
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// The words of a part that are a name: titles dropped, cut at a role.
fn name_words(part: &str) -> Vec<&str> {
    let words = part.split_whitespace().map(|word| {
        word.trim_matches(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '\'' | '’'))
            .trim_matches(['\'', '’'])
    });
    let mut name: Vec<&str> = Vec::new();
    for word in words.filter(|word| !word.is_empty()) {
        let plain = word.trim_end_matches("'s").trim_end_matches("’s");
        let title = look_up(plain).contains(&Meaning::Title);
        let beside = is_role(plain)
            || surrounds_role(plain)
            || matches!(fold::word(word).as_str(), "it's" | "that's" | "who's" | "a" | "an" | "to");
        if name.is_empty() && (title || beside) {
            continue;
        }
        if beside {
            break;
        }
        name.push(word);
    }
    name
}

fn without_name(text: &str, rest: &str, address: Option<String>, context: &Context) -> Result<Reading, Unreadable> {
    if let Some(address) = address {
        let known = context
            .participants
            .iter()
            .find(|known| known.address.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(&address)));
        let name = known.map_or_else(|| address.clone(), |known| known.name.clone());
        let value = Value::Person(Person { name, address: Some(address) });
        return Ok(Reading { value, precision: Precision::Exact });
    }
    if rest.split_whitespace().any(|word| is_role(word.trim_matches(|letter: char| !letter.is_alphanumeric()))) {
        return Ok(vague(text, "a role, not a name"));
    }
    match fold::words(rest).as_slice() {
        [] => Err(Unreadable::because("no name")),
        _ => Ok(vague(text, "not a person's name")),
    }
}

fn vague(name: &str, reason: &str) -> Reading {
    let value = Value::Person(Person { name: name.trim().to_owned(), address: None });
    Reading { value, precision: Precision::Vague(reason.to_owned()) }
}

fn is_participant(name: &str, context: &Context) -> bool {
    let words = fold::words(name);
    context.participants.iter().any(|known| fold::words(&known.name) == words)
}

/// Who a name means among the people known.
pub(super) fn identify(name: &str, address: Option<String>, context: &Context) -> Reading {
    let words = fold::words(name);
    if words.iter().any(|word| NO_ONE.contains(&word.as_str())) {
        let named = name
            .split_whitespace()
            .next()
            .is_some_and(|first| is_capital(first) && !NO_ONE.contains(&fold::word(first).as_str()));
        return vague(name, if named { "no last name" } else { "not a person's name" });
    }
    if !scan(name, Sorts::ALL, context).is_empty()
        || words.iter().any(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return vague(name, "not a person's name");
    }
    let matches = known_as(&words, address.as_deref(), context);
    match matches.as_slice() {
        [] if words.len() < 2 && address.is_none() => vague(name, "no last name"),
        [] => {
            let value = Value::Person(Person { name: name.to_owned(), address });
            Reading { value, precision: Precision::Exact }
        }
        [known] => {
            let value =
                Value::Person(Person { name: known.name.clone(), address: address.or_else(|| known.address.clone()) });
            Reading { value, precision: Precision::Exact }
        }
        several => {
            let values: Vec<Value> = several
                .iter()
                .map(|known| Value::Person(Person { name: known.name.clone(), address: known.address.clone() }))
                .collect();
            let first = values.first().cloned().unwrap_or_else(|| Value::Text(name.to_owned()));
            Reading { value: first, precision: Precision::Ambiguous(values) }
        }
    }
}

/// The different people a name may mean: by address, by whole name, by a single first or last name.
fn known_as<'a>(words: &[String], address: Option<&str>, context: &Context<'a>) -> Vec<&'a Participant> {
    let mut found: Vec<&Participant> = Vec::new();
    let mut add = |known: &'a Participant| {
        let twice = found.iter().any(|other| {
            let same_address =
                matches!((&other.address, &known.address), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b));
            let same_name = fold::words(&other.name) == fold::words(&known.name);
            same_address || (same_name && (other.address.is_none() || known.address.is_none()))
        });
        if !twice {
            found.push(known);
        }
    };
    for known in context.participants {
        let own = fold::words(&known.name);
        let by_address = matches!((address, &known.address), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b));
        let whole = own == words || super::equality::name_words(&known.name) == words;
        let single = words.len() == 1
            && address.is_none()
            && own.len() > 1
            && (own.first() == words.first() || own.last() == words.first());
        let single_known = words.len() == 1 && whole;
        if by_address || (whole && (words.len() > 1 || single_known)) || single {
            add(known);
        }
    }
    // A single name that is all the context knows of someone is still no full name.
    if words.len() == 1 && address.is_none() {
        found.retain(|known| fold::words(&known.name).len() > 1 || known.address.is_some());
    }
    found
}
