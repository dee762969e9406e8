//! What every trial ends with: the store is whole, each case is what its record says, the outbox holds what the events want
//! and nothing else, and the record can be that of what was asked.

use crate::history::{Kept, Op, wrong};
use crate::hub::Hub;
use crate::support::Place;
use doorstep_app::jobs;
use doorstep_case::intake::IntakeEvent;
use doorstep_case::{Case, Event, Recorded, apply};
use doorstep_db::{Db, DbError, params};
use doorstep_store::cases;
use doorstep_vocab::{CaseId, ReceiptId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// A case as the store has it.
pub struct Held {
    pub case_id: CaseId,
    pub number: String,
    /// Whose it is: the orders of a trial have a member each.
    pub member_id: String,
    pub events: Vec<Recorded>,
}

/// Names of what the doctor says about a throw-away server and its disk, and not about what it holds.
const OF_THE_MACHINE: [&str; 2] = ["fsync", "data_checksums"];

/// Says all that is wrong with a store and with what was told of it. `labels` names each file by the hash of its bytes.
pub fn audit(place: &Place, ops: &[Op], labels: &BTreeMap<String, String>) -> Vec<String> {
    let db = Db::open(place.db()).unwrap();
    let held = held(&db);
    let mut out = store(place, &db, &held);
    out.extend(wrong(ops, &arrivals(&db, &held, labels)));
    out
}

/// Says what is wrong with the store by itself.
pub fn store(place: &Place, db: &Db, held: &[Held]) -> Vec<String> {
    let mut out = Vec::new();
    if let Err(error) = db.integrity_check() {
        out.push(format!("the database is not whole: {error}"));
    }
    let replayed = place.run(&["replay", "--check"]);
    if replayed.code != Some(0) {
        out.push(format!("the replay differs: {}{}", replayed.out, replayed.err));
    }
    out.extend(doctored(place));
    out.extend(counted(db));
    out.extend(outbox(db, held));
    out
}

/// Asks the doctor. Where it cannot say anything the store is not one.
fn doctored(place: &Place) -> Vec<String> {
    let ran = place.run(&["doctor", "--json"]);
    let Ok(found) = serde_json::from_str::<serde_json::Value>(&ran.out) else {
        return vec![format!("the doctor cannot look: {}{}", ran.out, ran.err)];
    };
    let advised = found["findings"].as_array().unwrap().iter().filter(|one| {
        let name = one["name"].as_str().unwrap();
        !one["advice"].is_null() && !OF_THE_MACHINE.contains(&name) && !name.starts_with("disk ")
    });
    advised.map(|one| format!("the doctor says: {one}")).collect()
}

/// Starts the hub once more: a start finishes what was left half read.
pub fn restart(place: &Place) {
    let hub = Hub::new(place, &[]);
    hub.start();
    hub.stop();
}

/// Does what killed workers had claimed, as others would once the leases have run out.
pub fn settle(place: &Place) {
    let db = Db::open(place.db()).unwrap();
    for sql in [
        "UPDATE job SET lease_until = 0 WHERE done_at IS NULL",
        "UPDATE deadline SET lease_until = 0",
    ] {
        db.write::<_, DbError>("let leases run out", |tx| tx.execute(sql, params![])).unwrap();
    }
    place.ok(&["work", "--once"]);
}

/// Counts what may not be there.
fn counted(db: &Db) -> Vec<String> {
    let none: [(&str, &str); 4] = [
        (
            "receipts were never finished",
            "SELECT COUNT(*) AS n FROM receipt WHERE outcome = 'reading'",
        ),
        (
            "receipts have lost their bytes",
            "SELECT COUNT(*) AS n FROM receipt AS r WHERE NOT EXISTS (SELECT 1 FROM blob AS b WHERE b.hash = r.hash)",
        ),
        (
            "numbers were given twice",
            "SELECT COUNT(*) - COUNT(DISTINCT number) AS n FROM case_head",
        ),
        ("members have two cases", "SELECT COUNT(*) - COUNT(DISTINCT member_id) AS n FROM person"),
    ];
    let counted = none.iter().map(|(what, sql)| (count(db, sql), what));
    counted.filter(|(n, _)| *n != 0).map(|(n, what)| format!("{n} {what}")).collect()
}

/// Asks for one number, called `n`.
pub fn count(db: &Db, sql: &str) -> i64 {
    db.read(|tx| tx.query_one(sql, params![])?.unwrap().int("n")).unwrap()
}

/// Reads every case with its record.
pub fn held(db: &Db) -> Vec<Held> {
    let sql = "SELECT h.case_id, h.number, p.member_id
               FROM case_head AS h LEFT JOIN person AS p ON p.case_id = h.case_id
               ORDER BY h.case_id";
    let rows = db.read::<_, DbError>(|tx| tx.query(sql, params![])).unwrap();
    let of = |row: &doorstep_db::Row| {
        let text = |name| row.opt_text(name).unwrap().unwrap_or_default().to_owned();
        let case_id = CaseId::from(row.text("case_id").unwrap());
        let events = db.read(|tx| cases::record(tx, &case_id)).unwrap();
        Held { case_id, number: text("number"), member_id: text("member_id"), events }
    };
    rows.iter().map(of).collect()
}

/// Returns the trace of each file in the cases: one for each order in it.
fn arrivals(db: &Db, held: &[Held], labels: &BTreeMap<String, String>) -> Vec<Kept> {
    let sql = "SELECT receipt_id, hash FROM receipt";
    let rows = db.read::<_, DbError>(|tx| tx.query(sql, params![])).unwrap();
    let hashes: BTreeMap<ReceiptId, String> = rows
        .iter()
        .map(|row| {
            (ReceiptId::from(row.text("receipt_id").unwrap()), row.text("hash").unwrap().to_owned())
        })
        .collect();
    let label = |receipt_id: &Option<ReceiptId>| {
        let hash = receipt_id.as_ref().and_then(|id| hashes.get(id));
        hash.and_then(|hash| labels.get(hash)).cloned().unwrap_or_else(|| "nothing".to_owned())
    };
    let mut kept = Vec::new();
    let mut first: BTreeMap<String, Timestamp> = BTreeMap::new();
    for (one, recorded) in held.iter().flat_map(|one| one.events.iter().map(move |e| (one, e))) {
        let receipt = match &recorded.event {
            Event::Intake(IntakeEvent::Referred(referred)) => &referred.receipt,
            Event::Intake(IntakeEvent::Linked(receipt)) => receipt,
            _ => continue,
        };
        let key = arrival(&label(&receipt.receipt_id), &one.member_id);
        // The same bytes were held before those that were taken first, and were taken after them: the clock counts from
        // when they came, which the case has to learn. Source: facts 11.1 (1).
        let known = first.insert(key.clone(), receipt.received_at);
        if known.is_none_or(|known| known <= receipt.received_at) {
            kept.push(Kept { key, case: one.number.clone(), seq: recorded.seq });
        }
    }
    kept
}

/// The key of one order in one file.
pub fn arrival(label: &str, member_id: &str) -> String {
    format!("{label} of {member_id}")
}

/// The jobs are those that the events want.
fn outbox(db: &Db, held: &[Held]) -> Vec<String> {
    let sql = "SELECT case_id, job_id, kind FROM job WHERE case_id <> ''";
    let rows = db.read::<_, DbError>(|tx| tx.query(sql, params![])).unwrap();
    let text = |row: &doorstep_db::Row, name: &str| row.text(name).unwrap().to_owned();
    let there: BTreeSet<[String; 3]> =
        rows.iter().map(|row| ["case_id", "job_id", "kind"].map(|name| text(row, name))).collect();
    let wanted: BTreeSet<[String; 3]> = held
        .iter()
        .flat_map(wanted)
        .map(|job| [job.case_id.to_string(), job.job_id, job.kind])
        .collect();
    let named = |what: &str, jobs: Vec<&[String; 3]>| {
        let (n, first) = (jobs.len(), jobs.first().map(|job| job.join(" ")));
        first.map(|first| format!("{n} jobs {what}, among them {first}"))
    };
    let lost = named("are lost", wanted.difference(&there).collect());
    let phantoms = named("were never wanted", there.difference(&wanted).collect());
    lost.into_iter().chain(phantoms).collect()
}

/// What was recorded together is one command: its jobs are made of the state behind all of it.
fn wanted(held: &Held) -> Vec<doorstep_store::jobs::NewJob> {
    let mut case = Case::new(held.case_id.clone());
    let mut all = Vec::new();
    for together in held.events.chunk_by(|a, b| a.at == b.at && a.by == b.by) {
        for recorded in together {
            apply(&mut case, recorded);
        }
        all.extend(jobs::wanted(&case, together));
    }
    all
}
