//! Which address a request comes from when a proxy stands before the program.

use std::net::IpAddr;

use axum::http::HeaderMap;

/// Addresses that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    first: u128,
    mask: u128,
}

impl Network {
    /// Reads `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let (width, spare) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let bits = bits.unwrap_or(width);
        if bits > width {
            return None;
        }
        let mask = u128::MAX.checked_shl(128 - (bits + spare)).unwrap_or(0);
        Some(Self { first: wide(address) & mask, mask })
    }

    fn holds(&self, address: IpAddr) -> bool {
        wide(address) & self.mask == self.first
    }
}

/// Every address as one of IPv6.
fn wide(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// The last address on the way that no trusted proxy has. What stands further left in
/// `X-Forwarded-For` is what anybody can write there.
pub(crate) fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address| trusted.iter().any(|network| network.holds(address));
    let mut client = peer;
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let hops = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.rsplit(','));
    for hop in hops {
        if !is_trusted(client) {
            break;
        }
        let Ok(address) = hop.trim().parse::<IpAddr>() else {
            break;
        };
        client = address.to_canonical();
    }
    client
}

/// Whom attempts are counted for: whoever has one address of IPv6 has all that begin like it.
pub(crate) fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.into(),
        IpAddr::V6(v6) => std::net::Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &str, trusted: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let trusted: Vec<_> = trusted.split(' ').filter_map(Network::parse).collect();
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_says_who_asks() {
        assert_eq!(seen("10.0.0.1", "203.0.113.9", ""), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", "203.0.113.9", "10.0.0.0/8"), "203.0.113.9");
        assert_eq!(seen("192.0.2.1", "203.0.113.9", "10.0.0.0/8"), "192.0.2.1");
        assert_eq!(seen("fd00::1", "2001:db8::9", "fd00::/8"), "2001:db8::9");
    }

    #[test]
    fn what_a_client_wrote_itself_counts_for_nothing() {
        assert_eq!(seen("10.0.0.1", "6.6.6.6, 203.0.113.9", "10.0.0.1"), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2", "10.0.0.0/8"), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", "nonsense", "10.0.0.1"), "10.0.0.1");
    }

    #[test]
    fn networks_are_read_or_refused() {
        for good in ["0.0.0.0/0", "10.1.2.3", "::/0", "fd00::/8", "10.0.0.0/32"] {
            assert!(Network::parse(good).is_some(), "{good}");
        }
        for bad in ["", "10.0.0.0/33", "fd00::/129", "proxy", "10.0.0.0/x", "10.0.0.0/-1"] {
            assert_eq!(Network::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn neighbours_of_ipv6_count_as_one() {
        let one = counted_as("2001:db8::1".parse().unwrap());
        assert_eq!(one, counted_as("2001:db8::ffff:1".parse().unwrap()));
        assert_ne!(one, counted_as("2001:db8:0:1::1".parse().unwrap()));
        assert_eq!(counted_as("::ffff:192.0.2.1".parse().unwrap()).to_string(), "192.0.2.1");
    }
}
