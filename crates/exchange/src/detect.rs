//! What a file is, by its content and never by its name.

mod email;
mod magic;
mod markup;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use table::delimiter;

use serde::Serialize;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the formats; words() tells them")]
pub enum Format {
    X12,
    Hl7,
    Fhir,
    Csv,
    FhirXml,
    Ccda,
    Email,
    Pdf,
    Tiff,
    Image,
    Office,
    Archive,
    Json,
    Xml,
    Html,
    Text,
    Empty,
    Binary,
}

impl Format {
    /// Returns what people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::X12 => "X12",
            Self::Hl7 => "HL7 v2",
            Self::Fhir => "FHIR JSON",
            Self::Csv => "CSV",
            Self::FhirXml => "FHIR XML",
            Self::Ccda => "C-CDA document",
            Self::Email => "e-mail",
            Self::Pdf => "PDF",
            Self::Tiff => "TIFF fax",
            Self::Image => "image",
            Self::Office => "office document",
            Self::Archive => "archive",
            Self::Json => "JSON that is not FHIR",
            Self::Xml => "XML",
            Self::Html => "web page",
            Self::Text => "text",
            Self::Empty => "empty file",
            Self::Binary => "unknown bytes",
        }
    }

    /// Returns whether a person may find an order in it.
    pub const fn may_hold_an_order(self) -> bool {
        matches!(
            self,
            Self::Ccda
                | Self::Email
                | Self::Pdf
                | Self::Tiff
                | Self::Image
                | Self::Office
                | Self::Text
        )
    }
}

/// How far into a file the kinds of text are looked for, in bytes.
const LOOK_BYTES: usize = 64 * 1024;

/// Tells what a file is. The most telling signs come first: fixed first bytes, then how the text begins, then what is in it.
pub fn detect(bytes: &[u8]) -> Format {
    let text = skip_marks(bytes);
    if text.is_empty() {
        return Format::Empty;
    }
    if let Some(format) = magic::detect(text) {
        return format;
    }
    match text[0] {
        b'<' => markup::detect(text),
        b'{' | b'[' => json(text),
        _ => of_lines(bytes, text),
    }
}

/// Skips byte-order marks and blanks.
fn skip_marks(mut bytes: &[u8]) -> &[u8] {
    loop {
        bytes = match bytes {
            [0xEF, 0xBB, 0xBF, rest @ ..] => rest,
            [byte, rest @ ..] if byte.is_ascii_whitespace() => rest,
            _ => return bytes,
        }
    }
}

fn json(text: &[u8]) -> Format {
    if doorstep_fhir::detect::looks_like_fhir_json(text) {
        Format::Fhir
    } else if doorstep_hl7::looks_like_hl7(text) {
        Format::Hl7
    } else {
        let second = text[1..].trim_ascii_start().first();
        let opens = matches!(
            second,
            Some(b'"' | b'{' | b'[' | b'}' | b']' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')
        );
        if opens && is_text(text) { Format::Json } else { of_lines(text, text) }
    }
}

fn of_lines(bytes: &[u8], text: &[u8]) -> Format {
    if text.starts_with(b"ISA") && doorstep_x12::looks_like_x12(text) {
        return Format::X12;
    }
    if doorstep_hl7::looks_like_hl7(bytes) {
        return Format::Hl7;
    }
    if email::looks_like_email(text) {
        return Format::Email;
    }
    if doorstep_x12::looks_like_x12(bytes) {
        return Format::X12;
    }
    if !is_text(text) {
        return Format::Binary;
    }
    if table::delimiter(&crate::csv::unmarked(text)).is_some() { Format::Csv } else { Format::Text }
}

/// Returns whether bytes may be text of any one-byte encoding or UTF-8: no zero bytes and hardly any control characters.
fn is_text(bytes: &[u8]) -> bool {
    let look = &bytes[..bytes.len().min(LOOK_BYTES)];
    if matches!(look, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) {
        return true;
    }
    let is_odd = |byte: &&u8| {
        byte.is_ascii_control()
            && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x1A..=0x1F)
    };
    let n_odd = look.iter().filter(is_odd).count();
    !look.contains(&0) && n_odd * 50 <= look.len()
}
