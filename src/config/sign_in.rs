//! Settings of signing in: whether people come with a password of their own,
//! and the identity provider (OpenID Connect) that vouches for them.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::SettingsError;

/// How people sign in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignInSettings {
    /// Whether people may sign in with a password of their own. Without it they come by the provider alone, and by links
    /// that `baton members` prints.
    pub passwords: bool,
    pub oidc: OidcSettings,
}

impl Default for SignInSettings {
    fn default() -> Self {
        SignInSettings { passwords: true, oidc: OidcSettings::default() }
    }
}

/// The identity provider that people sign in with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OidcSettings {
    /// Its address as it calls itself in what it signs; without it there is none.
    pub issuer: Option<String>,
    /// As what the provider knows us.
    pub client_id: String,
    /// What we prove that with; none where the provider wants none.
    pub client_secret: Option<SecretString>,
    /// What is asked for; a list, or words with commas.
    #[serde(deserialize_with = "super::words")]
    pub scopes: Vec<String>,
    /// What stands on the button of the sign-in page.
    pub button: String,
    /// The workspace that people come to.
    pub workspace: String,
    /// E-mail domains whose people may come in; all when empty. A list, or words with commas.
    #[serde(deserialize_with = "super::words")]
    pub domains: Vec<String>,
    /// What the provider says of a person that must be true before their address counts.
    pub verified_claim: String,
    /// What somebody is who is unknown here; without it only who is invited, known, or given a role by `roles` comes in.
    pub new_role: Option<GivenRole>,
    /// What the provider says of a person that tells their role: a word or a list of words.
    pub roles_claim: Option<String>,
    /// The role for each of these words; the first in the order admin, sender, receiver, viewer counts.
    pub roles: BTreeMap<String, GivenRole>,
    /// Whether a second step that somebody set up here is asked for besides.
    pub second_step: bool,
    /// Seconds for one question to the provider.
    pub timeout_seconds: u64,
}

/// A role as it is written in settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GivenRole {
    Admin,
    Sender,
    Receiver,
    Viewer,
}

impl Default for OidcSettings {
    fn default() -> Self {
        OidcSettings {
            issuer: None,
            client_id: String::new(),
            client_secret: None,
            scopes: ["openid", "email", "profile"].map(str::to_owned).to_vec(),
            button: "Sign in with your company account".to_owned(),
            workspace: "main".to_owned(),
            domains: Vec::new(),
            verified_claim: "email_verified".to_owned(),
            new_role: None,
            roles_claim: None,
            roles: BTreeMap::new(),
            second_step: false,
            timeout_seconds: 10,
        }
    }
}

impl GivenRole {
    pub fn word(self) -> &'static str {
        match self {
            GivenRole::Admin => "admin",
            GivenRole::Sender => "sender",
            GivenRole::Receiver => "receiver",
            GivenRole::Viewer => "viewer",
        }
    }
}

const GOOGLE: &str = "https://accounts.google.com";

impl OidcSettings {
    /// Whether an address belongs to people who may come in. `hosted` is the company that Google says the account is of
    /// (`hd`): without it the account is somebody's own, whatever address it was once made with.
    pub fn takes(&self, email: &str, hosted: Option<&str>) -> bool {
        let is_listed = |domain: &str| self.domains.iter().any(|allowed| allowed.eq_ignore_ascii_case(domain));
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        let is_google = self.issuer.as_deref().is_some_and(|issuer| issuer.trim_end_matches('/') == GOOGLE);
        self.domains.is_empty() || is_listed(domain) && (!is_google || hosted.is_some_and(is_listed))
    }
}

impl SignInSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let wrong = |key: &str, problem: &str| Err(SettingsError(format!("sign_in.{key}: {problem}")));
        let oidc = &self.oidc;
        let Some(issuer) = &oidc.issuer else {
            if !self.passwords {
                return wrong("passwords", "nobody could sign in; name a provider as sign_in.oidc.issuer first");
            }
            let is_begun = !oidc.client_id.is_empty() || oidc.client_secret.is_some();
            return if is_begun { wrong("oidc.issuer", "name the provider’s address too") } else { Ok(()) };
        };
        if !is_issuer(issuer) {
            return wrong(
                "oidc.issuer",
                "write the address that the provider calls its issuer, such as https://login.acme.example, with https, without ? and #",
            );
        }
        if oidc.client_id.trim().is_empty() {
            return wrong("oidc.client_id", "write the id that the provider gave this application");
        }
        if !oidc.scopes.iter().any(|scope| scope == "openid") {
            return wrong("oidc.scopes", "`openid` must be among them, and `email` should be");
        }
        let is_domain = |text: &String| text.contains('.') && !text.contains(['@', '*', '/', ' ']);
        if !oidc.domains.iter().all(is_domain) {
            return wrong("oidc.domains", "write domains such as acme.example, without @ and *");
        }
        if oidc.roles_claim.is_some() == oidc.roles.is_empty() {
            return wrong("oidc.roles", "roles_claim and the table `roles` need each other");
        }
        if oidc.new_role.is_some() && oidc.domains.is_empty() {
            return wrong(
                "oidc.new_role",
                "name `domains` too; else whoever has an account with the provider would come in",
            );
        }
        if oidc.button.trim().is_empty() || oidc.workspace.trim().is_empty() || oidc.verified_claim.trim().is_empty() {
            return wrong("oidc.button", "button, workspace and verified_claim cannot be empty");
        }
        if !(1..=60).contains(&oidc.timeout_seconds) {
            return wrong("oidc.timeout_seconds", "between 1 and 60");
        }
        Ok(())
    }
}

/// Over TLS, or on this very machine.
fn is_issuer(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let is_here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => return false,
    };
    let is_safe = url.scheme() == "https" || is_here && url.scheme() == "http";
    is_safe
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_provider_is_told_with_its_mend() {
        let check = |change: fn(&mut SignInSettings), expected: &str| {
            let mut settings = SignInSettings::default();
            settings.oidc.issuer = Some("https://login.acme.example".to_owned());
            settings.oidc.client_id = "baton".to_owned();
            change(&mut settings);
            let found = settings.check().err().map(|wrong| wrong.to_string()).unwrap_or_default();
            assert!(
                if expected.is_empty() { found.is_empty() } else { found.contains(expected) },
                "{found}: {expected}"
            );
        };
        check(|_| {}, "");
        check(|all| *all = SignInSettings::default(), "");
        check(|all| all.passwords = false, "");
        check(|all| *all = SignInSettings { passwords: false, ..SignInSettings::default() }, "sign_in.passwords");
        check(|all| all.oidc.issuer = None, "sign_in.oidc.issuer");
        for wrong in [
            "login.acme.example",
            "http://login.acme.example",
            "https://login.acme.example?x=1",
            "https://login.acme.example#x",
            "https://a:b@login.acme.example",
            "ftp://login.acme.example",
        ] {
            assert!(!is_issuer(wrong), "{wrong}");
        }
        assert!(is_issuer("http://127.0.0.1:9000/realms/acme") && is_issuer("https://acme.example/realms/x"));
        check(|all| all.oidc.client_id.clear(), "client_id");
        check(|all| all.oidc.scopes = vec!["email".to_owned()], "openid");
        check(|all| all.oidc.domains = vec!["*.acme.example".to_owned()], "domains");
        check(|all| all.oidc.new_role = Some(GivenRole::Viewer), "whoever has an account");
        check(|all| all.oidc.roles_claim = Some("groups".to_owned()), "need each other");
        check(|all| all.oidc.timeout_seconds = 0, "timeout_seconds");
    }

    #[test]
    fn domains_are_whole() {
        let settings = OidcSettings { domains: vec!["Acme.example".to_owned()], ..OidcSettings::default() };
        assert!(settings.takes("dana@acme.example", None) && OidcSettings::default().takes("x@y.example", None));
        for foreign in ["x@evil.example", "x@acme.example.evil.example", "x@sub.acme.example", "acme.example", ""] {
            assert!(!settings.takes(foreign, None), "{foreign}");
        }
    }

    #[test]
    fn at_google_only_accounts_of_the_company_are_taken() {
        let of = |domains: &[&str]| OidcSettings {
            issuer: Some(GOOGLE.to_owned()),
            domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
            ..OidcSettings::default()
        };
        let ours = of(&["acme.example"]);
        assert!(ours.takes("dana@acme.example", Some("ACME.example")));
        assert!(!ours.takes("dana@acme.example", None) && !ours.takes("dana@acme.example", Some("other.example")));
        assert!(!ours.takes("dana@other.example", Some("acme.example")));
        assert!(of(&[]).takes("dana@other.example", None), "whoever names no domain takes all");
    }
}
