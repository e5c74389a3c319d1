//! What the route itself says does not count: `"Looking to optimise our
//! processes" does not count` in a field's description makes words that say no
//! more than that too vague, whoever says them.

use crate::language::{fold, tokens};
use crate::route::Field;
use crate::value::Kind;

use super::restating::restates;

/// Words that add nothing to what they stand beside.
#[rustfmt::skip]
const IDLE: &[&str] = &[
    "basically", "really", "just", "quite", "bit", "little", "very", "kind", "sort", "somehow", "know", "honestly", "pretty", "so", "like", "everywhere", "usual", "usually",
];

/// Whether the words of a value say no more than what the field's description rules out.
pub(super) fn is_ruled_out(field: &Field, words: &str) -> bool {
    if !matches!(field.kind, Kind::Text | Kind::LongText | Kind::Person | Kind::Team)
        || words.chars().any(|c| c.is_ascii_digit())
    {
        return false;
    }
    let own: Vec<String> = words_of(words).into_iter().filter(|word| !IDLE.contains(&word.as_str())).collect();
    let bare = own.join(" ");
    let has_content = own.iter().any(|word| word.chars().count() > 3);
    exclusions(&field.description).iter().any(|exclusion| {
        let quoted = exclusion.quoted.iter().any(|phrase| {
            let phrase = words_of(phrase);
            phrase.len() > 1
                && own.windows(phrase.len()).any(|window| window == phrase)
                && own.len() <= phrase.len() * 3
        });
        let free = matches!(field.kind, Kind::LongText | Kind::Text);
        quoted || free && has_content && restates(&bare, &exclusion.text)
    })
}

struct Exclusion {
    text: String,
    quoted: Vec<String>,
}

/// The sentences of a description that say what does not count.
fn exclusions(description: &str) -> Vec<Exclusion> {
    let sentences = description.split(". ").filter(|sentence| {
        let folded = sentence.to_lowercase();
        ["not count", "doesn't count", "don't count", "is not a name", "is no name"]
            .iter()
            .any(|end| folded.contains(end))
    });
    let each = sentences.map(|sentence| {
        let quoted = sentence.split('"').skip(1).step_by(2).map(str::to_owned).collect();
        Exclusion { text: sentence.to_owned(), quoted }
    });
    each.collect()
}

/// Folded words; whose something is, makes no difference.
fn words_of(text: &str) -> Vec<String> {
    let word = |word: &str| match word {
        "their" | "our" | "my" | "your" | "his" | "her" => "our".to_owned(),
        other => other.to_owned(),
    };
    tokens(text).iter().map(|token| word(&fold(token.text(text)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_description_rules_out_is_too_vague() {
        let check = |kind: &str, description: &str, words: &str, expected: bool| {
            let text = format!(
                "id: r\nversion: 1\nfields:\n  - {{key: f, type: {kind}, specific: true, description: '{description}'}}\n"
            );
            let route = crate::route::load("r.yaml", &text).unwrap();
            assert_eq!(is_ruled_out(&route.fields[0], words), expected, "{words} / {description}");
        };
        let need = "The problem. \"Looking to optimise our processes\" does not count.";
        check("long_text", need, "We are basically looking to optimise our processes a bit", true);
        check("long_text", need, "We lose three loads a week in our processes", false);
        check(
            "long_text",
            "What fails. \"It does not work\" or \"it is slow\" does not count.",
            "It's just really slow",
            true,
        );
        check(
            "long_text",
            "What fails. \"it is slow\" does not count.",
            "Opening an order is slow since Monday",
            false,
        );
        check("person", "By name. \"Their IT\" or a team does not count.", "Our IT, good people", true);
        check("person", "By name. \"Their IT\" or a team does not count.", "Dana Whitfield", false);
        check(
            "text",
            "Hours. Office hours or \"normal hours\" do not count.",
            "normal office hours, as everywhere",
            true,
        );
        check("text", "Hours. Office hours or \"normal hours\" do not count.", "Mon to Fri, 7 to 15", false);
    }
}
