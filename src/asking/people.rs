//! Who can close a gap: whom the field names, else who spoke of it, else the
//! sender. An address that only a source tells counts only inside our own
//! domains: nobody gets a message from us because a mail says so.

use serde::Serialize;

use super::{About, Person};
use crate::brief::{Brief, Gap};
use crate::conversation::Side;
use crate::handoff::{Matter, Member, Status};

/// A longer address is none.
const MOST_LETTERS: usize = 254;

/// Whether a text has the form of an address that can be written to.
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"@".contains(c))
    };
    text.len() <= MOST_LETTERS && is_plain(local) && is_plain(domain) && !domain.starts_with('.')
}

/// Who is meant by `sender`, `receiver`, `owner` or an address, as the caller and the route name them.
pub fn resolve(word: &str, matter: &Matter) -> Option<Person> {
    match word {
        "sender" => of_member("sender", matter.from.owner.as_ref()?),
        "receiver" => of_member("receiver", matter.to.owner.as_ref()?),
        "owner" => None,
        address => at_address("address", address, matter),
    }
}

fn of_member(role: &str, member: &Member) -> Option<Person> {
    let email = member.email.clone().filter(|email| is_address(email));
    let slack = member.slack.clone().filter(|id| is_slack_id(id));
    let person = Person { role: role.to_owned(), name: member.name.clone(), email, slack };
    person.is_reachable().then_some(person)
}

/// Whatever else stands there is not put into a request to Slack.
pub fn is_slack_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= 32 && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// The person behind an address: one of the two owners when it is theirs.
fn at_address(role: &str, address: &str, matter: &Matter) -> Option<Person> {
    if !is_address(address) {
        return None;
    }
    let members = [&matter.from.owner, &matter.to.owner];
    let is_theirs = |member: &&Member| member.email.as_ref().is_some_and(|email| email.eq_ignore_ascii_case(address));
    let member = members.into_iter().flatten().find(is_theirs).cloned().unwrap_or_default();
    Some(Person {
        role: role.to_owned(),
        name: member.name,
        email: Some(address.to_owned()),
        slack: member.slack.filter(|id| is_slack_id(id)),
    })
}

/// Who is asked about a gap: the one who can close it, else whoever answers for failures is asked who that is. The one
/// place that says so, for messages, pages and replies alike.
pub fn asked(gap: &Gap, brief: &Brief, (matter, our_domains): (&Matter, &[String])) -> (About, Person) {
    match whom(gap, brief, (matter, our_domains)) {
        Some(person) => (About::Fill, person),
        None => (About::Name, failure_owner(matter).unwrap_or_default()),
    }
}

/// The one person who can close a gap, if anybody is known and can be reached.
pub(super) fn whom(gap: &Gap, brief: &Brief, (matter, our_domains): (&Matter, &[String])) -> Option<Person> {
    let ask = &gap.ask;
    let named = match ask.role.as_str() {
        "address" => ask.email.as_deref().and_then(|address| at_address("address", address, matter)),
        role => resolve(role, matter).or_else(|| told(role, (ask.name.as_ref(), ask.email.as_ref()), our_domains)),
    };
    named
        .or_else(|| speaker(gap, brief, our_domains))
        .or_else(|| resolve("sender", matter))
        .or_else(|| told_sender(brief, our_domains))
}

/// Somebody whom the sources name.
fn told(role: &str, (name, email): (Option<&String>, Option<&String>), our_domains: &[String]) -> Option<Person> {
    let email = email.filter(|email| is_ours(email, our_domains))?;
    Some(Person { role: role.to_owned(), name: name.cloned(), email: Some(email.clone()), slack: None })
}

fn is_ours(email: &str, our_domains: &[String]) -> bool {
    let Some((_, domain)) = email.rsplit_once('@') else { return false };
    is_address(email) && our_domains.iter().any(|ours| ours.trim_start_matches('@').eq_ignore_ascii_case(domain))
}

/// Who of us spoke the words that came closest.
fn speaker(gap: &Gap, brief: &Brief, our_domains: &[String]) -> Option<Person> {
    let author = gap.nearest.as_ref()?.author.as_deref()?;
    let seen = brief.summary.people.iter().filter(|person| person.side == Side::Ours);
    let person = seen.into_iter().find(|person| person.name == author || person.address.as_deref() == Some(author))?;
    told("speaker", (Some(&person.name), person.address.as_ref()), our_domains)
}

fn told_sender(brief: &Brief, our_domains: &[String]) -> Option<Person> {
    let asks = brief.gaps.iter().map(|gap| &gap.ask).filter(|ask| ask.role == "sender");
    asks.filter_map(|ask| told("sender", (ask.name.as_ref(), ask.email.as_ref()), our_domains)).next()
}

/// Who is told when something fails.
pub(super) fn failure_owner(matter: &Matter) -> Option<Person> {
    let person = resolve(matter.duties.failure.as_deref()?, matter)?;
    Some(Person { role: "failure".to_owned(), ..person })
}

/// Who owns the next step of a handoff: who, what, by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct NextStep {
    /// Null while nobody has to do anything, or nobody is known.
    pub owner: Option<Person>,
    /// `read`, `answer`, `transfer`, `accept`, `begin`, `correct`, `look`; null when it is over.
    pub what: Option<String>,
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub by: Option<jiff::Timestamp>,
}

/// Who owns the next step, and who is told when it fails, from where the handoff stands.
pub fn next_owner(
    (status, matter): (Status, &Matter),
    brief: Option<&Brief>,
    created_at: jiff::Timestamp,
) -> (NextStep, Option<Person>) {
    let duties = &matter.duties;
    let after = |start: jiff::Timestamp, seconds: Option<i64>| {
        start.checked_add(jiff::SignedDuration::from_secs(seconds?)).ok()
    };
    let whose = (matter, duties.our_domains.as_slice());
    let sender = || resolve("sender", matter).or_else(|| told_sender(brief?, whose.1));
    let failure = failure_owner(matter);
    let last = || failure.clone();
    let (owner, what, by) = match status {
        Status::Drafting => (None, Some("read"), None),
        Status::NeedsInput => {
            // The same as on the page, in the message and in the request.
            let first = brief.and_then(|brief| {
                let gap = brief.gaps.iter().find(|gap| gap.blocking)?;
                Some(asked(gap, brief, whose).1).filter(|person| !person.key().is_empty())
            });
            (first.or_else(last), Some("answer"), after(created_at, duties.fill_gaps))
        }
        Status::Ready => (sender(), Some("transfer"), None),
        Status::Transferred => {
            let by = duties.moved_at.and_then(|moved| after(moved, duties.accept));
            (resolve("receiver", matter).or_else(last), Some("accept"), by)
        }
        Status::Accepted => (resolve(duties.next_action.as_deref().unwrap_or("receiver"), matter), Some("begin"), None),
        Status::Returned => (sender().or_else(last), Some("correct"), None),
        Status::Failed => (last(), Some("look"), None),
        Status::Cancelled => (None, None, None),
    };
    (NextStep { owner, what: what.map(str::to_owned), by }, failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_form() {
        for right in ["marcus@acme.example", "m.lee+x@mail.acme.example", "jürgen@acme.example"] {
            assert!(is_address(right), "{right}");
        }
        for wrong in [
            "",
            "marcus",
            "@acme.example",
            "marcus@",
            "a b@acme.example",
            "a@b@acme.example",
            "a@acme.example\r\nBcc: x",
        ] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }

    #[test]
    fn only_our_own_are_written_to_because_a_source_says_so() {
        let ours = ["acme.example".to_owned()];
        assert!(is_ours("marcus@ACME.example", &ours));
        for wrong in ["marcus@evil.example", "marcus@notacme.example", "acme.example", "x@acme.example.evil.example"] {
            assert!(!is_ours(wrong, &ours), "{wrong}");
        }
        assert!(!is_ours("marcus@acme.example", &[]));
    }
}
