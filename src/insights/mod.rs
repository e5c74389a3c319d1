//! Figures for whoever looks after handoffs: how many, how long, what is asked
//! again and again and of whom. Pure: a list of facts goes in, figures come
//! out, and beside every share stands of how many. `docs/insights.md` says
//! every formula in words.

mod facts;
mod figures;
mod recurring;
mod report;
mod table;
mod times;

pub use facts::{Fact, FieldRecord, Record, Returned, Seen};
pub use figures::{Ages, Answers, Counts, FieldFigures, Figures, Overrides, Refused, Returns, Share, Waiting, figures};
pub use recurring::{DESIGN_FAULT, Points, RecurringGap, Rule, recurring};
pub use report::{By, FieldGroup, Group, Range, Report, report};
pub use table::{csv, guarded, text};
pub use times::{Span, Times, times};
