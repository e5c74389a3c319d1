//! The body of a request that answers fields and dismisses sources, taken apart
//! by hand so that every mistake in it is named at once with its place.

use schemars::JsonSchema;
use serde_json::{Map, Value as Json};

use super::Person;
use super::refusal::{Code, Refusal};
use crate::route::Ordered;
use crate::wording;

/// What a person sends: answers by field key, and dismissals by the name of the unread source.
#[derive(Debug, Clone, Default, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Patch {
    /// Who answers; a caller that knows the person already may leave it out.
    pub by: Option<Person>,
    #[schemars(default, with = "std::collections::BTreeMap<String, FieldPatch>")]
    pub fields: Ordered<FieldPatch>,
    #[schemars(default, with = "std::collections::BTreeMap<String, SourcePatch>")]
    pub sources: Ordered<SourcePatch>,
}

/// The answer to one field: exactly one of these.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum FieldPatch {
    /// As text, or typed as in a brief.
    Value(Json),
    /// The id of a candidate that the brief shows.
    Candidate(String),
    /// Why the field does not apply.
    NotApplicable(String),
    Unknown(UnknownUntil),
}

/// Nobody knows yet.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct UnknownUntil {
    /// Who finds out: a name or an address.
    pub owner: String,
    /// The day by which it will be known, `2026-03-10`.
    pub due: String,
}

/// What becomes of an unread source.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SourcePatch {
    /// Why it does not matter.
    pub dismissed: String,
}

const TOP: [&str; 3] = ["by", "fields", "sources"];
const BY: [&str; 2] = ["name", "email"];
const ANSWERS: [&str; 4] = ["value", "candidate", "not_applicable", "unknown"];
const UNKNOWN: [&str; 2] = ["owner", "due"];
const SOURCE: [&str; 1] = ["dismissed"];

impl Patch {
    /// Takes a request body apart; the error names every mistake in its form.
    pub fn read(body: &Json) -> Result<Patch, Vec<Refusal>> {
        let mut reader = Reader { refusals: Vec::new() };
        let patch = reader.patch(body);
        if reader.refusals.is_empty() { Ok(patch) } else { Err(reader.refusals) }
    }
}

struct Reader {
    refusals: Vec<Refusal>,
}

impl Reader {
    fn refuse(&mut self, path: &[&str], code: Code, detail: String) {
        self.refusals.push(Refusal::new(path, code, detail));
    }

    fn patch(&mut self, body: &Json) -> Patch {
        let mut patch = Patch::default();
        let Some(body) = self.object(&[], body, &TOP) else { return patch };
        patch.by = body.get("by").filter(|by| !by.is_null()).and_then(|by| self.person(by));
        for (key, json) in self.entries("fields", body) {
            if let Some(field) = self.field(&key, json) {
                patch.fields.0.push((key, field));
            }
        }
        for (name, json) in self.entries("sources", body) {
            let path = ["sources", name.as_str()];
            let Some(object) = self.object(&path, json, &SOURCE) else { continue };
            if let Some(dismissed) = self.text(&path, object, "dismissed") {
                patch.sources.0.push((name, SourcePatch { dismissed }));
            }
        }
        patch
    }

    fn entries<'a>(&mut self, key: &str, body: &'a Map<String, Json>) -> Vec<(String, &'a Json)> {
        match body.get(key) {
            None => Vec::new(),
            Some(Json::Object(entries)) => entries.iter().map(|(key, json)| (key.clone(), json)).collect(),
            Some(_) => {
                self.refuse(&[key], Code::WrongShape, wording::refused_no_object());
                Vec::new()
            }
        }
    }

    fn person(&mut self, json: &Json) -> Option<Person> {
        let object = self.object(&["by"], json, &BY)?;
        let email = match object.get("email") {
            None | Some(Json::Null) => None,
            Some(_) => self.text(&["by"], object, "email"),
        };
        let name = match object.get("name") {
            Some(_) => self.text(&["by"], object, "name")?,
            None => {
                self.refuse(&["by", "name"], Code::NobodyNamed, wording::refused_nobody());
                return None;
            }
        };
        Some(Person { name, email })
    }

    fn field(&mut self, key: &str, json: &Json) -> Option<FieldPatch> {
        let path = ["fields", key];
        let object = self.object(&path, json, &ANSWERS)?;
        let given: Vec<&str> = ANSWERS.into_iter().filter(|name| object.contains_key(*name)).collect();
        let [one] = given.as_slice() else {
            self.refuse(&path, Code::OneAnswer, wording::refused_one_answer(&ANSWERS));
            return None;
        };
        match *one {
            "value" => object.get("value").cloned().map(FieldPatch::Value),
            "candidate" => self.text(&path, object, "candidate").map(FieldPatch::Candidate),
            "not_applicable" => self.text(&path, object, "not_applicable").map(FieldPatch::NotApplicable),
            _ => {
                let path = ["fields", key, "unknown"];
                let unknown = self.object(&path, object.get("unknown")?, &UNKNOWN)?;
                let (owner, due) = (self.text(&path, unknown, "owner"), self.text(&path, unknown, "due"));
                Some(FieldPatch::Unknown(UnknownUntil { owner: owner?, due: due? }))
            }
        }
    }

    /// An object without keys that nobody knows.
    fn object<'a>(&mut self, path: &[&str], json: &'a Json, known: &[&str]) -> Option<&'a Map<String, Json>> {
        let Json::Object(object) = json else {
            let detail = if known == ANSWERS { wording::refused_bare_answer() } else { wording::refused_no_object() };
            self.refuse(path, Code::WrongShape, detail);
            return None;
        };
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            let path: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
            self.refuse(&path, Code::UnknownKey, wording::refused_key(key, known));
        }
        Some(object)
    }

    fn text(&mut self, path: &[&str], object: &Map<String, Json>, key: &str) -> Option<String> {
        if let Some(Json::String(text)) = object.get(key) {
            return Some(text.clone());
        }
        let path: Vec<&str> = path.iter().copied().chain([key]).collect();
        self.refuse(&path, Code::WrongShape, wording::refused_no_text());
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_the_documented_body() {
        let body = json!({
            "by": {"name": "Marcus Lee", "email": "marcus@acme.example"},
            "fields": {
                "go_live_date": {"value": "2026-07-01"},
                "billing_cycle": {"candidate": "c_9f2"},
                "data_residency": {"not_applicable": "They store nothing"},
                "executive_sponsor": {"unknown": {"owner": "marcus@acme.example", "due": "2026-03-10"}},
            },
            "sources": {"x.pdf": {"dismissed": "A logo"}},
        });
        let patch = Patch::read(&body).expect("sound");
        assert_eq!(patch.by.map(|by| by.label()), Some("Marcus Lee <marcus@acme.example>".to_owned()));
        assert_eq!(patch.fields.find("go_live_date"), Some(&FieldPatch::Value(json!("2026-07-01"))));
        assert_eq!(patch.fields.find("billing_cycle"), Some(&FieldPatch::Candidate("c_9f2".to_owned())));
        assert_eq!(patch.fields.0.len(), 4);
        assert_eq!(patch.sources.find("x.pdf").map(|source| source.dismissed.as_str()), Some("A logo"));
    }

    #[test]
    fn names_every_mistake_with_its_place() {
        let check = |body: Json, expected: &[(&str, Code)]| {
            let refusals = Patch::read(&body).expect_err("a mistake");
            let found: Vec<(&str, Code)> =
                refusals.iter().map(|refusal| (refusal.pointer.as_str(), refusal.code)).collect();
            assert_eq!(found, expected, "{body}");
            assert!(refusals.iter().all(|refusal| refusal.detail.len() > 10), "{refusals:?}");
        };
        check(json!([]), &[("", Code::WrongShape)]);
        check(json!({"field": {}}), &[("/field", Code::UnknownKey)]);
        check(json!({"fields": []}), &[("/fields", Code::WrongShape)]);
        check(json!({"fields": {"a": "2026-07-01"}}), &[("/fields/a", Code::WrongShape)]);
        check(json!({"fields": {"a": {}}}), &[("/fields/a", Code::OneAnswer)]);
        check(json!({"fields": {"a": {"value": 1, "candidate": "c"}}}), &[("/fields/a", Code::OneAnswer)]);
        check(json!({"fields": {"a": {"value": 1, "note": "x"}}}), &[("/fields/a/note", Code::UnknownKey)]);
        check(json!({"fields": {"a": {"candidate": 7}}}), &[("/fields/a/candidate", Code::WrongShape)]);
        check(json!({"fields": {"a": {"unknown": "later"}}}), &[("/fields/a/unknown", Code::WrongShape)]);
        check(json!({"by": {"email": "x@acme.example"}}), &[("/by/name", Code::NobodyNamed)]);
        check(
            json!({"fields": {"a": {"unknown": {"when": 1}}}, "sources": {"x/y": {"dismissed": null}}}),
            &[
                ("/fields/a/unknown/when", Code::UnknownKey),
                ("/fields/a/unknown/owner", Code::WrongShape),
                ("/fields/a/unknown/due", Code::WrongShape),
                ("/sources/x~1y/dismissed", Code::WrongShape),
            ],
        );
    }
}
