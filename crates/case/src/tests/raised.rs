//! Escalations as a whole: each level in its time, up the ladder, promises kept and broken, what is raised by itself, and
//! the summary for whoever steps in.

use super::clocks::rule;
use super::world::{World, discharge, line_of, ny, offer, oxygen_order, schedule};
use crate::disputes::{
    DisputesCommand, DisputesEvent, Escalation, EscalationReason, PromiseEnd, Tally,
};
use crate::handover::{Names, summary};
use crate::intake::{IntakeCommand, NeedByReason};
use crate::placement::{DeclineReason, PlacementCommand};
use crate::{
    About, Case, ClockRule, Event, Family, From, OnMiss, Recorded, Referral, next_step, replay,
};
use doorstep_vocab::{EscalationId, Timestamp};

fn raise(id: &str, level: u8) -> DisputesCommand {
    DisputesCommand::Escalate {
        escalation_id: id.into(),
        level,
        reason: EscalationReason::CallerAsked,
        call_id: None,
        message_id: Some("m-1".into()),
    }
}

fn higher(id: &str, level: u8) -> DisputesCommand {
    DisputesCommand::Raise { escalation_id: id.into(), level, message_id: None }
}

fn commit(id: &str, owner: &str, at: &str) -> DisputesCommand {
    DisputesCommand::Commit { escalation_id: id.into(), owner: owner.into(), committed_to: ny(at) }
}

fn resolve(id: &str) -> DisputesCommand {
    DisputesCommand::Resolve { escalation_id: id.into() }
}

fn acknowledge(id: &str) -> DisputesCommand {
    DisputesCommand::Acknowledge { escalation_id: id.into() }
}

fn of<'a>(world: &'a World, id: &str) -> &'a Escalation {
    &world.case.disputes.escalations[&EscalationId::from(id)]
}

/// Level 1 answers in a business hour, level 2 in half an hour, as facts 6.4 has it.
fn with_levels() -> World {
    let mut world = World::oxygen();
    let commit = |level, within| ClockRule {
        levels: vec![level],
        ..rule(
            "commit",
            About::Escalation,
            within,
            [
                "disputes.escalated disputes.raised",
                "disputes.committed disputes.resolved disputes.raised",
            ],
        )
    };
    world.terms.clocks.extend([commit(1, "1 business hour"), commit(2, "30 min")]);
    world
}

#[test]
fn each_level_answers_in_its_own_time_and_the_next_one_begins_anew() {
    let mut world = with_levels();
    world.at("2026-07-01 17:30").act(raise("e-1", 1));
    assert_eq!(world.due("commit:escalation-e-1"), ny("2026-07-02 08:30"), "a business hour");
    world.at("2026-07-01 17:40").act(acknowledge("e-1"));
    assert_eq!(of(&world, "e-1").owner, Some("agent-1".into()));
    let added = world.act_twice(higher("e-1", 2));
    assert_eq!(added, ["disputes.raised", "clock.stopped", "clock.started"]);
    assert_eq!(world.due("commit:escalation-e-1#2"), ny("2026-07-01 18:10"));
    let raised = of(&world, "e-1");
    assert_eq!((raised.level, raised.left.as_slice()), (2, &[(ny("2026-07-01 17:40"), 1)][..]));
    assert_eq!((raised.owner.as_ref(), raised.acknowledged_at), (None, None), "taken anew");
    assert_eq!(world.refused(higher("e-1", 1)), "level-not-higher");
    assert_eq!(world.refused(higher("e-1", 6)), "level-unknown");
    world.act(resolve("e-1"));
    assert_eq!(world.refused(higher("e-1", 3)), "escalation-resolved");
    assert_eq!(world.refused(acknowledge("e-1")), "escalation-resolved");
}

#[test]
fn an_escalation_knows_who_raised_it_in_which_call_and_what_was_said() {
    let mut world = World::oxygen();
    let mut asked = raise("e-1", 1);
    let DisputesCommand::Escalate { call_id, .. } = &mut asked else { unreachable!() };
    *call_id = Some("call-9".into());
    assert_eq!(world.refused(asked), "call-unknown");
    world.act(raise("e-1", 1));
    let say = |n: &str| DisputesCommand::Say { escalation_id: "e-1".into(), message_id: n.into() };
    assert_eq!(world.act_twice(say("m-2")), ["disputes.said"]);
    world.act(resolve("e-1"));
    assert_eq!(world.act(say("m-3")), ["disputes.said"], "a thread goes on after it");
    let raised = of(&world, "e-1");
    assert_eq!((raised.opened_by.as_ref(), raised.messages.len()), (Some(&"agent-1".into()), 3));
    assert_eq!(
        world.refused(DisputesCommand::Say { escalation_id: "e-9".into(), message_id: "m".into() }),
        "escalation-unknown"
    );
}

#[test]
fn a_promise_is_kept_broken_or_moved() {
    use PromiseEnd::{Broken, Kept, Moved};
    let mut world = World::oxygen();
    for id in ["kept", "broken", "moved", "sooner", "late", "open"] {
        world.act(raise(id, 2));
        world.act(commit(id, "lead-1", "2026-07-01 12:00"));
    }
    world.at("2026-07-01 11:00");
    world.act(commit("moved", "lead-1", "2026-07-01 15:00"));
    world.act(commit("sooner", "lead-2", "2026-07-01 11:30"));
    world.act(resolve("kept"));
    world.act(resolve("sooner"));
    world.at("2026-07-01 13:00");
    world.act(resolve("late"));
    world.act(commit("broken", "lead-1", "2026-07-01 16:00"));
    let ends = |id: &str| -> Vec<Option<PromiseEnd>> {
        of(&world, id).promises.iter().map(|promise| promise.standing(world.now)).collect()
    };
    assert_eq!(ends("kept"), [Some(Kept)]);
    assert_eq!(ends("late"), [Some(Broken)]);
    assert_eq!(ends("broken"), [Some(Broken), None], "broken before it was made anew");
    assert_eq!(ends("moved"), [Some(Moved), None]);
    assert_eq!(ends("sooner"), [Some(Kept)], "in place of the first");
    assert_eq!(ends("open"), [Some(Broken)], "its time has passed, whoever says so");
    let all = world.case.disputes.escalations.values().flat_map(|raised| &raised.promises);
    let tally = Tally::of(all, world.now);
    assert_eq!((tally.n_kept, tally.n_broken, tally.n_moved, tally.n_running), (2, 3, 1, 2));
    assert_eq!((tally.n_made(), tally.keep_percent()), (8, Some(33)));
    assert_eq!(Tally::default().keep_percent(), None, "of nothing there is no rate");
}

#[test]
fn a_promise_kept_to_the_minute_is_kept() {
    let mut world = World::oxygen();
    world.act(raise("e-1", 2));
    world.act(commit("e-1", "lead-1", "2026-07-01 12:00"));
    world.at("2026-07-01 12:00").act(resolve("e-1"));
    assert_eq!(of(&world, "e-1").promises[0].standing(world.now), Some(PromiseEnd::Kept));
}

#[test]
fn a_higher_level_does_not_undo_what_the_lower_promised() {
    let mut world = World::oxygen();
    world.act(raise("e-1", 1));
    world.act(commit("e-1", "lead-1", "2026-07-01 12:00"));
    world.act(higher("e-1", 2));
    assert!(world.clock("promise:escalation-e-1").is_running());
    world.at("2026-07-01 12:00");
    assert_eq!(world.ring("promise:escalation-e-1"), ["clock.missed", "disputes.escalated"]);
    let broken = of(&world, "missed:promise:escalation-e-1");
    assert_eq!((broken.level, broken.reason), (3, EscalationReason::PromiseBroken));
    assert_eq!(broken.opened_by, None, "it was raised by itself");
}

#[test]
fn what_was_recorded_before_there_were_calls_and_words_is_read() {
    let then = r#"{"escalated":{"escalation_id":"e-1","level":2,"reason":"declines"}}"#;
    let event: DisputesEvent = serde_json::from_str(then).unwrap();
    let DisputesEvent::Escalated { call_id: None, message_id: None, .. } = event else {
        panic!("{event:?}")
    };
    let then = r#"{"level":2,"reason":"other","opened_at":0,"owner":null,"committed_to":null,"resolved_at":null}"#;
    let state: Escalation = serde_json::from_str(then).unwrap();
    assert!(state.is_open() && state.promises.is_empty());
}

#[test]
fn three_declines_of_a_line_raise_it_by_themselves_to_level_two() {
    let mut world = World::authorized(1);
    for (n, provider) in ["north", "south", "east"].into_iter().enumerate() {
        let offer_id = format!("o-{n}");
        world.act(offer(&offer_id, provider, &[1]));
        assert!(world.case.disputes.escalations.is_empty(), "before the third");
        let reason = DeclineReason::NoCapacityDate;
        world.act(PlacementCommand::Decline { offer_id: offer_id.as_str().into(), reason });
    }
    let raised = of(&world, "declines:line-1");
    assert_eq!((raised.level, raised.reason), (2, EscalationReason::Declines));
    assert_eq!(raised.opened_by, None);
}

/// The clock of facts 6.4, L2: oxygen, ventilation or an infusion that is due within twelve hours.
fn therapy() -> ClockRule {
    ClockRule {
        from: From::TherapyDue,
        before: true,
        families: vec![Family("oxygen".to_owned())],
        on_miss: OnMiss::Escalate(2),
        ..rule(
            "therapy-due",
            About::Line,
            "12 h",
            ["intake.referred intake.need-by-moved", "delivery.scheduled delivery.delivered"],
        )
    }
}

fn needed(at: &str) -> IntakeCommand {
    IntakeCommand::MoveNeedBy { at: ny(at), reason: NeedByReason::Member }
}

#[test]
fn oxygen_that_is_due_within_twelve_hours_is_raised_and_a_bed_is_not() {
    let mut world = World::new();
    world.terms.clocks.push(therapy());
    let lines = vec![line_of("E1390", 1), line_of("E0260", 1)];
    world.act(super::world::refer(Referral { lines, ..oxygen_order() }));
    assert!(world.act(needed("2026-07-03 09:00")).contains(&"clock.started"));
    assert_eq!(world.case.disputes.escalations.len(), 0, "two days are left");
    let added = world.act(needed("2026-07-01 20:00"));
    assert!(added.contains(&"disputes.escalated"), "{added:?}");
    let raised = of(&world, "missed:therapy-due:line-1");
    assert_eq!((raised.level, raised.reason), (2, EscalationReason::TherapyAtRisk));
    assert_eq!(world.case.disputes.escalations.len(), 1, "the bed is not life-sustaining");
}

#[test]
fn what_is_planned_in_time_is_not_raised() {
    let mut world = World::placed(1);
    world.terms.clocks.push(therapy());
    world.act(needed("2026-07-03 09:00"));
    world.act(schedule("v-1", &[1], ("2026-07-02 10:00", "2026-07-02 12:00")));
    assert!(!world.clock("therapy-due:line-1").is_live());
}

#[test]
fn a_discharge_that_was_raised_is_not_raised_again_for_its_oxygen() {
    let mut world = World::new();
    let critical = world.terms.clocks.iter_mut().find(|rule| rule.name == "discharge-critical");
    let critical = critical.unwrap();
    critical.about = About::Line;
    world.terms.clocks.push(therapy());
    let discharge = Some(discharge("2026-07-01 18:00"));
    world.act(super::world::refer(Referral { discharge, ..oxygen_order() }));
    world.act(needed("2026-07-01 20:00"));
    assert!(world.clock("therapy-due:line-1").missed_at.is_some());
    let raised: Vec<&str> =
        world.case.disputes.escalations.keys().map(EscalationId::as_str).collect();
    assert_eq!(raised, ["missed:discharge-critical:line-1"]);
}

fn told(case: &Case, world: &World) -> String {
    let missing =
        crate::completeness::missing(case, &world.terms, world.now, &world.facts().hub_zone);
    let next = next_step(case, &missing);
    let at = |at: Timestamp| at.civil(&world.facts().hub_zone).strftime("%H:%M").to_string();
    let names = Names {
        member: "Testa Example, born 1950-01-01",
        payer: "Acme Example Health",
        asked_by: Some("Pat Planner, Example Hospital"),
        line: &|no| format!("line {no}, oxygen"),
        provider: &|id| format!("Provider {id}"),
        person: &|id| format!("Ms {id}"),
        at: &at,
    };
    summary(case, &missing, &next, &names)
}

#[test]
fn the_summary_tells_who_what_due_blocked_tried_and_promised() {
    let mut world = World::authorized(1);
    world.act(IntakeCommand::MoveDischarge(discharge("2026-07-03 18:00")));
    world.act(offer("o-1", "north", &[1]));
    let reason = DeclineReason::NoCapacityDate;
    world.act(PlacementCommand::Decline { offer_id: "o-1".into(), reason });
    world.act(raise("e-1", 1));
    world.act(commit("e-1", "lead-1", "2026-07-01 11:15"));
    let text = told(&world.case, &world);
    let lines: Vec<&str> = text.lines().collect();
    let heads: Vec<&str> = lines.iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(heads, ["Who", "What", "Due", "Blocked", "Tried", "Promised"]);
    assert!(lines[0].contains("Testa Example") && lines[0].contains("asked by Pat Planner"));
    assert!(lines[1].contains("line 1, oxygen"), "{text}");
    assert!(lines[2].contains("discharge 18:00") && lines[2].contains("needed by"), "{text}");
    assert!(lines[3].contains("next step:"), "{text}");
    assert!(lines[4].contains("Provider north declined"), "{text}");
    assert!(lines[5].contains("Ms lead-1 a resolution by 11:15"), "{text}");
    let fresh = World::oxygen();
    assert!(!told(&fresh.case, &fresh).contains("Tried"), "nothing was tried");
}

#[test]
fn a_record_of_escalations_comes_to_the_same_state_again() {
    let mut world = World::oxygen();
    world.act(raise("e-1", 1));
    world.act(commit("e-1", "lead-1", "2026-07-01 11:00"));
    world.act(higher("e-1", 2));
    world.act(commit("e-1", "lead-2", "2026-07-01 12:00"));
    world.act(resolve("e-1"));
    let read: Vec<Recorded> =
        serde_json::from_str(&serde_json::to_string(&world.record).unwrap()).unwrap();
    assert_eq!(replay(world.case.id.clone(), &read), world.case);
    assert!(
        read.iter().any(|one| matches!(one.event, Event::Disputes(DisputesEvent::Raised { .. })))
    );
}
