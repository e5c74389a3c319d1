//! Callers that sign, over the wire: only the true sender is believed, a copy
//! of what was believed has no second effect, and what they sign with is not
//! to be found in the data folder.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton::access::callers::Preset;
use baton::access::keys::Mode;
use baton::app::KeyRequest;
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::harness::{Service, figure, mail, settings};

const BASE: &str = "https://baton.acme.example";

/// How one kind of caller signs.
#[derive(Clone, Copy)]
struct Scheme {
    name: &'static str,
    preset: Preset,
    secret: &'static str,
    /// Of a caller in another workspace.
    others: &'static str,
    unknown: &'static str,
    signature: &'static str,
    time: &'static str,
}

const SCHEMES: [Scheme; 2] = [
    Scheme {
        name: "HubSpot v3",
        preset: Preset::Hubspot,
        secret: "5f3c2a10-91d2-4c5e-8d0b-2f6a7c9e1b34",
        others: "0b7e6d55-3a41-4f0e-9c22-7d1f8e5a6c90",
        unknown: "77777777-3a41-4f0e-9c22-7d1f8e5a6c90",
        signature: "x-hubspot-signature-v3",
        time: "x-hubspot-request-timestamp",
    },
    Scheme {
        name: "Standard Webhooks",
        preset: Preset::Plain,
        secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        others: "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX",
        unknown: "whsec_GBcWFRQTEhEQDw4NDAsKCQgHBgUEAwIB",
        signature: "webhook-signature",
        time: "webhook-timestamp",
    },
];

/// A request as its bytes go out.
#[derive(Clone)]
struct Sent {
    method: &'static str,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    is_chunked: bool,
}

impl Sent {
    fn set(mut self, name: &str, value: &[u8]) -> Sent {
        self.headers.retain(|(other, _)| other != name);
        self.and(name, value)
    }

    fn and(mut self, name: &str, value: &[u8]) -> Sent {
        self.headers.push((name.to_owned(), value.to_vec()));
        self
    }

    fn without(mut self, name: &str) -> Sent {
        self.headers.retain(|(other, _)| other != name);
        self
    }

    fn value(&self, name: &str) -> Vec<u8> {
        self.headers.iter().find(|(other, _)| other == name).expect("a header").1.clone()
    }

    fn flipped(&self, name: &str, at: usize) -> Sent {
        let mut value = self.value(name);
        let at = at.min(value.len() - 1);
        value[at] ^= 1;
        self.clone().set(name, &value)
    }
}

fn tag(secret: &[u8], parts: &[&[u8]]) -> String {
    STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), &parts.concat()))
}

impl Scheme {
    /// A request signed with this secret at this second.
    fn sign(&self, (method, target): (&'static str, &str), body: &[u8], secret: &str, second: i64) -> Sent {
        let sent =
            Sent { method, target: target.to_owned(), headers: Vec::new(), body: body.to_vec(), is_chunked: false };
        if self.preset == Preset::Hubspot {
            let time = format!("{second}000");
            let address = format!("{BASE}{target}");
            let parts = [method.as_bytes(), address.as_bytes(), body, time.as_bytes()];
            let signed = tag(secret.as_bytes(), &parts);
            return sent.and(self.time, time.as_bytes()).and(self.signature, signed.as_bytes());
        }
        let (id, time) = (format!("msg_{}", fastrand::u64(..)), second.to_string());
        let bytes = STANDARD.decode(secret.trim_start_matches("whsec_")).expect("base64");
        let signed = format!("v1,{}", tag(&bytes, &[id.as_bytes(), b".", time.as_bytes(), b".", body]));
        sent.and("webhook-id", id.as_bytes()).and(self.time, time.as_bytes()).and(self.signature, signed.as_bytes())
    }

    async fn make_key(&self, service: &Service, workspace: &str, secret: &str) -> String {
        let request = KeyRequest {
            name: self.name.to_owned(),
            workspace: workspace.to_owned(),
            mode: Mode::Live,
            scopes: "all".parse().expect("scopes"),
            preset: self.preset,
            key_pointer: None,
            expires_at: None,
            signing_secret: Some(SecretString::from(secret)),
        };
        service.app().add_key(request).await.expect("a key").1.expose_secret().to_owned()
    }
}

/// Status, whether it is a replay, and the body.
async fn send(service: &Service, key: &str, sent: &Sent) -> (u16, bool, Json) {
    let address = service.url.strip_prefix("http://").expect("an address");
    let mut socket = tokio::net::TcpStream::connect(address).await.expect("a connection");
    let mut bytes = format!(
        "{} {} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\n",
        sent.method, sent.target
    )
    .into_bytes();
    for (name, value) in &sent.headers {
        bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    if sent.is_chunked {
        bytes.extend(b"transfer-encoding: chunked\r\n\r\n");
        for piece in sent.body.chunks(7) {
            bytes.extend(format!("{:x}\r\n", piece.len()).into_bytes());
            bytes.extend([piece, b"\r\n"].concat());
        }
        bytes.extend(b"0\r\n\r\n");
    } else {
        bytes.extend(format!("content-length: {}\r\n\r\n", sent.body.len()).into_bytes());
        bytes.extend(&sent.body);
    }
    socket.write_all(&bytes).await.expect("sent");
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.expect("an answer");
    let text = String::from_utf8(answer).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let body = serde_json::from_str(body).unwrap_or(Json::Null);
    (status, head.to_lowercase().contains("idempotent-replayed: true"), body)
}

async fn start() -> Service {
    let mut settings = settings();
    settings.base_url = Some(BASE.to_owned());
    Service::start_with(settings, None).await
}

fn body(number: usize) -> Vec<u8> {
    let known = json!({"customer_name": format!("Größe & Söhne {number}")});
    // Written as a person would: read and written again, these are other bytes.
    format!("{{ \"route\": \"sales-to-onboarding\",  \"known\": {known} }}").into_bytes()
}

#[tokio::test]
async fn only_the_true_sender_is_believed() {
    const CREATE: (&str, &str) = ("POST", "/v1/handoffs");
    for scheme in SCHEMES {
        let service = start().await;
        let key = scheme.make_key(&service, "main", scheme.secret).await;
        scheme.make_key(&service, "other", scheme.others).await;
        let now = service.clock.now().as_second();
        let good = |number: usize| scheme.sign(CREATE, &body(number), scheme.secret, now);
        let by = |number: usize, secret: &str| scheme.sign(CREATE, &body(number), secret, now);
        let (signature, time) = (scheme.signature, scheme.time);
        let at = |number: usize, ahead: i64| scheme.sign(CREATE, &body(number), scheme.secret, now + ahead);
        let mut flipped = good(1);
        flipped.body[20] ^= 1;
        let wrong = by(8, scheme.unknown);
        let two = [wrong.value(signature), b" ".to_vec(), by(8, scheme.secret).value(signature)].concat();
        // Both signatures over the same message, where a list is allowed.
        let two =
            if scheme.preset == Preset::Hubspot { wrong.set(signature, &two) } else { twice_signed(&scheme, now) };
        let parsed: Json = serde_json::from_slice(&body(10)).expect("JSON");
        let mut again = good(10);
        again.body = parsed.to_string().into_bytes();
        let mut chunked = good(11);
        chunked.is_chunked = true;
        let repeated = good(12);
        let repeated = repeated.clone().and(signature, &repeated.value(signature));
        let is_list = scheme.preset != Preset::Hubspot;
        let cases: Vec<(&str, Sent, bool)> = vec![
            ("good", good(0), true),
            ("a bit of the body", flipped, false),
            ("a bit of the time", good(2).flipped(time, usize::MAX), false),
            ("a bit of the signature", good(3).flipped(signature, 9), false),
            ("missing", good(4).without(signature), false),
            ("empty", good(4).set(signature, b""), false),
            ("no time", good(4).without(time), false),
            ("300 s old", at(5, -300), true),
            ("301 s old", at(6, -301), false),
            ("301 s ahead", at(6, 301), false),
            ("wrong secret", by(7, scheme.unknown), false),
            ("two signatures, one good", two, is_list),
            ("another workspace's secret", by(9, scheme.others), false),
            ("written again", again, false),
            ("in chunks", chunked, true),
            ("a header repeated", repeated, false),
            ("non-ASCII", good(13).set(signature, "ä".as_bytes()), false),
        ];
        let (mut mistaken, mut accepted) = (Vec::new(), 0);
        for (case, sent, is_good) in &cases {
            let (status, _, answer) = send(&service, &key, sent).await;
            let expected =
                if *is_good { status == 202 } else { status == 401 && answer["code"] == "signature-refused" };
            if !expected {
                mistaken.push(format!("{case}: {status} {answer}"));
            }
            accepted += usize::from(*is_good);
        }
        // What is only looked at is signed too.
        let unsigned = Sent { method: "GET", body: Vec::new(), headers: Vec::new(), ..good(0) };
        assert_eq!(send(&service, &key, &unsigned).await.0, 401);
        let look = scheme.sign(("GET", "/v1/handoffs?limit=100"), b"", scheme.secret, now);
        let (_, _, page) = send(&service, &key, &look).await;
        let rows = page["data"].as_array().map_or(0, Vec::len);
        let pass = mistaken.is_empty() && rows == accepted;
        figure(
            &format!("R-07 {}", scheme.name),
            pass,
            json!({"cases": cases.len(), "wrong": mistaken, "accepted": accepted, "rows": rows}),
        );
    }
}

/// A message with two signatures, of which the second is good.
fn twice_signed(scheme: &Scheme, now: i64) -> Sent {
    let good = scheme.sign(("POST", "/v1/handoffs"), &body(8), scheme.secret, now);
    let other = format!("v1,{}", STANDARD.encode([7; 32]));
    let both = [other.as_bytes(), b" ", good.value(scheme.signature).as_slice()].concat();
    good.set(scheme.signature, &both)
}

/// Whoever copied a signed request may change what is not signed, and send it again as long as it is fresh.
#[tokio::test]
async fn a_copy_has_no_second_effect() {
    for scheme in SCHEMES {
        let mut service = start().await;
        service.publish_short(&service.key).await;
        let key = scheme.make_key(&service, "main", scheme.secret).await;
        let now = service.clock.now().as_second();
        let sign = |target: &str, body: &[u8]| scheme.sign(("POST", target), body, scheme.secret, now);
        let text = json!({"route": "short", "known": {"contact_email": "dana@northwind.example"},
                          "sources": [{"type": "email", "content": mail("We go live on 1 July 2026.")}]});
        let create = sign("/v1/handoffs?wait=20", text.to_string().as_bytes());
        let (status, _, first) = send(&service, &key, &create).await;
        assert_eq!((status, &first["status"]), (200, &json!("ready")), "{first}");
        let path = format!("/v1/handoffs/{}", first["id"].as_str().expect("an id"));
        let move_it = sign(&format!("{path}/transfer"), b"{}").and("idempotency-key", b"move-1");
        let (status, _, moved) = send(&service, &key, &move_it).await;
        assert_eq!(status, 200, "{moved}");
        let back = json!({"by": {"name": "Priya Raman"}, "type": "wrong", "reason": "She left in May",
                          "fields": ["contact_email"]});
        service.post(&format!("{path}/return"), &back).await.expect(200);
        service
            .answer(first["id"].as_str().expect("an id"), &json!({"contact_email": {"value": "kim@northwind.example"}}))
            .await
            .expect(200);
        let before = service.get(&path).await.header("etag").to_owned();
        let mut effects = Vec::new();
        let mut copies = 0;
        for restarted in [false, true] {
            if restarted {
                service = service.restart().await;
            }
            for (what, copy) in [
                ("as it was", move_it.clone()),
                ("another key", move_it.clone().set("idempotency-key", b"move-2")),
                ("no key", move_it.clone().without("idempotency-key")),
                ("another version", move_it.clone().set("if-match", b"*")),
                ("the handoff", create.clone()),
                ("the handoff, with a key", create.clone().set("idempotency-key", b"a")),
                ("another address", Sent { target: format!("{path}/cancel"), ..move_it.clone() }),
                ("another method", Sent { method: "PUT", target: "/v1/routes/short".to_owned(), ..move_it.clone() }),
            ] {
                let (status, is_replay, answer) = send(&service, &key, &copy).await;
                copies += 1;
                if !(is_replay || (400..500).contains(&status)) {
                    effects.push(format!("{what}: {status} {answer}"));
                }
            }
        }
        let after = service.get(&path).await.header("etag").to_owned();
        let rows = service.get("/v1/handoffs").await.json()["data"].as_array().map_or(0, Vec::len);
        let pass = effects.is_empty() && after == before && rows == 1;
        figure(
            &format!("R-07 replay {}", scheme.name),
            pass,
            json!({"copies": copies, "second_effects": effects, "rows": rows, "version": [before, after]}),
        );
        // Signed anew it is another request.
        let later = scheme.sign(("POST", &format!("{path}/transfer")), b"{}", scheme.secret, now + 1);
        assert_eq!(send(&service, &key, &later).await.0, 200);
    }
}

/// Secrets are had again in clear by the process alone.
#[tokio::test]
async fn secrets_are_sealed_at_rest() {
    let mut service = start().await;
    let mut looked_for: Vec<Vec<u8>> = Vec::new();
    let mut keys = Vec::new();
    for scheme in SCHEMES {
        keys.push(scheme.make_key(&service, "main", scheme.secret).await);
        looked_for.push(scheme.secret.as_bytes().to_vec());
        looked_for.extend(STANDARD.decode(scheme.secret.trim_start_matches("whsec_")).ok());
    }
    service.end().await;
    let mut folders = vec![service.settings.data_dir.clone()];
    let (mut found, mut bytes_seen) = (0, 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let bytes = std::fs::read(entry.path()).expect("a file");
            bytes_seen += bytes.len();
            found += looked_for.iter().map(|secret| memchr::memmem::find_iter(&bytes, secret).count()).sum::<usize>();
        }
    }
    let key_file = service.settings.data_dir.join("keys/sealing.key");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&key_file).expect("the key").permissions().mode() & 0o777, 0o600);
    }
    figure("A-51 signing secrets", found == 0 && bytes_seen > 10_000, json!({"bytes": bytes_seen, "secrets": found}));
    // Without the key nobody who should sign is let in unsigned.
    std::fs::remove_file(&key_file).expect("it goes");
    let service = service.restart().await;
    for (scheme, key) in SCHEMES.iter().zip(&keys) {
        let look = scheme.sign(("GET", "/v1/handoffs"), b"", scheme.secret, service.clock.now().as_second());
        assert_eq!(send(&service, key, &look).await.0, 500);
    }
}
