//! The tiers by which a quote is matched inside one message, strictest first.
//! Sharp words (numbers, negations, modals, quantifiers, months, time words)
//! are never edited, added or dropped by any tier; a quote never begins or
//! ends inside a token; and nothing is matched across two segments.

use crate::brief::Tier;
use crate::conversation::Message;
use crate::language::{
    Token, fold, is_filler, is_name_word_stop, is_sharp_word, is_soft_filler, is_token_border, token_hash, tokens,
};

use super::{Tokenised, segment_around};

/// The fewest tokens with which anything looser than the very bytes is tried.
const FEWEST_LOOSE_TOKENS: usize = 4;
/// The most tokens: a longer quote must be the very bytes, or matching could be made to take its square.
const MOST_LOOSE_TOKENS: usize = 400;
/// The fewest tokens of each part of a quote with an ellipsis.
const FEWEST_PART_TOKENS: usize = 3;
/// The most source tokens that an ellipsis may leave out.
const MOST_GAP_TOKENS: usize = 40;

type Span = (usize, usize);

/// The very bytes, from token border to token border; the hinted place first.
pub(super) fn exact(message: &Message, quote: &str, hint: Option<usize>) -> Option<Span> {
    let text = &message.text;
    if let Some(at) = hint
        && at.checked_add(quote.len()).is_some_and(|end| text.get(at..end) == Some(quote))
        && stands_free(message, at, at + quote.len())
    {
        return Some((at, at + quote.len()));
    }
    memchr::memmem::find_iter(text.as_bytes(), quote.as_bytes()).map(|at| (at, at + quote.len())).find(|span| {
        text.is_char_boundary(span.0) && text.is_char_boundary(span.1) && stands_free(message, span.0, span.1)
    })
}

fn stands_free(message: &Message, start: usize, end: usize) -> bool {
    let text = &message.text;
    is_token_border(text, start)
        && is_token_border(text, end)
        && !follows_lone_sign(text, start)
        && in_one_segment(message, start, end)
}

/// A sign set apart from its number (`< 500`, `- 5 %`) still belongs to it.
fn follows_lone_sign(text: &str, start: usize) -> bool {
    let starts_number = text[start..].starts_with(|c: char| c.is_ascii_digit() || matches!(c, '$' | '€' | '£'));
    if !starts_number {
        return false;
    }
    let before = text[..start].trim_end_matches([' ', '\u{a0}']);
    let Some(sign) = before.chars().next_back() else { return false };
    if matches!(sign, '<' | '>' | '≤' | '≥' | '~' | '±' | '≈') {
        // `> 500` at the start of a line is a quoted mail, not a comparison.
        return sign != '>'
            || !before[..before.len() - 1].trim_end_matches([' ', '>']).ends_with('\n')
                && !before.trim_start_matches(['>', ' ']).is_empty();
    }
    let item = matches!(sign, '-' | '−' | '+')
        && before[..before.len() - sign.len_utf8()].trim_end_matches([' ', '\t']).ends_with(['\n', '>']);
    matches!(sign, '-' | '−' | '+') && !item && before.len() > sign.len_utf8()
}

fn in_one_segment(message: &Message, start: usize, end: usize) -> bool {
    message.segments.is_empty() || segment_around(message, start).is_some_and(|segment| end <= segment.end)
}

/// The looser tiers, for quotes long enough to be told apart: the span, where its opening part ends, the tier.
pub(super) fn loose(message: &Message, source: &Tokenised, quote: &str) -> Option<(Span, usize, Tier)> {
    if let Some(parts) = split_ellipsis(quote) {
        return ellipsis(message, source, &parts).map(|(span, opening_end)| (span, opening_end, Tier::Ellipsis));
    }
    let wanted = Wanted::new(quote);
    if !(FEWEST_LOOSE_TOKENS..=MOST_LOOSE_TOKENS).contains(&wanted.tokens.len()) {
        return None;
    }
    normalised(message, source, &wanted)
        .map(|span| (span, Tier::Normalised))
        .or_else(|| aligned(message, source, &wanted, Edits::None).map(|span| (span, Tier::Disfluency)))
        .or_else(|| aligned(message, source, &wanted, Edits::OneLetter).map(|span| (span, Tier::Near)))
        .map(|(span, tier)| (span, span.1, tier))
}

/// A quote cut into tokens.
pub(super) struct Wanted<'q> {
    text: &'q str,
    tokens: Vec<Token>,
    pub(super) hashes: Vec<u64>,
}

impl<'q> Wanted<'q> {
    pub(super) fn new(text: &'q str) -> Self {
        let tokens = tokens(text);
        let hashes = tokens.iter().map(|token| token_hash(token.text(text))).collect();
        Wanted { text, tokens, hashes }
    }

    fn word(&self, at: usize) -> &'q str {
        self.tokens.get(at).map_or("", |token| token.text(self.text))
    }
}

/// The same tokens in the same order, side by side.
pub(super) fn normalised(message: &Message, source: &Tokenised, wanted: &Wanted) -> Option<Span> {
    normalised_from(message, source, wanted, 0).map(|(first, last)| span_of(source, first, last))
}

/// The first place at or after token `from`; indices of the first and last token.
fn normalised_from(message: &Message, source: &Tokenised, wanted: &Wanted, from: usize) -> Option<(usize, usize)> {
    let length = wanted.hashes.len();
    if length == 0 || source.hashes.len() < length {
        return None;
    }
    (from..=source.hashes.len() - length)
        .filter(|at| source.hashes[*at] == wanted.hashes[0] && source.hashes[*at..at + length] == wanted.hashes[..])
        .find(|at| fits(message, source, wanted, *at))
        .map(|at| (at, at + length - 1))
}

/// Whether a run of equal tokens at `first` also keeps signs, segments and the ends of sentences.
pub(super) fn fits(message: &Message, source: &Tokenised, wanted: &Wanted, first: usize) -> bool {
    let last = first + wanted.tokens.len() - 1;
    let (start, end) = span_of(source, first, last);
    if follows_lone_sign(&message.text, start) || !in_one_segment(message, start, end) {
        return false;
    }
    // Where the source ends a sentence inside the quote, the quote must pause too.
    (0..wanted.tokens.len() - 1).all(|i| {
        let between =
            |text: &str, left: Token, right: Token| text.get(left.end..right.start).unwrap_or_default().to_owned();
        let ends = |gap: &str| gap.contains(". ") || gap.contains(".\n") || gap.contains(['!', '?', ';']);
        let source_gap = between(&message.text, source.tokens[first + i], source.tokens[first + i + 1]);
        !ends(&source_gap)
            || between(wanted.text, wanted.tokens[i], wanted.tokens[i + 1])
                .contains(['.', '!', '?', ';', ':', ',', '–', '—', '\n'])
    })
}

fn span_of(source: &Tokenised, first: usize, last: usize) -> Span {
    (source.tokens[first].start, source.tokens[last].end)
}

/// The parts of a quote around `…`, `...`, `[...]`; `None` without one inside.
fn split_ellipsis(quote: &str) -> Option<Vec<&str>> {
    let trimmed = quote.trim_matches(|c: char| c == '…' || c == '.' || c.is_whitespace());
    if !trimmed.contains('…') && !trimmed.contains("...") {
        return None;
    }
    let parts: Vec<&str> = trimmed
        .split('…')
        .flat_map(|part| part.split("..."))
        .map(|part| part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '[' | ']' | '(' | ')')))
        .filter(|part| !part.is_empty())
        .collect();
    (parts.len() > 1).then_some(parts)
}

/// Parts in order inside one sentence, with nothing between them that changes who or whether.
fn ellipsis(message: &Message, source: &Tokenised, parts: &[&str]) -> Option<(Span, usize)> {
    let wanted: Vec<Wanted> = parts.iter().map(|part| Wanted::new(part)).collect();
    if wanted.iter().any(|part| part.tokens.len() < FEWEST_PART_TOKENS) {
        return None;
    }
    let mut from = 0;
    while let Some((first, mut last)) = normalised_from(message, source, &wanted[0], from) {
        let opening_end = source.tokens[last].end;
        let complete = wanted[1..].iter().all(|part| match normalised_from(message, source, part, last + 1) {
            Some((next, end)) if next - last <= MOST_GAP_TOKENS && gap_is_harmless(message, source, last, next) => {
                last = end;
                true
            }
            _ => false,
        });
        if complete {
            return Some((span_of(source, first, last), opening_end));
        }
        from = first + 1;
    }
    None
}

/// Whether the tokens strictly between `left` and `right` may be left out.
fn gap_is_harmless(message: &Message, source: &Tokenised, left: usize, right: usize) -> bool {
    let text = &message.text;
    let (start, end) = (source.tokens[left].end, source.tokens[right].start);
    let gap = &text[start..end];
    // `…, the lower pit is open`: a comma that is not closed again begins another statement.
    let commas = gap.matches(',').count();
    let closed_aside = commas == 2 && gap.trim_start().starts_with(',') && gap.trim_end().ends_with(',');
    if commas > 0 && !closed_aside {
        return false;
    }
    let ends_sentence =
        gap.contains(['!', '?', ';', ':']) || gap.contains(". ") || gap.contains(".\n") || gap.contains("\n\n");
    !ends_sentence
        && in_one_segment(message, start, end)
        && (left + 1..right).all(|at| {
            let raw = source.tokens[at].text(text);
            let word = fold(raw);
            let previous = fold(source.tokens[at - 1].text(text));
            // A name may do the next thing; a name after a preposition does nothing.
            let names_actor = raw.starts_with(char::is_uppercase)
                && !is_name_word_stop(&word)
                && !is_preposition(&previous)
                && (at <= left + 1 || !continues_name(text, source, left, at));
            let describes = is_refusal(&word)
                && (is_preposition(&previous) || matches!(previous.as_ref(), "the" | "a" | "an" | "all"));
            // `in Lisbon and in Porto` goes on with where; `and the carrier` starts with who.
            let extends = word == "and" && at + 1 < right && is_preposition(&fold(source.tokens[at + 1].text(text)));
            !names_actor && (describes || extends || !changes_statement(&word))
        })
}

#[rustfmt::skip]
fn is_preposition(word: &str) -> bool {
    matches!(
        word,
        "of" | "in" | "on" | "at" | "from" | "to" | "with" | "for" | "by" | "around" | "near" | "via" | "into"
            | "onto" | "over" | "through" | "under" | "about" | "between" | "during" | "after" | "before" | "against"
            | "inside" | "outside" | "per" | "as" | "like" | "including" | "since"
    )
}

/// The second word of a name that a preposition introduced: `from Cork City`.
fn continues_name(text: &str, source: &Tokenised, left: usize, at: usize) -> bool {
    (left + 1..at)
        .rev()
        .take_while(|i| source.tokens[*i].text(text).starts_with(char::is_uppercase))
        .last()
        .is_some_and(|first| first > 0 && is_preposition(&fold(source.tokens[first - 1].text(text))))
}

fn is_refusal(word: &str) -> bool {
    matches!(word, "refused" | "declined" | "rejected" | "wrong" | "false")
}

/// Words that turn, limit or re-aim a statement when they are left out.
#[rustfmt::skip]
fn changes_statement(word: &str) -> bool {
    word.ends_with("n't")
        || is_refusal(word)
        || matches!(
            word,
            "not" | "no" | "never" | "cannot" | "none" | "nobody" | "nothing" | "neither" | "nor" | "without"
                | "hardly" | "unless" | "except" | "excluding" | "if" | "unlikely" | "doubt" | "provided" | "assuming"
                | "whether" | "instead" | "only" | "until" | "subject" | "pending" | "and" | "but" | "or" | "while"
                | "whereas" | "although" | "though" | "because" | "so" | "then" | "however" | "which" | "who"
                | "whose" | "i" | "we" | "you" | "he" | "she" | "they" | "it" | "that" | "than" | "refused"
                | "declined" | "rejected" | "false" | "wrong" | "said" | "says" | "claims" | "thinks" | "believes"
                | "told" | "would" | "might" | "may" | "could"
                | "is" | "are" | "was" | "were" | "has" | "have" | "had" | "does" | "do" | "did" | "will" | "isn't" | "it's"
        )
}

/// Whether letters may differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edits {
    None,
    /// One edit in one word of five letters or more that is neither sharp nor a name.
    OneLetter,
}

/// The quote's tokens in order, skipping only fillers and stammers of the source.
fn aligned(message: &Message, source: &Tokenised, wanted: &Wanted, edits: Edits) -> Option<Span> {
    let text = &message.text;
    let first_hash = wanted.hashes[0];
    (0..source.tokens.len())
        .filter(|at| source.hashes[*at] == first_hash || edits == Edits::OneLetter)
        .find_map(|at| align_at(text, source, wanted, at, edits))
        .filter(|(first, last)| {
            let (start, end) = span_of(source, *first, *last);
            !follows_lone_sign(text, start) && in_one_segment(message, start, end) && !text[start..end].contains("\n\n")
        })
        .map(|(first, last)| span_of(source, first, last))
}

fn align_at(text: &str, source: &Tokenised, wanted: &Wanted, start: usize, edits: Edits) -> Option<(usize, usize)> {
    let mut edited = false;
    let mut at = start;
    let mut matched = 0;
    let mut last = start;
    while matched < wanted.tokens.len() {
        let token = source.tokens.get(at)?;
        let raw = token.text(text);
        if source.hashes[at] == wanted.hashes[matched] && !starts_new_sentence(text, source, last, at, matched, wanted)
        {
            matched += 1;
            last = at;
        } else if edits == Edits::OneLetter && !edited && may_be_edited(raw, wanted.word(matched)) {
            edited = true;
            matched += 1;
            last = at;
        } else if matched == 0 || !may_be_skipped(text, source, at, wanted.hashes[matched]) {
            return None;
        }
        at += 1;
    }
    (edits == Edits::None || edited).then_some((start, last))
}

/// Whether the source ends a sentence between two matched tokens where the quote does not pause.
fn starts_new_sentence(
    text: &str,
    source: &Tokenised,
    last: usize,
    at: usize,
    matched: usize,
    wanted: &Wanted,
) -> bool {
    if matched == 0 || at == last {
        return false;
    }
    let gap = text.get(source.tokens[last].end..source.tokens[at].start).unwrap_or_default();
    let ends = gap.contains(". ") || gap.contains(".\n") || gap.contains(['!', '?', ';']);
    let quote_gap = wanted.text.get(wanted.tokens[matched - 1].end..wanted.tokens[matched].start).unwrap_or_default();
    ends && !quote_gap.contains(['.', '!', '?', ';', ':', ',', '–', '—'])
}

/// Fillers, and a word that stammers before it is said again.
fn may_be_skipped(text: &str, source: &Tokenised, at: usize, wanted: u64) -> bool {
    let word = fold(source.tokens[at].text(text));
    if is_filler(&word) {
        return true;
    }
    let next = |n: usize| source.tokens.get(at + n).map(|token| fold(token.text(text)));
    let previous = at.checked_sub(1).and_then(|i| source.tokens.get(i)).map(|token| fold(token.text(text)));
    let pair = |first: &str, second: &str| {
        word == first && next(1).as_deref() == Some(second) || word == second && previous.as_deref() == Some(first)
    };
    if pair("you", "know") || pair("i", "mean") {
        return true;
    }
    if word.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    // A word said twice is said once, also around a filler: `to, um, to the bridge`.
    let after = (at + 1..source.tokens.len().min(at + 4)).find(|next| {
        let folded = fold(source.tokens[*next].text(text));
        !is_filler(&folded) && !matches!(folded.as_ref(), "you" | "know" | "i" | "mean")
    });
    let stammers = after.is_some_and(|next| source.hashes[next] == source.hashes[at]) && source.hashes[at] == wanted
        || at > 0 && source.hashes[at - 1] == source.hashes[at];
    if is_sharp_word(&word) {
        return stammers;
    }
    let set_apart = is_soft_filler(&word) && {
        let token = source.tokens[at];
        let closes = text[token.end..].starts_with([',', '.', '…']);
        let opens = at == 0 || text[..token.start].trim_end().ends_with([',', '.', '?', '!', '…', ':']);
        closes && opens
    };
    set_apart || stammers
}

fn may_be_edited(source: &str, quoted: &str) -> bool {
    let (source_folded, quoted_folded) = (fold(source), fold(quoted));
    let sharp = |word: &str| {
        is_sharp_word(word) || word.contains(|c: char| c.is_ascii_digit() || matches!(c, '@' | '$' | '€' | '£' | '%'))
    };
    let long = source_folded.chars().count() >= 5 && quoted_folded.chars().count() >= 5;
    let name = source.starts_with(char::is_uppercase) || quoted.starts_with(char::is_uppercase);
    long && !name && !sharp(&source_folded) && !sharp(&quoted_folded) && is_one_edit(&source_folded, &quoted_folded)
}

/// One letter more, less, other, or two neighbours swapped.
fn is_one_edit(left: &str, right: &str) -> bool {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    if left == right || left.len().abs_diff(right.len()) > 1 {
        return false;
    }
    let head = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let tail = left[head..].iter().rev().zip(right[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (left.len() - head - tail, right.len() - head - tail);
    a.max(b) == 1 || a == 2 && b == 2 && left[head] == right[head + 1] && left[head + 1] == right[head]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{Author, MessageId};

    fn check(text: &str, quote: &str, expected: Option<(&str, Tier)>) {
        let message = Message {
            id: MessageId(1),
            document: "d1".into(),
            author: Author::default(),
            at: None,
            zone: None,
            subject: None,
            reply_to: None,
            text: text.into(),
            segments: Vec::new(),
        };
        let found = exact(&message, quote, None)
            .map(|span| (span, Tier::Exact))
            .or_else(|| loose(&message, &Tokenised::new(text), quote).map(|(span, _, tier)| (span, tier)));
        let shown = found.map(|((start, end), tier)| (&text[start..end], tier));
        assert_eq!(shown, expected, "{quote} in {text}");
    }

    #[test]
    fn true_quotes_are_found_by_the_strictest_tier() {
        let text = "Well, um, we go live on July 15 with “forty” seats.\nThe fee is $86,400 a year.";
        check(text, "go live on July 15", Some(("go live on July 15", Tier::Exact)));
        check(text, "WE GO LIVE ON JULY 15", Some(("we go live on July 15", Tier::Normalised)));
        check(text, "with \"forty\" seats. The fee", Some(("with “forty” seats.\nThe fee", Tier::Normalised)));
        check(
            "we, um, go go live, you know, on July 15",
            "we go live on July 15",
            Some(("we, um, go go live, you know, on July 15", Tier::Disfluency)),
        );
        check(
            "The migration starts with tables on Monday",
            "The migrations starts with tables",
            Some(("The migration starts with tables", Tier::Near)),
        );
        check(
            "we will send the long signed contract to you by Friday",
            "we will send ... to you by Friday",
            Some(("we will send the long signed contract to you by Friday", Tier::Ellipsis)),
        );
    }

    #[test]
    fn false_quotes_are_not() {
        check("we go live on July 15", "go live on July 1", None);
        check("the invoice is unpaid since May", "paid since May", None);
        check("we pay $86,4000 a year", "$86,400", None);
        check("a change of -5 % in price", "5 %", None);
        check("we have < 500 users in Lyon", "500 users in Lyon", None);
        check("Marcus will send it and Dana will sign the order", "Marcus will send ... will sign the order", None);
        check("we will not go live on July 1", "we will go live on July 1", None);
        check(
            "the team adapts the old plan",
            "the team adopts the old plan",
            Some(("the team adapts the old plan", Tier::Near)),
        );
        check("Should we go? No. We stay here", "Should we go No We stay", None);
        check("call Dana", "Call dana", None);
    }
}
