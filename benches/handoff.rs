//! How long a handoff takes, step by step and whole: intake of the files,
//! extraction, grounding, verdict. The measured handoff is invented by
//! `generator`; one of "10,000 tokens" has 60 messages. See the figures with
//! `cargo bench`; memory is reported beside time.

mod generator;

use std::collections::BTreeMap;

use baton::brief::{Brief, FieldMap};
use baton::claim::Citation;
use baton::conversation::{Conversation, Message};
use baton::extraction::{Extract, Scene, extract};
use baton::gaps::{self, People, Subject};
use baton::grounding::{Grounded, Grounder, Index};
use baton::intake::{self, Input, Options};
use baton::pipeline::{self, Request};
use baton::resolution::resolve;
use baton::route::{self, Ordered, Route};
use baton::value::Participant;
use baton::{gate, verdict};
use divan::{Bencher, black_box};
use jiff::Timestamp;

#[global_allocator]
static ALLOCATOR: divan::AllocProfiler = divan::AllocProfiler::system();

/// The length of the handoff that the steps are measured on.
const TOKENS: usize = 10_000;
/// Quotes that are looked up at once.
const QUOTES: usize = 1_000;

fn main() {
    divan::main();
}

#[divan::bench]
fn intake_alone(bencher: Bencher) {
    let files = generator::handoff(TOKENS);
    bencher.with_inputs(|| files.clone()).bench_values(read);
}

#[divan::bench]
fn extraction(bencher: Bencher) {
    let stage = Stage::new();
    bencher.bench(|| {
        let scene = Scene::new(black_box(&stage.conversation), &stage.route, &stage.participants);
        extract(&scene)
    });
}

#[divan::bench]
fn grounding(bencher: Bencher) {
    let stage = Stage::new();
    let scene = stage.scene();
    let found = extract(&scene);
    bencher.bench(|| ground(&stage.conversation, &scene, black_box(&found)));
}

#[divan::bench]
fn grounding_1000_exact_quotes(bencher: Bencher) {
    bench_quotes(bencher, |words| words.join(" "));
}

/// In capitals, with hesitations and line breaks added: everything but the very bytes.
#[divan::bench]
fn grounding_1000_reformatted_quotes(bencher: Bencher) {
    bench_quotes(bencher, |words| words.join("\n  ").to_uppercase());
}

/// One word too many in the middle: looked for in the message, then in all others.
#[divan::bench]
fn grounding_1000_false_quotes(bencher: Bencher) {
    bench_quotes(bencher, |words| {
        let (head, tail) = words.split_at(words.len() / 2);
        format!("{} hardly {}", head.join(" "), tail.join(" "))
    });
}

#[divan::bench]
fn verdict_and_gate(bencher: Bencher) {
    let stage = Stage::new();
    let scene = stage.scene();
    let grounded = ground(&stage.conversation, &scene, &extract(&scene));
    let brief = pipeline::run(stage.request()).brief;
    let (route, now) = (&stage.route, as_of());
    bencher.bench(|| {
        let fields = verdict::settle(route, resolve_all(route, black_box(&grounded)), now);
        let (people, nearest) = (People::default(), BTreeMap::new());
        let subject = Subject { route, fields: &fields, unread: &[], people: &people, nearest: &nearest, now };
        let gaps = gaps::list(&subject);
        let verdict = verdict::verdict(route, &fields, 1.0, &[], now);
        (fields, gaps, verdict, gate::judge(black_box::<&Brief>(&brief), route, now))
    });
}

/// Files to brief, at four lengths: time must grow with length and no faster.
#[divan::bench(args = [1_000, 10_000, 100_000, 1_000_000], sample_size = 1, max_time = 15)]
fn whole(bencher: Bencher, tokens: usize) {
    let route = sales_route();
    let files = generator::handoff(tokens);
    bencher.with_inputs(|| files.clone()).bench_values(|files| {
        pipeline::run(Request { route: &route, conversation: read(files), known: &[], as_of: as_of() })
    });
}

/// A handoff that was read, and the route it is read for.
struct Stage {
    conversation: Conversation,
    participants: Vec<Participant>,
    route: Route,
}

impl Stage {
    fn new() -> Self {
        let conversation = read(generator::handoff(TOKENS));
        let participants = intake::participants(&conversation);
        Stage { conversation, participants, route: sales_route() }
    }

    fn scene(&self) -> Scene<'_> {
        Scene::new(&self.conversation, &self.route, &self.participants)
    }

    fn request(&self) -> Request<'_> {
        Request { route: &self.route, conversation: self.conversation.clone(), known: &[], as_of: as_of() }
    }
}

fn read(files: Vec<Input>) -> Conversation {
    intake::read(files, &Options::of(&["acme.example".to_owned()]))
}

fn sales_route() -> Route {
    let (name, text) = route::shipped()
        .iter()
        .find(|(name, _)| name.contains("sales-to-onboarding"))
        .expect("the route of the benchmark is shipped");
    route::load(name, text).expect("a shipped route loads")
}

fn as_of() -> Timestamp {
    "2026-03-03T12:00:00Z".parse().expect("a fixed time parses")
}

fn ground(conversation: &Conversation, scene: &Scene, found: &Extract) -> Vec<Grounded> {
    let index = Index::new(conversation);
    Grounder { index: &index, scene }.ground_all(&found.claims)
}

fn resolve_all(route: &Route, grounded: &[Grounded]) -> FieldMap {
    let resolved = route.fields.iter().enumerate().map(|(at, field)| {
        let own: Vec<&Grounded> = grounded.iter().filter(|one| one.field == at).collect();
        (field.key.clone(), resolve(field, &own, None))
    });
    Ordered(resolved.collect())
}

/// Looks quotes up as a model gives them: words of a message without their place, each made by `change` from a true one.
fn bench_quotes(bencher: Bencher, change: impl Fn(&[&str]) -> String) {
    let stage = Stage::new();
    let citations: Vec<Citation> = (0..QUOTES)
        .map(|number| {
            let message = &stage.conversation.messages[number % stage.conversation.messages.len()];
            Citation { message: message.id, quote: change(&words_of(message, number)), at: None }
        })
        .collect();
    bencher.bench(|| {
        let index = Index::new(black_box(&stage.conversation));
        citations.iter().filter(|citation| index.check(citation).is_some()).count()
    });
}

/// Eight to fifteen words of one line of a message, another stretch for each number.
fn words_of(message: &Message, number: usize) -> Vec<&str> {
    let line = message.text.lines().max_by_key(|line| line.len()).unwrap_or_default();
    let words: Vec<&str> = line.split(' ').collect();
    let wanted = (8 + number % 8).min(words.len());
    let from = number * 7 % (words.len() - wanted + 1);
    words[from..from + wanted].to_vec()
}
