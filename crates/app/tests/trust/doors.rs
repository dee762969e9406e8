//! The same order by several doors, in any order of arrival, is one case whose clock counts from the earliest.

use crate::on_both;
use crate::support::orders::{Door, Order};
use crate::support::rows;
use crate::support::world::{World, monday};
use doorstep_app::{Entry, FormSent, Opened, desk, open};
use doorstep_case::{Case, Channel, DocumentKind, LineRequest, Person, Referral, Role};
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
        arrivals.map(|(channel, at)| open(&ctx, typed(channel, at), &Entry::default()).unwrap());
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

/// An order of nobody known has nothing by which a copy is found: only the form tells that it is the same.
fn a_form_sent_twice_at_once_is_one_case(world: &World) {
    let line = LineRequest { code: Procedure::parse("E1390").ok(), ..LineRequest::default() };
    let referral = Referral { lines: vec![line], received_at: monday(), ..Referral::default() };
    let form = |hash: &str| Entry {
        sent: Some(FormSent { key: "f1".into(), hash: hash.to_owned() }),
        file: None,
    };
    let send = || open(&world.agent(), referral.clone(), &form("h1")).unwrap();
    let sent_at_once: Vec<Opened> = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..4).map(|_| scope.spawn(send)).collect();
        senders.into_iter().map(|sender| sender.join().unwrap()).collect()
    });
    let case = only_case(world);
    assert!(sent_at_once.iter().all(|opened| opened.case.id == case.id));
    assert_eq!(sent_at_once.iter().filter(|opened| !opened.repeated).count(), 1);
    assert_eq!(case.intake.receipts.len(), 1, "nothing was linked to it");
    let other = open(&world.agent(), referral.clone(), &form("h2")).unwrap_err();
    assert_eq!(other.code(), "form-sent-before");
    only_case(world);
    let nurse = open(&world.ctx(Role::Nurse), referral.clone(), &form("h1")).unwrap();
    assert!(!nurse.repeated, "another person's form is another form");
    assert_eq!(rows::differing(world), []);
}

/// A copy that differs goes on waiting, with the case that it came to, until a person has compared the two.
fn a_fax_that_differs_from_its_case_goes_on_waiting(world: &World) {
    let fax = world.take(b"%PDF-1.4 a fax", monday()).receipt_id;
    let ctx = world.agent();
    let mut first = typed(Channel::Phone, monday());
    first.person.email = Some("another@example.org".to_owned().into());
    let first = open(&ctx, first, &Entry::default()).unwrap();
    let mut copy = typed(Channel::Fax, monday());
    copy.person.email = Some("testa@example.org".to_owned().into());
    let entry = Entry { sent: None, file: Some((fax.clone(), DocumentKind::Order)) };
    let opened = open(&ctx, copy, &entry).unwrap();
    assert!(opened.differs && opened.case.id == first.case.id);
    let waiting = desk::waiting_files(&ctx, 9).unwrap();
    assert_eq!(waiting[0].units[0].case_id.as_ref(), Some(&first.case.id));
    let number = first.case.number.clone().unwrap();
    desk::resolve_unit(&ctx, (&fax, 0), desk::Settled::Case(&number)).unwrap();
    assert!(desk::waiting_files(&ctx, 9).unwrap().is_empty());
    assert_eq!(rows::differing(world), []);
}

/// A list of which everything waits is shown in part, and hides no file behind it.
fn a_long_list_that_waits_hides_no_other_file(world: &World) {
    let fax = world.take(b"%PDF-1.4 a fax", monday()).receipt_id;
    let row = "INSERT INTO receipt_unit (receipt_id, unit, place, outcome, problems) VALUES ($1, $2, $3, $4, $5)";
    for unit in 1..60_i64 {
        let values = [fax.as_str().into(), unit.into(), "row".into(), "queued".into(), "[]".into()];
        rows::meddle(world, row, &values);
    }
    world.clock.pass(hours(1));
    world.take(b"%PDF-1.4 another fax", world.clock.now());
    let ctx = world.agent();
    let waiting = desk::waiting_files(&ctx, 9).unwrap();
    let shown: Vec<_> = waiting.iter().map(|file| (file.units.len(), file.has_more)).collect();
    assert_eq!(shown, [(20, true), (1, false)]);
    desk::resolve_unit(&ctx, (&fax, 0), desk::Settled::Without("done")).unwrap();
    let waiting = desk::waiting_files(&ctx, 1).unwrap();
    assert_eq!((waiting.len(), waiting[0].units[0].unit), (1, 1), "the next that waits is shown");
    let latest = desk::files(&ctx, 9).unwrap();
    let shown: Vec<_> = latest.iter().map(|file| (file.units.len(), file.has_more)).collect();
    assert_eq!(shown, [(1, false), (20, true)]);
    let many = doorstep_app::waiting_file(&ctx, &fax).unwrap_err();
    assert_eq!(many.code(), "file-of-many");
}

on_both!(
    a_form_sent_twice_at_once_is_one_case,
    a_fax_that_differs_from_its_case_goes_on_waiting,
    a_long_list_that_waits_hides_no_other_file,
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
