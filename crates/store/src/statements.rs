//! The statements that are put together when they are run, so that they can be checked like those that stand in the text.

use crate::{audit, cases, deadlines, jobs, matching, providers, search, worklist};
use doorstep_db::Engine;

/// Returns an example of every statement that is put together from pieces. All others are literals in the source.
pub fn assembled(engine: Engine) -> Vec<String> {
    let skip_locked = match engine {
        Engine::Sqlite => "",
        Engine::Postgres => "FOR UPDATE SKIP LOCKED",
    };
    let mut all = vec![
        cases::HEAD_INSERT.clone(),
        cases::HEAD_UPDATE.clone(),
        cases::event_sql(2),
        deadlines::upsert_sql(2),
        deadlines::delete_sql(2),
        deadlines::claim_sql(skip_locked),
        jobs::claim_sql(skip_locked),
        matching::put_sql(2),
        matching::cases_sql(2),
        audit::cases_sql(2),
        providers::find_sql(2),
    ];
    all.extend(worklist::Queue::ALL.map(worklist::page_sql));
    all.extend(worklist::Queue::ALL.map(worklist::count_sql));
    all.extend(search::gather::Along::ALL.map(search::gather::walk_sql));
    all.extend([
        search::hits_sql(),
        search::names_sql(),
        search::gather::near_sql(),
        search::gather::also_sql(),
    ]);
    all.extend([search::index::entries_sql(2), search::index::names_sql(2)]);
    all
}
