//! A statement that names another one's value to set it aside: `64 users, not
//! 70`, `October 12 and not on September 28`, `Anders instead of me`. Whoever
//! says so knew the other, so the order is told without times.

use crate::grounding::Grounded;
use crate::language::{fold, tokens};
use crate::route::Field;
use crate::value::{Context, Sorts, Value, same, scan};

/// Whether `later` corrects, and names the value of `earlier` beside its own.
pub(super) fn sets_aside(field: &Field, later: &Grounded, earlier: &Grounded) -> bool {
    let Some(quote) = later.evidence.first().map(|evidence| evidence.quote.as_str()).filter(|_| later.corrects) else {
        return false;
    };
    if let Value::Person(person) = &earlier.value {
        // `… instead of me`, said by the one who gives way.
        return later.speaker.as_deref() == Some(person.name.as_str()) && gives_way(quote);
    }
    let said_at = later.at.or(earlier.at);
    let context = Context { said_at, zone: None, around: said_at, participants: &[] };
    let seen = scan(quote, Sorts::of(&field.kind), &context);
    seen.iter().any(|spotted| same(&spotted.reading.value, &earlier.value))
        && seen.iter().any(|spotted| same(&spotted.reading.value, &later.value))
}

fn gives_way(quote: &str) -> bool {
    let words: Vec<String> = tokens(quote).iter().map(|token| fold(token.text(quote)).into_owned()).collect();
    words.windows(3).any(|three| {
        matches!(three[0].as_str(), "instead" | "rather")
            && matches!(three[1].as_str(), "of" | "than")
            && matches!(three[2].as_str(), "me" | "myself")
    })
}
