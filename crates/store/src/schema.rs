//! The tables, step by step. An applied step is never edited: add another.

use doorstep_db::{Applied, Db, DbError, Migration};

/// All steps, in order.
pub const MIGRATIONS: &[Migration] = &[
    shared(1, "cases", include_str!("../migrations/0001_cases.sql")),
    shared(2, "people", include_str!("../migrations/0002_people.sql")),
    shared(3, "doors", include_str!("../migrations/0003_doors.sql")),
    shared(4, "work", include_str!("../migrations/0004_work.sql")),
    shared(5, "users", include_str!("../migrations/0005_users.sql")),
    shared(6, "audit", include_str!("../migrations/0006_audit.sql")),
    shared(7, "providers", include_str!("../migrations/0007_providers.sql")),
    shared(8, "ended_sessions", include_str!("../migrations/0008_ended_sessions.sql")),
    shared(9, "waiting_cancels", include_str!("../migrations/0009_waiting_cancels.sql")),
    shared(10, "form_cases", include_str!("../migrations/0010_form_cases.sql")),
    shared(11, "job_receivers", include_str!("../migrations/0011_job_receivers.sql")),
    shared(12, "checkups", include_str!("../migrations/0012_checkups.sql")),
    shared(13, "triage", include_str!("../migrations/0013_triage.sql")),
    shared(14, "waiting_lines", include_str!("../migrations/0014_waiting_lines.sql")),
    shared(15, "contacts", include_str!("../migrations/0015_contacts.sql")),
    shared(16, "order_keys", include_str!("../migrations/0016_order_keys.sql")),
    shared(17, "worklists", include_str!("../migrations/0017_worklists.sql")),
    shared(18, "calls", include_str!("../migrations/0018_calls.sql")),
    shared(19, "search", include_str!("../migrations/0019_search.sql")),
    shared(20, "board", include_str!("../migrations/0020_board.sql")),
    shared(21, "rows_due", include_str!("../migrations/0021_rows_due.sql")),
    shared(22, "call_guard", include_str!("../migrations/0022_call_guard.sql")),
    shared(23, "told_sessions", include_str!("../migrations/0023_told_sessions.sql")),
    shared(24, "messages", include_str!("../migrations/0024_messages.sql")),
    shared(25, "walls", include_str!("../migrations/0025_walls.sql")),
    shared(26, "escalations", include_str!("../migrations/0026_escalations.sql")),
    shared(27, "complaints", include_str!("../migrations/0027_complaints.sql")),
    shared(28, "quality", include_str!("../migrations/0028_quality.sql")),
    shared(29, "second_factors", include_str!("../migrations/0029_second_factors.sql")),
    shared(30, "presence", include_str!("../migrations/0030_presence.sql")),
    shared(31, "passkeys", include_str!("../migrations/0031_passkeys.sql")),
    shared(32, "members", include_str!("../migrations/0032_members.sql")),
    shared(33, "import_reviews", include_str!("../migrations/0033_import_reviews.sql")),
    shared(34, "staff", include_str!("../migrations/0034_staff.sql")),
    shared(35, "absences", include_str!("../migrations/0035_absences.sql")),
    shared(36, "rota", include_str!("../migrations/0036_rota.sql")),
    shared(37, "identities", include_str!("../migrations/0037_identities.sql")),
    shared(38, "reader_language", include_str!("../migrations/0038_reader_language.sql")),
];

/// Brings a database up to date.
///
/// # Errors
/// Those of [`Db::migrate`].
pub fn migrate(db: &Db) -> Result<Applied, DbError> {
    db.migrate(MIGRATIONS)
}

const fn shared(number: u32, name: &'static str, sql: &'static str) -> Migration {
    Migration { number, name, sql, sqlite: None, postgres: None }
}
