//! Settings of what people are asked: when messages leave, when they are
//! repeated, through which mail server and which Slack they go, and what their
//! personal links ask for.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::SettingsError;

/// When people are asked, reminded, and when somebody else is told.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AskingSettings {
    /// Seconds that a new message waits, so that several changes in a row become one message.
    pub wait_seconds: i64,
    /// Reminders of one question at most.
    pub most_reminders: u32,
    /// Hours for an answer, and for taking a handoff, where the route sets no limit.
    pub usual_hours: i64,
    /// Days on which people are reminded: `mon` to `sun`.
    #[serde(deserialize_with = "super::words")]
    pub days: Vec<String>,
    /// Between these times of day.
    pub from: String,
    pub to: String,
    /// The zone of these times, such as `Europe/Berlin`.
    pub zone: String,
    /// Attempts to send one message; after the last one the failure owner is told.
    pub most_attempts: u32,
}

impl Default for AskingSettings {
    fn default() -> Self {
        AskingSettings {
            wait_seconds: 60,
            most_reminders: 2,
            usual_hours: 24,
            days: ["mon", "tue", "wed", "thu", "fri"].map(str::to_owned).to_vec(),
            from: "09:00".to_owned(),
            to: "17:00".to_owned(),
            zone: "UTC".to_owned(),
            most_attempts: 8,
        }
    }
}

/// Days of the week as they are written.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl AskingSettings {
    /// The days, from Monday on, on which people are reminded.
    pub fn workdays(&self) -> [bool; 7] {
        DAYS.map(|name| self.days.iter().any(|day| day.eq_ignore_ascii_case(name)))
    }

    /// Begin and end of a working day.
    pub fn hours(&self) -> Option<(Time, Time)> {
        let read = |text: &str| Time::strptime("%H:%M", text.trim()).ok();
        Some((read(&self.from)?, read(&self.to)?)).filter(|(from, to)| from < to)
    }

    /// The zone of the working hours.
    pub fn time_zone(&self) -> Option<TimeZone> {
        TimeZone::get(&self.zone).ok()
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let wrong = |key: &str, problem: &str| Err(SettingsError(format!("asking.{key}: {problem}")));
        let is_day = |day: &String| DAYS.iter().any(|name| day.eq_ignore_ascii_case(name));
        if self.days.is_empty() || !self.days.iter().all(is_day) {
            return wrong("days", "name at least one of mon, tue, wed, thu, fri, sat, sun");
        }
        if self.hours().is_none() {
            return wrong("from", "write times such as 09:00, the end after the beginning");
        }
        if self.time_zone().is_none() {
            return wrong("zone", "write a zone such as Europe/Berlin");
        }
        if self.wait_seconds < 0 || self.usual_hours < 1 || self.most_attempts == 0 || self.most_reminders > 20 {
            return wrong("most_attempts", "times and counts are at least 1, reminders at most 20");
        }
        Ok(())
    }
}

/// Personal links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinksSettings {
    /// Whether a link opens only with a code that is mailed to the person when they press its button.
    pub mailed_code: bool,
}

/// The mail server that messages leave through.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailSettings {
    /// `smtps://user:password@host:465`, or `smtp://host:587?tls=required`; without it mails wait in the outbox.
    pub url: Option<SecretString>,
    /// The sender, such as `Baton <baton@acme.example>`.
    pub from: String,
    /// Where answers go; the sender unless set.
    pub reply_to: Option<String>,
    /// Seconds for one mail.
    pub timeout_seconds: u64,
}

impl Default for MailSettings {
    fn default() -> Self {
        MailSettings { url: None, from: "Baton <baton@localhost>".to_owned(), reply_to: None, timeout_seconds: 20 }
    }
}

impl MailSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let wrong = |key: &str, problem: &str| Err(SettingsError(format!("mail.{key}: {problem}")));
        if let Some(url) = &self.url {
            match url::Url::parse(url.expose_secret()) {
                Ok(url) if matches!(url.scheme(), "smtp" | "smtps") && url.has_host() => {}
                _ => return wrong("url", "write an address such as smtps://user:password@mail.acme.example:465"),
            }
        }
        let is_mailbox = |text: &str| text.contains('@') && !text.contains(['\r', '\n']);
        if !is_mailbox(&self.from) || self.reply_to.as_deref().is_some_and(|address| !is_mailbox(address)) {
            return wrong("from", "write an address such as Baton <baton@acme.example>");
        }
        if self.url.is_some() && self.from == MailSettings::default().from {
            return wrong("from", "name the sender, such as Baton <baton@acme.example>");
        }
        if self.timeout_seconds == 0 {
            return wrong("timeout_seconds", "at least 1");
        }
        Ok(())
    }
}

/// The Slack that messages leave through.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SlackSettings {
    /// The bot's token, `xoxb-…`; people are written to by their Slack id.
    pub token: Option<SecretString>,
    /// An incoming webhook: everything for people with a Slack id goes to its one channel. Used without a token alone.
    pub webhook: Option<SecretString>,
    /// Slack's address.
    pub base_url: String,
    /// Seconds for one message.
    pub timeout_seconds: u64,
}

impl Default for SlackSettings {
    fn default() -> Self {
        SlackSettings { token: None, webhook: None, base_url: "https://slack.com".to_owned(), timeout_seconds: 20 }
    }
}

impl SlackSettings {
    /// Whether anything can be sent.
    pub fn is_set(&self) -> bool {
        self.token.is_some() || self.webhook.is_some()
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let wrong = |key: &str, problem: &str| Err(SettingsError(format!("slack.{key}: {problem}")));
        let is_address =
            |text: &str| matches!(url::Url::parse(text), Ok(url) if matches!(url.scheme(), "http" | "https"));
        if !is_address(&self.base_url) {
            return wrong("base_url", "write an address such as https://slack.com");
        }
        if self.webhook.as_ref().is_some_and(|url| !is_address(url.expose_secret())) {
            return wrong("webhook", "write the address that Slack gave");
        }
        if self.timeout_seconds == 0 {
            return wrong("timeout_seconds", "at least 1");
        }
        Ok(())
    }
}
