//! The gate: what a brief says in its own favour never counts, what it says
//! against itself does, and a clearance names exactly what was judged.

use baton::brief::{
    Ask, Brief, Engine, EngineKind, FieldBrief, FieldState, Gap, GapKind, RouteVersion, Summary, Usage, Verdict,
    candidate_id,
};
use baton::gate::judge;
use baton::route::{Allow, Field, Route};
use baton::value::Kind;
use serde_json::json;

use crate::generator::now;
use crate::samples::*;

fn brief(route: &Route, entries: Vec<(&str, FieldBrief)>) -> Brief {
    Brief {
        route: RouteVersion { id: route.id.clone(), version: route.version },
        engine: Engine { kind: EngineKind::Extractive, model: None, prompt: None, degraded: false },
        verdict: Verdict::Complete,
        coverage: 1.0,
        fields: fields(entries),
        gaps: Vec::new(),
        summary: Summary::default(),
        warnings: Vec::new(),
        usage: Usage::default(),
    }
}

fn complete() -> (Route, Brief) {
    let route = route(vec![field("region", "Region", Kind::Text)]);
    let brief = brief(&route, vec![("region", found(text()))]);
    (route, brief)
}

fn old_gap(kind: GapKind, source: Option<&str>) -> Gap {
    Gap {
        field: source.is_none().then(|| "region".to_string()),
        source: source.map(str::to_string),
        kind,
        blocking: false,
        question: "Can you send it?".into(),
        why: "It could not be read.".into(),
        ask: Ask { role: "sender".into(), name: Some("Marcus Lee".into()), email: None },
        nearest: None,
        candidates: Vec::new(),
    }
}

#[test]
fn a_clearance_names_what_was_judged() {
    let (route, brief) = complete();
    let clearance = judge(&brief, &route, now()).expect("complete");
    assert_eq!(clearance.route(), &RouteVersion { id: route.id, version: 1 });
    assert_eq!(clearance.at(), now());
    assert_eq!(clearance.digest(), brief.digest());
    let other = Brief { fields: fields(vec![("region", found(json!("Dublin")))]), ..brief };
    assert_ne!(clearance.digest(), other.digest());
}

#[test]
fn the_briefs_own_word_counts_only_against_it() {
    let (route, complete) = complete();
    let check = |brief: &Brief, passes: bool| {
        let judged = judge(brief, &route, now());
        assert_eq!(judged.is_ok(), passes, "{judged:?}");
        if let Err(gaps) = judged {
            assert!(gaps.iter().any(|gap| gap.blocking), "{gaps:?}");
        }
    };
    check(&complete, true);
    check(&Brief { verdict: Verdict::Incomplete, ..complete.clone() }, true);
    check(&Brief { gaps: vec![old_gap(GapKind::Missing, None)], ..complete.clone() }, true);
    check(&Brief { gaps: vec![old_gap(GapKind::UnreadSource, Some("offer.pdf"))], ..complete.clone() }, false);
    check(&Brief { coverage: 0.99, ..complete.clone() }, false);
    check(&Brief { coverage: f64::NAN, ..complete.clone() }, false);
    check(&Brief { route: RouteVersion { id: route.id.clone(), version: 2 }, ..complete.clone() }, false);
    check(&Brief { route: RouteVersion { id: "another".into(), version: 1 }, ..complete.clone() }, false);
    check(&Brief { fields: fields(vec![("region", state(FieldState::Found))]), ..complete.clone() }, false);
    check(&Brief { fields: fields(vec![]), ..complete }, false);
}

#[test]
fn time_runs_against_a_stored_brief() {
    let unknown =
        Field { allow: Allow { not_applicable: false, unknown: true }, ..field("region", "Region", Kind::Text) };
    let route = route(vec![unknown]);
    let answer = FieldBrief {
        state: FieldState::UnknownByDesign,
        by: Some("Marcus Lee".into()),
        owner: Some("marcus@acme.example".into()),
        due: Some("2026-03-12".into()),
        ..FieldBrief::default()
    };
    let brief = brief(&route, vec![("region", answer)]);
    assert!(judge(&brief, &route, now()).is_ok());
    let later = "2026-03-13T00:00:00Z".parse().expect("a time");
    let gaps = judge(&brief, &route, later).expect_err("the day has passed");
    assert_eq!(gaps[0].field.as_deref(), Some("region"));
    assert!(gaps[0].why.contains("12 March 2026"), "{}", gaps[0].why);
}

#[test]
fn a_refusal_still_knows_whom_to_ask() {
    let (route, complete) = complete();
    let brief = Brief { fields: fields(vec![]), gaps: vec![old_gap(GapKind::Missing, None)], ..complete };
    let gaps = judge(&brief, &route, now()).expect_err("nothing found");
    assert_eq!(gaps[0].ask.name.as_deref(), Some("Marcus Lee"));
}

#[test]
fn candidate_ids_depend_on_field_and_value_alone() {
    let id = candidate_id("price", &json!({"amount": "86400", "currency": "USD"}));
    assert_eq!(id, candidate_id("price", &json!({"currency": "USD", "amount": "86400"})));
    assert_ne!(id, candidate_id("discount", &json!({"amount": "86400", "currency": "USD"})));
    assert_ne!(id, candidate_id("price", &json!({"amount": "86401", "currency": "USD"})));
    assert!(id.len() == 14 && id.starts_with("c_") && id[2..].chars().all(|c| c.is_ascii_hexdigit()), "{id}");
}
