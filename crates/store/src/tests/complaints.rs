//! Complaints across cases: written with the events, listed by what is due, counted by what they are about.

use super::given::{Given, SECOND, admin, staff};
use crate::Scope;
use crate::complaints;
use crate::schema::MIGRATIONS;
use doorstep_case::Event;
use doorstep_case::disputes::{
    Complainant, ComplaintCategory, ComplaintDoor, DisputeKind, DisputeOutcome, DisputesEvent,
    Severity, Told,
};
use doorstep_db::{Db, store_test};
use doorstep_vocab::Timestamp;

fn complained(id: &str, category: ComplaintCategory, received: i64) -> Event {
    Event::Disputes(DisputesEvent::Complained {
        dispute_id: id.into(),
        kind: DisputeKind::Grievance,
        told: Told {
            category,
            severity: Severity::Serious,
            from: Complainant::Member,
            door: ComplaintDoor::Call,
            received_at: Timestamp(received * SECOND),
            call_id: None,
            note_id: None,
        },
    })
}

fn ids(db: &Db, scope: &Scope, category: Option<ComplaintCategory>) -> Vec<String> {
    let rows = db.read(|tx| complaints::open(tx, scope, (category, None), 10)).unwrap();
    rows.into_iter().map(|row| row.dispute_id.as_str().to_owned()).collect()
}

store_test!(open_complaints_are_listed_and_all_are_counted, MIGRATIONS, |db: &Db| {
    use ComplaintCategory::{Access, Billing};
    let mut one = Given::opened("c1", 1);
    one.happens(9, complained("g-1", Access, 8)).happens(9, complained("g-2", Access, 3));
    one.write(db).unwrap();
    let mut other = Given::opened("c2", 1);
    other.happens(9, complained("g-3", Billing, 5));
    other.write(db).unwrap();
    assert_eq!(ids(db, &staff(), None), ["g-2", "g-3", "g-1"], "by what is due");
    assert_eq!(ids(db, &staff(), Some(Billing)), ["g-3"]);
    assert!(ids(db, &admin(), None).is_empty());
    let outcome = DisputeOutcome::Resolved;
    one.happens(20, Event::Disputes(DisputesEvent::Decided { dispute_id: "g-2".into(), outcome }));
    one.write(db).unwrap();
    assert_eq!(ids(db, &staff(), None), ["g-3", "g-1"]);
    let period = (Timestamp(0), Timestamp(9 * SECOND));
    let counted = db.read(|tx| complaints::by_category(tx, &staff(), period)).unwrap();
    assert_eq!((counted[0].category, counted[0].n_received, counted[0].n_ended), (Access, 2, 1));
    assert_eq!((counted[1].n_received, counted[1].n_grave), (1, 1));
});
