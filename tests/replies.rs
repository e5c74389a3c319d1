//! The recorded replies of a real, small model: replayed, they are scored the
//! same on every machine, and no unfinished handoff passes. They are asked for
//! anew with `baton eval evals/cases --engine both --record evals/replies`.

use std::process::Command;

use serde_json::Value as Json;

const MODEL: &str = "qwen2.5-coder-1.5b";

struct Run {
    status: i32,
    text: String,
    results: Json,
}

/// The sample handoffs that have recorded replies, in one form, with one engine.
fn replay(form: &str, engine: &str) -> Run {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = root.join(format!("evals/replies/{form}.txt"));
    let list = std::fs::read_to_string(list).expect("the list of recorded cases");
    let cases = list.lines().map(|id| root.join("evals/cases").join(id.trim()));
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("replies-{form}-{engine}.json"));
    let output = Command::new(env!("CARGO_BIN_EXE_baton"))
        .arg("eval")
        .args(cases)
        .args(["--engine", engine, "--replay"])
        .arg(root.join("evals/replies"))
        .arg("--json")
        .arg(&file)
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .env_clear()
        .envs([("BATON_MODEL__NAME", MODEL), ("BATON_MODEL__ANSWER_FORM", form)])
        .output()
        .expect("the program");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let results = std::fs::read_to_string(&file).ok().and_then(|text| serde_json::from_str(&text).ok());
    Run { status: output.status.code().unwrap_or(-1), text, results: results.unwrap_or_default() }
}

fn count(run: &Run, outcome: &str) -> usize {
    let cases = run.results["cases"].as_array().expect("cases");
    let scores = cases.iter().flat_map(|case| case["scores"].as_array().expect("scores"));
    scores.filter(|score| score["outcome"] == outcome).count()
}

#[test]
fn a_real_models_replies_open_no_gate() {
    for form in ["fields", "records"] {
        let rules = replay(form, "extractive");
        println!("{}", rules.text);
        let alone = replay(form, "llm");
        let both = replay(form, "both");
        println!("{}\n{}", alone.text, both.text);
        for run in [&alone, &both] {
            assert_eq!(run.status, 0, "{form}: {}", run.text);
            let cases = run.results["cases"].as_array().expect("cases");
            assert_eq!(cases.len(), 16, "{form}");
            let passed = |case: &&Json| case["got"] == "complete" && case["expected"] != "complete";
            assert_eq!(cases.iter().filter(passed).count(), 0, "{form}: {}", run.text);
        }
        // Beside the rules the model fills no more wrongly than the rules by themselves.
        assert!(count(&both, "filled") <= count(&rules, "filled"), "{form}: {}", both.text);
    }
}

#[test]
fn the_tokens_sent_keep_to_what_is_promised() {
    for form in ["fields", "records"] {
        let run = replay(form, "both");
        let mut measured = 0;
        for case in run.results["cases"].as_array().expect("cases") {
            let usage = |key: &str| case["usage"][key].as_f64().unwrap_or_default();
            let (context, fixed, sent) = (usage("context_tokens"), usage("fixed_tokens"), usage("input_tokens"));
            if context < 1_000.0 || case["degraded"] == true {
                continue;
            }
            measured += 1;
            // The model counts with a vocabulary of its own, and both figures are estimates: a twentieth to spare.
            let most = if usage("calls") > 1.0 { 1.4 } else { 1.15 } * context + fixed;
            assert!(
                sent <= most * 1.05,
                "{form} {}: {sent} sent for {context} of context and {fixed} fixed",
                case["id"]
            );
        }
        println!("{form}: {measured} handoffs over 1,000 tokens");
        assert!(measured >= 1, "{form}: no handoff is long enough");
    }
}
