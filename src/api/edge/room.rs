//! Room for bodies: all requests together hold no more bytes than the service
//! has memory for. Who finds no room in time is asked to come again.

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::api::problem::{Kind, Problem};

/// Permits are for so many bytes each.
const UNIT: usize = 1024;
/// A body waits this long for room.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is left of the room; clones share it.
#[derive(Debug, Clone)]
pub(super) struct Room {
    units: Arc<Semaphore>,
    /// What a body may take that does not say how large it is.
    most: usize,
}

impl Room {
    /// Room for `all` bytes; one body takes `most` of them at most.
    pub fn new(all: usize, most: usize) -> Room {
        let units = (all.max(most) / UNIT).clamp(1, Semaphore::MAX_PERMITS);
        Room { units: Arc::new(Semaphore::new(units)), most }
    }

    /// Takes room for the body that this head announces; none for a request without one.
    pub async fn take(&self, headers: &HeaderMap) -> Result<Option<OwnedSemaphorePermit>, Problem> {
        let bytes = self.announced(headers);
        if bytes == 0 {
            return Ok(None);
        }
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX);
        match timeout(PATIENCE, self.units.clone().acquire_many_owned(units)).await {
            Ok(Ok(permit)) => Ok(Some(permit)),
            _ => Err(Problem::new(Kind::Overloaded).retry_after(PATIENCE)),
        }
    }

    fn announced(&self, headers: &HeaderMap) -> usize {
        let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        match length {
            // A packed body says nothing of how large it will be.
            Some(length) if length > 0 && headers.contains_key(CONTENT_ENCODING) => self.most,
            Some(length) => length.min(self.most),
            None if headers.contains_key(TRANSFER_ENCODING) => self.most,
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(name: &'static str, value: &'static str) -> HeaderMap {
        [(axum::http::HeaderName::from_static(name), axum::http::HeaderValue::from_static(value))].into_iter().collect()
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_no_room_is_asked_to_come_again() {
        let room = Room::new(10 * UNIT, 4 * UNIT);
        let held = room.take(&head("content-length", "8192")).await.expect("room");
        assert!(held.is_some(), "cut to what one body may take");
        let unknown = room.take(&head("transfer-encoding", "chunked")).await.expect("room");
        assert!(room.take(&HeaderMap::new()).await.expect("no body, no room").is_none());
        let refused = room.take(&head("content-length", "3000")).await.expect_err("two units are left");
        assert_eq!(refused.kind(), Kind::Overloaded);
        drop(unknown);
        assert!(room.take(&head("content-length", "3000")).await.is_ok());
    }
}
