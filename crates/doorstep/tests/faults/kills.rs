//! R01: killed at any moment during intake by several doors at once, nothing that was acknowledged is lost and nothing is
//! doubled. Source: trust.md 7.

use crate::audit::{audit, settle};
use crate::history::{History, Kept, wrong};
use crate::hub::Hub;
use crate::senders::{File, Told, answered, send_until_taken};
use crate::size::size;
use crate::support::orders::{Chance, Door, Order};
use crate::support::{Place, json};
use doorstep_db::testing::{fresh_postgres, postgres_url};
use doorstep_db::{Db, params};
use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How much is sent, and how often the program is killed.
#[derive(Clone, Copy)]
struct Plan {
    n_orders: u32,
    /// Of them, those that come as rows of tables, by the command line.
    n_rows: u32,
    kills: usize,
}

/// Rows of one table: a kill finds it half taken.
const ROWS_A_TABLE: u32 = 40;

/// Senders over HTTP and MLLP. The command line is one more.
const SENDERS: usize = 6;

/// Every file, each order by one to three doors.
struct Mail {
    single: Vec<File>,
    tables: Vec<File>,
}

impl Mail {
    fn of(plan: Plan, chance: &mut Chance) -> Self {
        let mut single = Vec::new();
        for n in 0..plan.n_orders - plan.n_rows {
            let mut doors = Door::ALL;
            chance.shuffle(&mut doors);
            let doors = doors.into_iter().take(1 + chance.below(3));
            single.extend(doors.map(|door| File::one(Order::nth(n), door)));
        }
        chance.shuffle(&mut single);
        let rows: Vec<Order> =
            (plan.n_orders - plan.n_rows..plan.n_orders).map(Order::nth).collect();
        let tables = rows.chunks(ROWS_A_TABLE as usize).enumerate();
        let tables = tables.map(|(n, rows)| File::table(&format!("{n:04}"), rows.to_vec()));
        Self { single, tables: tables.collect() }
    }

    fn labels(&self) -> BTreeMap<String, String> {
        self.single.iter().chain(&self.tables).map(File::named).collect()
    }
}

/// The command line's intake, whichever run of it is under way.
struct CommandLine<'a> {
    place: &'a Place,
    files: &'a [File],
    child: Mutex<Option<Child>>,
}

impl CommandLine<'_> {
    /// Runs the intake of the folder until a run ends by itself.
    fn take_all(&self, history: &History) {
        let folder = self.place.path("inbox");
        fs::create_dir(&folder).unwrap();
        let by_path: BTreeMap<String, &File> = self
            .files
            .iter()
            .map(|file| (format!("inbox/{}", file.label.replace(' ', "-")), file))
            .collect();
        for (path, file) in &by_path {
            fs::write(self.place.path(path), &file.text).unwrap();
        }
        while !self.run(history, &by_path) {}
    }

    /// One run. Returns whether it ended by itself.
    fn run(&self, history: &History, by_path: &BTreeMap<String, &File>) -> bool {
        use std::io::BufRead as _;
        let asked: BTreeMap<&String, _> =
            by_path.iter().map(|(path, file)| (path, file.ask(history))).collect();
        let mut command = self.place.command(["intake", "inbox", "--json", "--at-once", "2"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let out = std::io::BufReader::new(child.stdout.take().unwrap());
        *self.child.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
        for line in out.lines().map_while(Result::ok) {
            // A kill may cut a line in two.
            if !line.ends_with('}') || !line.contains("\"path\"") {
                continue;
            }
            let said = json(&line);
            let path = said["path"].as_str().unwrap().to_owned();
            let cases = said["cases"].as_array().unwrap().iter();
            let cases = cases.map(|case| case.as_str().unwrap().to_owned()).collect();
            assert!(["opened", "linked"].contains(&said["outcome"].as_str().unwrap()), "{line}");
            answered(history, &asked[&path], &Told::Ok(cases));
        }
        let child = self.child.lock().unwrap_or_else(PoisonError::into_inner).take();
        child.is_some_and(|mut child| child.wait().unwrap().success())
    }

    /// Kills the run that is under way, if one is.
    fn kill(&self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(child) = child.as_mut() {
            // It may have ended this moment.
            let _ = child.kill();
        }
    }
}

/// Sends everything by everybody while the hub is killed and started again, and returns what was asked.
fn sent_through_kills(place: &Place, mail: &Mail, plan: Plan, chance: &mut Chance) -> History {
    place.ok(&["user", "add", "ana", "--role", "agent"]);
    let token = place.ok(&["user", "token", "ana"]).trim().to_owned();
    let (history, hub) = (History::default(), Hub::new(place, &[]));
    hub.start();
    let cli = CommandLine { place, files: &mail.tables, child: Mutex::default() };
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (done, acknowledged) = channel();
        for _ in 0..SENDERS {
            let (done, hub, token) = (done.clone(), &hub, &token);
            let (history, next) = (&history, &next);
            scope.spawn(move || {
                while let Some(file) = mail.single.get(next.fetch_add(1, Ordering::Relaxed)) {
                    send_until_taken(hub, token, history, file);
                    // Nobody listens any more once all kills are done.
                    let _ = done.send(());
                }
            });
        }
        drop(done);
        scope.spawn(|| cli.take_all(&history));
        for n in 0..plan.kills {
            wait_for(&acknowledged, 1 + chance.below(2 * mail.single.len() / (plan.kills + 1)));
            // From the last acknowledgement into the next: a short while, never the same.
            let _ = acknowledged.recv_timeout(Duration::from_micros(chance.below(20_000) as u64));
            hub.kill();
            if n % 2 == 0 {
                cli.kill();
            }
            hub.start();
        }
    });
    eprintln!("killed {} times, {} acknowledgements", plan.kills, history.n_ok());
    hub.stop();
    history
}

/// Waits for so many acknowledgements, or until there are no more.
fn wait_for(acknowledged: &Receiver<()>, n: usize) {
    for _ in 0..n {
        match acknowledged.recv_timeout(Duration::from_mins(2)) {
            Ok(()) => {}
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => panic!("nothing was taken for two minutes"),
        }
    }
}

/// The trial: everything is sent through kills, then what is left half done is finished, and all is audited.
fn survives(place: &Place, plan: Plan, seed: u64) -> (History, BTreeMap<String, String>) {
    let mut chance = Chance::seeded(seed);
    let mail = Mail::of(plan, &mut chance);
    let history = sent_through_kills(place, &mail, plan, &mut chance);
    let labels = mail.labels();
    if size(false, true) {
        // It leaves more to do than a hub that is killed every few seconds gets done.
        settle(place);
    }
    assert_eq!(audit(place, &history.ops(), &labels), Vec::<String>::new());
    let db = Db::open(place.db()).unwrap();
    let n_cases = crate::audit::count(&db, "SELECT COUNT(*) AS n FROM case_head");
    assert_eq!(n_cases, i64::from(plan.n_orders));
    (history, labels)
}

#[test]
fn a_hub_killed_at_any_moment_loses_nothing_and_doubles_nothing() {
    let place = Place::new();
    let plan = size(
        Plan { n_orders: 240, n_rows: 80, kills: 10 },
        Plan { n_orders: 20_000, n_rows: 4_000, kills: 200 },
    );
    let (history, labels) = survives(&place, plan, 1);
    the_audit_notices(&place, &history, &labels);
}

/// Planted: an acknowledged case is lost, an arrival is doubled, a job is lost, another was never wanted.
fn the_audit_notices(place: &Place, history: &History, labels: &BTreeMap<String, String>) {
    let db = Db::open(place.db()).unwrap();
    let planted = [
        ("DELETE FROM job WHERE kind = 'acknowledge-sender' AND seq = 1", "jobs are lost"),
        ("UPDATE job SET job_id = 'x' || job_id WHERE kind = 'ask-benefits'", "never wanted"),
        (
            "UPDATE receipt SET outcome = 'reading' WHERE receipt_id = (SELECT MIN(receipt_id) FROM receipt)",
            "never finished",
        ),
        (
            "DELETE FROM case_event WHERE case_id = (SELECT MIN(case_id) FROM case_head) AND seq > 0",
            "is lost",
        ),
        (
            "DELETE FROM case_head WHERE case_id = (SELECT MAX(case_id) FROM case_head)",
            "the replay differs",
        ),
    ];
    for (sql, word) in planted {
        let n_rows = db.write::<_, doorstep_db::DbError>("meddle", |tx| tx.execute(sql, params![]));
        assert!(n_rows.unwrap() > 0, "{sql}");
        let found = audit(place, &history.ops(), labels);
        assert!(found.iter().any(|one| one.contains(word)), "{sql}: {found:?}");
    }
    let none: [Kept; 0] = [];
    assert!(wrong(&history.ops(), &none).len() >= labels.len());
}

#[test]
fn a_hub_on_postgres_killed_at_any_moment_loses_nothing_and_doubles_nothing() {
    let Some(server) = postgres_url() else {
        eprintln!("skipped: DOORSTEP_TEST_POSTGRES is not set");
        return;
    };
    let fresh = fresh_postgres(&server).unwrap();
    let place = Place::on(&fresh.url);
    let plan = size(
        Plan { n_orders: 120, n_rows: 40, kills: 5 },
        Plan { n_orders: 5_000, n_rows: 1_000, kills: 100 },
    );
    survives(&place, plan, 2);
}
