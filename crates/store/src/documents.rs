//! Documents of a case. Their bytes are blobs.

use crate::people::columns as personal;
use crate::{Result, Scope, StoreError, walls};
use doorstep_case::DocumentKind;
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CaseId, DocumentId, Phi, ReceiptId, Timestamp, UserId};

/// A case shows so many documents at most.
const DOCUMENTS_MAX: u32 = 1000;

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub document_id: DocumentId,
    /// SHA-256 of its bytes, hexadecimal.
    pub hash: String,
    /// What it is.
    pub kind: DocumentKind,
    /// Its media type as found.
    pub media_type: String,
    /// Its title or file name.
    pub title: Phi<String>,
    /// The receipt it came with; `None` when a person added it.
    pub receipt_id: Option<ReceiptId>,
    /// When.
    pub added_at: Timestamp,
    /// By whom.
    pub added_by: UserId,
}

/// Adds a document to a case. A document that is there stays as it is.
pub fn put(tx: &mut Tx<'_>, case_id: &CaseId, document: &Document) -> Result<()> {
    tx.execute(
        "INSERT INTO document (case_id, document_id, hash, kind, media_type, title, receipt_id, added_at, added_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (case_id, document_id) DO NOTHING",
        params![
            case_id.as_str(),
            document.document_id.as_str(),
            &document.hash,
            document.kind.name(),
            &document.media_type,
            personal::text(&document.title),
            document.receipt_id.as_ref().map(ReceiptId::as_str),
            document.added_at.0,
            document.added_by.as_str(),
        ],
    )?;
    Ok(())
}

/// Returns the documents of a case, the oldest first.
pub fn list(tx: &mut Tx<'_>, scope: &Scope, case_id: &CaseId) -> Result<Vec<Document>> {
    if !walls::sees(tx, scope, case_id)? {
        return Ok(Vec::new());
    }
    let sql = "SELECT document_id, hash, kind, media_type, title, receipt_id, added_at, added_by
               FROM document
               WHERE case_id = $1
               ORDER BY added_at, document_id
               LIMIT $2";
    tx.query(sql, params![case_id.as_str(), DOCUMENTS_MAX])?.iter().map(document).collect()
}

/// Returns one document of a case.
pub fn get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    case_id: &CaseId,
    document_id: &DocumentId,
) -> Result<Option<Document>> {
    if !walls::sees(tx, scope, case_id)? {
        return Ok(None);
    }
    let sql = "SELECT document_id, hash, kind, media_type, title, receipt_id, added_at, added_by
               FROM document
               WHERE case_id = $1 AND document_id = $2";
    let row = tx.query_one(sql, params![case_id.as_str(), document_id.as_str()])?;
    row.as_ref().map(document).transpose()
}

fn document(row: &Row) -> Result<Document> {
    let kind = DocumentKind::parse(row.text("kind")?);
    let title = personal::phi(row, "title")?;
    Ok(Document {
        document_id: DocumentId::from(row.text("document_id")?),
        hash: row.text("hash")?.to_owned(),
        kind: kind.ok_or(StoreError::Decode { what: "document.kind" })?,
        media_type: row.text("media_type")?.to_owned(),
        title: title.unwrap_or_default(),
        receipt_id: row.opt_text("receipt_id")?.map(ReceiptId::from),
        added_at: Timestamp(row.int("added_at")?),
        added_by: UserId::from(row.text("added_by")?),
    })
}
