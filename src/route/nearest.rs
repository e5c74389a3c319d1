//! The word somebody probably meant: the nearest of the known ones by letters
//! inserted, left out, changed or swapped with a neighbour.

/// Longer words than this are never typing slips of each other, and comparing them would cost time.
const LONGEST_CHARS: usize = 64;

/// The known word nearest to `word`, if it is near enough to be a slip.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed: Vec<char> = word.chars().flat_map(char::to_lowercase).take(LONGEST_CHARS + 1).collect();
    if typed.is_empty() || typed.len() > LONGEST_CHARS {
        return None;
    }
    let allowed = typed.len().div_ceil(3).min(3);
    known
        .into_iter()
        .filter_map(|candidate| {
            let other: Vec<char> = candidate.chars().flat_map(char::to_lowercase).take(LONGEST_CHARS + 1).collect();
            if other.len() > LONGEST_CHARS || other.len().abs_diff(typed.len()) > allowed {
                return None;
            }
            Some((distance(&typed, &other), candidate)).filter(|(steps, _)| *steps <= allowed)
        })
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, candidate)| candidate)
}

/// Single-letter steps from `a` to `b`; a swap of neighbours is one step.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let change = previous[j] + usize::from(x != y);
            let mut steps = change.min(previous[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                steps = steps.min(before[j - 1] + 1);
            }
            row.push(steps);
        }
        before = std::mem::replace(&mut previous, row);
    }
    previous.last().copied().unwrap_or(0)
}

/// `did you mean 'x'? ` when there is a near word, then `otherwise`.
pub(super) fn suggest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    match nearest(word, known) {
        Some(meant) => format!("did you mean '{meant}'? {otherwise}").trim_end().to_string(),
        None => otherwise.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_slips_and_nothing_else() {
        let check = |word: &str, expected: Option<&str>| {
            assert_eq!(nearest(word, ["date", "datetime", "required", "label"]), expected, "{word}");
        };
        check("dat", Some("date"));
        check("dtae", Some("date"));
        check("Date", Some("date"));
        check("requird", Some("required"));
        check("lable", Some("label"));
        check("colour", None);
        check("", None);
        check(&"x".repeat(100_000), None);
    }
}
