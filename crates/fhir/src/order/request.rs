//! Lines read from requests.

use super::gather::Gather;
use super::line::{Action, LineKind, OrderLine};
use crate::datatype::{CodeableConcept, Coding, Occurrence, Reference};
use crate::json::Node;
use crate::resource::{
    Device, DeviceDefinition, DeviceRequest, Medication, MedicationRequest, NutritionOrder,
    Resource, ServiceRequest,
};

impl<'t> Gather<'t> {
    /// Reads the line of a request.
    pub(super) fn request_line(&mut self, resource: Resource<'t>) -> OrderLine<'t> {
        let mut line =
            OrderLine { path: self.tree.path_of(resource.node()), ..OrderLine::default() };
        self.fill_from_request(&mut line, resource);
        line
    }

    /// Adds what a request says to `line`; what the line says already is kept.
    pub(super) fn fill_from_request(&mut self, line: &mut OrderLine<'t>, resource: Resource<'t>) {
        let node = resource.node();
        line.request = Some(resource);
        line.status = resource.status();
        line.intent = node.text("intent");
        line.identifiers = resource.identifiers();
        if matches!(resource.status(), Some("revoked" | "cancelled" | "entered-in-error")) {
            line.action = Action::Withdrawn;
        }
        if let Some(request) = ServiceRequest::of(resource) {
            self.service(line, request);
        } else if let Some(request) = DeviceRequest::of(resource) {
            self.device(line, request);
        } else if let Some(request) = MedicationRequest::of(resource) {
            self.medication(line, request);
        } else if let Some(request) = NutritionOrder::of(resource) {
            self.nutrition(line, request);
        }
        self.note_support(resource);
    }

    fn service(&mut self, line: &mut OrderLine<'t>, request: ServiceRequest<'t>) {
        let node = request.resource().node();
        set_kind(line, LineKind::Service);
        if let Some(code) = request.code() {
            line.add_concept(code);
        }
        line.details.extend(request.details().into_iter().filter(|detail| !detail.is_empty()));
        line.categories.extend(request.categories());
        line.quantity = line.quantity.or_else(|| request.quantity());
        line.quantity = line.quantity.or_else(|| request.quantity_ratio()?.numerator);
        line.quantity = line.quantity.or_else(|| request.quantity_range()?.high);
        set_occurrence(line, request.occurrence());
        line.as_needed = request.as_needed();
        line.authored_at = request.authored_at();
        line.notes.extend(request.notes());
        line.notes.extend(request.patient_instruction());
        line.body_sites.extend(request.body_sites());
        line.place_of_service =
            line.place_of_service.take().or_else(|| request.location_codes().into_iter().next());
        line.requester = request.requester().map(|reference| self.party(reference, node));
        line.performers = self.parties(request.performers(), node);
        self.note_earlier(request.replaces());
        self.note_places(&request.locations(), node);
    }

    fn device(&mut self, line: &mut OrderLine<'t>, request: DeviceRequest<'t>) {
        let node = request.resource().node();
        set_kind(line, LineKind::Device);
        if let Some(code) = request.code() {
            line.add_concept(code);
        }
        if let Some(reference) = request.device() {
            let found = self.resolver.resolve(&reference, node);
            let kind = found.and_then(|found| {
                Device::of(found)
                    .and_then(Device::kind)
                    .or_else(|| DeviceDefinition::of(found)?.kind())
            });
            line.add_concept(kind.unwrap_or_else(|| in_words(&reference)));
        }
        for parameter in request.parameters() {
            let name: CodeableConcept<'t> = parameter.one("code").unwrap_or_default();
            if name.words().is_some_and(|words| words.to_ascii_lowercase().contains("modifier"))
                || name.has("modifier")
            {
                let value: CodeableConcept<'t> =
                    parameter.one("valueCodeableConcept").unwrap_or_default();
                line.modifiers.extend(value.codings);
            }
        }
        let amount = ["quantity", "qty", "units"].iter().find_map(|name| request.quantity_of(name));
        line.quantity = line.quantity.or(amount).or_else(|| {
            request
                .parameters()
                .iter()
                .find(|one| one.get("valueQuantity").is_some() && is_quantity(one))?
                .one("valueQuantity")
        });
        set_occurrence(line, request.occurrence());
        line.authored_at = request.authored_at();
        line.notes.extend(request.notes());
        line.requester = request.requester().map(|reference| self.party(reference, node));
        line.performers = self.parties(request.performer().into_iter().collect(), node);
        self.note_earlier(request.replaces());
    }

    fn medication(&mut self, line: &mut OrderLine<'t>, request: MedicationRequest<'t>) {
        let node = request.resource().node();
        set_kind(line, LineKind::Medication);
        if let Some(code) = request.code() {
            line.add_concept(code);
        }
        if let Some(reference) = request.medication() {
            let found = self
                .resolver
                .resolve(&reference, node)
                .and_then(Medication::of)
                .and_then(Medication::code);
            line.add_concept(found.unwrap_or_else(|| in_words(&reference)));
        }
        line.categories.extend(request.categories());
        line.quantity = line.quantity.or_else(|| request.quantity());
        line.refills = request.refills();
        line.supply = request.supply();
        line.timing = line.timing.take().or_else(|| request.timing());
        line.as_needed = request.dosage().and_then(|dosage| dosage.boolean("asNeededBoolean"));
        line.authored_at = request.authored_at();
        line.notes.extend(request.dosage_texts());
        line.notes.extend(request.notes());
        line.requester = request.requester().map(|reference| self.party(reference, node));
        line.performers = self.parties(request.performer().into_iter().collect(), node);
        self.note_earlier(request.replaces().into_iter().collect());
    }

    fn nutrition(&mut self, line: &mut OrderLine<'t>, request: NutritionOrder<'t>) {
        let node = request.resource().node();
        set_kind(line, LineKind::Nutrition);
        let mut products = request.products().into_iter();
        if let Some(first) = products.next() {
            line.add_concept(first);
        }
        line.details.extend(products);
        line.text = line.text.or_else(|| request.product_names().first().copied());
        line.quantity = line.quantity.or_else(|| request.quantity());
        line.authored_at = request.authored_at();
        line.notes.extend(request.notes());
        line.requester = request.orderer().map(|reference| self.party(reference, node));
    }

    /// Keeps references that really name something; words alone cannot be looked up.
    pub(super) fn note_earlier(&mut self, references: Vec<Reference<'t>>) {
        for reference in references {
            self.order.earlier_identifiers.extend(reference.identifier.clone());
            if reference.reference.is_some() || reference.identifier.is_some() {
                self.order.earlier.push(reference);
            }
        }
    }
}

fn set_occurrence<'t>(line: &mut OrderLine<'t>, occurrence: Option<Occurrence<'t>>) {
    let timing = occurrence.as_ref().and_then(|occurrence| occurrence.timing().cloned());
    line.timing = line.timing.take().or(timing);
    line.occurrence = line.occurrence.take().or(occurrence);
}

fn set_kind(line: &mut OrderLine<'_>, kind: LineKind) {
    if line.sequence.is_none() && line.kind != LineKind::ClaimItem {
        line.kind = kind;
    }
}

/// Returns whether a device request's parameter is named as an amount.
fn is_quantity(parameter: Node<'_>) -> bool {
    let name: CodeableConcept<'_> = parameter.one("code").unwrap_or_default();
    name.words().is_some_and(|words| words.to_ascii_lowercase().contains("quantity"))
}

/// Returns what a reference to a product says when the product did not come along.
fn in_words<'t>(reference: &Reference<'t>) -> CodeableConcept<'t> {
    let identifier = reference.identifier.as_ref();
    let coding = identifier.and_then(|identifier| {
        identifier.value.map(|value| Coding {
            system: identifier.system,
            code: Some(value),
            display: None,
        })
    });
    CodeableConcept { codings: coding.into_iter().collect(), text: reference.display }
}
