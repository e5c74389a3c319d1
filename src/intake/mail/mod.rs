//! Mail: one message or a mailbox of them, what mail services answer, and the
//! words in a mail that are not its author's own: quotes, forwards, signatures.

mod answers;
pub(super) mod attribution;
mod charset;
pub(super) mod closings;
pub(super) mod email;
mod encoded;
mod first_bytes;
mod flowed;
pub(super) mod gmail;
pub(super) mod graph;
mod head;
pub(super) mod invitation;
pub(super) mod mbox;
pub(super) mod notices;
pub(super) mod parts;
pub(super) mod phrases;
pub(super) mod quoted;
pub(super) mod signature;
mod structure;
pub(super) mod threads;
mod views;
