//! A run: every case read and scored, the same under other conditions where
//! asked, then the mutants of the cases that passed; at the end all figures.

use std::collections::BTreeMap;
use std::time::Instant;

use super::cases::{Case, Mistake, family};
use super::engine::Engine;
use super::examine::examine;
use super::figures::{by_field, by_route, by_tag, measure};
use super::journal::Journal;
use super::mutation::{self, Mutant, Mutation};
use super::parallel::in_parallel;
use super::probes;
use super::result::{Agreement, BadCase, CaseResult, MutantResult, MutantResults, Results, RouteStamp, UnmadeMutant};
use crate::brief::{Brief, Verdict};
use crate::conversation::Conversation;
use crate::pipeline::Outcome;
use crate::route::{self, Ordered, Route};

/// Fewer counted mutants show nothing.
pub const LEAST_MUTANTS: usize = 100;

/// What a run does besides reading every case once.
pub struct Plan<'a> {
    pub engine: Engine<'a>,
    /// Threads that read.
    pub jobs: usize,
    /// How often each case is read; what differs is counted.
    pub repeat: u32,
    /// Reads each case with its sources in other orders too.
    pub reorder: bool,
    /// Reads each case with a commanding message too.
    pub inject: bool,
    pub mutate: Vec<Mutation>,
    pub journal: Option<&'a Journal>,
    /// Everything besides the case that decides its result: engine, model, prompt, program.
    pub stamp: String,
    /// Told of every step; called from several threads.
    pub watch: &'a (dyn Fn(Step) + Sync),
}

impl<'a> Plan<'a> {
    /// Every case once, one after the other, and nothing told on the way.
    pub fn of(engine: Engine<'a>) -> Self {
        Plan {
            engine,
            jobs: 1,
            repeat: 1,
            reorder: false,
            inject: false,
            mutate: Vec::new(),
            journal: None,
            stamp: String::new(),
            watch: &|_| {},
        }
    }
}

/// What a run tells while it goes.
pub enum Step<'a> {
    /// So many pieces come next.
    Begin(&'static str, usize),
    /// A piece is done; the note is for people.
    Done(&'a str, Option<&'a str>),
}

/// What a run gave, before figures are made of it.
struct Done {
    cases: Vec<CaseResult>,
    mutants: Option<(MutantResults, Vec<(Mutation, CaseResult)>)>,
}

/// Runs all cases. An error makes the whole run worthless: a reply that is not recorded, a journal that cannot be written.
pub fn run(cases: &[Case], mistakes: &[Mistake], plan: &Plan) -> Result<Results, String> {
    (plan.watch)(Step::Begin("handoffs", cases.len()));
    let mut done = Done { cases: in_parallel(plan.jobs, cases, |case| plan.read(case))?, mutants: None };
    probes::judge_twins(&mut done.cases);
    if !plan.mutate.is_empty() {
        done.mutants = Some(plan.read_mutants(cases, &done.cases)?);
    }
    Ok(assemble(cases, mistakes, plan, done))
}

impl Plan<'_> {
    /// One case, with its probes; out of the journal if it stands there.
    fn read(&self, case: &Case) -> Result<CaseResult, String> {
        let key = self.key(&[&case.fingerprint(), "case", &format!("{:?}", (self.repeat, self.reorder, self.inject))]);
        self.journaled(&key, || {
            let begun = Instant::now();
            let conversation = case.conversation();
            let intake = begun.elapsed();
            let outcome = self.judged(case, conversation)?;
            let mut result = examine(case, &outcome);
            result.usage.milliseconds += intake.as_millis() as u64;
            self.probe(case, &outcome, &mut result)?;
            Ok((result, note(&outcome.brief)))
        })
    }

    fn judged(&self, case: &Case, conversation: Conversation) -> Result<Outcome, String> {
        self.engine.read(case.request(conversation)).map_err(|problem| format!("{}: {problem}", case.id))
    }

    fn probe(&self, case: &Case, first: &Outcome, result: &mut CaseResult) -> Result<(), String> {
        if self.repeat > 1 {
            let mut agreement = Agreement::default();
            for _ in 1..self.repeat {
                let again = self.judged(case, first.conversation.clone())?;
                probes::agree(&first.brief, &again.brief, &mut agreement);
            }
            result.repeated = Some(agreement);
        }
        if self.reorder && case.sources.len() > 1 {
            let mut agreement = Agreement::default();
            for seed in 0..probes::ORDERS {
                let other = probes::reordered(case, seed);
                let again = self.judged(&other, other.conversation())?;
                probes::agree(&first.brief, &again.brief, &mut agreement);
            }
            result.reordered = Some(agreement);
        }
        if self.inject {
            let bait = probes::bait(case, &first.conversation, &first.brief);
            let poisoned = self.judged(&bait.case, bait.case.conversation())?;
            result.injection = Some(bait.judge(&first.brief, &poisoned.brief));
        }
        Ok(())
    }

    /// The mutants of all complete cases; only those whose original passed are read.
    fn read_mutants(
        &self,
        cases: &[Case],
        results: &[CaseResult],
    ) -> Result<(MutantResults, Vec<(Mutation, CaseResult)>), String> {
        let complete: Vec<(&Case, bool)> = cases
            .iter()
            .zip(results)
            .filter(|(case, _)| case.expected.verdict == Verdict::Complete)
            .map(|(case, result)| (case, result.got == Verdict::Complete))
            .collect();
        (self.watch)(Step::Begin("handoffs to break", complete.len()));
        let made = in_parallel(self.jobs, &complete, |(case, _)| {
            let made = mutation::make(case, &self.mutate);
            (self.watch)(Step::Done(&case.id, None));
            Ok::<_, String>(made)
        })?;
        let mut all = MutantResults::default();
        let mut counted: Vec<(&Case, Mutant)> = Vec::new();
        for ((case, passes), (mutants, unmade)) in complete.into_iter().zip(made) {
            all.made += mutants.len();
            all.unmade.extend(unmade.into_iter().map(|one| UnmadeMutant {
                original: case.id.clone(),
                mutation: one.mutation.name().to_owned(),
                field: one.field,
                reason: one.reason,
            }));
            if passes {
                counted.extend(mutants.into_iter().map(|mutant| (case, mutant)));
            }
        }
        (self.watch)(Step::Begin("mutants", counted.len()));
        let read = in_parallel(self.jobs, &counted, |(case, mutant)| self.read_mutant(case, mutant))?;
        all.counted = counted.len();
        all.shown = all.counted >= LEAST_MUTANTS;
        let mut scored = Vec::with_capacity(read.len());
        for ((case, mutant), result) in counted.into_iter().zip(read) {
            all.all.push(MutantResult {
                id: mutant.id,
                original: case.id.clone(),
                mutation: mutant.mutation.name().to_owned(),
                field: mutant.field,
                got: result.got,
                gaps: result.gaps.clone(),
                case: result.is_false_pass().then(|| Box::new(result.clone())),
            });
            scored.push((mutant.mutation, result));
        }
        Ok((all, scored))
    }

    fn read_mutant(&self, original: &Case, mutant: &Mutant) -> Result<CaseResult, String> {
        let words = serde_json::to_string(&mutant.conversation).map_err(|error| error.to_string())?;
        let key = self.key(&[&mutant.case.fingerprint(), "mutant", &mutant.id, &words]);
        self.journaled(&key, || {
            let outcome = self.judged(&mutant.case, mutant.conversation.clone())?;
            let mut result = examine(&mutant.case, &outcome);
            result.id.clone_from(&mutant.id);
            // Mutants of one family fail together, as their originals do.
            result.family = family(&original.id).to_owned();
            Ok((result, note(&outcome.brief)))
        })
    }

    fn journaled(
        &self,
        key: &str,
        read: impl FnOnce() -> Result<(CaseResult, Option<String>), String>,
    ) -> Result<CaseResult, String> {
        if let Some(result) = self.journal.and_then(|journal| journal.find(key)) {
            (self.watch)(Step::Done(&result.id, None));
            return Ok(result);
        }
        let (result, note) = read()?;
        // What a network kept from being read is read again when the run goes on.
        let is_whole = !result.degraded && result.coverage >= 1.0;
        if let Some(journal) = self.journal.filter(|_| is_whole) {
            journal.keep(key, &result).map_err(|error| format!("the journal cannot be written: {error}"))?;
        }
        (self.watch)(Step::Done(&result.id, note.as_deref()));
        Ok(result)
    }

    fn key(&self, parts: &[&str]) -> String {
        hash(&[&[self.stamp.as_str()], parts].concat())
    }
}

fn hash(parts: &[&str]) -> String {
    use sha2::Digest;
    let mut hasher = sha2::Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// That rules had to read instead of the model is told.
fn note(brief: &Brief) -> Option<String> {
    let why = || brief.warnings.last().map(|warning| warning.message.clone()).unwrap_or_default();
    brief.engine.degraded.then(why)
}

fn assemble(cases: &[Case], mistakes: &[Mistake], plan: &Plan, done: Done) -> Results {
    let scored: Vec<&CaseResult> = done.cases.iter().collect();
    let mut results = Results {
        commit: option_env!("BATON_COMMIT").filter(|commit| !commit.is_empty()).map(str::to_owned),
        baton: env!("CARGO_PKG_VERSION").to_owned(),
        engine: plan.engine.name().to_owned(),
        model: plan.engine.model(),
        prompt: plan.engine.prompt(),
        routes: stamps(cases),
        metrics: measure(&scored),
        by_route: by_route(&scored),
        by_tag: by_tag(&scored),
        by_field: by_field(&scored),
        mistakes: mistakes.iter().map(BadCase::from).collect(),
        ..Results::default()
    };
    if let Some((mutants, scored)) = done.mutants {
        let of = |kind: Option<Mutation>| -> Vec<&CaseResult> {
            scored.iter().filter(|(other, _)| kind.is_none_or(|kind| kind == *other)).map(|(_, case)| case).collect()
        };
        let mut all = vec![("all".to_owned(), measure(&of(None)))];
        all.extend(plan.mutate.iter().map(|kind| (kind.name().to_owned(), measure(&of(Some(*kind))))));
        results.mutations = Ordered(all);
        results.mutants = Some(mutants);
    }
    results.cases = done.cases;
    results
}

/// Each route with its version and fingerprint; a second route of one id is told apart by its fingerprint.
fn stamps(cases: &[Case]) -> BTreeMap<String, RouteStamp> {
    let mut stamps: BTreeMap<String, RouteStamp> = BTreeMap::new();
    for case in cases {
        let stamp = stamp(&case.route);
        let other = stamps.get(&case.route.id).is_some_and(|known| *known != stamp);
        let key = if other { format!("{}#{}", case.route.id, stamp.fingerprint) } else { case.route.id.clone() };
        stamps.insert(key, stamp);
    }
    stamps
}

fn stamp(route: &Route) -> RouteStamp {
    let fingerprint = hash(&[&route::to_json(route).to_string()]).chars().take(12).collect();
    RouteStamp { version: route.version, fingerprint }
}
