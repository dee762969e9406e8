//! The statements that are put together when they are run, so that they can be checked like those that stand in the text.

use crate::{
    Scope, absences, audit, board, calls, cases, complaints, deadlines, escalations, imports, jobs,
    matching, providers, quality, receipts, search, staff, worklist,
};
use doorstep_db::Engine;

/// Returns an example of every statement that is put together from pieces. All others are literals in the source.
pub fn assembled(engine: Engine) -> Vec<String> {
    let skip_locked = match engine {
        Engine::Sqlite => "",
        Engine::Postgres => "FOR UPDATE SKIP LOCKED",
    };
    let scope = Scope::example();
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
    for queue in worklist::Queue::ALL {
        let own = usize::from(queue.has_parameter());
        all.push(worklist::page_sql(queue, &scope.condition(14 + own).0));
        all.push(worklist::count_sql(queue, &scope.condition(2 + own).0));
    }
    all.extend([
        cases::by_number_sql(&scope.condition(2).0),
        board::load_sql(&scope.condition(1).0),
        board::aging_sql(&scope.condition(7).0),
        board::broken_sql(&scope.condition(1).0),
        escalations::open_sql(&scope.condition(7).0),
        complaints::open_sql(&scope.condition(6).0),
        complaints::by_category_sql(&scope.condition(3).0),
        quality::calls_sql(&scope.condition(4).0),
        quality::complaints_sql(&scope.condition(4).0),
        quality::denials_sql(&scope.condition(4).0),
        absences::find_sql(),
        absences::not_over_sql(),
        absences::of_user_sql(),
        absences::to_hand_on_sql(),
        staff::managers_sql(&scope.condition(2).0),
        imports::count_sql(&scope.condition(2).0),
        imports::waiting_sql(&scope.condition(3).0),
        imports::settled_sql(&scope.condition(2).0),
        imports::get_sql(&scope.condition(2).0),
        imports::refused_sql(&scope.condition(4).0),
        receipts::queued_sql(&scope.condition(4).0),
        receipts::first_units_sql(&scope.condition(3).0),
        receipts::list_sql(&scope.condition(4).0),
        jobs::dead_sql(&scope.condition(2).0),
        escalations::counts_sql(&scope.condition(1).0),
        escalations::rates_sql(&scope.condition(4).0),
        calls::watched_sql(&scope.condition(4).0),
        calls::held_sql(&scope.condition(2).0),
        calls::get_sql(&scope.condition(2).0),
        calls::list_sql(&scope.condition(4).0),
        calls::figures_sql(&scope.condition(4).0),
        calls::short_sql(&scope.condition(4).0),
        search::hits_sql(&scope.condition(search::gather::CASES + 1).0),
    ]);
    let walked = scope.condition(2 * search::gather::WALKS + 1).0;
    all.push(search::gather::word_sql(&scope.condition(3).0));
    all.extend(search::gather::Along::ALL.map(|along| search::gather::walk_sql(along, &walked)));
    all.extend([search::names_sql(), search::gather::near_sql(), search::gather::also_sql()]);
    all.extend([search::index::entries_sql(2), search::index::names_sql(2)]);
    all
}
