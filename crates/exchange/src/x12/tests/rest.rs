//! Every element that is sent is somewhere in the referral.

use super::*;
use doorstep_vocab::Phi;

/// Everything that a referral says, as one text.
fn everything(referral: &Referral) -> String {
    let person = &referral.person;
    let shown = |phi: &Phi<String>| phi.reveal().clone();
    let address = person.address.iter().flat_map(|address| {
        address
            .lines
            .iter()
            .chain([&address.city, &address.state, &address.zip].into_iter().flatten())
    });
    let named = [&person.family, &person.suffix, &person.email].into_iter().flatten();
    let coverage = referral.coverage.iter().flat_map(|one| [&one.member_id, &one.group]);
    let mut all: Vec<String> = named
        .chain(&person.given)
        .chain(address)
        .chain(person.phones.iter().map(|phone| &phone.number))
        .chain(person.record_numbers.iter().map(|(_, number)| number))
        .chain(coverage.flatten())
        .chain(referral.texts.iter().map(|(_, said)| said))
        .map(shown)
        .collect();
    all.extend(referral.texts.iter().map(|(place, _)| place.clone()));
    all.push(format!("{:?} {:?}", referral.prescriber, referral.referrer));
    all.push(format!("{:?} {:?}", referral.lines, referral.diagnoses));
    all.push(format!("{:?} {:?} {:?}", referral.facts, referral.auth_number, referral.order_ref));
    all.push(format!(
        "{:?} {:?}",
        person.birth_on.as_ref().map(Phi::reveal),
        person.sex.as_ref().map(Phi::reveal)
    ));
    let payers =
        referral.coverage.iter().map(|one| format!("{:?} {:?}", one.payer_code, one.payer_name));
    all.extend(payers);
    all.join("\n")
}

/// Parts of an event with a mark in every element that is free to have one. A mark is nothing but itself, and mostly breaks
/// the element's width: a reader lists fifty faults of a set, so each part is sent alone.
const PARTS: &[&str] = &[
    "TRN*1*Z001*Z002*Z003\nTRN*2*Z004*Z005",
    "UM*Z010*I*Z011*Z012:Z013:Z014*Z015:Z016:Z017*U*Z018*Z019*Z020*Z021",
    "REF*NT*Z030**Z031\nREF*BB*Z032\nDTP*431*D8*20260107\nDTP*439*D8*20260106",
    "HI*ABK:J449:D8:20251231*ABF:I10*LOI:Z041",
    "HSD*VS*31*WK*7*34*32*Z0A*Z0B\nCRC*75*Y*Z50*Z51*Z52*Z53*Z54",
    "CL1*Z060*Z061*Z062*Z063",
    "CR1*Z070*Z071*Z072*Z073*Z074*Z075*Z076*Z077*Z078*Z079",
    "CR2*Z080*Z081*Z082*Z083*Z084*Z085*Z086*Z087*Z088*Z089*Z090*Z091",
    "CR5*Z100*41*Z101*Z102*Z103*42*1*17*Z104*53*87*Z105*Z106*Z107*Z108*Z109*Z110*Z111",
    "CR5*Z100*Z112*A*B*Z103*Z113*Z114*Z115*Z104*Z116*Z117*R*1*2*3*Z118*A*C",
    "CR6*Z120*20260304*RD8*Z121*Z122*Z123*Z124*Z125*Z126*Z127*Z128*20260228*Z129*Z130*RD8*Z131*Z132*Z133*Z134*Z135*Z136",
    "PWK*Z140*Z141***AC*Z142*Z143\nMSG*Z150",
    "NM1*DK*1*Z160*Z161*Z162*Z163*Z164*XX*1234567893\nREF*0B*Z165\nN3*Z166*Z167\nN4*Z168*Z169*Z170*Z171
    PER*IC*Z172*TE*6145550777*FX*6145550778*EM*Z173\nPRV*Z174*PXC*Z175",
    "NM1*SJ*2*Z180****Z181*XX*1245319599\nREF*1G*Z182\nN3*Z183*Z184\nPER*IC*Z185*TE*6145550779",
    "HL*5*4*SS*0\nTRN*1*Z200*Z201\nUM*Z202*I*Z203*Z204:Z205\nREF*G1*Z206\nREF*BB*Z207\nDTP*472*D8*20260305
    SV1*HC:E0260:RR:ZZ:::Z210*Z211*UN*3*Z212**Z21:Z22****Z213*********Z214\nHSD*VS*33*DA
    PWK*Z220*Z221***AC*Z222\nMSG*Z223\nNM1*SJ*2*Z230*****XX*1003000126\nPRV*Z231*PXC*Z232",
    "HL*5*4*SS*0\nSV2*0551*HC:G0299*Z240*UN*4*Z241***Z242*Z243\nREF*NT*Z244",
    "HL*5*4*SS*0\nSV3*AD:D0120*Z250**Z51*Z252*1*Z253\nTOO*JP*Z254*Z55",
];

/// Puts a part into an event that has what every event needs.
fn event(part: &str) -> String {
    let review = if part.starts_with("UM") { "" } else { "UM*HS*I*42\n" };
    let diagnosis = if part.starts_with("HI") { "" } else { "HI*ABK:J449\n" };
    format!("{review}{diagnosis}{part}")
}

/// Elements that only say how another is to be read, and those that what is made of them tells: an order, urgent, a quantity
/// in a unit, words for a rhythm, hours in a day.
fn is_told_otherwise(id: &str, element: usize, value: &str) -> bool {
    let elements: &[usize] = match id {
        "HL" | "BHT" => return true,
        "REF" if value == "999999999" => return true,
        "NM1" => &[1, 2, 8],
        "REF" | "TRN" | "HI" => &[1],
        "DTP" => &[1, 2],
        "PER" => &[1, 3, 5, 7],
        "CR5" => &[7],
        "CR6" => &[3, 15],
        "PWK" => &[5],
        "UM" => &[2, 6],
        "SV1" => &[3],
        "HSD" => &[1, 3, 5],
        _ => &[],
    };
    elements.contains(&element)
}

fn missing_of(text: &str) -> Vec<String> {
    let (referral, _) = order(text);
    let all = everything(&referral);
    let mut missing = Vec::new();
    let people = PEOPLE.lines().map(str::trim).filter(|line| !line.is_empty());
    for segment in people.chain(text.lines().map(str::trim).filter(|line| !line.is_empty())) {
        let mut elements = segment.split('*');
        let id = elements.next().unwrap();
        for (n, element) in elements.enumerate() {
            for value in element.split(':').map(str::trim).filter(|value| !value.is_empty()) {
                let is_day = value.len() == 8 && value.bytes().all(|byte| byte.is_ascii_digit());
                let day = || format!("{}-{}-{}", &value[..4], &value[4..6], &value[6..]);
                let is_said = all.contains(value) || (is_day && all.contains(&day()));
                let is_code = id == "HI" && matches!(value, "ABK" | "ABF" | "D8" | "J449");
                let is_shape = matches!(value, "D8" | "M" | "F") && id == "DMG" || value == "HC";
                if !is_said && !is_code && !is_shape && !is_told_otherwise(id, n + 1, value) {
                    missing.push(format!("{id}{:02} {value}", n + 1));
                }
            }
        }
    }
    missing
}

#[test]
fn every_element_present_is_somewhere_in_the_referral() {
    let missing: Vec<String> = PARTS.iter().flat_map(|part| missing_of(&event(part))).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn what_has_no_item_is_a_note_that_names_it() {
    let noted = |part: &str, place: &str| {
        let (referral, _) = order(&event(part));
        text(&referral, place).unwrap_or_default().to_owned()
    };
    assert_eq!(
        noted("CL1*1*4*30*2", "CL1"),
        "kind of admission 1\nadmitted from 4\nstatus at discharge 30\nresidence in a nursing home 2"
    );
    assert!(noted("UM*HS*I*42*******8", "UM").contains("reason for the delay 8"));
    let plan = "CR6*4*20260304*****N*I*********2";
    assert!(noted(plan, "CR6").contains("discharged from 2"));
    let service = "HL*5*4*SS*0\nSV1*HC:E0260:RR**UN*1***1:2";
    assert_eq!(noted(service, "service 1 SV1"), "for the diagnoses 1:2");
    let specialist = "NM1*DK*1*ORDERER*OLA****XX*1234567893\nPRV*OR*PXC*207R00000X";
    assert_eq!(noted(specialist, "NM1-DK PRV"), "role OR\nlist PXC\nspecialty 207R00000X");
}

#[test]
fn a_services_authorization_stands_where_the_event_has_none() {
    let (referral, _) = order(&event("HL*5*4*SS*0\nREF*G1*AUTH9\nSV1*HC:E0260:RR**UN*1"));
    assert_eq!(referral.auth_number.as_deref(), Some("AUTH9"));
}

#[test]
fn a_hematocrit_above_56_counts_as_one() {
    let (referral, problems) = order(&event("CR5*I*12*A***2****57*89*R*3"));
    let Some(Fact::Number(least)) = fact(&referral, "oxygen.hematocrit") else { panic!() };
    assert!(least > doorstep_case::Milli::whole(56));
    assert!(codes(&problems).contains(&"oxygen-hematocrit"));
}

#[test]
fn a_bed_is_needed_by_any_criterion_and_not_needed_by_none() {
    let need = |crc: &str| fact(&order(&event(crc)).0, "bed.positioning-need");
    assert_eq!(need("CRC*09*N*15\nCRC*09*Y*17"), Some(Fact::Flag(true)));
    assert_eq!(need("CRC*09*N*15"), None, "the other criteria may hold");
    assert_eq!(need("CRC*09*N*15*16*17*18"), Some(Fact::Flag(false)));
}

#[test]
fn the_subscriber_of_a_dependent_and_the_order_of_twins_are_notes() {
    let body = format!(
        "{PEOPLE}HL*4*3*23*1\nNM1*QC*1*TESTPERSON*TWINA\nDMG*D8*20200102*M\nINS*N*19***************2\nHL*5*4*EV*0\nUM*HS*I*42\nHI*ABK:J449"
    );
    let reading = read_text(&file(1, &[set("0001", &body)]));
    let Found::Order { referral, .. } = &reading.units[0].found else { panic!("{reading:?}") };
    assert_eq!(referral.person.given[0].reveal(), "TWINA");
    assert_eq!(
        text(referral, "subscriber NM1"),
        Some("name TESTPERSON\ngiven name SYNTHIA\nmiddle name Q\nsuffix JR\nnumber SYN000000001")
    );
    assert_eq!(
        text(referral, "member INS"),
        Some("is the subscriber N\nrelation to the subscriber 19\nbirth sequence 2")
    );
    let all = everything(referral);
    assert!(!all.contains("999999999"), "a social security number is never kept");
}
