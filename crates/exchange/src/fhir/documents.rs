//! Documents that came along. Their addresses are never followed.

use super::draft::Draft;
use crate::Attachment;
use crate::codes::{document_kind, note_document, phi, text};
use doorstep_case::DocumentKind;
use doorstep_fhir::datatype;
use doorstep_fhir::order::{AnswerValue, Document, Order};

/// Records what is attached.
pub(super) fn note(draft: &mut Draft, order: &Order<'_>) {
    for document in &order.documents {
        if matches!(document.status, Some("entered-in-error" | "superseded")) {
            let message = "this document was superseded or entered in error, and was left out";
            draft.warn("document-not-current", &document.path, message);
            continue;
        }
        attach(draft, (kind(document), &document.path), document.title, &document.content);
    }
    for form in &order.answers {
        for answer in &form.answers {
            if let AnswerValue::Attachment(content) = &answer.value {
                attach(draft, (DocumentKind::Other, &form.path), content.title, content);
            }
        }
    }
}

fn attach(
    draft: &mut Draft,
    (kind, at): (DocumentKind, &str),
    title: Option<&str>,
    content: &datatype::Attachment<'_>,
) {
    match content.bytes() {
        Some(Ok(bytes)) if !bytes.is_empty() => {
            let claimed = content.content_type.and_then(text);
            let media_type = claimed.unwrap_or_else(|| "application/octet-stream".to_owned());
            let title = title.and_then(phi);
            draft.attachments.push(Attachment { bytes, media_type, kind, title });
            note_document(&mut draft.referral, kind);
        }
        // What is not base64 was said when the order was read.
        Some(_) => {}
        None => {
            let message =
                "the document did not come along, and addresses are not followed: send it inline";
            draft.warn("document-by-address", at, message);
        }
    }
}

fn kind(document: &Document<'_>) -> DocumentKind {
    let codes: Vec<&str> = document.kind.codings.iter().filter_map(|coding| coding.code).collect();
    let titles: Vec<&str> = document.title.into_iter().chain(document.kind.words()).collect();
    document_kind(&codes, &titles)
}
