//! What axe-core says of a page in the browser: everything that would keep
//! somebody who does not see well, or uses no mouse, from using it. It comes
//! from npm when tests run and lies nowhere in this repository.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::chromium::Chromium;

/// Where `scripts/axe` puts it.
const FILE: &str = "target/npm/axe-core-4.14.1/node_modules/axe-core/axe.min.js";

/// Rules that are broken, each with the elements that break it.
#[track_caller]
pub fn violations(browser: &mut Chromium) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let script = std::fs::read_to_string(&file).expect("axe-core is not there; run scripts/axe, as scripts/test does");
    // Put in by the protocol, which the page's policy does not bind.
    browser.call("Runtime.evaluate", json!({"expression": script}));
    let tags = json!(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
    let found = browser.ask(&format!(
        "axe.run(document, {{runOnly: {{type: 'tag', values: {tags}}}, resultTypes: ['violations']}}).then((result) => \
         ({{rules: result.passes.length, found: result.violations.map((one) => \
         one.id + ': ' + one.nodes.map((node) => node.target.join(' ') + ' ' + node.failureSummary).join(' | '))}}))"
    ));
    assert!(found["rules"].as_u64().is_some_and(|rules| rules > 10), "axe looked at nothing: {found}");
    found["found"].as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}
