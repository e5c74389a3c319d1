//! What a reader of JSON says of a value that does not fit, in words for people
//! who never saw the reader: what stands there, and what has to.

/// What may be expected, as the reader names it, and in plain words.
const EXPECTED: [(&str, &str); 16] = [
    ("a string", "a text"),
    ("a borrowed string", "a text"),
    ("a map", "an object"),
    ("a sequence", "a list"),
    ("a boolean", "true or false"),
    ("unit", "nothing"),
    ("null", "nothing"),
    ("a number", "a number"),
    ("f64", "a number"),
    ("u8", "a whole number from 0 to 255"),
    ("u16", "a whole number from 0 to 65535"),
    ("u32", "a whole number, 0 or more"),
    ("u64", "a whole number, 0 or more"),
    ("usize", "a whole number, 0 or more"),
    ("i32", "a whole number"),
    ("i64", "a whole number"),
];

/// The message in plain words; what is not known stays as it is.
pub fn plain(message: &str) -> String {
    if let Some((found, expected)) = parts(message, "invalid type: ").or_else(|| parts(message, "invalid value: ")) {
        return format!("here stands {}; write {}", named(found), wanted(expected));
    }
    if let Some((found, expected)) = parts(message, "unknown variant ") {
        return format!("{found} is not known here; write {}", expected.strip_prefix("one of ").unwrap_or(expected));
    }
    // Of queries, whose values are all texts.
    match message {
        "invalid digit found in string" => "write a whole number, 0 or more".to_owned(),
        "number too large to fit in target type" => "the number is too large".to_owned(),
        "provided string was not `true` or `false`" => "write true or false".to_owned(),
        _ => named_key(message).unwrap_or_else(|| message.to_owned()),
    }
}

/// A key that is unknown, twice there, or missing.
fn named_key(message: &str) -> Option<String> {
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let (key, known) = rest.split_once(", expected ")?;
        return Some(format!("{key} is not known here; known are {}", known.strip_prefix("one of ").unwrap_or(known)));
    }
    if let Some(key) = message.strip_prefix("duplicate field ") {
        return Some(format!("{key} stands twice"));
    }
    message.strip_prefix("missing field ").map(|key| format!("{key} is needed"))
}

/// What was found and what was expected. Values may hold the words between them, names of ours do not.
fn parts<'m>(message: &'m str, start: &str) -> Option<(&'m str, &'m str)> {
    let rest = message.strip_prefix(start)?;
    if start == "unknown variant " {
        let end = rest.find("`, expected ")?;
        return Some((rest.get(..=end)?, rest.get(end..)?.strip_prefix("`, expected ")?));
    }
    rest.rsplit_once(", expected ")
}

/// A value as the reader names it: `integer `7``, `string "x"`, `map`.
fn named(found: &str) -> String {
    let (kind, value) = found.split_once(' ').map_or((found, ""), |(kind, value)| (kind, value));
    let value = value.trim_matches('`');
    match kind {
        "integer" => format!("the number {value}"),
        "floating" => format!("the number {}", value.trim_start_matches("point ").trim_matches('`')),
        "string" => format!("the text {value}"),
        "boolean" => value.to_owned(),
        "map" => "an object".to_owned(),
        "sequence" => "a list".to_owned(),
        "null" | "unit" => "null".to_owned(),
        _ => found.to_owned(),
    }
}

fn wanted(expected: &str) -> String {
    // The names of our types say nothing to a caller.
    if expected.starts_with("struct ") {
        return "an object".to_owned();
    }
    if expected.starts_with("string or map") || expected.starts_with("enum ") {
        return "one of the words that the description names".to_owned();
    }
    let known = EXPECTED.iter().find(|(name, _)| *name == expected);
    known.map_or(expected, |(_, words)| words).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_become_plain_words() {
        let check = |message: &str, expected: &str| assert_eq!(plain(message), expected);
        check("invalid type: integer `7`, expected a string", "here stands the number 7; write a text");
        check(
            "invalid type: floating point `1.5`, expected u32",
            "here stands the number 1.5; write a whole number, 0 or more",
        );
        check(
            "invalid type: string \"a, expected b\", expected a map",
            "here stands the text \"a, expected b\"; write an object",
        );
        check("invalid type: sequence, expected struct HandoffRequest", "here stands a list; write an object");
        check("invalid type: null, expected a sequence", "here stands null; write a list");
        check("invalid type: boolean `true`, expected a string", "here stands true; write a text");
        check("invalid type: map, expected a string", "here stands an object; write a text");
        check(
            "invalid value: integer `-1`, expected u32",
            "here stands the number -1; write a whole number, 0 or more",
        );
        check("unknown variant `blue`, expected `red` or `green`", "`blue` is not known here; write `red` or `green`");
        check("unknown variant `x`, expected one of `a`, `b`", "`x` is not known here; write `a`, `b`");
        check("something else", "something else");
    }
}
