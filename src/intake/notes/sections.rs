//! Headings of a note as its topics: where each section begins and ends, and
//! the path of headings that stands over it.

/// Where a heading line stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HeadingLine {
    /// Where the line begins and ends, in bytes.
    pub start: usize,
    pub end: usize,
    /// 1 for the highest.
    pub level: usize,
    pub title: String,
}

/// A stretch of a note under one heading, its heading lines included.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub start: usize,
    pub end: usize,
    /// `Kickoff > Timeline`; nothing above the first heading.
    pub path: Option<String>,
}

/// A title in the path over a section is cut behind this many characters: every section below repeats it.
const MAX_TITLE_CHARS: usize = 80;

/// Headings of Markdown (`## Timeline`), those inside code left out.
pub(super) fn markdown_headings(text: &str) -> Vec<HeadingLine> {
    let mut found = Vec::new();
    let mut fence: Option<&str> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        let opens = ["```", "~~~"].into_iter().find(|mark| words.starts_with(mark));
        match (fence, opens) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(mark), Some(found)) if mark == found => fence = None,
            (None, None) => {
                let level = line.bytes().take(7).take_while(|byte| *byte == b'#').count();
                let title = line.get(level..).unwrap_or_default();
                if (1..=6).contains(&level) && title.starts_with([' ', '\t']) && !title.trim().is_empty() {
                    let title = title.trim().trim_end_matches('#').trim().to_owned();
                    found.push(HeadingLine { start, end: start + line.len(), level, title });
                }
            }
            _ => {}
        }
        start += line.len();
    }
    found
}

/// The sections of a text: a heading without words of its own goes with the next one, so that no line is lost.
pub(super) fn split(text: &str, headings: &[HeadingLine]) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut path: Vec<(usize, &str)> = Vec::new();
    let mut start = 0;
    let mut has_words = headings.first().is_none_or(|first| !is_blank(text, 0, first.start));
    if has_words {
        let end = headings.first().map_or(text.len(), |first| first.start);
        sections.push(Section { start, end, path: None });
        start = end;
    }
    for (index, heading) in headings.iter().enumerate() {
        path.retain(|(level, _)| *level < heading.level);
        path.push((heading.level, &heading.title));
        let end = headings.get(index + 1).map_or(text.len(), |next| next.start);
        has_words = !is_blank(text, heading.end, end);
        if has_words || index + 1 == headings.len() {
            let titles: Vec<&str> = path.iter().map(|(_, title)| cut_title(title)).collect();
            sections.push(Section { start, end, path: Some(titles.join(" > ")) });
            start = end;
        }
    }
    sections
}

fn cut_title(title: &str) -> &str {
    title.char_indices().nth(MAX_TITLE_CHARS).map_or(title, |(end, _)| &title[..end])
}

fn is_blank(text: &str, start: usize, end: usize) -> bool {
    text.get(start..end).unwrap_or_default().trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let sections = split(text, &markdown_headings(text));
        let got: Vec<(&str, &str)> = sections
            .iter()
            .map(|section| (section.path.as_deref().unwrap_or("-"), text[section.start..section.end].trim()))
            .collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn cuts_at_headings_and_loses_no_line() {
        check("a\nb", &[("-", "a\nb")]);
        check("a\n# K\nb", &[("-", "a"), ("K", "# K\nb")]);
        check("# K\n## T\nb\n## U\nc\n# L\nd", &[("K > T", "# K\n## T\nb"), ("K > U", "## U\nc"), ("L", "# L\nd")]);
        check("# K\nb\n# Empty", &[("K", "# K\nb"), ("Empty", "# Empty")]);
        check("```\n# no\n```\n#tag\n# K #\nb", &[("-", "```\n# no\n```\n#tag"), ("K", "# K #\nb")]);
        check("####### seven\n#\nx", &[("-", "####### seven\n#\nx")]);
    }
}
