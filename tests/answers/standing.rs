//! What an answer does to the brief, and what undoes it: news, time, the
//! receiving team.

use baton::answers::{Answer, AnswerKind, changed_fields, returned};
use baton::brief::{Brief, FieldBrief, FieldState, Gap, GapKind, Origin, Verdict, candidate_id};
use baton::conversation::Unread;
use baton::gate;
use baton::wording;
use jiff::SignedDuration;
use serde_json::json;

use crate::samples::*;

fn desk(key: &str, brief: FieldBrief) -> Desk {
    let route = test_route();
    let base = reading(&route, with(full(&route), key, brief), &[], 1.0);
    Desk::new(route, base)
}

fn reread(desk: &mut Desk, key: &str, brief: FieldBrief) {
    desk.base = reading(&desk.route, with(full(&desk.route), key, brief), &[], 1.0);
}

fn gap<'a>(brief: &'a Brief, key: &str) -> &'a Gap {
    brief.gaps.iter().find(|gap| gap.field.as_deref() == Some(key)).expect("a gap")
}

#[test]
fn nothing_said_changes_nothing() {
    let route = test_route();
    let unread = Unread { source: "offer.pdf".into(), inside: None, reason: "no text in it".into() };
    let fields = with(full(&route), "go_live_date", FieldBrief::default());
    let fields = with(fields, "sponsor", seen("sponsor", FieldState::Unconfirmed, &values("sponsor")));
    let base = reading(&route, fields, &[unread], 0.5);
    assert_eq!(Desk::new(route, base.clone()).brief(read_at()), base);
}

#[test]
fn an_answer_wins_and_what_it_replaces_is_kept() {
    let mut desk = desk("go_live_date", recorded(json!("2026-06-01")));
    let before = desk.brief(read_at());
    desk.answer(json!({"fields": {"go_live_date": {"value": "1 July 2026"}}}), read_at());
    desk.answer(json!({"fields": {"go_live_date": {"value": "2 July 2026"}}}), time("2026-03-04T12:00:00Z"));
    let now = time("2026-03-05T12:00:00Z");
    let field = desk.field("go_live_date", now);
    assert_eq!((field.state, field.origin), (FieldState::Found, Some(Origin::Person)));
    assert_eq!(field.value, json!("2026-07-02"));
    assert_eq!(field.at, Some(time("2026-03-04T12:00:00Z")));
    let replaced: Vec<_> = field.superseded.iter().map(|old| (old.origin, old.value.clone())).collect();
    assert_eq!(replaced, [(Origin::Crm, json!("2026-06-01")), (Origin::Person, json!("2026-07-01"))]);
    assert_eq!(changed_fields(&before, &desk.brief(now)), ["go_live_date"]);
    assert!(gate::judge(&desk.brief(now), &desk.route, now).is_ok());
}

#[test]
fn only_news_opens_an_answered_field() {
    let check = |later: FieldBrief, state: FieldState| {
        let mut desk = desk("go_live_date", seen("go_live_date", FieldState::Unconfirmed, &[json!("2026-06-01")]));
        desk.answer(json!({"fields": {"go_live_date": {"value": "2026-07-01"}}}), read_at());
        let before = desk.brief(read_at());
        reread(&mut desk, "go_live_date", later.clone());
        let after = desk.brief(read_at());
        assert_eq!(after.fields.find("go_live_date").map(|field| field.state), Some(state), "{later:?}");
        let opened = state != FieldState::Found;
        assert_eq!(asked(&after), ["go_live_date"][usize::from(!opened)..]);
        // What is compared with the day waits until that is settled, and is not asked about.
        let changed = changed_fields(&before, &after);
        assert_eq!(changed, ["go_live_date", "training_date"][if opened { 0 } else { 2 }..]);
    };
    let date = |text: &str| json!(text);
    let saw = |state, text: &str| seen("go_live_date", state, &[json!(text)]);
    check(FieldBrief::default(), FieldState::Found);
    check(found(date("2026-07-01")), FieldState::Found);
    check(found(date("2026-06-01")), FieldState::Found);
    check(recorded(date("2026-07-01")), FieldState::Found);
    check(saw(FieldState::Missing, "2026-08-15"), FieldState::Found);
    check(saw(FieldState::Vague, "2026-07"), FieldState::Found);
    check(found(date("2026-08-15")), FieldState::Conflicting);
    check(recorded(date("2026-08-15")), FieldState::Conflicting);
    check(saw(FieldState::Unconfirmed, "2026-08-15"), FieldState::Conflicting);
    check(seen("go_live_date", FieldState::Conflicting, &values("go_live_date")), FieldState::Conflicting);
}

#[test]
fn an_open_answer_names_both_sides_and_can_be_given_again() {
    let mut desk = desk("go_live_date", FieldBrief::default());
    desk.answer(json!({"fields": {"go_live_date": {"value": "2026-07-01"}}}), read_at());
    reread(&mut desk, "go_live_date", found(json!("2026-08-15")));
    let later = time("2026-03-04T12:00:00Z");
    let brief = desk.brief(later);
    assert_eq!(asked(&brief), ["go_live_date"]);
    let gap = gap(&brief, "go_live_date");
    assert_eq!(gap.kind, GapKind::Conflicting);
    assert!(gap.question.contains("Marcus Lee answered 1 July 2026 on 3 March 2026"), "{}", gap.question);
    assert!(gap.question.contains("Dana Whitfield said 15 August 2026"), "{}", gap.question);
    assert!(!gap.question.contains("CRM") && gap.why.contains("what came in since"), "{gap:?}");
    let offered: Vec<_> = gap.candidates.iter().map(|one| one.value.clone()).collect();
    assert_eq!(offered, [json!("2026-08-15"), json!("2026-07-01")]);
    assert!(gate::judge(&brief, &desk.route, later).is_err());
    // Either side closes it, for good.
    for pick in &gap.candidates {
        let mut again = desk.clone();
        again.answer(json!({"fields": {"go_live_date": {"candidate": pick.id}}}), later);
        assert_eq!(again.field("go_live_date", later).value, pick.value);
        assert!(gate::judge(&again.brief(later), &again.route, later).is_ok());
    }
}

#[test]
fn another_spelling_of_what_was_replaced_is_no_news() {
    let mut desk = desk("data_residency", found(json!("Frankfurt")));
    desk.answer(json!({"fields": {"data_residency": {"value": "Frankfurt region"}}}), read_at());
    desk.answer(json!({"fields": {"data_residency": {"value": "Dublin region"}}}), time("2026-03-04T12:00:00Z"));
    let field = desk.field("data_residency", time("2026-03-04T12:00:00Z"));
    assert_eq!((field.state, field.value), (FieldState::Found, json!("Dublin region")), "{:?}", field.superseded);
}

#[test]
fn not_applicable_needs_leave_and_falls_to_news() {
    let mut desk = desk("systems", FieldBrief::default());
    desk.answer(json!({"fields": {"systems": {"not_applicable": "They connect nothing"}}}), read_at());
    let field = desk.field("systems", read_at());
    assert_eq!((field.state, field.origin), (FieldState::NotApplicable, Some(Origin::Person)));
    assert_eq!(field.reason.as_deref(), Some("They connect nothing"));
    assert!(gate::judge(&desk.brief(read_at()), &desk.route, read_at()).is_ok());
    reread(&mut desk, "systems", found(json!(["SAP TM"])));
    let brief = desk.brief(read_at());
    let gap = gap(&brief, "systems");
    assert_eq!((gap.kind, gap.candidates.len()), (GapKind::Conflicting, 1));
    assert!(gap.question.contains("does not apply"), "{}", gap.question);
    // Stored by hand where the route does not allow it, it settles nothing.
    let kind = AnswerKind::NotApplicable { reason: "They are live".into() };
    let (by, at, seen) = (marcus(), read_at(), vec![]);
    let forged = Answer { field: "go_live_date".into(), kind, by, at, written_at: None, seen };
    desk.answers = vec![forged];
    assert!(!desk.field("go_live_date", read_at()).state.is_settled());
}

#[test]
fn unknown_holds_until_its_day_or_until_it_is_known() {
    let mut desk = desk("sponsor", seen("sponsor", FieldState::Vague, &[json!("Helen")]));
    desk.answer(json!({"fields": {"sponsor": {"unknown": {"owner": "Tom Reed", "due": "2026-03-10"}}}}), read_at());
    let last = time("2026-03-10T23:59:00Z");
    let field = desk.field("sponsor", last);
    assert_eq!((field.state, field.owner.as_deref()), (FieldState::UnknownByDesign, Some("Tom Reed")));
    assert!(gate::judge(&desk.brief(last), &desk.route, last).is_ok());
    let after = time("2026-03-11T00:00:00Z");
    let brief = desk.brief(after);
    assert_eq!(asked(&brief), ["sponsor"]);
    assert_eq!(gap(&brief, "sponsor").kind, GapKind::Missing);
    assert!(gap(&brief, "sponsor").why.contains("10 March 2026"));
    assert!(gate::judge(&desk.brief(last), &desk.route, after).is_err(), "a stored brief does not outlive the day");
    // What was waited for is no contradiction.
    reread(&mut desk, "sponsor", found(json!("Helen Ortiz")));
    let field = desk.field("sponsor", last);
    assert_eq!((field.state, field.origin), (FieldState::Found, Some(Origin::Source)));
}

#[test]
fn an_answer_frees_what_waited_for_it() {
    let mut desk = desk("go_live_date", FieldBrief::default());
    assert_eq!(desk.field("training_date", read_at()).state, FieldState::Invalid);
    desk.answer(json!({"fields": {"go_live_date": {"value": "2026-07-01"}}}), read_at());
    let field = desk.field("training_date", read_at());
    assert_eq!((field.state, field.origin), (FieldState::Found, Some(Origin::Source)));
    assert!(is_complete(&desk.brief(read_at())));
    // A date before the training takes it away again.
    desk.answer(json!({"fields": {"go_live_date": {"value": "2026-05-01"}}}), time("2026-03-04T12:00:00Z"));
    assert_eq!(asked(&desk.brief(time("2026-03-04T12:00:00Z"))), ["training_date"]);
}

#[test]
fn a_person_grows_stale_too() {
    let mut desk = desk("user_count", FieldBrief::default());
    desk.answer(json!({"fields": {"user_count": {"value": 60}}}), read_at());
    let late = time("2026-03-30T12:00:00Z");
    let brief = desk.brief(late);
    assert_eq!(asked(&brief), ["user_count"]);
    assert!(gap(&brief, "user_count").question.contains("still “60”"), "{}", gap(&brief, "user_count").question);
}

#[test]
fn the_receiver_opens_what_it_sends_back() {
    for key in ["sponsor", "notes"] {
        let mut desk = desk("sso", FieldBrief::default());
        let tuesday = time("2026-03-10T12:00:00Z");
        let tom = baton::answers::Person { name: "Tom Ames".into(), email: None };
        let sent = returned(&[key.to_owned()], "This is not what we agreed", &desk.brief(tuesday), &tom, tuesday);
        desk.returns.push(sent.expect("sound"));
        let brief = desk.brief(tuesday);
        assert_eq!((asked(&brief), brief.verdict), (vec![key], Verdict::Incomplete), "needed, whatever the route says");
        let open = gap(&brief, key);
        assert_eq!((open.kind, open.candidates.len()), (GapKind::Unconfirmed, 1));
        assert!(open.why.contains("Tom Ames sent it back on 10 March 2026: “This is not what we agreed”"), "{open:?}");
        assert!(gate::judge(&brief, &desk.route, tuesday).is_err());
        // The same reading again closes nothing, another value does, and so does an answer.
        assert_eq!(asked(&desk.brief(time("2026-03-11T12:00:00Z"))), [key]);
        let mut other = desk.clone();
        reread(&mut other, key, found(values(key)[1].clone()));
        assert_eq!(other.field(key, tuesday).state, FieldState::Found);
        let wednesday = time("2026-03-11T12:00:00Z");
        desk.answer(json!({"fields": {key: {"candidate": open.candidates[0].id}}}), wednesday);
        assert!(gate::judge(&desk.brief(wednesday), &desk.route, wednesday).is_ok());
        // Sent back once more.
        let thursday = time("2026-03-12T12:00:00Z");
        let sent = returned(&[key.to_owned()], "Still not", &desk.brief(thursday), &tom, thursday).expect("sound");
        desk.returns.push(sent);
        assert_eq!(asked(&desk.brief(thursday)), [key]);
    }
}

#[test]
fn a_dismissed_source_is_told_and_covers_no_other() {
    let route = test_route();
    let unread =
        |inside: &str| Unread { source: "a.pdf".into(), inside: Some(inside.into()), reason: "no text".into() };
    let base = reading(&route, full(&route), &[unread("1.eml")], 1.0);
    let mut desk = Desk::new(route, base);
    assert_eq!(asked(&desk.brief(read_at())), ["a.pdf"]);
    desk.answer(json!({"sources": {"a.pdf": {"dismissed": "Only the brochure"}}}), read_at());
    let brief = desk.brief(read_at());
    assert!(is_complete(&brief) && brief.gaps.is_empty());
    assert!(brief.warnings.iter().any(|one| one.source == "a.pdf" && one.message.contains("Only the brochure")));
    assert!(gate::judge(&brief, &desk.route, read_at()).is_ok());
    // A second file of the same name was not meant.
    desk.base = reading(&desk.route, full(&desk.route), &[unread("1.eml"), unread("2.eml")], 1.0);
    assert_eq!(asked(&desk.brief(read_at())).len(), 2);
    assert!(gate::judge(&desk.brief(read_at()), &desk.route, read_at()).is_err());
    // What was not read at all cannot be dismissed.
    desk.base = reading(&desk.route, full(&desk.route), &[], 0.9);
    assert_eq!(desk.brief(read_at()).verdict, Verdict::IncompleteRun);
}

#[test]
fn a_reading_for_another_version_is_not_complete() {
    let mut desk = desk("sso", FieldBrief::default());
    desk.route.version = 2;
    let brief = desk.brief(read_at());
    assert_eq!((brief.verdict, brief.gaps.len()), (Verdict::Incomplete, 1));
    assert_eq!(gate::judge(&brief, &desk.route, read_at()).expect_err("refused"), brief.gaps);
}

/// True words that do not say the value are no evidence for it, however the person came to it.
#[test]
fn only_quotes_that_say_the_value_come_with_it() {
    let check = |state: FieldState, reason: &str, is_kept: bool| {
        let value = json!("2026-07-01");
        let mut brief = seen("go_live_date", state, &[value.clone(), json!("2026-08-15")]);
        brief.candidates[0].reason = reason.to_owned();
        for picked in [json!({"candidate": candidate_id("go_live_date", &value)}), json!({"value": "1 July 2026"})] {
            let mut desk = desk("go_live_date", brief.clone());
            desk.answer(json!({"fields": {"go_live_date": picked}}), read_at());
            let field = desk.field("go_live_date", read_at());
            assert_eq!((&field.value, field.origin), (&value, Some(Origin::Person)), "{reason}");
            assert_eq!(!field.evidence.is_empty(), is_kept, "{state:?}, {reason}: {:?}", field.evidence);
            assert!(gate::judge(&desk.brief(read_at()), &desk.route, read_at()).is_ok());
        }
    };
    for state in [FieldState::Unconfirmed, FieldState::Vague, FieldState::Conflicting] {
        check(state, &wording::unsupported_reason(), false);
        check(state, &wording::not_a_value_reason(), false);
        check(state, &wording::stated_reason(), true);
        check(state, &wording::near_reason(), true);
    }
}

/// Nobody is asked for a yes that is refused: a day that has passed is asked for anew.
#[test]
fn what_can_be_answered_yes_is_taken() {
    let check = |state: Option<FieldState>, days: i64, expected: &str| {
        let mut route = test_route();
        route.fields[0].stale_after = Some(SignedDuration::from_hours(20 * 24));
        route.fields[0].question = "By which day must the customer be live?".into();
        let brief = match state {
            Some(state) => seen("go_live_date", state, &[json!("2026-07-01")]),
            None => found(json!("2026-07-01")),
        };
        let base = reading(&route, with(full(&route), "go_live_date", brief), &[], 1.0);
        let desk = Desk::new(route, base);
        let now = read_at() + SignedDuration::from_hours(24 * days);
        let shown = desk.brief(now);
        let gap = gap(&shown, "go_live_date");
        assert!(gap.question.contains(expected), "{}", gap.question);
        let asks_for_a_yes = ["Is ", "still", "right for", "Which"].iter().any(|words| gap.question.contains(words));
        let can_be_taken = gap.candidates.iter().any(|one| {
            let body = json!({"fields": {"go_live_date": {"candidate": one.id}}});
            desk.clone().try_answer(body, now)
        });
        assert_eq!(asks_for_a_yes, can_be_taken, "{}", gap.question);
        assert!(asks_for_a_yes || gap.question.contains("By which day"), "{}", gap.question);
    };
    check(None, 25, "still “1 July 2026”?");
    check(None, 150, "cannot hold today");
    check(Some(FieldState::Unconfirmed), 1, "right for Go live date");
    check(Some(FieldState::Unconfirmed), 150, "By which day");
    check(Some(FieldState::Conflicting), 150, "By which day");
}
