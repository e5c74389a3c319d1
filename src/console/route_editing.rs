//! Changing a route: its text in one box, every mistake named by its line, tried
//! against handoffs of before, and published as a new version by an admin.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use super::frame::{Frame, Place};
use super::guard::{Here, refused};
use super::route_diff::{DiffLine, compare};
use super::routes::not_there;
use super::{Console, Shown};
use crate::access::roles::Ability;
use crate::app::{DryRun, DrySum, Refusal, sum_up};
use crate::rendering::clean;
use crate::route::{self, Mistake, Severity};
use crate::web::{answer, go_to};
use crate::wording;

const NEED: Option<Ability> = Some(Ability::EditRoutes);
/// The longest form that is read.
const MOST_BYTES: usize = 1024 * 1024;
/// Handoffs that a change is tried against.
const LAST: u32 = 50;

#[derive(Template)]
#[template(path = "console/route_edit.html")]
struct EditPage {
    frame: Frame,
    id: String,
    title: String,
    text: String,
    rows: usize,
    /// What was found, in a sentence; empty before anything was checked.
    outcome: String,
    is_good: bool,
    mistakes: Vec<Found>,
    diff: Option<Vec<DiffLine>>,
    dry: Option<Dry>,
}

/// A mistake with its line.
struct Found {
    line: usize,
    what: String,
    mend: String,
    excerpt: String,
    is_hint: bool,
}

/// What a change would have done.
struct Dry {
    judged: String,
    outcome: String,
    by_field: Vec<(String, usize)>,
    handoffs: Vec<(String, String, String)>,
}

/// `GET /routes/{id}/edit`.
pub(super) async fn show(State(console): State<Console>, Path(id): Path<String>, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let (version, text) = published(&console, &here, &id).await?;
    let text = next_version(&text, version);
    Ok(page(&here, (StatusCode::OK, &id, text), |_| {}))
}

/// `POST /routes/{id}/edit`: checked, tried, or published.
pub(super) async fn send(State(console): State<Console>, Path(id): Path<String>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent_within((&parts, &body), NEED, MOST_BYTES).await?;
    let workspace = here.visitor.member.workspace.clone();
    let wrong = |refusal: Refusal| refused(&here, &not_there(refusal));
    let (_, before) = published(&console, &here, &id).await?;
    let text = format!("{}\n", typed.one("text"));
    let found = console.app.check_route(&workspace, (&id, &text)).await.map_err(wrong)?;
    let is_wrong = found.iter().any(|mistake| mistake.severity == Severity::Error);
    let wants = typed.one("do");
    if !is_wrong && wants == "publish" {
        match console.app.publish((&workspace, &here.visitor.actor()), (&id, text.clone())).await {
            Ok(_) => return Ok(go_to(&format!("/routes/{id}?done=published"))),
            // Somebody published in between.
            Err(Refusal::Invalid(problems)) => {
                let told = problems.first().map(|problem| clean(&problem.detail)).unwrap_or_default();
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return Ok(page(&here, (status, &id, text), |page| page.outcome = format!("Not published: {told}")));
            }
            Err(refusal) => return Err(wrong(refusal)),
        }
    }
    let dry = match wants {
        "try" if !is_wrong => {
            let runs = console.app.dry_run(&workspace, (&id, &text), LAST).await.map_err(wrong)?;
            Some(dry(&runs, &text))
        }
        _ => None,
    };
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let diff = compare(&before, &text);
    let outcome = outcome(&found, wants);
    let mistakes = found.iter().map(|mistake| shown(mistake, &text)).collect();
    Ok(page(&here, (status, &id, text), |page| {
        (page.outcome, page.is_good, page.mistakes) = (outcome, !is_wrong, mistakes);
        (page.diff, page.dry) = (diff, dry);
    }))
}

/// The newest version with its text.
async fn published(console: &Console, here: &Here, id: &str) -> Result<(u32, String), Response> {
    let found = console.app.route_text(&here.visitor.member.workspace, (id, None)).await;
    found.map_err(|refusal| refused(here, &refusal))
}

fn page(here: &Here, (status, id, text): (StatusCode, &str, String), fill: impl FnOnce(&mut EditPage)) -> Response {
    let mut page = EditPage {
        frame: Frame::of(here, Some(Place::Routes)),
        id: id.to_owned(),
        title: route::load(id, &text).map_or_else(|_| id.to_owned(), |route| clean(&route.title)),
        rows: text.lines().count().clamp(20, 40),
        text,
        outcome: String::new(),
        is_good: true,
        mistakes: Vec::new(),
        diff: None,
        dry: None,
    };
    fill(&mut page);
    answer(status, &page)
}

/// The text with the number of the version that comes next; what a program published as one line is laid out first.
fn next_version(text: &str, version: u32) -> String {
    let laid_out = match text.starts_with('{') {
        true => serde_json::from_str::<serde_json::Value>(text)
            .ok()
            .and_then(|json| serde_json::to_string_pretty(&json).ok()),
        false => None,
    };
    let text = laid_out.unwrap_or_else(|| text.to_owned());
    let next = version.saturating_add(1);
    let mut is_done = false;
    let lines = text.lines().map(|line| {
        let (key, rest) = line.split_once(':').unwrap_or_default();
        let is_version = !is_done && matches!(key, "version" | "  \"version\"");
        if !is_version {
            return line.to_owned();
        }
        is_done = true;
        format!("{key}: {next}{}", if rest.trim_end().ends_with(',') { "," } else { "" })
    });
    let mut text: Vec<String> = lines.collect();
    if !is_done && !laid_out_as_json(&text) {
        // A route without a number is its first version.
        let after_id = text.iter().position(|line| line.starts_with("id:")).map_or(0, |place| place + 1);
        text.insert(after_id, format!("version: {next}"));
    }
    text.join("\n") + "\n"
}

fn laid_out_as_json(lines: &[String]) -> bool {
    lines.first().is_some_and(|line| line.starts_with('{'))
}

fn outcome(found: &[Mistake], wants: &str) -> String {
    let errors = found.iter().filter(|mistake| mistake.severity == Severity::Error).count();
    let hints = found.len() - errors;
    let advice = if hints == 0 { String::new() } else { format!(", {}", wording::counted(hints, "hint", "hints")) };
    match errors {
        0 => format!("No mistakes{advice}."),
        count => {
            let not = match wants {
                "publish" => "Not published: ",
                "try" => "Not tried: ",
                _ => "",
            };
            format!("{not}{}{advice}.", wording::counted(count, "mistake", "mistakes"))
        }
    }
}

fn shown(mistake: &Mistake, text: &str) -> Found {
    let excerpt = text.lines().nth(mistake.line.saturating_sub(1)).unwrap_or_default();
    Found {
        line: mistake.line,
        what: clean(&mistake.message),
        mend: clean(&mistake.mend),
        excerpt: clean(excerpt.trim()),
        is_hint: mistake.severity == Severity::Hint,
    }
}

fn dry(runs: &[DryRun], text: &str) -> Dry {
    let DrySum { judged, would_block, blocked, by_field } = sum_up(runs);
    let changed = route::load("", text).ok();
    let label = |key: &str| {
        let field = changed.as_ref().and_then(|route| route.field(key));
        field.map_or_else(|| clean(key), |field| clean(&field.label))
    };
    let labels = |keys: &[String]| keys.iter().map(|key| label(key)).collect::<Vec<_>>().join(", ");
    let differs = runs.iter().filter(|run| run.would_block != run.blocked);
    Dry {
        judged: wording::counted(judged, "handoff of before was judged anew", "handoffs of before were judged anew"),
        outcome: format!("{would_block} would be blocked by this change; {blocked} were blocked as it was."),
        by_field: by_field.into_iter().map(|(key, count)| (label(&key), count)).collect(),
        handoffs: differs
            .map(|run| {
                let name = run.external_id.as_deref().map_or_else(|| run.handoff.0.clone(), clean);
                let would = if run.would_block.is_empty() { "passes".to_owned() } else { labels(&run.would_block) };
                (run.handoff.0.clone(), name, would)
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_version_is_written_in() {
        let check = |text: &str, expected: &str| assert_eq!(next_version(text, 3), expected);
        check("id: a\nversion: 3\ntitle: A\n", "id: a\nversion: 4\ntitle: A\n");
        check("# x\nid: a\ntitle: version 2\n", "# x\nid: a\nversion: 4\ntitle: version 2\n");
        check(r#"{"id":"a","version":3}"#, "{\n  \"id\": \"a\",\n  \"version\": 4\n}\n");
    }
}
