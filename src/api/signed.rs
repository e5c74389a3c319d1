//! Requests of callers that sign: the body has to be seen before the handler
//! gets it, by whoever checks the key. It is read there only for such a caller;
//! for all others it goes on to the handler as it comes.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

use super::Service;
use super::edge::Trail;
use super::json::read_body;
use super::problem::{Kind, Problem};
use crate::access::callers::{self, Preset};

/// A request's body, in the hands of whoever reads it first; clones are the same body.
#[derive(Debug, Clone, Default)]
struct Kept(Arc<Mutex<Body>>);

impl Kept {
    fn body(&self) -> MutexGuard<'_, Body> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All of it; the handler still gets it after this.
    async fn read(&self, trail: Option<&Trail>) -> Result<Bytes, Problem> {
        let body = std::mem::take(&mut *self.body());
        let mut request = Request::new(body);
        if let Some(trail) = trail {
            // It knows what went wrong with the body, if anything does.
            request.extensions_mut().insert(trail.clone());
        }
        let bytes = read_body(request).await?;
        *self.body() = Body::from(bytes.clone());
        Ok(bytes)
    }
}

impl HttpBody for Kept {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut *self.body()).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body().size_hint()
    }
}

/// Keeps a hold of the body, for [`check`].
pub async fn keep_body(request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let kept = Kept(Arc::new(Mutex::new(body)));
    parts.extensions.insert(kept.clone());
    next.run(Request::from_parts(parts, Body::new(kept))).await
}

/// Refuses what a caller that signs has not signed, or not now; tells what the signature names the request by. Callers
/// without a secret are not asked.
pub async fn check(parts: &Parts, caller: &callers::Caller, service: &Service) -> Result<Option<String>, Problem> {
    if !caller.signs() {
        return Ok(None);
    }
    let kept = parts.extensions.get::<Kept>().ok_or_else(|| Problem::internal("the body was not kept"))?;
    let body = kept.read(parts.extensions.get::<Trail>()).await?;
    let target = parts.uri.path_and_query().map_or(parts.uri.path(), |target| target.as_str());
    let request = callers::Request { method: parts.method.as_str(), target, headers: &parts.headers, body: &body };
    let base_url = match (&service.app.settings.base_url, caller.preset()) {
        (Some(url), _) => url.as_str(),
        (None, Preset::Hubspot) => {
            let detail = "HubSpot signs the address it calls, and this Baton does not know its own: set `base_url`";
            return Err(Problem::new(Kind::SignatureRefused).detail(detail));
        }
        (None, _) => "",
    };
    match caller.verify(base_url, &request, service.app.now()) {
        Ok(_) => Ok(caller.signed_mark(&request)),
        Err(fault) => {
            Err(Problem::new(Kind::SignatureRefused)
                .detail(format!("Requests with this key must be signed, and {fault}")))
        }
    }
}
