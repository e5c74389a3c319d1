//! Replies are kept before they are used: a reading that is repeated asks for
//! nothing twice, one that stopped asks only for the rest, and context that
//! comes later is asked about alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use baton::brief::{Brief, FieldState};
use baton::config::{AnswerForm, ModelSettings};
use baton::conversation::Conversation;
use baton::intake::{self, Input, Options};
use baton::llm::{Call, Failure, Journal, Kept, Model, NotKept, ReadError, Reader, Reply, Step, Tokens};
use baton::pipeline::{self, Means, Request, Rules};
use baton::route::{self, Route};
use futures_util::future::BoxFuture;
use serde_json::json;

const ROUTE: &str = "
id: sales-to-onboarding
version: 1
fields:
  - {key: go_live_date, type: date, required: true, question: By which day must the customer be live?, cues: [go live]}
  - {key: seats, type: number, required: true, question: How many seats?, cues: [seats]}
  - {key: data_region, type: text, required: true, question: Where must the data stay?, cues: [data must stay, hosting region]}
";

fn route() -> Route {
    route::load("route.yaml", ROUTE).expect("a route")
}

fn mail(id: &str, day: u32, body: &str) -> Input {
    let text = format!(
        "Message-ID: <{id}@mail.example>\r\nFrom: Dana Whitfield <dana@northwind.example>\r\nTo: marcus@acme.example\r\n\
         Date: {day:02} Mar 2026 09:00:00 +0000\r\nSubject: Plan {id}\r\n\r\n{body}\r\n"
    );
    Input { name: format!("{id}.eml"), bytes: text.into_bytes(), kind: None, format: None }
}

fn first_batch() -> Vec<Input> {
    vec![
        mail("a", 3, "We go live on July 15, 2026. Please tell everyone."),
        mail("b", 4, "About the hosting region, our data must stay where the lawyers want it. More on that soon."),
    ]
}

fn second_batch() -> Vec<Input> {
    vec![mail("c", 2, "One more thing: we need 40 seats from the first day.")]
}

fn read(batches: Vec<Vec<Input>>) -> Conversation {
    intake::read_batches(batches, &Options::of(&["acme.example".to_owned()]))
}

/// A model made by code that says what stands in the request, and remembers the requests.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<String>>>);

impl Asked {
    fn users(&self) -> Vec<String> {
        self.0.lock().expect("the requests").clone()
    }

    fn reader(&self, window_tokens: usize, answer: fn(&Call) -> Result<Reply, Failure>) -> Reader {
        let asked = self.clone();
        let model = Model::Generated(Arc::new(move |call: &Call| {
            asked.0.lock().expect("the requests").push(call.user.clone());
            answer(call)
        }));
        let settings = ModelSettings {
            name: Some("made".to_owned()),
            answer_form: Some(AnswerForm::Records),
            window_tokens,
            ..ModelSettings::default()
        };
        Reader::new(model, &settings).expect("prompts")
    }
}

fn honest(call: &Call) -> Result<Reply, Failure> {
    let facts = [
        ("go_live_date", "m1", "We go live on July 15, 2026.", "July 15, 2026"),
        ("seats", "m3", "we need 40 seats from the first day", "40"),
    ];
    let said = facts.iter().filter(|(_, _, quote, _)| call.user.contains(quote));
    let records: Vec<_> = said
        .map(|(key, msg, quote, value)| {
            json!({"key": key, "evidence": [{"msg": msg, "quote": quote}], "raw_value": value, "value": value, "status": "found", "note": ""})
        })
        .collect();
    let text = json!({"records": records, "instructions_seen": []}).to_string();
    Ok(Reply { text, tokens: Tokens { input: 100, cached: 10, output: 20 } })
}

/// Keeps replies in memory, as many as it may, and remembers the steps.
struct Memory {
    kept: Mutex<BTreeMap<String, Kept>>,
    room: usize,
    steps: Mutex<Vec<Step>>,
}

impl Memory {
    fn with_room(room: usize) -> Self {
        Memory { kept: Mutex::default(), room, steps: Mutex::default() }
    }

    fn hashes(&self) -> BTreeSet<String> {
        self.kept.lock().expect("kept replies").keys().cloned().collect()
    }

    fn steps(&self) -> Vec<Step> {
        self.steps.lock().expect("steps").clone()
    }
}

impl Journal for Memory {
    fn find(&self, hash: &str) -> Option<Kept> {
        self.kept.lock().expect("kept replies").get(hash).cloned()
    }

    fn keep<'a>(&'a self, hash: &'a str, _call: &'a Call, kept: &'a Kept) -> BoxFuture<'a, Result<(), NotKept>> {
        Box::pin(async move {
            // What is kept outlives the program, so it must stand its way to text and back.
            let kept = serde_json::from_str(&serde_json::to_string(kept).expect("JSON")).expect("what was written");
            let mut all = self.kept.lock().expect("kept replies");
            if all.len() >= self.room {
                return Err(NotKept("no room".to_owned()));
            }
            all.insert(hash.to_owned(), kept);
            Ok(())
        })
    }

    fn step(&self, step: Step) {
        self.steps.lock().expect("steps").push(step);
    }
}

async fn run(conversation: Conversation, reader: &Reader, journal: &Memory) -> Result<Brief, ReadError> {
    let route = route();
    let as_of = "2026-03-10T12:00:00Z".parse().expect("a time");
    let request = Request { route: &route, conversation, known: &[], as_of };
    let means = Means { reader, rules: Rules::Beside, journal };
    let outcome = pipeline::read_kept(request, means).await?;
    Ok(Brief { usage: baton::brief::Usage { milliseconds: 0, ..outcome.brief.usage }, ..outcome.brief })
}

fn state(brief: &Brief, key: &str) -> FieldState {
    brief.fields.find(key).expect("a field").state
}

#[tokio::test]
async fn a_second_reading_asks_nothing_and_gives_the_same() {
    let (asked, memory) = (Asked::default(), Memory::with_room(99));
    // Small windows, so that there are several calls.
    let reader = asked.reader(600, honest);
    let long = "The plan of the week stands as it stood, and nobody has anything to add to it. ".repeat(60);
    let mut files = first_batch();
    files.push(mail("l", 5, &long));
    let first = run(read(vec![files.clone()]), &reader, &memory).await.expect("a brief");
    let calls = asked.users().len();
    assert!(calls > 2, "{calls}");
    assert_eq!(first.usage.calls, Some(calls as u64));
    assert_eq!(first.usage.input_tokens, Some(100 * calls as u64));
    let second = run(read(vec![files]), &reader, &memory).await.expect("a brief");
    assert_eq!(asked.users().len(), calls, "something was asked again");
    assert_eq!(second, first);
    let parts: Vec<Step> = memory.steps().into_iter().filter(|step| matches!(step, Step::Reading { .. })).collect();
    assert_eq!(parts.first(), Some(&Step::Reading { done: 1, of: parts.len() / 2 }));
    assert!(memory.steps().contains(&Step::Field { key: "go_live_date".to_owned(), state: FieldState::Found }));
}

#[tokio::test]
async fn a_reading_that_stopped_asks_only_for_what_was_not_kept() {
    let long = "The plan of the week stands as it stood, and nobody has anything to add to it. ".repeat(60);
    let files: Vec<Input> = first_batch().into_iter().chain([mail("l", 5, &long)]).collect();
    let whole = Asked::default();
    let expected =
        run(read(vec![files.clone()]), &whole.reader(600, honest), &Memory::with_room(99)).await.expect("a brief");
    let all = whole.users().len();
    for room in 0..all {
        let (asked, small) = (Asked::default(), Memory::with_room(room));
        let reader = asked.reader(600, honest);
        let stopped = run(read(vec![files.clone()]), &reader, &small).await;
        assert!(matches!(&stopped, Err(ReadError::NotKept(why)) if why.0 == "no room"), "{stopped:?}");
        assert_eq!(small.hashes().len(), room);
        let before = asked.users().len();
        let more = Memory { room: 99, ..small };
        let brief = run(read(vec![files.clone()]), &reader, &more).await.expect("a brief");
        assert_eq!(brief, expected, "{room}");
        assert_eq!(asked.users().len() - before, all - room, "only what was not kept is asked again");
    }
}

#[tokio::test]
async fn only_new_messages_are_asked_about() {
    let (asked, memory) = (Asked::default(), Memory::with_room(99));
    let reader = asked.reader(8_000, honest);
    let first = run(read(vec![first_batch()]), &reader, &memory).await.expect("a brief");
    assert_eq!((state(&first, "go_live_date"), state(&first, "seats")), (FieldState::Found, FieldState::Missing));
    let (calls, hashes) = (asked.users().len(), memory.hashes());
    assert_eq!(calls, 2, "the first look, and a second one at the region: {:#?}", asked.users());
    let both = run(read(vec![first_batch(), second_batch()]), &reader, &memory).await.expect("a brief");
    assert_eq!(
        (state(&both, "go_live_date"), state(&both, "seats")),
        (FieldState::Found, FieldState::Found),
        "{both:#?}"
    );
    let new = asked.users().split_off(calls);
    assert_eq!(new.len(), 1, "{new:#?}");
    assert!(new[0].contains("40 seats") && new[0].contains("m3"), "{}", new[0]);
    assert!(!new[0].contains("July 15") && !new[0].contains("part 1"), "{}", new[0]);
    assert!(hashes.is_subset(&memory.hashes()));
    assert_eq!(both.usage.calls, Some(3));
    assert_eq!(both.coverage, 1.0);
    // Without a journal the same calls are made again, each batch by itself.
    let anew = Asked::default();
    let again =
        run(read(vec![first_batch(), second_batch()]), &anew.reader(8_000, honest), &Memory::with_room(99)).await;
    assert_eq!(again.expect("a brief"), both);
    assert_eq!(anew.users(), asked.users());
}

/// A name known only later changes who said it, not what was asked.
#[tokio::test]
async fn what_a_later_batch_tells_of_people_and_record_changes_no_earlier_call() {
    let captions = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Dana Whitfield>We go live on July 15, 2026.</v>\n";
    let call = Input { name: "call.vtt".into(), bytes: captions.into(), kind: None, format: None };
    let record = br#"{"id": "7", "properties": {"dealname": "Northwind", "seats": "40", "amount": "1"}}"#;
    let record = Input { name: "deal.json".into(), bytes: record.to_vec(), kind: None, format: None };
    let batches = [vec![call], vec![mail("c", 2, "Hello from Dana.")], vec![record], second_batch()];
    let (asked, memory) = (Asked::default(), Memory::with_room(99));
    let reader = asked.reader(8_000, honest);
    let mut known = 0;
    for count in 1..=batches.len() {
        run(read(batches[..count].to_vec()), &reader, &memory).await.expect("a brief");
        let new = asked.users().split_off(known);
        let own = [Some("m1"), Some("m2"), None, None][count - 1];
        assert!(own.is_none_or(|id| new.iter().any(|user| user.contains(id))), "{count}: {new:#?}");
        assert!(count != 3 || new.is_empty(), "a record is asked nothing: {new:#?}");
        assert!(count == 1 || !new.iter().any(|user| user.contains("July 15")), "{count}: {new:#?}");
        known = asked.users().len();
    }
}

#[tokio::test]
async fn what_a_model_did_is_kept_and_what_a_network_did_is_asked_again() {
    let check = async |answer: fn(&Call) -> Result<Reply, Failure>, kept: bool| {
        let (asked, memory) = (Asked::default(), Memory::with_room(99));
        let reader = asked.reader(8_000, answer);
        let first = run(read(vec![second_batch()]), &reader, &memory).await.expect("a brief");
        let calls = asked.users().len();
        assert!(first.engine.degraded, "{first:?}");
        let second = run(read(vec![second_batch()]), &reader, &memory).await.expect("a brief");
        assert_eq!((asked.users().len() == calls, second == first), (kept, kept || second == first));
        assert_eq!(memory.hashes().is_empty(), !kept);
    };
    check(|_| Err(Failure::Refused), true).await;
    check(|_| Err(Failure::Garbled("an odd answer".to_owned())), true).await;
    check(|_| Ok(Reply { text: "no".to_owned(), tokens: Tokens::default() }), true).await;
    check(|_| Err(Failure::TimedOut("model.timeout_seconds".to_owned())), false).await;
    check(|_| Err(Failure::Broken(503)), false).await;
}
