//! Complaints told from appeals and inquiries: their receipts, their clocks, the answers that they need.

use super::clocks::rule;
use super::world::{World, no, ny};
use crate::auth::AuthCommand;
use crate::disputes::{
    AnswerGiven, Complainant, ComplaintCategory, ComplaintDoor, Dispute, DisputeKind,
    DisputeOutcome, DisputesCommand, Severity, Told,
};
use crate::{About, ClockRule, From};
use doorstep_vocab::{DisputeId, EscalationId, Timestamp};

fn told(category: ComplaintCategory, received_at: Timestamp) -> Told {
    Told {
        category,
        severity: Severity::Moderate,
        from: Complainant::Member,
        door: ComplaintDoor::Call,
        received_at,
        call_id: None,
        note_id: Some("n-1".into()),
    }
}

fn complain(id: &str, kind: DisputeKind, told: Told) -> DisputesCommand {
    DisputesCommand::Complain { dispute_id: id.into(), kind, told, appeals: Vec::new() }
}

fn late(id: &str) -> DisputesCommand {
    complain(
        id,
        DisputeKind::Grievance,
        told(ComplaintCategory::LateDelivery, ny("2026-07-01 08:30")),
    )
}

fn acknowledge(id: &str) -> DisputesCommand {
    DisputesCommand::AcknowledgeComplaint { dispute_id: id.into() }
}

fn answer(id: &str, in_writing: bool, tells_qio: bool) -> DisputesCommand {
    let answer = AnswerGiven { in_writing, tells_qio, document_id: None };
    DisputesCommand::AnswerComplaint { dispute_id: id.into(), answer }
}

fn resolve(id: &str) -> DisputesCommand {
    let outcome = DisputeOutcome::Resolved;
    DisputesCommand::Decide { dispute_id: id.into(), outcome }
}

fn refile(id: &str, kind: DisputeKind, lines: &[u16]) -> DisputesCommand {
    let lines = lines.iter().map(|n| no(*n)).collect();
    DisputesCommand::Refile { dispute_id: id.into(), kind, lines, told: None }
}

fn of<'a>(world: &'a World, id: &str) -> &'a Dispute {
    &world.case.disputes.disputes[&DisputeId::from(id)]
}

fn decision(name: &str, within: &str, kinds: &[DisputeKind]) -> ClockRule {
    ClockRule {
        from: From::Complained,
        kinds: kinds.to_vec(),
        ..rule(
            name,
            About::Dispute,
            within,
            [
                "disputes.complained disputes.filed disputes.refiled",
                "disputes.decided disputes.withdrawn disputes.dismissed disputes.refiled",
            ],
        )
    }
}

/// The clocks of Medicare Advantage: facts 4.4.
fn world() -> World {
    use DisputeKind::{Appeal, ExpeditedGrievance, Grievance};
    let mut world = World::oxygen();
    world.terms.clocks.extend([
        decision("grievance-decision", "30 calendar days", &[Grievance]),
        decision("grievance-decision", "24 h", &[ExpeditedGrievance]),
        decision("appeal-decision", "30 calendar days", &[Appeal]),
        rule(
            "complaint-acknowledge",
            About::Dispute,
            "5 calendar days",
            ["disputes.complained", "disputes.complaint-acknowledged disputes.complaint-answered"],
        ),
    ]);
    world
}

fn denied() -> World {
    let mut world = world();
    let (lines, trace) = (vec![no(1)], "T-1".to_owned());
    world.act(AuthCommand::Request { lines, trace, expedited: false, received_at: None });
    let reasons = vec!["not necessary".to_owned()];
    world.act(AuthCommand::Deny { line: no(1), reasons, noticed_on: None });
    world
}

#[test]
fn a_grievance_counts_from_when_it_was_heard_and_is_acknowledged_once() {
    let mut world = world();
    let added = world.act_twice(late("g-1"));
    assert_eq!(added[0], "disputes.complained");
    assert_eq!(
        world.clock("grievance-decision:dispute-g-1").started.counts_from,
        ny("2026-07-01 08:30")
    );
    assert!(world.clock("complaint-acknowledge:dispute-g-1").is_running());
    let added = world.act_twice(acknowledge("g-1"));
    assert_eq!(added, ["disputes.complaint-acknowledged", "clock.stopped"]);
    assert_eq!(world.refused(acknowledge("g-9")), "complaint-unknown");
    let later = told(ComplaintCategory::Access, ny("2026-07-02 08:00"));
    assert_eq!(world.refused(complain("g-2", DisputeKind::Inquiry, later)), "received-later");
    let now = told(ComplaintCategory::Access, world.now);
    assert_eq!(world.refused(complain("a-1", DisputeKind::Appeal, now)), "not-a-complaint");
}

#[test]
fn a_grievance_is_resolved_once_it_is_answered() {
    let mut world = world();
    world.act(late("g-1"));
    assert_eq!(world.refused(resolve("g-1")), "answer-missing");
    world.act_twice(answer("g-1", false, false));
    assert!(of(&world, "g-1").complaint.as_ref().unwrap().acknowledged_at.is_some());
    assert!(world.act(resolve("g-1")).contains(&"disputes.decided"));
    assert_eq!(world.refused(answer("g-1", true, false)), "dispute-decided");
}

#[test]
fn what_came_in_writing_is_answered_in_writing() {
    let mut world = world();
    let mut letter = told(ComplaintCategory::Billing, world.now);
    letter.door = ComplaintDoor::Letter;
    world.act(complain("g-1", DisputeKind::Grievance, letter));
    world.act(answer("g-1", false, false));
    assert_eq!(world.refused(resolve("g-1")), "answer-missing");
    world.act(answer("g-1", true, false));
    world.act(resolve("g-1"));
}

#[test]
fn quality_of_care_goes_to_the_clinical_lead_and_is_answered_with_the_right_to_the_qio() {
    let mut world = world();
    let quality = told(ComplaintCategory::QualityOfCare, world.now);
    let added = world.act_twice(complain("g-1", DisputeKind::Grievance, quality.clone()));
    assert!(added.contains(&"disputes.escalated"), "{added:?}");
    let raised = &world.case.disputes.escalations[&EscalationId::from("quality:g-1")];
    assert_eq!((raised.level, raised.opened_by.as_ref()), (3, None));
    world.act(answer("g-1", true, false));
    assert_eq!(world.refused(resolve("g-1")), "answer-missing", "Medicare Advantage");
    assert_eq!(world.refused(answer("g-1", false, true)), "qio-in-writing");
    world.act(answer("g-1", true, true));
    world.act(resolve("g-1"));
    world.terms.payer.line_of_business = "commercial".to_owned();
    world.act(complain("g-2", DisputeKind::Grievance, quality));
    world.act(answer("g-2", true, false));
    world.act(resolve("g-2"));
}

#[test]
fn one_call_may_hold_a_complaint_and_an_appeal() {
    let mut world = denied();
    let denial = told(ComplaintCategory::BenefitDenial, world.now);
    let both = |appeals: &[u16]| DisputesCommand::Complain {
        dispute_id: "g-1".into(),
        kind: DisputeKind::Grievance,
        told: denial.clone(),
        appeals: appeals.iter().map(|n| no(*n)).collect(),
    };
    assert_eq!(world.refused(both(&[9])), "line-unknown");
    world.act_twice(both(&[1]));
    assert_eq!(of(&world, "g-1").kind, DisputeKind::Grievance);
    assert_eq!(of(&world, "g-1-appeal").kind, DisputeKind::Appeal);
    let mut undecided = super::complaints::world();
    assert_eq!(undecided.refused(both(&[1])), "nothing-to-appeal");
    assert!(undecided.case.disputes.disputes.is_empty(), "both or none");
}

#[test]
fn what_was_filed_wrongly_is_moved_and_keeps_its_receipt() {
    let mut world = denied();
    world.act(late("g-1"));
    world.at("2026-07-04 10:00");
    let added = world.act_twice(refile("g-1", DisputeKind::Appeal, &[1]));
    assert_eq!(added[0], "disputes.refiled");
    assert!(!world.clock("grievance-decision:dispute-g-1").is_live());
    let appeal = world.clock("appeal-decision:dispute-g-1");
    assert_eq!(appeal.started.counts_from, ny("2026-07-01 08:30"), "the first receipt");
    let was = &of(&world, "g-1").complaint.as_ref().unwrap().was;
    assert_eq!(was.as_slice(), [(ny("2026-07-04 10:00"), DisputeKind::Grievance)]);
    world.act(refile("g-1", DisputeKind::ExpeditedGrievance, &[]));
    assert_eq!(
        world.due("grievance-decision:dispute-g-1#2"),
        ny("2026-07-02 08:30"),
        "late at once"
    );
    assert_eq!(world.refused(refile("g-9", DisputeKind::Inquiry, &[])), "dispute-unknown");
    let mut undecided = super::complaints::world();
    undecided.act(late("g-1"));
    assert_eq!(undecided.refused(refile("g-1", DisputeKind::Appeal, &[1])), "nothing-to-appeal");
}

#[test]
fn an_appeal_that_was_a_grievance_becomes_a_complaint_with_its_receipt_and_clocks() {
    let mut world = denied();
    let (dispute_id, kind, lines) = (DisputeId::from("d-1"), DisputeKind::Appeal, vec![no(1)]);
    world.act(DisputesCommand::Open { dispute_id, kind, lines });
    world.act(DisputesCommand::File { dispute_id: "d-1".into() });
    let heard = world.now;
    world.at("2026-07-06 10:00");
    assert_eq!(world.refused(refile("d-1", DisputeKind::Grievance, &[])), "told-missing");
    let told = told(ComplaintCategory::RudeStaff, ny("2026-07-06 09:00"));
    let (dispute_id, kind) = (DisputeId::from("d-1"), DisputeKind::Grievance);
    let moved = DisputesCommand::Refile { dispute_id, kind, lines: Vec::new(), told: Some(told) };
    let added = world.act_twice(moved);
    // It is acknowledged like any other; the appeal's clock ends, and the grievance's begins.
    let all = ["complained", "refiled"].map(|name| format!("disputes.{name}"));
    let clocks = ["started", "stopped", "started"].map(|name| format!("clock.{name}"));
    assert_eq!(added, all.into_iter().chain(clocks).collect::<Vec<_>>());
    let dispute = of(&world, "d-1");
    assert_eq!((dispute.kind, dispute.received_at()), (DisputeKind::Grievance, heard));
    let was = &dispute.complaint.as_ref().unwrap().was;
    assert_eq!(was.as_slice(), [(ny("2026-07-06 10:00"), DisputeKind::Appeal)]);
    assert_eq!(world.clock("grievance-decision:dispute-d-1").started.counts_from, heard);
    assert!(!world.clock("appeal-decision:dispute-d-1").is_live());
}

#[test]
fn an_appeal_that_came_with_a_complaint_was_heard_with_it() {
    let mut world = denied();
    world.at("2026-07-03 10:00");
    let heard = ny("2026-07-01 08:30");
    let both = |lines: &[u16]| DisputesCommand::Complain {
        dispute_id: "g-1".into(),
        kind: DisputeKind::Grievance,
        told: told(ComplaintCategory::BenefitDenial, heard),
        appeals: lines.iter().map(|n| no(*n)).collect(),
    };
    world.act_twice(both(&[1]));
    assert_eq!(of(&world, "g-1-appeal").received_at(), heard);
    assert_eq!(world.refused(both(&[])), "dispute-known", "the same id with another wish");
}

#[test]
fn an_inquiry_needs_no_answer_on_record() {
    let mut world = world();
    let asked = told(ComplaintCategory::Access, world.now);
    world.act(complain("q-1", DisputeKind::Inquiry, asked));
    world.act(resolve("q-1"));
}
