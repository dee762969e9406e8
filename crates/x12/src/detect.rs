//! Telling whether bytes are X12, and of which kinds, by content alone; file names are not asked.

use crate::header;
use crate::read::Segments;

/// Returns whether the bytes hold an interchange, a group or a set, after a byte-order mark or other text.
pub fn looks_like_x12(bytes: &[u8]) -> bool {
    header::find_isa(bytes, 0).is_some() || header::guess(bytes).is_some()
}

/// Returns the set id and version of every set in the file, in order; the version is ST03, else GS08.
///
/// An interchange that holds only TA1s has no sets; it is told by [`crate::Interchange::answers`].
pub fn transaction_types(bytes: &[u8]) -> Vec<(String, String)> {
    let mut types = Vec::new();
    let mut group_version = String::new();
    for segment in Segments::new(bytes) {
        match segment.id() {
            b"ISA" => group_version.clear(),
            b"GS" => group_version = segment.text(8).into_owned(),
            b"ST" => {
                let guide = segment.text(3);
                let version =
                    if guide.is_empty() { group_version.clone() } else { guide.into_owned() };
                types.push((segment.text(1).into_owned(), version));
            }
            _ => {}
        }
        if types.len() >= crate::MAX_SETS {
            break;
        }
    }
    types
}
