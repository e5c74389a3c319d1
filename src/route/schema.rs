//! The JSON Schema of a route file, for editors that complete and check while
//! somebody writes. What a schema cannot say (names in conditions, words that
//! stand twice) only `check` finds.

use serde_json::{Value, json};

use super::kinds::TYPE_NAMES;
use super::withheld::Withheld;

const DURATION: &str = "^[0-9]+[smhdw]$";
const ADDRESS: &str = "^[^\\s@<>,;\"]+@[^\\s@<>,;\"]+\\.[^\\s@<>,;\"]+$";

/// JSON Schema 2020-12 of a route file.
pub fn json_schema() -> Value {
    let text = |description: &str| json!({"type": "string", "minLength": 1, "description": description});
    let duration = |description: &str| json!({"type": "string", "pattern": DURATION, "description": description});
    let team = |description: &str| {
        json!({
            "type": "object", "description": description, "additionalProperties": false, "required": ["team"],
            "properties": {"team": text("The team's name.")}
        })
    };
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Baton route",
        "description": "What one receiving team needs before work may move to it.",
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "fields"],
        "properties": {
            "id": {"type": "string", "pattern": "^[a-z0-9-]+$", "description": "Small letters, digits and -; never changes."},
            "version": {"type": "integer", "minimum": 1, "default": 1, "description": "One more after each change."},
            "title": text("The name people read; made from the id when left out."),
            "from": team("The team that hands over."),
            "to": team("The team that receives and owns this file."),
            "trigger": {
                "type": "object", "additionalProperties": false, "description": "What starts the handoff.",
                "properties": {"event": text("The event's name, for example deal.closed_won."), "description": text("The event in words.")}
            },
            "owners": {
                "type": "object", "additionalProperties": false,
                "description": "Who acts next and who is told when the handoff fails.",
                "properties": {
                    "next_action": asked(&["sender", "receiver"], "Who acts next; the receiver when left out."),
                    "failure": asked(&["sender", "receiver"], "Who is told when the handoff fails.")
                }
            },
            "limits": {
                "type": "object", "additionalProperties": false,
                "description": "Time limits: a whole number and s, m, h, d or w.",
                "properties": {
                    "fill_gaps": duration("For the sender to fill the gaps."),
                    "accept": duration("For the receiver to accept."),
                    "model": duration("For a model to read the context.")
                }
            },
            "retention": {
                "type": "object", "additionalProperties": false,
                "description": "How long what came in is kept: a whole number and s, m, h, d or w, a day at least. Without it nothing goes by itself.",
                "properties": {
                    "sources": duration("Raw context, from when it came in."),
                    "briefs": duration("The whole handoff, from its last change.")
                }
            },
            "redact": {
                "type": "array", "items": {"enum": Withheld::ALL.map(Withheld::name)},
                "description": "What is taken out of the text before a model sees it, and put back into the brief."
            },
            "on_transfer": super::actions::schema(asked(&["receiver", "sender"], "Who gets it; the receiver when left out.")),
            "fields": {
                "type": "array", "minItems": 1, "maxItems": 500, "items": field(),
                "description": "What the receiving team needs to know, in the order of the brief."
            }
        }
    })
}

fn asked(roles: &[&str], description: &str) -> Value {
    json!({
        "description": format!("{description} {} or an e-mail address.", roles.join(", ")),
        "anyOf": [{"enum": roles}, {"type": "string", "pattern": ADDRESS}]
    })
}

fn field() -> Value {
    let text = |description: &str| json!({"type": "string", "minLength": 1, "description": description});
    let flag = |description: &str| json!({"type": "boolean", "default": false, "description": description});
    let cel = "CEL over the keys of the fields";
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["key", "type"],
        "not": {"required": ["required", "required_when"]},
        "if": {"properties": {"type": {"const": "enum"}}, "required": ["type"]},
        "then": {"required": ["values"]},
        "else": {"properties": {"values": false}},
        "properties": {
            "key": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "description": "The field's name in briefs and conditions; never changes."},
            "label": text("The name people read; made from the key when left out."),
            "description": text("What counts as the value and what does not, for people and for a model."),
            "question": text("The question a person can answer in one go."),
            "type": {"enum": TYPE_NAMES, "description": "What a value is."},
            "values": {
                "type": "array", "minItems": 1, "description": "The choices of an enum; nothing else is a value.",
                "items": {
                    "type": "object", "additionalProperties": false, "required": ["id"],
                    "properties": {
                        "id": text("The value as it stands in the brief."),
                        "aliases": {"type": "array", "items": text("A word or words."), "description": "Other words for it in the sources."}
                    }
                }
            },
            "list": flag("There may be several values."),
            "required": flag("The handoff waits for it."),
            "required_when": text(&format!("The handoff waits for it when this holds: {cel}, today and now.")),
            "rules": {
                "type": "array", "description": "What must hold for a value; a broken rule makes it invalid.",
                "items": {
                    "type": "object", "additionalProperties": false, "required": ["assert", "message"],
                    "properties": {
                        "assert": text(&format!("{cel}, value (the field's own), today and now.")),
                        "message": text("What a person reads when the rule is broken.")
                    }
                }
            },
            "specific": flag("A vague answer is a gap."),
            "said_by": {"enum": ["any", "theirs", "ours"], "default": "any", "description": "Whose word counts: theirs is the other side."},
            "stale_after": {"type": "string", "pattern": DURATION, "description": "Evidence older than this is stale, for example 30d."},
            "allow": {
                "type": "array", "items": {"enum": ["not_applicable", "unknown"]},
                "description": "What a named person may answer instead of a value."
            },
            "ask": asked(&["sender", "receiver", "owner"], "Who is asked when it is missing; the sender when left out."),
            "cues": {"type": "array", "items": text("A word or words."), "description": "Words near which the value tends to stand."},
            "map": {
                "type": "object", "additionalProperties": {"type": "string", "minLength": 1},
                "description": "The property that holds it, by CRM: hubspot: go_live_date."
            }
        }
    })
}
