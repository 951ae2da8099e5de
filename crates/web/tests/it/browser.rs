//! A browser: keeps cookies, and says where its requests come from.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use muster_web::Peer;

use crate::site::{Answer, PUBLIC_URL, Site, TOKEN};

pub(crate) struct Browser<'a> {
    pub(crate) site: &'a Site,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) address: IpAddr,
    origin: String,
    host: String,
}

impl<'a> Browser<'a> {
    /// On a site of its machine.
    pub(crate) fn local(site: &'a Site) -> Self {
        Self::at(site, "http://127.0.0.1:8080")
    }

    /// On a site behind https.
    pub(crate) fn public(site: &'a Site) -> Self {
        Self::at(site, PUBLIC_URL)
    }

    fn at(site: &'a Site, origin: &str) -> Self {
        let host = origin.split_once("://").unwrap().1.to_owned();
        let address = IpAddr::from([127, 0, 0, 1]);
        Self { site, cookies: BTreeMap::new(), address, origin: origin.to_owned(), host }
    }

    /// One that has signed in with the token.
    pub(crate) async fn signed_in(site: &'a Site) -> Self {
        let mut browser = Self::public(site);
        assert_eq!(browser.sign_in(TOKEN).await.status, StatusCode::SEE_OTHER);
        browser
    }

    pub(crate) async fn sign_in(&mut self, token: &str) -> Answer {
        let page = self.get("/sign-in").await;
        let form_token = form_token(&page.body);
        self.post("/sign-in", &[("form_token", &form_token), ("token", token)]).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let request = Request::get(path).header("sec-fetch-site", "none");
        self.send(request.header("sec-fetch-mode", "navigate"), Body::empty()).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header("origin", &self.origin)
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request, Body::from(body.join("&"))).await
    }

    /// A form with the token that it needs.
    pub(crate) async fn act(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = form_token(&self.get("/").await.body);
        let mut all = vec![("form_token", token.as_str())];
        all.extend_from_slice(fields);
        self.post(path, &all).await
    }

    pub(crate) async fn send(
        &mut self,
        request: axum::http::request::Builder,
        body: Body,
    ) -> Answer {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = request.header("host", &self.host).extension(Peer(self.address));
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        let answer = self.site.send(request.body(body).unwrap()).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let (pair, rest) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

/// The token in the first form of a page.
pub(crate) fn form_token(page: &str) -> String {
    let after = page.split_once(r#"name="form_token" value=""#).expect("the page has a form").1;
    after.split_once('"').unwrap().0.to_owned()
}
