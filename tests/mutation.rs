//! Mutants: that each is what it says it is (small invented handoffs, word by
//! word), that all of the samples' mutants are sound, and that the gate stops
//! them when the rules alone read. Run with
//! `cargo test --test mutation -- --nocapture` to see every mutant that passes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use baton::brief::{FieldState, GapKind, Verdict};
use baton::conversation::{Conversation, Message, SegmentKind, Side};
use baton::eval::cases::ExpectedGap;
use baton::eval::mutation::{Mutant, Mutation, make, make_from, mutants};
use baton::eval::{Case, Expectation, Expected, Gold, load, score};
use baton::intake::Input;
use baton::{pipeline, route};
use serde_json::{Value as Json, json};

const ROUTE: &str = "
id: start
fields:
  - {key: go_live_date, type: date, label: Go-live date, question: By when?, required: true, specific: true, said_by: theirs}
  - {key: seats, type: number, label: Number of seats, question: How many?, required: true, specific: true}
  - {key: billing, type: enum, label: Billing, question: How often?, required: true, values: [{id: monthly}, {id: yearly, aliases: [annually]}]}
  - {key: sso, type: bool, label: Single sign-on, question: Is it needed?, required: true, cues: [single sign-on]}
  - {key: sponsor, type: person, label: Sponsor, question: Who?, required_when: \"billing == 'yearly'\", specific: true}
  - {key: lead, type: person, label: Project lead, question: Who runs it?, required: true, specific: true, cues: [run the project]}
  - {key: regions, type: text, list: true, label: Regions, question: Where?, required_when: \"billing == 'monthly'\"}
  - {key: note, type: text, label: Note, question: What else?}
";

const FIRST: &str = "From: Dana Whitfield <dana@northwind.example>
To: Marcus Lee <marcus@acme.example>
Date: Mon, 2 Mar 2026 09:00:00 +0000
Subject: Our start
Content-Type: text/plain; charset=utf-8

Hi Marcus,

we go live on 1 July 2026. We need 40 seats, and Helen Ortiz is the sponsor. We would like to be billed annually.
Single sign-on is a must. I will run the project myself.

Kind regards
Dana Whitfield
";

const SECOND: &str = "From: Marcus Lee <marcus@acme.example>
To: Dana Whitfield <dana@northwind.example>
Date: Tue, 3 Mar 2026 09:00:00 +0000
Subject: Re: Our start
Content-Type: text/plain; charset=utf-8

Thanks, 40 it is.

On Mon, 2 Mar 2026 at 09:00, Dana Whitfield <dana@northwind.example> wrote:
> Hi Marcus,
>
> we go live on 1 July 2026. We need 40 seats, and Helen Ortiz is the sponsor. We would like to be billed annually.
> Single sign-on is a must. I will run the project myself.
";

fn found(value: Json, evidence: &str) -> Gold {
    Gold { expectation: Expectation::Found(vec![value]), evidence: vec![evidence.to_owned()], superseded: Vec::new() }
}

fn absent() -> Gold {
    Gold { expectation: Expectation::Absent, evidence: Vec::new(), superseded: Vec::new() }
}

fn sample() -> Case {
    let input = |name: &str, text: &str| Input { name: name.to_owned(), bytes: text.into(), kind: None, format: None };
    let golds = [
        ("go_live_date", found(json!("2026-07-01"), "we go live on 1 July 2026")),
        ("seats", found(json!(40), "We need 40 seats")),
        ("billing", found(json!("yearly"), "We would like to be billed annually")),
        ("sso", found(json!(true), "Single sign-on is a must")),
        ("sponsor", found(json!("Helen Ortiz"), "Helen Ortiz is the sponsor")),
        ("lead", found(json!("Dana Whitfield"), "I will run the project myself")),
        ("regions", absent()),
        ("note", absent()),
    ];
    Case {
        id: "start-01".to_owned(),
        route: route::load("start.yaml", ROUTE).unwrap(),
        as_of: "2026-03-04T12:00:00Z".parse().unwrap(),
        our_domains: vec!["acme.example".to_owned()],
        known: Vec::new(),
        tags: Vec::new(),
        sources: vec![input("01.eml", FIRST), input("02.eml", SECOND)],
        expected: Expected {
            verdict: Verdict::Complete,
            fields: golds.map(|(key, gold)| (key.to_owned(), gold)).to_vec(),
            gaps: Vec::new(),
            must: Vec::new(),
            must_not: Vec::new(),
        },
    }
}

fn mutant(case: &Case, id: &str) -> Mutant {
    let all = mutants(case, &Mutation::ALL);
    let ids: Vec<String> = all.iter().map(|one| one.id.clone()).collect();
    all.into_iter().find(|one| one.id == id).unwrap_or_else(|| panic!("{id} is not among {ids:#?}"))
}

/// The segments of one kind, as text.
fn parts(message: &Message, kind: SegmentKind) -> Vec<&str> {
    let own = message.segments.iter().filter(|segment| segment.kind == kind);
    own.map(|segment| &message.text[segment.start..segment.end]).collect()
}

fn gaps(mutant: &Mutant) -> Vec<(&str, GapKind)> {
    mutant.case.expected.gaps.iter().map(|gap| (gap.subject.as_str(), gap.kind)).collect()
}

fn unmade(case: &Case, field: &str, mutation: Mutation) -> Vec<String> {
    let (_, unmade) = make(case, &[mutation]);
    unmade.into_iter().filter(|one| one.field == field).map(|one| one.reason).collect()
}

#[test]
fn what_is_removed_is_gone_with_its_sentence_and_its_repeats() {
    let case = sample();
    let check = |field: &str, body: &str, answer: &str, quote_lacks: &str| {
        let one = mutant(&case, &format!("start-01~remove~{field}"));
        let messages = &one.conversation.messages;
        assert_eq!(parts(&messages[0], SegmentKind::Body), [body]);
        assert_eq!(parts(&messages[0], SegmentKind::Signature), ["Kind regards\nDana Whitfield"]);
        assert_eq!(parts(&messages[1], SegmentKind::Body), [answer]);
        let quote = parts(&messages[1], SegmentKind::Quote).concat();
        assert!(!quote.contains(quote_lacks) && quote.contains("\n> Hi Marcus"), "{quote}");
        assert_eq!(one.case.expected.verdict, Verdict::Incomplete);
        assert_eq!(gaps(&one)[0], (field, GapKind::Missing));
    };
    check(
        "go_live_date",
        "Hi Marcus,\n\nWe need 40 seats, and Helen Ortiz is the sponsor. We would like to be billed annually.\nSingle sign-on is a must. I will run the project myself.",
        "Thanks, 40 it is.",
        "1 July",
    );
    // The sentence shows the sponsor too, who stays; and the answer was nothing but the number.
    check(
        "seats",
        "Hi Marcus,\n\nwe go live on 1 July 2026. Helen Ortiz is the sponsor. We would like to be billed annually.\nSingle sign-on is a must. I will run the project myself.",
        "Thanks for your mail.",
        "40",
    );
    check(
        "sso",
        "Hi Marcus,\n\nwe go live on 1 July 2026. We need 40 seats, and Helen Ortiz is the sponsor. We would like to be billed annually.\nI will run the project myself.",
        "Thanks, 40 it is.",
        "sign-on",
    );
}

#[test]
fn gaps_of_what_hangs_on_the_field_are_expected_too() {
    let case = sample();
    let one = mutant(&case, "start-01~remove~billing");
    assert_eq!(gaps(&one), [("billing", GapKind::Missing), ("regions", GapKind::Missing)]);
    assert_eq!(one.case.gold("billing").map(|gold| &gold.expectation), Some(&Expectation::Absent));
    assert_eq!(gaps(&mutant(&case, "start-01~remove~sponsor")), [("sponsor", GapKind::Missing)]);
    let mut unlisted = sample();
    unlisted.expected.fields.retain(|(key, _)| key != "regions");
    let reasons = unmade(&unlisted, "billing", Mutation::Remove);
    assert_eq!(reasons, ["the gold does not name a field that becomes required: regions"]);
}

#[test]
fn vague_words_stand_where_the_value_stood() {
    let case = sample();
    let body = |id: &str| parts(&mutant(&case, id).conversation.messages[0], SegmentKind::Body).concat();
    let date = body("start-01~vague~go_live_date");
    assert!(
        date.starts_with("Hi Marcus,\n\nwe go live ") && !date.contains("July") && !date.contains(" on "),
        "{date}"
    );
    let seats = body("start-01~vague~seats");
    assert!(seats.contains(" seats, and Helen Ortiz is the sponsor.") && !seats.contains("40"), "{seats}");
    let sponsor = body("start-01~vague~sponsor");
    assert!(sponsor.contains("We need 40 seats, and some") && sponsor.contains(" is the sponsor."), "{sponsor}");
    // Of a choice only the question can be put off, and that leaves it missing.
    let billing = mutant(&case, "start-01~vague~billing");
    assert_eq!(gaps(&billing)[0], ("billing", GapKind::Missing));
    assert!(body("start-01~vague~billing").contains("the sponsor. Billing: "));
    let seats = mutant(&case, "start-01~vague~seats");
    assert_eq!(gaps(&seats), [("seats", GapKind::Vague)]);
    let gold = seats.case.gold("seats").map(|gold| gold.expectation.clone());
    assert!(matches!(gold, Some(Expectation::Other(FieldState::Vague, words)) if words.len() == 1));
    // Only the first statement became vague; the repeats of the value are gone.
    assert_eq!(parts(&seats.conversation.messages[1], SegmentKind::Body), ["Thanks for your mail."]);
}

#[test]
fn a_contradiction_comes_from_somebody_else_with_as_much_say() {
    let case = sample();
    let check = |field: &str, side: Side, line: &str| {
        let one = mutant(&case, &format!("start-01~contradict~{field}"));
        let before = case.conversation();
        assert_eq!(one.conversation.messages[..2], before.messages[..]);
        let last = &one.conversation.messages[2];
        assert_eq!((last.id.to_string().as_str(), last.author.side), ("m3", side));
        assert_eq!(parts(last, SegmentKind::Body), [format!("Hello,\n\nfor your file:\n\n{line}")]);
        assert_eq!(last.subject.as_deref(), Some("Re: Our start"));
        assert_eq!(last.at, Some("2026-03-03T10:00:00Z".parse().unwrap()));
        assert!(before.messages.iter().all(|message| message.author != last.author));
        assert_eq!(gaps(&one)[0], (field, GapKind::Conflicting));
        let gold = one.case.gold(field).map(|gold| gold.expectation.clone());
        assert!(matches!(gold, Some(Expectation::Other(FieldState::Conflicting, both)) if both.len() == 2));
    };
    check("go_live_date", Side::Theirs, "Go-live date: 15 July 2026");
    check("seats", Side::Theirs, "Number of seats: 54");
    check("billing", Side::Theirs, "Billing: monthly");
    check("sso", Side::Theirs, "Single sign-on: no");
}

#[test]
fn the_wrong_party_says_it() {
    let case = sample();
    let aside = mutant(&case, "start-01~wrong-party~seats");
    let last = aside.conversation.messages.last().unwrap();
    assert_eq!(last.author.name.as_deref(), Some("Marcus Lee"));
    let company = last.subject.clone().unwrap();
    let body = parts(last, SegmentKind::Body).concat();
    assert!(body.contains(&company) && body.contains("Number of seats") && body.contains("40"), "{body}");
    assert_eq!(gaps(&aside), [("seats", GapKind::Missing)]);

    let forward = mutant(&case, "start-01~wrong-party~go_live_date~forward");
    let last = forward.conversation.messages.last().unwrap();
    let segment = last.segments.last().unwrap();
    let author = segment.author.clone().unwrap();
    assert_eq!((segment.kind, author.side), (SegmentKind::Forward, Side::Theirs));
    assert!(!author.address.unwrap().contains("northwind"));
    assert!(last.text[segment.start..segment.end].contains("\n\nwe go live on 1 July 2026.\n\n"));
    assert_eq!(gaps(&forward), [("go_live_date", GapKind::Missing)]);

    let side = mutant(&case, "start-01~wrong-party~go_live_date~side");
    let last = side.conversation.messages.last().unwrap();
    assert_eq!(last.author.side, Side::Ours);
    assert_eq!(parts(last, SegmentKind::Body), ["Hello,\n\nfor the file:\n\nGo-live date: 1 July 2026"]);
    assert_eq!(gaps(&side), [("go_live_date", GapKind::Unconfirmed)]);
    // Anybody may say how many seats.
    assert!(mutants(&case, &[Mutation::WrongParty]).iter().all(|one| one.id != "start-01~wrong-party~seats~side"));
}

#[test]
fn the_record_and_what_the_crm_knows_are_broken_too() {
    let mut case = sample();
    let record =
        br#"{"seats": "40", "Billing": "annually", "notes": "they start on 2026-07-01", "Owner": "Marcus Lee"}"#;
    case.sources.push(Input { name: "crm.json".to_owned(), bytes: record.to_vec(), kind: None, format: None });
    case.known = vec![("go_live_date".to_owned(), "1 July 2026".to_owned())];
    let record = |id: &str| Json::Object(mutant(&case, id).conversation.record);
    let all = Json::Object(case.conversation().record);
    assert_eq!(all.as_object().map(|all| all.len()), Some(4), "{all}");
    let gone = record("start-01~remove~seats");
    assert_eq!((gone.get("seats"), gone.get("Billing")), (None, all.get("Billing")));
    let one = mutant(&case, "start-01~remove~go_live_date");
    assert_eq!((one.case.known.len(), one.conversation.record.get("notes")), (0, None));
    assert_eq!(one.conversation.record.get("Owner"), all.get("Owner"));
    assert_eq!(mutant(&case, "start-01~contradict~go_live_date").case.known, case.known);
    // What only the record holds becomes a word that fills the box.
    case.sources.retain(|source| source.name == "crm.json");
    let only = mutant(&case, "start-01~vague~seats");
    assert_eq!(only.conversation.record.get("seats"), Some(&json!("TBD")));
    assert_eq!(gaps(&only)[0], ("seats", GapKind::Missing));
}

#[test]
fn what_cannot_be_broken_honestly_is_told() {
    let case = sample();
    let lead = unmade(&case, "lead", Mutation::Remove);
    assert_eq!(lead, ["nobody else speaks for that side, so every message names the person"]);
    let mut shared = sample();
    let (_, note) = shared.expected.fields.iter_mut().find(|(key, _)| key == "note").unwrap();
    *note = found(json!("live on 1 July"), "go live on 1 July");
    let reasons = unmade(&shared, "go_live_date", Mutation::Remove);
    assert_eq!(reasons, ["the words for another field hold it too: note"]);
    let mut monthly = sample();
    for (key, gold) in &mut monthly.expected.fields {
        match key.as_str() {
            "billing" => *gold = found(json!("monthly"), "We would like to be billed annually"),
            "regions" => *gold = found(json!(["Spain"]), "Hi Marcus"),
            _ => {}
        }
    }
    assert_eq!(unmade(&monthly, "regions", Mutation::Contradict), ["several statements can be true together"]);
    assert_eq!(unmade(&monthly, "regions", Mutation::Remove), ["the words that state it were not found"]);
    let mut incomplete = sample();
    incomplete.expected.verdict = Verdict::Incomplete;
    incomplete.expected.gaps = vec![ExpectedGap { subject: "note".to_owned(), kind: GapKind::Missing }];
    let (made, unmade) = make(&incomplete, &Mutation::ALL);
    assert!(made.is_empty() && unmade.is_empty());
}

fn complete_cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = load(&root.join("evals/cases")).0.into_iter();
    all.filter(|case| case.expected.verdict == Verdict::Complete).collect()
}

/// What intake promises of a conversation.
fn check_form(conversation: &Conversation, id: &str) {
    for (at, message) in conversation.messages.iter().enumerate() {
        assert_eq!(message.id.0 as usize, at + 1, "{id}");
        let document = conversation.document(&message.document);
        assert!(document.is_some_and(|one| one.messages.contains(&message.id)), "{id} {}", message.id);
        let mut end = 0;
        for segment in &message.segments {
            let between = message.text.get(end..segment.start);
            assert!(between.is_some_and(|gap| gap.trim().is_empty()), "{id} {} {between:?}", message.id);
            let words = message.text.get(segment.start..segment.end);
            assert!(words.is_some_and(|words| !words.trim().is_empty()), "{id} {} {words:?}", message.id);
            end = segment.end;
        }
        assert!(message.text.get(end..).is_some_and(|rest| rest.trim().is_empty()), "{id} {}", message.id);
    }
}

fn squeezed(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c == '>').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Everything that is said or recorded, in one text.
fn everything(conversation: &Conversation) -> String {
    let texts = conversation.messages.iter().map(|message| squeezed(&message.text));
    let record = Json::Object(conversation.record.clone()).to_string();
    texts.chain([record]).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_mutants_of_the_samples_are_sound() {
    let mut seen = BTreeSet::new();
    for case in complete_cases() {
        let before = case.conversation();
        let whole = everything(&before);
        let (made, unmade) = make_from(&case, &before, &Mutation::ALL);
        // The long ones are made once; nothing in them is drawn otherwise.
        if before.messages.len() < 60 {
            assert_eq!(ids(&made), ids(&make_from(&case, &before, &Mutation::ALL).0));
        }
        // Nothing is dropped: each needed field is made or told of, in every kind.
        let needed: BTreeSet<&str> =
            made.iter().map(|one| one.field.as_str()).chain(unmade.iter().map(|one| one.field.as_str())).collect();
        for (field, mutation) in needed.iter().flat_map(|field| Mutation::ALL.map(|mutation| (*field, mutation))) {
            let is_made = made.iter().any(|one| one.field == field && one.mutation == mutation);
            let is_told = unmade.iter().any(|one| one.field == field && one.mutation == mutation);
            assert!(is_made || is_told, "{} {mutation} {field}", case.id);
        }
        for one in &made {
            assert!(seen.insert(one.id.clone()), "{} twice", one.id);
            assert!(one.id.starts_with(&format!("{}~{}~{}", case.id, one.mutation, one.field)), "{}", one.id);
            check_form(&one.conversation, &one.id);
            let now = everything(&one.conversation);
            for (key, gold) in case.expected.fields.iter().filter(|(key, _)| *key != one.field) {
                for words in gold.evidence.iter().map(|words| squeezed(words)) {
                    let kept = now.matches(&words).count() >= whole.matches(&words).count();
                    assert!(kept, "{}: `{words}` of {key} is hurt", one.id);
                }
            }
            if one.mutation == Mutation::Remove {
                let gold = case.gold(&one.field).unwrap();
                let told =
                    gold.evidence.iter().map(|words| squeezed(words)).filter(|words| words.split(' ').count() > 3);
                for words in told {
                    assert!(!now.contains(&words), "{}: `{words}` still stands", one.id);
                }
            }
        }
    }
    assert!(seen.len() >= 600, "only {} mutants", seen.len());
}

fn ids(mutants: &[Mutant]) -> Vec<(&str, String)> {
    mutants.iter().map(|one| (one.id.as_str(), everything(&one.conversation))).collect()
}

/// The most mutants of each kind that may pass unfinished. Each is a value that Baton takes from words which do not
/// state it; the aim is none, and a number here only goes down.
const MOST_PASSES: [(&str, usize); 6] =
    [("remove", 0), ("vague", 0), ("contradict", 0), ("aside", 0), ("forward", 0), ("side", 0)];
/// The least mutants that must count, because their originals pass.
const LEAST_COUNTED: usize = 300;
/// The least share of counted mutants whose gaps are exactly the expected ones.
const LEAST_EXACT: f64 = 0.75;

#[derive(Default)]
struct Count {
    made: usize,
    counted: usize,
    exact: usize,
    passes: Vec<String>,
}

/// The kind, and of the wrong party how it says it.
fn kind(mutant: &Mutant) -> &'static str {
    match mutant.mutation {
        Mutation::WrongParty if mutant.id.ends_with("~forward") => "forward",
        Mutation::WrongParty if mutant.id.ends_with("~side") => "side",
        Mutation::WrongParty => "aside",
        other => other.name(),
    }
}

#[test]
fn the_gate_stops_the_mutants_that_rules_read() {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for case in complete_cases() {
        let conversation = case.conversation();
        let passed = pipeline::run(case.request(conversation.clone())).brief.verdict == Verdict::Complete;
        let (made, unmade) = make_from(&case, &conversation, &Mutation::ALL);
        for one in unmade {
            let phrase = one.reason.split(": ").next().unwrap_or_default();
            *reasons.entry(format!("{}: {phrase}", one.mutation)).or_default() += 1;
        }
        for one in made {
            let count = counts.entry(kind(&one)).or_default();
            count.made += 1;
            if !passed {
                continue;
            }
            count.counted += 1;
            let brief = pipeline::run(one.case.request(one.conversation.clone())).brief;
            let scored = score(&one.case, &brief);
            count.exact += usize::from(scored.gaps_missing.is_empty() && scored.gaps_extra.is_empty());
            if scored.is_false_pass() {
                let got = brief.fields.find(&one.field);
                let quotes: Vec<&str> =
                    got.iter().flat_map(|got| &got.evidence).map(|evidence| evidence.quote.as_str()).collect();
                println!("{} passes with {:?} from {quotes:?}", one.id, got.map(|got| got.value.to_string()));
                count.passes.push(one.id);
            }
        }
    }
    for (kind, count) in &counts {
        let Count { made, counted, exact, passes } = count;
        println!(
            "{kind}: {made} made, {counted} counted, {exact} with exactly the expected gaps, {} pass",
            passes.len()
        );
    }
    println!("not made: {reasons:#?}");
    let counted: usize = counts.values().map(|count| count.counted).sum();
    let exact: usize = counts.values().map(|count| count.exact).sum();
    assert!(counted >= LEAST_COUNTED, "only {counted} mutants count");
    assert!(exact as f64 >= LEAST_EXACT * counted as f64, "only {exact} of {counted} have the expected gaps");
    for (kind, most) in MOST_PASSES {
        let passes = counts.get(kind).map(|count| count.passes.as_slice()).unwrap_or_default();
        assert!(passes.len() <= most, "{} mutants of {kind} pass, {most} did: {passes:#?}", passes.len());
    }
}
