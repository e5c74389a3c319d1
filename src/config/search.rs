//! Settings of search: the index is in the database unless a Qdrant server is
//! named, which then holds a copy that is asked first.

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::SettingsError;

/// Where passages are found.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SearchSettings {
    /// The gRPC address of a Qdrant server or cluster, `http://qdrant.acme.example:6334`; without it search runs in the
    /// database alone.
    pub qdrant_url: Option<String>,
    pub qdrant_key: Option<SecretString>,
    /// The collection there; it is made when it is missing.
    pub qdrant_collection: String,
    /// Parts the collection is made of, when it is made.
    pub qdrant_shards: u32,
    /// Copies of each part, when it is made.
    pub qdrant_replicas: u32,
    /// How long a search waits for it before the database is asked instead.
    pub qdrant_deadline_milliseconds: u64,
    /// How long one write to it may take.
    pub qdrant_write_seconds: u64,
}

impl Default for SearchSettings {
    fn default() -> Self {
        SearchSettings {
            qdrant_url: None,
            qdrant_key: None,
            qdrant_collection: "baton".to_owned(),
            qdrant_shards: 1,
            qdrant_replicas: 1,
            qdrant_deadline_milliseconds: 300,
            qdrant_write_seconds: 10,
        }
    }
}

impl SearchSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let wrong = |key: &str, problem: &str| Err(SettingsError(format!("search.{key}: {problem}")));
        let is_address = |text: &String| match Url::parse(text) {
            Ok(url) => matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty(),
            Err(_) => false,
        };
        if self.qdrant_url.as_ref().is_some_and(|url| !is_address(url)) {
            return wrong(
                "qdrant_url",
                "write the gRPC address such as http://qdrant.acme.example:6334; the key is apart",
            );
        }
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        if self.qdrant_collection.is_empty() || !self.qdrant_collection.chars().all(is_name) {
            return wrong("qdrant_collection", "write a name of letters, digits, dots and dashes");
        }
        if [self.qdrant_shards, self.qdrant_replicas].contains(&0) {
            return wrong("qdrant_shards", "shards and replicas are at least 1");
        }
        if [self.qdrant_deadline_milliseconds, self.qdrant_write_seconds].contains(&0) {
            return wrong("qdrant_deadline_milliseconds", "times are at least 1");
        }
        Ok(())
    }

    /// Server and collection, for people and to tell one copy from another.
    pub fn qdrant_address(&self) -> Option<String> {
        self.qdrant_url.as_ref().map(|url| format!("{}/{}", url.trim_end_matches('/'), self.qdrant_collection))
    }
}
