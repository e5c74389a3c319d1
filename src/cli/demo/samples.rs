//! The handoffs of the demonstration: three of the repository's own samples,
//! inside the binary, as a CRM or an automation would send them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

/// One handoff with its files.
#[derive(Debug)]
pub(super) struct Sample {
    pub title: &'static str,
    pub route: &'static str,
    external_id: &'static str,
    /// Name and address of who hands over.
    sender: (&'static str, &'static str),
    files: &'static [(&'static str, &'static [u8])],
}

/// The files of a sample's folder by name.
macro_rules! files {
    ($case:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../../evals/cases/", $case, "/context/", $name)) as &[u8])),+]
    };
}

/// Something is open, and the demonstration answers it.
pub(super) const INCOMPLETE: Sample = Sample {
    title: "Northwind Logistics",
    route: "sales-to-onboarding",
    external_id: "hubspot:deal:18844520013",
    sender: ("Marcus Lee", "marcus@acme.example"),
    files: files!("northwind-01":
        "01-re-revised-quote.eml", "02-handover-call.vtt", "03-thread.json", "04-vendor-setup.eml", "05-hubspot-deal.json"),
};

/// Everything was said: it moves without a question.
pub(super) const COMPLETE: Sample = Sample {
    title: "Harrowgate Water",
    route: "ops-to-fulfillment",
    external_id: "hubspot:deal:88121904",
    sender: ("Tamsin Okafor", "tamsin.okafor@acme.example"),
    files: files!("harrowgate-01":
        "01-order.eml", "02-re-order.eml", "03-re-re-order.eml", "04-call-2026-03-10.vtt", "05-date-change.eml",
        "06-slack-thread.json", "crm.json", "users.json"),
};

/// Something is open, and it stays so for whoever tries the service.
pub(super) const OPEN: Sample = Sample {
    title: "Birchline Furniture",
    route: "marketing-to-sales",
    external_id: "salesforce:lead:00QQy00000BrchLMAB",
    sender: ("Dmitri Volkov", "dmitri.volkov@acme.example"),
    files: files!("birchline-01":
        "01-quote-request.eml", "02-call.vtt", "03-slack-thread.json", "04-salesforce-lead.json", "05-re-quote-request.eml"),
};

impl Sample {
    /// The body of `POST /v1/handoffs`.
    pub fn body(&self) -> Json {
        let source = |(name, bytes): &(&str, &[u8])| match std::str::from_utf8(bytes) {
            Ok(text) => json!({"filename": name, "content": text}),
            Err(_) => json!({"filename": name, "content": STANDARD.encode(bytes), "encoding": "base64"}),
        };
        let (name, email) = self.sender;
        json!({
            "route": self.route,
            "external_id": self.external_id,
            "title": self.title,
            "from": {"owner": {"name": name, "email": email}},
            "sources": self.files.iter().map(source).collect::<Vec<_>>(),
        })
    }

    pub fn count_files(&self) -> usize {
        self.files.len()
    }
}
