//! Who viewed which member, for the privacy officer and the auditor; and what of a day's looks to ask about.
//!
//! The member is asked for blind: what is typed is compared and never shown, and the answer names cases by number.
//! Sources: trust.md 2.5; 45 CFR 164.312 (b).

use crate::act::entry;
use crate::secret::digest;
use crate::{Ctx, Error, Permission, Result};
use doorstep_store::access::{self, Kind};
use doorstep_store::audit;
use doorstep_store::looks::{self, Count, Day, Look};
use doorstep_vocab::{CaseId, CaseNumber, Date, Micros, Phi, Timestamp, UserId};
use std::collections::BTreeMap;

/// Looks at one case that are read, the newest.
const LOOKS_MAX: u32 = 5_000;
/// Cases an hour beyond which somebody is asked why \[K\].
pub const AN_HOUR_MAX: u32 = 60;
/// Cases after hours beyond which somebody is asked why \[K\].
pub const AFTER_HOURS_MAX: u32 = 20;
/// The hours from which and to which looks are those of a working day \[K\].
const OPEN_HOURS: (i64, i64) = (6, 20);

/// What the looks are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the columns")]
pub enum SortBy {
    When,
    Who,
    What,
    Case,
}

impl SortBy {
    /// All of them, each with its code and words.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::When, "when", "when, the newest first"),
        (Self::Who, "who", "who"),
        (Self::What, "what", "what was done"),
        (Self::Case, "case", "case"),
    ];

    /// Reads a code; anything else is by time.
    pub fn parse(code: &str) -> Self {
        Self::ALL.iter().find(|row| row.1 == code).map_or(Self::When, |row| row.0)
    }
}

/// Whose looks are asked for.
#[derive(Debug, Clone)]
pub struct Query {
    /// A plan ID or a case number, as typed.
    pub typed: Phi<String>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The order.
    pub by: SortBy,
}

/// Returns the looks at the cases of a member, and records that they were asked for.
///
/// # Errors
/// [`Error::Bad`] with the code `member-unknown` when nobody has that number.
pub fn of_member(ctx: &Ctx, query: &Query) -> Result<Vec<Look>> {
    let (looks, cases) = read(ctx, query)?;
    record(ctx, ("read looks", format!("{} to {}", query.from, query.to)), &cases)?;
    Ok(looks)
}

/// Returns the same as CSV, and records that it was taken, with the digest of the file. It takes a fresh factor.
///
/// # Errors
/// Those of [`of_member`], and [`Error::Unproved`].
pub fn export(ctx: &Ctx, query: &Query) -> Result<Vec<u8>> {
    ctx.may(Permission::ReadLooks)?;
    ctx.stepped_up()?;
    let (looks, cases) = read(ctx, query)?;
    let bytes = csv(&looks)?;
    let words = format!("{} to {}, sha256 {}", query.from, query.to, digest(&bytes));
    record(ctx, ("export looks", words), &cases)?;
    Ok(bytes)
}

fn read(ctx: &Ctx, query: &Query) -> Result<(Vec<Look>, Vec<CaseId>)> {
    ctx.may(Permission::ReadLooks)?;
    let (from, _) = bounds(ctx, query.from);
    let (_, to) = bounds(ctx, query.to);
    let number = CaseNumber::parse(query.typed.reveal().trim()).ok();
    let (mut looks, cases) = ctx.app.db.read(|tx| -> Result<_> {
        let cases = match &number {
            Some(number) => looks::cases_of_number(tx, number)?,
            None => looks::cases_of_plan_id(tx, &query.typed)?,
        };
        let mut found = Vec::new();
        for case_id in &cases {
            found.extend(looks::of_case(tx, case_id, (from, to), LOOKS_MAX)?);
        }
        Ok((found, cases))
    })?;
    if cases.is_empty() {
        return Err(Error::bad("member-unknown", "no member has this plan ID or case number"));
    }
    let key = |look: &Look| match query.by {
        SortBy::When => String::new(),
        SortBy::Who => look.audited.entry.user_id.to_string(),
        SortBy::What => look.audited.entry.action.clone(),
        SortBy::Case => look.number.as_ref().map(ToString::to_string).unwrap_or_default(),
    };
    let newest = |look: &Look| std::cmp::Reverse(look.audited.entry.audit_id.clone());
    looks.sort_by_cached_key(|look| (key(look), newest(look)));
    Ok((looks, cases))
}

fn record(ctx: &Ctx, (action, object): (&str, String), cases: &[CaseId]) -> Result<()> {
    let mut look = entry(ctx, &CaseId::default(), action);
    (look.case_id, look.object) = (None, object);
    ctx.app
        .db
        .write("record a look", |tx| audit::record_many(tx, &look, cases).map_err(Error::from))
}

const HEAD: [&str; 10] = [
    "When (UTC)",
    "User",
    "Role",
    "Action",
    "Case",
    "Object",
    "Purpose",
    "Outcome",
    "Rule",
    "Request",
];

fn csv(looks: &[Look]) -> Result<Vec<u8>> {
    let broken = |error: csv::Error| Error::Broken(Box::new(error));
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(HEAD).map_err(broken)?;
    for look in looks {
        let entry = &look.audited.entry;
        let number =
            look.number.as_ref().map_or_else(|| look.case_id.to_string(), ToString::to_string);
        let cells = [
            &entry.at.to_string(),
            entry.user_id.as_str(),
            entry.role.name(),
            &entry.action,
            &number,
            &entry.object,
            &entry.purpose,
            &entry.outcome,
            &entry.rule,
            &entry.request_id,
        ];
        file.write_record(cells.map(plain)).map_err(broken)?;
    }
    file.into_inner().map_err(|error| Error::Broken(Box::new(error.into_error())))
}

/// A cell that a spreadsheet would take for a formula is text. Source: ASVS 1.2.10.
fn plain(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{cell}") } else { cell.to_owned() }
}

/// Returns the begin and the end of a day of the hub's.
fn bounds(ctx: &Ctx, on: Date) -> (Timestamp, Timestamp) {
    let zone = &ctx.app.settings.hub_zone;
    let end = zone.end_of_day(on);
    let from = on.yesterday().map_or(end.plus(Micros::hours(-24)), |eve| zone.end_of_day(eve));
    (from, end)
}

/// What of a day's looks somebody should be asked about.
#[derive(Debug)]
pub struct Review {
    /// Each question, with who and how many cases.
    pub questions: Vec<(&'static str, Vec<Count>)>,
    /// Emergencies that nobody has reviewed, of whatever day.
    pub n_glass: usize,
    /// Names of users.
    pub names: BTreeMap<UserId, String>,
}

/// Returns what to ask about the looks of a day, and records that it was asked.
pub fn review(ctx: &Ctx, on: Date) -> Result<Review> {
    ctx.may(Permission::ReadLooks)?;
    let (from, to) = bounds(ctx, on);
    // On the two days of the year that have another length, an hour off: nobody is judged by it.
    let opens = from.plus(Micros::hours(OPEN_HOURS.0));
    let closes = from.plus(Micros::hours(OPEN_HOURS.1));
    let day = Day { from, to, opens, closes };
    let review = ctx.app.db.read(|tx| -> Result<Review> {
        Ok(Review {
            questions: vec![
                ("Members with the user's own family name", looks::same_name(tx, day)?),
                ("More than 60 cases within an hour", looks::many_an_hour(tx, day, AN_HOUR_MAX)?),
                ("More than 20 cases after hours", looks::after_hours(tx, day, AFTER_HOURS_MAX)?),
                ("Cases that were closed", looks::closed_cases(tx, day)?),
                ("Kept out by a wall or a label", looks::kept_out(tx, day)?),
            ],
            n_glass: access::waiting(tx, Kind::Glass, 200)?.len(),
            names: looks::names(tx)?,
        })
    })?;
    record(ctx, ("read review", on.to_string()), &[])?;
    Ok(review)
}
