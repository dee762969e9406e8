//! A connection that is not waited for without end: not for the head of a request, not between two, and not while an answer
//! is taken too slowly.

use super::seats::{Seat, Standing};
use crate::limits::{Limits, TAKEN_A_SECOND};
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep_until};

/// A connection with its deadlines.
pub(super) struct Socket {
    stream: TcpStream,
    seat: Arc<Seat>,
    limits: Limits,
    /// When the first byte of the newest request came, from the second request on.
    began: Option<Instant>,
    /// Since when an answer waits for the other side, and how much of it went since.
    waiting: Option<Instant>,
    n_bytes: u64,
    heard: Alarm,
    taken: Alarm,
}

/// A timer that is set anew as often as its time changes.
#[derive(Default)]
pub(super) struct Alarm(Option<Pin<Box<Sleep>>>);

impl Alarm {
    /// Returns whether that time has come; where not, the task is woken then.
    pub(super) fn has_come(&mut self, at: Instant, context: &mut Context<'_>) -> bool {
        let at = at.into();
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(at)));
        if sleep.deadline() != at {
            sleep.as_mut().reset(at);
        }
        sleep.as_mut().poll(context).is_ready()
    }
}

impl Socket {
    pub(super) fn new(stream: TcpStream, seat: Arc<Seat>, limits: Limits) -> Self {
        let (heard, taken) = (Alarm::default(), Alarm::default());
        Self { stream, seat, limits, began: None, waiting: None, n_bytes: 0, heard, taken }
    }

    /// Returns until when the next byte has to come; `None` while something else is waited for.
    fn heard_by(&self) -> Option<Instant> {
        let (standing, since) = self.seat.standing();
        match standing {
            Standing::Stranger => Some(since + self.limits.head),
            Standing::Idle if self.waiting.is_some() => None,
            Standing::Idle => match self.began {
                Some(began) if began >= since => Some(began + self.limits.head),
                _ => Some(since + self.limits.idle),
            },
            Standing::Sending | Standing::Taking | Standing::Busy => None,
        }
    }

    fn note_heard(&mut self) {
        let (standing, since) = self.seat.standing();
        if standing == Standing::Idle && self.began.is_none_or(|began| began < since) {
            self.began = Some(Instant::now());
        }
    }

    /// Looks at what became of a write. An answer has to be taken, be it slowly.
    fn note_write(
        &mut self,
        wrote: Poll<Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<usize>> {
        if let Poll::Ready(Ok(n_bytes)) = &wrote {
            self.n_bytes += *n_bytes as u64;
        }
        if wrote.is_ready() {
            return wrote;
        }
        loop {
            if self.waiting.is_none() {
                self.n_bytes = 0;
            }
            let since = *self.waiting.get_or_insert_with(Instant::now);
            if !self.taken.has_come(since + self.limits.stall, context) {
                return Poll::Pending;
            }
            if self.n_bytes < TAKEN_A_SECOND * self.limits.stall.as_secs().max(1) {
                return Poll::Ready(Err(late()));
            }
            self.waiting = None;
        }
    }
}

pub(super) fn late() -> Error {
    Error::new(ErrorKind::TimedOut, "the other side is too slow")
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() && buffer.filled().len() > before {
            self.note_heard();
        }
        // A byte now and then buys no time.
        if let Some(by) = self.heard_by()
            && self.heard.has_come(by, context)
        {
            return Poll::Ready(Err(late()));
        }
        read
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note_write(wrote, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.note_write(wrote, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Asked for when all that there was has been handed on.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.waiting = None;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
