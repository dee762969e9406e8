//! S20: the first run and the demo refuse what would expose people's data. Each line of the list that applies so far has
//! its test here or where it says.
//!
//! First run: 1 no account before one is made, 2 no password is printed, 3 a link signs in once, 4 and not after 15 minutes
//! (`app`: sign-in), 5 an open address is refused without a proxy, 6 for MLLP as well, 7 and for IPv6, 8 and without an
//! administrator, 9 and for root, 10 a directory that is open to others is refused, 11 an empty one is closed, 12 a file that is
//! open to others is refused, 13 what is made is its owner's alone, 14 `synchronous` is read back (`db`: opening), 15 the
//! outbox is its owner's alone, 16 MLLP is off until it is asked for, 17 nobody registers by themselves, 18 no sample user
//! is there, 19 nothing is sent to anybody by the program.
//! Demo: 20 it has a database of its own, 21 a real one is refused, 22 its own is refused by every other command, 23 it listens
//! on loopback and there is no flag, 24 it makes no connection, 25 its pages say that it is one.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use support::{Place, Running, ask, files_under, get, sign_in};

fn close(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn serving(place: &Place) -> Running {
    Running::start(place.command(["serve", "--listen", "127.0.0.1:0"]))
}

#[test]
fn a_new_hub_has_no_user_and_nobody_registers() {
    let place = Place::new();
    let mut hub = serving(&place);
    let said = hub.until("http://");
    assert!(said.contains("nobody can sign in yet"), "{said}");
    assert_eq!(said.matches("listen").count() + said.matches("MLLP").count(), 0, "{said}");
    assert_eq!(place.ok(&["user", "list"]), "");
    let address = said.split("http://").nth(1).unwrap().trim().to_owned();
    for path in ["/register", "/sign-up", "/users", "/setup"] {
        assert!(!get(&address, path).starts_with("HTTP/1.1 200"), "{path}");
    }
}

#[test]
fn a_link_signs_in_once() {
    let place = Place::new();
    let link = place.ok(&["user", "add", "ana", "--role", "admin"]);
    let mut hub = serving(&place);
    let address = hub.address();
    sign_in(&address, link.trim());
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        link.trim()
    );
    let (_, head) = ask(&address, &request);
    assert!(head.starts_with("HTTP/1.1 422") && !head.contains("set-cookie"), "{head}");
}

#[test]
fn an_open_address_needs_a_proxy_an_administrator_and_another_user_than_root() {
    let place = Place::new();
    for listen in [["--listen", "0.0.0.0:0"], ["--mllp", "0.0.0.0:0"], ["--listen", "[::]:0"]] {
        let ran = place.run(&[&["serve", "--no-work"], listen.as_slice()].concat());
        assert!(
            ran.code == Some(2) && ran.err.contains("--behind-proxy"),
            "{listen:?}: {}",
            ran.err
        );
    }
    let open = ["serve", "--listen", "0.0.0.0:0", "--behind-proxy"];
    place.ok(&["user", "add", "adam", "--role", "admin"]);
    let ran = place.run(&[open.as_slice(), &["--allow-root"]].concat());
    assert!(ran.code == Some(2) && ran.err.contains("nobody manages"), "{}", ran.err);
    if is_root() {
        let ran = place.run(&open);
        assert!(ran.code == Some(2) && ran.err.contains("--allow-root"), "{}", ran.err);
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Without `--db`, so that the data directory is what counts.
fn in_data(place: &Place, args: &[&str]) -> support::Ran {
    let mut command = place.command(args);
    command.env_remove("DOORSTEP_DB");
    support::Ran::of(command.output().unwrap())
}

#[test]
fn what_is_open_to_others_is_closed_or_refused_with_what_to_do() {
    let place = Place::new();
    let data = place.path("data");
    fs::create_dir(&data).unwrap();
    close(&data, 0o755);
    assert_eq!(in_data(&place, &["worklist"]).code, Some(0), "an empty directory is closed");
    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    close(&data, 0o750);
    let ran = in_data(&place, &["worklist"]);
    assert!(ran.code == Some(2) && ran.err.contains("chmod 700"), "{}", ran.err);
    close(&data, 0o700);
    let file = data.join("doorstep.db");
    close(&file, 0o640);
    let ran = in_data(&place, &["worklist"]);
    assert!(ran.code == Some(2) && ran.err.contains("chmod 600"), "{}", ran.err);
    close(&file, 0o600);
    assert_eq!(in_data(&place, &["work", "--once"]).code, Some(0));
    for path in files_under(&data) {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} is open to others", path.display());
    }
    assert_eq!(fs::metadata(data.join("outbox")).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn what_waits_to_be_sent_is_beside_the_database() {
    let place = Place::new();
    let folder = place.path("elsewhere");
    fs::create_dir(&folder).unwrap();
    let mut command = place.command(["work", "--once", "--db", "elsewhere/hub.db"]);
    assert!(command.env_remove("DOORSTEP_DATA").status().unwrap().success());
    assert!(folder.join("outbox").is_dir() && !place.path("doorstep-data").exists());
}

fn demo(place: &Place) -> Command {
    let mut command = place.command(["demo", "--port", "0", "--speed", "1"]);
    command.env_remove("DOORSTEP_DB");
    command
}

#[test]
fn a_demo_gives_a_link_for_each_role_and_stops_when_it_is_told() {
    let place = Place::new();
    let mut demo = Running::start(demo(&place));
    let said = demo.until("Each link signs in once");
    let address =
        said.split("Open http://").nth(1).unwrap().lines().next().unwrap().trim().to_owned();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    for role in ["agent", "nurse", "supervisor", "admin"] {
        let found = said.lines().find(|line| line.trim_start().starts_with(role));
        let found = found.unwrap_or_else(|| panic!("no link for {role} in {said}"));
        let link = found.split(&address).nth(1).unwrap();
        let cookie = sign_in(&address, link.trim());
        let request = format!(
            "GET /account HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        );
        let (mut page, head) = ask(&address, &request);
        assert!(head.starts_with("HTTP/1.1 200"), "{role}: {head}");
        let mut text = String::new();
        std::io::Read::read_to_string(&mut page, &mut text).unwrap();
        assert!(text.contains("Every person in it is made up"), "{role}");
    }
    assert!(place.path("data/demo/demo.db").exists());
    let listeners = fs::read_to_string(format!("/proc/{}/net/tcp", demo.id())).unwrap();
    let port = format!(":{:04X}", address.rsplit(':').next().unwrap().parse::<u16>().unwrap());
    for line in listeners.lines().filter(|line| line.contains(&port) && line.contains(" 0A ")) {
        assert!(line.contains("0100007F"), "listens beyond loopback: {line}");
    }
    demo.signal("TERM");
    let status = demo.ended_within(Duration::from_secs(5)).expect("it goes on after SIGTERM");
    assert!(status.success(), "{status}: {}", demo.err());
}

/// In a network of its own, where the kernel counts every connection that is begun.
#[test]
fn a_demo_makes_no_connection() {
    let can = Command::new("unshare").args(["-n", "true"]).status();
    if !can.is_ok_and(|status| status.success()) {
        eprintln!("skipped: this machine lets nobody make a network of their own (unshare -n)");
        return;
    }
    let place = Place::new();
    let inner = demo(&place);
    let mut command = Command::new("unshare");
    let script = "ip link set lo up 2>/dev/null; exec \"$0\" \"$@\"";
    command.args(["-n", "sh", "-c", script]).arg(inner.get_program()).args(inner.get_args());
    command
        .current_dir(place.folder.path())
        .env("DOORSTEP_DATA", place.path("data"))
        .env_remove("DOORSTEP_DB");
    let mut demo = Running::start(command);
    demo.until("Each link signs in once");
    let counted = fs::read_to_string(format!("/proc/{}/net/snmp", demo.id())).unwrap();
    let mut tcp = counted.lines().filter_map(|line| line.strip_prefix("Tcp: "));
    let (names, values) = (tcp.next().unwrap(), tcp.next().unwrap());
    let at = names.split(' ').position(|name| name == "ActiveOpens").unwrap();
    assert_eq!(values.split(' ').nth(at), Some("0"), "{counted}");
    let mut udp = counted.lines().filter_map(|line| line.strip_prefix("Udp: "));
    let (names, values) = (udp.next().unwrap(), udp.next().unwrap());
    let at = names.split(' ').position(|name| name == "OutDatagrams").unwrap();
    assert_eq!(values.split(' ').nth(at), Some("0"), "{counted}");
}
