//! Reading a typed value out of found words. The reader's own value only says
//! which of the words are meant; what is kept is what code reads there.

use jiff::Timestamp;

use crate::claim::Claim;
use crate::conversation::Message;
use crate::extraction::Known;
use crate::language::{token_hash, tokens};
use crate::route::Field;
use crate::value::{
    Choice, Choices, Context, Kind, Participant, Precision, Reading, Sorts, Spotted, Value, read, same, scan, vagueness,
};

use super::concepts::Terms;
use super::restating::restates;

/// Words of a message in which a value is looked for.
pub(super) struct Words<'a> {
    pub message: &'a Message,
    pub start: usize,
    pub end: usize,
    /// When they were said.
    pub said_at: Option<Timestamp>,
}

impl Words<'_> {
    fn text(&self) -> &str {
        self.message.text.get(self.start..self.end).unwrap_or_default()
    }
}

type Found = ((usize, usize), Reading);

/// The value in the words that the claim means, with its place in the message; `None` when the words do not hold it.
pub(super) fn read_words(field: &Field, claim: &Claim, words: &Words, known: Known) -> Option<Found> {
    let context = Context {
        said_at: words.said_at,
        zone: words.message.zone,
        around: known.around,
        participants: known.participants,
    };
    let (start, end, reading) = match &field.kind {
        Kind::Text | Kind::Team => text_value(claim, words)?,
        Kind::LongText => long_text_value(claim, words)?,
        Kind::Enum(choices) => {
            choice_value(choices, (claim, field), words).or_else(|| meant_choice(choices, claim, words))?
        }
        Kind::Person => person_value(claim, words, &context).or_else(|| part_of_name(claim, words, &context))?,
        Kind::Bool => return None,
        Kind::Date
        | Kind::DateTime
        | Kind::Duration
        | Kind::Money
        | Kind::Number
        | Kind::Email
        | Kind::Phone
        | Kind::Url => scanned_value(&field.kind, claim, words, &context)?,
    };
    Some(((words.start + start, words.start + end), reading))
}

/// Dates, amounts and addresses: one that code sees in the words and that is what the reader meant.
fn scanned_value(kind: &Kind, claim: &Claim, words: &Words, context: &Context) -> Option<(usize, usize, Reading)> {
    let text = words.text();
    let seen = scan(text, Sorts::of(kind), context);
    let raw = claim.raw_value.as_deref().map(str::trim).filter(|raw| !raw.is_empty());
    if let Some((start, end)) = raw.and_then(|raw| locate(text, raw)) {
        // What code sees decides: `1` out of `July 15` lies inside another value.
        let touching = || seen.iter().filter(|spotted| spotted.start < end && start < spotted.end);
        let holds = |spotted: &&Spotted| spotted.start <= start && end <= spotted.end;
        let same_place = |spotted: &&Spotted| (spotted.start, spotted.end) == (start, end);
        if let Some(spotted) =
            touching().find(same_place).or_else(|| touching().find(holds)).or_else(|| touching().next())
        {
            let whole = start <= spotted.start && spotted.end <= end || covers(spotted, start, end);
            let found = whole.then(|| typed(kind, spotted, text, context)).flatten()?;
            // `C$74,500` does not show 74,500 US dollars.
            let meant = claim.value.as_deref().and_then(|meant| read(kind, meant, context).ok());
            return Some(found)
                .filter(|(_, _, own)| !meant.is_some_and(|meant| in_other_money(&own.value, &meant.value)));
        }
        // A number that only its place tells from others, but that the reader points at as a whole.
        if *kind == Kind::Phone
            && is_whole_number(text, start, end)
            && let Ok(reading) = read(kind, &text[start..end], context)
        {
            return Some((start, end, reading));
        }
        // A day that code does not see by itself, but reads where the reader points, as the reader does.
        if let Some(found) = pointed_day(kind, claim, text, (start, end), context) {
            return Some(found);
        }
        let loose = vagueness(kind, &text[start..end])?;
        let value = Value::Text(text[start..end].to_owned());
        return Some((start, end, Reading { value, precision: Precision::Vague(loose) }));
    }
    // The reader's words are not there, but its value may be, written otherwise.
    let wanted = [claim.value.as_deref(), raw].into_iter().flatten().find_map(|text| read(kind, text, context).ok())?;
    let fits = |value: &Value| {
        *kind != Kind::DateTime || matches!((value, &wanted.value), (Value::DateTime(..), Value::DateTime(..)))
    };
    seen.iter()
        .filter_map(|spotted| typed(kind, spotted, text, context))
        .find(|(_, _, reading)| fits(&reading.value) && same(&reading.value, &wanted.value))
}

fn pointed_day(
    kind: &Kind,
    claim: &Claim,
    text: &str,
    (start, end): (usize, usize),
    context: &Context,
) -> Option<(usize, usize, Reading)> {
    if !matches!(kind, Kind::Date | Kind::DateTime) {
        return None;
    }
    let reading = read(kind, text.get(start..end)?.trim_end_matches([',', ';', ' ']), context).ok()?;
    let meant = read(kind, claim.value.as_deref()?, context).ok()?;
    let agrees = reading.precision == Precision::Exact && same(&reading.value, &meant.value);
    (agrees && is_whole_number(text, start, end)).then_some((start, end, reading))
}

/// Whether no digit touches a stretch of text, so that it is not a part of a longer number.
fn is_whole_number(text: &str, start: usize, end: usize) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '+');
    let near = |c: char| !matches!(c, ' ' | '-' | '.' | '/' | '(' | ')');
    !digit(text[..start].chars().rev().find(|c| near(*c))) && !digit(text[end..].chars().find(|c| near(*c)))
}

/// Whether two amounts name different currencies.
fn in_other_money(own: &Value, meant: &Value) -> bool {
    matches!((own, meant), (Value::Money(own), Value::Money(meant))
        if own.currency.is_some() && meant.currency.is_some() && own.currency != meant.currency)
}

/// The reader's words may leave out a weekday or an article, but never a digit.
fn covers(spotted: &Spotted, start: usize, end: usize) -> bool {
    spotted.start <= start && end <= spotted.end
}

fn typed(kind: &Kind, spotted: &Spotted, text: &str, context: &Context) -> Option<(usize, usize, Reading)> {
    let fits = matches!(
        (kind, &spotted.reading.value),
        (Kind::Date, Value::Date(_) | Value::PartialDate(_))
            | (Kind::DateTime, Value::DateTime(..))
            | (Kind::Duration, Value::Duration(_))
            | (Kind::Money, Value::Money(_))
            | (Kind::Number, Value::Number(_))
            | (Kind::Email, Value::Email(_))
            | (Kind::Phone, Value::Phone(_))
            | (Kind::Url, Value::Url(_))
    );
    let reading =
        if fits { spotted.reading.clone() } else { read(kind, &text[spotted.start..spotted.end], context).ok()? };
    Some((spotted.start, spotted.end, reading))
}

fn text_value(claim: &Claim, words: &Words) -> Option<(usize, usize, Reading)> {
    let text = words.text();
    [claim.raw_value.as_deref(), claim.value.as_deref()]
        .into_iter()
        .flatten()
        .find_map(|wanted| locate(text, wanted.trim()))
        .map(|(start, end)| {
            (start, end, Reading { value: Value::Text(squeeze(&text[start..end])), precision: Precision::Exact })
        })
}

/// Long text is what was quoted, or the part of it that the reader gave as value.
fn long_text_value(claim: &Claim, words: &Words) -> Option<(usize, usize, Reading)> {
    let text = words.text();
    let mut wanted = [claim.raw_value.as_deref(), claim.value.as_deref()]
        .into_iter()
        .flatten()
        .filter(|words| !words.trim().is_empty());
    let part = claim.raw_value.as_deref().and_then(|raw| locate(text, raw.trim()));
    // A reader that sums up still speaks of the same thing in the same words.
    if part.is_none() && wanted.clone().next().is_some() && !wanted.any(|words| restates(words, text)) {
        return None;
    }
    let (start, end) = part.unwrap_or((0, text.len()));
    Some((start, end, Reading { value: Value::Text(squeeze(&text[start..end])), precision: Precision::Exact }))
}

/// A declared choice, named in the words by its id or an alias.
fn choice_value(
    declared: &[Choice],
    (claim, field): (&Claim, &Field),
    words: &Words,
) -> Option<(usize, usize, Reading)> {
    let choices = Choices::new(declared);
    let wanted = claim.value.as_deref()?;
    let text = words.text();
    // `us` is a word, `US` a country.
    let is_spelled = |start: usize, end: usize| {
        end - start > 2 || text.get(start..end).is_some_and(|name| !name.contains(|c: char| c.is_lowercase()))
    };
    let mut named = choices.find(text);
    named.retain(|(start, end, _)| is_spelled(*start, *end) && !is_currency(text, *end));
    named.retain(|(start, end, _)| !is_common_word(declared, field, text, (*start, *end)));
    let id = named
        .iter()
        .map(|(_, _, id)| *id)
        .find(|id| *id == wanted)
        .or_else(|| choices.find(wanted).first().map(|(_, _, id)| *id))?;
    let raw = claim.raw_value.as_deref().and_then(|raw| locate(text, raw.trim()));
    let (start, end, _) = named.iter().filter(|(_, _, other)| *other == id).max_by_key(|(start, end, _)| {
        (raw.is_some_and(|(from, to)| *start < to && from < *end), std::cmp::Reverse(*start))
    })?;
    Some((*start, *end, Reading { value: Value::Enum(id.to_owned()), precision: Precision::Exact }))
}

/// `el dinero entra` names no `Entra`: a product's name of one word in small letters, by somebody who writes capitals,
/// with nothing beside it that speaks of the field.
fn is_common_word(choices: &[Choice], field: &Field, text: &str, (start, end): (usize, usize)) -> bool {
    let word = text.get(start..end).unwrap_or_default();
    let names = choices.iter().flat_map(|choice| &choice.aliases).filter(|name| name.eq_ignore_ascii_case(word));
    let proper = names.clone().next().is_some() && names.clone().all(|name| name.starts_with(char::is_uppercase));
    let folded = text.to_lowercase();
    proper
        && word.chars().all(char::is_lowercase)
        && text.chars().any(char::is_uppercase)
        && !field.cues.iter().any(|cue| folded.contains(&cue.to_lowercase()))
}

/// `US dollars` is money, not a place.
fn is_currency(text: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default().trim_start_matches([' ', '-', '\u{a0}']);
    rest.starts_with(['$', '€', '£'])
        || rest.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("dollar"))
        || rest.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("pound"))
}

/// A declared choice in other words than the route's, where they mean that choice and no other one.
fn meant_choice(choices: &[Choice], claim: &Claim, words: &Words) -> Option<(usize, usize, Reading)> {
    let wanted = claim.value.as_deref()?.trim();
    let text = words.text();
    let choice = choices.iter().find(|choice| choice.id == wanted)?;
    let mention = Terms::of_choice(choice).find(text).into_iter().find(|mention| !mention.opposite)?;
    let is_other = |other: &Choice| {
        other.id != choice.id && Terms::of_choice(other).find(text).iter().any(|one| one.start == mention.start)
    };
    if choices.iter().any(is_other) || is_currency(text, mention.end) {
        return None;
    }
    let reading = Reading { value: Value::Enum(choice.id.clone()), precision: Precision::Exact };
    Some((mention.start, mention.end, reading))
}

/// `Ailsa's`, `Frau Bruns`: one part of the name the reader means, which nobody else in the conversation bears.
fn part_of_name(claim: &Claim, words: &Words, context: &Context) -> Option<(usize, usize, Reading)> {
    let text = words.text();
    let wanted = [claim.value.as_deref(), claim.raw_value.as_deref()].into_iter().flatten();
    let meant = wanted.filter_map(|wanted| context.participants.iter().find(|one| one.name == wanted.trim())).next()?;
    tokens(text).iter().find_map(|token| {
        let word = token.text(text);
        let bare = word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(word);
        let bears = |participant: &Participant| participant.name.split_whitespace().any(|part| part == bare);
        let alone = context.participants.iter().filter(|one| bears(one)).all(|one| one.name == meant.name);
        let named = bare.starts_with(char::is_uppercase) && bare.chars().count() > 1 && bears(meant) && alone;
        let reading = named.then(|| read(&Kind::Person, &meant.name, context).ok()).flatten()?;
        Some((token.start, token.start + bare.len(), reading))
    })
}

fn person_value(claim: &Claim, words: &Words, context: &Context) -> Option<(usize, usize, Reading)> {
    let text = words.text();
    [claim.raw_value.as_deref(), claim.value.as_deref()].into_iter().flatten().find_map(|wanted| {
        let (start, end) = locate(text, wanted.trim())?;
        let reading = read(&Kind::Person, &text[start..end], context).ok()?;
        Some((start, end, reading))
    })
}

/// Where `wanted` stands in `text`: the very bytes, else the same tokens, from token border to token border.
fn locate(text: &str, wanted: &str) -> Option<(usize, usize)> {
    if wanted.is_empty() {
        return None;
    }
    let exact = memchr::memmem::find_iter(text.as_bytes(), wanted.as_bytes()).map(|at| (at, at + wanted.len())).find(
        |(start, end)| crate::language::is_token_border(text, *start) && crate::language::is_token_border(text, *end),
    );
    exact.or_else(|| {
        let hashes: Vec<u64> = tokens(wanted).iter().map(|token| token_hash(token.text(wanted))).collect();
        let source = tokens(text);
        if hashes.is_empty() || source.len() < hashes.len() {
            return None;
        }
        source
            .windows(hashes.len())
            .find(|window| window.iter().zip(&hashes).all(|(token, hash)| token_hash(token.text(text)) == *hash))
            .map(|window| (window[0].start, window[window.len() - 1].end))
    })
}

/// White space of a wrapped line is one space in a value.
fn squeeze(text: &str) -> String {
    text.split_whitespace().filter(|word| *word != ">").collect::<Vec<_>>().join(" ")
}
