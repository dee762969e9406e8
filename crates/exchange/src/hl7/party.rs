//! IN1, ORC-12, PRD and MSH: who pays, who ordered, who sent.

use super::Part;
use super::person::dialled;
use crate::Problem;
use crate::codes::{phi, set_npi, text};
use doorstep_case::{Clinician, Coverage, Organisation};
use doorstep_hl7::types::{Doctor, Name, Phone, PhoneKind};
use doorstep_hl7::{Header, Insurance, OrderKind, OrderMessage, Provider};
use doorstep_vocab::Npi;

/// Returns who sent a message: MSH-4, else MSH-3.
pub(super) fn sender(header: &Header) -> Option<String> {
    let of = [header.sending_facility(), header.sending_application()].into_iter().flatten();
    let mut names = of.filter_map(|authority| authority.namespace.or(authority.universal_id));
    names.find_map(|name| text(&name))
}

/// Returns coverages in the order of IN1-22, as sent where that is empty.
pub(super) fn coverage(order: &OrderMessage) -> Vec<Coverage> {
    let mut insurances: Vec<&Insurance> = order.insurances.iter().collect();
    insurances.sort_by_key(|one| {
        one.priority.as_deref().and_then(|n| n.parse::<u32>().ok()).unwrap_or(u32::MAX)
    });
    let coverages = insurances.into_iter().map(one_coverage);
    coverages.filter(|one| one.names_payer() || one.member_id.is_some()).collect()
}

fn one_coverage(from: &Insurance) -> Coverage {
    let payer_name = from.payers.iter().find_map(|payer| payer.name.as_deref());
    let plan = from.plan.as_ref();
    let relation = from.relation.as_ref().and_then(|code| code.id.as_deref());
    Coverage {
        payer_id: None,
        payer_code: from.payer_ids.first().and_then(|id| text(&id.id)),
        payer_name: payer_name.and_then(text).or_else(|| plan?.text.as_deref().and_then(text)),
        member_id: from.member_number().and_then(phi),
        group: from.group_number.as_deref().and_then(phi),
        // HL7 table 0063 and the codes of X12 INS02, which senders use in its place. [K]
        is_subscriber: relation.map(|code| {
            ["SEL", "SELF", "SE", "18", "S"].contains(&code.to_ascii_uppercase().as_str())
        }),
    }
}

/// Returns the payer's authorization number: AUT-6, else IN1-14.
pub(super) fn auth_number(order: &OrderMessage) -> Option<String> {
    let by_aut = order
        .authorizations
        .iter()
        .find_map(|one| one.number.as_ref().map(|number| number.id.as_str()));
    let by_in1 = || order.insurances.iter().find_map(|one| one.authorization.as_deref());
    by_aut.or_else(by_in1).and_then(text)
}

/// Returns who ordered it: ORC-12 or OBR-16 of an order, PRD with the role RP of a referral.
pub(super) fn prescriber(
    order: &OrderMessage,
    part: &Part,
    problems: &mut Vec<Problem>,
) -> Option<Clinician> {
    let referring = order.provider("RP");
    if order.kind == OrderKind::Referral
        && let Some(provider) = referring
    {
        return by_prd(provider, problems);
    }
    let orders = part.orders.iter().filter_map(|n| order.orders.get(*n));
    let ordered: Vec<_> = orders.collect();
    let doctors = ordered.iter().flat_map(|one| &one.providers);
    let doctor =
        doctors.clone().find(|doctor| doctor.npi().is_some()).or_else(|| doctors.clone().next());
    let Some(doctor) = doctor else {
        return referring.and_then(|provider| by_prd(provider, problems));
    };
    let mut clinician =
        Clinician { name: doctor.name.as_ref().and_then(shown), ..Clinician::default() };
    by_doctor(&mut clinician, doctor, problems);
    let phones = ordered.iter().flat_map(|one| &one.callback_phones);
    (clinician.phone, clinician.fax) = numbers(phones);
    Some(clinician)
}

fn by_doctor(clinician: &mut Clinician, doctor: &Doctor, problems: &mut Vec<Problem>) {
    if let Some(npi) = doctor.npi() {
        set_npi(clinician, npi, ("ORC-12", problems));
        return;
    }
    // Many senders leave the kind of number out; only a right check digit makes it an NPI then.
    let unnamed =
        doctor.id.as_deref().filter(|_| doctor.id_type.is_none() && doctor.authority.is_none());
    if let Some(npi) = unnamed.and_then(|id| Npi::parse(id).ok()) {
        clinician.npi = Some(npi.as_str().to_owned());
        clinician.npi_valid = true;
        let said =
            "the number was taken for an NPI because its check digit is right: say so in XCN.13";
        problems.push(Problem::warning("npi-assumed", "ORC-12", said));
    }
}

fn by_prd(provider: &Provider, problems: &mut Vec<Problem>) -> Option<Clinician> {
    let name = provider.names.iter().find_map(shown);
    let mut clinician = Clinician { name, ..Clinician::default() };
    if let Some(npi) = provider.npi() {
        set_npi(&mut clinician, npi, ("PRD-7", problems));
    }
    (clinician.phone, clinician.fax) = numbers(&provider.phones);
    (clinician != Clinician::default()).then_some(clinician)
}

/// Returns who sent the order: the referring organisation, the ordering facility, else the sending facility.
pub(super) fn referrer(order: &OrderMessage, part: &Part) -> Option<Organisation> {
    let mut made = Organisation::default();
    if let Some(provider) = order.provider("RP") {
        let organization = provider.organization.as_ref();
        let by_location = || provider.location.as_ref()?.description.as_deref().and_then(text);
        made.name = organization.and_then(|one| text(one.name.as_deref()?)).or_else(by_location);
        made.identifier = organization.and_then(|one| text(one.id.as_deref()?));
        let contact = provider.contacts.first();
        made.contact = contact.and_then(|one| one.names.iter().find_map(shown));
        (made.phone, made.fax) = numbers(contact.map_or(&provider.phones, |one| &one.phones));
    }
    let ordered = part.orders.iter().filter_map(|n| order.orders.get(*n));
    for one in ordered {
        if let (None, Some(facility)) = (&made.name, &one.facility) {
            made.name = facility.name.as_deref().and_then(text);
            made.identifier = facility.id.as_deref().and_then(text);
            (made.phone, made.fax) = numbers(&one.facility_phones);
        }
        if let (None, Some(contact)) = (&made.contact, one.contacts.first()) {
            made.contact = contact.names.iter().find_map(shown);
            made.phone = numbers(&contact.phones).0.or(made.phone);
        }
    }
    made.name = made.name.or_else(|| sender(&order.header));
    (made != Organisation::default()).then_some(made)
}

/// Returns the first telephone and the first fax.
fn numbers<'a>(phones: impl IntoIterator<Item = &'a Phone>) -> (Option<String>, Option<String>) {
    let (mut voice, mut fax) = (None, None);
    for phone in phones {
        let slot = match phone.kind {
            PhoneKind::Fax => &mut fax,
            PhoneKind::Voice | PhoneKind::Mobile | PhoneKind::Text => &mut voice,
            PhoneKind::Pager | PhoneKind::Email => continue,
        };
        if slot.is_none() {
            *slot = text(&dialled(phone));
        }
    }
    (voice, fax)
}

/// Returns a name as people write it: prefix, given, family, suffix, and the degree behind a comma.
fn shown(name: &Name) -> Option<String> {
    let parts = [&name.prefix, &name.given, &name.middle, &name.family, &name.suffix];
    let joined: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    let joined = text(&joined.join(" "))?;
    match name.degree.as_deref().and_then(text) {
        Some(degree) => Some(format!("{joined}, {degree}")),
        None => Some(joined),
    }
}
