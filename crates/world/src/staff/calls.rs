//! The telephone: members, families and planners call about a case, are verified as on any day, and hear how it stands. Some
//! cannot be verified, some hang up, some are called back, and a few complain.
//!
//! A call takes its time: it is one deed that is looked at again and again, and the call's own state says how far it is.

use super::{agent, visitor};
use crate::deed::{Deed, Next};
use crate::orders::Gap;
use crate::rng::Rng;
use crate::story::Scene;
use crate::users::actor;
use doorstep_app::calls::{self, NewCall, Said};
use doorstep_app::command::{Entered, Words};
use doorstep_app::{Ctx, Result};
use doorstep_case::Command;
use doorstep_case::calls::{Authority, CallState, Direction, Identifier, Level, Step, TransferTo};
use doorstep_case::disputes::{
    AnswerGiven, Complainant, Complaint, ComplaintCategory, ComplaintDoor, DisputeKind,
    DisputeOutcome, DisputesCommand, Severity, Told,
};
use doorstep_store::calls::CallRow;
use doorstep_vocab::{CallId, CaseId, DisputeId, DocumentId, Micros, Phi, Timestamp};
use std::collections::BTreeMap;

/// Cases about which somebody calls, of a hundred, and about which somebody calls again.
const CALLED_PERCENT: [u32; 2] = [45, 18];
/// Calls in which somebody waits on hold, of a hundred.
const HOLD_PERCENT: u32 = 30;
/// Calls that end with a call back promised, of a hundred.
const PROMISE_PERCENT: u32 = 16;
/// How soon a line that is busy is tried again.
pub(super) const BUSY: Micros = Micros::minutes(5);

/// A kind of call.
struct Sort {
    caller: &'static str,
    reason: &'static str,
    authority: &'static [Authority],
    /// What the agent writes down.
    notes: &'static str,
    how: How,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Verified,
    /// What the caller says of the member is somebody else's.
    Wrong,
    HungUp,
    Symptom,
    Complaint(ComplaintCategory, Severity),
}

const fn sort(
    (caller, reason): (&'static str, &'static str),
    authority: &'static [Authority],
    notes: &'static str,
    how: How,
) -> Sort {
    Sort { caller, reason, authority, notes, how }
}

/// Calls by how many of a hundred there are.
const SORTS: &[(u32, Sort)] = &[
    (
        30,
        sort(
            ("member", "status"),
            &[],
            "Asks whether it is approved and when it comes.",
            How::Verified,
        ),
    ),
    (
        12,
        sort(
            ("member", "delivery"),
            &[],
            "Wants to know the hours of the delivery.",
            How::Verified,
        ),
    ),
    (
        20,
        sort(
            ("discharge-planner", "discharge"),
            &[Authority::Roster],
            "Asks for the start date, to plan the way home.",
            How::Verified,
        ),
    ),
    (
        10,
        sort(
            ("family", "delivery"),
            &[Authority::MemberPresent],
            "Will be at home to open the door.",
            How::Verified,
        ),
    ),
    (8, sort(("member", "status"), &[], "Could not be verified. Nothing was told.", How::Wrong)),
    (6, sort(("member", "other"), &[], "", How::HungUp)),
    (
        4,
        sort(
            ("family", "equipment"),
            &[Authority::MemberPresent],
            "Says that the concentrator stopped and the tank is empty.",
            How::Symptom,
        ),
    ),
    (
        4,
        sort(
            ("member", "complaint"),
            &[],
            "Waited a whole day, and nobody came or called.",
            How::Complaint(ComplaintCategory::LateDelivery, Severity::Serious),
        ),
    ),
    (
        3,
        sort(
            ("member", "complaint"),
            &[],
            "The driver was short with them and would not show how it works.",
            How::Complaint(ComplaintCategory::RudeStaff, Severity::Minor),
        ),
    ),
    (
        3,
        sort(
            ("member", "complaint"),
            &[],
            "Has a bill for what the plan pays.",
            How::Complaint(ComplaintCategory::Billing, Severity::Moderate),
        ),
    ),
];

/// When somebody calls about a case, and when what they complained of is looked at.
pub(crate) fn plans(scene: &Scene) -> Vec<(Deed, Timestamp)> {
    if !scene.case.is_open() {
        return Vec::new();
    }
    let mut plans: Vec<_> = (0..2).filter_map(|nth| call_at(scene, nth)).collect();
    plans.extend(complaints(scene).map(|(dispute_id, _)| {
        let deed = Deed::Hear(dispute_id.clone());
        let minutes = scene.rng(&deed, "when").between(30, 240);
        (deed, scene.on_duty(minutes))
    }));
    plans
}

/// The first call comes on the day of the order, the second a day or two later.
fn call_at(scene: &Scene, nth: u32) -> Option<(Deed, Timestamp)> {
    let deed = Deed::Call(nth);
    let mut rng = scene.rng(&deed, "when");
    let percent = CALLED_PERCENT.get(usize::try_from(nth).ok()?)?;
    let (least, most) = if nth == 0 { (40, 420) } else { (700, 1_600) };
    rng.percent(*percent).then(|| (deed, scene.on_duty(rng.between(least, most))))
}

fn complaints<'s>(scene: &'s Scene) -> impl Iterator<Item = (&'s DisputeId, &'s Complaint)> {
    let open = scene.case.disputes.open_disputes();
    open.filter_map(|(id, dispute)| Some((id, dispute.complaint.as_deref()?)))
}

/// Goes on with the call from where it is; begins it where the agent's line is free.
pub(super) fn call(scene: &Scene, deed: &Deed, hands_off: Micros) -> Result<Next> {
    let ctx = scene.app.ctx(agent(scene));
    let mut rng = scene.rng(deed, "how");
    let Some(sort) = rng.weighed(SORTS) else { return Ok(Next::Done) };
    match held(&ctx, &scene.case.id)? {
        Line::Free => match visitor::busy_until(scene, deed, hands_off) {
            Some(free_at) => Ok(Next::Later(free_at)),
            None => begin(scene, &ctx, (sort, &mut rng)),
        },
        Line::Busy => Ok(Next::Later(scene.in_minutes(rng.between(3, 9)))),
        Line::Ours(call) => go_on(scene, &ctx, (sort, &mut rng), &call),
    }
}

enum Line {
    Free,
    /// With a call about something else.
    Busy,
    Ours(Box<CallRow>),
}

fn held(ctx: &Ctx, case_id: &CaseId) -> Result<Line> {
    let Some(call_id) = calls::held(ctx)? else { return Ok(Line::Free) };
    let call = calls::own(ctx, &call_id)?;
    let is_ours = call.case_id.as_ref() == Some(case_id);
    Ok(if is_ours { Line::Ours(Box::new(call)) } else { Line::Busy })
}

fn begin(scene: &Scene, ctx: &Ctx, (sort, rng): (&Sort, &mut Rng)) -> Result<Next> {
    let call_id = calls::start(ctx, &new_call(scene, sort))?;
    if sort.how == How::HungUp {
        return hang_up(ctx, &call_id, "hung-up");
    }
    let said = said(scene, sort);
    let is_locked = calls::identify(ctx, &call_id, &said)?.is_locked;
    if sort.how == How::Wrong {
        if !is_locked {
            calls::identify(ctx, &call_id, &said)?;
        }
        keep(ctx, &call_id, sort.notes)?;
        return hang_up(ctx, &call_id, "not-verified");
    }
    // Of several orders of one member the caller says the number.
    calls::attach(ctx, &call_id, &scene.case.id)?;
    if calls::own(ctx, &call_id)?.level == Level::Nothing {
        calls::identify(ctx, &call_id, &said)?;
    }
    keep(ctx, &call_id, sort.notes)?;
    Ok(Next::Later(scene.in_minutes(rng.between(2, 7))))
}

fn new_call(scene: &Scene, sort: &Sort) -> NewCall {
    let order = &scene.story.order;
    let (name, organisation, phone) = match sort.caller {
        "discharge-planner" => {
            (order.sender[2].to_owned(), order.sender[0], order.sender[3].to_owned())
        }
        "family" => (format!("Relative {}", order.member.family), "", order.member.phone.clone()),
        _ => (
            format!("{} {}", order.member.given, order.member.family),
            "",
            order.member.phone.clone(),
        ),
    };
    NewCall {
        direction: Direction::Inbound,
        caller: sort.caller.to_owned(),
        reason: sort.reason.to_owned(),
        name: Phi::new(name),
        organisation: Phi::new(organisation.to_owned()),
        phone: Phi::new(phone),
        case_id: None,
    }
}

/// What the caller says of the member: all that the sender knew too.
fn said(scene: &Scene, sort: &Sort) -> Said {
    let (order, member) = (&scene.story.order, &scene.story.order.member);
    let mut values = BTreeMap::new();
    let mut say = |identifier, value: String| values.insert(identifier, Phi::new(value));
    say(Identifier::Name, format!("{} {}", member.given, member.family));
    if sort.how == How::Wrong {
        say(Identifier::BirthDate, "1901-01-01".to_owned());
        say(Identifier::MemberId, "TEST-000000X".to_owned());
    } else {
        for (gap, identifier, value) in [
            (Gap::BirthDate, Identifier::BirthDate, member.born_on.to_string()),
            (Gap::MemberId, Identifier::MemberId, member.plan_number.clone()),
            (Gap::Phone, Identifier::Phone, member.phone.clone()),
        ] {
            if !order.gaps.contains(&gap) {
                say(identifier, value);
            }
        }
    }
    Said { values, authority: sort.authority.to_vec() }
}

fn keep(ctx: &Ctx, call_id: &CallId, notes: &str) -> Result<()> {
    calls::keep_notes(ctx, call_id, &Phi::new(notes.to_owned()))
}

/// The next stretch of a call: on hold, talking again, wrapped up, closed.
fn go_on(scene: &Scene, ctx: &Ctx, (sort, rng): (&Sort, &mut Rng), call: &CallRow) -> Result<Next> {
    let call_id = &call.call_id;
    match call.life.state {
        CallState::OnHold if call.handed_to.is_some() => {
            calls::step(ctx, call_id, Step::Resume)?;
            hang_up(ctx, call_id, "transferred")
        }
        CallState::OnHold => {
            calls::step(ctx, call_id, Step::Resume)?;
            Ok(Next::Later(scene.in_minutes(rng.between(1, 4))))
        }
        CallState::Talking if sort.how == How::Symptom => {
            calls::transfer(ctx, call_id, TransferTo::Nurse)?;
            Ok(Next::Later(scene.in_minutes(rng.between(1, 3))))
        }
        CallState::Talking if call.life.n_holds == 0 && rng.percent(HOLD_PERCENT) => {
            calls::step(ctx, call_id, Step::Hold)?;
            Ok(Next::Later(scene.in_minutes(rng.between(1, 3))))
        }
        CallState::Talking => end(scene, ctx, (sort, rng), call),
        CallState::Wrapping | CallState::Closed => hang_up(ctx, call_id, "resolved"),
    }
}

fn end(scene: &Scene, ctx: &Ctx, (sort, rng): (&Sort, &mut Rng), call: &CallRow) -> Result<Next> {
    if let How::Complaint(category, severity) = sort.how {
        complain(scene, (category, severity), (call, sort.notes))?;
        return hang_up(ctx, &call.call_id, "resolved");
    }
    if rng.percent(PROMISE_PERCENT) {
        calls::promise(ctx, &call.call_id, scene.on_duty(rng.between(120, 360)))?;
        return hang_up(ctx, &call.call_id, "call-back");
    }
    hang_up(ctx, &call.call_id, "resolved")
}

fn hang_up(ctx: &Ctx, call_id: &CallId, disposition: &str) -> Result<Next> {
    calls::end(ctx, call_id, disposition)?;
    calls::step(ctx, call_id, Step::Close)?;
    Ok(Next::Done)
}

/// Whatever tells dissatisfaction is a grievance. Source: facts 6.5.
fn complain(
    scene: &Scene,
    (category, severity): (ComplaintCategory, Severity),
    (call, words): (&CallRow, &str),
) -> Result<()> {
    let dispute_id = DisputeId(format!("w{}-complaint", scene.story.number));
    let told = Told {
        category,
        severity,
        from: Complainant::Member,
        door: ComplaintDoor::Call,
        received_at: call.started_at,
        call_id: Some(call.call_id.clone()),
        note_id: Some(DocumentId(format!("w{}-complaint-words", scene.story.number))),
    };
    let (kind, appeals) = (DisputeKind::Grievance, Vec::new());
    let command = DisputesCommand::Complain { dispute_id, kind, told, appeals };
    let words = Words { asked_by: Phi::default(), text: Phi::new(words.to_owned()) };
    let entered =
        Entered { command: Command::Disputes(command), contact: None, words: Some(words) };
    scene.door.enter(agent(scene), &scene.case.id, &entered)
}

/// Returns whether the agent is on a call.
pub(super) fn is_on_the_line(scene: &Scene) -> Result<bool> {
    Ok(calls::held(&scene.app.ctx(agent(scene)))?.is_some())
}

/// Calls back as promised: somebody is there, and hears what was found out.
pub(super) fn call_back(scene: &Scene) -> Result<()> {
    let ctx = scene.app.ctx(agent(scene));
    let owed = scene.case.calls.owed().min_by_key(|(_, call)| call.promised_to);
    let Some((_, owed)) = owed else { return Ok(()) };
    let sort = sort(("member", "status"), &[], "Called back as promised.", How::Verified);
    let new = NewCall {
        direction: Direction::Outbound,
        caller: owed.caller.clone(),
        reason: owed.reason.clone(),
        case_id: Some(scene.case.id.clone()),
        ..new_call(scene, &sort)
    };
    let call_id = calls::start(&ctx, &new)?;
    keep(&ctx, &call_id, sort.notes)?;
    hang_up(&ctx, &call_id, "resolved").map(drop)
}

/// A complaint is acknowledged on its day, answered within a day or two, and resolved with the answer.
pub(super) fn hear(scene: &Scene, deed: &Deed, dispute_id: &DisputeId) -> Result<Next> {
    let Some(complaint) = complaints(scene).find(|(id, _)| *id == dispute_id).map(|(_, it)| it)
    else {
        return Ok(Next::Drop);
    };
    let give = |command| scene.act(actor("olu"), &Command::Disputes(command));
    let dispute_id = dispute_id.clone();
    if complaint.acknowledged_at.is_none() {
        give(DisputesCommand::AcknowledgeComplaint { dispute_id })?;
        return Ok(Next::Later(scene.after_work(scene.rng(deed, "how").between(120, 700))));
    }
    let answer = AnswerGiven { in_writing: true, tells_qio: false, document_id: None };
    give(DisputesCommand::AnswerComplaint { dispute_id: dispute_id.clone(), answer })?;
    give(DisputesCommand::Decide { dispute_id, outcome: DisputeOutcome::Resolved })?;
    Ok(Next::Done)
}
