//! Messages to the payer. They go out as written requests; an electronic road is the payer's pack to name.

use super::Task;
use crate::Message;
use doorstep_app::Result;
use doorstep_case::Command;
use doorstep_case::benefits::{BenefitsCommand, CoverageStatus};
use doorstep_vocab::LineNo;
use serde::Deserialize;

/// Asks about coverage, where the payer is known and nobody asked yet.
pub(super) fn ask_benefits(task: &Task) -> Result<()> {
    let case = &task.file.case;
    if case.benefits.status != CoverageStatus::Unchecked || case.intake.payer_id.as_str().is_empty()
    {
        return Ok(());
    }
    let lines = vec![
        format!(
            "Please confirm coverage on {} for the member of case {}.",
            task.local(case.intake.received_at),
            task.number()
        ),
        format!("Services: {}.", services(task)),
    ];
    task.send(&to_payer(task, "benefits", lines))?;
    task.tell(&Command::Benefits(BenefitsCommand::Ask))
}

/// Asks for authorization of lines under one trace number.
pub(super) fn request_authorization(task: &Task) -> Result<()> {
    #[derive(Deserialize)]
    struct Body {
        lines: Vec<LineNo>,
        trace: String,
    }
    let Body { lines: asked, trace } = task.body()?;
    let mut lines = vec![format!(
        "Case {}: authorization is requested under trace {trace} for:",
        task.number()
    )];
    for line in asked.iter().filter_map(|no| task.file.case.lines.get(no)) {
        let code = line.request.code.as_ref().map_or("no code", |code| code.as_str());
        let unit = line.request.unit.name();
        lines.push(match &line.in_hand {
            Some(in_hand) => format!(
                "- line {}: {code}, {} {unit} more, in renewal of {}{}",
                line.no,
                line.ledger.outstanding(),
                in_hand.approval.number,
                in_hand.approval.to.map(|last| format!(", which ends {last}")).unwrap_or_default()
            ),
            None => format!("- line {}: {code}, {} {unit}", line.no, line.ledger.ordered),
        });
    }
    task.send(&to_payer(task, "authorization request", lines))
}

fn services(task: &Task) -> String {
    let names: Vec<String> = task
        .file
        .case
        .lines
        .values()
        .map(|line| format!("{}/{}", line.service, line.family))
        .collect();
    names.join(", ")
}

fn to_payer(task: &Task, what: &str, lines: Vec<String>) -> Message {
    let address = task.file.case.intake.payer_id.to_string();
    Message { to: "payer", address, subject: format!("Case {}: {what}", task.number()), lines }
}
