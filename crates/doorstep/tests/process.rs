//! The program as a process: how it starts, how it is stopped, and how it ends when it can do no more.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;
use support::orders::{CSV_HEADER, Order};
use support::{Place, Running, ask, get, listen, sign_in};

const FIVE_SECONDS: Duration = Duration::from_secs(5);

fn serving(place: &Place, more: &[&str]) -> Running {
    Running::start(place.command([&["serve", "--listen", "127.0.0.1:0"], more].concat()))
}

/// A place with cases that the worker has something to do for.
fn with_cases(n_orders: u32) -> Place {
    let place = Place::new();
    let rows: String = (0..n_orders).map(|n| Order::nth(n).csv_row(0)).collect();
    fs::write(place.path("referrals.csv"), format!("{CSV_HEADER}{rows}")).unwrap();
    place.ok(&["intake", "referrals.csv"]);
    place
}

/// Under `sh`, so that no file may grow beyond so many blocks of 512 bytes: what a broken disk looks like.
fn on_a_broken_disk(place: &Place, n_blocks: u32, args: &[&str]) -> Command {
    let program = place.command(args);
    let script = format!("trap '' XFSZ; ulimit -f {n_blocks}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.current_dir(place.folder.path());
    command
}

#[test]
fn a_hub_that_somebody_watches_stops_when_it_is_told() {
    let place = Place::new();
    let link = place.ok(&["user", "add", "ana", "--role", "agent"]);
    let mut hub = serving(&place, &[]);
    let address = hub.address();
    let cookie = sign_in(&address, link.trim());
    let _watching = listen(&address, &cookie);
    let _idle = TcpStream::connect(&address).unwrap();
    hub.signal("TERM");
    let status = hub.ended_within(FIVE_SECONDS).expect("it goes on after SIGTERM");
    assert!(status.success(), "{status}: {}", hub.err());
}

#[test]
fn a_hub_whose_log_nobody_reads_any_more_goes_on() {
    let place = Place::new();
    let mut command = place.command(["serve", "--listen", "127.0.0.1:0"]);
    command.env("DOORSTEP_LOG", "trace").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut hub = command.spawn().unwrap();
    drop(hub.stderr.take());
    let mut out = BufReader::new(hub.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains("http://") {
        assert_ne!(out.read_line(&mut said).unwrap(), 0, "it ended before it served: {said}");
    }
    let address = said.split("http://").nth(1).unwrap().trim().to_owned();
    let heads: Vec<String> = (0..3).map(|_| get(&address, "/sign-in")).collect();
    hub.kill().unwrap();
    hub.wait().unwrap();
    assert!(heads.iter().all(|head| head.starts_with("HTTP/1.1 200")), "{heads:?}");
}

/// A form whose bytes never come.
fn half_a_form(address: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: 1000\r\n\r\nname="
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

#[test]
fn a_request_that_never_ends_holds_nothing_up() {
    let place = Place::new();
    let mut hub = serving(&place, &["--no-work"]);
    let address = hub.address();
    let _stream = half_a_form(&address);
    assert!(get(&address, "/healthz").contains("200"));
    hub.signal("INT");
    let status = hub.ended_within(FIVE_SECONDS).expect("it waits for ever");
    assert!(status.success(), "{status}");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let place = Place::new();
    let mut hub = serving(&place, &["--no-work"]);
    let address = hub.address();
    let _stream = half_a_form(&address);
    assert!(get(&address, "/healthz").contains("200"));
    hub.signal("TERM");
    assert_eq!(hub.ended_within(Duration::from_millis(1500)), None, "the request may finish");
    hub.signal("TERM");
    let status = hub.ended_within(Duration::from_secs(1)).expect("the second signal is ignored");
    assert_eq!(status.code(), Some(130));
}

#[test]
fn a_worker_stops_when_it_is_told() {
    let place = with_cases(3);
    let mut worker = Running::start(place.command(["work", "--verbose"]));
    let outbox = place.path("data/outbox");
    while !outbox.is_dir() {
        assert_eq!(worker.ended_within(Duration::from_millis(20)), None, "{}", worker.err());
    }
    worker.signal("TERM");
    let status = worker.ended_within(FIVE_SECONDS).expect("it goes on after SIGTERM");
    assert!(status.success(), "{status}: {}", worker.err());
}

#[test]
fn a_worker_whose_disk_fails_ends_so_that_it_is_started_again() {
    let place = with_cases(30);
    let mut worker = Running::start(on_a_broken_disk(&place, 200, &["work"]));
    let status = worker.ended_within(Duration::from_secs(20)).expect("it goes on without a store");
    assert_eq!(status.code(), Some(3), "{}", worker.err());
    place.ok(&["replay", "--check"]);
    place.ok(&["work", "--once"]);
}

#[test]
fn a_hub_that_only_serves_ends_as_well_when_its_disk_fails() {
    let place = with_cases(1);
    place.ok(&["user", "add", "ana", "--role", "agent"]);
    let token = place.ok(&["user", "token", "ana"]);
    let mut hub = Running::start(on_a_broken_disk(
        &place,
        200,
        &["serve", "--listen", "127.0.0.1:0", "--no-work"],
    ));
    let address = hub.address();
    assert!(get(&address, "/healthz").contains("200"));
    let rows: String = (100..400).map(|n| Order::nth(n).csv_row(0)).collect();
    let body = format!("{CSV_HEADER}{rows}");
    let request = format!(
        "POST /csv HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nContent-Type: text/csv\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        token.trim(),
        body.len()
    );
    let (_, head) = ask(&address, &request);
    assert!(!head.starts_with("HTTP/1.1 2"), "acknowledged without a disk: {head}");
    let status = hub.ended_within(Duration::from_secs(20)).expect("it goes on without a store");
    assert_eq!(status.code(), Some(3), "{}", hub.err());
    place.ok(&["replay", "--check"]);
}
