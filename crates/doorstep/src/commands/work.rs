//! `doorstep work`: rings clocks and sends what waits.

use crate::cli::Work;
use crate::output::say;
use crate::place::Place;
use doorstep_work::{Spool, Stop, run as run_worker, run_once};
use std::process::ExitCode;
use std::sync::Arc;

/// Works until it is told to stop, or once.
pub(crate) fn run(place: &Place, args: &Work) -> anyhow::Result<ExitCode> {
    let app = place.app()?;
    let spool = Spool::open(&place.data.join("outbox"))?;
    if args.once {
        let ran = run_once(&app, &spool)?;
        say(format!(
            "{} clocks rung, {} jobs done, {} put back",
            ran.rung, ran.done, ran.put_back
        ))?;
        return Ok(ExitCode::SUCCESS);
    }
    let stop = Arc::new(Stop::default());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (signalled, told) = (Arc::clone(&stop), app);
    let worker = std::thread::spawn(move || run_worker(&told, &spool, &signalled));
    runtime.block_on(super::serve::until_signalled());
    stop.stop();
    worker.join().map_err(|_| anyhow::anyhow!("the worker panicked: see the log"))??;
    Ok(ExitCode::SUCCESS)
}
