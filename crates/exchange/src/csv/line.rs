//! What each row orders.

use super::draft::{DraftLine, at};
use super::order::Reader;
use crate::codes::{self, text};
use doorstep_case::{Family, LineRequest, Referral, ServiceLine};

impl Reader {
    pub(super) fn add_lines(&mut self, referral: &mut Referral) {
        let lines = std::mem::take(&mut self.draft.lines);
        for draft in &lines {
            let line = self.line(draft, referral);
            if line.is_named() {
                referral.lines.push(line);
            } else {
                let said = "nothing is ordered: fill service_code, description or family";
                self.refuse("service-missing", at(draft.row, "service_code"), said);
            }
        }
    }

    fn line(&mut self, draft: &DraftLine, referral: &mut Referral) -> LineRequest {
        let cell = |name: &str| draft.cells.get(name).map(String::as_str);
        let place = format!("line {}", referral.lines.len() + 1);
        let in_one =
            cell("modifiers").into_iter().flat_map(|said| said.split([',', ';', '|', ' ', ':']));
        let mut line = LineRequest {
            modifiers: codes::modifiers(in_one.chain(draft.modifiers.iter().map(String::as_str))),
            line_ref: cell("line_ref").and_then(text),
            ..LineRequest::default()
        };
        if let Some(code) = cell("service_code") {
            let system = cell("code_system").unwrap_or("HCPCS");
            self.problems.extend(codes::name_line(
                &mut line,
                system,
                code,
                &at(draft.row, "service_code"),
            ));
        }
        if let Some(words) = cell("description") {
            codes::describe(&mut line, &mut referral.texts, &place, words);
        }
        if let Some(said) = cell("service_line") {
            line.hint = trade(said);
            if line.hint.is_none() {
                let said =
                    "write dme, home-health, home-infusion or post-acute: the trade was left open";
                self.warn("service-line-unknown", at(draft.row, "service_line"), said);
            }
        }
        line.family =
            cell("family").map(super::column_key).map(|key| Family(key.replace('_', "-")));
        self.set_quantity(&mut line, draft);
        line
    }

    fn set_quantity(&mut self, line: &mut LineRequest, draft: &DraftLine) {
        if let Some(said) = draft.cells.get("quantity") {
            line.quantity = codes::quantity(said);
            if line.quantity.is_none() {
                let said = "the quantity is not a whole number above zero: write one, and what it counts under unit";
                self.refuse("quantity-unreadable", at(draft.row, "quantity"), said);
            }
        }
        if let Some(said) = draft.cells.get("unit") {
            if let Some(unit) = codes::unit(said) {
                line.unit = unit;
            } else {
                let said = "the unit is none of each, visit, day, month, hour, quarter-hour and dose: write one of them";
                self.refuse("unit-unknown", at(draft.row, "unit"), said);
            }
        }
    }
}

fn trade(said: &str) -> Option<ServiceLine> {
    let key = super::column_key(said).replace('_', "-");
    ServiceLine::parse(&key).or(match key.as_str() {
        "equipment" | "hme" => Some(ServiceLine::Dme),
        "hh" | "homehealth" => Some(ServiceLine::HomeHealth),
        "infusion" | "hit" => Some(ServiceLine::HomeInfusion),
        "snf" | "irf" | "ltach" | "postacute" => Some(ServiceLine::PostAcute),
        _ => None,
    })
}
