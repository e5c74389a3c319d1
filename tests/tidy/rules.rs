//! The house rules for Rust files. Each takes one file and names the places
//! that break it as `file:line: what is wrong`.

use super::source::Source;

pub type Rule = fn(&Source) -> Vec<String>;

pub const ALL: [Rule; 9] =
    [opening, file_length, function_length, layers, module_names, purity, acting, giving_up, waiting];

/// A file's opening paragraph has at least this many letters.
const LEAST_OPENING: usize = 60;
const MOST_FILE_LINES: usize = 600;
/// A longer file needs a reason in `LONG_FILES`.
const USUAL_FILE_LINES: usize = 400;
const MOST_TEST_LINES: usize = 200;
const MOST_FUNCTION_LINES: usize = 80;

/// Files above the usual length, each with its reason.
pub const LONG_FILES: [(&str, &str); 4] = [
    ("src/config.rs", "every setting with its meaning, in one place for whoever looks one up"),
    ("src/language/polarity.rs", "every way a sentence can undo its part, on one scene of words"),
    ("src/value/amount.rs", "only what follows the digits tells money, number and length apart"),
    ("src/value/relative.rs", "one short reader per way of counting from a day, tried in one order"),
];

/// The modules from the lowest layer upwards. Modules on one line do not use
/// each other; each line may use all lines above it.
const LAYERS: [&[&str]; 26] = [
    &["language"],
    &["conversation", "config"],
    &["value"],
    &["route"],
    &["brief", "claim", "handoff"],
    &["intake", "wording", "redaction"],
    // The chain: each step may use the steps before it.
    &["extraction"],
    &["grounding"],
    &["resolution"],
    &["verdict"],
    &["gaps"],
    &["answers", "insights"],
    &["gate"],
    &["rendering"],
    &["asking"],
    &["passages"],
    &["acting"],
    &["llm", "store", "access", "outbound"],
    &["retrieval"],
    &["pipeline"],
    &["app"],
    &["worker", "courier", "librarian", "postman", "web"],
    &["eval", "api", "pages", "console"],
    &["serving", "faults"],
    &["cli"],
    // Uses the command line alone.
    &["main"],
];

/// The highest layer without clock, files, network and terminal.
const LAST_PURE: &str = "acting";

/// Names that say nothing of the product.
const EMPTY_NAMES: [&str; 12] = [
    "util", "utils", "common", "types", "core", "helper", "helpers", "manager", "managers", "service", "services",
    "misc",
];

pub fn opening(source: &Source) -> Vec<String> {
    let lines = source.text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let paragraph = lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    let is_sentence = paragraph.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic())
        && (paragraph.contains(". ") || paragraph.ends_with(['.', ':', '?']));
    if is_sentence && paragraph.chars().count() >= LEAST_OPENING {
        return Vec::new();
    }
    vec![format!("{}:1: the file does not open with a `//!` sentence that says what it is for", source.path)]
}

pub fn file_length(source: &Source) -> Vec<String> {
    let (lines, tests) = source.count_lines();
    let path = &source.path;
    let is_product = path.starts_with("src/");
    let is_listed = LONG_FILES.iter().any(|(listed, _)| listed == path);
    let mut findings = Vec::new();
    if lines > MOST_FILE_LINES {
        findings.push(format!("{path}:{lines}: {lines} lines, {MOST_FILE_LINES} is the limit; split it"));
    } else if is_product && lines > USUAL_FILE_LINES && !is_listed {
        findings
            .push(format!("{path}:{lines}: {lines} lines, above {USUAL_FILE_LINES} without a reason in LONG_FILES"));
    }
    if is_product && tests > MOST_TEST_LINES {
        findings.push(format!("{path}:{lines}: {tests} lines of tests, beyond {MOST_TEST_LINES} they go to tests/"));
    }
    findings
}

/// Entries of `LONG_FILES` that no file needs.
pub fn unneeded_exceptions(sources: &[Source]) -> Vec<String> {
    let is_long =
        |listed: &str| sources.iter().any(|source| source.path == listed && source.count_lines().0 > USUAL_FILE_LINES);
    let unneeded = LONG_FILES.iter().filter(|(listed, reason)| !is_long(listed) || reason.is_empty());
    unneeded.map(|(listed, _)| format!("{listed}:1: stands in LONG_FILES without need or reason")).collect()
}

pub fn function_length(source: &Source) -> Vec<String> {
    let long = source.functions().into_iter().filter(|function| function.length_lines > MOST_FUNCTION_LINES);
    long.map(|function| {
        let (line, name, length) = (function.line, function.name, function.length_lines);
        format!("{}:{line}: `{name}` has {length} lines, {MOST_FUNCTION_LINES} is the limit", source.path)
    })
    .collect()
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

pub fn layers(source: &Source) -> Vec<String> {
    let module = source.module();
    let Some(own) = module.first().copied().filter(|_| source.path.starts_with("src/")) else { return Vec::new() };
    let Some(layer) = layer_of(own) else {
        return vec![format!("{}:1: `{own}` has no layer; give it one in LAYERS", source.path)];
    };
    let mut findings = Vec::new();
    for path in source.paths().iter().filter(|path| !source.is_test(path.line)) {
        let Some(used) = top_module(&path.parts, module.len()) else { continue };
        let is_allowed = match own {
            "main" => used == "cli",
            _ => used == own || layer_of(used).is_none_or(|other| other < layer),
        };
        if !is_allowed {
            findings.push(format!("{}:{}: `{own}` uses `{used}`, which it may not", source.path, path.line));
        }
    }
    findings
}

/// The top-level module a path leads to, when it leaves its own.
fn top_module(parts: &[String], depth: usize) -> Option<&str> {
    let climbs = parts.iter().take_while(|part| *part == "super").count();
    let is_from_top = matches!(parts.first().map(String::as_str), Some("crate" | "baton"));
    match (is_from_top, climbs) {
        (true, _) => parts.get(1).map(String::as_str),
        (false, climbs) if climbs > 0 && climbs >= depth => parts.get(climbs).map(String::as_str),
        _ => None,
    }
}

pub fn module_names(source: &Source) -> Vec<String> {
    let is_empty = |name: &str| EMPTY_NAMES.contains(&name);
    let mut findings = Vec::new();
    if source.module().into_iter().any(is_empty) {
        findings.push(format!("{}:1: the name says nothing of what is inside", source.path));
    }
    for pair in source.words.windows(2).filter(|pair| pair[0].text == "mod" && is_empty(&pair[1].text)) {
        findings.push(format!("{}:{}: `{}` says nothing of what is inside", source.path, pair[1].line, pair[1].text));
    }
    findings
}

pub fn purity(source: &Source) -> Vec<String> {
    let layer = source.module().first().and_then(|module| layer_of(module));
    // Settings are read once, at the door; they import nothing of ours.
    let loads = source.module().first() == Some(&"config");
    if !source.path.starts_with("src/") || loads || layer > layer_of(LAST_PURE) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for path in source.paths().iter().filter(|path| !source.is_test(path.line) && reaches_outside(&path.parts)) {
        findings.push(format!("{}:{}: `{}` has no place here", source.path, path.line, path.parts.join("::")));
    }
    for name in ["print", "println", "eprint", "eprintln", "dbg", "thread_local"] {
        let lines = source.find(&[name, "!"]).into_iter().filter(|line| !source.is_test(*line));
        findings.extend(lines.map(|line| format!("{}:{line}: `{name}!` has no place here", source.path)));
    }
    findings
}

/// Whether a path leads to the clock, files, the network, the environment or threads.
fn reaches_outside(parts: &[String]) -> bool {
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    matches!(
        parts.as_slice(),
        ["std", "fs" | "net" | "env" | "process" | "thread", ..]
            | ["std", "time", "Instant" | "SystemTime", ..]
            | ["std", "io", "stdin" | "stdout" | "stderr", ..]
            | ["tokio" | "rand" | "reqwest", ..]
            | [.., "Timestamp" | "Zoned" | "Instant" | "SystemTime" | "Utc" | "Local", "now"]
    )
}

/// What reads with a model can do nothing but ask it: no process, no file but prompts and recordings, no network but
/// the model's endpoint. Whatever a model answers, there is nothing for it to act with.
pub fn acting(source: &Source) -> Vec<String> {
    let Some(file) = source.path.strip_prefix("src/llm/") else { return Vec::new() };
    let files = ["prompt.rs", "replay.rs"].contains(&file);
    let network = file.starts_with("openai") || file.starts_with("transport") || file == "retry.rs";
    let acts = |parts: &[String]| {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["std", "process", "id"] => false,
            ["std" | "tokio", "process" | "net" | "os", ..] | ["tokio", "fs", ..] => true,
            ["std", "fs", ..] => !files,
            ["reqwest" | "async_openai" | "hyper" | "tower", ..] => !network,
            ["Command", ..] => true,
            _ => false,
        }
    };
    let found = source.paths().into_iter().filter(|path| !source.is_test(path.line) && acts(&path.parts));
    found
        .map(|path| {
            format!("{}:{}: `{}` could act; a model is only asked", source.path, path.line, path.parts.join("::"))
        })
        .collect()
}

pub fn giving_up(source: &Source) -> Vec<String> {
    let sequences: [(&[&str], &str); 6] = [
        (&[".", "unwrap", "("], ".unwrap()"),
        (&[".", "expect", "("], ".expect("),
        (&["panic", "!"], "panic!"),
        (&["todo", "!"], "todo!"),
        (&["unimplemented", "!"], "unimplemented!"),
        (&["unreachable", "!"], "unreachable!"),
    ];
    let mut findings = Vec::new();
    for (sequence, name) in sequences {
        for line in source.find(sequence).into_iter().filter(|line| !source.is_test(*line)) {
            findings.push(format!("{}:{line}: `{name}` gives up; answer with a value or an error", source.path));
        }
    }
    findings
}

pub fn waiting(source: &Source) -> Vec<String> {
    let mut findings = Vec::new();
    for line in source.find(&["sleep", "("]) {
        findings.push(format!("{}:{line}: nothing may sleep", source.path));
    }
    for line in source.find(&["#", "[", "ignore"]) {
        findings.push(format!("{}:{line}: no test may be skipped", source.path));
    }
    findings
}
