//! Whether the words that hold a value speak of the field at all. True words
//! with a true value in them may be about something else; a cue of the field
//! in the cited sentences, or in the question they answer, ties them to it.
//! Words without such a tie are believed only where nothing speaks against it.

use crate::brief::Tier;
use crate::conversation::{SegmentKind, Side};
use crate::extraction::{Line, Sign, bearer_of, is_of_other_side, is_request, sole_writer};
use crate::language::{Doubt, Reach, asks_politely, calendar, doubts, fold, has_topic, tokens};
use crate::value::{Kind, Precision, Value, same};
use crate::wording;

use super::Match;
use super::concepts::Terms;
use super::counts::{counts_people, is_people_behind};
use super::speaker::wants_theirs;
use super::support::{Grounder, Setting, Spoken, Standing};
use crate::route::Field;

impl Grounder<'_> {
    /// What keeps words that hold a value from being the field's value; `None` when nothing does.
    pub(super) fn looseness(&self, setting: &Setting, spoken: &Spoken) -> Option<Standing> {
        let at = self.scene.route.fields.iter().position(|field| field.key == setting.field.key)?;
        let message = &self.index.conversation().messages[spoken.position];
        let words = message.text.get(spoken.span.0..spoken.span.1)?;
        let line = self.scene.line_at(spoken.position, spoken.span.0);
        if line.is_some_and(|line| self.is_foreign(line)) {
            return Some(Standing::Candidate(wording::guessed_reason()));
        }
        if line.is_some_and(|line| is_another_way(line.words())) {
            return Some(Standing::Candidate(wording::one_of_two_reason()));
        }
        let tied = || self.is_tied(at, setting, spoken);
        let unsure = |holds: bool| holds.then(|| Standing::Candidate(wording::not_a_value_reason()));
        match setting.field.kind {
            Kind::LongText => match self.empty_statement(at, setting, spoken) {
                Some(reason) => Some(Standing::Candidate(reason)),
                None => unsure(says_little(words) && !tied()),
            },
            Kind::Text | Kind::Team => self.loose_words(at, setting, (spoken, words)),
            Kind::Number => {
                let spelled = !words.contains(|c: char| c.is_ascii_digit());
                let part = is_part_of_name(&message.text, spoken.span);
                let known = || tied() || line.is_some_and(|line| self.is_counted(at, line, spoken));
                unsure((spelled || part) && !known())
            }
            Kind::Enum(_) => unsure(self.is_of_a_thing(at, setting, spoken)),
            Kind::Duration => unsure(is_a_stretch(&message.text[..spoken.span.0]) && !tied()),
            // A bare figure is an amount only where somebody speaks of one.
            Kind::Money => {
                let bare = matches!(&spoken.reading.value, Value::Money(money) if money.currency.is_none());
                unsure(bare && !tied())
            }
            Kind::Person if spoken.own => None,
            // Our own people play no part at the customer, unless the field asks for ours.
            Kind::Person if wants_theirs(setting.field) && self.is_ours(&spoken.reading.value) && !tied() => {
                unsure(true)
            }
            Kind::Person => {
                let taken = line.is_some_and(|line| self.role_of_speaker(at, line).is_some())
                    && !self.names_speaker(line, &spoken.reading.value);
                let named = words.starts_with(char::is_uppercase) || self.names_somebody(words);
                let greets =
                    line.is_some_and(|line| is_greeting(line.words())) || message.text[..spoken.span.0].ends_with('@');
                let exact = !matches!(spoken.reading.precision, Precision::Vague(_));
                let hails = line.is_some_and(|line| hails(line.words(), words));
                unsure(exact && (taken || hails || !named || greets && !tied()))
            }
            // Our own number in our own mail is not the customer's.
            Kind::Phone | Kind::Email => {
                let ours = line.is_some_and(|line| line.speaker.side == Side::Ours && speaks_of_self(line.words()));
                // A signature says how its writer is reached, not who plays which part.
                let signed = line.is_some_and(|line| line.kind == SegmentKind::Signature) && !tied();
                if setting.field.kind == Kind::Phone && is_switchboard(&message.text[..spoken.span.0]) && !tied() {
                    return unsure(true);
                }
                match signed {
                    true => Some(Standing::Unconfirmed(wording::signature_reason())),
                    false => unsure(ours),
                }
            }
            _ => None,
        }
    }

    /// What keeps free words from being the value; `None` when nothing does.
    fn loose_words(&self, at: usize, setting: &Setting, (spoken, words): (&Spoken, &str)) -> Option<Standing> {
        let message = &self.index.conversation().messages[spoken.position];
        let loose = || match setting.field.specific {
            true => Standing::Vague(wording::not_a_value_reason()),
            false => Standing::Candidate(wording::not_a_value_reason()),
        };
        let quoted = message.text[..spoken.span.0].ends_with(['"', '`', '“', '\'', '‘', '»', '«']);
        if (is_statement(words) || ends_open(words)) && !quoted {
            return Some(loose());
        }
        if !has_shape(setting.field, words) {
            return Some(loose());
        }
        // `Our order number` in our own mouth is not the customer's.
        let line = self.scene.line_at(spoken.position, spoken.span.0);
        if line.is_some_and(|line| is_of_other_side(setting.field, at, line)) {
            return Some(Standing::Candidate(wording::shared_reason()));
        }
        match self.names_company(setting.field, words) {
            Some(true) => return None,
            Some(false) => return Some(Standing::Candidate(wording::shared_reason())),
            None => {}
        }
        if self.is_tied(at, setting, spoken) {
            return None;
        }
        if is_fragment(words) && !quoted {
            return Some(loose());
        }
        let elsewhere = self.names_somebody(words) || is_day(words) || self.speaks_of_another(at, spoken);
        elsewhere.then(|| Standing::Candidate(wording::shared_reason()))
    }

    /// Whether a line has a cue of the field, in the field's own words or in others that mean the same.
    pub(super) fn speaks_of(&self, at: usize, line: &Line) -> bool {
        line.hits_of(at).any(|hit| hit.sign == Sign::Cue)
            || !Terms::of_field(&self.scene.route.fields[at]).find(line.words()).is_empty()
    }

    /// `Nous serions douze à nous en servir`, `eleven of us, not nine`: a spelled figure that counts what the field counts.
    fn is_counted(&self, at: usize, line: &Line, spoken: &Spoken) -> bool {
        let words = line.text.get(line.start..line.end).unwrap_or_default();
        if !Terms::of_field(&self.scene.route.fields[at]).find(words).is_empty() {
            return true;
        }
        if counts_people(&self.scene.route.fields[at])
            && is_people_behind(line.text.get(spoken.span.1..line.end).unwrap_or_default())
        {
            return true;
        }
        // It sets aside another figure, and that one was said of the field.
        let aside = line.values.iter().filter(|value| value.start >= spoken.span.1).find(|value| {
            let between = line.text.get(spoken.span.1..value.start).unwrap_or_default();
            let last = between.rsplit(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
            ["not", "no", "nicht", "pas"].iter().any(|word| last.eq_ignore_ascii_case(word))
        });
        aside.is_some_and(|aside| {
            self.scene.lines_about(at).iter().map(|number| &self.scene.lines[*number]).any(|other| {
                other.message != line.message
                    && other.values.iter().any(|value| same(&value.reading.value, &aside.reading.value))
            })
        })
    }

    /// Whether somebody of ours bears the name.
    fn is_ours(&self, value: &Value) -> bool {
        let Value::Person(person) = value else { return false };
        let mut named = self.scene.participants.iter().filter(|participant| participant.name == person.name).peekable();
        named.peek().is_some() && named.all(|participant| participant.side == Side::Ours)
    }

    fn names_speaker(&self, line: Option<&Line>, value: &Value) -> bool {
        let Value::Person(person) = value else { return false };
        line.and_then(|line| line.speaker.name.as_deref())
            .is_some_and(|name| name == person.name || name.split_whitespace().next() == Some(person.name.as_str()))
    }

    /// Who alone writes for the other side is the one to speak to, where a route asks for that.
    pub(super) fn is_sole_writer(&self, at: usize, bearer: Option<usize>, setting: &Setting) -> bool {
        let field = &self.scene.route.fields[bearer.unwrap_or(at)];
        let contact = has_topic(&field.key, &field.label, "contact name");
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
    pub(super) fn lines_of(&self, found: &Match) -> impl Iterator<Item = &Line<'_>> {
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

/// `Kiri,` on a line of its own is spoken to.
fn hails(line: &str, name: &str) -> bool {
    line.trim().strip_suffix([',', '!']).is_some_and(|rest| rest.trim() == name)
}

/// Fewer words than a statement of a problem, of steps or of a promise needs, or none but a greeting.
fn says_little(words: &str) -> bool {
    const FEWEST: usize = 5;
    let greeting = is_greeting(words) && tokens(words).len() < 2 * FEWEST && !words.contains(':');
    tokens(words).len() < FEWEST || greeting
}

/// Whether words look like what the field's name asks for: a number or code has a digit and no common words, hours have
/// a figure or a day.
fn has_shape(field: &Field, words: &str) -> bool {
    let key: Vec<&str> = field.key.split('_').collect();
    let has_digit = words.contains(|c: char| c.is_ascii_digit());
    if key.iter().any(|part| matches!(*part, "number" | "po" | "code" | "id")) {
        let common = words
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 2 && word.chars().all(char::is_lowercase))
            .any(|word| !matches!(word, "order" | "number" | "class"));
        // A telephone number is no code of anything.
        return has_digit && !common && !words.contains('+');
    }
    if key.iter().any(|part| matches!(*part, "hours" | "times" | "opening")) {
        let day = words.split(|c: char| !c.is_alphanumeric()).any(is_day);
        let spelled = tokens(words).iter().any(|token| is_time_word(&fold(token.text(words))));
        return has_digit || day || spelled;
    }
    true
}

#[rustfmt::skip]
fn is_time_word(word: &str) -> bool {
    matches!(
        word,
        "morning" | "mornings" | "afternoon" | "afternoons" | "noon" | "midnight" | "weekdays" | "weekday" | "daily" | "always" | "anytime" | "hours" | "o'clock" | "one"
            | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten" | "eleven" | "twelve" | "uhr" | "täglich" | "mañana" | "tarde" | "matin"
    )
}

/// `Büro: …`, `main …`: a number at which anybody may answer.
fn is_switchboard(before: &str) -> bool {
    let line = before.rsplit(['\n', '.', ';', '|']).next().unwrap_or_default().to_lowercase();
    let words = [
        "office",
        "main line",
        "switchboard",
        "reception",
        "büro",
        "zentrale",
        "oficina",
        "centralita",
        "standard",
        "accueil",
        "telefax",
        "fax",
    ];
    words.iter().any(|word| line.contains(word))
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
    let opens = folded.first().is_some_and(|first| {
        matches!(
            first.as_str(),
            "have" | "has" | "had" | "comes" | "come" | "only" | "of" | "hi" | "hello" | "dear" | "hey"
        )
    });
    let greets = words.ends_with(',') || words.starts_with('|');
    let speaks =
        folded.len() > 1 && folded.iter().skip(1).any(|word| matches!(word.as_str(), "we" | "i" | "they" | "you"));
    ends_open(words) || opens || greets || speaks
}

/// Words that break off before what they lead to.
#[rustfmt::skip]
fn ends_open(words: &str) -> bool {
    let last = tokens(words).last().map(|token| fold(token.text(words)).into_owned()).unwrap_or_default();
    matches!(
        last.as_str(),
        "the" | "a" | "an" | "this" | "that" | "our" | "your" | "my" | "to" | "for" | "of" | "from" | "and" | "we" | "they" | "is"
    )
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
