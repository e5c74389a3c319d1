//! Messages that speak to a machine instead of to people are no witnesses: a
//! value that stands in one waits for a person, whichever reader saw it.

use crate::conversation::MessageId;
use crate::wording;

use super::support::{Grounded, Standing};

/// Values out of messages with instructions to a reader wait for a person's word.
pub fn mistrust(all: &mut [Grounded], instructions: &[MessageId]) {
    for one in all.iter_mut().filter(|one| one.standing == Standing::Supported) {
        if one.evidence.iter().any(|evidence| instructions.contains(&evidence.message)) {
            one.standing = Standing::Unconfirmed(wording::instructions_reason());
        }
    }
}
