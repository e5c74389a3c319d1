//! The prose of the brief that rules can honestly fill: promises, open
//! questions, and the people with the roles their signatures tell.

use crate::brief::{Evidence, NextAction, PersonSeen, Promise, Statement, Summary};
use crate::claim::{Citation, ProseClaim, ProseKind};
use crate::conversation::{Author, Message, SegmentKind, Side};
use crate::extraction::Scene;
use crate::grounding::{Index, evidence_of, support_prose};
use crate::value::{Context, Participant, Precision, Sorts, scan, to_json};

use super::Reading;

/// The most people listed; the order is that of first appearance.
const MOST_PEOPLE: usize = 40;
/// A longer role is a story, in characters.
const LONGEST_ROLE: usize = 80;

/// The prose of both readers. Without a model the rules fill what they honestly can.
pub(super) fn summarise(index: &Index, scene: &Scene, ruled: &[ProseClaim], reading: Option<&Reading>) -> Summary {
    let mut summary = Summary { people: people(index, scene.participants), ..Summary::default() };
    let told = reading.map(|reading| reading.told.prose.as_slice()).unwrap_or_default();
    let mut placed: Vec<ProseKind> = Vec::new();
    for item in told {
        if add((index, scene), item, &mut summary) {
            placed.push(item.kind);
        }
    }
    // What rules collect by cue is there for the case that no reader summed it up.
    for item in ruled.iter().filter(|item| !placed.contains(&item.kind)) {
        add((index, scene), item, &mut summary);
    }
    summary
}

/// Puts an item that its words support where it belongs; counts the others.
fn add((index, scene): (&Index, &Scene), item: &ProseClaim, summary: &mut Summary) -> bool {
    let placed = support_prose(index, scene, item).is_some_and(|evidence| match item.kind {
        ProseKind::Person => place_person(index, scene.participants, item, evidence, &mut summary.people),
        _ => {
            place(index, item, evidence, summary);
            true
        }
    });
    summary.left_out += u32::from(!placed);
    placed
}

fn place(index: &Index, item: &ProseClaim, evidence: Vec<Evidence>, summary: &mut Summary) {
    let text = item.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let first = evidence.first().and_then(|first| index.conversation().message(first.message).map(|m| (first, m)));
    // `Marcus will send the file` is Marcus's to do, whoever said it.
    let named = named_first(index, &text);
    let who = named.clone().or_else(|| evidence.first().and_then(|first| first.author.clone()));
    let speaker = first.map_or(Side::Unknown, |(_, message)| message.author.side);
    let side = named.map_or(speaker, |name| side_of(index, &name));
    let by = day_named(index, &text, &evidence);
    let statement = Statement { text: text.clone(), evidence: evidence.clone() };
    match item.kind {
        ProseKind::Headline => summary.headline = summary.headline.take().or(Some(statement)),
        ProseKind::Situation => push_once(&mut summary.situation, statement),
        ProseKind::Decision => push_once(&mut summary.decisions, statement),
        ProseKind::Risk => push_once(&mut summary.risks, statement),
        ProseKind::OpenQuestion => push_once(&mut summary.open_questions, statement),
        ProseKind::Promise if summary.promises.iter().any(|promise| promise.text == text) => {}
        ProseKind::Promise => summary.promises.push(Promise {
            what: text.clone(),
            text,
            who,
            to: counterpart(side).map(str::to_owned),
            by,
            evidence,
        }),
        ProseKind::NextAction => {
            summary.next_action = summary.next_action.take().or(Some(NextAction { what: text, who, by, evidence }))
        }
        ProseKind::Person => {}
    }
}

/// The same sentence stands once in each part.
fn push_once(list: &mut Vec<Statement>, statement: Statement) {
    if !list.iter().any(|other| other.text == statement.text) {
        list.push(statement);
    }
}

fn side_of(index: &Index, name: &str) -> Side {
    let authors = index.conversation().messages.iter().map(|message| &message.author);
    authors.filter(|author| author.name.as_deref() == Some(name)).map(|author| author.side).next().unwrap_or_default()
}

/// The one day that the sentence names, counted from when its words were said.
fn day_named(index: &Index, text: &str, evidence: &[Evidence]) -> Option<String> {
    let said = evidence.first()?;
    let zone = index.conversation().message(said.message).and_then(|message| message.zone);
    let context = Context { said_at: said.at, zone, around: said.at, participants: &[] };
    let days = scan(text, Sorts::DATE | Sorts::DATETIME, &context);
    let mut exact =
        days.iter().filter(|day| day.reading.precision == Precision::Exact).map(|day| to_json(&day.reading.value));
    let day = exact.next()?.as_str()?.to_owned();
    exact.next().is_none().then_some(day)
}

/// The person with whose name the sentence begins.
fn named_first(index: &Index, text: &str) -> Option<String> {
    let names = index.conversation().messages.iter().filter_map(|message| message.author.name.as_deref());
    let opens = |name: &&str| {
        let first = name.split_whitespace().next().unwrap_or_default();
        text.strip_prefix(first).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    names.filter(|name| name.len() > 2).find(opens).map(str::to_owned)
}

/// Somebody's role as a quote tells it: name and role stand in the cited words together. False when they do not.
fn place_person(
    index: &Index,
    participants: &[Participant],
    item: &ProseClaim,
    evidence: Vec<Evidence>,
    people: &mut Vec<PersonSeen>,
) -> bool {
    let parted = item.text.split_once([',', '(', ':', '–', '|']).or_else(|| item.text.split_once(" is "));
    let Some((name, role)) = parted.map(|(name, role)| (name.trim(), trim_role(role))) else { return false };
    let shown = evidence.iter().any(|shown| {
        let sentence = index.conversation().message(shown.message).and_then(|message| {
            let (start, end) = shown.start.zip(shown.end)?;
            message.text.get(start..end)
        });
        sentence.is_some_and(|words| holds(words, role) && name.split_whitespace().any(|part| holds(words, part)))
    });
    let named = name.split_whitespace().all(|part| part.starts_with(char::is_uppercase)) && !name.is_empty();
    if !shown || !named || role.is_empty() || role.chars().count() > LONGEST_ROLE {
        return false;
    }
    let full = people.len() >= MOST_PEOPLE;
    match people.iter_mut().find(|person| person.name == name) {
        Some(person) if person.role.is_none() => {
            person.role = Some(role.to_owned());
            person.evidence.extend(evidence);
        }
        Some(_) => {}
        None if !full => {
            let known = participants.iter().find(|participant| participant.name == name);
            people.push(PersonSeen {
                name: name.to_owned(),
                role: Some(role.to_owned()),
                side: known.map_or(Side::Unknown, |known| known.side),
                address: known.and_then(|known| known.address.clone()),
                evidence,
            });
        }
        None => return false,
    }
    true
}

fn trim_role(role: &str) -> &str {
    let role = role.trim_matches(|c: char| !c.is_alphanumeric());
    ["is ", "the ", "our ", "their ", "a ", "an "]
        .iter()
        .fold(role, |role, word| role.strip_prefix(word).unwrap_or(role))
}

/// Whether words stand in a text, whatever the case.
fn holds(text: &str, words: &str) -> bool {
    let fold = |text: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        format!(" {} ", words.map(str::to_lowercase).collect::<Vec<_>>().join(" "))
    };
    fold(text).contains(&fold(words))
}

fn evidence(index: &Index, citation: &Citation) -> Option<Evidence> {
    evidence_of(index, citation, &index.check(citation)?)
}

fn counterpart(side: Side) -> Option<&'static str> {
    match side {
        Side::Ours => Some("the customer"),
        Side::Theirs => Some("us"),
        Side::Unknown => None,
    }
}

/// Everyone who spoke, with their author line as evidence.
fn people(index: &Index, participants: &[Participant]) -> Vec<PersonSeen> {
    let mut seen: Vec<PersonSeen> = Vec::new();
    for message in &index.conversation().messages {
        if seen.len() >= MOST_PEOPLE {
            break;
        }
        let author = &message.author;
        let Some(name) = author.name.as_deref() else { continue };
        if seen.iter().any(|person| person.name == name) {
            continue;
        }
        let citation = Citation { message: message.id, quote: name.to_owned(), at: None };
        let Some(found) = index.check(&citation).and_then(|found| evidence_of(index, &citation, &found)) else {
            continue;
        };
        let address = address(author, participants);
        seen.push(PersonSeen { name: name.to_owned(), role: None, side: author.side, address, evidence: vec![found] });
    }
    for person in &mut seen {
        if let Some((role, evidence)) = role(index, &person.name) {
            person.role = Some(role);
            person.evidence.push(evidence);
        }
    }
    seen
}

fn address(author: &Author, participants: &[Participant]) -> Option<String> {
    let known = || {
        participants
            .iter()
            .find(|participant| Some(participant.name.as_str()) == author.name.as_deref())?
            .address
            .clone()
    };
    author.address.clone().or_else(known)
}

/// The line under the name in the person's own signature, where it reads like a title.
fn role(index: &Index, name: &str) -> Option<(String, Evidence)> {
    let signed = |message: &&Message| message.author.name.as_deref() == Some(name);
    index.conversation().messages.iter().filter(signed).find_map(|message| {
        let segment = message.segments.iter().find(|segment| segment.kind == SegmentKind::Signature)?;
        let lines: Vec<&str> = message.text.get(segment.start..segment.end)?.lines().map(str::trim).collect();
        let at = lines.iter().position(|line| line.starts_with(name))?;
        let same_line = lines[at][name.len()..].trim_start_matches([',', '|', '-', '–', ' ']);
        let title =
            [same_line, lines.get(at + 1).copied().unwrap_or_default()].into_iter().find(|text| is_title(text))?;
        let title = title.split([',', '|']).next().unwrap_or(title).trim();
        let citation = Citation { message: message.id, quote: title.to_owned(), at: None };
        Some((title.to_owned(), evidence(index, &citation)?))
    })
}

fn is_title(line: &str) -> bool {
    let words = line.split_whitespace().count();
    let titled = [
        "manager",
        "director",
        "head",
        "lead",
        "vp",
        "chief",
        "officer",
        "ceo",
        "cto",
        "cfo",
        "coo",
        "engineer",
        "executive",
        "analyst",
        "coordinator",
        "specialist",
        "president",
        "owner",
        "founder",
        "partner",
        "consultant",
        "administrator",
        "buyer",
        "planner",
        "supervisor",
        "sales",
        "operations",
        "support",
        "success",
        "controller",
        "assistant",
        "architect",
    ];
    let folded = line.to_ascii_lowercase();
    (1..=8).contains(&words)
        && !line.contains('@')
        && !line.chars().any(|c| c.is_ascii_digit())
        && titled.iter().any(|word| folded.split(|c: char| !c.is_alphanumeric()).any(|own| own == *word))
}
