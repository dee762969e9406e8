//! What is true of a need, by item: values that qualify, with days that follow from the order's.

use crate::hours::{minus_days, plus_days};
use doorstep_vocab::Date;

enum Truth {
    Said(&'static str),
    /// So many days before the order.
    Before(u32),
    /// So many days after the order.
    After(u32),
    /// So many days after the order, in the evening.
    Evening(u32),
}

use Truth::{After, Before, Evening, Said};

const TRUTHS: &[(&str, Truth)] = &[
    ("bed.frequent-changes", Said("yes")),
    ("bed.positioning-need", Said("yes")),
    ("bed.surface-need", Said("yes")),
    ("bed.transfer-need", Said("yes")),
    ("bed.ulcer-finding", Said("large-or-stage-3-or-4")),
    ("coverage.other", Said("no")),
    ("enteral.formula", Said("test formula 1.0")),
    ("enteral.hours", Said("20")),
    ("enteral.kcal-per-day", Said("1500")),
    ("enteral.long-impairment", Said("yes")),
    ("enteral.pump-reason", Said("reflux")),
    ("enteral.rate", Said("75")),
    ("enteral.route", Said("gastrostomy")),
    ("enteral.special-reason", Said("malabsorption")),
    ("facility.clinical-packet", Said("sent")),
    ("facility.daily-skilled-need", Said("yes")),
    ("facility.inpatient-days", Said("4")),
    ("facility.pasrr", Said("sent")),
    ("facility.setting", Said("snf")),
    ("home-health.disciplines", Said("as ordered")),
    ("home-health.face-to-face-on", Before(5)),
    ("home-health.frequency", Said("twice a week for six weeks")),
    ("home-health.homebound", Said("yes")),
    ("home-health.plan-of-care", Said("signed")),
    ("home-health.start-on", After(2)),
    ("infusion.access-device", Said("picc")),
    ("infusion.administered-by", Said("caregiver")),
    ("infusion.dose", Said("2 g every 24 hours")),
    ("infusion.drug", Said("ceftriaxone")),
    ("infusion.first-dose", Said("no")),
    ("infusion.flush-lock", Said("saline, then heparin")),
    ("infusion.height", Said("67")),
    ("infusion.history", Said("sent")),
    ("infusion.labs", Said("weekly")),
    ("infusion.lumens", Said("1")),
    ("infusion.medication-record", Said("sent")),
    ("infusion.next-dose-at", Evening(1)),
    ("infusion.site-care", Said("weekly")),
    ("infusion.stop-on", After(14)),
    ("infusion.tip-confirmed", Said("yes")),
    ("member.access-barriers", Said("none")),
    ("member.allergies", Said("none known")),
    ("member.weight", Said("178")),
    ("npwt.measured-on", Before(2)),
    ("npwt.measurements", Said("sent")),
    ("npwt.prior-program", Said("yes")),
    ("order.dates-of-service", After(1)),
    ("order.face-to-face-note", Said("sent")),
    ("order.face-to-face-on", Before(12)),
    ("order.length-of-need", Said("12")),
    ("order.ordered-on", Before(0)),
    ("order.service", Said("as ordered")),
    ("order.signed-on", Before(0)),
    ("oxygen.condition", Said("rest")),
    ("oxygen.device", Said("cannula")),
    ("oxygen.hours-per-day", Said("18")),
    ("oxygen.lpm", Said("2")),
    ("oxygen.portable", Said("yes")),
    ("oxygen.spo2", Said("86")),
    ("oxygen.test-on", Before(0)),
    ("pap.ahi", Said("22")),
    ("pap.evaluation-on", Before(40)),
    ("pap.events", Said("140")),
    ("pap.pressure", Said("9")),
    ("pap.test-on", Before(14)),
    ("wheelchair.home-accessible", Said("yes")),
    ("wheelchair.manual-insufficient", Said("yes")),
    ("wheelchair.mobility-limit", Said("yes")),
    ("wheelchair.operates", Said("yes")),
    ("wound.change-frequency", Said("3")),
    ("wound.count", Said("1")),
    ("wound.drainage", Said("moderate")),
    ("wound.dressing-size", Said("4 x 4 in")),
    ("wound.duration", Said("4")),
    ("wound.evaluated-on", Before(3)),
    ("wound.location", Said("left heel")),
    ("wound.per-change", Said("1")),
    ("wound.size", Said("3 x 2 x 0.4 cm")),
    ("wound.type", Said("debrided")),
];

/// Returns what is true of an item for an order of `ordered_on`, as [`doorstep_case::Item::read`] reads it. `None` for items
/// that are the member's or the clinician's own.
pub(crate) fn truth(item: &str, ordered_on: Date) -> Option<String> {
    let (_, truth) = TRUTHS.iter().find(|(known, _)| *known == item)?;
    Some(match truth {
        Said(words) => (*words).to_owned(),
        Before(days) => minus_days(ordered_on, *days).to_string(),
        After(days) => plus_days(ordered_on, *days).to_string(),
        Evening(days) => format!("{}T23:00:00Z", plus_days(ordered_on, *days)),
    })
}
