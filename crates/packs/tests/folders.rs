//! Walks the packs' folder: every file is embedded, every line's sample and every payer's table come out as its golden
//! says. `UPDATE_GOLDEN=1` rewrites the goldens; a new folder is tested without a line here.

use doorstep_case::intake::IntakeCommand;
use doorstep_case::{
    Actor, Blocks, Case, Command, Discharge, Facts, Family, Item, LineRequest, Recorded, Referral,
    ServiceLine, Terms, Urgency, apply, completeness, decide,
};
use doorstep_packs::Packs;
use doorstep_vocab::{CaseId, CaseNumber, Date, PayerId, Procedure, Timestamp};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The day of the payers' goldens.
const ON: &str = "2026-06-15";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

fn walk(dir: &Path, out: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(dir).expect("the test's own data is sound") {
        let path = entry.expect("the test's own data is sound").path();
        if path.is_dir() {
            walk(&path, out);
            continue;
        }
        let name = path
            .strip_prefix(root())
            .expect("the test's own data is sound")
            .to_string_lossy()
            .replace('\\', "/");
        out.insert(name, std::fs::read_to_string(&path).expect("the test's own data is sound"));
    }
}

fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    walk(&root(), &mut files);
    files
}

fn is_beside(path: &str) -> bool {
    path.ends_with("sample.toml")
        || path.ends_with("golden.txt")
        || Path::new(path).extension().is_some_and(|ending| ending == "md")
        || path.starts_with("letters/")
}

fn same_as_golden(path: &str, text: &str) {
    let golden = root().join(path);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, text).expect("the test's own data is sound");
    }
    let known = std::fs::read_to_string(&golden).unwrap_or_else(|_| {
        panic!("packs/{path} is missing: run with UPDATE_GOLDEN=1 and read what it writes")
    });
    assert_eq!(
        known, text,
        "packs/{path} differs: run with UPDATE_GOLDEN=1 and read the difference"
    );
}

#[test]
fn every_file_of_the_folder_is_built_in_as_it_stands() {
    let packs = Packs::builtin();
    let embedded: BTreeMap<&str, &str> = packs.files().collect();
    let files = files();
    let on_disk: BTreeMap<&str, &str> = files
        .iter()
        .filter(|(path, _)| !is_beside(path))
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let paths: Vec<_> = on_disk.keys().collect();
    assert_eq!(
        embedded.keys().collect::<Vec<_>>(),
        paths,
        "list the file in crates/packs/src/builtin.rs"
    );
    assert!(embedded == on_disk, "a file changed while it was built");
}

#[test]
fn every_line_has_a_sample_that_comes_out_as_its_golden() {
    let packs = Packs::builtin();
    let files = files();
    for service in ServiceLine::ALL {
        let path = format!("lines/{service}/sample.toml");
        let text = files.get(&path).unwrap_or_else(|| panic!("packs/{path} is missing: write one"));
        let sample: Table = text.parse().unwrap_or_else(|error| panic!("packs/{path}: {error}"));
        same_as_golden(&format!("lines/{service}/golden.txt"), &run(&packs, service, &sample));
    }
}

#[test]
fn every_payer_has_a_table_that_comes_out_as_its_golden() {
    let packs = Packs::builtin();
    let on: Date = ON.parse().expect("the test's own data is sound");
    let mut ids: Vec<String> =
        packs.payers().map(|payer| payer.payer_id.as_str().to_owned()).collect();
    ids.push("default".to_owned());
    assert!(ids.len() >= 4);
    for id in ids {
        let terms = packs.terms_for(&PayerId(id.clone()), on);
        same_as_golden(&format!("payers/{id}/golden.txt"), &table(&terms));
    }
}

fn table(terms: &Terms) -> String {
    let mut out = format!("{}, {}, on {ON}\n", terms.payer.name, terms.payer.line_of_business);
    for (service, lines) in &terms.lines {
        for family in &lines.families {
            let rule = terms.authorization(*service, &family.name, None);
            let answer = rule.map_or_else(
                || "nothing: ask".to_owned(),
                |rule| format!("{:?}: {}", rule.answer, rule.source),
            );
            writeln!(out, "authorization {service}/{} {answer}", family.name)
                .expect("the test's own data is sound");
        }
    }
    for rule in terms.payer.auth.iter().filter(|rule| !rule.codes.is_empty()) {
        writeln!(out, "authorization {} {:?}: {}", rule.codes.join(" "), rule.answer, rule.source)
            .expect("the test's own data is sound");
    }
    for clock in &terms.clocks {
        let before = if clock.before { " before" } else { "" };
        writeln!(
            out,
            "clock {} {}{before} {:?} {}",
            clock.name, clock.within, clock.from, clock.version
        )
        .expect("the test's own data is sound");
    }
    out
}

fn run(packs: &Packs, service: ServiceLine, sample: &Table) -> String {
    let now = Timestamp::parse(text(sample, "now")).expect("now is an instant");
    let payer_id = PayerId(text(sample, "payer").to_owned());
    assert!(packs.payer(&payer_id).is_some(), "no payer is called {payer_id}");
    let terms = packs.terms_for(&payer_id, now.date(packs.hub_zone()));
    let common = sample.get("facts").and_then(Value::as_table).cloned().unwrap_or_default();
    let orders = sample["order"].as_array().expect("[[order]]");
    let mut out = String::new();
    for order in orders {
        let order = order.as_table().expect("[[order]]");
        let mut facts = common.clone();
        facts.extend(order.get("facts").and_then(Value::as_table).cloned().unwrap_or_default());
        writeln!(out, "{}", text(order, "name")).expect("the test's own data is sound");
        let full = open(packs, &terms, &referral(service, order, &facts, now), now);
        lines(&full, &terms, &mut out);
        let missing = completeness::missing(&full, &terms, now, packs.hub_zone());
        if missing.is_empty() {
            writeln!(out, "  missing nothing").expect("the test's own data is sound");
        }
        for m in &missing {
            writeln!(
                out,
                "  missing {} ({:?}) of {}: {}",
                m.item.name(),
                m.lack,
                m.owner.name(),
                m.why
            )
            .expect("the test's own data is sound");
        }
        for (id, clock) in &full.clocks.0 {
            writeln!(out, "  clock {} due {}", id.as_str(), clock.started.due_at)
                .expect("the test's own data is sound");
        }
        let bare = open(packs, &terms, &referral(service, order, &Table::new(), now), now);
        for m in completeness::missing(&bare, &terms, now, packs.hub_zone()) {
            writeln!(
                out,
                "  needs {} of {}, stops {}: {}",
                m.item.name(),
                m.owner.name(),
                stops(m.blocks),
                m.why
            )
            .expect("the test's own data is sound");
        }
    }
    out
}

fn stops(blocks: Blocks) -> String {
    let all = [
        (blocks.authorization, "authorization"),
        (blocks.delivery, "delivery"),
        (blocks.billing, "billing"),
    ];
    let names: Vec<&str> =
        all.into_iter().filter_map(|(stops, name)| stops.then_some(name)).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(" and ") }
}

fn lines(case: &Case, terms: &Terms, out: &mut String) {
    for line in case.lines.values() {
        let code = line.request.code.as_ref().map_or("no code", |code| code.as_str());
        let rule = terms.authorization(line.service, &line.family, Some(code));
        let answer = rule.map_or("not told".to_owned(), |rule| format!("{:?}", rule.answer));
        let custom = if line.custom { ", custom" } else { "" };
        writeln!(
            out,
            "  line {} {code} {}/{}{custom}, authorization {answer}",
            line.no, line.service, line.family
        )
        .expect("the test's own data is sound");
    }
}

fn text<'a>(table: &'a Table, key: &str) -> &'a str {
    table.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("`{key}` is missing"))
}

fn referral(service: ServiceLine, order: &Table, facts: &Table, now: Timestamp) -> Referral {
    let lines = order["lines"].as_array().expect("lines").iter().map(|line| {
        let line = line.as_str().expect("a code or a family");
        let (line, quantity) = line
            .split_once(" x ")
            .map_or((line, None), |(line, n)| (line, Some(n.parse().expect("how many"))));
        match Procedure::parse(line) {
            Ok(code) => LineRequest { code: Some(code), quantity, ..LineRequest::default() },
            Err(_) => LineRequest {
                hint: Some(service),
                family: Some(Family(line.to_owned())),
                quantity,
                ..LineRequest::default()
            },
        }
    });
    let known = facts.iter().map(|(name, value)| {
        let item = Item::parse(name).unwrap_or_else(|| panic!("no item is called {name}"));
        let value = value.as_str().unwrap_or_else(|| panic!("write {name} as text"));
        (item, (item.read(value).unwrap_or_else(|| panic!("{name} cannot be `{value}`")), None))
    });
    let urgency = order.get("urgency").and_then(Value::as_str).unwrap_or("routine");
    let discharge = order.get("discharge_at").and_then(Value::as_str);
    Referral {
        received_at: now,
        urgency: Urgency::parse(urgency).expect("an urgency"),
        discharge: discharge
            .map(|at| Discharge { at: Timestamp::parse(at).expect("an instant"), bedside: true }),
        lines: lines.collect(),
        facts: known.collect(),
        ..Referral::default()
    }
}

fn open(packs: &Packs, terms: &Terms, referral: &Referral, now: Timestamp) -> Case {
    let number = CaseNumber::new(now.date(packs.hub_zone()), 1);
    let payer_id = terms.payer.payer_id.clone();
    let command = Command::Intake(IntakeCommand::Refer {
        number,
        payer_id,
        referral: Box::new(referral.clone()),
    });
    let mut case = Case::new(CaseId("sample".to_owned()));
    let facts = Facts { now, actor: Actor::default(), terms, hub_zone: packs.hub_zone().clone() };
    let events = decide(&case, &command, &facts)
        .unwrap_or_else(|refusal| panic!("the sample was refused: {refusal:?}"));
    for (seq, event) in (1..).zip(events) {
        apply(&mut case, &Recorded { seq, at: now, by: Actor::default(), event });
    }
    case
}
