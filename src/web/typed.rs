//! What somebody typed into a form, by the names of its inputs, and what is
//! wrong with it, with the input that it is about.

use std::collections::HashMap;

/// Inputs of one form; more come from no page of ours.
pub const MOST_INPUTS: usize = 10_000;

/// Something that has to be mended before anything is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The id of the input.
    pub anchor: String,
    pub text: String,
}

/// The inputs of a form that was sent.
#[derive(Debug, Clone, Default)]
pub struct Typed(pub(crate) HashMap<String, Vec<String>>);

impl Typed {
    /// Reads a body of names and values.
    pub fn read(body: &[u8]) -> Typed {
        let mut inputs: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(body).take(MOST_INPUTS) {
            inputs.entry(name.into_owned()).or_default().push(value.replace("\r\n", "\n").trim().to_owned());
        }
        Typed(inputs)
    }

    /// Adds one input.
    pub fn add(&mut self, name: &str, value: &str) {
        self.0.entry(name.to_owned()).or_default().push(value.replace("\r\n", "\n").trim().to_owned());
    }

    /// All inputs by their names.
    pub fn sorted(&self) -> Vec<(&str, &str)> {
        let mut all: Vec<(&str, &str)> = self
            .0
            .iter()
            .flat_map(|(name, values)| values.iter().map(|value| (name.as_str(), value.as_str())))
            .collect();
        all.sort_unstable();
        all
    }

    /// The first value of an input; empty when there is none.
    pub fn one(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// All values of an input that may be chosen several times.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.get(name).into_iter().flatten().map(String::as_str).filter(|value| !value.is_empty()).collect()
    }
}
