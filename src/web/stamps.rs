//! Two people at one handoff: each field of a form carries what stood there
//! when its page was made. What others did to other fields is no obstacle;
//! where the same field changed, nothing is taken before both are shown.

use sha2::Digest;

use super::Typed;
use super::answers::base;
use super::shown::shown;
use crate::brief::{Brief, FieldBrief};
use crate::rendering::clean;
use crate::route::Route;

/// Of a digest; enough to tell any two states of a field apart.
const LETTERS: usize = 16;

/// What stands in a field, as a short text that is another one as soon as anything of it is.
pub fn stamp(brief: &FieldBrief) -> String {
    let json = serde_json::to_vec(brief).unwrap_or_default();
    let digest = sha2::Sha256::digest(json);
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().chars().take(LETTERS).collect()
}

/// The name of the input that carries a field's stamp.
pub fn stamp_name(key: &str) -> String {
    format!("seen-{}", base(key))
}

/// The version of the handoff that a form has to meet: the one of now where nobody touched what it answers, the one that
/// its page showed where somebody did or the form does not tell what it saw.
pub fn version_to_meet(typed: &Typed, answered: &[String], (brief, now): (&Brief, i64)) -> i64 {
    let is_as_seen = |key: &String| {
        let seen = typed.one(&stamp_name(key));
        brief.fields.find(key).is_some_and(|field| !seen.is_empty() && stamp(field) == seen)
    };
    if !answered.is_empty() && answered.iter().all(is_as_seen) {
        now
    } else {
        typed.one("version").parse().unwrap_or(-1)
    }
}

/// The fields that are not any more what a form saw, each with what stands there now.
pub fn changed_fields(typed: &Typed, answered: &[String], (brief, route): (&Brief, &Route)) -> Vec<String> {
    let changed = answered.iter().filter_map(|key| {
        let (field, now) = (route.field(key)?, brief.fields.find(key)?);
        let seen = typed.one(&stamp_name(key));
        let by = now.by.as_deref().map(|by| format!(", said {}", clean(by))).unwrap_or_default();
        let told =
            format!("“{}” is now: {}{by}. What you typed is kept beside it.", clean(&field.label), shown(field, now));
        (!seen.is_empty() && stamp(now) != seen).then_some(told)
    });
    changed.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_that_nobody_touched_is_no_obstacle() {
        let field = |value: &str| FieldBrief { value: json!(value), ..FieldBrief::default() };
        assert_ne!(stamp(&field("a")), stamp(&field("b")));
        assert_eq!(stamp(&field("a")), stamp(&field("a")));
        assert_eq!(stamp(&field("a")).len(), LETTERS);
        let mut brief: Brief =
            serde_json::from_str(include_str!("../../tests/pages/brief.json")).expect("the sample brief");
        let key = brief.fields.0[0].0.clone();
        let form = format!("version=3&{}={}", stamp_name(&key), stamp(&brief.fields.0[0].1));
        let typed = Typed::read(form.as_bytes());
        let check = |brief: &Brief, typed: &Typed, keys: &[&str], expected: i64| {
            let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
            assert_eq!(version_to_meet(typed, &keys, (brief, 9)), expected, "{keys:?}");
        };
        check(&brief, &typed, &[&key], 9);
        check(&brief, &typed, &[], 3);
        check(&brief, &typed, &[&key, "other"], 3);
        check(&brief, &Typed::read(b"version=3"), &[&key], 3);
        check(&brief, &Typed::default(), &[&key], -1);
        brief.fields.0[0].1.value = json!("somebody else's");
        check(&brief, &typed, &[&key], 3);
    }
}
