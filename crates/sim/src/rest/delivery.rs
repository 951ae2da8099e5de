//! How the bytes of an answer travel on a bad day: not at all, in part, or slowly.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream;

use crate::faults::Delivery;

/// How long a half answer is given to leave before the connection ends.
const LEAVE: Duration = Duration::from_millis(5);

/// The response as it is to travel. No response ends the connection.
pub(super) async fn send(response: Option<Response>, delivery: Delivery) -> Response {
    let Some(response) = response else {
        return nothing();
    };
    match delivery {
        Delivery::Whole => response,
        Delivery::Nothing => nothing(),
        Delivery::Cut => {
            let (response, body) = take_body(response).await;
            let half = body.slice(..body.len().div_ceil(2));
            let begun = stream::iter([Ok(half)]);
            let ends = stream::once(async {
                tokio::time::sleep(LEAVE).await;
                Err(gone())
            });
            response.map(|_| Body::from_stream(begun.chain(ends)))
        }
        Delivery::Dribbled { piece, pause } => {
            let (response, body) = take_body(response).await;
            let pieces: Vec<_> = pieces(&body, piece);
            let slowly = stream::iter(pieces).then(move |piece| async move {
                tokio::time::sleep(pause).await;
                Ok::<_, io::Error>(piece)
            });
            response.map(|_| Body::from_stream(slowly))
        }
    }
}

/// A server that cannot read the first byte of an answer's body sends not even its head, but ends
/// the connection.
fn nothing() -> Response {
    let broken = stream::once(async { Err::<Bytes, _>(gone()) });
    (StatusCode::OK, Body::from_stream(broken)).into_response()
}

fn gone() -> io::Error {
    io::Error::other("the connection was dropped on purpose")
}

/// Takes the body out, and says in the head how long it was meant to be.
async fn take_body(response: Response) -> (Response, Bytes) {
    let (mut head, body) = response.into_parts();
    // Bodies are made in memory here, so that reading one cannot fail.
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    head.headers.insert(CONTENT_LENGTH, body.len().into());
    (Response::from_parts(head, Body::empty()), body)
}

fn pieces(body: &Bytes, size: usize) -> Vec<Bytes> {
    let starts = (0..body.len()).step_by(size.max(1));
    starts.map(|at| body.slice(at..body.len().min(at.saturating_add(size.max(1))))).collect()
}
