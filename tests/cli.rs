//! The built program as a person or a script meets it: exit status, what goes
//! to which stream, every usage error's words, and what hostile input may not do.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

const MAIL: &str = "From: Dana Whitfield <dana@northwind.example>\r\n\
To: Marcus Lee <marcus@acme.example>\r\n\
Subject: Rollout\r\n\
Date: Tue, 3 Mar 2026 09:20:00 +0000\r\n\
Message-ID: <1@northwind.example>\r\n\
Content-Type: text/plain; charset=utf-8\r\n\
\r\n\
Hi Marcus,\r\n\
\r\n\
we must go live on 1 July 2026.\r\n\
\r\n\
Dana\r\n";

const ROUTE: &str = "\
id: plain
version: 1
title: Plain handover
from: {team: sales}
to: {team: onboarding}
trigger: {event: deal.closed_won, description: The deal is won}
owners: {next_action: receiver, failure: revops@acme.example}
fields:
  - key: go_live_date
    label: Go-live date
    description: The day by which the customer must be live
    question: By which day must the customer be live?
    type: date
    required: true
    cues: [go live]
  - key: data_residency
    label: Data residency
    description: Where the customer's data must be stored
    question: Where must the customer's data be stored?
    type: text
    required: true
    cues: [data residency, hosted in]
";

/// A folder of one test, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a temporary folder");
        let folder = Folder(path);
        folder.write("plain.yaml", ROUTE);
        folder
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, text).expect("a written file");
        path
    }

    /// Runs the program in this folder.
    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "", &[])
    }

    fn run_with(&self, arguments: &[&str], input: &str, settings: &[(&str, &str)]) -> Ran {
        let mut child = self
            .command(arguments)
            .envs(settings.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // The program may well end without reading.
        let _ = child.stdin.take().expect("standard input").write_all(input.as_bytes());
        Ran::new(child.wait_with_output().expect("the program ends"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
        command.current_dir(&self.0).args(arguments);
        for name in ["BATON_OUR_DOMAINS", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Ran {
    status: i32,
    out: String,
    err: String,
}

impl Ran {
    fn new(output: Output) -> Ran {
        Ran {
            status: output.status.code().expect("an exit status"),
            out: String::from_utf8(output.stdout).expect("UTF-8 out"),
            err: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
        }
    }

    #[track_caller]
    fn status(self, expected: i32) -> Ran {
        assert_eq!(self.status, expected, "out: {}\nerr: {}", self.out, self.err);
        self
    }

    /// Each of the words stands on standard error.
    #[track_caller]
    fn says(self, words: &[&str]) -> Ran {
        for word in words {
            assert!(self.err.contains(word), "{word:?} is not in: {}", self.err);
        }
        self
    }

    /// Each of the words stands in the result.
    #[track_caller]
    fn prints(self, words: &[&str]) -> Ran {
        for word in words {
            assert!(self.out.contains(word), "{word:?} is not in: {}", self.out);
        }
        self
    }

    #[track_caller]
    fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

const BRIEF: [&str; 5] = ["brief", "--route", "plain.yaml", "--as-of", "2026-03-04"];

fn brief_with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    BRIEF.into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn exit_status_says_whether_the_work_may_move() {
    let folder = Folder::new("status");
    folder.write("mail.eml", MAIL);
    let open = folder.run(&brief_with(&["mail.eml", "--our-domain", "acme.example"])).status(3);
    assert!(open.out.starts_with("✗ Not ready: 1 question for "), "{}", open.out);
    open.prints(&["Where must the customer's data be stored?", "1 July 2026", "“", "Dana Whitfield", "mail.eml"]);
    let known = ["mail.eml", "--known", "data_residency=Frankfurt, Germany", "--our-domain", "acme.example"];
    let ready = folder.run(&brief_with(&known)).status(0);
    assert!(ready.out.starts_with("✓ Ready to hand over"), "{}", ready.out);
    ready.prints(&["Frankfurt"]);
}

#[test]
fn usage_errors_name_what_is_wrong_and_the_mend() {
    let folder = Folder::new("usage");
    folder.write("mail.eml", MAIL);
    folder.write("empty/.keep", "");
    let check = |arguments: &[&str], words: &[&str]| {
        let ran = folder.run(arguments).status(2).says(words);
        assert_eq!(ran.out, "", "{arguments:?}");
        assert!(!ran.err.contains('\u{1b}'), "{arguments:?}");
    };
    check(&brief_with(&["no.eml", "nor-this.vtt"]), &["no such file or folder: no.eml, nor-this.vtt"]);
    check(&brief_with(&["empty"]), &["folder empty holds no files"]);
    check(&brief_with(&["-", "-"]), &["`-` (standard input) is given more than once"]);
    check(
        &["brief", "--route", "sales-to-onbording", "mail.eml"],
        &[
            "no route `sales-to-onbording`",
            "did you mean `sales-to-onboarding`?",
            "known routes: ",
            "success-to-support",
        ],
    );
    check(&["brief", "--route", "./missing.yaml", "mail.eml"], &["no such route file: ./missing.yaml"]);
    check(
        &brief_with(&["mail.eml", "--known", "go_live_dat=2026-07-01"]),
        &[
            "the route `plain` has no such field; did you mean `go_live_date`?",
            "its fields: go_live_date, data_residency",
        ],
    );
    check(&brief_with(&["mail.eml", "--known", "go_live_date"]), &["write it as field=value"]);
    check(&brief_with(&["mail.eml", "--known", "go_live_date="]), &["no value after `go_live_date=`"]);
    check(&brief_with(&["mail.eml", "--known", "go_live_date=1", "--known", "go_live_date=2"]), &["more than once"]);
    check(&["brief", "--route", "plain.yaml", "--as-of", "soon", "mail.eml"], &["'--as-of <TIME>'", "2026-03-03"]);
    check(&["brief", "--as-of", "2026-03-03T09:00:00", "mail.eml"], &["the zone is missing"]);
    check(&["insights", "--from", "soon"], &["'--from <DAY>'", "write a day such as 2026-03-03"]);
    check(&["insights", "--to", "2026-02-30"], &["'--to <DAY>'", "the calendar has no such day"]);
    check(&["keys", "create", "--scopes", "all", "--expires", "soon"], &["'--expires <TIME>'", "2026-03-03T12:00:00Z"]);
    check(&brief_with(&["mail.eml", "--format", "xml"]), &["'xml'", "text, json, markdown"]);
    check(&brief_with(&["mail.eml", "--out", "empty"]), &["--out empty: is a folder"]);
    check(&brief_with(&["mail.eml", "--out", "nowhere/brief.txt"]), &["there is no folder nowhere"]);
    check(&["brief"], &["<PATH>"]);
    check(&["breif"], &["'breif'", "brief"]);
    check(&["routes", "show", "nothing-like-it"], &["no route `nothing-like-it`"]);
    check(&["routes", "check", "none.yaml"], &["no such file or folder: none.yaml"]);
    check(&["schema", "page"], &["brief, route"]);
    check(&["read", "no.eml"], &["no such file or folder: no.eml"]);
}

#[test]
fn without_a_route_those_that_fit_are_proposed() {
    let folder = Folder::new("propose");
    folder.write("a deal/mail.eml", MAIL);
    folder
        .run(&["brief", "a deal", "--format", "json"])
        .status(2)
        .says(&["no --route given", "--route sales-to-onboarding 'a deal' --format json"]);
}

#[test]
fn a_file_that_cannot_be_read_is_a_failure() {
    let folder = Folder::new("unreadable");
    folder.write("deal/mail.eml", MAIL);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("gone.eml", folder.0.join("deal/link.eml")).expect("a link");
        folder.run(&brief_with(&["deal"])).status(1).says(&["cannot read deal/link.eml"]);
    }
    folder.write("bad.yaml", "id: [\n");
    folder
        .run(&["brief", "--route", "bad.yaml", "deal/mail.eml"])
        .status(1)
        .says(&["bad.yaml has mistakes", "bad.yaml:"]);
    folder.run_with(&brief_with(&["-"]), "", &[]).status(1).says(&["standard input is empty"]);
}

#[test]
fn folders_are_read_in_name_order_without_hidden_files() {
    let folder = Folder::new("folder");
    folder.write("deal/02-note.txt", "Second.");
    folder.write("deal/01-note.txt", "First.");
    folder.write("deal/more/note.txt", "Third.");
    folder.write("deal/.DS_Store", "hidden");
    let ran = folder.run(&["read", "deal", "deal/01-note.txt", "--format", "json"]).status(0);
    let sources: Vec<String> =
        array(&ran.json()["documents"]).iter().map(|document| string(&document["source"])).collect();
    assert_eq!(sources, ["01-note.txt", "02-note.txt", "more/note.txt"]);
    ran.says(&["hidden, not read: .DS_Store", "given more than once, read once: 01-note.txt"]);
}

#[test]
fn a_result_is_not_written_over_what_is_read() {
    let folder = Folder::new("spared");
    folder.write("deal/mail.eml", MAIL);
    folder.write("deal/.hidden", "hidden");
    let refuse = |arguments: &[&str]| {
        folder.run(arguments).status(2).says(&["would be written over", "name another file"]);
        assert_eq!(fs::read_to_string(folder.0.join("deal/mail.eml")).expect("it is there"), MAIL);
        assert_eq!(fs::read_to_string(folder.0.join("plain.yaml")).expect("it is there"), ROUTE);
    };
    refuse(&brief_with(&["deal/mail.eml", "--out", "deal/mail.eml"]));
    refuse(&brief_with(&["deal", "--out", "./deal/../deal/mail.eml"]));
    refuse(&brief_with(&["deal", "--out", "plain.yaml"]));
    refuse(&["read", "deal", "--out", "deal/mail.eml"]);
    // What is hidden is not read.
    folder.run(&brief_with(&["deal", "--out", "deal/.hidden"])).status(3);
    // What lies among the sources now is read by the next run.
    folder.run(&brief_with(&["deal", "--out", "deal/brief.txt"])).status(3);
    refuse(&brief_with(&["deal", "--out", "deal/brief.txt"]));
    folder.run(&brief_with(&["deal/mail.eml", "--out", "deal/brief.txt"])).status(3);
}

#[test]
fn files_of_one_name_are_told_apart() {
    let folder = Folder::new("names");
    folder.write("a/note.txt", "First.");
    folder.write("b/note.txt", "Second.");
    let ran = folder.run(&["read", "a/note.txt", "b/note.txt", "--format", "json"]).status(0);
    let sources: Vec<String> =
        array(&ran.json()["documents"]).iter().map(|document| string(&document["source"])).collect();
    assert_eq!(sources, ["a/note.txt", "b/note.txt"]);
}

#[test]
fn standard_input_is_a_source() {
    let folder = Folder::new("stdin");
    let ran = folder.run_with(&["read", "-", "--format", "json"], MAIL, &[]).status(0);
    assert_eq!(string(&ran.json()["documents"][0]["source"]), "standard input");
    folder.run_with(&brief_with(&["-"]), MAIL, &[]).status(3).prints(&["standard input", "1 July 2026"]);
}

#[test]
fn our_domains_tell_the_sides() {
    let folder = Folder::new("sides");
    folder.write(
        "mail.eml",
        &MAIL.replace("Dana Whitfield <dana@northwind.example>", "Marcus Lee <marcus@acme.example>"),
    );
    let side = |arguments: &[&str], settings: &[(&str, &str)]| {
        let ran = folder.run_with(arguments, "", settings).status(0);
        string(&ran.json()["messages"][0]["author"]["side"])
    };
    let plain = ["read", "mail.eml", "--format", "json"];
    let given = ["read", "mail.eml", "--format", "json", "--our-domain", "acme.example"];
    assert_eq!(side(&plain, &[]), "unknown");
    assert_eq!(side(&given, &[]), "ours");
    assert_eq!(side(&plain, &[("BATON_OUR_DOMAINS", "other.example,acme.example")]), "ours");
}

#[test]
fn json_keeps_its_published_schema() {
    let folder = Folder::new("schema");
    folder.write("mail.eml", MAIL);
    let schema = folder.run(&["schema", "brief"]).status(0).json();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let validator = jsonschema::validator_for(&schema).expect("a sound schema");
    let plain = folder.run(&brief_with(&["mail.eml", "--format", "json"])).status(3);
    assert!(plain.out.ends_with("}\n"));
    let whole = folder.run(&brief_with(&["mail.eml", "--format", "json", "--with-conversation"])).status(3).json();
    for brief in [plain.json(), whole.clone()] {
        let errors: Vec<String> = validator.iter_errors(&brief).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{brief:#}");
    }
    assert!(plain.json().get("conversation").is_none());
    assert!(!array(&whole["conversation"]["messages"]).is_empty());
    let keys: Vec<String> = whole["fields"].as_object().expect("fields").keys().cloned().collect();
    assert_eq!(keys, ["go_live_date", "data_residency"], "in the route's order");
    assert!(!validator.is_valid(&serde_json::json!({"verdict": "complete"})), "the schema refuses what is no brief");
    let route = folder.run(&["schema", "route"]).status(0).json();
    jsonschema::validator_for(&route).expect("a sound schema of the route file");
}

#[test]
fn quotes_in_json_are_cut_from_the_conversation() {
    let folder = Folder::new("offsets");
    folder.write("mail.eml", MAIL);
    let brief = folder.run(&brief_with(&["mail.eml", "--format", "json", "--with-conversation"])).status(3).json();
    let evidence = &brief["fields"]["go_live_date"]["evidence"][0];
    let offset = |key: &str| usize::try_from(evidence[key].as_u64().expect("an offset")).expect("a small one");
    let messages = array(&brief["conversation"]["messages"]);
    let message = messages.iter().find(|message| message["id"] == evidence["message"]).expect("the message");
    let text = string(&message["text"]);
    assert_eq!(text.get(offset("start")..offset("end")), evidence["quote"].as_str());
}

#[test]
fn sources_cannot_reach_the_terminal_or_the_markup() {
    let folder = Folder::new("hostile");
    let hostile = "Dana: we must go live on 1 July 2026 \u{1b}]0;owned\u{7}\u{1b}[31m**bold** <b>x</b> \u{9b}2J \u{202e}gnp\n\
                   Marcus: fine\n";
    folder.write("call.txt", hostile);
    for format in ["text", "markdown", "json", "html"] {
        let ran = folder.run(&brief_with(&["call.txt", "--format", format, "--with-conversation"])).status(3);
        for control in ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}'] {
            assert!(!ran.out.contains(control), "{control:?} in {format}: {}", ran.out);
        }
        if format == "markdown" {
            assert!(ran.out.contains("\\*\\*bold\\*\\* \\<b\\>x\\</b\\>"), "{}", ran.out);
        }
        if format == "html" {
            assert!(ran.out.contains("&lt;b&gt;x&lt;/b&gt;") && !ran.out.contains("<b>"), "{}", ran.out);
        }
    }
    folder.run(&["read", "call.txt"]).status(0).prints(&["␛]0;owned␇"]);
    let named = folder.run(&["read", "no\u{1b}[31m.eml"]).status(2);
    assert!(!named.err.contains('\u{1b}'), "{:?}", named.err);
}

#[test]
fn no_colour_outside_a_terminal() {
    let folder = Folder::new("colour");
    folder.write("mail.eml", MAIL);
    for settings in [[("NO_COLOR", "1")], [("CLICOLOR_FORCE", "1")]] {
        let ran = folder.run_with(&brief_with(&["mail.eml"]), "", &settings).status(3);
        assert!(!ran.out.contains('\u{1b}'), "{settings:?}: {:?}", ran.out);
    }
}

#[test]
fn out_replaces_a_file_whole() {
    let folder = Folder::new("out");
    folder.write("mail.eml", MAIL);
    let target = folder.write("brief.json", "old");
    let ran = folder.run(&brief_with(&["mail.eml", "--format", "json", "--out", "brief.json"])).status(3);
    assert_eq!(ran.out, "");
    ran.says(&["written to brief.json"]);
    let written: Json = serde_json::from_str(&fs::read_to_string(&target).expect("the file")).expect("JSON");
    assert_eq!(written["route"]["id"], "plain");
    let mut names: Vec<String> = fs::read_dir(&folder.0)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["brief.json", "mail.eml", "plain.yaml"], "nothing is left beside it");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = Folder::new("pipe");
    folder.write("note.txt", &"A long line of a long note.\n".repeat(40_000));
    let mut command = folder.command(&["read", "note.txt"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    drop(child.stdout.take());
    let ran = Ran::new(child.wait_with_output().expect("the program ends")).status(0);
    assert_eq!(ran.err, "");
}

#[test]
fn routes_are_listed_shown_and_checked() {
    let folder = Folder::new("routes");
    let ids = ["sales-to-onboarding", "marketing-to-sales", "ops-to-fulfillment", "success-to-support"];
    folder.run(&["routes", "list"]).status(0).prints(&ids);
    let listed = folder.run(&["routes", "list", "--format", "json"]).status(0).json();
    for id in ids {
        assert!(array(&listed).iter().any(|route| route["id"] == id), "{listed:#}");
        folder.run(&["routes", "show", id]).status(0).prints(&[id, "Required"]);
        assert_eq!(folder.run(&["routes", "show", id, "--format", "json"]).status(0).json()["id"], id);
        let yaml = folder.run(&["routes", "show", id, "--format", "yaml"]).status(0).prints(&[&format!("id: {id}")]);
        folder.write(&format!("{id}.yaml"), &yaml.out);
        folder.run(&["routes", "check", &format!("{id}.yaml")]).status(0);
    }
    folder.run(&["routes", "show", "plain.yaml"]).status(0).prints(&["Go-live date", "By which day must"]);
    folder.run(&["routes", "check"]).status(0).says(&["routes checked, no mistakes"]);
    folder.write("bad/one.yaml", &ROUTE.replace("type: date", "type: dat"));
    folder.write("bad/two.yaml", &ROUTE.replace("version: 1", "version: one"));
    let bad = folder.run(&["routes", "check", "bad", "plain.yaml"]).status(1).says(&["3 routes checked, 2 mistakes"]);
    bad.prints(&["bad/one.yaml:13:", "bad/two.yaml:2:", ": error: ", "mend: "]);
}

#[test]
fn every_shell_is_completed() {
    let folder = Folder::new("shells");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        folder.run(&["completions", shell]).status(0).prints(&["baton", "our-domain", "completions"]);
    }
}

#[test]
fn help_shows_examples_and_the_exit_status() {
    let folder = Folder::new("help");
    for arguments in [["--help"].as_slice(), &["brief", "--help"]] {
        folder.run(arguments).status(0).prints(&["Examples:", "Exit status:", "--route sales-to-onboarding"]);
    }
    folder.run(&["--version"]).status(0).prints(&[env!("CARGO_PKG_VERSION")]);
    folder.run(&[]).status(2).says(&["Usage: baton"]);
}

#[track_caller]
fn array(value: &Json) -> &Vec<Json> {
    value.as_array().unwrap_or_else(|| panic!("not a list: {value}"))
}

#[track_caller]
fn string(value: &Json) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

/// A brief that Baton wrote says nothing as a source: what it rests on are the sources it was made from.
#[test]
fn a_brief_given_as_a_source_counts_for_nothing() {
    let folder = Folder::new("own");
    folder.write("mail.eml", &MAIL.replace("1 July 2026.", "1 July 2026. It must be hosted in Frankfurt."));
    let told = ["--our-domain", "acme.example", "--as-of", "2026-03-04T12:00:00Z"];
    let brief = |arguments: &[&str]| folder.run(&[&["brief", "--route", "plain.yaml"], arguments, &told].concat());
    brief(&["mail.eml"]).status(0);
    for (format, name) in
        [("markdown", "brief.md"), ("html", "brief.html"), ("text", "brief.txt"), ("json", "brief.json")]
    {
        brief(&["mail.eml", "--format", format, "--out", name]).status(0);
        let again = brief(&[name, "--format", "json"]).status(3);
        let read: Json = serde_json::from_str(&again.out).expect("JSON");
        for field in ["go_live_date", "data_residency"] {
            assert_eq!(read["fields"][field]["state"], "missing", "{format}: {read:#}");
        }
        assert!(read["warnings"].to_string().contains("written by Baton"), "{format}: {}", read["warnings"]);
        assert!(
            read["gaps"].as_array().is_some_and(|gaps| gaps.iter().all(|gap| gap["nearest"].is_null())),
            "{format}: {read:#}"
        );
        // Beside its sources it adds nothing.
        brief(&["mail.eml", name]).status(0);
    }
}
