//! Values that gave way to others in the same breath: `from A to B`, `not A
//! but B`, `B and not A`, `B instead of A`.

use crate::language::{fold, tokens};
use crate::value::{Sort, Spotted};

use super::Line;

/// `from A to B`, `not A but B`, `A is now B`: A gave way to B.
pub(super) fn is_replaced(line: &Line, first: &Spotted, second: &Spotted) -> bool {
    if is_set_aside(line, first) && !is_set_aside(line, second) || is_restated(line, first, second) {
        return true;
    }
    let before = line.text[line.start..first.start].trim_end().as_bytes();
    let leaves = ["from", "not", "instead of", "was", "n't"].iter().any(|word| {
        before.len().checked_sub(word.len()).is_some_and(|at| before[at..].eq_ignore_ascii_case(word.as_bytes()))
    });
    if !leaves {
        return false;
    }
    let between = line.text.get(first.end..second.start).unwrap_or_default().trim();
    let between = between.trim_matches([',', '–', '-', '—', ' ']).to_ascii_lowercase();
    let arrives = ["to", "but", "it's", "it is", "rather", "we", "now", "then", "->", "→"]
        .iter()
        .any(|word| between.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')));
    arrives || between.is_empty()
}

/// `by Friday week, so the 14th of August`: the same day once more, in plainer words.
fn is_restated(line: &Line, first: &Spotted, second: &Spotted) -> bool {
    let between = line.text.get(first.end..second.start).unwrap_or_default().to_lowercase();
    let between = between.trim_matches([',', ' ', '(', '–', '-', '—']);
    let says = [
        "so",
        "so the",
        "so that's",
        "so that's the",
        "that's",
        "that's the",
        "that is",
        "that is the",
        "i.e",
        "i.e.",
        "meaning",
        "which is",
        "which is the",
        "also der",
        "also am",
        "das ist der",
        "donc le",
        "c'est-à-dire le",
        "soit le",
        "o sea el",
        "es decir el",
    ];
    // `9 of us and 2 in the office, so 11`, `… that makes 15`: the sum.
    let last: Vec<String> =
        tokens(between).iter().rev().take(2).map(|token| fold(token.text(between)).into_owned()).collect();
    let sums = first.sort == Sort::Number
        && second.sort == Sort::Number
        && last
            .first()
            .is_some_and(|word| matches!(word.as_str(), "so" | "makes" | "altogether" | "total" | "macht" | "soit"))
        && line.text[..second.start].trim_end().to_lowercase().ends_with(last[0].as_str())
        && !between.contains(['.', ';', '?']);
    sums || says.contains(&between) && line.text[second.start..second.end].contains(|c: char| c.is_ascii_digit())
}

/// `…, not 70`, `and not on September 28`, `instead of 9`, `nicht 60`: named to be denied.
#[rustfmt::skip]
pub(super) fn is_set_aside(line: &Line, spotted: &Spotted) -> bool {
    let before = &line.text[line.start..spotted.start];
    let words: Vec<String> = tokens(before).iter().rev().take(4).map(|token| fold(token.text(before)).into_owned()).collect();
    let small = |word: &str| matches!(word, "on" | "the" | "by" | "at" | "of" | "than" | "que" | "am" | "le" | "el" | "a" | "to" | "for" | "in" | "de" | "den" | "dem" | "zum" | "vom" | "von" | "lugar" | "vez");
    let Some(first) = words.iter().find(|word| !small(word)) else { return false };
    matches!(first.as_str(), "scrap" | "forget" | "drop" | "not" | "instead" | "rather" | "nicht" | "statt" | "anstatt" | "pas" | "plutôt" | "plutot" | "lieu" | "en" | "isn't" | "wasn't")
        && (first != "en" || words.iter().any(|word| matches!(word.as_str(), "lugar" | "vez")))
        || first == "no" && before.trim_end().ends_with("no") && before.trim_end().trim_end_matches("no").trim_end().ends_with(',')
}
