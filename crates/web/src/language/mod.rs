//! The reader's language. Pages are written in English; one that leaves for a reader of Spanish is read once on its way
//! out, and each text of it that the catalogue understands as a whole leaves in Spanish
//! ([why](../../../docs/decisions/0020-a-page-is-translated-as-it-leaves.md)).
//!
//! What people typed stays as it is: it stands in the markup under `translate="no"`, and a text that is not understood
//! in all its parts is left whole. An English page costs nothing.

mod catalogue;
mod markup;
mod moment;
mod pattern;
#[cfg(test)]
mod tests;

use crate::answer::Answer;
use crate::asked::Asked;
use crate::{cookie, signin};
use axum::http::{HeaderMap, header};
use doorstep_app::signin::{SignedIn, set_own_language};
use doorstep_app::{App, Ctx, Error, Result};
use std::fmt;

/// A language that pages can be read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Language {
    /// What pages are written in.
    #[default]
    English,
    /// As spoken in the United States and Latin America.
    Spanish,
}

impl Language {
    /// Returns the language of a tag such as `es` or `es-MX`, if pages can be read in it.
    pub(crate) fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "es" => Some(Self::Spanish),
            _ => None,
        }
    }

    /// Returns the other one.
    pub(crate) const fn other(self) -> Self {
        match self {
            Self::English => Self::Spanish,
            Self::Spanish => Self::English,
        }
    }

    /// Returns what the language calls itself.
    pub(crate) const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
        }
    }

    /// Returns the tag, as markup and the store have it. Source: RFC 5646.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// Returns what a browser asks for, from `Accept-Language`. Source: RFC 9110 12.5.4.
    pub(crate) fn asked_for(headers: &HeaderMap) -> Option<Self> {
        let lines = headers.get_all(header::ACCEPT_LANGUAGE).iter();
        let ranges = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
        let mut best: Option<(Self, f32)> = None;
        for range in ranges {
            let (tag, rest) = range.split_once(';').unwrap_or((range, ""));
            let weight = rest.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.parse().ok());
            let (Some(language), Some(weight)) = (Self::parse(tag), weight) else { continue };
            if weight > best.map_or(0.0, |(_, known)| known) {
                best = Some((language, weight));
            }
        }
        best.map(|(language, _)| language)
    }

    /// Returns a sentence in this language, where a page hears of it later.
    pub(crate) fn text(self, text: String) -> String {
        match self {
            Self::English => text,
            Self::Spanish => catalogue::spanish().say(&text).unwrap_or(text),
        }
    }

    /// Returns a page in this language.
    pub(crate) fn page(self, html: String) -> String {
        match self {
            Self::English => html,
            Self::Spanish => markup::translated(&html, catalogue::spanish()),
        }
    }
}

/// Returns what somebody who is not signed in reads in: what was chosen in this browser, or what it asks for.
pub(crate) fn before_sign_in(headers: &HeaderMap) -> Language {
    let chosen = cookie::language(headers).and_then(|tag| Language::parse(&tag));
    chosen.or_else(|| Language::asked_for(headers)).unwrap_or_default()
}

/// Returns what somebody chose in their account.
pub(crate) fn of(who: &SignedIn) -> Option<Language> {
    who.language.as_deref().and_then(Language::parse)
}

/// Chooses a language for this browser.
pub(crate) fn choose(_: &App, asked: &Asked) -> Result<Answer> {
    let language = chosen(asked)?;
    Ok(Answer::SeeWith(signin::next(asked), cookie::set_language(language.tag())))
}

/// Chooses a language for one's account, and for this browser, so that the sign-in page has it too.
pub(crate) fn choose_own(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let language = chosen(asked)?;
    set_own_language(ctx, Some(language.tag()))?;
    Ok(Answer::SeeWith(signin::next(asked), cookie::set_language(language.tag())))
}

fn chosen(asked: &Asked) -> Result<Language> {
    let sent = asked.form.get("language").and_then(Language::parse);
    sent.ok_or_else(|| Error::bad("language", "choose English or Spanish"))
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}
