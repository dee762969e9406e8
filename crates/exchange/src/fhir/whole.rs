//! The whole referral of an order.

use super::draft::Draft;
use super::{content, dates, documents, lines, measures, member, orders, parties, payers};
use doorstep_case::{Channel, Referral};
use doorstep_fhir::json::Tree;
use doorstep_fhir::order::Order;
use doorstep_vocab::Timestamp;

/// Makes the referral of an order that was read from `tree`.
pub(super) fn draft<'t>(tree: &'t Tree<'t>, order: &Order<'t>, received_at: Timestamp) -> Draft {
    let mut draft = Draft {
        referral: Referral {
            channel: Channel::Fhir,
            received_at,
            order_ref: orders::order_ref(tree, order),
            ..Referral::default()
        },
        ..Draft::default()
    };
    let authored = dates::authored(tree, order);
    member::note(&mut draft, order);
    payers::note(&mut draft, order);
    parties::note(&mut draft, order);
    dates::note(&mut draft, order, authored);
    orders::note(&mut draft, order);
    lines::note(&mut draft, order);
    measures::note(&mut draft, order);
    content::note(&mut draft, order);
    documents::note(&mut draft, order);
    draft
}
