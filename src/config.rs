//! Environment to typed configuration, all faults at once.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use secrecy::SecretString;

/// Discord's own REST base.
pub const DISCORD: &str = "https://discord.com";

/// What the environment says. Secrets do not show in `Debug`.
#[derive(Clone, Debug)]
pub struct Config {
    /// `DISCORD_TOKEN`
    pub discord_token: Option<SecretString>,
    /// `DISCORD_API_URL`, without a slash at its end.
    pub discord_api_url: String,
    /// `DATABASE_URL`
    pub database_url: String,
    /// `HTTP_ADDR`; none if `off`.
    pub http_addr: Option<SocketAddr>,
    /// `RUST_LOG`
    pub log_filter: String,
    /// `LOG_FORMAT`
    pub log_format: LogFormat,
    /// `SHUTDOWN_TIMEOUT`
    pub shutdown_timeout: Duration,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one object a line.
    Json,
}

/// Everything that is wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFaults(pub Vec<String>);

impl fmt::Display for ConfigFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration has faults:")?;
        for fault in &self.0 {
            write!(f, "\n  - {fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigFaults {}

impl Config {
    /// Reads the environment of this process.
    pub fn from_env() -> Result<Self, ConfigFaults> {
        Self::read(|key| std::env::var(key).ok())
    }

    /// Reads from anywhere. An empty value counts as not set. Values of secrets are never quoted.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigFaults> {
        let mut faults = Vec::new();
        let get = |key: &str| {
            get(key)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let discord_token = get("DISCORD_TOKEN");
        if let Some(token) = &discord_token
            && !token.bytes().all(|b| b.is_ascii_graphic())
        {
            faults.push(
                "DISCORD_TOKEN has characters that no token has. Copy it again from the Bot page of the developer portal."
                    .to_owned(),
            );
        }
        let discord_api_url = get("DISCORD_API_URL")
            .unwrap_or_else(|| DISCORD.to_owned())
            .trim_end_matches('/')
            .to_owned();
        match reqwest::Url::parse(&discord_api_url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.path() == "/" => {}
            _ => faults.push(format!(
                "DISCORD_API_URL is not an address like https://discord.com or http://127.0.0.1:7070: {discord_api_url}"
            )),
        }
        let database_url = get("DATABASE_URL").unwrap_or_else(|| "sqlite://warbell.db".to_owned());
        if !database_url.starts_with("sqlite:") {
            faults
                .push("DATABASE_URL is not an SQLite address like sqlite://warbell.db.".to_owned());
        }
        let http_addr = match get("HTTP_ADDR").as_deref() {
            None => Some(SocketAddr::from(([127, 0, 0, 1], 8080))),
            Some("off") => None,
            Some(text) => match text.parse() {
                Ok(addr) => Some(addr),
                Err(_) => {
                    faults.push(format!(
                        "HTTP_ADDR is neither an address like 127.0.0.1:8080 nor `off`: {text}"
                    ));
                    None
                }
            },
        };
        let log_filter = get("RUST_LOG").unwrap_or_else(|| "info".to_owned());
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&log_filter) {
            faults.push(format!("RUST_LOG cannot be read: {error}"));
        }
        let log_format = match get("LOG_FORMAT").as_deref() {
            None | Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(other) => {
                faults.push(format!("LOG_FORMAT is neither `text` nor `json`: {other}"));
                LogFormat::Text
            }
        };
        let shutdown_timeout = match get("SHUTDOWN_TIMEOUT") {
            None => Duration::from_secs(10),
            Some(text) => read_duration(&text).unwrap_or_else(|| {
                faults.push(format!(
                    "SHUTDOWN_TIMEOUT is not a time like 10s or 1m: {text}"
                ));
                Duration::from_secs(10)
            }),
        };
        if !faults.is_empty() {
            return Err(ConfigFaults(faults));
        }
        Ok(Self {
            discord_token: discord_token.map(SecretString::from),
            discord_api_url,
            database_url,
            http_addr,
            log_filter,
            log_format,
            shutdown_timeout,
        })
    }
}

/// Reads `500ms`, `10s`, `2m` or a bare number of seconds.
fn read_duration(text: &str) -> Option<Duration> {
    let split = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(split);
    let number: u64 = digits.parse().ok()?;
    match unit.trim() {
        "ms" => Some(Duration::from_millis(number)),
        "" | "s" => Some(Duration::from_secs(number)),
        "m" | "min" => number.checked_mul(60).map(Duration::from_secs),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigFaults> {
        Config::read(|key| {
            pairs
                .iter()
                .find(|(k, _)| *k == key)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_empty_environment_gives_the_defaults() {
        let config = read(&[]).unwrap();
        assert_eq!(config.database_url, "sqlite://warbell.db");
        assert_eq!(
            config.http_addr,
            Some(SocketAddr::from(([127, 0, 0, 1], 8080)))
        );
        assert_eq!(config.discord_api_url, DISCORD);
        assert!(config.discord_token.is_none());
    }

    #[test]
    fn all_faults_are_told_at_once_and_no_secret_is_quoted() {
        let faults = read(&[
            ("DISCORD_TOKEN", "canary secret"),
            ("DISCORD_API_URL", "ftp://x"),
            ("DATABASE_URL", "postgres://u:canary@h/db"),
            ("HTTP_ADDR", "here"),
            ("LOG_FORMAT", "xml"),
            ("SHUTDOWN_TIMEOUT", "soon"),
        ])
        .unwrap_err();
        assert_eq!(faults.0.len(), 6, "{faults}");
        assert!(!faults.to_string().contains("canary"), "{faults}");
    }

    #[test]
    fn the_token_does_not_show() {
        let config = read(&[("DISCORD_TOKEN", "canary"), ("HTTP_ADDR", "off")]).unwrap();
        assert!(!format!("{config:?}").contains("canary"));
        assert_eq!(config.http_addr, None);
    }

    #[test]
    fn the_example_names_every_key_with_its_default() {
        let example = include_str!("../.env.example");
        for (key, value) in [
            ("DISCORD_API_URL", "https://discord.com"),
            ("DATABASE_URL", "sqlite://warbell.db"),
            ("HTTP_ADDR", "127.0.0.1:8080"),
            ("RUST_LOG", "info"),
            ("LOG_FORMAT", "text"),
            ("SHUTDOWN_TIMEOUT", "10s"),
        ] {
            assert!(example.contains(&format!("{key}={value}\n")), "{key}");
        }
        assert!(example.contains("DISCORD_TOKEN="));
    }
}
