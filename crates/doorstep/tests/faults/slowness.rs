//! R19: slow and broken clients. Heads that do not come, bodies that do not come, answers that nobody takes, and halves of
//! messages over MLLP, a thousand and two hundred at a time: others are answered as if they were not there. Source: trust.md 7.

use crate::crowd::{Plan, Report, Town, start, use_hub};
use crate::hub::{At, Hub};
use crate::load::{audited, drained, whole_time};
use crate::senders::get;
use crate::size::size;
use crate::timings::Kind;
use rustix::net::sockopt::set_socket_recv_buffer_size;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// The bar, for everybody else.
const OTHERS_MAX: Duration = Duration::from_millis(500);

/// What a machine that does ten other things at the same time keeps as well.
const GENEROUS: Duration = Duration::from_secs(10);

/// The head of a request has to be there by then, as it is set where nobody says otherwise.
const HEAD: Duration = Duration::from_secs(10);

/// How much later or earlier that may be seen.
const NOTICED: Duration = Duration::from_secs(2);

/// How a client is slow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slow {
    /// It never ends its head.
    Head,
    /// It never ends its body.
    Body,
    /// It takes the answers to many requests by single bytes.
    Taking,
    /// The same, asking for thousands of overlapping parts.
    Parts,
    /// It never ends its message.
    Message,
}

const OVER_HTTP: [Slow; 4] = [Slow::Head, Slow::Body, Slow::Taking, Slow::Parts];

/// One of them, and when it was connected.
struct Client {
    slow: Slow,
    stream: TcpStream,
    since: Instant,
}

impl Client {
    fn connect(slow: Slow, at: &At, asset: &str) -> std::io::Result<Self> {
        let to = if slow == Slow::Message { &at.mllp } else { &at.http };
        let mut stream = TcpStream::connect(to)?;
        let since = Instant::now();
        if matches!(slow, Slow::Taking | Slow::Parts) {
            set_socket_recv_buffer_size(&stream, 2048)?;
        }
        stream.set_nonblocking(true)?;
        let asks = format!("GET {asset} HTTP/1.1\r\nHost: hub\r\n");
        let said = match slow {
            Slow::Head => "GET /sign-in HTTP/1.1\r\nHost: hub\r\n".to_owned(),
            Slow::Body => "POST /sign-in HTTP/1.1\r\nHost: hub\r\nContent-Length: 100000\r\n\
                           Content-Type: application/x-www-form-urlencoded\r\n\r\nname="
                .to_owned(),
            Slow::Taking => format!("{asks}\r\n").repeat(100),
            Slow::Parts => {
                let parts = ",5-9,0-".repeat(800);
                format!("{asks}Range: bytes=0-{parts}\r\n\r\n").repeat(20)
            }
            Slow::Message => "\u{b}MSH|^~\\&|EHR|".to_owned(),
        };
        // What does not fit is not sent: it is slow.
        match stream.write(said.as_bytes()) {
            Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
            _ => Ok(Self { slow, stream, since }),
        }
    }

    /// Does a little, and returns whether the other side is still there.
    fn go_on(&mut self) -> bool {
        let said: &[u8] = match self.slow {
            Slow::Head => b"X-A: b\r\n",
            Slow::Body | Slow::Message => b"a",
            Slow::Taking | Slow::Parts => b"",
        };
        if !said.is_empty() && is_over(self.stream.write(said)) {
            return false;
        }
        let mut byte = [0; 5];
        match self.stream.read(&mut byte) {
            Ok(0) => false,
            read => !is_over(read),
        }
    }
}

fn is_over(done: std::io::Result<usize>) -> bool {
    done.is_err_and(|error| !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted))
}

/// How long the connections of each kind were held before the other side hung up, and how many were open when the attack
/// ended.
#[derive(Default)]
struct Held {
    ended: Vec<(Slow, Duration)>,
    open: Vec<(Slow, Duration)>,
    n_opened: usize,
}

impl Held {
    fn longest(&self, slow: Slow) -> Duration {
        let all = self.ended.iter().chain(&self.open).filter(|(kind, _)| *kind == slow);
        all.map(|(_, held)| *held).max().unwrap_or_default()
    }

    fn n_ended(&self, slow: Slow) -> usize {
        self.ended.iter().filter(|(kind, _)| *kind == slow).count()
    }
}

/// Keeps so many open until it is over: each that is hung up on comes again.
fn attack((at, asset): (&At, &str), wanted: &[Slow], is_over: &AtomicBool) -> Held {
    let mut held = Held::default();
    let mut clients: Vec<Option<Client>> = wanted.iter().map(|_| None).collect();
    let (_kept, never) = channel::<()>();
    while !is_over.load(Ordering::Relaxed) {
        for (slow, place) in wanted.iter().zip(&mut clients) {
            if let Some(client) = place {
                if client.go_on() {
                    continue;
                }
                held.ended.push((*slow, client.since.elapsed()));
            }
            *place = Client::connect(*slow, at, asset).ok();
            held.n_opened += usize::from(place.is_some());
        }
        let _ = never.recv_timeout(Duration::from_millis(250));
    }
    let open = clients.iter().flatten().map(|client| (client.slow, client.since.elapsed()));
    held.open = open.collect();
    held
}

/// Lets this process have as many connections as the trial wants.
fn open_more() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
}

fn plan() -> Plan {
    size(
        Plan {
            agents: 6,
            outside: 2,
            think: Duration::from_secs(1),
            rate: 6,
            time: Duration::from_secs(12),
            cases: 30,
        },
        Plan {
            agents: 200,
            outside: 50,
            think: Duration::from_secs(10),
            rate: 20,
            time: whole_time(Duration::from_mins(1)),
            cases: 5_000,
        },
    )
}

#[test]
fn slow_and_broken_clients_hold_nobody_up() {
    open_more();
    let (plan, n_slow, n_halves) = (plan(), size(120, 1000), size(130, 200));
    let town = Town::new(plan);
    let report = Report::of(&town);
    let hub = Hub::new(&town.place, &[]);
    start(&hub);
    let at = hub.at();
    let page = get(&at.http, "/sign-in", "").unwrap().body;
    let asset = page.split("href=\"").find(|part| part.contains("style")).unwrap();
    let asset = asset.split('"').next().unwrap();
    let mut wanted: Vec<Slow> = (0..n_slow).map(|n| OVER_HTTP[n % OVER_HTTP.len()]).collect();
    wanted.extend((0..n_halves).map(|_| Slow::Message));
    let is_over = AtomicBool::new(false);
    let held = std::thread::scope(|scope| {
        let attacking = scope.spawn(|| attack((&at, asset), &wanted, &is_over));
        use_hub(&town, &hub, plan, &report);
        is_over.store(true, Ordering::Relaxed);
        attacking.join().unwrap()
    });
    drained(&town.place, Duration::from_mins(1));
    hub.stop();
    eprintln!("{plan:?}\n{}{n_slow} slow, {n_halves} half messages:", report.timings.table());
    for slow in [&OVER_HTTP[..], &[Slow::Message]].concat() {
        let (n, longest) = (held.n_ended(slow), held.longest(slow));
        eprintln!("  {slow:?}: hung up on {n} times, the longest held {longest:.1?}");
    }
    assert!(held.n_opened >= wanted.len(), "the attack was one");
    let heads = held.ended.iter().filter(|(slow, _)| *slow == Slow::Head).map(|(_, held)| *held);
    assert!(heads.clone().count() >= n_slow / 4, "heads that do not come are waited for");
    assert!(heads.clone().all(|held| held + NOTICED > HEAD), "hung up too soon: {:?}", heads.min());
    let longest = held.longest(Slow::Head);
    assert!(longest < HEAD + size(GENEROUS / 2, NOTICED), "a head was waited for {longest:?}");
    assert_eq!(report.timings.wrong(), Vec::<String>::new());
    assert_eq!(report.timings.n_later(), 0, "nobody else was told to come again");
    for kind in [Kind::Read, Kind::Write, Kind::Intake] {
        let p95 = report.timings.of(95, kind);
        assert!(p95 > Duration::ZERO && p95 <= size(GENEROUS, OTHERS_MAX), "{kind:?}: {p95:?}");
    }
    audited(&town, &report);
}

/// The control: what the library beneath does by itself, without deadlines.
#[test]
fn a_server_without_deadlines_holds_every_head_that_does_not_come() {
    open_more();
    let (n_slow, time) = (size(30, 300), size(HEAD + NOTICED / 2, Duration::from_secs(20)));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let http = listener.local_addr().unwrap().to_string();
    let router = axum::Router::new().route("/", axum::routing::get(async || "small"));
    runtime.spawn(async move { axum::serve(listener, router).await });
    let (at, is_over) = (At { mllp: http.clone(), http }, AtomicBool::new(false));
    let held = std::thread::scope(|scope| {
        let wanted = vec![Slow::Head; n_slow];
        let (at, is_over) = (&at, &is_over);
        let attacking = scope.spawn(move || attack((at, "/"), &wanted, is_over));
        let (_kept, never) = channel::<()>();
        let _ = never.recv_timeout(time);
        is_over.store(true, Ordering::Relaxed);
        attacking.join().unwrap()
    });
    assert_eq!(held.ended, []);
    assert_eq!(held.open.len(), n_slow);
    assert!(held.longest(Slow::Head) > HEAD, "it was tried for long enough");
}
