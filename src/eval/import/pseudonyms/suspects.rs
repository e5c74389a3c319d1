//! What may be left: words with a capital that nothing replaced and that never
//! stand in small letters. Some are products, some are places, some are people
//! whom nothing but a reader could tell; they are named to a person.

use rustc_hash::FxHashSet;

use super::inventory::{Inventory, words};
use super::naming::Pseudonyms;
use super::ordinary::{is_everyday, is_no_name};
use super::places::is_street_word;
use crate::conversation::Conversation;
use crate::language::is_name_word_stop;
use crate::route::{Field, Route};

/// So many are named; the others are counted.
const MOST: usize = 40;

/// Adds to `checks` what a person should look at.
pub(super) fn name(after: (&Conversation, &[String]), route: &Route, names: &Pseudonyms, checks: &mut Vec<String>) {
    let mut found = find(after, route, names);
    if !found.is_empty() {
        let more = found.len().saturating_sub(MOST);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        found.truncate(MOST);
        checks.push(format!(
            "these words were not replaced; name those that are somebody's with --person or --company and import again: {}{more}",
            found.join(", ")
        ));
    }
    let everyday = names.words.keys().filter(|word| is_everyday(word)).count();
    if everyday > 0 {
        checks.push(format!(
            "{everyday} words of names are words of every day too and were replaced only where they stand as names: look for what is left of them"
        ));
    }
}

fn find((after, files): (&Conversation, &[String]), route: &Route, names: &Pseudonyms) -> Vec<String> {
    let mut known = Inventory::default();
    after.messages.iter().for_each(|message| known.learn(&message.text));
    let told = |field: &Field| {
        format!("{} {} {} {}", field.label, field.description, field.question, field.cues.join(" ")).to_lowercase()
    };
    let told: String = route.fields.iter().map(told).collect::<Vec<_>>().join(" ");
    let told: FxHashSet<&str> = words(&told).into_iter().map(|(_, word)| word).collect();
    let new = names.words.values().chain(names.phrases.iter().flat_map(|(_, new)| new));
    let invented: FxHashSet<String> = new.map(|word| word.to_lowercase()).collect();
    let is_name = |word: &str| {
        let folded = word.to_lowercase();
        word.chars().count() >= 3
            && word.starts_with(|c: char| c.is_uppercase())
            && word.chars().skip(1).all(char::is_lowercase)
            && !is_no_name(&folded)
            && !is_street_word(&folded)
            && !known.is_small(&folded)
            && !told.contains(folded.as_str())
            && !invented.contains(&folded)
            && !is_name_word_stop(&folded)
    };
    let mut found: Vec<String> = Vec::new();
    let mut seen: FxHashSet<String> = FxHashSet::default();
    // What lies in a file and in no message is looked at too.
    for text in after.messages.iter().map(|message| &message.text).chain(files) {
        for shown in runs(text, &is_name) {
            if seen.insert(shown.clone()) {
                found.push(shown);
            }
        }
    }
    found
}

/// Words in a row that may be a name. One alone must stand inside a sentence: at its begin every word has a capital.
fn runs(text: &str, is_name: &impl Fn(&str) -> bool) -> Vec<String> {
    let all = words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((start, first)) = all.get(at) {
        let mut end = start + first.len();
        at += 1;
        if !is_name(first) {
            continue;
        }
        let mut count = 1;
        while let Some((next, word)) = all.get(at)
            && text.get(end..*next) == Some(" ")
            && is_name(word)
        {
            (end, count) = (next + word.len(), count + 1);
            at += 1;
        }
        let before = text[..*start].trim_end_matches(' ');
        let inside = before.len() < *start && before.ends_with(|c: char| c.is_lowercase() || c == ',');
        if count > 1 || inside {
            found.push(text[*start..end].to_owned());
        }
    }
    found
}
