//! `baton keys`: keys of programs that call. A key's text is printed once, on
//! the last line, and kept nowhere; beside a running server this works too.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use secrecy::ExposeSecret;

use super::failure::{Failure, Status};
use super::output::say_note;
use crate::access::callers::Preset;
use crate::access::keys::{Mode, Scopes};
use crate::app::{self, FIRST_WORKSPACE, KeyRequest};
use crate::config;
use crate::rendering::clean;
use crate::store::{Options, Store};

#[derive(Debug, Args)]
pub(super) struct KeysArguments {
    #[command(subcommand)]
    command: KeysCommand,

    /// The settings file [default: baton.toml in this folder, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    settings: Option<PathBuf>,

    /// The data folder [default: `data_dir` of the settings]
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Make a key; its text is printed once, alone on the last line
    Create(CreateArguments),
    /// List keys: id, name, scopes, when they end; never their text
    List,
    /// Revoke a key for good
    Revoke {
        /// The key's id, as `keys list` shows it
        #[arg(value_name = "ID")]
        id: String,
    },
}

#[derive(Debug, Args)]
struct CreateArguments {
    /// What the key may do: all, or some of handoffs:read, handoffs:write, transfer, break_glass, routes:read,
    /// routes:write, audit:read, metrics:read, keys:manage, with commas. `all` includes break_glass
    #[arg(long, value_name = "SCOPES")]
    scopes: Scopes,

    /// What people call it
    #[arg(long, default_value = "unnamed")]
    name: String,

    /// A key for trying: it sees data of its own
    #[arg(long)]
    test: bool,

    /// When it ends, RFC 3339 [default: never]
    #[arg(long, value_name = "TIME")]
    expires: Option<Timestamp>,

    /// Which program calls with it: hubspot, zapier, make, salesforce, n8n or plain
    #[arg(long, value_name = "PROGRAM", default_value = "plain")]
    preset: Preset,

    /// Where in the body the caller's id of the event stands, for programs that cannot set a header: /event/id
    #[arg(long, value_name = "POINTER")]
    key_pointer: Option<String>,

    /// Whose data it opens
    #[arg(long, value_name = "NAME", default_value = FIRST_WORKSPACE)]
    workspace: String,
}

pub(super) fn run(arguments: KeysArguments) -> Result<Status, Failure> {
    let settings = config::load(arguments.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
    let folder = arguments.data_dir.unwrap_or(settings.data_dir);
    super::engine::runtime()?.block_on(async {
        let store = Store::open_beside(&Options { folder }).await.map_err(anyhow::Error::from)?;
        let done = carry_out(arguments.command, &store).await;
        store.close().await;
        done
    })
}

async fn carry_out(command: KeysCommand, store: &Store) -> Result<Status, Failure> {
    let now = Timestamp::now();
    match command {
        KeysCommand::Create(wanted) => {
            if wanted.key_pointer.as_ref().is_some_and(|pointer| !pointer.starts_with('/')) {
                return Err(Failure::Usage("--key-pointer begins with `/`, as in /event/id".to_owned()));
            }
            if wanted.expires.is_some_and(|end| end <= now) {
                return Err(Failure::Usage("--expires is in the past".to_owned()));
            }
            let request = KeyRequest {
                name: wanted.name,
                workspace: wanted.workspace,
                mode: if wanted.test { Mode::Test } else { Mode::Live },
                scopes: wanted.scopes,
                preset: wanted.preset,
                key_pointer: wanted.key_pointer,
                expires_at: wanted.expires,
            };
            let (id, text) = app::add_key(store, request, now).await.map_err(anyhow::Error::from)?;
            say_note(&format!("key {id}; keep the text below, it is shown this once"));
            println!("{}", text.expose_secret());
            Ok(Status::Done)
        }
        KeysCommand::List => {
            for key in app::keys(store).await.map_err(anyhow::Error::from)? {
                let state = match (key.revoked_at, key.expires_at) {
                    (Some(at), _) => format!("revoked {at}"),
                    (None, Some(end)) if end <= now => format!("ended {end}"),
                    (None, Some(end)) => format!("until {end}"),
                    (None, None) => "no end".to_owned(),
                };
                println!(
                    "{}  {}  {}  {}  {}  {state}",
                    key.id,
                    key.workspace.as_str(),
                    clean(&key.name),
                    key.preset,
                    key.scopes
                );
            }
            Ok(Status::Done)
        }
        KeysCommand::Revoke { id } => {
            if app::cut_key(store, id.clone(), now).await.map_err(anyhow::Error::from)? {
                println!("key {id} is revoked");
                return Ok(Status::Done);
            }
            Err(Failure::Usage(format!("no living key has the id `{id}`; `baton keys list` shows them")))
        }
    }
}
