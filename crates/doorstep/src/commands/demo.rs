//! `doorstep demo`: a whole hub on this machine, full of invented people, playing a working day.
//!
//! It has a kind of database of its own, which no other command opens, and listens on loopback; there is no way to tell
//! it otherwise. It makes no connection to anywhere: what it would send is put into a folder.

use super::serve::{routes, serve_http};
use crate::cli::Demo;
use crate::output::{hint, say};
use crate::place::{Place, make_private_dir};
use anyhow::Context as _;
use doorstep_app::{App, Settings};
use doorstep_db::{Db, DbError, Kind, OpenOptions};
use doorstep_vocab::{Micros, Timestamp};
use doorstep_web::Nudge;
use doorstep_work::Spool;
use doorstep_world::{Player, START, Wake, WorldClock};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

/// Working days that have been played when the console opens, so that its lists are full.
const DAYS_BEFORE: u32 = 2;

/// How long, by the wall clock, the staff leave a case alone that a visitor touched.
const HANDS_OFF_MINUTES: i64 = 5;

/// The database's file in the data directory.
const FILE: &str = "demo.db";

/// Plays until it is told to stop.
pub(crate) fn run(place: &Place, args: &Demo) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(
        place.db.is_none(),
        "the demo has a database of its own: leave out --db (and DOORSTEP_DB), and say --data DIR if you want it elsewhere"
    );
    let dir = place.data.join("demo");
    make_private_dir(&dir)?;
    let listener = listen(args.port)?;
    say("DoorStep demo: everybody in it is made up, and nothing leaves this machine.")?;
    let (wake, woken) = channel();
    let nudge = Nudge::new();
    let world = World::open(place, &dir, (args, &nudge, wake.clone()))?;
    let mut player = world.player;
    say(format!("Playing the {DAYS_BEFORE} working days before …"))?;
    player.play_until(START).context("the days before could not be played")?;
    let address = listener.local_addr()?;
    announce(&world.app, address, (args, &player))?;
    print_links_on_enter(Arc::clone(&world.app), address);
    let (speed, app) = (args.speed, Arc::clone(&world.app));
    let thread = std::thread::Builder::new().name("world".to_owned());
    let playing = thread.spawn(move || player.play(speed, &woken))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        listener.set_nonblocking(true)?;
        serve_http(tokio::net::TcpListener::from_std(listener)?, routes(app, nudge)).await
    });
    // The player is gone only when the store could not be written any more; its own error says so.
    let _ = wake.send(Wake::Stop);
    playing.join().map_err(|_| anyhow::anyhow!("the world panicked: see the log"))??;
    served?;
    say("Stopped. The next demo starts anew.")?;
    Ok(ExitCode::SUCCESS)
}

/// What a demo runs on.
struct World {
    app: Arc<App>,
    player: Player,
}

impl World {
    fn open(
        place: &Place,
        dir: &Path,
        (args, nudge, wake): (&Demo, &Nudge, Sender<Wake>),
    ) -> anyhow::Result<Self> {
        let db = fresh(dir)?;
        let packs = place.packs()?;
        let settings = Settings { hub_zone: packs.hub_zone().clone(), demo: true };
        let begins_at = Player::opening(START, DAYS_BEFORE, &settings.hub_zone);
        let clock = Arc::new(WorldClock::new(begins_at, crate::clock::now));
        let now = Arc::clone(&clock);
        let nudge = nudge.clone();
        let app = App::new(db, packs, settings, move || now.now());
        let app = app.with_wall(crate::clock::now).on_write(move || {
            nudge.fire();
            // Nobody listens before the player plays, and after it stopped.
            let _ = wake.send(Wake::Look);
        });
        let app = Arc::new(app);
        doorstep_world::furnish(&app)?;
        doorstep_world::add_users(&app.system("demo"))?;
        let spool = Spool::open(&dir.join("outbox")).context("the outbox could not be made")?;
        let hands_off = Micros::minutes(HANDS_OFF_MINUTES.saturating_mul(i64::from(args.speed)));
        let mut player = Player::new(Arc::clone(&app), clock, spool, (args.seed, hands_off));
        player.begin();
        Ok(Self { app, player })
    }
}

/// Makes the demo's database anew. What is in its way is removed only when it is a demo's; anything else stays, and is an
/// error.
fn fresh(dir: &Path) -> anyhow::Result<Db> {
    let path = dir.join(FILE);
    let options = OpenOptions { kind: Kind::Demo, ..OpenOptions::default() };
    let open = |options: &OpenOptions| Db::open_with(&path.display().to_string(), options);
    if path.exists() {
        let known = open(&OpenOptions { create: false, ..options.clone() });
        drop(known.map_err(|error| refused(&path, error))?);
        for suffix in ["", "-wal", "-shm"] {
            remove(&dir.join(format!("{FILE}{suffix}")))?;
        }
        remove_outbox(&dir.join("outbox"))?;
    }
    let db = open(&options).map_err(|error| refused(&path, error))?;
    doorstep_store::schema::migrate(&db).context("the demo's database could not be made")?;
    Ok(db)
}

fn refused(path: &Path, error: DbError) -> anyhow::Error {
    let words = format!(
        "{} is not a demo's database, or another demo uses it: it was left as it is; choose another place with --data DIR",
        path.display()
    );
    anyhow::Error::new(error).context(words)
}

fn remove(path: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} could not be removed", path.display()))
        }
        _ => Ok(()),
    }
}

/// Removes the messages of the last demo: text files in the folders of the spool, and nothing else.
fn remove_outbox(outbox: &Path) -> anyhow::Result<()> {
    if !outbox.is_dir() {
        return Ok(());
    }
    let is_message = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "txt");
    for path in crate::place::files_under(outbox)?.iter().filter(|path| is_message(path)) {
        remove(path)?;
    }
    Ok(())
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
        Err(error) => Err(error).with_context(|| format!("port {port} of loopback could not be listened on")),
    }
}

fn announce(app: &App, address: SocketAddr, (args, player): (&Demo, &Player)) -> anyhow::Result<()> {
    let cases = player.cases().count();
    say(format!("\nIt is {}, and {cases} cases are on the desk.", local(app, START)))?;
    say(format!("One minute here is {} there; nights and days off pass in a moment.\n", there(args.speed)))?;
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
        say(format!("  {:<10}  {name:<13} http://{address}/sign-in/link/{}", role.name(), token.reveal()))?;
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
