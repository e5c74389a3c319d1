//! The numbers that people put before their answers: `2. …`, `2) …`, `(2) …`,
//! `Q2: …`, `2 - …`. A number that belongs to what follows it, as in `1.5` or
//! `1:30`, is none.

/// Words before the number.
const LEADS: [&str; 12] = ["question", "answer", "frage", "antwort", "ad", "re", "zu", "to", "no.", "nr.", "q", "a"];

/// The number before an answer, and how many bytes of the line stand before the answer's words.
pub(super) fn mark(line: &str) -> Option<(usize, usize)> {
    let bare = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#' | '('));
    let bare = without_lead(bare);
    let length = bare.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=2).contains(&length) {
        return None;
    }
    let (digits, rest) = bare.split_at_checked(length)?;
    let words = behind(rest)?;
    let before = line.len() - words.len();
    Some((digits.parse().ok()?, before))
}

fn without_lead(bare: &str) -> &str {
    let leads = LEADS.iter().filter_map(|lead| {
        let (head, rest) = bare.split_at_checked(lead.len())?;
        let rest = rest.trim_start_matches([' ', '#']);
        (head.eq_ignore_ascii_case(lead) && rest.starts_with(|c: char| c.is_ascii_digit())).then_some(rest)
    });
    leads.min_by_key(|rest| rest.len()).unwrap_or(bare)
}

/// What stands behind the sign that ends a mark.
fn behind(rest: &str) -> Option<&str> {
    let bold = |text: &'_ str| -> usize { text.len() - text.trim_start_matches(['*', '_']).len() };
    let rest = rest.get(bold(rest)..)?;
    let dashed = rest.strip_prefix(' ').map(str::trim_start);
    if let Some(words) = dashed.and_then(|rest| rest.strip_prefix(['-', '–', '—'])) {
        return words.starts_with(' ').then(|| words.trim_start());
    }
    let sign = rest.chars().next().filter(|sign| matches!(sign, '.' | ')' | ':'))?;
    let mut words = rest.get(1..)?;
    if sign == '.' {
        words = words.strip_prefix(')').unwrap_or(words);
    }
    let words = words.get(bold(words)..)?;
    let is_apart = words.is_empty() || words.starts_with(char::is_whitespace);
    // `2.Frankfurt` is a mark, `2.5` and `2:30` are values.
    let is_joined = sign != ':' && words.starts_with(char::is_alphabetic);
    (is_apart || is_joined).then(|| words.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_told_from_values() {
        let check = |line: &str, expected: Option<(usize, &str)>| {
            let found = mark(line).map(|(number, before)| (number, &line[before..]));
            assert_eq!(found, expected, "{line}");
        };
        check("2. July 1", Some((2, "July 1")));
        check("  2) July 1", Some((2, "July 1")));
        check("(2) July 1", Some((2, "July 1")));
        check("*2.* July 1", Some((2, "July 1")));
        check("Q2: July 1", Some((2, "July 1")));
        check("Question 12: yes", Some((12, "yes")));
        check("ad 3) yes", Some((3, "yes")));
        check("#3. yes", Some((3, "yes")));
        check("3 - yes", Some((3, "yes")));
        check("3 – yes", Some((3, "yes")));
        check("3.Frankfurt", Some((3, "Frankfurt")));
        check("3.", Some((3, "")));
        check("1.é2", Some((1, "é2")));
        for none in ["1.5 hours", "1:30 pm", "40 users", "3-4 weeks", "100. x", "July 1", "", "3", "a", "é. x"] {
            check(none, None);
        }
    }
}
