//! What was asked: the parts of a request that a handler may look at, read and bounded.

use crate::posted::Posted;
use crate::shell::Shell;
use axum::extract::{FromRequest, Multipart, Query, RawPathParams, Request};
use axum::http::{StatusCode, header};
use axum::{Form, RequestExt};
use doorstep_app::signin::{SignedIn, Whence};
use doorstep_app::{Error, Result};
use doorstep_vocab::CaseId;

/// A file that a form sent.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Upload {
    /// The form's field.
    pub(crate) field: String,
    /// What the sender called it, without its folder. May be personal: it is a title, never a log line.
    pub(crate) name: String,
    /// What the sender says it is.
    pub(crate) media_type: String,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

/// The parts of a request that a handler may look at.
#[derive(Clone, Default)]
pub(crate) struct Asked {
    /// The path as it was asked for.
    pub(crate) path: String,
    /// The parts of the path that the route names.
    pub(crate) params: Vec<(String, String)>,
    /// What stands after the question mark. No personal data ever does.
    pub(crate) query: Posted,
    /// What the form sent.
    pub(crate) form: Posted,
    /// The files that the form sent.
    pub(crate) files: Vec<Upload>,
    /// Who is signed in.
    pub(crate) who: Option<SignedIn>,
    /// The cookie's secret.
    pub(crate) token: Option<String>,
    /// The secret of a browser that comes back from the identity provider.
    pub(crate) journey: Option<String>,
    /// From where it was asked, as far as that is known.
    pub(crate) whence: Whence,
    /// Whether something was sent, and not only asked for.
    pub(crate) is_post: bool,
    /// Whether the page asks again by itself.
    pub(crate) is_renewal: bool,
    /// What stands around the page.
    pub(crate) shell: Shell,
}

impl Asked {
    /// Returns a part of the path.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Returns the case that the path names.
    pub(crate) fn case_id(&self) -> CaseId {
        CaseId::from(self.param("id"))
    }

    /// Returns the secret that this session's forms carry.
    pub(crate) fn csrf(&self) -> &str {
        self.who.as_ref().map_or("", |who| &who.csrf)
    }

    /// Returns the version of the case that the form was made from.
    pub(crate) fn seen(&self) -> Option<u32> {
        self.form.get("seen").and_then(|seen| seen.parse().ok())
    }
}

/// Reads the parts of the path and what follows the question mark.
pub(crate) async fn address(request: &mut Request) -> Asked {
    let params = request.extract_parts::<RawPathParams>().await;
    let params =
        params.iter().flatten().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let query = Query::<Vec<(String, String)>>::try_from_uri(request.uri());
    let query = Posted(query.map(|Query(pairs)| pairs).unwrap_or_default());
    Asked { path: request.uri().path().to_owned(), params, query, ..Asked::default() }
}

/// Reads the body of a form. The route's limit has been set on the request.
pub(crate) async fn body(asked: &mut Asked, request: Request) -> Result<()> {
    if is_multipart(&request) {
        return multipart(asked, request).await;
    }
    if !request.headers().contains_key(header::CONTENT_TYPE) {
        return Ok(());
    }
    let form = Form::<Vec<(String, String)>>::from_request(request, &()).await;
    let Form(pairs) =
        form.map_err(|rejection| unreadable(rejection.status() == StatusCode::PAYLOAD_TOO_LARGE))?;
    asked.form = Posted(pairs);
    Ok(())
}

/// Returns whether the form may send files.
pub(crate) fn is_multipart(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

async fn multipart(asked: &mut Asked, request: Request) -> Result<()> {
    let unread = |_| unreadable(true);
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| unreadable(false))?;
    while let Some(part) = parts.next_field().await.map_err(unread)? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part
            .file_name()
            .map(|name| name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned());
        let media_type = part.content_type().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(unread)?.to_vec();
        match name {
            Some(name) if name.is_empty() && bytes.is_empty() => {}
            Some(name) => asked.files.push(Upload { field, name, media_type, bytes }),
            None => asked.form.0.push((field, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok(())
}

fn unreadable(is_too_large: bool) -> Error {
    if is_too_large {
        Error::bad(
            "too-large",
            "what was sent is too large, or was cut off on the way: send it in parts",
        )
    } else {
        Error::bad("form-unreadable", "the form cannot be read: open the page again and repeat it")
    }
}
