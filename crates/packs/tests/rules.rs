//! The published limits, as the built-in packs give them to the rules. Source: facts 13.

mod support;

use doorstep_case::{Discharge, LineRequest, Referral};
use doorstep_vocab::{Procedure, Timestamp};

/// Returns how each item that falls short does, for one line of that code under Medicare Advantage.
fn lacks(
    code: &str,
    facts: &[(&str, &str)],
    discharge: Option<&str>,
) -> Vec<(&'static str, &'static str)> {
    let code = Some(Procedure::parse(code).expect("the test's own data is sound"));
    let discharge = discharge.map(|at| Discharge {
        at: Timestamp::parse(at).expect("the test's own data is sound"),
        bedside: false,
    });
    let lines = vec![LineRequest { code, ..LineRequest::default() }];
    let referral = Referral { discharge, lines, ..Referral::default() };
    support::lacks("evergreen-ma", referral, facts)
}

fn lack(item: &str, lacks: &[(&'static str, &'static str)]) -> Option<&'static str> {
    lacks.iter().find(|(name, _)| *name == item).map(|(_, lack)| *lack)
}

fn oxygen(facts: &[(&str, &str)]) -> Option<&'static str> {
    let mut all = vec![("oxygen.condition", "rest")];
    all.extend(facts);
    lack("oxygen.spo2", &lacks("E1390", &all, None))
}

#[test]
fn oxygen_qualifies_by_the_published_limits() {
    let not = Some("not-qualified");
    for (facts, expected) in [
        (&[("oxygen.spo2", "88")][..], None),
        (&[("oxygen.spo2", "88.5")], not),
        (&[("oxygen.spo2", "89")], not),
        (&[("oxygen.spo2", "89"), ("oxygen.hematocrit", "57")], None),
        (&[("oxygen.spo2", "89"), ("oxygen.hematocrit", "56")], not),
        (&[("oxygen.spo2", "89"), ("oxygen.edema", "yes")], None),
        (&[("oxygen.spo2", "90"), ("oxygen.hematocrit", "57")], not),
        (&[("oxygen.pao2", "55")], None),
        (&[("oxygen.pao2", "56")], not),
        (&[("oxygen.pao2", "59"), ("oxygen.cor-pulmonale", "yes")], None),
        (&[("oxygen.pao2", "60"), ("oxygen.cor-pulmonale", "yes")], not),
        (&[("oxygen.pao2", "60"), ("oxygen.spo2", "88")], not),
        (&[], Some("absent")),
    ] {
        assert_eq!(oxygen(facts), expected, "{facts:?}");
    }
}

/// Source: facts 1.3: in exercise portable only, with three readings; in sleep at night only; group III.
#[test]
fn where_oxygen_was_tested_decides_which_equipment_qualifies() {
    let found =
        |code: &str, facts: &[(&str, &str)], item: &str| lack(item, &lacks(code, facts, None));
    let not = Some("not-qualified");
    let exercise = [("oxygen.condition", "exercise"), ("oxygen.spo2", "84")];
    assert_eq!(found("E0431", &exercise, "oxygen.rest-spo2"), Some("absent"));
    let three =
        [&exercise[..], &[("oxygen.rest-spo2", "93"), ("oxygen.exercise-oxygen-spo2", "91")]];
    let three = three.concat();
    assert_eq!(found("E0431", &three, "oxygen.condition"), None);
    assert_eq!(found("E0431", &three, "oxygen.spo2"), None);
    assert_eq!(found("E1390", &three, "oxygen.condition"), not);
    let no_help =
        [&exercise[..], &[("oxygen.rest-spo2", "93"), ("oxygen.exercise-oxygen-spo2", "84")]];
    assert_eq!(found("E0431", &no_help.concat(), "oxygen.spo2"), not);

    let sleep = [("oxygen.condition", "sleep"), ("oxygen.spo2", "86")];
    assert_eq!(found("E1390", &sleep, "oxygen.condition"), None);
    assert_eq!(found("E0431", &sleep, "oxygen.condition"), not);
    let drop = |awake| {
        let facts = [
            ("oxygen.condition", "sleep"),
            ("oxygen.spo2", "89"),
            ("oxygen.rest-spo2", awake),
            ("oxygen.sleep-symptoms", "yes"),
        ];
        found("E1390", &facts, "oxygen.spo2")
    };
    assert_eq!(drop("95"), None);
    assert_eq!(drop("94"), not, "a fall of more than 5 %");
    let pressure_drop = |awake| {
        let facts = [
            ("oxygen.condition", "sleep"),
            ("oxygen.pao2", "62"),
            ("oxygen.rest-pao2", awake),
            ("oxygen.sleep-symptoms", "yes"),
        ];
        found("E1390", &facts, "oxygen.spo2")
    };
    assert_eq!(pressure_drop("73"), None);
    assert_eq!(pressure_drop("72"), not, "a fall of more than 10 mmHg");
    assert_eq!(oxygen(&[("oxygen.spo2", "94"), ("oxygen.improves-condition", "yes")]), None);
}

#[test]
fn a_hospital_test_is_taken_within_two_days_of_the_discharge() {
    let test = |on: &str| {
        let facts = [("oxygen.test-on", on)];
        lack("oxygen.test-on", &lacks("E1390", &facts, Some("2026-06-17T15:00:00Z")))
    };
    assert_eq!(test("2026-06-15"), None);
    assert_eq!(test("2026-06-14"), Some("not-qualified"));
}

#[test]
fn pap_qualifies_by_the_published_limits() {
    let not = Some("not-qualified");
    for (ahi, events, symptom, expected) in [
        ("15", "30", None, None),
        ("15", "29", None, None),
        ("14", "40", Some("no"), not),
        ("14", "40", None, None),
        ("14", "40", Some("yes"), None),
        ("5", "10", Some("yes"), None),
        ("5", "9", Some("yes"), not),
        ("4.9", "40", Some("yes"), not),
    ] {
        let mut facts = vec![("pap.ahi", ahi), ("pap.events", events)];
        facts.extend(symptom.map(|symptom| ("pap.symptom", symptom)));
        assert_eq!(
            lack("pap.ahi", &lacks("E0601", &facts, None)),
            expected,
            "{ahi} {events} {symptom:?}"
        );
    }
}

#[test]
fn a_mild_index_is_asked_about_its_symptom_and_nothing_that_was_sent() {
    let mild = [("pap.ahi", "14"), ("pap.events", "40")];
    let found = lacks("E0601", &mild, None);
    assert_eq!((lack("pap.symptom", &found), lack("pap.ahi", &found)), (Some("absent"), None));
    let found = lacks("E0601", &[("pap.ahi", "20")], None);
    assert_eq!((lack("pap.events", &found), lack("pap.ahi", &found)), (Some("absent"), None));
}

#[test]
fn the_clinician_sees_the_member_before_the_sleep_test() {
    let seen = |on: &str| {
        let facts = [("pap.evaluation-on", on), ("pap.test-on", "2026-05-20")];
        lack("pap.evaluation-on", &lacks("E0601", &facts, None))
    };
    assert_eq!(seen("2026-05-20"), None);
    assert_eq!(seen("2026-05-21"), Some("not-qualified"));
}

#[test]
fn only_a_chronic_wound_needs_a_program_before_the_pump() {
    let program = |kind: &str, said: Option<&str>| {
        let mut facts = vec![("wound.type", kind)];
        facts.extend(said.map(|said| ("npwt.prior-program", said)));
        lack("npwt.prior-program", &lacks("E2402", &facts, None))
    };
    assert_eq!(program("surgical", None), None);
    assert_eq!(program("pressure", None), Some("absent"));
    assert_eq!(program("pressure", Some("no")), Some("not-qualified"));
    assert_eq!(program("venous", Some("yes")), None);
}

#[test]
fn a_no_is_no_answer_where_a_yes_is_needed() {
    let not = Some("not-qualified");
    for (code, item, said, expected) in [
        ("G0299", "home-health.homebound", "no", not),
        ("E0260", "bed.positioning-need", "no", not),
        ("K0001", "wheelchair.mobility-limit", "no", not),
        ("K0001", "wheelchair.home-accessible", "no", not),
        ("K0001", "wheelchair.operates", "no", not),
        ("K0001", "wheelchair.operates", "yes", None),
        ("A6210", "wound.type", "pressure", not),
        ("A6210", "wound.type", "debrided", None),
        ("E2402", "wound.type", "pressure", None),
    ] {
        assert_eq!(lack(item, &lacks(code, &[(item, said)], None)), expected, "{item} {said}");
    }
}

/// Source: facts 1.2: the list names codes, not families.
#[test]
fn the_signed_order_and_the_encounter_are_asked_for_the_codes_of_the_list() {
    let asks = |code: &str| lack("order.face-to-face-on", &lacks(code, &[], None)).is_some();
    for code in ["E1390", "E0431", "K0823", "L0650", "E0748"] {
        assert!(asks(code), "{code}");
    }
    for code in ["E1392", "E0443", "L0631", "K0001", "E0260"] {
        assert!(!asks(code), "{code}");
    }
}

#[test]
fn supplies_are_ordered_with_their_number_and_equipment_need_not_be() {
    let asks = |code: &str| lack("order.quantity", &lacks(code, &[], None)).is_some();
    for code in ["A6210", "B4035", "A7030", "A4253", "A4351"] {
        assert!(asks(code), "{code}");
    }
    for code in ["E1390", "E0601", "B9002", "E2402", "E0784"] {
        assert!(!asks(code), "{code}");
    }
}

#[test]
fn the_chair_and_the_bed_fit_the_weight() {
    let chair =
        |code: &str, lb: &str| lack("member.weight", &lacks(code, &[("member.weight", lb)], None));
    assert_eq!(chair("K0001", "250"), None);
    assert_eq!(chair("K0001", "251"), Some("not-qualified"));
    assert_eq!(chair("K0006", "250"), Some("not-qualified"));
    assert_eq!(chair("K0006", "251"), None);
    assert_eq!(chair("K0007", "301"), None);
    let bed =
        |code: &str, lb: &str| lack("member.weight", &lacks(code, &[("member.weight", lb)], None));
    assert_eq!(bed("E0260", "350"), None);
    assert_eq!(bed("E0260", "351"), Some("not-qualified"));
    assert_eq!(bed("E0303", "351"), None);
    assert_eq!(bed("E0304", "601"), None);
}

#[test]
fn the_encounter_falls_into_its_window() {
    let order = |met: &str| {
        let facts = [("order.ordered-on", "2026-06-14"), ("order.face-to-face-on", met)];
        lack("order.face-to-face-on", &lacks("E1390", &facts, None))
    };
    assert_eq!(order("2026-06-14"), None);
    assert_eq!(order("2025-12-14"), None);
    assert_eq!(order("2025-12-13"), Some("not-qualified"));
    assert_eq!(order("2026-06-15"), Some("not-qualified"));
    let start = |met: &str| {
        let facts = [("home-health.start-on", "2026-05-10"), ("home-health.face-to-face-on", met)];
        lack("home-health.face-to-face-on", &lacks("G0299", &facts, None))
    };
    assert_eq!(start("2026-02-09"), None);
    assert_eq!(start("2026-02-08"), Some("not-qualified"));
    assert_eq!(start("2026-06-09"), None);
    assert_eq!(start("2026-06-10"), Some("not-qualified"));
}
