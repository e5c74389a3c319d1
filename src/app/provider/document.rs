//! What an identity provider says of itself (OpenID Connect Discovery), and the
//! address at which a browser is sent to it.

use serde::Deserialize;
use url::Url;

use super::{Provider, ProviderFault};
use crate::access::id_tokens::challenge_of;

/// What is read of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Document {
    issuer: String,
    authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    #[serde(default)]
    pub(super) userinfo_endpoint: Option<String>,
    #[serde(default)]
    end_session_endpoint: Option<String>,
    #[serde(default)]
    pub(super) token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Whether it names itself when it sends a browser back (RFC 9207).
    #[serde(default, rename = "authorization_response_iss_parameter_supported")]
    pub names_itself: bool,
}

impl Document {
    pub(super) fn read(bytes: &[u8], issuer: &str) -> Result<Document, ProviderFault> {
        let document: Document = serde_json::from_slice(bytes)
            .map_err(|_| ProviderFault::Garbled("what it says of itself (/.well-known/openid-configuration)"))?;
        if document.issuer != issuer {
            return Err(ProviderFault::OtherIssuer(document.issuer.chars().take(200).collect()));
        }
        // Nothing goes without TLS to a provider that has it.
        let has_tls = issuer.starts_with("https://");
        let is_good = |text: &String| {
            Url::parse(text).is_ok_and(|url| url.scheme() == "https" || !has_tls && url.scheme() == "http")
        };
        let needed = [&document.authorization_endpoint, &document.token_endpoint, &document.jwks_uri];
        let others = [&document.userinfo_endpoint, &document.end_session_endpoint];
        if needed.into_iter().chain(others.into_iter().flatten()).all(is_good) {
            Ok(document)
        } else {
            Err(ProviderFault::Garbled("an address that it names has no https"))
        }
    }

    /// Where its own session is ended, if it says so.
    pub fn way_out(&self, client_id: &str) -> Option<String> {
        let mut url = Url::parse(self.end_session_endpoint.as_deref()?).ok()?;
        url.query_pairs_mut().append_pair("client_id", client_id);
        Some(url.into())
    }
}

impl Provider {
    /// Where a browser is sent to, with what it has to bring back.
    pub fn way_there(&self, document: &Document, (state, nonce, secret): (&str, &str, &str)) -> Option<String> {
        let mut url = Url::parse(&document.authorization_endpoint).ok()?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", self.redirect())
            .append_pair("scope", &self.settings.scopes.join(" "))
            .append_pair("state", state)
            .append_pair("nonce", nonce)
            .append_pair("code_challenge", &challenge_of(secret))
            .append_pair("code_challenge_method", "S256");
        Some(url.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_document_of_this_issuer_is_read() {
        let check = |issuer: &str, change: (&str, &str), expected: bool| {
            let text = r#"{"issuer":"https://p.example","authorization_endpoint":"https://p.example/a?x=1",
                "token_endpoint":"https://t.example/t","jwks_uri":"https://p.example/k","end_session_endpoint":"https://p.example/e"}"#;
            let read = Document::read(text.replace(change.0, change.1).as_bytes(), issuer);
            assert_eq!(read.is_ok(), expected, "{change:?} {read:?}");
        };
        check("https://p.example", ("", ""), true);
        check("https://p.example/", ("", ""), false);
        check("https://evil.example", ("", ""), false);
        check("https://p.example", ("https://t.example", "http://t.example"), false);
        check("https://p.example", ("https://p.example/k", "file:///k"), false);
        check("https://p.example", ("https://p.example/e", "javascript:alert(1)"), false);
        check("https://p.example", ("\"jwks_uri\"", "\"other\""), false);
        check("https://p.example", ("{", "["), false);
    }
}
