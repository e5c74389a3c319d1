//! True characters cut out so that they say something else: the negation stays
//! outside, a token is cut in two, a sign is left behind.

use std::ops::Range;

use crate::drawing::{Pair, Random, core, draw, false_pair, trim, words};
use crate::sources::Material;

use super::capitalise;

pub fn cut_off_negation(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let piece = &site.sentence[site.negated.clone()?];
        let all = words(piece);
        let (mut from, mut to) = (0, all.len());
        // What loses more than its subject no longer says what was denied.
        let subject = matches!(&piece[all[0].clone()], "we" | "they" | "you" | "I" | "the" | "a" | "an");
        match random.below(4) {
            0 if subject && to > 3 => from += 1,
            1 if to > 4 => to -= 1,
            _ => {}
        }
        let cut = trim(&piece[all[from].start..all[to - 1].end]);
        // A piece that stands elsewhere in words of its own would be a true quote.
        assert_eq!(talk.count_characters(cut), 1, "stands twice: {cut}");
        let quote = match random.below(4) {
            0 => format!("{}.", capitalise(cut)),
            1 => capitalise(cut),
            _ => cut.to_string(),
        };
        Some(false_pair(talk, site, quote, random))
    })
}

/// Words whose first letters turn their meaning round.
const TURNED: &[(&str, &str)] = &[
    ("unpaid", "paid"),
    ("unsigned", "signed"),
    ("unlimited", "limited"),
    ("unencrypted", "encrypted"),
    ("unverified", "verified"),
    ("unavailable", "available"),
    ("unconfirmed", "confirmed"),
    ("unapproved", "approved"),
    ("uninstalled", "installed"),
    ("disconnected", "connected"),
    ("misconfigured", "configured"),
    ("inactive", "active"),
    ("inaccurate", "accurate"),
    ("incomplete", "complete"),
    ("non-refundable", "refundable"),
    ("alive", "live"),
];

pub fn cut_inside_token(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let all = words(&site.sentence);
        let telling: Vec<usize> =
            (0..all.len()).filter(|&at| !cuts(&site.sentence, &core(&site.sentence, &all[at])).is_empty()).collect();
        let at = *random.pick(&telling)?;
        // Numbers are everywhere; leave room for turned words and addresses.
        if site.sentence[all[at].clone()].starts_with(|c: char| c.is_ascii_digit() || c == '$') && random.below(3) > 0 {
            return None;
        }
        let places = cuts(&site.sentence, &core(&site.sentence, &all[at]));
        let quote = match *random.pick(&places)? {
            Cut::Begins(place) => {
                let last = (at + 1 + random.below(5)).min(all.len() - 1);
                &site.sentence[place..all[last].end]
            }
            Cut::Ends(place) => {
                let first = at.saturating_sub(1 + random.below(5));
                &site.sentence[all[first].start..place]
            }
        };
        let quote = trim(quote).to_string();
        // Another place could hold these characters as whole words.
        let told = words(&quote).len() >= 2 && talk.count_characters(&quote) == 1;
        told.then(|| false_pair(talk, site, quote, random))
    })
}

/// A byte offset inside a token at which a quote begins or ends.
#[derive(Clone, Copy)]
enum Cut {
    Begins(usize),
    Ends(usize),
}

fn cuts(sentence: &str, token: &Range<usize>) -> Vec<Cut> {
    let text = &sentence[token.clone()];
    if let Some((_, rest)) = TURNED.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)) {
        return vec![Cut::Begins(token.end - rest.len())];
    }
    let inside = |between: fn(char, char) -> bool| -> Vec<usize> {
        let pairs = text.char_indices().zip(text.chars().skip(1));
        pairs.filter(|((_, a), b)| between(*a, *b)).map(|((at, a), _)| token.start + at + a.len_utf8()).collect()
    };
    let mut found = Vec::new();
    if text.contains(['@', '/']) {
        // Between two letters, after the user's name, before the path.
        found.extend(inside(|a, b| a.is_alphanumeric() && b.is_alphanumeric()).into_iter().map(Cut::Begins));
        found.extend(inside(|a, b| a.is_alphanumeric() && b.is_alphanumeric()).into_iter().map(Cut::Ends));
        found.extend(inside(|a, b| a.is_alphanumeric() && (b == '@' || b == '.')).into_iter().map(Cut::Ends));
    } else if text.starts_with(|c: char| c.is_ascii_digit()) {
        let digit = |c: char| c.is_ascii_digit();
        found.extend(inside(|_, b| b.is_ascii_digit()).into_iter().map(Cut::Begins));
        found.extend(
            inside(|a, b| a.is_ascii_digit() && (b.is_ascii_digit() || matches!(b, ',' | '.' | ':')))
                .into_iter()
                .filter(|&place| sentence[place..].chars().any(digit))
                .map(Cut::Ends),
        );
    }
    found
}

pub fn drop_sign(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let (sentence, sign) = (&site.sentence, find_sign(&site.sentence)?);
        let all = words(sentence);
        let at = all.iter().position(|word| word.contains(&sign.start))?;
        let end = all[(at + 1 + random.below(6)).min(all.len() - 1)].end;
        let before = all[at.saturating_sub(1 + random.below(5))].start;
        let (lead, number) = (&sentence[before..sign.start], &sentence[sign.end..end]);
        let (quote, standing) = match random.below(4) {
            0 | 1 => (number.to_string(), 1),
            2 => (format!("{lead}{number}"), 0),
            _ => (format!("{lead}{}{number}", other_sign(&sentence[sign.clone()])), 0),
        };
        let quote = trim(&quote).to_string();
        let told = words(&quote).len() >= 2 && talk.count_characters(&quote) == standing;
        told.then(|| false_pair(talk, site, quote, random))
    })
}

/// A sign at the beginning of a token, with a digit or a currency behind it.
fn find_sign(sentence: &str) -> Option<Range<usize>> {
    words(sentence).into_iter().find_map(|word| {
        let mut characters = sentence[word.clone()].chars();
        let sign = characters.next().filter(|c| "-−+±~".contains(*c))?;
        let next = characters.next()?;
        (next.is_ascii_digit() || next == '$').then(|| word.start..word.start + sign.len_utf8())
    })
}

fn other_sign(sign: &str) -> &'static str {
    match sign {
        "+" => "-",
        "±" => "-",
        _ => "+",
    }
}
