//! Numbers of orders by whose they are, and addresses by how they are built.

use crate::conversation::Side;
use crate::language::{Phrases, fold, tokens};
use crate::route::Field;

use super::named::{Form, form_of};
use super::phrases::trim;
use super::{Hit, Line};

/// Whether all that a line says of an order's number says it of the other side's.
pub(crate) fn is_of_other_side(field: &Field, at: usize, line: &Line) -> bool {
    let Some(form) = form_of(field).filter(|form| matches!(form, Form::Order | Form::Purchase)) else { return false };
    let mut cues = line.hits_of(at).filter(|hit| hit.tells()).peekable();
    cues.peek().is_some() && cues.all(|hit| is_other_sides(line, hit, form))
}

/// `4500123`: a figure of five digits or more that is no date, amount or telephone number.
pub(super) fn long_figure(line: &Line) -> Option<(usize, usize)> {
    let text = line.words();
    tokens(text).iter().find_map(|token| {
        let word = token.text(text);
        let long = (5..=12).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
        let (start, end) = (line.start + token.start, line.start + token.end);
        let other = line
            .values
            .iter()
            .any(|value| !matches!(value.sort, crate::value::Sort::Number) && value.start < end && start < value.end);
        (long && !other).then_some((token.start, token.end))
    })
}

/// `PO 4471-B`, `P.O. 5590`: the initials and a number behind them.
pub(super) fn after_initials(text: &str) -> Option<(usize, usize)> {
    let at = ["PO ", "P.O. ", "PO: ", "PO# ", "PO #"].iter().find_map(|initials| {
        let at = text.find(initials)?;
        let alone = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '-');
        alone.then_some(at + initials.len())
    })?;
    let named = ["number ", "no. ", "no ", "nr. ", "is ", "number is ", "number: "];
    let at = named.iter().find(|word| text[at..].starts_with(**word)).map_or(at, |word| at + word.len());
    let word = text[at..].split_whitespace().next()?.trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
    let code = word.len() > 2
        && word.contains(|c: char| c.is_ascii_digit())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/'));
    code.then_some((at, at + word.len()))
}

/// Whether the words say that a number is the other side's: `our order number` in the mouth of the customer is theirs.
#[rustfmt::skip]
pub(super) fn is_other_sides(line: &Line, hit: &Hit, form: Form) -> bool {
    let from = line.text[line.start..hit.start].char_indices().rev().take(14).last().map_or(line.start, |(at, _)| line.start + at);
    let words = &line.text[from..hit.end];
    let said = |known: fn(&str) -> bool| tokens(words).iter().any(|token| known(&fold(token.text(words))));
    let own = said(|word| matches!(word, "our" | "my" | "nuestro" | "nuestra" | "mi" | "notre" | "nos" | "mon" | "unser" | "unsere" | "unserer" | "mein" | "meine"));
    let yours = said(|word| matches!(word, "your" | "tu" | "vuestro" | "vuestra" | "su" | "votre" | "vos" | "ihr" | "ihre" | "eure"));
    match (form, line.speaker.side) {
        (Form::Order, Side::Theirs) | (Form::Purchase, Side::Ours) => own && !yours,
        // `Your order AC-5` in our own mouth is ours to number.
        (Form::Purchase, Side::Theirs) => yours && !own,
        _ => false,
    }
}

/// `17 Millrace Lane, Harrowgate HG9 4TX` behind a place of the line.
pub(super) fn address_behind(line: &Line, from: usize) -> Option<(usize, usize)> {
    let rest = line.text.get(from..line.end)?;
    let all = tokens(rest);
    let lead = all.iter().take_while(|token| leads_address(&fold(token.text(rest)))).count();
    let first = all.get(lead)?;
    let mut end = first.end;
    let mut digits = 0;
    let mut capitals = 0;
    for (at, token) in all.iter().enumerate().skip(lead).take(MOST_ADDRESS_WORDS) {
        let word = token.text(rest);
        let gap = rest.get(all[at.saturating_sub(1)].end..token.start).unwrap_or_default();
        let next_line = gap.contains('\n')
            && gap.trim().is_empty()
            && !word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        let stops = at > lead
            && (gap.contains(['.', ';', '!', '?', '(', '—']) && !gap.trim().is_empty() || gap.contains(" - "));
        if stops || next_line || at > lead && ends_address(&fold(word), gap.contains(',')) {
            break;
        }
        digits += usize::from(word.contains(|c: char| c.is_ascii_digit()));
        capitals += usize::from(word.starts_with(char::is_uppercase));
        end = token.end;
    }
    // A house number and a town, or a postcode; a date or a count has neither.
    let dated = line.values.iter().any(|value| {
        matches!(value.sort, crate::value::Sort::Date | crate::value::Sort::DateTime | crate::value::Sort::Phone)
            && value.start < from + end
            && from + first.start < value.end
            && value.end - value.start > 5
    });
    let (start, end) = trim(line.text, from + first.start, from + end);
    (digits >= 1 && capitals >= 2 && !dated && start < end).then_some((start, end))
}

/// A whole postal address behind one of the words that lead to one, told by its postcode; not one for papers.
pub(super) fn postal_address(line: &Line) -> Option<(usize, usize)> {
    const OTHERWISE: Phrases = Phrases::new(&[
        "invoice",
        "billing",
        "bill to",
        "registered",
        "head office",
        "headquarters",
        "post to",
        "not to",
        "no longer",
        "used to",
        "old ",
        "last time",
        "instead of",
        "rechnung",
        "factur",
        "siège",
        "sede",
        "nicht an",
        "pas à",
    ]);
    let text = line.words();
    if !has_postcode(text) || OTHERWISE.stand_in(text) {
        return None;
    }
    let leads = [": ", " at ", " to ", " is ", " in ", " an ", " à ", " au ", " en ", " nach ", " bei ", " es "];
    let starts = leads.iter().flat_map(|lead| text.match_indices(lead).map(|(at, lead)| at + lead.len()));
    let mut spans: Vec<(usize, usize)> = std::iter::once(0)
        .chain(starts)
        .filter(|at| text[*at..].starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()))
        .filter_map(|at| address_behind(line, line.start + at))
        .filter(|(start, end)| has_postcode(&line.text[*start..*end]))
        .collect();
    spans.sort_by_key(|(start, end)| end - start);
    // The shortest whole one: nothing that leads up to it.
    spans.into_iter().find(|(start, end)| {
        let words = &line.text[*start..*end];
        tokens(words).iter().filter(|token| token.text(words).starts_with(|c: char| c.is_ascii_digit())).count() >= 1
            && words.contains(',')
    })
}

/// `ST4 9QJ`, `CO 81501`, `2300 La …`, `P99 X2C4`: a postcode beside a town or a state.
fn has_postcode(text: &str) -> bool {
    let all = tokens(text);
    let word = |at: usize| all.get(at).map_or("", |token| token.text(text));
    let shape = |word: &str| -> String {
        word.chars()
            .map(|c| {
                if c.is_ascii_digit() {
                    '9'
                } else if c.is_ascii_uppercase() {
                    'A'
                } else {
                    'a'
                }
            })
            .collect()
    };
    let capital = |at: usize| word(at).starts_with(char::is_uppercase);
    (0..all.len()).any(|at| {
        let (own, next) = (shape(word(at)), shape(word(at + 1)));
        let british = matches!(own.as_str(), "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A") && next == "9AA";
        let irish = own == "A99" && next.len() == 4 && next.chars().all(|c| c != 'a') && next.contains('9');
        let american = matches!(own.as_str(), "AA" | "AAA") && matches!(next.as_str(), "99999" | "9999");
        let european =
            matches!(own.as_str(), "99999" | "9999") && capital(at + 1) && at > 1 && capital(at.saturating_sub(3));
        british || irish || american || european
    })
}

#[rustfmt::skip]
fn leads_address(word: &str) -> bool {
    matches!(word, "to" | "at" | "is" | "the" | "us" | "our" | "new" | "site" | "warehouse" | "depot" | "address" | "following" | "here" | "this" | "as" | "usual" | "in" | "it" | "them" | "a" | "an" | "please" | "on" | "la" | "en" | "die" | "unser" | "lager" | "für" | "au" | "que")
        && word != "new"
}

/// Words that begin something else behind an address.
#[rustfmt::skip]
fn ends_address(word: &str, comma: bool) -> bool {
    matches!(word, "because" | "please" | "not" | "since" | "which" | "who" | "where" | "by" | "before" | "until" | "bitte" | "nicht" | "pas" | "porque" | "weil")
        || comma && matches!(word, "that's" | "it's" | "and" | "but" | "so" | "they" | "he" | "she" | "we" | "i" | "as" | "same" | "no" | "there" | "this" | "ask" | "phone" | "call" | "tel" | "das" | "c'est" | "es" | "round" | "attention" | "attn")
}

/// The most words of an address.
const MOST_ADDRESS_WORDS: usize = 18;
