//! Figures for whoever looks after handoffs: is it the people or the system,
//! where the same gap comes again, how long things take from week to week, and
//! what it costs by one's own numbers. All figures are those of the API.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::charts::{MOST_ROWS, Named, Weekly, heat_map, weekly};
use super::figure_filter::Filter;
use super::frame::{Frame, Place};
use super::guard::{Here, refused};
use super::{Console, Shown};
use crate::access::roles::Ability;
use crate::app::{NoReport, Refusal};
use crate::insights::{Blame, By, Group, Numbers, Points, Report, blame, cost, csv, length};
use crate::rendering::clean;
use crate::route::Route;
use crate::web::{Typed, answer};
use crate::wording;

const NEED: Option<Ability> = Some(Ability::See);

#[derive(Template)]
#[template(path = "console/insights.html")]
struct InsightsPage {
    frame: Frame,
    filter: Filter,
    /// What each of the two forms carries for the other.
    kept_numbers: Vec<(&'static str, String)>,
    kept_days: Vec<(&'static str, String)>,
    mistakes: Vec<String>,
    routes: Vec<(String, String, bool)>,
    is_empty: bool,
    days: String,
    as_of: String,
    answer: String,
    why: String,
    rule: String,
    facts: Vec<(&'static str, String, String)>,
    map: Option<String>,
    more_rows: usize,
    gaps: Vec<Row>,
    plots: Vec<Plotted>,
    cost: Costs,
    tables: Vec<(String, &'static str)>,
}

/// A gap that recurs, as a row of the table.
struct Row {
    field: String,
    route: String,
    team: String,
    count: String,
    kinds: String,
    senders: String,
    points: &'static str,
    is_route: bool,
}

/// A drawing with its table.
struct Plotted {
    title: &'static str,
    svg: String,
    rows: Vec<(String, String)>,
}

/// The estimate by one's own numbers.
struct Costs {
    formula: String,
    result: String,
    questions: u64,
}

/// `GET /insights`.
pub(super) async fn show(State(console): State<Console>, RawQuery(query): RawQuery, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let filter = Filter::read(&Typed::read(query.unwrap_or_default().as_bytes()));
    let routes = console.app.newest_routes(&here.visitor.member.workspace).await;
    let routes = routes.map_err(|refusal| refused(&here, &refusal))?;
    let (status, report, mistakes) = match report(&console, &here, &filter, Some(By::Week)).await {
        Ok(report) => (StatusCode::OK, report, Vec::new()),
        Err(Wrong::Asked(why)) => {
            // The page of the usual days, with what was wrong.
            let usual = report_of_usual_days(&console, &here).await?;
            (StatusCode::UNPROCESSABLE_ENTITY, usual, vec![why])
        }
        Err(Wrong::Ours(response)) => return Err(response),
    };
    Ok(answer(status, &page(&here, (filter, mistakes), (&report, &routes))))
}

/// `GET /insights/table.csv`.
pub(super) async fn table(State(console): State<Console>, RawQuery(query): RawQuery, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let query = Typed::read(query.unwrap_or_default().as_bytes());
    let filter = Filter::read(&query);
    match report(&console, &here, &filter, By::parse(query.one("by"))).await {
        Ok(report) => {
            let headers = [
                (CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
                (CONTENT_DISPOSITION, "attachment; filename=\"insights.csv\""),
            ];
            Ok((headers, csv(&report)).into_response())
        }
        Err(Wrong::Asked(_)) => Err(refused(&here, &Refusal::NotFound("table"))),
        Err(Wrong::Ours(response)) => Err(response),
    }
}

/// Why there are no figures: by what was asked, or by us.
enum Wrong {
    Asked(String),
    Ours(Response),
}

async fn report(console: &Console, here: &Here, filter: &Filter, by: Option<By>) -> Result<Arc<Report>, Wrong> {
    let wanted = filter.wanted(by, console.app.now()).map_err(Wrong::Asked)?;
    console.app.insights_lately(&here.visitor.member.workspace, wanted).await.map_err(|why| match why {
        NoReport::Store(fault) => Wrong::Ours(refused(here, &fault.into())),
        told => Wrong::Asked(told.to_string()),
    })
}

async fn report_of_usual_days(console: &Console, here: &Here) -> Result<Arc<Report>, Response> {
    report(console, here, &Filter::default(), Some(By::Week)).await.map_err(|why| match why {
        Wrong::Ours(response) => response,
        Wrong::Asked(_) => refused(here, &Refusal::NotFound("figures")),
    })
}

fn page(
    here: &Here,
    (filter, mut mistakes): (Filter, Vec<String>),
    (report, routes): (&Report, &[Arc<Route>]),
) -> InsightsPage {
    let numbers = filter.numbers().unwrap_or_else(|why| {
        mistakes.push(why);
        None
    });
    let named = named(report, routes);
    let rule = report.design_fault;
    let sums = blame(&report.recurring_gaps);
    let (answer, why) = verdict(sums);
    let shown_rows: std::collections::BTreeSet<(&str, &str)> =
        named.iter().map(|one| (one.route.as_str(), one.field.as_str())).collect();
    InsightsPage {
        frame: Frame::of(here, Some(Place::Insights)),
        routes: routes.iter().map(|route| (route.id.clone(), clean(&route.title), route.id == filter.route)).collect(),
        is_empty: report.total.handoffs.received == 0,
        days: format!("{} to {}", wording::date(report.from), wording::date(report.to)),
        as_of: wording::moment(report.as_of),
        answer,
        why,
        rule: format!(
            "A gap is a fault of its route when it came in at least {} handoffs, of at least {} different senders, and in \
             at least {:.0} % of the team’s handoffs on the route.",
            rule.handoffs,
            rule.senders,
            rule.share * 100.0
        ),
        facts: facts(report),
        map: heat_map(&named),
        more_rows: shown_rows.len().saturating_sub(MOST_ROWS),
        gaps: named.iter().map(row).collect(),
        plots: plots(&report.groups),
        cost: costs(report.total.questions.count, numbers.as_ref(), &filter.currency),
        tables: tables(&filter),
        kept_numbers: filter.kept_numbers(),
        kept_days: filter.kept_days(),
        mistakes,
        filter,
    }
}

/// The gaps that recur, with what routes and fields are called.
fn named<'a>(report: &'a Report, routes: &[Arc<Route>]) -> Vec<Named<'a>> {
    let by_id: BTreeMap<&str, &Route> = routes.iter().map(|route| (route.id.as_str(), &**route)).collect();
    let name = |gap: &'a crate::insights::RecurringGap| {
        let route = by_id.get(gap.route.as_str());
        let field = gap.field.as_deref();
        let label = field.and_then(|key| route?.field(key)).map(|field| field.label.as_str());
        Named {
            gap,
            route: clean(route.map_or(gap.route.as_str(), |route| &route.title)),
            field: clean(label.or(field).unwrap_or("A source that could not be read")),
            team: clean(gap.team.as_deref().unwrap_or("no team named")),
        }
    };
    report.recurring_gaps.iter().map(name).collect()
}

/// People or the system, in a sentence, and where it comes from.
fn verdict(sums: Blame) -> (String, String) {
    let told = sums.told();
    let part = |count: u64| format!("{:.0} %", count as f64 * 100.0 / told.max(1) as f64);
    let answer = match told {
        0 if sums.total() == 0 => "Nothing was asked twice.".to_owned(),
        0 => "Too few handoffs to say.".to_owned(),
        _ if sums.route * 2 > told => format!("Mostly the system: {} points to routes.", part(sums.route)),
        _ if sums.person * 2 > told => format!("Mostly single people: {} points to one person.", part(sums.person)),
        _ => format!("Neither clearly: {} points to routes, {} to single people.", part(sums.route), part(sums.person)),
    };
    let why = format!(
        "Questions that came again: {} left out by several people (the route), {} by one person alone, {} by neither rule, \
         and {} in gaps of too few handoffs to say.",
        sums.route, sums.person, sums.unclear, sums.too_few
    );
    (answer, why)
}

/// A name, a figure, and of how many it is.
fn facts(report: &Report) -> Vec<(&'static str, String, String)> {
    let total = &report.total;
    let time = |seconds: Option<f64>| seconds.map_or_else(|| "–".to_owned(), length);
    let percent = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0));
    let each = total.questions.share.map_or_else(|| "–".to_owned(), |each| format!("{each:.1}"));
    vec![
        ("Received", total.handoffs.received.to_string(), format!("{} accepted", total.handoffs.accepted)),
        (
            "Time to ready",
            time(total.time_to_ready.median_seconds),
            format!("half of them; {} over, {} still open", total.time_to_ready.n, total.time_to_ready.open),
        ),
        (
            "Time to accept",
            time(total.time_to_accept.median_seconds),
            format!("half of them; {} over, {} still open", total.time_to_accept.n, total.time_to_accept.open),
        ),
        ("Questions a handoff", each, format!("{} in {}", total.questions.count, total.questions.n)),
        (
            "Given back",
            percent(total.returns.handoffs.share),
            format!("{} of {} handed over", total.returns.handoffs.count, total.returns.handoffs.n),
        ),
        (
            "Forced",
            percent(total.overrides.handoffs.share),
            format!("{} of {} handed over", total.overrides.handoffs.count, total.overrides.handoffs.n),
        ),
    ]
}

fn row(one: &Named) -> Row {
    let gap = one.gap;
    let kinds: Vec<String> =
        gap.by_kind.iter().map(|(kind, count)| format!("{} {count}", kind.replace('_', " "))).collect();
    let share = gap.handoffs.share.map(|share| format!(" ({:.0} %)", share * 100.0)).unwrap_or_default();
    let beside = match gap.without_model {
        0 => String::new(),
        count => format!(", and {count} read without the model"),
    };
    Row {
        field: one.field.clone(),
        route: one.route.clone(),
        team: one.team.clone(),
        count: format!("{} of {}{share}{beside}", gap.handoffs.count, gap.handoffs.n),
        kinds: kinds.join(", "),
        senders: format!("{} of {}", gap.senders, gap.senders_of),
        points: match gap.points_to {
            Points::Route => "◆ Fault of the route",
            Points::Person => "● One person alone",
            Points::Unclear => "No clear cause",
            Points::TooFew => "Too few to say",
        },
        is_route: gap.points_to == Points::Route,
    }
}

fn plots(weeks: &[Group]) -> Vec<Plotted> {
    const HOUR: f64 = 3600.0;
    let each = |value: fn(&Group) -> Option<f64>| weeks.iter().map(value).collect::<Vec<_>>();
    let count = |value: f64| format!("{value:.0}");
    let figures = [
        Weekly {
            title: "Time to ready, half of the handoffs",
            unit: "hours",
            values: each(|week| week.figures.time_to_ready.median_seconds.map(|seconds| seconds / HOUR)),
            shown: |hours| length(hours * HOUR),
        },
        Weekly {
            title: "Questions a handoff",
            unit: "questions",
            values: each(|week| week.figures.questions.share),
            shown: |value| format!("{value:.1}"),
        },
        Weekly {
            title: "Times given back",
            unit: "returns",
            values: each(|week| Some(week.figures.returns.count as f64)),
            shown: count,
        },
        Weekly {
            title: "Forced transfers",
            unit: "transfers",
            values: each(|week| Some(week.figures.overrides.count as f64)),
            shown: count,
        },
    ];
    let plotted = |figure: &Weekly| Plotted {
        title: figure.title,
        svg: weekly(weeks, figure),
        rows: weeks
            .iter()
            .zip(&figure.values)
            .map(|(week, value)| {
                (week.key.clone().unwrap_or_default(), value.map_or_else(|| "–".to_owned(), figure.shown))
            })
            .collect(),
    };
    if weeks.is_empty() { Vec::new() } else { figures.iter().map(plotted).collect() }
}

fn costs(questions: u64, numbers: Option<&Numbers>, currency: &str) -> Costs {
    let currency = clean(currency);
    let (formula, result) = match numbers {
        None => ("questions × share that comes back × minutes ÷ 60 × rate".to_owned(), String::new()),
        Some(numbers) => {
            let Numbers { minutes, rate, rework_percent } = numbers;
            let sum = cost(questions, numbers);
            let formula =
                format!("{questions} questions × {rework_percent} % × {minutes} minutes ÷ 60 × {rate} {currency}");
            (
                formula.trim_end().to_owned(),
                format!("{:.1} hours, {:.2} {currency}", sum.hours, sum.money).trim_end().to_owned(),
            )
        }
    };
    Costs { formula, result, questions }
}

fn tables(filter: &Filter) -> Vec<(String, &'static str)> {
    [
        (None, "All together"),
        (Some(By::Gap), "Gaps that come again"),
        (Some(By::Field), "By field"),
        (Some(By::Route), "By route"),
        (Some(By::Team), "By sending team"),
        (Some(By::Week), "By week"),
        (Some(By::Day), "By day"),
    ]
    .map(|(by, name)| (filter.table(by), name))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_follows_the_sums() {
        let check = |route, person, unclear, too_few, expected: &str| {
            let (answer, _) = verdict(Blame { route, person, unclear, too_few });
            assert!(answer.starts_with(expected), "{answer}");
        };
        check(0, 0, 0, 0, "Nothing was asked twice");
        check(0, 0, 0, 4, "Too few");
        check(8, 2, 0, 9, "Mostly the system: 80 %");
        check(2, 8, 0, 0, "Mostly single people: 80 %");
        check(5, 5, 10, 0, "Neither clearly: 25 % points to routes, 25 % to single people");
    }

    #[test]
    fn no_number_of_ours_is_in_the_estimate() {
        let filter = Filter { minutes: "45".to_owned(), ..Filter::default() };
        assert_eq!(filter.numbers(), Ok(None));
        assert_eq!(costs(40, None, "EUR").result, "");
        let filter = Filter { rate: "80".to_owned(), rework: "25".to_owned(), ..filter };
        let numbers = filter.numbers().expect("plain numbers").expect("all of them");
        let found = costs(40, Some(&numbers), "EUR");
        assert_eq!(found.formula, "40 questions × 25 % × 45 minutes ÷ 60 × 80 EUR");
        assert_eq!(found.result, "7.5 hours, 600.00 EUR");
        assert!(Filter { rework: "250".to_owned(), ..filter }.numbers().is_err());
    }
}
