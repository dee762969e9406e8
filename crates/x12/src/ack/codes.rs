//! Which acknowledgement code stands for which problem.
//!
//! The numbers are those of the TA1 and 999 elements named at each function \[K\]; the match is exhaustive on purpose, so
//! that a new kind of problem is placed here or does not compile.

use crate::envelope::{Gs, Set};
use crate::problem::{Code, Problem};

/// The version of the standard that is read, as GS08 begins.
const VERSION: &str = "005010";

/// Returns TA105, why an interchange is not simply accepted.
pub(super) fn ta105(problem: &Problem) -> Option<&'static str> {
    Some(match (problem.code, problem.at.element) {
        (Code::IeaControl, _) => "001",
        (Code::IsaElement, Some(6)) => "006",
        (Code::IsaElement, Some(8)) => "008",
        (Code::IsaElement, Some(15)) => "020",
        (Code::IsaElement, _) => "018",
        (Code::IeaCount, _) => "021",
        (Code::IsaWidth | Code::IsaMissing | Code::SegmentOutsideSet, _) => "022",
        (Code::IeaMissing | Code::Truncated, _) => "023",
        (Code::GroupMissing | Code::TooMany | Code::TooManyProblems | Code::SegmentTooLong, _) => {
            "024"
        }
        (Code::InterchangeDuplicate, _) => "025",
        (Code::DelimiterClash, _) => "027",
        _ => return None,
    })
}

/// Returns AK905, what is wrong with a group as such.
pub(super) fn ak905(problem: &Problem) -> Option<&'static str> {
    Some(match (problem.code, problem.at.segment_id.as_str()) {
        (Code::GroupMissing, _) => "1",
        (Code::GeMissing, _) => "3",
        (Code::GeControl, "GS") => "6",
        (Code::GeControl, _) => "4",
        (Code::GeCount, _) => "5",
        (Code::GroupDuplicate, _) => "19",
        _ => return None,
    })
}

/// Returns AK905 for a group none of whose sets is read here: its version is another one, else its kind is.
pub(super) fn ak905_unread(header: &Gs, sets: &[Set<'_>]) -> Option<&'static str> {
    let is_unread = |set: &Set<'_>| {
        set.problems
            .iter()
            .any(|one| matches!(one.code, Code::SetUnsupported | Code::GuideUnsupported))
    };
    if sets.is_empty() || !sets.iter().all(is_unread) {
        return None;
    }
    if !header.version.starts_with(VERSION) {
        return Some("2");
    }
    (header.functional_id != "HI").then_some("1")
}

/// Returns IK502, what is wrong with a set as such.
pub(super) fn ik502(problem: &Problem) -> Option<&'static str> {
    Some(match problem.code {
        Code::SetUnsupported => "1",
        Code::SeMissing | Code::Truncated => "2",
        Code::SeControl => "3",
        Code::SeCount => "4",
        Code::TooManyProblems | Code::TooMany => "5",
        Code::SetId => "6",
        Code::SetControl => "7",
        Code::SetDuplicate => "23",
        Code::GuideUnsupported => "I6",
        _ => return None,
    })
}

/// Returns IK304, what is wrong with a segment; `8` when the fault is in its elements.
pub(super) fn ik304(problem: &Problem) -> Option<&'static str> {
    Some(match problem.code {
        Code::SegmentUnknown => "1",
        Code::SegmentUnexpected => "2",
        Code::SegmentMissing => "3",
        Code::LoopTooMany => "4",
        Code::SegmentTooMany => "5",
        Code::SegmentEmpty | Code::SegmentTooLong | Code::BinaryLength => "8",
        _ => ik403(problem).map(|_| "8")?,
    })
}

/// Returns IK403, what is wrong with an element.
pub(super) fn ik403(problem: &Problem) -> Option<&'static str> {
    Some(match problem.code {
        Code::ElementMissing => "1",
        Code::ElementTooMany => "3",
        Code::ElementTooShort => "4",
        Code::ElementTooLong => "5",
        Code::CharacterInvalid => "6",
        Code::CodeInvalid | Code::HlParent | Code::HlDuplicate => "7",
        Code::DateInvalid => "8",
        Code::FileTooLarge
        | Code::NotX12
        | Code::ByteOrderMark
        | Code::JunkBeforeIsa
        | Code::JunkAfterIea
        | Code::IsaMissing
        | Code::IsaWidth
        | Code::IsaElement
        | Code::DelimiterClash
        | Code::InterchangeDuplicate
        | Code::IeaMissing
        | Code::IeaControl
        | Code::IeaCount
        | Code::SegmentOutsideSet
        | Code::TooMany
        | Code::GroupMissing
        | Code::GroupDuplicate
        | Code::GeMissing
        | Code::GeControl
        | Code::GeCount
        | Code::SetId
        | Code::SetControl
        | Code::SetDuplicate
        | Code::SeMissing
        | Code::SeControl
        | Code::SeCount
        | Code::SegmentUnknown
        | Code::SegmentTooLong
        | Code::SegmentEmpty
        | Code::Truncated
        | Code::BinaryLength
        | Code::TooManyProblems
        | Code::SetUnsupported
        | Code::GuideUnsupported
        | Code::SegmentMissing
        | Code::SegmentUnexpected
        | Code::SegmentTooMany
        | Code::LoopTooMany => return None,
    })
}
