//! Writes the tree back to segments, in the order of the guide; loop numbers are given here.

use crate::problem::{Code, Problem};
use crate::seg::{Aaa, Cl1, Cr1, Cr2, Cr5, Cr6, Crc, Hcr, Hi, Hl, Hsd, Msg, Pwk, Ref, Trn, Um};
use crate::sets::s278::GUIDE;
use crate::sets::s278::tree::{
    Event, Party, Person, Request, Response, Service, ServiceLine, Whose,
};
use crate::token::Delimiters;
use crate::write::{GroupOuter, Outer, Writer, interchange};

/// Writes a request as a whole interchange of one group and one set.
///
/// Refuses, naming each element, when a value has a delimiter in it.
pub fn write(
    request: &Request,
    outer: &Outer,
    group_control: u32,
    delimiters: Delimiters,
) -> Result<Vec<u8>, Vec<Problem>> {
    write_response(&tree_of(request), outer, group_control, delimiters)
}

/// Writes a response as a whole interchange of one group and one set; refuses as [`fn@write`] does.
pub fn write_response(
    response: &Response,
    outer: &Outer,
    group_control: u32,
    delimiters: Delimiters,
) -> Result<Vec<u8>, Vec<Problem>> {
    let group = GroupOuter {
        functional_id: "HI".into(),
        sender: outer.sender.id.clone(),
        receiver: outer.receiver.id.clone(),
        control: group_control,
        version: GUIDE.into(),
    };
    interchange(outer, &group, delimiters, |writer| {
        write_set(response, writer);
        1
    })
}

/// Writes ST to SE; the subscriber's events first, then the dependent's.
pub fn write_set(tree: &Response, writer: &mut Writer) {
    let begun = writer.n_segments();
    writer.segment("ST", &["278", &tree.control, GUIDE]);
    if let Some(bht) = &tree.bht {
        bht.write(writer);
    }
    let mut out = Out { writer, n_loops: 0 };
    out.head(tree);
    let n_segments = writer.n_segments() - begun + 1;
    writer.segment("SE", &[&n_segments.to_string(), &tree.control]);
}

fn tree_of(request: &Request) -> Response {
    let Request { at, kind: _, control, bht, umo, requester, subscriber, dependent, events } =
        request.clone();
    Response {
        at,
        control,
        bht: Some(bht),
        refusals: Vec::new(),
        umo: Some(umo),
        requester: Some(requester),
        subscriber: Some(subscriber),
        dependent,
        events,
    }
}

struct Out<'w> {
    writer: &'w mut Writer,
    n_loops: usize,
}

impl Out<'_> {
    /// Opens a loop; returns its number.
    fn open(&mut self, parent: usize, level: &str, has_children: bool) -> usize {
        self.n_loops += 1;
        let parent = if parent == 0 { String::new() } else { parent.to_string() };
        let has_children = if has_children { "1" } else { "0" };
        Hl {
            number: self.n_loops.to_string(),
            parent,
            level: level.into(),
            has_children: has_children.into(),
        }
        .write(self.writer);
        self.n_loops
    }

    fn head(&mut self, tree: &Response) {
        let mut above = 0;
        let goes_on =
            [tree.requester.is_some(), tree.subscriber.is_some(), !tree.events.is_empty()];
        if tree.umo.is_some() || !tree.refusals.is_empty() {
            above = self.open(above, "20", goes_on.contains(&true));
            write_each(&tree.refusals, Aaa::write, self.writer);
            if let Some(umo) = &tree.umo {
                party(umo, self.writer);
            }
        }
        if let Some(requester) = &tree.requester {
            above = self.open(above, "21", goes_on[1] || goes_on[2]);
            party(requester, self.writer);
        }
        let mut patients = (above, above);
        if let Some(subscriber) = &tree.subscriber {
            above = self.open(above, "22", tree.dependent.is_some() || goes_on[2]);
            person(subscriber, self.writer);
            patients = (above, above);
        }
        let (own, others): (Vec<&Event>, Vec<&Event>) =
            tree.events.iter().partition(|event| event.whose == Whose::Subscriber);
        for event in own {
            self.event(patients.0, event);
        }
        if let Some(dependent) = &tree.dependent {
            patients.1 = self.open(patients.0, "23", !others.is_empty());
            person(dependent, self.writer);
        }
        if tree.dependent.is_none() && !others.is_empty() {
            let message = "an event is for the dependent, and there is none: add loop 2000D";
            self.writer.refuse(Code::SegmentMissing, 0, message);
        }
        for event in others {
            self.event(patients.1, event);
        }
    }

    fn event(&mut self, parent: usize, event: &Event) {
        let number = self.open(parent, "EV", !event.services.is_empty());
        let writer = &mut *self.writer;
        write_each(&event.trace, Trn::write, writer);
        write_each(&event.refusals, Aaa::write, writer);
        write_each(event.um.as_deref(), Um::write, writer);
        write_each(&event.decision, Hcr::write, writer);
        write_each(&event.refs, Ref::write, writer);
        write_each(&event.dates, crate::seg::Dtp::write, writer);
        for twelve in event.diagnoses.chunks(12) {
            Hi::of(twelve).write(writer);
        }
        write_each(event.hsd.as_deref(), Hsd::write, writer);
        write_each(&event.crc, Crc::write, writer);
        write_each(&event.cl1, Cl1::write, writer);
        write_each(event.cr1.as_deref(), Cr1::write, writer);
        write_each(event.cr2.as_deref(), Cr2::write, writer);
        write_each(event.cr5.as_deref(), Cr5::write, writer);
        write_each(event.cr6.as_deref(), Cr6::write, writer);
        write_each(&event.pwk, Pwk::write, writer);
        write_each(&event.messages, Msg::write, writer);
        write_each(&event.providers, party, writer);
        for service in &event.services {
            self.service(number, service);
        }
    }

    fn service(&mut self, parent: usize, service: &Service) {
        self.open(parent, "SS", false);
        let writer = &mut *self.writer;
        write_each(&service.trace, Trn::write, writer);
        write_each(&service.refusals, Aaa::write, writer);
        write_each(service.um.as_deref(), Um::write, writer);
        write_each(&service.decision, Hcr::write, writer);
        write_each(&service.refs, Ref::write, writer);
        write_each(&service.dates, crate::seg::Dtp::write, writer);
        for twelve in service.diagnoses.chunks(12) {
            Hi::of(twelve).write(writer);
        }
        match service.line.as_deref() {
            Some(ServiceLine::Professional(sv1)) => sv1.write(writer),
            Some(ServiceLine::Institutional(sv2)) => sv2.write(writer),
            Some(ServiceLine::Dental(sv3)) => sv3.write(writer),
            None => {}
        }
        write_each(&service.teeth, crate::seg::Too::write, writer);
        write_each(service.hsd.as_deref(), Hsd::write, writer);
        write_each(&service.pwk, Pwk::write, writer);
        write_each(&service.messages, Msg::write, writer);
        write_each(&service.providers, party, writer);
    }
}

fn party(party: &Party, writer: &mut Writer) {
    party.name.write(writer);
    write_each(&party.refs, Ref::write, writer);
    write_each(&party.street, crate::seg::N3::write, writer);
    write_each(&party.city, crate::seg::N4::write, writer);
    write_each(&party.contacts, crate::seg::Per::write, writer);
    write_each(&party.refusals, Aaa::write, writer);
    write_each(&party.specialty, crate::seg::Prv::write, writer);
    write_each(&party.dates, crate::seg::Dtp::write, writer);
}

fn person(person: &Person, writer: &mut Writer) {
    party(&person.party, writer);
    write_each(&person.birth, crate::seg::Dmg::write, writer);
    write_each(&person.insured, crate::seg::Ins::write, writer);
}

fn write_each<'t, T: 't>(
    values: impl IntoIterator<Item = &'t T>,
    write: impl Fn(&T, &mut Writer),
    writer: &mut Writer,
) {
    for value in values {
        write(value, writer);
    }
}
