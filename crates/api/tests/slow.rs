//! Slow, silent and too many: what a listener does with connections that somebody else needs.

#![expect(clippy::unwrap_used, reason = "a test has no use for an error")]

use axum::Router;
use axum::body::Bytes;
use axum::routing::{get, post};
use doorstep_api::{Limits, listen};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Deadlines that a test can wait for.
const SOON: Limits = Limits {
    connections: 1000,
    mllp_connections: 1000,
    head: Duration::from_millis(400),
    body: Duration::from_millis(600),
    idle: Duration::from_secs(1),
    mllp_idle: Duration::from_millis(600),
    stall: Duration::from_millis(600),
};

/// Nothing here takes longer, on any machine.
const LATE: Duration = Duration::from_secs(15);

/// What a page of so many bytes is made of.
fn page(n_bytes: usize) -> String {
    "doorstep".repeat(n_bytes / 8)
}

/// A server with a small page, a large one, one that takes long to make, and a door that reads all it is sent.
fn with_server(limits: Limits, talk: impl FnOnce(SocketAddr)) {
    let routes = Router::new()
        .route("/", get(async || "small"))
        .route("/large", get(async || page(64 << 20)))
        .route("/long", get(async || tokio::time::sleep(Duration::from_millis(1500)).await))
        .route("/", post(async |body: Bytes| body.len().to_string()));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stopping = async move {
        // Whoever drops the sender says so as well.
        let _ = stopped.await;
    };
    let served = runtime.spawn(listen(listener, routes, limits, stopping));
    talk(address);
    drop(stop);
    runtime.block_on(async { tokio::time::timeout(LATE, served).await }).unwrap().unwrap();
}

fn connect(address: SocketAddr, said: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LATE)).unwrap();
    stream.write_all(said.as_bytes()).unwrap();
    stream
}

/// Reads until the other side hangs up, and returns what came and how long that took.
fn rest(stream: &mut TcpStream) -> (String, Duration) {
    let (began, mut all) = (Instant::now(), Vec::new());
    match stream.read_to_end(&mut all) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "it is left open"),
    }
    (String::from_utf8_lossy(&all).into_owned(), began.elapsed())
}

/// Asks for the small page on a connection that is kept.
fn asks(stream: &mut TcpStream) {
    stream.write_all(b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let mut buffer = [0; 1024];
    while !answer.ends_with(b"small") {
        let n_bytes = stream.read(&mut buffer).unwrap();
        assert!(n_bytes > 0, "it hung up after {}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&buffer[..n_bytes]);
    }
}

/// Waits without doing anything, as somebody slow does.
fn pause(time: Duration) {
    let (_kept, never) = std::sync::mpsc::channel::<()>();
    assert!(never.recv_timeout(time).is_err());
}

#[test]
fn a_head_that_does_not_come_is_not_waited_for() {
    with_server(SOON, |address| {
        for said in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: hub\r\nX-A: "] {
            let (answer, took) = rest(&mut connect(address, said));
            assert!(took > SOON.head / 2 && took < LATE / 2, "{said}: {took:?} {answer}");
        }
    });
}

#[test]
fn a_byte_of_a_head_now_and_then_buys_no_time() {
    with_server(SOON, |address| {
        let began = Instant::now();
        let mut stream = connect(address, "GET / HTTP/1.1\r\nHost: hub\r\n");
        while stream.write_all(b"X-A: b\r\n").is_ok() {
            assert!(began.elapsed() < LATE, "it is waited for");
            pause(Duration::from_millis(50));
        }
    });
}

#[test]
fn between_two_requests_a_connection_is_kept_a_while_and_not_for_ever() {
    with_server(SOON, |address| {
        let mut stream = connect(address, "");
        asks(&mut stream);
        // Longer than a head may take.
        pause(SOON.head * 3 / 2);
        asks(&mut stream);
        let (_, took) = rest(&mut stream);
        assert!(took > SOON.head * 3 / 2 && took < LATE / 2, "{took:?}");
        let mut stream = connect(address, "");
        asks(&mut stream);
        stream.write_all(b"GET / HT").unwrap();
        let (_, took) = rest(&mut stream);
        assert!(took < LATE / 2, "{took:?}");
    });
}

#[test]
fn what_takes_long_to_make_is_waited_for() {
    with_server(SOON, |address| {
        let request = "GET /long HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n";
        let (answer, _) = rest(&mut connect(address, request));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    });
}

#[test]
fn a_body_that_does_not_come_is_told_so_and_not_waited_for() {
    with_server(SOON, |address| {
        let head = "POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: 100000\r\n\r\nabc";
        let (answer, took) = rest(&mut connect(address, head));
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(took > SOON.body / 2 && took < LATE / 2, "{took:?}");
    });
}

#[test]
fn a_large_body_may_take_its_time_as_long_as_it_comes() {
    with_server(SOON, |address| {
        let n_bytes = 40 * 4096;
        let head = format!(
            "POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: {n_bytes}\r\nConnection: close\r\n\r\n"
        );
        let mut stream = connect(address, &head);
        for _ in 0..40 {
            pause(Duration::from_millis(25));
            stream.write_all(&[b'a'; 4096]).unwrap();
        }
        let (answer, _) = rest(&mut stream);
        assert!(answer.ends_with(&n_bytes.to_string()), "{answer}");
    });
}

#[test]
fn an_answer_that_nobody_takes_is_given_up() {
    with_server(SOON, |address| {
        let mut stream = connect(address, "");
        let request = "GET /large HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        pause(SOON.stall * 4);
        let (answer, _) = rest(&mut stream);
        assert!(answer.len() < 64 << 20, "all of it was kept for somebody who did not take it");
        let (answer, _) = rest(&mut connect(address, request));
        assert!(answer.len() > 64 << 20, "whoever takes it has it");
    });
}

#[test]
fn where_all_places_are_taken_whoever_asks_is_answered() {
    let limits = Limits { connections: 20, head: LATE, body: LATE, idle: LATE, ..SOON };
    with_server(limits, |address| {
        let mut held: Vec<TcpStream> = (0..60).map(|_| connect(address, "GET / HT")).collect();
        let sending = "POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: 9\r\n\r\nabc";
        held.extend((0..60).map(|_| connect(address, sending)));
        let mut kept = connect(address, "");
        asks(&mut kept);
        held.extend((0..10).map(|_| connect(address, "GET / HT")));
        asks(&mut connect(address, ""));
        let (_, took) = rest(&mut held[0]);
        assert!(took < LATE / 2, "the oldest was hung up on: {took:?}");
    });
}

#[test]
fn where_everybody_is_being_answered_one_more_is_told_when_to_come_again() {
    let limits = Limits { connections: 4, ..SOON };
    with_server(limits, |address| {
        let request = "GET /long HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n";
        let mut busy: Vec<TcpStream> = (0..4).map(|_| connect(address, request)).collect();
        pause(Duration::from_millis(300));
        let (answer, _) = rest(&mut connect(address, request));
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("Retry-After: "), "{answer}");
        for stream in &mut busy {
            assert!(rest(stream).0.starts_with("HTTP/1.1 200"));
        }
    });
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    with_server(SOON, |address| {
        let lines = "X-A: b\r\n".repeat(100);
        for lines in [lines, format!("X-A: {}\r\n", "a".repeat(17 * 1024))] {
            let request = format!("GET / HTTP/1.1\r\nHost: hub\r\n{lines}\r\n");
            let (answer, _) = rest(&mut connect(address, &request));
            assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
        }
    });
}
