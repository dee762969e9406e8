//! `doorstep worklist`: what is due first.

use super::case::local;
use crate::cli::Worklist;
use crate::output::{say, say_json};
use crate::place::Place;
use anyhow::Context as _;
use doorstep_store::worklist::{Filter, Queue};
use doorstep_vocab::UserId;
use std::process::ExitCode;

/// Prints a queue.
pub(crate) fn run(place: &Place, args: &Worklist) -> anyhow::Result<ExitCode> {
    let queue = Queue::parse(&args.queue).with_context(|| {
        let names: Vec<&str> = Queue::ALL.iter().map(|queue| queue.name()).collect();
        format!("there is no queue `{}`: choose one of {}", args.queue, names.join(", "))
    })?;
    let app = place.app()?;
    let ctx = app.system("command-line");
    let filter = Filter {
        queue,
        user_id: UserId::default(),
        now: ctx.now,
        day_ends: doorstep_app::desk::day_ends(&ctx),
        ..Filter::default()
    };
    let page = doorstep_app::worklist(&ctx, &filter, None, args.limit)?;
    for row in &page.rows {
        let number = row.number.as_ref().map(ToString::to_string).unwrap_or_default();
        if args.json {
            let clock = row.clock.as_ref().map(|clock| serde_json::json!({ "name": clock.name, "due_at": clock.due_at.to_string() }));
            say_json(&serde_json::json!({
                "case": number, "case_id": row.case_id, "urgency": row.urgency, "payer": row.payer_id, "services": row.services,
                "next": { "code": row.next_code, "words": row.next_words, "waits": row.next_waits }, "clock": clock,
                "missing": row.blocked, "waiting": row.waiting,
            }))?;
            continue;
        }
        let due = row.clock.as_ref().map_or_else(String::new, |clock| {
            format!("{} due {}", clock.name, local(clock.due_at, &app.settings.hub_zone))
        });
        let waiting =
            if row.waiting.is_empty() { String::new() } else { format!(" ({})", row.waiting) };
        let next = &row.next_words;
        say(format!("{number}  {:<9}  {due:<52}  {next}{waiting}", row.urgency.name()))?;
    }
    if !args.json && page.next.is_some() {
        say(format!("more than {} cases: --limit shows more", args.limit))?;
    }
    Ok(ExitCode::SUCCESS)
}
