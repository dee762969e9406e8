//! MLLP framing: VT, the message, FS, CR. Pure: bytes in, messages out; sockets, time-outs and answers are the listener's.
//!
//! What comes out does not depend on how the bytes were cut on the way. A frame ends at FS followed by CR, LF or VT; any
//! other FS belongs to the message. A VT that starts a new header at the start of a line means that the message before
//! it was never finished.

use std::mem;

use crate::limits::{MESSAGE_WITH_DOCUMENTS_BYTES_MAX, NOISE_BYTES_MAX};
use crate::problem::{Condition, Place, Problem, narrow};
use crate::split::header_id;

const VT: u8 = 0x0B;
const FS: u8 = 0x1C;

/// What came out of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// The bytes of one frame, without its marks.
    Message(Vec<u8>),
    /// Bytes that make no frame; the decoder goes on with the next one.
    Broken {
        /// What is wrong.
        problem: Problem,
        /// What had come of the frame, up to the largest size that is taken; empty for noise between frames.
        bytes: Vec<u8>,
    },
}

/// Takes frames out of a stream.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    /// Since the VT of the open frame, or nothing.
    buffer: Vec<u8>,
    /// Bytes of `buffer` already searched.
    searched: usize,
    /// Whether a VT was seen.
    is_open: bool,
    /// Whether the open frame is too large and is thrown away up to its end.
    is_oversize: bool,
    /// Bytes outside frames since the last frame.
    n_noise: usize,
    /// Frames started, for places.
    n_frames: usize,
    /// Bytes pushed before `buffer`.
    offset: usize,
    /// Bytes pushed before the open frame.
    frame_offset: usize,
}

/// What the search found next in the buffer.
enum Found {
    /// The frame ends at this FS.
    End(usize),
    /// Another frame starts at this VT.
    Restart(usize),
    /// Nothing before this position; the byte there needs the ones after it to decide.
    Wait(usize),
}

impl Decoder {
    /// Returns a decoder at the start of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes and returns what they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Received> {
        self.buffer.extend_from_slice(bytes);
        let mut received = Vec::new();
        while self.step(&mut received) {}
        received
    }

    /// Ends the stream and returns what was left.
    pub fn finish(&mut self) -> Vec<Received> {
        let rest = mem::take(&mut self.buffer);
        self.offset += rest.len();
        let was_oversize = mem::take(&mut self.is_oversize);
        self.searched = 0;
        if !mem::take(&mut self.is_open) || was_oversize {
            return Vec::new();
        }
        match rest.split_last() {
            Some((&FS, message)) => vec![self.message(message.to_vec())],
            _ => vec![self.unfinished(rest)],
        }
    }

    /// Returns whether a frame is whole but for the CR behind its FS, which some senders leave out. When nothing more comes
    /// within a moment, [`finish`](Self::finish) takes it.
    pub fn awaits_end(&self) -> bool {
        self.is_open && !self.is_oversize && self.buffer.last() == Some(&FS)
    }

    /// Returns whether a frame has begun whose end has not come.
    pub fn is_in_frame(&self) -> bool {
        self.is_open
    }

    /// Does one thing; false when more bytes are needed.
    fn step(&mut self, received: &mut Vec<Received>) -> bool {
        if !self.is_open {
            return self.open(received);
        }
        match self.search() {
            Found::End(at) => {
                let message = self.take(at);
                self.drop_front(1);
                self.is_open = false;
                if !mem::take(&mut self.is_oversize) {
                    received.push(self.message(message));
                }
                true
            }
            Found::Restart(at) => {
                let message = self.take(at);
                self.is_open = false;
                if !mem::take(&mut self.is_oversize) {
                    received.push(self.unfinished(message));
                }
                true
            }
            Found::Wait(at) => {
                self.searched = at;
                self.drop_oversize(received);
                false
            }
        }
    }

    /// Looks for the VT that opens a frame.
    fn open(&mut self, received: &mut Vec<Received>) -> bool {
        let start = memchr::memchr(VT, &self.buffer);
        let noise = &self.buffer[..start.unwrap_or(self.buffer.len())];
        let before = self.n_noise;
        self.n_noise += noise.iter().filter(|b| !b.is_ascii_whitespace() && **b != FS).count();
        if before <= NOISE_BYTES_MAX && self.n_noise > NOISE_BYTES_MAX {
            let said = "no frame start (VT) in what was sent: frame each message with VT, FS, CR";
            received.push(self.broken("no-frame", said, Vec::new()));
        }
        let Some(start) = start else {
            self.drop_front(self.buffer.len());
            return false;
        };
        self.drop_front(start + 1);
        self.frame_offset = self.offset;
        (self.is_open, self.n_noise) = (true, 0);
        self.n_frames += 1;
        true
    }

    fn search(&self) -> Found {
        let buffer = self.buffer.as_slice();
        for at in memchr::memchr2_iter(FS, VT, &buffer[self.searched..]) {
            let at = self.searched + at;
            let rest = &buffer[at + 1..];
            if buffer[at] == FS {
                match rest.first() {
                    Some(b'\r' | b'\n' | &VT) => return Found::End(at),
                    Some(_) => {}
                    None => return Found::Wait(at),
                }
            } else if at == 0 || matches!(buffer[at - 1], b'\r' | b'\n') {
                if rest.len() < 4 && b"MSH".starts_with(&rest[..rest.len().min(3)]) {
                    return Found::Wait(at);
                }
                if header_id(rest).is_some() {
                    return Found::Restart(at);
                }
            }
        }
        Found::Wait(buffer.len())
    }

    /// Reports a frame that grew too large, once, and keeps only what the search still needs.
    fn drop_oversize(&mut self, received: &mut Vec<Received>) {
        if self.searched > MESSAGE_WITH_DOCUMENTS_BYTES_MAX && !self.is_oversize {
            self.is_oversize = true;
            let begun = self.buffer[..MESSAGE_WITH_DOCUMENTS_BYTES_MAX].to_vec();
            received.push(self.oversize(begun));
        }
        if self.is_oversize {
            // The byte before the position tells whether a VT there starts a line.
            let n_done = self.searched.saturating_sub(1);
            self.drop_front(n_done);
        }
    }

    /// Removes the frame's bytes up to `at`.
    fn take(&mut self, at: usize) -> Vec<u8> {
        let rest = self.buffer.split_off(at);
        self.offset += at;
        self.searched = 0;
        mem::replace(&mut self.buffer, rest)
    }

    fn drop_front(&mut self, n: usize) {
        self.buffer.drain(..n);
        self.searched = self.searched.saturating_sub(n);
        self.offset += n;
    }

    fn message(&self, message: Vec<u8>) -> Received {
        match message.len() {
            0..=MESSAGE_WITH_DOCUMENTS_BYTES_MAX => Received::Message(message),
            _ => self.oversize(message),
        }
    }

    fn oversize(&self, mut begun: Vec<u8>) -> Received {
        begun.truncate(MESSAGE_WITH_DOCUMENTS_BYTES_MAX);
        self.broken("frame-too-large", "the frame is larger than 20 MB: send it in parts", begun)
    }

    fn unfinished(&self, begun: Vec<u8>) -> Received {
        if begun.len() > MESSAGE_WITH_DOCUMENTS_BYTES_MAX {
            return self.oversize(begun);
        }
        let said = "the frame was not finished (FS, CR missing): send the message again";
        self.broken("frame-not-finished", said, begun)
    }

    fn broken(&self, code: &'static str, said: &str, bytes: Vec<u8>) -> Received {
        let message = narrow(self.n_frames);
        let place = Place { message, offset: self.frame_offset, ..Place::default() };
        let problem = Problem::reject(code, place, said).with(Condition::Sequence);
        Received::Broken { problem, bytes }
    }
}

/// Returns a message in its frame. VT and FS bytes inside, which no well-written message has, are left out.
pub fn frame(message: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(message.len() + 3);
    framed.push(VT);
    framed.extend(message.iter().filter(|b| !matches!(**b, VT | FS)));
    framed.extend([FS, b'\r']);
    framed
}
