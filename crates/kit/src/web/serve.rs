//! Listening: our own accept loop, because the ready-made one has neither a time-out for the head of
//! a request nor a bound on connections.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tower::ServiceExt as _;

use super::worded::{Worded, last_words};

/// How the listener behaves.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections served at once.
    pub connections: usize,
    /// What a connection is told that finds no place; without it, it waits in the kernel's queue.
    pub busy: Option<&'static str>,
    /// How long the head of a request may take to arrive, also the first byte of the next one.
    pub head: Duration,
    /// How long running requests may take to end when the program is asked to stop.
    pub goodbye: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            busy: None,
            head: Duration::from_secs(15),
            goodbye: Duration::from_secs(10),
        }
    }
}

/// Connections that are told at once that there is no place; what comes beyond is closed without a word.
const TURNED_AWAY: usize = 64;
/// How long telling that may take.
const TELLING: Duration = Duration::from_secs(2);

/// Serves `router` on `listener` until `stop` ends, then lets running requests end.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let turned_away = Arc::new(Semaphore::new(TURNED_AWAY));
    let (goodbye, _) = tokio::sync::watch::channel(false);
    tokio::pin!(stop);
    loop {
        // Who waits for a place waits outside; who is told to come again has to be let in for it.
        let waited = tokio::select! {
            place = Arc::clone(&places).acquire_owned(), if limits.busy.is_none() => place.ok(),
            () = std::future::ready(()), if limits.busy.is_some() => None,
            () = &mut stop => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of descriptors or memory: give way for a moment instead of spinning.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let Some(place) = waited.or_else(|| Arc::clone(&places).try_acquire_owned().ok()) else {
            turn_away(stream, limits.busy.unwrap_or_default(), &turned_away);
            continue;
        };
        let _ = stream.set_nodelay(true);
        let (router, mut leaving) = (router.clone(), goodbye.subscribe());
        tokio::spawn(async move {
            let service = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
                request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer));
                request
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(limits.head)
                .max_buf_size(64 * 1024)
                .max_headers(100)
                .serve_connection(TokioIo::new(Worded::new(stream)), TowerToHyperService::new(service));
            tokio::pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                _ = leaving.changed() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    let _ = goodbye.send(true);
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    if tokio::time::timeout(limits.goodbye, places.acquire_many(all)).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
}

/// Tells a connection that there is no place for it, and closes it.
fn turn_away(mut stream: TcpStream, sentence: &'static str, turned_away: &Arc<Semaphore>) {
    let Ok(place) = Arc::clone(turned_away).try_acquire_owned() else { return };
    tokio::spawn(async move {
        let answer = last_words("503 Service Unavailable", "retry-after: 5\r\n", sentence);
        let told = async {
            stream.write_all(&answer).await?;
            stream.shutdown().await?;
            // Closing over a request that has not been read would take the answer back.
            let mut unread = [0u8; 4096];
            while stream.read(&mut unread).await? > 0 {}
            Ok::<(), std::io::Error>(())
        };
        // Whoever does not take the answer in time goes without it.
        let _ = tokio::time::timeout(TELLING, told).await;
        drop(place);
    });
}
