//! What is known from other handoffs: those that may be the same, and how what
//! is open here was settled there. It points, with a link to look at, and
//! decides nothing; only whoever may see those handoffs is shown it.

use std::collections::HashMap;

use super::{App, Refusal, Review};
use crate::handoff::HandoffId;
use crate::store::{self, Duplicate, Precedent, Workspace};

/// Hints to one question.
const MOST_HINTS: i64 = 3;
/// Questions that hints are looked for.
const MOST_QUESTIONS: usize = 40;

impl App {
    /// Handoffs that may be the same as each of these.
    pub async fn duplicates(
        &self,
        workspace: &Workspace,
        handoffs: &[HandoffId],
    ) -> Result<HashMap<HandoffId, Vec<Duplicate>>, Refusal> {
        let mut reader = self.store.reader().await?;
        Ok(store::list_duplicates(&mut reader, workspace, handoffs).await?)
    }

    /// How the fields that are open here were settled before, by the field's key. For members alone, who may see every
    /// handoff of their workspace; whoever comes by a personal link is shown nothing of another one.
    pub async fn hints(
        &self,
        workspace: &Workspace,
        review: &Review,
    ) -> Result<HashMap<String, Vec<Precedent>>, Refusal> {
        let gaps = review.brief.iter().flat_map(|brief| &brief.gaps);
        let keys: Vec<&str> = gaps.filter_map(|gap| gap.field.as_deref()).take(MOST_QUESTIONS).collect();
        let mut reader = self.store.reader().await?;
        let mut all = HashMap::new();
        for key in keys {
            let asked = (review.route.id.as_str(), key, MOST_HINTS);
            let found = store::list_precedents(&mut reader, (workspace, &review.row.id), asked).await?;
            if !found.is_empty() {
                all.insert(key.to_owned(), found);
            }
        }
        Ok(all)
    }
}
