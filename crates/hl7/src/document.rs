//! Documents inside OBX segments: the ED type, base64 in text fields, and documents cut over several OBX.
//!
//! A piece belongs to the document before it when it is the next OBX with the same code, does not itself begin like a file,
//! and either says no type of its own or follows a piece that began like a file. Everything else is a document of its own.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::escape::{from_hex, unescape};
use crate::problem::{Condition, Place, Problem};
use crate::read::Message;
use crate::segment::{Repetition, Segment};
use crate::types::Code;

/// Base64 as senders write it: with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Letters of base64 without any other sign that make a text field a piece of a document.
const PIECE_LETTERS_MIN: usize = 200;

/// One document taken out of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// OBX-3 of its first piece.
    pub code: Option<Code>,
    /// What the bytes are, seen from their beginning, else from ED.2 and ED.3; `application/octet-stream` when unknown.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Positions in the message of the OBX segments it came from.
    pub segments: Vec<u32>,
    /// Place of its first piece.
    pub at: Place,
}

/// How a piece is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Base64,
    Hex,
    Text,
}

/// What one repetition of an OBX-5 adds.
struct Piece {
    code: Option<Code>,
    said_type: Option<String>,
    encoding: Encoding,
    data: String,
    /// Whether the data begin like a known kind of file.
    begins: bool,
    segment: u32,
    at: Place,
}

/// Tells whether an OBX carries (a piece of) a document.
pub(crate) fn is_document(obx: &Segment<'_>) -> bool {
    match obx.field(2).raw() {
        "ED" => true,
        "TX" | "FT" | "ST" | "" => {
            let value = obx.field(5).raw();
            value.starts_with("JVBERi0") || (value.len() >= PIECE_LETTERS_MIN && is_base64(value))
        }
        _ => false,
    }
}

fn is_base64(text: &str) -> bool {
    let is_sign =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'\r' | b'\n');
    text.bytes().all(is_sign)
}

/// Returns the documents of a message, and what was wrong with those that could not be read.
pub fn documents(message: &Message<'_>) -> (Vec<Document>, Vec<Problem>) {
    let (mut documents, mut problems) = (Vec::new(), Vec::new());
    let mut open: Vec<Piece> = Vec::new();
    for obx in message.segments("OBX").filter(is_document) {
        for repetition in obx.field(5).repetitions() {
            let piece = Piece::read(&obx, &repetition);
            if !open.last().is_some_and(|last| piece.continues(last, open[0].begins)) {
                close(&mut open, &mut documents, &mut problems);
            }
            open.push(piece);
        }
    }
    close(&mut open, &mut documents, &mut problems);
    (documents, problems)
}

fn close(open: &mut Vec<Piece>, documents: &mut Vec<Document>, problems: &mut Vec<Problem>) {
    let pieces = std::mem::take(open);
    let Some(first) = pieces.first() else { return };
    let Some(bytes) = decode(&pieces) else {
        let said = "the document cannot be decoded: send it as base64 in OBX-5.5";
        let problem = Problem::error("document-damaged", first.at.clone(), said);
        return problems.push(problem.with(Condition::DataType));
    };
    if bytes.is_empty() {
        let said = "the document is announced but empty: send it again";
        let problem = Problem::warning("document-empty", first.at.clone(), said);
        return problems.push(problem.with(Condition::Required));
    }
    let said = pieces.iter().find_map(|piece| piece.said_type.clone());
    let media_type = sniff(&bytes).map(str::to_owned).or(said);
    let mut segments: Vec<u32> = pieces.iter().map(|piece| piece.segment).collect();
    segments.dedup();
    documents.push(Document {
        code: first.code.clone(),
        media_type: media_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        bytes,
        segments,
        at: first.at.clone(),
    });
}

impl Piece {
    fn read(obx: &Segment<'_>, value: &Repetition<'_>) -> Self {
        let code = Code::read(&obx.field(3).first());
        let (segment, at) = (obx.position(), obx.place_of(5));
        let named = (2..=4).find_map(|n| {
            let encoding = Encoding::named(value.component(n).raw())?;
            Some((encoding, n))
        });
        let whole = unescape(value.raw(), obx.separators);
        let (said_type, encoding, data) = match named {
            Some((encoding, n)) => {
                let data = value.component(n + 1).subcomponent(1).into_owned();
                (said_type(value), encoding, data)
            }
            None if obx.field(2).raw() != "ED" => (None, Encoding::Base64, whole.into_owned()),
            None => {
                let data = value.component(5).subcomponent(1).into_owned();
                let encoding = if is_base64(&data) { Encoding::Base64 } else { Encoding::Text };
                (said_type(value), encoding, data)
            }
        };
        let data = match encoding {
            Encoding::Text => data,
            _ => data.chars().filter(|c| !c.is_ascii_whitespace()).collect(),
        };
        let head = data.get(..data.len().min(32)).unwrap_or_default();
        let begins = encoding == Encoding::Base64
            && BASE64.decode(head).is_ok_and(|head| sniff(&head).is_some());
        Self { code, said_type, encoding, data, begins, segment, at }
    }

    fn continues(&self, last: &Self, first_begins: bool) -> bool {
        let is_next = self.segment <= last.segment + 1;
        let is_same = self.code == last.code || self.code.is_none();
        let is_whole = self.begins || self.encoding != last.encoding;
        is_next && is_same && !is_whole && (self.said_type.is_none() || first_begins)
    }
}

impl Encoding {
    /// ED.4, HL7 table 0299.
    fn named(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "base64" => Some(Self::Base64),
            "hex" => Some(Self::Hex),
            "a" => Some(Self::Text),
            _ => None,
        }
    }
}

/// Decodes pieces one after the other; a piece may end in the middle of a group of four letters.
fn decode(pieces: &[Piece]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut letters = String::new();
    for piece in pieces {
        match piece.encoding {
            Encoding::Text => bytes.extend_from_slice(piece.data.as_bytes()),
            Encoding::Hex if piece.data.is_empty() => {}
            Encoding::Hex => bytes.extend(from_hex(piece.data.as_bytes())?),
            Encoding::Base64 => {
                letters.push_str(&piece.data);
                if letters.ends_with('=') {
                    bytes.extend(BASE64.decode(std::mem::take(&mut letters)).ok()?);
                }
            }
        }
    }
    bytes.extend(BASE64.decode(letters).ok()?);
    Some(bytes)
}

/// Tells what bytes are by how they begin.
fn sniff(bytes: &[u8]) -> Option<&'static str> {
    const BEGINNINGS: [(&[u8], &str); 11] = [
        (b"%PDF", "application/pdf"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"\xFF\xD8\xFF", "image/jpeg"),
        (b"\x89PNG", "image/png"),
        (b"GIF8", "image/gif"),
        (b"{\\rtf", "application/rtf"),
        (b"PK\x03\x04", "application/zip"),
        (b"<?xml", "application/xml"),
        (b"<ClinicalDocument", "application/xml"),
        (b"<html", "text/html"),
    ];
    BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning)).map(|(_, name)| *name)
}

/// ED.2 and ED.3: a media type in two parts, or HL7 tables 0191 and 0291.
fn said_type(value: &Repetition<'_>) -> Option<String> {
    let kind = value.text(2).unwrap_or_default().to_ascii_lowercase();
    let subtype = value.text(3).unwrap_or_default().to_ascii_lowercase();
    let known = match subtype.as_str() {
        "pdf" => Some("application/pdf"),
        "tiff" | "tif" => Some("image/tiff"),
        "jpeg" | "jpg" => Some("image/jpeg"),
        "png" => Some("image/png"),
        "gif" => Some("image/gif"),
        "rtf" => Some("application/rtf"),
        "html" => Some("text/html"),
        "xml" | "x-hl7-cda-level-one" => Some("application/xml"),
        "plain" => Some("text/plain"),
        _ => None,
    };
    let by_kind = match kind.as_str() {
        "pdf" => Some("application/pdf"),
        "text" | "tx" | "ft" => Some("text/plain"),
        "application" | "image" | "audio" if !subtype.is_empty() => None,
        _ => return known.map(str::to_owned),
    };
    let made = (!subtype.is_empty()).then(|| format!("{kind}/{subtype}"));
    known.or(by_kind).map(str::to_owned).or(made)
}
