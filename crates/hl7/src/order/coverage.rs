//! IN1, IN2, IN3 and AUT: who pays, and what they already agreed to.

use crate::order::fields::Fields;
use crate::types::{Address, Code, Doctor, EntityId, Id, Name, Organization, Phone, Quantity, Ts};

/// IN1 with its IN2 and IN3.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Insurance {
    /// IN1-2.
    pub plan: Option<Code>,
    /// IN1-3, then IN2-25.
    pub payer_ids: Vec<Id>,
    /// IN1-4.
    pub payers: Vec<Organization>,
    /// IN1-5.
    pub address: Option<Address>,
    /// IN1-7.
    pub phones: Vec<Phone>,
    /// IN1-8.
    pub group_number: Option<String>,
    /// IN1-9.
    pub group_name: Option<String>,
    /// IN1-12.
    pub starts_on: Option<Ts>,
    /// IN1-13.
    pub ends_on: Option<Ts>,
    /// IN1-14.1, an authorization number.
    pub authorization: Option<String>,
    /// IN1-15.
    pub plan_type: Option<String>,
    /// IN1-16.
    pub insured: Option<Name>,
    /// IN1-17, HL7 table 0063.
    pub relation: Option<Code>,
    /// IN1-18.
    pub insured_born: Option<Ts>,
    /// IN1-19.
    pub insured_address: Option<Address>,
    /// IN1-22, 1 for the one that pays first.
    pub priority: Option<String>,
    /// IN1-36.
    pub policy_number: Option<String>,
    /// IN1-43.
    pub insured_sex: Option<String>,
    /// IN1-49.
    pub insured_ids: Vec<Id>,
    /// IN2-6.
    pub medicare_number: Option<String>,
    /// IN2-8.
    pub medicaid_number: Option<String>,
    /// IN2-26.
    pub subscriber_ids: Vec<Id>,
    /// IN2-61.
    pub member_ids: Vec<Id>,
    /// IN3.
    pub certifications: Vec<Certification>,
}

impl Insurance {
    pub(crate) fn of(in1: &mut Fields<'_, '_>) -> Self {
        Self {
            plan: in1.code(2),
            payer_ids: in1.all(3, Id::read),
            payers: in1.all(4, Organization::read),
            address: in1.one(5, Address::read),
            phones: in1.all(7, Phone::read),
            group_number: in1.text(8),
            group_name: in1.text(9),
            starts_on: in1.date(12),
            ends_on: in1.date(13),
            authorization: in1.text(14),
            plan_type: in1.text(15),
            insured: in1.one(16, Name::read),
            relation: in1.code(17),
            insured_born: in1.date(18),
            insured_address: in1.one(19, Address::read),
            priority: in1.text(22),
            policy_number: in1.text(36),
            insured_sex: in1.text(43),
            insured_ids: in1.all(49, Id::read),
            ..Self::default()
        }
    }

    /// Adds IN2.
    pub(crate) fn add(&mut self, in2: &Fields<'_, '_>) {
        self.medicare_number = in2.text(6);
        self.medicaid_number = in2.text(8);
        self.payer_ids.extend(in2.all(25, Id::read));
        self.subscriber_ids = in2.all(26, Id::read);
        self.member_ids = in2.all(61, Id::read);
    }

    /// Returns the number the payer knows the patient by: policy number, insured's id, member number, subscriber id,
    /// Medicare and Medicaid number, the first that is there.
    pub fn member_number(&self) -> Option<&str> {
        let ids = self.insured_ids.iter().chain(&self.member_ids).chain(&self.subscriber_ids);
        let numbers = [&self.medicare_number, &self.medicaid_number].into_iter().flatten();
        let texts = self.policy_number.iter().chain(ids.map(|id| &id.id)).chain(numbers);
        texts.map(String::as_str).next()
    }
}

/// IN3: what the insurance certified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certification {
    /// IN3-2.
    pub id: Option<Id>,
    /// IN3-3.
    pub by: Option<Doctor>,
    /// IN3-6.
    pub certified_at: Option<Ts>,
    /// IN3-9.
    pub starts_on: Option<Ts>,
    /// IN3-10.
    pub ends_on: Option<Ts>,
}

impl Certification {
    pub(crate) fn of(in3: &mut Fields<'_, '_>) -> Self {
        Self {
            id: in3.one(2, Id::read),
            by: in3.one(3, Doctor::read),
            certified_at: in3.date(6),
            starts_on: in3.date(9),
            ends_on: in3.date(10),
        }
    }
}

/// AUT: an authorization the sender has or asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authorization {
    /// AUT-1.
    pub plan: Option<Code>,
    /// AUT-2.
    pub payer: Option<Code>,
    /// AUT-3.
    pub payer_name: Option<String>,
    /// AUT-4.
    pub starts_on: Option<Ts>,
    /// AUT-5.
    pub ends_on: Option<Ts>,
    /// AUT-6.
    pub number: Option<EntityId>,
    /// AUT-8, how many treatments were asked for.
    pub requested: Option<Quantity>,
    /// AUT-9, how many were authorized.
    pub authorized: Option<Quantity>,
    /// AUT-10.
    pub processed_on: Option<Ts>,
    /// AUT-28, since version 2.8.
    pub comment: Option<String>,
    /// Which PR1 of the message it belongs to, from 0; `None` for the whole referral.
    pub procedure: Option<usize>,
}

impl Authorization {
    pub(crate) fn of(aut: &mut Fields<'_, '_>) -> Self {
        Self {
            plan: aut.code(1),
            payer: aut.code(2),
            payer_name: aut.whole(3),
            starts_on: aut.date(4),
            ends_on: aut.date(5),
            number: aut.one(6, EntityId::read),
            requested: aut.one(8, Quantity::read),
            authorized: aut.one(9, Quantity::read),
            processed_on: aut.date(10),
            comment: aut.whole(28),
            procedure: None,
        }
    }
}
