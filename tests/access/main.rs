//! Who may do what, from outside: keys that cannot be guessed or told apart by
//! time, passes that no changed letter survives, signing keys on the disk, and
//! the requests of callers who sign. Run with
//! `cargo test --test access -- --nocapture` to see the figures.

mod callers;
mod folders;
mod keys;
mod passes;
mod second_reader;
mod senders;

#[path = "../shared/signed.rs"]
mod signed;
