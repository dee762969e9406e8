//! What can be wrong with an HL7 message, and where. A problem never carries a field's value, only its place: values identify people.

use std::fmt;

/// How bad a problem is for the message it was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth telling the sender; the message was read all the same.
    Warning,
    /// Part of the content cannot be used: answered with AE.
    Error,
    /// Nothing of the message can be used: answered with AR.
    Reject,
}

/// The error condition sent in ERR-3, HL7 table 0357.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// 100: segments missing or out of order.
    Sequence,
    /// 101: a field that must be there is empty.
    Required,
    /// 102: a value is not of its data type.
    DataType,
    /// 103: a code is not in its table.
    TableValue,
    /// 200: this message type is not handled.
    MessageType,
    /// 201: this trigger event is not handled.
    Event,
    /// 202: this processing id is not handled.
    Processing,
    /// 203: this version is not handled.
    Version,
    /// 204: an identifier names nothing we know.
    UnknownKey,
    /// 205: an identifier is already taken.
    DuplicateKey,
    /// 206: the record is in use.
    Locked,
    /// 207: anything else.
    Internal,
}

impl Condition {
    /// Returns the code of HL7 table 0357.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sequence => "100",
            Self::Required => "101",
            Self::DataType => "102",
            Self::TableValue => "103",
            Self::MessageType => "200",
            Self::Event => "201",
            Self::Processing => "202",
            Self::Version => "203",
            Self::UnknownKey => "204",
            Self::DuplicateKey => "205",
            Self::Locked => "206",
            Self::Internal => "207",
        }
    }

    /// Returns what the code means, in our words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Sequence => "a segment is missing or misplaced",
            Self::Required => "a needed field is empty",
            Self::DataType => "a value cannot be read as its type",
            Self::TableValue => "a code is not one we know",
            Self::MessageType => "we do not take this kind of message",
            Self::Event => "we do not take this event",
            Self::Processing => "we do not take this processing mode",
            Self::Version => "we do not take this version",
            Self::UnknownKey => "an identifier is unknown here",
            Self::DuplicateKey => "an identifier is already in use",
            Self::Locked => "the record is in use, send again later",
            Self::Internal => "the message cannot be processed",
        }
    }
}

/// Where in the bytes a problem is. Counts start at 1; `None` or 0 means "not that deep".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Which message of the file.
    pub message: u32,
    /// Which segment of the message, all kinds counted.
    pub segment: u32,
    /// Which segment of this id in the message (ERR-2.2).
    pub occurrence: u32,
    /// The segment's id, empty when none is known.
    pub segment_id: String,
    /// Which field, with HL7's numbering of MSH.
    pub field: Option<u16>,
    /// Which component.
    pub component: Option<u16>,
    /// Byte offset in the file of the segment, or of the message when there is no segment.
    pub offset: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "message {}", self.message)?;
        if !self.segment_id.is_empty() {
            write!(f, ", {}[{}]", self.segment_id, self.occurrence.max(1))?;
            if let Some(field) = self.field {
                write!(f, "-{field}")?;
            }
            if let Some(component) = self.component {
                write!(f, ".{component}")?;
            }
        } else if self.segment > 0 {
            write!(f, ", line {}", self.segment)?;
        }
        write!(f, ", byte {}", self.offset)
    }
}

/// One thing wrong with a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({at})")]
pub struct Problem {
    /// Stable kebab-case name; goes out in ERR-5.
    pub code: &'static str,
    /// Where.
    pub at: Place,
    /// What is wrong and what to do, lower case, without any value of the message.
    pub message: String,
    /// How bad.
    pub level: Level,
    /// What ERR-3 says.
    pub condition: Condition,
}

impl Problem {
    /// Returns a problem that spoils the whole message.
    pub fn reject(code: &'static str, at: Place, message: impl Into<String>) -> Self {
        let (level, condition) = (Level::Reject, Condition::Internal);
        Self { code, at, message: message.into(), level, condition }
    }

    /// Returns a problem that spoils part of the content.
    pub fn error(code: &'static str, at: Place, message: impl Into<String>) -> Self {
        Self { level: Level::Error, ..Self::reject(code, at, message) }
    }

    /// Returns a problem that spoils nothing.
    pub fn warning(code: &'static str, at: Place, message: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::reject(code, at, message) }
    }

    /// Returns the same problem with another ERR-3 condition.
    #[must_use]
    pub fn with(mut self, condition: Condition) -> Self {
        self.condition = condition;
        self
    }
}

/// Turns a count into the narrow numbers of [`Place`]; what does not fit stays at the largest.
pub(crate) fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
