//! What holds for every sample handoff in `evals/cases`, as the sample handoffs of the repository show it.

use std::path::{Path, PathBuf};

use baton::brief::{Brief, Evidence};
use baton::conversation::Conversation;
use baton::intake::{self, Input, Options};
use baton::pipeline::{self, Outcome, Request};
use baton::route::{self, Route};

use crate::talk::check_evidence;

struct Sample {
    name: String,
    route: Route,
    files: Vec<PathBuf>,
    our_domains: Vec<String>,
}

/// The one line `key: value` of a case file; lists are written as `[a, b]`.
fn line<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':').map(str::trim))
}

fn samples() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("evals/cases");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let all: Vec<Sample> =
        folders.iter().filter(|folder| folder.join("case.yaml").is_file()).map(|path| sample(path)).collect();
    assert!(all.len() >= 16, "only {} samples", all.len());
    all
}

fn sample(folder: &Path) -> Sample {
    let text = std::fs::read_to_string(folder.join("case.yaml")).unwrap();
    let id = line(&text, "route").expect("a case names its route");
    let domains = line(&text, "our_domains").unwrap_or_default();
    let our_domains = domains.trim_matches(['[', ']']).split(',').map(|one| one.trim().to_owned()).collect();
    let (name, yaml) = route::shipped().iter().find(|(name, _)| name.trim_end_matches(".yaml") == id).unwrap();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder.join("context")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let route = route::load(name, yaml).unwrap();
    Sample { name: folder.file_name().unwrap().to_string_lossy().into_owned(), route, files, our_domains }
}

impl Sample {
    fn inputs(&self) -> Vec<Input> {
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        self.files
            .iter()
            .map(|path| Input { name: name(path), bytes: std::fs::read(path).unwrap(), kind: None, format: None })
            .collect()
    }

    fn run(&self, inputs: Vec<Input>) -> Outcome {
        let conversation = intake::read(inputs, &Options::of(&self.our_domains));
        let as_of = "2026-06-01T09:00:00Z".parse().unwrap();
        pipeline::run(Request { route: &self.route, conversation, known: &[], as_of })
    }
}

/// All evidence of a brief, wherever it stands.
fn all_evidence(brief: &Brief) -> Vec<Evidence> {
    let json = serde_json::to_value(brief).unwrap();
    let mut found = Vec::new();
    let mut open = vec![&json];
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::Object(entries) if entries.contains_key("tier") => {
                found.push(serde_json::from_value(value.clone()).unwrap());
            }
            serde_json::Value::Object(entries) => open.extend(entries.values()),
            serde_json::Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

/// State and value of every field are the same.
pub fn check_same_fields(left: &Brief, right: &Brief, name: &str) {
    for (key, old) in &left.fields.0 {
        let new = right.fields.find(key).unwrap();
        assert_eq!((&old.state, &old.value), (&new.state, &new.value), "{name}: {key}\n{old:?}\n{new:?}");
    }
    assert_eq!(left.verdict, right.verdict, "{name}");
}

#[test]
fn every_quote_of_every_sample_stands_where_it_is_said_to() {
    let mut seen = 0;
    for sample in samples() {
        let outcome = sample.run(sample.inputs());
        let all = all_evidence(&outcome.brief);
        assert!(!all.is_empty(), "{}", sample.name);
        check_evidence(&outcome.conversation, &all);
        seen += all.len();
    }
    assert!(seen > 400, "only {seen} quotes");
}

#[test]
fn what_returns_as_a_quote_never_counts_twice() {
    let mut repeated = 0;
    for sample in samples() {
        let Outcome { brief, conversation } = sample.run(sample.inputs());
        repeated += count_repeats(&conversation);
        for (key, field) in &brief.fields.0 {
            for evidence in &field.evidence {
                assert!(!stands_in_repeat(&conversation, evidence), "{}: {key}: {evidence:?}", sample.name);
            }
        }
    }
    assert!(repeated > 5, "only {repeated} repeated stretches in all samples");
}

fn count_repeats(conversation: &Conversation) -> usize {
    conversation.messages.iter().flat_map(|message| &message.segments).filter(|one| one.same_as.is_some()).count()
}

fn stands_in_repeat(conversation: &Conversation, evidence: &Evidence) -> bool {
    let Some(start) = evidence.start else { return false };
    let message = conversation.message(evidence.message).unwrap();
    message.segments.iter().any(|one| one.same_as.is_some() && one.start <= start && start < one.end)
}

#[test]
fn the_order_of_the_files_of_a_sample_does_not_matter() {
    let mut failures = Vec::new();
    for sample in samples() {
        let first = sample.run(sample.inputs());
        for turn in 1..sample.files.len() {
            let mut inputs = sample.inputs();
            inputs.rotate_left(turn);
            let turned = sample.run(inputs);
            for (key, old) in &first.brief.fields.0 {
                let new = turned.brief.fields.find(key).unwrap();
                if (&old.state, &old.value) != (&new.state, &new.value) {
                    failures.push(format!(
                        "{} rotated by {turn}: {key}: {:?} {} became {:?} {}",
                        sample.name, old.state, old.value, new.state, new.value
                    ));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for sample in samples() {
        let text = || {
            let mut brief = sample.run(sample.inputs()).brief;
            brief.usage.milliseconds = 0;
            serde_json::to_string(&brief).unwrap()
        };
        assert_eq!(text(), text(), "{}", sample.name);
    }
}

#[test]
fn a_found_value_always_has_its_support() {
    for sample in samples() {
        let brief = sample.run(sample.inputs()).brief;
        for (key, field) in &brief.fields.0 {
            let found = field.state == baton::brief::FieldState::Found;
            assert_eq!(found, !field.value.is_null(), "{}: {key}: {field:?}", sample.name);
            let shown = field.evidence.iter().any(|evidence| evidence.tier.is_verified()) || field.record.is_some();
            assert!(!found || shown, "{}: {key}: {field:?}", sample.name);
        }
    }
}
