//! A thousand callers that hold on to connections, each coming back when it is
//! cut off, beside good traffic that must not notice: with the deadlines as
//! they ship and for five minutes in the long form, a few seconds in the short.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::server::{Environment, Server, handoff, prepare};
use crate::{pass_time, report, rounds};

const CALLERS: usize = 1_000;

/// What slow callers of one kind do, and how long they were let.
struct Kind {
    name: &'static str,
    begins: String,
    drips: bool,
    most: Duration,
}

fn kinds(key: &str, (head, body): (u64, u64)) -> [Kind; 4] {
    let part = "GET /v1/handoffs HTTP/1.1\r\nHost: baton.example\r\nX-Slow: ".to_owned();
    let whole = format!(
        "POST /v1/handoffs HTTP/1.1\r\nHost: baton.example\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
    );
    let (head, body) = (Duration::from_secs(head), Duration::from_secs(body));
    [
        Kind { name: "part of a head", begins: part.clone(), drips: false, most: head },
        Kind { name: "dripped head", begins: part, drips: true, most: head },
        Kind { name: "idle", begins: String::new(), drips: false, most: head },
        Kind { name: "dripped body", begins: whole, drips: true, most: body },
    ]
}

/// Holds one connection until the server cuts it off; how long that took.
async fn hold(address: &str, kind: &Kind, drip: Duration) -> Duration {
    let Ok(mut stream) = TcpStream::connect(address).await else { return Duration::ZERO };
    let begun = Instant::now();
    let _ = stream.write_all(kind.begins.as_bytes()).await;
    let mut ticks = tokio::time::interval(drip);
    let mut scratch = [0; 4096];
    loop {
        tokio::select! {
            _ = ticks.tick() => if kind.drips && stream.write_all(b"a").await.is_err() { return begun.elapsed() },
            read = stream.read(&mut scratch) => if matches!(read, Ok(0) | Err(_)) { return begun.elapsed() },
        }
        if begun.elapsed() > kind.most * 3 {
            return begun.elapsed();
        }
    }
}

/// Memory in MiB and open files of a process.
fn weigh(process: u32) -> (f64, usize) {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes: f64 = resident.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or_default();
    (kibibytes / 1024.0, std::fs::read_dir(format!("/proc/{process}/fd")).map_or(0, Iterator::count))
}

/// Fifty good requests a second for some time; how long each took, and what went wrong.
async fn good_traffic(server: &Arc<Server>, key: &str, lasts: Duration) -> (Vec<Duration>, Vec<String>, f64) {
    let (mut requests, mut ticks) = (JoinSet::new(), tokio::time::interval(Duration::from_millis(20)));
    let (begun, mut number, mut heaviest) = (Instant::now(), 0, 0.0_f64);
    while begun.elapsed() < lasts {
        ticks.tick().await;
        number += 1;
        if number % 50 == 0 {
            heaviest = heaviest.max(weigh(server.id()).0);
        }
        let (server, key) = (server.clone(), key.to_owned());
        requests.spawn(async move {
            let begun = Instant::now();
            let answer = if number % 5 == 0 {
                server.send(&key, ("POST", "/v1/handoffs"), Some(&handoff(&format!("good-{number}"))), &[]).await
            } else {
                server.send(&key, ("GET", "/v1/handoffs?limit=5"), None, &[]).await
            };
            let is_good = answer.as_ref().is_ok_and(|answer| matches!(answer.status, 200 | 202));
            (begun.elapsed(), (!is_good).then(|| format!("a good request: {answer:?}")))
        });
    }
    let (mut times, mut findings) = (Vec::new(), Vec::new());
    for (time, finding) in requests.join_all().await {
        times.push(time);
        findings.extend(finding);
    }
    times.sort();
    (times, findings, heaviest)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_callers_that_come_back_slow_nobody_down() {
    let (folder, key) = prepare("slow").await;
    let is_long = rounds(0, 1) == 1;
    // The long form keeps the deadlines that ship.
    let (deadlines, drip, lasts) = match is_long {
        true => ((15, 60), Duration::from_secs(10), Duration::from_secs(300)),
        false => ((1, 2), Duration::from_millis(400), Duration::from_secs(6)),
    };
    let mut environment = Environment::new();
    if !is_long {
        environment.push(("BATON_SERVICE__HEADER_SECONDS".to_owned(), deadlines.0.to_string()));
        environment.push(("BATON_SERVICE__BODY_SECONDS".to_owned(), deadlines.1.to_string()));
    }
    let server = Arc::new(Server::start(&folder, &environment).expect("it starts"));
    let address = server.url.trim_start_matches("http://").to_owned();
    let (_, mut findings, _) = good_traffic(&server, &key, lasts / 10).await;
    let (memory, files) = weigh(server.id());
    let ends = Arc::new(AtomicBool::new(false));
    let kinds = Arc::new(kinds(&key, deadlines));
    let mut callers = JoinSet::new();
    for number in 0..CALLERS {
        let (ends, address, kinds) = (ends.clone(), address.clone(), kinds.clone());
        callers.spawn(async move {
            let (place, mut held) = (number % kinds.len(), Vec::new());
            // One after the other: a line that the machine's queue of new ones has no room for is open for its caller
            // alone, seconds before the server can see it.
            pass_time(Duration::from_millis(number as u64)).await;
            while !ends.load(Ordering::Relaxed) {
                held.push(hold(&address, &kinds[place], drip).await);
            }
            (place, held)
        });
    }
    let (times, found, heaviest) = good_traffic(&server, &key, lasts).await;
    findings.extend(found);
    ends.store(true, Ordering::Relaxed);
    let mut longest = [Duration::ZERO; 4];
    let mut cut = 0;
    for (place, held) in callers.join_all().await {
        cut += held.len();
        longest[place] = held.into_iter().fold(longest[place], Duration::max);
    }
    for (kind, longest) in kinds.iter().zip(longest) {
        // What a busy machine needs for a thousand at once.
        if longest > kind.most + Duration::from_secs(2) || longest < kind.most / 2 {
            findings.push(format!("{}: held for {longest:?}, and {:?} is the deadline", kind.name, kind.most));
        }
    }
    pass_time(Duration::from_secs(2)).await;
    let (grown, files_after) = (heaviest - memory, weigh(server.id()).1);
    let p99 = times[times.len() * 99 / 100];
    // How fast good callers are answered is a measure of a quiet machine; that every one is answered holds on any.
    if is_long && p99 > Duration::from_millis(500) {
        findings.push(format!("good callers waited {p99:?}"));
    }
    if grown > 64.0 || files_after > files + 5 {
        findings.push(format!("{grown:.1} MiB more, {files} files before and {files_after} after"));
    }
    let seconds = longest.map(|time| (time.as_secs_f64() * 10.0).round() / 10.0);
    let figures = json!({"seconds": lasts.as_secs(), "slow": CALLERS, "cut": cut, "held_at_most_s": seconds,
        "good": times.len(), "good_p99_ms": p99.as_millis() as u64, "grown_mib": (grown * 10.0).round() / 10.0,
        "files_before": files, "files_after": files_after});
    report("R-08", figures, &findings);
}
