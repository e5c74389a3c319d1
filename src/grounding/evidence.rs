//! Evidence as it stands in the brief: words cut from the source at the place
//! where a quote was found, with their author and time, never the reader's.

use crate::brief::{Evidence, Tier};
use crate::claim::Citation;
use crate::conversation::Message;

use super::{Index, Match, segment_around};

/// The evidence for a match, as it stands in the brief.
pub fn evidence_of(index: &Index, citation: &Citation, found: &Match) -> Option<Evidence> {
    let position = index.position(found.message)?;
    let message = &index.conversation().messages[position];
    let source =
        index.conversation().document(&message.document).map_or_else(String::new, |document| document.source.clone());
    if found.tier == Tier::Author {
        let author = message.author.label().map(str::to_owned);
        return Some(Evidence {
            source,
            message: message.id,
            quote: own_name(message, &citation.quote),
            start: None,
            end: None,
            author,
            at: message.at,
            tier: found.tier,
        });
    }
    let segment = segment_around(message, found.start);
    let author = segment.map_or(&message.author, |segment| index.conversation().speaker(message, segment));
    Some(Evidence {
        source,
        message: message.id,
        quote: message.text.get(found.start..found.end)?.to_owned(),
        start: Some(found.start),
        end: Some(found.end),
        author: author.label().map(str::to_owned),
        at: segment.map_or(message.at, |segment| index.conversation().said_at(message, segment)),
        tier: found.tier,
    })
}

/// The author's name or address as the message has it, whichever the reader quoted.
pub(super) fn own_name(message: &Message, quote: &str) -> String {
    let quoted = |text: &&String| quote.contains(text.as_str());
    let author = &message.author;
    author.name.iter().find(quoted).or(author.address.iter().find(quoted)).cloned().unwrap_or_default()
}
