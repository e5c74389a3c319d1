//! The gate's four cases: finished or not, let through or held up. What is
//! wrong is hatched and named.

use crate::brief::Verdict;
use crate::eval::result::{CaseResult, Results};
use crate::rendering::Html;
use crate::rendering::plot;

/// How many handoffs are of each kind.
struct Matrix {
    passed: usize,
    held: usize,
    /// Unfinished, and let through.
    false_pass: usize,
    /// Finished, and held up.
    false_block: usize,
}

pub(super) fn confusion(page: &mut Html, results: &Results) {
    let of = |is_kind: fn(&CaseResult) -> bool| results.cases.iter().filter(|case| is_kind(case)).count();
    let matrix = Matrix {
        passed: of(|case| case.expected == Verdict::Complete && case.got == Verdict::Complete),
        held: of(|case| case.expected != Verdict::Complete && case.got != Verdict::Complete),
        false_pass: of(CaseResult::is_false_pass),
        false_block: of(CaseResult::is_false_block),
    };
    super::begin(page, "The gate", "What handoffs are, and what became of them. What is wrong is hatched.");
    draw(page, &matrix);
    let row = |name: &str, passed: usize, held: usize| vec![name.to_owned(), passed.to_string(), held.to_string()];
    let rows = [row("finished", matrix.passed, matrix.false_block), row("unfinished", matrix.false_pass, matrix.held)];
    super::end(page, &["handoffs that are", "let through", "held up"], &rows);
}

fn draw(page: &mut Html, matrix: &Matrix) {
    let told = format!(
        "Of the finished handoffs {} were let through and {} held up; of the unfinished ones {} were let through and {} held up.",
        matrix.passed, matrix.false_block, matrix.false_pass, matrix.held
    );
    plot::open(page, plot::HEIGHT, &told);
    let (left, top, wide, high) = (78.0, 26.0, 136.0, 98.0);
    plot::text(page, (left + wide / 2.0, 16.0), "middle", "title", "let through");
    plot::text(page, (left + wide * 1.5 + 4.0, 16.0), "middle", "title", "held up");
    for (index, name) in ["finished", "unfinished"].into_iter().enumerate() {
        let y = top + high / 2.0 + index as f64 * (high + 4.0) + 4.0;
        plot::text(page, (left - 8.0, y), "end", "title", name);
    }
    let cells = [
        (0, 0, matrix.passed, "✓ passed", true),
        (1, 0, matrix.false_block, "✗ false block", false),
        (0, 1, matrix.false_pass, "✗ false pass", false),
        (1, 1, matrix.held, "✓ held", true),
    ];
    for (column, row, count, name, is_right) in cells {
        let at = (left + f64::from(column) * (wide + 4.0), top + f64::from(row) * (high + 4.0));
        let class = match (is_right, count) {
            (true, _) => "cell-good",
            (false, 0) => "cell-none",
            (false, _) => "cell-bad",
        };
        plot::rectangle(page, class, at, (wide, high));
        if !is_right && count > 0 {
            // The words stand on plain ground, so that the hatching does not run through them.
            plot::rectangle(page, "cell-plain", (at.0 + 16.0, at.1 + 18.0), (wide - 32.0, high - 36.0));
        }
        let middle = at.0 + wide / 2.0;
        plot::text(page, (middle, at.1 + high / 2.0 + 4.0), "middle", "count", &count.to_string());
        plot::text(page, (middle, at.1 + high / 2.0 + 22.0), "middle", "tick", name);
    }
    page.mark("</svg>\n");
}
