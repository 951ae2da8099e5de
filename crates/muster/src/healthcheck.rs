//! `muster healthcheck`: asks a running bot whether it is alive, for containers.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use muster_web::ALIVE;

use crate::exit::Exit;

/// How long connecting, writing and reading may take, each.
const LIMIT: Duration = Duration::from_secs(2);

/// What is read of the answer: Muster's has some headers and one word.
const READ_MAX: usize = 4_096;

/// Asks at the address where the dashboard listens; `None` if it does not.
pub(crate) fn healthcheck(listens: Option<SocketAddr>) -> Result<(), Exit> {
    let Some(listens) = listens else {
        return Err(Exit::variable("HTTP_ADDR", "off", "a health check needs an address to ask"));
    };
    let address = SocketAddr::new(here(listens.ip()), listens.port());
    match answer(address) {
        Ok(said) if !is_ok(&said) => {
            let line = said.lines().next().unwrap_or_default();
            Err(unwell(address, &format!("it answers {line:?}")))
        }
        Ok(said) if !said.ends_with(&format!("\r\n\r\n{ALIVE}")) => {
            Err(unwell(address, "another program answers there"))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(unwell(address, &error.to_string())),
    }
}

fn is_ok(said: &str) -> bool {
    said.split_once(' ').is_some_and(|(_, rest)| rest.starts_with("200"))
}

fn unwell(address: SocketAddr, why: &str) -> Exit {
    Exit::Surroundings(format!("Muster does not answer at {address} ({why}): see its log"))
}

/// Where a listener can be asked on this machine.
const fn here(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(_) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        IpAddr::V4(_) | IpAddr::V6(_) => ip,
    }
}

fn answer(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    // At once, and not in the pieces in which it is put together.
    let asked = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(asked.as_bytes())?;
    let mut said = Vec::with_capacity(READ_MAX);
    let limit = u64::try_from(READ_MAX).unwrap_or(u64::MAX);
    stream.take(limit).read_to_end(&mut said)?;
    Ok(String::from_utf8_lossy(&said).into_owned())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn against(answer: &'static str) -> Result<(), Exit> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let answering = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 256];
            let length = stream.read(&mut asked).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8_lossy(&asked[..length]).into_owned()
        });
        let checked = healthcheck(Some(address));
        assert!(answering.join().unwrap().starts_with("GET /healthz HTTP/1.1\r\n"));
        checked
    }

    #[test]
    fn an_answer_with_200_is_alive_and_nothing_else_is() {
        assert_eq!(against("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nalive\n"), Ok(()));
        let unwell = against("HTTP/1.1 500 Internal Server Error\r\n\r\n").unwrap_err();
        assert!(unwell.to_string().contains("500"), "{unwell}");
    }

    #[test]
    fn another_program_at_the_address_is_not_muster() {
        for other in [
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n<h1>It works!</h1>",
            "HTTP/1.1 200 OK\r\n\r\nnot alive\n",
        ] {
            let unwell = against(other).unwrap_err().to_string();
            assert!(unwell.contains("another program"), "{unwell}");
        }
    }

    #[test]
    fn nobody_there_is_said_with_the_address() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let unwell = healthcheck(Some(address)).unwrap_err();
        assert!(unwell.to_string().contains(&address.to_string()), "{unwell}");
        assert_eq!(healthcheck(None).unwrap_err().status(), 3);
    }

    #[test]
    fn a_listener_on_all_addresses_is_asked_on_this_machine() {
        assert_eq!(here("0.0.0.0".parse().unwrap()), IpAddr::V4(Ipv4Addr::LOCALHOST));
        assert_eq!(here("::".parse().unwrap()), IpAddr::V6(Ipv6Addr::LOCALHOST));
        let other = "10.1.2.3".parse().unwrap();
        assert_eq!(here(other), other);
    }
}
