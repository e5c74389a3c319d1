//! Watches the first head of a connection go by, for what the HTTP parser
//! silently puts right: two ways to tell where the body ends. A proxy before us
//! may have taken the other one, and then our next request is not its next.

/// Longer than the names looked for, with their colon.
const KEPT: usize = 20;

/// Reads bytes as they come, in pieces of any size, up to the first empty line.
#[derive(Debug, Default)]
pub struct HeadScan {
    /// How the current line begins, in small letters.
    line: Vec<u8>,
    has_request_line: bool,
    is_over: bool,
    lengths: usize,
    encodings: usize,
}

impl HeadScan {
    /// Takes the next bytes. Whatever follows the head is not looked at.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.is_over {
            return;
        }
        for byte in bytes {
            match byte {
                b'\n' => self.end_line(),
                b'\r' => (),
                _ if self.line.len() < KEPT => self.line.push(byte.to_ascii_lowercase()),
                _ => (),
            }
            if self.is_over {
                return;
            }
        }
    }

    fn end_line(&mut self) {
        if self.line.is_empty() {
            // Empty lines before the request line are allowed.
            self.is_over = self.has_request_line;
            return;
        }
        self.has_request_line = true;
        self.lengths += usize::from(self.line.starts_with(b"content-length:"));
        self.encodings += usize::from(self.line.starts_with(b"transfer-encoding:"));
        self.line.clear();
    }

    /// Whether the head tells the body's end in more than one way.
    pub fn is_ambiguous(&self) -> bool {
        self.lengths + self.encodings > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        let text = text.replace('\n', "\r\n");
        for size in [1, 7, text.len()] {
            let mut scan = HeadScan::default();
            text.as_bytes().chunks(size).for_each(|piece| scan.feed(piece));
            assert_eq!(scan.is_ambiguous(), expected, "{text} in pieces of {size}");
        }
    }

    #[test]
    fn two_ends_of_a_body_are_seen() {
        check("POST / HTTP/1.1\nHost: a\nContent-Length: 5\n\n", false);
        check("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n", false);
        check("POST / HTTP/1.1\nContent-Length: 5\nTransfer-Encoding: chunked\n\n", true);
        check("\n\nPOST / HTTP/1.1\nTRANSFER-ENCODING: chunked\nX: y\ncontent-length: 5\n\n", true);
        check("POST / HTTP/1.1\nContent-Length: 5\nContent-Length: 5\n\n", true);
        check("POST / HTTP/1.1\nTransfer-Encoding: chunked\nTransfer-Encoding: identity\n\n", true);
        check("POST / HTTP/1.1\nContent-Length: 5\n\nTransfer-Encoding: chunked\n\n", false);
        check("POST / HTTP/1.1\nX: Content-Length: 5\nContent-Length-X: 1\nContent-Length: 5\n\n", false);
    }
}
