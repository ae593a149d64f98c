//! The review as GitHub's Markdown.
//!
//! Whatever a template prints is escaped as one line of a table; only the filters below let
//! anything else through. So a field that somebody forgets to think about is safe.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Error, ErrorKind, Output, State, Value, context};

use super::model::Review;
use crate::domain::text;

/// Writes the review.
pub fn render(review: &Review) -> Result<String, Error> {
    let mut env = super::template::environment()?;
    env.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    env.set_formatter(print);
    env.add_filter("block", |typed: &str| Value::from_safe_string(block(typed)));
    env.add_filter("quote", |typed: &str| Value::from_safe_string(quote(typed)));
    env.add_filter("code", |ours: &str| Value::from_safe_string(code(ours)));
    env.add_filter("link", |url: &str, label: &str| {
        Value::from_safe_string(format!("[{}]({url})", cell(label)))
    });
    env.add_template("review.md", include_str!("templates/review.md.j2"))?;
    env.get_template("review.md")?
        .render(context! { review => Serde(review) })
}

/// Prints a value: text as an inert line, the filters' own work as it is.
fn print(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let written = match value.as_str() {
        Some(safe) if value.is_safe() => out.write_str(safe),
        Some(typed) => out.write_str(&cell(typed)),
        None if value.is_number() => out.write_str(&value.to_string()),
        None => {
            return Err(Error::new(
                ErrorKind::BadEscape,
                format!("a {} is not text", value.kind()),
            ));
        }
    };
    written.map_err(Error::from)
}

/// One inert line, fit for a table.
fn cell(typed: &str) -> String {
    no_liquid(&text::md_cell(typed))
}

/// Inert lines.
fn block(typed: &str) -> String {
    no_liquid(&text::md(typed))
}

/// Inert lines as a quotation.
fn quote(typed: &str) -> String {
    let lines: Vec<String> = block(typed)
        .lines()
        .map(|line| format!("> {line}").trim_end().to_owned())
        .collect();
    lines.join("\n")
}

/// A command of ours, to be typed as it stands.
fn code(ours: &str) -> String {
    format!("`{}`", ours.replace(['`', '\n'], " "))
}

/// Publishers of Markdown (Jekyll, Hugo) read `{{ … }}` and `{% … %}` before the Markdown; a
/// backslash keeps the pair apart, and shows as nothing. Inside an address only `%7B` does.
fn no_liquid(escaped: &str) -> String {
    let mut out = String::with_capacity(escaped.len() + 8);
    let mut address = false;
    for c in escaped.chars() {
        match c {
            // Whatever else was `<` or `>` is written as an entity by now.
            '<' => address = true,
            '>' => address = false,
            _ => {}
        }
        match c {
            '{' | '}' if address => out.push_str(&format!("%{:02X}", u32::from(c))),
            '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}
