//! What the terms of a payer are on a day, and who the payers are.

use doorstep_case::{About, AuthRuleAnswer, ClockRule, Family, ServiceLine, Terms, Urgency, rules};
use doorstep_packs::Packs;
use doorstep_vocab::{Date, PayerId, Procedure, Span};
use std::sync::Arc;

fn day(text: &str) -> Date {
    text.parse().expect("the test's own data is sound")
}

fn terms(packs: &Packs, payer: &str, on: &str) -> Arc<Terms> {
    packs.terms_for(&PayerId(payer.to_owned()), day(on))
}

fn clock<'a>(terms: &'a Terms, name: &str) -> &'a ClockRule {
    terms
        .clocks
        .iter()
        .find(|clock| clock.name == name && clock.families.is_empty())
        .unwrap_or_else(|| panic!("no clock {name}"))
}

#[test]
fn the_row_in_force_on_the_day_is_taken() {
    let packs = Packs::builtin();
    for (payer, on, span) in [
        ("evergreen-ma", "2025-12-31", Span::calendar_days(14)),
        ("evergreen-ma", "2026-01-01", Span::calendar_days(7)),
        ("lakeshore-medicaid", "2026-07-01", Span::calendar_days(7)),
        ("summit-commercial", "2026-07-01", Span::calendar_days(15)),
    ] {
        assert_eq!(
            clock(&terms(&packs, payer, on), "auth-standard").within,
            span,
            "{payer} on {on}"
        );
    }
    for (payer, on, days) in [
        ("evergreen-ma", "2024-12-31", 60),
        ("evergreen-ma", "2025-01-01", 65),
        ("lakeshore-medicaid", "2026-07-01", 60),
        ("summit-commercial", "2026-07-01", 180),
    ] {
        assert_eq!(
            clock(&terms(&packs, payer, on), "appeal-by").within,
            Span::calendar_days(days),
            "{payer} on {on}"
        );
    }
}

#[test]
fn a_version_names_the_pack_and_its_first_day() {
    let packs = Packs::builtin();
    let terms = terms(&packs, "evergreen-ma", "2026-07-01");
    assert_eq!(clock(&terms, "auth-standard").version, "business/medicare-advantage 2026-01-01");
    assert_eq!(clock(&terms, "acknowledge").version, "hub 2020-01-01");
    let auth = terms
        .authorization(ServiceLine::Dme, &Family("oxygen".to_owned()), Some("E1390"))
        .expect("the test's own data is sound");
    assert_eq!(
        (auth.answer, auth.version.as_str()),
        (AuthRuleAnswer::Required, "payers/evergreen-ma 2020-01-01")
    );
}

#[test]
fn a_code_comes_onto_a_payers_list_on_its_day() {
    let packs = Packs::builtin();
    let answer = |on: &str| {
        let terms = terms(&packs, "evergreen-ma", on);
        terms
            .authorization(ServiceLine::Dme, &Family("compression".to_owned()), Some("E0651"))
            .expect("the test's own data is sound")
            .answer
    };
    assert_eq!(answer("2026-04-12"), AuthRuleAnswer::NotRequired);
    assert_eq!(answer("2026-04-13"), AuthRuleAnswer::Required);
}

/// Source: facts 1.2, the required prior authorization list.
#[test]
fn medicares_list_is_followed_code_by_code_from_day_to_day() {
    let packs = Packs::builtin();
    for (code, on, is_listed) in [
        ("L0648", "2024-08-11", true),
        ("L0631", "2024-08-11", false),
        ("L0631", "2024-08-12", true),
        ("L1833", "2024-08-11", true),
        ("L1833", "2024-08-12", false),
        ("E0748", "2024-08-27", true),
        ("E0748", "2024-08-28", false),
        ("L1852", "2026-04-12", false),
        ("L1852", "2026-04-13", true),
        ("E0652", "2026-04-13", true),
        ("E0277", "2023-01-01", true),
        ("K0823", "2023-01-01", true),
        ("L5856", "2023-01-01", true),
    ] {
        let terms = terms(&packs, "evergreen-ma", on);
        let code = Procedure::parse(code).unwrap();
        let (service, family) = terms.classify(&code).unwrap();
        let rule = terms.authorization(service, &family.name, Some(code.as_str())).unwrap();
        let follows = rule.source.contains("Required Prior Authorization List");
        assert_eq!(follows, is_listed, "{} on {on}: {}", code.as_str(), rule.source);
    }
}

#[test]
fn oxygen_needs_the_signed_order_before_delivery_since_the_list_names_it() {
    let packs = Packs::builtin();
    let stops_delivery = |payer: &str, on: &str| {
        let terms = terms(&packs, payer, on);
        terms.lines[&ServiceLine::Dme].requirements.iter().any(|requirement| {
            requirement.item.name() == "order.signed-on"
                && requirement.blocks.delivery
                && requirement.families.contains(&Family("oxygen".to_owned()))
        })
    };
    assert!(!stops_delivery("evergreen-ma", "2026-04-12"));
    assert!(stops_delivery("evergreen-ma", "2026-04-13"));
    assert!(!stops_delivery("summit-commercial", "2026-04-13"), "a rule of Medicare's");
}

#[test]
fn homebound_is_not_asked_of_medicaid() {
    let packs = Packs::builtin();
    let asks = |payer: &str| {
        let terms = terms(&packs, payer, "2026-07-01");
        let mut requirements = terms.lines[&ServiceLine::HomeHealth].requirements.iter();
        requirements.any(|requirement| requirement.item.name() == "home-health.homebound")
    };
    assert!(asks("evergreen-ma"));
    assert!(!asks("lakeshore-medicaid"));
}

#[test]
fn a_payers_clock_takes_the_place_of_the_hubs() {
    let packs = Packs::builtin();
    let (hub, own) = (
        terms(&packs, "summit-commercial", "2026-07-01"),
        terms(&packs, "lakeshore-medicaid", "2026-07-01"),
    );
    assert_eq!(clock(&hub, "acknowledge").within, Span::business_days(1));
    assert_eq!(clock(&own, "acknowledge").within, Span::business_days(0));
    assert_eq!(own.clocks.iter().filter(|clock| clock.name == "acknowledge").count(), 1);
    assert_eq!(own.clocks.iter().filter(|clock| clock.name == "offer-response").count(), 3);
}

#[test]
fn offers_are_answered_by_how_soon_care_is_needed() {
    let packs = Packs::builtin();
    let terms = terms(&packs, "", "2026-07-01");
    for (urgency, minutes) in
        [(Urgency::Routine, 120), (Urgency::Urgent, 60), (Urgency::Discharge, 30)]
    {
        let rule = terms
            .clocks
            .iter()
            .find(|c| c.name == "offer-response" && c.urgencies == [urgency])
            .expect("the test's own data is sound");
        assert_eq!((rule.within, rule.about), (Span::ClockMinutes(minutes), About::Offer));
    }
}

#[test]
fn an_unknown_payer_has_the_default_terms() {
    let packs = Packs::builtin();
    let default = terms(&packs, "", "2026-07-01");
    assert_eq!(default.payer.payer_id, PayerId::default());
    assert!(default.payer.auth.is_empty());
    assert!(Arc::ptr_eq(&default, &terms(&packs, "nobody-knows", "2026-07-01")));
    assert_eq!(clock(&default, "auth-standard").within, Span::calendar_days(7));
}

#[test]
fn terms_are_made_once_for_the_days_on_which_nothing_changes() {
    let packs = Packs::builtin();
    let first = terms(&packs, "evergreen-ma", "2026-05-01");
    assert!(Arc::ptr_eq(&first, &terms(&packs, "evergreen-ma", "2027-05-01")));
    assert!(!Arc::ptr_eq(&first, &terms(&packs, "evergreen-ma", "2026-04-12")));
    assert!(Arc::ptr_eq(
        &first.lines[&ServiceLine::PostAcute],
        &first.lines[&ServiceLine::PostAcute]
    ));
}

#[test]
fn a_day_before_all_packs_has_the_first_days_terms() {
    let packs = Packs::builtin();
    let early = terms(&packs, "evergreen-ma", "1999-01-01");
    assert!(Arc::ptr_eq(&early, &terms(&packs, "evergreen-ma", "2020-01-01")));
    assert!(!early.clocks.is_empty());
}

#[test]
fn the_same_clock_never_stands_twice_for_the_same_cases() {
    let packs = Packs::builtin();
    for payer in ["", "evergreen-ma", "lakeshore-medicaid", "summit-commercial"] {
        for on in ["2020-01-01", "2025-06-01", "2026-07-01"] {
            let terms = terms(&packs, payer, on);
            for (n, one) in terms.clocks.iter().enumerate() {
                let twin = terms.clocks[n + 1..].iter().find(|other| {
                    other.name == one.name
                        && (&other.urgencies, &other.services, &other.families, other.custom)
                            == (&one.urgencies, &one.services, &one.families, one.custom)
                        && (other.expedited, &other.kinds, &other.levels)
                            == (one.expedited, &one.kinds, &one.levels)
                });
                assert!(twin.is_none(), "{} of {payer} on {on}", one.name);
            }
        }
    }
}

#[test]
fn a_payer_is_found_by_code_name_and_synonym_however_written() {
    let packs = Packs::builtin();
    for (name, payer) in [
        ("EVGRN", "evergreen-ma"),
        ("90001", "evergreen-ma"),
        ("evergreen-ma", "evergreen-ma"),
        ("Evergreen Example Health (Medicare Advantage)", "evergreen-ma"),
        ("  LAKESHORE   example, MEDICAID plan ", "lakeshore-medicaid"),
        ("summit ppo", "summit-commercial"),
    ] {
        assert_eq!(packs.payer_by(name).map(PayerId::as_str), Some(payer), "{name}");
    }
    for name in ["", "  ", "default", "Payer not known", "Evergreen"] {
        assert_eq!(packs.payer_by(name), None, "{name}");
    }
    let ids: Vec<&str> = packs.payers().map(|payer| payer.payer_id.as_str()).collect();
    assert_eq!(ids, ["evergreen-ma", "lakeshore-medicaid", "summit-commercial"]);
}

#[test]
fn codes_tell_the_line_and_family() {
    let packs = Packs::builtin();
    let terms = terms(&packs, "", "2026-07-01");
    for (code, service, family) in [
        ("E1390", ServiceLine::Dme, "oxygen"),
        ("K0738", ServiceLine::Dme, "oxygen"),
        ("E0601", ServiceLine::Dme, "pap"),
        ("A7034", ServiceLine::Dme, "pap-supplies"),
        ("K0823", ServiceLine::Dme, "power-wheelchair"),
        ("L0650", ServiceLine::Dme, "orthotics-ready"),
        ("L1960", ServiceLine::Dme, "orthotics"),
        ("B4150", ServiceLine::Dme, "enteral"),
        ("B4160", ServiceLine::Dme, "enteral"),
        ("E1399", ServiceLine::Dme, "other-dme"),
        ("B4189", ServiceLine::HomeInfusion, "tpn"),
        ("S9500", ServiceLine::HomeInfusion, "antibiotic"),
        ("J1335", ServiceLine::HomeInfusion, "antibiotic"),
        ("J7613", ServiceLine::HomeInfusion, "other-infusion"),
        ("G0299", ServiceLine::HomeHealth, "nursing"),
        ("T1021", ServiceLine::HomeHealth, "aide"),
        ("S9131", ServiceLine::HomeHealth, "physical-therapy"),
        ("0551", ServiceLine::HomeHealth, "nursing"),
        ("0191", ServiceLine::PostAcute, "snf"),
    ] {
        let found = terms
            .classify(&Procedure::parse(code).expect("the test's own data is sound"))
            .map(|(line, found)| (line, found.name.0.as_str()));
        assert_eq!(found, Some((service, family)), "{code}");
    }
    assert!(
        terms.classify(&Procedure::parse("99213").expect("the test's own data is sound")).is_none()
    );
    assert!(
        terms
            .family(ServiceLine::Dme, &Family("power-wheelchair".to_owned()))
            .expect("the test's own data is sound")
            .custom
    );
}

#[test]
fn forms_are_given_lines_families_and_words() {
    let packs = Packs::builtin();
    let lines: Vec<_> = packs.lines(day("2026-07-01")).collect();
    assert_eq!(lines.iter().map(|line| line.service).collect::<Vec<_>>(), ServiceLine::ALL);
    assert!(lines.iter().all(|line| !line.words.is_empty() && !line.families.is_empty()));
    assert_eq!(packs.hcpcs_words("E1390"), Some("oxygen concentrator"));
    assert_eq!(packs.hcpcs_words("99601"), None);
}

#[test]
fn every_row_says_where_it_comes_from() {
    let packs = Packs::builtin();
    for payer in ["", "evergreen-ma", "lakeshore-medicaid", "summit-commercial"] {
        for on in ["2020-01-01", "2026-07-01"] {
            let terms = terms(&packs, payer, on);
            let requirements = terms.lines.values().flat_map(|line| &line.requirements);
            let sources =
                requirements.map(|requirement| (&requirement.source, requirement.item.name()));
            let sources = sources
                .chain(terms.clocks.iter().map(|clock| (&clock.source, clock.name.as_str())));
            let sources = sources
                .chain(terms.payer.auth.iter().map(|rule| (&rule.source, rule.version.as_str())));
            for (source, name) in sources {
                assert!(source.trim().len() > 3, "{name} of {payer}");
            }
        }
    }
}

#[test]
fn every_rule_of_the_program_is_asked_for_by_a_line() {
    let packs = Packs::builtin();
    let payers = ["evergreen-ma", "lakeshore-medicaid"];
    let terms = payers.map(|payer| terms(&packs, payer, "2026-07-01"));
    for rule in rules::RULES {
        let lines = terms.iter().flat_map(|terms| terms.lines.values());
        let mut requirements = lines.flat_map(|line| &line.requirements);
        let asks = requirements.any(|requirement| requirement.rule.as_deref() == Some(rule.name));
        assert!(asks, "no pack names {}", rule.name);
    }
}

#[test]
fn an_operators_file_takes_the_place_of_the_built_in_one_and_a_new_payer_is_one_folder() {
    let packs = Packs::builtin();
    let pine = "name = \"Pine Example\"\nline_of_business = \"commercial\"\ncodes = [\"PINE1\"]\n";
    let over =
        packs.overlay(&[("payers/pine/payer.toml", pine)]).expect("the test's own data is sound");
    assert_eq!(over.payer_by("pine1").map(PayerId::as_str), Some("pine"));
    assert_eq!(
        clock(&terms(&over, "pine", "2026-07-01"), "appeal-by").within,
        Span::calendar_days(180)
    );
    assert_eq!(packs.payer_by("pine1"), None);
    assert_ne!(packs.version(), over.version());

    let (_, hub) =
        packs.files().find(|(path, _)| *path == "hub.toml").expect("the test's own data is sound");
    let hub = hub.replace("declines_until_escalation = 3", "declines_until_escalation = 5");
    let over = over.overlay(&[("hub.toml", &hub)]).expect("the test's own data is sound");
    assert_eq!(terms(&over, "pine", "2026-07-01").declines_until_escalation, 5);
    assert_eq!(terms(&packs, "pine", "2026-07-01").declines_until_escalation, 3);
    assert!(over.overlay(&[("hub.toml", "")]).is_err());
}

#[test]
fn the_version_is_the_content_and_goes_with_the_terms() {
    let packs = Packs::builtin();
    assert_eq!(packs.version(), Packs::builtin().version());
    assert_eq!(packs.version().len(), 16);
    assert_eq!(terms(&packs, "", "2026-07-01").version, packs.version());
}

/// Source: facts 13, the Medicare Advantage clock. 2026-07-03 is a Friday on which Independence Day is kept.
#[test]
fn a_request_of_a_friday_evening_is_due_by_the_plans_own_count() {
    let packs = Packs::builtin();
    let terms = terms(&packs, "evergreen-ma", "2026-07-03");
    let at = |text: &str| doorstep_vocab::Timestamp::parse(text).unwrap();
    let asked = at("2026-07-03T18:00:00-04:00");
    let due = |name: &str| terms.calendar.due(asked, clock(&terms, name).within, packs.hub_zone());
    assert_eq!(due("auth-standard"), at("2026-07-11T00:00:00-04:00"));
    assert_eq!(due("auth-expedited"), at("2026-07-06T18:00:00-04:00"));
    assert_eq!(due("acknowledge"), at("2026-07-06T18:00:00-04:00"));
}

#[test]
fn a_case_is_asked_for_what_its_day_wanted_and_decided_by_the_clocks_of_today() {
    // Received before the rule changed, requested after: the payer has seven days.
    let packs = Packs::builtin();
    let day = |text: &str| text.parse::<Date>().unwrap();
    let (received_on, today) = (day("2025-12-30"), day("2026-01-05"));
    let payer = PayerId::from("evergreen-ma");
    let mixed = packs.terms_between(&payer, received_on, today);
    assert_eq!(clock(&mixed, "auth-standard").within, Span::calendar_days(7));
    assert_eq!(mixed.lines, packs.terms_for(&payer, received_on).lines);
    assert!(Arc::ptr_eq(
        &packs.terms_between(&payer, today, today),
        &packs.terms_for(&payer, today)
    ));
}

#[test]
fn every_clock_warns_at_half_three_quarters_and_nine_tenths() {
    let packs = Packs::builtin();
    for payer in ["", "evergreen-ma", "lakeshore-medicaid", "summit-commercial"] {
        for clock in &terms(&packs, payer, "2026-07-01").clocks {
            assert_eq!(clock.warn, [50, 75, 90], "{} of {payer}", clock.name);
        }
    }
}

#[test]
fn a_plans_time_may_be_longer_where_the_law_says_so() {
    let packs = Packs::builtin();
    for (payer, by, lapses) in [
        ("evergreen-ma", Some(Span::calendar_days(14)), true),
        ("lakeshore-medicaid", Some(Span::calendar_days(14)), true),
        ("summit-commercial", Some(Span::calendar_days(15)), false),
        ("", None, false),
    ] {
        let terms = terms(&packs, payer, "2026-07-01");
        let standard = clock(&terms, "auth-standard");
        assert_eq!((standard.extendable_by, standard.lapses), (by, lapses), "{payer}");
    }
}

#[test]
fn a_drug_given_at_home_has_the_shorter_times_of_part_b() {
    let packs = Packs::builtin();
    let terms = terms(&packs, "evergreen-ma", "2026-07-01");
    let drug = |name: &str| {
        let mut rules = terms.clocks.iter().filter(|clock| clock.name == name);
        let first = rules.next().unwrap();
        assert!(first.families.contains(&Family("antibiotic".to_owned())), "{name}");
        (first.within, first.extendable_by)
    };
    assert_eq!(drug("auth-standard"), (Span::hours(72), None));
    assert_eq!(drug("auth-expedited"), (Span::hours(24), None));
    assert_eq!(drug("appeal-decision"), (Span::calendar_days(7), None));
}

#[test]
fn each_kind_of_dispute_has_its_own_clock() {
    use doorstep_case::disputes::DisputeKind;
    let packs = Packs::builtin();
    let terms = terms(&packs, "evergreen-ma", "2026-07-01");
    for (kind, name, within) in [
        (DisputeKind::Appeal, "appeal-decision", Span::calendar_days(30)),
        (DisputeKind::ExpeditedAppeal, "appeal-decision", Span::hours(72)),
        (DisputeKind::Grievance, "grievance-decision", Span::calendar_days(30)),
        (DisputeKind::ExpeditedGrievance, "grievance-decision", Span::hours(24)),
    ] {
        let mut rules = terms.clocks.iter().filter(|clock| clock.families.is_empty());
        let rule = rules.find(|clock| clock.kinds.contains(&kind)).unwrap();
        assert_eq!((rule.name.as_str(), rule.within), (name, within), "{kind:?}");
    }
}

#[test]
fn an_authorization_is_renewed_so_many_days_before_its_end_by_its_service() {
    use doorstep_case::ServiceLine::{Dme, HomeHealth, HomeInfusion, PostAcute};
    let packs = Packs::builtin();
    for payer in ["", "evergreen-ma", "lakeshore-medicaid", "summit-commercial"] {
        let terms = terms(&packs, payer, "2026-07-01");
        for (service, days) in [(Dme, 30), (HomeHealth, 15), (HomeInfusion, 7), (PostAcute, 2)] {
            let ends = terms.clocks.iter().filter(|clock| clock.name == "auth-ends");
            let mut of = ends.filter(|clock| clock.services == [service]);
            let rule = of.next().unwrap();
            assert_eq!((rule.from, rule.before), (doorstep_case::From::AuthEnds, true));
            assert_eq!(rule.within, Span::calendar_days(days), "{service}");
        }
    }
}

/// Source: 29 CFR 2560.503-1; facts 4.3.
#[test]
fn an_employer_plan_tells_what_is_missing_and_waits_for_it() {
    use doorstep_case::From::{Asked, Event, Received, SupplyBy};
    let packs = Packs::builtin();
    let terms = terms(&packs, "summit-commercial", "2026-07-01");
    let of = |name: &str, is_it: fn(&ClockRule) -> bool| {
        let rule = terms.clocks.iter().find(|clock| clock.name == name && is_it(clock)).unwrap();
        (rule.from, rule.within)
    };
    let urgent = of("notice-incomplete", |clock| clock.urgencies.contains(&Urgency::Urgent));
    assert_eq!(urgent, (Received, Span::hours(24)));
    let routine = of("notice-incomplete", |clock| clock.urgencies.contains(&Urgency::Routine));
    assert_eq!(routine, (Received, Span::calendar_days(5)));
    let hurried = of("supply-info", |clock| clock.expedited == Some(true));
    assert_eq!(hurried, (Asked, Span::hours(48)));
    let standard = of("supply-info", |clock| clock.expedited == Some(false));
    assert_eq!(standard, (Asked, Span::calendar_days(45)));
    assert_eq!(of("auth-after-info", |_| true), (Event, Span::hours(48)));
    assert_eq!(of("auth-without-info", |_| true), (SupplyBy, Span::hours(48)));
    let pauses = |clock: &&ClockRule| !clock.pauses.is_empty();
    let tolled = terms.clocks.iter().filter(|c| c.name == "auth-standard").find(pauses).unwrap();
    assert_eq!(
        (&tolled.pauses[0][..], &tolled.resumes[0][..]),
        ("auth.info-requested", "auth.info-sent")
    );
}

#[test]
fn a_dispute_may_take_longer_where_the_law_says_so() {
    use doorstep_case::disputes::DisputeKind::{
        Appeal, ExpeditedAppeal, ExpeditedGrievance, Grievance,
    };
    let packs = Packs::builtin();
    let fortnight = Some(Span::calendar_days(14));
    for (payer, kind, by) in [
        ("evergreen-ma", Appeal, fortnight),
        ("evergreen-ma", ExpeditedAppeal, fortnight),
        ("evergreen-ma", Grievance, fortnight),
        ("evergreen-ma", ExpeditedGrievance, None),
        ("lakeshore-medicaid", Appeal, fortnight),
        ("lakeshore-medicaid", ExpeditedAppeal, fortnight),
        ("lakeshore-medicaid", Grievance, fortnight),
        ("summit-commercial", Appeal, None),
    ] {
        let terms = terms(&packs, payer, "2026-07-01");
        let of = |clock: &&ClockRule| clock.families.is_empty() && clock.kinds.contains(&kind);
        assert_eq!(terms.clocks.iter().find(of).unwrap().extendable_by, by, "{payer} {kind:?}");
    }
    let terms = terms(&packs, "evergreen-ma", "2026-07-01");
    let mut of_drugs = terms.clocks.iter().filter(|c| c.about == doorstep_case::About::Dispute);
    assert!(of_drugs.all(|clock| clock.families.is_empty() || clock.extendable_by.is_none()));
}
