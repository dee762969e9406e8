//! Whether a provider can be asked for lines: the network knows it, it supplies the trade, and it comes to where the
//! member lives. The core knows no providers; this is asked before it decides.

use crate::act::today;
use crate::{Ctx, Result};
use doorstep_case::placement::PlacementCommand;
use doorstep_case::{Case, Command, Person, Refusal, ServiceLine};
use doorstep_db::Tx;
use doorstep_store::providers::{self, Provider};
use doorstep_vocab::Zip;

/// Refuses an offer to a provider that is unknown, or that does not supply what the lines are, where they are needed. An
/// offer that was made before stands as it was.
pub(crate) fn check(
    tx: &mut Tx,
    ctx: &Ctx,
    (case, person): (&Case, &Person),
    command: &Command,
) -> Result<()> {
    let Command::Placement(PlacementCommand::Offer { offer_id, provider_id, lines }) = command
    else {
        return Ok(());
    };
    if case.placement.offers.contains_key(offer_id) {
        return Ok(());
    }
    let no = |code, words: &str| Err(Refusal::new(code, words).at("provider").into());
    let Some(provider) = providers::get(tx, provider_id)? else {
        return no("provider-unknown", "the network has no such provider: choose one of the list");
    };
    let today = today(ctx, ctx.now);
    if provider.active_from.is_some_and(|from| today < from)
        || provider.active_to.is_some_and(|to| to < today)
    {
        return no("provider-inactive", "the provider is not in the network today: choose another");
    }
    for line in lines.iter().filter_map(|no| case.lines.get(no)) {
        if line.service != ServiceLine::Unclassified && !provider.services.contains(&line.service) {
            let words = format!(
                "the provider does not supply {}: choose another for line {}",
                line.service, line.no
            );
            return no("provider-service", &words);
        }
    }
    let (zip, state) = place(person);
    if !comes_to(&provider, zip.as_deref(), state.as_deref()) {
        return no(
            "provider-area",
            "the provider does not come to where the member lives: choose another",
        );
    }
    Ok(())
}

/// Returns the five digits of the service ZIP and the state, as far as they are known.
pub(crate) fn place(person: &Person) -> (Option<String>, Option<String>) {
    let Some(address) = &person.address else { return (None, None) };
    let zip = address.zip.as_ref().and_then(|zip| Zip::parse(zip.reveal()).ok());
    let state = address.state.as_ref().map(|state| state.reveal().clone());
    let of_zip = || Some(zip.as_ref()?.place()?.state().to_owned());
    let state = state.or_else(of_zip);
    (zip.as_ref().map(|zip| zip.five().to_owned()), state)
}

/// Where nothing is known of the place, nobody can be said not to come.
fn comes_to(provider: &Provider, zip: Option<&str>, state: Option<&str>) -> bool {
    let covers = |area: &String| {
        let area = area.trim();
        state.is_some_and(|state| state.trim().eq_ignore_ascii_case(area))
            || zip.is_some_and(|zip| area.len() >= 3 && zip.starts_with(area))
    };
    (zip.is_none() && state.is_none()) || provider.areas.iter().any(covers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_comes_to_its_states_and_zip_prefixes() {
        let areas = ["WI".to_owned(), "606".to_owned()].to_vec();
        let provider = Provider { areas, ..Provider::default() };
        assert!(comes_to(&provider, Some("53703"), Some("wi")));
        assert!(comes_to(&provider, Some("60614"), Some("IL")));
        assert!(!comes_to(&provider, Some("61101"), Some("IL")));
        assert!(comes_to(&provider, None, None), "nobody knows where");
    }
}
