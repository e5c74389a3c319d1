//! Readers made by code out of what the samples expect, judged by the whole
//! pipeline: the perfect one must pass wherever the sample is complete, and no
//! lie may bring a brief through the gate. Run with
//! `cargo test --test readers -- --nocapture` to see the counts by kind.

mod mistakes;
mod prose;

use std::path::{Path, PathBuf};

use baton::brief::{Brief, Engine, EngineKind, FieldBrief, FieldState, Usage};
use baton::conversation::Conversation;
use baton::eval::{Case, Expectation, LieKind, Outcome, Stage, load, score};
use baton::extraction::Scene;
use baton::grounding::{Grounder, Index, Standing};
use baton::intake;
use baton::llm::Answer;
use baton::pipeline::{self, Reading, Rules};

/// Different lies of each kind about each field.
const VARIANTS: u64 = 8;

/// The samples that Baton meets.
const FOLDERS: [&str; 1] = ["evals/cases"];

fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for folder in folders() {
        let (cases, mistakes) = load(&folder);
        assert!(mistakes.is_empty(), "{mistakes:#?}");
        all.extend(cases);
    }
    assert!(std::env::var_os(OTHER).is_some() || all.len() >= 40, "only {} sample handoffs", all.len());
    all
}

/// Names another folder of samples, to look at new ones before they are kept.
const OTHER: &str = "BATON_READERS";

fn folders() -> Vec<PathBuf> {
    match std::env::var_os(OTHER) {
        Some(folder) => vec![PathBuf::from(folder)],
        None => FOLDERS.iter().map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).collect(),
    }
}

fn reading(answer: &Answer) -> Reading {
    Reading {
        told: answer.told(),
        engine: Engine { kind: EngineKind::Llm, model: Some("generated".to_owned()), prompt: None, degraded: false },
        coverage: 1.0,
        warnings: Vec::new(),
        rules: Rules::Beside,
        left_out: Default::default(),
        usage: Usage::default(),
    }
}

fn judged(case: &Case, conversation: &Conversation, answer: &Answer) -> Brief {
    pipeline::run_with(case.request(conversation.clone()), &reading(answer)).brief
}

#[test]
fn perfect_reader_is_never_held_up_and_never_waved_through() {
    let (mut right, mut stated, mut untrue, mut wrongly_judged) = (0, 0, 0, Vec::new());
    for case in &cases() {
        let conversation = case.conversation();
        let participants = intake::participants(&conversation);
        let stage = Stage::new(case, &conversation, &participants);
        let perfect = stage.perfect();
        let brief = judged(case, &conversation, &perfect.answer);
        let scored = score(case, &brief);
        println!(
            "\n{}: expected {:?}, got {:?}, unplaced {:?}",
            case.id, scored.expected, scored.got, perfect.unplaced
        );
        for (key, outcome) in &scored.fields {
            if !matches!(outcome, Outcome::Right | Outcome::LeftEmpty | Outcome::StateRight) {
                let told: Vec<_> = perfect
                    .answer
                    .records
                    .iter()
                    .filter(|record| record.key == *key)
                    .map(|record| (&record.evidence, &record.raw_value, &record.value))
                    .collect();
                println!(
                    "  {outcome:?} {key}: told {told:?}\n      got {}",
                    brief.fields.find(key).map(describe).unwrap_or_default()
                );
            }
        }
        println!("  gaps not wanted {:?}\n  gaps not told {:?}", scored.gaps_extra, scored.gaps_missing);
        let count = |wanted: &[Outcome]| scored.fields.iter().filter(|(_, outcome)| wanted.contains(outcome)).count();
        right += count(&[Outcome::Right]);
        untrue += count(&[Outcome::Wrong, Outcome::Filled, Outcome::StateFilled]);
        stated += count(&[Outcome::Right, Outcome::Wrong, Outcome::Missed]);
        if scored.is_false_pass() || scored.is_false_block() {
            wrongly_judged.push(scored.id);
        }
    }
    println!(
        "
perfect reader: {right} of {stated} stated values right, {untrue} untrue"
    );
    assert_eq!(untrue, 0, "nothing but the truth was told");
    assert!(right * 100 >= stated * 95, "only {right} of {stated} true values stand");
    assert_eq!(wrongly_judged, Vec::<String>::new());
}

#[test]
fn lies_do_not_become_values() {
    let mut failures: Vec<String> = Vec::new();
    for kind in LieKind::ALL {
        let (mut told, mut believed, mut offered) = (0, 0, 0);
        for case in &cases() {
            let conversation = case.conversation();
            let participants = intake::participants(&conversation);
            let stage = Stage::new(case, &conversation, &participants);
            let honest = judged(case, &conversation, &stage.perfect().answer);
            for seed in 0..VARIANTS {
                let (answer, lies) = stage.lying(kind, seed);
                let brief = judged(case, &conversation, &answer);
                if lies.is_empty() {
                    break;
                }
                if score(case, &brief).is_false_pass() {
                    failures.push(format!("{kind:?} {seed}: {} passed", case.id));
                }
                for lie in &lies {
                    told += 1;
                    let is_found = |brief: &Brief| {
                        brief.fields.find(&lie.field).is_some_and(|field| field.state == FieldState::Found)
                    };
                    let is_offered = brief.fields.find(&lie.field).is_some_and(|field| !field.candidates.is_empty());
                    offered += usize::from(is_offered);
                    if is_found(&brief) && !is_found(&honest) {
                        believed += 1;
                        let got = brief.fields.find(&lie.field).map(describe).unwrap_or_default();
                        println!("  {kind:?} {seed} {} {}: {:?}\n     {got}", case.id, lie.field, lie.record);
                    }
                }
            }
        }
        println!(
            "{kind:?}: {told} told, {believed} believed ({:.2} %), {offered} offered to a person",
            100.0 * believed as f64 / told as f64
        );
        assert!(told > 100, "only {told} lies of {kind:?}");
        // True words with a true value in them, which belong to no field: what code cannot always know.
        let limit = if kind == LieKind::Unrelated { told / 20 } else { 0 };
        if believed > limit {
            failures.push(format!("{kind:?}: {believed} of {told} believed"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// What grounding itself refuses of a perfect reader's words, without the rules as a second reader.
#[test]
fn perfect_words_stand_by_themselves() {
    let (mut stated, mut stands) = (0, 0);
    for case in &cases() {
        let conversation = case.conversation();
        let participants = intake::participants(&conversation);
        let stage = Stage::new(case, &conversation, &participants);
        let perfect = stage.perfect();
        let scene = Scene::new(&conversation, &case.route, &participants);
        let index = Index::new(&conversation);
        let all = Grounder { index: &index, scene: &scene }.ground_all(&perfect.answer.told().claims);
        for record in perfect.answer.records.iter().filter(|record| record.status == "found") {
            let Some(Expectation::Found(_)) = case.gold(&record.key).map(|gold| &gold.expectation) else { continue };
            let at = case.route.fields.iter().position(|field| field.key == record.key);
            stated += 1;
            let holds = all.iter().any(|one| Some(one.field) == at && one.standing == Standing::Supported);
            stands += usize::from(holds);
            if !holds {
                let why: Vec<_> = all.iter().filter(|one| Some(one.field) == at).map(|one| &one.standing).collect();
                println!("  refused {} {}: {:?} {why:?}", case.id, record.key, record.evidence);
            }
        }
    }
    println!("perfect words alone: {stands} of {stated} stand");
    assert!(stands * 100 >= stated * 95, "only {stands} of {stated} true statements stand");
}

fn describe(got: &FieldBrief) -> String {
    let quote = |evidence: &[baton::brief::Evidence]| {
        evidence.first().map(|evidence| evidence.quote.clone()).unwrap_or_default()
    };
    let seen: Vec<String> = got
        .candidates
        .iter()
        .map(|candidate| format!("{} ({}: {})", candidate.value, candidate.reason, quote(&candidate.evidence)))
        .collect();
    format!("{:?} {} | {} | {:?} | {seen:?}", got.state, got.value, quote(&got.evidence), got.reason)
}
