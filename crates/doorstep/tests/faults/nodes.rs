//! Any two nodes: several that serve and several that work on one PostgreSQL, each killed and started again at random while
//! all are used. One answer to each offer wins, each deadline rings once, each job is done once, and no case is written by
//! anybody who had not seen it.

use crate::audit::{self, Held, count, held, settle};
use crate::history::{End, History, Kept, wrong};
use crate::hub::Hub;
use crate::lanes::Over;
use crate::senders::{self, File, send_until_taken};
use crate::size::size;
use crate::support::orders::{Care, Chance, Door, Order};
use crate::support::{Place, Running, files_under, now, sign_in};
use doorstep_app::intake::{Incoming, take};
use doorstep_app::{App, Settings, act};
use doorstep_case::clock::ClockEvent;
use doorstep_case::placement::{PlacementCommand, PlacementEvent};
use doorstep_case::{Actor, Command, Event, Recorded, Role, ServiceLine};
use doorstep_db::testing::{fresh_postgres, postgres_url};
use doorstep_db::{Db, DbError, params};
use doorstep_packs::Packs;
use doorstep_store::providers::{self, Provider};
use doorstep_vocab::{CaseId, ClockId, Micros, OfferId, ProviderId, Timestamp, UserId, Zone};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Who answers offers, each under a name of its own and with a time of its own.
const AGENTS: usize = 4;

/// Who sends new orders meanwhile, and how long each rests behind one: what comes has to be done in the end, and looked at.
const SENDERS: usize = 2;
const REST: Duration = Duration::from_millis(25);

/// The hub's own code on the same database, to make what the nodes then find.
pub fn app(place: &Place, back: Micros) -> App {
    let db = Db::open(place.db()).unwrap();
    let packs = Packs::builtin();
    let settings = Settings { hub_zone: packs.hub_zone().clone(), demo: false };
    App::new(db, packs, settings, move || Timestamp(now().0 - back.0))
}

/// An order of equipment: the provider of this trial supplies it.
pub fn order(n: u32) -> Order {
    Order { n, care: Care::Bed }
}

/// Orders that came days ago and that nobody has looked at since, so that their clocks ring at once; each with an offer that
/// was made now.
fn with_offers(place: &Place, n_cases: u32) -> Vec<CaseId> {
    let (past, present) = (app(place, Micros::hours(24 * 8)), app(place, Micros(0)));
    let harbor = Provider {
        provider_id: ProviderId::from("harbor"),
        name: "Harbor Example".to_owned(),
        services: vec![ServiceLine::Dme],
        areas: vec!["WI".to_owned()],
        accepting: true,
        ..Provider::default()
    };
    present.db.write("provider", |tx| providers::put(tx, &harbor)).unwrap();
    let taken = |n: u32| {
        let ctx = past.system("intake");
        let text = order(n).by(Door::Csv, 0);
        let incoming = Incoming { bytes: text.as_bytes(), name: "test", received_at: ctx.now };
        let id = take(&ctx, &incoming).unwrap().units[0].case_id.clone().unwrap();
        let ana = Actor { user_id: UserId::from("ana"), role: Role::Agent };
        let case = doorstep_store::cases::load;
        let case = present.db.read(|tx| case(tx, &id)).unwrap().unwrap();
        let offer = PlacementCommand::Offer {
            offer_id: OfferId::from(format!("offer-{n}").as_str()),
            provider_id: ProviderId::from("harbor"),
            lines: case.open_lines().map(|line| line.no).collect(),
        };
        act(&present.ctx(ana), &id, None, &Command::Placement(offer)).unwrap();
        id
    };
    (0..n_cases).map(taken).collect()
}

/// A node that works only.
struct Worker<'a> {
    place: &'a Place,
    data: String,
    running: Mutex<Option<Running>>,
}

impl Worker<'_> {
    fn start(&self) {
        let mut command = self.place.command(["work"]);
        command.env("DOORSTEP_DATA", self.place.path(&self.data));
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        *running = Some(Running::start(command));
    }

    fn kill(&self) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// All nodes of the trial.
struct Nodes<'a> {
    serving: Vec<Hub<'a>>,
    working: Vec<Worker<'a>>,
}

impl<'a> Nodes<'a> {
    fn of(place: &'a Place) -> Self {
        // One of those that serve also works, as a small hub's does.
        let args: [&[&'static str]; 3] = [&[], &["--no-work"], &["--no-work"]];
        let serving = args.iter().enumerate();
        let serving = serving.map(|(n, args)| Hub::new(place, args).keeping(&format!("serve-{n}")));
        let working = (0..2).map(|n| {
            let (data, running) = (format!("work-{n}"), Mutex::new(None));
            Worker { place, data, running }
        });
        Self { serving: serving.collect(), working: working.collect() }
    }

    fn start(&self) {
        self.serving.iter().for_each(Hub::start);
        self.working.iter().for_each(Worker::start);
    }

    /// Kills one, whichever, and starts it again.
    fn strike(&self, chance: &mut Chance) {
        let n = chance.below(self.serving.len() + self.working.len());
        if let Some(hub) = self.serving.get(n) {
            hub.kill();
            hub.start();
        } else {
            let worker = &self.working[n - self.serving.len()];
            worker.kill();
            worker.start();
        }
    }

    fn end(&self) {
        self.serving.iter().for_each(Hub::stop);
        self.working.iter().for_each(Worker::kill);
    }
}

/// A signed-in browser. Its session holds at every node.
struct Browser {
    n: usize,
    cookie: String,
    csrf: String,
}

impl Browser {
    fn new(n: usize, place: &Place, hub: &Hub) -> Self {
        let name = format!("agent{n}");
        let link = place.ok(&["user", "add", &name, "--role", "agent"]);
        let at = hub.at().http;
        let cookie = sign_in(&at, link.trim());
        let page = senders::get(&at, "/worklist", &format!("Cookie: {cookie}\r\n")).unwrap();
        let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).unwrap();
        let csrf = csrf.split('"').next().unwrap().to_owned();
        Self { n, cookie, csrf }
    }

    fn head(&self) -> String {
        format!("Cookie: {}\r\n", self.cookie)
    }

    /// Asks for the version of a case.
    fn version(&self, hub: &Hub, case: &CaseId) -> Option<u32> {
        let page = senders::get(&hub.at().http, &format!("/cases/{case}/version"), &self.head());
        page.ok().filter(|page| page.status == 200)?.body.trim().parse().ok()
    }

    /// Accepts the case's offer as it was seen, and says how that ended. The minute tells who it was.
    fn accept(&self, hub: &Hub, (case, offer): (&CaseId, &str), seen: u32) -> End {
        let day = now().plus(Micros::hours(72)).date(&Zone::utc());
        let form = format!(
            "csrf={}&seen={seen}&offer={offer}&lines=1&commit_by={day}T12%3A{:02}\
             &contact=Cora+Sample&contact_phone=800-555-0142",
            self.csrf,
            self.n + 1
        );
        let head = format!("{}Content-Type: application/x-www-form-urlencoded\r\n", self.head());
        let path = format!("/cases/{case}/acceptances");
        match senders::post(&hub.at().http, &path, &head, form.as_bytes()) {
            Ok(answer) if answer.status == 303 => End::Ok(Some(case.to_string())),
            Ok(answer) if answer.status < 500 => End::Fail,
            Ok(_) | Err(_) => End::Info,
        }
    }
}

fn acceptance(case: &str, minute: i64) -> String {
    format!("acceptance of {case} at minute {minute}")
}

/// Tries to be the one who accepts an offer: looks, answers, and looks again as long as somebody else was quicker.
fn answer_offer(
    (nodes, browser): (&Nodes, &Browser),
    (case, offer): (&CaseId, &str),
    (history, chance): (&History, &mut Chance),
) {
    let key = acceptance(case.as_str(), i64::try_from(browser.n + 1).unwrap());
    let any = |chance: &mut Chance| &nodes.serving[chance.below(nodes.serving.len())];
    let mut seen = None;
    for _ in 0..30 {
        let Some(version) = seen.take().or_else(|| browser.version(any(chance), case)) else {
            continue;
        };
        let asked = history.ask(&key, Some((case.to_string(), version)));
        let end = browser.accept(any(chance), (case, offer), version);
        history.answer(&asked, end.clone());
        match end {
            End::Ok(_) => return,
            // Nobody knows: the same form is sent again.
            End::Info => seen = Some(version),
            End::Fail if browser.version(any(chance), case) == Some(version) => return,
            End::Fail => {}
        }
    }
}

/// Uses the nodes for a while, as agents and senders do, and strikes at them meanwhile.
fn used_and_struck(
    place: &Place,
    nodes: &Nodes,
    (cases, seed): (&[CaseId], u64),
) -> (History, History) {
    let (offers, mail) = (History::default(), History::default());
    let token = {
        place.ok(&["user", "add", "ana", "--role", "agent"]);
        place.ok(&["user", "token", "ana"]).trim().to_owned()
    };
    let browsers: Vec<Browser> =
        (0..AGENTS).map(|n| Browser::new(n, place, &nodes.serving[0])).collect();
    let (is_over, next) = (AtomicBool::new(false), AtomicU32::new(100_000));
    let mut chance = Chance::from(seed);
    std::thread::scope(|scope| {
        let (done, ended) = channel::<()>();
        for browser in &browsers {
            let (offers, done, mut chance) = (&offers, done.clone(), Chance::from(chance.bits()));
            scope.spawn(move || {
                for (n, case) in cases.iter().enumerate() {
                    let offer = format!("offer-{n}");
                    answer_offer((nodes, browser), (case, &offer), (offers, &mut chance));
                }
                drop(done);
            });
        }
        for n in 0..SENDERS {
            let (mail, token, is_over, next) = (&mail, &token, &is_over, &next);
            scope.spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    let order = order(next.fetch_add(1, Ordering::Relaxed));
                    let door = Door::ALL[order.n as usize % Door::ALL.len()];
                    let hub = &nodes.serving[n % nodes.serving.len()];
                    send_until_taken(hub, token, mail, &File::one(order, door));
                    let _ = channel::<()>().1.recv_timeout(REST);
                }
            });
        }
        drop(done);
        let _over = Over(&is_over);
        let (began, least) = (Instant::now(), size(Duration::from_secs(8), Duration::from_mins(4)));
        let mut is_answered = false;
        while !is_answered || began.elapsed() < least {
            let pause = Duration::from_millis(200 + chance.below(1200) as u64);
            is_answered |=
                ended.recv_timeout(pause) == Err(std::sync::mpsc::RecvTimeoutError::Disconnected);
            if is_answered {
                let _ = channel::<()>().1.recv_timeout(pause);
            }
            nodes.strike(&mut chance);
            assert!(began.elapsed() < least * 10, "the offers are not answered");
        }
    });
    (offers, mail)
}

/// Returns who accepted what.
fn accepted(held: &[Held]) -> Vec<Kept> {
    let of = |one: &Held, recorded: &Recorded| {
        let Event::Placement(PlacementEvent::Accepted { commit_by, .. }) = &recorded.event else {
            return None;
        };
        let minute = commit_by.0.div_euclid(60_000_000).rem_euclid(60);
        let (case, seq) = (one.case_id.to_string(), recorded.seq);
        Some(Kept { key: acceptance(&case, minute), case, seq })
    };
    held.iter().flat_map(|one| one.events.iter().filter_map(move |e| of(one, e))).collect()
}

/// Each clock warns once at each share and is missed once, as long as nothing moved it.
fn rung_twice(held: &[Held]) -> Vec<String> {
    let mut out = Vec::new();
    for one in held {
        let mut rung: BTreeMap<(&ClockId, Option<u8>), u32> = BTreeMap::new();
        for recorded in &one.events {
            let Event::Clock(event) = &recorded.event else { continue };
            match event {
                ClockEvent::Warned { clock_id, percent, .. } => {
                    *rung.entry((clock_id, Some(*percent))).or_default() += 1;
                }
                ClockEvent::Missed { clock_id, .. } => {
                    *rung.entry((clock_id, None)).or_default() += 1;
                }
                ClockEvent::Started(started) => rung.retain(|(id, _), _| **id != started.clock_id),
                ClockEvent::Resumed { clock_id, .. }
                | ClockEvent::Reopened { clock_id }
                | ClockEvent::Moved { clock_id, .. }
                | ClockEvent::Extended { clock_id, .. } => {
                    rung.retain(|(id, _), _| *id != clock_id);
                }
                ClockEvent::Paused { .. } | ClockEvent::Stopped { .. } => {}
            }
            let twice = rung.iter().filter(|(_, n)| **n > 1);
            out.extend(twice.map(|((id, share), n)| {
                format!("{id} of {} rang {n} times at {share:?}", one.case_id)
            }));
        }
    }
    out
}

/// Every job is done, its letter is out, and no letter is out more often than its job was begun.
fn doubled_letters(place: &Place, db: &Db) -> Vec<String> {
    let sql = "SELECT job_id, kind, attempts, done_at FROM job";
    let rows = db.read::<_, DbError>(|tx| tx.query(sql, params![])).unwrap();
    let mut copies: BTreeMap<String, i64> = BTreeMap::new();
    for path in files_under(place.folder.path()) {
        if path.extension().is_some_and(|extension| extension == "txt") {
            let job_id = path.file_stem().unwrap().to_string_lossy().into_owned();
            *copies.entry(job_id).or_default() += 1;
        }
    }
    let mut out = Vec::new();
    for row in &rows {
        let (job_id, attempts) = (row.text("job_id").unwrap(), row.int("attempts").unwrap());
        if row.opt_int("done_at").unwrap().is_none() {
            out.push(format!("{} {job_id} is not done", row.text("kind").unwrap()));
        }
        let n = copies.get(job_id).copied().unwrap_or_default();
        if n > attempts {
            out.push(format!("{job_id} was begun {attempts} times and is out {n} times"));
        }
    }
    out
}

fn check(place: &Place, db: &Db, offers: &History) -> Vec<String> {
    let held = held(db);
    let mut out = audit::store(place, db, &held);
    out.extend(wrong(&offers.ops(), &accepted(&held)));
    out.extend(rung_twice(&held));
    out.extend(doubled_letters(place, db));
    out
}

#[test]
fn any_two_nodes_are_one_hub() {
    let Some(server) = postgres_url() else {
        eprintln!("skipped: DOORSTEP_TEST_POSTGRES is not set");
        return;
    };
    let fresh = fresh_postgres(&server).unwrap();
    let place = Place::on(&fresh.url);
    place.ok(&["migrate"]);
    let cases = with_offers(&place, size(40, 600));
    let nodes = Nodes::of(&place);
    nodes.start();
    let (offers, mail) = used_and_struck(&place, &nodes, (&cases, 9));
    nodes.end();
    let db = Db::open(place.db()).unwrap();
    settle(&place);
    assert_eq!(check(&place, &db, &offers), Vec::<String>::new());
    let n_cases = i64::try_from(cases.len() + mail.n_ok()).unwrap();
    assert_eq!(count(&db, "SELECT COUNT(*) AS n FROM case_head"), n_cases);
    let held = held(&db);
    let n_rung = held.iter().flat_map(|one| &one.events);
    let n_rung = n_rung.filter(|e| matches!(&e.event, Event::Clock(ClockEvent::Missed { .. })));
    let (n_accepted, n_rung) = (accepted(&held).len(), n_rung.count());
    let n_lost = offers.ops().iter().filter(|op| op.end == End::Fail).count();
    eprintln!(
        "{n_accepted} offers accepted, {n_lost} answers came too late, {n_rung} clocks ran out, {} orders came",
        mail.n_ok()
    );
    assert!(n_accepted == cases.len() && n_lost > n_accepted && n_rung >= cases.len());
    the_check_notices(&place, &db, &offers);
}

/// Planted: a letter that went out twice, a second answer that won, a clock that rang again, a case that was written by
/// somebody who had not seen it.
fn the_check_notices(place: &Place, db: &Db, offers: &History) {
    let letters = files_under(&place.path("data/outbox"))
        .into_iter()
        .chain(files_under(&place.path("work-0")));
    let letter = letters.last().unwrap();
    let name = letter.file_name().unwrap();
    for n in 0..9 {
        let folder = place.path(&format!("copy-{n}"));
        std::fs::create_dir(&folder).unwrap();
        std::fs::copy(&letter, folder.join(name)).unwrap();
    }
    let found = check(place, db, offers);
    assert!(found.iter().any(|one| one.contains("is out")), "{found:?}");
    let won = offers.ops().into_iter().find(|op| matches!(op.end, End::Ok(_))).unwrap();
    let second = offers.ask("another answer", won.seen);
    offers.answer(&second, won.end);
    let found = check(place, db, offers);
    assert!(found.iter().any(|one| one.contains("all won")), "{found:?}");
    let again = "INSERT INTO case_event (case_id, seq, at, actor, body)
                 SELECT case_id, (SELECT MAX(m.seq) + 1 FROM case_event AS m WHERE m.case_id = case_event.case_id), at, actor, body
                 FROM case_event
                 WHERE (case_id, seq) = (SELECT case_id, seq FROM case_event WHERE body LIKE '%\"missed\"%' ORDER BY case_id, seq LIMIT 1)";
    assert_eq!(db.write::<_, DbError>("meddle", |tx| tx.execute(again, params![])), Ok(1));
    let found = check(place, db, offers);
    assert!(found.iter().any(|one| one.contains("rang 2 times")), "{found:?}");
    assert!(found.iter().any(|one| one.contains("the replay differs")), "{found:?}");
}
