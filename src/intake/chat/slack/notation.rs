//! Slack's way of writing (its documentation calls it mrkdwn, "Formatting text
//! for app surfaces"): mentions, links, channels and dates in angle brackets,
//! and three entities.

use jiff::Timestamp;

use crate::intake::draft::Collected;
use crate::intake::markup;

/// Text as people see it, with the names behind its ids.
pub(super) fn render(text: &str, known: &Collected) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (before, from) = rest.split_at(at);
        markup::push_decoded(&mut out, before);
        let Some(end) = memchr::memchr(b'>', from.as_bytes()) else {
            rest = from;
            break;
        };
        push_reference(&mut out, from.get(1..end).unwrap_or_default(), known);
        rest = from.get(end + 1..).unwrap_or_default();
    }
    markup::push_decoded(&mut out, rest);
    out
}

/// Literal text in the notation, so that [`render`] gives it back.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
}

fn push_reference(out: &mut String, reference: &str, known: &Collected) {
    let (target, label) = reference.split_once('|').map_or((reference, None), |(target, label)| (target, Some(label)));
    let label = label.filter(|label| !label.is_empty());
    if let Some(id) = target.strip_prefix('@') {
        let name = known.members.get(id).and_then(|member| member.name.as_deref()).or(label).unwrap_or(id);
        out.push('@');
        out.push_str(name.trim_start_matches('@'));
    } else if let Some(id) = target.strip_prefix('#') {
        let name = known.channels.get(id).and_then(|channel| channel.name.as_deref());
        out.push('#');
        out.push_str(label.or(name).unwrap_or(id));
    } else if let Some(command) = target.strip_prefix('!') {
        push_command(out, command, label);
    } else {
        push_link(out, target.strip_prefix("mailto:").unwrap_or(target), label);
    }
}

/// `here`, `subteam^S1`, `date^1772528400^{date}`.
fn push_command(out: &mut String, command: &str, label: Option<&str>) {
    if let Some(label) = label {
        markup::push_decoded(out, label);
        return;
    }
    let (name, value) = command.split_once('^').unwrap_or((command, ""));
    let value = value.split('^').next().unwrap_or_default();
    match (name, value.parse::<i64>().ok().and_then(|second| Timestamp::from_second(second).ok())) {
        ("date", Some(at)) => out.push_str(&at.to_string()),
        ("subteam", _) => {
            out.push('@');
            out.push_str(value);
        }
        _ => {
            out.push('@');
            out.push_str(name);
        }
    }
}

fn push_link(out: &mut String, target: &str, label: Option<&str>) {
    match label.filter(|label| !target.contains(label)) {
        Some(label) => {
            markup::push_decoded(out, label);
            out.push_str(" (");
            markup::push_decoded(out, target);
            out.push(')');
        }
        None => markup::push_decoded(out, target),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::draft::{Channel, Member};

    fn check(text: &str, expected: &str) {
        let mut known = Collected::default();
        known.members.insert("U1".into(), Member { name: Some("Dana Whitfield".into()), ..Member::default() });
        known.channels.insert("C2".into(), Channel { name: Some("sales".into()), members: Vec::new() });
        assert_eq!(render(text, &known), expected, "{text}");
    }

    #[test]
    fn renders_what_people_see() {
        check("<@U1> and <@U2> &amp; <@U3|al>", "@Dana Whitfield and @U2 & @al");
        check("<#C1|deal-northwind> <#C2> <#C3> <!here>", "#deal-northwind #sales #C3 @here");
        check("<!subteam^S1|@ops> <!subteam^S1> <!channel>", "@ops @S1 @channel");
        check(
            "<!date^1772528400^{date_short}|Mar 3, 2026> <!date^1772528400^{date}>",
            "Mar 3, 2026 2026-03-03T09:00:00Z",
        );
        check("<https://x.example/a|the plan>", "the plan (https://x.example/a)");
        check("<https://x.example|x.example> <mailto:d@n.example|d@n.example>", "https://x.example d@n.example");
        check("5 &lt; 6 &gt; 4 < 3", "5 < 6 > 4 < 3");
        check("<@<@U1>> <>", "@<@U1> ");
    }

    #[test]
    fn escapes_so_that_rendering_gives_it_back() {
        let mut out = String::new();
        push_escaped(&mut out, "a <@U1> & b > c");
        check(&out, "a <@U1> & b > c");
    }
}
