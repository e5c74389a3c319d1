//! True words whose meaning stands outside of the quote: a condition, a
//! question, an attribution, a hedge cut off; a subject given another one's
//! deed by an ellipsis; a short word of another speaker.

use std::ops::Range;

use baton::conversation::MessageId;

use crate::drawing::{Pair, Random, absent_pair, core, draw, false_pair, fold, trim, words};
use crate::false_kinds_a::capitalise;
use crate::sources::{Material, Site, Talk, Turn};

/// Words that no quote ends in.
const LEADING: &[&str] = &[
    "the",
    "of",
    "to",
    "with",
    "in",
    "on",
    "by",
    "at",
    "for",
    "a",
    "and",
    "is",
    "are",
    "per",
    "whole",
    "until",
    "your",
    "our",
    "from",
    "including",
    "through",
    "as",
    "or",
    "each",
    "will",
    "outside",
    "before",
    "after",
];

pub fn swap_subject(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let (_, left_out) = site.turned.clone().filter(|(turn, _)| *turn == Turn::Subject)?;
        let sentence = &site.sentence;
        let (first, second) =
            (trim(&sentence[..left_out.start]), sentence[left_out.end..].trim_start_matches([',', ' ']));
        let behind = words(second);
        assert!(words(first).len() >= 3 && behind.len() >= 3, "short part: {sentence}");
        // Some quotes stop earlier: not between a number and its unit or behind a word that leads on.
        let leads = |word: &str| LEADING.contains(&word) || word.ends_with(|c: char| c.is_ascii_digit());
        let mut kept = 3 + random.below(behind.len() - 2);
        while kept < behind.len() && leads(&second[behind[kept - 1].clone()]) {
            kept += 1;
        }
        let second = &second[..behind[kept.min(behind.len()) - 1].end];
        let joint = *random.pick(&[" … ", " ... ", "… ", "... ", " [...] ", " […] ", "...", "…"])?;
        absent_pair(talk, site, format!("{first}{joint}{second}"), random)
    })
}

pub fn cut_off_condition(material: &Material, random: &mut Random) -> Vec<Pair> {
    cut_off(material, Turn::Condition, random)
}

pub fn cut_off_attribution(material: &Material, random: &mut Random) -> Vec<Pair> {
    cut_off(material, Turn::Attribution, random)
}

pub fn cut_off_hedge(material: &Material, random: &mut Random) -> Vec<Pair> {
    cut_off(material, Turn::Hedge, random)
}

/// With the opening words of the question or without; the mark is left behind.
pub fn cut_off_question(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let (_, piece) = site.turned.clone().filter(|(turn, _)| *turn == Turn::Question)?;
        // A question that ends with its mark is one from its first word on; "I wonder whether" is a true statement.
        let opened = site.sentence[piece.end..].starts_with('?') && random.below(3) == 0;
        if opened {
            let asked = &site.sentence[..piece.end];
            return Some(false_pair(talk, site, format!("{asked}{}", random.pick(&["", "."])?), random));
        }
        piece_pair(talk, site, piece, random)
    })
}

fn cut_off(material: &Material, turn: Turn, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let (_, piece) = site.turned.clone().filter(|(kind, _)| *kind == turn)?;
        piece_pair(talk, site, piece, random)
    })
}

/// Words that begin a part which a sentence can do without.
const CLOSING: &[&str] = &["in", "on", "at", "from", "until", "by", "before", "for", "this", "over", "through", "with"];

/// The piece as it stands, or without its article or its end, as a sentence of its own or not.
fn piece_pair(talk: &Talk, site: &Site, piece: Range<usize>, random: &mut Random) -> Option<Pair> {
    let piece = &site.sentence[piece];
    let all = words(piece);
    let (mut from, mut to) = (0, all.len());
    match random.below(4) {
        0 if to > 4 && ["the", "a", "we", "they"].contains(&piece[all[0].clone()].to_lowercase().as_str()) => from += 1,
        // It may stop before the time or the place; what loses its verb would claim nothing.
        1 => {
            to = (4..to).find(|&at| CLOSING.contains(&&piece[all[at].clone()])).unwrap_or(to);
        }
        _ => {}
    }
    let cut = trim(&piece[all[from].start..all[to - 1].end]);
    assert!(to - from >= 3, "short piece: {piece}");
    assert_eq!(talk.count_characters(cut), 1, "stands twice: {cut}");
    let quote = match random.below(4) {
        0 => format!("{}.", capitalise(cut)),
        1 => capitalise(cut),
        2 => format!("{cut}."),
        _ => cut.to_string(),
    };
    Some(false_pair(talk, site, quote, random))
}

const ANSWERS: &[&str] = &[
    "yes",
    "no",
    "correct",
    "exactly",
    "agreed",
    "confirmed",
    "right",
    "sure",
    "perfect",
    "done",
    "i agree",
    "that's right",
    "yes please",
    "no idea",
    "not yet",
    "of course",
    "absolutely right",
    "fine by me",
    "sure thing",
    "that’s fair",
    "of course",
    "i agree with",
    "yes we received",
    "yes that is",
    "no that clause",
    "no only the",
    "great thank you",
    "not before easter",
    "fine",
    "okay",
    "noted",
    "great",
    "good",
    "thanks",
    "understood",
];

/// One to three words that stand in messages of other people only, never in the cited one.
pub fn cite_other_speaker(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let sentence = &site.sentence;
        let all = words(sentence);
        let mut windows: Vec<&str> = Vec::new();
        for length in 1..=3.min(all.len()) {
            for (first, last) in all.iter().zip(&all[length - 1..]) {
                let text = &sentence[core(sentence, first).start..core(sentence, last).end];
                let opens = first.start == 0 && ANSWERS.contains(&fold(text).as_str());
                // An amount with its thing, a date; no code and no address, which may be asked for by one word.
                let counts = first.start > 0
                    && length > 1
                    && text.starts_with(|c: char| c.is_ascii_digit())
                    && text.ends_with(|c: char| c.is_ascii_lowercase())
                    && !text.split(' ').any(|word| LEADING.contains(&word));
                let dates = length == 2
                    && super::MONTHS.iter().any(|month| text.starts_with(month))
                    && text.ends_with(|c: char| c.is_ascii_digit());
                if (opens || counts || dates) && fold(text).split(' ').count() <= 3 && !text.contains('/') {
                    windows.push(text);
                }
            }
        }
        let quote = *random.pick(&windows)?;
        let author = |id: MessageId| talk.conversation.message(id).map(|message| &message.author);
        let stands: Vec<MessageId> =
            talk.conversation.messages.iter().map(|m| m.id).filter(|id| talk.has_words_in(*id, quote)).collect();
        let others: Vec<MessageId> = talk
            .conversation
            .messages
            .iter()
            .map(|message| message.id)
            .filter(|id| stands.iter().all(|there| author(*there) != author(*id)))
            .collect();
        let quote = match random.below(3) {
            0 => format!("{}.", capitalise(quote)),
            1 => capitalise(quote),
            _ => quote.to_string(),
        };
        Some(Pair { cited: *random.pick(&others)?, ..false_pair(talk, site, quote, random) })
    })
}
