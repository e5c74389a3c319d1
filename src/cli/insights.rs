//! `baton insights`: the figures of the data folder's handoffs, beside a
//! running server or without one.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;

use super::failure::{Failure, Status};
use super::output::Output;
use crate::app::{self, FIRST_WORKSPACE, NoReport, Wanted};
use crate::config;
use crate::insights::{By, Range, csv, text};
use crate::rendering::clean;
use crate::store::{self, Options, Store};
use crate::value::parse_day;

#[derive(Debug, Args)]
pub(super) struct InsightsArguments {
    /// Handoffs count that were received from this day on, UTC [default: ninety days up to --to]
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    from: Option<Date>,

    /// The last day, which counts too [default: today]
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    to: Option<Date>,

    /// Handoffs of this route alone
    #[arg(long, value_name = "ID")]
    route: Option<String>,

    /// What the figures are cut by; `gap` shows in a table the gaps that recur
    #[arg(long, value_name = "PART", value_parser = parts())]
    by: Option<By>,

    /// How they are printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// Whose handoffs
    #[arg(long, value_name = "NAME", default_value = FIRST_WORKSPACE)]
    workspace: String,

    /// The settings file [default: baton.toml in this folder, if there is one]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,

    /// The data folder [default: `data_dir` of the settings]
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
}

fn parts() -> impl TypedValueParser<Value = By> {
    PossibleValuesParser::new(By::ALL.map(By::name)).map(|name| By::parse(&name).unwrap_or(By::Route))
}

pub(super) fn run(arguments: InsightsArguments) -> Result<Status, Failure> {
    let settings = config::load(arguments.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
    let folder = arguments.data_dir.clone().unwrap_or(settings.data_dir);
    if !folder.join(store::FILE).is_file() {
        return Err(Failure::Usage(format!("{}: there is no database; name the data folder", folder.display())));
    }
    super::engine::runtime()?.block_on(async {
        let store = Store::open_beside(&Options { folder }).await.map_err(anyhow::Error::from)?;
        let done = print(&arguments, &store).await;
        store.close().await;
        done
    })
}

async fn print(arguments: &InsightsArguments, store: &Store) -> Result<Status, Failure> {
    let now = Timestamp::now();
    let range = Range::asked(arguments.from, arguments.to, now).map_err(Failure::Usage)?;
    let workspaces = {
        let mut reader = store.reader().await.map_err(anyhow::Error::from)?;
        store::list_workspaces(&mut reader).await.map_err(anyhow::Error::from)?
    };
    let Some(workspace) = workspaces.into_iter().find(|one| one.as_str() == arguments.workspace) else {
        return Err(Failure::Usage(format!("there is no workspace `{}`", clean(&arguments.workspace))));
    };
    let wanted = Wanted { range, route: arguments.route.clone(), by: arguments.by };
    let report = app::insights(store, &workspace, wanted, now).await.map_err(|why| match why {
        NoReport::Store(fault) => Failure::Broken(fault.into()),
        NoReport::TooMany | NoReport::UnknownRoute(_) => Failure::Usage(why.to_string()),
    })?;
    let printed = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&report).map_err(anyhow::Error::from)? + "\n",
        Format::Csv => csv(&report),
        Format::Table => {
            let line = |line: &str| {
                // Names of teams come from callers; the columns are ours.
                let indent = line.len() - line.trim_start().len();
                format!("{:indent$}{}\n", "", visible(line.trim_start()))
            };
            text(&report).lines().map(line).collect()
        }
    };
    Output::new(None)?.write(&printed)?;
    Ok(Status::Done)
}

/// A line with its columns, and nothing in it that moves the cursor.
fn visible(line: &str) -> String {
    line.split(' ').map(clean).collect::<Vec<_>>().join(" ")
}
