//! What counts as a date, which day it is, and how firmly: many tiny cases,
//! with the traps that make other readers take times, versions and verbs for
//! dates.

use baton::value::{Context, Kind, Precision, Sort, Sorts, Value, read, scan, to_json};
use jiff::Timestamp;
use jiff::tz::Offset;

/// Tuesday, 3 March 2026, 10:20 in Berlin.
fn context() -> Context<'static> {
    let said_at: Timestamp = "2026-03-03T09:20:00Z".parse().unwrap();
    Context { said_at: Some(said_at), zone: Some(Offset::constant(1)), around: None, participants: &[] }
}

fn text_of(value: &Value) -> String {
    match to_json(value) {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}

/// `words=value`, with `~` after the words of a vague one and `?` between the meanings of an ambiguous one.
fn spotted(input: &str, sorts: Sorts, context: &Context) -> Vec<String> {
    scan(input, sorts, context)
        .into_iter()
        .map(|spot| {
            let words = &input[spot.start..spot.end];
            match &spot.reading.precision {
                Precision::Exact => format!("{words}={}", text_of(&spot.reading.value)),
                Precision::Vague(_) => format!("{words}~{}", text_of(&spot.reading.value)),
                Precision::Ambiguous(values) => {
                    assert_eq!(values.first(), Some(&spot.reading.value));
                    format!("{words}={}", values.iter().map(text_of).collect::<Vec<_>>().join("?"))
                }
            }
        })
        .collect()
}

fn check(input: &str, expected: &[&str]) {
    assert_eq!(spotted(input, Sorts::DATE, &context()), expected, "{input}");
}

fn check_times(input: &str, expected: &[&str]) {
    assert_eq!(spotted(input, Sorts::DATETIME, &context()), expected, "{input}");
}

#[test]
fn whole_dates() {
    check("on 2026-07-01.", &["2026-07-01=2026-07-01"]);
    check("2026/07/01", &["2026/07/01=2026-07-01"]);
    check("1 July 2026", &["1 July 2026=2026-07-01"]);
    check("the 1st of July, 2026!", &["1st of July, 2026=2026-07-01"]);
    check("July 1, 2026", &["July 1, 2026=2026-07-01"]);
    check("Jul. 1 2026", &["Jul. 1 2026=2026-07-01"]);
    check("1-Jul-26", &["1-Jul-26=2026-07-01"]);
    check("1 Jul '26", &["1 Jul '26=2026-07-01"]);
    check("01.07.2026", &["01.07.2026=2026-07-01"]);
    check("am 1. Juli 2026", &["1. Juli 2026=2026-07-01"]);
    check("le 1er juillet 2026", &["1er juillet 2026=2026-07-01"]);
    check("1 de julio de 2026", &["1 de julio de 2026=2026-07-01"]);
    check("JULY 15, 2026", &["JULY 15, 2026=2026-07-15"]);
    check("5/25/2026 and 25/5/2026", &["5/25/2026=2026-05-25", "25/5/2026=2026-05-25"]);
    check("03/04/2026", &["03/04/2026=2026-03-04?2026-04-03"]);
    check("05/05/2026", &["05/05/2026=2026-05-05"]);
    check("07/01/26", &["07/01/26=2026-07-01?2026-01-07"]);
    check("(2026-07-01)", &["2026-07-01=2026-07-01"]);
    check("by July 1,\n2027 at the latest", &["July 1,\n2027=2027-07-01"]);
    check("29 February 2027", &[]);
}

#[test]
fn dates_without_a_year() {
    check("July 1", &["July 1=2026-07-01"]);
    check("we go live July 15th", &["July 15th=2026-07-15"]);
    check("2 March", &["2 March=2026-03-02"]);
    check("3 March", &["3 March=2026-03-03"]);
    check("5 December", &["5 December=2025-12-05"]);
    check("20 November", &["20 November=2026-11-20"]);
    check("Friday 13 March", &["Friday 13 March=2026-03-13"]);
    check("Fri, Mar 13", &["Fri, Mar 13=2026-03-13"]);
    check("Friday 14 March", &["Friday 14 March=2026-03-14?2026-03-13"]);
    check("Friday, 14 November 2026", &["Friday, 14 November 2026=2026-11-14?2026-11-13"]);
    check("by 7/15", &["7/15=2026-07-15"]);
    check("by 7/4", &["7/4=2026-07-04?2026-04-07"]);
    check("am 1.7. live", &["1.7.=2026-07-01"]);
    check("July 1-5", &["July 1=2026-07-01", "5=2026-07-05"]);
    check("1–5 July 2026", &["1=2026-07-01", "5 July 2026=2026-07-05"]);
    check("from 1 July to 5 July", &["1 July=2026-07-01", "5 July=2026-07-05"]);
    check("around July 1", &["July 1~2026-07-01"]);
    check("probably July 1", &["July 1~2026-07-01"]);
    let unknown = Context { said_at: None, zone: None, around: None, participants: &[] };
    assert_eq!(spotted("July 1", Sorts::DATE, &unknown), ["July 1~July 1"]);
    assert_eq!(
        spotted("tomorrow, July 1, 2026", Sorts::DATE, &unknown),
        ["tomorrow~tomorrow", "July 1, 2026=2026-07-01"]
    );
}

#[test]
fn stretches_are_vague() {
    check("in July", &["July~2026-07"]);
    check("July works", &["July~2026-07"]);
    check("July 2026", &["July 2026~2026-07"]);
    check("2026-07", &["2026-07~2026-07"]);
    check("Q3", &["Q3~2026-Q3"]);
    check("Q1 2027", &["Q1 2027~2027-Q1"]);
    check("Q3/2026", &["Q3/2026~2026-Q3"]);
    check("third quarter of 2026", &["third quarter of 2026~2026-Q3"]);
    check("mid-July", &["mid-July~2026-07"]);
    check("mid July 2027", &["mid July 2027~2027-07"]);
    check("end of Q3", &["end of Q3~2026-Q3"]);
    check("end of July", &["end of July~2026-07"]);
    check("early next year", &["early next year~2027"]);
    check("the week of July 6", &["July 6~2026-07-06"]);
    check("July 4th weekend", &["July 4th~2026-07-04"]);
    check("EOY 2027", &["EOY 2027~2027"]);
    check("next month", &["next month~2026-04"]);
    check("this quarter", &["this quarter~2026-Q1"]);
    check("in 2027.", &["2027~2027"]);
    check("this summer", &["this summer~2026"]);
    check("by summer 2027", &["summer 2027~2027"]);
    check("sometime in July", &["July~2026-07"]);
    check("next week", &["next week~2026-03-09"]);
    check("in January", &["January~2026-01"]);
    check("in May", &["May~2026-05"]);
    check("in 3 months", &["in 3 months~2026-06"]);
}

#[test]
fn relative_dates() {
    check("today", &["today=2026-03-03"]);
    check("Tomorrow.", &["Tomorrow=2026-03-04"]);
    check("the day after tomorrow", &["day after tomorrow=2026-03-05"]);
    check("in 3 days", &["in 3 days=2026-03-06"]);
    check("in two weeks", &["in two weeks=2026-03-17"]);
    check("in a week", &["in a week=2026-03-10"]);
    check("10 days from now", &["10 days from now=2026-03-13"]);
    check("two weeks ago", &["two weeks ago=2026-02-17"]);
    check("next Tuesday", &["next Tuesday=2026-03-10"]);
    check("next Friday", &["next Friday=2026-03-06?2026-03-13"]);
    check("this Friday", &["this Friday=2026-03-06"]);
    check("by Friday", &["Friday=2026-03-06"]);
    check("Monday", &["Monday=2026-03-09"]);
    check("Tuesday", &["Tuesday=2026-03-10?2026-03-03"]);
    check("we met on Friday", &["Friday=2026-03-06?2026-02-27"]);
    check("Friday next week", &["Friday next week=2026-03-13"]);
    check("next week on Friday", &["next week on Friday=2026-03-13"]);
    check("end of month", &["end of month=2026-03-31"]);
    check("by EOM", &["EOM=2026-03-31"]);
    check("end of next week", &["end of next week=2026-03-13"]);
    check("end of the week", &["end of the week=2026-03-06"]);
    check("a week from Monday", &["a week from Monday=2026-03-16"]);
    check("kickoff on Mon 3/16", &["Mon 3/16=2026-03-16"]);
    check("no later than 30 June 2026", &["30 June 2026=2026-06-30"]);
    check("EOD Friday", &["EOD Friday=2026-03-06"]);
    check("last Friday", &["last Friday=2026-02-27"]);
    check("last Tuesday", &["last Tuesday=2026-02-24"]);
    check("übermorgen", &["übermorgen=2026-03-05"]);
}

#[test]
fn the_day_is_the_speakers() {
    let late: Timestamp = "2026-03-03T23:30:00Z".parse().unwrap();
    let berlin = Context { said_at: Some(late), zone: Some(Offset::constant(1)), around: None, participants: &[] };
    assert_eq!(spotted("today", Sorts::DATE, &berlin), ["today=2026-03-04"]);
    let unknown = Context { zone: None, ..berlin };
    assert_eq!(spotted("today", Sorts::DATE, &unknown), ["today=2026-03-03"]);
}

#[test]
fn times_of_day() {
    check_times("2026-07-01T15:00:00Z", &["2026-07-01T15:00:00Z=2026-07-01T15:00:00Z"]);
    check_times("2026-07-01T15:00+02:00", &["2026-07-01T15:00+02:00=2026-07-01T15:00:00+02:00"]);
    check_times("2026-07-01 15:00", &["2026-07-01 15:00=2026-07-01T15:00:00+01:00"]);
    check_times("1 July 2026 at 3pm CET", &["1 July 2026 at 3pm CET=2026-07-01T15:00:00+01:00"]);
    check_times("July 1 at 3:30 p.m. ET", &["July 1 at 3:30 p.m. ET=2026-07-01T15:30:00-04:00"]);
    check_times("January 5 2026, 9 am EST", &["January 5 2026, 9 am EST=2026-01-05T09:00:00-05:00"]);
    check_times("tomorrow at 10:30", &["tomorrow at 10:30=2026-03-04T10:30:00+01:00"]);
    check_times("3pm on Friday", &["3pm on Friday=2026-03-06T15:00:00+01:00"]);
    check_times("Friday 14:00 UTC+2", &["Friday 14:00 UTC+2=2026-03-06T14:00:00+02:00"]);
    check_times("12 March, 14:00 – 15:00 CET", &["12 March, 14:00 – 15:00 CET=2026-03-12T14:00:00+01:00"]);
    check_times("at 3pm", &[]);
    check("2026-07-01T15:00:00Z", &["2026-07-01T15:00:00Z=2026-07-01"]);
    check("July 1 at 3pm", &["July 1=2026-07-01"]);
}

#[test]
fn no_dates() {
    for input in [
        "at 10:30",
        "version 1.2.2026.4",
        "192.168.10.12",
        "+49 211 555 0123",
        "PO-2026-07-01-88",
        "we may 5x that",
        "you may",
        "march on",
        "we march 5 miles",
        "second thoughts",
        "24/7",
        "50/50",
        "on 1/2 day",
        "3/4 of users",
        "v2026.07.01.3",
        "room 12 may be free",
        "the 5 may be late",
        "mon ami",
        "he sat down",
        "the sun",
        "May I ask",
        "Mark",
        "every Monday",
        "abc2026-07-01",
        "2026-07-01x",
        "31.02.2026",
        "2026-13-01",
        "13/13/2026",
        "30 February 2026",
        "ISO 27001",
        "today's call",
        "in 2000 stores",
        "in 3 days' notice",
        "7/15",
        "June Carter called",
        "monthly",
        "Jan Peters",
        "decide",
        "Mayor",
        "12 Monkeys",
        "Sat in the room",
    ] {
        check(input, &[]);
    }
}

#[test]
fn a_field_holds_one_date() {
    let check = |input: &str, expected: &str| {
        let found = match read(&Kind::Date, input, &context()) {
            Ok(reading) => match reading.precision {
                Precision::Exact => text_of(&reading.value),
                Precision::Vague(_) => format!("~{}", text_of(&reading.value)),
                Precision::Ambiguous(values) => values.iter().map(text_of).collect::<Vec<_>>().join("?"),
            },
            Err(_) => "!".to_owned(),
        };
        assert_eq!(found, expected, "{input}");
    };
    check("2026-07-01", "2026-07-01");
    check("  by July 1, 2026.", "2026-07-01");
    check("It's July 1st, thanks", "2026-07-01");
    check("1782864000000", "2026-07-01");
    check("2026-07-01T00:00:00.000Z", "2026-07-01");
    check("7/15", "2026-07-15");
    check("7/4", "2026-07-04?2026-04-07");
    check("May", "~2026-05");
    check("2026", "~2026");
    check("2026-Q3", "~2026-Q3");
    check("July", "~2026-07");
    check("Fri", "2026-03-06");
    check("not July 1", "!");
    check("July 1 if legal signs", "!");
    check("July 1 or July 2", "!");
    check("1 July 2026 (2026-07-01)", "2026-07-01");
    check("probably July 1", "~2026-07-01");
    check("July 1, phase one", "~2026-07-01");
    check("ASAP", "!");
    check("40", "!");
    let with_time = read(&Kind::DateTime, "1 July 2026 15:00", &context()).unwrap();
    assert!(matches!((with_time.value, with_time.precision), (Value::DateTime(..), Precision::Exact)));
    let without = read(&Kind::DateTime, "1 July 2026", &context()).unwrap();
    assert!(matches!((without.value, without.precision), (Value::Date(..), Precision::Vague(_))));
}

#[test]
fn dates_and_times_are_sorted_apart() {
    let sorts: Vec<Sort> = scan("July 1 at 3pm", Sorts::ALL, &context()).into_iter().map(|spot| spot.sort).collect();
    assert_eq!(sorts, [Sort::Date, Sort::DateTime]);
}
