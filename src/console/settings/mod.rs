//! How a workspace is set up, for its admins: keys of programs, webhooks, the
//! model, how people are reached, what is kept for how long. Pages show and
//! ask; what is done is done by the same operations as for programs.

mod deliveries;
mod endpoint;
mod keys;
mod model;
mod notifications;
mod persons;
mod retention;
mod webhooks;

use axum::Router;
use axum::routing::get;
use jiff::Timestamp;

use super::Console;
use super::frame::Place;
use crate::web::go_to;
use crate::wording;

/// The pages at `/settings/keys`, `/settings/webhooks` and so on.
pub(super) fn router() -> Router<Console> {
    let to = |place: Place| get(move || async move { go_to(place.path()) });
    Router::new()
        .route("/settings/keys", get(keys::show).post(keys::create))
        .route("/settings/keys/{id}/revoke", get(keys::confirm).post(keys::revoke))
        // Webhooks
        .route("/settings/webhooks", get(webhooks::show).post(webhooks::create))
        .route("/settings/webhooks/{id}", get(endpoint::show).post(endpoint::change))
        .route("/settings/webhooks/{id}/state", to(Place::Webhooks).post(endpoint::change_state))
        .route("/settings/webhooks/{id}/rotate", get(endpoint::confirm_rotation).post(endpoint::rotate))
        .route("/settings/webhooks/{id}/delete", get(endpoint::confirm_deletion).post(endpoint::delete))
        .route("/settings/webhooks/{id}/test", to(Place::Webhooks).post(deliveries::test))
        .route("/settings/webhooks/{id}/replay", to(Place::Webhooks).post(deliveries::replay))
        .route("/settings/deliveries/{id}", get(deliveries::show))
        .route("/settings/deliveries/{id}/resend", to(Place::Webhooks).post(deliveries::resend))
        // What reads, how people are reached
        .route("/settings/model", get(model::show).post(model::try_it))
        .route("/settings/notifications", get(notifications::show).post(notifications::test))
        // What is kept
        .route("/settings/retention", get(retention::show))
        .route("/settings/retention/erasures/{id}", get(retention::erasure))
        .route("/settings/retention/erasures/{id}/receipt", get(retention::receipt))
        .route("/settings/retention/person", to(Place::Retention).post(persons::find))
        .route("/settings/retention/person/export", to(Place::Retention).post(persons::export))
        .route("/settings/retention/person/confirm", to(Place::Retention).post(persons::confirm))
        .route("/settings/retention/person/erase", to(Place::Retention).post(persons::erase))
}

/// How long ago something was: `5 minutes ago`, or the day when that is longer ago than a month.
fn ago(at: Timestamp, now: Timestamp) -> String {
    let passed = now.duration_since(at);
    match passed.as_mins() {
        ..1 => "just now".to_owned(),
        43_200.. => wording::day(at),
        _ => format!("{} ago", wording::lasting(passed)),
    }
}

/// How long something still takes: `in 3 days`, or that it is due.
fn ahead(at: Timestamp, now: Timestamp) -> String {
    match at <= now {
        true => "now".to_owned(),
        false => format!("in {}", wording::lasting(at.duration_since(now))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_seen_from_now() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let now = at("2026-03-03T12:00:00Z");
        assert_eq!(ago(at("2026-03-03T11:59:40Z"), now), "just now");
        assert_eq!(ago(at("2026-03-03T11:15:00Z"), now), "45 minutes ago");
        assert_eq!(ago(at("2026-01-03T11:15:00Z"), now), "3 January 2026");
        assert_eq!(ahead(at("2026-03-05T12:00:00Z"), now), "in 2 days");
        assert_eq!(ahead(now, now), "now");
    }
}
