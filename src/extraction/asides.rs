//! Asides: somebody turns to another customer in the middle of a mail. What
//! follows in that paragraph is about the other one, and so is the next
//! paragraph where the aside ends with a colon.

use rustc_hash::FxHashSet;

use crate::conversation::{Conversation, Side};
use crate::language::{Phrases, fold, is_name_word_stop, tokens};

use super::Line;
use super::foreign::company;

/// Words by which an aside begins, whoever it is about.
#[rustfmt::skip]
const OPENINGS: Phrases = Phrases::new(&[
    "customer of mine", "client of mine", "account of mine", "customer of ours", "client of ours", "account of ours",
    "other account", "another account", "other customer i", "other client i", "another customer i", "another client i",
    "other customer that i", "different customer", "different client", "different account", "about another customer",
    "on another account", "for another customer", "for another client", "unrelated to this", "nothing to do with this",
    "nichts mit diesem", "anderer kunde", "anderen kunden", "anderem kunden", "kunde von mir", "kunden von mir",
    "autre client", "client à moi", "otro cliente", "cliente mío",
]);

/// Marks the lines of asides.
pub(super) fn mark_asides(conversation: &Conversation, lines: &mut [Line]) {
    let own = own_names(conversation);
    let mut open = false;
    for at in 0..lines.len() {
        let line = &lines[at];
        let before = at.checked_sub(1).map(|before| &lines[before]);
        let same_part = before.is_some_and(|before| before.message == line.message && before.kind == line.kind);
        let gap = before.filter(|_| same_part).and_then(|before| line.text.get(before.end..line.start));
        // A paragraph ends the aside, unless a colon announces the next one.
        let ended = gap.is_none_or(|gap| gap.matches('\n').count() > 1);
        let announced = same_part && before.is_some_and(|before| before.words().trim_end().ends_with(':'));
        open &= !ended || announced;
        open |= line.speaker.side != Side::Theirs && OPENINGS.stand_in(line.words());
        open = open && !names_one(line.words(), &own);
        lines[at].foreign |= open;
    }
}

/// The names of the people and companies who take part on the other side: a line with one of them is no aside.
fn own_names(conversation: &Conversation) -> FxHashSet<String> {
    let theirs = conversation.messages.iter().map(|message| &message.author).filter(|author| author.side != Side::Ours);
    let names =
        theirs.flat_map(|author| author.name.iter().cloned().chain(author.address.as_deref().and_then(company)));
    let mut words: FxHashSet<String> = FxHashSet::default();
    for name in names {
        words.extend(tokens(&name).iter().map(|token| fold(token.text(&name)).into_owned()));
    }
    words.retain(|word| word.chars().count() > 3 && !is_name_word_stop(word));
    words
}

fn names_one(words: &str, names: &FxHashSet<String>) -> bool {
    let list = tokens(words);
    let capital = |at: usize| list.get(at).filter(|token| token.text(words).starts_with(char::is_uppercase));
    let own = |at: usize| capital(at).is_some_and(|token| names.contains(fold(token.text(words)).as_ref()));
    // `Petra Langvik` is not our Petra.
    (0..list.len()).any(|at| own(at) && (capital(at + 1).is_none() || own(at + 1)))
}
