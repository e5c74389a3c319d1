//! How well Baton reads: sample handoffs with what a careful person says must
//! come out, the score of a brief against that, and readers made out of the
//! expectation by code, the perfect one and the lying ones.

pub mod cases;
pub mod generated;
pub mod mutation;
pub mod score;
mod sheet;

pub use cases::{Case, Expectation, Expected, Gold, load};
pub use generated::{Lie, LieKind, Perfect, Stage};
pub use score::{CaseScore, Outcome, Tally, score};
