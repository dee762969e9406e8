//! The inbox: whether something was taken before, asked and recorded in one step.

use crate::{Result, StoreError};
use doorstep_db::{Tx, params};
use doorstep_planted as planted;
use doorstep_vocab::{CaseId, Key, ReceiptId, Timestamp};

/// Something that arrives.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The door and the sender.
    pub source: &'a str,
    /// What makes two requests of that source the same.
    pub key: &'a Key,
    /// SHA-256 of the content, hexadecimal.
    pub hash: &'a str,
    /// The receipt it gets if it is new.
    pub receipt_id: &'a ReceiptId,
    /// When it came.
    pub received_at: Timestamp,
}

/// Whether it was taken before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// It was not; now it is.
    New,
    /// It was, with the same content.
    Same {
        /// The receipt of the first one.
        receipt_id: ReceiptId,
    },
    /// Its key was used for something else.
    Other {
        /// The receipt of that.
        receipt_id: ReceiptId,
    },
}

/// Records an arrival unless its key was seen before.
pub fn once(tx: &mut Tx<'_>, arrival: &Arrival<'_>) -> Result<Seen> {
    let Arrival { source, key, hash, receipt_id, received_at } = *arrival;
    let n_rows = tx.execute(
        "INSERT INTO inbox (source, key, hash, receipt_id, received_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (source, key) DO NOTHING",
        params![source, key.as_str(), hash, receipt_id.as_str(), received_at.0],
    )?;
    if n_rows == 1 || planted::is("takes-a-file-again") {
        return Ok(Seen::New);
    }
    let sql = "SELECT hash, receipt_id FROM inbox WHERE source = $1 AND key = $2";
    let row = tx.query_one(sql, params![source, key.as_str()])?;
    let row = row.ok_or(StoreError::Decode { what: "inbox" })?;
    let receipt_id = ReceiptId::from(row.text("receipt_id")?);
    Ok(if row.text("hash")? == hash {
        Seen::Same { receipt_id }
    } else {
        Seen::Other { receipt_id }
    })
}

/// Returns the receipt under which a key was seen first. Only looks.
pub fn seen(tx: &mut Tx<'_>, source: &str, key: &Key) -> Result<Option<ReceiptId>> {
    let sql = "SELECT receipt_id FROM inbox WHERE source = $1 AND key = $2";
    let row = tx.query_one(sql, params![source, key.as_str()])?;
    row.map(|row| Ok(ReceiptId::from(row.text("receipt_id")?))).transpose()
}

/// Notes the case that a form led to, under the key that [`once`] recorded.
pub fn put_case(tx: &mut Tx<'_>, (source, key): (&str, &Key), case_id: &CaseId) -> Result<()> {
    let sql = "UPDATE inbox SET case_id = $3 WHERE source = $1 AND key = $2";
    tx.execute(sql, params![source, key.as_str(), case_id.as_str()])?;
    Ok(())
}

/// Returns the case that a form led to. For writing only.
pub fn case_of(tx: &mut Tx<'_>, source: &str, key: &Key) -> Result<Option<CaseId>> {
    let sql = "SELECT case_id FROM inbox WHERE source = $1 AND key = $2";
    let row = tx.query_one(sql, params![source, key.as_str()])?;
    let Some(row) = row else { return Ok(None) };
    Ok(row.opt_text("case_id")?.map(CaseId::from))
}
