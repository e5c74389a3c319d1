//! Names and addresses as header lines, speaker labels and signatures write
//! them.

use crate::conversation::Author;

/// Nobody is called longer, in characters.
const MAX_NAME_CHARS: usize = 100;

/// Words behind a name in brackets that name no company.
const ROLES: [&str; 9] =
    ["guest", "external", "host", "organizer", "organiser", "presenter", "you", "unverified", "co-host"];

/// Labels before a colon that begin a line of a form or note, not a turn of a speaker.
const NOT_NAMES: [&str; 76] = [
    "asistentes",
    "presentes",
    "présents",
    "teilnehmer",
    "anwesend",
    "attending",
    "speakers",
    "on the call",
    "account",
    "action",
    "actions",
    "action item",
    "action items",
    "address",
    "agenda",
    "amount",
    "answer",
    "attendees",
    "author",
    "background",
    "blocker",
    "blockers",
    "budget",
    "call",
    "cc",
    "challenges",
    "company",
    "context",
    "contract",
    "created",
    "date",
    "deadline",
    "deal",
    "decision",
    "decisions",
    "duration",
    "email",
    "example",
    "from",
    "goal",
    "goals",
    "go-live",
    "http",
    "https",
    "important",
    "location",
    "meeting",
    "name",
    "next step",
    "next steps",
    "note",
    "notes",
    "open questions",
    "outcome",
    "participants",
    "phone",
    "present",
    "ps",
    "question",
    "re",
    "recorded",
    "risk",
    "risks",
    "role",
    "sent",
    "source",
    "stage",
    "status",
    "subject",
    "summary",
    "time",
    "timeline",
    "title",
    "to",
    "todo",
    "topic",
];

/// Lower case words inside names.
const PARTICLES: [&str; 16] =
    ["de", "del", "della", "der", "den", "da", "das", "dos", "du", "van", "von", "zu", "bin", "al", "la", "y"];

/// An author out of `Dana Whitfield <dana@northwind.example>`, `"Whitfield, Dana" [mailto:…]`, a bare address or a bare name.
pub(super) fn read_author(text: &str) -> Author {
    let text = text.trim();
    let open = text.rfind(['<', '[', '(']);
    let bracketed = open.and_then(|open| {
        let inner = text.get(open + 1..)?.trim_end_matches(['>', ']', ')', ';', ',', ' ']);
        let inner = inner.strip_prefix("mailto:").unwrap_or(inner);
        is_address(inner).then(|| (text[..open].trim(), inner))
    });
    let (name, address) = match bracketed {
        Some((name, address)) => (name, Some(address)),
        None if is_address(text) => ("", Some(text)),
        None => (text, None),
    };
    let name = tidy_name(name);
    Author {
        name: (!name.is_empty() && !is_address(&name)).then_some(name),
        address: address.map(str::to_owned),
        side: Default::default(),
    }
}

/// One name as people say it: no quotes, `Whitfield, Dana` turned round.
pub(super) fn tidy_name(name: &str) -> String {
    let name = name.trim().trim_matches(['"', '\'', '*', ' ', ',', ';', ':']);
    let words = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.split_once(", ") {
        Some((last, first)) if !first.contains(',') && !last.is_empty() && last.split(' ').count() <= 2 => {
            format!("{first} {last}")
        }
        _ => words,
    }
}

/// A mention is a few bytes and may come a million times: the name it stands for must be short as well.
pub(super) fn cut_name(name: &str) -> String {
    name.chars().take(MAX_NAME_CHARS).collect()
}

pub(super) fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "<>()[]\",;:@".contains(c));
    plain(local) && plain(domain) && domain.contains('.') && text.len() <= 254
}

/// The domain of an address, in lower case.
pub(super) fn domain_of(address: &str) -> Option<String> {
    is_address(address).then(|| address.rsplit('@').next().unwrap_or_default().to_ascii_lowercase())
}

/// The label of an address's domain that its owner chose: `northwind` of `mail.northwind.co.uk`.
pub(super) fn company_of(address: &str) -> Option<String> {
    /// What registries put before the country: `co.uk`, `com.au`.
    const REGISTRIES: [&str; 8] = ["ac", "co", "com", "edu", "gov", "net", "or", "org"];
    let domain = domain_of(address)?;
    let mut labels = domain.rsplit('.');
    let (country, second) = (labels.next()?, labels.next()?);
    let behind_registry = country.len() == 2 && REGISTRIES.contains(&second);
    behind_registry.then(|| labels.next()).flatten().or(Some(second)).map(str::to_owned)
}

/// A name to compare with: lower case letters and digits, single spaces.
pub(super) fn fold_name(name: &str) -> String {
    let folded: String =
        name.chars().flat_map(char::to_lowercase).map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A speaker's label without what stands in brackets behind it, and the company named there.
pub(super) fn read_speaker(label: &str) -> (String, Option<String>) {
    let label = label.trim();
    let closing = label.ends_with([')', ']']);
    let split = if closing { label.rfind(['(', '[']) } else { label.find(" | ") };
    let Some(at) = split.filter(|at| *at > 0) else { return (tidy_name(label), None) };
    let inner = label[at..].trim_matches(['(', ')', '[', ']', '|', ' ']);
    let named = !inner.is_empty() && !ROLES.iter().any(|role| inner.eq_ignore_ascii_case(role));
    (tidy_name(&label[..at]), named.then(|| inner.to_owned()))
}

/// A line that opens a turn: `Dana Whitfield: yes` gives the label and what follows the colon.
pub(super) fn split_label(line: &str) -> Option<(&str, &str)> {
    let colon = line.bytes().take(64).position(|byte| byte == b':')?;
    let (label, rest) = (line.get(..colon)?, line.get(colon + 1..)?);
    let spaced = rest.is_empty() || rest.starts_with([' ', '\t', '\u{a0}']);
    (spaced && is_name(label)).then(|| (label.trim(), rest.trim()))
}

/// Whether a label can be somebody's name. Sentences and the labels of forms cannot.
pub(super) fn is_name(label: &str) -> bool {
    let (name, _) = read_speaker(label);
    let words: Vec<&str> = name.split(' ').collect();
    let letters = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '\'' | '’' | '-' | '_' | '&');
    if name.chars().count() < 2 || words.len() > 5 || !name.chars().all(letters) {
        return false;
    }
    let starts_a_name = |word: &str| {
        word.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase())
            || PARTICLES.contains(&word)
            || word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit())
            || word == "&"
    };
    words.iter().all(|word| starts_a_name(word))
        && name.starts_with(char::is_alphabetic)
        && !NOT_NAMES.contains(&name.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_authors() {
        let check = |text: &str, name: Option<&str>, address: Option<&str>| {
            let author = read_author(text);
            assert_eq!((author.name.as_deref(), author.address.as_deref()), (name, address), "{text}");
        };
        check("Dana Whitfield <dana@northwind.example>", Some("Dana Whitfield"), Some("dana@northwind.example"));
        check("\"Whitfield, Dana\" [mailto:d@n.example]", Some("Dana Whitfield"), Some("d@n.example"));
        check("dana@northwind.example", None, Some("dana@northwind.example"));
        check("d@n.example <d@n.example>", None, Some("d@n.example"));
        check("Dana Whitfield", Some("Dana Whitfield"), None);
        check("", None, None);
    }

    #[test]
    fn tells_speakers_from_labels() {
        let check = |line: &str, expected: Option<(&str, &str)>| assert_eq!(split_label(line), expected, "{line}");
        check("Dana Whitfield: we start", Some(("Dana Whitfield", "we start")));
        check("Dana Whitfield (Northwind): yes", Some(("Dana Whitfield (Northwind)", "yes")));
        check("Speaker 1: hi", Some(("Speaker 1", "hi")));
        check("Ludwig van Beek:", Some(("Ludwig van Beek", "")));
        check("Budget: 40k", None);
        check("The thing is: no", None);
        check("https://x.example", None);
        check("10:30 works", None);
        check("A: yes", None);
        assert_eq!(read_speaker("Dana Whitfield (Northwind)"), ("Dana Whitfield".into(), Some("Northwind".into())));
        assert_eq!(read_speaker("Dana Whitfield (Guest)"), ("Dana Whitfield".into(), None));
    }
}
