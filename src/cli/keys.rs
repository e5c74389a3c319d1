//! `baton keys`: keys of programs that call. A key's text is printed once, on
//! the last line, and kept nowhere; beside a running server this works too.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::brief::parse_end;
use super::failure::{Failure, Status};
use super::output::say_note;
use crate::access::callers::Preset;
use crate::access::keys::{Mode, Scopes};
use crate::access::sealing::Sealer;
use crate::app::{self, FIRST_WORKSPACE, KeyRequest};
use crate::config;
use crate::rendering::clean;
use crate::store::{FILE, Options, Store};

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
    Create(Box<CreateArguments>),
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
    /// routes:write, audit:read, metrics:read, endpoints:read, endpoints:write, erase, keys:manage, with commas. `all` includes break_glass
    #[arg(long, value_name = "SCOPES")]
    scopes: Scopes,

    /// What people call it
    #[arg(long, default_value = "unnamed")]
    name: String,

    /// A key for trying: it sees data of its own
    #[arg(long)]
    test: bool,

    /// When it ends: a moment, or the end of a day (UTC) [default: never]
    #[arg(long, value_name = "TIME", value_parser = parse_end)]
    expires: Option<Timestamp>,

    /// Which program calls with it: hubspot, zapier, make, salesforce, n8n or plain
    #[arg(long, value_name = "PROGRAM", default_value = "plain")]
    preset: Preset,

    /// Where in the body the caller's id of the event stands, for programs that cannot set a header: /event/id
    #[arg(long, value_name = "POINTER")]
    key_pointer: Option<String>,

    /// What the program signs its requests with, in a file; `-` reads it from standard input. From then on every request
    /// with the key must be signed: by HubSpot's version 3 with --preset hubspot (the app's client secret), else by
    /// Standard Webhooks (`whsec_…`). Several while they are exchanged, one a line
    #[arg(long, value_name = "FILE")]
    signing_secret_file: Option<PathBuf>,

    /// Whose data it opens
    #[arg(long, value_name = "NAME", default_value = FIRST_WORKSPACE)]
    workspace: String,
}

pub(super) fn run(arguments: KeysArguments) -> Result<Status, Failure> {
    let settings = config::load(arguments.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
    let folder = arguments.data_dir.unwrap_or(settings.data_dir);
    let knows_address = settings.base_url.is_some();
    // The first key may come before the first start of the service; whoever meant another folder learns where it went.
    let is_new = !folder.join(FILE).is_file();
    if is_new && !matches!(arguments.command, KeysCommand::Create(_)) {
        return Err(Failure::Usage(format!("{}: there is no database; name the data folder", folder.display())));
    }
    super::engine::runtime()?.block_on(async {
        let store = Store::open_beside(&Options { folder: folder.clone() }).await.map_err(anyhow::Error::from)?;
        if is_new {
            say_note(&format!("made a new database in {}", folder.display()));
        }
        let done = carry_out(arguments.command, (&store, &folder), knows_address).await;
        store.close().await;
        done
    })
}

async fn create(
    wanted: CreateArguments,
    (store, folder): (&Store, &Path),
    knows_address: bool,
) -> Result<Status, Failure> {
    let now = Timestamp::now();
    if wanted.key_pointer.as_ref().is_some_and(|pointer| !pointer.starts_with('/')) {
        return Err(Failure::Usage("--key-pointer begins with `/`, as in /event/id".to_owned()));
    }
    if wanted.expires.is_some_and(|end| end <= now) {
        return Err(Failure::Usage("--expires is in the past".to_owned()));
    }
    let signing_secret = wanted.signing_secret_file.as_deref().map(read_secret).transpose()?;
    if let Some(secret) = &signing_secret {
        let usable = app::check_signing_secret(wanted.preset, secret);
        usable.map_err(|fault| Failure::Usage(format!("--signing-secret-file: {fault}")))?;
        if wanted.preset == Preset::Hubspot && !knows_address {
            say_note("HubSpot signs the address it calls: set `base_url` where `baton serve` runs, or nothing gets in");
        }
    }
    let request = KeyRequest {
        name: wanted.name,
        workspace: wanted.workspace,
        mode: if wanted.test { Mode::Test } else { Mode::Live },
        scopes: wanted.scopes,
        preset: wanted.preset,
        key_pointer: wanted.key_pointer,
        expires_at: wanted.expires,
        signing_secret,
    };
    let sealer = Sealer::open(&folder.join("keys")).map_err(anyhow::Error::from)?;
    let (id, text) = app::add_key((store, &sealer), request, now).await.map_err(anyhow::Error::from)?;
    say_note(&format!("key {id}; keep the text below, it is shown this once"));
    println!("{}", text.expose_secret());
    Ok(Status::Done)
}

/// Never from an argument, where every user of the machine could read it.
fn read_secret(file: &Path) -> Result<SecretString, Failure> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|error| Failure::Usage(format!("--signing-secret-file {}: {error}", file.display())))?;
    Ok(SecretString::from(text))
}

async fn carry_out(
    command: KeysCommand,
    (store, folder): (&Store, &Path),
    knows_address: bool,
) -> Result<Status, Failure> {
    let now = Timestamp::now();
    match command {
        KeysCommand::Create(wanted) => create(*wanted, (store, folder), knows_address).await,
        KeysCommand::List => {
            for key in app::keys(store).await.map_err(anyhow::Error::from)? {
                let state = match (key.revoked_at, key.expires_at) {
                    (Some(at), _) => format!("revoked {at}"),
                    (None, Some(end)) if end <= now => format!("ended {end}"),
                    (None, Some(end)) => format!("until {end}"),
                    (None, None) => "no end".to_owned(),
                };
                let signs = if key.secret.is_some() { ", signs" } else { "" };
                println!(
                    "{}  {}  {}  {}  {}  {state}{signs}",
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
