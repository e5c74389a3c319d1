//! Declared choices and where they stand in text: whole words only, the
//! longest alias first, no guess beyond what the route declares.

use rustc_hash::FxHashMap;

use crate::language::other_names;

use super::{Choice, Precision, Reading, Unreadable, Value, fold};

/// Declared choices, made ready for many texts.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// First folded word to the forms that begin with it, longest first.
    forms: FxHashMap<String, Vec<Form>>,
}

#[derive(Debug, Clone)]
struct Form {
    words: Vec<String>,
    id: String,
}

impl Choices {
    pub fn new(choices: &[Choice]) -> Self {
        let mut forms: FxHashMap<String, Vec<Form>> = FxHashMap::default();
        for choice in choices {
            for name in names_of(choice) {
                let words: Vec<String> = word_spans(name).map(|(start, end)| fold::word(&name[start..end])).collect();
                if let Some(first) = words.first() {
                    forms.entry(first.clone()).or_default().push(Form { words, id: choice.id.clone() });
                }
            }
        }
        for same_start in forms.values_mut() {
            same_start.sort_by_key(|form| std::cmp::Reverse(form.words.len()));
        }
        Choices { forms }
    }

    /// Every mention in `text`: start, end and id, in order and apart.
    pub fn find(&self, text: &str) -> Vec<(usize, usize, &str)> {
        let spans: Vec<(usize, usize)> = word_spans(text).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while let Some((start, end)) = spans.get(at).copied() {
            match self.longest(text, &spans, at) {
                Some((form, last)) if !denied(text, start) => {
                    found.push((start, last, form.id.as_str()));
                    at += form.words.len();
                }
                _ => at += 1,
            }
            debug_assert!(end > start);
        }
        found
    }

    fn longest(&self, text: &str, spans: &[(usize, usize)], at: usize) -> Option<(&Form, usize)> {
        let (start, end) = spans.get(at).copied()?;
        let forms = self.forms.get(fold::word(text.get(start..end)?).as_str())?;
        forms.iter().find_map(|form| {
            let own = spans.get(at..at + form.words.len())?;
            let words = own
                .iter()
                .zip(&form.words)
                .skip(1)
                .all(|((start, end), word)| text.get(*start..*end).is_some_and(|found| fold::word(found) == *word));
            let close = own.windows(2).all(|pair| match pair {
                [(_, end), (start, _)] => text.get(*end..*start).is_some_and(joins),
                _ => true,
            });
            let last = own.last()?.1;
            (words && close).then_some((form, last))
        })
    }
}

/// A choice's id, the aliases its route gives it, and what it is called otherwise. A name that holds the id (`billed
/// monthly`) tells where to look, and is no longer name of the choice.
fn names_of(choice: &Choice) -> impl Iterator<Item = &str> {
    let own = std::iter::once(&choice.id).chain(&choice.aliases).map(String::as_str);
    let holds_id = |name: &str| name.split(' ').count() > 1 && name.split(' ').any(|word| word == choice.id);
    own.chain(other_names(&choice.id).iter().copied().filter(move |name| !holds_id(name)))
}

/// `non-renewing` is not `renewing`.
fn denied(text: &str, start: usize) -> bool {
    text.get(..start).is_some_and(|before| {
        let tail = before.as_bytes();
        let tail = tail.get(tail.len().saturating_sub(4)..).unwrap_or(tail);
        tail.eq_ignore_ascii_case(b"non-")
    })
}

/// What may stand between the words of one name.
fn joins(between: &str) -> bool {
    between.len() <= 8
        && between.chars().all(|sign| sign.is_whitespace() || matches!(sign, '-' | '_' | '/' | '.' | '\'' | '’' | '&'))
        && between.chars().filter(|sign| *sign == '\n').count() < 2
}

/// Runs of letters and digits; `+` and `#` after a letter belong to it.
fn word_spans(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut letters = text.char_indices().peekable();
    std::iter::from_fn(move || {
        while letters.next_if(|(_, letter)| !letter.is_alphanumeric()).is_some() {}
        let (start, _) = letters.peek().copied()?;
        let mut end = start;
        while let Some((at, letter)) = letters
            .next_if(|(_, letter)| letter.is_alphanumeric() || matches!(letter, '+' | '#' | '\u{300}'..='\u{36f}'))
        {
            end = at + letter.len_utf8();
        }
        Some((start, end))
    })
}

/// The whole text as one declared choice, by id or alias.
pub(super) fn read_choice(choices: &[Choice], text: &str) -> Result<Reading, Unreadable> {
    let own = name_words(text);
    let bare = own.strip_prefix(&["the".to_owned()]).unwrap_or(&own);
    let named = choices.iter().find(|choice| {
        names_of(choice).any(|name| {
            let words = name_words(name);
            !words.is_empty() && (words == own || words == bare)
        })
    });
    if let Some(choice) = named {
        return Ok(Reading { value: Value::Enum(choice.id.clone()), precision: Precision::Exact });
    }
    let all = Choices::new(choices);
    let mut ids: Vec<&str> = all.find(text).into_iter().map(|(_, _, id)| id).collect();
    ids.sort_unstable();
    ids.dedup();
    match ids.as_slice() {
        [] => Err(Unreadable::because("none of the declared choices")),
        [id] => Err(Unreadable::because(&format!("says more than the choice {id}"))),
        several => Err(Unreadable::because(&format!("names several choices: {}", several.join(", ")))),
    }
}

fn name_words(text: &str) -> Vec<String> {
    word_spans(text).map(|(start, end)| fold::word(&text[start..end])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices() -> Vec<Choice> {
        let choice = |id: &str, aliases: &[&str]| Choice {
            id: id.to_owned(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        };
        vec![
            choice("monthly", &["per month"]),
            choice("yearly", &["annual", "per year", "annual upfront"]),
            choice("up_front", &["24/7", "C++"]),
        ]
    }

    #[test]
    fn mentions_are_whole_declared_words() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let all = Choices::new(&choices());
            let found: Vec<(&str, &str)> =
                all.find(text).into_iter().map(|(start, end, id)| (&text[start..end], id)).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("Billed Monthly, or per\nyear.", &[("Monthly", "monthly"), ("per\nyear", "yearly")]);
        check("annual upfront", &[("annual upfront", "yearly")]);
        check("annually, bimonthly, non-annual", &[]);
        check(
            "up-front / up front / UP_FRONT",
            &[("up-front", "up_front"), ("up front", "up_front"), ("UP_FRONT", "up_front")],
        );
        check("c++ 24/7", &[("c++", "up_front"), ("24/7", "up_front")]);
        check("per, month", &[]);
        check("", &[]);
    }

    #[test]
    fn a_choice_is_read_whole() {
        let check = |text: &str, expected: Result<&str, &str>| {
            let found = read_choice(&choices(), text);
            let found = found.as_ref().map(|reading| reading.value.clone()).map_err(|error| error.reason.as_str());
            assert_eq!(found, expected.map(|id| Value::Enum(id.to_owned())), "{text}");
        };
        check(" Monthly. ", Ok("monthly"));
        check("the Up Front", Ok("up_front"));
        check("per-month", Ok("monthly"));
        check("monthly or yearly", Err("names several choices: monthly, yearly"));
        check("monthly I guess", Err("says more than the choice monthly"));
        check("weekly", Err("none of the declared choices"));
    }
}
