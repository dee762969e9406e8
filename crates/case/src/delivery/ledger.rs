//! What an event does to the quantities of its lines and to where each stands.

use super::{Counted, DeliveryEvent, Fulfilment};
use crate::{Case, Ledger, Line};
use doorstep_vocab::{LineNo, VisitId};

pub(super) fn count(case: &mut Case, event: &DeliveryEvent, lines: &[LineNo]) {
    let Case { lines: known, delivery, .. } = case;
    for no in lines {
        let Some(line) = known.get_mut(no) else { continue };
        let is_awaited = || delivery.visits.values().any(|v| v.is_ahead() && v.lines.contains(no));
        match event {
            DeliveryEvent::Scheduled { .. } | DeliveryEvent::Rescheduled { .. } => {
                line.fulfilment = Fulfilment::Scheduled;
            }
            DeliveryEvent::Departed { .. } => line.fulfilment = Fulfilment::EnRoute,
            DeliveryEvent::Missed { .. } => fall_back(line, Fulfilment::Missed),
            DeliveryEvent::VisitCancelled { .. } => fall_back(line, Fulfilment::Unscheduled),
            DeliveryEvent::Refused { .. } => line.fulfilment = Fulfilment::Refused,
            DeliveryEvent::Confirmed { .. }
            | DeliveryEvent::LeftOver { .. }
            | DeliveryEvent::PickUpDue { .. }
            | DeliveryEvent::Stayed { .. }
            | DeliveryEvent::AuthOverridden { .. } => {}
            DeliveryEvent::Shipped { goods, .. } => add(&mut line.ledger.shipped, goods, *no),
            DeliveryEvent::Delivered { goods, .. }
            | DeliveryEvent::PartlyDelivered { goods, .. } => {
                add(&mut line.ledger.delivered, goods, *no);
                line.fulfilment = delivered(&line.ledger);
            }
            DeliveryEvent::PickedUp { goods, .. } => {
                add(&mut line.ledger.returned, goods, *no);
                if !is_awaited() {
                    line.fulfilment = Fulfilment::PickedUp;
                }
            }
        }
    }
}

/// Lines of a visit that is over, of which nothing came, are to be scheduled again.
pub(super) fn leave_undelivered(case: &mut Case, visit_id: &VisitId, delivered: &[LineNo]) {
    let Case { lines, delivery, .. } = case;
    let Some(visit) = delivery.visits.get(visit_id) else { return };
    for no in visit.lines.iter().filter(|no| !delivered.contains(no)) {
        if let Some(line) = lines.get_mut(no)
            && matches!(line.fulfilment, Fulfilment::Scheduled | Fulfilment::EnRoute)
        {
            fall_back(line, Fulfilment::Unscheduled);
        }
    }
}

/// A ledger never wraps: at its end it stands, and the checks refuse more.
fn add(column: &mut u32, goods: &[Counted], no: LineNo) {
    for good in goods.iter().filter(|good| good.line == no) {
        *column = column.saturating_add(good.quantity);
    }
}

fn delivered(ledger: &Ledger) -> Fulfilment {
    match (ledger.outstanding(), ledger.returned) {
        (0, 0) => Fulfilment::Delivered,
        (0, _) => Fulfilment::Exchanged,
        _ => Fulfilment::Partial,
    }
}

/// What has begun is partial without a plan, and what the member refused stays refused.
fn fall_back(line: &mut Line, fulfilment: Fulfilment) {
    line.fulfilment = match line.fulfilment {
        Fulfilment::Refused => Fulfilment::Refused,
        _ if line.ledger.held() > 0 => Fulfilment::Partial,
        _ => fulfilment,
    };
}
