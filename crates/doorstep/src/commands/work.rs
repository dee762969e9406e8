//! `doorstep work`: rings clocks and sends what waits.

use super::serve::warn_of_engine;
use super::stopping::until_signalled;
use super::worker::{start_worker, watch_store};
use crate::cli::Work;
use crate::output::say;
use crate::place::Place;
use doorstep_work::{Spool, Stop, run_once};
use std::process::ExitCode;
use std::sync::Arc;

/// Works until it is told to stop, or once.
pub(crate) fn run(place: &Place, args: &Work) -> anyhow::Result<ExitCode> {
    let app = place.app()?;
    if args.once {
        let spool = Spool::open(&place.outbox()?)?;
        let ran = run_once(&app, &spool)?;
        say(format!(
            "{} clocks rung, {} jobs done, {} put back",
            ran.rung, ran.done, ran.put_back
        ))?;
        return Ok(ExitCode::SUCCESS);
    }
    let stop = Arc::new(Stop::default());
    let app = Arc::new(app);
    warn_of_engine(&app)?;
    watch_store(&app)?;
    let worker = start_worker(&app, &place.outbox()?, &stop)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(until_signalled());
    stop.stop();
    worker.join().map_err(|_| anyhow::anyhow!("the worker panicked: see the log"))?;
    Ok(ExitCode::SUCCESS)
}
