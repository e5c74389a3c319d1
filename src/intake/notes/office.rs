//! Files of an office: Word documents are read, every other kind is named with
//! what its giver can do instead.

use super::docx::Docx;
use crate::config::Limits;
use crate::intake::archive::Archive;

/// What lies in an archive by the name of one of its files.
const KINDS: [(&str, &str); 6] = [
    ("xl/workbook.xml", "it is an Excel workbook, which is not read; save the sheet as CSV"),
    ("xl/workbook.bin", "it is an Excel workbook, which is not read; save the sheet as CSV"),
    ("ppt/presentation.xml", "it is a PowerPoint presentation, which is not read; give its words as text"),
    ("META-INF/container.xml", "it is an e-book, which is not read; give its words as text"),
    ("content.xml", "it is an OpenDocument file, which is not read; save it as .docx or .csv"),
    ("Index/Document.iwa", "it is a Pages, Numbers or Keynote file, which is not read; export it as .docx or .csv"),
];

/// A Word document, or why an office file is not read; nothing for other archives.
pub(in crate::intake) fn recognise(bytes: &[u8], limits: &Limits) -> Option<Result<Docx, String>> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let mut archive = Archive::open(bytes, limits).ok()?;
    let names = archive.names();
    let has = |name: &str| names.iter().any(|known| known == name);
    if has("word/document.xml") {
        return Some(Docx::open(&mut archive, &names));
    }
    KINDS.iter().find(|(name, _)| has(name)).map(|(_, reason)| Err((*reason).to_owned()))
}

/// What to do with a file that is no text.
pub(in crate::intake) fn what_to_do(what: &str) -> &'static str {
    match what {
        "a PDF" => "; give its words as text, or the document it was made from",
        "an RTF document" => "; save it as .docx or text",
        "an old Office or Outlook file" => "; save it as .docx, .eml or text, without a password if it has one",
        "a recording" | "a recording or image" => "; give its transcript",
        "an image" => "; write down what it says",
        "an archive or Office file" | "a compressed file" => "; unpack it and give its files",
        _ => "",
    }
}
