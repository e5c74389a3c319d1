//! Whether the words that hold a value speak of the field at all. True words
//! with a true value in them may be about something else; a cue of the field
//! in the cited sentences, or in the question they answer, ties them to it.
//! Words without such a tie are believed only where nothing speaks against it.

use crate::extraction::{Line, Sign};
use crate::language::{Doubt, Reach, doubts, fold, tokens};
use crate::value::Kind;
use crate::wording;

use super::Match;
use super::support::{Grounder, Setting, Spoken, Standing};

impl Grounder<'_> {
    /// What keeps words that hold a value from being the field's value; `None` when nothing does.
    pub(super) fn looseness(&self, setting: &Setting, spoken: &Spoken) -> Option<Standing> {
        let at = self.scene.route.fields.iter().position(|field| field.key == setting.field.key)?;
        let message = &self.index.conversation().messages[spoken.position];
        let words = message.text.get(spoken.span.0..spoken.span.1)?;
        let loose = || match setting.field.specific {
            true => Standing::Vague(wording::not_a_value_reason()),
            false => Standing::Candidate(wording::not_a_value_reason()),
        };
        match setting.field.kind {
            Kind::LongText => self.empty_statement(at, setting, spoken).map(Standing::Candidate),
            Kind::Text | Kind::Team => {
                let quoted = message.text[..spoken.span.0].ends_with(['"', '`', '“', '\'', '‘', '»', '«']);
                if is_statement(words) && !quoted {
                    return Some(loose());
                }
                let untied = !self.is_tied(at, setting, spoken);
                let elsewhere = untied && (self.names_somebody(words) || is_day(words));
                let other = untied && self.speaks_of_another(at, spoken);
                (elsewhere || other).then(|| Standing::Candidate(wording::shared_reason()))
            }
            Kind::Number => {
                let spelled = !words.contains(|c: char| c.is_ascii_digit());
                let loose = (spelled || is_code(&message.text, spoken.span.0)) && !self.is_tied(at, setting, spoken);
                loose.then(|| Standing::Candidate(wording::not_a_value_reason()))
            }
            _ => None,
        }
    }

    /// Whether a cue of the field stands in the value's sentence, in another cited one, or in the question it answers.
    fn is_tied(&self, at: usize, setting: &Setting, spoken: &Spoken) -> bool {
        let speaks = |line: &Line| line.hits_of(at).any(|hit| hit.sign == Sign::Cue);
        let lines = &self.scene.lines;
        let own = self.scene.line_index(spoken.position, spoken.span.0);
        let asked = |own: usize| self.scene.replies.questions_of(own).iter().any(|question| speaks(&lines[*question]));
        own.is_some_and(|own| speaks(&lines[own]) || asked(own))
            || setting.found.iter().any(|(_, found)| self.lines_of(found).any(speaks))
    }

    /// The lines that a quote touches.
    fn lines_of(&self, found: &Match) -> impl Iterator<Item = &Line<'_>> {
        let lines = &self.scene.lines;
        let position = self.index.position(found.message).unwrap_or(usize::MAX);
        let from = lines.partition_point(|line| (line.message, line.end) <= (position, found.start));
        let end = found.end;
        lines[from..].iter().take_while(move |line| line.message == position && line.start < end)
    }

    /// A question, or words that say that there is nothing to say.
    fn empty_statement(&self, at: usize, setting: &Setting, spoken: &Spoken) -> Option<String> {
        let found = &setting.found.get(spoken.number)?.1;
        if self.lines_of(found).all(|line| line.asks) {
            return Some(wording::doubt_reason(Doubt::Question));
        }
        let denied = self.lines_of(found).all(|line| {
            let mut cues = line.hits_of(at).filter(|hit| hit.sign == Sign::Cue).peekable();
            cues.peek().is_some()
                && cues.all(|hit| {
                    doubts(line.text, (line.start, line.end), (hit.start, hit.end), Reach::Outside)
                        .contains(&Doubt::Negated)
                })
        });
        if denied {
            return Some(wording::doubt_reason(Doubt::Negated));
        }
        let other = !self.is_tied(at, setting, spoken) && self.speaks_of_another(at, spoken);
        other.then(wording::shared_reason)
    }

    /// The sentence holds the cue of another field whose values are free words too.
    fn speaks_of_another(&self, at: usize, spoken: &Spoken) -> bool {
        let fields = &self.scene.route.fields;
        let rivals = |kind: &Kind| match fields[at].kind {
            Kind::LongText => *kind == Kind::LongText,
            _ => matches!(kind, Kind::Text | Kind::Team),
        };
        self.scene.line_at(spoken.position, spoken.span.0).is_some_and(|line| {
            line.hits.iter().any(|hit| hit.sign == Sign::Cue && hit.field != at && rivals(&fields[hit.field].kind))
        })
    }

    fn names_somebody(&self, words: &str) -> bool {
        let is_part = |name: &str| name == words || name.split_whitespace().any(|part| part == words);
        self.scene.participants.iter().any(|participant| is_part(&participant.name))
    }
}

/// Words with a subject and a verb of being or having say something of a thing; they are not the thing.
fn is_statement(words: &str) -> bool {
    let folded: Vec<_> = tokens(words).iter().map(|token| fold(token.text(words)).into_owned()).collect();
    let opens = folded.first().is_some_and(|first| {
        let subject = first.split(['\'', '’']).next().unwrap_or_default();
        matches!(subject, "i" | "we" | "they" | "he" | "she" | "it") && folded.len() > 1 || first.starts_with("i'")
    });
    opens || folded.len() > 1 && folded.iter().any(|word| matches!(word.as_str(), "is" | "are" | "was" | "were" | "had" | "has"))
}

/// A weekday or month alone.
fn is_day(words: &str) -> bool {
    let days = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
        "april", "june", "july", "august", "september", "october", "november", "december",
    ];
    days.iter().any(|day| words.eq_ignore_ascii_case(day))
}

/// `UN 3481`, `SO 51877`: a number behind letters is a name, not an amount.
fn is_code(text: &str, start: usize) -> bool {
    let before = text[..start].trim_end_matches([' ', '-', '#']);
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    before.len() + 1 >= start && word.chars().count() >= 2 && word.chars().all(char::is_uppercase)
}
