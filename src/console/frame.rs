//! The bar around the pages of signed-in people: where one can go, where one
//! is, and the way out. A page that does not exist, or that somebody may not
//! see, has no entry.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::guard::Here;
use crate::access::links::form_token;
use crate::access::roles::Ability;
use crate::rendering::clean;
use crate::web::answer;

/// A page with an entry in the bar or among the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Handoffs,
    Insights,
    Routes,
    Profile,
    Sessions,
    Members,
}

/// An entry.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub path: &'static str,
    pub name: &'static str,
    /// `aria-current`; empty for an entry that leads elsewhere.
    pub current: &'static str,
}

/// What stands around a page.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub entries: Vec<Entry>,
    /// The entries of the section that the page belongs to.
    pub tabs: Vec<Entry>,
    pub person: String,
    /// For every form of the page.
    pub token: String,
}

/// A page inside the bar that says one thing.
#[derive(Template)]
#[template(path = "console/notice.html")]
struct NoticePage {
    frame: Frame,
    heading: String,
    lines: Vec<String>,
    /// An address and what it is called.
    way: Option<(String, &'static str)>,
}

impl Place {
    /// The entries of the bar besides the settings.
    const MAIN: [Place; 3] = [Place::Handoffs, Place::Insights, Place::Routes];
    const SETTINGS: [Place; 3] = [Place::Profile, Place::Sessions, Place::Members];

    pub fn path(self) -> &'static str {
        match self {
            Place::Handoffs => "/handoffs",
            Place::Insights => "/insights",
            Place::Routes => "/routes",
            Place::Profile => "/settings/profile",
            Place::Sessions => "/settings/sessions",
            Place::Members => "/settings/members",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Place::Handoffs => "Handoffs",
            Place::Insights => "Insights",
            Place::Routes => "Routes",
            Place::Profile => "Profile",
            Place::Sessions => "Sessions",
            Place::Members => "Members",
        }
    }

    /// What one needs to be there; everybody has an account of their own.
    fn need(self) -> Option<Ability> {
        match self {
            Place::Handoffs | Place::Insights | Place::Routes => Some(Ability::See),
            Place::Profile | Place::Sessions => None,
            Place::Members => Some(Ability::EditMembers),
        }
    }

    pub fn is_open_to(self, here: &Here) -> bool {
        self.need().is_none_or(|need| here.visitor.member.may(need))
    }
}

impl Frame {
    /// The frame of a page; `place` is none for one without an entry.
    pub fn of(here: &Here, place: Option<Place>) -> Frame {
        let is_setting = place.is_some_and(|place| Place::SETTINGS.contains(&place));
        let tab = |one: Place| Entry {
            path: one.path(),
            name: one.name(),
            current: if place == Some(one) { "page" } else { "" },
        };
        let tabs = Place::SETTINGS.into_iter().filter(|place| place.is_open_to(here)).map(tab);
        let settings = Entry { path: "/settings", name: "Settings", current: if is_setting { "true" } else { "" } };
        let main = Place::MAIN.into_iter().filter(|place| place.is_open_to(here)).map(tab);
        Frame {
            entries: main.chain([settings]).collect(),
            tabs: if is_setting { tabs.collect() } else { Vec::new() },
            person: clean(&here.visitor.member.name),
            token: form_token(&here.secret),
        }
    }
}

/// Where somebody begins.
pub(super) fn home_of(here: &Here) -> Place {
    if Place::Handoffs.is_open_to(here) { Place::Handoffs } else { Place::Profile }
}

/// A page inside the bar that says one thing.
pub(super) fn notice(here: &Here, (status, heading): (StatusCode, &str), lines: &[&str]) -> Response {
    notice_with_way(here, (status, heading), lines, None)
}

/// The same with where one can go on.
pub(super) fn notice_with_way(
    here: &Here,
    (status, heading): (StatusCode, &str),
    lines: &[&str],
    way: Option<(String, &'static str)>,
) -> Response {
    let lines = lines.iter().map(|line| (*line).to_owned()).collect();
    answer(status, &NoticePage { frame: Frame::of(here, None), heading: heading.to_owned(), lines, way })
}
