//! `baton audit`: is the log still as it was written? Reads every chain of the
//! data folder and names the first entry that is not, beside a running server
//! or without one.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::failure::{Failure, Status};
use crate::access::SigningKeys;
use crate::access::passes::Head;
use crate::config;
use crate::store::{self, Chain, Options, Store};

#[derive(Debug, Args)]
pub(super) struct AuditArguments {
    #[command(subcommand)]
    command: AuditCommand,

    /// The settings file [default: baton.toml in this folder, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    settings: Option<PathBuf>,

    /// The data folder [default: `data_dir` of the settings]
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Read every chain; names the first bad entry and exits 1
    Verify {
        /// A signed head that was kept elsewhere, alone or as the line that `head` prints: shows a log that was cut off; may
        /// be repeated
        #[arg(long = "head", value_name = "TOKEN")]
        heads: Vec<String>,
    },
    /// Print the signed head of every chain behind its workspace, to be kept elsewhere
    Head,
}

pub(super) fn run(arguments: AuditArguments) -> Result<Status, Failure> {
    let settings = config::load(arguments.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
    let folder = arguments.data_dir.unwrap_or(settings.data_dir);
    if !folder.join(store::FILE).is_file() {
        return Err(Failure::Usage(format!("{}: there is no database; name the data folder", folder.display())));
    }
    let keys = SigningKeys::open(&folder.join("keys"), Timestamp::now()).map_err(anyhow::Error::from)?;
    super::engine::runtime()?.block_on(async {
        let store = Store::open_beside(&Options { folder }).await.map_err(anyhow::Error::from)?;
        let done = carry_out(&arguments.command, &store, &keys).await;
        store.close().await;
        done
    })
}

async fn carry_out(command: &AuditCommand, store: &Store, keys: &SigningKeys) -> Result<Status, Failure> {
    let mut reader = store.reader().await.map_err(anyhow::Error::from)?;
    let workspaces = store::list_workspaces(&mut reader).await.map_err(anyhow::Error::from)?;
    match command {
        AuditCommand::Head => {
            for workspace in workspaces {
                let chain = store::chain_head(&mut reader, &workspace).await.map_err(anyhow::Error::from)?;
                let seq = u64::try_from(chain.place).unwrap_or_default();
                let iat = Timestamp::now().as_second();
                let ws = workspace.as_str().to_owned();
                println!("{ws}: {}", keys.sign_head(&Head { ws: ws.clone(), seq, hash: chain.hash, iat }));
            }
            Ok(Status::Done)
        }
        AuditCommand::Verify { heads } => {
            let mut kept = Vec::new();
            for head in heads {
                let token = head.split_whitespace().next_back().unwrap_or_default();
                let head = keys.verify_head(token).map_err(|fault| Failure::Usage(format!("--head: {fault}")))?;
                kept.push(head);
            }
            let mut status = Status::Done;
            for workspace in workspaces {
                let head = kept.iter().filter(|head| head.ws == workspace.as_str()).max_by_key(|head| head.seq);
                let head = head
                    .map(|head| Chain { place: i64::try_from(head.seq).unwrap_or(i64::MAX), hash: head.hash.clone() });
                let name = workspace.as_str();
                match store::verify(&mut reader, &workspace, head.as_ref()).await.map_err(anyhow::Error::from)? {
                    Ok(chain) => println!("{name}: {} entries, all as they were written", chain.place),
                    Err((place, problem)) => {
                        println!("{name}: entry {place} is bad: {problem}");
                        status = Status::Failed;
                    }
                }
            }
            Ok(status)
        }
    }
}
