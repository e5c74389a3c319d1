//! One order for all messages: by time where time is known, never against the
//! order inside a document, and never a guess into the middle of a call.

use jiff::Timestamp;

use super::draft::Draft;
use crate::conversation::DocumentKind;

/// Where a message stands: the time it counts as, its document, its place there.
type Key = (Option<Timestamp>, Rank, usize, usize);

/// Documents without times that were moved behind a call come after its last turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Timed,
    Behind,
}

/// The (document, message) positions of all drafts in the order of their ids.
pub(super) fn order(drafts: &[Draft]) -> Vec<(usize, usize)> {
    let spans: Vec<Option<(Timestamp, Timestamp)>> = drafts.iter().map(span_of).collect();
    let calls = calls_of(drafts, &spans);
    let mut latest: Option<Timestamp> = None;
    let mut keys: Vec<Key> = Vec::with_capacity(drafts.iter().map(|draft| draft.messages.len()).sum());
    for (document, draft) in drafts.iter().enumerate() {
        let Some((first, last)) = spans[document] else {
            let (place, rank) = place_without_times(latest, &calls);
            keys.extend((0..draft.messages.len()).map(|message| (place, rank, document, message)));
            continue;
        };
        latest = Some(last);
        let mut counts_as = first;
        for (message, written) in draft.messages.iter().enumerate() {
            counts_as = written.at.map_or(counts_as, |at| at.max(counts_as));
            keys.push((Some(counts_as), Rank::Timed, document, message));
        }
    }
    keys.sort_unstable();
    keys.into_iter().map(|(_, _, document, message)| (document, message)).collect()
}

/// From the first time a document names to the latest.
fn span_of(draft: &Draft) -> Option<(Timestamp, Timestamp)> {
    let times = || draft.messages.iter().filter_map(|message| message.at);
    Some((times().next()?, times().max()?))
}

/// The spans of calls in order, those that overlap as one.
fn calls_of(drafts: &[Draft], spans: &[Option<(Timestamp, Timestamp)>]) -> Vec<(Timestamp, Timestamp)> {
    let calls = drafts.iter().zip(spans).filter(|(draft, _)| draft.kind == DocumentKind::Transcript);
    let mut calls: Vec<(Timestamp, Timestamp)> = calls.filter_map(|(_, span)| *span).collect();
    calls.sort_unstable();
    let mut joined: Vec<(Timestamp, Timestamp)> = Vec::with_capacity(calls.len());
    for (start, end) in calls {
        match joined.last_mut().filter(|(_, last)| start <= *last) {
            Some((_, last)) => *last = end.max(*last),
            None => joined.push((start, end)),
        }
    }
    joined
}

/// Behind the document given before it, else before all; never inside a call.
fn place_without_times(latest: Option<Timestamp>, calls: &[(Timestamp, Timestamp)]) -> (Option<Timestamp>, Rank) {
    let Some(place) = latest else { return (None, Rank::Timed) };
    let next = calls.partition_point(|(start, _)| *start <= place);
    let around = next.checked_sub(1).and_then(|before| calls.get(before)).filter(|(_, end)| place < *end);
    (Some(around.map_or(place, |(_, end)| *end)), Rank::Behind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::draft::DraftMessage;

    fn check(documents: &[(DocumentKind, &[Option<i64>])], expected: &str) {
        let drafts: Vec<Draft> = documents
            .iter()
            .map(|(kind, times)| Draft {
                source: String::new(),
                kind: *kind,
                format: "txt",
                title: None,
                messages: times
                    .iter()
                    .map(|at| DraftMessage {
                        at: at.map(|second| Timestamp::from_second(second).unwrap()),
                        ..DraftMessage::default()
                    })
                    .collect(),
            })
            .collect();
        let got: Vec<String> =
            order(&drafts).iter().map(|(document, message)| format!("{document}.{message}")).collect();
        assert_eq!(got.join(" "), expected);
    }

    #[test]
    fn orders_by_time_and_keeps_documents() {
        use DocumentKind::{Email, Note, Transcript};
        check(&[(Email, &[Some(9)]), (Email, &[Some(3)])], "1.0 0.0");
        check(&[(Transcript, &[Some(5), None, Some(4), Some(7)]), (Email, &[Some(6)])], "0.0 0.1 0.2 1.0 0.3");
        check(&[(Note, &[None]), (Email, &[Some(3)])], "0.0 1.0");
        check(&[(Email, &[Some(5)]), (Note, &[None, None]), (Email, &[Some(9)])], "0.0 1.0 1.1 2.0");
        check(&[(Email, &[Some(5)]), (Note, &[None]), (Transcript, &[Some(4), Some(8)])], "2.0 0.0 2.1 1.0");
        check(&[], "");
    }
}
