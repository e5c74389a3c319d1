//! The page with the questions: those of the person who is here first, then
//! what others are asked, then what is known already.

use std::borrow::Cow;

use askama::Template;

use super::filling::Table;
use super::questions::{Question, quote};
use super::typed::{Mistake, Typed, base, source_base, value_part};
use super::{Leave, guard::Here};
use crate::app::{Outside, Problem};
use crate::asking::{self, replies::Unclear};
use crate::brief::{Brief, FieldBrief, FieldState, Gap, Origin};
use crate::handoff::{Move, allows};
use crate::rendering::clean;
use crate::route::{Field, Route};
use crate::store::Handoff;
use crate::wording;

/// Everything the page is made from.
pub(super) struct Scene<'a> {
    pub here: &'a Here,
    pub table: &'a Table,
}

/// What was typed before, and why it was not taken.
#[derive(Debug, Default)]
pub(super) struct Again {
    pub typed: Typed,
    pub mistakes: Vec<Mistake>,
    /// What others did meanwhile.
    pub changed: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/form.html")]
pub(super) struct FormPage {
    title: String,
    from_team: String,
    to_team: String,
    notices: Vec<String>,
    changed: Vec<String>,
    mistakes: Vec<Mistake>,
    own_heading: String,
    own: Vec<String>,
    others: Vec<String>,
    others_count: String,
    others_open: bool,
    known: Vec<Known>,
    version: i64,
    leave: Leave,
}

/// A field that needs no answer.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub label: String,
    pub value: String,
    pub whence: String,
    pub quote: Option<String>,
}

/// What the handoff is called.
pub(super) fn title(row: &Handoff, route: &Route) -> String {
    let given = row.matter.title.as_deref().map(clean).filter(|title| !title.trim().is_empty());
    given.unwrap_or_else(|| clean(&route.title))
}

/// A team as it stands at the beginning of a sentence.
pub(super) fn team(name: &str) -> String {
    super::questions::choice_label(&clean(name))
}

impl FormPage {
    pub fn of(scene: &Scene, again: &Again) -> Result<FormPage, askama::Error> {
        let Table { row, brief, route, outside, .. } = scene.table;
        let is_open = allows(row.status, Move::Answer);
        let asked = if is_open { asked(scene, again) } else { Vec::new() };
        let (own, others): (Vec<_>, Vec<_>) = asked.into_iter().partition(|one| one.is_own);
        // One of us who has no questions of their own was given the link to answer all the same.
        let is_theirs = !own.is_empty() || outside.is_some();
        let (own, others) = if is_theirs { (own, others) } else { (others, own) };
        let html = |all: &[Asked]| all.iter().map(|one| one.question.html()).collect::<Result<Vec<_>, _>>();
        let own_heading = match (is_theirs, own.len()) {
            (true, count) => wording::counted(count, "question for you", "questions for you"),
            (false, count) => wording::counted(count, "question is open", "questions are open"),
        };
        Ok(FormPage {
            title: title(row, route),
            from_team: team(&route.from_team),
            to_team: team(&route.to_team),
            notices: notices(scene, is_open, own.len() + others.len()),
            changed: again.changed.clone(),
            mistakes: again.mistakes.clone(),
            own_heading,
            own: html(&own)?,
            others_count: wording::counted(others.len(), "question", "questions"),
            others_open: others.iter().any(|one| one.question.error.is_some() || one.is_touched),
            others: html(&others)?,
            known: if outside.is_some() { Vec::new() } else { known(brief, route) },
            version: row.version,
            leave: scene.here.leave(),
        })
    }
}

struct Asked {
    question: Question,
    is_own: bool,
    is_touched: bool,
}

/// Every gap as a question, and every field in which something was typed although it is no gap any more.
fn asked(scene: &Scene, again: &Again) -> Vec<Asked> {
    let before = (&again.typed, again.mistakes.as_slice());
    let Table { brief, route, asked: people, outside, .. } = scene.table;
    let mut asked = Vec::new();
    let mut sources = 0;
    for (gap, person) in brief.gaps.iter().zip(people) {
        let is_own = is_own(person, scene.here);
        let Some(gap) = view_of(gap, route, (is_own, outside.as_ref())) else { continue };
        let wrote = if is_own { reply_to(&gap, scene) } else { None };
        let mut question = match (gap.field.as_deref(), &gap.source) {
            (Some(key), _) => {
                let (Some(field), Some(brief)) = (route.field(key), brief.fields.find(key)) else {
                    continue;
                };
                let offer = wrote.and_then(|one| one.offer.as_deref());
                Question::of_field((field, brief), (Some(&gap), offer), before, scene.table.now)
            }
            (None, Some(_)) => {
                sources += 1;
                Question::of_source(sources - 1, &gap, before)
            }
            (None, None) => continue,
        };
        let nobody = person.key().is_empty();
        let whom = if nobody { wording::asked_name(&gap.ask) } else { person.label().to_owned() };
        question.for_whom = (!is_own).then(|| clean(&whom));
        question.note = wrote.map(|one| clean(&one.said));
        let is_touched = again.typed.touches(&question.base);
        asked.push(Asked { question, is_own, is_touched });
    }
    for (field, found) in fields_of(scene) {
        let is_asked = brief.gaps.iter().any(|gap| gap.field.as_deref() == Some(&field.key));
        // Whoever is from outside does not learn of a field by typing its name.
        let is_theirs =
            outside.as_ref().is_none_or(|one| one.asked.contains(&field.key) || one.settled.contains(&field.key));
        if !is_asked && is_theirs && again.typed.touches(&base(&field.key)) {
            let nothing = FieldBrief::default();
            let seen = if outside.is_some() { &nothing } else { found };
            let mut question = Question::of_field((field, seen), (None, None), before, scene.table.now);
            let value = if outside.is_some() { String::new() } else { format!(": {}", shown(field, found)) };
            question.note = Some(format!("Answered meanwhile{value}"));
            asked.push(Asked { question, is_own: true, is_touched: true });
        }
    }
    asked
}

/// A gap as the person may see it; none where it is not theirs to see.
fn view_of<'a>(gap: &'a Gap, route: &Route, (is_own, outside): (bool, Option<&Outside>)) -> Option<Cow<'a, Gap>> {
    match outside {
        None => Some(Cow::Borrowed(gap)),
        Some(outside) => is_own.then(|| Cow::Owned(asking::outside_view(gap, route, Some(&outside.seen)))),
    }
}

/// What the person wrote by mail that could not be taken.
fn reply_to<'a>(gap: &Gap, scene: &Scene<'a>) -> Option<&'a Unclear> {
    let key = asking::key_of(gap)?;
    let own =
        scene.table.requests.iter().filter(|request| request.state.is_open() && is_own(&request.person, scene.here));
    own.flat_map(|request| &request.unclear).rfind(|one| one.key == key)
}

fn fields_of<'a>(scene: &Scene<'a>) -> impl Iterator<Item = (&'a Field, &'a FieldBrief)> {
    let (brief, route) = (&scene.table.brief, &scene.table.route);
    route.fields.iter().filter_map(move |field| Some((field, brief.fields.find(&field.key)?)))
}

/// Whether the person who is asked is the one who is here.
pub(super) fn is_own(asked: &asking::Person, here: &Here) -> bool {
    asked.is(&here.link.person.name, here.link.person.email.as_deref())
}

fn notices(scene: &Scene, is_open: bool, questions: usize) -> Vec<String> {
    let Table { row, brief, outside, .. } = scene.table;
    let mut notices = Vec::new();
    if !is_open {
        notices.push("This has moved on, and nothing can be answered here any more.".to_owned());
    } else if questions == 0 && outside.as_ref().is_some_and(|one| one.asked.is_empty() && one.settled.is_empty()) {
        notices.push("You have not been asked anything here. Whoever gave you the link can tell you more.".to_owned());
    } else if questions == 0 && outside.is_some() {
        notices.push("Nothing is asked of you just now. Thank you.".to_owned());
    } else if questions == 0 {
        notices.push("Nothing is open. Thank you.".to_owned());
    }
    if row.read_batches < row.batches {
        notices.push("More context has come in and is being read; questions may come or go.".to_owned());
    }
    let whole = brief.gaps.iter().filter(|gap| gap.field.is_none() && gap.source.is_none() && outside.is_none());
    notices.extend(whole.map(|gap| clean(&format!("{} {}", gap.question, gap.why))));
    notices
}

/// The fields that are settled, with whose word they are.
pub(super) fn known(brief: &Brief, route: &Route) -> Vec<Known> {
    let settled = route.fields.iter().filter_map(|field| {
        let brief = brief.fields.find(&field.key).filter(|brief| brief.state.is_settled())?;
        let quote = brief.evidence.first().map(quote);
        Some(Known {
            label: clean(&field.label),
            value: shown(field, brief),
            whence: match (&brief.by, &quote, &brief.record) {
                (Some(by), ..) => clean(by),
                (None, Some(quote), _) => quote.whence.clone(),
                (None, None, Some(record)) => clean(&record.source),
                (None, None, None) => String::new(),
            },
            quote: quote.filter(|_| brief.origin == Some(Origin::Source)).map(|quote| format!("“{}”", quote.words)),
        })
    });
    settled.collect()
}

/// What a field holds, in words.
pub(super) fn shown(field: &Field, brief: &FieldBrief) -> String {
    let reason = brief.reason.as_deref().map(clean);
    match brief.state {
        FieldState::NotApplicable => format!("Does not apply: {}", reason.unwrap_or_default()),
        FieldState::UnknownByDesign => {
            let owner =
                brief.owner.as_deref().map_or_else(String::new, |owner| format!("; {} finds out", clean(owner)));
            let due = brief.due.as_deref().map_or_else(String::new, |due| format!(" by {due}"));
            format!("Not known yet{owner}{due}")
        }
        _ if brief.value.is_null() => reason.unwrap_or_else(|| "nothing yet".to_owned()),
        _ => clean(&wording::value_text(field, &brief.value)),
    }
}

/// What was refused, at the inputs it is about.
pub(super) fn mistakes_of(problems: &[Problem], (brief, route): (&Brief, &Route)) -> Vec<Mistake> {
    problems.iter().map(|problem| mistake_of(problem, brief, route)).collect()
}

fn mistake_of(problem: &Problem, brief: &Brief, route: &Route) -> Mistake {
    let mut parts = problem.pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
    let (kind, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let below: Vec<String> = parts.collect();
    let below: Vec<&str> = below.iter().map(String::as_str).collect();
    let text = clean(&problem.detail);
    if kind == "sources" {
        let mut open = brief.gaps.iter().filter_map(|gap| gap.source.as_deref());
        let place = open.position(|source| source == name).unwrap_or_default();
        return Mistake { anchor: format!("{}reason", source_base(place)), text: format!("{}: {text}", clean(&name)) };
    }
    let Some(field) = route.field(&name).filter(|_| kind == "fields") else {
        return Mistake { anchor: "main".to_owned(), text };
    };
    let part = match below.as_slice() {
        ["not_applicable", ..] => "reason",
        ["unknown", "due", ..] => "due_day",
        ["unknown", ..] => "owner",
        ["candidate", ..] => "how",
        _ => value_part(field),
    };
    // The question stands right there; what a good answer is, too.
    let short = text.split(&field.question).next().map(str::trim).filter(|text| !text.is_empty()).unwrap_or(&text);
    Mistake { anchor: format!("{}{part}", base(&name)), text: format!("{}: {short}", clean(&field.label)) }
}
