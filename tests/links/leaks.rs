//! Where a token could leak: logs, the database, other sites; and the headers
//! that every reply of the pages has.

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use baton::config::Settings;
use serde_json::json;

use crate::harness::{Service, figure, settings};
use crate::person::{Person, hidden, link};

/// What the program wrote into its log, as loud as it can be.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    /// From the first call on everything is heard, of all tests of this program.
    pub fn hear() -> Lines {
        static LINES: OnceLock<Lines> = OnceLock::new();
        let begin = || {
            let lines = Lines::default();
            let writer = lines.clone();
            let filter =
                tracing_subscriber::EnvFilter::new("baton=trace,axum=trace,tower_http=trace,sqlx=trace,lettre=trace");
            tracing_subscriber::fmt().with_env_filter(filter).with_writer(move || writer.clone()).init();
            lines
        };
        LINES.get_or_init(begin).clone()
    }

    pub fn so_far(&self) -> Vec<u8> {
        self.0.lock().expect("lines").clone()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("lines").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn tokens_and_secrets_lie_nowhere_and_every_reply_is_guarded() {
    let lines = Lines::hear();
    let settings = Settings { base_url: Some("https://baton.acme.example".to_owned()), ..settings() };
    let service = Service::start_with(settings, None).await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We would like to begin soon.").await.expect(200).id();
    let (link_id, path) = link(&service, &id, ("Dana Whitfield", "dana@acme.example"), "answer").await;
    let mut dana = Person::of(&service);
    let page = dana.enter(&path).await;
    let cookie = dana.seen.iter().find_map(|(_, answer)| answer.headers.get("set-cookie").cloned()).expect("a cookie");
    let cookie = cookie.to_str().expect("text").to_owned();
    dana.fill(&id, &page.text, &[("f-contact_email-value", "x")]).await.expect(422);
    dana.fill(&id, &page.text.replace("value=\"2\"", "value=\"1\""), &[("f-note-value", "A note")]).await;
    dana.post(&format!("/h/{id}"), &[("token", "x")]).await.expect(403);
    let sent = [("f-go_live_date-day", "1"), ("f-go_live_date-month", "7"), ("f-go_live_date-year", "2026")];
    dana.fill(&id, &page.text, &sent).await.expect(303);
    dana.get(&format!("/h/{id}/thanks")).await.expect(200);
    dana.get("/l/style.css").await.expect(200);
    dana.get("/l/x").await.expect(404);
    dana.send("DELETE", &path, None, &[]).await.expect(405);
    dana.get("/h/none").await.expect(403);
    dana.get("/nothing/here").await.expect(404);
    let secret = dana.cookies.values().next().cloned().expect("a secret");
    dana.post(&format!("/h/{id}/leave"), &[("token", &hidden(&page.text, "token"))]).await.expect(200);
    dana.get(&format!("/h/{id}")).await.expect(403);
    service.send("DELETE", &format!("/v1/links/{link_id}"), None, &[]).await.expect(204);
    dana.get(&path).await.expect(404);

    let wanted = [
        ("strict-transport-security", "max-age=31536000"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("cross-origin-opener-policy", "same-origin"),
        ("content-security-policy", "frame-ancestors 'none'"),
        ("content-security-policy", "default-src 'none'"),
        ("content-security-policy", "base-uri 'none'"),
    ];
    let lacks =
        |answer: &crate::harness::Answer| wanted.iter().any(|(name, value)| !answer.header(name).contains(value));
    let bare: Vec<&String> = dana.seen.iter().filter(|(_, answer)| lacks(answer)).map(|(path, _)| path).collect();
    let unsafe_policies =
        dana.seen.iter().filter(|(_, answer)| answer.header("content-security-policy").contains("unsafe")).count();
    let counts = json!({"replies": dana.seen.len(), "without": bare, "unsafe": unsafe_policies});
    figure("A-45 headers", bare.is_empty() && unsafe_policies == 0, counts);

    let safe = cookie.starts_with("__Host-baton_")
        && ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"].iter().all(|flag| cookie.contains(flag));
    assert!(safe && secret.len() >= 43, "{cookie}");
    let mac = path.rsplit('.').next().expect("a signature").as_bytes().to_vec();
    let logged = lines.so_far();
    let mut stored = Vec::new();
    for entry in std::fs::read_dir(&service.settings.data_dir).expect("a folder").flatten() {
        if entry.path().is_file() {
            stored.extend(std::fs::read(entry.path()).expect("a file"));
        }
    }
    let hits = |needle: &[u8], hay: &[u8]| memchr::memmem::find_iter(hay, needle).count();
    let in_log = hits(&mac, &logged) + hits(secret.as_bytes(), &logged);
    let in_data = hits(&mac, &stored) + hits(secret.as_bytes(), &stored);
    let is_heard = hits(b"/l/{token}", &logged) > 0 && hits(b"dana@northwind.example", &stored) > 0;
    let counts = json!({"log_bytes": logged.len(), "data_bytes": stored.len(), "in_log": in_log, "in_data": in_data});
    figure("A-44 tokens in log and data", is_heard && in_log == 0 && in_data == 0, counts);
}
