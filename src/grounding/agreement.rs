//! Yes and no: whether an answer answers, and what it makes true. A yes counts
//! only for the line it really follows, by somebody else, and only when the
//! rest of the answer does not take it back.

use crate::brief::Tier;
use crate::conversation::Message;
use crate::extraction::{Hit, Line, Sign, answers_alone, is_denied, labelled_answer, turned_beside, turns_round};
use crate::language::{Doubt, Reach, doubts, fold, tokens};
use crate::value::{Precision, Reading, Value, puts_off, read_answer};
use crate::wording;

use super::concepts::{Mention, Terms};
use super::support::{Grounded, Grounder, Setting, Spoken, Standing, weaken};
use super::{Match, segment_around};

impl<'a> Grounder<'a> {
    /// A yes/no value: an answer to a question, or what a statement says of the field's words.
    pub(super) fn flag(&self, at: usize, setting: &Setting) -> Option<Grounded> {
        let wanted = read_answer(setting.claim.value.as_deref()?)?;
        if let Some(number) = self.answer(at, setting, wanted) {
            let answer = &setting.found[number].1;
            let reading = Reading { value: Value::Bool(wanted), precision: Precision::Exact };
            let position = self.index.position(answer.message)?;
            let mut grounded = self.judge(
                at,
                setting,
                Spoken { number, position, span: (answer.start, answer.end), reading, own: false },
            );
            // The answer's own no is the value, not a denial of it.
            let standing = self.said_by(setting.field, grounded.side).unwrap_or(Standing::Supported);
            grounded.standing = weaken(standing, setting.claim.certainty);
            grounded.doubt = None;
            return Some(self.unless_near(setting, grounded));
        }
        self.stated_flag(at, setting, wanted)
    }

    /// Which citation answers another one that asks about the field.
    fn answer(&self, at: usize, setting: &Setting, wanted: bool) -> Option<usize> {
        (0..setting.found.len()).find(|number| {
            let answer = &setting.found[*number].1;
            let Some(says) = self.words(answer).and_then(read_answer) else { return false };
            setting.found.iter().enumerate().any(|(other, (_, question))| {
                other != *number
                    && self.line_of(question).is_some_and(|line| {
                        let line = &self.scene.lines[line];
                        let asks = |hit: &Hit| hit.sign == Sign::Cue && !self.is_denied(line, hit);
                        let says_no = line.hits_of(at).any(|hit| hit.sign == Sign::Says(false));
                        let does_without = says_no || asks_to_do_without(line.words());
                        let means = says != does_without;
                        // `It is not needed, is it?` – `No.`: a no to a no agrees as often as it denies.
                        let unclear = !says && denies(line, at);
                        line.hits_of(at).any(asks)
                            && means == wanted
                            && !unclear
                            && (does_without || !turns_round(line.words()))
                    })
                    && self.follows(question, answer, says)
            })
        })
    }

    /// `So you don't need it?` – `Right.` is a no that sounds like a yes.
    fn is_denied(&self, line: &Line, hit: &Hit) -> bool {
        doubts(line.text, (line.start, line.end), (hit.start, hit.end), Reach::Outside).contains(&Doubt::Negated)
    }

    fn stated_flag(&self, at: usize, setting: &Setting, wanted: bool) -> Option<Grounded> {
        let (_, found) = setting.found.first()?;
        let position = self.index.position(found.message)?;
        let message = &self.index.conversation().messages[position];
        let hits = self.cue_spans(position, at, (found.start, found.end));
        // The words the reader judged by, where it names them.
        let named = setting.claim.raw_value.as_deref();
        let mention = self.first_mention(setting, (message, found.start, found.end));
        let cue = hits.iter().find(|(start, end)| message.text.get(*start..*end) == named).or(hits.first()).copied();
        // A cue that is known to mean the opposite of the field's name is read as that.
        let opposite = mention.filter(|mention| mention.opposite && cue.is_none_or(|cue| overlap(cue, *mention)));
        let span = match (cue, opposite, mention) {
            (_, Some(mention), _) | (None, None, Some(mention)) => (mention.start, mention.end),
            (Some(cue), None, _) => cue,
            (None, None, None) => return None,
        };
        let reading = Reading { value: Value::Bool(wanted), precision: Precision::Exact };
        let meant = reading.clone();
        let mut grounded = self.judge(at, setting, Spoken { number: 0, position, span, reading, own: false });
        let doubts = self.index.doubts_around(message, span, Reach::Outside);
        let rest = message.text.get(span.1..found.end).map(str::trim_start);
        let labelled = rest.and_then(|rest| rest.strip_prefix([':', '=', '|'])).and_then(answers_alone);
        // Some words say yes or no by themselves.
        let line = self.scene.line_at(position, span.0);
        let labelled = labelled.or_else(|| labelled_answer(line?, at).map(|(_, says)| says));
        let saying = line.and_then(|line| {
            line.hits_of(at).find_map(|hit| match hit.sign {
                Sign::Says(says) if (hit.start, hit.end) == span => {
                    Some((says != is_denied(line, hit, says), turned_beside(line, hit)))
                }
                _ => None,
            })
        });
        let denied = doubts.contains(&Doubt::Negated) == opposite.is_some();
        let says = saying.map_or(denied, |(says, _)| says);
        let says = labelled.unwrap_or(says);
        let confirmed = self.confirmation(setting, 0).is_some();
        // What keeps another clause open leaves a saying alone: `…, and yes, two deliveries are okay`.
        let clause = saying.and(line).map(|line| clause_around(line, span));
        let doubts = match clause.zip(line) {
            Some((clause, line)) => doubts_of_saying(line, clause, span, &doubts),
            None => doubts,
        };
        let spoken = Spoken { number: 0, position, span, reading: meant, own: false };
        let open = doubts.iter().filter(|doubt| !self.is_excused(setting, &spoken, **doubt)).find(|doubt| {
            matches!(doubt, Doubt::Conditional | Doubt::Hedged | Doubt::Question | Doubt::Attributed | Doubt::Over)
        });
        let put_off = rest.and_then(|rest| rest.strip_prefix([':', '=', '|'])).is_some_and(puts_off);
        let turned = put_off
            || labelled.is_none()
                && match saying {
                    Some((_, turned)) => turned,
                    None => opposite.is_none() && is_turned(self.words(found).unwrap_or_default()),
                };
        grounded.doubt = None;
        let foreign = self.scene.line_at(position, span.0).is_some_and(|line| self.is_foreign(line));
        grounded.standing = match open {
            // Another customer's order says nothing of this one.
            _ if foreign => Standing::Candidate(wording::guessed_reason()),
            Some(doubt) if labelled.is_none() && !confirmed => {
                grounded.doubt = Some(*doubt);
                Standing::Candidate(wording::doubt_reason(*doubt))
            }
            _ if says != wanted || turned => Standing::Candidate(wording::unsupported_reason()),
            _ => weaken(
                self.said_by(setting.field, grounded.side).unwrap_or(Standing::Supported),
                setting.claim.certainty,
            ),
        };
        Some(self.unless_near(setting, grounded))
    }

    /// A quote that is one letter off carries no value, whatever it says.
    fn unless_near(&self, setting: &Setting, mut grounded: Grounded) -> Grounded {
        if setting.found.iter().any(|(_, found)| found.tier == Tier::Near) {
            grounded.standing = Standing::Candidate(wording::near_reason());
        }
        grounded
    }

    /// The message in which somebody else said yes to the words at citation `number`.
    pub(super) fn confirmation(&self, setting: &Setting, number: usize) -> Option<&'a Message> {
        let said = &setting.found[number].1;
        setting
            .found
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != number)
            .find(|(_, (_, answer))| self.follows(said, answer, true))
            .and_then(|(_, (_, answer))| self.message_of(answer.message))
    }

    /// Whether `answer` is the plain yes or no that somebody else gave to `said`, and does not take it back.
    fn follows(&self, said: &Match, answer: &Match, wanted: bool) -> bool {
        let lines = self.line_of(said).zip(self.line_of(answer));
        let deciding = lines.filter(|(_, reply)| self.scene.replies.decides(*reply));
        let replied = deciding.is_some_and(|(line, reply)| {
            let direct = self.scene.replies.verdict_on(line) == Some((reply, wanted));
            direct
                || self
                    .returned(line, reply)
                    .any(|quoted| self.scene.replies.verdict_on(quoted) == Some((reply, wanted)))
        });
        let Some(message) = self.message_of(answer.message).filter(|_| replied) else { return false };
        let Some(words) = self.words(answer) else { return false };
        let first = words.find(|c: char| !c.is_alphanumeric() && c != '\'').unwrap_or(words.len());
        let doubts = self.index.doubts_around(message, (answer.start, answer.start + first), Reach::Outside);
        let open = doubts.iter().any(|doubt| matches!(doubt, Doubt::Conditional | Doubt::Hedged));
        let folded = words.to_ascii_lowercase();
        let taken_back = wanted && (folded.contains(" not ") || folded.contains("n't ") || folded.contains("later"));
        !open && !taken_back
    }

    /// The lines of the answer's message in which the asked line returns as a quote.
    fn returned(&self, line: usize, reply: usize) -> impl Iterator<Item = usize> {
        let lines = &self.scene.lines;
        let asked = lines[line].words();
        let message = lines[reply].message;
        let from = lines.partition_point(|other| other.message < message);
        let quoted = (from..lines.len()).take_while(move |at| lines[*at].message == message);
        quoted.filter(move |at| !lines[*at].counts && lines[*at].words().trim_start_matches(['>', ' ']) == asked)
    }

    fn words(&self, found: &Match) -> Option<&'a str> {
        self.message_of(found.message)?.text.get(found.start..found.end)
    }

    fn line_of(&self, found: &Match) -> Option<usize> {
        let position = self.index.position(found.message)?;
        segment_around(self.message_of(found.message)?, found.start)?;
        self.scene.line_index(position, found.start)
    }

    /// The first words inside a quote that mean what the field is about, those that mean its opposite before others.
    fn first_mention(&self, setting: &Setting, (message, start, end): (&Message, usize, usize)) -> Option<Mention> {
        let text = message.text.get(start..end)?;
        let all = Terms::of_field(setting.field).find(text);
        let one = all.iter().find(|mention| mention.opposite).or(all.first())?;
        Some(Mention { start: one.start + start, end: one.end + start, opposite: one.opposite })
    }

    /// The spans of the field's cues inside a quote.
    fn cue_spans(&self, position: usize, field: usize, quote: (usize, usize)) -> Vec<(usize, usize)> {
        let lines = &self.scene.lines;
        let from = lines.partition_point(|line| (line.message, line.end) <= (position, quote.0));
        lines[from..]
            .iter()
            .take_while(|line| line.message == position && line.start < quote.1)
            .flat_map(|line| {
                line.hits_of(field)
                    .filter(|hit| {
                        let asked =
                            line.words().trim_end().ends_with([':', '?']) || labelled_answer(line, field).is_some();
                        hit.sign != Sign::Cue || hit.tells() || asked
                    })
                    .filter(|hit| hit.start >= quote.0 && hit.end <= quote.1)
                    .map(|hit| (hit.start, hit.end))
            })
            .collect()
    }
}

/// Whether a question denies what the field is about, around its words or in them.
fn denies(line: &Line, at: usize) -> bool {
    let no = |hit: &Hit| {
        let words = &line.text[hit.start..hit.end];
        tokens(words).iter().any(|token| is_no(&fold(token.text(words))))
            || doubts(line.text, (line.start, line.end), (hit.start, hit.end), Reach::Outside).contains(&Doubt::Negated)
    };
    line.hits_of(at).any(no)
}

fn is_no(word: &str) -> bool {
    matches!(word, "not" | "no" | "cannot" | "nicht" | "kein" | "keine" | "keinen" | "pas" | "sin" | "sans" | "ohne")
        || word.ends_with("n't")
}

fn overlap((start, end): (usize, usize), mention: Mention) -> bool {
    start < mention.end && mention.start < end
}

/// Whether words turn a flag round; a hold that is lifted holds nothing.
fn is_turned(words: &str) -> bool {
    const LIFTED: [&str; 3] = ["lifted the hold", "off hold", "hold is lifted"];
    turns_round(&LIFTED.iter().fold(words.to_lowercase(), |words, lifted| words.replace(lifted, "")))
}

/// The clause of a line that holds a span, between its marks.
fn clause_around(line: &Line, span: (usize, usize)) -> (usize, usize) {
    let pause = |c: char| matches!(c, ',' | ';' | '(' | ')');
    let before = line.text.get(line.start..span.0).unwrap_or_default();
    let from = before.rfind(pause).map_or(line.start, |at| line.start + at + 1);
    let after = line.text.get(span.1..line.end).unwrap_or_default();
    (from, after.find(pause).map_or(line.end, |at| span.1 + at))
}

/// The doubts of a saying: those of its own clause, and of the sentence's a question and a condition right beside.
fn doubts_of_saying(line: &Line, clause: (usize, usize), span: (usize, usize), all: &[Doubt]) -> Vec<Doubt> {
    let kept = |doubt: &Doubt| match doubt {
        Doubt::Question => true,
        // `If legal signs, we consent`
        Doubt::Conditional => hangs_on_condition(line, clause),
        _ => false,
    };
    let own = doubts(line.text, clause, span, Reach::Outside);
    all.iter().copied().filter(kept).chain(own).collect()
}

/// Whether the clause right before or right behind a clause opens with a condition: `If legal signs, we consent`.
fn hangs_on_condition(line: &Line, (from, to): (usize, usize)) -> bool {
    let pause = |c: char| matches!(c, ',' | ';' | '(' | ')');
    let before = line.text.get(line.start..from).unwrap_or_default().trim_end_matches(pause);
    let before = before.rsplit(pause).next().unwrap_or_default();
    let behind = line.text.get(to..line.end).unwrap_or_default().trim_start_matches(pause);
    let behind = behind.split(pause).next().unwrap_or_default();
    opens_condition(before) && !is_answered(before) || opens_condition(behind)
}

/// Whether a condition has its consequence already: `If the lids are late that is a pity, partial shipments are fine`.
fn is_answered(condition: &str) -> bool {
    const ANSWERS: [&str; 6] = ["a pity", "a shame", "too bad", "bad luck", "no problem", "unfortunate"];
    let folded = condition.trim().to_ascii_lowercase();
    let rest = ANSWERS.iter().find_map(|answer| folded.strip_suffix(answer)).map(str::trim_end);
    rest.is_some_and(|rest| {
        ["that is", "that's", "that’s", "it is", "it's", "it’s"].iter().any(|it| rest.ends_with(it))
    })
}

fn opens_condition(clause: &str) -> bool {
    let words = tokens(clause);
    let mut folded = words.iter().map(|token| fold(token.text(clause)));
    let first =
        folded.find(|word| !matches!(word.as_ref(), "and" | "but" | "so" | "then" | "only" | "und" | "et" | "y"));
    first.is_some_and(|word| {
        matches!(
            word.as_ref(),
            "if" | "unless"
                | "once"
                | "when"
                | "provided"
                | "providing"
                | "assuming"
                | "subject"
                | "wenn"
                | "falls"
                | "sofern"
                | "sobald"
                | "si"
                | "quand"
                | "dès"
                | "cuando"
        )
    })
}

/// `Can we leave SSO out?`, `can they unload by themselves?`: a yes says that it is not needed.
fn asks_to_do_without(question: &str) -> bool {
    let folded = question.to_ascii_lowercase();
    ["leave it out", "leave out", "skip ", "do without", "by themselves", "by yourselves", "by yourself", "on your own"]
        .iter()
        .any(|phrase| folded.contains(phrase))
}
