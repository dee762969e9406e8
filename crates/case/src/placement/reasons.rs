//! Why providers decline, why offers are withdrawn, and why agreements end.

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

coded! {
    /// Why the hub withdraws an offer. Source: facts 5.3 \[K\].
    WithdrawReason {
        PlacedElsewhere = "placed-elsewhere", "another provider has the lines";
        LineEnded = "line-ended", "the lines are no longer needed";
        CaseClosed = "case-closed", "the case is closed";
        MemberChoice = "member-choice", "the member wants another provider";
        Deceased = "deceased", "the member has died";
        OrderChanged = "order-changed", "the order has changed";
        OfferedInError = "offered-in-error", "it was offered in error";
        Other = "other", "another reason, in a note";
    }
}

coded! {
    /// Why a single-case agreement ends before its lines are delivered. Source: facts 5.3, return after accept \[K\].
    AgreementEnd {
        ProviderReturned = "provider-returned", "the provider gives the lines back";
        PayerWithdrew = "payer-withdrew", "the payer no longer agrees to it";
        TermsNotMet = "terms-not-met", "its terms were not met";
        NetworkProvider = "network-provider", "a provider of the network takes the lines";
        MemberChoice = "member-choice", "the member wants another provider";
        AgreedInError = "agreed-in-error", "it was recorded in error";
        Other = "other", "another reason, in a note";
    }
}
