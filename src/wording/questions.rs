//! The questions of the gaps, and why each is asked, in words that the asked
//! person understands at once.

use crate::brief::{Candidate, Evidence, FieldBrief, FieldState};
use crate::conversation::Unread;
use crate::route::{Expression, Field, Route};

use super::{answered_reason, day, join, shorten, value_text};

/// Longest quote inside a question, in characters.
const QUOTE: usize = 160;

/// What a question about a field is made from.
#[derive(Debug, Clone)]
pub struct Situation<'a> {
    pub field: &'a Field,
    pub brief: &'a FieldBrief,
    /// Fields without which the value's rules cannot be judged.
    pub waits_for: Vec<&'a Field>,
    /// Of the brief's candidates those that a person may pick today: nobody is asked for a yes that is refused.
    pub offered: &'a [Candidate],
}

/// Why an answer is needed. Fields are named by their labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause<'a> {
    Optional,
    /// The receiving team always needs it.
    Always(&'a str),
    /// A condition holds, in words.
    When(String),
    /// Whether it is needed cannot be told without these fields.
    Unknown(Vec<&'a str>),
    /// It decides whether these fields are needed or hold.
    Decides(Vec<&'a str>),
}

/// The one question that closes the gap.
pub fn question(situation: &Situation) -> String {
    match situation.brief.state {
        FieldState::Vague => question_vague(situation),
        FieldState::Conflicting => question_conflicting(situation),
        FieldState::Invalid if !situation.waits_for.is_empty() => question_waiting(situation),
        FieldState::Invalid => question_invalid(situation),
        FieldState::Stale => question_stale(situation),
        FieldState::Unconfirmed => question_unconfirmed(situation),
        _ => situation.field.question.clone(),
    }
}

fn question_vague(situation: &Situation) -> String {
    let Some(said) = said(situation) else {
        return format!("{} Please be exact.", situation.field.question);
    };
    format!("{said}, which is not exact enough. {}", situation.field.question)
}

fn question_conflicting(situation: &Situation) -> String {
    let Situation { field, brief, .. } = situation;
    let given = brief.record.as_ref().is_some_and(|record| record.source == "known");
    let holder = if given { "the request" } else { "the CRM" };
    let side = |candidate| answered_side(situation, candidate).unwrap_or_else(|| side(field, candidate, holder));
    let sides: Vec<String> = brief.candidates.iter().map(side).collect();
    let doubted = brief.reason.as_deref().filter(|_| brief.by.is_some());
    match sides.len() {
        0 | 1 => format!("{}. {}", doubted.unwrap_or("The sources disagree").trim_end_matches('.'), field.question),
        _ if situation.offered.is_empty() => {
            format!("{}: {}, and none of it can be taken today. {}", field.label, join(&sides, "but"), field.question)
        }
        _ => format!("{}: {}. Which holds?", field.label, join(&sides, "but")),
    }
}

/// `Dana Whitfield says 1 July 2026 (3 March 2026)`.
fn side(field: &Field, candidate: &Candidate, holder: &str) -> String {
    let value = value_text(field, &candidate.value);
    let Some(evidence) = candidate.evidence.first() else { return format!("{holder} says {value}") };
    let who = evidence.author.as_deref().unwrap_or(&evidence.source);
    match evidence.at {
        Some(at) => format!("{who} said {value} on {}", day(at)),
        None => format!("{who} said {value}"),
    }
}

/// `Marcus Lee answered 1 July 2026 on 3 March 2026`, for the candidate that is a person's own answer.
fn answered_side(situation: &Situation, candidate: &Candidate) -> Option<String> {
    let Situation { field, brief, .. } = situation;
    let (by, at) = (brief.by.as_deref()?, brief.at?);
    let name = by.split(" <").next().unwrap_or(by);
    (candidate.reason == answered_reason(by, at))
        .then(|| format!("{name} answered {} on {}", value_text(field, &candidate.value), day(at)))
}

fn question_waiting(situation: &Situation) -> String {
    let labels: Vec<&str> = situation.waits_for.iter().map(|field| field.label.as_str()).collect();
    let seen = seen(situation).map_or_else(String::new, |value| format!(" “{value}”"));
    let ask = situation.waits_for.first().map_or("", |field| field.question.as_str());
    format!("{}{seen} can only be checked once {} is known. {ask}", situation.field.label, join(&labels, "and"))
}

fn question_invalid(situation: &Situation) -> String {
    let Situation { field, brief, .. } = situation;
    let reason = brief.reason.as_deref().unwrap_or("The value does not fit").trim_end_matches('.');
    match seen(situation) {
        Some(value) => format!("{reason} (“{value}”). {}", field.question),
        None => format!("{reason}. {}", field.question),
    }
}

fn question_stale(situation: &Situation) -> String {
    let Situation { field, brief, .. } = situation;
    let reason =
        brief.reason.as_deref().map_or_else(String::new, |reason| format!(" {}.", reason.trim_end_matches('.')));
    let can_hold = brief.candidates.first().is_some_and(|first| situation.offered.contains(first));
    match seen(situation) {
        Some(value) if can_hold => format!("Is {} still “{value}”?{reason}", field.label),
        Some(value) => format!("{} was “{value}”, which cannot hold today.{reason} {}", field.label, field.question),
        None => format!("{}{reason}", field.question),
    }
}

fn question_unconfirmed(situation: &Situation) -> String {
    let Situation { field, brief, .. } = situation;
    let said = said(situation).map_or_else(String::new, |said| format!("{said}. "));
    match situation.offered {
        [] if !brief.candidates.is_empty() => format!("{said}That cannot be taken today. {}", field.question),
        [] => format!("{said}{}", field.question),
        [one] => format!("{said}Is “{}” right for {}?", shorten(&value_text(field, &one.value), QUOTE), field.label),
        several => {
            let values: Vec<String> =
                several.iter().map(|one| format!("“{}”", shorten(&value_text(field, &one.value), QUOTE))).collect();
            format!("Which is right for {}: {}?", field.label, join(&values, "or"))
        }
    }
}

/// `Dana Whitfield said “as soon as possible”`, from the first words seen.
fn said(situation: &Situation) -> Option<String> {
    let Situation { field, brief, .. } = situation;
    let of_candidates = brief.candidates.iter().flat_map(|candidate| &candidate.evidence);
    if let Some(evidence) =
        brief.evidence.iter().chain(of_candidates).find(|evidence| !evidence.quote.trim().is_empty())
    {
        return Some(format!("{} said “{}”", who(evidence), shorten(&evidence.quote, QUOTE)));
    }
    let value = brief.candidates.first().map(|candidate| shorten(&value_text(field, &candidate.value), QUOTE))?;
    let holder = match (&brief.by, &brief.record) {
        (Some(by), _) => by.as_str(),
        (None, Some(_)) => "The CRM",
        (None, None) => "Somebody",
    };
    Some(format!("{holder} says “{value}”"))
}

/// The author, or the document when nobody is named.
fn who(evidence: &Evidence) -> &str {
    evidence.author.as_deref().unwrap_or(&evidence.source)
}

/// The value that was seen but may not stand.
fn seen(situation: &Situation) -> Option<String> {
    let candidate = situation.brief.candidates.first()?;
    Some(shorten(&value_text(situation.field, &candidate.value), QUOTE))
}

/// A question that would otherwise read like another one.
pub fn question_about(label: &str, question: &str) -> String {
    format!("{label}: {question}")
}

/// Asks for a source that could not be read.
pub fn question_unread(unread: &Unread) -> String {
    let place = unread.inside.as_deref().map_or_else(String::new, |inside| format!(" (in {inside})"));
    format!("Can you send “{}”{place} as text, or say why it does not matter?", unread.source)
}

/// Why an unread source blocks.
pub fn why_unread(unread: &Unread) -> String {
    format!("It could not be read ({}), so what it says is not in the brief.", unread.reason.trim_end_matches('.'))
}

/// Why the gap is one and why it matters, in at most three sentences: whoever reads them has two minutes.
pub fn why(situation: &Situation, cause: &Cause) -> String {
    let Situation { field, brief, .. } = situation;
    let described = !field.description.trim().is_empty();
    // What the field means says more than that its team wants it.
    let mut parts: Vec<String> =
        if described && matches!(cause, Cause::Always(_)) { Vec::new() } else { vec![cause_sentence(cause)] };
    let told_in_question = matches!(brief.state, FieldState::Invalid | FieldState::Stale);
    if let Some(reason) = brief.reason.as_deref().filter(|_| !told_in_question) {
        parts.push(sentence(reason));
    }
    if described {
        parts.push(sentence(first_sentence(&field.description)));
    }
    parts.join(" ")
}

fn first_sentence(text: &str) -> &str {
    crate::language::sentences(text, 0, text.len()).first().map_or(text, |first| first.text(text))
}

fn cause_sentence(cause: &Cause) -> String {
    match cause {
        Cause::Optional => "Not required, but something was said about it.".to_string(),
        Cause::Always(team) => format!("The {team} team needs it before the work moves."),
        Cause::When(condition) => format!("Needed because {condition}."),
        Cause::Unknown(labels) => format!("Needed unless {} rules it out.", join(labels, "or")),
        Cause::Decides(labels) => format!("Decides about {}.", join(labels, "and")),
    }
}

/// The text with a capital at its beginning and one full stop at its end.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let capital: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    if capital.ends_with(['.', '?', '!']) { capital } else { format!("{capital}.") }
}

/// A condition as a person would say it: `contract_type == 'enterprise'` is “Contract type is enterprise”.
/// Anything but plain comparisons stays as it is written in the route.
pub fn condition(route: &Route, condition: &Expression) -> String {
    let text = condition.text.trim();
    let joined = |sign: &str, word: &str| -> Option<String> {
        let parts: Option<Vec<String>> = text.split(sign).map(|part| comparison(route, part.trim())).collect();
        parts.filter(|parts| parts.len() > 1).map(|parts| join(&parts, word))
    };
    let words = if text.contains(['(', ')']) {
        None
    } else {
        comparison(route, text).or_else(|| joined("||", "or")).or_else(|| joined("&&", "and"))
    };
    words.unwrap_or_else(|| format!("this holds: {text}"))
}

fn comparison(route: &Route, text: &str) -> Option<String> {
    for (sign, words) in [
        ("==", "is"),
        ("!=", "is not"),
        (">=", "is at least"),
        ("<=", "is at most"),
        (">", "is above"),
        ("<", "is below"),
    ] {
        let Some((left, right)) = text.split_once(sign) else { continue };
        let field = route.field(left.trim())?;
        let right = right.trim();
        let literal = right.trim_matches(['\'', '"']);
        let plain = literal.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '));
        let words = match (literal, words) {
            ("true", "is") | ("false", "is not") => return Some(format!("{} is yes", field.label)),
            ("false", "is") | ("true", "is not") => return Some(format!("{} is no", field.label)),
            _ => words,
        };
        return plain.then(|| format!("{} {words} {}", field.label, literal.replace('_', " ")));
    }
    route.field(text).map(|field| format!("{} is yes", field.label))
}
