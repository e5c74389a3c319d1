//! Request bodies within bounds: so many bytes as sent, so many once unpacked,
//! all of it before a deadline. Whoever reads the body meets an error; what it
//! was stands in the request's trail, so that the answer names the true cause
//! however the reader reports it.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH};
use axum::http::{HeaderMap, HeaderValue};
use bytes::BytesMut;
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use super::EdgeSettings;
use super::trail::Trail;
use crate::api::problem::{Kind, Problem};

/// Why a body could not be read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyFailure {
    /// More bytes than allowed, as sent or unpacked.
    TooLarge {
        /// What is allowed, in bytes.
        limit: usize,
    },
    /// It was not complete in time.
    TimedOut {
        /// What is allowed, in seconds.
        seconds: u64,
    },
    /// It came in so many pieces that taking them costs more than reading them.
    Scattered,
    /// It cannot be unpacked.
    Packing,
    /// The connection ended or the chunks were wrong.
    Broken,
}

impl BodyFailure {
    /// What the caller is told.
    pub fn problem(&self) -> Problem {
        match self {
            BodyFailure::TooLarge { limit } => Problem::new(Kind::BodyTooLarge)
                .detail(format!("A body may have {limit} bytes, also when unpacked"))
                .member("limit", *limit),
            BodyFailure::TimedOut { seconds } => Problem::new(Kind::BodyTimeout)
                .detail(format!("The body was not complete {seconds} seconds after the request's head")),
            BodyFailure::Scattered => {
                Problem::new(Kind::MalformedBody).detail(format!("A body may come in {MOST_PIECES} chunks"))
            }
            BodyFailure::Packing => Problem::new(Kind::MalformedBody).detail("The body is not valid gzip"),
            BodyFailure::Broken => Problem::new(Kind::MalformedBody).detail("The body broke off or was sent wrong"),
        }
    }
}

impl fmt::Display for BodyFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.problem().kind().title())
    }
}

impl std::error::Error for BodyFailure {}

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
}

/// Decides by the head alone: a body that says it is too large, or packed in a way we do not know, is never read.
pub(super) fn check_head(headers: &HeaderMap, limit: usize) -> Result<Packing, Problem> {
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > limit as u64) {
        return Err(BodyFailure::TooLarge { limit }.problem());
    }
    let mut encodings = headers.get_all(CONTENT_ENCODING).into_iter();
    let packing = match (encodings.next(), encodings.next()) {
        (None, _) => Some(Packing::Plain),
        (Some(only), None) => match only.as_bytes().to_ascii_lowercase().as_slice() {
            b"gzip" | b"x-gzip" => Some(Packing::Gzip),
            b"identity" | b"" => Some(Packing::Plain),
            _ => None,
        },
        (Some(_), Some(_)) => None,
    };
    packing.ok_or_else(|| {
        Problem::new(Kind::UnsupportedEncoding)
            .detail("A body may be packed once with gzip, or not at all")
            .header(ACCEPT_ENCODING, HeaderValue::from_static("gzip"))
    })
}

/// Pieces are handed on in this size at least, the last excepted. A reader that keeps pieces as they come would
/// otherwise hold, for every byte sent alone, the whole buffer it was received in.
const PIECE_BYTES: usize = 16 * 1024;
/// A body at its limit in pieces of 64 bytes stays below.
const MOST_PIECES: usize = 200_000;

/// A body that fails when it gets too large or too late.
pub(super) struct Guarded {
    inner: Body,
    gathered: BytesMut,
    is_over: bool,
    pieces: usize,
    left: usize,
    settings: EdgeSettings,
    deadline: Option<Pin<Box<Sleep>>>,
    trail: Trail,
    /// What a failure of the inner body means.
    inner_failure: BodyFailure,
}

impl Guarded {
    /// The body as sent; the deadline counts from now.
    pub(super) fn sent(inner: Body, settings: EdgeSettings, trail: &Trail) -> Body {
        if inner.is_end_stream() {
            return inner;
        }
        let deadline = Some(Box::pin(sleep_until(Instant::now() + settings.body_deadline)));
        Body::new(Guarded { deadline, ..Guarded::new(inner, settings, trail, BodyFailure::Broken) })
    }

    /// The body as unpacked; its deadline is the sent one's.
    pub(super) fn unpacked(inner: Body, settings: EdgeSettings, trail: &Trail) -> Body {
        Body::new(Guarded::new(inner, settings, trail, BodyFailure::Packing))
    }

    fn new(inner: Body, settings: EdgeSettings, trail: &Trail, inner_failure: BodyFailure) -> Guarded {
        let (left, trail, gathered) = (settings.body_limit_bytes, trail.clone(), BytesMut::new());
        Guarded { inner, gathered, is_over: false, pieces: 0, left, settings, deadline: None, trail, inner_failure }
    }

    /// Keeps a piece until there is enough to hand on.
    fn gather(&mut self, piece: Bytes) -> Option<Bytes> {
        if self.gathered.is_empty() && piece.len() >= PIECE_BYTES {
            return Some(piece);
        }
        self.gathered.extend_from_slice(&piece);
        (self.gathered.len() >= PIECE_BYTES).then(|| self.gathered.split().freeze())
    }

    fn fail(&self, failure: BodyFailure) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.trail.note_body_failure(failure);
        Poll::Ready(Some(Err(Box::new(failure))))
    }
}

impl HttpBody for Guarded {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let guarded = &mut *self;
        if guarded.deadline.as_mut().is_some_and(|deadline| deadline.as_mut().poll(context).is_ready()) {
            return guarded.fail(BodyFailure::TimedOut { seconds: guarded.settings.body_deadline.as_secs() });
        }
        while !guarded.is_over {
            let frame = match ready!(Pin::new(&mut guarded.inner).poll_frame(context)) {
                Some(Ok(frame)) => frame,
                Some(Err(_)) => return guarded.fail(guarded.inner_failure),
                None => {
                    guarded.is_over = true;
                    break;
                }
            };
            // Nobody here reads what may follow a body.
            let Ok(piece) = frame.into_data() else { continue };
            guarded.pieces += 1;
            if guarded.pieces > MOST_PIECES {
                return guarded.fail(BodyFailure::Scattered);
            }
            match guarded.left.checked_sub(piece.len()) {
                Some(left) => guarded.left = left,
                None => return guarded.fail(BodyFailure::TooLarge { limit: guarded.settings.body_limit_bytes }),
            }
            if let Some(enough) = guarded.gather(piece) {
                return Poll::Ready(Some(Ok(Frame::data(enough))));
            }
        }
        let rest = guarded.gathered.split().freeze();
        Poll::Ready((!rest.is_empty()).then(|| Ok(Frame::data(rest))))
    }

    fn is_end_stream(&self) -> bool {
        self.gathered.is_empty() && (self.is_over || self.inner.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        if self.gathered.is_empty() { self.inner.size_hint() } else { SizeHint::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_decide_what_is_read() {
        let check = |headers: &[(&'static str, &'static str)], expected: Result<Packing, Kind>| {
            let pairs = headers
                .iter()
                .map(|(name, value)| (axum::http::HeaderName::from_static(name), HeaderValue::from_static(value)));
            let mut map = HeaderMap::new();
            for (name, value) in pairs {
                map.append(name, value);
            }
            assert_eq!(check_head(&map, 100).map_err(|problem| problem.kind()), expected, "{headers:?}");
        };
        check(&[], Ok(Packing::Plain));
        check(&[("content-length", "100")], Ok(Packing::Plain));
        check(&[("content-length", "101")], Err(Kind::BodyTooLarge));
        check(&[("content-encoding", "GZip")], Ok(Packing::Gzip));
        check(&[("content-encoding", "identity")], Ok(Packing::Plain));
        check(&[("content-encoding", "gzip, gzip")], Err(Kind::UnsupportedEncoding));
        check(&[("content-encoding", "gzip"), ("content-encoding", "gzip")], Err(Kind::UnsupportedEncoding));
        check(&[("content-encoding", "br")], Err(Kind::UnsupportedEncoding));
        check(&[("content-encoding", "gzip"), ("content-length", "101")], Err(Kind::BodyTooLarge));
    }
}
