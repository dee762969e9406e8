//! Files that are told by their first bytes. Source: the formats' own specifications \[K\].

use super::Format;
use memchr::memmem;

/// How far from the start `%PDF-` may stand. Source: PDF readers' practice \[K\].
const PDF_LEAD_BYTES: usize = 1024;

pub(super) fn detect(bytes: &[u8]) -> Option<Format> {
    let starts = |marks: &[&[u8]]| marks.iter().any(|mark| bytes.starts_with(mark));
    let is_riff = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let is_heif = bytes.get(4..8) == Some(b"ftyp")
        && matches!(bytes.get(8..11), Some(b"hei" | b"mif" | b"avi"));
    if starts(&[b"II*\0", b"MM\0*"]) {
        Some(Format::Tiff)
    } else if starts(&[b"\x89PNG", b"\xFF\xD8\xFF", b"GIF87a", b"GIF89a"])
        || is_bitmap(bytes)
        || is_riff
        || is_heif
    {
        Some(Format::Image)
    } else if starts(&[b"PK\x03\x04", b"PK\x05\x06"]) {
        Some(zip(bytes))
    } else if starts(&[b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"{\\rtf"]) {
        Some(Format::Office)
    } else if starts(&[
        b"\x1F\x8B",
        b"BZh",
        b"\xFD7zXZ\0",
        b"7z\xBC\xAF\x27\x1C",
        b"Rar!\x1A\x07",
        b"\x28\xB5\x2F\xFD",
    ]) {
        Some(Format::Archive)
    } else {
        is_pdf(bytes).then_some(Format::Pdf)
    }
}

/// `BM`, the file's length, and four bytes of zero.
fn is_bitmap(bytes: &[u8]) -> bool {
    bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4])
}

/// Mail systems put a few bytes before a PDF; a text that only talks of one has no version behind the mark.
fn is_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(PDF_LEAD_BYTES)];
    let at = memmem::find(head, b"%PDF-");
    at.is_some_and(|at| {
        head.get(at + 5).is_some_and(u8::is_ascii_digit) && (at == 0 || head[at - 1] != b' ')
    })
}

/// Office documents are archives whose first entries have well-known names.
fn zip(bytes: &[u8]) -> Format {
    let head = &bytes[..bytes.len().min(super::LOOK_BYTES)];
    let holds = |name: &[u8]| memmem::find(head, name).is_some();
    let is_office =
        holds(b"[Content_Types].xml") || holds(b"mimetypeapplication/vnd.oasis.opendocument");
    if is_office { Format::Office } else { Format::Archive }
}
