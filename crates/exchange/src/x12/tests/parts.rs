//! Small parts: frequencies, quantities, oxygen that does not add up, identifiers.

use super::*;
use crate::x12::frequency::{total, words};
use doorstep_case::{Milli, Unit};
use doorstep_x12::seg::Hsd;

fn hsd(parts: [&str; 6]) -> Hsd {
    let [quantity_qualifier, quantity, per, modulus, period_unit, period] =
        parts.map(str::to_owned);
    Hsd { quantity_qualifier, quantity, per, modulus, period_unit, period, ..Hsd::default() }
}

#[test]
fn a_frequency_is_a_number_only_when_that_is_certain() {
    for (parts, expected) in [
        (["VS", "1", "", "", "", ""], Some((1, Unit::Visit))),
        (["DY", "7", "", "", "", ""], Some((7, Unit::Day))),
        (["VS", "3", "WK", "", "35", "8"], Some((24, Unit::Visit))),
        (["VS", "1", "WK", "2", "35", "8"], Some((4, Unit::Visit))),
        (["VS", "2", "DA", "", "35", "1"], Some((14, Unit::Visit))),
        (["HS", "4", "WK", "", "7", "21"], Some((12, Unit::Hour))),
        (["FL", "10", "MO", "", "21", "1"], Some((120, Unit::Each))),
        // A month is not a number of weeks.
        (["VS", "3", "WK", "", "34", "2"], None),
        (["VS", "3", "WK", "", "7", "20"], None),
        (["VS", "3", "WK", "", "", ""], None),
        (["VS", "3", "", "", "35", "2"], None),
        (["VS", "3", "WK", "", "35", ""], None),
        (["VS", "1.5", "", "", "", ""], None),
        (["ZZ", "3", "", "", "", ""], None),
        (["VS", "4294967295", "DA", "", "35", "999"], None),
        (["VS", "1", "DA", "", "21", "999999999"], None),
    ] {
        assert_eq!(total(&hsd(parts)), expected, "{parts:?}");
    }
}

#[test]
fn a_frequency_that_is_no_number_is_still_said() {
    assert_eq!(words(&hsd(["VS", "3", "WK", "", "34", "2"])), "3 visits a week for 2 months");
    assert_eq!(
        words(&hsd(["VS", "1", "WK", "2", "35", "8"])),
        "1 visits every 2 weeks for 8 weeks"
    );
    assert_eq!(words(&hsd(["DY", "7", "", "", "", ""])), "7 days");
}

#[test]
fn an_event_frequency_is_not_spread_over_several_lines() {
    let (referral, _) = order(
        "UM*HS*I*42*12:B\nHI*ABK:I10\nHSD*VS*2*WK**35*4\nHL*5*4*SS*0\nSV1*HC:G0151\nHL*6*4*SS*0\n\
         SV1*HC:G0152\nHSD*VS*1*WK**35*4",
    );
    let quantities: Vec<_> = referral.lines.iter().map(|line| line.quantity).collect();
    assert_eq!(quantities, [None, Some(4)]);
}

#[test]
fn minutes_are_not_converted() {
    let (referral, problems) =
        order("UM*HS*I*42*12:B\nHI*ABK:I10\nHL*5*4*SS*0\nSV1*HC:G0151**MJ*60");
    assert_eq!(referral.lines[0].quantity, None);
    assert_eq!(codes(&problems), ["quantity-unit"]);
    assert_eq!(problems[0].at, "ISA 1 GS 1 ST 0001 segment 20 SV1-04");
    assert_eq!(text(&referral, "service 1 SV1 quantity"), Some("60 MJ"));
}

#[test]
fn days_of_a_revenue_code_alone_are_a_line() {
    let (referral, _) = order("UM*AR*I*AG*21:A\nHI*ABK:I10\nHL*5*4*SS*0\nSV2*0191***DA*5");
    let line = &referral.lines[0];
    assert_eq!(line.code.as_ref().unwrap().as_str(), "0191");
    assert_eq!((line.quantity, line.unit), (Some(5), Unit::Day));
}

#[test]
fn hours_of_oxygen_multiply_and_stay_within_a_day() {
    for (times, hours, expected) in [
        ("2", "6", Some("12")),
        ("", "16", Some("16")),
        ("1", "7.5", Some("7.5")),
        ("3", "20", None),
    ] {
        let event = format!("UM*HS*I*12*12:B\nHI*ABK:J449\nCR5*I*12*A***2*{times}*{hours}");
        let (referral, problems) = order(&event);
        let expected = expected.map(|text| Fact::Number(Milli::parse(text).unwrap()));
        assert_eq!(fact(&referral, "oxygen.hours-per-day"), expected, "{times} by {hours}");
        assert_eq!(codes(&problems).contains(&"oxygen-hours"), expected.is_none());
    }
}

#[test]
fn a_test_on_oxygen_is_not_taken_for_one_at_rest() {
    let (referral, problems) = order("UM*HS*I*12*12:B\nHI*ABK:J449\nCR5*I*12*A***2*****95*O");
    assert_eq!(fact(&referral, "oxygen.condition"), None);
    assert_eq!(codes(&problems), ["oxygen-condition"]);
}

#[test]
fn conditions_say_yes_and_no() {
    let (referral, _) =
        order("UM*HS*I*12*12:B\nHI*ABK:G35\nCRC*09*Y*15*12\nCRC*09*N*19\nCRC*75*Y*15");
    assert_eq!(fact(&referral, "bed.positioning-need"), Some(Fact::Flag(true)));
    assert_eq!(fact(&referral, "wheelchair.operates"), Some(Fact::Flag(false)));
    assert_eq!(text(&referral, "CRC-75"), Some("Y 15"));
}

#[test]
fn an_employer_number_and_a_taxonomy_have_their_forms() {
    let with = |id: &str, specialty: &str| {
        let people = PEOPLE.replace("XX*1234567893", &format!("{id}\nPRV*RF*PXC*{specialty}"));
        let body = format!("{people}HL*4*3*EV*0\nUM*HS*I*42\nHI*ABK:J449");
        let reading = read_text(&file(1, &[set("0001", &body)]));
        let problems = reading.units[0].problems.clone();
        codes(&problems).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let organisation = |id: &str| with(id, "251E00000X");
    assert!(!organisation("24*123456789").contains(&"ein-format".to_owned()));
    assert!(organisation("24*000000000").contains(&"ein-format".to_owned()));
    assert!(with("XX*1234567893", "NURSE").contains(&"taxonomy-format".to_owned()));
    assert!(!organisation("XX*1234567893").contains(&"taxonomy-format".to_owned()));
}

#[test]
fn a_social_security_number_is_no_identifier() {
    let people = PEOPLE.replace("XX*1234567893", "34*999999999").replace("MI*SYN0", "34*9990");
    let body = format!(
        "{people}HL*4*3*EV*0\nUM*HS*I*12*12:B\nHI*ABK:J449\nNM1*SJ*1*SERVER*SAM****34*999999999"
    );
    let reading = read_text(&file(1, &[set("0001", &body)]));
    let Found::Order { referral, .. } = &reading.units[0].found else { panic!() };
    assert_eq!(referral.coverage[0].member_id, None);
    assert_eq!(referral.referrer.as_ref().unwrap().identifier, None);
    assert!(referral.texts.iter().all(|(_, said)| !said.reveal().contains("999")));
    assert!(codes(&reading.units[0].problems).contains(&"member-id-qualifier"));
    assert!(codes(&reading.units[0].problems).contains(&"npi-missing"));
}

#[test]
fn every_item_that_is_written_exists() {
    for source in [
        include_str!("../dates.rs"),
        include_str!("../lines.rs"),
        include_str!("../oxygen.rs"),
        include_str!("../clinical.rs"),
        include_str!("../order.rs"),
    ] {
        for call in ["fact(\"", "number(\"", "named(\""] {
            for at in source.split(call).skip(1) {
                let name = at.split('"').next().unwrap();
                assert!(Item::parse(name).is_some(), "{name}");
            }
        }
    }
}
