//! What a piece of bytes looks like, decided cheaply and before it is read.

/// How far into the bytes a look goes.
const LOOK_BYTES: usize = 1024 * 1024;

/// The namespace of FHIR XML. Source: FHIR R4, XML representation.
const NAMESPACE: &[u8] = b"http://hl7.org/fhir";

/// Returns whether the bytes look like a FHIR resource in JSON: an object that names its `resourceType`.
pub fn looks_like_fhir_json(bytes: &[u8]) -> bool {
    looks_like_json_object(bytes) && holds(head(bytes), b"\"resourceType\"")
}

/// Returns whether the bytes look like a CDS Hooks call: an object with a `hook` and its `hookInstance`, which FHIR
/// resources do not have.
pub fn looks_like_cds_hooks(bytes: &[u8]) -> bool {
    looks_like_json_object(bytes)
        && holds(head(bytes), b"\"hookInstance\"")
        && holds(head(bytes), b"\"hook\"")
}

/// Returns whether the bytes begin as a JSON object does.
pub fn looks_like_json_object(bytes: &[u8]) -> bool {
    let text = skip_mark(bytes).trim_ascii_start();
    let Some(inside) = text.strip_prefix(b"{") else { return false };
    matches!(inside.trim_ascii_start().first(), Some(b'"' | b'}'))
}

/// Returns the root element's name when the bytes look like FHIR in XML, which is recognised so that it can be refused by
/// name.
pub fn looks_like_fhir_xml(bytes: &[u8]) -> Option<String> {
    let mut rest = skip_mark(head(bytes)).trim_ascii_start();
    loop {
        let (start, end): (&[u8], &[u8]) = if rest.starts_with(b"<?") {
            (b"<?", b"?>")
        } else if rest.starts_with(b"<!--") {
            (b"<!--", b"-->")
        } else if rest.starts_with(b"<!") {
            (b"<!", b">")
        } else {
            break;
        };
        let after = find(&rest[start.len()..], end)? + start.len() + end.len();
        rest = rest[after..].trim_ascii_start();
    }
    let tag = rest.strip_prefix(b"<")?;
    let tag = &tag[..find(tag, b">")?];
    let name: &[u8] = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next()?;
    let name = name.rsplit(|byte| *byte == b':').next()?;
    let is_name =
        !name.is_empty() && name.len() <= 64 && name.iter().all(u8::is_ascii_alphanumeric);
    if is_name && holds(tag, NAMESPACE) { String::from_utf8(name.to_vec()).ok() } else { None }
}

fn head(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(LOOK_BYTES)]
}

fn skip_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    find(bytes, part).is_some()
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_told_from_other_text() {
        assert!(looks_like_fhir_json(b"\xef\xbb\xbf \n{ \"id\":1,\"resourceType\":\"Patient\"}"));
        assert!(!looks_like_fhir_json(b"{\"hook\":\"order-sign\"}"));
        assert!(!looks_like_fhir_json(b"[{\"resourceType\":\"Patient\"}]"));
        assert!(looks_like_cds_hooks(b"{\"hook\":\"order-sign\",\"hookInstance\":\"1\"}"));
        assert!(looks_like_json_object(b"{}"));
        assert!(!looks_like_json_object(b"{1:5~}"));
    }

    #[test]
    fn xml_is_recognised_by_its_root_and_namespace() {
        let text = b"<?xml version=\"1.0\"?>\n<!-- a > b --><f:Task xmlns:f=\"http://hl7.org/fhir\"><id/></f:Task>";
        assert_eq!(looks_like_fhir_xml(text).as_deref(), Some("Task"));
        assert_eq!(
            looks_like_fhir_xml(b"<Bundle xmlns=\"http://hl7.org/fhir\"/>").as_deref(),
            Some("Bundle")
        );
        assert_eq!(looks_like_fhir_xml(b"<ClinicalDocument xmlns=\"urn:hl7-org:v3\">"), None);
        assert_eq!(looks_like_fhir_xml(b"<?xml"), None);
        assert_eq!(looks_like_fhir_xml(b"<"), None);
    }
}
