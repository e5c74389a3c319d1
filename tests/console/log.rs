//! What the log tells of people who log in, and what it never holds: no
//! password, no secret, no token, neither there nor in the database nor in what
//! the program writes down as it runs.

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use baton::access::second_step::CodeSecret;
use serde_json::json;

use crate::harness::{Service, figure};
use crate::person::hidden;
use crate::stage::{DANA, PASSWORD, begun, id_of, invite, member, rows, send, told};

/// What the program wrote into its log, as loud as it can be.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("lines").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// From the first call on everything is heard, of all tests of this program.
fn hear() -> Lines {
    static LINES: OnceLock<Lines> = OnceLock::new();
    let begin = || {
        let lines = Lines::default();
        let writer = lines.clone();
        let filter = tracing_subscriber::EnvFilter::new("baton=trace,axum=trace,tower_http=trace,sqlx=trace");
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(move || writer.clone()).init();
        lines
    };
    LINES.get_or_init(begin).clone()
}

/// Every byte of the files in a service's folder.
fn stored_by(service: &Service) -> Vec<u8> {
    let entries = std::fs::read_dir(&service.settings.data_dir).expect("a folder").flatten();
    let files = entries.map(|entry| entry.path()).filter(|path| path.is_file());
    files.flat_map(|path| std::fs::read(path).expect("a file")).collect()
}

#[tokio::test]
async fn the_log_names_people_and_holds_no_secret() {
    let lines = hear();
    let (service, mut dana) = begun().await;
    let path = invite(&mut dana, "eve@acme.example", "viewer").await;
    let mut marcus = member(&service, &mut dana, ("Marcus Lee", "marcus@acme.example"), "viewer").await;
    let id = id_of(&service, "marcus@acme.example").await;
    send(&mut dana, &format!("/settings/members/{id}/role"), &[("role", "sender")]).await.expect(303);
    let page = marcus.get("/settings/profile/second-step").await.expect(200).text;
    let text = page
        .split_once("class=\"secret\">")
        .and_then(|(_, rest)| rest.split_once('<'))
        .expect("a secret")
        .0
        .replace(' ', "");
    let code = CodeSecret::read(&text).expect("a secret").code_at(service.clock.now().as_second());
    let (token, offer) = (hidden(&page, "token"), hidden(&page, "offer"));
    let inputs = [("token", token.as_str()), ("offer", &offer), ("code", &code), ("current", PASSWORD)];
    let codes = marcus.post("/settings/profile/second-step", &inputs).await.expect(200).text;
    let recovery = codes
        .split_once("class=\"codes\"><li>")
        .and_then(|(_, rest)| rest.split_once('<'))
        .expect("codes")
        .0
        .to_owned();
    let secret = marcus.cookies["baton_member"].clone();
    send(&mut dana, &format!("/settings/members/{id}/access"), &[("access", "out")]).await.expect(303);
    send(&mut dana, "/sign-out", &[]).await.expect(200);
    dana.post("/sign-in", &[("email", DANA.1), ("password", "four loud foghorns")]).await.expect(422);

    let kinds = told(&service).await;
    let expected = [
        "member.joined",
        "member.signed_in",
        "member.invited",
        "member.invited",
        "member.joined",
        "member.signed_in",
        "member.changed",
        "member.secured",
        "member.disabled",
        "member.signed_out",
    ];
    let details = rows(&service, "SELECT kind, detail FROM events WHERE kind LIKE 'member.%'").await;
    let of = |kind: &str| {
        let found = details.iter().rev().find(|(other, _)| other == kind).map(|(_, detail)| detail);
        serde_json::from_str::<serde_json::Value>(found.expect("an entry")).expect("JSON")
    };
    assert_eq!(of("member.disabled")["actor"]["email"], DANA.1);
    assert_eq!(of("member.disabled")["member"], json!(id));
    assert_eq!(of("member.changed")["what"]["role"], json!({"from": "viewer", "to": "sender"}));
    assert_eq!(of("member.secured")["actor"]["name"], "Marcus Lee");

    let secrets = [
        PASSWORD,
        "four loud foghorns",
        &secret,
        &text,
        &recovery,
        path.rsplit('.').next().expect("a signature"),
        &offer,
    ];
    let (logged, stored) = (lines.0.lock().expect("lines").clone(), stored_by(&service));
    let hits = |needle: &str, hay: &[u8]| memchr::memmem::find_iter(hay, needle.as_bytes()).count();
    let in_log: usize = secrets.iter().map(|secret| hits(secret, &logged)).sum();
    let in_data: usize = secrets.iter().map(|secret| hits(secret, &stored)).sum();
    assert!(secrets.iter().all(|secret| secret.len() > 8), "{secrets:?}");
    let is_heard = hits("/setup/{token}", &logged) > 0 && hits("argon2id$", &stored) > 0;
    let pass = kinds == expected && is_heard && in_log == 0 && in_data == 0;
    figure(
        "secrets of members",
        pass,
        json!({"kinds": kinds, "in_log": in_log, "in_data": in_data, "heard": is_heard}),
    );
    // Nobody outside is told of any of it.
    let refused = json!({"url": "https://hooks.northwind.example/", "events": ["member.signed_in"]});
    service.post("/v1/endpoints", &refused).await.expect(422);
    assert!(service.app().first_link().await.expect("a look").is_none());
}
