//! CX, EI, HD and XON: identifiers and who gave them out.

use crate::segment::Repetition;

/// Who gives out identifiers, or which application or facility is meant, HD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authority {
    /// HD.1, a local name.
    pub namespace: Option<String>,
    /// HD.2, usually an OID.
    pub universal_id: Option<String>,
    /// HD.3, such as `ISO`.
    pub universal_type: Option<String>,
}

impl Authority {
    /// Reads an authority.
    pub fn read(from: &Repetition<'_>) -> Option<Self> {
        let read = Self {
            namespace: from.text(1),
            universal_id: from.text(2),
            universal_type: from.text(3),
        };
        (read != Self::default()).then_some(read)
    }

    /// Tells whether this is the register of national provider identifiers.
    pub fn is_npi(&self) -> bool {
        // The OID of the NPI register. [K]
        self.universal_id.as_deref() == Some("2.16.840.1.113883.4.6")
            || self.namespace.as_deref() == Some("NPI")
    }
}

/// An identifier of a person, an account or an insurance, CX.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Id {
    /// CX.1.
    pub id: String,
    /// CX.4.
    pub authority: Option<Authority>,
    /// CX.5, HL7 table 0203, such as `MR`, `SS`, `MB`, `NPI`.
    pub type_code: Option<String>,
    /// CX.6.
    pub facility: Option<Authority>,
}

impl Id {
    /// Reads an identifier; `None` unless CX.1 is there.
    pub fn read(from: &Repetition<'_>) -> Option<Self> {
        Some(Self {
            id: from.text(1)?,
            authority: Authority::read(&from.component(4).nested()),
            type_code: from.text(5),
            facility: Authority::read(&from.component(6).nested()),
        })
    }

    /// Returns an identifier of which nothing but the text is known.
    pub(crate) fn plain(id: String) -> Self {
        Self { id, ..Self::default() }
    }
}

/// The number of an order, a referral or an authorization, EI.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntityId {
    /// EI.1.
    pub id: String,
    /// EI.2, the application that gave it.
    pub namespace: Option<String>,
    /// EI.3, usually an OID.
    pub universal_id: Option<String>,
}

impl EntityId {
    /// Reads a number; `None` unless EI.1 is there.
    pub fn read(from: &Repetition<'_>) -> Option<Self> {
        Some(Self { id: from.text(1)?, namespace: from.text(2), universal_id: from.text(3) })
    }
}

/// An organization, XON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organization {
    /// XON.1.
    pub name: Option<String>,
    /// XON.10, or XON.3 in old versions.
    pub id: Option<String>,
    /// XON.6.
    pub authority: Option<Authority>,
    /// XON.7, HL7 table 0203.
    pub id_type: Option<String>,
}

impl Organization {
    /// Reads an organization.
    pub fn read(from: &Repetition<'_>) -> Option<Self> {
        let read = Self {
            name: from.text(1),
            id: from.text(10).or_else(|| from.text(3)),
            authority: Authority::read(&from.component(6).nested()),
            id_type: from.text(7),
        };
        (read.name.is_some() || read.id.is_some()).then_some(read)
    }
}
