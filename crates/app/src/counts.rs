//! Counts of all open cases, for those who see no case: small ones are withheld, and no sum tells what they are.
//! Source: trust.md 2.4 and 6.2, manager.

use crate::{Ctx, Permission, Result};
use doorstep_authz::Cell;
use doorstep_case::Stage;
use doorstep_store::board;

/// The counts.
#[derive(Debug)]
pub struct Counts {
    /// By the part of the way where the next step is: how many by age, the youngest first.
    pub aging: Vec<(Stage, [Cell; 7])>,
    /// By the clock that ran out: how many cases. `None` where no clock runs and a line was missed.
    pub broken: Vec<(Option<String>, Cell)>,
}

/// Returns the counts. They show no member and no person of the hub.
pub fn counts(ctx: &Ctx) -> Result<Counts> {
    ctx.may(Permission::ReadCounts)?;
    let scope = ctx.scope_of_counts()?;
    let (aging, broken) = ctx.app.db.read(|tx| -> Result<_> {
        Ok((board::aging(tx, &scope, ctx.now)?, board::broken(tx, &scope)?))
    })?;
    // Added up first, then withheld: a cell of several small ones may be told.
    let of_stage = |stage: Stage| {
        let mut sums = [0_u32; 7];
        for row in aging.iter().filter(|row| stage.steps().contains(&row.next_code.as_str())) {
            for (sum, n) in sums.iter_mut().zip(row.n_by_age) {
                *sum += n;
            }
        }
        (stage, sums)
    };
    let aging =
        Stage::ALL.into_iter().map(of_stage).filter(|(_, sums)| sums.iter().any(|n| *n > 0));
    let mut clocks: Vec<(Option<String>, u32)> = Vec::new();
    for row in broken {
        match clocks.iter_mut().find(|(clock, _)| *clock == row.clock) {
            Some((_, n)) => *n += row.n_cases,
            None => clocks.push((row.clock, row.n_cases)),
        }
    }
    Ok(Counts {
        aging: aging.map(|(stage, sums)| (stage, sums.map(Cell::of))).collect(),
        broken: clocks.into_iter().map(|(clock, n)| (clock, Cell::of(n))).collect(),
    })
}
