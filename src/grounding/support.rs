//! Stub.
pub enum Standing {}
pub struct Grounded {}
pub struct Grounder {}
