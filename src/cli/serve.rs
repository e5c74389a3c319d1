//! `baton serve`: the gate as a service. Opens the data folder, reads what
//! waits on threads of its own, answers callers, and ends in order when it is
//! told to.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::Args;

use super::engine::open_model;
use super::failure::{Failure, Status};
use super::output::say_note;
use crate::app::Clock;
use crate::config::{self, Settings};
use crate::serving::Running;

#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 ended in order · 1 failure · 2 the settings are wrong")]
#[command(after_long_help = "\
Examples:
  baton serve                                  on 127.0.0.1:8787, data in ./baton-data
  BATON_LISTEN=0.0.0.0:80 BATON_DATA_DIR=/var/lib/baton baton serve
  baton keys create --scopes all               prints the first key; send it as `Authorization: Bearer …`

Exit status:
  0  ended in order, after SIGTERM or Ctrl-C
  1  failure: the folder, the database or the port cannot be used
  2  the settings are wrong")]
pub(super) struct ServeArguments {
    /// The settings file [default: baton.toml in this folder, if there is one]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,

    /// Where to listen, such as 127.0.0.1:0 for any free port [default: `listen` of the settings]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<std::net::SocketAddr>,

    /// The data folder [default: `data_dir` of the settings]
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
}

pub(super) fn run(arguments: ServeArguments) -> Result<Status, Failure> {
    let mut settings =
        config::load(arguments.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
    if let Some(listen) = arguments.listen {
        settings.listen = listen.to_string();
    }
    if let Some(folder) = arguments.data_dir {
        settings.data_dir = folder;
    }
    start_log();
    crate::serving::keep_panics_quiet();
    crate::faults::arm();
    let runtime = super::engine::runtime()?;
    runtime.block_on(run_until_told(settings))?;
    Ok(Status::Done)
}

async fn run_until_told(settings: Settings) -> Result<(), Failure> {
    let reader = settings.model.name.is_some().then(|| open_model(&settings.model)).transpose()?;
    let told = told_to_stop();
    let running = Running::start(settings, reader, Clock::Machine).await.map_err(anyhow::Error::from)?;
    println!("Baton listens on http://{}", running.address);
    if let Some(link) = running.app().first_link().await.map_err(anyhow::Error::from)? {
        tell_first_link(&link);
    }
    running.end_after(told).await;
    Ok(())
}

/// Where the first account is made, as long as there is none. It stays out of standard output, which programs read; where
/// standard error is a log it is one line of that, and good for a day and for one account alone.
fn tell_first_link(link: &str) {
    if std::io::stderr().is_terminal() {
        say_note(&format!("nobody has an account yet; open this link to make the first one, it works once:\n  {link}"));
    } else {
        tracing::warn!(link, "nobody has an account yet; open this link to make the first one, it works once");
    }
}

/// SIGTERM, or Ctrl-C. They are heeded from the call on, not only when somebody waits.
pub(super) fn told_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    async move {
        match signals {
            (Ok(mut interrupted), Ok(mut terminated)) => {
                tokio::select! {
                    _ = interrupted.recv() => {}
                    _ = terminated.recv() => {}
                }
            }
            _ => drop(tokio::signal::ctrl_c().await),
        }
    }
}

/// One JSON object a line on standard error; `RUST_LOG` says how much.
fn start_log() {
    use tracing_subscriber::EnvFilter;
    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("baton=info,warn"));
    // The client libraries would write down whom we write to, and that is nobody's but the receiver's.
    let silent = ["reqwest=off", "hyper_util::client=off", "rustls=off"];
    let filter = silent.iter().filter_map(|words| words.parse().ok()).fold(wanted, EnvFilter::add_directive);
    let _ = tracing_subscriber::fmt().json().with_writer(std::io::stderr).with_env_filter(filter).try_init();
}
