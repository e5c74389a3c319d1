//! Signing in with an identity provider, against one that is as strict as the
//! standard: the right road, and everybody who tries a wrong one.

mod browser;
mod fake;
mod forged;
mod people;
mod road;
mod signer;
mod trouble;

use baton::config::{OidcSettings, Settings};
use secrecy::SecretString;

use crate::harness::{Answer, Service, settings};
use crate::person::Person;
use crate::stage::{first, rows};
use fake::{CLIENT, Fake, SECRET, Who};

/// A service with its first admin, and the provider that it knows.
pub struct Stage {
    pub service: Service,
    pub fake: Fake,
    pub dana: Person,
}

/// Both begin; `change` is what the settings say otherwise.
pub async fn begun(change: impl FnOnce(&mut OidcSettings)) -> Stage {
    let (service, fake) = empty(change).await;
    let dana = first(&service).await;
    Stage { service, fake, dana }
}

/// The same before anybody has an account.
pub async fn empty(change: impl FnOnce(&mut OidcSettings)) -> (Service, Fake) {
    let fake = Fake::start().await;
    let mut settings = settings();
    point_at(&mut settings, &fake);
    change(&mut settings.sign_in.oidc);
    let service = Service::start_with(settings, None).await;
    fake.serve_for(&service);
    (service, fake)
}

pub fn point_at(settings: &mut Settings, fake: &Fake) {
    settings.sign_in.oidc = OidcSettings {
        issuer: Some(fake.url.clone()),
        client_id: CLIENT.to_owned(),
        client_secret: Some(SecretString::from(SECRET)),
        timeout_seconds: 1,
        ..OidcSettings::default()
    };
}

/// From the button to the provider: the address that the browser is sent to.
pub async fn leave(person: &mut Person, next: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    person.get(&format!("/sign-in/provider?{query}")).await.expect(303).header("location").to_owned()
}

impl Stage {
    /// The whole road with a new browser; what came back at its end.
    pub async fn come(&self, who: &Who) -> (Person, Answer) {
        let mut person = Person::of(&self.service);
        let answer = self.come_with(&mut person, who).await;
        (person, answer)
    }

    pub async fn come_with(&self, person: &mut Person, who: &Who) -> Answer {
        let away = leave(person, "/settings/profile").await;
        let back = self.fake.authorize(&away, who);
        person.get(&back).await
    }

    /// Invites somebody as a viewer.
    pub async fn invite(&mut self, email: &str, role: &str) -> String {
        crate::stage::invite(&mut self.dana, email, role).await
    }

    pub async fn role_of(&self, email: &str) -> String {
        let found = rows(&self.service, "SELECT email, role FROM members").await;
        found.into_iter().find(|(other, _)| other == email).map(|(_, role)| role).unwrap_or_default()
    }

    /// The newest entry of the log of this kind, as JSON.
    pub async fn last(&self, kind: &str) -> serde_json::Value {
        let all = rows(&self.service, "SELECT kind, COALESCE(detail, '{}') FROM events ORDER BY place").await;
        let found = all.into_iter().rev().find(|(other, _)| other == kind).map(|(_, detail)| detail);
        found.and_then(|detail| serde_json::from_str(&detail).ok()).unwrap_or_default()
    }
}

/// Everything that a sign-in could change.
pub async fn state(service: &Service) -> Vec<Vec<(String, String)>> {
    vec![
        rows(service, "SELECT id || role || name || COALESCE(disabled_at, ''), email FROM members ORDER BY id").await,
        rows(service, "SELECT subject, member FROM member_identities ORDER BY subject").await,
        rows(service, "SELECT hash, member FROM member_sessions ORDER BY hash").await,
    ]
}
