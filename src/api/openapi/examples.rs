//! The examples in the description. They tell one story on a fresh server, in
//! this order: handed over, answered, moved, taken, given back. A test sends
//! each of them.

use serde_json::{Value as Json, json};

/// A mail as it is.
pub const MAIL: &str = "From: Dana Whitfield <dana@northwind.example>\r\nTo: Marcus Lee <marcus@acme.example>\r\n\
Date: Tue, 3 Mar 2026 09:20:00 +0000\r\nMessage-ID: <1@northwind.example>\r\nSubject: Our start\r\n\r\n\
We must be live by 1 July 2027. Our data has to stay in the EU.\r\n";

/// A transcript as it is.
pub const CALL: &str = "WEBVTT\n\n00:00:01.000 --> 00:00:06.000\n<v Dana Whitfield>We must be live by 1 July 2027.\n";

/// A handoff to be begun.
pub fn handoff() -> Json {
    json!({
        "route": "sales-to-onboarding",
        "external_id": "hubspot:deal:12345",
        "title": "Northwind Logistics",
        "from": {"team": "sales", "owner": {"name": "Marcus Lee", "email": "marcus@acme.example", "slack": "U024BE7LH"}},
        "to": {"team": "onboarding"},
        "trigger": {"event": "deal.closed_won", "at": "2026-03-03T09:00:00Z"},
        "known": {"customer_name": "Northwind Logistics"},
        "sources": [{"type": "email", "format": "eml", "filename": "01.eml", "content": MAIL}],
    })
}

/// More context.
pub fn sources() -> Json {
    json!({"sources": [{"type": "transcript", "format": "vtt", "filename": "kickoff.vtt", "content": CALL}]})
}

/// Answers that leave nothing of the example open.
pub fn answers() -> Json {
    json!({
        "by": {"name": "Marcus Lee", "email": "marcus@acme.example"},
        "fields": {
            "go_live_date": {"value": "2027-07-01"},
            "contract_type": {"value": "enterprise"},
            "contract_value": {"value": {"amount": "86400", "currency": "USD"}},
            "billing_cycle": {"value": "yearly"},
            "user_count": {"value": "120"},
            "primary_contact": {"value": "Dana Whitfield"},
            "executive_sponsor": {"unknown": {"owner": "marcus@acme.example", "due": "2027-03-10"}},
            "integrations": {"not_applicable": "They start without any"},
            "data_residency": {"value": "eu"},
            "sso_required": {"value": false},
            "success_criteria": {"value": "90 % of the tours are booked by the depots by 31 August 2027"},
        },
    })
}

/// The receiving team takes it.
pub fn acceptance() -> Json {
    json!({
        "by": {"name": "Priya Raman", "email": "priya@acme.example"},
        "read_back": "Live on 1 July 2027, data in the EU, 120 users",
    })
}

/// Somebody gets a personal link.
pub fn link() -> Json {
    json!({"person": {"name": "Dana Whitfield", "email": "dana@northwind.example"}, "purpose": "answer"})
}

/// The receiving team gives it back.
pub fn giving_back() -> Json {
    json!({
        "by": {"name": "Priya Raman", "email": "priya@acme.example"},
        "type": "wrong",
        "reason": "Dana has left; who is our contact now?",
        "fields": ["primary_contact"],
    })
}

/// A route to be published.
pub fn route() -> Json {
    json!({
        "id": "sales-to-partner",
        "version": 1,
        "title": "Sales to partner",
        "from": {"team": "sales"},
        "to": {"team": "partner"},
        "on_transfer": [
            {"name": "tell-receiver", "email": {"to": "receiver", "text": "{{title}} goes live on {{fields.go_live_date}}."}},
            {"name": "board", "webhook": {"url": "https://hooks.northwind.example/handoffs", "body": {"title": "{{title}}"}}},
        ],
        "fields": [
            {"key": "go_live_date", "label": "Go-live date", "type": "date", "required": true, "said_by": "theirs"},
            {"key": "billing_cycle", "type": "enum", "values": [{"id": "monthly"}, {"id": "yearly", "aliases": ["annual"]}]},
        ],
    })
}

/// Records that another system moved.
pub fn records() -> Json {
    json!({"records": [{"external_id": "hubspot:deal:12345", "route": "sales-to-onboarding"}]})
}
