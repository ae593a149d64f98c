//! Health and metrics, for the machine's own monitoring.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::metrics::Metrics;
use crate::store::Db;

/// What the endpoints look at.
#[derive(Clone)]
pub struct Health {
    /// Whether the database answers.
    pub db: Db,
    /// Whether Discord has us, and the counters.
    pub metrics: Arc<Metrics>,
}

/// Serves `/healthz`, `/readyz` and `/metrics` on a bound socket until stopped.
pub async fn serve(listener: TcpListener, health: Health, stop: CancellationToken) {
    let app = Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(health);
    let served = axum::serve(listener, app)
        .with_graceful_shutdown(stop.cancelled_owned())
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the health endpoints stopped");
    }
}

/// Takes the address, or says why it cannot be had.
pub async fn bind(addr: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(addr).await.map_err(|error| {
        anyhow::anyhow!("cannot listen on HTTP_ADDR {addr}: {error}. Name another one, or `off`.")
    })
}

/// The process lives.
async fn healthz() -> &'static str {
    "ok\n"
}

/// Commands can be taken: the database answers, and Discord has us.
async fn readyz(State(health): State<Health>) -> impl IntoResponse {
    let mut faults = Vec::new();
    if health.db.read().await.is_err() {
        faults.push("the database does not answer");
    }
    if !health.metrics.is_connected() {
        faults.push("not connected to Discord's gateway");
    }
    if health.metrics.is_token_refused() {
        faults.push("Discord refuses the token");
    }
    if faults.is_empty() {
        (StatusCode::OK, "ready\n".to_owned())
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("not ready: {}\n", faults.join("; ")),
        )
    }
}

async fn metrics(State(health): State<Health>) -> impl IntoResponse {
    match health.metrics.encode() {
        Ok(text) => (
            [(
                header::CONTENT_TYPE,
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
            )],
            text,
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
