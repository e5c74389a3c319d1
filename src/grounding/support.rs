//! Does the evidence support the value? The value is read by code from the
//! words that were found, never taken from the reader, and the sentence around
//! those words must state it: not deny it, ask it, make it depend on something
//! or keep it open. Where the reader's quote fails, the value itself is looked
//! for in lines that speak of the field; what cannot be shown stays a
//! candidate for a person.

use jiff::Timestamp;

use crate::brief::{Evidence, Tier};
use crate::claim::{Certainty, Citation, Claim};
use crate::conversation::{Message, Side};
use crate::extraction::{Known, Scene};
use crate::language::{Doubt, Reach};
use crate::route::{Field, SaidBy};
use crate::value::{Context, Kind, Precision, Reading, Value, vagueness};
use crate::wording;

use super::correction::says_correction;
use super::evidence::evidence_of;
use super::exclusions::is_ruled_out;
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
    /// What in the sentence keeps the value from standing, if that is why.
    pub doubt: Option<Doubt>,
    /// The reader itself was not sure that the words speak of the field.
    pub guessed: bool,
    pub speaker: Option<String>,
    pub side: Side,
    pub at: Option<Timestamp>,
    /// Position of the message and byte offset in it: the order of what was said.
    pub place: (usize, usize),
    /// The sentence says that something changed.
    pub corrects: bool,
    /// Values that the sentence names to put them aside: `64 users, not 70`.
    pub sets_aside: Vec<Value>,
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
pub(super) struct Setting<'a> {
    pub field: &'a Field,
    pub claim: &'a Claim,
    /// Every citation that was found, with its match.
    pub found: Vec<(&'a Citation, Match)>,
}

impl<'a> Grounder<'a> {
    /// Checks all claims, then sees to it that no words fill two fields by accident.
    pub fn ground_all(&self, claims: &[Claim]) -> Vec<Grounded> {
        let mut all = self.ground_each(claims);
        self.separate(&mut all);
        self.settle_signed(&mut all);
        all
    }

    /// The same beside what another reader saw: no words fill two fields by accident, whoever read them. The claims'
    /// statements first, then the others'.
    pub fn ground_beside(&self, claims: &[Claim], others: &[Grounded]) -> (Vec<Grounded>, Vec<Grounded>) {
        let mut all = self.ground_each(claims);
        let own = all.len();
        all.extend_from_slice(others);
        self.separate(&mut all);
        self.settle_signed(&mut all);
        let others = all.split_off(own);
        (all, others)
    }

    fn ground_each(&self, claims: &[Claim]) -> Vec<Grounded> {
        let mut all: Vec<Grounded> = claims.iter().filter_map(|claim| self.ground(claim)).collect();
        self.settle_shifted(claims, &mut all);
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
        let direct = direct.or_else(|| if first_holds { self.own_role(at, &setting) } else { None });
        let shown = direct.or_else(|| self.rescue(at, &setting));
        let offered = shown.or_else(|| if first_holds { self.offer(at, &setting) } else { None });
        offered.or_else(|| self.find_anywhere(at, &setting))
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
            let words =
                Words { message, start: found.start, end: found.end, said_at: self.said_at(message, found.start) };
            let (span, reading) = read_words(setting.field, setting.claim, &words, self.known())?;
            Some(self.judge(at, setting, Spoken { number, position, span, reading, own: false }))
        })
    }

    /// Weighs a value that was read from words in a message.
    pub(super) fn judge(&self, at: usize, setting: &Setting, spoken: Spoken) -> Grounded {
        let message = &self.index.conversation().messages[spoken.position];
        let segment = segment_around(message, spoken.span.0);
        let author = segment.map_or(&message.author, |segment| self.index.conversation().speaker(message, segment));
        let confirmation = self.confirmation(setting, spoken.number);
        let (side, speaker, said_at) = match confirmation {
            Some(answer) if setting.field.said_by != SaidBy::Any || author.side == Side::Unknown => {
                (answer.author.side, answer.author.label(), answer.at)
            }
            _ => (
                author.side,
                author.label(),
                segment.map_or(message.at, |segment| self.index.conversation().said_at(message, segment)),
            ),
        };
        let (mut standing, doubt) = self.standing(setting, &spoken, (side, confirmation.is_some()));
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
        let foreign = self.scene.line_at(spoken.position, spoken.span.0).is_some_and(|line| self.is_foreign(line));
        let sets_aside = self.set_aside(&spoken);
        let alternatives = match &spoken.reading.precision {
            Precision::Ambiguous(all) => all.clone(),
            _ => Vec::new(),
        };
        Grounded {
            field: at,
            value: spoken.reading.value,
            evidence,
            standing: weaken(standing, setting.claim.certainty),
            doubt,
            guessed: setting.claim.certainty == Certainty::Guessed || foreign,
            speaker: speaker.map(str::to_owned),
            side,
            at: said_at,
            place: (spoken.position, spoken.span.0),
            corrects: says_correction(sentence),
            sets_aside,
            alternatives,
            span: (spoken.position, spoken.span.0, spoken.span.1),
        }
    }

    fn standing(
        &self,
        setting: &Setting,
        spoken: &Spoken,
        (side, confirmed): (Side, bool),
    ) -> (Standing, Option<Doubt>) {
        let message = &self.index.conversation().messages[spoken.position];
        let found = &setting.found[spoken.number].1;
        let long = setting.field.kind == Kind::LongText;
        let doubts = self.doubts_of(spoken, found, long);
        let outside = &found.doubts;
        // `If you need anything, call +44 …`: how to reach somebody depends on nothing.
        let reachable = matches!(setting.field.kind, Kind::Email | Kind::Phone | Kind::Url);
        let blocks = |doubt: &Doubt| match doubt {
            Doubt::Negated | Doubt::Over => true,
            Doubt::Conditional => !reachable,
            Doubt::Hedged => !long && !reachable && !self.is_request(setting, spoken),
            // `Could you send us a quote?` is what they ask for.
            Doubt::Question => !confirmed && !reachable && !self.is_request(setting, spoken),
            // What others are said to say is theirs to state, whether the quote holds the `they say` or not.
            Doubt::Attributed => !long && !reachable || outside.contains(doubt),
            Doubt::Compared => false,
        };
        let blocking =
            doubts.iter().filter(|doubt| blocks(doubt)).find(|doubt| !self.is_excused(setting, spoken, **doubt));
        if let Some(doubt) = blocking {
            return (Standing::Candidate(wording::doubt_reason(*doubt)), Some(*doubt));
        }
        if doubts.contains(&Doubt::Compared)
            && matches!(setting.field.kind, Kind::Number | Kind::Money | Kind::Date | Kind::DateTime)
        {
            let reason = wording::doubt_reason(Doubt::Compared);
            return (
                if setting.field.specific { Standing::Vague(reason) } else { Standing::Candidate(reason) },
                Some(Doubt::Compared),
            );
        }
        let bound =
            message.text.get(spoken.span.0..spoken.span.1).is_some_and(|words| words.starts_with(['<', '>', '≤', '≥']));
        if bound && !setting.field.specific {
            return (Standing::Candidate(wording::doubt_reason(Doubt::Compared)), Some(Doubt::Compared));
        }
        if let Some(reason) = self.trouble_around(setting, spoken) {
            return (Standing::Candidate(reason), None);
        }
        if let Some(standing) = self.looseness(setting, spoken) {
            return (standing, None);
        }
        // The part that opens the quote holds the subject; what a later part says may be said of somebody else.
        if found.tier == Tier::Ellipsis && spoken.span.1 > found.opening_end {
            return (Standing::Candidate(wording::ellipsis_reason()), None);
        }
        if setting.field.specific {
            let stated = message.text.get(spoken.span.0..spoken.span.1).unwrap_or_default();
            let cited = message.text.get(found.start..found.end).unwrap_or_default();
            let person = setting.field.kind == Kind::Person && !spoken.own;
            if is_ruled_out(setting.field, if person { cited } else { stated }) {
                return (Standing::Vague(wording::not_a_value_reason()), None);
            }
            let words = message.text.get(spoken.span.0..spoken.span.1).unwrap_or_default();
            if let Precision::Vague(reason) = &spoken.reading.precision {
                return (Standing::Vague(reason.clone()), None);
            }
            if let Some(reason) = vagueness(&setting.field.kind, words)
                .filter(|_| matches!(setting.field.kind, Kind::Text | Kind::LongText | Kind::Team))
            {
                return (Standing::Vague(reason), None);
            }
        }
        if let (Precision::Vague(reason), Kind::Person) = (&spoken.reading.precision, &setting.field.kind) {
            return (Standing::Candidate(reason.clone()), None);
        }
        if let Precision::Ambiguous(all) = &spoken.reading.precision {
            return (Standing::Unconfirmed(wording::ambiguous_reason(all)), None);
        }
        (self.said_by(setting.field, side).unwrap_or(Standing::Supported), None)
    }

    /// The doubts about a value; of a long text those that its quote leaves out, since the quote is the value.
    fn doubts_of(&self, spoken: &Spoken, found: &Match, long: bool) -> Vec<Doubt> {
        let message = &self.index.conversation().messages[spoken.position];
        let around = || self.index.doubts_around(message, spoken.span, Reach::Outside);
        if !long {
            return around();
        }
        // A part of the quote keeps the condition that the quote puts before it.
        let part = (found.start, found.end) != spoken.span && found.tier != Tier::Author;
        let conditions = part.then(around).into_iter().flatten().filter(|doubt| *doubt == Doubt::Conditional);
        found.doubts.iter().copied().chain(conditions).collect()
    }

    /// What is wrong with the side that said it, if anything.
    pub(super) fn said_by(&self, field: &Field, side: Side) -> Option<Standing> {
        let holds = match field.said_by {
            SaidBy::Any => true,
            SaidBy::Theirs => side == Side::Theirs,
            SaidBy::Ours => side == Side::Ours,
        };
        (!holds).then(|| Standing::Unconfirmed(wording::wrong_side_reason(field.said_by, side)))
    }

    pub(super) fn message_of(&self, id: crate::conversation::MessageId) -> Option<&'a Message> {
        self.index.position(id).map(|position| &self.index.conversation().messages[position])
    }

    fn sentence_text<'m>(&self, message: &'m Message, span: (usize, usize)) -> &'m str {
        self.index.sentence_around(message, span.0).text(&message.text)
    }

    /// When the words at a byte offset were said.
    pub(super) fn said_at(&self, message: &Message, at: usize) -> Option<Timestamp> {
        segment_around(message, at).map_or(message.at, |segment| self.index.conversation().said_at(message, segment))
    }

    pub(super) fn known(&self) -> Known<'a> {
        Known { participants: self.scene.participants, around: self.scene.around }
    }

    pub(super) fn context(&self, message: &Message, said_at: Option<Timestamp>) -> Context<'a> {
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

/// A value read from words.
pub(super) struct Spoken {
    /// Which of the found citations holds it.
    pub number: usize,
    pub position: usize,
    pub span: (usize, usize),
    pub reading: Reading,
    /// The speaker is the value, and the span holds the part they take.
    pub own: bool,
}

/// What a reader only guessed is offered, not believed.
pub(super) fn weaken(standing: Standing, certainty: Certainty) -> Standing {
    match (standing, certainty) {
        (Standing::Supported | Standing::Unconfirmed(_) | Standing::Vague(_), Certainty::Guessed) => {
            Standing::Candidate(wording::guessed_reason())
        }
        (standing, _) => standing,
    }
}
