//! Files that begin with `<`: FHIR in XML, clinical documents, other XML, web pages.

use super::Format;

pub(super) fn detect(text: &[u8]) -> Format {
    if doorstep_fhir::detect::looks_like_fhir_xml(text).is_some() {
        return Format::FhirXml;
    }
    let Some(root) = root(text) else { return Format::Text };
    match root.to_ascii_lowercase().as_slice() {
        b"clinicaldocument" => Format::Ccda,
        b"html" | b"!doctype html" | b"head" | b"body" | b"div" | b"p" | b"table" => Format::Html,
        _ => Format::Xml,
    }
}

/// Returns the root element's name without its prefix, or `!doctype html`.
fn root(text: &[u8]) -> Option<&[u8]> {
    let mut rest = &text[..text.len().min(super::LOOK_BYTES)];
    loop {
        rest = rest.trim_ascii_start();
        let end: &[u8] = if rest.starts_with(b"<?") {
            b"?>"
        } else if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.len() >= 14 && rest[..14].eq_ignore_ascii_case(b"<!doctype html") {
            return Some(b"!doctype html");
        } else if rest.starts_with(b"<!") {
            b">"
        } else {
            break;
        };
        let at = memchr::memmem::find(rest, end)?;
        rest = &rest[at + end.len()..];
    }
    let tag = rest.strip_prefix(b"<")?;
    let length =
        tag.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))?;
    let name = tag[..length].rsplit(|byte| *byte == b':').next()?;
    let is_name = name.first().is_some_and(u8::is_ascii_alphabetic)
        && name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    is_name.then_some(name)
}
