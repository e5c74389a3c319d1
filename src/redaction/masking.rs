//! A conversation as a model may see it: every word that leaves, names and
//! addresses of authors and subjects too, with marks in place of what the route
//! withholds. Ids and order are as they were.

use std::borrow::Cow;

use super::finding::find;
use super::ledger::Ledger;
use super::marks::Mark;
use crate::conversation::{Author, Conversation, Message};
use crate::route::Withheld;

/// What a model is shown, and the way back.
#[derive(Debug)]
pub struct Masked<'a> {
    pub conversation: Cow<'a, Conversation>,
    pub ledger: Ledger,
}

/// Masks a conversation; the same conversation gives the same marks.
pub fn mask<'a>(conversation: &'a Conversation, kinds: &[Withheld]) -> Masked<'a> {
    let mut ledger = Ledger::new(kinds);
    if kinds.is_empty() {
        return Masked { conversation: Cow::Borrowed(conversation), ledger };
    }
    for message in &conversation.messages {
        texts(message).for_each(|text| ledger.avoid(text));
    }
    let mut masked = conversation.clone();
    // What is not in messages is not shown, and has no business here.
    masked.record.clear();
    for message in &mut masked.messages {
        hide_message(message, &mut ledger);
    }
    Masked { conversation: Cow::Owned(masked), ledger }
}

/// The last look at what is about to leave: what still has one of the forms loses it for good, since nobody can say
/// what it stood for. In a masked text there is nothing left to find.
pub fn blank<'t>(text: &'t str, kinds: &[Withheld]) -> Cow<'t, str> {
    let found = find(text, kinds);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut left = String::with_capacity(text.len());
    let mut done = 0;
    for finding in found {
        left.push_str(text.get(done..finding.start).unwrap_or_default());
        // No value has the number zero.
        left.push_str(&Mark { kind: finding.kind, number: 0, spelling: 0 }.to_string());
        done = finding.end;
    }
    left.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(left)
}

fn texts(message: &Message) -> impl Iterator<Item = &str> {
    let authors = message.segments.iter().filter_map(|segment| segment.author.as_ref()).chain([&message.author]);
    let named = authors.flat_map(|author| [author.name.as_deref(), author.address.as_deref()]).flatten();
    named.chain(message.subject.as_deref()).chain([message.text.as_str()])
}

fn hide_author(author: &mut Author, ledger: &mut Ledger) {
    for text in [&mut author.name, &mut author.address].into_iter().flatten() {
        *text = ledger.hide(text);
    }
}

/// Segment by segment, since a model is shown segments: nothing that was found reaches over their ends.
fn hide_message(message: &mut Message, ledger: &mut Ledger) {
    hide_author(&mut message.author, ledger);
    if let Some(subject) = &mut message.subject {
        *subject = ledger.hide(subject);
    }
    let mut text = String::with_capacity(message.text.len());
    let mut done = 0;
    for segment in &mut message.segments {
        if let Some(author) = &mut segment.author {
            hide_author(author, ledger);
        }
        let start = segment.start.max(done);
        let (between, words) = (message.text.get(done..start), message.text.get(start..segment.end));
        text.push_str(&ledger.hide(between.unwrap_or_default()));
        segment.start = text.len();
        // A segment that is no part of the text shows nothing.
        if let Some(words) = words {
            text.push_str(&ledger.hide(words));
            done = segment.end;
        }
        segment.end = text.len();
    }
    text.push_str(&ledger.hide(message.text.get(done..).unwrap_or_default()));
    message.text = text;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{MessageId, Segment, SegmentKind, Side};

    fn segment(kind: SegmentKind, (start, end): (usize, usize)) -> Segment {
        Segment { kind, start, end, author: None, at: None, same_as: None }
    }

    fn conversation(text: &str, segments: Vec<Segment>) -> Conversation {
        let message = Message {
            id: MessageId(1),
            document: "d1".to_owned(),
            author: Author {
                name: Some("+49 170 1234567".to_owned()),
                address: Some("dana@x.example".to_owned()),
                side: Side::Theirs,
            },
            at: None,
            zone: None,
            subject: Some("Mail to dana@x.example".to_owned()),
            reply_to: None,
            text: text.to_owned(),
            segments,
        };
        Conversation { messages: vec![message], ..Conversation::default() }
    }

    #[test]
    fn all_that_leaves_is_masked_and_segments_stay_in_place() {
        let text = "Write dana@x.example.\n\n> tom@x.example said so\n";
        let mut quote = segment(SegmentKind::Quote, (23, 46));
        quote.author = Some(Author { name: None, address: Some("tom@x.example".to_owned()), side: Side::Unknown });
        let told = conversation(text, vec![segment(SegmentKind::Body, (0, 21)), quote]);
        let masked = mask(&told, &Withheld::ALL);
        let message = &masked.conversation.messages[0];
        let words: Vec<&str> = message.segments.iter().map(|one| &message.text[one.start..one.end]).collect();
        assert_eq!(words, ["Write [EMAIL-1].", "> [EMAIL-2] said so"]);
        assert_eq!(message.author.label(), Some("[PHONE-1]"));
        assert_eq!(message.author.address.as_deref(), Some("[EMAIL-1]"));
        assert_eq!(message.subject.as_deref(), Some("Mail to [EMAIL-1]"));
        assert_eq!(message.segments[1].author.as_ref().and_then(Author::label), Some("[EMAIL-2]"));
        assert_eq!(masked.ledger.restore(&message.text).as_deref(), Some(text));
    }

    #[test]
    fn nothing_is_touched_where_nothing_is_withheld() {
        let told = conversation("Write dana@x.example.", vec![segment(SegmentKind::Body, (0, 21))]);
        assert!(matches!(mask(&told, &[]).conversation, Cow::Borrowed(_)));
        let masked = mask(&told, &[Withheld::Card]);
        assert_eq!(masked.conversation.messages, told.messages);
    }

    #[test]
    fn segments_that_lie_are_harmless() {
        let text = "é dana@x.example";
        for (start, end) in [(1, 4), (0, 99), (9, 3), (50, 60), (5, 12)] {
            let told = conversation(
                text,
                vec![segment(SegmentKind::Body, (start, end)), segment(SegmentKind::Body, (0, text.len()))],
            );
            let masked = mask(&told, &Withheld::ALL);
            let message = &masked.conversation.messages[0];
            assert!(message.segments.iter().all(|one| message.text.get(one.start..one.end).is_some()), "{message:?}");
        }
    }

    #[test]
    fn the_last_look_leaves_nothing() {
        assert_eq!(blank("to dana@x.example, [EMAIL-1]", &[Withheld::Email]), "to [EMAIL-0], [EMAIL-1]");
        assert!(matches!(blank("to [EMAIL-1]", &Withheld::ALL), Cow::Borrowed(_)));
    }
}
