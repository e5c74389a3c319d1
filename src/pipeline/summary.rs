//! The prose of the brief that rules can honestly fill: promises, open
//! questions, and the people with the roles their signatures tell.

use crate::brief::{Evidence, NextAction, PersonSeen, Promise, Statement, Summary};
use crate::claim::{Citation, ProseClaim, ProseKind};
use crate::conversation::{Author, Message, SegmentKind, Side};
use crate::grounding::{Index, evidence_of, support_prose};
use crate::value::Participant;

use super::Reading;

/// The most people listed; the order is that of first appearance.
const MOST_PEOPLE: usize = 40;

/// The prose of both readers. Without a model the rules fill what they honestly can.
pub(super) fn summarise(
    index: &Index,
    participants: &[Participant],
    ruled: &[ProseClaim],
    reading: Option<&Reading>,
) -> Summary {
    let mut summary = Summary { people: people(index, participants), ..Summary::default() };
    let told = reading.map(|reading| reading.told.prose.as_slice()).unwrap_or_default();
    let has_told = |kind: ProseKind| told.iter().any(|item| item.kind == kind);
    // What rules collect by cue is there for the case that no reader summed it up.
    for item in told.iter().chain(ruled.iter().filter(|item| !has_told(item.kind))) {
        match support_prose(index, item) {
            Some(evidence) => place(index, item, evidence, &mut summary),
            None => summary.left_out += 1,
        }
    }
    summary
}

fn place(index: &Index, item: &ProseClaim, evidence: Vec<Evidence>, summary: &mut Summary) {
    let text = item.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let first = evidence.first().and_then(|first| index.conversation().message(first.message).map(|m| (first, m)));
    let who = evidence.first().and_then(|first| first.author.clone());
    let side = first.map_or(Side::Unknown, |(_, message)| message.author.side);
    let statement = Statement { text: text.clone(), evidence: evidence.clone() };
    match item.kind {
        ProseKind::Headline => summary.headline = summary.headline.take().or(Some(statement)),
        ProseKind::Situation => summary.situation.push(statement),
        ProseKind::Decision => summary.decisions.push(statement),
        ProseKind::Risk => summary.risks.push(statement),
        ProseKind::OpenQuestion => summary.open_questions.push(statement),
        ProseKind::Promise => summary.promises.push(Promise {
            what: text.clone(),
            text,
            who,
            to: counterpart(side).map(str::to_owned),
            by: None,
            evidence,
        }),
        ProseKind::NextAction => {
            summary.next_action =
                summary.next_action.take().or(Some(NextAction { what: text, who, by: None, evidence }))
        }
        ProseKind::Person => {}
    }
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
