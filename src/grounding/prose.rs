//! Does the evidence support a sentence of the prose? A sentence may say less
//! than its quotes, never more: every figure, date, name and address in it
//! stands in the cited sentences, most of its words do, it is denied where
//! they are denied, and it is no firmer than they are.

use crate::brief::Evidence;
use crate::claim::{ProseClaim, ProseKind};
use crate::conversation::{Author, MessageId};
use crate::extraction::Scene;
use crate::language::{fold, starts_question, tokens};
use crate::value::read_answer;

use super::restating::{made_up, restates};
use super::{Index, Match, evidence_of};

/// Longer is no sentence of a brief, in characters.
const LONGEST: usize = 400;
const LONGEST_HEADLINE: usize = 200;
/// More quotes than this for one sentence are stitched together, not cited.
const MOST_QUOTES: usize = 6;

/// The evidence of a sentence; `None` when its quotes are not there or do not carry it.
pub fn support_prose(index: &Index, scene: &Scene, item: &ProseClaim) -> Option<Vec<Evidence>> {
    let text = item.text.trim();
    let longest = if item.kind == ProseKind::Headline { LONGEST_HEADLINE } else { LONGEST };
    if text.is_empty() || text.chars().count() > longest {
        return None;
    }
    let mut evidence = Vec::new();
    let mut cited: Vec<Said> = Vec::new();
    for citation in item.cited.iter().take(MOST_QUOTES) {
        let Some(found) = index.check(citation).filter(|found| found.tier.is_verified()) else { continue };
        let Some(shown) = evidence_of(index, citation, &found) else { continue };
        cited.extend(sentences_of(index, scene, &found));
        evidence.push(shown);
    }
    if evidence.is_empty() {
        return None;
    }
    // Whoever said it may be named by name.
    let speakers = evidence.iter().filter_map(|shown| shown.author.clone());
    let speakers: Vec<String> = speakers.collect();
    let with_speakers = |sentence: &str| format!("{sentence}\n{}", speakers.join("\n"));
    let stated = |sentence: &&str| {
        let source = with_speakers(sentence);
        !made_up(text, &source) && !names_another(index, text, &source) && restates(text, &source)
    };
    // One sentence carries the whole of it: words of two that are put together say what neither said.
    let Some(main) = cited.iter().find(|said| stated(&said.words)) else {
        // An author line alone shows who somebody is, nothing else.
        let shown = item.kind == ProseKind::Person && cited.is_empty() && restates(text, &with_speakers(""));
        return shown.then_some(evidence);
    };
    // A question counts as said once somebody's yes is cited with it.
    let confirmed = cited.iter().any(|said| said.message != main.message && read_answer(said.words) == Some(true));
    agrees(item.kind, text, (main.words, confirmed)).then_some(evidence)
}

/// A cited sentence.
struct Said<'a> {
    message: MessageId,
    words: &'a str,
}

/// The whole sentences that a quote touches, without those about other customers and orders.
fn sentences_of<'a>(index: &Index<'a>, scene: &Scene, found: &Match) -> Vec<Said<'a>> {
    let Some(position) = index.position(found.message) else { return Vec::new() };
    let message = &index.conversation().messages[position];
    let mut sentences = Vec::new();
    let mut at = found.start;
    while at < found.end {
        let sentence = index.sentence_around(message, at);
        let foreign = scene.line_at(position, at).is_some_and(|line| line.foreign);
        let words = message.text.get(sentence.start..sentence.end).filter(|_| !foreign);
        sentences.extend(words.map(|words| Said { message: message.id, words }));
        // The end always moves on, or the quote has been left behind.
        at = sentence.end.max(at + 1);
        while at < found.end && !message.text.is_char_boundary(at) {
            at += 1;
        }
    }
    sentences
}

/// A name of somebody in the conversation that opens the text looks like any word with a capital.
fn names_another(index: &Index, text: &str, source: &str) -> bool {
    let is_name = |author: &Author, word: &str| {
        author.name.as_deref().is_some_and(|name| name.split_whitespace().any(|part| part == word))
    };
    let Some(first) = text.split(|c: char| !c.is_alphanumeric() && c != '-').find(|word| !word.is_empty()) else {
        return false;
    };
    let known = index.conversation().messages.iter().any(|message| is_name(&message.author, first));
    known && !source.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| word == first)
}

/// Denied, asked, conditioned and kept open as the sentence that says most of it.
fn agrees(kind: ProseKind, text: &str, (main, confirmed): (&str, bool)) -> bool {
    let asked = starts_question(main) && !text.trim_end().ends_with('?') && !confirmed;
    let open = is_open(main) && !is_open(text);
    let settles = matches!(kind, ProseKind::OpenQuestion | ProseKind::Risk);
    is_denied(text) == is_denied(main) && (settles || !asked && !open)
}

/// Words of denial, but for turns of phrase that deny nothing.
fn is_denied(text: &str) -> bool {
    let words: Vec<_> = tokens(text).iter().map(|token| fold(token.text(text)).into_owned()).collect();
    words.iter().enumerate().any(|(at, word)| {
        let next = words.get(at + 1).map_or("", String::as_str);
        let idle = word == "no"
            && matches!(next, "problem" | "worries" | "doubt" | "extra" | "additional" | "cost" | "charge" | "later")
            || word == "not" && matches!(next, "only" | "just");
        !idle
            && (matches!(
                word.as_str(),
                "not"
                    | "no"
                    | "never"
                    | "none"
                    | "nobody"
                    | "nothing"
                    | "neither"
                    | "nor"
                    | "cannot"
                    | "without"
                    | "nicht"
                    | "kein"
            ) || word.ends_with("n't"))
    })
}

/// Words by which a sentence depends on something or commits to nothing.
fn is_open(text: &str) -> bool {
    tokens(text).iter().any(|token| {
        matches!(
            fold(token.text(text)).as_ref(),
            "if" | "unless"
                | "might"
                | "maybe"
                | "perhaps"
                | "probably"
                | "possibly"
                | "hopefully"
                | "provided"
                | "thinks"
                | "think"
                | "hopes"
                | "hope"
                | "guess"
                | "apparently"
                | "assume"
                | "heard"
                | "subject"
                | "depends"
                | "depending"
                | "tentatively"
                | "considering"
                | "unsure"
                | "whether"
                | "tbc"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Citation;
    use crate::conversation::{Conversation, Message, MessageId, Segment, SegmentKind, Side};

    const MAIL: &str = "We go live on July 1 now. Dana Whitfield runs the project. We will not migrate the archive. \
                        If legal signs, we start in May. Do you need SSO? The total is USD 86,400. \
                        As I said, we'll migrate the rate tables free of charge.";

    fn conversation() -> Conversation {
        let segment =
            Segment { kind: SegmentKind::Body, start: 0, end: MAIL.len(), author: None, at: None, same_as: None };
        let author = Author { name: Some("Marcus Lee".to_owned()), address: None, side: Side::Ours };
        let message = Message {
            id: MessageId(1),
            document: "d1".to_owned(),
            author,
            at: None,
            zone: None,
            subject: None,
            reply_to: None,
            text: MAIL.to_owned(),
            segments: vec![segment],
        };
        Conversation { messages: vec![message], ..Conversation::default() }
    }

    fn check(text: &str, quote: &str, expected: bool) {
        let conversation = conversation();
        let index = Index::new(&conversation);
        let route = crate::route::load("r.yaml", "id: r\nversion: 1\nfields: [{key: a, type: text}]\n").unwrap();
        let scene = Scene::new(&conversation, &route, &[]);
        let cited = vec![Citation { message: MessageId(1), quote: quote.to_owned(), at: None }];
        let item = ProseClaim { kind: ProseKind::Situation, text: text.to_owned(), cited };
        assert_eq!(support_prose(&index, &scene, &item).is_some(), expected, "{text} <- {quote}");
    }

    #[test]
    fn a_sentence_says_no_more_than_its_quotes() {
        check("They go live on July 1.", "we go live on July 1", true);
        check("They go live on July 1.", "We go live on July 1 now", true);
        check("Marcus Lee: they go live on July 1.", "We go live on July 1 now", true);
        check("They go live on July 2.", "We go live on July 1 now", false);
        check("Helen Ortiz runs the project.", "Dana Whitfield runs the project", false);
        check("Dana Whitfield runs the project.", "Dana Whitfield runs the project", true);
        check("The archive is migrated.", "We will not migrate the archive", false);
        check("The archive is migrated.", "migrate the archive", false);
        check("The archive is not migrated.", "We will not migrate the archive", true);
        check("We start in May.", "we start in May", false);
        check("If legal signs, we start in May.", "we start in May", true);
        check("They need SSO.", "Do you need SSO?", false);
        check("The total is USD 86,400.", "The total is USD 86,400", true);
        check("The total is USD 68,400.", "The total is USD 86,400", false);
        check("The total is EUR 86,400.", "The total is USD 86,400", false);
        check("The rate tables are migrated free of charge.", "we'll migrate the rate tables free of charge", true);
        check("The customer threatens to cancel the contract.", "Dana Whitfield runs the project", false);
        check("Everybody is happy with the price.", "The total is USD 86,400", false);
        check("They go live on July 1.", "They go live on July 1 for sure", false);
        check(&"They go live on July 1. ".repeat(40), "We go live on July 1 now", false);
        check("", "We go live on July 1 now", false);
    }
}
