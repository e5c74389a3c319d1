//! Whether a line can begin like one of a table's words at all, told by its
//! first byte. Most lines of a mail begin like none, and there are many tables.

/// The first bytes of a table's words, in both cases.
pub(super) struct FirstBytes([bool; 256]);

impl FirstBytes {
    pub(super) const fn of(words: &[&str]) -> Self {
        let mut known = [false; 256];
        let mut at = 0;
        while at < words.len() {
            known = with(known, words[at]);
            at += 1;
        }
        FirstBytes(known)
    }

    /// Of a table whose words stand first in pairs.
    pub(super) const fn of_pairs(pairs: &[(&str, &str)]) -> Self {
        let mut known = [false; 256];
        let mut at = 0;
        while at < pairs.len() {
            known = with(known, pairs[at].0);
            at += 1;
        }
        FirstBytes(known)
    }

    pub(super) fn may_open(&self, line: &str) -> bool {
        line.bytes().next().is_some_and(|byte| self.0[usize::from(byte)])
    }
}

const fn with(mut known: [bool; 256], word: &str) -> [bool; 256] {
    if let [first, ..] = word.as_bytes() {
        known[first.to_ascii_lowercase() as usize] = true;
        known[first.to_ascii_uppercase() as usize] = true;
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_by_the_first_byte_alone() {
        const KNOWN: FirstBytes = FirstBytes::of(&["on ", "énvoyé"]);
        for (line, expected) in [("On Monday", true), ("old", true), ("énorme", true), ("we", false), ("", false)] {
            assert_eq!(KNOWN.may_open(line), expected, "{line}");
        }
    }
}
