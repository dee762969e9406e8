//! `doorstep demo`: a whole hub on this machine, full of invented people, playing a working day.
//!
//! It has a kind of database of its own, which no other command opens, and listens on loopback; there is no way to tell
//! it otherwise. It makes no connection to anywhere: what it would send is put into a folder.

mod ground;

use super::serve::{routes, serve_http};
use super::stopping::Signals;
use super::worker::watch_store;
use crate::cli::Demo;
use crate::output::{hint, say};
use crate::place::Place;
use anyhow::Context as _;
use doorstep_api::{Limits, Turns};
use doorstep_app::{App, Settings};
use doorstep_db::Db;
use doorstep_vocab::{Micros, Timestamp};
use doorstep_web::{Nudge, Room};
use doorstep_world::{Player, START, Wake, WorldClock};
use ground::{Ground, Scratch};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::channel;

/// Working days that have been played when the console opens, so that its lists are full.
const DAYS_BEFORE: u32 = 2;

/// How long, by the wall clock, the staff leave a case alone that a visitor touched.
const HANDS_OFF_MINUTES: i64 = 5;

/// Plays until it is told to stop.
pub(crate) fn run(place: &Place, args: &Demo) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(
        place.db.is_none(),
        "the demo has a database of its own: leave out --db and DOORSTEP_DB; --data DIR says where"
    );
    let ground = Ground::take(&place.data().join("demo"))?;
    let listener = listen(args.port)?;
    say("Doorstep demo: everybody in it is made up, and nothing leaves this machine.")?;
    say(format!("Playing the {DAYS_BEFORE} working days before …"))?;
    let (mut player, clock, scratch) = play_before(place, &ground, args)?;
    let (wake, woken) = channel();
    let nudge = Nudge::new();
    let app = app(place, ground.db()?, &clock)?.with_wall(crate::clock::now).on_write({
        let (nudge, wake) = (nudge.clone(), wake.clone());
        move || {
            nudge.fire();
            // Nobody listens after the player stopped.
            let _ = wake.send(Wake::Look);
        }
    });
    let address = listener.local_addr()?;
    let app = Arc::new(app.at_origin(&format!("http://localhost:{}", address.port()))?);
    player.move_to(Arc::clone(&app), ground.spool()?);
    drop(scratch);
    watch_store(&app, place.folders(), None)?;
    announce(&app, address, (args, &player))?;
    print_links_on_enter(Arc::clone(&app), address);
    let speed = args.speed;
    let thread = std::thread::Builder::new().name("world".to_owned());
    let playing = thread.spawn(move || player.play(speed, &woken))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let routes = routes(app, nudge.clone(), (Turns::default(), Room::default()));
        let (signals, limits) = (Signals::hear()?, Limits::default());
        let listener = tokio::net::TcpListener::from_std(listener)?;
        serve_http((listener, limits), routes, (nudge, signals)).await;
        anyhow::Ok(())
    });
    // A player that is gone already has an error of its own to tell.
    let _ = wake.send(Wake::Stop);
    playing.join().map_err(|_| anyhow::anyhow!("the world panicked: see the log"))??;
    served?;
    say("Stopped. The next demo begins anew.")?;
    Ok(ExitCode::SUCCESS)
}

/// Plays the days before in a moment, and keeps what came of them.
fn play_before(
    place: &Place,
    ground: &Ground,
    args: &Demo,
) -> anyhow::Result<(Player, Arc<WorldClock>, Scratch)> {
    let scratch = Scratch::make(ground)?;
    let zone = place.packs()?.hub_zone().clone();
    let begins_at = Player::opening(START, DAYS_BEFORE, &zone);
    let clock = Arc::new(WorldClock::new(begins_at, crate::clock::now));
    let app = Arc::new(app(place, scratch.db()?, &clock)?);
    doorstep_world::furnish(&app)?;
    doorstep_world::add_users(&app.system("demo"))?;
    let hands_off = Micros::minutes(HANDS_OFF_MINUTES.saturating_mul(i64::from(args.speed)));
    let (known, spool) = (Arc::clone(&app), scratch.spool()?);
    let mut player = Player::new(known, Arc::clone(&clock), spool, (args.seed, hands_off));
    player.begin();
    player.play_until(START).context("the days before could not be played")?;
    ground.keep(&app.db, &scratch)?;
    Ok((player, clock, scratch))
}

/// Makes the program's part on a demo's database, by the world's clock.
fn app(place: &Place, db: Db, clock: &Arc<WorldClock>) -> anyhow::Result<App> {
    let packs = place.packs()?;
    let settings = Settings { hub_zone: packs.hub_zone().clone(), demo: true };
    let (clock, paced) = (Arc::clone(clock), Arc::clone(clock));
    Ok(App::new(db, packs, settings, move || clock.now()).with_pace(move || paced.pace()))
}

/// Listens on loopback; where the port is taken, on a free one.
fn listen(port: u16) -> anyhow::Result<TcpListener> {
    let bind = |port| TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    match bind(port) {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse && port != 0 => {
            hint(format!("port {port} is taken, so a free one is used"));
            bind(0).context("no port of loopback could be listened on")
        }
        Err(error) => {
            Err(error).with_context(|| format!("port {port} of loopback could not be listened on"))
        }
    }
}

fn announce(
    app: &App,
    address: SocketAddr,
    (args, player): (&Demo, &Player),
) -> anyhow::Result<()> {
    let cases = player.cases().count();
    say(format!("\nIt is {}, and {cases} cases are on the desk.", local(app, START)))?;
    say(format!(
        "One minute here is {} there; nights and days off pass in a moment.\n",
        there(args.speed)
    ))?;
    say(format!("  Open http://{address}\n"))?;
    print_links(app, address)?;
    say("\nEach link signs in once, within 15 minutes. Press Enter for new ones, Ctrl-C to stop.")
}

fn there(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 1) => "one minute".to_owned(),
        (0, minutes) => format!("{minutes} minutes"),
        (1, 0) => "one hour".to_owned(),
        (hours, 0) => format!("{hours} hours"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

fn local(app: &App, at: Timestamp) -> String {
    let zone = &app.settings.hub_zone;
    format!("{} ({zone})", at.civil(zone).strftime("%A %Y-%m-%d %H:%M"))
}

fn print_links(app: &App, address: SocketAddr) -> anyhow::Result<()> {
    say("Sign in as:")?;
    for ((_, name, role), token) in doorstep_world::visitor_links(app)? {
        say(format!(
            "  {:<10}  {name:<13} http://{address}/sign-in/link/{}",
            role.name(),
            token.reveal()
        ))?;
    }
    Ok(())
}

/// Prints new links for each line on standard input, for as long as there is one. The thread ends with the process.
fn print_links_on_enter(app: Arc<App>, address: SocketAddr) {
    let waiting = move || {
        for line in std::io::stdin().lines() {
            if line.is_err() || print_links(&app, address).is_err() {
                return;
            }
        }
    };
    if let Err(error) = std::thread::Builder::new().name("enter".to_owned()).spawn(waiting) {
        tracing::warn!("nobody listens for Enter: {error}");
    }
}
