//! What stands around a value besides its own sentence's grammar: the cue of
//! another field that is nearer, a second choice beside the one that was
//! taken, the sentence after that takes it all back, a signature's advertising.

use crate::conversation::SegmentKind;
use crate::extraction::{Hit, Line, Sign};
use crate::language::{fold, tokens};
use crate::value::Kind;
use crate::wording;

use super::segment_around;
use super::support::{Grounder, Setting, Spoken};

/// How many bytes further off a cue behind its value counts.
const AFTER: usize = 6;

impl Grounder<'_> {
    /// Why the value may not stand where it stands, in words for a person; `None` when nothing speaks against it.
    pub(super) fn trouble_around(&self, setting: &Setting, spoken: &Spoken) -> Option<String> {
        let message = &self.index.conversation().messages[spoken.position];
        let signed =
            segment_around(message, spoken.span.0).is_some_and(|segment| segment.kind == SegmentKind::Signature);
        if signed && !matches!(setting.field.kind, Kind::Email | Kind::Phone | Kind::Url | Kind::Person | Kind::Text) {
            return Some(wording::signature_reason());
        }
        let place = self.scene.line_index(spoken.position, spoken.span.0)?;
        let line = &self.scene.lines[place];
        if self.is_taken_back_next(place) {
            return Some(wording::taken_back_reason(line.speaker.label()));
        }
        let field = self.scene.route.fields.iter().position(|field| field.key == setting.field.key)?;
        if matches!(setting.field.kind, Kind::Enum(_)) && is_one_of_two(line, field, spoken.span) {
            return Some(wording::one_of_two_reason());
        }
        self.belongs_to_another(setting, (field, line), spoken.span).then(wording::shared_reason)
    }

    /// `We go live on July 1. No, scratch that.`
    fn is_taken_back_next(&self, place: usize) -> bool {
        let line = &self.scene.lines[place];
        let next =
            self.scene.lines.get(place + 1).filter(|next| next.message == line.message && next.kind == line.kind);
        next.is_some_and(|next| {
            let words = next.words().to_ascii_lowercase();
            let opens = [
                "no, ",
                "no wait",
                "scratch that",
                "forget that",
                "cancel that",
                "not true",
                "that's wrong",
                "that is wrong",
                "just kidding",
                "wait, no",
                "strike that",
                "ignore that",
            ];
            opens.iter().any(|opener| words.starts_with(opener)) && next.words().len() < 60
        })
    }

    /// Another field of the same kind has its cue nearer to the value than this one has its own.
    fn belongs_to_another(&self, setting: &Setting, (field, line): (usize, &Line), span: (usize, usize)) -> bool {
        let kind = &setting.field.kind;
        let single = matches!(
            kind,
            Kind::Date
                | Kind::DateTime
                | Kind::Duration
                | Kind::Money
                | Kind::Number
                | Kind::Email
                | Kind::Phone
                | Kind::Url
                | Kind::Person
        );
        if !single || setting.field.list {
            return false;
        }
        let fields = &self.scene.route.fields;
        let counted = *kind == Kind::Number;
        // A cue after its value stands further off than one before it, but for the thing that is counted.
        let apart = |hit: &Hit| match hit.start.checked_sub(span.1) {
            Some(gap) => gap + if counted && gap <= 1 { 0 } else { AFTER },
            None => span.0.saturating_sub(hit.end),
        };
        let distance = |wanted: &dyn Fn(usize) -> bool| {
            line.hits.iter().filter(|hit| hit.tells() && wanted(hit.field)).map(apart).min()
        };
        let others = distance(&|other| other != field && fields[other].kind == *kind);
        let own = distance(&|other| other == field);
        let asked = setting.found.iter().any(|(_, found)| {
            let position = self.index.position(found.message);
            let cited = position
                .and_then(|position| self.scene.line_index(position, found.start))
                .map(|at| &self.scene.lines[at]);
            cited.is_some_and(|cited| !std::ptr::eq(cited, line) && cited.hits_of(field).any(|hit| hit.tells()))
        });
        match (own, others) {
            // With one value in the line both fields may mean it.
            (Some(own), Some(other)) => other < own && !asked && has_other_value(line, span),
            (None, Some(_)) => !asked,
            _ => false,
        }
    }
}

/// Whether a value of the same sort stands elsewhere in the line.
fn has_other_value(line: &Line, span: (usize, usize)) -> bool {
    let own = line.values.iter().find(|value| value.start < span.1 && span.0 < value.end).map(|value| value.sort);
    own.is_some_and(|sort| {
        line.values.iter().any(|value| value.sort == sort && (value.end <= span.0 || span.1 <= value.start))
    })
}

/// `monthly or quarterly`, `from monthly to quarterly`: a choice that is not the one, or not yet.
fn is_one_of_two(line: &Line, field: usize, span: (usize, usize)) -> bool {
    let own = line.hits_of(field).find_map(|hit| match hit.sign {
        Sign::Choice(choice) if hit.start < span.1 && span.0 < hit.end => Some(choice),
        _ => None,
    });
    let Some(own) = own else { return false };
    line.hits_of(field).any(|hit| {
        let Sign::Choice(other) = hit.sign else { return false };
        if other == own {
            return false;
        }
        let (from, to) = if hit.end <= span.0 { (hit.end, span.0) } else { (span.1, hit.start) };
        let between = line.text.get(from..to).unwrap_or_default();
        let words: Vec<String> = tokens(between).iter().map(|token| fold(token.text(between)).into_owned()).collect();
        let open = words.len() <= 3 && words.iter().any(|word| word == "or");
        let before = line.text[line.start..span.0].trim_end().to_ascii_lowercase();
        let left = hit.start >= span.1 && before.ends_with("from") && words.first().is_some_and(|word| word == "to");
        open || left
    })
}
