//! What changed from one version of a route to the next, line by line: the
//! longest common lines stay, the others went or came.

/// Longer texts are not compared: it would take too long, and nobody reads it.
const MOST_LINES: usize = 3_000;
/// Lines around a change that are shown with it.
const AROUND: usize = 3;

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Stays,
    Came,
    Went,
    /// Some that stay, left out.
    Skipped,
}

/// One line of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DiffLine {
    pub fate: Fate,
    pub text: String,
}

impl DiffLine {
    pub fn sign(&self) -> &'static str {
        match self.fate {
            Fate::Stays => " ",
            Fate::Came => "+",
            Fate::Went => "−",
            Fate::Skipped => "…",
        }
    }

    pub fn class(&self) -> &'static str {
        match self.fate {
            Fate::Stays => "",
            Fate::Came => "came-line",
            Fate::Went => "went-line",
            Fate::Skipped => "skipped",
        }
    }

    /// For those who hear the page.
    pub fn word(&self) -> &'static str {
        match self.fate {
            Fate::Came => "Added: ",
            Fate::Went => "Removed: ",
            Fate::Stays | Fate::Skipped => "",
        }
    }
}

/// The lines that changed, with some around them; none when the texts are too long to compare.
pub(super) fn compare(old: &str, new: &str) -> Option<Vec<DiffLine>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    if old.len() > MOST_LINES || new.len() > MOST_LINES {
        return None;
    }
    Some(fold(whole(&old, &new)))
}

fn whole(old: &[&str], new: &[&str]) -> Vec<DiffLine> {
    // Length of the longest common lines from each pair of places on.
    let wide = new.len() + 1;
    let mut common = vec![0_u16; (old.len() + 1) * wide];
    for (place, line) in old.iter().enumerate().rev() {
        for (other, its) in new.iter().enumerate().rev() {
            common[place * wide + other] = if line == its {
                common[(place + 1) * wide + other + 1] + 1
            } else {
                common[(place + 1) * wide + other].max(common[place * wide + other + 1])
            };
        }
    }
    let line = |fate, text: &str| DiffLine { fate, text: text.to_owned() };
    let (mut place, mut other) = (0, 0);
    let mut lines = Vec::with_capacity(old.len().max(new.len()));
    while place < old.len() || other < new.len() {
        match (old.get(place), new.get(other)) {
            (Some(gone), Some(come)) if gone == come => {
                lines.push(line(Fate::Stays, gone));
                (place, other) = (place + 1, other + 1);
            }
            (Some(gone), come)
                if come.is_none() || common[(place + 1) * wide + other] >= common[place * wide + other + 1] =>
            {
                lines.push(line(Fate::Went, gone));
                place += 1;
            }
            (_, Some(come)) => {
                lines.push(line(Fate::Came, come));
                other += 1;
            }
            // Neither has a line left, or the first alone, which the arm above takes.
            (_, None) => break,
        }
    }
    lines
}

/// Leaves out what stays far from every change.
fn fold(lines: Vec<DiffLine>) -> Vec<DiffLine> {
    let changed: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| line.fate != Fate::Stays).map(|(place, _)| place).collect();
    let is_near = |place: usize| {
        let next = changed.partition_point(|change| *change < place);
        let near = |index: Option<&usize>| index.is_some_and(|change| change.abs_diff(place) <= AROUND);
        near(changed.get(next)) || near(next.checked_sub(1).and_then(|index| changed.get(index)))
    };
    let mut folded: Vec<DiffLine> = Vec::new();
    for (place, line) in lines.into_iter().enumerate() {
        if is_near(place) {
            folded.push(line);
        } else if folded.last().is_none_or(|last| last.fate != Fate::Skipped) {
            folded.push(DiffLine { fate: Fate::Skipped, text: String::new() });
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        let lines = compare(old, new).expect("they are short");
        let found: Vec<String> = lines.iter().map(|line| format!("{}{}", line.sign(), line.text)).collect();
        assert_eq!(found.join("|"), expected);
    }

    #[test]
    fn changes_are_told_line_by_line() {
        check("a\nb\nc", "a\nx\nc", " a|−b|+x| c");
        check("a\nb", "a\nb\nc", " a| b|+c");
        check("a\nb", "", "−a|−b");
        check("", "a", "+a");
        check("a", "a", "…");
        check("1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\n4\n5\n6\n7\n8\nx", "…| 6| 7| 8|−9|+x");
        assert!(compare(&"a\n".repeat(MOST_LINES + 1), "").is_none());
    }
}
