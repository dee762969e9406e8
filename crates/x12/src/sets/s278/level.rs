//! Where in the tree a segment belongs: the loops that HL opens, and what to do when a loop names a false parent.

use std::collections::BTreeMap;

use crate::problem::{Code, Notes, Place};
use crate::seg::Hl;
use crate::sets::s278::tree::{Event, Response, Service, Whose};
use crate::token::Segment;

/// The loop that is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Here {
    /// Before the first HL.
    #[default]
    Top,
    /// 2000A.
    Umo,
    /// 2000B.
    Requester,
    /// 2000C.
    Subscriber,
    /// 2000D.
    Dependent,
    /// 2000E, by index.
    Event(usize),
    /// 2000F, by index of its event and its own.
    Service(usize, usize),
    /// A loop that could not be placed; what is in it is passed over, and the set is refused.
    Lost,
}

/// The loops opened so far, by HL01.
#[derive(Clone, Debug, Default)]
pub(super) struct Levels {
    by_number: BTreeMap<String, Here>,
    opened: [bool; 4],
}

impl Levels {
    /// Opens the loop of an HL.
    pub(super) fn open(
        &mut self,
        segment: &Segment<'_>,
        tree: &mut Response,
        notes: &mut Notes,
    ) -> Here {
        let hl = Hl::read(segment, notes);
        let place = notes.place.segment(segment);
        let parent = self.by_number.get(&hl.parent).copied();
        let here = match hl.level.as_str() {
            "20" => self.single(0, Here::Umo, &place, notes),
            "21" => self.single(1, Here::Requester, &place, notes),
            "22" => self.single(2, Here::Subscriber, &place, notes),
            "23" => self.single(3, Here::Dependent, &place, notes),
            "EV" => self.event(parent, &place, tree, notes),
            "SS" => service(parent, &place, tree, notes),
            _ => {
                notes.error(
                    Code::CodeInvalid,
                    place.element(3),
                    "the level of the loop is not one of a 278",
                );
                Here::Lost
            }
        };
        let as_asked = match here {
            Here::Umo => hl.parent.is_empty(),
            Here::Requester => parent == Some(Here::Umo),
            Here::Subscriber => parent == Some(Here::Requester),
            Here::Dependent => parent == Some(Here::Subscriber),
            // Said where they are opened, since the parent decides where they go.
            Here::Event(_) | Here::Service(..) | Here::Lost | Here::Top => true,
        };
        if !as_asked {
            let message =
                "the parent of the loop is not the one that precedes it: the order was followed";
            notes.warn(Code::HlParent, place.element(2), message);
        }
        if self.by_number.insert(hl.number, here).is_some() {
            let message = "the number of the loop occurs twice in this set: who is meant as parent is unknown";
            notes.error(Code::HlDuplicate, place.element(1), message);
        }
        here
    }

    /// Opens a loop that a set has once.
    fn single(&mut self, index: usize, here: Here, place: &Place, notes: &mut Notes) -> Here {
        if std::mem::replace(&mut self.opened[index], true) {
            let message = "the set has this loop twice: send one patient in each set";
            notes.error(Code::LoopTooMany, place.clone(), message);
            return Here::Lost;
        }
        here
    }

    fn event(
        &self,
        parent: Option<Here>,
        place: &Place,
        tree: &mut Response,
        notes: &mut Notes,
    ) -> Here {
        let has_dependent = self.opened[3];
        let whose = match parent {
            Some(Here::Dependent) => Whose::Dependent,
            Some(Here::Subscriber) => Whose::Subscriber,
            _ if has_dependent => {
                let message = "the event names neither subscriber nor dependent as parent: whose it is is unknown";
                notes.error(Code::HlParent, place.element(2), message);
                Whose::Dependent
            }
            _ => {
                let message =
                    "the parent of the event is not the subscriber: the order was followed";
                notes.warn(Code::HlParent, place.element(2), message);
                Whose::Subscriber
            }
        };
        tree.events.push(Event { at: place.clone(), whose, ..Event::default() });
        Here::Event(tree.events.len() - 1)
    }
}

fn service(parent: Option<Here>, place: &Place, tree: &mut Response, notes: &mut Notes) -> Here {
    let event = match parent {
        Some(Here::Event(event)) => Some(event),
        Some(Here::Service(event, _)) => {
            let message = "the parent of the service is a service: it was put to the same event";
            notes.warn(Code::HlParent, place.element(2), message);
            Some(event)
        }
        _ if tree.events.len() > 1 => {
            let message = "the service names no event as parent: which one it is for is unknown";
            notes.error(Code::HlParent, place.element(2), message);
            None
        }
        _ if tree.events.is_empty() => {
            notes.error(Code::HlParent, place.element(2), "no event precedes the service");
            None
        }
        _ => {
            let message = "the parent of the service is not the event: the order was followed";
            notes.warn(Code::HlParent, place.element(2), message);
            Some(0)
        }
    };
    let Some((index, event)) =
        event.and_then(|index| tree.events.get_mut(index).map(|event| (index, event)))
    else {
        return Here::Lost;
    };
    event.services.push(Service { at: place.clone(), ..Service::default() });
    Here::Service(index, event.services.len() - 1)
}
