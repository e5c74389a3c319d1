//! The steps in order: a conversation and a route in, a brief and its gaps out.

use jiff::Timestamp;

use crate::brief::{Brief, Engine, EngineKind, RouteVersion, Summary, Usage, Verdict};
use crate::conversation::Conversation;
use crate::route::{Ordered, Route};

/// What is to be read, for whom, and as of when.
pub struct Request<'a> {
    pub route: &'a Route,
    pub conversation: Conversation,
    /// Field keys and the values handed over with the request.
    pub known: &'a [(String, String)],
    pub as_of: Timestamp,
}

/// The brief and what it was read from.
pub struct Outcome {
    pub brief: Brief,
    pub conversation: Conversation,
}

/// A route that may fit a conversation.
pub struct Proposal {
    pub route: String,
    pub title: String,
    pub score: f64,
    pub reasons: Vec<String>,
}

/// Reads the conversation for the route.
pub fn run(request: Request) -> Outcome {
    let brief = Brief {
        route: RouteVersion { id: request.route.id.clone(), version: request.route.version },
        engine: Engine { kind: EngineKind::Extractive, model: None, prompt: None, degraded: false },
        verdict: Verdict::Incomplete,
        coverage: 1.0,
        fields: Ordered::default(),
        gaps: Vec::new(),
        summary: Summary::default(),
        warnings: request.conversation.warnings.clone(),
        usage: Usage::default(),
    };
    Outcome { brief, conversation: request.conversation }
}

/// The routes that fit, best first.
pub fn propose(routes: &[Route], _: &Conversation, _: &[(String, String)]) -> Vec<Proposal> {
    routes
        .iter()
        .map(|route| Proposal { route: route.id.clone(), title: route.title.clone(), score: 0.0, reasons: Vec::new() })
        .collect()
}
