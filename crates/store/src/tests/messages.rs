//! Messages, and what in one seems to be of another member.

use super::given::{admin, party, system};
use crate::messages::{self, Message};
use crate::schema::MIGRATIONS;
use crate::search::{Trace, index, strangers};
use crate::{StoreError, people};
use doorstep_case::Phone;
use doorstep_case::messages::Receiver;
use doorstep_db::{Db, params, store_test};
use doorstep_vocab::{CaseId, Phi, Timestamp};

fn message(id: &str, at: i64, to: Receiver) -> Message {
    Message {
        message_id: id.into(),
        at: Timestamp(at),
        author: "agent.one".into(),
        to,
        is_checked: at > 1,
        text: Phi::new("Please call us.".to_owned()),
    }
}

store_test!(messages_are_read_as_they_were_written_and_only_once, MIGRATIONS, |db: &Db| {
    let case: CaseId = "c1".into();
    let one = message("m1", 1, Receiver::Provider("north".into()));
    let two = message("m2", 2, Receiver::Member);
    let other = Message { text: Phi::new("Other".to_owned()), ..one.clone() };
    for row in [&one, &two, &other] {
        db.write("put", |tx| messages::put(tx, &case, row)).unwrap();
    }
    let listed = |scope| db.read(|tx| messages::list(tx, &scope, &case)).unwrap();
    assert_eq!(listed(system()), [one.clone(), two]);
    assert_eq!(listed(admin()), []);
    let get = |case: &str| {
        let what = (&case.into(), &one.message_id);
        db.read(|tx| messages::get(tx, &system(), what)).unwrap()
    };
    assert_eq!((get("c1"), get("c2")), (Some(one.clone()), None));
});

/// Two members: Testa Example of the case, and Otto Sample of another.
fn two_members(db: &Db) {
    let mut own = party("Example", "Testa");
    own.person.phones = vec![phone("608-555-0100")];
    let mut other = party("Sample", "Otto");
    other.person.birth_on = "1948-03-09".parse().ok().map(Phi::new);
    other.person.phones = vec![phone("608-555-0177")];
    other.coverage[0].member_id = Some(Phi::new("XK-48 1623".to_owned()));
    db.write("put", |tx| -> Result<(), StoreError> {
        for (id, party) in [("c1", &own), ("c2", &other)] {
            people::put(tx, &id.into(), party, Timestamp(1))?;
            tx.execute("INSERT INTO search_due (case_id, seq) VALUES ($1, 1)", params![id])?;
        }
        Ok(())
    })
    .unwrap();
    db.write("index", |tx| index::bring_up(tx, 9)).unwrap();
}

fn phone(number: &str) -> Phone {
    Phone { number: Phi::new(number.to_owned()), kind: String::new() }
}

store_test!(
    what_is_of_another_member_is_seen_and_what_is_of_ones_own_is_not,
    MIGRATIONS,
    |db: &Db| {
        two_members(db);
        let found = |text: &str| {
            let found = db.read(|tx| strangers(tx, &"c1".into(), text)).unwrap();
            found
                .into_iter()
                .map(|(trace, text)| (trace, text.reveal().clone()))
                .collect::<Vec<_>>()
        };
        let seen = |trace: Trace, text: &str| vec![(trace, text.to_owned())];
        assert_eq!(
            found("Please bring it to Otto Sample, today."),
            seen(Trace::Name, "Otto Sample")
        );
        assert_eq!(found("for Sample, Otto"), seen(Trace::Name, "Sample Otto"));
        assert_eq!(found("ID: XK481623."), seen(Trace::PlanId, "XK481623"));
        assert_eq!(found("born 3/9/1948"), seen(Trace::BirthDate, "3/9/1948"));
        assert_eq!(found("born 1948-03-09"), seen(Trace::BirthDate, "1948-03-09"));
        assert_eq!(found("call +1 (608) 555-0177"), seen(Trace::Telephone, "+1 (608) 555-0177"));
        let own =
            "Testa Example, born 1950-01-02, TEST-0001, 608-555-0100: we deliver on 2026-03-04.";
        assert_eq!(found(own), []);
        assert_eq!(found(""), []);
        assert_eq!(found("born 03-09-1948"), seen(Trace::BirthDate, "03-09-1948"));
        assert_eq!(found("otto sample"), [], "words without capitals are words");
    }
);

// Twins on their mother's plan ID: one birthday, two people.
store_test!(a_twin_is_a_stranger_although_plan_id_and_birthday_are_one, MIGRATIONS, |db: &Db| {
    two_members(db);
    let twin = party("Example", "Anna");
    db.write("put", |tx| -> Result<(), StoreError> {
        people::put(tx, &"c3".into(), &twin, Timestamp(1))?;
        tx.execute("INSERT INTO search_due (case_id, seq) VALUES ($1, 1)", params!["c3"])?;
        Ok(())
    })
    .unwrap();
    db.write("index", |tx| index::bring_up(tx, 9)).unwrap();
    let found = db.read(|tx| strangers(tx, &"c1".into(), "for Anna Example")).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
});
