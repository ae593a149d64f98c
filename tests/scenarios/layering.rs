//! The picture of the rooms, kept true: which room may name what.

use std::path::{Path, PathBuf};

/// A room, and what no file in it may name.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "src/domain",
        &[
            "sqlx",
            "serenity",
            "poise",
            "axum",
            "tokio",
            "reqwest",
            "Utc::now",
            "async fn",
            "std::fs",
            "crate::store",
            "crate::discord",
            "crate::use_cases",
            "crate::delivery",
        ],
    ),
    (
        "src/store",
        &[
            "serenity",
            "poise",
            "axum",
            "reqwest",
            "crate::discord",
            "crate::delivery",
        ],
    ),
    (
        "src/use_cases",
        &[
            "sqlx::query",
            "serenity",
            "poise",
            "axum",
            "reqwest",
            "crate::discord",
        ],
    ),
    (
        "src/discord/commands",
        &[
            "sqlx",
            "crate::store::Lane",
            "WriteTx",
            "crate::delivery::limiter",
        ],
    ),
    (
        "src/discord/views",
        &["sqlx", "tokio", "async fn", "crate::store", "Utc::now"],
    ),
    (
        "src/review",
        &["sqlx", "serenity", "poise", "tokio", "Utc::now", "async fn"],
    ),
    ("src/reminders", &["sqlx", "serenity", "WriteTx"]),
];

/// Only here may something be written.
const MAY_WRITE: &[&str] = &["src/use_cases", "src/delivery", "src/store"];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found
}

/// The code of a file: without comments and without its own tests.
fn code_of(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let code = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_line_of_code_knows_its_room() {
    let mut wrong = Vec::new();
    for (room, words) in FORBIDDEN {
        let files = rust_files(&root().join(room));
        assert!(!files.is_empty(), "{room} is empty");
        for path in files {
            let is_test = path
                .file_name()
                .is_some_and(|n| n == "tests.rs" || n == "fixtures.rs");
            let code = code_of(&path);
            for word in *words {
                if !is_test && code.contains(word) {
                    wrong.push(format!("{} names {word}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_use_cases_delivery_and_the_store_open_a_write() {
    let writers: Vec<String> = rust_files(&root().join("src"))
        .into_iter()
        .filter(|path| {
            !MAY_WRITE
                .iter()
                .any(|room| path.starts_with(root().join(room)))
        })
        .filter(|path| code_of(path).contains(".write(Lane::"))
        .map(|path| path.display().to_string())
        .collect();
    assert!(writers.is_empty(), "{writers:?}");
}

#[test]
fn all_sql_is_in_the_store() {
    let speakers: Vec<String> = rust_files(&root().join("src"))
        .into_iter()
        .filter(|path| !path.starts_with(root().join("src/store")))
        .filter(|path| code_of(path).contains("sqlx::query"))
        .map(|path| path.display().to_string())
        .collect();
    assert!(speakers.is_empty(), "{speakers:?}");
}

#[test]
fn a_verb_has_one_name_in_every_room() {
    // Decided, stored, shown and tested under one name.
    for verb in [
        "declare", "escalate", "page", "update", "resolve", "assign", "note", "draft",
    ] {
        for room in ["src/domain/verbs", "src/use_cases"] {
            let path = root().join(room).join(format!("{verb}.rs"));
            assert!(path.is_file(), "{} is missing", path.display());
        }
        let command = rust_files(&root().join("src/discord/commands"))
            .into_iter()
            .any(|path| path.file_stem().is_some_and(|stem| stem == verb));
        assert!(command, "no command file for {verb}");
        let scenario = root().join("tests/scenarios").join(format!("{verb}.rs"));
        assert!(scenario.is_file(), "{} is missing", scenario.display());
    }
}
