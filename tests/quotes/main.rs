//! Can the quote matcher be fooled? Generated false quotes, kind by kind, of
//! which none may be verified, and true quotes in other clothes, of which
//! nearly all must be. The conversations are written by hand; what is done to
//! their sentences is drawn with a fixed seed.
//!
//! A new kind is one function that makes pairs and one line in the `KINDS` of
//! its file; a new file of kinds is one line in `FALSE_KINDS` or `TRUE_KINDS`.

mod drawing;
mod false_kinds_a;
mod false_kinds_b;
mod sources;
mod true_kinds_a;
mod true_kinds_b;

use std::collections::BTreeSet;

use baton::brief::Tier;
use baton::claim::Citation;
use baton::conversation::MessageId;
use baton::grounding::Index;

use drawing::{Pair, Random, letters};
use sources::{Material, Talk};

const FALSE_KINDS: &[&[Kind]] = &[false_kinds_a::KINDS, false_kinds_b::KINDS];
const TRUE_KINDS: &[&[Kind]] = &[true_kinds_a::KINDS, true_kinds_b::KINDS];

/// The least number of pairs over all kinds.
const LEAST_FALSE: usize = 1_500;
const LEAST_TRUE: usize = 600;
/// The least number of pairs of one kind.
const LEAST_OF_A_KIND: usize = 40;
/// The share of true quotes that must be kept over all kinds.
const LEAST_KEPT_PERCENT: usize = 90;
/// The share that must be kept in every kind. Lower, because of the ellipsis: about 75 to 80 of 100 are kept, for a gap
/// that holds "and" with a noun may hide another subject, and a lost true quote costs less than a verified false one.
const LEAST_KEPT_OF_A_KIND_PERCENT: usize = 70;
/// Examples shown of a kind that fails.
const SHOWN: usize = 5;

/// One way to be false, or one way to look different and be true.
pub struct Kind {
    pub name: &'static str,
    pub words: Words,
    pub make: fn(&Material, &mut Random) -> Vec<Pair>,
}

/// What is known by construction about a kind's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// They stand nowhere in the conversation, whatever the case, punctuation and space.
    Nowhere,
    /// They stand there, but cut out of something that says otherwise.
    CutOut,
    /// They stand there and mean what they say.
    There,
}

/// What the matcher made of a pair.
struct Found {
    message: MessageId,
    tier: Tier,
    verified: bool,
    span: Option<String>,
}

#[test]
fn false_quotes_are_never_verified() {
    let material = Material::build();
    let (mut failures, mut total) = (Vec::new(), 0);
    for kind in FALSE_KINDS.iter().copied().flatten() {
        let pairs = make_pairs(kind, &material);
        let accepted: Vec<_> = check(&material, &pairs).filter(|(_, found)| is_verified(found)).collect();
        println!("false  {:<24} accepted {} of {}", kind.name, accepted.len(), pairs.len());
        show(&accepted);
        total += pairs.len();
        if !accepted.is_empty() {
            failures.push(format!("{}: {} false quotes verified", kind.name, accepted.len()));
        }
        failures.extend(too_few(kind, pairs.len()));
    }
    println!("false  {:<24} {total} quotes", "all kinds");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(total >= LEAST_FALSE, "only {total} false quotes");
}

#[test]
fn true_quotes_are_kept() {
    let material = Material::build();
    let (mut failures, mut total, mut total_kept) = (Vec::new(), 0, 0);
    for kind in TRUE_KINDS.iter().copied().flatten() {
        let pairs = make_pairs(kind, &material);
        let lost: Vec<_> = check(&material, &pairs).filter(|(pair, found)| !is_kept(pair, found)).collect();
        let kept = pairs.len() - lost.len();
        println!("true   {:<24} kept {kept} of {} ({})", kind.name, pairs.len(), percent(kept, pairs.len()));
        if kept * 100 < pairs.len() * LEAST_KEPT_OF_A_KIND_PERCENT {
            failures.push(format!("{}: only {kept} of {} true quotes kept", kind.name, pairs.len()));
            show(&lost);
        }
        total += pairs.len();
        total_kept += kept;
        failures.extend(too_few(kind, pairs.len()));
    }
    println!("true   {:<24} kept {total_kept} of {total} ({})", "all kinds", percent(total_kept, total));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(total_kept * 100 >= total * LEAST_KEPT_PERCENT, "only {total_kept} of {total} true quotes kept");
    assert!(total >= LEAST_TRUE, "only {total} true quotes");
}

/// The material is what the kinds take for granted: enough of it, no sentence twice, marks where they can be used.
#[test]
fn the_material_is_sound() {
    let material = Material::build();
    assert!(material.talks.len() >= 8);
    for talk in &material.talks {
        assert!((6..=14).contains(&talk.conversation.messages.len()), "{}", talk.conversation.documents[0].source);
    }
    let mut seen = BTreeSet::new();
    for site in &material.sites {
        assert!(seen.insert(drawing::fold(&site.sentence)), "twice: {}", site.sentence);
        let talk = &material.talks[site.talk];
        assert_eq!(talk.count_characters(&site.sentence), 1, "once in its conversation: {}", site.sentence);
        if let Some(gap) = &site.gap {
            let parts = [&site.sentence[..gap.start], &site.sentence[gap.end..]];
            assert!(parts.iter().all(|part| drawing::words(part).len() >= 3), "short part: {}", site.sentence);
            let turns = |word: &str| {
                ["not", "no", "never", "nor", "without", "except", "unless", "if", "only", "but"].contains(&word)
            };
            assert!(
                !drawing::fold(&site.sentence[gap.clone()]).split(' ').any(turns),
                "gap that matters: {}",
                site.sentence
            );
        }
    }
    assert!(seen.len() >= 120, "only {} sentences", seen.len());
}

/// The same pairs in every run, each once, and what the kind claims about their words holds.
fn make_pairs(kind: &Kind, material: &Material) -> Vec<Pair> {
    let pairs = (kind.make)(material, &mut Random::named(kind.name));
    let mut seen = BTreeSet::new();
    for pair in &pairs {
        let talk = &material.talks[pair.talk];
        assert!(seen.insert((pair.talk, pair.cited, &pair.quote)), "{}: twice: {}", kind.name, pair.quote);
        match kind.words {
            Words::Nowhere => assert!(!talk.has_words(&pair.quote), "{}: stands there: {}", kind.name, pair.quote),
            Words::CutOut => {
                assert!(pair.stands_for.is_empty(), "{}: no meaning of its own: {}", kind.name, pair.quote)
            }
            Words::There => {
                let text = letters(&drawing::without_prefixes(talk.text(pair.origin)));
                assert!(text.contains(&letters(&pair.stands_for)), "{}: not there: {}", kind.name, pair.stands_for);
                assert!(drawing::words(&pair.quote).len() >= 4, "{}: short: {}", kind.name, pair.quote);
            }
        }
    }
    pairs
}

fn check<'a>(material: &'a Material, pairs: &'a [Pair]) -> impl Iterator<Item = (&'a Pair, Option<Found>)> {
    let indexes: Vec<Index<'a>> = material.talks.iter().map(|talk| Index::new(&talk.conversation)).collect();
    pairs.iter().map(move |pair| {
        let citation = Citation { message: pair.cited, quote: pair.quote.clone(), at: None };
        let talk: &Talk = &material.talks[pair.talk];
        let found = indexes[pair.talk].check(&citation).map(|found| Found {
            message: found.message,
            tier: found.tier,
            verified: found.verified(),
            span: talk.text(found.message).get(found.start..found.end).map(str::to_string),
        });
        (pair, found)
    })
}

fn is_verified(found: &Option<Found>) -> bool {
    found.as_ref().is_some_and(|found| found.verified)
}

/// Verified, and the span is the words that the quote stands for: not more, not less, not elsewhere. What is cited
/// from the wrong message must be found in the right one.
fn is_kept(pair: &Pair, found: &Option<Found>) -> bool {
    found.as_ref().is_some_and(|found| {
        let span = found.span.as_deref().map(|span| letters(&drawing::without_prefixes(span)));
        found.verified && found.message == pair.origin && span == Some(letters(&pair.stands_for))
    })
}

fn too_few(kind: &Kind, count: usize) -> Option<String> {
    (count < LEAST_OF_A_KIND).then(|| format!("{}: only {count} pairs", kind.name))
}

fn percent(part: usize, whole: usize) -> String {
    format!("{:.1} %", part as f64 * 100.0 / whole.max(1) as f64)
}

fn show(examples: &[(&Pair, Option<Found>)]) {
    for (pair, found) in examples.iter().take(SHOWN) {
        println!("         sentence  {:?}", pair.sentence);
        println!("         quote     {:?}, said to stand in {}", pair.quote, pair.cited);
        match found {
            None => println!("         found     nothing"),
            Some(found) => println!(
                "         found     {:?}, verified: {}, in {}: {:?}",
                found.tier, found.verified, found.message, found.span
            ),
        }
    }
}
