//! A route while it is written: its text as it was published, every mistake with
//! its place, and what a change would have blocked, summed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{App, DryRun, Refusal};
use crate::route::{self, Mistake, Severity};
use crate::store::{self, Workspace};

/// What a dry run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DrySum {
    pub judged: usize,
    /// Handoffs that would have been blocked, and those that were as it was.
    pub would_block: usize,
    pub blocked: usize,
    /// How often each field would have blocked, most often first.
    pub by_field: Vec<(String, usize)>,
}

/// The sum of a dry run.
pub fn sum_up(runs: &[DryRun]) -> DrySum {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for field in runs.iter().flat_map(|run| &run.would_block) {
        *counts.entry(field).or_default() += 1;
    }
    let mut by_field: Vec<(String, usize)> =
        counts.into_iter().map(|(field, count)| (field.to_owned(), count)).collect();
    by_field.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    DrySum {
        judged: runs.len(),
        would_block: runs.iter().filter(|run| !run.would_block.is_empty()).count(),
        blocked: runs.iter().filter(|run| !run.blocked.is_empty()).count(),
        by_field,
    }
}

impl App {
    /// A version of a route, or its newest, in the words it was published in.
    pub async fn route_text(
        &self,
        workspace: &Workspace,
        (id, version): (&str, Option<u32>),
    ) -> Result<(u32, String), Refusal> {
        let found = store::find_route(&mut *self.store.reader().await?, workspace, (id, version)).await?;
        found.ok_or(Refusal::NotFound("route"))
    }

    /// Everything that is wrong with a route that is to be published as `id`, and every hint, by its place in the text.
    pub async fn check_route(
        self: &Arc<Self>,
        workspace: &Workspace,
        (id, text): (&str, &str),
    ) -> Result<Vec<Mistake>, Refusal> {
        let mut mistakes = route::check(id, text);
        let Ok(route) = route::load(id, text) else { return Ok(mistakes) };
        let stored = store::find_route(&mut *self.store.reader().await?, workspace, (id, None)).await?;
        let newest = stored.as_ref().map(|(version, _)| *version);
        let of_line = |key: &str, message: String, mend: String| {
            let line = text.lines().position(|line| line.starts_with(key)).map_or(1, |place| place + 1);
            Mistake { file: id.to_owned(), line, column: 1, severity: Severity::Error, message, mend }
        };
        if route.id != id {
            let message = format!("id: this would be another route, `{}`", route.id);
            mistakes.push(of_line("id:", message, format!("write `id: {id}`")));
        }
        let is_same = stored.is_some_and(|(version, stored)| version == route.version && stored == text);
        if let Some(newest) = newest.filter(|newest| route.version <= *newest && !is_same) {
            let message = format!("version: version {newest} is published, and handoffs were judged by it");
            mistakes.push(of_line("version:", message, format!("write `version: {}`", newest + 1)));
        }
        match self.check_actions(workspace, &route).await {
            Ok(_) => {}
            Err(Refusal::Invalid(problems)) => {
                mistakes
                    .extend(problems.into_iter().map(|problem| of_line("on_transfer:", problem.detail, String::new())));
            }
            Err(refusal) => return Err(refusal),
        }
        mistakes.sort_by_key(|mistake| (mistake.line, mistake.column));
        Ok(mistakes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handoff::HandoffId;

    #[test]
    fn a_dry_run_is_summed_by_field() {
        let run = |would: &[&str], was: &[&str]| DryRun {
            handoff: HandoffId(String::new()),
            external_id: None,
            would_block: would.iter().map(|key| (*key).to_owned()).collect(),
            blocked: was.iter().map(|key| (*key).to_owned()).collect(),
        };
        let sum = sum_up(&[run(&["b"], &[]), run(&["a", "b"], &["a"]), run(&[], &["a"])]);
        assert_eq!((sum.judged, sum.would_block, sum.blocked), (3, 2, 2));
        assert_eq!(sum.by_field, [("b".to_owned(), 2), ("a".to_owned(), 1)]);
    }
}
