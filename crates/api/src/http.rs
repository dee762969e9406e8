//! The doors over HTTP. They differ in name only: what a file is, its content says.

use crate::answer::{self, Wish};
use crate::bearer;
use crate::turns::Turns;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request as Asked, State};
use axum::http::HeaderMap;
use axum::middleware::map_response;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use doorstep_app::intake::{BYTES_MAX, Incoming, Taken, preview, take, take_keyed};
use doorstep_app::{App, Error, PATIENCE, Permission, Result};
use doorstep_case::Actor;
use doorstep_vocab::Key;
use std::sync::Arc;

/// A route of the machine doors.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The path; `{*rest}` stands for whatever follows.
    pub path: &'static str,
    /// What the sender has to be allowed.
    pub permission: Permission,
    /// What it is for.
    pub words: &'static str,
}

/// Every route, each a `POST` of bytes with a bearer token.
pub const ROUTES: &[Route] = &[
    Route { path: "/api/intake", permission: Permission::SendFiles, words: "a file of any format" },
    Route { path: "/fhir", permission: Permission::SendFiles, words: "a FHIR bundle or resource" },
    Route {
        path: "/fhir/{*rest}",
        permission: Permission::SendFiles,
        words: "the same by its type or operation: Bundle, Task, Claim/$submit, $process-message",
    },
    Route { path: "/x12", permission: Permission::SendFiles, words: "X12 interchanges" },
    Route { path: "/hl7", permission: Permission::SendFiles, words: "HL7 v2 messages" },
    Route { path: "/csv", permission: Permission::SendFiles, words: "the daily referral import" },
];

/// The longest key of a request, in characters.
const KEY_LENGTH_MAX: usize = 200;

/// Returns the routes. `turns` are shared with the other doors of the process.
pub fn router(app: Arc<App>, turns: Turns) -> Router {
    let routes = ROUTES.iter().fold(Router::new(), |router, route| {
        let door = move |State(hub): State<Hub>, asked: Asked| receive(hub, route, asked);
        router.route(route.path, post(door))
    });
    routes
        .layer(DefaultBodyLimit::max(BYTES_MAX))
        .layer(map_response(async |response: Response| answer::harden(response)))
        .with_state(Hub { app, turns })
}

/// What every request shares.
#[derive(Clone)]
struct Hub {
    app: Arc<App>,
    turns: Turns,
}

/// What was posted to a route.
struct Request {
    sender: Actor,
    query: Option<String>,
    headers: HeaderMap,
    body: Bytes,
}

/// Nobody's bytes are read before it is known that they may send any, and nobody has a turn before all bytes are here.
async fn receive(hub: Hub, route: &'static Route, asked: Asked) -> Response {
    let (headers, query) = (asked.headers().clone(), asked.uri().query().map(str::to_owned));
    let (app, known) = (Arc::clone(&hub.app), headers.clone());
    let sender = match in_time(move || admitted(&app, route, &known)).await {
        Ok(sender) => sender,
        Err(error) => return answer::failed(&error),
    };
    let body = match Bytes::from_request(asked, &()).await {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    let wish = Wish::of(&headers);
    let Some(turn) = hub.turns.next().await else {
        tracing::warn!("too many files at once: a sender is asked to send again");
        return answer::failed(&Error::late());
    };
    let request = Request { sender, query, headers, body };
    let taken = in_time(move || {
        // The turn ends with the work, also where nobody waits for it any longer.
        let taken = received(&hub.app, &request);
        drop(turn);
        taken
    });
    match taken.await {
        Ok(taken) => answer::taken(taken, wish),
        Err(error) => answer::failed(&error),
    }
}

/// Does what waits for the store, and does not wait for ever.
async fn in_time<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let Ok(done) = tokio::time::timeout(PATIENCE, tokio::task::spawn_blocking(work)).await else {
        tracing::error!("a file was not taken in time: its sender is asked to send it again");
        return Err(Error::late());
    };
    let done = done.unwrap_or_else(|panic| {
        tracing::error!("a file broke its reader: {panic}");
        Err(Error::Broken(Box::new(panic)))
    });
    if let Err(Error::Broken(cause)) = &done {
        tracing::error!("a file could not be taken: {cause}");
    }
    done
}

/// Returns who sends, if they may.
fn admitted(app: &App, route: &Route, headers: &HeaderMap) -> Result<Actor> {
    let sender = bearer::sender(app, headers)?;
    let ctx = app.ctx(sender.clone());
    if let Err(error) = ctx.may(route.permission) {
        doorstep_app::trail::refused(&ctx, "POST", route.path)?;
        return Err(error);
    }
    Ok(sender)
}

fn received(app: &App, request: &Request) -> Result<Taken> {
    let ctx = app.ctx(request.sender.clone());
    let incoming = Incoming { bytes: &request.body, name: "http", received_at: ctx.now };
    if is_dry_run(request.query.as_deref()) {
        return preview(&ctx, &incoming);
    }
    let key = request.headers.get("idempotency-key");
    match key.map(|value| value.to_str().unwrap_or_default()) {
        None => take(&ctx, &incoming),
        Some(key) if key.is_empty() || key.len() > KEY_LENGTH_MAX => {
            Err(Error::bad("key-length", "an Idempotency-Key has 1 to 200 plain characters"))
        }
        Some(key) => take_keyed(&ctx, &incoming, &Key::from(key)),
    }
}

/// `?dry-run`, `?dry-run=true` and `?dry-run=1` ask what would become of a file.
fn is_dry_run(query: Option<&str>) -> bool {
    query.unwrap_or_default().split('&').any(|one| {
        let (name, value) = one.split_once('=').unwrap_or((one, ""));
        name == "dry-run" && matches!(value, "" | "true" | "1")
    })
}
