//! What stands behind an order: diagnoses, measurements, documents, answers, signatures.

use super::gather::Gather;
use super::{Document, Party};
use crate::datatype::{
    Attachment, CodeableConcept, Coding, Datatype, Occurrence, Quantity, Reference, When,
};
use crate::json::{Node, Value};
use crate::kind::is_info_cancelled;
use crate::problem::{Code, Problem};
use crate::resource::{
    AllergyIntolerance, Binary, Communication, Condition, DocumentReference, Observation,
    Provenance, QuestionnaireResponse, Resource,
};
use std::fmt;

/// Where a diagnosis was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiagnosisSource {
    /// `Claim.diagnosis`.
    Claim,
    /// The reason of a request.
    Reason,
    /// A condition that came along without anything pointing at it.
    Listed,
}

/// One diagnosis.
#[derive(Clone)]
pub struct Diagnosis<'t> {
    /// The place it was named.
    pub path: String,
    /// Where it was named.
    pub source: DiagnosisSource,
    /// `Claim.diagnosis.sequence`.
    pub sequence: Option<u32>,
    /// `Claim.diagnosis.type`: principal, admitting, ...
    pub kinds: Vec<CodeableConcept<'t>>,
    /// The codes.
    pub code: CodeableConcept<'t>,
}

/// One measurement.
#[derive(Clone)]
pub struct Measured<'t> {
    /// The place.
    pub path: String,
    /// What was measured.
    pub code: CodeableConcept<'t>,
    /// `valueQuantity`.
    pub quantity: Option<Quantity<'t>>,
    /// `valueCodeableConcept`.
    pub concept: Option<CodeableConcept<'t>>,
    /// `valueString`.
    pub words: Option<&'t str>,
    /// Any other value that is one text or number: `valueInteger`, `valueBoolean`, `valueDateTime`, `valueTime`.
    pub other: Option<&'t str>,
    /// Whether the value stands in components, which are measurements of their own.
    pub has_components: bool,
    /// When it was measured.
    pub when: Option<Occurrence<'t>>,
    /// `status`: final, preliminary, entered-in-error, ...
    pub status: Option<&'t str>,
}

/// One answered questionnaire.
#[derive(Clone)]
pub struct Answers<'t> {
    /// The place.
    pub path: String,
    /// The questionnaire's canonical URL.
    pub questionnaire: Option<&'t str>,
    /// `status`: completed, in-progress, amended, ...
    pub status: Option<&'t str>,
    /// When it was answered.
    pub authored_at: Option<When<'t>>,
    /// The answers, groups opened up, in the order of the form.
    pub answers: Vec<Answer<'t>>,
}

/// One answer.
#[derive(Clone)]
pub struct Answer<'t> {
    /// `linkId` of the question.
    pub link_id: &'t str,
    /// The question's text.
    pub question: Option<&'t str>,
    /// What was answered.
    pub value: AnswerValue<'t>,
}

/// What was answered.
#[derive(Clone, PartialEq)]
pub enum AnswerValue<'t> {
    /// `valueBoolean`
    Boolean(bool),
    /// `valueDecimal` or `valueInteger`, as written.
    Number(&'t str),
    /// `valueString`, `valueUri`, `valueTime`, and a date that is none.
    Text(&'t str),
    /// `valueDate` or `valueDateTime`
    When(When<'t>),
    /// `valueCoding`
    Coding(Coding<'t>),
    /// `valueQuantity`
    Quantity(Quantity<'t>),
    /// `valueAttachment`
    Attachment(Attachment<'t>),
    /// `valueReference`
    Reference(Reference<'t>),
}

/// One `Provenance.signature`.
#[derive(Debug, Clone)]
pub struct Signature<'t> {
    /// The place.
    pub path: String,
    /// What was signed.
    pub targets: Vec<Reference<'t>>,
    /// Who signed.
    pub who: Party<'t>,
    /// When.
    pub when: Option<When<'t>>,
    /// Why, codes of ASTM E1762.
    pub kinds: Vec<Coding<'t>>,
}

crate::datatype::hidden_debug!(Diagnosis, Measured, Answers, Answer, AnswerValue, Document);

impl<'t> Gather<'t> {
    /// Takes in whatever evidence `resource` is; each resource once.
    pub(super) fn note_evidence(&mut self, resource: Resource<'t>) {
        if !self.evidence.insert(resource.node().at) {
            return;
        }
        if is_info_cancelled(resource.node()) {
            return;
        }
        if self.is_others(resource) {
            return self.leave_out_others(resource);
        }
        if let Some(observation) = Observation::of(resource) {
            self.observation(observation);
        } else if let Some(allergy) = AllergyIntolerance::of(resource) {
            let has_room = self.has_room(self.order.allergies.len(), resource.node());
            let code = allergy.code().filter(|_| has_room && allergy.is_live());
            self.order.allergies.extend(code.filter(|code| !code.is_empty()));
        } else if let Some(document) = DocumentReference::of(resource) {
            self.document(document);
        } else if let Some(binary) = Binary::of(resource) {
            self.note_attachment(resource.node(), binary.attachment());
        } else if let Some(communication) = Communication::of(resource) {
            self.order.messages.extend(communication.texts());
            for content in communication.attachments() {
                self.note_attachment(resource.node(), content);
            }
        } else if let Some(response) = QuestionnaireResponse::of(resource) {
            let mut answers = Vec::new();
            gather_answers(response.items(), &mut answers);
            let path = self.tree.path_of(resource.node());
            let (questionnaire, authored_at) = (response.questionnaire(), response.authored_at());
            self.order.answers.push(Answers {
                path,
                questionnaire,
                status: resource.status(),
                authored_at,
                answers,
            });
        } else if let Some(provenance) = Provenance::of(resource) {
            self.provenance(provenance);
        }
    }

    /// Takes in the evidence and the reasons that a request points at.
    pub(super) fn note_support(&mut self, resource: Resource<'t>) {
        let node = resource.node();
        for key in ["supportingInfo", "supportingInformation", "insurance", "relevantHistory"] {
            for reference in resource.references(key) {
                match self.resolver.resolve(&reference, node) {
                    Some(found) if found.kind() == "Condition" => {
                        self.reason(found, DiagnosisSource::Reason);
                    }
                    Some(found) => self.note_evidence(found),
                    None => {}
                }
            }
        }
        for concept in node
            .all::<CodeableConcept<'t>>("reasonCode")
            .into_iter()
            .filter(|concept| !concept.is_empty())
        {
            self.diagnosis(node, DiagnosisSource::Reason, concept);
        }
        for reference in resource.references("reasonReference") {
            if let Some(found) = self.resolver.resolve(&reference, node) {
                self.reason(found, DiagnosisSource::Reason);
            }
        }
        self.note_encounter(resource.reference("encounter"), node);
    }

    /// Takes in a condition, unless it was refuted or entered in error.
    pub(super) fn reason(&mut self, resource: Resource<'t>, source: DiagnosisSource) {
        let Some(condition) = Condition::of(resource) else { return self.note_evidence(resource) };
        if self.is_others(resource) {
            if self.evidence.insert(resource.node().at) {
                self.leave_out_others(resource);
            }
            return;
        }
        if matches!(condition.verification_status(), Some("refuted" | "entered-in-error")) {
            return;
        }
        if let Some(code) = condition.code().filter(|code| !code.is_empty()) {
            self.diagnosis(resource.node(), source, code);
        }
    }

    fn diagnosis(&mut self, node: Node<'t>, source: DiagnosisSource, code: CodeableConcept<'t>) {
        let has_room = self.has_room(self.order.diagnoses.len(), node);
        if has_room && self.order.diagnoses.iter().all(|known| known.code != code) {
            self.order.diagnoses.push(Diagnosis {
                path: self.tree.path_of(node),
                source,
                sequence: None,
                kinds: Vec::new(),
                code,
            });
        }
    }

    fn observation(&mut self, observation: Observation<'t>) {
        let resource = observation.resource();
        let when = observation.effective();
        let path = self.tree.path_of(resource.node());
        let code = observation.code().unwrap_or_default();
        let (quantity, concept) = (observation.quantity(), observation.concept());
        let (words, status) = (observation.words(), resource.status());
        for part in resource.node().list("component") {
            if !self.has_room(self.order.observations.len(), part) {
                return;
            }
            let measured = Measured {
                path: self.tree.path_of(part),
                code: part.one("code").unwrap_or_default(),
                quantity: part.one("valueQuantity"),
                concept: part.one("valueCodeableConcept"),
                words: part.text("valueString"),
                other: other_value(part),
                has_components: false,
                when: when.clone(),
                status,
            };
            self.order.observations.push(measured);
        }
        self.order.observations.push(Measured {
            path,
            code,
            quantity,
            concept,
            words,
            other: other_value(resource.node()),
            has_components: !resource.node().list("component").is_empty(),
            when,
            status,
        });
    }

    fn document(&mut self, document: DocumentReference<'t>) {
        let node = document.resource().node();
        for content in document.attachments() {
            if !self.has_room(self.order.documents.len(), node) {
                return;
            }
            let content = self.with_binary(content, node);
            self.check_data(&content, node);
            let found = Document {
                path: self.tree.path_of(node),
                kind: document.kind().unwrap_or_default(),
                title: content.title.or_else(|| document.description()),
                made_at: content.created.or_else(|| document.at()),
                status: document.resource().status(),
                content,
            };
            self.order.documents.push(found);
        }
    }

    /// Takes in an attachment that stands at `node` without a document around it.
    pub(super) fn note_attachment(&mut self, node: Node<'t>, content: Attachment<'t>) {
        if !self.has_room(self.order.documents.len(), node) {
            return;
        }
        let content = self.with_binary(content, node);
        self.check_data(&content, node);
        let (title, made_at) = (content.title, content.created);
        let kind = node.one("code").or_else(|| node.one("category")).unwrap_or_default();
        let path = self.tree.path_of(node);
        self.order.documents.push(Document { path, kind, title, made_at, status: None, content });
    }

    /// Puts the data of a `Binary` that came along into the attachment that points at it.
    fn with_binary(&mut self, content: Attachment<'t>, from: Node<'t>) -> Attachment<'t> {
        let found = content.url.filter(|_| content.data.is_none());
        let found =
            found.and_then(|url| self.resolver.resolve_text(url.trim_start_matches('/'), from));
        let Some(binary) = found.and_then(Binary::of) else { return content };
        self.evidence.insert(binary.resource().node().at);
        let inner = binary.attachment();
        Attachment {
            data: inner.data,
            content_type: content.content_type.or(inner.content_type),
            ..content
        }
    }

    fn check_data(&mut self, content: &Attachment<'t>, node: Node<'t>) {
        if let Some(Err(bad)) = content.bytes() {
            self.problems.push(Problem::warning(
                Code::BadBase64,
                self.tree.path_of(node),
                bad.to_string(),
            ));
        }
    }

    fn provenance(&mut self, provenance: Provenance<'t>) {
        let node = provenance.resource().node();
        for signature in provenance.signatures() {
            let who = signature.one::<Reference<'t>>("who").unwrap_or_default();
            let found = Signature {
                path: self.tree.path_of(signature),
                targets: provenance.targets(),
                who: self.party(who, node),
                when: signature.text("when").and_then(When::parse),
                kinds: signature.all("type"),
            };
            self.order.signatures.push(found);
        }
    }
}

fn other_value(node: Node<'_>) -> Option<&str> {
    let boolean = || node.boolean("valueBoolean").map(|yes| if yes { "yes" } else { "no" });
    let texts = || ["valueDateTime", "valueTime"].iter().find_map(|key| node.text(key));
    node.number("valueInteger").or_else(boolean).or_else(texts)
}

/// Opens groups up. The tree's depth is capped, and so is this recursion.
fn gather_answers<'t>(items: &'t [Value<'t>], answers: &mut Vec<Answer<'t>>) {
    for item in items {
        let link_id = item.text("linkId").unwrap_or_default();
        for answer in item.list("answer") {
            if let Some(value) = answer_value(answer) {
                answers.push(Answer { link_id, question: item.text("text"), value });
            }
            gather_answers(answer.list("item"), answers);
        }
        gather_answers(item.list("item"), answers);
    }
}

fn answer_value(answer: Node<'_>) -> Option<AnswerValue<'_>> {
    let (key, value) = answer.members().find(|(key, _)| key.starts_with("value"))?;
    match key {
        "valueBoolean" => answer.boolean(key).map(AnswerValue::Boolean),
        "valueDecimal" | "valueInteger" => answer.number(key).map(AnswerValue::Number),
        "valueDate" | "valueDateTime" => {
            let text = value.as_text()?;
            Some(When::parse(text).map_or(AnswerValue::Text(text), AnswerValue::When))
        }
        "valueCoding" => answer.one(key).map(AnswerValue::Coding),
        "valueQuantity" => answer.one(key).map(AnswerValue::Quantity),
        "valueAttachment" => Some(AnswerValue::Attachment(Attachment::read(value))),
        "valueReference" => answer.one(key).map(AnswerValue::Reference),
        _ => value.as_text().map(AnswerValue::Text),
    }
}

impl fmt::Display for DiagnosisSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Claim => "claim",
            Self::Reason => "reason",
            Self::Listed => "listed",
        })
    }
}
