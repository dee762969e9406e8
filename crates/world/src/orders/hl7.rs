//! Orders as HL7 v2 messages: general orders, and pharmacy orders for infusions. Source of the fields: facts 2.1.

use super::{Gap, Order};
use doorstep_case::ServiceLine;
use doorstep_hl7::{MessageWriter, Separators};
use doorstep_vocab::Timestamp;

/// What a message does to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// ORC-1 `NW`.
    New,
    /// ORC-1 `XO`.
    Change,
    /// ORC-1 `CA`.
    Cancel,
}

impl Control {
    const fn code(self) -> &'static str {
        match self {
            Self::New => "NW",
            Self::Change => "XO",
            Self::Cancel => "CA",
        }
    }
}

/// Writes an order; `control_id` is the sender's own, never used twice.
pub fn write(order: &Order, control: Control, (control_id, sent_at): (&str, Timestamp)) -> Vec<u8> {
    let is_pharmacy = order.kind.service == ServiceLine::HomeInfusion;
    let mut message = MessageWriter::new(Separators::USUAL);
    let kind = if is_pharmacy { ["OMP", "O09", "OMP_O09"] } else { ["OMG", "O19", "OMG_O19"] };
    message.segment("MSH", |msh| {
        msh.text(3, "TESTEHR")
            .text(4, order.sender[0])
            .text(5, "DOORSTEP")
            .text(7, &stamp(order, sent_at));
        msh.components(9, &kind).text(10, control_id).text(11, "T").text(12, "2.5.1");
    });
    member(&mut message, order);
    stay(&mut message, order);
    insurance(&mut message, order);
    for at in 0..order.kind.wanted.len() {
        item(&mut message, order, (at, control));
        if at == 0 {
            clinical(&mut message, order);
        }
    }
    message.finish()
}

/// A time with its offset: only so can the receiver tell the instant.
fn stamp(order: &Order, at: Timestamp) -> String {
    let local = order.local(at);
    let behind = local.duration_since(at.civil(&doorstep_vocab::Zone::utc())).as_mins();
    let sign = if behind < 0 { '-' } else { '+' };
    format!(
        "{}{sign}{:02}{:02}",
        local.strftime("%Y%m%d%H%M%S"),
        behind.abs() / 60,
        behind.abs() % 60
    )
}

fn member(message: &mut MessageWriter, order: &Order) {
    let member = &order.member;
    message.segment("PID", |pid| {
        pid.text(1, "1").components(3, &[&member.record_number, "", "", order.sender[1], "MR"]);
        pid.components(5, &[member.family, member.given, "", "", "", "", "L"]);
        if !order.lacks(Gap::BirthDate) {
            pid.text(7, &member.born_on.strftime("%Y%m%d").to_string());
        }
        pid.text(8, if member.is_female { "F" } else { "M" });
        pid.components(
            11,
            &[&member.street, "", member.city(), member.state(), member.zip, "", "H"],
        );
        if !order.lacks(Gap::Phone) {
            let (area, rest) = member.phone.split_at(3);
            pid.components(13, &["", "PRN", "PH", "", "", area, rest]);
        }
        pid.text(15, member.language);
    });
}

fn stay(message: &mut MessageWriter, order: &Order) {
    let Some(discharge_at) = order.discharge_at else { return };
    message.segment("PV1", |pv1| {
        pv1.text(1, "1").text(2, "I").components(3, &["4W", "12", "A"]);
    });
    message.segment("PV2", |pv2| {
        pv2.text(9, &stamp(order, discharge_at));
    });
}

fn insurance(message: &mut MessageWriter, order: &Order) {
    message.segment("IN1", |in1| {
        in1.text(1, "1").text(2, order.plan.code).text(3, order.plan.code).text(4, order.plan.name);
        in1.components(17, &["SEL", "Self"]).text(22, "1");
        if !order.lacks(Gap::MemberId) {
            in1.text(36, &order.member.plan_number);
        }
    });
}

fn item(message: &mut MessageWriter, order: &Order, (at, control): (usize, Control)) {
    let wanted = &order.kind.wanted[at];
    let doctor = &order.prescriber;
    message.segment("ORC", |orc| {
        orc.text(1, control.code())
            .components(2, &[&order.number, "TESTEHR"])
            .text(4, &order.number);
        orc.components(7, &["", "", "", "", "", if order.is_urgent { "S" } else { "R" }]);
        orc.text(9, &stamp(order, order.ordered_at));
        let npi = if order.lacks(Gap::Npi) { "" } else { doctor.npi.as_str() };
        orc.components(
            12,
            &[npi, doctor.family, doctor.given, "", "", "Dr", "MD", "", "", "", "", "", "NPI"],
        );
        orc.text(14, &doctor.phone).text(21, order.sender[0]).text(23, order.sender[3]);
    });
    message.segment("TQ1", |tq1| {
        tq1.text(1, "1").components(2, &[&wanted.quantity.to_string(), wanted.unit]);
    });
    let code = [
        wanted.code,
        wanted.words,
        if order.kind.service == ServiceLine::PostAcute { "NUBC" } else { "HCPCS" },
    ];
    if order.kind.service == ServiceLine::HomeInfusion {
        let dose = order.sent("infusion.dose").unwrap_or_default();
        message.segment("RXO", |rxo| {
            rxo.components(1, &code);
            if !dose.is_empty() {
                rxo.text(2, "2").text(4, "g").text(6, dose);
            }
        });
        message.segment("RXR", |rxr| {
            rxr.components(1, &["IV", "Intravenous", "HL70162"]);
        });
        return;
    }
    message.segment("OBR", |obr| {
        obr.text(1, &(at + 1).to_string())
            .components(2, &[&order.number, "TESTEHR"])
            .components(4, &code);
        obr.components(44, &code);
    });
}

fn clinical(message: &mut MessageWriter, order: &Order) {
    for (at, diagnosis) in order.kind.diagnoses.iter().enumerate() {
        let number = (at + 1).to_string();
        message.segment("DG1", |dg1| {
            dg1.text(1, &number).components(3, &[diagnosis, "", "I10"]).text(15, &number);
        });
    }
    let tested = order.sent("oxygen.test-on").map(|on| on.replace('-', ""));
    let measures = [
        ("59408-5", "SpO2", order.sent("oxygen.spo2"), "%"),
        ("3151-8", "Oxygen flow", order.sent("oxygen.lpm"), "L/min"),
        ("29463-7", "Weight", order.sent("member.weight"), "[lb_av]"),
    ];
    let sent = measures
        .iter()
        .filter_map(|(loinc, name, value, unit)| Some((loinc, name, (*value)?, unit)));
    for (at, (loinc, name, value, unit)) in sent.enumerate() {
        message.segment("OBX", |obx| {
            obx.text(1, &(at + 1).to_string()).text(2, "NM").components(3, &[loinc, name, "LN"]);
            obx.text(5, value).text(6, unit).text(11, "F");
            if let (Some(on), "59408-5") = (&tested, *loinc) {
                obx.text(14, on);
            }
        });
    }
    if order.sent("member.allergies").is_some() {
        message.segment("AL1", |al1| {
            al1.text(1, "1").components(3, &["", "No known allergies"]);
        });
    }
}
