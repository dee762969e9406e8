//! `doorstep serve`: the console, the machine doors, and the work behind them.

use super::stopping::Signals;
use super::worker::{start_worker, watch_store};
use crate::cli::Serve;
use crate::output::{hint, say};
use crate::place::{Place, is_root};
use anyhow::Context as _;
use axum::Router;
use doorstep_api::{Limits, Turns};
use doorstep_app::{App, signin};
use doorstep_db::Kind;
use doorstep_web::{Nudge, Room};
use doorstep_work::Stop;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Serves until it is told to stop.
pub(crate) fn run(place: &Place, args: &Serve) -> anyhow::Result<ExitCode> {
    let beyond =
        [Some(args.listen), args.mllp].into_iter().flatten().any(|at| !at.ip().is_loopback());
    anyhow::ensure!(
        !beyond || args.behind_proxy,
        "a listener beyond loopback needs TLS in front: put a proxy there and say --behind-proxy"
    );
    anyhow::ensure!(
        !beyond || args.allow_root || !is_root(),
        "root listens on loopback only: run as a user of its own, or say --allow-root in a container"
    );
    if is_root() {
        hint("running as root: give the hub a user of its own before others can reach it");
    }
    let nudge = Nudge::new();
    let stop = Arc::new(Stop::default());
    let app = place.app_with(Kind::Real, crate::clock::now)?;
    let app = at_origin(app.behind_proxy(args.behind_proxy), args)?;
    let app = with_identity(app, args)?;
    let app = Arc::new(app.on_write(nudging(&nudge, &stop)));
    anyhow::ensure!(
        !beyond || is_managed(&app)?,
        "nobody manages this hub yet: `doorstep user add NAME --role admin`, sign in on loopback and set a password first"
    );
    warn_of_engine(&app)?;
    warn_without_users(&app)?;
    watch_store(&app, place.folders(), place.ballast())?;
    let worker =
        if args.no_work { None } else { Some(start_worker(&app, &place.outbox()?, &stop)?) };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve(Arc::clone(&app), nudge, args));
    stop.stop();
    if let Some(worker) = worker {
        worker.join().map_err(|_| anyhow::anyhow!("the worker panicked: see the log"))?;
    }
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Tells the console its own address: the one that was given, or on loopback the one to try it out by.
fn at_origin(app: App, args: &Serve) -> anyhow::Result<App> {
    let own = || {
        let is_known = args.listen.ip().is_loopback() && args.listen.port() != 0;
        is_known.then(|| format!("http://localhost:{}", args.listen.port()))
    };
    Ok(match args.origin.clone().or_else(own) {
        Some(origin) => app.at_origin(&origin)?,
        None => app,
    })
}

/// Lets people sign in at the identity provider that the operator named.
fn with_identity(app: App, args: &Serve) -> anyhow::Result<App> {
    let Some(file) = &args.identity else { return Ok(app) };
    anyhow::ensure!(
        app.site().is_some(),
        "an identity provider sends people back to the hub's own address: say it with --origin"
    );
    let identity = crate::identity::read(file)?;
    if identity.has_admins() {
        tracing::warn!(
            "a group of the identity provider has the role admin: see that the provider asks its members for a second factor"
        );
    }
    Ok(app.with_identity(identity))
}

/// Whether somebody can manage the hub: an administrator of its own, or one by a group of the identity provider.
fn is_managed(app: &App) -> anyhow::Result<bool> {
    let by_group = app.identity().is_some_and(signin::Identity::has_admins);
    Ok(by_group || signin::has_enrolled_admin(&app.system("command-line"))?)
}

/// Returns what is called after every commit: pages and the worker look at once.
pub(crate) fn nudging(nudge: &Nudge, stop: &Arc<Stop>) -> impl Fn() + Send + Sync + 'static {
    let (nudge, stop) = (nudge.clone(), Arc::clone(stop));
    move || {
        nudge.fire();
        stop.nudge();
    }
}

/// Says at the start what `doorstep doctor` would say of the engine: a setting that loses data is not found out later.
pub(crate) fn warn_of_engine(app: &App) -> anyhow::Result<()> {
    for fact in app.db.facts()?.facts {
        if let Some(advice) = fact.advice {
            tracing::warn!("{} is {}: {advice}", fact.name, fact.value);
        }
    }
    Ok(())
}

fn warn_without_users(app: &App) -> anyhow::Result<()> {
    if app.db.read(doorstep_store::users::is_empty)? {
        say("nobody can sign in yet: `doorstep user add NAME --role admin` makes the first user")?;
    }
    Ok(())
}

async fn serve(app: Arc<App>, nudge: Nudge, args: &Serve) -> anyhow::Result<()> {
    let (listen, share) = (args.listen, &args.share);
    let (limits, turns) = (share.limits(open_files()), Turns::new(share.files_at_once));
    let room = Room::new(share.pages_at_once);
    let signals = Signals::hear()?;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("{listen} could not be listened on"))?;
    say(format!("console and doors on http://{}", listener.local_addr()?))?;
    if let Some(address) = args.mllp {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("{address} could not be listened on"))?;
        say(format!("HL7 v2 over MLLP on {}", listener.local_addr()?))?;
        tokio::spawn(doorstep_api::mllp(Arc::clone(&app), turns.clone(), listener, limits));
    }
    tokio::spawn(doorstep_web::hear_elsewhere(Arc::clone(&app), nudge.clone()));
    serve_http((listener, limits), routes(app, nudge.clone(), (turns, room)), (nudge, signals))
        .await;
    Ok(())
}

/// Returns the console and the machine doors.
pub(crate) fn routes(app: Arc<App>, nudge: Nudge, (turns, room): (Turns, Room)) -> Router {
    doorstep_web::router(Arc::clone(&app), nudge, room).merge(doorstep_api::router(app, turns))
}

/// Serves HTTP until the process is told to stop; what is under way is finished first, and live pages end.
pub(crate) async fn serve_http(
    (listener, limits): (TcpListener, Limits),
    routes: Router,
    (nudge, signals): (Nudge, Signals),
) {
    let stopping = async move {
        signals.stop().await;
        nudge.close();
    };
    doorstep_api::listen(listener, routes, limits, stopping).await;
}

/// Lets the process have as many files and connections open as the system lets it, and returns how many; without a word of
/// the system, what is usual.
fn open_files() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    const USUAL: usize = 1024;
    let limit = getrlimit(Resource::Nofile);
    // macOS gives less than it promises; what is there is there.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(limit).unwrap_or(usize::MAX).max(USUAL / 4)
}
