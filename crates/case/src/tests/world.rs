//! A small hub to test in: one case, its record, the time, and the words to act on it. All people are synthetic.

use crate::auth::{Approval, AuthCommand, Determination};
use crate::benefits::BenefitsCommand;
use crate::calls::CallsCommand;
use crate::clock::{Clock, ClockCommand};
use crate::closing::ClosingCommand;
use crate::delivery::{Counted, DeliveryCommand, Proof, ProofMethod, Signer};
use crate::disputes::DisputesCommand;
use crate::intake::{Amendment, IntakeCommand};
use crate::messages::MessagesCommand;
use crate::orders::OrdersCommand;
use crate::placement::PlacementCommand;
use crate::tests::rules::terms;
use crate::{
    Actor, Address, Case, Clinician, Command, Coverage, Diagnosis, Discharge, Event, Fact, Facts,
    Item, LineRequest, Milli, Owner, Person, Phone, Recorded, Referral, Refusal, Role, Sex, Terms,
    Unit, apply, decide,
};
use doorstep_vocab::{CaseNumber, Date, LineNo, Phi, Procedure, Timestamp, Zone};

pub(crate) const ACK: &str = "acknowledge:case";

macro_rules! command_from {
    ($($stage:ident($command:ty)),* $(,)?) => { $(
        impl std::convert::From<$command> for Command {
            fn from(command: $command) -> Self {
                Self::$stage(command)
            }
        }
    )* };
}

command_from! {
    Intake(IntakeCommand), Benefits(BenefitsCommand), Orders(OrdersCommand), Auth(AuthCommand),
    Placement(PlacementCommand), Delivery(DeliveryCommand), Disputes(DisputesCommand),
    Calls(CallsCommand), Messages(MessagesCommand), Closing(ClosingCommand), Clock(ClockCommand),
}

/// One case, its record, the time, and the rules.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) case: Case,
    pub(crate) record: Vec<Recorded>,
    pub(crate) now: Timestamp,
    pub(crate) terms: Terms,
    /// Who acts.
    pub(crate) role: Role,
    hub_zone: Zone,
}

/// An instant by the clocks of New York: `2026-07-03 18:00`.
pub(crate) fn ny(text: &str) -> Timestamp {
    zone("America/New_York").instant(text.replace(' ', "T").parse().unwrap())
}

pub(crate) fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

pub(crate) fn on(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn no(n: u16) -> LineNo {
    LineNo(n)
}

pub(crate) fn item(name: &str) -> Item {
    Item::named(name)
}

pub(crate) fn names(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(Event::name).collect()
}

impl World {
    /// Wednesday 2026-07-01 at nine in the morning, nothing opened yet.
    pub(crate) fn new() -> Self {
        let case = Case::new("case-1".into());
        Self {
            case,
            record: Vec::new(),
            now: ny("2026-07-01 09:00"),
            terms: terms(),
            role: Role::Agent,
            hub_zone: zone("America/New_York"),
        }
    }

    /// A case opened with `referral`.
    pub(crate) fn opened(referral: Referral) -> Self {
        let mut world = Self::new();
        world.act(refer(referral));
        world
    }

    /// A case with one complete oxygen line.
    pub(crate) fn oxygen() -> Self {
        Self::opened(oxygen_order())
    }

    /// A case whose lines may all be placed and delivered as far as the payer goes.
    pub(crate) fn authorized(n_lines: u16) -> Self {
        let mut world = Self::opened(order_of(n_lines));
        for line in 1..=n_lines {
            let answer = Determination::NotRequired { proof: "call 4711".to_owned() };
            world.act(AuthCommand::Determine { line: no(line), answer });
        }
        world
    }

    /// The same with every line taken by `north`.
    pub(crate) fn placed(n_lines: u16) -> Self {
        let mut world = Self::authorized(n_lines);
        let all: Vec<u16> = (1..=n_lines).collect();
        world.act(offer("o-1", "north", &all));
        world.act(accept("o-1", &all, "2026-07-03 17:00"));
        world
    }

    /// The same with one visit planned for all lines on Thursday 2026-07-02, ten to noon.
    pub(crate) fn scheduled(n_lines: u16) -> Self {
        let mut world = Self::placed(n_lines);
        let all: Vec<u16> = (1..=n_lines).collect();
        world.act(schedule("v-1", &all, ("2026-07-02 10:00", "2026-07-02 12:00")));
        world
    }

    pub(crate) fn at(&mut self, text: &str) -> &mut Self {
        self.now = ny(text);
        self
    }

    pub(crate) fn facts(&self) -> Facts<'_> {
        let actor = Actor { user_id: "agent-1".into(), role: self.role };
        Facts { now: self.now, actor, terms: &self.terms, hub_zone: self.hub_zone.clone() }
    }

    /// Decides and records.
    pub(crate) fn attempt(&mut self, command: impl Into<Command>) -> Result<Vec<Event>, Refusal> {
        let events = decide(&self.case, &command.into(), &self.facts())?;
        for event in &events {
            let (seq, at) = (self.case.seq + 1, self.now);
            let recorded = Recorded { seq, at, by: self.facts().actor, event: event.clone() };
            apply(&mut self.case, &recorded);
            self.record.push(recorded);
        }
        Ok(events)
    }

    /// Gives a command that must be allowed, and returns the names of what it added.
    pub(crate) fn act(&mut self, command: impl Into<Command>) -> Vec<&'static str> {
        names(
            &self
                .attempt(command)
                .unwrap_or_else(|refusal| panic!("{}: {refusal}", refusal.code())),
        )
    }

    /// Gives a command twice: the second time adds nothing.
    pub(crate) fn act_twice(&mut self, command: impl Into<Command>) -> Vec<&'static str> {
        let command = command.into();
        let added = self.act(command.clone());
        assert_eq!(self.act(command), Vec::<&str>::new(), "the repeat added something");
        added
    }

    /// Gives a command that must be refused, and returns the refusal's code.
    pub(crate) fn refused(&mut self, command: impl Into<Command>) -> &'static str {
        let before = self.case.clone();
        let refusal = self.attempt(command).expect_err("it was allowed");
        assert_eq!(self.case, before);
        let words = refusal.to_string();
        assert!(!words.ends_with('.') && !words.starts_with(char::is_uppercase), "{words}");
        refusal.code()
    }

    pub(crate) fn clock(&self, id: &str) -> &Clock {
        self.case.clocks.0.get(&id.into()).unwrap_or_else(|| {
            panic!("no clock {id} of {:?}", self.case.clocks.0.keys().collect::<Vec<_>>())
        })
    }

    pub(crate) fn due(&self, id: &str) -> Timestamp {
        self.clock(id).started.due_at
    }

    pub(crate) fn ring(&mut self, id: &str) -> Vec<&'static str> {
        self.act(ClockCommand::Ring(id.into()))
    }

    /// How often an event of that name is on record.
    pub(crate) fn count(&self, name: &str) -> usize {
        self.record.iter().filter(|recorded| recorded.event.name() == name).count()
    }
}

pub(crate) fn refer(referral: Referral) -> IntakeCommand {
    let number = CaseNumber::new(on("2026-07-01"), 1);
    IntakeCommand::Refer { number, payer_id: "acme".into(), referral: Box::new(referral) }
}

pub(crate) fn offer(id: &str, provider: &str, lines: &[u16]) -> PlacementCommand {
    let lines = lines.iter().map(|n| no(*n)).collect();
    PlacementCommand::Offer { offer_id: id.into(), provider_id: provider.into(), lines }
}

pub(crate) fn accept(id: &str, lines: &[u16], commit_by: &str) -> PlacementCommand {
    let lines = lines.iter().map(|n| no(*n)).collect();
    PlacementCommand::Accept {
        offer_id: id.into(),
        lines,
        commit_by: ny(commit_by),
        contact_id: "contact-1".into(),
    }
}

pub(crate) fn schedule(id: &str, lines: &[u16], (from, to): (&str, &str)) -> DeliveryCommand {
    let lines = lines.iter().map(|n| no(*n)).collect();
    DeliveryCommand::Schedule { visit_id: id.into(), lines, from: ny(from), to: ny(to) }
}

pub(crate) fn goods(counted: &[(u16, u32)]) -> Vec<Counted> {
    counted
        .iter()
        .map(|(line, quantity)| Counted { line: no(*line), quantity: *quantity })
        .collect()
}

pub(crate) fn deliver(id: &str, counted: &[(u16, u32)], signed_on: &str) -> DeliveryCommand {
    DeliveryCommand::Deliver { visit_id: id.into(), goods: goods(counted), proof: proof(signed_on) }
}

pub(crate) fn proof(signed_on: &str) -> Proof {
    Proof {
        method: ProofMethod::Signature,
        signer: Some(Signer::Member),
        signed_on: Some(on(signed_on)),
        tracking: None,
        document_id: Some("doc-pod".into()),
        serials: vec!["SN-1".to_owned()],
    }
}

pub(crate) fn approval(quantity: Option<u32>) -> Approval {
    let (from, to) = (Some(on("2026-07-01")), Some(on("2026-12-31")));
    Approval {
        number: "AUTH-1".to_owned(),
        from,
        to,
        quantity,
        unit: Unit::Each,
        ..Approval::default()
    }
}

pub(crate) fn ask(id: &str, items: &[&str]) -> OrdersCommand {
    let items = items.iter().map(|name| item(name)).collect();
    OrdersCommand::Ask { ask_id: id.into(), of: Owner::Referrer, items }
}

pub(crate) fn amend(facts: &[(&str, Fact)]) -> IntakeCommand {
    let facts = facts.iter().map(|(name, fact)| (item(name), (fact.clone(), None))).collect();
    IntakeCommand::Amend(Amendment { facts, ..Amendment::default() })
}

pub(crate) fn withdraw(item_name: &str) -> IntakeCommand {
    IntakeCommand::Amend(Amendment { withdrawn: vec![item(item_name)], ..Amendment::default() })
}

pub(crate) fn discharge(at: &str) -> Discharge {
    Discharge { at: ny(at), bedside: false }
}

/// One oxygen concentrator, with all that its rules ask for.
pub(crate) fn oxygen_order() -> Referral {
    let facts = [
        ("order.ordered-on", Fact::On(on("2026-06-30"))),
        ("order.signed-on", Fact::On(on("2026-06-30"))),
        ("oxygen.condition", Fact::Code("rest".to_owned())),
        ("oxygen.lpm", Fact::Number(Milli::whole(2))),
        ("oxygen.spo2", Fact::Number(Milli::whole(86))),
        ("oxygen.test-on", Fact::On(on("2026-06-30"))),
    ];
    Referral {
        received_at: ny("2026-07-01 09:00"),
        receipt_id: Some("receipt-1".into()),
        order_ref: Some("ORD-1".to_owned()),
        person: person("06103"),
        coverage: vec![Coverage {
            payer_id: Some("acme".into()),
            member_id: Some(Phi::new("TEST-0001".to_owned())),
            ..Coverage::default()
        }],
        prescriber: Some(Clinician {
            name: Some("Doctor Example".to_owned()),
            npi: Some("1003000126".to_owned()),
            npi_valid: true,
            phone: Some("555-0100".to_owned()),
            fax: None,
        }),
        diagnoses: vec![Diagnosis { code: "J44.9".to_owned(), billable: true }],
        lines: vec![line_of("E1390", 1)],
        facts: facts.into_iter().map(|(name, fact)| (item(name), (fact, None))).collect(),
        ..Referral::default()
    }
}

/// An order of so many lines: oxygen, then beds.
pub(crate) fn order_of(n_lines: u16) -> Referral {
    let more = (1..n_lines).map(|_| line_of("E0260", 2));
    let lines = std::iter::once(line_of("E1390", 1)).chain(more).collect();
    Referral { lines, ..oxygen_order() }
}

pub(crate) fn line_of(code: &str, quantity: u32) -> LineRequest {
    let code = Procedure::parse(code).unwrap();
    LineRequest { code: Some(code), quantity: Some(quantity), ..LineRequest::default() }
}

pub(crate) fn person(zip: &str) -> Person {
    let text = |text: &str| Phi::new(text.to_owned());
    Person {
        family: Some(text("Example")),
        given: vec![text("Testa")],
        birth_on: Some(Phi::new(on("1950-01-01"))),
        sex: Some(Phi::new(Sex::Female)),
        address: Some(Address {
            lines: vec![text("1 Test Street")],
            zip: Some(text(zip)),
            ..Address::default()
        }),
        phones: vec![Phone { number: text("555-0101"), kind: "home".to_owned() }],
        ..Person::default()
    }
}
