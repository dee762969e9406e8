//! What a medication request says of an infusion.

use super::draft::Draft;
use doorstep_case::Fact;
use doorstep_fhir::datatype::CodeableConcept;
use doorstep_fhir::json::Node;
use doorstep_fhir::order::OrderLine;

/// Routes into a vein. Source: SNOMED CT, `route-codes` of FHIR R4 \[K\]: intravenous; intravenous central; and the code of
/// HL7 v3 `RouteOfAdministration`.
const INTRAVENOUS: &[&str] = &["47625008", "418114005", "IV"];

/// Returns whether the drug goes into a vein.
pub(super) fn is_infused(line: &OrderLine<'_>) -> bool {
    dosages(line).any(|dosage| {
        let route: CodeableConcept<'_> = dosage.one("route").unwrap_or_default();
        let words = route.words().unwrap_or_default().to_ascii_lowercase();
        INTRAVENOUS.iter().any(|code| route.has(code))
            || words == "iv"
            || words.contains("intravenous")
    })
}

/// Records what an infusion needs and the request supplies: the drug, and the dose with its rate.
pub(super) fn note(draft: &mut Draft, line: &OrderLine<'_>) {
    if !is_infused(line) {
        return;
    }
    if line.text.is_some() || !line.codes.is_empty() {
        draft.know("infusion.drug", Fact::Held, None);
    }
    let is_dosed = |dosage: Node<'_>| {
        let has_amount = dosage.get("doseAndRate").is_some() && dosage.get("timing").is_some();
        has_amount || dosage.text("text").is_some()
    };
    if dosages(line).any(is_dosed) {
        draft.know("infusion.dose", Fact::Held, None);
    }
}

fn dosages<'t>(line: &OrderLine<'t>) -> impl Iterator<Item = Node<'t>> + use<'t> {
    line.request.into_iter().flat_map(|request| request.node().list("dosageInstruction"))
}
