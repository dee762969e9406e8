//! The lines of a case: each with its order, authorization, placement and delivery apart, and its quantities; and how
//! the order as a whole stands.

use super::desk::Desk;
use crate::errors::capital;
use crate::when::{When, day};
use crate::words;
use doorstep_case::auth::Auth;
use doorstep_case::placement::LinePlacement;
use doorstep_case::{Line, Waiting, waiting};
use doorstep_vocab::Date;

/// One axis of a line: where it stands, and what else is known.
pub(crate) struct Axis {
    pub(crate) name: &'static str,
    pub(crate) tone: &'static str,
    pub(crate) words: String,
    pub(crate) more: String,
}

/// How the order stands, for the head of the page: whether it is complete, and which lines wait for what.
pub(crate) struct OrderView {
    pub(crate) tone: &'static str,
    pub(crate) words: &'static str,
    pub(crate) waiting: Vec<String>,
}

/// Returns how the order stands.
pub(crate) fn order(desk: &Desk) -> OrderView {
    let waiting = waiting(desk.case, desk.missing);
    let (n_open, n_waiting) =
        (desk.case.open_lines().count(), waiting.iter().map(|w| w.lines.len()).sum());
    let words = |waiting: &Waiting| {
        if n_open > 1 { capital(&waiting.words()) } else { format!("Waits for {}", waiting.what()) }
    };
    let (tone, state) = match n_waiting {
        0 => ("good", "Complete"),
        n if n < n_open => ("soon", "Complete in part"),
        _ => ("soon", "Not complete"),
    };
    OrderView { tone, words: state, waiting: waiting.iter().map(words).collect() }
}

/// A line as the page shows it.
pub(crate) struct LineView {
    pub(crate) no: String,
    pub(crate) what: String,
    pub(crate) code: String,
    pub(crate) service: &'static str,
    pub(crate) ended: String,
    pub(crate) axes: Vec<Axis>,
    pub(crate) unit: &'static str,
    pub(crate) ledger: [(&'static str, String); 5],
}

/// Returns the lines in their order.
pub(crate) fn of(desk: &Desk, hcpcs_words: &dyn Fn(&str) -> Option<String>) -> Vec<LineView> {
    desk.case.lines.values().map(|line| view(desk, line, hcpcs_words)).collect()
}

fn view(desk: &Desk, line: &Line, hcpcs_words: &dyn Fn(&str) -> Option<String>) -> LineView {
    let request = &line.request;
    let code = request
        .code
        .as_ref()
        .map(|code| code.as_str().to_owned())
        .or_else(|| request.other_code.clone());
    let code = code.map(|code| match hcpcs_words(&code) {
        Some(words) => format!("{code}, {words}"),
        None => code,
    });
    let modifiers = if request.modifiers.is_empty() {
        String::new()
    } else {
        format!(" {}", request.modifiers.join(" "))
    };
    let ledger = line.ledger;
    // Where the order does not say, the ledger counts one.
    let ordered = match request.quantity {
        Some(quantity) if quantity > 0 => ledger.ordered.to_string(),
        _ => format!("{}, not stated", ledger.ordered),
    };
    let ended = match &line.cancelled {
        Some(end) => format!("Cancelled: {}", end.reason.words()),
        None if line.is_done() => "Done".to_owned(),
        None => String::new(),
    };
    LineView {
        no: line.no.to_string(),
        what: desk.lines.get(&line.no).cloned().unwrap_or_default(),
        code: code.map(|code| format!("{code}{modifiers}")).unwrap_or_default(),
        service: words::service(line.service),
        ended,
        axes: axes(desk, line),
        unit: request.unit.name(),
        ledger: [
            ("Ordered", ordered),
            ("Authorized", ledger.authorized.to_string()),
            ("Shipped", ledger.shipped.to_string()),
            ("Delivered", ledger.delivered.to_string()),
            ("Returned", ledger.returned.to_string()),
        ],
    }
}

fn axes(desk: &Desk, line: &Line) -> Vec<Axis> {
    let axis = |name, (tone, words): (&'static str, &str), more| Axis {
        name,
        tone,
        words: capital(words),
        more,
    };
    vec![
        axis("Order", order_words(desk, line), order_more(desk, line)),
        axis("Authorization", words::auth(&line.auth), auth_more(line)),
        axis("Placement", words::placement(&line.placement), placement_more(desk, line)),
        axis("Delivery", words::fulfilment(line.fulfilment), delivery_more(desk, line)),
    ]
}

/// A line that has ended waits for nothing.
fn order_words(desk: &Desk, line: &Line) -> (&'static str, &'static str) {
    match line.order.is_complete() {
        true if lacking(desk, line).is_empty() => ("good", "complete"),
        _ if !line.is_open() => ("", "not complete"),
        _ => ("soon", "waits"),
    }
}

/// What it waits for, by name.
fn order_more(desk: &Desk, line: &Line) -> String {
    capital(&lacking(desk, line).join("; "))
}

fn lacking(desk: &Desk, line: &Line) -> Vec<&'static str> {
    let stops = desk.missing.iter().filter(|missing| missing.stops_line(line.no));
    stops.map(|missing| missing.item.words()).collect()
}

/// What the payer said last, and what still holds beside it.
fn auth_more(line: &Line) -> String {
    let in_hand = line.in_hand.as_ref().map(|in_hand| {
        let (number, until) = (&in_hand.approval.number, until(in_hand.approval.to));
        format!("Number {number}{until} still holds")
    });
    let said = Some(auth_said(line)).filter(|said| !said.is_empty());
    said.into_iter().chain(in_hand).collect::<Vec<_>>().join("; ")
}

fn until(last: Option<Date>) -> String {
    last.map(|last| format!(", until {}", day(last))).unwrap_or_default()
}

fn auth_said(line: &Line) -> String {
    match &line.auth {
        Auth::NotRequired { proof } => proof.clone(),
        Auth::Approved(approval) | Auth::Modified(approval) | Auth::Expired(approval) => {
            let until = until(approval.to);
            let differences = words::differences(line, approval);
            format!("Number {}{until}{differences}", approval.number)
        }
        Auth::Lapsed { .. } => "Counts as a denial and may be appealed".to_owned(),
        Auth::Rejected { reasons, .. } | Auth::Denied { reasons, .. } => reasons.join(", "),
        Auth::InfoRequested { wanted, .. } => wanted.join(", "),
        Auth::Pended { reference, .. } => {
            reference.as_ref().map(|r| format!("Reference {r}")).unwrap_or_default()
        }
        Auth::Undetermined | Auth::Required | Auth::Submitted { .. } | Auth::Withdrawn => {
            String::new()
        }
    }
}

fn placement_more(desk: &Desk, line: &Line) -> String {
    match &line.placement {
        LinePlacement::Accepted { provider_id, commit_by, .. } => {
            let there_by = When::at(*commit_by, &desk.zone).local;
            format!("{}, there by {there_by}; {}", desk.provider(provider_id), contact(desk, line))
        }
        LinePlacement::SingleCaseAgreement { provider_id, reference, .. } => {
            format!("{}, {reference}; {}", desk.provider(provider_id), contact(desk, line))
        }
        LinePlacement::Unplaced | LinePlacement::Offered => String::new(),
    }
}

/// Whom to ask for there. What was placed before contacts were named has none.
fn contact(desk: &Desk, line: &Line) -> String {
    let named = line.placement.contact().and_then(|id| desk.contacts.get(id));
    named.map_or_else(
        || "no contact named".to_owned(),
        |contact| format!("ask for {}, {}", contact.name.reveal(), contact.phone.reveal()),
    )
}

fn delivery_more(desk: &Desk, line: &Line) -> String {
    let ahead = desk
        .case
        .delivery
        .visits
        .values()
        .find(|visit| visit.is_ahead() && visit.lines.contains(&line.no));
    ahead.map(|visit| When::at(visit.from, &desk.zone).local).unwrap_or_default()
}
