//! What Baton wrote itself and what comes back as a source: its mails, quoted
//! in replies or saved, and its briefs, saved and sent along. They only say
//! again what other sources said, or ask, so that none of it is evidence:
//! else a guess of ours would come back as somebody's word.

use std::collections::BTreeMap;

use super::draft::{Collected, Draft, Origin};
use crate::conversation::{DocumentKind, Envelope, Message, MessageId, SegmentKind};

/// The line at the foot of every mail of ours.
pub(crate) const SENT_BY: &str = "Sent by Baton, the gate between the two teams.";
/// What stands before a mail's own id at its foot.
const REFERENCE: &str = "Reference: ltr_";
/// Lines at the beginning in which a brief says of which route it is.
const HEAD_LINES: usize = 8;
/// What every brief has as JSON.
const JSON_KEYS: [&str; 6] = ["route", "engine", "verdict", "coverage", "fields", "gaps"];

/// Marks what mails of ours say, wherever they stand.
pub(super) fn mark_own(messages: &mut [Message], envelopes: &BTreeMap<MessageId, Envelope>) {
    for message in messages {
        let is_whole = envelopes.get(&message.id).is_some_and(|one| one.is_automatic) && is_letter(&message.text);
        let text = &message.text;
        for segment in &mut message.segments {
            let is_quoted = matches!(segment.kind, SegmentKind::Quote | SegmentKind::Forward);
            if is_whole || is_quoted && text.get(segment.start..segment.end).is_some_and(is_letter) {
                segment.same_as = Some(MessageId::OURS);
            }
        }
    }
}

fn is_letter(text: &str) -> bool {
    text.contains(SENT_BY) || text.contains(REFERENCE)
}

/// Whether a text is a brief as Baton writes it: as Markdown, as text for a screen, as JSON or as a page; or a page of the
/// service.
pub(super) fn is_brief(text: &str) -> bool {
    if text.starts_with('{') {
        return JSON_KEYS.iter().all(|key| text.contains(&format!("\"{key}\""))) && is_brief_json(text);
    }
    if text.starts_with('<') {
        let has_brief = text.contains("<main id=\"brief\"") && text.contains("href=\"#sources\">Skip to the sources");
        return has_brief || text.contains(" – Baton</title>") && text.contains("content=\"noindex, nofollow\"");
    }
    let bare = text.strip_prefix("# ").unwrap_or(text);
    if !bare.starts_with(['✓', '✗']) {
        return false;
    }
    let head: Vec<&str> = text.lines().take(HEAD_LINES).map(str::trim).collect();
    let head = head.join(" ");
    let version = head.split_once(" → ").and_then(|(_, rest)| rest.split_once(" · version "));
    version.is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Words may stand anywhere in a text; keys of a brief stand on top.
fn is_brief_json(text: &str) -> bool {
    let read = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text);
    read.is_ok_and(|object| JSON_KEYS.iter().all(|key| object.contains_key(*key)))
}

/// Takes a brief in without a word of it: what it rests on are the sources it was made from.
pub(super) fn read(origin: &Origin, collected: &mut Collected) {
    let told = "it was written by Baton and only repeats other sources: nothing in it counts; give those sources";
    collected.warn(&origin.source, "", told);
    let source = origin.source.clone();
    collected
        .add(origin, Draft { source, kind: DocumentKind::Note, format: "baton", title: None, messages: Vec::new() });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn briefs_are_known_by_how_they_begin() {
        for own in [
            "# ✓ Ready\n\n**Sales to onboarding** · sales → onboarding · version 1\n\n…",
            "✗ Not ready: 4 questions for\n  Marcus Lee\n  Sales to onboarding · sales →\n  onboarding · version 12\n",
        ] {
            assert!(is_brief(own), "{own}");
        }
        for other in [
            "✓ done\n✓ shipped",
            "✗ Sales → onboarding · version two",
            "# Notes\n✓ a → b · version 1",
            "<html><title>Baton</title>",
            "",
        ] {
            assert!(!is_brief(other), "{other}");
        }
        assert!(!is_brief(
            r#"{"route": 1, "engine": 1, "more": {"verdict": 1, "coverage": 1, "fields": 1, "gaps": 1}}"#
        ));
        assert!(is_brief(r#"{"route": 1, "engine": 1, "verdict": 1, "coverage": 1, "fields": 1, "gaps": []}"#));
    }
}
