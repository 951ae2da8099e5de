//! The dashboard of the program that is measured, as a scraper and an operator use it.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::clock;
use crate::error::{BenchError, io, other};

/// How long an answer may take: the program may be short of memory or processor.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// How long it may take until the dashboard answers at all.
const START_LIMIT: Duration = Duration::from_secs(30);

/// Where it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dashboard(SocketAddr);

/// The figures of one moment, in the text format of Prometheus.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures(String);

impl Dashboard {
    /// At a port that was free a moment ago.
    pub(crate) fn free() -> Result<Self, BenchError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(io("a port"))?;
        listener.local_addr().map(Self).map_err(io("a port"))
    }

    /// What `HTTP_ADDR` has to be.
    pub(crate) fn address(self) -> String {
        self.0.to_string()
    }

    /// Waits until it answers.
    pub(crate) fn wait(self) -> Result<(), BenchError> {
        let began = clock::now();
        while self.ask("GET", "/healthz", "", "").is_err() {
            if began.elapsed() > START_LIMIT {
                return Err(other("the dashboard does not answer"));
            }
            clock::pause(Duration::from_millis(50));
        }
        Ok(())
    }

    /// The figures now.
    pub(crate) fn figures(self) -> Result<Figures, BenchError> {
        self.ask("GET", "/metrics", "", "").map(Figures)
    }

    /// Has everything cleaned up, as with the button on the page.
    pub(crate) fn clean_up(self) -> Result<(), BenchError> {
        let page = self.ask("GET", "/", "", "")?;
        let form = page.split_once("name=\"form_token\" value=\"").and_then(|cut| {
            let (token, _) = cut.1.split_once('"')?;
            Some(format!("form_token={token}"))
        });
        let form = form.ok_or_else(|| other("the dashboard has no form"))?;
        let headers = format!(
            "Origin: http://{}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n",
            self.0
        );
        self.ask("POST", "/clean-up", &headers, &form).map(drop)
    }

    /// What an open page is sent from now on.
    pub(crate) fn live(self) -> Result<TcpStream, BenchError> {
        let mut stream = TcpStream::connect(self.0).map_err(io("the dashboard"))?;
        let request = format!("GET /live HTTP/1.1\r\nHost: {}\r\n\r\n", self.0);
        stream.write_all(request.as_bytes()).map_err(io("the dashboard"))?;
        Ok(stream)
    }

    /// Asks for a page; whatever is neither there nor elsewhere is an error.
    fn ask(self, method: &str, path: &str, more: &str, body: &str) -> Result<String, BenchError> {
        let mut stream = TcpStream::connect(self.0).map_err(io("the dashboard"))?;
        stream.set_read_timeout(Some(ANSWER_LIMIT)).map_err(io("the dashboard"))?;
        let (address, length) = (self.0, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{more}\
             Content-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).map_err(io("the dashboard"))?;
        let mut text = String::new();
        stream.read_to_string(&mut text).map_err(io("the dashboard"))?;
        match text.split(' ').nth(1) {
            Some("200" | "303") => Ok(text),
            status => Err(other(&format!("the dashboard answers {path} with {status:?}"))),
        }
    }
}

impl Figures {
    /// The value of a series, written with its labels; 0 if there is none.
    pub(crate) fn of(&self, series: &str) -> f64 {
        let value = self.0.lines().find_map(|line| {
            let rest = line.strip_prefix(series)?.strip_prefix(' ')?;
            rest.trim().parse().ok()
        });
        value.unwrap_or_default()
    }

    /// The sum of all series of a name.
    pub(crate) fn sum(&self, name: &str) -> f64 {
        let values = self.0.lines().filter_map(|line| {
            let rest = line.strip_prefix(name)?.strip_prefix('{')?;
            rest.rsplit_once(' ')?.1.parse::<f64>().ok()
        });
        values.sum()
    }

    /// The value of the only label of the series that is 1, as in a level; empty if there is none.
    pub(crate) fn state(&self, name: &str) -> String {
        let state = self.0.lines().find_map(|line| {
            let labels = line.strip_prefix(name)?.strip_prefix('{')?.strip_suffix("} 1")?;
            Some(labels.split('"').nth(1)?.to_owned())
        });
        state.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_as_they_are_written() {
        let text = "# HELP a b\na 5\na_b 6\nc{kind=\"x\"} 1\nc{kind=\"y\"} 2.5\n\
                    level{level=\"low\"} 0\nlevel{level=\"high\"} 1\n";
        let figures = Figures(text.to_owned());
        let all = (figures.of("a"), figures.of("c{kind=\"y\"}"), figures.of("none"));
        assert_eq!(all, (5.0, 2.5, 0.0));
        assert_eq!((figures.sum("c"), figures.state("level").as_str()), (3.5, "high"));
    }
}
