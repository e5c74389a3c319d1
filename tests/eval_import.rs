//! `baton eval import` as it is called: a brief and its corrections become a
//! case that says what the sources say, what cannot be used is named, and
//! under pseudonyms no old name is left in any form.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use baton::brief::{FieldState, Verdict};
use baton::eval::cases::{Expectation, load_case};
use baton::eval::{Case, examine};
use baton::pipeline;
use serde_json::json;

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("eval-import").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("deal")).unwrap();
    folder
}

/// Runs and expects a status.
fn check(here: &Path, arguments: &[&str], status: i32) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    let output = command.args(arguments).current_dir(here).env_clear().output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(status), "{arguments:?}\n{out}\n{err}");
    (out, err)
}

const ROUTE: &str = "\
id: deal-to-setup
fields:
  - {key: customer_name, type: text, required: true, cues: [customer]}
  - {key: go_live_date, type: date, required: true, cues: [go live, launch]}
  - {key: budget, type: money, required: true, cues: [budget, total]}
  - {key: billing_cycle, type: enum, required: true, cues: [bill, invoice], values: [{id: monthly}, {id: quarterly}]}
  - {key: seats, type: number, cues: [seats]}
  - {key: contact, type: person, required: true, said_by: theirs, cues: [contact]}
  - {key: phone, type: phone, cues: [phone, mobile]}
  - {key: region, type: text, required: true, cues: [region], allow: [not_applicable]}
";

const MAIL: &str = "\
From: \"Whitfield, Dana\" <dana.whitfield@kestrelmoor.example>
To: Marcus Lee <marcus.lee@contoso.example>, Helen.Ortiz@kestrelmoor.example
Subject: Kestrelmoor and Contoso
Date: Mon, 2 Mar 2026 09:00:00 +0100
Message-ID: <a1@kestrelmoor.example>

Hi Marcus,

we go live on July 1, 2026. The budget is USD 86,400 in total, and we take 45 seats.
Your contact is Dana Whitfield, my mobile is +1 (312) 555-0142.
Please bill us quarterly. Our order number is 4500123456.
Helen knows the rest; D. Whitfield signs. Dana's desk: 12 Linseed Road.

Dana

-- 
Dana Whitfield
KESTRELMOOR Ltd | https://www.kestrelmoor.example/dana-whitfield | 10.20.30.40
";

const CALL: &str = "\
WEBVTT

00:00:01.000 --> 00:00:04.000
<v Marcus Lee>Hi Dana, Contoso here. Do you launch in July?

00:00:04.000 --> 00:00:07.000
<v Dana Whitfield>Kestrelmoor does, yes. Kestrelmoors plan stands. And please invoice monthly.
";

const BASE: [&str; 6] = ["--route", "route.yaml", "--as-of", "2026-03-03T12:00:00Z", "--our-domain", "contoso.example"];

/// A handoff with its brief, and what `import` is called with.
fn handoff(name: &str, more: &[(&str, &[u8])]) -> PathBuf {
    let here = folder(name);
    fs::write(here.join("route.yaml"), ROUTE).unwrap();
    fs::write(here.join("deal/1-mail.eml"), MAIL).unwrap();
    fs::write(here.join("deal/2-call.vtt"), CALL).unwrap();
    for (name, bytes) in more {
        fs::write(here.join("deal").join(name), bytes).unwrap();
    }
    brief(&here);
    here
}

fn brief(here: &Path) {
    let out = ["--out", "brief.json", "--known", "customer_name=Kestrelmoor Ltd", "deal"];
    check(here, &[&["brief", "--format", "json", "--with-conversation"], &BASE[..], &out[..]].concat(), 3);
}

fn import(here: &Path, out: &str, more: &[&str], status: i32) -> (String, String) {
    let fixed = ["--brief", "brief.json", "--known", "customer_name=Kestrelmoor Ltd", "--out", out];
    check(here, &[&["eval", "import"], &BASE[..], &fixed[..], more, &["deal"]].concat(), status)
}

fn load(here: &Path, name: &str) -> Case {
    load_case(&here.join(name)).unwrap()
}

fn gold<'c>(case: &'c Case, field: &str) -> &'c Expectation {
    &case.gold(field).unwrap_or_else(|| panic!("{field} is not listed")).expectation
}

/// What the rules make of a case: fields that come out otherwise than expected.
fn read(case: &Case) -> Vec<String> {
    let outcome = pipeline::run(case.request(case.conversation()));
    let result = examine(case, &outcome);
    let wrong = result.scores.iter().filter(|score| score.outcome.is_some_and(|outcome| !outcome.is_right()));
    let mut wrong: Vec<String> = wrong.map(|score| score.field.clone()).collect();
    wrong.extend(result.gaps.missing().chain(result.gaps.extra()).map(|gap| format!("gap {}", gap.subject)));
    wrong
}

#[test]
fn a_trusted_brief_comes_back_as_it_was() {
    let here = handoff("round", &[]);
    let (out, err) = import(&here, "deal-01", &["--trust-brief"], 0);
    assert!(out.contains("8 of 8 fields scored, incomplete, 2 gaps expected"), "{out}\n{err}");
    let case = load(&here, "deal-01");
    assert_eq!((case.id.as_str(), case.expected.verdict), ("deal-01", Verdict::Incomplete));
    assert_eq!(case.known, [("customer_name".to_owned(), "Kestrelmoor Ltd".to_owned())]);
    assert_eq!(read(&case), Vec::<String>::new());
    // The same through the program, as somebody would judge it.
    let (out, _) = check(&here, &["eval", "deal-01"], 0);
    assert!(out.contains("0 of 1"), "{out}");
    assert_eq!(
        *gold(&case, "billing_cycle"),
        Expectation::Other(FieldState::Conflicting, vec![json!("quarterly"), json!("monthly")])
    );
    assert_eq!(case.gold("go_live_date").unwrap().evidence[0], "we go live on July 1, 2026.");
    // The route came along, the sources are those that were given.
    assert_eq!(fs::read_to_string(here.join("deal-01/route.yaml")).unwrap(), ROUTE);
    assert_eq!(fs::read_to_string(here.join("deal-01/context/1-mail.eml")).unwrap(), MAIL);
    // Nothing is ever written over, and nothing half-written stays.
    let (_, err) = import(&here, "deal-01", &["--trust-brief"], 2);
    assert!(err.contains("is there already"), "{err}");
    assert!(!fs::read_dir(&here).unwrap().any(|entry| entry.unwrap().file_name().to_string_lossy().ends_with(".part")));
}

#[test]
fn answers_become_gold_where_the_sources_say_them() {
    let here = handoff("answers", &[]);
    let answers = "\
- by: {name: Ada Moss, email: ada@contoso.example}
  fields:
    go_live_date: {value: 2026-07-02}
- by: {name: Ada Moss}
  fields:
    go_live_date: {value: 2026-07-01}
    budget: {value: {amount: 86400, currency: USD}}
    seats: {value: 46}
    billing_cycle: {value: monthly}
    contact: {value: Helen Ortiz}
    region: {not_applicable: no data is kept}
  sources:
    2-call.vtt: {dismissed: it was a test}
";
    fs::write(here.join("answers.yaml"), answers).unwrap();
    let (_, err) = import(&here, "deal-02", &["--corrections", "answers.yaml"], 0);
    let case = load(&here, "deal-02");
    // The last answer counts, and confirms what the brief had, with its words.
    assert_eq!(*gold(&case, "go_live_date"), Expectation::Found(vec![json!("2026-07-01")]));
    assert!(case.gold("go_live_date").unwrap().evidence[0].contains("July 1"));
    // A wrong value is replaced; nobody said the new one, which is told.
    assert_eq!(*gold(&case, "seats"), Expectation::Found(vec![json!(46)]));
    assert!(case.gold("seats").unwrap().evidence.is_empty());
    assert!(err.contains("no words of the sources show seats 46, with which Ada Moss replaced 45"), "{err}");
    // What only a person could say leaves the gap.
    assert_eq!(*gold(&case, "region"), Expectation::Absent);
    assert!(case.expected.gaps.iter().any(|gap| gap.subject == "region"));
    // What sources contradict stays a question, whatever was picked.
    assert!(matches!(gold(&case, "billing_cycle"), Expectation::Other(FieldState::Conflicting, _)), "{err}");
    // What nobody looked at is not scored.
    assert!(case.gold("phone").is_none() && case.gold("customer_name").is_none());
    assert!(err.contains("nobody looked at customer_name, phone: not scored"), "{err}");
    // A dismissed file is no source.
    assert!(err.contains("2-call.vtt was dismissed and is left out"), "{err}");
    assert_eq!(case.sources.len(), 1);
    // It all stands at the head of the gold.
    let text = fs::read_to_string(here.join("deal-02/expected.yaml")).unwrap();
    assert!(text.starts_with("# Still to be checked by a person:\n# - "), "{text}");
}

#[test]
fn a_missed_value_is_found_by_its_words() {
    let here = handoff(
        "found",
        &[("3-note.txt", b"The data region is Osterlund, said Dana.\nWe will need the parking lot.\n")],
    );
    let brief: serde_json::Value = serde_json::from_str(&fs::read_to_string(here.join("brief.json")).unwrap()).unwrap();
    // As if the reader had missed both.
    let mut brief = brief;
    brief["fields"]["region"] =
        json!({"state": "missing", "value": null, "origin": null, "evidence": [], "superseded": [], "candidates": []});
    brief["fields"]["go_live_date"] = brief["fields"]["region"].clone();
    fs::write(here.join("brief.json"), brief.to_string()).unwrap();
    let answers = json!({"by": {"name": "Ada"}, "fields": {"region": {"value": "Osterlund"}, "go_live_date": {"value": "2026-07-01"}}});
    fs::write(here.join("answers.json"), serde_json::to_string_pretty(&answers).unwrap()).unwrap();
    let (_, err) = import(&here, "deal-03", &["--corrections", "answers.json"], 0);
    let case = load(&here, "deal-03");
    assert_eq!(*gold(&case, "region"), Expectation::Found(vec![json!("Osterlund")]));
    assert_eq!(case.gold("region").unwrap().evidence, ["The data region is Osterlund, said Dana."]);
    assert_eq!(case.gold("go_live_date").unwrap().evidence, ["we go live on July 1, 2026."]);
    assert!(!case.expected.gaps.iter().any(|gap| gap.subject == "region" || gap.subject == "go_live_date"));
    assert!(err.contains("is that where it is said?"), "{err}");
}

#[test]
fn what_cannot_be_used_is_named() {
    let here = handoff("broken", &[]);
    let refuse = |answers: &str, told: &str| {
        fs::write(here.join("answers.yaml"), answers).unwrap();
        let (_, err) = import(&here, "deal-04", &["--corrections", "answers.yaml"], 1);
        assert!(err.contains(told), "{told}\n{err}");
        assert!(!here.join("deal-04").exists());
    };
    refuse("fields:\n  seats: {valu: 3}\n", "answers.yaml:2: `valu` is no key here");
    refuse("fields:\n  seats: {value: 3, candidate: c_1}\n", "answers.yaml:2: an answer is exactly one of");
    refuse("fields:\n  seats: {value: }\n", "a value is expected here");
    refuse("colour: 1\n", "answers.yaml:1: `colour` is no key here");
    refuse("fields: [\n", "is no YAML");
    refuse("fields:\n  colour: {value: 3}\n", "`colour` is corrected, and the route `deal-to-setup` has no such field");
    refuse(
        "fields:\n  go_live_date: {value: soon-ish}\n",
        "`go_live_date` is corrected to \"soon-ish\", which is no date",
    );
    refuse(
        "fields:\n  billing_cycle: {candidate: c_000000000000}\n",
        "`c_000000000000` is no candidate of `billing_cycle`",
    );
    refuse(
        "fields:\n  budget: {not_applicable: no}\n",
        "`budget` is answered with `not_applicable`, which the route does not allow",
    );
    let (_, err) = import(&here, "deal-04", &["--corrections", "nowhere.yaml"], 2);
    assert!(err.contains("there is no such file"), "{err}");
    let (_, err) = import(&here, "nowhere/deal-04", &[], 2);
    assert!(err.contains("there is no folder nowhere"), "{err}");
    fs::write(here.join("brief.json"), "{\"route\": 3}").unwrap();
    let (_, err) = import(&here, "deal-04", &[], 1);
    assert!(err.contains("brief.json is no brief as JSON"), "{err}");
    brief(&here);
    let other = fs::read_to_string(here.join("brief.json")).unwrap().replace("deal-to-setup", "other-route");
    fs::write(here.join("brief.json"), other).unwrap();
    let (_, err) = import(&here, "deal-04", &[], 1);
    assert!(err.contains("the brief was made for the route `other-route`, not for `deal-to-setup`"), "{err}");
}

/// A mail whose words are hidden in every way that mails have, and a chat with escapes.
const ENCODED: &str = "\
From: =?utf-8?B?SsO8cmdlbiBNw7xsbGVy?= <juergen.mueller@kestrelmoor.example>
To: Marcus Lee <marcus.lee@contoso.example>
Subject: =?utf-8?Q?Kestrelmoor_f=C3=BCr_Contoso?=
Date: Mon, 2 Mar 2026 10:00:00 +0100
Message-ID: <b2@kestrelmoor.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

SGkgTWFyY3VzLCBLZXN0cmVsbW9vciBuZWVkcyA0NSBzZWF0cy4gSsO8cmdlbiBNw7xsbGVy
--x
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<html><body>Gr=FC=DFe von J&uuml;rgen M&#252;ller, Kest=
relmoor</body></html>
--x
Content-Type: application/pdf; name=\"kestrelmoor.pdf\"
Content-Disposition: attachment; filename=\"kestrelmoor.pdf\"
Content-Transfer-Encoding: base64

JVBERi0xLjQgS2VzdHJlbG1vb3IgRGFuYSBXaGl0ZmllbGQ=
--x--
";

const CHAT: &str = r#"{"ok": true, "messages": [{"type": "message", "user": "U024BE7LH", "text": "J\u00fcrgen M\u00fcller &amp; dana: call 312-555-0142, kestrelmoor wants it", "ts": "1772529600.118339", "user_profile": {"real_name": "J\u00fcrgen M\u00fcller", "name": "jmueller"}}]}"#;

/// Everything that must stand nowhere, in small letters.
const OLD: [&str; 17] = [
    "kestrelmoor",
    "contoso",
    "whitfield",
    "dana",
    "marcus",
    "helen",
    "ortiz",
    "jürgen",
    "müller",
    "juergen",
    "mueller",
    "5550142",
    "555-0142",
    "4500123456",
    "u024be7lh",
    "linseed",
    "10.20.30.40",
];

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        match path.is_dir() {
            true => waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path())),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

#[test]
fn under_pseudonyms_no_old_name_is_left() {
    let more: [(&str, &[u8]); 2] = [("3-kestrelmoor-mail.eml", ENCODED.as_bytes()), ("4-chat.json", CHAT.as_bytes())];
    let here = handoff("pseudonyms", &more);
    let (_, err) = import(&here, "deal-05", &["--trust-brief", "--pseudonymise", "--mapping", "map.json"], 0);
    for file in all_files(&here.join("deal-05")) {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.strip_prefix(&here).unwrap().display().to_string();
        for old in OLD {
            assert!(!format!("{name}\n{text}").to_lowercase().contains(old), "{old} in {name}\n{text}");
        }
        // What is encoded could hide anything: nothing is.
        assert!(!text.contains("base64"), "{name}\n{text}");
    }
    let case = load(&here, "deal-05");
    assert_eq!(case.our_domains, ["acme.example"]);
    assert_eq!(case.tags, ["imported", "pseudonymised"]);
    // It is read as before, and every value with its words.
    assert_eq!(read(&case), Vec::<String>::new(), "{err}");
    assert!(!err.contains("otherwise than before") && !err.contains("left out"), "{err}");
    // Days and amounts stay, and everything but names is as it was.
    let mail = fs::read_to_string(here.join("deal-05/context/1-mail.eml")).unwrap();
    assert!(
        mail.contains("we go live on July 1, 2026. The budget is USD 86,400 in total, and we take 45 seats."),
        "{mail}"
    );
    // The mapping lies outside, and leads back.
    let map: Vec<serde_json::Value> =
        serde_json::from_str(&fs::read_to_string(here.join("map.json")).unwrap()).unwrap();
    let new = |old: &str| {
        let pair = map.iter().find(|pair| pair["old"] == old).unwrap_or_else(|| panic!("{old}"));
        pair["new"].as_str().unwrap().to_owned()
    };
    let (dana, whitfield, company) = (new("dana"), new("whitfield"), new("kestrelmoor"));
    // One person, one name: whole, turned round, alone, with an initial, in capitals, in addresses.
    let domain = format!("{}.example", company.to_lowercase());
    assert_eq!(new("kestrelmoor.example"), domain);
    assert_eq!(new("dana.whitfield@kestrelmoor.example"), format!("{dana}.{whitfield}@{domain}").to_lowercase());
    for told in [
        format!("Your contact is {dana} {whitfield}, my mobile is +1 ("),
        format!("{}. {whitfield} signs. {dana}'s desk: 12 ", &dana[..1]),
        company.to_uppercase(),
        format!("https://www.{domain}/{}-{}", dana.to_lowercase(), whitfield.to_lowercase()),
        "Subject: ".to_owned() + &company + " and Acme",
    ] {
        assert!(mail.contains(&told), "{told}\n{mail}");
    }
    let call = fs::read_to_string(here.join("deal-05/context/2-call.vtt")).unwrap();
    assert!(call.contains(&format!("Hi {dana}, Acme here.")) && call.contains(&format!("{company}s plan")), "{call}");
    // A number is one number in every shape, in the mail, the chat and the gold.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let chat = fs::read_to_string(here.join("deal-05/context/4-chat.json")).unwrap();
    let called = chat.split("call ").nth(1).unwrap().split(',').next().unwrap().to_owned();
    let Expectation::Found(phone) = gold(&case, "phone") else { panic!("no phone") };
    assert!(digits(&mail).contains(&digits(phone[0].as_str().unwrap())), "{phone:?}\n{mail}");
    assert_eq!(called.len(), "312-555-0142".len(), "{chat}");
    assert!(phone[0].as_str().unwrap().ends_with(&digits(&called)), "{called} and {phone:?}");
    // However its letters are written, it is one name.
    let (given, family) = (new("jürgen"), new("müller"));
    assert_eq!(new("juergen.mueller@kestrelmoor.example"), format!("{given}.{family}@{domain}").to_lowercase());
    assert!(chat.contains("1772529600.118339"), "times stay: {chat}");
    // The file nobody could read is still there, unread, without its content.
    let unread = case.conversation().unread;
    assert_eq!((unread.len(), unread[0].source.ends_with(".pdf")), (1, true), "{unread:?}");
}

#[test]
fn the_same_seed_gives_the_same_names() {
    let here = handoff("seeds", &[]);
    let text = |out: &str, seed: &str| {
        import(&here, out, &["--trust-brief", "--pseudonymise", "--seed", seed], 0);
        let files = all_files(&here.join(out));
        let texts: Vec<String> = files.iter().map(|file| fs::read_to_string(file).unwrap().replace(out, "")).collect();
        texts
    };
    let (one, same, other) = (text("a-01", "7"), text("a-02", "7"), text("a-03", "8"));
    assert_eq!(one, same);
    assert_ne!(one, other);
}

#[test]
fn amounts_change_only_when_asked() {
    let here = handoff("amounts", &[]);
    import(&here, "deal-06", &["--trust-brief", "--pseudonymise", "--numbers"], 0);
    let case = load(&here, "deal-06");
    let mail = fs::read_to_string(here.join("deal-06/context/1-mail.eml")).unwrap();
    assert!(!mail.contains("86,400") && mail.contains("July 1, 2026"), "{mail}");
    let Expectation::Found(budget) = gold(&case, "budget") else { panic!("no budget") };
    let amount = budget[0]["amount"].as_str().unwrap();
    assert!(mail.replace(',', "").contains(amount) && amount.ends_with("00"), "{amount}\n{mail}");
    assert!(!read(&case).contains(&"budget".to_owned()));
}

#[test]
fn what_may_be_left_is_told_and_can_be_named() {
    let words = "The rollout at Brackenfell was fine.\nAsk Petrossian about it, or the people of Ostervale Dairy.\n";
    let here = handoff("left", &[("3-note.txt", words.as_bytes())]);
    let (_, err) = import(&here, "deal-07", &["--pseudonymise"], 0);
    assert!(err.contains("were not replaced") && err.contains("Petrossian") && err.contains("Ostervale"), "{err}");
    let named =
        ["--pseudonymise", "--person", "Petrossian", "--company", "Ostervale Dairy", "--company", "Brackenfell"];
    let (_, err) = import(&here, "deal-08", &named, 0);
    assert!(!err.contains("Petrossian"), "{err}");
    let note = fs::read_to_string(here.join("deal-08/context/3-note.txt")).unwrap();
    assert!(!note.contains("Petrossian") && !note.contains("Ostervale") && !note.contains("Brackenfell"), "{note}");
    assert!(note.contains(" Dairy"), "{note}");
}

#[test]
fn what_cannot_be_rewritten_is_refused() {
    let here = handoff("refused", &[("3-files.zip", b"PK\x05\x06 not really")]);
    // The id of the case is part of it.
    let (_, err) = import(&here, "kestrelmoor-01", &["--pseudonymise"], 1);
    assert!(err.contains("old names still stand in what would be written") && err.contains("kestrelmoor"), "{err}");
    assert!(!here.join("kestrelmoor-01").exists(), "nothing is kept");
    let (_, err) = import(&here, "deal-09", &["--pseudonymise", "--mapping", "deal-09/map.json"], 2);
    assert!(err.contains("lies in the case"), "{err}");
    let packed = r#"{"threads": [{"raw": "RnJvbTogRGFuYSBXaGl0ZmllbGQgPGRhbmFAa2VzdHJlbG1vb3IuZXhhbXBsZT4"}]}"#;
    fs::write(here.join("deal/4-packed.json"), packed).unwrap();
    let (_, err) = import(&here, "deal-09", &["--pseudonymise"], 1);
    assert!(err.contains("4-packed.json holds a message or file in an encoded form"), "{err}");
    let (_, err) = import(&here, "deal-09", &["--seed", "3"], 2);
    assert!(err.contains("--pseudonymise"), "{err}");
}
