//! The hash chain of a timeline.
//!
//! A row's hash is SHA-256 over the fields of the canonical encoding, version 1, each preceded by
//! its length in eight bytes, little endian: the text `warbell timeline 1`, incident, seq, kind,
//! occurred_at, recorded_at, actor, facts, the body's hash, and the hash of the row before (32
//! zero bytes for the first). The body's hash is SHA-256(salt ‖ body): a blanked body leaves the
//! chain whole, and its salt keeps a short text from being guessed.

use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// What the first row follows.
pub const GENESIS: Hash = [0; 32];

/// The row as it is written, all in the very text of its columns.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// `timeline.incident_id`
    pub incident: i64,
    /// `timeline.seq`
    pub seq: u32,
    /// `timeline.kind`
    pub kind: &'a str,
    /// `timeline.occurred_at`
    pub occurred_at: &'a str,
    /// `timeline.recorded_at`
    pub recorded_at: &'a str,
    /// `timeline.actor`
    pub actor: &'a str,
    /// `timeline.facts`
    pub facts: &'a str,
    /// `timeline.body_hash`
    pub body_hash: &'a [u8],
}

/// The hash of a row that follows one with the hash `previous`.
pub fn hash(row: Row<'_>, previous: &[u8]) -> Hash {
    let mut digest = Sha256::new();
    let fields: [&[u8]; 10] = [
        b"warbell timeline 1",
        &row.incident.to_le_bytes(),
        &row.seq.to_le_bytes(),
        row.kind.as_bytes(),
        row.occurred_at.as_bytes(),
        row.recorded_at.as_bytes(),
        row.actor.as_bytes(),
        row.facts.as_bytes(),
        row.body_hash,
        previous,
    ];
    for field in fields {
        digest.update((field.len() as u64).to_le_bytes());
        digest.update(field);
    }
    digest.finalize().into()
}

/// The hash of a body under its salt.
pub fn body_hash(salt: &[u8], body: &str) -> Hash {
    let mut digest = Sha256::new();
    digest.update(salt);
    digest.update(body.as_bytes());
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_and_the_row_before_count() {
        let body = body_hash(b"salt", "{}");
        let row = Row {
            incident: 1,
            seq: 1,
            kind: "note_added",
            occurred_at: "a",
            recorded_at: "b",
            actor: "c",
            facts: "d",
            body_hash: &body,
        };
        let first = hash(row, &GENESIS);
        for other in [
            Row { incident: 2, ..row },
            Row { seq: 2, ..row },
            Row {
                kind: "closed",
                ..row
            },
            // A character moved across a border changes the hash: lengths are hashed too.
            Row {
                occurred_at: "ab",
                recorded_at: "",
                ..row
            },
            Row { actor: "x", ..row },
            Row { facts: "x", ..row },
            Row {
                body_hash: b"x",
                ..row
            },
        ] {
            assert_ne!(hash(other, &GENESIS), first);
        }
        assert_ne!(hash(row, &first), first);
        assert_ne!(body_hash(b"pepper", "{}"), body);
    }
}
