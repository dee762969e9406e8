//! The nurses' board: who stands before whom, and why; and triage with what was found.

use super::clocks::rule;
use super::world::{World, discharge, ny, oxygen_order, refer};
use crate::acuity::{Place, Why, place};
use crate::intake::{
    Assessment, Found, IntakeCommand, IntakeEvent, NeedByReason, Priority, TriageCheck,
    TriageOutcome, TriageReason,
};
use crate::{About, ClockRule, Family, From, OnMiss, Referral, Urgency};

fn with(change: impl Fn(&mut Referral), needed: Option<&str>) -> (World, Place) {
    let mut world = World::new();
    world.terms.clocks.push(ClockRule {
        from: From::TherapyDue,
        before: true,
        families: vec![Family("oxygen".to_owned())],
        on_miss: OnMiss::Escalate(2),
        ..rule(
            "therapy-due",
            About::Line,
            "12 h",
            ["intake.referred intake.need-by-moved", "delivery.scheduled"],
        )
    });
    let mut order = oxygen_order();
    change(&mut order);
    world.act(refer(order));
    if let Some(at) = needed {
        let reason = NeedByReason::Member;
        world.act(IntakeCommand::MoveNeedBy { at: ny(at), reason });
    }
    let found = place(&world.case, world.now);
    (world, found)
}

#[test]
fn a_therapy_at_risk_comes_before_a_discharge_and_that_before_an_urgent_order() {
    let (_, therapy) = with(|_| {}, Some("2026-07-01 18:00"));
    let (_, home) = with(|order| order.discharge = Some(discharge("2026-07-02 08:00")), None);
    let (_, urgent) = with(|order| order.urgency = Urgency::Urgent, None);
    let (_, routine) = with(|_| {}, None);
    assert_eq!((therapy.acuity, home.acuity), (Priority::P0, Priority::P1));
    assert_eq!((urgent.acuity, routine.acuity), (Priority::P1, Priority::P3));
    assert!(therapy.is_therapy_at_risk() && !home.is_therapy_at_risk());
    let mut all = [routine.clone(), urgent.clone(), home.clone(), therapy.clone()];
    all.sort_by_key(Place::key);
    assert_eq!(all[0], therapy);
    assert_eq!(all[3], routine);
    assert!(matches!(home.why[0], Why::Discharge(at) if at == ny("2026-07-02 08:00")));
    assert!(urgent.why.contains(&Why::Urgent) && routine.why == [Why::Routine]);
}

#[test]
fn a_discharge_within_four_hours_is_of_the_first_priority() {
    let (_, near) = with(|order| order.discharge = Some(discharge("2026-07-01 12:30")), None);
    assert_eq!(near.acuity, Priority::P0);
}

#[test]
fn what_a_nurse_said_counts_and_of_equals_the_first_due_then_the_oldest() {
    let (mut world, before) = with(|_| {}, Some("2026-07-01 18:00"));
    world.act(IntakeCommand::Triage(Priority::P2));
    let said = place(&world.case, world.now);
    assert_eq!((said.acuity, said.is_said, before.is_said), (Priority::P2, true, false));
    let older = Place { received_at: ny("2026-06-30 09:00"), ..said.clone() };
    let sooner = Place { at: ny("2026-07-01 05:00"), ..said.clone() };
    let mut all = [said.clone(), older.clone(), sooner.clone()];
    all.sort_by_key(Place::key);
    assert_eq!(all, [sooner, older, said]);
}

fn assessed(priority: Priority, outcome: TriageOutcome) -> IntakeCommand {
    let found = Found {
        outcome,
        reason: TriageReason::LifeSustaining,
        checked: [TriageCheck::Supply, TriageCheck::Backup].into(),
        note_id: Some("n-1".into()),
    };
    IntakeCommand::Assess(Box::new(Assessment { priority, found }))
}

#[test]
fn triage_has_an_outcome_a_reason_and_what_was_checked() {
    let mut world = World::oxygen();
    let bridge = assessed(Priority::P1, TriageOutcome::Bridge);
    assert_eq!(world.act_twice(bridge), ["intake.triaged"]);
    let record = world.case.intake.triage.clone().unwrap();
    assert_eq!((record.by.as_str(), record.found.checked.len()), ("agent-1", 2));
    assert_eq!(world.case.intake.priority, Some(Priority::P1));
    assert_eq!(world.act(assessed(Priority::P1, TriageOutcome::Director)), ["intake.triaged"]);
    assert!(world.act(IntakeCommand::Triage(Priority::P1)).is_empty(), "the priority is the same");
    let then: IntakeEvent = serde_json::from_str(r#"{"triaged":{"priority":"p1"}}"#).unwrap();
    assert_eq!(then, IntakeEvent::Triaged { priority: Priority::P1, found: None });
}

#[test]
fn a_level_is_who_answers_and_only_clinical_risk_is_one() {
    use crate::disputes::{DisputesCommand, EscalationReason};
    let raised = |reason| {
        let mut world = World::oxygen();
        world.act(DisputesCommand::Escalate {
            escalation_id: "e-1".into(),
            level: 3,
            reason,
            call_id: None,
            message_id: None,
        });
        place(&world.case, world.now).why
    };
    assert!(!raised(EscalationReason::PromiseBroken).contains(&Why::ClinicalRisk));
    assert!(raised(EscalationReason::ClinicalRisk).contains(&Why::ClinicalRisk));
}
