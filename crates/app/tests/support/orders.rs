//! Orders by number, each in every format. The people are `Testa7 Example` and the like.

use doorstep_vocab::Date;
use serde_json::{Value, json};

/// What is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    Oxygen,
    Bed,
    Therapy,
}

/// A door by which an order comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    Fhir,
    X12,
    Hl7,
    Csv,
}

/// One order as the world means it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Which member, from 0: every number is another person.
    pub n: u32,
    pub care: Care,
}

impl Door {
    pub const ALL: [Self; 4] = [Self::Fhir, Self::X12, Self::Hl7, Self::Csv];
}

impl Order {
    /// The order of that number: the kinds of care take turns.
    pub fn nth(n: u32) -> Self {
        let care = [Care::Oxygen, Care::Bed, Care::Therapy];
        Self { n, care: care[n as usize % care.len()] }
    }

    pub fn code(self) -> &'static str {
        match self.care {
            Care::Oxygen => "E1390",
            Care::Bed => "E0260",
            Care::Therapy => "G0151",
        }
    }

    pub fn given(self) -> String {
        format!("Testa{}", self.n)
    }

    pub fn member_id(self) -> String {
        format!("SYN{:09}", self.n)
    }

    pub fn born_on(self) -> Date {
        let (year, day) =
            (1930 + i16::try_from(self.n % 60).unwrap(), 1 + i8::try_from(self.n % 28).unwrap());
        Date::new(year, 1 + i8::try_from(self.n % 12).unwrap(), day).unwrap()
    }

    /// The order as a file of the door. `again` numbers the message anew: the order is the same, its bytes are not.
    pub fn by(self, door: Door, again: u32) -> String {
        match door {
            Door::Fhir => self.fhir(again).to_string(),
            Door::X12 => self.x12(again),
            Door::Hl7 => self.hl7(again),
            Door::Csv => self.csv(again),
        }
    }

    fn fhir(self, again: u32) -> Value {
        let url = |what: &str| format!("https://ehr.example/fhir/{what}");
        let entry =
            |what: &str, resource: Value| json!({ "fullUrl": url(what), "resource": resource });
        let n = self.n;
        json!({
            "resourceType": "Bundle", "type": "message", "timestamp": "2026-03-02T09:00:00-06:00",
            "identifier": { "system": "https://ehr.example/messages", "value": format!("B{n}-{again}") },
            "entry": [
                entry(&format!("MessageHeader/m{n}-{again}"), json!({
                    "resourceType": "MessageHeader", "id": format!("m{n}-{again}"),
                    "eventCoding": {
                        "system": "http://hl7.org/fhir/us/dme-orders/CodeSystem/PAOX-Message-Event", "code": "InitialOrder",
                    },
                    "source": { "name": "Example EHR", "endpoint": "https://ehr.example/fhir" },
                    "focus": [{ "reference": "DeviceRequest/r" }],
                })),
                entry("DeviceRequest/r", json!({
                    "resourceType": "DeviceRequest", "id": "r", "identifier": [{ "value": format!("F-{n}") }],
                    "status": "active", "intent": "order", "authoredOn": "2026-03-02T08:30:00-06:00",
                    "codeCodeableConcept": { "coding": [{
                        "system": "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "code": self.code(),
                    }] },
                    "subject": { "reference": "Patient/p" }, "insurance": [{ "reference": "Coverage/c" }],
                    "requester": { "reference": "Practitioner/d" },
                })),
                entry("Patient/p", json!({
                    "resourceType": "Patient", "id": "p", "gender": "female", "birthDate": self.born_on().to_string(),
                    "name": [{ "use": "official", "family": "Example", "given": [self.given()] }],
                    "telecom": [{ "system": "phone", "value": "608-555-0100", "use": "home" }],
                    "address": [{
                        "use": "home", "line": [format!("{} Sample Street", n + 1)], "city": "Madison", "state": "WI",
                        "postalCode": "53703",
                    }],
                })),
                entry("Coverage/c", json!({
                    "resourceType": "Coverage", "id": "c", "status": "active", "subscriberId": self.member_id(),
                    "beneficiary": { "reference": "Patient/p" }, "payor": [{ "display": "Example Health Plan" }],
                })),
                entry("Practitioner/d", json!({
                    "resourceType": "Practitioner", "id": "d",
                    "identifier": [{ "system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893" }],
                    "name": [{ "family": "Tester", "given": ["Ola"] }],
                })),
            ],
        })
    }

    fn x12(self, again: u32) -> String {
        let control = self.n * 100 + again + 1;
        let (given, born) = (self.given().to_uppercase(), self.born_on().strftime("%Y%m%d"));
        let body = [
            "BHT*0007*13*BATCH-1*20260302*0900",
            "HL*1**20*1",
            "NM1*X3*2*EXAMPLE HEALTH PLAN*****PI*SYN01",
            "HL*2*1*21*1",
            "NM1*1P*1*TESTER*OLA****XX*1234567893",
            "HL*3*2*22*1",
            &format!("NM1*IL*1*EXAMPLE*{given}****MI*{}", self.member_id()),
            &format!("N3*{} SAMPLE STREET", self.n + 1),
            "N4*MADISON*WI*53703",
            &format!("DMG*D8*{born}*F"),
            "HL*4*3*EV*1",
            &format!("TRN*1*X-{}*9012345678", self.n),
            "UM*HS*I*12*12:B**U",
            "HL*5*4*SS*0",
            &format!("SV1*HC:{}**UN*1", self.code()),
        ];
        let body: String = body.iter().flat_map(|segment| [segment, "~"]).collect();
        let n_segments = body.matches('~').count() + 2;
        format!(
            "ISA*00*          *00*          *ZZ*TESTSENDER     *ZZ*DOORSTEPHUB    *260302*0900*^*00501*{control:09}*0*T*:~\
             GS*HI*TESTSENDER*DOORSTEPHUB*20260302*0900*{control}*X*005010X217~ST*278*0001*005010X217~{body}\
             SE*{n_segments}*0001~GE*1*{control}~IEA*1*{control:09}~"
        )
    }

    fn hl7(self, again: u32) -> String {
        let (n, given, code) = (self.n, self.given(), self.code());
        let (born, member_id) = (self.born_on().strftime("%Y%m%d"), self.member_id());
        [
            format!("MSH|^~\\&|EHR|EXAMPLE HOSPITAL|DOORSTEP||20260302090000-0600||OMG^O19^OMG_O19|M{n}-{again}|P|2.5.1"),
            format!(
                "PID|1||MR{n}^^^EXH^MR||Example^{given}^^^^^L||{born}|F|||{} Sample Street^^Madison^WI^53703^^H||^PRN^PH^^^608^5550100",
                n + 1
            ),
            format!("IN1|1|PLN^Example Plan|EX001|Example Health Plan|{}|{member_id}", "|".repeat(30)),
            format!(
                "ORC|NW|H-{n}^EHR||G-{n}|||||20260302083000|||1234567893^Tester^Ola^^^Dr^MD^^^^^^NPI"
            ),
            format!("OBR|1|H-{n}^EHR||{code}^^HCPCS"),
        ]
        .join("\r")
    }

    fn csv(self, again: u32) -> String {
        format!("{CSV_HEADER}{}", self.csv_row(again))
    }

    /// One row of the import. A note tells one delivery from another.
    pub fn csv_row(self, again: u32) -> String {
        format!(
            "C-{n},Example,{given},{born},F,{member_id},Example Health Plan,{house} Sample Street,Madison,WI,53703,608-555-0100,1234567893,{code},1,2026-03-02,delivery {again}\n",
            n = self.n,
            given = self.given(),
            born = self.born_on(),
            member_id = self.member_id(),
            house = self.n + 1,
            code = self.code(),
        )
    }
}

/// The import's first row.
pub const CSV_HEADER: &str = "referral_id,last_name,first_name,dob,sex,member_id,payer,address,city,state,zip,phone,npi,hcpcs,qty,order_date,notes\n";

/// Small, seeded chance: the same seed plays the same.
pub struct Chance(u64);

impl Chance {
    /// Takes `DOORSTEP_SEED`, or `seed`, and prints which.
    pub fn seeded(seed: u64) -> Self {
        let given = std::env::var("DOORSTEP_SEED").ok().and_then(|text| text.parse().ok());
        let seed = given.unwrap_or(seed);
        eprintln!("DOORSTEP_SEED={seed}");
        Self(seed)
    }

    /// Takes a seed that was printed elsewhere.
    pub fn from(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits, by `SplitMix64`.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.bits() % n as u64).unwrap()
    }

    /// One of several.
    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }
}
