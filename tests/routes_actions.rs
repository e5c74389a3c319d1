//! What a route says that a transfer sets off: every mistake in its place, with
//! its mend.

use baton::route::{self, Severity};

/// What is found must be exactly these: `line:column part of the message or mend`.
#[track_caller]
fn check(yaml: &str, expected: &[&str]) {
    let mistakes = route::check("x.yaml", yaml);
    let found: Vec<String> =
        mistakes.iter().map(|one| format!("{}:{} {} | {}", one.line, one.column, one.message, one.mend)).collect();
    let fits = |(line, part): (&String, &&str)| {
        let (place, words) = part.split_once(' ').unwrap();
        line.starts_with(&format!("{place} ")) && line.contains(words)
    };
    let all = found.len() == expected.len() && found.iter().zip(expected).all(fits);
    assert!(all, "\n{yaml}\nexpected: {expected:#?}\nfound: {found:#?}");
    let is_usable = mistakes.iter().all(|mistake| mistake.severity == Severity::Hint);
    assert_eq!(route::load("x.yaml", yaml).is_ok(), is_usable, "\n{yaml}");
}

/// One action of a route with a field `day`; its first line is line 4 and begins at column 5.
#[track_caller]
fn check_action(lines: &str, expected: &[&str]) {
    let lines = lines.replace('\n', "\n    ");
    check(&format!("id: a-to-b\nfields: [{{key: day, type: date}}]\non_transfer:\n  - {lines}\n"), expected);
}

#[test]
fn mistakes_in_actions_are_found_in_their_place() {
    check_action("name: a\nwebhook: {url: https://hooks.acme.example/x}", &[]);
    check_action("name: a\nemail: {to: sender, text: \"{{fields.day}}\"}", &[]);
    check_action("name: a\nslack: {}", &[]);
    check_action("webhook: {url: https://hooks.acme.example/x}", &["4:5 the action has no name"]);
    check_action("name: A b\nslack: {}", &["4:11 is no name"]);
    check_action("name: a", &["4:5 it says nothing of what is done"]);
    check_action("name: a\nemail: {}\nslack: {}", &["4:5 it does several things"]);
    check_action("name: a\nmail: {}", &["4:5 it says nothing", "5:5 did you mean 'email'?"]);
    check_action("name: a\nwebhook: {}", &["5:14 no address is named"]);
    check_action("name: a\nwebhook: {url: hooks}", &["5:20 no address that can be written to"]);
    check_action("name: a\nwebhook: {url: \"https://x.example/{{title}}\"}", &["5:20 without blanks in it"]);
    check_action("name: a\nwebhook: {url: https://x.example, body: text}", &["5:45 not a mapping"]);
    check_action("name: a\nwebhook: {url: https://x.example, body: {test: 1}}", &["5:46 Baton sets this key itself"]);
    check_action("name: a\nwebhook: {url: https://x.example, body: {b: {test: 1}}}", &[]);
    check_action(
        "name: a\nwebhook: {url: https://x.example, body: {t: [\"{{titel}}\"]}}",
        &["5:51 did you mean 'title'?"],
    );
    check_action("name: a\nemail: {to: nobody}", &["5:17 nobody who can be asked"]);
    check_action("name: a\nemail: {subject: \"{{day}}\"}", &["5:23 write `{{fields.day}}`"]);
    check_action("name: a\nemail: {text: \"On {{fields.dya}}\"}", &["5:23 did you mean 'day'?"]);
    check_action("name: a\nemail: {text: \"{{title\"}", &["5:20 is not closed"]);
    // A personal link is the receiver's.
    check_action("name: a\nemail: {text: \"{{link}}\"}", &[]);
    check_action("name: a\nemail: {to: x@acme.example, text: \"{{link}}\"}", &["5:39 goes to the receiver alone"]);
    check_action("name: a\nslack: {channel: C024BE91L, text: \"{{link}}\"}", &["5:39 goes to the receiver alone"]);
    check_action(
        "name: a\nwebhook: {url: https://x.example, body: {l: \"{{link}}\"}}",
        &["5:49 goes to the receiver alone"],
    );
    check_action("name: a\nslack: {channel: '#onboarding'}", &["5:22 no id of a channel"]);
    check_action("name: a\nslack: {person: Priya}", &["5:21 nobody in Slack"]);
    check_action("name: a\nslack: {person: U1, channel: C1}", &["5:34 a person and a channel"]);
}

#[test]
fn the_route_in_the_documents_has_no_mistakes() {
    let document = include_str!("../docs/actions.md");
    let route = document.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    check(route, &[]);
    assert_eq!(route::load("x.yaml", route).unwrap().on_transfer.len(), 3);
}

#[test]
fn actions_have_names_of_their_own_and_an_end() {
    let two = "  - {name: a, slack: {}}\n  - {name: a, email: {}}\n";
    check(&format!("id: a-to-b\nfields: [{{key: day, type: date}}]\non_transfer:\n{two}"), &["5:12 stands twice"]);
    let many: String = (0..21).map(|number| format!("  - {{name: a{number}, slack: {{}}}}\n")).collect();
    check(
        &format!("id: a-to-b\nfields: [{{key: day, type: date}}]\non_transfer:\n{many}"),
        &["24:5 more than 20 actions"],
    );
}
