//! Messages over Slack: with a bot's token to each person, or through an
//! incoming webhook to its one channel. Slack's limits are kept by whoever
//! sends; what it answers is told apart here. After an unclear end the message
//! is looked for before it is sent again.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value as Json, json};

use super::Posted;
use crate::config::SlackSettings;

/// Bytes of an answer that are read.
const MOST_BYTES: usize = 1024 * 1024;
/// By this name a message is found again.
const METADATA: &str = "baton_message";

/// What is sent.
#[derive(Debug, Clone)]
pub struct SlackMessage<'a> {
    /// The same however often it is tried.
    pub id: &'a str,
    /// Slack's id of the person, or of a channel.
    pub person: &'a str,
    /// What is shown where blocks are not; escaped here.
    pub text: &'a str,
    pub blocks: &'a Json,
    /// An earlier attempt may have arrived.
    pub is_unclear: bool,
}

/// The way to one Slack.
#[derive(Debug, Clone)]
pub struct Slack {
    client: reqwest::Client,
    base_url: String,
    token: Option<SecretString>,
    webhook: Option<SecretString>,
}

impl Slack {
    /// None without a token and a webhook.
    pub fn open(settings: &SlackSettings) -> Result<Option<Slack>, String> {
        if !settings.is_set() {
            return Ok(None);
        }
        // It is there already if another part of the program installed it; that is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(settings.timeout_seconds))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| format!("slack: {error}"))?;
        Ok(Some(Slack {
            client,
            base_url: settings.base_url.trim_end_matches('/').to_owned(),
            token: settings.token.clone(),
            webhook: settings.webhook.clone(),
        }))
    }

    /// Whether everything goes to one channel, whoever it is for.
    pub fn has_one_channel(&self) -> bool {
        self.token.is_none()
    }

    /// Whether Slack knows the token; `false` where there is none to ask about, since a webhook only takes messages.
    pub async fn try_out(&self) -> Result<bool, String> {
        let Some(token) = &self.token else { return Ok(false) };
        match self.call(token, "auth.test", &json!({})).await {
            Ok(_) => Ok(true),
            Err(Posted::Again { problem, .. } | Posted::Never { problem }) => Err(problem),
            Err(Posted::Sent { .. }) => Ok(true),
        }
    }

    /// Sends one message.
    pub async fn send(&self, message: &SlackMessage<'_>) -> Posted {
        let text = crate::asking::escape_for_slack(message.text);
        let Some(token) = &self.token else { return self.send_by_webhook(message, &text).await };
        let mut note = None;
        if message.is_unclear {
            match self.is_there(token, message).await {
                Ok(true) => return Posted::Sent { note: Some("an earlier attempt had arrived".to_owned()) },
                Ok(false) => {}
                Err(Look::Refused(problem)) => note = Some(format!("it may be there twice: {problem}")),
                // It is looked for later: better late than twice.
                Err(Look::Failed { after, problem }) => return Posted::Again { after, problem, is_unclear: true },
            }
        }
        let body = json!({
            "channel": message.person, "text": text, "blocks": message.blocks, "unfurl_links": false, "unfurl_media": false,
            "metadata": {"event_type": METADATA, "event_payload": {"id": message.id}},
        });
        match self.call(token, "chat.postMessage", &body).await {
            Ok(_) => Posted::Sent { note },
            Err(posted) => posted,
        }
    }

    async fn send_by_webhook(&self, message: &SlackMessage<'_>, text: &str) -> Posted {
        let Some(webhook) = &self.webhook else { return Posted::Never { problem: "slack is not set up".to_owned() } };
        let body = json!({"text": text, "blocks": message.blocks, "unfurl_links": false, "unfurl_media": false});
        let sent = self.client.post(webhook.expose_secret()).json_body(&body).send().await;
        match self.read(sent).await {
            Ok(_) if message.is_unclear => Posted::Sent { note: Some("it may be there twice".to_owned()) },
            Ok(_) => Posted::Sent { note: None },
            Err(posted) => posted,
        }
    }

    /// Whether a message of this id stands in the talk with the person.
    async fn is_there(&self, token: &SecretString, message: &SlackMessage<'_>) -> Result<bool, Look> {
        let channel = match is_channel(message.person) {
            true => message.person.to_owned(),
            false => {
                let body = json!({"users": message.person});
                let opened = self.call(token, "conversations.open", &body).await.map_err(look)?;
                opened.pointer("/channel/id").and_then(Json::as_str).unwrap_or(message.person).to_owned()
            }
        };
        let body = json!({"channel": channel, "limit": 100, "include_all_metadata": true});
        let history = self.call(token, "conversations.history", &body).await.map_err(look)?;
        let messages = history.get("messages").and_then(Json::as_array);
        let is_it = |one: &Json| one.pointer("/metadata/event_payload/id").and_then(Json::as_str) == Some(message.id);
        Ok(messages.is_some_and(|messages| messages.iter().any(is_it)))
    }

    async fn call(&self, token: &SecretString, method: &str, body: &Json) -> Result<Json, Posted> {
        let request = self.client.post(format!("{}/api/{method}", self.base_url)).bearer_auth(token.expose_secret());
        let answer = self.read(request.json_body(body).send().await).await?;
        let answer: Json = serde_json::from_slice(&answer).map_err(|_| again("Slack's answer is not JSON", true))?;
        if answer.get("ok") == Some(&Json::Bool(true)) {
            return Ok(answer);
        }
        let error = answer.get("error").and_then(Json::as_str).unwrap_or("unknown");
        // A word of Slack's, not a text: it goes into logs.
        let error: String = error.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(60).collect();
        Err(match error.as_str() {
            "ratelimited"
            | "rate_limited"
            | "internal_error"
            | "fatal_error"
            | "service_unavailable"
            | "request_timeout" => again(&format!("Slack says {error}"), false),
            // What is wrong with the app may be mended; the message is good.
            "invalid_auth"
            | "not_authed"
            | "account_inactive"
            | "token_revoked"
            | "token_expired"
            | "missing_scope"
            | "no_permission"
            | "org_login_required"
            | "ekm_access_denied"
            | "team_access_not_granted" => again(&format!("Slack says {error}"), false),
            _ => Posted::Never { problem: format!("Slack says {error}") },
        })
    }

    /// The body of a good answer; what else was answered, and whether the message may have arrived.
    async fn read(&self, sent: Result<reqwest::Response, reqwest::Error>) -> Result<Vec<u8>, Posted> {
        let mut response = match sent {
            Ok(response) => response,
            Err(error) => {
                return Err(match error.is_connect() {
                    true => again("Slack could not be reached", false),
                    false => again("the line to Slack broke", true),
                });
            }
        };
        let status = response.status().as_u16();
        if status == 429 || status == 503 {
            let seconds =
                response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.trim().parse().ok());
            let after = Duration::from_secs(seconds.unwrap_or(1_u64).min(24 * 3_600));
            return Err(Posted::Again {
                after: Some(after),
                problem: format!("Slack answered {status}"),
                is_unclear: false,
            });
        }
        if status >= 500 {
            return Err(again(&format!("Slack answered {status}"), true));
        }
        if status >= 300 {
            return Err(Posted::Never { problem: format!("Slack answered {status}") });
        }
        let mut body = Vec::new();
        while let Ok(Some(part)) = response.chunk().await {
            body.extend_from_slice(&part);
            if body.len() > MOST_BYTES {
                break;
            }
        }
        Ok(body)
    }
}

/// Whether an id is a channel's: there nothing has to be opened first.
fn is_channel(id: &str) -> bool {
    id.starts_with(['C', 'G', 'D'])
}

/// Why it could not be looked for a message.
enum Look {
    /// Slack does not let us, now or later.
    Refused(String),
    /// It may work later.
    Failed { after: Option<Duration>, problem: String },
}

fn look(posted: Posted) -> Look {
    match posted {
        // A scope that looking needs and sending does not.
        Posted::Again { problem, .. }
            if ["missing_scope", "no_permission"].iter().any(|word| problem.ends_with(word)) =>
        {
            Look::Refused(problem)
        }
        Posted::Again { after, problem, .. } => Look::Failed { after, problem },
        Posted::Never { problem } => Look::Refused(problem),
        Posted::Sent { .. } => Look::Refused(String::new()),
    }
}

fn again(problem: &str, is_unclear: bool) -> Posted {
    Posted::Again { after: None, problem: problem.to_owned(), is_unclear }
}

/// JSON as a body, without the client's own feature for it.
trait JsonBody {
    fn json_body(self, body: &Json) -> Self;
}

impl JsonBody for reqwest::RequestBuilder {
    fn json_body(self, body: &Json) -> Self {
        self.header("content-type", "application/json; charset=utf-8").body(body.to_string())
    }
}
