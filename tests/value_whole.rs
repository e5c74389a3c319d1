//! Values as JSON both ways, when two are the same, who a name means, and
//! that no text whatever makes a reader panic or point outside it.

use baton::conversation::Side;
use baton::value::*;
use jiff::Timestamp;
use jiff::tz::Offset;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn participants() -> Vec<Participant> {
    let known = |name: &str, address: Option<&str>| Participant {
        name: name.to_owned(),
        address: address.map(str::to_owned),
        side: Side::Unknown,
    };
    vec![
        known("Dana Whitfield", Some("dana@nw.example")),
        known("Marcus Lee", Some("marcus@acme.example")),
        known("Marcus Stone", None),
        known("José O'Neil", Some("jose@nw.example")),
        known("Will Park", None),
    ]
}

fn with<T>(run: impl FnOnce(&Context) -> T) -> T {
    let people = participants();
    let said_at: Timestamp = "2026-03-03T09:20:00Z".parse().unwrap();
    run(&Context { said_at: Some(said_at), zone: Some(Offset::UTC), around: None, participants: &people })
}

fn choices() -> Kind {
    Kind::Enum(vec![
        Choice { id: "monthly".to_owned(), aliases: vec!["per month".to_owned()] },
        Choice { id: "yearly".to_owned(), aliases: vec!["annual".to_owned()] },
    ])
}

#[test]
fn json_is_read_by_type() {
    let check = |kind: Kind, list: ListOf, input: Json, expected: Option<Json>| {
        let found = with(|context| from_json(&kind, list, &input, context)).ok();
        assert_eq!(found.as_ref().map(to_json), expected, "{input}");
    };
    let usd = json!({"amount": "86400", "currency": "USD"});
    check(Kind::Money, ListOf::One, json!({"amount": 86400, "currency": "usd"}), Some(usd.clone()));
    check(Kind::Money, ListOf::One, json!({"amount": "86,400.00", "currency": "USD"}), Some(usd.clone()));
    check(Kind::Money, ListOf::One, json!("USD 86,400"), Some(usd));
    check(Kind::Money, ListOf::One, json!(86400), Some(json!({"amount": "86400", "currency": null})));
    check(Kind::Money, ListOf::One, json!("86400.500"), Some(json!({"amount": "86400.5", "currency": null})));
    check(Kind::Money, ListOf::One, json!("$1.234"), None);
    check(Kind::Money, ListOf::One, json!({"amount": 1, "currency": "dollars"}), None);
    check(Kind::Date, ListOf::One, json!("1 July 2026"), Some(json!("2026-07-01")));
    check(Kind::Date, ListOf::One, json!(1_782_864_000_000_i64), Some(json!("2026-07-01")));
    check(Kind::Date, ListOf::One, json!("2026-Q3"), Some(json!("2026-Q3")));
    check(Kind::Date, ListOf::One, json!("03/04/2026"), None);
    check(Kind::Date, ListOf::One, json!(null), None);
    check(Kind::DateTime, ListOf::One, json!("2026-07-01T15:00:00+02:00"), Some(json!("2026-07-01T15:00:00+02:00")));
    check(Kind::Duration, ListOf::One, json!("2 years"), Some(json!("P24M")));
    check(Kind::Number, ListOf::One, json!(40), Some(json!(40)));
    check(Kind::Number, ListOf::One, json!(1.234), Some(json!(1.234)));
    check(Kind::Number, ListOf::One, json!("5 GB"), Some(json!({"number": "5", "unit": "GB"})));
    check(Kind::Bool, ListOf::One, json!(true), Some(json!(true)));
    check(Kind::Bool, ListOf::One, json!("no"), Some(json!(false)));
    check(Kind::Bool, ListOf::One, json!(1), Some(json!(true)));
    check(Kind::Person, ListOf::One, json!("Dana"), Some(json!("Dana Whitfield")));
    check(Kind::Person, ListOf::One, json!("Marcus"), Some(json!("Marcus")));
    check(
        Kind::Person,
        ListOf::One,
        json!({"name": "Helen Ortiz", "email": "h@nw.example"}),
        Some(json!("Helen Ortiz")),
    );
    check(choices(), ListOf::One, json!("Annual"), Some(json!("yearly")));
    check(choices(), ListOf::One, json!("weekly"), None);
    check(Kind::Text, ListOf::Many, json!("SAP, Slack; Jira"), Some(json!(["SAP", "Slack", "Jira"])));
    check(Kind::Text, ListOf::Many, json!(["SAP TM"]), Some(json!(["SAP TM"])));
    check(Kind::Date, ListOf::Many, json!("July 1, 2026; July 2, 2026"), Some(json!(["2026-07-01", "2026-07-02"])));
    check(Kind::Text, ListOf::One, json!(["SAP", "Jira"]), None);
    check(Kind::Text, ListOf::One, json!([["SAP"]]), None);
    check(Kind::Text, ListOf::One, json!({"x": 1}), None);
}

#[test]
fn what_is_written_is_read_again() {
    let check = |kind: Kind, list: ListOf, text: &str| {
        with(|context| {
            let value = from_json(&kind, list, &json!(text), context).unwrap_or_else(|error| panic!("{text}: {error}"));
            let written = to_json(&value);
            let again = from_json(&kind, list, &written, context).unwrap_or_else(|error| panic!("{written}: {error}"));
            assert_eq!(again, value, "{text}");
        });
    };
    for text in ["1 July 2026", "July 2026", "2026", "Q3 2026", "tomorrow"] {
        check(Kind::Date, ListOf::One, text);
    }
    for text in ["2026-07-01T15:00:30Z", "tomorrow at 3pm CET", "1 July 2026", "July 1 at 9:05 EST"] {
        check(Kind::DateTime, ListOf::One, text);
    }
    for text in ["24 months", "90 days", "2h 30m", "P1Y2M10DT2H30M5S", "1.5 days", "0 days"] {
        check(Kind::Duration, ListOf::One, text);
    }
    for text in ["$86,400", "48k", "€1.2M", "-$5.50", "0.001 USD"] {
        check(Kind::Money, ListOf::One, text);
    }
    for text in ["40", "1.5", "5 GB", "-5%", "123456789012345678901", "300 m²"] {
        check(Kind::Number, ListOf::One, text);
    }
    check(Kind::Email, ListOf::One, "dana@nw.example");
    check(Kind::Phone, ListOf::One, "+49 211 5550123");
    check(Kind::Phone, ListOf::One, "555-0100");
    check(Kind::Url, ListOf::One, "https://nw.example/x");
    check(Kind::Person, ListOf::One, "Dana Whitfield");
    check(choices(), ListOf::Many, "monthly, annual");
    check(Kind::Bool, ListOf::One, "yes");
    check(Kind::Text, ListOf::One, "SAP TM");
}

#[test]
fn values_that_mean_the_same() {
    let read_one = |kind: &Kind, text: &str| {
        with(|context| read(kind, text, context)).unwrap_or_else(|error| panic!("{text}: {error}")).value
    };
    let check = |kind: Kind, a: &str, b: &str, expected: bool| {
        let (one, other) = (read_one(&kind, a), read_one(&kind, b));
        assert_eq!(same(&one, &other), expected, "{a} | {b}");
        assert_eq!(same(&other, &one), expected, "{b} | {a}");
    };
    check(Kind::Money, "$86,400", "USD 86400.00", true);
    check(Kind::Money, "$86,400", "86.4k", true);
    check(Kind::Money, "$86,400", "€86,400", false);
    check(Kind::Money, "$86,400", "$86,401", false);
    check(Kind::Duration, "P12M", "P1Y", true);
    check(Kind::Duration, "24 months", "2 years", true);
    check(Kind::Duration, "24 hours", "1 day", true);
    check(Kind::Duration, "30 days", "1 month", false);
    check(Kind::Phone, "+49 211 5550123", "0211 5550123", true);
    check(Kind::Phone, "+1 555 010 0123", "(555) 010-0123", true);
    check(Kind::Phone, "555-0100", "+1 555 555 0100", false);
    check(Kind::Url, "https://www.NW.example/", "nw.example", true);
    check(Kind::Url, "https://nw.example/a", "https://nw.example/b", false);
    check(Kind::Email, "Dana@NW.example", "dana@nw.example", true);
    check(Kind::Person, "Whitfield, Dana", "Dana Whitfield", true);
    check(Kind::Person, "Helen Órtiz", "helen ortiz", true);
    check(Kind::Person, "Helen", "Helen Ortiz", false);
    check(Kind::Text, "The Acme-Portal.", "acme portal", true);
    check(Kind::Text, "C++", "C", false);
    check(Kind::Text, "SAP TM", "SAP", false);
    check(Kind::DateTime, "2026-07-01T15:00:00Z", "1 July 2026", true);
    check(Kind::DateTime, "2026-07-01T15:00:00Z", "2026-07-01 17:00 +02:00", true);
    check(Kind::Date, "July 2026", "1 July 2026", false);
    check(Kind::Number, "5 GB", "5 TB", false);
    check(Kind::Number, "five", "5", true);
    let list = |items: &[&str]| Value::List(items.iter().map(|item| Value::Text((*item).to_owned())).collect());
    assert!(same(&list(&["SAP", "Jira"]), &list(&["jira", "sap", "SAP"])));
    assert!(!same(&list(&["SAP", "Jira"]), &list(&["SAP"])));
    assert!(same(&list(&["SAP"]), &Value::Text("sap".to_owned())));
    assert!(same(&list(&[]), &list(&[])));
    let person =
        |name: &str, address: &str| Value::Person(Person { name: name.to_owned(), address: Some(address.to_owned()) });
    assert!(same(&person("Dana", "d@nw.example"), &person("Dana Whitfield", "D@nw.example")));
}

#[test]
fn a_text_is_read_as_a_person() {
    let check = |input: &str, expected: &str| {
        let found = match with(|context| read(&Kind::Person, input, context)) {
            Err(_) => "!".to_owned(),
            Ok(reading) => {
                let Value::Person(person) = &reading.value else { panic!("{reading:?}") };
                let name = person
                    .address
                    .as_ref()
                    .map_or_else(|| person.name.clone(), |address| format!("{} <{address}>", person.name));
                match reading.precision {
                    Precision::Exact => name,
                    Precision::Vague(_) => format!("~{name}"),
                    Precision::Ambiguous(values) => values.iter().map(display).collect::<Vec<_>>().join("?"),
                }
            }
        };
        assert_eq!(found, expected, "{input}");
    };
    check("Dana Whitfield (VP Ops) <dana@nw.example>", "Dana Whitfield <dana@nw.example>");
    check("Helen Ortiz (CFO)", "Helen Ortiz");
    check("Helen Ortiz, VP Operations", "Helen Ortiz");
    check("Ms. Helen Ortiz", "Helen Ortiz");
    check("Ortiz, Helen", "Helen Ortiz");
    check("Helen <helen@nw.example>", "Helen <helen@nw.example>");
    check("dana@nw.example", "Dana Whitfield <dana@nw.example>");
    check("Dana", "Dana Whitfield <dana@nw.example>");
    check("Whitfield", "Dana Whitfield <dana@nw.example>");
    check("Marcus", "Marcus Lee?Marcus Stone");
    check("Helen", "~Helen");
    check("Helen something", "~Helen something");
    check("the CTO", "~the CTO");
    check("their VP Ops", "~their VP Ops");
    check("their VP Ops, Helen something", "~Helen something");
    check("someone from IT", "~someone");
    check("Helen Ortiz from IT", "Helen Ortiz");
    check("Helen Ortiz and Bob Stone", "!");
    check("our project manager Helen Ortiz", "Helen Ortiz");
    check("--", "!");
}

#[test]
fn people_in_running_text() {
    let check = |input: &str, expected: &[(&str, &str)]| {
        let found = with(|context| {
            find_people(input, context)
                .into_iter()
                .map(|spot| {
                    let name = match &spot.reading.precision {
                        Precision::Exact => display(&spot.reading.value),
                        Precision::Vague(_) => format!("~{}", display(&spot.reading.value)),
                        Precision::Ambiguous(values) => values.iter().map(display).collect::<Vec<_>>().join("?"),
                    };
                    (input[spot.start..spot.end].to_owned(), name)
                })
                .collect::<Vec<_>>()
        });
        let expected: Vec<(String, String)> =
            expected.iter().map(|(words, name)| ((*words).to_owned(), (*name).to_owned())).collect();
        assert_eq!(found, expected, "{input}");
    };
    check("Dana Whitfield signs.", &[("Dana Whitfield", "Dana Whitfield")]);
    check("Ask Dana.", &[("Dana", "Dana Whitfield")]);
    check("Hi Dana,", &[("Dana", "Dana Whitfield")]);
    check("Marcus will do it", &[("Marcus", "Marcus Lee?Marcus Stone")]);
    check("Marcus Lee will do it", &[("Marcus Lee", "Marcus Lee")]);
    check("Dana Smith is someone else", &[]);
    check("Jose O'Neil and dana", &[("Jose O'Neil", "José O'Neil")]);
    check("Will you come? Ask Will.", &[("Will", "Will Park")]);
    check("our VP Ops, Helen Ortiz, decides", &[("Helen Ortiz", "Helen Ortiz")]);
    check("Helen Ortiz (CFO) decides", &[("Helen Ortiz", "Helen Ortiz")]);
    check("Helen Ortiz is our project manager", &[("Helen Ortiz", "Helen Ortiz")]);
    check("I'm Helen Ortiz from Northwind", &[("Helen Ortiz", "Helen Ortiz")]);
    check("their VP Ops, Helen something", &[("Helen something", "~Helen something")]);
    check("Ms Ortiz", &[("Ortiz", "~Ortiz")]);
    check("Project Manager, Northwind Logistics", &[]);
    check("Acme Portal is live in New York", &[]);
    check("dana@nw.example @Dana_W", &[]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn no_text_breaks_a_reader(text in text()) {
        with(|context| {
            for context in [*context, Context { said_at: None, zone: None, around: None, participants: &[] }] {
                let spotted = scan(&text, Sorts::ALL, &context);
                let mut ends = std::collections::HashMap::new();
                for spot in spotted.iter().chain(&find_people(&text, &context)) {
                    assert!(spot.start < spot.end && text.get(spot.start..spot.end).is_some(), "{text:?} {spot:?}");
                    let end = ends.insert(spot.sort, spot.end).unwrap_or(0);
                    assert!(end <= spot.start, "{text:?} {spot:?}");
                    display(&spot.reading.value);
                    to_json(&spot.reading.value);
                }
                for kind in [
                    Kind::Text, Kind::LongText, Kind::Date, Kind::DateTime, Kind::Duration, Kind::Money, Kind::Number, Kind::Email, Kind::Phone,
                    Kind::Url, Kind::Person, Kind::Team, choices(), Kind::Bool,
                ] {
                    if let Ok(reading) = read(&kind, &text, &context) {
                        assert!(same(&reading.value, &reading.value), "{text:?} {reading:?}");
                    }
                    vagueness(&kind, &text);
                    let _ = from_json(&kind, ListOf::Many, &json!(text), &context);
                }
                is_junk(&text, &[&text]);
                read_answer(&text);
            }
        });
    }
}

/// What values are made of.
const PIECES: [&str; 92] = [
    " ",
    " ",
    " ",
    "-",
    ".",
    ",",
    "/",
    ":",
    "'",
    "’",
    "(",
    ")",
    "+",
    "<",
    "~",
    "$",
    "€",
    "%",
    "@",
    "\n",
    "\u{a0}",
    "²",
    "é",
    "日",
    "#",
    "_",
    "1",
    "7",
    "12",
    "31",
    "2026",
    "999",
    "86,400",
    "1.234",
    "July",
    "May",
    "may",
    "Fri",
    "Monday",
    "next",
    "end",
    "of",
    "the",
    "in",
    "a",
    "half",
    "week",
    "weeks",
    "month",
    "from",
    "tomorrow",
    "Q",
    "3",
    "P",
    "24",
    "M",
    "T",
    "H",
    "k",
    "million",
    "USD",
    "kr",
    "net",
    "30",
    "at",
    "3pm",
    "CET",
    "UTC",
    "between",
    "and",
    "to",
    "twenty",
    "hundred",
    "one",
    "dozen",
    "Dana",
    "Whitfield",
    "VP",
    "Ms",
    "www.",
    "a@b.example",
    "http://",
    "acme.example",
    "couple",
    "mid",
    "st",
    "th",
    "GB",
    "year",
    "h",
    "m",
    "Z",
];

/// Arbitrary text, and text out of the pieces that values are made of.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "[0-9]{1,30}",
    ];
    prop_oneof![any::<String>(), prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())]
}
