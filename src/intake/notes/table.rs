//! Tables of comma, semicolon or tab separated values (RFC 4180, and what
//! spreadsheets make of it). One row, or one property a row, is a record; more
//! rows are a note with one line for each.

use serde_json::{Map, Value};

use super::crm::{self, Export};
use super::record;
use crate::conversation::DocumentKind;
use crate::intake::draft::{Collected, Draft, DraftMessage, Origin, Piece};
use crate::intake::{dates, text};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A table without a telling name is judged by this many rows.
const JUDGED_ROWS: usize = 50;

/// Longer cells of a first row are sentences, not names of columns.
const MAX_HEADER_BYTES: usize = 60;

/// First and second column of a table with one property a row.
const KEY_COLUMNS: [&str; 10] =
    ["property", "property name", "field", "field name", "key", "name", "label", "attribute", "feld", "eigenschaft"];
const VALUE_COLUMNS: [&str; 5] = ["value", "property value", "field value", "values", "wert"];

type Rows = Vec<Vec<String>>;

/// Whether a text is a table: by its name and a header row, or without a name by rows that are all of one width.
pub(in crate::intake) fn is_table(text: &str, named_so: bool) -> bool {
    let Some(delimiter) = delimiter_of(text) else { return false };
    let (rows, _) = rows_of(text, delimiter, JUDGED_ROWS);
    let Some(header) = rows.first() else { return false };
    if named_so {
        return header.len() >= 2;
    }
    let is_header = |cell: &String| {
        let cell = cell.trim();
        !cell.is_empty() && cell.len() <= MAX_HEADER_BYTES && !cell.ends_with(['.', '!', '?', ':', ','])
    };
    let wide = header.len() >= 3 && rows.len() >= 2;
    wide && header.iter().all(is_header)
        && rows.iter().all(|row| row.len() == header.len())
        && !header[1..].iter().any(|cell| delimiter == b',' && cell.starts_with(' '))
}

/// The separator that the first line has most of, outside quotes.
fn delimiter_of(text: &str) -> Option<u8> {
    let mut counts = [0usize; DELIMITERS.len()];
    let mut quoted = false;
    for byte in text.bytes().take(64 * 1024) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some(at) = DELIMITERS.iter().position(|delimiter| *delimiter == byte) {
                    counts[at] += 1;
                }
            }
        }
    }
    let most = counts.iter().max().copied().filter(|most| *most > 0)?;
    counts.iter().position(|count| *count == most).map(|at| DELIMITERS[at])
}

/// Rows with any words, and how many could not be read.
fn rows_of(text: &str, delimiter: u8, most: usize) -> (Rows, usize) {
    let reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let (mut rows, mut failed) = (Rows::new(), 0);
    for row in reader.into_records().take(most) {
        match row {
            Ok(row) => {
                let row: Vec<String> = row.iter().map(str::to_owned).collect();
                if row.iter().any(|cell| !cell.trim().is_empty()) {
                    rows.push(row);
                }
            }
            Err(_) => failed += 1,
        }
    }
    (rows, failed)
}

pub(in crate::intake) fn read(origin: &Origin, text: &str, collected: &mut Collected) {
    let tidied = text::tidy(text.trim_start_matches('\u{feff}'), &collected.limits);
    collected.warn_of_cuts(&origin.source, "", &tidied);
    let delimiter = delimiter_of(tidied.text.trim_start()).unwrap_or(b',');
    let (mut rows, failed) = rows_of(tidied.text.trim_start(), delimiter, usize::MAX);
    if failed > 0 {
        collected.leave_unread(origin, format!("{failed} of its rows cannot be read"));
    }
    if rows.is_empty() {
        collected.leave_unread(origin, "it has no rows");
        return;
    }
    let header: Vec<String> = rows.remove(0).into_iter().map(|cell| one_line(&cell)).collect();
    let is_in =
        |list: &[&str], at: usize| header.get(at).is_some_and(|cell| list.contains(&cell.to_lowercase().as_str()));
    let is_pairs = header.len() == 2 && is_in(&KEY_COLUMNS, 0) && is_in(&VALUE_COLUMNS, 1);
    match rows.len() {
        // What somebody mailed along is context; only a given record speaks for the CRM.
        1.. if origin.depth > 0 => read_note(origin, &header, &rows, collected),
        _ if is_pairs => read_record(origin, rows.into_iter().map(pair), collected),
        0 => collected.leave_unread(origin, "it is a table with a header and no rows"),
        1 => {
            let row = rows.swap_remove(0);
            let extra = row.len().saturating_sub(header.len());
            if extra > 0 {
                collected.warn(&origin.source, "line 2", format!("{extra} cells without a column were not read"));
            }
            read_record(origin, header.into_iter().zip(row), collected);
        }
        _ => read_note(origin, &header, &rows, collected),
    }
}

fn one_line(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn pair(row: Vec<String>) -> (String, String) {
    let mut cells = row.into_iter();
    let key = one_line(&cells.next().unwrap_or_default());
    (key, cells.collect::<Vec<_>>().join(", "))
}

fn read_record(origin: &Origin, cells: impl Iterator<Item = (String, String)>, collected: &mut Collected) {
    let mut properties = Map::new();
    for (key, value) in cells.filter(|(key, _)| !key.is_empty()) {
        let value = Value::String(value.trim().to_owned());
        match properties.get(&key) {
            None => {
                properties.insert(key, value);
            }
            Some(known) if *known == value => {}
            Some(_) => {
                collected.warn(
                    &origin.source,
                    key.clone(),
                    format!("`{key}` stands twice with two values; the first is kept"),
                );
            }
        }
    }
    let mut export = Export::new("csv");
    export.objects.push(crm::flat_object(properties));
    record::read(origin, export, collected);
}

fn cut_name(name: &str) -> &str {
    name.char_indices().nth(MAX_HEADER_BYTES).map_or(name, |(end, _)| &name[..end])
}

/// One line a row: `Region: EU; Seats: 40`.
fn read_note(origin: &Origin, header: &[String], rows: &Rows, collected: &mut Collected) {
    let mut text = String::new();
    let mut without = 0;
    // Every row repeats the names of its columns.
    let header: Vec<&str> = header.iter().map(|name| cut_name(name)).collect();
    for (number, row) in rows.iter().enumerate() {
        if text.len() > collected.limits.document_bytes {
            let left = rows.len() - number;
            collected.leave_unread(origin, format!("the last {left} of its rows: written out, they are too long"));
            break;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        let mut first = true;
        for (at, cell) in row.iter().enumerate() {
            let cell = one_line(cell);
            if cell.is_empty() {
                continue;
            }
            if !std::mem::take(&mut first) {
                text.push_str("; ");
            }
            match header.get(at).filter(|name| !name.is_empty()) {
                Some(name) => {
                    text.push_str(name);
                    text.push_str(": ");
                }
                None => without += 1,
            }
            text.push_str(&cell);
        }
    }
    if without > 0 {
        collected.warn(&origin.source, "", format!("{without} cells stand under no column"));
    }
    collected.warn(&origin.source, "", format!("a table of {} rows: read as a note, not as the record", rows.len()));
    let moment = dates::read_file_name(&origin.name);
    let message = DraftMessage {
        at: moment.map(|moment| moment.at),
        pieces: Piece::whole(&text),
        text,
        ..DraftMessage::default()
    };
    let source = origin.source.clone();
    collected
        .add(origin, Draft { source, kind: DocumentKind::Note, format: "csv", title: None, messages: vec![message] });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_tables_from_prose() {
        let check = |text: &str, named: bool, expected: bool| assert_eq!(is_table(text, named), expected, "{text}");
        check("Region,Seats,Term\nEU,40,3\n", false, true);
        check("Region;Seats;Term\nEU;40;\"3\nyears\"\n", false, true);
        check("a,b\n1,2\n", false, false);
        check("a,b\n1,2\n", true, true);
        check("Hi Dana, thanks, Marcus\nWe agreed, as said, on June", false, false);
        check("one line", true, false);
        check("", true, false);
    }
}
