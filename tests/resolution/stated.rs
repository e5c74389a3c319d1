//! Several statements about one field and no record: same, superseded or conflicting.

use baton::brief::{FieldBrief, FieldState};
use baton::conversation::Conversation;
use serde_json::{Value as Json, json};

use crate::settle;
use crate::talk::{chat, input, mail, read};

const JUNE: &str = "We go live on June 1, 2026.";
const JULY: &str = "We go live on July 15, 2026.";
const DAYS: [(&str, &str); 2] = [(JUNE, "June 1, 2026"), (JULY, "July 15, 2026")];

fn values(brief: &FieldBrief) -> Vec<Json> {
    brief.candidates.iter().map(|candidate| candidate.value.clone()).collect()
}

/// June first, then the given line by `second` with July in it.
fn moved(first: &str, second: &str, line: &str) -> FieldBrief {
    let talk = chat(&[(first, JUNE), (second, line)]);
    settle(&talk, "go_live_date", &[(1, JUNE, DAYS[0].1), (2, line, DAYS[1].1)])
}

fn check_conflict(brief: &FieldBrief) {
    assert_eq!(brief.state, FieldState::Conflicting, "{brief:?}");
    assert_eq!((&brief.value, brief.origin), (&Json::Null, None));
    let mut all = values(brief);
    all.sort_by_key(Json::to_string);
    assert_eq!(all, [json!("2026-06-01"), json!("2026-07-15")]);
    assert!(brief.candidates.iter().all(|candidate| !candidate.evidence.is_empty()), "{brief:?}");
    assert!(brief.superseded.is_empty());
}

fn check_moved(brief: &FieldBrief) {
    assert_eq!(brief.state, FieldState::Found, "{brief:?}");
    assert_eq!(brief.value, json!("2026-07-15"));
    assert_eq!(brief.superseded.len(), 1, "{brief:?}");
    assert_eq!(brief.superseded[0].value, json!("2026-06-01"));
    assert_eq!(brief.superseded[0].evidence[0].message.0, 1);
    assert!(brief.evidence.iter().all(|evidence| evidence.message.0 == 2), "{brief:?}");
    assert!(brief.candidates.is_empty(), "{brief:?}");
}

#[test]
fn the_same_value_twice_is_one_value_with_both_quotes() {
    let talk = chat(&[("dana", JULY), ("tom", "The launch is on 15 July 2026.")]);
    let brief = settle(
        &talk,
        "go_live_date",
        &[(1, JULY, "July 15, 2026"), (2, "The launch is on 15 July 2026.", "15 July 2026")],
    );
    assert_eq!((brief.state, &brief.value), (FieldState::Found, &json!("2026-07-15")));
    let mut messages: Vec<u32> = brief.evidence.iter().map(|evidence| evidence.message.0).collect();
    messages.sort_unstable();
    assert_eq!(messages, [1, 2]);
    assert!(brief.superseded.is_empty() && brief.candidates.is_empty());
}

#[test]
fn the_same_claim_twice_has_one_quote() {
    let talk = chat(&[("dana", JULY)]);
    let brief = settle(&talk, "go_live_date", &[(1, JULY, "July 15, 2026"), (1, JULY, "July 15, 2026")]);
    assert_eq!(brief.evidence.len(), 1, "{brief:?}");
}

#[test]
fn a_later_word_of_the_same_author_supersedes() {
    check_moved(&moved("dana", "dana", JULY));
}

#[test]
fn a_colleague_supersedes_with_a_word_of_correction_only() {
    check_moved(&moved("dana", "tom", "Correction: we go live on July 15, 2026."));
    check_moved(&moved("dana", "tom", "We have moved the launch to July 15, 2026."));
    check_conflict(&moved("dana", "tom", JULY));
}

#[test]
fn words_that_hold_a_correction_by_accident_correct_nothing() {
    check_conflict(&moved("dana", "tom", "As you know we go live on July 15, 2026."));
    check_conflict(&moved("dana", "tom", "The launch is unchanged: July 15, 2026."));
    check_conflict(&moved("dana", "tom", "The removed line said it, we go live on July 15, 2026."));
}

#[test]
fn an_earlier_word_never_supersedes() {
    let talk = read(vec![mail("one.eml", "dana", 9, JUNE), mail("two.eml", "dana", 3, JULY)]);
    let brief = settle(&talk, "go_live_date", &[(2, JUNE, DAYS[0].1), (1, JULY, DAYS[1].1)]);
    assert_eq!((brief.state, &brief.value), (FieldState::Found, &json!("2026-06-01")), "{brief:?}");
    assert_eq!(brief.superseded[0].value, json!("2026-07-15"));
}

#[test]
fn a_lower_authority_never_supersedes() {
    let line = "Correction: the customer start is July 15, 2026.";
    let first = "The customer start is June 1, 2026.";
    for who in ["marcus", "stranger"] {
        let talk = chat(&[("dana", first), (who, line)]);
        let brief = settle(&talk, "customer_go_live", &[(1, first, DAYS[0].1), (2, line, DAYS[1].1)]);
        assert_ne!(brief.value, json!("2026-07-15"), "{who}: {brief:?}");
    }
    // For a field that takes anybody's word, an unknown voice still corrects nobody.
    let talk = chat(&[("dana", JUNE), ("stranger", "Correction: we go live on July 15, 2026.")]);
    let brief = settle(
        &talk,
        "go_live_date",
        &[(1, JUNE, DAYS[0].1), (2, "Correction: we go live on July 15, 2026.", DAYS[1].1)],
    );
    check_conflict(&brief);
}

#[test]
fn a_value_between_two_others_does_not_win() {
    let line = "We go live on June 1, 2026 after all.";
    let talk = chat(&[("dana", JUNE), ("dana", JULY), ("dana", line)]);
    let claims = [(1, JUNE, DAYS[0].1), (2, JULY, DAYS[1].1), (3, line, DAYS[0].1)];
    let brief = settle(&talk, "go_live_date", &claims);
    assert_eq!((brief.state, &brief.value), (FieldState::Found, &json!("2026-06-01")), "{brief:?}");
    assert_eq!(brief.superseded[0].value, json!("2026-07-15"));
    // A colleague repeats the first after the correction: nobody can tell.
    let talk = chat(&[("dana", JUNE), ("dana", JULY), ("tom", JUNE)]);
    check_conflict(&settle(&talk, "go_live_date", &[(1, JUNE, DAYS[0].1), (2, JULY, DAYS[1].1), (3, JUNE, DAYS[0].1)]));
}

fn undated(first: &str, second: &str) -> (Conversation, u32, u32) {
    let call =
        input("call.txt", &format!("Dana Whitfield: {second}\nMarcus Lee: Great, thanks.\nDana Whitfield: Bye.\n"));
    let talk = read(vec![mail("one.eml", "dana", 3, first), call]);
    let at = |words: &str| talk.messages.iter().find(|message| message.text.contains(words)).unwrap().id.0;
    let ids = (at(first), at(second));
    assert!(talk.messages.iter().any(|message| message.at.is_none()), "the call must have no date: {talk:?}");
    (talk, ids.0, ids.1)
}

#[test]
fn without_a_time_nobody_guesses_which_is_later() {
    let (talk, june, july) = undated(JUNE, JULY);
    check_conflict(&settle(&talk, "go_live_date", &[(june, JUNE, DAYS[0].1), (july, JULY, DAYS[1].1)]));
    let corrected = "Correction, we go live on July 15, 2026.";
    let (talk, june, july) = undated(JUNE, corrected);
    check_conflict(&settle(&talk, "go_live_date", &[(june, JUNE, DAYS[0].1), (july, corrected, DAYS[1].1)]));
}

#[test]
fn inside_one_undated_call_the_order_counts() {
    let call = input(
        "call.txt",
        &format!("Dana Whitfield: {JUNE}\nMarcus Lee: Are you certain of that?\nDana Whitfield: {JULY}\n"),
    );
    let talk = read(vec![call, mail("one.eml", "dana", 3, "Hello.")]);
    let at = |words: &str| talk.messages.iter().find(|message| message.text.contains(words)).unwrap().id.0;
    let brief = settle(&talk, "go_live_date", &[(at(JUNE), JUNE, DAYS[0].1), (at(JULY), JULY, DAYS[1].1)]);
    assert_eq!((brief.state, &brief.value), (FieldState::Found, &json!("2026-07-15")), "{brief:?}");
}

#[test]
fn two_values_in_one_sentence_do_not_supersede_each_other() {
    let line = "We go live on June 1, 2026 or July 15, 2026.";
    let talk = chat(&[("dana", line)]);
    let brief = settle(&talk, "go_live_date", &[(1, line, DAYS[0].1), (1, line, DAYS[1].1)]);
    assert_eq!((brief.state, &brief.value), (FieldState::Conflicting, &Json::Null), "{brief:?}");
}

#[test]
fn two_values_in_one_message_need_a_word_of_correction() {
    let line = "We go live on June 1, 2026. We go live on July 15, 2026.";
    let talk = chat(&[("dana", line)]);
    check_conflict(&settle(&talk, "go_live_date", &[(1, JUNE, DAYS[0].1), (1, JULY, DAYS[1].1)]));
    let line = "We go live on June 1, 2026. Sorry, we go live on July 15, 2026.";
    let talk = chat(&[("dana", line)]);
    let brief =
        settle(&talk, "go_live_date", &[(1, JUNE, DAYS[0].1), (1, "Sorry, we go live on July 15, 2026.", DAYS[1].1)]);
    assert_eq!((brief.state, &brief.value), (FieldState::Found, &json!("2026-07-15")), "{brief:?}");
}

#[test]
fn lists_are_put_together() {
    let talk =
        chat(&[("dana", "Please connect Ledgerly and Shipfox."), ("tom", "Connect Mailcrow too, and Ledgerly.")]);
    let brief = settle(
        &talk,
        "systems",
        &[
            (1, "Please connect Ledgerly and Shipfox.", "Ledgerly"),
            (1, "Please connect Ledgerly and Shipfox.", "Shipfox"),
            (2, "Connect Mailcrow too, and Ledgerly.", "Mailcrow"),
            (2, "Connect Mailcrow too, and Ledgerly.", "Ledgerly"),
        ],
    );
    assert_eq!(brief.state, FieldState::Found);
    assert_eq!(brief.value, json!(["Ledgerly", "Shipfox", "Mailcrow"]));
    assert_eq!(brief.evidence.len(), 2, "{brief:?}");
}

#[test]
fn a_longer_text_that_says_more_is_not_the_same() {
    let (first, second) = ("Our data must stay in Frankfurt.", "Our data must stay in Frankfurt or Dublin.");
    let talk = chat(&[("dana", first), ("tom", second)]);
    let brief = settle(&talk, "residency", &[(1, first, "Frankfurt"), (2, second, "Frankfurt or Dublin")]);
    assert_eq!(brief.state, FieldState::Conflicting, "{brief:?}");
}

#[test]
fn a_day_with_two_meanings_is_left_to_a_person() {
    let line = "We go live on 03/04/2026.";
    let talk = chat(&[("dana", line)]);
    let brief = settle(&talk, "go_live_date", &[(1, line, "03/04/2026")]);
    assert_eq!((brief.state, &brief.value), (FieldState::Unconfirmed, &Json::Null), "{brief:?}");
    let mut all = values(&brief);
    all.sort_by_key(Json::to_string);
    assert_eq!(all, [json!("2026-03-04"), json!("2026-04-03")]);
    // A day that can be read in one way only is no riddle.
    let line = "We go live on 25/04/2026.";
    let talk = chat(&[("dana", line)]);
    let brief = settle(&talk, "go_live_date", &[(1, line, "25/04/2026")]);
    assert_eq!((brief.state, &brief.value), (FieldState::Found, &json!("2026-04-25")));
}

#[test]
fn a_day_without_a_year_takes_it_from_its_message() {
    let line = "We go live on July 15.";
    let talk = chat(&[("dana", line), ("dana", "Yes, the launch is on July 15, 2026.")]);
    let both = [(1, line, "July 15"), (2, "the launch is on July 15, 2026.", "July 15, 2026")];
    let brief = settle(&talk, "go_live_date", &both);
    assert_eq!((brief.state, &brief.value, brief.evidence.len()), (FieldState::Found, &json!("2026-07-15"), 2));
}

#[test]
fn candidates_keep_their_ids_when_more_was_said() {
    let ids = |brief: &FieldBrief| {
        let mut all: Vec<(String, String)> =
            brief.candidates.iter().map(|one| (one.value.to_string(), one.id.clone())).collect();
        all.sort();
        all
    };
    let short = chat(&[("dana", JUNE), ("tom", JULY)]);
    let long = chat(&[("marcus", "Good morning."), ("dana", JUNE), ("tom", JULY), ("dana", "Thanks a lot.")]);
    let before = settle(&short, "go_live_date", &[(1, JUNE, DAYS[0].1), (2, JULY, DAYS[1].1)]);
    let after = settle(&long, "go_live_date", &[(2, JUNE, DAYS[0].1), (3, JULY, DAYS[1].1)]);
    check_conflict(&before);
    assert_eq!(ids(&before), ids(&after));
    assert_ne!(before.candidates[0].id, before.candidates[1].id);
    // Another field with the same value is another candidate.
    let other = "The kickoff is on June 1, 2026.";
    let another = "The kickoff is on July 15, 2026.";
    let talk = chat(&[("dana", other), ("tom", another)]);
    let brief = settle(&talk, "kickoff_date", &[(1, other, DAYS[0].1), (2, another, DAYS[1].1)]);
    assert!(brief.candidates.iter().all(|one| before.candidates.iter().all(|own| own.id != one.id)));
}
