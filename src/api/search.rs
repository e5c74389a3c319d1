//! Search over briefs and sources: what was said and what was made of it, by
//! words, with the words marked.

use axum::extract::State;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Service;
use super::caller::{HandoffsRead, Permit};
use super::json::Json as Body;
use super::moments::{Begin, End};
use super::pages;
use super::parameters::Query;
use super::problem::{Kind, Problem};
use crate::handoff::{HandoffId, Status};
use crate::passages::Words;
use crate::retrieval::{From, Hit, Wanted, Why};
use crate::store::{PassageFilter, Workspace};

/// Characters of a question.
const MOST_LETTERS: usize = 500;
/// More passages than one question ever looks at: by this, one number holds both halves of a cursor.
const PAGES: i64 = 4_096;

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchQuery {
    /// Words and numbers to look for, 32 words in 500 characters at most. Signs mean nothing; a word of four letters or more is also found as the
    /// beginning of a longer one.
    #[schemars(length(min = 1, max = 500), regex(pattern = r"[\p{L}\p{N}]"))]
    pub q: String,
    /// Only in this handoff.
    #[schemars(regex(pattern = "^hnd_[0-9a-f]{32}$"))]
    pub handoff: Option<String>,
    /// Only in handoffs of this route.
    pub route: Option<String>,
    /// Only in handoffs that stand so.
    pub status: Option<Status>,
    /// Only what was said at this time or later.
    pub since: Option<Begin>,
    /// Only what was said up to this time.
    pub until: Option<End>,
    /// Passages on a page, 25 unless given.
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// What was found, the best first; of one handoff three passages at most, unless it alone is asked for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SearchPage {
    pub data: Vec<HitBody>,
    pub next_cursor: Option<String>,
    pub has_more: bool,
    /// `all` words are in each passage; where no passage has all of them, `any`.
    pub matched: &'static str,
    /// More fit than were looked at: other words, or a filter, find the others.
    pub is_cut: bool,
    /// Handoffs whose last change cannot be found yet; usually 0.
    pub waiting: i64,
    /// Why the Qdrant server that is set up was done without: `down`, `slow`, `behind`, `stale`, `full`, `missing`,
    /// `refused`. What was found is right all the same; null when nothing is wrong.
    pub degraded: Option<&'static str>,
}

/// A passage.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "SearchHit")]
pub struct HitBody {
    pub handoff: HandoffId,
    /// A message (`m3`), `record`, or a part of the brief (`fields.go_live_date`, `summary.risks.0`, `matter`).
    #[serde(rename = "where")]
    pub place: String,
    /// `source` or `brief`.
    pub kind: &'static str,
    /// The part of the passage that fits best, on one line. It is what somebody wrote: plain text, never HTML.
    pub snippet: String,
    /// Where the words stand in the snippet.
    pub matches: Vec<MatchBody>,
    pub source: Option<String>,
    pub author: Option<String>,
    /// When it was said; where nobody knows, when the handoff came in.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub at: Option<Timestamp>,
    pub route: String,
    pub status: Status,
    pub title: Option<String>,
    pub external_id: Option<String>,
    pub links: HitLinks,
}

/// From and to, in characters (Unicode code points) of the snippet.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[schemars(rename = "SearchMatch")]
pub struct MatchBody {
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "SearchLinks")]
pub struct HitLinks {
    pub handoff: String,
    pub brief: String,
    /// The page for people who log in.
    pub page: String,
}

/// Finds handoffs by what was said in them and what their briefs hold
///
/// Of the newest 1,000 passages that hold all words, the best first (BM25). What came in a moment before is waited for.
#[utoipa::path(get, path = "/v1/search", operation_id = "search", tag = "Handing over")]
pub async fn search(
    State(service): State<Service>,
    permit: Permit<HandoffsRead>,
    Query(query): Query<SearchQuery>,
) -> Result<Body<SearchPage>, Problem> {
    let limit = pages::limit(query.limit)?;
    let workspace = permit.workspace();
    let from = pages::read(workspace, query.cursor.as_deref())?.map(from_cursor).unwrap_or_default();
    let words = read_words(&query.q)?;
    let mut wanted = Wanted::within(workspace, &words, limit as usize);
    wanted.from = from;
    wanted.filter = PassageFilter {
        handoffs: query.handoff.as_deref().map(read_id).transpose()?.into_iter().collect(),
        route: query.route,
        status: query.status,
        since: query.since.map(|since| since.0),
        until: query.until.map(|until| until.0),
    };
    let search = service.app.search(&wanted).await?;
    let next = search.found.next;
    Ok(Body(SearchPage {
        has_more: next.is_some(),
        next_cursor: next.map(|from| to_cursor(workspace, from)),
        matched: search.found.how.name(),
        is_cut: search.found.is_cut,
        waiting: search.waiting,
        degraded: search.found.degraded.map(Why::name),
        data: search.found.hits.into_iter().map(|hit| body(hit, &service)).collect(),
    }))
}

fn wrong(name: &str, detail: impl Into<String>) -> Problem {
    Problem::new(Kind::InvalidQuery).error(format!("/query/{name}"), "invalid", detail)
}

fn read_words(q: &str) -> Result<Words, Problem> {
    if q.chars().nth(MOST_LETTERS).is_some() {
        return Err(wrong("q", format!("write {MOST_LETTERS} characters at most")));
    }
    Words::read(q).map_err(|why| wrong("q", why.to_string()))
}

fn read_id(text: &str) -> Result<HandoffId, Problem> {
    HandoffId::parse(text).ok_or_else(|| wrong("handoff", "it is an id such as hnd_0123456789abcdef0123456789abcdef"))
}

fn from_cursor(place: i64) -> From {
    From { up_to: Some(place / PAGES), skip: usize::try_from(place % PAGES).unwrap_or_default() }
}

fn to_cursor(workspace: &Workspace, from: From) -> String {
    let skip = i64::try_from(from.skip).unwrap_or_default().min(PAGES - 1);
    pages::write(workspace, from.up_to.unwrap_or_default() * PAGES + skip)
}

fn body(hit: Hit, service: &Service) -> HitBody {
    let Hit { found, snippet } = hit;
    let characters = |bytes: usize| snippet.text.get(..bytes).map_or(0, |text| text.chars().count());
    let matches = snippet.marks.iter().map(|(from, to)| MatchBody { start: characters(*from), end: characters(*to) });
    let handoff = found.stored.handoff;
    let itself = format!("/v1/handoffs/{handoff}");
    HitBody {
        matches: matches.collect(),
        place: found.stored.passage.spot,
        kind: found.stored.passage.kind.name(),
        source: found.stored.passage.source,
        author: found.stored.passage.author,
        at: found.stored.passage.at,
        route: found.route,
        status: found.status,
        title: found.title,
        external_id: found.external_id,
        links: HitLinks {
            brief: format!("{itself}/brief"),
            handoff: itself,
            page: service.app.settings.page_of(&handoff),
        },
        snippet: snippet.text,
        handoff,
    }
}
