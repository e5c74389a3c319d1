//! Does the evidence support the value? The value is read by code from the
//! words that were found, never taken from the reader, and the sentence around
//! those words must state it: not deny it, ask it, make it depend on something
//! or keep it open. Where the reader's quote fails, the value itself is looked
//! for in lines that speak of the field; what cannot be shown stays a
//! candidate for a person.

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use crate::brief::{Evidence, Tier};
use crate::claim::{Certainty, Citation, Claim};
use crate::conversation::{Message, Side};
use crate::extraction::{Known, Scene, Sign};
use crate::language::{Doubt, Phrases, Reach};
use crate::route::{Field, SaidBy};
use crate::value::{Context, Kind, Precision, Reading, Value, read_answer, vagueness};
use crate::wording;

use super::reading::{Words, read_words};
use super::{Index, Match, segment_around};

/// A claim after the check: a value with true quotes, and how far it stands.
#[derive(Debug, Clone)]
pub struct Grounded {
    /// Index of the field in the route.
    pub field: usize,
    pub value: Value,
    /// The value's own words first, then the question or confirmation.
    pub evidence: Vec<Evidence>,
    pub standing: Standing,
    pub speaker: Option<String>,
    pub side: Side,
    pub at: Option<Timestamp>,
    /// Position of the message and byte offset in it: the order of what was said.
    pub place: (usize, usize),
    /// The sentence says that something changed.
    pub corrects: bool,
    /// Other meanings of the same words.
    pub alternatives: Vec<Value>,
    /// The value's own words: message position, start, end.
    pub span: (usize, usize, usize),
}

/// How far a grounded value may be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    Supported,
    /// Said, but too loosely for this field.
    Vague(String),
    /// Said, but by the wrong side or with several meanings.
    Unconfirmed(String),
    /// Not said so that it may stand; offered to a person.
    Candidate(String),
}

/// Checks claims against one conversation and route.
pub struct Grounder<'a> {
    pub index: &'a Index<'a>,
    pub scene: &'a Scene<'a>,
}

/// What decides besides the value's own words.
struct Setting<'a> {
    field: &'a Field,
    claim: &'a Claim,
    /// Every citation that was found, with its match.
    found: Vec<(&'a Citation, Match)>,
}

impl<'a> Grounder<'a> {
    /// Checks all claims, then sees to it that no words fill two fields by accident.
    pub fn ground_all(&self, claims: &[Claim]) -> Vec<Grounded> {
        let mut all: Vec<Grounded> = claims.iter().filter_map(|claim| self.ground(claim)).collect();
        self.separate(&mut all);
        all
    }

    /// Checks one claim; `None` when neither its quotes nor its value stand anywhere.
    pub fn ground(&self, claim: &Claim) -> Option<Grounded> {
        let at = self.scene.route.fields.iter().position(|field| field.key == claim.field)?;
        let field = &self.scene.route.fields[at];
        let found: Vec<(&Citation, Match)> = claim
            .cited
            .iter()
            .filter_map(|citation| self.index.check(citation).map(|found| (citation, found)))
            .collect();
        let first_holds =
            claim.cited.first().is_some_and(|first| found.first().is_some_and(|(citation, _)| *citation == first));
        let setting = Setting { field, claim, found };
        let direct = if first_holds { self.read_quotes(at, &setting) } else { None };
        direct.or_else(|| self.rescue(at, &setting))
    }

    /// The value out of the words that were cited.
    fn read_quotes(&self, at: usize, setting: &Setting) -> Option<Grounded> {
        if setting.field.kind == Kind::Bool {
            return self.flag(at, setting);
        }
        // The value stands in the first quote, or in the question that it confirms.
        setting.found.iter().enumerate().find_map(|(number, (_, found))| {
            let position = self.index.position(found.message)?;
            let message = &self.index.conversation().messages[position];
            if found.tier == Tier::Author {
                return self.author_value(at, setting, found, position);
            }
            let words = Words { message, start: found.start, end: found.end };
            let (span, reading) = read_words(setting.field, setting.claim, &words, self.known())?;
            Some(self.judge(at, setting, Spoken { number, position, span, reading }))
        })
    }

    fn author_value(&self, at: usize, setting: &Setting, found: &Match, position: usize) -> Option<Grounded> {
        let message = &self.index.conversation().messages[position];
        let quote =
            setting.found.iter().find(|(_, other)| other == found).map(|(citation, _)| citation.quote.as_str())?;
        let context = self.context(message, None);
        let reading = crate::value::read(&setting.field.kind, quote, &context).ok()?;
        let evidence = setting.found.iter().filter_map(|(citation, found)| self.evidence(citation, found)).collect();
        let standing = self.said_by(setting.field, message.author.side).unwrap_or(Standing::Supported);
        Some(Grounded {
            field: at,
            value: reading.value,
            evidence,
            standing: weaken(standing, setting.claim.certainty),
            speaker: message.author.label().map(str::to_owned),
            side: message.author.side,
            at: message.at,
            place: (position, 0),
            corrects: false,
            alternatives: Vec::new(),
            span: (position, 0, 0),
        })
    }

    /// A yes/no value: an answer to a question, or what a statement says of the field's words.
    fn flag(&self, at: usize, setting: &Setting) -> Option<Grounded> {
        let wanted = crate::value::read_answer(setting.claim.value.as_deref()?)?;
        let answered = setting.found.iter().find(|(_, found)| {
            self.message(found)
                .and_then(|(_, message)| message.text.get(found.start..found.end))
                .is_some_and(|words| read_answer(words) == Some(wanted))
        });
        if let Some((_, answer)) = answered
            && setting.found.len() > 1
        {
            let (position, _) = self.message(answer)?;
            let reading = Reading { value: Value::Bool(wanted), precision: Precision::Exact };
            let number = setting.found.iter().position(|(_, found)| found == answer)?;
            let mut grounded =
                self.judge(at, setting, Spoken { number, position, span: (answer.start, answer.end), reading });
            // The answer's own no is the value, not a denial of it.
            grounded.standing = weaken(
                self.said_by(setting.field, grounded.side).unwrap_or(Standing::Supported),
                setting.claim.certainty,
            );
            return Some(grounded);
        }
        let (_, found) = setting.found.first()?;
        let (position, message) = self.message(found)?;
        let hits = self.cue_spans(position, at, (found.start, found.end));
        // The words the reader judged by, where it names them.
        let named = setting.claim.raw_value.as_deref();
        let span =
            hits.iter().find(|(start, end)| message.text.get(*start..*end) == named).or(hits.first()).copied()?;
        let reading = Reading { value: Value::Bool(wanted), precision: Precision::Exact };
        let mut grounded = self.judge(at, setting, Spoken { number: 0, position, span, reading });
        let doubts = self.index.doubts_around(message, span, Reach::Outside);
        let labelled = message
            .text
            .get(span.1..found.end)
            .map(str::trim_start)
            .and_then(|rest| rest.strip_prefix([':', '=', '|']))
            .and_then(read_answer);
        let says = labelled.unwrap_or(!doubts.contains(&Doubt::Negated));
        let open = doubts.iter().find(|doubt| matches!(doubt, Doubt::Conditional | Doubt::Hedged | Doubt::Question));
        grounded.standing = match open {
            Some(doubt) if labelled.is_none() && !self.is_confirmed(setting, position) => {
                Standing::Candidate(wording::doubt_reason(*doubt))
            }
            _ if says != wanted => Standing::Candidate(wording::unsupported_reason()),
            _ => weaken(
                self.said_by(setting.field, grounded.side).unwrap_or(Standing::Supported),
                setting.claim.certainty,
            ),
        };
        Some(grounded)
    }

    /// Weighs a value that was read from words in a message.
    fn judge(&self, at: usize, setting: &Setting, spoken: Spoken) -> Grounded {
        let message = &self.index.conversation().messages[spoken.position];
        let segment = segment_around(message, spoken.span.0);
        let author = segment.and_then(|segment| segment.author.as_ref()).unwrap_or(&message.author);
        let confirmation = self.confirmation(setting, spoken.number);
        let (side, speaker, said_at) = match confirmation {
            Some(answer) if setting.field.said_by != SaidBy::Any || author.side == Side::Unknown => {
                (answer.author.side, answer.author.label(), answer.at)
            }
            _ => (author.side, author.label(), segment.and_then(|s| s.at).or(message.at)),
        };
        let mut standing = self.standing(setting, &spoken, message, side, confirmation.is_some());
        if setting.found[spoken.number].1.tier == Tier::Near {
            standing = Standing::Candidate(wording::near_reason());
        }
        let mut evidence: Vec<Evidence> = Vec::new();
        let order = std::iter::once(spoken.number).chain((0..setting.found.len()).filter(|n| *n != spoken.number));
        for number in order {
            let (citation, found) = &setting.found[number];
            evidence.extend(self.evidence(citation, found));
        }
        let sentence = self.sentence_text(message, spoken.span);
        let alternatives = match &spoken.reading.precision {
            Precision::Ambiguous(all) => all.clone(),
            _ => Vec::new(),
        };
        Grounded {
            field: at,
            value: spoken.reading.value,
            evidence,
            standing: weaken(standing, setting.claim.certainty),
            speaker: speaker.map(str::to_owned),
            side,
            at: said_at,
            place: (spoken.position, spoken.span.0),
            corrects: says_correction(sentence),
            alternatives,
            span: (spoken.position, spoken.span.0, spoken.span.1),
        }
    }

    fn standing(&self, setting: &Setting, spoken: &Spoken, message: &Message, side: Side, confirmed: bool) -> Standing {
        let found = &setting.found[spoken.number].1;
        let long = setting.field.kind == Kind::LongText;
        let doubts =
            if long { found.doubts.clone() } else { self.index.doubts_around(message, spoken.span, Reach::Outside) };
        let outside = &found.doubts;
        // `If you need anything, call +44 …`: how to reach somebody depends on nothing.
        let reachable = matches!(setting.field.kind, Kind::Email | Kind::Phone | Kind::Url);
        let blocking = doubts.iter().find(|doubt| match doubt {
            Doubt::Negated => true,
            Doubt::Conditional => !reachable,
            Doubt::Hedged => !long && !reachable,
            Doubt::Question => !confirmed && !reachable,
            Doubt::Attributed => outside.contains(doubt),
            Doubt::Compared => false,
        });
        if let Some(doubt) = blocking {
            return Standing::Candidate(wording::doubt_reason(*doubt));
        }
        // The part that opens the quote holds the subject; what a later part says may be said of somebody else.
        if found.tier == Tier::Ellipsis && spoken.span.1 > found.opening_end {
            return Standing::Candidate(wording::ellipsis_reason());
        }
        if setting.field.specific {
            let words = message.text.get(spoken.span.0..spoken.span.1).unwrap_or_default();
            if let Precision::Vague(reason) = &spoken.reading.precision {
                return Standing::Vague(reason.clone());
            }
            if let Some(reason) = vagueness(&setting.field.kind, words)
                .filter(|_| matches!(setting.field.kind, Kind::Text | Kind::LongText | Kind::Team))
            {
                return Standing::Vague(reason);
            }
        }
        if let Precision::Ambiguous(all) = &spoken.reading.precision {
            return Standing::Unconfirmed(wording::ambiguous_reason(all));
        }
        self.said_by(setting.field, side).unwrap_or(Standing::Supported)
    }

    /// What is wrong with the side that said it, if anything.
    fn said_by(&self, field: &Field, side: Side) -> Option<Standing> {
        let holds = match field.said_by {
            SaidBy::Any => true,
            SaidBy::Theirs => side == Side::Theirs,
            SaidBy::Ours => side == Side::Ours,
        };
        (!holds).then(|| Standing::Unconfirmed(wording::wrong_side_reason(field.said_by, side)))
    }

    /// The message in which somebody else said yes to the words at citation `number`.
    fn confirmation(&self, setting: &Setting, number: usize) -> Option<&'a Message> {
        let said = self.message(&setting.found[number].1)?.1;
        setting.found.iter().enumerate().filter(|(other, _)| *other != number).find_map(|(_, (_, found))| {
            let (_, message) = self.message(found)?;
            let words = message.text.get(found.start..found.end)?;
            let speaker = |message: &'a Message, at: usize| {
                segment_around(message, at).and_then(|s| s.author.as_ref()).unwrap_or(&message.author)
            };
            let other = speaker(message, found.start) != speaker(said, setting.found[number].1.start);
            (other && read_answer(words) == Some(true)).then_some(message)
        })
    }

    fn is_confirmed(&self, setting: &Setting, position: usize) -> bool {
        setting.found.iter().any(|(_, found)| {
            self.message(found).is_some_and(|(at, message)| {
                at != position && message.text.get(found.start..found.end).and_then(read_answer) == Some(true)
            })
        })
    }

    /// Looks for the value itself in lines that speak of the field.
    fn rescue(&self, at: usize, setting: &Setting) -> Option<Grounded> {
        let field = setting.field;
        if matches!(field.kind, Kind::Bool | Kind::LongText) {
            return None;
        }
        let mut best: Option<Grounded> = None;
        for (number, line) in self.scene.lines.iter().enumerate().filter(|(_, line)| line.counts) {
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
            let words = Words { message, start: line.start, end: line.end };
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
        if rescued.standing == Standing::Supported && matches!(field.kind, Kind::Enum(_) | Kind::Number) {
            rescued.standing = Standing::Candidate(wording::rescued_reason());
        }
        Some(rescued)
    }

    /// One stretch of words that fills two scalar fields fills only the one whose cue stands beside it.
    fn separate(&self, all: &mut [Grounded]) {
        let mut doubtful: Vec<usize> = Vec::new();
        let mut by_span: FxHashMap<(usize, usize, usize), Vec<usize>> = FxHashMap::default();
        for (at, one) in all.iter().enumerate() {
            by_span.entry(one.span).or_default().push(at);
        }
        for (at, one) in all.iter().enumerate() {
            let scalar = |grounded: &Grounded| {
                let field = &self.scene.route.fields[grounded.field];
                !field.list
                    && !matches!(field.kind, Kind::Bool | Kind::LongText | Kind::Text | Kind::Team | Kind::Person)
            };
            let shares = |other: &&Grounded| {
                other.field != one.field && other.span == one.span && other.span.1 < other.span.2 && scalar(other)
            };
            if scalar(one)
                && by_span.get(&one.span).is_some_and(|same| same.iter().any(|other| shares(&&all[*other])))
                && !self.has_cue(one)
            {
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

    /// The spans of the field's cues inside a quote.
    fn cue_spans(&self, position: usize, field: usize, quote: (usize, usize)) -> Vec<(usize, usize)> {
        let lines = &self.scene.lines;
        let from = lines.partition_point(|line| (line.message, line.end) <= (position, quote.0));
        lines[from..]
            .iter()
            .take_while(|line| line.message == position && line.start < quote.1)
            .flat_map(|line| {
                line.hits_of(field)
                    .filter(|hit| hit.start >= quote.0 && hit.end <= quote.1)
                    .map(|hit| (hit.start, hit.end))
            })
            .collect()
    }

    fn message(&self, found: &Match) -> Option<(usize, &'a Message)> {
        let position = self.index.position(found.message)?;
        Some((position, &self.index.conversation().messages[position]))
    }

    fn sentence_text<'m>(&self, message: &'m Message, span: (usize, usize)) -> &'m str {
        self.index.sentence_around(message, span.0).text(&message.text)
    }

    fn known(&self) -> Known<'a> {
        Known { participants: self.scene.participants, around: self.scene.around }
    }

    fn context(&self, message: &Message, said_at: Option<Timestamp>) -> Context<'a> {
        Context {
            said_at: said_at.or(message.at),
            zone: message.zone,
            around: self.scene.around,
            participants: self.scene.participants,
        }
    }

    /// Evidence is cut from the source, never taken from the reader.
    pub(crate) fn evidence(&self, citation: &Citation, found: &Match) -> Option<Evidence> {
        evidence_of(self.index, citation, found)
    }
}

/// The evidence for a match, as it stands in the brief.
pub fn evidence_of(index: &Index, citation: &Citation, found: &Match) -> Option<Evidence> {
    let position = index.position(found.message)?;
    let message = &index.conversation().messages[position];
    let source =
        index.conversation().document(&message.document).map_or_else(String::new, |document| document.source.clone());
    if found.tier == Tier::Author {
        let author = message.author.label().map(str::to_owned);
        return Some(Evidence {
            source,
            message: message.id,
            quote: citation.quote.trim().to_owned(),
            start: None,
            end: None,
            author,
            at: message.at,
            tier: found.tier,
        });
    }
    let segment = segment_around(message, found.start);
    let author = segment.and_then(|segment| segment.author.as_ref()).unwrap_or(&message.author);
    Some(Evidence {
        source,
        message: message.id,
        quote: message.text.get(found.start..found.end)?.to_owned(),
        start: Some(found.start),
        end: Some(found.end),
        author: author.label().map(str::to_owned),
        at: segment.and_then(|segment| segment.at).or(message.at),
        tier: found.tier,
    })
}

/// A value read from words.
struct Spoken {
    /// Which of the found citations holds it.
    number: usize,
    position: usize,
    span: (usize, usize),
    reading: Reading,
}

/// What a reader only guessed is offered, not believed.
fn weaken(standing: Standing, certainty: Certainty) -> Standing {
    match (standing, certainty) {
        (Standing::Supported | Standing::Unconfirmed(_) | Standing::Vague(_), Certainty::Guessed) => {
            Standing::Candidate(wording::guessed_reason())
        }
        (standing, _) => standing,
    }
}

#[rustfmt::skip]
const CORRECTIONS: Phrases = Phrases::new(&[
            "actually",
            "instead",
            "correction",
            "moved",
            "changed",
            "no longer",
            "rather",
            "pushed",
            "postponed",
            "scratch that",
            "i meant",
            "revised",
            "make it",
            "make that",
            "now ",
            " now",
            "update",
            "switch",
            "not ",
            "new date",
            "slipped",
            "brought forward",
            "sorry",
            "after all",
            "in the end",
            "we settled",
            "finally",
            "replace",
            "rescheduled",
            "amend",
        ]);

/// Words by which people say that something is no longer as it was.
fn says_correction(sentence: &str) -> bool {
    CORRECTIONS.stand_in(sentence)
}
