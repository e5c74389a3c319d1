//! Which form of answer suits which model. A list of records is best for
//! capable models; small ones leave things out of it and do better with one
//! string per field. The measurements stand in `evals/models.md`.

use crate::config::AnswerForm;

/// Families by a part of their name, in small letters, with the form that was measured to be better.
const MEASURED: [(&str, AnswerForm); 1] = [("qwen2.5-coder-1.5b", AnswerForm::Fields)];

/// The form for a model by its name.
pub fn best_form(model: &str) -> AnswerForm {
    let name = model.to_lowercase();
    let measured = MEASURED.iter().find(|(family, _)| name.contains(family));
    measured.map_or(AnswerForm::Records, |(_, form)| *form)
}
