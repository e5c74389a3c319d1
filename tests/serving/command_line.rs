//! The commands that stand beside a service: keys of callers that sign, heads
//! of the log that say whose they are, and the sample that the front page shows.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::folder;

/// Exit status, what was printed, and what was said beside it.
fn run(data: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_baton"))
        .args(arguments)
        .env("BATON_DATA_DIR", data)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // The program may well end without reading.
    let _ = child.stdin.take().expect("standard input").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code().expect("a status"), text(output.stdout), text(output.stderr))
}

#[test]
fn keys_are_made_for_callers_that_sign() {
    let data = folder();
    let create = |preset: &str, input: &str| {
        let arguments =
            ["keys", "create", "--scopes", "handoffs:write", "--preset", preset, "--signing-secret-file", "-"];
        run(&data, &arguments, input)
    };
    let (status, out, err) = create("hubspot", "5f3c2a10-91d2-4c5e-8d0b-2f6a7c9e1b34\n");
    assert!(status == 0 && out.starts_with("baton_live_") && err.contains("base_url"), "{out} {err}");
    let (status, out, err) = create("plain", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
    assert!(status == 0 && out.starts_with("baton_live_") && !err.contains("base_url"), "{out} {err}");
    for (preset, wrong) in [("hubspot", ""), ("hubspot", " \n"), ("plain", "short"), ("zapier", "whsec_!")] {
        let (status, out, err) = create(preset, wrong);
        assert!(status == 2 && out.is_empty() && err.contains("--signing-secret-file"), "{status} {out} {err}");
    }
    let (_, out, _) = run(&data, &["keys", "list"], "");
    assert_eq!(out.lines().filter(|line| line.ends_with(", signs")).count(), 2, "{out}");
    assert!(!out.contains("whsec") && !out.contains("5f3c2a10"), "{out}");
}

#[test]
fn heads_say_whose_log_they_end() {
    let data = folder();
    for workspace in ["main", "other"] {
        let (status, _, err) = run(&data, &["keys", "create", "--scopes", "all", "--workspace", workspace], "");
        assert_eq!(status, 0, "{err}");
    }
    let (_, heads, _) = run(&data, &["audit", "head"], "");
    let lines: Vec<&str> = heads.lines().collect();
    let names: Vec<_> = lines.iter().filter_map(|line| Some(line.split_once(": ")?.0)).collect();
    assert_eq!(names, ["main", "other"], "{heads}");
    // The line as it was kept, or the token alone.
    let token = lines[1].split_once(": ").expect("a token").1;
    let (status, out, _) = run(&data, &["audit", "verify", "--head", lines[0], "--head", token], "");
    assert!(status == 0 && out.contains("main: ") && out.contains("other: "), "{out}");
}

/// What the front page shows of the sample is what the command prints: every line, in its order.
#[test]
fn the_front_page_shows_what_is_printed() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("the page");
    let command =
        page.lines().find_map(|line| line.strip_prefix("cargo run --release --locked -- brief ")).expect("it");
    let words = command.split(" --known ").next().expect("words").split(' ');
    let arguments: Vec<&str> =
        ["brief"].into_iter().chain(words).chain(["--known", "customer_name=Northwind Logistics"]).collect();
    let (_, out, _) = run(&folder(), &arguments, "");
    let sample = page.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a sample");
    let mut printed = out.lines();
    for line in sample.lines().filter(|line| !matches!(line.trim(), "" | "…")) {
        assert!(printed.any(|other| other == line), "not printed, or not there: {line}\n{out}");
    }
}

#[test]
fn a_folder_that_holds_no_database_is_named() {
    let data = folder();
    for command in [&["keys", "list"][..], &["keys", "revoke", "key_1"]] {
        let (status, _, err) = run(&data, command, "");
        assert!(status == 2 && err.contains("there is no database") && !data.exists(), "{status} {err}");
    }
    let create = ["keys", "create", "--scopes", "all"];
    let (status, out, err) = run(&data, &create, "");
    let place = format!("made a new database in {}", data.display());
    assert!(status == 0 && out.starts_with("baton_live_") && err.contains(&place), "{out} {err}");
    let (status, _, err) = run(&data, &create, "");
    assert!(status == 0 && !err.contains("made a new database"), "{err}");
}
