//! Messages that a route sends when work moves: what was handed over, with the
//! look of all other messages. To the one who is to take it with the brief and
//! a personal link, to everybody else without the link.

use serde_json::Value as Json;

use super::Question;
use super::letters::{Item, LINK, MOST_FACTS, Page, SHORT, Words, compose, facts, short};
use super::owing::{allowed, owed};
use crate::brief::FieldMap;
use crate::intake::SENT_BY;
use crate::route::Route;

/// Letters of one line that the route's own template made.
const MOST_LETTERS: usize = 2_000;
/// Lines of it.
const MOST_LINES: usize = 200;

/// What such a message says.
#[derive(Debug, Clone)]
pub struct Handed<'a> {
    pub route: &'a Route,
    /// What the handoff is called.
    pub name: &'a str,
    /// The values of the brief; none where they are not shown.
    pub fields: Option<&'a FieldMap>,
    /// The route's own words, in place of the usual ones.
    pub subject: Option<String>,
    pub text: Option<String>,
    /// It goes to the one who is to take the work.
    pub is_to_receiver: bool,
    /// Somebody took the responsibility for what is still open.
    pub is_forced: bool,
    /// What that is, as the handoff keeps it.
    pub debts: &'a [Json],
    /// Nothing was handed over: it is tried out.
    pub is_test: bool,
    /// Who takes it, when that is known.
    pub owner: Option<&'a str>,
    pub needed_by: Option<String>,
}

/// The message in all its forms.
pub fn write_handed(handed: &Handed) -> Words {
    let (from, to) = (short(&handed.route.from_team, SHORT), short(&handed.route.to_team, SHORT));
    let name = short(handed.name, SHORT);
    let usual = format!("{name}: handed over to {to}");
    let own = handed.subject.as_ref().map(|subject| short(subject, SHORT * 2)).filter(|subject| !subject.is_empty());
    let subject = match (own.unwrap_or(usual), handed.is_test) {
        (subject, true) => format!("[Test] {subject}"),
        (subject, false) => subject,
    };
    let heading = match handed.is_to_receiver {
        true => format!("{name} is yours to take"),
        false => format!("{name} was handed over to {to}"),
    };
    let mut intro = Vec::new();
    if handed.is_test {
        intro.push("This is a test: nothing was handed over, and nothing is to be done.".to_owned());
    }
    match &handed.text {
        Some(text) => intro.extend(lines(text)),
        None => intro.push(usual_words(handed, &from)),
    }
    intro.extend(allowed(handed.debts));
    intro.extend(handed.needed_by.clone());
    let known = handed.fields.map(|fields| facts(fields, handed.route, MOST_FACTS)).unwrap_or_default();
    let items: Vec<Item> = owed(handed.debts, handed.route).into_iter().chain(known).collect();
    let preview = intro.first().map_or(heading.as_str(), String::as_str);
    compose(&Page {
        subject: &subject,
        preview,
        eyebrow: &format!("{from} to {to}"),
        heading: &heading,
        intro: &intro,
        items: &items,
        button: "Read and take it",
        link: if handed.is_to_receiver { LINK } else { "" },
        footer: &[SENT_BY.to_owned()],
        by_mail: &[],
    })
}

fn usual_words(handed: &Handed, from: &str) -> String {
    let how = match handed.is_forced {
        true => format!("The {from} team has handed it over although something is still open."),
        false => format!("The {from} team has handed it over, complete."),
    };
    let next = match (handed.is_to_receiver, handed.owner) {
        (true, _) => " Read it, then take it or give it back.".to_owned(),
        (false, Some(owner)) => format!(" {} is asked to take it.", short(owner, SHORT)),
        (false, None) => String::new(),
    };
    how + &next
}

/// The lines of a text that are not empty, each as it may be shown.
fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| short(line, MOST_LETTERS)).filter(|line| !line.is_empty());
    lines.take(MOST_LINES).collect()
}

/// Something that a transfer should have set off and did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    pub name: String,
    /// `webhook`, `email` or `slack`.
    pub kind: String,
    pub problem: String,
}

/// What somebody has to look after by hand.
pub(super) fn look_after(undone: &Undone) -> Question {
    Question {
        key: format!("action:{}", undone.name),
        label: format!("The action `{}` ({})", undone.name, undone.kind),
        question: format!("It failed: {}", undone.problem),
        why: String::new(),
        blocking: true,
        nearest: None,
        choices: Vec::new(),
        note: None,
    }
}
