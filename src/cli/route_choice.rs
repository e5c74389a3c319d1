//! Which route is meant: the id of one that comes with Baton, or a file.

use std::path::Path;

use anyhow::{Context, anyhow};

use super::failure::Failure;
use super::suggestion::nearest;
use crate::route::{self, Route};

/// A loaded route and the text it was loaded from.
#[derive(Debug)]
pub(super) struct Chosen {
    pub route: Route,
    pub text: String,
}

/// All routes that come with Baton, in the order of their files.
pub(super) fn shipped_routes() -> Result<Vec<Chosen>, Failure> {
    let mut routes = Vec::new();
    for (name, text) in route::shipped() {
        routes.push(load(name, text)?);
    }
    Ok(routes)
}

/// The route that `wanted` names: a shipped id first, else a file.
pub(super) fn choose_route(wanted: &str) -> Result<Chosen, Failure> {
    // A shipped route's file is named by its id: the others need not be read.
    let file = Path::new(wanted).with_added_extension("yaml");
    if let Some((name, text)) =
        route::shipped().iter().find(|(name, _)| Path::new(name).file_name() == file.file_name())
        && !wanted.contains(std::path::is_separator)
    {
        return load(name, text);
    }
    let path = Path::new(wanted);
    if path.exists() && !path.is_dir() {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {wanted}"))?;
        return load(wanted, &text);
    }
    let looks_like_path =
        wanted.contains(std::path::is_separator) || wanted.ends_with(".yaml") || wanted.ends_with(".yml");
    if looks_like_path {
        return Err(Failure::Usage(format!("no such route file: {wanted}")));
    }
    let shipped = shipped_routes()?;
    let ids: Vec<&str> = shipped.iter().map(|chosen| chosen.route.id.as_str()).collect();
    let hint = nearest(wanted, ids.iter().copied()).map(|id| format!("; did you mean `{id}`?")).unwrap_or_default();
    Err(Failure::Usage(format!(
        "no route `{wanted}`{hint}\n  known routes: {}\n  or name a file, such as ./my-route.yaml",
        ids.join(", ")
    )))
}

fn load(name: &str, text: &str) -> Result<Chosen, Failure> {
    match route::load(name, text) {
        Ok(route) => Ok(Chosen { route, text: text.to_owned() }),
        Err(mistakes) => {
            let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            Err(anyhow!("the route {name} has mistakes\n{}", lines.join("\n")).into())
        }
    }
}
