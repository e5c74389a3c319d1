//! `baton reindex`: cuts all passages anew from what is stored, so that search
//! finds what is there, beside a running server or without one.

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use super::failure::{Failure, Status};
use crate::app::Shelver;
use crate::config::{self, Settings};
use crate::store::{self, Fault, Options, Store, Workspace};

#[derive(Debug, Args)]
pub(super) struct ReindexArguments {
    /// Only this workspace [default: all]
    #[arg(long, value_name = "NAME")]
    workspace: Option<String>,

    /// The settings file [default: baton.toml in this folder, if there is one]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,

    /// The data folder [default: `data_dir` of the settings]
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
}

pub(super) fn run(arguments: ReindexArguments) -> Result<Status, Failure> {
    let settings = config::load(arguments.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
    let folder = arguments.data_dir.clone().unwrap_or_else(|| settings.data_dir.clone());
    if !folder.join(store::FILE).is_file() {
        return Err(Failure::Usage(format!("{}: there is no database; name the data folder", folder.display())));
    }
    super::engine::runtime()?.block_on(async {
        let store = Store::open_beside(&Options { folder }).await.map_err(anyhow::Error::from)?;
        let done = reindex(&arguments, &settings, &store).await;
        store.close().await;
        done
    })
}

async fn reindex(arguments: &ReindexArguments, settings: &Settings, store: &Store) -> Result<Status, Failure> {
    let all = {
        let mut reader = store.reader().await.map_err(anyhow::Error::from)?;
        store::list_workspaces(&mut reader).await.map_err(anyhow::Error::from)?
    };
    let is_wanted = |one: &Workspace| arguments.workspace.as_deref().is_none_or(|wanted| one.as_str() == wanted);
    let workspaces: Vec<Workspace> = all.into_iter().filter(is_wanted).collect();
    if let (Some(wanted), true) = (&arguments.workspace, workspaces.is_empty()) {
        return Err(Failure::Usage(format!("there is no workspace `{}`", crate::rendering::clean(wanted))));
    }
    let counts = cut_all(settings, store, &workspaces).await.map_err(anyhow::Error::from)?;
    let (handoffs, passages) = counts;
    println!("{handoffs} handoffs, {passages} passages");
    Ok(Status::Done)
}

/// Marks everything, makes the index of words anew, and cuts until nothing is marked; handoffs and passages.
async fn cut_all(settings: &Settings, store: &Store, workspaces: &[Workspace]) -> Result<(u64, i64), Fault> {
    let shelver = Shelver::new(store.clone(), settings.clone());
    store.writer().write(|tx| Box::pin(async move { store::rebuild_words(tx).await })).await?;
    let mut handoffs = 0;
    for workspace in workspaces {
        handoffs += shelver.mark_all(workspace).await?;
    }
    let progress = ProgressBar::with_draw_target(Some(handoffs), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} handoffs, {eta} left") {
        progress.set_style(style);
    }
    let mut passages = 0;
    for workspace in workspaces {
        loop {
            // A running service takes part: what it has done is not marked any more.
            let looked = shelver.shelve_some(workspace, Timestamp::now()).await?;
            let now = Timestamp::now();
            let (_, waiting) = store::count_passage_marks(&mut *store.reader().await?, workspace, now).await?;
            let waiting = u64::try_from(waiting).unwrap_or_default();
            progress.set_position(handoffs.saturating_sub(waiting));
            if looked == 0 {
                break;
            }
        }
        passages += store::count_passages(&mut *store.reader().await?, workspace).await?.passages;
    }
    progress.finish_and_clear();
    Ok((handoffs, passages))
}
