//! The caps on what a reader takes in.

/// The caps on one document. [`Limits::default`] holds the values in use.
///
/// Source of the defaults: the threat model's row for FHIR JSON (10 MB, depth 64, 1,000 entries, 1 MB a string).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The size of the document in bytes; at most `u32::MAX`, because a place is kept in 32 bits.
    pub document_bytes: usize,
    /// How many objects and lists may be inside each other.
    pub depth: usize,
    /// The length of one string in bytes, base64 data excepted.
    pub text_bytes: usize,
    /// The length of one `data` member in bytes: base64 in `Attachment`, `Binary` and `Signature`, where a scanned
    /// document is larger than any honest text.
    pub data_bytes: usize,
    /// The length of one member name in bytes. FHIR's longest element name is far below it.
    pub key_bytes: usize,
    /// The length of one number in characters. FHIR decimals carry 18 digits at most.
    pub number_bytes: usize,
    /// How many values the document may hold, so that a small document cannot become a large tree.
    pub values: usize,
    /// How many entries a bundle may hold.
    pub entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 10 * 1024 * 1024,
            depth: 64,
            text_bytes: 1024 * 1024,
            data_bytes: 10 * 1024 * 1024,
            key_bytes: 256,
            number_bytes: 64,
            values: 500_000,
            entries: 1000,
        }
    }
}
