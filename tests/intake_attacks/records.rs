//! Attacks by records, tables and documents of an office: bombs in archives,
//! endless nesting, numbers and names that no parser likes.

use std::io::{Cursor, Write as _};

use baton::config::Limits;
use baton::conversation::Conversation;
use baton::intake::{Input, Options, read};
use zip::write::SimpleFileOptions;

use super::told;

fn read_within(name: &str, bytes: Vec<u8>, limits: Limits) -> Conversation {
    let ours = ["acme.example".to_owned()];
    let input = Input { name: name.to_owned(), bytes, kind: None, format: None };
    let conversation = read(vec![input], &Options { our_domains: &ours, limits });
    assert!(!conversation.documents.is_empty() || !conversation.unread.is_empty(), "{name} is lost");
    conversation
}

fn refused(name: &str, bytes: Vec<u8>, reason: &str) {
    let conversation = read_within(name, bytes, Limits::default());
    let found = conversation.unread.iter().any(|unread| unread.reason.contains(reason));
    assert!(found, "{name}: {:?}", conversation.unread);
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a file");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("an archive").into_inner()
}

fn document(body: &str) -> Vec<u8> {
    archive(&[("word/document.xml", format!("<w:document><w:body>{body}</w:body></w:document>").as_bytes())])
}

#[test]
fn a_bomb_is_not_unpacked() {
    let limits = Limits { unpacked_bytes: 4 * 1024 * 1024, ..Limits::default() };
    let bomb = archive(&[("word/document.xml", &vec![b' '; 16 * 1024 * 1024])]);
    assert!(bomb.len() < 64 * 1024, "{}", bomb.len());
    let conversation = read_within("bomb.docx", bomb, limits);
    assert!(conversation.unread[0].reason.contains("larger than the limit"), "{:?}", conversation.unread);
    let inner = archive(&[("a.eml", b"From: a@b.example\n\nx")]);
    refused("nested.zip", archive(&[("../../inner.zip", &inner), ("/etc/passwd", b"x")]), "archive");
}

#[test]
fn an_archive_of_many_files_is_refused() {
    let limits = Limits { archive_files: 100, ..Limits::default() };
    let names: Vec<String> = (0..200).map(|index| format!("word/{index}.xml")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    let conversation = read_within("many.docx", archive(&files), limits);
    assert_eq!(conversation.unread.len(), 1);
}

#[test]
fn deep_and_broken_documents_come_back() {
    let deep = "<w:tbl><w:tr><w:tc>".repeat(10_000) + "<w:p><w:r><w:t>in</w:t></w:r></w:p>";
    let conversation = read_within("deep.docx", document(&deep), Limits::default());
    assert!(conversation.messages.iter().any(|message| message.text.contains("in")));
    assert!(!conversation.unread.is_empty(), "its end is missing");
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><w:document><w:p><w:r><w:t>&b; end</w:t></w:r></w:p></w:document>";
    let conversation =
        read_within("laughs.docx", archive(&[("word/document.xml", laughs.as_bytes())]), Limits::default());
    assert_eq!(conversation.messages[0].text, "&b; end");
    refused("blank.docx", document(""), "no text");
    let whole = document("<w:p><w:r><w:t>words</w:t></w:r></w:p>");
    for cut in (0..whole.len()).step_by(7) {
        read_within("cut.docx", whole[..cut].to_vec(), Limits::default());
    }
    let anchors = "<w:commentRangeStart w:id=\"1\"/><w:p><w:r><w:t>x</w:t></w:r></w:p>".repeat(50_000);
    read_within("anchors.docx", document(&anchors), Limits::default());
}

#[test]
fn endless_tables_come_back() {
    read_within(
        "quotes.csv",
        b"a,b\n".iter().copied().chain(std::iter::repeat_n(b'"', 10_000_000)).collect(),
        Limits::default(),
    );
    read_within("commas.csv", std::iter::repeat_n(b',', 1_000_000).collect(), Limits::default());
    read_within("rows.csv", b"a,b,c\n".repeat(200_000), Limits::default());
    read_within("heads.md", b"# a\n## b\nc\n".repeat(20_000), Limits::default());
}

#[test]
fn json_that_no_parser_likes_is_refused_or_read() {
    refused("deep.json", b"{\"a\":".repeat(10_000), "cannot be read");
    refused("huge.json", b"{\"amount\":1e999}".to_vec(), "cannot be read");
    let half = read_within("half.json", br#"{"amount":"\ud800","stage":"won"}"#.to_vec(), Limits::default());
    assert!(told(&half, "halves of characters"), "{:?}", half.warnings);
    let twice = read_within("twice.json", br#"{"amount":"1","amount":"2","stage":"won"}"#.to_vec(), Limits::default());
    assert!(told(&twice, "stand twice"), "{:?}", twice.warnings);
    let object = r#"{"id":"1","properties":{"dealname":"x"},"archived":false}"#;
    let list = format!("{{\"results\":[{}]}}", vec![object; 5_000].join(","));
    refused("long.json", list.into_bytes(), "only the first");
    let flat = [r#"{"name":"x","amount":1}"#; 3].join(",");
    refused("list.json", format!("[{flat}]").into_bytes(), "list of 3 records");
}

#[test]
fn broken_pdfs_are_named_and_never_parsed() {
    let page = b"%PDF-1.7\n1 0 obj<</Type/Pages/Kids[1 0 R]>>endobj\ntrailer<</Root 1 0 R>>";
    for cut in 4..page.len() {
        refused("order.pdf", page[..cut].to_vec(), "a PDF");
    }
}
