//! `doorstep work`: rings clocks and sends what waits.

use super::serve::warn_of_engine;
use super::stopping::Signals;
use super::worker::{start_worker, watch_store};
use crate::cli::Work;
use crate::output::{say, say_json};
use crate::place::Place;
use doorstep_app::{App, bring_up, jobs};
use doorstep_work::{Spool, Stop, run_by_hands};
use std::process::ExitCode;
use std::sync::Arc;

/// Works until it is told to stop, or once.
pub(crate) fn run(place: &Place, args: &Work) -> anyhow::Result<ExitCode> {
    let app = place.app()?;
    if args.once {
        return once(&app, place, args);
    }
    let stop = Arc::new(Stop::default());
    let app = Arc::new(app);
    warn_of_engine(&app)?;
    watch_store(&app, place.folders(), place.ballast())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let signals = runtime.block_on(async { Signals::hear() })?;
    let worker = start_worker(&app, &place.outbox()?, &stop)?;
    runtime.block_on(signals.stop());
    stop.stop();
    worker.join().map_err(|_| anyhow::anyhow!("the worker panicked: see the log"))?;
    Ok(ExitCode::SUCCESS)
}

fn once(app: &App, place: &Place, args: &Work) -> anyhow::Result<ExitCode> {
    let spool = Spool::open(&place.outbox()?)?;
    let n_retried = if args.retry { jobs::retry_all(&app.system("command-line"))? } else { 0 };
    let ran = run_by_hands(app, &spool)?;
    while bring_up(app)? {}
    if args.json {
        say_json(&serde_json::json!({
            "rung": ran.rung, "done": ran.done, "put_back": ran.put_back, "left": ran.dead, "retried": n_retried,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.retry {
        say(format!("{n_retried} jobs that were left to a person are tried again"))?;
    }
    say(format!(
        "{} clocks rung, {} jobs done, {} put back, {} left to a person",
        ran.rung, ran.done, ran.put_back, ran.dead
    ))?;
    Ok(ExitCode::SUCCESS)
}
