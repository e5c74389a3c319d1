//! Reactions that answer: a check mark under a question is a yes of the person
//! who set it. They become messages of that person; all others say nothing a
//! brief could use. Names with digits (`+1`) never stand in the text, since a
//! digit could pass for a value.

use jiff::Timestamp;

use crate::conversation::Author;
use crate::intake::draft::{DraftMessage, Piece};

/// More people than these under one message are a crowd, not an answer.
pub(super) const MAX_PEOPLE: usize = 20;

/// Names of reactions that confirm or deny, and the sign people see.
const SIGNS: [(&str, &str); 20] = [
    ("white_check_mark", "✅"),
    ("heavy_check_mark", "✔"),
    ("ballot_box_with_check", "☑"),
    ("check", "✔"),
    ("+1", "👍"),
    ("thumbsup", "👍"),
    ("like", "👍"),
    ("yes", "👍"),
    ("ok_hand", "👌"),
    ("ok", "🆗"),
    ("-1", "👎"),
    ("thumbsdown", "👎"),
    ("dislike", "👎"),
    ("no", "👎"),
    ("x", "❌"),
    ("heavy_multiplication_x", "✖"),
    ("negative_squared_cross_mark", "❎"),
    ("no_entry", "⛔"),
    ("no_entry_sign", "🚫"),
    ("no_good", "🙅"),
];

/// The sign of a reaction that confirms or denies, from its name (`+1::skin-tone-2`) or the sign itself.
pub(super) fn sign_of(name: &str) -> Option<&'static str> {
    let name = name.split("::").next().unwrap_or_default();
    let plain = name.trim_end_matches(['\u{fe0f}', '🏻', '🏼', '🏽', '🏾', '🏿']);
    SIGNS.iter().find(|(known, sign)| *known == plain || *sign == plain).map(|(_, sign)| *sign)
}

/// One person's answer by a sign to the message with the key `parent`.
pub(super) fn answer(
    author: Author,
    team: Option<String>,
    at: Option<Timestamp>,
    parent: &str,
    sign: &str,
) -> DraftMessage {
    let text = format!("[reacted with {sign}]");
    let pieces = Piece::whole(&text);
    DraftMessage { author, team, at, text, pieces, parents: vec![parent.to_owned()], ..DraftMessage::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_signs_that_answer() {
        let check = |name: &str, expected: Option<&str>| assert_eq!(sign_of(name), expected, "{name}");
        check("+1", Some("👍"));
        check("+1::skin-tone-4", Some("👍"));
        check("👍🏽", Some("👍"));
        check("✔\u{fe0f}", Some("✔"));
        check("white_check_mark", Some("✅"));
        check("no_entry", Some("⛔"));
        check("tada", None);
        check("", None);
        assert!(SIGNS.iter().all(|(_, sign)| !sign.chars().any(|c| c.is_alphanumeric())), "a sign is no value");
    }
}
