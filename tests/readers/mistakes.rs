//! Mistakes in samples: each is named with file and line, and the samples
//! beside a bad one are read all the same.

use std::fs;
use std::path::{Path, PathBuf};

use baton::brief::{FieldState, Verdict};
use baton::eval::{Expectation, load};

const CASE: &str = "id: a\nroute: sales-to-onboarding\nas_of: 2026-03-03T12:00:00Z\n";
const EXPECTED: &str = "verdict: incomplete\nfields:\n  go_live_date: {value: 2026-07-01, evidence: [\"on July 1\"]}\n  \
                        billing_cycle: {conflicting: [monthly, quarterly]}\n  data_residency: absent\n";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("eval-mistakes").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(folder: &Path, id: &str, case: &str, expected: &str) {
    let folder = folder.join(id);
    fs::create_dir_all(folder.join("context")).unwrap();
    fs::write(folder.join("context/note.txt"), "We go live on July 1.").unwrap();
    fs::write(folder.join("case.yaml"), case).unwrap();
    fs::write(folder.join("expected.yaml"), expected).unwrap();
}

#[test]
fn a_case_is_read_as_it_stands() {
    let folder = folder("good");
    write(&folder, "a", CASE, EXPECTED);
    let (cases, mistakes) = load(&folder);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let case = &cases[0];
    assert_eq!((case.id.as_str(), case.expected.verdict), ("a", Verdict::Incomplete));
    assert_eq!(case.gold("data_residency").unwrap().expectation, Expectation::Absent);
    let cycle = &case.gold("billing_cycle").unwrap().expectation;
    assert!(matches!(cycle, Expectation::Other(FieldState::Conflicting, values) if values.len() == 2), "{cycle:?}");
    assert_eq!(case.conversation().messages.len(), 1);
}

#[test]
fn mistakes_are_named_with_file_and_line() {
    let check = |name: &str, (case, expected): (&str, &str), place: &str, words: &str| {
        let folder = folder(name);
        write(&folder, "bad", case, expected);
        write(&folder, "good", CASE, EXPECTED);
        let (cases, mistakes) = load(&folder);
        assert_eq!(cases.len(), 1, "{name}: the good case is read");
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|text| text.contains(place) && text.contains(words)), "{name}: {told:?}");
    };
    check("key", (&format!("{CASE}colour: red\n"), EXPECTED), "case.yaml:4", "`colour`");
    check("time", (&CASE.replace("2026-03-03T12:00:00Z", "soon"), EXPECTED), "case.yaml:3", "as_of");
    check("route", (&CASE.replace("sales-to-onboarding", "nowhere"), EXPECTED), "case.yaml:2", "nowhere");
    check("yaml", ("id: [a\n", EXPECTED), "case.yaml", "YAML");
    check("empty", ("", EXPECTED), "case.yaml", "empty");
    check("field", (CASE, "verdict: complete\nfields:\n  shoe_size: absent\n"), "expected.yaml:3", "`shoe_size`");
    check("verdict", (CASE, "verdict: fine\nfields: {}\n"), "expected.yaml:1", "verdict");
    check(
        "gold",
        (CASE, "verdict: complete\nfields:\n  user_count: {evidence: [a]}\n"),
        "expected.yaml:3",
        "exactly one",
    );
    check(
        "gap",
        (CASE, "verdict: complete\nfields: {}\ngaps:\n  - {field: user_count, kind: odd}\n"),
        "expected.yaml:4",
        "gap",
    );
}
