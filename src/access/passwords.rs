//! Passwords of people who log in: which ones may be chosen, and the slow hash
//! that is kept of them. Whoever is unknown costs the same work as whoever
//! types a wrong one, so that the time does not tell who has an account.

use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;

use super::primitives::{NoRandomness, base64url, from_base64url, is_same, random};

/// Argon2id as OWASP's password storage cheat sheet has it: 19 MiB, two passes, one lane.
const COST: Cost = Cost { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// Letters at least: without further rules of what they are, length is what counts.
pub const LEAST_LETTERS: usize = 12;
/// Letters at most, so that nobody has a whole book hashed.
pub const MOST_LETTERS: usize = 256;

/// What stands in the lists that guessers begin with, without digits and signs; the longest first.
const COMMON: [&str; 52] = [
    "correcthorsebatterystaple",
    "abcdefghijklmnopqrstuvwxyz",
    "administrator",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "contraseña",
    "motdepasse",
    "chocolate",
    "asdfghjkl",
    "changeme",
    "iloveyou",
    "football",
    "baseball",
    "superman",
    "princess",
    "starwars",
    "sunshine",
    "passw0rd",
    "password",
    "passwort",
    "passphrase",
    "letmein",
    "welcome",
    "company",
    "zxcvbnm",
    "default",
    "trustno",
    "charlie",
    "handoff",
    "qwertz",
    "qwerty",
    "azerty",
    "abcdef",
    "monkey",
    "dragon",
    "master",
    "shadow",
    "secret",
    "summer",
    "winter",
    "spring",
    "autumn",
    "batman",
    "admin",
    "hello",
    "login",
    "baton",
    "root",
    "test",
    "user",
    "pass",
];

/// Why a password may not be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("use at least {LEAST_LETTERS} characters")]
    Short,
    #[error("use at most {MOST_LETTERS} characters")]
    Long,
    #[error("this is among the first that anybody would try; take several words that do not belong together")]
    Common,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// A hash as it is kept, taken apart.
struct Kept {
    cost: Cost,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

/// Whether a password may be chosen; `about` is what everybody knows of its owner, such as the address.
pub fn check(password: &str, about: &[&str]) -> Result<(), Unfit> {
    let letters = password.chars().count();
    if letters < LEAST_LETTERS {
        return Err(Unfit::Short);
    }
    if letters > MOST_LETTERS {
        return Err(Unfit::Long);
    }
    let known: Vec<String> =
        about.iter().flat_map(|text| text.split(|c: char| !c.is_alphabetic())).map(letters_of).collect();
    let mut rest = letters_of(password);
    // What is made of nothing but common words, one after the other, with digits and signs between.
    while let Some(word) = COMMON.into_iter().chain(known.iter().map(String::as_str)).find(|word| begins(&rest, word)) {
        rest = rest.split_off(word.len());
    }
    let mut distinct: Vec<char> = password.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if rest.chars().count() < 3 || distinct.len() < 5 { Err(Unfit::Common) } else { Ok(()) }
}

fn begins(text: &str, word: &str) -> bool {
    word.chars().count() >= 3 && text.starts_with(word)
}

fn letters_of(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// The hash to be kept. Takes tens of milliseconds and 19 MiB.
pub fn hash(password: &SecretString) -> Result<String, NoRandomness> {
    let salt = random::<SALT_BYTES>()?;
    let hash = work(password, COST, &salt).ok_or(NoRandomness)?;
    let Cost { memory_kib, passes, lanes } = COST;
    Ok(format!("argon2id$m={memory_kib},t={passes},p={lanes}${}${}", base64url(&salt), base64url(&hash)))
}

/// Whether a password is the one that was kept; with nothing kept it is wrong after the same work.
pub fn is_password(given: &SecretString, kept: Option<&str>) -> bool {
    let known = kept.and_then(read);
    let is_known = known.is_some();
    let kept = known.unwrap_or(Kept { cost: COST, salt: vec![0; SALT_BYTES], hash: vec![0; HASH_BYTES] });
    let Some(hash) = work(given, kept.cost, &kept.salt) else { return false };
    is_same(&hash, &kept.hash) & is_known
}

fn work(password: &SecretString, cost: Cost, salt: &[u8]) -> Option<[u8; HASH_BYTES]> {
    // Too long a text is no password of anybody's: it is cut, so that it costs no more than others.
    let text: String = password.expose_secret().chars().take(MOST_LETTERS + 1).nfkc().collect();
    let parameters = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(HASH_BYTES)).ok()?;
    let mut hash = [0; HASH_BYTES];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    argon.hash_password_into(text.as_bytes(), salt, &mut hash).ok()?;
    Some(hash)
}

fn read(kept: &str) -> Option<Kept> {
    let mut parts = kept.split('$');
    let ("argon2id", Some(cost), Some(salt), Some(hash), None) =
        (parts.next()?, parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let mut numbers = cost.split(',').zip(["m=", "t=", "p="]).map(|(part, name)| part.strip_prefix(name)?.parse().ok());
    let cost = Cost { memory_kib: numbers.next()??, passes: numbers.next()??, lanes: numbers.next()?? };
    Some(Kept { cost, salt: from_base64url(salt)?, hash: from_base64url(hash)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_no_other() {
        let password = SecretString::from("three quiet lighthouses");
        let kept = hash(&password).expect("a hash");
        assert!(kept.starts_with("argon2id$m=19456,t=2,p=1$") && !kept.contains("quiet"), "{kept}");
        assert!(is_password(&password, Some(&kept)));
        assert_ne!(hash(&password).expect("a hash"), kept, "each with a salt of its own");
        let is = |text: &str, kept: Option<&str>| is_password(&SecretString::from(text), kept);
        for wrong in ["", "three quiet lighthouse", "Three quiet lighthouses", "three quiet lighthouses "] {
            assert!(!is(wrong, Some(&kept)), "{wrong}");
        }
        assert!(!is("three quiet lighthouses", None), "nobody has it");
        for damaged in ["", "argon2id", &kept.replace("argon2id", "argon2i"), &kept.replace("p=1", "p=x")] {
            assert!(!is("three quiet lighthouses", Some(damaged)), "{damaged}");
        }
        // The same letters, composed or not, are the same password.
        let kept = hash(&SecretString::from("caf\u{e9} caf\u{e9} caf\u{e9}")).expect("a hash");
        assert!(is("cafe\u{301} cafe\u{301} cafe\u{301}", Some(&kept)));
    }

    #[test]
    fn argon_is_the_published_one() {
        // RFC 9106 gives vectors with secret and data alone; this one is of the reference implementation's tests:
        // argon2id, version 19, 64 MiB, two passes, one lane, `password` and `somesalt`.
        let cost = Cost { memory_kib: 65_536, passes: 2, lanes: 1 };
        let hash = work(&SecretString::from("password"), cost, b"somesalt").expect("a hash");
        let expected = "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7";
        assert_eq!(super::super::primitives::hex(&hash), expected);
    }

    #[test]
    fn what_anybody_would_try_is_refused() {
        let check = |password: &str, expected: Result<(), Unfit>| {
            assert_eq!(check(password, &["dana.whitfield@acme.example", "Dana Whitfield"]), expected, "{password}");
        };
        for fit in
            ["three quiet lighthouses", "passwordless hedgehog", "k7#pQ2!xv9Lm", "дом у реки стоит", "summer-in-Lisbon"]
        {
            check(fit, Ok(()));
        }
        check("eleven char", Err(Unfit::Short));
        check("ä".repeat(11).as_str(), Err(Unfit::Short));
        check(&"quiet lighthouse ".repeat(16), Err(Unfit::Long));
        for common in [
            "password1234",
            "Password!Password!",
            "123456789012",
            "aaaaaaaaaaaa",
            "abababababab",
            "QWERTYuiop12",
            "Welcome2026!!",
            "letmein-letmein",
            "correct horse battery staple",
            "DanaWhitfield1",
            "whitfield dana 2026",
            "acme-example-1",
            "dana.whitfield99",
            "Summer2026!!",
            "admin-admin-12",
            "............",
        ] {
            check(common, Err(Unfit::Common));
        }
    }
}
