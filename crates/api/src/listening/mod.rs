//! Listening over HTTP: connections are taken, given deadlines, and let go, for the console and the doors alike.
//!
//! The library beneath waits for a request for ever, and for its body and the taking of an answer as well. Here nobody who
//! is slow keeps a place that somebody else needs. Source: trust.md section 4 (HTTP body) and 7 (R19).

mod bodies;
mod seats;
mod socket;

pub(crate) use seats::{Seat, Seats, Standing};

use crate::Limits;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use bodies::{Given, Sent};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use socket::Socket;
use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;

/// Lines of a head, and its bytes. Source: trust.md section 4, HTTP body.
const HEADERS_MAX: usize = 64;
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// How long a listener rests that can take no more connections, because the process has no more descriptors.
const REST: Duration = Duration::from_millis(100);

/// How long it takes to tell somebody that there is no place, and how many are told at once; others are hung up on.
const FAREWELL: Duration = Duration::from_secs(1);
const FAREWELLS_MAX: usize = 100;

/// What somebody is told for whom there is no place.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Serves until `stop`; what is under way then is finished first.
pub async fn listen(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let (seats, farewells) =
        (Seats::new(limits.connections), Arc::new(Semaphore::new(FAREWELLS_MAX)));
    let (stopping, stopped) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        let stream = tokio::select! {
            stream = accept(&listener) => stream,
            () = &mut stop => break,
        };
        match seats.take() {
            Some(seat) => {
                let (router, stopped) = (router.clone(), stopped.clone());
                tokio::spawn(converse((stream, Arc::new(seat)), router, limits, stopped));
            }
            None => turn_away(stream, &farewells),
        }
    }
    drop(listener);
    drop(stopped);
    // Nobody may be listening any more: then there is nobody to tell.
    let _ = stopping.send(());
    stopping.closed().await;
}

/// Waits for the next connection. No failure ends a listener: it is of one connection, or passes.
pub(crate) async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) if is_of_the_connection(&error) => {}
            Err(error) => {
                tracing::error!("no connection can be taken for a moment: {error}");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

fn is_of_the_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn converse(
    (stream, seat): (TcpStream, Arc<Seat>),
    router: Router,
    limits: Limits,
    mut stopped: watch::Receiver<()>,
) {
    // What is answered is small and waited for. A connection that cannot be told so is as good.
    let _ = stream.set_nodelay(true);
    let own = Arc::clone(&seat);
    let peer = stream.peer_addr().ok();
    let service = service_fn(move |mut request: Request<Incoming>| {
        if let Some(peer) = peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        answer(router.clone(), own.clone(), limits, request)
    });
    let socket = TokioIo::new(Socket::new(stream, Arc::clone(&seat), limits));
    let mut builder = http1::Builder::new();
    builder.max_headers(HEADERS_MAX).max_header_size(HEAD_BYTES_MAX).header_read_timeout(None);
    let mut serving = pin!(builder.serve_connection(socket, service));
    let mut is_stopping = false;
    loop {
        tokio::select! {
            served = serving.as_mut() => {
                if let Err(error) = served {
                    tracing::debug!("a connection ended: {error}");
                }
                return;
            }
            () = seat.is_shed() => {
                tracing::debug!("a connection made room for another");
                return;
            }
            _ = stopped.changed(), if !is_stopping => {
                is_stopping = true;
                serving.as_mut().graceful_shutdown();
            }
        }
    }
}

async fn answer(
    router: Router,
    seat: Arc<Seat>,
    limits: Limits,
    request: Request<Incoming>,
) -> Result<Response<Given>, Infallible> {
    let is_late = Arc::new(AtomicBool::new(false));
    let request = request.map(|body| Body::new(Sent::new(body, &seat, (limits.body, &is_late))));
    let mut response = router.oneshot(request).await?;
    if is_late.load(Ordering::Relaxed) {
        response = (StatusCode::REQUEST_TIMEOUT, [(header::CONNECTION, "close")]).into_response();
    }
    Ok(response.map(|body| Given::new(body, &seat)))
}

/// Tells somebody for whom there is no place when to come again.
fn turn_away(mut stream: TcpStream, farewells: &Arc<Semaphore>) {
    tracing::warn!(
        "a connection was turned away: every place is taken by somebody who is being answered"
    );
    let Ok(farewell) = Arc::clone(farewells).try_acquire_owned() else { return };
    tokio::spawn(async move {
        let told = async {
            stream.write_all(FULL).await?;
            stream.shutdown().await?;
            // What was sent is read first: hanging up on it would take the answer back.
            let mut rest = [0; 4096];
            while stream.read(&mut rest).await? > 0 {}
            Ok::<(), std::io::Error>(())
        };
        // Whoever does not listen is not told.
        let _ = tokio::time::timeout(FAREWELL, told).await;
        drop(farewell);
    });
}
