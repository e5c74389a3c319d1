//! People's answers over a machine's reading: what is taken and refused, what
//! stands, what opens a field again, and that nothing moves by an answer that
//! the route does not let stand.

#[path = "../shared/briefs.rs"]
mod briefs;
mod checks;
mod handoffs;
mod property;
mod samples;
mod standing;
