//! Who is asking, and what they may do: keys and their scopes, the lock-out of
//! addresses that guess, signed passes and audit heads, and the signatures and
//! habits of the programs that call, the tokens of personal links, also where
//! they stand in what comes in, passwords, codes and roles of people who log in.
//! It knows no database, no server and no clock: rows, headers and `now` are
//! passed in.
//!
//! All randomness and cryptography comes from ring, but for the slow hash of passwords.

pub mod callers;
pub mod id_tokens;
mod jws;
pub mod keys;
pub mod links;
pub mod lockout;
pub mod passes;
pub mod passwords;
mod primitives;
mod private_files;
pub mod receipts;
pub mod roles;
pub mod sealing;
pub mod second_step;
mod signatures;
mod signing_keys;
pub mod spilled;
pub mod webhooks;

pub use primitives::NoRandomness;
pub use signatures::{SignatureFault, Signed};
pub use signing_keys::{SigningKeyFault, SigningKeys};
