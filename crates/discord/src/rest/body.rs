//! What a request carries: JSON, or JSON with files beside it.

use bytes::Bytes;
use hyper::header::HeaderValue;
use serde::Serialize;

use super::error::RestErrorKind;

/// What a file may be called; everything else becomes an underscore.
const NAME_LENGTH_MAX: usize = 100;

/// Characters of what is to be seen in a file. (Discord docs: "Attachment Object")
pub const DESCRIPTION_MAX: usize = 1_024;

/// The content of a request.
#[derive(Clone, Debug)]
pub struct Body(Result<(HeaderValue, Bytes), Box<str>>);

/// A file that goes along with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    name: String,
    content_type: &'static str,
    /// What is to be seen in it, for who cannot see it; empty for what is read anyway.
    description: String,
    bytes: Bytes,
}

impl File {
    /// A file. Of its name stay letters, digits, dots, dashes and underscores, at most 100.
    pub fn new(name: &str, content_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        let plain = |c: char| if c.is_ascii_alphanumeric() || ".-".contains(c) { c } else { '_' };
        let name = name.chars().map(plain).take(NAME_LENGTH_MAX).collect();
        Self { name, content_type, description: String::new(), bytes: bytes.into() }
    }

    /// The file with what is to be seen in it, at most 1,024 characters.
    #[must_use]
    pub fn described(mut self, description: &str) -> Self {
        self.description = description.chars().take(DESCRIPTION_MAX).collect();
        self
    }

    /// What is to be seen in it.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is in it.
    #[must_use]
    pub const fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

impl Body {
    /// Writes `value` as JSON. A value that cannot be written fails when the request is made.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => Self::from(Bytes::from(bytes)),
            Err(error) => Self(Err(error.to_string().into())),
        }
    }

    /// The same with files beside it, if there are any. (Discord docs: "Uploading Files")
    pub fn with_files<T: Serialize + ?Sized>(value: &T, files: &[File]) -> Self {
        match (serde_json::to_vec(value), files) {
            (Ok(json), []) => Self::from(Bytes::from(json)),
            (Ok(json), files) => multipart(&json, files),
            (Err(error), _) => Self(Err(error.to_string().into())),
        }
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

/// RFC 7578: the parts of a form, between lines that occur in none of them.
fn multipart(json: &[u8], files: &[File]) -> Body {
    let boundary = boundary(json, files);
    let room = files.iter().map(|file| file.bytes.len() + 256).sum::<usize>() + json.len() + 256;
    let mut body = Vec::with_capacity(room);
    let mut part = |disposition: &str, content_type: &str, content: &[u8]| {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\
             Content-Type: {content_type}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    };
    part(r#"name="payload_json""#, "application/json", json);
    for (number, file) in files.iter().enumerate() {
        let disposition = format!(r#"name="files[{number}]"; filename="{}""#, file.name);
        part(&disposition, file.content_type, &file.bytes);
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let content_type = format!("multipart/form-data; boundary={boundary}");
    Body(match HeaderValue::try_from(content_type) {
        Ok(content_type) => Ok((content_type, Bytes::from(body))),
        Err(error) => Err(error.to_string().into()),
    })
}

fn boundary(json: &[u8], files: &[File]) -> String {
    let occurs = |boundary: &str| {
        let contents = files.iter().map(|file| &*file.bytes).chain([json]);
        let is_in = |content: &[u8]| {
            content.windows(boundary.len()).any(|window| window == boundary.as_bytes())
        };
        contents.into_iter().any(is_in)
    };
    // Whatever is in the files, few of these can be.
    let mut boundary = "muster-part-0".to_owned();
    for number in 1_u64.. {
        if !occurs(&boundary) {
            break;
        }
        boundary = format!("muster-part-{number}");
    }
    boundary
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(files: &[File]) -> (String, String) {
        let (kind, bytes) = Body::with_files(&7, files).into_parts().unwrap();
        (kind.to_str().unwrap().to_owned(), String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[test]
    fn files_stand_beside_the_json() {
        let (kind, text) = written(&[File::new("list.csv", "text/csv", "a,b")]);
        assert_eq!(kind, "multipart/form-data; boundary=muster-part-0");
        let lines: Vec<_> = text.split("\r\n").collect();
        let begin = [
            "--muster-part-0",
            r#"Content-Disposition: form-data; name="payload_json""#,
            "Content-Type: application/json",
            "",
            "7",
            "--muster-part-0",
            r#"Content-Disposition: form-data; name="files[0]"; filename="list.csv""#,
            "Content-Type: text/csv",
            "",
            "a,b",
            "--muster-part-0--",
            "",
        ];
        assert_eq!(lines, begin);
    }

    #[test]
    fn without_files_it_is_plain_json() {
        assert_eq!(written(&[]), ("application/json".to_owned(), "7".to_owned()));
    }

    #[test]
    fn a_file_cannot_end_its_own_part_nor_its_name_the_head() {
        let hostile = "--muster-part-0--\r\nmuster-part-1";
        let (kind, text) = written(&[File::new("a\"\r\n/ä b.ics", "text/calendar", hostile)]);
        assert!(kind.ends_with("boundary=muster-part-2"), "{kind}");
        assert!(text.contains(r#"filename="a______b.ics""#), "{text}");
    }
}
