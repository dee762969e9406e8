//! What comes in: inbox, bytes, receipts, recognising an order, blocks of numbers.

use super::given::{admin, at_once, staff, system};
use crate::inbox::{self, Arrival, Seen};
use crate::receipts::{self, Receipt, Resolution, Unit};
use crate::schema::MIGRATIONS;
use crate::{Result, StoreError, blobs, matching, numbers};
use doorstep_db::{Db, store_test};
use doorstep_vocab::{CaseId, Date, Key, ReceiptId, Timestamp};
use std::collections::BTreeSet;

fn arrive(db: &Db, key: &str, hash: &str, receipt_id: &str) -> Result<Seen> {
    let (key, receipt_id) = (Key::from(key), ReceiptId::from(receipt_id));
    let arrival = Arrival {
        source: "x12",
        key: &key,
        hash,
        receipt_id: &receipt_id,
        received_at: Timestamp(1),
    };
    db.write("arrive", |tx| inbox::once(tx, &arrival))
}

store_test!(the_same_thing_is_taken_once, MIGRATIONS, |db: &Db| {
    assert_eq!(arrive(db, "k1", "h1", "r1"), Ok(Seen::New));
    assert_eq!(arrive(db, "k1", "h1", "r2"), Ok(Seen::Same { receipt_id: "r1".into() }));
    assert_eq!(arrive(db, "k1", "h2", "r3"), Ok(Seen::Other { receipt_id: "r1".into() }));
    assert_eq!(arrive(db, "k2", "h1", "r4"), Ok(Seen::New));
});

store_test!(of_two_arrivals_at_once_one_is_new, MIGRATIONS, |db: &Db| {
    for round in 0..20 {
        let key = format!("k{round}");
        let (one, other) =
            at_once(|| arrive(db, &key, "h", "one"), || arrive(db, &key, "h", "other"));
        match (one.unwrap(), other.unwrap()) {
            (Seen::New, Seen::Same { receipt_id }) => assert_eq!(receipt_id.as_str(), "one"),
            (Seen::Same { receipt_id }, Seen::New) => assert_eq!(receipt_id.as_str(), "other"),
            both => panic!("{both:?}"),
        }
    }
});

store_test!(bytes_are_kept_once_and_checked_when_read, MIGRATIONS, |db: &Db| {
    let bytes = [0, 1, 2, 255];
    let hash = db.write("put", |tx| blobs::put(tx, &bytes)).unwrap();
    assert_eq!(db.write("put", |tx| blobs::put(tx, &bytes)), Ok(hash.clone()));
    assert_eq!(hash, blobs::hash(&bytes));
    assert_eq!(
        blobs::hash(b""),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    assert_eq!(db.read(|tx| blobs::get(tx, &staff(), &hash)), Ok(Some(bytes.to_vec())));
    assert_eq!(db.read(|tx| blobs::get(tx, &admin(), &hash)), Ok(None));
    assert_eq!(db.read(|tx| blobs::get(tx, &staff(), "none")), Ok(None));
    db.write("damage", |tx| {
        tx.execute("UPDATE blob SET bytes = $1", doorstep_db::params![&[9_u8]])
    })
    .map_err(|error: doorstep_db::DbError| error)
    .unwrap();
    let damaged = db.read(|tx| blobs::get(tx, &staff(), &hash));
    assert_eq!(damaged, Err(StoreError::Decode { what: "blob.bytes" }));
});

fn receipt(id: &str, at: i64) -> Receipt {
    Receipt {
        receipt_id: id.into(),
        received_at: Timestamp(at),
        channel: "x12".into(),
        name: "batch.edi".into(),
        format: "X12".into(),
        sender: Some("SENDER".into()),
        hash: "h".into(),
        size: 7,
        outcome: "received".into(),
        problems: "[]".into(),
        reply_hash: None,
    }
}

fn unit(unit: u32, outcome: &str) -> Unit {
    Unit {
        unit,
        place: format!("ST {unit}"),
        outcome: outcome.into(),
        case_id: (outcome == "opened").then(|| "c1".into()),
        problems: "[]".into(),
        resolved_at: None,
        resolved_by: None,
    }
}

fn given_receipts(db: &Db) {
    db.write::<_, StoreError>("receive", |tx| {
        for (id, at) in [("r1", 1), ("r2", 2)] {
            receipts::put(tx, &receipt(id, at))?;
            receipts::put_unit(tx, &id.into(), &unit(0, "opened"))?;
            receipts::put_unit(tx, &id.into(), &unit(1, "queued"))?;
            receipts::put_unit(tx, &id.into(), &unit(2, "queued"))?;
        }
        Ok(())
    })
    .unwrap();
}

store_test!(a_receipt_is_kept_with_its_units_and_answered, MIGRATIONS, |db: &Db| {
    given_receipts(db);
    let get = |id: &str| db.read(|tx| receipts::get(tx, &system(), &id.into())).unwrap();
    let units = vec![unit(0, "opened"), unit(1, "queued"), unit(2, "queued")];
    assert_eq!(get("r1"), Some((receipt("r1", 1), units)));
    assert_eq!(get("r3"), None);
    assert_eq!(db.read(|tx| receipts::get(tx, &admin(), &"r1".into())), Ok(None));
    let finish = |id: &str| {
        db.write("finish", |tx| receipts::finish(tx, &id.into(), "partly", Some("reply"))).unwrap()
    };
    assert!(finish("r1"));
    assert!(!finish("r3"));
    let (kept, _) = get("r1").unwrap();
    assert_eq!((kept.outcome.as_str(), kept.reply_hash.as_deref()), ("partly", Some("reply")));
    let list = |before: Option<(Timestamp, &ReceiptId)>| {
        let list = db.read(|tx| receipts::list(tx, &system(), before, 1)).unwrap();
        list.into_iter().map(|receipt| receipt.receipt_id.0).collect::<Vec<_>>()
    };
    assert_eq!(list(None), ["r2"]);
    assert_eq!(list(Some((Timestamp(2), &"r2".into()))), ["r1"]);
    assert_eq!(list(Some((Timestamp(1), &"r1".into()))), [""; 0]);
    assert_eq!(db.read(|tx| receipts::list(tx, &admin(), None, 9)), Ok(vec![]));
});

store_test!(what_a_killed_process_left_is_found, MIGRATIONS, |db: &Db| {
    given_receipts(db);
    let unfinished = |limit| {
        let left = db.read(|tx| receipts::unfinished(tx, "received", limit)).unwrap();
        left.into_iter().map(|receipt| receipt.receipt_id.0).collect::<Vec<_>>()
    };
    assert_eq!((unfinished(9), unfinished(1)), (vec!["r1".into(), "r2".into()], vec!["r1".into()]));
    db.write("finish", |tx| receipts::finish(tx, &"r1".into(), "taken", None)).unwrap();
    assert_eq!(unfinished(9), ["r2"]);
    let at = |at| db.read(|tx| receipts::unit_at(tx, &"r2".into(), at)).unwrap();
    assert_eq!((at(1), at(3)), (Some(unit(1, "queued")), None));
});

store_test!(what_waits_for_a_person_waits_until_it_is_settled, MIGRATIONS, |db: &Db| {
    given_receipts(db);
    let queued = |after: Option<(&ReceiptId, u32)>, limit| {
        let queued = db.read(|tx| receipts::queued(tx, &system(), after, limit)).unwrap();
        queued.into_iter().map(|queued| (queued.receipt_id.0, queued.unit.unit)).collect::<Vec<_>>()
    };
    let all = [("r1".into(), 1), ("r1".into(), 2), ("r2".into(), 1), ("r2".into(), 2)];
    assert_eq!(queued(None, 9), all);
    assert_eq!(queued(Some((&"r1".into(), 1)), 2), all[1..3]);
    let settle = |receipt_id: &str, unit| {
        let receipt_id = ReceiptId::from(receipt_id);
        let case_id = CaseId::from("c7");
        let by = "agent.one".into();
        let resolution = Resolution {
            receipt_id: &receipt_id,
            unit,
            case_id: Some(&case_id),
            by: &by,
            at: Timestamp(9),
        };
        db.write("settle", |tx| receipts::resolve(tx, &resolution)).unwrap()
    };
    assert!(settle("r1", 1));
    assert!(!settle("r1", 1));
    assert!(!settle("r1", 0), "an opened unit does not wait");
    assert_eq!(queued(None, 9), all[1..]);
    let (_, units) = db.read(|tx| receipts::get(tx, &system(), &"r1".into())).unwrap().unwrap();
    assert_eq!(units[1].case_id, Some("c7".into()));
    assert_eq!(units[1].resolved_by, Some("agent.one".into()));
    assert_eq!(db.read(|tx| receipts::queued(tx, &admin(), None, 9)), Ok(vec![]));
});

store_test!(an_order_is_recognised_by_any_of_its_keys, MIGRATIONS, |db: &Db| {
    let keys = |keys: &[&str]| keys.iter().map(ToString::to_string).collect::<Vec<String>>();
    db.write::<_, StoreError>("put", |tx| {
        matching::put(tx, &"c2".into(), &keys(&["a", "b", "a"]))?;
        matching::put(tx, &"c1".into(), &keys(&["b", "c"]))?;
        matching::put(tx, &"c1".into(), &keys(&["c", "d"]))?;
        matching::put(tx, &"c1".into(), &[])
    })
    .unwrap();
    let with = |wanted: &[&str]| {
        let cases = db.read(|tx| matching::cases_with(tx, &keys(wanted))).unwrap();
        cases.into_iter().map(|case_id| case_id.0).collect::<Vec<_>>()
    };
    assert_eq!(with(&["a"]), ["c2"]);
    assert_eq!(with(&["b", "d"]), ["c1", "c2"]);
    assert_eq!(with(&["d", "x", "d"]), ["c1"]);
    assert_eq!(with(&["x"]), [""; 0]);
    assert_eq!(with(&[]), [""; 0]);
});

store_test!(two_doors_at_once_open_one_case, MIGRATIONS, |db: &Db| {
    for round in 0..10 {
        // The same keys in another order: without one order for all, each would wait for the other.
        let keys = [format!("a{round}"), format!("b{round}")];
        let turned = [keys[1].clone(), keys[0].clone()];
        let open = |case_id: String, keys: [String; 2]| {
            move || {
                db.write::<_, StoreError>("open", |tx| {
                    matching::lock(tx, &keys)?;
                    let known = matching::cases_with(tx, &keys)?;
                    if known.is_empty() {
                        matching::put(tx, &CaseId(case_id.clone()), &keys)?;
                    }
                    Ok(known.len())
                })
            }
        };
        let (one, other) = at_once(
            open(format!("one{round}"), keys.clone()),
            open(format!("other{round}"), turned),
        );
        let mut both = [one.unwrap(), other.unwrap()];
        both.sort_unstable();
        assert_eq!(both, [0, 1]);
        assert_eq!(db.read(|tx| matching::cases_with(tx, &keys)).unwrap().len(), 1);
    }
});

store_test!(blocks_of_numbers_never_overlap, MIGRATIONS, |db: &Db| {
    let day = Date::constant(2026, 7, 3);
    let take = |n| db.write("take", |tx| numbers::take(tx, day, n)).unwrap();
    assert_eq!((take(64), take(1), take(64)), (1, 65, 66));
    let other = db.write("take", |tx| numbers::take(tx, Date::constant(2026, 7, 4), 64));
    assert_eq!(other, Ok(1));
    let many = || (0..30).map(|_| take(10)).collect::<Vec<u32>>();
    let (one, other) = at_once(many, many);
    let firsts: BTreeSet<u32> = one.into_iter().chain(other).collect();
    assert_eq!(
        firsts.into_iter().collect::<Vec<_>>(),
        (0..60).map(|n| 130 + 10 * n).collect::<Vec<_>>()
    );
});
