//! What a route does when work moves: a list of actions, each with a name and
//! one of the ways by which it leaves. Read here with every mistake in its
//! place; further ways get a further key beside these.

mod written;

use std::collections::HashSet;

use serde_json::{Value as Json, json};

use super::Asked;
use super::field::{Drafted, read_asked};
use super::reader::{Reader, Section};
use super::template::{Blank, Template};
use super::yaml::{Content, Node, Place};

pub(super) use written::{schema, to_json};

/// More actions than anybody would follow.
const MOST_ACTIONS: usize = 20;
const LONGEST_NAME: usize = 40;
const LONGEST_URL: usize = 2_000;
const WAYS: [&str; 3] = ["webhook", "email", "slack"];
/// A key of a body that Baton sets itself, where something is tried out.
pub const TEST_KEY: &str = "test";

/// One thing that is done when work moves.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// Small letters, digits and `-`; by this name it is seen and tried again.
    pub name: String,
    pub way: Way,
}

/// How an action leaves.
#[derive(Debug, Clone, PartialEq)]
pub enum Way {
    /// A signed POST. Without a body of its own it carries the whole handoff.
    Webhook {
        url: String,
        body: Option<Body>,
    },
    Email {
        to: Asked,
        subject: Option<Template>,
        text: Option<Template>,
    },
    Slack {
        to: SlackTo,
        text: Option<Template>,
    },
}

/// Where a message in Slack goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlackTo {
    /// The sender or the receiver.
    Role(Asked),
    /// Slack's id of a person.
    Member(String),
    /// Slack's id of a channel.
    Channel(String),
}

/// JSON whose texts are templates.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    Text(Template),
    Plain(Json),
    List(Vec<Body>),
    Object(Vec<(String, Body)>),
}

impl Way {
    pub fn name(&self) -> &'static str {
        match self {
            Way::Webhook { .. } => "webhook",
            Way::Email { .. } => "email",
            Way::Slack { .. } => "slack",
        }
    }

    /// Whether it goes to the one who is to take the work.
    pub fn is_to_receiver(&self) -> bool {
        matches!(self, Way::Email { to: Asked::Receiver, .. } | Way::Slack { to: SlackTo::Role(Asked::Receiver), .. })
    }
}

pub(super) fn read_actions(reader: &mut Reader<'_>, section: &Section<'_>, fields: &[Drafted]) -> Vec<Action> {
    let items = reader.items_at(section, "on_transfer");
    if let Some(beyond) = items.get(MOST_ACTIONS) {
        reader.error(
            beyond.place,
            format!("on_transfer: more than {MOST_ACTIONS} actions"),
            "do less, or let one system pass it on",
        );
    }
    let keys: Vec<&str> = fields.iter().map(|draft| draft.field.key.as_str()).collect();
    let mut names = HashSet::new();
    let mut actions = Vec::new();
    for (index, item) in items.iter().take(MOST_ACTIONS).enumerate() {
        let path = format!("on_transfer[{index}]");
        let Some(section) = reader.section(item, &path, &["name", "webhook", "email", "slack"]) else { continue };
        let name = read_name(reader, &section);
        let way = read_way(reader, &section, &keys);
        if let Some(name) = &name
            && !names.insert(name.clone())
        {
            let place = section.find("name").map_or(section.place, |node| node.place);
            reader.error(place, format!("{path}.name: '{name}' stands twice"), "give every action a name of its own");
        }
        actions.extend(name.zip(way).map(|(name, way)| Action { name, way }));
    }
    actions
}

fn read_name(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<String> {
    let Some(node) = section.find("name") else {
        let message = format!("{}: the action has no name", section.path);
        reader.error(section.place, message, "write for example `name: tell-receiver`");
        return None;
    };
    let name = reader.text(node, &section.path_of("name"))?;
    let is_good = name.len() <= LONGEST_NAME
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if is_good {
        return Some(name);
    }
    let message = format!("{}: '{name}' is no name", section.path_of("name"));
    reader.error(node.place, message, format!("write small letters, digits and -, at most {LONGEST_NAME}"));
    None
}

fn read_way(reader: &mut Reader<'_>, section: &Section<'_>, keys: &[&str]) -> Option<Way> {
    let given: Vec<(&str, &Node)> = WAYS.into_iter().filter_map(|way| Some((way, section.find(way)?))).collect();
    let [(way, node)] = given.as_slice() else {
        let message = match given.len() {
            0 => format!("{}: it says nothing of what is done", section.path),
            _ => format!("{}: it does several things", section.path),
        };
        reader.error(section.place, message, format!("write one of {} for each action", WAYS.join(", ")));
        return None;
    };
    let path = section.path_of(way);
    match *way {
        "webhook" => read_webhook(reader, (node, &path), keys),
        "email" => read_email(reader, (node, &path), keys),
        _ => read_slack(reader, (node, &path), keys),
    }
}

fn read_webhook(reader: &mut Reader<'_>, (node, path): (&Node, &str), keys: &[&str]) -> Option<Way> {
    let section = reader.section(node, path, &["url", "body"])?;
    let Some(place) = section.find("url").map(|node| node.place) else {
        reader.error(
            section.place,
            format!("{path}: no address is named"),
            "write `url: https://hooks.acme.example/handoffs`",
        );
        return None;
    };
    let url = reader.text_at(&section, "url")?;
    if let Err(mend) = check_url(&url) {
        reader.error(place, format!("{path}.url: this is no address that can be written to"), mend);
        return None;
    }
    let body = match section.find("body") {
        None => None,
        Some(node) if matches!(node.content, Content::Mapping(_)) => {
            Some(read_body(reader, (node, &section.path_of("body")), keys)?)
        }
        Some(node) => {
            let message = format!("{path}.body: this is {}, not a mapping", node.describe());
            reader.error(node.place, message, "write `body: {text: \"{{title}} was handed over\"}`");
            return None;
        }
    };
    Some(Way::Webhook { url, body })
}

/// Whether the address has the form of one. Whether it may be written to is seen when the route is published and again
/// whenever something is sent.
fn check_url(text: &str) -> Result<(), &'static str> {
    let example = "write an address such as https://hooks.acme.example/handoffs, without blanks in it";
    let parsed = url::Url::parse(text).map_err(|_| example)?;
    let is_plain = !text.chars().any(|letter| letter.is_whitespace() || letter.is_control() || "\\{}".contains(letter));
    let is_web = matches!(parsed.scheme(), "http" | "https") && parsed.has_host();
    if is_plain && is_web && text.len() <= LONGEST_URL { Ok(()) } else { Err(example) }
}

fn read_body(reader: &mut Reader<'_>, (node, path): (&Node, &str), keys: &[&str]) -> Option<Body> {
    match &node.content {
        Content::Null => Some(Body::Plain(Json::Null)),
        Content::Bool(flag) => Some(Body::Plain(json!(flag))),
        Content::Number(Some(whole), _) => Some(Body::Plain(json!(whole))),
        Content::Number(None, spelled) => {
            let number = spelled.parse().ok().and_then(serde_json::Number::from_f64);
            Some(Body::Plain(number.map_or_else(|| json!(spelled), Json::Number)))
        }
        Content::Text(text) => read_template(reader, (node, text, path), (keys, false)).map(Body::Text),
        Content::Sequence(items) => {
            let mut read = Vec::with_capacity(items.len());
            // All of them are looked at, so that every mistake is told.
            for (index, item) in items.iter().enumerate() {
                read.push(read_body(reader, (item, &format!("{path}[{index}]")), keys));
            }
            read.into_iter().collect::<Option<_>>().map(Body::List)
        }
        Content::Mapping(_) => {
            let section = reader.section(node, path, &[])?;
            let mut read = Vec::new();
            for (name, key, value) in section.entries() {
                if *name == TEST_KEY && !path.contains(".body.") && path.ends_with(".body") {
                    let message = format!("{path}.{TEST_KEY}: Baton sets this key itself where something is tried out");
                    reader.error(key.place, message, "give it another name");
                }
                read.push(
                    read_body(reader, (value, &format!("{path}.{name}")), keys).map(|body| ((*name).to_owned(), body)),
                );
            }
            read.into_iter().collect::<Option<_>>().map(Body::Object)
        }
        Content::Unreadable => {
            reader.error(node.place, format!("{path}: this is {}", node.describe()), "nest less deep");
            None
        }
    }
}

fn read_email(reader: &mut Reader<'_>, (node, path): (&Node, &str), keys: &[&str]) -> Option<Way> {
    let section = reader.section(node, path, &["to", "subject", "text"])?;
    let to = match section.find("to") {
        None => Asked::Receiver,
        Some(_) => read_asked(reader, &section, "to", &["receiver", "sender"])?,
    };
    let subject = template_at(reader, (&section, "subject"), (keys, false));
    let text = template_at(reader, (&section, "text"), (keys, to == Asked::Receiver));
    Some(Way::Email { to, subject: subject?, text: text? })
}

fn read_slack(reader: &mut Reader<'_>, (node, path): (&Node, &str), keys: &[&str]) -> Option<Way> {
    let section = reader.section(node, path, &["person", "channel", "text"])?;
    let to = match (section.find("person"), section.find("channel")) {
        (None, None) => SlackTo::Role(Asked::Receiver),
        (Some(_), Some(channel)) => {
            reader.error(channel.place, format!("{path}: it names a person and a channel"), "keep one of the two");
            return None;
        }
        (Some(node), None) => {
            let text = reader.text_at(&section, "person")?;
            match text.as_str() {
                "receiver" => SlackTo::Role(Asked::Receiver),
                "sender" => SlackTo::Role(Asked::Sender),
                id if is_slack_id(id, &["U", "W"]) => SlackTo::Member(text),
                _ => {
                    let message = format!("{path}.person: '{text}' is nobody in Slack");
                    reader.error(node.place, message, "write receiver, sender, or an id such as U024BE7LH");
                    return None;
                }
            }
        }
        (None, Some(node)) => {
            let text = reader.text_at(&section, "channel")?;
            if !is_slack_id(&text, &["C", "G", "D"]) {
                let message = format!("{path}.channel: '{text}' is no id of a channel");
                reader.error(
                    node.place,
                    message,
                    "write its id, such as C024BE91L: Slack shows it at the end of the channel's details",
                );
                return None;
            }
            SlackTo::Channel(text)
        }
    };
    let is_to_receiver = to == SlackTo::Role(Asked::Receiver);
    let text = template_at(reader, (&section, "text"), (keys, is_to_receiver));
    Some(Way::Slack { to, text: text? })
}

fn is_slack_id(text: &str, begins: &[&str]) -> bool {
    begins.iter().any(|letter| text.starts_with(letter))
        && (2..=32).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// The template under a key: nothing when there is none, `None` when it cannot be used.
fn template_at(
    reader: &mut Reader<'_>,
    (section, key): (&Section<'_>, &str),
    may: (&[&str], bool),
) -> Option<Option<Template>> {
    let Some(node) = section.find(key) else { return Some(None) };
    let path = section.path_of(key);
    let text = reader.text(node, &path)?;
    read_template(reader, (node, &text, &path), may).map(Some)
}

/// A personal link goes to the receiver alone: `may_link` says whether that is so here.
fn read_template(
    reader: &mut Reader<'_>,
    (node, text, path): (&Node, &str, &str),
    (keys, may_link): (&[&str], bool),
) -> Option<Template> {
    match Template::read(text, keys) {
        Ok(template) if template.has(&Blank::Link) && !may_link => {
            let message = format!("{path}: a personal link goes to the receiver alone, in the text of a message");
            reader.error(node.place, message, "leave `{{link}}` out");
            None
        }
        Ok(template) => Some(template),
        Err(wrong) => {
            for one in wrong {
                let column = node.text_column.map_or(node.place.column, |column| column + one.at);
                reader.error(Place { line: node.place.line, column }, format!("{path}: {}", one.message), one.mend);
            }
            None
        }
    }
}
