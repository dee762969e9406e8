//! Invented members, clinicians, facilities and plans. Whoever reads one sees at once that it is none.

use crate::hours::minus_days;
use crate::rng::Rng;
use doorstep_app::command::Contact;
use doorstep_case::{Address, Clinician, Coverage, Organisation, Person, Phone, Sex};
use doorstep_vocab::{Date, Npi, PayerId, Phi, Zip};

/// Family names that nobody takes for a person's.
const FAMILY: &[&str] = &[
    "Example",
    "Sample",
    "Testcase",
    "Placeholder",
    "Specimen",
    "Mockup",
    "Fixture",
    "Demoperson",
    "Trialrun",
    "Fictional",
    "Notreal",
    "Standin",
];
const GIVEN_F: &[&str] =
    &["Testa", "Synthia", "Modella", "Exampla", "Dummetta", "Fictora", "Protina", "Sampla"];
const GIVEN_M: &[&str] =
    &["Mockbert", "Testan", "Fakeston", "Dummond", "Protus", "Samplon", "Trialdo", "Exampeter"];

/// ZIPs that are real, so that clocks are on the member's zone: six zones. With the area code of the invented telephone.
pub(crate) const ZIPS: &[(&str, &str)] = &[
    ("10001", "212"),
    ("14604", "585"),
    ("19104", "215"),
    ("44113", "216"),
    ("33130", "305"),
    ("46534", "574"),
    ("60607", "312"),
    ("53703", "608"),
    ("77002", "713"),
    ("80203", "303"),
    ("85004", "602"),
    ("98101", "206"),
    ("90012", "213"),
];

/// A health plan.
#[derive(Debug, PartialEq, Eq)]
pub struct Plan {
    /// The folder of its pack; empty for the plan that has none.
    pub payer_id: &'static str,
    /// Its code, as senders write it.
    pub code: &'static str,
    /// Its name, as senders write it.
    pub name: &'static str,
}

/// The plans, each with how many of a hundred members it has. The last has no pack: its rules have to be asked for.
pub(crate) const PLANS: &[(u32, Plan)] = &[
    (44, Plan { payer_id: "evergreen-ma", code: "EVGRN", name: "Evergreen Example Health" }),
    (28, Plan { payer_id: "lakeshore-medicaid", code: "LKSHR", name: "Lakeshore Example" }),
    (22, Plan { payer_id: "summit-commercial", code: "SUMIT", name: "Summit Example" }),
    (6, Plan { payer_id: "", code: "HARBR", name: "Harbor Sample Mutual" }),
];

/// Where orders come from: name, identifier, planner, telephone, fax.
pub(crate) const FACILITIES: &[[&str; 5]] = &[
    ["Example General Hospital", "TEST-FAC-1", "Pat Sample", "2125550171", "2125550181"],
    ["Sample Regional Medical Center", "TEST-FAC-2", "Kim Example", "3125550172", "3125550182"],
    ["Testville Community Hospital", "TEST-FAC-3", "Lee Testcase", "2155550173", "2155550183"],
    ["Placeholder Pulmonary Clinic", "TEST-FAC-4", "Max Sample", "7135550174", "7135550184"],
    ["Specimen Sleep Center", "TEST-FAC-5", "Sky Example", "3035550175", "3035550185"],
    ["Fixture Family Practice", "TEST-FAC-6", "Jo Testcase", "2065550176", "2065550186"],
];

/// Whether a facility has people at all hours.
pub(crate) fn is_hospital(facility: &[&str; 5]) -> bool {
    ["Hospital", "Medical Center"].iter().any(|kind| facility[0].ends_with(kind))
}

/// People who take calls at providers.
const COORDINATORS: &[&str] = &[
    "Cora Sample",
    "Dev Example",
    "Mina Testcase",
    "Theo Placeholder",
    "Rosa Specimen",
    "Kofi Fixture",
];

/// Makes whom to ask for at a provider.
pub(crate) fn contact(rng: &mut Rng) -> Contact {
    let name = rng.pick(COORDINATORS).copied().unwrap_or("Cora Sample");
    let phone = format!("800-555-01{:02}", rng.below(100));
    Contact { name: Phi::new(name.to_owned()), phone: Phi::new(phone) }
}

/// Who orders.
const CLINICIANS: &[(&str, &str)] = &[
    ("Ola", "Tester"),
    ("Otto", "Orderer"),
    ("Ada", "Sampledoc"),
    ("Ines", "Examplemed"),
    ("Raj", "Mockwell"),
    ("Mei", "Trialstone"),
    ("Sol", "Placeholder"),
    ("Uma", "Fixturi"),
    ("Gus", "Demograph"),
    ("Bea", "Notarealmd"),
];

/// A member, with all that an order may say of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub family: &'static str,
    pub given: &'static str,
    pub born_on: Date,
    pub is_female: bool,
    pub street: String,
    pub zip: &'static str,
    /// Ten digits, of 555-01xx.
    pub phone: String,
    pub language: &'static str,
    /// Begins with `TEST-`.
    pub plan_number: String,
    pub record_number: String,
}

impl Member {
    /// Makes the member of a number: no two numbers are the same person.
    pub(crate) fn new(number: u32, rng: &mut Rng) -> Self {
        let is_female = rng.percent(54);
        let given = if is_female { GIVEN_F } else { GIVEN_M };
        let (zip, area) = rng.pick(ZIPS).copied().unwrap_or(ZIPS[0]);
        Self {
            family: rng.pick(FAMILY).copied().unwrap_or(FAMILY[0]),
            given: rng.pick(given).copied().unwrap_or(given[0]),
            // The number makes the birthday, so that no two members share it, not even over the days of a demo.
            born_on: minus_days(Date::constant(1966, 6, 30), number % 12_000),
            is_female,
            street: format!("{} Test Street", rng.between(1, 99)),
            zip,
            phone: format!("{area}55501{:02}", rng.below(100)),
            language: if rng.percent(12) { "es" } else { "en" },
            plan_number: format!("TEST-{number:06}"),
            record_number: format!("TEST-MR-{number:06}"),
        }
    }

    pub(crate) fn city(&self) -> &'static str {
        self.place().map_or("Testville", doorstep_vocab::Place::city)
    }

    pub(crate) fn state(&self) -> &'static str {
        self.place().map_or("NY", doorstep_vocab::Place::state)
    }

    fn place(&self) -> Option<&'static doorstep_vocab::Place> {
        Zip::shape(self.zip)?.place()
    }

    /// Returns the member as the person whom a case knows.
    pub(crate) fn person(&self) -> Person {
        let text = |text: &str| Some(Phi::new(text.to_owned()));
        Person {
            family: text(self.family),
            given: vec![Phi::new(self.given.to_owned())],
            birth_on: Some(Phi::new(self.born_on)),
            sex: Some(Phi::new(if self.is_female { Sex::Female } else { Sex::Male })),
            address: Some(Address {
                lines: vec![Phi::new(self.street.clone())],
                city: text(self.city()),
                state: text(self.state()),
                zip: text(self.zip),
            }),
            phones: vec![Phone { number: Phi::new(self.phone.clone()), kind: "home".to_owned() }],
            language: text(self.language),
            ..Person::default()
        }
    }

    /// Returns the member's coverage as a case knows it.
    pub(crate) fn coverage(&self, plan: &Plan) -> Coverage {
        Coverage {
            payer_id: (!plan.payer_id.is_empty()).then(|| PayerId::from(plan.payer_id)),
            payer_code: Some(plan.code.to_owned()),
            payer_name: Some(plan.name.to_owned()),
            member_id: Some(Phi::new(self.plan_number.clone())),
            is_subscriber: Some(true),
            ..Coverage::default()
        }
    }
}

/// Who orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prescriber {
    pub given: &'static str,
    pub family: &'static str,
    pub npi: String,
    /// Ten digits, of 555-01xx.
    pub phone: String,
}

impl Prescriber {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let at = rng.below(u32::try_from(CLINICIANS.len()).unwrap_or(1));
        let (given, family) = CLINICIANS[usize::try_from(at).unwrap_or(0)];
        Self { given, family, npi: npi(100 + at), phone: format!("21255501{:02}", 40 + at) }
    }

    /// Returns them as a case knows them.
    pub(crate) fn clinician(&self) -> Clinician {
        Clinician {
            name: Some(format!("Dr {} {}", self.given, self.family)),
            npi: Some(self.npi.clone()),
            npi_valid: true,
            phone: Some(self.phone.clone()),
            fax: None,
        }
    }
}

/// Returns where orders come from as a case knows it.
pub(crate) fn organisation([name, identifier, contact, phone, fax]: &[&str; 5]) -> Organisation {
    let text = |text: &str| Some(text.to_owned());
    Organisation {
        name: text(name),
        identifier: text(identifier),
        contact: text(contact),
        phone: text(phone),
        fax: text(fax),
    }
}

/// Returns an NPI with a right check digit that nobody has: those that begin with 2 are not given out. Source: 45 CFR
/// 162.406 \[K\].
pub(crate) fn npi(number: u32) -> String {
    let nine = format!("29999{:04}", number % 10_000);
    let right = (0..10).map(|digit| format!("{nine}{digit}")).find(|npi| Npi::parse(npi).is_ok());
    right.expect("one of ten check digits is right")
}
