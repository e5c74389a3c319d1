//! Context that arrives later: however a handoff's files are shared out over
//! batches, what the earlier ones made stays as it was, and only new messages
//! come behind it.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use baton::brief::{FieldState, Origin};
use baton::conversation::{Conversation, Message, MessageId, Side};
use baton::intake::{self, Input, Options};
use baton::pipeline::{self, Request};
use baton::route::{self, Route};
use proptest::prelude::*;
use serde_json::json;

fn ours() -> Vec<String> {
    vec!["acme.example".to_owned()]
}

fn read(batches: Vec<Vec<Input>>) -> Conversation {
    intake::read_batches(batches, &Options::of(&ours()))
}

fn input(name: &str, text: &str) -> Input {
    Input { name: name.to_owned(), bytes: text.as_bytes().to_vec(), kind: None, format: None }
}

/// The files of every sample handoff.
static SAMPLES: LazyLock<Vec<Vec<Input>>> = LazyLock::new(samples);

fn samples() -> Vec<Vec<Input>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("evals/cases");
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("samples").map(|case| case.expect("a case").path()).collect();
    cases.sort();
    let files = |case: &PathBuf| {
        let entries = std::fs::read_dir(case.join("context")).ok()?;
        let mut paths: Vec<PathBuf> = entries.map(|file| file.expect("a file").path()).collect();
        paths.sort();
        let input = |path: &PathBuf| Input {
            name: path.file_name().expect("a name").to_string_lossy().into_owned(),
            bytes: std::fs::read(path).expect("a file"),
            kind: None,
            format: None,
        };
        Some(paths.iter().map(input).collect())
    };
    cases.iter().filter_map(files).collect()
}

/// Shares files out: the number of its batch for each, whatever their order.
fn share(files: &[Input], places: &[usize]) -> Vec<Vec<Input>> {
    let mut batches = vec![Vec::new(); 3];
    for (file, place) in files.iter().zip(places.iter().cycle()) {
        batches[*place].push(file.clone());
    }
    batches
}

fn without_side(message: &Message) -> Message {
    let mut message = message.clone();
    message.author.side = Side::Unknown;
    message
}

/// What must hold of batches: each prefix is what it would be alone, and the last state too, but for sides.
fn check(batches: &[Vec<Input>]) {
    let whole = read(batches.to_vec());
    for count in 1..=batches.len() {
        let alone = read(batches[..count].to_vec());
        let then = whole.as_of_batch(count);
        let expected = Conversation { warnings: Vec::new(), unread: Vec::new(), ..alone.clone() };
        assert_eq!(then, expected, "{count} of {} batches", batches.len());
        let (now, before) = (whole.messages.iter(), alone.messages.iter());
        for (now, before) in now.zip(before) {
            assert_eq!(without_side(now), without_side(before));
            assert!(now.author.side == before.author.side || before.author.side == Side::Unknown);
        }
    }
    let ids: Vec<u32> = whole.messages.iter().map(|message| message.id.0).collect();
    assert_eq!(ids, (1..=ids.len() as u32).collect::<Vec<_>>());
    for message in &whole.messages {
        let points = message.segments.iter().filter_map(|segment| segment.same_as);
        assert!(points.into_iter().all(|first| first < message.id), "{} points forward", message.id);
    }
}

#[test]
fn every_sample_in_the_order_given_and_backwards() {
    for files in SAMPLES.iter() {
        let one_each: Vec<Vec<Input>> = files.iter().map(|file| vec![file.clone()]).collect();
        check(&one_each);
        check(&one_each.into_iter().rev().collect::<Vec<_>>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn samples_shared_out_at_random(sample in 0..1_000_usize, places in prop::collection::vec(0..3_usize, 1..9)) {
        check(&share(&SAMPLES[sample % SAMPLES.len()], &places));
    }
}

fn mail(id: &str, day: u32, from: &str, body: &str) -> Input {
    let text = format!(
        "Message-ID: <{id}@mail.example>\r\nFrom: {from}\r\nTo: Marcus Lee <marcus@acme.example>\r\n\
         Date: {day:02} Mar 2026 09:00:00 +0000\r\nSubject: Plan {id}\r\n\r\n{body}\r\n"
    );
    input(&format!("{id}.eml"), &text)
}

const DANA: &str = "Dana Whitfield <dana@northwind.example>";

#[test]
fn later_messages_continue_the_count_however_early_they_are() {
    let whole = read(vec![
        vec![mail("b", 9, DANA, "We go live on June 1."), mail("c", 10, DANA, "Forty seats.")],
        vec![mail("a", 2, DANA, "Hello there, a first question.")],
        vec![],
    ]);
    let subjects: Vec<&str> = whole.messages.iter().filter_map(|message| message.subject.as_deref()).collect();
    assert_eq!(subjects, ["Plan b", "Plan c", "Plan a"]);
    let starts: Vec<(MessageId, usize)> = whole.batches.iter().map(|batch| (batch.first, batch.documents)).collect();
    assert_eq!(starts, [(MessageId(3), 2), (MessageId(4), 3)]);
    assert_eq!(whole.documents.iter().map(|document| document.id.as_str()).collect::<Vec<_>>(), ["d1", "d2", "d3"]);
}

#[test]
fn what_was_given_before_is_the_one_left_out() {
    let first = vec![mail("a", 2, DANA, "We go live on June 1.")];
    let keyless = |name: &str| {
        input(
            name,
            &format!(
                "From: {DANA}\r\nDate: 3 Mar 2026 09:00:00 +0000\r\nSubject: Note\r\n\r\nForty seats in Oslo.\r\n"
            ),
        )
    };
    let call = |name: &str| {
        let turns: String = (0..9).map(|turn| format!("00:00:{turn:02}.000 --> 00:00:{turn:02}.900\n<v {name}>we talk of the plan for site number {turn} today</v>\n\n")).collect();
        input(&format!("{name}.vtt"), &format!("WEBVTT\n\n{turns}"))
    };
    let again = vec![mail("a", 2, DANA, "We go live on June 1."), keyless("y.eml"), call("Dana Whitfield")];
    let first: Vec<Input> = first.into_iter().chain([keyless("x.eml"), call("Speaker 1")]).collect();
    let whole = read(vec![first.clone(), again.clone()]);
    check(&[first.clone(), again]);
    assert_eq!(whole.messages.len(), read(vec![first]).messages.len(), "nothing is new");
    assert_eq!(
        whole.warnings.iter().filter(|warning| warning.message.contains("counted once")).count(),
        3,
        "{:?}",
        whole.warnings
    );
}

#[test]
fn a_quote_points_back_over_batches_and_never_forward() {
    let said = "We want to go live on June 1 with forty seats in Oslo and Bergen.";
    let quoting = format!("Fine.\r\n\r\nOn 2 Mar 2026, Dana Whitfield <dana@northwind.example> wrote:\r\n> {said}\r\n");
    let marcus = "Marcus Lee <marcus@acme.example>";
    let (original, answer) = (mail("a", 2, DANA, said), mail("b", 3, marcus, &quoting));
    let points = |whole: &Conversation| -> Vec<_> {
        whole.messages.iter().flat_map(|message| message.segments.iter().map(|segment| segment.same_as)).collect()
    };
    let after = read(vec![vec![original.clone()], vec![answer.clone()]]);
    assert!(points(&after).contains(&Some(MessageId(1))), "{after:?}");
    let before = read(vec![vec![answer], vec![original]]);
    assert!(points(&before).iter().all(Option::is_none), "{before:?}");
}

#[test]
fn a_later_batch_tells_a_side_and_nothing_else_of_an_author() {
    let call =
        input("call.vtt", "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Dana Whitfield>We go live on June 1.</v>\n");
    let whole = read(vec![vec![call.clone()], vec![mail("a", 2, DANA, "As I said.")]]);
    let author = &whole.messages[0].author;
    assert_eq!((author.side, author.address.as_deref()), (Side::Theirs, None));
    assert_eq!(whole.batches[0].told_sides, [MessageId(1)]);
    assert_eq!(read(vec![vec![call]]).messages[0].author.side, Side::Unknown);
}

fn route() -> Route {
    let text = "
id: deal
version: 1
fields:
  - {key: amount, type: money, required: true, stale_after: 30d}
  - {key: seats, type: number, required: true, stale_after: 30d}
";
    route::load("deal.yaml", text).expect("a route")
}

#[test]
fn a_later_record_tells_what_holds_now() {
    let record = |mut properties: serde_json::Value| {
        properties["dealname"] = json!("Northwind");
        input("deal.json", &properties.to_string())
    };
    let first = record(
        json!({"amount": "86400", "deal_currency_code": "USD", "seats": "40", "hs_lastmodifieddate": "2026-01-05T09:00:00Z"}),
    );
    let brief = |batches: Vec<Vec<Input>>| {
        let (route, as_of) = (route(), "2026-03-20T09:00:00Z".parse().expect("a time"));
        pipeline::run(Request { route: &route, conversation: read(batches), known: &[], as_of }).brief
    };
    let old = brief(vec![vec![first.clone()]]);
    assert!(old.gaps.iter().all(|gap| gap.source.is_none()), "a record without an id is the record: {old:?}");
    let state = |brief: &baton::brief::Brief, key: &str| brief.fields.find(key).expect("a field").state;
    assert_eq!(state(&old, "amount"), FieldState::Stale, "{old:?}");
    for changed in [
        json!({"amount": "90000", "hs_lastmodifieddate": "2026-03-18T09:00:00Z"}),
        // A record that does not say when it changed is as young as its batch, not as old as another record.
        json!({"amount": "90000", "dealstage": "won"}),
    ] {
        let later = record(changed);
        check(&[vec![first.clone()], vec![later.clone()]]);
        let new = brief(vec![vec![first.clone()], vec![later]]);
        let amount = new.fields.find("amount").expect("a field");
        assert_eq!(
            (amount.state, &amount.value),
            (FieldState::Found, &json!({"amount": "90000", "currency": "USD"})),
            "{amount:?}"
        );
        assert_eq!(amount.superseded.len(), 1, "{amount:?}");
        assert_eq!(
            (amount.superseded[0].origin, &amount.superseded[0].value),
            (Origin::Crm, &json!({"amount": "86400", "currency": "USD"}))
        );
        // What the later record does not name is as old as before.
        assert_eq!(state(&new, "seats"), FieldState::Stale, "{new:?}");
    }
    let emptied = brief(vec![vec![first], vec![record(json!({"amount": null, "dealstage": "won"}))]]);
    assert_eq!(state(&emptied, "amount"), FieldState::Missing, "{emptied:?}");
    assert!(emptied.warnings.iter().any(|warning| warning.place == "amount"), "{:?}", emptied.warnings);
}
