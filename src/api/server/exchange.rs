//! What a connection's two ends tell each other: the service above the HTTP
//! parser, which sees requests and replies, and the socket below it, which
//! sees bytes and keeps the deadlines.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

/// Shared by both ends of one connection.
#[derive(Debug, Default)]
pub struct Exchange {
    /// Requests that have come so far.
    begun: AtomicUsize,
    is_busy: AtomicBool,
    is_ambiguous: AtomicBool,
}

impl Exchange {
    /// A request's head has been read; until the guard is dropped, the connection is not waiting for another.
    pub fn begin(self: &Arc<Exchange>) -> Busy {
        self.begun.fetch_add(1, Ordering::AcqRel);
        self.is_busy.store(true, Ordering::Release);
        Busy(self.clone())
    }

    /// How many requests have come.
    pub fn begun(&self) -> usize {
        self.begun.load(Ordering::Acquire)
    }

    /// Whether a request is under way: its reply is not complete.
    pub fn is_busy(&self) -> bool {
        self.is_busy.load(Ordering::Acquire)
    }

    /// The first head tells the body's end in more than one way.
    pub fn note_ambiguous(&self) {
        self.is_ambiguous.store(true, Ordering::Release);
    }

    /// See `note_ambiguous`.
    pub fn is_ambiguous(&self) -> bool {
        self.is_ambiguous.load(Ordering::Acquire)
    }
}

/// A request under way.
#[derive(Debug)]
pub struct Busy(Arc<Exchange>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.is_busy.store(false, Ordering::Release);
    }
}

/// A reply's body; with its end, the request's.
#[derive(Debug)]
pub struct ReplyBody {
    body: Body,
    _busy: Busy,
}

impl ReplyBody {
    /// Holds the request until this body has been sent or dropped.
    pub fn new(body: Body, busy: Busy) -> ReplyBody {
        ReplyBody { body, _busy: busy }
    }
}

impl HttpBody for ReplyBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
