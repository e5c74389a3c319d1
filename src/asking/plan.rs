//! What is to be done about one handoff now: whom to ask what, which question
//! is settled, who is reminded, who is told. A plan is made from what stands
//! alone, and making it twice does nothing twice.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::handed::{Undone, look_after};
use super::keeping::keep;
use super::outside::{Seen, view_of};
use super::people::{asked as asked_of, failure_owner, whom};
use super::replies::with_notes;
use super::timing::next;
use super::{About, Person, Purpose, Question, Quote, Request, RequestState, Rules};
use crate::brief::{Brief, Gap};
use crate::handoff::{EventKind, MODEL_UNAVAILABLE, Matter, Status};
use crate::route::Route;
use crate::wording::{says_no_value, value_text};

/// Everything a plan is made from.
#[derive(Debug)]
pub struct Scene<'a> {
    pub status: Status,
    pub reason: Option<&'a str>,
    /// What the last transfer left open by break-glass, as the handoff keeps it.
    pub debts: &'a [Json],
    pub matter: &'a Matter,
    pub brief: Option<&'a Brief>,
    pub route: &'a Route,
    pub our_domains: &'a [String],
    /// What those from outside who are asked have seen of the sources.
    pub seen: &'a Seen,
    /// All requests of the handoff, oldest first.
    pub requests: &'a [Request],
    /// Messages of these requests that have not left.
    pub unsent: &'a [Unsent],
    /// What the last transfer should have set off and did not.
    pub undone: &'a [Undone],
    /// Who settled what: a field's key, and the address or name of the one whose word counts.
    pub settled: &'a [(String, String)],
    pub rules: &'a Rules,
    pub now: Timestamp,
}

/// A message that has not left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsent {
    pub id: String,
    pub request: String,
    pub purpose: Purpose,
    pub next_at: Timestamp,
    /// How often it was tried and came back.
    pub attempts: u32,
    /// What it asks; none of a message from before this was written down.
    pub asks: Option<Vec<Point>>,
}

/// What one question of a message comes down to: the field's key, the words, and whether the handoff waits for it.
pub type Point = (String, String, bool);

/// A message to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Id of its request.
    pub request: String,
    pub about: About,
    pub purpose: Purpose,
    /// Nobody, when nobody is known; it then waits where people look.
    pub to: Option<Person>,
    /// Who was asked before, when somebody else is told.
    pub asked: Person,
    pub questions: Vec<Question>,
    /// The person got a message of the same request before.
    pub is_addition: bool,
    pub next_at: Timestamp,
}

impl Draft {
    /// What the message asks, to be compared with what is open when it leaves.
    pub fn points(&self) -> Vec<Point> {
        self.questions.iter().map(Question::point).collect()
    }
}

/// What is to be written down.
#[derive(Debug, Default, PartialEq)]
pub struct Plan {
    /// Requests that are new or changed, whole.
    pub requests: Vec<Request>,
    pub drafts: Vec<Draft>,
    /// Messages that need not leave any more.
    pub withdrawn: Vec<String>,
    /// For the log.
    pub told: Vec<(EventKind, Json)>,
    /// When to look again, if nothing happens before.
    pub look_at: Option<Timestamp>,
}

/// One request as it should stand.
pub(super) struct Wanted {
    pub about: About,
    pub person: Person,
    pub questions: Vec<Question>,
}

/// Makes the plan. `id` gives ids for new requests.
pub fn plan(scene: &Scene, id: &mut dyn FnMut() -> String) -> Plan {
    let mut plan = Plan::default();
    // While context waits to be read nobody knows what will be open.
    if scene.status == Status::Drafting {
        return plan;
    }
    let mut wanted = wanted(scene);
    for request in scene.requests.iter().filter(|request| request.state.is_open()) {
        let place = wanted.iter().position(|one| is_same(one, request));
        match place.map(|place| wanted.remove(place)) {
            None => close(scene, request, &mut plan),
            Some(one) => keep(scene, request, one, &mut plan),
        }
    }
    for one in wanted {
        ask(scene, one, id(), &mut plan);
    }
    // One that was on its way when its request was closed, and came back.
    let is_open = |id: &String| scene.requests.iter().any(|request| request.id == *id && request.state.is_open());
    let stale = scene.unsent.iter().filter(|letter| !is_open(&letter.request)).map(|letter| letter.id.clone());
    plan.withdrawn.extend(stale);
    plan
}

fn is_same(wanted: &Wanted, request: &Request) -> bool {
    wanted.about == request.about && wanted.person.key() == request.person.key()
}

/// Who should be asked what, from where the handoff stands.
fn wanted(scene: &Scene) -> Vec<Wanted> {
    let matter = scene.matter;
    let last = || failure_owner(matter).unwrap_or_default();
    let one = |about, person: Option<Person>| {
        let (about, person) = match person {
            Some(person) => (about, person),
            None => (About::Name, last()),
        };
        vec![Wanted { about, person, questions: Vec::new() }]
    };
    let mut all = match scene.status {
        // The rules alone have read: what they miss the model may find, and people are not asked in vain.
        Status::NeedsInput if scene.reason == Some(MODEL_UNAVAILABLE) => {
            vec![Wanted { about: About::Failure, person: last(), questions: Vec::new() }]
        }
        Status::NeedsInput => gaps(scene),
        Status::Transferred => one(About::Accept, super::resolve("receiver", matter)),
        Status::Returned => {
            let sender =
                scene.brief.and_then(|brief| sender(brief, scene)).or_else(|| super::resolve("sender", matter));
            one(About::Returned, sender)
        }
        Status::Failed => vec![Wanted { about: About::Failure, person: last(), questions: Vec::new() }],
        Status::Drafting | Status::Ready | Status::Accepted | Status::Cancelled => Vec::new(),
    };
    if !scene.undone.is_empty() {
        let questions = scene.undone.iter().map(look_after).collect();
        all.push(Wanted { about: About::Action, person: last(), questions });
    }
    all.into_iter().filter_map(|one| not_taken_back(scene, one)).collect()
}

fn sender(brief: &Brief, scene: &Scene) -> Option<Person> {
    let gap = brief.gaps.iter().find(|gap| gap.ask.role == "sender")?;
    whom(gap, brief, (scene.matter, scene.our_domains))
}

/// The gaps by the person who can close them, those that block first.
fn gaps(scene: &Scene) -> Vec<Wanted> {
    let Some(brief) = scene.brief else { return Vec::new() };
    let mut all: Vec<Wanted> = Vec::new();
    let whose = (scene.matter, scene.our_domains);
    let (blocking, optional): (Vec<&Gap>, Vec<&Gap>) = brief.gaps.iter().partition(|gap| gap.blocking);
    for gap in blocking.into_iter().chain(optional) {
        let (about, person) = asked_of(gap, brief, whose);
        let seen_by = (&person, scene.seen);
        let question = question(&view_of(gap, (brief, scene.route), seen_by, whose), scene.route);
        match all.iter_mut().find(|one| one.about == about && one.person.key() == person.key()) {
            Some(one) => one.questions.push(question),
            // Nobody is written to for what nothing depends on.
            None if gap.blocking => all.push(Wanted { about, person, questions: vec![question] }),
            None => {}
        }
    }
    all
}

/// The key of the question about a gap; none where no single answer closes it.
pub fn key_of(gap: &Gap) -> Option<String> {
    gap.field.clone().or_else(|| gap.source.as_deref().map(source_of))
}

/// The key of the question about a source that could not be read.
pub fn source_of(name: &str) -> String {
    format!("source:{name}")
}

fn question(gap: &Gap, route: &Route) -> Question {
    let field = gap.field.as_deref().and_then(|key| route.field(key));
    let said = gap.candidates.iter().filter(|one| !says_no_value(&one.reason));
    let choices = said.filter_map(|candidate| Some(value_text(field?, &candidate.value)));
    Question {
        key: key_of(gap).unwrap_or_else(|| "brief".to_owned()),
        label: field.map(|field| field.label.clone()).or_else(|| gap.source.clone()).unwrap_or_default(),
        question: gap.question.clone(),
        why: gap.why.clone(),
        blocking: gap.blocking,
        nearest: gap.nearest.as_ref().map(|nearest| Quote {
            text: nearest.quote.clone(),
            author: nearest.author.clone(),
            source: nearest.source.clone(),
        }),
        choices: choices.filter(|words| !words.is_empty()).take(5).collect(),
        note: None,
    }
}

/// What somebody took back is not asked of the same person again.
fn not_taken_back(scene: &Scene, mut one: Wanted) -> Option<Wanted> {
    let same = |request: &&Request| request.by_hand && is_same(&one, request);
    let back: Vec<&Request> = scene.requests.iter().filter(same).collect();
    if back.is_empty() {
        return Some(one);
    }
    let had_questions = !one.questions.is_empty();
    one.questions.retain(|question| {
        !back.iter().flat_map(|request| &request.questions).any(|old| {
            // The same field may be asked anew when something else is wrong with it.
            old.key == question.key && old.question == question.question
        })
    });
    (had_questions && one.questions.iter().any(|question| question.blocking)).then_some(one)
}

/// A request that does not exist yet.
fn ask(scene: &Scene, wanted: Wanted, id: String, plan: &mut Plan) {
    let release_at = scene.now + scene.rules.wait;
    let Wanted { about, person, questions } = wanted;
    let request = Request::new((id, about), person, questions, (scene.now, release_at));
    plan.drafts.push(draft(&request, Purpose::Ask, release_at));
    plan.told.push((EventKind::RequestMade, told(&request)));
    look(scene, &request, plan);
    plan.requests.push(request);
}

pub(super) fn draft(request: &Request, purpose: Purpose, next_at: Timestamp) -> Draft {
    Draft {
        request: request.id.clone(),
        about: request.about,
        purpose,
        to: Some(request.person.clone()).filter(Person::is_reachable),
        asked: request.person.clone(),
        questions: with_notes(&request.questions, request),
        is_addition: request.sent_at.is_some(),
        next_at,
    }
}

pub(super) fn told(request: &Request) -> Json {
    let keys: Vec<&str> = request.questions.iter().map(|question| question.key.as_str()).collect();
    json!({"request": request.id, "about": request.about, "person": request.person, "questions": keys})
}

/// A request that nothing is open of any more.
fn close(scene: &Scene, request: &Request, plan: &mut Plan) {
    let key = request.person.key().to_lowercase();
    let name = request.person.name.as_deref().unwrap_or_default().to_lowercase();
    let is_own = |who: &str| {
        let who = who.to_lowercase();
        !who.is_empty() && (who == key || who == name || (!key.is_empty() && who.contains(&format!("<{key}>"))))
    };
    let by_them = scene
        .settled
        .iter()
        .any(|(field, who)| is_own(who) && request.questions.iter().any(|question| question.key == *field));
    let is_done = matches!(request.about, About::Accept) && scene.status == Status::Accepted;
    let state = if by_them || is_done { RequestState::Answered } else { RequestState::Withdrawn };
    let kind = match state {
        RequestState::Answered => EventKind::RequestAnswered,
        _ => EventKind::RequestWithdrawn,
    };
    plan.withdrawn.extend(unsent(scene, request).map(|letter| letter.id.clone()));
    plan.told.push((kind, told(request)));
    plan.requests.push(Request { state, closed_at: Some(scene.now), nudged: false, ..request.clone() });
}

pub(super) fn unsent<'a>(scene: &'a Scene, request: &'a Request) -> impl Iterator<Item = &'a Unsent> {
    scene.unsent.iter().filter(|letter| letter.request == request.id)
}

pub(super) fn limit(scene: &Scene, about: About) -> Option<jiff::SignedDuration> {
    match about {
        About::Accept => scene.route.limits.accept,
        About::Fill | About::Name | About::Returned | About::Failure | About::Action => scene.route.limits.fill_gaps,
    }
}

/// Who is told that no answer came: on the receiver's side whoever acts next there, else the failure owner.
pub(super) fn escalates_to(scene: &Scene, about: About) -> Option<Person> {
    let next = scene.matter.duties.next_action.as_deref().filter(|word| about == About::Accept && word.contains('@'));
    next.and_then(|address| super::resolve(address, scene.matter)).or_else(|| failure_owner(scene.matter))
}

/// When the request is due again.
pub(super) fn look(scene: &Scene, request: &Request, plan: &mut Plan) {
    let Some((at, _)) = next(request, limit(scene, request.about), scene.rules) else { return };
    plan.look_at = Some(plan.look_at.map_or(at, |other| other.min(at)));
}
