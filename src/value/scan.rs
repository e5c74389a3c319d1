//! All typed values inside running text in one pass. Every sort of value is
//! looked for at every place even if it is not wanted, because a phone number
//! is no amount and a time of day no count: knowing what a thing is keeps it
//! from being taken for something else.

use super::tokens::{Page, Shape};
use super::{Context, Kind, Names, Reading, amount, clock, contact, date, duration, people, phone, relative};

/// What sort of value was spotted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sort {
    Date,
    DateTime,
    Duration,
    Money,
    Number,
    Email,
    Phone,
    Url,
    Person,
}

impl Sort {
    pub const PERSON: Sort = Sort::Person;
}

/// A set of sorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sorts(u16);

impl Sorts {
    pub const NONE: Sorts = Sorts(0);
    pub const DATE: Sorts = Sorts::only(Sort::Date);
    pub const DATETIME: Sorts = Sorts::only(Sort::DateTime);
    pub const DURATION: Sorts = Sorts::only(Sort::Duration);
    pub const MONEY: Sorts = Sorts::only(Sort::Money);
    pub const NUMBER: Sorts = Sorts::only(Sort::Number);
    pub const EMAIL: Sorts = Sorts::only(Sort::Email);
    pub const PHONE: Sorts = Sorts::only(Sort::Phone);
    pub const URL: Sorts = Sorts::only(Sort::Url);
    /// Everything [`scan`] can spot; people are found by [`super::find_people`].
    pub const ALL: Sorts = Sorts(0xff);

    pub const fn only(sort: Sort) -> Sorts {
        Sorts(1 << sort as u16)
    }

    #[must_use]
    pub const fn union(self, other: Sorts) -> Sorts {
        Sorts(self.0 | other.0)
    }

    pub const fn contains(self, sort: Sort) -> bool {
        self.0 & Sorts::only(sort).0 != 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The sorts whose spots may hold a value of `kind`: empty for kinds that are read by other means.
    pub fn of(kind: &Kind) -> Sorts {
        match kind {
            Kind::Date | Kind::DateTime => Sorts::DATE.union(Sorts::DATETIME),
            Kind::Duration => Sorts::DURATION,
            Kind::Money => Sorts::MONEY.union(Sorts::NUMBER),
            Kind::Number => Sorts::NUMBER,
            Kind::Email => Sorts::EMAIL,
            Kind::Phone => Sorts::PHONE,
            Kind::Url => Sorts::URL,
            Kind::Text | Kind::LongText | Kind::Person | Kind::Team | Kind::Enum(_) | Kind::Bool => Sorts::NONE,
        }
    }
}

impl std::ops::BitOr for Sorts {
    type Output = Sorts;

    fn bitor(self, other: Sorts) -> Sorts {
        self.union(other)
    }
}

/// A value and where it stands: byte offsets of exactly its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Spotted {
    pub sort: Sort,
    pub start: usize,
    pub end: usize,
    pub reading: Reading,
}

/// What a recogniser found at a place: the token to go on with, and the values.
/// Without values it says "this is something, but none of ours".
#[derive(Debug)]
pub(super) struct Found {
    pub to: usize,
    pub spotted: Vec<Spotted>,
}

impl Found {
    pub fn nothing(to: usize) -> Found {
        Found { to, spotted: Vec::new() }
    }

    pub fn one(page: &Page, sort: Sort, from: usize, to: usize, reading: Reading) -> Found {
        Found { to, spotted: vec![spot(page, sort, from, to, reading)] }
    }
}

pub(super) fn spot(page: &Page, sort: Sort, from: usize, to: usize, reading: Reading) -> Spotted {
    Spotted { sort, start: page.start(from), end: page.end(to), reading }
}

/// The wanted values in `text`, in order; those of one sort never overlap.
pub fn scan(text: &str, wanted: Sorts, context: &Context) -> Vec<Spotted> {
    find_on(&Page::new(text, context), wanted)
}

/// The wanted values and the people named in `text`, by start; the text is cut once for both.
pub fn scan_with_people(text: &str, wanted: Sorts, context: &Context, names: &Names) -> Vec<Spotted> {
    let page = Page::new(text, context);
    let mut spotted = find_on(&page, wanted);
    spotted.extend(people::find_on(&page, names));
    spotted.sort_by_key(|spot| spot.start);
    spotted
}

fn find_on(page: &Page, wanted: Sorts) -> Vec<Spotted> {
    let contacts = contact::find(page.text);
    let mut spotted: Vec<Spotted> = Vec::new();
    let mut contact_ranges = contacts.iter().map(|contact| (contact.start, contact.end)).peekable();
    let mut at = 0;
    while let Some(token) = page.tokens.get(at) {
        while contact_ranges.next_if(|(_, end)| *end <= token.start).is_some() {}
        if contact_ranges.peek().is_some_and(|(start, _)| *start <= token.start) {
            at += 1;
            continue;
        }
        match recognise(page, at) {
            Some(found) => {
                spotted.extend(found.spotted);
                at = found.to.max(at + 1);
            }
            None if token.shape == Shape::Digits => at = page.run_end(at),
            None => at += 1,
        }
    }
    spotted.extend(contacts);
    spotted.retain(|spot| wanted.contains(spot.sort));
    spotted.sort_by_key(|spot| (spot.start, spot.sort));
    keep_apart(spotted)
}

/// A later value that begins inside an earlier one of its sort is dropped.
fn keep_apart(spotted: Vec<Spotted>) -> Vec<Spotted> {
    let mut ends = [0; 9];
    spotted
        .into_iter()
        .filter(|spot| {
            let Some(end) = ends.get_mut(spot.sort as usize) else { return false };
            let free = spot.start >= *end;
            *end = spot.end.max(*end);
            free
        })
        .collect()
}

fn recognise(page: &Page, at: usize) -> Option<Found> {
    match page.shape(at)? {
        Shape::Break => None,
        Shape::Digits => {
            if !page.clean_start(at) {
                return None;
            }
            clock::dated(page, at)
                .or_else(|| date::find(page, at))
                .or_else(|| clock::alone(page, at))
                .or_else(|| phone::find(page, at))
                .or_else(|| amount::find(page, at))
        }
        Shape::Sign => match page.sign(at)? {
            '+' | '(' => phone::find(page, at).or_else(|| amount::find(page, at)),
            '<' | '>' | '≤' | '≥' | '~' | '≈' | '±' | '-' | '−' | '–' | '$' | '€' | '£' | '¥' | '₹' | '₩' | '₽'
            | '₺' | '₪' => amount::find(page, at),
            _ => None,
        },
        Shape::Word => {
            if page.meanings(at).is_empty() && !quarter_letter(page, at) {
                return None;
            }
            clock::dated(page, at)
                .or_else(|| date::find(page, at))
                .or_else(|| relative::find(page, at))
                .or_else(|| duration::opening(page, at))
                .or_else(|| amount::find(page, at))
        }
    }
}

/// `Q3`, `H1`, `FY26` begin with a letter that means nothing alone.
fn quarter_letter(page: &Page, at: usize) -> bool {
    page.is_any(at, &["q", "h"]) && page.glued(at + 1)
}
