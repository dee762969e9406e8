//! The language that somebody reads pages in: their own setting, kept with their account.

use crate::trail::administered;
use crate::{Ctx, Error, Result};
use doorstep_store::users;

/// Sets the language that one reads in, a tag that the edge knows, such as `es`; `None` leaves it to the browser.
///
/// # Errors
/// [`Error::NotFound`] when the account is gone.
pub fn set_own_language(ctx: &Ctx, tag: Option<&str>) -> Result<()> {
    let told = tag.unwrap_or("the browser's").to_owned();
    let is_known = ctx.app.db.write("set language", |tx| -> Result<bool> {
        administered(tx, ctx, ("change own language", told.clone()))?;
        Ok(users::set_language(tx, &ctx.actor.user_id, tag)?)
    })?;
    if is_known { Ok(()) } else { Err(Error::NotFound) }
}
