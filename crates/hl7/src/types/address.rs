//! XAD and PL: places.

use crate::segment::Repetition;
use crate::types::Authority;

/// A postal address, XAD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// XAD.1, number and street.
    pub street: Option<String>,
    /// XAD.2, apartment, suite, building.
    pub other: Option<String>,
    /// XAD.3.
    pub city: Option<String>,
    /// XAD.4.
    pub state: Option<String>,
    /// XAD.5.
    pub zip: Option<String>,
    /// XAD.6.
    pub country: Option<String>,
    /// XAD.7, HL7 table 0190: `H` home, `M` mailing, `C` temporary, `B` business, `BA` bad.
    pub type_code: Option<String>,
    /// XAD.9.
    pub county: Option<String>,
}

impl Address {
    /// Reads an address. In SAD form the first component is cut into street, name and number.
    pub fn read(from: &Repetition<'_>) -> Option<Self> {
        let first = from.component(1);
        let street = match (first.text(1), first.text(2), first.text(3)) {
            (Some(whole), None, None) => Some(whole),
            // A cut-up street; the number may stand in the third place or before the name in the first.
            (one, name, number) => {
                let parts: Vec<String> = [number, one, name].into_iter().flatten().collect();
                (!parts.is_empty()).then(|| parts.join(" "))
            }
        };
        let address = Self {
            street,
            other: from.text(2),
            city: from.text(3),
            state: from.text(4),
            zip: from.text(5),
            country: from.text(6),
            type_code: from.text(7),
            county: from.text(9),
        };
        let parts = [&address.street, &address.other, &address.city, &address.state, &address.zip];
        parts.iter().any(|part| part.is_some()).then_some(address)
    }
}

/// Where in a facility a patient is, PL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// PL.1, ward or clinic.
    pub unit: Option<String>,
    /// PL.2.
    pub room: Option<String>,
    /// PL.3.
    pub bed: Option<String>,
    /// PL.4.
    pub facility: Option<Authority>,
    /// PL.7.
    pub building: Option<String>,
    /// PL.8.
    pub floor: Option<String>,
    /// PL.9, in words.
    pub description: Option<String>,
}

impl Location {
    /// Reads a location.
    pub fn read(from: &Repetition<'_>) -> Option<Self> {
        let location = Self {
            unit: from.text(1),
            room: from.text(2),
            bed: from.text(3),
            facility: Authority::read(&from.component(4).nested()),
            building: from.text(7),
            floor: from.text(8),
            description: from.text(9),
        };
        (location != Self::default()).then_some(location)
    }
}
