//! The bot's own figures, as anybody can read them at `/metrics`, and its dashboard, open.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::error::{BenchError, io, other};

/// How long an answer may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// How often a reader looks whether it is to end.
const LOOK: Duration = Duration::from_millis(500);

/// An address of this machine that nobody listens at.
pub(crate) fn free_address() -> Result<SocketAddr, BenchError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(io("a port"))?;
    listener.local_addr().map_err(io("a port"))
}

/// What `/metrics` said once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Metrics(BTreeMap<String, f64>);

impl Metrics {
    /// Asks for them.
    pub(crate) fn read(address: SocketAddr) -> Result<Self, BenchError> {
        let mut stream = ask(address, "/metrics", "close")?;
        stream.set_read_timeout(Some(ANSWER_LIMIT)).map_err(io("the metrics"))?;
        let mut text = String::new();
        stream.read_to_string(&mut text).map_err(io("the metrics"))?;
        let is_good = text.starts_with("HTTP/1.1 200");
        is_good.then(|| Self::parse(&text)).ok_or_else(|| other("there are no metrics"))
    }

    /// Lines that are none are headers and comments.
    pub(crate) fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| line.starts_with("muster_"));
        let pairs = lines.filter_map(|line| line.rsplit_once(' '));
        let known = |(name, value): (&str, &str)| Some((name.to_owned(), value.parse().ok()?));
        Self(pairs.filter_map(known).collect())
    }

    /// One figure, by its name with its labels: `muster_cpu_ratio`, `muster_queue{queue="taps"}`.
    pub(crate) fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }

    /// All figures of this name, by what their labels say.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, f64)> + 'a {
        self.0.iter().filter_map(move |(whole, value)| {
            let labels = whole.strip_prefix(name)?.strip_prefix('{')?.strip_suffix('}')?;
            Some((labels, *value))
        })
    }

    /// The sum of all figures of this name whose labels hold this.
    pub(crate) fn sum(&self, name: &str, label: &str) -> f64 {
        self.all(name).filter(|(labels, _)| labels.contains(label)).map(|(_, value)| value).sum()
    }
}

fn ask(address: SocketAddr, path: &str, connection: &str) -> Result<TcpStream, BenchError> {
    let mut stream =
        TcpStream::connect_timeout(&address, ANSWER_LIMIT).map_err(io("the dashboard"))?;
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: {connection}\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(io("the dashboard"))?;
    Ok(stream)
}

/// A page that is open and kept up to date, until it is dropped.
pub(crate) struct Page {
    news: Arc<AtomicU64>,
    is_over: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
}

impl Page {
    /// Opens it.
    pub(crate) fn open(address: SocketAddr) -> Result<Self, BenchError> {
        let stream = ask(address, "/live", "keep-alive")?;
        stream.set_read_timeout(Some(LOOK)).map_err(io("the dashboard"))?;
        let (news, is_over) = (Arc::<AtomicU64>::default(), Arc::<AtomicBool>::default());
        let (counted, ended) = (Arc::clone(&news), Arc::clone(&is_over));
        let body = move || {
            let mut lines = BufReader::new(stream);
            let mut line = Vec::new();
            while !ended.load(Ordering::Relaxed) {
                match lines.read_until(b'\n', &mut line) {
                    Ok(0) => return,
                    Ok(_) if line.ends_with(b"\n") => {
                        counted.fetch_add(u64::from(line.starts_with(b"data:")), Ordering::Relaxed);
                        line.clear();
                    }
                    // Nothing new, or a part of a line.
                    Ok(_) | Err(_) => {}
                }
            }
        };
        let reader = std::thread::Builder::new().spawn(body).map_err(io("a thread"))?;
        Ok(Self { news, is_over, reader: Some(reader) })
    }

    /// How often something new came.
    pub(crate) fn news(&self) -> u64 {
        self.news.load(Ordering::Relaxed)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // It has nothing to say, not even how it ended.
        self.reader.take().map(JoinHandle::join).transpose().unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_found_by_name_and_labels() {
        let text = "HTTP/1.1 200 OK\r\ndate: today\r\n\r\n# HELP muster_cpu_ratio Share.\n\
            muster_cpu_ratio 0.25\nmuster_tasks_total{task=\"a b\",outcome=\"failed\"} 2\n\
            muster_tasks_total{task=\"c\",outcome=\"failed\"} 3\n";
        let metrics = Metrics::parse(text);
        assert_eq!(metrics.get("muster_cpu_ratio"), Some(0.25));
        assert_eq!(metrics.get("muster_cpu"), None);
        assert!((metrics.sum("muster_tasks_total", r#"outcome="failed""#) - 5.0).abs() < 1e-9);
        assert_eq!(metrics.all("muster_tasks_total").count(), 2);
        assert_eq!(metrics.all("muster_tasks").count(), 0);
    }
}
