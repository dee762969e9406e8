//! Complaints: what somebody was not content with, how grave it is, from whom and by which door it came, and how it was
//! acknowledged and answered. The words are in a row.

use super::DisputeKind;
use crate::coded::coded;
use doorstep_vocab::{CallId, DocumentId, Timestamp};
use serde::{Deserialize, Serialize};

coded! {
    /// What a complaint is about. Source: facts 6.5.
    ComplaintCategory {
        LateDelivery = "late-delivery", "a late or missed delivery";
        LateVisit = "late-visit", "a late or missed visit";
        NoShow = "no-show", "staff who did not come";
        Equipment = "equipment", "wrong or defective equipment";
        Training = "training", "no training";
        RudeStaff = "rude-staff", "rude staff";
        Access = "access", "access or the telephone";
        Billing = "billing", "billing or cost share";
        BenefitDenial = "benefit-denial", "a benefit that was denied";
        QualityOfCare = "quality-of-care", "the quality of a provider's care";
        Privacy = "privacy", "privacy";
        Discrimination = "discrimination", "discrimination";
        Language = "language", "language or an interpreter";
        Fraud = "fraud", "fraud or abuse";
        Safety = "safety", "a safety event";
        Continuity = "continuity", "continuity, or a change of provider";
        Resupply = "resupply", "supplies that nobody wanted";
    }
}

coded! {
    /// How grave it is, the gravest first. Source: facts 6.5 has four; what each stands for is hub policy \[K\].
    Severity {
        Harm = "1", "1: somebody was harmed, or nearly";
        Serious = "2", "2: care is late or not safe";
        Moderate = "3", "3: a fault without a consequence for care";
        Minor = "4", "4: an annoyance";
    }
}

coded! {
    /// From whom it is.
    Complainant {
        Member = "member", "the member";
        Representative = "representative", "who acts for the member";
        Family = "family", "family or friend";
        Referrer = "referrer", "who referred";
        Provider = "provider", "a provider";
        Payer = "payer", "the payer";
        Regulator = "regulator", "a regulator";
    }
}

coded! {
    /// By which door it came. What came in writing is answered in writing. Source: 42 CFR 422.564(e)(3) \[K\].
    ComplaintDoor {
        Call = "call", "a call";
        Visit = "visit", "a visit";
        Letter = "letter", "a letter";
        Email = "email", "an e-mail";
        Fax = "fax", "a fax";
        Portal = "portal", "a portal";
    }
}

impl ComplaintDoor {
    /// Returns whether it came in writing.
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Letter | Self::Email | Self::Fax | Self::Portal)
    }
}

impl ComplaintCategory {
    /// Returns whether it goes to the clinical lead, and is answered in writing. Source: facts 6.5, quality of care.
    pub const fn is_clinical(self) -> bool {
        matches!(self, Self::QualityOfCare | Self::Safety)
    }
}

/// A complaint as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What it is about.
    pub category: ComplaintCategory,
    /// How grave.
    pub severity: Severity,
    /// From whom.
    pub from: Complainant,
    /// By which door.
    pub door: ComplaintDoor,
    /// When the hub first heard it: the receipt that every clock counts from, whatever it is filed as later.
    pub received_at: Timestamp,
    /// The call in which it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_id: Option<CallId>,
    /// The row with the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note_id: Option<DocumentId>,
}

/// A complaint with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// As it came.
    pub told: Told,
    /// When whoever complained was told that it is here.
    pub acknowledged_at: Option<Timestamp>,
    /// When and how it was answered.
    pub answered: Option<(Timestamp, AnswerGiven)>,
    /// What it was filed as before, each with when that ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub was: Vec<(Timestamp, DisputeKind)>,
}

/// How a complaint was answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerGiven {
    /// In writing, and not only aloud.
    pub in_writing: bool,
    /// With the right to turn to the Quality Improvement Organization. Source: 42 CFR 422.564(e)(3)(iii); facts 4.4.
    pub tells_qio: bool,
    /// The stored letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<DocumentId>,
}

impl Complaint {
    pub(super) fn new(told: Told) -> Self {
        Self { told, acknowledged_at: None, answered: None, was: Vec::new() }
    }

    /// Returns what its answer still lacks before it can be resolved; `None` when nothing.
    pub fn lacks(&self, is_medicare_advantage: bool) -> Option<&'static str> {
        let answer = self.answered.as_ref().map(|(_, answer)| answer);
        let is_clinical = self.told.category.is_clinical();
        match answer {
            None => Some("answer it first, and record how"),
            Some(answer) if is_clinical && !answer.in_writing => Some(
                "a complaint about the quality of care is answered in writing: record the letter",
            ),
            Some(answer) if self.told.door.is_written() && !answer.in_writing => {
                Some("it came in writing, and is answered in writing: record the letter")
            }
            Some(answer) if is_clinical && is_medicare_advantage && !answer.tells_qio => Some(
                "the letter has to tell of the right to turn to the Quality Improvement Organization: send another",
            ),
            Some(_) => None,
        }
    }
}
