//! Benefits rules: given events, when a command comes, then events or a refusal.

use super::{Answer, BenefitsCommand, CoverageStatus};
use crate::tests::world::{World, on};

fn answer(status: CoverageStatus) -> Answer {
    Answer { status, reference: Some("271-1".to_owned()), from: Some(on("2026-01-01")), to: None }
}

#[test]
fn the_payer_is_asked_once_until_it_answers() {
    let mut world = World::oxygen();
    assert_eq!(world.act_twice(BenefitsCommand::Ask), ["benefits.asked"]);
    assert_eq!(world.case.benefits.status, CoverageStatus::Pending);
    let active = BenefitsCommand::Answer(answer(CoverageStatus::Active));
    assert_eq!(world.act_twice(active), ["benefits.answered"]);
    assert_eq!(world.act(BenefitsCommand::Ask), ["benefits.asked"]);
}

#[test]
fn every_answer_moves_the_coverage() {
    let mut world = World::oxygen();
    for status in CoverageStatus::ANSWERS {
        world.act(BenefitsCommand::Answer(answer(status)));
        assert_eq!(world.case.benefits.status, status);
        assert_eq!(CoverageStatus::parse(status.name()), Some(status));
    }
    assert_eq!(CoverageStatus::parse("pending"), None);
}

#[test]
fn the_same_answer_to_a_new_question_is_recorded() {
    let mut world = World::oxygen();
    world.act(BenefitsCommand::Answer(answer(CoverageStatus::Active)));
    world.act(BenefitsCommand::Ask);
    let again = BenefitsCommand::Answer(answer(CoverageStatus::Active));
    assert_eq!(world.act(again), ["benefits.answered"]);
}

#[test]
fn coverage_that_ends_before_it_begins_is_refused() {
    let mut world = World::oxygen();
    let backwards = Answer { to: Some(on("2025-01-01")), ..answer(CoverageStatus::Active) };
    assert_eq!(world.refused(BenefitsCommand::Answer(backwards)), "coverage-dates");
}
