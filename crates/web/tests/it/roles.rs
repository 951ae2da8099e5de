//! Every route for everybody: nobody, who signed in, a program with the token.

use axum::body::Body;
use axum::http::Request;

use crate::browser::Browser;
use crate::site::{Site, TOKEN};

/// Method, path, and the status for nobody, for who signed in, and for a program with the token.
const ROUTES: [(&str, &str, [u16; 3]); 17] = [
    ("GET", "/", [303, 200, 303]),
    ("HEAD", "/", [303, 200, 303]),
    ("GET", "/live", [401, 200, 401]),
    ("POST", "/clean-up", [401, 403, 401]),
    ("POST", "/lift", [401, 403, 401]),
    ("GET", "/given-up", [303, 200, 303]),
    ("HEAD", "/given-up", [303, 200, 303]),
    ("POST", "/try-again", [401, 403, 401]),
    ("POST", "/sign-out", [401, 403, 401]),
    ("POST", "/sign-out-everywhere", [401, 403, 401]),
    ("GET", "/metrics", [401, 200, 200]),
    ("GET", "/healthz", [200, 200, 200]),
    ("GET", "/readyz", [503, 503, 503]),
    ("GET", "/sign-in", [200, 200, 200]),
    ("POST", "/sign-in", [403, 403, 403]),
    ("GET", "/sign-in/discord", [303, 303, 303]),
    ("GET", "/sign-in/discord/callback", [403, 403, 403]),
];

#[tokio::test]
async fn every_route_answers_each_role_as_it_should() {
    for (method, path, wanted) in ROUTES {
        let site = Site::public();
        let mut nobody = Browser::public(&site);
        let mut signed_in = Browser::signed_in(&site).await;
        let request = || Request::builder().method(method).uri(path);
        let bearer = request().header("authorization", format!("Bearer {TOKEN}"));
        let statuses = [
            status(&mut nobody, request()).await,
            status(&mut signed_in, request()).await,
            status(&mut Browser::public(&site), bearer).await,
        ];
        assert_eq!(statuses, wanted, "{method} {path}");
    }
}

async fn status(browser: &mut Browser<'_>, request: axum::http::request::Builder) -> u16 {
    let cookies: Vec<_> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = request.header("host", "muster.example").header("cookie", cookies.join("; "));
    // Not read to the end: the stream has none.
    browser.site.begin(request.body(Body::empty()).unwrap()).await.status().as_u16()
}

#[test]
fn the_list_of_routes_is_whole() {
    let source = include_str!("../../src/app.rs");
    let routes = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut listed: Vec<_> = ROUTES.iter().map(|(_, path, _)| *path).collect();
    listed.push("/assets/{file}");
    for route in routes {
        assert!(listed.contains(&route), "{route} is in the list");
    }
}

#[tokio::test]
async fn a_wrong_token_is_no_way_to_the_figures() {
    let site = Site::public();
    for header in ["Bearer wrong", "Bearer", "Basic abc", &format!("bearer{TOKEN}"), ""] {
        let answer = site.get("/metrics", &[("host", "10.0.0.9"), ("authorization", header)]).await;
        assert_eq!(answer.status.as_u16(), 401, "{header}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    assert_eq!(site.failures.lock().unwrap().len(), 5);
    let right = format!("Bearer {TOKEN}");
    for _ in 0..100 {
        let answer = site.get("/metrics", &[("host", "10.0.0.9"), ("authorization", &right)]).await;
        assert_eq!(answer.status.as_u16(), 200, "the right one may come as often as it likes");
    }
}
