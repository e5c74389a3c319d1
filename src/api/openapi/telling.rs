//! The operations on endpoints, hooks and deliveries: what each needs, reads
//! and answers.

use serde_json::{Value as Json, json};

use super::operation::Operation;
use super::schemas::Schemas;
use crate::access::keys::Scope;
use crate::api::deliveries::{DeliveryBody, DeliveryPage, DeliveryQuery, ReplayBody, ReplayRequest, TestRequest};
use crate::api::endpoints::{
    ChangeRequest, CreateRequest, EndpointBody, EndpointPage, EndpointQuery, HookBody, HookRequest, SampleQuery,
};

const JSON: &str = "application/json";

/// Endpoints and their messages.
pub fn told(id: &str, schemas: &mut Schemas) -> Option<Operation> {
    let reading = Operation::needing(Scope::EndpointsRead);
    let writing = Operation::needing(Scope::EndpointsWrite);
    let endpoint = schemas.told::<EndpointBody>();
    let operation = match id {
        "createEndpoint" => {
            let example = json!({"url": "https://hooks.northwind.example/baton", "events": ["handoff.ready", "handoff.transferred"],
                "description": "Onboarding board"});
            writing.body(true, [form(schemas.given::<CreateRequest>(), example)]).answers(
                (201, "It is told of what happens from now on."),
                &["Location"],
                [(JSON, endpoint)],
            )
        }
        "listEndpoints" => reading
            .query::<EndpointQuery>(schemas)
            .refuses(&[404])
            .tells("A page of endpoints.", schemas.told::<EndpointPage>()),
        "showEndpoint" => reading.tells("The endpoint.", endpoint),
        "changeEndpoint" => writing
            .body(true, [form(schemas.given::<ChangeRequest>(), json!({"state": "enabled"}))])
            .tells("The endpoint as it is now.", endpoint),
        "deleteEndpoint" | "unsubscribeHook" => writing.answers((204, "It is told nothing more."), &[], []),
        "rotateSecret" => writing.tells("The endpoint with its new secret.", endpoint),
        "subscribeHook" => {
            let example = json!({"target_url": "https://hooks.northwind.example/standard/1", "event": "handoff.ready"});
            let hook = schemas.told::<HookBody>();
            writing.body(true, [form(schemas.given::<HookRequest>(), example)]).answers(
                (201, "It is told of the event from now on."),
                &[],
                [(JSON, hook)],
            )
        }
        "sampleHook" => {
            let list =
                json!({"type": "array", "items": {"type": "object", "required": ["id", "type", "timestamp", "data"]}});
            reading.query::<SampleQuery>(schemas).tells("The samples.", list)
        }
        _ => return sent(id, schemas),
    };
    Some(operation)
}

/// Messages as they were sent and are sent again.
fn sent(id: &str, schemas: &mut Schemas) -> Option<Operation> {
    let reading = Operation::needing(Scope::EndpointsRead);
    let writing = Operation::needing(Scope::EndpointsWrite).refuses(&[409]);
    let delivery = schemas.told::<DeliveryBody>();
    let operation = match id {
        "listDeliveries" => {
            reading.query::<DeliveryQuery>(schemas).tells("A page of deliveries.", schemas.told::<DeliveryPage>())
        }
        "showDelivery" => reading.tells("The delivery with its attempts.", delivery),
        "resendDelivery" => writing.answers((202, "It will be sent."), &[], [(JSON, delivery)]),
        "testEndpoint" => writing
            .body(true, [form(schemas.given::<TestRequest>(), json!({"event": "handoff.ready"}))])
            .answers((202, "It will be sent."), &[], [(JSON, delivery)]),
        "replayMessages" => {
            let example = json!({"from": "2026-03-01T00:00:00Z", "to": "2026-03-08T00:00:00Z"});
            let replayed = schemas.told::<ReplayBody>();
            writing.body(true, [form(schemas.given::<ReplayRequest>(), example)]).answers(
                (202, "They will be sent."),
                &[],
                [(JSON, replayed)],
            )
        }
        _ => return None,
    };
    Some(operation)
}

fn form(schema: Json, example: Json) -> (&'static str, Json) {
    (JSON, json!({"schema": schema, "example": example}))
}
