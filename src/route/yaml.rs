//! YAML with places: text becomes a tree whose every node knows its line and
//! column. The reader of the `saphyr` crate does the work; this file keeps
//! hostile input (depth, aliases, size) from leading it astray, and goes on
//! after a key that stands twice, so that all mistakes come at once.

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, ScanError, YamlData};

/// No route needs more, and everything that reads one may rely on it.
const LONGEST_BYTES: usize = 1 << 20;
/// How far right a line may begin. Block collections nest by column, so this bounds how deep the
/// parser recurses; flow collections it bounds itself, at 255.
const DEEPEST_COLUMN: usize = 100;
/// Routes nest five deep; what is deeper is not looked at.
const DEEPEST_LEVEL: usize = 16;
/// The parser holds anchored parts twice, so anchors times bytes bounds its memory.
const MOST_ANCHOR_BYTES: usize = 16 << 20;
/// After this many keys that stand twice the file is not read on.
const MOST_DUPLICATES: usize = 32;
/// Marks keys that stand twice while the file is read again; private use, so no key begins with it.
const DUPLICATE_MARK: u32 = 0xE000;

/// Line and column, both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub line: usize,
    pub column: usize,
}

/// What keeps (part of) a text from being read as one YAML document.
#[derive(Debug)]
pub(super) struct Fault {
    pub place: Place,
    pub message: String,
    pub mend: String,
}

/// A node of the tree.
#[derive(Debug)]
pub(super) struct Node {
    pub place: Place,
    pub content: Content,
    /// A single-line scalar without escapes: its text begins at this column, so places inside it can be told.
    pub text_column: Option<usize>,
}

#[derive(Debug)]
pub(super) enum Content {
    Null,
    Bool(bool),
    /// A number, and how it is spelled.
    Number(Option<i64>, String),
    Text(String),
    Sequence(Vec<Node>),
    /// In the order of the file, without the entries that are faults.
    Mapping(Vec<(Node, Node)>),
    /// Too deep, or not what its tag says.
    Unreadable,
}

impl Node {
    /// What the node is, as a person would say it.
    pub(super) fn describe(&self) -> &'static str {
        match self.content {
            Content::Null => "nothing",
            Content::Bool(_) => "true or false",
            Content::Number(..) => "a number",
            Content::Text(_) => "text",
            Content::Sequence(_) => "a list",
            Content::Mapping(_) => "a mapping",
            Content::Unreadable => "nested too deep or wrongly tagged",
        }
    }
}

/// The tree of `text`, `None` if there is none to look at, and every fault on the way.
pub(super) fn parse(text: &str) -> (Option<Node>, Vec<Fault>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(fault) = refuse(text) {
        return (None, vec![fault]);
    }
    let mut faults = Vec::new();
    let mut repaired: Option<String> = None;
    loop {
        let current = repaired.as_deref().unwrap_or(text);
        let error = match MarkedYaml::load_from_str(current) {
            Ok(documents) => {
                let root = single(documents, &mut faults);
                return (root.map(|root| Converter::new(current).convert(root, 0)), faults);
            }
            Err(error) => error,
        };
        let is_duplicate = error.info() == "duplicated key in mapping";
        let next = if is_duplicate && faults.len() < MOST_DUPLICATES {
            mark_duplicate(current, error.marker().index(), faults.len())
        } else {
            None
        };
        faults.push(fault_of(&error, is_duplicate));
        match next {
            Some(next) => repaired = Some(next),
            None => return (None, faults),
        }
    }
}

/// The reasons not to hand a text to the parser at all.
fn refuse(text: &str) -> Option<Fault> {
    let first = Place { line: 1, column: 1 };
    if text.len() > LONGEST_BYTES {
        let message = format!("the file is larger than {LONGEST_BYTES} bytes");
        return Some(Fault { place: first, message, mend: "split it into several routes".to_string() });
    }
    if text.bytes().filter(|byte| *byte == b'&').count().saturating_mul(text.len()) > MOST_ANCHOR_BYTES {
        let message = "there are too many anchors (&) for a file of this size".to_string();
        return Some(Fault { place: first, message, mend: "write the repeated parts out".to_string() });
    }
    let too_deep = |line: &str| {
        let start = line.trim_start_matches([' ', '\t', '-', '?', ':']);
        line.len() - start.len() > DEEPEST_COLUMN && !start.starts_with('#')
    };
    text.lines().position(too_deep).map(|index| Fault {
        place: Place { line: index + 1, column: DEEPEST_COLUMN + 1 },
        message: format!("the line begins more than {DEEPEST_COLUMN} columns to the right"),
        mend: "indent by two spaces a level".to_string(),
    })
}

fn single<'input>(documents: Vec<MarkedYaml<'input>>, faults: &mut Vec<Fault>) -> Option<MarkedYaml<'input>> {
    let mut documents = documents.into_iter();
    let Some(root) = documents.next() else {
        faults.push(Fault {
            place: Place { line: 1, column: 1 },
            message: "the file is empty".to_string(),
            mend: "begin with `id: sender-to-receiver` and `fields:`".to_string(),
        });
        return None;
    };
    if let Some(second) = documents.next() {
        faults.push(Fault {
            place: place_of(&second.span.start),
            message: "a second document begins here".to_string(),
            mend: "write one route a file".to_string(),
        });
    }
    Some(root)
}

fn fault_of(error: &ScanError, is_duplicate: bool) -> Fault {
    let place = place_of(error.marker());
    if is_duplicate {
        let message = "this key stands twice in the same mapping".to_string();
        return Fault { place, message, mend: "keep one of the two".to_string() };
    }
    let mend = match error.info() {
        info if info.contains("alias") => "write the repeated parts out",
        info if info.contains("mapping values") => "put quotes around text that holds `: `, and check the indentation",
        info if info.contains("tab") => "indent with spaces",
        info if info.contains("quoted scalar") => "close the quotes",
        _ => "check quotes, brackets, colons and the indentation here and in the line above",
    };
    Fault { place, message: format!("not valid YAML: {}", error.info()), mend: mend.to_string() }
}

/// The text with the key at this character made unlike every other key, all places kept; `None` if
/// the key is no simple word.
fn mark_duplicate(text: &str, at_char: usize, number: usize) -> Option<String> {
    let (start, first) = text.char_indices().nth(at_char)?;
    let quote = if first == '"' || first == '\'' { first.len_utf8() } else { 0 };
    let (before, rest) = text.split_at(start + quote);
    let replaced = rest.chars().next().filter(|c| c.is_alphanumeric() || *c == '_')?;
    let mark = char::from_u32(DUPLICATE_MARK + u32::try_from(number).ok()?)?;
    Some(format!("{before}{mark}{}", &rest[replaced.len_utf8()..]))
}

fn place_of(marker: &saphyr::Marker) -> Place {
    Place { line: marker.line().max(1), column: marker.col() + 1 }
}

/// Makes the parser's tree ours: bounded in depth, scalars with their spelling.
struct Converter<'a> {
    text: &'a str,
    /// Byte offset of each character, when they differ from the character numbers.
    offsets: Option<Vec<usize>>,
}

impl<'a> Converter<'a> {
    fn new(text: &'a str) -> Self {
        let offsets = (!text.is_ascii()).then(|| text.char_indices().map(|(offset, _)| offset).collect());
        Self { text, offsets }
    }

    fn spelled(&self, start: usize, end: usize) -> &'a str {
        let offset = |index: usize| match &self.offsets {
            Some(offsets) => offsets.get(index).copied().unwrap_or(self.text.len()),
            None => index,
        };
        self.text.get(offset(start)..offset(end)).unwrap_or("").trim_end()
    }

    fn convert(&self, node: MarkedYaml<'_>, level: usize) -> Node {
        let place = place_of(&node.span.start);
        let spelled = self.spelled(node.span.start.index(), node.span.end.index().max(node.span.start.index()));
        let text_column = match &node.data {
            YamlData::Value(Scalar::String(text)) if spelled == text => Some(place.column),
            YamlData::Value(Scalar::String(text)) if is_quoted(spelled, text) => Some(place.column + 1),
            _ => None,
        };
        let content = match node.data {
            _ if level > DEEPEST_LEVEL => Content::Unreadable,
            YamlData::Tagged(_, inner) => return self.convert(*inner, level + 1),
            YamlData::Value(Scalar::Null) => Content::Null,
            YamlData::Value(Scalar::Boolean(flag)) => Content::Bool(flag),
            YamlData::Value(Scalar::Integer(number)) => Content::Number(Some(number), spelled.to_string()),
            YamlData::Value(Scalar::FloatingPoint(_)) => Content::Number(None, spelled.to_string()),
            YamlData::Value(Scalar::String(text)) => Content::Text(text.into_owned()),
            YamlData::Representation(text, ..) => Content::Text(text.into_owned()),
            YamlData::Sequence(items) => {
                Content::Sequence(items.into_iter().map(|item| self.convert(item, level + 1)).collect())
            }
            YamlData::Mapping(entries) => Content::Mapping(
                entries
                    .into_iter()
                    .map(|(key, value)| (self.convert(key, level + 1), self.convert(value, level + 1)))
                    .filter(|(key, _)| !is_marked_duplicate(key))
                    .collect(),
            ),
            YamlData::Alias(_) | YamlData::BadValue => Content::Unreadable,
        };
        Node { place, content, text_column }
    }
}

fn is_quoted(spelled: &str, text: &str) -> bool {
    ['"', '\''].iter().any(|quote| {
        spelled.strip_prefix(*quote).and_then(|inner| inner.strip_suffix(*quote)).is_some_and(|inner| inner == text)
    })
}

fn is_marked_duplicate(key: &Node) -> bool {
    let Content::Text(text) = &key.content else { return false };
    let marks = DUPLICATE_MARK..DUPLICATE_MARK + MOST_DUPLICATES as u32;
    text.chars().next().is_some_and(|first| marks.contains(&u32::from(first)))
}
