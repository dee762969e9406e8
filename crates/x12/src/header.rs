//! Finding where X12 begins and which delimiters it uses.
//!
//! An ISA is fixed: 106 bytes with the element separator at 16 known places. Real files have shorter or longer ones;
//! those are read by counting 16 elements, and said to be so. A file may also begin with GS or ST; then the delimiters
//! are those that make its first segment whole.

use memchr::memmem;

use crate::token::Delimiters;

/// Width of a correct ISA with its terminator, in bytes. Source: the fixed element sizes of ISA \[K\].
pub const ISA_BYTES: usize = 106;

/// Where the element separators of a correct ISA stand. Source: the fixed element sizes of ISA \[K\].
const ISA_SEPARATORS: [usize; 16] =
    [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103];

/// Bytes within which the 16 elements of a wrongly sized ISA are looked for.
const ISA_LENIENT_BYTES: usize = 256;

/// What an ISA says about cutting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub delimiters: Delimiters,
    /// Offset of the terminator from the `I`.
    pub terminator_at: usize,
}

/// Reads the ISA that `bytes` begins with, if one can be read.
pub(crate) fn isa(bytes: &[u8]) -> Option<Header> {
    let element = *bytes.get(3)?;
    if !bytes.starts_with(b"ISA") || !can_delimit(element) {
        return None;
    }
    let last = last_separator(bytes, element)?;
    let (component, terminator) = (*bytes.get(last + 1)?, *bytes.get(last + 2)?);
    if !can_delimit(terminator)
        || terminator == element
        || component == element
        || component == terminator
    {
        return None;
    }
    let repetition =
        repetition(bytes, element).filter(|&byte| byte != component && byte != terminator);
    let delimiters = Delimiters { element, component, repetition, terminator };
    Some(Header { delimiters, terminator_at: last + 2 })
}

/// Finds the first readable ISA at or after `from`, and what it says.
pub(crate) fn find_isa(bytes: &[u8], from: usize) -> Option<(usize, Header)> {
    let tail = bytes.get(from..)?;
    memmem::find_iter(tail, b"ISA")
        .map(|at| from + at)
        .find_map(|at| isa(&bytes[at..]).map(|header| (at, header)))
}

/// Guesses where a file without ISA begins and how it is cut: at a GS, else at an ST, at the start of a line.
pub(crate) fn guess(bytes: &[u8]) -> Option<(usize, Delimiters)> {
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace() && !BOM.contains(byte))?;
    let first = guess_at(&bytes[start..]).map(|delimiters| (start, delimiters));
    first.or_else(|| {
        memchr::memchr_iter(b'\n', &bytes[..bytes.len().min(GUESS_BYTES)])
            .find_map(|line| guess_at(&bytes[line + 1..]).map(|delimiters| (line + 1, delimiters)))
    })
}

/// The UTF-8 byte-order mark.
pub(crate) const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// Bytes within which a first GS or ST is looked for.
const GUESS_BYTES: usize = 64 * 1024;

/// Returns whether a byte may cut data: neither letter nor digit nor blank.
fn can_delimit(byte: u8) -> bool {
    !byte.is_ascii_alphanumeric() && byte != b' ' && byte != 0
}

/// Returns where the separator before ISA16 stands.
fn last_separator(bytes: &[u8], element: u8) -> Option<usize> {
    let fixed = ISA_SEPARATORS.iter().all(|&at| bytes.get(at) == Some(&element));
    if fixed {
        return Some(ISA_SEPARATORS[15]);
    }
    let head = &bytes[..bytes.len().min(ISA_LENIENT_BYTES)];
    let first_is_short = head[4..].iter().take(3).any(|&byte| byte == element);
    if !first_is_short {
        return None;
    }
    let last = memchr::memchr_iter(element, head).nth(15)?;
    let one_line = !head[..last].iter().any(|byte| matches!(byte, b'\r' | b'\n'));
    one_line.then_some(last)
}

/// Returns ISA11 when the version has repetition separators and it is one.
fn repetition(bytes: &[u8], element: u8) -> Option<u8> {
    let before = memchr::memchr_iter(element, bytes).nth(10)?;
    let separator = *bytes.get(before + 1)?;
    let version = bytes.get(before + 3..before + 8)?;
    let alone = bytes[before + 2] == element;
    (alone && version >= b"00402".as_slice() && can_delimit(separator)).then_some(separator)
}

fn guess_at(bytes: &[u8]) -> Option<Delimiters> {
    let elements = match bytes.get(..2)? {
        b"GS" => 8,
        b"ST" => 2,
        _ => return None,
    };
    let element =
        *bytes.get(2).filter(|&&byte| can_delimit(byte) && !byte.is_ascii_whitespace())?;
    let head = &bytes[..bytes.len().min(ISA_LENIENT_BYTES)];
    let last = memchr::memchr_iter(element, head).nth(elements - 1)?;
    let is_code = |byte: &u8| byte.is_ascii_alphanumeric() || (elements == 2 && *byte == element);
    let end = last + 1 + head[last + 1..].iter().position(|byte| !is_code(byte))?;
    let set_id = &head[3..3 + 3.min(head.len() - 3)];
    if end == last + 1 || (elements == 2 && !set_id.iter().all(u8::is_ascii_digit)) {
        return None;
    }
    let terminator = head[end];
    let usual = Delimiters::USUAL;
    let pick = |wanted: u8, other: u8| {
        if wanted == element || wanted == terminator { other } else { wanted }
    };
    let component = pick(usual.component, b'>');
    can_delimit(terminator).then(|| Delimiters {
        element,
        component,
        repetition: Some(pick(b'^', b'!')).filter(|&byte| byte != component),
        terminator,
    })
}
