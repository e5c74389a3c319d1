//! What becomes of claims whose quotes fail, and of words that fill two fields:
//! the value is looked for in lines that speak of the field, and shared words
//! go to the field whose cue stands beside them.

use crate::claim::Citation;
use crate::extraction::Sign;
use crate::value::{Kind, Value};
use crate::wording;

use super::reading::{Words, read_words};
use super::support::{Grounded, Grounder, Setting, Spoken, Standing};

impl Grounder<'_> {
    /// Looks for the value itself in lines that speak of the field.
    pub(super) fn rescue(&self, at: usize, setting: &Setting) -> Option<Grounded> {
        let field = setting.field;
        if matches!(field.kind, Kind::Bool | Kind::LongText) {
            return None;
        }
        let mut best: Option<Grounded> = None;
        for number in self.scene.lines_about(at).iter().copied() {
            let line = &self.scene.lines[number];
            let own = line.hits_of(at).any(|hit| hit.sign == Sign::Cue);
            let question = self
                .scene
                .replies
                .questions_of(number)
                .first()
                .map(|q| &self.scene.lines[*q])
                .filter(|q| q.hits_of(at).any(|hit| hit.sign == Sign::Cue));
            if !own && question.is_none() {
                continue;
            }
            let message = &self.index.conversation().messages[line.message];
            let words = Words { message, start: line.start, end: line.end, said_at: self.said_at(message, line.start) };
            let Some((span, reading)) = read_words(field, setting.claim, &words, self.known()) else { continue };
            let cited: Vec<Citation> = std::iter::once(line)
                .chain(question.filter(|_| !own))
                .map(|line| Citation { message: line.id, quote: line.words().to_owned(), at: Some(line.start) })
                .collect();
            let found =
                cited.iter().filter_map(|citation| self.index.check(citation).map(|found| (citation, found))).collect();
            let setting = Setting { field, claim: setting.claim, found };
            if setting.found.is_empty() {
                continue;
            }
            let grounded = self.judge(at, &setting, Spoken { number: 0, position: line.message, span, reading });
            let better = best
                .as_ref()
                .is_none_or(|old| grounded.standing == Standing::Supported && old.standing != Standing::Supported);
            if better {
                best = Some(grounded);
            }
        }
        let mut rescued = best?;
        // Choices and bare numbers stand in many places for many reasons.
        if rescued.standing == Standing::Supported
            && (matches!(field.kind, Kind::Enum(_) | Kind::Number)
                || matches!(&rescued.value, Value::Money(money) if money.currency.is_none()))
        {
            rescued.standing = Standing::Candidate(wording::rescued_reason());
        }
        Some(rescued)
    }

    /// One stretch of words that fills two scalar fields fills only the one whose cue stands beside it.
    pub(super) fn separate(&self, all: &mut [Grounded]) {
        let mut doubtful: Vec<usize> = Vec::new();
        for (at, one) in all.iter().enumerate() {
            let scalar = |grounded: &Grounded| {
                let field = &self.scene.route.fields[grounded.field];
                !field.list
                    && !matches!(field.kind, Kind::Bool | Kind::LongText | Kind::Text | Kind::Team | Kind::Person)
            };
            let shares = |other: &&Grounded| {
                other.field != one.field && other.span == one.span && other.span.1 < other.span.2 && scalar(other)
            };
            if scalar(one) && all.iter().any(|other| shares(&other)) && !self.has_cue(one) {
                doubtful.push(at);
            }
        }
        for at in doubtful {
            if all[at].standing == Standing::Supported {
                all[at].standing = Standing::Unconfirmed(wording::shared_reason());
            }
        }
    }

    fn has_cue(&self, grounded: &Grounded) -> bool {
        let (position, start, end) = grounded.span;
        let own = self
            .scene
            .line_at(position, start)
            .is_some_and(|line| line.end >= end && line.hits_of(grounded.field).any(|hit| hit.sign == Sign::Cue));
        own || grounded.evidence.iter().skip(1).any(|evidence| {
            let position = self.index.position(evidence.message);
            position
                .zip(evidence.start)
                .and_then(|(position, start)| self.scene.line_at(position, start))
                .is_some_and(|line| line.hits_of(grounded.field).any(|hit| hit.sign == Sign::Cue))
        })
    }
}
