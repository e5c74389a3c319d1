//! Telephone numbers: international with `+` or `00`, and the national forms
//! whose grouping no date, amount or id has.

use super::scan::{Found, Sort};
use super::tokens::Page;
use super::{Precision, Reading, Value};

/// The phone number that begins at token `at`.
pub(super) fn find(page: &Page, at: usize) -> Option<Found> {
    if !page.clean_start(at) {
        return None;
    }
    let (to, groups, signs) = groups(page, at)?;
    let plus = page.sign(at) == Some('+');
    let bracket = page.sign(at) == Some('(') || signs.contains(&'(');
    let labelled = is_labelled(page, at);
    if !page.clean_end(to) || !shaped(&groups, &signs, plus, bracket, labelled) {
        return None;
    }
    let digits: String = groups.concat();
    let value = Value::Phone(if plus { format!("+{digits}") } else { normal(&digits) });
    Some(Found::one(page, Sort::Phone, at, to, Reading { value, precision: Precision::Exact }))
}

/// `00` before a country code is a `+`.
fn normal(digits: &str) -> String {
    match digits.strip_prefix("00") {
        Some(rest) if !rest.starts_with('0') && rest.len() > 6 => format!("+{rest}"),
        _ => digits.to_owned(),
    }
}

type Groups<'a> = (usize, Vec<&'a str>, Vec<char>);

/// Digit groups joined by single signs or spaces; a `(0)` after a country code is dropped.
fn groups<'a>(page: &Page<'a>, at: usize) -> Option<Groups<'a>> {
    let (mut groups, mut signs) = (Vec::new(), Vec::new());
    let mut next = at + usize::from(page.sign(at) == Some('+'));
    let mut count = 0;
    let mut end = at;
    loop {
        if page.sign(next) == Some('(') {
            let digits = page.digits(next + 1)?;
            if page.sign(next + 2) != Some(')') || digits.len() > 5 {
                break;
            }
            if digits != "0" || groups.is_empty() {
                groups.push(digits);
                count += digits.len();
            }
            signs.push('(');
            next += 3;
        } else if let Some(digits) = page.digits(next) {
            groups.push(digits);
            count += digits.len();
            next += 1;
        } else {
            break;
        }
        end = next;
        if count > 15 || groups.len() > 7 {
            return None;
        }
        match page.sign(next) {
            Some(sign @ ('-' | '.' | '/' | '–'))
                if page.glued(next) == page.glued(next + 1) && page.digits(next + 1).is_some() =>
            {
                signs.push(sign);
                next += 1;
            }
            _ if page.digits(next).is_some() || page.sign(next) == Some('(') => signs.push(' '),
            _ => break,
        }
    }
    Some((end, groups, signs))
}

fn shaped(groups: &[&str], signs: &[char], plus: bool, bracket: bool, labelled: bool) -> bool {
    let count: usize = groups.iter().map(|group| group.len()).sum();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let first = groups.first().copied().unwrap_or("");
    if !(7..=15).contains(&count) {
        return false;
    }
    if plus {
        return !first.starts_with('0');
    }
    if labelled {
        return true;
    }
    if groups.len() < 2 {
        return false;
    }
    let sign = signs.iter().copied().find(|sign| *sign != ' ');
    match lengths.as_slice() {
        [3, 3, 4] => true,
        [1, 3, 3, 4] => first == "1",
        [3, 4] => sign == Some('-') && first != "000",
        _ => {
            (bracket || (first.starts_with('0') && first.len() > 1))
                && count >= 8
                && lengths.iter().all(|length| *length > 1)
        }
    }
}

/// A label before a colon has at most this many words and signs.
const MOST_LABEL_TOKENS: usize = 7;

/// `Tel: 02111234567`
fn is_labelled(page: &Page, at: usize) -> bool {
    const LABELS: &[&str] = &[
        "tel",
        "phone",
        "mobile",
        "cell",
        "telephone",
        "fax",
        "telefon",
        "mobil",
        "téléphone",
        "ph",
        "call",
        "handy",
        "nummer",
        "anrufen",
        "durchwahl",
        "portable",
        "appeler",
        "joindre",
        "numéro",
        "teléfono",
        "móvil",
        "celular",
        "llamar",
        "llame",
        "número",
        "llamarle",
        "llamarme",
    ];
    // `Phone at delivery: 600555361`: a label may say whose it is.
    let colon = at.checked_sub(1).is_some_and(|before| page.sign(before) == Some(':'));
    // `El móvil de Nerea es el 600 …`: a form of `be` leads from the label to it.
    let leads = (1..=2).any(|back| page.is_before(at, back, &["is", "es", "est", "ist"]));
    let most = if colon || leads { MOST_LABEL_TOKENS } else { 2 };
    (1..=most).any(|back| page.is_before(at, back, LABELS))
}

#[cfg(test)]
mod tests {
    use crate::value::{Context, Sorts, Value, scan};

    fn check(input: &str, expected: &[&str]) {
        let context = Context { said_at: None, zone: None, around: None, participants: &[] };
        let found: Vec<String> = scan(input, Sorts::PHONE, &context)
            .into_iter()
            .map(|spot| match spot.reading.value {
                Value::Phone(phone) => phone,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(found, expected, "{input}");
    }

    #[test]
    fn phone_numbers_are_told_from_other_digits() {
        check("call +1 555 0100 123.", &["+15550100123"]);
        check("+49 (0)211 555 0123", &["+492115550123"]);
        check("0049 211 5550123", &["+492115550123"]);
        check("(555) 010-0123", &["5550100123"]);
        check("555-010-0123 or 555.010.0124", &["5550100123", "5550100124"]);
        check("1-800-555-0100", &["18005550100"]);
        check("555-0100", &["5550100"]);
        check("0211 5550123", &["02115550123"]);
        check("Tel: 02115550123", &["02115550123"]);
        check("Phone at delivery: 600555361", &["600555361"]);
        check("Order at delivery: 600555361", &[]);
        check("El móvil de Nerea es el 600 555 327, que la llamen", &["600555327"]);
        check("Das Handy von Frau Lohse ist die 600 555 327", &["600555327"]);
        check("El número de piezas, en total, sin la caja es 600 555", &[]);
        check("020 7946 0958", &["02079460958"]);
        check("+1-555-0100", &["+15550100"]);
        check("2026-07-01", &[]);
        check("01.07.2026", &[]);
        check("PO-555-010-0123", &[]);
        check("order 4512345678", &[]);
        check("192.168.100.1", &[]);
        check("1,200,000 EUR", &[]);
        check("1 200 000 EUR", &[]);
        check("+5 people, 10-20", &[]);
        check("2026 2027", &[]);
    }
}
