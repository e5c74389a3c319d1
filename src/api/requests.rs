//! What people were asked, and the messages to them: shown, put off, repeated,
//! taken back.

use axum::body::Bytes;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Service;
use super::caller::{HandoffsRead, HandoffsWrite, Permit};
use super::handoffs::parse_id;
use super::json::{self, Json as Body};
use super::moments::Begin;
use super::pages::Cut;
use super::parameters::{Path, Query};
use super::problem::{Kind, Problem};
use crate::access::keys::Scope;
use crate::asking::{Purpose, Request};
use crate::handoff::HandoffId;
use crate::store::Letter;

/// What people were asked about a handoff, oldest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RequestList {
    pub data: Vec<Request>,
}

/// Lists what people were asked about a handoff, oldest first
#[utoipa::path(get, path = "/v1/handoffs/{id}/requests", operation_id = "listRequests", tag = "Asking people")]
pub async fn list(
    State(service): State<Service>,
    permit: Permit<HandoffsRead>,
    Path(id): Path<String>,
) -> Result<Body<RequestList>, Problem> {
    Ok(Body(RequestList { data: service.app.requests(permit.workspace(), &parse_id(&id)?).await? }))
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SnoozeRequest {
    /// Nobody is reminded before this moment, or the beginning of this day (UTC), and nobody else told; a day from now
    /// unless given, ninety at most.
    #[serde(default)]
    pub until: Option<Begin>,
}

/// Leaves a person in peace for a while
#[utoipa::path(post, path = "/v1/requests/{id}/snooze", operation_id = "snoozeRequest", tag = "Asking people")]
pub async fn snooze(
    State(service): State<Service>,
    permit: Permit<HandoffsWrite>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Body<Request>, Problem> {
    let request: SnoozeRequest = if body.is_empty() { SnoozeRequest::default() } else { json::parse(&body)? };
    let until = request.until.map_or_else(|| service.app.now() + SignedDuration::from_hours(24), |Begin(until)| until);
    let whose = (permit.workspace().clone(), permit.actor());
    Ok(Body(service.app.snooze(whose, known(&id)?, until).await?))
}

/// Reminds a person at once
///
/// The message is written right after; it does not count among the reminders that are sent by themselves.
#[utoipa::path(post, path = "/v1/requests/{id}/remind", operation_id = "remindRequest", tag = "Asking people")]
pub async fn remind(
    State(service): State<Service>,
    permit: Permit<HandoffsWrite>,
    Path(id): Path<String>,
) -> Result<Body<Request>, Problem> {
    let whose = (permit.workspace().clone(), permit.actor());
    Ok(Body(service.app.remind(whose, known(&id)?).await?))
}

/// Takes a request back
///
/// A message that has not left does not leave any more. The same is not asked of the same person again.
#[utoipa::path(post, path = "/v1/requests/{id}/withdraw", operation_id = "withdrawRequest", tag = "Asking people")]
pub async fn withdraw(
    State(service): State<Service>,
    permit: Permit<HandoffsWrite>,
    Path(id): Path<String>,
) -> Result<Body<Request>, Problem> {
    let whose = (permit.workspace().clone(), permit.actor());
    Ok(Body(service.app.withdraw_request(whose, known(&id)?).await?))
}

/// The id in a path; what has not the form of one is not there.
fn known(id: &str) -> Result<String, Problem> {
    let digits = id.strip_prefix("req_").unwrap_or_default();
    let is_id = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    is_id.then(|| id.to_owned()).ok_or_else(|| Problem::new(Kind::NotFound).detail("There is no such request"))
}

/// A message to a person.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Message")]
pub struct LetterBody {
    /// `ltr_…`, the same however often it is tried.
    pub id: String,
    pub handoff: HandoffId,
    /// The request it belongs to; null where nobody is asked anything.
    pub request: Option<String>,
    pub purpose: Purpose,
    /// The address, else the Slack id; null when nobody is known who could be asked.
    pub to: Option<String>,
    pub name: Option<String>,
    /// `email` or `slack`: by which it left, or would; `none` while nobody is known.
    pub channel: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub links: LetterLinks,
    /// `waiting`, `sending`, `sent` or `failed`.
    pub state: String,
    /// When it may leave, or is tried again; null when it has left or cannot.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub next_at: Option<Timestamp>,
    pub attempts: u32,
    /// Why the last attempt failed, or what is odd about it.
    pub problem: Option<String>,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub created_at: Timestamp,
    /// Null while it waits.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub sent_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "MessageLinks")]
pub struct LetterLinks {
    /// Where the message leads.
    pub review: String,
    pub handoff: String,
}

impl LetterBody {
    /// The message with the address it leads to.
    pub fn of(letter: Letter, (url, channel): (String, String)) -> LetterBody {
        let filled = |text: &str| text.replace(crate::asking::LINK, &url);
        let person = letter.person.clone().unwrap_or_default();
        LetterBody {
            to: person.email.or(person.slack),
            name: person.name,
            channel,
            text: filled(&letter.words.text),
            html: filled(&letter.words.html),
            links: LetterLinks { handoff: format!("/v1/handoffs/{}", letter.handoff), review: url },
            next_at: Some(letter.next_at).filter(|_| letter.state == "waiting"),
            id: letter.id,
            handoff: letter.handoff,
            request: letter.request,
            purpose: letter.purpose,
            subject: letter.words.subject,
            state: letter.state,
            attempts: letter.attempts,
            problem: letter.problem,
            created_at: letter.created_at,
            sent_at: letter.sent_at,
        }
    }
}

/// A page of messages to people, newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "MessagePage")]
pub struct LetterPage {
    pub data: Vec<LetterBody>,
    pub next_cursor: Option<String>,
    pub has_more: bool,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutboxQuery {
    /// Only messages about this handoff.
    pub handoff: Option<String>,
    /// Messages on a page, 25 unless given.
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// Lists messages to people, newest first
///
/// Those that have left and those that wait; without mail and Slack in the settings all of them wait here.
#[utoipa::path(get, path = "/v1/outbox", operation_id = "listOutbox", tag = "Asking people")]
pub async fn outbox(
    State(service): State<Service>,
    permit: Permit<HandoffsRead>,
    Query(query): Query<OutboxQuery>,
) -> Result<Body<LetterPage>, Problem> {
    let limit = super::pages::limit(query.limit)?;
    let before = super::pages::read(permit.workspace(), query.cursor.as_deref())?;
    let handoff = query.handoff.as_deref().map(parse_id).transpose()?;
    let found = service.app.outbox((permit.workspace(), handoff.as_ref()), (before, limit + 1)).await?;
    let page = Cut::new(found, limit, |letter| letter.place);
    let (next_cursor, has_more) = (page.next_cursor(permit.workspace()), page.has_more);
    // A personal link lets its holder answer: it is shown to those alone who may do so anyway.
    let may_answer = permit.require(Scope::HandoffsWrite).is_ok();
    let mut data = Vec::with_capacity(page.rows.len());
    for letter in page.rows {
        let url = match may_answer {
            true => service.app.url_of(&letter).await.map_err(|fault| super::refusal::of_fault(&fault))?,
            false => service.app.settings.page_of(&letter.handoff),
        };
        let channel = service.app.channel_of(&letter);
        data.push(LetterBody::of(letter, (url, channel)));
    }
    Ok(Body(LetterPage { data, next_cursor, has_more }))
}
