//! The service as its callers meet it: over HTTP, from the first request to
//! the pass.

mod afterwards;
mod backup;
mod bodies;
mod command_line;
mod conformance;
mod docs_page;
mod falsified;
mod gate;
mod harness;
mod insights;
mod keys;
mod life;
mod listing;
mod model;
mod money;
mod odd;
mod once;
mod openapi;
mod persons;
mod privacy;
mod questions;
mod quiet;
mod recipes;
mod renewal;
mod reviewers;
mod search;
mod shelves;
mod signed;
mod streams;
mod told;
mod versions;
mod walks;
mod walls;
mod withheld;
