//! The page with the questions: those of the person who is here first, then
//! what others are asked, then what is known already.

use std::borrow::Cow;

use askama::Template;

use super::filling::Table;
use super::{Leave, guard::Here};
use crate::app::Outside;
use crate::asking::{self, replies::Unclear};
use crate::brief::{Brief, FieldBrief, Gap, Summary};
use crate::handoff::{Move, allows};
use crate::rendering::{Parts, clean};
use crate::route::{Field, Ordered, Route};
use crate::web::answers::base;
use crate::web::questions::{Question, Setting};
use crate::web::shown::{Known, known, shown, team, title};
use crate::web::stamps::stamp;
use crate::web::{Drafting, Mistake, Typed};
use crate::wording;

/// Everything the page is made from.
pub(super) struct Scene<'a> {
    pub here: &'a Here,
    pub table: &'a Table,
    /// The sources that the person may see, with the brief's words marked in them.
    pub parts: &'a Parts<'a>,
    pub has_sources: bool,
}

/// What was typed before, and why it was not taken.
#[derive(Debug, Default)]
pub(super) struct Again {
    pub typed: Typed,
    pub mistakes: Vec<Mistake>,
    /// What others did meanwhile.
    pub changed: Vec<String>,
    pub drafting: Drafting,
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
    /// As HTML: the prose of the brief, and the sources with the quotes marked in them; empty where there are none.
    prose: String,
    sources: String,
    drafting: Drafting,
    version: i64,
    leave: Leave,
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
            known: if outside.is_some() { Vec::new() } else { known(brief, route, Some(scene.parts)) },
            prose: if outside.is_some() { String::new() } else { scene.parts.prose() },
            sources: if scene.has_sources { scene.parts.sources("") } else { String::new() },
            drafting: again.drafting.clone(),
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
    let before =
        Setting { typed: &again.typed, mistakes: &again.mistakes, parts: Some(scene.parts), now: scene.table.now };
    let Table { brief, route, asked: people, outside, .. } = scene.table;
    let mut asked = Vec::new();
    let (mut sources, mut place) = (0, 0);
    for (gap, person) in brief.gaps.iter().zip(people) {
        let is_own = is_own(person, scene.here);
        let Some(gap) = view_of(gap, route, (is_own, outside.as_ref())) else { continue };
        let wrote = if is_own { reply_to(&gap, scene) } else { None };
        place += 1;
        let mut question = match (gap.field.as_deref(), &gap.source) {
            (Some(key), _) => {
                let (Some(field), Some(brief)) = (route.field(key), brief.fields.find(key)) else {
                    continue;
                };
                let offer = wrote.and_then(|one| one.offer.as_deref());
                Question::of_field((field, brief), (Some(&gap), offer), before)
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
        question.id = format!("question-{place}");
        if let (Some(key), None) = (gap.field.as_deref(), outside) {
            // To somebody from outside even a digest of what they may not see would tell it, where there are few choices.
            question.stamp = brief.fields.find(key).map(stamp).unwrap_or_default();
        }
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
            let mut question = Question::of_field((field, seen), (None, None), before);
            let value = if outside.is_some() { String::new() } else { format!(": {}", shown(field, found)) };
            question.note = Some(format!("Answered meanwhile{value}"));
            question.stamp = if outside.is_some() { String::new() } else { stamp(found) };
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

/// The brief as somebody from outside sees it: the questions asked of them, and nothing else.
pub(super) fn brief_outside(
    (brief, route): (&Brief, &Route),
    asked: &[asking::Person],
    whose: (&Here, &Outside),
) -> Brief {
    let own = brief.gaps.iter().zip(asked).filter(|(_, person)| is_own(person, whose.0));
    Brief {
        gaps: own.map(|(gap, _)| asking::outside_view(gap, route, Some(&whose.1.seen))).collect(),
        fields: Ordered(Vec::new()),
        summary: Summary::default(),
        warnings: Vec::new(),
        ..brief.clone()
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
