//! Nothing is served to others without a sign-in, and the message names what to set.

use muster_web::{Config, Given};

use crate::site::{CLIENT_SECRET, TOKEN};

fn refusal(address: &str, given: &Given<'_>) -> String {
    Config::check(address.parse().unwrap(), given).unwrap_err().to_string()
}

fn is_fine(address: &str, given: &Given<'_>) -> bool {
    Config::check(address.parse().unwrap(), given).is_ok()
}

#[test]
fn on_loopback_nothing_needs_to_be_set() {
    for address in ["127.0.0.1:8080", "[::1]:8080", "127.9.9.9:1", "[::ffff:127.0.0.1]:80"] {
        assert!(is_fine(address, &Given::default()), "{address}");
    }
}

#[test]
fn anywhere_else_it_does_not_start_without_a_sign_in() {
    for address in ["0.0.0.0:8080", "[::]:8080", "192.0.2.7:80"] {
        let told = refusal(address, &Given::default());
        for word in ["HTTP_ADDR", address, "DASHBOARD_TOKEN", "PUBLIC_URL", "DISCORD_CLIENT_SECRET"]
        {
            assert!(told.contains(word), "{told}");
        }
    }
    assert!(is_fine("0.0.0.0:8080", &Given { dashboard_token: TOKEN, ..Given::default() }));
}

#[test]
fn an_address_for_others_needs_a_sign_in_even_on_loopback() {
    let given = Given { public_url: "https://muster.example", ..Given::default() };
    let told = refusal("127.0.0.1:8080", &given);
    assert!(told.contains("DASHBOARD_TOKEN") && told.contains("DISCORD_CLIENT_SECRET"), "{told}");
    assert!(is_fine("127.0.0.1:8080", &Given { client_secret: CLIENT_SECRET, ..given }));
}

#[test]
fn a_secret_without_an_address_is_told_so() {
    let told = refusal("127.0.0.1:1", &Given { client_secret: "s", ..Given::default() });
    assert!(told.contains("PUBLIC_URL"), "{told}");
}

#[test]
fn an_address_that_browsers_cannot_use_is_refused_with_an_example() {
    let wrong = [
        "muster.example",
        "http://muster.example",
        "ftp://a",
        "https://",
        "https://a/b",
        "https://user@a",
        "https://a?b",
    ];
    for public_url in wrong {
        let given = Given { public_url, dashboard_token: TOKEN, ..Given::default() };
        let told = refusal("127.0.0.1:1", &given);
        assert!(told.contains(public_url) && told.contains("https://muster.example"), "{told}");
    }
    for public_url in ["https://a.example/", "https://A.example:8443", "http://localhost:8080"] {
        let given = Given { public_url, dashboard_token: TOKEN, ..Given::default() };
        assert!(is_fine("127.0.0.1:1", &given), "{public_url}");
    }
}

#[test]
fn a_token_that_could_be_guessed_is_refused_without_telling_it() {
    for token in ["short", "fifteen-chars-x", "with a blank in its midst", "ünïcödé-ünïcödé-ü"]
    {
        let told = refusal("0.0.0.0:1", &Given { dashboard_token: token, ..Given::default() });
        assert!(told.contains("DASHBOARD_TOKEN") && !told.contains(token), "{told}");
    }
}

#[test]
fn a_proxy_that_is_no_address_is_refused() {
    let told = refusal("127.0.0.1:1", &Given { trusted_proxy: "nginx", ..Given::default() });
    assert!(told.contains("TRUSTED_PROXY=nginx"), "{told}");
}
