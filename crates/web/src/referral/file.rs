//! The file that an order is typed from: a fax, an e-mail, a scan that waited for a person.

use super::fields::Section;
use crate::errors::capital;
use crate::field::{Choice, Control, Field};
use crate::posted::Posted;
use crate::queue::size;
use crate::signin::encoded;
use crate::when::When;
use crate::words;
use doorstep_app::{Ctx, Error, Result};
use doorstep_case::{Channel, DocumentKind};
use doorstep_vocab::ReceiptId;

/// The field that names the file.
const FILE: &str = "file";
/// The field that says what the file is.
const KIND: &str = "file_kind";

/// The file as the form shows it.
pub(super) struct FileView {
    pub(super) id: String,
    pub(super) format: String,
    pub(super) sender: String,
    pub(super) size: String,
    pub(super) at: When,
    pub(super) bytes_path: String,
    channel: Channel,
}

/// Returns the file that a query or a form names.
pub(super) fn named(posted: &Posted) -> Option<ReceiptId> {
    posted.get(FILE).map(ReceiptId::from)
}

/// Returns the file that the form was typed from, and what it is: an order, unless somebody says otherwise.
pub(super) fn typed_from(posted: &Posted) -> Option<(ReceiptId, DocumentKind)> {
    let kind = posted.get(KIND).and_then(DocumentKind::parse).unwrap_or(DocumentKind::Order);
    Some((named(posted)?, kind))
}

/// Returns how the file came, as far as it can be told: what is no e-mail is a fax, unless somebody says otherwise.
pub(super) fn channel(ctx: &Ctx, posted: &Posted) -> Result<Option<Channel>> {
    Ok(view(ctx, posted)?.map(|file| file.channel))
}

/// Returns what the form shows of the file. One that a colleague settled meanwhile is left out: what was typed stays.
pub(super) fn view(ctx: &Ctx, posted: &Posted) -> Result<Option<FileView>> {
    let Some(receipt_id) = named(posted) else { return Ok(None) };
    let receipt = match doorstep_app::waiting_file(ctx, &receipt_id) {
        Ok(receipt) => receipt,
        Err(Error::Bad { .. } | Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let is_email = receipt.channel == Channel::Email.name();
    Ok(Some(FileView {
        id: receipt.receipt_id.to_string(),
        format: capital(&receipt.format),
        sender: receipt.sender.unwrap_or_default(),
        size: size(receipt.size),
        at: When::in_full(receipt.received_at, &ctx.app.settings.hub_zone),
        bytes_path: format!("/queue/{}/bytes", encoded(receipt.receipt_id.as_str())),
        channel: if is_email { Channel::Email } else { Channel::Fax },
    }))
}

impl FileView {
    /// Asks what the file is, beside how and when it came: both are known of a file, and can be corrected.
    pub(super) fn ask(&self, arrival: &mut Section, posted: &Posted) {
        for field in &mut arrival.fields {
            match &*field.name {
                "channel" if posted.get("channel").is_none() => {
                    field.set_value(self.channel.name());
                }
                "received_at" => {
                    "Left empty: when the file came. Only an earlier time counts."
                        .clone_into(&mut field.hint);
                }
                _ => {}
            }
        }
        let kind = |kind: &DocumentKind| Choice::new(kind.name(), words::document(*kind));
        let kinds = Control::Select(DocumentKind::ALL.iter().map(kind).collect());
        let mut field = Field::new(KIND, "What the file is", kinds)
            .hint("It goes with the case as a document of this kind.");
        field.set_value(posted.get(KIND).unwrap_or(DocumentKind::Order.name()));
        arrival.fields.push(field);
    }
}
