//! Context made to hurt whoever reads it, one file for each family of formats.
//! What cannot be read is named, in time linear in its size.

mod calls;
