//! Connections: accepts them up to a limit, serves each with deadlines for
//! everything a caller may drag out, and ends without losing a request that
//! has started.

mod bare;
mod connection;
mod exchange;
mod head;
mod socket;

use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::time::Duration;

use axum::Router;
use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};
use tokio::io::AsyncWrite;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::problem::{Kind, Problem};
use connection::Shared;
use socket::Socket;

/// How many connections are open.
pub const CONNECTIONS: &str = "baton_http_connections";
/// Counts connections turned away because too many were open.
pub const TURNED_AWAY: &str = "baton_http_connections_turned_away_total";

/// So many connections beyond the limit are told why; more are only closed.
const MOST_TOLD: usize = 256;
/// When the system has no more sockets to give, in a moment it may.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);
/// After which a caller turned away may try again.
const RETRY_TURNED_AWAY: Duration = Duration::from_secs(5);

/// The deadlines and bounds of connections.
#[derive(Debug, Clone, Copy)]
pub struct ServerSettings {
    /// From a head's first byte (or the connection's start) to its end.
    pub head_deadline: Duration,
    /// How long a connection may wait for its next request.
    pub keep_alive_idle: Duration,
    /// How long a caller may take nothing of a reply that waits for it.
    pub write_stall: Duration,
    /// The most bytes of a request line with its headers.
    pub head_bytes: usize,
    /// The most connections at once.
    pub connections: usize,
    /// How long new requests are still taken after readiness went: the time others need to see it.
    pub notice: Duration,
    /// How long started requests have, after that, to finish.
    pub drain: Duration,
    /// How long a closed connection waits for its caller to read the reply.
    pub linger: Duration,
}

impl Default for ServerSettings {
    fn default() -> ServerSettings {
        ServerSettings {
            head_deadline: Duration::from_secs(15),
            keep_alive_idle: Duration::from_secs(60),
            write_stall: Duration::from_secs(30),
            head_bytes: 32 * 1024,
            connections: 2048,
            notice: Duration::from_secs(1),
            drain: Duration::from_secs(20),
            linger: Duration::from_secs(1),
        }
    }
}

/// How far a server is on its way to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Everything is taken.
    Open,
    /// Everything is taken still, but each reply says it is the connection's last.
    Leaving,
    /// Nothing new is taken.
    Closing,
}

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Connections that were still busy when the time was up, and were cut.
    pub cut: usize,
}

/// Tells a recorder what the figures mean. Once, after it was installed.
pub fn describe() {
    describe_gauge!(CONNECTIONS, Unit::Count, "Open connections");
    describe_counter!(TURNED_AWAY, Unit::Count, "Connections turned away because too many were open");
}

/// Serves until `shutdown` is ready, then ends in order: `ready` turns false; for the time of `notice` requests are
/// still taken; then the listener is closed and started requests finish within `drain`.
///
/// Long replies (event streams, long polls) should watch `ready` and end by themselves.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    settings: ServerSettings,
    ready: watch::Sender<bool>,
    shutdown: impl Future<Output = ()>,
) -> Ended {
    let (phase, receiver) = watch::channel(Phase::Open);
    let shared = Shared { router, settings, phase: receiver };
    let mut server = Server { shared, open: JoinSet::new(), told: JoinSet::new() };
    ready.send_replace(true);
    server.accept_until(&listener, shutdown).await;
    ready.send_replace(false);
    phase.send_replace(Phase::Leaving);
    server.accept_until(&listener, sleep_until(Instant::now() + settings.notice)).await;
    server.take_waiting(listener);
    phase.send_replace(Phase::Closing);
    server.finish().await
}

struct Server {
    shared: Shared,
    open: JoinSet<()>,
    told: JoinSet<()>,
}

impl Server {
    async fn accept_until(&mut self, listener: &TcpListener, end: impl Future<Output = ()>) {
        let mut end = pin!(end);
        loop {
            tokio::select! {
                biased;
                () = end.as_mut() => return,
                Some(_) = self.open.join_next() => gauge!(CONNECTIONS).set(self.open.len() as f64),
                Some(_) = self.told.join_next() => (),
                accepted = listener.accept() => match accepted {
                    Ok((stream, peer)) => self.take(stream, peer),
                    Err(error) => {
                        tracing::warn!(%error, "no connection could be accepted");
                        sleep_until(Instant::now() + ACCEPT_AGAIN).await;
                    }
                },
            }
        }
    }

    /// Takes whoever the system has let in already, and closes the listener. The system itself is asked: on a busy
    /// machine the runtime hears late of who is there.
    fn take_waiting(&mut self, listener: TcpListener) {
        let Ok(listener) = listener.into_std() else { return };
        loop {
            match listener.accept() {
                Ok((stream, peer)) => {
                    let stream = stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream));
                    if let Ok(stream) = stream {
                        self.take(stream, peer);
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionAborted => {}
                Err(_) => return,
            }
        }
    }

    fn take(&mut self, stream: TcpStream, peer: SocketAddr) {
        if self.open.len() < self.shared.settings.connections {
            self.open.spawn(connection::drive(stream, peer, self.shared.clone()));
            gauge!(CONNECTIONS).set(self.open.len() as f64);
            return;
        }
        counter!(TURNED_AWAY).increment(1);
        if self.told.len() < MOST_TOLD {
            self.told.spawn(turn_away(stream, self.shared.settings));
        }
    }

    async fn finish(&mut self) -> Ended {
        let until = Instant::now() + self.shared.settings.drain;
        while let Ok(Some(_)) = timeout_at(until, self.open.join_next()).await {}
        let cut = self.open.len();
        if cut > 0 {
            tracing::warn!(cut, "connections were cut: their requests took too long");
        }
        self.open.shutdown().await;
        self.told.shutdown().await;
        gauge!(CONNECTIONS).set(0.0);
        Ended { cut }
    }
}

async fn turn_away(stream: TcpStream, settings: ServerSettings) {
    let problem = Problem::new(Kind::Overloaded).detail("Too many connections are open");
    let mut socket = Socket::to_refuse(stream, bare::reply(problem.retry_after(RETRY_TURNED_AWAY)), settings);
    // It is turned away either way.
    let _ = poll_fn(|context| Pin::new(&mut socket).poll_shutdown(context)).await;
}
