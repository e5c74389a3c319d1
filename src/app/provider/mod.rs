//! The identity provider that the settings name, as we ask it: what it says of
//! itself and the keys it signs with, kept for an hour; and the exchange of what
//! a browser brings for a token that is verified. One question of a kind is
//! under way at a time, and a provider that does not answer is left alone for
//! some seconds.
//!
//! The settings vouch for the issuer's own host, which may be inside. Whatever
//! other host it names must be a public one, or one that `outbound.allow` names.

mod document;
mod exchange;

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex, MutexGuard, Semaphore};
use url::Url;

use crate::access::id_tokens::{Claims, Expected, KeySet, TokenFault, verify};
use crate::app::Clock;
use crate::config::{OidcSettings, Settings};
use crate::outbound::{AllowList, Outbound, Question, Trouble};

pub use document::Document;

/// What a provider says of itself and its keys counts for so long.
const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// One that did not answer is not asked again for so long.
const LEFT_ALONE: SignedDuration = SignedDuration::from_secs(5);
/// For keys that are not known, it is asked this often at most.
const RENEWED_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// The longest answer that is read.
const MOST_BYTES: usize = 512 * 1024;
/// People who come back at the same time; each costs a question to the provider.
const PLACES: usize = 16;
/// Where people come back to.
pub const BACK: &str = "/sign-in/provider/back";

/// Why the provider could not be asked, or is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderFault {
    #[error("it cannot be reached: {0}")]
    Unreachable(Trouble),
    #[error("it answered with status {0}")]
    Status(u16),
    /// What was to be read, in words.
    #[error("its answer cannot be used: {0}")]
    Garbled(&'static str),
    #[error("it calls itself {0:?}")]
    OtherIssuer(String),
    /// Its own word for why it refused the exchange, such as `invalid_client`.
    #[error("it refused the exchange: {0}")]
    Refused(String),
    #[error("the token is not believed: {0}")]
    Token(TokenFault),
    #[error("too many come back at the same time")]
    Busy,
}

/// The provider.
#[derive(Debug)]
pub struct Provider {
    pub settings: OidcSettings,
    issuer: String,
    redirect: String,
    clock: Clock,
    outbound: Outbound,
    known: Mutex<Known>,
    places: Semaphore,
}

/// What was heard of it last.
#[derive(Debug, Default)]
struct Known {
    document: Option<(Arc<Document>, Timestamp)>,
    keys: Option<(Arc<KeySet>, Timestamp)>,
    /// When keys were asked for because one was not known.
    renewed_at: Option<Timestamp>,
    failed: Option<(ProviderFault, Timestamp)>,
}

impl Provider {
    /// The provider of the settings, if they name one. Nothing is asked yet.
    pub fn open(settings: &Settings, clock: Clock) -> Result<Option<Provider>, String> {
        let oidc = &settings.sign_in.oidc;
        let Some(issuer) = &oidc.issuer else { return Ok(None) };
        let url = Url::parse(issuer).map_err(|_| "sign_in.oidc.issuer: write an address".to_owned())?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let allowed = settings.outbound.allow.iter().cloned().chain([host]).collect::<Vec<_>>();
        let allowed = AllowList::parse(&allowed).map_err(|wrong| format!("sign_in.oidc.issuer: {wrong}"))?;
        Ok(Some(Provider {
            settings: oidc.clone(),
            issuer: issuer.clone(),
            redirect: format!("{}{BACK}", settings.public_url()),
            clock,
            outbound: Outbound::new(allowed, Duration::from_secs(oidc.timeout_seconds)),
            known: Mutex::default(),
            places: Semaphore::new(PLACES),
        }))
    }

    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What has to be entered at the provider.
    pub fn redirect(&self) -> &str {
        &self.redirect
    }

    /// What it says of itself.
    pub async fn document(&self, now: Timestamp) -> Result<Arc<Document>, ProviderFault> {
        let mut known = self.known.lock().await;
        self.document_in(&mut known, now).await
    }

    /// What it said of itself, if that is known: nothing is asked.
    pub fn document_at_hand(&self) -> Option<Arc<Document>> {
        let known = self.known.try_lock().ok()?;
        known.document.as_ref().map(|(document, _)| document.clone())
    }

    /// Whether people could sign in with it: how many keys it publishes.
    pub async fn try_out(&self, now: Timestamp) -> Result<usize, ProviderFault> {
        Ok(self.keys(now).await?.count())
    }

    /// What the provider vouches for, for the code that a browser brought.
    pub async fn vouch(
        &self,
        (code, secret, nonce): (&str, &str, &str),
        now: Timestamp,
    ) -> Result<Claims, ProviderFault> {
        let _place = self.places.try_acquire().map_err(|_| ProviderFault::Busy)?;
        let document = self.document(now).await?;
        let given = self.exchange(&document, (code, secret)).await?;
        let (issuer, client_id) = (self.issuer.as_str(), self.settings.client_id.as_str());
        let expected = Expected { issuer, client_id, nonce, access_token: given.access_token.as_deref() };
        let keys = self.keys(now).await?;
        let claims = match verify(&given.id_token, &keys, &expected, now) {
            // Providers change their keys now and then: the new ones are asked for once.
            Err(TokenFault::UnknownKey) => {
                let keys = self.renew_keys(&keys, now).await?;
                verify(&given.id_token, &keys, &expected, now)
            }
            other => other,
        };
        let claims = claims.map_err(ProviderFault::Token)?;
        self.complete(&document, claims, given.access_token.as_deref()).await
    }

    async fn document_in(
        &self,
        known: &mut MutexGuard<'_, Known>,
        now: Timestamp,
    ) -> Result<Arc<Document>, ProviderFault> {
        if let Some((document, _)) = known.document.as_ref().filter(|(_, at)| is_within(*at, KEPT, now)) {
            return Ok(document.clone());
        }
        known.leave_alone(now)?;
        let url = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let read = async { Document::read(&self.fetch(&url).await?, &self.issuer) };
        let document = Arc::new(known.note(read.await, &self.clock)?);
        known.document = Some((document.clone(), now));
        Ok(document)
    }

    async fn keys(&self, now: Timestamp) -> Result<Arc<KeySet>, ProviderFault> {
        let mut known = self.known.lock().await;
        match known.keys.as_ref().filter(|(_, at)| is_within(*at, KEPT, now)) {
            Some((keys, _)) => Ok(keys.clone()),
            None => self.fetch_keys(&mut known, now).await,
        }
    }

    /// Newer keys than these; the same when it was asked for them a moment ago.
    async fn renew_keys(&self, seen: &Arc<KeySet>, now: Timestamp) -> Result<Arc<KeySet>, ProviderFault> {
        let mut known = self.known.lock().await;
        if let Some((keys, _)) = known.keys.as_ref().filter(|(keys, _)| !Arc::ptr_eq(keys, seen)) {
            return Ok(keys.clone());
        }
        if known.renewed_at.is_some_and(|at| is_within(at, RENEWED_EVERY, now)) {
            return Ok(seen.clone());
        }
        known.renewed_at = Some(now);
        self.fetch_keys(&mut known, now).await
    }

    async fn fetch_keys(
        &self,
        known: &mut MutexGuard<'_, Known>,
        now: Timestamp,
    ) -> Result<Arc<KeySet>, ProviderFault> {
        let document = self.document_in(known, now).await?;
        known.leave_alone(now)?;
        let read = async {
            let published = self.fetch(&document.jwks_uri).await?;
            KeySet::read(&published).map_err(|_| ProviderFault::Garbled("the keys with which it signs"))
        };
        let keys = Arc::new(known.note(read.await, &self.clock)?);
        known.keys = Some((keys.clone(), now));
        Ok(keys)
    }

    async fn fetch(&self, url: &str) -> Result<Vec<u8>, ProviderFault> {
        let question = Question {
            method: http::Method::GET,
            url: url.to_owned(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            most_bytes: MOST_BYTES,
        };
        let fetched = self.outbound.fetch(question).await.map_err(ProviderFault::Unreachable)?;
        if fetched.status == 200 { Ok(fetched.body) } else { Err(ProviderFault::Status(fetched.status)) }
    }
}

impl Known {
    /// Fails as the last question did, when that was a moment ago.
    fn leave_alone(&self, now: Timestamp) -> Result<(), ProviderFault> {
        match &self.failed {
            Some((fault, at)) if is_within(*at, LEFT_ALONE, now) => Err(fault.clone()),
            _ => Ok(()),
        }
    }

    fn note<T>(&mut self, outcome: Result<T, ProviderFault>, clock: &Clock) -> Result<T, ProviderFault> {
        // Counted from its end: the question may have taken longer than it is left alone.
        self.failed = outcome.as_ref().err().map(|fault| (fault.clone(), clock.now()));
        outcome
    }
}

/// A clock that was set back makes everything old.
fn is_within(at: Timestamp, time: SignedDuration, now: Timestamp) -> bool {
    at <= now && now.duration_since(at) < time
}
