//! Questions and the words that answer them: in the next turns of a call or
//! chat, under a quoted question in a mail, or by the number of a list. Also
//! who confirmed a statement.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::conversation::{Conversation, DocumentKind, MessageId, SegmentKind, Side};
use crate::language::{fold, is_reminder, tokens};
use crate::value::read_answer;

use super::Line;

/// How many messages by others may pass before a question counts as unanswered.
const TURNS: usize = 3;
/// How many lines of a turn may answer; people come to the point in talk.
const LINES_OF_TALK: usize = 8;
/// How many lines of a mail may answer; it takes one question after the other.
const LINES_OF_MAIL: usize = 24;
/// How far above a line the quoted question it stands under may begin.
const LINES_OF_QUESTION: usize = 4;

/// Which lines answer which.
pub struct Replies {
    /// Line → the questions it may answer, nearest first.
    questions: Vec<Vec<usize>>,
    /// Line → the line by somebody else that agrees or disagrees with it.
    verdicts: FxHashMap<usize, (usize, bool)>,
    /// The lines that agree or disagree with another one.
    deciding: FxHashSet<usize>,
}

impl Replies {
    pub(super) fn new(conversation: &Conversation, lines: &[Line]) -> Self {
        let spans = message_spans(conversation.messages.len(), lines);
        let mut replies = Replies {
            questions: vec![Vec::new(); lines.len()],
            verdicts: FxHashMap::default(),
            deciding: FxHashSet::default(),
        };
        let mut by_thread: FxHashMap<MessageId, usize> = FxHashMap::default();
        for (position, message) in conversation.messages.iter().enumerate() {
            by_thread.insert(message.id, position);
            let thread = message.reply_to.and_then(|id| by_thread.get(&id).copied());
            let near = (position.saturating_sub(TURNS)..position)
                .rev()
                .filter(|at| conversation.messages[*at].document == message.document);
            let mut earlier: Vec<usize> = Vec::new();
            let mut same_speaker_since = false;
            // A chat's thread begins long before what is answered; a mail answers what it replies to.
            let chat =
                conversation.document(&message.document).is_some_and(|document| document.kind == DocumentKind::Chat);
            let thread = thread.filter(|_| !chat);
            for at in thread.into_iter().chain(near) {
                if earlier.contains(&at) {
                    continue;
                }
                let other = conversation.messages[at].author != message.author;
                if other && !(same_speaker_since && Some(at) != thread) {
                    earlier.push(at);
                } else if !other {
                    // Whoever spoke in between has had the chance to answer already.
                    same_speaker_since = true;
                }
            }
            let mail =
                conversation.document(&message.document).is_some_and(|document| document.kind == DocumentKind::Email);
            let limit = if mail { LINES_OF_MAIL } else { LINES_OF_TALK };
            replies.pair(lines, (spans[position].clone(), limit), earlier.iter().map(|at| spans[*at].clone()));
        }
        replies.deciding = replies.verdicts.values().map(|(line, _)| *line).collect();
        replies
    }

    /// The questions that a line may answer, nearest first.
    pub fn questions_of(&self, line: usize) -> &[usize] {
        &self.questions[line]
    }

    /// Whether a line is a plain yes or no to another one.
    pub fn decides(&self, line: usize) -> bool {
        self.deciding.contains(&line)
    }

    /// The line in which somebody else answered a line with a plain yes (`true`) or no.
    pub fn verdict_on(&self, line: usize) -> Option<(usize, bool)> {
        self.verdicts.get(&line).copied()
    }

    fn pair(
        &mut self,
        lines: &[Line],
        (here, limit): (std::ops::Range<usize>, usize),
        earlier: impl Iterator<Item = std::ops::Range<usize>> + Clone,
    ) {
        let mut own = 0;
        let mut numbered: Option<usize> = None;
        for at in here.clone() {
            let line = &lines[at];
            if line.kind != SegmentKind::Body {
                continue;
            }
            // A form: the question or label, and the answer on the next line or right behind it.
            if let Some(before) =
                at.checked_sub(1).filter(|before| here.contains(before) && lines[*before].kind == SegmentKind::Body)
                && lines[before].words().trim_end().ends_with([':', '?'])
                && line.words().len() < 60
                && let Some(says) = read_answer(line.words())
            {
                self.verdicts.entry(before).or_insert((at, says));
            }
            // Under a quoted question in the same mail, or after one's own question in the same breath.
            if let Some(quoted) =
                at.checked_sub(1).filter(|before| here.contains(before) && lines[*before].kind == SegmentKind::Quote)
                && let Some(question) = (here.start..=quoted)
                    .rev()
                    .take(LINES_OF_QUESTION)
                    .find(|q| lines[*q].asks && lines[*q].kind == SegmentKind::Quote)
            {
                self.questions[at].push(question);
                if let Some(says) = read_answer(line.words()) {
                    self.verdicts.entry(question).or_insert((at, says));
                }
                continue;
            }
            if let Some(question) = at.checked_sub(1).filter(|before| {
                here.contains(before)
                    && self.questions[*before].len() == 1
                    && lines[*before].kind == SegmentKind::Body
                    && own < 2
            }) {
                // The second sentence of an answer under a quote.
                let inherited = self.questions[question][0];
                if lines[inherited].kind == SegmentKind::Quote {
                    self.questions[at].push(inherited);
                    own += 1;
                    continue;
                }
            }
            // `What do we use? It's paper.`: who asks themselves answers themselves.
            if let Some(before) =
                at.checked_sub(1).filter(|before| here.contains(before) && asks_oneself(&lines[*before]))
            {
                self.questions[at].push(before);
            }
            let item = item_number(line.words()).is_some();
            // `4. Yes, from day one. We use Okta.`: what goes on under a number answers the same question.
            let goes_on = at.checked_sub(1).filter(|before| here.contains(before) && !item).is_some_and(|before| {
                line.text.get(lines[before].end..line.start).is_some_and(|gap| gap.matches('\n').count() < 2)
            });
            if let Some(question) = numbered.filter(|_| goes_on && self.questions[at].is_empty()) {
                self.questions[at].push(question);
                continue;
            }
            if at - here.start < limit {
                self.answer_earlier(lines, at, here.start, earlier.clone());
            }
            numbered = match self.questions[at].as_slice() {
                [only] if item => Some(*only),
                _ => None,
            };
        }
    }

    fn answer_earlier(
        &mut self,
        lines: &[Line],
        at: usize,
        first: usize,
        earlier: impl Iterator<Item = std::ops::Range<usize>>,
    ) {
        let number = item_number(lines[at].words());
        let mut nearest = true;
        for range in earlier {
            let asked: Vec<usize> = range
                .clone()
                .filter(|q| lines[*q].asks && lines[*q].counts && !is_reminder(lines[*q].words()))
                .collect();
            if let Some(number) = number
                && let Some(question) =
                    range.clone().find(|q| lines[*q].asks && item_number(lines[*q].words()) == Some(number))
            {
                self.questions[at] = vec![question];
                return;
            }
            // The latest question is the one that is answered first.
            self.questions[at].extend(asked.iter().rev());
            if at == first
                && let Some(says) = read_answer(lines[at].words())
            {
                match asked.last().copied() {
                    Some(last) => {
                        self.verdicts.entry(last).or_insert((at, says));
                    }
                    // A statement is agreed to only by words that mean it, right after it.
                    None if nearest && agrees_firmly(lines[at].words()) => {
                        if let Some(last) = range.clone().next_back().filter(|last| !is_reminder(lines[*last].words()))
                        {
                            self.verdicts.entry(last).or_insert((at, says));
                        }
                    }
                    None => {}
                }
            }
            nearest = false;
            if !asked.is_empty() {
                return;
            }
        }
    }
}

/// A question of few words that the customer puts to themselves: `What do we use?`, `How many of us?`
fn asks_oneself(line: &Line) -> bool {
    let words: Vec<String> =
        tokens(line.words()).iter().map(|token| fold(token.text(line.words())).into_owned()).collect();
    let own = words.iter().any(|word| {
        matches!(word.as_str(), "we" | "us" | "our" | "wir" | "uns" | "nous" | "notre" | "nosotros" | "nuestro")
    });
    line.asks && line.kind == SegmentKind::Body && line.speaker.side == Side::Theirs && own && words.len() <= 7
        && !words.iter().any(|word| matches!(word.as_str(), "can" | "could" | "may" | "shall" | "should" | "können" | "könnten" | "pouvons" | "podemos" | "do" | "is" | "are"
            if words.first() == Some(word)))
}

/// `Yes`, `Exactly`, `That's right`: more than the `okay` that only says one has heard.
fn agrees_firmly(words: &str) -> bool {
    let first = words
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .find(|word| !word.is_empty())
        .unwrap_or_default()
        .to_ascii_lowercase();
    matches!(
        first.as_str(),
        "yes"
            | "yep"
            | "yeah"
            | "yup"
            | "correct"
            | "exactly"
            | "right"
            | "confirmed"
            | "agreed"
            | "that's"
            | "that’s"
            | "indeed"
            | "absolutely"
            | "no"
            | "nope"
    )
}

/// The range of lines of each message.
fn message_spans(messages: usize, lines: &[Line]) -> Vec<std::ops::Range<usize>> {
    let mut spans = vec![0..0; messages];
    let mut at = 0;
    for (position, span) in spans.iter_mut().enumerate() {
        let start = at;
        while lines.get(at).is_some_and(|line| line.message == position) {
            at += 1;
        }
        *span = start..at;
    }
    spans
}

/// `2` of `2. …`, `2) …`, `ad 2: …`, `(2) …`, `Q2: …`.
fn item_number(words: &str) -> Option<u32> {
    let bare = words.trim_start_matches(['>', ' ', '(', '#', '*', '-']);
    let bare = bare
        .strip_prefix("ad ")
        .or(bare.strip_prefix("re "))
        .or(bare.strip_prefix(['Q', 'q', 'A', 'a']))
        .unwrap_or(bare);
    let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 0
        || digits > 2
        || !bare[digits..].starts_with(['.', ')', ':', ' '])
        || bare[digits..].starts_with(' ') && !bare[digits..].starts_with(" -")
    {
        return None;
    }
    if bare[digits..].starts_with('.') && bare[digits + 1..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    bare[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::item_number;

    #[test]
    fn item_numbers_are_told_from_values() {
        assert_eq!(item_number("2. July 1"), Some(2));
        assert_eq!(item_number("> 3) how many?"), Some(3));
        assert_eq!(item_number("1.5 hours"), None);
        assert_eq!(item_number("40 users"), None);
        assert_eq!(item_number("July 1"), None);
    }
}
