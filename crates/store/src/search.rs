//! Finds cases by what a caller can say: the case number, the member's name, birth date or plan ID.

use crate::people::{columns as personal, folded, member_id_norm};
use crate::{Result, Scope, StoreError};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CaseId, CaseNumber, Date, PayerId, Phi, Timestamp};

/// What is known. All that is given must hold; a query that gives nothing finds nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// The case number.
    pub number: Option<CaseNumber>,
    /// The beginning of the name, family or given name first.
    pub name: Option<Phi<String>>,
    /// The birth date.
    pub birth_on: Option<Phi<Date>>,
    /// The plan ID, in any spelling.
    pub member_id: Option<Phi<String>>,
}

impl Query {
    /// Reads what a person typed into one box: a case number, a date, something with a digit as a plan ID, else a name.
    pub fn typed(text: &str) -> Self {
        let text = text.trim();
        if let Ok(number) = CaseNumber::parse(text) {
            return Self { number: Some(number), ..Self::default() };
        }
        if let Some(date) = date(text) {
            return Self { birth_on: Some(Phi::new(date)), ..Self::default() };
        }
        if text.bytes().any(|byte| byte.is_ascii_digit()) {
            return Self { member_id: Some(Phi::new(text.to_owned())), ..Self::default() };
        }
        Self { name: Some(Phi::new(text.to_owned())), ..Self::default() }
    }
}

/// Reads `2026-07-03`, or `7/3/2026` as it is said in the United States.
fn date(text: &str) -> Option<Date> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let mut parts = text.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

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
    fn condition(self) -> &'static str {
        match self {
            Self::Number => "h.number = $1",
            Self::MemberId => "p.member_id_norm = $2",
            Self::Name => {
                "((p.name_key >= $3 AND p.name_key < $4) OR (p.given_key >= $3 AND p.given_key < $4))"
            }
            Self::BirthOn => "p.birth_on = $5",
        }
    }
}

/// Finds up to `limit` cases, the newest first.
pub fn find(tx: &mut Tx<'_>, scope: &Scope, query: &Query, limit: u32) -> Result<Vec<Hit>> {
    let member_id =
        query.member_id.as_ref().map_or(String::new(), |id| member_id_norm(personal::text(id)));
    let name = query.name.as_ref().map_or(String::new(), |name| folded(personal::text(name)));
    let by = [
        (query.number.is_some(), By::Number),
        (!member_id.is_empty(), By::MemberId),
        (!name.is_empty(), By::Name),
        (query.birth_on.is_some(), By::BirthOn),
    ];
    let Some((_, by)) = by.into_iter().find(|(is_given, _)| *is_given) else {
        return Ok(Vec::new());
    };
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let values = params![
        query.number.as_ref().map_or("", CaseNumber::as_str),
        member_id,
        &name,
        // All keys are of the letters a to z, and this character comes after them.
        format!("{name}{{"),
        personal::date_text(query.birth_on.as_ref()),
        limit,
    ];
    tx.query(&find_sql(by), values)?.iter().map(hit).collect()
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
           AND ($3 = '' OR (p.name_key >= $3 AND p.name_key < $4) OR (p.given_key >= $3 AND p.given_key < $4))
           AND ($5 = '' OR p.birth_on = $5)
         ORDER BY h.opened_at DESC, h.case_id DESC
         LIMIT $6",
        by.condition()
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

#[cfg(test)]
mod tests {
    use super::Query;
    use doorstep_vocab::Phi;

    #[test]
    fn one_box_is_enough() {
        assert!(Query::typed(" hc 260703 000042 6").number.is_some());
        let date = Some(Phi::new(doorstep_vocab::Date::constant(1950, 7, 3)));
        assert_eq!(Query::typed("1950-07-03").birth_on, date);
        assert_eq!(Query::typed("7/3/1950").birth_on, date);
        assert_eq!(Query::typed("7/33/1950").member_id, Some(Phi::new("7/33/1950".to_owned())));
        assert_eq!(Query::typed("TEST-123").member_id, Some(Phi::new("TEST-123".to_owned())));
        assert_eq!(Query::typed("Example, T").name, Some(Phi::new("Example, T".to_owned())));
    }
}
