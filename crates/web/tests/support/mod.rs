//! A hub of its own for each test: an ephemeral database, a clock that is told the time, people of every role.

#![expect(dead_code, reason = "each test file uses some of it")]
#![expect(clippy::unwrap_used, reason = "a hub that cannot be made fails its test")]

use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use doorstep_app::{App, Settings, signin};
use doorstep_case::{Role, ServiceLine};
use doorstep_db::Db;
use doorstep_packs::Packs;
use doorstep_store::audit::Audited;
use doorstep_store::providers::{self, Provider};
use doorstep_vocab::{ProviderId, Timestamp, UserId};
use doorstep_web::{Nudge, Room, router};
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// A Monday morning in the hub's zone.
pub const MONDAY: &str = "2026-11-23T09:00:00-06:00";

/// A hub.
pub struct World {
    pub app: Arc<App>,
    pub nudge: Nudge,
    pub room: Room,
    pub clock: Arc<AtomicI64>,
    /// What pages are told of how fast the time goes. Here it goes only when it is told to.
    pub pace: Arc<AtomicU32>,
    folder: Arc<TempDir>,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Session {
    pub cookie: String,
    pub csrf: String,
}

/// What was answered.
pub struct Answered {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub text: String,
}

impl Answered {
    /// Returns where it leads.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |path| path.to_str().unwrap())
    }
}

impl World {
    /// Makes a hub with one user a role and one provider of equipment.
    pub fn new() -> Self {
        let monday = Timestamp::parse(MONDAY).unwrap();
        let clock = Arc::new(AtomicI64::new(monday.0));
        let told = clock.clone();
        Self::at(clock, false, move || Timestamp(told.load(Ordering::Relaxed)))
    }

    /// Makes a hub that browsers reach at an address: passkeys are made for it.
    pub fn at_origin(origin: &str) -> Self {
        Self::at_origin_with(origin, None)
    }

    /// Makes the same with an identity provider.
    pub fn at_origin_with(origin: &str, identity: Option<signin::Identity>) -> Self {
        let mut world = Self::new();
        let told = world.clock.clone();
        let app = world.make_app(false, move || Timestamp(told.load(Ordering::Relaxed)));
        let app = app.at_origin(origin).unwrap();
        world.app = Arc::new(match identity {
            Some(identity) => app.with_identity(identity),
            None => app,
        });
        world
    }

    fn make_app(&self, demo: bool, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> App {
        let db = Db::open(self.folder.path().join("hub.db").to_str().unwrap()).unwrap();
        let packs = Packs::builtin();
        let settings = Settings { hub_zone: packs.hub_zone().clone(), demo };
        let (heard, paced) = (self.nudge.clone(), self.pace.clone());
        let app = App::new(db, packs, settings, now);
        app.with_pace(move || paced.load(Ordering::Relaxed)).on_write(move || heard.fire())
    }

    /// Makes a hub whose time is `now`.
    pub fn at(
        clock: Arc<AtomicI64>,
        demo: bool,
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Self {
        let world = Self::on(Arc::new(tempfile::tempdir().unwrap()), clock, demo, now);
        let ctx = world.app.system("test");
        for role in Role::PEOPLE {
            let name = format!("{} Example", role.name());
            signin::add_user(&ctx, &UserId::from(role.name()), &name, role).unwrap();
        }
        world.app.db.write("provider", |tx| providers::put(tx, &provider())).unwrap();
        world
    }

    fn on(
        folder: Arc<TempDir>,
        clock: Arc<AtomicI64>,
        demo: bool,
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Self {
        let db = Db::open(folder.path().join("hub.db").to_str().unwrap()).unwrap();
        doorstep_store::schema::migrate(&db).unwrap();
        let packs = Packs::builtin();
        let settings = Settings { hub_zone: packs.hub_zone().clone(), demo };
        let nudge = Nudge::new();
        let heard = nudge.clone();
        let pace = Arc::new(AtomicU32::new(1));
        let paced = pace.clone();
        let app =
            App::new(db, packs, settings, now).with_pace(move || paced.load(Ordering::Relaxed));
        let app = Arc::new(app.on_write(move || heard.fire()));
        Self { app, nudge, room: Room::default(), clock, pace, folder }
    }

    /// Another process on the same database, by the same clock.
    pub fn beside(&self) -> Self {
        let told = self.clock.clone();
        let folder = self.folder.clone();
        Self::on(folder, self.clock.clone(), false, move || Timestamp(told.load(Ordering::Relaxed)))
    }

    /// Lets time pass.
    pub fn pass_minutes(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60_000_000, Ordering::Relaxed);
    }

    /// Signs the user of that role in, a moment later: of four sessions it is the oldest that ends.
    pub fn sign_in(&self, role: Role) -> Session {
        self.clock.fetch_add(1, Ordering::Relaxed);
        let link = signin::make_link(&self.app.system("test"), &UserId::from(role.name())).unwrap();
        let whence = signin::Whence::default();
        let (entered, _) = signin::by_link(&self.app, link.reveal(), &whence).unwrap();
        let token = entered.session().expect("nobody has a second factor here");
        let who = signin::signed_in(&self.app, token.reveal()).unwrap().unwrap();
        Session { cookie: format!("__Host-doorstep={}", token.reveal()), csrf: who.csrf }
    }

    /// Returns the session that an answer began.
    pub fn session(&self, answer: &Answered) -> Session {
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let token = cookie.split_once('=').unwrap().1;
        let who = signin::signed_in(&self.app, token).unwrap().unwrap();
        Session { cookie, csrf: who.csrf }
    }

    /// Asks the router.
    pub async fn ask(&self, request: Request<Body>) -> Answered {
        let response: Response<Body> =
            router(self.app.clone(), self.nudge.clone(), self.room.clone())
                .oneshot(request)
                .await
                .unwrap();
        let (parts, body) = response.into_parts();
        let is_stream =
            parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let bytes = if is_stream {
            Vec::new()
        } else {
            axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec()
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answered { status: parts.status, headers: parts.headers, text }
    }

    /// Asks for a page.
    pub async fn get(&self, path: &str, session: Option<&Session>) -> Answered {
        let request = with_cookie(Request::get(path), session).body(Body::empty()).unwrap();
        self.ask(request).await
    }

    /// Sends a form, with the session's secret.
    pub async fn post(
        &self,
        path: &str,
        session: Option<&Session>,
        pairs: &[(&str, &str)],
    ) -> Answered {
        let mut body = pairs.iter().fold(String::new(), |mut body, (name, value)| {
            write!(body, "{}={}&", encoded(name), encoded(value)).unwrap();
            body
        });
        if let Some(session) = session {
            write!(body, "csrf={}", session.csrf).unwrap();
        }
        self.send(path, session, body).await
    }

    /// Sends a form as it is.
    pub async fn send(&self, path: &str, session: Option<&Session>, body: String) -> Answered {
        let request = with_cookie(Request::post(path), session)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.ask(request).await
    }

    /// Opens a case of home oxygen that lacks nothing, and returns its path.
    pub async fn open_oxygen(&self, session: &Session) -> String {
        let opened = self.post("/referrals", Some(session), OXYGEN).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
        opened.location().split('?').next().unwrap().to_owned()
    }

    /// Opens another case of the same member: another prescriber orders a bed.
    pub async fn open_bed(&self, session: &Session) -> String {
        let pairs = OXYGEN.iter().map(|(name, value)| match *name {
            "npi" => ("npi", "1234567893"),
            "lines.1.family" => ("lines.1.family", "dme/hospital-bed"),
            _ => (*name, *value),
        });
        let opened = self.post("/referrals", Some(session), &pairs.collect::<Vec<_>>()).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
        opened.location().split('?').next().unwrap().to_owned()
    }

    /// Sends a form of a case page with the version that the page shows.
    pub async fn act(
        &self,
        session: &Session,
        (case, noun): (&str, &str),
        pairs: &[(&str, &str)],
    ) -> Answered {
        let seen = self.get(&format!("{case}/version"), Some(session)).await.text;
        let pairs: Vec<(&str, &str)> =
            pairs.iter().copied().chain([("seen", seen.as_str())]).collect();
        self.post(&format!("{case}/{noun}"), Some(session), &pairs).await
    }

    /// Returns how many looks and changes were recorded.
    pub fn audited(&self) -> usize {
        self.records(10_000).len()
    }

    /// Looks at the latest record.
    pub fn latest_record(&self, look: impl Fn(&Audited)) {
        // Entries of one millisecond have no order: time passes before each that is looked at.
        look(self.records(1).first().unwrap());
    }

    fn records(&self, limit: u32) -> Vec<Audited> {
        let scope = self
            .app
            .ctx(doorstep_case::Actor { user_id: UserId::from("test"), role: Role::Supervisor });
        let scope = scope.scope().unwrap();
        let filter = doorstep_store::audit::Filter::default();
        let page =
            |tx: &mut doorstep_db::Tx<'_>| doorstep_store::audit::page(tx, &scope, &filter, limit);
        self.app.db.read(page).unwrap()
    }
}

fn with_cookie(
    request: axum::http::request::Builder,
    session: Option<&Session>,
) -> axum::http::request::Builder {
    match session {
        Some(session) => request.header(header::COOKIE, &session.cookie),
        None => request,
    }
}

/// Returns the value of a hidden field in the form that posts to `action`.
pub fn hidden<'a>(page: &'a str, action: &str, name: &str) -> &'a str {
    let form = page
        .split("<form")
        .find(|form| form.contains(&format!("action=\"{action}\"")))
        .expect("a form");
    let field = form
        .split("<input")
        .find(|input| input.contains(&format!("name=\"{name}\"")))
        .expect("a field");
    field.split("value=\"").nth(1).unwrap().split('"').next().unwrap()
}

/// Returns text as a form's body has it.
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").unwrap();
        }
        out
    })
}

/// A provider of equipment in the state where the oxygen goes.
pub fn provider() -> Provider {
    Provider {
        provider_id: ProviderId::from("TEST-P1"),
        name: "Example Home Medical".to_owned(),
        services: vec![ServiceLine::Dme],
        areas: vec!["IN".to_owned()],
        phone: Some("574-555-0199".to_owned()),
        accepting: true,
        ..Provider::default()
    }
}

/// An order of home oxygen that lacks nothing. Nobody in it exists.
pub const OXYGEN: &[(&str, &str)] = &[
    ("given", "Testa"),
    ("family_name", "Example"),
    ("birth_on", "1950-07-04"),
    ("sex", "female"),
    ("street", "1 Example Way"),
    ("city", "Knox"),
    ("state", "IN"),
    ("zip", "46534"),
    ("phone", "574-555-0101"),
    ("phone_kind", "home"),
    ("language", "English"),
    ("payer", "evergreen-ma"),
    ("member_id", "TEST-0001"),
    ("clinician", "Dr. Example"),
    ("npi", "1003000126"),
    ("clinician_phone", "574-555-0102"),
    ("organisation", "Example Hospital"),
    ("contact", "Example Planner"),
    ("channel", "phone"),
    ("line1.family", "dme/oxygen"),
    ("line1.code", "E1390"),
    ("line1.quantity", "1"),
    ("line1.unit", "each"),
    ("diagnoses", "J44.9"),
    ("urgency", "urgent"),
    ("fact.order.ordered-on", "2026-11-20"),
    ("fact.order.signed-on", "2026-11-20"),
    ("fact.order.face-to-face-on", "2026-11-18"),
    ("fact.order.face-to-face-note", "on the chart"),
    ("fact.order.dates-of-service", "2026-11-24"),
    ("fact.order.length-of-need", "12"),
    ("fact.oxygen.spo2", "86"),
    ("fact.oxygen.condition", "rest"),
    ("fact.oxygen.test-on", "2026-11-19"),
    ("fact.oxygen.lpm", "2"),
    ("fact.oxygen.hours-per-day", "24"),
    ("fact.oxygen.device", "cannula"),
    ("fact.oxygen.portable", "yes"),
    ("fact.member.access-barriers", "none"),
    ("fact.coverage.other", "no"),
];
