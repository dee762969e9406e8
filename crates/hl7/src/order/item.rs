//! ORC with what is ordered: OBR, RQD and RQ1, RXO, RXE, ODS; and TQ1: when and how often.

use crate::order::Intent;
use crate::order::fields::Fields;
use crate::order::referral::ContactPerson;
use crate::segment::Repetition;
use crate::types::{Address, Code, Doctor, EntityId, Organization, Phone, Quantity, Ts};

/// ORC with the segments after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// ORC-1, HL7 table 0119.
    pub control: Option<String>,
    /// What ORC-1 and ORC-5 ask for.
    pub intent: Intent,
    /// ORC-2, else field 2 of the item: the number the sender gave.
    pub placer: Option<EntityId>,
    /// ORC-3, else OBR-3: the number the receiver gave.
    pub filler: Option<EntityId>,
    /// ORC-4: what holds orders together that were placed at once.
    pub group: Option<EntityId>,
    /// ORC-5, HL7 table 0038.
    pub status: Option<String>,
    /// ORC-9.
    pub placed_at: Option<Ts>,
    /// ORC-12, else OBR-16.
    pub providers: Vec<Doctor>,
    /// ORC-14.
    pub callback_phones: Vec<Phone>,
    /// ORC-15.
    pub effective_at: Option<Ts>,
    /// ORC-16.
    pub reason: Option<Code>,
    /// ORC-21.
    pub facility: Option<Organization>,
    /// ORC-22.
    pub facility_address: Option<Address>,
    /// ORC-23.
    pub facility_phones: Vec<Phone>,
    /// What is ordered.
    pub item: Option<Item>,
    /// TQ1, else ORC-7, else OBR-27 or RXE-1.
    pub timings: Vec<Timing>,
    /// CTD: people to talk to about it.
    pub contacts: Vec<ContactPerson>,
    /// Whether a second PV1 stood before it: then it may be an earlier order, sent along with its results.
    pub may_be_prior: bool,
}

impl Order {
    pub(crate) fn of(orc: &mut Fields<'_, '_>) -> Self {
        let (control, status) = (orc.text(1), orc.text(5));
        Self {
            intent: Intent::of_order(control.as_deref(), status.as_deref()),
            control,
            placer: orc.one(2, EntityId::read),
            filler: orc.one(3, EntityId::read),
            group: orc.one(4, EntityId::read),
            status,
            placed_at: orc.date(9),
            providers: orc.all(12, Doctor::read),
            callback_phones: orc.all(14, Phone::read),
            effective_at: orc.date(15),
            reason: orc.code(16),
            facility: orc.one(21, Organization::read),
            facility_address: orc.one(22, Address::read),
            facility_phones: orc.all(23, Phone::read),
            item: None,
            timings: orc.all(7, Timing::of_tq),
            contacts: Vec::new(),
            may_be_prior: false,
        }
    }

    /// Adds what is ordered and fills in what ORC left out.
    pub(crate) fn set_item(&mut self, fields: &mut Fields<'_, '_>) {
        let item = Item::of(fields);
        if fields.segment.id() == "OBR" {
            self.placer = self.placer.take().or_else(|| fields.one(2, EntityId::read));
            self.filler = self.filler.take().or_else(|| fields.one(3, EntityId::read));
        }
        if self.providers.is_empty() {
            self.providers.clone_from(&item.providers);
        }
        let timing_field = match fields.segment.id() {
            "OBR" => Some(27),
            "RXE" => Some(1),
            _ => None,
        };
        if let Some(n) = timing_field.filter(|_| self.timings.is_empty()) {
            self.timings = fields.all(n, Timing::of_tq);
        }
        self.item = Some(item);
    }

    /// Adds TQ1, which counts more than the timing inside ORC and OBR.
    pub(crate) fn add_timing(&mut self, tq1: &mut Fields<'_, '_>) {
        self.timings.retain(|timing| timing.is_own_segment);
        self.timings.push(Timing::of_tq1(tq1));
    }
}

/// What is ordered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The id of the segment it was read from.
    pub segment: String,
    /// OBR-4, RQD-2 (else 3 or 4), RXO-1, RXE-2, ODS-3.
    pub service: Option<Code>,
    /// OBR-44, a procedure code such as HCPCS.
    pub procedure: Option<Code>,
    /// OBR-45.
    pub modifiers: Vec<Code>,
    /// OBR-5.
    pub priority: Option<String>,
    /// RQD-5 with RQD-6, RXO-11 with 12, RXE-10 with 11.
    pub quantity: Option<Quantity>,
    /// The dose, RXO-2 with RXO-4, RXE-3 with RXE-5.
    pub dose: Option<Quantity>,
    /// RXO-5, RXE-6.
    pub form: Option<Code>,
    /// RXO-13, RXE-12.
    pub refills: Option<String>,
    /// OBR-6.
    pub requested_at: Option<Ts>,
    /// OBR-7.
    pub starts_at: Option<Ts>,
    /// RQD-10.
    pub needed_on: Option<Ts>,
    /// OBR-16.
    pub providers: Vec<Doctor>,
    /// OBR-31.
    pub reasons: Vec<Code>,
    /// OBR-13, RXO-6 and RXO-7, RXE-7, ODS-4.
    pub instructions: Vec<String>,
    /// RQ1-3, else RQ1-5: number in a catalog.
    pub catalog_number: Option<String>,
}

impl Item {
    pub(crate) fn of(fields: &mut Fields<'_, '_>) -> Self {
        let mut item = match fields.segment.id() {
            "RQD" => Self::of_rqd(fields),
            "RXO" => Self::of_rxo(fields),
            "RXE" => Self::of_rxe(fields),
            "ODS" => Self::of_ods(fields),
            _ => Self::of_obr(fields),
        };
        fields.segment.id().clone_into(&mut item.segment);
        item
    }

    fn of_obr(obr: &mut Fields<'_, '_>) -> Self {
        Self {
            service: obr.code(4),
            procedure: obr.code(44),
            modifiers: obr.all(45, Code::read),
            priority: obr.text(5),
            requested_at: obr.date(6),
            starts_at: obr.date(7),
            providers: obr.all(16, Doctor::read),
            reasons: obr.all(31, Code::read),
            instructions: obr.whole(13).into_iter().collect(),
            ..Self::default()
        }
    }

    fn of_rqd(rqd: &mut Fields<'_, '_>) -> Self {
        let field = |n: usize| rqd.segment.field(n).first();
        Self {
            service: [2, 3, 4].into_iter().find_map(|n| rqd.code(n)),
            quantity: Quantity::of(&field(5), &field(6)),
            needed_on: rqd.date(10),
            ..Self::default()
        }
    }

    /// Adds RQ1.
    pub(crate) fn add_catalog(&mut self, rq1: &Fields<'_, '_>) {
        self.catalog_number = rq1.text(3).or_else(|| rq1.text(5));
    }

    fn of_rxo(rxo: &Fields<'_, '_>) -> Self {
        let field = |n: usize| rxo.segment.field(n).first();
        Self {
            service: rxo.code(1),
            dose: Quantity::of(&field(2), &field(4)),
            form: rxo.code(5),
            instructions: shown(rxo, &[6, 7]),
            quantity: Quantity::of(&field(11), &field(12)),
            refills: rxo.text(13),
            ..Self::default()
        }
    }

    fn of_rxe(rxe: &Fields<'_, '_>) -> Self {
        let field = |n: usize| rxe.segment.field(n).first();
        Self {
            service: rxe.code(2),
            dose: Quantity::of(&field(3), &field(5)),
            form: rxe.code(6),
            instructions: shown(rxe, &[7]),
            quantity: Quantity::of(&field(10), &field(11)),
            refills: rxe.text(12),
            ..Self::default()
        }
    }

    fn of_ods(ods: &Fields<'_, '_>) -> Self {
        Self {
            service: ods.code(3),
            instructions: ods.whole(4).into_iter().collect(),
            ..Self::default()
        }
    }
}

/// Codes as words.
fn shown(fields: &Fields<'_, '_>, from: &[usize]) -> Vec<String> {
    let codes = from.iter().flat_map(|n| fields.all(*n, Code::read));
    codes.filter_map(|code| code.shown().map(str::to_owned)).collect()
}

/// When and how often: TQ1, or the TQ type of old versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// TQ1-2.
    pub quantity: Option<Quantity>,
    /// TQ1-3.1, such as `BID`, `Q6H`, `3W`.
    pub repeats: Vec<String>,
    /// TQ1-6 as number and unit, or TQ.3 such as `D30`.
    pub duration: Option<String>,
    /// TQ1-7.
    pub starts_at: Option<Ts>,
    /// TQ1-8.
    pub ends_at: Option<Ts>,
    /// TQ1-9, such as `S` stat or `R` routine.
    pub priority: Option<String>,
    /// TQ1-10 and TQ1-11.
    pub instructions: Vec<String>,
    /// TQ1-14.
    pub occurrences: Option<String>,
    /// Whether it was a TQ1 segment.
    is_own_segment: bool,
}

impl Timing {
    fn of_tq1(tq1: &mut Fields<'_, '_>) -> Self {
        Self {
            quantity: tq1.one(2, Quantity::read),
            repeats: tq1.all(3, |pattern| pattern.text(1)),
            duration: tq1.one(6, Quantity::read).map(|quantity| {
                let unit = quantity.unit.and_then(|unit| unit.id).unwrap_or_default();
                format!("{} {unit}", quantity.number).trim_end().to_owned()
            }),
            starts_at: tq1.date(7),
            ends_at: tq1.date(8),
            priority: tq1.text(9),
            instructions: [10, 11].into_iter().filter_map(|n| tq1.whole(n)).collect(),
            occurrences: tq1.text(14),
            is_own_segment: true,
        }
    }

    fn of_tq(tq: &Repetition<'_>) -> Option<Self> {
        let date = |n| tq.text(n).and_then(|text| Ts::parse(&text));
        let timing = Self {
            quantity: Quantity::read(&tq.component(1).nested()),
            repeats: tq.text(2).into_iter().collect(),
            duration: tq.text(3),
            starts_at: date(4),
            ends_at: date(5),
            priority: tq.text(6),
            instructions: [7, 8].into_iter().filter_map(|n| tq.text(n)).collect(),
            occurrences: tq.text(12),
            is_own_segment: false,
        };
        (timing != Self::default()).then_some(timing)
    }
}
