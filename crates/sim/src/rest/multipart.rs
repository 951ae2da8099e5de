//! Reads `multipart/form-data` as bots send it: `payload_json` and `files[n]`.

use bytes::Bytes;
use serde_json::Value;

use crate::world::Upload;

/// The most files of one message.
const MAX_FILES: usize = 10;

/// The boundary that a content type names, if it is multipart.
pub(super) fn boundary(content_type: &str) -> Option<&str> {
    let rest = content_type.strip_prefix("multipart/form-data")?;
    let (_, boundary) = rest.split_once("boundary=")?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    (!boundary.is_empty()).then_some(boundary)
}

/// The form's JSON and files. `None` if it is malformed.
pub(super) fn read(body: &Bytes, boundary: &str) -> Option<(Value, Vec<Upload>)> {
    let mut json = Value::Object(serde_json::Map::new());
    let mut uploads = Vec::new();
    for part in parts(body, boundary)? {
        let (head, content) = split_head(&part)?;
        let name = parameter(&head, "name")?;
        if name == "payload_json" {
            json = serde_json::from_slice(&content).ok()?;
        } else if let Some(index) = index_of(&name) {
            let filename = parameter(&head, "filename").unwrap_or_else(|| "unknown".into());
            let content_type =
                header(&head, "content-type").unwrap_or_else(|| "application/octet-stream".into());
            uploads.push(Upload { index, filename, content_type, bytes: content });
        }
    }
    (uploads.len() <= MAX_FILES).then_some((json, uploads))
}

fn index_of(name: &str) -> Option<u64> {
    name.strip_prefix("files[")?.strip_suffix(']')?.parse().ok()
}

/// The parts between the boundary lines.
fn parts(body: &Bytes, boundary: &str) -> Option<Vec<Bytes>> {
    let opening = format!("--{boundary}");
    let dividing = format!("\r\n--{boundary}");
    let mut rest = body.slice(find(body, opening.as_bytes())? + opening.len()..);
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let from = find(&rest, b"\r\n")? + 2;
        let end = find(&rest, dividing.as_bytes()).filter(|end| *end >= from)?;
        parts.push(rest.slice(from..end));
        rest = rest.slice(end + dividing.len()..);
    }
    Some(parts)
}

fn split_head(part: &Bytes) -> Option<(String, Bytes)> {
    let end = find(part, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&part.slice(..end)).into_owned();
    Some((head, part.slice(end + 4..)))
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn header(head: &str, wanted: &str) -> Option<String> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut found = lines.filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
    found.next().map(|(_, value)| value.trim().to_owned())
}

/// A quoted or bare parameter of the content disposition.
fn parameter(head: &str, wanted: &str) -> Option<String> {
    let disposition = header(head, "content-disposition")?;
    if let Some((_, rest)) = disposition.split_once(&format!("; {wanted}=\"")) {
        // What is within quotes may hold a semicolon, and a quote of its own after a backslash.
        let quoted = rest.replace("\\\"", "\u{0}");
        return quoted.split('"').next().map(|value| value.replace('\u{0}', "\""));
    }
    let pairs = disposition.split(';').filter_map(|pair| pair.trim().split_once('='));
    let mut found = pairs.filter(|(name, _)| *name == wanted);
    found.next().map(|(_, value)| value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_files_come_apart() {
        let body = Bytes::from_static(
            b"--XX\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\
              Content-Type: application/json\r\n\r\n{\"content\":\"hi\"}\r\n\
              --XX\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a.csv\"\r\n\
              Content-Type: text/csv\r\n\r\na,b\r\n1,2\r\n--XX--\r\n",
        );
        let boundary = boundary("multipart/form-data; boundary=XX").unwrap();
        let (json, uploads) = read(&body, boundary).unwrap();
        assert_eq!(json["content"], "hi");
        assert_eq!(uploads[0].filename, "a.csv");
        assert_eq!(uploads[0].content_type, "text/csv");
        assert_eq!(uploads[0].bytes, "a,b\r\n1,2");
    }

    #[test]
    fn names_are_read_with_quotes_and_without() {
        for (given, name) in [
            ("filename=\"a; b.csv\"", "a; b.csv"),
            ("filename=\"a\\\"b.csv\"", "a\"b.csv"),
            ("filename=a.csv", "a.csv"),
        ] {
            let head = format!("Content-Disposition: form-data; name=\"files[0]\"; {given}");
            assert_eq!(parameter(&head, "filename").as_deref(), Some(name), "{head}");
        }
    }

    #[test]
    fn an_unfinished_form_is_refused() {
        let body = Bytes::from_static(b"--XX\r\nContent-Disposition: form-data\r\n\r\nhalf");
        assert!(read(&body, "XX").is_none());
    }
}
