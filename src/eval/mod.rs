//! How well Baton reads: sample handoffs with what a careful person says must
//! come out, the figures of many briefs against that, comparison with earlier
//! runs, and readers made out of the expectation by code, the perfect one and
//! the lying ones.

pub mod cases;
pub mod compare;
pub mod engine;
mod equality;
mod evidence;
pub mod examine;
mod facts;
pub mod figures;
mod folder;
pub mod gates;
pub mod generated;
mod gold;
mod head;
pub mod import;
pub mod journal;
mod lines;
pub mod matrix;
pub mod metrics;
pub mod mutation;
mod parallel;
pub mod probes;
pub mod report;
pub mod result;
pub mod runner;
pub mod score;
mod sheet;
pub mod statistics;
pub mod table;

pub use cases::{Case, Expectation, Expected, Gold, load};
pub use examine::examine;
pub use generated::{Lie, LieKind, Perfect, Stage};
pub use score::{CaseScore, Outcome, score};
