//! Claims that make no sense: never a panic, never a value that stands.

use baton::claim::{Certainty, Citation, Claim};
use baton::conversation::MessageId;
use baton::grounding::Standing;
use serde_json::json;

use crate::sheet::Sheet;
use crate::talk::{chat, claim, fields, ground};

const LINE: &str = "We go live on July 15, 2026 – the “Größe” of 日本 is fine.";

#[test]
fn empty_and_senseless_quotes_show_nothing() {
    let talk = chat(&[("dana", LINE), ("marcus", "Good.")]);
    let mut sheet = Sheet::default();
    let mut check = |cited: &[(u32, &str)]| {
        for field in fields().fields {
            sheet.falls(&talk, (&field.key, "", ""), cited);
            sheet.falls(&talk, (&field.key, "x", "true"), cited);
            sheet.falls(&talk, (&field.key, "Paris", "Paris"), cited);
        }
    };
    check(&[]);
    check(&[(1, "")]);
    check(&[(1, "   \n\t ")]);
    check(&[(1, "\u{200b}\u{feff}")]);
    check(&[(1, "…")]);
    check(&[(1, "... ... ...")]);
    check(&[(1, "\"\"")]);
    check(&[(1, "> ")]);
    check(&[(1, "-")]);
    check(&[(0, "a quote of nobody at all")]);
    check(&[(99, "a quote of nobody at all")]);
    check(&[(u32::MAX, "a quote of nobody at all")]);
    sheet.done();
}

#[test]
fn an_unknown_field_is_dropped() {
    let talk = chat(&[("dana", LINE)]);
    let check = |key: &str| {
        let claims = [claim(key, &[(1, LINE)], "July 15, 2026", "2026-07-15")];
        assert!(ground(&talk, &fields(), &claims).is_empty(), "{key}");
    };
    check("");
    check("go_live");
    check("GO_LIVE_DATE");
    check("_headline");
    check(&"k".repeat(100_000));
}

#[test]
fn a_message_that_does_not_exist_is_not_trusted_but_its_words_are_looked_up() {
    let talk = chat(&[("dana", "We go live on July 15, 2026.")]);
    let mut sheet = Sheet::default();
    let value = ("go_live_date", "July 15, 2026", "2026-07-15");
    sheet.rescued(&talk, value, &[(77, "We go live on July 15, 2026.")], (json!("2026-07-15"), 1));
    sheet.rescued(&talk, value, &[(0, "We go live on July 15, 2026.")], (json!("2026-07-15"), 1));
    sheet.done();
}

#[test]
fn a_wild_offset_is_only_a_hint() {
    let talk = chat(&[("dana", LINE)]);
    let dash = LINE.find('–').unwrap();
    for at in [0, 1, 3, dash, dash + 1, dash + 2, LINE.len(), LINE.len() + 1, usize::MAX - 1, usize::MAX] {
        let cited = vec![Citation { message: MessageId(1), quote: "We go live on July 15, 2026".into(), at: Some(at) }];
        let claims = [Claim {
            field: "go_live_date".into(),
            cited,
            raw_value: Some("July 15, 2026".into()),
            value: None,
            certainty: Certainty::Stated,
        }];
        let grounded = ground(&talk, &fields(), &claims);
        assert_eq!(grounded[0].standing, Standing::Supported, "{at}");
        assert_eq!(grounded[0].evidence[0].start, Some(0), "{at}");
    }
}

#[test]
fn letters_of_many_bytes_are_never_cut() {
    let talk = chat(&[("dana", LINE)]);
    let characters: Vec<char> = LINE.chars().collect();
    for from in 0..characters.len() {
        for to in from + 1..=characters.len().min(from + 12) {
            let quote: String = characters[from..to].iter().collect();
            // Whatever stands here, its evidence is checked in `ground`.
            let claims = [claim("customer_name", &[(1, &quote)], &quote, &quote)];
            ground(&talk, &fields(), &claims);
        }
    }
}

#[test]
fn huge_quotes_and_values_are_refused() {
    let talk = chat(&[("dana", LINE), ("dana", &"very ".repeat(400))]);
    let mut sheet = Sheet::default();
    let huge = "go live on July 15 ".repeat(20_000);
    let run = "x".repeat(500_000);
    let value = ("go_live_date", "June 1, 2026", "2026-06-01");
    sheet.falls(&talk, value, &[(1, &huge)]);
    sheet.falls(&talk, value, &[(1, &run)]);
    sheet.falls(&talk, value, &[(2, &"very ".repeat(100_000))]);
    sheet.falls(&talk, ("customer_name", &huge, &huge), &[(1, LINE)]);
    sheet.falls(&talk, ("technical_contact", &run, &run), &[(1, LINE)]);
    sheet.falls(&talk, ("contract_value", &"9".repeat(100_000), &"9".repeat(100_000)), &[(1, LINE)]);
    sheet.done();
}

#[test]
fn many_citations_do_not_make_a_truth() {
    let talk = chat(&[("dana", "We go live on July 15, 2026."), ("tom", "Lunch is at noon.")]);
    let mut sheet = Sheet::default();
    let cited: Vec<(u32, &str)> = (0..200).map(|at| (at % 3, "Lunch is at noon.")).collect();
    sheet.falls(&talk, ("go_live_date", "June 1, 2026", "2026-06-01"), &cited);
    sheet.falls(&talk, ("sso", "", "true"), &cited);
    sheet.done();
}

#[test]
fn a_word_said_again_and_again_costs_no_square() {
    let talk = chat(&[("dana", &"very ".repeat(4_000))]);
    let quote = "very ".repeat(2_000) + "well";
    // Comparing every place with every word would take its square; how long it takes is for the benches.
    let grounded = ground(&talk, &fields(), &[claim("goals", &[(1, &quote)], "", "very well")]);
    assert!(grounded.iter().all(|one| one.standing != Standing::Supported), "{grounded:?}");
}
