//! Rules of calls: who may be told what, what a call's time is, and what a promise to call back does.

use super::{
    Authority, Barred, CallRules, CallState, CallTerms, CallerKind, CallsCommand, Direction,
    Identifier, Level, Life, Matched, Script, Step, Symptom,
};
use crate::closing::{CancelReason, ClosingCommand};
use crate::tests::clocks::promises;
use crate::tests::world::{World, no, ny};
use crate::{About, ClockRule, From, OnMiss};
use Identifier::{Address, BirthDate, CaseNumber, MemberId, Name, Npi};
use doorstep_vocab::{Micros, Timestamp};

fn kind(must: &[Identifier], authority: &[Authority]) -> CallerKind {
    CallerKind {
        name: "somebody".to_owned(),
        words: "somebody".to_owned(),
        must: must.to_vec(),
        authority: authority.to_vec(),
        counted: vec![Name, BirthDate, MemberId, Address],
        status: Some(2),
        full: Some(3),
        full_must: vec![Name, BirthDate],
        hears_status: String::new(),
        hears_full: String::new(),
    }
}

fn matched(ids: &[Identifier]) -> Matched {
    Matched { identifiers: ids.iter().copied().collect(), ..Matched::default() }
}

#[test]
fn two_matches_open_the_state_and_three_the_rest() {
    let kind = kind(&[], &[]);
    let level = |ids: &[Identifier]| kind.level(&matched(ids), 2);
    assert_eq!(level(&[Name]), Level::Nothing);
    assert_eq!(level(&[Name, Npi, CaseNumber]), Level::Nothing, "what does not count");
    assert_eq!(level(&[Name, BirthDate]), Level::Status);
    assert_eq!(level(&[BirthDate, MemberId, Address]), Level::Status, "without the name");
    assert_eq!(level(&[Name, BirthDate, Address]), Level::Full);
}

#[test]
fn identity_without_authority_opens_nothing() {
    let kind = kind(&[], &[Authority::Document, Authority::Agreement]);
    let mut said = matched(&[Name, BirthDate, MemberId]);
    assert_eq!(kind.level(&said, 2), Level::Nothing);
    said.authority.insert(Authority::Badge);
    assert_eq!(kind.level(&said, 2), Level::Nothing);
    said.authority.insert(Authority::Agreement);
    assert_eq!(kind.level(&said, 2), Level::Full);
}

#[test]
fn what_must_match_is_not_made_up_for_by_more_of_the_rest() {
    let kind = kind(&[Npi], &[]);
    assert_eq!(kind.level(&matched(&[Name, BirthDate, MemberId, Address]), 2), Level::Nothing);
    assert_eq!(kind.level(&matched(&[Npi, Name, BirthDate]), 2), Level::Status);
}

#[test]
fn a_caller_who_is_never_told_anything_is_told_nothing() {
    let kind = CallerKind { status: None, full: None, ..kind(&[], &[]) };
    let all = matched(Identifier::ALL);
    assert_eq!(kind.level(&all, 2), Level::Nothing);
}

#[test]
fn after_two_failed_tries_the_right_answer_opens_nothing() {
    let kind = kind(&[], &[]);
    let mut said = Matched::default();
    said.tried(&[Name], true);
    said.tried(&[BirthDate], false);
    assert_eq!(kind.level(&said, 2), Level::Status);
    said.tried(&[], true);
    said.tried(&[MemberId], false);
    assert!(said.is_locked(2));
    assert_eq!(kind.level(&said, 2), Level::Nothing);
}

#[test]
fn each_identifier_is_asked_for_once() {
    let kind = CallerKind { counted: vec![Name, Npi], ..kind(&[Npi], &[]) };
    assert_eq!(kind.asked(), [Npi, Name]);
}

fn rules() -> CallRules {
    let symptom = |name: &str, words: &[&str]| Symptom {
        name: name.to_owned(),
        words: words.iter().map(ToString::to_string).collect(),
        say: "stay on the line".to_owned(),
    };
    let script = |callers: &[&str], reasons: &[&str], question: &str| Script {
        callers: callers.iter().map(ToString::to_string).collect(),
        reasons: reasons.iter().map(ToString::to_string).collect(),
        questions: vec![question.to_owned()],
    };
    CallRules {
        symptoms: vec![
            symptom("breath", &["can't breathe", "short of breath"]),
            symptom("fall", &["a fall"]),
        ],
        scripts: vec![
            script(&[], &[], "who?"),
            script(&["member"], &[], "how are you?"),
            script(&[], &["status"], "which order?"),
            script(&["member"], &["delivery"], "when?"),
        ],
        ..CallRules::default()
    }
}

#[test]
fn symptoms_are_heard_however_they_are_typed() {
    let rules = rules();
    let heard = |text: &str| -> Vec<String> {
        rules.symptoms_in(text).into_iter().map(|symptom| symptom.name.clone()).collect()
    };
    assert_eq!(heard("says she CANT  breathe!"), ["breath"]);
    assert_eq!(heard("Short-of-breath since a fall"), ["breath", "fall"]);
    assert_eq!(heard("she can’t breathe"), ["breath"]);
    assert_eq!(heard("a falling price, a fallback"), [""; 0]);
    assert_eq!(heard(""), [""; 0]);
}

#[test]
fn a_script_is_made_of_what_fits_the_caller_and_the_reason() {
    let rules = rules();
    let asked = |caller, reason| rules.questions(caller, reason).collect::<Vec<_>>();
    assert_eq!(asked("member", "status"), ["who?", "how are you?", "which order?"]);
    assert_eq!(asked("courier", "delivery"), ["who?"]);
    assert_eq!(asked("member", "delivery"), ["who?", "how are you?", "when?"]);
}

fn at(seconds: i64) -> Timestamp {
    Timestamp(seconds * 1_000_000)
}

fn seconds(life: Life) -> [i64; 3] {
    [life.talk, life.hold, life.wrap].map(|Micros(micros)| micros / 1_000_000)
}

#[test]
fn talk_hold_and_wrap_up_are_told_apart() {
    let mut life = Life::connected(at(0));
    for (step, when) in [
        (Step::Hold, 60),
        (Step::Resume, 90),
        (Step::Transfer, 100),
        (Step::Resume, 120),
        (Step::HangUp, 200),
        (Step::Close, 260),
    ] {
        life = life.step(step, at(when)).unwrap();
    }
    assert_eq!(seconds(life), [60 + 10 + 80, 30 + 20, 60]);
    assert_eq!((life.n_holds, life.n_transfers), (2, 1));
    assert_eq!(life.at(at(900)), life, "a closed call takes no more time");
}

#[test]
fn the_same_step_twice_is_one_and_a_clock_put_back_costs_nothing() {
    let held = Life::connected(at(10)).step(Step::Hold, at(20)).unwrap();
    assert_eq!(held.step(Step::Hold, at(25)).unwrap(), held);
    let back = held.step(Step::Resume, at(5)).unwrap();
    assert_eq!((seconds(back), back.since), ([10, 0, 0], at(20)));
}

#[test]
fn a_call_is_not_closed_before_it_ended_nor_held_after() {
    let life = Life::connected(at(0));
    assert_eq!(life.step(Step::Close, at(1)).unwrap_err().code(), "call-goes-on");
    let ended = life.step(Step::HangUp, at(1)).unwrap();
    for step in [Step::Hold, Step::Resume, Step::Transfer] {
        assert_eq!(ended.step(step, at(2)).unwrap_err().code(), "call-ended");
    }
    assert_eq!(ended.step(Step::Close, at(3)).unwrap().state, CallState::Closed);
}

/// The clock of a promise to call back.
pub(crate) fn call_back() -> ClockRule {
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    ClockRule {
        name: "call-back".to_owned(),
        about: About::Call,
        from: From::Committed,
        starts: names(&["calls.promised"]),
        stops: names(&["calls.kept"]),
        before: true,
        on_miss: OnMiss::Escalate(1),
        ..promises().remove(1)
    }
}

fn begin(id: &str, direction: Direction) -> CallsCommand {
    let (caller, reason) = ("member".to_owned(), "status".to_owned());
    CallsCommand::Begin { call_id: id.into(), direction, caller, reason }
}

fn promise(id: &str, to: &str) -> CallsCommand {
    CallsCommand::Promise { call_id: id.into(), promised_to: ny(to) }
}

fn end(id: &str, was_reached: bool) -> CallsCommand {
    CallsCommand::End { call_id: id.into(), disposition: "ended".to_owned(), was_reached }
}

fn promised() -> World {
    let mut world = World::oxygen();
    world.terms.clocks.push(call_back());
    world.act_twice(begin("c-1", Direction::Inbound));
    let added = world.act_twice(promise("c-1", "2026-07-01 15:00"));
    assert_eq!(added, ["calls.promised", "clock.started"]);
    world
}

#[test]
fn a_promised_call_back_is_due_when_it_was_promised() {
    let mut world = promised();
    assert_eq!(world.due("call-back:call-c-1"), ny("2026-07-01 15:00"));
    assert_eq!(world.refused(promise("c-1", "2026-07-01 08:00")), "promise-past");
    assert_eq!(world.refused(promise("c-9", "2026-07-01 15:00")), "call-unknown");
    let added = world.act(promise("c-1", "2026-07-01 16:00"));
    assert_eq!(added, ["calls.promised", "clock.moved"]);
}

#[test]
fn a_call_of_ours_that_reaches_somebody_keeps_the_promise() {
    let mut world = promised();
    assert_eq!(world.act(end("c-1", true)), ["calls.ended"], "the promise outlives its own call");
    world.act(begin("c-2", Direction::Outbound));
    assert_eq!(world.act(end("c-2", false)), ["calls.ended"], "nobody answered");
    world.act(begin("c-3", Direction::Inbound));
    assert_eq!(world.act(end("c-3", true)), ["calls.ended"], "they called, we did not");
    world.act(begin("c-4", Direction::Outbound));
    let added = world.act_twice(end("c-4", true));
    assert_eq!(added, ["calls.ended", "calls.kept", "clock.stopped"]);
    assert_eq!(world.case.calls.owed().count(), 0);
}

#[test]
fn a_promise_that_nobody_kept_is_missed_and_raised() {
    let mut world = promised();
    world.at("2026-07-01 15:00");
    let added = world.ring("call-back:call-c-1");
    assert!(added.contains(&"clock.missed") && added.contains(&"disputes.escalated"), "{added:?}");
}

#[test]
fn a_promise_outlives_the_case_and_is_kept_by_hand() {
    let mut world = promised();
    let reason = CancelReason::CancelledByReferrer;
    world.act(ClosingCommand::CancelLine { line: no(1), reason });
    world.act(ClosingCommand::Close);
    assert!(world.clock("call-back:call-c-1").is_live());
    let added = world.act_twice(CallsCommand::Keep { call_id: "c-1".into() });
    assert_eq!(added, ["calls.kept", "clock.stopped"]);
}

#[test]
fn a_call_is_barred_by_its_tries_by_anothers_and_by_time() {
    let terms = CallTerms {
        tries_max: 2,
        verified_minutes: 30,
        member_locked_hours: 24,
        ..CallTerms::default()
    };
    let at = |minutes: i64| Timestamp(minutes * 60_000_000);
    let now = at(10_000);
    let fresh = Matched::default();
    let barred = |verified: Option<i64>, failed: Option<i64>| {
        fresh.barred(&terms, (verified.map(at), failed.map(at)), now)
    };
    assert_eq!(barred(None, None), None);
    assert_eq!(barred(Some(9_971), None), None);
    assert_eq!(barred(Some(9_970), None), Some(Barred::Expired), "after thirty minutes");
    let until = at(9_000 + 24 * 60);
    assert_eq!(barred(Some(9_971), Some(9_000)), Some(Barred::Member { until }));
    assert_eq!(barred(None, Some(10_000 - 24 * 60)), None, "a day later");
    let tried = Matched { tries_failed: 2, ..Matched::default() };
    assert_eq!(tried.barred(&terms, (None, None), now), Some(Barred::Tries));
}
