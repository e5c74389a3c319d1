//! The operations on what a transfer sets off, by the name that stands at
//! their handlers.

use serde_json::json;

use super::operation::Operation;
use super::schemas::Schemas;
use crate::access::keys::Scope;
use crate::api::actions::{ActionBody, ActionList, PreviewList, PreviewRequest, TestBody, TestRequest};

const JSON: &str = "application/json";

/// The operation with this name.
pub fn find(id: &str, schemas: &mut Schemas) -> Option<Operation> {
    Some(match id {
        "listActions" => Operation::needing(Scope::HandoffsRead).tells("The actions.", schemas.told::<ActionList>()),
        "retryAction" => Operation::needing(Scope::HandoffsWrite).refuses(&[409]).answers(
            (202, "It is tried again."),
            &[],
            [(JSON, schemas.told::<ActionBody>())],
        ),
        "dryRunActions" => {
            let body = json!({"schema": schemas.given::<PreviewRequest>(), "example": {}});
            Operation::needing(Scope::RoutesRead)
                .body(false, [(JSON, body)])
                .refuses(&[409, 410])
                .tells("The actions as they would leave.", schemas.told::<PreviewList>())
        }
        "testAction" => {
            let body = json!({"schema": schemas.given::<TestRequest>(), "example": {"to": "priya@acme.example"}});
            Operation::needing(Scope::RoutesWrite).body(false, [(JSON, body)]).refuses(&[409]).answers(
                (202, "It will be sent."),
                &[],
                [(JSON, schemas.told::<TestBody>())],
            )
        }
        _ => return None,
    })
}
