//! Figures that count people, told by the field's question and by the words
//! behind the figure.

use crate::language::{fold, tokens};
use crate::route::Field;

/// Whether the field asks how many people there are.
pub(super) fn counts_people(field: &Field) -> bool {
    let names = format!("{} {}", field.label, field.question).to_lowercase();
    ["people", "users", "person", "employees", "staff"].iter().any(|word| names.contains(word))
}

/// `… of us`, `… people`, `… on feeding`: what stands behind a figure that counts people.
#[rustfmt::skip]
pub(super) fn is_people_behind(rest: &str) -> bool {
    let words: Vec<String> = tokens(rest).iter().take(3).map(|token| fold(token.text(rest)).into_owned()).collect();
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let people = |word: &str| matches!(
        word,
        "people" | "persons" | "users" | "colleagues" | "employees" | "drivers" | "planners" | "dispatchers" | "clerks" | "testers" | "agents" | "operators" | "leute" | "personen"
            | "kollegen" | "mitarbeiter" | "mitarbeitende" | "personnes" | "collègues" | "salariés" | "praticiens" | "utilisateurs" | "personas" | "compañeros" | "empleados" | "usuarios"
    );
    word(0) == "of" && matches!(word(1), "us" | "them" | "you") || people(word(0)) || people(word(1))
}
