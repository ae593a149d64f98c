//! Times as the store keeps them: RFC 3339, UTC, always six digits of a second, so that text order
//! is time order.

use chrono::{DateTime, Utc};

use super::{Result, StoreError};

/// As written, e.g. `2026-07-15T12:00:00.000000Z`.
pub fn write(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// As read.
pub fn read(text: &str) -> Result<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.with_timezone(&Utc))
        .map_err(|error| StoreError::Inconsistent(format!("time {text:?}: {error}")))
}

/// As read, where there may be none.
pub fn read_optional(text: Option<String>) -> Result<Option<DateTime<Utc>>> {
    text.as_deref().map(read).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_order_is_time_order() {
        let whole = DateTime::from_timestamp(1_752_580_800, 0).unwrap();
        let later = DateTime::from_timestamp(1_752_580_800, 1_000).unwrap();
        assert_eq!(write(whole), "2025-07-15T12:00:00.000000Z");
        assert!(write(whole) < write(later));
        assert_eq!(read(&write(later)).unwrap(), later);
    }
}
