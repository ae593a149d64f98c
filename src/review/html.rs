//! The review as one page that needs nothing else: no script, no address but Discord's.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Error, Value, context};

use super::model::Review;

/// The page's only style; the page's own policy names its hash and allows nothing else.
const STYLE: &str = include_str!("templates/review.css");

/// SHA-256 of [`STYLE`] in Base64, as Content-Security-Policy wants it.
const STYLE_HASH: &str = "";

/// Writes the review.
pub fn render(review: &Review) -> Result<String, Error> {
    let mut env = super::template::environment()?;
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    env.add_template("review.html", include_str!("templates/review.html.j2"))?;
    env.get_template("review.html")?.render(context! {
        review => Serde(review),
        style => Value::from_safe_string(STYLE.to_owned()),
        style_hash => Value::from_safe_string(STYLE_HASH.to_owned()),
    })
}
