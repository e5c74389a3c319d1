//! What a figure measures, told by the words around it: some of the people and
//! not all, places and not people, a bound and no count, or how long a contract
//! runs among its other terms.

use crate::language::{Phrases, fold, tokens};
use crate::route::Field;
use crate::value::{Kind, Sort, Spotted};

use super::writers::bears;
use super::{Line, Scene, Sign};

/// A figure that measures something else than the field: `at the two sites`, `the company is 430, but the rest …`,
/// `… plus freight`.
pub(super) fn is_of_another_measure(line: &Line, spotted: &Spotted, field: &Field) -> bool {
    let behind = line.text[spotted.end..line.end].to_lowercase();
    let label = format!("{} {} {}", field.key, field.label, field.question).to_lowercase();
    match field.kind {
        Kind::Number => {
            let people =
                ["people", "user", "person", "employee", "staff", "team"].iter().any(|word| label.contains(word));
            let next = behind.split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty()).unwrap_or_default();
            // Up to the next figure, which has words of its own behind it.
            let own = behind.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
            // `Four of the night hands too`: they come on top of others.
            let added = own.split(['.', ',']).next().is_some_and(|words| {
                words.ends_with(" too") || words.ends_with(" as well") || words.ends_with(" more")
            });
            // `We're 212 staff, but …`: all of a house.
            let whole = matches!(next, "staff" | "employees" | "headcount" | "mitarbeiter" | "salariés" | "empleados")
                && behind.contains(", but");
            people && (added || whole || is_place(next) || bears(field, "user count") && counts_a_part(line, spotted))
                || LEFT_OVER.iter().any(|words| own.contains(words))
        }
        Kind::Money => {
            let asked = ["freight", "shipping", "delivery"].iter().any(|word| label.contains(word));
            let list = [
                "list",
                "list price",
                "listed",
                "originally",
                "instead of",
                "down from",
                "quoted",
                "last year",
                "statt",
                "au lieu de",
                "en lugar de",
            ];
            let clause = line.text[line.start..spotted.start].to_lowercase();
            let clause = clause.rsplit([',', ';', ':']).next().unwrap_or_default().to_owned();
            let listed = list.iter().any(|words| {
                clause.split(|c: char| !c.is_alphabetic()).any(|word| word == *words)
                    || words.contains(' ') && clause.contains(words)
            });
            listed || !asked && WITH_FREIGHT.iter().any(|words| behind.contains(words))
        }
        _ => false,
    }
}

/// `The two planners, me, and three supervisors`, `Two planners need all Sunday`: some of them, by what they do.
fn counts_a_part(line: &Line, spotted: &Spotted) -> bool {
    const USES: Phrases = Phrases::new(&[
        "use",
        "using",
        "log in",
        "login",
        "access",
        "seat",
        "licen",
        "on it",
        "in it",
        "work with",
        "need it",
        "total",
        "of us",
    ]);
    let rest = &line.text[spotted.end..line.end];
    let noun = tokens(rest).first().map(|token| fold(token.text(rest)).into_owned()).unwrap_or_default();
    let by_trade = ["ers", "ors", "ists", "ants"].iter().any(|end| noun.ends_with(end))
        && !matches!(noun.as_str(), "users" | "others" | "members" | "numbers" | "workers");
    if !by_trade || USES.stand_in(line.words()) {
        return false;
    }
    let before = line.text[line.start..spotted.start].trim_end().to_lowercase();
    let the = ["the", "our", "both"].iter().any(|word| before.ends_with(word));
    let listed = line.values.iter().filter(|other| other.sort == Sort::Number).count() > 1;
    let acts = tokens(rest).get(1).is_some_and(|token| {
        matches!(fold(token.text(rest)).as_ref(), "need" | "spend" | "lose" | "take" | "sit" | "do" | "waste" | "have")
    });
    the || listed || acts && before.is_empty()
}

/// `… for the first year, three years, and one invoice a year`, `the six-month paid pilot`: how long it runs, told among
/// the terms of a contract.
pub(super) fn is_listed_term(scene: &Scene, line: &Line, field: usize, spotted: &Spotted) -> bool {
    if spotted.sort != Sort::Duration || !bears(&scene.route.fields[field], "contract term") {
        return false;
    }
    let words = line.text[spotted.start..spotted.end].to_lowercase();
    if !["month", "year", "monat", "jahr", "mois", "an", "mes", "año"].iter().any(|unit| words.contains(unit)) {
        return false;
    }
    let terms = line.hits.iter().any(|hit| {
        let other = &scene.route.fields[hit.field];
        bears(other, "contract type") && (matches!(hit.sign, Sign::Choice(_)) || hit.tells())
            || bears(other, "contract value")
                && hit.tells()
                && line.values.iter().any(|value| value.sort == Sort::Money)
    });
    let before = line.text[line.start..spotted.start].trim_end();
    let rest = &line.text[spotted.end..line.end];
    let next = tokens(rest).first().map(|token| fold(token.text(rest)).into_owned()).unwrap_or_default();
    let apart = before.ends_with([',', '(', ';', ':', '-', '–']) || before.is_empty();
    let ends = rest.trim().is_empty()
        || rest.starts_with([',', '.', ')', ';'])
        || matches!(next.as_str(), "and" | "then" | "und" | "et" | "y");
    let names = ["paid", "pilot", "contract", "agreement", "deal", "term"].contains(&next.as_str())
        && !["notice", "payment"].iter().any(|word| rest.to_lowercase().contains(word));
    terms && (apart && ends || names)
}

const LEFT_OVER: [&str; 6] =
    ["but the rest ", "but most of", "aber der rest", "mais le reste", "pero el resto", "the others don't"];

const WITH_FREIGHT: [&str; 8] = [
    "plus freight",
    "with freight",
    "including freight",
    "incl. freight",
    "including shipping",
    "plus shipping",
    "inklusive fracht",
    "port compris",
];

#[rustfmt::skip]
fn is_place(word: &str) -> bool {
    matches!(
        word,
        "sites" | "site" | "locations" | "offices" | "depots" | "depot" | "warehouses" | "warehouse" | "stores" | "shops" | "branches" | "plants" | "hubs" | "countries" | "standorte" | "standorten"
            | "filialen" | "lager" | "entrepôts" | "magasins" | "almacenes" | "tiendas" | "sedes"
    )
}

/// `On the other two I have to ask`, `those three`: a figure that points at what was named before.
pub(super) fn points_at(line: &Line, spotted: &Spotted) -> bool {
    let before = line.text[line.start..spotted.start].trim_end().to_lowercase();
    let last = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let spelled = !line.text[spotted.start..spotted.end].contains(|c: char| c.is_ascii_digit());
    spotted.sort == Sort::Number
        && spelled
        && matches!(
            last,
            "other"
                | "those"
                | "these"
                | "last"
                | "first"
                | "next"
                | "both"
                | "anderen"
                | "beiden"
                | "autres"
                | "otros"
                | "otras"
                | "question"
                | "number"
                | "point"
        )
}

/// `pasa de cuatro`, `mehr als zehn`, `plus de dix`: a bound and no count.
pub(super) fn is_bound(line: &Line, spotted: &Spotted) -> bool {
    let before = line.text[line.start..spotted.start].trim_end().to_lowercase();
    let bounds = [
        "más de",
        "menos de",
        "pasa de",
        "pasan de",
        "mehr als",
        "weniger als",
        "plus de",
        "moins de",
        "more than",
        "fewer than",
    ];
    spotted.sort == Sort::Number && bounds.iter().any(|words| before.ends_with(words))
}
