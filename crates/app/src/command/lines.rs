//! What a form says of a line: which item or service it is, and how many.

use super::input::problem;
use super::table::Made;
use super::{FieldProblem, Input};
use doorstep_case::intake::IntakeCommand;
use doorstep_case::{Command, Family, LineRequest, ServiceLine, Unit};
use doorstep_vocab::Procedure;

/// What an item is: its service and its family. `dme/oxygen` says both; a family alone needs its service beside it, for
/// two services may call an item alike.
fn kind(input: &Input) -> Result<(Option<ServiceLine>, Option<Family>), FieldProblem> {
    let service = input.choice_if("service", ServiceLine::parse)?;
    let Some(text) = input.get("family") else { return Ok((service, None)) };
    let (of, name) = match text.split_once('/') {
        Some((of, name)) => (Some(input.choice("family", |_| ServiceLine::parse(of))?), name),
        None => (service, text),
    };
    match (service, of) {
        (Some(service), Some(of)) if service != of => Err(problem(
            "family",
            "family-service",
            "this item is of another service: choose it with its own",
        )),
        (_, None) => Err(problem("service", "field-missing", "say of which service the item is")),
        (_, of) => Ok((of, Some(Family(name.to_owned())))),
    }
}

pub(super) fn classify(input: &Input) -> Made {
    input.text("family")?;
    let missing = || problem("family", "field-missing", "choose the item or service");
    let (service, family) = kind(input)?;
    let (line, service) = (input.line("line")?, service.ok_or_else(missing)?);
    let family = family.ok_or_else(missing)?;
    Ok(Command::Intake(IntakeCommand::Classify { line, service, family }))
}

pub(super) fn add_line(input: &Input) -> Made {
    let code = input.get("code").map(Procedure::parse).transpose();
    let code = code.map_err(|wrong| problem("code", wrong.code, misread(wrong.code)))?;
    let (hint, family) = kind(input)?;
    if code.is_none() && family.is_none() {
        let words = "say what is added: enter its code, or choose the item or service";
        return Err(problem("code", "field-missing", words));
    }
    let request = LineRequest {
        code,
        hint,
        family,
        quantity: input.number("quantity")?,
        unit: input.choice_if("unit", Unit::parse)?.unwrap_or_default(),
        ..LineRequest::default()
    };
    Ok(Command::Intake(IntakeCommand::AddLine(request)))
}

/// What is wrong with a code, without repeating what was entered: it may be anything.
fn misread(code: &str) -> &'static str {
    match code {
        "hcpcs-dental" => "this is a dental code: this hub takes no dental requests",
        "hcpcs-format" => {
            "a HCPCS code is a letter that HCPCS uses and four digits: check it, E1390 is one"
        }
        _ => "write a HCPCS code such as E1390, a CPT code, or a four-digit revenue code",
    }
}

pub(super) fn state_quantity(input: &Input) -> Made {
    Ok(Command::Intake(IntakeCommand::StateQuantity {
        line: input.line("line")?,
        quantity: input.number("quantity")?.unwrap_or_default(),
        unit: input.choice_if("unit", Unit::parse)?,
    }))
}
