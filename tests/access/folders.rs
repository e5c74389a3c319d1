//! Signing keys on the disk: made once, for their owner alone, rotated without
//! losing what was signed, refused when someone else could read or replace them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use baton::access::passes::PassFault;
use baton::access::{SigningKeyFault, SigningKeys};
use jiff::Timestamp;

use crate::passes::{claims, head};

pub const NOW: Timestamp = Timestamp::constant(1_772_000_000, 0);

pub fn after(seconds: i64) -> Timestamp {
    Timestamp::from_second(NOW.as_second() + seconds).expect("a time")
}

/// A folder of this test's own, removed with it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Folder(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("access-{}-{number}", std::process::id())))
    }

    pub fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }

    pub fn open(&self, now: Timestamp) -> Result<SigningKeys, SigningKeyFault> {
        SigningKeys::open(&self.keys(), now)
    }

    /// The key files, with their text.
    fn files(&self) -> Vec<(PathBuf, String)> {
        let entries = fs::read_dir(self.keys()).expect("the folder").map(|entry| entry.expect("an entry").path());
        let keys = entries.filter(|path| path.extension().is_some_and(|ending| ending == "jwk"));
        keys.map(|path| (path.clone(), fs::read_to_string(path).expect("a key"))).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn keys_are_made_once_and_found_again() {
    let folder = Folder::new();
    let keys = folder.open(NOW).expect("keys");
    let pass = keys.sign(&claims(NOW, 900));
    for _ in 0..3 {
        let again = folder.open(after(60)).expect("keys");
        assert_eq!((again.kid(), again.jwks()), (keys.kid(), keys.jwks()));
        assert!(again.verify(&pass, after(60)).is_ok());
    }
    assert_eq!(folder.files().len(), 1);
    let jwks = keys.jwks();
    let key = &jwks["keys"][0];
    assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&"OKP".into(), &"Ed25519".into(), &"EdDSA".into()));
    assert_eq!(key["kid"], keys.kid());
    assert_eq!(key["x"].as_str().map(str::len), Some(43));
    assert!(key.get("d").is_none() && !format!("{keys:?}").contains("Ed25519KeyPair"));
}

#[test]
fn rotation_keeps_what_was_signed_and_forgets_the_old_secret() {
    let folder = Folder::new();
    let mut keys = folder.open(NOW).expect("keys");
    let first = keys.kid().to_owned();
    let (old_pass, old_head) = (keys.sign(&claims(NOW, 900)), keys.sign_head(&head(NOW)));
    // The clock stands still, or was even set back.
    for (turn, now) in [NOW, after(-3600), after(60)].into_iter().enumerate() {
        let before = keys.kid().to_owned();
        assert_ne!(keys.rotate(now).expect("a new key"), before);
        let files = folder.files();
        assert_eq!(files.len(), turn + 2);
        let with_secret: Vec<_> = files.iter().filter(|(_, text)| text.contains("\"d\"")).collect();
        assert_eq!(with_secret.len(), 1, "only the newest key can sign");
        assert!(with_secret[0].1.contains(keys.kid()));
    }
    let again = folder.open(after(60)).expect("keys");
    assert_eq!((again.kid(), again.jwks()), (keys.kid(), keys.jwks()));
    assert_eq!(keys.jwks()["keys"].as_array().map(Vec::len), Some(4));
    assert!(keys.verify(&keys.sign(&claims(after(60), 900)), after(60)).is_ok());
    assert_eq!(keys.verify_head(&old_head), Ok(head(NOW)));
    // Deleting a retired key ends what it signed.
    fs::remove_file(folder.keys().join(format!("{first}.jwk"))).expect("the file");
    keys.reload(after(60)).expect("keys");
    assert_eq!(keys.verify_head(&old_head), Err(PassFault::BadSignature));
    assert_eq!(keys.verify(&old_pass, after(60)), Err(PassFault::BadSignature));
}

#[test]
fn a_retired_key_can_no_longer_sign() {
    let folder = Folder::new();
    let stolen = folder.open(NOW).expect("keys");
    let mut keys = folder.open(NOW).expect("keys");
    keys.rotate(after(600)).expect("a new key");
    let check = |issued: i64, life: i64, expected: Result<(), PassFault>| {
        let pass = stolen.sign(&claims(after(issued), life));
        assert_eq!(keys.verify(&pass, after(issued)).map(|_| ()), expected, "{issued} {life}");
    };
    check(0, 900, Ok(()));
    // Other processes may need five minutes to notice.
    check(900, 900, Ok(()));
    check(901, 900, Err(PassFault::BadSignature));
    // Backdated, and good for ever.
    check(0, 3600 * 24 * 7, Ok(()));
    check(0, 3600 * 24 * 7 + 1, Err(PassFault::BadSignature));
    assert_eq!(keys.verify_head(&stolen.sign_head(&head(after(901)))), Err(PassFault::BadSignature));
}

#[test]
fn another_process_sees_a_new_key_when_it_looks() {
    let folder = Folder::new();
    let mut server = folder.open(NOW).expect("keys");
    let mut command = folder.open(NOW).expect("keys");
    command.rotate(after(1)).expect("a new key");
    let pass = command.sign(&claims(after(2), 900));
    assert_eq!(server.verify(&pass, after(2)).err(), Some(PassFault::BadSignature));
    server.reload(after(2)).expect("keys");
    assert!(server.verify(&pass, after(2)).is_ok());
    assert_eq!(server.kid(), command.kid());
}

#[test]
fn a_rotation_cut_short_is_finished() {
    let folder = Folder::new();
    let mut keys = folder.open(NOW).expect("keys");
    let (path, old) = folder.files().remove(0);
    keys.rotate(after(1)).expect("a new key");
    // As if the crash came after the new key and before the old one was struck out, and in the middle of a write.
    fs::write(&path, &old).expect("the old key");
    fs::write(folder.keys().join("half.new"), "{\"d\": \"hal").expect("a half file");
    let again = folder.open(after(2)).expect("keys");
    assert_eq!(again.kid(), keys.kid());
    assert!(!fs::read_to_string(&path).expect("the old key").contains("\"d\""));
    assert!(!folder.keys().join("half.new").exists());
}

#[test]
fn many_who_open_an_empty_folder_agree() {
    let folder = Folder::new();
    let open = || folder.open(NOW).map(|keys| keys.kid().to_owned()).map_err(|error| error.to_string());
    let kids: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(open)).collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread")).collect()
    });
    assert!(kids[0].is_ok() && kids.iter().all(|kid| *kid == kids[0]), "{kids:?}");
    assert_eq!(folder.files().len(), 1);
}

#[test]
fn broken_keys_are_named_and_nothing_starts() {
    let check = |change: fn(String) -> String, reason: &str| {
        let folder = Folder::new();
        drop(folder.open(NOW).expect("keys"));
        let (path, text) = folder.files().remove(0);
        fs::write(&path, change(text)).expect("a file");
        let error = folder.open(NOW).expect_err(reason).to_string();
        assert!(error.contains(reason) && error.contains(&path.display().to_string()), "{error}");
    };
    check(|_| String::new(), "not its JSON");
    check(|text| text[..text.len() / 2].to_owned(), "not its JSON");
    check(|text| text.replace("Ed25519", "Ed448"), "another kind of key");
    check(|text| text.replace("\"kid\": \"", "\"kid\": \"../"), "another name");
    // A public part that was put in the place of ours, or a secret of another key.
    check(|text| replace_value(&text, "x", &"A".repeat(43)), "its name is not that of its public part");
    check(|text| replace_value(&text, "d", &"A".repeat(43)), "its two parts do not belong together");
    check(|text| replace_value(&text, "d", "short"), "its two parts do not belong together");
}

fn replace_value(text: &str, name: &str, value: &str) -> String {
    let mut json: serde_json::Value = serde_json::from_str(text).expect("a key");
    json[name] = value.into();
    json.to_string()
}

#[cfg(unix)]
#[test]
fn keys_that_others_can_use_are_refused_with_the_mend() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");

    let folder = Folder::new();
    let mut keys = folder.open(NOW).expect("keys");
    keys.rotate(after(1)).expect("a new key");
    assert_eq!(mode(&folder.keys()), 0o700);
    for (path, _) in folder.files() {
        assert_eq!(mode(&path), 0o600);
        for wrong in [0o640, 0o604, 0o660, 0o620, 0o644, 0o666] {
            set(&path, wrong);
            let error = folder.open(NOW).expect_err("a key that others can use").to_string();
            assert!(error.contains(&format!("`chmod 600 {}`", path.display())), "{error}");
        }
        set(&path, 0o400);
        assert!(folder.open(NOW).is_ok(), "a key may be protected further");
    }
    for wrong in [0o750, 0o701, 0o770, 0o755] {
        set(&folder.keys(), wrong);
        let error = folder.open(NOW).expect_err("a folder that others can use").to_string();
        assert!(error.contains(&format!("`chmod 700 {}`", folder.keys().display())), "{error}");
    }
    set(&folder.keys(), 0o700);
    assert!(folder.open(NOW).is_ok());
}
