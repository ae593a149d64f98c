//! The review as one page that needs nothing else: no script, no address but Discord's.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Error, Value, context};

use super::model::Review;

/// The page's only style; the page's own policy names its hash and allows nothing else.
const STYLE: &str = include_str!("templates/review.css");

/// SHA-256 of [`STYLE`] in Base64, as Content-Security-Policy wants it.
const STYLE_HASH: &str = "QuBTB3aG9v7oyq/IIDhvhKLxcJl8+Gy2fE39HVaGm5M=";

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

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_policy_names_the_style_that_is_there() {
        let mut bits = String::new();
        for byte in Sha256::digest(STYLE.as_bytes()) {
            bits.push_str(&format!("{byte:08b}"));
        }
        let alphabet: Vec<char> = ('A'..='Z')
            .chain('a'..='z')
            .chain('0'..='9')
            .chain(['+', '/'])
            .collect();
        let mut base64: String = bits
            .as_bytes()
            .chunks(6)
            .map(|six| {
                let six = format!("{:0<6}", std::str::from_utf8(six).unwrap());
                alphabet[usize::from_str_radix(&six, 2).unwrap()]
            })
            .collect();
        base64.push('=');
        assert_eq!(base64, STYLE_HASH);
    }
}
