//! What each kind of order is asked for, and what its gates let through, as the built-in packs say it. Source: facts 1.3
//! to 1.6.

mod support;

use doorstep_case::{Family, LineRequest, Referral};
use doorstep_packs::Packs;
use doorstep_vocab::{PayerId, Procedure};

/// One line as ordered: a payer, a code or else a family, and how many.
#[derive(Clone, Copy)]
struct Ordered {
    payer: &'static str,
    item: &'static str,
    quantity: u32,
}

fn under_medicare(item: &'static str) -> Ordered {
    Ordered { payer: "evergreen-ma", item, quantity: 1 }
}

/// Returns how each item that falls short does.
fn lacks(ordered: Ordered, facts: &[(&str, &str)]) -> Vec<(&'static str, &'static str)> {
    let code = Procedure::parse(ordered.item).ok();
    let family = code.is_none().then(|| Family(ordered.item.to_owned()));
    let quantity = Some(ordered.quantity);
    let line = LineRequest { code, family, quantity, ..LineRequest::default() };
    let referral = Referral { lines: vec![line], ..Referral::default() };
    support::lacks(ordered.payer, referral, facts)
}

fn lack(item: &str, (ordered, facts): (Ordered, &[(&str, &str)])) -> Option<&'static str> {
    lacks(ordered, facts).iter().find(|(name, _)| *name == item).map(|(_, lack)| *lack)
}

const ABSENT: Option<&str> = Some("absent");
const NOT: Option<&str> = Some("not-qualified");

fn said(item: &str, code: &'static str, facts: &[(&str, &str)]) -> Option<&'static str> {
    lack(item, (under_medicare(code), facts))
}

/// Source: facts 13: 89 and a hematocrit of 57 is group II, tested again from day 61 to day 90.
#[test]
fn oxygen_of_groups_two_and_three_is_tested_again() {
    let retest = |facts: &[(&str, &str)]| said("oxygen.retest-on", "E1390", facts);
    assert_eq!(retest(&[("oxygen.spo2", "88")]), None);
    assert_eq!(retest(&[("oxygen.spo2", "89")]), None, "it does not qualify at all");
    assert_eq!(retest(&[("oxygen.spo2", "89"), ("oxygen.hematocrit", "57")]), ABSENT);
    assert_eq!(retest(&[("oxygen.spo2", "93"), ("oxygen.improves-condition", "yes")]), ABSENT);
    let again =
        [("oxygen.spo2", "89"), ("oxygen.edema", "yes"), ("oxygen.retest-on", "2026-06-01")];
    assert_eq!(retest(&again), None);
}

/// Source: facts 13: 21 of 30 nights of at least 4 hours is 70 %.
#[test]
fn seventy_percent_of_thirty_nights_are_twenty_one() {
    let nights = |n| said("pap.adherent-nights", "E0601", &[("pap.adherent-nights", n)]);
    assert_eq!((nights("21"), nights("20")), (None, NOT));
    assert_eq!(said("pap.adherent-nights", "E0601", &[]), None, "the trial comes later");
}

#[test]
fn a_bed_is_asked_for_what_its_code_needs() {
    assert_eq!(said("bed.frequent-changes", "E0260", &[]), ABSENT);
    assert_eq!(said("bed.frequent-changes", "E0260", &[("bed.frequent-changes", "no")]), NOT);
    assert_eq!(said("bed.frequent-changes", "E0250", &[]), None);
    assert_eq!(said("bed.transfer-need", "E0255", &[]), ABSENT);
    assert_eq!(said("order.service", "E0265", &[("order.service", "x")]), NOT);
    assert_eq!(said("order.service", "E0260", &[("order.service", "x")]), None);
    assert_eq!(said("order.service", "hospital-bed", &[("order.service", "x")]), None);
    assert_eq!(said("member.weight", "E0297", &[("member.weight", "351")]), NOT);
}

#[test]
fn a_surface_of_the_second_group_needs_a_finding() {
    let finding = |found| said("bed.ulcer-finding", "E0277", &[("bed.ulcer-finding", found)]);
    assert_eq!((finding("none"), finding("flap-or-graft")), (NOT, None));
    assert_eq!(said("bed.ulcer-finding", "E0181", &[]), None);
    assert_eq!(said("bed.surface-need", "E0181", &[]), ABSENT);
}

#[test]
fn a_power_chair_comes_after_a_manual_one_and_with_its_evaluation() {
    assert_eq!(said("wheelchair.manual-insufficient", "K0823", &[]), ABSENT);
    for (code, scooter, specialty) in [
        ("K0800", ABSENT, None),
        ("K0823", None, None),
        ("K0835", None, ABSENT),
        ("K0861", None, ABSENT),
    ] {
        assert_eq!(said("wheelchair.scooter-able", code, &[]), scooter, "{code}");
        assert_eq!(said("wheelchair.specialty-evaluation", code, &[]), specialty, "{code}");
        assert_eq!(said("wheelchair.atp", code, &[]), specialty, "{code}");
    }
    assert_eq!(said("wheelchair.operates", "E1223", &[]), ABSENT, "a manual chair");
    assert_eq!(said("wheelchair.scooter-able", "E1230", &[]), ABSENT, "a scooter");
}

#[test]
fn no_more_is_ordered_than_is_covered_at_one_time() {
    for (code, most, wounds) in [
        ("A6196", 31, "1"),
        ("A6196", 62, "2"),
        ("A6210", 14, "1"),
        ("A6402", 93, "1"),
        ("B4035", 31, "2"),
        ("B4087", 1, "1"),
        ("A6550", 15, "1"),
        ("A7000", 10, "2"),
    ] {
        let quantity = |quantity| {
            let ordered = Ordered { quantity, ..under_medicare(code) };
            lack("order.quantity", (ordered, &[("wound.count", wounds), ("order.quantity", "x")]))
        };
        assert_eq!((quantity(most), quantity(most + 1)), (None, NOT), "{code}");
    }
}

#[test]
fn a_pump_is_measured_weekly_and_covered_for_four_months() {
    let measured = |on| said("npwt.measured-on", "E2402", &[("npwt.measured-on", on)]);
    assert_eq!((measured("2026-06-08"), measured("2026-06-07")), (None, Some("stale")));
    let months = |n| said("order.length-of-need", "E2402", &[("order.length-of-need", n)]);
    assert_eq!((months("4"), months("5")), (None, NOT));
}

#[test]
fn tube_feeding_says_how_long_and_why_by_a_pump() {
    let no = [("enteral.long-impairment", "no")];
    assert_eq!(said("enteral.long-impairment", "B4150", &no), NOT);
    assert_eq!(said("enteral.pump-reason", "B4035", &[]), ABSENT);
    assert_eq!(said("enteral.pump-reason", "B4036", &[]), None);
    assert_eq!(said("enteral.special-reason", "B4154", &[]), ABSENT);
    assert_eq!(said("enteral.special-reason", "B4150", &[]), None);
}

#[test]
fn an_infusion_ends_by_a_date_or_a_number_of_doses() {
    assert_eq!(said("infusion.stop-on", "S9500", &[]), ABSENT);
    assert_eq!(said("infusion.stop-on", "S9500", &[("infusion.doses", "14")]), None);
    assert_eq!(said("infusion.stop-on", "S9500", &[("infusion.stop-on", "2026-07-01")]), None);
}

#[test]
fn the_tip_of_a_central_line_is_confirmed() {
    let tip = |device, tip: &[(&str, &str)]| {
        let facts = [&[("infusion.access-device", device)], tip].concat();
        said("infusion.tip-confirmed", "S9500", &facts)
    };
    assert_eq!(tip("picc", &[]), ABSENT);
    assert_eq!(tip("picc", &[("infusion.tip-confirmed", "no")]), NOT);
    assert_eq!(tip("picc", &[("infusion.tip-confirmed", "yes")]), None);
    assert_eq!(tip("midline", &[]), None);
}

#[test]
fn each_facility_has_its_gate() {
    assert_eq!(said("facility.daily-skilled-need", "snf", &[]), ABSENT);
    let therapy = |therapies, hours| {
        let facts = [("facility.therapies", therapies), ("facility.therapy-hours", hours)];
        said("facility.therapies", "irf", &facts)
    };
    assert_eq!((therapy("2", "3"), therapy("1", "3"), therapy("2", "2.5")), (None, NOT, NOT));
    // Care begins on 2026-06-15 in the hub's zone, whose first hour is 04:00 of UTC.
    let screened = |at| {
        let facts = [("facility.screened-at", at), ("order.dates-of-service", "2026-06-15")];
        said("facility.screened-at", "irf", &facts)
    };
    assert_eq!(screened("2026-06-13T04:00:00Z"), None, "48 hours before");
    assert_eq!(screened("2026-06-13T03:59:00Z"), NOT, "a minute more");
    assert_eq!((screened("2026-06-13"), screened("2026-06-11")), (None, NOT));
    assert_eq!(screened("2026-06-12"), ABSENT, "its last hour is within reach: which was it?");
    let long = |days, hours| {
        let facts = [("facility.icu-days", days), ("facility.ventilator-hours", hours)];
        said("facility.icu-days", "ltach", &facts)
    };
    assert_eq!((long("3", "0"), long("0", "97"), long("2", "96")), (None, None, NOT));
    let pasrr = |payer| {
        let ordered = Ordered { payer, ..under_medicare("snf") };
        lack("facility.pasrr", (ordered, &[]))
    };
    assert_eq!((pasrr("lakeshore-medicaid"), pasrr("evergreen-ma")), (ABSENT, None));
}

#[test]
fn the_next_dose_has_its_hour() {
    let dose = |at| said("infusion.next-dose-at", "S9500", &[("infusion.next-dose-at", at)]);
    assert_eq!(dose("2026-06-16T18:00:00-04:00"), None);
    assert_eq!(dose("2026-06-16"), ABSENT);
    assert_eq!(said("infusion.next-dose-at", "S9500", &[]), ABSENT);
}

#[test]
fn the_units_of_formula_fit_the_calories_a_day() {
    let fits = |quantity, kcal| {
        let ordered = Ordered { quantity, ..under_medicare("B4150") };
        lack("enteral.kcal-per-day", (ordered, &[("enteral.kcal-per-day", kcal)]))
    };
    // 1,500 kcal a day are 15 units a day and 465 in a month of 31 days.
    assert_eq!((fits(465, "1500"), fits(466, "1500")), (None, NOT));
    assert_eq!((fits(15, "1500"), fits(14, "1500")), (None, NOT));
    assert_eq!(fits(450, "150"), NOT, "a zero was lost");
}

#[test]
fn what_is_ordered_tells_the_setting_and_the_discipline() {
    assert_eq!(said("facility.setting", "snf", &[]), None);
    assert_eq!(said("home-health.disciplines", "G0299", &[]), None);
}

#[test]
fn a_payer_waives_one_requirement_and_adds_another() {
    let stay = |payer| {
        let ordered = Ordered { payer, ..under_medicare("snf") };
        lack("facility.inpatient-days", (ordered, &[("facility.inpatient-days", "1")]))
    };
    assert_eq!((stay("evergreen-ma"), stay("default")), (None, NOT));
    let packs = Packs::builtin();
    let blocks = |payer: &str| {
        let on = "2026-06-15".parse().expect("the test's own data is sound");
        let terms = packs.terms_for(&PayerId(payer.to_owned()), on);
        let rows = &terms.lines[&doorstep_case::ServiceLine::Dme].requirements;
        rows.iter().any(|r| r.item.name() == "order.length-of-need" && r.blocks.authorization)
    };
    assert!(blocks("summit-commercial") && !blocks("evergreen-ma"));
}
