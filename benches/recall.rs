//! Whether the passages most likely to state a field hold the words that a
//! careful person cited for it: recall at k of BM25 over passages, on the
//! samples as they are and among the passages of other samples, up to long
//! contexts; and how much of the context those passages are. No model is asked.

use std::path::Path;

use baton::eval::cases::{Case, Expectation};
use baton::eval::load;
use baton::passages::{Passage, Ranking, Words, of_conversation, pieces};
use baton::route::{Field, Requirement};
use baton::value::Kind;

const AT: [usize; 5] = [1, 3, 5, 10, 20];
/// Tokens of a context, at four bytes each; 0 is the sample as it is.
const SIZES: [usize; 4] = [0, 30_000, 100_000, 200_000];
/// Samples that are put among others.
const LONG_CASES: usize = 12;

fn main() {
    let (cases, _) = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("evals/cases"));
    let cut: Vec<Vec<Passage>> = cases.iter().map(|case| of_conversation(&case.conversation(), "")).collect();
    println!("tokens    words         fields  at 1   at 3   at 5   at 10  at 20  sent at 5  sent at 10");
    for size in SIZES {
        for (name, words) in [("label, cues", short as fn(&Field) -> String), ("and question", long)] {
            let mut sum = Sum::default();
            let step = if size == 0 { 1 } else { (cases.len() / LONG_CASES).max(1) };
            for (at, case) in cases.iter().enumerate().step_by(step) {
                sum.add(case, &among(&cut, at, size), words);
            }
            sum.print(size, name);
        }
    }
}

/// A field's own words.
fn short(field: &Field) -> String {
    let aliases = match &field.kind {
        Kind::Enum(choices) => {
            choices.iter().flat_map(|one| [one.id.clone()].into_iter().chain(one.aliases.clone())).collect()
        }
        _ => Vec::new(),
    };
    format!("{} {} {}", field.label, field.cues.join(" "), aliases.join(" "))
}

/// The same with what people are asked and told of it.
fn long(field: &Field) -> String {
    format!("{} {} {}", short(field), field.description, field.question)
}

/// A sample's passages in the middle of others' until there are so many tokens.
fn among(cut: &[Vec<Passage>], at: usize, tokens: usize) -> Vec<(bool, Passage)> {
    let own = cut[at].iter().map(|passage| (true, passage.clone()));
    let mut all: Vec<(bool, Passage)> = own.collect();
    let mut bytes: usize = all.iter().map(|(_, passage)| passage.body.len()).sum();
    let mut other = at;
    while bytes < tokens * 4 {
        other = (other + 1) % cut.len();
        if other != at {
            bytes += cut[other].iter().map(|passage| passage.body.len()).sum::<usize>();
            all.extend(cut[other].iter().map(|passage| (false, passage.clone())));
        }
    }
    all
}

#[derive(Default)]
struct Sum {
    fields: usize,
    held: [usize; AT.len()],
    sent: [f64; 2],
    cases: usize,
}

impl Sum {
    fn add(&mut self, case: &Case, haystack: &[(bool, Passage)], words: fn(&Field) -> String) {
        let mut ranking = Ranking::default();
        for (_, passage) in haystack {
            ranking.add("", &passage.body);
        }
        let plain: Vec<String> = haystack.iter().map(|(_, passage)| folded(&passage.body)).collect();
        let mut sent = [vec![false; haystack.len()], vec![false; haystack.len()]];
        for field in &case.route.fields {
            let Some(gold) = case.gold(&field.key).filter(|gold| matches!(gold.expectation, Expectation::Found(_)))
            else {
                continue;
            };
            let wanted: Vec<String> = gold.evidence.iter().map(|quote| folded(quote)).collect();
            let holds = |at: &usize| haystack[*at].0 && wanted.iter().any(|quote| plain[*at].contains(quote.as_str()));
            // What stands in the record alone, or in an author line, is in no passage.
            if !(0..haystack.len()).any(|at| holds(&at)) {
                continue;
            }
            let scores = ranking.scores(&Words::of(&words(field)));
            let mut order: Vec<usize> = (0..haystack.len()).filter(|at| scores[*at] > 0.0).collect();
            order.sort_by(|left, right| scores[*right].total_cmp(&scores[*left]));
            self.fields += 1;
            for (place, at) in AT.iter().enumerate() {
                self.held[place] += usize::from(order.iter().take(*at).any(holds));
            }
            if !matches!(field.required, Requirement::Optional) {
                for (place, most) in [5, 10].into_iter().enumerate() {
                    order.iter().take(most).for_each(|at| sent[place][*at] = true);
                }
            }
        }
        let bytes = |is_sent: &[bool]| -> usize {
            haystack.iter().zip(is_sent).filter(|(_, sent)| **sent).map(|((_, passage), _)| passage.body.len()).sum()
        };
        let whole: usize = haystack.iter().map(|(_, passage)| passage.body.len()).sum();
        for (place, is_sent) in sent.iter().enumerate() {
            self.sent[place] += bytes(is_sent) as f64 / whole.max(1) as f64;
        }
        self.cases += 1;
    }

    fn print(&self, size: usize, name: &str) {
        let share = |count: usize| format!("{:<6.3}", count as f64 / self.fields.max(1) as f64);
        let held: Vec<String> = self.held.iter().map(|count| share(*count)).collect();
        let sent: Vec<String> = self.sent.iter().map(|sum| format!("{:.3}", sum / self.cases.max(1) as f64)).collect();
        println!("{size:<9} {name:<13} {:<7} {}      {}", self.fields, held.join(" "), sent.join("      "));
    }
}

fn folded(text: &str) -> String {
    let all: Vec<String> = pieces(text).into_iter().map(|piece| piece.folded).collect();
    format!(" {} ", all.join(" "))
}
