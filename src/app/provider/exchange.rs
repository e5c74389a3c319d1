//! The exchange of a code for what a provider vouches for, and the question
//! about a person whose token does not say enough.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, Method, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::{Document, MOST_BYTES, Provider, ProviderFault};
use crate::access::id_tokens::Claims;
use crate::outbound::Question;

/// Letters of a provider's word for why it refuses.
const MOST_WORD: usize = 40;

/// What is read of the answer to an exchange.
#[derive(Deserialize)]
pub(super) struct Given {
    pub id_token: String,
    #[serde(default)]
    pub access_token: Option<String>,
}

impl Provider {
    /// Exchanges a code. The secret proves that the question was ours; ours proves that it is us.
    pub(super) async fn exchange(
        &self,
        document: &Document,
        (code, secret): (&str, &str),
    ) -> Result<Given, ProviderFault> {
        let client_id = self.settings.client_id.as_str();
        let mut inputs = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect()),
            ("code_verifier", secret),
        ];
        let mut headers = HeaderMap::new();
        match &self.settings.client_secret {
            None => inputs.push(("client_id", client_id)),
            Some(ours) if is_in_body(document) => {
                inputs.extend([("client_id", client_id), ("client_secret", ours.expose_secret())]);
            }
            Some(ours) => _ = headers.insert(header::AUTHORIZATION, basic(client_id, ours)?),
        }
        let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, form_type);
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        let question = Question {
            method: Method::POST,
            url: document.token_endpoint.clone(),
            headers,
            body: Serializer::new(String::new()).extend_pairs(inputs).finish().into_bytes(),
            most_bytes: MOST_BYTES,
        };
        let fetched = self.outbound.fetch(question).await.map_err(ProviderFault::Unreachable)?;
        match fetched.status {
            200 => serde_json::from_slice(&fetched.body)
                .map_err(|_| ProviderFault::Garbled("what it gave for the code holds no ID token")),
            // "Later" is no word about what was asked.
            400..=499 if !matches!(fetched.status, 408 | 425 | 429) => {
                Err(ProviderFault::Refused(word_of(&fetched.body)))
            }
            other => Err(ProviderFault::Status(other)),
        }
    }

    /// Asks about the person where the token does not say their address, or what tells their role.
    pub(super) async fn complete(
        &self,
        document: &Document,
        claims: Claims,
        access_token: Option<&str>,
    ) -> Result<Claims, ProviderFault> {
        let lacks_role = self.settings.roles_claim.as_deref().is_some_and(|name| claims.words(name).is_none());
        let (Some(url), Some(token)) = (&document.userinfo_endpoint, access_token) else { return Ok(claims) };
        if claims.text("email").is_some() && !lacks_role {
            return Ok(claims);
        }
        let bearer = HeaderValue::from_str(&format!("Bearer {token}"));
        let bearer = bearer.map_err(|_| ProviderFault::Garbled("its access token"))?;
        let question = Question {
            method: Method::GET,
            url: url.clone(),
            headers: HeaderMap::from_iter([(header::AUTHORIZATION, bearer)]),
            body: Vec::new(),
            most_bytes: MOST_BYTES,
        };
        let fetched = self.outbound.fetch(question).await.map_err(ProviderFault::Unreachable)?;
        if fetched.status != 200 {
            return Err(ProviderFault::Status(fetched.status));
        }
        claims.completed_by(&fetched.body).ok_or(ProviderFault::Garbled("what it says of the person"))
    }
}

/// Whether our secret goes into the form; the standard's own way is the header.
fn is_in_body(document: &Document) -> bool {
    let ways = document.token_endpoint_auth_methods_supported.as_deref();
    let has = |way: &str| ways.is_some_and(|ways| ways.iter().any(|one| one == way));
    !has("client_secret_basic") && has("client_secret_post")
}

fn basic(client_id: &str, secret: &SecretString) -> Result<HeaderValue, ProviderFault> {
    let part = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = STANDARD.encode(format!("{}:{}", part(client_id), part(secret.expose_secret())));
    let mut value = HeaderValue::from_str(&format!("Basic {pair}"))
        .map_err(|_| ProviderFault::Garbled("our id or secret cannot be sent"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The provider's own word for why it refuses; its sentences are not repeated.
fn word_of(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Said {
        error: String,
    }
    let said = serde_json::from_slice::<Said>(body).map(|said| said.error).unwrap_or_default();
    let is_word = said.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if !said.is_empty() && said.len() <= MOST_WORD && is_word { said } else { "without a reason".to_owned() }
}
