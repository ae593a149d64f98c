//! Time zones as people name them.

use chrono_tz::{TZ_VARIANTS, Tz};

use super::text;

/// A text that names no time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("I do not know the time zone {}. Type a region and city such as `Europe/Berlin` or `America/New_York`, or `UTC`.", text::quote(.typed))]
pub struct UnknownZone {
    /// As typed.
    pub typed: String,
}

/// A zone of the IANA database by its name in any case, or by its city alone where only one has it.
/// <https://www.iana.org/time-zones>
pub fn read_zone(typed: &str) -> Result<Tz, UnknownZone> {
    let unknown = || UnknownZone {
        typed: typed.to_owned(),
    };
    let name = text::one_line(typed).replace(' ', "_");
    if name.eq_ignore_ascii_case("z") {
        return Ok(Tz::UTC);
    }
    if let Ok(zone) = Tz::from_str_insensitive(&name) {
        return Ok(zone);
    }
    let mut cities = TZ_VARIANTS
        .iter()
        .filter(|zone| is_place(zone.name()) && city(zone.name()).eq_ignore_ascii_case(&name));
    match (cities.next(), cities.next()) {
        (Some(zone), None) => Ok(*zone),
        _ => Err(unknown()),
    }
}

/// Zones for an autocomplete: at most 25, best first. Nothing typed gives a few from around the world.
pub fn suggest_zones(typed: &str) -> Vec<&'static str> {
    const USUAL: [&str; 16] = [
        "UTC",
        "Europe/London",
        "Europe/Berlin",
        "Europe/Paris",
        "Europe/Kyiv",
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
        "America/Sao_Paulo",
        "Africa/Lagos",
        "Asia/Dubai",
        "Asia/Kolkata",
        "Asia/Singapore",
        "Asia/Tokyo",
        "Australia/Sydney",
    ];
    let wanted = text::one_line(typed).replace(' ', "_").to_lowercase();
    if wanted.is_empty() {
        return USUAL.to_vec();
    }
    let mut found: Vec<_> = TZ_VARIANTS
        .iter()
        .filter_map(|zone| {
            let name = zone.name();
            let lower = name.to_lowercase();
            let city = city(&lower);
            let rank = if lower == wanted || city == wanted {
                0
            } else if city.starts_with(&wanted) {
                1
            } else if lower.starts_with(&wanted) {
                2
            } else if city.split('_').any(|word| word.starts_with(&wanted)) {
                3
            } else if lower.contains(&wanted) {
                4
            } else {
                return None;
            };
            Some((rank, !USUAL.contains(&name), !is_place(name), name))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(.., name)| name).take(25).collect()
}

fn city(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Region and city, and none of the old names that are kept for old programs.
fn is_place(name: &str) -> bool {
    name.contains('/')
        && ![
            "Etc/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "SystemV/",
        ]
        .iter()
        .any(|old| name.starts_with(old))
}

#[cfg(test)]
mod tests {
    use chrono_tz::America::New_York;
    use chrono_tz::Europe::Berlin;

    use super::*;

    #[test]
    fn zones_are_found_in_any_case_and_by_city() {
        assert_eq!(read_zone("europe/berlin"), Ok(Berlin));
        assert_eq!(read_zone(" America/New York "), Ok(New_York));
        assert_eq!(read_zone("berlin"), Ok(Berlin));
        assert_eq!(read_zone("utc"), Ok(Tz::UTC));
        assert!(
            read_zone("GMT+2").is_err(),
            "its sign would be read the wrong way round"
        );
        assert_eq!(
            read_zone("Gotham").unwrap_err().to_string(),
            "I do not know the time zone “Gotham”. Type a region and city such as `Europe/Berlin` or `America/New_York`, or `UTC`."
        );
    }

    #[test]
    fn zones_are_suggested_best_first() {
        assert_eq!(suggest_zones("berl")[0], "Europe/Berlin");
        assert_eq!(suggest_zones("new y")[0], "America/New_York");
        assert_eq!(suggest_zones("york")[0], "America/New_York");
        assert_eq!(suggest_zones("utc")[0], "UTC");
        assert_eq!(suggest_zones("europe/").len(), 25);
        assert_eq!(suggest_zones("")[0], "UTC");
        assert!(suggest_zones("zzz").is_empty());
        assert!(suggest_zones("").iter().all(|name| read_zone(name).is_ok()));
    }
}
