//! What may be done with a handoff as it stands, by whom; for what may not be
//! done, the reason, so that a button that is off says why.

use super::super::guard::Here;
use crate::access::roles::Ability;
use crate::app::Review;
use crate::brief::Verdict;
use crate::handoff::{Move, Status, allows};
use crate::web::shown::team;
use crate::wording;

/// A move on the page: not there at all, off with a reason, or open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Step {
    pub is_there: bool,
    pub is_open: bool,
    /// Why it is not open.
    pub why: String,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Steps {
    pub answer: Step,
    pub transfer: Step,
    pub force: Step,
    pub accept: Step,
    pub give_back: Step,
    pub cancel: Step,
    pub retry: Step,
    pub ask: Step,
}

const NO_ROLE: &str = "Your role does not include this.";

impl Step {
    fn open() -> Step {
        Step { is_there: true, is_open: true, why: String::new() }
    }

    fn off(why: &str) -> Step {
        Step { is_there: true, is_open: false, why: why.to_owned() }
    }

    /// Open to whom it should be; to everybody else off, with the reason.
    fn by(here: &Here, need: Ability) -> Step {
        if here.visitor.member.may(need) { Step::open() } else { Step::off(NO_ROLE) }
    }

    /// The same, and not there at all for those who may not: a row of dead buttons helps nobody.
    fn only_by(here: &Here, need: Ability) -> Step {
        if here.visitor.member.may(need) { Step::open() } else { Step::default() }
    }
}

impl Steps {
    pub fn of(here: &Here, review: &Review) -> Steps {
        let status = review.row.status;
        let can = |wanted, step: Step| if allows(status, wanted) { step } else { Step::default() };
        let transfer = match status {
            // A new pass for what has moved is for programs.
            Status::Transferred => Step::default(),
            _ => can(Move::Transfer, transfer(here, review)),
        };
        let is_forced = transfer.is_there && !transfer.is_open && review.brief.is_some() && !is_waiting(review);
        Steps {
            answer: if review.brief.is_some() {
                can(Move::Answer, Step::by(here, Ability::Answer))
            } else {
                Step::default()
            },
            force: match is_forced && status != Status::Failed && review.brief.as_ref().is_some_and(is_incomplete) {
                true => Step::only_by(here, Ability::BreakGlass),
                false => Step::default(),
            },
            transfer,
            accept: can(Move::Accept, Step::by(here, Ability::Receive)),
            give_back: can(Move::Return, Step::by(here, Ability::Receive)),
            cancel: can(Move::Cancel, Step::only_by(here, Ability::Create)),
            retry: match review.row.context_gone_at {
                None => can(Move::Retry, Step::only_by(here, Ability::Create)),
                Some(_) => Step::default(),
            },
            ask: Step::only_by(here, Ability::Answer),
        }
    }
}

fn is_incomplete(brief: &crate::brief::Brief) -> bool {
    brief.verdict != Verdict::Complete
}

fn is_waiting(review: &Review) -> bool {
    review.row.read_batches < review.row.batches
}

fn transfer(here: &Here, review: &Review) -> Step {
    let blocking = review.brief.iter().flat_map(|brief| &brief.gaps).filter(|gap| gap.blocking).count();
    match &review.brief {
        _ if review.row.status == Status::Failed => Step::off("It could not be read; have it read again first."),
        _ if is_waiting(review) => Step::off("More context has come in and is being read."),
        None => Step::off("It is being read."),
        Some(brief) if is_incomplete(brief) && blocking > 0 => {
            let open = wording::counted(blocking, "answer is needed first", "answers are needed first");
            Step::off(&format!("Not yet: {open}."))
        }
        Some(brief) if is_incomplete(brief) => Step::off("Not everything was read. Have it read again."),
        Some(_) if review.row.status == Status::Returned => {
            Step::off("The receiving team gave it back. Something new has to be said first.")
        }
        Some(_) => Step::by(here, Ability::Transfer),
    }
}

/// How a status looks; its word says it too.
pub(super) fn status_class(status: Status) -> &'static str {
    match status {
        Status::Ready | Status::Accepted => "good",
        Status::NeedsInput | Status::Returned | Status::Failed => "bad",
        Status::Drafting | Status::Transferred | Status::Cancelled => "",
    }
}

/// Where the receiving team's name stands in a sentence.
pub(super) fn to_team(review: &Review) -> String {
    team(&review.route.to_team)
}
