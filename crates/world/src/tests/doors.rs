//! What the world sends is read as what it means, by every door.

use super::at;
use crate::orders::hl7::Control;
use crate::orders::kinds::KINDS;
use crate::orders::{Gap, Order, csv, fhir, hl7, x12};
use doorstep_case::{LineRequest, Referral};
use doorstep_exchange::{Found, Level, read};
use doorstep_packs::Packs;
use doorstep_vocab::{PayerId, Timestamp};

const SENT_AT: &str = "2026-11-23T10:00:00-05:00";

fn order(kind_at: usize) -> Order {
    let written_at = at("2026-11-23T09:30:00-05:00");
    let number = (0..10_000)
        .find(|number| Order::new(*number, 1, written_at).kind == &KINDS[kind_at].1)
        .unwrap();
    Order { gaps: Vec::new(), ..Order::new(number, 1, written_at) }
}

fn received(bytes: &[u8], received_at: Timestamp) -> Referral {
    let mut reading = read(bytes, received_at);
    assert_eq!(reading.units.len(), 1, "{}", String::from_utf8_lossy(bytes));
    let unit = reading.units.remove(0);
    let errors: Vec<_> =
        unit.problems.iter().filter(|problem| problem.level == Level::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    match unit.found {
        Found::Order { referral, .. } => *referral,
        other => panic!("{other:?}: {:?}", unit.problems),
    }
}

/// An order with the four formats' readings of it, by name.
fn readings(order: &Order) -> Vec<(&'static str, Referral)> {
    let sent_at = at(SENT_AT);
    vec![
        ("csv", received(&csv::write(&[order]), sent_at)),
        ("fhir", received(&fhir::write(order), sent_at)),
        ("x12", received(&x12::write(order, 7).unwrap(), sent_at)),
        ("hl7", received(&hl7::write(order, Control::New, ("TEST-1", sent_at)), sent_at)),
    ]
}

#[test]
fn every_need_is_read_by_every_door_as_what_it_is() {
    let terms = Packs::builtin()
        .terms_for(&PayerId::from("evergreen-ma"), at(SENT_AT).date(&super::hub_zone()));
    for at in 0..KINDS.len() {
        let order = order(at);
        for (door, referral) in readings(&order) {
            let of = format!("{door} {}", order.kind.family);
            let codes = |lines: &[LineRequest]| {
                lines
                    .iter()
                    .filter_map(|line| Some(line.code.as_ref()?.as_str().to_owned()))
                    .collect::<Vec<_>>()
            };
            let wanted: Vec<&str> = order.kind.wanted.iter().map(|wanted| wanted.code).collect();
            assert_eq!(codes(&referral.lines), wanted, "{of}");
            let first =
                referral.lines[0].code.as_ref().and_then(|code| terms.classify(code)).unwrap();
            assert_eq!(
                (first.0, first.1.name.0.as_str()),
                (order.kind.service, order.kind.family),
                "{of}"
            );
            assert_eq!(referral.order_ref.as_deref(), Some(order.number.as_str()), "{of}");
            assert_eq!(
                referral.person.family.as_ref().unwrap().reveal(),
                order.member.family,
                "{of}"
            );
            let zip =
                referral.person.address.as_ref().and_then(|address| address.zip.as_ref()).unwrap();
            assert_eq!(zip.reveal(), order.member.zip, "{of}");
            assert_eq!(
                referral.coverage[0].member_id.as_ref().unwrap().reveal(),
                &order.member.plan_number,
                "{of}"
            );
            assert!(referral.prescriber.as_ref().is_some_and(|doctor| doctor.npi_valid), "{of}");
            assert!(
                referral.diagnoses.iter().all(|one| one.billable) && !referral.diagnoses.is_empty(),
                "{of}"
            );
        }
    }
}

#[test]
fn quantities_and_discharges_arrive() {
    let visits = readings(&order(7));
    for (door, referral) in &visits {
        let quantities: Vec<_> =
            referral.lines.iter().map(|line| (line.quantity, line.unit.name())).collect();
        assert_eq!(quantities, [(Some(8), "visit"), (Some(4), "visit")], "{door}");
    }
    let oxygen = Order { discharge_at: Some(at("2026-11-23T16:00:00-05:00")), ..order(0) };
    for (door, referral) in readings(&oxygen) {
        // X12 dates have no zone: the hub asks for the hour.
        let expected = (door != "x12").then_some(at("2026-11-23T16:00:00-05:00"));
        assert_eq!(referral.discharge.map(|discharge| discharge.at), expected, "{door}");
    }
}

#[test]
fn what_the_sender_forgot_is_not_sent() {
    let order =
        Order { gaps: vec![Gap::MemberId, Gap::Npi, Gap::BirthDate, Gap::Phone], ..order(0) };
    for (door, referral) in readings(&order) {
        assert_eq!(referral.coverage[0].member_id, None, "{door}");
        assert_eq!(referral.person.birth_on, None, "{door}");
        assert!(referral.person.phones.is_empty(), "{door}");
        assert!(referral.prescriber.is_none_or(|doctor| doctor.npi.is_none()), "{door}");
    }
}

#[test]
fn a_change_and_a_cancellation_are_read_as_such() {
    let order = order(0);
    let found = |control| {
        read(&hl7::write(&order, control, ("TEST-2", at(SENT_AT))), at(SENT_AT))
            .units
            .remove(0)
            .found
    };
    let Found::Change { referral, .. } = found(Control::Change) else { panic!("no change") };
    assert_eq!(referral.order_ref.as_ref(), Some(&order.number));
    let Found::Cancel { referral } = found(Control::Cancel) else { panic!("no cancellation") };
    assert_eq!(referral.order_ref.as_ref(), Some(&order.number));
}

#[test]
fn what_is_no_order_opens_nothing() {
    use crate::orders::junk::JUNK;
    let order = order(0);
    for (name, write) in JUNK {
        let reading = read(&write(&order, 5), at(SENT_AT));
        let opens = reading.units.iter().any(|unit| matches!(unit.found, Found::Order { .. }));
        assert!(!opens && !reading.units.is_empty(), "{name}: {:?}", reading.units);
    }
}
