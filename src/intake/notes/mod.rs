//! What no person said to another: the record of a CRM, and notes.

pub(super) mod note;
pub(super) mod record;
