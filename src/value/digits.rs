//! Numbers in digits and in words, before anyone asks what they count. Both
//! the English and the continental use of point and comma are read; where the
//! digits alone leave it open (`86.400`) both meanings are kept. Digits that
//! are grouped like no number at all (`86,4000`, `1.2.2026.4`) are none.

use rust_decimal::Decimal;

use super::lexicon::Meaning;
use super::tokens::Page;

/// A number literal and the token after it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Literal {
    pub to: usize,
    pub amount: Decimal,
    /// The other meaning, with the point as a mark of thousands.
    pub other: Option<Decimal>,
}

/// Whether plain spaces may group thousands (`12 500`), which only money does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grouping {
    Tight,
    Spaced,
}

/// The number in digits that starts at token `at`.
pub(super) fn literal(page: &Page, at: usize, grouping: Grouping) -> Option<Literal> {
    let first = page.digits(at)?;
    let mut groups = vec![(' ', first)];
    let mut to = at + 1;
    loop {
        if let (Some(sign), Some(digits)) = (page.sign(to), page.digits(to + 1))
            && page.glued(to)
            && page.glued(to + 1)
            && matches!(sign, '.' | ',' | '\'' | '’')
        {
            groups.push((if sign == '’' { '\'' } else { sign }, digits));
            to += 2;
        } else if let Some(digits) = page.digits(to)
            && digits.len() == 3
            && first.len() <= 3
            && groups.iter().all(|(sign, _)| *sign == ' ')
            && spaces_group(page, to, grouping)
        {
            groups.push((' ', digits));
            to += 1;
        } else {
            break;
        }
    }
    let (amount, other) = understand(&groups)?;
    Some(Literal { to, amount, other })
}

/// Whether the white space before token `at` may stand inside a number.
fn spaces_group(page: &Page, at: usize, grouping: Grouping) -> bool {
    let gap = page.text.get(page.end(at)..page.start(at)).unwrap_or("");
    matches!(gap, "\u{a0}" | "\u{202f}" | "\u{2009}") || (grouping == Grouping::Spaced && gap == " ")
}

fn understand(groups: &[(char, &str)]) -> Option<(Decimal, Option<Decimal>)> {
    let first = groups.first()?.1;
    let leading = if first.len() > 3 || first.starts_with('0') { None } else { Some(first) };
    match groups {
        [_] if first.len() > 1 && first.starts_with('0') => None,
        [_] => Some((decimal(first, "")?, None)),
        [_, ('.', fraction)] => {
            let grouped =
                leading.filter(|_| fraction.len() == 3).and_then(|_| decimal(&[first, fraction].concat(), ""));
            (first.len() == 1 || !first.starts_with('0')).then_some(())?;
            Some((decimal(first, fraction)?, grouped))
        }
        [_, (',', fraction)] if fraction.len() < 3 || first == "0" => {
            (first.len() == 1 || !first.starts_with('0')).then_some(())?;
            Some((decimal(first, fraction)?, None))
        }
        [_, rest @ .., (last, fraction)] => {
            leading?;
            let mark = rest.first().map_or(*last, |(sign, _)| *sign);
            let grouped = rest.iter().all(|(sign, digits)| *sign == mark && digits.len() == 3);
            let whole: String = groups.iter().take(groups.len() - 1).map(|(_, digits)| *digits).collect();
            match (grouped, *last == mark) {
                (true, true) if fraction.len() == 3 => Some((decimal(&(whole + fraction), "")?, None)),
                (true, false) if matches!(last, '.' | ',') => Some((decimal(&whole, fraction)?, None)),
                _ => None,
            }
        }
        [] => None,
    }
}

fn decimal(whole: &str, fraction: &str) -> Option<Decimal> {
    if whole.len() + fraction.len() > 24 {
        return None;
    }
    let text = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    text.parse::<Decimal>().ok()
}

/// No number is said in more words than this, which keeps the scan linear.
const MOST_WORDS: usize = 16;

/// The number in words that starts at token `at`: `twenty-five`, `two hundred and fifty`, `a dozen`.
pub(super) fn in_words(page: &Page, at: usize) -> Option<Literal> {
    let mut to = at;
    let (mut total, mut current, mut any) = (0_u64, 0_u64, false);
    if page.is_any(at, &["a", "an", "half"]) {
        return article(page, at);
    }
    while to < at + MOST_WORDS {
        let mut next = to;
        let hyphen = page.sign(next) == Some('-') && page.glued(next) && page.glued(next + 1);
        let joined = hyphen || (page.is(next, "and") && current % 100 == 0) || joins_tens(page, next, current);
        next += usize::from(any && joined);
        let cardinal = page.means(next, |meaning| match meaning {
            Meaning::Cardinal(value) => Some(u64::from(value)),
            _ => None,
        });
        if any && current % 100 == 4 && page.is_any(next, &["vingt", "vingts"]) {
            // `quatre-vingts`
            current += 76;
        } else if let Some(value) = cardinal {
            let score = any && page.is_any(to - 1, &["soixante", "vingt", "vingts"]);
            if any && !fits(current, value, score) {
                break;
            }
            current += value;
        } else if let Some(power) = spoken_scale(page, next)
            && any
            && next == to
        {
            if power == 2 {
                current = current.max(1).checked_mul(100)?;
            } else {
                total = total.checked_add(current.max(1).checked_mul(10_u64.checked_pow(power)?)?)?;
                current = 0;
            }
        } else {
            break;
        }
        any = true;
        to = next + 1;
    }
    let amount = Decimal::from(total.checked_add(current)?);
    any.then(|| Literal { to: in_brackets(page, to, amount), amount, other: None })
}

/// Whether a number goes on with this one: `two hundred | fifty`, `sixty | five`, after a score `soixante | douze`.
fn fits(current: u64, value: u64, score: bool) -> bool {
    let tens = current % 100;
    let teens = score && matches!(tens, 60 | 80) && (10..20).contains(&value);
    tens == 0 && value < 100
        || tens.is_multiple_of(10) && (20..100).contains(&tens) && (1..10).contains(&value)
        || teens
}

/// `sesenta y cinco`, `vingt et un`, `soixante et onze`: the word between tens and ones.
fn joins_tens(page: &Page, at: usize, current: u64) -> bool {
    let ones = |range: std::ops::Range<u32>| {
        page.means(at + 1, |meaning| match meaning {
            Meaning::Cardinal(value) => range.contains(&value).then_some(()),
            _ => None,
        })
    };
    // `cuarenta y un poco`
    let more = page.is_any(at + 2, &["poco", "pico", "peu", "par"]);
    let tens = current.is_multiple_of(10) && (20..100).contains(&(current % 100)) && !more;
    let spanish = page.is(at, "y") && ones(1..10).is_some();
    let french = page.is(at, "et") && (ones(1..2).is_some() || ones(11..12).is_some());
    tens && (spanish || french)
}

/// `a dozen`, `a hundred`, `half a dozen`, `half an hour` is left to durations.
fn article(page: &Page, at: usize) -> Option<Literal> {
    let half = page.is(at, "half");
    let word = at + usize::from(half && page.is_any(at + 1, &["a"])) + 1;
    let amount = if page.is(word, "dozen") {
        Decimal::from(if half { 6 } else { 12 })
    } else {
        match spoken_scale(page, word) {
            Some(power) if !half => Decimal::from(10_u64.checked_pow(power)?),
            _ => return None,
        }
    };
    Some(Literal { to: word + 1, amount, other: None })
}

/// A power of ten said as a word; letters such as `k` only follow digits.
fn spoken_scale(page: &Page, at: usize) -> Option<u32> {
    if page.words(at).len() < 3 {
        return None;
    }
    page.means(at, |meaning| match meaning {
        Meaning::Scale(power) => Some(power),
        _ => None,
    })
}

/// Contracts repeat a number in digits: `twenty-four (24) months`.
fn in_brackets(page: &Page, at: usize, amount: Decimal) -> usize {
    let again = page.sign(at) == Some('(') && page.sign(at + 2) == Some(')');
    let same = page.small(at + 1, 12).is_some_and(|value| Decimal::from(value) == amount);
    if again && same { at + 3 } else { at }
}
