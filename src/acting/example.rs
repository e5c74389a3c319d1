//! A handoff that is not there, for trying a route's actions out: a value of
//! its type in every field, and two people at an invented company.

use serde_json::{Value as Json, json};

use crate::brief::{FieldBrief, FieldMap, FieldState, Origin};
use crate::handoff::{HandoffId, Matter, Member, Party};
use crate::route::{Field, Route};
use crate::value::Kind;

/// Everything that an occasion needs of a handoff.
#[derive(Debug, Clone)]
pub struct Example {
    pub handoff: HandoffId,
    pub name: &'static str,
    pub external_id: &'static str,
    pub pass: String,
    pub matter: Matter,
    pub fields: FieldMap,
}

impl Example {
    /// An example for this route.
    pub fn of(route: &Route) -> Example {
        let nobody = "0".repeat(32);
        let member = |name: &str, email: &str, slack: &str| Member {
            name: Some(name.to_owned()),
            email: Some(email.to_owned()),
            slack: Some(slack.to_owned()),
        };
        let party = |team: &str, owner: Member| Party { team: Some(team.to_owned()), owner: Some(owner) };
        Example {
            handoff: HandoffId(format!("hnd_{nobody}")),
            name: "Northwind Logistics (an example)",
            external_id: "crm:deal:12345",
            pass: format!("pass_{nobody}"),
            matter: Matter {
                title: Some("Northwind Logistics (an example)".to_owned()),
                from: party(&route.from_team, member("Marcus Lee", "marcus@acme.example", "U024BE7LH")),
                to: party(&route.to_team, member("Priya Raman", "priya@acme.example", "U024BE7LK")),
                ..Matter::default()
            },
            fields: fields_of(route),
        }
    }
}

fn fields_of(route: &Route) -> FieldMap {
    let found = |field: &Field| FieldBrief {
        state: FieldState::Found,
        value: if field.list { json!([value(&field.kind)]) } else { value(&field.kind) },
        origin: Some(Origin::Crm),
        ..FieldBrief::default()
    };
    crate::route::Ordered(route.fields.iter().map(|field| (field.key.clone(), found(field))).collect())
}

/// A value of this type, as it stands in a brief.
fn value(kind: &Kind) -> Json {
    match kind {
        Kind::Text | Kind::LongText => json!("An example"),
        Kind::Date => json!("2026-07-01"),
        Kind::DateTime => json!("2026-07-01T09:00:00Z"),
        Kind::Duration => json!("P14D"),
        Kind::Money => json!({"amount": "86400", "currency": "USD"}),
        Kind::Number => json!(120),
        Kind::Email => json!("dana@northwind.example"),
        Kind::Phone => json!("+49 30 1234567"),
        Kind::Url => json!("https://northwind.example"),
        Kind::Person => json!("Dana Whitfield"),
        Kind::Team => json!("Operations"),
        Kind::Enum(choices) => json!(choices.first().map(|choice| choice.id.as_str()).unwrap_or("example")),
        Kind::Bool => json!(true),
    }
}
