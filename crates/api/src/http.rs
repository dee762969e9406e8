//! The doors over HTTP. They differ in name only: what a file is, its content says.

use crate::answer::{self, Wish};
use crate::bearer;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::HeaderMap;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::post;
use doorstep_app::intake::{BYTES_MAX, Incoming, Taken, preview, take, take_keyed};
use doorstep_app::{App, Error, PATIENCE, Permission, Result};
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

/// Returns the routes.
pub fn router(app: Arc<App>) -> Router {
    let routes = ROUTES.iter().fold(Router::new(), |router, route| {
        let door = move |State(app): State<Arc<App>>,
                         RawQuery(query): RawQuery,
                         headers: HeaderMap,
                         body: Bytes| {
            receive(app, Request { route, query, headers, body })
        };
        router.route(route.path, post(door))
    });
    routes
        .layer(DefaultBodyLimit::max(BYTES_MAX))
        .layer(map_response(async |response: Response| answer::harden(response)))
        .with_state(app)
}

/// What was posted to a route.
struct Request {
    route: &'static Route,
    query: Option<String>,
    headers: HeaderMap,
    body: Bytes,
}

async fn receive(app: Arc<App>, request: Request) -> Response {
    let wish = Wish::of(&request.headers);
    let taken = tokio::task::spawn_blocking(move || received(&app, &request));
    let Ok(taken) = tokio::time::timeout(PATIENCE, taken).await else {
        tracing::error!("a file was not taken in time: its sender is asked to send it again");
        return answer::failed(&Error::late());
    };
    match taken {
        Ok(Ok(taken)) => answer::taken(taken, wish),
        Ok(Err(error)) => {
            if let Error::Broken(cause) = &error {
                tracing::error!("a file could not be taken: {cause}");
            }
            answer::failed(&error)
        }
        Err(panic) => {
            tracing::error!("a file broke its reader: {panic}");
            answer::failed(&Error::Broken(Box::new(panic)))
        }
    }
}

fn received(app: &App, request: &Request) -> Result<Taken> {
    let ctx = app.ctx(bearer::sender(app, &request.headers)?);
    if let Err(error) = ctx.may(request.route.permission) {
        doorstep_app::trail::refused(&ctx, "POST", request.route.path)?;
        return Err(error);
    }
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
