//! The same order by several doors, in any order of arrival, is one case whose clock counts from the earliest.

use crate::on_both;
use crate::support::orders::{Door, Order};
use crate::support::rows;
use crate::support::world::{World, monday};
use doorstep_app::open;
use doorstep_case::{Case, Channel, LineRequest, Person, Referral};
use doorstep_exchange::Outcome;
use doorstep_store::cases;
use doorstep_vocab::{Date, Micros, Procedure, Timestamp};

fn one_order_by_every_door_is_one_case(world: &World) {
    for n in 0..3 {
        for door in Door::ALL {
            let taken = world.take_now(&Order::nth(n).by(door, 0));
            let expected = if door == Door::Fhir { Outcome::Opened } else { Outcome::Linked };
            assert_eq!(taken.outcome, expected, "{door:?}: {taken:?}");
            assert!(taken.reply.is_some(), "{door:?} is answered");
        }
    }
    assert_eq!(rows::rows(world, "case_head"), 3);
    assert_eq!(rows::differing(world), []);
}

/// An oxygen order as a fax reader or the portal would type it.
fn typed(channel: Channel, received_at: Timestamp) -> Referral {
    let person = Person {
        family: Some("Example".to_owned().into()),
        given: vec!["Testa".to_owned().into()],
        birth_on: Some(Date::new(1950, 1, 2).unwrap().into()),
        ..Person::default()
    };
    let line = LineRequest { code: Procedure::parse("E1390").ok(), ..LineRequest::default() };
    Referral { channel, received_at, person, lines: vec![line], ..Referral::default() }
}

fn hours(n: i64) -> Micros {
    Micros::hours(n)
}

fn only_case(world: &World) -> Case {
    let ids = rows::case_ids(world);
    assert_eq!(ids.len(), 1);
    world.app.db.read(|tx| cases::load(tx, &ids[0])).unwrap().unwrap()
}

fn acknowledgement_counts_from(case: &Case) -> Vec<Timestamp> {
    let clocks = case.clocks.0.values().filter(|clock| clock.started.rule == "acknowledge");
    clocks.map(|clock| clock.started.counts_from).collect()
}

fn acknowledgements_wanted(world: &World) -> i64 {
    rows::count(world, "SELECT COUNT(*) AS n FROM job WHERE kind = 'acknowledge-sender'")
}

/// The fax was held at 09:00, the portal at 11:00; both are worked later.
fn fax_and_portal(world: &World, arrivals: [(Channel, Timestamp); 2]) {
    world.clock.set(monday().plus(hours(3)));
    let ctx = world.agent();
    let [first, second] =
        arrivals.map(|(channel, at)| open(&ctx, typed(channel, at), &[]).unwrap());
    assert!(!first.linked && second.linked);
    let case = only_case(world);
    assert_eq!(case.intake.receipts.len(), 2);
    assert_eq!(case.intake.received_at, monday());
    assert_eq!(acknowledgement_counts_from(&case), [monday()], "the clock counts from the fax");
    assert_eq!(acknowledgements_wanted(world), 2, "each sender is answered");
    assert_eq!(rows::differing(world), []);
}

fn a_fax_and_a_portal_entry_are_one_case_from_the_fax(world: &World) {
    fax_and_portal(world, [(Channel::Fax, monday()), (Channel::Portal, monday().plus(hours(2)))]);
}

fn a_fax_that_is_worked_last_still_moves_the_clock_back(world: &World) {
    fax_and_portal(world, [(Channel::Portal, monday().plus(hours(2))), (Channel::Fax, monday())]);
}

fn the_same_bytes_held_earlier_move_the_clock_back(world: &World) {
    let file = Order::nth(7).by(Door::Hl7, 0);
    let (late, early) = (monday().plus(hours(2)), monday());
    world.clock.set(late);
    assert_eq!(world.take(file.as_bytes(), late).outcome, Outcome::Opened);
    assert_eq!(world.take(file.as_bytes(), early).outcome, Outcome::Linked);
    assert_eq!(world.take(file.as_bytes(), late).outcome, Outcome::Linked);
    let case = only_case(world);
    assert_eq!(case.intake.received_at, early);
    assert_eq!(acknowledgement_counts_from(&case), [early]);
    assert_eq!(rows::rows(world, "receipt"), 3);
    assert_eq!(rows::differing(world), []);
}

/// The first copy knows no birth date, the last no plan ID; the one between knows both.
fn copies_are_found_by_what_any_of_them_knew(world: &World) {
    let whole = Order::nth(5);
    let by_id = whole.csv_row(0).replace(&whole.born_on().to_string(), "");
    let by_name = whole.csv_row(1).replace(&whole.member_id(), "");
    let table = |row: &str| format!("{}{row}", crate::support::orders::CSV_HEADER);
    let first = world.take_now(&table(&by_id));
    assert_eq!(first.outcome, Outcome::Opened, "{first:?}");
    assert_eq!(world.take_now(&whole.by(Door::Fhir, 0)).outcome, Outcome::Linked);
    assert_eq!(world.take_now(&table(&by_name)).outcome, Outcome::Linked);
    only_case(world);
}

/// A copy by another door between two orders of one sender does not make them one.
fn two_orders_that_one_sender_numbers_apart_stay_two(world: &World) {
    let order = Order::nth(2);
    let other = order.by(Door::Fhir, 1).replace("\"F-2\"", "\"F-2-B\"");
    assert_eq!(world.take_now(&order.by(Door::Fhir, 0)).outcome, Outcome::Opened);
    assert_eq!(world.take_now(&order.by(Door::X12, 0)).outcome, Outcome::Linked);
    assert_eq!(world.take_now(&other).outcome, Outcome::Opened);
    assert_eq!(world.take_now(&order.by(Door::Fhir, 2)).outcome, Outcome::Linked);
    assert_eq!(rows::rows(world, "case_head"), 2);
}

fn alike_but_contradicting_is_said_and_not_linked(world: &World) {
    let order = Order::nth(4);
    let twin = order.by(Door::X12, 0).replace("TESTA4", "TESTB4");
    assert_eq!(world.take_now(&order.by(Door::Fhir, 0)).outcome, Outcome::Opened);
    let taken = world.take_now(&twin);
    assert_eq!(taken.outcome, Outcome::Opened);
    let codes: Vec<&str> =
        taken.units[0].problems.iter().map(|problem| problem.code.as_str()).collect();
    assert!(codes.contains(&"possible-duplicate"), "{codes:?}");
    assert_eq!(rows::rows(world, "case_head"), 2);
}

fn an_order_weeks_later_is_another_case(world: &World) {
    let order = Order::nth(1);
    assert_eq!(world.take_now(&order.by(Door::X12, 0)).outcome, Outcome::Opened);
    world.clock.pass(Micros::hours(24 * 20));
    let renewed = order.by(Door::X12, 1).replace("X-1", "X-1-B");
    assert_eq!(world.take_now(&renewed).outcome, Outcome::Opened);
}

/// A cancellation by a hospital's system: asked about with a clock, told to the sender, and no acknowledgement of an
/// order.
fn a_cancellation_by_a_file_is_a_request_that_a_person_answers(world: &World) {
    let order = Order::nth(0).by(Door::Hl7, 0);
    world.take_now(&order);
    let acknowledgements = acknowledgements_wanted(world);
    let cancel = order.replace("|M0-0|", "|M0-1|").replace("ORC|NW|", "ORC|CA|");
    let taken = world.take_now(&cancel);
    assert_eq!(taken.outcome, Outcome::Queued, "{taken:?}");
    let case = only_case(world);
    assert!(case.intake.open_cancel().is_some() && case.open_lines().count() == 1);
    let clocks = case.clocks.0.values().filter(|clock| clock.is_running());
    assert!(clocks.clone().any(|clock| clock.started.rule == "cancel-request"));
    assert_eq!(acknowledgements_wanted(world), acknowledgements);
    let told = "SELECT COUNT(*) AS n FROM job WHERE kind = 'tell-referrer'";
    assert_eq!(rows::count(world, told), 1);
    world.take_now(&cancel);
    assert_eq!(only_case(world).intake.cancel_requests.len(), 1, "the same bytes again");
    assert_eq!(rows::differing(world), []);
}

on_both!(
    a_cancellation_by_a_file_is_a_request_that_a_person_answers,
    one_order_by_every_door_is_one_case,
    a_fax_and_a_portal_entry_are_one_case_from_the_fax,
    a_fax_that_is_worked_last_still_moves_the_clock_back,
    the_same_bytes_held_earlier_move_the_clock_back,
    copies_are_found_by_what_any_of_them_knew,
    two_orders_that_one_sender_numbers_apart_stay_two,
    alike_but_contradicting_is_said_and_not_linked,
    an_order_weeks_later_is_another_case,
);
