//! Which mark stands for which value in one conversation. Numbers are given in
//! the order of the text; a number that the text itself uses in such a mark is
//! left out, so that no mark can mean two things.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::finding::find;
use super::letters::Letters;
use super::marks::{MOST_SPELLINGS, Mark, Seen, mark_at};
use crate::route::Withheld;

/// Putting back makes a text longer by at most so many bytes; what would be longer is no value.
const MOST_GROWTH: usize = 4_000;

/// The marks of one conversation with what they stand for.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    kinds: Vec<Withheld>,
    /// The numbers that the text itself uses.
    taken: FxHashSet<(Withheld, u32)>,
    /// The last number that was given, by the kind's place in [`Withheld::ALL`].
    last: [u32; Withheld::ALL.len()],
    values: FxHashMap<(Withheld, String), u32>,
    /// The mark of each spelling.
    marks: FxHashMap<(Withheld, String), Mark>,
    spellings: FxHashMap<(Withheld, u32), Vec<String>>,
}

impl Ledger {
    pub fn new(kinds: &[Withheld]) -> Self {
        Ledger { kinds: kinds.to_vec(), ..Ledger::default() }
    }

    /// Takes note of the marks that a text itself holds. All texts come by here before anything is taken out.
    pub fn avoid(&mut self, text: &str) {
        let letters = Letters::new(text);
        let all = letters.all();
        for at in 0..all.len() {
            if let Some(Seen { mark, .. }) = mark_at(all, at) {
                self.taken.insert((mark.kind, mark.number));
            }
        }
    }

    /// The text with marks in place of what is withheld.
    pub fn hide(&mut self, text: &str) -> String {
        let mut hidden = String::with_capacity(text.len());
        let mut done = 0;
        for finding in find(text, &self.kinds) {
            let (Some(before), Some(words)) = (text.get(done..finding.start), text.get(finding.start..finding.end))
            else {
                continue;
            };
            hidden.push_str(before);
            hidden.push_str(&self.mark(finding.kind, finding.value, words).to_string());
            done = finding.end;
        }
        hidden.push_str(text.get(done..).unwrap_or_default());
        hidden
    }

    fn mark(&mut self, kind: Withheld, value: String, words: &str) -> Mark {
        let spelled = (kind, words.to_owned());
        if let Some(mark) = self.marks.get(&spelled) {
            return *mark;
        }
        let known = self.values.get(&(kind, value.clone())).copied();
        // A value in more spellings than there are letters begins again with another number.
        let has_room = |number: &u32| {
            self.spellings.get(&(kind, *number)).is_none_or(|all| all.len() < usize::from(MOST_SPELLINGS))
        };
        let number = known.filter(has_room).unwrap_or_else(|| self.next_number(kind));
        self.values.insert((kind, value), number);
        let all = self.spellings.entry((kind, number)).or_default();
        let mark = Mark { kind, number, spelling: all.len() as u8 };
        all.push(words.to_owned());
        self.marks.insert(spelled, mark);
        mark
    }

    fn next_number(&mut self, kind: Withheld) -> u32 {
        let place = Withheld::ALL.iter().position(|one| *one == kind).unwrap_or_default();
        loop {
            self.last[place] += 1;
            if !self.taken.contains(&(kind, self.last[place])) {
                return self.last[place];
            }
        }
    }

    /// The text with the values in place of their marks. `None` when it holds a mark that was never given, or grows
    /// beyond all values.
    pub fn restore<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        if self.kinds.is_empty() || !self.kinds.iter().any(|kind| holds_word(text, *kind)) {
            return Some(Cow::Borrowed(text));
        }
        let letters: Vec<char> = text.chars().collect();
        let mut restored = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(c) = letters.get(at) {
            let seen = mark_at(&letters, at).filter(|seen| self.kinds.contains(&seen.mark.kind));
            let spelling = seen.and_then(|seen| self.spelling(seen.mark));
            match (seen, spelling) {
                (Some(seen), Some(words)) => {
                    restored.push_str(words);
                    at = seen.end;
                }
                (Some(seen), None) if self.is_made_up(seen) => return None,
                _ => {
                    restored.push(*c);
                    at += 1;
                }
            }
            if restored.len() > text.len() + MOST_GROWTH {
                return None;
            }
        }
        Some(Cow::Owned(restored))
    }

    fn spelling(&self, mark: Mark) -> Option<&str> {
        let all = self.spellings.get(&(mark.kind, mark.number))?;
        all.get(usize::from(mark.spelling)).map(String::as_str)
    }

    /// Whether a mark that was not given here was not in the text either. What has no brackets may be anybody's word.
    fn is_made_up(&self, seen: Seen) -> bool {
        !seen.is_bare && !self.taken.contains(&(seen.mark.kind, seen.mark.number))
    }
}

/// Cheap to ask, and mostly answered with no.
fn holds_word(text: &str, kind: Withheld) -> bool {
    let word = super::marks::word(kind).as_bytes();
    text.as_bytes().windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(texts: &[&str]) -> (Vec<String>, Ledger) {
        let mut ledger = Ledger::new(&Withheld::ALL);
        texts.iter().for_each(|text| ledger.avoid(text));
        (texts.iter().map(|text| ledger.hide(text)).collect(), ledger)
    }

    fn check(texts: &[&str], expected: &[&str]) {
        let (seen, ledger) = hidden(texts);
        assert_eq!(seen, expected);
        for (text, seen) in texts.iter().zip(&seen) {
            assert_eq!(ledger.restore(seen).as_deref(), Some(*text), "{seen:?}");
        }
    }

    #[test]
    fn the_same_value_has_the_same_mark() {
        check(&["a@x.example, b@x.example", "a@x.example"], &["[EMAIL-1], [EMAIL-2]", "[EMAIL-1]"]);
        check(
            &["A@x.example or a@x.example, +49 30 1234567", "+49 (0)30 1234567"],
            &["[EMAIL-1] or [EMAIL-1b], [PHONE-1]", "[PHONE-1b]"],
        );
        check(&["nothing here"], &["nothing here"]);
        let spellings: Vec<String> = (0..64)
            .map(|n| {
                "abcdef"
                    .chars()
                    .enumerate()
                    .map(|(at, c)| if n >> at & 1 == 1 { c.to_ascii_uppercase() } else { c })
                    .collect()
            })
            .map(|name: String| format!("{name}@x.example"))
            .collect();
        let text = spellings.join(" ");
        let (seen, ledger) = hidden(&[&text]);
        assert_eq!(ledger.restore(&seen[0]).as_deref(), Some(text.as_str()));
    }

    #[test]
    fn marks_of_the_text_itself_keep_their_meaning() {
        check(
            &["see [EMAIL-1] and a@x.example", "EMAIL-2 b@x.example"],
            &["see [EMAIL-1] and [EMAIL-3]", "EMAIL-2 [EMAIL-4]"],
        );
        check(&["[EM\u{200b}AIL-1] a@x.example"], &["[EM\u{200b}AIL-1] [EMAIL-2]"]);
        check(&["[EMAIL-<a@x.example>1]"], &["[EMAIL-<[EMAIL-1]>1]"]);
    }

    #[test]
    fn marks_come_back_and_inventions_do_not() {
        let (_, ledger) = hidden(&["a@x.example [EMAIL-7]"]);
        let restored = |text: &str| ledger.restore(text).map(Cow::into_owned);
        assert_eq!(restored("to [email 1]!").as_deref(), Some("to a@x.example!"));
        assert_eq!(restored("EMAIL-1").as_deref(), Some("a@x.example"));
        assert_eq!(restored("[EMAIL-7], EMAIL-9, [MAIL-2]").as_deref(), Some("[EMAIL-7], EMAIL-9, [MAIL-2]"));
        for made_up in ["[EMAIL-2]", "[EMAIL-1c]", "x [PHONE-1] y", "[EMAIL-0]", "[email 1] [key 3]"] {
            assert_eq!(restored(made_up), None, "{made_up}");
        }
        assert_eq!(restored(&"[EMAIL-1]".repeat(100_000)), None, "what grows beyond all values is none");
        assert_eq!(Ledger::default().restore("[EMAIL-2]").as_deref(), Some("[EMAIL-2]"));
    }
}
