//! Queues: which cases each has, their order, their pages.

use super::given::{Given, SECOND, admin, number, party, phi, staff};
use super::users::user;
use crate::people;
use crate::schema::MIGRATIONS;
use crate::users::{self, User};
use crate::worklist::{self, Asks, Filter, Language, Page, Queue};
use doorstep_case::clock::ClockEvent;
use doorstep_case::closing::ClosingEvent;
use doorstep_case::delivery::DeliveryEvent;
use doorstep_case::disputes::{DisputesEvent, EscalationReason};
use doorstep_case::intake::IntakeEvent;
use doorstep_case::orders::OrdersEvent;
use doorstep_case::placement::PlacementEvent;
use doorstep_case::{Address, Discharge, Event, Item, Owner, Role, ServiceLine, Stage};
use doorstep_db::{Db, store_test};
use doorstep_vocab::{LineNo, Timestamp, UserId};

/// One case in each queue beside `All`, due later the later its number; nobody has the one that waits for triage.
fn raised(reason: EscalationReason) -> Event {
    let (escalation_id, level) = ("e1".into(), 2);
    let (call_id, message_id) = (None, None);
    Event::Disputes(DisputesEvent::Escalated { escalation_id, level, reason, call_id, message_id })
}

fn given(db: &Db) {
    let mut cases: Vec<Given> = (1..=11).map(|n| Given::opened(&format!("c{n}"), n)).collect();
    for (case, n) in cases.iter_mut().zip(1..) {
        case.clock(n, "acknowledge", (100, 200 + n));
        let manager =
            [(1, "agent.one"), (11, "agent.three")].into_iter().find(|(own, _)| *own == n);
        if n != 2 {
            case.assigned(n, manager.map_or("agent.two", |(_, manager)| manager));
        }
    }
    "triage".clone_into(&mut cases[1].row.next_code);
    let clock_id = super::given::clock_id("acknowledge");
    cases[2].happens(
        10,
        Event::Clock(ClockEvent::Warned {
            clock_id,
            percent: 75,
            owner: Role::Agent,
            user_id: None,
        }),
    );
    let discharge = |hours: i64| Discharge { at: Timestamp(hours * 3600 * SECOND), bedside: false };
    cases[3].happens(10, Event::Intake(IntakeEvent::DischargeMoved(discharge(24))));
    cases[0].happens(10, Event::Intake(IntakeEvent::DischargeMoved(discharge(26))));
    let items = vec![Item::named("member.name")];
    cases[4].happens(
        10,
        Event::Orders(OrdersEvent::Asked { ask_id: "a1".into(), of: Owner::Referrer, items }),
    );
    cases[4].comes(11, Event::Intake(IntakeEvent::Noted { note_id: "n1".into() }));
    cases[5].happens(
        10,
        Event::Placement(PlacementEvent::Offered {
            offer_id: "o1".into(),
            provider_id: "p1".into(),
            lines: vec![LineNo(1)],
            respond_by: Timestamp(99),
        }),
    );
    cases[6].auth_requested(10);
    let reason = EscalationReason::ClinicalRisk;
    cases[7].happens(10, raised(reason));
    let clock_id = super::given::clock_id("acknowledge");
    cases[8].happens(10, Event::Clock(ClockEvent::Stopped { clock_id }));
    cases[8].happens(10, Event::Closing(ClosingEvent::Closed { completed: false, kind: None }));
    let clock_id = super::given::clock_id("acknowledge");
    cases[9].happens(
        10,
        Event::Clock(ClockEvent::Missed { clock_id, owner: Role::Agent, user_id: None }),
    );
    cases[10].happens(10, Event::Delivery(scheduled(20)));
    for case in &mut cases {
        case.write(db).unwrap();
    }
    for (name, team) in
        [("agent.one", Some("East")), ("agent.two", None), ("agent.three", Some("East"))]
    {
        let user = User { team: team.map(str::to_owned), ..user(name, Role::Agent) };
        db.write("create", |tx| users::create(tx, &user)).unwrap();
    }
    for (case_id, family) in [("c1", "Example"), ("c5", "Invented")] {
        let mut party = party(family, "Testa");
        party.person.language = Some(phi("Spa"));
        party.person.address = Some(Address { zip: Some(phi("43215-0001")), ..Address::default() });
        db.write("put", |tx| people::put(tx, &case_id.into(), &party, Timestamp(1))).unwrap();
    }
}

fn scheduled(hours: i64) -> DeliveryEvent {
    let [from, to] = [hours, hours + 2].map(|hours| Timestamp(hours * 3600 * SECOND));
    let lines = vec![LineNo(1)];
    DeliveryEvent::Scheduled { visit_id: "v1".into(), provider_id: "p1".into(), lines, from, to }
}

const DAY_ENDS: Timestamp = Timestamp(24 * 3600 * SECOND);

fn filter(queue: Queue) -> Filter {
    let (user_id, now) = ("agent.one".into(), Timestamp(10 * SECOND));
    Filter { queue, user_id, now, day_ends: DAY_ENDS, ..Filter::default() }
}

fn page(db: &Db, filter: &Filter) -> Page {
    db.read(|tx| worklist::page(tx, &staff(), filter, None, 50)).unwrap()
}

fn ids(page: &Page) -> Vec<&str> {
    page.rows.iter().map(|row| row.case_id.as_str()).collect()
}

store_test!(each_queue_has_its_cases, MIGRATIONS, |db: &Db| {
    given(db);
    let expected: [(Queue, &[&str]); 15] = [
        (Queue::Mine, &["c1"]),
        (Queue::Team, &["c1", "c11"]),
        (Queue::Triage, &["c2"]),
        (Queue::Unassigned, &["c2"]),
        (Queue::AtRisk, &["c3", "c10"]),
        (Queue::Missed, &["c10"]),
        (Queue::Unread, &["c5"]),
        (Queue::DischargeSoon, &["c4"]),
        (Queue::Today, &["c11"]),
        (Queue::Clarifying, &["c5"]),
        (Queue::OffersWaiting, &["c6"]),
        (Queue::AuthPending, &["c7"]),
        (Queue::Escalated, &["c8"]),
        (Queue::All, &["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c10", "c11"]),
        (Queue::Closed, &["c9"]),
    ];
    let user_id = UserId::from("agent.one");
    let asks = Asks { user_id: &user_id, now: Timestamp(10 * SECOND), day_ends: DAY_ENDS };
    let counts = db.read(|tx| worklist::counts(tx, &staff(), &asks)).unwrap();
    for ((queue, cases), (counted, n)) in expected.into_iter().zip(counts) {
        assert_eq!(ids(&page(db, &filter(queue))), cases, "{queue:?}");
        assert_eq!((counted, n as usize), (queue, cases.len()));
    }
});

store_test!(a_row_shows_what_the_case_says, MIGRATIONS, |db: &Db| {
    given(db);
    let page = page(db, &filter(Queue::Mine));
    let row = &page.rows[0];
    assert_eq!(row.number, Some(number(1)));
    assert_eq!(row.member, Some(phi("Example, Testa")));
    assert_eq!(row.services, [ServiceLine::Dme]);
    assert_eq!(row.manager, Some("agent.one".into()));
    let clock = row.clock.clone().unwrap();
    assert_eq!((clock.name.as_str(), clock.due_at), ("acknowledge", Timestamp(201 * SECOND)));
    assert_eq!((clock.started_at, clock.is_paused), (Timestamp(SECOND), false));
    assert_eq!((row.next_code.as_str(), row.next_waits, row.blocked), ("ask", false, 1));
    assert_eq!(row.waiting, "line 2 waits for the signed order");
    assert_eq!(row.discharge_at, Some(Timestamp(26 * 3600 * SECOND)));
    assert_eq!(
        row.service_zone.as_ref().map(ToString::to_string).as_deref(),
        Some("America/Chicago")
    );
    assert!(!format!("{page:?}").contains("Testa"));
});

store_test!(a_list_is_paged_without_gaps_and_repeats, MIGRATIONS, |db: &Db| {
    given(db);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let filter = filter(Queue::All);
        let page = db.read(|tx| worklist::page(tx, &staff(), &filter, after.as_ref(), 3)).unwrap();
        seen.extend(page.rows.into_iter().map(|row| row.case_id.0));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c10", "c11"]);
});

store_test!(cases_without_a_clock_come_last_and_closed_ones_newest_first, MIGRATIONS, |db: &Db| {
    Given::opened("c1", 1).write(db).unwrap();
    Given::opened("c2", 2).clock(2, "acknowledge", (100, 200)).write(db).unwrap();
    assert_eq!(ids(&page(db, &filter(Queue::All))), ["c2", "c1"]);
    for (id, at) in [("c3", 30), ("c4", 40)] {
        let mut given = Given::opened(id, 3);
        given
            .happens(at, Event::Closing(ClosingEvent::Closed { completed: false, kind: None }))
            .write(db)
            .unwrap();
    }
    assert_eq!(ids(&page(db, &filter(Queue::Closed))), ["c4", "c3"]);
});

store_test!(a_list_can_be_narrowed, MIGRATIONS, |db: &Db| {
    given(db);
    let narrowed = |change: fn(&mut Filter)| {
        let mut filter = filter(Queue::All);
        change(&mut filter);
        page(db, &filter).rows.len()
    };
    assert_eq!(narrowed(|filter| filter.payer_id = Some("example-plan".into())), 10);
    assert_eq!(narrowed(|filter| filter.payer_id = Some("other-plan".into())), 0);
    assert_eq!(narrowed(|filter| filter.service = Some(ServiceLine::Dme)), 10);
    assert_eq!(narrowed(|filter| filter.service = Some(ServiceLine::HomeHealth)), 0);
    assert_eq!(narrowed(|filter| filter.text = "Example, T".into()), 10);
    assert_eq!(narrowed(|filter| filter.text = "Testa".into()), 0);
    assert_eq!(narrowed(|filter| filter.text = "%".into()), 0);
    assert_eq!(narrowed(|filter| filter.text = number(3).as_str().to_lowercase()), 1);
    assert_eq!(narrowed(|filter| filter.stage = Some(Stage::Order)), 10);
    assert_eq!(narrowed(|filter| filter.stage = Some(Stage::Placement)), 0);
    assert_eq!(narrowed(|filter| filter.manager = Some("agent.one".into())), 1);
    assert_eq!(narrowed(|filter| filter.clock = Some("acknowledge".into())), 10);
    assert_eq!(narrowed(|filter| filter.clock = Some("clarify".into())), 0);
    assert_eq!(narrowed(|filter| filter.received_until = Some(Timestamp(3 * SECOND))), 3);
    assert_eq!(narrowed(|filter| filter.language = Some(Language::Spanish)), 2);
    assert_eq!(narrowed(|filter| filter.language = Some(Language::English)), 0);
    assert_eq!(narrowed(|filter| filter.zip = Some("432".into())), 2);
    assert_eq!(narrowed(|filter| filter.zip = Some("999%".into())), 0);
});

store_test!(an_administrator_sees_no_list, MIGRATIONS, |db: &Db| {
    given(db);
    let page = db.read(|tx| worklist::page(tx, &admin(), &filter(Queue::All), None, 50)).unwrap();
    assert_eq!(page, Page::default());
    let user_id = UserId::from("a");
    let asks = Asks { user_id: &user_id, now: Timestamp(0), day_ends: DAY_ENDS };
    let counts = db.read(|tx| worklist::counts(tx, &admin(), &asks)).unwrap();
    assert!(counts.iter().all(|(_, n)| *n == 0));
});

#[test]
fn queue_names_are_read_back() {
    for queue in Queue::ALL {
        assert_eq!(Queue::parse(queue.name()), Some(queue));
    }
    assert_eq!(Queue::parse("none"), None);
}
