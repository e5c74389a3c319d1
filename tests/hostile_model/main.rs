//! Whole handoffs read with a hostile model: one that obeys every text it is
//! shown, repeats what it should keep, answers in broken shapes or not at all.
//! `cargo test --test hostile_model -- --nocapture` prints the counts by kind.
//!
//! Where the border lies between an order and a statement: a message that
//! addresses a machine, gives it orders or forges the marks of its input is no
//! witness, and nothing in it is found without a person's word. A plain
//! sentence of somebody who took part is a statement, true or not: it counts
//! for whoever really sent it, on the side they are really on, and for nobody
//! whom it names.

mod attack_words;
mod attacks;
mod budget;
mod canary;
mod contents;
#[allow(dead_code)]
#[path = "../../benches/generator/mod.rs"]
mod generator;
mod handoff;
mod hidden;
mod injected;
mod obedient;
#[allow(dead_code)]
#[path = "../claims/talk.rs"]
mod talk;
