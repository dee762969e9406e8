//! Everybody who uses a hub at once: agents and nurses at their pages, programs outside that look what became of an order,
//! and partners that send at a fixed rate whether or not they were answered.
//!
//! There is no role for people outside yet, so a portal's user is a program that holds a token and asks what would become of
//! an order that it sent before.

use crate::history::History;
use crate::hub::Hub;
use crate::nodes::app;
use crate::senders::{Answer, File, Told, answered};
use crate::size::size;
use crate::support::orders::{Chance, Door, Order};
use crate::support::{Place, sign_in};
use crate::timings::{Asked, Came, Timings};
use crate::wire::{Line, Live, Mllp};
use doorstep_app::signin;
use doorstep_case::Role;
use doorstep_vocab::{Micros, UserId};
use std::collections::BTreeMap;
use std::fs;
use std::io::Result;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many use it, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Of five, four are agents and one is a nurse.
    pub agents: usize,
    pub outside: usize,
    /// How long somebody reads or types before they ask again, on average.
    pub think: Duration,
    /// Orders sent a second, by X12, FHIR and MLLP in turn.
    pub rate: u32,
    pub time: Duration,
    /// Cases that are there already.
    pub cases: u32,
}

/// Where the numbers of new orders begin: those before are there already.
const FIRST_NEW: u32 = 100_000;

/// Partners at once. As many as have to wait for answers of a whole second at a rate of 200.
const PARTNERS_MAX: u32 = 240;

/// The lists that people look at.
const LIST: &str = "/worklist?queue=all";
const QUEUES: [&str; 4] = ["all", "all", "triage", "unassigned"];

/// A page asks anew for what changed no more often than so, nor sooner than so after a word of it. Source: the console's script.
const RENEW_EVERY: Duration = Duration::from_secs(5);
const RENEW_AFTER: Duration = Duration::from_millis(700);

/// A place with people, programs and cases.
pub struct Town {
    pub place: Place,
    /// What is there already.
    cases: File,
    /// Links that sign in, with the names.
    links: Vec<String>,
    tokens: Vec<String>,
}

impl Town {
    /// Makes all that the plan wants to find.
    pub fn new(plan: Plan) -> Self {
        let place = Place::new();
        let cases = File::table("of yesterday", (0..plan.cases).map(Order::nth).collect());
        fs::write(place.path("cases.csv"), &cases.text).unwrap();
        place.ok(&["intake", "cases.csv"]);
        place.ok(&["work", "--once"]);
        let hub = app(&place, Micros(0));
        let ctx = hub.system("test");
        let add = |name: &str, role| {
            let user_id = UserId::from(name);
            signin::add_user(&ctx, &user_id, "Somebody Example", role).unwrap();
            user_id
        };
        let person = |n: usize| {
            let role = if n % 5 == 4 { Role::Nurse } else { Role::Agent };
            let link = signin::make_link(&ctx, &add(&format!("person-{n}"), role)).unwrap();
            format!("/sign-in/link/{}", link.reveal())
        };
        let program = |n: usize| {
            let user_id = add(&format!("program-{n}"), Role::Agent);
            signin::make_api_token(&ctx, &user_id, "test").unwrap().reveal().to_owned()
        };
        let links = (0..plan.agents).map(person).collect();
        // One more is the partner's.
        let tokens = (0..=plan.outside).map(program).collect();
        Self { place, cases, links, tokens }
    }

    /// The partners' token.
    pub fn token(&self) -> &str {
        &self.tokens[0]
    }
}

/// What came of it.
#[derive(Default)]
pub struct Report {
    pub timings: Timings,
    pub history: History,
    labels: Mutex<BTreeMap<String, String>>,
}

impl Report {
    /// Nothing but what is there already.
    pub fn of(town: &Town) -> Self {
        let report = Self::default();
        report.name(&town.cases);
        answered(&report.history, &town.cases.ask(&report.history), &Told::Ok(Vec::new()));
        report
    }

    fn name(&self, file: &File) {
        let (hash, label) = file.named();
        self.labels.lock().unwrap_or_else(PoisonError::into_inner).insert(hash, label);
    }

    /// Returns how many of the partners' orders were taken.
    pub fn n_taken(&self, town: &Town) -> usize {
        self.history.n_ok() - town.cases.orders.len()
    }

    /// Names each file by the hash of its bytes, as the audit wants them.
    pub fn labels(&self) -> BTreeMap<String, String> {
        self.labels.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Starts a hub; in a whole trial on one processor, with everybody who uses it on the other.
pub fn start(hub: &Hub) {
    if size(false, true) {
        let id = std::process::id().to_string();
        crate::inner::run("taskset", &["-a", "-c", "-p", "1", &id]);
    }
    assert!(hub.start_by(|program| {
        let mut pinned = Command::new("taskset");
        pinned.args(["-c", "0"]);
        if size(false, true) { under(&program, pinned) } else { program }
    }));
}

/// Returns the program as it runs under another, whose own arguments are there already. Its environment and folder stay as
/// they are.
fn under(program: &Command, mut command: Command) -> Command {
    command.arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if let Some(folder) = program.get_current_dir() {
        command.current_dir(folder);
    }
    command
}

/// Everybody uses the hub for the time of the plan.
pub fn use_hub(town: &Town, hub: &Hub, plan: Plan, report: &Report) {
    let at = hub.at();
    let cookies: Vec<String> = town.links.iter().map(|link| sign_in(&at.http, link)).collect();
    let began = Instant::now();
    let next = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for (n, cookie) in cookies.iter().enumerate() {
            let (http, timings) = (at.http.as_str(), &report.timings);
            scope.spawn(move || Person::new(n, http, cookie).work(plan, began, timings));
        }
        for (n, token) in town.tokens.iter().skip(1).enumerate() {
            let (http, timings) = (at.http.as_str(), &report.timings);
            scope.spawn(move || look_from_outside(n, (http, token), plan, began, timings));
        }
        for _ in 0..plan.rate.min(PARTNERS_MAX) {
            let (at, next) = (&at, &next);
            scope.spawn(move || {
                Partner { http: Line::to(&at.http), mllp: Mllp::to(&at.mllp), token: town.token() }
                    .send_all(plan, (began, next), report);
            });
        }
    });
}

#[expect(clippy::disallowed_methods, reason = "whoever thinks waits for nothing but the time")]
fn wait_until(at: Instant) {
    std::thread::sleep(at.saturating_duration_since(Instant::now()));
}

/// Somebody at a page of the console.
struct Person<'a> {
    http: &'a str,
    cookie: &'a str,
    line: Line,
    live: Option<Live>,
    chance: Chance,
    /// The page that is open.
    path: String,
    page: String,
}

impl<'a> Person<'a> {
    fn new(n: usize, http: &'a str, cookie: &'a str) -> Self {
        let (line, chance) = (Line::to(http), Chance::from(n as u64));
        let (path, page) = (LIST.to_owned(), String::new());
        Self { http, cookie, line, live: None, chance, path, page }
    }

    /// Works until the time is over: the list, a case, something about it, and a search.
    fn work(mut self, plan: Plan, began: Instant, timings: &Timings) {
        let end = began + plan.time;
        // They did not all sit down in the same moment.
        let mut due = began + thought(plan.think, &mut self.chance) / 2;
        for step in 0.. {
            self.think_until(due.min(end), timings);
            if due >= end {
                return;
            }
            match step % 4 {
                0 => {
                    let path = format!("/worklist?queue={}", self.chance.of(&QUEUES));
                    self.open(&path, Asked::Worklist, due, timings);
                }
                1 => {
                    let path = self.any_case();
                    self.open(&path, Asked::Case, due, timings);
                }
                2 => self.act(due, timings),
                _ => self.search(due, timings),
            }
            due = Instant::now() + thought(plan.think, &mut self.chance);
        }
    }

    fn head(&self) -> String {
        format!("Cookie: {}\r\n", self.cookie)
    }

    /// Reads the open page, which renews itself when it is told that something changed.
    fn think_until(&mut self, end: Instant, timings: &Timings) {
        let mut renewal: Option<Instant> = None;
        let mut renewed: Option<Instant> = None;
        loop {
            let now = Instant::now();
            if now >= end {
                return;
            }
            if let Some(due) = renewal.filter(|due| *due <= now) {
                self.renew(due, timings);
                (renewal, renewed) = (None, Some(Instant::now()));
                continue;
            }
            let wait = renewal.map_or(end, |due| due.min(end)).saturating_duration_since(now);
            if self.live.is_none() {
                self.live = Live::open(self.http, self.cookie).ok();
            }
            let Some(live) = &mut self.live else {
                wait_until(now + wait);
                continue;
            };
            match live.hears_within(wait) {
                Ok(true) => {
                    let soon = Instant::now() + RENEW_AFTER;
                    let calm = renewed.map_or(soon, |at| at + RENEW_EVERY);
                    renewal.get_or_insert(soon.max(calm));
                }
                Ok(false) => {}
                Err(error) => {
                    timings.note(Asked::Renewal, now, Came::Wrong(format!("/live: {error}")));
                    self.live = None;
                }
            }
        }
    }

    fn renew(&mut self, due: Instant, timings: &Timings) {
        // A case is looked at only as to whether it changed.
        let path = match self.path.strip_prefix("/cases/") {
            Some(id) => format!("/cases/{id}/version"),
            None => self.path.clone(),
        };
        let head = format!("{}X-Renew: 1\r\n", self.head());
        let answer = self.line.ask("GET", &path, &head, &[]);
        timings.note(Asked::Renewal, due, came(&answer, &[200]));
    }

    fn open(&mut self, path: &str, asked: Asked, due: Instant, timings: &Timings) {
        let answer = self.line.ask("GET", path, &self.head(), &[]);
        timings.note(asked, due, came(&answer, &[200]));
        if let Ok(answer) = answer
            && answer.status == 200
        {
            (self.path, self.page) = (path.to_owned(), answer.body);
        }
    }

    /// One of the cases on the page.
    fn any_case(&mut self) -> String {
        let paths: Vec<&str> = self
            .page
            .split("href=\"/cases/")
            .skip(1)
            .filter_map(|rest| rest.split(['"', '?', '#']).next())
            .collect();
        if paths.is_empty() {
            return LIST.to_owned();
        }
        format!("/cases/{}", paths[self.chance.below(paths.len())])
    }

    /// Triages the case that is open where that is to be done, else writes a note about it; and sees it again.
    fn act(&mut self, due: Instant, timings: &Timings) {
        if !self.path.starts_with("/cases/") {
            return self.open(LIST, Asked::Worklist, due, timings);
        }
        let (path, csrf) = (self.path.clone(), value_of(&self.page, "csrf"));
        let seen = value_of(&self.page, "seen");
        let triage = format!("action=\"{path}/triage\"");
        let (asked, to, form) = if self.page.contains(&triage) && self.chance.below(2) == 0 {
            let form = format!("csrf={csrf}&seen={seen}&priority=p2&outcome=go-on&reason=stable");
            (Asked::Triage, format!("{path}/triage"), form)
        } else {
            let form = format!("csrf={csrf}&text=Called+back%2C+nothing+new.");
            (Asked::Note, format!("{path}/notes"), form)
        };
        let head = format!("{}Content-Type: application/x-www-form-urlencoded\r\n", self.head());
        let answer = self.line.ask("POST", &to, &head, form.as_bytes());
        timings.note(asked, due, came(&answer, &[303]));
        if answer.is_ok_and(|answer| answer.status == 303) {
            self.open(&path, Asked::Case, Instant::now(), timings);
        }
    }

    fn search(&mut self, due: Instant, timings: &Timings) {
        let n = u32::try_from(self.chance.below(50)).unwrap();
        let form = format!("csrf={}&q={}", value_of(&self.page, "csrf"), Order::nth(n).member_id());
        let head = format!("{}Content-Type: application/x-www-form-urlencoded\r\n", self.head());
        let answer = self.line.ask("POST", "/search", &head, form.as_bytes());
        timings.note(Asked::Search, due, came(&answer, &[200]));
    }
}

/// Half of the time and up to as much again.
fn thought(think: Duration, chance: &mut Chance) -> Duration {
    think / 2 + think.mul_f64(f64::from(u16::try_from(chance.below(1000)).unwrap()) / 1000.0)
}

/// What a hidden field of a page holds.
fn value_of(page: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let value = page.split(&field).nth(1).and_then(|rest| rest.split('"').next());
    value.unwrap_or_default().to_owned()
}

fn came(answer: &Result<Answer>, well: &[u16]) -> Came {
    match answer {
        Ok(answer) if well.contains(&answer.status) => Came::Well(answer.status),
        Ok(answer) if matches!(answer.status, 429 | 503) => {
            match answer.headers("retry-after").next() {
                Some(_) => Came::Later(answer.status),
                None => Came::Wrong(format!("{} without Retry-After", answer.status)),
            }
        }
        Ok(answer) if answer.status == 409 => Came::Stale,
        Ok(answer) => Came::Wrong(answer.status.to_string()),
        Err(error) => Came::Wrong(error.kind().to_string()),
    }
}

/// A program outside that asks what would become of an order that is there already.
fn look_from_outside(
    n: usize,
    (http, token): (&str, &str),
    plan: Plan,
    began: Instant,
    timings: &Timings,
) {
    let (mut line, mut chance) = (Line::to(http), Chance::from(1000 + n as u64));
    let (end, head) = (began + plan.time, format!("Authorization: Bearer {token}\r\n"));
    let mut due = began + thought(plan.think, &mut chance) / 2;
    while due < end {
        wait_until(due);
        let order = Order::nth(u32::try_from(chance.below(plan.cases.max(1) as usize)).unwrap());
        let file = order.by(Door::Fhir, 1);
        let answer = line.ask("POST", "/fhir?dry-run", &head, file.as_bytes());
        timings.note(Asked::Outside, due, came(&answer, &[200]));
        due = Instant::now() + thought(plan.think, &mut chance);
    }
}

/// Somebody who sends orders on connections that are kept.
struct Partner<'a> {
    http: Line,
    mllp: Mllp,
    token: &'a str,
}

impl Partner<'_> {
    /// Sends the next order that is due, until all are sent that fall into the time. What is to come again comes again.
    fn send_all(mut self, plan: Plan, (began, next): (Instant, &AtomicU32), report: &Report) {
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let mut due = began + Duration::from_secs(1) * n / plan.rate;
            if due >= began + plan.time {
                return;
            }
            wait_until(due);
            let door = [Door::X12, Door::Fhir, Door::Hl7][n as usize % 3];
            let file = File::one(Order::nth(FIRST_NEW + n), door);
            report.name(&file);
            while let Some(pause) = self.send(&file, due, report) {
                due = Instant::now() + pause;
                assert!(due < began + plan.time * 3 + Duration::from_mins(2), "never taken");
                wait_until(due);
            }
        }
    }

    /// Sends a file once. Returns after what pause it is to be sent again.
    fn send(&mut self, file: &File, due: Instant, report: &Report) -> Option<Duration> {
        let asked = file.ask(&report.history);
        let (what, told, came) = if file.door == Door::Hl7 {
            let (told, came) = of_ack(self.mllp.send(&file.text));
            (Asked::Mllp, told, came)
        } else {
            let (what, path) = match file.door {
                Door::X12 => (Asked::X12, "/x12"),
                _ => (Asked::Fhir, "/fhir"),
            };
            let head = format!("Authorization: Bearer {}\r\n", self.token);
            let answer = self.http.ask("POST", path, &head, file.text.as_bytes());
            let came = came(&answer, &[200, 201, 202]);
            (what, of_answer(&answer), came)
        };
        answered(&report.history, &asked, &told);
        report.timings.note(what, due, came);
        // The longest that the hub asks for.
        (!matches!(told, Told::Ok(_))).then_some(Duration::from_secs(5))
    }
}

fn of_answer(answer: &Result<Answer>) -> Told {
    match answer {
        Ok(answer) if (200..=202).contains(&answer.status) => {
            Told::Ok(answer.headers("doorstep-case").map(str::to_owned).collect())
        }
        Ok(answer) if answer.status < 500 && answer.status != 429 => {
            Told::Fail(answer.head.clone())
        }
        Ok(answer) => Told::Info(answer.head.clone()),
        Err(error) => Told::Info(error.to_string()),
    }
}

fn of_ack(answer: Result<String>) -> (Told, Came) {
    let text = match answer {
        Ok(text) => text,
        Err(error) => {
            return (Told::Info(error.to_string()), Came::Wrong(error.kind().to_string()));
        }
    };
    let code =
        text.split('\r').find_map(|line| line.trim_start_matches('\u{b}').strip_prefix("MSA|"));
    match code.and_then(|code| code.get(..2)) {
        Some("AA" | "CA") => (Told::Ok(Vec::new()), Came::Well(200)),
        Some("AR" | "CR") => (Told::Info(text), Came::Later(503)),
        _ => (Told::Fail(text.clone()), Came::Wrong(text)),
    }
}
