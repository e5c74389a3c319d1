//! Baton is the gate at the moment one team hands work to another.
//!
//! Raw context (e-mails, call transcripts, chat threads, the CRM record) goes
//! in; a structured brief whose every value carries its quote, and the gaps
//! with a question each, come out. Code decides whether the brief is complete.
//!
//! The modules in reading order, from the facts upwards:
//!
//! 1. [`language`] words, tokens and sentences;
//! 2. [`conversation`] what was said, by whom, when;
//! 3. [`value`] typed values out of words;
//! 4. [`route`] what the receiving team needs;
//! 5. [`claim`] what a reader says it found;
//! 6. [`brief`] fields, evidence, gaps, verdict; [`handoff`] states and events;
//! 7. [`intake`] bytes to a conversation; [`redaction`] what a model does not get to see, and its return;
//! 8. [`extraction`] the reader without a model;
//! 9. [`grounding`] is the quote there, does it support the value;
//! 10. [`resolution`] several values: same, superseded, conflicting;
//! 11. [`verdict`], [`gaps`], [`answers`], [`gate`] states, questions, what people answered, permission to move;
//!     [`insights`] figures of many handoffs;
//! 12. [`wording`], [`rendering`] the words and pages people read;
//! 13. [`config`] settings; [`llm`] one call to a model, and its answer;
//!     [`access`] keys, passes, and who may call; [`store`] what outlives the process;
//!     [`asking`] whom to ask what and when; [`acting`] what a transfer sets off; [`outbound`] the way to the outside;
//!     [`passages`] what is found by words; [`retrieval`] the index that finds it;
//! 14. [`pipeline`] the steps in order;
//! 15. [`app`] what is done for a caller; [`worker`] reads what waits; [`courier`] tells the outside;
//!     [`librarian`] puts what came in where it is found; [`postman`] asks people; [`web`] what all pages have in common;
//! 16. [`api`] the service over HTTP; [`pages`] what people open with a personal link; [`console`] the pages of people
//!     who log in; [`eval`] how well it reads;
//! 17. [`serving`] the whole service put together; [`faults`] what tests order to go wrong;
//! 18. [`cli`] the command line.

pub mod language;

pub mod config;
pub mod conversation;
pub mod value;

pub mod route;

pub mod brief;
pub mod claim;
pub mod handoff;

pub mod intake;
pub mod redaction;

pub mod answers;
pub mod extraction;
pub mod gaps;
pub mod gate;
pub mod grounding;
pub mod insights;
pub mod resolution;
pub mod verdict;

pub mod wording;

pub mod rendering;

pub mod asking;

pub mod passages;

pub mod acting;

pub mod access;
pub mod llm;
pub mod outbound;
pub mod store;

pub mod retrieval;

pub mod pipeline;

pub mod app;

pub mod courier;
pub mod librarian;
pub mod postman;
pub mod web;
pub mod worker;

pub mod api;
pub mod console;
pub mod eval;
pub mod pages;

pub mod faults;
pub mod serving;

pub mod cli;

/// The README's example in Rust is compiled and run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
