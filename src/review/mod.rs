//! The review: the blameless write-up, made from the timeline. One document model, [`Review`], and
//! a rendering per format. Same data, same bytes: no clock, no network, nothing unordered.

mod cast;
mod course;
mod findings;
mod html;
mod impact;
mod markdown;
mod model;
mod row;
mod template;
#[cfg(test)]
mod tests;
mod told;

use std::fmt;
use std::str::FromStr;

pub use model::*;

/// What a review is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// GitHub's Markdown.
    Markdown,
    /// One self-contained page, made to be printed as well.
    Html,
    /// The document model itself.
    Json,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] = &[Self::Markdown, Self::Html, Self::Json];

    /// As it is asked for, and how the file's name ends.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Json => "json",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a review is written as md, html or json")]
pub struct UnknownFormat;

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(typed: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.as_str().eq_ignore_ascii_case(typed.trim()))
            .ok_or(UnknownFormat)
    }
}

/// A review that could not be written. Our own fault in every case: no data makes it happen.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The template does not fit the model.
    #[error("the review's template failed")]
    Template(#[from] minijinja::Error),
    /// The model does not serialize.
    #[error("the review's model could not be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// Writes the review.
pub fn render(review: &Review, format: Format) -> Result<String, RenderError> {
    match format {
        Format::Markdown => Ok(markdown::render(review)?),
        Format::Html => Ok(html::render(review)?),
        Format::Json => {
            let mut json = serde_json::to_string_pretty(review)?;
            json.push('\n');
            Ok(json)
        }
    }
}

/// What its file is called: `INC-1-review.md`.
pub fn file_name(review: &Review, format: Format) -> String {
    format!("{}-review.{format}", review.id)
}
