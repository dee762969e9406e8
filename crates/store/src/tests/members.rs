//! Which cases are of one member, merged and taken apart again.

use super::given::{Given, party, phi, system};
use crate::members::{self, Merge};
use crate::schema::MIGRATIONS;
use crate::search::{self, Query};
use crate::{Result, people};
use doorstep_case::Coverage;
use doorstep_db::{Db, Tx, params, store_test};
use doorstep_vocab::{CaseId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Opens a case of a member of that name and plan ID, at a second.
fn open(db: &Db, id: &str, (name, plan): (&str, &str), at: i64) {
    let mut given = Given::opened(id, at);
    given.write(db).unwrap();
    let mut who = party("Example", name);
    who.coverage = vec![Coverage { member_id: Some(phi(plan)), ..Coverage::default() }];
    db.write("people", |tx| people::put(tx, &id.into(), &who, Timestamp(at))).unwrap();
}

fn merged(id: &str, kept: &str, merged: &str, at: i64) -> Merge {
    Merge {
        merge_id: id.to_owned(),
        kept: kept.into(),
        merged: merged.into(),
        at: Timestamp(at * 1_000_000),
        by: "sup.one".into(),
        reason: phi("the same birth certificate"),
    }
}

fn keep(db: &Db, row: &Merge) {
    db.write::<_, crate::StoreError>("merge", |tx| {
        members::lock(tx)?;
        members::merge(tx, row)
    })
    .unwrap();
}

fn undo(db: &Db, id: &str) -> bool {
    let reason = phi("two people");
    db.write("undo", |tx| members::undo(tx, id, (&"sup.one".into(), &reason), Timestamp(9)))
        .unwrap()
}

fn of(db: &Db, id: &str) -> Vec<String> {
    let found = db.read(|tx| members::cases_of(tx, &id.into())).unwrap();
    found.into_iter().map(|id| id.to_string()).collect()
}

store_test!(a_merge_reaches_all_cases_of_both_and_is_undone_exactly, MIGRATIONS, |db: &Db| {
    open(db, "a1", ("Testa", "TEST-1"), 1);
    open(db, "a2", ("Testa", "TEST-1"), 2);
    open(db, "b1", ("Tessa", "TEST-2"), 3);
    open(db, "b2", ("Tessa", "TEST-2"), 4);
    open(db, "c1", ("Other", "TEST-3"), 5);
    assert_eq!(of(db, "a1"), ["a1", "a2"]);
    keep(db, &merged("m1", "a1", "b1", 10));
    for id in ["a1", "a2", "b1", "b2"] {
        assert_eq!(of(db, id), ["a1", "a2", "b1", "b2"], "from {id}");
    }
    assert_eq!(of(db, "c1"), ["c1"]);
    // Further work on both sides, and a case that falls to the wrong one.
    open(db, "a3", ("Testa", "TEST-1"), 20);
    open(db, "b3", ("Tessa", "TEST-2"), 21);
    open(db, "n1", ("Testa", "TEST-1"), 22);
    let since = db.read(|tx| members::between(tx, merged("m1", "a1", "b1", 10))).unwrap();
    assert_eq!(since.since, ["a3", "b3", "n1"].map(CaseId::from));
    assert_eq!(since.falls_to_kept, BTreeSet::from(["a3", "n1"].map(CaseId::from)));
    assert!(undo(db, "m1") && !undo(db, "m1"));
    let (n1, b1) = (CaseId::from("n1"), CaseId::from("b1"));
    let by = "sup.one".into();
    db.write("place", |tx| members::place(tx, (&n1, &b1), (&by, Timestamp(30)))).unwrap();
    assert_eq!(of(db, "a1"), ["a1", "a2", "a3"]);
    assert_eq!(of(db, "b2"), ["b1", "b2", "b3", "n1"], "a person said whose it is");
    assert_eq!(of(db, "n1"), ["b1", "b2", "b3", "n1"]);
});

store_test!(a_search_finds_a_merged_member_by_either_identity, MIGRATIONS, |db: &Db| {
    open(db, "a1", ("Testa", "TEST-1"), 1);
    open(db, "b1", ("Berta", "TEST-2"), 3);
    while db.write("index", |tx| search::index::bring_up(tx, 9)).unwrap() > 0 {}
    let found = |typed: &str| {
        let hits = db.read(|tx| search::find(tx, &system(), &Query::typed(typed), 9)).unwrap();
        hits.into_iter().map(|hit| hit.case_id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("TEST-1"), ["a1"]);
    keep(db, &merged("m1", "a1", "b1", 10));
    assert_eq!(found("TEST-1"), ["a1", "b1"]);
    assert_eq!(found("TEST-2"), ["b1", "a1"]);
    undo(db, "m1");
    assert_eq!(found("TEST-1"), ["a1"]);
});

/// A small source of chance, so that a failure is the same again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        let stepped = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = stepped.wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(n).unwrap()).unwrap()
    }
}

fn relation(tx: &mut Tx<'_>, ids: &[CaseId]) -> Result<BTreeMap<CaseId, BTreeSet<CaseId>>> {
    ids.iter().map(|id| Ok((id.clone(), members::cases_of(tx, id)?))).collect()
}

store_test!(merges_undone_in_any_order_leave_the_members_as_they_were, MIGRATIONS, |db: &Db| {
    for seed in 1..=6 {
        println!("seed {seed}");
        let mut chance = Chance(seed);
        let ids: Vec<CaseId> = (0..9).map(|n| CaseId(format!("s{seed}c{n}"))).collect();
        for (n, id) in (0_i64..).zip(&ids) {
            let plan = format!("TEST-{seed}-{}", chance.below(6));
            open(db, id.as_str(), ("Testa", &plan), n + 1);
        }
        let first = db.read(|tx| relation(tx, &ids)).unwrap();
        // What was, after each merge: undone the other way round, each comes back.
        let mut held: Vec<String> = Vec::new();
        for n in 0..30 {
            if held.is_empty() || chance.below(3) > 0 {
                let (one, other) = (&ids[chance.below(9)], &ids[chance.below(9)]);
                if db.read(|tx| members::is_one(tx, one, other)).unwrap() {
                    continue;
                }
                let id = format!("s{seed}m{n}");
                let before = db.read(|tx| relation(tx, &ids)).unwrap();
                keep(db, &merged(&id, one.as_str(), other.as_str(), 50));
                let joined = db.read(|tx| members::cases_of(tx, one)).unwrap();
                let both: BTreeSet<CaseId> = before[one].union(&before[other]).cloned().collect();
                assert_eq!(joined, both);
                undo(db, &id);
                assert_eq!(db.read(|tx| relation(tx, &ids)).unwrap(), before, "undone at once");
                keep(db, &merged(&format!("{id}again"), one.as_str(), other.as_str(), 50));
                held.push(format!("{id}again"));
            } else {
                let id = held.swap_remove(chance.below(held.len()));
                assert!(undo(db, &id));
            }
            let now = db.read(|tx| relation(tx, &ids)).unwrap();
            for (id, group) in &now {
                assert!(
                    group.iter().all(|other| now[other] == *group),
                    "{id}: one member, one group"
                );
            }
        }
        for id in held {
            assert!(undo(db, &id));
        }
        assert_eq!(db.read(|tx| relation(tx, &ids)).unwrap(), first);
    }
});

store_test!(without_a_birth_date_a_plan_id_makes_nobody_one_member, MIGRATIONS, |db: &Db| {
    for id in ["a1", "b1"] {
        open(db, id, ("Testa", "UNKNOWN"), 1);
        let sql = "UPDATE person SET birth_on = NULL WHERE case_id = $1";
        db.write::<_, crate::StoreError>("forget", |tx| Ok(tx.execute(sql, params![id])?)).unwrap();
    }
    assert_eq!(of(db, "a1"), ["a1"]);
});

store_test!(what_a_person_placed_is_said_to_be_and_what_matches_is_not, MIGRATIONS, |db: &Db| {
    open(db, "a1", ("Testa", "TEST-1"), 1);
    open(db, "a2", ("Testa", "TEST-1"), 2);
    open(db, "n1", ("Nobody", "TEST-9"), 3);
    let said = |id: &str| db.read(|tx| members::said_to_be(tx, &id.into())).unwrap();
    assert!(said("a1").is_empty(), "a2 is of the member by its plan ID");
    db.write::<_, crate::StoreError>("place", |tx| {
        members::place(tx, (&"n1".into(), &"a1".into()), (&"sup.one".into(), Timestamp(9)))
    })
    .unwrap();
    assert_eq!(said("a1"), BTreeSet::from(["n1".into()]), "without any merge");
});
