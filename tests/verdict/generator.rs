//! Invented routes and briefs, good and bad: every kind of field, condition
//! and rule, every state, and values that are right, empty, junk, loose or of
//! the wrong type, with and without somebody who stands for them. A plan says
//! in words what is wrong, so that the oracle need not look at the brief.

use baton::brief::{
    Brief, Engine, EngineKind, Evidence, FieldBrief, FieldState, Gap, Origin, RecordProperty, RouteVersion, Summary,
    Tier, Usage, Verdict,
};
use baton::conversation::MessageId;
use baton::route::{
    Allow, Asked, Expression, Field, Limits, Ordered, Owners, Requirement, Route, Rule, SaidBy, Trigger,
};
use baton::value::{Choice, Kind};
use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

pub const FIRST: &str = "enterprise";
pub const SECOND: &str = "pilot in Lisbon";

#[derive(Debug, Clone)]
pub struct Plan {
    pub fields: Vec<FieldPlan>,
    pub coverage: f64,
    pub unread: bool,
    /// What the brief claims about itself; never to be believed.
    pub claimed: Verdict,
    pub same_version: bool,
}

#[derive(Debug, Clone)]
pub struct FieldPlan {
    pub kind: Kind,
    pub list: bool,
    pub need: Need,
    pub rule: RulePlan,
    pub specific: bool,
    pub grows_stale: bool,
    pub allow: Allow,
    pub state: FieldState,
    pub worth: Worth,
    pub origin: Option<Origin>,
    pub evidence: Vec<(Words, Age)>,
    pub record: Record,
    pub by: By,
    pub own_age: Option<Age>,
    pub due: Due,
    pub owner: bool,
    pub explained: bool,
}

#[derive(Debug, Clone)]
pub enum Need {
    Optional,
    Always,
    When(Condition),
    /// A condition that cannot be evaluated at all.
    Broken,
}

/// Over other fields by place, taken modulo the number of fields.
#[derive(Debug, Clone)]
pub enum Condition {
    Is(usize),
    Both(usize, usize),
    Either(usize, usize),
}

#[derive(Debug, Clone)]
pub enum RulePlan {
    None,
    IsFirst,
    Never,
    Broken,
    DiffersFrom(usize),
}

/// What the value is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    First,
    Second,
    /// Right type, but nothing exact; kinds that have no such thing get a good value.
    Loose,
    Junk,
    /// A good item beside a junk one.
    HalfJunk,
    /// The field's own label.
    Echo,
    WrongType,
    WrongShape,
    Null,
    /// `[]` or a blank text.
    Empty,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    Verified,
    AuthorLine,
    Near,
    Blank,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    Fresh,
    Old,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record {
    None,
    Good,
    Junk,
    Blank,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Nobody,
    Blank,
    Named,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    None,
    Garbled,
    Past,
    Today,
    Future,
}

pub fn now() -> Timestamp {
    "2026-03-10T12:00:00Z".parse().expect("a time")
}

pub fn plans() -> impl Strategy<Value = Plan> {
    let coverage = prop_oneof![12 => Just(1.0), 1 => Just(0.99), 1 => Just(f64::NAN)];
    let claimed = prop_oneof![Just(Verdict::Complete), Just(Verdict::Incomplete), Just(Verdict::IncompleteRun)];
    let fields = vec(field_plans(), 1..6);
    (fields, coverage, prop::bool::weighted(0.06), claimed, prop::bool::weighted(0.97)).prop_map(
        |(fields, coverage, unread, claimed, same_version)| Plan { fields, coverage, unread, claimed, same_version },
    )
}

fn field_plans() -> impl Strategy<Value = FieldPlan> {
    let schema = (
        kinds(),
        prop::bool::weighted(0.2),
        needs(),
        rules(),
        any::<bool>(),
        prop::bool::weighted(0.3),
        any::<(bool, bool)>(),
    );
    let value = (states(), worths(), origins(), vec((words(), ages()), 0..3));
    let persons = (
        records(),
        bys(),
        prop::option::weighted(0.3, ages()),
        dues(),
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.8),
    );
    (schema, value, persons).prop_map(
        |(
            (kind, list, need, rule, specific, grows_stale, (not_applicable, unknown)),
            (state, worth, origin, evidence),
            (record, by, own_age, due, owner, explained),
        )| FieldPlan {
            kind,
            list,
            need,
            rule,
            specific,
            grows_stale,
            allow: Allow { not_applicable, unknown },
            state,
            worth,
            origin,
            evidence,
            record,
            by,
            own_age: own_age.filter(|age| *age != Age::Unknown),
            due,
            owner,
            explained,
        },
    )
}

fn kinds() -> impl Strategy<Value = Kind> {
    let choice = |id: &str| Choice { id: id.to_string(), aliases: Vec::new() };
    prop_oneof![
        3 => Just(Kind::Text),
        1 => Just(Kind::LongText),
        2 => Just(Kind::Date),
        1 => Just(Kind::DateTime),
        1 => Just(Kind::Duration),
        1 => Just(Kind::Money),
        1 => Just(Kind::Number),
        1 => Just(Kind::Email),
        1 => Just(Kind::Phone),
        1 => Just(Kind::Url),
        1 => Just(Kind::Person),
        1 => Just(Kind::Team),
        3 => Just(Kind::Enum(vec![choice(FIRST), choice(SECOND), choice("none")])),
        2 => Just(Kind::Bool),
    ]
}

fn needs() -> impl Strategy<Value = Need> {
    let condition = prop_oneof![
        3 => any::<usize>().prop_map(Condition::Is),
        1 => any::<(usize, usize)>().prop_map(|(a, b)| Condition::Both(a, b)),
        1 => any::<(usize, usize)>().prop_map(|(a, b)| Condition::Either(a, b)),
    ];
    prop_oneof![2 => Just(Need::Optional), 5 => Just(Need::Always), 4 => condition.prop_map(Need::When), 1 => Just(Need::Broken)]
}

fn rules() -> impl Strategy<Value = RulePlan> {
    prop_oneof![
        14 => Just(RulePlan::None),
        2 => Just(RulePlan::IsFirst),
        1 => Just(RulePlan::Never),
        1 => Just(RulePlan::Broken),
        4 => any::<usize>().prop_map(RulePlan::DiffersFrom),
    ]
}

fn states() -> impl Strategy<Value = FieldState> {
    prop_oneof![
        30 => Just(FieldState::Found),
        2 => Just(FieldState::Missing),
        1 => Just(FieldState::Vague),
        1 => Just(FieldState::Conflicting),
        1 => Just(FieldState::Invalid),
        1 => Just(FieldState::Stale),
        1 => Just(FieldState::Unconfirmed),
        3 => Just(FieldState::NotApplicable),
        3 => Just(FieldState::UnknownByDesign),
    ]
}

fn worths() -> impl Strategy<Value = Worth> {
    prop_oneof![
        24 => Just(Worth::First),
        8 => Just(Worth::Second),
        6 => Just(Worth::Loose),
        1 => Just(Worth::Junk),
        1 => Just(Worth::HalfJunk),
        1 => Just(Worth::Echo),
        1 => Just(Worth::WrongType),
        1 => Just(Worth::WrongShape),
        1 => Just(Worth::Null),
        1 => Just(Worth::Empty),
    ]
}

fn origins() -> impl Strategy<Value = Option<Origin>> {
    prop_oneof![12 => Just(Some(Origin::Source)), 6 => Just(Some(Origin::Crm)), 6 => Just(Some(Origin::Person)), 1 => Just(None)]
}

fn words() -> impl Strategy<Value = Words> {
    prop_oneof![16 => Just(Words::Verified), 2 => Just(Words::AuthorLine), 1 => Just(Words::Near), 1 => Just(Words::Blank)]
}

fn ages() -> impl Strategy<Value = Age> {
    prop_oneof![8 => Just(Age::Fresh), 1 => Just(Age::Old), 1 => Just(Age::Unknown)]
}

fn records() -> impl Strategy<Value = Record> {
    prop_oneof![14 => Just(Record::Good), 1 => Just(Record::Junk), 1 => Just(Record::Blank), 1 => Just(Record::None)]
}

fn bys() -> impl Strategy<Value = By> {
    prop_oneof![14 => Just(By::Named), 1 => Just(By::Blank), 1 => Just(By::Nobody)]
}

fn dues() -> impl Strategy<Value = Due> {
    prop_oneof![4 => Just(Due::Future), 1 => Just(Due::Today), 1 => Just(Due::Past), 1 => Just(Due::Garbled), 1 => Just(Due::None)]
}

impl Plan {
    pub fn key(place: usize) -> String {
        format!("f{place}")
    }

    /// The field that a condition or rule means, if it is one whose values can be compared.
    pub fn compared(&self, place: usize) -> Option<usize> {
        let able: Vec<usize> = (0..self.fields.len()).filter(|place| self.fields[*place].is_comparable()).collect();
        (!able.is_empty()).then(|| able[place % able.len()])
    }

    pub fn route(&self) -> Route {
        let team = |name: &str| name.to_string();
        Route {
            id: "invented".to_string(),
            version: 3,
            title: "Invented".to_string(),
            from_team: team("sales"),
            to_team: team("onboarding"),
            trigger: Trigger::default(),
            owners: Owners { next_action: Asked::Receiver, failure: None },
            limits: Limits::default(),
            fields: (0..self.fields.len()).map(|place| self.field(place)).collect(),
            cues: Default::default(),
            kept: Default::default(),
            retention: Default::default(),
            redact: Vec::new(),
            on_transfer: Vec::new(),
        }
    }

    fn field(&self, place: usize) -> Field {
        let plan = &self.fields[place];
        Field {
            key: Plan::key(place),
            label: format!("Label {place}"),
            description: format!("What {place} is for"),
            question: "What is it?".to_string(),
            kind: plan.kind.clone(),
            list: plan.list,
            required: match &plan.need {
                Need::Optional => Requirement::Optional,
                Need::Always => Requirement::Always,
                Need::Broken => Requirement::When(expression("1 / 0 == 1")),
                Need::When(condition) => Requirement::When(expression(&self.condition(condition))),
            },
            rules: self.rule(place),
            specific: plan.specific,
            said_by: SaidBy::Any,
            stale_after: plan.grows_stale.then(|| SignedDuration::from_hours(30 * 24)),
            allow: plan.allow,
            ask: [Asked::Sender, Asked::Receiver, Asked::Owner, Asked::Address("ops@acme.example".into())][place % 4]
                .clone(),
            cues: Vec::new(),
            map: Vec::new(),
        }
    }

    fn condition(&self, condition: &Condition) -> String {
        let is = |place: usize| match self.compared(place) {
            None => "1 == 1".to_string(),
            Some(place) => format!("{} == {}", Plan::key(place), self.fields[place].literal()),
        };
        match condition {
            Condition::Is(place) => is(*place),
            Condition::Both(one, other) => format!("{} && {}", is(*one), is(*other)),
            Condition::Either(one, other) => format!("{} || {}", is(*one), is(*other)),
        }
    }

    fn rule(&self, place: usize) -> Vec<Rule> {
        let plan = &self.fields[place];
        let text = match plan.rule {
            RulePlan::None => return Vec::new(),
            RulePlan::Never => "1 == 2".to_string(),
            RulePlan::Broken => "1 / 0 == 1".to_string(),
            RulePlan::IsFirst if plan.is_comparable() => format!("value == {}", plan.literal()),
            RulePlan::IsFirst => return Vec::new(),
            RulePlan::DiffersFrom(other) => match self.differs_from(place, other) {
                Some(other) => format!("value != {}", Plan::key(other)),
                None => return Vec::new(),
            },
        };
        vec![Rule { assert: expression(&text), message: format!("Label {place} breaks its rule") }]
    }

    /// Two fields of the same JSON type that a rule may compare.
    pub fn differs_from(&self, place: usize, other: usize) -> Option<usize> {
        let other = self.compared(other)?;
        let same_type = (self.fields[place].kind == Kind::Bool) == (self.fields[other].kind == Kind::Bool);
        (other != place && self.fields[place].is_comparable() && same_type).then_some(other)
    }

    pub fn brief(&self, route: &Route) -> Brief {
        let fields = (0..self.fields.len()).map(|place| (Plan::key(place), self.fields[place].brief(place))).collect();
        Brief {
            route: RouteVersion { id: route.id.clone(), version: if self.same_version { route.version } else { 2 } },
            engine: Engine { kind: EngineKind::Extractive, model: None, prompt: None, degraded: false },
            verdict: self.claimed,
            coverage: self.coverage,
            fields: Ordered(fields),
            gaps: Vec::<Gap>::new(),
            summary: Summary::default(),
            warnings: Vec::new(),
            usage: Usage::default(),
        }
    }
}

fn expression(text: &str) -> Expression {
    Expression::compile(text).expect("an invented expression compiles")
}

impl FieldPlan {
    /// Conditions and rules compare single words and yes/no only.
    pub fn is_comparable(&self) -> bool {
        !self.list && matches!(self.kind, Kind::Text | Kind::LongText | Kind::Enum(_) | Kind::Bool)
    }

    fn literal(&self) -> String {
        if self.kind == Kind::Bool { "true".to_string() } else { format!("'{FIRST}'") }
    }

    fn brief(&self, place: usize) -> FieldBrief {
        let at = |age: Age| match age {
            Age::Fresh => Some(now() - SignedDuration::from_hours(24)),
            Age::Old => Some(now() - SignedDuration::from_hours(24 * 90)),
            Age::Unknown => None,
        };
        let evidence = |(words, age): &(Words, Age)| Evidence {
            source: "mail.eml".to_string(),
            message: MessageId(1),
            quote: if *words == Words::Blank { " ".to_string() } else { "the words that show it".to_string() },
            start: (*words != Words::AuthorLine).then_some(0),
            end: (*words != Words::AuthorLine).then_some(22),
            author: Some("Dana Whitfield".to_string()),
            at: at(*age),
            tier: match words {
                Words::Verified | Words::Blank => Tier::Exact,
                Words::AuthorLine => Tier::Author,
                Words::Near => Tier::Near,
            },
        };
        let record = |property: &str, raw: &str| RecordProperty {
            source: "known".to_string(),
            property: property.to_string(),
            raw: raw.to_string(),
        };
        FieldBrief {
            state: self.state,
            value: self.value(place),
            origin: self.origin,
            evidence: self.evidence.iter().map(evidence).collect(),
            record: match self.record {
                Record::None => None,
                Record::Good => Some(record("property", "as it stands in the record")),
                Record::Junk => Some(record("property", "TBD")),
                Record::Blank => Some(record("", "as it stands in the record")),
            },
            by: match self.by {
                By::Nobody => None,
                By::Blank => Some(" ".to_string()),
                By::Named => Some("Marcus Lee".to_string()),
            },
            reason: self.explained.then(|| "Out of scope for this customer".to_string()),
            at: self.own_age.and_then(at),
            due: match self.due {
                Due::None => None,
                Due::Garbled => Some("next week".to_string()),
                Due::Past => Some("2026-03-09".to_string()),
                Due::Today => Some("2026-03-10".to_string()),
                Due::Future => Some("2026-04-01".to_string()),
            },
            owner: self.owner.then(|| "marcus@acme.example".to_string()),
            ..FieldBrief::default()
        }
    }

    fn value(&self, place: usize) -> Json {
        let many = |item: Json| if self.list { json!([item]) } else { item };
        match self.worth {
            Worth::First => many(self.good()[0].clone()),
            Worth::Second => many(self.good()[1].clone()),
            Worth::Loose => many(self.loose().unwrap_or_else(|| self.good()[0].clone())),
            Worth::Junk => many(json!("TBD")),
            Worth::HalfJunk if self.list => json!([self.good()[0], "TBD"]),
            Worth::HalfJunk => json!("n/a"),
            Worth::Echo => many(json!(format!("Label {place}"))),
            Worth::WrongType => many(json!({"unheard": "of"})),
            Worth::WrongShape if self.list => self.good()[0].clone(),
            Worth::WrongShape => json!([self.good()[0]]),
            Worth::Null => Json::Null,
            Worth::Empty if self.list => json!([]),
            Worth::Empty => json!("  "),
        }
    }

    fn good(&self) -> [Json; 2] {
        match &self.kind {
            Kind::Text | Kind::LongText | Kind::Enum(_) => [json!(FIRST), json!(SECOND)],
            Kind::Team => [json!("Support Team"), json!("Onboarding")],
            Kind::Date => [json!("2026-07-01"), json!("2026-08-15")],
            Kind::DateTime => [json!("2026-07-01T09:00:00Z"), json!("2026-08-15T09:00:00+02:00")],
            Kind::Duration => [json!("P30D"), json!("P12M")],
            Kind::Money => [json!({"amount": "86400", "currency": "USD"}), json!({"amount": "12", "currency": "EUR"})],
            Kind::Number => [json!({"number": "40", "unit": "GB"}), json!(12)],
            Kind::Email => [json!("dana@northwind.example"), json!("lee@northwind.example")],
            Kind::Phone => [json!("+14155550100"), json!("+442079460100")],
            Kind::Url => [json!("https://northwind.example/start"), json!("https://acme.example/")],
            Kind::Person => [json!("Dana Whitfield"), json!({"name": "Marcus Lee", "address": "marcus@acme.example"})],
            Kind::Bool => [json!(true), json!(false)],
        }
    }

    /// A value of the right type that no field that must be specific may hold.
    pub fn loose(&self) -> Option<Json> {
        match self.kind {
            Kind::Text | Kind::LongText => Some(json!("ASAP")),
            Kind::Date => Some(json!("2026-07")),
            Kind::Person => Some(json!("Dana")),
            _ => None,
        }
    }
}
