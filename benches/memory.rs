//! What search costs when much lies there: passages put into the embedded
//! index as the service puts them, up to a million in one workspace, with how
//! long that takes, how long a narrowed question takes, how much memory and how
//! much disk. Prints figures and asserts nothing. It runs only when sizes are
//! given: `cargo bench --bench memory -- 100000 300000 1000000`.

use std::path::Path;
use std::time::Instant;

use baton::brief::RouteVersion;
use baton::handoff::{HandoffId, Matter};
use baton::passages::{Passage, PassageKind, Words};
use baton::retrieval::{Index, Wanted};
use baton::store::{self, Fault, NewHandoff, Options, PassageFilter, Store, Workspace};
use jiff::Timestamp;

/// Passages of one handoff.
const OF_ONE: usize = 50;
/// Routes that handoffs are spread over.
const ROUTES: usize = 10;
/// Questions at each size.
const QUESTIONS: usize = 400;
/// What is asked: common words, rare ones, beginnings, numbers, several at once, and what nothing holds.
const ASKED: [&str; 8] =
    ["renewal", "pallet scanner", "ticket1234", "onboar", "go live depot", "86400", "zeppelin", "invoice Köln 17"];
const WORDS: [&str; 24] = [
    "onboarding",
    "depot",
    "Köln",
    "renewal",
    "invoice",
    "scanner",
    "pallet",
    "gangway",
    "contract",
    "security",
    "go",
    "live",
    "date",
    "the",
    "we",
    "customer",
    "team",
    "agreed",
    "that",
    "and",
    "for",
    "price",
    "86,400",
    "northwind",
];

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        println!("name sizes: cargo bench --bench memory -- 100000 300000 1000000");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(sizes)).expect("it runs");
}

async fn measure(mut sizes: Vec<usize>) -> Result<(), Fault> {
    sizes.sort_unstable();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("memory-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let store = Store::open(&Options { folder: folder.clone() }).await?;
    let now = Timestamp::now();
    let write = store.writer().write(move |tx| {
        Box::pin(async move {
            let workspace = store::open_workspace(tx, "main", now).await?;
            for number in 0..ROUTES {
                store::publish(tx, &workspace, (&format!("route{number}"), 1, "{}"), now).await?;
            }
            Ok::<_, Fault>(workspace)
        })
    });
    let workspace = write.await?;
    println!("passages   put in s  a second  p50 ms  p99 ms  narrowed p50  p99  memory MiB  disk MiB");
    let (mut random, mut there, mut took) = (fastrand::Rng::with_seed(9), 0, 0.0);
    for size in sizes {
        let began = Instant::now();
        while there < size {
            put(&store, &workspace, there / OF_ONE, &mut random).await?;
            there += OF_ONE;
        }
        took += began.elapsed().as_secs_f64();
        store.fold().await?;
        let whole = ask(&store, &workspace, PassageFilter::default()).await?;
        let filter = PassageFilter { route: Some("route3".to_owned()), ..PassageFilter::default() };
        let narrowed = ask(&store, &workspace, filter).await?;
        let disk = std::fs::metadata(folder.join(store::FILE)).map_or(0, |file| file.len()) >> 20;
        println!(
            "{there:>8} {took:>10.1} {:>9.0} {:>7.1} {:>7.1} {:>13.1} {:>4.1} {:>11} {disk:>9}",
            there as f64 / took,
            whole.0,
            whole.1,
            narrowed.0,
            narrowed.1,
            memory_mib()
        );
    }
    store.close().await;
    let _ = std::fs::remove_dir_all(&folder);
    Ok(())
}

/// One handoff with its passages, in one change, as the librarian does it.
async fn put(store: &Store, workspace: &Workspace, number: usize, random: &mut fastrand::Rng) -> Result<(), Fault> {
    let passages: Vec<Passage> = (0..OF_ONE).map(|part| passage(number, part, random)).collect();
    let id = HandoffId(format!("hnd_{number:032x}"));
    let route = RouteVersion { id: format!("route{}", number % ROUTES), version: 1 };
    let new = NewHandoff { id: id.clone(), external_id: None, route, matter: Matter::default() };
    let (workspace, now) = (workspace.clone(), Timestamp::now());
    let write = store.writer().write(move |tx| {
        Box::pin(async move {
            store::insert(tx, &workspace, new, now).await?;
            store::add_passages(tx, (&workspace, &id), &passages).await
        })
    });
    write.await
}

/// About as long as a message: most words are common, some stand nowhere else.
fn passage(number: usize, part: usize, random: &mut fastrand::Rng) -> Passage {
    let mut body = String::new();
    for _ in 0..random.usize(20..120) {
        body.push_str(WORDS[random.usize(..WORDS.len())]);
        body.push(' ');
    }
    body.push_str(&format!("ticket{} note{}", random.usize(..50_000), random.usize(..5_000_000)));
    Passage {
        kind: PassageKind::Source,
        spot: format!("m{part}"),
        part: 0,
        source: Some("mail.eml".to_owned()),
        author: None,
        at: None,
        head: format!("Customer {number}"),
        body,
    }
}

/// The middle and the slow end of the questions, in milliseconds.
async fn ask(store: &Store, workspace: &Workspace, filter: PassageFilter) -> Result<(f64, f64), Fault> {
    let index = Index::embedded(store.clone());
    let mut times = Vec::new();
    for number in 0..QUESTIONS {
        let words = Words::of(ASKED[number % ASKED.len()]);
        let mut wanted = Wanted::within(workspace, &words, 25);
        wanted.filter = filter.clone();
        let began = Instant::now();
        index.find(&wanted).await?;
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok((times[times.len() / 2], times[times.len() * 99 / 100]))
}

/// What the process has in memory now.
fn memory_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or_default() >> 10
}
