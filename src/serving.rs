//! The whole service put together: the data folder opened, the readers of what
//! waits on threads of their own, the router behind its edge on a port; and all
//! of it ended in order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::api::edge::{EdgeSettings, Transport, wrap};
use crate::api::server::{ServerSettings, serve};
use crate::api::{Service, router};
use crate::app::{App, Clock};
use crate::config::Settings;
use crate::courier;
use crate::librarian;
use crate::llm::Reader;
use crate::postman::{self, Roads};
use crate::store::Fault;
use crate::worker;

/// How often the signing keys are looked at: another process may have rotated them.
const RENEW_EVERY: Duration = Duration::from_secs(60);
/// While the disk refuses, it is tried this often whether it writes again.
const PROBE_EVERY: Duration = Duration::from_secs(1);

/// Why the service did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot listen on {address}: {error}; is another Baton running there?")]
    Port { address: String, error: std::io::Error },
    #[error(transparent)]
    Store(#[from] Fault),
    #[error("the threads that read could not be started: {0}")]
    Threads(std::io::Error),
}

/// A service that runs: what a command or a demonstration holds.
pub struct Running {
    pub address: SocketAddr,
    app: Arc<App>,
    listener: TcpListener,
    router: axum::Router,
    ready: watch::Sender<bool>,
    settings: Settings,
    work: std::thread::JoinHandle<()>,
    courier: tokio::task::JoinHandle<()>,
}

impl Running {
    /// Opens everything; from here on callers can connect.
    pub async fn start(settings: Settings, reader: Option<Reader>, clock: Clock) -> Result<Running, StartError> {
        let no_port = |error| StartError::Port { address: settings.listen.clone(), error };
        let listener = TcpListener::bind(&settings.listen).await.map_err(no_port)?;
        let address = listener.local_addr().map_err(no_port)?;
        // Links name the port that was given, also when any free one was asked for.
        let reached = Settings { listen: address.to_string(), ..settings.clone() };
        let app = App::open(reached, reader, clock).await?;
        // A second service in one process shares the first one's figures.
        let figures = PrometheusBuilder::new().install_recorder().ok();
        crate::api::edge::describe();
        crate::api::server::describe();
        crate::app::describe_undeliverable();
        crate::app::describe_search();
        let (ready, is_ready) = watch::channel(false);
        let edge = EdgeSettings {
            body_limit_bytes: settings.service.body_bytes,
            bodies_bytes: settings.service.bodies_bytes,
            body_deadline: Duration::from_secs(settings.service.body_seconds),
            reached_over: match settings.base_url.as_deref() {
                Some(url) if url.starts_with("https://") => Transport::Tls,
                _ => Transport::Plain,
            },
            ..EdgeSettings::default()
        };
        let pages = crate::pages::router(app.clone());
        let console = crate::console::router(app.clone());
        let service = router(Service::new(app.clone(), is_ready, figures));
        let router = wrap(service.merge(pages).merge(console), edge);
        for lack in settings.mail_missing() {
            tracing::warn!(lack, "mail.url names no mail server");
        }
        let roads = Roads::open(&settings).map_err(Fault::Unusable)?;
        let work = work_beside(app.clone(), Arc::new(roads))?;
        let courier = tokio::spawn(courier::run(app.clone()));
        tokio::spawn(look_after(app.clone()));
        tokio::spawn(keep_clean(app.clone()));
        Ok(Running { address, app, listener, router, ready, settings, work, courier })
    }

    /// Serves until `shutdown`, then ends in order: readiness goes, started requests and readings finish, the last
    /// writes reach the disk.
    pub async fn end_after(self, shutdown: impl Future<Output = ()>) {
        let service = &self.settings.service;
        let server = ServerSettings {
            head_deadline: Duration::from_secs(service.header_seconds),
            connections: service.connections,
            drain: Duration::from_secs(service.drain_seconds),
            ..ServerSettings::default()
        };
        let app = self.app.clone();
        let stopping = async move {
            shutdown.await;
            app.stop();
        };
        let ended = serve(self.listener, self.router, server, self.ready, stopping).await;
        tracing::info!(cut = ended.cut, "the server has ended");
        tokio::task::spawn_blocking(move || self.work.join()).await.ok();
        self.courier.await.ok();
        self.app.let_go().await;
        self.app.write_used_keys().await;
        self.app.close().await;
    }

    /// What the service does, without the network between.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }
}

/// From now on a panic tells where it happened and no more: its message may hold what somebody wrote.
pub fn keep_panics_quiet() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a part of the work was broken off");
    }));
}

/// Reading is heavy work: it gets threads of its own, so that callers are answered while a large mail is taken apart.
fn work_beside(app: Arc<App>, roads: Arc<Roads>) -> Result<std::thread::JoinHandle<()>, StartError> {
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .thread_name("baton-reader")
        .on_thread_start(give_way)
        .enable_all()
        .build()
        .map_err(StartError::Threads)?;
    let started = std::thread::Builder::new().name("baton-readers".to_owned()).spawn(move || {
        runtime.block_on(async {
            tokio::join!(
                worker::run(app.clone()),
                librarian::run(app.clone()),
                librarian::carry(app.clone()),
                postman::run(app, roads)
            )
        });
    });
    started.map_err(StartError::Threads)
}

/// Callers come first where processors are few: a thread that reads gets what they leave.
fn give_way() {
    // On Linux this is the calling thread alone. Where it is not allowed, everything still works.
    let _ = rustix::process::setpriority_process(None, 10);
}

/// Erases what is asked for, and lets go what is too old.
async fn keep_clean(app: Arc<App>) {
    while !app.is_stopping() {
        app.do_chores().await;
        app.chores_arrive(PROBE_EVERY).await;
    }
}

async fn look_after(app: Arc<App>) {
    let mut since_renewed = Duration::ZERO;
    let mut ticks = tokio::time::interval(PROBE_EVERY);
    while !app.is_stopping() {
        ticks.tick().await;
        since_renewed += PROBE_EVERY;
        if since_renewed >= RENEW_EVERY {
            since_renewed = Duration::ZERO;
            app.renew_signing();
            app.forget_old().await;
            app.write_used_keys().await;
        }
        if !app.is_ready() && !app.is_stopping() {
            app.probe().await;
        }
    }
}
