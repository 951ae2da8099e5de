//! Who sends a request, and what is in it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use serde_json::Value;

use super::multipart;
use crate::ids::{AppId, UserId};
use crate::shared::Shared;
use crate::world::{Refusal, Upload};

/// The largest file (Discord docs: uploading files).
const MAX_FILE: usize = 10 * 1024 * 1024;

/// The bot whose token a request carries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bot {
    pub(super) app: AppId,
    pub(super) user: UserId,
}

impl FromRequestParts<Arc<Shared>> for Bot {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Refusal> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|header| header.strip_prefix("Bot "));
        let token = token.ok_or(Refusal::Unauthorized)?;
        shared
            .with(|world| {
                world.app_with_token(token).map(|app| Self { app: app.id, user: app.bot })
            })
            .ok_or(Refusal::Unauthorized)
    }
}

impl Bot {
    /// Refuses routes of somebody else's application.
    pub(super) fn owns(self, app: AppId) -> Result<(), Refusal> {
        if self.app == app { Ok(()) } else { Err(Refusal::NotYourApplication) }
    }
}

/// A JSON body, alone or with files beside it.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) json: Value,
    pub(super) uploads: Vec<Upload>,
}

impl FromRequest<Arc<Shared>> for Form {
    type Rejection = Refusal;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, Refusal> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.unwrap_or_default().to_owned();
        let bytes = Bytes::from_request(request, shared).await.map_err(|rejection| {
            use axum::response::IntoResponse as _;
            let too_large = rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE;
            if too_large { Refusal::TooLarge } else { Refusal::InvalidJson }
        })?;
        if let Some(boundary) = multipart::boundary(&kind) {
            let (json, uploads) = multipart::read(&bytes, boundary).ok_or(Refusal::InvalidJson)?;
            if uploads.iter().any(|upload| upload.bytes.len() > MAX_FILE) {
                return Err(Refusal::TooLarge);
            }
            return Ok(Self { json, uploads });
        }
        if bytes.is_empty() {
            return Ok(Self { json: Value::Object(serde_json::Map::new()), uploads: Vec::new() });
        }
        if !kind.starts_with("application/json") {
            return Err(wrong_kind());
        }
        let json = serde_json::from_slice(&bytes).map_err(|_| Refusal::InvalidJson)?;
        Ok(Self { json, uploads: Vec::new() })
    }
}

/// Discord wants to know what a body is.
fn wrong_kind() -> Refusal {
    let mut form = crate::validate::Form::default();
    let message = "Expected \"Content-Type\" header to be one of {'application/json', \
                   'multipart/form-data', 'application/x-www-form-urlencoded'}.";
    form.wrong("CONTENT_TYPE_INVALID", message);
    form.finish(()).map_or_else(Refusal::InvalidForm, |()| Refusal::InvalidJson)
}
