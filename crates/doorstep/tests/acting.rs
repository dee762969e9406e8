//! A case taken through its stages by the command line alone: each step by whoever may, on the trail under their name.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use doorstep_app::command::COMMANDS;
use doorstep_vocab::{Micros, Zone};
use serde_json::Value;
use std::fs;
use support::orders::{CSV_HEADER, Order};
use support::{Place, json, now};

/// The day so many days from now, and the moment so many hours from now.
fn day(days: i64) -> String {
    now().plus(Micros::hours(24 * days)).date(&Zone::utc()).to_string()
}

fn hour(hours: i64) -> String {
    now().plus(Micros::hours(hours)).to_string()
}

/// A hub with its people, a provider, and one order of home oxygen that lacks most of what is needed.
struct Hub {
    place: Place,
    number: String,
}

impl Hub {
    fn new() -> Self {
        let place = Place::new();
        for (name, role) in
            [("ana", "agent"), ("nina", "nurse"), ("sue", "supervisor"), ("adam", "admin")]
        {
            place.ok(&["user", "add", name, "--role", role]);
        }
        let add = [
            "provider",
            "add",
            "harbor",
            "--name",
            "Harbor Example",
            "--services",
            "dme",
            "--areas",
            "WI",
        ];
        place.ok(&add);
        let row = Order::nth(0).csv_row(0).replace("2026-03-02", &day(-7));
        fs::write(place.path("referral.csv"), format!("{CSV_HEADER}{row}")).unwrap();
        place.ok(&["intake", "referral.csv"]);
        let listed = place.ok(&["worklist", "--json"]);
        let number = json(listed.lines().next().unwrap())["case"].as_str().unwrap().to_owned();
        Self { place, number }
    }

    fn act(&self, user: &str, args: &[&str]) {
        self.place.ok(&[&["act", &self.number, "--as", user], args].concat());
    }

    fn case(&self) -> Value {
        json(&self.place.ok(&["case", &self.number, "--json"]))
    }

    /// The one id under `path`.
    fn id(&self, path: &str) -> String {
        let case = self.case();
        let ids = case.pointer(&format!("/case/{path}")).unwrap().as_object().unwrap();
        ids.keys().next_back().unwrap().clone()
    }
}

fn an_escalation_is_taken_and_resolved(hub: &Hub) {
    hub.act("ana", &["escalate", "level=2", "reason=caller-asked"]);
    let escalation = format!("escalation={}", hub.id("disputes/escalations"));
    assert!(hub.place.ok(&["case", &hub.number]).contains(&escalation.replace('=', " ")));
    let by = format!("committed_to={}", hour(4));
    let refused = hub.place.run(&["act", &hub.number, "commit", &escalation, "owner=sue", &by]);
    assert!(refused.code == Some(1) && refused.out.contains("--as"), "{}", refused.out);
    hub.act("sue", &["commit", &escalation, "owner=sue", &by]);
    hub.act("sue", &["resolve", &escalation]);
}

fn what_is_missing_is_supplied(hub: &Hub) {
    assert!(hub.case()["missing"].as_array().unwrap().len() > 10);
    let (signed, met, tested, served) = (day(-6), day(-8), day(-7), day(1));
    let dated = |name: &str, on: &str| format!("{name}={on}");
    fs::write(hub.place.path("phone.txt"), "608-555-0199\n").unwrap();
    fs::write(hub.place.path("order.pdf"), "%PDF-1.4 the order").unwrap();
    hub.act(
        "ana",
        &[
            "amend",
            "payer=evergreen-ma",
            "clinician=Dr. Example",
            "clinician_phone=@phone.txt",
            "diagnoses=J44.9",
            "language=English",
            "oxygen.lpm=2",
            "oxygen.device=cannula",
            "oxygen.portable=no",
            "oxygen.condition=rest",
            "oxygen.spo2=86",
            "oxygen.hours-per-day=24",
            "order.face-to-face-note=on the chart",
            "order.length-of-need=12",
            "coverage.other=no",
            "member.access-barriers=none",
            &dated("order.signed-on", &signed),
            &dated("order.face-to-face-on", &met),
            &dated("oxygen.test-on", &tested),
            &dated("order.dates-of-service", &served),
        ],
    );
    assert_eq!(hub.case()["missing"].as_array().unwrap().len(), 0, "{}", hub.case()["missing"]);
    hub.act("ana", &["attach", "order.pdf", "kind=order"]);
    hub.act("ana", &["note", "text=the office called"]);
}

fn it_is_authorized_placed_and_delivered(hub: &Hub) {
    hub.act("ana", &["ask-benefits"]);
    hub.act("ana", &["answer-benefits", "status=active"]);
    hub.act("ana", &["determine-auth", "line=1", "answer=as-listed"]);
    hub.act("ana", &["request-auth"]);
    hub.act("ana", &["approve-auth", "line=1", "number=A123"]);
    hub.act("ana", &["offer", "provider=harbor"]);
    let offer = format!("offer={}", hub.id("placement/offers"));
    let (by, who) = (format!("commit_by={}", hour(24)), "contact=Cora Sample");
    hub.act("ana", &["accept", &offer, &by, who, "contact_phone=800-555-0142"]);
    hub.act("ana", &["schedule", &format!("from={}", hour(2)), &format!("to={}", hour(4))]);
    let visit = format!("visit={}", hub.id("delivery/visits"));
    hub.act("ana", &["confirm", &visit]);
    hub.act("ana", &["depart", &visit]);
    // Today where the member is: it may be tomorrow in London already.
    let there = Zone::parse("America/Chicago").unwrap();
    let signed = format!("signed_on={}", now().date(&there));
    hub.act("ana", &["deliver", &visit, "method=signature", "signer=member", &signed]);
}

#[test]
fn an_incomplete_and_an_escalated_order_are_closed_by_the_command_line_alone() {
    let hub = Hub::new();
    hub.act("ana", &["acknowledge"]);
    hub.act("nina", &["triage", "priority=p2", "outcome=go-on", "reason=stable"]);
    an_escalation_is_taken_and_resolved(&hub);
    what_is_missing_is_supplied(&hub);
    it_is_authorized_placed_and_delivered(&hub);
    hub.act("ana", &["close"]);
    let case = hub.case();
    assert!(hub.place.ok(&["case", &hub.number]).contains("  closed  "), "{case}");
    let did = |user: &str, role: &str| {
        let record = case["record"].as_array().unwrap();
        record.iter().any(|one| one["by"]["user_id"] == user && one["by"]["role"] == role)
    };
    assert!(did("ana", "agent") && did("nina", "nurse") && did("sue", "supervisor"));
    hub.place.ok(&["replay", "--check"]);
}

#[test]
fn every_command_can_be_given_by_whoever_may() {
    let hub = Hub::new();
    for form in COMMANDS {
        let told = |user: &str| {
            let fields = form.fields.iter().filter(|field| field.required);
            let answers: Vec<String> = fields.map(|field| format!("{}=1", field.name)).collect();
            let mut args = vec!["act", &hub.number, form.name, "--as", user];
            args.extend(answers.iter().map(String::as_str));
            let ran = hub.place.run(&args);
            assert!(matches!(ran.code, Some(0 | 1)), "{}: {}{}", form.name, ran.out, ran.err);
            ran.out
        };
        assert!(!told("sue").contains("forbidden"), "{} is closed to a supervisor", form.name);
        assert!(
            told("adam").contains("forbidden") || told("adam").contains("refused"),
            "{}",
            form.name
        );
    }
    for user in ["nobody", "adam"] {
        let ran = hub.place.run(&["act", &hub.number, "acknowledge", "--as", user]);
        assert_ne!(ran.code, Some(0), "{user}");
    }
}

#[test]
fn what_papers_say_is_checked_before_it_is_kept() {
    let hub = Hub::new();
    let before = hub.case()["case"]["seq"].clone();
    for args in [
        vec!["amend"],
        vec!["amend", "oxygen.spo2=low"],
        vec!["amend", "no.such.item=1"],
        vec!["amend", "birth_on=yesterday"],
        vec!["amend", "zip=5370"],
        vec!["amend", "withdraw=nothing"],
        vec!["attach"],
        vec!["attach", "nowhere.pdf"],
        vec!["attach", "referral.csv", "kind=painting"],
        vec!["note", "text="],
        vec!["note", "text=a", "visibility=all"],
    ] {
        let ran = hub.place.run(&[&["act", &hub.number, "--as", "ana"], args.as_slice()].concat());
        assert_ne!(ran.code, Some(0), "{args:?}");
        assert!(!ran.err.contains("panicked"), "{args:?}: {}", ran.err);
    }
    assert_eq!(hub.case()["case"]["seq"], before);
}

#[test]
fn the_network_is_kept_by_the_command_line() {
    let place = Place::new();
    let table = "provider_id,name,services,areas,npi\nharbor,Harbor Example,dme,WI,1234567893\npine,Pine Example,home-health,\"MN,537\",\n";
    fs::write(place.path("providers.csv"), table).unwrap();
    place.ok(&["provider", "import", "providers.csv"]);
    fs::write(
        place.path("wrong.csv"),
        table.replace("pine,Pine Example", "oak,").replace("1234567893", "1234567890"),
    )
    .unwrap();
    let ran = place.run(&["provider", "import", "wrong.csv"]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    assert!(
        ran.out.contains("wrong.csv:2: npi") && ran.out.contains("wrong.csv:3: name"),
        "{}",
        ran.out
    );
    place.ok(&["provider", "accepting", "harbor", "no"]);
    assert_ne!(place.run(&["provider", "accepting", "nobody", "no"]).code, Some(0));
    let listed: Vec<Value> = place.ok(&["provider", "list", "--json"]).lines().map(json).collect();
    let known: Vec<(&str, bool)> = listed
        .iter()
        .map(|one| (one["provider_id"].as_str().unwrap(), one["accepting"].as_bool().unwrap()))
        .collect();
    assert_eq!(known, [("harbor", false), ("pine", true)]);
    assert_ne!(
        place
            .run(&["provider", "add", "x", "--name", "X", "--services", "magic", "--areas", "WI"])
            .code,
        Some(0)
    );
}

#[test]
fn the_trail_tells_who_did_saw_and_was_refused_what() {
    let hub = Hub::new();
    hub.act("ana", &["acknowledge"]);
    hub.place.run(&[
        "act",
        &hub.number,
        "triage",
        "priority=p1",
        "outcome=go-on",
        "reason=stable",
        "--as",
        "ana",
    ]);
    hub.place.ok(&["user", "disable", "adam"]);
    let entries = |args: &[&str]| -> Vec<Value> {
        let out = hub.place.ok(&[&["audit", "--json"], args].concat());
        out.lines().map(json).collect()
    };
    let has = |entries: &[Value], action: &str, outcome: &str| {
        entries.iter().any(|one| one["action"] == action && one["outcome"] == outcome)
    };
    let all = entries(&[]);
    assert!(has(&all, "add user", "done") && has(&all, "disable user", "done"), "{all:?}");
    assert!(has(&all, "change provider", "done") && has(&all, "make link", "done"), "{all:?}");
    let anas = entries(&["--user", "ana"]);
    assert!(anas.iter().all(|one| one["user"] == "ana"));
    assert!(has(&anas, "intake.acknowledged", "done") && has(&anas, "act", "refused"), "{anas:?}");
    let of_case = entries(&["--case", &hub.number]);
    assert!(has(&of_case, "intake.acknowledged", "done") && !has(&of_case, "add user", "done"));
    assert_eq!(entries(&["--to", &day(-2)]).len(), 0);
    assert_eq!(entries(&["--from", &day(-2), "--limit", "3"]).len(), 3);
    assert!(hub.place.ok(&["audit", "--user", "ana"]).contains("intake.acknowledged"));
}

#[test]
fn a_token_that_was_withdrawn_is_known_as_such() {
    let hub = Hub::new();
    hub.place.ok(&["user", "token", "ana", "--label", "import"]);
    let listed = || json(hub.place.ok(&["user", "tokens", "ana", "--json"]).trim());
    assert_eq!(listed()["state"], "works");
    let begins = listed()["begins"].as_str().unwrap().to_owned();
    assert_ne!(hub.place.run(&["user", "revoke-token", "ana", "nothing"]).code, Some(0));
    assert_ne!(hub.place.run(&["user", "revoke-token", "ana", ""]).code, Some(0));
    hub.place.ok(&["user", "revoke-token", "ana", &begins]);
    assert_eq!(listed()["state"], "withdrawn");
}
