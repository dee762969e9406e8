//! Connections that are kept, as browsers and partners keep theirs.

use crate::senders::Answer;
use std::io::{BufRead as _, BufReader, Error, ErrorKind, Read as _, Result, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// How long an answer is waited for.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// A connection over HTTP, opened when it is needed.
pub struct Line {
    address: String,
    open: Option<BufReader<TcpStream>>,
}

impl Line {
    pub fn to(address: &str) -> Self {
        Self { address: address.to_owned(), open: None }
    }

    /// Asks, and reads the answer. A connection that was closed since the last answer is opened anew.
    pub fn ask(&mut self, method: &str, path: &str, head: &str, body: &[u8]) -> Result<Answer> {
        let (host, length) = (&self.address, body.len());
        let length =
            if method == "GET" { String::new() } else { format!("Content-Length: {length}\r\n") };
        let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{head}{length}\r\n");
        let request = [head.as_bytes(), body].concat();
        if let Some(open) = self.open.take() {
            match exchange(open, &request) {
                Ok((answer, open)) => {
                    self.open = open;
                    return Ok(answer);
                }
                Err((true, _)) => {}
                Err((false, error)) => return Err(error),
            }
        }
        let stream = TcpStream::connect(&self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_MAX))?;
        stream.set_write_timeout(Some(ANSWER_MAX))?;
        let (answer, open) =
            exchange(BufReader::new(stream), &request).map_err(|(_, error)| error)?;
        self.open = open;
        Ok(answer)
    }
}

type Kept = (Answer, Option<BufReader<TcpStream>>);

/// Sends and reads. An error says whether nothing of an answer had come.
fn exchange(
    mut open: BufReader<TcpStream>,
    request: &[u8],
) -> std::result::Result<Kept, (bool, Error)> {
    open.get_mut().write_all(request).map_err(|error| (true, error))?;
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        match open.read_line(&mut head) {
            Ok(0) => return Err((head.is_empty(), ErrorKind::UnexpectedEof.into())),
            Ok(_) => {}
            Err(error) => {
                let is_closed =
                    matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe);
                return Err((is_closed && head.is_empty(), error));
            }
        }
    }
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| (false, Error::from(ErrorKind::InvalidData)))?;
    let mut answer = Answer { status, head, body: String::new() };
    let length =
        answer.headers("content-length").next().map(str::trim).and_then(|n| n.parse().ok());
    let length: usize = length.ok_or_else(|| (false, Error::from(ErrorKind::InvalidData)))?;
    let mut body = vec![0; length];
    open.read_exact(&mut body).map_err(|error| (false, error))?;
    answer.body = String::from_utf8_lossy(&body).into_owned();
    let is_kept =
        answer.headers("connection").all(|value| !value.trim().eq_ignore_ascii_case("close"));
    Ok((answer, is_kept.then_some(open)))
}

/// A page that listens to `/live`, as an open page of the console does.
pub struct Live {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Live {
    pub fn open(address: &str, cookie: &str) -> Result<Self> {
        let mut stream = TcpStream::connect(address)?;
        let head = format!("GET /live HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n");
        stream.write_all(head.as_bytes())?;
        Ok(Self { stream, heard: Vec::new() })
    }

    /// Waits so long for the word that something changed, and returns whether it came.
    pub fn hears_within(&mut self, wait: Duration) -> Result<bool> {
        const CHANGED: &[u8] = b"event: changed";
        self.stream.set_read_timeout(Some(wait.max(Duration::from_millis(1))))?;
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(n_bytes) => self.heard.extend_from_slice(&buffer[..n_bytes]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) => return Err(error),
        }
        let has_changed = self.heard.windows(CHANGED.len()).any(|part| part == CHANGED);
        // The beginning of a word that is cut in two is kept.
        let keep = if has_changed { 0 } else { self.heard.len().min(CHANGED.len()) };
        self.heard.drain(..self.heard.len() - keep);
        Ok(has_changed)
    }
}

/// A connection over MLLP that is kept.
pub struct Mllp {
    address: String,
    open: Option<TcpStream>,
}

const START: u8 = 0x0b;
const END_OF_BLOCK: u8 = 0x1c;

impl Mllp {
    pub fn to(address: &str) -> Self {
        Self { address: address.to_owned(), open: None }
    }

    /// Sends a message and returns its acknowledgement.
    pub fn send(&mut self, message: &str) -> Result<String> {
        let frame = [&[START], message.as_bytes(), &[END_OF_BLOCK, b'\r']].concat();
        if let Some(mut stream) = self.open.take()
            && let Ok(answer) = answered(&mut stream, &frame)
        {
            self.open = Some(stream);
            return Ok(answer);
        }
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_MAX))?;
        let answer = answered(&mut stream, &frame)?;
        self.open = Some(stream);
        Ok(answer)
    }
}

fn answered(stream: &mut TcpStream, frame: &[u8]) -> Result<String> {
    stream.write_all(frame)?;
    let (mut answer, mut buffer) = (Vec::new(), [0; 4096]);
    while !answer.ends_with(&[END_OF_BLOCK, b'\r']) {
        match stream.read(&mut buffer)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            n_bytes => answer.extend_from_slice(&buffer[..n_bytes]),
        }
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
