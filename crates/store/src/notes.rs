//! Free text about a case: what people noted, and the words that came with the order. Never in events.

use crate::people::columns as personal;
use crate::{Result, Scope, StoreError, walls};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CaseId, DocumentId, Phi, Timestamp, UserId};

/// A case shows so many notes at most.
const NOTES_MAX: u32 = 1000;

/// Who may see a note.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Visibility {
    /// People of the hub only.
    #[default]
    Hub,
    /// Also the provider who has the lines, and the referrer.
    Shared,
}

impl Visibility {
    /// Returns the name that pages use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hub => "hub",
            Self::Shared => "shared",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Hub, Self::Shared].into_iter().find(|visibility| visibility.name() == name)
    }
}

/// A note, or a text of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its id, as the case's event names it.
    pub note_id: DocumentId,
    /// When it was written.
    pub at: Timestamp,
    /// By whom.
    pub author: UserId,
    /// Who may see it.
    pub visibility: Visibility,
    /// Where it stood in the order as it came in; empty for a note that a person wrote.
    pub place: String,
    /// The text.
    pub text: Phi<String>,
}

/// Adds a note to a case. A note that is there stays as it is.
pub fn put(tx: &mut Tx<'_>, case_id: &CaseId, note: &Note) -> Result<()> {
    tx.execute(
        "INSERT INTO note (case_id, note_id, at, author, visibility, place, text)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (case_id, note_id) DO NOTHING",
        params![
            case_id.as_str(),
            note.note_id.as_str(),
            note.at.0,
            note.author.as_str(),
            note.visibility.name(),
            &note.place,
            personal::text(&note.text),
        ],
    )?;
    Ok(())
}

/// Returns the notes of a case, the oldest first.
pub fn list(tx: &mut Tx<'_>, scope: &Scope, case_id: &CaseId) -> Result<Vec<Note>> {
    if walls::sees(tx, scope, case_id)? { for_writing(tx, case_id) } else { Ok(Vec::new()) }
}

/// Returns the notes of a case, to add what they lack. For writing only: pages use [`list`].
pub fn for_writing(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<Vec<Note>> {
    let sql = "SELECT note_id, at, author, visibility, place, text
               FROM note
               WHERE case_id = $1
               ORDER BY at, note_id
               LIMIT $2";
    tx.query(sql, params![case_id.as_str(), NOTES_MAX])?.iter().map(note).collect()
}

fn note(row: &Row) -> Result<Note> {
    let visibility = Visibility::parse(row.text("visibility")?);
    let text = personal::phi(row, "text")?;
    Ok(Note {
        note_id: DocumentId::from(row.text("note_id")?),
        at: Timestamp(row.int("at")?),
        author: UserId::from(row.text("author")?),
        visibility: visibility.ok_or(StoreError::Decode { what: "note.visibility" })?,
        place: row.text("place")?.to_owned(),
        text: text.unwrap_or_default(),
    })
}
