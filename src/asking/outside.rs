//! What somebody who is not of our side sees of a handoff: the questions asked
//! of them in the route's own words, and quotes of what they wrote or received
//! themselves. What others said, and what the CRM holds, is not theirs to see.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Person;
use super::people::asked;
use crate::brief::{Brief, Evidence, Gap};
use crate::conversation::{Conversation, MessageId, Side};
use crate::handoff::Matter;
use crate::route::Route;

/// Messages that people from outside wrote or received, by their addresses in lower case.
pub type Seen = BTreeMap<String, BTreeSet<MessageId>>;

/// Who wrote or received which message: addresses in lower case, each with its messages.
#[derive(Debug, Default)]
pub struct Addressed(BTreeMap<String, BTreeSet<MessageId>>);

/// Whether somebody is not of our side. Ours are our domains, the owners on both sides, and whoever the route holds
/// responsible. Who is known by name alone is from outside when the sources say so.
pub fn is_outside(
    (name, email): (&str, Option<&str>),
    brief: Option<&Brief>,
    (matter, our_domains): (&Matter, &[String]),
) -> bool {
    let Some(email) = email.map(str::trim).filter(|email| !email.is_empty()) else {
        let people = brief.into_iter().flat_map(|brief| &brief.summary.people);
        return people
            .into_iter()
            .any(|person| person.side == Side::Theirs && person.name.eq_ignore_ascii_case(name.trim()));
    };
    let owners =
        [&matter.from.owner, &matter.to.owner].into_iter().flatten().filter_map(|owner| owner.email.as_deref());
    let duties = [&matter.duties.failure, &matter.duties.next_action].into_iter().flatten().map(String::as_str);
    !is_of(email, our_domains) && !owners.chain(duties).any(|ours| ours.eq_ignore_ascii_case(email))
}

fn is_of(email: &str, our_domains: &[String]) -> bool {
    let Some((_, domain)) = email.rsplit_once('@') else { return false };
    let domain = domain.to_lowercase();
    our_domains.iter().map(|ours| ours.trim_start_matches('@').to_lowercase()).any(|ours| {
        domain == ours || domain.strip_suffix(&ours).is_some_and(|sub| !ours.is_empty() && sub.ends_with('.'))
    })
}

/// The addresses of those from outside who are asked something.
pub fn asked_outside(brief: &Brief, whose: (&Matter, &[String])) -> Vec<String> {
    let people = brief.gaps.iter().map(|gap| asked(gap, brief, whose).1);
    let outside = people.filter(|person| {
        is_outside((person.name.as_deref().unwrap_or_default(), person.email.as_deref()), Some(brief), whose)
    });
    let mut all: Vec<String> = outside.filter_map(|person| person.email).map(|email| email.to_lowercase()).collect();
    all.sort();
    all.dedup();
    all
}

impl Addressed {
    /// Everybody's, as far as the sources tell.
    pub fn of(conversation: &Conversation) -> Addressed {
        let mut all: BTreeMap<String, BTreeSet<MessageId>> = BTreeMap::new();
        for message in &conversation.messages {
            let to = conversation.envelopes.get(&message.id).into_iter().flat_map(|envelope| &envelope.to);
            for address in message.author.address.iter().chain(to) {
                all.entry(address.trim().to_lowercase()).or_default().insert(message.id);
            }
        }
        Addressed(all)
    }

    /// How much there is of it.
    pub fn count(&self) -> usize {
        self.0.values().map(|messages| messages.len() + 1).sum()
    }

    /// The messages of each of these addresses.
    pub fn seen_by(&self, emails: &[String]) -> Seen {
        let own = |email: &String| {
            let email = email.to_lowercase();
            let messages = self.0.get(&email).cloned().unwrap_or_default();
            (email, messages)
        };
        emails.iter().map(own).collect()
    }
}

/// A gap as somebody from outside is asked about it.
pub fn outside_view(gap: &Gap, route: &Route, seen: Option<&BTreeSet<MessageId>>) -> Gap {
    let may_see = |evidence: &Evidence| seen.is_some_and(|seen| seen.contains(&evidence.message));
    let field = gap.field.as_deref().and_then(|key| route.field(key));
    let candidates = gap.candidates.iter().filter(|one| !one.evidence.is_empty() && one.evidence.iter().all(may_see));
    Gap {
        question: field.map_or_else(|| gap.question.clone(), |field| field.question.clone()),
        why: match (gap.blocking, field) {
            (_, None) => gap.why.clone(),
            (true, _) => format!("The {} team needs it before the work moves.", route.to_team),
            (false, _) => String::new(),
        },
        nearest: gap.nearest.clone().filter(may_see),
        candidates: candidates.cloned().collect(),
        ..gap.clone()
    }
}

/// A gap as the one who is asked may see it.
pub(super) fn view_of<'a>(
    gap: &'a Gap,
    (brief, route): (&Brief, &Route),
    (person, seen): (&Person, &Seen),
    whose: (&Matter, &[String]),
) -> Cow<'a, Gap> {
    let (name, email) = (person.name.as_deref().unwrap_or_default(), person.email.as_deref());
    match is_outside((name, email), Some(brief), whose) {
        true => Cow::Owned(outside_view(gap, route, seen.get(&email.unwrap_or_default().to_lowercase()))),
        false => Cow::Borrowed(gap),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handoff::{Member, Party};

    #[test]
    fn our_side_is_our_domains_and_whoever_answers_for_the_handoff() {
        let ours = ["acme.example".to_owned()];
        let owner = Member { email: Some("lee@agency.example".to_owned()), ..Member::default() };
        let matter = Matter { from: Party { team: None, owner: Some(owner) }, ..Matter::default() };
        let check = |email: &str, domains: &[String], expected: bool| {
            assert_eq!(is_outside(("", Some(email)), None, (&matter, domains)), expected, "{email}");
        };
        check("marcus@acme.example", &ours, false);
        check("marcus@EU.Acme.example", &ours, false);
        check("lee@Agency.example", &ours, false);
        check("other@agency.example", &ours, true);
        check("dana@northwind.example", &ours, true);
        check("x@notacme.example", &ours, true);
        check("x@acme.example.evil.example", &ours, true);
        check("no address", &ours, true);
        check("marcus@acme.example", &[], true);
        check("marcus@acme.example", &[String::new()], true);
        assert!(!is_outside(("Kim Park", None), None, (&matter, &ours)), "known to whoever named them");
    }
}
