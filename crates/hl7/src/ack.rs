//! The answer to a message: MSH with the parties swapped, MSA, and one ERR a problem. Pure: the time and the control id
//! of the answer are arguments. The answer speaks the version and uses the separators of the message it answers.

use crate::header::{Header, version_number};
use crate::problem::{Level, Problem};
use crate::separators::Separators;
use crate::split::BatchHeader;
use crate::write::{MessageWriter, SegmentWriter};

/// Problems named in one answer.
const ERRORS_MAX: usize = 50;

/// MSA-1, HL7 table 0008.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckCode {
    /// The content was taken.
    AA,
    /// The content has errors and was not taken as it stands.
    AE,
    /// The message was refused: send it again only after a change.
    AR,
    /// Enhanced mode: the bytes are kept.
    CA,
    /// Enhanced mode: the bytes could not be kept.
    CE,
    /// Enhanced mode: the bytes were refused.
    CR,
}

impl AckCode {
    /// Returns the code as it is sent.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AA => "AA",
            Self::AE => "AE",
            Self::AR => "AR",
            Self::CA => "CA",
            Self::CE => "CE",
            Self::CR => "CR",
        }
    }

    /// Returns the code that fits the worst of some problems.
    pub fn of(problems: &[Problem]) -> Self {
        match problems.iter().map(|problem| problem.level).max() {
            Some(Level::Reject) => Self::AR,
            Some(Level::Error) => Self::AE,
            Some(Level::Warning) | None => Self::AA,
        }
    }

    fn is_good(self) -> bool {
        matches!(self, Self::AA | Self::CA)
    }

    fn commit(self) -> Self {
        match self {
            Self::AA | Self::CA => Self::CA,
            Self::AE | Self::CE => Self::CE,
            Self::AR | Self::CR => Self::CR,
        }
    }
}

/// What an answer says.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'r> {
    /// MSA-1.
    pub code: AckCode,
    /// What was wrong; each becomes an ERR segment.
    pub problems: &'r [Problem],
    /// MSH-7 of the answer, an HL7 date and time.
    pub now: &'r str,
    /// MSH-10 of the answer.
    pub control_id: &'r str,
}

/// Returns the codes to answer with, in their order. Without MSH-15 and MSH-16 that is `code` alone; with them the
/// sender chose which of the two kinds of answer it wants: AL always, NE never, ER when wrong, SU when right.
pub fn wanted(header: &Header, code: AckCode) -> Vec<AckCode> {
    let (commit, application) = (header.segment().text(15), header.segment().text(16));
    if commit.is_none() && application.is_none() {
        return vec![code];
    }
    let wants = |condition: &Option<String>| match condition.as_deref() {
        Some("AL") => true,
        Some("ER") => !code.is_good(),
        Some("SU") => code.is_good(),
        _ => false,
    };
    let mut codes = Vec::new();
    if wants(&commit) {
        codes.push(code.commit());
    }
    if wants(&application) {
        codes.push(code);
    }
    codes
}

/// Returns the answer to a message whose header could be read.
pub fn ack(header: &Header, reply: &Reply<'_>) -> Vec<u8> {
    let asked = header.segment();
    let version = header.version().unwrap_or_else(|| "2.5.1".to_owned());
    let number = version_number(Some(&version));
    let mut message = MessageWriter::new(header.separators());
    let mut msh = message.start("MSH");
    for (field, from) in [(3, 5), (4, 6), (5, 3), (6, 4)] {
        msh.raw(field, asked.field(from).raw());
    }
    msh.text(7, reply.now);
    let trigger = header.message_type().trigger;
    match (number < [2, 3, 0], number < [2, 3, 1], trigger.as_str()) {
        (true, _, _) | (_, true, "") => msh.text(9, "ACK"),
        (_, true, trigger) => msh.components(9, &["ACK", trigger]),
        (_, _, trigger) => msh.components(9, &["ACK", trigger, "ACK"]),
    };
    msh.text(10, reply.control_id);
    msh.text(11, header.processing_id().as_deref().unwrap_or("P"));
    msh.text(12, &version);
    if asked.raw().is_ascii() {
        msh.raw(18, asked.field(18).first().raw());
    } else {
        msh.text(18, "UNICODE UTF-8");
    }
    message.push(msh);
    answer(&mut message, reply, asked.field(10).raw(), number);
    message.finish()
}

/// Returns the answer to bytes whose header cannot be read: AR, to nobody by name.
pub fn nak(reply: &Reply<'_>) -> Vec<u8> {
    let mut message = MessageWriter::new(Separators::USUAL);
    let mut msh = message.start("MSH");
    msh.text(7, reply.now).components(9, &["ACK", "", "ACK"]).text(10, reply.control_id);
    msh.text(11, "P").text(12, "2.5.1");
    message.push(msh);
    answer(&mut message, &Reply { code: AckCode::AR, ..*reply }, "", [2, 5, 1]);
    message.finish()
}

/// Returns the answers to a batch in a batch of their own, naming the one they answer.
pub fn ack_batch(header: Option<&BatchHeader>, answers: &[Vec<u8>], reply: &Reply<'_>) -> Vec<u8> {
    let separators = header.map_or(Separators::USUAL, |header| header.separators);
    let mut batch = MessageWriter::new(separators);
    let mut bhs = batch.start("BHS");
    if let Some(header) = header {
        for (field, from) in [(3, 2), (4, 3), (5, 0), (6, 1)] {
            bhs.raw(field, &header.parties[from]);
        }
        bhs.raw(12, &header.control_id);
    }
    bhs.text(7, reply.now).text(11, reply.control_id);
    batch.push(bhs);
    let mut bytes = batch.finish();
    for answer in answers {
        bytes.extend_from_slice(answer);
    }
    let mut trailer = MessageWriter::new(separators);
    let mut bts = trailer.start("BTS");
    bts.text(1, &answers.len().to_string());
    trailer.push(bts);
    bytes.extend(trailer.finish());
    bytes
}

fn answer(message: &mut MessageWriter, reply: &Reply<'_>, asked_id: &str, version: [u8; 3]) {
    let mut msa = message.start("MSA");
    msa.text(1, reply.code.code()).raw(2, asked_id);
    // MSA-3 was taken out in version 2.7; ERR-8 says it there.
    if let Some(first) = reply.problems.first().filter(|_| version < [2, 7, 0]) {
        msa.text(3, &first.message);
    }
    message.push(msa);
    for problem in reply.problems.iter().take(ERRORS_MAX) {
        let mut err = message.start("ERR");
        if version < [2, 5, 0] {
            old_error(&mut err, problem);
        } else {
            new_error(&mut err, problem);
        }
        message.push(err);
    }
}

/// ERR-1 of versions before 2.5: segment, which one, field, code.
fn old_error(err: &mut SegmentWriter, problem: &Problem) {
    let at = &problem.at;
    let separators = err.separators();
    let sub = separators.subcomponent();
    let code =
        [problem.condition.code(), problem.condition.text(), "HL70357"].join(&sub.to_string());
    let place = [at.segment_id.clone(), occurrence(problem), number(at.field), code];
    err.raw(1, &place.join(&separators.component().to_string()));
}

/// ERR-2 place, ERR-3 code, ERR-4 severity, ERR-5 our code, ERR-8 what a person reads.
fn new_error(err: &mut SegmentWriter, problem: &Problem) {
    let at = &problem.at;
    let mut place = vec![at.segment_id.clone(), occurrence(problem)];
    if at.field.is_some() {
        place.push(number(at.field));
    }
    if at.component.is_some() {
        place.extend(["1".to_owned(), number(at.component)]);
    }
    let place: Vec<&str> = place.iter().map(String::as_str).collect();
    if !at.segment_id.is_empty() {
        err.components(2, &place);
    }
    err.components(3, &[problem.condition.code(), problem.condition.text(), "HL70357"]);
    err.text(4, if problem.level == Level::Warning { "W" } else { "E" });
    err.components(5, &[problem.code, "", "L"]);
    err.text(8, &problem.message);
}

fn occurrence(problem: &Problem) -> String {
    match (problem.at.segment_id.is_empty(), problem.at.occurrence) {
        (true, _) => String::new(),
        (false, n) => n.max(1).to_string(),
    }
}

fn number(n: Option<u16>) -> String {
    n.map(|n| n.to_string()).unwrap_or_default()
}
