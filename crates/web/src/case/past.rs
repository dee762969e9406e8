//! The case page as of a moment that has passed: which moment, and what stands above the page then.

use crate::asked::Asked;
use crate::shell::Shell;
use crate::when::{When, field, read};
use doorstep_app::{CaseFile, Ctx, Error, Moment, Result, case_as_of, desk};
use doorstep_vocab::Zone;

/// What is shown: the case as it stands, or as it was.
pub(super) struct Seen<'a> {
    /// Who looks, at the moment that is looked at.
    pub(super) ctx: Ctx<'a>,
    pub(super) file: CaseFile,
    /// What stands around the page: in the past no time goes on.
    pub(super) shell: Shell,
    pub(super) past: Option<PastView>,
    /// The last event of the record as it is today.
    pub(super) n_events: u32,
}

/// What the page says of the moment.
pub(super) struct PastView {
    pub(super) at: When,
}

/// The slider and the typed time, as the page's own moment sets them.
pub(super) struct Dial {
    pub(super) seq: u32,
    pub(super) n_events: u32,
    pub(super) at: String,
}

impl Seen<'_> {
    pub(super) fn dial(&self, zone: &Zone) -> Dial {
        let (seq, n_events) = (self.file.case.seq, self.n_events);
        Dial { seq, n_events, at: field(self.ctx.now, zone) }
    }
}

/// Reads the case that the page asks for. Its reader is at `form`.
pub(super) fn seen<'a>(ctx: &Ctx<'a>, asked: &Asked, form: &str) -> Result<Seen<'a>> {
    let mut shell = asked.shell.clone();
    let mut then = ctx.as_of(ctx.now)?;
    let Some(moment) = moment(ctx, asked)? else {
        let file = doorstep_app::case_file_at(ctx, &asked.case_id(), form)?;
        let n_events = file.case.seq;
        return Ok(Seen { ctx: then, file, shell, past: None, n_events });
    };
    let past = case_as_of(ctx, &asked.case_id(), moment)?;
    then.now = past.at;
    (shell.now, shell.pace) = (past.at.to_string(), 0);
    let zone = past.file.case.zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let view = PastView { at: When::in_full(past.at, zone) };
    Ok(Seen { ctx: then, file: past.file, shell, past: Some(view), n_events: past.n_events })
}

/// The typed time rules over the slider. It is one of the member's zone, as all times of the page are.
fn moment(ctx: &Ctx, asked: &Asked) -> Result<Option<Moment>> {
    if let Some(text) = asked.query.get("as_of") {
        let case = desk::case_for_form(ctx, &asked.case_id())?;
        let zone = case.zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
        let at = read(text, zone)
            .ok_or_else(|| Error::bad("as-of", "enter a date and time as 2026-11-23T15:00"))?;
        return Ok(Some(Moment::At(at)));
    }
    let seq = asked.query.get("event").map(str::parse);
    seq.map(|seq| seq.map(Moment::After).map_err(|_| Error::NotFound)).transpose()
}
