//! Names with which one of us begins a statement about somebody who has no
//! part in this handoff.

use rustc_hash::FxHashSet;

use crate::conversation::{Conversation, Side};
use crate::language::{Token, first_tokens, fold, is_name_word_stop, tokens};

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

/// `Oak Mills: 40 users, …`, `for Oak Mills (A-60431): …`: what one of us keeps of somebody whom nobody here bears the name of.
pub(super) fn heads_with_other(line: &Line, familiar: &FxHashSet<String>) -> bool {
    let text = line.words();
    let list = first_tokens(text, 8);
    let lead = list.iter().take(3).take_while(|token| !token.text(text).starts_with(char::is_uppercase)).count();
    let small = |token: &Token| {
        matches!(fold(token.text(text)).as_ref(), "for" | "and" | "re" | "btw" | "also" | "für" | "pour" | "para")
    };
    let capital = |token: &&Token| token.text(text).starts_with(char::is_uppercase) && token.text(text).len() > 1;
    let named: Vec<&Token> = list[lead..].iter().take_while(capital).collect();
    let Some(last) = named.last() else { return false };
    let plain = |token: &&Token| token.text(text).chars().skip(1).all(|c| c.is_lowercase() || c == '-');
    let strange = |token: &&Token| {
        let word = fold(token.text(text));
        !familiar.contains(word.as_ref()) && !is_name_word_stop(&word)
    };
    let behind = text[last.end..].trim_start();
    let coded = behind.starts_with('(') && behind.contains(')');
    let facts = line.values.len() > 1 && behind.matches(',').count() > 1 && last.text(text).len() > 4;
    let listed = behind.starts_with(':') && (named.len() > 1 || facts);
    let single = named.len() == 1 && listed && facts;
    let touched =
        line.hits.iter().any(|hit| hit.start < line.start + last.end && line.start + named[0].start < hit.end);
    list[..lead].iter().all(small)
        && (single || (2..=4).contains(&named.len()))
        && (coded || listed)
        && named.iter().all(plain)
        && named.iter().all(strange)
        && !touched
}

/// `I have Oak Mills open too, theirs is a P2`, `yo tengo a Oak Mills con 25 usuarios`.
pub(super) fn has_another(line: &Line, familiar: &FxHashSet<String>) -> bool {
    const HAS: [&str; 8] =
        ["i have ", "i've got ", "i also have ", "yo tengo a ", "tengo a ", "ich habe ", "j'ai aussi ", "before at "];
    let text = line.words();
    let folded = text.to_lowercase();
    if folded.len() != text.len() {
        return false;
    }
    HAS.iter().any(|words| {
        let Some(at) = folded.find(words) else { return false };
        let rest = &text[at + words.len()..];
        let named: Vec<&str> =
            rest.split_whitespace().take_while(|word| word.starts_with(char::is_uppercase)).collect();
        let bare = |word: &str| fold(word.trim_matches(|c: char| !c.is_alphanumeric())).into_owned();
        named.len() > 1
            && named.iter().all(|word| !familiar.contains(&bare(word)) && !is_name_word_stop(&bare(word)))
            && !line.hits.iter().any(|hit| hit.sign != super::Sign::Cue && hit.start >= line.start + at)
    })
}

/// Words that begin sentences and name nobody.
#[rustfmt::skip]
fn is_common(word: &str) -> bool {
    matches!(word, "everything" | "everybody" | "everyone" | "nothing" | "nobody" | "something" | "somebody" | "someone" | "there" | "here" | "which" | "where" | "what" | "finance" | "payment" | "legal" | "support" | "sales" | "shipping" | "delivery" | "invoice" | "contract" | "customer" | "client" | "truck" | "today" | "tomorrow" | "yesterday" | "great" | "thanks" | "please" | "production" | "premium" | "business" | "basic" | "standard" | "training" | "pricing" | "budget" | "warehouse" | "dispatch" | "operations" | "marketing")
}
