//! The MSH segment on its own: readable even when the rest of the message is not, so that it can be answered.

use crate::charset::decode;
use crate::problem::{Place, Problem};
use crate::segment::Segment;
use crate::separators::Separators;
use crate::split::{MessageBytes, header_id};
use crate::types::{Authority, Ts};

/// Bytes of an MSH segment we keep to answer with.
const HEADER_BYTES_MAX: usize = 8_192;

/// An MSH segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    raw: String,
    separators: Separators,
    ordinal: u32,
    offset: usize,
}

/// MSH-9: what a message is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MessageType {
    /// MSH-9.1, such as `REF`; empty when not said.
    pub code: String,
    /// MSH-9.2, such as `I12`; empty when not said.
    pub trigger: String,
    /// MSH-9.3, such as `REF_I12`; empty when not said.
    pub structure: String,
}

impl std::fmt::Display for MessageType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [&self.code, &self.trigger, &self.structure];
        let n_parts = parts.iter().rposition(|part| !part.is_empty()).map_or(0, |last| last + 1);
        let shown: Vec<&str> = parts[..n_parts].iter().map(|part| part.as_str()).collect();
        f.write_str(&shown.join("^"))
    }
}

impl Header {
    /// Reads only the MSH segment of a message.
    pub fn read(message: &MessageBytes<'_>) -> Result<Self, Problem> {
        let separators = Self::separators_of(message)?;
        let line = message.bytes.split(|b| matches!(b, b'\r' | b'\n')).next().unwrap_or_default();
        let line = &line[..line.len().min(HEADER_BYTES_MAX)];
        let (text, _) = decode(line, "");
        let (ordinal, offset) = (message.ordinal, message.offset);
        Ok(Self { raw: text.into_owned(), separators, ordinal, offset })
    }

    pub(crate) fn of(msh: &Segment<'_>) -> Self {
        let raw: String = msh.raw.chars().take(HEADER_BYTES_MAX).collect();
        Self { raw, separators: msh.separators, ordinal: msh.message, offset: msh.offset }
    }

    /// Reads MSH-1 and MSH-2.
    pub(crate) fn separators_of(message: &MessageBytes<'_>) -> Result<Separators, Problem> {
        let place = || Place {
            message: message.ordinal,
            segment: 1,
            occurrence: 1,
            segment_id: "MSH".to_owned(),
            field: Some(2),
            component: None,
            offset: message.offset,
        };
        if header_id(message.bytes) != Some(b"MSH") {
            let said = "the message does not start with MSH and a field separator";
            return Err(Problem::reject("no-header", place(), said));
        }
        Separators::read(message.bytes).map_err(|said| Problem::reject("bad-header", place(), said))
    }

    /// Returns the segment.
    pub fn segment(&self) -> Segment<'_> {
        Segment {
            raw: &self.raw,
            separators: self.separators,
            message: self.ordinal,
            position: 1,
            occurrence: 1,
            offset: self.offset,
        }
    }

    /// Returns MSH-1 and MSH-2.
    pub fn separators(&self) -> Separators {
        self.separators
    }

    /// Returns MSH-3.
    pub fn sending_application(&self) -> Option<Authority> {
        Authority::read(&self.segment().field(3).first())
    }

    /// Returns MSH-4.
    pub fn sending_facility(&self) -> Option<Authority> {
        Authority::read(&self.segment().field(4).first())
    }

    /// Returns MSH-5.
    pub fn receiving_application(&self) -> Option<Authority> {
        Authority::read(&self.segment().field(5).first())
    }

    /// Returns MSH-6.
    pub fn receiving_facility(&self) -> Option<Authority> {
        Authority::read(&self.segment().field(6).first())
    }

    /// Returns MSH-7, when it can be read.
    pub fn sent_at(&self) -> Option<Ts> {
        self.segment().text(7).and_then(|text| Ts::parse(&text))
    }

    /// Returns MSH-9.
    pub fn message_type(&self) -> MessageType {
        let field = self.segment().field(9).first();
        let part = |n| field.text(n).unwrap_or_default();
        MessageType { code: part(1), trigger: part(2), structure: part(3) }
    }

    /// Returns MSH-10, the sender's own key of the message.
    pub fn control_id(&self) -> Option<String> {
        self.segment().field(10).whole()
    }

    /// Returns MSH-11.1: `P` production, `T` training, `D` debugging.
    pub fn processing_id(&self) -> Option<String> {
        self.segment().text(11)
    }

    /// Returns MSH-12.1, such as `2.5.1`.
    pub fn version(&self) -> Option<String> {
        self.segment().text(12)
    }
}

/// Returns MSH-12 as numbers to compare: 2.5.1 is `[2, 5, 1]`. What cannot be read counts as 2.5.1.
pub(crate) fn version_number(version: Option<&str>) -> [u8; 3] {
    let mut number = [0; 3];
    for (part, text) in number.iter_mut().zip(version.unwrap_or("2.5.1").split('.')) {
        match text.trim().parse() {
            Ok(n) => *part = n,
            Err(_) => return [2, 5, 1],
        }
    }
    number
}
