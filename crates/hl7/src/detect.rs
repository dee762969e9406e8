//! Tells whether bytes are HL7 v2 before anyone reads them, and which messages a file holds.

use crate::header::{Header, MessageType};
use crate::separators::Separators;
use crate::split::{header_id, messages, skip_marks};

/// How far into the bytes a header may start, after comments and blank lines.
const LEAD_BYTES_MAX: usize = 4_096;

/// Tells whether bytes look like HL7 v2: a line near the start begins with MSH, FHS or BHS and usable separators.
pub fn looks_like_hl7(bytes: &[u8]) -> bool {
    let lead = &bytes[..bytes.len().min(LEAD_BYTES_MAX)];
    lead.split(|b| matches!(b, b'\r' | b'\n' | 0x0B)).any(|line| {
        let line = skip_marks(line);
        let starts = matches!(header_id(line), Some(b"MSH" | b"FHS" | b"BHS"));
        // A header cut off by the window still has its first twelve bytes or is the whole input.
        starts && declares_encoding(line)
    })
}

/// MSH-2 must be there and end with the field separator: `MSH-123` in a text is no header.
fn declares_encoding(line: &[u8]) -> bool {
    let Ok(separators) = Separators::read(line) else { return false };
    let encoding = line[4..].iter().take(7).take_while(|b| **b != separators.field).count();
    (1..=6).contains(&encoding) && line.get(4 + encoding) == Some(&separators.field)
}

/// Returns MSH-9 of each message in their order; an empty one where the header cannot be read.
pub fn message_types(bytes: &[u8]) -> Vec<MessageType> {
    let types = messages(bytes).into_iter();
    types.map(|one| Header::read(&one).map(|h| h.message_type()).unwrap_or_default()).collect()
}
