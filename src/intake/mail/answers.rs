//! Answers written into a quoted mail. Who writes "see my answers below" types
//! between another's lines, often with nothing but a colour to tell them
//! apart: whose each line is, nobody can say from the text.

use crate::conversation::{Author, SegmentKind};
use crate::intake::draft::Piece;

/// Words by which people say that they answer below; with marks before the quoted lines it shows which are whose.
const ANNOUNCEMENTS: &[&str] = &[
    "answers below",
    "answer below",
    "answers are below",
    "answered below",
    "replies below",
    "reply below",
    "responses below",
    "response below",
    "comments below",
    "comment below",
    "remarks below",
    "notes below",
    "inline",
    "in-line",
    "antworten unten",
    "antworten im text",
    "kommentare unten",
    "réponses ci-dessous",
    "réponses dans le texte",
    "respuestas abajo",
    "respuestas más abajo",
    "risposte sotto",
    "risposte di seguito",
    "respostas abaixo",
    "antwoorden hieronder",
    "odpowiedzi poniżej",
    "svar nedan",
    "文中",
];

/// Words by which they say that only a look of their own tells their lines from the quoted ones.
const LOOKS: &[&str] = &[
    "in red",
    "in blue",
    "in green",
    "in bold",
    "in capitals",
    "highlighted below",
    "marked with",
    "in rot",
    "in blau",
    "rot markiert",
    "en rouge",
    "en bleu",
    "en rojo",
    "en azul",
    "in rosso",
    "em vermelho",
    "in het rood",
    "na czerwono",
    "i rött",
    "赤字",
];

/// Takes the authors from quotes into which the mail says it wrote; whether it did.
pub(super) fn forget_authors(text: &str, pieces: &mut [Piece]) -> bool {
    let is_quote = |piece: &Piece| piece.segment.kind == SegmentKind::Quote && piece.segment.author.is_some();
    if !pieces.iter().any(is_quote) {
        return false;
    }
    let words_of = |piece: &Piece| text.get(piece.segment.start..piece.segment.end).unwrap_or_default();
    let own = pieces.iter().filter(|piece| piece.segment.kind == SegmentKind::Body);
    let own = own.map(words_of).collect::<Vec<_>>().join("\n").to_lowercase();
    let says = |table: &[&str]| table.iter().any(|words| own.contains(words));
    let (by_looks, below) = (says(LOOKS), says(ANNOUNCEMENTS));
    let quoted = |piece: &Piece| text.get(piece.words_from..piece.segment.end).unwrap_or_default();
    let is_marked = |piece: &Piece| quoted(piece).lines().any(|line| line.starts_with('>'));
    let mut forgotten = false;
    for piece in pieces.iter_mut().filter(|piece| is_quote(piece)) {
        if by_looks || below && !is_marked(piece) {
            piece.segment.author = Some(Author::default());
            forgotten = true;
        }
    }
    forgotten
}
