//! `baton eval` as it is called: the gates of the repository hold and are real,
//! bad cases are named and do not stop the others, a stopped run goes on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use baton::eval::result::Results;
use serde_json::{Value as Json, json};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("evals").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn eval(here: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    command.arg("eval").args(arguments).current_dir(here).env_clear().output().unwrap()
}

/// Runs and expects a status.
fn check(here: &Path, arguments: &[&str], status: i32) -> (String, String) {
    let output = eval(here, arguments);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(status), "{arguments:?}\n{out}\n{err}");
    (out, err)
}

fn results(file: &Path) -> Results {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn the_gates_of_the_repository_hold() {
    let here = folder("gates");
    let file = here.join("now.json");
    let arguments = ["evals/cases", "--mutate", "all", "--probe", "all", "--baseline", "evals/baseline.json"];
    let (out, _) = check(root(), &[&arguments[..], &["--json", file.to_str().unwrap()]].concat(), 0);
    println!("{out}");
    let now = results(&file);
    assert!(now.gates.len() >= 12 && now.comparison.is_some() && now.mutants.is_some());
    let value = |name: &str| now.metrics.find(name).and_then(|metric| metric.value);
    assert_eq!((value("injection_success"), value("quote_validity")), (Some(0.0), Some(1.0)), "{out}");
    assert!(now.metrics.find("injection_success").unwrap().n >= 24);
    assert!(value("order_stability").unwrap() > 0.9);
    // What is written is read again as it was.
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(now.to_text().unwrap(), text);
    assert!(text.lines().filter(|line| line.starts_with("  {\"id\":")).count() >= now.cases.len());
}

/// The sample cases with their shipped routes changed in some lines.
fn damaged(name: &str, damage: impl Fn(&str) -> Option<String>) -> PathBuf {
    let here = folder(name);
    for entry in fs::read_dir(root().join("evals/cases")).unwrap() {
        let from = entry.unwrap().path();
        let to = here.join("cases").join(from.file_name().unwrap());
        fs::create_dir_all(to.join("context")).unwrap();
        for file in fs::read_dir(from.join("context")).unwrap() {
            let file = file.unwrap().path();
            fs::copy(&file, to.join("context").join(file.file_name().unwrap())).unwrap();
        }
        fs::copy(from.join("expected.yaml"), to.join("expected.yaml")).unwrap();
        let case = fs::read_to_string(from.join("case.yaml")).unwrap();
        let route = case.lines().find_map(|line| line.strip_prefix("route: ")).unwrap().trim();
        fs::write(to.join("case.yaml"), case.replace(&format!("route: {route}"), "route: route.yaml")).unwrap();
        let route = fs::read_to_string(root().join(format!("routes/{route}.yaml"))).unwrap();
        let lines: Vec<String> = route.lines().filter_map(&damage).collect();
        fs::write(to.join("route.yaml"), lines.join("\n")).unwrap();
    }
    here
}

#[test]
fn a_damaged_route_breaks_the_gates() {
    let gates = root().join("evals/gates.toml");
    let gates = gates.to_str().unwrap();
    // Left as it is, a copy of the routes passes.
    let whole = damaged("whole", |line| Some(line.to_owned()));
    check(&whole, &["cases", "--gates", gates], 0);
    // Without the routes' own cues finished handoffs are held up, whatever the words of the field in general tell.
    let deaf = damaged("deaf", |line| (!line.trim_start().starts_with("cues:")).then(|| line.to_owned()));
    let (out, _) = check(&deaf, &["cases", "--gates", gates], 4);
    assert!(out.contains("false_block_rate: ") && out.contains("allowed is at most 0.05"), "{out}");
    // With nothing required everything passes.
    let blind = damaged("blind", |line| {
        let key = line.trim_start();
        let requires = key.starts_with("required: true") || key.starts_with("required_when:");
        (!requires).then(|| line.replace("required: true", "required: false"))
    });
    let (out, _) = check(&blind, &["cases"], 4);
    assert!(out.contains("false_pass_rate: ") && out.contains("allowed is at most 0"), "{out}");
}

fn case(id: &str, words: &str) -> Json {
    json!({
        "id": id,
        "route": {"id": "a-to-b", "version": 2, "fields": [
            {"key": "go_live_date", "type": "date", "required": true, "cues": ["go live"]},
            {"key": "budget", "type": "money", "required": true, "cues": ["budget"]},
        ]},
        "as_of": "2026-03-03T12:00:00Z",
        "our_domains": ["acme.example"],
        "tags": ["tiny"],
        "sources": [{"type": "note", "filename": "note.txt", "text": words}],
        "expected": {
            "verdict": "incomplete",
            "fields": {"go_live_date": {"value": "2026-07-01", "evidence": ["live on July 1"]}, "budget": "absent"},
            "gaps": [{"field": "budget", "kind": "missing"}],
        },
    })
}

const WORDS: &str = "We go live on July 1, 2026.";

fn write_lines(file: &Path, lines: &[String]) {
    fs::write(file, lines.join("\n")).unwrap();
}

#[test]
fn bad_lines_are_named_and_the_others_are_run() {
    let here = folder("lines");
    let mut unknown = case("b-01", WORDS);
    unknown["colour"] = json!("blue");
    let mut wrong_route = case("c-01", WORDS);
    wrong_route["route"]["fields"][0]["type"] = json!("colour");
    let mut no_source = case("d-01", WORDS);
    no_source["sources"] = json!([{"filename": "a.txt"}]);
    let mut packed = case("e-01", "");
    packed["sources"] = json!([{"filename": "note.txt", "base64": "V2UgZ28gbGl2ZSBvbiBKdWx5IDEsIDIwMjYu"}]);
    let lines = [
        case("a-01", WORDS).to_string(),
        unknown.to_string(),
        "{\"id\": ".to_owned(),
        wrong_route.to_string(),
        String::new(),
        no_source.to_string(),
        packed.to_string(),
        case("a-01", WORDS).to_string(),
    ];
    write_lines(&here.join("cases.jsonl"), &lines);
    let (out, err) = check(&here, &["cases.jsonl", "--json", "out.json"], 1);
    for told in [
        "cases.jsonl:2: `colour` is no key here",
        "cases.jsonl:3: is no JSON: ",
        "cases.jsonl:4: the route cannot be used: ",
        "cases.jsonl:6: source 1 has exactly one of text and base64",
        "cases.jsonl:8: `a-01` is the id of another case too",
    ] {
        assert!(err.contains(told), "{told}\n{err}");
    }
    let results = results(&here.join("out.json"));
    let ids: Vec<&str> = results.cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids, ["a-01", "e-01"], "{out}");
    assert_eq!(results.mistakes.len(), 5, "{:?}", results.mistakes);
    assert_eq!(results.routes["a-to-b"].version, 2);
    assert_eq!(results.metrics.find("field_recall").unwrap().value, Some(1.0), "{out}");
    assert_eq!(results.metrics.find("gaps_exact_rate").unwrap().value, Some(1.0), "{out}");
    assert!(out.contains("5 mistakes in cases") && out.contains("0 of 2 (< 100.0 %)"), "{out}");
}

#[test]
fn cases_are_chosen_by_words_and_number() {
    let here = folder("chosen");
    let mut other = case("b-01", WORDS);
    other["tags"] = json!(["german"]);
    write_lines(&here.join("cases.jsonl"), &[case("a-01", WORDS).to_string(), other.to_string()]);
    let ran = |arguments: &[&str]| {
        check(&here, &[&["cases.jsonl", "--json", "out.json"], arguments].concat(), 0);
        results(&here.join("out.json")).cases.into_iter().map(|case| case.id).collect::<Vec<_>>()
    };
    assert_eq!(ran(&["--filter", "german"]), ["b-01"]);
    assert_eq!(ran(&["--filter", "a-0"]), ["a-01"]);
    assert_eq!(ran(&["--filter", "a-to-b"]), ["a-01", "b-01"]);
    assert_eq!(ran(&["--limit", "1"]), ["a-01"]);
    let (_, err) = check(&here, &["cases.jsonl", "--filter", "nothing like that"], 2);
    assert!(err.contains("no case is left"), "{err}");
    check(&here, &["cases.jsonl", "--repeat", "3", "--replay", "."], 2);
    check(&here, &["cases.jsonl", "--gates", "none.toml"], 2);
    fs::write(here.join("gates.toml"), "[gates]\nfield_recal = {min = 0.5}\n").unwrap();
    let (_, err) = check(&here, &["cases.jsonl", "--gates", "gates.toml"], 2);
    assert!(err.contains("`field_recal` is no metric"), "{err}");
}

#[test]
fn a_stopped_run_goes_on_where_it_was() {
    let here = folder("journal");
    let cases = |words: &str| [case("a-01", WORDS).to_string(), case("b-01", words).to_string()];
    write_lines(&here.join("cases.jsonl"), &cases(WORDS));
    let lines = || fs::read_to_string(here.join("run.journal")).unwrap().lines().count();
    let run = |status: i32| {
        let arguments = ["cases.jsonl", "--journal", "run.journal", "--json", "out.json"];
        check(&here, &arguments, status);
        lines()
    };
    assert_eq!(run(0), 2);
    assert_eq!(run(0), 2, "nothing is done again");
    // A stop in the middle of a line loses that line alone.
    let text = fs::read_to_string(here.join("run.journal")).unwrap();
    fs::write(here.join("run.journal"), &text[..text.len() - 40]).unwrap();
    assert_eq!(run(0), 3, "the cut line, ended, and the piece done again");
    assert_eq!(run(0), 3);
    // A changed case is another piece.
    write_lines(&here.join("cases.jsonl"), &cases("We go live on July 2, 2026."));
    assert_eq!(run(0), 4);
    let changed = results(&here.join("out.json"));
    assert_eq!(changed.metrics.find("wrong_value_rate").unwrap().value, Some(0.5), "the new words are read");
}

#[test]
fn a_run_is_compared_with_an_earlier_one() {
    let here = folder("baseline");
    let run = |words: &str, more: &[&str], status: i32| {
        let lines = [case("a-01", WORDS).to_string(), case("b-01", words).to_string()];
        write_lines(&here.join("cases.jsonl"), &lines);
        check(&here, &[&["cases.jsonl"], more].concat(), status).0
    };
    run(WORDS, &["--json", "before.json"], 0);
    let same = run(WORDS, &["--baseline", "before.json"], 0);
    assert!(same.contains("no handoff changed"), "{same}");
    fs::write(here.join("gates.toml"), "[drop]\nfield_recall = 0.1\n").unwrap();
    let worse = "Nothing is planned yet.";
    let out = run(worse, &["--baseline", "before.json", "--gates", "gates.toml", "--json", "now.json"], 4);
    assert!(out.contains("worse: b-01: go_live_date: missed, was right"), "{out}");
    assert!(out.contains("drop.field_recall: 50.0 % less (n 2), allowed is at most 0.1 worse"), "{out}");
    let comparison = results(&here.join("now.json")).comparison.unwrap();
    let recall = comparison.metrics.find("field_recall").unwrap();
    assert_eq!((recall.before, recall.now, recall.better), (Some(1.0), Some(0.5), Some(false)));
    assert_eq!((comparison.pairs.find("fields").unwrap().worse, comparison.worse.len()), (1, 1));
    let back = run(WORDS, &["--baseline", "now.json"], 0);
    assert!(back.contains("better: b-01: go_live_date: right, was missed"), "{back}");
}

#[test]
fn replies_are_read_again_and_a_missing_one_is_an_error() {
    let here = folder("replay");
    fs::write(here.join("prices.toml"), "[\"qwen2.5-coder-1.5b\"]\ninput = 1.0\noutput = 2.0\n").unwrap();
    write_lines(&here.join("cases.jsonl"), &[case("a-01", WORDS).to_string()]);
    let replies = root().join("evals/replies");
    let run = |path: &Path, more: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_baton"))
            .arg("eval")
            .arg(path)
            .args(["--engine", "both", "--json", "out.json", "--replay"])
            .arg(&replies)
            .args(more)
            .current_dir(&here)
            .env_clear()
            .envs([("BATON_MODEL__NAME", "qwen2.5-coder-1.5b"), ("BATON_MODEL__ANSWER_FORM", "fields")])
            .output()
            .unwrap()
    };
    let missing = run(Path::new("cases.jsonl"), &[]);
    let told = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert_eq!(missing.status.code(), Some(1), "{told}");
    assert!(told.contains("a-01: ") && told.contains("no reply is recorded"), "{told}");
    assert!(!here.join("out.json").exists(), "no figures of half a run");

    let recorded = fs::read_to_string(replies.join("fields.txt")).unwrap();
    let id = recorded.lines().next().unwrap().trim();
    let path = root().join("evals/cases").join(id);
    let replayed = run(&path, &["--prices", "prices.toml"]);
    assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stderr));
    let now = results(&here.join("out.json"));
    let value = |name: &str| now.metrics.find(name).and_then(|metric| metric.value).unwrap();
    let cost = (value("tokens_per_handoff") + 2.0 * value("answer_tokens_per_handoff")) / 1e6;
    assert!((value("cost_per_handoff") - cost).abs() < 1e-9 && cost > 0.0, "{cost}");
    assert_eq!((now.engine.as_str(), now.model.as_deref()), ("both", Some("qwen2.5-coder-1.5b")));
    assert!(now.prompt.is_some() && value("sent_ratio") > 1.0 && value("degraded_rate") == 0.0);
}

#[test]
fn json_alone_goes_to_standard_output() {
    let here = folder("standard");
    write_lines(&here.join("cases.jsonl"), &[case("a-01", WORDS).to_string()]);
    let (out, err) = check(&here, &["cases.jsonl", "--json", "-", "--failures", "--progress"], 0);
    let results: Results = serde_json::from_str(&out).unwrap();
    assert_eq!(results.cases.len(), 1);
    assert!(err.contains("false_pass_rate") && err.contains("1/1 a-01"), "{err}");
}
