//! Whether text begins with the header of a mail.

/// Headers that a mail begins with. Source: RFC 5322, RFC 2045.
const NAMES: &[&str] = &[
    "received",
    "return-path",
    "delivered-to",
    "from",
    "to",
    "cc",
    "bcc",
    "subject",
    "date",
    "sender",
    "reply-to",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "dkim-signature",
    "authentication-results",
    "x-mailer",
    "organization",
    "status",
    "lines",
    "resent-from",
    "content-id",
    "content-language",
    "user-agent",
    "importance",
    "thread-topic",
    "envelope-to",
];
/// Header lines looked at.
const LINES_MAX: usize = 100;

/// Returns whether the first lines are mail headers, of which two or more are known.
pub(super) fn looks_like_email(text: &[u8]) -> bool {
    let look = &text[..text.len().min(super::LOOK_BYTES)];
    let mut n_known = 0;
    for (n, line) in lines(look).take(LINES_MAX).enumerate() {
        let is_folded = matches!(line.first(), Some(b' ' | b'\t'));
        let is_mbox = n == 0 && line.starts_with(b"From ");
        if line.is_empty() {
            break;
        }
        if is_folded || is_mbox {
            continue;
        }
        match header_name(line) {
            Some(name) if NAMES.contains(&name.as_str()) => n_known += 1,
            Some(_) => {}
            None => break,
        }
    }
    n_known >= 2 || starts_parts(look)
}

/// A mail without its other headers, as some programs store it.
fn starts_parts(text: &[u8]) -> bool {
    const START: &[u8] = b"content-type: multipart/";
    text.get(..START.len()).is_some_and(|start| start.eq_ignore_ascii_case(START))
}

/// Lines that end in LF, CRLF, or a CR of their own, which broken relays leave.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').flat_map(|line| {
        let end = line.iter().rposition(|byte| *byte != b'\r').map_or(0, |last| last + 1);
        line[..end].split(|byte| *byte == b'\r')
    })
}

fn header_name(line: &[u8]) -> Option<String> {
    let at = line.iter().position(|byte| *byte == b':')?;
    let name = &line[..at];
    let is_name =
        !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    is_name.then(|| String::from_utf8_lossy(name).to_ascii_lowercase())
}
