//! Whatever is answered, dismissed and returned, in whatever order, forged or
//! checked: nothing is complete with a required field unsettled, the gate
//! agrees, and saying the same again changes nothing.

use std::cell::RefCell;

use baton::answers::{Answer, AnswerKind, Dismissal, Person, Return};
use baton::brief::{Brief, FieldBrief, FieldState, Origin, candidate_id};
use baton::conversation::Unread;
use baton::gate;
use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Value as Json, json};

use crate::samples::*;

const CASES: u32 = 2_000;
const KEYS: [&str; 10] = [
    "go_live_date",
    "training_date",
    "contract_type",
    "data_residency",
    "contract_value",
    "systems",
    "sponsor",
    "user_count",
    "sso",
    "notes",
];

#[derive(Debug, Clone)]
struct Said {
    key: usize,
    kind: u8,
    value: usize,
    hour: i64,
    named: bool,
    saw: u8,
}

#[derive(Debug, Clone)]
struct Plan {
    fields: Vec<(u8, usize)>,
    unread: usize,
    whole: bool,
    answers: Vec<Said>,
    dismissals: Vec<(usize, bool)>,
    returns: Vec<(usize, i64, bool)>,
    hours: i64,
    turn: usize,
}

fn plans() -> impl Strategy<Value = Plan> {
    // Good readings and good answers are drawn more often, so that enough plans come through.
    let state = prop_oneof![8 => Just(0_u8), 2 => 1_u8..9];
    let kind = prop_oneof![5 => Just(0_u8), 1 => 1_u8..7];
    let hours = || select(vec![0_i64, 1, 2, 24, 200]);
    let value = || prop_oneof![6 => Just(0_usize), 1 => 1_usize..3];
    let said =
        (0..KEYS.len(), kind, value(), hours(), prop::bool::weighted(0.98), prop_oneof![3 => Just(2_u8), 1 => 0_u8..2])
            .prop_map(|(key, kind, value, hour, named, saw)| Said { key, kind, value, hour, named, saw });
    (
        vec((state, value()), KEYS.len()),
        prop_oneof![4 => Just(0_usize), 1 => 1_usize..3],
        prop::bool::weighted(0.95),
        vec(said, 0..9),
        vec((0_usize..3, any::<bool>()), 0..3),
        prop_oneof![2 => Just(vec![]), 1 => vec((0..KEYS.len(), hours(), any::<bool>()), 1..3)],
        select(vec![200_i64, 201, 300, 320, 900]),
        0_usize..14,
    )
        .prop_map(|(fields, unread, whole, answers, dismissals, returns, hours, turn)| Plan {
            fields,
            unread,
            whole,
            answers,
            dismissals,
            returns,
            hours,
            turn,
        })
}

fn after(hours: i64) -> Timestamp {
    read_at() + SignedDuration::from_hours(hours)
}

impl Plan {
    fn desk(&self) -> Desk {
        let route = test_route();
        let fields = KEYS.iter().zip(&self.fields).map(|(key, plan)| (key.to_string(), field(key, *plan))).collect();
        let unread: Vec<Unread> = (0..self.unread)
            .map(|at| Unread { source: "a.pdf".into(), inside: Some(format!("{at}.eml")), reason: "no text".into() })
            .collect();
        let base = reading(&route, fields, &unread, if self.whole { 1.0 } else { 0.7 });
        let mut desk = Desk::new(route, base);
        desk.answers = self.answers.iter().map(|said| answer(said, &desk.base)).collect();
        let dismiss = |(count, explained): &(usize, bool)| Dismissal {
            source: "a.pdf".into(),
            reason: if *explained { "A brochure".into() } else { " ".into() },
            by: marcus(),
            at: after(1),
            written_at: None,
            count: *count,
        };
        desk.dismissals = self.dismissals.iter().map(dismiss).collect();
        let send_back = |(key, hour, saw): &(usize, i64, bool)| {
            // Whoever sends back has seen what was answered and what the answers had seen, if not the latest reading.
            let known = |value: &Json| {
                let id = candidate_id(KEYS[*key], value);
                desk.answers.iter().filter(|answer| answer.field == KEYS[*key]).any(|answer| {
                    let own = matches!(&answer.kind, AnswerKind::Value { value: own, .. } if own == value);
                    own || answer.seen.contains(&id)
                })
            };
            let seen = values(KEYS[*key]).into_iter().filter(|value| *saw || known(value)).collect();
            Return {
                fields: vec![KEYS[*key].into()],
                kind: None,
                batches: 1,
                reason: "This is not what we agreed".into(),
                by: marcus(),
                at: after(*hour),
                seen: [(KEYS[*key].to_owned(), seen)].into(),
            }
        };
        desk.returns = self.returns.iter().map(send_back).collect();
        desk
    }
}

fn field(key: &str, (state, at): (u8, usize)) -> FieldBrief {
    let all = values(key);
    let one = all[at].clone();
    match state {
        0 => found(one),
        1 => FieldBrief::default(),
        2 => seen(key, FieldState::Missing, &[one]),
        3 => seen(key, FieldState::Unconfirmed, &[one]),
        4 => seen(key, FieldState::Conflicting, &all[..2]),
        5 => recorded(one),
        6 => seen(key, FieldState::Stale, &[one]),
        7 => FieldBrief { evidence: vec![], ..found(one) },
        _ => found(json!("TBD")),
    }
}

fn answer(said: &Said, base: &Brief) -> Answer {
    let key = KEYS[said.key];
    let value = |value: Json| AnswerKind::Value { value, evidence: vec![] };
    let day = |text: &str| text.parse().expect("a day");
    let kind = match said.kind {
        0 => value(values(key)[said.value].clone()),
        1 => value([json!("TBD"), json!(null), json!({"x": 1})][said.value].clone()),
        2 => AnswerKind::NotApplicable { reason: "They have none".into() },
        3 => AnswerKind::NotApplicable { reason: [" ", "n/a", "-"][said.value].into() },
        4 => AnswerKind::Unknown { owner: "Tom Reed".into(), due: day("2026-12-24") },
        5 => AnswerKind::Unknown { owner: "Tom Reed".into(), due: day("2026-03-12") },
        _ => AnswerKind::Unknown { owner: " ".into(), due: day("2026-12-24") },
    };
    let shown = base.fields.find(key).expect("a field");
    let ids = shown.candidates.iter().map(|one| one.id.clone());
    let own = candidate_id(key, &shown.value);
    let seen = match said.saw {
        0 => vec![],
        1 => ids.chain([own]).collect(),
        _ => values(key).iter().map(|value| candidate_id(key, value)).collect(),
    };
    let by = if said.named { marcus() } else { Person { name: "  ".into(), email: None } };
    Answer { field: key.into(), kind, by, at: after(said.hour), written_at: None, seen }
}

/// What must be settled, told from the brief's values alone.
fn required(brief: &Brief) -> Vec<&'static str> {
    let mut keys =
        vec!["go_live_date", "training_date", "contract_type", "contract_value", "systems", "sponsor", "user_count"];
    let contract = brief.fields.find("contract_type").expect("a field");
    if contract.state != FieldState::Found || contract.value == "enterprise" {
        keys.push("data_residency");
    }
    keys
}

/// Whether somebody stands for what the field says.
fn is_proved(key: &str, brief: &FieldBrief, now: Timestamp) -> bool {
    let today = now.to_string()[..10].to_owned();
    let named = brief.by.as_deref().is_some_and(|by| by.starts_with("Marcus"));
    let valued = values(key).contains(&brief.value);
    match (brief.state, brief.origin) {
        (FieldState::Found, Some(Origin::Source)) => valued && brief.evidence.iter().any(|one| !one.quote.is_empty()),
        (FieldState::Found, Some(Origin::Crm)) => valued && brief.record.is_some(),
        (FieldState::Found, Some(Origin::Person)) => valued && named,
        (FieldState::NotApplicable, Some(Origin::Person)) => {
            named && ["data_residency", "systems"].contains(&key) && brief.reason.as_deref() == Some("They have none")
        }
        (FieldState::UnknownByDesign, Some(Origin::Person)) => {
            let owned = brief.owner.as_deref() == Some("Tom Reed") && brief.due.as_deref() >= Some(today.as_str());
            named && ["data_residency", "sponsor"].contains(&key) && owned
        }
        _ => false,
    }
}

#[derive(Debug, Default)]
struct Census {
    complete: u32,
    by_answer: u32,
    without_value: u32,
    reopened: u32,
    returned: u32,
}

#[test]
fn nothing_is_complete_with_a_required_field_unsettled() {
    let census = RefCell::new(Census::default());
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    if let Err(failure) = runner.run(&plans(), |plan| try_one(&plan, &census)) {
        panic!("{failure}");
    }
    let census = census.into_inner();
    println!("{census:?}");
    assert!(census.complete >= 100 && census.by_answer >= 100, "{census:?}");
    assert!(census.without_value >= 5 && census.reopened >= 100 && census.returned >= 100, "{census:?}");
}

fn differing(one: &Brief, other: &Brief) -> String {
    let pairs = one.fields.iter().zip(other.fields.iter()).filter(|(one, other)| one != other);
    let fields: Vec<String> = pairs.map(|(one, other)| format!("{one:#?}\n{other:#?}")).collect();
    if fields.is_empty() { format!("{:#?}\n{:#?}", one.gaps, other.gaps) } else { fields.join("\n") }
}

fn try_one(plan: &Plan, census: &RefCell<Census>) -> Result<(), TestCaseError> {
    let desk = plan.desk();
    let now = after(plan.hours);
    let brief = desk.brief(now);
    let complete = is_complete(&brief);
    for key in required(&brief).into_iter().filter(|_| complete) {
        let field = brief.fields.find(key).expect("a field");
        prop_assert!(is_proved(key, field, now), "{key} is not proved: {field:#?}");
    }
    let dismissed = plan.dismissals.iter().any(|(count, explained)| *explained && *count >= plan.unread);
    prop_assert!(!complete || plan.whole && (plan.unread == 0 || dismissed));
    prop_assert!(!complete || brief.fields.iter().all(|(_, field)| !field.returned), "something was sent back");
    let judged = gate::judge(&brief, &desk.route, now);
    prop_assert_eq!(judged.is_ok(), complete, "{:?}", judged);
    prop_assert_eq!(complete, plan.whole && !brief.gaps.iter().any(|gap| gap.blocking));

    let again = Desk { base: brief.clone(), ..desk.clone() }.brief(now);
    // A return weighs what the reading alone showed, which a brief in force does not tell apart any more.
    prop_assert!(again == brief || !plan.returns.is_empty(), "applied to itself: {}", differing(&again, &brief));
    let mut turned = desk.clone();
    turned.answers.reverse();
    if !turned.answers.is_empty() {
        let middle = plan.turn % turned.answers.len();
        turned.answers.rotate_left(middle);
    }
    turned.returns.reverse();
    turned.dismissals.reverse();
    let turned = turned.brief(now);
    prop_assert!(turned == brief, "in another order: {}", differing(&turned, &brief));
    for (key, read) in desk.base.fields.iter() {
        let shown = brief.fields.find(key).expect("a field");
        let all: Vec<&Json> = [&shown.value]
            .into_iter()
            .chain(shown.candidates.iter().map(|one| &one.value))
            .chain(shown.superseded.iter().map(|one| &one.value))
            .collect();
        let read = read.candidates.iter().map(|one| &one.value).chain([&read.value]);
        for value in read.filter(|value| !value.is_null()) {
            prop_assert!(all.contains(&value), "{key}: {value} was dropped from {shown:#?}");
        }
    }

    let mut census = census.borrow_mut();
    let any = |test: &dyn Fn(&FieldBrief) -> bool| u32::from(brief.fields.iter().any(|(_, field)| test(field)));
    census.complete += u32::from(complete);
    census.by_answer += any(&|field| complete && field.origin == Some(Origin::Person));
    census.without_value += any(&|field| complete && field.state.is_settled() && field.value.is_null());
    census.reopened += any(&|field| field.state == FieldState::Conflicting && field.by.is_some());
    census.returned += any(&|field| field.returned);
    Ok(())
}
