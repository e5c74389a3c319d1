//! Words that fill a field without saying anything: junk (`TBD`, `asdf`, an
//! echo of the question) and vagueness (`ASAP`, `around 80k`, `someone from
//! IT`). Both bind the CRM and people as much as sources.

use jiff::Timestamp;

use super::lexicon::{Meaning, look_up};
use super::{Context, Kind, Precision, Reading, fold, read};

/// Whole answers that say nothing, folded.
#[rustfmt::skip]
const JUNK: &[&str] = &[
    "tbd", "tbc", "tba", "tbh", "na", "n a", "n", "none", "nil", "null", "unknown", "undefined", "nan",
    "xxx", "xx", "xxxx", "x", "test", "testing", "asdf", "asdfasdf", "asdfgh", "qwerty", "qwertz", "foo",
    "bar", "foobar", "foo bar", "lorem", "lorem ipsum", "see above", "see below", "see attached",
    "see notes", "see email", "as above", "as discussed", "same as above", "same", "above", "ditto",
    "to be determined", "to be decided", "to be confirmed", "to be defined", "to be announced",
    "not applicable", "not available", "not known", "not provided", "not sure", "not specified", "no idea",
    "dont know", "i dont know", "idk", "dunno", "placeholder", "todo", "to do", "fill in", "enter value",
    "enter text", "insert here", "blank", "empty", "pending", "k a", "ka", "keine angabe", "unbekannt",
    "abc", "123", "1234", "12345", "wip", "fixme", "nothing", "later", "sample", "example", "dummy",
    "default", "value", "string", "text", "some text", "data", "open",
];

/// Whether `text` is no answer at all. `labels` are the field's label and question: their echo is none either.
pub fn is_junk(text: &str, labels: &[&str]) -> bool {
    let trimmed = text.trim();
    let words = fold::words(trimmed);
    if words.is_empty() {
        return !trimmed.chars().any(char::is_alphanumeric);
    }
    let folded = words.join(" ");
    JUNK.contains(&folded.as_str())
        || puts_off_words(&words)
        || folded.starts_with("lorem ipsum")
        || is_placeholder(trimmed)
        || is_one_letter(&folded)
        || labels.iter().any(|label| echoes(&words, label))
}

/// Whether `text` fills a field of this kind without saying anything. What reads as the kind's value is one, whatever
/// it looks like (`123` is junk as a name and a good number), unless it only echoes a label (`Line 2`).
pub fn is_junk_value(kind: &Kind, text: &str, labels: &[&str]) -> bool {
    let context = Context { said_at: Some(Timestamp::UNIX_EPOCH), zone: None, around: None, participants: &[] };
    let free = matches!(kind, Kind::Text | Kind::LongText | Kind::Team | Kind::Person);
    let echoed = is_junk(text, labels) && !is_junk(text, &[]);
    echoed || is_junk(text, &[]) && (free || read(kind, text, &context).is_err())
}

/// What systems write into a box that is empty, folded.
#[rustfmt::skip]
const NONE: &[&str] = &[
    "tbd", "tbc", "tba", "na", "n a", "none", "nil", "null", "unknown", "undefined", "nan", "nothing", "blank", "empty",
    "pending", "not applicable", "not available", "not known", "not provided", "not specified", "k a", "ka",
    "keine angabe", "unbekannt",
];

/// Whether `text` says that there is no value, rather than filling the box with anything: `n/a`, `-`, `not decided yet`.
pub fn says_none(text: &str) -> bool {
    let words = fold::words(text.trim());
    NONE.contains(&words.join(" ").as_str())
        || words.is_empty() && !text.chars().any(char::is_alphanumeric)
        || puts_off_words(&words)
}

/// What people say instead of an answer, folded; little may stand around it.
#[rustfmt::skip]
const PUT_OFF: &[&str] = &[
    "still open", "not decided", "not yet decided", "not clear yet", "undecided", "well see", "we will see", "no idea",
    "to be decided", "to be confirmed", "to be determined", "will follow", "to follow", "look it up", "not at hand", "not sure yet",
    "let you know", "dont know yet", "up in the air", "wait and see", "noch offen", "sehen wir", "sehen wir dann",
    "noch nicht entschieden", "noch unklar", "wird nachgereicht", "pas encore decide", "on verra", "a voir", "reste a voir",
    "todavia sin decidir", "sin decidir", "ya veremos", "por ver", "por decidir", "aun no se sabe",
];

/// Words around it that say nothing either.
const AROUND: usize = 5;

/// Whether an answer only puts the question off: `still open on our side`, `on verra`.
pub fn puts_off(text: &str) -> bool {
    puts_off_words(&fold::words(text))
}

fn puts_off_words(words: &[String]) -> bool {
    PUT_OFF.iter().any(|phrase| {
        let length = phrase.split(' ').count();
        words.len() <= length + AROUND
            && words.windows(length).any(|window| phrase.split(' ').eq(window.iter().map(String::as_str)))
    })
}

/// `<name>`, `[insert date]`, `{{value}}`, `___`.
fn is_placeholder(text: &str) -> bool {
    let pairs = [('<', '>'), ('[', ']'), ('{', '}')];
    let wrapped = pairs.iter().any(|(open, close)| text.starts_with(*open) && text.ends_with(*close));
    wrapped && !text.contains('@') && !text.contains("://")
}

/// `aaaa`, `zzz`: one letter three times or more.
fn is_one_letter(folded: &str) -> bool {
    let mut letters = folded.chars();
    let Some(first) = letters.next() else { return false };
    folded.len() > 2
        && first.is_alphabetic()
        && folded != "www"
        && folded != "iii"
        && letters.all(|letter| letter == first)
}

fn echoes(words: &[String], label: &str) -> bool {
    let label = fold::words(label);
    !label.is_empty() && (label == words || fold::without_article(&label.join(" ")) == words)
}

/// Words that put a date, amount or name off without naming it.
#[rustfmt::skip]
const LOOSE: &[&str] = &[
    "asap", "soon", "sometime", "someday", "eventually", "shortly", "later", "whenever", "someone", "somebody",
    "something", "somewhere", "somehow", "various", "several", "few", "some", "many", "lots", "plenty",
    "couple", "dozens", "hundreds", "thousands", "usual", "standard", "typical", "normal", "appropriate",
    "relevant", "necessary", "whatever", "anything", "anyone", "anybody", "stuff", "things", "etc", "roughly",
    "around", "approximately", "about", "approx", "maybe", "probably", "possibly", "perhaps", "likely",
    "tentatively", "tentative", "flexible", "negotiable", "ballpark", "ish", "enough", "sufficient",
    "handful", "half", "most", "everybody", "everyone",
    "reasonable",
];

/// Words that say nothing by themselves, so that a text made only of them and the loose ones names nothing.
#[rustfmt::skip]
const EMPTY: &[&str] = &[
    "the", "a", "an", "their", "our", "his", "her", "my", "your", "its", "this", "that", "these", "those",
    "of", "for", "in", "on", "at", "from", "to", "with", "and", "or", "by", "as", "it", "we", "they", "is",
    "are", "be", "will", "all", "any", "more", "other", "others", "possible", "system", "systems", "tool",
    "tools", "software", "platform", "solution", "people", "person", "team", "teams", "users", "user",
    "contact", "guy", "guys", "folks", "thing", "way", "company", "customer", "client", "department",
    "business", "process", "processes", "information", "info", "details", "requirements", "needs", "need",
    "erp", "crm", "wms", "tms", "pim", "hris", "hr", "accounting", "database", "app", "apps", "legacy", "old", "obviously", "just", "work",
    "works", "working", "properly", "does", "doesnt", "do", "slow", "broken", "issue", "issues", "problem", "problems", "bug", "bugs", "error", "errors",
    "hours", "gets", "get", "planning", "efficient", "faster", "happier", "happy", "easier", "across", "board", "were", "looking", "there", "you", "know", "only",
    "goals", "goal", "improve", "improvement", "improvements", "efficiency", "better", "increase", "growth",
    "grow", "optimize", "optimise", "streamline", "lot", "kind", "sort", "type", "not", "integration",
    "integrations", "data", "existing", "current", "internal", "very", "next", "stage", "time", "day", "year",
    "office", "opening", "everywhere", "ah", "basically", "smoother", "bit", "really", "everything", "us",
    "hard", "say", "should", "than", "now", "same", "one", "last", "before", "like", "always", "again", "here", "usually",
    "runs", "run", "running", "nicer", "calmer", "less", "chaos", "stress", "hassle", "simply", "then", "when", "think", "i", "guess", "oh", "feel", "feels", "smooth", "smoothly", "well", "me", "modernise", "modernize", "digitalise", "digitalize", "plan", "would", "wed", "id", "want", "manage", "organise", "organize", "if", "life", "lims", "mes", "plm", "dms", "bi", "cad", "hcm", "pos", "payroll", "scheduling", "warehouse", "finance", "ticketing", "calendar", "spreadsheet",
    "month", "nothing", "special", "good", "great", "fine", "important", "specific", "general",
];

/// What people say of money without naming any, folded.
#[rustfmt::skip]
const MODEST: &[&str] = &[
    "cost a fortune", "cost the earth", "break the bank", "not too expensive", "nothing too expensive", "something reasonable", "a reasonable price", "as cheap as", "as little as possible", "not a lot of money", "tight budget", "small budget",
    "nicht zu teuer", "nicht die welt kosten", "kein vermogen", "moglichst gunstig", "pas trop cher", "raisonnable", "no muy caro", "algo razonable", "lo mas barato",
];

/// Why `text` is too loose for a field that must be specific; `None` when it is not.
pub fn vagueness(kind: &Kind, text: &str) -> Option<String> {
    let words = fold::words(text);
    if let Kind::Text | Kind::LongText | Kind::Team = kind {
        return generic(&words);
    }
    if matches!(kind, Kind::Money) && MODEST.iter().any(|idiom| words.join(" ").contains(idiom)) {
        return Some("says that it must not cost much, not how much".to_owned());
    }
    // Any day will do: whether `tomorrow` is firm does not depend on when it was said.
    let context = Context { said_at: Some(Timestamp::UNIX_EPOCH), zone: None, around: None, participants: &[] };
    let found = match read(kind, text, &context) {
        Ok(Reading { precision: Precision::Vague(reason), .. }) => Some(reason),
        _ => None,
    };
    found.or_else(|| loose_word(kind, &words))
}

/// Whether a word can take part in making a date, duration, amount or number vague: a figure, a word of time or number,
/// or a loose word. A text without any such word has no vagueness of those kinds, and need not be asked for it.
pub fn hints_at_value(word: &str) -> bool {
    if !word.is_ascii() || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let part_hints = |part: &str| {
        LOOSE.iter().any(|loose| part.eq_ignore_ascii_case(loose))
            || look_up(part).iter().any(|meaning| match meaning {
                Meaning::Opener => STANDS_ALONE.iter().any(|opener| part.eq_ignore_ascii_case(opener)),
                Meaning::Role
                | Meaning::Title
                | Meaning::Label
                | Meaning::Measure(_)
                | Meaning::Letter(_)
                | Meaning::Loose
                | Meaning::Currency(_)
                | Meaning::Zone(_)
                | Meaning::AmericanZone(_) => false,
                _ => true,
            })
    };
    word.contains(['\'', '+', '#']) || word.split(|c: char| !c.is_ascii_alphanumeric()).any(part_hints)
}

/// Whether a date can begin with the first word of `text`: it says something of time or number, or cannot be told here.
pub(super) fn may_open_date(text: &str) -> bool {
    let word = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    word.is_empty() || !text.is_ascii() || matches!(word, "Q" | "q" | "H" | "h") || !look_up(word).is_empty()
}

/// Words that open a date phrase and may be all of it.
const STANDS_ALONE: &[&str] = &["day", "eod", "cob", "eow", "eom", "eoq", "eoy", "net", "noon", "midnight"];

fn generic(words: &[String]) -> Option<String> {
    if words.is_empty() {
        return Some("no words".to_owned());
    }
    if words.iter().any(|word| matches!(word.as_str(), "someone" | "somebody")) && words.len() < 6 {
        return Some("names no one".to_owned());
    }
    // `in the Pallet Builder something is odd`: that there is something is not what it is.
    let odd = |three: &[String]| {
        three[0] == "something"
            && matches!(three[1].as_str(), "is" | "s" | "seems" | "looks" | "feels")
            && matches!(three[2].as_str(), "odd" | "wrong" | "off" | "strange" | "weird" | "funny" | "broken" | "up")
    };
    if words.len() < 20
        && words.windows(3).any(odd)
        && !words.iter().any(|word| word.bytes().any(|byte| byte.is_ascii_digit()))
    {
        return Some("says that something is wrong, not what".to_owned());
    }
    let says_nothing = |word: &String| LOOSE.contains(&word.as_str()) || EMPTY.contains(&word.as_str());
    words.iter().all(says_nothing).then(|| "only general words".to_owned())
}

fn loose_word(kind: &Kind, words: &[String]) -> Option<String> {
    if matches!(kind, Kind::Email | Kind::Phone | Kind::Url | Kind::Enum(_) | Kind::Bool) {
        return None;
    }
    words.iter().find(|word| LOOSE.contains(&word.as_str())).map(|word| format!("not firm ({word})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn junk_is_known() {
        let labels = ["Go-live date", "By which day must the customer be live?"];
        for junk in [
            "TBD",
            "tbc.",
            "n/a",
            "N.A.",
            "na",
            "none",
            "-",
            "--",
            "?",
            "???",
            "xxx",
            "asdf",
            "test",
            "see above",
            "Unknown",
            "lorem ipsum dolor",
            "<name>",
            "[insert date]",
            "{{x}}",
            "…",
            "",
            "  ",
            "Go-live Date",
            "go live date?",
            "By which day must the customer be live?",
            "aaaa",
            "TODO",
            "I don't know",
            "still open on our side",
            "not decided yet",
            "we'll see",
            "on verra",
            "pas encore décidé",
            "das sehen wir dann",
            "todavía sin decidir",
        ] {
            assert!(is_junk(junk, &labels), "{junk}");
        }
        for real in [
            "1 July",
            "Northwind",
            "No",
            "SAP",
            "5",
            "N26",
            "none of the sites in Spain",
            "<dana@nw.example>",
            "www.nw.example",
            "Test GmbH",
            "<https://nw.example>",
            "日本",
            "open platform for carriers",
            "C",
            "II",
        ] {
            assert!(!is_junk(real, &labels), "{real}");
        }
    }

    #[test]
    fn loose_words_are_vague() {
        let vague = |kind: &Kind, text: &str| assert!(vagueness(kind, text).is_some(), "{text}");
        let firm = |kind: &Kind, text: &str| assert_eq!(vagueness(kind, text), None, "{text}");
        for text in [
            "ASAP",
            "soon",
            "sometime in July",
            "July",
            "Q3",
            "mid-July 2026",
            "end of Q3",
            "early next year",
            "summer",
            "around 1 July",
        ] {
            vague(&Kind::Date, text);
        }
        firm(&Kind::Date, "1 July 2026");
        firm(&Kind::Date, "July 1");
        firm(&Kind::Date, "tomorrow");
        for text in [
            "around 80k",
            "about $80k",
            "~$80k",
            "<$80k",
            "under $80k",
            "up to EUR 80k",
            "between 80k and 90k",
            "at least $5",
            "$80k+",
        ] {
            vague(&Kind::Money, text);
        }
        firm(&Kind::Money, "$86,400");
        vague(&Kind::Number, "a few");
        vague(&Kind::Number, "5-10");
        firm(&Kind::Number, "40 users");
        for text in ["someone from IT", "Helen something", "their VP Ops", "Helen", "the CTO"] {
            vague(&Kind::Person, text);
        }
        firm(&Kind::Person, "Helen Ortiz");
        for text in ["their system", "the usual tools", "improve efficiency", "various", "someone from IT", "etc."] {
            vague(&Kind::Text, text);
        }
        firm(&Kind::Text, "improve dock turnaround by 20 %");
        firm(&Kind::Text, "SAP");
        firm(&Kind::Text, "their TMS and SAP");
    }
}
