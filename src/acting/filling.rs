//! Blanks filled in: as text, or inside JSON, where a blank that stands alone
//! and has no value is `null`.

use serde_json::{Map, Value as Json, json};

use super::{Occasion, label};
use crate::asking::LINK;
use crate::brief::FieldState;
use crate::handoff::{EventKind, Party};
use crate::rendering::clean;
use crate::route::{Blank, Body, Part, TEST_KEY, Template};
use crate::wording::{state_label, value_text};

/// A template as text. Values stand on one line each; the words of the route keep theirs.
pub(super) fn text(template: &Template, occasion: &Occasion) -> String {
    let part = |part: &Part| match part {
        Part::Words(words) => words.clone(),
        Part::Blank(blank) => match (value(blank, occasion), blank) {
            (Some(text), _) => text,
            (None, Blank::Field(key)) => state_label(state(key, occasion)).to_owned(),
            (None, _) => String::new(),
        },
    };
    template.parts.iter().map(part).collect()
}

/// The body of a POST: the route's own, or the whole handoff.
pub(super) fn body(own: Option<&Body>, (action, occasion): (&str, &Occasion)) -> Json {
    let mut body = match own {
        Some(body) => filled(body, occasion),
        None => whole(action, occasion),
    };
    if let (true, Some(body)) = (occasion.is_test, body.as_object_mut()) {
        body.insert(TEST_KEY.to_owned(), json!(true));
    }
    body
}

fn filled(body: &Body, occasion: &Occasion) -> Json {
    match body {
        Body::Plain(value) => value.clone(),
        Body::Text(template) => match template.sole_blank() {
            Some(blank) => value(blank, occasion).map_or(Json::Null, Json::String),
            None => Json::String(text(template, occasion)),
        },
        Body::List(items) => items.iter().map(|item| filled(item, occasion)).collect(),
        Body::Object(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.clone(), filled(value, occasion))).collect())
        }
    }
}

/// What is sent where the route says nothing of it.
fn whole(action: &str, occasion: &Occasion) -> Json {
    let party = |party: &Party, team: &str| {
        let owner = party.owner.as_ref().map(|owner| json!({"name": owner.name, "email": owner.email}));
        json!({"team": team, "owner": owner})
    };
    let found = occasion.fields.iter().filter(|(_, field)| field.state == FieldState::Found);
    let fields: Map<String, Json> = found.map(|(key, field)| (key.to_owned(), field.value.clone())).collect();
    let route = occasion.route;
    json!({
        "type": EventKind::ActionBegun, "timestamp": occasion.at, "action": action,
        "data": {
            "id": occasion.handoff, "external_id": occasion.external_id, "title": occasion.name, "status": "transferred",
            "version": occasion.version, "route": {"id": route.id, "version": route.version},
            "from": party(&occasion.matter.from, &route.from_team), "to": party(&occasion.matter.to, &route.to_team),
            "pass": occasion.pass, "break_glass": occasion.is_forced, "fields": fields,
        },
    })
}

/// What stands in a blank, on one line but for the brief; nothing where nothing is known.
fn value(blank: &Blank, occasion: &Occasion) -> Option<String> {
    let route = occasion.route;
    let owner = |party: &Party| party.owner.as_ref().and_then(label);
    let text = match blank {
        Blank::Title => occasion.name.to_owned(),
        Blank::Handoff => occasion.handoff.0.clone(),
        Blank::ExternalId => occasion.external_id?.to_owned(),
        Blank::Route => route.id.clone(),
        Blank::RouteTitle => route.title.clone(),
        Blank::FromTeam => route.from_team.clone(),
        Blank::ToTeam => route.to_team.clone(),
        Blank::FromOwner => owner(&occasion.matter.from)?,
        Blank::ToOwner => owner(&occasion.matter.to)?,
        Blank::Pass => occasion.pass.to_owned(),
        Blank::MovedAt => occasion.at.to_string(),
        Blank::Brief => return Some(brief(occasion)),
        // Filled in when the message leaves: no key lies in the database.
        Blank::Link => LINK.to_owned(),
        Blank::Field(key) => of_field(key, occasion)?,
    };
    Some(clean(&text)).filter(|text| !text.is_empty())
}

fn state(key: &str, occasion: &Occasion) -> FieldState {
    occasion.fields.find(key).map(|field| field.state).unwrap_or_default()
}

fn of_field(key: &str, occasion: &Occasion) -> Option<String> {
    let found = occasion.fields.find(key).filter(|found| found.state == FieldState::Found)?;
    Some(value_text(occasion.route.field(key)?, &found.value))
}

/// Every value, a line each, in the order of the route.
fn brief(occasion: &Occasion) -> String {
    let line = |field: &crate::route::Field| {
        let text = of_field(&field.key, occasion)?;
        Some(format!("{}: {}", clean(&field.label), clean(&text)))
    };
    occasion.route.fields.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}
