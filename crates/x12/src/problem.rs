//! What is wrong with received bytes: a stable code, a place, a sentence, and how bad it is.
//!
//! **Invariant:** a message never repeats the data of a set (it may name a person); it names the place. Only control
//! numbers, counts and segment ids are repeated.

use std::fmt;

use crate::segment_id::SegmentId;
use crate::token::Segment;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Reported; what it is in is still taken.
    Warning,
    /// What it is in (set, group or interchange) is refused.
    Error,
}

/// Names every kind of problem; [`Code::as_str`] is the stable text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// The file is larger than [`crate::MAX_FILE_BYTES`].
    FileTooLarge,
    /// Nothing in the file is X12.
    NotX12,
    /// A byte-order mark precedes the file.
    ByteOrderMark,
    /// Other text precedes an ISA.
    JunkBeforeIsa,
    /// Other text follows the last IEA.
    JunkAfterIea,
    /// The file begins with GS or ST.
    IsaMissing,
    /// The ISA is not 106 bytes wide, but could be read.
    IsaWidth,
    /// An element of the ISA is not what the standard asks.
    IsaElement,
    /// Two delimiters are the same byte.
    DelimiterClash,
    /// An interchange number was used before in this file.
    InterchangeDuplicate,
    /// The IEA is missing: the file was cut.
    IeaMissing,
    /// IEA02 is not ISA13.
    IeaControl,
    /// IEA01 is not the number of groups.
    IeaCount,
    /// A segment stands where only envelopes may stand.
    SegmentOutsideSet,
    /// More sets, groups or interchanges than the limit.
    TooMany,
    /// A set stands outside a group.
    GroupMissing,
    /// A group number was used before in this interchange.
    GroupDuplicate,
    /// The GE is missing.
    GeMissing,
    /// GE02 is not GS06.
    GeControl,
    /// GE01 is not the number of sets.
    GeCount,
    /// ST01 is missing or not a set identifier.
    SetId,
    /// ST02 is missing.
    SetControl,
    /// A set number was used before in this group.
    SetDuplicate,
    /// The SE is missing.
    SeMissing,
    /// SE02 is not ST02.
    SeControl,
    /// SE01 is not the number of segments.
    SeCount,
    /// A segment id that X12 cannot have.
    SegmentUnknown,
    /// A segment is longer than [`crate::MAX_SEGMENT_BYTES`].
    SegmentTooLong,
    /// Nothing stands between two terminators.
    SegmentEmpty,
    /// The file ends within a segment.
    Truncated,
    /// The length of binary data is not what its segment says.
    BinaryLength,
    /// More problems in one set than are listed.
    TooManyProblems,
    /// The set is of a kind that nobody reads here.
    SetUnsupported,
    /// The guide named by the set is not one we read.
    GuideUnsupported,
    /// A segment that must be there is not.
    SegmentMissing,
    /// A segment stands in a loop that has no place for it.
    SegmentUnexpected,
    /// A segment occurs more often than it may.
    SegmentTooMany,
    /// A loop occurs more often than it may.
    LoopTooMany,
    /// An element that must be there is not.
    ElementMissing,
    /// An element is shorter than it may be.
    ElementTooShort,
    /// An element is longer than it may be.
    ElementTooLong,
    /// A segment has more elements than it may.
    ElementTooMany,
    /// A coded value is not one of the known ones.
    CodeInvalid,
    /// A date is not a date.
    DateInvalid,
    /// An element has a character that may not be there.
    CharacterInvalid,
    /// A loop points to a parent that does not precede it, or is of the wrong kind.
    HlParent,
    /// A loop number occurs twice.
    HlDuplicate,
}

impl Code {
    /// Returns the stable kebab-case name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FileTooLarge => "file-too-large",
            Self::NotX12 => "not-x12",
            Self::ByteOrderMark => "byte-order-mark",
            Self::JunkBeforeIsa => "junk-before-isa",
            Self::JunkAfterIea => "junk-after-iea",
            Self::IsaMissing => "isa-missing",
            Self::IsaWidth => "isa-width",
            Self::IsaElement => "isa-element",
            Self::DelimiterClash => "delimiter-clash",
            Self::InterchangeDuplicate => "interchange-duplicate",
            Self::IeaMissing => "iea-missing",
            Self::IeaControl => "iea-control",
            Self::IeaCount => "iea-count",
            Self::SegmentOutsideSet => "segment-outside-set",
            Self::TooMany => "too-many",
            Self::GroupMissing => "group-missing",
            Self::GroupDuplicate => "group-duplicate",
            Self::GeMissing => "ge-missing",
            Self::GeControl => "ge-control",
            Self::GeCount => "ge-count",
            Self::SetId => "set-id",
            Self::SetControl => "set-control",
            Self::SetDuplicate => "set-duplicate",
            Self::SeMissing => "se-missing",
            Self::SeControl => "se-control",
            Self::SeCount => "se-count",
            Self::SegmentUnknown => "segment-unknown",
            Self::SegmentTooLong => "segment-too-long",
            Self::SegmentEmpty => "segment-empty",
            Self::Truncated => "truncated",
            Self::BinaryLength => "binary-length",
            Self::TooManyProblems => "too-many-problems",
            Self::SetUnsupported => "set-unsupported",
            Self::GuideUnsupported => "guide-unsupported",
            Self::SegmentMissing => "segment-missing",
            Self::SegmentUnexpected => "segment-unexpected",
            Self::SegmentTooMany => "segment-too-many",
            Self::LoopTooMany => "loop-too-many",
            Self::ElementMissing => "element-missing",
            Self::ElementTooShort => "element-too-short",
            Self::ElementTooLong => "element-too-long",
            Self::ElementTooMany => "element-too-many",
            Self::CodeInvalid => "code-invalid",
            Self::DateInvalid => "date-invalid",
            Self::CharacterInvalid => "character-invalid",
            Self::HlParent => "hl-parent",
            Self::HlDuplicate => "hl-duplicate",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where in a transmission something is. Indexes start at 0 as in the vectors; ordinals and positions start at 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Index of the interchange in the transmission.
    pub interchange: usize,
    /// Index of the group in the interchange.
    pub group: Option<usize>,
    /// Index of the set in the group.
    pub set: Option<usize>,
    /// Ordinal of the segment in its set; ST is 1.
    pub segment: Option<usize>,
    /// Id of the segment; empty when none is meant.
    pub segment_id: SegmentId,
    /// Position of the element in its segment, from 1.
    pub element: Option<u8>,
    /// Position of the component in its element, from 1.
    pub component: Option<u8>,
    /// Offset in the file, in bytes.
    pub offset: usize,
}

impl Place {
    /// Returns this place narrowed to one segment.
    #[must_use]
    pub fn segment(&self, segment: &Segment<'_>) -> Self {
        Self {
            segment: self.set.map(|_| segment.ordinal),
            segment_id: segment.id_text(),
            element: None,
            component: None,
            offset: segment.offset,
            ..*self
        }
    }

    /// Returns this place narrowed to one element, counted from 1.
    #[must_use]
    pub fn element(&self, element: usize) -> Self {
        Self { element: u8::try_from(element).ok(), ..self.clone() }
    }

    /// Returns this place narrowed to one component, counted from 1.
    #[must_use]
    pub fn component(&self, component: usize) -> Self {
        Self { component: u8::try_from(component).ok(), ..self.clone() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "interchange {}", self.interchange + 1)?;
        if let Some(group) = self.group {
            write!(f, ", group {}", group + 1)?;
        }
        if let Some(set) = self.set {
            write!(f, ", set {}", set + 1)?;
        }
        if let Some(segment) = self.segment {
            write!(f, ", segment {segment}")?;
        }
        if !self.segment_id.is_empty() {
            write!(f, ", {}", self.segment_id)?;
            if let Some(element) = self.element {
                write!(f, "{element:02}")?;
            }
            if let Some(component) = self.component {
                write!(f, "-{component}")?;
            }
        }
        write!(f, " (byte {})", self.offset)
    }
}

/// One thing wrong with received bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}, at {at}")]
pub struct Problem {
    /// What kind it is.
    pub code: Code,
    /// Where it is.
    pub at: Place,
    /// What is wrong, in words; lower case, no full stop.
    pub message: String,
    /// Whether what it is in is refused.
    pub level: Level,
}

impl Problem {
    /// Returns the stable kebab-case name of its kind.
    pub const fn code(&self) -> &'static str {
        self.code.as_str()
    }

    /// Returns whether it refuses what it is in.
    pub fn is_error(&self) -> bool {
        self.level == Level::Error
    }

    pub(crate) fn warning(code: Code, at: Place, message: impl Into<String>) -> Self {
        Self { code, at, message: message.into(), level: Level::Warning }
    }

    pub(crate) fn error(code: Code, at: Place, message: impl Into<String>) -> Self {
        Self { code, at, message: message.into(), level: Level::Error }
    }
}

/// Collects the problems of one set, up to [`Notes::MAX`].
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// The place of the set that is read.
    pub place: Place,
    /// What was found so far.
    pub problems: Vec<Problem>,
}

impl Notes {
    /// Problems listed for one set; one more says that there are more. A bound on memory, chosen here.
    pub const MAX: usize = 50;

    /// Starts an empty list for the set at `place`.
    pub fn new(place: Place) -> Self {
        Self { place, problems: Vec::new() }
    }

    /// Adds one, unless the list is full.
    pub fn push(&mut self, problem: Problem) {
        push_bounded(&mut self.problems, problem);
    }

    pub(crate) fn warn(&mut self, code: Code, at: Place, message: impl Into<String>) {
        self.push(Problem::warning(code, at, message));
    }

    pub(crate) fn error(&mut self, code: Code, at: Place, message: impl Into<String>) {
        self.push(Problem::error(code, at, message));
    }
}

/// Returns whether a list of problems takes no more.
pub(crate) fn is_full(problems: &[Problem]) -> bool {
    problems.len() > Notes::MAX
}

/// Adds to a list of at most [`Notes::MAX`] problems; the last place tells that there were more, as an error.
pub(crate) fn push_bounded(problems: &mut Vec<Problem>, problem: Problem) {
    match problems.len() {
        n if n < Notes::MAX => problems.push(problem),
        Notes::MAX => {
            let message = format!("more than {} problems: the rest are not listed", Notes::MAX);
            problems.push(Problem::error(Code::TooManyProblems, problem.at, message));
        }
        _ => {}
    }
}
