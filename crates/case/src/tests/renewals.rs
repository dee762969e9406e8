//! An authorization that ends while the service goes on: warned of in time, renewed, and counted from one to the next.

use super::clocks::rule;
use super::world::{World, accept, deliver, no, offer, on, oxygen_order, schedule};
use crate::auth::{Approval, AuthCommand, AuthWithdrawReason, Determination};
use crate::closing::{CancelReason, ClosingCommand};
use crate::delivery::{DeliveryCommand, PickUpReason};
use crate::{About, ClockRule, From, LineRequest, OnMiss, Referral, Unit, next_step};

const ENDS: &str = "auth-ends:line-1";

fn rules() -> Vec<ClockRule> {
    let over =
        "auth.requested auth.expedited auth.approved auth.modified auth.withdrawn auth.expired";
    let begun = "auth.approved auth.modified auth.withdrawn";
    vec![
        ClockRule {
            from: From::AuthEnds,
            before: true,
            on_miss: OnMiss::Escalate(1),
            ..rule("auth-ends", About::Line, "15 calendar days", [begun, over])
        },
        rule("auth-units", About::Line, "1 business day", ["auth.running-low", over]),
    ]
}

/// Twenty nursing visits, of which the payer has approved ten until the end of August, placed with `north`.
fn nursing() -> World {
    let request = LineRequest { unit: Unit::Visit, ..super::world::line_of("G0299", 20) };
    approved(request, visits("AUTH-1", ("2026-07-01", "2026-08-31")))
}

fn approved(request: LineRequest, approval: Approval) -> World {
    let mut world = World::new();
    world.terms.clocks.extend(rules());
    world.act(super::world::refer(Referral { lines: vec![request], ..oxygen_order() }));
    world.act(AuthCommand::Determine { line: no(1), answer: Determination::Required });
    world.act(request_of("T-1"));
    world.act(approve(approval));
    world.act(offer("o-1", "north", &[1]));
    world.act(accept("o-1", &[1], "2026-07-03 17:00"));
    world
}

fn visits(number: &str, (from, to): (&str, &str)) -> Approval {
    Approval {
        number: number.to_owned(),
        from: Some(on(from)),
        to: Some(on(to)),
        quantity: Some(10),
        unit: Unit::Visit,
        ..Approval::default()
    }
}

fn request_of(trace: &str) -> AuthCommand {
    let (lines, trace) = (vec![no(1)], trace.to_owned());
    AuthCommand::Request { lines, trace, expedited: false, received_at: None }
}

fn renewal(trace: &str) -> AuthCommand {
    let (lines, trace) = (vec![no(1)], trace.to_owned());
    AuthCommand::Renew { lines, trace, expedited: false, received_at: None }
}

fn approve(approval: Approval) -> AuthCommand {
    AuthCommand::Approve { line: no(1), approval, modified: false, noticed_on: None }
}

fn visit(world: &mut World, id: &str, (day, n): (&str, u32)) {
    let (from, to) = (format!("{day} 10:00"), format!("{day} 12:00"));
    world.at(&format!("{day} 09:00"));
    world.act(schedule(id, &[1], (&from, &to)));
    world.act(deliver(id, &[(1, n)], day));
}

fn planned(world: &mut World, id: &str, day: &str) -> Result<usize, &'static str> {
    let window = (format!("{day} 10:00"), format!("{day} 12:00"));
    let added = world.attempt(schedule(id, &[1], (&window.0, &window.1)));
    added.map(|events| events.len()).map_err(|refusal| refusal.code())
}

fn step(world: &World) -> &'static str {
    next_step(&world.case, &[]).code
}

#[test]
fn an_authorization_that_ends_while_the_service_goes_on_is_renewed_in_time() {
    let mut world = nursing();
    world.act(crate::intake::IntakeCommand::Acknowledge);
    // Fifteen days before the end of August 31 begin with August 17.
    assert_eq!(world.due(ENDS), super::world::ny("2026-08-17 00:00"));
    world.case.benefits.status = crate::benefits::CoverageStatus::Active;
    world.at("2026-07-25 09:00");
    assert_eq!(world.ring(ENDS), ["clock.warned"], "half of the time is gone");
    assert_eq!(step(&world), "schedule");
    world.at("2026-08-10 09:00");
    assert_eq!(world.ring(ENDS), ["clock.warned"], "three quarters of the time are gone");
    assert_eq!(step(&world), "renew-auth");
    world.at("2026-08-17 00:00");
    assert_eq!(world.ring(ENDS), ["clock.missed", "disputes.escalated", "clock.started"][..2]);
    let words = next_step(&world.case, &[]);
    let renewed = world.act(renewal("T-2"));
    assert!(renewed.contains(&"auth.requested") && renewed.contains(&"clock.stopped"));
    assert_eq!(words.code, "commit-escalation");
}

#[test]
fn a_short_authorization_is_not_late_on_its_first_day() {
    let week = visits("AUTH-1", ("2026-07-01", "2026-07-07"));
    let request = LineRequest { unit: Unit::Visit, ..super::world::line_of("G0299", 20) };
    let world = approved(request, week);
    let clock = world.clock(ENDS);
    assert_eq!(clock.missed_at, None);
    // From nine on July 1 to the end of July 7 are 159 hours; half of them end on July 4.
    assert_eq!(clock.started.due_at, super::world::ny("2026-07-04 16:30"));
    let counted = clock.explain_on(&world.terms.calendar);
    let counted = counted.iter().find(|(what, _)| *what == "counted").map(|(_, words)| &words[..]);
    assert_eq!(
        counted,
        Some(
            "less than 15 calendar days were left before Wed 2026-07-08 00:00 America/New_York: half of what was left ends at Sat 2026-07-04 16:30 America/New_York"
        )
    );
}

#[test]
fn nothing_is_renewed_of_what_has_ended() {
    let mut world = nursing();
    let reason = CancelReason::Transferred;
    world.act(ClosingCommand::CancelLine { line: no(1), reason });
    assert!(!world.clock(ENDS).is_live());
    let bought = Approval { unit: Unit::Each, ..visits("AUTH-1", ("2026-07-01", "2026-08-31")) };
    let mut world = approved(super::world::line_of("E0260", 1), bought.clone());
    visit(&mut world, "v-1", ("2026-07-02", 1));
    assert!(!world.clock(ENDS).is_live(), "a bed that was sold needs no more authorization");
    let modifiers = vec!["RR".to_owned()];
    let rented = LineRequest { modifiers, ..super::world::line_of("E0260", 1) };
    let mut world = approved(rented, bought);
    visit(&mut world, "v-1", ("2026-07-02", 1));
    assert!(world.clock(ENDS).is_running(), "a rented one does");
    assert!(world.act(renewal("T-2")).contains(&"auth.requested"));
    let (goods, serials) = (super::world::goods(&[(1, 1)]), Vec::new());
    let next = visits("AUTH-2", ("2026-09-01", "2026-12-31"));
    world.act(approve(Approval { unit: Unit::Each, quantity: None, ..next }));
    world.act(DeliveryCommand::PickUp { goods, serials, reason: PickUpReason::EndOfNeed });
    world.act(ClosingCommand::CancelLine { line: no(1), reason: CancelReason::Transferred });
    assert!(world.case.clocks.0.values().all(|c| c.started.rule != "auth-ends" || !c.is_live()));
}

#[test]
fn a_renewal_takes_nothing_from_the_approval_in_hand() {
    let mut world = nursing();
    assert_eq!(world.refused(request_of("T-2")), "auth-already-determined");
    assert_eq!(world.act_twice(renewal("T-2"))[0], "auth.requested");
    assert!(world.clock("auth-standard:line-1#2").is_running(), "the payer's time runs");
    assert_eq!(planned(&mut world, "v-1", "2026-08-31"), Ok(2), "care goes on under the first");
    assert_eq!(planned(&mut world, "v-2", "2026-08-31"), Err("line-scheduled"));
    let reasons = vec!["R-1".to_owned()];
    world.act(AuthCommand::Deny { line: no(1), reasons, noticed_on: None });
    assert!(world.case.lines[&no(1)].is_permitted());
    world.act(DeliveryCommand::CancelVisit {
        visit_id: "v-1".into(),
        reason: crate::delivery::VisitCancelReason::Other,
    });
    assert_eq!(planned(&mut world, "v-3", "2026-08-30").map(|n| n > 0), Ok(true));
    assert_eq!(planned(&mut world, "v-4", "2026-09-01"), Err("auth-ends-before"));
}

#[test]
fn a_renewal_that_is_taken_back_leaves_the_approval_as_it_was() {
    let mut world = nursing();
    let before = world.case.lines[&no(1)].auth.clone();
    world.act(renewal("T-2"));
    assert!(!world.clock(ENDS).is_live(), "it was asked for");
    let reason = AuthWithdrawReason::RequestedInError;
    let added = world.act_twice(AuthCommand::WithdrawRenewal { line: no(1), reason });
    assert_eq!(added[0], "auth.withdrawn");
    assert_eq!(world.case.lines[&no(1)].auth, before);
    assert!(world.clock("auth-ends:line-1#2").is_running(), "it has to be asked for again");
    world.act(renewal("T-3"));
    world.act(AuthCommand::Withdraw { line: no(1), reason });
    assert!(!world.case.lines[&no(1)].is_permitted(), "both are gone");
    assert_eq!(world.refused(AuthCommand::WithdrawRenewal { line: no(1), reason }), "no-renewal");
}

#[test]
fn what_was_left_of_one_period_is_gone_in_the_next() {
    let mut world = nursing();
    visit(&mut world, "v-1", ("2026-07-02", 6));
    world.act(renewal("T-2"));
    world.act(approve(visits("AUTH-2", ("2026-09-01", "2026-10-31"))));
    let line = &world.case.lines[&no(1)];
    assert_eq!((line.ledger.authorized, line.owed()), (20, 14));
    visit(&mut world, "v-2", ("2026-08-20", 2));
    visit(&mut world, "v-3", ("2026-09-02", 1));
    let line = &world.case.lines[&no(1)];
    assert_eq!(line.ledger.held(), 9);
    // Two of the first ten were never used; nine of the second are left.
    assert_eq!((line.in_hand.as_ref(), line.owed()), (None, 9));
    world.at("2026-09-03 09:00");
    world.act(schedule("v-4", &[1], ("2026-09-03 10:00", "2026-09-03 12:00")));
    assert_eq!(world.refused(deliver("v-4", &[(1, 10)], "2026-09-03")), "over-authorized");
    assert_eq!(world.act(deliver("v-4", &[(1, 9)], "2026-09-03"))[0], "delivery.partly-delivered");
}

#[test]
fn visits_that_run_low_are_renewed_while_some_are_left() {
    let mut world = nursing();
    visit(&mut world, "v-1", ("2026-07-02", 7));
    assert_eq!(world.count("auth.running-low"), 0, "three of ten are left");
    visit(&mut world, "v-2", ("2026-07-09", 1));
    assert_eq!(world.count("auth.running-low"), 1);
    assert_eq!(world.due("auth-units:line-1"), super::world::ny("2026-07-10 18:00"));
    visit(&mut world, "v-3", ("2026-07-10", 1));
    assert_eq!(world.count("auth.running-low"), 1, "it is said once");
    assert!(world.act(renewal("T-2")).contains(&"clock.stopped"));
    world.act(approve(visits("AUTH-2", ("2026-07-11", "2026-10-31"))));
    assert!(!world.case.lines[&no(1)].running_low);
    let all = Approval { quantity: Some(20), ..visits("AUTH-1", ("2026-07-01", "2026-08-31")) };
    let request = LineRequest { unit: Unit::Visit, ..super::world::line_of("G0299", 20) };
    let mut world = approved(request, all);
    visit(&mut world, "v-1", ("2026-07-02", 17));
    assert_eq!(world.count("auth.running-low"), 0, "no more is ordered than is authorized");
}

#[test]
fn an_approval_without_an_end_is_not_renewed() {
    let endless =
        Approval { to: None, quantity: None, ..visits("AUTH-1", ("2026-07-01", "2026-08-31")) };
    let request = LineRequest { unit: Unit::Visit, ..super::world::line_of("G0299", 20) };
    let mut world = approved(request, endless);
    assert!(!world.case.clocks.0.contains_key(&ENDS.into()));
    assert_eq!(world.refused(renewal("T-2")), "auth-endless");
    assert_eq!(World::oxygen().refused(renewal("T-2")), "auth-already-determined");
}
