//! False kinds, first half: one word of a true sentence changed (number, name,
//! unit, negation, quantifier). What is joined wrongly or cut out wrongly
//! stands in the files beside.

mod cut;
mod joined;

use std::ops::Range;

use crate::drawing::{Change, Pair, Random, absent_pair, core, draw, fold, quote_around, replace, words};
use crate::sources::{Material, Talk};
use crate::{Kind, Words};

pub const KINDS: &[Kind] = &[
    Kind { name: "number", words: Words::Nowhere, make: change_number },
    Kind { name: "name", words: Words::Nowhere, make: change_name },
    Kind { name: "unit", words: Words::Nowhere, make: change_unit },
    Kind { name: "negation", words: Words::Nowhere, make: change_negation },
    Kind { name: "quantifier", words: Words::Nowhere, make: change_quantifier },
    Kind { name: "invented end", words: Words::Nowhere, make: joined::invent_end },
    Kind { name: "stitched messages", words: Words::Nowhere, make: joined::stitch_messages },
    Kind { name: "negation cut off", words: Words::CutOut, make: cut::cut_off_negation },
    Kind { name: "cut inside a token", words: Words::CutOut, make: cut::cut_inside_token },
    Kind { name: "sign dropped", words: Words::CutOut, make: cut::drop_sign },
];

/// A word or two words and what they are changed to; `""` drops them.
pub type Swap = (&'static str, &'static [&'static str]);

const NUMBER_WORDS: &[Swap] = &[
    ("two", &["three", "ten"]),
    ("three", &["two", "thirteen"]),
    ("four", &["five", "fourteen"]),
    ("five", &["four", "nine"]),
    ("six", &["seven", "sixteen"]),
    ("eight", &["eighty", "nine"]),
    ("ten", &["two", "twelve"]),
    ("second", &["third", "first"]),
    ("first", &["second", "third"]),
    ("ninety", &["nineteen", "nine"]),
];

fn change_number(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let runs = number_runs(&site.sentence);
        let change = match random.pick(&runs) {
            Some(run) if random.below(6) > 0 => {
                let old = &site.sentence[run.clone()];
                let new = other_number(old, random);
                let changed = if value(old).is_some() { value(old) != value(&new) } else { old != new };
                changed.then(|| replace(&site.sentence, run.clone(), &new))?
            }
            _ => swap_words(&site.sentence, NUMBER_WORDS, random)?,
        };
        absent_pair(talk, site, quote_around(&change, random), random)
    })
}

/// Digits with the points and commas between them.
pub fn number_runs(sentence: &str) -> Vec<Range<usize>> {
    let bytes = sentence.as_bytes();
    let digit = |position: usize| bytes.get(position).is_some_and(u8::is_ascii_digit);
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (position, byte) in bytes.iter().enumerate() {
        let inner = matches!(byte, b'.' | b',') && position > 0 && digit(position - 1) && digit(position + 1);
        match runs.last_mut() {
            Some(run) if run.end == position && (digit(position) || inner) => run.end += 1,
            _ if digit(position) => runs.push(position..position + 1),
            _ => {}
        }
    }
    runs
}

fn value(number: &str) -> Option<f64> {
    number.replace(',', "").parse().ok()
}

fn other_number(old: &str, random: &mut Random) -> String {
    let digits: Vec<usize> = (0..old.len()).filter(|&at| old.as_bytes()[at].is_ascii_digit()).collect();
    let chosen = digits[random.below(digits.len())];
    let mut characters: Vec<char> = old.chars().collect();
    match random.below(6) {
        0 if digits.len() > 1 => {
            let pair = random.below(digits.len() - 1);
            characters.swap(digits[pair], digits[pair + 1]);
        }
        1 if digits.len() > 1 => {
            characters.remove(chosen);
        }
        2 => characters.push('0'),
        3 if old.contains('.') => characters.retain(|&c| c != '.'),
        4 if old.contains(',') => characters.truncate(old.find(',').unwrap_or(old.len())),
        5 if digits.len() > 1 && !old.contains(['.', ',']) => characters.insert(digits.len() - 1, '.'),
        _ => {
            let digit = characters[chosen].to_digit(10).unwrap_or(0);
            characters[chosen] = char::from_digit((digit + 1 + random.below(8) as u32) % 10, 10).unwrap_or('7');
        }
    }
    characters.into_iter().collect()
}

fn change_name(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let mut found = Vec::new();
        for (name, others) in names_of(talk) {
            found.extend(occurrences(&site.sentence, &name).map(|at| (at, others.clone())));
        }
        let (at, others) = random.pick(&found)?.clone();
        // Two names in one sentence trade places now and then.
        let second = found.iter().find(|(other, _)| other.start >= at.end).map(|(range, _)| range.clone());
        if let Some(second) = second.filter(|_| random.below(2) == 0) {
            let text = &site.sentence;
            let (one, two) = (&text[at.clone()], &text[second.clone()]);
            let swapped =
                format!("{}{two}{}{one}{}", &text[..at.start], &text[at.end..second.start], &text[second.end..]);
            return absent_pair(talk, site, swapped, random);
        }
        let change = replace(&site.sentence, at, random.pick(&others)?);
        absent_pair(talk, site, quote_around(&change, random), random)
    })
}

/// Each name that may stand in a sentence, longest form first, and the names it can be mistaken for.
fn names_of(talk: &Talk) -> Vec<(String, Vec<String>)> {
    let mut names = Vec::new();
    for person in &talk.people {
        let (first, last) = split_name(person);
        let (mut full, mut short) = (vec![format!("{first} {}", misspell(last))], vec![misspell(first)]);
        for other in talk.people.iter().filter(|other| *other != person) {
            let (other_first, other_last) = split_name(other);
            full.extend([format!("{other_first} {other_last}"), format!("{first} {other_last}")]);
            if other_first != first {
                full.push(format!("{other_first} {last}"));
                short.push(other_first.to_string());
            }
        }
        names.push((format!("{first} {last}"), full));
        names.push((first.to_string(), short));
    }
    for (company, other) in talk.companies.iter().flat_map(|a| talk.companies.iter().map(move |b| (a, b))) {
        let ((first, last), (other_first, other_last)) = (split_name(company), split_name(other));
        if company != other {
            let mistaken = vec![other.to_string(), format!("{first} {other_last}"), format!("{other_first} {last}")];
            names.push((company.to_string(), mistaken));
        }
    }
    names.push(("Rosa Lindqvist".into(), vec!["Rosa Lindgren".into(), "Rose Lindqvist".into()]));
    names
}

fn split_name(name: &str) -> (&str, &str) {
    name.trim_start_matches("Dr. ").split_once(' ').unwrap_or((name, name))
}

/// One letter off, a name that other people have.
fn misspell(name: &str) -> String {
    let vowel = name.char_indices().skip(1).find(|(_, letter)| "aeiou".contains(*letter));
    vowel.map_or_else(
        || format!("{name}s"),
        |(at, letter)| format!("{}{}{}", &name[..at], if letter == 'a' { 'e' } else { 'a' }, &name[at + 1..]),
    )
}

/// Where these words stand in the sentence as whole words.
pub fn occurrences(sentence: &str, name: &str) -> impl Iterator<Item = Range<usize>> {
    let length = name.len();
    sentence.match_indices(name).map(move |(at, _)| at..at + length).filter(move |range| {
        let before = sentence[..range.start].chars().next_back();
        let after = sentence[range.end..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

const UNITS: &[Swap] = &[
    ("days", &["weeks", "months", "hours", "working days"]),
    ("day", &["week", "month", "hour"]),
    ("weeks", &["days", "months"]),
    ("week", &["month", "day"]),
    ("months", &["weeks", "years"]),
    ("month", &["year", "quarter", "week"]),
    ("year", &["month", "quarter"]),
    ("years", &["months", "weeks"]),
    ("hours", &["minutes", "days"]),
    ("hour", &["day", "minute"]),
    ("minutes", &["hours", "seconds"]),
    ("minute", &["hour", "second"]),
    ("seconds", &["minutes", "milliseconds"]),
    ("gb", &["TB", "MB"]),
    ("tb", &["GB", "PB"]),
    ("kg", &["lb", "g", "tonnes"]),
    ("km", &["miles", "m"]),
    ("mm", &["cm", "inches"]),
    ("metres", &["feet", "rolls"]),
    ("tonnes", &["kg", "pounds"]),
    ("c", &["F"]),
    ("kwh", &["MWh"]),
    ("percent", &["per mille", "points", "euros"]),
    ("degrees", &["points", "kelvin"]),
    ("users", &["sites", "seats"]),
    ("seats", &["sites", "licences"]),
    ("sites", &["users", "gateways"]),
    ("stores", &["tills", "sites"]),
    ("hotels", &["rooms", "users"]),
    ("rooms", &["hotels", "beds"]),
    ("machines", &["plants", "sensors"]),
    ("plants", &["machines"]),
    ("trucks", &["pallets", "vans"]),
    ("truck", &["pallet"]),
    ("pallet", &["truck", "carton"]),
    ("pallets", &["trucks"]),
    ("vans", &["routes", "trucks"]),
    ("routes", &["vans", "stops"]),
    ("meals", &["boxes", "schools"]),
    ("pieces", &["boxes", "pallets"]),
    ("branches", &["users", "banks"]),
    ("people", &["teams", "companies"]),
    ("yearly", &["monthly"]),
    ("monthly", &["yearly", "weekly"]),
    ("quarterly", &["monthly", "yearly"]),
    ("weekly", &["monthly", "daily"]),
    ("daily", &["weekly", "hourly"]),
    ("nightly", &["weekly"]),
    ("weekends", &["weeks"]),
];

fn change_unit(material: &Material, random: &mut Random) -> Vec<Pair> {
    change_word(material, random, UNITS)
}

const NEGATIONS: &[Swap] = &[
    ("not", &[""]),
    ("never", &["", "always"]),
    ("no longer", &["still"]),
    ("don't", &["do"]),
    ("doesn't", &["does"]),
    ("didn't", &["did"]),
    ("isn't", &["is"]),
    ("can't", &["can"]),
    ("cannot", &["can"]),
    ("won't", &["will"]),
    ("haven't", &["have"]),
    ("hasn't", &["has"]),
    ("wouldn't", &["would"]),
    ("without", &["with"]),
    ("nobody", &["everybody"]),
    ("none", &["all"]),
    ("nothing", &["everything"]),
    ("neither", &["either"]),
    ("unable", &["able"]),
    ("is", &["isn't", "is not", "is no longer"]),
    ("it's", &["it isn't"]),
    ("are", &["aren't", "are not", "are never"]),
    ("will", &["won't", "will not", "will never"]),
    ("can", &["can't", "cannot", "can never"]),
    ("has", &["hasn't", "has never", "has not"]),
    ("have", &["haven't", "have never"]),
    ("must", &["mustn't", "must not"]),
    ("should", &["shouldn't", "should not"]),
    ("may", &["may not"]),
    ("was", &["wasn't", "was never"]),
    ("were", &["weren't"]),
    ("with", &["without"]),
    ("i'll", &["I won't", "I'll not"]),
    ("we'll", &["we won't"]),
    ("we've", &["we haven't", "we've never"]),
    ("i've", &["I've never", "I haven't"]),
    ("needs", &["no longer needs", "never needs"]),
    ("goes", &["never goes"]),
    ("covers", &["no longer covers"]),
];

fn change_negation(material: &Material, random: &mut Random) -> Vec<Pair> {
    change_word(material, random, NEGATIONS)
}

const QUANTIFIERS: &[Swap] = &[
    ("all", &["some", "most", "almost all", "hardly any"]),
    ("every", &["almost every", "hardly any", "every second"]),
    ("each", &["almost every", "every third"]),
    ("at least", &["at most", "exactly", ""]),
    ("at most", &["at least", "exactly", ""]),
    ("up to", &["at least", ""]),
    ("only", &["", "also", "usually"]),
    ("most", &["all", "some", "few"]),
    ("some", &["all", "most", "no"]),
    ("any", &["no", "every"]),
    ("both", &["either", "neither", "one of"]),
    ("half", &["all", "most"]),
    ("more than", &["less than", "at least"]),
    ("larger than", &["smaller than"]),
    ("fewer than", &["more than"]),
    ("older than", &["younger than"]),
    ("limited to", &["at least"]),
    ("in under", &["in over"]),
    ("above", &["below"]),
    ("below", &["above"]),
    ("beyond", &["below"]),
    ("about", &["exactly", "over"]),
    ("roughly", &["exactly", "over"]),
    ("within", &["after"]),
    ("once", &["twice"]),
    ("twice", &["once"]),
    ("always", &["sometimes", "rarely"]),
    ("usually", &["always", "never"]),
    ("everything", &["something"]),
    ("everyone", &["someone", "almost everyone"]),
];

fn change_quantifier(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let change = if random.below(5) == 0 { add_quantifier(&site.sentence, random) } else { None };
        let change = change.or_else(|| swap_words(&site.sentence, QUANTIFIERS, random))?;
        absent_pair(talk, site, quote_around(&change, random), random)
    })
}

/// "40 seats" to "only 40 seats": a bound that nobody named, before a number that stands alone.
fn add_quantifier(sentence: &str, random: &mut Random) -> Option<Change> {
    let all = words(sentence);
    let counts = |at: &usize| {
        let number = &sentence[all[*at].clone()];
        let unit = all.get(at + 1).map_or("", |word| &sentence[word.clone()]);
        number.starts_with(|c: char| c.is_ascii_digit())
            && !number.ends_with([',', '.'])
            && unit.starts_with(|c: char| c.is_lowercase())
            && !matches!(unit, "to" | "and" | "o'clock" | "in" | "for" | "on" | "each" | "suits" | "of")
            && *at > 0
            && !["May", "April", "March", "June", "July", "site", "week", "gate", "berth", "priority", "severity"]
                .contains(&&sentence[all[at - 1].clone()])
    };
    let places: Vec<usize> = (0..all.len()).filter(counts).collect();
    let start = all[*random.pick(&places)?].start;
    let added = *random.pick(&["only ", "at least ", "up to ", "fewer than ", "more than "])?;
    Some(replace(sentence, start..start, added))
}

fn change_word(material: &Material, random: &mut Random, swaps: &[Swap]) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let change = swap_words(&site.sentence, swaps, random)?;
        absent_pair(talk, site, quote_around(&change, random), random)
    })
}

/// Swaps one of the words or pairs of words that the table knows; `None` if the sentence has none.
pub fn swap_words(sentence: &str, swaps: &[Swap], random: &mut Random) -> Option<Change> {
    let all: Vec<Range<usize>> = words(sentence).iter().map(|word| core(sentence, word)).collect();
    let mut places: Vec<(Range<usize>, &[&str])> = Vec::new();
    for (at, word) in all.iter().enumerate() {
        let pair = all.get(at + 1).map(|next| word.start..next.end);
        for range in [Some(word.clone()), pair].into_iter().flatten() {
            let found = sentence[range.clone()].replace('’', "'").to_lowercase();
            places.extend(swaps.iter().filter(|(old, _)| *old == found).map(|(_, new)| (range.clone(), *new)));
        }
    }
    let (mut range, choices) = random.pick(&places)?.clone();
    let new = *random.pick(choices)?;
    if new.is_empty() {
        // A dropped word takes the space after it along.
        range.end += usize::from(sentence[range.end..].starts_with(' '));
    }
    let capital = sentence[range.start..].starts_with(char::is_uppercase) && range.start == 0;
    let change = replace(sentence, range, &if capital { capitalise(new) } else { new.to_string() });
    (fold(&change.text) != fold(sentence)).then_some(change)
}

pub fn capitalise(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
