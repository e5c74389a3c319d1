//! Every metric against figures worked out by hand on three small handoffs,
//! the intervals where a plain one is known, and the definitions in the docs.

use std::collections::BTreeMap;

use baton::brief::{FieldState, GapKind, Usage, Verdict};
use baton::eval::Outcome;
use baton::eval::cases::ExpectedGap;
use baton::eval::figures::{by_field, by_route, by_tag, measure};
use baton::eval::metrics::ALL;
use baton::eval::result::{
    Agreement, CaseResult, EvidenceCounts, FactScore, FactScores, FieldScore, GapScores, GoldShown, Injection,
    MutantResult, MutantResults, Results,
};
use baton::eval::table::{failures, table};
use baton::route::Ordered;
use serde_json::Value as Json;

fn field(key: &str, gold: FieldState, state: FieldState, outcome: Outcome) -> FieldScore {
    FieldScore {
        field: key.into(),
        kind: "text".into(),
        required: true,
        outcome: Some(outcome),
        expected: Some(GoldShown { state: gold, values: Vec::new(), evidence: Vec::new(), superseded: Vec::new() }),
        state,
        value: Json::Null,
        origin: None,
        evidence: Vec::new(),
        reason: None,
        candidates: Vec::new(),
        supported: None,
        attributed: None,
        stale: None,
    }
}

fn gaps(all: &[(&str, GapKind)]) -> Vec<ExpectedGap> {
    all.iter().map(|(subject, kind)| ExpectedGap { subject: (*subject).into(), kind: *kind }).collect()
}

fn facts(told: &[bool]) -> Vec<FactScore> {
    told.iter().map(|told| FactScore { fact: "x".into(), told: *told }).collect()
}

fn handoff(id: &str, expected: Verdict, got: Verdict) -> CaseResult {
    CaseResult {
        id: id.into(),
        family: baton::eval::cases::family(id).into(),
        route: "a-to-b".into(),
        tags: vec!["email".into()],
        expected,
        got,
        degraded: false,
        coverage: 1.0,
        scores: Vec::new(),
        gaps: GapScores::default(),
        evidence: EvidenceCounts::default(),
        facts: FactScores::default(),
        usage: Usage::default(),
        reordered: None,
        repeated: None,
        injection: None,
    }
}

/// Two finished handoffs of which one is held up, one unfinished that passes.
fn three() -> Vec<CaseResult> {
    use FieldState::{Conflicting, Found, Missing, Vague};
    let usage = |calls, input, cached, output, milliseconds| Usage {
        calls: Some(calls),
        context_tokens: Some(1_000),
        fixed_tokens: None,
        input_tokens: Some(input),
        cached_tokens: Some(cached),
        output_tokens: Some(output),
        cost: Some(0.01 * calls as f64),
        milliseconds,
    };
    let first = CaseResult {
        scores: vec![
            FieldScore {
                supported: Some(true),
                attributed: Some(true),
                stale: Some(false),
                ..field("day", Found, Found, Outcome::Right)
            },
            FieldScore {
                supported: Some(true),
                attributed: Some(false),
                ..field("price", Found, Found, Outcome::Right)
            },
            field("region", Missing, Missing, Outcome::LeftEmpty),
        ],
        evidence: EvidenceCounts { quotes: 4, valid: 4, prose: 3, left_out: 1, tiers: BTreeMap::new() },
        facts: FactScores { must: facts(&[true, false]), must_not: facts(&[false, false]) },
        usage: usage(1, 1_500, 500, 100, 10),
        reordered: Some(Agreement { same: 3, of: 3, differing: Vec::new() }),
        repeated: Some(Agreement { same: 5, of: 6, differing: vec!["day".into()] }),
        injection: Some(Injection { twin: "added".into(), moved: Vec::new() }),
        ..handoff("oak-01", Verdict::Complete, Verdict::Complete)
    };
    let second = CaseResult {
        scores: vec![
            FieldScore { supported: Some(false), stale: Some(true), ..field("day", Found, Found, Outcome::Wrong) },
            field("price", Found, Missing, Outcome::Missed),
            FieldScore { required: false, ..field("region", Missing, Found, Outcome::Filled) },
        ],
        gaps: GapScores { expected: Vec::new(), got: gaps(&[("price", GapKind::Missing)]) },
        evidence: EvidenceCounts { quotes: 4, valid: 3, prose: 2, left_out: 0, tiers: BTreeMap::new() },
        facts: FactScores { must: facts(&[true]), must_not: facts(&[true]) },
        usage: usage(3, 2_500, 500, 300, 20),
        reordered: Some(Agreement { same: 2, of: 3, differing: vec!["day".into()] }),
        injection: Some(Injection { twin: "added".into(), moved: vec!["day".into()] }),
        degraded: true,
        ..handoff("oak-02", Verdict::Complete, Verdict::Incomplete)
    };
    let third = CaseResult {
        scores: vec![
            field("day", Conflicting, Conflicting, Outcome::StateRight),
            field("price", Vague, Found, Outcome::StateFilled),
            field("region", Conflicting, Missing, Outcome::StateWrong),
            field("term", Vague, Conflicting, Outcome::StateWrong),
        ],
        gaps: GapScores {
            expected: gaps(&[
                ("day", GapKind::Conflicting),
                ("price", GapKind::Vague),
                ("region", GapKind::Conflicting),
            ]),
            got: gaps(&[("day", GapKind::Conflicting), ("region", GapKind::Missing)]),
        },
        usage: usage(2, 2_000, 500, 200, 60),
        coverage: 0.7,
        ..handoff("elm-01", Verdict::Incomplete, Verdict::Complete)
    };
    vec![first, second, third]
}

/// Worked out by hand from the three handoffs above.
const BY_HAND: [(&str, f64, usize); 41] = [
    ("false_pass_rate", 1.0, 1),
    ("false_block_rate", 0.5, 2),
    ("verdict_accuracy", 1.0 / 3.0, 3),
    // Right: day and price of the first; false: the wrong day, the filled region, the price that was only vague.
    ("field_precision", 2.0 / 5.0, 5),
    ("field_recall", 2.0 / 4.0, 4),
    // 2 × 2 / (2 × 2 + 3 + 2), over seven of all.
    ("field_f1", 4.0 / 9.0, 7),
    // day: 1 right, 1 false, 1 missed: 2/4; price: 1 right, 1 false, 1 missed: 2/4; region: 0 of 1.
    ("field_f1_macro", (0.5 + 0.5 + 0.0) / 3.0, 3),
    ("omission_rate", 0.25, 4),
    ("wrong_value_rate", 0.25, 4),
    ("false_fill_rate", 0.5, 2),
    ("state_accuracy", 0.25, 4),
    ("state_fill_rate", 0.25, 4),
    ("joint_accuracy", 1.0 / 3.0, 3),
    ("stale_value_rate", 0.5, 2),
    ("gap_precision", 1.0 / 3.0, 3),
    ("gap_recall", 1.0 / 3.0, 3),
    // 2 × 1 / (2 × 1 + 2 + 2), over five of all.
    ("gap_f1", 2.0 / 6.0, 5),
    ("gaps_exact_rate", 1.0 / 3.0, 3),
    ("conflict_precision", 0.5, 2),
    ("conflict_recall", 0.5, 2),
    ("questions_per_handoff", 1.0, 3),
    ("quote_validity", 7.0 / 8.0, 8),
    ("support_rate", 2.0 / 3.0, 3),
    ("attribution_accuracy", 0.5, 2),
    ("prose_left_out_rate", 1.0 / 6.0, 6),
    ("fact_recall", 2.0 / 3.0, 3),
    ("fact_violation_rate", 1.0 / 3.0, 3),
    ("injection_success", 0.5, 2),
    ("order_stability", 5.0 / 6.0, 6),
    ("repeat_stability", 5.0 / 6.0, 6),
    ("degraded_rate", 1.0 / 3.0, 3),
    ("unread_rate", 0.1, 3),
    ("calls_per_handoff", 2.0, 3),
    ("tokens_per_handoff", 2_000.0, 3),
    ("answer_tokens_per_handoff", 200.0, 3),
    ("sent_ratio", 2.0, 3),
    ("cached_share", 0.25, 3),
    ("cost_per_handoff", 0.02, 3),
    ("milliseconds_p50", 20.0, 3),
    // Between 20 and 60 at nine tenths of the way.
    ("milliseconds_p95", 56.0, 3),
    ("milliseconds_mean", 30.0, 3),
];

#[test]
fn every_metric_is_what_it_is_by_hand() {
    let cases = three();
    let measured = measure(&cases.iter().collect::<Vec<_>>());
    let names: Vec<&str> = ALL.iter().map(|definition| definition.name).collect();
    assert_eq!(names, BY_HAND.map(|(name, ..)| name), "each metric has its example, in the same order");
    for (name, value, n) in BY_HAND {
        let metric = measured.find(name).unwrap();
        let got = metric.value.unwrap_or_else(|| panic!("{name} has no value"));
        assert!((got - value).abs() < 1e-9, "{name}: {got} is not {value}");
        assert_eq!(metric.n, n, "{name}");
    }
}

#[test]
fn nothing_to_count_is_nothing() {
    for cases in [Vec::new(), vec![handoff("oak-01", Verdict::Complete, Verdict::Complete)]] {
        let cases: Vec<&CaseResult> = cases.iter().collect();
        let measured = measure(&cases);
        for name in ["field_recall", "false_pass_rate", "gap_f1", "field_f1_macro", "quote_validity", "sent_ratio"] {
            let metric = measured.find(name).unwrap();
            assert_eq!((metric.value, metric.low, metric.high, metric.n), (None, None, None, 0), "{name}");
        }
    }
}

#[test]
fn none_of_some_has_its_bound() {
    let cases: Vec<CaseResult> =
        (1..=16).map(|number| handoff(&format!("f{number}-01"), Verdict::Incomplete, Verdict::Incomplete)).collect();
    let measured = measure(&cases.iter().collect::<Vec<_>>());
    let passes = measured.find("false_pass_rate").unwrap();
    assert_eq!((passes.value, passes.low, passes.high, passes.n), (Some(0.0), Some(0.0), Some(3.0 / 16.0), 16));
    let definition = ALL.iter().find(|definition| definition.name == "false_pass_rate").unwrap();
    assert_eq!(baton::eval::table::figure(definition, passes), "0 of 16 (< 18.8 %)");
    let right = measured.find("verdict_accuracy").unwrap();
    assert_eq!((right.value, right.low, right.high), (Some(1.0), Some(1.0 - 3.0 / 16.0), Some(1.0)));
}

/// Four families of five handoffs each that all fail or all pass together: what is known is four things, not twenty.
#[test]
fn families_are_drawn_together() {
    let cases = |apart: bool| -> Vec<CaseResult> {
        let got = |passes: bool| if passes { Verdict::Complete } else { Verdict::Incomplete };
        let named = |family: usize, number: usize| match apart {
            true => format!("f{family}x{number}-01"),
            false => format!("f{family}-{number:02}"),
        };
        let each = (0..4).flat_map(|family| (0..5).map(move |number| (family, number)));
        each.map(|(family, number)| handoff(&named(family, number), Verdict::Complete, got(family < 2))).collect()
    };
    let width = |cases: Vec<CaseResult>| {
        let measured = measure(&cases.iter().collect::<Vec<_>>());
        let metric = *measured.find("false_block_rate").unwrap();
        assert_eq!((metric.value, metric.n), (Some(0.5), 20));
        metric.high.unwrap() - metric.low.unwrap()
    };
    assert_eq!(width(cases(false)), 1.0, "two of four families may as well have been none or all");
    assert!((0.3..0.55).contains(&width(cases(true))), "{}", width(cases(true)));
}

#[test]
fn figures_are_broken_down() {
    let mut cases = three();
    cases[2].route = "b-to-c".into();
    cases[2].tags = vec!["call".into(), "email".into()];
    let cases: Vec<&CaseResult> = cases.iter().collect();
    let value = |metrics: &baton::eval::result::Metrics, name: &str| metrics.find(name).and_then(|metric| metric.value);
    let (routes, tags, fields) = (by_route(&cases), by_tag(&cases), by_field(&cases));
    assert_eq!(value(routes.find("a-to-b").unwrap(), "field_precision"), Some(0.5));
    assert_eq!(value(routes.find("b-to-c").unwrap(), "field_precision"), Some(0.0));
    assert_eq!(value(tags.find("call").unwrap(), "false_pass_rate"), Some(1.0));
    assert_eq!(value(tags.find("email").unwrap(), "verdict_accuracy"), Some(1.0 / 3.0));
    assert_eq!(value(fields.find("day").unwrap(), "field_recall"), Some(0.5));
    assert_eq!(value(fields.find("day").unwrap(), "gap_recall"), Some(1.0));
    assert_eq!(value(fields.find("price").unwrap(), "gap_precision"), Some(0.0));
    assert!(fields.find("price").unwrap().find("false_pass_rate").is_none(), "a field has no verdict");
}

#[test]
fn the_table_says_what_is_known_and_what_is_not() {
    let cases = three();
    let mutants = |counted: usize| MutantResults { made: 150, counted, shown: counted >= 100, ..Default::default() };
    let metrics = measure(&cases.iter().collect::<Vec<_>>());
    let mut results = Results {
        engine: "extractive".into(),
        metrics: metrics.clone(),
        mutations: Ordered(vec![("remove".into(), metrics)]),
        mutants: Some(mutants(60)),
        cases,
        ..Results::default()
    };
    results.cases[1].id = "oak\u{1b}[31m-02".into();
    let few = table(&results);
    let expected = [
        "extractive, 3 handoffs of 2 families, baton ",
        "\n  passed unfinished: elm-01\n",
        "\n  held up finished: oak␛[31m-02\n",
        "  not shown (60 of 100)\n",
    ];
    for told in expected {
        assert!(few.contains(told), "{told}\n{few}");
    }
    let place = |title: &str| few.find(title).unwrap_or_else(|| panic!("{title}"));
    assert!(place("\ngate\n") < place("\nfields\n") && place("\nfields\n") < place("\ngaps\n"));
    assert!(place("false_pass_rate") < place("false_block_rate") && place("false_block_rate") < place("field_"));
    results.mutants = Some(mutants(120));
    let enough = table(&results);
    assert!(!enough.contains("not shown") && enough.contains("  remove       passed unfinished"), "{enough}");
    let told = failures(&results);
    assert!(
        told.contains("  wrong        day\n") && told.contains("gaps not told: price vague, region conflicting"),
        "{told}"
    );
    let passed = MutantResult {
        id: "oak-01~remove~day".into(),
        original: "oak-01".into(),
        mutation: "remove".into(),
        field: "day".into(),
        got: Verdict::Complete,
        gaps: GapScores::default(),
        case: Some(Box::new(CaseResult { id: "oak-01~remove~day".into(), ..results.cases[2].clone() })),
    };
    results.mutants = Some(MutantResults { all: vec![passed], ..mutants(120) });
    assert!(failures(&results).contains("oak-01~remove~day (a-to-b): expected incomplete, got complete"));
    assert!(told.contains("gaps not wanted: price missing") && !told.contains('\u{1b}'), "{told}");
}

#[test]
fn every_metric_is_defined_in_the_docs() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/evals.md")).unwrap();
    let defined: Vec<&str> = docs
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |").map(|(name, _)| name))
        .filter(|name| !name.starts_with("--"))
        .collect();
    let names: Vec<&str> = ALL.iter().map(|definition| definition.name).collect();
    assert_eq!(defined, names, "docs/evals.md has one line for each metric, in the order of reports");
}
