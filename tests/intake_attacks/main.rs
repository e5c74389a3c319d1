//! Inputs made to hurt a reader of one family: reading ends in time, keeps to
//! its bounds, loses nothing silently and never panics.

mod chat;

use baton::conversation::Conversation;
use baton::intake::{Input, Options, read};

/// One file read alone.
fn read_one(name: &str, bytes: impl Into<Vec<u8>>) -> Conversation {
    read_all(vec![(name, bytes.into())])
}

/// Files read together.
fn read_all(files: Vec<(&str, Vec<u8>)>) -> Conversation {
    let inputs =
        files.into_iter().map(|(name, bytes)| Input { name: name.to_owned(), bytes, kind: None, format: None });
    read(inputs.collect(), &Options::of(&["acme.example".to_owned()]))
}
