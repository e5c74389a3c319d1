//! Names with which one of us begins a statement about somebody who has no
//! part in this handoff.

use rustc_hash::FxHashSet;

use crate::conversation::{Conversation, Side};
use crate::language::{first_tokens, fold, is_name_word_stop, tokens};

use super::Line;

/// Names with which one of us begins a statement about somebody (`Larkmoor is 14 pallets`) and which nobody bears here:
/// no person, no company, nothing the record or a subject names, and no everyday word, which would also stand in small
/// letters or in the middle of a sentence of the route's own words.
pub(super) fn strange_subjects(
    conversation: &Conversation,
    lines: &[Line],
    familiar: &FxHashSet<String>,
) -> FxHashSet<String> {
    let mut named: FxHashSet<String> =
        lines.iter().filter(|line| line.speaker.side == Side::Ours).filter_map(opening_name).collect();
    named.retain(|name| !familiar.contains(name));
    if named.is_empty() {
        return named;
    }
    let mut drop_all = |text: &str, is_known: fn(&str) -> bool| {
        for word in tokens(text).iter().map(|token| token.text(text)).filter(|word| is_known(word)) {
            named.remove(fold(word).as_ref());
        }
    };
    for message in &conversation.messages {
        drop_all(&message.text, |word| word.starts_with(char::is_lowercase));
    }
    // Whoever the customer speaks of as well is no stranger.
    for line in lines.iter().filter(|line| line.speaker.side == Side::Theirs) {
        drop_all(line.words(), |_| true);
    }
    named
}

/// The capitalised word that begins a line as the subject of what is said of somebody's order or account.
#[rustfmt::skip]
pub(super) fn opening_name(line: &Line) -> Option<String> {
    let text = line.words();
    // One of the first three, and the two behind it.
    let list = first_tokens(text, 5);
    let at = list.iter().take(3).position(|token| token.text(text).starts_with(char::is_uppercase))?;
    // `btw Larkmoor is …`: small words may stand before it.
    if list[..at].iter().any(|token| !matches!(fold(token.text(text)).as_ref(), "btw" | "and" | "also" | "but" | "oh" | "ah" | "fyi" | "so" | "fun" | "fact")) {
        return None;
    }
    let name = list[at].text(text);
    let word = fold(name).into_owned();
    let next = list.get(at + 1).map(|token| fold(token.text(text)).into_owned()).unwrap_or_default();
    let gap = list.get(at + 1).map_or("", |next| &text[list[at].end..next.start]);
    let hit = line.hits.iter().any(|hit| hit.start <= line.start + list[at].start && line.start + list[at].start < hit.end);
    let says = matches!(next.as_str(), "is" | "still" | "has" | "had" | "needs" | "wants" | "are" | "goes" | "ships" | "moved" | "pays" | "will" | "gets" | "got" | "took" | "said" | "signed");
    // `Graham has been through the list`: somebody did something.
    let third = list.get(at + 2).map(|token| fold(token.text(text)).into_owned()).unwrap_or_default();
    let acts = next == "has" && matches!(third.as_str(), "been" | "checked" | "gone" | "told" | "said" | "confirmed" | "looked" | "seen" | "asked" | "done" | "just" | "already" | "agreed");
    let says = says && !acts;
    let plain = name.chars().skip(1).all(char::is_lowercase) && name.chars().count() > 4;
    (plain && says && gap == " " && !hit && !is_name_word_stop(&word) && !is_common(&word)).then_some(word)
}

/// Words that begin sentences and name nobody.
#[rustfmt::skip]
fn is_common(word: &str) -> bool {
    matches!(word, "everything" | "everybody" | "everyone" | "nothing" | "nobody" | "something" | "somebody" | "someone" | "there" | "here" | "which" | "where" | "what" | "finance" | "payment" | "legal" | "support" | "sales" | "shipping" | "delivery" | "invoice" | "contract" | "customer" | "client" | "truck" | "today" | "tomorrow" | "yesterday" | "great" | "thanks" | "please" | "production" | "premium" | "business" | "basic" | "standard" | "training" | "pricing" | "budget" | "warehouse" | "dispatch" | "operations" | "marketing")
}
