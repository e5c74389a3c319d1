//! The keys that sign passes, in a folder of the data that only its owner may
//! read. One file a key, in the form of a JSON Web Key (RFC 8037); its name is
//! the thumbprint of its public part, so that no file can pass for another.
//!
//! Rotation makes a new key and strikes the secret out of the old one's file;
//! the public part stays, for what it signed can still be checked. Deleting the
//! file ends that too.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::jws::{ALGORITHM, thumbprint};
use super::primitives::{NoRandomness, base64url, from_base64url, random};
use super::private_files::{self, for_owner, make_folder, sync_folder};

const ENDING: &str = "jwk";
/// A file that is being written.
const UNFINISHED: &str = "new";

/// A retired key's last signatures: another process of the same service may hold it for a
/// moment longer. Each must call [`SigningKeys::reload`] more often than this.
const GRACE_MS: i64 = 5 * 60 * 1000;

/// Why there are no keys to sign with. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SigningKeyFault {
    #[error("{} can be used by others than its owner; run `chmod {mode} {}` and start again", path.display(), path.display())]
    OpenToOthers { path: PathBuf, mode: &'static str },
    #[error(
        "{} is no signing key as Baton writes it ({reason}); put it back from a backup, or delete it: \
         what it signed can then no longer be verified", path.display()
    )]
    Unusable { path: PathBuf, reason: &'static str },
    #[error("the signing keys in {}: {error}", path.display())]
    Disk { path: PathBuf, error: io::Error },
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// One key as it lies on the disk.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    kty: String,
    crv: String,
    kid: String,
    /// The public part.
    x: String,
    /// The secret part, until the key is retired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    d: Option<String>,
    created_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retired_ms: Option<i64>,
}

/// A key to verify with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PublicKey {
    kid: String,
    bytes: Vec<u8>,
    retired_ms: Option<i64>,
}

impl PublicKey {
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The last second at which this key may have signed; `None` while it may.
    pub fn last_second(&self) -> Option<i64> {
        self.retired_ms.map(|at| at.saturating_add(GRACE_MS) / 1000)
    }
}

/// The keys of one data folder: the newest signs, all verify.
pub struct SigningKeys {
    folder: PathBuf,
    kid: String,
    key: Ed25519KeyPair,
    /// Newest first.
    public: Vec<PublicKey>,
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("SigningKeys").field("kid", &self.kid).field("public", &self.public.len()).finish()
    }
}

impl SigningKeys {
    /// Opens the folder, `keys` in the data folder; makes it, and the first key, where there is none.
    /// Refuses keys that others can read or replace.
    pub fn open(folder: &Path, now: Timestamp) -> Result<SigningKeys, SigningKeyFault> {
        make_folder(folder).map_err(|error| disk(folder, error))?;
        refuse_others(folder, "700")?;
        let _lock = lock(folder)?;
        SigningKeys::load(folder, now)
    }

    /// Makes a new key that signs from now on, and answers its name.
    pub fn rotate(&mut self, now: Timestamp) -> Result<String, SigningKeyFault> {
        let _lock = lock(&self.folder)?;
        let newest_ms = read_all(&self.folder)?.iter().map(|key| key.created_ms).max();
        let now_ms = now.as_millisecond();
        // Also with a clock set back, the new key is the newest.
        let created_ms = newest_ms.map_or(now_ms, |newest| now_ms.max(newest.saturating_add(1)));
        write(&self.folder, &new_key(created_ms)?)?;
        *self = SigningKeys::load(&self.folder, now)?;
        Ok(self.kid.clone())
    }

    /// Reads the folder again, for keys that another process made. To be called every minute or so.
    pub fn reload(&mut self, now: Timestamp) -> Result<(), SigningKeyFault> {
        *self = SigningKeys::open(&self.folder, now)?;
        Ok(())
    }

    /// The public keys as a JSON Web Key Set, newest first.
    pub fn jwks(&self) -> Json {
        let keys = self.public.iter().map(|key| {
            json!({"kty": "OKP", "crv": "Ed25519", "alg": ALGORITHM, "use": "sig",
                   "kid": key.kid, "x": base64url(&key.bytes)})
        });
        json!({"keys": keys.collect::<Vec<_>>()})
    }

    /// The name of the key that signs.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    pub(super) fn active(&self) -> (&str, &Ed25519KeyPair) {
        (&self.kid, &self.key)
    }

    pub(super) fn public(&self, kid: &str) -> Option<&PublicKey> {
        self.public.iter().find(|key| key.kid == kid)
    }

    /// Under the lock: reads all keys, makes one if none can sign, and retires all but the newest,
    /// which also finishes a rotation that was cut short.
    fn load(folder: &Path, now: Timestamp) -> Result<SigningKeys, SigningKeyFault> {
        let mut keys = read_all(folder)?;
        if keys.iter().all(|key| key.d.is_none()) {
            let newest_ms = keys.iter().map(|key| key.created_ms.saturating_add(1)).max();
            let first = new_key(now.as_millisecond().max(newest_ms.unwrap_or(i64::MIN)))?;
            write(folder, &first)?;
            keys.push(first);
        }
        keys.sort_by(|one, other| (other.created_ms, &other.kid).cmp(&(one.created_ms, &one.kid)));
        let mut active = None;
        for key in &mut keys {
            let path = path_of(folder, &key.kid);
            let Some(pair) = pair_of(key, &path)? else { continue };
            if active.is_none() {
                active = Some((key.kid.clone(), pair));
            } else {
                key.d = None;
                key.retired_ms = Some(now.as_millisecond());
                write(folder, key)?;
            }
        }
        let Some((kid, key)) = active else {
            return Err(SigningKeyFault::Unusable { path: folder.into(), reason: "none of them can sign" });
        };
        let mut public = Vec::new();
        for file in &keys {
            let bytes = public_of(file, &path_of(folder, &file.kid))?;
            public.push(PublicKey { kid: file.kid.clone(), bytes, retired_ms: file.retired_ms });
        }
        Ok(SigningKeys { folder: folder.into(), kid, key, public })
    }
}

fn new_key(created_ms: i64) -> Result<KeyFile, SigningKeyFault> {
    let seed = random::<32>()?;
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| NoRandomness)?;
    let public = pair.public_key().as_ref();
    Ok(KeyFile {
        kty: "OKP".into(),
        crv: "Ed25519".into(),
        kid: thumbprint(public),
        x: base64url(public),
        d: Some(base64url(&seed)),
        created_ms,
        retired_ms: None,
    })
}

/// The public part, after checking that the file is what its name says.
fn public_of(file: &KeyFile, path: &Path) -> Result<Vec<u8>, SigningKeyFault> {
    let unusable = |reason| SigningKeyFault::Unusable { path: path.into(), reason };
    if file.kty != "OKP" || file.crv != "Ed25519" {
        return Err(unusable("another kind of key"));
    }
    let bytes = from_base64url(&file.x).filter(|bytes| bytes.len() == 32).ok_or(unusable("no public part"))?;
    if thumbprint(&bytes) == file.kid { Ok(bytes) } else { Err(unusable("its name is not that of its public part")) }
}

/// Both parts, if the secret one is still there.
fn pair_of(file: &KeyFile, path: &Path) -> Result<Option<Ed25519KeyPair>, SigningKeyFault> {
    let Some(secret) = &file.d else { return Ok(None) };
    let public = public_of(file, path)?;
    let unusable = || SigningKeyFault::Unusable { path: path.into(), reason: "its two parts do not belong together" };
    let seed = from_base64url(secret).ok_or_else(unusable)?;
    Ed25519KeyPair::from_seed_and_public_key(&seed, &public).map(Some).map_err(|_| unusable())
}

fn path_of(folder: &Path, kid: &str) -> PathBuf {
    folder.join(kid).with_extension(ENDING)
}

fn disk(path: &Path, error: io::Error) -> SigningKeyFault {
    SigningKeyFault::Disk { path: path.into(), error }
}

fn read_all(folder: &Path) -> Result<Vec<KeyFile>, SigningKeyFault> {
    let mut keys = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| disk(folder, error))? {
        let path = entry.map_err(|error| disk(folder, error))?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if ending == Some(UNFINISHED) {
            // Left by a crash; it may hold a secret, and nothing was signed with it.
            fs::remove_file(&path).map_err(|error| disk(&path, error))?;
        }
        if ending != Some(ENDING) {
            continue;
        }
        refuse_others(&path, "600")?;
        let bytes = fs::read(&path).map_err(|error| disk(&path, error))?;
        let unusable = |reason| SigningKeyFault::Unusable { path: path.clone(), reason };
        let key: KeyFile = serde_json::from_slice(&bytes).map_err(|_| unusable("not its JSON"))?;
        if path_of(folder, &key.kid) != path {
            return Err(unusable("another name than its key's"));
        }
        keys.push(key);
    }
    Ok(keys)
}

/// Writes a key so that a crash leaves the old file or the new one, never half of either.
fn write(folder: &Path, key: &KeyFile) -> Result<(), SigningKeyFault> {
    let unfinished = folder.join(&key.kid).with_extension(UNFINISHED);
    let save = || -> io::Result<()> {
        let mut file = for_owner().truncate(true).open(&unfinished)?;
        file.write_all(&serde_json::to_vec_pretty(key)?)?;
        file.sync_all()?;
        fs::rename(&unfinished, path_of(folder, &key.kid))?;
        sync_folder(folder)
    };
    save().map_err(|error| disk(folder, error))
}

fn lock(folder: &Path) -> Result<File, SigningKeyFault> {
    private_files::lock(folder).map_err(|error| disk(folder, error))
}

fn refuse_others(path: &Path, mode: &'static str) -> Result<(), SigningKeyFault> {
    match private_files::is_private(path) {
        Ok(true) => Ok(()),
        Ok(false) => Err(SigningKeyFault::OpenToOthers { path: path.into(), mode }),
        Err(error) => Err(disk(path, error)),
    }
}
