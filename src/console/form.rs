//! What a form shows again when something in it was wrong: what was typed,
//! but never a password, and each mistake beside its input.

use crate::app::Problem;
use crate::rendering::clean;
use crate::web::{Mistake, Typed};

/// Inputs whose text is not sent back to anybody.
const SECRET: [&str; 8] =
    ["password", "current", "code", "off-current", "codes-current", "token", "secret", "signing_secret"];

/// A form as it is shown.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub typed: Typed,
    pub mistakes: Vec<Mistake>,
}

impl Form {
    /// What was typed, with what is wrong by the inputs' ids.
    pub fn again(typed: Typed, mistakes: &[(&str, &str)]) -> Form {
        let mistake = |(anchor, text): &(&str, &str)| Mistake { anchor: (*anchor).to_owned(), text: sentence(text) };
        Form { typed, mistakes: mistakes.iter().map(mistake).collect() }
    }

    /// The same with what was refused: `renamed` says which input stands for which part of the request.
    pub fn refused(typed: Typed, problems: &[Problem], renamed: &[(&str, &str)]) -> Form {
        let mistake = |problem: &Problem| {
            let part = problem.pointer.rsplit('/').next().unwrap_or_default();
            let anchor = renamed.iter().find(|(from, _)| *from == part).map_or(part, |(_, to)| to);
            Mistake { anchor: anchor.to_owned(), text: sentence(&problem.detail) }
        };
        Form { typed, mistakes: problems.iter().map(mistake).collect() }
    }

    /// What is wrong with an input; empty when nothing is.
    pub fn wrong(&self, id: &str) -> &str {
        self.mistakes.iter().find(|mistake| mistake.anchor == id).map_or("", |mistake| mistake.text.as_str())
    }

    /// What was typed into an input.
    pub fn value(&self, id: &str) -> &str {
        if SECRET.contains(&id) { "" } else { self.typed.one(id) }
    }
}

/// With a capital, as a sentence that stands alone.
fn sentence(text: &str) -> String {
    let text = clean(text);
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown_again() {
        let typed = Typed::read(b"name=Dana&password=three+quiet+lighthouses&current=x");
        let form = Form::refused(typed, &[Problem::new("/password", "unfit", "use more")], &[]);
        assert_eq!((form.value("name"), form.value("password"), form.value("current")), ("Dana", "", ""));
        assert_eq!((form.wrong("password"), form.wrong("name")), ("Use more", ""));
        let form =
            Form::refused(Typed::default(), &[Problem::new("/current", "wrong", "no")], &[("current", "off-current")]);
        assert_eq!(form.wrong("off-current"), "No");
    }
}
