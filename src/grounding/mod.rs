//! Is the quote there, and does it support the value? Readers make claims;
//! this module believes none of them. A quote must stand in a message, from
//! token border to token border, and the value must be read from those words
//! by code, in a sentence that does not deny, condition, question or merely
//! report it.

mod agreement;
mod company;
mod concepts;
mod correction;
mod counts;
mod evidence;
mod exclusions;
mod excuses;
mod matching;
mod meanings;
mod mistrust;
mod offers;
mod prose;
mod reading;
mod relocation;
mod rescue;
mod restating;
mod shifted;
mod signed;
mod speaker;
mod strangers;
mod support;
mod surroundings;
mod things;
mod tie;

use std::sync::OnceLock;

pub use evidence::evidence_of;
pub use mistrust::mistrust;
pub use prose::support_prose;
pub use support::{Grounded, Grounder, Standing};

use crate::brief::Tier;
use crate::claim::Citation;
use crate::conversation::{Conversation, Message, MessageId, Segment};
use crate::language::{Doubt, Reach, Sentence, SentenceBook, Token, doubts, token_hash, tokens};

/// A quote found in a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    pub message: MessageId,
    /// Byte offset into the message's text; start and end are both 0 for tier `author`.
    pub start: usize,
    /// Byte offset one past the end.
    pub end: usize,
    /// Where the part that opens the quote ends: `end`, unless the quote leaves something out.
    pub opening_end: usize,
    pub tier: Tier,
    /// What the rest of the sentence does to the quote.
    pub doubts: Vec<Doubt>,
}

impl Match {
    /// Whether the quote may stand as evidence without a person's eye.
    pub fn verified(&self) -> bool {
        self.tier != Tier::Near && self.doubts.is_empty()
    }
}

/// A conversation made ready for looking quotes up. Tokens of a message and
/// the index over all messages are built when first needed, so that a true
/// quote costs a substring search and nothing else.
pub struct Index<'a> {
    conversation: &'a Conversation,
    messages: Vec<OnceLock<Tokenised>>,
    sentences: Vec<OnceLock<SentenceBook>>,
    relocation: OnceLock<relocation::Table>,
    strangers: OnceLock<strangers::Strangers>,
}

/// A message's tokens with their hashes.
pub(crate) struct Tokenised {
    pub tokens: Vec<Token>,
    pub hashes: Vec<u64>,
}

impl Tokenised {
    fn new(text: &str) -> Self {
        let tokens = tokens(text);
        let hashes = tokens.iter().map(|token| token_hash(token.text(text))).collect();
        Tokenised { tokens, hashes }
    }
}

impl<'a> Index<'a> {
    pub fn new(conversation: &'a Conversation) -> Self {
        Index {
            conversation,
            messages: conversation.messages.iter().map(|_| OnceLock::new()).collect(),
            sentences: conversation.messages.iter().map(|_| OnceLock::new()).collect(),
            relocation: OnceLock::new(),
            strangers: OnceLock::new(),
        }
    }

    pub fn conversation(&self) -> &'a Conversation {
        self.conversation
    }

    /// Looks a citation up: in the cited message first, by ever looser rules, then elsewhere. `None` when the words are nowhere.
    pub fn check(&self, citation: &Citation) -> Option<Match> {
        let quote = trim_quote(&citation.quote);
        if quote.is_empty() {
            return None;
        }
        let position = self.position(citation.message);
        let here = position.and_then(|at| self.check_message(at, quote, citation.at));
        here.or_else(|| self.check_elsewhere(position, quote))
    }

    fn check_message(&self, at: usize, quote: &str, hint: Option<usize>) -> Option<Match> {
        let message = &self.conversation.messages[at];
        if let Some(span) = matching::exact(message, quote, hint).filter(|span| !message.is_ours_at(span.0)) {
            return Some(self.judged(message, span, Tier::Exact));
        }
        let is_whole_ours = message.segments.iter().all(|segment| segment.same_as == Some(MessageId::OURS));
        if is_author(message, quote) && (message.segments.is_empty() || !is_whole_ours) {
            return Some(self.judged(message, (0, 0), Tier::Author));
        }
        let (span, opening_end, tier) = matching::loose(message, self.tokenised(at), quote)?;
        // What Baton wrote itself is nobody's word.
        if message.is_ours_at(span.0) {
            return None;
        }
        Some(Match { opening_end, ..self.judged(message, span, tier) })
    }

    fn check_elsewhere(&self, cited: Option<usize>, quote: &str) -> Option<Match> {
        let table = self.relocation.get_or_init(|| relocation::Table::new(self.conversation, |at| self.tokenised(at)));
        let (at, span) = table.find(quote, cited, |at| self.tokenised(at), self.conversation)?;
        Some(self.judged(&self.conversation.messages[at], span, Tier::Relocated))
    }

    fn judged(&self, message: &Message, span: (usize, usize), tier: Tier) -> Match {
        let doubts = if tier == Tier::Author { Vec::new() } else { self.doubts_around(message, span, Reach::Outside) };
        Match { message: message.id, start: span.0, end: span.1, opening_end: span.1, tier, doubts }
    }

    /// The doubts cast on a span of a message by the sentences it touches.
    pub(crate) fn doubts_around(&self, message: &Message, span: (usize, usize), reach: Reach) -> Vec<Doubt> {
        let first = self.sentence_around(message, span.0);
        let last = if span.1 <= first.end {
            first
        } else {
            self.sentence_around(message, span.1.saturating_sub(1).max(span.0))
        };
        if first == last {
            return doubts(&message.text, (first.start, first.end), span, reach);
        }
        let mut found = doubts(&message.text, (first.start, first.end), (span.0, first.end), reach);
        found.extend(doubts(&message.text, (last.start, last.end), (last.start, span.1), reach));
        found.sort();
        found.dedup();
        found
    }

    /// The sentence around a byte offset of a message, inside its segment.
    pub(crate) fn sentence_around(&self, message: &Message, at: usize) -> Sentence {
        let part = segment_around(message, at).map_or((0, message.text.len()), |segment| (segment.start, segment.end));
        let book = self.position(message.id).and_then(|position| self.sentences.get(position)).map(|cell| {
            cell.get_or_init(|| {
                let parts = message.segments.iter().map(|segment| (segment.start, segment.end));
                let whole = message.segments.is_empty().then_some((0, message.text.len()));
                SentenceBook::new(&message.text, parts.chain(whole))
            })
        });
        book.map_or(Sentence { start: part.0, end: part.1 }, |book| book.around(&message.text, part, at))
    }

    pub(crate) fn position(&self, id: MessageId) -> Option<usize> {
        let guess = (id.0 as usize).wrapping_sub(1);
        let messages = &self.conversation.messages;
        match messages.get(guess) {
            Some(message) if message.id == id => Some(guess),
            _ => messages.iter().position(|message| message.id == id),
        }
    }

    /// Who is named here and is not what this handoff is about.
    pub(crate) fn strangers(&self) -> &strangers::Strangers {
        self.strangers.get_or_init(|| strangers::Strangers::new(self.conversation))
    }

    pub(crate) fn tokenised(&self, at: usize) -> &Tokenised {
        self.messages[at].get_or_init(|| Tokenised::new(&self.conversation.messages[at].text))
    }
}

/// The segment that holds a byte offset.
pub(crate) fn segment_around(message: &Message, at: usize) -> Option<&Segment> {
    let index = message.segments.partition_point(|segment| segment.end <= at);
    message.segments.get(index).filter(|segment| segment.start <= at)
}

/// A reader's quote without the marks and spaces it was wrapped in.
fn trim_quote(quote: &str) -> &str {
    let blank = |c: char| {
        c.is_whitespace()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
    };
    let mut trimmed = quote.trim_matches(blank);
    // A quoting mark or bullet that the reader put before the words; before a number it is a sign.
    while let Some(rest) =
        trimmed.strip_prefix(['>', '-', '•', '*', '–']).filter(|rest| rest.starts_with(char::is_whitespace))
    {
        let rest = rest.trim_start();
        if rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '$' | '€' | '£')) {
            break;
        }
        trimmed = rest;
    }
    let pairs = [('"', '"'), ('“', '”'), ('\'', '\''), ('‘', '’'), ('«', '»'), ('`', '`'), ('„', '“')];
    for (open, close) in pairs {
        if let Some(inner) = trimmed.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
            && !inner.is_empty()
            && !inner.contains(close)
        {
            return inner.trim();
        }
    }
    trimmed
}

fn is_author(message: &Message, quote: &str) -> bool {
    let author = &message.author;
    author.name.as_deref() == Some(quote) || author.address.as_deref() == Some(quote)
}
