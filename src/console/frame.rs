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
    Keys,
    Webhooks,
    Model,
    Notifications,
    Retention,
}

/// An entry.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub path: &'static str,
    pub name: &'static str,
    /// `aria-current`; empty for an entry that leads elsewhere.
    pub current: &'static str,
}

/// Entries that belong together.
#[derive(Debug, Clone)]
pub(super) struct Section {
    pub name: &'static str,
    pub entries: Vec<Entry>,
}

/// What stands around a page.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub entries: Vec<Entry>,
    /// The list beside a page of the settings.
    pub sections: Vec<Section>,
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
    const OWN: [Place; 2] = [Place::Profile, Place::Sessions];
    const WORKSPACE: [Place; 6] =
        [Place::Members, Place::Keys, Place::Webhooks, Place::Model, Place::Notifications, Place::Retention];

    pub fn path(self) -> &'static str {
        match self {
            Place::Handoffs => "/handoffs",
            Place::Insights => "/insights",
            Place::Routes => "/routes",
            Place::Profile => "/settings/profile",
            Place::Sessions => "/settings/sessions",
            Place::Members => "/settings/members",
            Place::Keys => "/settings/keys",
            Place::Webhooks => "/settings/webhooks",
            Place::Model => "/settings/model",
            Place::Notifications => "/settings/notifications",
            Place::Retention => "/settings/retention",
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
            Place::Keys => "Keys",
            Place::Webhooks => "Webhooks",
            Place::Model => "Model",
            Place::Notifications => "Notifications",
            Place::Retention => "Retention",
        }
    }

    /// What one needs to be there; everybody has an account of their own.
    pub fn need(self) -> Option<Ability> {
        match self {
            Place::Handoffs | Place::Insights | Place::Routes => Some(Ability::See),
            Place::Profile | Place::Sessions => None,
            // How the workspace is set up is for whoever lets people in to see.
            Place::Members | Place::Model | Place::Notifications => Some(Ability::EditMembers),
            Place::Keys => Some(Ability::EditKeys),
            Place::Webhooks => Some(Ability::EditEndpoints),
            Place::Retention => Some(Ability::Erase),
        }
    }

    pub fn is_open_to(self, here: &Here) -> bool {
        self.need().is_none_or(|need| here.visitor.member.may(need))
    }
}

impl Frame {
    /// The frame of a page; `place` is none for one without an entry.
    pub fn of(here: &Here, place: Option<Place>) -> Frame {
        let is_setting = place.is_some_and(|place| Place::OWN.contains(&place) || Place::WORKSPACE.contains(&place));
        let tab = |one: Place| Entry {
            path: one.path(),
            name: one.name(),
            current: if place == Some(one) { "page" } else { "" },
        };
        let section = |name: &'static str, all: &[Place]| Section {
            name,
            entries: all.iter().copied().filter(|place| place.is_open_to(here)).map(tab).collect(),
        };
        let mut sections = vec![section("You", &Place::OWN), section("Workspace", &Place::WORKSPACE)];
        sections.retain(|section| is_setting && !section.entries.is_empty());
        let settings = Entry { path: "/settings", name: "Settings", current: if is_setting { "true" } else { "" } };
        let main = Place::MAIN.into_iter().filter(|place| place.is_open_to(here)).map(tab);
        Frame {
            entries: main.chain([settings]).collect(),
            sections,
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
