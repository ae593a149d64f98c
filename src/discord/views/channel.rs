//! Names and topics of the channels that Warbell makes. Neither ever shows state.

use crate::domain::incident::Incident;
use crate::domain::slug;

/// `inc-<n>-<slug>`, or for a private incident two words that say nothing.
pub fn name(incident: &Incident) -> String {
    if incident.is_private() {
        slug::codename(incident.key.0.cast_unsigned())
    } else {
        slug::channel_name(incident.id.number, &incident.title)
    }
}

/// What stands over the channel. The marker finds it again after a broken connection.
pub fn topic(incident: &Incident, marker: &str) -> String {
    if incident.is_private() {
        marker.to_owned()
    } else {
        format!(
            "{} · Incident channel run by Warbell · {marker}",
            incident.id
        )
    }
}

/// `Incidents`, and `Incidents 2` and so on once that is full.
pub fn category_name(number: u32) -> String {
    if number <= 1 {
        "Incidents".to_owned()
    } else {
        format!("Incidents {number}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{prime_day, private};
    use super::*;

    #[test]
    fn a_public_channel_is_found_by_its_number() {
        let (incident, _) = prime_day();
        assert_eq!(name(&incident), "inc-7-checkout-errors-for-all-customers");
        assert_eq!(
            topic(&incident, "wb-x"),
            "INC-7 · Incident channel run by Warbell · wb-x"
        );
    }

    #[test]
    fn a_private_channel_says_nothing() {
        let name = name(&private());
        assert!(!name.contains("inc") && !name.contains('3'), "{name}");
        assert_eq!(topic(&private(), "wb-x"), "wb-x");
    }

    #[test]
    fn categories_count_from_the_second() {
        assert_eq!(
            (category_name(1), category_name(2)),
            ("Incidents".into(), "Incidents 2".into())
        );
    }
}
