//! Settings at the door: the documented file is the defaults, the environment
//! wins, and what cannot be used is told with its place.

use std::path::Path;
use std::process::Command;

/// `baton doctor --offline` with these variables, beside a settings file; status and all that it printed.
fn doctor(file: Option<&str>, variables: &[(&str, &str)]) -> (i32, String) {
    let folder = tempfile();
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    command.current_dir(&folder).args(["doctor", "--offline"]).env_clear().envs(variables.iter().copied());
    if let Some(text) = file {
        std::fs::write(folder.join("baton.toml"), text).expect("a file");
    }
    let output = command.output().expect("the program");
    std::fs::remove_dir_all(&folder).expect("a folder");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap_or(-1), text)
}

/// A folder of this test's own; cargo gives test programs one place for their files.
fn tempfile() -> std::path::PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("settings-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Keys that have to stand in the documented file.
const KEYS: [&str; 73] = [
    "data_dir",
    "listen",
    "base_url",
    "readers",
    "most_waiting",
    "lease_seconds",
    "pass_seconds",
    "requests_per_minute",
    "burst",
    "connections",
    "header_seconds",
    "body_seconds",
    "body_bytes",
    "drain_seconds",
    "our_domains",
    "outbound",
    "allow",
    "in_flight",
    "notify",
    "qdrant_url",
    "qdrant_key",
    "qdrant_collection",
    "qdrant_shards",
    "qdrant_replicas",
    "qdrant_deadline_milliseconds",
    "qdrant_write_seconds",
    "mailed_code",
    "name",
    "base_url",
    "key",
    "answer_form",
    "left_out",
    "max_output_tokens",
    "context_tokens",
    "window_tokens",
    "timeout_seconds",
    "connect_seconds",
    "first_byte_seconds",
    "idle_seconds",
    "concurrency",
    "retries",
    "stream",
    "prompts",
    "record",
    "replay",
    "headers",
    "query",
    "price",
    "wait_seconds",
    "most_reminders",
    "usual_hours",
    "days",
    "zone",
    "most_attempts",
    "reply_to",
    "token",
    "webhook",
    "tokens_per_handoff",
    "tokens_per_day",
    "cost_per_day",
    "passwords",
    "issuer",
    "client_id",
    "client_secret",
    "scopes",
    "button",
    "workspace",
    "domains",
    "verified_claim",
    "new_role",
    "roles_claim",
    "second_step",
    "[sign_in.oidc.roles]",
];

#[test]
fn the_documented_file_is_the_defaults() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/baton.toml");
    let documented = baton::config::load(Some(&file)).expect("the documented file loads");
    // Both see the same environment.
    let folder = tempfile();
    std::fs::write(folder.join("empty.toml"), "").expect("a file");
    let defaults = baton::config::load(Some(&folder.join("empty.toml"))).expect("no settings are the defaults");
    std::fs::remove_dir_all(&folder).expect("a folder");
    assert_eq!(format!("{documented:?}"), format!("{defaults:?}"));
    // Every key of the settings is named in the file, in a comment where it has no default.
    let text = std::fs::read_to_string(&file).expect("the file");
    for key in KEYS {
        assert!(text.contains(key), "{key} is not documented");
    }
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = "our_domains = [\"acme.example\"]\n[model]\nname = \"from-the-file\"\n";
    let (status, text) = doctor(Some(file), &[]);
    assert_eq!(status, 0, "{text}");
    assert!(
        text.contains("our side is acme.example") && text.contains("from-the-file at api.openai.com, without a key"),
        "{text}"
    );
    let variables = [
        ("BATON_MODEL__NAME", "from-the-environment"),
        ("OPENAI_API_KEY", "sk-secret-words"),
        ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1"),
        ("BATON_OUR_DOMAINS", "a.example, b.example"),
    ];
    let (status, text) = doctor(Some(file), &variables);
    assert_eq!(status, 0, "{text}");
    assert!(
        text.contains("from-the-environment at 127.0.0.1, with a key") && text.contains("a.example, b.example"),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
}

#[test]
fn a_key_alone_asks_no_model() {
    let (status, text) = doctor(None, &[("OPENAI_API_KEY", "sk-secret-words")]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("rules read alone"), "{text}");
}

#[test]
fn what_cannot_be_used_is_told_with_its_place() {
    let check = |file: Option<&str>, variables: &[(&str, &str)], expected: &[&str]| {
        let (status, text) = doctor(file, variables);
        assert_eq!(status, 2, "{text}");
        expected.iter().for_each(|words| assert!(text.contains(words), "{words:?} in {text}"));
    };
    check(Some("[model]\nnmae = \"x\"\n"), &[], &["baton.toml", "nmae"]);
    check(Some("[model]\nname = \n"), &[], &["baton.toml"]);
    check(Some("[model]\nretries = \"many\"\n"), &[], &["baton.toml", "retries"]);
    check(None, &[("BATON_MODEL__ANSWER_FORM", "poem")], &["answer_form", "poem"]);
    check(None, &[("BATON_MODEL__BASE_URL", "not an address")], &["model.base_url", "https://api.openai.com/v1"]);
    check(None, &[("BATON_COLOUR", "blue")], &["colour"]);
    check(Some("[outbound]\nnotify = [\"revops\"]\n"), &[], &["outbound.notify", "revops@acme.example"]);
    check(
        Some("[search]\nqdrant_url = \"qdrant:6334\"\n"),
        &[],
        &["search.qdrant_url", "http://qdrant.acme.example:6334"],
    );
    check(Some("[search]\nqdrant_shards = 0\n"), &[], &["search.qdrant_shards"]);
    check(Some("[links]\nmailed_codes = true\n"), &[], &["mailed_codes"]);
    check(Some("[model]\ntokens_per_day = 0\n"), &[], &["model.tokens_per_day"]);
    check(Some("[model]\ncost_per_day = 5.0\n"), &[], &["model.cost_per_day", "price"]);
    check(Some("[model]\nrecord = \"a\"\nreplay = \"b\"\n"), &[], &["model.record"]);
}

#[test]
fn what_needs_mail_and_has_none_is_told() {
    let wanted = [("BATON_LINKS__MAILED_CODE", "true"), ("BATON_OUTBOUND__NOTIFY", "revops@acme.example")];
    let (status, text) = doctor(None, &wanted);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("personal links cannot be opened") && text.contains("nobody is told of endpoints"), "{text}");
    let mail = [
        ("BATON_MAIL__URL", "smtp://127.0.0.1:9"),
        ("BATON_MAIL__FROM", "Baton <baton@acme.example>"),
        ("BATON_BASE_URL", "https://baton.acme.example"),
    ];
    let (status, text) = doctor(None, &[&wanted[..], &mail[..]].concat());
    assert_eq!(status, 0, "{text}");
}

#[test]
fn an_endpoint_that_is_not_there_is_told_with_a_mend() {
    let folder = tempfile();
    let output = Command::new(env!("CARGO_BIN_EXE_baton"))
        .current_dir(&folder)
        .arg("doctor")
        .env_clear()
        .envs([
            ("BATON_MODEL__NAME", "x"),
            ("BATON_MODEL__BASE_URL", "http://127.0.0.1:9/v1"),
            ("BATON_MODEL__RETRIES", "0"),
        ])
        .output()
        .expect("the program");
    std::fs::remove_dir_all(&folder).expect("a folder");
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("FAILED endpoint") && text.contains("mend: is the server running"), "{text}");
}
