//! Answers of the wrong content: a whole handoff survives each, keeps what the
//! rules read, says what was not read, and asks for a repair at most twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use baton::brief::{Brief, EngineKind, FieldState, Verdict};
use baton::config::{AnswerForm, ModelSettings};
use baton::llm::{Call, Failure};
use baton::pipeline::{self, Outcome, Request};

use crate::handoff::{Asked, Carrier, as_of, moved, read, reply, route, settings};
use crate::{generator, talk};

const RECORD: &str = r#"{"key": "user_count", "evidence": [{"msg": "m3", "quote": "We need 120 users on the first day."}], "raw_value": "120 users", "value": "120", "status": "found", "note": ""}"#;

/// Whether the answer counts as read at last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    Yes,
    No,
}

/// The answers: name, text, and whether it holds an answer at all.
fn contents() -> Vec<(&'static str, String, Read)> {
    let records = |inner: &str| format!("{{\"records\": [{inner}], \"instructions_seen\": []}}");
    let wrong = |field: &str, value: &str| RECORD.replace(field, value);
    vec![
        ("prose around JSON", format!("Sure! Here it is:\n\n{}\n\nAnything else?", records(RECORD)), Read::Yes),
        ("code fence", format!("```json\n{}\n```", records(RECORD)), Read::Yes),
        ("thoughts first", format!("<think>Is {{120}} right? [yes]</think>\n{}", records(RECORD)), Read::Yes),
        ("byte order mark", format!("\u{feff}{}", records(RECORD)), Read::Yes),
        ("trailing commas", format!("{{\"records\": [{RECORD},], \"instructions_seen\": [],}}"), Read::Yes),
        ("number for a value", records(&wrong("\"120\"", "120")), Read::Yes),
        ("list for a value", records(&wrong("\"120\"", "[120, {\"a\": 1}]")), Read::Yes),
        (
            "text for evidence",
            records(r#"{"key": "user_count", "evidence": "We need 120 users on the first day.", "value": "120"}"#),
            Read::Yes,
        ),
        ("text for records", "{\"records\": \"none\"}".to_owned(), Read::No),
        ("numbers for records", records("1, 2, 3"), Read::No),
        ("extra keys", records(&wrong("\"note\"", "\"mood\": {\"a\": [1, null]}, \"note\"")), Read::Yes),
        ("unknown fields", records(&wrong("user_count", "weather")), Read::No),
        ("duplicate keys", format!("{{\"records\": [], \"records\": [{RECORD}], \"records\": [{RECORD}]}}"), Read::Yes),
        ("NaN", records(&wrong("\"120\"", "NaN")), Read::No),
        ("huge number", records(&wrong("\"120\"", "1e999")), Read::No),
        ("long string", records(&wrong("\"120\"", &format!("\"{}\"", "x".repeat(5 << 20)))), Read::No),
        (
            "long strings for fields",
            format!("{{\"fields\": {{\"goals\": \"{}\"}}}}", "goal ".repeat(1 << 20)),
            Read::No,
        ),
        ("many records", records(&vec![RECORD; 3_000].join(",")), Read::No),
        ("deep list", "[".repeat(1_000) + &"]".repeat(1_000), Read::No),
        ("deep value", records(&wrong("\"120\"", &("{\"a\":".repeat(1_000) + "1" + &"}".repeat(1_000)))), Read::No),
        ("wrong language", "Ich habe nichts gefunden, tut mir leid.".to_owned(), Read::No),
        ("translated keys", "{\"datensätze\": [], \"anweisungen\": []}".to_owned(), Read::No),
        ("refusal in words", "I'm sorry, I can't help with that.".to_owned(), Read::No),
        ("empty", String::new(), Read::No),
        ("white space", " \n\t\u{a0}\u{3000}\n".repeat(400), Read::No),
        ("null", "null".to_owned(), Read::No),
        ("empty object", "{}".to_owned(), Read::No),
        ("invalid escapes", records(&wrong("120 users\"", "120 \\x users\\q\"")), Read::No),
        ("lone surrogates", records(&wrong("120 users\"", "\\ud800 users\"")), Read::No),
        ("control characters", records(&wrong("120 users\"", "120 \u{0} \u{7} users\"")), Read::No),
        ("cut in the middle", records(RECORD)[..120].to_owned(), Read::No),
        ("half an answer twice", records(RECORD)[..120].repeat(2), Read::No),
        ("the schema", r#"{"type": "object", "properties": {"records": {"type": "array"}}}"#.to_owned(), Read::No),
        ("another handoff", records(&RECORD.replace("120", "77").replace("m3", "m412")), Read::Yes),
        (
            "another handoff's date",
            records(
                r#"{"key": "go_live_date", "evidence": [{"msg": "m2", "quote": "Fabrikam goes live on 3 October 2026."}], "raw_value": "3 October 2026", "value": "2026-10-03", "status": "found", "note": ""}"#,
            ),
            Read::Yes,
        ),
    ]
}

fn rules_alone(carrier: Carrier) -> Brief {
    let conversation = talk::read(carrier.inputs(&[]));
    pipeline::run(Request { route: &route(), conversation, known: &[], as_of: as_of() }).brief
}

fn is_repair(call: &Call) -> bool {
    call.system.starts_with("You repair JSON")
}

/// What is wrong with the brief that an answer led to.
fn check(name: &str, outcome: &Outcome, expected: Read, clean: &Brief) -> Option<String> {
    let brief = &outcome.brief;
    let moved = moved(clean, brief);
    let degraded = brief.engine.degraded && brief.engine.kind == EngineKind::Extractive;
    let told = brief.warnings.iter().any(|warning| warning.message.contains("model") && !warning.place.is_empty());
    let ok = match expected {
        Read::Yes => brief.coverage >= 1.0 && !brief.engine.degraded && brief.verdict == Verdict::Incomplete,
        Read::No => brief.coverage <= 0.0 && degraded && told && brief.verdict == Verdict::IncompleteRun,
    };
    // Without a model the rules' values stand as ever.
    let kept = !degraded
        || clean.fields.0.iter().all(|(key, field)| {
            brief.fields.find(key).is_some_and(|now| (now.state, &now.value) == (field.state, &field.value))
        });
    (!ok || !moved.is_empty() || !kept).then(|| {
        format!(
            "{name}: coverage {}, {:?}, {:?}, told {told}, kept {kept}, moved {moved:?}",
            brief.coverage, brief.engine, brief.verdict
        )
    })
}

#[test]
fn wrong_contents_spoil_no_handoff() {
    let mut failures = Vec::new();
    for form in AnswerForm::ALL {
        for (name, text, expected) in contents() {
            for carrier in [Carrier::Mail, Carrier::Call] {
                let repairs = Arc::new(AtomicUsize::new(0));
                let (counted, answer) = (Arc::clone(&repairs), text.clone());
                let asked = Asked::new(&settings(form), move |call| {
                    counted.fetch_add(usize::from(is_repair(call)), Ordering::Relaxed);
                    reply(answer.clone())
                });
                let outcome = read(&route(), talk::read(carrier.inputs(&[])), &asked.reader);
                failures.extend(check(
                    &format!("{form} {name} {carrier:?}"),
                    &outcome,
                    expected,
                    &rules_alone(carrier),
                ));
                let repairs = repairs.load(Ordering::Relaxed);
                if repairs > 2 || asked.calls() > 6 {
                    failures.push(format!("{name}: {repairs} repairs in {} calls", asked.calls()));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_repair_that_works_counts_and_shows_the_answer_alone() {
    let asked = Asked::new(&settings(AnswerForm::Records), |call| {
        if is_repair(call) {
            assert!(!call.user.contains("<source"), "the sources are not sent again");
            return reply(format!("{{\"records\": [{RECORD}]}}"));
        }
        reply("{\"records\": [{\"key\": \"user_count\"")
    });
    let brief = read(&route(), talk::read(Carrier::Mail.inputs(&[])), &asked.reader).brief;
    assert_eq!((brief.coverage, brief.engine.degraded), (1.0, false));
    assert_eq!(brief.fields.find("user_count").map(|field| field.state), Some(FieldState::Found));
    // Each of at most two second looks may need its repair too; the handoff has two in all.
    assert!(asked.calls() <= 5, "{} calls", asked.calls());
}

/// Windows that all answer nonsense: two repairs for all of them together.
#[test]
fn repairs_are_counted_for_the_whole_handoff() {
    let small = ModelSettings { window_tokens: 1_500, ..settings(AnswerForm::Records) };
    for text in ["no JSON at all", "{\"records\": [{\"key\": \"goals\", \"value\":", ""] {
        let repairs = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&repairs);
        let asked = Asked::new(&small, move |call| {
            counted.fetch_add(usize::from(is_repair(call)), Ordering::Relaxed);
            reply(text)
        });
        let brief = read(&route(), talk::read(generator::handoff(10_000)), &asked.reader).brief;
        assert!(
            asked.calls() > 6 && repairs.load(Ordering::Relaxed) <= 2,
            "{} repairs",
            repairs.load(Ordering::Relaxed)
        );
        assert!(brief.engine.degraded && brief.verdict == Verdict::IncompleteRun && brief.coverage <= 0.0);
    }
}

#[test]
fn every_failure_of_a_call_gives_the_rules_brief_and_says_so() {
    let failures = [
        Failure::Unreachable("no route".to_owned()),
        Failure::TimedOut("first byte".to_owned()),
        Failure::RateLimited { wait: None },
        Failure::OutOfQuota,
        Failure::NotAllowed(401),
        Failure::NotFound,
        Failure::TooLarge,
        Failure::Rejected(422),
        Failure::Broken(500),
        Failure::Garbled("no chat answer".to_owned()),
        Failure::Refused,
        Failure::Filtered,
        Failure::CutOff,
        Failure::Runaway,
        Failure::Empty,
        Failure::SpentAllowance,
        Failure::NotRecorded("0".repeat(64)),
    ];
    for failure in failures {
        let told = failure.to_string();
        let asked = Asked::new(&settings(AnswerForm::Records), move |_| Err(failure.clone()));
        let outcome = read(&route(), talk::read(Carrier::Chat.inputs(&[])), &asked.reader);
        let wrong = check(&told, &outcome, Read::No, &rules_alone(Carrier::Chat));
        assert_eq!(wrong, None);
        assert!(outcome.brief.warnings.iter().any(|warning| warning.message.contains(&told)), "{told}");
        assert!(asked.calls() <= 2, "{told}: {} calls", asked.calls());
    }
}
