//! Names of channels: `inc-42-checkout-down`, and for private incidents two words that say nothing.

use std::sync::LazyLock;

use regex::Regex;

use super::text;

/// The longest part of a channel name that comes from the title; more does not show in Discord's channel list.
const SLUG_MAX: usize = 40;

/// Letters of any script, digits and the marks on them. Discord lower-cases the names of text channels, turns
/// blanks into `-`, and takes 1–100 characters: <https://discord.com/developers/docs/resources/channel#channel-object>
static WORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\p{L}\p{Nd}][\p{L}\p{Nd}\p{M}]*")
        .expect("a pattern of our own, compiled by the tests")
});

/// `inc-<number>-<slug of the title>`, or `inc-<number>` if the title has no letter or digit.
pub fn channel_name(number: u32, title: &str) -> String {
    let slug = slug(title);
    if slug.is_empty() {
        format!("inc-{number}")
    } else {
        format!("inc-{number}-{slug}")
    }
}

/// As many whole words as fit; a first word that is too long is cut.
fn slug(title: &str) -> String {
    let title = text::one_line(title)
        .replace(['\'', '’'], "")
        .to_lowercase();
    let mut slug = String::new();
    let mut chars = 0;
    for word in WORD.find_iter(&title) {
        let word = word.as_str();
        let length = word.chars().count();
        if slug.is_empty() {
            if length > SLUG_MAX {
                return text::shorten(word, SLUG_MAX)
                    .trim_end_matches('…')
                    .to_owned();
            }
        } else if chars + 1 + length > SLUG_MAX {
            break;
        } else {
            slug.push('-');
            chars += 1;
        }
        slug.push_str(word);
        chars += length;
    }
    slug
}

/// Two plain words for the channel of a private incident. They come from the seed alone, never from the incident.
pub fn codename(seed: u64) -> String {
    // SplitMix64, so that neighbouring seeds give unlike names: https://prng.di.unimi.it/splitmix64.c
    let mut mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^= mixed >> 31;
    let first = FIRST[(mixed & 63) as usize];
    let second = SECOND[((mixed >> 6) & 63) as usize];
    format!("{first}-{second}")
}

/// Colours, woods, weights: nothing that hints at what happened.
#[rustfmt::skip]
const FIRST: [&str; 64] = [
    "amber", "ashen", "autumn", "azure", "birch", "bright", "bronze", "calm",
    "cedar", "clear", "cobalt", "copper", "coral", "cotton", "crimson", "crystal",
    "dapper", "distant", "early", "eastern", "ebony", "emerald", "evening", "fallow",
    "gentle", "gilded", "golden", "granite", "green", "hazel", "hollow", "indigo",
    "ivory", "jade", "late", "lilac", "linen", "little", "lunar", "maple",
    "marble", "mellow", "morning", "mossy", "narrow", "northern", "olive", "opal",
    "paper", "patient", "pearl", "plain", "quiet", "russet", "saffron", "sandy",
    "scarlet", "silver", "southern", "summer", "velvet", "walnut", "western", "winter",
];

/// Places, plants, things on a table.
#[rustfmt::skip]
const SECOND: [&str; 64] = [
    "acorn", "anchor", "apron", "arbor", "barley", "basin", "basket", "bay",
    "beacon", "bench", "brook", "button", "cabin", "candle", "canyon", "clover",
    "compass", "cottage", "delta", "dune", "falcon", "feather", "fern", "field",
    "garden", "grove", "harbor", "heron", "hill", "island", "kettle", "lagoon",
    "lantern", "lark", "ledger", "lily", "marsh", "meadow", "mill", "nutmeg",
    "oak", "orchard", "otter", "pebble", "pier", "pine", "plateau", "pond",
    "prairie", "quarry", "quill", "reed", "ridge", "river", "saddle", "sparrow",
    "spruce", "teapot", "thistle", "trellis", "valley", "willow", "wren", "yarrow",
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_channel_is_named_after_its_incident() {
        for (title, name) in [
            ("Checkout is down", "inc-42-checkout-is-down"),
            (
                "  [EU] — Can't pay: 5% of *orders*!! ",
                "inc-42-eu-cant-pay-5-of-orders",
            ),
            (
                "Größere Störung in Zürich",
                "inc-42-größere-störung-in-zürich",
            ),
            ("東京 リージョン 🔥", "inc-42-東京-リージョン"),
            ("@everyone <#1> ../../etc", "inc-42-everyone-1-etc"),
            ("🔥🔥", "inc-42"),
            ("", "inc-42"),
        ] {
            assert_eq!(channel_name(42, title), name, "{title}");
        }
    }

    #[test]
    fn a_long_title_is_cut_at_a_word() {
        assert_eq!(
            channel_name(
                7,
                "Payments fail for every customer who pays by card in Europe"
            ),
            "inc-7-payments-fail-for-every-customer-who"
        );
        assert_eq!(
            channel_name(7, &"x".repeat(90)).chars().count(),
            "inc-7-".len() + SLUG_MAX - 1
        );
    }

    #[test]
    fn codenames_are_plain_and_many() {
        assert_eq!(codename(1), codename(1));
        let names: HashSet<String> = (0..1000).map(codename).collect();
        assert!(names.len() > 850, "{}", names.len());
        assert_eq!(
            FIRST.iter().chain(&SECOND).collect::<HashSet<_>>().len(),
            128,
            "no word stands twice"
        );
    }

    proptest! {
        #[test]
        fn every_title_gives_a_name_that_discord_takes(number: u32, title in "\\PC{0,120}|.{0,120}") {
            let name = channel_name(number, &title);
            prop_assert!(name.chars().count() <= 100);
            let start = format!("inc-{number}");
            prop_assert!(name.starts_with(&start));
            prop_assert!(!name.contains("--") && !name.ends_with('-'), "{}", name);
            prop_assert!(!name.contains(|c: char| c.is_whitespace() || (c.is_ascii_punctuation() && c != '-')), "{}", name);
            prop_assert!(!name.contains(|c: char| c.is_ascii_uppercase()), "{}", name);
        }

        #[test]
        fn every_codename_is_two_words(seed: u64) {
            let name = codename(seed);
            prop_assert!(!name.contains("inc") && name.split('-').count() == 2 && name.bytes().all(|b| b == b'-' || b.is_ascii_lowercase()));
        }
    }
}
