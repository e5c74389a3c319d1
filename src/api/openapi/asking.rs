//! The operations about what people are asked, by the name that stands at
//! their handlers.

use serde_json::json;

use super::operation::Operation;
use super::schemas::Schemas;
use crate::access::keys::Scope;
use crate::api::requests::{LetterPage, OutboxQuery, RequestList, SnoozeRequest};
use crate::asking::Request;

/// The operation with this name.
pub fn find(id: &str, schemas: &mut Schemas) -> Option<Operation> {
    let writing = || Operation::needing(Scope::HandoffsWrite).refuses(&[409]);
    Some(match id {
        "listRequests" => Operation::needing(Scope::HandoffsRead).tells("The requests.", schemas.told::<RequestList>()),
        "snoozeRequest" => {
            let body =
                json!({"schema": schemas.given::<SnoozeRequest>(), "example": {"until": "2026-03-09T09:00:00Z"}});
            writing().body(false, [("application/json", body)]).tells("The request.", schemas.told::<Request>())
        }
        "remindRequest" | "withdrawRequest" => writing().tells("The request.", schemas.told::<Request>()),
        "listOutbox" => Operation::needing(Scope::HandoffsRead)
            .query::<OutboxQuery>(schemas)
            .refuses(&[404])
            .tells("A page of messages.", schemas.told::<LetterPage>()),
        _ => return None,
    })
}
