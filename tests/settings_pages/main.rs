//! The settings of a workspace, as its admins meet them on the pages: keys,
//! webhooks, the model, how people are reached, what is kept; what others may
//! not see of them; and every page there is in a real browser.

mod every_page;
mod filling;
mod guide;
mod keys;
mod model;
mod notifications;
mod retention;
mod walls;
mod webhooks;

#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../browser/axe.rs"]
mod axe;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../browser/chromium.rs"]
mod chromium;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../serving/conformance.rs"]
mod conformance;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../browser/hands.rs"]
mod hands;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../serving/harness.rs"]
mod harness;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../links/person.rs"]
mod person;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../webhooks/sink.rs"]
mod sink;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../asking/smtp.rs"]
mod smtp;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../console/stage.rs"]
mod stage;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "../webhooks/steps.rs"]
mod steps;

use serde_json::Value as Json;

use harness::Service;
pub use steps::*;

/// What the log holds of one kind, oldest first.
pub async fn told(service: &Service, kind: &str) -> Vec<Json> {
    let all = stage::rows(service, "SELECT kind, COALESCE(detail, '') FROM events ORDER BY place").await;
    let of_kind = all.into_iter().filter(|(other, _)| other == kind);
    of_kind.map(|(_, detail)| serde_json::from_str(&detail).expect("JSON")).collect()
}

/// What a read-only field of a page holds.
pub fn shown(page: &str, id: &str) -> String {
    let start = format!("id=\"{id}\"");
    let rest = page.split_once(&start).unwrap_or_else(|| panic!("no {id} in {page}")).1;
    let text = rest.split_once('>').and_then(|(_, text)| text.split_once('<')).unwrap_or_default().0;
    text.trim().to_owned()
}
