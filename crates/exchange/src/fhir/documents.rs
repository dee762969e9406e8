//! Documents that came along. Their addresses are never followed.

use super::draft::Draft;
use crate::Attachment;
use crate::codes::{phi, text};
use doorstep_case::{DocumentKind, Fact};
use doorstep_fhir::datatype;
use doorstep_fhir::order::{AnswerValue, Document, Order};

/// Kinds of document by LOINC code. Source: LOINC document ontology [K].
const KINDS: &[(&str, DocumentKind)] = &[
    ("11488-4", DocumentKind::Clinical),
    ("11502-2", DocumentKind::TestResult),
    ("11506-3", DocumentKind::Clinical),
    ("18748-4", DocumentKind::TestResult),
    ("18776-5", DocumentKind::PlanOfCare),
    ("18842-5", DocumentKind::Clinical),
    ("28570-0", DocumentKind::Clinical),
    ("28633-6", DocumentKind::TestResult),
    ("34117-2", DocumentKind::Clinical),
    ("34133-9", DocumentKind::Clinical),
    ("57133-1", DocumentKind::Clinical),
    ("57829-4", DocumentKind::Order),
    ("57833-6", DocumentKind::Order),
];

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
            if kind == DocumentKind::PlanOfCare {
                draft.know("home-health.plan-of-care", Fact::Held, None);
            }
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
    let known = KINDS.iter().find(|(code, _)| document.kind.has(code));
    known.map_or(DocumentKind::Other, |(_, kind)| *kind)
}
