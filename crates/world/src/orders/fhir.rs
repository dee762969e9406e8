//! Orders as FHIR R4 message bundles, after the shape of HL7's post-acute orders: a task, its requests, and what they need.

use super::kinds::Wanted;
use super::{Gap, Order};
use doorstep_case::ServiceLine;
use doorstep_vocab::{Timestamp, Zone};
use serde_json::{Value, json};

const BASE: &str = "https://ehr.example.org/fhir";
const HCPCS: &str = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets";
const REVENUE: &str = "https://www.nubc.org/CodeSystem/RevenueCodes";
/// SNOMED CT, referral for care at home. Source: as `doorstep_exchange` reads it.
const HOME_REFERRAL: &str = "417153003";

/// Writes an order.
pub fn write(order: &Order) -> Vec<u8> {
    let n = order.kind.wanted.len();
    let requests: Vec<Value> = (0..n).map(|at| request(order, at)).collect();
    let based_on: Vec<Value> = requests.iter().map(reference_to).collect();
    let mut resources = vec![header(order), task(order, &based_on)];
    resources.extend(requests);
    resources.extend([
        patient(order),
        coverage(order),
        payer(order),
        hospital(order),
        practitioner(order),
    ]);
    resources.extend(encounter(order));
    resources.extend(order.kind.diagnoses.iter().enumerate().map(|(at, code)| condition(at, code)));
    resources.extend(observations(order));
    resources.extend(signature(order, &based_on));
    let entries: Vec<Value> = resources.iter().map(entry).collect();
    let bundle = json!({
        "resourceType": "Bundle", "type": "message", "timestamp": local(order, order.ordered_at), "entry": entries,
    });
    bundle.to_string().into_bytes()
}

fn entry(resource: &Value) -> Value {
    let url = format!("{BASE}/{}", path(resource));
    json!({ "fullUrl": url, "resource": resource })
}

fn path(resource: &Value) -> String {
    let text = |name: &str| resource[name].as_str().unwrap_or_default();
    format!("{}/{}", text("resourceType"), text("id"))
}

fn reference_to(resource: &Value) -> Value {
    json!({ "reference": path(resource) })
}

/// RFC 3339 with the offset of the member's zone.
fn local(order: &Order, at: Timestamp) -> String {
    let local = order.local(at);
    let minutes = local.duration_since(at.civil(&Zone::utc())).as_mins();
    let sign = if minutes < 0 { '-' } else { '+' };
    format!(
        "{}{sign}{:02}:{:02}",
        local.strftime("%Y-%m-%dT%H:%M:%S"),
        minutes.abs() / 60,
        minutes.abs() % 60
    )
}

fn header(order: &Order) -> Value {
    json!({
        "resourceType": "MessageHeader", "id": format!("msg-{}", order.number),
        "eventCoding": { "system": "http://hl7.org/fhir/us/dme-orders/CodeSystem/PAOX-Message-Event", "code": "InitialOrder" },
        "sender": { "reference": "Organization/hospital" },
        "source": { "name": "Test EHR", "endpoint": BASE },
        "focus": [{ "reference": "Task/order" }],
    })
}

fn task(order: &Order, based_on: &[Value]) -> Value {
    json!({
        "resourceType": "Task", "id": "order", "status": "requested", "intent": "order",
        "identifier": [{ "system": format!("{BASE}/orders"), "value": order.number }],
        "priority": if order.is_urgent { "urgent" } else { "routine" },
        "basedOn": based_on, "for": { "reference": "Patient/member" },
        "authoredOn": local(order, order.ordered_at),
        "requester": { "reference": "Organization/hospital" },
        "insurance": [{ "reference": "Coverage/plan" }],
    })
}

fn request(order: &Order, at: usize) -> Value {
    let wanted = &order.kind.wanted[at];
    let mut request = json!({
        "id": format!("request-{}", at + 1), "status": "active", "intent": "order",
        "identifier": [{ "value": format!("{}-{}", order.number, at + 1) }],
        "subject": { "reference": "Patient/member" },
        "authoredOn": local(order, order.ordered_at),
        "requester": { "reference": "Practitioner/doctor" },
        "reasonReference": (0..order.kind.diagnoses.len()).map(|n| json!({ "reference": format!("Condition/reason-{n}") })).collect::<Vec<_>>(),
    });
    if order.discharge_at.is_some() {
        request["encounter"] = json!({ "reference": "Encounter/stay" });
    }
    match (order.kind.service, wanted.code.as_bytes().first()) {
        (ServiceLine::HomeInfusion, Some(b'J')) => drug(&mut request, order, wanted),
        (ServiceLine::Dme, _) => device(&mut request, order, (wanted, at)),
        _ => service(&mut request, order, wanted),
    }
    request
}

fn coded(wanted: &Wanted) -> Value {
    let system = if wanted.code.len() == 4 { REVENUE } else { HCPCS };
    json!({ "coding": [{ "system": system, "code": wanted.code }], "text": wanted.words })
}

fn device(request: &mut Value, order: &Order, (wanted, at): (&Wanted, usize)) {
    request["resourceType"] = json!("DeviceRequest");
    request["codeCodeableConcept"] = coded(wanted);
    let mut parameters = vec![
        json!({ "code": { "text": "quantity" }, "valueQuantity": { "value": wanted.quantity } }),
    ];
    if let (Some(flow), 0) = (order.sent("oxygen.lpm"), at) {
        parameters.push(json!({
            "code": { "coding": [{ "system": "http://loinc.org", "code": "3151-8" }] },
            "valueQuantity": { "value": number(flow), "unit": "L/min", "code": "L/min" },
        }));
    }
    request["parameter"] = json!(parameters);
}

fn drug(request: &mut Value, order: &Order, wanted: &Wanted) {
    request["resourceType"] = json!("MedicationRequest");
    request["medicationCodeableConcept"] = coded(wanted);
    let mut dosage = json!({
        "route": { "coding": [{ "system": "http://snomed.info/sct", "code": "47625008" }] },
    });
    if let Some(dose) = order.sent("infusion.dose") {
        dosage["text"] = json!(dose);
    }
    request["dosageInstruction"] = json!([dosage]);
    request["dispenseRequest"] =
        json!({ "quantity": { "value": wanted.quantity, "unit": "each" } });
}

fn service(request: &mut Value, order: &Order, wanted: &Wanted) {
    request["resourceType"] = json!("ServiceRequest");
    request["code"] = coded(wanted);
    request["quantityQuantity"] = json!({ "value": wanted.quantity, "unit": wanted.unit });
    match order.kind.service {
        ServiceLine::HomeHealth => {
            request["orderDetail"] = json!([{ "coding": [{ "system": "http://snomed.info/sct", "code": HOME_REFERRAL }] }]);
            if let (Some(start), Some(_)) =
                (order.sent("home-health.start-on"), order.sent("home-health.frequency"))
            {
                request["occurrenceTiming"] = json!({ "repeat": {
                    "boundsPeriod": { "start": start }, "count": wanted.quantity,
                    "frequency": 2, "period": 1, "periodUnit": "wk",
                }});
            }
        }
        ServiceLine::PostAcute => {
            request["category"] = json!([{ "coding": [{ "system": "https://codesystem.x12.org/005010/1365", "code": "AG" }] }]);
        }
        _ => {}
    }
}

fn patient(order: &Order) -> Value {
    let member = &order.member;
    let mut patient = json!({
        "resourceType": "Patient", "id": "member",
        "identifier": [{ "type": { "coding": [{ "code": "MR" }] }, "system": format!("{BASE}/mrn"), "value": member.record_number }],
        "name": [{ "family": member.family, "given": [member.given] }],
        "gender": if member.is_female { "female" } else { "male" },
        "address": [{
            "use": "home", "line": [member.street], "city": member.city(), "state": member.state(), "postalCode": member.zip,
        }],
        "communication": [{ "language": { "coding": [{ "system": "urn:ietf:bcp:47", "code": member.language }] } }],
    });
    if !order.lacks(Gap::BirthDate) {
        patient["birthDate"] = json!(member.born_on.to_string());
    }
    if !order.lacks(Gap::Phone) {
        patient["telecom"] = json!([{ "system": "phone", "value": member.phone, "use": "home" }]);
    }
    patient
}

fn coverage(order: &Order) -> Value {
    let mut coverage = json!({
        "resourceType": "Coverage", "id": "plan", "status": "active",
        "beneficiary": { "reference": "Patient/member" },
        "relationship": { "coding": [{ "code": "self" }] },
        "payor": [{ "reference": "Organization/payer" }],
    });
    if !order.lacks(Gap::MemberId) {
        coverage["subscriberId"] = json!(order.member.plan_number);
    }
    coverage
}

fn payer(order: &Order) -> Value {
    json!({
        "resourceType": "Organization", "id": "payer", "name": order.plan.name,
        "identifier": [{ "system": "urn:oid:2.16.840.1.113883.6.300", "value": order.plan.code }],
    })
}

fn hospital(order: &Order) -> Value {
    let [name, identifier, contact, phone, fax] = order.sender;
    json!({
        "resourceType": "Organization", "id": "hospital", "name": name, "identifier": [{ "value": identifier }],
        "contact": [{ "name": { "text": contact } }],
        "telecom": [{ "system": "phone", "value": phone }, { "system": "fax", "value": fax }],
    })
}

fn practitioner(order: &Order) -> Value {
    let doctor = &order.prescriber;
    let mut practitioner = json!({
        "resourceType": "Practitioner", "id": "doctor",
        "name": [{ "family": doctor.family, "given": [doctor.given] }],
        "telecom": [{ "system": "phone", "value": doctor.phone }],
    });
    if !order.lacks(Gap::Npi) {
        practitioner["identifier"] =
            json!([{ "system": "http://hl7.org/fhir/sid/us-npi", "value": doctor.npi }]);
    }
    practitioner
}

fn encounter(order: &Order) -> Option<Value> {
    let end = local(order, order.discharge_at?);
    Some(json!({
        "resourceType": "Encounter", "id": "stay", "status": "in-progress", "class": { "code": "IMP" },
        "subject": { "reference": "Patient/member" }, "period": { "end": end },
    }))
}

fn condition(at: usize, code: &str) -> Value {
    json!({
        "resourceType": "Condition", "id": format!("reason-{at}"),
        "code": { "coding": [{ "system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code }] },
        "subject": { "reference": "Patient/member" },
    })
}

fn observations(order: &Order) -> Vec<Value> {
    let weight = order.sent("member.weight");
    let on =
        |item: &str| order.sent(item).map_or_else(|| order.ordered_on().to_string(), str::to_owned);
    let measures = [
        ("59417-6", order.sent("oxygen.spo2"), "%", on("oxygen.test-on")),
        ("69990-0", order.sent("pap.ahi"), "/h", on("pap.test-on")),
        ("29463-7", weight, "[lb_av]", order.ordered_on().to_string()),
    ];
    let sent = measures.iter().enumerate().filter_map(|(at, (loinc, value, unit, on))| {
        Some(json!({
            "resourceType": "Observation", "id": format!("measure-{at}"), "status": "final",
            "code": { "coding": [{ "system": "http://loinc.org", "code": loinc }] },
            "subject": { "reference": "Patient/member" }, "effectiveDateTime": on,
            "valueQuantity": { "value": number((*value)?), "unit": unit, "code": unit },
        }))
    });
    sent.collect()
}

fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

/// A provenance with the author's signature: without one an order is only active, not signed.
fn signature(order: &Order, targets: &[Value]) -> Option<Value> {
    order.sent("order.signed-on")?;
    let at = local(order, order.ordered_at);
    Some(json!({
        "resourceType": "Provenance", "id": "signed", "target": targets, "recorded": at,
        "agent": [{ "who": { "reference": "Practitioner/doctor" } }],
        "signature": [{
            "type": [{ "system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1" }],
            "when": at, "who": { "reference": "Practitioner/doctor" },
        }],
    }))
}
