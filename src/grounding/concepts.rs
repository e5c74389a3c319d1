//! What a field is about in other words than its own: the meanings that stand
//! in its key, label, cues and choices, looked for in a text in any of the
//! languages the table knows. Where a text holds the opposite, the opposite is
//! said of the field.

use crate::language::{fold, tokens};
use crate::route::Field;
use crate::value::Choice;

use super::meanings::{MEANINGS, Meaning};

/// Words of a text that mean what a field or choice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mention {
    pub start: usize,
    pub end: usize,
    /// They mean the opposite of what the field is named by.
    pub opposite: bool,
}

/// The meanings of a field or of a choice.
pub(super) struct Terms {
    /// The meaning, and whether the field is named by its opposite.
    meanings: Vec<(&'static Meaning, bool)>,
}

impl Terms {
    /// The meanings of a field: what its name says counts before what its cues say.
    pub fn of_field(field: &Field) -> Self {
        let mut terms = Terms { meanings: Vec::new() };
        let key = field.key.replace('_', " ");
        for name in [&key, &field.label].into_iter().chain(&field.cues) {
            terms.add(&words_of(name), Fit::Inside);
        }
        terms
    }

    /// The meanings of one choice of an enum: its names are whole phrases.
    pub fn of_choice(choice: &Choice) -> Self {
        let mut terms = Terms { meanings: Vec::new() };
        for name in std::iter::once(&choice.id).chain(&choice.aliases) {
            terms.add(&words_of(name), Fit::Whole);
        }
        terms
    }

    fn add(&mut self, name: &[String], fit: Fit) {
        for meaning in MEANINGS.iter().filter(|meaning| !self.knows(meaning)).collect::<Vec<_>>() {
            let stands = |forms: &[&str]| forms.iter().any(|form| fit.holds(name, form));
            if stands(meaning.same) {
                self.meanings.push((meaning, false));
            } else if stands(meaning.opposite) {
                self.meanings.push((meaning, true));
            }
        }
    }

    fn knows(&self, meaning: &Meaning) -> bool {
        self.meanings.iter().any(|(own, _)| std::ptr::eq(*own, meaning))
    }

    /// Where the text says it, in order; of two that begin together the longer.
    pub fn find(&self, text: &str) -> Vec<Mention> {
        if self.meanings.is_empty() {
            return Vec::new();
        }
        let spans = tokens(text);
        let words: Vec<String> = spans.iter().map(|token| canonical(&fold(token.text(text)))).collect();
        let mut found: Vec<Mention> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let longest = |forms: &[&str]| forms.iter().filter_map(|form| run(&words[at..], form)).max();
            let said = self.meanings.iter().flat_map(|(meaning, turned)| {
                let same = longest(meaning.same).map(|length| (length, *turned));
                same.into_iter().chain(longest(meaning.opposite).map(|length| (length, !*turned)))
            });
            match said.max_by_key(|(length, _)| *length) {
                Some((length, opposite)) => {
                    found.push(Mention { start: spans[at].start, end: spans[at + length - 1].end, opposite });
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }
}

/// How a phrase must stand in a name.
#[derive(Clone, Copy)]
enum Fit {
    Whole,
    Inside,
}

impl Fit {
    fn holds(self, name: &[String], form: &str) -> bool {
        match self {
            Fit::Inside => (0..name.len()).any(|at| run(&name[at..], form).is_some()),
            Fit::Whole => {
                let skip = name.iter().take_while(|word| is_small(word)).count();
                let starts = [0, skip];
                starts.iter().any(|from| run(&name[*from..], form).is_some_and(|length| from + length == name.len()))
            }
        }
    }
}

/// How many words the phrase takes at the beginning of `words`; `None` when it does not stand there.
fn run(words: &[String], form: &str) -> Option<usize> {
    let mut length = 0;
    for part in form.split([' ', '-']) {
        let word = words.get(length)?;
        let fits = match part.strip_suffix('*') {
            Some(stem) => word.starts_with(stem),
            None => word == part,
        };
        if !fits {
            return None;
        }
        length += 1;
    }
    (length > 0).then_some(length)
}

fn words_of(name: &str) -> Vec<String> {
    tokens(name).iter().map(|token| canonical(&fold(token.text(name)))).collect()
}

/// One word for all possessives: whose it is, is the speaker's side to tell.
fn canonical(word: &str) -> String {
    match word {
        "your" | "my" | "their" | "his" | "her" => "our".to_owned(),
        other => other.trim_end_matches(['.', ',']).to_owned(),
    }
}

/// Words before a name that are not part of it: `by truck`, `on the plane`.
fn is_small(word: &str) -> bool {
    matches!(word, "by" | "on" | "the" | "a" | "an" | "via" | "over" | "in" | "per")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> Field {
        let text = format!("id: r\nversion: 1\nfields:\n  - {text}\n");
        crate::route::load("r.yaml", &text).unwrap().fields.swap_remove(0)
    }

    #[test]
    fn a_field_is_known_by_other_words_than_its_own() {
        let check = |route: &str, text: &str, expected: &[(&str, bool)]| {
            let found = Terms::of_field(&field(route)).find(text);
            let shown: Vec<_> = found.iter().map(|one| (&text[one.start..one.end], one.opposite)).collect();
            assert_eq!(shown, expected, "{route}: {text}");
        };
        let partial = "{key: partial_shipment, type: bool, cues: [all in one go]}";
        check(partial, "Lo queremos todo junto, por favor", &[("todo junto", true)]);
        check(partial, "two deliveries are fine", &[("two deliveries", false)]);
        check(partial, "the delivery is on Monday", &[]);
        let access = "{key: access, type: bool, cues: [log in to your account]}";
        check(access, "yes, they may log in to our account", &[("log in to our account", false)]);
        check("{key: hazardous, type: bool}", "kein Gefahrgut drin", &[("Gefahrgut", false)]);
        check("{key: note, type: bool}", "kein Gefahrgut drin", &[]);
    }

    #[test]
    fn a_choice_is_known_by_whole_names() {
        let check = |names: &[&str], text: &str, expected: bool| {
            let aliases = names.iter().map(|name| (*name).to_owned()).collect();
            let choice = Choice { id: "c".to_owned(), aliases };
            assert_eq!(!Terms::of_choice(&choice).find(text).is_empty(), expected, "{names:?}: {text}");
        };
        check(&["by truck"], "va en camión", true);
        check(&["by plane"], "I've put it on the plane", true);
        check(&["every quarter"], "Rechnungen bitte einmal im Quartal", true);
        check(&["truck drivers wanted"], "va en camión", false);
    }
}
