//! Passages: what is found by words. A message is one, a long one is cut at its
//! sentences; so is every part of a brief. Here they are cut, words that
//! somebody looks for are read, and passages are put in order by how well they
//! fit (BM25), with the words that fit marked. The same rules hold in every
//! index, and where a model looks twice.

mod briefs;
mod cutting;
mod likeness;
mod marking;
mod pieces;
mod ranking;
mod tokens;
mod words;

use jiff::Timestamp;

pub use briefs::{MATTER, field_spot, label_of, of_brief};
pub use cutting::of_conversation;
pub use likeness::{Likeness, LikenessKind, of_customers, of_messages};
pub use marking::{Snippet, snippet};
pub use pieces::{Piece, pieces};
pub use ranking::Ranking;
pub use tokens::Tokens;
pub use words::{Match, NoWords, Words};

/// A stretch of what was said or written down that is found as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    pub kind: PassageKind,
    /// A message (`m3`), `record`, or a part of the brief (`fields.go_live_date`).
    pub spot: String,
    /// Which piece of a long message, from 0.
    pub part: u32,
    /// The name of the file or payload it stands in.
    pub source: Option<String>,
    /// Who said it.
    pub author: Option<String>,
    /// When it was said; none where nobody knows.
    pub at: Option<Timestamp>,
    /// What it belongs to, found as well but shown elsewhere: title, subject, people.
    pub head: String,
    pub body: String,
}

/// Whether a passage is raw context or what was made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassageKind {
    Source,
    Brief,
}

impl PassageKind {
    pub fn name(self) -> &'static str {
        match self {
            PassageKind::Source => "source",
            PassageKind::Brief => "brief",
        }
    }

    pub fn parse(name: &str) -> Option<PassageKind> {
        [PassageKind::Source, PassageKind::Brief].into_iter().find(|kind| kind.name() == name)
    }
}
