//! What a copy or a change brings: nothing that only it says is lost, and nothing it contradicts is settled by a program.

use crate::on_both;
use crate::support::orders::{CSV_HEADER, Door, Order};
use crate::support::rows;
use crate::support::world::World;
use doorstep_app::intake::Taken;
use doorstep_app::{act, case_file, desk};
use doorstep_case::closing::{CancelReason, ClosingCommand};
use doorstep_case::{Case, Command, Fact, Item};
use doorstep_exchange::Outcome;
use doorstep_store::cases;
use doorstep_vocab::LineNo;

fn cases(world: &World) -> Vec<Case> {
    let load = |id| world.app.db.read(|tx| cases::load(tx, &id)).unwrap().unwrap();
    rows::case_ids(world).into_iter().map(load).collect()
}

fn only_case(world: &World) -> Case {
    let mut all = cases(world);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn codes(taken: &Taken) -> Vec<&str> {
    let problems = taken.units.iter().flat_map(|unit| &unit.problems);
    problems.map(|problem| problem.code.as_str()).collect()
}

fn line_codes(case: &Case) -> Vec<&str> {
    let codes = case.lines.values().filter_map(|line| line.request.code.as_ref());
    codes.map(doorstep_vocab::Procedure::as_str).collect()
}

fn notes(world: &World) -> Vec<String> {
    rows::texts(world, "SELECT text AS t FROM note ORDER BY at, note_id")
}

fn a_copy_fills_in_what_the_case_lacks(world: &World) {
    let order = Order::nth(0);
    assert_eq!(world.take_now(&order.by(Door::X12, 0)).outcome, Outcome::Opened);
    let item = Item::named("order.ordered-on");
    assert!(!only_case(world).known.contains_key(&item));
    let list = order.by(Door::Csv, 0);
    assert_eq!(world.take_now(&list).outcome, Outcome::Linked);
    let case = only_case(world);
    assert!(matches!(case.known[&item].fact, Fact::On(_)));
    assert!(case.known.contains_key(&Item::named("member.phone")));
    assert!(notes(world).contains(&"delivery 0".to_owned()), "its words are kept");
    let file = case_file(&world.agent(), &case.id).unwrap();
    assert_eq!(file.party.person.phones.len(), 1);
    assert_eq!(rows::differing(world), []);
}

fn a_copy_with_a_line_more_adds_it(world: &World) {
    let order = Order::nth(0);
    assert_eq!(world.take_now(&order.by(Door::Fhir, 0)).outcome, Outcome::Opened);
    let more = order.csv_row(0).replace("E1390", "E0431");
    let taken = world.take_now(&format!("{CSV_HEADER}{}{more}", order.csv_row(0)));
    assert_eq!(taken.outcome, Outcome::Linked, "{taken:?}");
    assert_eq!(line_codes(&only_case(world)), ["E1390", "E0431"]);
}

fn a_copy_that_differs_waits_for_a_person_who_settles_it(world: &World) {
    let order = Order::nth(0);
    assert_eq!(world.take_now(&order.by(Door::Csv, 0)).outcome, Outcome::Opened);
    let taken = world.take_now(&order.by(Door::X12, 0).replace("UN*1~", "UN*3~"));
    assert_eq!(taken.outcome, Outcome::Queued, "{taken:?}");
    assert!(taken.reply.is_some());
    let case = only_case(world);
    let problem = &taken.units[0].problems[0];
    assert_eq!(problem.code, "copy-differs");
    assert!(problem.message.contains(&case.number.as_ref().unwrap().to_string()), "{problem:?}");
    assert!(problem.message.contains("quantity"), "{problem:?}");
    let said = notes(world).into_iter().find(|note| note.contains("quantity")).unwrap();
    assert!(said.contains("3 each") && said.contains("1 each"), "{said}");
    assert_eq!(case.lines[&LineNo(1)].ledger.ordered, 1, "nobody decided for the sender");
    let step = case_file(&world.agent(), &case.id).unwrap().now.next;
    assert_eq!(step.code, "review");
    desk::resolve_unit(&world.agent(), (&taken.receipt_id, 0), desk::Settled::Without("done"))
        .unwrap();
    let file = case_file(&world.agent(), &case.id).unwrap();
    assert_ne!(file.next.code, "review");
    assert_eq!(rows::differing(world), []);
}

fn another_code_of_the_same_kind_is_no_silent_copy(world: &World) {
    let order = Order::nth(0);
    assert_eq!(world.take_now(&order.by(Door::Fhir, 0)).outcome, Outcome::Opened);
    let taken = world.take_now(&order.by(Door::X12, 0).replace("E1390", "E1392"));
    assert_eq!((taken.outcome, codes(&taken)), (Outcome::Queued, vec!["copy-differs"]));
    assert_eq!(line_codes(&only_case(world)), ["E1390"]);
}

fn another_address_is_for_a_person(world: &World) {
    let order = Order::nth(0);
    assert_eq!(world.take_now(&order.by(Door::Fhir, 0)).outcome, Outcome::Opened);
    let elsewhere = order.by(Door::Csv, 0).replace("1 Sample Street", "77 Other Road");
    let taken = world.take_now(&elsewhere);
    assert_eq!((taken.outcome, codes(&taken)), (Outcome::Queued, vec!["copy-differs"]));
    assert!(!taken.units[0].problems[0].message.contains("Other"), "no value in a problem");
}

fn an_authorization_number_that_came_is_kept(world: &World) {
    let order = Order::nth(0);
    let list = order.by(Door::Csv, 0);
    let numbered =
        list.replace(",notes\n", ",notes,auth_number\n").replace("delivery 0", "delivery 0,AUTH77");
    assert_eq!(world.take_now(&numbered).outcome, Outcome::Opened);
    assert_eq!(only_case(world).intake.auth_number.as_deref(), Some("AUTH77"));
    let other = numbered.replace("AUTH77", "AUTH78");
    assert_eq!(codes(&world.take_now(&other)), ["copy-differs"]);
    assert_eq!(only_case(world).intake.auth_number.as_deref(), Some("AUTH77"));
}

fn a_number_that_only_the_copy_knows_is_taken_over(world: &World) {
    let order = Order::nth(0);
    assert_eq!(world.take_now(&order.by(Door::Fhir, 0)).outcome, Outcome::Opened);
    let list = order.by(Door::Csv, 0).replace(",notes\n", ",notes,auth_number\n");
    assert_eq!(world.take_now(&list.replace("delivery 0", "d,AUTH77")).outcome, Outcome::Linked);
    let case = only_case(world);
    assert_eq!(case.intake.auth_number.as_deref(), Some("AUTH77"));
    assert!(case.known.contains_key(&Item::named("auth.number")));
}

fn rows_without_a_number_are_one_order_only_when_equal(world: &World) {
    let row = Order::nth(0).csv_row(0).replacen("C-0", "", 1);
    let other = row.replace("E1390", "E0431");
    let taken = world.take_now(&format!("{CSV_HEADER}{row}{other}{row}"));
    let outcomes: Vec<Outcome> = taken.units.iter().map(|unit| unit.outcome).collect();
    assert_eq!(outcomes, [Outcome::Opened, Outcome::Opened, Outcome::Linked], "{taken:?}");
    assert_eq!(cases(world).len(), 2);
}

/// The message of an order with its control code, a second order, or another code.
fn hl7(control: &str, message: &str, orders: &[(&str, &str)]) -> String {
    let one = Order::nth(0).by(Door::Hl7, 0).replace("|M0-0|", &format!("|{message}|"));
    let head = one.split("ORC|").next().unwrap().to_owned();
    let order = |(number, code): &(&str, &str)| {
        format!(
            "ORC|{control}|{number}^EHR||G-0|||||20260302083000|||1234567893^Tester^Ola^^^Dr^MD^^^^^^NPI\r\
             OBR|1|{number}^EHR||{code}^^HCPCS"
        )
    };
    head + &orders.iter().map(order).collect::<Vec<_>>().join("\r")
}

fn a_change_is_applied_where_it_can_be(world: &World) {
    let new = hl7("NW", "M-1", &[("P-1", "E1390")]);
    assert_eq!(world.take_now(&new).outcome, Outcome::Opened);
    let later = hl7("XO", "M-2", &[("P-1", "E1390"), ("P-2", "E0431")])
        .replace("20260302083000", "20260301083000");
    let taken = world.take_now(&later.replace("53703", "60601"));
    assert_eq!(taken.outcome, Outcome::Updated, "{taken:?}");
    let case = only_case(world);
    assert_eq!(line_codes(&case), ["E1390", "E0431"]);
    let ordered_on = &case.known[&Item::named("order.ordered-on")].fact;
    assert_eq!(*ordered_on, Fact::On("2026-03-01".parse().unwrap()));
    let file = case_file(&world.agent(), &case.id).unwrap();
    let zip = file.now.party.person.address.unwrap().zip.unwrap();
    assert_eq!(zip.reveal(), "60601");
    assert_eq!(rows::differing(world), []);
}

fn a_changed_line_waits_for_a_person(world: &World) {
    assert_eq!(world.take_now(&hl7("NW", "M-1", &[("P-1", "E1390")])).outcome, Outcome::Opened);
    let taken = world.take_now(&hl7("XO", "M-2", &[("P-1", "E1392")]));
    assert_eq!((taken.outcome, codes(&taken)), (Outcome::Queued, vec!["change-to-confirm"]));
    let case = only_case(world);
    assert_eq!(line_codes(&case), ["E1390"]);
    assert_eq!(case.intake.reviews.len(), 1);
    let step = case_file(&world.agent(), &case.id).unwrap().now.next;
    assert_eq!(step.code, "review", "it is on the worklist");
}

fn the_second_order_of_a_message_is_found_by_its_own_number(world: &World) {
    let new = hl7("NW", "M-1", &[("P-1", "E1390"), ("P-2", "E0260")]);
    assert_eq!(world.take_now(&new).outcome, Outcome::Opened);
    let cancel = world.take_now(&hl7("CA", "M-2", &[("P-2", "E0260")]));
    assert_eq!(cancel.outcome, Outcome::Queued);
    assert!(codes(&cancel).contains(&"cancel-to-confirm"), "{cancel:?}");
    let bare = world.take_now(&hl7("CA", "M-3", &[("P-2", "")]));
    assert!(codes(&bare).contains(&"cancel-to-confirm"), "by its number alone: {bare:?}");
    only_case(world);
}

/// Whichever comes first, somebody is told that the order is not wanted any more.
fn a_cancellation_may_overtake_its_order(world: &World) {
    let new = hl7("NW", "M-1", &[("P-1", "E1390"), ("P-2", "E0431")]);
    let cancel = hl7("CA", "M-2", &[("P-2", "E0431")]);
    let first = world.take_now(&cancel);
    assert_eq!((first.outcome, codes(&first)), (Outcome::Queued, vec!["cancel-of-unknown-order"]));
    let then = world.take_now(&new);
    assert_eq!((then.outcome, codes(&then)), (Outcome::Opened, vec!["cancelled-before"]));
    let case = only_case(world);
    assert_eq!(case_file(&world.agent(), &case.id).unwrap().next.code, "confirm-cancel");
    desk::resolve_unit(&world.agent(), (&first.receipt_id, 0), desk::Settled::Without("done"))
        .unwrap();
    assert!(only_case(world).intake.reviews.is_empty());
    assert_eq!(rows::differing(world), []);
}

fn a_cancellation_that_follows_its_order_is_confirmed_too(world: &World) {
    world.take_now(&hl7("NW", "M-1", &[("P-1", "E1390")]));
    let then = world.take_now(&hl7("CA", "M-2", &[("P-1", "E1390")]));
    assert_eq!((then.outcome, codes(&then)), (Outcome::Queued, vec!["cancel-to-confirm"]));
    let case = only_case(world);
    assert_eq!(case_file(&world.agent(), &case.id).unwrap().next.code, "confirm-cancel");
}

fn an_ended_case_swallows_no_new_order(world: &World) {
    let order = Order::nth(0);
    assert_eq!(world.take_now(&order.by(Door::Csv, 0)).outcome, Outcome::Opened);
    let case = only_case(world);
    let (line, reason) = (LineNo(1), CancelReason::CancelledByMember);
    let end = Command::Closing(ClosingCommand::CancelLine { line, reason });
    act(&world.agent(), &case.id, None, &end).unwrap();
    let again = world.take_now(&order.by(Door::Csv, 1));
    assert_eq!((again.outcome, codes(&again)), (Outcome::Queued, vec!["order-ended"]));
    let anew = world.take_now(&order.by(Door::X12, 0));
    assert_eq!((anew.outcome, codes(&anew)), (Outcome::Opened, vec!["possible-duplicate"]));
    assert_eq!(cases(world).len(), 2);
}

/// Somebody here cancelled a line that the sender still wants: neither is right by itself.
fn a_cancelled_line_that_comes_again_is_for_a_person(world: &World) {
    let new = hl7("NW", "M-1", &[("P-1", "E1390"), ("P-2", "E0260")]);
    assert_eq!(world.take_now(&new).outcome, Outcome::Opened);
    let case = only_case(world);
    let (line, reason) = (LineNo(1), CancelReason::CancelledByMember);
    let end = Command::Closing(ClosingCommand::CancelLine { line, reason });
    act(&world.agent(), &case.id, None, &end).unwrap();
    let other = world.take_now(&hl7("XO", "M-2", &[("P-2", "E0260")]));
    assert_eq!(codes(&other), [""; 0], "the other line says nothing of it");
    let again = world.take_now(&hl7("XO", "M-3", &[("P-1", "E1390"), ("P-2", "E0260")]));
    assert_eq!((again.outcome, codes(&again)), (Outcome::Queued, vec!["change-to-confirm"]));
    assert!(again.units[0].problems[0].message.contains("line 1"), "{again:?}");
    assert_eq!(only_case(world).open_lines().count(), 1, "nobody reopened it");
}

on_both!(
    a_cancelled_line_that_comes_again_is_for_a_person,
    a_copy_fills_in_what_the_case_lacks,
    a_copy_with_a_line_more_adds_it,
    a_copy_that_differs_waits_for_a_person_who_settles_it,
    another_code_of_the_same_kind_is_no_silent_copy,
    another_address_is_for_a_person,
    an_authorization_number_that_came_is_kept,
    a_number_that_only_the_copy_knows_is_taken_over,
    rows_without_a_number_are_one_order_only_when_equal,
    a_change_is_applied_where_it_can_be,
    a_changed_line_waits_for_a_person,
    the_second_order_of_a_message_is_found_by_its_own_number,
    a_cancellation_may_overtake_its_order,
    a_cancellation_that_follows_its_order_is_confirmed_too,
    an_ended_case_swallows_no_new_order,
);
