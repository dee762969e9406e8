//! What is ordered: the common needs of each trade, with their codes, diagnoses, and the facts that belong to them.

use doorstep_case::ServiceLine::{self, Dme, HomeHealth, HomeInfusion, PostAcute};

/// One thing wanted.
#[derive(Debug, PartialEq, Eq)]
pub struct Wanted {
    /// HCPCS or revenue code.
    pub code: &'static str,
    /// Our words for it.
    pub words: &'static str,
    /// How many.
    pub quantity: u32,
    /// Of what, as our formats write it.
    pub unit: &'static str,
}

/// A need.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// The trade.
    pub service: ServiceLine,
    /// The family of its first line.
    pub family: &'static str,
    /// What is wanted.
    pub wanted: &'static [Wanted],
    /// Diagnoses, principal first.
    pub diagnoses: &'static [&'static str],
    /// Items that an order of it needs, beyond those of every order.
    pub facts: &'static [&'static str],
    /// In how many of a hundred orders the member is about to leave a hospital.
    pub discharge_percent: u32,
}

const fn each(code: &'static str, words: &'static str) -> Wanted {
    Wanted { code, words, quantity: 1, unit: "each" }
}

const fn many(
    code: &'static str,
    words: &'static str,
    quantity: u32,
    unit: &'static str,
) -> Wanted {
    Wanted { code, words, quantity, unit }
}

macro_rules! with_common {
    ($($item:literal),* $(,)?) => { &["order.ordered-on", "order.signed-on", "order.length-of-need", $($item),*] };
}

/// The needs, each with how often it comes.
pub const KINDS: &[(u32, Kind)] = &[
    (
        22,
        Kind {
            service: Dme,
            family: "oxygen",
            wanted: &[each("E1390", "Oxygen concentrator"), each("E0431", "Portable oxygen")],
            diagnoses: &["J44.9", "J96.11"],
            facts: with_common![
                "oxygen.spo2",
                "oxygen.condition",
                "oxygen.test-on",
                "oxygen.lpm",
                "oxygen.hours-per-day",
                "oxygen.device",
                "oxygen.portable",
                "order.face-to-face-on",
                "order.face-to-face-note",
            ],
            discharge_percent: 55,
        },
    ),
    (
        10,
        Kind {
            service: Dme,
            family: "pap",
            wanted: &[each("E0601", "CPAP device"), each("A7030", "CPAP mask")],
            diagnoses: &["G47.33"],
            facts: with_common![
                "pap.ahi",
                "pap.events",
                "pap.test-on",
                "pap.evaluation-on",
                "pap.pressure"
            ],
            discharge_percent: 0,
        },
    ),
    (
        10,
        Kind {
            service: Dme,
            family: "hospital-bed",
            wanted: &[each("E0260", "Hospital bed, semi-electric")],
            diagnoses: &["M48.061"],
            facts: with_common!["bed.positioning-need", "bed.frequent-changes", "member.weight"],
            discharge_percent: 50,
        },
    ),
    (
        9,
        Kind {
            service: Dme,
            family: "wheelchair",
            wanted: &[each("K0001", "Wheelchair")],
            diagnoses: &["I69.351"],
            facts: with_common![
                "wheelchair.mobility-limit",
                "wheelchair.home-accessible",
                "wheelchair.operates",
                "member.weight",
            ],
            discharge_percent: 40,
        },
    ),
    (
        3,
        Kind {
            service: Dme,
            family: "power-wheelchair",
            wanted: &[each("K0823", "Power wheelchair")],
            diagnoses: &["G12.21"],
            facts: with_common![
                "wheelchair.mobility-limit",
                "wheelchair.home-accessible",
                "wheelchair.manual-insufficient",
                "member.weight",
                "order.face-to-face-on",
                "order.face-to-face-note",
            ],
            discharge_percent: 0,
        },
    ),
    (
        8,
        Kind {
            service: Dme,
            family: "walking-aids",
            wanted: &[each("E0143", "Folding walker with wheels"), each("E0163", "Commode chair")],
            diagnoses: &["M17.0"],
            facts: with_common![],
            discharge_percent: 45,
        },
    ),
    (
        8,
        Kind {
            service: Dme,
            family: "wound-dressings",
            wanted: &[many("A6212", "Foam dressing", 12, "each")],
            diagnoses: &["L97.412", "E11.65"],
            facts: with_common![
                "wound.type",
                "wound.size",
                "wound.count",
                "wound.drainage",
                "wound.change-frequency",
                "wound.location",
                "wound.dressing-size",
                "wound.per-change",
                "wound.duration",
                "wound.evaluated-on",
            ],
            discharge_percent: 15,
        },
    ),
    (
        13,
        Kind {
            service: HomeHealth,
            family: "physical-therapy",
            wanted: &[
                many("G0151", "Physical therapy visit", 8, "visit"),
                many("G0299", "Nursing visit", 4, "visit"),
            ],
            diagnoses: &["Z96.651"],
            facts: with_common![
                "home-health.disciplines",
                "home-health.frequency",
                "home-health.start-on",
                "home-health.homebound",
                "home-health.face-to-face-on",
                "home-health.plan-of-care",
            ],
            discharge_percent: 60,
        },
    ),
    (
        6,
        Kind {
            service: HomeHealth,
            family: "nursing",
            wanted: &[many("G0299", "Nursing visit", 9, "visit")],
            diagnoses: &["I50.32"],
            facts: with_common![
                "home-health.disciplines",
                "home-health.frequency",
                "home-health.start-on",
                "home-health.homebound",
                "home-health.face-to-face-on",
                "home-health.plan-of-care",
            ],
            discharge_percent: 40,
        },
    ),
    (
        7,
        Kind {
            service: HomeInfusion,
            family: "antibiotic",
            wanted: &[
                many("S9500", "Antibiotic infusion, daily", 14, "day"),
                many("J0696", "Ceftriaxone, 250 mg", 112, "each"),
            ],
            diagnoses: &["M86.9"],
            facts: with_common![
                "infusion.drug",
                "infusion.dose",
                "infusion.stop-on",
                "infusion.access-device",
                "infusion.first-dose",
                "infusion.next-dose-at",
                "infusion.tip-confirmed",
                "infusion.lumens",
                "infusion.flush-lock",
                "infusion.site-care",
                "infusion.administered-by",
                "infusion.history",
                "infusion.medication-record",
                "member.weight",
                "member.allergies",
            ],
            discharge_percent: 75,
        },
    ),
    (
        4,
        Kind {
            service: PostAcute,
            family: "snf",
            wanted: &[many("0191", "Skilled nursing facility stay", 20, "day")],
            diagnoses: &["S72.001D"],
            facts: with_common![
                "facility.setting",
                "facility.clinical-packet",
                "facility.daily-skilled-need"
            ],
            discharge_percent: 100,
        },
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::truth;
    use doorstep_case::Item;
    use doorstep_packs::Packs;
    use doorstep_vocab::{Date, Icd10, PayerId, Procedure};

    #[test]
    fn every_need_is_known_to_the_packs_and_can_be_billed() {
        let on = Date::constant(2026, 11, 23);
        let terms = Packs::builtin().terms_for(&PayerId::from("evergreen-ma"), on);
        for (_, kind) in KINDS {
            let found = terms.classify(&Procedure::parse(kind.wanted[0].code).unwrap());
            let (service, family) =
                found.unwrap_or_else(|| panic!("{} is no code", kind.wanted[0].code));
            assert_eq!((service, family.name.0.as_str()), (kind.service, kind.family));
            assert!(
                kind.diagnoses.iter().all(|code| Icd10::parse(code, on).is_ok()),
                "{:?}",
                kind.diagnoses
            );
            for item in kind.facts {
                let said = truth(item, on).unwrap_or_else(|| panic!("nothing is true of {item}"));
                assert!(Item::named(item).read(&said).is_some(), "{item}: {said}");
            }
        }
    }
}
