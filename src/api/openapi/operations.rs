//! What every operation needs, reads and answers, by the name that stands at
//! its handler.

use serde_json::{Map, Value as Json, json};

use super::examples;
use super::operation::{Operation, Reads};
use super::schemas::Schemas;
use crate::access::keys::Scope;
use crate::answers::Patch;
use crate::api::bodies::{HandoffRequest, SourcesRequest};
use crate::api::changes::{AcceptRequest, CancelRequest, ReturnRequest, SourcesQuery, TransferRequest};
use crate::api::checks::CheckBody;
use crate::api::handoffs::{CreateQuery, HandoffBody, HandoffPage, ListQuery, WaitQuery};
use crate::api::health::HealthBody;
use crate::api::insights::InsightsQuery;
use crate::api::links::{LinkBody, LinkRequest};
use crate::api::passes::{AuditPage, AuditQuery, VerifyBody, VerifyRequest};
use crate::api::privacy::{ErasureBody, ErasureRequest, HoldRequest, PersonFound, PersonRequest};
use crate::api::problem::Kind;
use crate::api::reading::{BriefQuery, EventPage, EventsQuery};
use crate::api::routes::{
    DryRunBody, DryRunRequest, ReconcileBody, ReconcileRequest, RouteFile, RouteList, RouteQuery, VersionList,
};
use crate::api::search::{SearchPage, SearchQuery};
use crate::app::Found;
use crate::brief::Brief;
use crate::insights::Report;

const JSON: &str = "application/json";

/// The operation with this name.
pub fn find(id: &str, schemas: &mut Schemas) -> Option<Operation> {
    begun(id, schemas)
        .or_else(|| moved(id, schemas))
        .or_else(|| super::acting::find(id, schemas))
        .or_else(|| super::asking::find(id, schemas))
        .or_else(|| super::telling::told(id, schemas))
        .or_else(|| kept(id, schemas))
        .or_else(|| looked_after(id, schemas))
}

/// The codes of all problems.
pub fn problem_codes() -> Vec<&'static str> {
    Kind::ALL.into_iter().map(Kind::code).collect()
}

/// Handoffs as they are begun and looked at.
fn begun(id: &str, schemas: &mut Schemas) -> Option<Operation> {
    let operation = match id {
        "createHandoff" => {
            let handoff = schemas.told::<HandoffBody>();
            let headers = ["Location", "ETag", "Idempotent-Replayed"];
            let waiting = ["Location", "ETag", "Retry-After", "Idempotent-Replayed"];
            let forms = forms(schemas.given::<HandoffRequest>(), examples::handoff(), "handoff");
            Operation::needing(Scope::HandoffsWrite)
                .query::<CreateQuery>(schemas)
                .reads(&[Reads::IdempotencyKey])
                .body(true, forms)
                .refuses(&[409, 410])
                .answers((202, "It is stored and will be read."), &waiting, [(JSON, handoff.clone())])
                .answers((200, "It was read within `wait`."), &headers, [(JSON, handoff)])
        }
        "checkHandoff" => {
            let forms = forms(schemas.given::<HandoffRequest>(), examples::handoff(), "handoff");
            Operation::needing(Scope::HandoffsWrite)
                .query::<CreateQuery>(schemas)
                .body(true, forms)
                .tells("What it would come to.", schemas.told::<CheckBody>())
        }
        "listHandoffs" => Operation::needing(Scope::HandoffsRead)
            .query::<ListQuery>(schemas)
            .tells("A page of handoffs.", schemas.told::<HandoffPage>()),
        "showHandoff" => Operation::needing(Scope::HandoffsRead)
            .query::<WaitQuery>(schemas)
            .reads(&[Reads::IfNoneMatch])
            .answers((200, "The handoff."), &["ETag"], [(JSON, schemas.told::<HandoffBody>())])
            .answers((304, "It has not changed since the version in `If-None-Match`."), &["ETag"], []),
        "search" => Operation::needing(Scope::HandoffsRead)
            .query::<SearchQuery>(schemas)
            .tells("What was found, the best first.", schemas.told::<SearchPage>()),
        "showBrief" => {
            let text = json!({"type": "string"});
            let forms = [(JSON, schemas.told::<Brief>()), ("text/markdown", text.clone()), ("text/html", text)];
            Operation::needing(Scope::HandoffsRead)
                .query::<BriefQuery>(schemas)
                .answers((200, "The brief."), &["ETag"], forms)
                .refuses(&[409])
        }
        "listEvents" => {
            let stream = json!({"type": "string", "description": "Server-sent events: `id`, `event` with the event's type, \
                `data` with the event as JSON; `progress` while context is read."});
            let forms = [(JSON, schemas.told::<EventPage>()), ("text/event-stream", stream)];
            Operation::needing(Scope::HandoffsRead).query::<EventsQuery>(schemas).reads(&[Reads::LastEventId]).answers(
                (200, "A page of events, or the stream of them."),
                &[],
                forms,
            )
        }
        _ => return None,
    };
    Some(operation)
}

/// Handoffs as they are changed.
fn moved(id: &str, schemas: &mut Schemas) -> Option<Operation> {
    let handoff = schemas.told::<HandoffBody>();
    let told = ["ETag", "Idempotent-Replayed"];
    let keyed = [Reads::IfMatch, Reads::IdempotencyKey];
    let writing = Operation::needing(Scope::HandoffsWrite).refuses(&[409]);
    let operation = match id {
        "addSources" => {
            let forms = forms(schemas.given::<SourcesRequest>(), examples::sources(), "context");
            let waiting = ["ETag", "Retry-After", "Idempotent-Replayed"];
            writing
                .query::<SourcesQuery>(schemas)
                .reads(&keyed)
                .body(true, forms)
                .answers((202, "It is stored and will be read."), &waiting, [(JSON, handoff.clone())])
                .answers((200, "It was read within `wait`."), &told, [(JSON, handoff)])
        }
        "answerFields" => writing
            .reads(&[Reads::IfMatchAlways, Reads::IdempotencyKey])
            .body(true, [json_form(schemas.given::<Patch>(), examples::answers())])
            .answers((200, "The handoff with the answers."), &told, [(JSON, handoff)]),
        "transferHandoff" => Operation::needing(Scope::Transfer)
            .refuses(&[409])
            .reads(&keyed)
            .body(false, [json_form(schemas.given::<TransferRequest>(), json!({}))])
            .answers((200, "It has moved; `pass` opens the way."), &told, [(JSON, handoff)]),
        "acceptHandoff" => writing
            .reads(&keyed)
            .body(true, [json_form(schemas.given::<AcceptRequest>(), examples::acceptance())])
            .answers((200, "The receiving team has it."), &told, [(JSON, handoff)]),
        "returnHandoff" => writing
            .reads(&keyed)
            .body(true, [json_form(schemas.given::<ReturnRequest>(), examples::giving_back())])
            .answers((200, "It is with the sending team again."), &told, [(JSON, handoff)]),
        "cancelHandoff" => writing
            .reads(&keyed)
            .body(false, [json_form(schemas.given::<CancelRequest>(), json!({"reason": "The customer withdrew"}))])
            .answers((200, "It is called off."), &told, [(JSON, handoff)]),
        "makeLink" => Operation::needing(Scope::HandoffsWrite)
            .body(true, [json_form(schemas.given::<LinkRequest>(), examples::link())])
            .answers((201, "The link."), &[], [(JSON, schemas.told::<LinkBody>())]),
        "endLink" => Operation::needing(Scope::HandoffsWrite).answers((204, "It opens nothing any more."), &[], []),
        "retryHandoff" => writing.reads(&keyed).answers((202, "It will be read again."), &told, [(JSON, handoff)]),
        _ => return None,
    };
    Some(operation)
}

/// What is kept about people.
fn kept(id: &str, schemas: &mut Schemas) -> Option<Operation> {
    let erasing = Operation::needing(Scope::Erase);
    let person = json!({"person": {"email": "dana@northwind.example", "names": ["Dana Whitfield"]}});
    let operation = match id {
        "requestErasure" => {
            let example = json!({"handoff": "hnd_0123456789abcdef0123456789abcdef"});
            erasing
                .body(true, [json_form(schemas.given::<ErasureRequest>(), example)])
                .answers(
                    (202, "It is put down and done right after."),
                    &["Location"],
                    [(JSON, schemas.told::<ErasureBody>())],
                )
                .refuses(&[404, 409, 410])
        }
        "showErasure" => erasing.tells("How far it is.", schemas.told::<ErasureBody>()),
        "holdHandoff" => erasing
            .body(true, [json_form(schemas.given::<HoldRequest>(), json!({"reason": "A dispute about the contract"}))])
            .answers((200, "Nothing of it goes."), &["ETag"], [(JSON, schemas.told::<HandoffBody>())]),
        "liftHold" => {
            erasing.answers((200, "It goes as its route says."), &["ETag"], [(JSON, schemas.told::<HandoffBody>())])
        }
        "findPerson" => erasing
            .body(true, [json_form(schemas.given::<PersonRequest>(), person)])
            .tells("The handoffs that hold the person.", schemas.told::<PersonFound>()),
        "exportPerson" => erasing
            .body(true, [json_form(schemas.given::<PersonRequest>(), person)])
            .tells("Everything that names the person.", schemas.told::<Found>()),
        _ => return None,
    };
    Some(operation)
}

/// Routes, passes, the log, and the service itself.
fn looked_after(id: &str, schemas: &mut Schemas) -> Option<Operation> {
    let route = schemas.told::<RouteFile>();
    let operation = match id {
        "listRoutes" => Operation::needing(Scope::RoutesRead).tells("All routes.", schemas.told::<RouteList>()),
        "showRoute" => {
            Operation::needing(Scope::RoutesRead).query::<RouteQuery>(schemas).tells("The route file.", route)
        }
        "listRouteVersions" => {
            Operation::needing(Scope::RoutesRead).tells("Its versions, newest first.", schemas.told::<VersionList>())
        }
        "publishRoute" => Operation::needing(Scope::RoutesWrite)
            .body(true, [json_form(schemas.given::<RouteFile>(), examples::route())])
            .answers((201, "The version is published."), &["Location"], [(JSON, route.clone())])
            .answers((200, "The version was published before, just so."), &["Location"], [(JSON, route)])
            .refuses(&[409]),
        "dryRunRoute" => Operation::needing(Scope::RoutesRead)
            .body(true, [json_form(schemas.given::<DryRunRequest>(), json!({"route": examples::route(), "last": 20}))])
            .tells("What it would have blocked.", schemas.told::<DryRunBody>()),
        "reconcile" => Operation::needing(Scope::HandoffsRead)
            .body(true, [json_form(schemas.given::<ReconcileRequest>(), examples::records())])
            .tells("The records that moved without a pass.", schemas.told::<ReconcileBody>()),
        "verifyPass" => Operation::needing(Scope::HandoffsRead)
            .body(true, [json_form(schemas.given::<VerifyRequest>(), json!({"pass": "eyJhbGciOiJFZERTQSJ9.e30.c2ln"}))])
            .tells("What it is worth.", schemas.told::<VerifyBody>()),
        "listAudit" => Operation::needing(Scope::AuditRead)
            .query::<AuditQuery>(schemas)
            .tells("A page of the log.", schemas.told::<AuditPage>()),
        "showInsights" => {
            let forms = [(JSON, schemas.told::<Report>()), ("text/csv", json!({"type": "string"}))];
            Operation::needing(Scope::AuditRead).query::<InsightsQuery>(schemas).refuses(&[422]).answers(
                (200, "The figures. As CSV: one row for all, or one for each part that `by` names."),
                &[],
                forms,
            )
        }
        "listSigningKeys" => {
            let key = json!({"type": "object", "required": ["kty", "kid"], "properties": {
                "kty": {"type": "string"}, "kid": {"type": "string"}, "crv": {"type": "string"}, "x": {"type": "string"},
            }});
            let keys = json!({"type": "object", "required": ["keys"], "properties": {"keys": {"type": "array", "items": key}}});
            Operation::open().tells("The keys as a JWK set.", keys)
        }
        "checkLife" | "checkReadiness" => Operation::open().tells("It does.", schemas.told::<HealthBody>()),
        "showMetrics" => Operation::needing(Scope::MetricsRead).answers(
            (200, "The figures."),
            &[],
            [("text/plain", json!({"type": "string"}))],
        ),
        "describeService" => Operation::open().tells("This document.", json!({"type": "object"})),
        "listProblems" => {
            let all = json!({"type": "object", "required": ["data"], "properties": {"data": {"type": "array", "items": kind()}}});
            Operation::open().tells("All kinds.", all)
        }
        "showProblem" => Operation::open().tells("The kind.", kind()),
        _ => return None,
    };
    Some(operation)
}

fn kind() -> Json {
    json!({
        "type": "object",
        "required": ["type", "code", "status", "title"],
        "properties": {
            "type": {"type": "string"}, "code": {"enum": problem_codes()},
            "status": {"type": "integer"}, "title": {"type": "string"},
        },
    })
}

fn json_form(schema: Json, example: Json) -> (&'static str, Json) {
    (JSON, json!({"schema": schema, "example": example}))
}

/// The forms in which context can be sent: JSON, a form with files beside a part of JSON, or one source as it is.
fn forms(schema: Json, example: Json, part: &str) -> [(&'static str, Json); 4] {
    let text = json!({"type": "string", "minLength": 1});
    let form = json!({
        "type": "object",
        "description": format!("The JSON stands in the part `{part}`, which may be left out; every other part is a file, and a source."),
        "properties": {part: schema.clone()},
        "propertyNames": {"pattern": "^[A-Za-z0-9_. \\[\\]-]{1,100}$"},
        "additionalProperties": {"type": "string", "contentMediaType": "application/octet-stream"},
    });
    let encoding = json!({part: {"contentType": JSON}});
    [
        json_form(schema, example),
        ("multipart/form-data", json!({"schema": form, "encoding": encoding})),
        ("message/rfc822", json!({"schema": text, "example": examples::MAIL})),
        ("text/vtt", json!({"schema": text, "example": examples::CALL})),
    ]
}

/// Says at every answer with a handoff what can be done with it next.
pub fn link(paths: &mut Map<String, Json>) {
    let mut links = Map::new();
    for (path, item) in paths.iter() {
        for operation in item.as_object().into_iter().flatten().map(|(_, operation)| operation) {
            let id = operation.get("operationId").and_then(Json::as_str).unwrap_or_default();
            // A further part of a path stands in no answer about a handoff.
            if !path.starts_with("/v1/handoffs/{id}") || path.contains("{name}") {
                continue;
            }
            let reads_version = operation.get("parameters").and_then(Json::as_array).into_iter().flatten();
            let mut parameters = Map::from_iter([("path.id".to_owned(), json!("$response.body#/id"))]);
            if reads_version.into_iter().any(|one| one.get("name").is_some_and(|name| name == "If-Match")) {
                parameters.insert("header.If-Match".to_owned(), json!("$response.header.ETag"));
            }
            links.insert(id.to_owned(), json!({"operationId": id, "parameters": parameters}));
        }
    }
    let begun = paths.get_mut("/v1/handoffs").and_then(|item| item.pointer_mut("/post/responses"));
    for status in ["200", "202"] {
        let answer = begun.as_deref().and_then(|all| all.get(status)).is_some();
        debug_assert!(answer, "a handoff that is begun is answered with {status}");
    }
    for (status, answer) in begun.and_then(Json::as_object_mut).into_iter().flatten() {
        if matches!(status.as_str(), "200" | "202")
            && let Some(answer) = answer.as_object_mut()
        {
            answer.insert("links".to_owned(), links.clone().into());
        }
    }
}
