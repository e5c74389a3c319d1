//! Mail: one message or a mailbox of them, and the words in a mail that are not
//! its author's own: quotes, forwards and signatures.

pub(super) mod attribution;
pub(super) mod closings;
pub(super) mod email;
pub(super) mod mbox;
pub(super) mod notices;
pub(super) mod parts;
pub(super) mod phrases;
pub(super) mod quoted;
pub(super) mod safety;
pub(super) mod signature;
