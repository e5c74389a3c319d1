//! Whether what reads really reads: one made-up mail with one fact in it, read
//! by rules and by the model of the settings. Each finding says what was found,
//! and each failure its mend; the command line and the pages say the same.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::journal::Unkept;
use super::members::Visitor;
use super::{App, Refusal};
use crate::brief::{Brief, Engine, EngineKind, FieldState, Usage};
use crate::conversation::Conversation;
use crate::intake::{self, Input, Options};
use crate::llm::{self, Journal, Reader};
use crate::pipeline::{self, Reading, Request, Rules};
use crate::route::{self, Route};
use crate::store::{self, Fault, Spent};

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub subject: &'static str,
    pub result: Result<String, Trouble>,
}

/// What does not work, and what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub what: String,
    pub mend: String,
}

/// One mail with one fact in it, made up, so that no customer's words are needed.
pub const TRIAL_MAIL: &str = "From: Ada Example <ada@customer.example>\r\nDate: Tue, 3 Mar 2026 09:00:00 +0000\r\nSubject: Start\r\n\r\n\
                    Hello, we go live on July 15, 2026. Regards, Ada\r\n";
const ROUTE: &str =
    "id: doctor-check\nfields:\n  - {key: go_live_date, label: Go-live date, type: date, cues: [go live]}\n";
/// Whoever presses a button on a page does not wait for longer.
const PATIENCE: Duration = Duration::from_secs(60);
const DAY_SECONDS: i64 = 86_400;

impl Finding {
    pub fn ok(subject: &'static str, what: impl Into<String>) -> Finding {
        Finding { subject, result: Ok(what.into()) }
    }

    pub fn wrong(subject: &'static str, what: impl Into<String>, mend: impl Into<String>) -> Finding {
        Finding { subject, result: Err(Trouble { what: what.into(), mend: mend.into() }) }
    }
}

/// Whether rules read the mail.
pub fn try_rules() -> Finding {
    let Some((route, conversation)) = sample() else {
        return Finding::wrong("rules", "the check's own route does not load", "install the program again");
    };
    let as_of = jiff::Timestamp::UNIX_EPOCH;
    let brief = pipeline::run(Request { route: &route, conversation, known: &[], as_of }).brief;
    match found(&brief) {
        true => Finding::ok("rules", "read one date out of one mail, with its quote"),
        false => Finding::wrong("rules", "one date in one mail was not read", "install the program again"),
    }
}

/// Has the model read the mail, and says what it found or how to mend it. What it costs is for the journal to account for.
pub async fn try_model(reader: &Reader, journal: &dyn Journal) -> Vec<Finding> {
    let Some((route, conversation)) = sample() else { return Vec::new() };
    let started = Instant::now();
    let session = reader.session(&route, journal);
    let first = match reader.read_newest(&route, &conversation, &session).await {
        Ok(read) => read,
        Err(error) => return vec![Finding::wrong("prompts", error.to_string(), "mend the file that is named")],
    };
    if let Some(part) = first.unread.first() {
        return vec![Finding::wrong("endpoint", part.why.to_string(), mend(&part.why))];
    }
    let spoken = reader.spoken_form().unwrap_or_else(|| "recorded replies".to_owned());
    let answered = format!("answered in {} ms, speaks {spoken}", started.elapsed().as_millis());
    let reading = Reading {
        told: first.told,
        engine: Engine { kind: EngineKind::Llm, model: None, prompt: None, degraded: false },
        coverage: first.coverage,
        warnings: Vec::new(),
        rules: Rules::Aside,
        left_out: reader.left_out(),
        usage: Usage::default(),
    };
    let as_of = jiff::Timestamp::UNIX_EPOCH;
    let brief = pipeline::run_with(Request { route: &route, conversation, known: &[], as_of }, &reading).brief;
    let read = match found(&brief) {
        true => Finding::ok("reading", "the model read one date out of one mail, and its quote is true"),
        false => Finding::wrong(
            "reading",
            "the model answered, but did not quote one date out of one mail",
            "try the other answer form (model.answer_form = \"fields\" or \"records\"), or a more capable model",
        ),
    };
    vec![Finding::ok("endpoint", answered), read]
}

fn sample() -> Option<(Route, Conversation)> {
    let route = route::load("doctor.yaml", ROUTE).ok()?;
    let input = Input { name: "doctor.eml".into(), bytes: TRIAL_MAIL.into(), kind: None, format: None };
    Some((route, intake::read(vec![input], &Options::of(&[]))))
}

fn found(brief: &Brief) -> bool {
    brief
        .fields
        .find("go_live_date")
        .is_some_and(|field| field.state == FieldState::Found && !field.evidence.is_empty())
}

/// What a person can do about a failure.
fn mend(why: &llm::Failure) -> &'static str {
    use llm::Failure as F;
    match why {
        F::Unreachable(_) => {
            "is the server running, and is model.base_url its address up to /v1? A proxy or a firewall may stand between"
        }
        F::TimedOut(_) => "give it more time with model.timeout_seconds; a model on a small machine may need minutes",
        F::RateLimited { .. } => "wait, lower model.concurrency, or ask the provider for a higher limit",
        F::OutOfQuota => "add credit at the provider",
        F::NotAllowed(_) => "set OPENAI_API_KEY or model.key to a key that may use this model",
        F::NotFound => {
            "is model.name spelt as the endpoint knows it, and does model.base_url end with /v1 (Azure: /openai/v1)?"
        }
        F::TooLarge => "set model.context_tokens to what the model really takes",
        F::Rejected(_) => "look at the endpoint's own log; it takes none of the forms that Baton speaks",
        F::Broken(_) => "the endpoint's own log says more; try again later",
        F::Garbled(_) | F::Empty | F::Runaway | F::CutOff => {
            "try the other answer form (model.answer_form), or a more capable model"
        }
        F::Refused | F::Filtered => "the provider's filter stands in the way; try another model or deployment",
        F::SpentAllowance => "give more time with the route's limits.model",
        F::OverBudget(_) => "raise the limit in the settings, or wait for the next day",
        F::NotRecorded(_) => "record replies first, with model.record or `baton eval --record`",
    }
}

impl App {
    /// What reads beside the rules, if anything does.
    pub fn reader(&self) -> Option<&Reader> {
        self.reader.as_ref()
    }

    /// Has the model read the made-up mail. What it costs counts for the visitor's workspace, where that is limited; one
    /// at a time, so that nobody keeps a model busy by pressing a button.
    pub async fn try_model(self: &Arc<Self>, visitor: &Visitor) -> Result<Vec<Finding>, Refusal> {
        let Some(reader) = &self.reader else { return Ok(vec![try_rules()]) };
        let Ok(_place) = self.trial.try_acquire() else { return Err(Refusal::Busy) };
        let journal = Unkept(self.till(&visitor.member.workspace, None));
        match tokio::time::timeout(PATIENCE, try_model(reader, &journal)).await {
            Ok(findings) => Ok(findings),
            Err(_) => {
                let what = format!("no answer within {} seconds", PATIENCE.as_secs());
                let mend = "a model on a small machine may need longer than a page waits; `baton doctor` waits for it";
                Ok(vec![Finding::wrong("endpoint", what, mend)])
            }
        }
    }

    /// What the visitor's workspace has spent today, in UTC; none where nothing is limited, and so nothing counted.
    pub async fn spent_today(&self, visitor: &Visitor) -> Result<Option<Spent>, Fault> {
        if !self.settings.model.has_caps() {
            return Ok(None);
        }
        let day = self.now().as_second().div_euclid(DAY_SECONDS);
        let mut reader = self.store.reader().await?;
        Ok(Some(store::spent_on_day(&mut reader, &visitor.member.workspace, day).await?))
    }
}
