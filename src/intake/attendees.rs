//! Who is of which house, as the head of a call or note lists them (`Ann Lee
//! (Acme), Tom Roe and Eva Lind (Marlow Mills, planning)`), and whose side
//! those are on whom only the others in the room tell.

use rustc_hash::FxHashSet;

use super::draft::{Collected, Draft, DraftMessage, Origin};
use super::names;
use super::sides::is_open;
use crate::conversation::{DocumentKind, Side};

/// A list of people stands in the first lines.
const MOST_LINES: usize = 6;
/// What stands in brackets behind a name is no longer, in bytes.
const MOST_BYTES: usize = 80;

/// Keeps the people that a head lists, and what stands in brackets behind them.
pub(super) fn keep(origin: &Origin, head: &str, collected: &mut Collected) {
    for (name, house) in listed(head) {
        collected.listed.push((origin.source.clone(), name.clone()));
        collected.housed.push((name, house));
    }
}

/// Whom one of us tells which house they call from is none of us: `Ann from Acme here` to the only other speaker.
pub(super) fn tell_called(draft: &mut Draft, our_domains: &[String]) {
    let labels: FxHashSet<String> =
        draft.messages.iter().filter_map(|message| message.author.label()).map(str::to_owned).collect();
    if draft.kind != DocumentKind::Transcript || labels.len() != 2 {
        return;
    }
    let houses: Vec<&str> = our_domains.iter().filter_map(|domain| domain.split('.').next()).collect();
    let introduces = |message: &DraftMessage| {
        let words = names::fold_name(&message.text);
        let says = |house: &&str| {
            ["from", "von", "bei", "d", "de", "chez"]
                .iter()
                .any(|word| format!(" {words} ").contains(&format!(" {word} {house} ")))
        };
        message.author.side == Side::Ours && houses.iter().any(says)
    };
    if draft.messages.iter().filter(|message| message.author.label().is_some()).take(2).any(introduces) {
        for message in draft.messages.iter_mut().filter(|message| is_open(message) && message.author.address.is_none())
        {
            message.author.side = Side::Theirs;
        }
    }
}

/// The full names of a head and the words in brackets behind each of them.
fn listed(head: &str) -> Vec<(String, String)> {
    head.lines().take(MOST_LINES).flat_map(listed_in_line).collect()
}

fn listed_in_line(line: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('(') {
        let Some((house, after)) = behind.split_once(')') else { break };
        // `Present: Ann Lee (…)`, `written up by Ann Lee (…)`
        let people = before.rsplit_once(':').map_or(before, |(_, people)| people);
        let people = people.rsplit_once(" by ").map_or(people, |(_, people)| people);
        if house.len() <= MOST_BYTES && !house.trim().is_empty() {
            found.extend(full_names(people).map(|name| (name, house.trim().to_owned())));
        }
        rest = after;
    }
    found
}

/// `Tom Roe and Eva Lind`, `- Tom Roe`: each name of two words or more.
fn full_names(people: &str) -> impl Iterator<Item = String> {
    const JOINED: [&str; 9] = [" and ", " und ", " et ", " y ", " & ", " – ", " — ", " - ", " with "];
    let people = JOINED.iter().fold(people.to_owned(), |people, joint| people.replace(joint, ","));
    let parts: Vec<String> = people.split([',', ';']).map(last_name).collect();
    parts.into_iter().filter(|part| part.contains(' ') && names::is_name(part))
}

/// `6 min. Ann Lee`, `rang Tom Roe`: the run of words with capitals at the end.
fn last_name(part: &str) -> String {
    let words: Vec<&str> = part.trim_matches(['-', ' ']).split_whitespace().collect();
    let named = |word: &&&str| word.starts_with(char::is_uppercase) && !word.ends_with([':', '.']);
    let count = words.iter().rev().take_while(named).count();
    names::tidy_name(&words[words.len() - count..].join(" "))
}

#[cfg(test)]
mod tests {
    use super::listed;

    fn check(head: &str, expected: &[(&str, &str)]) {
        let found = listed(head);
        let found: Vec<(&str, &str)> = found.iter().map(|(name, house)| (name.as_str(), house.as_str())).collect();
        assert_eq!(found, expected, "{head}");
    }

    #[test]
    fn a_head_lists_people_with_their_house() {
        check(
            "Kick-off, 3 May\nAnn Lee (Acme), Tom Roe and Eva Lind (Marlow Mills)",
            &[("Ann Lee", "Acme"), ("Tom Roe", "Marlow Mills"), ("Eva Lind", "Marlow Mills")],
        );
        check(
            "Present: Tom Roe (planner, Marlow), Ann Lee (Acme)",
            &[("Tom Roe", "planner, Marlow"), ("Ann Lee", "Acme")],
        );
        check(
            "3 May, 10:30, 6 min. Ann Lee (Acme) rang Tom Roe (Marlow)",
            &[("Ann Lee", "Acme"), ("Tom Roe", "Marlow")],
        );
        check("Notes of 3 May, written up by Ann Lee (Acme marketing)", &[("Ann Lee", "Acme marketing")]);
        check("The call (recorded) was at two, Tom (Marlow) came late", &[]);
    }
}
