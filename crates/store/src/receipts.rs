//! Receipts: each arrival of bytes at a door, the units read from it, and what became of each.
//!
//! Not here: what the bytes mean. Outcomes and problems are kept as the readers wrote them.
//!
//! **Invariant:** whatever could not be taken waits in [`queued`] until a person has settled it.

use crate::{Result, Scope, StoreError};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CaseId, ReceiptId, Timestamp, UserId};

/// Units of a receipt that are read at once.
const UNITS_MAX: u32 = 10_000;

/// One arrival of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its id. Sorts by the time it was made.
    pub receipt_id: ReceiptId,
    /// When the hub first held the bytes.
    pub received_at: Timestamp,
    /// The door, by [`Channel::name`](doorstep_case::Channel::name).
    pub channel: String,
    /// File name or route, without personal data.
    pub name: String,
    /// What the bytes are, by their content.
    pub format: String,
    /// Who sent it, as the message says.
    pub sender: Option<String>,
    /// SHA-256 of the bytes, hexadecimal: their blob.
    pub hash: String,
    /// Number of bytes.
    pub size: u64,
    /// What became of it as a whole.
    pub outcome: String,
    /// Problems of the file as a whole, JSON.
    pub problems: String,
    /// The blob of the answer.
    pub reply_hash: Option<String>,
}

/// One order or answer within a receipt. A file that holds none has the unit 0 for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Position, from 0.
    pub unit: u32,
    /// Where it stands: a line, a segment, an entry.
    pub place: String,
    /// `opened`, `linked`, `updated`, `queued`, `refused` or `unsupported`.
    pub outcome: String,
    /// The case it went to.
    pub case_id: Option<CaseId>,
    /// Its problems, JSON.
    pub problems: String,
    /// When a person settled it.
    pub resolved_at: Option<Timestamp>,
    /// Who settled it.
    pub resolved_by: Option<UserId>,
}

/// A unit that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Its receipt.
    pub receipt_id: ReceiptId,
    /// When that came.
    pub received_at: Timestamp,
    /// The door.
    pub channel: String,
    /// File name or route.
    pub name: String,
    /// What the bytes are.
    pub format: String,
    /// Who sent it.
    pub sender: Option<String>,
    /// The unit.
    pub unit: Unit,
}

/// What to settle a unit with.
#[derive(Debug, Clone)]
pub struct Resolution<'a> {
    /// The receipt.
    pub receipt_id: &'a ReceiptId,
    /// The unit.
    pub unit: u32,
    /// The case it went to, if any.
    pub case_id: Option<&'a CaseId>,
    /// Who settles it.
    pub by: &'a UserId,
    /// When.
    pub at: Timestamp,
}

/// Keeps a receipt; one that is there gets the new outcome, problems and answer.
pub fn put(tx: &mut Tx<'_>, receipt: &Receipt) -> Result<()> {
    tx.execute(
        "INSERT INTO receipt (receipt_id, received_at, channel, name, format, sender, hash, size, outcome, problems,
                              reply_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (receipt_id) DO UPDATE
         SET outcome = excluded.outcome, problems = excluded.problems, reply_hash = excluded.reply_hash",
        params![
            receipt.receipt_id.as_str(),
            receipt.received_at.0,
            &receipt.channel,
            &receipt.name,
            &receipt.format,
            receipt.sender.as_ref(),
            &receipt.hash,
            i64::try_from(receipt.size).unwrap_or(i64::MAX),
            &receipt.outcome,
            &receipt.problems,
            receipt.reply_hash.as_ref(),
        ],
    )?;
    Ok(())
}

/// Keeps a unit of a receipt; one that is there gets the new outcome, case and problems.
pub fn put_unit(tx: &mut Tx<'_>, receipt_id: &ReceiptId, unit: &Unit) -> Result<()> {
    tx.execute(
        "INSERT INTO receipt_unit (receipt_id, unit, place, outcome, case_id, problems, resolved_at, resolved_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (receipt_id, unit) DO UPDATE
         SET outcome = excluded.outcome, case_id = excluded.case_id, problems = excluded.problems,
             resolved_at = excluded.resolved_at, resolved_by = excluded.resolved_by",
        params![
            receipt_id.as_str(),
            unit.unit,
            &unit.place,
            &unit.outcome,
            unit.case_id.as_ref().map(CaseId::as_str),
            &unit.problems,
            unit.resolved_at.map(|at| at.0),
            unit.resolved_by.as_ref().map(UserId::as_str),
        ],
    )?;
    Ok(())
}

/// Says which case a unit that waits turned out to be about.
pub fn put_case(
    tx: &mut Tx<'_>,
    (receipt_id, unit): (&ReceiptId, u32),
    case_id: &CaseId,
) -> Result<()> {
    let sql = "UPDATE receipt_unit SET case_id = $3 WHERE receipt_id = $1 AND unit = $2";
    tx.execute(sql, params![receipt_id.as_str(), unit, case_id.as_str()])?;
    Ok(())
}

/// Records what became of a receipt as a whole, and the answer that was made.
pub fn finish(
    tx: &mut Tx<'_>,
    receipt_id: &ReceiptId,
    outcome: &str,
    reply_hash: Option<&str>,
) -> Result<bool> {
    let sql = "UPDATE receipt SET outcome = $2, reply_hash = $3 WHERE receipt_id = $1";
    Ok(tx.execute(sql, params![receipt_id.as_str(), outcome, reply_hash])? == 1)
}

/// Settles a unit that waits for a person. Returns whether it did wait: of two who settle it, one is told that it is done.
pub fn resolve(tx: &mut Tx<'_>, resolution: &Resolution<'_>) -> Result<bool> {
    let n_rows = tx.execute(
        "UPDATE receipt_unit
         SET resolved_at = $3, resolved_by = $4, case_id = COALESCE($5, case_id)
         WHERE receipt_id = $1 AND unit = $2 AND outcome = 'queued' AND resolved_at IS NULL",
        params![
            resolution.receipt_id.as_str(),
            resolution.unit,
            resolution.at.0,
            resolution.by.as_str(),
            resolution.case_id.map(CaseId::as_str),
        ],
    )?;
    Ok(n_rows == 1)
}

/// Returns whether a unit of the receipt that went to the case still waits for a person. For writing only.
pub fn waits_for(tx: &mut Tx<'_>, receipt_id: &ReceiptId, case_id: &CaseId) -> Result<bool> {
    let sql = "SELECT unit
               FROM receipt_unit
               WHERE receipt_id = $1 AND case_id = $2 AND outcome = 'queued' AND resolved_at IS NULL
               ORDER BY unit
               LIMIT 1";
    Ok(tx.query_one(sql, params![receipt_id.as_str(), case_id.as_str()])?.is_some())
}

/// Returns up to `limit` units that wait for a person, the oldest receipt first, after a receipt and its unit.
pub fn queued(
    tx: &mut Tx<'_>,
    scope: &Scope,
    after: Option<(&ReceiptId, u32)>,
    limit: u32,
) -> Result<Vec<Queued>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let (condition, more) = scope.condition(4);
    let mut values = params![
        after.map_or("", |(receipt_id, _)| receipt_id.as_str()),
        after.map_or(-1, |(_, unit)| i64::from(unit)),
        limit,
    ]
    .to_vec();
    values.extend(more);
    let queued = |row: &Row| {
        Ok(Queued {
            receipt_id: ReceiptId::from(row.text("receipt_id")?),
            received_at: Timestamp(row.int("received_at")?),
            channel: row.text("channel")?.to_owned(),
            name: row.text("name")?.to_owned(),
            format: row.text("format")?.to_owned(),
            sender: row.opt_text("sender")?.map(str::to_owned),
            unit: unit(row)?,
        })
    };
    tx.query(&queued_sql(&condition), &values)?.iter().map(queued).collect()
}

pub(crate) fn queued_sql(condition: &str) -> String {
    let seen = of_seen(condition);
    format!(
        "SELECT u.receipt_id, u.unit, u.place, u.outcome, u.case_id, u.problems, u.resolved_at, u.resolved_by,
                r.received_at, r.channel, r.name, r.format, r.sender
         FROM receipt_unit AS u
         JOIN receipt AS r ON r.receipt_id = u.receipt_id
         WHERE u.outcome = 'queued' AND u.resolved_at IS NULL AND (u.receipt_id, u.unit) > ($1, $2){seen}
         ORDER BY u.receipt_id, u.unit
         LIMIT $3"
    )
}

/// What went to a case is seen by those who see the case; what went to none, by all who look at files.
fn of_seen(condition: &str) -> String {
    match condition {
        "" => String::new(),
        condition => format!(
            " AND (u.case_id IS NULL OR EXISTS (SELECT 1 FROM case_head AS h WHERE h.case_id = u.case_id{condition}))"
        ),
    }
}

/// Returns a receipt with its first units, in their order: as many as are read at once.
pub fn get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    receipt_id: &ReceiptId,
) -> Result<Option<(Receipt, Vec<Unit>)>> {
    let Some(receipt) = one(tx, scope, receipt_id)? else { return Ok(None) };
    Ok(Some((receipt, first_units(tx, scope, receipt_id, UNITS_MAX)?)))
}

/// Returns the cases that a receipt's units went to, every one of them, by id.
pub fn cases_of(tx: &mut Tx<'_>, receipt_id: &ReceiptId) -> Result<Vec<CaseId>> {
    let sql = "SELECT DISTINCT case_id
               FROM receipt_unit
               WHERE receipt_id = $1 AND case_id IS NOT NULL
               ORDER BY case_id";
    let rows = tx.query(sql, params![receipt_id.as_str()])?;
    rows.iter().map(|row| Ok(CaseId::from(row.text("case_id")?))).collect()
}

/// Returns a receipt without its units.
pub fn one(tx: &mut Tx<'_>, scope: &Scope, receipt_id: &ReceiptId) -> Result<Option<Receipt>> {
    if scope.sees_cases() { head(tx, receipt_id) } else { Ok(None) }
}

/// Returns up to `limit` units of a receipt, from its first on.
pub fn first_units(
    tx: &mut Tx<'_>,
    scope: &Scope,
    receipt_id: &ReceiptId,
    limit: u32,
) -> Result<Vec<Unit>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let (condition, more) = scope.condition(3);
    let mut values = params![receipt_id.as_str(), limit].to_vec();
    values.extend(more);
    tx.query(&first_units_sql(&condition), &values)?.iter().map(unit).collect()
}

pub(crate) fn first_units_sql(condition: &str) -> String {
    let seen = of_seen(condition);
    format!(
        "SELECT u.unit, u.place, u.outcome, u.case_id, u.problems, u.resolved_at, u.resolved_by
         FROM receipt_unit AS u
         WHERE u.receipt_id = $1{seen}
         ORDER BY u.unit
         LIMIT $2"
    )
}

/// Returns a receipt with all its units, to answer the same bytes again. For writing only: pages use [`get`].
pub fn for_writing(
    tx: &mut Tx<'_>,
    receipt_id: &ReceiptId,
) -> Result<Option<(Receipt, Vec<Unit>)>> {
    let Some(receipt) = head(tx, receipt_id)? else { return Ok(None) };
    let mut units: Vec<Unit> = Vec::new();
    loop {
        let more = units_after(tx, receipt_id, units.last().map(|unit| unit.unit), UNITS_MAX)?;
        if more.is_empty() {
            return Ok(Some((receipt, units)));
        }
        units.extend(more);
    }
}

/// Returns a receipt without its units. For writing only: pages use [`one`].
pub fn head(tx: &mut Tx<'_>, receipt_id: &ReceiptId) -> Result<Option<Receipt>> {
    let sql = "SELECT receipt_id, received_at, channel, name, format, sender, hash, size, outcome, problems, reply_hash
               FROM receipt
               WHERE receipt_id = $1";
    let row = tx.query_one(sql, params![receipt_id.as_str()])?;
    row.as_ref().map(receipt).transpose()
}

fn units_after(
    tx: &mut Tx<'_>,
    receipt_id: &ReceiptId,
    after: Option<u32>,
    limit: u32,
) -> Result<Vec<Unit>> {
    let sql = "SELECT unit, place, outcome, case_id, problems, resolved_at, resolved_by
               FROM receipt_unit
               WHERE receipt_id = $1 AND unit > $2
               ORDER BY unit
               LIMIT $3";
    let after = after.map_or(-1, i64::from);
    let units = tx.query(sql, params![receipt_id.as_str(), after, limit])?;
    units.iter().map(unit).collect()
}

/// Returns one unit, for whoever is about to take it.
pub fn unit_at(tx: &mut Tx<'_>, receipt_id: &ReceiptId, at: u32) -> Result<Option<Unit>> {
    let sql = "SELECT unit, place, outcome, case_id, problems, resolved_at, resolved_by
               FROM receipt_unit
               WHERE receipt_id = $1 AND unit = $2";
    let row = tx.query_one(sql, params![receipt_id.as_str(), at])?;
    row.as_ref().map(unit).transpose()
}

/// Returns the receipts whose outcome is still `reading`, the oldest first: those that a killed process left.
pub fn unfinished(tx: &mut Tx<'_>, reading: &str, limit: u32) -> Result<Vec<Receipt>> {
    unfinished_before(tx, reading, (Timestamp(i64::MAX), limit))
}

/// Returns those of them that came before a moment: nobody is at them any more.
pub fn unfinished_before(
    tx: &mut Tx<'_>,
    reading: &str,
    (before, limit): (Timestamp, u32),
) -> Result<Vec<Receipt>> {
    let sql = "SELECT receipt_id, received_at, channel, name, format, sender, hash, size, outcome, problems, reply_hash
               FROM receipt
               WHERE outcome = $1 AND received_at < $3
               ORDER BY receipt_id
               LIMIT $2";
    let rows = tx.query(sql, params![reading, limit, before.0])?;
    rows.iter().map(receipt).collect()
}

/// Returns up to `limit` receipts, the newest first, before one.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: Option<(Timestamp, &ReceiptId)>,
    limit: u32,
) -> Result<Vec<Receipt>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let (condition, more) = scope.condition(4);
    let mut values = params![
        before.map_or(i64::MAX, |(at, _)| at.0),
        before.map_or("", |(_, receipt_id)| receipt_id.as_str()),
        limit,
    ]
    .to_vec();
    values.extend(more);
    tx.query(&list_sql(&condition), &values)?.iter().map(receipt).collect()
}

/// A file all of whose units went to cases that are not seen is not there.
pub(crate) fn seen_file(condition: &str) -> String {
    match condition {
        "" => String::new(),
        condition => format!(
            " AND (NOT EXISTS (SELECT 1 FROM receipt_unit AS n WHERE n.receipt_id = r.receipt_id)
                   OR EXISTS (SELECT 1 FROM receipt_unit AS u WHERE u.receipt_id = r.receipt_id{}))",
            of_seen(condition)
        ),
    }
}

pub(crate) fn list_sql(condition: &str) -> String {
    let seen = seen_file(condition);
    format!(
        "SELECT r.receipt_id, r.received_at, r.channel, r.name, r.format, r.sender, r.hash, r.size, r.outcome, r.problems,
                r.reply_hash
         FROM receipt AS r
         WHERE (r.received_at, r.receipt_id) < ($1, $2){seen}
         ORDER BY r.received_at DESC, r.receipt_id DESC
         LIMIT $3"
    )
}

fn receipt(row: &Row) -> Result<Receipt> {
    let size = u64::try_from(row.int("size")?);
    Ok(Receipt {
        receipt_id: ReceiptId::from(row.text("receipt_id")?),
        received_at: Timestamp(row.int("received_at")?),
        channel: row.text("channel")?.to_owned(),
        name: row.text("name")?.to_owned(),
        format: row.text("format")?.to_owned(),
        sender: row.opt_text("sender")?.map(str::to_owned),
        hash: row.text("hash")?.to_owned(),
        size: size.map_err(|_| StoreError::Decode { what: "receipt.size" })?,
        outcome: row.text("outcome")?.to_owned(),
        problems: row.text("problems")?.to_owned(),
        reply_hash: row.opt_text("reply_hash")?.map(str::to_owned),
    })
}

pub(crate) fn unit(row: &Row) -> Result<Unit> {
    let unit = u32::try_from(row.int("unit")?);
    Ok(Unit {
        unit: unit.map_err(|_| StoreError::Decode { what: "receipt_unit.unit" })?,
        place: row.text("place")?.to_owned(),
        outcome: row.text("outcome")?.to_owned(),
        case_id: row.opt_text("case_id")?.map(CaseId::from),
        problems: row.text("problems")?.to_owned(),
        resolved_at: row.opt_int("resolved_at")?.map(Timestamp),
        resolved_by: row.opt_text("resolved_by")?.map(UserId::from),
    })
}
