//! What comes on paper or by telephone after the order: facts and corrections, documents, notes. None is a command of the
//! core alone, because what is personal goes to its own row.

mod amendment;

use super::split;
use anyhow::Context as _;
use doorstep_app::{Acted, Ctx, desk, note};
use doorstep_case::{Case, DocumentKind};
use doorstep_exchange::Attachment;
use doorstep_store::notes::Visibility;
use doorstep_vocab::Phi;
use std::collections::BTreeMap;
use std::path::Path;

/// Answers by field.
pub(super) type Values = BTreeMap<String, String>;

/// What is given to a case besides commands.
pub(super) struct Paper {
    pub(super) name: &'static str,
    pub(super) words: &'static str,
    pub(super) fields: &'static [(&'static str, &'static str)],
    does: Does,
}

#[derive(Clone, Copy)]
enum Does {
    Amend,
    Attach,
    Note,
}

/// All of it.
pub(super) const PAPERS: &[Paper] = &[
    Paper {
        name: "amend",
        words: "Add to the order or correct it; a value @FILE stands in that file, @- on standard input",
        fields: amendment::FIELDS,
        does: Does::Amend,
    },
    Paper {
        name: "attach",
        words: "Store a document",
        fields: &[
            ("file", "Its path; `attach PATH` says the same"),
            (
                "kind",
                "order, plan-of-care, face-to-face, test-result, proof-of-delivery, confirmation, clinical, other",
            ),
            ("title", "What it is called"),
        ],
        does: Does::Attach,
    },
    Paper {
        name: "note",
        words: "Keep a note",
        fields: &[
            ("text", "The note; @FILE and @- as above"),
            ("visibility", "hub, or shared with the provider and the referrer; hub when left out"),
        ],
        does: Does::Note,
    },
];

/// Returns the one of that name.
pub(super) fn named(name: &str) -> Option<&'static Paper> {
    PAPERS.iter().find(|paper| paper.name == name)
}

impl Paper {
    /// Reads `field=value` for each field. A document's path may stand alone.
    pub(super) fn answers(&self, fields: &[String]) -> anyhow::Result<Values> {
        let mut values = Values::new();
        for field in fields {
            let is_path = matches!(self.does, Does::Attach) && !field.contains('=');
            let (name, value) = if is_path { ("file", field.clone()) } else { split(field)? };
            let known = self.fields.iter().any(|(known, _)| *known == name)
                || matches!(self.does, Does::Amend) && amendment::is_item(name);
            anyhow::ensure!(
                known,
                "`{}` has no field `{name}`: `doorstep act --list {}` shows them",
                self.name,
                self.name
            );
            values.insert(name.to_owned(), value);
        }
        Ok(values)
    }

    /// Gives it to the case.
    pub(super) fn give(
        &self,
        ctx: &Ctx,
        case: &Case,
        (values, expected): (&Values, Option<u32>),
    ) -> anyhow::Result<Acted> {
        match self.does {
            Does::Amend => amendment::amend(ctx, case, (values, expected)),
            Does::Attach => attach(ctx, case, values),
            Does::Note => keep_note(ctx, case, values),
        }
    }
}

fn attach(ctx: &Ctx, case: &Case, values: &Values) -> anyhow::Result<Acted> {
    let path = Path::new(values.get("file").context("say which file: `attach PATH kind=order`")?);
    let kind = match values.get("kind") {
        None => DocumentKind::default(),
        Some(kind) => DocumentKind::parse(kind)
            .context("there is no such kind: `doorstep act --list attach` shows them")?,
    };
    let name = || path.file_name().map(|name| name.to_string_lossy().into_owned());
    let attachment = Attachment {
        bytes: std::fs::read(path)
            .with_context(|| format!("{} could not be read", path.display()))?,
        media_type: media_type(path).to_owned(),
        kind,
        title: values.get("title").cloned().or_else(name).map(Phi::new),
    };
    Ok(desk::add_document(ctx, &case.id, &attachment)?)
}

/// What the file's ending says. It is a hint for whoever opens the document; nothing is decided by it.
fn media_type(path: &Path) -> &'static str {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "pdf" => "application/pdf",
        "tif" | "tiff" => "image/tiff",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "txt" => "text/plain",
        _ => "application/octet-stream",
    }
}

fn keep_note(ctx: &Ctx, case: &Case, values: &Values) -> anyhow::Result<Acted> {
    let visibility = match values.get("visibility").map(String::as_str) {
        None | Some("hub") => Visibility::Hub,
        Some("shared") => Visibility::Shared,
        Some(_) => anyhow::bail!(
            "a note is for the hub or shared: write visibility=hub or visibility=shared"
        ),
    };
    let text = values.get("text").cloned().unwrap_or_default();
    Ok(note(ctx, &case.id, visibility, Phi::new(text))?)
}
