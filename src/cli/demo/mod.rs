//! `baton demo`: the whole service on sample handoffs, with no key, no model
//! and no network. It starts the service on a folder of its own, calls it over
//! HTTP as a CRM would, says what happens, and stays open for whoever wants to
//! look around. With `--check` it is its own test.

mod caller;
mod samples;
mod story;
mod teller;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use tokio::sync::oneshot;

use super::engine::runtime;
use super::failure::{Failure, Status};
use crate::access::callers::Preset;
use crate::access::keys::Mode;
use crate::app::{App, Clock, FIRST_WORKSPACE, KeyRequest};
use crate::config::Settings;
use crate::rendering::Style::{Dim, Good, Heading, Plain, Strong};
use crate::rendering::span;
use crate::serving::Running;
use crate::store::{self, Options, Store};
use caller::Caller;
use story::{Story, Told};
use teller::Teller;

/// The samples were written in this week; a later clock would find their dates in the past.
const NOW: &str = "2026-03-13T12:00:00Z";
const NOW_IN_WORDS: &str = "13 March 2026, 12:00 UTC";

#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 everything went as it should · 1 something did not")]
#[command(after_long_help = "\
Examples:
  baton demo                            shows the life of a handoff, then stays open until Ctrl-C
  baton demo --check                    the same, checks every step and ends
  baton demo --listen 127.0.0.1:8787    on this port instead of any free one

Nothing leaves this machine: rules read, no model is asked, and the data folder is a temporary one that goes with the
demonstration. Settings and variables are not looked at.

Exit status:
  0  everything went as it should
  1  something did not: which step, and what came instead")]
pub(super) struct DemoArguments {
    /// End after the last step instead of staying open
    #[arg(long)]
    check: bool,

    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
}

pub(super) fn run(arguments: DemoArguments) -> Result<Status, Failure> {
    let folder = TemporaryFolder::new()?;
    runtime()?.block_on(demonstrate(&arguments, &folder.0))?;
    Ok(Status::Done)
}

async fn demonstrate(arguments: &DemoArguments, folder: &Path) -> Result<(), Failure> {
    let settings = Settings {
        data_dir: folder.join("data"),
        listen: arguments.listen.to_string(),
        our_domains: vec!["acme.example".to_owned()],
        ..Settings::default()
    };
    let now: Timestamp = NOW.parse().context("the demonstration's own time")?;
    let running = Running::start(settings.clone(), None, Clock::set_to(now)).await.map_err(anyhow::Error::from)?;
    let caller = Caller::new(format!("http://{}", running.address), make_key(running.app()).await?)?;
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = tokio::spawn(running.end_after(async move {
        let _ = stopped.await;
    }));
    // Listened for from the beginning, so that the folder goes with the demonstration however soon it is ended.
    let mut told_to_stop = tokio::spawn(super::serve::told_to_stop());
    let mut teller = Teller::new();
    let told = tokio::select! {
        told = show(&mut teller, &caller, &settings.data_dir) => told,
        _ = &mut told_to_stop => Err(anyhow!("it was ended before the last step")),
    };
    if let (Ok(told), false) = (&told, arguments.check) {
        invite(&mut teller, &caller, (told, folder)).await?;
        let _ = told_to_stop.await;
    }
    let _ = stop.send(());
    ended.await.context("the service did not end in order")?;
    told?;
    if arguments.check {
        let words = format!("✓ All {} steps went as they should", teller.count_steps());
        teller.blank();
        teller.say(0, &[span(Good, words)]);
    }
    teller.finish()
}

/// The whole story, told and checked.
async fn show(teller: &mut Teller, caller: &Caller, data: &Path) -> Result<Told> {
    teller.say(0, &[span(Heading, "Baton: the gate at the moment one team hands work to another")]);
    let words =
        format!("The service runs at {}. Rules read, no model is asked, and nothing leaves this machine.", caller.url);
    teller.say(2, &[span(Plain, words)]);
    let words = format!("The clock of this demonstration stands at {NOW_IN_WORDS}, when the samples were written.");
    teller.say(2, &[span(Dim, words)]);
    let told = Story { caller, teller: &mut *teller }.tell().await;
    let told = told.with_context(|| format!("step {} did not go as it should", teller.count_steps()))?;
    teller.step("Every change is in the log, and the log is whole");
    check_log(teller, data).await.with_context(|| format!("step {} did not go as it should", teller.count_steps()))?;
    Ok(told)
}

/// The same as `baton audit verify`, beside the running service.
async fn check_log(teller: &mut Teller, data: &Path) -> Result<()> {
    teller.say(2, &[span(Dim, "baton audit verify")]);
    let store = Store::open_beside(&Options { folder: data.to_owned() }).await?;
    let mut reader = store.reader().await?;
    let mut entries = 0;
    for workspace in store::list_workspaces(&mut reader).await? {
        match store::verify(&mut reader, &workspace, None).await? {
            Ok(chain) => entries += chain.place,
            Err((place, problem)) => anyhow::bail!("entry {place} is bad: {problem}"),
        }
    }
    drop(reader);
    store.close().await;
    ensure!(entries > 0, "the log is empty");
    let words = format!(": each of {entries} entries holds the hash of the one before it");
    teller.say(2, &[span(Good, "whole"), span(Plain, words)]);
    Ok(())
}

/// What can be tried while the service stays open.
async fn invite(teller: &mut Teller, caller: &Caller, (told, folder): (&Told, &Path)) -> Result<()> {
    let page = folder.join("brief.html");
    let brief = caller.get(&format!("/v1/handoffs/{}/brief?format=html", told.moved.id)).await?;
    ensure!(brief.status == 200, "the brief as a page was refused: {}", brief.text);
    std::fs::write(&page, brief.text).with_context(|| format!("cannot write {}", page.display()))?;
    let (url, key) = (&caller.url, &caller.key);
    teller.blank();
    teller.say(0, &[span(Heading, "The service stays open until Ctrl-C")]);
    let open = &told.open.id;
    for (what, line) in [
        ("The brief that was handed over, as a page:", format!("file://{}", page.display())),
        ("Every operation, to be tried in the browser with the key below:", format!("{url}/docs")),
        ("The same for programs:", format!("{url}/openapi.json")),
        ("A key that may do everything, as long as this runs:", key.clone()),
        (
            "The handoff that still waits for answers:",
            format!("curl -s -H 'Authorization: Bearer {key}' '{url}/v1/handoffs/{open}/brief?format=markdown'"),
        ),
    ] {
        teller.say(2, &[span(Strong, what)]);
        teller.plain(&format!("    {line}"));
    }
    Ok(())
}

async fn make_key(app: &std::sync::Arc<App>) -> Result<String> {
    let request = KeyRequest {
        name: "demonstration".to_owned(),
        workspace: FIRST_WORKSPACE.to_owned(),
        mode: Mode::Live,
        scopes: "all".parse().context("all scopes")?,
        preset: Preset::Plain,
        key_pointer: None,
        expires_at: None,
        signing_secret: None,
    };
    let (_, text) = app.add_key(request).await?;
    Ok(text.expose_secret().to_owned())
}

/// A folder that goes with the demonstration.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn new() -> Result<TemporaryFolder> {
        // A name that nobody can take before, so that nobody else's link is followed.
        let path = std::env::temp_dir().join(crate::app::random_id("baton-demo-"));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).with_context(|| format!("cannot make the folder {}", path.display()))?;
        Ok(TemporaryFolder(path))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
