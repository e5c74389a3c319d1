//! Whether the words that hold a value speak of the field at all. True words
//! with a true value in them may be about something else; a cue of the field
//! in the cited sentences, or in the question they answer, ties them to it.
//! Words without such a tie are believed only where nothing speaks against it.

use crate::brief::Tier;
use crate::conversation::{SegmentKind, Side};
use crate::extraction::{Line, bearer_of, is_request, sole_writer};
use crate::language::{Doubt, Reach, asks_politely, calendar, doubts, fold, tokens, topics_of};
use crate::value::{Kind, Precision};
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
        let line = self.scene.line_at(spoken.position, spoken.span.0);
        if line.is_some_and(|line| line.foreign) {
            return Some(Standing::Candidate(wording::guessed_reason()));
        }
        if line.is_some_and(|line| is_another_way(line.words())) {
            return Some(Standing::Candidate(wording::one_of_two_reason()));
        }
        let tied = || self.is_tied(at, setting, spoken);
        let unsure = |holds: bool| holds.then(|| Standing::Candidate(wording::not_a_value_reason()));
        match setting.field.kind {
            Kind::LongText => self.empty_statement(at, setting, spoken).map(Standing::Candidate),
            Kind::Text | Kind::Team => {
                let quoted = message.text[..spoken.span.0].ends_with(['"', '`', '“', '\'', '‘', '»', '«']);
                if is_statement(words) && !quoted {
                    return Some(loose());
                }
                if tied() {
                    return None;
                }
                if is_fragment(words) && !quoted {
                    return Some(loose());
                }
                let elsewhere = self.names_somebody(words) || is_day(words) || self.speaks_of_another(at, spoken);
                elsewhere.then(|| Standing::Candidate(wording::shared_reason()))
            }
            Kind::Number => {
                let spelled = !words.contains(|c: char| c.is_ascii_digit());
                unsure((spelled || is_part_of_name(&message.text, spoken.span)) && !tied())
            }
            Kind::Duration => unsure(is_a_stretch(&message.text[..spoken.span.0]) && !tied()),
            Kind::Person => {
                let named = words.starts_with(char::is_uppercase) || self.names_somebody(words);
                let greets =
                    line.is_some_and(|line| is_greeting(line.words())) || message.text[..spoken.span.0].ends_with('@');
                let exact = !matches!(spoken.reading.precision, Precision::Vague(_));
                unsure(exact && (!named || greets && !tied()))
            }
            // Our own number in our own mail is not the customer's.
            Kind::Phone | Kind::Email => {
                let ours = line.is_some_and(|line| line.speaker.side == Side::Ours && speaks_of_self(line.words()));
                // A signature says how its writer is reached, not who plays which part.
                let signed = line.is_some_and(|line| line.kind == SegmentKind::Signature) && !tied();
                match signed {
                    true => Some(Standing::Unconfirmed(wording::signature_reason())),
                    false => unsure(ours),
                }
            }
            _ => None,
        }
    }

    /// Who alone writes for the other side is the one to speak to, where a route asks for that.
    pub(super) fn is_sole_writer(&self, at: usize, bearer: Option<usize>, setting: &Setting) -> bool {
        let field = &self.scene.route.fields[bearer.unwrap_or(at)];
        let contact = topics_of(&field.key, &field.label).any(|topic| topic.names.contains(&"contact name"));
        let writer = sole_writer(self.scene);
        let cited = setting.found.iter().find(|(_, found)| found.tier == Tier::Author);
        let author =
            cited.and_then(|(_, found)| self.message_of(found.message)).and_then(|one| one.author.name.as_deref());
        contact && writer.is_some() && writer == author
    }

    /// The field is for what somebody asks for, and the sentence asks for it politely.
    pub(super) fn is_request(&self, setting: &Setting, spoken: &Spoken) -> bool {
        let field = self.scene.route.fields.iter().position(|field| field.key == setting.field.key);
        let line = self.scene.line_at(spoken.position, spoken.span.0);
        field.is_some_and(|field| is_request(self.scene.route, field))
            && line.is_some_and(|line| asks_politely(line.words()))
    }

    /// Whether a cue of the field stands in the value's sentence, in another cited one, or in the question it answers.
    fn is_tied(&self, at: usize, setting: &Setting, spoken: &Spoken) -> bool {
        // What a signature tells of its writer is tied by words about the part they play.
        let bearer = bearer_of(self.scene.route, at);
        let speaks = |line: &Line| {
            line.hits_of(at).any(|hit| hit.tells())
                || bearer.is_some_and(|bearer| line.hits_of(bearer).any(|hit| hit.tells()))
        };
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
        if self.lines_of(found).all(|line| line.words().trim_end().ends_with('?')) {
            return Some(wording::doubt_reason(Doubt::Question));
        }
        let denied = self.lines_of(found).all(|line| {
            let mut cues = line.hits_of(at).filter(|hit| hit.tells()).peekable();
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
            line.hits.iter().any(|hit| {
                let (start, end) = spoken.span;
                // What stands behind a comma is another statement.
                let between =
                    if hit.end <= start { line.text.get(hit.end..start) } else { line.text.get(end..hit.start) };
                let near = between.is_none_or(|between| !between.contains([',', ';', ':', '\n']));
                hit.tells() && hit.field != at && near && rivals(&fields[hit.field].kind)
            })
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
    opens
        || folded.len() > 1
            && folded.iter().any(|word| matches!(word.as_str(), "is" | "are" | "was" | "were" | "had" | "has"))
}

/// Some words out of a sentence: they begin or end in the middle of something.
fn is_fragment(words: &str) -> bool {
    let folded: Vec<_> = tokens(words).iter().map(|token| fold(token.text(words)).into_owned()).collect();
    let ends = folded.last().is_some_and(|last| {
        matches!(
            last.as_str(),
            "the"
                | "a"
                | "an"
                | "this"
                | "that"
                | "our"
                | "your"
                | "my"
                | "to"
                | "for"
                | "of"
                | "from"
                | "and"
                | "we"
                | "they"
                | "is"
        )
    });
    let opens = folded.first().is_some_and(|first| {
        matches!(
            first.as_str(),
            "have" | "has" | "had" | "comes" | "come" | "only" | "of" | "hi" | "hello" | "dear" | "hey"
        )
    });
    let greets = words.ends_with(',') || words.starts_with('|');
    let speaks =
        folded.len() > 1 && folded.iter().skip(1).any(|word| matches!(word.as_str(), "we" | "i" | "they" | "you"));
    ends || opens || greets || speaks
}

/// `Or we put it on pallets`: something that was only considered.
fn is_another_way(words: &str) -> bool {
    let mut words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.next().is_some_and(|first| first.eq_ignore_ascii_case("or"))
}

/// `hi Dana and Marcus!` calls people; it says nothing of them.
fn is_greeting(words: &str) -> bool {
    let first = words.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    ["hi", "hello", "hey", "dear", "morning", "thanks", "hallo", "bonjour", "hola"]
        .iter()
        .any(|word| first.eq_ignore_ascii_case(word))
}

fn speaks_of_self(words: &str) -> bool {
    words
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| ["my", "me", "mine"].iter().any(|own| word.eq_ignore_ascii_case(own)))
}

/// `the first twelve months` is a stretch of something, not how long it lasts.
fn is_a_stretch(before: &str) -> bool {
    let word = before.trim_end().rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    ["first", "last", "past", "next", "previous", "coming"].iter().any(|part| word.eq_ignore_ascii_case(part))
}

/// A weekday or month alone; `may` is as often a verb.
fn is_day(words: &str) -> bool {
    let mut days = calendar::WEEKDAYS.iter().chain(&calendar::MONTHS).filter(|name| **name != "may");
    days.any(|day| words.eq_ignore_ascii_case(day))
}

/// `UN 3481`, `2250 Cormorant Spur`, `Alaska 99518`: a number beside a name is part of it, not an amount.
fn is_part_of_name(text: &str, (start, end): (usize, usize)) -> bool {
    let before = text[..start].trim_end_matches([' ', '-', '#']);
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let inside = !before[..before.len() - word.len()].trim_end().is_empty();
    let code = word.chars().count() >= 2 && word.chars().all(char::is_uppercase);
    let behind = before.len() + 1 >= start
        && (code || inside && word.chars().count() >= 2 && word.starts_with(char::is_uppercase));
    let ahead = text[end..].strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_uppercase));
    behind || ahead
}
