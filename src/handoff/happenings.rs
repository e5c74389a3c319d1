//! What can happen, by the names that the log and the webhooks know.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What happened to a handoff. The names are those of the webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum EventKind {
    #[serde(rename = "handoff.received")]
    Received,
    #[serde(rename = "handoff.context_added")]
    ContextAdded,
    #[serde(rename = "handoff.needs_input")]
    NeedsInput,
    #[serde(rename = "handoff.ready")]
    Ready,
    #[serde(rename = "handoff.answered")]
    Answered,
    #[serde(rename = "handoff.transferred")]
    Transferred,
    /// A new pass for what was transferred before: the work has not moved twice.
    #[serde(rename = "handoff.pass_renewed")]
    PassRenewed,
    #[serde(rename = "handoff.accepted")]
    Accepted,
    #[serde(rename = "handoff.returned")]
    Returned,
    #[serde(rename = "handoff.cancelled")]
    Cancelled,
    #[serde(rename = "handoff.failed")]
    Failed,
    #[serde(rename = "handoff.retried")]
    Retried,
    #[serde(rename = "handoff.changed")]
    Changed,
    #[serde(rename = "request.made")]
    RequestMade,
    #[serde(rename = "request.changed")]
    RequestChanged,
    #[serde(rename = "request.reminded")]
    RequestReminded,
    #[serde(rename = "request.escalated")]
    RequestEscalated,
    #[serde(rename = "request.answered")]
    RequestAnswered,
    /// A reply by mail could not be taken, or not all of it.
    #[serde(rename = "request.unclear")]
    RequestUnclear,
    #[serde(rename = "request.withdrawn")]
    RequestWithdrawn,
    #[serde(rename = "request.snoozed")]
    RequestSnoozed,
    /// What a route does when work moves is put down with the move.
    #[serde(rename = "action.begun")]
    ActionBegun,
    #[serde(rename = "action.done")]
    ActionDone,
    /// It was given up.
    #[serde(rename = "action.failed")]
    ActionFailed,
    /// Somebody has it tried again.
    #[serde(rename = "action.retried")]
    ActionRetried,
    /// Somebody tried it out: no handoff is concerned.
    #[serde(rename = "action.tested")]
    ActionTested,
    #[serde(rename = "message.sent")]
    MessageSent,
    #[serde(rename = "message.failed")]
    MessageFailed,
    /// Somebody sends one to themselves, to see whether it arrives.
    #[serde(rename = "message.tested")]
    MessageTested,
    #[serde(rename = "link.made")]
    LinkMade,
    /// A session began with it.
    #[serde(rename = "link.opened")]
    LinkOpened,
    #[serde(rename = "link.revoked")]
    LinkRevoked,
    /// Everything in it is gone.
    #[serde(rename = "handoff.erased")]
    Erased,
    /// Nothing of it may go.
    #[serde(rename = "handoff.held")]
    Held,
    /// It may go again.
    #[serde(rename = "handoff.released")]
    Released,
    /// Raw context went by age.
    #[serde(rename = "handoff.context_expired")]
    ContextExpired,
    #[serde(rename = "erasure.requested")]
    ErasureRequested,
    #[serde(rename = "erasure.done")]
    ErasureDone,
    #[serde(rename = "person.searched")]
    PersonSearched,
    #[serde(rename = "person.exported")]
    PersonExported,
    #[serde(rename = "route.published")]
    RoutePublished,
    #[serde(rename = "key.created")]
    KeyCreated,
    #[serde(rename = "key.revoked")]
    KeyRevoked,
    #[serde(rename = "member.invited")]
    MemberInvited,
    #[serde(rename = "member.joined")]
    MemberJoined,
    /// Name or role.
    #[serde(rename = "member.changed")]
    MemberChanged,
    #[serde(rename = "member.disabled")]
    MemberDisabled,
    #[serde(rename = "member.enabled")]
    MemberEnabled,
    /// A link for a new password was made.
    #[serde(rename = "member.reset")]
    MemberReset,
    /// Password, second step or recovery codes changed.
    #[serde(rename = "member.secured")]
    MemberSecured,
    #[serde(rename = "member.signed_in")]
    MemberSignedIn,
    /// Sessions were ended, here or from elsewhere.
    #[serde(rename = "member.signed_out")]
    MemberSignedOut,
    /// Tied to what an identity provider knows them by, or untied.
    #[serde(rename = "member.linked")]
    MemberLinked,
    /// Somebody whom the identity provider knows was not let in.
    #[serde(rename = "member.refused")]
    MemberRefused,
    /// Too many wrong passwords or codes.
    #[serde(rename = "member.locked")]
    MemberLocked,
    /// Everything that was kept about them is gone.
    #[serde(rename = "member.erased")]
    MemberErased,
    #[serde(rename = "endpoint.created")]
    EndpointCreated,
    #[serde(rename = "endpoint.changed")]
    EndpointChanged,
    #[serde(rename = "endpoint.deleted")]
    EndpointDeleted,
    #[serde(rename = "endpoint.tested")]
    EndpointTested,
    #[serde(rename = "endpoint.disabled")]
    EndpointDisabled,
    #[serde(rename = "delivery.exhausted")]
    DeliveryExhausted,
}

impl EventKind {
    pub const ALL: [EventKind; 62] = [
        EventKind::Received,
        EventKind::ContextAdded,
        EventKind::NeedsInput,
        EventKind::Ready,
        EventKind::Answered,
        EventKind::Transferred,
        EventKind::PassRenewed,
        EventKind::Accepted,
        EventKind::Returned,
        EventKind::Cancelled,
        EventKind::Failed,
        EventKind::Retried,
        EventKind::Changed,
        EventKind::RequestMade,
        EventKind::RequestChanged,
        EventKind::RequestReminded,
        EventKind::RequestEscalated,
        EventKind::RequestAnswered,
        EventKind::RequestUnclear,
        EventKind::RequestWithdrawn,
        EventKind::RequestSnoozed,
        EventKind::ActionBegun,
        EventKind::ActionDone,
        EventKind::ActionFailed,
        EventKind::ActionRetried,
        EventKind::ActionTested,
        EventKind::MessageSent,
        EventKind::MessageFailed,
        EventKind::MessageTested,
        EventKind::LinkMade,
        EventKind::LinkOpened,
        EventKind::LinkRevoked,
        EventKind::Erased,
        EventKind::Held,
        EventKind::Released,
        EventKind::ContextExpired,
        EventKind::ErasureRequested,
        EventKind::ErasureDone,
        EventKind::PersonSearched,
        EventKind::PersonExported,
        EventKind::RoutePublished,
        EventKind::KeyCreated,
        EventKind::KeyRevoked,
        EventKind::MemberInvited,
        EventKind::MemberJoined,
        EventKind::MemberChanged,
        EventKind::MemberDisabled,
        EventKind::MemberEnabled,
        EventKind::MemberReset,
        EventKind::MemberSecured,
        EventKind::MemberSignedIn,
        EventKind::MemberSignedOut,
        EventKind::MemberLinked,
        EventKind::MemberRefused,
        EventKind::MemberLocked,
        EventKind::MemberErased,
        EventKind::EndpointCreated,
        EventKind::EndpointChanged,
        EventKind::EndpointDeleted,
        EventKind::EndpointTested,
        EventKind::EndpointDisabled,
        EventKind::DeliveryExhausted,
    ];

    pub fn name(self) -> &'static str {
        match self {
            EventKind::Received => "handoff.received",
            EventKind::ContextAdded => "handoff.context_added",
            EventKind::NeedsInput => "handoff.needs_input",
            EventKind::Ready => "handoff.ready",
            EventKind::Answered => "handoff.answered",
            EventKind::Transferred => "handoff.transferred",
            EventKind::PassRenewed => "handoff.pass_renewed",
            EventKind::Accepted => "handoff.accepted",
            EventKind::Returned => "handoff.returned",
            EventKind::Cancelled => "handoff.cancelled",
            EventKind::Failed => "handoff.failed",
            EventKind::Retried => "handoff.retried",
            EventKind::Changed => "handoff.changed",
            EventKind::RequestMade => "request.made",
            EventKind::RequestChanged => "request.changed",
            EventKind::RequestReminded => "request.reminded",
            EventKind::RequestEscalated => "request.escalated",
            EventKind::RequestAnswered => "request.answered",
            EventKind::RequestUnclear => "request.unclear",
            EventKind::RequestWithdrawn => "request.withdrawn",
            EventKind::RequestSnoozed => "request.snoozed",
            EventKind::ActionBegun => "action.begun",
            EventKind::ActionDone => "action.done",
            EventKind::ActionFailed => "action.failed",
            EventKind::ActionRetried => "action.retried",
            EventKind::ActionTested => "action.tested",
            EventKind::MessageSent => "message.sent",
            EventKind::MessageFailed => "message.failed",
            EventKind::MessageTested => "message.tested",
            EventKind::LinkMade => "link.made",
            EventKind::LinkOpened => "link.opened",
            EventKind::LinkRevoked => "link.revoked",
            EventKind::Erased => "handoff.erased",
            EventKind::Held => "handoff.held",
            EventKind::Released => "handoff.released",
            EventKind::ContextExpired => "handoff.context_expired",
            EventKind::ErasureRequested => "erasure.requested",
            EventKind::ErasureDone => "erasure.done",
            EventKind::PersonSearched => "person.searched",
            EventKind::PersonExported => "person.exported",
            EventKind::RoutePublished => "route.published",
            EventKind::KeyCreated => "key.created",
            EventKind::KeyRevoked => "key.revoked",
            EventKind::MemberInvited => "member.invited",
            EventKind::MemberJoined => "member.joined",
            EventKind::MemberChanged => "member.changed",
            EventKind::MemberDisabled => "member.disabled",
            EventKind::MemberEnabled => "member.enabled",
            EventKind::MemberReset => "member.reset",
            EventKind::MemberSecured => "member.secured",
            EventKind::MemberSignedIn => "member.signed_in",
            EventKind::MemberSignedOut => "member.signed_out",
            EventKind::MemberLinked => "member.linked",
            EventKind::MemberRefused => "member.refused",
            EventKind::MemberLocked => "member.locked",
            EventKind::MemberErased => "member.erased",
            EventKind::EndpointCreated => "endpoint.created",
            EventKind::EndpointChanged => "endpoint.changed",
            EventKind::EndpointDeleted => "endpoint.deleted",
            EventKind::EndpointTested => "endpoint.tested",
            EventKind::EndpointDisabled => "endpoint.disabled",
            EventKind::DeliveryExhausted => "delivery.exhausted",
        }
    }

    /// What systems outside can be told of; the rest stands in the log alone.
    pub const TOLD: [EventKind; 17] = [
        EventKind::Received,
        EventKind::ContextAdded,
        EventKind::NeedsInput,
        EventKind::Ready,
        EventKind::Answered,
        EventKind::Transferred,
        EventKind::PassRenewed,
        EventKind::Accepted,
        EventKind::Returned,
        EventKind::Changed,
        EventKind::Cancelled,
        EventKind::Failed,
        EventKind::Retried,
        EventKind::Erased,
        EventKind::ActionFailed,
        EventKind::EndpointDisabled,
        EventKind::DeliveryExhausted,
    ];

    /// Whether systems outside can be told of it.
    pub fn is_told(self) -> bool {
        Self::TOLD.contains(&self)
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == text)
    }
}
