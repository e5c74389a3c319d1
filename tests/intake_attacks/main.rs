//! Mails made to cost time or to hide words: each attack has a bound that work
//! growing with the square of the input cannot keep, even without optimisation.

mod quotes;
