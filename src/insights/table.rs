//! The same figures as a table: CSV that spreadsheets open without carrying
//! anything out, and text for a terminal.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value as Json;

use super::figures::{Ages, Figures, Share};
use super::recurring::{Points, RecurringGap};
use super::report::{By, FieldGroup, Group, Report};
use super::times::Times;

/// The report as CSV by RFC 4180, UTF-8: one line of names, then one line for all or one for each part.
pub fn csv(report: &Report) -> String {
    match report.by {
        None => lines(&[Group { key: Some("total".to_owned()), figures: report.total.clone() }]),
        Some(By::Field) => lines(&report.fields),
        Some(By::Gap) => lines(&report.recurring_gaps),
        Some(_) => lines(&report.groups),
    }
}

/// A cell that no spreadsheet takes for a formula: what begins like one gets a `'` before it.
pub fn guarded(cell: &str) -> String {
    const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if cell.starts_with(BEGINNINGS) { format!("'{cell}") } else { cell.to_owned() }
}

fn lines<T: Serialize + Default>(rows: &[T]) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // A row of nothing has all the columns too.
    let names: Vec<String> = cells(&T::default()).into_iter().map(|(name, _)| name).collect();
    // Writing into memory does not fail, and every row has the columns of the first.
    let _ = writer.write_record(&names);
    for row in rows {
        let _ = writer.write_record(cells(row).into_iter().map(|(_, cell)| cell));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The names and contents of a row, nested names with dots between.
fn cells<T: Serialize>(row: &T) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    let Ok(Json::Object(row)) = serde_json::to_value(row) else { return cells };
    // Last in, first out: the order of the columns is that of the JSON.
    let mut open: Vec<(String, Json)> = row.into_iter().collect();
    open.reverse();
    while let Some((name, value)) = open.pop() {
        match value {
            // Counts by a name that differs from row to row are one cell.
            Json::Object(counts) if name.contains("by_") => {
                let counts: Vec<String> = counts.iter().map(|(key, count)| format!("{key}: {count}")).collect();
                cells.push((name, guarded(&counts.join("; "))));
            }
            Json::Object(inner) => {
                open.extend(inner.into_iter().rev().map(|(key, value)| (format!("{name}.{key}"), value)));
            }
            Json::String(text) => cells.push((name, guarded(&text))),
            Json::Null => cells.push((name, String::new())),
            other => cells.push((name, other.to_string())),
        }
    }
    cells
}

/// The report as text for people.
pub fn text(report: &Report) -> String {
    let route = report.route.as_deref().map(|route| format!(", route {route}")).unwrap_or_default();
    let mut out = format!("Handoffs received from {} to {} (UTC){route}\n\n", report.from, report.to);
    match report.by {
        None => whole(&mut out, &report.total),
        Some(By::Field) => fields(&mut out, &report.fields),
        Some(By::Gap) => {}
        Some(by) => groups(&mut out, by, &report.groups),
    }
    gaps(&mut out, report);
    out
}

fn whole(out: &mut String, figures: &Figures) {
    let counts = &figures.handoffs;
    let rows = [
        ("received", counts.received.to_string()),
        ("ready", counts.ready.to_string()),
        ("transferred", counts.transferred.to_string()),
        ("accepted", counts.accepted.to_string()),
        ("returned", told(figures.returns.handoffs)),
        ("cancelled, failed", format!("{}, {}", counts.cancelled, counts.failed)),
        ("waiting to be sent", ages(&figures.waiting.sending)),
        ("waiting for acceptance", ages(&figures.waiting.receiving)),
        ("time to ready", spans(&figures.time_to_ready)),
        ("time to accept", spans(&figures.time_to_accept)),
        ("questions a handoff", rate(figures.questions)),
        ("values read", told(figures.answers.read)),
        ("values from the CRM", told(figures.answers.crm)),
        ("values from people", told(figures.answers.person)),
        ("readings corrected", told(figures.corrections)),
        ("reminders, escalations", format!("{}, {}", figures.reminders, figures.escalations)),
        ("forced transfers", format!("{}, {} still owed", figures.overrides.count, figures.overrides.open_debts)),
        ("refused transfers", figures.refused_transfers.count.to_string()),
    ];
    for (name, value) in rows {
        let _ = writeln!(out, "  {name:<24}{value}");
    }
}

fn groups(out: &mut String, by: By, groups: &[Group]) {
    let by = by.name();
    let _ = writeln!(
        out,
        "  {by:<28}{:>9}{:>7}{:>12}{:>9}{:>10}  median to ready",
        "received", "ready", "transferred", "accepted", "returned"
    );
    for Group { key, figures } in groups {
        let (key, counts) = (key.as_deref().unwrap_or("(none)"), &figures.handoffs);
        let median = figures.time_to_ready.median_seconds.map_or_else(|| "-".to_owned(), length);
        let _ = writeln!(
            out,
            "  {key:<28}{:>9}{:>7}{:>12}{:>9}{:>10}  {median}",
            counts.received, counts.ready, counts.transferred, counts.accepted, counts.returned
        );
    }
}

fn fields(out: &mut String, fields: &[FieldGroup]) {
    let _ = writeln!(out, "  {:<28}{:<24}{:<20}{:<20}returns", "route", "field", "asked", "corrected");
    for FieldGroup { route, field, figures } in fields {
        let field = field.as_deref().unwrap_or("(a source)");
        let (asked, corrected) = (told(figures.asked), told(figures.corrections));
        let _ = writeln!(out, "  {route:<28}{field:<24}{asked:<20}{corrected:<20}{}", figures.returns);
    }
}

fn gaps(out: &mut String, report: &Report) {
    if report.recurring_gaps.is_empty() {
        return;
    }
    out.push_str("\nThe same gap again\n");
    for gap in &report.recurring_gaps {
        let RecurringGap { route, field, team, handoffs, without_model, senders, senders_of, points_to, .. } = gap;
        let (field, team) = (field.as_deref().unwrap_or("a source"), team.as_deref().unwrap_or("nobody named"));
        let points = match points_to {
            Points::Route => "the route is at fault, not one person",
            Points::Person => "one person alone",
            Points::Unclear => "no clear cause",
            Points::TooFew => "too few to say",
        };
        let beside =
            if *without_model > 0 { format!(" and {without_model} read without the model") } else { String::new() };
        let _ = writeln!(
            out,
            "  {field} ({route}, {team}): {}{beside}, {senders} of {senders_of} senders: {points}",
            told(*handoffs)
        );
    }
    let rule = report.design_fault;
    let _ = writeln!(
        out,
        "  The route is at fault: {} handoffs or more, {} senders or more, and {:.0} % of the team's handoffs or more.",
        rule.handoffs,
        rule.senders,
        rule.share * 100.0
    );
}

fn told(share: Share) -> String {
    let percent = share.share.map(|share| format!(" ({:.0} %)", share * 100.0)).unwrap_or_default();
    format!("{} of {}{percent}", share.count, share.n)
}

fn rate(share: Share) -> String {
    let each = share.share.map_or_else(|| "-".to_owned(), |each| format!("{each:.1}"));
    format!("{each} ({} of {} handoffs)", share.count, share.n)
}

fn ages(ages: &Ages) -> String {
    let Ages { under_a_day, to_three_days, to_a_week, over_a_week } = ages;
    format!(
        "{} (under a day {under_a_day}, to 3 days {to_three_days}, to 7 {to_a_week}, longer {over_a_week})",
        ages.total()
    )
}

fn spans(times: &Times) -> String {
    let told = |seconds: Option<f64>| seconds.map_or_else(|| "-".to_owned(), length);
    let [median, p75, p95] = [times.median_seconds, times.p75_seconds, times.p95_seconds].map(told);
    format!("median {median}, p75 {p75}, p95 {p95} ({} over, {} still open)", times.n, times.open)
}

/// A length of time as people say it.
pub fn length(seconds: f64) -> String {
    match seconds {
        _ if seconds < 90.0 => format!("{seconds:.0} s"),
        _ if seconds < 90.0 * 60.0 => format!("{:.0} min", seconds / 60.0),
        _ if seconds < 48.0 * 3600.0 => format!("{:.1} h", seconds / 3600.0),
        _ => format!("{:.1} days", seconds / 86_400.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, expected: &str) {
        assert_eq!(guarded(cell), expected);
    }

    #[test]
    fn no_cell_is_a_formula() {
        check("sales", "sales");
        check("", "");
        check("a=b", "a=b");
        check("=HYPERLINK(\"https://evil.example\")", "'=HYPERLINK(\"https://evil.example\")");
        for begin in ["=", "+", "-", "@", "\t", "\r", "\n", "＝"] {
            check(&format!("{begin}1"), &format!("'{begin}1"));
        }
    }

    #[test]
    fn rows_are_quoted_and_have_every_column() {
        let none = lines::<Group>(&[]);
        assert_eq!(none.matches("\r\n").count(), 1, "{none}");
        let group = Group { key: Some("=1+1, \"x\"\r\ny".to_owned()), ..Group::default() };
        let text = lines(&[group]);
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        let names = reader.headers().expect("names").clone();
        assert_eq!(names.iter().take(3).collect::<Vec<_>>(), ["key", "handoffs.received", "handoffs.ready"]);
        assert!(names.iter().any(|name| name == "time_to_ready.median_seconds"), "{names:?}");
        let rows: Vec<_> = reader.records().flatten().collect();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].len(), names.len());
        assert_eq!(&rows[0][0], "'=1+1, \"x\"\r\ny");
        assert!(text.contains("\"'=1+1, \"\"x\"\"\r\ny\""), "{text}");
    }
}
