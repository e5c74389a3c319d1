//! Signing in with an identity provider: the browser is sent there with a
//! question that only it can bring the answer of, and comes back with a code.
//! What it needs to come back is sealed in its own cookie, good for ten minutes
//! and once.

use std::net::IpAddr;

use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::admitting::{Admitted, Vouched, admit};
use super::managing::note;
use super::signing_in::{CODE_WAITS, begin, new_session};
use super::{Browser, SignIn, SignedIn, Visitor};
use crate::access::id_tokens::Claims;
use crate::access::links::{hash_of, make_secret};
use crate::app::provider::{Provider, ProviderFault};
use crate::app::{App, Refusal};
use crate::handoff::{Actor, EventKind};
use crate::store::{self, Fault, MemberRow, Tx};

/// What a question is sealed for.
const PLACE: &str = "sign-in:provider";
/// A question waits for its answer so long, in seconds: people look for their telephone meanwhile.
pub(super) const WAITS_SECONDS: i64 = 600;

/// A browser that is sent to the provider.
#[derive(Debug)]
pub struct Away {
    pub url: String,
    /// For its cookie.
    pub sealed: String,
    /// In seconds, for the cookie too.
    pub lives: i64,
}

/// What a browser brings back, as it stands in the address.
#[derive(Debug, Default)]
pub struct Brought {
    pub state: String,
    pub code: String,
    /// As who the provider sends it.
    pub issuer: String,
    /// The provider's word for why there is no code.
    pub error: String,
    /// From the cookie.
    pub sealed: String,
}

/// What coming back came to.
#[derive(Debug)]
pub enum Arrived {
    /// And where one wanted to go.
    In(SignIn, String),
    Not(NotIn),
}

/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotIn {
    /// There is no provider.
    None,
    /// Not the answer to a question of this browser, or too late, or for the second time.
    Lost,
    /// They, or somebody there, said no.
    Declined,
    /// The provider cannot be reached just now.
    Unreachable,
    /// It is not set up as it should be.
    Misconfigured,
    /// What it says is not believed.
    Unbelieved,
    /// Their address is not known to be theirs.
    Unverified,
    /// Their address is of another domain.
    Foreign,
    /// Nobody knows them here.
    Unknown,
    /// Nothing that the provider says of them is a role.
    NoRole,
    Disabled,
    /// Their address belongs to somebody whom the provider knows by another name.
    Taken,
    /// The first account has to be an admin's.
    NoAdmin,
    Later {
        seconds: u32,
    },
}

/// What somebody whom the provider vouches for gets.
enum Outcome {
    In(SignedIn),
    Not(NotIn),
}

/// Why nothing was written.
enum Unwritten {
    /// Their own second step is asked for besides, and nothing counts before.
    Code(Box<MemberRow>),
    Refused(Refusal),
}

impl From<Fault> for Unwritten {
    fn from(fault: Fault) -> Unwritten {
        Unwritten::Refused(fault.into())
    }
}

impl From<Refusal> for Unwritten {
    fn from(refusal: Refusal) -> Unwritten {
        Unwritten::Refused(refusal)
    }
}

/// What a browser has to bring back, and where it wanted to go.
#[derive(Serialize, Deserialize)]
struct Question {
    state: String,
    nonce: String,
    secret: String,
    next: String,
    /// Seconds since 1970.
    at: i64,
}

impl NotIn {
    /// In the log.
    fn reason(self) -> &'static str {
        match self {
            NotIn::None => "no_provider",
            NotIn::Lost => "lost",
            NotIn::Declined => "declined",
            NotIn::Unreachable => "unreachable",
            NotIn::Misconfigured => "misconfigured",
            NotIn::Unbelieved => "not_believed",
            NotIn::Unverified => "address_not_verified",
            NotIn::Foreign => "domain_not_allowed",
            NotIn::Unknown => "unknown",
            NotIn::NoRole => "no_role",
            NotIn::Disabled => "disabled",
            NotIn::Taken => "address_taken",
            NotIn::NoAdmin => "no_admin_yet",
            NotIn::Later { .. } => "later",
        }
    }

    /// Whether it counts as one who guesses.
    fn is_failure(self) -> bool {
        !matches!(self, NotIn::None | NotIn::Unreachable | NotIn::Later { .. })
    }
}

impl App {
    /// The provider that people sign in with, if there is one.
    pub fn provider(&self) -> Option<&Provider> {
        self.provider.as_ref()
    }

    /// Sends a browser to the provider; `next` is where it wants to go afterwards.
    pub async fn send_to_provider(&self, next: &str, from: &Browser) -> Result<Result<Away, NotIn>, Refusal> {
        let Some(provider) = &self.provider else { return Ok(Err(NotIn::None)) };
        let now = self.now();
        if let Some(seconds) = self.gatehouse.wait_from(from.address, now) {
            return Ok(Err(NotIn::Later { seconds }));
        }
        let document = match provider.document(now).await {
            Ok(document) => document,
            Err(fault) => return Ok(Err(told(&fault))),
        };
        let secret = || make_secret().map_err(|fault| Fault::Unusable(fault.to_string()));
        let question = Question {
            state: secret()?,
            nonce: secret()?,
            secret: secret()?,
            next: next.to_owned(),
            at: now.as_second(),
        };
        let parts = (question.state.as_str(), question.nonce.as_str(), question.secret.as_str());
        let Some(url) = provider.way_there(&document, parts) else { return Ok(Err(NotIn::Misconfigured)) };
        let text = serde_json::to_string(&question).map_err(Fault::from)?;
        let sealed = self.sealer.seal(PLACE, &text.into()).map_err(|fault| Fault::Unusable(fault.to_string()))?;
        Ok(Ok(Away { url, sealed, lives: WAITS_SECONDS }))
    }

    /// Lets in whom the provider vouches for. `before` is the secret of the session that the browser had.
    pub async fn return_from_provider(
        &self,
        brought: Brought,
        from: &Browser,
        before: Option<&str>,
    ) -> Result<Arrived, Refusal> {
        let Some(provider) = &self.provider else { return Ok(Arrived::Not(NotIn::None)) };
        let now = self.now();
        if let Some(seconds) = self.gatehouse.wait_from(from.address, now) {
            return Ok(Arrived::Not(NotIn::Later { seconds }));
        }
        // Any page can send a browser here with nothing to bring, and nothing can be guessed: it is no failure.
        let Some(question) = self.question_of(&brought, now) else {
            return Ok(Arrived::Not(NotIn::Lost));
        };
        let claims = match heard(provider, &brought, &question, now).await {
            Ok(claims) => claims,
            Err(why) => return self.turn_away((provider, why, from.address), now).await,
        };
        let vouched = vouched(provider, &claims);
        let (second_step, whose) = (provider.settings.second_step, vouched.clone());
        let (from, before, address) = (from.clone(), before.map(hash_of), from.address);
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let row = match admit(tx, &vouched, now).await? {
                    Admitted::In(row) => row,
                    Admitted::Not(why, member) => {
                        refuse(tx, &vouched.workspace, (why, member.as_deref(), address), now).await?;
                        return Ok(Outcome::Not(why));
                    }
                };
                if second_step && row.code_secret.is_some() {
                    return Err(Unwritten::Code(row));
                }
                let (session, signed_in) = new_session(&row, &from, now)?;
                begin(tx, (&row, &session), ("provider", before.as_deref()), now).await?;
                Ok(Outcome::In(signed_in))
            })
        });
        match write.await {
            Ok(Outcome::In(signed_in)) => Ok(Arrived::In(SignIn::In(signed_in), question.next)),
            Ok(Outcome::Not(why)) => {
                self.gatehouse.fail_from(address, now);
                Ok(Arrived::Not(why))
            }
            Err(Unwritten::Code(row)) => {
                // Their name is known here by now, and may be long for a cookie.
                let pending = self.pend(&row, Some(Vouched { name: None, ..whose }))?;
                Ok(Arrived::In(SignIn::Code { pending, lives: CODE_WAITS.as_secs() }, question.next))
            }
            Err(Unwritten::Refused(refusal)) => Err(refusal),
        }
    }

    /// Where a visitor ends their session with the provider too, if they came by it and it says where.
    pub async fn way_out_of_provider(&self, visitor: &Visitor) -> Option<String> {
        let provider = self.provider.as_ref()?;
        let way = provider.document_at_hand()?.way_out(&provider.settings.client_id)?;
        let who = (&visitor.member.workspace, visitor.member.id.as_str());
        let mut reader = self.store.reader().await.ok()?;
        let is_tied = store::has_identity(&mut reader, who, provider.issuer()).await.ok()?;
        is_tied.then_some(way)
    }

    /// The question of this browser that the state belongs to; it is used up.
    fn question_of(&self, brought: &Brought, now: Timestamp) -> Option<Question> {
        let text = self.sealer.unseal(PLACE, &brought.sealed).ok()?;
        let question: Question = serde_json::from_str(text.expose_secret()).ok()?;
        let waited = now.as_second() - question.at;
        let is_its = !brought.state.is_empty() && question.state == brought.state;
        let is_good = is_its && (0..WAITS_SECONDS).contains(&waited);
        (is_good && self.returned.note(&question.state, now.as_second())).then_some(question)
    }

    /// Puts down that somebody came back and was not let in.
    async fn turn_away(
        &self,
        (provider, why, address): (&Provider, NotIn, IpAddr),
        now: Timestamp,
    ) -> Result<Arrived, Refusal> {
        if why.is_failure() {
            self.gatehouse.fail_from(address, now);
            let workspace = provider.settings.workspace.clone();
            let write = self.store.writer().write(move |tx| {
                Box::pin(async move { refuse(tx, &workspace, (why, None, address), now).await.map_err(Refusal::from) })
            });
            write.await?;
        }
        Ok(Arrived::Not(why))
    }
}

/// What the provider vouches for, or why it does not.
async fn heard(provider: &Provider, brought: &Brought, question: &Question, now: Timestamp) -> Result<Claims, NotIn> {
    let document = provider.document(now).await.map_err(|fault| told(&fault))?;
    // Who mixes several providers up is sent back with the name of another one.
    let is_named = !brought.issuer.is_empty();
    if is_named && brought.issuer != provider.issuer() || document.names_itself && !is_named {
        return Err(NotIn::Unbelieved);
    }
    if !brought.error.is_empty() {
        tracing::info!(error = word(&brought.error), "the identity provider sent somebody back without a code");
        return Err(match brought.error.as_str() {
            "server_error" | "temporarily_unavailable" => NotIn::Unreachable,
            "invalid_request" | "unauthorized_client" | "unsupported_response_type" | "invalid_scope" => {
                NotIn::Misconfigured
            }
            _ => NotIn::Declined,
        });
    }
    if brought.code.is_empty() {
        return Err(NotIn::Lost);
    }
    let parts = (brought.code.as_str(), question.secret.as_str(), question.nonce.as_str());
    provider.vouch(parts, now).await.map_err(|fault| told(&fault))
}

/// A fault as whoever signs in is told of it; the log of the program says more.
fn told(fault: &ProviderFault) -> NotIn {
    tracing::warn!(%fault, "the identity provider did not vouch for somebody");
    match fault {
        ProviderFault::Unreachable(_) | ProviderFault::Status(_) | ProviderFault::Busy => NotIn::Unreachable,
        ProviderFault::Garbled(_) | ProviderFault::OtherIssuer(_) => NotIn::Misconfigured,
        // The code was used, or is too old.
        ProviderFault::Refused(word) if word == "invalid_grant" => NotIn::Lost,
        ProviderFault::Refused(_) => NotIn::Misconfigured,
        ProviderFault::Token(_) => NotIn::Unbelieved,
    }
}

/// A word of somebody else's for the log.
fn word(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_lowercase() || *letter == '_').take(40).collect()
}

/// What of the provider's words counts here.
fn vouched(provider: &Provider, claims: &Claims) -> Vouched {
    let settings = &provider.settings;
    let email = claims.text("email").map(str::to_owned);
    let said = settings.roles_claim.as_deref().map(|name| {
        let words = claims.words(name).unwrap_or_default();
        words.iter().filter_map(|word| settings.roles.get(*word)).min().copied().or(settings.new_role)
    });
    let full = [claims.text("given_name"), claims.text("family_name")].into_iter().flatten().collect::<Vec<_>>();
    let name = claims.text("name").map(str::to_owned).or_else(|| (!full.is_empty()).then(|| full.join(" ")));
    Vouched {
        workspace: settings.workspace.clone(),
        issuer: provider.issuer().to_owned(),
        subject: claims.subject.clone(),
        is_verified: claims.is_true(&settings.verified_claim),
        is_taken: email.as_deref().is_none_or(|email| settings.takes(email, claims.text("hd"))),
        email,
        name,
        said,
        new_role: settings.new_role,
    }
}

/// The entry in the log of somebody who was not let in: who they are counts as little as what they brought.
pub(super) async fn refuse(
    tx: &mut Tx<'_>,
    workspace: &str,
    (why, member, address): (NotIn, Option<&str>, IpAddr),
    now: Timestamp,
) -> Result<(), Fault> {
    let workspace = store::open_workspace(tx, workspace, now).await?;
    if let (NotIn::NoRole, Some(member)) = (why, member) {
        // Whom the provider gives no role any more is not left in where they are.
        store::end_member_sessions(tx, (&workspace, member), None).await?;
    }
    let what = json!({"how": "provider", "reason": why.reason(), "address": address.to_canonical()});
    let detail = json!({"actor": Actor::Baton, "member": member, "what": what});
    note(tx, &workspace, (EventKind::MemberRefused, detail), now).await
}
