//! Reading a CEL expression: its syntax tree within bounds that make reading,
//! walking and evaluating it safe, the names it uses and where they stand.

use cel::IdedExpr;
use cel::common::ast::{EntryExpr, Expr};
use cel::parser::PrattParser;

/// A condition that needs more is better written as several rules.
const LONGEST_BYTES: usize = 1_000;
/// Levels of the syntax tree; parser and evaluation recurse along them.
const DEEPEST_LEVEL: usize = 64;
/// Levels of brackets, as the parser counts them.
const DEEPEST_BRACKETS: u16 = 24;
/// `all`, `exists` and the like inside one another; each multiplies the work.
const DEEPEST_LOOP: usize = 2;
/// `a ? b : c` makes the parser recurse.
const MOST_QUESTION_MARKS: usize = 16;

/// Why a text is no expression.
#[derive(Debug)]
pub(in super::super) struct SyntaxError {
    pub message: String,
    /// Where, in characters from the start of the text, if it stands on one line.
    pub offset: Option<usize>,
}

pub(super) fn parse(text: &str) -> Result<IdedExpr, SyntaxError> {
    let refused = |message: String| Err(SyntaxError { message, offset: None });
    if text.trim().is_empty() {
        return refused("the expression is empty".to_string());
    }
    if text.len() > LONGEST_BYTES {
        return refused(format!("the expression is longer than {LONGEST_BYTES} bytes"));
    }
    if text.matches('?').count() > MOST_QUESTION_MARKS {
        return refused(format!("the expression has more than {MOST_QUESTION_MARKS} question marks"));
    }
    let parsed = PrattParser::new().max_recursion_depth(DEEPEST_BRACKETS).parse(text);
    let syntax = parsed.map_err(|errors| match errors.errors.first() {
        Some(error) => SyntaxError { message: plain(&error.msg), offset: offset_of(text, error.pos) },
        None => SyntaxError { message: "the expression cannot be read".to_string(), offset: None },
    })?;
    if is_too_deep(&syntax) {
        return refused("the expression is nested too deep".to_string());
    }
    Ok(syntax)
}

/// The parser's words without its prefixes.
fn plain(message: &str) -> String {
    let message = message.strip_prefix("Syntax error: ").unwrap_or(message);
    message.replace("mismatched input", "unexpected").replace("<EOF>", "the end")
}

/// A 1-based line and byte column as a character offset; `None` beyond the first line.
fn offset_of(text: &str, (line, column): (isize, isize)) -> Option<usize> {
    let bytes = usize::try_from(column).ok()?.checked_sub(1)?;
    (line == 1).then(|| text.char_indices().take_while(|(offset, _)| *offset < bytes).count())
}

/// Walks without recursion, because the depth is what is to be found out.
fn is_too_deep(syntax: &IdedExpr) -> bool {
    let mut open = vec![(syntax, 0, 0)];
    while let Some((node, level, loops)) = open.pop() {
        let loops = loops + usize::from(matches!(node.expr, Expr::Comprehension(_)));
        if level > DEEPEST_LEVEL || loops > DEEPEST_LOOP {
            return true;
        }
        open.extend(children(node).into_iter().map(|child| (child, level + 1, loops)));
    }
    false
}

/// The direct parts of an expression.
pub(super) fn children(node: &IdedExpr) -> Vec<&IdedExpr> {
    match &node.expr {
        Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) => Vec::new(),
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
        Expr::Comprehension(each) => {
            vec![&each.iter_range, &each.accu_init, &each.loop_cond, &each.loop_step, &each.result]
        }
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Map(map) => map.entries.iter().flat_map(|entry| entry_parts(&entry.expr)).collect(),
        Expr::Select(select) => vec![&*select.operand],
        Expr::Struct(made) => made.entries.iter().flat_map(|entry| entry_parts(&entry.expr)).collect(),
    }
}

fn entry_parts(entry: &EntryExpr) -> Vec<&IdedExpr> {
    match entry {
        EntryExpr::StructField(field) => vec![&field.value],
        EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
    }
}

/// The names an expression takes from outside, each once, in reading order as far as the tree tells.
pub(super) fn find_names(syntax: &IdedExpr) -> Vec<String> {
    let mut names = Vec::new();
    collect_names(syntax, &mut Vec::new(), &mut names);
    names
}

/// Recursion is bounded by [`DEEPEST_LEVEL`].
fn collect_names<'e>(node: &'e IdedExpr, bound: &mut Vec<&'e str>, names: &mut Vec<String>) {
    match &node.expr {
        Expr::Ident(name) => {
            if !bound.contains(&name.as_str()) && !names.contains(name) {
                names.push(name.clone());
            }
        }
        Expr::Comprehension(each) => {
            collect_names(&each.iter_range, bound, names);
            collect_names(&each.accu_init, bound, names);
            let before = bound.len();
            bound.extend([each.iter_var.as_str(), each.accu_var.as_str()]);
            bound.extend(each.iter_var2.as_deref());
            for part in [&each.loop_cond, &each.loop_step, &each.result] {
                collect_names(part, bound, names);
            }
            bound.truncate(before);
        }
        _ => {
            for child in children(node) {
                collect_names(child, bound, names);
            }
        }
    }
}

/// Where a name stands first outside of quotes, in characters.
pub(super) fn offset_of_name(text: &str, name: &str) -> Option<usize> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut quote = None;
    let mut before = ' ';
    for (index, (offset, c)) in text.char_indices().enumerate() {
        match quote {
            Some(open) if c == open && before != '\\' => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if !is_word(before) && before != '.' => {
                let rest = text[offset..].strip_prefix(name);
                if rest.is_some_and(|rest| !rest.starts_with(is_word)) {
                    return Some(index);
                }
            }
            None => {}
        }
        before = c;
    }
    None
}

/// Where a string literal stands, in characters, at its quote.
pub(super) fn offset_of_literal(text: &str, literal: &str) -> Option<usize> {
    ['\'', '"']
        .iter()
        .filter_map(|quote| text.find(&format!("{quote}{literal}{quote}")))
        .min()
        .map(|offset| text[..offset].chars().count())
}

/// Words that CEL keeps for itself.
pub(super) fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 21] = [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "namespace",
        "null",
        "package",
        "return",
        "true",
        "var",
        "void",
        "while",
    ];
    KEYWORDS.contains(&word)
}
