//! Ties the brief to its sources: every stretch of words that the brief cites
//! gets one anchor, however often it is cited, and knows the place in the brief
//! that cites it first. Evidence that does not fit its message leads to the
//! message as a whole, never to other words.

use std::collections::{BTreeMap, HashMap};

use super::super::BriefView;
use crate::brief::{Evidence, FieldBrief, Statement, Tier};
use crate::conversation::{Conversation, MessageId};

/// A place in the brief. Its id is made of our own words and a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    Headline,
    Gap(usize),
    NextStep,
    Field(usize),
    Prose(&'static str),
}

impl Home {
    pub fn id(self) -> String {
        match self {
            Home::Headline => "headline".to_owned(),
            Home::Gap(index) => format!("question-{}", index + 1),
            Home::NextStep => "next-step".to_owned(),
            Home::Field(index) => format!("field-{}", index + 1),
            Home::Prose(id) => id.to_owned(),
        }
    }
}

/// Cited words in the text of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// The anchor is `q` and this number.
    pub number: usize,
    pub start: usize,
    pub end: usize,
    pub home: Home,
}

/// A cited author line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AuthorMark {
    pub number: usize,
    /// The name or address as the message has it.
    pub words: String,
    pub home: Home,
}

/// All anchors of a brief's sources.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    marks: BTreeMap<MessageId, Vec<Mark>>,
    authors: BTreeMap<MessageId, Vec<AuthorMark>>,
    known: HashMap<(MessageId, usize, usize), usize>,
    count: usize,
}

impl Anchors {
    /// In the order of the page, so that the first citation is the first a reader meets.
    pub fn collect(view: &BriefView) -> Anchors {
        let mut anchors = Anchors::default();
        let summary = &view.brief.summary;
        let conversation = view.conversation;
        let statements = |anchors: &mut Anchors, home, items: &[Statement]| {
            items.iter().for_each(|item| anchors.add(conversation, home, &item.evidence));
        };
        if let Some(statement) = &summary.headline {
            anchors.add(conversation, Home::Headline, &statement.evidence);
        }
        for (index, gap) in view.brief.gaps.iter().enumerate() {
            gap.candidates.iter().for_each(|seen| anchors.add(conversation, Home::Gap(index), &seen.evidence));
            anchors.add(conversation, Home::Gap(index), gap.nearest.as_slice());
        }
        if let Some(next) = &summary.next_action {
            anchors.add(conversation, Home::NextStep, &next.evidence);
        }
        for (index, (_, field)) in view.brief.fields.iter().enumerate() {
            anchors.add_field(conversation, Home::Field(index), field);
        }
        statements(&mut anchors, Home::Prose("situation"), &summary.situation);
        statements(&mut anchors, Home::Prose("decisions"), &summary.decisions);
        for promise in &summary.promises {
            anchors.add(conversation, Home::Prose("promises"), &promise.evidence);
        }
        statements(&mut anchors, Home::Prose("risks"), &summary.risks);
        statements(&mut anchors, Home::Prose("open-questions"), &summary.open_questions);
        for person in &summary.people {
            anchors.add(conversation, Home::Prose("people"), &person.evidence);
        }
        anchors
    }

    fn add_field(&mut self, conversation: &Conversation, home: Home, field: &FieldBrief) {
        self.add(conversation, home, &field.evidence);
        field.superseded.iter().for_each(|old| self.add(conversation, home, &old.evidence));
        field.candidates.iter().for_each(|seen| self.add(conversation, home, &seen.evidence));
    }

    fn add(&mut self, conversation: &Conversation, home: Home, evidence: &[Evidence]) {
        for evidence in evidence {
            let Some(message) = conversation.message(evidence.message) else { continue };
            match (evidence.start, evidence.end) {
                (Some(start), Some(end)) if start < end && message.text.get(start..end).is_some() => {
                    let number = self.count + 1;
                    if *self.known.entry((message.id, start, end)).or_insert(number) == number {
                        self.count = number;
                        self.marks.entry(message.id).or_default().push(Mark { number, start, end, home });
                    }
                }
                _ if evidence.tier == Tier::Author => self.add_author(message.id, &evidence.quote, home),
                _ => {}
            }
        }
    }

    fn add_author(&mut self, id: MessageId, words: &str, home: Home) {
        let marks = self.authors.entry(id).or_default();
        if marks.iter().all(|mark| mark.words != words) {
            self.count += 1;
            marks.push(AuthorMark { number: self.count, words: words.to_owned(), home });
        }
    }

    /// The id that evidence leads to; `None` when its message is not in the conversation.
    pub fn target(&self, evidence: &Evidence, conversation: &Conversation) -> Option<String> {
        let message = conversation.message(evidence.message)?;
        let number = match (evidence.start, evidence.end) {
            (Some(start), Some(end)) => self.known.get(&(message.id, start, end)).copied(),
            _ => {
                let shown = |words: &str| {
                    [&message.author.name, &message.author.address].into_iter().flatten().any(|part| part == words)
                };
                let mark = self.authors(message.id).iter().find(|mark| mark.words == evidence.quote);
                mark.filter(|mark| shown(&mark.words)).map(|mark| mark.number)
            }
        };
        Some(number.map_or_else(|| message.id.to_string(), |number| format!("q{number}")))
    }

    pub fn marks(&self, id: MessageId) -> &[Mark] {
        self.marks.get(&id).map_or(&[], Vec::as_slice)
    }

    pub fn authors(&self, id: MessageId) -> &[AuthorMark] {
        self.authors.get(&id).map_or(&[], Vec::as_slice)
    }
}

/// Text between two borders, with the marks that cover it, the outermost first.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub start: usize,
    pub end: usize,
    pub marks: Vec<&'a Mark>,
}

/// Cuts `start..end` wherever a mark begins or ends, so that no mark has to overlap another.
pub(super) fn cut<'a>(marks: &'a [Mark], start: usize, end: usize) -> Vec<Piece<'a>> {
    let mut inside: Vec<&Mark> = marks.iter().filter(|mark| mark.start < end && mark.end > start).collect();
    inside.sort_by_key(|mark| (mark.start, std::cmp::Reverse(mark.end)));
    let ends = inside.iter().flat_map(|mark| [mark.start.max(start), mark.end.min(end)]);
    let mut borders: Vec<usize> = ends.chain([start, end]).collect();
    borders.sort_unstable();
    borders.dedup();
    let mut waiting = inside.into_iter().peekable();
    let mut open: Vec<&Mark> = Vec::new();
    let mut pieces = Vec::with_capacity(borders.len());
    for pair in borders.windows(2) {
        let &[from, to] = pair else { continue };
        open.retain(|mark| mark.end > from);
        while let Some(mark) = waiting.next_if(|mark| mark.start <= from) {
            open.push(mark);
        }
        pieces.push(Piece { start: from, end: to, marks: open.clone() });
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_cut_at_every_border() {
        let check = |spans: &[(usize, usize)], range: (usize, usize), expected: &str| {
            let marks: Vec<Mark> = spans
                .iter()
                .enumerate()
                .map(|(index, (start, end))| Mark { number: index + 1, start: *start, end: *end, home: Home::Headline })
                .collect();
            let told: Vec<String> = cut(&marks, range.0, range.1)
                .iter()
                .map(|piece| {
                    let numbers: Vec<String> = piece.marks.iter().map(|mark| mark.number.to_string()).collect();
                    format!("{}-{}[{}]", piece.start, piece.end, numbers.join(" "))
                })
                .collect();
            assert_eq!(told.join(" "), expected, "{spans:?} in {range:?}");
        };
        check(&[], (0, 9), "0-9[]");
        check(&[], (4, 4), "");
        check(&[(2, 5)], (0, 9), "0-2[] 2-5[1] 5-9[]");
        check(&[(0, 9)], (0, 9), "0-9[1]");
        check(&[(0, 9), (3, 6)], (0, 9), "0-3[1] 3-6[1 2] 6-9[1]");
        check(&[(3, 6), (0, 9)], (0, 9), "0-3[2] 3-6[2 1] 6-9[2]");
        check(&[(0, 6), (3, 9)], (0, 9), "0-3[1] 3-6[1 2] 6-9[2]");
        check(&[(0, 3), (3, 9)], (0, 9), "0-3[1] 3-9[2]");
        check(&[(0, 3), (0, 9)], (0, 9), "0-3[2 1] 3-9[2]");
        check(&[(0, 20), (8, 30)], (5, 10), "5-8[1] 8-10[1 2]");
        check(&[(0, 4), (12, 14)], (5, 10), "5-10[]");
    }
}
