//! What a release holds: none of the places at which tests order faults. They
//! come with a feature that only the tests' own dependencies turn on.

use serde_json::json;

use crate::report;

#[test]
fn only_tests_can_order_faults() {
    assert!(fail::has_failpoints(), "these tests need the named places");
    let manifest = include_str!("../../Cargo.toml");
    let mut section = "";
    let mut findings = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        }
        if line.contains("failpoints") && !line.trim_start().starts_with('#') && section != "[dev-dependencies]" {
            findings.push(format!("{section}: {line}"));
        }
    }
    let asked = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges", "normal,build,features", "--invert", "fail"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    let tree = String::from_utf8_lossy(&asked.stdout);
    if !asked.status.success() || !tree.contains("fail v") {
        findings.push(format!("cargo tree: {}", String::from_utf8_lossy(&asked.stderr)));
    }
    if tree.contains("failpoints") {
        findings.push(format!("a release has the named places:\n{tree}"));
    }
    report("failpoints", json!({}), &findings);
}
