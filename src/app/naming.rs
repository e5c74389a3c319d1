//! Whether words name the person who is looked for: an address or a name as
//! whole words, capital or small letters alike, wherever it stands.

use serde_json::Value as Json;

use crate::conversation::{Author, Message};

/// Shorter names stand in too many other words.
const LEAST_LETTERS: usize = 3;

/// Whom it is about.
#[derive(Debug, Clone)]
pub struct PersonWanted {
    email: Option<String>,
    names: Vec<String>,
}

impl PersonWanted {
    /// Nobody when neither an address nor a name is given that could be looked for.
    pub fn new(email: Option<&str>, names: &[String]) -> Option<PersonWanted> {
        let email = email.map(plain).filter(|email| email.contains('@'));
        let names: Vec<String> =
            names.iter().map(|name| plain(name)).filter(|name| name.chars().count() >= LEAST_LETTERS).collect();
        (email.is_some() || !names.is_empty()).then_some(PersonWanted { email, names })
    }

    /// Whether a text names the person.
    pub(super) fn is_named_in(&self, text: &str) -> bool {
        let text = plain(text);
        let has_email = self.email.as_ref().is_some_and(|email| stands_alone(&text, email, is_of_address));
        has_email || self.names.iter().any(|name| stands_alone(&text, name, char::is_alphanumeric))
    }

    fn is(&self, author: &Author) -> bool {
        let has_email = author.address.as_ref().is_some_and(|address| Some(plain(address)) == self.email);
        has_email || author.name.as_ref().is_some_and(|name| self.names.contains(&plain(name)))
    }

    /// Whether any text inside names the person.
    pub(super) fn is_named_within(&self, value: &Json) -> bool {
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            match value {
                Json::String(text) if self.is_named_in(text) => return true,
                Json::Array(items) => open.extend(items),
                Json::Object(object) => {
                    if object.keys().any(|key| self.is_named_in(key)) {
                        return true;
                    }
                    open.extend(object.values());
                }
                _ => {}
            }
        }
        false
    }

    pub(super) fn wrote_or_is_named(&self, message: &Message) -> bool {
        let texts = [message.author.name.as_ref(), message.author.address.as_ref(), message.subject.as_ref()];
        self.wrote(message)
            || self.is_named_in(&message.text)
            || texts.into_iter().flatten().any(|text| self.is_named_in(text))
    }

    pub(super) fn wrote(&self, message: &Message) -> bool {
        self.is(&message.author)
    }
}

/// Small letters, single spaces.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.extend(word.chars().flat_map(char::to_lowercase));
    }
    plain
}

fn is_of_address(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '+' | '%' | '-')
}

/// Whether the words stand there without being part of longer ones.
fn stands_alone(text: &str, words: &str, is_inner: fn(char) -> bool) -> bool {
    text.match_indices(words).any(|(start, found)| {
        let (before, after) = (&text[..start], &text[start + found.len()..]);
        let mut next = after.chars();
        // A dot ends a sentence, or goes on as another address.
        let goes_on = match next.next() {
            Some('.') => found.contains('@') && next.next().is_some_and(is_inner),
            Some(letter) => is_inner(letter),
            None => false,
        };
        let mut earlier = before.chars().rev();
        let has_begun = match earlier.next() {
            Some('.') => found.contains('@') && earlier.next().is_some_and(is_inner),
            Some(letter) => is_inner(letter),
            None => false,
        };
        !goes_on && !has_begun
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_named_by_whole_words_alone() {
        let check = |text: &str, expected: bool| {
            let wanted =
                PersonWanted::new(Some("Dana@Northwind.example"), &["Dana  Whitfield".to_owned(), "Al".to_owned()]);
            assert_eq!(wanted.expect("somebody").is_named_in(text), expected, "{text}");
        };
        check("write to dana@northwind.example.", true);
        check("<DANA@NORTHWIND.EXAMPLE>", true);
        check("dana@northwind.example, please", true);
        check("bogdana@northwind.example", false);
        check("x.dana@northwind.example", false);
        check("dana@northwind.example.com", false);
        check("dana@northwind.examples", false);
        check("Dana\n Whitfield said", true);
        check("DANA WHITFIELD'S plan", true);
        check("Dana Whitfields", false);
        check("Bogdana Whitfield", false);
        check("Mr. Dana Whitfield.", true);
        check("Al said", false);
        check("", false);
    }

    #[test]
    fn nobody_is_looked_for_without_a_name() {
        assert!(PersonWanted::new(None, &[]).is_none());
        assert!(PersonWanted::new(Some("dana"), &["Al".to_owned(), "  ".to_owned()]).is_none());
        assert!(PersonWanted::new(None, &["Dana".to_owned()]).is_some());
    }
}
