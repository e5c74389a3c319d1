//! Tokens of personal links in what comes in: a reply that quotes the message
//! with the link brings it along. They are written over where they stand, byte
//! for byte, so that nothing moves: as they are, wrapped or quoted by a mail
//! program, in quoted-printable, and inside base64. What cannot be written
//! over without being unpacked is found when it was read.

use memchr::memmem;

/// Written in place of each letter of a token's key and signature; no hexadecimal digit, so that it is no token any more.
const MASK: u8 = b'x';
const PREFIX: &[u8] = b"lnk_";
/// Letters of a link's id after its prefix, of a key's name, and of a signature.
const ID: usize = 32;
const KEY: usize = 8;
const SIGNATURE: usize = 43;
/// Breaks of lines inside one token.
const MOST_FOLDS: usize = 8;
/// Bytes unpacked around what may be a token in base64: its own, its breaks of lines, and signs of quoting.
const UNPACKED: usize = 320;
const ZIP: &[u8] = b"PK\x03\x04";

/// One letter of a token as it stands in the bytes.
#[derive(Debug, Clone, Copy)]
struct Letter {
    value: u8,
    place: usize,
    /// `=2E` in quoted-printable; `place` is that of the sign.
    is_coded: bool,
}

/// A token as it stands in the bytes.
#[derive(Debug)]
struct Found {
    id: String,
    /// Of the key's name and the signature.
    secret: Vec<Letter>,
}

/// Writes over every token in a file as it came in; how many. The number of bytes stays.
pub fn mask_file(bytes: &mut [u8]) -> usize {
    if bytes.starts_with(ZIP) {
        // Its parts are packed, or guarded by sums.
        return 0;
    }
    let plain = mask_plain(bytes);
    plain + mask_packed(bytes)
}

/// Writes over every token in a text that was read; the ids of their links, each once.
pub fn mask_text(text: &mut String) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    let mut bytes = std::mem::take(text).into_bytes();
    for found in tokens(&bytes) {
        write_over(&mut bytes, &found);
        if !ids.contains(&found.id) {
            ids.push(found.id);
        }
    }
    // Letters of ASCII took the place of letters of ASCII.
    *text = String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    ids
}

fn mask_plain(bytes: &mut [u8]) -> usize {
    let found = tokens(bytes);
    for token in &found {
        write_over(bytes, token);
    }
    found.len()
}

fn tokens(bytes: &[u8]) -> Vec<Found> {
    memchr::memchr_iter(b'l', bytes).filter_map(|place| token_at(bytes, place)).collect()
}

fn write_over(bytes: &mut [u8], token: &Found) {
    for letter in &token.secret {
        let (place, mask): (usize, &[u8]) =
            if letter.is_coded { (letter.place + 1, b"78") } else { (letter.place, &[MASK]) };
        if let Some(target) = bytes.get_mut(place..place + mask.len()) {
            target.copy_from_slice(mask);
        }
    }
}

/// The token that begins there.
fn token_at(bytes: &[u8], start: usize) -> Option<Found> {
    let mut letters = Letters { bytes, place: start, folds: 0 };
    for wanted in PREFIX {
        letters.step().filter(|letter| letter.value == *wanted)?;
    }
    let is_hex = |value: u8| value.is_ascii_digit() || (b'a'..=b'f').contains(&value);
    let id = letters.take_so(ID, is_hex)?;
    letters.step().filter(|letter| letter.value == b'.')?;
    let mut secret = letters.take_so(KEY, is_hex)?;
    letters.step().filter(|letter| letter.value == b'.')?;
    secret.extend(letters.take_so(SIGNATURE, |value| value.is_ascii_alphanumeric() || matches!(value, b'-' | b'_'))?);
    let id = PREFIX.iter().copied().chain(id.iter().map(|letter| letter.value)).map(char::from).collect();
    Some(Found { id, secret })
}

/// Letters one after the other, over the breaks that mail programs put in.
struct Letters<'a> {
    bytes: &'a [u8],
    place: usize,
    folds: usize,
}

impl Letters<'_> {
    fn step(&mut self) -> Option<Letter> {
        while let fold @ 1.. = fold_length(self.bytes.get(self.place..)?) {
            self.folds += 1;
            if self.folds > MOST_FOLDS {
                return None;
            }
            self.place += fold;
        }
        let place = self.place;
        let value = *self.bytes.get(place)?;
        let coded = self.bytes.get(place + 1..place + 3).filter(|_| value == b'=').and_then(of_hex);
        self.place += if coded.is_some() { 3 } else { 1 };
        Some(Letter { value: coded.unwrap_or(value), place, is_coded: coded.is_some() })
    }

    /// So many letters that are all of one kind.
    fn take_so(&mut self, count: usize, is_so: impl Fn(u8) -> bool) -> Option<Vec<Letter>> {
        (0..count).map(|_| self.step().filter(|letter| is_so(letter.value))).collect()
    }
}

fn of_hex(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// How many bytes break a line here, with the signs of quoting on the next one; 0 where none do.
fn fold_length(rest: &[u8]) -> usize {
    // The soft break of quoted-printable; a real one; and one written in JSON.
    const BREAKS: [&[u8]; 6] = [b"=\r\n", b"=\n", b"\r\n", b"\n", b"\\r\\n", b"\\n"];
    let Some(length) = BREAKS.iter().find(|fold| rest.starts_with(fold)).map(|fold| fold.len()) else { return 0 };
    let is_sign = |byte: &&u8| matches!(**byte, b' ' | b'\t' | b'>' | b'|');
    length + rest.iter().skip(length).take_while(is_sign).take(32).count()
}

/// `lnk_` in base64, by how many bytes stand before it in its group of three: the letters that are always the same, and
/// how many letters of the group stand before them.
const PACKED: [(&[u8], usize); 3] = [(b"bG5rX", 0), (b"xua1", 2), (b"sbmtf", 3)];

fn mask_packed(bytes: &mut [u8]) -> usize {
    // Lines of base64 are one text.
    let is_inside = |byte: u8| !matches!(byte, b'\r' | b'\n');
    let joined: Vec<u8> = bytes.iter().copied().filter(|byte| is_inside(*byte)).collect();
    let mut starts: Vec<(usize, usize)> = Vec::new();
    for (before, (pattern, lead)) in PACKED.into_iter().enumerate() {
        starts.extend(memmem::find_iter(&joined, pattern).filter_map(|at| Some((at.checked_sub(lead)?, before))));
    }
    let found: Vec<(usize, Vec<u8>)> = starts.into_iter().filter_map(|start| repacked(&joined, start)).collect();
    if found.is_empty() {
        return 0;
    }
    let places: Vec<usize> = (0..bytes.len()).filter(|place| is_inside(bytes[*place])).collect();
    for (start, letters) in &found {
        for (letter, place) in letters.iter().zip(places.iter().skip(*start)) {
            bytes[*place] = *letter;
        }
    }
    found.len()
}

/// The letters of base64 from a group's beginning with the token in them written over; none where there is no token.
fn repacked(joined: &[u8], (start, before): (usize, usize)) -> Option<(usize, Vec<u8>)> {
    let most = UNPACKED.div_ceil(3) * 4;
    let packed: Vec<u8> =
        joined.get(start..)?.iter().copied().take(most).take_while(|byte| sextet(*byte).is_some()).collect();
    let sextets: Vec<u8> = packed.iter().filter_map(|byte| sextet(*byte)).collect();
    let mut bytes: Vec<u8> = Vec::with_capacity(sextets.len());
    for group in sextets.chunks(4) {
        let part = |place: usize| group.get(place).copied().unwrap_or_default();
        let whole = [part(0) << 2 | part(1) >> 4, part(1) << 4 | part(2) >> 2, part(2) << 6 | part(3)];
        bytes.extend(whole.iter().take(group.len() * 6 / 8));
    }
    let token = token_at(&bytes, before)?;
    let mut masked = bytes.clone();
    write_over(&mut masked, &token);
    let letters = packed.into_iter().enumerate().map(|(place, letter)| {
        // Only letters that say something else by now: whatever else stands there keeps its spelling.
        let now = sextet_of(&masked, place);
        if now == sextet_of(&bytes, place) { letter } else { LETTERS.get(usize::from(now)).copied().unwrap_or(letter) }
    });
    Some((start, letters.collect()))
}

/// Both forms of base64 differ in the last two alone, which no letter of a mask comes to.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn sextet(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// Six bits of the bytes, counted in sixes.
fn sextet_of(bytes: &[u8], place: usize) -> u8 {
    let (first, shift) = (place * 6 / 8, place * 6 % 8);
    let part = |place: usize| u16::from(bytes.get(place).copied().unwrap_or_default());
    let both = part(first) << 8 | part(first + 1);
    u8::try_from(both >> (10 - shift) & 63).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

    use super::*;

    const LINK: &str = "lnk_0123456789abcdef0123456789abcdef";
    const SECRET: &str = "89abcdef.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE";
    const MASKED: &str = "xxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

    fn around(secret: &str) -> String {
        format!(
            "On Tuesday Baton wrote:\r\n> Answer: <https://baton.acme.example/l/{LINK}.{secret}>\r\n> Thank you?\r\n"
        )
    }

    /// Masks a text in which the parts of the token are as they stand in the mail.
    fn check(given: &str, expected: &str) {
        let mut bytes = given.as_bytes().to_vec();
        let count = mask_file(&mut bytes);
        assert_eq!(String::from_utf8_lossy(&bytes), expected, "{given}");
        assert_eq!(count, usize::from(given != expected), "{given}");
        assert_eq!(mask_file(&mut bytes), 0, "once is enough");
    }

    #[test]
    fn tokens_are_written_over_where_they_stand() {
        check(&around(SECRET), &around(MASKED));
        let broken = |secret: &str, sign: &str| {
            let (one, two) = secret.split_at(20);
            format!("> …/l/{LINK}.{one}{sign}{two} >")
        };
        for sign in ["=\r\n", "=\n", "\r\n> ", "\n> > ", "\r\n\t", "\\r\\n> ", "\\n"] {
            check(&broken(SECRET, sign), &broken(MASKED, sign));
        }
        // Dots at the beginning of a line are often coded; so may any other letter be.
        let coded = |secret: &str, letter: &str| {
            let (one, two) = secret.split_at(45);
            format!("{LINK}=\r\n=2E{one}{letter}{}", &two[1..])
        };
        assert_eq!(&SECRET[45..46], "-");
        check(&coded(SECRET, "=2D"), &coded(MASKED, "=78"));
        let (id, rest) = LINK.split_at(3);
        check(&format!("{id}=\r\n{rest}.{SECRET}"), &format!("{id}=\r\n{rest}.{MASKED}"));
    }

    #[test]
    fn what_is_no_token_stays() {
        for text in [
            "",
            "l",
            "lnk_",
            LINK,
            "all links: lnk_1",
            &format!("{LINK}.89abcdef"),
            &format!("{LINK}.89abcdeg.{}", &SECRET[9..]),
            &format!("{LINK}.{}", &SECRET[..51]),
            &format!("LNK_{}.{SECRET}", &LINK[4..]),
            &around(MASKED),
        ] {
            check(text, text);
        }
        let mut packed = [b"PK\x03\x04", around(SECRET).as_bytes()].concat();
        let before = packed.clone();
        assert_eq!((mask_file(&mut packed), packed), (0, before));
    }

    #[test]
    fn tokens_inside_base64_are_written_over_there() {
        for engine in [&STANDARD as &dyn Packs, &STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            for lead in ["", "a", "ab", "abc", "~?~?", "ü"] {
                for tail in ["", "\">~?>", "?"] {
                    let text = |secret: &str| engine.pack(&format!("{lead}{LINK}.{secret}{tail}"));
                    check(&format!("{{\"data\":\"{}\"}}", text(SECRET)), &format!("{{\"data\":\"{}\"}}", text(MASKED)));
                    for width in [76, 61] {
                        let folded = |secret: &str| {
                            let packed = text(secret);
                            let lines: Vec<&str> = packed
                                .as_bytes()
                                .chunks(width)
                                .map(|line| std::str::from_utf8(line).expect("letters"))
                                .collect();
                            format!("Content-Transfer-Encoding: base64\r\n\r\n{}\r\n", lines.join("\r\n"))
                        };
                        check(&folded(SECRET), &folded(MASKED));
                    }
                }
            }
        }
    }

    trait Packs {
        fn pack(&self, text: &str) -> String;
    }

    impl<E: Engine> Packs for E {
        fn pack(&self, text: &str) -> String {
            self.encode(text)
        }
    }

    #[test]
    fn texts_tell_whose_tokens_they_held() {
        let mut text = format!("ü {} and {}", around(SECRET), around(SECRET));
        let length = text.len();
        assert_eq!(mask_text(&mut text), [LINK]);
        assert_eq!((text.len(), text.matches(MASKED).count()), (length, 2));
        assert_eq!(mask_text(&mut text), Vec::<String>::new());
    }
}
