//! Whom to ask for at a provider: a name and a telephone number, which no event may hold.

use crate::people::columns as personal;
use crate::{Result, Scope, walls};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CaseId, ContactId, Phi, Timestamp, UserId};

/// A case has so many contacts at most that are read: one for each acceptance.
const CONTACTS_MAX: u32 = 1000;

/// A person at a provider who answers for lines of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its id, as the case's event names it.
    pub contact_id: ContactId,
    /// When it was entered.
    pub at: Timestamp,
    /// By whom.
    pub author: UserId,
    /// The name.
    pub name: Phi<String>,
    /// The telephone number, as it was entered.
    pub phone: Phi<String>,
}

/// Adds a contact to a case. One that is there stays as it is.
pub fn put(tx: &mut Tx<'_>, case_id: &CaseId, contact: &Contact) -> Result<()> {
    tx.execute(
        "INSERT INTO provider_contact (case_id, contact_id, at, author, name, phone)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (case_id, contact_id) DO NOTHING",
        params![
            case_id.as_str(),
            contact.contact_id.as_str(),
            contact.at.0,
            contact.author.as_str(),
            personal::text(&contact.name),
            personal::text(&contact.phone),
        ],
    )?;
    Ok(())
}

/// Returns the contacts of a case, the oldest first.
pub fn list(tx: &mut Tx<'_>, scope: &Scope, case_id: &CaseId) -> Result<Vec<Contact>> {
    if !walls::sees(tx, scope, case_id)? {
        return Ok(Vec::new());
    }
    let sql = "SELECT contact_id, at, author, name, phone
               FROM provider_contact
               WHERE case_id = $1
               ORDER BY at, contact_id
               LIMIT $2";
    tx.query(sql, params![case_id.as_str(), CONTACTS_MAX])?.iter().map(contact).collect()
}

fn contact(row: &Row) -> Result<Contact> {
    Ok(Contact {
        contact_id: ContactId::from(row.text("contact_id")?),
        at: Timestamp(row.int("at")?),
        author: UserId::from(row.text("author")?),
        name: personal::phi(row, "name")?.unwrap_or_default(),
        phone: personal::phi(row, "phone")?.unwrap_or_default(),
    })
}
