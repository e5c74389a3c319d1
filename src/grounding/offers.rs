//! Values that no words of a message hold: the author of a message by the
//! line that names them, and what a reader takes true words to say though code
//! cannot read it there, which is for a person to see.

use crate::brief::Tier;
use crate::claim::Certainty;
use crate::extraction::bearer_of;
use crate::value::{Kind, Precision, Reading, Value, read_answer};
use crate::wording;

use super::Match;
use super::evidence::own_name;
use super::support::{Grounded, Grounder, Setting, Spoken, Standing, weaken};

impl Grounder<'_> {
    /// True words out of which code cannot read the reader's value: a person sees both and decides.
    pub(super) fn offer(&self, at: usize, setting: &Setting) -> Option<Grounded> {
        let typed = matches!(
            setting.field.kind,
            Kind::Date | Kind::DateTime | Kind::Duration | Kind::Money | Kind::Number | Kind::Phone | Kind::Email
        );
        if !typed && !matches!(setting.field.kind, Kind::Bool | Kind::Enum(_)) {
            return None;
        }
        let found = setting.found.first().filter(|(_, found)| found.tier.is_verified()).map(|(_, found)| found)?;
        let position = self.index.position(found.message)?;
        let message = self.message_of(found.message)?;
        let meant = setting.claim.value.as_deref()?;
        let reading = match &setting.field.kind {
            Kind::Bool => Reading { value: Value::Bool(read_answer(meant)?), precision: Precision::Exact },
            kind => crate::value::read(kind, meant, &self.context(message, None)).ok()?,
        };
        let spoken = Spoken { number: 0, position, span: (found.start, found.end), reading, own: false };
        let mut offered = self.judge(at, setting, spoken);
        offered.standing = Standing::Candidate(wording::unsupported_reason());
        // Nothing was read, so nothing was denied either: what another reader sees stands, unless these words correct it.
        offered.doubt = None;
        offered.guessed = offered.guessed || !typed;
        // A day or an amount that is nowhere to be read is offered to nobody; but words that correct one are a doubt.
        (!typed || offered.corrects).then_some(offered)
    }

    pub(super) fn author_value(
        &self,
        at: usize,
        setting: &Setting,
        found: &Match,
        position: usize,
    ) -> Option<Grounded> {
        let message = &self.index.conversation().messages[position];
        let quote =
            setting.found.iter().find(|(_, other)| other == found).map(|(citation, _)| citation.quote.as_str())?;
        let context = self.context(message, None);
        let reading = crate::value::read(&setting.field.kind, own_name(message, quote).as_str(), &context).ok()?;
        // The author line shows the author, whoever else the reader had in mind.
        let meant = [setting.claim.value.as_deref(), setting.claim.raw_value.as_deref()].into_iter().flatten();
        let agrees = |text: &str| {
            crate::value::read(&setting.field.kind, text, &context)
                .is_ok_and(|wanted| crate::value::same(&wanted.value, &reading.value))
        };
        if !matches!(setting.field.kind, Kind::Person | Kind::Email) || !meant.clone().any(agrees) && meant.count() > 0
        {
            return None;
        }
        let evidence = setting.found.iter().filter_map(|(citation, found)| self.evidence(citation, found)).collect();
        // That somebody wrote does not say what they are; other words must.
        let standing = match self.has_cue_beside(at, setting) {
            true => self.said_by(setting.field, message.author.side).unwrap_or(Standing::Supported),
            false => Standing::Unconfirmed(wording::shared_reason()),
        };
        Some(Grounded {
            field: at,
            value: reading.value,
            evidence,
            standing: weaken(standing, setting.claim.certainty),
            doubt: None,
            guessed: setting.claim.certainty == Certainty::Guessed,
            speaker: message.author.label().map(str::to_owned),
            side: message.author.side,
            at: message.at,
            place: (position, 0),
            corrects: false,
            sets_aside: Vec::new(),
            alternatives: Vec::new(),
            span: (position, 0, 0),
        })
    }

    /// Whether the message itself, or a line cited beside the author line, holds a cue of the field.
    fn has_cue_beside(&self, at: usize, setting: &Setting) -> bool {
        let own = |number: &usize| {
            let line = &self.scene.lines[*number];
            setting.found.iter().any(|(_, found)| found.tier == Tier::Author && found.message == line.id)
        };
        // An address belongs to whoever plays the part: words about that person tie it.
        let bearer = bearer_of(self.scene.route, at);
        let about = std::iter::once(at).chain(bearer);
        if about.clone().any(|at| self.scene.lines_about(at).iter().any(own)) {
            return true;
        }
        if self.is_sole_writer(at, bearer, setting) {
            return true;
        }
        setting.found.iter().filter(|(_, found)| found.tier != Tier::Author).any(|(_, found)| {
            let line =
                self.index.position(found.message).and_then(|position| self.scene.line_at(position, found.start));
            line.is_some_and(|line| about.clone().any(|at| line.hits_of(at).any(|hit| hit.tells())))
        })
    }
}
