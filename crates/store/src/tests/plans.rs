//! The plans behind the lists: a page walks its queue's own index and sorts nothing.

use crate::board;
use crate::schema::MIGRATIONS;
use crate::search::gather::{self, Along};
use crate::worklist::{self, Queue};
use crate::{Scope, deadlines, jobs};
use doorstep_authz::Sight;
use doorstep_case::Role;
use doorstep_db::testing::on_sqlite;
use doorstep_db::{Db, DbError, Value};

fn plan(db: &Db, sql: &str) -> String {
    let n_values = (1..80).rev().find(|n| sql.contains(&format!("${n}"))).unwrap_or(0);
    let values = vec![Value::Int(1); n_values];
    let rows = db
        .write::<_, DbError>("plan", |tx| tx.query(&format!("EXPLAIN QUERY PLAN {sql}"), &values));
    let steps: Vec<String> =
        rows.unwrap().iter().map(|row| row.text("detail").unwrap().to_owned()).collect();
    steps.join("\n")
}

#[test]
fn each_queue_walks_its_own_index_and_sorts_nothing() {
    on_sqlite(MIGRATIONS, |db| {
        let indexes = [
            (Queue::Mine, "case_head_manager"),
            (Queue::Triage, "case_head_triage"),
            (Queue::Unassigned, "case_head_manager"),
            (Queue::AtRisk, "case_head_at_risk"),
            (Queue::Missed, "case_head_missed"),
            (Queue::Unread, "case_head_unread"),
            (Queue::DischargeSoon, "case_head_discharge"),
            (Queue::Today, "case_head_visit"),
            (Queue::Clarifying, "case_head_clarifying"),
            (Queue::OffersWaiting, "case_head_offers"),
            (Queue::AuthPending, "case_head_auth"),
            (Queue::Escalated, "case_head_escalated"),
            (Queue::All, "case_head_open"),
            (Queue::Closed, "case_head_closed"),
        ];
        for scope in [agent(), Scope::example()] {
            for (queue, index) in indexes {
                let own = usize::from(queue.has_parameter());
                let plan_of = |sql: String| plan(db, &sql);
                let page = plan_of(worklist::page_sql(queue, &scope.condition(14 + own).0));
                assert!(page.contains(&format!("USING INDEX {index} (")), "{queue:?}:\n{page}");
                assert!(!page.contains("TEMP B-TREE"), "{queue:?}:\n{page}");
                assert!(!page.contains("SCAN"), "{queue:?}:\n{page}");
                let count = plan_of(worklist::count_sql(queue, &scope.condition(2 + own).0));
                // What these three ask of stands in the row.
                let is_of_rows =
                    matches!(queue, Queue::DischargeSoon | Queue::Today | Queue::Escalated);
                let covering = format!("USING COVERING INDEX {index}");
                assert!(is_of_rows || count.contains(&covering), "{queue:?}:\n{count}");
                assert!(!count.contains("TEMP B-TREE"), "{queue:?}:\n{count}");
            }
        }
        // A team has a few people, each with their own cases in order: those are put together.
        let team = plan(db, &worklist::page_sql(Queue::Team, &agent().condition(15).0));
        assert!(team.contains("USING INDEX case_head_"), "{team}");
    });
}

fn agent() -> Scope {
    Scope::granted(Sight::of("ana".into(), Role::Agent))
}

#[test]
fn the_board_reads_no_row() {
    on_sqlite(MIGRATIONS, |db| {
        let scope = Scope::example();
        let after = scope.condition(7).0;
        let from = scope.condition(1).0;
        for sql in [board::load_sql(&from), board::aging_sql(&after), board::broken_sql(&from)] {
            let plan = plan(db, &sql);
            assert!(plan.contains("USING COVERING INDEX case_head_board"), "{plan}");
        }
    });
}

#[test]
fn a_search_starts_from_an_index() {
    on_sqlite(MIGRATIONS, |db| {
        let walled = Scope::example().condition(2 * gather::WALKS + 1).0;
        for along in Along::ALL {
            for condition in ["", walled.as_str()] {
                let plan = plan(db, &gather::walk_sql(along, condition));
                let is_scan = |step: &&str| step.starts_with("SCAN") && !step.contains("SCAN w");
                assert_eq!(plan.lines().filter(is_scan).count(), 0, "{along:?}:\n{plan}");
                assert!(!plan.contains("TEMP B-TREE"), "{along:?}:\n{plan}");
            }
        }
    });
}

#[test]
fn claims_start_from_an_index() {
    on_sqlite(MIGRATIONS, |db| {
        let of_deadlines = plan(db, &deadlines::claim_sql(""));
        assert!(of_deadlines.contains("INDEX deadline_next (next_at<?)"), "{of_deadlines}");
        let of_jobs = plan(db, &jobs::claim_sql(""));
        assert!(of_jobs.contains("INDEX job_waiting (run_at<?)"), "{of_jobs}");
        assert!(of_jobs.contains("INDEX job_order (case_id=? AND receiver=?"), "{of_jobs}");
    });
}
