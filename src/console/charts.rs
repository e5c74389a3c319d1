//! The drawings of the figures: a heat map of gaps, and what changed from week
//! to week. Darkness is never alone: each cell says its numbers, and a table
//! with all of them stands behind each drawing.

use std::collections::BTreeMap;

use crate::insights::{Group, Points, RecurringGap};
use crate::rendering::Html;
use crate::rendering::plot::{Axis, Plot, rectangle, text};

/// Rows of a heat map; the rest stands in the table.
pub(super) const MOST_ROWS: usize = 20;
const LABEL: f64 = 260.0;
const CELL: (f64, f64) = (112.0, 38.0);
const HEAD: f64 = 26.0;
/// Letters that fit beside a row, and above a column.
const MOST_LABEL: usize = 34;
const MOST_HEAD: usize = 16;
/// Steps of darkness, from the lightest.
const STEPS: [&str; 5] = ["cell heat-1", "cell heat-2", "cell heat-3", "cell heat-4", "cell heat-5"];
const INKS: [&str; 5] = ["ink-1", "ink-2", "ink-3", "ink-4", "ink-5"];

/// A gap with what its route and field are called.
pub(super) struct Named<'a> {
    pub gap: &'a RecurringGap,
    pub route: String,
    pub field: String,
    pub team: String,
}

/// Route and field down, teams across; the most frequent first. Nothing without gaps.
pub(super) fn heat_map(gaps: &[Named]) -> Option<String> {
    if gaps.is_empty() {
        return None;
    }
    let (mut rows, mut columns): (Vec<(&str, &str)>, Vec<&str>) = (Vec::new(), Vec::new());
    for one in gaps {
        let row = (one.route.as_str(), one.field.as_str());
        if !rows.contains(&row) {
            rows.push(row);
        }
        if !columns.contains(&one.team.as_str()) {
            columns.push(&one.team);
        }
    }
    rows.truncate(MOST_ROWS);
    let cells: BTreeMap<(&str, &str, &str), &RecurringGap> =
        gaps.iter().map(|one| ((one.route.as_str(), one.field.as_str(), one.team.as_str()), one.gap)).collect();
    let (width, height) = (LABEL + CELL.0 * columns.len() as f64, HEAD + CELL.1 * rows.len() as f64);
    let mut page = Html::default();
    page.mark("<svg class=\"heat\" width=\"").coordinate(width).mark("\" height=\"").coordinate(height);
    page.mark("\" viewBox=\"0 0 ").coordinate(width).mark(" ").coordinate(height).mark("\" role=\"img\"");
    page.attribute(
        "aria-label",
        "Heat map: share of handoffs in which a field was missing, by sending team. The table below says the same.",
    )
    .mark(">");
    for (place, team) in columns.iter().enumerate() {
        text(&mut page, (LABEL + CELL.0 * (place as f64 + 0.5), 16.0), "middle", "head", &short(team, MOST_HEAD));
    }
    for (place, (route, field)) in rows.iter().enumerate() {
        let top = HEAD + CELL.1 * place as f64;
        text(&mut page, (0.0, top + 16.0), "start", "label", &short(field, MOST_LABEL));
        text(&mut page, (0.0, top + 30.0), "start", "under", &short(route, MOST_LABEL));
        for (column, team) in columns.iter().enumerate() {
            let at = (LABEL + CELL.0 * column as f64, top);
            match cells.get(&(*route, *field, *team)) {
                Some(gap) => cell(&mut page, at, gap),
                None => rectangle(&mut page, "cell none", (at.0 + 1.0, at.1 + 1.0), (CELL.0 - 2.0, CELL.1 - 2.0)),
            }
        }
    }
    page.mark("</svg>");
    Some(page.finish())
}

fn cell(page: &mut Html, (left, top): (f64, f64), gap: &RecurringGap) {
    let share = gap.handoffs.share.unwrap_or_default();
    let step = ((share * STEPS.len() as f64) as usize).min(STEPS.len() - 1);
    rectangle(page, STEPS[step], (left + 1.0, top + 1.0), (CELL.0 - 2.0, CELL.1 - 2.0));
    if gap.points_to == Points::Route {
        rectangle(page, "frame", (left + 3.0, top + 3.0), (CELL.0 - 6.0, CELL.1 - 6.0));
    }
    let sign = match gap.points_to {
        Points::Route => "◆ ",
        Points::Person => "● ",
        Points::Unclear | Points::TooFew => "",
    };
    let middle = left + CELL.0 / 2.0;
    let words = format!("{sign}{} of {}", gap.handoffs.count, gap.handoffs.n);
    text(page, (middle, top + 17.0), "middle", INKS[step], &words);
    text(page, (middle, top + 31.0), "middle", INKS[step], &format!("{:.0} %", share * 100.0));
}

fn short(text: &str, most: usize) -> String {
    crate::wording::shorten(text, most)
}

/// A figure of each week.
pub(super) struct Weekly {
    pub title: &'static str,
    pub unit: &'static str,
    pub values: Vec<Option<f64>>,
    /// The value in words, for who points at it and for the table.
    pub shown: fn(f64) -> String,
}

/// The figure as a line over the weeks; a week without it breaks no line, and is left out.
pub(super) fn weekly(weeks: &[Group], figure: &Weekly) -> String {
    let most = figure.values.iter().flatten().copied().fold(0.0, f64::max);
    let count = weeks.len();
    // Some four names below, so that they do not run into each other.
    let step = count.div_ceil(4).max(1);
    let names = weeks.iter().enumerate().step_by(step);
    let ticks = names.map(|(place, week)| (at(place), day(week.key.as_deref().unwrap_or_default()))).collect();
    let x = Axis { most: count as f64, ticks, title: "weeks by their Monday".to_owned() };
    let y = Axis::round(most * 1.1, figure.unit, |value| format!("{}", (value * 100.0).round() / 100.0));
    let mut page = Html::default();
    let told = format!("{} by week. The table below says the same.", figure.title);
    let mut plot = Plot::begin(&mut page, x, y, &told);
    let points: Vec<(f64, f64)> =
        figure.values.iter().enumerate().filter_map(|(place, value)| Some((at(place), (*value)?))).collect();
    plot.path("curve", &points);
    for (place, value) in figure.values.iter().enumerate() {
        if let Some(value) = value {
            let week = weeks.get(place).and_then(|week| week.key.as_deref()).unwrap_or_default();
            plot.point((at(place), *value), true, &format!("{week}: {}", (figure.shown)(*value)));
        }
    }
    plot.end();
    page.finish()
}

fn at(place: usize) -> f64 {
    place as f64 + 0.5
}

/// `2 Mar`.
fn day(text: &str) -> String {
    text.parse::<jiff::civil::Date>().map_or_else(|_| text.to_owned(), |day| day.strftime("%-d %b").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insights::Share;

    #[test]
    fn cells_say_their_numbers() {
        let gap = RecurringGap { handoffs: Share::of(12, 40), points_to: Points::Route, ..RecurringGap::default() };
        let named = |field: &str| Named {
            gap: &gap,
            route: "Sales".to_owned(),
            field: field.to_owned(),
            team: "<b>sales</b>".to_owned(),
        };
        let map = heat_map(&[named("Go-live date")]).expect("a map");
        assert!(map.contains("◆ 12 of 40") && map.contains("30 %") && map.contains("heat-2"), "{map}");
        assert!(map.contains("&lt;b&gt;") && !map.contains("style"), "{map}");
        let many: Vec<Named> = (0..50).map(|number| named(&format!("field {number}"))).collect();
        assert!(!heat_map(&many).expect("a map").contains("field 20"), "the rest stands in the table");
        assert!(heat_map(&[]).is_none());
    }

    #[test]
    fn weeks_without_a_figure_are_left_out() {
        let week = |key: &str| Group { key: Some(key.to_owned()), ..Group::default() };
        let figure = Weekly {
            title: "Returns",
            unit: "returns",
            values: vec![Some(1.0), None],
            shown: |value| format!("{value}"),
        };
        let svg = weekly(&[week("2026-03-02"), week("2026-03-09")], &figure);
        assert_eq!(svg.matches("<circle").count(), 1, "{svg}");
        assert!(svg.contains("2 Mar") && svg.contains("2026-03-02: 1"), "{svg}");
    }
}
