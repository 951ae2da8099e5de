//! Where the dashboard listens, and who is told of alerts.

use std::net::{SocketAddr, TcpListener};

use muster_discord::outside::Address;
use muster_domain::id::ChannelId;
use muster_web::Given;

use super::{given, or};
use crate::alerts::AlertTargets;
use crate::cli::{AlertOptions, HTTP_ADDR, WebOptions};
use crate::exit::Exit;

/// The dashboard.
#[derive(Debug)]
pub struct Web {
    /// Where it listens.
    pub listens: Listens,
    /// Who may see it.
    pub config: muster_web::Config,
}

/// Where the dashboard listens.
#[derive(Debug)]
pub enum Listens {
    /// At this address, which is to be opened.
    At(SocketAddr),
    /// At this address, of which nobody spoke: if it is taken, there is no dashboard.
    IfFree(SocketAddr),
    /// Here, which is open already.
    Open(TcpListener),
}

/// The dashboard as configured; `None` if it is off.
pub(super) fn web(options: &WebOptions) -> Result<Option<Web>, Exit> {
    let Some(listens) = http_addr(&options.http_addr)? else { return Ok(None) };
    let given = Given {
        public_url: options.public_url.trim(),
        dashboard_token: options.dashboard_token.expose().trim(),
        client_secret: options.discord_client_secret.expose().trim(),
        trusted_proxy: options.trusted_proxy.trim(),
    };
    let config = muster_web::Config::check(listens, &given)?;
    let is_asked_for = super::given(&options.http_addr).is_some_and(|words| words != HTTP_ADDR);
    let listens = if is_asked_for { Listens::At(listens) } else { Listens::IfFree(listens) };
    Ok(Some(Web { listens, config }))
}

/// Where the dashboard listens; `None` if it is off.
pub(crate) fn http_addr(raw: &str) -> Result<Option<SocketAddr>, Exit> {
    match or(raw, HTTP_ADDR) {
        "off" => Ok(None),
        words => words.parse().map(Some).map_err(|_| {
            let instead =
                "it is an address with a port, as in 127.0.0.1:8080 or [::1]:8080, or off";
            Exit::variable("HTTP_ADDR", words, instead)
        }),
    }
}

/// Who is told of alerts, beside the operators.
pub(super) fn alerts(options: &AlertOptions) -> Result<AlertTargets, Exit> {
    Ok(AlertTargets {
        channel: given(&options.alert_channel_id).map(channel).transpose()?,
        webhook: given(options.alert_webhook_url.expose()).map(webhook).transpose()?,
        again: crate::alerts::PAUSES.to_vec(),
    })
}

fn channel(raw: &str) -> Result<ChannelId, Exit> {
    let number = raw.parse().ok().filter(|number| *number > 0);
    number.map(ChannelId::new).ok_or_else(|| {
        let instead = "it is the number of a channel (in Discord: Copy Channel ID)";
        Exit::variable("ALERT_CHANNEL_ID", raw, instead)
    })
}

fn webhook(raw: &str) -> Result<Address, Exit> {
    Address::parse(raw).map_err(|error| {
        // The address may be a secret.
        let instead = format!("it begins with https://, or http:// on this machine ({error})");
        Exit::variable("ALERT_WEBHOOK_URL", "…", &instead)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dashboard_listens_at_an_address_or_is_off() {
        assert_eq!(http_addr("").unwrap(), Some("127.0.0.1:8080".parse().unwrap()));
        assert_eq!(http_addr("[::1]:9000").unwrap(), Some("[::1]:9000".parse().unwrap()));
        assert_eq!(http_addr("off").unwrap(), None);
        for wrong in ["8080", "localhost:8080", "127.0.0.1", "on"] {
            let exit = http_addr(wrong).unwrap_err();
            assert!(exit.status() == 3 && exit.to_string().contains("HTTP_ADDR"), "{exit}");
        }
    }

    #[test]
    fn an_address_for_alerts_is_checked_and_never_repeated() {
        let address = webhook("https://example.org/hook/secret").unwrap();
        let written = format!("{address:?}");
        assert!(written.contains("example.org") && !written.contains("secret"), "{written}");
        let exit = webhook("http://example.org/hook/secret").unwrap_err();
        assert!(exit.status() == 3 && !exit.to_string().contains("secret"), "{exit}");
        assert_eq!(channel("123").unwrap(), ChannelId::new(123));
        assert_eq!(channel("#general").unwrap_err().status(), 3);
        assert_eq!(channel("0").unwrap_err().status(), 3);
    }
}
