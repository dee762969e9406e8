//! Finds cases by what a caller can say: the case number, the member's name, birth date or plan ID.

mod typed;

pub use typed::Query;

use crate::people::{columns as personal, member_id_norm};
use crate::{Result, Scope, StoreError};
use doorstep_db::{Row, Tx, Value};
use doorstep_vocab::{CaseId, CaseNumber, Date, PayerId, Phi, Timestamp};

/// A case that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The case.
    pub case_id: CaseId,
    /// Its number.
    pub number: Option<CaseNumber>,
    /// Whether it is closed.
    pub is_closed: bool,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// The payer.
    pub payer_id: PayerId,
    /// The next step.
    pub next_words: String,
    /// The member's name, family name first.
    pub member: Option<Phi<String>>,
    /// The member's birth date.
    pub birth_on: Option<Phi<Date>>,
    /// The plan ID.
    pub member_id: Option<Phi<String>>,
}

/// What a search starts from: the most telling of what is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Number,
    MemberId,
    Name,
    BirthOn,
}

impl By {
    pub(crate) const ALL: [Self; 4] = [Self::Number, Self::MemberId, Self::Name, Self::BirthOn];

    /// What must hold, as the index has it.
    fn condition(self) -> String {
        match self {
            Self::Number => "h.number = $1".to_owned(),
            Self::MemberId => "p.member_id_norm = $2".to_owned(),
            Self::Name => name_sql(),
            Self::BirthOn => BIRTH_SQL.to_owned(),
        }
    }
}

const BIRTH_SQL: &str = "p.birth_on IN ($3, $4)";

/// Where the spellings of the name stand among the values, each as a range.
const NAMES_AT: usize = 6;

/// One of the spellings begins the name as it is written, or as it is said.
fn name_sql() -> String {
    let range = |n: usize| {
        let (from, to) = (NAMES_AT + 2 * n, NAMES_AT + 2 * n + 1);
        format!(
            "(p.name_key >= ${from} AND p.name_key < ${to}) OR (p.given_key >= ${from} AND p.given_key < ${to})"
        )
    };
    let ranges: Vec<String> = (0..typed::SPELLINGS).map(range).collect();
    format!("({})", ranges.join(" OR "))
}

/// Finds up to `limit` cases, the newest first.
pub fn find(tx: &mut Tx<'_>, scope: &Scope, query: &Query, limit: u32) -> Result<Vec<Hit>> {
    let member_id =
        query.member_id.as_ref().map_or(String::new(), |id| member_id_norm(personal::text(id)));
    let spellings = query.name.as_ref().map(|name| typed::spellings(personal::text(name)));
    let spellings = spellings.unwrap_or_default();
    let by = [
        (query.number.is_some(), By::Number),
        (!member_id.is_empty(), By::MemberId),
        (!spellings[0].is_empty(), By::Name),
        (query.birth_on.is_some(), By::BirthOn),
    ];
    let Some((_, by)) = by.into_iter().find(|(is_given, _)| *is_given) else {
        return Ok(Vec::new());
    };
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let number = query.number.as_ref().map_or("", CaseNumber::as_str);
    let birth_on = personal::date_text(query.birth_on.as_ref());
    let or_birth_on = personal::date_text(query.or_birth_on.as_ref());
    let mut values = vec![
        Value::from(number),
        Value::from(&member_id),
        Value::from(&birth_on),
        Value::from(&or_birth_on),
        Value::from(limit),
    ];
    for spelling in spellings {
        // All keys are of the letters a to z, and this character comes after them.
        values.extend([Value::from(&spelling), Value::from(&format!("{spelling}{{"))]);
    }
    tx.query(&find_sql(by), &values)?.iter().map(hit).collect()
}

pub(crate) fn find_sql(by: By) -> String {
    format!(
        "SELECT h.case_id, h.number, h.status, h.opened_at, h.payer_id, h.next_words, p.family, p.given, p.suffix,
                p.birth_on, p.member_id
         FROM case_head AS h
         LEFT JOIN person AS p ON p.case_id = h.case_id
         WHERE {}
           AND ($1 = '' OR h.number = $1)
           AND ($2 = '' OR p.member_id_norm = $2)
           AND (${NAMES_AT} = '' OR {})
           AND ($3 = '' OR {BIRTH_SQL})
         ORDER BY h.opened_at DESC, h.case_id DESC
         LIMIT $5",
        by.condition(),
        name_sql(),
    )
}

fn hit(row: &Row) -> Result<Hit> {
    let number = row.opt_text("number")?.map(CaseNumber::parse).transpose();
    Ok(Hit {
        case_id: CaseId::from(row.text("case_id")?),
        number: number.map_err(|_| StoreError::Decode { what: "case_head.number" })?,
        is_closed: row.text("status")? == "closed",
        opened_at: Timestamp(row.int("opened_at")?),
        payer_id: PayerId::from(row.text("payer_id")?),
        next_words: row.text("next_words")?.to_owned(),
        member: personal::display_name(row)?,
        birth_on: personal::birth_on(row)?,
        member_id: personal::phi(row, "member_id")?,
    })
}
