//! `doorstep case`: one case, for a person or a program.

use crate::cli::ShowCase;
use crate::output::{say, say_json};
use crate::place::Place;
use anyhow::Context as _;
use doorstep_app::{CaseFile, Ctx, case_file};
use doorstep_case::auth::AuthHeader;
use doorstep_case::clock::owner_of;
use doorstep_case::completeness::Missing;
use doorstep_case::{Blocks, Line, Recorded, lines_words};
use doorstep_store::cases;
use doorstep_vocab::{CaseId, CaseNumber, LineNo, Timestamp, Zone};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Prints a case.
pub(crate) fn run(place: &Place, args: &ShowCase) -> anyhow::Result<ExitCode> {
    let app = place.app()?;
    let ctx = app.system("command-line");
    let case_id = find(&ctx, &args.number)?;
    let file = case_file(&ctx, &case_id)?;
    if args.json {
        say_json(&as_json(&file))?;
    } else {
        print(&ctx, &file)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Finds a case by what a person read aloud.
pub(crate) fn find(ctx: &Ctx, number: &str) -> anyhow::Result<CaseId> {
    let number =
        CaseNumber::parse(number).map_err(|problem| anyhow::anyhow!("{}", problem.message))?;
    let scope = ctx.scope()?;
    let found = ctx.app.db.read(|tx| cases::by_number(tx, &scope, &number))?;
    found.with_context(|| format!("there is no case {number}"))
}

/// Returns the case as JSON, without the member's data: codes, states, times.
pub(crate) fn as_json(file: &CaseFile) -> Value {
    let missing: Vec<Value> = file
        .missing
        .iter()
        .map(|m| {
            json!({
                "item": m.item.name(), "line": m.line, "lines": m.lines.keys().collect::<Vec<_>>(), "owner": m.owner.name(), "lack": m.lack.code(), "why": m.why,
                "blocks": { "authorization": m.blocks.authorization, "delivery": m.blocks.delivery, "billing": m.blocks.billing },
                "source": m.source,
            })
        })
        .collect();
    let lines: Vec<Value> = file.case.open_lines().map(|line| order_json(file, line)).collect();
    json!({
        "case": file.case,
        "order": { "completed_at": file.case.completed_at().map(|at| at.to_string()), "lines": lines },
        "authorization": AuthHeader::of(&file.case).name(),
        "missing": missing,
        "next": { "code": file.next.code, "words": file.next.words, "line": file.next.line },
        "record": file.record,
    })
}

/// Whether the order of an open line is complete, and what it waits for.
fn order_json(file: &CaseFile, line: &Line) -> Value {
    let waits_for: Vec<&str> = stopping(file, line).map(|m| m.item.name()).collect();
    let completed_at = line.order.completed_at.map(|at| at.to_string());
    json!({ "line": line.no, "completed_at": completed_at, "waits_for": waits_for })
}

fn stopping<'a>(file: &'a CaseFile, line: &Line) -> impl Iterator<Item = &'a Missing> {
    let no = line.no;
    file.missing.iter().filter(move |m| m.stops_line(no))
}

fn print(ctx: &Ctx, file: &CaseFile) -> anyhow::Result<()> {
    let case = &file.case;
    let zone = case.zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let number = case.number.as_ref().map(ToString::to_string).unwrap_or_default();
    let state = if case.is_open() { "open" } else { "closed" };
    say(format!(
        "{number}  {state}  {}  payer {}",
        case.intake.urgency.name(),
        case.intake.payer_id
    ))?;
    say(format!("received {} by {}", local(case.intake.received_at, zone), doors(file)))?;
    say(format!("next: {}", file.next.words))?;
    say("\nclocks")?;
    for clock in case.clocks.0.values().filter(|clock| clock.is_live()) {
        let standing = if clock.is_running() { "" } else { "  (paused)" };
        say(format!(
            "  {:<28} due {}{standing}",
            clock.started.clock_id,
            local(clock.started.due_at, zone)
        ))?;
        let owner = owner_of(case, clock).map(|id| format!("{id}, ")).unwrap_or_default();
        say(format!("      owner: {owner}{}", clock.started.owner.name()))?;
        let calendar = ctx.app.packs.calendar_named(&clock.started.calendar, ctx.now.date(zone));
        for (what, words) in clock.explain_on(&calendar) {
            say(format!("      {what}: {words}"))?;
        }
    }
    say("\nlines")?;
    for line in case.lines.values() {
        say(format!("  {}", describe(line)))?;
        if line.is_open() {
            say(format!("      order: {}", order(file, line)))?;
        }
    }
    print_open(file)?;
    say("\nmissing")?;
    for m in &file.missing {
        say(format!("  {:<28} {}", m.item.name(), lacking(m)))?;
    }
    say("\nrecord")?;
    for Recorded { seq, at, by, event } in &file.record {
        say(format!("  {seq:>4}  {}  {:<28} {}", local(*at, zone), event.name(), by.user_id))?;
    }
    Ok(())
}

/// What waits for an answer, by the ids that `doorstep act` asks for.
fn print_open(file: &CaseFile) -> anyhow::Result<()> {
    let case = &file.case;
    let offers = case.placement.offers.iter().filter(|(_, offer)| offer.is_open());
    let visits = case.delivery.visits.iter().filter(|(_, visit)| visit.is_ahead());
    let asks = case.orders.asks.iter().filter(|(_, ask)| ask.ended_at.is_none());
    let disputes = case.disputes.disputes.iter().filter(|(_, dispute)| dispute.outcome.is_none());
    let open: Vec<String> = offers
        .map(|(id, offer)| format!("offer {id}  to {}", offer.provider_id))
        .chain(visits.map(|(id, _)| format!("visit {id}")))
        .chain(asks.map(|(id, ask)| format!("ask {id}  of {}", ask.of.name())))
        .chain(case.disputes.open_escalations().map(|(id, escalation)| {
            format!("escalation {id}  level {}, {}", escalation.level, escalation.reason.words())
        }))
        .chain(disputes.map(|(id, dispute)| format!("dispute {id}  {}", dispute.kind.words())))
        .collect();
    if !open.is_empty() {
        say("\nwaiting")?;
    }
    open.iter().try_for_each(|line| say(format!("  {line}")))
}

/// What is missing, from whom, on which line, what its absence blocks, and why it is needed.
fn lacking(missing: &Missing) -> String {
    let lines: Vec<LineNo> = missing.lines.keys().copied().collect();
    let line = format!(", {}", lines_words(&lines));
    let Blocks { authorization, delivery, billing } = missing.blocks;
    let blocks = [(delivery, "delivery"), (authorization, "authorization"), (billing, "billing")];
    let blocks: Vec<&str> =
        blocks.iter().filter(|(is_so, _)| *is_so).map(|(_, words)| *words).collect();
    let blocks = if blocks.is_empty() { "nothing".to_owned() } else { blocks.join(", ") };
    let (what, owner, why) = (missing.item.words(), missing.owner.name(), &missing.why);
    format!("{what} (from the {owner}{line}; blocks {blocks}): {why}")
}

fn doors(file: &CaseFile) -> String {
    let names: Vec<&str> =
        file.case.intake.receipts.iter().map(|receipt| receipt.channel.name()).collect();
    names.join(", ")
}

fn describe(line: &Line) -> String {
    let code = line.request.code.as_ref().map_or("-", |code| code.as_str());
    let ledger = &line.ledger;
    let cancelled = line
        .cancelled
        .as_ref()
        .map(|end| format!("  cancelled: {}", end.reason.words()))
        .unwrap_or_default();
    format!(
        "{}  {code}  {}/{}  auth {}  placement {}  {}  ordered {} authorized {} shipped {} delivered {} returned {}{cancelled}",
        line.no,
        line.service,
        line.family,
        line.auth.name(),
        line.placement.name(),
        line.fulfilment.name(),
        ordered(line),
        ledger.authorized,
        ledger.shipped,
        ledger.delivered,
        ledger.returned,
    )
}

/// `complete`, or what the line waits for.
fn order(file: &CaseFile, line: &Line) -> String {
    let waits_for: Vec<&str> = stopping(file, line).map(|m| m.item.name()).collect();
    if waits_for.is_empty() {
        return "complete".to_owned();
    }
    format!("waits for {}", waits_for.join(", "))
}

/// Where the order does not say how many, the ledger counts one.
fn ordered(line: &Line) -> String {
    match line.request.quantity {
        Some(quantity) if quantity > 0 => line.ledger.ordered.to_string(),
        _ => format!("{} (not stated)", line.ledger.ordered),
    }
}

/// Minute and zone, as people there read it.
pub(crate) fn local(at: Timestamp, zone: &Zone) -> String {
    format!("{} {zone}", at.civil(zone).strftime("%Y-%m-%d %H:%M"))
}
