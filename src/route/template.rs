//! Templates of what a route sends: words with blanks such as `{{title}}`. The
//! blanks are a small closed set, so that a slip is found when the route is
//! read, and never when work moves.

use super::nearest::suggest;

/// The longest template, in letters.
const MOST_LETTERS: usize = 20_000;
const OPENS: &str = "{{";
const CLOSES: &str = "}}";
/// Before the key of a field.
const OF_FIELD: &str = "fields.";

/// Words with blanks, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// As it stands in the file.
    pub text: String,
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Words(String),
    Blank(Blank),
}

/// What a blank stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blank {
    /// What the handoff is called.
    Title,
    Handoff,
    ExternalId,
    Route,
    RouteTitle,
    FromTeam,
    ToTeam,
    /// The people of both teams, by name or address.
    FromOwner,
    ToOwner,
    /// The id of the pass with which the work moved.
    Pass,
    MovedAt,
    /// Every value of the brief, a line each.
    Brief,
    /// The receiver's personal link.
    Link,
    /// A field's value.
    Field(String),
}

/// All blanks but those of fields, by their names.
const NAMES: [(&str, Blank); 13] = [
    ("title", Blank::Title),
    ("handoff", Blank::Handoff),
    ("external_id", Blank::ExternalId),
    ("route", Blank::Route),
    ("route_title", Blank::RouteTitle),
    ("from_team", Blank::FromTeam),
    ("to_team", Blank::ToTeam),
    ("from_owner", Blank::FromOwner),
    ("to_owner", Blank::ToOwner),
    ("pass", Blank::Pass),
    ("moved_at", Blank::MovedAt),
    ("brief", Blank::Brief),
    ("link", Blank::Link),
];

/// What is wrong with a template, and how many letters stand before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub at: usize,
    pub message: String,
    pub mend: String,
}

impl Template {
    /// Reads a template; `fields` are the keys of the route.
    pub(super) fn read(text: &str, fields: &[&str]) -> Result<Template, Vec<Wrong>> {
        let (mut parts, mut wrong) = (Vec::new(), Vec::new());
        if text.chars().count() > MOST_LETTERS {
            let message = format!("the text has more than {MOST_LETTERS} letters");
            return Err(vec![Wrong { at: 0, message, mend: "write less".to_owned() }]);
        }
        let mut rest = text;
        // Letters before what is looked at.
        let mut at = 0;
        while let Some((words, after)) = rest.split_once(OPENS) {
            at += words.chars().count();
            if !words.is_empty() {
                parts.push(Part::Words(words.to_owned()));
            }
            let Some((name, next)) = after.split_once(CLOSES) else {
                let message = format!("`{OPENS}` is not closed");
                wrong.push(Wrong { at, message, mend: format!("write for example `{OPENS}title{CLOSES}`") });
                return Err(wrong);
            };
            match find(name.trim(), fields) {
                Ok(blank) => parts.push(Part::Blank(blank)),
                Err(mend) => {
                    let message = format!("`{OPENS}{name}{CLOSES}` stands for nothing");
                    wrong.push(Wrong { at, message, mend });
                }
            }
            at += name.chars().count() + OPENS.len() + CLOSES.len();
            rest = next;
        }
        if !rest.is_empty() {
            parts.push(Part::Words(rest.to_owned()));
        }
        if wrong.is_empty() { Ok(Template { text: text.to_owned(), parts }) } else { Err(wrong) }
    }

    pub fn has(&self, blank: &Blank) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Blank(own) if own == blank))
    }

    /// The one blank it consists of, if there is nothing else.
    pub fn sole_blank(&self) -> Option<&Blank> {
        match self.parts.as_slice() {
            [Part::Blank(blank)] => Some(blank),
            _ => None,
        }
    }
}

/// The blank of that name, or what to write instead.
fn find(name: &str, fields: &[&str]) -> Result<Blank, String> {
    if let Some(key) = name.strip_prefix(OF_FIELD) {
        if fields.contains(&key) {
            return Ok(Blank::Field(key.to_owned()));
        }
        let otherwise = "after `fields.` write the key of a field of this route";
        return Err(suggest(key, fields.iter().copied(), otherwise));
    }
    if let Some((_, blank)) = NAMES.iter().find(|(own, _)| *own == name) {
        return Ok(blank.clone());
    }
    if fields.contains(&name) {
        return Err(format!("write `{OPENS}{OF_FIELD}{name}{CLOSES}` for the value of a field"));
    }
    let all: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
    let otherwise = format!("there are {} and {OF_FIELD}KEY", all.join(", "));
    Err(suggest(name, all.iter().copied(), &otherwise))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_found_in_their_order() {
        let check = |text: &str, expected: &[&str]| {
            let template = Template::read(text, &["go_live_date"]).expect(text);
            let parts: Vec<String> = template
                .parts
                .iter()
                .map(|part| match part {
                    Part::Words(words) => words.clone(),
                    Part::Blank(blank) => format!("{blank:?}"),
                })
                .collect();
            assert_eq!(parts, expected, "{text}");
            assert_eq!(template.text, text);
        };
        check("", &[]);
        check("plain { } } words", &["plain { } } words"]);
        check("{{title}}", &["Title"]);
        check("{{ title }}: live {{fields.go_live_date}}!", &["Title", ": live ", "Field(\"go_live_date\")", "!"]);
        check("{{pass}}{{link}}", &["Pass", "Link"]);
        check("ü{{brief}}ü", &["ü", "Brief", "ü"]);
    }

    #[test]
    fn slips_are_found_with_their_place() {
        let check = |text: &str, at: usize, mend: &str| {
            let wrong = Template::read(text, &["go_live_date"]).expect_err(text);
            assert_eq!(wrong[0].at, at, "{text}: {wrong:?}");
            assert!(wrong[0].mend.contains(mend), "{text}: {wrong:?}");
        };
        check("{{titel}}", 0, "did you mean 'title'?");
        check("ü {{fields.go_live}}", 2, "the key of a field");
        check("{{fields.go_live_dat}}", 0, "did you mean 'go_live_date'?");
        check("{{go_live_date}}", 0, "{{fields.go_live_date}}");
        check("a {{title", 2, "{{title}}");
        check("{{}}", 0, "there are title");
        check("{{title}} {{x.y}}", 10, "there are title");
        check(&"x".repeat(MOST_LETTERS + 1), 0, "write less");
        let both = Template::read("{{a}}{{b}}", &[]).expect_err("two");
        assert_eq!(both.len(), 2);
    }
}
