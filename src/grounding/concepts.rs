//! What a field is about in other words than its own: the meanings that stand
//! in its key, label, cues and choices, looked for in a text in any of the
//! languages the table knows. Where a text holds the opposite, the opposite is
//! said of the field.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::language::{fold, tokens};
use crate::route::Field;
use crate::value::Choice;

use super::meanings::MEANINGS;

/// A phrase of the table: its words, its meaning, and whether it means the opposite.
struct Form {
    words: Vec<&'static str>,
    meaning: usize,
    opposite: bool,
}

/// Shorter words end too many others.
const LONG: usize = 7;

/// Phrases of one long word, which may end a compound.
static LONG_WORDS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let single =
        |form: &&Form| form.words.len() == 1 && form.words[0].chars().count() >= LONG && !form.words[0].ends_with('*');
    let copy = |form: &Form| Form { words: form.words.clone(), meaning: form.meaning, opposite: form.opposite };
    FORMS.values().flatten().filter(single).map(copy).collect()
});

/// The phrases by their first word; those whose first word is only begun stand under the empty one.
static FORMS: LazyLock<FxHashMap<&'static str, Vec<Form>>> = LazyLock::new(|| {
    let mut forms: FxHashMap<&'static str, Vec<Form>> = FxHashMap::default();
    for (meaning, entry) in MEANINGS.iter().enumerate() {
        let both = [(entry.same, false), (entry.opposite, true)];
        for (form, opposite) in both.iter().flat_map(|(all, opposite)| all.iter().map(move |form| (*form, *opposite))) {
            let words: Vec<&str> = form.split([' ', '-']).collect();
            let first = words.first().copied().filter(|first| !first.ends_with('*')).unwrap_or_default();
            forms.entry(first).or_default().push(Form { words, meaning, opposite });
        }
    }
    forms
});

/// Single long words that also end a longer one: `Europaletten` are pallets, `nonhazardous` is not hazardous.
fn is_compound(form: &Form, words: &[String]) -> bool {
    let ([part], Some(word)) = (form.words.as_slice(), words.first()) else { return false };
    part.chars().count() >= LONG
        && word.strip_suffix(part).is_some_and(|head| head.chars().count() > 2 && !matches!(head, "non" | "nicht"))
}

/// The phrases that stand at the beginning of some words.
fn forms_at(words: &[String]) -> impl Iterator<Item = &'static Form> + '_ {
    let first = words.first().map_or("", String::as_str);
    let under = |key: &str| FORMS.get(key).map_or(&[][..], Vec::as_slice);
    let whole = under(first).iter().chain(under("")).filter(|form| form.begins(words));
    let long = first.chars().count() > LONG + 2;
    whole.chain(LONG_WORDS.iter().filter(move |form| long && is_compound(form, words)))
}

impl Form {
    fn begins(&self, words: &[String]) -> bool {
        self.words.len() <= words.len()
            && self.words.iter().zip(words).all(|(part, word)| match part.strip_suffix('*') {
                Some(stem) => word.starts_with(stem),
                None => word == part,
            })
    }
}

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
    /// The meaning's place in the table, and whether the field is named by its opposite.
    meanings: Vec<(usize, bool)>,
}

impl Terms {
    /// The meanings of a field: what its name says counts before what its cues say.
    pub fn of_field(field: &Field) -> Self {
        let mut terms = Terms { meanings: Vec::new() };
        let key = field.key.replace('_', " ");
        for name in [&key, &field.label].into_iter().chain(&field.cues) {
            let words = words_of(name);
            for at in 0..words.len() {
                forms_at(&words[at..]).for_each(|form| terms.learn(form));
            }
        }
        terms
    }

    /// The meanings of one choice of an enum: its names are whole phrases.
    pub fn of_choice(choice: &Choice) -> Self {
        let mut terms = Terms { meanings: Vec::new() };
        for name in std::iter::once(&choice.id).chain(&choice.aliases) {
            let words = words_of(name);
            let skip = words.iter().take_while(|word| is_small(word)).count();
            for from in [0, skip] {
                let rest = &words[from..];
                forms_at(rest).filter(|form| form.words.len() == rest.len()).for_each(|form| terms.learn(form));
            }
        }
        terms
    }

    fn learn(&mut self, form: &Form) {
        if !self.meanings.iter().any(|(own, _)| *own == form.meaning) {
            self.meanings.push((form.meaning, form.opposite));
        }
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
            let turned =
                |form: &Form| self.meanings.iter().find(|(own, _)| *own == form.meaning).map(|(_, turned)| *turned);
            let said = forms_at(&words[at..]).filter_map(|form| Some((form, turned(form)?)));
            match said.max_by_key(|(form, _)| form.words.len()) {
                Some((form, turned)) => {
                    let last = at + form.words.len();
                    let opposite = form.opposite != turned;
                    found.push(Mention { start: spans[at].start, end: spans[last - 1].end, opposite });
                    at = last;
                }
                None => at += 1,
            }
        }
        found
    }
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
