//! Senders: each has files, and sends each until it is acknowledged, as partners do.

use crate::audit::arrival;
use crate::history::{Asked, End, History};
use crate::hub::Hub;
use crate::support::orders::{CSV_HEADER, Door, Order};
use std::io::{Error, ErrorKind, Read as _, Result, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long one answer is waited for. Nothing may hang longer.
pub const ANSWER_MAX: Duration = Duration::from_secs(15);

/// How long a file is sent again and again before the trial has failed.
const TRYING_MAX: Duration = Duration::from_mins(2);

/// A file with the orders in it.
#[derive(Debug, Clone)]
pub struct File {
    pub label: String,
    pub text: String,
    pub door: Door,
    pub orders: Vec<Order>,
}

impl File {
    /// An order as a file of its own.
    pub fn one(order: Order, door: Door) -> Self {
        Self::again(order, door, 0)
    }

    /// The same order in a message of another number.
    pub fn again(order: Order, door: Door, again: u32) -> Self {
        let label = format!("order {} by {door:?} {again}", order.n);
        Self { label, text: order.by(door, again), door, orders: vec![order] }
    }

    /// Orders as the rows of one table.
    pub fn table(name: &str, orders: Vec<Order>) -> Self {
        let rows: String = orders.iter().map(|order| order.csv_row(0)).collect();
        let label = format!("table {name}");
        Self { label, text: format!("{CSV_HEADER}{rows}"), door: Door::Csv, orders }
    }

    /// Returns what the store calls the file, and its label.
    pub fn named(&self) -> (String, String) {
        (doorstep_store::blobs::hash(self.text.as_bytes()), self.label.clone())
    }

    /// Writes down that it is sent: each order in it is one thing asked.
    pub fn ask(&self, history: &History) -> Vec<Asked> {
        let keys = self.orders.iter().map(|order| arrival(&self.label, &order.member_id()));
        keys.map(|key| history.ask(&key, None)).collect()
    }
}

/// What a sender was told of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It was taken; by these cases, where the answer names them.
    Ok(Vec<String>),
    /// It was refused for good.
    Fail(String),
    /// Nobody knows, or it is to be sent again.
    Info(String),
}

/// Writes down what was answered. Where it names as many cases as there are orders, each order has its own.
pub fn answered(history: &History, asked: &[Asked], told: &Told) {
    for (n, one) in asked.iter().enumerate() {
        let end = match told {
            Told::Ok(cases) => {
                End::Ok(cases.get(n).filter(|_| cases.len() == asked.len()).cloned())
            }
            Told::Fail(_) => End::Fail,
            Told::Info(_) => End::Info,
        };
        history.answer(one, end);
    }
}

/// Sends a file until it is acknowledged. What is refused for good fails the trial: every file here is an order.
pub fn send_until_taken(hub: &Hub, token: &str, history: &History, file: &File) {
    let began = Instant::now();
    let mut last = String::new();
    while began.elapsed() < TRYING_MAX {
        let at = hub.at();
        let asked = file.ask(history);
        let told = if file.door == Door::Hl7 {
            by_mllp(&at.mllp, &file.text)
        } else {
            by_http(&at.http, token, file)
        };
        let told = told.inspect_err(note_hang);
        let told = told.unwrap_or_else(|error| Told::Info(error.kind().to_string()));
        answered(history, &asked, &told);
        match told {
            Told::Ok(_) => return,
            Told::Fail(why) => panic!("{} was refused: {why}", file.label),
            Told::Info(why) => last = why,
        }
    }
    panic!("{} was never taken: {last}", file.label);
}

/// Answers that did not come in time, of all senders of this process.
static HUNG: AtomicUsize = AtomicUsize::new(0);

/// Returns how many answers did not come in time.
pub fn n_hung() -> usize {
    HUNG.load(Ordering::Relaxed)
}

fn note_hang(error: &Error) {
    // A read that runs out of time is one or the other, by the system.
    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) {
        HUNG.fetch_add(1, Ordering::Relaxed);
    }
}

fn connect(address: &str) -> Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(ANSWER_MAX))?;
    stream.set_write_timeout(Some(ANSWER_MAX))?;
    Ok(stream)
}

/// Posts a file and reads the whole answer.
pub fn by_http(address: &str, token: &str, file: &File) -> Result<Told> {
    let path = match file.door {
        Door::Fhir => "/fhir",
        Door::X12 => "/x12",
        Door::Hl7 => "/hl7",
        Door::Csv => "/csv",
    };
    let head = format!("Authorization: Bearer {token}\r\n");
    let answer = post(address, path, &head, file.text.as_bytes())?;
    let cases: Vec<String> = answer.headers("doorstep-case").map(str::to_owned).collect();
    Ok(match answer.status {
        200..=202 => Told::Ok(cases),
        // A full or busy store, or one that broke: the same may be sent again.
        500.. => Told::Info(answer.head),
        _ => Told::Fail(answer.head),
    })
}

/// An answer over HTTP.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// Returns the values of a header.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Posts bytes. `head` holds lines of the head, each with its end.
pub fn post(address: &str, path: &str, head: &str, body: &[u8]) -> Result<Answer> {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\n{head}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    exchange(address, &[head.as_bytes(), body].concat())
}

/// Asks for a page.
pub fn get(address: &str, path: &str, head: &str) -> Result<Answer> {
    let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{head}Connection: close\r\n\r\n");
    exchange(address, head.as_bytes())
}

fn exchange(address: &str, request: &[u8]) -> Result<Answer> {
    let mut stream = connect(address)?;
    stream.write_all(request)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // An answer without its whole head says nothing.
    let (head, body) = text.split_once("\r\n\r\n").ok_or(ErrorKind::UnexpectedEof)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| Error::from(ErrorKind::InvalidData))?;
    Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

/// The bytes before and behind a message over MLLP. Source: HL7 v2.5.1, appendix C.
const START: u8 = 0x0b;
const END_OF_BLOCK: u8 = 0x1c;

/// Sends a message and reads its acknowledgement.
pub fn by_mllp(address: &str, message: &str) -> Result<Told> {
    let mut stream = connect(address)?;
    let frame = [&[START], message.as_bytes(), &[END_OF_BLOCK, b'\r']].concat();
    stream.write_all(&frame)?;
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while !answer.contains(&END_OF_BLOCK) {
        match stream.read(&mut buffer)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            n_bytes => answer.extend_from_slice(&buffer[..n_bytes]),
        }
    }
    let text = String::from_utf8_lossy(&answer).into_owned();
    let code = text.split('\r').find_map(|line| line.strip_prefix("MSA|")).unwrap_or_default();
    Ok(match code.get(..2) {
        Some("AA" | "CA") => Told::Ok(Vec::new()),
        // Rejected for a reason that is not in the message: the same may be sent again.
        Some("AR" | "CR") => Told::Info(text),
        _ => Told::Fail(text),
    })
}
