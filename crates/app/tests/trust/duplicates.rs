//! R08: each order is delivered one to five times, by any doors, shuffled, on eight threads; there are as many cases as
//! orders, and a count that must notice when there are not. The whole of it, 10,000 orders, is run with
//! `cargo xtask trust r08 --long`.

use crate::on_both;
use crate::support::orders::{Chance, Door, Order};
use crate::support::rows;
use crate::support::world::{World, monday};
use doorstep_app::intake::{Incoming, take, take_keyed};
use doorstep_app::{App, Error};
use doorstep_db::{DbError, params};
use doorstep_exchange::Outcome;
use doorstep_store::{cases, people};
use doorstep_vocab::{Key, Micros, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const THREADS: usize = 8;

/// One arrival of one order.
#[derive(Clone, Copy)]
struct Delivery {
    order: Order,
    door: Door,
    again: u32,
    received_at: Timestamp,
}

/// Makes the deliveries of `n_orders` orders, shuffled. Every order comes by its first door at least once.
fn deliveries(n_orders: u32, chance: &mut Chance) -> Vec<Delivery> {
    let mut all = Vec::new();
    for n in 0..n_orders {
        for _ in 0..=chance.below(5) {
            let minutes = i64::try_from(chance.below(24 * 60)).unwrap();
            all.push(Delivery {
                order: Order::nth(n),
                door: chance.of(&Door::ALL),
                again: u32::try_from(chance.below(2)).unwrap(),
                received_at: monday().plus(Micros::minutes(-minutes)),
            });
        }
    }
    chance.shuffle(&mut all);
    all
}

/// Delivers everything to these hubs in turn, and returns how many files opened a case.
fn deliver(hubs: &[&App], all: &[Delivery]) -> usize {
    let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (hub, next, outcomes) = (hubs[thread % hubs.len()], &next, &outcomes);
            scope.spawn(move || {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let file = one.order.by(one.door, one.again);
                    let incoming = Incoming {
                        bytes: file.as_bytes(),
                        name: "test",
                        received_at: one.received_at,
                    };
                    let taken = take(&hub.system("intake"), &incoming).unwrap();
                    assert!(taken.reply.is_some(), "{:?} by {:?} is answered", one.order, one.door);
                    outcomes.lock().unwrap().push(taken.outcome);
                }
            });
        }
    });
    let outcomes = outcomes.into_inner().unwrap();
    let known = |outcome: &&Outcome| matches!(outcome, Outcome::Opened | Outcome::Linked);
    assert_eq!(outcomes.iter().filter(known).count(), all.len());
    outcomes.iter().filter(|outcome| **outcome == Outcome::Opened).count()
}

/// Compares the store with what was delivered, and says all that is wrong.
fn audit(world: &World, all: &[Delivery]) -> Vec<String> {
    let mut earliest: BTreeMap<String, Timestamp> = BTreeMap::new();
    for one in all {
        let at = earliest.entry(one.order.member_id()).or_insert(one.received_at);
        *at = (*at).min(one.received_at);
    }
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for id in rows::case_ids(world) {
        let (case, party) = world
            .app
            .db
            .read(|tx| {
                Ok::<_, doorstep_store::StoreError>((
                    cases::load(tx, &id)?,
                    people::for_writing(tx, &id)?,
                ))
            })
            .unwrap();
        let (case, party) = (case.unwrap(), party.unwrap());
        let member_id = party.coverage[0].member_id.as_ref().unwrap().reveal().clone();
        if !seen.insert(member_id.clone()) {
            wrong.push(format!("{member_id} has two cases"));
        }
        let expected = earliest.get(&member_id).copied();
        if Some(case.intake.received_at) != expected {
            wrong.push(format!(
                "{member_id} counts from {}, not {expected:?}",
                case.intake.received_at
            ));
        }
        let mut counted =
            case.clocks.0.values().filter(|clock| clock.started.rule == "acknowledge");
        if counted.next().map(|clock| clock.started.counts_from) != expected {
            wrong.push(format!("{member_id}'s acknowledgement counts from another time"));
        }
    }
    if seen.len() != earliest.len() {
        wrong.push(format!("{} orders have a case, of {}", seen.len(), earliest.len()));
    }
    let receipts = rows::count(
        world,
        "SELECT COUNT(*) AS n FROM receipt WHERE reply_hash IS NOT NULL AND outcome IN ('opened', 'linked')",
    );
    if usize::try_from(receipts) != Ok(all.len()) {
        wrong.push(format!("{receipts} receipts are answered, of {}", all.len()));
    }
    let bare = "SELECT COUNT(*) AS n FROM receipt_unit WHERE case_id IS NULL";
    if rows::count(world, bare) != 0 {
        wrong.push("a delivery led to no case".to_owned());
    }
    wrong.extend(
        rows::differing(world).into_iter().map(|(id, verdict)| format!("{id}: {verdict:?}")),
    );
    wrong
}

fn shuffled_duplicates_by_every_door_are_as_many_cases_as_orders(world: &World) {
    let asked = std::env::var("DOORSTEP_ORDERS").ok().and_then(|n| n.parse().ok());
    let n_orders = asked.unwrap_or(if world.is_sqlite() { 1000 } else { 250 });
    let all = deliveries(n_orders, &mut Chance::seeded(8));
    let opened = deliver(&[&world.app], &all);
    eprintln!(
        "{} deliveries of {n_orders} orders on {THREADS} threads: {opened} opened",
        all.len()
    );
    assert_eq!(opened, n_orders as usize);
    assert_eq!(audit(world, &all), Vec::<String>::new());
}

fn two_processes_on_one_store_open_each_order_once(world: &World) {
    let all = deliveries(80, &mut Chance::seeded(15));
    let beside = world.beside();
    assert_eq!(deliver(&[&world.app, &beside], &all), 80);
    assert_eq!(audit(world, &all), Vec::<String>::new());
}

/// Planted: the matching forgets each order as soon as it was opened.
#[test]
fn the_count_notices_a_matching_that_misses_copies() {
    let world = World::sqlite();
    let all = deliveries(12, &mut Chance::seeded(9));
    for one in &all {
        let file = one.order.by(one.door, one.again);
        world.take(file.as_bytes(), one.received_at);
        rows::meddle(&world, "DELETE FROM order_key", params![]);
    }
    let wrong = audit(&world, &all);
    assert!(wrong.iter().any(|what| what.ends_with("has two cases")), "{wrong:?}");
}

/// Planted: a hub that writes down when it worked a file, and not when it held it.
#[test]
fn the_count_notices_a_clock_that_does_not_count_from_the_earliest_receipt() {
    let world = World::sqlite();
    let all = deliveries(12, &mut Chance::seeded(10));
    for one in &all {
        world.take_now(&one.order.by(one.door, one.again));
    }
    let wrong = audit(&world, &all);
    assert!(wrong.iter().any(|what| what.contains("counts from")), "{wrong:?}");
}

/// Planted: one delivery is dropped in silence.
#[test]
fn the_count_notices_a_delivery_that_left_no_receipt() {
    let world = World::sqlite();
    let all = deliveries(12, &mut Chance::seeded(11));
    deliver(&[&world.app], &all);
    assert_eq!(audit(&world, &all), Vec::<String>::new());
    let dropped = "DELETE FROM receipt WHERE receipt_id = (SELECT MAX(receipt_id) FROM receipt)";
    assert_eq!(rows::meddle(&world, dropped, params![]), 1);
    assert!(!audit(&world, &all).is_empty());
}

fn one_key_with_two_contents_is_told_and_left_to_a_person(world: &World) {
    let ctx = world.agent();
    let key = Key::from("sender-key-1");
    let keyed = |text: &str| {
        let incoming = Incoming { bytes: text.as_bytes(), name: "http", received_at: ctx.now };
        take_keyed(&ctx, &incoming, &key)
    };
    let (one, other) = (Order::nth(0).by(Door::Fhir, 0), Order::nth(1).by(Door::Fhir, 0));
    assert_eq!(keyed(&one).unwrap().outcome, Outcome::Opened);
    assert_eq!(keyed(&one).unwrap().outcome, Outcome::Linked, "the same again is the same request");
    let error = keyed(&other).unwrap_err();
    assert!(matches!(error, Error::Bad { code: "key-reused", .. }), "{error:?}");
    assert_eq!(rows::rows(world, "case_head"), 1);
    let waiting =
        "SELECT COUNT(*) AS n FROM receipt_unit WHERE outcome = 'queued' AND resolved_at IS NULL";
    assert_eq!(rows::count(world, waiting), 1);
    let hash = doorstep_app::digest(other.as_bytes());
    let kept = world.app.db.read(|tx| -> Result<_, DbError> {
        Ok(tx.query_one("SELECT size FROM blob WHERE hash = $1", params![hash.as_str()])?.is_some())
    });
    assert!(kept.unwrap(), "what came under the used key is not lost");
    let anew = Key::from("sender-key-2");
    let incoming = Incoming { bytes: other.as_bytes(), name: "http", received_at: ctx.now };
    let taken = take_keyed(&ctx, &incoming, &anew).unwrap();
    assert_eq!(taken.outcome, Outcome::Opened, "under a new key it comes in");
    let supervisor = world.ctx(doorstep_case::Role::Supervisor);
    let incoming = Incoming { bytes: other.as_bytes(), name: "http", received_at: ctx.now };
    let taken = take_keyed(&supervisor, &incoming, &key).unwrap();
    assert_ne!(taken.outcome, Outcome::Refused, "another sender's keys are its own");
}

on_both!(
    shuffled_duplicates_by_every_door_are_as_many_cases_as_orders,
    two_processes_on_one_store_open_each_order_once,
    one_key_with_two_contents_is_told_and_left_to_a_person,
);
