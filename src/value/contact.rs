//! E-mail and web addresses. They are found first: nothing inside them (a
//! number, a date in a path) is a value of its own.

use super::scan::{Sort, Spotted};
use super::{Precision, Reading, Value};

/// The endings a bare host may have; longer lists would turn `Thanks.It` into an address.
const ENDINGS: &[&str] = &[
    "com", "org", "net", "io", "dev", "app", "ai", "co", "uk", "de", "fr", "es", "nl", "eu", "ch", "ca", "au", "jp",
    "gov", "edu", "info", "biz", "tech", "cloud", "example", "se", "dk", "pl", "br",
];

/// All addresses of both kinds, in order and apart.
pub(super) fn find(text: &str) -> Vec<Spotted> {
    let bytes = text.as_bytes();
    let mut spotted: Vec<Spotted> = Vec::new();
    let mut free_from = 0;
    for at in memchr::memchr3_iter(b'@', b':', b'.', bytes) {
        if at < free_from {
            continue;
        }
        let found = match bytes[at] {
            b'@' => email(text, at, free_from),
            b':' => with_scheme(text, at, free_from),
            _ => bare(text, at, free_from),
        };
        if let Some(spot) = found {
            free_from = spot.end;
            spotted.push(spot);
        }
    }
    spotted
}

fn exact(sort: Sort, start: usize, end: usize, value: Value) -> Spotted {
    Spotted { sort, start, end, reading: Reading { value, precision: Precision::Exact } }
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-' | b'\'')
}

/// Longest local part and host name the standards allow; they bound the look around a sign.
const LONGEST_LOCAL: usize = 64;
const LONGEST_HOST: usize = 253;

fn email(text: &str, at: usize, free_from: usize) -> Option<Spotted> {
    let bytes = text.as_bytes();
    let mut start = at;
    while start > free_from && at - start <= LONGEST_LOCAL && is_local(bytes[start - 1]) {
        start -= 1;
    }
    while start < at && matches!(bytes[start], b'.' | b'\'' | b'-' | b'%') {
        start += 1;
    }
    let local = text.get(start..at)?;
    let letter_before =
        text.get(..start)?.chars().next_back().is_some_and(|letter| letter.is_alphanumeric() || letter == '@');
    if local.is_empty() || local.len() > LONGEST_LOCAL || local.ends_with('.') || local.contains("..") || letter_before
    {
        return None;
    }
    let end = host_end(bytes, at + 1);
    let host = text.get(at + 1..end)?;
    let ending = host.rsplit('.').next()?;
    let proper = host.contains('.') && ending.len() > 1 && ending.bytes().all(|byte| byte.is_ascii_alphabetic());
    let goes_on = text
        .get(end..)?
        .chars()
        .next()
        .is_some_and(|letter| letter.is_alphanumeric() || letter == '@' || letter == '_');
    if !proper || goes_on {
        return None;
    }
    let value = Value::Email(format!("{local}@{}", host.to_ascii_lowercase()));
    Some(exact(Sort::Email, start, end, value))
}

/// The end of the host name that starts at `at`: labels joined by single points.
fn host_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    while end < bytes.len()
        && end - at < LONGEST_HOST
        && (bytes[end].is_ascii_alphanumeric() || matches!(bytes[end], b'.' | b'-'))
    {
        if bytes[end] == b'.' && bytes.get(end + 1).is_none_or(|next| !next.is_ascii_alphanumeric()) {
            break;
        }
        end += 1;
    }
    while end > at && bytes[end - 1] == b'-' {
        end -= 1;
    }
    end
}

fn with_scheme(text: &str, at: usize, free_from: usize) -> Option<Spotted> {
    let bytes = text.as_bytes();
    if bytes.get(at + 1..at + 3)? != b"//" {
        return None;
    }
    let mut start = at;
    while start > free_from && at - start < 6 && bytes[start - 1].is_ascii_alphabetic() {
        start -= 1;
    }
    let scheme = text.get(start..at)?;
    if !["http", "https", "ftp", "sftp"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return None;
    }
    let end = path_end(text, at + 3);
    let host = text.get(at + 3..end)?;
    if !host.bytes().next()?.is_ascii_alphanumeric() {
        return None;
    }
    Some(exact(Sort::Url, start, end, Value::Url(text.get(start..end)?.to_owned())))
}

/// `www.acme.example`, `acme.example/path`; `at` is the first point of the host.
fn bare(text: &str, at: usize, free_from: usize) -> Option<Spotted> {
    let bytes = text.as_bytes();
    let mut start = at;
    while start > free_from && at - start < 64 && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == b'-')
    {
        start -= 1;
    }
    let before = text.get(..start)?.chars().next_back();
    let glued =
        before.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '@' | '.' | '/' | '_' | '\\' | '-'));
    if start == at || glued || bytes[start] == b'-' {
        return None;
    }
    let host_end = host_end(bytes, start);
    let host = text.get(start..host_end)?;
    let ending = host.rsplit('.').next()?;
    // An address whose part before `@` has points (`dana.w@…`) is left to its `@`.
    let local_goes_on = bytes.get(host_end).is_some_and(|byte| matches!(byte, b'@' | b'+' | b'_' | b'%' | b'\''))
        && bytes
            .get(host_end..(host_end + LONGEST_LOCAL).min(bytes.len()))?
            .iter()
            .take_while(|byte| is_local(**byte) || **byte == b'@')
            .any(|byte| *byte == b'@');
    let www = host.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("www.")) && host.matches('.').count() > 1;
    let known = ENDINGS.contains(&ending) && host.bytes().any(|byte| byte.is_ascii_alphabetic());
    let name = host.split('.').next()?;
    if local_goes_on || !(www || known) || name.len() < 2 || !host.bytes().all(|byte| byte.is_ascii()) {
        return None;
    }
    let end = if matches!(bytes.get(host_end), Some(b'/' | b':' | b'?' | b'#')) {
        path_end(text, host_end)
    } else {
        host_end
    };
    let goes_on = text
        .get(end..)?
        .chars()
        .next()
        .is_some_and(|letter| letter.is_alphanumeric() || letter == '@' || letter == '_');
    if goes_on {
        return None;
    }
    Some(exact(Sort::Url, start, end, Value::Url(text.get(start..end)?.to_owned())))
}

/// The end of an address's path, without the punctuation of the sentence around it.
fn path_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    let length = rest
        .find(|letter: char| {
            letter.is_whitespace() || matches!(letter, '<' | '>' | '"' | '“' | '”' | '|' | '`' | '{' | '}' | '«' | '»')
        })
        .unwrap_or(rest.len());
    let mut path = rest.get(..length).unwrap_or("");
    let (mut open, mut close) = (path.matches('(').count(), path.matches(')').count());
    while let Some(last) = path.chars().next_back() {
        let unbalanced = last == ')' && close > open;
        if !unbalanced && !matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | ']' | '*' | '_' | '…' | '(')
        {
            break;
        }
        close -= usize::from(unbalanced);
        open -= usize::from(last == '(');
        path = path.get(..path.len() - last.len_utf8()).unwrap_or("");
    }
    at + path.len()
}

#[cfg(test)]
mod tests {
    use crate::value::{Context, Sorts, scan};

    fn check(input: &str, expected: &[&str]) {
        let context = Context { said_at: None, zone: None, around: None, participants: &[] };
        let spotted = scan(input, Sorts::EMAIL | Sorts::URL, &context);
        let found: Vec<&str> = spotted.iter().map(|spot| &input[spot.start..spot.end]).collect();
        assert_eq!(found, expected, "{input}");
    }

    #[test]
    fn mail_addresses() {
        check("Dana <dana.w@nw.example>, bob@x.example.", &["dana.w@nw.example", "bob@x.example"]);
        check("mailto:a+b@sub.nw.example?subject=x", &["a+b@sub.nw.example"]);
        check("a@b, @dana, dana@, a@b.c, a..b@x.example", &[]);
        check("é@x.example a@x.example@y.example", &[]);
        check("'dana@nw.example'", &["dana@nw.example"]);
    }

    #[test]
    fn web_addresses() {
        check("see https://nw.example/a(b)?c=1.", &["https://nw.example/a(b)?c=1"]);
        check("(www.nw.example)", &["www.nw.example"]);
        check("our site nw.example/docs, thanks", &["nw.example/docs"]);
        check("northwind.example.", &["northwind.example"]);
        check("Thanks.It works e.g. node.js and README.md v1.2", &[]);
        check("[x](http://a.example/b)", &["http://a.example/b"]);
        check("foo://bar http:// ://", &[]);
    }
}
