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
