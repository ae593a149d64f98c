//! Open incidents that may be the one that is being declared.

use std::collections::BTreeSet;

/// An open incident to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<T> {
    /// Whatever names it.
    pub id: T,
    /// Its title.
    pub title: String,
    /// Its services.
    pub services: Vec<String>,
}

/// At most this many are named.
const MOST: usize = 3;

/// Up to three candidates that share a service with the new one, or at least a third of the
/// words that either title has; the most alike first.
pub fn look_alikes<T: Clone>(title: &str, services: &[String], open: &[Candidate<T>]) -> Vec<T> {
    let words = telling_words(title);
    let mut alike: Vec<(usize, usize)> = open
        .iter()
        .enumerate()
        .filter_map(|(index, candidate)| {
            let score = likeness(&words, services, candidate);
            (score > 0).then_some((score, index))
        })
        .collect();
    alike.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.cmp(&a.1)));
    alike
        .iter()
        .take(MOST)
        .map(|(_, index)| open[*index].id.clone())
        .collect()
}

/// In percent of shared words, plus 100 for a shared service; 0 if not alike.
fn likeness<T>(words: &BTreeSet<String>, services: &[String], other: &Candidate<T>) -> usize {
    let theirs = telling_words(&other.title);
    let shared = words.intersection(&theirs).count();
    let all = words.union(&theirs).count().max(1);
    let percent = shared * 100 / all;
    let same_service = services.iter().any(|mine| {
        other
            .services
            .iter()
            .any(|their| their.to_lowercase() == mine.to_lowercase())
    });
    match (same_service, percent) {
        (true, percent) => 100 + percent,
        (false, 34..) => percent,
        (false, _) => 0,
    }
}

/// The words of a title that tell it from others.
fn telling_words(title: &str) -> BTreeSet<String> {
    const COMMON: &[&str] = &[
        "the", "a", "an", "is", "are", "of", "on", "in", "at", "to", "for", "and", "or", "not",
        "with",
    ];
    title
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 1 && !COMMON.contains(word))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(id: u32, title: &str, services: &[&str]) -> Candidate<u32> {
        Candidate {
            id,
            title: title.to_owned(),
            services: services.iter().map(|s| (*s).to_owned()).collect(),
        }
    }

    #[test]
    fn the_same_trouble_in_other_words_is_named() {
        let known = [
            open(1, "Checkout errors at payment", &[]),
            open(2, "Warehouse printer offline", &[]),
            open(3, "Search slow", &["checkout"]),
        ];
        assert_eq!(look_alikes("Payment errors in checkout", &[], &known), [1]);
        assert_eq!(
            look_alikes("Carts empty", &["Checkout".to_owned()], &known),
            [3]
        );
        assert!(look_alikes("Login down", &[], &known).is_empty());
    }

    #[test]
    fn at_most_three_are_named() {
        let known: Vec<_> = (0..9).map(|n| open(n, "Checkout down", &[])).collect();
        assert_eq!(look_alikes("Checkout down", &[], &known), [8, 7, 6]);
    }
}
