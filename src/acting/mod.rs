//! What a route does when work moves, made ready to be sent: every blank
//! filled in from the handoff, for the place it goes to. Decides nothing and
//! sends nothing; the same serves a transfer, a dry run and a test.

mod example;
mod filling;

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::asking::{self, Handed, Person, Words, write_handed};
use crate::brief::FieldMap;
use crate::handoff::{HandoffId, Matter, Member};
use crate::route::{Action, Asked, Route, SlackTo, Way};

pub use example::Example;

/// What actions tell of: one handoff at the moment it moves.
#[derive(Debug, Clone)]
pub struct Occasion<'a> {
    pub handoff: &'a HandoffId,
    pub external_id: Option<&'a str>,
    /// What it is called in messages.
    pub name: &'a str,
    /// The handoff's version after the move.
    pub version: i64,
    pub route: &'a Route,
    pub matter: &'a Matter,
    pub fields: &'a FieldMap,
    /// The id of the pass.
    pub pass: &'a str,
    pub at: Timestamp,
    /// Somebody took the responsibility for what is still open.
    pub is_forced: bool,
    /// What that is, as the handoff keeps it.
    pub debts: &'a [Json],
    /// Nothing really moves: it is tried out, or the key is one for trying out.
    pub is_test: bool,
    pub needed_by: Option<String>,
}

/// An action, ready to leave.
#[derive(Debug, Clone, PartialEq)]
pub enum Ready {
    Post {
        url: String,
        body: Json,
    },
    Message {
        person: Person,
        words: Box<Words>,
    },
    /// It cannot leave.
    Nobody {
        problem: String,
    },
}

/// Fills an action in. `to` takes the place of whoever the route names.
pub fn prepare(action: &Action, occasion: &Occasion, to: Option<Person>) -> Ready {
    let person = match &action.way {
        Way::Webhook { url, body } => {
            return Ready::Post { url: url.clone(), body: filling::body(body.as_ref(), (&action.name, occasion)) };
        }
        Way::Email { to: role, .. } => to.or_else(|| by_mail(role, occasion.matter)),
        Way::Slack { to: place, .. } => to.or_else(|| by_slack(place, occasion.matter)),
    };
    match person {
        Some(person) => Ready::Message { words: Box::new(words(&action.way, occasion)), person },
        None => Ready::Nobody { problem: nobody(&action.way) },
    }
}

/// The message in the forms of its way: a form that it does not have cannot be sent.
fn words(way: &Way, occasion: &Occasion) -> Words {
    let (subject, text) = match way {
        Way::Email { subject, text, .. } => (subject.as_ref(), text.as_ref()),
        Way::Slack { text, .. } => (None, text.as_ref()),
        Way::Webhook { .. } => (None, None),
    };
    let is_to_channel = matches!(way, Way::Slack { to: SlackTo::Channel(_), .. });
    let owner = occasion.matter.to.owner.as_ref().and_then(label);
    let words = write_handed(&Handed {
        route: occasion.route,
        name: occasion.name,
        // A channel is told that it happened; who needs the values has them elsewhere, or in the route's own words.
        fields: (!is_to_channel).then_some(occasion.fields),
        subject: subject.map(|template| filling::text(template, occasion)),
        text: text.map(|template| filling::text(template, occasion)),
        is_to_receiver: way.is_to_receiver(),
        is_forced: occasion.is_forced,
        debts: if is_to_channel { &[] } else { occasion.debts },
        is_test: occasion.is_test,
        owner: owner.as_deref(),
        needed_by: occasion.needed_by.clone().filter(|_| way.is_to_receiver()),
    });
    match way {
        Way::Slack { .. } => Words { html: String::new(), ..words },
        _ => Words { blocks: Json::Null, ..words },
    }
}

fn label(member: &Member) -> Option<String> {
    member.name.clone().or_else(|| member.email.clone()).filter(|label| !label.trim().is_empty())
}

fn by_mail(role: &Asked, matter: &Matter) -> Option<Person> {
    asking::resolve(&word(role), matter).filter(|person| person.email.is_some())
}

fn by_slack(to: &SlackTo, matter: &Matter) -> Option<Person> {
    match to {
        SlackTo::Role(role) => asking::resolve(&word(role), matter).filter(|person| person.slack.is_some()),
        SlackTo::Member(id) => Some(in_slack("member", id)),
        SlackTo::Channel(id) => Some(in_slack("channel", id)),
    }
}

/// Somebody, or a channel, by Slack's id.
pub fn in_slack(role: &str, id: &str) -> Person {
    Person { role: role.to_owned(), name: None, email: None, slack: Some(id.to_owned()) }
}

fn word(role: &Asked) -> String {
    match role {
        Asked::Sender => "sender".to_owned(),
        Asked::Receiver => "receiver".to_owned(),
        Asked::Owner => "owner".to_owned(),
        Asked::Address(address) => address.clone(),
    }
}

fn nobody(way: &Way) -> String {
    let (role, what) = match way {
        Way::Email { to, .. } => (word(to), "address for mail"),
        Way::Slack { to: SlackTo::Role(role), .. } => (word(role), "id in Slack"),
        _ => return "nobody is named".to_owned(),
    };
    format!("of the {role} no {what} is known")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::handoff::Party;

    const ROUTE: &str = r#"
id: sales-to-onboarding
fields:
  - {key: customer_name, type: text}
  - {key: go_live_date, type: date}
  - {key: note, type: text}
on_transfer:
  - name: board
    webhook:
      url: https://hooks.acme.example/x
      body: {title: "{{title}}", live: "{{fields.go_live_date}}", note: "{{fields.note}}", deep: [1, {by: "{{from_owner}} & co"}]}
  - {name: whole, webhook: {url: "https://hooks.acme.example/y"}}
  - {name: mail, email: {subject: "{{title}} is here", text: "Live on {{fields.go_live_date}}.\n\n{{link}}"}}
  - {name: room, slack: {channel: C024BE91L, text: "<!channel> {{title}}"}}
  - {name: chat, slack: {}}
"#;

    fn check(name: &str, is_test: bool, look: impl Fn(&Ready)) {
        let route = crate::route::load("x.yaml", ROUTE).expect("a route");
        let made = Example::of(&route);
        let member = |name: &str, email: &str| Member {
            name: Some(name.to_owned()),
            email: Some(email.to_owned()),
            slack: None,
        };
        let matter = Matter {
            from: Party { team: None, owner: Some(member("Marcus \"Lee\"", "marcus@acme.example")) },
            to: Party { team: None, owner: Some(member("Priya Raman", "priya@acme.example")) },
            ..Matter::default()
        };
        let mut fields = made.fields.clone();
        fields.0.retain(|(key, _)| key != "note");
        let id = HandoffId("hnd_1".to_owned());
        let occasion = Occasion {
            handoff: &id,
            external_id: Some("crm:1"),
            name: "North\r\nwind <b>&",
            version: 5,
            route: &route,
            matter: &matter,
            fields: &fields,
            pass: "pass_1",
            at: "2026-03-03T12:00:00Z".parse().expect("a time"),
            is_forced: false,
            debts: &[],
            is_test,
            needed_by: None,
        };
        let action = route.on_transfer.iter().find(|action| action.name == name).expect("an action");
        look(&prepare(action, &occasion, None));
    }

    #[test]
    fn bodies_are_json_whatever_stands_in_the_values() {
        check("board", false, |ready| {
            let Ready::Post { body, .. } = ready else { panic!("{ready:?}") };
            let expected = json!({"title": "North wind <b>&", "live": "1 July 2026", "note": null,
                                  "deep": [1, {"by": "Marcus \"Lee\" & co"}]});
            assert_eq!(*body, expected);
        });
        check("board", true, |ready| {
            let Ready::Post { body, .. } = ready else { panic!("{ready:?}") };
            assert_eq!(body["test"], true);
        });
        check("whole", false, |ready| {
            let Ready::Post { body, .. } = ready else { panic!("{ready:?}") };
            assert_eq!(body["data"]["fields"]["go_live_date"], "2026-07-01", "{body}");
            assert_eq!(
                (&body["type"], &body["action"], &body["data"]["pass"]),
                (&json!("action.begun"), &json!("whole"), &json!("pass_1"))
            );
            assert!(body.get("test").is_none());
        });
    }

    #[test]
    fn messages_have_the_form_of_their_way() {
        check("mail", false, |ready| {
            let Ready::Message { person, words } = ready else { panic!("{ready:?}") };
            assert_eq!(person.email.as_deref(), Some("priya@acme.example"));
            assert_eq!(words.subject, "North wind <b>& is here");
            assert!(
                words.text.contains("Live on 1 July 2026.\n") && words.text.contains(asking::LINK),
                "{}",
                words.text
            );
            assert!(words.html.contains("&#60;b&#62;") || words.html.contains("&lt;b&gt;"), "{}", words.html);
            assert!(words.blocks.is_null());
        });
        check("mail", true, |ready| {
            let Ready::Message { words, .. } = ready else { panic!("{ready:?}") };
            assert!(words.subject.starts_with("[Test] ") && words.text.contains("This is a test"));
        });
        check("room", false, |ready| {
            let Ready::Message { person, words } = ready else { panic!("{ready:?}") };
            assert_eq!(person.slack.as_deref(), Some("C024BE91L"));
            let blocks = words.blocks.to_string();
            assert!(blocks.contains("&lt;!channel&gt;") && !blocks.contains("button"), "{blocks}");
            assert!(words.html.is_empty());
        });
        check("chat", false, |ready| {
            let Ready::Nobody { problem } = ready else { panic!("{ready:?}") };
            assert_eq!(problem, "of the receiver no id in Slack is known");
        });
    }
}
