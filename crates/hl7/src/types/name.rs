//! XPN and XCN: people.

use crate::segment::Repetition;
use crate::types::Authority;

/// A person's name, XPN.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// XPN.1.
    pub family: Option<String>,
    /// XPN.2.
    pub given: Option<String>,
    /// XPN.3.
    pub middle: Option<String>,
    /// XPN.4, such as `Jr`.
    pub suffix: Option<String>,
    /// XPN.5, such as `Dr`.
    pub prefix: Option<String>,
    /// XPN.6, such as `MD`.
    pub degree: Option<String>,
    /// XPN.7, HL7 table 0200: `L` legal, `M` maiden, `A` alias, `N` nickname.
    pub type_code: Option<String>,
}

impl Name {
    /// Reads a name.
    pub fn read(from: &Repetition<'_>) -> Option<Self> {
        let name = Self::read_at(from, 1);
        let name = Self { type_code: from.text(7), ..name };
        (name.family.is_some() || name.given.is_some()).then_some(name)
    }

    /// Reads the six parts that XPN and XCN have in common, starting at a component.
    fn read_at(from: &Repetition<'_>, first: usize) -> Self {
        Self {
            family: from.text(first),
            given: from.text(first + 1),
            middle: from.text(first + 2),
            suffix: from.text(first + 3),
            prefix: from.text(first + 4),
            degree: from.text(first + 5),
            type_code: None,
        }
    }
}

/// A clinician: an identifier with a name, XCN.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doctor {
    /// XCN.1.
    pub id: Option<String>,
    /// XCN.2 to XCN.7.
    pub name: Option<Name>,
    /// XCN.9, who gave out the id.
    pub authority: Option<Authority>,
    /// XCN.13, HL7 table 0203, such as `NPI` or `DN`.
    pub id_type: Option<String>,
}

impl Doctor {
    /// Reads a clinician.
    pub fn read(from: &Repetition<'_>) -> Option<Self> {
        let name = Name { type_code: from.text(10), ..Name::read_at(from, 2) };
        let name = (name.family.is_some() || name.given.is_some()).then_some(name);
        let authority = Authority::read(&from.component(9).nested());
        let doctor = Self { id: from.text(1), name, authority, id_type: from.text(13) };
        (doctor.id.is_some() || doctor.name.is_some()).then_some(doctor)
    }

    /// Returns the id when the sender says that it is a national provider identifier.
    pub fn npi(&self) -> Option<&str> {
        let says = |text: &Option<String>| text.as_deref().is_some_and(|t| t.contains("NPI"));
        let by_authority = self.authority.as_ref().is_some_and(Authority::is_npi);
        self.id.as_deref().filter(|_| says(&self.id_type) || by_authority)
    }
}
