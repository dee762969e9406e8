//! The part of CBOR that WebAuthn uses: whole numbers, bytes, texts, lists and maps of known length, yes and no. Everything else
//! is refused. Source: RFC 8949; CTAP2's canonical form, FIDO CTAP 2.1, 8.

use crate::Problem;

/// Levels of lists and maps. Source: FIDO CTAP 2.1, 8, four.
const DEPTH_MAX: u32 = 4;
/// Items of one list or map: more is no device's.
const ITEMS_MAX: u64 = 64;

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    Number(i64),
    Bytes(Vec<u8>),
    Text(String),
    List(Vec<Item>),
    Map(Vec<(Item, Item)>),
    Flag(bool),
}

/// Reads one item, and returns what follows it.
pub(crate) fn read(bytes: &[u8]) -> Result<(Item, &[u8]), Problem> {
    item(bytes, DEPTH_MAX)
}

fn item(bytes: &[u8], depth: u32) -> Result<(Item, &[u8]), Problem> {
    let (first, rest) = bytes.split_first().ok_or(Problem::Unreadable)?;
    let (kind, info) = (first >> 5, first & 31);
    if kind == 7 {
        return match info {
            20 | 21 => Ok((Item::Flag(info == 21), rest)),
            _ => Err(Problem::Unreadable),
        };
    }
    let (number, rest) = number(info, rest)?;
    let whole = i64::try_from(number).map_err(|_| Problem::Unreadable)?;
    match kind {
        0 => Ok((Item::Number(whole), rest)),
        1 => Ok((Item::Number(-1 - whole), rest)),
        2 => {
            let (bytes, rest) = part(number, rest)?;
            Ok((Item::Bytes(bytes.to_vec()), rest))
        }
        3 => {
            let (bytes, rest) = part(number, rest)?;
            let text = std::str::from_utf8(bytes).map_err(|_| Problem::Unreadable)?;
            Ok((Item::Text(text.to_owned()), rest))
        }
        4 => list(number, rest, depth),
        5 => map(number, rest, depth),
        _ => Err(Problem::Unreadable),
    }
}

fn number(info: u8, bytes: &[u8]) -> Result<(u64, &[u8]), Problem> {
    let n_bytes = match info {
        0..=23 => return Ok((info.into(), bytes)),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return Err(Problem::Unreadable),
    };
    let (digits, rest) = bytes.split_at_checked(n_bytes).ok_or(Problem::Unreadable)?;
    Ok((digits.iter().fold(0, |number, digit| number << 8 | u64::from(*digit)), rest))
}

fn part(length: u64, bytes: &[u8]) -> Result<(&[u8], &[u8]), Problem> {
    let length = usize::try_from(length).map_err(|_| Problem::Unreadable)?;
    bytes.split_at_checked(length).ok_or(Problem::Unreadable)
}

fn list(length: u64, mut rest: &[u8], depth: u32) -> Result<(Item, &[u8]), Problem> {
    let depth = deeper(length, depth)?;
    let mut items = Vec::new();
    for _ in 0..length {
        let (one, after) = item(rest, depth)?;
        items.push(one);
        rest = after;
    }
    Ok((Item::List(items), rest))
}

fn map(length: u64, mut rest: &[u8], depth: u32) -> Result<(Item, &[u8]), Problem> {
    let depth = deeper(length, depth)?;
    let mut pairs: Vec<(Item, Item)> = Vec::new();
    for _ in 0..length {
        let (key, after) = item(rest, depth)?;
        let (value, after) = item(after, depth)?;
        // Two readers could take one each.
        if pairs.iter().any(|(known, _)| *known == key) {
            return Err(Problem::Unreadable);
        }
        pairs.push((key, value));
        rest = after;
    }
    Ok((Item::Map(pairs), rest))
}

fn deeper(length: u64, depth: u32) -> Result<u32, Problem> {
    if length > ITEMS_MAX {
        return Err(Problem::Unreadable);
    }
    depth.checked_sub(1).ok_or(Problem::Unreadable)
}
