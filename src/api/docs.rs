//! The page at `/docs` on which people read and try the API. Everything it
//! loads is in the binary, and its policy lets it load nothing else.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::middleware::map_response;
use axum::response::Response;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Its icons are data; everything else is ours. It has one style inside itself, named by its hash.
const POLICY: &str = "default-src 'none'; script-src 'self'; \
                      style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `/docs` and what lies below, open to everybody.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let config = Config::from("/openapi.json")
        // The page would otherwise ask a stranger whether the description is valid.
        .validator_url("none")
        .try_it_out_enabled(true)
        .deep_linking(true);
    Router::<S>::from(SwaggerUi::new("/docs").config(config)).layer(map_response(with_policy))
}

async fn with_policy(mut response: Response) -> Response {
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
