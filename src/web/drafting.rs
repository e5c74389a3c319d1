//! What of a form is kept while it is filled in, and how a page tells that it
//! holds something that was kept.

use axum::http::{HeaderMap, HeaderName};

use super::Typed;
use crate::app::{Inputs, Typing};
use crate::wording;

/// Sent by our script alone, which wants no page.
const BY_SCRIPT: HeaderName = HeaderName::from_static("x-draft");
/// The inputs of the receiving team.
const DECIDING: [&str; 4] = ["read_back", "kind", "reason", "fields"];

/// A draft on a page.
#[derive(Debug, Clone, Default)]
pub struct Drafting {
    /// Where it is kept.
    pub action: String,
    pub token: String,
    /// When what the page shows was typed; empty where nothing was kept.
    pub typed_at: String,
    /// It was kept just now, by the button.
    pub is_saved: bool,
}

impl Drafting {
    pub fn of((action, token): (String, String), typing: Option<&Typing>) -> Drafting {
        let typed_at = typing.map(|typing| wording::moment(typing.at)).unwrap_or_default();
        Drafting { action, token, typed_at, is_saved: false }
    }
}

/// Whether a draft was sent by the script of a page rather than by a button.
pub fn is_by_script(headers: &HeaderMap) -> bool {
    headers.contains_key(BY_SCRIPT)
}

impl Typed {
    /// What somebody has begun to answer; nothing where all inputs are empty.
    pub fn draft(&self) -> Inputs {
        let is_typed = |name: &str| {
            name.starts_with("f-") || (name.starts_with("s-") && name.ends_with("-reason")) || DECIDING.contains(&name)
        };
        let is_kept = |name: &str| is_typed(name) || name.starts_with("s-") || name.starts_with("seen-");
        let filled = |name: &String| !self.all(name).is_empty();
        if !self.0.keys().any(|name| is_typed(name) && filled(name)) {
            return Inputs::new();
        }
        let kept = self.0.iter().filter(|(name, _)| is_kept(name) && filled(name));
        kept.map(|(name, values)| (name.clone(), values.clone())).collect()
    }

    /// What somebody had begun to answer.
    pub fn of_draft(typing: &Typing) -> Typed {
        Typed(typing.inputs.clone().into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_typed_is_kept() {
        let check = |body: &str, expected: &[&str]| {
            let names: Vec<String> = Typed::read(body.as_bytes()).draft().into_keys().collect();
            assert_eq!(names, expected, "{body}");
        };
        check("token=t&version=3&seen-f-a-=x&f-a-value=&s-0-name=x.pdf&s-0-reason=", &[]);
        check("token=t&seen-f-a-=x&f-a-value=1&f-b-value=", &["f-a-value", "seen-f-a-"]);
        check("s-0-name=x.pdf&s-0-reason=old", &["s-0-name", "s-0-reason"]);
        check("move=accept&read_back=all+of+it", &["read_back"]);
        check("fields=a&fields=b&password=p", &["fields"]);
    }
}
