//! Whether a home-oxygen order qualifies, and for which equipment. Source of the shape: facts 1.3 (NCD 240.2, LCD
//! L33797); the numbers are the pack's.

use super::{Values, Verdict, Wanted, absent, as_of, code, date, flag, number, value};
use crate::{Case, Line, Milli};

pub(super) const NEEDS: &[&str] = &[
    "group-1-pao2-max",
    "group-1-spo2-max",
    "group-2-pao2-max",
    "group-2-spo2-max",
    "hematocrit-above",
    "sleep-drop-pao2-above",
    "sleep-drop-spo2-above",
];

pub(super) const STATIONARY_NEEDS: &[&str] = &["group-1-spo2-max"];

pub(super) const TIMING_NEEDS: &[&str] = &["days-before-discharge-max"];

/// The payment groups of oxygen. Groups II and III are tested again between days 61 and 90. Source: facts 1.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the groups")]
pub enum Group {
    One,
    Two,
    Three,
}

/// The reading that decides.
#[derive(Debug, Clone, Copy)]
enum Reading {
    Pressure(Milli),
    Saturation(Milli),
}

impl Reading {
    /// The arterial pressure rules where both were taken on one day, else the later of the two. Source: facts 1.3 \[K\].
    fn of(case: &Case) -> Option<Self> {
        let pressure = number(case, "oxygen.pao2").map(Self::Pressure);
        let saturation = number(case, "oxygen.spo2").map(Self::Saturation);
        let [pressed_on, saturated_on] = ["oxygen.pao2", "oxygen.spo2"].map(|n| as_of(case, n));
        let is_later = pressed_on.zip(saturated_on).is_some_and(|(one, other)| other > one);
        if is_later { saturation.or(pressure) } else { pressure.or(saturation) }
    }

    fn words(self) -> String {
        match self {
            Self::Pressure(pressure) => format!("an arterial pressure of {pressure} mmHg"),
            Self::Saturation(saturation) => format!("a saturation of {saturation} %"),
        }
    }

    /// Returns whether the reading is at or below the group's limit.
    fn is_within(self, group: Group, values: &Values) -> bool {
        let (kind, measure) = match self {
            Self::Pressure(pressure) => ("pao2", pressure),
            Self::Saturation(saturation) => ("spo2", saturation),
        };
        match group {
            Group::One => measure <= value(values, &format!("group-1-{kind}-max")),
            Group::Two => measure <= value(values, &format!("group-2-{kind}-max")),
            Group::Three => true,
        }
    }
}

pub(super) fn qualifies(case: &Case, _: &Line, values: &Values) -> Verdict {
    let (Some(reading), Some(condition)) = (Reading::of(case), code(case, "oxygen.condition"))
    else {
        let mut names = absent(case, &["oxygen.condition"]);
        names.extend(Reading::of(case).is_none().then_some("oxygen.spo2"));
        return Verdict::unknown(&names);
    };
    match group(case, values) {
        None => Verdict::not_met(falls_short(reading, values)),
        Some(_) if condition == "exercise" => three_readings(case, reading),
        Some(_) => Verdict::Met,
    }
}

/// Returns the group, when the reading and what is beside it qualify.
pub fn group(case: &Case, values: &Values) -> Option<Group> {
    let reading = Reading::of(case)?;
    let is_found = |name: &str| flag(case, name) == Some(true);
    let is_thick = number(case, "oxygen.hematocrit")
        .is_some_and(|percent| percent > value(values, "hematocrit-above"));
    let has_finding = is_found("oxygen.edema") || is_found("oxygen.cor-pulmonale") || is_thick;
    if reading.is_within(Group::One, values) || falls_in_sleep(case, values) {
        Some(Group::One)
    } else if reading.is_within(Group::Two, values) {
        has_finding.then_some(Group::Two)
    } else {
        is_found("oxygen.improves-condition").then_some(Group::Three)
    }
}

/// A fall in sleep counts by itself, with symptoms: of the saturation, or of the arterial pressure.
fn falls_in_sleep(case: &Case, values: &Values) -> bool {
    let falls = |awake: &str, asleep: &str, above: &str| {
        number(case, awake)
            .zip(number(case, asleep))
            .is_some_and(|(awake, asleep)| awake.0 - asleep.0 > value(values, above).0)
    };
    code(case, "oxygen.condition") == Some("sleep")
        && flag(case, "oxygen.sleep-symptoms") == Some(true)
        && (falls("oxygen.rest-spo2", "oxygen.spo2", "sleep-drop-spo2-above")
            || falls("oxygen.rest-pao2", "oxygen.pao2", "sleep-drop-pao2-above"))
}

fn falls_short(reading: Reading, values: &Values) -> String {
    let words = reading.words();
    if reading.is_within(Group::Two, values) {
        let percent = value(values, "hematocrit-above");
        return format!(
            "{words} counts only with edema of heart failure, pulmonary hypertension or cor pulmonale, or a hematocrit above {percent} %: send which the record shows"
        );
    }
    format!(
        "{words} does not qualify for home oxygen, unless the record shows a condition that oxygen improves, such as cluster headache"
    )
}

/// A test in exercise is three readings of one session: at rest, in exercise, and in exercise with oxygen.
fn three_readings(case: &Case, reading: Reading) -> Verdict {
    let names = ["oxygen.rest-spo2", "oxygen.exercise-oxygen-spo2"];
    let [Some(_), Some(with_oxygen)] = names.map(|name| number(case, name)) else {
        let why = "a test in exercise counts with three readings of one session: at rest, in exercise, and in exercise with oxygen";
        let because = |name| Wanted::because(name, why.to_owned());
        return Verdict::Unknown(absent(case, &names).into_iter().map(because).collect());
    };
    match reading {
        Reading::Saturation(without) if with_oxygen <= without => Verdict::not_met(format!(
            "with oxygen the saturation in exercise is {with_oxygen} %, no better than {without} % without: the record has to show that oxygen helps"
        )),
        Reading::Saturation(_) | Reading::Pressure(_) => Verdict::Met,
    }
}

/// A test in exercise qualifies for portable oxygen alone, unless the reading at rest qualifies too.
pub(super) fn stationary(case: &Case, _: &Line, values: &Values) -> Verdict {
    let limit = value(values, "group-1-spo2-max");
    let rest_qualifies = number(case, "oxygen.rest-spo2").is_some_and(|rest| rest <= limit);
    if code(case, "oxygen.condition") != Some("exercise") || rest_qualifies {
        return Verdict::Met;
    }
    Verdict::not_met(
        "a test in exercise qualifies for portable oxygen only: cancel the stationary equipment, or send a test at rest",
    )
}

/// A test in sleep qualifies for the night alone, and nobody carries oxygen in sleep.
pub(super) fn portable(case: &Case, _: &Line, _: &Values) -> Verdict {
    if code(case, "oxygen.condition") != Some("sleep") {
        return Verdict::Met;
    }
    Verdict::not_met(
        "a test in sleep qualifies for oxygen at night only: cancel the portable equipment, or send a test awake",
    )
}

/// A test in the hospital is the one closest to discharge. Source: facts 1.3 [S7].
pub(super) fn test_timing(case: &Case, _: &Line, values: &Values) -> Verdict {
    let (Some(discharge), Some(zone)) = (&case.intake.discharge, &case.zone) else {
        return Verdict::Met;
    };
    let Some(tested_on) = date(case, "oxygen.test-on") else {
        return Verdict::unknown(&["oxygen.test-on"]);
    };
    let most = value(values, "days-before-discharge-max");
    let days = i64::from((discharge.at.date(zone) - tested_on).get_days());
    if Milli::whole(days) <= most {
        return Verdict::Met;
    }
    Verdict::not_met(format!(
        "the test is {days} days before the discharge and may be {most} at most: test again"
    ))
}
