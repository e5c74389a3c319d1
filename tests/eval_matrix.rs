//! `baton eval matrix` as it is called: several readers over the same cases,
//! a row that cannot be run beside those that can, and what a file of rows may
//! not say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use baton::eval::matrix::MatrixResults;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("eval-matrix").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs and expects a status.
fn check(here: &Path, arguments: &[&str], status: i32) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    let output = command.args(["eval", "matrix"]).args(arguments).current_dir(here).env_clear().output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(status), "{arguments:?}\n{out}\n{err}");
    (out, err)
}

fn results(file: &Path) -> MatrixResults {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn the_rows_of_the_repository_are_measured_and_compared() {
    let file = folder("repository").join("matrix.json");
    let (out, _) = check(root(), &["--json", file.to_str().unwrap()], 0);
    println!("{out}");
    let matrix = results(&file);
    let names: Vec<&str> = matrix.rows.iter().map(|row| row.name.as_str()).collect();
    let expected = ["rules alone", "fields, model alone", "fields, both", "records, model alone", "records, both"];
    assert_eq!((names.as_slice(), matrix.cases.len()), (expected.as_slice(), 16));
    for (at, row) in matrix.rows.iter().enumerate() {
        let run = row.results.as_ref().unwrap();
        let value = |name: &str| run.metrics.find(name).and_then(|metric| metric.value);
        assert_eq!(value("false_pass_rate"), Some(0.0), "{}", row.name);
        assert_eq!(run.comparison.is_some(), at > 0, "the first row is what the others are compared with");
        assert_eq!(value("tokens_per_handoff").is_some(), at > 0, "{}", row.name);
        assert_eq!(row.replayed, at > 0, "{}", row.name);
        if let Some(comparison) = &run.comparison {
            let first = matrix.rows[0].results.as_ref().unwrap();
            let recall = comparison.metrics.find("field_recall").unwrap();
            let before = first.metrics.find("field_recall").unwrap().value;
            assert_eq!((comparison.cases, recall.before, recall.now), (16, before, value("field_recall")));
        }
        let prompt = format!("brief-{}@", names[at].split(',').next().unwrap());
        assert_eq!(run.prompt.as_deref().is_some_and(|name| name.starts_with(&prompt)), at > 0, "{:?}", run.prompt);
    }
    let columns = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(columns.contains("false pass false block precision recall false fill wrong"), "{out}");
    for told in [
        "5 readers over 16 handoffs",
        "differences are to `rules alone`",
        "0 of 8 (< 37.5 %)",
        "recorded replies, times without the model's own",
    ] {
        assert!(out.contains(told), "{told}\n{out}");
    }
    // The difference stands beside the figure, with its interval.
    let alone = out.split("\nfield_recall\n").nth(1).unwrap().lines().nth(1).unwrap();
    assert!(alone.contains("fields, model alone") && alone.contains("worse, more than chance"), "{alone}");
}

const CASES: &str = r#"{"id": "a-01", "route": {"id": "a-to-b", "fields": [{"key": "go_live_date", "type": "date", "required": true, "cues": ["go live"]}]}, "as_of": "2026-03-03T12:00:00Z", "sources": [{"filename": "note.txt", "text": "We go live on July 1, 2026."}], "expected": {"verdict": "complete", "fields": {"go_live_date": {"value": "2026-07-01"}}, "gaps": []}}
"#;

#[test]
fn a_row_without_its_replies_does_not_stop_the_others() {
    let here = folder("unrecorded");
    fs::write(here.join("cases.jsonl"), CASES).unwrap();
    fs::create_dir_all(here.join("none")).unwrap();
    let rows = "\
cases: [cases.jsonl]
rows:
  - {name: first, engine: extractive}
  - {name: unrecorded, engine: both, model: some-model, replay: none}
  - {name: no folder, engine: llm, model: some-model, replay: nowhere}
  - {name: no prompts, engine: llm, model: some-model, replay: none, prompts: nowhere}
  - {name: no model, engine: llm, replay: none}
  - {name: last, engine: extractive}
";
    fs::write(here.join("rows.yaml"), rows).unwrap();
    let (out, err) = check(&here, &["--matrix", "rows.yaml", "--json", "out.json"], 1);
    for told in [
        "unrecorded: not run: a-01: ",
        "no reply is recorded",
        "no folder: not run: ",
        "no prompts: not run: nowhere: there is no such folder of prompts",
        "no model: not run: no model is named",
    ] {
        assert!(out.contains(told), "{told}\n{out}");
    }
    assert!(err.contains("4 of 6 rows could not be run"), "{err}");
    let matrix = results(&here.join("out.json"));
    let ran: Vec<bool> = matrix.rows.iter().map(|row| row.results.is_some()).collect();
    assert_eq!(ran, [true, false, false, false, false, true]);
    let last = matrix.rows[5].results.as_ref().unwrap().comparison.as_ref().unwrap();
    assert_eq!((last.cases, last.better.len(), last.worse.len()), (1, 0, 0));
    // Rows are chosen by words; the first stays.
    let (out, _) = check(&here, &["--matrix", "rows.yaml", "--rows", "last"], 0);
    assert!(out.starts_with("2 readers over 1 handoffs"), "{out}");
    // Without the first row there is nothing to compare with, which is told.
    fs::write(here.join("rows.yaml"), rows.replace("{name: first, engine: extractive}", "{name: first, engine: llm}"))
        .unwrap();
    let (out, _) = check(&here, &["--matrix", "rows.yaml"], 1);
    assert!(out.contains("`first`, the first row, gave nothing"), "{out}");
}

#[test]
fn a_wrong_file_of_rows_is_told() {
    let here = folder("wrong");
    fs::write(here.join("cases.jsonl"), CASES).unwrap();
    let refuse = |name: &str, text: &str, told: &str| {
        fs::write(here.join(name), text).unwrap();
        let (_, err) = check(&here, &["cases.jsonl", "--matrix", name], 2);
        assert!(err.contains(name) && err.contains(told), "{told}\n{err}");
    };
    refuse("a.toml", "", "rows");
    refuse("a.toml", "rows = []", "there is no row");
    refuse("a.toml", "[[rows]]\nname = \"a\"\nengine = \"magic\"", "magic");
    refuse("a.toml", "[[rows]]\nname = \"a\"\nengine = \"llm\"\ncolour = 1", "colour");
    refuse("a.toml", "[[rows]]\nname = \"\"\nengine = \"llm\"", "row 1 has no name");
    let twice = "[[rows]]\nname = \"a\"\nengine = \"llm\"\n".repeat(2);
    refuse("a.toml", &twice, "`a` is the name of two rows");
    refuse("a.toml", "[[rows]]\nname = \"a\"\nengine = \"extractive\"\nmodel = \"m\"", "rules alone ask no model");
    refuse("a.toml", "[[rows]]\nname = \"a\"\nengine = \"llm\"\nrecord = \"r\"\nreplay = \"r\"", "not both");
    refuse("a.yaml", "rows: [", "is no YAML");
    refuse("a.yaml", "rows:\n  - {name: a, engine: llm, colour: 1}", "colour");
    let (_, err) = check(&here, &["cases.jsonl"], 2);
    assert!(err.contains("evals/matrix.toml: there is no such file"), "{err}");
    // A set of cases that happens to be called like the command is meant with `./`.
    fs::create_dir_all(here.join("matrix")).unwrap();
    fs::write(here.join("matrix/cases.jsonl"), CASES).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    let output = command.args(["eval", "./matrix"]).current_dir(&here).env_clear().output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}
