//! The command line as an operator meets it.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use doorstep_db::{Db, Kind, OpenOptions, params};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;
use support::orders::{CSV_HEADER, Door, Order};
use support::{Place, Ran, json};

/// Every subcommand, as `--help` names them.
fn subcommands(place: &Place) -> Vec<String> {
    listed(&place.ok(&["--help"]))
}

fn listed(help: &str) -> Vec<String> {
    let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let names = commands.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").map(str::to_owned).collect()
}

/// The line of usage is no example: it names no answer.
fn explained(place: &Place, names: &[&str]) {
    let help = place.ok(&[names, &["--help"]].concat());
    let call = format!("doorstep {}", names.join(" "));
    let mut lines = help.lines().filter(|line| !line.contains("Usage:"));
    assert!(lines.any(|line| line.contains(&call)), "{call} shows no example:\n{help}");
}

fn with_cases(n_orders: u32) -> Place {
    let place = Place::new();
    let rows: String = (0..n_orders).map(|n| Order::nth(n).csv_row(0)).collect();
    fs::write(place.path("referrals.csv"), format!("{CSV_HEADER}{rows}")).unwrap();
    place.ok(&["intake", "referrals.csv"]);
    place
}

#[test]
fn each_subcommand_explains_itself_by_an_example() {
    let place = Place::new();
    let names = subcommands(&place);
    assert!(names.len() >= 15, "{names:?}");
    for name in &names {
        explained(&place, &[name]);
    }
    for group in ["user", "provider"] {
        assert!(names.iter().any(|name| name == group), "{group}");
        for name in listed(&place.ok(&[group, "--help"])) {
            explained(&place, &[group, &name]);
        }
    }
    assert!(!place.path("doorstep.db").exists(), "help makes no database");
}

#[test]
fn completions_are_made_for_each_shell() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        assert!(place.ok(&["completions", shell]).contains("intake"), "{shell}");
    }
}

#[test]
fn a_misspelt_command_or_field_is_told_in_words() {
    let place = with_cases(1);
    let number = first_case(&place);
    for args in [
        vec!["worklst"],
        vec!["case", "HC-260302-000001-0"],
        vec!["act", &number, "aprove"],
        vec!["act", &number, "triage", "prio=p1"],
        vec!["worklist", "--queue", "nowhere"],
        vec!["user", "add", "ana", "--role", "king"],
    ] {
        let ran = place.run(&args);
        assert_ne!(ran.code, Some(0), "{args:?}");
        let told = format!("{}{}", ran.out, ran.err);
        assert!(!told.trim().is_empty() && !told.contains("panicked"), "{args:?}: {told}");
    }
}

fn first_case(place: &Place) -> String {
    let out = place.ok(&["worklist", "--json", "--limit", "1"]);
    json(out.lines().next().unwrap())["case"].as_str().unwrap().to_owned()
}

#[test]
fn a_case_says_which_line_waits_for_what() {
    let place = with_cases(2);
    let number = first_case(&place);
    place.ok(&["act", &number, "add-line", "code=E0143", "quantity=1"]);
    let shown = json(&place.ok(&["case", &number, "--json"]));
    let lines = shown["order"]["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 2, "{shown}");
    let text = place.ok(&["case", &number]);
    for line in lines {
        let waits_for: Vec<&str> = line["waits_for"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item.as_str().unwrap())
            .collect();
        assert_eq!(waits_for.is_empty(), line["completed_at"].is_string(), "{line}");
        let said = if waits_for.is_empty() {
            "order: complete".to_owned()
        } else {
            format!("order: waits for {}", waits_for.join(", "))
        };
        assert!(text.contains(&said), "{said}:\n{text}");
    }
    let listed = place.ok(&["worklist", "--json"]);
    let row = listed.lines().map(json).find(|row| row["case"] == number).unwrap();
    assert!(row["waiting"].is_string() && row["missing"].is_u64(), "{row}");
}

#[test]
fn a_case_is_shown_worked_and_shown_again() {
    let place = with_cases(3);
    let number = first_case(&place);
    let before = json(&place.ok(&["case", &number, "--json"]));
    assert!(place.ok(&["case", &number]).contains(&number));
    assert!(place.ok(&["act", &number, "acknowledge"]).contains("intake.acknowledged"));
    assert!(place.ok(&["act", &number, "acknowledge"]).contains("done before"));
    assert_ne!(json(&place.ok(&["case", &number, "--json"])), before);
    let refused = place.run(&["act", &number, "close", "--json"]);
    assert_eq!(refused.code, Some(1));
    assert!(json(refused.out.trim())["refused"]["code"].is_string(), "{}", refused.out);
    let stale = place.run(&["act", &number, "assign", "manager=ana", "--expect", "1"]);
    assert!(stale.code == Some(1) && stale.out.contains("stale"), "{}", stale.out);
    place.ok(&["replay", "--check"]);
}

#[test]
fn the_commands_of_a_case_are_listed_with_their_fields() {
    let place = Place::new();
    let all = place.ok(&["act", "--list"]);
    assert!(all.lines().count() > 30, "{all}");
    let one = place.ok(&["act", "--list", "approve-auth"]);
    assert!(one.contains("number=") && one.contains("may be left out"), "{one}");
}

#[test]
fn a_wrong_pack_is_told_by_file_and_line() {
    let place = Place::new();
    let folder = place.path("packs");
    fs::create_dir_all(folder.join("payers/mine")).unwrap();
    fs::write(folder.join("payers/mine/payer.toml"), "name = \"Mine\"\n\nno_such_key = 1\n")
        .unwrap();
    let ran = place.run(&["check", "packs", "packs"]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("payer.toml:3"), "{}", ran.out);
    let ran = place.run(&["check", "packs", "packs", "--json"]);
    let problems: Vec<_> = ran.out.lines().map(json).collect();
    assert!(problems.iter().any(|problem| problem["line"] == 3), "{problems:?}");
    let refused = place.run(&["worklist", "--packs", "packs"]);
    assert!(refused.code == Some(2) && refused.err.contains("payer.toml:3"), "{}", refused.err);
}

/// Twenty-five thousand sets are more than a door takes in one file, and 25 MB as well.
#[test]
fn an_x12_file_of_any_size_is_checked_to_its_end() {
    let place = Place::new();
    let words = "X".repeat(660);
    let set = |n: usize| {
        format!(
            "ST*278*{n:04}*005010X217~BHT*0007*13*B{n}*20260301*0900~HL*1**20*1~NM1*X3*2*EXAMPLE HEALTH*****PI*90001~HL*2*1*21*1~\
             NM1*1P*1*SAMPLEDOC*ADA****XX*1234567893~HL*3*2*22*1~NM1*IL*1*TESTPERSON*SYNTHIA****MI*SYN{n}~MSG*{words}~HL*4*3*EV*0~UM*HS*I*12~SE*12*{n:04}~"
        )
    };
    let head = "ISA*00*          *00*          *ZZ*TESTSENDER     *ZZ*DOORSTEPHUB    *260301*1200*^*00501*000000001*0*T*:~\
                GS*HI*TESTSENDER*DOORSTEPHUB*20260301*1200*1*X*005010X217~";
    let n = 25_000;
    let sets: String = (1..=n).map(set).collect();
    let whole = format!("{head}{sets}GE*{n}*1~IEA*1*000000001~");
    assert!(whole.len() > 22_000_000);
    fs::write(place.path("batch.x12"), &whole).unwrap();
    let said = place.ok(&["check", "x12", "batch.x12"]);
    let last = said.lines().last().unwrap_or_default();
    assert!(
        last.starts_with(
            "1 interchanges, 1 groups, 25000 sets: 25000 requests without an error of their own"
        ),
        "{last}"
    );

    // The last set has lost its member: one error, with its place.
    let broken = whole.replace(&format!("NM1*IL*1*TESTPERSON*SYNTHIA****MI*SYN{n}~"), "");
    fs::write(place.path("broken.x12"), broken).unwrap();
    let ran = place.run(&["check", "x12", "broken.x12", "--json"]);
    let errors: Vec<&str> = ran.out.lines().filter(|line| line.contains("\"error\"")).collect();
    assert!(ran.code == Some(1) && errors.len() == 1, "{:?} {errors:?}", ran.code);
    assert!(
        errors[0].contains("ISA 1 GS 1 ST 25000") && !ran.out.contains("TESTPERSON"),
        "{}",
        errors[0]
    );
    fs::write(place.path("none.x12"), "Dear Sirs, please find the order attached.").unwrap();
    let none = place.run(&["check", "x12", "none.x12"]);
    assert!(none.code == Some(1) && none.out.starts_with("byte 0: error:"), "{}", none.out);
    let missing = place.run(&["check", "x12", "nowhere.x12"]);
    assert!(missing.code != Some(0) && missing.err.contains("cannot be read"), "{}", missing.err);
}

#[test]
fn a_folder_of_packs_is_checked_whole() {
    let place = Place::new();
    let good = place.path("good");
    fs::create_dir_all(good.join("payers/pine")).unwrap();
    let payer = "name = \"Pine Example\"\nline_of_business = \"commercial\"\n";
    fs::write(good.join("payers/pine/payer.toml"), payer).unwrap();
    assert_eq!(place.ok(&["check", "packs", "good"]).trim(), "1 files, 0 problems");

    fs::create_dir_all(place.path("empty")).unwrap();
    let ran = place.run(&["check", "packs", "empty"]);
    assert!(ran.code == Some(1) && ran.out.contains("folder-empty"), "{}{}", ran.out, ran.err);

    let broken = place.path("broken");
    fs::create_dir_all(broken.join("payers/pine")).unwrap();
    fs::write(broken.join("payers/pine/payer.toml"), b"name = \"Pine\"\n# \xff\n").unwrap();
    fs::write(broken.join("hub.toml"), "nothing = 1\n").unwrap();
    let ran = place.run(&["check", "packs", "broken"]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("payers/pine/payer.toml:2:1"), "{}", ran.out);
    assert!(ran.out.contains("hub.toml:1:1"), "the other files are checked too: {}", ran.out);
}

#[test]
fn a_copy_made_while_files_are_taken_is_whole_and_proves_itself() {
    let place = with_cases(20);
    let inbox = place.path("inbox");
    fs::create_dir(&inbox).unwrap();
    for n in 20..140 {
        fs::write(inbox.join(format!("{n:04}")), Order::nth(n).by(Door::Hl7, 0)).unwrap();
    }
    let mut taking =
        place.command(["intake", "inbox", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(taking.stdout.take().unwrap());
    let mut first = String::new();
    lines.read_line(&mut first).unwrap();
    place.ok(&["backup", "copy.db"]);
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    assert!(taking.wait().unwrap().success());

    let restored = place.with_db("restored.db");
    let proof = json(restored.ok(&["restore", "copy.db", "--json"]).trim());
    assert_eq!(proof["proved"], true, "{proof}");
    let cases = proof["cases"].as_u64().unwrap();
    assert!((21..=140).contains(&cases), "{proof}");
    assert_eq!(proof["replay"]["cases"].as_u64(), Some(cases));
    restored.ok(&["doctor"]);
    let again = restored.run(&["restore", "copy.db"]);
    assert_eq!(again.code, Some(2), "nothing is written over");
    restored.ok(&["intake", "inbox"]);
    assert_eq!(json(restored.ok(&["replay", "--check", "--json"]).trim())["cases"], 140);
}

#[test]
fn a_damaged_copy_is_not_put_back_in_silence() {
    let place = with_cases(40);
    place.ok(&["backup", "copy.db"]);
    let mut bytes = fs::read(place.path("copy.db")).unwrap();
    let middle = bytes.len() / 2;
    for byte in &mut bytes[middle..middle + 8192] {
        *byte ^= 0x5a;
    }
    fs::write(place.path("copy.db"), bytes).unwrap();
    let restored = place.with_db("restored.db");
    let ran = restored.run(&["restore", "copy.db"]);
    assert_ne!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
}

#[test]
fn a_user_gets_a_link_that_is_never_shown_again() {
    let place = Place::new();
    let link = place.ok(&["user", "add", "ana", "--role", "admin"]);
    let token = link.trim().strip_prefix("/sign-in/link/").unwrap();
    assert!(token.len() >= 43, "{token}");
    assert!(!place.ok(&["user", "list"]).contains(token));
    assert_ne!(place.ok(&["user", "link", "ana"]), link);
    assert_ne!(place.run(&["user", "add", "ana", "--role", "agent"]).code, Some(0));
    let api = place.ok(&["user", "token", "ana"]);
    let stored = fs::read(place.db()).unwrap();
    for secret in [token, api.trim()] {
        assert!(
            !stored.windows(secret.len()).any(|part| part == secret.as_bytes()),
            "a secret is stored as it is"
        );
    }
}

#[test]
fn what_a_program_reads_is_one_json_value() {
    let place = Place::new();
    let ok = |args: &[&str]| json(&place.ok(args));
    assert!(ok(&["migrate", "--json"])["version"].as_u64() >= Some(11));
    let added = ok(&["user", "add", "ana", "--role", "agent", "--json"]);
    let linked = ok(&["user", "link", "ana", "--json"]);
    for said in [&added, &linked] {
        assert_eq!(said["user"], "ana");
        assert!(said["link"].as_str().unwrap().starts_with("/sign-in/link/"), "{said}");
    }
    assert_ne!(added, linked);
    let token = ok(&["user", "token", "ana", "--label", "import", "--json"]);
    assert_eq!((&token["user"], &token["label"]), (&"ana".into(), &"import".into()));
    assert!(token["token"].as_str().unwrap().len() >= 43, "{token}");
    assert_eq!(ok(&["work", "--once", "--json"])["put_back"], 0);
    assert_ne!(
        place.run(&["work", "--json"]).code,
        Some(0),
        "a worker that goes on ends with none"
    );
    let found = ok(&["doctor", "--json"]);
    assert_eq!((&found["is_well"], &found["left"]), (&true.into(), &serde_json::json!([])));
    let names =
        found["findings"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap());
    assert!(names.into_iter().any(|name| name.starts_with("disk of ")), "{found}");
}

#[test]
fn what_was_left_to_a_person_is_named_and_tried_again() {
    let place = with_cases(1);
    let db = Db::open(place.db()).unwrap();
    let sql = "UPDATE job SET dead_at = run_at, last_error = 'broken' WHERE kind = 'ask-benefits'";
    db.write("give up", |tx| tx.execute(sql, params![])).unwrap();
    let found = place.run(&["doctor"]);
    assert_eq!(found.code, Some(1), "{}", found.out);
    assert!(found.out.contains("left: ask-benefits of case ") && found.out.contains(": broken"));
    assert!(found.out.contains("doorstep work --once --retry"), "{}", found.out);
    let found = json(&place.run(&["doctor", "--json"]).out);
    assert_eq!(
        (&found["is_well"], &found["left"][0]["kind"]),
        (&false.into(), &"ask-benefits".into())
    );
    assert_eq!(json(&place.ok(&["work", "--once", "--json"]))["retried"], 0);
    let ran = json(&place.ok(&["work", "--once", "--retry", "--json"]));
    assert_eq!((&ran["retried"], &ran["left"]), (&1.into(), &0.into()), "{ran}");
    assert_eq!(json(&place.run(&["doctor", "--json"]).out)["left"], serde_json::json!([]));
}

#[test]
fn nothing_listens_beyond_loopback_without_a_proxy() {
    let place = Place::new();
    for args in [
        ["serve", "--listen", "0.0.0.0:0", "--no-work", "--verbose"],
        ["serve", "--mllp", "0.0.0.0:0", "--no-work", "--verbose"],
        ["serve", "--listen", "[::]:0", "--no-work", "--verbose"],
    ] {
        let ran = place.run(&args);
        assert!(ran.code == Some(2) && ran.err.contains("--behind-proxy"), "{args:?}: {}", ran.err);
    }
}

#[test]
fn a_demo_and_a_real_store_are_never_taken_for_each_other() {
    let place = Place::new();
    let demo = OpenOptions { kind: Kind::Demo, ..OpenOptions::default() };
    drop(Db::open_with(place.db(), &demo).unwrap());
    for args in [
        vec!["serve", "--listen", "127.0.0.1:0"],
        vec!["worklist"],
        vec!["intake", "."],
        vec!["doctor"],
    ] {
        let ran = place.run(&args);
        assert_eq!(ran.code, Some(2), "{args:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("demo"), "{args:?}: {}", ran.err);
    }
    let real = with_cases(1);
    let ran = real.run(&["demo", "--port", "0"]);
    assert!(ran.code == Some(2) && ran.err.contains("--db"), "{}", ran.err);
    assert!(Db::open_with(real.db(), &demo).is_err(), "a real store is no demo");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = with_cases(60);
    let mut child = place
        .command(["worklist", "--limit", "60"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
}
