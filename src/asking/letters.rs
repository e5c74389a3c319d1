//! The words of messages to people: subject, text, a page for mail programs,
//! and blocks for Slack. What sources and callers wrote is shown on one line,
//! cut to a length, and escaped: it is content, never form.

use askama::Template;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use super::owing::{allowed, owed};
use super::people::failure_owner;
use super::slack;
use super::{About, Draft, Purpose, Question, Rules, Scene};
use crate::brief::{FieldMap, FieldState};
use crate::handoff::MODEL_UNAVAILABLE;
use crate::intake::SENT_BY;
use crate::rendering::clean;
use crate::route::Route;
use crate::wording::value_text;

/// Stands for the personal address until the message leaves: no key lies in the database.
pub const LINK: &str = "{{link}}";
/// Stands for the message's own id until it is stored: a reply that quotes it is known by it.
const REFERENCE: &str = "{{reference}}";
/// Letters of a name, and of a sentence or quote.
pub(super) const SHORT: usize = 120;
pub(super) const LONG: usize = 600;
/// Values of a brief that stand in a message; the page shows all.
pub(super) const MOST_FACTS: usize = 30;

/// A message in all its forms.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Slack's blocks.
    pub blocks: Json,
}

impl Words {
    /// Whether it has the form that a mail needs.
    pub fn has_mail(&self) -> bool {
        !self.html.is_empty()
    }

    /// The same with the message's id where replies look for it.
    pub fn referring_to(self, id: &str) -> Words {
        let filled = |text: String| if text.contains(REFERENCE) { text.replace(REFERENCE, id) } else { text };
        Words { text: filled(self.text), html: filled(self.html), ..self }
    }

    /// The same without these sentences, in whichever form they stand.
    pub fn without(&self, said: &[String]) -> Words {
        let mut words = self.clone();
        for one in said {
            let one = short(one, LONG);
            words.text = words.text.replace(&one, "");
            let html = askama::filters::escape(&one, askama::filters::Html).map(|escaped| escaped.to_string());
            words.html = words.html.replace(&html.unwrap_or_default(), "");
            words.blocks = slack::without(&words.blocks, &slack::escape(&one));
        }
        words
    }

    /// Whether it has the form that Slack needs.
    pub fn has_slack(&self) -> bool {
        !self.blocks.is_null()
    }
}

/// One thing a message shows: a question, or a value with its quote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Item {
    pub label: String,
    pub text: String,
    pub why: String,
    pub quote: String,
    pub source: String,
    pub choices: String,
    /// What the person wrote back that could not be taken.
    pub note: String,
    pub is_optional: bool,
}

/// What a message says, in order.
#[derive(Debug, Template)]
#[template(path = "letters/letter.html")]
pub(super) struct Page<'a> {
    pub subject: &'a str,
    pub preview: &'a str,
    pub eyebrow: &'a str,
    pub heading: &'a str,
    pub intro: &'a [String],
    pub items: &'a [Item],
    pub button: &'a str,
    pub link: &'a str,
    pub footer: &'a [String],
    /// What mails alone say at their foot.
    pub by_mail: &'a [String],
}

#[derive(Debug, Template)]
#[template(path = "letters/letter.txt", escape = "none")]
struct Plain<'a> {
    heading: &'a str,
    intro: &'a [String],
    items: &'a [Item],
    button: &'a str,
    link: &'a str,
    footer: &'a [String],
    by_mail: &'a [String],
}

/// `name` is what the handoff is called.
pub fn write(scene: &Scene, draft: &Draft, name: &str) -> Words {
    let name = &short(name, SHORT);
    let (subject, heading, mut intro, button) = said(scene, draft, name);
    if draft.about == About::Accept {
        intro.extend(allowed(scene.debts));
    }
    if let Some(by) = by(scene, draft) {
        intro.push(by);
    }
    let items: Vec<Item> = match draft.about {
        About::Accept if draft.purpose != Purpose::Escalate => {
            let known = scene.brief.map(|brief| facts(&brief.fields, scene.route, MOST_FACTS));
            owed(scene.debts, scene.route).into_iter().chain(known.unwrap_or_default()).collect()
        }
        _ => draft.questions.iter().map(item).collect(),
    };
    let footer = footer(scene, draft);
    let eyebrow = format!("{} to {}", short(&scene.route.from_team, SHORT), short(&scene.route.to_team, SHORT));
    let preview = items.first().map_or(heading.as_str(), |item| item.text.as_str());
    compose(&Page {
        subject: &subject,
        preview,
        eyebrow: &eyebrow,
        heading: &heading,
        intro: &intro,
        items: &items,
        button,
        link: LINK,
        footer: &footer,
        by_mail: &by_mail(scene, draft),
    })
}

/// A page in all the forms of a message.
pub(super) fn compose(page: &Page) -> Words {
    let plain = Plain {
        heading: page.heading,
        intro: page.intro,
        items: page.items,
        button: page.button,
        link: page.link,
        footer: page.footer,
        by_mail: page.by_mail,
    };
    // Writing into a string does not fail.
    let text = plain.render().unwrap_or_default();
    let html = page.render().unwrap_or_default();
    Words { subject: page.subject.to_owned(), text, html, blocks: slack::blocks(page) }
}

/// `text` on one line, cut when it is longer.
pub(super) fn short(text: &str, most: usize) -> String {
    let text = clean(text);
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text,
    }
}

pub(super) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// The words around what a message lists.
struct Frame {
    subject: String,
    heading: String,
    intro: String,
    button: &'static str,
}

const OPEN: &str = "Open the handoff";

/// Subject, heading, first sentences and the button.
fn said(scene: &Scene, draft: &Draft, name: &str) -> (String, String, Vec<String>, &'static str) {
    let frame = match draft.purpose {
        Purpose::Ask | Purpose::Remind | Purpose::Action | Purpose::Test => asked(scene, draft, name),
        Purpose::Escalate | Purpose::Undelivered => reported(scene, draft, name),
    };
    let is_later = draft.purpose == Purpose::Remind || draft.purpose == Purpose::Ask && draft.is_addition;
    // The same subject keeps the messages of a handoff together in every mail program.
    let subject = if is_later { format!("Re: {}", frame.subject) } else { frame.subject };
    let reminder = (draft.purpose == Purpose::Remind).then(|| "A reminder: this still waits for you.".to_owned());
    let intro = reminder.into_iter().chain([frame.intro]).filter(|line| !line.is_empty()).collect();
    (subject, frame.heading, intro, frame.button)
}

/// To the one who is asked.
fn asked(scene: &Scene, draft: &Draft, name: &str) -> Frame {
    let (from, to) = (short(&scene.route.from_team, SHORT), short(&scene.route.to_team, SHORT));
    let questions = count(draft.questions.len(), "question");
    let (subject, heading, intro, button) = match draft.about {
        About::Fill => (
            format!("{name}: questions before the handoff to {to}"),
            match draft.is_addition && draft.purpose == Purpose::Ask {
                true => format!("{} about {name}", count(draft.questions.len(), "more question")),
                false => format!("{questions} about {name}"),
            },
            format!("The {to} team needs this before it can take over from {from}. Nothing else is asked of you."),
            "Answer",
        ),
        About::Name if draft.questions.is_empty() => (
            format!("{name}: who takes it?"),
            format!("Who in {to} takes {name}?"),
            format!("The {from} team has handed it over, and nobody in {to} is named as its owner."),
            OPEN,
        ),
        About::Name => (
            format!("{name}: who can answer?"),
            format!("Who can answer {questions} about {name}?"),
            format!("The {to} team needs this before it can take over from {from}, and nobody is known who could be asked."),
            OPEN,
        ),
        About::Accept => (
            format!("{name}: handed over to {to}"),
            format!("{name} is yours to take"),
            match scene.reason {
                Some("break_glass") => format!("The {from} team has handed it over although something is still open. Read it, then take it or give it back."),
                _ => format!("The {from} team has handed it over, complete. Read it, then take it or give it back."),
            },
            "Read and take it",
        ),
        About::Returned => (
            format!("{name}: given back by {to}"),
            format!("The {to} team has given {name} back"),
            scene
                .reason
                .and_then(|reason| reason.strip_prefix("returned: "))
                .filter(|kind| *kind != "other")
                .map(|kind| format!("The reason it gives: {}.", short(&kind.replace('_', " "), LONG)))
                .unwrap_or_default(),
            OPEN,
        ),
        About::Action => (
            format!("{name}: something was not done at the transfer"),
            format!("{} of the transfer of {name} failed", count(draft.questions.len(), "action")),
            "The work has moved; what should have followed by itself did not. Do it by hand, or mend what is wrong and have it tried again.".to_owned(),
            OPEN,
        ),
        About::Failure => (
            format!("{name}: somebody has to look"),
            format!("{name} needs somebody to look at it"),
            match scene.reason {
                Some(MODEL_UNAVAILABLE) => "The model could not be reached for so long that only the rules have read it. Have it read again when the model is back.",
                _ => "What came in could not be read. Look at its sources, and have it read again.",
            }
            .to_owned(),
            OPEN,
        ),
    };
    Frame { subject, heading, intro, button }
}

/// To the one who is told that it does not go on.
fn reported(scene: &Scene, draft: &Draft, name: &str) -> Frame {
    let (from, to) = (short(&scene.route.from_team, SHORT), short(&scene.route.to_team, SHORT));
    let asked = short(draft.asked.label(), SHORT);
    let questions = count(draft.questions.len(), "question");
    let (subject, heading, intro) = match (draft.purpose, draft.about) {
        (Purpose::Undelivered, _) => (
            format!("{name}: a message to {asked} could not be sent"),
            format!("A message to {asked} could not be sent"),
            format!("It is about {name}. Reach {asked} another way, or answer in their place."),
        ),
        (_, About::Accept) => (
            format!("{name}: not taken yet"),
            format!("{name} waits to be taken by {to}"),
            format!("{asked} was asked to take it and has not done so in time."),
        ),
        _ => (
            format!("{name}: no answer from {asked}"),
            format!("{asked} has not answered {questions}"),
            format!(
                "{name} cannot go from {from} to {to} until somebody answers. You are told because you answer for this handoff when it stands still."
            ),
        ),
    };
    Frame { subject, heading, intro, button: OPEN }
}

/// By when the asked one is to answer.
fn by(scene: &Scene, draft: &Draft) -> Option<String> {
    let limit = match draft.about {
        About::Accept => scene.route.limits.accept,
        About::Action => None,
        _ => scene.route.limits.fill_gaps,
    }?;
    (draft.purpose == Purpose::Ask).then(|| needed_by(scene.rules, limit, draft.next_at))
}

/// By when it is needed, in the zone of the working hours.
pub fn needed_by(rules: &Rules, limit: SignedDuration, from: Timestamp) -> String {
    let hours = &rules.hours;
    let end = hours.open(hours.add(from, limit)).to_zoned(hours.zone.clone());
    format!("It is needed by {}.", end.strftime("%A, %-d %B %Y, %H:%M %Z"))
}

fn item(question: &Question) -> Item {
    let (quote, source) = match &question.nearest {
        None => (String::new(), String::new()),
        Some(nearest) => {
            let who = nearest.author.iter().map(|author| short(author, SHORT));
            let source: Vec<String> = who.chain([short(&nearest.source, SHORT)]).collect();
            (short(&nearest.text, LONG), source.join(", "))
        }
    };
    let choices: Vec<String> = question.choices.iter().map(|choice| short(choice, SHORT)).collect();
    Item {
        label: short(&question.label, SHORT),
        text: short(&question.question, LONG),
        why: short(&question.why, LONG),
        quote,
        source,
        choices: if choices.is_empty() { String::new() } else { format!("Seen: {}", choices.join(" · ")) },
        note: question.note.as_deref().map(|note| short(note, LONG)).unwrap_or_default(),
        is_optional: !question.blocking,
    }
}

/// The brief's values, each with the words it rests on.
pub(super) fn facts(fields: &FieldMap, route: &Route, most: usize) -> Vec<Item> {
    let known = route.fields.iter().filter_map(|field| {
        let found = fields.find(&field.key).filter(|found| found.state == FieldState::Found)?;
        let text = short(&value_text(field, &found.value), LONG);
        let evidence = found.evidence.first();
        let who = evidence.and_then(|evidence| evidence.author.as_deref()).map(|author| short(author, SHORT));
        let by = found.by.as_deref().map(|by| format!("answered by {}", short(by, SHORT)));
        Some(Item {
            label: short(&field.label, SHORT),
            text,
            quote: evidence.map(|evidence| short(&evidence.quote, LONG)).unwrap_or_default(),
            source: who.unwrap_or_default(),
            why: by.unwrap_or_default(),
            ..Item::default()
        })
    });
    known.filter(|item| !item.text.is_empty()).take(most).collect()
}

/// How to answer by mail, where somebody sees to it that mails arrive, and by what the answer is known.
fn by_mail(scene: &Scene, draft: &Draft) -> Vec<String> {
    if !matches!(draft.about, About::Fill | About::Name) || draft.questions.is_empty() {
        return Vec::new();
    }
    let how = match draft.questions.len() {
        1 => "You can also reply to this mail with the answer alone.",
        _ => "You can also reply to this mail: write the number of each question before its answer.",
    };
    let how = (scene.rules.takes_replies && draft.purpose != Purpose::Undelivered).then(|| how.to_owned());
    how.into_iter().chain([format!("Reference: {REFERENCE}")]).collect()
}

fn footer(scene: &Scene, draft: &Draft) -> Vec<String> {
    let mut lines = Vec::new();
    if draft.about == About::Fill && draft.purpose != Purpose::Escalate {
        lines.push("If somebody else answered meanwhile, the page says so and nothing is left to do.".to_owned());
    }
    let owner =
        failure_owner(scene.matter).filter(|owner| Some(owner.key()) != draft.to.as_ref().map(super::Person::key));
    if let Some(owner) = owner {
        lines.push(format!("Questions about this message: {}.", short(owner.label(), SHORT)));
    }
    lines.push(SENT_BY.to_owned());
    lines
}
