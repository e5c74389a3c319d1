//! What stands at the head of a sample, in a folder or on a line: which route
//! it is for, at what moment, whose domains are ours, what is known already.

use std::path::Path;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::cases::{Case, Expected};
use super::sheet::{Content, Node, Sheet};
use crate::intake::Input;
use crate::route::{self, Route};

/// The keys of every head.
pub(super) const KEYS: [&str; 6] = ["id", "route", "as_of", "our_domains", "known", "tags"];

#[derive(Default)]
pub(super) struct Head {
    pub id: String,
    pub route: Option<Route>,
    pub as_of: Option<Timestamp>,
    pub our_domains: Vec<String>,
    pub known: Vec<(String, String)>,
    pub tags: Vec<String>,
}

impl Head {
    /// Takes one entry of a head in; `folder` is where a route file of the sample's own may lie.
    pub fn take(&mut self, sheet: &mut Sheet, (key, line, node): (&str, usize, Node), folder: &Path) {
        match key {
            "id" => self.id = sheet.text(&node),
            "route" => self.route = read_route(sheet, line, &node, folder),
            "as_of" => match sheet.text(&node).parse() {
                Ok(at) => self.as_of = Some(at),
                Err(error) => sheet.note(line, format!("`as_of` is no time: {error}")),
            },
            "our_domains" => self.our_domains = sheet.texts(&node),
            "tags" => self.tags = sheet.texts(&node),
            _ => {
                for (field, _, value) in sheet.entries(node, &[]) {
                    let text = match value.json() {
                        Json::String(text) => text,
                        other => other.to_string(),
                    };
                    self.known.push((field, text));
                }
            }
        }
    }

    /// What a sample cannot do without.
    pub fn check(&self, sheet: &mut Sheet, line: usize) {
        for (key, is_given) in
            [("id", !self.id.is_empty()), ("route", self.route.is_some()), ("as_of", self.as_of.is_some())]
        {
            if !is_given && sheet.mistakes.is_empty() {
                sheet.note(line, format!("`{key}` must be given"));
            }
        }
    }
}

impl Head {
    /// The sample; `None` where the head lacks what [`Head::check`] tells.
    pub fn into_case(self, sources: Vec<Input>, expected: Expected) -> Option<Case> {
        let Head { id, route, as_of, our_domains, known, tags } = self;
        Some(Case { id, route: route?, as_of: as_of?, our_domains, known, tags, sources, expected })
    }
}

/// A shipped route by name, a file beside the sample, or the route itself.
fn read_route(sheet: &mut Sheet, line: usize, node: &Node, folder: &Path) -> Option<Route> {
    if matches!(node.content, Content::Map(_)) {
        return checked(sheet, line, route::load("route", &node.json().to_string()));
    }
    let name = sheet.text(node);
    if name.is_empty() {
        return None;
    }
    if let Some((file, text)) = route::shipped().iter().find(|(file, _)| file.trim_end_matches(".yaml") == name) {
        return checked(sheet, line, route::load(file, text));
    }
    match std::fs::read_to_string(folder.join(&name)) {
        Ok(text) => checked(sheet, line, route::load(&name, &text)),
        Err(error) => {
            sheet.note(line, format!("`{name}` is neither a shipped route nor a file beside the case: {error}"));
            None
        }
    }
}

fn checked(sheet: &mut Sheet, line: usize, loaded: Result<Route, Vec<route::Mistake>>) -> Option<Route> {
    loaded
        .map_err(|mistakes| {
            for mistake in mistakes.iter().filter(|mistake| mistake.severity == route::Severity::Error) {
                sheet.note(line, format!("the route cannot be used: {mistake}"));
            }
        })
        .ok()
}
