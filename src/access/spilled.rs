//! Tokens of personal links in what comes in: a reply that quotes the message
//! with the link brings it along. They are written over where they stand, byte
//! for byte, so that nothing moves: as they are, wrapped or quoted by a mail
//! program, in quoted-printable, and inside base64. What cannot be written
//! over without being unpacked is found when it was read.

use std::collections::{HashSet, VecDeque};

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
/// Different tokens that are told of; nobody quotes as many messages, and every one of them is looked up.
const MOST_TOLD: usize = 1_000;

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
    /// As it was made, without what a mail program put in.
    token: String,
    /// Of the key's name and the signature.
    secret: Vec<Letter>,
    /// Where the bytes after it begin.
    end: usize,
}

/// Tokens that stood in what was read, each once, whether or not any link has them: whoever wrote the text may have
/// made them up.
#[derive(Debug, Default)]
pub struct Spilled {
    tokens: HashSet<String>,
    /// There were more than are told of. They were written over all the same.
    pub is_cut: bool,
}

impl Spilled {
    fn add(&mut self, token: String) {
        if self.tokens.len() < MOST_TOLD {
            self.tokens.insert(token);
        } else if !self.tokens.contains(&token) {
            self.is_cut = true;
        }
    }

    pub fn tokens(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map(String::as_str)
    }
}

/// Writes over every token in a file as it came in; how many. The number of bytes stays.
pub fn mask_file(bytes: &mut [u8]) -> usize {
    if bytes.starts_with(ZIP) {
        // Its parts are packed, or guarded by sums.
        return 0;
    }
    let plain = mask_plain(bytes, |_| ());
    plain + mask_packed(bytes)
}

/// Writes over every token in a text that was read, and notes them.
pub fn mask_text(text: &mut String, spilled: &mut Spilled) {
    let mut bytes = std::mem::take(text).into_bytes();
    mask_plain(&mut bytes, |token| spilled.add(token));
    // Letters of ASCII took the place of letters of ASCII.
    *text = String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
}

/// Writes over every token and hands it on; how many there were.
fn mask_plain(bytes: &mut [u8], mut tell: impl FnMut(String)) -> usize {
    let (mut count, mut at) = (0, 0);
    // One may begin inside another, and would not be seen any more if that were written over at once.
    let mut held: VecDeque<Found> = VecDeque::new();
    while let Some(ahead) = memchr::memchr(b'l', bytes.get(at..).unwrap_or_default()) {
        let place = at + ahead;
        at = place + 1;
        while let Some(found) = held.pop_front_if(|found| found.end <= place) {
            write_over(bytes, &found);
            tell(found.token);
        }
        if let Some(found) = token_at(bytes, place) {
            count += 1;
            held.push_back(found);
        }
    }
    for found in held {
        write_over(bytes, &found);
        tell(found.token);
    }
    count
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
    let values = |letters: &[Letter]| letters.iter().map(|letter| char::from(letter.value)).collect::<String>();
    let (key, signature) = secret.split_at(KEY);
    let token = format!("lnk_{}.{}.{}", values(&id), values(key), values(signature));
    Some(Found { token, secret, end: letters.place })
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
    let mut masked: Option<Vec<u8>> = None;
    let mut count = 0;
    for (before, (pattern, lead)) in PACKED.into_iter().enumerate() {
        for start in memmem::find_iter(&joined, pattern).filter_map(|at| at.checked_sub(lead)) {
            let rest = joined.get(start..).unwrap_or_default();
            let Some(letters) = packed_mask(rest, before) else { continue };
            count += 1;
            let masked = masked.get_or_insert_with(|| joined.clone());
            for (place, letter) in letters {
                if let Some(target) = masked.get_mut(start + place) {
                    *target = letter;
                }
            }
        }
    }
    if let Some(masked) = masked {
        for (target, letter) in bytes.iter_mut().filter(|byte| is_inside(**byte)).zip(masked) {
            *target = letter;
        }
    }
    count
}

/// The letters of base64 that write over the token in these, with their places; none where there is no token.
fn packed_mask(packed: &[u8], before: usize) -> Option<Vec<(usize, u8)>> {
    // Most of what looks like a token's beginning is none, and is not worth unpacking.
    let first = unpack(packed.get(..FIRST_PACKED)?);
    if !first.get(before + PREFIX.len()..)?.iter().all(|byte| may_follow(*byte)) {
        return None;
    }
    let packed = packed.get(..UNPACKED.div_ceil(3) * 4).unwrap_or(packed);
    let bytes = unpack(packed);
    let token = token_at(&bytes, before)?;
    let mut masked = bytes.clone();
    write_over(&mut masked, &token);
    // Only letters that say something else by now: whatever else stands there keeps its spelling, and another token
    // stays written over.
    let changed = (0..packed.len()).filter_map(|place| {
        let now = sextet_of(&masked, place);
        let letter = LETTERS.get(usize::from(now)).copied()?;
        (now != sextet_of(&bytes, place)).then_some((place, letter))
    });
    Some(changed.collect())
}

/// Letters that are unpacked to see whether it goes on like a token: its prefix and three letters of the id.
const FIRST_PACKED: usize = 12;

/// A letter of an id, or part of what may stand between two of them.
fn may_follow(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b'=' | b'\r' | b'\n' | b'\\' | b'r' | b'n' | b' ' | b'\t' | b'>' | b'|')
}

/// What letters of base64 stand for, up to the first that is none.
fn unpack(packed: &[u8]) -> Vec<u8> {
    let sextets: Vec<u8> = packed.iter().map_while(|byte| sextet(*byte)).collect();
    let mut bytes: Vec<u8> = Vec::with_capacity(sextets.len());
    for group in sextets.chunks(4) {
        let part = |place: usize| group.get(place).copied().unwrap_or_default();
        let whole = [part(0) << 2 | part(1) >> 4, part(1) << 4 | part(2) >> 2, part(2) << 6 | part(3)];
        bytes.extend(whole.iter().take(group.len() * 6 / 8));
    }
    bytes
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
        let mut spilled = Spilled::default();
        mask_text(&mut text, &mut spilled);
        assert_eq!(spilled.tokens().collect::<Vec<_>>(), [format!("{LINK}.{SECRET}")]);
        assert_eq!((text.len(), text.matches(MASKED).count()), (length, 2));
        let mut again = Spilled::default();
        mask_text(&mut text, &mut again);
        assert_eq!((again.tokens().count(), spilled.is_cut), (0, false));
    }

    /// Time that grows with the square of their number would not end here.
    #[test]
    fn many_tokens_are_written_over_and_only_some_told() {
        let many = 20_000;
        let mut text: String = (0..many).map(|place| format!("lnk_{place:032x}.{SECRET} ")).collect();
        let mut packed = STANDARD.encode(&text).into_bytes();
        let mut spilled = Spilled::default();
        mask_text(&mut text, &mut spilled);
        assert_eq!((text.matches(SECRET).count(), text.matches(MASKED).count()), (0, many));
        assert_eq!((spilled.tokens().count(), spilled.is_cut), (MOST_TOLD, true));
        assert_eq!((mask_file(&mut packed), mask_file(&mut packed)), (many, 0));
        let mut bait = "bG5rX2Fh".repeat(200_000).into_bytes();
        assert_eq!(mask_file(&mut bait), 0);
    }

    /// A message of two forms quotes the link twice, a few letters apart.
    #[test]
    fn tokens_near_each_other_are_all_written_over() {
        for between in ["", " ", "\">", "> <a", "lnk_"] {
            let twice = |secret: &str| format!("{LINK}.{secret}{between}{LINK}.{secret}, {LINK}.{secret}");
            let mut bytes = STANDARD.encode(twice(SECRET)).into_bytes();
            assert_eq!(mask_file(&mut bytes), 3, "{between:?}");
            assert_eq!(String::from_utf8(bytes).expect("letters"), STANDARD.encode(twice(MASKED)), "{between:?}");
            let mut bytes = twice(SECRET).into_bytes();
            assert_eq!(mask_file(&mut bytes), 3, "{between:?}");
            assert_eq!(String::from_utf8(bytes).expect("text"), twice(MASKED), "{between:?}");
        }
        // One that begins inside what looks like another's signature.
        let mut bytes = format!("{LINK}.{}{LINK}.{SECRET}", &SECRET[..SECRET.len() - 4]).into_bytes();
        assert_eq!((mask_file(&mut bytes), memmem::find(&bytes, &SECRET.as_bytes()[9..])), (2, None));
    }
}
