//! The sample handoffs, read as they are and answered as a colleague would:
//! every gap closed opens the gate, answers outlive a re-read, and what comes
//! in later opens only what it speaks of.

use std::path::Path;

use baton::answers::changed_fields;
use baton::brief::{Brief, Candidate, FieldState, Gap, Verdict};
use baton::eval::cases::{Case, Expectation};
use baton::eval::load;
use baton::gate;
use baton::intake::{self, Input, Options};
use baton::pipeline::{self, Request};
use baton::value::Kind;
use serde_json::{Value as Json, json};

use crate::samples::Desk;

fn cases() -> Vec<Case> {
    let (cases, mistakes) = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("evals/cases"));
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    cases
}

fn read(case: &Case, sources: Vec<Input>) -> Brief {
    let conversation = intake::read(sources, &Options::of(&case.our_domains));
    let request = Request { route: &case.route, conversation, known: &case.known, as_of: case.as_of };
    pipeline::run(request).brief
}

/// What a colleague answers: what the sample's author says is right, else a value that the route takes.
fn body(case: &Case, gap: &Gap, tried: usize) -> Json {
    let Some(key) = &gap.field else {
        let source = gap.source.as_deref().expect("a field or a source");
        return json!({"sources": {source: {"dismissed": "Its content was agreed by mail"}}});
    };
    let right = case.gold(key).map(|gold| match &gold.expectation {
        Expectation::Found(values) | Expectation::Other(_, values) => values.clone(),
        Expectation::Absent => Vec::new(),
    });
    let offered = gap.candidates.iter().map(|candidate: &Candidate| candidate.value.clone());
    let all: Vec<Json> = right.into_iter().flatten().chain(offered).chain([invented(case, key)]).collect();
    json!({"fields": {key: {"value": all[tried.min(all.len() - 1)]}}})
}

fn invented(case: &Case, key: &str) -> Json {
    let field = case.route.field(key).expect("a field of the route");
    let one = match &field.kind {
        Kind::Text | Kind::LongText => json!("Cut the dock time by 20 percent until December 2027"),
        Kind::Team => json!("Customer success"),
        Kind::Date => json!(case.as_of.to_string()[..10]),
        Kind::DateTime => json!(case.as_of.to_string()),
        Kind::Duration => json!("24 months"),
        Kind::Money => json!("86,400 USD"),
        Kind::Number => json!(45),
        Kind::Email => json!("dana@customer.example"),
        Kind::Phone => json!("+44 20 7946 0123"),
        Kind::Url => json!("https://customer.example/portal"),
        Kind::Person => json!("Helen Ortiz"),
        Kind::Enum(choices) => json!(choices[0].id),
        Kind::Bool => json!(true),
    };
    if field.list { json!([one]) } else { one }
}

/// Answers the first blocking gap with the first answer that closes it, until none is left.
fn answer_all(case: &Case, desk: &mut Desk) -> usize {
    let mut answered = 0;
    while let Some(gap) = desk.brief(case.as_of).gaps.iter().find(|gap| gap.blocking).cloned() {
        assert!(gate::judge(&desk.brief(case.as_of), &case.route, case.as_of).is_err(), "{} moves", case.id);
        let closes = |desk: &Desk| {
            let brief = desk.brief(case.as_of);
            !brief.gaps.iter().any(|other| (&other.field, &other.source) == (&gap.field, &gap.source))
        };
        let mut tries = (0..8).filter_map(|tried| {
            let mut next = desk.clone();
            let taken = next.try_answer(body(case, &gap, tried), case.as_of);
            (taken && closes(&next)).then_some(next)
        });
        let next = tries.next().unwrap_or_else(|| panic!("{}: nothing closes {gap:#?}", case.id));
        *desk = next;
        answered += 1;
    }
    answered
}

#[test]
fn every_gap_answered_opens_the_gate() {
    let mut finished = 0;
    for case in cases() {
        let mut desk = Desk::new(case.route.clone(), read(&case, case.sources.clone()));
        let untouched = desk.brief(case.as_of);
        assert_eq!(untouched, desk.base, "{}: nothing was said", case.id);
        let gaps = desk.base.gaps.iter().filter(|gap| gap.blocking).count();
        let answered = answer_all(&case, &mut desk);
        let brief = desk.brief(case.as_of);
        let clearance = gate::judge(&brief, &case.route, case.as_of);
        assert!(brief.verdict == Verdict::Complete && clearance.is_ok(), "{}: {clearance:?}", case.id);
        assert_eq!(clearance.map(|one| one.digest().to_owned()), Ok(brief.digest()));
        assert!(answered >= gaps.min(1), "{}: {gaps} gaps closed by {answered} answers", case.id);
        finished += usize::from(answered > 0);
    }
    assert!(finished >= 10, "only {finished} samples had something to answer");
}

#[test]
fn answers_outlive_a_re_read() {
    let mut read_again = 0;
    for case in cases().into_iter().filter(|case| case.sources.len() > 1) {
        let (last, first) = case.sources.split_last().expect("two sources");
        let mut desk = Desk::new(case.route.clone(), read(&case, first.to_vec()));
        answer_all(&case, &mut desk);
        let before = desk.brief(case.as_of);
        let all = first.iter().chain([last]).cloned().collect();
        desk.base = read(&case, all);
        let after = desk.brief(case.as_of);
        for answer in &desk.answers {
            let field = after.fields.find(&answer.field).expect("a field");
            let then = before.fields.find(&answer.field).expect("a field");
            let kept = field.state == then.state && field.value == then.value && field.by == then.by;
            let asked =
                !field.state.is_settled() && after.gaps.iter().any(|gap| gap.field.as_deref() == Some(&answer.field));
            let rejudged = field.state == FieldState::Conflicting || field.state == FieldState::Invalid;
            assert!(kept || asked && rejudged, "{}: {} was {then:#?}, is {field:#?}", case.id, answer.field);
            let own = &then.value;
            let offered = field.candidates.iter().any(|one| one.value == *own) || field.value == *own;
            assert!(offered, "{}: the answer to {} is gone", case.id, answer.field);
        }
        read_again += desk.answers.len();
    }
    assert!(read_again >= 20, "only {read_again} answers were read again");
}

fn mail(day: &str, body: &str) -> Input {
    let text = format!(
        "From: Dana Whitfield <dana.whitfield@northwind.example>\r\nTo: marcus@acme.example\r\nDate: {day} Mar 2026 08:00:00 +0000\r\n\
         Message-ID: <later-{day}@mail.example>\r\nSubject: One more thing\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    );
    Input { name: format!("later-{day}.eml"), bytes: text.into_bytes(), kind: None, format: None }
}

#[test]
fn later_words_open_only_what_they_speak_of() {
    let case = cases().into_iter().find(|case| case.id == "northwind-01").expect("the sample");
    let mut desk = Desk::new(case.route.clone(), read(&case, case.sources.clone()));
    answer_all(&case, &mut desk);
    desk.answer(json!({"fields": {"user_count": {"value": 47}}}), case.as_of);
    let before = desk.brief(case.as_of);
    let with = |body: &str| case.sources.iter().cloned().chain([mail("3", body)]).collect::<Vec<Input>>();
    // Nothing that concerns any field.
    desk.base = read(&case, with("Thank you for lunch yesterday, it was lovely to meet the team."));
    assert_eq!(changed_fields(&before, &desk.brief(case.as_of)), [] as [String; 0]);
    // What the machine had read, once more.
    desk.base = read(&case, with("Just to repeat it: we start with 45 users."));
    assert_eq!(changed_fields(&before, &desk.brief(case.as_of)), [] as [String; 0]);
    // Another number, which nobody has seen.
    desk.base = read(&case, with("A correction from our side: we start with 60 users instead of 45."));
    let after = desk.brief(case.as_of);
    assert_eq!(changed_fields(&before, &after), ["user_count"]);
    let field = after.fields.find("user_count").expect("a field");
    assert_eq!(field.state, FieldState::Conflicting, "{field:#?}");
    let offered: Vec<&Json> = field.candidates.iter().map(|one| &one.value).collect();
    assert!(offered.contains(&&json!(47)) && offered.contains(&&json!(60)), "{offered:?}");
    assert!(gate::judge(&after, &case.route, case.as_of).is_err());
    desk.answer(json!({"fields": {"user_count": {"value": 60}}}), case.as_of + jiff::SignedDuration::from_hours(1));
    assert!(gate::judge(&desk.brief(case.as_of), &case.route, case.as_of).is_ok());
}
