//! R12: every case, however it was lived, is what its record says; and a check that must notice when it is not. The
//! whole of it, 100,000 cases, is run with `cargo xtask trust r12 --long`.

use crate::on_both;
use crate::support::orders::{Chance, Door, Order};
use crate::support::rows;
use crate::support::world::{World, monday};
use crate::walk::{Walked, network, walk};
use doorstep_db::params;
use doorstep_store::cases::{ReplayVerdict, replay_check};
use doorstep_vocab::CaseId;
use std::ops::Range;
use std::sync::Mutex;
use std::time::{Duration, Instant};

const THREADS: u64 = 8;
/// Cases that are lived before the clock is set back.
const ROUND: u32 = 200;
/// R12's bar, for 100,000 cases.
const REBUILT_WITHIN: Duration = Duration::from_mins(10);

fn opened(world: &World, n: u32, chance: &mut Chance) -> CaseId {
    let taken = world.take_now(&Order::nth(n).by(chance.of(&Door::ALL), 0));
    taken.units[0].case_id.clone().unwrap()
}

fn cases_lived_at_random_replay_to_what_is_stored(world: &World) {
    let asked = std::env::var("DOORSTEP_CASES").ok().and_then(|n| n.parse().ok());
    let n_cases = asked.unwrap_or(if world.is_sqlite() { ROUND } else { 40 });
    let n_steps = if n_cases > ROUND { 8 } else { 24 };
    network(world);
    let mut all = Walked::default();
    for first in (0..n_cases).step_by(ROUND as usize) {
        // Each round begins on the same Monday: else the last cases would be lived decades later.
        world.clock.set(monday());
        all.add(lived(world, first..n_cases.min(first + ROUND), n_steps));
    }
    let Walked { done, refused, names } = all;
    eprintln!(
        "{n_cases} cases: {done} changes, {refused} refusals, {} kinds of event",
        names.len()
    );
    assert_eq!(rows::case_ids(world).len(), n_cases as usize);
    let began = Instant::now();
    assert_eq!(rows::differing(world), []);
    let took = began.elapsed();
    eprintln!("{n_cases} cases were rebuilt in {took:.1?}");
    assert!(took < REBUILT_WITHIN, "{n_cases} cases took {took:?}");
    assert!(done > n_cases as usize * n_steps / 6, "the walks went somewhere");
    assert!(names.len() >= 30, "the walks saw much: {names:?}");
}

/// Opens some cases and lives them, all threads at once.
fn lived(world: &World, some: Range<u32>, n_steps: usize) -> Walked {
    let seed = Chance::seeded(12 + u64::from(some.start)).bits();
    let all = Mutex::new(Walked::default());
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (all, some) = (&all, some.clone());
            scope.spawn(move || {
                let mut chance = Chance::from(seed.wrapping_add(thread));
                for n in some.filter(|n| u64::from(*n) % THREADS == thread) {
                    let id = opened(world, n, &mut chance);
                    let walked = walk(world, &id, n_steps, &mut chance);
                    all.lock().unwrap().add(walked);
                }
            });
        }
    });
    all.into_inner().unwrap()
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
