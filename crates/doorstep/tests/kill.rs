//! Killed at any moment, nothing that was acknowledged is lost and nothing is doubled: the program is killed during an
//! intake again and again, run to its end, and counted.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use doorstep_db::testing::{fresh_postgres, postgres_url};
use doorstep_db::{Db, DbError, params};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use support::orders::{CSV_HEADER, Chance, Door, Order};
use support::{Place, json};

/// How much is sent, and how often the program is killed.
struct Plan {
    /// Orders that come in files of their own, by one to three doors.
    n_orders: u32,
    /// Orders that come together, in tables.
    n_rows: u32,
    /// Kills within the first moments, while the store is made or opened.
    early_kills: usize,
    /// Kills in the middle.
    kills: usize,
}

/// Rows of one table: a kill finds it half taken.
const ROWS_A_TABLE: u32 = 40;

/// Writes the files, and returns how many.
fn write_files(place: &Place, plan: &Plan, chance: &mut Chance) -> usize {
    let folder = place.path("inbox");
    fs::create_dir(&folder).unwrap();
    let mut files: Vec<String> = Vec::new();
    for n in 0..plan.n_orders {
        let mut doors = Door::ALL;
        chance.shuffle(&mut doors);
        let n_doors = 1 + chance.below(3);
        files.extend(doors.into_iter().take(n_doors).map(|door| Order::nth(n).by(door, 0)));
    }
    let rows: Vec<u32> = (plan.n_orders..plan.n_orders + plan.n_rows).collect();
    for numbers in rows.chunks(ROWS_A_TABLE as usize) {
        let rows: String = numbers.iter().map(|n| Order::nth(*n).csv_row(0)).collect();
        files.push(format!("{CSV_HEADER}{rows}"));
    }
    chance.shuffle(&mut files);
    for (n, file) in files.iter().enumerate() {
        fs::write(folder.join(format!("{n:04}")), file).unwrap();
    }
    files.len()
}

/// What the program said of a file: its outcome and its cases.
type Said = BTreeMap<String, (String, Vec<String>)>;

/// When a run is killed.
#[derive(Clone, Copy)]
enum Kill {
    /// So long after its start.
    After(Duration),
    /// So long after it printed so many lines.
    Printed(usize, Duration),
    Never,
}

/// Runs the intake, kills it when it is time, and adds what it said. Returns whether it ended by itself.
fn intake(place: &Place, kill: Kill, said: &mut Said) -> bool {
    let mut command = place.command(["intake", "inbox", "--json", "--at-once", "4"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (sender, lines) = channel();
    let out = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || {
        for line in out.lines().map_while(Result::ok) {
            // What was printed before the kill counts, even when nobody waits for it any more.
            let _ = sender.send(line);
        }
    });
    let mut printed = Vec::new();
    match kill {
        Kill::Never => {}
        Kill::After(pause) => wait(&lines, &mut printed, pause),
        Kill::Printed(n, pause) => {
            while printed.len() < n {
                let Ok(line) = lines.recv() else { break };
                printed.push(line);
            }
            wait(&lines, &mut printed, pause);
        }
    }
    if !matches!(kill, Kill::Never) {
        child.kill().unwrap();
    }
    let status = child.wait().unwrap();
    reader.join().unwrap();
    printed.extend(lines.try_iter());
    for line in printed.iter().filter(|line| line.ends_with('}') && line.contains("\"path\"")) {
        remember(said, &json(line));
    }
    status.success()
}

/// Waits, and takes what is printed meanwhile.
fn wait(lines: &Receiver<String>, printed: &mut Vec<String>, pause: Duration) {
    let until = Instant::now() + pause;
    while let Ok(line) = lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
        printed.push(line);
    }
}

/// A file that was told to be opened may later be told to be linked, and always with the same cases.
fn remember(said: &mut Said, line: &serde_json::Value) {
    let text = |name: &str| line[name].as_str().unwrap().to_owned();
    let cases: Vec<String> = line["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case.as_str().unwrap().to_owned())
        .collect();
    let (path, outcome) = (text("path"), text("outcome"));
    assert!(matches!(outcome.as_str(), "opened" | "linked"), "{line}");
    let before = said.insert(path.clone(), (outcome, cases.clone()));
    if let Some((_, before)) = before {
        assert_eq!(before, cases, "{path} was told of other cases after a kill");
    }
}

fn count(db: &Db, sql: &str) -> i64 {
    db.read(|tx| tx.query_one(sql, params![])?.unwrap().int("n")).unwrap()
}

fn number_is_known(db: &Db, number: &str) -> bool {
    db.read(|tx| {
        let sql = "SELECT 1 AS n FROM case_head AS h WHERE h.number = $1
                   AND EXISTS (SELECT 1 FROM case_event AS e WHERE e.case_id = h.case_id)";
        Ok::<_, DbError>(tx.query_one(sql, params![number])?.is_some())
    })
    .unwrap()
}

/// Counts, and says all that is wrong.
fn audit(db: &Db, n_orders: u32, said: &Said) -> Vec<String> {
    let mut wrong = Vec::new();
    let cases = count(db, "SELECT COUNT(*) AS n FROM case_head");
    if cases != i64::from(n_orders) {
        wrong.push(format!("{cases} cases of {n_orders} orders"));
    }
    let members = count(db, "SELECT COUNT(DISTINCT member_id) AS n FROM person");
    if members != i64::from(n_orders) {
        wrong.push(format!("{members} members of {n_orders}"));
    }
    for (path, (_, cases)) in said {
        for number in cases.iter().filter(|number| !number_is_known(db, number)) {
            wrong.push(format!("{path} was acknowledged with case {number}, which is not there"));
        }
    }
    for (what, sql) in [
        (
            "receipts were never finished",
            "SELECT COUNT(*) AS n FROM receipt WHERE outcome = 'reading'",
        ),
        (
            "receipts have lost their bytes",
            "SELECT COUNT(*) AS n FROM receipt WHERE hash NOT IN (SELECT hash FROM blob)",
        ),
        (
            "numbers were given twice",
            "SELECT COUNT(*) - COUNT(DISTINCT number) AS n FROM case_head",
        ),
        (
            "cases wait for no acknowledgement",
            "SELECT COUNT(*) AS n FROM case_head WHERE case_id NOT IN (SELECT case_id FROM job WHERE kind = 'acknowledge-sender')",
        ),
    ] {
        let n = count(db, sql);
        if n != 0 {
            wrong.push(format!("{n} {what}"));
        }
    }
    wrong
}

/// Kills, runs to the end, and counts.
fn survives(place: &Place, plan: &Plan, seed: u64) -> Said {
    let mut chance = Chance::seeded(seed);
    let n_files = write_files(place, plan, &mut chance);
    let (mut said, mut killed, mut told) = (Said::new(), 0, Vec::new());
    for _ in 0..plan.early_kills {
        let pause = Duration::from_millis(chance.below(150) as u64);
        killed += usize::from(!intake(place, Kill::After(pause), &mut said));
        told.push(said.len());
    }
    for _ in 0..plan.kills {
        let more = 1 + chance.below(n_files / plan.kills);
        let lines = (said.len() + more).min(n_files - 1);
        let pause = Duration::from_micros(chance.below(4000) as u64);
        killed += usize::from(!intake(place, Kill::Printed(lines, pause), &mut said));
        told.push(said.len());
    }
    assert!(intake(place, Kill::Never, &mut said), "the last run ends by itself");
    eprintln!("{n_files} files, killed {killed} times, with so many told each time: {told:?}");
    assert!(killed >= (plan.early_kills + plan.kills) * 3 / 4, "only {killed} runs were killed");
    assert_eq!(said.len(), n_files);
    place.ok(&["replay", "--check"]);
    let found = json(&place.run(&["doctor", "--json"]).out);
    let found = found["findings"].as_array().unwrap().iter();
    let advised: Vec<String> =
        found.filter(|one| is_about_cases(one)).map(ToString::to_string).collect();
    assert_eq!(advised, Vec::<String>::new());
    said
}

/// Whether the doctor advises something, and not about the settings of a test's throw-away server.
fn is_about_cases(finding: &serde_json::Value) -> bool {
    let is_setting = matches!(finding["name"].as_str(), Some("fsync" | "data_checksums"));
    !finding["advice"].is_null() && !is_setting
}

#[test]
fn a_killed_intake_loses_nothing_and_doubles_nothing() {
    let place = Place::new();
    let plan = Plan { n_orders: 180, n_rows: 120, early_kills: 5, kills: 15 };
    let said = survives(&place, &plan, 1);
    let db = Db::open(place.db()).unwrap();
    db.integrity_check().unwrap();
    assert_eq!(audit(&db, plan.n_orders + plan.n_rows, &said), Vec::<String>::new());
    the_count_notices(&db, &plan, &said);
}

/// Planted: an acknowledged case is lost; another is doubled.
fn the_count_notices(db: &Db, plan: &Plan, said: &Said) {
    let n_orders = plan.n_orders + plan.n_rows;
    let meddle =
        |sql: &str| assert_eq!(db.write("meddle", |tx| tx.execute(sql, params![])), Ok(1), "{sql}");
    meddle(
        "UPDATE case_head SET number = number || '-B' WHERE case_id = (SELECT MIN(case_id) FROM case_head)",
    );
    assert!(audit(db, n_orders, said).iter().any(|what| what.contains("is not there")));
    meddle("DELETE FROM case_head WHERE case_id = (SELECT MIN(case_id) FROM case_head)");
    assert!(audit(db, n_orders, said).iter().any(|what| what.ends_with("orders")));
}

#[test]
fn a_killed_intake_into_postgres_loses_nothing_and_doubles_nothing() {
    let Some(server) = postgres_url() else {
        eprintln!("skipped: DOORSTEP_TEST_POSTGRES is not set");
        return;
    };
    let fresh = fresh_postgres(&server).unwrap();
    let place = Place::on(&fresh.url);
    let plan = Plan { n_orders: 60, n_rows: 80, early_kills: 2, kills: 6 };
    let said = survives(&place, &plan, 2);
    let db = Db::open(place.db()).unwrap();
    assert_eq!(audit(&db, plan.n_orders + plan.n_rows, &said), Vec::<String>::new());
}
