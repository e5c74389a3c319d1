//! Passages and questions as numbers, for an index that is given no words: each
//! piece is one, and so is each beginning of a longer piece, as words are
//! looked for. A secret goes into each number, so that whoever holds the index
//! cannot try words out. What a number says is never more than a guess: two
//! words may share one, and the passage itself decides.

use std::collections::BTreeSet;

use sha2::Digest;

use super::pieces::pieces;
use super::words::{LEAST_BEGINNING, Words};

/// Beginnings up to so many letters are told apart.
const MOST_BEGINNING: usize = 12;

/// What makes numbers of words.
#[derive(Clone)]
pub struct Tokens {
    secret: String,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

impl Tokens {
    pub fn new(secret: &str) -> Tokens {
        Tokens { secret: secret.to_owned() }
    }

    /// All that a passage may be found by, each once, in order.
    pub fn of_passage(&self, head: &str, body: &str) -> Vec<u32> {
        let mut words = BTreeSet::new();
        for piece in pieces(head).into_iter().chain(pieces(body)) {
            let letters = piece.folded.chars().count();
            for count in LEAST_BEGINNING..=letters.min(MOST_BEGINNING) {
                words.insert(beginning(&piece.folded, count));
            }
            words.insert(whole(&piece.folded));
        }
        self.numbers(words)
    }

    /// What passages that fit a question have some of.
    pub fn of_words(&self, words: &Words) -> Vec<u32> {
        let mut all = BTreeSet::new();
        for (pieces, is_beginning) in words.ways() {
            let Some((last, before)) = pieces.split_last() else { continue };
            all.extend(before.iter().map(|piece| whole(piece)));
            all.insert(if is_beginning { beginning(last, MOST_BEGINNING) } else { whole(last) });
        }
        self.numbers(all)
    }

    fn numbers(&self, words: BTreeSet<String>) -> Vec<u32> {
        let numbers: BTreeSet<u32> = words.into_iter().map(|word| self.number(&word)).collect();
        numbers.into_iter().collect()
    }

    fn number(&self, word: &str) -> u32 {
        let digest = sha2::Sha256::new().chain_update(&self.secret).chain_update(word).finalize();
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&digest[..4]);
        u32::from_be_bytes(bytes)
    }
}

fn whole(piece: &str) -> String {
    format!("={piece}")
}

fn beginning(piece: &str, letters: usize) -> String {
    format!("^{}", piece.chars().take(letters).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_has_the_numbers_of_every_question_that_it_answers() {
        let tokens = Tokens::new("a secret");
        let passage = tokens.of_passage("Northwind", "The Köln depots pay 86,400 € to dana@northwind.example.");
        let has = |text: &str| tokens.of_words(&Words::of(text)).iter().all(|number| passage.contains(number));
        for text in ["depot", "DEPOTS", "Koln", "north", "dana@northwind.example", "pay", "the"] {
            assert!(has(text), "{text}");
        }
        for text in ["depotsy", "dep", "pays", "onboarding"] {
            assert!(!has(text), "{text}");
        }
        assert_ne!(passage, Tokens::new("another").of_passage("Northwind", "The Köln depots pay 86,400 €"));
        assert!(passage.windows(2).all(|pair| pair[0] < pair[1]), "in order, each once");
    }
}
