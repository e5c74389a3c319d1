//! Seals what must be had again in clear (secrets that senders share with us)
//! before it reaches the database: a copy of the database alone gives nothing
//! away. The key lies beside it, in a file of the data folder that only its
//! owner may read, and is made when there is none.
//!
//! What is sealed is bound to its place, so that no row's secret can be moved
//! into another row.

use std::fs;
use std::path::{Path, PathBuf};

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use secrecy::{ExposeSecret, SecretString};

use super::primitives::{NoRandomness, base64url, from_base64url, random};
use super::private_files::{is_private, lock, make_folder, write_whole};

const FILE: &str = "sealing.key";
/// A file that is being written; like those of signing keys, it is removed when the folder is opened.
const UNFINISHED: &str = "sealing.new";
const KEY_BYTES: usize = 32;

/// Why nothing can be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealingFault {
    #[error("{} can be used by others than its owner; run `chmod {mode} {}` and start again", path.display(), path.display())]
    OpenToOthers { path: PathBuf, mode: &'static str },
    #[error(
        "{} is no sealing key; put it back from a backup, or delete it: secrets sealed with it are then lost", path.display()
    )]
    Unusable { path: PathBuf },
    #[error("the sealing key in {}: {error}", path.display())]
    Disk { path: PathBuf, error: std::io::Error },
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// What is sealed was not sealed with this key, or for another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret cannot be unsealed: the sealing key is another one, or the secret was moved")]
pub struct NotOurs;

/// Seals and unseals with the key of one data folder.
pub struct Sealer(LessSafeKey);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// Reads the key of this folder, `keys` in the data folder; makes folder and key where there are none. Refuses a
    /// key that others can read.
    pub fn open(folder: &Path) -> Result<Sealer, SealingFault> {
        let disk = |error| SealingFault::Disk { path: folder.into(), error };
        make_folder(folder).map_err(disk)?;
        check_mode(folder, "700")?;
        let _lock = lock(folder).map_err(disk)?;
        let path = folder.join(FILE);
        if !path.exists() {
            let bytes = random::<KEY_BYTES>()?;
            write_whole(folder, (UNFINISHED, FILE), base64url(&bytes).as_bytes()).map_err(disk)?;
        }
        check_mode(&path, "600")?;
        let text = fs::read_to_string(&path).map_err(|error| SealingFault::Disk { path: path.clone(), error })?;
        let bytes = from_base64url(text.trim()).filter(|bytes| bytes.len() == KEY_BYTES);
        let key = bytes.and_then(|bytes| UnboundKey::new(&CHACHA20_POLY1305, &bytes).ok());
        key.map(|key| Sealer(LessSafeKey::new(key))).ok_or(SealingFault::Unusable { path })
    }

    /// Seals a secret for a place, such as `keys:k_123`: text that may be stored.
    pub fn seal(&self, place: &str, secret: &SecretString) -> Result<String, NoRandomness> {
        let nonce = random::<NONCE_LEN>()?;
        let mut bytes = secret.expose_secret().as_bytes().to_vec();
        let sealing =
            self.0.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut bytes);
        // Only a text of many gigabytes cannot be sealed.
        sealing.map_err(|_| NoRandomness)?;
        Ok(base64url(&[&nonce[..], &bytes].concat()))
    }

    /// The secret that was sealed for this place.
    pub fn unseal(&self, place: &str, sealed: &str) -> Result<SecretString, NotOurs> {
        let bytes = from_base64url(sealed).ok_or(NotOurs)?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN).ok_or(NotOurs)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| NotOurs)?;
        let mut rest = rest.to_vec();
        let clear = self.0.open_in_place(nonce, Aad::from(place), &mut rest).map_err(|_| NotOurs)?;
        std::str::from_utf8(clear).map(SecretString::from).map_err(|_| NotOurs)
    }
}

fn check_mode(path: &Path, mode: &'static str) -> Result<(), SealingFault> {
    match is_private(path) {
        Ok(true) => Ok(()),
        Ok(false) => Err(SealingFault::OpenToOthers { path: path.into(), mode }),
        Err(error) => Err(SealingFault::Disk { path: path.into(), error }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(byte: u8) -> Sealer {
        Sealer(LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &[byte; KEY_BYTES]).expect("a key")))
    }

    #[test]
    fn what_is_sealed_comes_out_at_its_place_alone() {
        let secret = SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let sealed = sealer(1).seal("keys:a", &secret).expect("sealed");
        assert!(!sealed.contains("whsec"));
        let unsealed = |sealer: &Sealer, place: &str, sealed: &str| {
            sealer.unseal(place, sealed).map(|clear| clear.expose_secret().to_owned())
        };
        assert_eq!(unsealed(&sealer(1), "keys:a", &sealed).as_deref(), Ok(secret.expose_secret()));
        assert_eq!(unsealed(&sealer(1), "keys:b", &sealed), Err(NotOurs));
        assert_eq!(unsealed(&sealer(2), "keys:a", &sealed), Err(NotOurs));
        assert_eq!(unsealed(&sealer(1), "keys:a", ""), Err(NotOurs));
        let flipped = if sealed.ends_with('A') { "Q" } else { "A" };
        assert_eq!(unsealed(&sealer(1), "keys:a", &format!("{}{flipped}", &sealed[..sealed.len() - 1])), Err(NotOurs));
        assert_ne!(sealer(1).seal("keys:a", &secret).expect("sealed"), sealed, "each time anew");
    }
}
