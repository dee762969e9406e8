//! Lines and facts read from a prior-authorization claim.

use super::evidence::{Diagnosis, DiagnosisSource};
use super::gather::Gather;
use super::line::{Action, LineKind, OrderLine};
use super::{CareTeamMember, ConditionCode, Form, HomeHealth, Intent};
use crate::datatype::{
    CodeableConcept, Identifier, Occurrence, Reference, When, extension, extensions,
};
use crate::json::{Node, Value};
use crate::kind::{forbids, is_info_cancelled};
use crate::problem::{Code, Problem};
use crate::resource::{Claim, ClaimItem, Condition, Resource, SupportingInfo};

impl<'t> Gather<'t> {
    /// Reads a claim whole.
    pub(super) fn claim(&mut self, claim: Claim<'t>) {
        let node = claim.resource().node();
        self.order.form = Form::PriorAuthorization;
        self.order.identifiers.extend(claim.resource().identifiers());
        self.order.authored_at = claim.created_at();
        self.note_priority(claim.priority().as_ref().and_then(CodeableConcept::code));
        self.order.level_of_service = claim
            .concept("levelOfServiceCode")
            .or_else(|| claim.concept("levelOfServiceType"))
            .unwrap_or_default();
        self.order.authorization_numbers.extend(
            ["authorizationNumber", "previousAuthorizationNumber"]
                .iter()
                .filter_map(|name| extension(node, name)?.text("valueString")),
        );
        self.claim_parties(claim);
        for (reference, identifier, _) in claim.related() {
            self.order.earlier_identifiers.extend(identifier);
            self.note_earlier(reference.into_iter().collect());
        }
        self.has_related |= !claim.related().is_empty();
        if claim.is_cancelled() {
            self.order.intent = Intent::Cancel;
        }
        self.claim_extensions(claim);
        self.claim_diagnoses(claim);
        for item in claim.items() {
            if !self.has_room(self.order.lines.len(), item.node()) {
                break;
            }
            let line = self.claim_line(item);
            self.order.lines.extend(line);
        }
        for info in claim.supporting() {
            if !self.is_withdrawn(info.node()) {
                self.supporting(info);
            }
        }
        if claim.items().is_empty() {
            self.claim_prescription(claim);
        }
    }

    fn claim_parties(&mut self, claim: Claim<'t>) {
        let node = claim.resource().node();
        self.note_patient(claim.resource().reference("patient"), node);
        self.order.payer =
            claim.resource().reference("insurer").map(|insurer| self.party(insurer, node));
        let provider =
            claim.resource().reference("provider").map(|provider| self.party(provider, node));
        self.order.sender.clone_from(&provider);
        self.order.requester = provider;
        for coverage in claim.coverages() {
            self.note_coverage(coverage, node);
        }
        for member in node.list("careTeam") {
            if self.is_withdrawn(member) {
                continue;
            }
            let provider = member.one::<Reference<'t>>("provider").unwrap_or_default();
            let member = CareTeamMember {
                sequence: member.whole("sequence"),
                party: self.party(provider, node),
                role: member.one("role").unwrap_or_default(),
                qualification: member.one("qualification").unwrap_or_default(),
            };
            self.order.care_team.push(member);
        }
    }

    fn claim_extensions(&mut self, claim: Claim<'t>) {
        let node = claim.resource().node();
        self.order.home_health =
            extension(node, "homeHealthCareInformation").map(|information| HomeHealth {
                prognosis: extension(information, "prognosis")
                    .and_then(|part| part.one("valueCodeableConcept"))
                    .unwrap_or_default(),
                started_on: extension(information, "date")
                    .and_then(|part| When::parse(part.text("valueDate")?)),
            });
        for condition in extensions(node, "conditionCode") {
            let concept =
                |name| extension(condition, name).and_then(|part| part.one("valueCodeableConcept"));
            let codes =
                extensions(condition, "code").filter_map(|part| part.one("valueCodeableConcept"));
            let code = ConditionCode {
                category: concept("category").unwrap_or_default(),
                applies: extension(condition, "indicator")
                    .and_then(|part| part.boolean("valueBoolean")),
                codes: codes.flat_map(|concept: CodeableConcept<'t>| concept.codings).collect(),
            };
            self.order.condition_codes.push(code);
        }
        let encounter = extension(node, "extension-Claim.encounter")
            .or_else(|| extension(node, "Claim.encounter"))
            .and_then(|part| part.one::<Reference<'t>>("valueReference"));
        let of_item =
            || node.list("item").iter().find_map(|item| item.one::<Reference<'t>>("encounter"));
        self.note_encounter(encounter.or_else(of_item), node);
    }

    fn claim_diagnoses(&mut self, claim: Claim<'t>) {
        let node = claim.resource().node();
        for diagnosis in node.list("diagnosis") {
            if self.is_withdrawn(diagnosis) {
                continue;
            }
            let by_reference = || {
                let reference: Reference<'t> = diagnosis.one("diagnosisReference")?;
                self.resolver.resolve(&reference, node).and_then(Condition::of)?.code()
            };
            let code =
                diagnosis.one("diagnosisCodeableConcept").or_else(by_reference).unwrap_or_default();
            if code.is_empty() {
                let message = "this diagnosis has no code: send one, or the condition it refers to";
                self.problems.push(Problem::warning(
                    Code::NoCode,
                    self.tree.path_of(diagnosis),
                    message,
                ));
                continue;
            }
            let found = Diagnosis {
                path: self.tree.path_of(diagnosis),
                source: DiagnosisSource::Claim,
                sequence: diagnosis.whole("sequence"),
                kinds: diagnosis.all("type"),
                code,
            };
            if self.has_room(self.order.diagnoses.len(), diagnosis) {
                self.order.diagnoses.push(found);
            }
        }
    }

    /// Reads an item; `None` when the request behind it says that it is not to be done.
    fn claim_line(&mut self, item: ClaimItem<'t>) -> Option<OrderLine<'t>> {
        let node = item.node();
        let certification = item.concept("certificationType");
        let mut line = OrderLine {
            path: self.tree.path_of(node),
            kind: LineKind::ClaimItem,
            sequence: node.whole("sequence"),
            trace_numbers: extensions(node, "itemTraceNumber")
                .filter_map(|part| part.one("valueIdentifier"))
                .collect(),
            authorization_number: item
                .words("authorizationNumber")
                .or_else(|| item.words("previousAuthorizationNumber")),
            administration_number: item.words("administrationReferenceNumber"),
            modifiers: item.modifiers(),
            categories: node.one("category").into_iter().collect(),
            request_type: item
                .concept("serviceItemRequestType")
                .or_else(|| item.concept("requestType")),
            certification_type: certification,
            place_of_service: node.one("locationCodeableConcept"),
            revenue: node.one("revenue"),
            quantity: item.quantity(),
            occurrence: item.serviced(),
            diagnosis_sequences: node
                .list("diagnosisSequence")
                .iter()
                .filter_map(Value::as_whole)
                .collect(),
            codes_end: item.concept("productOrServiceCodeEnd").unwrap_or_default().codings,
            ..OrderLine::default()
        };
        if let Some(product) = node.one("productOrService") {
            line.add_concept(product);
        }
        let requested = extension(node, "requestedService")
            .and_then(|part| part.one::<Reference<'t>>("valueReference"));
        if let Some(reference) = requested {
            if let Some(request) = self.resolver.resolve(&reference, node) {
                self.taken.push(request);
                if forbids(request) && !item.is_cancelled() {
                    self.leave_out_forbidden(request);
                    return None;
                }
                self.fill_from_request(&mut line, request);
            }
            line.reference = Some(reference);
        }
        line.action = match item.change() {
            _ if item.is_cancelled() => Action::Withdrawn,
            Some("added") => Action::Added,
            Some("changed") => Action::Changed,
            _ => line.action,
        };
        Some(line)
    }

    /// Returns whether a part of a claim is withdrawn, and says that it was left out.
    fn is_withdrawn(&mut self, part: Node<'t>) -> bool {
        let is_withdrawn = is_info_cancelled(part);
        if is_withdrawn {
            let message = "the claim withdraws this: it was left out";
            let path = self.tree.path_of(part);
            self.problems.push(Problem::information(Code::InfoCancelled, path, message));
        }
        is_withdrawn
    }

    /// A claim without items, as the first reference implementation sent it, orders what its prescription says.
    fn claim_prescription(&mut self, claim: Claim<'t>) {
        let node = claim.resource().node();
        let Some(prescription) = node.get("prescription") else { return };
        let requested =
            extension(prescription, "requestedService").and_then(|part| part.one("valueReference"));
        let references = claim.resource().reference("prescription").into_iter().chain(requested);
        for reference in references.filter(|reference| reference.reference.is_some()) {
            self.request_reference(reference, node);
        }
    }

    fn supporting(&mut self, info: SupportingInfo<'t>) {
        let timing = info.timing();
        if info.is("admissionDates") {
            self.order.admitted = timing;
        } else if info.is("dischargeDates") {
            self.order.discharged = timing;
        } else if info.is("patientEvent") {
            self.order.event = timing.map(|timing| match timing {
                Occurrence::Over(period) => period,
                other => crate::datatype::Period { start: other.start(), end: other.end() },
            });
        }
        self.order.messages.extend(info.words());
        if let Some(content) = info.attachment() {
            self.note_attachment(info.node(), content);
        }
        if let Some(found) =
            info.reference().and_then(|reference| self.resolver.resolve(&reference, info.node()))
        {
            self.note_evidence(found);
        }
    }

    /// Returns the identifiers by which an earlier claim in the same bundle is known.
    pub(super) fn earlier_claims(&mut self, current: Claim<'t>) {
        let others: Vec<Resource<'t>> = self
            .resolver
            .resources()
            .filter(|other| other.kind() == "Claim" && !other.is_same(current.resource()))
            .collect();
        let identifiers: Vec<Identifier<'t>> =
            others.iter().flat_map(|other| other.identifiers()).collect();
        self.order.earlier_identifiers.extend(identifiers);
    }
}
