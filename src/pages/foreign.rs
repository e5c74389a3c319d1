//! What somebody from outside sends although it is not theirs to answer.

use axum::http::StatusCode;
use axum::response::Response;

use super::filling::Table;
use super::guard::Here;
use super::{Notice, answer};
use crate::app::Outside;
use crate::asking;
use crate::web::Typed;
use crate::web::answers::base;

/// Whether a form has an input that is not on the page of somebody from outside: of a field or a source that is not
/// theirs, or that does not exist at all, which is not theirs to find out.
pub(super) fn is_foreign(typed: &Typed, table: &Table, outside: &Outside) -> bool {
    let is_known = |key: &str| outside.asked.contains(key) || outside.settled.contains(key);
    let fields = table.route.fields.iter().filter(|field| is_known(&field.key)).map(|field| base(&field.key));
    let sources = typed.named_sources().filter(|(_, name)| is_known(&asking::source_of(name))).map(|(base, _)| base);
    let own: Vec<String> = fields.chain(sources).collect();
    typed.filled().any(|name| !own.iter().any(|base| name.starts_with(base)))
}

/// Says so, and that nothing was changed.
pub(super) fn refused_as_foreign(here: &Here) -> Response {
    tracing::warn!(handoff = %here.link.handoff, link = %here.link.id.0, "a form answers what its person was not asked");
    let lines = ["Only the questions on your own page can be answered with this link. Nothing was changed."];
    let mut page = Notice::new("This was not asked of you", &lines);
    page.way = Some((format!("/h/{}", here.link.handoff), "See your questions".to_owned()));
    page.leave = Some(here.leave());
    answer(StatusCode::FORBIDDEN, &page)
}
