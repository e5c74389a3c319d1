//! How long the pages of people who log in take with ten thousand handoffs
//! stored: from the request to the last byte of the page, on the same machine,
//! one after the other. A load program: it prints the first look at each page,
//! p50 and p99 of a hundred more, and marks those above the thirty milliseconds
//! that are wanted. Run with `cargo bench --bench pages`; a number behind `--` is how many are stored.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use baton::access::callers::Preset;
use baton::access::keys::Mode;
use baton::app::{Clock, KeyRequest};
use baton::config::Settings;
use baton::serving::Running;
use secrecy::ExposeSecret;
use serde_json::{Value as Json, json};
use tokio::sync::oneshot;

const USUAL: usize = 10_000;
/// Really handed over and read; the others are their copies.
const READ: usize = 20;
const LOOKS: usize = 100;
const WANTED: Duration = Duration::from_millis(30);
const DANA: &str = "dana@acme.example";
const PASSWORD: &str = "three quiet lighthouses";

/// A server inside this process.
struct Server {
    url: String,
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<()>,
    client: reqwest::Client,
    running: std::sync::Arc<baton::app::App>,
}

fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let count = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(USUAL);
    runtime.block_on(measure(count));
}

async fn measure(count: usize) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    let _ = std::fs::remove_dir_all(&folder);
    let server = Server::start(&folder).await;
    let cookie = server.join().await;
    server.hand_over().await;
    server.end().await;
    copy(&folder, count).await;
    let begun = Instant::now();
    let server = Server::start(&folder).await;
    println!("{count} handoffs stored; the first start writes their lines in {:.1} s", begun.elapsed().as_secs_f64());
    for page in [
        "/handoffs",
        "/handoffs?whose=all",
        "/handoffs?whose=all&status=needs_input",
        "/handoffs?whose=all&q=northwind+logistics",
        "/handoffs?whose=all&q=found+nowhere",
        "/handoffs?whose=team",
        "/handoffs/new?route=sales-to-onboarding",
        "/routes",
        "/routes/sales-to-onboarding",
        "/insights",
    ] {
        server.look(&cookie, page).await;
    }
    let last = server.last_page(&cookie).await;
    server.look(&cookie, &last).await;
    server.end().await;
}

impl Server {
    async fn start(folder: &Path) -> Server {
        let settings = Settings {
            data_dir: folder.to_owned(),
            listen: "127.0.0.1:0".to_owned(),
            our_domains: vec!["acme.example".to_owned()],
            ..Settings::default()
        };
        let running = Running::start(settings, None, Clock::default()).await.expect("it starts");
        let (url, app) = (format!("http://{}", running.address), running.app().clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = tokio::spawn(running.end_after(async move {
            let _ = stopped.await;
        }));
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Server { url, stop, ended, client, running: app }
    }

    async fn end(self) {
        let _ = self.stop.send(());
        drop(self.running);
        self.ended.await.expect("it ends");
    }

    /// The first admin, who works in a team; their cookie.
    async fn join(&self) -> String {
        let link = self.running.first_link().await.expect("a look").expect("nobody has an account");
        let form = [("name", "Dana Whitfield"), ("email", DANA), ("password", PASSWORD)];
        let joined = self.post(&link, &form, "").await;
        let cookie =
            joined.headers()["set-cookie"].to_str().expect("text").split(';').next().unwrap_or_default().to_owned();
        let page = self.client.get(format!("{}/handoffs", self.url)).header("cookie", &cookie);
        let page = page.send().await.expect("an answer").text().await.expect("a page");
        let token =
            page.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
        let form = [("token", token), ("team", "onboarding")];
        self.post(&format!("{}/handoffs/team", self.url), &form, &cookie).await;
        cookie
    }

    async fn post(&self, url: &str, form: &[(&str, &str)], cookie: &str) -> reqwest::Response {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.client.post(url).header("content-type", "application/x-www-form-urlencoded");
        let response = request.header("cookie", cookie).body(body).send().await.expect("an answer");
        assert_eq!(response.status(), 303, "{url}");
        response
    }

    /// Samples as they come in, read.
    async fn hand_over(&self) {
        let (_, key) = self.running.add_key(key()).await.expect("a key");
        for number in 0..READ {
            let mut body = sample("northwind-01");
            body["external_id"] = json!(format!("crm:deal:{number}"));
            body["title"] = json!(format!("Northwind Logistics {number}"));
            body["from"] = json!({"owner": {"name": "Dana Whitfield", "email": if number == 0 { DANA } else { "marcus@acme.example" }}});
            let request =
                self.client.post(format!("{}/v1/handoffs?wait=25", self.url)).bearer_auth(key.expose_secret());
            let response = request.header("content-type", "application/json").body(body.to_string()).send().await;
            assert_eq!(response.expect("an answer").status(), 200);
        }
    }

    async fn look(&self, cookie: &str, page: &str) {
        let mut times = Vec::with_capacity(LOOKS);
        let (mut bytes, mut first) = (0, Duration::ZERO);
        for number in 0..=LOOKS {
            let begun = Instant::now();
            let request = self.client.get(format!("{}{page}", self.url)).header("cookie", cookie);
            let response = request.send().await.expect("an answer");
            assert_eq!(response.status(), 200, "{page}");
            bytes = response.bytes().await.expect("a page").len();
            match number {
                0 => first = begun.elapsed(),
                _ => times.push(begun.elapsed()),
            }
        }
        times.sort_unstable();
        let (p50, p99) = (times[LOOKS / 2], times[LOOKS * 99 / 100]);
        let mark = if p99 > WANTED { "  above 30 ms" } else { "" };
        let shown: String = page.chars().take(60).collect();
        println!(
            "{shown:<60}  first {:>7.1} ms  p50 {:>7.1} ms  p99 {:>7.1} ms  {:>4} KB{mark}",
            first.as_secs_f64() * 1000.0,
            p50.as_secs_f64() * 1000.0,
            p99.as_secs_f64() * 1000.0,
            bytes / 1000
        );
    }

    /// The address of a page far down the list.
    async fn last_page(&self, cookie: &str) -> String {
        let mut page = "/handoffs?whose=all".to_owned();
        for _ in 0..100 {
            let text = self.client.get(format!("{}{page}", self.url)).header("cookie", cookie).send().await;
            let text = text.expect("an answer").text().await.expect("a page");
            let next = text.split("href=\"").find(|part| part.contains("after=") && part.contains("rel=\"next\""));
            let Some(next) = next.and_then(|part| part.split('"').next()) else { break };
            page = next.replace("&#38;", "&").replace("&amp;", "&");
        }
        page
    }
}

fn key() -> KeyRequest {
    KeyRequest {
        name: "bench".to_owned(),
        workspace: "main".to_owned(),
        mode: Mode::Live,
        scopes: "all".parse().expect("scopes"),
        preset: Preset::Plain,
        key_pointer: None,
        expires_at: None,
        signing_secret: None,
    }
}

fn sample(case: &str) -> Json {
    use base64::Engine;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("evals/cases").join(case).join("context");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).expect("files").flatten().map(|one| one.path()).collect();
    files.sort();
    let source = |file: &PathBuf| {
        let bytes = std::fs::read(file).expect("a file");
        let content = base64::engine::general_purpose::STANDARD.encode(bytes);
        json!({"filename": file.file_name().and_then(|name| name.to_str()), "content": content, "encoding": "base64"})
    };
    json!({"route": "sales-to-onboarding", "sources": files.iter().map(source).collect::<Vec<_>>()})
}

/// Copies of what was read, an hour apart, so that there are `count`; their lines are left to the next start.
async fn copy(folder: &Path, count: usize) {
    let file = format!("sqlite://{}", folder.join("baton.db").display());
    let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect(&file).await.expect("the database");
    let copies = i64::try_from(count.saturating_sub(READ)).expect("a number");
    let numbers = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < $1), \
                   old AS (SELECT *, ROW_NUMBER() OVER (ORDER BY place) - 1 AS turn, COUNT(*) OVER () AS many, \
                   MAX(place) OVER () AS last FROM handoffs WHERE workspace = 'main' AND place <= $2) ";
    let id = "printf('hnd_%032x', n)";
    for (what, statement) in [
        (
            "handoffs",
            format!(
                "{numbers} INSERT INTO handoffs (workspace, id, place, external_id, route_id, route_version, matter, status, \
                 reason, version, batches, read_batches, base, brief, verdict, gaps, digest, created_at, updated_at) \
                 SELECT workspace, {id}, last + n, 'crm:copy:' || n, route_id, route_version, matter, status, reason, version, \
                 batches, read_batches, base, brief, verdict, gaps, digest, created_at - (n % 2000) * 3600000, updated_at \
                 FROM n JOIN old ON old.turn = n % old.many"
            ),
        ),
        (
            "facts",
            format!(
                "{numbers} INSERT INTO facts (workspace, handoff, record) SELECT f.workspace, {id}, f.record \
                 FROM n JOIN old ON old.turn = n % old.many JOIN facts f ON f.workspace = old.workspace AND f.handoff = old.id"
            ),
        ),
        (
            "requests",
            format!(
                "{numbers} INSERT INTO requests (workspace, id, handoff, place, state, body, created_at) \
                 SELECT r.workspace, printf('req_%032x', n * 10 + r.place), {id}, r.place, r.state, r.body, r.created_at \
                 FROM n JOIN old ON old.turn = n % old.many JOIN requests r ON r.workspace = old.workspace AND r.handoff = old.id"
            ),
        ),
    ] {
        let done = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(copies).bind(READ as i64).execute(&pool).await;
        println!("  {} {what} copied", done.expect("copies").rows_affected());
    }
    explain(&pool).await;
    pool.close().await;
}

/// How the list is read, in the database's own words.
async fn explain(pool: &sqlx::SqlitePool) {
    use sqlx::Row;
    for question in [
        "EXPLAIN QUERY PLAN SELECT handoff FROM standings WHERE workspace = 'main' ORDER BY grade, sorted_at, place LIMIT 51",
        "EXPLAIN QUERY PLAN SELECT r.handoff FROM requests r WHERE r.workspace = 'main' \
         AND LOWER(json_extract(r.body, '$.person.email')) = 'dana@acme.example' \
         AND r.state IN ('waiting', 'sent', 'undeliverable', 'escalated')",
    ] {
        for row in sqlx::query(question).fetch_all(pool).await.expect("a plan") {
            println!("  plan: {}", row.get::<String, _>("detail"));
        }
    }
}
