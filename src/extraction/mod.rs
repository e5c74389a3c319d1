//! The reader without a model: values by type and cue, questions with the
//! answers that follow, sentences for free text, each as a claim with its
//! quote. It is what a new user sees first and what stays when a model is
//! down. It would rather leave a field empty than fill it wrongly, so every
//! pairing of a value with a field has a score, and a weak one is only offered.

mod answers;
mod asides;
mod choices;
mod chosen;
mod context;
mod corrections;
mod current;
mod direct;
mod disguise;
mod distance;
mod flags;
mod foreign;
mod free;
mod instructions;
mod items;
mod lines;
mod loose;
mod measures;
mod mentions;
mod named;
mod nobody;
mod orders;
mod people;
mod phrases;
mod prose;
mod references;
mod replaced;
mod roles;
mod selves;
mod sentence;
mod sequels;
mod shapes;
mod strangers;
mod structure;
mod systems;
mod typed;
mod writers;

pub use crate::route::cues::{Hit, Sign};
pub use answers::Replies;
pub(crate) use choices::is_request;
pub(crate) use flags::{answers_alone, is_denied, labelled_answer, turned_beside, turns_round};
pub use lines::{Known, Line};
pub(crate) use references::is_of_other_side;
pub(crate) use writers::{bearer_of, sole_writer};

use std::sync::OnceLock;

use jiff::Timestamp;

use crate::claim::{Certainty, Citation, Claim, ProseClaim};
use crate::conversation::{Conversation, MessageId};
use crate::route::{Field, Route};
use crate::value::Participant;

/// From this score on a pairing counts as stated.
const STATED: f32 = 0.75;
/// Below this score a pairing is not worth a person's eye.
const GUESSED: f32 = 0.55;

/// A cue this far from a value says nothing of it: twenty words that long are no prose. It bounds the work on a line full
/// of cues and values.
const MOST_BYTES_BETWEEN: usize = 300;

/// What the extractor found.
#[derive(Debug, Default)]
pub struct Extract {
    pub claims: Vec<Claim>,
    pub prose: Vec<ProseClaim>,
    /// Field index → the citation that came closest, for fields without a claim.
    pub nearest: Vec<Option<Citation>>,
}

/// A conversation laid out for reading: its lines with the route's cues and
/// values in them, and which line answers which. The extractor reads it, and
/// grounding looks values up in it.
pub struct Scene<'a> {
    pub route: &'a Route,
    pub participants: &'a [Participant],
    /// When the last dated message was said.
    pub around: Option<Timestamp>,
    pub lines: Vec<Line<'a>>,
    pub replies: Replies,
    /// Messages that speak to a machine instead of to people.
    pub instructions: Vec<MessageId>,
    /// Words of the companies that people write from.
    companies: Vec<String>,
    about: OnceLock<Vec<Vec<usize>>>,
}

impl<'a> Scene<'a> {
    pub fn new(conversation: &'a Conversation, route: &'a Route, participants: &'a [Participant]) -> Self {
        let around = conversation.messages.iter().filter_map(|message| message.at).max();
        let mut lines = lines::lines(conversation, route, route.cue_book(), Known { participants, around });
        foreign::mark_foreign(conversation, &mut lines);
        let replies = Replies::new(conversation, &lines);
        let instructions = instructions::find_instructions(conversation);
        let companies = foreign::writing_companies(conversation);
        Scene { route, participants, around, lines, replies, instructions, companies, about: OnceLock::new() }
    }

    /// The line that holds a byte offset of the message at a position of the conversation.
    pub fn line_at(&self, position: usize, at: usize) -> Option<&Line<'a>> {
        self.line_index(position, at).map(|place| &self.lines[place])
    }

    /// The index of that line.
    pub fn line_index(&self, position: usize, at: usize) -> Option<usize> {
        let place = self.lines.partition_point(|line| (line.message, line.end) <= (position, at));
        self.lines.get(place).filter(|line| line.message == position && line.start <= at).map(|_| place)
    }

    /// The lines that hold a cue of a field or may answer a question with one, in order.
    pub fn lines_about(&self, field: usize) -> &[usize] {
        let about = self.about.get_or_init(|| {
            let mut about = vec![Vec::new(); self.route.fields.len()];
            for (at, line) in self.lines.iter().enumerate().filter(|(_, line)| line.counts) {
                let question = self.replies.questions_of(at).first().map(|question| &self.lines[*question]);
                for hit in line.hits.iter().chain(question.into_iter().flat_map(|question| &question.hits)) {
                    let entry: &mut Vec<usize> = &mut about[hit.field];
                    if hit.tells() && entry.last() != Some(&at) {
                        entry.push(at);
                    }
                }
            }
            about
        });
        &about[field]
    }

    fn is_foreign(&self, claim: &Claim) -> bool {
        let Some(first) = claim.cited.first() else { return false };
        let Some(position) =
            self.lines.binary_search_by_key(&first.message, |line| line.id).ok().map(|at| self.lines[at].message)
        else {
            return false;
        };
        first.at.and_then(|at| self.line_at(position, at)).is_some_and(|line| line.foreign)
    }
}

/// Reads a scene by rule. Linear in its length.
pub fn extract(scene: &Scene) -> Extract {
    let mut claims = Vec::new();
    typed::claim_values(scene, &mut claims);
    choices::claim_choices(scene, &mut claims);
    flags::claim_flags(scene, &mut claims);
    people::claim_people(scene, &mut claims);
    corrections::claim_corrections(scene, &mut claims);
    writers::claim_writers(scene, &mut claims);
    free::claim_text(scene, &mut claims);
    cite_originals(scene, &mut claims);
    for claim in &mut claims {
        if scene.is_foreign(claim) {
            claim.certainty = Certainty::Guessed;
        }
    }
    Extract { claims, prose: prose::find_items(scene), nearest: nearest(scene) }
}

/// What returns as a quote is cited where it was said first.
fn cite_originals(scene: &Scene, claims: &mut [Claim]) {
    let bare = |words: &str| words.trim_start_matches(['>', ' ']).to_owned();
    let mut originals: Option<rustc_hash::FxHashMap<String, usize>> = None;
    for cited in claims.iter_mut().flat_map(|claim| claim.cited.iter_mut().skip(1)) {
        let Some(start) = cited.at else { continue };
        let from = scene.lines.partition_point(|line| line.id < cited.message);
        let inside = scene.lines[from..].iter().take_while(|line| line.id == cited.message);
        let Some(line) = inside.take_while(|line| line.start <= start).last().filter(|line| !line.counts) else {
            continue;
        };
        let known = originals.get_or_insert_with(|| {
            let counting = scene.lines.iter().enumerate().filter(|(_, line)| line.counts);
            counting.map(|(at, line)| (bare(line.words()), at)).collect()
        });
        if let Some(at) = known.get(&bare(line.words())) {
            *cited = cite_line(&scene.lines[*at]);
        }
    }
}

/// The line that speaks most of a field, whether or not it says anything.
fn nearest(scene: &Scene) -> Vec<Option<Citation>> {
    let mut best: Vec<(f32, Option<usize>)> = vec![(0.0, None); scene.route.fields.len()];
    for (at, line) in scene.lines.iter().enumerate().filter(|(_, line)| line.counts) {
        for hit in line.hits.iter().filter(|hit| hit.sign == Sign::Cue) {
            let length = (hit.end - hit.start) as f32;
            let weight = hit.weight * (1.0 + length / 20.0);
            let entry = &mut best[hit.field];
            // The later of two equal lines: it is more likely to hold still.
            if weight >= entry.0 {
                *entry = (weight, Some(at));
            }
        }
    }
    best.into_iter().map(|(_, at)| at.map(|at| cite_line(&scene.lines[at]))).collect()
}

/// How firmly a score stands; `None` when it is too weak.
pub(crate) fn certainty(score: f32) -> Option<Certainty> {
    if score >= STATED {
        Some(Certainty::Stated)
    } else if score >= GUESSED {
        Some(Certainty::Guessed)
    } else {
        None
    }
}

pub(crate) fn cite_line(line: &Line) -> Citation {
    cite(line, line.start, line.end)
}

pub(crate) fn cite(line: &Line, start: usize, end: usize) -> Citation {
    Citation { message: line.id, quote: line.text[start..end].to_owned(), at: Some(start) }
}

pub(crate) fn claim(field: &Field, cited: Vec<Citation>, value: String, certainty: Certainty) -> Claim {
    Claim { field: field.key.clone(), cited, raw_value: Some(value.clone()), value: Some(value), certainty }
}
