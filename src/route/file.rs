//! Loads a route file: YAML to a [`Route`], or every mistake at once.

use jiff::SignedDuration;

use super::actions::read_actions;
use super::conditions::check_fields;
use super::field::{Drafted, read_asked, read_field};
use super::kinds::spell_out;
use super::mistake::{Mistake, Severity};
use super::reader::{Reader, Section};
use super::withheld::read_withheld;
use super::yaml::{self, Content, Node};
use super::{Asked, Limits, Owners, Retention, Route, Trigger};

const ROUTE_KEYS: [&str; 12] = [
    "id",
    "version",
    "title",
    "from",
    "to",
    "trigger",
    "owners",
    "limits",
    "retention",
    "redact",
    "on_transfer",
    "fields",
];
/// More fields than anybody would read; keeps the checks across fields cheap.
const MOST_FIELDS: usize = 500;
/// What is kept for less is gone before people have answered what they were asked about it.
const LEAST_RETENTION: SignedDuration = SignedDuration::from_hours(24);

/// Reads a route. `name` is the file's name for messages. The error holds every mistake and hint in the order of the file.
pub fn load(name: &str, text: &str) -> Result<Route, Vec<Mistake>> {
    let (route, mistakes) = read(name, text);
    match route {
        Some(route) if mistakes.iter().all(|mistake| mistake.severity == Severity::Hint) => Ok(route),
        _ => Err(mistakes),
    }
}

/// Every mistake and hint in a route file, in the order of the file.
pub fn check(name: &str, text: &str) -> Vec<Mistake> {
    read(name, text).1
}

fn read(name: &str, text: &str) -> (Option<Route>, Vec<Mistake>) {
    let mut reader = Reader::new(name);
    let (root, faults) = yaml::parse(text);
    for fault in faults {
        reader.error(fault.place, fault.message, fault.mend);
    }
    let route = root.and_then(|root| read_route(&mut reader, &root));
    let mut mistakes = reader.mistakes;
    mistakes.sort_by_key(|mistake| (mistake.line, mistake.column, mistake.severity));
    mistakes.dedup();
    (route, mistakes)
}

fn read_route(reader: &mut Reader<'_>, root: &Node) -> Option<Route> {
    let section = reader.section(root, "", &ROUTE_KEYS)?;
    let id = read_id(reader, &section);
    let version = read_version(reader, &section);
    let title = reader.text_at(&section, "title");
    let named = |id: &Option<String>| {
        id.as_deref().and_then(|id| id.split_once("-to-")).map(|(a, b)| (a.to_string(), b.to_string()))
    };
    let (sender, receiver) = named(&id).unwrap_or_else(|| ("sender".to_string(), "receiver".to_string()));
    let from_team = read_team(reader, &section, "from").unwrap_or(sender);
    let to_team = read_team(reader, &section, "to").unwrap_or(receiver);
    let trigger = read_trigger(reader, &section);
    let owners = read_owners(reader, &section);
    let limits = read_limits(reader, &section);
    let retention = read_retention(reader, &section);
    let redact = read_withheld(reader, &section);
    let drafted = read_fields(reader, &section);
    check_fields(reader, &drafted);
    let on_transfer = read_actions(reader, &section, &drafted);
    let id = id?;
    Some(Route {
        title: title.unwrap_or_else(|| spell_out(&id)),
        id,
        version,
        from_team,
        to_team,
        trigger,
        owners,
        limits,
        retention,
        redact,
        on_transfer,
        fields: drafted.into_iter().map(|draft| draft.field).collect(),
        cues: Default::default(),
        kept: Default::default(),
    })
}

fn read_id(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<String> {
    let Some(node) = section.find("id") else {
        reader.error(section.place, "id: the route has no id", "write for example `id: sales-to-onboarding`");
        return None;
    };
    let id = reader.text(node, "id")?;
    if id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        return Some(id);
    }
    let words: Vec<String> = id
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let fixed = if words.is_empty() { "sales-to-onboarding".to_string() } else { words.join("-") };
    reader.error(
        node.place,
        format!("id: '{id}' is no id"),
        format!("write `id: {fixed}` (small letters, digits and -)"),
    );
    None
}

fn read_version(reader: &mut Reader<'_>, section: &Section<'_>) -> u32 {
    let Some(node) = section.find("version") else { return 1 };
    if let Content::Number(Some(number), _) = &node.content
        && let Ok(version @ 1..) = u32::try_from(*number)
    {
        return version;
    }
    reader.error(
        node.place,
        format!("version: this must be a whole number from 1, it is {}", node.describe()),
        "write `version: 1`, and one more after each change",
    );
    1
}

fn read_team(reader: &mut Reader<'_>, section: &Section<'_>, key: &str) -> Option<String> {
    let node = section.find(key)?;
    if let Content::Text(team) = &node.content {
        reader.error(
            node.place,
            format!("{key}: this is text, not a mapping"),
            format!("write `{key}: {{team: {}}}`", team.trim()),
        );
        return None;
    }
    let team = reader.section(node, key, &["team"])?;
    if team.find("team").is_none() {
        reader.error(team.place, format!("{key}: no team is named"), format!("write `{key}: {{team: sales}}`"));
    }
    reader.text_at(&team, "team")
}

fn read_trigger(reader: &mut Reader<'_>, section: &Section<'_>) -> Trigger {
    let Some(node) = section.find("trigger") else { return Trigger::default() };
    let Some(trigger) = reader.section(node, "trigger", &["event", "description"]) else { return Trigger::default() };
    Trigger { event: reader.text_at(&trigger, "event"), description: reader.text_at(&trigger, "description") }
}

fn read_owners(reader: &mut Reader<'_>, section: &Section<'_>) -> Owners {
    let mut owners = Owners { next_action: Asked::Receiver, failure: None };
    let Some(node) = section.find("owners") else { return owners };
    let Some(section) = reader.section(node, "owners", &["next_action", "failure"]) else { return owners };
    if let Some(next) = read_asked(reader, &section, "next_action", &["sender", "receiver"]) {
        owners.next_action = next;
    }
    owners.failure = read_asked(reader, &section, "failure", &["sender", "receiver"]);
    owners
}

fn read_limits(reader: &mut Reader<'_>, section: &Section<'_>) -> Limits {
    let Some(node) = section.find("limits") else { return Limits::default() };
    let Some(limits) = reader.section(node, "limits", &["fill_gaps", "accept", "model"]) else {
        return Limits::default();
    };
    Limits {
        fill_gaps: reader.duration_at(&limits, "fill_gaps"),
        accept: reader.duration_at(&limits, "accept"),
        model: reader.duration_at(&limits, "model"),
    }
}

fn read_retention(reader: &mut Reader<'_>, section: &Section<'_>) -> Retention {
    let Some(node) = section.find("retention") else { return Retention::default() };
    let Some(section) = reader.section(node, "retention", &["sources", "briefs"]) else { return Retention::default() };
    let retention =
        Retention { sources: reader.duration_at(&section, "sources"), briefs: reader.duration_at(&section, "briefs") };
    for (key, age) in [("sources", retention.sources), ("briefs", retention.briefs)] {
        if age.is_some_and(|age| age < LEAST_RETENTION) {
            reader.error(
                section.key_place(key).unwrap_or(section.place),
                format!("retention.{key}: shorter than a day"),
                "keep it for a day (1d) or longer: people need time to answer before what they are asked about is gone",
            );
        }
    }
    if retention.briefs.zip(retention.sources).is_some_and(|(briefs, sources)| briefs < sources) {
        reader.error(
            section.place,
            "retention: the briefs go before the sources they were made of",
            "keep `briefs` at least as long as `sources`",
        );
    }
    retention
}

fn read_fields(reader: &mut Reader<'_>, section: &Section<'_>) -> Vec<Drafted> {
    let items = reader.items_at(section, "fields");
    let is_given = section.find("fields").is_some_and(|node| !matches!(node.content, Content::Sequence(_)));
    if items.is_empty() && !is_given {
        let place = section.key_place("fields").unwrap_or(section.place);
        reader.error(
            place,
            "fields: the route asks for nothing",
            "write `fields:` and a line `- {key: customer_name, type: text, required: true}`",
        );
    }
    if let Some(beyond) = items.get(MOST_FIELDS) {
        reader.error(
            beyond.place,
            format!("fields: more than {MOST_FIELDS} fields"),
            "ask for less, or split the route",
        );
    }
    items.iter().take(MOST_FIELDS).enumerate().filter_map(|(index, item)| read_field(reader, item, index)).collect()
}
