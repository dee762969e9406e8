//! R05: on a full disk files are refused so that they are sent again, people go on, nothing is half done, and the hub is ready
//! within ten seconds of there being room. Source: trust.md 7.

use crate::audit::audit;
use crate::history::History;
use crate::hub::Hub;
use crate::inner;
use crate::senders::{self, File, Told, answered, by_mllp, send_until_taken};
use crate::support::orders::{Door, Order};
use crate::support::{Place, json, sign_in};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::time::{Duration, Instant};

/// How soon it has to be ready once there is room.
const READY: Duration = Duration::from_secs(10);

/// How soon it has to give up its ballast.
const SOON: Duration = Duration::from_secs(5);

/// Takes all that is free.
fn fill(place: &Place) {
    let path = place.path("fill");
    let mut file = fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
    let bytes = vec![7; 1 << 20];
    let mut piece = bytes.as_slice();
    loop {
        match file.write(piece) {
            Ok(_) => {}
            Err(_) if piece.len() > 512 => piece = &piece[..piece.len() / 2],
            Err(_) => return,
        }
    }
}

/// Asks again until it is so, or too long.
fn within(patience: Duration, what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < patience, "{what} within {patience:?}");
    }
}

struct Trial<'a> {
    place: &'a Place,
    hub: &'a Hub<'a>,
    token: String,
    cookie: String,
    history: History,
    sent: Vec<File>,
}

impl Trial<'_> {
    fn file(&mut self, door: Door) -> File {
        let n = u32::try_from(self.sent.len()).unwrap();
        let file = File::one(Order::nth(n), door);
        self.sent.push(file.clone());
        file
    }

    fn take_some(&mut self) {
        for door in Door::ALL {
            let file = self.file(door);
            send_until_taken(self.hub, &self.token, &self.history, &file);
        }
    }

    /// Every door refuses for now, each in its own words.
    fn every_door_refuses(&mut self) {
        let file = self.file(Door::Fhir);
        let head = format!("Authorization: Bearer {}\r\n", self.token);
        let at = self.hub.at();
        let asked = file.ask(&self.history);
        let answer = senders::post(&at.http, "/fhir", &head, file.text.as_bytes()).unwrap();
        assert_eq!(answer.status, 503, "{answer:?}");
        assert_eq!(answer.headers("retry-after").count(), 1, "{answer:?}");
        answered(&self.history, &asked, &Told::Info(String::new()));
        let file = self.file(Door::Hl7);
        let asked = file.ask(&self.history);
        let told = by_mllp(&at.mllp, &file.text).unwrap();
        assert!(matches!(&told, Told::Info(ack) if ack.contains("MSA|AR")), "{told:?}");
        answered(&self.history, &asked, &told);
        let file = self.file(Door::Csv);
        let asked = file.ask(&self.history);
        let elsewhere = tempfile::NamedTempFile::new().unwrap();
        fs::write(elsewhere.path(), &file.text).unwrap();
        let ran = self.place.run(&["intake", elsewhere.path().to_str().unwrap()]);
        assert!(ran.code == Some(2) && ran.err.contains("busy or full"), "{}{}", ran.out, ran.err);
        answered(&self.history, &asked, &Told::Info(ran.err));
    }

    fn sees_the_worklist(&self) -> u16 {
        let head = format!("Cookie: {}\r\n", self.cookie);
        senders::get(&self.hub.at().http, "/worklist", &head).unwrap().status
    }

    /// What was refused is sent again, and taken soon.
    fn is_ready_again(&mut self) {
        fs::remove_file(self.place.path("fill")).unwrap();
        let file = self.file(Door::X12);
        let began = Instant::now();
        send_until_taken(self.hub, &self.token, &self.history, &file);
        assert!(began.elapsed() < READY, "ready only after {:?}", began.elapsed());
        for file in self.sent.clone() {
            send_until_taken(self.hub, &self.token, &self.history, &file);
        }
    }
}

#[test]
fn a_full_disk_refuses_files_until_there_is_room_and_serves_people() {
    if !inner::enter("full::a_full_disk_refuses_files_until_there_is_room_and_serves_people") {
        return;
    }
    let place = Place::new();
    inner::mount_small(place.folder.path(), 96);
    let link = place.ok(&["user", "add", "ana", "--role", "agent"]);
    let token = place.ok(&["user", "token", "ana"]).trim().to_owned();
    let hub = Hub::new(&place, &[]);
    hub.start();
    let cookie = sign_in(&hub.at().http, link.trim());
    let (history, sent) = (History::default(), Vec::new());
    let mut trial = Trial { place: &place, hub: &hub, token, cookie, history, sent };
    trial.take_some();
    fill(&place);
    within(SOON, "the ballast is given up", || !place.path("doorstep.db.ballast").exists());
    trial.every_door_refuses();
    within(SOON, "people see their cases", || trial.sees_the_worklist() == 200);
    let found = json(&place.run(&["doctor", "--json"]).out);
    let advised = |word: &str| {
        let mut findings = found["findings"].as_array().unwrap().iter();
        findings.any(|one| one["name"].as_str().unwrap().contains(word) && !one["advice"].is_null())
    };
    assert!(advised("room for files") && advised("disk of"), "{found}");
    trial.every_door_refuses();
    // The control: with the ballast's room gone as well, nobody sees a case whose look cannot be recorded.
    fill(&place);
    within(SOON, "without any room nothing is shown", || {
        fill(&place);
        trial.sees_the_worklist() == 503
    });
    trial.every_door_refuses();
    assert_eq!(hub.ended_within(Duration::ZERO), None, "a full disk ends no hub");
    trial.is_ready_again();
    within(READY, "the ballast is made again", || place.path("doorstep.db.ballast").exists());
    trial.take_some();
    hub.stop();
    let labels: BTreeMap<String, String> = trial.sent.iter().map(File::named).collect();
    assert_eq!(audit(&place, &trial.history.ops(), &labels), Vec::<String>::new());
}
