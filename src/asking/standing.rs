//! Where a handoff stands, as lists show it: whose turn it is, by when, how
//! much is open, in which order it comes, and the words it is found by. Made
//! from the same rule for the next step that every page and message uses.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::{Person, next_owner};
use crate::brief::{Brief, FieldState};
use crate::handoff::{Matter, Status};

/// Keys of fields that name whom it is all about have one of these in them.
const CUSTOMER: [&str; 4] = ["customer", "company", "client", "account"];

/// A handoff in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who has the next step; nobody where the machine has it, nobody is known, or it is over.
    pub turn: Option<Person>,
    /// What they have to do, as [`super::NextStep`] names it.
    pub step: Option<String>,
    pub due_at: Option<Timestamp>,
    /// Questions that the handoff waits for.
    pub open: usize,
    pub rank: Rank,
    /// In small letters.
    pub words: String,
}

/// The order of lists: what has a time limit, the one that is longest over it first; then what waits without a limit, the
/// oldest first; then what waits for nobody, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    pub grade: i64,
    /// Milliseconds.
    pub at: i64,
}

/// How a handoff stands in a list.
pub fn standing(
    (status, matter, external_id): (Status, &Matter, Option<&str>),
    brief: Option<&Brief>,
    (created_at, updated_at): (Timestamp, Timestamp),
) -> Standing {
    let gaps = brief.map_or(&[][..], |brief| brief.gaps.as_slice());
    let (next, _) = next_owner((status, matter), brief, created_at);
    let is_over = matches!(status, Status::Accepted | Status::Cancelled);
    let rank = match next.by {
        _ if is_over => Rank { grade: 2, at: -updated_at.as_millisecond() },
        Some(by) => Rank { grade: 0, at: by.as_millisecond() },
        None => Rank { grade: 1, at: created_at.as_millisecond() },
    };
    let open = if status.has_moved() || is_over { 0 } else { gaps.iter().filter(|gap| gap.blocking).count() };
    let mut words: Vec<&str> = matter.title.iter().map(String::as_str).chain(external_id).collect();
    words.extend(customers(matter, brief));
    words.dedup();
    Standing {
        turn: next.owner.filter(|_| !is_over),
        step: next.what.filter(|_| !is_over),
        due_at: next.by,
        open,
        rank,
        words: words.join("\n").to_lowercase(),
    }
}

/// Whom it is about, as the brief says or the caller did.
fn customers<'a>(matter: &'a Matter, brief: Option<&'a Brief>) -> impl Iterator<Item = &'a str> {
    let is_customer = |key: &str| CUSTOMER.iter().any(|part| key.contains(part));
    let found = brief.into_iter().flat_map(|brief| brief.fields.iter());
    let found = found.filter(|(_, field)| field.state == FieldState::Found).map(|(key, field)| (key, &field.value));
    let known = matter.known.iter().map(|(key, value)| (key.as_str(), value));
    found.chain(known).filter(move |(key, _)| is_customer(key)).filter_map(|(_, value)| match value {
        Json::String(text) => Some(text.as_str()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::handoff::{Duties, Member, Party};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn matter() -> Matter {
        let receiver = Member { email: Some("Ines@acme.example".to_owned()), ..Member::default() };
        Matter {
            title: Some("Northwind Logistics".to_owned()),
            to: Party { team: None, owner: Some(receiver) },
            known: [("company".to_owned(), json!("Ünion")), ("seats".to_owned(), json!("Four"))].into_iter().collect(),
            duties: Duties { accept: Some(3600), moved_at: Some(at("2026-03-03T12:00:00Z")), ..Duties::default() },
            ..Matter::default()
        }
    }

    #[track_caller]
    fn check(status: Status, (turn, step): (Option<&str>, Option<&str>), due: Option<&str>, grade: i64) {
        let times = (at("2026-03-01T12:00:00Z"), at("2026-03-03T12:00:00Z"));
        let found = standing((status, &matter(), Some("crm:1")), None, times);
        assert_eq!(found.turn.as_ref().and_then(|person| person.email.as_deref()), turn, "{status:?}");
        assert_eq!(found.step.as_deref(), step, "{status:?}");
        assert_eq!(found.due_at, due.map(at), "{status:?}");
        assert_eq!(found.rank.grade, grade, "{status:?}");
        assert_eq!(found.words, "northwind logistics\ncrm:1\nünion");
    }

    #[test]
    fn whose_turn_it_is_and_by_when() {
        check(Status::Drafting, (None, Some("read")), None, 1);
        let ines = Some("Ines@acme.example");
        check(Status::Transferred, (ines, Some("accept")), Some("2026-03-03T13:00:00Z"), 0);
        check(Status::Accepted, (None, None), None, 2);
        check(Status::Cancelled, (None, None), None, 2);
    }

    #[test]
    fn limits_come_first_and_what_is_over_last() {
        let rank = |grade, at| Rank { grade, at };
        let mut all = [rank(2, -5), rank(1, 9), rank(0, 7), rank(2, -8), rank(0, -1), rank(1, 3)];
        all.sort();
        assert_eq!(all, [rank(0, -1), rank(0, 7), rank(1, 3), rank(1, 9), rank(2, -8), rank(2, -5)]);
    }
}
