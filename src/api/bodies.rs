//! The body of a request for a handoff in each of its forms: JSON with sources
//! inside, a form with files, or one mail or transcript as it is. All become
//! the same request.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::json;
use super::problem::{Kind, Problem};
use crate::app::{NewRequest, Problem as Mistake, SourceGiven};
use crate::conversation::DocumentKind;
use crate::handoff::{Matter, Party, Trigger};

/// A handoff to be begun.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoffRequest {
    /// Id of a route; `auto` is answered with proposals.
    pub route: String,
    /// The caller's own id of the matter; the same one again adds context to the open handoff.
    #[serde(default)]
    pub external_id: Option<String>,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub from: Party,
    #[serde(default)]
    pub to: Party,
    #[serde(default)]
    pub trigger: Trigger,
    /// Values that the caller's system holds, by field key.
    #[serde(default)]
    #[schemars(with = "Option<Map<String, Json>>")]
    pub known: Map<String, Json>,
    #[serde(default)]
    pub sources: Vec<SourceBody>,
    #[serde(default)]
    pub callback_url: Option<String>,
}

/// More context for a handoff.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourcesRequest {
    #[serde(default)]
    #[schemars(with = "Option<Map<String, Json>>")]
    pub known: Map<String, Json>,
    #[serde(default)]
    pub sources: Vec<SourceBody>,
}

/// One source.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Source")]
pub struct SourceBody {
    /// What it is; the content decides when it is left out.
    #[serde(default, rename = "type")]
    pub kind: Option<DocumentKind>,
    /// `eml`, `vtt`, `slack`, …; the content decides when it is left out.
    #[serde(default)]
    pub format: Option<String>,
    #[serde(default)]
    pub filename: Option<String>,
    /// Text, base64 by `encoding`, or JSON as the system gives it.
    pub content: Json,
    #[serde(default)]
    pub encoding: Encoding,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Encoding {
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "base64")]
    Base64,
}

/// What the query says of a body that is one mail or transcript.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RawQuery {
    pub route: Option<String>,
    pub external_id: Option<String>,
    pub title: Option<String>,
    pub filename: Option<String>,
}

/// The request in whichever form it came.
pub async fn read_handoff(headers: &HeaderMap, query: RawQuery, body: Bytes) -> Result<NewRequest, Problem> {
    match media_type(headers).as_str() {
        "application/json" => Ok(of_json(json::parse(&body)?)),
        "multipart/form-data" => {
            let (request, files) = read_form::<HandoffRequest>(headers, body, "handoff").await?;
            let mut request = of_json(request);
            request.sources.extend(files);
            // A form of files alone says in the query what it is for, as a bare mail does.
            if request.route.is_empty() {
                request.route = query.route.ok_or_else(no_route)?;
            }
            request.external_id = request.external_id.or(query.external_id);
            request.matter.title = request.matter.title.or(query.title);
            Ok(request)
        }
        other => {
            let source = raw_source(other, query.filename, body)?;
            let route = query.route.ok_or_else(no_route)?;
            let matter = Matter { title: query.title, ..Matter::default() };
            let external_id = query.external_id.filter(|id| !id.trim().is_empty());
            Ok(NewRequest { route, external_id, matter, sources: vec![source], ..NewRequest::default() })
        }
    }
}

/// The same for context that is added.
pub async fn read_sources(headers: &HeaderMap, query: RawQuery, body: Bytes) -> Result<NewRequest, Problem> {
    let (request, files) = match media_type(headers).as_str() {
        "application/json" => (json::parse(&body)?, Vec::new()),
        "multipart/form-data" => read_form::<SourcesRequest>(headers, body, "context").await?,
        other => (SourcesRequest::default(), vec![raw_source(other, query.filename, body)?]),
    };
    let (mut sources, wrong) = decode(request.sources);
    sources.extend(files);
    let matter = Matter { known: request.known, ..Matter::default() };
    Ok(NewRequest { matter, sources, wrong, ..NewRequest::default() })
}

fn of_json(request: HandoffRequest) -> NewRequest {
    let (sources, wrong) = decode(request.sources);
    NewRequest {
        route: request.route,
        external_id: request.external_id.filter(|id| !id.trim().is_empty()),
        matter: Matter {
            title: request.title,
            from: request.from,
            to: request.to,
            trigger: request.trigger,
            known: request.known,
            callback_url: request.callback_url,
            ..Matter::default()
        },
        sources,
        wrong,
        masked: 0,
    }
}

/// Bytes of every source, and each that cannot be had.
fn decode(sources: Vec<SourceBody>) -> (Vec<SourceGiven>, Vec<Mistake>) {
    let mut mistakes = Vec::new();
    let mut given = Vec::with_capacity(sources.len());
    for (place, source) in sources.into_iter().enumerate() {
        let bytes = match (source.content, source.encoding) {
            (Json::String(text), Encoding::Utf8) => Ok(text.into_bytes()),
            (Json::String(text), Encoding::Base64) => {
                let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
                STANDARD.decode(packed).map_err(|_| "it is not base64")
            }
            (Json::Null, _) => Err("it is empty"),
            (_, Encoding::Base64) => Err("base64 is text"),
            (other, Encoding::Utf8) => Ok(other.to_string().into_bytes()),
        };
        let name = source.filename.filter(|name| !name.trim().is_empty()).unwrap_or(format!("source {}", place + 1));
        match bytes {
            Ok(bytes) if !bytes.is_empty() => {
                given.push(SourceGiven { name, kind: source.kind, format: source.format, bytes });
            }
            wrong => {
                let detail = wrong.err().unwrap_or("it is empty");
                mistakes.push(Mistake::new(format!("/sources/{place}/content"), "invalid", detail));
            }
        }
    }
    (given, mistakes)
}

/// Names of parts are plain, so that every caller and every library writes them alike.
fn is_part_name(name: &str) -> bool {
    let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || b"_. -[]".contains(&letter);
    (1..=100).contains(&name.len()) && name.bytes().all(is_plain)
}

/// A form: one part of JSON under the name `part` (it may be left out), every other part a file.
async fn read_form<T: Default + serde::de::DeserializeOwned>(
    headers: &HeaderMap,
    body: Bytes,
    part: &str,
) -> Result<(T, Vec<SourceGiven>), Problem> {
    let malformed = |detail: String| Problem::new(Kind::MalformedBody).detail(detail);
    let mut request = Request::new(Body::from(body));
    request.headers_mut().clone_from(headers);
    let mut form = Multipart::from_request(request, &()).await.map_err(|error| malformed(error.body_text()))?;
    let (mut read, mut files) = (None, Vec::new());
    while let Some(field) = form.next_field().await.map_err(|error| malformed(error.body_text()))? {
        let (name, filename) = (field.name().unwrap_or_default().to_owned(), field.file_name().map(str::to_owned));
        if !is_part_name(&name) {
            return Err(malformed(format!(
                "a part of the form is called `{name}`: name it in 1 to 100 of A-Z, a-z, 0-9, `_`, `.`, `-`, `[`, `]` and space"
            )));
        }
        let bytes = field.bytes().await.map_err(|error| malformed(error.body_text()))?;
        if name == part && filename.is_none() {
            read = Some(json::parse(&bytes)?);
        } else {
            let name = filename.filter(|name| !name.is_empty()).unwrap_or(name);
            files.push(SourceGiven { name, kind: None, format: None, bytes: bytes.to_vec() });
        }
    }
    Ok((read.unwrap_or_default(), files))
}

fn raw_source(media_type: &str, filename: Option<String>, body: Bytes) -> Result<SourceGiven, Problem> {
    let (kind, format, name) = match media_type {
        "message/rfc822" => (DocumentKind::Email, "eml", "mail.eml"),
        "text/vtt" => (DocumentKind::Transcript, "vtt", "call.vtt"),
        _ => {
            return Err(Problem::new(Kind::UnsupportedMediaType)
                .detail("Send application/json, multipart/form-data, message/rfc822 or text/vtt"));
        }
    };
    if body.is_empty() {
        return Err(Problem::new(Kind::MalformedBody).detail("The body is empty"));
    }
    Ok(SourceGiven {
        name: filename.unwrap_or_else(|| name.to_owned()),
        kind: Some(kind),
        format: Some(format.to_owned()),
        bytes: body.to_vec(),
    })
}

fn no_route() -> Problem {
    Problem::new(Kind::InvalidQuery).error("/query/route", "missing", "name the route: `?route=…`")
}

/// The type of the body without its parameters, in small letters.
fn media_type(headers: &HeaderMap) -> String {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
