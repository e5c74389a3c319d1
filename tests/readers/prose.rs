//! The prose rule on what the samples say must and must not be told: facts
//! are offered with every sentence that could carry them, alone and in pairs.

use baton::claim::{Citation, ProseClaim, ProseKind};
use baton::extraction::{Line, Scene};
use baton::grounding::{Index, support_prose};
use baton::intake;

use super::cases;

/// Sentences tried for each fact, those with the most words in common first.
const TRIED: usize = 8;

#[test]
fn facts_are_carried_by_their_sentences_alone() {
    let (mut must, mut carried, mut must_not) = (0, 0, 0);
    let mut told = Vec::new();
    for case in &cases() {
        let conversation = case.conversation();
        let participants = intake::participants(&conversation);
        let scene = Scene::new(&conversation, &case.route, &participants);
        let index = Index::new(&conversation);
        for fact in &case.expected.must {
            must += 1;
            let holds = is_carried(&index, &scene, fact);
            carried += usize::from(holds);
            if !holds {
                println!("  left out {}: {fact}", case.id);
            }
        }
        for fact in &case.expected.must_not {
            must_not += 1;
            if is_carried(&index, &scene, fact) {
                told.push(format!("{}: {fact}", case.id));
            }
        }
    }
    println!("facts that must be told: {carried} of {must} carried; must not: {} of {must_not} {told:#?}", told.len());
    assert!(must_not > 30, "only {must_not} facts that must not be told");
    assert!(told.len() * 20 <= must_not, "{told:#?}");
    assert!(carried * 3 >= must, "only {carried} of {must} true facts can be told");
}

fn is_carried(index: &Index, scene: &Scene, fact: &str) -> bool {
    let mut lines: Vec<(usize, &Line)> = scene.lines.iter().map(|line| (common(fact, line.words()), line)).collect();
    lines.sort_by_key(|(common, _)| std::cmp::Reverse(*common));
    let best: Vec<&Line> = lines.into_iter().take(TRIED).map(|(_, line)| line).collect();
    let supports = |lines: &[&Line]| {
        let cite = |line: &&Line| Citation { message: line.id, quote: line.words().to_owned(), at: Some(line.start) };
        let cited = lines.iter().map(cite).collect();
        let item = ProseClaim { kind: ProseKind::Situation, text: fact.to_owned(), cited };
        support_prose(index, scene, &item).is_some()
    };
    best.iter().any(|one| supports(&[*one]) || best.iter().any(|other| supports(&[*one, *other])))
}

fn common(fact: &str, words: &str) -> usize {
    let words: Vec<String> = words.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
    fact.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 2 && words.contains(&word.to_lowercase()))
        .count()
}
