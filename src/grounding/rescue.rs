//! What becomes of claims whose quotes fail, and of words that fill two fields:
//! the value is looked for in lines that speak of the field, and shared words
//! go to the field whose cue stands beside them.

use rustc_hash::FxHashMap;

use crate::claim::Citation;
use crate::conversation::Side;
use crate::extraction::{Line, Sign};
use crate::language::{token_hash, tokens};
use crate::value::{Kind, Sorts, Value};
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
            let own = line.hits_of(at).any(|hit| hit.tells());
            let question = self
                .scene
                .replies
                .questions_of(number)
                .first()
                .map(|q| &self.scene.lines[*q])
                .filter(|q| q.hits_of(at).any(|hit| hit.tells()));
            if !own && question.is_none() || !self.may_hold(at, setting, line) {
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
            let spoken = Spoken { number: 0, position: line.message, span, reading, own: false };
            let grounded = self.judge(at, &setting, spoken);
            let better = best
                .as_ref()
                .is_none_or(|old| grounded.standing == Standing::Supported && old.standing != Standing::Supported);
            if better {
                best = Some(grounded);
            }
        }
        let mut rescued = best?;
        // Our own numbers and addresses stand in every mail of ours.
        if rescued.side == Side::Ours && matches!(field.kind, Kind::Email | Kind::Phone) {
            rescued.standing = Standing::Candidate(wording::rescued_reason());
        }
        // Choices and bare numbers stand in many places for many reasons.
        if rescued.standing == Standing::Supported
            && (matches!(field.kind, Kind::Enum(_) | Kind::Number)
                || matches!(&rescued.value, Value::Money(money) if money.currency.is_none()))
        {
            rescued.standing = Standing::Candidate(wording::rescued_reason());
        }
        Some(rescued)
    }

    /// Looks for the value in any line, where none that speaks of the field holds it: only ever to offer it to a person.
    pub(super) fn find_anywhere(&self, at: usize, setting: &Setting) -> Option<Grounded> {
        let field = setting.field;
        if matches!(field.kind, Kind::Bool | Kind::LongText | Kind::Number | Kind::Enum(_)) {
            return None;
        }
        let holds = |line: &&Line| line.counts && self.may_hold(at, setting, line);
        self.scene.lines.iter().filter(holds).find_map(|line| {
            let message = &self.index.conversation().messages[line.message];
            let words = Words { message, start: line.start, end: line.end, said_at: self.said_at(message, line.start) };
            let (span, reading) = read_words(field, setting.claim, &words, self.known())?;
            let cited = Citation { message: line.id, quote: line.words().to_owned(), at: Some(line.start) };
            let found = vec![(&cited, self.index.check(&cited)?)];
            let setting = Setting { field, claim: setting.claim, found };
            let spoken = Spoken { number: 0, position: line.message, span, reading, own: false };
            let mut grounded = self.judge(at, &setting, spoken);
            grounded.standing = Standing::Candidate(wording::rescued_reason());
            Some(grounded)
        })
    }

    /// A cheap look before a line is read: claims fail often, and a long context has many lines about a field.
    fn may_hold(&self, at: usize, setting: &Setting, line: &Line) -> bool {
        match &setting.field.kind {
            Kind::Enum(_) => line.hits_of(at).any(|hit| matches!(hit.sign, Sign::Choice(_))),
            Kind::Text | Kind::Team | Kind::Person | Kind::Bool | Kind::LongText => {
                let wanted = [setting.claim.raw_value.as_deref(), setting.claim.value.as_deref()];
                let mut firsts = wanted
                    .into_iter()
                    .flatten()
                    .filter_map(|text| text.split_whitespace().next())
                    .filter_map(|word| tokens(word).first().map(|token| token_hash(token.text(word))));
                let source = self.index.tokenised(line.message);
                let from = source.tokens.partition_point(|token| token.start < line.start);
                let to = source.tokens.partition_point(|token| token.start < line.end);
                source.hashes.get(from..to).is_some_and(|hashes| firsts.any(|first| hashes.contains(&first)))
            }
            kind => line.values.iter().any(|value| Sorts::of(kind).contains(value.sort)),
        }
    }

    /// One stretch of words that fills two scalar fields fills only the one whose cue stands beside it.
    pub(super) fn separate(&self, all: &mut [Grounded]) {
        let mut by_span: FxHashMap<(usize, usize, usize), Vec<usize>> = FxHashMap::default();
        for (at, one) in all.iter().enumerate() {
            by_span.entry(one.span).or_default().push(at);
        }
        let scalar = |grounded: &Grounded| {
            let field = &self.scene.route.fields[grounded.field];
            !field.list && field.kind != Kind::Bool
        };
        // A guess takes nothing away from what is stated.
        let shares = |one: &Grounded, other: &Grounded| {
            other.field != one.field && other.span.1 < other.span.2 && scalar(other) && !other.guessed
        };
        let shared = |one: &Grounded| {
            by_span.get(&one.span).is_some_and(|same| same.iter().any(|other| shares(one, &all[*other])))
        };
        let doubtful: Vec<usize> = (0..all.len())
            .filter(|at| {
                scalar(&all[*at]) && shared(&all[*at]) && !self.has_cue(&all[*at]) && !self.is_own_company(&all[*at])
            })
            .collect();
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
            .is_some_and(|line| line.end >= end && line.hits_of(grounded.field).any(|hit| hit.tells()));
        own || grounded.evidence.iter().skip(1).any(|evidence| {
            let position = self.index.position(evidence.message);
            position
                .zip(evidence.start)
                .and_then(|(position, start)| self.scene.line_at(position, start))
                .is_some_and(|line| line.hits_of(grounded.field).any(|hit| hit.tells()))
        })
    }
}
