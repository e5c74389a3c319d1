//! An identity provider on a port of its own: strict about every word that the
//! standard asks for, and bent on purpose where a test says how.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton::app::Clock;
use serde_json::{Value as Json, json};

use super::signer::{Signer, encode};
use crate::harness::Service;

pub const CLIENT: &str = "baton-at-acme";
/// With letters that have to be written otherwise in a header.
pub const SECRET: &str = "a secret: 100% ours+theirs";

/// Somebody who has an account with the provider.
#[derive(Debug, Clone)]
pub struct Who {
    pub subject: String,
    pub claims: Json,
}

impl Who {
    /// With an address that is theirs.
    pub fn of(subject: &str, email: &str) -> Who {
        let claims = json!({"email": email, "email_verified": true, "name": format!("{subject} of Acme")});
        Who { subject: subject.to_owned(), claims }
    }

    /// With this said of them besides, or otherwise.
    pub fn with(mut self, claims: Json) -> Who {
        for (name, value) in claims.as_object().expect("claims") {
            self.claims[name] = value.clone();
        }
        self
    }
}

/// How an address of the provider answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Up,
    /// Never.
    Silent,
    Broken,
    /// Far more than anybody should read.
    Huge,
    /// No JSON.
    Odd,
}

type Bend = Box<dyn Fn(&mut Json, &mut Json) + Send>;
type Forge = Box<dyn Fn(&str) -> Vec<u8> + Send>;

struct Code {
    who: Who,
    nonce: String,
    challenge: String,
    redirect: String,
}

struct Held {
    url: String,
    redirect: String,
    clock: Clock,
    signer: Signer,
    kid: String,
    codes: HashMap<String, Code>,
    /// Whom each access token tells of.
    told: HashMap<String, Json>,
    moods: BTreeMap<&'static str, Mood>,
    asked: BTreeMap<&'static str, usize>,
    bend: Bend,
    forge: Option<Forge>,
    document: Json,
    /// Who sits at the browser that comes.
    present: Option<Who>,
}

#[derive(Clone)]
pub struct Fake {
    pub url: String,
    held: Arc<Mutex<Held>>,
}

impl Fake {
    pub async fn start() -> Fake {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let held = Held {
            url: url.clone(),
            redirect: String::new(),
            clock: Clock::Machine,
            signer: Signer::es256(),
            kid: "first".to_owned(),
            codes: HashMap::new(),
            told: HashMap::new(),
            moods: BTreeMap::new(),
            asked: BTreeMap::new(),
            bend: Box::new(|_, _| {}),
            forge: None,
            document: json!({}),
            present: None,
        };
        let fake = Fake { url, held: Arc::new(Mutex::new(held)) };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/authorize", get(let_choose))
            .route("/keys", get(publish))
            .route("/token", post(exchange))
            .route("/userinfo", get(tell))
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        fake
    }

    /// From now on it keeps the time of this service, and sends people back to it alone.
    pub fn serve_for(&self, service: &Service) {
        let mut held = self.held();
        held.clock = service.clock.clone();
        held.redirect = format!("{}/sign-in/provider/back", service.url);
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().expect("the fake provider")
    }

    pub fn sign_with(&self, signer: Signer, kid: &str) {
        let mut held = self.held();
        held.signer = signer;
        held.kid = kid.to_owned();
    }

    pub fn mood(&self, place: &'static str, mood: Mood) {
        self.held().moods.insert(place, mood);
    }

    /// Bends the header and the claims of every token.
    pub fn bend(&self, bend: impl Fn(&mut Json, &mut Json) + Send + 'static) {
        self.held().bend = Box::new(bend);
    }

    /// Makes the signature of every token otherwise.
    pub fn forge(&self, forge: impl Fn(&str) -> Vec<u8> + Send + 'static) {
        self.held().forge = Some(Box::new(forge));
    }

    /// What it says of itself besides, or otherwise.
    pub fn describe(&self, change: Json) {
        self.held().document = change;
    }

    /// Who signs in when a browser comes by itself.
    pub fn present(&self, who: &Who) {
        self.held().present = Some(who.clone());
    }

    /// Everything as at the beginning, but its keys.
    pub fn straighten(&self) {
        let mut held = self.held();
        held.bend = Box::new(|_, _| {});
        held.forge = None;
        held.moods.clear();
        held.document = json!({});
    }

    pub fn asked(&self, place: &str) -> usize {
        self.held().asked.get(place).copied().unwrap_or_default()
    }

    /// Its public key, as text that everybody can have.
    pub fn public_key(&self) -> String {
        let held = self.held();
        held.signer.published(&held.kid).to_string()
    }

    /// Somebody signs in at the provider: where their browser is sent back to, as path.
    pub fn authorize(&self, away: &str, who: &Who) -> String {
        let url = url::Url::parse(away).expect("an address");
        assert!(away.starts_with(&format!("{}/authorize?", self.url)), "{away}");
        let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let mut held = self.held();
        let expected = [
            ("response_type", "code"),
            ("client_id", CLIENT),
            ("code_challenge_method", "S256"),
            ("redirect_uri", &held.redirect),
        ];
        for (name, value) in expected {
            assert_eq!(asked[name], value, "{away}");
        }
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"), "{away}");
        assert!(asked["state"].len() >= 32 && asked["nonce"].len() >= 32 && asked["code_challenge"].len() == 43);
        assert!(asked["state"] != asked["nonce"] && asked.len() == 8, "{away}");
        let code =
            format!("code-{}-{}", who.subject.len(), held.codes.len() + held.told.len() + fastrand::usize(..1 << 40));
        let kept = Code {
            who: who.clone(),
            nonce: asked["nonce"].clone(),
            challenge: asked["code_challenge"].clone(),
            redirect: asked["redirect_uri"].clone(),
        };
        held.codes.insert(code.clone(), kept);
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("code", &code)
            .append_pair("state", &asked["state"])
            .finish();
        format!("/sign-in/provider/back?{query}")
    }

    /// Counts a question; how it is answered.
    fn count(&self, place: &'static str) -> Mood {
        let mut held = self.held();
        *held.asked.entry(place).or_default() += 1;
        held.moods.get(place).copied().unwrap_or(Mood::Up)
    }

    async fn answer(&self, place: &'static str, make: impl FnOnce(&mut Held) -> Response) -> Response {
        match self.count(place) {
            Mood::Up => make(&mut self.held()),
            Mood::Silent => std::future::pending().await,
            Mood::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "<h1>Oops</h1>").into_response(),
            Mood::Huge => format!("{{\"x\":\"{}\"}}", "x".repeat(4 << 20)).into_response(),
            Mood::Odd => "<html>hello</html>".into_response(),
        }
    }
}

async fn describe(State(fake): State<Fake>) -> Response {
    let make = |held: &mut Held| {
        let url = &held.url;
        let mut document = json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/authorize"),
            "token_endpoint": format!("{url}/token"),
            "jwks_uri": format!("{url}/keys"),
            "userinfo_endpoint": format!("{url}/userinfo"),
            "end_session_endpoint": format!("{url}/logout"),
            "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "id_token_signing_alg_values_supported": ["RS256", "none"],
        });
        for (name, value) in held.document.as_object().into_iter().flatten() {
            document[name] = value.clone();
        }
        axum::Json(document).into_response()
    };
    fake.answer("document", make).await
}

/// Whoever is present is signed in already, and sent back at once.
async fn let_choose(State(fake): State<Fake>, uri: axum::http::Uri) -> Response {
    let (who, base) = {
        let held = fake.held();
        (held.present.clone().expect("somebody"), held.redirect.replace("/sign-in/provider/back", ""))
    };
    let back = fake.authorize(&format!("{}{uri}", fake.url), &who);
    (StatusCode::SEE_OTHER, [("location", format!("{base}{back}"))]).into_response()
}

async fn publish(State(fake): State<Fake>) -> Response {
    fake.answer("keys", |held| axum::Json(json!({"keys": [held.signer.published(&held.kid)]})).into_response()).await
}

async fn exchange(State(fake): State<Fake>, headers: HeaderMap, body: Bytes) -> Response {
    fake.answer("token", |held| held.exchange(&headers, &body)).await
}

async fn tell(State(fake): State<Fake>, headers: HeaderMap) -> Response {
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let make = |held: &mut Held| match bearer.strip_prefix("Bearer ").and_then(|token| held.told.get(token)) {
        Some(claims) => axum::Json(claims.clone()).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    };
    fake.answer("userinfo", make).await
}

fn refused(status: StatusCode, word: &str) -> Response {
    (status, axum::Json(json!({"error": word, "error_description": "<b>no</b>"}))).into_response()
}

impl Held {
    fn exchange(&mut self, headers: &HeaderMap, body: &[u8]) -> Response {
        let given: HashMap<String, String> = url::form_urlencoded::parse(body).into_owned().collect();
        let part = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", part(CLIENT), part(SECRET))));
        let in_header = headers.get("authorization").is_some_and(|value| value.as_bytes() == basic.as_bytes());
        let in_body = given.get("client_secret").is_some_and(|secret| secret == SECRET) && given["client_id"] == CLIENT;
        if in_header == in_body {
            return refused(StatusCode::UNAUTHORIZED, "invalid_client");
        }
        let of = |name: &str| given.get(name).map(String::as_str).unwrap_or_default();
        // A code is good once, also for whoever gets the rest wrong.
        let Some(code) = self.codes.remove(of("code")) else {
            return refused(StatusCode::BAD_REQUEST, "invalid_grant");
        };
        let challenge = baton::access::id_tokens::challenge_of(of("code_verifier"));
        let is_right = of("grant_type") == "authorization_code"
            && of("redirect_uri") == code.redirect
            && challenge == code.challenge
            && (43..=128).contains(&of("code_verifier").len());
        if !is_right {
            return refused(StatusCode::BAD_REQUEST, "invalid_grant");
        }
        let access = format!("access-{}", fastrand::u64(..));
        let token = self.token(&code, &access);
        axum::Json(json!({"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": token}))
            .into_response()
    }

    fn token(&mut self, code: &Code, access: &str) -> String {
        let now = self.clock.now().as_second();
        let mut header = json!({"alg": self.signer.name(), "kid": self.kid, "typ": "JWT"});
        let mut claims = json!({
            "iss": self.url, "sub": code.who.subject, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": code.nonce,
        });
        let hash = match self.signer {
            Signer::Ed(_) => ring::digest::digest(&ring::digest::SHA512, access.as_bytes()),
            _ => ring::digest::digest(&ring::digest::SHA256, access.as_bytes()),
        };
        claims["at_hash"] = json!(encode(&hash.as_ref()[..hash.as_ref().len() / 2]));
        for (name, value) in code.who.claims.as_object().into_iter().flatten() {
            match name.strip_prefix("userinfo:") {
                // Said only to whoever asks.
                Some(name) => self.told.entry(access.to_owned()).or_insert_with(|| json!({}))[name] = value.clone(),
                None => claims[name] = value.clone(),
            }
        }
        let told = self.told.entry(access.to_owned()).or_insert_with(|| json!({}));
        if told["sub"].is_null() {
            told["sub"] = json!(code.who.subject);
        }
        (self.bend)(&mut header, &mut claims);
        let signed = format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()));
        let signature = match &self.forge {
            Some(forge) => forge(&signed),
            None => self.signer.sign(&signed),
        };
        format!("{signed}.{}", encode(&signature))
    }
}
