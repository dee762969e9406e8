//! Every problem that a pack can have, with the line it is reported on.

use doorstep_packs::{Packs, Problem, check};

/// Lays `text` over the built-in file of that path and returns `(line, code)` of what is wrong.
fn wrong(path: &str, text: &str) -> Vec<(usize, &'static str)> {
    check(&[(path, text)])
        .into_iter()
        .filter(|problem| problem.file == path)
        .map(|p| (p.line, p.code))
        .collect()
}

fn builtin(path: &str) -> String {
    let packs = Packs::builtin();
    packs
        .files()
        .find(|(name, _)| *name == path)
        .map(|(_, text)| text.to_owned())
        .expect("the test's own data is sound")
}

/// A payer's file whose head takes three lines and an empty one, so that `rest` begins on line 5.
fn payer(rest: &str) -> Vec<(usize, &'static str)> {
    let head = "name = \"Pine Example\"\nline_of_business = \"commercial\"\neffective_from = \"2020-01-01\"\n\n";
    wrong("payers/pine/payer.toml", &format!("{head}{rest}"))
}

const AUTH: &str = "[[auth]]\nservice = \"dme\"\nanswer = \"required\"\nsource = \"contract\"\n";

/// A clock of nine lines; tests change one.
const CLOCK: &str = "[[clock]]
name = \"acknowledge\"
about = \"case\"
starts = [\"intake.referred\"]
stops = [\"intake.acknowledged\"]
within = \"4 business hours\"
owner = \"agent\"
warn = [50, 75]
source = \"contract\"
";

/// Lays a line over the home-health one: head of three lines, families of the built-in one, then `rest`.
fn line(rest: &str) -> Vec<(usize, &'static str)> {
    let families = "nursing physical-therapy occupational-therapy speech-therapy social-work aide";
    let head = "words = \"Home health\"\neffective_from = \"2020-01-01\"\n\n";
    let mut text = format!("{head}{rest}");
    for (n, family) in families.split(' ').enumerate() {
        let head = format!("[[family]]\nname = \"{family}\"\nwords = \"x\"\n");
        text.extend([head, format!("codes = [\"G015{n}\"]\nsource = \"s\"\n")]);
    }
    wrong("lines/home-health/line.toml", &text)
}

const REQUIREMENT: &str = "[[requirement]]
item = \"pap.ahi\"
owner = \"referrer\"
blocks = [\"billing\"]
why = \"needed\"
source = \"policy\"
";

#[test]
fn what_is_sound_has_no_problem() {
    assert_eq!(check(&[]), []);
    assert_eq!(payer(&format!("{AUTH}{CLOCK}")), []);
    assert_eq!(line(REQUIREMENT), []);
}

#[test]
fn text_that_is_not_toml_is_shown_where_it_breaks() {
    assert_eq!(payer("[[auth]]\nservice = \n"), [(6, "toml-syntax")]);
}

#[test]
fn an_unknown_key_is_refused_where_it_stands() {
    assert_eq!(payer(&format!("{AUTH}surce = \"x\"\n")), [(9, "key-unknown")]);
    assert_eq!(payer("[[fees]]\namount = 3\n"), [(5, "key-unknown")]);
}

#[test]
fn every_problem_of_a_file_is_found_in_one_reading() {
    let text = "[[auth]]\nservice = \"dental\"\nanswer = \"maybe\"\n\n[[auth]]\nservice = \"dme\"\nfamilies = [\"boats\"]\nanswer = \"required\"\n";
    let expected = [
        (5, "source-missing"),
        (6, "service-unknown"),
        (7, "answer-unknown"),
        (9, "source-missing"),
        (11, "family-unknown"),
    ];
    assert_eq!(payer(text), expected);
}

#[test]
fn unknown_names_in_a_clock_are_refused() {
    for (from, to, at, code) in [
        ("\"case\"", "\"county\"", 7, "about-unknown"),
        ("\"intake.referred\"", "\"intake.refered\"", 8, "event-unknown"),
        ("\"intake.acknowledged\"", "\"intake.acked\"", 9, "event-unknown"),
        ("4 business hours", "4 moons", 10, "span-format"),
        ("4 business hours", "4 days", 10, "span-unit"),
        ("\"agent\"", "\"janitor\"", 11, "role-unknown"),
        ("[50, 75]", "[75, 50]", 12, "warn-order"),
        ("[50, 75]", "[0, 75]", 12, "warn-order"),
        ("[50, 75]", "[50, 100]", 12, "warn-order"),
        ("[50, 75]", "\"often\"", 12, "value-kind"),
        ("[\"intake.referred\"]", "[]", 5, "starts-empty"),
        ("source = \"contract\"", "source = \" \"", 5, "source-missing"),
        ("source = \"contract\"", "source = \"c\"\non_miss = \"shrug\"", 14, "on-miss-unknown"),
        (
            "source = \"contract\"",
            "source = \"c\"\non_miss = \"escalate-6\"",
            14,
            "on-miss-unknown",
        ),
        ("source = \"contract\"", "source = \"c\"\nfrom = \"birth\"", 14, "from-unknown"),
        ("source = \"contract\"", "source = \"c\"\nurgencies = [\"soon\"]", 14, "urgency-unknown"),
        ("source = \"contract\"", "source = \"c\"\nservices = [\"dental\"]", 14, "service-unknown"),
        ("source = \"contract\"", "source = \"c\"\nfamilies = [\"boats\"]", 14, "family-unknown"),
        ("source = \"contract\"", "source = \"c\"\nbefore = true", 5, "before-unit"),
        ("name = \"acknowledge\"\n", "", 5, "key-missing"),
    ] {
        let text = CLOCK.replace(from, to);
        assert_ne!(text, CLOCK, "{from}");
        assert_eq!(payer(&text), [(at, code)], "{to}");
    }
}

#[test]
fn unknown_names_in_a_requirement_are_refused() {
    for (from, to, at, code) in [
        ("pap.ahi", "pap.ahl", 5, "item-unknown"),
        ("\"referrer\"", "\"nobody\"", 6, "owner-unknown"),
        ("\"billing\"", "\"breathing\"", 7, "blocks-unknown"),
        ("blocks = [\"billing\"]\n", "", 4, "blocks-missing"),
        ("why = \"needed\"\n", "", 4, "key-missing"),
        ("source = \"policy\"\n", "", 4, "source-missing"),
        ("source = \"policy\"", "source = \"p\"\nfamilies = [\"boats\"]", 10, "family-unknown"),
        ("source = \"policy\"", "source = \"p\"\nbusiness = [\"barter\"]", 10, "business-unknown"),
        ("source = \"policy\"", "source = \"p\"\nrule = \"pap-is-fine\"", 10, "rule-unknown"),
        ("source = \"policy\"", "source = \"p\"\nvalues = { ahi-min = 15 }", 10, "value-unknown"),
        ("source = \"policy\"", "source = \"p\"\nfresh_days = \"many\"", 10, "value-kind"),
    ] {
        let text = REQUIREMENT.replace(from, to);
        assert_ne!(text, REQUIREMENT, "{from}");
        assert_eq!(line(&text), [(at, code)], "{to}");
    }
}

#[test]
fn a_rule_is_given_each_of_its_numbers_and_no_other() {
    let given =
        "rule = \"pap-qualifies\"\nvalues = { ahi-min = 15, events-min = 30, ahi-mild-min = 5 }\n";
    assert_eq!(line(&format!("{REQUIREMENT}{given}")), [(10, "value-missing")]);
    let given = given.replace("ahi-mild-min = 5", "ahi-mild-min = 5, events-mild-min = 10");
    assert_eq!(line(&format!("{REQUIREMENT}{given}")), []);
    let given = given.replace("ahi-min = 15", "ahi-min = 15, ahi-best = 1");
    assert_eq!(line(&format!("{REQUIREMENT}{given}")), [(11, "value-unknown")]);
}

#[test]
fn the_same_row_twice_for_the_same_days_is_refused() {
    let twice = |first: &str, second: &str| payer(&format!("{AUTH}{first}\n{AUTH}{second}\n"));
    assert_eq!(twice("", ""), [(10, "dates-overlap")]);
    let ends = "effective_to = \"2025-12-31\"";
    assert_eq!(twice(ends, "effective_from = \"2026-01-01\""), []);
    assert_eq!(twice(ends, "effective_from = \"2025-12-31\""), [(10, "dates-overlap")]);
    assert_eq!(payer(&format!("{CLOCK}{CLOCK}")), [(14, "dates-overlap")]);
    assert_eq!(payer(&format!("{CLOCK}{CLOCK}urgencies = [\"urgent\"]\n")), []);
    assert_eq!(line(&format!("{REQUIREMENT}{REQUIREMENT}")), [(10, "dates-overlap")]);
}

#[test]
fn dates_have_to_be_dates_in_order() {
    assert_eq!(payer(&format!("{AUTH}effective_from = \"soon\"\n")), [(9, "date-format")]);
    assert_eq!(payer(&format!("{AUTH}effective_to = \"2019-12-31\"\n")), [(5, "effective-order")]);
    let text = format!("name = \"P\"\nline_of_business = \"commercial\"\n{AUTH}");
    assert_eq!(wrong("payers/pine/payer.toml", &text), [(3, "effective-missing")]);
}

#[test]
fn a_payer_is_of_a_known_business_and_answers_to_its_own_names() {
    let text = "name = \"P\"\nline_of_business = \"barter\"\n";
    assert_eq!(wrong("payers/pine/payer.toml", text), [(2, "business-unknown")]);
    let text = "name = \"SUMMIT-PPO\"\nline_of_business = \"commercial\"\n";
    let problems = check(&[("payers/yew/payer.toml", text)]);
    let found: Vec<_> = problems.iter().map(|p| (p.line, p.code)).collect();
    assert_eq!(found, [(1, "payer-twice")]);
    let text = "name = \"Y\"\nline_of_business = \"commercial\"\nsynonyms = [\n\"P\",\n\"Summit PPO\",\n]\n";
    assert_eq!(wrong("payers/yew/payer.toml", text), [(5, "payer-twice")]);
}

#[test]
fn codes_are_codes_and_of_one_family() {
    assert_eq!(payer(&format!("{AUTH}codes = [\"E1390\", \"oxygen\"]\n")), [(9, "code-format")]);
    let twice =
        "[[family]]\nname = \"boats\"\nwords = \"x\"\ncodes = [\"G0151\"]\nsource = \"s\"\n";
    assert_eq!(line(twice).iter().map(|(_, code)| *code).collect::<Vec<_>>(), ["code-twice"]);
    let family =
        "[[family]]\nname = \"boats\"\nwords = \"x\"\ncodes = [\"G991*\"]\nsource = \"s\"\n";
    assert_eq!(line(&format!("{family}comes_back = [\"G9911\", \"G99*\"]\n")), []);
    let other = line(&format!("{family}comes_back = [\"G9911\", \"E0260\"]\n"));
    assert_eq!(other, [(9, "comes-back-unknown")]);
    let codes =
        "source = \"s\"\n[hcpcs]\nE1390 = \"oxygen\"\ne0601 = \"CPAP\"\n99601 = \"visit\"\n";
    assert_eq!(wrong("codes/hcpcs.toml", codes), [(4, "hcpcs-format"), (5, "hcpcs-format")]);
}

#[test]
fn the_hub_has_numbers_for_every_day_and_a_calendar_that_is_there() {
    let hub = builtin("hub.toml");
    let ended = hub.replacen(
        "need_by_after_discharge_hours = 72",
        "need_by_after_discharge_hours = 72\neffective_to = \"2026-12-31\"",
        1,
    );
    assert_eq!(wrong("hub.toml", &ended), [(8, "terms-gap")]);
    let other = hub.replace("us-federal", "lunar");
    assert_eq!(wrong("hub.toml", &other), [(9, "calendar-unknown")]);
    let nowhere = hub.replace("America/New_York", "Atlantis");
    assert_eq!(wrong("hub.toml", &nowhere), [(5, "zone-unknown")]);
    let fewer = hub.replace("declines_until_escalation = 3\n", "");
    assert_eq!(wrong("hub.toml", &fewer), [(8, "key-missing")]);
}

#[test]
fn a_calendar_is_checked_and_called_as_its_file() {
    let calendar = builtin("calendars/us-federal.toml");
    let text = calendar.replace("name = \"us-federal\"", "name = \"us\"");
    let line_of = |text: &str, start: &str| {
        let found = text.lines().position(|line| line.starts_with(start));
        found.expect("the test's own data is sound") + 1
    };
    let at = line_of(&text, "name");
    assert!(wrong("calendars/us-federal.toml", &text).contains(&(at, "calendar-name")));
    let text = calendar.replace("open = \"08:00\"", "open = \"8 o'clock\"");
    let problems = wrong("calendars/us-federal.toml", &text);
    let at = text
        .lines()
        .position(|line| line.starts_with("open"))
        .expect("the test's own data is sound")
        + 1;
    assert!(problems.contains(&(at, "calendar-format")), "{problems:?}");
    let text = calendar.replace("close = \"18:00\"", "close = \"07:00\"");
    let at = line_of(&text, "close");
    assert!(wrong("calendars/us-federal.toml", &text).contains(&(at, "calendar-hours")));
    let text = format!(
        "{calendar}\n[[holiday]]\nname = \"Never\"\nrule = {{ fixed = {{ month = 13, day = 4, observed = {{}} }} }}\n"
    );
    let problems = wrong("calendars/us-federal.toml", &text);
    assert!(problems.iter().all(|(line, _)| *line > calendar.lines().count()), "{problems:?}");
    assert!(!problems.is_empty());
}

#[test]
fn a_row_that_a_wider_one_before_it_hides_is_refused() {
    let row = |only: &str| {
        format!("[[auth]]\nservice = \"dme\"\nanswer = \"required\"\nsource = \"c\"\n{only}\n")
    };
    let (all, oxygen) = (row(""), row("families = [\"oxygen\"]"));
    let one = row("codes = [\"E1390\"]");
    let both = row("families = [\"oxygen\", \"pap\"]");
    assert_eq!(payer(&format!("{one}{oxygen}{both}{all}")), []);
    assert_eq!(payer(&format!("{all}{oxygen}")), [(10, "auth-hidden")]);
    assert_eq!(payer(&format!("{both}{oxygen}")), [(10, "auth-hidden")]);
    assert_eq!(payer(&format!("{}{one}", row("codes = [\"E13*\"]"))), [(10, "auth-hidden")]);
    let ended = row("effective_to = \"2025-12-31\"");
    assert_eq!(payer(&format!("{ended}{oxygen}")), [], "it answers afterwards");
}

#[test]
fn a_rule_stands_alone_and_its_limits_are_of_codes() {
    let with = |rest: &str| line(&format!("{REQUIREMENT}{rest}"));
    let rule = "rule = \"weight-fits\"\n";
    assert_eq!(with(&format!("{rule}values = {{ K0006-max = 300 }}\n")), []);
    let wrong = [(11, "value-unknown")];
    assert_eq!(with(&format!("{rule}values = {{ K006-max = 300 }}\n")), wrong);
    assert_eq!(with(&format!("{rule}values = {{ K0006-mx = 300 }}\n")), wrong);
    assert_eq!(with(&format!("{rule}fresh_days = 30\n")), [(10, "rule-and-more")]);
    assert_eq!(with(&format!("{rule}must_be = [\"15\"]\n")), [(10, "rule-and-more")]);
}

#[test]
fn what_an_item_has_to_say_can_be_said_of_it() {
    let with =
        |from: &str, rest: &str| line(&format!("{}{rest}", REQUIREMENT.replace("pap.ahi", from)));
    assert_eq!(with("wound.type", "must_be = [\"surgical\", \"debrided\"]\n"), []);
    assert_eq!(with("home-health.homebound", "must_be = [\"yes\"]\n"), []);
    let wrong = [(10, "value-kind")];
    assert_eq!(with("wound.type", "must_be = [\"surgicle\"]\n"), wrong);
    assert_eq!(with("home-health.homebound", "must_be = [\"perhaps\"]\n"), wrong);
    assert_eq!(with("infusion.drug", "must_be = [\"yes\"]\n"), wrong);
}

#[test]
fn a_code_is_of_one_service_line() {
    let text = "[[family]]\nname = \"boats\"\nwords = \"x\"\ncodes = [\"E1390\"]\nsource = \"s\"\n";
    assert_eq!(line(text), [(4, "code-twice")]);
}

#[test]
fn what_a_payer_adds_or_waives_is_checked() {
    let path = "payers/summit-commercial/payer.toml";
    let text = builtin(path);
    let first = i32::try_from(text.lines().count()).unwrap();
    let found = |rows: &str| -> Vec<(i32, &str)> {
        let problems = check(&[(path, &format!("{text}{rows}"))]);
        let place =
            |problem: &Problem| (i32::try_from(problem.line).unwrap() - first, problem.code);
        problems.iter().map(place).collect()
    };
    let waiver = "[[waiver]]\nservice = \"dme\"\nitem = \"oxygen.device\"\n";
    let sourced = format!("{waiver}source = \"s\"\n");
    assert_eq!(found(&sourced), []);
    assert_eq!(found(waiver), [(1, "source-missing")]);
    assert_eq!(found(&sourced.repeat(2)), [(5, "dates-overlap")]);
    assert_eq!(found(&sourced.replace("device", "colour")), [(3, "item-unknown")]);
    let row = "owner = \"referrer\"\nblocks = []\nwhy = \"x\"\nbusiness = [\"commercial\"]\n";
    let row = format!("{}{row}", sourced.replace("waiver", "requirement"));
    assert_eq!(found(&row), [(1, "business-given")]);
}

#[test]
fn files_that_nobody_reads_and_files_that_are_missing_are_named() {
    assert_eq!(wrong("payers/pine/prices.toml", ""), [(1, "file-unknown")]);
    assert_eq!(wrong("lines/dental/line.toml", ""), [(1, "file-unknown")]);
    assert_eq!(wrong("lines/dme/sample.toml", "anything"), []);
    let missing: Vec<(String, &str)> = Packs::load(&[])
        .unwrap_err()
        .into_iter()
        .map(|problem| (problem.file, problem.code))
        .collect();
    let expected = [
        ("calls.toml", "file-missing"),
        ("hub.toml", "file-missing"),
        ("payers/default/payer.toml", "file-missing"),
        ("sign-in.toml", "file-missing"),
    ];
    assert_eq!(missing, expected.map(|(file, code)| (file.to_owned(), code)));
}

#[test]
fn a_problem_prints_as_compilers_print() {
    let problem = Problem {
        file: "hub.toml".to_owned(),
        line: 3,
        column: 7,
        code: "zone-unknown",
        message: "no such zone".to_owned(),
    };
    assert_eq!(problem.to_string(), "hub.toml:3:7: no such zone (zone-unknown)");
    assert_eq!(problem.code(), "zone-unknown");
}

/// Cut, doubled and overwritten at every place, a pack is read or refused and never brings the program down.
#[test]
fn any_text_is_read_or_refused() {
    for path in ["hub.toml", "payers/summit-commercial/payer.toml", "business/unknown.toml"] {
        let text = builtin(path);
        for at in (0..text.len()).step_by(41) {
            check(&[(path, &text[..at])]);
            check(&[(path, &format!("{}\u{0}{{[\"=é{}", &text[..at], &text[at..]))]);
        }
    }
}

/// What is wrong with the file of calls when `from` stands in it as `to`, by code.
fn calls(from: &str, to: &str) -> Vec<&'static str> {
    let text = builtin("calls.toml");
    assert!(text.contains(from), "{from}");
    let problems = wrong("calls.toml", &text.replacen(from, to, 1));
    problems.into_iter().map(|(_, code)| code).collect()
}

#[test]
fn how_calls_are_held_is_checked() {
    assert_eq!(calls("tries_max = 2\n", "tries_max = 2\n"), [""; 0]);
    assert_eq!(calls("tries_max = 2\n", ""), ["key-missing"]);
    assert_eq!(calls("full_must = [\"name\"", "full_must = [\"nose\""), ["identifier-unknown"]);
    assert_eq!(calls("[\"document\"]", "[\"dokument\"]"), ["authority-unknown"]);
    assert_eq!(calls("full = 3\n", "full = 7\n"), ["count-unreachable"]);
    assert_eq!(calls("callers = [\"provider\"]", "callers = [\"nobody\"]"), ["caller-unknown"]);
    assert_eq!(calls("reasons = [\"equipment\"]", "reasons = [\"x\"]"), ["reason-unknown"]);
    assert_eq!(calls("ends = \"abandoned\"", "ends = \"badly\""), ["ends-unknown"]);
    assert_eq!(calls("\"chest pain\"", "\"?!\""), ["words-empty"]);
    assert_eq!(calls("about case {case}.", "about {member}."), ["place-unknown"]);
    assert_eq!(
        calls("name = \"status\"", "name = \"delivery\""),
        ["dates-overlap", "reason-unknown"]
    );
}

#[test]
fn the_rules_of_calls_are_those_of_the_day() {
    let day = |text: &str| text.parse().expect("the test's own data is sound");
    let rules = Packs::builtin().calls(day("2026-06-15"));
    assert_eq!((rules.terms.tries_max, rules.terms.first_contact_days), (2, 7));
    assert!(rules.caller("outsider").is_some_and(|kind| kind.status.is_none()));
    assert_eq!(rules.symptoms_in("he is short of breath").len(), 1);
    let text = builtin("calls.toml").replacen(
        "name = \"dispatch\"",
        "name = \"dispatch\"\neffective_to = \"2026-06-30\"",
        1,
    );
    let packs = Packs::builtin().overlay(&[("calls.toml", &text)]).unwrap();
    let has = |on: &str| packs.calls(day(on)).reasons.iter().any(|r| r.name == "dispatch");
    assert_eq!((has("2026-06-30"), has("2026-07-01")), (true, false));
}

/// What is wrong with the numbers of signing in when `from` stands there as `to`, by code.
fn sign_in(from: &str, to: &str) -> Vec<&'static str> {
    let text = builtin("sign-in.toml");
    assert!(text.contains(from), "{from}");
    let problems = wrong("sign-in.toml", &text.replacen(from, to, 1));
    problems.into_iter().map(|(_, code)| code).collect()
}

#[test]
fn signing_in_may_be_made_stricter_and_not_laxer_than_its_sources() {
    assert_eq!(sign_in("idle_min = 15", "idle_min = 5"), [""; 0]);
    assert_eq!(sign_in("idle_min = 15", "idle_min = 31"), ["too-lax"]);
    assert_eq!(sign_in("lifetime_h = 12", "lifetime_h = 13"), ["too-lax"]);
    assert_eq!(sign_in("sessions_at_once = 3", "sessions_at_once = 0"), ["too-lax"]);
    assert_eq!(sign_in("tries_max = 10", "tries_max = 13"), ["too-lax"], "104 an hour");
    assert_eq!(sign_in("tries_max = 10", "tries_max = 12"), [""; 0], "96 an hour");
    assert_eq!(sign_in("tries_max = 10\n", ""), ["key-missing"]);
    assert_eq!(sign_in("step_min = 5", "step_min = 16"), ["too-lax"]);
    assert_eq!(sign_in("identity_min = 10", "identity_min = 61"), ["too-lax"]);
    assert_eq!(sign_in("clock_skew_s = 60", "clock_skew_s = 301"), ["too-lax"]);
    assert_eq!(sign_in("step_min = 5\n", ""), ["key-missing"]);
    assert_eq!(sign_in("source =", "sauce ="), ["source-missing", "key-unknown"]);
    let at = builtin("sign-in.toml").find("[[terms]]").expect("there are terms");
    assert_eq!(wrong("sign-in.toml", &builtin("sign-in.toml")[..at]), [(1, "terms-missing")]);
}

#[test]
fn the_numbers_of_signing_in_are_those_of_the_day() {
    let day = |text: &str| text.parse().expect("the test's own data is sound");
    let terms = Packs::builtin().sign_in(day("2026-06-15"));
    assert_eq!((terms.idle_min, terms.idle_admin_min, terms.lifetime_h), (15, 10, 12));
    assert_eq!((terms.sessions_at_once, terms.factor_fresh_min), (3, 5));
    assert_eq!(Packs::builtin().sign_in(day("1999-01-01")), terms, "before the first");
}
