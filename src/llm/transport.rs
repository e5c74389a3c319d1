//! The way to the endpoint under the client library: sends one request, keeps
//! its own deadlines, reads status, headers and body itself, and hands up one
//! ordinary completion or a classified fault. So the library never meets a
//! body that it cannot parse, and never writes one into a log or an error.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use reqwest::{Client, Response};
use serde_json::Value as Json;
use tokio::time::{Instant, timeout_at};

use super::openai_form::Forms;
use super::transport_body::Incoming;
use super::transport_fault::{Fault, read_error, read_status};
use super::{Failure, Unusable};
use crate::config::ModelSettings;

/// Of an error's body no more is read than this.
const MOST_ERROR_BYTES: usize = 64 * 1024;

/// A day is as good as no deadline, and stays inside the clock.
const LONGEST_SECONDS: u64 = 86_400;

/// How long each part of a request may take.
#[derive(Debug, Clone, Copy)]
struct Deadlines {
    first_byte: Duration,
    idle: Duration,
    total: Duration,
}

/// Sends requests; the lowest layer of the client.
#[derive(Clone)]
pub(super) struct Transport {
    client: Client,
    deadlines: Deadlines,
    forms: Arc<Forms>,
}

impl Transport {
    pub fn new(settings: &ModelSettings, forms: Arc<Forms>) -> Result<Self, Unusable> {
        let total = Duration::from_secs(settings.timeout_seconds.min(LONGEST_SECONDS));
        let part = |seconds: Option<u64>, share: u32| seconds.map_or(total / share, Duration::from_secs).min(total);
        let deadlines =
            Deadlines { first_byte: part(settings.first_byte_seconds, 4), idle: part(settings.idle_seconds, 8), total };
        Ok(Transport { client: build_client(settings)?, deadlines, forms })
    }

    /// The HTTP client; a clone shares its connections.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    async fn send(&self, factory: HttpRequestFactory) -> Result<Json, Fault> {
        let started = Instant::now();
        let words = "the whole answer (model.timeout_seconds)";
        within(started + self.deadlines.total, words, self.exchange(factory, started)).await?
    }

    async fn exchange(&self, factory: HttpRequestFactory, started: Instant) -> Result<Json, Fault> {
        // The library's own words about a request that cannot be built hold its address and parameters.
        let unbuilt = || Fault::never(Failure::Garbled("the request cannot be built from the settings".to_owned()));
        let request = factory.build().await.map_err(|_| unbuilt())?;
        // What is not streamed comes all at once, at the end: the total alone counts.
        let Deadlines { first_byte, idle, total } = self.deadlines;
        let is_streamed = self.forms.current().is_streamed();
        let (first_byte, idle) = if is_streamed { (first_byte, idle) } else { (total * 2, total * 2) };
        let words = "the first byte of the answer (model.first_byte_seconds)";
        let answered = within(started + first_byte, words, self.client.execute(request)).await?;
        let response = answered.map_err(|error| read_error(&error))?;
        if !response.status().is_success() {
            return Err(self.refusal(response, started + first_byte).await);
        }
        self.forms.settle();
        read_body(response, started + first_byte, idle).await
    }

    /// Why the endpoint refused; its status says enough if its body does not come.
    async fn refusal(&self, mut response: Response, deadline: Instant) -> Fault {
        let mut body = Vec::new();
        while let Ok(Ok(Some(piece))) = timeout_at(deadline, response.chunk()).await {
            body.extend_from_slice(&piece[..piece.len().min(MOST_ERROR_BYTES - body.len())]);
            if body.len() == MOST_ERROR_BYTES {
                break;
            }
        }
        read_status(response.status().as_u16(), response.headers(), &body, SystemTime::now())
    }
}

async fn read_body(mut response: Response, first_byte: Instant, idle: Duration) -> Result<Json, Fault> {
    let mut incoming = Incoming::default();
    let (mut deadline, mut words) = (first_byte, "the first byte of the answer (model.first_byte_seconds)");
    loop {
        let piece = match within(deadline, words, response.chunk()).await {
            Ok(Ok(Some(piece))) => piece,
            Ok(Ok(None)) => break,
            // The answer was whole; only its farewell is missing.
            _ if incoming.is_finished() => break,
            Ok(Err(error)) => return Err(read_error(&error)),
            Err(fault) => return Err(fault),
        };
        if incoming.take(&piece)? {
            break;
        }
        (deadline, words) = (Instant::now() + idle, "the next piece of the answer (model.idle_seconds)");
    }
    incoming.finish()
}

async fn within<T>(deadline: Instant, words: &str, work: impl Future<Output = T>) -> Result<T, Fault> {
    timeout_at(deadline, work).await.map_err(|_| Fault::later(Failure::TimedOut(words.to_owned())))
}

fn build_client(settings: &ModelSettings) -> Result<Client, Unusable> {
    // It is there already if another part of the program installed it; that is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let url = url::Url::parse(&settings.base_url);
    let url = url.map_err(|_| Unusable::new("model.base_url: write an address such as https://api.openai.com/v1"))?;
    let builder = Client::builder()
        .user_agent(concat!("baton/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(settings.connect_seconds.min(LONGEST_SECONDS)))
        // A redirect would carry sources and key to an address that nobody configured.
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never());
    // A model on this machine is not behind the company's proxy.
    let builder = if is_loopback(&url) { builder.no_proxy() } else { builder };
    // Without TLS no certificates are needed, and a small container may have none.
    let builder = if url.scheme() == "http" { builder.tls_certs_only([]) } else { builder };
    let words = "no HTTPS client: are the system's root certificates installed (package ca-certificates)?";
    builder.build().map_err(|_| Unusable::new(words))
}

fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

impl tower::Service<HttpRequestFactory> for Transport {
    type Response = Response;
    type Error = OpenAIError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, OpenAIError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), OpenAIError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, factory: HttpRequestFactory) -> Self::Future {
        let transport = self.clone();
        Box::pin(async move {
            let body = transport.send(factory).await.map_err(|fault| OpenAIError::Boxed(Box::new(fault)))?;
            Ok(Response::from(http::Response::new(body.to_string())))
        })
    }
}
