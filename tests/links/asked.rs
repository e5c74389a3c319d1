//! The messages that ask people, seen in the outbox as soon as they are there.

use serde_json::Value as Json;

use crate::harness::Service;

pub async fn message_to(service: &Service, id: &str, email: &str) -> Json {
    let mut notices = service.app().listen();
    for _ in 0..100 {
        let page = service.get(&format!("/v1/outbox?handoff={id}&limit=100")).await.expect(200).json();
        let found = page["data"].as_array().into_iter().flatten().find(|one| one["to"] == email).cloned();
        if let Some(message) = found {
            return message;
        }
        let _ = tokio::time::timeout(std::time::Duration::from_millis(200), notices.recv()).await;
    }
    panic!("nobody wrote to {email}");
}
