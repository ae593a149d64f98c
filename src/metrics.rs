//! Figures for the operator. An explicit registry, so that two bots in one process share none.
//! Nothing here carries a name, a title or a server.

use std::sync::atomic::{AtomicBool, Ordering};

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Counters and gauges of one bot.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    connected: AtomicBool,
    token_refused: AtomicBool,
    /// From the arrival of an interaction to Discord's receipt of our first answer, in seconds.
    pub ack_seconds: Histogram,
    /// Interactions that were answered.
    pub answered: Counter,
    /// Interactions that came too late to be executed.
    pub too_late: Counter,
    /// Gateway events that could not be read.
    pub unparsed_events: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let ack_seconds = Histogram::new([
            0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5,
        ]);
        let (answered, too_late, unparsed_events) =
            (Counter::default(), Counter::default(), Counter::default());
        let mut registry = Registry::with_prefix("warbell");
        registry.register(
            "ack_seconds",
            "From the arrival of an interaction to Discord's receipt of the first answer",
            ack_seconds.clone(),
        );
        registry.register(
            "answered",
            "Interactions that were answered",
            answered.clone(),
        );
        registry.register(
            "too_late",
            "Interactions that came too late to be executed",
            too_late.clone(),
        );
        registry.register(
            "unparsed_events",
            "Gateway events that could not be read",
            unparsed_events.clone(),
        );
        Self {
            registry,
            connected: AtomicBool::new(false),
            token_refused: AtomicBool::new(false),
            ack_seconds,
            answered,
            too_late,
            unparsed_events,
        }
    }
}

impl Metrics {
    /// Whether a gateway session lives.
    pub fn is_connected(&self) -> bool {
        self.connected.load(Ordering::Relaxed)
    }

    /// A gateway session began or ended.
    pub fn set_connected(&self, connected: bool) {
        self.connected.store(connected, Ordering::Relaxed);
    }

    /// Whether Discord refused the token.
    pub fn is_token_refused(&self) -> bool {
        self.token_refused.load(Ordering::Relaxed)
    }

    /// Discord refused the token, or takes it again.
    pub fn set_token_refused(&self, refused: bool) {
        self.token_refused.store(refused, Ordering::Relaxed);
    }

    /// In the OpenMetrics text format.
    pub fn encode(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
