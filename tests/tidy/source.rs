//! A Rust file as the house rules see it: code apart from comments and text,
//! its words in order, the lines that only tests use, functions with their
//! lengths, and every path that is named, import trees spelled out.

/// One file.
pub struct Source {
    /// From the top of the repository, with `/`.
    pub path: String,
    pub text: String,
    pub words: Vec<Word>,
    /// Per line, counted from 0: it belongs to an item under `#[cfg(test)]`.
    test_lines: Vec<bool>,
}

/// An identifier, a number, `::` or one other character of code.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    pub text: String,
    /// Counted from 1.
    pub line: usize,
}

pub struct Function {
    pub name: String,
    pub line: usize,
    pub length_lines: usize,
}

/// A path named in code, `["crate", "value", "Kind"]`.
pub struct NamedPath {
    pub parts: Vec<String>,
    pub line: usize,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let words = words(&without_text(text));
        let test_lines = test_lines(&words, text.lines().count());
        Source { path: path.to_string(), text: text.to_string(), words, test_lines }
    }

    /// Whether a line, counted from 1, is there for tests alone.
    pub fn is_test(&self, line: usize) -> bool {
        !self.path.starts_with("src/") || self.test_lines.get(line - 1).copied().unwrap_or(false)
    }

    /// Lines outside `#[cfg(test)]`, and lines inside.
    pub fn count_lines(&self) -> (usize, usize) {
        let inside = self.test_lines.iter().filter(|is_test| **is_test).count();
        (self.test_lines.len() - inside, inside)
    }

    /// The module's path from the crate's root: `["route", "expression"]`.
    pub fn module(&self) -> Vec<&str> {
        let inner = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        inner.split('/').filter(|part| !matches!(*part, "mod" | "lib")).collect()
    }

    /// Every place where these words follow each other, by line.
    pub fn find(&self, sequence: &[&str]) -> Vec<usize> {
        let is_here = |found: &&[Word]| found.iter().zip(sequence).all(|(word, wanted)| word.text == *wanted);
        self.words.windows(sequence.len()).filter(is_here).map(|found| found[0].line).collect()
    }

    pub fn functions(&self) -> Vec<Function> {
        let mut functions = Vec::new();
        for (at, word) in self.words.iter().enumerate().filter(|(_, word)| word.text == "fn") {
            let Some(name) = self.words.get(at + 1).filter(|name| is_identifier(&name.text)) else { continue };
            let Some(last) = end_of_item(&self.words, at).and_then(|end| self.words.get(end)) else { continue };
            if last.text == "}" {
                let length_lines = last.line - word.line + 1;
                functions.push(Function { name: name.text.clone(), line: word.line, length_lines });
            }
        }
        functions
    }

    pub fn paths(&self) -> Vec<NamedPath> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.words.len() {
            let starts = is_identifier(&self.words[at].text) && (at == 0 || self.words[at - 1].text != "::");
            at = if starts { read_path(&self.words, at, &mut found) } else { at + 1 };
        }
        found
    }
}

/// Reads a path or an import tree and returns the place after it.
fn read_path(words: &[Word], mut at: usize, found: &mut Vec<NamedPath>) -> usize {
    let mut parts: Vec<String> = Vec::new();
    // How many parts stood before each open brace.
    let mut open: Vec<usize> = Vec::new();
    let mut expects_part = true;
    let mut line = words[at].line;
    let mut keep = |parts: &[String], line: usize| {
        if parts.len() > 1 {
            found.push(NamedPath { parts: parts.to_vec(), line });
        }
    };
    while let Some(word) = words.get(at) {
        match word.text.as_str() {
            "::" => expects_part = true,
            "{" if expects_part && !parts.is_empty() => open.push(parts.len()),
            "," | "}" if !open.is_empty() => {
                if !expects_part {
                    keep(&parts, line);
                }
                if word.text == "}" {
                    open.pop();
                }
                let Some(shared) = open.last() else { return at + 1 };
                parts.truncate(*shared);
                expects_part = true;
            }
            "as" if !open.is_empty() => at += 1,
            "*" if expects_part && !open.is_empty() => expects_part = false,
            text if expects_part && is_identifier(text) => {
                parts.push(text.to_string());
                line = word.line;
                expects_part = false;
            }
            _ => break,
        }
        at += 1;
    }
    keep(&parts, line);
    at
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The last word of the item that starts at `from`: its closing brace or semicolon.
fn end_of_item(words: &[Word], from: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, word) in words.iter().enumerate().skip(from) {
        match word.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth = depth.checked_sub(1)?;
                if depth == 0 && word.text == "}" {
                    return Some(at);
                }
            }
            ";" if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

fn test_lines(words: &[Word], lines: usize) -> Vec<bool> {
    let mut marked = vec![false; lines];
    let opening = ["#", "[", "cfg", "(", "test", ")", "]"];
    for (at, found) in words.windows(opening.len()).enumerate() {
        if found.iter().zip(opening).all(|(word, wanted)| word.text == wanted)
            && let Some(last) = end_of_item(words, at + opening.len()).and_then(|end| words.get(end))
        {
            marked[found[0].line - 1..last.line].fill(true);
        }
    }
    marked
}

fn words(code: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let is_part = |c: char| c.is_alphanumeric() || c == '_';
            let length = match first {
                _ if is_part(first) => rest.find(|c: char| !is_part(c)).unwrap_or(rest.len()),
                _ if rest.starts_with("::") => 2,
                _ => first.len_utf8(),
            };
            words.push(Word { text: rest[..length].to_string(), line: index + 1 });
            rest = rest[length..].trim_start();
        }
    }
    words
}

/// The code with comments, strings and characters blanked; lines stay where they are.
pub fn without_text(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let end = at + length_of_text(text, at);
        if end == at {
            code.push(first);
            at += first.len_utf8();
            continue;
        }
        code.extend(text[at..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        at = end;
    }
    code
}

/// The length in bytes of the comment, string or character that starts here; 0 for code.
fn length_of_text(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return length_of_block_comment(rest);
    }
    if rest.starts_with('"') {
        return length_until(rest, '"');
    }
    let follows_word = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    if !follows_word && let Some(raw) = rest.trim_start_matches(['b', 'c']).strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let opening = rest.len() - raw.len() + hashes + 1;
            let closing = format!("\"{}", "#".repeat(hashes));
            return rest[opening..].find(&closing).map_or(rest.len(), |end| opening + end + closing.len());
        }
    }
    match rest.strip_prefix('\'') {
        Some(inner) if inner.starts_with('\\') => length_until(rest, '\''),
        Some(inner) => {
            let mut letters = inner.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), Some('\'')) => letter.len_utf8() + 2,
                _ => 0,
            }
        }
        None => 0,
    }
}

/// The length of a literal with its marks, `\` before a mark skipped.
fn length_until(rest: &str, mark: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == mark => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn length_of_block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    while let Some(c) = rest[at..].chars().next() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += c.len_utf8();
        }
    }
    rest.len()
}
