//! The service as its callers meet it: over HTTP, from the first request to
//! the pass.

mod bodies;
mod conformance;
mod docs_page;
mod falsified;
mod gate;
mod harness;
mod keys;
mod life;
mod listing;
mod model;
mod money;
mod odd;
mod once;
mod openapi;
mod quiet;
mod recipes;
mod reviewers;
mod streams;
mod versions;
mod walks;
mod walls;
