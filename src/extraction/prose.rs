//! What rules can honestly say beyond the fields: promises by their wording
//! and questions that nobody answered.

use std::borrow::Cow;

use crate::claim::{ProseClaim, ProseKind};
use crate::conversation::SegmentKind;
use crate::language::{Doubt, Phrases, Reach, doubts, fold, tokens};

use super::{Line, Scene, cite_line};

/// The most items of one kind; more is a transcript, not a brief.
const MOST_ITEMS: usize = 12;

/// Promises and open questions in the order they were said.
pub(super) fn find_items(scene: &Scene) -> Vec<ProseClaim> {
    let mut items = Vec::new();
    let body = |line: &&Line| line.counts && line.kind == SegmentKind::Body;
    let promises = scene.lines.iter().filter(body).filter(|line| !line.asks && is_promise(line));
    items.extend(promises.take(MOST_ITEMS).map(|line| item(ProseKind::Promise, line)));
    let answered = answered_questions(scene);
    let open = scene.lines.iter().enumerate().filter(|(_, line)| body(line)).filter(|(at, line)| {
        line.asks
            && line.words().trim_end().ends_with('?')
            && !answered[*at]
            && tokens(line.words()).len() >= 5
            && !is_courtesy(line.words())
    });
    items.extend(open.map(|(_, line)| item(ProseKind::OpenQuestion, line)).take(MOST_ITEMS));
    items
}

fn item(kind: ProseKind, line: &Line) -> ProseClaim {
    let text = line.words().split_whitespace().collect::<Vec<_>>().join(" ");
    ProseClaim { kind, text, cited: vec![cite_line(line)] }
}

/// Without one of these nobody binds themselves.
const BINDING: Phrases = Phrases::new(&["'ll", "will", "promise", "commit", "guarantee"]);

/// `I'll send …`, `we will …`, `I promise …`: somebody binds themselves to do something.
fn is_promise(line: &Line) -> bool {
    let text = line.words();
    // Nearly every line is told by a look; other letters may be written in many ways.
    if text.is_ascii() && !BINDING.stand_in(text) {
        return false;
    }
    let words: Vec<Cow<str>> = tokens(text).iter().map(|token| fold(token.text(text))).collect();
    if words.len() < 4 {
        return false;
    }
    let binds = words.windows(3).position(|three| {
        let [first, second, third] = three else { return false };
        let contracted = matches!(first.as_ref(), "i'll" | "we'll") && is_deed(second);
        let spelled = matches!(first.as_ref(), "i" | "we") && second == "will" && is_deed(third);
        contracted
            || spelled
            || matches!(first.as_ref(), "i" | "we")
                && matches!(second.as_ref(), "promise" | "promised" | "commit" | "guarantee")
    });
    let Some(at) = binds else { return false };
    let found = tokens(text).get(at).map(|token| {
        doubts(line.text, (line.start, line.end), (line.start + token.start, line.start + token.end), Reach::Outside)
    });
    !found.unwrap_or_default().iter().any(|doubt| matches!(doubt, Doubt::Conditional | Doubt::Hedged | Doubt::Question))
}

/// Verbs of delivering something, as against `I'll be`, `we'll see`.
fn is_deed(word: &str) -> bool {
    matches!(
        word,
        "send"
            | "share"
            | "deliver"
            | "provide"
            | "migrate"
            | "set"
            | "prepare"
            | "get"
            | "make"
            | "do"
            | "ship"
            | "include"
            | "cover"
            | "waive"
            | "fix"
            | "add"
            | "build"
            | "train"
            | "book"
            | "schedule"
            | "arrange"
            | "import"
            | "load"
            | "write"
            | "call"
            | "email"
            | "forward"
            | "confirm"
            | "have"
            | "give"
            | "bring"
            | "keep"
            | "throw"
            | "update"
            | "upload"
            | "install"
            | "configure"
            | "connect"
            | "credit"
            | "refund"
            | "replace"
            | "return"
            | "extend"
            | "assign"
            | "take"
            | "put"
            | "run"
            | "invite"
    )
}

fn answered_questions(scene: &Scene) -> Vec<bool> {
    let mut answered = vec![false; scene.lines.len()];
    for at in 0..scene.lines.len() {
        for question in scene.replies.questions_of(at) {
            answered[*question] = true;
        }
        if let Some((_, _)) = scene.replies.verdict_on(at) {
            answered[at] = true;
        }
    }
    answered
}

#[rustfmt::skip]
const COURTESIES: Phrases = Phrases::new(&[
            "how are you",
            "how's it going",
            "can you hear",
            "does that make sense",
            "sound good",
            "how was your",
            "any questions",
            "make sense",
            "right?",
            "ok?",
            "okay?",
            "isn't it",
            "you know?",
            "shall we start",
            "can everyone",
            "how have you",
        ]);

/// Questions that ask for nothing.
fn is_courtesy(words: &str) -> bool {
    COURTESIES.stand_in(words)
}
