//! Saved views: lists that somebody keeps under a name, alone or for everybody.

use crate::Result;
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{Timestamp, UserId};

/// A list kept under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its id.
    pub view_id: String,
    /// Whose it is.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// Whether everybody finds it.
    pub is_shared: bool,
    /// Queue, filters and columns, as the page's address has them.
    pub query: String,
    /// When it was kept.
    pub created_at: Timestamp,
}

/// Keeps a view.
pub fn put(tx: &mut Tx<'_>, view: &View) -> Result<()> {
    let View { view_id, user_id, name, is_shared, query, created_at } = view;
    tx.execute(
        "INSERT INTO saved_view (view_id, user_id, name, shared, query, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![view_id, user_id.as_str(), name, *is_shared, query, created_at.0],
    )?;
    Ok(())
}

/// Returns a user's own views, then those that others share, each by name.
pub fn list(tx: &mut Tx<'_>, user_id: &UserId, limit: u32) -> Result<Vec<View>> {
    let columns = "view_id, user_id, name, shared, query, created_at";
    let own = format!(
        "SELECT {columns} FROM saved_view WHERE user_id = $1 ORDER BY name, view_id LIMIT $2"
    );
    let shared = format!(
        "SELECT {columns} FROM saved_view WHERE shared = 1 AND user_id <> $1 ORDER BY name, view_id LIMIT $2"
    );
    let mut rows = tx.query(&own, params![user_id.as_str(), limit])?;
    rows.extend(tx.query(&shared, params![user_id.as_str(), limit])?);
    rows.iter().map(view).collect()
}

/// Returns a view.
pub fn find(tx: &mut Tx<'_>, view_id: &str) -> Result<Option<View>> {
    let sql = "SELECT view_id, user_id, name, shared, query, created_at FROM saved_view WHERE view_id = $1";
    tx.query_one(sql, params![view_id])?.as_ref().map(view).transpose()
}

/// Forgets a view. Returns whether there was one.
pub fn remove(tx: &mut Tx<'_>, view_id: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM saved_view WHERE view_id = $1", params![view_id])? == 1)
}

fn view(row: &Row) -> Result<View> {
    Ok(View {
        view_id: row.text("view_id")?.to_owned(),
        user_id: UserId::from(row.text("user_id")?),
        name: row.text("name")?.to_owned(),
        is_shared: row.flag("shared")?,
        query: row.text("query")?.to_owned(),
        created_at: Timestamp(row.int("created_at")?),
    })
}
