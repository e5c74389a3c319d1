//! The JSON in a model's text: past fences and chatter, with commas too many,
//! and, of a list that is damaged, the records that are whole. Nothing is
//! completed or invented; what is lost is counted.

use serde_json::Value as Json;

/// What was found in a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    Whole(Json),
    /// Whole records out of a damaged list, and how many others there were.
    Parts {
        records: Vec<Json>,
        lost: usize,
    },
    Nothing,
}

/// Looks for an object or a list.
pub fn find(text: &str) -> Found {
    let text = text.trim_start_matches('\u{feff}').trim();
    if let Some(json) = parse(text) {
        return Found::Whole(json);
    }
    // What a model thought aloud before it answered.
    let text = text.rsplit_once("</think>").map_or(text, |(_, answer)| answer.trim());
    if let Some(json) = parse(text) {
        return Found::Whole(json);
    }
    // The outermost braces or brackets, whatever stands around them.
    let list_first = text.find('[') < text.find('{') && text.contains('[');
    let pairs = if list_first { [('[', ']'), ('{', '}')] } else { [('{', '}'), ('[', ']')] };
    for (open, close) in pairs {
        let inner = text.find(open).zip(text.rfind(close)).and_then(|(start, end)| text.get(start..=end));
        if let Some(json) = inner.and_then(|inner| parse(inner).or_else(|| parse(&without_trailing_commas(inner)))) {
            return Found::Whole(json);
        }
    }
    let list = text.find("\"records\"").and_then(|at| text.get(at..)).unwrap_or(text);
    let Some(start) = list.find('[') else { return Found::Nothing };
    let (records, lost) = whole_records(&list[start + 1..]);
    if records.is_empty() && lost == 0 { Found::Nothing } else { Found::Parts { records, lost } }
}

/// serde_json refuses what is nested too deeply, so no answer can exhaust the stack.
fn parse(text: &str) -> Option<Json> {
    serde_json::from_str::<Json>(text).ok().filter(|json| json.is_object() || json.is_array())
}

/// Commas right before a closing brace or bracket, outside of strings.
fn without_trailing_commas(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut scan = Scan::default();
    for c in text.chars() {
        let outside = !scan.in_string;
        scan.step(c);
        if outside && matches!(c, '}' | ']') {
            let trimmed = kept.trim_end().len();
            if kept[..trimmed].ends_with(',') {
                kept.truncate(trimmed - 1);
            }
        }
        kept.push(c);
    }
    kept
}

/// The objects at the top of a list that are whole and readable, and the number of those that are not.
fn whole_records(text: &str) -> (Vec<Json>, usize) {
    let (mut records, mut lost) = (Vec::new(), 0);
    let mut scan = Scan::default();
    let mut start = None;
    for (at, c) in text.char_indices() {
        let depth = scan.depth;
        scan.step(c);
        if c == '{' && depth == 0 && scan.depth == 1 {
            start = Some(at);
        }
        if c == '}' && depth == 1 && scan.depth == 0 {
            match start.take().and_then(|start| parse(&text[start..=at])) {
                Some(record) => records.push(record),
                None => lost += 1,
            }
        }
        if c == ']' && depth == 0 && scan.depth == 0 && !scan.in_string {
            return (records, lost);
        }
    }
    (records, lost + usize::from(start.is_some()))
}

/// Where a walk over JSON text stands.
#[derive(Debug, Default)]
struct Scan {
    in_string: bool,
    escaped: bool,
    /// Open braces.
    depth: usize,
}

impl Scan {
    fn step(&mut self, c: char) {
        match (self.in_string, self.escaped, c) {
            (true, true, _) => self.escaped = false,
            (true, false, '\\') => self.escaped = true,
            (_, false, '"') => self.in_string = !self.in_string,
            (false, _, '{') => self.depth += 1,
            (false, _, '}') => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}
