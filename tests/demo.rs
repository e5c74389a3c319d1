//! `baton demo` as a person meets it for the first time: it runs anywhere,
//! checks itself, says what happened in order, and leaves nothing behind.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the demonstration with an empty environment, in a temporary folder of its own.
fn demo(name: &str, arguments: &[&str]) -> (Output, PathBuf) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("demo-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_baton"))
        .arg("demo")
        .args(arguments)
        .current_dir(&folder)
        .env_clear()
        .env("TMPDIR", &folder)
        // A model that is set up is not asked, and settings that are broken do not matter.
        .env("BATON_MODEL__NAME", "never-asked")
        .env("BATON_MODEL__BASE_URL", "not an address")
        .output()
        .expect("the program");
    (output, folder)
}

#[test]
fn the_demonstration_checks_itself_and_tells_the_story_in_order() {
    let (output, folder) = demo("check", &["--check"]);
    let text = String::from_utf8(output.stdout).expect("text");
    let problems = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{text}\n{problems}");
    assert_eq!(problems, "");
    let mut rest = text.as_str();
    for words in [
        "The clock of this demonstration stands at 13 March 2026",
        "1. Three handoffs come in",
        "needs input, 4 questions",
        "ready, nothing is open",
        "2. What was read",
        "1 July 2026",
        "so we go live on July 1 now.”",
        "replaced 1 June 2026",
        "3. Every gap",
        "Marcus Lee",
        "4. The gate refuses",
        "409 incomplete",
        "5. A person answers",
        "422",
        "Helen Brandt",
        "6. The gate opens",
        "nobody had to be asked",
        "pass ey",
        "valid",
        "bad_signature",
        "7. Every change is in the log",
        "whole",
        "✓ All 7 steps went as they should",
    ] {
        let place = rest.find(words).unwrap_or_else(|| panic!("{words:?} is missing or out of order in:\n{text}"));
        rest = &rest[place + words.len()..];
    }
    assert!(!text.contains('\u{1b}'), "colours in a pipe:\n{text}");
    let left: Vec<_> = std::fs::read_dir(&folder).expect("the folder").flatten().collect();
    assert!(left.is_empty(), "{left:?}");
    std::fs::remove_dir_all(&folder).expect("the folder");
}

#[test]
fn a_port_that_is_taken_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let (output, folder) = demo("port", &["--check", "--listen", &address]);
    assert_eq!(output.status.code(), Some(1));
    let problems = String::from_utf8_lossy(&output.stderr);
    assert!(problems.contains(&address) && problems.contains("is another Baton running there?"), "{problems}");
    assert_eq!(std::fs::read_dir(&folder).expect("the folder").count(), 0);
    std::fs::remove_dir_all(&folder).expect("the folder");
}

#[cfg(unix)]
#[test]
fn it_stays_open_until_it_is_told_to_end() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("demo-open-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut child = Command::new(env!("CARGO_BIN_EXE_baton"))
        .arg("demo")
        .env_clear()
        .env("TMPDIR", &folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut page = None;
    for line in lines {
        let line = line.expect("a line");
        if let Some((_, path)) = line.split_once("file://") {
            page = Some(std::fs::read_to_string(path.trim()).expect("the brief as a page"));
        }
        // The last line of the invitation.
        if line.contains("curl -s") {
            break;
        }
    }
    assert!(page.is_some_and(|page| page.contains("Northwind") || page.contains("1 July 2026")));
    assert!(child.try_wait().expect("its state").is_none(), "it ended by itself");
    let ended = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(ended.success());
    assert_eq!(child.wait().expect("its end").code(), Some(0));
    assert_eq!(std::fs::read_dir(&folder).expect("the folder").count(), 0, "something was left behind");
    std::fs::remove_dir_all(&folder).expect("the folder");
}
