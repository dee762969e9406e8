//! Calls: what is told to whom, and what of a call is kept where.

use crate::on_both;
use crate::support::orders::{Door, Order};
use crate::support::rows;
use crate::support::world::World;
use doorstep_app::calls::{self, Caller, Identified, NewCall, Said};
use doorstep_app::{Ctx, Error};
use doorstep_case::Role;
use doorstep_case::calls::{Authority, Barred, Direction, Identifier, Level, Step, TransferTo};
use doorstep_store::cases;
use doorstep_vocab::{CallId, CaseId, Micros, Phi};

fn text(text: &str) -> Phi<String> {
    Phi::new(text.to_owned())
}

fn new(direction: Direction, caller: &str) -> NewCall {
    NewCall {
        direction,
        caller: caller.to_owned(),
        reason: "status".to_owned(),
        name: text("Zzquagga Caller"),
        organisation: text("Qqnumbat Clinic"),
        phone: text("608-555-0177"),
        case_id: None,
    }
}

fn started(world: &World, caller: &str) -> CallId {
    calls::start(&world.agent(), &new(Direction::Inbound, caller)).unwrap()
}

fn said(values: &[(Identifier, &str)], authority: &[Authority]) -> Said {
    let values = values.iter().map(|(id, value)| (*id, text(value))).collect();
    Said { values, authority: authority.to_vec() }
}

fn says(world: &World, call: &CallId, values: &[(Identifier, &str)]) -> Identified {
    calls::identify(&world.agent(), call, &said(values, &[])).unwrap()
}

/// A case of the first order; what its member says of themselves.
fn opened(world: &World) -> (CaseId, [(Identifier, String); 3]) {
    let order = Order::nth(0);
    let taken = world.take_now(&order.by(Door::Fhir, 0));
    let said = [
        (Identifier::Name, format!("{} Example", order.given())),
        (Identifier::BirthDate, order.born_on().to_string()),
        (Identifier::MemberId, order.member_id()),
    ];
    (taken.units[0].case_id.clone().unwrap(), said)
}

fn code(error: &Error) -> String {
    error.code().to_owned()
}

fn end(ctx: &Ctx, call: &CallId, disposition: &str) {
    calls::end(ctx, call, disposition).unwrap();
    calls::step(ctx, call, Step::Close).unwrap();
}

fn a_member_who_says_who_they_are_hears_of_their_case(world: &World) {
    let (case_id, known) = opened(world);
    let say = |n: usize| known[..n].iter().map(|(id, v)| (*id, v.as_str())).collect::<Vec<_>>();
    let call = started(world, "member");
    let alone = calls::identify(&world.agent(), &call, &said(&say(1), &[])).unwrap_err();
    assert_eq!(code(&alone), "say-two", "many people have one name");
    let heard = says(world, &call, &say(2));
    assert_eq!((heard.level, heard.matched.len()), (Level::Status, 2));
    let file = calls::call_file(&world.agent(), &call).unwrap();
    assert_eq!(file.call.case_id, Some(case_id));
    assert!(file.case.is_some());
    assert_eq!(says(world, &call, &say(3)[2..]).level, Level::Full);
}

fn after_two_failed_tries_nothing_is_told(world: &World) {
    let (_, known) = opened(world);
    let call = started(world, "member");
    let wrong = [(Identifier::Name, known[0].1.as_str()), (Identifier::BirthDate, "1901-01-01")];
    let first = says(world, &call, &wrong);
    assert_eq!((first.level, first.is_locked), (Level::Nothing, false));
    assert_eq!(first.matched, [], "one thing right of two tells of nobody");
    assert!(says(world, &call, &wrong).is_locked);
    let right: Vec<_> = known.iter().map(|(id, value)| (*id, value.as_str())).collect();
    let late = calls::identify(&world.agent(), &call, &said(&right, &[])).unwrap_err();
    assert_eq!(code(&late), "call-locked", "nothing is compared any more");
    assert!(calls::call_file(&world.agent(), &call).unwrap().case.is_none());
    let next = calls::end(&world.agent(), &call, "not-verified")
        .and_then(|()| calls::step(&world.agent(), &call, Step::Close))
        .map(|()| started(world, "member"));
    assert_ne!(next.unwrap(), call, "the next call begins anew");
}

/// Calls about a case and says twice what is wrong.
fn fails(world: &World, case_id: &CaseId) {
    let call = started(world, "member");
    calls::attach(&world.agent(), &call, case_id).unwrap();
    for _ in 0..2 {
        says(world, &call, &[(Identifier::BirthDate, "1901-01-01")]);
    }
    end(&world.agent(), &call, "not-verified");
}

fn barred(world: &World, call: &CallId) -> Option<Barred> {
    calls::call_file(&world.agent(), call).unwrap().guard.barred
}

fn after_anothers_failed_tries_nobody_who_calls_is_told_of_the_member(world: &World) {
    let (case_id, known) = opened(world);
    let right: Vec<_> = known.iter().map(|(id, value)| (*id, value.as_str())).collect();
    fails(world, &case_id);
    let call = started(world, "member");
    assert_eq!(says(world, &call, &right).level, Level::Nothing, "a day is not over");
    assert!(matches!(barred(world, &call), Some(Barred::Member { .. })));
    end(&world.agent(), &call, "not-verified");
    let ours = calls::start(&world.agent(), &new(Direction::Outbound, "member")).unwrap();
    assert_eq!(says(world, &ours, &right).level, Level::Full, "at the number on file");
    end(&world.agent(), &ours, "resolved");
    world.clock.pass(Micros::hours(24));
    let call = started(world, "member");
    assert_eq!(says(world, &call, &right).level, Level::Full);
}

fn a_verification_holds_for_half_an_hour(world: &World) {
    let (_, known) = opened(world);
    let right: Vec<_> = known.iter().map(|(id, value)| (*id, value.as_str())).collect();
    let call = started(world, "member");
    assert_eq!(says(world, &call, &right).level, Level::Full);
    world.clock.pass(Micros::minutes(29));
    assert_eq!(barred(world, &call), None);
    world.clock.pass(Micros::minutes(1));
    assert_eq!(barred(world, &call), Some(Barred::Expired));
    assert!(calls::call_file(&world.agent(), &call).unwrap().case.is_none());
    assert_eq!(says(world, &call, &right[..1]).level, Level::Nothing, "asked anew, all of it");
    assert_eq!(says(world, &call, &right[1..]).level, Level::Full);
    assert_eq!(barred(world, &call), None);
}

fn a_number_from_which_several_calls_fail_is_watched(world: &World) {
    let (case_id, _) = opened(world);
    let other = world.take_now(&Order::nth(1).by(Door::Fhir, 0)).units[0].case_id.clone().unwrap();
    for _ in 0..2 {
        fails(world, &case_id);
        assert_eq!(calls::watched(&world.agent()).unwrap(), [], "one member who forgets much");
    }
    fails(world, &other);
    let watched = calls::watched(&world.agent()).unwrap();
    assert_eq!((watched.len(), watched[0].n_members), (1, 2));
    let next = started(world, "provider");
    let guard = calls::call_file(&world.agent(), &next).unwrap().guard;
    assert_eq!(guard.failed_calls, Some(2), "whoever calls from it");
    world.clock.pass(Micros::hours(24 * 31));
    assert_eq!(calls::watched(&world.agent()).unwrap(), []);
}

fn put_to_another_case_a_call_is_verified_anew(world: &World) {
    let (_, known) = opened(world);
    let other = world.take_now(&Order::nth(1).by(Door::Fhir, 0)).units[0].case_id.clone().unwrap();
    let right: Vec<_> = known.iter().map(|(id, value)| (*id, value.as_str())).collect();
    let call = started(world, "member");
    assert_eq!(says(world, &call, &right).level, Level::Full);
    calls::attach(&world.agent(), &call, &other).unwrap();
    let file = calls::call_file(&world.agent(), &call).unwrap();
    assert_eq!((file.call.level, file.case.is_some()), (Level::Nothing, false));
}

fn another_kind_of_caller_is_verified_anew(world: &World) {
    let (_, known) = opened(world);
    let right: Vec<_> = known.iter().map(|(id, value)| (*id, value.as_str())).collect();
    let call = started(world, "member");
    says(world, &call, &right);
    let caller = |kind: &str| Caller {
        kind: kind.to_owned(),
        name: text("Zzquagga Other"),
        organisation: text(""),
        phone: text("608-555-0199"),
    };
    calls::correct(&world.agent(), &call, &caller("member")).unwrap();
    let file = calls::call_file(&world.agent(), &call).unwrap();
    assert_eq!(
        (file.call.level, file.call.caller_name.reveal().as_str()),
        (Level::Full, "Zzquagga Other")
    );
    let odd = calls::correct(&world.agent(), &call, &caller("nobody")).unwrap_err();
    assert_eq!(code(&odd), "caller-unknown");
    calls::correct(&world.agent(), &call, &caller("family")).unwrap();
    let file = calls::call_file(&world.agent(), &call).unwrap();
    assert_eq!((file.call.level, file.call.matched.identifiers.len()), (Level::Nothing, 0));
    end(&world.agent(), &call, "resolved");
    let late = calls::correct(&world.agent(), &call, &caller("member")).unwrap_err();
    assert_eq!(code(&late), "call-closed");
}

fn a_representative_shows_authority_besides(world: &World) {
    let (_, known) = opened(world);
    let right: Vec<_> = known.iter().map(|(id, value)| (*id, value.as_str())).collect();
    let call = started(world, "representative");
    assert_eq!(says(world, &call, &right).level, Level::Nothing);
    let shown = said(&right, &[Authority::Document]);
    let heard = calls::identify(&world.agent(), &call, &shown).unwrap();
    assert_eq!(heard.level, Level::Full);
    let outsider = {
        end(&world.agent(), &call, "resolved");
        started(world, "outsider")
    };
    assert_eq!(says(world, &outsider, &right).level, Level::Nothing);
}

fn a_symptom_goes_to_a_nurse_before_the_call_ends(world: &World) {
    opened(world);
    let call = started(world, "member");
    let agent = world.agent();
    calls::keep_notes(&agent, &call, &text("Says her CHEST hurts. Short of breath.")).unwrap();
    let ended = calls::end(&agent, &call, "resolved").unwrap_err();
    assert_eq!(code(&ended), "nurse-needed");
    calls::keep_notes(&agent, &call, &text("all is well")).unwrap();
    assert_eq!(code(&calls::end(&agent, &call, "resolved").unwrap_err()), "nurse-needed");
    calls::transfer(&agent, &call, TransferTo::Nurse).unwrap();
    calls::step(&world.ctx(Role::Nurse), &call, Step::Resume).unwrap();
    end(&agent, &call, "resolved");
    let file = calls::call_file(&agent, &call).unwrap();
    assert_eq!(file.call.symptoms, ["chest-pain", "short-of-breath"]);
}

fn whoever_is_on_a_call_goes_on_with_it(world: &World) {
    let call = started(world, "member");
    assert_eq!(started(world, "payer"), call);
    let other = world.ctx(Role::Nurse);
    let theirs = calls::start(&other, &new(Direction::Inbound, "member")).unwrap();
    assert_ne!(theirs, call);
    let taken = calls::step(&other, &call, Step::Hold).unwrap_err();
    assert_eq!(code(&taken), "forbidden");
    assert_eq!(calls::held(&world.agent()).unwrap(), Some(call));
}

fn a_promise_is_kept_by_a_call_of_ours(world: &World) {
    let (case_id, known) = opened(world);
    let (agent, soon) = (world.agent(), world.clock.now().plus(Micros::hours(2)));
    let call = started(world, "member");
    let lost = calls::promise(&agent, &call, soon).unwrap_err();
    assert_eq!(code(&lost), "call-without-case");
    let right: Vec<_> = known.iter().map(|(id, value)| (*id, value.as_str())).collect();
    says(world, &call, &right);
    calls::promise(&agent, &call, soon).unwrap();
    end(&agent, &call, "call-back");
    let owed = || {
        let case = world.app.db.read(|tx| cases::load(tx, &case_id)).unwrap().unwrap();
        case.calls.owed().count()
    };
    assert_eq!(owed(), 1);
    let due = "SELECT COUNT(*) AS n FROM deadline WHERE clock_id LIKE 'call-back:%'";
    assert_eq!(rows::count(world, due), 1);
    let ours = NewCall { case_id: Some(case_id.clone()), ..new(Direction::Outbound, "member") };
    let ours = calls::start(&agent, &ours).unwrap();
    end(&agent, &ours, "resolved");
    assert_eq!((owed(), rows::count(world, due)), (0, 0));
    assert_eq!(rows::differing(world), []);
}

/// S10: what was said of a member and of the caller is in no event, job or audit row.
fn what_was_said_is_in_no_record(world: &World) {
    let (_, known) = opened(world);
    let call = started(world, "discharge-planner");
    let right: Vec<_> = known.iter().map(|(id, value)| (*id, value.as_str())).collect();
    says(
        world,
        &call,
        &[(Identifier::Name, "Wwaxolotl Kktapir"), (Identifier::Phone, "6085550177")],
    );
    calls::identify(&world.agent(), &call, &said(&right, &[Authority::CalledBack])).unwrap();
    calls::keep_notes(&world.agent(), &call, &text("kktapir fell down")).unwrap();
    calls::transfer(&world.agent(), &call, TransferTo::Nurse).unwrap();
    end(&world.agent(), &call, "resolved");
    let told = [
        "SELECT body AS t FROM case_event",
        "SELECT state AS t FROM case_head",
        "SELECT body AS t FROM job",
        "SELECT object AS t FROM audit",
        "SELECT action AS t FROM audit",
    ];
    let names: Vec<String> = known.iter().map(|(_, value)| value.to_lowercase()).collect();
    let mut has_call = false;
    for sql in told {
        for row in rows::texts(world, sql) {
            let row = row.to_lowercase();
            has_call |= row.contains("discharge-planner");
            for word in ["zzquagga", "qqnumbat", "wwaxolotl", "kktapir", "5550177", "555-0177"] {
                assert!(!row.contains(word), "{sql}: {word}");
            }
            assert!(!names.iter().any(|name| row.contains(name)), "{sql}: {row}");
        }
    }
    assert!(has_call, "the search finds what is there");
}

on_both! {
    a_member_who_says_who_they_are_hears_of_their_case,
    after_two_failed_tries_nothing_is_told,
    after_anothers_failed_tries_nobody_who_calls_is_told_of_the_member,
    a_verification_holds_for_half_an_hour,
    a_number_from_which_several_calls_fail_is_watched,
    put_to_another_case_a_call_is_verified_anew,
    another_kind_of_caller_is_verified_anew,
    a_representative_shows_authority_besides,
    a_symptom_goes_to_a_nurse_before_the_call_ends,
    whoever_is_on_a_call_goes_on_with_it,
    a_promise_is_kept_by_a_call_of_ours,
    what_was_said_is_in_no_record,
}
