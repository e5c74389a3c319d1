//! Who calls, as an argument of every handler: a permit for one scope can only
//! be had from a good key that holds it, within its rate.

use std::marker::PhantomData;
use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::Service;
use super::edge::{RetryAfter, Trail};
use super::problem::{Kind, Problem};
use super::signed;
use crate::access::callers::Preset;
use crate::access::keys::Scope;
use crate::app::{Caller, NoKey};
use crate::handoff::Actor;
use crate::store::Workspace;

/// A scope as a type, so that a handler says in its arguments what it needs.
pub trait Needs {
    const SCOPE: Scope;
}

/// Defines the scopes as types.
macro_rules! needs {
    ($($name:ident),*) => { $(
        #[derive(Debug)]
        pub struct $name;
        impl Needs for $name {
            const SCOPE: Scope = Scope::$name;
        }
    )* };
}
needs!(
    HandoffsRead,
    HandoffsWrite,
    Transfer,
    RoutesRead,
    RoutesWrite,
    AuditRead,
    MetricsRead,
    EndpointsRead,
    EndpointsWrite,
    Erase
);

/// A caller who may do one thing.
#[derive(Debug)]
pub struct Permit<N> {
    pub caller: Caller,
    /// What the request's signature names it by, for callers that sign.
    pub signed: Option<String>,
    need: PhantomData<N>,
}

impl<N> Permit<N> {
    pub fn workspace(&self) -> &Workspace {
        &self.caller.workspace
    }

    pub fn actor(&self) -> Actor {
        Actor::Key { id: self.caller.grant.key.to_string() }
    }

    /// A further scope that a part of the request needs.
    pub fn require(&self, scope: Scope) -> Result<(), Problem> {
        self.caller.grant.require(scope).map_err(|lacking| Problem::new(Kind::Forbidden).detail(lacking.to_string()))
    }
}

impl<N: Needs + Send> FromRequestParts<Service> for Permit<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        let caller = identify(parts, service).await?;
        let signed = signed::check(parts, &caller.habits, service).await?;
        let permit = Permit { caller, signed, need: PhantomData };
        permit.require(N::SCOPE)?;
        Ok(permit)
    }
}

async fn identify(parts: &Parts, service: &Service) -> Result<Caller, Problem> {
    let unknown = std::net::IpAddr::from([0, 0, 0, 0]);
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(unknown, |peer| peer.0.ip());
    let trail = parts.extensions.get::<Trail>();
    let caller = service.app.identify(bearer(parts), peer).await.map_err(refused)?;
    if let Some(trail) = trail {
        trail.note_workspace(caller.workspace.as_str());
        if caller.habits.preset() == Preset::Hubspot {
            trail.note_retry_after(RetryAfter::Omit);
        }
    }
    let standing = service.limits.check(caller.grant.key.as_str(), service.app.now().as_second());
    let refusal = (!standing.is_within).then(|| standing.problem());
    if let Some(trail) = trail {
        trail.note_standing(standing);
    }
    refusal.map_or(Ok(caller), Err)
}

/// The key after `Bearer`; a header that stands twice is no header.
fn bearer(parts: &Parts) -> Option<&str> {
    let mut given = parts.headers.get_all(AUTHORIZATION).into_iter();
    let (first, None) = (given.next()?, given.next()) else { return None };
    let (scheme, key) = first.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

fn refused(why: NoKey) -> Problem {
    match why {
        NoKey::Unknown => Problem::new(Kind::Unauthorized)
            .detail("Send a living key as `Authorization: Bearer baton_live_…`; `baton keys create` makes one"),
        NoKey::Locked(locked) => {
            Problem::new(Kind::TooManyFailures).retry_after(Duration::from_secs(u64::from(locked.retry_after_seconds)))
        }
        NoKey::Store(fault) => super::refusal::of_fault(&fault),
    }
}
