//! Which route fits a conversation: by the cues of its fields, the properties
//! it maps and its own words. A proposal with reasons, never a decision.

use crate::conversation::Conversation;
use crate::route::Route;

/// A route that may fit, with why.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    pub route: String,
    pub title: String,
    /// 0 to 1: the share of the route's fields that the context speaks of, and of its own words that stand in it.
    pub score: f64,
    pub reasons: Vec<String>,
}

/// All routes, the best-fitting first.
pub fn propose(routes: &[Route], conversation: &Conversation, known: &[(String, String)]) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = routes.iter().map(|route| weigh(route, conversation, known)).collect();
    proposals.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.route.cmp(&b.route)));
    proposals
}

fn weigh(route: &Route, conversation: &Conversation, known: &[(String, String)]) -> Proposal {
    let book = route.cue_book();
    let mut spoken_of = vec![false; route.fields.len()];
    for message in &conversation.messages {
        for hit in book.find(&message.text).iter().filter(|hit| hit.tells()) {
            spoken_of[hit.field] = true;
        }
    }
    let labels: Vec<&str> = route
        .fields
        .iter()
        .zip(&spoken_of)
        .filter(|(_, spoken)| **spoken)
        .map(|(field, _)| field.label.as_str())
        .collect();
    let mapped = |name: &str| {
        route.fields.iter().any(|field| field.key == name || field.map.iter().any(|(_, property)| property == name))
    };
    let properties: Vec<&str> = conversation
        .record
        .keys()
        .map(String::as_str)
        .chain(known.iter().map(|(key, _)| key.as_str()))
        .filter(|name| mapped(name))
        .collect();
    let total = route.fields.len().max(1) as f64;
    let score = 0.7 * labels.len() as f64 / total + 0.3 * (properties.len() as f64 / total).min(1.0);
    let mut reasons = vec![match labels.len() {
        0 => "the context speaks of none of its fields".to_owned(),
        count => format!("the context speaks of {count} of its {} fields: {}", route.fields.len(), shown(&labels)),
    }];
    if !properties.is_empty() {
        reasons.push(format!("the record has {} of its properties: {}", properties.len(), shown(&properties)));
    }
    Proposal { route: route.id.clone(), title: route.title.clone(), score, reasons }
}

fn shown(names: &[&str]) -> String {
    let first: Vec<&str> = names.iter().take(5).copied().collect();
    let more = names.len().saturating_sub(5);
    match more {
        0 => first.join(", "),
        _ => format!("{} and {more} more", first.join(", ")),
    }
}
