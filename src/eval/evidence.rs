//! Whether a brief's evidence is what it says it is: every quote cut from its
//! place byte for byte, every value readable out of its quote by code, and the
//! cited message one that a person would have cited. None of it asks the
//! checks that the pipeline itself makes.

use serde_json::Value as Json;

use super::cases::Gold;
use super::equality::words;
use super::result::EvidenceCounts;
use crate::brief::{Brief, Evidence, FieldBrief, FieldState, Tier};
use crate::conversation::Conversation;
use crate::route::Field;
use crate::value::{Choices, Context, Kind, ListOf, Participant, Precision, Sorts, Value, from_json, read, same, scan};

/// Every quote of a brief: of values, of what they replaced, of candidates, of gaps and of the prose.
pub(super) fn all(brief: &Brief) -> Vec<&Evidence> {
    let summary = &brief.summary;
    let statements = [&summary.situation, &summary.decisions, &summary.risks, &summary.open_questions];
    let fields = brief.fields.iter().flat_map(|(_, field)| {
        let earlier = field.superseded.iter().flat_map(|one| &one.evidence);
        field.evidence.iter().chain(earlier).chain(field.candidates.iter().flat_map(|one| &one.evidence))
    });
    let mut quotes: Vec<&Evidence> = fields.collect();
    quotes.extend(brief.gaps.iter().filter_map(|gap| gap.nearest.as_ref()));
    quotes.extend(statements.into_iter().flatten().chain(&summary.headline).flat_map(|one| &one.evidence));
    quotes.extend(summary.promises.iter().flat_map(|one| &one.evidence));
    quotes.extend(summary.next_action.iter().flat_map(|one| &one.evidence));
    quotes.extend(summary.people.iter().flat_map(|one| &one.evidence));
    quotes
}

pub(super) fn count(brief: &Brief, conversation: &Conversation) -> EvidenceCounts {
    let quotes = all(brief);
    let summary = &brief.summary;
    let mut counts = EvidenceCounts {
        quotes: quotes.len(),
        valid: quotes.iter().filter(|quote| is_valid(quote, conversation)).count(),
        prose: prose(brief).len(),
        left_out: summary.left_out as usize,
        ..EvidenceCounts::default()
    };
    for quote in quotes {
        let tier = serde_json::to_value(quote.tier).ok().and_then(|tier| tier.as_str().map(str::to_owned));
        *counts.tiers.entry(tier.unwrap_or_default()).or_default() += 1;
    }
    counts
}

/// The sentences of the prose.
pub(super) fn prose(brief: &Brief) -> Vec<&str> {
    let summary = &brief.summary;
    let statements = [&summary.situation, &summary.decisions, &summary.risks, &summary.open_questions];
    let told = statements.into_iter().flatten().chain(&summary.headline).map(|one| one.text.as_str());
    let promised = summary.promises.iter().map(|one| one.text.as_str());
    told.chain(promised).chain(summary.next_action.iter().map(|one| one.what.as_str())).collect()
}

/// The quote stands where it says, byte for byte; an author line is the author's name or address.
fn is_valid(evidence: &Evidence, conversation: &Conversation) -> bool {
    let Some(message) = conversation.message(evidence.message) else { return false };
    match (evidence.tier, evidence.start, evidence.end) {
        (Tier::Author, None, None) => {
            let author = &message.author;
            [&author.name, &author.address].into_iter().flatten().any(|label| *label == evidence.quote)
        }
        (_, Some(start), Some(end)) => message.text.get(start..end) == Some(evidence.quote.as_str()),
        _ => false,
    }
}

/// Whether a found value can be read out of its quotes; `None` without quotes and where code cannot tell.
pub(super) fn is_supported(
    field: &Field,
    got: &FieldBrief,
    (conversation, participants): (&Conversation, &[Participant]),
) -> Option<bool> {
    if got.state != FieldState::Found || got.evidence.is_empty() || matches!(field.kind, Kind::Bool) {
        return None;
    }
    let around = conversation.messages.iter().filter_map(|message| message.at).max();
    let plain = Context { said_at: None, zone: None, around, participants };
    let many = if field.list { ListOf::Many } else { ListOf::One };
    let items = match from_json(&field.kind, many, &got.value, &plain) {
        Ok(Value::List(items)) => items,
        Ok(one) => vec![one],
        Err(_) => return Some(false),
    };
    let reads = |item: &Value| {
        got.evidence.iter().any(|evidence| {
            let zone = conversation.message(evidence.message).and_then(|message| message.zone);
            let context = Context { said_at: evidence.at, zone, around, participants };
            stands_in(&field.kind, item, &evidence.quote, &context)
        })
    };
    Some(items.iter().all(reads))
}

fn stands_in(kind: &Kind, value: &Value, quote: &str, context: &Context) -> bool {
    let all_words = |text: &str| {
        let said = words(quote);
        words(text).iter().all(|word| said.contains(word))
    };
    match (kind, value) {
        (Kind::Enum(choices), Value::Enum(id)) => {
            Choices::new(choices).find(quote).iter().any(|(_, _, found)| *found == id)
        }
        // A first name in the quote may be all that was said.
        (Kind::Person, Value::Person(person)) => {
            let said = words(quote);
            let address = person.address.as_deref().is_some_and(|address| quote.contains(address));
            address || words(&person.name).iter().any(|word| word.chars().count() > 1 && said.contains(word))
        }
        (_, Value::Text(text)) => all_words(text),
        _ => {
            let spotted = scan(quote, Sorts::of(kind), context);
            let whole = read(kind, quote, context).ok();
            let readings = spotted.into_iter().map(|spot| spot.reading).chain(whole);
            readings.into_iter().any(|reading| match reading.precision {
                Precision::Ambiguous(values) => values.iter().any(|one| is_same(one, value)),
                _ => is_same(&reading.value, value),
            })
        }
    }
}

/// A bare number in a quote may be the amount of money.
fn is_same(read: &Value, value: &Value) -> bool {
    match (read, value) {
        (Value::Number(number), Value::Money(money)) => number.amount == money.amount,
        _ => same(read, value),
    }
}

/// Whether one of the cited messages holds words that the gold names; `None` where either side has none.
pub(super) fn is_attributed(gold: &Gold, got: &FieldBrief, conversation: &Conversation) -> Option<bool> {
    if got.state != FieldState::Found || got.evidence.is_empty() || gold.evidence.is_empty() {
        return None;
    }
    let wanted: Vec<Vec<String>> = gold.evidence.iter().map(|quote| words(quote)).collect();
    let holds = |evidence: &Evidence| {
        let Some(message) = conversation.message(evidence.message) else { return false };
        let author = [&message.author.name, &message.author.address].into_iter().flatten().map(|label| words(label));
        let said: Vec<Vec<String>> = std::iter::once(words(&message.text)).chain(author).collect();
        wanted.iter().any(|quote| {
            !quote.is_empty() && said.iter().any(|text| text.windows(quote.len()).any(|window| window == quote))
        })
    };
    Some(got.evidence.iter().any(holds))
}

/// Whether a found value is one that a later one replaced; `None` where the gold names none.
pub(super) fn is_stale(field: &Field, gold: &Gold, got: &FieldBrief, is_right: bool) -> Option<bool> {
    if gold.superseded.is_empty() || got.state != FieldState::Found {
        return None;
    }
    let replaced = |earlier: &Json| super::equality::means(field, earlier, &got.value);
    Some(!is_right && gold.superseded.iter().any(replaced))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{Author, Message, MessageId};

    fn conversation(text: &str) -> Conversation {
        let message = Message {
            id: MessageId(1),
            document: "d1".into(),
            author: Author { name: Some("Dana Whitfield".into()), ..Author::default() },
            at: "2026-03-03T09:00:00Z".parse().ok(),
            zone: None,
            subject: None,
            reply_to: None,
            text: text.into(),
            segments: Vec::new(),
        };
        Conversation { messages: vec![message], ..Conversation::default() }
    }

    fn quote(text: &str, place: Option<(usize, usize)>) -> Evidence {
        Evidence {
            source: "a.eml".into(),
            message: MessageId(1),
            quote: text.into(),
            start: place.map(|(start, _)| start),
            end: place.map(|(_, end)| end),
            author: None,
            at: "2026-03-03T09:00:00Z".parse().ok(),
            tier: if place.is_some() { Tier::Exact } else { Tier::Author },
        }
    }

    #[test]
    fn a_quote_stands_byte_for_byte_or_not() {
        let said = conversation("Grüße, we go live on July 1.");
        let check = |quote: &Evidence, expected: bool| assert_eq!(is_valid(quote, &said), expected, "{quote:?}");
        check(&quote("live on July 1", Some((15, 29))), true);
        check(&quote("live on July 1", Some((14, 28))), false);
        check(&quote("Live on July 1", Some((15, 29))), false);
        check(&quote("live", Some((15, 900))), false);
        check(&quote("x", Some((3, 4))), false);
        check(&quote("Dana Whitfield", None), true);
        check(&quote("Dana", None), false);
        check(&Evidence { message: MessageId(2), ..quote("live", Some((15, 19))) }, false);
    }

    #[test]
    fn a_value_is_read_out_of_its_quote_or_not() {
        let check = |kind: &str, value: Json, text: &str, expected: Option<bool>| {
            let yaml = format!("id: a-to-b\nfields:\n  - {{key: x, type: {kind}}}\n");
            let route = crate::route::load("route.yaml", &yaml).unwrap();
            let said = conversation(text);
            let evidence = vec![quote(text, Some((0, text.len())))];
            let got = FieldBrief { state: FieldState::Found, value: value.clone(), evidence, ..FieldBrief::default() };
            assert_eq!(is_supported(&route.fields[0], &got, (&said, &[])), expected, "{kind} {value} {text}");
        };
        check("date", "2026-07-01".into(), "we go live on July 1 now", Some(true));
        check("date", "2026-07-10".into(), "we go live on July 1 now", Some(false));
        check("date", "2026-03-04".into(), "the call is tomorrow", Some(true));
        check(
            "money",
            serde_json::json!({"amount": "86400", "currency": "USD"}),
            "The total is USD 86,400.",
            Some(true),
        );
        check(
            "money",
            serde_json::json!({"amount": "8640", "currency": "USD"}),
            "The total is USD 86,400.",
            Some(false),
        );
        check("text", "Freightly".into(), "we are moving off Freightly", Some(true));
        check("text", "Ledgerline".into(), "we are moving off Freightly", Some(false));
        check("person", "Dana Whitfield".into(), "ask Dana", Some(true));
        check("person", "Helen Ortiz".into(), "ask Dana", Some(false));
        check("enum, values: [{id: yearly, aliases: [per year]}]", "yearly".into(), "We pay per year.", Some(true));
        check("enum, values: [{id: yearly}, {id: monthly}]", "yearly".into(), "We pay monthly.", Some(false));
        check("bool", true.into(), "Yes.", None);
    }

    #[test]
    fn the_cited_message_holds_the_golds_words_or_not() {
        let said = conversation("So we go live\non July 1.");
        let got =
            FieldBrief { state: FieldState::Found, evidence: vec![quote("July 1", None)], ..FieldBrief::default() };
        let gold = |words: &[&str]| Gold {
            expectation: super::super::cases::Expectation::Absent,
            evidence: words.iter().map(|text| (*text).to_owned()).collect(),
            superseded: Vec::new(),
        };
        assert_eq!(is_attributed(&gold(&["we go live on July 1"]), &got, &said), Some(true));
        assert_eq!(is_attributed(&gold(&["we go live on July 2"]), &got, &said), Some(false));
        assert_eq!(is_attributed(&gold(&["Dana Whitfield"]), &got, &said), Some(true));
        assert_eq!(is_attributed(&gold(&[]), &got, &said), None);
        assert_eq!(is_attributed(&gold(&["x"]), &FieldBrief::default(), &said), None);
    }
}
