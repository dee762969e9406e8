//! What became of a file, as programs and people read it.

use crate::act::change;
use crate::{Ctx, Error, Opened, Result};
use doorstep_case::intake::IntakeCommand;
use doorstep_case::{Case, Command};
use doorstep_db::Tx;
use doorstep_exchange::{Outcome, Problem, Reading, Reply, Unit, UnitOutcome};
use doorstep_store::receipts::{self, Receipt, Unit as UnitRow};
use doorstep_store::{blobs, cases, imports, people};
use doorstep_vocab::{CaseId, CaseNumber, ReceiptId, Timestamp};

/// What became of a file.
#[derive(Debug)]
pub struct Taken {
    /// Its receipt; empty for a preview.
    pub receipt_id: ReceiptId,
    /// What it is.
    pub format: String,
    /// The most telling of its units' outcomes.
    pub outcome: Outcome,
    /// What became of each unit.
    pub units: Vec<UnitTaken>,
    /// What is wrong with the file as a whole.
    pub problems: Vec<Problem>,
    /// The answer in the file's own protocol.
    pub reply: Option<Reply>,
}

/// What became of a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitTaken {
    /// Its place in the file.
    pub place: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The case, when there is one.
    pub case_id: Option<CaseId>,
    /// The case's number.
    pub number: Option<CaseNumber>,
    /// What is wrong, or worth a look.
    pub problems: Vec<Problem>,
    /// Whether this taking changed a case.
    pub(crate) changed: bool,
}

/// The order in which outcomes tell for a whole file.
const TELLING: [Outcome; 6] = [
    Outcome::Opened,
    Outcome::Updated,
    Outcome::Linked,
    Outcome::Queued,
    Outcome::Refused,
    Outcome::Unsupported,
];

impl Taken {
    pub(super) fn new(
        receipt_id: ReceiptId,
        reading: &Reading,
        units: Vec<UnitTaken>,
        reply: Option<Reply>,
    ) -> Self {
        Self {
            receipt_id,
            format: reading.format.words().to_owned(),
            outcome: telling(&units),
            units,
            problems: reading.problems.clone(),
            reply,
        }
    }

    /// Returns how many units came to `outcome`.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.units.iter().filter(|unit| unit.outcome == outcome).count()
    }
}

fn telling(units: &[UnitTaken]) -> Outcome {
    let is_any = |outcome: &Outcome| units.iter().any(|unit| unit.outcome == *outcome);
    TELLING.into_iter().find(is_any).unwrap_or(Outcome::Unsupported)
}

impl UnitTaken {
    pub(super) fn bare(unit: &Unit, outcome: Outcome) -> Self {
        let problems = unit.problems.clone();
        Self {
            place: unit.place.clone(),
            outcome,
            case_id: None,
            number: None,
            problems,
            changed: false,
        }
    }

    pub(super) fn of(unit: &Unit, outcome: Outcome, case: &Case, problems: Vec<Problem>) -> Self {
        let mut taken = Self::bare(unit, outcome);
        taken.case_id = Some(case.id.clone());
        taken.number.clone_from(&case.number);
        taken.problems.extend(problems);
        taken.changed = true;
        taken
    }

    /// What became of an order that opened a case or came to one.
    pub(super) fn opened(unit: &Unit, opened: Opened) -> Self {
        let outcome = match (opened.linked, opened.differs) {
            (false, _) => Outcome::Opened,
            (true, false) => Outcome::Linked,
            (true, true) => Outcome::Queued,
        };
        Self::of(unit, outcome, &opened.case, opened.problems)
    }

    pub(super) fn from_row(tx: &mut Tx, row: UnitRow) -> Result<Self> {
        let case = match &row.case_id {
            Some(case_id) => cases::load(tx, case_id)?,
            None => None,
        };
        Ok(Self {
            place: row.place,
            outcome: parse(&row.outcome),
            case_id: row.case_id,
            number: case.and_then(|case| case.number),
            problems: serde_json::from_str(&row.problems).unwrap_or_default(),
            changed: false,
        })
    }

    /// A unit that came before: what was opened then is told as linked.
    pub(super) fn again(tx: &mut Tx, row: UnitRow) -> Result<Self> {
        let mut unit = Self::from_row(tx, row)?;
        if matches!(unit.outcome, Outcome::Opened | Outcome::Updated) {
            unit.outcome = Outcome::Linked;
        }
        Ok(unit)
    }

    pub(super) fn row(&self, unit: u32) -> UnitRow {
        UnitRow {
            unit,
            place: self.place.clone(),
            outcome: self.outcome.name().to_owned(),
            case_id: self.case_id.clone(),
            problems: serde_json::to_string(&self.problems).unwrap_or_default(),
            resolved_at: None,
            resolved_by: None,
        }
    }

    pub(super) fn outcome(&self) -> UnitOutcome {
        UnitOutcome {
            outcome: self.outcome,
            number: self.number.clone(),
            problems: self.problems.clone(),
        }
    }
}

fn parse(name: &str) -> Outcome {
    TELLING.into_iter().find(|outcome| outcome.name() == name).unwrap_or(Outcome::Refused)
}

/// Writes what became of a file on its receipt, and keeps the answer.
pub(super) fn finish(tx: &mut Tx, taken: &Taken) -> Result<()> {
    let reply_hash = keep_reply(tx, taken)?;
    receipts::finish(tx, &taken.receipt_id, taken.outcome.name(), reply_hash.as_deref())?;
    Ok(())
}

/// Lets a file of which rows were refused wait for a person.
pub(super) fn wait_for_refused(tx: &mut Tx, taken: &Taken) -> Result<()> {
    let n = taken.units.iter().filter(|unit| unit.outcome == Outcome::Refused).count();
    if n == 0 {
        return Ok(());
    }
    Ok(imports::open(tx, &taken.receipt_id, u32::try_from(n).unwrap_or(u32::MAX))?)
}

/// Keeps the answer's bytes, when there is one.
pub(super) fn keep_reply(tx: &mut Tx, taken: &Taken) -> Result<Option<String>> {
    Ok(match &taken.reply {
        Some(reply) => Some(blobs::put(tx, &reply.bytes)?),
        None => None,
    })
}

/// Answers bytes that came before as they were answered then: what was opened is told as linked.
pub(super) fn repeated(
    ctx: &Ctx,
    (receipt_id, received_at): (&ReceiptId, Timestamp),
    (known, rows): (&Receipt, Vec<UnitRow>),
) -> Result<Taken> {
    let scope = ctx.scope()?;
    let (units, reply) = ctx.app.db.read(|tx| -> Result<_> {
        let mut units = Vec::with_capacity(rows.len());
        for row in &rows {
            units.push(UnitTaken::again(tx, row.clone())?);
        }
        let reply = match &known.reply_hash {
            Some(hash) => blobs::get(tx, &scope, hash)?,
            None => None,
        };
        Ok((units, reply))
    })?;
    let taken = Taken {
        receipt_id: receipt_id.clone(),
        format: known.format.clone(),
        outcome: telling(&units),
        units,
        problems: serde_json::from_str(&known.problems).unwrap_or_default(),
        reply: reply
            .map(|bytes| Reply { media_type: doorstep_exchange::media_type(&known.format), bytes }),
    };
    let moved = ctx.app.db.write("finish receipt", |tx| -> Result<bool> {
        let mut moved = false;
        for (at, unit) in (0..).zip(&taken.units) {
            if let Some(case_id) = unit.case_id.as_ref().filter(|_| received_at < known.received_at)
            {
                moved |= held_earlier(tx, ctx, case_id, (known, receipt_id, received_at))?;
            }
            receipts::put_unit(tx, receipt_id, &unit.row(at)).map_err(Error::from)?;
        }
        finish(tx, &taken)?;
        Ok(moved)
    })?;
    if moved {
        ctx.app.wrote();
    }
    Ok(taken)
}

/// The hub held the same bytes before those that it took first: the clock counts from then. Source: facts 11.1 (1).
fn held_earlier(
    tx: &mut Tx,
    ctx: &Ctx,
    case_id: &CaseId,
    (known, receipt_id, received_at): (&Receipt, &ReceiptId, Timestamp),
) -> Result<bool> {
    let Some(case) = cases::load(tx, case_id)? else { return Ok(false) };
    let first =
        case.intake.receipts.iter().find(|one| one.receipt_id.as_ref() == Some(&known.receipt_id));
    let Some(first) = first.filter(|first| received_at < first.received_at) else {
        return Ok(false);
    };
    let receipt_id = Some(receipt_id.clone());
    let arrival = doorstep_case::intake::Receipt { receipt_id, received_at, ..first.clone() };
    let party = people::for_writing(tx, case_id)?.unwrap_or_default();
    let command = Command::Intake(IntakeCommand::Link(arrival));
    Ok(!change(tx, ctx, (case, &party.person), &command)?.recorded.is_empty())
}
