//! One message on its way: a POST to an address that was looked at, within one
//! deadline for everything, with no redirect, no proxy of the environment and
//! only the beginning of the answer read.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::{HeaderMap, header};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Response};
use tokio::time::{Instant, timeout, timeout_at};
use url::{Host, Url};

use super::addresses::{AllowList, Refused, check, is_public};

/// Of an answer no more is read than this.
const MOST_READ_BYTES: usize = 64 * 1024;
/// Of an answer no more is kept than this.
const MOST_KEPT_LETTERS: usize = 256;
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// An address that is given to us is not looked up for longer.
const LOOK_UP_WITHIN: Duration = Duration::from_secs(2);

/// Turns names into addresses. Tests put their own in.
pub trait Resolver: std::fmt::Debug + Send + Sync {
    fn resolve(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The machine's own.
#[derive(Debug)]
struct MachineResolver;

impl Resolver for MachineResolver {
    fn resolve(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// What is to be sent.
#[derive(Debug, Clone)]
pub struct Letter {
    pub url: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// What the receiver answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub retry_after: Option<String>,
    /// The beginning in printable letters; only of receivers on the public internet, so that nobody reads our own
    /// network through us.
    pub excerpt: Option<String>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("refused_address")]
    Refused(Refused),
    #[error("unknown_host")]
    UnknownHost,
    #[error("unreachable")]
    Unreachable,
    #[error("timed_out")]
    TimedOut,
    #[error("broken_answer")]
    Broken,
    #[error("no_certificates")]
    NoCertificates,
}

/// The resolver refused: one of the name's addresses is not public.
#[derive(Debug, thiserror::Error)]
#[error("the name leads inside")]
struct LeadsInside;

#[derive(Debug, thiserror::Error)]
#[error("the name leads nowhere")]
struct LeadsNowhere;

/// Looks a name up and refuses it unless all of its addresses may be connected to. The connection is made to these.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    pub(super) allowed: Arc<AllowList>,
    resolver: Arc<RwLock<Arc<dyn Resolver>>>,
}

impl Guard {
    async fn look_up(&self, name: String) -> Result<Vec<IpAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let resolver = self.resolver.read().unwrap_or_else(PoisonError::into_inner).clone();
        let found = resolver.resolve(name.clone()).await.map_err(|_| LeadsNowhere)?;
        if found.is_empty() {
            return Err(LeadsNowhere.into());
        }
        let is_open = self.allowed.has_host(&name) || found.iter().all(|address| self.allowed.admits(*address));
        if is_open { Ok(found) } else { Err(LeadsInside.into()) }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, name) = (self.clone(), name.as_str().to_owned());
        Box::pin(async move {
            let found = guard.look_up(name).await?;
            let addresses: Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

/// Sends messages.
#[derive(Debug)]
pub struct Outbound {
    pub(super) guard: Guard,
    pub(super) timeout: Duration,
    /// Made when first needed: a machine without certificates can do everything else.
    plain: Mutex<Option<Client>>,
    secure: Mutex<Option<Client>>,
}

impl Outbound {
    pub fn new(allowed: AllowList, timeout: Duration) -> Outbound {
        let machine: Arc<dyn Resolver> = Arc::new(MachineResolver);
        let guard = Guard { allowed: Arc::new(allowed), resolver: Arc::new(RwLock::new(machine)) };
        Outbound { guard, timeout, plain: Mutex::default(), secure: Mutex::default() }
    }

    /// From now on names are looked up by this one.
    pub fn replace_resolver(&self, resolver: Arc<dyn Resolver>) {
        *self.guard.resolver.write().unwrap_or_else(PoisonError::into_inner) = resolver;
    }

    /// Whether an address may be written to, as it is when it is given. A name that cannot be looked up now may be
    /// later; it is looked at again at every message.
    pub async fn check_given(&self, text: &str) -> Result<(), Refused> {
        let url = check(text, &self.guard.allowed)?;
        let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
        match timeout(LOOK_UP_WITHIN, self.guard.look_up(name.to_owned())).await {
            Ok(Err(why)) if why.is::<LeadsInside>() => Err(Refused::Inside),
            _ => Ok(()),
        }
    }

    /// Sends a message once; ends within the deadline, whatever the receiver does.
    pub async fn send(&self, letter: Letter) -> Result<Reply, Trouble> {
        let deadline = Instant::now() + self.timeout;
        let url = check(&letter.url, &self.guard.allowed).map_err(Trouble::Refused)?;
        let client = self.client(&url)?;
        let request = client.post(url).headers(letter.headers).body(letter.body).send();
        let mut response = match timeout_at(deadline, request).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(trouble(&error)),
            Err(_) => return Err(Trouble::TimedOut),
        };
        let status = response.status().as_u16();
        let retry_after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = retry_after.map(str::to_owned);
        let is_public = response.remote_addr().is_some_and(|address| is_public(address.ip()));
        let beginning = timeout_at(deadline, read(&mut response)).await.map_err(|_| Trouble::TimedOut)??;
        let excerpt = is_public.then(|| printable(&beginning)).filter(|text| !text.is_empty());
        Ok(Reply { status, retry_after, excerpt })
    }

    pub(super) fn client(&self, url: &Url) -> Result<Client, Trouble> {
        let is_secure = url.scheme() == "https";
        let place = if is_secure { &self.secure } else { &self.plain };
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = &*place {
            return Ok(client.clone());
        }
        let client = build(self.guard.clone(), is_secure).map_err(|_| Trouble::NoCertificates)?;
        *place = Some(client.clone());
        Ok(client)
    }
}

fn build(guard: Guard, is_secure: bool) -> Result<Client, reqwest::Error> {
    // It is there already if another part of the program installed it; that is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .user_agent(concat!("baton/", env!("CARGO_PKG_VERSION")))
        .dns_resolver(Arc::new(guard))
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .http1_only()
        .http1_max_headers(100)
        // A connection is used once: the next message looks the name up again.
        .pool_max_idle_per_host(0)
        .connect_timeout(CONNECT_WITHIN);
    // Without TLS no certificates are needed, and a small container may have none.
    let builder = if is_secure { builder } else { builder.tls_certs_only([]) };
    builder.build()
}

/// The beginning of the answer. What lies beyond is not read: the status has said what counts.
async fn read(response: &mut Response) -> Result<Vec<u8>, Trouble> {
    let (mut beginning, mut read) = (Vec::new(), 0);
    while let Some(piece) = response.chunk().await.map_err(|_| Trouble::Broken)? {
        // A letter has four bytes at most.
        let room = (4 * MOST_KEPT_LETTERS).saturating_sub(beginning.len()).min(piece.len());
        beginning.extend(piece.iter().take(room));
        read += piece.len();
        if read >= MOST_READ_BYTES {
            break;
        }
    }
    Ok(beginning)
}

fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let is_shown = |letter: &char| !letter.is_control() && *letter != char::REPLACEMENT_CHARACTER;
    text.chars().filter(is_shown).take(MOST_KEPT_LETTERS).collect()
}

pub(super) fn trouble(error: &reqwest::Error) -> Trouble {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(one) = cause {
        if one.is::<LeadsInside>() {
            return Trouble::Refused(Refused::Inside);
        }
        if one.is::<LeadsNowhere>() {
            return Trouble::UnknownHost;
        }
        cause = one.source();
    }
    match error {
        _ if error.is_timeout() => Trouble::TimedOut,
        _ if error.is_connect() => Trouble::Unreachable,
        _ => Trouble::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_printable_letters_are_kept() {
        assert_eq!(printable(b"ok\r\n\x1b[31m\xff\x00 done"), "ok[31m done");
        assert_eq!(printable("ä".repeat(400).as_bytes()).chars().count(), MOST_KEPT_LETTERS);
    }
}
