//! `did you mean …`: the nearest of the names that would have been right.

/// The known name that is most like `given`, if one is like enough to be a slip.
pub(super) fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    known
        .into_iter()
        .map(|name| (distance(&given, &name.to_lowercase()), name))
        .filter(|(edits, name)| *edits <= (name.chars().count().max(given.chars().count()) / 3).max(1))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name)
        .filter(|_| !given.is_empty())
}

/// How many letters to change, add or drop. Long inputs are no slips and cost nothing.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    if left.len() > 200 || right.len() > 200 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, letter) in left.chars().enumerate() {
        let mut diagonal = line;
        let mut before = line + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(&right) {
            let above = *cell;
            let here = (diagonal + usize::from(letter != *other)).min(above + 1).min(before + 1);
            diagonal = above;
            *cell = here;
            before = here;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let known = ["go_live_date", "billing_cycle", "contract_value"];
        let check = |given: &str, expected: Option<&str>| assert_eq!(nearest(given, known), expected, "{given:?}");
        check("go_live_dat", Some("go_live_date"));
        check("golive_date", Some("go_live_date"));
        check("BILLING_CYCLE", Some("billing_cycle"));
        check("contractvalue", Some("contract_value"));
        check("weather", None);
        check("", None);
    }

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
