//! Looking for any of several phrases in one pass, whatever the case, without
//! copying the text: the rules ask for dozens of phrases in every sentence.

/// Phrases in lower case, ready to be looked for: make it a constant.
#[derive(Debug)]
pub struct Phrases {
    phrases: &'static [&'static str],
    /// One bit for the first three letters of each phrase: nearly all places of a text are passed over by it.
    begun: [u64; WORDS],
}

const WORDS: usize = 32;

impl Phrases {
    /// Each phrase has three bytes at least; only ASCII letters are compared without case.
    pub const fn new(phrases: &'static [&'static str]) -> Self {
        let mut begun = [0; WORDS];
        let mut at = 0;
        while at < phrases.len() {
            let phrase = phrases[at].as_bytes();
            assert!(phrase.len() > 2, "a phrase has three bytes at least");
            let (word, bit) = place(letters(phrase[0], phrase[1], phrase[2]));
            begun[word] |= bit;
            at += 1;
        }
        Phrases { phrases, begun }
    }

    /// Whether any of the phrases stands in `text`. Linear.
    pub fn stand_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        // No place waits for the one before it.
        bytes.windows(3).enumerate().any(|(at, three)| {
            let (word, bit) = place(letters(three[0], three[1], three[2]));
            self.begun[word] & bit != 0 && self.begins(&bytes[at..])
        })
    }

    fn begins(&self, bytes: &[u8]) -> bool {
        self.phrases.iter().any(|phrase| {
            let phrase = phrase.as_bytes();
            phrase[0] == bytes[0].to_ascii_lowercase()
                && bytes.get(..phrase.len()).is_some_and(|words| words.eq_ignore_ascii_case(phrase))
        })
    }
}

/// Three bytes as one number; those of a letter are the same in either case.
const fn letters(first: u8, second: u8, third: u8) -> u32 {
    (first as u32) << 16 | (second as u32) << 8 | third as u32 | 0x20_2020
}

/// The word and bit that stand for three bytes.
const fn place(letters: u32) -> (usize, u64) {
    let hash = letters.wrapping_mul(0x9e37_79b1) >> 21;
    (hash as usize / 64, 1 << (hash % 64))
}

#[cfg(test)]
mod tests {
    use super::Phrases;

    #[test]
    fn phrases_are_found_in_any_case_and_place() {
        const PHRASES: Phrases = Phrases::new(&["not sure", "tbd", "Ω-day"]);
        let check = |text: &str, expected: bool| assert_eq!(PHRASES.stand_in(text), expected, "{text}");
        check("I am NOT Sure.", true);
        check("TBD", true);
        check("tb", false);
        check("not  sure", false);
        check("", false);
        check("é not sur", false);
        check("on Ω-day", true);
        const NONE: Phrases = Phrases::new(&[]);
        assert!(!NONE.stand_in("anything"));
    }
}
