//! How much one sender may make us hold. Source of the message sizes: the house limits for HL7 v2 doors; the counts are ours.

/// Bytes of a message, its embedded documents not counted.
pub const MESSAGE_BYTES_MAX: usize = 1_000_000;
/// Bytes of a message with everything in it.
pub const MESSAGE_WITH_DOCUMENTS_BYTES_MAX: usize = 20_000_000;
/// Segments in a message. A 20 MB document in OBX pieces of 1,000 bytes stays below.
pub const SEGMENTS_MAX: usize = 50_000;
/// Fields in a segment. The longest in the standard has fewer than 120.
pub const FIELDS_MAX: usize = 1_000;
/// Repetitions in a field, components in a repetition, subcomponents in a component.
pub const REPEATS_MAX: usize = 1_000;
/// Messages taken from one file.
pub const MESSAGES_MAX: usize = 100_000;
/// Warnings kept for one message; more say nothing new.
pub const PROBLEMS_MAX: usize = 100;
/// Bytes between two escape characters that are still taken for one escape sequence.
pub const ESCAPE_BYTES_MAX: usize = 1_024;
/// Bytes outside any MLLP frame before the connection is called broken.
pub const NOISE_BYTES_MAX: usize = 65_536;
