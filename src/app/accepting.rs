//! Taking a handoff in, and taking more context for one that is there: checked
//! first, then written with everything that follows from it, then answered.
//! What was accepted is never lost.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use serde_json::json;

use super::changing::{Done, Told, Work, find_asked, write_down};
use super::endpoints::subscribe_callback;
use super::{Answered, App, Asked, Problem, Refusal, random_id};
use crate::access::spilled::{Spilled, mask_file, mask_text};
use crate::brief::RouteVersion;
use crate::config::Settings;
use crate::conversation::{Conversation, DocumentKind};
use crate::handoff::{EventKind, HandoffId, Matter, Member, Move, Status};
use crate::intake::{self, Input};
use crate::pipeline;
use crate::route::Route;
use crate::store::{self, Batch, Fault, Handoff, NewHandoff, StoredSource, Tx};

/// Bytes that are looked through in less time than it takes to hand them to another thread.
const MOST_MASKED_HERE: usize = 64 << 10;
/// Letters of a name, a title, an id.
const MOST_LETTERS: usize = 2_000;

/// A handoff that a caller wants to begin or to add to.
#[derive(Debug, Clone, Default)]
pub struct NewRequest {
    /// Id of a route, or `auto`.
    pub route: String,
    pub external_id: Option<String>,
    pub matter: Matter,
    pub sources: Vec<SourceGiven>,
    /// What was found wrong with it so far; told together with what is found here.
    pub wrong: Vec<Problem>,
    /// Tokens of personal links that were taken out of its sources.
    pub masked: usize,
}

impl NewRequest {
    /// Takes the tokens out of its sources that a quoted message brought along: whoever reads them gets in nowhere.
    async fn without_tokens(mut self) -> Result<NewRequest, Refusal> {
        let size: usize = self.sources.iter().map(|source| source.bytes.len()).sum();
        let mask = move || {
            self.masked = self.sources.iter_mut().map(|source| mask_file(&mut source.bytes)).sum();
            self
        };
        // Every byte is looked at, and nobody else is to wait for that; of a few it is quicker than the way to a thread.
        if size <= MOST_MASKED_HERE {
            return Ok(mask());
        }
        let masking = tokio::task::spawn_blocking(mask);
        Ok(masking.await.map_err(|error| Fault::Unusable(error.to_string()))?)
    }
}

/// One source, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceGiven {
    pub name: String,
    pub kind: Option<DocumentKind>,
    pub format: Option<String>,
    pub bytes: Vec<u8>,
}

impl App {
    /// Accepts a handoff: stored and synced with its job when this answers. The same matter again adds context to the
    /// handoff that is open.
    pub async fn accept(self: &Arc<Self>, asked: Asked, request: NewRequest) -> Result<Answered, Refusal> {
        self.admit()?;
        let mut request = request.without_tokens().await?;
        request.matter.duties.our_domains.clone_from(&self.settings.our_domains);
        let route = self.choose_route(&asked.workspace, &request).await?;
        check(&request, &route)?;
        let callback = self.new_callback(&asked.workspace, request.matter.callback_url.as_deref()).await?;
        fail::fail_point!("intake.before_tx");
        let work: Work = Box::new(move |tx, asked, now| {
            Box::pin(async move {
                let (row, kind) = take_in(tx, asked, request, &route, now).await?;
                subscribe_callback(tx, (&asked.workspace, &row.id), callback, now).await?;
                fail::fail_point!("intake.before_commit");
                Ok(Done { row, pass: None, kind })
            })
        });
        let answered = self.once(asked, work).await?;
        fail::fail_point!("intake.after_commit_before_ack");
        self.accepted(&answered);
        Ok(answered)
    }

    /// Adds context to a handoff by its id.
    pub async fn add_sources(
        self: &Arc<Self>,
        asked: Asked,
        id: HandoffId,
        request: NewRequest,
    ) -> Result<Answered, Refusal> {
        self.admit()?;
        let request = request.without_tokens().await?;
        let route = self.route_of(&asked.workspace, &id).await?;
        check(&request, &route)?;
        let work: Work = Box::new(move |tx, asked, now| {
            Box::pin(async move {
                let mut row = find_asked(tx, asked, &id).await?;
                if row.status.is_closed() {
                    return Err(Refusal::NotNow { status: row.status, wanted: Move::Answer });
                }
                add_context(tx, asked, &mut row, request, now).await?;
                Ok(Done { row, pass: None, kind: EventKind::ContextAdded })
            })
        });
        let answered = self.once(asked, work).await?;
        self.accepted(&answered);
        Ok(answered)
    }

    /// More is not promised than can be read in a while.
    fn admit(&self) -> Result<(), Refusal> {
        if self.is_stopping() || self.count_waiting() >= self.settings.service.most_waiting {
            return Err(Refusal::Busy);
        }
        Ok(())
    }

    /// There is more to be read, unless it was taken in before.
    pub(super) fn accepted(&self, answered: &Answered) {
        if !answered.is_replay {
            self.waiting.fetch_add(1, Ordering::Relaxed);
            self.work.notify_one();
        }
    }

    pub(super) async fn choose_route(
        self: &Arc<Self>,
        workspace: &store::Workspace,
        request: &NewRequest,
    ) -> Result<Arc<Route>, Refusal> {
        if request.route != "auto" {
            return self.find_route(workspace, (&request.route, None)).await;
        }
        let routes: Vec<Route> = self.newest_routes(workspace).await?.iter().map(|route| (**route).clone()).collect();
        let (conversation, _) = self.read_apart(vec![inputs(&request.sources)]).await?;
        let known = known_words(&request.matter);
        let proposing = tokio::task::spawn_blocking(move || pipeline::propose(&routes, &conversation, &known));
        Err(Refusal::Proposed(proposing.await.map_err(|error| Fault::Unusable(error.to_string()))?))
    }

    /// What sources say, with the tokens that stood in what had to be unpacked: read where nobody else is kept waiting.
    pub(super) async fn read_apart(
        self: &Arc<Self>,
        batches: Vec<Vec<Input>>,
    ) -> Result<(Conversation, Spilled), Fault> {
        let app = self.clone();
        match tokio::task::spawn_blocking(move || app.read_with_tokens(batches)).await {
            Ok(read) => Ok(read),
            // Whoever asked for it is to fall with it, as if it had been read right there.
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(error) => Err(Fault::Unavailable(error.to_string())),
        }
    }

    /// What sources say, without tokens of personal links.
    pub(super) fn read_sources(&self, batches: Vec<Vec<Input>>) -> Conversation {
        self.read_with_tokens(batches).0
    }

    /// The same, and the tokens that stood where they could not be taken out before: in what has to be unpacked.
    pub(super) fn read_with_tokens(&self, batches: Vec<Vec<Input>>) -> (Conversation, Spilled) {
        read_masked(&self.settings, batches)
    }
}

/// What sources say, without tokens of personal links, and those tokens.
pub(super) fn read_masked(settings: &Settings, batches: Vec<Vec<Input>>) -> (Conversation, Spilled) {
    let options = intake::Options { our_domains: settings.our_domains.as_slice(), limits: settings.limits };
    let mut conversation = intake::read_batches(batches, &options);
    let mut spilled = Spilled::default();
    for message in &mut conversation.messages {
        for text in message.subject.iter_mut().chain([&mut message.text]) {
            mask_text(text, &mut spilled);
        }
    }
    (conversation, spilled)
}

/// What the caller's system holds, as words; lists and objects as they are written.
pub(super) fn known_words(matter: &Matter) -> Vec<(String, String)> {
    let words = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    matter.known.iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.clone(), words(value))).collect()
}

pub(super) fn inputs(sources: &[SourceGiven]) -> Vec<Input> {
    let input = |source: &SourceGiven| Input {
        name: source.name.clone(),
        bytes: source.bytes.clone(),
        kind: source.kind,
        format: source.format.clone(),
    };
    sources.iter().map(input).collect()
}

/// Everything that is wrong with the request, before anything is promised.
pub(super) fn check(request: &NewRequest, route: &Route) -> Result<(), Refusal> {
    let mut problems = request.wrong.clone();
    if request.sources.is_empty() && request.matter.known.is_empty() && problems.is_empty() {
        problems.push(Problem::new("", "nothing_given", "give at least one source, or one known value"));
    }
    problems.extend(too_long(request));
    for (key, words) in known_words(&request.matter) {
        let pointer = format!("/known/{}", key.replace('~', "~0").replace('/', "~1"));
        match route.field(&key) {
            None => problems.push(Problem::new(
                pointer,
                "unknown_field",
                format!("route {} has no field `{key}`", route.id),
            )),
            Some(field) => {
                if let Err(reason) = pipeline::check_known(field, &words) {
                    problems.push(Problem::new(pointer, "unreadable_value", reason));
                }
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::Invalid(problems)) }
}

/// Names that every answer repeats are names, not texts.
fn too_long(request: &NewRequest) -> Vec<Problem> {
    let matter = &request.matter;
    let member = |party: &'static str, owner: &Option<Member>| {
        let Member { name, email, slack } = owner.clone().unwrap_or_default();
        [("name", name), ("email", email), ("slack", slack)].map(|(key, text)| (format!("/{party}/owner/{key}"), text))
    };
    let own = [
        ("/external_id".to_owned(), request.external_id.clone()),
        ("/title".to_owned(), matter.title.clone()),
        ("/from/team".to_owned(), matter.from.team.clone()),
        ("/to/team".to_owned(), matter.to.team.clone()),
        ("/trigger/event".to_owned(), matter.trigger.event.clone()),
        ("/callback_url".to_owned(), matter.callback_url.clone()),
    ];
    let all = own.into_iter().chain(member("from", &matter.from.owner)).chain(member("to", &matter.to.owner));
    let is_long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.chars().count() > MOST_LETTERS);
    all.filter(|(_, text)| is_long(text))
        .map(|(pointer, _)| Problem::new(pointer, "too_long", format!("at most {MOST_LETTERS} letters")))
        .collect()
}

/// A new handoff, or more context for the one that is open.
async fn take_in(
    tx: &mut Tx<'_>,
    asked: &Asked,
    request: NewRequest,
    route: &Route,
    now: Timestamp,
) -> Result<(Handoff, EventKind), Refusal> {
    if let Some(external_id) = &request.external_id {
        let open = store::find_open(tx.reading().await?, &asked.workspace, (&route.id, external_id)).await?;
        if let Some(mut row) = open {
            add_context(tx, asked, &mut row, request, now).await?;
            return Ok((row, EventKind::ContextAdded));
        }
    }
    let duties = super::duties::of_route(route, request.matter.duties.our_domains.clone());
    let new = NewHandoff {
        id: HandoffId(random_id("hnd_")),
        external_id: request.external_id,
        route: RouteVersion { id: route.id.clone(), version: route.version },
        matter: Matter { duties, ..request.matter },
    };
    let row = store::insert(tx, &asked.workspace, new, now).await?;
    keep_batch(tx, asked, (&row, request.sources), now).await?;
    let mut detail = json!({"sources": row.batches, "title": row.matter.title, "external_id": row.external_id});
    note_masked(&mut detail, request.masked);
    let told = Told { kind: EventKind::Received, detail };
    write_down(tx, (&asked.workspace, &row), (&asked.actor, told), now).await?;
    Ok((row, EventKind::Received))
}

/// The next batch of a handoff, which waits to be read again. What has moved keeps its status.
async fn add_context(
    tx: &mut Tx<'_>,
    asked: &Asked,
    row: &mut Handoff,
    request: NewRequest,
    now: Timestamp,
) -> Result<(), Refusal> {
    if let Some(since) = row.context_gone_at {
        return Err(Refusal::ContextGone { since });
    }
    row.batches += 1;
    if !row.status.has_moved() {
        row.status = Status::Drafting;
        row.reason = None;
    }
    let given = request.matter;
    row.matter.title = given.title.or_else(|| row.matter.title.take());
    row.matter.callback_url = given.callback_url.or_else(|| row.matter.callback_url.take());
    row.matter.from.owner = given.from.owner.or_else(|| row.matter.from.owner.take());
    row.matter.to.owner = given.to.owner.or_else(|| row.matter.to.owner.take());
    row.matter.known.extend(given.known);
    if !store::save(tx, &asked.workspace, row, now).await? {
        return Err(Refusal::Stale { current: row.version });
    }
    let count = request.sources.len();
    keep_batch(tx, asked, (row, request.sources), now).await?;
    let mut detail = json!({"batch": row.batches, "sources": count});
    note_masked(&mut detail, request.masked);
    let told = Told { kind: EventKind::ContextAdded, detail };
    write_down(tx, (&asked.workspace, row), (&asked.actor, told), now).await
}

/// Nothing is changed silently: the log says how many tokens were taken out of what came in.
fn note_masked(detail: &mut serde_json::Value, masked: usize) {
    if masked > 0
        && let Some(detail) = detail.as_object_mut()
    {
        detail.insert("masked_links".to_owned(), json!(masked));
    }
}

async fn keep_batch(
    tx: &mut Tx<'_>,
    asked: &Asked,
    (row, sources): (&Handoff, Vec<SourceGiven>),
    now: Timestamp,
) -> Result<(), Refusal> {
    let stored = |given: SourceGiven| StoredSource {
        name: given.name,
        kind: given.kind,
        format: given.format,
        bytes: given.bytes,
    };
    let batch = Batch { number: row.batches, sources: sources.into_iter().map(stored).collect() };
    let owner = (&asked.workspace, &row.id);
    store::add_batch(tx, owner, &batch, now).await?;
    let unique = format!("read:{}:{}", row.id, row.batches);
    Ok(store::enqueue(tx, owner, (&random_id("job_"), &unique), now).await?)
}
