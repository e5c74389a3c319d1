//! Briefs as passages: each field that is settled, each statement of the prose,
//! and what the caller said of the matter. What is missing is found nowhere.

use serde_json::Value as Json;

use super::cutting::cut;
use super::{Passage, PassageKind};
use crate::brief::{Brief, FieldBrief, FieldState, Summary};
use crate::handoff::Matter;
use crate::route::Route;
use crate::wording;

/// The spot of what the caller said of the matter.
pub const MATTER: &str = "matter";

/// The spot of a field.
pub fn field_spot(key: &str) -> String {
    format!("fields.{key}")
}

/// What a handoff is called wherever something of it is found: its title and the caller's id.
pub fn label_of(matter: &Matter, external_id: Option<&str>) -> String {
    let known = [matter.title.as_deref(), external_id].into_iter().flatten();
    known.filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

/// The matter and, once it was read, the brief.
pub fn of_brief((matter, label): (&Matter, &str), brief: Option<&Brief>, route: &Route) -> Vec<Passage> {
    let mut found = Vec::new();
    let owners = [&matter.from, &matter.to].into_iter().flat_map(|party| {
        let owner = party.owner.as_ref();
        [party.team.as_deref(), owner.and_then(|one| one.name.as_deref()), owner.and_then(|one| one.email.as_deref())]
    });
    let known = matter.known.values().filter_map(Json::as_str);
    let said: Vec<&str> = [label].into_iter().chain(owners.flatten()).chain(known).collect();
    found.extend(plain(MATTER, label, &said.join("\n")));
    let Some(brief) = brief else { return found };
    for field in &route.fields {
        let Some(told) = brief.fields.find(&field.key) else { continue };
        let value = match told.state {
            FieldState::Found => wording::value_text(field, &told.value),
            FieldState::NotApplicable => format!("does not apply: {}", told.reason.as_deref().unwrap_or_default()),
            _ => continue,
        };
        let whence = whence(told);
        let passages = plain(&field_spot(&field.key), label, &format!("{}: {value}", field.label));
        found.extend(passages.into_iter().map(|passage| Passage {
            source: whence.0.clone(),
            author: whence.1.clone(),
            at: told.at.or_else(|| told.evidence.first().and_then(|evidence| evidence.at)),
            ..passage
        }));
    }
    for (spot, text) in prose(&brief.summary) {
        found.extend(plain(&format!("summary.{spot}"), label, &text));
    }
    found
}

/// Where a field's value comes from: the source, and whose word it is.
fn whence(told: &FieldBrief) -> (Option<String>, Option<String>) {
    match (&told.by, told.evidence.first(), &told.record) {
        (Some(by), ..) => (None, Some(by.clone())),
        (None, Some(evidence), _) => (Some(evidence.source.clone()), evidence.author.clone()),
        (None, None, Some(record)) => (Some(record.source.clone()), None),
        (None, None, None) => (None, None),
    }
}

fn plain(spot: &str, label: &str, text: &str) -> Vec<Passage> {
    let passage = |(part, body)| Passage {
        kind: PassageKind::Brief,
        spot: spot.to_owned(),
        part,
        source: None,
        author: None,
        at: None,
        head: label.to_owned(),
        body,
    };
    (0..).zip(cut(text)).map(passage).collect()
}

/// The statements of the prose, by their places in it.
fn prose(summary: &Summary) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    all.extend(summary.headline.iter().map(|one| ("headline".to_owned(), one.text.clone())));
    let lists = [
        ("situation", &summary.situation),
        ("decisions", &summary.decisions),
        ("risks", &summary.risks),
        ("open_questions", &summary.open_questions),
    ];
    for (name, list) in lists {
        all.extend(list.iter().enumerate().map(|(place, one)| (format!("{name}.{place}"), one.text.clone())));
    }
    let promises = summary.promises.iter().enumerate();
    all.extend(promises.map(|(place, one)| (format!("promises.{place}"), one.text.clone())));
    all
}
