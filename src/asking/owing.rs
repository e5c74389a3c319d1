//! What a forced transfer left open, as the one who takes the work reads it:
//! what is missing, who owes it until when, and who let it pass and why.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::letters::{Item, LONG, SHORT, short};
use crate::route::Route;
use crate::wording;

/// One thing that is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owing<'a> {
    /// A field by its label, a source by its name, or what could not be read.
    pub what: &'a str,
    /// Who owes it.
    pub who: Option<&'a str>,
    pub due: Option<Timestamp>,
    question: &'a str,
}

impl<'a> Owing<'a> {
    /// A debt as the handoff keeps it.
    pub fn of(debt: &'a Json, route: &'a Route) -> Owing<'a> {
        let question = debt["question"].as_str().unwrap_or_default();
        let what = match (debt["field"].as_str(), debt["source"].as_str()) {
            (Some(key), _) => route.field(key).map_or(key, |field| field.label.as_str()),
            (None, Some(source)) => source,
            (None, None) => question,
        };
        let owner = &debt["owner"];
        let who = ["name", "email", "role"].into_iter().find_map(|key| owner[key].as_str());
        let due = debt["due"].as_str().and_then(|due| due.parse::<Timestamp>().ok());
        Owing { what, who, due, question }
    }
}

/// What is owed, as a message lists it.
pub(super) fn owed(debts: &[Json], route: &Route) -> Vec<Item> {
    let item = |debt| {
        let owing = Owing::of(debt, route);
        Item {
            label: format!("Still open: {}", short(owing.what, SHORT)),
            text: short(&wording::owed_by(owing.who, owing.due), LONG),
            why: short(owing.question, LONG),
            ..Item::default()
        }
    };
    debts.iter().map(item).collect()
}

/// Who let the work pass although something is open, and why.
pub(super) fn allowed(debts: &[Json]) -> Option<String> {
    let first = debts.first()?;
    let approver = short(first["approver"].as_str()?, SHORT);
    Some(format!("{approver} answers for that and said why: “{}”", short(first["reason"].as_str()?, LONG)))
}
