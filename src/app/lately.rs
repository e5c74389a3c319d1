//! Figures for pages: what takes long to work out is shown as it was a moment
//! ago, with its moment, and is worked out anew behind it. Programs that ask
//! get the figures of now.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::App;
use super::insights::{NoReport, Wanted};
use crate::insights::Report;
use crate::store::Workspace;

/// Reports that are kept at most; the one that nobody looked at for longest goes.
const MOST_KEPT: usize = 64;
/// Figures of so many handoffs are worked out anew at each look.
const QUICK: u64 = 500;
/// What is older is worked out anew after it was shown.
const FRESH: SignedDuration = SignedDuration::from_secs(30);
/// What is older is not shown any more.
const OLDEST: SignedDuration = SignedDuration::from_mins(10);

/// The reports looked at last, the newest look at the end.
#[derive(Debug, Default)]
pub(super) struct Lately(Mutex<Vec<Kept>>);

#[derive(Debug)]
struct Kept {
    workspace: Workspace,
    wanted: Wanted,
    report: Arc<Report>,
    is_renewed: bool,
}

impl Lately {
    /// What is kept and may be shown, and whether it is to be worked out anew behind that.
    fn find(&self, workspace: &Workspace, wanted: &Wanted, now: Timestamp) -> Option<(Arc<Report>, bool)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = all.iter().position(|kept| kept.workspace == *workspace && kept.wanted == *wanted)?;
        let mut kept = all.remove(place);
        let age = now.duration_since(kept.report.as_of);
        if age.is_negative() || age > OLDEST {
            return None;
        }
        let is_due = age > FRESH && !kept.is_renewed;
        kept.is_renewed |= is_due;
        let report = kept.report.clone();
        all.push(kept);
        Some((report, is_due))
    }

    fn keep(&self, workspace: &Workspace, wanted: Wanted, report: &Arc<Report>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|kept| kept.workspace != *workspace || kept.wanted != wanted);
        if all.len() >= MOST_KEPT {
            all.remove(0);
        }
        all.push(Kept { workspace: workspace.clone(), wanted, report: report.clone(), is_renewed: false });
    }

    /// Lets go what is kept of a workspace.
    pub(super) fn forget(&self, workspace: &Workspace) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|kept| kept.workspace != *workspace);
    }
}

impl App {
    /// The figures as a page shows them: of now where they are of few handoffs, else of a moment ago (`as_of` says which).
    pub async fn insights_lately(
        self: &Arc<Self>,
        workspace: &Workspace,
        wanted: Wanted,
    ) -> Result<Arc<Report>, NoReport> {
        match self.lately.find(workspace, &wanted, self.now()) {
            Some((report, is_due)) => {
                if is_due {
                    let (app, workspace) = (self.clone(), workspace.clone());
                    tokio::spawn(async move {
                        if let Err(why) = app.work_out(&workspace, wanted).await {
                            tracing::warn!(%why, "figures could not be worked out anew");
                        }
                    });
                }
                Ok(report)
            }
            None => self.work_out(workspace, wanted).await,
        }
    }

    async fn work_out(&self, workspace: &Workspace, wanted: Wanted) -> Result<Arc<Report>, NoReport> {
        let report = Arc::new(self.insights(workspace, wanted.clone()).await?);
        if report.total.handoffs.received > QUICK {
            self.lately.keep(workspace, wanted, &report);
        }
        Ok(report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insights::{Range, report};

    #[test]
    fn figures_are_shown_for_a_while_and_renewed_once() {
        let now: Timestamp = "2026-03-03T12:00:00Z".parse().expect("a time");
        let range = Range::asked(None, None, now).expect("days");
        let (ours, theirs) = (Workspace::of_test("main"), Workspace::of_test("other"));
        let wanted = Wanted { range, route: None, by: None };
        let lately = Lately::default();
        let find = |workspace: &Workspace, seconds: i64| {
            let found = lately.find(workspace, &wanted, now + SignedDuration::from_secs(seconds));
            found.map(|(_, is_due)| is_due)
        };
        assert_eq!(find(&ours, 0), None);
        let keep = || lately.keep(&ours, wanted.clone(), &Arc::new(report(&[], range, (None, None), now)));
        keep();
        assert_eq!((find(&ours, 0), find(&theirs, 0)), (Some(false), None));
        assert_eq!((find(&ours, 30), find(&ours, 31), find(&ours, 32)), (Some(false), Some(true), Some(false)));
        assert_eq!((find(&ours, 601), find(&ours, 1)), (None, None), "what is too old is let go");
        keep();
        assert_eq!((find(&ours, -1), find(&ours, 1)), (None, None), "as is what comes from the future");
        keep();
        lately.forget(&theirs);
        assert_eq!(find(&ours, 1), Some(false));
        lately.forget(&ours);
        assert_eq!(find(&ours, 1), None);
        // Of too many, the one that was not looked at for longest goes.
        keep();
        for number in 0..MOST_KEPT {
            let other = Wanted { route: Some(number.to_string()), ..wanted.clone() };
            lately.keep(&ours, other, &Arc::new(report(&[], range, (None, None), now)));
        }
        assert_eq!(find(&ours, 1), None);
    }
}
