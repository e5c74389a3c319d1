//! `baton routes`: what each receiving team requires, and whether a route file
//! is sound.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value as Json, json};

use super::failure::{Failure, Status};
use super::output::{Output, json_text, say_lines};
use super::route_choice::{choose_route, shipped_routes};
use crate::rendering::{route_list_text, route_text};
use crate::route::{self, Requirement, Route, Severity};
use crate::wording;

#[derive(Debug, Args)]
pub(super) struct RoutesArguments {
    #[command(subcommand)]
    command: RoutesCommand,
}

#[derive(Debug, Subcommand)]
enum RoutesCommand {
    /// List the routes that come with Baton
    List {
        /// How the list is printed
        #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ListFormat::Text)]
        format: ListFormat,
    },
    /// Show one route: its fields, questions, conditions and rules
    #[command(after_long_help = "\
Examples:
  baton routes show sales-to-onboarding
  baton routes show sales-to-onboarding --format yaml > my-route.yaml    a start for your own")]
    Show {
        /// The id of a route, or a route file
        #[arg(value_name = "ID|FILE")]
        route: String,
        /// How the route is printed: text for people, json for programs, yaml as the file stands
        #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ShowFormat::Text)]
        format: ShowFormat,
    },
    /// Report every mistake in route files with line, column and mend; exit status 1 if there is one
    #[command(after_long_help = "\
Examples:
  baton routes check my-route.yaml
  baton routes check routes/    every .yaml and .yml file in the folder
  baton routes check            the routes that come with Baton")]
    Check {
        /// Route files, or folders of them [default: the routes that come with Baton]
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ShowFormat {
    Text,
    Json,
    Yaml,
}

pub(super) fn run(arguments: RoutesArguments) -> Result<Status, Failure> {
    match arguments.command {
        RoutesCommand::List { format } => list(format),
        RoutesCommand::Show { route, format } => show(&route, format),
        RoutesCommand::Check { paths } => check(&paths),
    }
}

fn list(format: ListFormat) -> Result<Status, Failure> {
    let routes: Vec<Route> = shipped_routes()?.into_iter().map(|chosen| chosen.route).collect();
    Output::Standard.write(&match format {
        ListFormat::Text => route_list_text(&routes, Output::Standard.layout()),
        ListFormat::Json => json_text(&routes.iter().map(one_in_list).collect::<Vec<_>>())?,
    })?;
    Ok(Status::Done)
}

fn one_in_list(route: &Route) -> Json {
    let required = route.fields.iter().filter(|field| !matches!(field.required, Requirement::Optional)).count();
    json!({
        "id": route.id,
        "version": route.version,
        "title": route.title,
        "from": {"team": route.from_team},
        "to": {"team": route.to_team},
        "fields": route.fields.len(),
        "required": required,
    })
}

fn show(wanted: &str, format: ShowFormat) -> Result<Status, Failure> {
    let chosen = choose_route(wanted)?;
    Output::Standard.write(&match format {
        ShowFormat::Text => route_text(&chosen.route, Output::Standard.layout()),
        ShowFormat::Json => json_text(&route::to_json(&chosen.route))?,
        ShowFormat::Yaml => chosen.text,
    })?;
    Ok(Status::Done)
}

fn check(paths: &[PathBuf]) -> Result<Status, Failure> {
    let files = if paths.is_empty() {
        route::shipped().iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    } else {
        read_route_files(paths)?
    };
    let mut lines = String::new();
    let (mut errors, mut hints) = (0, 0);
    for (name, text) in &files {
        for mistake in route::check(name, text) {
            match mistake.severity {
                Severity::Error => errors += 1,
                Severity::Hint => hints += 1,
            }
            lines.push_str(&format!("{mistake}\n"));
        }
    }
    Output::Standard.write(&lines)?;
    let read = wording::counted(files.len(), "route", "routes");
    let mistakes = if errors == 0 { "no mistakes".to_owned() } else { wording::counted(errors, "mistake", "mistakes") };
    let advice = if hints == 0 { String::new() } else { format!(", {}", wording::counted(hints, "hint", "hints")) };
    say_lines(&format!("{read} checked, {mistakes}{advice}"));
    Ok(if errors == 0 { Status::Done } else { Status::Failed })
}

/// The files named, and the YAML files of folders named, with their text.
fn read_route_files(paths: &[PathBuf]) -> Result<Vec<(String, String)>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.exists() {
            return Err(Failure::Usage(format!("no such file or folder: {}", path.display())));
        }
        let mut found = vec![path.clone()];
        if path.is_dir() {
            let entries = std::fs::read_dir(path).with_context(|| format!("cannot read folder {}", path.display()))?;
            let named_yaml = |file: &PathBuf| file.extension().is_some_and(|end| end == "yaml" || end == "yml");
            found = entries.filter_map(Result::ok).map(|entry| entry.path()).filter(named_yaml).collect();
            found.sort();
            if found.is_empty() {
                return Err(Failure::Usage(format!("folder {} holds no .yaml or .yml files", path.display())));
            }
        }
        for file in found {
            let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            files.push((file.display().to_string(), text));
        }
    }
    Ok(files)
}
