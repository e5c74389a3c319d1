//! A form with files as a browser sends it: what was typed, and the files. Those
//! that were sent before come back inside the page, so that a mistake elsewhere
//! does not lose them.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::app::SourceGiven;
use crate::web::{MOST_INPUTS, Typed};

/// Files that come back inside a page, in bytes together; larger ones have to be chosen again.
const MOST_KEPT: usize = 4 * 1024 * 1024;
/// The input that holds a file of before: its name, a line break, and its bytes as base64.
const KEPT: &str = "kept";

/// What came with a form.
#[derive(Debug, Default)]
pub(super) struct Uploaded {
    pub typed: Typed,
    pub files: Vec<SourceGiven>,
    /// Names of files without anything in them.
    pub empty: Vec<String>,
}

/// A file that the page holds for the next time it is sent.
pub(super) struct Kept {
    pub name: String,
    pub text: String,
}

/// The form, or nothing when it is none.
pub(super) async fn read(parts: &Parts, body: Bytes) -> Option<Uploaded> {
    let mut request = Request::new(Body::from(body));
    request.headers_mut().clone_from(&parts.headers);
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    let mut uploaded = Uploaded::default();
    let mut count = 0;
    while let Some(part) = form.next_field().await.ok()? {
        count += 1;
        if count > MOST_INPUTS {
            return None;
        }
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.ok()?;
        match file {
            // A browser sends an input without a file as one without a name.
            Some(file) if file.is_empty() && bytes.is_empty() => {}
            Some(file) if bytes.is_empty() => uploaded.empty.push(file),
            Some(file) => uploaded.files.push(source(file, bytes.to_vec())),
            None if name == KEPT => uploaded.files.extend(unpack(&bytes)),
            None => uploaded.typed.add(&name, &String::from_utf8_lossy(&bytes)),
        }
    }
    Some(uploaded)
}

fn source(name: String, bytes: Vec<u8>) -> SourceGiven {
    SourceGiven { name, kind: None, format: None, bytes }
}

fn unpack(bytes: &[u8]) -> Option<SourceGiven> {
    let text = std::str::from_utf8(bytes).ok()?.replace("\r\n", "\n");
    let (name, packed) = text.split_once('\n')?;
    let bytes = STANDARD.decode(packed.trim()).ok().filter(|bytes| !bytes.is_empty())?;
    Some(source(name.to_owned(), bytes))
}

/// The files as the page holds them; nothing when they are too large for one.
pub(super) fn keep(files: &[SourceGiven]) -> Option<Vec<Kept>> {
    let size: usize = files.iter().map(|file| file.bytes.len()).sum();
    // A name with a line break would not come back as it was.
    let line = |name: &str| name.replace(['\r', '\n'], " ");
    let kept = |file: &SourceGiven| {
        let name = line(&file.name);
        Kept { text: format!("{name}\n{}", STANDARD.encode(&file.bytes)), name }
    };
    (size <= MOST_KEPT).then(|| files.iter().map(kept).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_back_as_they_were() {
        let file = source("a b.eml".to_owned(), vec![0, 255, 10, 13]);
        let kept = keep(std::slice::from_ref(&file)).expect("it is small");
        assert_eq!(unpack(kept[0].text.replace('\n', "\r\n").as_bytes()), Some(file));
        assert!(keep(&[source("large".to_owned(), vec![0; MOST_KEPT + 1])]).is_none());
        for wrong in ["", "a", "a\n", "a\n!!", "\u{0}"] {
            assert_eq!(unpack(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
