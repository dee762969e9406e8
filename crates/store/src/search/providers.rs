//! Providers by name, NPI or telephone. There are thousands of them and not millions: one pass over the table does.

use super::keys;
use crate::people::folded;
use crate::{Result, Scope, StoreError, providers};
use doorstep_db::{Tx, params};
use doorstep_vocab::ProviderId;

/// Words of a name that are looked for.
const WORDS: usize = 3;

/// Returns up to `limit` providers that answer to what was typed, by name. All words of a name, in any order.
pub fn find(
    tx: &mut Tx<'_>,
    scope: &Scope,
    typed: &str,
    limit: u32,
) -> Result<Vec<providers::Provider>> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let phone = keys::phone_key(typed).map(|key| key.chars().rev().collect::<String>());
    let is_number = !digits.is_empty();
    let words: Vec<String> = typed.split_whitespace().map(folded).collect();
    let mut words: Vec<&str> =
        words.iter().map(String::as_str).filter(|word| word.len() > 1).collect();
    words.truncate(WORDS);
    let is_name = !is_number && words.iter().any(|word| word.len() > 2);
    if !scope.sees_cases() || !(is_name || phone.is_some() || digits.len() == 10) {
        return Ok(Vec::new());
    }
    let word = |at: usize| words.get(at).copied().unwrap_or_default();
    let sql = "SELECT provider_id
               FROM provider
               WHERE ($1 = 1 AND LOWER(REPLACE(REPLACE(REPLACE(REPLACE(name, '''', ''), '-', ''), ' ', ''), '.', ''))
                                   LIKE '%' || $2 || '%'
                             AND LOWER(REPLACE(REPLACE(REPLACE(REPLACE(name, '''', ''), '-', ''), ' ', ''), '.', ''))
                                   LIKE '%' || $3 || '%'
                             AND LOWER(REPLACE(REPLACE(REPLACE(REPLACE(name, '''', ''), '-', ''), ' ', ''), '.', ''))
                                   LIKE '%' || $4 || '%')
                  OR ($5 <> '' AND REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(phone, '(', ''), ')', ''), '-', ''), ' ', ''), '.', '')
                                   LIKE '%' || $5)
                  OR npi = $6
               ORDER BY name, provider_id
               LIMIT $7";
    let values =
        params![is_name, word(0), word(1), word(2), phone.unwrap_or_default(), digits, limit];
    let mut found = Vec::new();
    for row in tx.query(sql, values)? {
        let provider_id = ProviderId::from(row.text("provider_id")?);
        let provider = providers::get(tx, &provider_id)?;
        found.push(provider.ok_or(StoreError::Decode { what: "provider.provider_id" })?);
    }
    Ok(found)
}
