//! The acknowledgement of a file of messages.
//!
//! AA: taken, or a person will look at it; MSA-3 (ERR-8 from version 2.7 on) names the case. AE: meant as an order and not
//! taken; each ERR names the segment and the field. AR: not a message that this door takes (condition 200), so that the sender
//! stops rather than sends it again for ever. Acknowledgements are never acknowledged.

use super::place::to_answer;
use super::time::stamp;
use crate::{Found, Outcome, Problem, Reading, Reply, UnitOutcome};
use doorstep_hl7::{
    AckCode, Condition, File, Header, MessageBytes, MessageWriter, Place, ack, ack_batch, escape,
    nak, wanted,
};
use doorstep_vocab::{CaseNumber, Timestamp};

const MEDIA_TYPE: &str = "application/hl7-v2";
/// Problems named in one acknowledgement; the first ones say enough to mend the message.
const PROBLEMS_MAX: usize = 20;

/// Answers every message of a file; `None` when its sender wants no answer.
pub(crate) fn reply(
    bytes: &[u8],
    (reading, outcomes): (&Reading, &[UnitOutcome]),
    now: Timestamp,
    control: u32,
) -> Option<Reply> {
    let file = File::read(bytes);
    let now = stamp(now);
    let is_batch =
        file.batch_header.is_some() || file.file_header.is_some() || file.messages.len() > 1;
    let mut answers: Vec<Vec<u8>> = Vec::new();
    for message in &file.messages {
        let verdict = Verdict::of(message.ordinal, reading, outcomes);
        let n = answers.len() + 1;
        let id = if is_batch { format!("{control}.{n}") } else { control.to_string() };
        answers.extend(answer(message, &verdict, (&now, &id)));
    }
    let control_id = control.to_string();
    let problems: Vec<_> =
        reading.units.iter().flat_map(|unit| unit.problems.iter().map(to_answer)).take(1).collect();
    let own = doorstep_hl7::Reply {
        code: AckCode::AR,
        problems: &problems,
        now: &now,
        control_id: &control_id,
    };
    if file.messages.is_empty() {
        return Some(Reply { media_type: MEDIA_TYPE, bytes: nak(&own) });
    }
    if answers.is_empty() {
        return None;
    }
    let header = file.batch_header.as_ref().or(file.file_header.as_ref());
    let bytes = if is_batch { ack_batch(header, &answers, &own) } else { answers.concat() };
    Some(Reply { media_type: MEDIA_TYPE, bytes })
}

/// What became of one message over its units.
struct Verdict {
    code: AckCode,
    number: Option<CaseNumber>,
    problems: Vec<doorstep_hl7::Problem>,
}

impl Verdict {
    fn of(ordinal: u32, reading: &Reading, outcomes: &[UnitOutcome]) -> Self {
        let place = format!("message {ordinal}");
        let part = format!("{place} ");
        let mut verdict = Self { code: AckCode::AA, number: None, problems: Vec::new() };
        let mut n_units = 0;
        for (unit, outcome) in reading.units.iter().zip(outcomes) {
            if unit.place != place && !unit.place.starts_with(&part) {
                continue;
            }
            n_units += 1;
            verdict.number = verdict.number.or_else(|| outcome.number.clone());
            verdict.add(
                outcome.outcome,
                &unit.found,
                unit.problems.iter().chain(&outcome.problems),
            );
        }
        if n_units == 0 {
            // Nothing became of it: whoever hears "taken" must be able to rely on it.
            verdict.code = AckCode::AE;
        }
        // Errors first, for MSA-3 and for readers that look only at the first ERR.
        verdict.problems.sort_by_key(|problem| std::cmp::Reverse(problem.level));
        verdict.problems.truncate(PROBLEMS_MAX);
        verdict
    }

    fn add<'p>(
        &mut self,
        outcome: Outcome,
        found: &Found,
        problems: impl Iterator<Item = &'p Problem>,
    ) {
        let before = self.problems.len();
        self.problems.extend(problems.map(to_answer));
        match outcome {
            Outcome::Opened | Outcome::Linked | Outcome::Updated | Outcome::Queued => {}
            Outcome::Refused => {
                self.code = AckCode::AE;
                if self.problems[before..]
                    .iter()
                    .all(|problem| problem.level < doorstep_hl7::Level::Error)
                {
                    let said = "the order was not taken: ask the receiver why";
                    self.problems.push(doorstep_hl7::Problem::error(
                        "refused",
                        Place::default(),
                        said,
                    ));
                }
            }
            Outcome::Unsupported => {
                if self.code == AckCode::AA && self.number.is_none() {
                    self.code = AckCode::AR;
                }
                let said = match found {
                    Found::Unsupported { what } => format!(
                        "{what} is not taken here: the message was kept and nothing was done"
                    ),
                    _ => "the message was kept and nothing was done".to_owned(),
                };
                let at = Place {
                    segment_id: "MSH".to_owned(),
                    occurrence: 1,
                    field: Some(9),
                    ..Place::default()
                };
                let problem = doorstep_hl7::Problem::error("message-type-unsupported", at, said);
                self.problems.push(problem.with(Condition::MessageType));
            }
        }
    }
}

/// Returns the answers that the sender asked for: none, one, or in enhanced mode two.
fn answer(
    message: &MessageBytes<'_>,
    verdict: &Verdict,
    (now, control_id): (&str, &str),
) -> Vec<Vec<u8>> {
    let problems = verdict.problems.as_slice();
    let Ok(header) = Header::read(message) else {
        let reply = doorstep_hl7::Reply { code: AckCode::AR, problems, now, control_id };
        return vec![nak(&reply)];
    };
    if matches!(header.message_type().code.as_str(), "ACK" | "NAK" | "MCF") {
        return Vec::new();
    }
    let codes = wanted(&header, verdict.code);
    let made = codes.into_iter().map(|code| {
        let reply = doorstep_hl7::Reply { code, problems, now, control_id };
        let answer = ack(&header, &reply);
        match &verdict.number {
            Some(number) if matches!(code, AckCode::AA | AckCode::CA) => {
                with_number(answer, &header, number)
            }
            _ => answer,
        }
    });
    made.collect()
}

/// Tells the sender the case's number.
fn with_number(answer: Vec<u8>, header: &Header, number: &CaseNumber) -> Vec<u8> {
    let separators = header.separators();
    let said = format!("case {number}");
    if has_no_msa3(header) {
        let mut err = MessageWriter::new(separators);
        err.segment("ERR", |err| {
            err.components(3, &["0", "taken", "HL70357"])
                .text(4, "I")
                .components(5, &["case-number", "", "L"])
                .text(8, &said);
        });
        return [answer, err.finish()].concat();
    }
    let text = match String::from_utf8(answer) {
        Ok(text) => text,
        Err(other) => return other.into_bytes(),
    };
    let field = separators.field();
    let told = escape(&said, separators);
    let lines = text.split_terminator('\r').map(|line| {
        if !line.starts_with("MSA") {
            return format!("{line}\r");
        }
        let mut fields: Vec<&str> = line.split(field).collect();
        fields.resize(fields.len().max(4), "");
        fields[3] = &told;
        format!("{}\r", fields.join(&field.to_string()))
    });
    lines.collect::<String>().into_bytes()
}

/// MSA-3 was taken out in version 2.7.
fn has_no_msa3(header: &Header) -> bool {
    let version = header.version().unwrap_or_default();
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    (major, minor) >= (2, 7)
}
