//! Which line of a case an arriving line means, and in what the two differ.
//!
//! The surest sign comes first: the sender's number, then the whole line, its code, its kind of item. A line of words alone
//! means whatever line is left.

use super::matching::{item, item_of};
use doorstep_case::{Case, Line, LineRequest, Terms};
use doorstep_vocab::LineNo;

/// Something in which what came and the case differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// What it is about, without a value: problems show it.
    pub what: String,
    /// What came, for the note of the case.
    pub came: String,
    /// What the case says.
    pub known: String,
}

/// What an arriving line is to a case.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Pair {
    /// The case has it.
    Same(LineNo),
    /// The case has it otherwise.
    Differs(LineNo, Vec<Difference>),
    /// The case lacks it.
    Extra,
}

impl Pair {
    /// Returns the line of the case.
    pub(crate) fn line(&self) -> Option<LineNo> {
        match self {
            Self::Same(no) | Self::Differs(no, _) => Some(*no),
            Self::Extra => None,
        }
    }
}

/// Whether an arriving line means a line of the case.
type Sign<'a> = dyn Fn(&LineRequest, &Line) -> bool + 'a;

/// Returns what each arriving line is to the case. `is_numbered` says that the sender's line numbers are those that the
/// case has.
pub(crate) fn pairs(
    requests: &[LineRequest],
    case: &Case,
    (terms, is_numbered): (&Terms, bool),
) -> Vec<Pair> {
    // A line that ended is meant only when no open one is.
    let (open, ended): (Vec<&Line>, Vec<&Line>) = case.lines.values().partition(|l| l.is_open());
    let mut free: Vec<LineNo> = open.into_iter().chain(ended).map(|line| line.no).collect();
    let mut found: Vec<Option<LineNo>> = vec![None; requests.len()];
    let kind = |line: &Line| item(&line.request, Some((line.service, &line.family)));
    let signs: [&Sign; 5] = [
        &|request, line| {
            is_numbered && request.line_ref.is_some() && request.line_ref == line.request.line_ref
        },
        &|request, line| {
            item_of(request, terms).is_some()
                && item_of(request, terms) == kind(line)
                && differences(request, line).is_empty()
        },
        &|request, line| {
            let (one, other) = (request, &line.request);
            (one.code.is_some() && one.code == other.code)
                || (one.other_code.is_some() && one.other_code == other.other_code)
        },
        &|request, line| item_of(request, terms).is_some_and(|item| Some(item) == kind(line)),
        &|request, line| item_of(request, terms).is_none() || kind(line).is_none(),
    ];
    for means in signs {
        for (request, found) in requests.iter().zip(&mut found).filter(|(_, found)| found.is_none())
        {
            let at = free.iter().position(|no| means(request, &case.lines[no]));
            *found = at.map(|at| free.remove(at));
        }
    }
    let pair = |(request, found): (&LineRequest, Option<LineNo>)| match found {
        None => Pair::Extra,
        Some(no) => {
            let differs = differences(request, &case.lines[&no]);
            if differs.is_empty() { Pair::Same(no) } else { Pair::Differs(no, differs) }
        }
    };
    requests.iter().zip(found).map(pair).collect()
}

/// Returns whether the two say the same of the same line: nothing more, nothing else.
fn differences(request: &LineRequest, line: &Line) -> Vec<Difference> {
    let (came, known) = (request, &line.request);
    let mut out = Vec::new();
    let mut differ = |what: &str, came: String, known: String| {
        let what = format!("the {what} of line {}", line.no);
        out.push(Difference { what, came, known });
    };
    let codes = [code(came), code(known)];
    if came.code.is_some() && came.code != known.code
        || came.code.is_none() && known.code.is_none() && contradicts(came, known)
    {
        let [came, known] = codes;
        differ("code", came, known);
    }
    let sorted = |modifiers: &[String]| {
        let mut sorted = modifiers.to_vec();
        sorted.sort();
        sorted
    };
    if !came.modifiers.is_empty() && sorted(&came.modifiers) != sorted(&known.modifiers) {
        differ("modifiers", came.modifiers.join(" "), known.modifiers.join(" "));
    }
    let quantity = came.quantity.map(|quantity| (quantity.max(1), came.unit));
    if let Some(quantity) = quantity.filter(|q| *q != (line.ledger.ordered, known.unit)) {
        let words = |(n, unit): (u32, doorstep_case::Unit)| format!("{n} {}", unit.name());
        differ("quantity", words(quantity), words((line.ledger.ordered, known.unit)));
    }
    out
}

fn code(request: &LineRequest) -> String {
    let code = request.code.as_ref().map(|code| code.as_str().to_owned());
    code.or_else(|| request.other_code.clone()).unwrap_or_else(|| "none".to_owned())
}

/// Two codes of one foreign system contradict each other; codes of two systems may mean the same.
fn contradicts(came: &LineRequest, known: &LineRequest) -> bool {
    let system = |code: &String| code.split(':').next().map(str::to_owned);
    match (&came.other_code, &known.other_code) {
        (Some(came), Some(known)) => came != known && system(came) == system(known),
        (Some(_), None) => true,
        (None, _) => false,
    }
}
