//! The REST interface: answers at once, with headers of Discord's size, whatever the bot asks.

use std::sync::atomic::Ordering;

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Shared, Wire};
use crate::world::{BOT, CHANNEL, FIRST_INTERACTION, GUILD, message_id};

/// Largest request taken.
const REQUEST_BYTES_MAX: usize = 1 << 20;

/// The number of the first message that is taken: above those of all events there are.
const FIRST_POSTED: u64 = 1 << 32;

/// The headers that come with every answer of Discord's, about as long.
const HEADERS: &str = "date: Tue, 10 Nov 2026 11:12:13 GMT\r\n\
connection: keep-alive\r\n\
set-cookie: __dcfduid=0f1e2d3c4b5a69788796a5b4c3d2e1f0; Expires=Sun, 09 Nov 2031 11:12:13 GMT; \
Max-Age=157680000; Secure; HttpOnly; Path=/; SameSite=Lax\r\n\
strict-transport-security: max-age=31536000; includeSubDomains; preload\r\n\
via: 1.1 google\r\n\
alt-svc: h3=\":443\"; ma=86400\r\n\
cf-cache-status: DYNAMIC\r\n\
report-to: {\"group\":\"cf-nel\",\"max_age\":604800,\"endpoints\":[{\"url\":\"https://a.example/\"}]}\r\n\
nel: {\"success_fraction\":0,\"report_to\":\"cf-nel\",\"max_age\":604800}\r\n\
x-content-type-options: nosniff\r\n\
content-security-policy: frame-ancestors 'none'; default-src 'none'\r\n\
server: cloudflare\r\n\
cf-ray: 8f1d2c3b4a596877-FRA\r\n";

/// A bucket that is never empty: limits are not what is measured here.
const BUCKET: &str = "x-ratelimit-bucket: 0123456789abcdef0123456789abcdef\r\n\
x-ratelimit-limit: 50\r\nx-ratelimit-remaining: 49\r\nx-ratelimit-reset: 1794309133.000\r\n\
x-ratelimit-reset-after: 1.000\r\n";

struct Request<'a> {
    method: &'a str,
    path: &'a str,
    body: &'a [u8],
}

/// Serves one connection to its end.
pub(super) async fn serve(mut stream: Box<dyn Wire>, shared: &Shared) {
    let accepted = format!("HTTP/1.1 204 No Content\r\n{HEADERS}{BUCKET}\r\n");
    let mut buffer = BytesMut::with_capacity(16 * 1024);
    loop {
        let Some((request, length)) = parse(&buffer) else {
            if buffer.len() > REQUEST_BYTES_MAX {
                return;
            }
            match stream.read_buf(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(_) => continue,
            }
        };
        let sent = if callback(&request, shared) {
            stream.write_all(accepted.as_bytes()).await
        } else {
            shared.tally.other();
            stream.write_all(answer(&request, shared).as_bytes()).await
        };
        if sent.is_err() {
            return;
        }
        buffer.advance(length);
    }
}

/// The answer to a tap, if that is what it is. Right is what changes the post (type 7).
fn callback(request: &Request<'_>, shared: &Shared) -> bool {
    let Some(rest) = request.path.strip_prefix("/api/v10/interactions/") else { return false };
    let id = rest.split('/').next().and_then(|id| id.parse::<u64>().ok());
    let Some(number) = id.and_then(|id| id.checked_sub(FIRST_INTERACTION)) else { return false };
    shared.tally.answered(number, request.body.starts_with(br#"{"type":7"#));
    true
}

fn answer(request: &Request<'_>, shared: &Shared) -> String {
    let body = body(request, shared);
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         {HEADERS}{BUCKET}\r\n{body}"
    )
}

fn body(request: &Request<'_>, shared: &Shared) -> String {
    let path = request.path.strip_prefix("/api/v10/").unwrap_or_default();
    let parts: Vec<_> = path.split(['/', '?']).collect();
    let message = |id| format!(r#"{{"id":"{id}","channel_id":"{CHANNEL}"}}"#);
    match (request.method, parts.as_slice()) {
        (_, ["gateway", "bot"]) => format!(
            r#"{{"url":"{}","shards":1,"session_start_limit":{{"total":1000,"remaining":1000,
"reset_after":0,"max_concurrency":1}}}}"#,
            shared.gateway_url
        ),
        (_, ["applications", "@me"]) => {
            format!(r#"{{"id":"{BOT}","name":"muster","flags":0,"owner":{{"id":"{GUILD}"}}}}"#)
        }
        ("POST", ["channels", _, "messages"]) => {
            shared.tally.posted();
            let number = shared.posted.fetch_add(1, Ordering::Relaxed);
            message(message_id(FIRST_POSTED + number))
        }
        ("POST", ["users", "@me", "channels"]) => format!(r#"{{"id":"{CHANNEL}","type":1}}"#),
        ("GET" | "PATCH", ["channels", _, "messages", id]) => format!(
            r#"{{"id":"{id}","channel_id":"{CHANNEL}","author":{{"id":"{BOT}"}},"components":[]}}"#
        ),
        (_, ["channels", id]) => {
            format!(r#"{{"id":"{id}","type":0,"guild_id":"{GUILD}","name":"events"}}"#)
        }
        (_, ["guilds", id]) => {
            format!(r#"{{"id":"{id}","owner_id":"{BOT}","system_channel_id":null,"roles":[]}}"#)
        }
        _ => "[]".to_owned(),
    }
}

/// One whole request and its length, if there is one.
fn parse(buffer: &[u8]) -> Option<(Request<'_>, usize)> {
    let head_end = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(buffer.get(..head_end)?).ok()?;
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?, first.next()?);
    let length = lines
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(Some(0), |(_, value)| value.parse::<usize>().ok())?;
    let body = buffer.get(head_end..head_end + length)?;
    Some((Request { method, path, body }, head_end + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_taken_when_all_of_it_is_there() {
        let whole = b"POST /a HTTP/1.1\r\nhost: x\r\nContent-Length: 3\r\n\r\nabcPOST";
        for part in 0..whole.len() - 4 {
            assert!(parse(&whole[..part]).is_none(), "{part}");
        }
        let (request, length) = parse(whole).unwrap();
        assert_eq!((request.method, request.path, request.body), ("POST", "/a", &b"abc"[..]));
        assert_eq!(length, whole.len() - 4);
    }
}
