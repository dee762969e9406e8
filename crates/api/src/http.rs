//! The doors over HTTP. They differ in name only: what a file is, its content says.

use crate::{answer, bearer};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::post;
use doorstep_app::intake::{BYTES_MAX, Incoming, Taken, take, take_keyed};
use doorstep_app::{App, Error, Permission, Result};
use doorstep_vocab::Key;
use std::sync::Arc;

/// A route of the machine doors.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The path.
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
        path: "/fhir/$process-message",
        permission: Permission::SendFiles,
        words: "a FHIR message",
    },
    Route { path: "/x12", permission: Permission::SendFiles, words: "X12 interchanges" },
    Route { path: "/hl7", permission: Permission::SendFiles, words: "HL7 v2 messages" },
    Route { path: "/csv", permission: Permission::SendFiles, words: "the daily referral import" },
];

/// The longest key of a request, in characters.
const KEY_LENGTH_MAX: usize = 200;

/// Returns the routes.
pub fn router(app: Arc<App>) -> Router {
    let routes =
        ROUTES.iter().fold(Router::new(), |router, route| router.route(route.path, post(receive)));
    routes.layer(DefaultBodyLimit::max(BYTES_MAX)).with_state(app)
}

async fn receive(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Response {
    let taken = tokio::task::spawn_blocking(move || received(&app, &headers, &body)).await;
    match taken {
        Ok(Ok(taken)) => answer::taken(taken),
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

fn received(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<Taken> {
    let ctx = app.ctx(bearer::sender(app, headers)?);
    let incoming = Incoming { bytes: body, name: "http", received_at: ctx.now };
    match headers.get("idempotency-key").map(|value| value.to_str().unwrap_or_default()) {
        None => take(&ctx, &incoming),
        Some(key) if key.is_empty() || key.len() > KEY_LENGTH_MAX => {
            Err(Error::bad("key-length", "an Idempotency-Key has 1 to 200 plain characters"))
        }
        Some(key) => take_keyed(&ctx, &incoming, &Key::from(key)),
    }
}
