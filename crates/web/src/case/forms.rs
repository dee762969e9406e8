//! The form of each command, filled in from the case: what can be chosen is chosen from what the case has, and what
//! is likely stands there already.

use super::choices;
use super::desk::Desk;
use super::possible::{
    called_for, fits_auth, is_being_renewed, is_possible, may_be_picked_up, may_be_renewed,
    may_be_requested, may_be_scheduled,
};
use crate::field::{Choice, Control, Field, Form};
use crate::posted::{Posted, Wrong};
use crate::signin::encoded;
use crate::when::{self, abbreviation};
use doorstep_app::Permission;
use doorstep_app::command::{COMMANDS, CommandForm, Field as Asks, FieldKind};
use doorstep_case::placement::{LinePlacement, Offer};
use doorstep_case::{Blocks, Line, Urgency};
use std::collections::{BTreeMap, BTreeSet};

/// A form with where it belongs.
pub(crate) struct Placed {
    pub(crate) command: &'static CommandForm,
    pub(crate) form: Form,
    pub(crate) is_possible: bool,
    pub(crate) is_called_for: bool,
}

/// Returns the form of every command that the role may give, in the order in which a case lives.
pub(crate) fn all(desk: &Desk) -> Vec<Placed> {
    let called = called_for(desk.next.code, desk.case);
    let allowed = COMMANDS.iter().filter(|command| permission(command).is_for(desk.role));
    let placed = allowed.map(|command| {
        let is_called_for = called.contains(&command.name);
        let mut form = form(desk, command);
        form.is_main = called.first() == Some(&command.name);
        Placed { command, form, is_possible: is_possible(command.name, desk.case), is_called_for }
    });
    placed.collect()
}

/// Returns the permission that a command's route asks for; a test holds it to what the command itself needs.
pub(crate) fn permission(command: &CommandForm) -> Permission {
    match command.name {
        "triage" => Permission::Triage,
        "pend-auth" | "ask-info-auth" | "reject-auth" | "approve-auth" | "deny-auth"
        | "refuse-expedite" | "extend-auth" | "extend-dispute" => Permission::RecordDetermination,
        "override-auth" => Permission::GoBeyondAuth,
        "take-label-off" => Permission::TakeLabelsOff,
        "acknowledge-escalation" | "commit" | "resolve" => Permission::CommitEscalations,
        "reopen" => Permission::ReopenCases,
        "cancel-line" | "complete-line" | "reopen-line" | "close" => Permission::CloseCases,
        _ => Permission::WorkCases,
    }
}

/// Returns the path that a command of the case is posted to.
pub(crate) fn action(desk: &Desk, noun: &str) -> String {
    format!("/cases/{}/{noun}", encoded(desk.case.id.as_str()))
}

/// Returns the form of one command.
pub(crate) fn form(desk: &Desk, command: &CommandForm) -> Form {
    let mut form = Form::new(
        format!("do-{}", command.name),
        action(desk, command.noun),
        command.words,
        desk.csrf,
    )
    .hide("seen", desk.case.seq.to_string());
    for asks in command.fields {
        form = match asks.kind {
            FieldKind::Id => form.hide(asks.name, fresh_id()),
            // The item says of which service it is, and a call's own page which call.
            FieldKind::Service | FieldKind::Call => form,
            FieldKind::Line | FieldKind::Lines => match lines(desk, command.name).as_slice() {
                // Nobody has to say what cannot be otherwise.
                [only] if desk.case.lines.len() == 1 => form.hide(asks.name, only.value.clone()),
                _ => form.field(field(desk, command, asks)),
            },
            _ => form.field(field(desk, command, asks)),
        };
    }
    form
}

/// An id made with the form, so that the same form sent twice makes one thing.
fn fresh_id() -> String {
    doorstep_app::token().reveal().get(..24).unwrap_or_default().to_owned()
}

fn field(desk: &Desk, command: &CommandForm, asks: &Asks) -> Field {
    let control = control(desk, command, asks);
    let label = if matches!(asks.kind, FieldKind::Goods) { "Quantity" } else { asks.words };
    let mut field = Field::new(asks.name, label, control);
    field.is_required = asks.required || matches!(asks.kind, FieldKind::Lines | FieldKind::Goods);
    match asks.kind {
        FieldKind::Moment => {
            field.hint = format!("In {} ({}).", desk.zone, abbreviation(desk.now, &desk.zone));
        }
        FieldKind::List if asks.name == "lines" => {}
        FieldKind::List => "Several are separated by commas.".clone_into(&mut field.hint),
        FieldKind::Goods => {
            "What is left at 0 or empty stays as it is.".clone_into(&mut field.hint);
        }
        _ => {}
    }
    let value = likely(desk, command.name, asks.name);
    if value.is_empty() { field } else { field.with(value) }
}

fn control(desk: &Desk, command: &CommandForm, asks: &Asks) -> Control {
    /// A list longer than this opens instead of standing there.
    const SEEN_MAX: usize = 4;
    match asks.kind {
        // A dispute may be about no line at all, or about lines that the payer decided.
        FieldKind::List if asks.name == "lines" => Control::Checks(lines(desk, command.name)),
        FieldKind::Text | FieldKind::List | FieldKind::Id | FieldKind::Call => {
            Control::Line("text")
        }
        FieldKind::Area => Control::Area,
        FieldKind::Choices(list) => Control::Checks(
            list()
                .into_iter()
                .map(|(code, words)| Choice::new(code, crate::errors::capital(words)))
                .collect(),
        ),
        FieldKind::Phone => Control::Line("tel"),
        FieldKind::Number => Control::Line("number"),
        FieldKind::Date => Control::Line("date"),
        FieldKind::Moment => Control::Line("datetime-local"),
        FieldKind::Flag => Control::Tick,
        FieldKind::Choice(list) => {
            let choices: Vec<Choice> = list()
                .into_iter()
                .map(|(code, words)| Choice::new(code, crate::errors::capital(words)))
                .collect();
            if choices.len() <= SEEN_MAX && asks.required {
                Control::Radios(choices)
            } else {
                Control::Select(choices)
            }
        }
        FieldKind::Line => one(lines(desk, command.name)),
        FieldKind::Lines => Control::Checks(all_of_one(desk, command.name)),
        FieldKind::Goods => Control::Counts(goods(desk, command.name)),
        FieldKind::Offer => one(choices::offers(desk, command.name)),
        FieldKind::Visit => one(choices::visits(desk)),
        FieldKind::Ask => one(choices::asked(desk)),
        FieldKind::Escalation => one(choices::escalations(desk)),
        FieldKind::Dispute => one(choices::disputes(desk, command.name)),
        FieldKind::Items => Control::Checks(choices::items(desk)),
        FieldKind::Document => Control::Select(choices::proofs(desk)),
        FieldKind::Provider => Control::Select(choices::providers(desk)),
        FieldKind::User => Control::Select(choices::staff(desk)),
        FieldKind::Service => Control::Select(
            desk.services
                .iter()
                .map(|(service, words, _)| Choice::new(service.name(), words))
                .collect(),
        ),
        FieldKind::Family => Control::Select(choices::families(desk)),
    }
}

/// A single choice is chosen already.
fn one(mut choices: Vec<Choice>) -> Control {
    if let [only] = choices.as_mut_slice() {
        only.is_chosen = true;
    }
    Control::Select(choices)
}

/// What belongs together is chosen together: the lines of one offer, or of one trade. Where there is more than one, the
/// person says which.
fn all_of_one(desk: &Desk, command: &str) -> Vec<Choice> {
    let choices = lines(desk, command);
    let case = desk.case;
    let is_one = match command {
        "accept" => open_offers(desk).count() == 1,
        "offer" | "agree-single-case" => {
            let shown = case.open_lines().filter(|line| line.placement.provider().is_none());
            shown.map(|line| line.service).collect::<BTreeSet<_>>().len() <= 1
        }
        "schedule" => {
            let shown = case.open_lines().filter(|line| may_be_scheduled(case, line));
            shown.filter_map(|line| line.placement.provider()).collect::<BTreeSet<_>>().len() <= 1
        }
        "name-contact" => {
            let placed = case.open_lines().filter_map(|line| line.placement.provider());
            placed.collect::<BTreeSet<_>>().len() <= 1
        }
        "override-auth" | "renew-auth" | "request-pick-up" => choices.len() <= 1,
        _ => true,
    };
    let is_ready = |no: &str| {
        let mut lines = case.open_lines().filter(|line| line.order.is_complete());
        command != "offer" || lines.any(|line| line.no.to_string() == no)
    };
    let ticked = |choice: Choice| {
        let is_chosen = is_one && is_ready(&choice.value);
        if is_chosen { choice.chosen(true) } else { choice }
    };
    choices.into_iter().map(ticked).collect()
}

fn open_offers<'a>(desk: &'a Desk) -> impl Iterator<Item = &'a Offer> {
    desk.case.placement.offers.values().filter(|offer| offer.is_open())
}

/// The lines that a command could be about, those that the next step means first.
fn lines(desk: &Desk, command: &str) -> Vec<Choice> {
    let stops = |line: &Line, test: fn(Blocks) -> bool| {
        desk.missing.iter().any(|missing| test(missing.blocks_of(line.no)))
    };
    let fits = |line: &&Line| match command {
        "request-auth" => may_be_requested(line) && !stops(line, |blocks| blocks.authorization),
        "offer" | "agree-single-case" => line.placement.provider().is_none(),
        "accept" => {
            line.placement.provider().is_none()
                && open_offers(desk).any(|offer| offer.lines.contains(&line.no))
        }
        "name-contact" => line.placement.provider().is_some(),
        "end-single-case" => {
            matches!(line.placement, LinePlacement::SingleCaseAgreement { .. })
        }
        "override-auth" => line.approvals().next().is_some(),
        "complete-line" => line.ledger.held() > 0,
        "schedule" => may_be_scheduled(desk.case, line) && !stops(line, |blocks| blocks.delivery),
        "approve-auth" | "pend-auth" | "ask-info-auth" | "send-info" | "reject-auth"
        | "deny-auth" | "expedite-auth" | "refuse-expedite" | "extend-auth" => {
            fits_auth(command, line)
        }
        _ => true,
    };
    match command {
        "reopen-line" => return of(desk, |l| l.cancelled.is_some() || l.completed.is_some()),
        // What is delivered may go on, as a rental does.
        "renew-auth" => return of(desk, may_be_renewed),
        "withdraw-renewal" => return of(desk, is_being_renewed),
        "leave" => return of(desk, Line::is_pick_up_due),
        "request-pick-up" => return of(desk, may_be_picked_up),
        _ => {}
    }
    let fitting: Vec<&Line> = desk.case.open_lines().filter(fits).collect();
    let shown = if fitting.is_empty() { desk.case.open_lines().collect() } else { fitting };
    let choice = |line: &&Line| {
        Choice::new(line.no.to_string(), desk.line(line.no)).chosen(desk.next.line == Some(line.no))
    };
    shown.iter().map(choice).collect()
}

fn of(desk: &Desk, is_meant: fn(&Line) -> bool) -> Vec<Choice> {
    let lines = desk.case.lines.values().filter(|line| is_meant(line));
    let choice = |line: &Line| {
        Choice::new(line.no.to_string(), desk.line(line.no)).chosen(desk.next.line == Some(line.no))
    };
    lines.map(choice).collect()
}

/// A delivery is of the lines that its visit was planned for; with several visits ahead, nothing is counted before the
/// person says which.
fn goods(desk: &Desk, command: &str) -> Vec<Choice> {
    let ahead = || desk.case.delivery.visits.values().filter(|visit| visit.is_ahead());
    let is_clear = command != "deliver" || ahead().count() == 1;
    let is_meant = |line: &&Line| match command {
        "deliver" => ahead().any(|visit| visit.lines.contains(&line.no)),
        "pick-up" => true,
        _ => line.cancelled.is_none() && line.placement.provider().is_some(),
    };
    let lines = desk.case.lines.values().filter(is_meant);
    let counted = lines.map(|line| {
        let ledger = &line.ledger;
        let n = match command {
            "pick-up" => ledger.delivered.saturating_sub(ledger.returned),
            "ship" => line.owed().saturating_sub(ledger.shipped.saturating_sub(ledger.delivered)),
            _ => line.owed(),
        };
        let shown = if is_clear { n } else { 0 };
        (n, Choice::new(line.no.to_string(), desk.line(line.no)).count(shown))
    });
    counted.filter(|(n, _)| *n > 0).map(|(_, choice)| choice).collect()
}

/// What most likely goes into a field, so that the person reads instead of typing. Never what somebody attests: a proof,
/// a signature, an answer of the payer.
fn likely(desk: &Desk, command: &str, field: &str) -> String {
    let case = desk.case;
    let zone = &desk.zone;
    // Of several lines the person says which, and with it the rest.
    let of_line = || case.lines.values().next().filter(|_| case.lines.len() == 1);
    match (command, field) {
        ("move-discharge", "at") => case.intake.discharge.as_ref().map(|d| when::field(d.at, zone)),
        ("move-discharge", "bedside") => {
            case.intake.discharge.as_ref().filter(|d| d.bedside).map(|_| "yes".to_owned())
        }
        ("move-need-by", "at") => {
            case.intake.need_by().map(|need_by| when::field(need_by.at, zone))
        }
        ("triage", "priority") => case.intake.priority.map(|priority| priority.name().to_owned()),
        ("request-auth" | "renew-auth", "expedited") => {
            (case.intake.urgency != Urgency::Routine).then(|| "yes".to_owned())
        }
        ("approve-auth", "number") => case.intake.auth_number.clone(),
        ("approve-auth", "unit") => of_line().map(|line| line.request.unit.name().to_owned()),
        ("accept", "commit_by") => {
            let need_by = case.intake.need_by().filter(|need_by| need_by.at > desk.now);
            need_by.map(|need_by| when::field(need_by.at, zone))
        }
        ("complain", "received_at") => Some(when::field(desk.now, zone)),
        ("determine-auth", "answer") => Some("as-listed".to_owned()),
        _ => None,
    }
    .unwrap_or_default()
}

/// Returns what was left out of lists that the page showed: nothing ticked is not the same as nothing said.
pub(crate) fn left_out(command: &CommandForm, posted: &Posted) -> Vec<Wrong> {
    let is_empty = |asks: &&Asks| match asks.kind {
        FieldKind::Lines => posted.all(asks.name).next().is_none(),
        FieldKind::Goods => counted(asks.name, posted).is_empty(),
        _ => false,
    };
    let words = |asks: &Asks| match asks.kind {
        FieldKind::Goods => "enter how many, at least one",
        _ => "choose at least one line",
    };
    command.fields.iter().filter(is_empty).map(|asks| Wrong::at(asks.name, words(asks))).collect()
}

/// Returns what a form sent as a command reads it: one answer a field, several joined by commas.
pub(crate) fn answers(command: &CommandForm, posted: &Posted) -> BTreeMap<String, String> {
    let mut answers = BTreeMap::new();
    for asks in command.fields {
        let answer = match asks.kind {
            FieldKind::Lines | FieldKind::Items | FieldKind::List | FieldKind::Choices(_) => {
                posted.all(asks.name).collect::<Vec<_>>().join(",")
            }
            FieldKind::Goods => counted(asks.name, posted),
            _ => posted.text(asks.name).unwrap_or_default(),
        };
        answers.insert(asks.name.to_owned(), answer);
    }
    answers
}

/// `1=2,2=1` from the fields `goods.1` and `goods.2`; what is nothing is left out.
fn counted(name: &str, posted: &Posted) -> String {
    let prefix = format!("{name}.");
    let rows = posted
        .0
        .iter()
        .filter_map(|(field, value)| Some((field.strip_prefix(&prefix)?, value.trim())));
    let some = rows.filter(|(_, value)| !value.is_empty() && *value != "0");
    some.map(|(line, value)| format!("{line}={value}")).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_app::command::form as named;

    #[test]
    fn what_is_ticked_and_counted_becomes_one_answer() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let posted = Posted(vec![pair("lines", "1"), pair("lines", "3"), pair("provider", "p1")]);
        let read = answers(named("offer").unwrap(), &posted);
        assert_eq!((read["lines"].as_str(), read["provider"].as_str()), ("1,3", "p1"));
        let posted = Posted(vec![
            pair("goods.1", "2"),
            pair("goods.2", "0"),
            pair("goods.3", ""),
            pair("goods.4", "1"),
        ]);
        assert_eq!(answers(named("ship").unwrap(), &posted)["goods"], "1=2,4=1");
        assert!(left_out(named("ship").unwrap(), &posted).is_empty());
        let nothing = Posted(vec![pair("goods.1", "0")]);
        assert_eq!(
            left_out(named("ship").unwrap(), &nothing),
            [Wrong::at("goods", "enter how many, at least one")]
        );
    }
}
