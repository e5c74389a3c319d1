//! The words of the pages a person reads: the verdict with its counts, who is
//! asked, where a value comes from, how something was read.

use crate::brief::{Ask, Brief, EngineKind, FieldBrief, Gap, Origin, Usage, Verdict};
use crate::conversation::{DocumentKind, SegmentKind, Side};

/// `3 questions`, `1 source`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The verdict in one line: whether the work may move, and who is asked how much before it may.
pub fn verdict_headline(brief: &Brief) -> String {
    let blocking: Vec<&Gap> = brief.gaps.iter().filter(|gap| gap.blocking).collect();
    let open = brief.gaps.len() - blocking.len();
    match brief.verdict {
        Verdict::Complete if open == 0 => "Ready to hand over".to_owned(),
        Verdict::Complete => {
            format!("Ready to hand over; {} may stay open", counted(open, "question", "questions"))
        }
        Verdict::Incomplete => format!("Not ready: {}", blocking_counts(&blocking)),
        Verdict::IncompleteRun => {
            let read = match brief.engine.degraded {
                true => "Not ready: the model did not answer, rules alone have read".to_owned(),
                false => format!("Not ready: the model read only {} of the context", percent(brief.coverage)),
            };
            if blocking.is_empty() { read } else { format!("{read}, {}", blocking_counts(&blocking)) }
        }
    }
}

/// `3 questions for Marcus Lee, 1 for the receiver, 1 source not read`.
fn blocking_counts(blocking: &[&Gap]) -> String {
    let mut people: Vec<(String, usize)> = Vec::new();
    for gap in blocking.iter().filter(|gap| gap.field.is_some()) {
        let name = asked_name(&gap.ask);
        match people.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => people.push((name, 1)),
        }
    }
    let mut parts: Vec<String> = Vec::new();
    for (name, count) in people {
        let what = if parts.is_empty() { counted(count, "question", "questions") } else { count.to_string() };
        parts.push(format!("{what} for {name}"));
    }
    let sources = blocking.iter().filter(|gap| gap.field.is_none()).count();
    if sources > 0 {
        parts.push(format!("{} not read", counted(sources, "source", "sources")));
    }
    if parts.is_empty() { "something required is not settled".to_owned() } else { parts.join(", ") }
}

/// Whole per cent, rounded down: what is not all is never shown as all.
pub fn percent(share: f64) -> String {
    format!("{}%", (share.clamp(0.0, 1.0) * 100.0 + 1e-9).floor())
}

/// Who is asked, as one says it in a sentence.
pub fn asked_name(ask: &Ask) -> String {
    match (&ask.name, &ask.email) {
        (Some(name), _) => name.clone(),
        (None, Some(email)) => email.clone(),
        (None, None) => format!("the {}", ask.role),
    }
}

/// Who is asked, with the address to write to.
pub fn asked_with_address(ask: &Ask) -> String {
    match (&ask.name, &ask.email) {
        (Some(name), Some(email)) => format!("{name} <{email}>"),
        _ => asked_name(ask),
    }
}

/// Where a value comes from when that is not a quote; `None` when the quote says it.
pub fn origin_note(field: &FieldBrief) -> Option<String> {
    match field.origin? {
        Origin::Source => None,
        Origin::Person => Some(format!("answered by {}", field.by.as_deref().unwrap_or("a person"))),
        Origin::Crm => Some(match &field.record {
            Some(record) if record.source == "known" => "given with the request".to_owned(),
            Some(record) => format!("CRM record: {} = {} ({})", record.property, record.raw, record.source),
            None => "CRM record".to_owned(),
        }),
    }
}

/// Evidence that is the author line of a message.
pub fn author_line(author: &str, date: Option<&str>, source: &str) -> String {
    match date {
        Some(date) => format!("{author} wrote on {date}, {source}"),
        None => format!("{author} wrote in {source}"),
    }
}

pub fn side_label(side: Side) -> &'static str {
    match side {
        Side::Ours => "our side",
        Side::Theirs => "their side",
        Side::Unknown => "side unknown",
    }
}

/// How many people are on a side.
pub fn side_count(side: Side, count: usize) -> String {
    match side {
        Side::Unknown => format!("{count} of unknown side"),
        known => format!("{count} on {}", side_label(known)),
    }
}

/// `, by 6 March 2026`, or the words as they stand when they are no date.
pub fn by_when(by: &str) -> String {
    match by.parse::<jiff::civil::Date>() {
        Ok(date) => format!(", by {}", date.strftime("%-d %B %Y")),
        Err(_) => format!(", by {}", by.trim().trim_start_matches("by ")),
    }
}

pub fn document_label(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Email => "e-mail",
        DocumentKind::Transcript => "call transcript",
        DocumentKind::Chat => "chat",
        DocumentKind::Note => "note",
        DocumentKind::Record => "CRM record",
    }
}

/// What stands before a stretch that is not the author's own text; `None` for a body.
pub fn segment_label(kind: SegmentKind) -> Option<&'static str> {
    match kind {
        SegmentKind::Body => None,
        SegmentKind::Quote => Some("quoted"),
        SegmentKind::Signature => Some("signature"),
        SegmentKind::Forward => Some("forwarded"),
    }
}

/// What read the context, how much of it and how long that took.
pub fn reading_line(brief: &Brief) -> String {
    let reader = match (brief.engine.kind, &brief.engine.model) {
        (EngineKind::Llm, Some(model)) => format!("Read by {model}"),
        (EngineKind::Llm, None) => "Read by a model".to_owned(),
        (EngineKind::Extractive, _) if brief.engine.degraded => {
            "Read by rules, because the model did not answer".to_owned()
        }
        (EngineKind::Extractive, _) => "Read by rules, without a model".to_owned(),
    };
    // What rules alone read in a model's place is told by who read, not by a share.
    let coverage = match brief.engine.degraded {
        true => "the model has read nothing".to_owned(),
        false => format!("{} of the context read", percent(brief.coverage)),
    };
    let time = match brief.usage.milliseconds {
        0 => "in under 1 ms".to_owned(),
        milliseconds => format!("in {milliseconds} ms"),
    };
    format!("{reader} · {coverage} · {time}")
}

/// What was left out of the prose because its words did not support it.
pub fn left_out_line(count: u32) -> String {
    let what = counted(count as usize, "statement was", "statements were");
    format!("{what} left out, because no words in the sources support it")
}

/// A stretch of messages that the model did not read; `why` is the failure in words.
pub fn model_did_not_read(why: &str) -> String {
    format!("the model did not read this: {why}")
}

/// A second look at fields that failed; the first reading stands.
pub fn model_did_not_look_again(labels: &[&str], why: &str) -> String {
    format!("the model read everything once, but could not look again for {}: {why}", super::join(labels, "and"))
}

/// What a reader must know when a model was asked for and did not answer.
pub fn degraded_notice() -> &'static str {
    "The model did not answer, so rules read the context instead. They see less: more may be asked than needs to be."
}

/// What the model's reading cost; `None` when no model was asked.
pub fn usage_line(usage: &Usage) -> Option<String> {
    let calls = usage.calls?;
    let mut parts = vec![counted(usize::try_from(calls).unwrap_or(usize::MAX), "call", "calls")];
    let counts = [
        (usage.context_tokens, "tokens of context"),
        (usage.input_tokens, "sent"),
        (usage.cached_tokens.filter(|count| *count > 0), "of them from the cache"),
        (usage.output_tokens, "received"),
    ];
    parts.extend(counts.iter().filter_map(|(count, what)| count.map(|count| format!("{} {what}", grouped(count)))));
    parts.extend(usage.cost.map(|cost| format!("cost {cost:.4}")));
    Some(parts.join(" · "))
}

/// `12,345`.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_is_told_when_a_model_was_asked() {
        let usage = Usage { calls: Some(1), context_tokens: Some(2113), cost: Some(0.0042), ..Usage::default() };
        let expected = "1 call · 2,113 tokens of context · cost 0.0042";
        assert_eq!(usage_line(&usage).as_deref(), Some(expected));
        assert_eq!(usage_line(&Usage::default()), None);
    }

    #[test]
    fn long_counts_are_grouped() {
        let check = |count, expected: &str| assert_eq!(grouped(count), expected);
        check(0, "0");
        check(999, "999");
        check(1000, "1,000");
        check(1234567, "1,234,567");
    }
}
