//! MLLP frames in streams of any shape.

use doorstep_hl7::{Decoder, Received, frame, limits};

fn all(bytes: &[u8]) -> Vec<Received> {
    let mut decoder = Decoder::new();
    let mut received = decoder.push(bytes);
    received.extend(decoder.finish());
    received
}

/// Messages as text, problems as their codes.
fn told(bytes: &[u8]) -> Vec<String> {
    let tell = |one: Received| match one {
        Received::Message(bytes) => String::from_utf8(bytes).unwrap(),
        Received::Broken { problem, .. } => problem.code.to_owned(),
    };
    all(bytes).into_iter().map(tell).collect()
}

#[test]
fn a_frame_reads_back() {
    assert_eq!(frame(b"MSH|"), b"\x0bMSH|\x1c\r");
    assert_eq!(told(&frame(b"MSH|\x0b\x1c\rx")), ["MSH|\rx"]);
    assert_eq!(told(b"\x0bone\x1c\r\x0btwo\x1c\r"), ["one", "two"]);
}

#[test]
fn sloppy_frame_ends_are_ends() {
    assert_eq!(told(b"\x0bone\x1c\n\x0btwo\x1c\x0bthree\x1c"), ["one", "two", "three"]);
}

#[test]
fn frame_bytes_inside_a_message_stay_inside() {
    assert_eq!(told(b"\x0ba\x1cb\x0bc\x1c\r"), ["a\u{1c}b\u{b}c"]);
    assert_eq!(told(b"\x0bA|1\r\x0bB\x1c\r"), ["A|1\r\u{b}B"]);
}

#[test]
fn an_unfinished_frame_does_not_swallow_the_next() {
    assert_eq!(told(b"\x0bMSH|^~\\&|1\r\x0bMSH|2\x1c\r"), ["frame-not-finished", "MSH|2"]);
    assert_eq!(told(b"\x0bMSH|1\r"), ["frame-not-finished"]);
    assert_eq!(told(b""), [""; 0]);
}

#[test]
fn a_broken_frame_keeps_what_had_come_of_it() {
    let of = |bytes: &[u8]| match all(bytes).remove(0) {
        Received::Broken { bytes, .. } => bytes,
        Received::Message(bytes) => panic!("a message of {} bytes", bytes.len()),
    };
    assert_eq!(of(b"\x0bMSH|1\r"), b"MSH|1\r");
    assert_eq!(of(b"\x0bMSH|^~\\&|1\r\x0bMSH|2\x1c\r"), b"MSH|^~\\&|1\r");
    let big = vec![b'x'; limits::MESSAGE_WITH_DOCUMENTS_BYTES_MAX + 9];
    assert_eq!(of(&frame(&big)).len(), limits::MESSAGE_WITH_DOCUMENTS_BYTES_MAX);
    assert_eq!(of(&vec![b'x'; limits::NOISE_BYTES_MAX * 3]), b"", "noise is no frame");
}

#[test]
fn a_frame_without_its_last_byte_is_told_apart_from_an_unfinished_one() {
    let mut decoder = Decoder::new();
    assert_eq!(decoder.push(b"\x0bone"), []);
    assert!(!decoder.awaits_end());
    assert_eq!(decoder.push(b"\x1c"), []);
    assert!(decoder.awaits_end());
    assert_eq!(decoder.finish(), [Received::Message(b"one".to_vec())]);
    assert!(!decoder.awaits_end());
    assert_eq!(decoder.push(b"\r\x0btwo\x1c\r"), [Received::Message(b"two".to_vec())]);
}

#[test]
fn noise_between_frames_is_told_once() {
    assert_eq!(told(b"hello\r\n\x0bone\x1c\rbye"), ["one"]);
    let noise = vec![b'x'; limits::NOISE_BYTES_MAX * 3];
    assert_eq!(told(&noise), ["no-frame"]);
}

#[test]
fn a_frame_that_is_too_large_is_told_once_and_passed_over() {
    let big = vec![b'x'; limits::MESSAGE_WITH_DOCUMENTS_BYTES_MAX + 1];
    let mut stream = frame(&big);
    stream.extend(frame(b"MSH|next"));
    assert_eq!(told(&stream), ["frame-too-large", "MSH|next"]);
    let mut decoder = Decoder::new();
    let pieces = stream.chunks(1 << 20).flat_map(|piece| decoder.push(piece));
    let received: Vec<_> = pieces.collect();
    assert_eq!(received.len(), 2);
    assert_eq!(received[1], Received::Message(b"MSH|next".to_vec()));
}
