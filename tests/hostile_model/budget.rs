//! What reading costs and how it is shared out: both passes stay inside their
//! budget, every message stands in a call, and a part that fails is told.

use std::path::Path;
use std::sync::{Arc, Mutex};

use baton::brief::{Brief, EngineKind, GapKind, Verdict};
use baton::config::{AnswerForm, ModelSettings};
use baton::conversation::Conversation;
use baton::eval::load;
use baton::llm::budget::Counter;
use baton::llm::{Call, Failure};
use baton::pipeline::Outcome;
use baton::route::{self, Route};

use crate::handoff::{Asked, read, reply, settings};
use crate::{generator, talk};

const SILENT: &str = r#"{"records": [], "instructions_seen": []}"#;

/// What a silent model was sent in the course of one handoff.
struct Sent {
    outcome: Outcome,
    calls: Vec<Call>,
}

fn is_second_look(call: &Call) -> bool {
    call.system.starts_with("You check single fields")
}

fn send(route: &Route, conversation: Conversation, settings: &ModelSettings) -> Sent {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&calls);
    let asked = Asked::new(settings, move |call| {
        kept.lock().expect("calls").push(call.clone());
        reply(SILENT)
    });
    let outcome = read(route, conversation, &asked.reader);
    let calls = calls.lock().expect("calls").clone();
    Sent { outcome, calls }
}

/// Tokens of the context, of the fixed part, of the first and of both passes.
fn check_budget(name: &str, sent: &Sent, failures: &mut Vec<String>) {
    let counter = Counter::new("");
    let count = |text: &str| counter.count(text) as f64;
    let context: f64 = sent
        .outcome
        .conversation
        .messages
        .iter()
        .map(|message| {
            let author = [message.author.name.as_deref(), message.author.address.as_deref()];
            let who: f64 = author.into_iter().flatten().map(count).sum();
            who + message.at.map_or(0.0, |at| count(&at.to_string())) + count(&message.text)
        })
        .sum();
    let cost = |call: &Call| count(&call.system) + count(&call.user);
    let (second, first): (Vec<&Call>, Vec<&Call>) = sent.calls.iter().partition(|call| is_second_look(call));
    let fixed = first.first().map_or(0.0, |call| count(&call.system));
    let (one, two) =
        (first.iter().map(|call| cost(call)).sum::<f64>(), second.iter().map(|call| cost(call)).sum::<f64>());
    let usage = &sent.outcome.brief.usage;
    println!(
        "{name}: context {context}, fixed {fixed}, windows {}, first {:.2} x, both {:.2} x, {} second looks; told {:?} of {:?}",
        first.len(),
        (one - fixed) / context,
        (one + two - fixed) / context,
        second.len(),
        usage.input_tokens,
        usage.context_tokens
    );
    if context >= 1_000.0 {
        let limits = [("first pass", one, 1.15), ("both passes", one + two, 1.4)];
        for (pass, cost, limit) in limits {
            if cost > limit * context + fixed {
                failures.push(format!("{name}: {pass} costs {:.3} x the context", (cost - fixed) / context));
            }
        }
    }
    if usage.calls != Some(sent.calls.len() as u64) || second.len() > 2 {
        failures.push(format!(
            "{name}: {:?} calls told, {} made, {} second looks",
            usage.calls,
            sent.calls.len(),
            second.len()
        ));
    }
    check_all_sent(name, sent, &first, failures);
}

/// Every message stands in a call of the first pass, with all its words that were not said before.
fn check_all_sent(name: &str, sent: &Sent, first: &[&Call], failures: &mut Vec<String>) {
    let ids: std::collections::HashSet<&str> =
        first.iter().flat_map(|call| call.user.lines()).filter_map(|line| line.split(' ').next()).collect();
    for message in &sent.outcome.conversation.messages {
        if !ids.contains(message.id.to_string().as_str()) {
            failures.push(format!("{name}: {} was sent in no call", message.id));
        }
        let bodies = message.segments.iter().filter(|segment| segment.same_as.is_none());
        for line in bodies.flat_map(|segment| message.text[segment.start..segment.end].lines()) {
            let words = line.trim().trim_start_matches(['>', ' ']);
            if words.len() > 30 && !words.contains("<source") && !first.iter().any(|call| call.user.contains(words)) {
                failures.push(format!("{name}: words of {} were sent in no call: {words:.60}", message.id));
            }
        }
    }
}

#[test]
fn samples_stay_inside_the_budget() {
    let (cases, _) = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("evals/cases"));
    assert!(cases.len() >= 16, "only {} cases", cases.len());
    let mut failures = Vec::new();
    for case in &cases {
        let sent = send(&case.route, case.conversation(), &settings(AnswerForm::Records));
        check_budget(&case.id, &sent, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn shipped() -> Route {
    let (name, yaml) = route::shipped().iter().find(|(name, _)| name.contains("onboarding")).expect("a route");
    route::load(name, yaml).expect("a shipped route")
}

#[test]
fn long_handoffs_stay_inside_the_budget() {
    let mut failures = Vec::new();
    for tokens in [10_000, 60_000, 200_000] {
        let sent = send(&shipped(), talk::read(generator::handoff(tokens)), &settings(AnswerForm::Records));
        check_budget(&format!("generated {tokens}"), &sent, &mut failures);
        assert_eq!(sent.outcome.brief.coverage, 1.0);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn windows_of(name: &str, broken: impl Fn(usize) -> bool + Send + Sync + 'static) -> Brief {
    let settings = ModelSettings { window_tokens: 2_500, ..settings(AnswerForm::Records) };
    let asked = Asked::new(&settings, move |call| {
        let part = call.user.split("This is part ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok());
        if part.is_some_and(&broken) { Err(Failure::Broken(503)) } else { reply(SILENT) }
    });
    let brief = read(&shipped(), talk::read(generator::handoff(10_000)), &asked.reader).brief;
    println!("{name}: coverage {:.3}, {:?}, {:?}", brief.coverage, brief.verdict, brief.engine.kind);
    brief
}

#[test]
fn a_window_that_fails_is_told_with_its_messages() {
    let brief = windows_of("second window fails", |part| part == 2);
    assert!(brief.coverage < 1.0 && brief.coverage > 0.5, "{}", brief.coverage);
    assert_eq!((brief.verdict, brief.engine.kind), (Verdict::IncompleteRun, EngineKind::Llm));
    assert!(!brief.engine.degraded);
    let told: Vec<_> = brief.warnings.iter().filter(|warning| warning.message.contains("model")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].place.starts_with('m') && told[0].place.contains(" to m"), "{told:?}");
    assert!(told[0].message.contains("status 503"), "{told:?}");
}

#[test]
fn no_window_at_all_leaves_the_rules_alone() {
    let brief = windows_of("every window fails", |_| true);
    assert!(brief.coverage <= 0.0);
    assert_eq!(
        (brief.verdict, brief.engine.kind, brief.engine.degraded),
        (Verdict::IncompleteRun, EngineKind::Extractive, true)
    );
    let told = brief.warnings.iter().filter(|warning| warning.message.contains("model")).count();
    assert!(told > 1, "one for each window, not {told}");
}

#[test]
fn a_second_look_asks_for_what_is_wanting_and_shows_no_first_answer() {
    const SECRET: &str = "a first answer that nobody sees again";
    let mut looks = 0;
    let (cases, _) = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("evals/cases"));
    for case in &cases {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&calls);
        let asked = Asked::new(&settings(AnswerForm::Records), move |call| {
            kept.lock().expect("calls").push(call.clone());
            let key =
                call.schema.pointer("/properties/records/items/properties/key/enum/0").and_then(|key| key.as_str());
            let record = serde_json::json!({"key": key, "evidence": [], "raw_value": SECRET, "value": SECRET, "status": "found", "note": SECRET});
            reply(serde_json::json!({"records": [record], "instructions_seen": []}).to_string())
        });
        let brief = read(&case.route, case.conversation(), &asked.reader).brief;
        for call in calls.lock().expect("calls").iter().filter(|call| is_second_look(call)) {
            looks += 1;
            assert!(!call.system.contains(SECRET) && !call.user.contains(SECRET), "{}", case.id);
            let keys = call.user.rsplit("Answer for: ").next().expect("keys").trim();
            for key in keys.split(", ") {
                assert!(call.system.contains(&format!("- {key} (")), "{}: {key} is not described", case.id);
                let open = brief
                    .gaps
                    .iter()
                    .any(|gap| gap.field.as_deref() == Some(key) && gap.blocking && gap.kind != GapKind::Conflicting);
                assert!(open, "{}: {key} was asked for and is not wanting", case.id);
            }
            let described = call.system.lines().filter(|line| line.starts_with("- ")).count();
            assert_eq!(described, keys.split(", ").count(), "{}", case.id);
        }
    }
    assert!(looks > 5, "only {looks} second looks");
}
