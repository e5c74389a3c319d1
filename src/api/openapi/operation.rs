//! One operation as it is put together: what it needs, reads and answers. The
//! statuses of what stands before a handler (the edge, the key, the path, the
//! body) come with the thing that is read.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::{Map, Value as Json, json};

use super::answers::{EVERY, STANDING, header_references, problem_name};
use super::schemas::Schemas;
use crate::access::keys::Scope;

/// What the edge and the server may answer before any handler.
const BEFORE_ALL: [u16; 8] = [400, 408, 413, 414, 415, 431, 500, 503];
/// What a key may be answered with.
const BEFORE_KEYS: [u16; 3] = [401, 403, 429];

/// A header that an operation reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    IfMatch,
    IfMatchAlways,
    IfNoneMatch,
    IdempotencyKey,
    LastEventId,
}

/// An operation without its name and summary.
#[derive(Debug, Default)]
pub struct Operation {
    scope: Option<Scope>,
    parameters: Vec<Json>,
    body: Option<Json>,
    answers: BTreeMap<u16, Json>,
}

impl Operation {
    /// An operation that everybody may use.
    pub fn open() -> Operation {
        Operation::default().refuses(&BEFORE_ALL)
    }

    /// An operation for keys with this scope.
    pub fn needing(scope: Scope) -> Operation {
        Operation { scope: Some(scope), ..Operation::open().refuses(&BEFORE_KEYS) }
    }

    /// Reads the query as this type.
    pub fn query<T: JsonSchema>(mut self, schemas: &mut Schemas) -> Operation {
        self.parameters.extend(schemas.query::<T>());
        self
    }

    pub fn reads(mut self, headers: &[Reads]) -> Operation {
        for header in headers {
            if matches!(header, Reads::IfMatch | Reads::IfMatchAlways) {
                self = self.refuses(&[412]);
            }
            if *header == Reads::IfMatchAlways {
                self = self.refuses(&[428]);
            }
            if *header == Reads::IdempotencyKey {
                // The key of another request.
                self = self.refuses(&[422]);
            }
            self.parameters.extend(parameters_of(*header));
        }
        self
    }

    /// Reads a body in one of these forms, by media type.
    pub fn body(mut self, is_required: bool, forms: impl IntoIterator<Item = (&'static str, Json)>) -> Operation {
        let content: Map<String, Json> = forms.into_iter().map(|(media, form)| (media.to_owned(), form)).collect();
        self.body = Some(json!({"required": is_required, "content": content}));
        self.refuses(&[422])
    }

    /// Answers with this status: what that means, its headers, its body by media type.
    pub fn answers(
        mut self,
        (status, means): (u16, &str),
        headers: &[&str],
        forms: impl IntoIterator<Item = (&'static str, Json)>,
    ) -> Operation {
        let standing: &[&str] = if self.scope.is_some() { &STANDING } else { &[] };
        let names = EVERY.iter().chain(standing).chain(headers).copied();
        let mut answer = json!({"description": means, "headers": header_references(names)});
        let content: Map<String, Json> =
            forms.into_iter().map(|(media, schema)| (media.to_owned(), json!({"schema": schema}))).collect();
        if !content.is_empty()
            && let Some(answer) = answer.as_object_mut()
        {
            answer.insert("content".to_owned(), content.into());
        }
        self.answers.insert(status, answer);
        self
    }

    /// Answers 200 with JSON.
    pub fn tells(self, means: &str, schema: Json) -> Operation {
        self.answers((200, means), &[], [("application/json", schema)])
    }

    /// Answers problems with these statuses.
    pub fn refuses(mut self, statuses: &[u16]) -> Operation {
        for status in statuses {
            let reference = json!({"$ref": format!("#/components/responses/{}", problem_name(*status))});
            self.answers.entry(*status).or_insert(reference);
        }
        self
    }

    /// Writes everything but the name into the operation at a path.
    pub fn write_to(self, path: &str, whole: &mut Map<String, Json>) {
        let mut operation = if path.contains('{') { self.refuses(&[404]) } else { self };
        if path.starts_with("/v1/handoffs/{") {
            operation = operation.refuses(&[410]);
        }
        operation.parameters.extend(in_path(path));
        if let Some(scope) = operation.scope {
            let before = whole.get("description").and_then(Json::as_str).map(|text| format!("{text}\n\n"));
            let description = format!("{}Needs the scope `{}`.", before.unwrap_or_default(), scope.word());
            whole.insert("description".to_owned(), description.into());
        }
        if !operation.parameters.is_empty() {
            whole.insert("parameters".to_owned(), operation.parameters.into());
        }
        if let Some(body) = operation.body {
            whole.insert("requestBody".to_owned(), body);
        }
        let answers: Map<String, Json> =
            operation.answers.into_iter().map(|(status, answer)| (status.to_string(), answer)).collect();
        whole.insert("responses".to_owned(), answers.into());
        let security = if operation.scope.is_some() { json!([{"key": []}]) } else { json!([]) };
        whole.insert("security".to_owned(), security);
    }
}

/// The variable parts of a path.
fn in_path(path: &str) -> Vec<Json> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameter = |name: &str| {
        let (says, schema) = match name {
            "name" => ("The action's name.", json!({"type": "string", "pattern": "^[a-z0-9-]{1,40}$"})),
            _ => first_in(path),
        };
        json!({"name": name, "in": "path", "required": true, "description": says, "schema": schema})
    };
    names.map(parameter).collect()
}

/// What the first variable part is, and its form.
fn first_in(path: &str) -> (&'static str, Json) {
    let id_of = |prefix: &str| json!({"type": "string", "pattern": format!("^{prefix}_[0-9a-f]{{32}}$")});
    match path {
        _ if path.starts_with("/v1/handoffs/") => ("The handoff's id.", id_of("hnd")),
        _ if path.starts_with("/v1/endpoints/") => ("The endpoint's id.", id_of("end")),
        _ if path.starts_with("/v1/hooks/") => ("The hook's id.", id_of("end")),
        _ if path.starts_with("/v1/deliveries/") => ("The delivery's id.", id_of("dlv")),
        _ if path.starts_with("/v1/links/") => ("The link's id.", id_of("lnk")),
        _ if path.starts_with("/v1/erasures/") => ("The erasure's id.", id_of("ers")),
        _ if path.starts_with("/v1/routes/") => {
            ("The route's id.", json!({"type": "string", "pattern": "^[a-z0-9-]+$", "maxLength": 100}))
        }
        _ if path.starts_with("/v1/requests/") => ("The request's id.", id_of("req")),
        _ => ("The kind's code.", json!({"type": "string", "enum": super::operations::problem_codes()})),
    }
}

fn parameters_of(header: Reads) -> Vec<Json> {
    let (name, says, schema) = match header {
        Reads::IfMatch => (
            "If-Match",
            "The handoff's `ETag` as it was seen, or `*`; another version is a 412.",
            json!({"type": "string", "pattern": "^(\"[0-9]{1,18}\"|[0-9]{1,18}|\\*)$"}),
        ),
        Reads::IfMatchAlways => (
            "If-Match",
            "The handoff's `ETag` as it was seen; another version is a 412.",
            json!({"type": "string", "pattern": "^(\"[0-9]{1,18}\"|[0-9]{1,18})$"}),
        ),
        Reads::IfNoneMatch => {
            ("If-None-Match", "The `ETag` of the version that is known already.", json!({"type": "string"}))
        }
        Reads::IdempotencyKey => (
            "Idempotency-Key",
            "Names the request, so that it may be sent again without being carried out twice.",
            json!({"type": "string", "pattern": "^([!#-~]{1,255}|\"[!#-\\[\\]-~]{1,255}\")$"}),
        ),
        Reads::LastEventId => (
            "Last-Event-ID",
            "The last event that a listener got; as `after`, when that is not given. Anything but a number is ignored.",
            json!({"type": "string"}),
        ),
    };
    let is_required = header == Reads::IfMatchAlways;
    let in_header =
        json!({"name": name, "in": "header", "required": is_required, "description": says, "schema": schema});
    let in_query = json!({
        "name": "idempotency_key", "in": "query", "required": false,
        "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
        "description": "The same for callers that cannot set a header.",
    });
    if header == Reads::IdempotencyKey { vec![in_header, in_query] } else { vec![in_header] }
}
