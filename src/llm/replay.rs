//! Recorded replies: a folder with one file per call, named by the call's
//! hash. A file holds hashes of what was asked, not its words, and the reply.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::journal::{Journal, Kept, NotKept};
use super::{Call, Failure, Reply, Unusable};

/// A folder of recorded replies of one model.
#[derive(Debug, Clone)]
pub struct Recordings {
    folder: PathBuf,
    model: String,
}

/// One file.
#[derive(Debug, Serialize, Deserialize)]
struct Recording {
    model: String,
    call: Asked,
    #[serde(flatten)]
    kept: Kept,
}

/// What was asked, by hash: enough to see which part of a call has changed.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    system: String,
    user: String,
    schema: String,
    max_output_tokens: u32,
}

impl Recordings {
    /// A folder to read from; it must be there.
    pub fn open(folder: &Path, model: &str) -> Result<Self, Unusable> {
        if !folder.is_dir() {
            return Err(Unusable::new(format!("model.replay: {}: there is no such folder", folder.display())));
        }
        Ok(Recordings { folder: folder.to_owned(), model: model.to_owned() })
    }

    /// A folder to write into; it is made if it is not there.
    pub fn create(folder: &Path, model: &str) -> Result<Self, Unusable> {
        let made = fs::create_dir_all(folder);
        made.map_err(|error| Unusable::new(format!("model.record: {}: {error}", folder.display())))?;
        Ok(Recordings { folder: folder.to_owned(), model: model.to_owned() })
    }

    /// The recorded reply. A file that cannot be read is as good as none.
    pub fn find(&self, call: &Call) -> Result<Reply, Failure> {
        let hash = call.hash(&self.model);
        Journal::find(self, &hash).and_then(Kept::outcome).unwrap_or(Err(Failure::NotRecorded(hash)))
    }

    /// Writes a reply, whole or not at all; a reply that was recorded before is replaced.
    fn write(&self, call_hash: &str, call: &Call, kept: &Kept) -> io::Result<()> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let recording = Recording {
            model: self.model.clone(),
            call: Asked {
                system: hash(call.system.as_bytes()),
                user: hash(call.user.as_bytes()),
                schema: hash(call.schema.to_string().as_bytes()),
                max_output_tokens: call.max_output_tokens,
            },
            kept: kept.clone(),
        };
        let text = serde_json::to_string_pretty(&recording)? + "\n";
        let path = self.path(call_hash);
        // Two writers of one reply must not write into one file.
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let half = path.with_extension(format!("{}-{count}.part", std::process::id()));
        let written = fs::write(&half, text).and_then(|()| fs::rename(&half, path));
        written.inspect_err(|_| drop(fs::remove_file(&half)))
    }

    fn path(&self, hash: &str) -> PathBuf {
        self.folder.join(format!("{hash}.json"))
    }
}

impl Journal for Recordings {
    fn find(&self, hash: &str) -> Option<Kept> {
        let text = fs::read_to_string(self.path(hash)).ok()?;
        serde_json::from_str::<Recording>(&text).ok().map(|recording| recording.kept)
    }

    fn keep<'a>(&'a self, hash: &'a str, call: &'a Call, kept: &'a Kept) -> BoxFuture<'a, Result<(), NotKept>> {
        let written = self.write(hash, call, kept).map_err(|error| NotKept(error.kind().to_string()));
        Box::pin(std::future::ready(written))
    }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::Tokens;

    fn call(user: &str) -> Call {
        let schema = serde_json::json!({"type": "object"});
        Call { system: "rules".into(), user: user.into(), schema: schema.into(), max_output_tokens: 9 }
    }

    fn reply(text: &str) -> Reply {
        Reply { text: text.into(), tokens: Tokens { input: 3, cached: 1, output: 2 } }
    }

    fn keep(recordings: &Recordings, call: &Call, reply: Reply) {
        let kept = Kept::of(&Ok(reply)).expect("a reply is kept");
        recordings.write(&call.hash("m"), call, &kept).expect("written");
    }

    #[test]
    fn what_is_kept_is_found_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("baton-recordings-{}", std::process::id()));
        let kept = Recordings::create(&folder, "m").expect("a folder");
        keep(&kept, &call("the canary"), reply("first"));
        keep(&kept, &call("the canary"), reply("{}"));
        let found = Recordings::open(&folder, "m").expect("the folder");
        assert_eq!(found.find(&call("the canary")), Ok(reply("{}")));
        assert_eq!(found.find(&call("other")), Err(Failure::NotRecorded(call("other").hash("m"))));
        let stranger = Recordings::open(&folder, "n").expect("the folder");
        assert!(matches!(stranger.find(&call("the canary")), Err(Failure::NotRecorded(_))));
        let files: Vec<_> = fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
        assert_eq!(files, [folder.join(call("the canary").hash("m") + ".json")], "one file and no halves");
        let text = fs::read_to_string(&files[0]).expect("a file");
        assert!(!text.contains("canary") && text.contains("\"model\": \"m\""), "{text}");
        fs::write(&files[0], "half a fi").expect("written");
        assert!(matches!(found.find(&call("the canary")), Err(Failure::NotRecorded(_))));
        fs::remove_dir_all(&folder).expect("removed");
        assert!(Recordings::open(&folder, "m").is_err());
    }
}
