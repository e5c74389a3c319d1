//! A whole text as one value: a CRM property, a person's answer, the right
//! side of a labelled line. Punctuation and small words around the value are
//! tolerated; a condition or a denial is not, and more words make it vague.

use jiff::Timestamp;
use jiff::tz::Offset;

use super::scan::{Sorts, Spotted};
use super::{
    Context, Kind, Money, Number, Precision, Reading, Value, answer, choice, display, fold, person, same, scan, vague,
};

/// Why a text is no value of its type, in plain words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Unreadable {
    pub reason: String,
}

impl Unreadable {
    pub(super) fn because(reason: &str) -> Self {
        Unreadable { reason: reason.to_owned() }
    }
}

/// Texts longer than this are no single value of a typed field.
const LONGEST_TYPED: usize = 2_000;

/// Reads the whole text as a value of `kind`.
pub fn read(kind: &Kind, text: &str, context: &Context) -> Result<Reading, Unreadable> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Unreadable::because("no words"));
    }
    if let Some(value) = bare_digits(kind, text) {
        return Ok(Reading { value, precision: Precision::Exact });
    }
    match kind {
        Kind::Text | Kind::LongText | Kind::Team => words(kind, text),
        Kind::Enum(choices) => choice::read_choice(choices, text),
        Kind::Bool => answer::read_bool(text),
        Kind::Person => person::read_person(text, context),
        _ if text.len() > LONGEST_TYPED => Err(Unreadable::because("too long for one value")),
        Kind::Date | Kind::DateTime => date(kind, text, context),
        Kind::Money => money(text, context),
        Kind::Phone => phone(text, context),
        Kind::Duration | Kind::Number | Kind::Email | Kind::Url => {
            only(kind, text, &scan(text, Sorts::of(kind), context))
        }
    }
}

/// Digits alone are a number here even where running text would take them for a year.
fn bare_digits(kind: &Kind, text: &str) -> Option<Value> {
    if text.starts_with('0') || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match kind {
        Kind::Number => Some(Value::Number(Number { amount: text.parse().ok()?, unit: None })),
        Kind::Money => Some(Value::Money(Money { amount: text.parse().ok()?, currency: None })),
        _ => None,
    }
}

fn words(kind: &Kind, text: &str) -> Result<Reading, Unreadable> {
    let quoted = |open: char, close: char| {
        text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).filter(|inner| !inner.contains([open, close]))
    };
    let bare = quoted('"', '"').or_else(|| quoted('“', '”')).or_else(|| quoted('«', '»')).unwrap_or(text).trim();
    if bare.is_empty() {
        return Err(Unreadable::because("no words"));
    }
    let precision = vague::vagueness(kind, bare).map_or(Precision::Exact, Precision::Vague);
    Ok(Reading { value: Value::Text(bare.to_owned()), precision })
}

fn date(kind: &Kind, text: &str, context: &Context) -> Result<Reading, Unreadable> {
    if let Some(value) = epoch(kind, text) {
        return Ok(Reading { value, precision: Precision::Exact });
    }
    let sorts = Sorts::DATE | Sorts::DATETIME;
    // Alone in a field, `7/15` or `May` needs no preposition to be a date.
    let mut first = None;
    let leads: &[&str] = if vague::may_open_date(text) { &["", "in ", "on ", "am "] } else { &[""] };
    for lead in leads {
        let text = format!("{lead}{text}");
        match date_in(kind, &text, &scan(&text, sorts, context)) {
            Ok(reading) => return Ok(reading),
            Err(problem) => _ = first.get_or_insert(problem),
        }
    }
    Err(first.unwrap_or_else(|| Unreadable::because("no date")))
}

fn date_in(kind: &Kind, text: &str, spotted: &[Spotted]) -> Result<Reading, Unreadable> {
    // A date inside a date and time is not a second one.
    let outer: Vec<Spotted> = spotted
        .iter()
        .filter(|spot| {
            !spotted.iter().any(|other| other.sort > spot.sort && other.start <= spot.start && spot.end <= other.end)
        })
        .cloned()
        .collect();
    let reading = only(kind, text, &outer)?;
    Ok(match kind {
        Kind::Date => Reading { value: day_of(reading.value), precision: days_of(reading.precision) },
        _ => match (&reading.value, &reading.precision) {
            (Value::DateTime(..), _) | (_, Precision::Vague(_)) => reading,
            _ => Reading { value: reading.value, precision: Precision::Vague("no time of day".to_owned()) },
        },
    })
}

fn day_of(value: Value) -> Value {
    match value {
        Value::DateTime(at, offset) => Value::Date(offset.to_datetime(at).date()),
        other => other,
    }
}

fn days_of(precision: Precision) -> Precision {
    match precision {
        Precision::Ambiguous(values) => Precision::Ambiguous(values.into_iter().map(day_of).collect()),
        other => other,
    }
}

/// Milliseconds since 1970, as CRMs store dates.
fn epoch(kind: &Kind, text: &str) -> Option<Value> {
    if !matches!(text.len(), 12 | 13) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let at = Timestamp::from_millisecond(text.parse().ok()?).ok()?;
    Some(match kind {
        Kind::DateTime => Value::DateTime(at, Offset::UTC),
        _ => Value::Date(Offset::UTC.to_datetime(at).date()),
    })
}

fn money(text: &str, context: &Context) -> Result<Reading, Unreadable> {
    let spotted = scan(text, Sorts::MONEY | Sorts::NUMBER, context);
    if spotted.iter().any(|spot| matches!(spot.reading.value, Value::Money(_))) {
        let money: Vec<Spotted> =
            spotted.into_iter().filter(|spot| matches!(spot.reading.value, Value::Money(_))).collect();
        return only(&Kind::Money, text, &money);
    }
    let reading = only(&Kind::Money, text, &spotted)?;
    let amount = |value: Value| match value {
        Value::Number(Number { amount, unit: None }) => Some(Value::Money(Money { amount, currency: None })),
        _ => None,
    };
    let value = amount(reading.value).ok_or_else(|| Unreadable::because("a measure, not an amount of money"))?;
    let precision = match reading.precision {
        // `1.2m` could be metres elsewhere; in an amount it is a million.
        Precision::Ambiguous(values) => {
            let values: Vec<Value> = values.into_iter().filter_map(amount).collect();
            if values.len() < 2 { Precision::Exact } else { Precision::Ambiguous(values) }
        }
        other => other,
    };
    Ok(Reading { value, precision })
}

fn phone(text: &str, context: &Context) -> Result<Reading, Unreadable> {
    let spotted = scan(text, Sorts::PHONE, context);
    if !spotted.is_empty() {
        return only(&Kind::Phone, text, &spotted);
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let shaped =
        text.chars().all(|letter| letter.is_ascii_digit() || letter.is_whitespace() || "+-./()–".contains(letter));
    if !shaped || !(7..=15).contains(&digits.len()) {
        return Err(Unreadable::because("no phone number"));
    }
    let plus = if text.starts_with('+') { "+" } else { "" };
    Ok(Reading { value: Value::Phone(format!("{plus}{digits}")), precision: Precision::Exact })
}

/// The one value among `spotted`, judged by the words around it.
fn only(kind: &Kind, text: &str, spotted: &[Spotted]) -> Result<Reading, Unreadable> {
    let Some(first) = spotted.first() else {
        return Err(Unreadable { reason: format!("no {}", noun(kind)) });
    };
    if let Some(other) = spotted.iter().find(|other| !same(&other.reading.value, &first.reading.value)) {
        let (one, two) = (display(&first.reading.value), display(&other.reading.value));
        return Err(Unreadable { reason: format!("names several: {one} and {two}") });
    }
    let around = rest(text, spotted);
    match judge(kind, &around) {
        Around::Fine => Ok(first.reading.clone()),
        Around::Denied(word) => {
            Err(Unreadable { reason: format!("the words around it deny it or set a condition ({word})") })
        }
        Around::Loose(reason) => Ok(match first.reading.precision {
            Precision::Exact => Reading { value: first.reading.value.clone(), precision: Precision::Vague(reason) },
            _ => first.reading.clone(),
        }),
        Around::TooMuch => Err(Unreadable { reason: format!("says much more than {}", noun(kind)) }),
    }
}

fn noun(kind: &Kind) -> &'static str {
    match kind {
        Kind::Date => "date",
        Kind::DateTime => "date and time",
        Kind::Duration => "length of time",
        Kind::Money => "amount of money",
        Kind::Number => "number",
        Kind::Email => "e-mail address",
        Kind::Phone => "phone number",
        Kind::Url => "web address",
        Kind::Person => "person",
        Kind::Team => "team",
        Kind::Enum(_) => "declared choice",
        Kind::Bool => "yes or no",
        Kind::Text | Kind::LongText => "text",
    }
}

/// The text without the values in it.
fn rest(text: &str, spotted: &[Spotted]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for spot in spotted {
        out.push_str(text.get(at..spot.start).unwrap_or(""));
        out.push(' ');
        at = spot.end.max(at);
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

enum Around {
    Fine,
    Loose(String),
    Denied(String),
    TooMuch,
}

#[rustfmt::skip]
const DENIALS: &[&str] = &[
    "not", "no", "never", "dont", "wont", "cant", "isnt", "arent", "doesnt", "didnt", "if", "unless", "except",
    "without", "instead", "nicht", "kein", "wenn", "cannot", "wasnt", "rather",
];
#[rustfmt::skip]
const HEDGES: &[&str] = &[
    "probably", "maybe", "perhaps", "possibly", "likely", "tentative", "tentatively", "tbc", "tbd", "estimate",
    "estimated", "provisional", "roughly", "approx", "approximately", "around", "about", "hopefully",
    "sometime", "earliest", "latest", "after", "before", "ideally", "vermutlich", "max", "min", "minimum",
    "maximum", "guess", "think", "or", "asap", "flexible", "expected", "target", "circa",
];
#[rustfmt::skip]
const SMALL_WORDS: &[&str] = &[
    "the", "a", "an", "on", "by", "at", "to", "from", "in", "of", "for", "as", "is", "are", "be", "was",
    "will", "it", "its", "thats", "that", "this", "we", "our", "i", "and", "per", "date", "day", "go", "live",
    "golive", "starting", "starts", "start", "effective", "contract", "term", "initial", "total", "value",
    "amount", "year", "month", "annual", "annually", "yearly", "monthly", "seat", "user", "excl", "incl",
    "vat", "net", "please", "thanks", "thank", "you", "yes", "confirmed", "correct", "now", "notice", "period",
    "payment", "terms", "long", "phone", "tel", "telephone", "mobile", "cell", "office", "email", "mail",
    "mailto", "url", "site", "website", "web", "call", "am", "der", "den", "zum", "bis", "ab", "le", "el",
    "until", "till", "due", "end", "p", "approved", "only", "exactly", "excluding", "including", "plus", "tax",
    "local", "time", "year", "calendar", "s",
];

fn judge(kind: &Kind, around: &str) -> Around {
    let words = fold::words(around);
    if let Some(word) = words.iter().find(|word| DENIALS.contains(&word.as_str())) {
        return Around::Denied(word.clone());
    }
    if let Some(word) = words.iter().find(|word| HEDGES.contains(&word.as_str())) {
        return Around::Loose(format!("not firm ({word})"));
    }
    if around.contains('?') {
        return Around::Loose("a question".to_owned());
    }
    let other: Vec<&String> = words.iter().filter(|word| !SMALL_WORDS.contains(&word.as_str())).collect();
    // What is counted stands beside the number (`40 named users`).
    let counted = if matches!(kind, Kind::Number) { 3 } else { 0 };
    match other.len() {
        0 => Around::Fine,
        count if count <= counted => Around::Fine,
        count if count <= 8 => Around::Loose("says more than the value".to_owned()),
        _ => Around::TooMuch,
    }
}
