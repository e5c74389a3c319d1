//! `baton reindex`: cuts all passages anew from what is stored, so that search
//! finds what is there, beside a running server or without one. A copy at a
//! Qdrant server is told everything anew.

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use super::failure::{Failure, Status};
use crate::app::{Shelver, random_id};
use crate::config::{self, Settings};
use crate::retrieval::Index;
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

    /// Gives up the copy at a Qdrant server that is not set up any more; delete its collection there before
    #[arg(long, conflicts_with = "workspace")]
    forget_qdrant: bool,
}

pub(super) fn run(arguments: ReindexArguments) -> Result<Status, Failure> {
    let settings = config::load(arguments.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
    let folder = arguments.data_dir.clone().unwrap_or_else(|| settings.data_dir.clone());
    if !folder.join(store::FILE).is_file() {
        return Err(Failure::Usage(format!("{}: there is no database; name the data folder", folder.display())));
    }
    if arguments.forget_qdrant && settings.search.qdrant_url.is_some() {
        return Err(Failure::Usage("search.qdrant_url is set: take it out first".to_owned()));
    }
    super::engine::runtime()?.block_on(async {
        let options = Options { folder };
        // Two that write to one copy would undo each other's work: without a service this is its owner.
        let owned = match settings.search.qdrant_url {
            Some(_) => Store::open(&options).await.ok(),
            None => None,
        };
        let is_owner = owned.is_some();
        let store = match owned {
            Some(store) => store,
            None => Store::open_beside(&options).await.map_err(anyhow::Error::from)?,
        };
        let done = match arguments.forget_qdrant {
            true => forget_copy(&store).await,
            false => reindex(&arguments, &settings, (&store, is_owner)).await,
        };
        store.close().await;
        done
    })
}

async fn reindex(
    arguments: &ReindexArguments,
    settings: &Settings,
    (store, is_owner): (&Store, bool),
) -> Result<Status, Failure> {
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
    if settings.search.qdrant_url.is_some() {
        carry_all(settings, (store, is_owner), &workspaces).await?;
    }
    Ok(Status::Done)
}

/// Has the copy told everything anew: here, or by the service that runs.
async fn carry_all(
    settings: &Settings,
    (store, is_owner): (&Store, bool),
    workspaces: &[Workspace],
) -> Result<(), Failure> {
    let mut all = 0;
    for workspace in workspaces {
        let owner = workspace.clone();
        let ordered = store.writer().write(move |tx| Box::pin(async move { store::order_all(tx, Some(&owner)).await }));
        all += ordered.await.map_err(anyhow::Error::from)?;
    }
    if !is_owner {
        println!("the running service tells the Qdrant server {all} passages anew; see `baton doctor`");
        return Ok(());
    }
    let fresh = (random_id("mir_"), random_id(""));
    let index = Index::take_up(store, &settings.search, fresh, Timestamp::now()).await.map_err(anyhow::Error::from)?;
    let Some(qdrant) = index.outside() else { return Ok(()) };
    let progress = bar(all, "{bar:30} {pos} of {len} passages told, {eta} left");
    for workspace in workspaces {
        qdrant.compare(store, workspace).await.map_err(anyhow::Error::from)?;
        while let told @ 1.. = qdrant.carry_some(store, workspace).await.map_err(anyhow::Error::from)? {
            progress.inc(u64::try_from(told).unwrap_or_default());
        }
    }
    progress.finish_and_clear();
    println!("{all} passages told to {}", crate::rendering::clean(qdrant.address()));
    Ok(())
}

async fn forget_copy(store: &Store) -> Result<Status, Failure> {
    let known = {
        let mut reader = store.reader().await.map_err(anyhow::Error::from)?;
        store::find_mirror(&mut reader).await.map_err(anyhow::Error::from)?
    };
    let Some(mirror) = known else {
        println!("there is no copy to forget");
        return Ok(Status::Done);
    };
    let ended = store.writer().write(|tx| Box::pin(async move { store::end_mirror(tx).await }));
    ended.await.map_err(anyhow::Error::from)?;
    println!("the copy at {} is given up", crate::rendering::clean(&mirror.address));
    Ok(Status::Done)
}

fn bar(all: u64, template: &str) -> ProgressBar {
    let progress = ProgressBar::with_draw_target(Some(all), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(template) {
        progress.set_style(style);
    }
    progress
}

/// Marks everything, makes the index of words anew, and cuts until nothing is marked; handoffs and passages.
async fn cut_all(settings: &Settings, store: &Store, workspaces: &[Workspace]) -> Result<(u64, i64), Fault> {
    let shelver = Shelver::new(store.clone(), settings.clone());
    store.writer().write(|tx| Box::pin(async move { store::rebuild_words(tx).await })).await?;
    let mut handoffs = 0;
    for workspace in workspaces {
        handoffs += shelver.mark_all(workspace).await?;
    }
    let progress = bar(handoffs, "{bar:30} {pos} of {len} handoffs, {eta} left");
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
