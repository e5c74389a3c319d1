//! Where sources say a value that a person gave: the sentence out of which
//! code reads it again. Numbers and choices stand everywhere, so a sentence
//! must speak of the field to count for them.

use serde_json::Value as Json;

use crate::brief::{Evidence, FieldBrief, FieldState, Origin, Tier};
use crate::conversation::{Conversation, SegmentKind};
use crate::eval::equality::words;
use crate::eval::evidence::is_supported;
use crate::language::{fold, sentences, tokens};
use crate::route::Field;
use crate::value::{Kind, Participant};

/// Sentences that are looked at; a longer conversation is searched in part, newest first.
const MOST_SENTENCES: usize = 20_000;

/// The sentences that show a value: one for a value, one for each item of a list. `None` when any of it is shown nowhere.
pub(super) fn find(field: &Field, value: &Json, place: (&Conversation, &[Participant])) -> Option<Vec<Evidence>> {
    let items: Vec<&Json> = match value {
        Json::Array(items) => items.iter().collect(),
        one => vec![one],
    };
    let mut found: Vec<Evidence> = Vec::new();
    for item in items {
        let shown = find_one(field, item, place)?;
        if !found.contains(&shown) {
            found.push(shown);
        }
    }
    (!found.is_empty()).then_some(found)
}

fn find_one(field: &Field, item: &Json, place: (&Conversation, &[Participant])) -> Option<Evidence> {
    let value = if field.list { Json::Array(vec![item.clone()]) } else { item.clone() };
    let is_short = matches!(field.kind, Kind::Number | Kind::Duration | Kind::Enum(_) | Kind::Bool);
    let mut second = None;
    for evidence in all_sentences(place.0) {
        let speaks = speaks_of(field, &evidence.quote);
        if (!speaks && (is_short || second.is_some())) || !shows(field, &value, item, &evidence, place) {
            continue;
        }
        match speaks {
            true => return Some(evidence),
            false => second = Some(evidence),
        }
    }
    second
}

fn shows(
    field: &Field,
    value: &Json,
    item: &Json,
    evidence: &Evidence,
    place: (&Conversation, &[Participant]),
) -> bool {
    // Of a name or a text all words must stand together; a first name alone may be anybody's.
    if let (Kind::Text | Kind::LongText | Kind::Person | Kind::Team | Kind::Url, Some(text)) =
        (&field.kind, item.as_str())
    {
        let (said, wanted) = (words(&evidence.quote), words(text));
        return !wanted.is_empty() && said.windows(wanted.len()).any(|window| window == wanted);
    }
    let brief = FieldBrief {
        state: FieldState::Found,
        value: value.clone(),
        origin: Some(Origin::Source),
        evidence: vec![evidence.clone()],
        ..FieldBrief::default()
    };
    is_supported(field, &brief, place) == Some(true)
}

/// Whether a sentence holds one of the field's cues or the words of its label.
fn speaks_of(field: &Field, sentence: &str) -> bool {
    let said = folded(sentence);
    let holds = |words: Vec<String>| !words.is_empty() && said.windows(words.len()).any(|window| window == words);
    field.cues.iter().chain(std::iter::once(&field.label)).any(|cue| holds(folded(cue)))
}

fn folded(text: &str) -> Vec<String> {
    tokens(text).iter().map(|token| fold(token.text(text)).to_string()).collect()
}

/// Every sentence as evidence, the newest message first, what is only repeated left out.
fn all_sentences(conversation: &Conversation) -> impl Iterator<Item = Evidence> {
    let messages = conversation.messages.iter().rev();
    let all = messages.flat_map(move |message| {
        let segments = message
            .segments
            .iter()
            .filter(|segment| segment.same_as.is_none() && segment.kind != SegmentKind::Signature);
        segments.flat_map(move |segment| {
            let speaker = conversation.speaker(message, segment);
            let at = conversation.said_at(message, segment);
            let source = conversation.document(&message.document).map(|document| document.source.clone());
            sentences(&message.text, segment.start, segment.end).into_iter().map(move |sentence| Evidence {
                source: source.clone().unwrap_or_default(),
                message: message.id,
                quote: sentence.text(&message.text).to_owned(),
                start: Some(sentence.start),
                end: Some(sentence.end),
                author: speaker.label().map(str::to_owned),
                at,
                tier: Tier::Exact,
            })
        })
    });
    all.take(MOST_SENTENCES)
}
