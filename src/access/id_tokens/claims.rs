//! What a provider says of somebody, as it is read out of a token or out of the
//! answer to a question about them. A member that is there twice, or of another
//! kind than the standard says, makes the whole unreadable.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value as Json};

/// Letters of the name by which a provider knows somebody.
const MOST_SUBJECT: usize = 255;

/// What is said of one person.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Claims {
    #[serde(rename = "iss")]
    pub(super) issuer: String,
    /// By this the provider knows them, whatever else about them changes.
    #[serde(rename = "sub")]
    pub subject: String,
    #[serde(rename = "aud", deserialize_with = "one_or_many")]
    pub(super) audience: Vec<String>,
    #[serde(rename = "azp", default)]
    pub(super) party: Option<String>,
    #[serde(rename = "exp", deserialize_with = "seconds")]
    pub(super) expires_at: i64,
    #[serde(rename = "iat", deserialize_with = "seconds")]
    pub(super) issued_at: i64,
    #[serde(rename = "nbf", default, deserialize_with = "maybe_seconds")]
    pub(super) not_before: Option<i64>,
    #[serde(default)]
    pub(super) nonce: Option<String>,
    #[serde(rename = "at_hash", default)]
    pub(super) access_token_hash: Option<String>,
    /// Everything else, by its name.
    #[serde(flatten)]
    others: Map<String, Json>,
}

impl Claims {
    pub(super) fn read(payload: &[u8]) -> Option<Claims> {
        let claims: Claims = serde_json::from_slice(payload).ok()?;
        is_subject(&claims.subject).then_some(claims)
    }

    /// Adds what the provider answered when it was asked about this person; `None` when it is about somebody else.
    /// What the token says stays.
    #[must_use]
    pub fn completed_by(mut self, answer: &[u8]) -> Option<Claims> {
        let answer: Map<String, Json> = serde_json::from_slice(answer).ok()?;
        if answer.get("sub").and_then(Json::as_str) != Some(self.subject.as_str()) {
            return None;
        }
        // What is said of another address proves nothing of this one.
        let address = |claims: &Map<String, Json>| claims.get("email").and_then(Json::as_str).map(str::to_owned);
        let is_other = address(&self.others).zip(address(&answer)).is_some_and(|(ours, theirs)| ours != theirs);
        for (name, value) in answer.into_iter().filter(|(_, value)| !is_other || !is_yes(value)) {
            let place = self.others.entry(name).or_insert(Json::Null);
            if place.is_null() {
                *place = value;
            }
        }
        Some(self)
    }

    /// A text, without what people cannot see at its ends.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.others.get(name).and_then(Json::as_str).map(str::trim).filter(|text| !text.is_empty())
    }

    /// Whether something is said to be so. Some providers write it as a word or a number.
    pub fn is_true(&self, name: &str) -> bool {
        self.others.get(name).is_some_and(is_yes)
    }

    /// A word or a list of words, by the name itself, else by the way that its dots show.
    pub fn words(&self, name: &str) -> Option<Vec<&str>> {
        let found = self.others.get(name).or_else(|| {
            let mut steps = name.split('.');
            let first = self.others.get(steps.next()?)?;
            steps.try_fold(first, |place, step| place.get(step))
        })?;
        match found {
            Json::String(word) => Some(vec![word.as_str()]),
            Json::Array(all) => Some(all.iter().filter_map(Json::as_str).collect()),
            _ => None,
        }
    }
}

fn is_subject(text: &str) -> bool {
    !text.is_empty() && text.len() <= MOST_SUBJECT && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Given::deserialize(deserializer)? {
        Given::One(one) => vec![one],
        Given::Many(many) => many,
    })
}

/// Seconds since 1970; some providers write a part of a second.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    let whole = number.as_i64().or_else(|| number.as_f64().filter(|part| part.is_finite()).map(|part| part as i64));
    whole.ok_or_else(|| serde::de::Error::custom("no time"))
}

fn maybe_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    seconds(deserializer).map(Some)
}

fn is_yes(value: &Json) -> bool {
    match value {
        Json::Bool(is_true) => *is_true,
        Json::String(word) => word == "true" || word == "1",
        Json::Number(number) => number.as_i64() == Some(1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#""iss":"i","aud":"a","exp":1.9,"iat":1"#;

    fn read(more: &str) -> Option<Claims> {
        Claims::read(format!("{{{HEAD}{more}}}").as_bytes())
    }

    #[test]
    fn only_whole_claims_are_read() {
        assert!(read(r#","sub":"s""#).is_some());
        for wrong in [
            "",
            r#","sub":"""#,
            r#","sub":"ä""#,
            r#","sub":7"#,
            r#","sub":"s","sub":"t""#,
            r#","sub":"s","iss":"j""#,
            r#","sub":"s","nonce":7"#,
            r#","sub":"s","nbf":"x""#,
            r#","sub":"s","azp":["a"]"#,
        ] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
        assert!(read(&format!(r#","sub":"{}""#, "s".repeat(256))).is_none());
        assert!(Claims::read(br#"{"iss":"i","aud":"a","iat":1,"sub":"s"}"#).is_none(), "without an end");
    }

    #[test]
    fn words_are_found_by_name_and_by_way() {
        let claims = read(
            r#","sub":"s","groups":["a",7,"b"],"role":"c","realm_access":{"roles":["d"]},"https://x.example/r":["e"],"n":7,
               "is":true,"word":"true","number":1,"no":"yes","email":" x@y.example ""#,
        )
        .expect("claims");
        let check = |name: &str, expected: Option<Vec<&str>>| assert_eq!(claims.words(name), expected, "{name}");
        check("groups", Some(vec!["a", "b"]));
        check("role", Some(vec!["c"]));
        check("realm_access.roles", Some(vec!["d"]));
        check("https://x.example/r", Some(vec!["e"]));
        check("n", None);
        check("none", None);
        check("realm_access.none", None);
        assert!(claims.is_true("is") && claims.is_true("word") && claims.is_true("number"));
        assert!(!claims.is_true("no") && !claims.is_true("none") && !claims.is_true("n"));
        assert_eq!(claims.text("email"), Some("x@y.example"));
    }

    #[test]
    fn an_answer_about_somebody_else_adds_nothing() {
        let claims = read(r#","sub":"s","email":"a@x.example""#).expect("claims");
        let added =
            claims.clone().completed_by(br#"{"sub":"s","email":"b@x.example","groups":["g"]}"#).expect("the same");
        assert_eq!((added.text("email"), added.words("groups")), (Some("a@x.example"), Some(vec!["g"])));
        let other = br#"{"sub":"s","email":"b@x.example","email_verified":true,"edov":"1"}"#;
        let added = claims.clone().completed_by(other).expect("the same");
        assert!(!added.is_true("email_verified") && !added.is_true("edov"), "that was said of another address");
        let empty = read(r#","sub":"s","email":null"#).expect("claims");
        let added = empty.completed_by(br#"{"sub":"s","email":"b@x.example"}"#).expect("the same");
        assert_eq!(added.text("email"), Some("b@x.example"), "nothing is no word");
        assert!(claims.clone().completed_by(br#"{"sub":"t"}"#).is_none() && claims.completed_by(b"{}").is_none());
    }
}
