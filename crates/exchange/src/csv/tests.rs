//! Tables in, referrals and reports out.

use super::columns::COLUMNS;
use super::*;
use crate::{Level, Outcome, UnitOutcome};
use doorstep_case::{Fact, ITEMS, Item, ItemKind, Milli, Referral, ServiceLine, Urgency};
use doorstep_vocab::CaseNumber;
use proptest::prelude::*;

const HEADER: &str = "referral_id,last_name,first_name,dob,sex,member_id,payer,address,city,state,zip,phone,npi,dx1,dx2,hcpcs,mod,qty,item,order_date,discharge,oxygen.spo2\n";
const ROW: &str = "R1,Example,Testa,1/2/1950,F,MEM1,Example Health Plan,1 Sample St,Madison,WI,53703,608-555-0100,1234567893,J44.9,J96.11,E1390,RR,1,Concentrator,2026-01-05,1/6/2026 3:00 PM,86\n";

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn table(text: &str) -> Reading {
    read(text.as_bytes(), at("2026-01-05T18:00:00Z"))
}

fn order(text: &str) -> Referral {
    let mut reading = table(text);
    let unit = reading.units.remove(0);
    let Found::Order { referral, .. } = unit.found else {
        panic!("{:?} {:?}", unit.found, unit.problems)
    };
    *referral
}

fn refusals(text: &str) -> Vec<(String, String)> {
    let units = table(text).units;
    assert!(units.iter().any(|unit| matches!(unit.found, Found::Refused)), "{units:?}");
    let problems = units.into_iter().flat_map(|unit| unit.problems);
    problems
        .filter(|problem| problem.level == Level::Error)
        .map(|problem| (problem.code, problem.at))
        .collect()
}

fn refusal(text: &str) -> (String, String) {
    refusals(text).remove(0)
}

fn pair(code: &str, at: &str) -> (String, String) {
    (code.to_owned(), at.to_owned())
}

#[test]
fn a_diagnosis_is_checked_on_the_day_of_service_then_of_the_order_then_of_receipt_at_home() {
    let header = HEADER.replace("discharge", "start_date");
    let first = |ordered: &str, starts: &str| {
        let row = ROW
            .replace("J44.9", "R05.1")
            .replace("2026-01-05", ordered)
            .replace("1/6/2026 3:00 PM", starts);
        let text = format!("{header}{row}");
        match read(text.as_bytes(), at("2021-10-01T02:00:00Z")).units.remove(0).found {
            Found::Order { referral, .. } => referral.diagnoses[0].billable,
            other => panic!("{other:?}"),
        }
    };
    assert!(first("2021-09-28", "2021-10-05"));
    assert!(!first("2021-09-28", ""), "it came into force later");
    assert!(!first("", ""), "in Madison it is still September");
}

#[test]
fn a_row_becomes_an_order() {
    let referral = order(&format!("{HEADER}{ROW}"));
    assert_eq!(referral.order_ref.as_deref(), Some("R1"));
    assert_eq!(referral.person.family.as_ref().unwrap().reveal(), "Example");
    assert_eq!(referral.person.birth_on.as_ref().unwrap().reveal().to_string(), "1950-01-02");
    assert_eq!(referral.coverage[0].payer_name.as_deref(), Some("Example Health Plan"));
    assert!(referral.prescriber.unwrap().npi_valid);
    let codes: Vec<_> = referral.diagnoses.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["J44.9", "J96.11"]);
    let line = &referral.lines[0];
    assert_eq!(
        (line.code.as_ref().unwrap().as_str(), line.quantity, line.described),
        ("E1390", Some(1), true)
    );
    assert_eq!(line.modifiers, ["RR"]);
    assert_eq!(referral.facts[&Item::named("oxygen.spo2")].0, Fact::Number(Milli::whole(86)));
    assert_eq!(
        referral.discharge.unwrap().at,
        at("2026-01-06T21:00:00Z"),
        "on the clock of the ZIP"
    );
}

#[test]
fn rows_of_one_referral_are_one_order() {
    let other = ROW
        .replace("E1390", "E0431")
        .replace("J96.11", "I27.20")
        .replace("Concentrator", "Portable");
    let reading = table(&format!("{HEADER}{ROW}R2{}{other}", &ROW[2..]));
    let places: Vec<_> = reading.units.iter().map(|unit| unit.place.as_str()).collect();
    assert_eq!(places, ["rows 2, 4", "row 3"]);
    let Found::Order { referral, .. } = &reading.units[0].found else { panic!("no order") };
    let lines: Vec<_> =
        referral.lines.iter().map(|line| line.code.as_ref().unwrap().as_str()).collect();
    assert_eq!((lines, referral.diagnoses.len()), (vec!["E1390", "E0431"], 3));
    assert_eq!(
        referral.texts.iter().map(|(place, _)| place.as_str()).collect::<Vec<_>>(),
        ["line 1", "line 2"]
    );
}

#[test]
fn rows_that_name_two_members_are_refused_whole() {
    let other = ROW.replace("Testa", "Testo");
    assert_eq!(
        refusals(&format!("{HEADER}{ROW}{other}")),
        [pair("member-differs", "row 3 column member_first")]
    );
}

#[test]
fn a_bad_value_is_named_by_row_and_column() {
    let with = |from: &str, to: &str| refusal(&format!("{HEADER}\n{}", ROW.replacen(from, to, 1)));
    assert_eq!(with("1/2/1950", "1/2/50"), pair("date-unreadable", "row 3 column dob"));
    assert_eq!(with("1/2/1950", "31/12/1950"), pair("date-unreadable", "row 3 column dob"));
    assert_eq!(with("2026-01-05", "soon"), pair("date-unreadable", "row 3 column order_date"));
    assert_eq!(
        with("1/6/2026 3:00 PM", "tomorrow"),
        pair("time-unreadable", "row 3 column discharge_at")
    );
    assert_eq!(with("53703", ""), pair("time-without-zone", "row 3 column discharge_at"));
    assert_eq!(with(",1,Conc", ",1.5,Conc"), pair("quantity-unreadable", "row 3 column quantity"));
    assert_eq!(
        with("E1390,RR,1,Concentrator", ",,,"),
        pair("service-missing", "row 3 column service_code")
    );
    assert_eq!(with(",86", ",low"), pair("item-unreadable", "row 3 column oxygen.spo2"));
    assert_eq!(with("Example,", ","), pair("member-unnamed", "row 3 column member_last"));
    assert_eq!(with(",86", ",86,more"), pair("row-too-long", "row 3"));
}

#[test]
fn a_day_without_a_time_is_enough_to_be_needed_by_and_not_to_go_home() {
    let head = "last_name,first_name,zip,hcpcs,need_by,discharge_date\n";
    let text = format!("{head}Example,Testa,53703,E0143,1/7/2026,1/6/2026\n");
    let referral = order(&text);
    assert_eq!(referral.need_by, Some(at("2026-01-08T06:00:00Z")), "the day ends with it");
    assert_eq!(referral.discharge, None);
    assert_eq!(table(&text).units[0].problems[0].code, "time-missing");
}

#[test]
fn one_bad_row_refuses_its_order_and_no_other() {
    let bad = ROW.replace(",1,Conc", ",many,Conc");
    let reading = table(&format!("{HEADER}{ROW}{bad}R2{}", &ROW[2..]));
    assert!(matches!(reading.units[0].found, Found::Refused));
    assert!(matches!(reading.units[1].found, Found::Order { .. }));
}

#[test]
fn an_id_that_a_whole_file_shares_is_no_referral() {
    assert_eq!(
        refusals(&format!("{HEADER}{}", ROW.repeat(502))),
        [pair("order-too-long", "row 502")]
    );
    assert_eq!(table(&format!("{HEADER}{}", ROW.repeat(502))).units.len(), 1);
}

#[test]
fn a_short_row_has_empty_cells() {
    let referral = order("last_name,first_name,hcpcs,dx,notes\nExample,Testa,E0143\n");
    assert_eq!((referral.lines.len(), referral.diagnoses.len(), referral.order_ref), (1, 0, None));
}

#[test]
fn other_delimiters_names_and_encodings_are_read() {
    let referral = order(
        "\u{FEFF}Patient Name;Date of Birth;Service;Service Line;DX Codes;Priority\r\n\"Example, Testa Q\";5-Jan-1950;Visits;Home Health;\"J44.9; I10\";STAT\r\n",
    );
    assert_eq!(referral.person.given.len(), 2);
    assert_eq!(referral.lines[0].hint, Some(ServiceLine::HomeHealth));
    assert_eq!((referral.diagnoses.len(), referral.urgency), (2, Urgency::Urgent));
    let latin = read(
        b"last_name\tfirst_name\thcpcs\r\nEx\xE4mple\tTesta\tE0143\r\n",
        at("2026-01-05T18:00:00Z"),
    );
    let Found::Order { referral, .. } = &latin.units[0].found else { panic!("no order") };
    assert_eq!(referral.person.family.as_ref().unwrap().reveal(), "Exämple");
}

#[test]
fn quotes_hold_delimiters_and_line_ends() {
    let referral = order(
        "last_name,first_name,hcpcs,notes\nExample,Testa,E0143,\"call first,\nthen \"\"knock\"\"\"\n",
    );
    let (place, said) = &referral.texts[0];
    assert_eq!((place.as_str(), said.reveal().as_str()), ("note", "call first,\nthen \"knock\""));
}

#[test]
fn a_table_of_something_else_is_unsupported_without_its_words() {
    let reading = table("Testa,Example,1950\nTesto,Example,1951\n");
    let Found::Unsupported { what } = &reading.units[0].found else {
        panic!("{:?}", reading.units)
    };
    assert!(what.starts_with("CSV without referral columns: ") && !what.contains("Test"), "{what}");
}

#[test]
fn unknown_and_repeated_columns_are_warned_of_once() {
    let reading = table(
        "last_name,first_name,hcpcs,shoe size,surname\nExample,Testa,E0143,9,Other\nExample,Testo,E0143,9,Other\n",
    );
    let warned: Vec<_> = reading
        .problems
        .iter()
        .map(|problem| (problem.code.as_str(), problem.at.as_str()))
        .collect();
    assert_eq!(warned, [("column-unknown", "row 1 column 4"), ("column-twice", "row 1 column 5")]);
    assert!(reading.units.iter().all(|unit| unit.problems.is_empty()), "{:?}", reading.units);
}

#[test]
fn nothing_personal_is_in_a_problem() {
    let row = ROW
        .replace("1/2/1950", "Testa")
        .replace("53703", "Testa")
        .replace("1234567893", "Testa")
        .replace("J44.9", "Testa");
    let reading = table(&format!("{HEADER}{row}"));
    assert!(reading.units[0].problems.len() >= 4);
    assert!(!format!("{:?}", reading.units[0].problems).contains("Testa"));
}

#[test]
fn the_signature_counts_only_when_its_column_says_so() {
    let unsigned = order(&format!("{HEADER}{ROW}"));
    assert!(!unsigned.facts.contains_key(&Item::named("order.signed-on")));
    let signed = order("last_name,first_name,hcpcs,signed_date\nExample,Testa,E0143,2026-01-04\n");
    assert!(signed.facts.contains_key(&Item::named("order.signed-on")));
}

fn report(text: &str, outcomes: &[Outcome]) -> String {
    let reading = table(text);
    let number = CaseNumber::new("2026-01-05".parse().unwrap(), 42);
    let outcomes: Vec<_> = outcomes
        .iter()
        .map(|outcome| UnitOutcome {
            outcome: *outcome,
            number: (*outcome == Outcome::Opened).then(|| number.clone()),
            problems: Vec::new(),
        })
        .collect();
    assert_eq!(reading.units.len(), outcomes.len());
    String::from_utf8(reply(&reading, &outcomes).bytes).unwrap()
}

#[test]
fn the_report_has_every_row_and_its_counts_add_up() {
    let bad = format!("R3{}", &ROW[2..]).replace("1/2/1950", "x");
    let text = format!(
        "{HEADER}{ROW}{}{bad}{}",
        ROW.replace("E1390", "E0431"),
        bad.replace(",x,", ",1/2/1950,")
    );
    let report = report(&text, &[Outcome::Opened, Outcome::Refused]);
    let number = CaseNumber::new("2026-01-05".parse().unwrap(), 42);
    let lines: Vec<&str> = report.lines().collect();
    assert_eq!(lines[0], "row,outcome,case,code,where,message");
    assert_eq!(lines[1], format!("2,opened,{number},,,"));
    assert_eq!(lines[2], format!("3,opened,{number},,,"));
    assert!(lines[3].starts_with("4,refused,,date-unreadable,row 4 column dob,"), "{}", lines[3]);
    assert!(lines[4].starts_with("5,refused,,"), "{}", lines[4]);
    assert_eq!(
        *lines.last().unwrap(),
        "total,,,,,rows=4 opened=2 linked=0 updated=0 queued=0 refused=2 unsupported=0"
    );
}

#[test]
fn the_documentation_lists_every_column() {
    let docs = include_str!("../../../../docs/csv-import.md");
    for column in COLUMNS {
        let row = docs.lines().find(|line| line.starts_with(&format!("| `{}` |", column.name)));
        let row = row.unwrap_or_else(|| panic!("{} is not documented", column.name));
        for synonym in column.synonyms {
            assert!(
                row.contains(&format!("`{synonym}`")),
                "{synonym} is not documented for {}",
                column.name
            );
        }
    }
    for item in ITEMS.iter().filter(|item| !matches!(item.kind(), ItemKind::Held)) {
        assert!(
            docs.contains(&format!("| `{}` |", item.name())),
            "{} is not documented",
            item.name()
        );
    }
}

#[test]
fn the_time_of_an_item_is_on_the_clock_of_the_zip_and_a_day_has_none() {
    let dose = |column: &str, value: &str| {
        let header = HEADER.replace("oxygen.spo2", column);
        let row = ROW.trim_end().strip_suffix("86").unwrap().to_owned() + value + "\n";
        let known = order(&format!("{header}{row}")).facts;
        known.get(&Item::named("infusion.next-dose-at")).map(|(fact, _)| fact.clone())
    };
    let now = "infusion.next-dose-at";
    assert_eq!(dose(now, "1/7/2026 6:00 PM"), Some(Fact::At(at("2026-01-08T00:00:00Z"))));
    assert_eq!(dose(now, "2026-01-07T18:00:00-05:00"), Some(Fact::At(at("2026-01-07T23:00:00Z"))));
    let day = Some(Fact::On("2026-01-07".parse().unwrap()));
    assert_eq!(
        (dose(now, "1/7/2026"), dose("infusion.next-dose-on", "2026-01-07")),
        (day.clone(), day)
    );
}

#[test]
fn no_name_means_two_columns() {
    let mut seen = std::collections::BTreeSet::new();
    for name in COLUMNS.iter().flat_map(|column| column.synonyms.iter().chain([&column.name])) {
        assert!(seen.insert(*name), "{name}");
        assert_eq!(column_key(name), *name);
    }
}

#[test]
fn the_documented_example_is_taken() {
    let docs = include_str!("../../../../docs/csv-import.md");
    let example = docs.split("```csv\n").nth(1).unwrap().split("```").next().unwrap();
    let reading = table(example);
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    for unit in &reading.units {
        assert!(matches!(unit.found, Found::Order { .. }) && unit.problems.is_empty(), "{unit:?}");
    }
}

#[test]
fn no_sample_table_is_taken_for_referrals() {
    let Ok(root) = std::env::var("DOORSTEP_SAMPLES") else {
        println!("skipped: DOORSTEP_SAMPLES is not set");
        return;
    };
    let mut n_files = 0;
    for file in std::fs::read_dir(format!("{root}/csv-intake")).unwrap() {
        let reading =
            read(&std::fs::read(file.unwrap().path()).unwrap(), at("2026-11-22T12:00:00Z"));
        assert!(matches!(reading.units[0].found, Found::Unsupported { .. }), "{:?}", reading.units);
        n_files += 1;
    }
    assert!(n_files > 0);
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let reading = read(&bytes, at("2026-01-05T18:00:00Z"));
        prop_assert!(!reading.units.is_empty());
    }

    #[test]
    fn every_row_is_counted_once(cells in proptest::collection::vec("[a-zA-Z0-9/=+@ ;\"'é-]{0,12}", 0..60)) {
        let rows: Vec<String> = cells.chunks(6).map(|row| format!("x{}\n", row.join(",").replace('"', ""))).collect();
        let rows = rows.concat();
        let n_rows = cells.chunks(6).count();
        let reading = table(&format!("referral_id,last_name,dob,hcpcs,qty,notes\n{rows}"));
        let counted: usize = reading.units.iter().map(|unit| rows_of(&unit.place).len()).sum();
        prop_assert_eq!(counted, n_rows);
    }
}

#[test]
fn rows_past_the_limit_are_refused_and_counted() {
    let rows = "Example,E0260\n".repeat(200_003);
    let reading = table(&format!("last_name,hcpcs\n{rows}"));
    let beyond = reading.units.last().unwrap();
    assert!(matches!(beyond.found, Found::Refused));
    assert_eq!(beyond.place, "rows 200002 to 200004 (3 rows)");
    let n: usize = reading.units.iter().map(|unit| super::n_rows(&unit.place)).sum();
    assert_eq!(n, 200_003);
}
