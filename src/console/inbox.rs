//! The list of handoffs that somebody works through: what waits for them, for
//! their team or for anybody, longest over its limit first. Every filter stands
//! in the address, so that a list can be kept as a bookmark.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use jiff::Timestamp;

use super::frame::{Frame, Place};
use super::guard::{Here, refused};
use super::{Console, Shown};
use crate::access::roles::Ability;
use crate::app::{Inbox, InboxWanted, Refusal, Whose};
use crate::handoff::Status;
use crate::passages::Snippet;
use crate::rendering::clean;
use crate::route::Route;
use crate::store::{Line, LineKey};
use crate::web::{Typed, answer, go_to};
use crate::wording;

/// Lines of a page.
pub(super) const PAGE: u32 = 50;
/// Letters of a search.
const MOST_SEARCH: usize = 200;

#[derive(Template)]
#[template(path = "console/inbox.html")]
struct InboxPage {
    frame: Frame,
    done: &'static str,
    tabs: Vec<Link>,
    statuses: Vec<Link>,
    routes: Vec<Choice>,
    filter: Filter,
    /// The address of this very list, for coming back.
    back: String,
    lines: Vec<Shownline>,
    next: Option<String>,
    first: Option<String>,
    empty: Option<Empty>,
    teams: Vec<Choice>,
    team: String,
    asks_team: bool,
    can_begin: bool,
    can_remind: bool,
}

/// What stands in the address.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    whose: &'static str,
    status: &'static str,
    route: String,
    q: String,
}

struct Link {
    path: String,
    name: &'static str,
    /// None where it is not counted.
    count: Option<u32>,
    is_current: bool,
}

struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

/// A handoff as a line.
struct Shownline {
    id: String,
    title: String,
    about: String,
    status: &'static str,
    class: &'static str,
    open: String,
    turn: String,
    step: &'static str,
    is_mine: bool,
    age: String,
    is_late: bool,
    /// The moment itself.
    due: String,
    has_asked: bool,
    /// Words that were looked for where they stand: stretches, and whether they are marked.
    found: Vec<(String, bool)>,
}

/// What to do where nothing is.
struct Empty {
    heading: &'static str,
    line: &'static str,
    way: Option<(String, &'static str)>,
}

impl Filter {
    fn read(query: &Typed, here: &Here) -> Filter {
        let member = &here.visitor.member;
        // Whoever only looks has nothing that waits for them.
        let acts = member.may(Ability::Answer) || member.may(Ability::Receive);
        let usual = if acts { "mine" } else { "all" };
        let whose = ["mine", "team", "all"].into_iter().find(|one| *one == query.one("whose")).unwrap_or(usual);
        let status = Status::parse(query.one("status")).map_or("", Status::name);
        let q = query.one("q").chars().take(MOST_SEARCH).collect();
        Filter { whose, status, route: query.one("route").to_owned(), q }
    }

    fn is_narrow(&self) -> bool {
        !(self.status.is_empty() && self.route.is_empty() && self.q.is_empty())
    }

    fn path(&self, after: Option<LineKey>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("whose", self.whose);
        for (name, value) in [("status", self.status), ("route", &self.route), ("q", &self.q)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some(key) = after {
            query.append_pair("after", &format!("{}.{}.{}", key.grade, key.at, key.place));
        }
        format!("/handoffs?{}", query.finish())
    }

    fn wanted(&self, after: Option<LineKey>) -> InboxWanted {
        InboxWanted {
            whose: match self.whose {
                "mine" => Whose::Mine,
                "team" => Whose::Team,
                _ => Whose::All,
            },
            status: Status::parse(self.status),
            route: Some(self.route.clone()).filter(|route| !route.is_empty()),
            search: self.q.clone(),
            after,
            limit: PAGE,
        }
    }
}

fn read_after(text: &str) -> Option<LineKey> {
    let mut parts = text.split('.').map(str::parse);
    let mut part = || parts.next()?.ok();
    Some(LineKey { grade: part()?, at: part()?, place: part()? })
}

/// `GET /handoffs`.
pub(super) async fn show(State(console): State<Console>, RawQuery(query): RawQuery, parts: Parts) -> Shown {
    let here = console.asked(&parts, Some(Ability::See)).await?;
    let query = Typed::read(query.unwrap_or_default().as_bytes());
    let filter = Filter::read(&query, &here);
    let after = read_after(query.one("after"));
    let done = if query.one("done") == "team" { "Your team is kept. This is what it has to do with." } else { "" };
    let wrong = |refusal: Refusal| refused(&here, &refusal);
    let found = console.app.inbox(&here.visitor, &filter.wanted(after)).await.map_err(wrong)?;
    let routes = console.app.newest_routes(&here.visitor.member.workspace).await.map_err(wrong)?;
    let asks_team = filter.whose == "team";
    let teams = match asks_team {
        true => console.app.teams(&here.visitor.member.workspace).await.map_err(wrong)?,
        false => Vec::new(),
    };
    Ok(page(&console, &here, (filter, after, done), (found, routes, teams)))
}

/// `POST /handoffs/team`: which team somebody works in.
pub(super) async fn choose_team(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), Some(Ability::See)).await?;
    match console.app.choose_team(&here.visitor, typed.one("team")).await {
        Ok(()) => Ok(go_to("/handoffs?whose=team&done=team")),
        // A team that nobody has any more: the list shows those that there are.
        Err(Refusal::Invalid(_)) => Ok(go_to("/handoffs?whose=team")),
        Err(refusal) => Err(refused(&here, &refusal)),
    }
}

fn page(
    console: &Console,
    here: &Here,
    (filter, after, done): (Filter, Option<LineKey>, &'static str),
    (found, routes, teams): (Inbox, Vec<Arc<Route>>, Vec<String>),
) -> Response {
    let member = &here.visitor.member;
    let by_id: BTreeMap<&str, &Route> = routes.iter().map(|route| (route.id.as_str(), &**route)).collect();
    let own = member.email.to_lowercase();
    let now = console.app.now();
    let team = member.team.clone().unwrap_or_default();
    let last = found.lines.last().filter(|_| found.has_more).map(|line| line.key);
    let choice = |route: &Arc<Route>| Choice {
        is_chosen: route.id == filter.route,
        value: route.id.clone(),
        label: clean(&route.title),
    };
    let page = InboxPage {
        frame: Frame::of(here, Some(Place::Handoffs)),
        done,
        tabs: tabs(&filter),
        statuses: statuses(&filter, &found),
        routes: routes.iter().map(choice).collect(),
        back: filter.path(after),
        lines: found
            .lines
            .iter()
            .map(|line| Shownline {
                found: found.snippets.get(&line.handoff).map(stretches).unwrap_or_default(),
                ..shown(line, &by_id, (&own, now))
            })
            .collect(),
        next: last.map(|key| filter.path(Some(key))),
        first: after.map(|_| filter.path(None)),
        empty: found.lines.is_empty().then(|| empty(&filter, member.may(Ability::Create), member.team.is_some())),
        asks_team: filter.whose == "team",
        teams: teams
            .into_iter()
            .map(|name| Choice { is_chosen: name == team, label: clean(&name), value: name })
            .collect(),
        team: clean(&team),
        can_begin: member.may(Ability::Create),
        can_remind: member.may(Ability::Answer) && found.lines.iter().any(|line| has_asked(line.status)),
        filter,
    };
    answer(StatusCode::OK, &page)
}

fn tabs(filter: &Filter) -> Vec<Link> {
    let tab = |(whose, name): (&'static str, &'static str)| Link {
        path: Filter { whose, ..filter.clone() }.path(None),
        name,
        count: None,
        is_current: filter.whose == whose,
    };
    [("mine", "Mine"), ("team", "My team’s"), ("all", "All")].map(tab).into()
}

fn statuses(filter: &Filter, found: &Inbox) -> Vec<Link> {
    let count = |status: Status| found.counts.iter().find(|(one, _)| *one == status).map_or(0, |(_, count)| *count);
    let any = Link {
        path: Filter { status: "", ..filter.clone() }.path(None),
        name: "Any status",
        count: Some(found.counts.iter().map(|(_, count)| count).sum()),
        is_current: filter.status.is_empty(),
    };
    let link = |status: Status| Link {
        path: Filter { status: status.name(), ..filter.clone() }.path(None),
        name: wording::status_label(status),
        count: Some(count(status)),
        is_current: filter.status == status.name(),
    };
    let all = Status::ALL.into_iter().map(link).filter(|link| link.is_current || link.count != Some(0));
    [any].into_iter().chain(all).collect()
}

/// Whether people are asked something where it stands so.
fn has_asked(status: Status) -> bool {
    matches!(status, Status::NeedsInput | Status::Transferred | Status::Returned | Status::Failed)
}

fn shown(line: &Line, routes: &BTreeMap<&str, &Route>, (own, now): (&str, Timestamp)) -> Shownline {
    let route = routes.get(line.route.as_str());
    let route_title = route.map_or_else(|| clean(&line.route), |route| clean(&route.title));
    let given = [&line.title, &line.external_id].into_iter().flatten().map(|text| clean(text));
    let title = given.into_iter().find(|text| !text.trim().is_empty()).unwrap_or_else(|| route_title.clone());
    let side = |own: &Option<String>, of: fn(&Route) -> &str| match own {
        Some(team) => clean(team),
        None => route.map(|route| clean(of(route))).unwrap_or_default(),
    };
    let teams = [side(&line.from_team, |route| &route.from_team), side(&line.to_team, |route| &route.to_team)];
    let external_id = line.external_id.as_deref().map(clean).filter(|id| *id != title);
    let teams = (!teams.concat().is_empty()).then(|| teams.join(" → "));
    let about: Vec<String> = [Some(route_title), teams, external_id].into_iter().flatten().collect();
    let is_mine = line.turn.as_deref() == Some(own);
    Shownline {
        id: line.handoff.0.clone(),
        title,
        about: about.join(" · "),
        status: wording::status_label(line.status),
        class: status_class(line.status),
        open: wording::open_questions(line.open),
        turn: match (&line.turn_name, line.step.as_deref()) {
            _ if is_mine => "You".to_owned(),
            (Some(name), _) => clean(name),
            (None, Some("read")) => "Baton".to_owned(),
            (None, Some(_)) => "Nobody is named".to_owned(),
            (None, None) => String::new(),
        },
        step: line.step.as_deref().map_or("", wording::step_label),
        is_mine,
        age: wording::age(line.status, (line.created_at, line.due_at), now),
        is_late: line.due_at.is_some_and(|due| due < now) && line.key.grade == 0,
        due: line.due_at.map_or_else(
            || format!("came in {}", wording::moment(line.created_at)),
            |due| format!("due {}", wording::moment(due)),
        ),
        has_asked: has_asked(line.status),
        found: Vec::new(),
    }
}

/// A snippet cut at its marks.
fn stretches(snippet: &Snippet) -> Vec<(String, bool)> {
    let mut all = Vec::new();
    let mut at = 0;
    let cut = |from: usize, to: usize| {
        let text = snippet.text.get(from..to).unwrap_or_default();
        let plain = clean(text);
        // The blanks at its ends part it from what stands beside it.
        let before = if text.starts_with(' ') { " " } else { "" };
        let after = if text.ends_with(' ') && !plain.is_empty() { " " } else { "" };
        format!("{before}{plain}{after}")
    };
    for (from, to) in &snippet.marks {
        all.push((cut(at, *from), false));
        all.push((cut(*from, *to), true));
        at = *to;
    }
    all.push((cut(at, snippet.text.len()), false));
    all.retain(|(text, _)| !text.is_empty());
    all
}

/// How a status looks; its word says it too.
pub(super) fn status_class(status: Status) -> &'static str {
    match status {
        Status::Ready | Status::Accepted => "good",
        Status::NeedsInput | Status::Returned | Status::Failed => "bad",
        Status::Drafting | Status::Transferred | Status::Cancelled => "",
    }
}

fn empty(filter: &Filter, can_begin: bool, has_team: bool) -> Empty {
    let all = || Some(("/handoffs?whose=all".to_owned(), "Look at all handoffs"));
    let begin = || can_begin.then(|| ("/handoffs/new".to_owned(), "Begin one"));
    if filter.whose == "team" && !has_team {
        let line = "Say it below, and this list shows what your team hands over and what it gets.";
        return Empty { heading: "Which team do you work in?", line, way: None };
    }
    if filter.is_narrow() {
        let way = Some((Filter { whose: filter.whose, ..Filter::default() }.path(None), "Take the filters away"));
        return Empty { heading: "Nothing fits", line: "No handoff of this list has all that you look for.", way };
    }
    match filter.whose {
        "mine" => Empty {
            heading: "Nothing waits for you",
            line: "What you are asked, and what you have to do next, comes here.",
            way: all(),
        },
        "team" => Empty {
            heading: "Your team has no handoffs",
            line: "What it hands over and what it gets comes here.",
            way: all(),
        },
        _ => Empty {
            heading: "There are no handoffs yet",
            line: "A program hands over when its trigger fires, or a person begins one here.",
            way: begin(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_stand_in_their_address() {
        let filter = Filter { whose: "all", status: "ready", route: String::new(), q: "Ünion & co".to_owned() };
        let key = LineKey { grade: 2, at: -17, place: 5 };
        let path = filter.path(Some(key));
        assert_eq!(path, "/handoffs?whose=all&status=ready&q=%C3%9Cnion+%26+co&after=2.-17.5");
        let query = Typed::read(path.split_once('?').expect("a query").1.as_bytes());
        assert_eq!((query.one("q"), read_after(query.one("after"))), ("Ünion & co", Some(key)));
        for wrong in ["", "1", "1.2", "a.b.c", "1.2.99999999999999999999"] {
            assert_eq!(read_after(wrong), None, "{wrong}");
        }
    }
}
