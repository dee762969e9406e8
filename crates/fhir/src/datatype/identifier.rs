//! Business identifiers.

use super::{CodeableConcept, Datatype, hidden_debug};
use crate::json::Node;

/// The system of a US national provider identifier. Source: HL7 external code system registry.
pub const NPI_SYSTEM: &str = "http://hl7.org/fhir/sid/us-npi";

/// `Identifier`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Identifier<'t> {
    /// `use`: usual, official, temp, secondary, old.
    pub usage: Option<&'t str>,
    /// `type`: MR, MB, PLAC, FILL, ...
    pub kind: CodeableConcept<'t>,
    /// `system`, a URI.
    pub system: Option<&'t str>,
    /// `value`.
    pub value: Option<&'t str>,
    /// `assigner.display`, or the value of `assigner.identifier`.
    pub assigner: Option<&'t str>,
}

hidden_debug!(Identifier);

impl<'t> Identifier<'t> {
    /// Returns the first value whose system is `system`.
    pub fn of_system(identifiers: &[Identifier<'t>], system: &str) -> Option<&'t str> {
        identifiers.iter().find(|identifier| identifier.system == Some(system))?.value
    }

    /// Returns the first value whose type has the code `code`.
    pub fn of_kind(identifiers: &[Identifier<'t>], code: &str) -> Option<&'t str> {
        identifiers.iter().find(|identifier| identifier.kind.has(code))?.value
    }

    /// Returns the national provider identifier, by its system or by the type code `NPI`. It is not checked here.
    pub fn npi(identifiers: &[Identifier<'t>]) -> Option<&'t str> {
        Self::of_system(identifiers, NPI_SYSTEM).or_else(|| Self::of_kind(identifiers, "NPI"))
    }
}

impl<'t> Datatype<'t> for Identifier<'t> {
    fn read(node: Node<'t>) -> Self {
        let assigner = node.get("assigner");
        Self {
            usage: node.text("use"),
            kind: node.one("type").unwrap_or_default(),
            system: node.text("system"),
            value: node.text("value"),
            assigner: assigner
                .and_then(|assigner| assigner.text("display"))
                .or_else(|| assigner?.find(&["identifier", "value"])?.as_text()),
        }
    }
}
