//! One route with every kind of rule, a hand-made reading of it, and the
//! people who answer.

use baton::answers::{Answer, Given, Patch, Person, apply, check};
use baton::brief::{
    Brief, Engine, EngineKind, Evidence, FieldBrief, FieldState, RouteVersion, Summary, Usage, Verdict,
};
use baton::conversation::Unread;
use baton::gaps::{self, People, Subject};
use baton::route::{self, Ordered, Route};
use baton::verdict::{settle, verdict};
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::briefs;

const ROUTE: &str = "
id: sales-to-onboarding
version: 1
title: Sales to onboarding
from: {team: sales}
to: {team: onboarding}
fields:
  - {key: go_live_date, type: date, required: true, specific: true, rules: [{assert: 'value >= today', message: The go-live date is in the past}]}
  - {key: training_date, type: date, required: true, rules: [{assert: 'value <= go_live_date', message: Training is after the go-live}]}
  - {key: contract_type, type: enum, required: true, values: [{id: standard}, {id: enterprise}, {id: none, aliases: [n/a]}]}
  - {key: data_residency, type: text, required_when: \"contract_type == 'enterprise'\", allow: [not_applicable, unknown]}
  - {key: contract_value, type: money, required: true, specific: true, rules: [{assert: 'value.amount > 0', message: More than zero}]}
  - {key: systems, type: text, list: true, required: true, allow: [not_applicable]}
  - {key: sponsor, type: person, required: true, specific: true, allow: [unknown]}
  - {key: user_count, type: number, required: true, stale_after: 20d}
  - {key: sso, type: bool}
  - {key: notes, type: long_text}
";

pub fn test_route() -> Route {
    route::load("route.yaml", ROUTE).expect("a sound route")
}

/// Three values that each field takes on 3 March 2026, by key.
pub fn values(key: &str) -> [Json; 3] {
    match key {
        "go_live_date" => [json!("2026-07-01"), json!("2026-08-15"), json!("2026-09-30")],
        "training_date" => [json!("2026-06-01"), json!("2026-06-15"), json!("2026-08-01")],
        "contract_type" => [json!("standard"), json!("enterprise"), json!("none")],
        "contract_value" => [money("86400", "USD"), money("92000", "USD"), money("86400", "EUR")],
        "systems" => [json!(["SAP TM"]), json!(["SAP TM", "HubSpot"]), json!(["Jira"])],
        "sponsor" => [json!("Helen Ortiz"), json!("Tom Reed"), json!("Dana Whitfield")],
        "user_count" => [json!(45), json!(60), json!(400)],
        "sso" => [json!(true), json!(false), json!(true)],
        _ => [json!("Frankfurt region"), json!("Dublin region"), json!("Oslo region")],
    }
}

fn money(amount: &str, currency: &str) -> Json {
    json!({"amount": amount, "currency": currency})
}

pub fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// When the reading was made.
pub fn read_at() -> Timestamp {
    time("2026-03-03T12:00:00Z")
}

pub fn marcus() -> Person {
    Person { name: "Marcus Lee".into(), email: Some("marcus@acme.example".into()) }
}

pub fn quote(words: &str, at: Timestamp) -> Evidence {
    briefs::quote(words, Some(at))
}

pub fn found(value: Json) -> FieldBrief {
    let evidence = quote(&format!("that is {value}"), read_at());
    briefs::found(value, evidence)
}

pub fn recorded(value: Json) -> FieldBrief {
    let raw = value.to_string();
    briefs::recorded(value, ("deal.json", "p", &raw))
}

/// Values that were seen and do not stand.
pub fn seen(key: &str, state: FieldState, values: &[Json]) -> FieldBrief {
    let candidate =
        |value: &Json| briefs::candidate(key, value.clone(), vec![quote(&format!("perhaps {value}"), read_at())]);
    FieldBrief { state, candidates: values.iter().map(candidate).collect(), ..FieldBrief::default() }
}

/// Every field found as its first value.
pub fn full(route: &Route) -> Vec<(String, FieldBrief)> {
    route.fields.iter().map(|field| (field.key.clone(), found(values(&field.key)[0].clone()))).collect()
}

pub fn with(mut fields: Vec<(String, FieldBrief)>, key: &str, brief: FieldBrief) -> Vec<(String, FieldBrief)> {
    for (_, old) in fields.iter_mut().filter(|(other, _)| other == key) {
        *old = brief.clone();
    }
    fields
}

/// A reading as the pipeline leaves it: settled, judged, with its gaps.
pub fn reading(route: &Route, fields: Vec<(String, FieldBrief)>, unread: &[Unread], coverage: f64) -> Brief {
    let fields = settle(route, Ordered(fields), read_at());
    let (people, nearest) = (People::default(), Default::default());
    let subject = Subject { route, fields: &fields, unread, people: &people, nearest: &nearest, now: read_at() };
    let gaps = gaps::list(&subject);
    Brief {
        route: RouteVersion { id: route.id.clone(), version: route.version },
        engine: Engine { kind: EngineKind::Extractive, model: None, prompt: None, degraded: false },
        verdict: verdict(route, &fields, coverage, unread, read_at()),
        coverage,
        fields,
        gaps,
        summary: Summary::default(),
        warnings: Vec::new(),
        usage: Usage::default(),
    }
}

/// A handoff as it is kept: the reading, and what people said since.
#[derive(Clone)]
pub struct Desk {
    pub route: Route,
    pub base: Brief,
    pub answers: Vec<Answer>,
    pub dismissals: Vec<baton::answers::Dismissal>,
    pub returns: Vec<baton::answers::Return>,
}

impl Desk {
    pub fn new(route: Route, base: Brief) -> Self {
        Desk { route, base, answers: Vec::new(), dismissals: Vec::new(), returns: Vec::new() }
    }

    pub fn given(&self) -> Given<'_> {
        Given { answers: &self.answers, dismissals: &self.dismissals, returns: &self.returns }
    }

    pub fn brief(&self, now: Timestamp) -> Brief {
        apply(&self.base, &self.route, &self.given(), &People::default(), now)
    }

    /// Sends a request as Marcus, which must be taken.
    pub fn answer(&mut self, body: Json, at: Timestamp) {
        let patch = Patch::read(&body).expect("a sound body");
        let (answers, dismissals) = check(&patch, &self.brief(at), &self.route, &marcus(), at)
            .unwrap_or_else(|refusals| panic!("{refusals:#?}"));
        self.answers.extend(answers);
        self.dismissals.extend(dismissals);
    }

    /// Whether a request as Marcus was taken.
    pub fn try_answer(&mut self, body: Json, at: Timestamp) -> bool {
        let patch = Patch::read(&body).expect("a sound body");
        match check(&patch, &self.brief(at), &self.route, &marcus(), at) {
            Ok((answers, dismissals)) => {
                self.answers.extend(answers);
                self.dismissals.extend(dismissals);
                true
            }
            Err(_) => false,
        }
    }

    pub fn field(&self, key: &str, now: Timestamp) -> FieldBrief {
        self.brief(now).fields.find(key).cloned().unwrap_or_default()
    }
}

pub fn asked(brief: &Brief) -> Vec<&str> {
    let blocking = brief.gaps.iter().filter(|gap| gap.blocking);
    blocking.filter_map(|gap| gap.field.as_deref().or(gap.source.as_deref())).collect()
}

pub fn is_complete(brief: &Brief) -> bool {
    brief.verdict == Verdict::Complete
}
