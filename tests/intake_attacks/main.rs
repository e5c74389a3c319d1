//! Files made to stop the reader, family by family: each attack comes back
//! with what could be read, and names what could not. How fast they come back,
//! benches tell.

mod calls;
mod chat;
mod mail;
mod quotes;
mod records;

use baton::conversation::Conversation;
use baton::intake::{Input, Options, read};

/// Reads one file on a thread with the stack that server threads have.
fn read_small_stack(name: &str, bytes: Vec<u8>) -> Conversation {
    let name = name.to_owned();
    let reader = move || read_one(&name, bytes);
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(reader);
    thread.expect("a thread").join().expect("reading comes back")
}

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

/// Whether a person is told so, in a warning or as unread.
fn told(conversation: &Conversation, words: &str) -> bool {
    conversation.warnings.iter().any(|warning| warning.message.contains(words))
        || conversation.unread.iter().any(|unread| unread.reason.contains(words))
}
