//! True kinds, second half: hesitations left out, characters that cannot be
//! seen or are composed otherwise, the wrong message cited, punctuation
//! changed inside, wrapping as models write it, several sentences at once.

use baton::conversation::{DocumentKind, MessageId};
use unicode_normalization::UnicodeNormalization;

use crate::drawing::{Pair, Random, core, draw, fold, replace, trim, true_pair, words};
use crate::sources::{Material, Site, Talk};
use crate::true_kinds_a::true_words;
use crate::{Kind, Words};

pub const KINDS: &[Kind] = &[
    Kind { name: "disfluencies", words: Words::There, make: leave_out_hesitation },
    Kind { name: "unseen characters", words: Words::There, make: change_characters },
    Kind { name: "wrong message cited", words: Words::There, make: cite_other_message },
    Kind { name: "punctuation inside", words: Words::There, make: change_punctuation },
    Kind { name: "wrapped by a model", words: Words::There, make: wrap_as_models_do },
    Kind { name: "several sentences", words: Words::There, make: join_sentences },
];

fn leave_out_hesitation(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let spoken = talk.conversation.documents[0].kind == DocumentKind::Transcript;
        if !spoken || site.sentence.contains('?') {
            return None;
        }
        let fluent = without_hesitation(&site.sentence, random.below(3) == 0, random);
        // The span begins with the first word that was kept.
        let first = words(&fluent).into_iter().next()?;
        let lead = site.sentence.find(&fluent[first])?;
        let quote = if random.below(3) == 0 { trim(&fluent).to_string() } else { fluent.clone() };
        (letters_differ(&fluent, &site.sentence) && words(&quote).len() >= 4)
            .then(|| true_pair(site, &site.sentence[lead..], quote))
    })
}

fn letters_differ(one: &str, other: &str) -> bool {
    fold(one) != fold(other)
}

/// The sentence without "um", "you know" and stammered words; or with one of them kept.
fn without_hesitation(sentence: &str, keeps_one: bool, random: &mut Random) -> String {
    let mut text = sentence.to_string();
    for pair in [", you know,", ", I mean,"] {
        text = text.replace(pair, "");
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut spared = if keeps_one { random.below(3) } else { usize::MAX };
    for word in text.split(' ') {
        let bare = fold(word);
        if ["um", "uh", "er"].contains(&bare.as_str()) {
            if spared == 0 && !kept.is_empty() {
                kept.push(word);
            }
            spared = spared.saturating_sub(1);
        } else if kept.last().is_some_and(|last| fold(last) == bare) {
            // "The, the": the second one stays.
            kept.pop();
            kept.push(word);
        } else {
            kept.push(word);
        }
    }
    // Written as a fluent sentence: no comma where the hesitation was.
    let joined = kept.join(" ");
    if random.below(2) == 0 { joined.replace(", uh,", "").replace(", um,", "") } else { joined }
}

fn change_characters(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |_, site, random| {
        let original = true_words(site, random).filter(|_| !site.in_history)?;
        let quote = match random.below(8) {
            0 => insert(original, "\u{200b}", random)?,
            1 => insert(original, "\u{ad}", random)?,
            2 => {
                insert(original, ["\u{200e}", "\u{200f}", "\u{feff}", "\u{2060}", "\u{200d}"][random.below(5)], random)?
            }
            3 => original.replacen(' ', "\u{a0}", 1 + random.below(4)),
            4 => original.nfd().collect(),
            5 => original.replace("ffi", "ﬃ").replace("ff", "ﬀ").replace("fi", "ﬁ").replace("fl", "ﬂ"),
            6 => format!("\u{202a}{original}\u{202c}"),
            _ => widen(original, random)?,
        };
        // What the source writes apart or with soft hyphens is given as it reads.
        let plain: String = original.nfc().filter(|c| !"\u{ad}\u{200b}".contains(*c)).collect();
        let quote = if plain != original { plain } else { quote };
        (quote != original).then(|| true_pair(site, original, quote))
    })
}

/// Into a word of six letters or more, between two letters.
fn insert(text: &str, unseen: &str, random: &mut Random) -> Option<String> {
    let long: Vec<_> = words(text)
        .into_iter()
        .map(|word| core(text, &word))
        .filter(|word| word.len() >= 6 && text[word.clone()].chars().all(|c| c.is_ascii_alphabetic()))
        .collect();
    let word = random.pick(&long)?;
    let at = word.start + 2 + random.below(word.len() - 3);
    Some(replace(text, at..at, unseen).text)
}

/// One word, or all, in full-width forms; addresses stay as they are.
fn widen(text: &str, random: &mut Random) -> Option<String> {
    let wide = |c: char| char::from_u32(c as u32 + 0xfee0).filter(|_| c.is_ascii_alphanumeric()).unwrap_or(c);
    if random.below(4) == 0 && !text.contains(['@', '/']) {
        return Some(text.chars().map(wide).collect());
    }
    let all = words(text);
    let word = core(text, random.pick(&all)?);
    let new: String = text.get(word.clone()).filter(|word| !word.contains(['@', '/']))?.chars().map(wide).collect();
    Some(replace(text, word, &new).text)
}

fn cite_other_message(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk: &Talk, site, random| {
        let original = true_words(site, random).filter(|_| !site.in_history)?;
        let count = talk.conversation.messages.len() as u32;
        let cited = MessageId((site.message.0 + random.below(count as usize - 1) as u32) % count + 1);
        let clear = words(original).len() >= 5 && talk.count_characters(original) == 1 && cited != site.message;
        clear.then(|| Pair { cited, ..true_pair(site, original, original.to_string()) })
    })
}

fn change_punctuation(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |_, site, random| {
        let original = true_words(site, random).filter(|_| !site.in_history)?;
        let quote = match random.below(3) {
            0 => add_mark(original, random)?,
            _ => drop_marks(original, random).or_else(|| add_mark(original, random))?,
        };
        (quote != original && fold(&quote) == fold(original)).then(|| true_pair(site, original, quote))
    })
}

/// Without its commas, quotes and brackets, or with a colon or semicolon for a comma; none inside of a number or address.
fn drop_marks(text: &str, random: &mut Random) -> Option<String> {
    let all = words(text);
    let inner = |at: usize| at + 1 < text.len();
    let mut places: Vec<_> = Vec::new();
    for word in &all {
        let slice = &text[word.clone()];
        if slice.contains(['@', '/', '`', '*', '_']) || slice.chars().all(|c| !c.is_alphanumeric()) {
            continue;
        }
        let inside = core(text, word);
        places.extend((inside.end < word.end && inner(inside.end)).then_some(inside.end..word.end));
        // A currency or a sign before a number is no punctuation.
        let before = &text[word.start..inside.start];
        let sign = before.contains(['$', '€', '£', '-', '+', '−', '±', '~', '<', '>', '≤', '≥']);
        places.extend((inside.start > word.start && !sign).then_some(word.start..inside.start));
    }
    let marks = |range: &std::ops::Range<usize>| {
        text[range.clone()].chars().all(|c| ",;:()“”\"".contains(c)) && range.end < text.len()
    };
    places.retain(marks);
    let place = random.pick(&places)?.clone();
    let comma = &text[place.clone()] == ",";
    let choices: &[&str] = if comma { &["", "", ";", " -", ":"] } else { &["", ","] };
    let new = *random.pick(choices)?;
    let next_is_number = text[place.end..].trim_start().starts_with(|c: char| c.is_ascii_digit() || "$€£".contains(c));
    // A dash before a number would be its sign.
    let new = if next_is_number && new == " -" { "" } else { new };
    let new = if place.start == 0 || text[..place.start].ends_with(' ') { "" } else { new };
    Some(replace(text, place, new).text)
}

/// A comma after a word, or a word in quotes or brackets; not at a number, not beside a word that a comma would turn.
fn add_mark(text: &str, random: &mut Random) -> Option<String> {
    let all = words(text);
    let plain = |at: usize| {
        let word = &text[all[at].clone()];
        word.len() > 2 && word.chars().all(char::is_alphabetic) && !["not", "yes", "only", "but", "and"].contains(&word)
    };
    let numbered =
        |at: usize| all.get(at).is_some_and(|word| text[word.clone()].contains(|c: char| c.is_ascii_digit()));
    let fit: Vec<usize> = (1..all.len().saturating_sub(1))
        .filter(|&at| plain(at) && plain(at + 1) && !numbered(at - 1) && !numbered(at + 1))
        .collect();
    let word = all[*random.pick(&fit)?].clone();
    let old = &text[word.clone()];
    let new = match random.below(5) {
        0 => format!("\"{old}\""),
        1 => format!("({old})"),
        2 => format!("“{old}”"),
        _ => format!("{old},"),
    };
    Some(replace(text, word, &new).text)
}

fn wrap_as_models_do(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |_, site, random| {
        let original = true_words(site, random).filter(|_| !site.in_history)?;
        let bare = trim(original);
        let quote = match random.below(9) {
            0 => format!("\"{original}\""),
            1 => format!("“{bare}”"),
            2 => format!("'{bare}'"),
            3 => format!("> {original}"),
            4 => format!("- {original}"),
            5 => format!("• “{bare}.”"),
            6 => format!("{bare}…"),
            7 => format!("\"{bare}...\""),
            _ => format!("> {}", bold(original, random)?),
        };
        (quote != original).then(|| true_pair(site, original, quote))
    })
}

fn bold(text: &str, random: &mut Random) -> Option<String> {
    let all = words(text);
    let word = core(text, random.pick(&all)?);
    let old = text.get(word.clone()).filter(|old| !old.is_empty() && !old.contains(['@', '/', '*', '_', '`']))?;
    Some(replace(text, word, &format!("**{old}**")).text)
}

/// Two or three sentences of a message, side by side.
fn join_sentences(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |_, site, random| {
        let near: Vec<&Site> = material
            .sites
            .iter()
            .filter(|other| (other.talk, other.message, other.in_history) == (site.talk, site.message, site.in_history))
            .collect();
        let at = near.iter().position(|other| other.sentence == site.sentence)?;
        let chosen = near.get(at..at + 2 + random.below(2))?;
        let asked = chosen.iter().any(|other| other.sentence.contains('?'));
        let text = chosen.iter().map(|other| other.sentence.as_str()).collect::<Vec<_>>().join(" ");
        (!asked && words(&text).len() >= 4).then(|| true_pair(site, &text, text.clone()))
    })
}
