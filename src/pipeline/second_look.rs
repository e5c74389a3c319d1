//! Which required fields deserve a second look, and in which messages: those
//! with the field's cues, and those that share the most telling words with its
//! description. No such message, no look. What earlier batches say was looked
//! at when they came.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Desk;
use crate::brief::{Brief, GapKind};
use crate::claim::Told;
use crate::extraction::Line;
use crate::language::{token_hash, tokens};
use crate::route::Field;

/// Messages looked at for one field, without their neighbours.
const MOST_MESSAGES: usize = 2;
/// A message that scores less says nothing of the field.
const LEAST_SCORE: f32 = 3.0;

/// Fields that block for want of a statement: nobody was found to state them, or only the rules saw one.
fn wanting(desk: &Desk, brief: &Brief, told: &Told) -> Vec<usize> {
    let route = desk.case.route;
    let blocks = |key: &str| {
        brief.gaps.iter().any(|gap| {
            gap.blocking
                && gap.field.as_deref() == Some(key)
                && (gap.kind == GapKind::Missing
                    || gap.kind == GapKind::Unconfirmed && !told.claims.iter().any(|claim| claim.field == key))
        })
    };
    (0..route.fields.len()).filter(|at| blocks(&route.fields[*at].key)).collect()
}

/// The wanting fields that have messages to look at, each with the messages most likely to state it and their
/// neighbours, in their order.
pub(super) fn looks(desk: &Desk, brief: &Brief, told: &Told) -> Vec<(usize, Vec<usize>)> {
    let fields = wanting(desk, brief, told);
    if fields.is_empty() {
        return Vec::new();
    }
    let described: Vec<FxHashSet<u64>> = fields.iter().map(|at| words_of(&desk.case.route.fields[*at])).collect();
    // Every field is compared with every line, so a line is cut into words once; other words than theirs say nothing.
    let telling: FxHashSet<u64> = described.iter().flatten().copied().collect();
    let counting = || desk.scene.lines.iter().filter(|line| line.counts);
    let lines: Vec<Said> = counting().filter_map(|line| Said::new(line, &telling)).collect();
    let count = counting().count();
    fields
        .into_iter()
        .zip(described)
        .map(|(at, described)| (at, candidates(desk, at, &Words::of(described, (&lines, count)), &lines)))
        .filter(|(_, messages)| !messages.is_empty())
        .collect()
}

fn candidates(desk: &Desk, field: usize, words: &Words, lines: &[Said]) -> Vec<usize> {
    let mut scores: FxHashMap<usize, f32> = FxHashMap::default();
    for at in desk.scene.lines_about(field) {
        *scores.entry(desk.scene.lines[*at].message).or_default() += 3.0;
    }
    for line in lines {
        let score = words.score(line);
        if score > 0.0 {
            *scores.entry(line.message).or_default() += score;
        }
    }
    // Positions are ids less one, as ids are dense.
    let newest = desk.conversation.batches.last().map_or(0, |batch| batch.first.0.saturating_sub(1) as usize);
    let tells = |(message, score): &(usize, f32)| *score >= LEAST_SCORE && *message >= newest;
    let mut ranked: Vec<(usize, f32)> = scores.into_iter().filter(tells).collect();
    ranked.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
    let messages = &desk.conversation.messages;
    let mut chosen: Vec<usize> = Vec::new();
    for (position, _) in ranked.into_iter().take(MOST_MESSAGES) {
        let before = position.checked_sub(1).filter(|before| messages[*before].document == messages[position].document);
        let after = Some(position + 1).filter(|after| {
            messages.get(*after).is_some_and(|message| message.document == messages[position].document)
        });
        chosen.extend(before.into_iter().chain([position]).chain(after));
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// The words that describe a field, each with how rare it is in the conversation.
struct Words {
    weights: FxHashMap<u64, f32>,
}

/// The words that describe a field.
fn words_of(field: &Field) -> FxHashSet<u64> {
    let described = [field.label.as_str(), field.description.as_str(), field.question.as_str()];
    let mut words = FxHashSet::default();
    for text in described.into_iter().chain(field.cues.iter().map(String::as_str)) {
        for token in tokens(text) {
            let word = token.text(text);
            if word.chars().count() > 3 && word.chars().all(char::is_alphabetic) {
                words.insert(token_hash(word));
            }
        }
    }
    words
}

impl Words {
    /// Weighs the words by the lines that hold any, and how many lines there are in all.
    fn of(described: FxHashSet<u64>, (said, count): (&[Said], usize)) -> Self {
        let mut weights: FxHashMap<u64, f32> = described.into_iter().map(|hash| (hash, 0.0)).collect();
        let lines = count as f32;
        for line in said {
            for hash in &line.hashes {
                if let Some(count) = weights.get_mut(hash) {
                    *count += 1.0;
                }
            }
        }
        // Words of more than a tenth of the lines tell nothing.
        weights.retain(|_, count| *count > 0.0 && *count <= (lines / 10.0).max(3.0));
        for count in weights.values_mut() {
            *count = (lines / *count).ln().max(0.0) / 2.0;
        }
        Words { weights }
    }

    fn score(&self, line: &Said) -> f32 {
        line.hashes.iter().filter_map(|hash| self.weights.get(hash)).sum()
    }
}

/// A line that counts, as those of its words that tell something, each once.
struct Said {
    message: usize,
    hashes: Vec<u64>,
}

impl Said {
    fn new(line: &Line, telling: &FxHashSet<u64>) -> Option<Self> {
        let words = line.words();
        let mut hashes: Vec<u64> = tokens(words)
            .iter()
            .map(|token| token_hash(token.text(words)))
            .filter(|hash| telling.contains(hash))
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        (!hashes.is_empty()).then_some(Said { message: line.message, hashes })
    }
}
