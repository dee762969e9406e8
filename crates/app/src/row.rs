//! What a worklist shows of a case besides its state: the next step, what blocks, and the name it is sorted by.

use doorstep_case::{Case, Facts, Person, completeness, next_step, others_waiting};
use doorstep_store::people::sort_name;
use doorstep_store::worklist::WorkRow;

/// Returns the row for `case` as it stands, made anew after every change.
pub fn summary(case: &Case, person: &Person, facts: &Facts) -> WorkRow {
    let missing = completeness::missing(case, facts.terms, facts.now, &facts.hub_zone);
    let step = next_step(case, &missing);
    let blocking = missing.iter().filter(|m| m.stops()).count();
    WorkRow {
        waiting: others_waiting(case, &missing, &step),
        next_code: step.code.to_owned(),
        next_waits: step.waits(),
        next_words: step.words,
        blocked: u32::try_from(blocking).unwrap_or(u32::MAX),
        member_sort: sort_name(person),
    }
}
