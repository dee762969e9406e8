//! The one place where async meets the handlers: who asks, may they, is the form theirs; then the handler, on a thread
//! of its own; then the answer with its headers, and one line in the log without personal data.

use crate::answer::{Answer, harden};
use crate::asked::{self, Asked};
use crate::confirm::{self, Shown};
use crate::errors;
use crate::nudge::Nudge;
use crate::room::{Place, Room};
use crate::route::{Access, Decision, Does, Method, Route};
use crate::shell::Shell;
use crate::{case, cookie, language, live, whence};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Response, header};
use doorstep_app::signin::{self, SignedIn};
use doorstep_app::{App, Ctx, Error, PATIENCE, Result, Rule};
use doorstep_vocab::CaseId;
use std::sync::Arc;
use std::time::Instant;
use subtle::ConstantTimeEq as _;

/// What every request of a router shares.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) app: Arc<App>,
    pub(crate) nudge: Nudge,
    pub(crate) room: Room,
}

/// Pages that renew themselves say so: then looking is not counted as being there.
const RENEW: &str = "x-renew";

/// Answers one request to one route.
pub(crate) async fn serve(
    shared: Shared,
    route: &'static Route,
    request: Request,
) -> Response<Body> {
    let began = Instant::now();
    let request_id = doorstep_app::token().reveal().get(..12).unwrap_or_default().to_owned();
    let response = match answer(&shared, route, request, &request_id).await {
        Ok(response) => response,
        Err((error, mut shell)) => {
            // What is not there and what is kept from somebody are answered alike, without the address.
            "/".clone_into(&mut shell.here);
            told(errors::respond(&error, &shell), &shell)
        }
    };
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(method = route.method.name(), path = %route.path, status, duration_ms, request_id, "answered");
    harden(response, &request_id)
}

type Failed = (Error, Shell);

/// Returns the response in the reader's language.
fn told(answer: Answer, shell: &Shell) -> Response<Body> {
    answer.told(shell.language).respond()
}

async fn answer(
    shared: &Shared,
    route: &'static Route,
    mut request: Request,
    request_id: &str,
) -> std::result::Result<Response<Body>, Failed> {
    let mut shell = Shell::outside(&shared.app, request_id);
    shell.language = language::before_sign_in(request.headers());
    let before_sign_in = shell.language;
    if route.method == Method::Post && comes_from_elsewhere(request.headers()) {
        return Err((Error::Forbidden, shell));
    }
    let mut asked = asked::address(&mut request).await;
    asked.token = cookie::read(request.headers());
    asked.journey = cookie::read_journey(request.headers());
    asked.is_renewal = request.headers().contains_key(RENEW);
    asked.is_post = route.method == Method::Post;
    asked.whence = whence::of(&request, shared.app.is_behind_proxy());
    asked.who = who(shared, route, asked.token.clone(), asked.is_renewal)
        .await
        .map_err(|error| (error, shell.clone()))?;
    if let Some(who) = &asked.who {
        shell = Shell::inside(&shared.app, who, (&asked.path, request_id));
        shell.language = language::of(who).unwrap_or(before_sign_in);
    }
    shell.here = if asked.is_post { "/".to_owned() } else { asked.path.clone() };
    asked.shell = shell.clone();
    match route.decide(asked.who.as_ref().map(|who| who.role)) {
        Decision::Allow => {}
        Decision::SignIn => return Ok(to_sign_in(route, asked, request).await),
        Decision::Forbid => {
            note_refusal(shared, route, (asked.who.as_ref(), request_id)).await;
            return Err((Error::Forbidden, shell));
        }
    }
    if let (Does::Live, Some(token), Some(who)) = (route.does, &asked.token, &asked.who) {
        let (who, token, at) = (who.clone(), token.clone(), case::others::asked(&asked.query));
        return Ok(live::listen(
            shared.clone(),
            live::Listener { who, token, language: shell.language, at },
        ));
    }
    asked::body(&mut asked, request).await.map_err(|error| (error, shell.clone()))?;
    // Not before all that was sent is here: somebody slow takes no room from others.
    let Some(place) = shared.room.place(route).await else {
        return Err((Error::late(), shell));
    };
    let is_theirs = !route.csrf || carries_secret(shared, &asked).await;
    if !is_theirs {
        return Err((Error::Forbidden, shell));
    }
    let who = asked.who.clone();
    let done = run(shared.clone(), route, asked, (request_id.to_owned(), place)).await;
    if let (Err(Error::Outside { case_id, rule }), Some(who)) = (&done, &who) {
        note_kept_out(shared, route, (who, request_id), (case_id.clone(), *rule)).await;
    }
    done.map(|answer| told(answer, &shell)).map_err(|error| (error, shell))
}

/// Puts on the trail who was refused what by their role. The path is the route's own: what stood in it is not written.
async fn note_refusal(
    shared: &Shared,
    route: &'static Route,
    (who, request_id): (Option<&SignedIn>, &str),
) {
    let Some(who) = who else { return };
    let (app, actor, request_id) =
        (shared.app.clone(), signin::actor_of(who), request_id.to_owned());
    let noted = blocking(move || {
        let mut ctx = app.ctx(actor);
        ctx.request_id = request_id;
        doorstep_app::trail::refused(&ctx, route.method.name(), &route.path)
    });
    if let Err(error) = noted.await {
        tracing::warn!(path = %route.path, "a refusal is not on the trail: {error}");
    }
}

/// Puts on the trail from which case somebody was kept, and by which rule.
async fn note_kept_out(
    shared: &Shared,
    route: &'static Route,
    (who, request_id): (&SignedIn, &str),
    (case_id, rule): (CaseId, Rule),
) {
    let (app, actor, request_id) =
        (shared.app.clone(), signin::actor_of(who), request_id.to_owned());
    let noted = blocking(move || {
        let mut ctx = app.ctx(actor);
        ctx.request_id = request_id;
        let what = (route.method.name(), route.path.as_str());
        doorstep_app::trail::kept_out(&ctx, what, (&case_id, rule))
    });
    if let Err(error) = noted.await {
        tracing::warn!(path = %route.path, "a refusal is not on the trail: {error}");
    }
}

/// A browser says where a request comes from; one that another site made is refused, whatever it carries.
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match (text(header::ORIGIN.as_str()), text(header::HOST.as_str())) {
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, from)| from != host),
        _ => false,
    }
}

async fn who(
    shared: &Shared,
    route: &Route,
    token: Option<String>,
    is_renewal: bool,
) -> Result<Option<SignedIn>> {
    let Some(token) = token else { return Ok(None) };
    if route.access == Access::Anybody
        && route.method == Method::Get
        && !route.path.starts_with("/sign-in")
    {
        return Ok(None);
    }
    let app = shared.app.clone();
    let is_quiet = is_renewal || matches!(route.does, Does::Live);
    blocking(
        move || if is_quiet { signin::peek(&app, &token) } else { signin::signed_in(&app, &token) },
    )
    .await
}

/// Whether the form was made for whoever sends it: in this session, or in one of theirs that ran out meanwhile.
async fn carries_secret(shared: &Shared, asked: &Asked) -> bool {
    let (sent, known) = (asked.form.get("csrf").unwrap_or_default().to_owned(), asked.csrf());
    if !known.is_empty() && bool::from(sent.as_bytes().ct_eq(known.as_bytes())) {
        return true;
    }
    let Some(user_id) = asked.who.as_ref().map(|who| who.user_id.clone()) else { return false };
    let app = shared.app.clone();
    let found = blocking(move || signin::is_of_earlier_session(&app, &user_id, &sent)).await;
    found.unwrap_or(false)
}

/// Whoever is led to the sign-in page comes back to what they looked for. What they sent is kept in the page that they
/// get, to be sent again after they signed in elsewhere: it is on no disk, and nobody else sees it.
async fn to_sign_in(route: &Route, mut asked: Asked, request: Request) -> Response<Body> {
    let is_form = route.method == Method::Post && route.path != "/sign-out";
    if is_form && !asked::is_multipart(&request) && asked::body(&mut asked, request).await.is_ok() {
        match crate::signin::again(&asked) {
            Ok(page) => return told(page, &asked.shell),
            Err(error) => return told(errors::respond(&error, &asked.shell), &asked.shell),
        }
    }
    let back = match route.method {
        Method::Get if !matches!(route.does, Does::Live) && asked.path != "/" => {
            format!("?next={}", crate::signin::encoded(&asked.path))
        }
        _ => String::new(),
    };
    Answer::See(format!("/sign-in{back}")).respond()
}

async fn run(
    shared: Shared,
    route: &'static Route,
    asked: Asked,
    (request_id, place): (String, Place),
) -> Result<Answer> {
    let work = move || {
        // It ends with the work, also where nobody waits for that any longer.
        let _place = place;
        let app = &*shared.app;
        match &asked.who {
            Some(who) => {
                let mut ctx = app.ctx(signin::actor_of(who));
                ctx.request_id = request_id;
                inside(ctx, route, asked)
            }
            None => match route.does {
                Does::Outside(handler) => handler(app, &asked),
                Does::Inside(_) | Does::Command(_) | Does::Live => Err(Error::NotFound),
            },
        }
    };
    match tokio::time::timeout(PATIENCE, blocking(work)).await {
        Ok(answer) => answer,
        Err(_) => Err(Error::late()),
    }
}

/// Answers whoever is signed in. A factor that the form carries is verified first; then the session has another token, and
/// the answer brings it, whatever becomes of the rest.
fn inside(mut ctx: Ctx, route: &'static Route, mut asked: Asked) -> Result<Answer> {
    (ctx.is_renewal, ctx.proved_at) =
        (asked.is_renewal, asked.who.as_ref().map(|who| who.proved_at));
    let shown = if route.csrf { confirm::shown(&ctx, &mut asked)? } else { Shown::Nothing };
    let confirmed = match shown {
        Shown::Wrong(page) => return Ok(page),
        Shown::Nothing => None,
        Shown::Right(confirmed) => {
            let own = (asked.path.as_str(), ctx.request_id.as_str());
            let reads = (asked.shell.language, std::mem::take(&mut asked.shell.here));
            asked.shell = Shell::inside(ctx.app, &confirmed.who, own);
            (asked.shell.language, asked.shell.here) = reads;
            ctx.proved_at = Some(confirmed.who.proved_at);
            (asked.who, asked.token) = (Some(confirmed.who), Some(confirmed.token.clone()));
            Some(confirmed.token)
        }
    };
    let done = handle(&ctx, route, &mut asked);
    let Some(token) = confirmed else { return done };
    if let Err(Error::Outside { case_id, rule }) = &done {
        let what = (route.method.name(), route.path.as_str());
        doorstep_app::trail::kept_out(&ctx, what, (case_id, *rule))?;
    }
    let answer = done.unwrap_or_else(|error| errors::respond(&error, &asked.shell));
    Ok(Answer::With(Box::new(answer), cookie::set(&token)))
}

fn handle(ctx: &Ctx, route: &'static Route, asked: &mut Asked) -> Result<Answer> {
    asked.shell.n_glass = doorstep_app::glass::n_waiting(ctx)?.unwrap_or_default();
    if asked.who.is_some() && asked.shell.on_call.is_some() {
        let held = doorstep_app::calls::held(ctx)?;
        let path =
            |id: doorstep_vocab::CallId| format!("/calls/{}", crate::signin::encoded(id.as_str()));
        asked.shell.on_call = Some(held.map(path).unwrap_or_default());
    }
    if asked.who.is_some() && doorstep_app::Permission::CommitEscalations.is_for(ctx.actor.role) {
        asked.shell.n_unseen = doorstep_app::raised::counts(ctx)?.n_unseen;
    }
    let done = match route.does {
        Does::Outside(handler) => handler(ctx.app, asked),
        Does::Inside(handler) => handler(ctx, asked),
        Does::Command(form) => case::command(ctx, asked, form),
        Does::Live => Err(Error::NotFound),
    };
    match done {
        Err(Error::Unproved) => confirm::ask(ctx, asked),
        done => done,
    }
}

/// Runs `work` where waiting holds nobody else up. A panic there is one request's, not the process's.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|panic| Err(Error::Broken(format!("a handler panicked: {panic}").into())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn what_another_site_sends_is_told_apart() {
        assert!(comes_from_elsewhere(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(comes_from_elsewhere(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(!comes_from_elsewhere(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(!comes_from_elsewhere(&headers(&[("sec-fetch-site", "none")])));
        assert!(comes_from_elsewhere(&headers(&[
            ("origin", "https://evil.example"),
            ("host", "hub.example")
        ])));
        assert!(comes_from_elsewhere(&headers(&[("origin", "null"), ("host", "hub.example")])));
        assert!(!comes_from_elsewhere(&headers(&[
            ("origin", "https://hub.example"),
            ("host", "hub.example")
        ])));
        assert!(!comes_from_elsewhere(&headers(&[("host", "hub.example")])));
    }
}
