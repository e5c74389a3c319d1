//! The socket under a connection, with the deadlines the HTTP parser does not
//! keep: for a head that drips, for a connection nobody uses, for a caller that
//! does not read its reply. On closing it lets the caller read the reply first.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::exchange::Exchange;
use super::head::HeadScan;
use super::{ServerSettings, bare};

/// After our last byte, so much of what the caller still sends is read and thrown away.
const MOST_DISCARDED_BYTES: usize = 64 * 1024 * 1024;

/// One connection's bytes.
pub struct Socket {
    stream: TcpStream,
    exchange: Arc<Exchange>,
    settings: ServerSettings,
    scan: HeadScan,
    /// Until when a head must be complete or begun; none while a request is under way.
    waiting: Option<Pin<Box<Sleep>>>,
    is_head_begun: bool,
    /// How many requests had begun when `waiting` was set.
    seen: usize,
    /// Until when the caller must take some of what we write.
    stalled: Option<Pin<Box<Sleep>>>,
    /// How many requests had begun when the last reply was written to its end.
    flushed: usize,
    /// Bytes of ours that go out before anything else.
    own: Bytes,
    is_eof: bool,
    closing: Option<Pin<Box<Sleep>>>,
    discarded: usize,
}

fn timer(after: Duration) -> Pin<Box<Sleep>> {
    Box::pin(sleep_until(Instant::now() + after))
}

impl Socket {
    /// The first head's deadline counts from now.
    pub fn new(stream: TcpStream, exchange: Arc<Exchange>, settings: ServerSettings) -> Socket {
        let (scan, own) = (HeadScan::default(), Bytes::new());
        let waiting = Some(timer(settings.head_deadline));
        Socket {
            stream,
            exchange,
            settings,
            scan,
            waiting,
            is_head_begun: true,
            seen: 0,
            stalled: None,
            flushed: 0,
            own,
            is_eof: false,
            closing: None,
            discarded: 0,
        }
    }

    /// A socket that has one thing to say before it is closed.
    pub fn to_refuse(stream: TcpStream, reply: Bytes, settings: ServerSettings) -> Socket {
        let mut socket = Socket::new(stream, Arc::default(), settings);
        socket.own = reply;
        socket
    }

    /// Ready when the caller has taken too long with its next head.
    fn poll_waiting(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.exchange.is_busy() {
            return Poll::Pending;
        }
        let begun = self.exchange.begun();
        if self.seen != begun {
            self.seen = begun;
            self.is_head_begun = false;
            self.waiting = None;
        }
        let idle = self.settings.keep_alive_idle;
        self.waiting.get_or_insert_with(|| timer(idle)).as_mut().poll(context)
    }

    fn note_read(&mut self, fresh: &[u8]) {
        self.is_eof |= fresh.is_empty();
        if self.exchange.begun() == 0 {
            self.scan.feed(fresh);
            if self.scan.is_ambiguous() {
                self.exchange.note_ambiguous();
            }
        }
        if !self.exchange.is_busy() && !self.is_head_begun {
            self.is_head_begun = true;
            self.waiting = Some(timer(self.settings.head_deadline));
        }
    }

    /// Whether everything of earlier replies has been handed over and no request is under way.
    fn is_between_requests(&self) -> bool {
        !self.exchange.is_busy() && self.flushed == self.exchange.begun()
    }

    /// Between requests only the HTTP parser writes, and only to refuse a head. Its reply becomes one of ours.
    fn replaces(&mut self, bytes: &[u8]) -> bool {
        let problem = if self.is_between_requests() { bare::problem_of_automatic(bytes) } else { None };
        let Some(problem) = problem else { return false };
        tracing::info!(status = problem.status().as_u16(), "a request could not be read");
        self.own = bare::reply(problem);
        true
    }

    /// Hands on a write, unless the caller has taken nothing for too long.
    fn poll_stalled<T>(&mut self, context: &mut Context<'_>, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.stalled = None;
            return result;
        }
        let patience = self.settings.write_stall;
        match self.stalled.get_or_insert_with(|| timer(patience)).as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }

    fn poll_own(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.own.is_empty() {
            let result = Pin::new(&mut self.stream).poll_write(context, &self.own);
            match ready!(self.poll_stalled(context, result))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => drop(self.own.split_to(written)),
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Reads on until the caller closes. Were unread bytes left, the system would cut the connection, and the reply
    /// with it, before the caller has read it.
    fn poll_discard(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0; 16 * 1024];
        while !self.is_eof && self.discarded < MOST_DISCARDED_BYTES {
            if self.closing.as_mut().is_some_and(|closing| closing.as_mut().poll(context).is_ready()) {
                return Poll::Ready(());
            }
            let mut buffer = ReadBuf::new(&mut scratch);
            let result = ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer));
            let length = buffer.filled().len();
            self.discarded += length;
            self.is_eof = result.is_err() || length == 0;
        }
        Poll::Ready(())
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.poll_waiting(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        self.note_read(buffer.filled().get(before..).unwrap_or_default());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_own(context))?;
        if self.replaces(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        let result = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.poll_stalled(context, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_own(context))?;
        let first = slices.iter().find(|slice| !slice.is_empty()).map_or(&[][..], |slice| slice);
        if self.replaces(first) {
            return Poll::Ready(Ok(first.len()));
        }
        let result = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.poll_stalled(context, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_own(context))?;
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        if !self.exchange.is_busy() {
            self.flushed = self.exchange.begun();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_own(context))?;
        if self.closing.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
            self.closing = Some(timer(self.settings.linger));
        }
        ready!(self.poll_discard(context));
        Poll::Ready(Ok(()))
    }
}
