//! What else an order says: allergies, conditions, who is to carry it out, where, and how somebody is fed.

use super::draft::Draft;
use crate::codes::{Stated, answered, condition_words, text};
use doorstep_case::Fact;
use doorstep_fhir::datatype::{CodeableConcept, Quantity};
use doorstep_fhir::json::Node;
use doorstep_fhir::order::{Order, OrderLine, Party};
use doorstep_fhir::resource::Location;

/// Tubes by the codes of HL7 v3 `RouteOfAdministration`. Source: FHIR R4 value set `enteral-route` \[K\].
const TUBES: &[(&str, &str)] =
    &[("NGT", "nasogastric"), ("GT", "gastrostomy"), ("JJTINSTL", "jejunostomy")];
/// Tubes by the words for them.
const TUBE_WORDS: &[(&str, &str)] = &[
    ("nasogastric", "nasogastric"),
    ("gastrostomy", "gastrostomy"),
    ("jejunostomy", "jejunostomy"),
];

/// Records it.
pub(super) fn note(draft: &mut Draft, order: &Order<'_>) {
    allergies(draft, order);
    conditions(draft, order);
    for place in &order.places {
        draft.keep_words("place of care", &place_words(*place));
    }
    let chosen = order.lines.iter().flat_map(|line| &line.performers);
    for party in order.performers.iter().chain(chosen) {
        draft.keep_words("performer", &party_words(party));
    }
    for member in &order.care_team {
        let role = member.role.words().or_else(|| member.role.code()).unwrap_or_default();
        let said = party_words(&member.party);
        let specialty = member.qualification.words().or_else(|| member.qualification.code());
        let parts = [role, &said, specialty.unwrap_or_default()];
        draft.keep_words("care team", &joined(&parts));
    }
    for line in &order.lines {
        nutrition(draft, line);
    }
}

fn allergies(draft: &mut Draft, order: &Order<'_>) {
    let words = |one: &CodeableConcept<'_>| one.words().or_else(|| one.code()).map(str::to_owned);
    let said: Vec<String> = order.allergies.iter().filter_map(words).collect();
    if !said.is_empty() {
        draft.know("member.allergies", Fact::Held, None);
        draft.keep_words("allergies", &said.join("\n"));
    }
}

/// Conditions of equipment are the items they are at the X12 door; all of them are a note.
fn conditions(draft: &mut Draft, order: &Order<'_>) {
    let stated: Vec<Stated> = order
        .condition_codes
        .iter()
        .map(|one| Stated {
            category: one.category.code().unwrap_or_default().to_owned(),
            holds: one.applies,
            codes: one.codes.iter().filter_map(|coding| coding.code).map(str::to_owned).collect(),
        })
        .collect();
    for (item, holds) in answered(&stated) {
        draft.know(item, Fact::Flag(holds), None);
    }
    for one in &stated {
        let category = text(&one.category).unwrap_or_default();
        draft.keep_words("conditions", &format!("{category}: {}", condition_words(one)));
    }
}

/// Returns a party on one line: person, organisation, identifier, as far as each is known.
fn party_words(party: &Party<'_>) -> String {
    let person = party.person_name();
    let person = person.and_then(|name| super::parties::whole_name(&name)).unwrap_or_default();
    let organization = party.organization_name().unwrap_or_default();
    let number = party.npi().map(|npi| format!("NPI {npi}"));
    let named = joined(&[&person, organization, &number.unwrap_or_default()]);
    if named.is_empty() { party.reference.reference.unwrap_or_default().to_owned() } else { named }
}

fn place_words(place: Location<'_>) -> String {
    let address = place.address().unwrap_or_default();
    let lines = address.lines.join(", ");
    let parts = [
        place.name().unwrap_or_default(),
        &lines,
        address.city.unwrap_or_default(),
        address.state.unwrap_or_default(),
        address.postal_code.unwrap_or_default(),
    ];
    joined(&parts)
}

fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", ")
}

/// A formula is what enteral nutrition needs; how fast, how much and by which tube stand beside it.
fn nutrition(draft: &mut Draft, line: &OrderLine<'_>) {
    let Some(request) = line.request.filter(|request| request.kind() == "NutritionOrder") else {
        return;
    };
    let Some(formula) = request.node().get("enteralFormula") else { return };
    let is_named = formula.get("baseFormulaType").is_some()
        || formula.text("baseFormulaProductName").is_some();
    if is_named {
        draft.know("enteral.formula", Fact::Held, None);
    }
    let route: CodeableConcept<'_> = formula.one("routeofAdministration").unwrap_or_default();
    if let Some(tube) = tube(&route) {
        draft.know("enteral.route", Fact::Code(tube.to_owned()), None);
    }
    let route = route.words().or_else(|| route.code()).map(|route| format!("route {route}"));
    let amounts = [("density", "caloricDensity"), ("at most", "maxVolumeToDeliver")];
    let amounts = amounts.into_iter().filter_map(|(name, key)| amount(name, formula, key));
    let rates = formula.list("administration").iter().flat_map(|one| {
        let rate = || amount("rate", one, "rateQuantity");
        [amount("amount", one, "quantity"), rate()].into_iter().flatten()
    });
    let told = formula.text("administrationInstruction").map(str::to_owned);
    let said: Vec<String> = route.into_iter().chain(amounts).chain(rates).chain(told).collect();
    draft.keep_words(&line.path, &said.join("\n"));
}

fn amount(name: &str, node: Node<'_>, key: &str) -> Option<String> {
    let quantity: Quantity<'_> = node.one(key)?;
    let unit = quantity.unit.or(quantity.code).unwrap_or_default();
    Some(format!("{name} {} {unit}", quantity.value?))
}

fn tube(route: &CodeableConcept<'_>) -> Option<&'static str> {
    let by_code = TUBES.iter().find(|(code, _)| route.has(code)).map(|(_, tube)| *tube);
    let words = route.words().unwrap_or_default().to_ascii_lowercase();
    // Words that name two tubes, as a gastrojejunostomy may, tell neither.
    let mut named = TUBE_WORDS.iter().filter(|(word, _)| words.contains(word));
    let by_words = named.next().filter(|_| named.next().is_none()).map(|(_, tube)| *tube);
    by_code.or(by_words)
}
