//! What else comes through the doors of a hub: remittances, admissions, faxes, and files that broke on the way.

use super::{Order, fhir, x12};

/// A file that is no order: what it is called, and what it is.
pub type Junk = (&'static str, fn(&Order, u32) -> Vec<u8>);

/// All kinds of it.
pub const JUNK: &[Junk] = &[
    ("remittance.835", remittance),
    ("admission.hl7", admission),
    ("fax-0001.pdf", pdf),
    ("order-cut-short.x12", cut_short),
    ("order-broken.json", broken_json),
    ("notes.txt", text),
    ("nameless.hl7", nameless),
];

fn remittance(order: &Order, control: u32) -> Vec<u8> {
    let day = order.ordered_on();
    let (short, long) = (day.strftime("%y%m%d"), day.strftime("%Y%m%d"));
    format!(
        "ISA*00*          *00*          *ZZ*TESTPAYER      *ZZ*DOORSTEPHUB    *{short}*0700*^*00501*{control:09}*0*T*:~\
         GS*HP*TESTPAYER*DOORSTEPHUB*{long}*0700*{control}*X*005010X221A1~ST*835*0001~\
         BPR*I*0*C*NON************{long}~TRN*1*TEST-{control}*1999999999~DTM*405*{long}~\
         N1*PR*EXAMPLE HEALTH~N1*PE*EXAMPLE SUPPLY*XX*{npi}~SE*7*0001~GE*1*{control}~IEA*1*{control:09}~",
        npi = order.prescriber.npi,
    )
    .into_bytes()
}

fn admission(order: &Order, control: u32) -> Vec<u8> {
    let member = &order.member;
    let stamp = order.local(order.ordered_at).strftime("%Y%m%d%H%M%S").to_string();
    format!(
        "MSH|^~\\&|TESTEHR|{}|DOORSTEP||{stamp}||ADT^A01^ADT_A01|TEST-ADT-{control}|T|2.5.1\rPID|1||{}^^^TEST^MR||{}^{}\rPV1|1|I\r",
        order.sender[0], member.record_number, member.family, member.given,
    )
    .into_bytes()
}

/// A page of a fax, too faint to read.
fn pdf(_: &Order, control: u32) -> Vec<u8> {
    format!("%PDF-1.4\n% test fax {control}\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n").into_bytes()
}

fn cut_short(order: &Order, control: u32) -> Vec<u8> {
    let mut bytes = x12::write(order, control).unwrap_or_default();
    bytes.truncate(bytes.len() * 2 / 3);
    bytes
}

fn broken_json(order: &Order, _: u32) -> Vec<u8> {
    let mut bytes = fhir::write(order);
    bytes.truncate(bytes.len() / 2);
    bytes
}

fn text(order: &Order, control: u32) -> Vec<u8> {
    format!(
        "Please call {} at {} about the order of this morning. Test note {control}.\n",
        order.sender[2], order.sender[3]
    )
    .into_bytes()
}

fn nameless(order: &Order, control: u32) -> Vec<u8> {
    let stamp = order.local(order.ordered_at).strftime("%Y%m%d%H%M%S").to_string();
    format!(
        "MSH|^~\\&|TESTEHR|{}|DOORSTEP||{stamp}||ORM^O01|TEST-NN-{control}|T|2.3\rPID|1\rORC|NW|TEST-NN-{control}\rOBR|1|||E0143^Walker^HCPCS\r",
        order.sender[0],
    )
    .into_bytes()
}
