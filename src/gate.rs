//! The gate: a brief may move only with a clearance, and only this module can
//! make one, after judging the brief anew against its route at the time of the
//! transfer. Nothing that the brief says about its own completeness counts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::brief::{Brief, Gap, GapKind, RouteVersion};
use crate::gaps::{self, Subject};
use crate::route::Route;
use crate::verdict::{is_whole, requirements, settle};
use crate::wording;

/// The proof that one brief was judged complete. A transfer needs one; it
/// cannot be made outside this module, copied or read from a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Clearance {
    route: RouteVersion,
    at: Timestamp,
    digest: String,
}

impl Clearance {
    /// The route and version it was judged against.
    pub fn route(&self) -> &RouteVersion {
        &self.route
    }

    /// When it was judged.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// [`Brief::digest`] of the brief that was judged: no other brief may use this clearance.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// The proof that a person with the right to do so took the responsibility for
/// moving a brief that is not complete, until a day, with all that is owed.
/// It can only be made here, beside the gaps it passes over.
#[derive(Debug, PartialEq, Serialize)]
pub struct Exception {
    approval: Approval,
    digest: String,
    debts: Vec<Gap>,
}

/// Who lets an incomplete brief pass, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub approver: String,
    pub reason: String,
    /// Until when what is owed must be there.
    pub expires_at: Timestamp,
}

impl Exception {
    pub fn approval(&self) -> &Approval {
        &self.approval
    }

    /// [`Brief::digest`] of the brief that was let through.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The blocking gaps that stay open: each is still owed by the person it asks.
    pub fn debts(&self) -> &[Gap] {
        &self.debts
    }
}

/// Lets a brief pass on a person's word. A complete one needs no such word and gets its clearance.
pub fn make_exception(
    brief: &Brief,
    route: &Route,
    approval: Approval,
    now: Timestamp,
) -> Result<Exception, Clearance> {
    match judge(brief, route, now) {
        Ok(clearance) => Err(clearance),
        Err(gaps) => {
            let debts = gaps.into_iter().filter(|gap| gap.blocking).collect();
            Ok(Exception { approval, digest: brief.digest(), debts })
        }
    }
}

/// Judges a brief at `now`: a clearance, or every gap at once. The brief's own
/// verdict and gaps never help it pass; what it says against itself (text that
/// was not read, a source that could not be read) does refuse it. A source
/// that a person dismissed has no gap in the brief any more.
pub fn judge(brief: &Brief, route: &Route, now: Timestamp) -> Result<Clearance, Vec<Gap>> {
    let fields = settle(route, brief.fields.clone(), now);
    let unread: Vec<&Gap> = brief.gaps.iter().filter(|gap| gap.kind == GapKind::UnreadSource).collect();
    let same_route = brief.route.id == route.id && brief.route.version == route.version;
    let needs = requirements(route, &fields, now);
    if same_route && is_whole(brief.coverage) && unread.is_empty() && needs.blocking(route, &fields).is_empty() {
        let route = RouteVersion { id: route.id.clone(), version: route.version };
        return Ok(Clearance { route, at: now, digest: brief.digest() });
    }

    let people = gaps::people_of(&brief.gaps);
    let nearest = gaps::nearest_of(&brief.gaps);
    let subject = Subject { route, fields: &fields, unread: &[], people: &people, nearest: &nearest, now };
    let mut gaps = Vec::new();
    if !same_route {
        gaps.push(gaps::whole_brief(&subject, wording::route_differs(&brief.route, route)));
    }
    if !is_whole(brief.coverage) {
        gaps.push(gaps::whole_brief(&subject, wording::not_all_read(brief.coverage)));
    }
    let (blocking, optional): (Vec<Gap>, Vec<Gap>) = gaps::list(&subject).into_iter().partition(|gap| gap.blocking);
    gaps.extend(blocking);
    for unread in unread {
        // A stored brief may carry what was found against it as a whole before.
        let unread = Gap { blocking: true, ..unread.clone() };
        if !gaps.contains(&unread) {
            gaps.push(unread);
        }
    }
    gaps.extend(optional);
    Err(gaps)
}
