//! The bodies of a request and of its answer, as far as they say how a connection stands.

use super::seats::{Seat, Standing};
use super::socket::{Alarm, late};
use crate::limits::SENT_A_SECOND;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// What a request sends behind its head. It has to come in time.
pub(super) struct Sent {
    body: Incoming,
    seat: Arc<Seat>,
    began: Instant,
    grace: Duration,
    n_bytes: u64,
    due: Alarm,
    is_late: Arc<AtomicBool>,
}

impl Sent {
    /// A body that begins to come now. `is_late` is set when it does not.
    pub(super) fn new(
        body: Incoming,
        seat: &Arc<Seat>,
        (grace, is_late): (Duration, &Arc<AtomicBool>),
    ) -> Self {
        seat.set(if body.is_end_stream() { Standing::Busy } else { Standing::Sending });
        let (began, due, is_late) = (Instant::now(), Alarm::default(), Arc::clone(is_late));
        Self { body, seat: Arc::clone(seat), began, grace, n_bytes: 0, due, is_late }
    }
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                self.n_bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(ended) => {
                self.seat.pass(Standing::Sending, Standing::Busy);
                Poll::Ready(ended.map(|failed| failed.map_err(Into::into)))
            }
            Poll::Pending => {
                let earned = Duration::from_secs(self.n_bytes / SENT_A_SECOND);
                let by = self.began + self.grace + earned;
                if !self.due.has_come(by, context) {
                    return Poll::Pending;
                }
                self.is_late.store(true, Ordering::Relaxed);
                Poll::Ready(Some(Err(late().into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Whoever does not want the rest is answered.
impl Drop for Sent {
    fn drop(&mut self) {
        self.seat.pass(Standing::Sending, Standing::Busy);
    }
}

/// What is answered, until it is with the other side, or nobody wants it.
pub(super) struct Given {
    body: Body,
    seat: Arc<Seat>,
}

impl Given {
    pub(super) fn new(body: Body, seat: &Arc<Seat>) -> Self {
        seat.set(Standing::Taking);
        Self { body, seat: Arc::clone(seat) }
    }
}

impl HttpBody for Given {
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

impl Drop for Given {
    fn drop(&mut self) {
        self.seat.set(Standing::Idle);
    }
}
