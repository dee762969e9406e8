//! The plans behind the lists: a page walks its queue's own index and sorts nothing.

use crate::board;
use crate::schema::MIGRATIONS;
use crate::search::gather::{self, Along};
use crate::worklist::{self, Queue};
use crate::{deadlines, jobs};
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
        for (queue, index) in indexes {
            let plan = plan(db, &worklist::page_sql(queue));
            assert!(plan.contains(&format!("USING INDEX {index} (")), "{queue:?}:\n{plan}");
            assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN"), "{queue:?}:\n{plan}");
        }
        // A team has a few people, each with their own cases in order: those are put together.
        let team = plan(db, &worklist::page_sql(Queue::Team));
        assert!(team.contains("USING INDEX case_head_"), "{team}");
    });
}

#[test]
fn the_board_reads_no_row() {
    on_sqlite(MIGRATIONS, |db| {
        for sql in [board::LOAD, board::AGING, board::BROKEN] {
            let plan = plan(db, sql);
            assert!(plan.contains("USING COVERING INDEX case_head_board"), "{plan}");
        }
    });
}

#[test]
fn a_search_starts_from_an_index() {
    on_sqlite(MIGRATIONS, |db| {
        for along in Along::ALL {
            let plan = plan(db, &gather::walk_sql(along));
            let scans =
                plan.lines().filter(|step| step.starts_with("SCAN") && !step.contains("SCAN w"));
            assert_eq!(scans.count(), 0, "{along:?}:\n{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{along:?}:\n{plan}");
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
