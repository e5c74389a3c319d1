//! The prose of the brief that rules can honestly fill: promises, open
//! questions, and the people with the roles their signatures tell.

use crate::brief::{Evidence, PersonSeen, Promise, Statement, Summary};
use crate::claim::Citation;
use crate::conversation::{Author, Message, SegmentKind, Side};
use crate::extraction::{ProseItem, ProseKind};
use crate::grounding::{Index, evidence_of};
use crate::value::Participant;

/// The most people listed; the order is that of first appearance.
const MOST_PEOPLE: usize = 40;

pub(super) fn summarise(index: &Index, items: &[ProseItem], participants: &[Participant]) -> Summary {
    let mut summary = Summary { people: people(index, participants), ..Summary::default() };
    for item in items {
        let Some(evidence) = evidence(index, &item.cited) else {
            summary.left_out += 1;
            continue;
        };
        match item.kind {
            ProseKind::Promise => summary.promises.push(Promise {
                text: item.text.clone(),
                who: item.speaker.clone(),
                to: counterpart(item.side).map(str::to_owned),
                what: item.text.clone(),
                by: None,
                evidence: vec![evidence],
            }),
            ProseKind::OpenQuestion => {
                summary.open_questions.push(Statement { text: item.text.clone(), evidence: vec![evidence] })
            }
        }
    }
    summary
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
