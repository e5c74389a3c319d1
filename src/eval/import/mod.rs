//! A finished handoff as a case: what people left, confirmed and corrected
//! becomes the gold, so that the next reader is judged by what use taught.
//! What only a person knew is no gold: a case asks what the sources say, and
//! where they are silent the reader must ask again.

pub mod corrections;
mod labels;
pub mod pseudonyms;
mod words;
pub mod writing;

use jiff::Timestamp;

use super::cases::Case;
use crate::brief::Brief;
use crate::conversation::Conversation;
use crate::intake::{self, Input, Options};
use crate::route::Route;
use corrections::Correction;

pub use labels::WORDS_MISSING;

/// What a case is made of.
pub struct Handoff {
    /// The id of the case to be.
    pub id: String,
    pub route: Route,
    pub brief: Brief,
    /// The conversation the brief was made from, where it was kept beside it.
    pub conversation: Option<Conversation>,
    /// Fields whose brief people left as it was count as looked at.
    pub trust_brief: bool,
    pub corrections: Vec<Correction>,
    /// Files that somebody said need not be read, with the reason.
    pub dismissed: Vec<(String, String)>,
    pub as_of: Timestamp,
    pub our_domains: Vec<String>,
    pub known: Vec<(String, String)>,
    pub sources: Vec<Input>,
}

/// A case to be written, and what a person should look at before it is believed.
pub struct Imported {
    pub case: Case,
    pub checks: Vec<String>,
}

/// Makes the case; an error says what cannot be used.
pub fn import(handoff: Handoff) -> Result<Imported, String> {
    check(&handoff)?;
    let mut checks = Vec::new();
    let sources = flattened(handoff.sources.clone(), &mut checks);
    let sources = without_dismissed(sources, &handoff, &mut checks);
    if sources.is_empty() {
        return Err("no source is left; name the files that the brief was made from".to_owned());
    }
    let conversation = intake::read(sources.clone(), &Options::of(&handoff.our_domains));
    compare(&handoff, &conversation, &mut checks);
    let expected = labels::label(&handoff, &conversation, &mut checks)?;
    let case = Case {
        id: handoff.id,
        route: handoff.route,
        as_of: handoff.as_of,
        our_domains: handoff.our_domains,
        known: handoff.known,
        tags: vec!["imported".to_owned()],
        sources,
        expected,
    };
    Ok(Imported { case, checks })
}

fn check(handoff: &Handoff) -> Result<(), String> {
    let Handoff { brief, route, .. } = handoff;
    if brief.route.id != route.id {
        return Err(format!("the brief was made for the route `{}`, not for `{}`", brief.route.id, route.id));
    }
    if let Some((key, _)) = brief.fields.iter().find(|(key, _)| route.field(key).is_none()) {
        return Err(format!("the brief has a field `{key}`, which the route `{}` does not have", route.id));
    }
    if let Some(one) = handoff.corrections.iter().find(|one| route.field(&one.field).is_none()) {
        return Err(format!("`{}` is corrected, and the route `{}` has no such field", one.field, route.id));
    }
    if handoff.trust_brief && !crate::verdict::is_whole(brief.coverage) {
        return Err("the brief's reader did not read everything, so it cannot be trusted where nobody looked; \
                    leave out --trust-brief or make the brief again"
            .to_owned());
    }
    Ok(())
}

/// A case has its files in one folder: folders become part of the name, and no name stands twice.
fn flattened(sources: Vec<Input>, checks: &mut Vec<String>) -> Vec<Input> {
    let mut flat: Vec<Input> = Vec::with_capacity(sources.len());
    for mut source in sources {
        let name = plain_name(&source.name);
        let mut unique = name.clone();
        let mut count = 2;
        while flat.iter().any(|other| other.name == unique) {
            unique = format!("{count}-{name}");
            count += 1;
        }
        if unique != source.name {
            checks.push(format!("{} is called {unique} in the case", source.name));
        }
        source.name = unique;
        flat.push(source);
    }
    flat
}

fn plain_name(name: &str) -> String {
    let letters = |c: char| if matches!(c, '/' | '\\' | ':' | '\0'..='\u{1f}' | '\u{7f}') { '-' } else { c };
    let plain: String = name.chars().map(letters).collect();
    let plain = plain.trim_start_matches(['.', '-', ' ']).trim_end();
    if plain.is_empty() { "source".to_owned() } else { plain.to_owned() }
}

/// What somebody said need not be read is no part of what a reader must read.
fn without_dismissed(sources: Vec<Input>, handoff: &Handoff, checks: &mut Vec<String>) -> Vec<Input> {
    let names: Vec<String> = handoff.dismissed.iter().map(|(name, _)| plain_name(name)).collect();
    for ((name, _), plain) in handoff.dismissed.iter().zip(&names) {
        checks.push(match sources.iter().any(|source| source.name == *plain) {
            true => format!("{name} was dismissed and is left out of the case"),
            false => format!(
                "{name} was dismissed but lies inside another file: its gap is expected, since no reader can dismiss it"
            ),
        });
    }
    sources.into_iter().filter(|source| !names.contains(&source.name)).collect()
}

/// The brief's quotes point into a conversation; another one is told, since quotes may then not be found.
fn compare(handoff: &Handoff, now: &Conversation, checks: &mut Vec<String>) {
    let Some(then) = &handoff.conversation else { return };
    let texts = |conversation: &Conversation| -> Vec<String> {
        conversation.messages.iter().map(|message| message.text.clone()).collect()
    };
    let (then, now) = (texts(then), texts(now));
    if then != now {
        checks.push(format!(
            "the sources are read otherwise than when the brief was made ({} messages then, {} now): were all files given?",
            then.len(),
            now.len()
        ));
    }
}
