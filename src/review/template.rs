//! What the templates of every format share.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};

/// Strict, and with tags that leave no lines behind.
pub fn environment() -> Result<Environment<'static>, Error> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()?,
    );
    env.add_filter("utc", utc);
    Ok(env)
}

/// `2026-07-15 12:05 UTC`, from the RFC 3339 that the model has.
fn utc(moment: &str) -> Result<Value, Error> {
    chrono::DateTime::parse_from_rfc3339(moment)
        .map(|at| Value::from_safe_string(at.to_utc().format("%Y-%m-%d %H:%M UTC").to_string()))
        .map_err(|e| Error::new(ErrorKind::InvalidOperation, "not a time").with_source(e))
}
