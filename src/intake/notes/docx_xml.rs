//! The words of one part of a Word document (its body, its footnotes, a
//! comment), read in one pass without a tree, so that nesting costs nothing. The
//! elements are those of WordprocessingML (ECMA-376, part 1, chapter 17).

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use rustc_hash::FxHashMap;

use super::sections::HeadingLine;
use crate::intake::markup;

/// Words that a comment stands at, at most.
const MAX_ANCHOR_BYTES: usize = 300;

/// Comments whose words are kept at the same time.
const MAX_OPEN_ANCHORS: usize = 100;

/// Letters of half a point's size up to this are dots on the page.
const UNSEEN_HALF_POINTS: u32 = 4;

/// What a part says.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub text: String,
    pub headings: Vec<HeadingLine>,
    /// Where notes and comments begin, for parts that hold several: the byte and what the part says of each.
    pub items: Vec<Item>,
    /// By the id of a comment: the words it stands at, and the byte behind them.
    pub anchors: FxHashMap<String, (String, usize)>,
    /// Stretches that somebody struck out.
    pub deletions: usize,
    pub pictures: usize,
    /// Letters that the page shows to nobody.
    pub unseen: usize,
    /// Why the rest was not read.
    pub broken: Option<String>,
}

/// A footnote or comment inside its part.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub start: usize,
    pub id: String,
    pub author: Option<String>,
    pub date: Option<String>,
    /// Of footnotes: `separator` and the like are no words.
    pub kind: Option<String>,
}

/// Reads a part's XML; what comes before a mistake in it is kept.
pub(super) fn read_part(xml: &str) -> Part {
    let mut scribe = Scribe::default();
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                scribe.depth += 1;
                scribe.open(&tag, false);
            }
            Ok(Event::Empty(tag)) => {
                scribe.open(&tag, true);
            }
            Ok(Event::End(tag)) => {
                scribe.close(tag.local_name().as_ref());
                scribe.depth = scribe.depth.saturating_sub(1);
            }
            Ok(Event::Text(words)) => scribe.write(&words.xml10_content()),
            Ok(Event::CData(words)) => scribe.write(&words.xml10_content()),
            Ok(Event::GeneralRef(entity)) => {
                let mut decoded = String::new();
                markup::push_decoded(&mut decoded, &format!("&{};", &*entity));
                scribe.write(&decoded);
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                scribe.part.broken = Some(format!("its text breaks off: {error}"));
                break;
            }
        }
    }
    scribe.end_line();
    scribe.part
}

#[derive(Debug, Default)]
struct Scribe {
    part: Part,
    depth: usize,
    /// Inside `w:t`, where alone words stand.
    in_words: bool,
    /// The depth of an element whose content is left out.
    skipped: Option<usize>,
    /// Where the paragraph began, its heading level, and whether it is an item of a list.
    line_start: usize,
    level: usize,
    is_item: bool,
    /// Of the run: hidden, white, tiny.
    hidden: bool,
    /// A cell, paragraph or run has a ground of its own, on which white is seen.
    shaded: [bool; 3],
    /// How many cells, one inside the other, are open.
    in_cell: usize,
    open_anchors: Vec<(String, usize)>,
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().with_checks(false).flatten().find(|found| found.key.local_name().as_ref() == name)?;
    let mut decoded = String::new();
    markup::push_decoded(&mut decoded, &found.value);
    Some(decoded)
}

/// An on-off property is on unless it says otherwise.
fn is_on(tag: &BytesStart<'_>) -> bool {
    !matches!(attribute(tag, "val").as_deref(), Some("0" | "false" | "none" | "off"))
}

impl Scribe {
    fn open(&mut self, tag: &BytesStart<'_>, is_empty: bool) {
        let name = tag.local_name();
        let name = name.as_ref();
        if self.skipped.is_some() {
            return;
        }
        match name {
            "t" => self.in_words = !is_empty,
            "del" | "moveFrom" | "Fallback" if !is_empty => {
                self.part.deletions += usize::from(name != "Fallback");
                self.skipped = Some(self.depth);
            }
            "tab" if self.part.text.len() > self.line_start => self.push("\t"),
            "br" | "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            "blip" | "imagedata" => self.part.pictures += 1,
            "p" => {
                self.end_line();
                (self.level, self.is_item) = (0, false);
                self.shaded[1] = false;
            }
            "r" => {
                self.hidden = false;
                self.shaded[2] = false;
            }
            "tc" => {
                self.shaded[0] = false;
                self.in_cell += usize::from(!is_empty);
            }
            "pStyle" => self.level = attribute(tag, "val").map_or(0, |style| level_of(&style)),
            "numPr" => self.is_item = true,
            "vanish" | "webHidden" if is_on(tag) => self.hidden = true,
            "color" if attribute(tag, "val").is_some_and(|value| value.eq_ignore_ascii_case("FFFFFF")) => {
                self.hidden |= !self.shaded.contains(&true);
            }
            "sz" => {
                let size = attribute(tag, "val").and_then(|size| size.parse::<u32>().ok());
                self.hidden |= size.is_some_and(|size| size <= UNSEEN_HALF_POINTS);
            }
            "shd" => self.shade(tag),
            "footnoteReference" | "endnoteReference" => {
                let id = attribute(tag, "id").unwrap_or_default();
                self.push(&format!("[{id}]"));
            }
            "commentRangeStart" if self.open_anchors.len() < MAX_OPEN_ANCHORS => {
                self.open_anchors.push((attribute(tag, "id").unwrap_or_default(), self.part.text.len()));
            }
            "commentRangeEnd" => self.close_anchor(&attribute(tag, "id").unwrap_or_default()),
            "comment" | "footnote" | "endnote" => {
                self.end_line();
                self.part.items.push(Item {
                    start: self.part.text.len(),
                    id: attribute(tag, "id").unwrap_or_default(),
                    author: attribute(tag, "author"),
                    date: attribute(tag, "date"),
                    kind: attribute(tag, "type"),
                });
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if let Some(depth) = self.skipped {
            if depth == self.depth {
                self.skipped = None;
            }
            return;
        }
        match name {
            "t" => self.in_words = false,
            "p" if self.in_cell == 0 => self.end_line(),
            "r" => self.hidden = false,
            "tc" => {
                self.in_cell = self.in_cell.saturating_sub(1);
                if self.in_cell == 0 {
                    self.part.text.push('\t');
                }
            }
            "tr" if self.in_cell == 0 => {
                let end = self.part.text.trim_end_matches('\t').len();
                self.part.text.truncate(end.max(self.line_start));
                self.end_line();
            }
            _ => {}
        }
    }

    fn shade(&mut self, tag: &BytesStart<'_>) {
        let fill = attribute(tag, "fill").unwrap_or_default().to_ascii_uppercase();
        let has_ground = !matches!(fill.as_str(), "" | "AUTO" | "FFFFFF");
        // Which of the three it belongs to does not matter as long as it is told before the words.
        let place = if self.in_cell > 0 && self.level == 0 { 0 } else { 1 };
        self.shaded[place] |= has_ground;
    }

    fn write(&mut self, words: &str) {
        if !self.in_words || self.skipped.is_some() {
            return;
        }
        if self.hidden {
            self.part.unseen += words.chars().filter(|c| c.is_alphanumeric()).count();
            return;
        }
        self.push(words);
    }

    fn push(&mut self, words: &str) {
        if self.hidden {
            return;
        }
        if self.is_item && self.in_cell == 0 && self.part.text.len() == self.line_start {
            self.part.text.push_str("- ");
        }
        self.part.text.push_str(words);
    }

    /// Ends the paragraph; one inside a cell only gives way to the next.
    fn end_line(&mut self) {
        let text = &mut self.part.text;
        if text.len() <= self.line_start {
            return;
        }
        if self.in_cell > 0 {
            if !text.ends_with(['\t', ' ', '\n']) {
                text.push(' ');
            }
            return;
        }
        text.push('\n');
        let line = text.get(self.line_start..).unwrap_or_default();
        let title = line.trim().to_owned();
        if self.level > 0 && !title.is_empty() {
            let (start, level) = (self.line_start, self.level);
            self.part.headings.push(HeadingLine { start, end: text.len(), level, title });
        }
        self.level = 0;
        self.line_start = text.len();
    }

    fn close_anchor(&mut self, id: &str) {
        let Some(at) = self.open_anchors.iter().position(|(open, _)| open == id) else { return };
        let (id, start) = self.open_anchors.swap_remove(at);
        let words = self.part.text.get(start..).unwrap_or_default();
        let mut end = words.len().min(MAX_ANCHOR_BYTES);
        while !words.is_char_boundary(end) {
            end -= 1;
        }
        let mut shown = words.get(..end).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        if end < words.len() {
            shown.push_str(" …");
        }
        self.part.anchors.insert(id, (shown, self.part.text.len()));
    }
}

/// `Heading2`, `heading 2`, `Title`: styles are named in English whatever language Word speaks, but for old files.
fn level_of(style: &str) -> usize {
    let style = style.to_lowercase().replace([' ', '-'], "");
    if style == "title" {
        return 1;
    }
    let number = ["heading", "berschrift", "überschrift", "titre", "título", "titolo", "kop"];
    let number = number.iter().find_map(|word| style.strip_prefix(word));
    number.and_then(|number| number.parse().ok()).filter(|level| (1..=9).contains(level)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(xml: &str, expected: &str) {
        assert_eq!(read_part(&format!("<w:document>{xml}</w:document>")).text.trim_end(), expected, "{xml}");
    }

    #[test]
    fn reads_words_of_paragraphs_tables_and_lists() {
        let p = |words: &str| format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>");
        check(&(p("a &amp; b") + &p("c&#8364;")), "a & b\nc€");
        check("<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>one</w:t></w:r></w:p>", "- one");
        let cell = |words: &str| format!("<w:tc>{}</w:tc>", p(words));
        check(&format!("<w:tbl><w:tr>{}{}</w:tr><w:tr>{}</w:tr></w:tbl>", cell("a"), cell("b"), cell("c")), "a\tb\nc");
        check(
            "<w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del></w:p>",
            "new",
        );
        check("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r><w:r><w:t>yes</w:t></w:r></w:p>", "yes");
        check("<w:p><w:r><w:t>kept</w:t></w:r></w:x>", "kept");
    }

    #[test]
    fn nesting_costs_nothing() {
        let deep = "<w:sdt>".repeat(100_000) + "<w:p><w:r><w:t>in</w:t></w:r></w:p>" + &"</w:sdt>".repeat(100_000);
        check(&deep, "in");
    }
}
