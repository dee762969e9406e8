//! Why a delivery fails, how one is proved, and who may sign for it.

use crate::coded::coded;
use serde::{Deserialize, Serialize};

coded! {
    /// Why a delivery or visit did not happen. A closed list. Source: facts 7.4.
    MissReason {
        NotHome = "not-home", "nobody was home";
        WrongAddress = "wrong-address", "wrong address";
        NoAccess = "no-access", "no access: gate, elevator, stairs";
        Refused = "refused", "the member refused";
        NotOrdered = "not-ordered", "the member says it was not ordered";
        Deceased = "deceased", "the member has died";
        AdmittedInpatient = "admitted-inpatient", "admitted to a hospital";
        DischargeMoved = "discharge-moved", "the discharge moved";
        StockOut = "stock-out", "out of stock";
        WrongItem = "wrong-item", "wrong item";
        Damaged = "damaged", "damaged";
        Vehicle = "vehicle", "the vehicle";
        Weather = "weather", "the weather";
        Unsafe = "unsafe", "unsafe";
        NoSignatureDesignee = "no-signature-designee", "nobody who may sign";
        ColdChainBreak = "cold-chain-break", "the cold chain broke";
        ShortShip = "short-ship", "short shipment";
        OrderNotSigned = "order-not-signed", "the order is not signed";
        PaymentDispute = "payment-dispute", "a dispute about payment";
        NoShowStaff = "no-show-staff", "the staff did not come";
    }
}

impl MissReason {
    /// Returns whether the member's side caused it: such a miss is reported apart from the provider's. Source: facts 7.4.
    pub const fn is_members(self) -> bool {
        matches!(
            self,
            Self::NotHome
                | Self::Refused
                | Self::NotOrdered
                | Self::Deceased
                | Self::AdmittedInpatient
                | Self::DischargeMoved
                | Self::NoSignatureDesignee
        )
    }
}

coded! {
    /// Why a planned visit is cancelled. Source: facts 7.4, 11.5; what the hub itself decides \[K\].
    VisitCancelReason {
        CancelledByMember = "cancelled-by-member", "the member does not want it";
        CancelledByReferrer = "cancelled-by-referrer", "the referrer cancelled it";
        DischargeMoved = "discharge-moved", "the discharge moved";
        AdmittedInpatient = "admitted-inpatient", "admitted to a hospital";
        Deceased = "deceased", "the member has died";
        AuthNotInPlace = "auth-not-in-place", "authorization is not in place";
        OrderNotSigned = "order-not-signed", "the order is not signed";
        ProviderReturned = "provider-returned", "the provider gave the lines back";
        AgreementEnded = "agreement-ended", "the single-case agreement has ended";
        LineEnded = "line-ended", "the line is no longer needed";
        PlannedInError = "planned-in-error", "it was planned in error";
        Other = "other", "another reason, in a note";
    }
}

coded! {
    /// Why the member refuses a line. Sources: facts 7.4, 11.1 (2), 11.5 (52) \[K\].
    RefusalReason {
        NotWanted = "not-wanted", "does not want it";
        NotOrdered = "not-ordered", "says that it was not ordered";
        HasOne = "has-one", "has one already";
        Cost = "cost", "the cost share";
        WrongItem = "wrong-item", "it is not what was ordered";
        NoRoom = "no-room", "the home has no room or power for it";
        OtherProvider = "other-provider", "wants another provider";
        CaredForElsewhere = "cared-for-elsewhere", "is cared for elsewhere";
        Other = "other", "another reason, in a note";
    }
}

coded! {
    /// Why equipment is picked up. Source: facts 7.4, pickup triggers.
    PickUpReason {
        EndOfNeed = "end-of-need", "the need has ended";
        Exchange = "exchange", "an exchange for another";
        Returned = "returned", "returned as substandard or wrong";
        Deceased = "deceased", "the member has died";
        FacilityAdmission = "facility-admission", "admitted to a facility";
        PayerChange = "payer-change", "the payer has changed";
        EndOfRental = "end-of-rental", "the rental ended without ownership";
        NonCompliance = "non-compliance", "it is not used as ordered";
    }
}

coded! {
    /// Why more, or later, is delivered than the authorization in hand covers. Sources: facts 3.3 retro-authorization and
    /// extension, 11.2 (9, 14) \[K\].
    BeyondAuth {
        ExtensionRequested = "extension-requested", "an extension was requested from the payer";
        PayerAgreed = "payer-agreed", "the payer agreed by telephone";
        RetroAuth = "retro-auth", "within the payer's window for authorization afterwards";
        Discharge = "discharge", "the discharge cannot wait for the payer";
        MemberPays = "member-pays", "the member agreed in writing to pay";
    }
}

coded! {
    /// How a delivery is proved. Source: facts 7.1.
    ProofMethod {
        Signature = "signature", "signed by the member or a designee";
        Carrier = "carrier", "a carrier's record with a tracking number";
        Facility = "facility", "a facility's record";
        VisitNote = "visit-note", "the clinician's visit note";
    }
}

coded! {
    /// Who signed. The supplier, its staff and whoever has a financial interest may not. Source: facts 7.1.
    Signer {
        Member = "member", "the member";
        Spouse = "spouse", "spouse or partner";
        Relative = "relative", "another relative";
        Caregiver = "caregiver", "a caregiver";
        Neighbor = "neighbor", "a neighbor";
        Facility = "facility", "facility staff";
    }
}
