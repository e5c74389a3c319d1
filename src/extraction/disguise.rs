//! What hides words from those who look for them and not from a model: letters
//! of other alphabets, spaces between letters, letters in another order, ciphers
//! that every model reads. Each dress is taken off in one pass.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::language::Phrases;

/// Letters with one mark or space between each pair are a word in disguise from this many on.
const FEWEST_SPACED: usize = 6;
/// So many letters in one spaced run are a sentence.
const MOST_SPACED: usize = 18;
/// Words with other letters inside than their own from which a text counts as written so on purpose.
const FEWEST_STRANGE: usize = 2;

/// Words that orders to a machine are made of, as their letters are shaken.
const SHAKEN: [&str; 16] = [
    "ignore",
    "disregard",
    "forget",
    "override",
    "bypass",
    "previous",
    "prior",
    "instructions",
    "instruction",
    "directives",
    "prompt",
    "system",
    "rules",
    "reveal",
    "your",
    "assistant",
];

/// `ignore`, `previous`, `instruction`, `prompt`, `you are now`, turned by thirteen letters.
const TURNED: Phrases = Phrases::new(&["vtaber", "cerivbhf", "vafgehpgvba", "cebzcg", "lbh ner abj"]);

/// The text with its dress taken off, where it wears one that changes words: shaken letters, digits for letters, a
/// turned alphabet.
pub(super) fn undressed(text: &str) -> Option<String> {
    if TURNED.stand_in(text) {
        return Some(text.chars().map(turn).collect());
    }
    let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    if words().filter(|word| has_digits_inside(word)).take(FEWEST_STRANGE + 1).count() > FEWEST_STRANGE {
        return Some(text.chars().map(letter_of).collect());
    }
    let shaken = words().filter(|word| unshaken(word).is_some()).take(FEWEST_STRANGE).count();
    (shaken >= FEWEST_STRANGE).then(|| words().map(|word| unshaken(word).unwrap_or(word)).collect::<Vec<_>>().join(" "))
}

fn turn(c: char) -> char {
    match c {
        'a'..='m' | 'A'..='M' => char::from(c as u8 + 13),
        'n'..='z' | 'N'..='Z' => char::from(c as u8 - 13),
        other => other,
    }
}

/// `1n57ruc710n5`, but neither `Q3`, `24h` nor `B2B`.
fn has_digits_inside(word: &str) -> bool {
    let bytes = word.as_bytes();
    let letters = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    letters >= 3
        && bytes
            .windows(3)
            .any(|three| three[0].is_ascii_alphabetic() && three[1].is_ascii_digit() && three[2].is_ascii_alphabetic())
}

fn letter_of(c: char) -> char {
    match c {
        '4' | '@' => 'a',
        '3' => 'e',
        '1' => 'i',
        '0' => 'o',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// The word whose letters these are in another order, the first one in its place.
fn unshaken(word: &str) -> Option<&'static str> {
    let shaken = word.as_bytes();
    let sorted = |bytes: &[u8]| {
        let mut bytes = bytes.to_ascii_lowercase();
        bytes.sort_unstable();
        bytes
    };
    SHAKEN.into_iter().find(|known| {
        let known = known.as_bytes();
        known.len() == shaken.len()
            && known.first().zip(shaken.first()).is_some_and(|(known, first)| known.eq_ignore_ascii_case(first))
            && !known.eq_ignore_ascii_case(shaken)
            && sorted(known) == sorted(shaken)
    })
}

/// Lower case, without invisible characters, accents and look-alike letters.
pub(super) fn unmask(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let visible = text.chars().filter(|c| !is_invisible(*c));
    let plain: String =
        visible.nfkd().filter(|c| !is_combining_mark(*c)).map(latin).flat_map(char::to_lowercase).collect();
    plain.replace('ß', "ss")
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}' | '\u{fe00}'..='\u{fe0f}')
}

/// Cyrillic and Greek letters that look like Latin ones.
#[rustfmt::skip]
fn latin(c: char) -> char {
    match c {
        'а' | 'А' | 'α' | 'Α' => 'a', 'В' | 'Β' | 'в' => 'b', 'с' | 'С' | 'ϲ' => 'c', 'ԁ' => 'd', 'е' | 'Е' | 'Ε' | 'ε' => 'e', 'Н' | 'Η' | 'һ' => 'h',
        'і' | 'І' | 'ι' | 'Ι' | 'ı' => 'i', 'ј' | 'Ј' => 'j', 'к' | 'К' | 'κ' | 'Κ' => 'k', 'ӏ' => 'l', 'м' | 'М' | 'Μ' => 'm', 'п' | 'Ν' => 'n',
        'о' | 'О' | 'ο' | 'Ο' | 'σ' => 'o', 'р' | 'Р' | 'ρ' | 'Ρ' => 'p', 'ԛ' => 'q', 'г' => 'r', 'ѕ' | 'Ѕ' => 's', 'т' | 'Т' | 'τ' | 'Τ' => 't',
        'υ' | 'Υ' => 'u', 'ν' | 'ѵ' => 'v', 'ԝ' | 'ω' => 'w', 'х' | 'Х' | 'χ' | 'Χ' => 'x', 'у' | 'У' => 'y', 'Ζ' => 'z',
        // Letters out of flags.
        '\u{1f1e6}'..='\u{1f1ff}' => char::from_u32(u32::from(c) - 0x1f1e6 + u32::from('a')).unwrap_or(c),
        other => other,
    }
}

/// Runs of single letters with one other character between: `i g n o r e`, `i.g.n.o.r.e`.
pub(super) fn spaced_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    if text.is_ascii() && !has_single_letters(text.as_bytes()) {
        return words;
    }
    let mut run = String::new();
    // The letter before, and how many other characters followed it.
    let (mut letters, mut gap) = (0usize, 0usize);
    for c in text.chars().filter(|c| !is_invisible(*c)).chain(['\n', '\n', '\n', '\n']) {
        if c.is_alphanumeric() {
            letters += 1;
            if letters == 1 && gap <= 3 {
                run.extend(latin(c).to_lowercase());
            } else if letters > 1 {
                // An ordinary word: its first letter is no part of the run.
                run.pop();
                keep(&mut words, &mut run);
            }
            gap = 0;
        } else {
            letters = 0;
            gap += 1;
            if gap > 3 {
                keep(&mut words, &mut run);
            }
        }
    }
    words
}

/// Whether as many letters as a spaced word has stand by themselves, one after the other: nearly no text has them.
fn has_single_letters(bytes: &[u8]) -> bool {
    let mut singles = 0;
    let mut words = bytes.split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.any(|word| {
        singles = if word.len() == 1 { singles + 1 } else { 0 };
        singles >= FEWEST_SPACED
    })
}

fn keep(words: &mut Vec<String>, run: &mut String) {
    if run.chars().count() >= FEWEST_SPACED {
        words.push(std::mem::take(run));
    }
    run.clear();
}

/// Letters in disguise that together order a machine about.
pub(super) fn is_disguised(run: &str) -> bool {
    // Nobody spaces out a whole sentence.
    if run.chars().count() >= MOST_SPACED {
        return true;
    }
    let orders = ["ignore", "disregard", "forget", "override", "ignoriere", "ignorez", "ignora", "negeer", "vergiss"];
    let objects = ["instruc", "prompt", "previous", "anweisung", "consigne", "istruz", "assistant", "rules"];
    orders.iter().any(|order| run.contains(order))
        && (objects.iter().any(|object| run.contains(object)) || run.len() < 12)
        || run.contains("systemprompt")
}
