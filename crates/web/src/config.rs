//! Who may see the dashboard, decided before anything listens.

use std::net::{IpAddr, SocketAddr};

use thiserror::Error;

use crate::limits::{TOKEN_CHARS_MAX, TOKEN_CHARS_MIN};
use crate::proxy::Network;
use crate::secret::Secret;

/// The values of the variables as they were given; empty ones are not set.
#[derive(Clone, Copy, Default)]
pub struct Given<'a> {
    /// `PUBLIC_URL`: where browsers find the dashboard.
    pub public_url: &'a str,
    /// `DASHBOARD_TOKEN`: what opens it.
    pub dashboard_token: &'a str,
    /// `DISCORD_CLIENT_SECRET`: with it operators sign in with Discord.
    pub client_secret: &'a str,
    /// `TRUSTED_PROXY`: addresses and networks, separated by commas.
    pub trusted_proxy: &'a str,
}

/// Who may see the dashboard.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whether one has to sign in.
    pub(crate) access: Access,
    /// Where browsers find it.
    pub(crate) origin: Option<Origin>,
    pub(crate) token: Option<Secret>,
    pub(crate) client_secret: Option<Secret>,
    pub(crate) proxies: Vec<Network>,
}

/// Whether one has to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Whoever is on this machine may.
    Local,
    /// Only who has signed in.
    SignedIn,
}

/// Scheme and host of an address for browsers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// As browsers name it, such as `https://muster.example`.
    pub(crate) text: String,
    /// As it stands in `Host`.
    pub(crate) host: String,
    pub(crate) is_https: bool,
}

/// A variable cannot be as it is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// Anybody could see the dashboard.
    #[error(
        "HTTP_ADDR={0} can be reached from other machines, so the dashboard needs a sign-in: set \
         DASHBOARD_TOKEN, or PUBLIC_URL together with DISCORD_CLIENT_SECRET; or listen on \
         127.0.0.1 only"
    )]
    OpenToOthers(SocketAddr),
    /// An address for others, and no way in.
    #[error(
        "PUBLIC_URL={0} is for other machines, so the dashboard needs a sign-in: set \
         DASHBOARD_TOKEN or DISCORD_CLIENT_SECRET as well"
    )]
    NoWayIn(String),
    /// Not an address for browsers.
    #[error(
        "PUBLIC_URL={0} is not valid: it must be https:// and a host, with a port if need be, and \
         nothing behind it, such as https://muster.example.org"
    )]
    PublicUrl(String),
    /// Too easy to guess, or nothing that fits into a header. Its value is not told.
    #[error(
        "DASHBOARD_TOKEN is not valid: it must have {TOKEN_CHARS_MIN} to {TOKEN_CHARS_MAX} \
         letters, digits and signs of ASCII without blanks; `openssl rand -hex 32` makes a good \
         one"
    )]
    Token,
    /// Discord would not know where to send browsers back to.
    #[error(
        "DISCORD_CLIENT_SECRET needs PUBLIC_URL, the address to which Discord sends browsers back"
    )]
    NoPublicUrl,
    /// Not a list of addresses.
    #[error(
        "TRUSTED_PROXY={0} is not valid: it must be one or more addresses or networks, separated \
         by commas, such as 127.0.0.1,10.0.0.0/8"
    )]
    TrustedProxy(String),
}

impl Config {
    /// Checks the variables for a program that listens at `address`.
    pub fn check(address: SocketAddr, given: &Given<'_>) -> Result<Self, ConfigError> {
        let origin = set(given.public_url).map(Origin::parse).transpose()?;
        let token = set(given.dashboard_token).map(token).transpose()?;
        let client_secret = set(given.client_secret).map(Secret::new);
        if client_secret.is_some() && origin.is_none() {
            return Err(ConfigError::NoPublicUrl);
        }
        let has_way_in = token.is_some() || client_secret.is_some();
        if let Some(origin) = origin.as_ref().filter(|_| !has_way_in) {
            return Err(ConfigError::NoWayIn(origin.text.clone()));
        }
        if !has_way_in && !address.ip().to_canonical().is_loopback() {
            return Err(ConfigError::OpenToOthers(address));
        }
        let access = if has_way_in { Access::SignedIn } else { Access::Local };
        let proxies = networks(given.trusted_proxy)?;
        Ok(Self { access, origin, token, client_secret, proxies })
    }

    /// Whether the token and the sign-in cross a network in clear text, as far as can be known:
    /// there is a sign-in, and no `PUBLIC_URL` says that a proxy with https stands before it.
    #[must_use]
    pub fn is_in_clear(&self, address: SocketAddr) -> bool {
        let is_local = address.ip().to_canonical().is_loopback();
        self.access == Access::SignedIn && !self.is_https() && !is_local
    }

    /// Whether browsers come over https.
    pub(crate) fn is_https(&self) -> bool {
        self.origin.as_ref().is_some_and(|origin| origin.is_https)
    }

    /// Whether a request may name this host. On this machine alone only its own names count:
    /// else a page elsewhere could have its name lead here.
    pub(crate) fn serves(&self, host: &str) -> bool {
        match (&self.origin, self.access) {
            (Some(origin), _) => host.eq_ignore_ascii_case(&origin.host),
            (None, Access::Local) => is_loopback(host),
            // Whoever leads a name of their own here meets the sign-in, without the cookie.
            (None, Access::SignedIn) => true,
        }
    }
}

impl Origin {
    fn parse(text: &str) -> Result<Self, ConfigError> {
        let wrong = || ConfigError::PublicUrl(text.to_owned());
        let lower = text.trim_end_matches('/').to_ascii_lowercase();
        let (scheme, host) = lower.split_once("://").ok_or_else(wrong)?;
        let is_https = scheme == "https";
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        let plain = scheme == "http" && is_loopback(host);
        if host.is_empty() || !host.chars().all(is_name) || !(is_https || plain) {
            return Err(wrong());
        }
        // Browsers leave the usual port out.
        let usual = if is_https { ":443" } else { ":80" };
        let host = host.strip_suffix(usual).unwrap_or(host);
        Ok(Self { text: format!("{scheme}://{host}"), host: host.to_owned(), is_https })
    }
}

fn set(raw: &str) -> Option<&str> {
    Some(raw.trim()).filter(|value| !value.is_empty())
}

fn token(text: &str) -> Result<Secret, ConfigError> {
    let fits = (TOKEN_CHARS_MIN..=TOKEN_CHARS_MAX).contains(&text.len());
    if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(Secret::new(text))
    } else {
        Err(ConfigError::Token)
    }
}

fn networks(text: &str) -> Result<Vec<Network>, ConfigError> {
    let wrong = || ConfigError::TrustedProxy(text.to_owned());
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| Network::parse(part).ok_or_else(wrong)).collect()
}

/// Whether a value of `Host` names this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        Some(_) | None => host,
    };
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
