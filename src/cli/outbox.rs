//! `baton outbox`: the messages to people in a data folder, those that wait
//! and those that have left, beside a running server or without one.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::failure::{Failure, Status};
use crate::asking::LINK;
use crate::config::{self, Settings};
use crate::handoff::HandoffId;
use crate::rendering::clean;
use crate::store::{self, Letter, Options, Store};

/// Messages that are read in one go.
const PAGE: u32 = 100;

#[derive(Debug, Args)]
pub(super) struct OutboxArguments {
    /// Only messages about this handoff
    #[arg(long, value_name = "ID")]
    handoff: Option<String>,

    /// How they are printed
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,

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

pub(super) fn run(arguments: OutboxArguments) -> Result<Status, Failure> {
    let settings = config::load(arguments.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
    let folder = arguments.data_dir.unwrap_or_else(|| settings.data_dir.clone());
    if !folder.join(store::FILE).is_file() {
        return Err(Failure::Usage(format!("{}: there is no database; name the data folder", folder.display())));
    }
    let handoff = match &arguments.handoff {
        Some(id) => Some(HandoffId::parse(id).ok_or_else(|| Failure::Usage(format!("`{id}` is no id of a handoff")))?),
        None => None,
    };
    super::engine::runtime()?.block_on(async {
        let store = Store::open_beside(&Options { folder }).await.map_err(anyhow::Error::from)?;
        let printed = print(&store, (handoff.as_ref(), arguments.format), &settings).await;
        store.close().await;
        printed
    })
}

async fn print(
    store: &Store,
    (handoff, form): (Option<&HandoffId>, Form),
    settings: &Settings,
) -> Result<Status, Failure> {
    let mut reader = store.reader().await.map_err(anyhow::Error::from)?;
    let workspaces = store::list_workspaces(&mut reader).await.map_err(anyhow::Error::from)?;
    let mut all = Vec::new();
    for workspace in workspaces {
        let mut before = None;
        loop {
            let page = store::list_letters(&mut reader, (&workspace, handoff), (before, PAGE)).await;
            let page = page.map_err(anyhow::Error::from)?;
            before = page.last().map(|letter| letter.place);
            let is_last = page.len() < PAGE as usize;
            all.extend(page);
            if is_last {
                break;
            }
        }
    }
    match form {
        Form::Json => {
            let data: Vec<serde_json::Value> = all.iter().map(|letter| as_json(letter, settings)).collect();
            println!("{}", serde_json::to_string_pretty(&json!({"data": data})).map_err(anyhow::Error::from)?);
        }
        Form::Text if all.is_empty() => println!("No messages."),
        Form::Text => all.iter().for_each(|letter| print_text(letter, settings)),
    }
    Ok(Status::Done)
}

fn to(letter: &Letter) -> Option<String> {
    let person = letter.person.clone().unwrap_or_default();
    person.email.or(person.slack)
}

fn as_json(letter: &Letter, settings: &Settings) -> serde_json::Value {
    let url = settings.page_of(&letter.handoff);
    let channel = letter.channel.clone().unwrap_or_else(|| "email".to_owned());
    json!({
        "id": letter.id, "handoff": letter.handoff, "to": to(letter), "channel": channel, "subject": letter.words.subject,
        "text": letter.words.text.replace(LINK, &url), "links": {"review": url, "handoff": format!("/v1/handoffs/{}", letter.handoff)},
        "state": letter.state, "problem": letter.problem, "created_at": letter.created_at, "sent_at": letter.sent_at,
    })
}

fn print_text(letter: &Letter, settings: &Settings) {
    let when = letter.sent_at.map_or_else(|| letter.state.clone(), |at| format!("sent {at}"));
    println!(
        "{}  {}  {}",
        letter.id,
        when,
        clean(&to(letter).unwrap_or_else(|| "to nobody: nobody is known".to_owned()))
    );
    println!("  {}", clean(&letter.words.subject));
    if let Some(problem) = &letter.problem {
        println!("  {}", clean(problem));
    }
    for line in letter.words.text.replace(LINK, &settings.page_of(&letter.handoff)).lines() {
        println!("  | {}", clean(line));
    }
    println!();
}
