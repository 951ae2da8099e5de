//! What a request carries: JSON.

use bytes::Bytes;
use hyper::header::HeaderValue;
use serde::Serialize;

use super::error::RestErrorKind;

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
