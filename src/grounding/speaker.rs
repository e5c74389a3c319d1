//! Who speaks of themselves: `I'm running the project`, `yes, I'm the
//! technical contact`, `das Projekt leite ich selbst`. No name stands in such
//! words; the name is the speaker's, and nobody else named beside them has
//! that part.

use crate::brief::Tier;
use crate::conversation::Side;
use crate::extraction::{Line, Sign};
use crate::language::{Doubt, Reach, doubts, fold, tokens};
use crate::route::{Field, SaidBy};
use crate::value::{Kind, Person, Precision, Reading, Value, read, same};
use crate::wording;

use super::concepts::Terms;
use super::support::{Grounded, Grounder, Setting, Spoken, Standing};

/// How many words may stand between the speaker's `I am` and the part they name.
const MOST_BETWEEN: usize = 6;

impl Grounder<'_> {
    /// The speaker as the value of a person's field, where the cited words say so and the reader means them.
    pub(super) fn own_role(&self, at: usize, setting: &Setting) -> Option<Grounded> {
        if setting.field.kind != Kind::Person {
            return None;
        }
        setting.found.iter().enumerate().filter(|(_, (_, found))| found.tier != Tier::Author).find_map(
            |(number, (_, found))| {
                let (line, part) = self.lines_of(found).find_map(|line| {
                    let part = self.role_of_speaker(at, line)?;
                    (part.0 >= found.start && part.1 <= found.end).then_some((line, part))
                })?;
                let value = self.meant_speaker(setting, line)?;
                let reading = Reading { value, precision: Precision::Exact };
                let spoken = Spoken { number, position: line.message, span: part, reading, own: true };
                let mut grounded = self.judge(at, setting, spoken);
                if wants_theirs(setting.field)
                    && line.speaker.side == Side::Ours
                    && grounded.standing == Standing::Supported
                {
                    grounded.standing =
                        Standing::Unconfirmed(wording::wrong_side_reason(SaidBy::Theirs, line.speaker.side));
                }
                Some(grounded)
            },
        )
    }

    /// The speaker, if the claim names them.
    fn meant_speaker(&self, setting: &Setting, line: &Line) -> Option<Value> {
        let message = self.message_of(line.id)?;
        let context = self.context(message, None);
        let own = Value::Person(Person { name: line.speaker.name.clone()?, address: line.speaker.address.clone() });
        let meant = [setting.claim.value.as_deref(), setting.claim.raw_value.as_deref()];
        let names = |text: &str| read(&Kind::Person, text, &context).is_ok_and(|reading| same(&reading.value, &own));
        meant.into_iter().flatten().any(names).then_some(own)
    }

    /// The words by which the speaker takes the field's part, if the line says that they do.
    pub(super) fn role_of_speaker(&self, at: usize, line: &Line) -> Option<(usize, usize)> {
        let field = &self.scene.route.fields[at];
        if field.kind != Kind::Person || self.is_foreign(line) {
            return None;
        }
        let cues = line.hits_of(at).filter(|hit| hit.sign == Sign::Cue).map(|hit| (hit.start, hit.end));
        let mentions = Terms::of_field(field).find(line.words()).into_iter();
        let parts = cues.chain(mentions.map(|mention| (line.start + mention.start, line.start + mention.end)));
        let own = |part: &(usize, usize)| {
            let open = doubts(line.text, (line.start, line.end), *part, Reach::Outside);
            let blocked = open.iter().any(|doubt| !matches!(doubt, Doubt::Compared | Doubt::Attributed));
            !blocked && says_self(&line.text[line.start..part.0], line.text.get(part.0..line.end).unwrap_or_default())
        };
        parts.into_iter().find(own).or_else(|| self.answers_with_self(at, line))
    }
}

impl Grounder<'_> {
    /// `It's me you want`, `I'm the one who …` in answer to a question about the field, or beside its cue.
    fn answers_with_self(&self, at: usize, line: &Line) -> Option<(usize, usize)> {
        const SELF: [&str; 12] = [
            "it's me",
            "that's me",
            "that would be me",
            "i'm the one",
            "i am the one",
            "i'll be the one",
            "i'm your ",
            "das bin ich",
            "bin ich selbst",
            "c'est moi",
            "soy yo",
            "i shall be running",
        ];
        let folded = line.words().to_lowercase().replace('’', "'");
        let (start, length) = SELF.iter().find_map(|words| Some((folded.find(words)?, words.trim_end().len())))?;
        let asked = self.scene.replies.questions_of(self.scene.line_index(line.message, line.start)?);
        let about = asked.iter().take(2).any(|question| self.speaks_of(at, &self.scene.lines[*question]));
        let tied = about || line.hits_of(at).any(|hit| hit.sign == Sign::Cue);
        let part = (line.start + start, line.start + start + length);
        let same_length = folded.len() == line.words().len()
            && line.text.is_char_boundary(part.0)
            && line.text.is_char_boundary(part.1);
        let open = || doubts(line.text, (line.start, line.end), part, Reach::Outside);
        (tied && same_length && !line.asks && open().is_empty()).then_some(part)
    }
}

/// Whether the words before a part, or those right behind it, give it to the speaker.
fn says_self(before: &str, from_part: &str) -> bool {
    let folded =
        |text: &str| -> Vec<String> { tokens(text).iter().map(|token| fold(token.text(text)).into_owned()).collect() };
    // Only the clause in which the part stands.
    let clause = before.rsplit([',', ';', ':', '(']).next().unwrap_or_default();
    let (left, right) = (folded(clause), folded(from_part));
    let first = left.len().saturating_sub(MOST_BETWEEN);
    // Somebody named between the speaker and the part has it.
    let named = tokens(clause).iter().skip(first).any(|token| {
        let word = token.text(clause);
        word.starts_with(char::is_uppercase) && !is_self(&fold(word)) && token.start > 0
    });
    let takes = (first..left.len()).any(|at| {
        let next = left.get(at + 1).or(right.first()).map_or("", String::as_str);
        is_self(&left[at]) && takes_on(&left[at], next)
    });
    takes && !named || is_self_behind(&right)
}

fn is_self(word: &str) -> bool {
    matches!(word, "i" | "i'm" | "i'll" | "ich" | "je" | "yo" | "soy" | "seré" | "moi")
}

/// Whether the word after `I` gives the speaker a part: `I am`, `I'll be`, `I run`, but not `I asked`, `I'd like`.
#[rustfmt::skip]
fn takes_on(own: &str, next: &str) -> bool {
    match own {
        "soy" | "seré" | "moi" => true,
        "i'm" => matches!(
            next,
            "your" | "the" | "their" | "our" | "a" | "an" | "also" | "still" | "now" | "here" | "in" | "running" | "leading" | "managing" | "handling" | "responsible" | "sponsoring"
        ),
        "i'll" => matches!(next, "be" | "run" | "lead" | "manage" | "handle" | "stay" | "act" | "remain" | "sponsor"),
        "i" => matches!(next, "am" | "run" | "lead" | "manage" | "handle" | "stay" | "remain" | "act" | "sponsor" | "will" | "shall"),
        "ich" => matches!(next, "bin" | "bleibe" | "leite" | "übernehme" | "werde" | "betreue"),
        "je" => matches!(next, "suis" | "reste" | "serai" | "pilote" | "dirige" | "gère"),
        "yo" => matches!(next, "soy" | "seré" | "llevo" | "dirijo"),
        _ => false,
    }
}

/// `das Projekt leite ich selbst`, `the main contact is me`, `project lead: myself`.
fn is_self_behind(from_part: &[String]) -> bool {
    let near = |at: usize| from_part.get(at).map_or("", String::as_str);
    (1..from_part.len().min(6)).any(|at| {
        matches!(near(at), "ich") && matches!(near(at - 1), "leite" | "bin" | "bleibe" | "übernehme")
            || matches!(near(at), "me" | "myself") && matches!(near(at - 1), "is" | "be")
    })
}

/// Whether the route means somebody at the customer.
pub(super) fn wants_theirs(field: &Field) -> bool {
    let words = format!("{} {} {}", field.label, field.description, field.question).to_lowercase();
    field.said_by != SaidBy::Ours
        && ["customer", "lead", "client", "prospect", "buyer"].iter().any(|word| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::says_self;

    #[test]
    fn the_speaker_takes_a_part_in_words_of_their_own() {
        // The part begins at the bar.
        let check = |text: &str, expected: bool| {
            let (before, part) = text.split_once('|').unwrap();
            assert_eq!(says_self(before, part), expected, "{text}");
        };
        check("I'm |running the project on our side", true);
        check("Yes, I'm the |technical contact for this", true);
        check("I remain the |executive sponsor", true);
        check("|Das Projekt leite ich selbst", true);
        check("The |main contact is me", true);
        check("I'd like to talk to the |main contact", false);
        check("I asked for the |main contact", false);
        check("I am sure Bob is the |main contact", false);
        check("from now on Anders |runs the project day to day instead of me", false);
        check("I'm on holiday, Bob is your |main contact", false);
    }
}
