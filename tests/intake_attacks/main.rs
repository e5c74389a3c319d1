//! Files made to stop the reader: each attack comes back with what could be
//! read, and names what could not. How fast they come back, benches tell.

mod calls;
mod chat;
mod mail;
mod quotes;
mod records;

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
