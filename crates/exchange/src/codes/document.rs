//! What an attached document is, by its code or its title.

use doorstep_case::{DocumentKind, Fact, Item, Referral};

/// Kinds of document by LOINC code. Source: LOINC document ontology \[K\].
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
    ("52521-2", DocumentKind::PlanOfCare),
    ("57133-1", DocumentKind::Order),
    ("57829-4", DocumentKind::Order),
    ("57833-6", DocumentKind::Order),
    ("60567-5", DocumentKind::TestResult),
    ("93024-6", DocumentKind::Order),
];

/// Words of a title, the most telling kind first.
const TITLES: &[(DocumentKind, &[&str])] = &[
    (DocumentKind::FaceToFace, &["face-to-face", "face to face"]),
    (DocumentKind::PlanOfCare, &["plan of care", "cms-485", "cms 485"]),
    (
        DocumentKind::TestResult,
        &["result", "sleep study", "saturation", "oximetry", "polysomn", "laboratory"],
    ),
    (DocumentKind::Clinical, &["summary", "history", "progress", "note", "consult", "therapy"]),
    (DocumentKind::Order, &["prescription", "order", "referral"]),
];

/// Returns the kind of a document: by what its title says of a note that a code files with all others, then by its code,
/// then by its title.
pub(crate) fn document_kind(loincs: &[&str], titles: &[&str]) -> DocumentKind {
    let by_title = titles.iter().find_map(|title| {
        let title = title.to_ascii_lowercase();
        let names = |words: &[&str]| words.iter().any(|word| title.contains(word));
        TITLES.iter().find(|(_, words)| names(words)).map(|(kind, _)| *kind)
    });
    let by_code = KINDS.iter().find(|(code, _)| loincs.contains(code)).map(|(_, kind)| *kind);
    match (by_code, by_title) {
        (
            None | Some(DocumentKind::Clinical),
            Some(kind @ (DocumentKind::FaceToFace | DocumentKind::PlanOfCare)),
        ) => kind,
        (code, title) => code.or(title).unwrap_or_default(),
    }
}

/// Records the items that a document of a kind is by being there.
pub(crate) fn note_document(referral: &mut Referral, kind: DocumentKind) {
    let item = match kind {
        DocumentKind::PlanOfCare => "home-health.plan-of-care",
        DocumentKind::FaceToFace => "order.face-to-face-note",
        DocumentKind::Order
        | DocumentKind::TestResult
        | DocumentKind::ProofOfDelivery
        | DocumentKind::Confirmation
        | DocumentKind::Clinical
        | DocumentKind::Other => return,
    };
    referral.facts.entry(Item::named(item)).or_insert((Fact::Held, None));
}
