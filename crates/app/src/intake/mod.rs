//! The path of a file: bytes kept, recognised, read, each order opened or linked, and an answer in its own protocol.
//!
//! The bytes are durable before anything is read from them, under a receipt. Units are then taken some at a time, with one
//! flush of the disk; where one of them is refused, each is taken in a transaction of its own, so that one bad message loses
//! no other. A unit that was taken is never taken twice: a process that is killed in the middle goes on where it was when
//! the file comes again, or when [`resume`] finds the receipt.

pub(crate) mod bring;
mod broken;
mod keyed;
pub(crate) mod matching;
mod name;
pub(crate) mod pairs;
mod preview;
mod taken;
mod unit;
mod whole;

pub use broken::keep_broken;
pub use keyed::take_keyed;
pub use name::plain_name;
pub use preview::preview;
pub use taken::{Taken, UnitTaken};

use crate::{Ctx, Error, Permission, Result, digest};
use doorstep_case::Channel;
use doorstep_exchange::{Format, Found, Outcome, Problem, Reading, Unit, UnitOutcome, read, reply};
use doorstep_planted as planted;
use doorstep_store::inbox::{self, Arrival};
use doorstep_store::receipts::{self, Receipt};
use doorstep_store::{StoreError, blobs};
use doorstep_vocab::{Key, Micros, ReceiptId, Timestamp};

/// The largest file that is taken, in bytes. Source: trust.md section 4 has 20 MB for X12 and 50 MB for documents.
pub const BYTES_MAX: usize = 50 * 1024 * 1024;

/// The outcome of a receipt whose units are still being taken.
const READING: &str = "reading";

/// A file that came so long ago and is still being read is being read by nobody. Where somebody is at it all the same, the two
/// take each unit once between them.
const LEFT: Micros = Micros::minutes(10);

/// Where the inbox notes bytes that were taken as a file, by their hash.
const FILE: &str = "file";

/// Units taken with one flush of the disk.
const UNITS_AT_ONCE: usize = 32;

/// Receipts finished at one start.
const RESUMED_MAX: u32 = 1000;

/// A file at the door.
pub struct Incoming<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// What the door calls it: a file's name without its folder, or a route. No personal data.
    pub name: &'a str,
    /// When the hub first held it.
    pub received_at: Timestamp,
}

/// Who is told how many units of a file are done, and of how many.
pub type Watch<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Takes a file. Whatever it holds, its bytes are kept and there is an outcome; an error is ours, not the file's.
pub fn take(ctx: &Ctx, incoming: &Incoming) -> Result<Taken> {
    take_watched(ctx, incoming, &|_, _| {})
}

/// Takes a file, and tells `watch` how far it is: a list may have a hundred thousand rows.
pub fn take_watched(ctx: &Ctx, incoming: &Incoming, watch: Watch) -> Result<Taken> {
    ctx.may(Permission::SendFiles)?;
    check_size(incoming)?;
    ctx.app.takes_files()?;
    let reading = read(incoming.bytes, incoming.received_at);
    if let Some(taken) = whole::take(ctx, incoming, &reading)? {
        return Ok(taken);
    }
    let received = receive(ctx, incoming, &reading)?;
    if let Some(earlier) = &received.same_as {
        return again(ctx, (&received, earlier), incoming, watch);
    }
    go_on(ctx, &received, (incoming, &reading), watch)
}

fn check_size(incoming: &Incoming) -> Result<()> {
    if incoming.bytes.len() <= BYTES_MAX {
        return Ok(());
    }
    Err(Error::bad("file-too-large", "the file is larger than 50 MB: send it in parts"))
}

/// Takes what is left of receipts that a killed process left half read. Returns how many were finished. One that cannot be
/// is logged or left to a person, and stops no other.
pub fn resume(ctx: &Ctx) -> Result<usize> {
    resume_before(ctx, Timestamp(i64::MAX))
}

/// Does the same for those that came so long ago that nobody is at them any more: the process that took them was killed, and
/// another than this one. For the runner, which asks every minute.
pub fn resume_left(ctx: &Ctx) -> Result<usize> {
    resume_before(ctx, Timestamp(ctx.now.0 - LEFT.0))
}

fn resume_before(ctx: &Ctx, before: Timestamp) -> Result<usize> {
    if planted::is("leaves-files-half-taken") {
        return Ok(0);
    }
    let open = ctx.app.db.read(|tx| {
        receipts::unfinished_before(tx, READING, (before, RESUMED_MAX)).map_err(Error::from)
    })?;
    let mut finished = 0;
    for receipt in &open {
        match resume_one(ctx, receipt) {
            Ok(()) => finished += 1,
            Err(error) => {
                let receipt_id = receipt.receipt_id.as_str();
                tracing::error!(receipt_id, %error, "a receipt could not be finished");
            }
        }
    }
    Ok(finished)
}

fn resume_one(ctx: &Ctx, receipt: &Receipt) -> Result<()> {
    let scope = ctx.scope()?;
    let key = Key(receipt.hash.clone());
    let first = ctx.app.db.read(|tx| inbox::seen(tx, FILE, &key).map_err(Error::from))?;
    let bytes = ctx.app.db.read(|tx| blobs::get(tx, &scope, &receipt.hash));
    let bytes = match bytes {
        Ok(Some(bytes)) => bytes,
        Ok(None) | Err(StoreError::Decode { .. }) => return leave_damaged(ctx, receipt),
        Err(error) => return Err(error.into()),
    };
    let incoming =
        Incoming { bytes: &bytes, name: &receipt.name, received_at: receipt.received_at };
    let reading = read(&bytes, receipt.received_at);
    let (receipt_id, hash) = (receipt.receipt_id.clone(), receipt.hash.clone());
    let received = Received { receipt_id, hash, same_as: None };
    match first.filter(|first| *first != received.receipt_id) {
        // Taken as new it would be an arrival of its own, and might open a case that has ended since a second time.
        Some(earlier) => again(ctx, (&received, &earlier), &incoming, &|_, _| {}).map(|_| ()),
        None => go_on(ctx, &received, (&incoming, &reading), &|_, _| {}).map(|_| ()),
    }
}

/// The bytes are not those that came: only a person can ask the sender for them.
fn leave_damaged(ctx: &Ctx, receipt: &Receipt) -> Result<()> {
    let words = "the kept bytes are damaged: restore them from a copy, or ask the sender for the file again";
    let problem = Problem::error("file-damaged", "file", words);
    let found = Found::Queued { what: "a damaged file".to_owned() };
    let reading = Reading::whole(Format::Binary, found, vec![problem]);
    let unit = UnitTaken::bare(&reading.units[0], Outcome::Queued);
    let receipt_id = &receipt.receipt_id;
    tracing::error!(receipt_id = receipt_id.as_str(), "the bytes of a receipt are damaged");
    ctx.app.db.write("leave damaged", |tx| -> Result<()> {
        // A place after those that may have been taken before.
        receipts::put_unit(tx, receipt_id, &unit.row(u32::MAX))?;
        receipts::finish(tx, receipt_id, Outcome::Queued.name(), None)?;
        Ok(())
    })
}

/// A file's receipt.
struct Received {
    receipt_id: ReceiptId,
    hash: String,
    /// The first receipt of the same bytes.
    same_as: Option<ReceiptId>,
}

fn receipt_row(received: &Received, incoming: &Incoming, reading: &Reading) -> Receipt {
    Receipt {
        receipt_id: received.receipt_id.clone(),
        received_at: incoming.received_at,
        channel: channel(reading.format).name().to_owned(),
        name: incoming.name.to_owned(),
        format: reading.format.words().to_owned(),
        sender: reading.sender.clone(),
        hash: received.hash.clone(),
        size: incoming.bytes.len() as u64,
        outcome: READING.to_owned(),
        problems: serde_json::to_string(&reading.problems).unwrap_or_default(),
        reply_hash: None,
    }
}

/// Keeps the bytes and the receipt, durably, before anything is made of them.
fn receive(ctx: &Ctx, incoming: &Incoming, reading: &Reading) -> Result<Received> {
    let mut received = Received {
        receipt_id: ReceiptId(ctx.sortable_id()),
        hash: digest(incoming.bytes),
        same_as: None,
    };
    let row = receipt_row(&received, incoming, reading);
    let (key, received_at) = (Key(received.hash.clone()), incoming.received_at);
    let seen = ctx.app.db.write("receive", |tx| -> Result<inbox::Seen> {
        blobs::put(tx, incoming.bytes)?;
        receipts::put(tx, &row)?;
        let (hash, receipt_id) = (row.hash.as_str(), &row.receipt_id);
        Ok(inbox::once(tx, &Arrival { source: FILE, key: &key, hash, receipt_id, received_at })?)
    })?;
    received.same_as = match seen {
        inbox::Seen::New => None,
        inbox::Seen::Same { receipt_id } | inbox::Seen::Other { receipt_id } => Some(receipt_id),
    };
    Ok(received)
}

/// The same bytes came before: nothing is opened, everybody is answered. Where the earlier taking was cut short, it
/// is finished first, under its own receipt, so that no unit is taken twice.
fn again(
    ctx: &Ctx,
    (received, earlier): (&Received, &ReceiptId),
    incoming: &Incoming,
    watch: Watch,
) -> Result<Taken> {
    let load = || ctx.app.db.read(|tx| receipts::for_writing(tx, earlier).map_err(Error::from));
    let mut known = load()?.ok_or(Error::NotFound)?;
    if known.0.outcome == READING {
        let (receipt_id, hash) = (earlier.clone(), received.hash.clone());
        let first = Incoming { received_at: known.0.received_at, ..*incoming };
        let reading = read(first.bytes, first.received_at);
        go_on(ctx, &Received { receipt_id, hash, same_as: None }, (&first, &reading), watch)?;
        known = load()?.ok_or(Error::NotFound)?;
    }
    taken::repeated(ctx, (&received.receipt_id, incoming.received_at), (&known.0, known.1))
}

fn go_on(
    ctx: &Ctx,
    received: &Received,
    (incoming, reading): (&Incoming, &Reading),
    watch: Watch,
) -> Result<Taken> {
    let numbered: Vec<(u32, &Unit)> = (0..).zip(&reading.units).collect();
    let mut units = Vec::with_capacity(numbered.len());
    for some in numbered.chunks(UNITS_AT_ONCE) {
        units.extend(unit::take_some(ctx, (received, some), incoming, reading)?);
        watch(units.len(), numbered.len());
    }
    let outcomes: Vec<UnitOutcome> = units.iter().map(UnitTaken::outcome).collect();
    let answer = reply(incoming.bytes, reading, &outcomes, ctx.now, control(&received.receipt_id));
    let taken = Taken::new(received.receipt_id.clone(), reading, units, answer);
    ctx.app.db.write("finish receipt", |tx| {
        taken::finish(tx, &taken)?;
        taken::wait_for_refused(tx, &taken)
    })?;
    if taken.units.iter().any(|unit| unit.changed) {
        ctx.app.wrote();
    }
    Ok(taken)
}

/// Numbers an answer: nine digits at most, the same for the same receipt. Source: facts 2.1, ISA13 has nine digits.
fn control(receipt_id: &ReceiptId) -> u32 {
    let digits = digest(receipt_id.as_str().as_bytes());
    let number = u32::from_str_radix(digits.get(..7).unwrap_or("1"), 16).unwrap_or(1);
    number.max(1)
}

/// Returns the door that a format comes by.
fn channel(format: Format) -> Channel {
    match format {
        Format::X12 => Channel::X12,
        Format::Hl7 => Channel::Hl7,
        Format::Fhir | Format::FhirXml => Channel::Fhir,
        Format::Csv => Channel::Csv,
        Format::Email => Channel::Email,
        Format::Tiff => Channel::Fax,
        _ => Channel::Portal,
    }
}

/// Returns what a unit is before anything was done with it.
fn untaken(found: &Found) -> Outcome {
    match found {
        Found::Order { .. } => Outcome::Opened,
        Found::Change { .. } => Outcome::Updated,
        Found::Cancel { .. } | Found::Queued { .. } => Outcome::Queued,
        Found::Unsupported { .. } => Outcome::Unsupported,
        Found::Refused => Outcome::Refused,
    }
}
