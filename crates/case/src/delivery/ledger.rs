//! What an event does to the quantities of its lines and to where each stands.

use super::{Counted, DeliveryEvent, Fulfilment};
use crate::{Case, Line};
use doorstep_vocab::LineNo;

pub(super) fn count(case: &mut Case, event: &DeliveryEvent, lines: &[LineNo]) {
    for no in lines {
        let Some(line) = case.lines.get_mut(no) else { continue };
        let quantity = |goods: &[Counted]| {
            goods.iter().filter(|g| g.line == *no).map(|g| g.quantity).sum::<u32>()
        };
        match event {
            DeliveryEvent::Scheduled { .. } | DeliveryEvent::Rescheduled { .. } => {
                to(line, Fulfilment::Scheduled);
            }
            DeliveryEvent::Departed { .. } => to(line, Fulfilment::EnRoute),
            DeliveryEvent::Missed { .. } => to(line, Fulfilment::Missed),
            DeliveryEvent::VisitCancelled { .. } => to(line, Fulfilment::Unscheduled),
            DeliveryEvent::Refused { .. } => line.fulfilment = Fulfilment::Refused,
            DeliveryEvent::Confirmed { .. } => {}
            DeliveryEvent::Shipped { goods, .. } => line.ledger.shipped += quantity(goods),
            DeliveryEvent::Delivered { goods, .. }
            | DeliveryEvent::PartlyDelivered { goods, .. } => {
                line.ledger.delivered += quantity(goods);
                let all = line.ledger.outstanding() == 0;
                line.fulfilment = if all { Fulfilment::Delivered } else { Fulfilment::Partial };
            }
            DeliveryEvent::PickedUp { goods, .. } => {
                line.ledger.returned += quantity(goods);
                line.fulfilment = Fulfilment::PickedUp;
            }
        }
    }
}

/// A line of which part was delivered stays partial until the rest is: only then does a plan for the rest show.
fn to(line: &mut Line, fulfilment: Fulfilment) {
    let began = line.ledger.delivered > line.ledger.returned;
    line.fulfilment = match fulfilment {
        Fulfilment::Unscheduled | Fulfilment::Missed if began => Fulfilment::Partial,
        other => other,
    };
}
