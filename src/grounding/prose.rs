//! Does the evidence support a sentence of the prose? A sentence may say less
//! than its quotes, never more: every figure, date, name and address in it
//! stands in the cited sentences, and it is denied where they are denied.

use crate::brief::Evidence;
use crate::claim::ProseClaim;

use super::{Index, evidence_of};

/// The evidence of a sentence; `None` when its quotes are not there or do not carry it.
pub fn support_prose(index: &Index, item: &ProseClaim) -> Option<Vec<Evidence>> {
    let found: Vec<_> =
        item.cited.iter().map(|citation| Some((citation, index.check(citation)?))).collect::<Option<_>>()?;
    let evidence: Vec<Evidence> =
        found.iter().filter_map(|(citation, found)| evidence_of(index, citation, found)).collect();
    (!evidence.is_empty()).then_some(evidence)
}
