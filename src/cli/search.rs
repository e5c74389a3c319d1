//! `baton search`: finds handoffs by what was said in them and what their
//! briefs hold, beside a running server or without one.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde_json::json;

use super::failure::{Failure, Status};
use super::output::{Output, say_note};
use crate::app::FIRST_WORKSPACE;
use crate::config;
use crate::handoff::{self, HandoffId};
use crate::passages::Words;
use crate::rendering::clean;
use crate::retrieval::{Hit, Index, Wanted, Why};
use crate::store::{self, Options, PassageFilter, Store};
use crate::value::{Edge, parse_moment};
use crate::wording;

#[derive(Debug, Args)]
pub(super) struct SearchArguments {
    /// What to look for: all words have to be there; where they nowhere are, any
    #[arg(value_name = "WORD", required = true)]
    words: Vec<String>,

    /// Only in this handoff
    #[arg(long, value_name = "ID")]
    handoff: Option<String>,

    /// Only in handoffs of this route
    #[arg(long, value_name = "ID")]
    route: Option<String>,

    /// Only in handoffs that stand so
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,

    /// Only what was said from this time or day on, UTC
    #[arg(long, value_name = "TIME", value_parser = from_time)]
    since: Option<Timestamp>,

    /// Only what was said up to this time or the end of this day, UTC
    #[arg(long, value_name = "TIME", value_parser = to_time)]
    until: Option<Timestamp>,

    /// Passages at most
    #[arg(long, value_name = "COUNT", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,

    /// How they are printed
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,

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
enum Form {
    Text,
    Json,
}

fn from_time(text: &str) -> Result<Timestamp, String> {
    parse_moment(text, Edge::Begin)
}

fn to_time(text: &str) -> Result<Timestamp, String> {
    parse_moment(text, Edge::End)
}

pub(super) fn run(arguments: SearchArguments) -> Result<Status, Failure> {
    let settings = config::load(arguments.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
    let folder = arguments.data_dir.clone().unwrap_or_else(|| settings.data_dir.clone());
    if !folder.join(store::FILE).is_file() {
        return Err(Failure::Usage(format!("{}: there is no database; name the data folder", folder.display())));
    }
    let words = Words::read(&arguments.words.join(" ")).map_err(|why| Failure::Usage(why.to_string()))?;
    let filter = filter(&arguments)?;
    super::engine::runtime()?.block_on(async {
        let store = Store::open_beside(&Options { folder }).await.map_err(anyhow::Error::from)?;
        let done = match Index::beside(&store, &settings.search).await {
            Ok(index) => print(&arguments, (&words, filter), (&store, &index)).await,
            Err(fault) => Err(anyhow::Error::from(fault).into()),
        };
        store.close().await;
        done
    })
}

fn filter(arguments: &SearchArguments) -> Result<PassageFilter, Failure> {
    let id = |text: &String| {
        HandoffId::parse(text).ok_or_else(|| Failure::Usage(format!("`{}` is no id of a handoff", clean(text))))
    };
    let status = |text: &String| {
        let known = handoff::Status::ALL.map(handoff::Status::name).join(", ");
        let found = handoff::Status::parse(text);
        found.ok_or_else(|| Failure::Usage(format!("`{}` is no status; there are {known}", clean(text))))
    };
    Ok(PassageFilter {
        handoffs: arguments.handoff.as_ref().map(id).transpose()?.into_iter().collect(),
        route: arguments.route.clone(),
        status: arguments.status.as_ref().map(status).transpose()?,
        since: arguments.since,
        until: arguments.until,
    })
}

async fn print(
    arguments: &SearchArguments,
    (words, filter): (&Words, PassageFilter),
    (store, index): (&Store, &Index),
) -> Result<Status, Failure> {
    let (workspace, waiting) = {
        let mut reader = store.reader().await.map_err(anyhow::Error::from)?;
        let all = store::list_workspaces(&mut reader).await.map_err(anyhow::Error::from)?;
        let Some(workspace) = all.into_iter().find(|one| one.as_str() == arguments.workspace) else {
            return Err(Failure::Usage(format!("there is no workspace `{}`", clean(&arguments.workspace))));
        };
        let counted = store::count_passage_marks(&mut reader, &workspace, Timestamp::now()).await;
        let (_, waiting) = counted.map_err(anyhow::Error::from)?;
        (workspace, waiting)
    };
    let mut wanted = Wanted::within(&workspace, words, usize::from(arguments.limit));
    wanted.filter = filter;
    let found = index.find(&wanted).await.map_err(anyhow::Error::from)?;
    let printed = match arguments.format {
        Form::Json => {
            let data: Vec<serde_json::Value> = found.hits.iter().map(as_json).collect();
            let whole = json!({"data": data, "matched": found.how.name(), "has_more": found.next.is_some(), "waiting": waiting, "degraded": found.degraded.map(Why::name)});
            serde_json::to_string_pretty(&whole).map_err(anyhow::Error::from)? + "\n"
        }
        Form::Text if found.hits.is_empty() => "Nothing was found.\n".to_owned(),
        Form::Text => found.hits.iter().map(as_text).collect(),
    };
    Output::new(None)?.write(&printed)?;
    if arguments.format == Form::Text && !found.hits.is_empty() && found.how == crate::passages::Match::Any {
        say_note("no passage holds all words; these hold some");
    }
    if let Some(why) = found.degraded {
        say_note(&format!("the Qdrant server was done without: it is {why}"));
    }
    if waiting > 0 {
        say_note(&format!(
            "{waiting} handoffs cannot be found yet as they are now; the running service sees to it, or `baton reindex`"
        ));
    }
    Ok(Status::Done)
}

fn as_json(hit: &Hit) -> serde_json::Value {
    let Hit { found, snippet } = hit;
    let passage = &found.stored.passage;
    json!({
        "handoff": found.stored.handoff, "where": passage.spot, "kind": passage.kind.name(), "snippet": snippet.text,
        "source": passage.source, "author": passage.author, "at": passage.at, "route": found.route, "status": found.status,
        "title": found.title, "external_id": found.external_id,
    })
}

fn as_text(hit: &Hit) -> String {
    let Hit { found, snippet } = hit;
    let passage = &found.stored.passage;
    let title = found.title.as_ref().or(found.external_id.as_ref()).map(|title| format!("{} · ", clean(title)));
    let whence = [passage.author.as_deref(), passage.source.as_deref()].into_iter().flatten().map(clean);
    let at = passage.at.map(wording::day);
    let whence: Vec<String> = whence.chain(at).chain([passage.spot.clone()]).collect();
    format!(
        "{}{} · {}\n  {}\n  {}\n\n",
        title.unwrap_or_default(),
        found.stored.handoff,
        wording::status_label(found.status),
        clean(&snippet.text),
        whence.join(", ")
    )
}
