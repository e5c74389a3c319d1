//! A reader that lies. Claims of every type, true ones and false ones, are
//! given to grounding as a language model might make them: the true ones must
//! stand with words cut from their message, the false ones must never.

mod answered;
mod false_claims;
mod hostile;
mod other_words;
mod places;
mod sheet;
mod swapped;
#[allow(dead_code)]
mod talk;
mod true_claims;
