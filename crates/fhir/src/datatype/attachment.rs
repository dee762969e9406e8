//! Attachments: inline base64, or an address that is kept as text and never fetched.

use super::{Datatype, When, hidden_debug};
use crate::json::Node;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Standard base64; padding may be missing, since senders leave it out.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// `Attachment`, and `Binary` read as one.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Attachment<'t> {
    /// `contentType`, a MIME type as claimed by the sender.
    pub content_type: Option<&'t str>,
    /// `data`, base64.
    pub data: Option<&'t str>,
    /// `url`, as text only: whoever fetches it must check where it leads.
    pub url: Option<&'t str>,
    /// `title`.
    pub title: Option<&'t str>,
    /// `size`, in bytes before encoding, as claimed by the sender.
    pub size_bytes: Option<u32>,
    /// `hash`, base64 of the SHA-1, as claimed by the sender.
    pub hash: Option<&'t str>,
    /// `creation`.
    pub created: Option<When<'t>>,
}

hidden_debug!(Attachment);

impl Attachment<'_> {
    /// Decodes the inline data. White space inside is skipped, as FHIR allows.
    ///
    /// # Errors
    /// `BadBase64`, without detail, when the data are not base64.
    pub fn bytes(&self) -> Option<Result<Vec<u8>, BadBase64>> {
        let data = self.data?;
        let decoded = if data.bytes().any(|byte| byte.is_ascii_whitespace()) {
            let packed: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
            LENIENT.decode(packed)
        } else {
            LENIENT.decode(data)
        };
        Some(decoded.map_err(|_| BadBase64))
    }
}

/// The data of an attachment are not base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadBase64;

impl std::fmt::Display for BadBase64 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the attached data are not base64: encode them again")
    }
}

impl std::error::Error for BadBase64 {}

impl<'t> Datatype<'t> for Attachment<'t> {
    fn read(node: Node<'t>) -> Self {
        Self {
            content_type: node.text("contentType"),
            data: node.text("data"),
            url: node.text("url"),
            title: node.text("title"),
            size_bytes: node.whole("size"),
            hash: node.text("hash"),
            created: node.text("creation").and_then(When::parse),
        }
    }
}
