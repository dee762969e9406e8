//! R12: every case, however it was lived, is what its record says; and a check that must notice when it is not.

use crate::on_both;
use crate::support::orders::{Chance, Door, Order};
use crate::support::rows;
use crate::support::world::World;
use crate::walk::{Walked, network, walk};
use doorstep_db::params;
use doorstep_store::cases::{ReplayVerdict, replay_check};
use doorstep_vocab::CaseId;
use std::sync::Mutex;

const THREADS: u64 = 8;

fn opened(world: &World, n: u32, chance: &mut Chance) -> CaseId {
    let taken = world.take_now(&Order::nth(n).by(chance.of(&Door::ALL), 0));
    taken.units[0].case_id.clone().unwrap()
}

fn cases_lived_at_random_replay_to_what_is_stored(world: &World) {
    let (n_cases, n_steps) = if world.is_sqlite() { (200, 24) } else { (40, 24) };
    let seed = Chance::seeded(12).bits();
    network(world);
    let all = Mutex::new(Walked::default());
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let all = &all;
            scope.spawn(move || {
                let mut chance = Chance::from(seed.wrapping_add(thread));
                for n in (0..n_cases).filter(|n| u64::from(*n) % THREADS == thread) {
                    let id = opened(world, n, &mut chance);
                    let walked = walk(world, &id, n_steps, &mut chance);
                    all.lock().unwrap().add(walked);
                }
            });
        }
    });
    let Walked { done, refused, names } = all.into_inner().unwrap();
    eprintln!(
        "{n_cases} cases: {done} changes, {refused} refusals, {} kinds of event",
        names.len()
    );
    assert_eq!(rows::case_ids(world).len(), n_cases as usize);
    assert_eq!(rows::differing(world), []);
    assert!(done > n_cases as usize * 4, "the walks went somewhere");
    assert!(names.len() >= 30, "the walks saw much: {names:?}");
}

fn verdict(world: &World, id: &CaseId) -> ReplayVerdict {
    world.app.db.read(|tx| replay_check(tx, id)).unwrap()
}

/// Planted: one row of a case is changed behind the program's back, in each place where that can be done.
fn a_row_that_was_tampered_with_is_told(world: &World) {
    let tampered = [
        (
            "UPDATE case_event SET body = REPLACE(body, 'E0260', 'E0261') WHERE case_id = $1 AND seq = 1",
            "state",
        ),
        ("UPDATE case_event SET at = at + 60000000 WHERE case_id = $1 AND seq = 1", "state"),
        ("UPDATE case_event SET body = '{}' WHERE case_id = $1 AND seq = 1", "events"),
        ("DELETE FROM case_event WHERE case_id = $1 AND seq = 2", "events"),
        ("UPDATE case_event SET seq = seq + 1000 WHERE case_id = $1 AND seq = 2", "events"),
        ("UPDATE case_head SET seq = seq + 1 WHERE case_id = $1", "events"),
        (
            "UPDATE case_head SET state = REPLACE(state, 'E0260', 'E0261') WHERE case_id = $1",
            "state",
        ),
        ("UPDATE case_head SET urgency = 'none' WHERE case_id = $1", "urgency"),
        ("UPDATE case_head SET received_at = received_at - 1 WHERE case_id = $1", "received_at"),
        ("UPDATE case_head SET payer_id = 'another' WHERE case_id = $1", "payer_id"),
        ("UPDATE case_head SET status = 'closed' WHERE case_id = $1", "status"),
        ("UPDATE case_head SET number = 'HC-000000-000000-0' WHERE case_id = $1", "number"),
        ("UPDATE case_head SET manager = 'nobody' WHERE case_id = $1", "manager"),
        ("UPDATE case_head SET escalation_level = 5 WHERE case_id = $1", "escalation_level"),
        ("UPDATE deadline SET next_at = next_at + 1 WHERE case_id = $1", "deadlines"),
        ("DELETE FROM deadline WHERE case_id = $1", "deadlines"),
    ];
    for (n, (sql, column)) in (0..).zip(tampered) {
        let order = Order { n, care: crate::support::orders::Care::Bed };
        let taken = world.take_now(&order.by(Door::X12, 0));
        let id = taken.units[0].case_id.clone().unwrap();
        assert_eq!(verdict(world, &id), ReplayVerdict::Same);
        let changed = rows::meddle(world, sql, params![id.as_str()]);
        assert!(changed > 0, "{sql} found nothing");
        match verdict(world, &id) {
            ReplayVerdict::Differs(what) => assert!(what.contains(&column), "{sql}: {what:?}"),
            other => panic!("{sql}: {other:?}"),
        }
    }
    assert_eq!(rows::differing(world).len(), tampered.len());
}

on_both!(cases_lived_at_random_replay_to_what_is_stored, a_row_that_was_tampered_with_is_told);
