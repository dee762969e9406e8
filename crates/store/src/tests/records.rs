//! Documents, notes, and what `doctor` counts.

use super::given::{Given, SECOND, admin, phi, system};
use crate::contacts::{self, Contact};
use crate::documents::{self, Document};
use crate::facts::{self, StoreFacts};
use crate::jobs::{self, Lease, NewJob};
use crate::notes::{self, Note, Visibility};
use crate::schema::MIGRATIONS;
use crate::{StoreError, blobs, receipts};
use doorstep_case::DocumentKind;
use doorstep_db::{params, store_test};
use doorstep_vocab::Timestamp;

fn document(id: &str, at: i64) -> Document {
    Document {
        document_id: id.into(),
        hash: "h".into(),
        kind: DocumentKind::Order,
        media_type: "application/pdf".into(),
        title: phi("Order of Testa Example.pdf"),
        receipt_id: (at == 1).then(|| "r1".into()),
        added_at: Timestamp(at),
        added_by: "agent.one".into(),
    }
}

store_test!(documents_are_listed_in_their_order, MIGRATIONS, |db: &Db| {
    let case_id = "c1".into();
    db.write::<_, StoreError>("put", |tx| {
        documents::put(tx, &case_id, &document("d2", 2))?;
        documents::put(tx, &case_id, &document("d1", 1))?;
        documents::put(tx, &case_id, &Document { hash: "other".into(), ..document("d1", 1) })?;
        documents::put(tx, &"c2".into(), &document("d1", 1))
    })
    .unwrap();
    let list = db.read(|tx| documents::list(tx, &system(), &case_id)).unwrap();
    assert_eq!(list, [document("d1", 1), document("d2", 2)]);
    assert!(!format!("{list:?}").contains("Testa"));
    let get =
        |scope, id: &str| db.read(|tx| documents::get(tx, &scope, &case_id, &id.into())).unwrap();
    assert_eq!(get(system(), "d2"), Some(document("d2", 2)));
    assert_eq!(get(system(), "d3"), None);
    assert_eq!(get(admin(), "d2"), None);
    assert_eq!(db.read(|tx| documents::list(tx, &admin(), &case_id)), Ok(vec![]));
});

store_test!(notes_are_listed_in_their_order, MIGRATIONS, |db: &Db| {
    let note = |id: &str, at: i64, visibility| Note {
        note_id: id.into(),
        at: Timestamp(at),
        author: "agent.one".into(),
        visibility,
        place: String::new(),
        text: phi("Testa called"),
    };
    let case_id = "c1".into();
    db.write::<_, StoreError>("put", |tx| {
        notes::put(tx, &case_id, &note("n2", 2, Visibility::Shared))?;
        notes::put(tx, &case_id, &note("n1", 1, Visibility::Hub))?;
        notes::put(tx, &case_id, &note("n1", 9, Visibility::Shared))
    })
    .unwrap();
    let list = db.read(|tx| notes::list(tx, &system(), &case_id)).unwrap();
    assert_eq!(list, [note("n1", 1, Visibility::Hub), note("n2", 2, Visibility::Shared)]);
    assert_eq!(db.read(|tx| notes::list(tx, &admin(), &case_id)), Ok(vec![]));
});

store_test!(contacts_are_kept_once_and_shown_to_who_sees_cases, MIGRATIONS, |db: &Db| {
    let case_id = "c1".into();
    let contact = |id: &str, at, name: &str| Contact {
        contact_id: id.into(),
        at: Timestamp(at),
        author: "agent.one".into(),
        name: phi(name),
        phone: phi("800-555-0142"),
    };
    db.write::<_, StoreError>("put", |tx| {
        contacts::put(tx, &case_id, &contact("k2", 2, "Dev Example"))?;
        contacts::put(tx, &case_id, &contact("k1", 1, "Cora Sample"))?;
        contacts::put(tx, &case_id, &contact("k1", 9, "Somebody Else"))?;
        contacts::put(tx, &"c2".into(), &contact("k1", 1, "Another Case"))
    })
    .unwrap();
    let list = db.read(|tx| contacts::list(tx, &system(), &case_id)).unwrap();
    assert_eq!(list, [contact("k1", 1, "Cora Sample"), contact("k2", 2, "Dev Example")]);
    assert!(!format!("{list:?}").contains("Cora") && !format!("{list:?}").contains("0142"));
    assert_eq!(db.read(|tx| contacts::list(tx, &admin(), &case_id)), Ok(vec![]));
});

store_test!(facts_tell_what_should_not_be, MIGRATIONS, |db: &Db| {
    let at = |second: i64| Timestamp(second * SECOND);
    let gather = || db.read(|tx| facts::gather(tx, at(100 + 600))).unwrap();
    assert_eq!(gather(), StoreFacts::default());
    assert!(gather().is_sound());
    Given::opened("c1", 1).write(db).unwrap();
    Given::opened("c2", 2).clock(2, "acknowledge", (50, 60)).write(db).unwrap();
    Given::opened("c3", 3).clock(3, "acknowledge", (150, 160)).write(db).unwrap();
    let behind = "UPDATE case_head SET seq = seq - 1 WHERE case_id = 'c3'";
    let beyond = "UPDATE deadline SET lease_until = 9000000000 WHERE case_id = 'c3'";
    for sql in [behind, beyond] {
        assert_eq!(
            db.write::<_, StoreError>("meddle", |tx| Ok(tx.execute(sql, params![])?)),
            Ok(1)
        );
    }
    let job = |id: &str, run_at| NewJob {
        case_id: "".into(),
        job_id: id.into(),
        kind: "k".into(),
        receiver: "referrer".into(),
        body: "{}".into(),
        seq: 0,
        run_at,
    };
    db.write::<_, StoreError>("put", |tx| {
        for id in ["j1", "j2"] {
            jobs::put(tx, &job(id, at(10)))?;
        }
        jobs::put(tx, &job("j3", at(200)))?;
        let lease = Lease { token: "w1", until: at(20) };
        let claimed = jobs::claim(tx, at(10), lease, 2)?;
        jobs::kill(tx, &claimed[0].key, "w1", at(11), "refused")?;
        documents::put(tx, &"c1".into(), &document("d1", 1))?;
        let hash = blobs::put(tx, b"bytes")?;
        documents::put(tx, &"c1".into(), &Document { hash: hash.clone(), ..document("d2", 1) })?;
        let receipt = receipts::Receipt {
            receipt_id: "r1".into(),
            received_at: at(1),
            channel: "fax".into(),
            name: "page".into(),
            format: "PDF".into(),
            sender: None,
            hash,
            size: 5,
            outcome: "queued".into(),
            problems: "[]".into(),
            reply_hash: None,
        };
        receipts::put(tx, &receipt)?;
        receipts::put(
            tx,
            &receipts::Receipt {
                receipt_id: "r2".into(),
                hash: "lost".into(),
                outcome: "reading".into(),
                received_at: at(-601),
                ..receipt
            },
        )?;
        let unit = receipts::Unit {
            unit: 0,
            place: String::new(),
            outcome: "queued".into(),
            case_id: None,
            problems: "[]".into(),
            resolved_at: None,
            resolved_by: None,
        };
        receipts::put_unit(tx, &"r1".into(), &unit)
    })
    .unwrap();
    let expected = StoreFacts {
        cases_without_clock: 1,
        heads_behind: 1,
        leases_beyond: 1,
        newest_at: None,
        jobs_late: 1,
        leases_lost: 1,
        jobs_dead: 1,
        deadlines_late: 1,
        units_queued: 1,
        receipts_half_read: 1,
        documents_without_blob: 1,
        receipts_without_blob: 1,
    };
    assert_eq!(gather(), expected);
    let named = |names: Vec<facts::Named>| -> Vec<String> {
        names.into_iter().map(|(id, _)| id.to_string()).collect()
    };
    assert_eq!(db.read(|tx| facts::without_clock(tx, 9)).map(named), Ok(vec!["c1".to_owned()]));
    assert_eq!(db.read(|tx| facts::behind(tx, 9)).map(named), Ok(vec!["c3".to_owned()]));
    assert!(!gather().is_sound());
});
