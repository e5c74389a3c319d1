//! Many small cases in one test: each is tried, and all that went wrong are told at once.

use baton::conversation::Conversation;
use baton::grounding::{Grounded, Standing};
use baton::value::to_json;
use serde_json::Value as Json;

use crate::talk::{claim, fields, ground};

/// Failures of one test.
#[derive(Default)]
pub struct Sheet {
    failures: Vec<String>,
}

impl Sheet {
    /// Run at the end of every test.
    pub fn done(self) {
        assert!(self.failures.is_empty(), "{} wrong:\n{}", self.failures.len(), self.failures.join("\n"));
    }

    fn one(&mut self, talk: &Conversation, field: &str, cited: &[(u32, &str)], raw: &str, value: &str) -> Tried {
        let said: Vec<&str> = talk.messages.iter().map(|message| message.text.as_str()).collect();
        let said: String = said.join(" / ").chars().take(300).collect();
        let quotes: String = format!("{cited:?}").chars().take(300).collect();
        let name = format!("{field} = {value:.60?} ({raw:.60?}) by {quotes} in {said:?}");
        let claims = [claim(field, cited, raw, value)];
        // A case that panics must not hide the others.
        let result = std::panic::catch_unwind(|| ground(talk, &fields(), &claims).into_iter().next());
        match result {
            Ok(grounded) => Tried { name, grounded },
            Err(problem) => {
                let words = problem.downcast_ref::<String>().cloned().unwrap_or_default();
                self.failures.push(format!("PANIC {name}: {words}"));
                Tried { name, grounded: None }
            }
        }
    }

    /// The claim stands, with this value.
    pub fn stands(
        &mut self,
        talk: &Conversation,
        (field, raw, value): (&str, &str, &str),
        cited: &[(u32, &str)],
        expected: Json,
    ) {
        let tried = self.one(talk, field, cited, raw, value);
        match &tried.grounded {
            Some(one) if one.standing == Standing::Supported && to_json(&one.value) == expected => {}
            _ => self.failures.push(format!("should stand as {expected}: {}", tried.told())),
        }
    }

    /// The claim does not stand; it may be offered to a person or dropped.
    pub fn falls(&mut self, talk: &Conversation, (field, raw, value): (&str, &str, &str), cited: &[(u32, &str)]) {
        let tried = self.one(talk, field, cited, raw, value);
        if tried.grounded.as_ref().is_some_and(|one| one.standing == Standing::Supported) {
            self.failures.push(format!("should not stand: {}", tried.told()));
        }
    }

    /// The claim does not stand but is kept for a person, with this value.
    pub fn waits(
        &mut self,
        talk: &Conversation,
        (field, raw, value): (&str, &str, &str),
        cited: &[(u32, &str)],
        expected: Json,
    ) {
        let tried = self.one(talk, field, cited, raw, value);
        match &tried.grounded {
            Some(one) if one.standing != Standing::Supported && to_json(&one.value) == expected => {}
            _ => self.failures.push(format!("should wait for a person as {expected}: {}", tried.told())),
        }
    }

    /// The claim stands, shown by the words of this message.
    pub fn rescued(
        &mut self,
        talk: &Conversation,
        (field, raw, value): (&str, &str, &str),
        cited: &[(u32, &str)],
        (expected, message): (Json, u32),
    ) {
        let tried = self.one(talk, field, cited, raw, value);
        match &tried.grounded {
            Some(one)
                if one.standing == Standing::Supported
                    && to_json(&one.value) == expected
                    && one.evidence[0].message.0 == message => {}
            _ => self.failures.push(format!("should be rescued as {expected} from m{message}: {}", tried.told())),
        }
    }

    pub fn note(&mut self, holds: impl FnOnce() -> bool, name: &str) {
        if !holds() {
            self.failures.push(name.to_owned());
        }
    }
}

struct Tried {
    name: String,
    grounded: Option<Grounded>,
}

impl Tried {
    fn told(&self) -> String {
        let got = self.grounded.as_ref().map_or("nothing".to_owned(), |one| {
            let quotes: Vec<String> = one
                .evidence
                .iter()
                .map(|e| format!("{} {:?} {:?} by {:?}", e.message, e.tier, e.quote, e.author))
                .collect();
            format!("{:?} {} from {quotes:?}, side {:?}", one.standing, to_json(&one.value), one.side)
        });
        format!("{}\n      got {got}", self.name)
    }
}
