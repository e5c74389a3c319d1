//! Holds the house style: how files open, how long they and their functions
//! are, which module may use which, that the lower layers stay pure, and that
//! routes and sample handoffs are whole. Each rule is first shown to bite.

#[path = "tidy/files.rs"]
mod files;
#[path = "tidy/rules.rs"]
mod rules;
#[path = "tidy/source.rs"]
mod source;

use std::path::Path;

use rules::Rule;
use source::Source;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let code = files::all(root()).into_iter().filter(|path| path.ends_with(".rs"));
    code.filter_map(|path| files::read_text(root(), &path).map(|text| Source::new(&path, &text))).collect()
}

#[test]
fn code_keeps_the_house_style() {
    let sources = sources();
    assert!(sources.len() > 100, "only {} files were found", sources.len());
    let mut findings: Vec<String> =
        sources.iter().flat_map(|source| rules::ALL.iter().flat_map(|rule| rule(source))).collect();
    findings.extend(rules::unneeded_exceptions(&sources));
    assert!(findings.is_empty(), "{} places to mend:\n{}", findings.len(), findings.join("\n"));
}

#[test]
fn no_file_names_a_place_on_one_machine() {
    let texts = files::all(root()).into_iter().filter_map(|path| Some((files::read_text(root(), &path)?, path)));
    let findings: Vec<String> = texts.flat_map(|(text, path)| files::machine_paths(&path, &text)).collect();
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}

#[test]
fn routes_and_samples_are_whole() {
    let all = files::all(root());
    let mut findings = files::incomplete_cases(&all);
    for path in all.iter().filter(|path| path.starts_with("routes/") || path.ends_with("/case.yaml")) {
        findings.extend(files::misnamed(path, &files::read_text(root(), path).unwrap_or_default()));
    }
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}

/// The rule finds exactly these places in a file.
fn check(rule: Rule, path: &str, text: &str, expected: &[&str]) {
    let found = rule(&Source::new(path, text));
    let is_same = found.len() == expected.len() && found.iter().zip(expected).all(|(f, e)| f.contains(e));
    assert!(is_same, "{path}:\n{text}\nfound {found:#?}\nexpected {expected:#?}");
}

const OPENING: &str = "//! A file that says in one real sentence what it is for, at length.\n";

#[test]
fn files_must_open_with_a_sentence() {
    let rule = rules::opening;
    check(rule, "src/value/a.rs", OPENING, &[]);
    check(
        rule,
        "src/value/a.rs",
        "//! Said in two lines, of which none is\n//! long enough when it stands alone.\n",
        &[],
    );
    check(rule, "tests/a.rs", "use std::fs;\n", &["tests/a.rs:1: "]);
    check(rule, "src/value/a.rs", "//! Dates.\n", &["src/value/a.rs:1: "]);
    let heading = "//! A heading without any end, which is long enough and says nothing of use\n";
    check(rule, "src/value/a.rs", heading, &["src/value/a.rs:1: "]);
    let later = "//! Dates.\n//!\n//! All that is said in the second paragraph comes too late to count.\n";
    check(rule, "src/value/a.rs", later, &["src/value/a.rs:1: "]);
}

#[test]
fn reading_with_a_model_can_do_nothing_but_ask() {
    let rule = rules::acting;
    check(
        rule,
        "src/llm/reader.rs",
        "use std::fs;\nuse std::fs::write;\n",
        &["src/llm/reader.rs:1: `std::fs`", "src/llm/reader.rs:2: `std::fs::write`"],
    );
    check(rule, "src/llm/answer.rs", "fn a() { std::process::Command::new(\"x\"); }\n", &["src/llm/answer.rs:1: "]);
    check(rule, "src/llm/reader.rs", "use tokio::net::TcpStream;\n", &["src/llm/reader.rs:1: "]);
    check(rule, "src/llm/reader.rs", "use reqwest::Client;\n", &["src/llm/reader.rs:1: "]);
    check(rule, "src/llm/transport.rs", "use reqwest::Client;\n", &[]);
    check(rule, "src/llm/replay.rs", "fn a() { std::fs::read(\"x\"); std::process::id(); }\n", &[]);
    check(rule, "src/llm/replay.rs", "use std::process::Command;\n", &["src/llm/replay.rs:1: "]);
    check(rule, "src/cli/a.rs", "use std::process::Command;\n", &[]);
}

#[test]
fn files_must_stay_short() {
    let rule = rules::file_length;
    let file = |code: usize, tests: usize| {
        format!("{OPENING}{}#[cfg(test)]\nmod tests {{\n{}}}\n", "// x\n".repeat(code - 1), "// y\n".repeat(tests - 3))
    };
    check(rule, "src/value/a.rs", &file(400, 200), &[]);
    check(rule, "src/value/a.rs", &file(401, 200), &["src/value/a.rs:401: 401 lines"]);
    check(rule, "src/value/a.rs", &file(601, 200), &["src/value/a.rs:601: 601 lines"]);
    check(rule, "src/value/a.rs", &file(100, 201), &["201 lines of tests"]);
    check(rule, "tests/a.rs", &"// x\n".repeat(600), &[]);
    check(rule, "tests/a.rs", &"// x\n".repeat(601), &["tests/a.rs:601: 601 lines"]);
    let listed = rules::LONG_FILES.first().map_or("", |(path, _)| path);
    check(rule, listed, &file(600, 3), &[]);
    check(rule, listed, &file(601, 3), &["601 lines"]);
}

#[test]
fn exceptions_must_be_needed() {
    let Some((listed, _)) = rules::LONG_FILES.first() else { return };
    let lines = |count: usize| vec![Source::new(listed, &"// x\n".repeat(count))];
    let told = |sources: &[Source]| rules::unneeded_exceptions(sources).iter().any(|line| line.contains(listed));
    assert!(!told(&lines(401)));
    assert!(told(&lines(400)));
    assert!(told(&[]));
}

#[test]
fn functions_must_stay_short() {
    let rule = rules::function_length;
    let function = |lines: usize| {
        format!("impl A {{\n    fn long<'a>(x: [u8; 3]) -> u8 {{\n{}    }}\n}}\n", "a;\n".repeat(lines - 2))
    };
    check(rule, "src/value/a.rs", &function(80), &[]);
    check(rule, "src/value/a.rs", &function(81), &["src/value/a.rs:2: `long` has 81 lines"]);
    check(rule, "tests/a.rs", &function(81), &["tests/a.rs:2: `long` has 81 lines"]);
    let short =
        format!("trait A {{\n    fn short(&self) -> [u8; 4];\n}}\nconst B: &str = \"fn b() {{{}\";", "\n".repeat(90));
    check(rule, "src/value/a.rs", &short, &[]);
}

#[test]
fn modules_use_only_what_lies_below() {
    let rule = rules::layers;
    for (path, text) in [
        ("src/value/date.rs", "use crate::language::tokens;\nuse super::Kind;\n"),
        ("src/gaps.rs", "use crate::verdict::Needs;\nuse crate::wording;\n"),
        ("src/gate.rs", "use crate::extraction::extract;\n"),
        ("src/pipeline/mod.rs", "use crate::{gaps, intake, verdict::{self, settle}};\n"),
        ("src/value/date.rs", "// crate::cli\nconst A: &str = \"crate::cli::run\";\n"),
        ("src/value/date.rs", "#[cfg(test)]\nmod tests {\n    use crate::route::load;\n}\n"),
        ("src/main.rs", "fn main() { baton::cli::run() }\n"),
        ("tests/a.rs", "use baton::cli;\n"),
    ] {
        check(rule, path, text, &[]);
    }
    for (path, text, expected) in [
        ("src/value/date.rs", "\nuse crate::route::Route;\n", "src/value/date.rs:2: `value` uses `route`"),
        (
            "src/value/mod.rs",
            "use crate::{\n    language::{a, b},\n    cli,\n};\n",
            "src/value/mod.rs:3: `value` uses `cli`",
        ),
        ("src/value/date.rs", "use super::super::route::Route;\n", "`value` uses `route`"),
        ("src/brief.rs", "fn a(b: crate::claim::Claim) {}\n", "`brief` uses `claim`"),
        ("src/extraction/free.rs", "use crate::grounding::Index;\n", "`extraction` uses `grounding`"),
        ("src/wording/mod.rs", "use crate::intake::read;\n", "`wording` uses `intake`"),
        ("src/main.rs", "fn main() { baton::pipeline::run() }\n", "`main` uses `pipeline`"),
        ("src/nowhere/mod.rs", "use crate::brief::Brief;\n", "`nowhere` has no layer"),
    ] {
        check(rule, path, text, &[expected]);
    }
}

#[test]
fn modules_have_telling_names() {
    let rule = rules::module_names;
    check(rule, "src/value/date.rs", "mod tests {}\n", &[]);
    check(rule, "src/value/utils.rs", OPENING, &["src/value/utils.rs:1: "]);
    check(rule, "src/common/date.rs", OPENING, &["src/common/date.rs:1: "]);
    check(rule, "src/value/date.rs", "\nmod helpers {}\n", &["src/value/date.rs:2: "]);
}

#[test]
fn lower_layers_are_pure() {
    let rule = rules::purity;
    check(rule, "src/pipeline/mod.rs", "use std::time::Instant;\n", &[]);
    check(rule, "src/cli/read.rs", "use std::{env, fs};\n", &[]);
    check(rule, "src/value/date.rs", "use std::time::Duration;\nfn now(now: Timestamp) {}\n", &[]);
    check(rule, "src/value/date.rs", "#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n", &[]);
    for (text, expected) in [
        ("use std::{collections::HashMap, fs::File};\n", "std::fs::File"),
        ("\nuse std::time::{Duration, Instant};\n", "std::time::Instant"),
        ("fn a() { std::env::var(\"A\"); }\n", "std::env::var"),
        ("fn a() { let now = jiff::Timestamp::now(); }\n", "jiff::Timestamp::now"),
        ("use std::net::TcpStream;\n", "std::net::TcpStream"),
        ("async fn a() { tokio::spawn(b); }\n", "tokio::spawn"),
        ("fn a() {\n    println!(\"a\");\n}\n", "println!"),
    ] {
        check(rule, "src/rendering/a.rs", text, &[expected]);
        check(rule, "src/intake/a.rs", text, &[expected]);
    }
}

#[test]
fn product_code_does_not_give_up() {
    let rule = rules::giving_up;
    check(rule, "src/cli/a.rs", "fn a() { b.unwrap_or(1); b.expect_key(); } // c.unwrap()\n", &[]);
    check(rule, "src/cli/a.rs", "#[cfg(test)]\nmod tests {\n    fn a() { b.unwrap(); }\n}\n", &[]);
    check(rule, "tests/a.rs", "fn a() { b.unwrap(); panic!() }\n", &[]);
    check(rule, "src/cli/a.rs", "\nfn a() { b.unwrap(); }\n", &["src/cli/a.rs:2: `.unwrap()`"]);
    check(rule, "src/cli/a.rs", "fn a() { b\n.expect(\"c\"); }\n", &["src/cli/a.rs:2: `.expect(`"]);
    for name in ["panic", "todo", "unimplemented", "unreachable"] {
        check(rule, "src/value/a.rs", &format!("fn a() {{ {name}!(\"b\") }}\n"), &[name]);
    }
}

#[test]
fn tests_neither_wait_nor_skip() {
    let rule = rules::waiting;
    check(rule, "tests/a.rs", "// sleep(1)\nfn sleepy() { asleep(); \"#[ignore]\"; }\n", &[]);
    check(rule, "tests/a.rs", "fn a() { std::thread::sleep(b); }\n", &["tests/a.rs:1: "]);
    check(rule, "tests/a.rs", "#[test]\n#[ignore]\nfn a() {}\n", &["tests/a.rs:2: "]);
    check(rule, "src/value/a.rs", "#[test]\n#[ignore = \"slow\"]\nfn a() {}\n", &["src/value/a.rs:2: "]);
}

#[test]
fn machine_paths_are_found() {
    let check = |text: &str, expected: &[&str]| {
        assert_eq!(files::machine_paths("a.md", text), expected, "{text:?}");
    };
    check("see https://acme.example/home/page and ./work/x, a/root and /rooted", &[]);
    // Put together here, since this file is checked too.
    let home = ["", "home"].join("/");
    check(&format!("one\ncp {home}/anna/x ."), &[&format!("a.md:2: {}", files::finding("home"))]);
    for name in ["work", "home", "tmp", "root"] {
        let place = ["", name].join("/");
        for text in [place.clone(), format!("\"{place}/x\""), format!("({place})"), format!("a={place}/b")] {
            check(&text, &[&format!("a.md:1: {}", files::finding(name))]);
        }
    }
}

#[test]
fn unfinished_samples_are_found() {
    let check = |missing: &str, expected: &[&str]| {
        let files = ["case.yaml", "expected.yaml", "context/01.eml"].iter().filter(|file| **file != missing);
        let paths: Vec<String> = files.map(|file| format!("evals/cases/a-01/{file}")).collect();
        assert_eq!(files::incomplete_cases(&paths), expected, "without {missing}");
    };
    check("", &[]);
    check("case.yaml", &["evals/cases/a-01: case.yaml is missing"]);
    check("expected.yaml", &["evals/cases/a-01: expected.yaml is missing"]);
    check("context/01.eml", &["evals/cases/a-01: context/ is missing"]);
    assert_eq!(files::misnamed("evals/cases/a-01/case.yaml", "route: x\nid: a-01\n"), None);
    assert!(files::misnamed("evals/cases/a-01/case.yaml", "id: a-02\n").is_some());
    assert_eq!(files::misnamed("routes/a-to-b.yaml", "id: a-to-b\n"), None);
    assert!(files::misnamed("routes/a-to-b.yaml", "id: b-to-a\n").is_some());
    assert!(files::misnamed("routes/a-to-b.txt", "id: a-to-b\n").is_some());
}
