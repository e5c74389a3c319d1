//! Secrets that the service has to know again (to sign what it sends) lie
//! sealed in the database: whoever reads a copy of it reads none of them. The
//! key lies in a file of its own in the data folder, for its owner alone.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use secrecy::{ExposeSecret, SecretString};

use super::primitives::{NoRandomness, base64, from_base64, random};

/// The key's file inside the data folder.
pub const FILE: &str = "sealing.key";
const KEY_BYTES: usize = 32;

/// Why nothing can be sealed. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SealingFault {
    #[error("{} can be used by others than its owner; run `chmod 600 {}` and start again", path.display(), path.display())]
    OpenToOthers { path: PathBuf },
    #[error("{} is no sealing key as Baton writes it; put it back from a backup: what it sealed cannot be read without it", path.display())]
    Unusable { path: PathBuf },
    #[error("the sealing key {}: {error}", path.display())]
    Disk { path: PathBuf, error: io::Error },
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// It was not sealed with this key, or not for this place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed secret cannot be opened with this folder's sealing key")]
pub struct Unsealable;

/// The key of one data folder.
pub struct Sealing(LessSafeKey);

impl std::fmt::Debug for Sealing {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Sealing(…)")
    }
}

impl Sealing {
    /// Opens the folder's key; makes one where there is none. Refuses a key that others can read.
    pub fn open(folder: &Path) -> Result<Sealing, SealingFault> {
        let path = folder.join(FILE);
        let disk = |error| SealingFault::Disk { path: path.clone(), error };
        if !path.exists() {
            make(folder, &path)?;
        }
        refuse_others(&path)?;
        let bytes = fs::read(&path).map_err(disk)?;
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        let key = from_base64(text.trim()).filter(|key| key.len() == KEY_BYTES);
        let unbound = key.and_then(|key| UnboundKey::new(&AES_256_GCM, &key).ok());
        Ok(Sealing(LessSafeKey::new(unbound.ok_or(SealingFault::Unusable { path })?)))
    }

    /// Seals a secret for one place, such as a table and a row: moved to another place it does not open.
    pub fn seal(&self, secret: &SecretString, place: &str) -> Result<String, NoRandomness> {
        let nonce = random::<NONCE_LEN>()?;
        let mut bytes = secret.expose_secret().as_bytes().to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.as_bytes()), &mut bytes)
            .map_err(|_| NoRandomness)?;
        Ok(base64(&[nonce.as_slice(), &bytes].concat()))
    }

    /// Opens what was sealed for this place.
    pub fn unseal(&self, sealed: &str, place: &str) -> Result<SecretString, Unsealable> {
        let mut bytes = from_base64(sealed).ok_or(Unsealable)?;
        let (nonce, sealed) = bytes.split_first_chunk_mut::<NONCE_LEN>().ok_or(Unsealable)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.0.open_in_place(nonce, Aad::from(place.as_bytes()), sealed).map_err(|_| Unsealable)?;
        String::from_utf8(opened.to_vec()).map(SecretString::from).map_err(|_| Unsealable)
    }
}

/// Writes a new key so that a crash leaves it whole or not at all, and never over one that is there.
fn make(folder: &Path, path: &Path) -> Result<(), SealingFault> {
    let key = random::<KEY_BYTES>()?;
    let unfinished = folder.join(format!("{FILE}.{}.new", std::process::id()));
    let save = || -> io::Result<()> {
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&unfinished)?;
        file.write_all(base64(&key).as_bytes())?;
        file.sync_all()?;
        // Unlike a rename, a link does not replace what another process made meanwhile.
        match fs::hard_link(&unfinished, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => fs::remove_file(&unfinished)?,
        }
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    };
    save().map_err(|error| SealingFault::Disk { path: path.into(), error })
}

#[cfg(unix)]
fn refuse_others(path: &Path) -> Result<(), SealingFault> {
    use std::os::unix::fs::PermissionsExt;
    let found = fs::metadata(path).map_err(|error| SealingFault::Disk { path: path.into(), error })?;
    if found.permissions().mode() & 0o077 == 0 { Ok(()) } else { Err(SealingFault::OpenToOthers { path: path.into() }) }
}

/// Elsewhere the system's own rules for the owner's folders stand.
#[cfg(not(unix))]
fn refuse_others(_: &Path) -> Result<(), SealingFault> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_open_with_their_key_at_their_place_alone() {
        let folder = std::env::temp_dir().join(format!("baton-sealing-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        let sealing = Sealing::open(&folder).expect("a key");
        let secret = SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let sealed = sealing.seal(&secret, "endpoint:1").expect("sealed");
        assert!(!sealed.contains("whsec"));
        assert_ne!(sealed, sealing.seal(&secret, "endpoint:1").expect("sealed"), "no nonce is used twice");
        let again = Sealing::open(&folder).expect("the same key");
        let opened = again.unseal(&sealed, "endpoint:1").expect("opened");
        assert_eq!(opened.expose_secret(), secret.expose_secret());
        assert!(again.unseal(&sealed, "endpoint:2").is_err());
        for wrong in ["", "AAAA", &sealed[4..]] {
            assert!(again.unseal(wrong, "endpoint:1").is_err(), "{wrong}");
        }
        fs::remove_file(folder.join(FILE)).expect("removed");
        let other = Sealing::open(&folder).expect("another key");
        assert!(other.unseal(&sealed, "endpoint:1").is_err());
        fs::write(folder.join(FILE), "short").expect("written");
        assert!(matches!(Sealing::open(&folder), Err(SealingFault::Unusable { .. })));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(folder.join(FILE), fs::Permissions::from_mode(0o644)).expect("opened to others");
            assert!(matches!(Sealing::open(&folder), Err(SealingFault::OpenToOthers { .. })));
        }
        fs::remove_dir_all(&folder).expect("removed");
    }
}
