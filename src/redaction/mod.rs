//! What a model does not get to see, and how it comes back: structured personal
//! data is found by its form, replaced by marks such as `[EMAIL-1]`, and put
//! back into what the model says. Rules read the true text, evidence points
//! into the true text; only what leaves is masked.
//!
//! The marks follow from the order of the text alone, so that a reply that was
//! kept can be understood again after a restart.

mod accounts;
mod addresses;
mod cards;
mod dates;
mod finding;
mod ledger;
mod letters;
mod marks;
mod masking;
mod numbers;
mod phones;
mod secrets;
mod shapes;
mod words;

pub use finding::{Finding, find};
pub use ledger::Ledger;
pub use masking::{Masked, blank, mask};
