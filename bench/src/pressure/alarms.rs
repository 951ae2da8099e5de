//! Takes the alerts that are sent to `ALERT_WEBHOOK_URL`.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::error::{BenchError, io};

/// How long one request may take to come.
const REQUEST_LIMIT: Duration = Duration::from_secs(5);

/// A webhook on this machine.
pub(super) struct Alarms {
    address: SocketAddr,
    told: Arc<Mutex<Vec<String>>>,
}

impl Alarms {
    /// Listens until this process ends.
    pub(super) fn listen() -> Result<Self, BenchError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(io("a port"))?;
        let address = listener.local_addr().map_err(io("a port"))?;
        let told = Arc::<Mutex<Vec<String>>>::default();
        let heard = Arc::clone(&told);
        let take = move || {
            for stream in listener.incoming().flatten() {
                // One that could not be read is missing in what was told.
                if let Some(level) = take(stream) {
                    heard.lock().unwrap_or_else(PoisonError::into_inner).push(level);
                }
            }
        };
        std::thread::Builder::new().spawn(take).map_err(io("a thread"))?;
        Ok(Self { address, told })
    }

    /// What `ALERT_WEBHOOK_URL` has to be.
    pub(super) fn address(&self) -> String {
        format!("http://{}/alerts", self.address)
    }

    /// The levels of memory that were told, in their order.
    pub(super) fn told(&self) -> Vec<String> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Takes one request; the level that it tells of memory.
fn take(mut stream: TcpStream) -> Option<String> {
    stream.set_read_timeout(Some(REQUEST_LIMIT)).ok()?;
    let mut text = Vec::new();
    // The body is one object.
    while text.last() != Some(&b'}') {
        let mut bytes = [0; 2_048];
        let length = stream.read(&mut bytes).ok().filter(|length| *length > 0)?;
        text.extend_from_slice(bytes.get(..length)?);
    }
    stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").ok()?;
    level(&String::from_utf8(text).ok()?)
}

fn level(request: &str) -> Option<String> {
    let (_, body) = request.split_once("\r\n\r\n")?;
    let told: serde_json::Value = serde_json::from_str(body).ok()?;
    let is_memory = told.get("resource")?.as_str()? == "memory";
    is_memory.then(|| told.get("level")?.as_str().map(str::to_owned)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_of_memory_is_read_from_a_request() {
        let request = |resource| {
            format!("POST / HTTP/1.1\r\n\r\n{{\"resource\":\"{resource}\",\"level\":\"info\"}}")
        };
        assert_eq!(level(&request("memory")).as_deref(), Some("info"));
        assert_eq!(level(&request("disk")), None);
    }
}
