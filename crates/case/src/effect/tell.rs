//! Who is told when a plan is made, changes or ends: the provider who holds it, the referrer, the member. Nothing that
//! somebody counts on ends in silence. Sources: facts 5.3, 7.4, 11.5 (42, 47).

use super::Effect;
use crate::auth::AuthEvent;
use crate::closing::{CancelReason, ClosingEvent};
use crate::coded::coded;
use crate::delivery::{DeliveryEvent, RefusalReason, Visit, VisitCancelReason};
use crate::intake::{CancelAnswer, IntakeEvent};
use crate::orders::OrdersEvent;
use crate::placement::PlacementEvent;
use crate::{Case, Event};
use doorstep_vocab::{LineNo, OfferId, ProviderId, VisitId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

coded! {
    /// What somebody outside is told about a plan.
    News {
        Accepted = "accepted", "the lines are placed";
        ContactNamed = "contact-named", "somebody else is to be asked for at the provider";
        Returned = "returned", "the lines were given back";
        AgreementEnded = "agreement-ended", "the single-case agreement has ended";
        Scheduled = "scheduled", "a visit is planned";
        Rescheduled = "rescheduled", "the visit has moved";
        VisitCancelled = "visit-cancelled", "the visit is cancelled";
        Missed = "missed", "the visit did not take place";
        LeftOver = "left-over", "a part did not come and is still owed";
        Refused = "refused", "the member refuses the line";
        LineCancelled = "line-cancelled", "the line is cancelled";
        LineCompleted = "line-completed", "the line is complete with what was delivered";
        LineReopened = "line-reopened", "the line goes on";
        AuthChanged = "auth-changed", "the payer's authorization has changed";
        DischargeMoved = "discharge-moved", "the discharge has moved";
        NeedByMoved = "need-by-moved", "the time when care is needed has moved";
        CancelRequested = "cancel-requested", "your cancellation has arrived";
        CancelAnswered = "cancel-answered", "your cancellation is answered";
        Closed = "closed", "the case is closed";
        Reopened = "reopened", "the case is open again";
        Unanswered = "unanswered", "we asked for what is missing and have no answer";
        Deceased = "deceased", "the member has died";
        Stayed = "stayed", "what was delivered stays where it is";
        PickUpDue = "pick-up-due", "what was delivered is to be picked up";
    }
}

/// What is told: the news, and the ids of what it is about. Never a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tell {
    /// What happened.
    pub news: News,
    /// To which lines.
    pub lines: Vec<LineNo>,
    /// To which visit.
    pub visit_id: Option<VisitId>,
    /// The words of the coded reason.
    pub because: Option<String>,
}

impl Tell {
    fn of(news: News, lines: &[LineNo]) -> Self {
        Self { news, lines: lines.to_vec(), visit_id: None, because: None }
    }

    fn since(self, words: Option<&str>) -> Self {
        Self { because: words.map(str::to_owned), ..self }
    }

    fn provider(self, provider_id: &ProviderId) -> Effect {
        Effect::TellProvider { provider_id: provider_id.clone(), tell: self }
    }

    fn referrer(self) -> Effect {
        Effect::TellReferrer { tell: self }
    }

    fn member(self, provider_id: Option<&ProviderId>) -> Effect {
        Effect::TellMember { provider_id: provider_id.cloned(), tell: self }
    }
}

/// Returns who is told of an event. `case` is the state after the command.
pub(super) fn told(case: &Case, event: &Event) -> Vec<Effect> {
    match event {
        Event::Intake(event) => intake(case, event),
        Event::Auth(event) => auth(case, event),
        Event::Placement(event) => placement(case, event),
        Event::Delivery(event) => delivery(case, event),
        Event::Closing(event) => closing(case, event),
        Event::Orders(OrdersEvent::Unanswered { .. }) => {
            let tell = Tell::of(News::Unanswered, &[]);
            let member = to_member(case, tell.clone(), None);
            [tell.referrer()].into_iter().chain(member).collect()
        }
        Event::Benefits(_)
        | Event::Orders(_)
        | Event::Disputes(_)
        | Event::Calls(_)
        | Event::Messages(_)
        | Event::Clock(_) => Vec::new(),
    }
}

fn intake(case: &Case, event: &IntakeEvent) -> Vec<Effect> {
    match event {
        IntakeEvent::DischargeMoved(_) => holders_of_open(case, News::DischargeMoved),
        IntakeEvent::NeedByMoved { .. } => holders_of_open(case, News::NeedByMoved),
        IntakeEvent::CancelRequested(_) => vec![Tell::of(News::CancelRequested, &[]).referrer()],
        IntakeEvent::CancelAnswered { answer } if *answer != CancelAnswer::Cancelled => {
            vec![Tell::of(News::CancelAnswered, &[]).since(Some(answer.words())).referrer()]
        }
        IntakeEvent::DeathRecorded { .. } => {
            let all: Vec<LineNo> = case.lines.keys().copied().collect();
            let tell = Tell::of(News::Deceased, &all);
            to_holders(case, &tell).into_iter().chain([tell.referrer()]).collect()
        }
        // Of a cancelled order the end of each line is told for itself.
        IntakeEvent::CancelAnswered { .. }
        | IntakeEvent::Referred(_)
        | IntakeEvent::Linked(_)
        | IntakeEvent::Acknowledged
        | IntakeEvent::Assigned { .. }
        | IntakeEvent::HandedOut { .. }
        | IntakeEvent::Triaged { .. }
        | IntakeEvent::Amended(_)
        | IntakeEvent::Classified { .. }
        | IntakeEvent::LineAdded(_)
        | IntakeEvent::Attached(_)
        | IntakeEvent::Noted { .. }
        | IntakeEvent::ReviewAsked { .. }
        | IntakeEvent::Reviewed { .. }
        | IntakeEvent::DeathRetracted
        | IntakeEvent::Labelled { .. }
        | IntakeEvent::LabelTakenOff { .. }
        | IntakeEvent::QuantityStated { .. } => Vec::new(),
    }
}

/// A provider delivers under the payer's number and only while it holds. Source: facts 11.2 (10, 12, 15).
fn auth(case: &Case, event: &AuthEvent) -> Vec<Effect> {
    match event {
        AuthEvent::Approved { .. }
        | AuthEvent::Modified { .. }
        | AuthEvent::Denied { .. }
        | AuthEvent::Lapsed { .. }
        | AuthEvent::Withdrawn { .. }
        | AuthEvent::Expired { .. } => {
            to_holders(case, &Tell::of(News::AuthChanged, &event.lines()))
        }
        AuthEvent::NotRequired { .. }
        | AuthEvent::Required { .. }
        | AuthEvent::Requested { .. }
        | AuthEvent::Expedited { .. }
        | AuthEvent::Pended { .. }
        | AuthEvent::ExpediteRefused { .. }
        | AuthEvent::Extended { .. }
        | AuthEvent::InfoRequested { .. }
        | AuthEvent::InfoSent { .. }
        | AuthEvent::RunningLow { .. }
        | AuthEvent::RenewalWithdrawn { .. }
        | AuthEvent::Rejected { .. } => Vec::new(),
    }
}

fn placement(case: &Case, event: &PlacementEvent) -> Vec<Effect> {
    match event {
        PlacementEvent::Accepted { lines, .. } | PlacementEvent::SingleCaseAgreed { lines, .. } => {
            let tell = Tell::of(News::Accepted, lines);
            let mut effects = to_holders(case, &tell);
            effects.extend(holders(case, lines).into_iter().filter_map(|(provider_id, lines)| {
                to_member(case, Tell::of(News::Accepted, &lines), Some(&provider_id))
            }));
            effects
        }
        PlacementEvent::Returned { offer_id, lines, reason } => {
            let tell = Tell::of(News::Returned, lines);
            let told = tell.clone().since(Some(reason.words()));
            let provider = by_offer(case, offer_id).map(|provider_id| told.provider(provider_id));
            provider.into_iter().chain(to_member(case, tell, by_offer(case, offer_id))).collect()
        }
        PlacementEvent::SingleCaseEnded { provider_id, lines, reason } => {
            let tell = Tell::of(News::AgreementEnded, lines);
            let provider = tell.since(Some(reason.words())).provider(provider_id);
            let member = to_member(case, Tell::of(News::Returned, lines), Some(provider_id));
            [provider].into_iter().chain(member).collect()
        }
        PlacementEvent::ContactNamed { lines, .. } => {
            let tell = Tell::of(News::ContactNamed, lines);
            let members = holders(case, lines).into_iter().filter_map(|(provider_id, lines)| {
                to_member(case, Tell::of(News::ContactNamed, &lines), Some(&provider_id))
            });
            [tell.referrer()].into_iter().chain(members).collect()
        }
        // Whoever was only asked is told by `RecallOffer`.
        PlacementEvent::Offered { .. }
        | PlacementEvent::Declined { .. }
        | PlacementEvent::Withdrawn { .. }
        | PlacementEvent::Expired { .. } => Vec::new(),
    }
}

fn delivery(case: &Case, event: &DeliveryEvent) -> Vec<Effect> {
    let visit = |visit_id: &VisitId, news, because: Option<&str>| {
        let known = case.delivery.visits.get(visit_id);
        known.map(|visit| of_visit(case, (visit_id, visit), (news, because))).unwrap_or_default()
    };
    match event {
        DeliveryEvent::Scheduled { visit_id, .. } => visit(visit_id, News::Scheduled, None),
        DeliveryEvent::Rescheduled { visit_id, reason, .. } => {
            visit(visit_id, News::Rescheduled, Some(reason.words()))
        }
        DeliveryEvent::VisitCancelled { visit_id, reason } => {
            visit(visit_id, News::VisitCancelled, reason.map(VisitCancelReason::words))
        }
        DeliveryEvent::Missed { visit_id, reason } => {
            visit(visit_id, News::Missed, Some(reason.words()))
        }
        DeliveryEvent::LeftOver { .. } => {
            let tell = Tell::of(News::LeftOver, &event.lines(case));
            to_holders(case, &tell).into_iter().chain([tell.referrer()]).collect()
        }
        DeliveryEvent::Refused { line, reason } => {
            let because = reason.map(RefusalReason::words);
            let tell = Tell::of(News::Refused, &[*line]).since(because);
            to_holders(case, &tell).into_iter().chain([tell.referrer()]).collect()
        }
        DeliveryEvent::PickUpDue { lines, reason } => {
            let tell = Tell::of(News::PickUpDue, lines).since(Some(reason.words()));
            to_holders(case, &tell)
        }
        DeliveryEvent::Stayed { line, reason } => {
            let tell = Tell::of(News::Stayed, &[*line]).since(Some(reason.words()));
            to_holders(case, &tell)
        }
        DeliveryEvent::Confirmed { .. }
        | DeliveryEvent::Departed { .. }
        | DeliveryEvent::Shipped { .. }
        | DeliveryEvent::Delivered { .. }
        | DeliveryEvent::PartlyDelivered { .. }
        | DeliveryEvent::PickedUp { .. }
        | DeliveryEvent::AuthOverridden { .. } => Vec::new(),
    }
}

/// The referrer has a written confirmation of each planned visit, or will have: `SendConfirmation`. So it hears of the
/// end of each, and of a move by the new confirmation.
fn of_visit(
    case: &Case,
    (visit_id, visit): (&VisitId, &Visit),
    (news, because): (News, Option<&str>),
) -> Vec<Effect> {
    let tell = Tell { visit_id: Some(visit_id.clone()), ..Tell::of(news, &visit.lines) };
    let tell = tell.since(because);
    let mut effects = vec![tell.clone().provider(&visit.provider_id)];
    if matches!(news, News::VisitCancelled | News::Missed) {
        effects.push(tell.clone().referrer());
    }
    // Who was not at home knows; who waits for somebody is told.
    if news != News::Missed {
        effects.extend(to_member(case, tell, Some(&visit.provider_id)));
    }
    effects
}

fn closing(case: &Case, event: &ClosingEvent) -> Vec<Effect> {
    match event {
        ClosingEvent::LineCancelled { line, reason } => {
            let tell = Tell::of(News::LineCancelled, &[*line]).since(Some(reason.words()));
            let mut effects = to_holders(case, &tell);
            effects.push(tell.clone().referrer());
            if *reason != CancelReason::CancelledByMember {
                effects.extend(to_member(case, Tell { because: None, ..tell }, None));
            }
            effects
        }
        ClosingEvent::Closed { .. } => of_case(case, News::Closed),
        ClosingEvent::LineCompleted { line, reason } => {
            let tell = Tell::of(News::LineCompleted, &[*line]).since(Some(reason.words()));
            to_holders(case, &tell).into_iter().chain([tell.referrer()]).collect()
        }
        ClosingEvent::LineReopened { line, reason } => {
            let tell = Tell::of(News::LineReopened, &[*line]).since(Some(reason.words()));
            to_holders(case, &tell).into_iter().chain([tell.referrer()]).collect()
        }
        ClosingEvent::Reopened | ClosingEvent::ReopenedFor { .. } => of_case(case, News::Reopened),
    }
}

/// Care that was handed over goes on with its provider, who has to know that the hub no longer looks after it.
fn of_case(case: &Case, news: News) -> Vec<Effect> {
    let referrer = Tell::of(news, &[]).referrer();
    holders_of_open(case, news).into_iter().chain([referrer]).collect()
}

/// Nobody writes to a member who has died. Source: facts 11.5 (47).
fn to_member(case: &Case, tell: Tell, provider_id: Option<&ProviderId>) -> Option<Effect> {
    (!case.may_have_died()).then(|| tell.member(provider_id))
}

fn holders_of_open(case: &Case, news: News) -> Vec<Effect> {
    let open: Vec<LineNo> = case.open_lines().map(|line| line.no).collect();
    to_holders(case, &Tell::of(news, &open))
}

/// One message to each provider that has some of the lines, about those.
fn to_holders(case: &Case, tell: &Tell) -> Vec<Effect> {
    let told = holders(case, &tell.lines).into_iter();
    told.map(|(provider_id, lines)| Tell { lines, ..tell.clone() }.provider(&provider_id)).collect()
}

fn holders(case: &Case, lines: &[LineNo]) -> BTreeMap<ProviderId, Vec<LineNo>> {
    let mut held: BTreeMap<ProviderId, Vec<LineNo>> = BTreeMap::new();
    for line in lines.iter().filter_map(|no| case.lines.get(no)) {
        if let Some(provider_id) = line.placement.provider() {
            held.entry(provider_id.clone()).or_default().push(line.no);
        }
    }
    held
}

fn by_offer<'a>(case: &'a Case, offer_id: &OfferId) -> Option<&'a ProviderId> {
    case.placement.offers.get(offer_id).map(|offer| &offer.provider_id)
}
