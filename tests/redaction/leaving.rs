//! What leaves for a model, byte by byte, and what comes back: a model made by
//! code that records every call and copies what it sees into its answers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use baton::brief::{Brief, FieldState};
use baton::config::{AnswerForm, ModelSettings};
use baton::conversation::Conversation;
use baton::intake::{self, Input, Options};
use baton::llm::{Call, Failure, Forgetful, Journal, Kept, Model, NotKept, Reader, Reply, Tokens};
use baton::pipeline::{self, Means, Outcome, Request, Rules};
use baton::route::{self, Route, Withheld};
use fastrand::Rng;
use futures_util::future::BoxFuture;
use serde_json::{Value as Json, json};

use crate::values::value;
use crate::{figure, rounds};

/// Field, kind, and the sentence that states it.
const STATED: [(&str, Withheld, &str); 5] = [
    ("billing_email", Withheld::Email, "Invoices go to "),
    ("contact_phone", Withheld::Phone, "The technical contact answers on "),
    ("account", Withheld::Iban, "We pay from the account "),
    ("card", Withheld::Card, "The card for the deposit is "),
    ("sandbox_key", Withheld::Key, "The key of the sandbox is "),
];

fn route(redact: &str) -> Route {
    let text = format!(
        "id: a-to-b\nversion: 1\n{redact}\nfields:\n\
         \x20 - {{key: billing_email, type: text, required: true, question: Where do invoices go?, cues: [invoices go to]}}\n\
         \x20 - {{key: contact_phone, type: text, required: true, question: Which number?, cues: [technical contact]}}\n\
         \x20 - {{key: account, type: text, required: true, question: Which account?, cues: [pay from the account]}}\n\
         \x20 - {{key: card, type: text, required: true, question: Which card?, cues: [card for the deposit]}}\n\
         \x20 - {{key: sandbox_key, type: text, required: true, question: Which key?, cues: [key of the sandbox]}}\n\
         \x20 - {{key: never_said, type: text, required: true, question: What is never said?, cues: [reach, write]}}\n"
    );
    route::load("route.yaml", &text).expect("a route")
}

const ALL: &str = "redact: [email, phone, iban, card, key]";

/// A handoff with a value of each kind, and more of them in its heads, its subject, its history and its chat.
struct Handoff {
    stated: BTreeMap<&'static str, String>,
    all: Vec<String>,
    inputs: Vec<Input>,
}

fn input(name: &str, text: String) -> Input {
    Input { name: name.to_owned(), bytes: text.into_bytes(), kind: None, format: None }
}

impl Handoff {
    fn made(number: u64) -> Handoff {
        let mut rng = Rng::with_seed(0x7265_6461_6374 + number);
        let mut stated = BTreeMap::new();
        let mut body = String::from("Hello Marcus,\r\n\r\n");
        for (field, kind, sentence) in STATED {
            // A block of many lines cannot be quoted in one sentence.
            let words =
                std::iter::repeat_with(|| value(&mut rng, kind)).find(|words| !words.contains('\n')).expect("one");
            body.push_str(&format!("{sentence}{words} now.\r\n\r\n"));
            stated.insert(field, words);
        }
        let beside: Vec<String> = Withheld::ALL.iter().map(|kind| value(&mut rng, *kind)).collect();
        let [address, phone, iban, card, key] = beside.as_slice() else { unreachable!("five kinds") };
        body.push_str(&format!("Reach me at {phone} or write to {address}.\r\n\r\nDana\r\n\r\n"));
        body.push_str(&format!("On 2 Mar 2026, Tom Reed <tom{number}@contoso.example> wrote:\r\n> Our old account {iban}\r\n> and {card}.\r\n"));
        let sender = format!("dana{number}@northwind.example");
        let mail = format!(
            "Message-ID: <{number}@mail.example>\r\nFrom: Dana Whitfield <{sender}>\r\nTo: marcus@acme.example\r\n\
             Date: 03 Mar 2026 09:00:00 +0000\r\nSubject: From {sender}\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}"
        );
        let note = format!("Key for the old system:\n{key}\nCall {phone} before you write to {address}.\n");
        // Who is in nobody's contacts is a number.
        let guest = format!("+49 170 {:07}", 1_000_000 + number);
        let chat = format!(
            "[04.03.26, 09:00:00] {guest}: Good morning, I write from {guest}.\n[04.03.26, 09:01:00] Dana Whitfield: Thanks, noted.\n"
        );
        let mut all = beside.clone();
        all.extend(stated.values().cloned());
        all.extend([sender, guest, format!("tom{number}@contoso.example"), "marcus@acme.example".to_owned()]);
        Handoff {
            stated,
            all,
            inputs: vec![input("a.eml", mail), input("b.txt", note), input("WhatsApp Chat.txt", chat)],
        }
    }

    fn read(&self) -> Conversation {
        intake::read(self.inputs.clone(), &Options::of(&["acme.example".to_owned()]))
    }
}

/// Every call, as bytes.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<String>>>);

impl Recorder {
    fn reader(&self, form: AnswerForm, answer: impl Fn(&Call) -> String + Send + Sync + 'static) -> Reader {
        let calls = Arc::clone(&self.0);
        let model = Model::Generated(Arc::new(move |call: &Call| -> Result<Reply, Failure> {
            // Not as JSON, which would write some values in another way.
            calls.lock().expect("the calls").push(format!("{}\n{}\n{}", call.system, call.user, call.schema));
            Ok(Reply { text: answer(call), tokens: Tokens::default() })
        }));
        let settings =
            ModelSettings { name: Some("copying".to_owned()), answer_form: Some(form), ..ModelSettings::default() };
        Reader::new(model, &settings).expect("prompts")
    }

    fn calls(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("the calls"))
    }
}

/// Copies the sentence of each field out of the sources, with whatever stands in it.
fn copying(call: &Call) -> String {
    let said = STATED.iter().filter_map(|(key, _, sentence)| {
        let at = call.user.find(sentence)?;
        let line = call.user[at..].lines().next()?;
        let words = line.strip_prefix(sentence)?.strip_suffix(" now.")?;
        Some((*key, line.to_owned(), words.to_owned()))
    });
    let said: Vec<_> = said.collect();
    let records: Vec<Json> = said
        .iter()
        .map(|(key, quote, words)| json!({"key": key, "evidence": [{"msg": "m1", "quote": quote}], "raw_value": words, "value": words, "status": "found", "note": ""}))
        .chain(said.iter().map(|(_, quote, _)| json!({"key": "_situation", "evidence": [{"msg": "m1", "quote": quote}], "raw_value": "", "value": quote, "status": "found", "note": ""})))
        .collect();
    json!({"records": records, "instructions_seen": []}).to_string()
}

fn run(conversation: Conversation, route: &Route, reader: &Reader, (rules, journal): (Rules, &dyn Journal)) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let request = Request {
        route,
        conversation,
        known: &[("crm_owner".to_owned(), "kim@acme.example".to_owned())],
        as_of: "2026-03-10T12:00:00Z".parse().expect("a time"),
    };
    runtime.block_on(pipeline::read_kept(request, Means { reader, rules, journal })).expect("a brief")
}

/// Whether a text holds a value, also without its spaces and signs.
fn leaks(call: &str, bare: &str, value: &str) -> bool {
    let digits = bare_of(value);
    call.contains(value) || digits.len() >= 9 && bare.contains(&digits)
}

fn bare_of(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether any mark stands in a brief.
fn holds_marks(brief: &Brief) -> bool {
    let text = serde_json::to_string(brief).expect("JSON");
    ["[EMAIL-", "[PHONE-", "[IBAN-", "[CARD-", "[KEY-"].iter().any(|mark| text.contains(mark))
}

#[test]
fn nothing_withheld_leaves_and_everything_comes_back() {
    let (route, recorder) = (route(ALL), Recorder::default());
    let reader = recorder.reader(AnswerForm::Records, copying);
    let (plain, unmasked) = (self::route(""), Recorder::default().reader(AnswerForm::Records, copying));
    let (mut calls, mut bytes, mut raw, mut said, mut back, mut prose, mut marks) = (0, 0, 0, 0, 0, 0, 0);
    let count = rounds(250, 1_000);
    for number in 0..count {
        let handoff = Handoff::made(number);
        // Aside, so that what stands in the brief came back from the model; beside it second looks are asked too.
        let rules = if number % 4 == 0 { Rules::Beside } else { Rules::Aside };
        let outcome = run(handoff.read(), &route, &reader, (rules, &Forgetful));
        for call in recorder.calls() {
            let bare = bare_of(&call);
            let found: Vec<&String> = handoff.all.iter().filter(|value| leaks(&call, &bare, value)).collect();
            if !found.is_empty() {
                println!("{found:?} in {call}");
            }
            raw += found.len();
            calls += 1;
            bytes += call.len();
        }
        // What the rules read beside the model came from nowhere else.
        for (field, words) in handoff.stated.iter().filter(|_| rules == Rules::Aside) {
            let field = outcome.brief.fields.find(field).expect("a field");
            // Values are told with plain spaces, quotes to the byte.
            let value = field.value.as_str().unwrap_or_default();
            let is_value = value == words.replace('\u{a0}', " ");
            let is_back = field.state == FieldState::Found
                && is_value
                && field.evidence.iter().any(|one| one.quote.contains(words));
            if !is_back {
                println!("{words:?}: {field:?}");
            }
            said += 1;
            back += usize::from(is_back);
        }
        if number % 10 == 0 {
            let plain = run(handoff.read(), &plain, &unmasked, (rules, &Forgetful)).brief;
            assert_eq!(
                (&outcome.brief.fields, &outcome.brief.summary),
                (&plain.fields, &plain.summary),
                "as without marks"
            );
        }
        prose += outcome.brief.summary.situation.len();
        marks += usize::from(holds_marks(&outcome.brief));
    }
    let counts = json!({"handoffs": count, "calls": calls, "bytes": bytes, "raw_values": raw, "said": said, "restored": back,
                        "sentences": prose, "briefs_with_marks": marks});
    figure("R-47 leaving", raw == 0 && calls > count && back == said && marks == 0 && prose > 0, counts);
}

#[test]
fn without_the_key_a_call_is_what_it_was() {
    let (plain, withheld) = (Recorder::default(), Recorder::default());
    let handoff = Handoff::made(1);
    let reader = plain.reader(AnswerForm::Records, copying);
    run(handoff.read(), &route(""), &reader, (Rules::Aside, &Forgetful));
    run(handoff.read(), &route("redact: []"), &reader, (Rules::Aside, &Forgetful));
    let [first, second] = plain.calls().try_into().expect("two calls");
    assert_eq!(first, second);
    assert!(
        handoff.all.iter().filter(|value| *value != "marcus@acme.example").all(|value| leaks(
            &first,
            &bare_of(&first),
            value
        )),
        "the recorder sees what leaves: {first}"
    );
    assert!(!first.contains("Marks:"));
    // One kind alone leaves the others as they are.
    let reader = withheld.reader(AnswerForm::Records, copying);
    run(handoff.read(), &route("redact: [iban]"), &reader, (Rules::Aside, &Forgetful));
    let call = withheld.calls().remove(0);
    assert!(call.contains(&handoff.stated["card"]) && !call.contains(&handoff.stated["account"]), "{call}");
    assert!(call.contains("[IBAN-1]") && !call.contains("[CARD-"), "{call}");
}

#[test]
fn answers_in_the_other_form_and_broken_ones_come_back_too() {
    let handoff = Handoff::made(3);
    let (route, recorder) = (route(ALL), Recorder::default());
    let fields = recorder.reader(AnswerForm::Fields, |call| {
        let said = STATED.iter().filter_map(|(key, _, sentence)| {
            let line = call.user[call.user.find(sentence)?..].lines().next()?;
            Some(((*key).to_owned(), json!(line.strip_prefix(sentence)?.strip_suffix(" now.")?)))
        });
        json!({"fields": said.collect::<serde_json::Map<String, Json>>()}).to_string()
    });
    let brief = run(handoff.read(), &route, &fields, (Rules::Aside, &Forgetful)).brief;
    assert!(!holds_marks(&brief));
    assert_eq!(
        brief.fields.find("card").map(|field| field.value.clone()),
        Some(json!(handoff.stated["card"])),
        "{brief:?}"
    );
    // The answer has a hole, and what is sent to be mended holds an address that the model made up.
    let broken = recorder.reader(AnswerForm::Records, |call| {
        if call.system.starts_with("You repair") {
            return call.user.replace("NaN", "\"\"");
        }
        copying(call).replacen("\"note\":\"\"", "\"note\":NaN,\"status\":\"mallory@evil.example\"", 1)
    });
    recorder.calls();
    let brief = run(handoff.read(), &route, &broken, (Rules::Aside, &Forgetful)).brief;
    let calls = recorder.calls();
    assert!(calls.iter().any(|call| call.starts_with("You repair")), "{calls:?}");
    assert!(!calls.iter().any(|call| call.contains("mallory@evil.example")), "{calls:?}");
    assert!(!holds_marks(&brief));
}

#[test]
fn marks_that_nobody_gave_put_nothing_into_a_brief() {
    let handoff = Handoff::made(5);
    let (route, recorder) = (route(ALL), Recorder::default());
    let inventing = recorder.reader(AnswerForm::Records, |call| {
        let line = |sentence: &str| call.user[call.user.find(sentence).expect("it is there")..].lines().next().expect("a line").to_owned();
        let record = |key: &str, quote: &str, value: &str| {
            json!({"key": key, "evidence": [{"msg": "m1", "quote": quote}], "raw_value": value, "value": value, "status": "found", "note": ""})
        };
        let records = [
            record("billing_email", &line("Invoices go to "), "[EMAIL-99]"),
            record("contact_phone", "The technical contact answers on [PHONE-77] now.", "[PHONE-77]"),
            record("account", "We pay from the account [IBAN-1c] now.", "[IBAN-1c]"),
            record("_risk", &line("The card for the deposit is "), "The card is [CARD-50]."),
            record("_risk", &line("The card for the deposit is "), "[KEY-0] is the card for the deposit."),
        ];
        json!({"records": records, "instructions_seen": []}).to_string()
    });
    let brief = run(handoff.read(), &route, &inventing, (Rules::Aside, &Forgetful)).brief;
    for key in ["billing_email", "contact_phone", "account"] {
        let field = brief.fields.find(key).expect("a field");
        assert_ne!(field.state, FieldState::Found, "{field:?}");
    }
    assert!(brief.summary.risks.is_empty() && brief.summary.left_out >= 2, "{:?}", brief.summary);
    assert!(!holds_marks(&brief));
}

/// Keeps replies as text.
#[derive(Default)]
struct Memory(Mutex<BTreeMap<String, String>>);

impl Journal for Memory {
    fn find(&self, hash: &str) -> Option<Kept> {
        self.0.lock().expect("replies").get(hash).map(|text| serde_json::from_str(text).expect("what was written"))
    }

    fn keep<'a>(&'a self, hash: &'a str, _call: &'a Call, kept: &'a Kept) -> BoxFuture<'a, Result<(), NotKept>> {
        let text = serde_json::to_string(kept).expect("JSON");
        self.0.lock().expect("replies").insert(hash.to_owned(), text);
        Box::pin(std::future::ready(Ok(())))
    }
}

#[test]
fn kept_replies_hold_marks_and_mean_the_same_after_a_restart() {
    let handoff = Handoff::made(8);
    let (route, memory, recorder) = (route(ALL), Memory::default(), Recorder::default());
    let first =
        run(handoff.read(), &route, &recorder.reader(AnswerForm::Records, copying), (Rules::Beside, &memory)).brief;
    assert!(!recorder.calls().is_empty());
    let kept = memory.0.lock().expect("replies").values().cloned().collect::<String>();
    assert!(kept.contains("[EMAIL-") && !handoff.all.iter().any(|value| kept.contains(value)), "{kept}");
    let silent = Recorder::default();
    let reader = silent.reader(AnswerForm::Records, |_| unreachable!("everything was kept"));
    let again = run(handoff.read(), &route, &reader, (Rules::Beside, &memory)).brief;
    assert_eq!((first.fields, first.summary, first.gaps), (again.fields, again.summary, again.gaps));
    // Context that comes later asks nothing again of what came before.
    let late = "Message-ID: <late@mail.example>\r\nFrom: Dana <dana8@northwind.example>\r\nTo: marcus@acme.example\r\n\
                Date: 05 Mar 2026 09:00:00 +0000\r\nSubject: More\r\n\r\nAlso ask kim@northwind.example, [EMAIL-1] and [EMAIL-2].\r\n";
    let batches = vec![handoff.inputs.clone(), vec![input("c.eml", late.to_owned())]];
    let both = intake::read_batches(batches, &Options::of(&["acme.example".to_owned()]));
    let more = Recorder::default();
    let reader = more.reader(AnswerForm::Records, copying);
    let brief = run(both, &route, &reader, (Rules::Beside, &memory)).brief;
    let calls = more.calls();
    assert!(
        calls.iter().all(|call| call.contains("Also ask [EMAIL-") && !call.contains("Invoices go to")),
        "{calls:?}"
    );
    assert_eq!(brief.fields.find("card").map(|field| field.value.clone()), Some(json!(handoff.stated["card"])));
}
