//! Every fault twenty times, lasting and passing: each call ends with a reply
//! or with the right reason, within its calls, and never before its time.

use std::time::{Duration, SystemTime};

use baton::config::ModelSettings;
use baton::llm::{Endpoint, Failure, Reply};
use tokio::task::JoinSet;

use super::fake::{CANARY, Fake, logged, say};
use super::faults::{FAULTS, Fault, Place, RETRY_AFTER};
use super::{allowance, call, name};

const RUNS: usize = 20;
const REPLY: &str = "{\"records\": [\"canary\"]}";

/// One call to an endpoint of its own, so that no run helps or hinders another.
struct Run {
    user: String,
    outcome: Result<Reply, Failure>,
    used: u32,
}

async fn run_all(settings: ModelSettings) -> Vec<Run> {
    let mut runs = JoinSet::new();
    for number in 0..RUNS {
        let settings = settings.clone();
        runs.spawn(async move {
            let user = format!("canary: handoff {number}");
            let allowance = allowance(settings.retries);
            let outcome = Endpoint::new(&settings).expect("an endpoint").ask(&call(&user), &allowance).await;
            Run { user, outcome, used: allowance.used() }
        });
    }
    runs.join_all().await
}

/// Plays a fault for the first `times` answers to each call.
async fn play(fault: Fault, times: usize) -> (Fake, Vec<Run>) {
    let fake = Fake::start(move |seen, nth| if nth < times { (fault.respond)(seen) } else { say(seen, REPLY) }).await;
    let settings = fault.settings(&fake).await;
    let runs = run_all(settings).await;
    (fake, runs)
}

fn check(fault: Fault, expected: &str, fake: &Fake, runs: &[Run]) {
    let title = fault.name;
    assert_eq!(runs.len(), RUNS, "{title}: lost runs");
    for run in runs {
        assert_eq!(name(&run.outcome), expected, "{title}: {:?}", run.outcome);
        if let Ok(reply) = &run.outcome {
            assert!(reply.text == REPLY || reply.text == "{}", "{title}: {reply:?}");
        }
        let sent = fake.seen_of(&run.user);
        assert!((1..=6).contains(&run.used), "{title}: {} calls", run.used);
        if fault.place == Place::Here {
            assert_eq!(sent.len() as u32, run.used, "{title}: counted otherwise than sent");
        }
        for pair in sent.windows(2).filter(|_| title == "429 with seconds") {
            assert!(pair[1].at - pair[0].at >= RETRY_AFTER, "{title}: {:?}", pair[1].at - pair[0].at);
        }
        for pair in sent.windows(2).filter(|_| title == "429 with a date") {
            // Asked to wait until the whole second that lies one to two seconds ahead.
            let asked = whole_second(pair[0].at_wall) + Duration::from_secs(2);
            assert!(pair[1].at_wall >= asked, "{title}: {:?} before its time", asked.duration_since(pair[1].at_wall));
        }
    }
}

fn whole_second(time: SystemTime) -> SystemTime {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).expect("a time after 1970");
    SystemTime::UNIX_EPOCH + Duration::from_secs(since.as_secs())
}

async fn check_all(times: usize, expected: fn(&Fault) -> &'static str) {
    // Those that wait for short deadlines come after the others, so that a small machine can keep them.
    for is_slow in [false, true] {
        let mut running = JoinSet::new();
        for fault in FAULTS.into_iter().filter(|fault| fault.is_slow == is_slow) {
            running.spawn(async move {
                let (fake, runs) = play(fault, times).await;
                check(fault, expected(&fault), &fake, &runs);
            });
        }
        running.join_all().await;
    }
    assert!(!logged().contains(CANARY), "a canary in the log");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_that_last_end_with_their_reason() {
    check_all(usize::MAX, |fault| fault.lasting).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_that_pass_end_with_a_reply_where_asking_again_helps() {
    check_all(1, |fault| fault.passing).await;
}
