//! What suits which model: the form of its answer, and what its silence is
//! worth. A list of records is best for capable models, and what they leave
//! out deserves a person's eye; small ones leave things out of any list. The
//! measurements stand in `evals/models.md`.

use crate::config::{AnswerForm, LeftOut};

/// Families by a part of their name, in small letters, with what was measured to be better.
const MEASURED: [(&str, AnswerForm, LeftOut); 1] = [("qwen2.5-coder-1.5b", AnswerForm::Fields, LeftOut::Stands)];

/// The form of answer and the worth of silence for a model by its name.
pub fn best_for(model: &str) -> (AnswerForm, LeftOut) {
    let name = model.to_lowercase();
    let measured = MEASURED.iter().find(|(family, ..)| name.contains(family));
    measured.map_or((AnswerForm::Records, LeftOut::Confirm), |(_, form, left_out)| (*form, *left_out))
}
