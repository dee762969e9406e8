//! Makes the entries of cases that changed. The runner calls it; who writes a case only leaves word that it is due.
//!
//! **Invariant:** a case that is not due has all its entries. Entries are only added: what is no longer so is left out
//! when it is read.

use super::{keys, near};
use crate::people::columns as personal;
use crate::{Result, cases, matching, notes, people, sql};
use doorstep_case::{Event, Recorded};
use doorstep_db::{Row, Tx, Value, params};
use doorstep_vocab::{CaseId, Timestamp};
use std::collections::BTreeSet;

/// Entries in one statement. More go in several, so that few texts have to be prepared.
const ROWS_A_STATEMENT: usize = 32;

/// Documents of a case whose titles are read.
const DOCUMENTS_MAX: u32 = 200;

/// Cases that are due, and since when.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Behind {
    /// How many.
    pub n_cases: u64,
    /// When the first of their changes was recorded.
    pub since: Option<Timestamp>,
}

/// Leaves word that a case's entries are due, if what happened may have changed them. Without events its people have.
pub(crate) fn leave_word(
    tx: &mut Tx<'_>,
    (case_id, seq): (&CaseId, u32),
    recorded: &[Recorded],
) -> Result<()> {
    if !recorded.is_empty() && !recorded.iter().any(|recorded| is_told(&recorded.event)) {
        return Ok(());
    }
    // Written anew, and not passed over, where it is there: so it waits for the runner that is about to take it away.
    let sql = "INSERT INTO search_due (case_id, seq) VALUES ($1, $2)
               ON CONFLICT (case_id) DO UPDATE SET seq = excluded.seq";
    tx.execute(sql, params![case_id.as_str(), seq])?;
    Ok(())
}

fn is_told(event: &Event) -> bool {
    use doorstep_case::auth::AuthEvent as Auth;
    use doorstep_case::intake::IntakeEvent as Intake;
    matches!(
        event,
        Event::Intake(
            Intake::Referred(_)
                | Intake::Linked(_)
                | Intake::Amended(_)
                | Intake::Attached(_)
                | Intake::Noted { .. }
        ) | Event::Auth(Auth::Approved { .. } | Auth::Modified { .. } | Auth::Pended { .. })
    )
}

/// Returns whether any case is due.
pub fn is_due(tx: &mut Tx<'_>) -> Result<bool> {
    let sql = "SELECT case_id FROM search_due ORDER BY case_id LIMIT 1";
    Ok(tx.query_one(sql, params![])?.is_some())
}

/// Makes the entries of up to `limit` cases that are due. Returns how many it did; it takes the runners' lock, so it
/// comes first in a transaction.
pub fn bring_up(tx: &mut Tx<'_>, limit: u32) -> Result<u32> {
    matching::lock(tx, &["search/index".to_owned()])?;
    let sql = "SELECT case_id, seq FROM search_due ORDER BY case_id LIMIT $1";
    let due = tx.query(sql, params![limit])?;
    let (mut entries, mut names) = (BTreeSet::new(), BTreeSet::new());
    for row in &due {
        let case_id = CaseId::from(row.text("case_id")?);
        let (found, of_person) = of_case(tx, &case_id)?;
        entries.extend(found.into_iter().map(|key| (key, case_id.clone())));
        names.extend(of_person);
    }
    // In the order of their keys, so that those on one page are written together.
    put_entries(tx, &entries.into_iter().collect::<Vec<_>>())?;
    put_names(tx, &names)?;
    for row in &due {
        let sql = "DELETE FROM search_due WHERE case_id = $1 AND seq = $2";
        tx.execute(sql, params![row.text("case_id")?, row.int("seq")?])?;
    }
    Ok(u32::try_from(due.len()).unwrap_or(u32::MAX))
}

/// Returns the keys of a case and the words of the member's name.
fn of_case(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<(BTreeSet<String>, BTreeSet<String>)> {
    let mut found = keys::of_record(&cases::record(tx, case_id)?);
    let party = people::for_writing(tx, case_id)?.unwrap_or_default();
    found.extend(keys::of_person(&party.person, &party.coverage));
    let notes = notes::for_writing(tx, case_id)?;
    let titles = titles(tx, case_id)?;
    let texts = notes.iter().map(|note| personal::text(&note.text));
    let words = keys::words(titles.iter().map(String::as_str).chain(texts));
    found.extend(words.iter().map(|word| keys::Kind::Word.key(word)));
    Ok((found, keys::names(&party.person)))
}

fn titles(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<Vec<String>> {
    let sql = "SELECT title FROM document WHERE case_id = $1 ORDER BY document_id LIMIT $2";
    let rows = tx.query(sql, params![case_id.as_str(), DOCUMENTS_MAX])?;
    rows.iter().map(|row| Ok(row.text("title")?.to_owned())).collect()
}

fn put_entries(tx: &mut Tx<'_>, entries: &[(String, CaseId)]) -> Result<()> {
    for some in entries.chunks(ROWS_A_STATEMENT) {
        let values = some
            .iter()
            .flat_map(|(key, case_id)| [Value::from(key), Value::from(case_id.as_str())]);
        tx.execute(&entries_sql(some.len()), &values.collect::<Vec<_>>())?;
    }
    Ok(())
}

pub(crate) fn entries_sql(n_rows: usize) -> String {
    format!(
        "INSERT INTO search_key (key, case_id) VALUES {} ON CONFLICT (key, case_id) DO NOTHING",
        sql::rows(2, n_rows)
    )
}

/// Most names are there already: only those that are not are written.
fn put_names(tx: &mut Tx<'_>, names: &BTreeSet<String>) -> Result<()> {
    for name in names {
        let sql = "SELECT word FROM search_name WHERE near = $1 AND word = $1";
        if tx.query_one(sql, params![name])?.is_some() {
            continue;
        }
        let near = near::without_a_letter(name);
        for some in near.chunks(ROWS_A_STATEMENT) {
            let values = some.iter().flat_map(|near| [Value::from(near), Value::from(name)]);
            tx.execute(&names_sql(some.len()), &values.collect::<Vec<_>>())?;
        }
    }
    Ok(())
}

pub(crate) fn names_sql(n_rows: usize) -> String {
    format!(
        "INSERT INTO search_name (near, word) VALUES {} ON CONFLICT (near, word) DO NOTHING",
        sql::rows(2, n_rows)
    )
}

/// Returns how far the entries are behind.
pub fn behind(tx: &mut Tx<'_>) -> Result<Behind> {
    let sql = "SELECT COUNT(*) AS n, MIN(e.at) AS since
               FROM search_due AS d
               LEFT JOIN case_event AS e ON e.case_id = d.case_id AND e.seq = d.seq";
    let row = tx.query_one(sql, params![])?;
    let read = |row: &Row| -> Result<Behind> {
        let n_cases = u64::try_from(row.int("n")?).unwrap_or_default();
        Ok(Behind { n_cases, since: row.opt_int("since")?.map(Timestamp) })
    };
    row.as_ref().map_or(Ok(Behind::default()), read)
}
