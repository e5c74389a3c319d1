//! What a field of business is also called. A route names a few cues for each
//! field; people have many more words for the same thing, in several languages.
//! A topic lists them once, for every route whose field bears one of its names.
//!
//! A phrase may leave a gap: `gehen … live` is seen around whatever stands
//! between the two parts, if that is short and ends no sentence.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

mod choices;
mod orders;
mod people;
mod sales;
mod tickets;

/// Opens a cue that says little by itself: it counts only beside others, or in a question.
pub const FAINT: char = '~';

/// Stands in a phrase where other words may come between.
pub const GAP: &str = " … ";

/// One thing people speak of, and their words for it.
#[derive(Debug)]
pub struct Topic {
    /// Names that a field of this topic bears, as key (with spaces) or label, in small letters.
    pub names: &'static [&'static str],
    /// Words near which its value tends to stand.
    pub cues: &'static [&'static str],
    /// For a yes/no field: words that say yes by themselves.
    pub yes: &'static [&'static str],
    /// Words that say no by themselves.
    pub no: &'static [&'static str],
}

impl Topic {
    const NONE: Topic = Topic { names: &[], cues: &[], yes: &[], no: &[] };
}

/// The topics of a field with this key and label.
pub fn topics_of(key: &str, label: &str) -> impl Iterator<Item = &'static Topic> {
    let (key, label) = (key.replace(['_', '-'], " ").to_lowercase(), label.trim().replace('-', " ").to_lowercase());
    let places = [key.as_str(), label.as_str()].map(|name| BY_NAME.get(name).map_or(&[][..], Vec::as_slice));
    // In the order of the tables, each once.
    let mut places: Vec<usize> = places.concat();
    places.sort_unstable();
    places.dedup();
    places.into_iter().filter_map(|place| TABLES.into_iter().flatten().nth(place))
}

/// Whether one of the topics of a field with this key and label bears a name; asked for every field of every handoff, so
/// that nothing is copied for it.
pub fn has_topic(key: &str, label: &str, name: &str) -> bool {
    let key = || key.chars().map(|c| if matches!(c, '_' | '-') { ' ' } else { c }).flat_map(char::to_lowercase);
    let label = || label.trim().chars().map(|c| if c == '-' { ' ' } else { c }).flat_map(char::to_lowercase);
    let is_own = |own: &&str| key().eq(own.chars()) || label().eq(own.chars());
    let places = BY_NAME.get(name).map_or(&[][..], Vec::as_slice);
    places
        .iter()
        .filter_map(|place| TABLES.into_iter().flatten().nth(*place))
        .any(|topic| topic.names.iter().any(is_own))
}

const TABLES: [&[Topic]; 4] = [sales::TOPICS, people::TOPICS, orders::TOPICS, tickets::TOPICS];

/// Name → places in the tables: fields are looked up more often than there are lines in a mail.
static BY_NAME: LazyLock<FxHashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut by_name: FxHashMap<&'static str, Vec<usize>> = FxHashMap::default();
    for (place, topic) in TABLES.into_iter().flatten().enumerate() {
        topic.names.iter().for_each(|name| by_name.entry(name).or_default().push(place));
    }
    by_name
});

/// Other names of a declared choice, by its id.
pub fn other_names(id: &str) -> &'static [&'static str] {
    let bare = id.replace(['_', '-'], " ").to_lowercase();
    choices::NAMES.iter().find(|(ids, _)| ids.contains(&bare.as_str())).map_or(&[], |(_, names)| names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_found_by_key_and_by_label() {
        assert!(topics_of("go_live_date", "Start").any(|topic| topic.cues.contains(&"gehen … live")));
        assert!(topics_of("d1", "Go-live date").any(|topic| topic.cues.contains(&"gehen … live")));
        assert_eq!(topics_of("favourite_colour", "Colour").count(), 0);
        let names = || TABLES.into_iter().flatten().flat_map(|topic| topic.names);
        for (key, label) in
            [("go_live_date", "Start"), ("d1", " Go-Live date"), ("x", "y"), ("contact_name", "Contact-Role")]
        {
            for name in names() {
                let expected = topics_of(key, label).any(|topic| topic.names.contains(name));
                assert_eq!(has_topic(key, label, name), expected, "{key}, {label}: {name}");
            }
        }
        assert!(other_names("quarterly").contains(&"vierteljährlich"));
        assert!(other_names("mauve").is_empty());
    }

    /// A condition at the end of a saying would hide in it what the yes depends on.
    #[test]
    fn no_saying_ends_in_a_condition() {
        for saying in TABLES.into_iter().flatten().flat_map(|topic| topic.yes.iter().chain(topic.no)) {
            let last = saying.rsplit([' ', ',']).next().unwrap_or_default();
            let open = matches!(last, "if" | "unless" | "wenn" | "falls" | "sobald" | "si" | "cuando");
            // `It works if I restart it`: here what stands behind is the way round itself.
            let asked_for = saying.starts_with("don't mind") || *saying == "it works if";
            assert!(!open || asked_for, "{saying}");
        }
    }

    #[test]
    fn phrases_are_in_small_letters_and_long_enough() {
        for phrase in TABLES.into_iter().flatten().flat_map(|topic| topic.cues.iter().chain(topic.yes).chain(topic.no))
        {
            assert_eq!(*phrase, phrase.to_lowercase());
            assert!(phrase.len() > 2 && phrase.trim() == *phrase, "{phrase}");
            assert!(phrase.matches(GAP).count() <= 1, "{phrase}");
        }
    }
}
