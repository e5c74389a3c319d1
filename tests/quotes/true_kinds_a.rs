//! True kinds, first half: quotes as a model gives them for words that really
//! stand there, in other case, typography, white space, emphasis, or with the
//! middle of a sentence left out.

use crate::drawing::{Pair, Random, core, draw, is_plain, replace, trim, true_pair, words};
use crate::sources::{Layout, Material, Site};
use crate::{Kind, Words};

pub const KINDS: &[Kind] = &[
    Kind { name: "letter case", words: Words::There, make: change_case },
    Kind { name: "typography", words: Words::There, make: change_typography },
    Kind { name: "white space", words: Words::There, make: change_space },
    Kind { name: "emphasis and full stop", words: Words::There, make: change_emphasis },
    Kind { name: "ellipsis", words: Words::There, make: leave_out_middle },
];

/// True words of the site: the whole sentence or, where nothing outside of it can turn its meaning, a piece of at
/// least five words. `None` for questions and the very short.
pub fn true_words<'a>(site: &'a Site, random: &mut Random) -> Option<&'a str> {
    let sentence = site.sentence.as_str();
    let all = words(sentence);
    if sentence.contains('?') || all.len() < 4 {
        return None;
    }
    if all.len() < 7 || site.turned.is_some() || !is_plain(sentence) || random.below(2) == 0 {
        return Some(sentence);
    }
    let length = 5 + random.below(all.len() - 5);
    let from = random.below(all.len() - length + 1);
    // A number keeps its unit, a month its day.
    let number = |at: usize| sentence[all[at].clone()].contains(|c: char| c.is_ascii_digit());
    let to = from + length;
    if (from > 0 && number(from - 1)) || (to < all.len() && (number(to) || number(to - 1))) {
        return Some(sentence);
    }
    Some(trim(&sentence[all[from].start..all[from + length - 1].end]))
}

fn change_case(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |_, site, random| {
        let original = true_words(site, random).filter(|_| !site.in_history)?;
        let quote = match random.below(3) {
            0 => original.to_lowercase(),
            1 => raise_first(&original.to_lowercase()),
            _ => original.split(' ').map(raise_first).collect::<Vec<_>>().join(" "),
        };
        (quote != original).then(|| true_pair(site, original, quote))
    })
}

fn raise_first(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn change_typography(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |_, site, random| {
        let original = true_words(site, random).filter(|_| !site.in_history)?;
        let plain = to_ascii(original);
        let quote = if plain != original { plain } else { to_typographic(original, random) };
        (quote != original).then(|| true_pair(site, original, quote))
    })
}

fn to_ascii(text: &str) -> String {
    let mut plain = String::new();
    for character in text.chars() {
        match character {
            '‘' | '’' => plain.push('\''),
            '“' | '”' => plain.push('"'),
            '–' | '—' | '−' => plain.push('-'),
            '…' => plain.push_str("..."),
            other => plain.push(other),
        }
    }
    plain
}

/// Apostrophes, dashes and signs as a word processor sets them; addresses stay as they are.
fn to_typographic(text: &str, random: &mut Random) -> String {
    let hyphen = ["\u{2010}", "\u{2011}"][random.below(2)];
    let set = |word: &str| match word {
        "-" => "–".to_string(),
        address if address.contains(['@', '/', '`']) => address.to_string(),
        signed if signed.starts_with('-') => signed.replacen('-', "−", 1),
        other => other.replace('\'', "’").replace('-', hyphen).replace("...", "…"),
    };
    text.split(' ').map(set).collect::<Vec<_>>().join(" ")
}

fn change_space(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let original = true_words(site, random)?;
        let source = talk.text(site.message);
        // What the source wraps or quotes is given on one line.
        if site.in_history || matches!(site.layout, Layout::Wrapped(_)) {
            return (!source.contains(original)).then(|| true_pair(site, original, original.to_string()));
        }
        let space = *random.pick(&["  ", "\n", "\u{a0}", "\t", "\r\n", " \n", "\u{202f}", "\n\n", "\n    "])?;
        let changed: Vec<String> = words(original).iter().map(|word| original[word.clone()].to_string()).collect();
        let breaks = [random.below(changed.len() - 1), random.below(changed.len() - 1)];
        let mut quote = String::new();
        for (at, word) in changed.iter().enumerate() {
            quote.push_str(word);
            quote.push_str(if at + 1 == changed.len() {
                ""
            } else if breaks.contains(&at) {
                space
            } else {
                " "
            });
        }
        if random.below(5) == 0 {
            quote = format!(" {quote}\n");
        }
        Some(true_pair(site, original, quote))
    })
}

fn change_emphasis(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |_, site, random| {
        let original = true_words(site, random).filter(|_| !site.in_history)?;
        let bare: String = original.chars().filter(|c| !"*_`".contains(*c)).collect();
        let quote = if bare != original {
            bare
        } else {
            match random.below(4) {
                0 => trim(original).to_string(),
                1 => format!("{}.", trim(original)),
                _ => emphasise(original, random)?,
            }
        };
        (quote != original).then(|| true_pair(site, original, quote))
    })
}

/// One to three words set in a mark; addresses stay as they are.
fn emphasise(text: &str, random: &mut Random) -> Option<String> {
    let all = words(text);
    let from = random.below(all.len());
    let to = (from + random.below(3)).min(all.len() - 1);
    let inside = all[from].start..core(text, &all[to]).end;
    let mark = *random.pick(&["*", "**", "_", "`", "__"])?;
    let stretch = text.get(inside.clone()).filter(|stretch| !stretch.contains(['@', '/']) && !stretch.is_empty())?;
    Some(replace(text, inside, &format!("{mark}{stretch}{mark}")).text)
}

fn leave_out_middle(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |_, site, random| {
        let gap = site.gap.clone().filter(|_| !site.in_history)?;
        let sentence = &site.sentence;
        // The whole gap, or the second of two things in it.
        let second = sentence[gap.clone()].find(" and ").filter(|_| random.below(2) == 0);
        let first = trim(&sentence[..gap.start + second.unwrap_or(0)]);
        let rest = sentence[gap.end..].trim_start_matches([',', ' ']);
        let joint = *random.pick(&[" … ", " ... ", "… ", "... ", " [...] ", " […] "])?;
        let rest = if random.below(2) == 0 { trim(rest) } else { rest };
        Some(true_pair(site, sentence, format!("{first}{joint}{rest}")))
    })
}
