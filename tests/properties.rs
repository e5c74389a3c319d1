//! Handoffs under random sequences of everything that can happen to them:
//! context, answers good and bad, returns, transfers, forced ones, calls off,
//! retries, routes that change, clocks that jump and processes that die. None
//! ever moves with a required field open that its own route's version asks for.

#[path = "faults/bench.rs"]
mod bench;

use std::sync::Arc;
use std::time::{Duration, Instant};

use baton::answers::{Patch, Person};
use baton::app::{App, BreakGlass, GivenBack, Refusal};
use baton::handoff::{HandoffId, ReturnKind};
use baton::store::{self, Options, Store};
use baton::worker;
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value as Json, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Row};

use bench::{Bench, request};

/// One thing that happens.
#[derive(Debug, Clone, Copy)]
enum Event {
    /// Context comes in for the matter; how much it says.
    Context(u8),
    Work,
    /// A job is claimed and its holder never heard of again.
    ClaimAndVanish,
    Answer(u8),
    BadAnswer,
    Transfer,
    BreakGlass,
    Accept,
    Return(bool),
    Cancel,
    Retry,
    NewRoute,
    /// Seconds, backwards too.
    Clock(i32),
    Crash,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        4 => (0..4_u8).prop_map(Event::Context),
        6 => Just(Event::Work),
        1 => Just(Event::ClaimAndVanish),
        5 => (0..6_u8).prop_map(Event::Answer),
        1 => Just(Event::BadAnswer),
        6 => Just(Event::Transfer),
        1 => Just(Event::BreakGlass),
        2 => Just(Event::Accept),
        2 => any::<bool>().prop_map(Event::Return),
        1 => Just(Event::Cancel),
        1 => Just(Event::Retry),
        1 => Just(Event::NewRoute),
        1 => prop_oneof![Just(31), Just(960), Just(-3_600), Just(86_400), Just(-86_400)].prop_map(Event::Clock),
        1 => Just(Event::Crash),
    ];
    // Most begin as handoffs do: context, its reading, an answer.
    let begun =
        (0..4_u8, 0..6_u8).prop_map(|(says, which)| vec![Event::Context(says), Event::Work, Event::Answer(which)]);
    let beginning = prop_oneof![1 => Just(Vec::new()), 3 => begun];
    (beginning, prop::collection::vec(event, 3..14)).prop_map(|(beginning, rest)| [beginning, rest].concat())
}

/// What each version of the route asks for, known here apart from the product.
fn required(version: i64) -> &'static [&'static str] {
    if version % 2 == 1 { &["go_live_date", "contact_email"] } else { &["go_live_date", "contact_email", "seats"] }
}

fn route(version: i64) -> Json {
    let is_required = |key: &str| required(version).contains(&key);
    json!({
        "id": "short", "version": version, "title": "Short", "from": {"team": "sales"}, "to": {"team": "onboarding"},
        "fields": [
            {"key": "go_live_date", "label": "Go-live date", "type": "date", "required": true, "said_by": "theirs",
             "cues": ["go live", "live by"]},
            {"key": "contact_email", "label": "Contact e-mail", "type": "email", "required": true, "allow": ["unknown"]},
            {"key": "seats", "label": "Seats", "type": "number", "required": is_required("seats"), "cues": ["seats"]}
        ]
    })
}

/// The product with everything a sequence needs.
struct Run {
    bench: Bench,
    beside: SqliteConnection,
    route_version: i64,
    /// Counted over all sequences, so that none of them passes for doing nothing.
    figures: Figures,
}

#[derive(Debug, Default)]
struct Figures {
    moved: usize,
    /// Passes that were had anew.
    renewed: usize,
    forced: usize,
    refused_incomplete: usize,
    answers: usize,
    crashes: usize,
    by_hand: usize,
}

impl Run {
    async fn open() -> Run {
        let bench = Bench::open().await;
        bench.publish(&bench.workspace, &route(1)).await;
        let options = SqliteConnectOptions::new().filename(bench.database()).busy_timeout(Duration::from_secs(10));
        let beside = options.connect().await.expect("the database");
        Run { bench, beside, route_version: 1, figures: Figures::default() }
    }

    fn app(&self) -> &Arc<App> {
        self.bench.app()
    }

    /// One sequence on a matter of its own; what it should not have come to.
    async fn play(&mut self, number: usize, events: &[Event]) -> Result<(), String> {
        let matter = format!("matter-{number}");
        let mut handoff: Option<HandoffId> = None;
        for (step, event) in events.iter().enumerate() {
            let done = self.happen((&matter, step), *event, &mut handoff).await;
            match done {
                Ok(()) => {}
                Err(Refusal::Store(fault)) => return Err(format!("{event:?}: {fault}")),
                Err(Refusal::Incomplete(_)) => self.figures.refused_incomplete += 1,
                Err(_) => {}
            }
            self.look(&matter).await.map_err(|problem| format!("after {event:?}: {problem}"))?;
        }
        self.force_by_hand(&matter).await?;
        // What still waits is read, so that the next sequence's work is its own.
        while let Some(done) = worker::do_one(self.app()).await.map_err(|refusal| refusal.code().to_owned()).transpose()
        {
            done?;
        }
        self.look(&matter).await
    }

    async fn happen(
        &mut self,
        (matter, step): (&str, usize),
        event: Event,
        handoff: &mut Option<HandoffId>,
    ) -> Result<(), Refusal> {
        let app = self.app().clone();
        if let Event::Context(says) = event {
            let text = [
                "Hello there.",
                "We go live on 1 July 2026.",
                "We go live on 1 July 2026. We need 40 seats.",
                "No, we go live on 1 August 2026.",
            ];
            let mut request = request("short", &format!("{matter}-{step}"), text[usize::from(says) % text.len()]);
            request.external_id = Some(matter.to_owned());
            *handoff = Some(app.accept(self.bench.asked(None), request).await?.id);
            return Ok(());
        }
        match event {
            Event::Work => drop(worker::do_one(&app).await?),
            Event::ClaimAndVanish => drop(app.claim(1, true).await?),
            Event::NewRoute => {
                self.route_version += 1;
                self.bench.publish(&self.bench.workspace, &route(self.route_version)).await;
            }
            Event::Clock(seconds) => {
                self.bench.clock.advance(SignedDuration::from_secs(seconds.into()));
                app.release_expired().await?;
            }
            Event::Crash => {
                drop(app);
                self.bench.crash().await;
                self.figures.crashes += 1;
            }
            _ => {
                if let Some(id) = handoff.clone() {
                    self.move_it(event, id).await?;
                }
            }
        }
        Ok(())
    }

    async fn move_it(&mut self, event: Event, id: HandoffId) -> Result<(), Refusal> {
        let (app, asked) = (self.app().clone(), self.bench.asked(None));
        let by = Person { name: "Marcus Lee".to_owned(), email: None };
        match event {
            Event::Answer(which) => {
                let fields = [
                    json!({"contact_email": {"value": "dana@northwind.example"}}),
                    json!({"go_live_date": {"value": "2026-07-01"}}),
                    json!({"seats": {"value": 40}}),
                    json!({"contact_email": {"value": "kim@northwind.example"}, "go_live_date": {"value": "2026-08-01"}, "seats": {"value": 12}}),
                ];
                let body = json!({"by": by, "fields": fields[usize::from(which).min(3)]});
                let Ok(patch) = Patch::read(&body) else { return Ok(()) };
                app.answer(asked, id, patch).await?;
                self.figures.answers += 1;
            }
            Event::BadAnswer => {
                let body = json!({"by": by, "fields": {"contact_email": {"value": "nobody knows"}}});
                if let Ok(patch) = Patch::read(&body) {
                    app.answer(asked, id, patch).await?;
                }
            }
            Event::Transfer => {
                let has_moved = app.find(&asked.workspace, &id).await?.status.has_moved();
                app.transfer(asked, id, None).await?;
                self.figures.moved += usize::from(!has_moved);
                self.figures.renewed += usize::from(has_moved);
            }
            Event::BreakGlass => {
                let expires_at = app.now() + SignedDuration::from_hours(24);
                let forced = BreakGlass { approver: by, reason: "The customer starts tomorrow".to_owned(), expires_at };
                app.transfer(asked, id, Some(forced)).await?;
                self.figures.forced += 1;
            }
            Event::Accept => drop(app.receive(asked, id, (by, None)).await?),
            Event::Return(with_fields) => {
                let fields = if with_fields { vec!["contact_email".to_owned()] } else { Vec::new() };
                let given = GivenBack { by, kind: ReturnKind::Wrong, reason: "She left in May".to_owned(), fields };
                app.give_back(asked, id, given).await?;
            }
            Event::Cancel => drop(app.cancel(asked, id, None).await?),
            Event::Retry => drop(app.retry(asked, id).await?),
            _ => {}
        }
        Ok(())
    }

    /// What must hold of the matter's handoffs at any moment.
    async fn look(&mut self, matter: &str) -> Result<(), String> {
        let rows = sqlx::query(
            "SELECT h.id, h.status, h.brief, h.route_version, h.batches, h.read_batches, c.break_glass, c.digest = h.digest AS same, c.pass \
             FROM handoffs h LEFT JOIN clearances c ON c.workspace = h.workspace AND c.handoff = h.id AND c.pass = h.pass \
             WHERE h.workspace = 'main' AND h.route_id = 'short' AND h.external_id = $1",
        )
        .bind(matter)
        .fetch_all(&mut self.beside)
        .await
        .map_err(|error| error.to_string())?;
        let is_open = |row: &&sqlx::sqlite::SqliteRow| {
            !["transferred", "accepted", "cancelled"].contains(&row.get::<&str, _>("status"))
        };
        if rows.iter().filter(is_open).count() > 1 {
            return Err("two handoffs of one matter are open".to_owned());
        }
        for row in rows {
            let (id, status): (String, String) = (row.get("id"), row.get("status"));
            if status != "transferred" && status != "accepted" {
                continue;
            }
            if row.get::<Option<String>, _>("pass").is_none() || row.get::<Option<bool>, _>("same") != Some(true) {
                return Err(format!("{id} has moved without a clearance of its brief"));
            }
            let brief: Json = serde_json::from_str(row.get("brief")).map_err(|error| error.to_string())?;
            let open = open_fields(&brief, required(row.get("route_version")));
            if !open.is_empty() && row.get::<Option<String>, _>("break_glass").is_none() {
                return Err(format!(
                    "{id} has moved, and {open:?} of route version {} are open",
                    row.get::<i64, _>("route_version")
                ));
            }
        }
        Ok(())
    }

    /// Whoever writes into the database by hand moves nothing either.
    async fn force_by_hand(&mut self, matter: &str) -> Result<(), String> {
        for status in ["transferred", "accepted"] {
            let forced = sqlx::query(
                "UPDATE handoffs SET status = $2, verdict = 'complete', gaps = '[]', read_batches = batches \
                 WHERE workspace = 'main' AND route_id = 'short' AND external_id = $1 AND status NOT IN ('transferred', 'accepted')",
            )
            .bind(matter)
            .bind(status)
            .execute(&mut self.beside)
            .await;
            match forced {
                Ok(done) if done.rows_affected() > 0 => return Err(format!("a handoff was {status} by hand")),
                Ok(_) => {}
                Err(_) => self.figures.by_hand += 1,
            }
        }
        Ok(())
    }
}

/// Required fields that nothing and nobody settles.
fn open_fields(brief: &Json, required: &[&str]) -> Vec<String> {
    let is_open = |key: &str| {
        let field = &brief["fields"][key];
        let is_settled = ["found", "not_applicable", "unknown_by_design"].iter().any(|state| field["state"] == *state);
        let is_proved = field["evidence"].as_array().is_some_and(|all| !all.is_empty()) || field["by"].is_string();
        let has_value = field["state"] != "found" || !field["value"].is_null();
        !(is_settled && is_proved && has_value)
    };
    required.iter().filter(|key| is_open(key)).map(|key| (*key).to_owned()).collect()
}

fn sequences() -> usize {
    let is_long = std::env::var("BATON_FAULTS").is_ok_and(|form| form == "long");
    if is_long { 10_000 } else { 1_000 }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_moves_incomplete_whatever_happens() {
    let seed = std::env::var("BATON_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1_u64);
    let bytes: Vec<u8> = (0..4).flat_map(|part| (seed + part).to_le_bytes()).collect();
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let mut run = Run::open().await;
    let (begun, total) = (Instant::now(), sequences());
    for number in 0..total {
        let sequence = events().new_tree(&mut runner).expect("a sequence").current();
        if let Err(problem) = run.play(number, &sequence).await {
            panic!("seed {seed}, sequence {number}: {problem}\n{sequence:?}");
        }
        // A folder of its own for each part, so that later sequences are as quick as the first.
        if number % 500 == 499 {
            let figures = std::mem::take(&mut run.figures);
            verify_log(run).await;
            run = Run { figures, ..Run::open().await };
        }
    }
    let figures = std::mem::take(&mut run.figures);
    verify_log(run).await;
    println!(
        "{}",
        json!({"check": "R-20", "pass": true, "sequences": total, "seed": seed, "moved": figures.moved, "renewed": figures.renewed, "forced": figures.forced,
        "refused_incomplete": figures.refused_incomplete, "answers": figures.answers, "crashes": figures.crashes,
        "refused_by_hand": figures.by_hand, "seconds": begun.elapsed().as_secs()})
    );
    let Figures { moved, renewed, forced, refused_incomplete, answers, crashes, by_hand } = figures;
    assert!(
        [moved, forced, refused_incomplete, answers, crashes, by_hand].iter().all(|count| *count > total / 50),
        "too little happened"
    );
    assert!(renewed > 0, "no pass was had anew");
}

/// The log of all sequences is whole.
async fn verify_log(run: Run) {
    run.app().close().await;
    let store = Store::open_beside(&Options { folder: run.bench.settings.data_dir.clone() }).await.expect("it opens");
    let mut reader = store.reader().await.expect("a reader");
    for workspace in store::list_workspaces(&mut reader).await.expect("workspaces") {
        let read = store::verify(&mut reader, &workspace, None).await.expect("the log is read");
        assert!(read.is_ok(), "{read:?}");
    }
    drop(reader);
    store.close().await;
}
