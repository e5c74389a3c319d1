//! Words before meaning: how text is cut into tokens and sentences, and how a
//! sentence may deny, condition or question what a part of it says. The word
//! lists of a language stand in one table each (`english`), so that another
//! language is another table.

pub(crate) mod calendar;
mod clauses;
mod countries;
mod english;
mod phrases;
mod polarity;
mod questions;
mod references;
mod roles;
mod sentences;
mod thesaurus;
mod tokens;
mod unseen;

pub use countries::countries;
pub(crate) use english::is_soft_filler;
pub use english::{is_affirmation_word, is_filler, is_name_word_stop, is_sharp_word};
pub use phrases::Phrases;
pub use polarity::{Doubt, Reach, doubts};
pub use questions::{asks_politely, is_reminder, starts_question, wishes};
pub use references::references;
pub use roles::is_role_word;
pub use sentences::{Sentence, SentenceBook, sentences};
pub use thesaurus::{FAINT, GAP, Topic, has_topic, other_names, topics_of};
pub use tokens::{Token, fold, is_token_border, token_hash, tokens};
pub(crate) use tokens::{first_token, first_tokens};
pub use unseen::{count_unseen, is_unseen};
