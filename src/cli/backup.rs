//! `baton backup`: a copy of the data folder's database, beside a running
//! server or without one.

use std::path::PathBuf;

use clap::Args;

use super::failure::{Failure, Status};
use super::output::say_note;
use crate::config;
use crate::store::{self, Options, Store};

#[derive(Debug, Args)]
pub(super) struct BackupArguments {
    /// The folder for the copy, made when it is not there; a copy in it is never written over
    #[arg(value_name = "FOLDER")]
    to: PathBuf,

    /// The settings file [default: baton.toml in this folder, if there is one]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,

    /// The data folder [default: `data_dir` of the settings]
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
}

pub(super) fn run(arguments: BackupArguments) -> Result<Status, Failure> {
    let settings = config::load(arguments.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
    let folder = arguments.data_dir.unwrap_or(settings.data_dir);
    if !folder.join(store::FILE).is_file() {
        return Err(Failure::Usage(format!("{}: there is no database; name the data folder", folder.display())));
    }
    let keys = folder.join("keys");
    let bytes = super::engine::runtime()?.block_on(async {
        let store = Store::open_beside(&Options { folder }).await?;
        let bytes = store::back_up(&store, &arguments.to).await;
        store.close().await;
        bytes
    });
    let bytes = bytes.map_err(anyhow::Error::from)?;
    say_note(&format!("the keys are not in it: keep {} apart, as you keep passwords", keys.display()));
    println!("{}: {bytes} bytes, checked", arguments.to.join(store::FILE).display());
    Ok(Status::Done)
}
