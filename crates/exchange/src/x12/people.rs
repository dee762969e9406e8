//! The member, the coverage, and whoever asks or orders.
//!
//! Social security numbers (NM108 `34`, REF `SY`) are never kept.

use super::source::{Draft, Source};
use crate::codes;
use doorstep_case::{Address, Clinician, Coverage, Organisation, Person, Phone};
use doorstep_vocab::{Ein, Npi, Phi, Taxonomy};
use doorstep_x12::seg::{Dmg, N3, N4, Per};
use doorstep_x12::sets::s278::{self, Event, Party, Request, Whose};

/// NM108 of a social security number. Source: facts 3.1.
const SSN: &str = "34";

/// Reads the event's patient.
pub(super) fn member(patient: &s278::Person, assigner: &str) -> Person {
    let party = &patient.party;
    let birth = patient.birth.as_ref();
    Person {
        family: codes::phi(&party.name.last),
        given: [&party.name.first, &party.name.middle]
            .into_iter()
            .filter_map(|n| codes::phi(n))
            .collect(),
        suffix: codes::phi(&party.name.suffix),
        birth_on: birth.and_then(Dmg::born_on).and_then(super::dates::day).map(Phi::new),
        sex: birth.and_then(|dmg| codes::sex(&dmg.gender)).map(Phi::new),
        address: address(party.street.as_ref(), party.city.as_ref()),
        phones: phones(&party.contacts),
        email: reached(&party.contacts, "EM").and_then(codes::phi),
        language: None,
        record_numbers: record_numbers(party, assigner),
    }
}

/// Reads the coverage: the reviewer is the payer; the plan ID is the subscriber's.
pub(super) fn coverage(
    draft: &mut Draft,
    (request, event): (&Request, &Event),
    from: &Source<'_, '_>,
) -> Coverage {
    let subscriber = &request.subscriber.party;
    let patient = &request.patient(event).party;
    let stated = |party: &Party| party.id("MI").or_else(|| party.id("II")).and_then(codes::phi);
    let member_id = stated(patient).or_else(|| stated(subscriber));
    if member_id.is_none() && !subscriber.name.id.is_empty() {
        let at = from.at(&subscriber.at.element(8));
        let message = "NM108 does not say that NM109 is a member id: it was left out, send MI";
        draft.warn("member-id-qualifier", at, message);
    }
    let group = ["6P", "1L"].into_iter().find_map(|kind| subscriber.reference(kind));
    Coverage {
        payer_id: None,
        payer_code: identifier(&request.umo),
        payer_name: name(&request.umo),
        member_id,
        group: group.and_then(codes::phi),
        is_subscriber: Some(event.whose == Whose::Subscriber),
    }
}

/// Reads who ordered: `DK` ordering, else `71` attending, else the requester when a person, else `DN` referring. Every
/// other provider is kept as text.
pub(super) fn providers(
    draft: &mut Draft,
    (request, event): (&Request, &Event),
    from: &Source<'_, '_>,
) {
    let all: Vec<&Party> = event
        .providers
        .iter()
        .chain(event.services.iter().flat_map(|service| service.providers.iter()))
        .collect();
    let with = |entity: &str| {
        all.iter().copied().find(|party| party.name.entity == entity && is_person(party))
    };
    let requester = Some(&request.requester).filter(|party| is_person(party));
    let orders = with("DK").or_else(|| with("71")).or(requester).or_else(|| with("DN"));
    draft.referral.prescriber = orders.map(|party| clinician(draft, party, from));
    draft.referral.referrer = Some(organisation(draft, &request.requester, from));
    for party in all {
        if !orders.is_some_and(|known| std::ptr::eq(known, party)) {
            draft
                .text(&format!("NM1-{}", super::dates::short(&party.name.entity)), &line_of(party));
        }
    }
}

fn is_person(party: &Party) -> bool {
    party.name.kind == "1"
}

fn clinician(draft: &mut Draft, party: &Party, from: &Source<'_, '_>) -> Clinician {
    let mut clinician = Clinician {
        name: name(party),
        phone: phone(&party.contacts),
        fax: reached(&party.contacts, "FX").and_then(codes::text),
        ..Clinician::default()
    };
    specialty(draft, party, from);
    let at = from.at(&party.at.element(9));
    match party.id("XX") {
        Some(npi) => codes::set_npi(&mut clinician, npi, (&at, &mut draft.problems)),
        None if party.name.id.is_empty() => {}
        None => {
            if let Some(id) = identifier(party) {
                draft.text("prescriber NM1-09", &format!("{} {id}", party.name.id_qualifier));
            }
            let message = "the ordering clinician's identifier is not an NPI: send NM108 XX";
            draft.warn("npi-missing", at, message);
        }
    }
    clinician
}

fn organisation(draft: &mut Draft, party: &Party, from: &Source<'_, '_>) -> Organisation {
    if let Some(npi) = party.id("XX").filter(|_| !is_person(party)) {
        let at = from.at(&party.at.element(9));
        codes::set_npi(&mut Clinician::default(), npi, (&at, &mut draft.problems));
    }
    if let Some(ein) = party.id("24")
        && Ein::parse(ein).is_err()
    {
        let at = from.at(&party.at.element(9));
        let message = "this is no employer number: send nine digits, or the NPI with XX";
        draft.warn("ein-format", at, message);
    }
    specialty(draft, party, from);
    Organisation {
        name: name(party),
        identifier: identifier(party),
        contact: party.contacts.iter().find_map(|per| codes::text(&per.name)),
        phone: phone(&party.contacts),
        fax: reached(&party.contacts, "FX").and_then(codes::text),
    }
}

/// PRV03 under the list of taxonomies (PXC) has a taxonomy's form. It is kept as a note either way.
fn specialty(draft: &mut Draft, party: &Party, from: &Source<'_, '_>) {
    let sent = party.specialty.as_ref().filter(|prv| prv.qualifier == "PXC");
    if sent.is_some_and(|prv| Taxonomy::parse(&prv.specialty).is_err()) {
        let at = from.find(&party.at, "PRV", 3);
        let message = "this is no taxonomy code: send ten characters that end in X";
        // Who asks may be who orders too.
        if draft.problems.iter().all(|known| known.code != "taxonomy-format" || known.at != at) {
            draft.warn("taxonomy-format", at, message);
        }
    }
}

/// Returns the name as one says it: given names first.
fn name(party: &Party) -> Option<String> {
    let nm1 = &party.name;
    let in_order = [&nm1.first, &nm1.middle, &nm1.last, &nm1.suffix];
    let said: Vec<&str> =
        in_order.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    codes::text(&said.join(" "))
}

/// Returns NM109, unless it is a social security number, or is said to be an NPI and has not the form of one.
fn identifier(party: &Party) -> Option<String> {
    let name = &party.name;
    let is_kept = match name.id_qualifier.as_str() {
        SSN => false,
        "XX" => {
            Npi::parse(&name.id).map_or_else(|problem| problem.code() != "npi-format", |_| true)
        }
        _ => true,
    };
    codes::text(&name.id).filter(|_| is_kept)
}

/// Returns a provider on one line, for a note.
fn line_of(party: &Party) -> String {
    let place = [party.street.as_ref().map(|n3| &n3.line), party.city.as_ref().map(|n4| &n4.city)];
    let place = place.into_iter().flatten().cloned();
    [name(party), identifier(party), phone(&party.contacts)]
        .into_iter()
        .flatten()
        .chain(place)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

fn address(street: Option<&N3>, city: Option<&N4>) -> Option<Address> {
    let lines = street.into_iter().flat_map(|n3| [&n3.line, &n3.line_2]);
    let address = Address {
        lines: lines.filter_map(|line| codes::phi(line)).collect(),
        city: city.and_then(|n4| codes::phi(&n4.city)),
        state: city.and_then(|n4| codes::phi(&n4.state)),
        zip: city.and_then(|n4| codes::phi(&n4.zip)),
    };
    (address != Address::default()).then_some(address)
}

/// Source: PER03 TE telephone, HP home, CP cellular, WP work, FX fax \[K\].
fn phones(contacts: &[Per]) -> Vec<Phone> {
    let numbers = contacts.iter().flat_map(Per::numbers);
    let kinds = numbers.filter_map(|(kind, number)| {
        let kind = match kind {
            "TE" => "",
            "HP" => "home",
            "CP" => "mobile",
            "WP" => "work",
            "FX" => "fax",
            _ => return None,
        };
        codes::phone(number, kind)
    });
    kinds.collect()
}

/// Returns the first telephone, with its extension.
fn phone(contacts: &[Per]) -> Option<String> {
    let number = ["TE", "WP", "CP", "HP"].into_iter().find_map(|kind| reached(contacts, kind))?;
    let number = codes::text(number)?;
    Some(match reached(contacts, "EX").and_then(codes::text) {
        Some(extension) => format!("{number} x{extension}"),
        None => number,
    })
}

fn reached<'p>(contacts: &'p [Per], kind: &str) -> Option<&'p str> {
    contacts
        .iter()
        .flat_map(Per::numbers)
        .find(|(found, _)| *found == kind)
        .map(|(_, number)| number)
}

/// Source: REF EJ the sender's account, EA its medical record, F6 Medicare, NQ Medicaid \[K\].
fn record_numbers(party: &Party, sender: &str) -> Vec<(String, Phi<String>)> {
    let kinds = [("EJ", sender), ("EA", sender), ("F6", "Medicare"), ("NQ", "Medicaid")];
    kinds
        .into_iter()
        .filter_map(|(kind, by)| Some((by.to_owned(), codes::phi(party.reference(kind)?)?)))
        .collect()
}
