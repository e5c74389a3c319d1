//! Tokens of personal links: a link's id, the name of a key and an HMAC over
//! everything the link is bound to (workspace, handoff, person, purpose, end).
//! A token can be made again from the link's row, so that none has to be
//! stored: a copy of the database opens nothing without the key beside it. The
//! codes that may be asked for besides are made the same way.

use std::fs;
use std::path::{Path, PathBuf};

use ring::hmac;

use super::primitives::{
    NoRandomness, base64url, from_base64url, hex, hmac_key, is_hmac, is_same, random, sha256, sign_hmac,
};
use super::private_files::{is_private, lock, make_folder, write_whole};

const FILE: &str = "links.key";
const UNFINISHED: &str = "links.new";
const KEY_BYTES: usize = 32;
/// Longer texts are not looked at; a token has some 100 letters.
const MOST_LETTERS: usize = 256;

/// Why no link can be made.
#[derive(Debug, thiserror::Error)]
pub enum LinkKeyFault {
    #[error("{} can be used by others than its owner; run `chmod 600 {}` and start again", path.display(), path.display())]
    OpenToOthers { path: PathBuf },
    #[error("{} holds no key for links; put it back from a backup, or delete it: links sent so far then end", path.display())]
    Unusable { path: PathBuf },
    #[error("the key for links in {}: {error}", path.display())]
    Disk { path: PathBuf, error: std::io::Error },
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Everything a token is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound<'a> {
    /// The link's id; without dots.
    pub id: &'a str,
    pub workspace: &'a str,
    pub handoff: &'a str,
    /// The address, else the name.
    pub person: &'a str,
    pub purpose: &'a str,
    /// In milliseconds since 1970.
    pub expires_at: i64,
}

/// The keys of one data folder. The first one signs; the others are earlier ones whose tokens are still taken.
pub struct LinkKeys(Vec<LinkKey>);

struct LinkKey {
    kid: String,
    key: hmac::Key,
}

impl std::fmt::Debug for LinkKeys {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("LinkKeys(…)")
    }
}

impl LinkKeys {
    /// Reads the keys of this folder, `keys` in the data folder: one a line in `links.key`, the newest first. Makes the
    /// first one where there is none. Refuses a file that others can read.
    pub fn open(folder: &Path) -> Result<LinkKeys, LinkKeyFault> {
        let disk = |error| LinkKeyFault::Disk { path: folder.into(), error };
        make_folder(folder).map_err(disk)?;
        let _lock = lock(folder).map_err(disk)?;
        let path = folder.join(FILE);
        if !path.exists() {
            let text = base64url(&random::<KEY_BYTES>()?);
            write_whole(folder, (UNFINISHED, FILE), text.as_bytes()).map_err(disk)?;
        }
        if !is_private(&path).map_err(disk)? {
            return Err(LinkKeyFault::OpenToOthers { path });
        }
        let text = fs::read_to_string(&path).map_err(disk)?;
        let keys: Option<Vec<LinkKey>> =
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(read_key).collect();
        match keys.filter(|keys| !keys.is_empty()) {
            Some(keys) => Ok(LinkKeys(keys)),
            None => Err(LinkKeyFault::Unusable { path }),
        }
    }

    /// The token of a link: the same each time, as long as the key stays.
    pub fn token(&self, bound: &Bound) -> String {
        let Some(LinkKey { kid, key }) = self.0.first() else { return String::new() };
        let mac = with_parts(kid, bound, |parts| base64url(sign_hmac(key, parts).as_ref()));
        format!("{}.{kid}.{mac}", bound.id)
    }

    /// Whether a text is the token of this link. What differs is not told by the time it takes.
    pub fn is_token_of(&self, text: &str, bound: &Bound) -> bool {
        let Some((id, kid, mac)) = parts_of(text) else { return false };
        let Some(mac) = from_base64url(mac) else { return false };
        let known = self.0.iter().find(|key| key.kid == kid);
        // An unknown key costs the same work.
        let Some(LinkKey { key, .. }) = known.or(self.0.first()) else { return false };
        let is_signed = with_parts(kid, bound, |parts| is_hmac(key, parts, &mac));
        is_signed && known.is_some() && id == bound.id
    }

    /// The six digits of a code: the same each time, as long as the key stays, so that they need not be stored.
    /// `browser` is what the secret of the browser's cookie is stored as.
    pub fn code(&self, id: &str, browser: &str) -> String {
        let Some(LinkKey { key, .. }) = self.0.first() else { return String::new() };
        let tag = with_lengths(&["baton code 1", id, browser], |parts| sign_hmac(key, parts));
        // Of 2^64 numbers, each of the million rests comes as often as the others but for one in 10^13.
        let number = tag.as_ref().iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
    }

    /// Whether these are the digits of a code. What differs is not told by the time it takes.
    pub fn is_code(&self, given: &str, (id, browser): (&str, &str)) -> bool {
        let code = self.code(id, browser);
        !code.is_empty() && is_same(code.as_bytes(), given.as_bytes())
    }
}

/// The id of the link that a text claims to be the token of.
pub fn id_of(text: &str) -> Option<&str> {
    parts_of(text).map(|(id, ..)| id)
}

/// What a cookie's secret is stored as.
pub fn hash_of(secret: &str) -> String {
    hex(&sha256(&[b"baton session\n", secret.as_bytes()]))
}

/// What a form of a session carries, so that no other page can send it: known to whoever has the cookie's secret.
pub fn form_token(secret: &str) -> String {
    base64url(sign_hmac(&hmac_key(secret.as_bytes()), &[b"baton form"]).as_ref())
}

/// Whether a form carries its session's token; in constant time.
pub fn is_form_token(secret: &str, given: &str) -> bool {
    let Some(given) = from_base64url(given) else { return false };
    is_hmac(&hmac_key(secret.as_bytes()), &[b"baton form"], &given)
}

/// A new secret for a cookie: 256 random bits.
pub fn make_secret() -> Result<String, NoRandomness> {
    Ok(base64url(&random::<KEY_BYTES>()?))
}

fn read_key(line: &str) -> Option<LinkKey> {
    let bytes = from_base64url(line).filter(|bytes| bytes.len() == KEY_BYTES)?;
    // The name follows from the key, so that the two cannot be mixed up.
    let kid = hex(&sha256(&[b"baton link key\n", &bytes])).get(..8)?.to_owned();
    Some(LinkKey { kid, key: hmac_key(&bytes) })
}

fn parts_of(text: &str) -> Option<(&str, &str, &str)> {
    if text.len() > MOST_LETTERS {
        return None;
    }
    let mut parts = text.split('.');
    let (id, kid, mac, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else { return None };
    Some((id, kid, mac))
}

fn with_parts<T>(kid: &str, bound: &Bound, done: impl FnOnce(&[&[u8]]) -> T) -> T {
    let end = bound.expires_at.to_string();
    let texts = ["baton link 1", kid, bound.purpose, bound.workspace, bound.handoff, bound.person, &end, bound.id];
    with_lengths(&texts, done)
}

/// Each part with its length before it, so that nothing can move from one into the next.
fn with_lengths<T>(texts: &[&str], done: impl FnOnce(&[&[u8]]) -> T) -> T {
    let lengths: Vec<[u8; 8]> = texts.iter().map(|text| (text.len() as u64).to_be_bytes()).collect();
    let parts: Vec<&[u8]> =
        lengths.iter().zip(texts).flat_map(|(length, text)| [&length[..], text.as_bytes()]).collect();
    done(&parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> LinkKeys {
        LinkKeys(bytes.iter().filter_map(|byte| read_key(&base64url(&[*byte; KEY_BYTES]))).collect())
    }

    fn bound(id: &str) -> Bound<'_> {
        let (workspace, handoff, person) = ("main", "hnd_1", "Dana <dana@northwind.example>");
        Bound { id, workspace, handoff, person, purpose: "answer", expires_at: 1_772_000_000_000 }
    }

    #[test]
    fn no_flipped_bit_of_a_thousand_tokens_is_taken() {
        let keys = keys(&[7]);
        let (mut flips, mut accepted) = (0_u64, 0_u64);
        for number in 0..1000 {
            let id = format!("lnk_{number:032x}");
            let bound = bound(&id);
            let token = keys.token(&bound);
            assert!(keys.is_token_of(&token, &bound) && id_of(&token) == Some(&id));
            for place in 0..token.len() {
                for bit in 0..8 {
                    let mut bytes = token.clone().into_bytes();
                    bytes[place] ^= 1 << bit;
                    flips += 1;
                    // What is no text cannot come in an address.
                    let Ok(text) = String::from_utf8(bytes) else { continue };
                    accepted += u64::from(keys.is_token_of(&text, &bound));
                }
            }
        }
        println!(r#"{{"check":"A-43 flipped bits","pass":{},"flips":{flips},"accepted":{accepted}}}"#, accepted == 0);
        assert_eq!(accepted, 0);
    }

    #[test]
    fn a_token_is_bound_to_everything_it_says() {
        let keys = keys(&[7]);
        let real = bound("lnk_1");
        let token = keys.token(&real);
        for other in [
            Bound { id: "lnk_2", ..real },
            Bound { workspace: "other", ..real },
            Bound { handoff: "hnd_2", ..real },
            Bound { person: "Marcus <marcus@acme.example>", ..real },
            Bound { purpose: "receive", ..real },
            Bound { expires_at: real.expires_at + 1, ..real },
            // The same letters, parted elsewhere.
            Bound { workspace: "mainh", handoff: "nd_1", ..real },
        ] {
            assert!(!keys.is_token_of(&token, &other), "{other:?}");
        }
        for text in ["", ".", "..", "lnk_1..", &format!("{token}."), &format!("{token}="), &token[..token.len() - 1]] {
            assert!(!keys.is_token_of(text, &real), "{text}");
        }
    }

    #[test]
    fn a_key_that_is_gone_opens_nothing() {
        let real = bound("lnk_1");
        let old = keys(&[1]).token(&real);
        assert!(keys(&[2, 1]).is_token_of(&old, &real), "the key before is still there");
        assert!(!keys(&[2]).is_token_of(&old, &real), "it was taken away");
        let kid = |token: &str| token.split('.').nth(1).map(str::to_owned).expect("a name");
        let renamed = old.replace(&kid(&old), &kid(&keys(&[2]).token(&real)));
        assert!(!keys(&[2, 1]).is_token_of(&renamed, &real), "another key's name");
    }

    #[test]
    fn codes_belong_to_a_browser_and_spread_evenly() {
        let (one, other) = (keys(&[7]), keys(&[8]));
        let code = one.code("cod_1", "a");
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        assert_eq!(code, one.code("cod_1", "a"), "it can be made again");
        assert!(one.is_code(&code, ("cod_1", "a")));
        for (keys, id, browser) in
            [(&one, "cod_2", "a"), (&one, "cod_1", "b"), (&one, "cod_", "1a"), (&other, "cod_1", "a")]
        {
            assert_ne!(keys.code(id, browser), code, "{id} {browser}");
            assert!(!keys.is_code(&code, (id, browser)));
        }
        for wrong in ["", "000000", &code[..5], &format!("{code}0"), &format!(" {code}")] {
            assert!(!one.is_code(wrong, ("cod_1", "a")), "{wrong}");
        }
        // A thousand codes in ten equal parts: about a hundred in each.
        let mut parts = [0_u32; 10];
        for number in 0..1000 {
            let first = one.code(&format!("cod_{number}"), "a").as_bytes()[0] - b'0';
            parts[usize::from(first)] += 1;
        }
        assert!(parts.iter().all(|count| (60..=140).contains(count)), "{parts:?}");
    }

    #[test]
    fn a_million_guesses_open_nothing() {
        let keys = keys(&[7]);
        let real = bound("lnk_1");
        let kid = keys.token(&real).split('.').nth(1).map(str::to_owned).expect("a name");
        let mut accepted = 0_u32;
        // The best that can be guessed: the right link and key, and a signature of the right form.
        for number in 0..1_000_000_u64 {
            let mut mac = [0_u8; 32];
            for (place, part) in mac.chunks_mut(8).enumerate() {
                let seed = number.wrapping_mul(4).wrapping_add(place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                part.copy_from_slice(&(seed ^ seed >> 29).to_be_bytes());
            }
            accepted += u32::from(keys.is_token_of(&format!("lnk_1.{kid}.{}", base64url(&mac)), &real));
        }
        println!(r#"{{"check":"A-43 guessed","pass":{},"guesses":1000000,"accepted":{accepted}}}"#, accepted == 0);
        assert_eq!(accepted, 0);
    }

    #[test]
    fn forms_belong_to_their_cookie() {
        let (one, other) = (make_secret().expect("bytes"), make_secret().expect("bytes"));
        assert!(is_form_token(&one, &form_token(&one)));
        assert!(!is_form_token(&one, &form_token(&other)) && !is_form_token(&one, ""));
        assert_ne!(hash_of(&one), hash_of(&other));
        assert!(!hash_of(&one).contains(&one));
    }
}
