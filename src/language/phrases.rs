//! Looking for any of several phrases in one pass, whatever the case, without
//! copying the text: the rules ask for dozens of phrases in every sentence.

/// Phrases in lower case, ready to be looked for: make it a constant.
#[derive(Debug)]
pub struct Phrases {
    phrases: &'static [&'static str],
    /// One bit for the first two letters of each phrase: nearly all places of a text are passed over by it.
    begun: [u64; WORDS],
}

const WORDS: usize = 16;

impl Phrases {
    /// Each phrase has two bytes at least; only ASCII letters are compared without case.
    pub const fn new(phrases: &'static [&'static str]) -> Self {
        let mut begun = [0; WORDS];
        let mut at = 0;
        while at < phrases.len() {
            let phrase = phrases[at].as_bytes();
            assert!(phrase.len() > 1, "a phrase has two bytes at least");
            let (word, bit) = place(phrase[0], phrase[1]);
            begun[word] |= bit;
            at += 1;
        }
        Phrases { phrases, begun }
    }

    /// Whether any of the phrases stands in `text`. Linear.
    pub fn stand_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        bytes.windows(2).enumerate().any(|(at, pair)| {
            let (word, bit) = place(pair[0], pair[1]);
            self.begun[word] & bit != 0
                && self.phrases.iter().any(|phrase| {
                    bytes.get(at..at + phrase.len()).is_some_and(|words| words.eq_ignore_ascii_case(phrase.as_bytes()))
                })
        })
    }
}

/// The word and bit that stand for two bytes; those of a letter are the same in either case.
const fn place(first: u8, second: u8) -> (usize, u64) {
    let hash = (first | 0x20) as usize * 37 + (second | 0x20) as usize * 5;
    (hash / 64 % WORDS, 1 << (hash % 64))
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
