//! Orders as rows of a table: every fact has a column, since the import knows each item by its name.

use super::{Gap, Order};
use std::collections::BTreeSet;

const COLUMNS: &[&str] = &[
    "referral_id",
    "member_last",
    "member_first",
    "dob",
    "sex",
    "mrn",
    "member_id",
    "payer_id",
    "payer_name",
    "address1",
    "city",
    "state",
    "zip",
    "phone",
    "language",
    "prescriber_name",
    "prescriber_npi",
    "prescriber_phone",
    "referrer_name",
    "referrer_id",
    "referrer_contact",
    "referrer_phone",
    "referrer_fax",
    "dx",
    "urgency",
    "discharge_at",
    "bedside",
    "service_code",
    "description",
    "quantity",
    "unit",
];

/// Writes orders as one table, a row for each thing wanted.
pub fn write(orders: &[&Order]) -> Vec<u8> {
    let items: BTreeSet<&str> =
        orders.iter().flat_map(|order| order.sent_facts().map(|(item, _)| item)).collect();
    let mut text =
        COLUMNS.iter().chain(items.iter()).map(|name| cell(name)).collect::<Vec<_>>().join(",");
    for order in orders {
        for wanted in order.kind.wanted {
            text.push_str("\r\n");
            let line =
                [wanted.code, wanted.words, &wanted.quantity.to_string(), wanted.unit].map(cell);
            let facts = items.iter().map(|item| cell(order.sent(item).unwrap_or_default()));
            text.push_str(
                &head(order).into_iter().chain(line).chain(facts).collect::<Vec<_>>().join(","),
            );
        }
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// Everything but the line and the facts.
fn head(order: &Order) -> Vec<String> {
    let member = &order.member;
    let unless =
        |gap: Gap, text: &str| if order.lacks(gap) { String::new() } else { text.to_owned() };
    let [name, identifier, contact, phone, fax] = order.sender;
    let discharge =
        order.discharge_at.map(|at| order.local(at).strftime("%Y-%m-%d %H:%M").to_string());
    let is_oxygen = order.kind.family == "oxygen";
    let bedside = if is_oxygen && discharge.is_some() { "yes" } else { "" };
    let urgency = if order.is_urgent { "urgent" } else { "routine" };
    [
        order.number.clone(),
        member.family.to_owned(),
        member.given.to_owned(),
        unless(Gap::BirthDate, &member.born_on.to_string()),
        (if member.is_female { "F" } else { "M" }).to_owned(),
        member.record_number.clone(),
        unless(Gap::MemberId, &member.plan_number),
        order.plan.code.to_owned(),
        order.plan.name.to_owned(),
        member.street.clone(),
        member.city().to_owned(),
        member.state().to_owned(),
        member.zip.to_owned(),
        unless(Gap::Phone, &member.phone),
        member.language.to_owned(),
        format!("Dr {} {}", order.prescriber.given, order.prescriber.family),
        unless(Gap::Npi, &order.prescriber.npi),
        order.prescriber.phone.clone(),
        (*name).to_owned(),
        (*identifier).to_owned(),
        (*contact).to_owned(),
        (*phone).to_owned(),
        (*fax).to_owned(),
        order.kind.diagnoses.join(" "),
        urgency.to_owned(),
        discharge.unwrap_or_default(),
        bedside.to_owned(),
    ]
    .iter()
    .map(|text| cell(text))
    .collect()
}

fn cell(text: &str) -> String {
    let needs_quotes = text.contains([',', '"', '\r', '\n']);
    if needs_quotes { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
