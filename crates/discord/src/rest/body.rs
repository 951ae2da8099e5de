//! What a request carries: JSON, or JSON with one file.

use bytes::Bytes;
use hyper::header::HeaderValue;
use serde::Serialize;

use super::error::RestErrorKind;

/// Separates the parts of a request with a file. Text that we send never holds it: it is checked.
const BOUNDARY: &str = "muster-6b1f0e57c2d94a83";

/// The content of a request.
#[derive(Clone, Debug)]
pub struct Body(Result<(HeaderValue, Bytes), Box<str>>);

impl Body {
    /// Writes `value` as JSON. A value that cannot be written fails when the request is made.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => Self::from(Bytes::from(bytes)),
            Err(error) => Self(Err(error.to_string().into())),
        }
    }

    /// JSON that was written before, with one file beside it. The JSON should name it as
    /// `{"attachments":[{"id":0,"filename":…}]}` (Discord docs: uploading files).
    #[must_use]
    pub fn with_file(json: &[u8], file: &File<'_>) -> Self {
        let name: String =
            file.name.chars().filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c)).collect();
        let mut out = Vec::with_capacity(json.len() + file.content.len() + 400);
        for (head, part) in [
            ("name=\"payload_json\"\r\nContent-Type: application/json".to_owned(), json),
            (
                format!("name=\"files[0]\"; filename=\"{name}\"\r\nContent-Type: {}", file.kind),
                file.content,
            ),
        ] {
            out.extend_from_slice(format!("--{BOUNDARY}\r\n").as_bytes());
            out.extend_from_slice(b"Content-Disposition: form-data; ");
            out.extend_from_slice(head.as_bytes());
            out.extend_from_slice(b"\r\n\r\n");
            out.extend_from_slice(part);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        if holds_boundary(json) || holds_boundary(file.content) {
            return Self(Err("the content holds the boundary of its parts".into()));
        }
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        Self(match HeaderValue::from_str(&kind) {
            Ok(kind) => Ok((kind, out.into())),
            Err(error) => Err(error.to_string().into()),
        })
    }

    pub(super) fn into_parts(self) -> Result<(HeaderValue, Bytes), RestErrorKind> {
        self.0.map_err(RestErrorKind::Unwritable)
    }
}

impl From<Bytes> for Body {
    /// JSON that was written before.
    fn from(json: Bytes) -> Self {
        Self(Ok((HeaderValue::from_static("application/json"), json)))
    }
}

/// A file to send along.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its name; what is not a letter, digit, dot, dash or underscore is left out.
    pub name: &'a str,
    /// Its media type, such as `text/csv`.
    pub kind: &'static str,
    /// What is in it; at most 10 MiB by Discord's default.
    pub content: &'a [u8],
}

fn holds_boundary(content: &[u8]) -> bool {
    content.windows(BOUNDARY.len()).any(|window| window == BOUNDARY.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stands_beside_its_json() {
        let file = File { name: "list\"/.csv", kind: "text/csv", content: b"a,b\r\n" };
        let (kind, bytes) = Body::with_file(b"{}", &file).into_parts().unwrap();
        assert_eq!(kind, format!("multipart/form-data; boundary={BOUNDARY}"));
        let expected = "--B\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\
             Content-Type: application/json\r\n\r\n{}\r\n\
             --B\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"list.csv\"\r\n\
             Content-Type: text/csv\r\n\r\na,b\r\n\r\n--B--\r\n";
        assert_eq!(bytes, expected.replace("--B", &format!("--{BOUNDARY}")));
    }

    #[test]
    fn content_cannot_pretend_to_be_a_part() {
        let content = format!("--{BOUNDARY}--");
        let file = File { name: "x", kind: "text/plain", content: content.as_bytes() };
        assert!(Body::with_file(b"{}", &file).into_parts().is_err());
    }
}
