//! The report of a run as a page: every handoff that failed is there with both
//! sides and its sources, what comes from data stays text, and a browser asks
//! for nothing, complains of nothing and fits it into every window.

#[path = "browser/chromium.rs"]
#[allow(dead_code)]
mod chromium;
#[path = "pages/hostile.rs"]
#[allow(dead_code)]
mod hostile;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use baton::brief::Verdict;
use baton::eval::load;
use baton::eval::report::{Report, report_html, sources};
use baton::eval::result::{MutantResult, MutantResults, Results, UnmadeMutant};
use baton::route::Ordered;
use chromium::{Chromium, FAINT, misdeeds};
use serde_json::{Value as Json, json};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("eval-report").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the program in a folder and expects a status.
fn eval(here: &Path, arguments: &[&str], status: i32) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    let output = command.arg("eval").args(arguments).current_dir(here).env_clear().output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{arguments:?}\n{told}");
    told
}

/// The report and the results of the repository's hard cases.
fn unmet(name: &str) -> (PathBuf, String, Results) {
    let here = folder(name);
    let path = |file: &str| here.join(file).to_str().unwrap().to_owned();
    let (html, json) = (path("report.html"), path("now.json"));
    fs::write(here.join("gates.toml"), "[gates]\nfield_recall = {min = 1.0}\nfalse_pass_rate = {max = 1.0}\n").unwrap();
    let gates = path("gates.toml");
    eval(root(), &["evals/unmet", "--html", &html, "--json", &json, "--gates", &gates, "--probe", "order"], 4);
    let page = fs::read_to_string(&html).unwrap();
    (here, page, serde_json::from_str(&fs::read_to_string(&json).unwrap()).unwrap())
}

/// The tags of a page in order. Text has none: every `<` of it is escaped.
fn tags(page: &str) -> Vec<&str> {
    let (_, body) = page.split_once("</style>").expect("a style");
    body.split('<').skip(1).map(|part| part.split_once('>').expect("a tag ends").0).collect()
}

/// What is wrong with the making of a page: tags that do not close, ids that are there twice, links that lead nowhere or
/// outside, anything that would be fetched.
fn faults(page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut open: Vec<&str> = vec!["html", "head"];
    let (mut ids, mut targets) = (BTreeSet::new(), Vec::new());
    for tag in tags(page) {
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
        match tag.strip_prefix('/') {
            Some(closed) => {
                if open.pop() != Some(closed) {
                    faults.push(format!("</{closed}> closes another"));
                }
            }
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
        let outside = ["script", "iframe", "img", "link", "object", "embed", "form", "input", "base", "image", "use"];
        if outside.contains(&name) {
            faults.push(format!("<{tag}>"));
        }
        let attribute = |key: &str| tag.split(&format!(" {key}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        if attribute("id").is_some_and(|id| !ids.insert(id.to_owned())) {
            faults.push(format!("twice: <{tag}>"));
        }
        if let Some(href) = attribute("href") {
            match href.strip_prefix('#') {
                Some(target) => targets.push(target.to_owned()),
                None => faults.push(format!("leads outside: <{tag}>")),
            }
        }
        if tag.contains(" src=") || tag.contains(" style=") || tag.contains(" on") && !tag.contains("aria-label") {
            faults.push(format!("<{tag}>"));
        }
    }
    faults.extend(
        targets.iter().filter(|target| !ids.contains(*target)).map(|target| format!("leads nowhere: {target}")),
    );
    if !open.is_empty() {
        faults.push(format!("left open: {open:?}"));
    }
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).unwrap_or_default();
    if style.contains("@import") || style.replace("url(#hatch)", "").contains("url(") {
        faults.push("the style fetches".to_owned());
    }
    faults
}

/// The page's part about one handoff.
fn part<'a>(page: &'a str, id: &str) -> Option<&'a str> {
    let begin = page.find(&format!("<strong>{id}</strong> <span class=\"small\">"))?;
    let rest = &page[begin..];
    Some(&rest[..rest.find("<details class=\"case\">").unwrap_or(rest.len())])
}

#[test]
fn the_faults_of_a_page_are_seen() {
    let check = |body: &str, expected: &[&str]| {
        let found = faults(&format!("<html><head><style></style></head>{body}</html>"));
        assert!(found.len() == expected.len() && found.iter().zip(expected).all(|(f, e)| f.contains(e)), "{found:?}");
    };
    check("<p>fine</p>", &[]);
    check("<p><b>x</p></b>", &["</p>", "</b>"]);
    check("<p id=\"a\"></p><p id=\"a\"></p>", &["twice"]);
    check("<a href=\"#b\">x</a>", &["nowhere: b"]);
    check("<a href=\"http://canary.example\">x</a>", &["outside"]);
    check("<img src=\"x.png\"/>", &["<img", "<img"]);
    check("<p onclick=\"x\">x</p>", &["onclick"]);
}

#[test]
fn every_failed_handoff_is_there_with_both_sides_and_its_sources() {
    let (_, page, results) = unmet("whole");
    assert_eq!(faults(&page), Vec::<String>::new());
    let mut failed = 0;
    for case in &results.cases {
        let wrong: Vec<_> =
            case.scores.iter().filter(|score| score.outcome.is_some_and(|outcome| !outcome.is_right())).collect();
        let gaps = case.gaps.missing().count() + case.gaps.extra().count();
        let part = part(&page, &case.id);
        let is_failed = !wrong.is_empty() || gaps > 0 || case.is_false_pass() || case.is_false_block();
        assert_eq!(part.is_some(), is_failed, "{}", case.id);
        let Some(part) = part else { continue };
        failed += 1;
        for score in wrong {
            assert!(part.contains(&format!("<h4>{} ", score.field)), "{}: {}", case.id, score.field);
        }
        assert!(part.contains("<h4>Sources</h4>") && part.contains("<article class=\"message\">"), "{}", case.id);
    }
    assert!(failed > 10, "{failed} failed");
    assert!(page.contains(&format!("{failed} with something to look at")));
    for told in ["<mark class=\"expected\">", "<mark class=\"got\">", "<mark class=\"expected got\">"] {
        assert!(page.contains(told), "{told}");
    }
    // The quotes of the brief stand where they are said to, so each leads to its words.
    let got: Vec<&str> =
        page.split("<div class=\"side got\">").skip(1).map(|side| side.split("</div>").next().unwrap()).collect();
    assert!(got.iter().all(|side| !side.contains("not in the sources")), "a quote of the brief marks nothing");
}

#[test]
fn the_page_says_what_was_run_and_what_holds() {
    let (here, page, results) = unmet("top");
    for told in [
        "1 of 2 gates broken",
        "False pass: unfinished handoffs let through",
        "<th scope=\"row\">field_recall</th>",
        "<td>at least 1</td><td><span class=\"chip bad\">✗ broken</span>",
        "<td>at most 1</td><td><span class=\"chip good\">✓ holds</span>",
        "<dt>engine</dt><dd>extractive</dd>",
        "sales-to-onboarding version 1",
        "Risk against coverage",
        "<h3>Time</h3>",
        "Quality by field",
        "<h3>The gate</h3>",
    ] {
        assert!(page.contains(told), "{told}");
    }
    let passes = results.metrics.find("false_pass_rate").unwrap();
    assert!(page.contains(&format!("<dd>0 of {} (&lt; ", passes.n)), "none is told with its bound");
    // A chart has its figures as a table too.
    assert_eq!(page.matches("<figure class=\"chart\">").count(), 4);
    assert_eq!(page.matches("<summary>As a table</summary>").count(), 4);
    // The same results give the same page, with the sources and without.
    let (json, again, bare) = ("now.json", "again.html", "bare.html");
    let cases = root().join("evals/unmet");
    eval(&here, &[cases.to_str().unwrap(), "--from", json, "--html", again], 4);
    assert_eq!(fs::read_to_string(here.join(again)).unwrap(), page);
    eval(&here, &["--from", json, "--html", bare, "--beside", json, "--baseline", json], 4);
    let bare = fs::read_to_string(here.join(bare)).unwrap();
    assert_eq!(faults(&bare), Vec::<String>::new());
    assert!(bare.contains("Not in this report: the case was not") && !bare.contains("<article class=\"message\">"));
    assert!(bare.contains("Cost against quality, by run") && bare.contains("B: extractive, now.json"));
    assert!(bare.contains("No handoff changed.") && bare.contains("No metric moved."));
    // What belongs to reading does not go with results that were read before.
    for wrong in [&["--from", json, "--engine", "both"][..], &["--from", json, "--limit", "3"], &["--html", "x.html"]] {
        eval(&here, wrong, 2);
    }
    eval(&here, &["--from", json, "--html", "no/such/folder.html"], 2);
}

#[test]
fn what_changed_leads_to_the_handoff() {
    let (here, _, mut results) = unmet("changes");
    let case = results
        .cases
        .iter_mut()
        .find(|case| case.scores.iter().any(|s| s.outcome.is_some_and(|o| o.name() == "missed")))
        .unwrap();
    let id = case.id.clone();
    let score =
        case.scores.iter_mut().find(|score| score.outcome.is_some_and(|outcome| outcome.name() == "missed")).unwrap();
    score.outcome = Some(baton::eval::Outcome::Right);
    let field = score.field.clone();
    fs::write(here.join("before.json"), results.to_text().unwrap()).unwrap();
    eval(&here, &["--from", "now.json", "--baseline", "before.json", "--html", "worse.html"], 4);
    let page = fs::read_to_string(here.join("worse.html")).unwrap();
    assert_eq!(faults(&page), Vec::<String>::new());
    assert!(page.contains("✗ Worse (1)"), "the one that got worse is counted");
    assert!(page.contains(&format!("\">{id}</a>: {field}: missed, was right")), "{id} {field}");
    assert!(page.contains("<th scope=\"row\">field_recall</th><td>"));
}

#[test]
fn mutants_that_passed_are_holes_and_few_show_nothing() {
    let (_, _, mut results) = unmet("mutants");
    let (cases, _) = load(&root().join("evals/unmet"));
    let mut case = results.cases[0].clone();
    case.id = "x-01/remove/y".to_owned();
    (case.expected, case.got) = (Verdict::Incomplete, Verdict::Complete);
    let mutant = MutantResult {
        id: case.id.clone(),
        original: results.cases[0].id.clone(),
        mutation: "remove".to_owned(),
        field: "y".to_owned(),
        got: case.got,
        gaps: case.gaps.clone(),
        case: Some(Box::new(case.clone())),
    };
    let unmade =
        |reason: &str| UnmadeMutant { mutation: "vague".to_owned(), reason: reason.to_owned(), ..Default::default() };
    let all = MutantResults {
        made: 130,
        counted: 120,
        shown: true,
        all: vec![mutant],
        unmade: vec![unmade("no words"), unmade("no words"), unmade("too many")],
    };
    results.mutations = Ordered(vec![("all".to_owned(), results.metrics.clone())]);
    results.mutants = Some(all);
    let mut sources = sources(&results, &cases);
    sources.insert(case.id.clone(), cases.iter().find(|one| one.id == results.cases[0].id).unwrap().conversation());
    let page = report_html(&Report { results: &results, beside: &[], sources: &sources });
    assert_eq!(faults(&page), Vec::<String>::new());
    for told in [
        "130 made, 120 counted",
        "✗ Passed unfinished (1)",
        "<td>2</td><td>no words</td>",
        "<th scope=\"row\">all</th>",
    ] {
        assert!(page.contains(told), "{told}");
    }
    assert!(part(&page, &case.id).is_some_and(|part| part.contains("<article class=\"message\">")));
    results.mutants.as_mut().unwrap().shown = false;
    results.mutants.as_mut().unwrap().counted = 12;
    let page = report_html(&Report { results: &results, beside: &[], sources: &sources });
    assert!(page.contains("Not shown (12 of 100)") && !page.contains("exactly the gap"), "few mutants show nothing");
}

/// One case on a line, whose go-live date is read otherwise than its gold says.
fn line(id: &str, words: &str, evidence: &str) -> String {
    let fields = json!({"go_live_date": {"value": "2026-08-01", "evidence": [evidence]}, "budget": "absent"});
    let route = json!({"id": "a-to-b", "fields": [
        {"key": "go_live_date", "type": "date", "required": true, "cues": ["go live"]},
        {"key": "budget", "type": "money", "required": true, "cues": ["budget"]},
    ]});
    let sources = json!([{"type": "note", "filename": format!("{id}.txt"), "text": words}]);
    let expected = json!({"verdict": "incomplete", "fields": fields, "gaps": [{"field": "budget", "kind": "missing"}]});
    json!({"id": id, "route": route, "as_of": "2026-03-03T12:00:00Z", "our_domains": [], "tags": [id], "sources": sources, "expected": expected})
        .to_string()
}

#[test]
fn long_sources_are_shown_around_the_quotes() {
    let here = folder("long");
    let filler = "Nothing of this matters to anybody at all. ".repeat(900);
    let words = format!("{filler}\n\nWe go live on July 1, 2026.\n\n{filler}Not before August in truth.\n\n{filler}");
    fs::write(here.join("cases.jsonl"), line("long-01", &words, "before August")).unwrap();
    eval(&here, &["cases.jsonl", "--html", "report.html"], 0);
    let page = fs::read_to_string(here.join("report.html")).unwrap();
    assert_eq!(faults(&page), Vec::<String>::new());
    assert!(page.len() < 60_000, "{} bytes", page.len());
    let part = part(&page, "long-01").expect("the case failed");
    assert!(part.contains("got go_live_date</b>We go live on July 1, 2026"), "{part}");
    assert!(part.contains("expected go_live_date</b>before August"), "{part}");
    assert_eq!(part.matches(" bytes left out …]").count(), 3, "{part}");
}

#[test]
fn hostile_sources_stay_text() {
    let here = folder("hostile-sources");
    let lines: Vec<String> = hostile::ATTACKS
        .iter()
        .enumerate()
        .map(|(index, attack)| {
            let words = format!("{attack}\nWe go live on July 1, 2026 {attack} for good.\nLater {attack} maybe.\n");
            line(&format!("h-{index:02}"), &words, &format!("Later {attack} maybe"))
        })
        .collect();
    fs::write(here.join("cases.jsonl"), lines.join("\n")).unwrap();
    eval(&here, &["cases.jsonl", "--html", "report.html"], 0);
    let page = fs::read_to_string(here.join("report.html")).unwrap();
    assert_eq!(faults(&page), Vec::<String>::new());
    for (index, attack) in hostile::ATTACKS.iter().enumerate() {
        let part = part(&page, &format!("h-{index:02}")).expect("each failed");
        // A file with a zero byte is no text, and is said to be unread.
        let told = if attack.contains('\0') { "it is not text" } else { "<mark class=\"expected\">" };
        assert!(part.contains(told), "{part}");
    }
    // Some attacks make the day doubtful, and then the brief cites nothing.
    let cited = page.matches("<b class=\"tag\" id=\"c").count();
    assert!(cited > hostile::ATTACKS.len() * 3 / 2, "{cited} marks");
}

/// Keys whose text is one of a few words.
const CLOSED: [&str; 9] = ["outcome", "state", "origin", "tier", "message", "at", "expected", "got", "kind"];

fn poison(json: &mut Json, attack: &str) {
    match json {
        Json::String(text) => text.push_str(attack),
        Json::Array(items) => items.iter_mut().for_each(|item| poison(item, attack)),
        Json::Object(entries) => {
            for (key, value) in entries.iter_mut() {
                if !(CLOSED.contains(&key.as_str()) && value.is_string()) {
                    poison(value, attack);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn hostile_results_do_nothing_in_a_browser() {
    let (_, _, mut results) = unmet("hostile-results");
    let (cases, _) = load(&root().join("evals/unmet"));
    // Only what failed is shown case by case.
    results.cases.retain(|case| {
        let scores = serde_json::to_value(&case.scores).unwrap();
        scores.as_array().is_some_and(|scores| scores.iter().any(|score| score["outcome"] == "missed"))
    });
    results.cases.truncate(3);
    results.mistakes.push(Default::default());
    let sources = sources(&results, &cases);
    let kept = serde_json::to_value(&results).unwrap();
    let here = folder("hostile-pages");
    let mut browser = Chromium::start(&folder("hostile-browser"));
    for (index, attack) in hostile::ATTACKS.iter().enumerate() {
        let mut poisoned = kept.clone();
        poison(&mut poisoned, attack);
        let results: Results = serde_json::from_value(poisoned).expect("still results");
        let sources: BTreeMap<_, _> =
            sources.iter().map(|(id, conversation)| (format!("{id}{attack}"), conversation.clone())).collect();
        let beside = [(format!("beside{attack}"), results.clone())];
        let page = report_html(&Report { results: &results, beside: &beside, sources: &sources });
        assert_eq!(faults(&page), Vec::<String>::new(), "{attack}");
        let file = here.join(format!("{index}.html"));
        fs::write(&file, page).unwrap();
        let url = format!("file://{}", file.display());
        browser.open(&url, 1440, 900);
        browser.ask("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
        assert_eq!(misdeeds(&browser, &url), Vec::<String>::new(), "{attack}");
        let made = "[...document.querySelectorAll('script, iframe, img, form, input, base, link, object')].length";
        assert_eq!(browser.ask(made), json!(0), "{attack}");
        assert_eq!(browser.ask("document.querySelectorAll('.case').length"), json!(3), "{attack}");
    }
}

#[test]
fn a_browser_asks_for_nothing_and_fits_it_into_every_window() {
    let (here, _, _) = unmet("browser");
    let url = format!("file://{}", here.join("report.html").display());
    let mut browser = Chromium::start(&folder("browser-profile"));
    for (width, scheme) in [(320, "light"), (390, "dark"), (800, "light"), (1100, "dark"), (1440, "light")] {
        let feature = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        browser.call("Emulation.setEmulatedMedia", feature);
        browser.open(&url, width, 800);
        let sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(browser.ask(sideways), json!(0), "{width} px, closed");
        browser.ask("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
        assert_eq!(browser.ask(sideways), json!(0), "{width} px, {scheme}");
        assert_eq!(browser.ask(FAINT), json!([]), "{width} px, {scheme}");
        assert_eq!(misdeeds(&browser, &url), Vec::<String>::new(), "{width} px, {scheme}");
        let complaints = browser.told("Runtime.consoleAPICalled").len() + browser.told("Runtime.exceptionThrown").len();
        assert_eq!(complaints, 0);
    }
    // Without script a link opens the handoff it leads to, and a quote lights up its words.
    browser.call("Emulation.setScriptExecutionDisabled", json!({"value": true}));
    // Another page in between, since a place in the same page is not loaded again.
    browser.open("about:blank", 1440, 800);
    browser.open(&format!("{url}#case-2"), 1440, 800);
    assert_eq!(browser.ask("document.querySelectorAll('.case')[1].open"), json!(true));
    browser.click(".case[open] .side.expected .quote a");
    browser.arrive();
    let lit = "(() => { const tag = document.querySelector('.tag:target'); const box = tag.getBoundingClientRect(); \
               return [tag.textContent.startsWith('expected '), box.top >= 0 && box.bottom <= innerHeight]; })()";
    assert_eq!(browser.ask(lit), json!([true, true]));
    // On paper nothing of a handoff stays folded.
    let folded = "getComputedStyle(document.querySelectorAll('.case')[3], '::details-content').contentVisibility";
    assert_eq!(browser.ask(folded), json!("hidden"));
    browser.call("Emulation.setEmulatedMedia", json!({"media": "print"}));
    assert_eq!(browser.ask(folded), json!("visible"));
}
