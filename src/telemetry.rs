//! Logs, on stderr only.

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Starts logging. Later calls in the same process change nothing.
pub fn start(filter: &str, format: LogFormat) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    // A second subscriber is no fault: tests share a process.
    drop(started);
}
