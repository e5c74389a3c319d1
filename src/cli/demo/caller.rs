//! A program that calls the service, as any other would: over HTTP, with a
//! key, knowing nothing of what is inside.

use anyhow::{Context, Result, bail};
use reqwest::{Client, Method};
use serde_json::Value as Json;

/// The program with its key.
#[derive(Debug)]
pub(super) struct Caller {
    client: Client,
    pub url: String,
    pub key: String,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: u16,
    /// The version of the handoff, for `If-Match`.
    pub etag: String,
    pub text: String,
}

impl Answer {
    /// The body, if the answer has this status.
    pub fn with_status(&self, status: u16) -> Result<Json> {
        if self.status != status {
            bail!("expected status {status}, got {}: {}", self.status, self.text);
        }
        serde_json::from_str(&self.text).with_context(|| format!("no JSON: {}", self.text))
    }
}

impl Caller {
    pub fn new(url: String, key: String) -> Result<Caller> {
        // It is there already if another part of the program installed it; that is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // The service is on this machine: no proxy is between, and no certificates are needed.
        let client = Client::builder().no_proxy().tls_certs_only([]).build().context("no HTTP client could be made")?;
        Ok(Caller { client, url, key })
    }

    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, None, None).await
    }

    pub async fn post(&self, path: &str, body: &Json) -> Result<Answer> {
        self.send(Method::POST, path, Some(body), None).await
    }

    /// Changes what was seen at this version.
    pub async fn patch(&self, path: &str, seen: &str, body: &Json) -> Result<Answer> {
        self.send(Method::PATCH, path, Some(body), Some(seen)).await
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Json>, seen: Option<&str>) -> Result<Answer> {
        let mut request = self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.key);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        if let Some(seen) = seen {
            request = request.header("if-match", seen);
        }
        let response = request.send().await.with_context(|| format!("{path} was not answered"))?;
        let status = response.status().as_u16();
        let etag = response.headers().get("etag").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let text = response.text().await.with_context(|| format!("{path} was answered half"))?;
        Ok(Answer { status, etag, text })
    }
}
