//! Everything that begins with a number: money, numbers with and without a
//! unit, lengths of time. They are read together, because only what follows
//! the digits tells them apart.

use rust_decimal::Decimal;

use super::digits::{Grouping, Literal, in_words, literal};
use super::duration;
use super::lexicon::Meaning;
use super::scan::{Found, Sort};
use super::tokens::{Page, Shape};
use super::{Money, Number, Precision, Reading, Value};

/// A number with its scale, range and signs, not yet of any type.
#[derive(Debug, Clone)]
pub(super) struct Quantity {
    /// The first token, a comparison or minus sign included.
    pub from: usize,
    pub to: usize,
    pub amount: Decimal,
    pub other: Option<Decimal>,
    /// Why it is not exact, if it is not.
    pub loose: Option<String>,
    /// The currency written before the digits; empty when several countries share it.
    pub currency: Option<&'static str>,
    /// Written in digits, not words.
    pub digits: bool,
    /// Ends in a lone `m`, which may be a million or a metre.
    pub small_m: bool,
    pub scaled: bool,
}

/// What stands at token `at`, if it is a quantity of any sort.
pub(super) fn find(page: &Page, at: usize) -> Option<Found> {
    let quantity = quantity(page, at)?;
    duration::after(page, &quantity)
        .or_else(|| {
            money(page, &quantity).map(|(to, reading)| Found::one(page, Sort::Money, quantity.from, to, reading))
        })
        .or_else(|| number(page, &quantity))
}

/// The number at token `at` with the signs before it and a range after it.
pub(super) fn quantity(page: &Page, at: usize) -> Option<Quantity> {
    if !page.clean_start(at) && !signed_currency(page, at) {
        return None;
    }
    let from = at - usize::from(signed_currency(page, at));
    let (mut next, mut negative, mut loose) = signs(page, at)?;
    let mut currency = None;
    if let Some((after, code)) = currency_at(page, next) {
        currency = Some(country_dollar(page, next).unwrap_or(code));
        next = after;
        if page.sign(next) == Some('-') && page.glued(next) && page.glued(next + 1) {
            negative = true;
            next += 1;
        }
    }
    let grouping = match currency {
        Some(_) => Grouping::Spaced,
        None if spaced_money(page, next) => Grouping::Spaced,
        None => Grouping::Tight,
    };
    let digits = page.digits(next).is_some();
    let mut found = if digits { literal(page, next, grouping)? } else { in_words(page, next)? };
    let (mut scaled, mut small_m) = (false, false);
    let mut scale = scale(page, found.to, digits, currency.is_some());
    if let Some(range) = range(page, next, &found, scale.as_ref()) {
        found.amount = range.low;
        found.to = range.to;
        found.other = None;
        loose = loose.or_else(|| Some("a range, not one value".to_owned()));
        scale = None;
    }
    if let Some(step) = scale {
        found.amount = found.amount.checked_mul(step.factor)?;
        found.other = None;
        found.to = step.to;
        (scaled, small_m) = (true, step.small_m);
    }
    if page.sign(found.to) == Some('+') && page.glued(found.to) && !page.glued(found.to + 1) {
        loose = loose.or_else(|| Some("a lower limit (+)".to_owned()));
        found.to += 1;
    }
    loose = loose.or_else(|| loose_before(page, from)).or_else(|| loose_after(page, found.to));
    let sign = |amount: Decimal| if negative { -amount } else { amount };
    Some(Quantity {
        from,
        to: found.to,
        amount: sign(found.amount).normalize(),
        other: found.other.map(|other| sign(other).normalize()),
        loose,
        currency,
        digits,
        small_m,
        scaled,
    })
}

/// Comparison, approximation and minus signs: the token after them, whether negative, why loose.
fn signs(page: &Page, at: usize) -> Option<(usize, bool, Option<String>)> {
    let (mut next, mut negative, mut loose) = (at, false, None);
    while let Some(sign) = page.sign(next) {
        match sign {
            '<' | '>' | '≤' | '≥' | '~' | '≈' | '±' => {
                // A `>` in front of a line is a mail's mark of quotation.
                if sign == '>' && page.opens_line(next) && !page.glued(next + 1) {
                    return None;
                }
                loose = Some(format!("an approximation or limit ({sign})"));
            }
            '=' if loose.is_some() => {}
            '-' | '−' | '–' if page.glued(next + 1) && !negative => negative = true,
            '+' if page.glued(next + 1) => {}
            _ => break,
        }
        next += 1;
        if next > at + 4 {
            return None;
        }
    }
    Some((next, negative, loose))
}

/// `US$`, `A$`: the letters in front of a dollar sign belong to it.
fn country_dollar(page: &Page, at: usize) -> Option<&'static str> {
    let before = at.checked_sub(1)?;
    if page.sign(at) != Some('$') || !page.glued(at) {
        return None;
    }
    match page.words(before) {
        "US" => Some("USD"),
        "A" | "AU" => Some("AUD"),
        "C" | "CA" => Some("CAD"),
        "NZ" => Some("NZD"),
        "HK" => Some("HKD"),
        "S" | "SG" => Some("SGD"),
        "R" => Some("BRL"),
        "MX" => Some("MXN"),
        _ => None,
    }
}

fn signed_currency(page: &Page, at: usize) -> bool {
    country_dollar(page, at).is_some() && at.checked_sub(1).is_some_and(|before| page.clean_start(before))
}

/// The currency at token `at` and the token after it.
pub(super) fn currency_at(page: &Page, at: usize) -> Option<(usize, &'static str)> {
    if let Some(sign) = page.sign(at) {
        let code = match sign {
            '$' => "USD",
            '€' => "EUR",
            '£' => "GBP",
            '₹' => "INR",
            '₩' => "KRW",
            '₽' => "RUB",
            '₺' => "TRY",
            '₪' => "ILS",
            '¥' => "",
            _ => return None,
        };
        return Some((at + 1, code));
    }
    if page.words(at) == "zł" {
        return Some((at + 1, "PLN"));
    }
    let code = page.means(at, |meaning| match meaning {
        Meaning::Currency(code) => Some(code),
        _ => None,
    })?;
    let dot = page.is_any(at, &["rs", "kr", "fr"]) && page.sign(at + 1) == Some('.') && page.glued(at + 1);
    Some((at + 1 + usize::from(dot), code))
}

/// Whether digits grouped by plain spaces end in a currency (`12 500 €`).
fn spaced_money(page: &Page, at: usize) -> bool {
    let mut next = at + 1;
    while next < at + 5 && page.digits(next).is_some_and(|digits| digits.len() == 3) && !page.glued(next) {
        next += 1;
    }
    if next > at + 1 && page.sign(next) == Some(',') && page.glued(next) && page.digits(next + 1).is_some() {
        next += 2;
    }
    next > at + 1 && currency_at(page, next).is_some()
}

struct Step {
    to: usize,
    factor: Decimal,
    small_m: bool,
}

/// The scale after a number: `k`, `M`, `million`.
fn scale(page: &Page, at: usize, digits: bool, money: bool) -> Option<Step> {
    let word = page.words(at);
    let power = page.means(at, |meaning| match meaning {
        Meaning::Scale(power) => Some(power),
        _ => None,
    });
    let power = match (power, word) {
        (None, "B" | "b") if money && page.glued(at) => 9,
        (None, _) => return None,
        (Some(power), _) => power,
    };
    let letter = word.len() < 3;
    let small_m = word == "m" && !money;
    if letter && (!digits || (!page.glued(at) && (small_m || !page.clean_end(at + 1)))) {
        return None;
    }
    // `Mio.` keeps its point.
    let dot = page.is(at, "mio") && page.sign(at + 1) == Some('.') && page.glued(at + 1);
    Some(Step { to: at + 1 + usize::from(dot), factor: Decimal::from(10_u64.checked_pow(power)?), small_m })
}

struct Range {
    to: usize,
    low: Decimal,
}

/// A second, greater number joined to the first: `80-90k`, `between 5 and 10`, `two to three`.
fn range(page: &Page, at: usize, first: &Literal, scale_before: Option<&Step>) -> Option<Range> {
    let mut low = first.amount;
    let mut next = first.to;
    if let Some(step) = scale_before {
        low = low.checked_mul(step.factor)?;
        next = step.to;
    }
    let currency_between = currency_at(page, next).filter(|_| page.sign(next).is_some());
    let next = currency_between.map_or(next, |(after, _)| after);
    let between = page.is_before(at, 1, &["between", "zwischen"]) || page.is_before(at, 2, &["between"]);
    let from = page.is_before(at, 1, &["from", "von"]) || page.is_before(at, 2, &["from"]);
    let joined = match page.sign(next) {
        Some('-' | '–' | '—') => page.glued(next) == page.glued(next + 1),
        _ => {
            (page.is_any(next, &["to", "bis"]) && !from)
                || page.is(next, "or")
                || (between && page.is_any(next, &["and", "und"]))
        }
    };
    if !joined {
        return None;
    }
    let start = currency_at(page, next + 1).map_or(next + 1, |(after, _)| after);
    let second =
        if page.digits(start).is_some() { literal(page, start, Grouping::Tight)? } else { in_words(page, start)? };
    let (mut high, mut to) = (second.amount, second.to);
    if let Some(step) = scale(page, second.to, true, true) {
        high = high.checked_mul(step.factor)?;
        to = step.to;
        if scale_before.is_none() && first.amount < second.amount {
            low = low.checked_mul(step.factor)?;
        }
    }
    // A third part makes it an id or a phone number, not a range.
    let third = matches!(page.sign(to), Some('-' | '–')) && page.glued(to) && page.digits(to + 1).is_some();
    (low < high && !third).then_some(Range { to, low })
}

/// The word before a value that makes it a guess or a limit.
pub(super) fn loose_before(page: &Page, at: usize) -> Option<String> {
    let mut before = at.checked_sub(1)?;
    // `approx.` and `ca.` keep their point.
    if page.sign(before) == Some('.') && page.glued(before) {
        before = before.checked_sub(1).filter(|word| page.is_any(*word, &["approx", "ca", "max", "min"]))?;
    }
    let words = if page.meanings(before).contains(&Meaning::Loose) {
        page.words(before).to_owned()
    } else if two_words(page, before) {
        page.span(before - 1, at).to_owned()
    } else if page.is(before, "of") && page.is_before(before, 1, &["couple"]) {
        "a couple".to_owned()
    } else if page.is_any(before, &["the", "a", "an"]) {
        return before.checked_sub(1).and_then(|_| {
            let further = before - 1;
            page.is_any(further, &["around", "roughly", "approximately"]).then(|| loose(page.words(further)))
        });
    } else {
        return None;
    };
    Some(loose(&words))
}

/// `more than`, `up to`, `at least`, `something like`, by their second word.
fn two_words(page: &Page, last: usize) -> bool {
    let pairs: [(&str, &[&str]); 5] = [
        ("than", &["more", "less", "fewer", "greater", "rather"]),
        ("to", &["up", "close"]),
        ("least", &["at"]),
        ("most", &["at"]),
        ("like", &["something"]),
    ];
    pairs.iter().any(|(word, firsts)| page.is(last, word) && page.is_before(last, 1, firsts))
}

fn loose(words: &str) -> String {
    format!("an approximation or limit ({})", words.to_lowercase())
}

fn loose_after(page: &Page, at: usize) -> Option<String> {
    let ish = page.is(at, "ish") || (page.sign(at) == Some('-') && page.is(at + 1, "ish"));
    let or_so = page.is(at, "or") && page.is_any(at + 1, &["so", "more", "less", "fewer"]);
    let plus = page.is(at, "plus") && !page.is_word(at + 1);
    if ish {
        Some(loose("ish"))
    } else if or_so {
        Some(loose(page.span(at, at + 2)))
    } else if plus {
        Some(loose("plus"))
    } else {
        None
    }
}

/// Money, when a currency stands on either side.
pub(super) fn money(page: &Page, quantity: &Quantity) -> Option<(usize, Reading)> {
    let mut to = quantity.to;
    let mut code = quantity.currency;
    let mut continental = matches!(code, Some("EUR" | "CHF" | "PLN" | "BRL" | "DKK" | "SEK" | "NOK"));
    let dash = code.is_none() && page.sign(to) == Some(',') && matches!(page.sign(to + 1), Some('-' | '–'));
    let after = to + if dash { 2 } else { 0 };
    let countries = [("canadian", "CAD"), ("australian", "AUD"), ("us", "USD"), ("american", "USD"), ("swiss", "CHF")];
    let named = countries.into_iter().find_map(|(word, code)| page.is(after, word).then_some(code));
    if let Some(named) = named.filter(|_| currency_at(page, after + 1).is_some()) {
        (code, to) = (Some(named), after + 2);
    } else if let Some((end, found)) = currency_at(page, after)
        && (code.is_none() || page.is_word(after))
        && !weighs(page, after)
    {
        // `$86,400 USD` and `$86,400 CAD`: the code is the clearer of the two.
        if code.is_none() || quantity.currency != Some(found) || page.glued(after) || page.words(after) == found {
            continental |= code.is_none() && matches!(found, "EUR" | "CHF" | "PLN" | "BRL" | "DKK" | "SEK" | "NOK");
            (code, to) = (Some(found), end);
        }
    }
    let code = code?;
    let tail = page.glued(to) && matches!(page.shape(to), Some(Shape::Word | Shape::Digits));
    if tail || (to == quantity.to && !page.clean_end(to) && page.sign(to) != Some('-') && page.sign(to) != Some('/')) {
        return None;
    }
    let currency = Some(code).filter(|code| !code.is_empty()).map(str::to_owned);
    let wrap = |amount| Value::Money(Money { amount, currency: currency.clone() });
    let (value, precision) = match (quantity.other, continental) {
        (Some(other), true) => (wrap(other), Precision::Exact),
        (Some(other), false) => (wrap(quantity.amount), Precision::Ambiguous(vec![wrap(quantity.amount), wrap(other)])),
        (None, _) => (wrap(quantity.amount), Precision::Exact),
    };
    let loose = quantity.loose.clone().or_else(|| loose_after(page, to));
    let precision = loose.map_or(precision, Precision::Vague);
    Some((to, Reading { value, precision }))
}

/// Pounds can be a weight.
fn weighs(page: &Page, at: usize) -> bool {
    page.is_any(at, &["pound", "pounds"]) && page.is_any(at + 1, &["of", "gross", "net", "payload", "each"])
}

/// A bare number or a measure; ids, versions, times and list marks are none.
fn number(page: &Page, quantity: &Quantity) -> Option<Found> {
    let mut to = quantity.to;
    let unit = measure(page, quantity, &mut to);
    if unit.is_none() && !counts(page, quantity) {
        return None;
    }
    if !page.clean_end(to) || (page.sign(to) == Some('-') && page.glued(to) && page.glued(to + 1)) {
        return None;
    }
    let wrap = |amount| Value::Number(Number { amount, unit: unit.clone() });
    let mut others: Vec<Value> = quantity.other.into_iter().map(&wrap).collect();
    if quantity.small_m {
        let metres = quantity.amount.checked_div(Decimal::from(1_000_000))?.normalize();
        others.push(Value::Number(Number { amount: metres, unit: Some("m".to_owned()) }));
    }
    let value = wrap(quantity.amount);
    let precision = match (&quantity.loose, others.is_empty()) {
        (Some(reason), _) => Precision::Vague(reason.clone()),
        (None, true) => Precision::Exact,
        (None, false) => {
            others.insert(0, value.clone());
            Precision::Ambiguous(others)
        }
    };
    Some(Found::one(page, Sort::Number, quantity.from, to, Reading { value, precision }))
}

/// The unit of measure after a quantity; moves `to` behind it.
fn measure(page: &Page, quantity: &Quantity, to: &mut usize) -> Option<String> {
    if page.sign(*to) == Some('%') {
        *to += 1;
        return Some("%".to_owned());
    }
    if page.sign(*to) == Some('°') && page.is_any(*to + 1, &["c", "f"]) {
        let unit = format!("°{}", page.words(*to + 1).to_uppercase());
        *to += 2;
        return Some(unit);
    }
    if page.is(*to, "sq") && page.is_any(*to + 1, &["ft", "m"]) {
        let unit = format!("{}²", page.words(*to + 1).to_lowercase());
        *to += 2;
        return Some(unit);
    }
    let unit = page.means(*to, |meaning| match meaning {
        Meaning::Measure(unit) => Some(unit),
        _ => None,
    })?;
    let word = page.words(*to);
    // A single letter is a unit only in digits' company and in its own case.
    if word.len() == 1 && (!quantity.digits || word != unit || quantity.scaled) {
        return None;
    }
    *to += 1;
    let power = page.sign(*to).filter(|sign| page.glued(*to) && matches!(sign, '²' | '³'));
    *to += usize::from(power.is_some());
    Some(power.map_or_else(|| unit.to_owned(), |power| format!("{unit}{power}")))
}

/// Whether a number without a unit counts something, rather than naming or listing it.
fn counts(page: &Page, quantity: &Quantity) -> bool {
    let (from, to) = (quantity.from, quantity.to);
    let lists = page.opens_line(from)
        && matches!(page.sign(to), Some('.' | ')'))
        && page.glued(to)
        && !page.glued(to + 1)
        && page.shape(to + 1).is_some_and(|shape| shape != Shape::Break);
    let bracketed = page.sign(to) == Some(')')
        && page.glued(to)
        && from.checked_sub(1).is_some_and(|before| page.sign(before) == Some('(') && page.opens_line(before));
    let mut before = from.checked_sub(1);
    while let Some(at) = before
        && from - at < 3
        && matches!(page.sign(at), Some('.' | '#'))
    {
        before = at.checked_sub(1);
    }
    let named = before.is_some_and(|at| {
        page.meanings(at).contains(&Meaning::Label)
            && page.tokens.get(from.wrapping_sub(1)).is_some_and(|token| token.shape != Shape::Break)
    });
    let ordinal = page.glued(to) && page.is_word(to);
    let alone = !quantity.digits
        && to == from + 1
        && page.is_any(from, &["one", "un", "une", "una", "uno", "ein", "eine", "einen", "einem", "einer"]);
    let year = quantity.digits
        && to == from + 1
        && page.words(from).len() == 4
        && matches!(page.words(from).get(..2), Some("19" | "20"))
        && !page.is_word(to);
    !(lists || bracketed || named || ordinal || alone || year)
}
