//! DG1, PR1, AL1, OBX and NTE: what is wrong with the patient, what was done, found and said.

use crate::order::fields::Fields;
use crate::types::{Code, Ts};

/// DG1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// DG1-3; the system of DG1-2 when DG1-3 says none.
    pub code: Option<Code>,
    /// DG1-4.
    pub description: Option<String>,
    /// DG1-5.
    pub at: Option<Ts>,
    /// DG1-6, HL7 table 0052: `A` admitting, `W` working, `F` final.
    pub type_code: Option<String>,
    /// DG1-15, 1 for the first.
    pub priority: Option<String>,
    /// Which order of the message it belongs to, from 0.
    pub order: Option<usize>,
}

impl Diagnosis {
    pub(crate) fn of(dg1: &mut Fields<'_, '_>) -> Self {
        Self {
            code: code_with_method(dg1),
            description: dg1.whole(4),
            at: dg1.date(5),
            type_code: dg1.text(6),
            priority: dg1.text(15),
            order: None,
        }
    }
}

/// DG1 and PR1 of old versions say the system in field 2.
fn code_with_method(fields: &Fields<'_, '_>) -> Option<Code> {
    let code = fields.code(3)?;
    let system = code.system.clone().or_else(|| fields.text(2));
    Some(Code { system, ..code })
}

/// PR1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Procedure {
    /// PR1-3; the system of PR1-2 when PR1-3 says none.
    pub code: Option<Code>,
    /// PR1-4.
    pub description: Option<String>,
    /// PR1-5.
    pub at: Option<Ts>,
    /// PR1-16.
    pub modifiers: Vec<Code>,
    /// Which order of the message it belongs to, from 0.
    pub order: Option<usize>,
}

impl Procedure {
    pub(crate) fn of(pr1: &mut Fields<'_, '_>) -> Self {
        Self {
            code: code_with_method(pr1),
            description: pr1.whole(4),
            at: pr1.date(5),
            modifiers: pr1.all(16, Code::read),
            order: None,
        }
    }
}

/// AL1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allergy {
    /// AL1-2.
    pub kind: Option<Code>,
    /// AL1-3.
    pub substance: Option<Code>,
    /// AL1-4.
    pub severity: Option<Code>,
    /// AL1-5.
    pub reactions: Vec<String>,
}

impl Allergy {
    pub(crate) fn of(al1: &Fields<'_, '_>) -> Self {
        Self {
            kind: al1.code(2),
            substance: al1.code(3),
            severity: al1.code(4),
            reactions: al1.all(5, |reaction| reaction.text(1)),
        }
    }
}

/// OBX-5.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// Nothing was sent.
    #[default]
    Empty,
    /// Numbers, dates and texts, repetitions as lines.
    Text(String),
    /// CE, CWE, CNE.
    Codes(Vec<Code>),
    /// RP: where something is, as text; nobody follows it.
    Pointer(String),
    /// ED: see the message's documents.
    Document,
}

/// OBX.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observation {
    /// Position of the segment in the message, by which its document is found.
    pub segment: u32,
    /// OBX-2.
    pub value_type: Option<String>,
    /// OBX-3.
    pub code: Option<Code>,
    /// OBX-4.
    pub sub_id: Option<String>,
    /// OBX-5.
    pub value: Value,
    /// OBX-6.
    pub unit: Option<Code>,
    /// OBX-7.
    pub range: Option<String>,
    /// OBX-8.
    pub flags: Vec<String>,
    /// OBX-11, HL7 table 0085: `F` final, `C` corrected, `D` deleted, `W` wrong.
    pub status: Option<String>,
    /// OBX-14.
    pub observed_at: Option<Ts>,
    /// Which order of the message it belongs to, from 0.
    pub order: Option<usize>,
    /// Which panel of the message it belongs to, from 0.
    pub panel: Option<usize>,
}

impl Observation {
    pub(crate) fn of(obx: &mut Fields<'_, '_>) -> Self {
        Self {
            segment: obx.segment.position(),
            value_type: obx.text(2),
            code: obx.code(3),
            sub_id: obx.text(4),
            value: value(obx),
            unit: obx.code(6),
            range: obx.whole(7),
            flags: obx.all(8, |flag| flag.text(1)),
            status: obx.text(11),
            observed_at: obx.date(14),
            order: None,
            panel: None,
        }
    }
}

fn value(obx: &Fields<'_, '_>) -> Value {
    if obx.segment.field(5).is_empty() {
        return Value::Empty;
    }
    if obx.segment.holds_document() {
        return Value::Document;
    }
    let as_text = |text: Option<String>| text.map_or(Value::Empty, Value::Text);
    match obx.segment.field(2).raw() {
        "CE" | "CWE" | "CNE" | "CF" => Value::Codes(obx.all(5, Code::read)),
        "RP" => obx.text(5).map_or(Value::Empty, Value::Pointer),
        // SN: comparator, number, separator, number.
        "SN" => {
            let whole = obx.segment.field(5).first();
            as_text(Some((1..=4).filter_map(|n| whole.text(n)).collect()))
        }
        _ => as_text(obx.whole(5)),
    }
}

/// What a note stands behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The message as a whole, or a segment we do not keep.
    Message,
    /// PID.
    Patient,
    /// PV1.
    Visit,
    /// RF1.
    Referral,
    /// An order, from 0.
    Order(usize),
    /// A panel, from 0.
    Panel(usize),
    /// An observation, from 0.
    Observation(usize),
}

/// NTE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it stands behind.
    pub about: About,
    /// NTE-3, repetitions as lines.
    pub text: String,
}
