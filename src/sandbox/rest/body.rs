//! Request bodies: JSON, or a form with `payload_json` and files.

use std::sync::Arc;

use axum::http::HeaderMap;
use serde_json::Value;

use super::refusal::Refusal;

/// An uploaded file.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) filename: String,
    pub(crate) content_type: String,
    pub(crate) bytes: Arc<Vec<u8>>,
}

fn not_json() -> Refusal {
    Refusal::new(400, 50109, "The request body contains invalid JSON.")
}

/// Reads a body by its content type.
pub(crate) fn read(headers: &HeaderMap, bytes: &[u8]) -> Result<(Value, Vec<File>), Refusal> {
    let content_type = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if bytes.is_empty() {
        return Ok((Value::Null, Vec::new()));
    }
    let Some(boundary) = content_type
        .strip_prefix("multipart/form-data")
        .and_then(|rest| parameter(rest, "boundary"))
    else {
        return serde_json::from_slice(bytes)
            .map(|value| (value, Vec::new()))
            .map_err(|_| not_json());
    };
    let mut value = Value::Null;
    let mut files = Vec::new();
    for part in split(bytes, format!("--{boundary}").as_bytes()) {
        let part = part.strip_prefix(b"\r\n").unwrap_or(part);
        let Some(end) = part.windows(4).position(|window| window == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&part[..end]).into_owned();
        let content = part[end + 4..]
            .strip_suffix(b"\r\n")
            .unwrap_or(&part[end + 4..]);
        let line = |name: &str| {
            head.lines()
                .find(|line| line.to_ascii_lowercase().starts_with(name))
                .unwrap_or_default()
                .to_owned()
        };
        let disposition = line("content-disposition:");
        if parameter(&disposition, "name").as_deref() == Some("payload_json") {
            value = serde_json::from_slice(content).map_err(|_| not_json())?;
        } else if let Some(filename) = parameter(&disposition, "filename") {
            let content_type = line("content-type:")
                .split_once(':')
                .map(|(_, kind)| kind.trim().to_owned());
            files.push(File {
                filename,
                content_type: content_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
                bytes: Arc::new(content.to_vec()),
            });
        }
    }
    if value.is_null() {
        value = Value::Object(serde_json::Map::new());
    }
    Ok((value, files))
}

fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').find_map(|part| {
        let (key, value) = part.trim().split_once('=')?;
        (key.trim() == name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn split<'a>(bytes: &'a [u8], mark: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut start = None;
    let mut at = 0;
    while at + mark.len() <= bytes.len() {
        if bytes[at..].starts_with(mark) {
            if let Some(start) = start {
                parts.push(&bytes[start..at]);
            }
            at += mark.len();
            start = Some(at);
        } else {
            at += 1;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_gives_its_json_and_its_files() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "content-type",
            "multipart/form-data; boundary=XX"
                .parse()
                .expect("a header"),
        );
        let body = b"--XX\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"hi\"}\r\n--XX\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nline\r\n--XX--\r\n";
        let (value, files) = read(&headers, body).expect("a body");
        assert_eq!(value["content"], "hi");
        assert_eq!(
            (files[0].filename.as_str(), files[0].bytes.as_slice()),
            ("a.txt", b"line".as_slice())
        );
    }
}
