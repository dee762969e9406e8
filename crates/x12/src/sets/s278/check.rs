//! What a 278 must have.
//!
//! An **error** stops the set: without it nobody could work on the request, or it would be for the wrong person.
//! Everything else is a **warning**: it is told in the 999, and the request is taken.

use crate::problem::{Code, Notes, Place};
use crate::sets::s278::tree::{Kind, Party, Request, Response};

/// Checks the tree for what its kind needs.
pub(super) fn tree(tree: &Response, kind: Kind, notes: &mut Notes) {
    if tree.bht.is_none() {
        missing(tree, "BHT", "BHT is missing: what the set is for is unknown", notes);
    }
    if !matches!(kind, Kind::Request | Kind::Cancel) {
        return;
    }
    if tree.umo.is_none() {
        missing(
            tree,
            "NM1",
            "the reviewer (loop 2000A) is missing: name the payer or the hub",
            notes,
        );
    }
    if tree.requester.is_none() {
        missing(
            tree,
            "NM1",
            "the requester (loop 2000B) is missing: nobody could be answered",
            notes,
        );
    }
    match &tree.subscriber {
        None => {
            missing(tree, "NM1", "the subscriber (loop 2000C) is missing: name the member", notes);
        }
        Some(person) => identity(&person.party, notes),
    }
    if tree.events.is_empty() {
        missing(tree, "HL", "the event (loop 2000E) is missing: say what is asked for", notes);
    }
    for event in tree.events.iter().filter(|event| event.um.is_none()) {
        let place = Place { segment_id: "UM".into(), ..event.at.clone() };
        notes.error(
            Code::SegmentMissing,
            place,
            "UM is missing: say what kind of review is asked for",
        );
    }
}

/// Returns the request of a tree that passed [`tree`].
pub(super) fn request(tree: Response, kind: Kind) -> Option<Box<Request>> {
    let Response { at, control, bht, refusals: _, umo, requester, subscriber, dependent, events } =
        tree;
    let (bht, umo, requester, subscriber) = (bht?, umo?, requester?, subscriber?);
    Some(Box::new(Request {
        at,
        kind,
        control,
        bht,
        umo,
        requester,
        subscriber,
        dependent,
        events,
    }))
}

fn missing(tree: &Response, id: &str, message: &str, notes: &mut Notes) {
    let place = Place {
        segment: Some(1),
        segment_id: id.into(),
        element: None,
        component: None,
        ..tree.at.clone()
    };
    notes.error(Code::SegmentMissing, place, message);
}

fn identity(party: &Party, notes: &mut Notes) {
    if party.name.id.is_empty() && party.name.last.is_empty() {
        let message = "the subscriber has neither member id nor name: send NM109";
        notes.error(Code::ElementMissing, party.at.element(9), message);
    } else if party.name.id.is_empty() {
        notes.warn(Code::ElementMissing, party.at.element(9), "the subscriber has no member id");
    }
}
