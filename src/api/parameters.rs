//! What a request says outside its body: the query and the variable parts of
//! the path. Both answer a problem that names the parameter.

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path as AxumPath, Query as AxumQuery};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::json::plain;
use super::problem::{Kind, Problem};

/// The query as a typed value. A parameter that is wrong, unknown to a strict type or given twice is a 400.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match AxumQuery::try_from_uri(&parts.uri) {
            Ok(AxumQuery(value)) => Ok(Query(value)),
            Err(rejection) => Err(all_of::<T>(parts.uri.query().unwrap_or_default(), &rejection.body_text())),
        }
    }
}

/// Everything that is wrong with a query: what was named is taken out, and the rest is looked at again.
fn all_of<T: DeserializeOwned>(query: &str, message: &str) -> Problem {
    let mut left: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let mut all = of_message(message);
    let mut last = all.clone();
    loop {
        let before = left.len();
        left.retain(|(name, _)| last.errors().iter().all(|error| error.pointer != format!("/query/{name}")));
        if left.len() == before {
            return all;
        }
        let rest = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&left).finish();
        let Ok(uri) = format!("/?{rest}").parse() else { return all };
        last = match AxumQuery::<T>::try_from_uri(&uri) {
            Ok(_) => return all,
            Err(rejection) => of_message(&rejection.body_text()),
        };
        all = last.errors().iter().fold(all, |all, error| all.error(&error.pointer, &error.code, &error.detail));
        let count = all.errors().len();
        all = all.detail(format!("{count} parameters are wrong; `errors` names each"));
    }
}

/// The message reads `Failed to …: parameter: what is wrong`, or names the parameter in backticks.
fn of_message(message: &str) -> Problem {
    let message = message.strip_prefix("Failed to deserialize query string: ").unwrap_or(message);
    let named = message.split('`').nth(1).filter(|_| message.contains("field `"));
    let (name, detail) = match (named, message.split_once(": ")) {
        // The name may stand before the words that name it, too.
        (Some(name), split) => (name, split.filter(|(first, _)| *first == name).map_or(message, |(_, detail)| detail)),
        (None, Some((name, detail))) => (name, detail),
        (None, None) => ("", message),
    };
    let code = match detail {
        _ if detail.contains("unknown field") => "unknown-key",
        _ if detail.contains("missing field") => "missing",
        _ if detail.contains("duplicate field") => "duplicate-key",
        _ if detail.starts_with("unknown variant") || detail.starts_with("invalid value") => "not-allowed",
        _ => "invalid",
    };
    let detail = plain(detail);
    let whole = if name.is_empty() { detail.clone() } else { format!("{name}: {detail}") };
    Problem::new(Kind::InvalidQuery).detail(whole).error(format!("/query/{name}"), code, detail)
}

/// The variable parts of the path as a typed value. A part that cannot be one leads to nothing, so it is a 404.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match AxumPath::from_request_parts(parts, state).await {
            Ok(AxumPath(value)) => Ok(Path(value)),
            Err(PathRejection::FailedToDeserializePathParams(error)) if error.status().is_server_error() => {
                Err(Problem::internal(error.body_text()))
            }
            Err(PathRejection::FailedToDeserializePathParams(_)) => Err(Problem::new(Kind::NotFound)),
            Err(rejection) => Err(Problem::internal(rejection.body_text())),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use serde::Deserialize;

    use crate::api::problem::ProblemBody;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Page {
        limit: Option<u32>,
        status: Option<Status>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Status {
        Ready,
    }

    #[track_caller]
    fn of_query(query: &str) -> ProblemBody {
        let (mut parts, ()) = Request::get(format!("/?{query}")).body(()).expect("a request").into_parts();
        let found = futures_util::FutureExt::now_or_never(Query::<Page>::from_request_parts(&mut parts, &()));
        found.expect("no waiting").expect_err(query).body()
    }

    #[track_caller]
    fn check(query: &str, pointer: &str, code: &str) {
        let problem = of_query(query);
        assert_eq!(problem.status, 400, "{query}");
        let places: Vec<_> = problem.errors.iter().map(|error| (&*error.pointer, &*error.code)).collect();
        assert_eq!(places, [(pointer, code)], "{query}: {problem:?}");
    }

    #[test]
    fn wrong_parameters_are_named() {
        check("limit=-1", "/query/limit", "invalid");
        check("limit=99999999999", "/query/limit", "invalid");
        check("limit=1&limit=2", "/query/limit", "duplicate-key");
        check("page=2", "/query/page", "unknown-key");
        check("status=gone", "/query/status", "not-allowed");
        let both = of_query("limit=many&status=gone&page=2&status=ready");
        let places: Vec<&str> = both.errors.iter().map(|error| &*error.pointer).collect();
        assert_eq!(places.len(), 3, "{both:?}");
        assert!(
            ["/query/limit", "/query/status", "/query/page"].iter().all(|place| places.contains(place)),
            "{both:?}"
        );
        assert_eq!(both.detail.as_deref(), Some("3 parameters are wrong; `errors` names each"));
        for (query, said) in [
            ("limit=many", "limit: write a whole number, 0 or more"),
            ("limit=1&limit=2", "limit: `limit` stands twice"),
            ("page=2", "page: `page` is not known here; known are `limit` or `status`"),
            ("status=gone", "status: `gone` is not known here; write `ready`"),
        ] {
            assert_eq!(of_query(query).detail.as_deref(), Some(said));
        }
    }
}
