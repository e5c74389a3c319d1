//! Settings as plain data: read once from `baton.toml` and the environment,
//! unknown keys refused, turned into closed types before anything starts.
//!
//! Every key of the file is also a variable: `BATON_` and the key in capitals,
//! two underscores between levels (`BATON_MODEL__NAME`). The environment wins.
//! `OPENAI_API_KEY` and `OPENAI_BASE_URL` fill what neither names.

mod asking;
mod caps;
mod mistakes;
mod search;
mod sign_in;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};

pub use asking::{AskingSettings, LinksSettings, MailSettings, SlackSettings};
pub use caps::Price;
pub use search::SearchSettings;
pub use sign_in::{GivenRole, OidcSettings, SignInSettings};

/// The file that is read when none is named.
pub const FILE: &str = "baton.toml";

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where the service keeps its database and keys. One process owns it at a time.
    pub data_dir: PathBuf,
    /// Address and port the service listens on.
    pub listen: String,
    /// How callers reach the service, `https://baton.acme.example`; links and signatures are made with it.
    pub base_url: Option<String>,
    /// E-mail domains of our side; a list, or words with commas.
    #[serde(deserialize_with = "words")]
    pub our_domains: Vec<String>,
    pub limits: Limits,
    pub model: ModelSettings,
    pub service: ServiceSettings,
    pub asking: AskingSettings,
    pub links: LinksSettings,
    pub mail: MailSettings,
    pub slack: SlackSettings,
    pub outbound: OutboundSettings,
    pub search: SearchSettings,
    pub sign_in: SignInSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            data_dir: PathBuf::from("./baton-data"),
            listen: "127.0.0.1:8787".to_owned(),
            base_url: None,
            our_domains: Vec::new(),
            limits: Limits::default(),
            model: ModelSettings::default(),
            service: ServiceSettings::default(),
            asking: AskingSettings::default(),
            links: LinksSettings::default(),
            mail: MailSettings::default(),
            slack: SlackSettings::default(),
            outbound: OutboundSettings::default(),
            search: SearchSettings::default(),
            sign_in: SignInSettings::default(),
        }
    }
}

/// How much the service takes on at once, and how long it waits for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceSettings {
    /// Handoffs read at the same time, at most.
    pub readers: usize,
    /// Handoffs that may wait to be read; beyond, callers are asked to come again.
    pub most_waiting: i64,
    /// A reader that gives no sign of life for this long loses its work to another.
    pub lease_seconds: i64,
    /// How long a pass opens the way.
    pub pass_seconds: i64,
    /// Requests of one key in a minute.
    pub requests_per_minute: u32,
    /// Of these, at once.
    pub burst: u32,
    /// Connections at the same time.
    pub connections: usize,
    /// Time for the head of a request.
    pub header_seconds: u64,
    /// Time for the body of a request.
    pub body_seconds: u64,
    /// The largest body, unpacked.
    pub body_bytes: usize,
    /// All bodies together that are being received.
    pub bodies_bytes: usize,
    /// Time that started requests and readings get when the service stops.
    pub drain_seconds: u64,
}

impl Default for ServiceSettings {
    fn default() -> Self {
        ServiceSettings {
            readers: 64,
            most_waiting: 50_000,
            lease_seconds: 30,
            pass_seconds: 15 * 60,
            requests_per_minute: 60_000,
            burst: 5_000,
            connections: 2_048,
            header_seconds: 15,
            body_seconds: 60,
            body_bytes: 10 * 1024 * 1024,
            bodies_bytes: 128 * 1024 * 1024,
            drain_seconds: 20,
        }
    }
}

/// What is told to the outside: webhooks and callbacks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutboundSettings {
    /// Hosts and networks of our own that may be written to although they are not public, `hooks.acme.example`,
    /// `10.20.0.0/16`; a list, or words with commas.
    #[serde(deserialize_with = "words")]
    pub allow: Vec<String>,
    /// Time for one message, from the first look at the address to the last byte of the answer.
    pub timeout_seconds: u64,
    /// Messages on their way at the same time.
    pub in_flight: usize,
    /// Whose addresses are mailed to when an endpoint is told nothing more, or messages to it or to people were given up;
    /// a list, or words with commas.
    #[serde(deserialize_with = "words")]
    pub notify: Vec<String>,
}

impl Default for OutboundSettings {
    fn default() -> Self {
        OutboundSettings { allow: Vec::new(), timeout_seconds: 20, in_flight: 64, notify: Vec::new() }
    }
}

/// How much of one source is read. What lies beyond is named as not read, never dropped in silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// A larger file is not read, since every later step holds its text in memory.
    pub document_bytes: usize,
    /// Messages of one conversation.
    pub messages: usize,
    /// Text without white space is broken after this many bytes, because tokenizers slow down on longer runs.
    pub unbroken_bytes: usize,
    /// Attachments inside attachments are read this deep.
    pub nested_files: usize,
    /// Parts of one mail.
    pub mail_parts: usize,
    /// Header lines of one mail or part.
    pub mail_headers: usize,
    /// One header with all its folded lines.
    pub header_bytes: usize,
    /// Parts inside parts of one mail.
    pub mail_depth: usize,
    /// Elements inside elements of a page; deeper marks are left out, their text is kept.
    pub page_depth: usize,
    /// Files in one archive.
    pub archive_files: usize,
    /// An archive unpacked, all its files together.
    pub unpacked_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            document_bytes: 128 * 1024 * 1024,
            messages: 100_000,
            unbroken_bytes: 4096,
            nested_files: 8,
            mail_parts: 1_000,
            mail_headers: 1_000,
            header_bytes: 100 * 1024,
            mail_depth: 20,
            page_depth: 256,
            archive_files: 10_000,
            unpacked_bytes: 128 * 1024 * 1024,
        }
    }
}

/// Which model reads, and within which limits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelSettings {
    /// The model's name as its endpoint knows it. Without a name no model is asked, whatever else is set.
    pub name: Option<String>,
    /// The endpoint up to and without `/chat/completions`.
    pub base_url: String,
    /// Sent as `Authorization: Bearer …`; none for servers that want none.
    pub key: Option<SecretString>,
    /// Further headers of every request, such as `api-key` for Azure.
    pub headers: BTreeMap<String, SecretString>,
    /// Further parameters of every address, such as `api-version` for Azure.
    pub query: BTreeMap<String, String>,
    /// How the model answers; by default what was measured to be best for its family.
    pub answer_form: Option<AnswerForm>,
    /// What a required value becomes that the rules saw and the model left out; by default what suits its family.
    pub left_out: Option<LeftOut>,
    /// Tokens that the model can read and write in one call.
    pub context_tokens: usize,
    /// Tokens of sources in one call; more is read in windows. Kept inside `context_tokens`.
    pub window_tokens: usize,
    /// Tokens of an answer at most; by default what the route's fields need. Models that think before they write need more.
    pub max_output_tokens: Option<u32>,
    /// Time for one call, from the first byte sent to the last one read.
    pub timeout_seconds: u64,
    /// Time for reaching the endpoint.
    pub connect_seconds: u64,
    /// Time until the first byte of an answer; a quarter of `timeout_seconds` unless set.
    pub first_byte_seconds: Option<u64>,
    /// Time between two pieces of an answer; an eighth of `timeout_seconds` unless set.
    pub idle_seconds: Option<u64>,
    /// Calls at the same time.
    pub concurrency: usize,
    /// Repeated calls for one handoff, all its parts together.
    pub retries: u32,
    /// Whether answers are read as they are written, so that a hanging or runaway answer is noticed early.
    pub stream: bool,
    /// Price of a million tokens, in one currency of your choice; without it `usage.cost` is null.
    pub price: Option<Price>,
    /// Tokens that reading one handoff may cost, read and written; what the model does not read is told as unread.
    pub tokens_per_handoff: Option<u64>,
    /// Tokens of one workspace on one day, in UTC.
    pub tokens_per_day: Option<u64>,
    /// The same in the currency of `price`.
    pub cost_per_day: Option<f64>,
    /// A folder with prompts that replace those inside the program.
    pub prompts: Option<PathBuf>,
    /// A folder into which every reply is written; one that is there already is not asked for again.
    pub record: Option<PathBuf>,
    /// A folder of recorded replies that are read instead of asking; a missing one is a failure.
    pub replay: Option<PathBuf>,
}

/// How a model is asked to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerForm {
    /// A list of what is stated, each with its quotes.
    Records,
    /// One string or null per field; code looks for the words.
    Fields,
}

/// What becomes of a required value that the rules saw and the model left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// A person is asked to confirm it: a good reader's silence says something.
    #[default]
    Confirm,
    /// It stands on its quote, as it would without a model: for models that leave out more than the rules do.
    Stands,
}

impl Default for ModelSettings {
    fn default() -> Self {
        ModelSettings {
            name: None,
            base_url: "https://api.openai.com/v1".to_owned(),
            key: None,
            headers: BTreeMap::new(),
            query: BTreeMap::new(),
            answer_form: None,
            left_out: None,
            context_tokens: 32_768,
            window_tokens: 24_000,
            max_output_tokens: None,
            timeout_seconds: 120,
            connect_seconds: 5,
            first_byte_seconds: None,
            idle_seconds: None,
            concurrency: 8,
            retries: 3,
            stream: true,
            price: None,
            tokens_per_handoff: None,
            tokens_per_day: None,
            cost_per_day: None,
            prompts: None,
            record: None,
            replay: None,
        }
    }
}

impl AnswerForm {
    pub const ALL: [AnswerForm; 2] = [AnswerForm::Records, AnswerForm::Fields];

    pub fn name(self) -> &'static str {
        match self {
            AnswerForm::Records => "records",
            AnswerForm::Fields => "fields",
        }
    }
}

impl FromStr for AnswerForm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|form| form.name() == text);
        found.ok_or_else(|| format!("`{text}` is no answer form; write records or fields"))
    }
}

impl fmt::Display for AnswerForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A setting that cannot be used, with its place and its mend.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(String);

/// Reads the settings: the defaults, then the file (which must be there if it is named), then the environment.
pub fn load(file: Option<&Path>) -> Result<Settings, SettingsError> {
    if let Some(file) = file.filter(|file| !file.is_file()) {
        return Err(SettingsError(format!("{}: there is no such settings file", file.display())));
    }
    let path = file.unwrap_or(Path::new(FILE));
    let openai = |variable: &str, key: &str| match std::env::var(variable) {
        Ok(value) if !value.trim().is_empty() => {
            Figment::new().merge(Serialized::default(key, value.trim().to_owned()))
        }
        _ => Figment::new(),
    };
    let mut figment =
        Figment::new().merge(openai("OPENAI_API_KEY", "model.key")).merge(openai("OPENAI_BASE_URL", "model.base_url"));
    if path.is_file() {
        figment = figment.merge(Toml::file_exact(path));
    }
    figment = figment.merge(Env::prefixed("BATON_").split("__").lowercase(true));
    let settings: Settings = figment.extract().map_err(|error| SettingsError(mistakes::explain(&error)))?;
    settings.check()?;
    Ok(settings)
}

impl Settings {
    fn check(&self) -> Result<(), SettingsError> {
        self.check_service()?;
        self.asking.check()?;
        self.mail.check()?;
        self.slack.check()?;
        self.search.check()?;
        self.sign_in.check()?;
        let model = &self.model;
        let wrong = |key: &str, problem: &str| Err(SettingsError(format!("model.{key}: {problem}")));
        match url::Url::parse(&model.base_url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => {}
            _ => return wrong("base_url", "write an address such as https://api.openai.com/v1"),
        }
        if model.window_tokens == 0 || model.context_tokens < 2_048 {
            return wrong("context_tokens", "at least 2048 tokens, and a window of at least one");
        }
        if model.timeout_seconds == 0 || model.connect_seconds == 0 || model.concurrency == 0 {
            return wrong("timeout_seconds", "deadlines and concurrency are at least 1");
        }
        if let Some((key, problem)) = model.find_unusable_cap() {
            return wrong(key, problem);
        }
        if model.record.is_some() && model.replay.is_some() {
            return wrong("record", "replies are either recorded or replayed, not both");
        }
        Ok(())
    }
}

impl Settings {
    /// What is set and cannot work as long as no mail server is named.
    pub fn mail_missing(&self) -> Vec<&'static str> {
        let wanted = [
            (self.links.mailed_code, "links.mailed_code is set, so personal links cannot be opened"),
            (
                !self.outbound.notify.is_empty(),
                "outbound.notify is set, so nobody is told of endpoints and people that cannot be reached",
            ),
        ];
        let is_missing = self.mail.url.is_none();
        wanted.into_iter().filter(|(is_wanted, _)| is_missing && *is_wanted).map(|(_, what)| what).collect()
    }

    /// Where people and callers reach the service, without a slash at the end.
    pub fn public_url(&self) -> String {
        let here = format!("http://{}", self.listen);
        self.base_url.as_deref().unwrap_or(&here).trim_end_matches('/').to_owned()
    }

    /// The page of a handoff for people who log in.
    pub fn page_of(&self, handoff: &impl std::fmt::Display) -> String {
        format!("{}/handoffs/{handoff}", self.public_url())
    }

    fn check_service(&self) -> Result<(), SettingsError> {
        let wrong = |key: &str, problem: &str| Err(SettingsError(format!("{key}: {problem}")));
        if self.listen.parse::<std::net::SocketAddr>().is_err() {
            return wrong("listen", "write an address and a port, such as 127.0.0.1:8787");
        }
        let is_address =
            |text: &String| matches!(url::Url::parse(text), Ok(url) if matches!(url.scheme(), "http" | "https"));
        if self.base_url.as_ref().is_some_and(|url| !is_address(url)) {
            return wrong("base_url", "write an address such as https://baton.acme.example");
        }
        let service = &self.service;
        let counts = [service.readers, service.connections, service.body_bytes, service.bodies_bytes];
        let times = [service.lease_seconds, service.pass_seconds, service.most_waiting];
        let limits = [service.requests_per_minute, service.burst];
        if counts.contains(&0) || times.iter().any(|time| *time < 1) || limits.contains(&0) {
            return wrong("service", "its counts and times are at least 1");
        }
        if self.outbound.timeout_seconds == 0 || self.outbound.in_flight == 0 {
            return wrong("outbound", "its times and counts are at least 1");
        }
        let is_mailbox = |text: &String| {
            text.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty())
                && !text
                    .contains(|letter: char| letter.is_whitespace() || letter.is_control() || "<>,;".contains(letter))
        };
        if !self.outbound.notify.iter().all(is_mailbox) {
            return wrong("outbound.notify", "write addresses such as revops@acme.example");
        }
        if service.header_seconds == 0 || service.body_seconds == 0 {
            return wrong("service.header_seconds", "deadlines are at least 1");
        }
        Ok(())
    }
}

fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Words {
        Many(Vec<String>),
        One(String),
    }
    Ok(match Words::deserialize(deserializer)? {
        Words::Many(all) => all,
        Words::One(text) => {
            text.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
        }
    })
}
