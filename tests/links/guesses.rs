//! Links that are guessed, forged or altered, below HTTP and over it, and what
//! the time tells of why a link opens nothing.

use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde_json::json;
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::harness::{Service, figure, rounds};
use crate::person::{Person, link};

/// Guesses over the network; without it between it is more, and a million in the long form.
const GUESSES_BY_HTTP: usize = 1_000;
/// Looks at each kind of link that opens nothing.
const LOOKS: usize = 2_000;

/// The service's database, beside the service.
pub async fn database(service: &Service) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(service.settings.data_dir.join("baton.db"));
    options.busy_timeout(std::time::Duration::from_secs(10)).connect().await.expect("the database")
}

async fn begun() -> (Service, String) {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We would like to begin soon.").await.expect(200).id();
    (service, id)
}

/// The token of somebody's link.
async fn token(service: &Service, id: &str, name: &str, purpose: &str) -> (String, String) {
    let (link_id, path) = link(service, id, (name, &format!("{name}@acme.example")), purpose).await;
    (link_id, path.trim_start_matches("/l/").to_owned())
}

/// The token with a signature that looks like one.
fn guess(token: &str, number: u64) -> String {
    let (head, _) = token.rsplit_once('.').expect("a signature");
    let mut mac = [0_u8; 32];
    for (place, part) in mac.chunks_mut(8).enumerate() {
        let seed = (number * 4 + place as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        part.copy_from_slice(&(seed ^ seed >> 31).to_be_bytes());
    }
    format!("{head}.{}", URL_SAFE_NO_PAD.encode(mac))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_guesses_a_link() {
    let (service, id) = begun().await;
    let (_, good) = token(&service, &id, "dana", "answer").await;
    let mut opened = 0;
    let guesses = rounds(20_000, 1_000_000) as u64;
    for number in 0..guesses {
        opened += u32::from(service.app().open_link(&guess(&good, number)).await.expect("a look").is_some());
    }
    let mut guesser = Person::of(&service);
    let mut statuses = std::collections::BTreeMap::new();
    for number in 0..GUESSES_BY_HTTP {
        let path = format!("/l/{}", guess(&good, number as u64 + guesses));
        // Some try the button at once.
        let answer = if number % 3 == 0 { guesser.post(&path, &[]).await } else { guesser.get(&path).await };
        *statuses.entry(answer.status).or_insert(0) += 1;
    }
    let slowed = guesser.get(&format!("/l/{}", guess(&good, 1))).await.expect(429);
    let is_told_when = (1..=60).contains(&slowed.header("retry-after").parse().unwrap_or(0));
    // Who has the right one gets in all the same, from the same address.
    Person::of(&service).enter(&format!("/l/{good}")).await;
    let pass = opened == 0 && statuses == [(404, 20), (429, GUESSES_BY_HTTP - 20)].into() && is_told_when;
    figure(
        "A-43 guesses",
        pass,
        json!({"below_http": guesses, "opened": opened, "by_http": statuses, "retry_after": slowed.header("retry-after")}),
    );
}

#[tokio::test]
async fn what_is_altered_in_the_database_opens_nothing() {
    let (service, id) = begun().await;
    let other = service.hand_over_mail("short", "We would like to begin very soon.").await.expect(200).id();
    let mut database = database(&service).await;
    let mut accepted = Vec::new();
    let changes = [
        ("expires_at", "expires_at + 86400000".to_owned()),
        ("expires_at", "expires_at + 1".to_owned()),
        ("handoff", format!("'{other}'")),
        ("purpose", "'receive'".to_owned()),
        ("email", "'eve@evil.example'".to_owned()),
        ("workspace", "'other'".to_owned()),
    ];
    sqlx::query("PRAGMA foreign_keys = OFF").execute(&mut database).await.expect("a setting");
    for (number, (column, value)) in changes.iter().enumerate() {
        let (link_id, token) = token(&service, &id, &format!("dana{number}"), "answer").await;
        assert!(service.app().open_link(&token).await.expect("a look").is_some());
        let statement = format!("UPDATE links SET {column} = {value} WHERE id = '{link_id}'");
        let done = sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut database).await.expect("a change");
        assert_eq!(done.rows_affected(), 1, "{column}");
        if service.app().open_link(&token).await.expect("a look").is_some() {
            accepted.push(format!("{column} = {value}"));
        }
    }
    // An expired link whose end nobody altered, and one that lives for another handoff.
    let (_, late) = token(&service, &id, "late", "answer").await;
    let (_, elsewhere) = token(&service, &other, "late", "answer").await;
    let (head, tail) = (late.split_once('.').expect("parts").0, elsewhere.split_once('.').expect("parts").1);
    for (what, text) in [
        ("another handoff's signature", format!("{head}.{tail}")),
        ("another key's name", {
            let parts: Vec<&str> = late.split('.').collect();
            format!("{}.{}.{}", parts[0], "0123abcd", parts[2])
        }),
    ] {
        if service.app().open_link(&text).await.expect("a look").is_some() {
            accepted.push(what.to_owned());
        }
    }
    service.clock.advance(SignedDuration::from_hours(14 * 24));
    if service.app().open_link(&late).await.expect("a look").is_some() {
        accepted.push("expired".to_owned());
    }
    figure("A-43 altered", accepted.is_empty(), json!({"tried": changes.len() + 3, "accepted": accepted}));
}

#[tokio::test]
async fn the_time_tells_little_of_why_a_link_opens_nothing() {
    let (service, id) = begun().await;
    let (_, expired) = token(&service, &id, "old", "answer").await;
    service.clock.advance(SignedDuration::from_hours(14 * 24 + 1));
    let (revoked_id, revoked) = token(&service, &id, "gone", "answer").await;
    service.send("DELETE", &format!("/v1/links/{revoked_id}"), None, &[]).await.expect(204);
    let (_, good) = token(&service, &id, "dana", "answer").await;
    let tail = good.split_once('.').expect("parts").1;
    let unknown = format!("lnk_{:032x}.{tail}", 7);
    let kinds = [("unknown", unknown), ("expired", expired), ("forged", guess(&good, 1)), ("revoked", revoked)];
    let mut times: [Vec<u64>; 4] = [const { Vec::new() }; 4];
    for round in 0..LOOKS + 50 {
        // In turn and beginning with another one each time, so that what else the machine does meets all alike.
        for step in 0..4 {
            let place = (round + step) % 4;
            let begun = Instant::now();
            let opened = service.app().open_link(&kinds[place].1).await.expect("a look");
            let took = begun.elapsed();
            assert!(opened.is_none(), "{}", kinds[place].0);
            if round >= 50 {
                times[place].push(took.as_nanos() as u64);
            }
        }
    }
    for times in &mut times {
        times.sort_unstable();
    }
    let at = |times: &[u64], part: usize| times[times.len() * part / 100] as f64 / 1_000.0;
    let medians: Vec<f64> = times.iter().map(|times| at(times, 50)).collect();
    let scatter = times.iter().map(|times| at(times, 75) - at(times, 25)).fold(f64::INFINITY, f64::min);
    let apart = medians
        .iter()
        .fold(0.0_f64, |most, one| medians.iter().fold(most, |most, other| most.max((one - other).abs())));
    // How often one look tells two of them apart: 0.5 is chance, 1 is always.
    let mut told_apart = 0.5_f64;
    for one in 0..4 {
        for other in one + 1..4 {
            told_apart = told_apart.max(share_below(&times[one], &times[other]));
            told_apart = told_apart.max(share_below(&times[other], &times[one]));
        }
    }
    let by_kind: serde_json::Map<_, _> =
        kinds.iter().zip(&medians).map(|((kind, _), median)| ((*kind).to_owned(), json!(median))).collect();
    // A figure, and no limit on it: how even a machine's times are is not for a test to say. What opens is.
    figure(
        "A-43 times",
        true,
        json!({"looks_at_each": LOOKS, "median_us": by_kind, "medians_apart_us": apart, "quarters_apart_us": scatter,
               "one_look_tells_apart": told_apart}),
    );
}

/// Of all pairs of the two sorted lists, the share in which the first one's is smaller; equal ones count half.
fn share_below(one: &[u64], other: &[u64]) -> f64 {
    let (mut below, mut up_to) = (0, 0);
    let mut pairs = 0.0;
    for value in other {
        while one.get(below).is_some_and(|first| first < value) {
            below += 1;
        }
        while one.get(up_to).is_some_and(|first| first <= value) {
            up_to += 1;
        }
        pairs += (below + up_to) as f64 / 2.0;
    }
    pairs / (one.len() as f64 * other.len() as f64)
}
