//! Actions as they stand in a route file, and the part of its JSON Schema that
//! describes them.

use serde_json::{Map, Value as Json, json};

use super::{Action, Body, LONGEST_URL, MOST_ACTIONS, SlackTo, WAYS, Way};
use crate::route::Template;

/// An action as it stands in a route file.
pub(in crate::route) fn to_json(action: &Action) -> Json {
    let mut told = Map::new();
    let mut put = |key: &str, template: &Option<Template>| {
        if let Some(template) = template {
            told.insert(key.to_owned(), json!(template.text));
        }
    };
    match &action.way {
        Way::Webhook { url, body } => {
            told.insert("url".to_owned(), json!(url));
            told.extend(body.as_ref().map(|body| ("body".to_owned(), body_to_json(body))));
        }
        Way::Email { to, subject, text } => {
            put("subject", subject);
            put("text", text);
            told.insert("to".to_owned(), crate::route::json::asked(to));
        }
        Way::Slack { to, text } => {
            put("text", text);
            let (key, who) = match to {
                SlackTo::Role(role) => ("person", crate::route::json::asked(role)),
                SlackTo::Member(id) => ("person", json!(id)),
                SlackTo::Channel(id) => ("channel", json!(id)),
            };
            told.insert(key.to_owned(), who);
        }
    }
    json!({"name": action.name, action.way.name(): told})
}

fn body_to_json(body: &Body) -> Json {
    match body {
        Body::Text(template) => json!(template.text),
        Body::Plain(value) => value.clone(),
        Body::List(items) => items.iter().map(body_to_json).collect(),
        Body::Object(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.clone(), body_to_json(value))).collect())
        }
    }
}

/// The part of the JSON Schema that describes them.
pub(in crate::route) fn schema(asked: Json) -> Json {
    let template =
        |description: &str| json!({"type": "string", "minLength": 1, "maxLength": 20_000, "description": description});
    json!({
        "type": "array", "maxItems": MOST_ACTIONS, "description": "What is done when work moves, in this order.",
        "items": {
            "type": "object", "additionalProperties": false, "required": ["name"],
            "oneOf": WAYS.map(|way| json!({"required": [way]})),
            "properties": {
                "name": {"type": "string", "pattern": "^[a-z0-9-]{1,40}$", "description": "By this name it is seen and tried again."},
                "webhook": {
                    "type": "object", "additionalProperties": false, "required": ["url"], "description": "A signed POST.",
                    "properties": {
                        "url": {"type": "string", "pattern": "^https?://", "maxLength": LONGEST_URL, "description": "A public address, over https."},
                        "body": {"type": "object", "description": "What is sent, with blanks such as {{title}} in its texts; the whole handoff when left out."}
                    }
                },
                "email": {
                    "type": "object", "additionalProperties": false, "description": "A mail with the brief.",
                    "properties": {
                        "to": asked,
                        "subject": template("With blanks such as {{title}}."),
                        "text": template("What stands before the brief, with blanks such as {{fields.go_live_date}}.")
                    }
                },
                "slack": {
                    "type": "object", "additionalProperties": false, "description": "A message in Slack.",
                    "properties": {
                        "person": {"type": "string", "pattern": "^(receiver|sender|[UW][A-Z0-9]{1,31})$", "description": "receiver, sender, or Slack's id of a person; the receiver when neither is named."},
                        "channel": {"type": "string", "pattern": "^[CGD][A-Z0-9]{1,31}$", "description": "Slack's id of a channel."},
                        "text": template("What stands before the brief, with blanks.")
                    }
                }
            }
        }
    })
}
