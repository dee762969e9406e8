//! Why providers decline.

use crate::coded::coded;
use serde::{Deserialize, Serialize};

coded! {
    /// Why a provider declined. A closed list. Source: facts 5.3.
    DeclineReason {
        NoStaffDiscipline = "no-staff-discipline", "no staff of that discipline";
        NoCapacityDate = "no-capacity-date", "no capacity on that date";
        OutOfArea = "out-of-area", "outside the service area";
        ServiceNotOffered = "service-not-offered", "the service is not offered";
        EquipmentOutOfStock = "equipment-out-of-stock", "the equipment is out of stock";
        PayerRate = "payer-rate", "the payer's rate";
        NotContractedPlan = "not-contracted-plan", "no contract with the plan";
        MissingOrders = "missing-orders", "orders are missing";
        MissingFaceToFace = "missing-face-to-face", "the face-to-face encounter is missing";
        AuthNotInPlace = "auth-not-in-place", "authorization is not in place";
        ClinicalTooComplex = "clinical-too-complex", "clinically too complex";
        AgeNotServed = "age-not-served", "the age is not served";
        Language = "language", "the language";
        UnsafeHome = "unsafe-home", "the home is unsafe";
        PriorNonpaymentOrNoncompliance = "prior-nonpayment-or-noncompliance", "prior non-payment or non-compliance";
        DuplicateAlreadyServing = "duplicate-already-serving", "already serving the member";
        MemberDeclined = "member-declined", "the member declined this provider";
        ConflictOfInterest = "conflict-of-interest", "a conflict of interest";
        Other = "other", "another reason, in a note";
    }
}
