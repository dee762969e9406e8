//! PID, PV1, PV2, NK1 and GT1: the patient, the stay, and the people around.

use crate::order::fields::Fields;
use crate::problem::Problem;
use crate::read::Message;
use crate::types::{Address, Code, Doctor, Id, Location, Name, Phone, Ts};

/// PID.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patient {
    /// PID-3, then PID-2 and PID-4 of old versions.
    pub ids: Vec<Id>,
    /// PID-5; the first is the one to use.
    pub names: Vec<Name>,
    /// PID-7.
    pub born: Option<Ts>,
    /// PID-8, HL7 table 0001.
    pub sex: Option<String>,
    /// PID-10.
    pub races: Vec<Code>,
    /// PID-11.
    pub addresses: Vec<Address>,
    /// PID-13, PID-14 and PID-40, in this order.
    pub phones: Vec<Phone>,
    /// PID-15.
    pub language: Option<Code>,
    /// PID-16.
    pub marital_status: Option<Code>,
    /// PID-18.
    pub account: Option<Id>,
    /// PID-19, as sent.
    pub ssn: Option<String>,
    /// PID-22.
    pub ethnicities: Vec<Code>,
    /// PID-29.
    pub died_at: Option<Ts>,
    /// PID-30 is Y, or PID-29 is there.
    pub is_dead: bool,
}

impl Patient {
    /// Reads the first PID of any message, such as an ADT.
    pub fn read(message: &Message<'_>) -> Option<Self> {
        let mut problems: Vec<Problem> = Vec::new();
        let segment = message.segment("PID")?;
        Some(Self::of(&mut Fields::new(segment, &mut problems)))
    }

    pub(crate) fn of(pid: &mut Fields<'_, '_>) -> Self {
        let many = |from: &[usize]| from.iter().flat_map(|n| pid.all(*n, Id::read)).collect();
        let ids = many(&[3, 2, 4]);
        let phones = [13, 14, 40].iter().flat_map(|n| pid.all(*n, Phone::read)).collect();
        let died_at = pid.date(29);
        Self {
            ids,
            names: pid.all(5, Name::read),
            born: pid.date(7),
            sex: pid.text(8),
            races: pid.all(10, Code::read),
            addresses: pid.all(11, Address::read),
            phones,
            language: pid.code(15),
            marital_status: pid.code(16),
            account: pid.one(18, Id::read),
            ssn: pid.text(19),
            ethnicities: pid.all(22, Code::read),
            is_dead: died_at.is_some() || pid.text(30).as_deref() == Some("Y"),
            died_at,
        }
    }
}

/// PV1 and PV2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// PV1-2, HL7 table 0004: `I` inpatient, `O` outpatient, `E` emergency.
    pub class: Option<String>,
    /// PV1-3.
    pub location: Option<Location>,
    /// PV1-7.
    pub attending: Vec<Doctor>,
    /// PV1-8.
    pub referring: Vec<Doctor>,
    /// PV1-9.
    pub consulting: Vec<Doctor>,
    /// PV1-10.
    pub service: Option<String>,
    /// PV1-17.
    pub admitting: Vec<Doctor>,
    /// PV1-19.
    pub number: Option<Id>,
    /// PV1-36, where to and how the patient left.
    pub discharge_disposition: Option<String>,
    /// PV1-37.
    pub discharged_to: Option<String>,
    /// PV1-44.
    pub admitted_at: Option<Ts>,
    /// PV1-45.
    pub discharged_at: Option<Ts>,
    /// PV2-3.
    pub reason: Option<Code>,
    /// PV2-9.
    pub discharge_expected_at: Option<Ts>,
}

impl Visit {
    /// Reads the first PV1, and the PV2 after it, of any message.
    pub fn read(message: &Message<'_>) -> Option<Self> {
        let mut problems: Vec<Problem> = Vec::new();
        let segment = message.segment("PV1")?;
        let mut visit = Self::of(&mut Fields::new(segment, &mut problems));
        if let Some(segment) = message.segment("PV2") {
            visit.add(&mut Fields::new(segment, &mut problems));
        }
        Some(visit)
    }

    pub(crate) fn of(pv1: &mut Fields<'_, '_>) -> Self {
        Self {
            class: pv1.text(2),
            location: pv1.one(3, Location::read),
            attending: pv1.all(7, Doctor::read),
            referring: pv1.all(8, Doctor::read),
            consulting: pv1.all(9, Doctor::read),
            service: pv1.text(10),
            admitting: pv1.all(17, Doctor::read),
            number: pv1.one(19, Id::read),
            discharge_disposition: pv1.text(36),
            discharged_to: pv1.text(37),
            admitted_at: pv1.date(44),
            discharged_at: pv1.date(45),
            reason: None,
            discharge_expected_at: None,
        }
    }

    pub(crate) fn add(&mut self, pv2: &mut Fields<'_, '_>) {
        self.reason = pv2.code(3);
        self.discharge_expected_at = pv2.date(9);
    }
}

/// NK1: a relative, a friend, an employer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// NK1-2.
    pub names: Vec<Name>,
    /// NK1-3, HL7 table 0063.
    pub relation: Option<Code>,
    /// NK1-4.
    pub addresses: Vec<Address>,
    /// NK1-5, NK1-6 and NK1-40.
    pub phones: Vec<Phone>,
    /// NK1-7, HL7 table 0131: `C` emergency contact, `E` employer.
    pub role: Option<Code>,
}

impl Contact {
    pub(crate) fn of(nk1: &Fields<'_, '_>) -> Self {
        Self {
            names: nk1.all(2, Name::read),
            relation: nk1.code(3),
            addresses: nk1.all(4, Address::read),
            phones: [5, 6, 40].iter().flat_map(|n| nk1.all(*n, Phone::read)).collect(),
            role: nk1.code(7),
        }
    }
}

/// GT1: who pays what the insurance does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guarantor {
    /// GT1-3.
    pub names: Vec<Name>,
    /// GT1-5.
    pub addresses: Vec<Address>,
    /// GT1-6 and GT1-7.
    pub phones: Vec<Phone>,
    /// GT1-8.
    pub born: Option<Ts>,
    /// GT1-9.
    pub sex: Option<String>,
    /// GT1-11.
    pub relation: Option<Code>,
}

impl Guarantor {
    pub(crate) fn of(gt1: &mut Fields<'_, '_>) -> Self {
        Self {
            names: gt1.all(3, Name::read),
            addresses: gt1.all(5, Address::read),
            phones: [6, 7].iter().flat_map(|n| gt1.all(*n, Phone::read)).collect(),
            born: gt1.date(8),
            sex: gt1.text(9),
            relation: gt1.code(11),
        }
    }
}
