//! A handoff in the words of the pages: what it is called, what a field holds,
//! and what was refused at the input it is about.

use super::Mistake;
use super::answers::{base, source_base, value_part};
use super::questions::{choice_label, quote};
use crate::app::Problem;
use crate::brief::{Brief, FieldBrief, FieldState, Origin};
use crate::rendering::{Parts, clean};
use crate::route::{Field, Route};
use crate::store::Handoff;
use crate::wording;

/// A field that needs no answer.
#[derive(Debug, Clone)]
pub struct Known {
    pub label: String,
    pub value: String,
    pub whence: String,
    pub quote: Option<String>,
    /// The id of the quote's words in the sources of the page.
    pub target: Option<String>,
}

/// What the handoff is called.
pub fn title(row: &Handoff, route: &Route) -> String {
    let given = row.matter.title.as_deref().map(clean).filter(|title| !title.trim().is_empty());
    given.unwrap_or_else(|| clean(&route.title))
}

/// A team as it stands at the beginning of a sentence.
pub fn team(name: &str) -> String {
    choice_label(&clean(name))
}

/// The fields that are settled, with whose word they are.
pub fn known(brief: &Brief, route: &Route, parts: Option<&Parts>) -> Vec<Known> {
    let settled = route.fields.iter().filter_map(|field| {
        let brief = brief.fields.find(&field.key).filter(|brief| brief.state.is_settled())?;
        let quote = brief.evidence.first().map(|evidence| quote(evidence, parts));
        let whence = match (&brief.by, &quote, &brief.record) {
            (Some(by), ..) => clean(by),
            (None, Some(quote), _) => quote.whence.clone(),
            (None, None, Some(record)) => clean(&record.source),
            (None, None, None) => String::new(),
        };
        Some(Known {
            label: clean(&field.label),
            value: shown(field, brief),
            whence,
            target: quote.as_ref().and_then(|quote| quote.target.clone()),
            quote: quote.filter(|_| brief.origin == Some(Origin::Source)).map(|quote| format!("“{}”", quote.words)),
        })
    });
    settled.collect()
}

/// What a field holds, in words.
pub fn shown(field: &Field, brief: &FieldBrief) -> String {
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
pub fn mistakes_of(problems: &[Problem], (brief, route): (&Brief, &Route)) -> Vec<Mistake> {
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
