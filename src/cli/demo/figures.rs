//! The figures at the end: how many requests a declare took, how fast commands were answered.

use chrono::{DateTime, Utc};

use crate::sandbox::Look;

/// Answer times of all commands, presses and forms.
pub struct AckTimes {
    micros: Vec<i64>,
}

impl AckTimes {
    /// From the sending of each interaction to the arrival of its first answer, as the sandbox saw
    /// it. Autocompletes count too.
    pub fn of(look: &Look) -> Self {
        let mut micros: Vec<i64> = look
            .scene()
            .interactions
            .values()
            .filter_map(|interaction| {
                let callback = format!("/interactions/{}/", interaction.id);
                let answered: DateTime<Utc> = look
                    .requests_to("interaction callback")
                    .iter()
                    .find(|request| request.path.contains(&callback))
                    .map(|request| request.at)?;
                (answered - interaction.created_at).num_microseconds()
            })
            .collect();
        micros.sort_unstable();
        Self { micros }
    }

    /// How many there were.
    pub fn count(&self) -> usize {
        self.micros.len()
    }

    /// The time that this share of answers did not exceed, in milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        if self.micros.is_empty() {
            return 0.0;
        }
        let last = self.micros.len() - 1;
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an index of a short list"
        )]
        let index = (last as f64 * share).round() as usize;
        #[expect(clippy::cast_precision_loss, reason = "microseconds of a few seconds")]
        let micros = self.micros[index.min(last)] as f64;
        micros / 1000.0
    }
}
