//! A list as a file: CSV or a workbook of one sheet.

use crate::answer::{Answer, WORKBOOK};
use crate::asked::Asked;
use crate::when::field;
use crate::words;
use doorstep_app::{Ctx, Error, Result, desk, lists};
use doorstep_store::worklist::Listed;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::narrowed::Narrowed;

const HEAD: [&str; 15] = [
    "Case number",
    "Member",
    "Urgency",
    "Priority",
    "Services",
    "Payer",
    "Next step",
    "Whose turn",
    "Clock",
    "Due",
    "Received",
    "Time zone",
    "Manager",
    "Language",
    "Escalation level",
];

/// Hands out the whole list, narrowed as the page is. That it was taken, and by whom, is recorded.
pub(crate) fn export(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let query = asked.form.get("query").unwrap_or_default();
    let narrowed = Narrowed::parse(query, desk::first_queue(ctx.actor.role));
    let kind = asked.form.get("format").unwrap_or("csv");
    if !["csv", "xlsx"].contains(&kind) {
        return Err(Error::bad("format", "choose CSV or XLSX"));
    }
    let (rows, has_more) = lists::export(ctx, &narrowed.filter(ctx), &narrowed.query())?;
    let mut cells: Vec<Vec<String>> = rows.iter().map(|row| line(ctx, row)).collect();
    if has_more {
        let words = format!("only the first {} cases: narrow the list for the rest", rows.len());
        cells.push(vec![words]);
    }
    let name = format!("worklist-{}.{kind}", narrowed.queue.name());
    let (bytes, media_type) = match kind {
        "xlsx" => (workbook(&cells).map_err(|error| Error::Broken(Box::new(error)))?, WORKBOOK),
        _ => (csv(&cells).map_err(|error| Error::Broken(Box::new(error)))?, "text/csv"),
    };
    Ok(Answer::File { bytes, media_type: media_type.to_owned(), name })
}

fn line(ctx: &Ctx, row: &Listed) -> Vec<String> {
    let zone = row.service_zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let services: Vec<&str> = row.services.iter().map(|service| words::service(*service)).collect();
    let clock = row.clock.as_ref().filter(|_| !row.is_closed);
    vec![
        row.number.as_ref().map_or_else(|| row.case_id.to_string(), ToString::to_string),
        row.member.as_ref().map(|name| name.reveal().clone()).unwrap_or_default(),
        row.urgency.name().to_owned(),
        row.priority.map(|priority| priority.name().to_owned()).unwrap_or_default(),
        services.join(", "),
        words::payer(ctx, &row.payer_id),
        row.next_words.clone(),
        words::turn(&row.next_code, row.next_waits).to_owned(),
        clock.map(|clock| words::clock(&clock.name)).unwrap_or_default(),
        clock.map(|clock| field(clock.due_at, zone)).unwrap_or_default(),
        field(row.received_at, zone),
        zone.name().to_owned(),
        row.manager.as_ref().map(ToString::to_string).unwrap_or_default(),
        row.language.as_ref().map(|language| language.reveal().clone()).unwrap_or_default(),
        row.escalation_level.to_string(),
    ]
}

/// A cell that a spreadsheet would take for a formula gets a quote before it. Source: trust.md, ASVS 1.2.10.
fn plain(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

fn csv(rows: &[Vec<String>]) -> std::result::Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    writer.write_record(HEAD)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| plain(cell)))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// Every cell is written as a text, so none is taken for a formula.
fn workbook(rows: &[Vec<String>]) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let bold = Format::new().set_bold();
    for (column, words) in (0..).zip(HEAD) {
        sheet.write_string_with_format(0, column, words, &bold)?;
    }
    for (at, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(row) {
            sheet.write_string(at, column, cell)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let rows = vec![vec!["=1+1".to_owned(), "a, \"b\"".to_owned(), "@x".to_owned()]];
        let text = String::from_utf8(csv(&rows).unwrap()).unwrap();
        assert_eq!(text.lines().nth(1), Some("'=1+1,\"a, \"\"b\"\"\",'@x"));
        assert!(text.starts_with("Case number,Member,"));
        let book = workbook(&rows).unwrap();
        assert!(book.starts_with(b"PK"));
    }
}
