//! An order as the built-in packs see it on one day in June.

use doorstep_case::intake::IntakeCommand;
use doorstep_case::{
    Actor, Case, Command, Facts, Item, Recorded, Referral, apply, completeness, decide,
};
use doorstep_packs::Packs;
use doorstep_vocab::{CaseId, CaseNumber, PayerId, Timestamp};

/// Opens a case for the order, with these facts, and returns how each item that falls short does.
pub fn lacks(
    payer: &str,
    referral: Referral,
    facts: &[(&str, &str)],
) -> Vec<(&'static str, &'static str)> {
    let packs = Packs::builtin();
    let now = Timestamp::parse("2026-06-15T14:00:00Z").expect("the test's own data is sound");
    let zone = packs.hub_zone().clone();
    let terms = packs.terms_for(&PayerId(payer.to_owned()), now.date(&zone));
    let known = facts.iter().map(|(name, value)| {
        (
            Item::named(name),
            (Item::named(name).read(value).expect("the test's own data is sound"), None),
        )
    });
    let referral = Referral { received_at: now, facts: known.collect(), ..referral };
    let number = CaseNumber::new(now.date(&zone), 1);
    let payer_id = terms.payer.payer_id.clone();
    let command =
        Command::Intake(IntakeCommand::Refer { number, payer_id, referral: Box::new(referral) });
    let mut case = Case::new(CaseId("one".to_owned()));
    let given = Facts { now, actor: Actor::default(), terms: &terms, hub_zone: zone.clone() };
    for (seq, event) in
        (1..).zip(decide(&case, &command, &given).expect("the test's own data is sound"))
    {
        apply(&mut case, &Recorded { seq, at: now, by: Actor::default(), event });
    }
    let missing = completeness::missing(&case, &terms, now, &zone);
    missing.iter().map(|m| (m.item.name(), m.lack.code())).collect()
}
