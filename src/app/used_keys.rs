//! When each key was good for a request last. It is remembered at every request
//! and written down now and then, so that no request waits for the disk because
//! of it; what was not written when a process dies is the last minute.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::App;
use crate::store::{self, Fault};

/// The last use of a key, and whether it is written down.
#[derive(Debug, Clone, Copy)]
struct Use {
    at: Timestamp,
    is_written: bool,
}

/// By the key's id. Only keys that were good are in it, so that nobody can fill it with guesses.
#[derive(Debug, Default)]
pub(super) struct Used(Mutex<HashMap<String, Use>>);

impl Used {
    fn uses(&self) -> MutexGuard<'_, HashMap<String, Use>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A key was good for a request.
    pub fn note(&self, key: &str, at: Timestamp) {
        let mut uses = self.uses();
        match uses.get_mut(key) {
            Some(known) if known.at >= at => {}
            Some(known) => *known = Use { at, is_written: false },
            None => _ = uses.insert(key.to_owned(), Use { at, is_written: false }),
        }
    }

    /// When it was used last, as far as this process knows.
    pub fn of(&self, key: &str) -> Option<Timestamp> {
        self.uses().get(key).map(|known| known.at)
    }

    fn unwritten(&self) -> Vec<(String, Timestamp)> {
        let uses = self.uses();
        uses.iter().filter(|(_, known)| !known.is_written).map(|(key, known)| (key.clone(), known.at)).collect()
    }

    fn note_written(&self, written: &[(String, Timestamp)]) {
        let mut uses = self.uses();
        for (key, at) in written {
            if let Some(known) = uses.get_mut(key).filter(|known| known.at == *at) {
                known.is_written = true;
            }
        }
    }
}

impl App {
    /// Writes down when keys were used that were used since; what cannot be written is written the next time.
    pub async fn write_used_keys(&self) {
        let unwritten = self.used.unwritten();
        if unwritten.is_empty() {
            return;
        }
        let uses = unwritten.clone();
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                for (key, at) in &uses {
                    store::note_key_used(tx, key, *at);
                }
                Ok::<_, Fault>(())
            })
        });
        match write.await {
            Ok(()) => self.used.note_written(&unwritten),
            Err(fault) => tracing::warn!(%fault, "when keys were used could not be written down yet"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_written_once_and_a_later_one_again() {
        let (used, at) = (Used::default(), |second| Timestamp::from_second(second).expect("a time"));
        used.note("a", at(10));
        used.note("a", at(5));
        assert_eq!(used.of("a"), Some(at(10)));
        let first = used.unwritten();
        assert_eq!(first, [("a".to_owned(), at(10))]);
        // One more request while it is written: that one is not written yet.
        used.note("a", at(11));
        used.note_written(&first);
        assert_eq!(used.unwritten(), [("a".to_owned(), at(11))]);
        used.note_written(&used.unwritten());
        assert_eq!(used.unwritten(), []);
        assert_eq!(used.of("b"), None);
    }
}
