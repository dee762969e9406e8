//! Senders: each sends until it is answered, and sometimes once more. What they send is real bytes of each format, or a form.

use super::{Role, What};
use crate::chance::Class;
use crate::sim::{Done, Sim};
use doorstep_app::intake::{self, Incoming, Taken};
use doorstep_app::{App, Ctx, Entry, Error, FormSent, Result, digest, open};
use doorstep_case::{Actor, Channel, Referral};
use doorstep_exchange::{Found, Outcome, read};
use doorstep_vocab::{CaseId, Key, Timestamp};
use doorstep_world::Part;
use doorstep_world::orders::{Gap, Order};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// By which door a letter comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// A program posts it, with a key of its own.
    Keyed,
    /// A program posts it.
    Posted,
    /// It lies in a folder since that time.
    Folder(Timestamp),
    /// A person types it in.
    Form,
    /// A person types it in, and forgets what is ordered.
    EmptyForm,
}

/// What a sender wants to be rid of.
pub(crate) struct Letter {
    pub name: String,
    pub way: Way,
    pub bytes: Vec<u8>,
    /// The orders in it, in the order of its units. Empty when it changes one, or is none.
    pub orders: Vec<Order>,
    /// Whether the sender has its answer.
    pub is_heard: bool,
    /// The earliest time of receipt that was answered with yes.
    pub received_at: Option<Timestamp>,
    /// The cases that its orders were said to be, by the order's number.
    pub cases: BTreeMap<String, BTreeSet<CaseId>>,
}

/// What the program made of a letter.
struct Answered {
    /// The time of the request.
    at: Timestamp,
    receipt_id: Option<String>,
    /// For each unit: its case, and whether the order came to it as an order does.
    units: Vec<(Option<CaseId>, bool)>,
}

impl Letter {
    pub(crate) fn is_answered(&self) -> bool {
        self.is_heard
    }
}

impl Sim {
    /// A letter comes to a door.
    pub(super) fn send(&self, number: usize) {
        let Some(node) = self.any_node() else {
            return self.push_in(self.seconds(5, 60), What::Send(number));
        };
        let (bytes, name, way) = {
            let letters = self.letters.borrow();
            let letter = &letters[number];
            (letter.bytes.clone(), letter.name.clone(), letter.way)
        };
        let looked = self.nodes.borrow()[node].clock.looked();
        let received_at = if let Way::Folder(since) = way { since } else { looked };
        let done = self.operate(node, |app| taken(app, way, (&bytes, &name, received_at)));
        match done {
            Done::Ok(answered) => self.taken(number, received_at, &answered),
            Done::Err(Error::Refused(_)) if way == Way::EmptyForm => {
                self.letters.borrow_mut()[number].is_heard = true;
            }
            Done::Err(error) => {
                self.say(&format!("{name} to node {node}: {}", error.code()));
                self.push_in(self.seconds(30, 1_200), What::Send(number));
            }
            Done::Died => {
                self.say(&format!("{name} to node {node}: no answer"));
                self.push_in(self.seconds(30, 1_200), What::Send(number));
            }
        }
    }

    /// The program says that it has a letter: so it must have, and once.
    fn taken(&self, number: usize, received_at: Timestamp, answered: &Answered) {
        let mut letters = self.letters.borrow_mut();
        let letter = &mut letters[number];
        self.say(&format!("{} is taken", letter.name));
        if let Some(receipt_id) = &answered.receipt_id
            && !self.watch.has_receipt(receipt_id)
        {
            self.fail(format!("{} was answered, and its receipt is not on the disk", letter.name));
        }
        let is_repeat = letter.received_at.is_some_and(|known| known <= received_at);
        if is_repeat && self.watch.has_event_at(answered.at) {
            self.fail(format!("{} came again, and changed a case", letter.name));
        }
        letter.received_at =
            Some(letter.received_at.map_or(received_at, |known| known.min(received_at)));
        let mut opened = Vec::new();
        for (at, (case_id, is_order)) in answered.units.iter().enumerate() {
            let Some(case_id) = case_id else { continue };
            if self.watch.seq(case_id) == 0 {
                self.fail(format!("{} led to a case that is not on the disk", letter.name));
            }
            if let (Some(order), true) = (letter.orders.get(at), is_order) {
                letter.cases.entry(order.number.clone()).or_default().insert(case_id.clone());
                opened.push((case_id.clone(), order.clone()));
            }
        }
        if self.strikes(Class::NetAnswer) {
            self.push_in(self.seconds(30, 3_600), What::Send(number));
        } else {
            letter.is_heard = true;
        }
        if self.strikes(Class::NetDouble) {
            self.push_in(self.seconds(1, 20_000), What::Send(number));
        }
        drop(letters);
        for (case_id, order) in opened {
            self.gather(case_id, order);
        }
    }

    /// People gather around a new case.
    fn gather(&self, case_id: CaseId, order: Order) {
        let mut roles = self.roles.borrow_mut();
        if let Some(role) = roles.iter().find(|role| role.case_id == case_id) {
            return self.call(&Rc::clone(role));
        }
        let number = u32::try_from(roles.len()).unwrap_or(u32::MAX);
        let part = RefCell::new(Part::new(number, case_id.clone(), order, self.plan.seed));
        let role = Rc::new(Role { case_id, part, is_called: Cell::new(false) });
        roles.push(Rc::clone(&role));
        drop(roles);
        self.call(&role);
    }

    /// Each order is one case, and its clock counts from the earliest receipt that anybody was told of.
    pub(crate) fn letters_are_sound(&self) -> std::result::Result<(), String> {
        let letters = self.letters.borrow();
        let mut cases: BTreeMap<&String, BTreeSet<&CaseId>> = BTreeMap::new();
        for letter in letters.iter() {
            // Who is known neither by a plan ID nor by a birth date cannot be told from another: people are never merged.
            let is_known =
                |order: &Order| !order.lacks(Gap::MemberId) || !order.lacks(Gap::BirthDate);
            let known = letter.orders.iter().filter(|order| is_known(order));
            let known: BTreeSet<&String> = known.map(|order| &order.number).collect();
            for (order, ids) in &letter.cases {
                if known.contains(order) {
                    cases.entry(order).or_default().extend(ids);
                }
                for case_id in ids {
                    let Some(case) = self.watch.case(case_id) else { continue };
                    let received_at = case.intake.received_at;
                    if letter.received_at.is_some_and(|known| known < received_at) {
                        return Err(format!(
                            "{} was received before case {case_id} says that it was",
                            letter.name
                        ));
                    }
                    if case.intake.acknowledged_at.is_none() && letter.way != Way::Form {
                        return Err(format!("case {case_id} was never acknowledged"));
                    }
                }
            }
        }
        match cases.iter().find(|(_, ids)| ids.len() > 1) {
            Some((order, ids)) => Err(format!("order {order} is {} cases", ids.len())),
            None => Ok(()),
        }
    }
}

fn taken(
    app: &App,
    way: Way,
    (bytes, name, received_at): (&[u8], &str, Timestamp),
) -> Result<Answered> {
    let incoming = Incoming { bytes, name, received_at };
    match way {
        Way::Form => typed(app, (bytes, name), ordered(bytes, received_at)),
        Way::EmptyForm => {
            let empty = |order| Referral { lines: Vec::new(), ..order };
            typed(app, (bytes, name), ordered(bytes, received_at).map(empty))
        }
        Way::Keyed => {
            let ctx = app.system("api");
            let taken = intake::take_keyed(&ctx, &incoming, &Key(digest(name.as_bytes())))?;
            Ok(answered(&ctx, &taken))
        }
        Way::Posted | Way::Folder(_) => {
            let ctx = app.system("intake");
            Ok(answered(&ctx, &intake::take(&ctx, &incoming)?))
        }
    }
}

fn answered(ctx: &Ctx<'_>, taken: &Taken) -> Answered {
    let is_order = |outcome: Outcome| matches!(outcome, Outcome::Opened | Outcome::Linked);
    Answered {
        at: ctx.now,
        receipt_id: Some(taken.receipt_id.to_string()),
        units: taken
            .units
            .iter()
            .map(|unit| (unit.case_id.clone(), is_order(unit.outcome)))
            .collect(),
    }
}

/// A person types in what the order says, and may send the form twice.
fn typed(app: &App, (bytes, name): (&[u8], &str), referral: Option<Referral>) -> Result<Answered> {
    let role = doorstep_case::Role::Agent;
    let ctx = app.ctx(Actor { user_id: "ben".into(), role });
    let Some(referral) = referral else {
        return Ok(Answered { at: ctx.now, receipt_id: None, units: Vec::new() });
    };
    let (key, hash) = (Key(digest(name.as_bytes())), digest(bytes));
    let entry = Entry { sent: Some(FormSent { key, hash }), file: None };
    let opened = open(&ctx, referral, &entry)?;
    let units = vec![(Some(opened.case.id), true)];
    Ok(Answered { at: ctx.now, receipt_id: None, units })
}

fn ordered(bytes: &[u8], received_at: Timestamp) -> Option<Referral> {
    let unit = read(bytes, received_at).units.into_iter().next()?;
    let Found::Order { referral, .. } = unit.found else { return None };
    Some(Referral { channel: Channel::Form, received_at, ..*referral })
}
