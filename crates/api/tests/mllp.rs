//! HL7 v2 over MLLP, on a socket of loopback: each message is answered, however its bytes come.

#![expect(clippy::unwrap_used, reason = "a test has no use for an error")]

#[expect(dead_code, reason = "the small world is shared with other crates' tests")]
#[path = "../../app/tests/support/mod.rs"]
mod support;

use doorstep_api::{Limits, Turns};
use doorstep_db::params;
use doorstep_hl7::{Decoder, Received, frame};
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::orders::{Door, Order};
use support::rows;
use support::world::World;

/// Serves the world's hub while `talk` talks to it.
fn with_door(world: &World, talk: impl FnOnce(SocketAddr)) {
    with_limits(world, Limits::default(), talk);
}

fn with_limits(world: &World, limits: Limits, talk: impl FnOnce(SocketAddr)) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let (app, turns) = (Arc::clone(&world.app), Turns::default());
    let served = runtime.spawn(doorstep_api::mllp(app, turns, listener, limits));
    talk(address);
    served.abort();
    runtime.shutdown_timeout(Duration::from_secs(5));
}

/// A sender, with what it has read so far.
struct Sender {
    stream: TcpStream,
    decoder: Decoder,
    answers: Vec<String>,
}

impl Sender {
    fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, decoder: Decoder::new(), answers: Vec::new() }
    }

    fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// Reads until there are `n` answers, and returns them all.
    fn answers(&mut self, n: usize) -> Vec<String> {
        let mut buffer = [0; 4096];
        while self.answers.len() < n {
            let n_bytes = self.stream.read(&mut buffer).unwrap();
            assert!(n_bytes > 0, "the door hung up after {:?}", self.answers);
            for received in self.decoder.push(&buffer[..n_bytes]) {
                match received {
                    Received::Message(bytes) => {
                        self.answers.push(String::from_utf8(bytes).unwrap());
                    }
                    Received::Broken { problem, .. } => panic!("{problem:?}"),
                }
            }
        }
        self.answers.clone()
    }
}

fn message(n: u32, again: u32) -> Vec<u8> {
    frame(Order::nth(n).by(Door::Hl7, again).as_bytes())
}

fn a_message_is_acknowledged_with_the_case_number(world: &World) {
    with_door(world, |address| {
        let mut sender = Sender::to(address);
        sender.send(&message(0, 0));
        let answer = sender.answers(1).remove(0);
        let number = rows::texts(world, "SELECT number AS t FROM case_head").remove(0);
        assert!(answer.contains("MSA|AA|M0-0") && answer.contains(&number), "{answer}");
        sender.send(&message(0, 1));
        let answer = sender.answers(2).remove(1);
        assert!(answer.contains("MSA|AA|M0-1") && answer.contains(&number), "{answer}");
    });
    assert_eq!(rows::rows(world, "case_head"), 1);
}

fn two_messages_in_one_write_are_answered_in_their_order(world: &World) {
    with_door(world, |address| {
        let mut sender = Sender::to(address);
        sender.send(&[message(0, 0), message(1, 0), message(2, 0)].concat());
        let answers = sender.answers(3);
        for (n, answer) in answers.iter().enumerate() {
            assert!(answer.contains(&format!("MSA|AA|M{n}-0")), "{answer}");
        }
    });
    assert_eq!(rows::rows(world, "case_head"), 3);
}

fn a_message_in_pieces_is_one_message(world: &World) {
    with_door(world, |address| {
        let mut sender = Sender::to(address);
        for piece in message(0, 0).chunks(37) {
            sender.send(piece);
        }
        for byte in &message(1, 0) {
            sender.send(std::slice::from_ref(byte));
        }
        let answers = sender.answers(2);
        assert!(answers.iter().all(|answer| answer.contains("MSA|AA|")), "{answers:?}");
    });
    assert_eq!(rows::rows(world, "case_head"), 2);
}

fn what_is_no_message_is_refused_and_the_next_one_taken(world: &World) {
    with_door(world, |address| {
        for garbage in [
            "",
            "hello",
            "MSH",
            "MSH|^~\\&|",
            "\u{0}\u{1}\u{2}",
            "PID|1||MR1",
            "{\"resourceType\":\"Bundle\"}",
        ] {
            let mut sender = Sender::to(address);
            sender.send(&frame(garbage.as_bytes()));
            sender.send(&message(0, 0));
            let answers = sender.answers(2);
            let refused = ["MSA|AR", "MSA|AE"].iter().any(|code| answers[0].contains(code));
            assert!(refused, "{garbage:?} was answered {:?}", answers[0]);
            assert!(answers[1].contains("MSA|AA|M0-0"), "{:?}", answers[1]);
        }
    });
    assert_eq!(rows::rows(world, "case_head"), 1);
}

/// MSH-15 and MSH-16 say which answers the sender wants.
fn who_wants_no_answer_gets_none_and_who_wants_two_gets_two(world: &World) {
    let asking = |n: u32, wishes: &str| {
        let text =
            Order::nth(n).by(Door::Hl7, 0).replace("|P|2.5.1", &format!("|P|2.5.1|||{wishes}"));
        frame(text.as_bytes())
    };
    with_door(world, |address| {
        let mut sender = Sender::to(address);
        sender.send(&asking(0, "NE|NE"));
        sender.send(&asking(1, "AL|AL"));
        let answers = sender.answers(2);
        assert!(answers[0].contains("MSA|CA|M1-0"), "{answers:?}");
        assert!(answers[1].contains("MSA|AA|M1-0"), "{answers:?}");
    });
    assert_eq!(rows::rows(world, "case_head"), 2, "what is not answered is taken all the same");
}

fn a_sender_that_hangs_up_in_the_middle_disturbs_nobody(world: &World) {
    with_door(world, |address| {
        let whole = message(0, 0);
        for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
            let mut sender = Sender::to(address);
            sender.send(&whole[..cut]);
            sender.stream.shutdown(Shutdown::Both).unwrap();
        }
        let mut sender = Sender::to(address);
        sender.send(&message(1, 0));
        assert!(sender.answers(1)[0].contains("MSA|AA|M1-0"));
    });
}

/// What is no frame is kept as a refused receipt and answered; the same sent whole is an order all the same.
fn a_broken_frame_is_kept_and_answered(world: &World) {
    with_door(world, |address| {
        let whole = message(0, 0);
        let mut sender = Sender::to(address);
        sender.send(&[&whole[..whole.len() - 2], b"\r"].concat());
        sender.send(&message(1, 0));
        let answers = sender.answers(2);
        assert!(answers[0].contains("MSA|AE|M0-0"), "{answers:?}");
        assert!(answers[1].contains("MSA|AA|M1-0"), "{answers:?}");
        let refused = "SELECT COUNT(*) AS n FROM receipt WHERE outcome = 'refused' AND size > 0";
        assert_eq!(rows::count(world, refused), 1);
        sender.send(&whole);
        assert!(sender.answers(3)[2].contains("MSA|AA|M0-0"));
        let mut sender = Sender::to(address);
        sender.send(&message(2, 0)[..40]);
        sender.stream.shutdown(Shutdown::Write).unwrap();
        assert!(sender.answers(1)[0].contains("MSA|A"), "what is left at the end is answered too");
        assert_eq!(rows::count(world, refused), 2);
    });
    assert_eq!(rows::rows(world, "case_head"), 2);
}

fn a_frame_without_its_last_byte_is_taken_and_the_connection_kept(world: &World) {
    with_door(world, |address| {
        let mut sender = Sender::to(address);
        for n in 0..2 {
            let whole = message(n, 0);
            sender.send(&whole[..whole.len() - 1]);
            let answers = sender.answers(n as usize + 1);
            assert!(answers[n as usize].contains(&format!("MSA|AA|M{n}-0")), "{answers:?}");
        }
    });
    assert_eq!(rows::rows(world, "case_head"), 2);
}

/// What could not be kept is not acknowledged: the sender has to send it again, and then it is taken.
fn a_store_that_fails_is_answered_so_that_it_is_sent_again(world: &World) {
    with_door(world, |address| {
        let mut sender = Sender::to(address);
        rows::meddle(world, "ALTER TABLE audit RENAME TO audit_gone", params![]);
        sender.send(&message(0, 0));
        let answer = sender.answers(1).remove(0);
        assert!(
            answer.contains("MSA|AR|M0-0") && !answer.to_lowercase().contains("audit"),
            "{answer}"
        );
        rows::meddle(world, "ALTER TABLE audit_gone RENAME TO audit", params![]);
        sender.send(&message(0, 0));
        assert!(sender.answers(2)[1].contains("MSA|AA|M0-0"));
    });
    assert_eq!(rows::rows(world, "case_head"), 1);
}

fn several_senders_at_once_are_each_answered(world: &World) {
    with_door(world, |address| {
        std::thread::scope(|scope| {
            for n in 0..8 {
                scope.spawn(move || {
                    let mut sender = Sender::to(address);
                    for again in 0..5 {
                        sender.send(&message(n / 2, again));
                    }
                    let answers = sender.answers(5);
                    assert!(answers.iter().all(|answer| answer.contains("MSA|AA|")), "{answers:?}");
                });
            }
        });
    });
    assert_eq!(rows::rows(world, "case_head"), 4);
    assert_eq!(rows::differing(world), []);
}

fn half_a_message_is_not_waited_for_without_end(world: &World) {
    let limits = Limits { mllp_idle: Duration::from_millis(700), ..Limits::default() };
    with_limits(world, limits, |address| {
        let mut slow = Sender::to(address);
        let began = Instant::now();
        let mut bytes = message(0, 0).into_iter();
        // A byte now and then: each comes long before the connection would be idle.
        while began.elapsed() < limits.mllp_idle * 3 {
            let Some(byte) = bytes.next() else { panic!("all of it was waited for") };
            if slow.stream.write_all(&[byte]).is_err() {
                break;
            }
            let (_kept, never) = std::sync::mpsc::channel::<()>();
            assert!(never.recv_timeout(Duration::from_millis(50)).is_err());
        }
        let mut said = String::new();
        // It may have been hung up on with bytes under way.
        let _ = slow.stream.read_to_string(&mut said);
        assert!(began.elapsed() < Duration::from_secs(10), "it is waited for: {said}");
    });
    assert_eq!(rows::rows(world, "case_head"), 0);
}

fn where_all_places_are_taken_whoever_sends_is_answered(world: &World) {
    let limits = Limits { mllp_connections: 4, ..Limits::default() };
    with_limits(world, limits, |address| {
        let half = &message(9, 0)[..20];
        let mut known = Sender::to(address);
        known.send(&message(0, 0));
        known.answers(1);
        let held: Vec<Sender> = (0..12)
            .map(|_| {
                let mut one = Sender::to(address);
                one.send(half);
                one
            })
            .collect();
        // Whoever has sent before is kept, and whoever comes anew has a place.
        known.send(&message(1, 0));
        known.answers(2);
        let mut new = Sender::to(address);
        new.send(&message(2, 0));
        new.answers(1);
        drop(held);
    });
    assert_eq!(rows::rows(world, "case_head"), 3);
}

on_both!(
    half_a_message_is_not_waited_for_without_end,
    where_all_places_are_taken_whoever_sends_is_answered,
    a_message_is_acknowledged_with_the_case_number,
    two_messages_in_one_write_are_answered_in_their_order,
    a_message_in_pieces_is_one_message,
    what_is_no_message_is_refused_and_the_next_one_taken,
    who_wants_no_answer_gets_none_and_who_wants_two_gets_two,
    a_sender_that_hangs_up_in_the_middle_disturbs_nobody,
    a_broken_frame_is_kept_and_answered,
    a_frame_without_its_last_byte_is_taken_and_the_connection_kept,
    a_store_that_fails_is_answered_so_that_it_is_sent_again,
    several_senders_at_once_are_each_answered,
);
