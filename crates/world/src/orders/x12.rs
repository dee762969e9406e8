//! Orders as X12 278 requests, guide 005010X217, one interchange each. Source of the elements: facts 3.1.

use super::{Gap, Order};
use doorstep_case::ServiceLine;
use doorstep_x12::write::{GroupOuter, Outer, Writer, interchange};
use doorstep_x12::{Day, Delimiters, Endpoint, Minute};

const GUIDE: &str = "005010X217";

/// Writes an order; `control` numbers the interchange, and is the sender's own, never used twice.
///
/// `None` when a value cannot stand between the delimiters, which no invented one does.
pub fn write(order: &Order, control: u32) -> Option<Vec<u8>> {
    let sent = order.local(order.ordered_at);
    let day = Day::new(sent.year(), sent.month(), sent.day())?;
    let at = Minute::new(day, u8::try_from(sent.hour()).ok()?, u8::try_from(sent.minute()).ok()?)?;
    let sender = order.sender[1];
    let endpoint = |id: &str| Endpoint { qualifier: "ZZ".to_owned(), id: id.to_owned() };
    let outer = Outer {
        sender: endpoint(sender),
        receiver: endpoint("DOORSTEPHUB"),
        at,
        control,
        wants_ta1: false,
        usage: "T".to_owned(),
    };
    let group = GroupOuter {
        functional_id: "HI".to_owned(),
        sender: sender.to_owned(),
        receiver: "DOORSTEPHUB".to_owned(),
        control,
        version: GUIDE.to_owned(),
    };
    let written = interchange(&outer, &group, Delimiters::USUAL, |writer| {
        set(writer, order, (&day.to_string(), control));
        1
    });
    written.ok()
}

fn set(writer: &mut Writer, order: &Order, (day, control): (&str, u32)) {
    let begun = writer.n_segments();
    segment(writer, "ST", &["278", "0001", GUIDE]);
    segment(writer, "BHT", &["0007", "13", &order.number, day, "0900"]);
    parties(writer, order, control);
    event(writer, order);
    for (at, wanted) in order.kind.wanted.iter().enumerate() {
        let number = (at + 5).to_string();
        segment(writer, "HL", &[&number, "4", "SS", "0"]);
        service(writer, order, wanted);
    }
    let count = (writer.n_segments() - begun + 1).to_string();
    segment(writer, "SE", &[&count, "0001"]);
}

fn parties(writer: &mut Writer, order: &Order, control: u32) {
    let (member, sender) = (&order.member, order.sender);
    segment(writer, "HL", &["1", "", "20", "1"]);
    segment(writer, "NM1", &["X3", "2", order.plan.name, "", "", "", "", "PI", order.plan.code]);
    segment(writer, "HL", &["2", "1", "21", "1"]);
    segment(writer, "NM1", &["FA", "2", sender[0], "", "", "", "", "46", sender[1]]);
    segment(writer, "PER", &["IC", sender[2], "TE", sender[3], "FX", sender[4]]);
    segment(writer, "HL", &["3", "2", "22", "1"]);
    let mut name = vec!["IL", "1", member.family, member.given];
    if !order.lacks(Gap::MemberId) {
        name.extend(["", "", "", "MI", &member.plan_number]);
    }
    segment(writer, "NM1", &name);
    segment(writer, "REF", &["EJ", &member.record_number]);
    segment(writer, "N3", &[&member.street]);
    segment(writer, "N4", &[member.city(), member.state(), member.zip]);
    if !order.lacks(Gap::BirthDate) {
        let born = member.born_on.strftime("%Y%m%d").to_string();
        segment(writer, "DMG", &["D8", &born, if member.is_female { "F" } else { "M" }]);
    }
    segment(writer, "HL", &["4", "3", "EV", "1"]);
    segment(writer, "TRN", &["1", &order.number, &format!("9{control:09}")]);
}

fn event(writer: &mut Writer, order: &Order) {
    let urgent = if order.is_urgent { "U" } else { "" };
    match order.kind.service {
        ServiceLine::HomeHealth => segment(writer, "UM", &["HS", "I", "42", "12:B", "", urgent]),
        ServiceLine::HomeInfusion => segment(writer, "UM", &["HS", "I", "43", "12:B", "", urgent]),
        ServiceLine::PostAcute => segment(writer, "UM", &["AR", "I", "AG", "31:B", "", urgent]),
        ServiceLine::Dme | ServiceLine::Unclassified => {
            segment(writer, "UM", &["HS", "I", "12", "12:B", "", urgent]);
        }
    }
    if let Some(on) = order.sent("oxygen.test-on") {
        segment(writer, "DTP", &["481", "D8", &on.replace('-', "")]);
    }
    let diagnoses: Vec<String> =
        (0..).zip(order.kind.diagnoses).map(|(at, code)| diagnosis(at, code)).collect();
    segment(writer, "HI", &diagnoses.iter().map(String::as_str).collect::<Vec<_>>());
    if order.kind.family == "oxygen" {
        oxygen(writer, order);
    }
    if let Some(start) = order.sent("home-health.start-on") {
        let ordered = order.ordered_on().strftime("%Y%m%d").to_string();
        let start = start.replace('-', "");
        let period = format!("{start}-{start}");
        let elements = ["4", &start, "RD8", &period, "", "", "W", "I", "", "", "", "", &ordered];
        segment(writer, "CR6", &elements);
    }
    let doctor = &order.prescriber;
    let mut name = vec!["DK", "1", doctor.family, doctor.given];
    if !order.lacks(Gap::Npi) {
        name.extend(["", "", "", "XX", &doctor.npi]);
    }
    segment(writer, "NM1", &name);
    segment(writer, "PER", &["IC", "", "TE", &doctor.phone]);
}

fn diagnosis(at: usize, code: &str) -> String {
    let qualifier = if at == 0 { "ABK" } else { "ABF" };
    format!("{qualifier}:{}", code.replace('.', ""))
}

/// CR5, the certificate: months, equipment, flow, hours a day, saturation, condition, delivery.
fn oxygen(writer: &mut Writer, order: &Order) {
    let sent = |item: &str| order.sent(item).unwrap_or_default();
    let condition = if sent("oxygen.condition").is_empty() { "" } else { "R" };
    let device = if sent("oxygen.device").is_empty() { "" } else { "A" };
    let portable = if sent("oxygen.portable").is_empty() { "" } else { "E" };
    let elements = [
        "I",
        "12",
        "A",
        portable,
        "",
        sent("oxygen.lpm"),
        "1",
        sent("oxygen.hours-per-day"),
        "",
        "",
        sent("oxygen.spo2"),
        condition,
        "",
        "",
        "",
        "",
        device,
    ];
    segment(writer, "CR5", &elements);
}

fn service(writer: &mut Writer, order: &Order, wanted: &super::kinds::Wanted) {
    let quantity = wanted.quantity.to_string();
    match (order.kind.service, wanted.unit) {
        (ServiceLine::PostAcute, _) => {
            segment(writer, "SV2", &[wanted.code, "", "", "DA", &quantity]);
        }
        (_, "visit") => {
            let code = format!("HC:{}", wanted.code);
            segment(writer, "SV1", &[&code]);
            segment(writer, "HSD", &["VS", "1", "WK", "", "35", &quantity]);
        }
        (_, unit) => {
            let code = format!("HC:{}", wanted.code);
            segment(
                writer,
                "SV1",
                &[&code, "", if unit == "day" { "DA" } else { "UN" }, &quantity],
            );
        }
    }
}

/// Writes a segment; a colon divides the components of an element.
fn segment(writer: &mut Writer, id: &'static str, elements: &[&str]) {
    let last = elements.iter().rposition(|element| !element.is_empty()).map_or(0, |at| at + 1);
    writer.begin(id);
    for (at, element) in elements.iter().take(last).enumerate() {
        if element.is_empty() {
            continue;
        }
        if element.contains(':') {
            writer.composite(at + 1, &element.split(':').collect::<Vec<_>>());
        } else {
            writer.element(at + 1, element);
        }
    }
    writer.end();
}
