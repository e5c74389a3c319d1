//! One question of the form: its words, what was said nearest to it, and the
//! inputs that fit the type of its field, filled with what was typed before.

use askama::Template;
use jiff::Timestamp;

use super::answers::{DayParts, MOST_RADIOS, OWN_WORDS, base, source_base};
use super::{Mistake, Typed};
use crate::brief::{Candidate, Evidence, FieldBrief, Gap};
use crate::rendering::{Parts, clean};
use crate::route::Field;
use crate::value::{Choice as Selectable, Kind};
use crate::wording;

/// Quotes are cut at this many letters.
const MOST_QUOTED: usize = 400;

/// A question as its template shows it.
#[derive(Debug, Clone)]
pub struct Question {
    /// What the names of its inputs begin with.
    pub base: String,
    /// Of an unread source, its name.
    pub source: String,
    pub question: String,
    pub why: String,
    pub is_optional: bool,
    pub for_whom: Option<String>,
    pub note: Option<String>,
    pub nearest: Option<Quote>,
    pub error: Option<String>,
    pub hint: String,
    pub input: Input,
    /// Ways to answer; with none there is the input alone.
    pub options: Vec<Choice>,
    pub reason: String,
    pub owner: String,
    pub due: DayParts,
    /// The id of the whole; empty where nothing leads to it.
    pub id: String,
    /// What stood there when the page was made; empty where that is not told.
    pub stamp: String,
    /// Whoever reads it may not answer: there are no inputs.
    pub is_shut: bool,
    /// How it was settled in other handoffs, for whoever may see those.
    pub hints: Vec<Hint>,
}

/// How a question was settled elsewhere: never a value here.
#[derive(Debug, Clone)]
pub struct Hint {
    pub path: String,
    pub title: String,
    pub words: String,
    pub whence: String,
}

#[derive(Debug, Clone)]
pub struct Quote {
    pub words: String,
    pub whence: String,
    /// The id of the words in the sources of the page.
    pub target: Option<String>,
}

/// What a question is filled in with, and where its quotes lead to.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    pub typed: &'a Typed,
    pub mistakes: &'a [Mistake],
    /// The sources beside the question, where there are any.
    pub parts: Option<&'a Parts<'a>>,
    /// Days that are offered have not passed.
    pub now: Timestamp,
}

#[derive(Debug, Clone)]
pub enum Input {
    Line { value: String, mode: &'static str },
    Area { value: String },
    Day(DayParts),
    Money { amount: String, currency: String },
    Select(Vec<Listed>),
    Checks(Vec<Listed>),
    None,
}

/// An entry of a list that something is chosen from.
#[derive(Debug, Clone)]
pub struct Listed {
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

/// One way to answer.
#[derive(Debug, Clone)]
pub struct Choice {
    pub how: String,
    pub label: String,
    pub hint: String,
    /// The id of the words that the hint quotes.
    pub target: Option<String>,
    pub is_chosen: bool,
    pub panel: Panel,
}

/// What belongs to a way to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    None,
    Answer,
    Reason,
    Unknown,
}

#[derive(Template)]
#[template(path = "pages/question.html")]
struct Page<'a> {
    q: &'a Question,
}

impl Choice {
    /// Mistakes lead to the first one.
    pub fn id(&self, base: &str, place: &usize) -> String {
        if *place == 0 { format!("{base}how") } else { format!("{base}how-{place}") }
    }
}

impl Question {
    /// The question about a field. `wrote` is what the person wrote by mail that may be the answer.
    pub fn of_field(
        (field, brief): (&Field, &FieldBrief),
        (gap, wrote): (Option<&Gap>, Option<&str>),
        setting: Setting,
    ) -> Question {
        let Setting { typed, mistakes, parts, now } = setting;
        let base = base(&field.key);
        let candidates = offered(field, gap.map_or(&brief.candidates, |gap| &gap.candidates));
        let input = input(field, &base, typed);
        Question {
            source: String::new(),
            question: gap.map_or_else(|| field.question.clone(), |gap| clean(&gap.question)),
            why: gap.map_or_else(String::new, |gap| clean(&gap.why)),
            is_optional: gap.is_some_and(|gap| !gap.blocking),
            for_whom: None,
            note: None,
            nearest: gap
                .filter(|_| candidates.is_empty())
                .and_then(|gap| gap.nearest.as_ref())
                .map(|nearest| quote(nearest, parts)),
            error: error(&base, mistakes),
            hint: hint(field, now),
            options: options(field, (&candidates, wrote), (&base, setting)),
            input,
            reason: typed.part(&base, "reason").to_owned(),
            owner: typed.part(&base, "owner").to_owned(),
            due: typed.day(&base, "due_"),
            id: String::new(),
            stamp: String::new(),
            is_shut: false,
            hints: Vec::new(),
            base,
        }
    }

    /// The question about a source that could not be read.
    pub fn of_source(place: usize, gap: &Gap, setting: Setting) -> Question {
        let Setting { typed, mistakes, .. } = setting;
        let base = source_base(place);
        Question {
            source: gap.source.clone().unwrap_or_default(),
            question: clean(&gap.question),
            why: clean(&gap.why),
            is_optional: false,
            for_whom: None,
            note: None,
            nearest: None,
            error: error(&base, mistakes),
            hint: String::new(),
            input: Input::None,
            options: Vec::new(),
            reason: typed.part(&base, "reason").to_owned(),
            owner: String::new(),
            due: DayParts::default(),
            id: String::new(),
            stamp: String::new(),
            is_shut: false,
            hints: Vec::new(),
            base,
        }
    }

    /// The ids of what describes the inputs.
    pub fn about(&self) -> String {
        let error = self.error.as_ref().map(|_| "error");
        let parts = [Some("why"), error].into_iter().flatten();
        parts.map(|part| format!("{}{part}", self.base)).collect::<Vec<_>>().join(" ")
    }

    pub fn due_base(&self) -> String {
        format!("{}due_", self.base)
    }

    /// As HTML, everything of it escaped by the template.
    pub fn html(&self) -> Result<String, askama::Error> {
        Page { q: self }.render()
    }
}

fn error(base: &str, mistakes: &[Mistake]) -> Option<String> {
    mistakes.iter().find(|mistake| mistake.anchor.starts_with(base)).map(|mistake| mistake.text.clone())
}

/// Somebody's words with their author and day.
pub fn quote(evidence: &Evidence, parts: Option<&Parts>) -> Quote {
    let words = clean(evidence.quote.trim());
    let short: String = words.chars().take(MOST_QUOTED).collect();
    let words = if short.len() < words.len() { format!("{short}…") } else { short };
    let place = [evidence.author.as_deref().map(clean), evidence.at.map(wording::day), Some(clean(&evidence.source))];
    let whence = place.into_iter().flatten().collect::<Vec<_>>().join(", ");
    Quote { words, whence, target: parts.and_then(|parts| parts.target(evidence)) }
}

/// A choice's id as words: `order_form` is “Order form”.
pub fn choice_label(id: &str) -> String {
    let words = id.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The candidates that one click may take: those whose quotes say their value, and each once however it is spelt.
fn offered(field: &Field, candidates: &[Candidate]) -> Vec<Candidate> {
    let mut offered: Vec<(String, &Candidate)> = Vec::new();
    for one in candidates.iter().filter(|one| !wording::says_no_value(&one.reason)) {
        let words = wording::value_text(field, &one.value).to_lowercase();
        if !offered.iter().any(|(other, _)| *other == words) {
            offered.push((words, one));
        }
    }
    offered.into_iter().map(|(_, one)| one.clone()).collect()
}

/// What a choice is called: its id as words, spelt as the route spells it (`us` as in `US region`).
fn name_of(choice: &Selectable) -> String {
    let names = choice.aliases.iter().flat_map(|alias| alias.split_whitespace().chain([alias.as_str()]));
    let spelt = names.into_iter().find(|name| name.eq_ignore_ascii_case(&choice.id));
    choice_label(spelt.unwrap_or(&choice.id))
}

fn hint(field: &Field, now: Timestamp) -> String {
    let example = match field.kind {
        Kind::Enum(_) | Kind::Bool | Kind::Date | Kind::Money => None,
        _ => wording::good_answer(field, now),
    };
    match (field.list, example) {
        (true, Some(example)) => {
            let one = example.strip_prefix("a list, each like ").unwrap_or(&example);
            format!("One on each line, such as {one}")
        }
        (true, None) => "One on each line".to_owned(),
        (false, Some(example)) => format!("For example {example}"),
        (false, None) => String::new(),
    }
}

fn input(field: &Field, base: &str, typed: &Typed) -> Input {
    let value = typed.part(base, "value").to_owned();
    match &field.kind {
        Kind::Enum(choices) if field.list => {
            let chosen = typed.all(&format!("{base}value"));
            let listed = choices.iter().map(|choice| listed(choice, chosen.contains(&choice.id.as_str())));
            Input::Checks(listed.collect())
        }
        _ if field.list => Input::Area { value },
        Kind::Enum(choices) if choices.len() > MOST_RADIOS => {
            Input::Select(choices.iter().map(|choice| listed(choice, choice.id == value)).collect())
        }
        Kind::Enum(_) | Kind::Bool => Input::None,
        Kind::Date => Input::Day(typed.day(base, "")),
        Kind::Money => Input::Money {
            amount: typed.part(base, "amount").to_owned(),
            currency: typed.part(base, "currency").to_owned(),
        },
        Kind::LongText => Input::Area { value },
        Kind::Number => Input::Line { value, mode: "decimal" },
        Kind::Email => Input::Line { value, mode: "email" },
        Kind::Phone => Input::Line { value, mode: "tel" },
        Kind::Url => Input::Line { value, mode: "url" },
        Kind::Text | Kind::DateTime | Kind::Duration | Kind::Person | Kind::Team => Input::Line { value, mode: "text" },
    }
}

fn listed(choice: &Selectable, is_chosen: bool) -> Listed {
    Listed { value: choice.id.clone(), label: name_of(choice), is_chosen }
}

/// The ways to answer; none when the one way is to type.
fn options(
    field: &Field,
    (candidates, wrote): (&[Candidate], Option<&str>),
    (base, setting): (&str, Setting),
) -> Vec<Choice> {
    let how = setting.typed.part(base, "how");
    let choice = |value: String, label: String, hint: String, panel| Choice {
        is_chosen: value == how,
        how: value,
        label,
        hint,
        target: None,
        panel,
    };
    let own = wrote.map(|words| {
        let label = format!("You wrote: “{}”", clean(words));
        choice(format!("{OWN_WORDS}{words}"), label, String::new(), Panel::None)
    });
    let seen = candidates.iter().map(|one| {
        let label = match &field.kind {
            Kind::Enum(choices) => {
                let own = choices.iter().find(|choice| one.value.as_str() == Some(&choice.id));
                own.map_or_else(|| choice_label(one.value.as_str().unwrap_or_default()), name_of)
            }
            _ => clean(&wording::value_text(field, &one.value)),
        };
        let label = if label.is_empty() { clean(&wording::value_text(field, &one.value)) } else { label };
        let target = one.evidence.first().and_then(|evidence| setting.parts?.target(evidence));
        Choice { target, ..choice(format!("c:{}", one.id), label, said(one), Panel::None) }
    });
    let mut options: Vec<Choice> = own.into_iter().chain(seen).collect();
    let direct = direct_choices(field);
    let is_direct = !direct.is_empty();
    for (value, label) in direct {
        let is_offered = |one: &Candidate| match one.value.as_bool() {
            Some(offered) => (value == "yes") == offered,
            None => one.value.as_str() == Some(&value),
        };
        if !candidates.iter().any(is_offered) {
            options.push(choice(format!("v:{value}"), label, String::new(), Panel::None));
        }
    }
    if !is_direct {
        let label = if options.is_empty() { "I can answer this" } else { "None of these" };
        options.push(choice("value".to_owned(), label.to_owned(), String::new(), Panel::Answer));
    }
    if field.allow.not_applicable {
        options.push(choice("na".to_owned(), "It does not apply".to_owned(), String::new(), Panel::Reason));
    }
    if field.allow.unknown {
        options.push(choice("un".to_owned(), "It is not known yet".to_owned(), String::new(), Panel::Unknown));
    }
    let is_typed_alone = options.len() == 1 && options.iter().all(|one| one.panel == Panel::Answer);
    if is_typed_alone { Vec::new() } else { options }
}

/// Values that are radios themselves.
fn direct_choices(field: &Field) -> Vec<(String, String)> {
    match &field.kind {
        _ if field.list => Vec::new(),
        Kind::Bool => vec![("yes".to_owned(), "Yes".to_owned()), ("no".to_owned(), "No".to_owned())],
        Kind::Enum(choices) if choices.len() <= MOST_RADIOS => {
            choices.iter().map(|choice| (choice.id.clone(), name_of(choice))).collect()
        }
        _ => Vec::new(),
    }
}

/// Who said a candidate, in which words.
fn said(candidate: &Candidate) -> String {
    let Some(evidence) = candidate.evidence.first() else { return clean(&candidate.reason) };
    let Quote { words, whence, .. } = quote(evidence, None);
    format!("“{words}” – {whence}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(text: &str) -> Field {
        let head = "id: r\nversion: 1\ntitle: R\nfrom: {team: a}\nto: {team: b}\nfields:\n";
        crate::route::load("r.yaml", &format!("{head}  - {{key: f, {text}}}\n")).expect("a route").fields.remove(0)
    }

    fn labels(field: &Field, candidates: &[(&str, &str)]) -> Vec<String> {
        let candidate = |(value, reason): &(&str, &str)| Candidate {
            id: format!("c_{value}"),
            value: json!(value),
            evidence: Vec::new(),
            reason: (*reason).to_owned(),
        };
        let brief = FieldBrief { candidates: candidates.iter().map(candidate).collect(), ..FieldBrief::default() };
        let setting = Setting { typed: &Typed::default(), mistakes: &[], parts: None, now: Timestamp::UNIX_EPOCH };
        let question = Question::of_field((field, &brief), (None, None), setting);
        question.options.into_iter().map(|one| format!("{} {}", one.how, one.label)).collect()
    }

    #[test]
    fn only_what_its_quote_says_is_offered_and_once() {
        let region = field(
            "type: enum, values: [{id: eu, aliases: [EU]}, {id: us, aliases: [USA, US region]}, {id: any_region}]",
        );
        let unsaid = wording::unsupported_reason();
        assert_eq!(labels(&region, &[("us", &unsaid)]), ["v:eu EU", "v:us US", "v:any_region Any region"]);
        assert_eq!(labels(&region, &[("us", "stated")]), ["c:c_us US", "v:eu EU", "v:any_region Any region"]);
        let text = field("type: text");
        let both = [("EU", "stated"), ("Eu", "stated"), ("Oslo", unsaid.as_str())];
        assert_eq!(labels(&text, &both), ["c:c_EU EU", "value None of these"]);
    }
}
