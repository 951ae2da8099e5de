//! What stands around the parts: the document, its header, signing in, and pages for problems.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Theme;
use crate::assets::{ICON, SCRIPT, STYLE};
use crate::guard::Visitor;

/// The parts that go over the whole width, above the columns.
const ABOVE: [&str; 3] = ["verdict", "figures", "history"];

/// The columns, which stand one above the other where there is no room beside.
const COLUMNS: [&[&str]; 2] = [
    &["alerts", "memory", "cache", "tasks", "security"],
    &["advice", "answers", "discord", "deliveries", "database", "storage", "limiter"],
];

/// Where the links at the top lead, in the order of the page.
const PLACES: [(&str, &str); 14] = [
    ("history", "History"),
    ("alerts", "Alerts"),
    ("advice", "Advice"),
    ("memory", "Memory"),
    ("answers", "Answers"),
    ("discord", "Discord"),
    ("deliveries", "Deliveries"),
    ("database", "Database"),
    ("cache", "Cache"),
    ("tasks", "Tasks"),
    ("security", "Security"),
    ("storage", "Storage"),
    ("limiter", "Limiter"),
    ("settings", "Settings"),
];

fn document(theme: Theme, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-theme=(theme.name()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) }
                link rel="icon" type="image/svg+xml" href=(ICON.path());
                link rel="stylesheet" href=(STYLE.path());
                script src=(SCRIPT.path()) defer {}
            }
            body { (body) }
        }
    }
}

/// The dashboard with its parts.
pub(super) fn dashboard(
    theme: Theme,
    visitor: &Visitor,
    parts: &BTreeMap<&'static str, String>,
) -> Markup {
    let part = |id: &str| {
        let html = parts.get(id).map(|html| html.replace(NO_TOKEN, &token_field(visitor)));
        html! { section.part id=(id) aria-labelledby=(format!("{id}-title")) {
            (PreEscaped(html.unwrap_or_default()))
        } }
    };
    let body = html! {
        a.skip href="#main" { "Skip to the content" }
        (header(theme, visitor))
        nav.places aria-label="Parts of this page" tabindex="0" {
            ul { @for (id, name) in PLACES { li { a href=(format!("#{id}")) { (name) } } } }
        }
        main #main data-form-token=(visitor.form_token) {
            p.told #told role="status" aria-live="polite" hidden {}
            @for id in ABOVE { (part(id)) }
            div.columns {
                @for column in COLUMNS { div.column { @for id in column { (part(id)) } } }
            }
            (part("settings"))
        }
        footer {
            p {
                "All times are UTC. The same figures for programs: "
                a href="/metrics" { "/metrics" } ". Is it up: "
                a href="/healthz" { "/healthz" } ", " a href="/readyz" { "/readyz" } "."
            }
        }
    };
    document(theme, "Muster · Dashboard", &body)
}

/// A page beside the dashboard, with one part. It stands still, so it has no mark of being live.
pub(super) fn beside(
    theme: Theme,
    visitor: &Visitor,
    (id, title): (&str, &str),
    part: &Markup,
) -> Markup {
    let part = part.0.replace(NO_TOKEN, &token_field(visitor));
    let body = html! {
        a.skip href="#main" { "Skip to the content" }
        (header(theme, visitor))
        nav.places aria-label="Other pages" { ul { li { a href="/" { "← Dashboard" } } } }
        main #main {
            section.part id=(id) aria-labelledby=(format!("{id}-title")) { (PreEscaped(part)) }
        }
        footer { p { "All times are UTC." } }
    };
    document(theme, &format!("{title} · Muster"), &body)
}

fn header(theme: Theme, visitor: &Visitor) -> Markup {
    html! {
        header.top {
            p.brand { img src=(ICON.path()) alt="" width="28" height="28"; span { "Muster" } }
            p.live #live data-state="still" {
                span.dot aria-hidden="true" {}
                span #live-words { "As of page load" }
            }
            fieldset.theme #theme hidden {
                legend.quiet-legend { "Colours" }
                @for (value, name) in [("system", "Auto"), ("light", "Light"), ("dark", "Dark")] {
                    label {
                        input type="radio" name="theme" value=(value)
                            checked[value == theme.name()];
                        span { (name) }
                    }
                }
            }
            @if visitor.session.is_some() {
                (button(visitor, "/sign-out", "Sign out"))
                (button(visitor, "/sign-out-everywhere", "Sign out everywhere"))
            }
        }
    }
}

fn button(visitor: &Visitor, path: &str, name: &str) -> Markup {
    html! {
        form.plain method="post" action=(path) {
            (PreEscaped(token_field(visitor)))
            button type="submit" { (name) }
        }
    }
}

/// Where forms within parts have their token: parts are the same for everybody who watches, so it
/// is filled in for each page, and by the script in what comes later.
pub(super) const NO_TOKEN: &str = r#"<input type="hidden" name="form_token" value="">"#;

fn token_field(visitor: &Visitor) -> String {
    // Hexadecimal digits need no escape.
    NO_TOKEN.replace("\"\"", &format!("\"{}\"", visitor.form_token))
}

/// How one can sign in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ways {
    pub(crate) by_token: bool,
    pub(crate) by_discord: bool,
}

/// What the form for signing in holds.
pub(crate) struct SignIn<'a> {
    pub(crate) form_token: &'a str,
    pub(crate) next: &'static str,
    pub(crate) trouble: Option<&'a str>,
}

/// The page on which one signs in.
pub(crate) fn sign_in(theme: Theme, ways: Ways, form: &SignIn<'_>) -> Markup {
    let body = html! {
        main.alone #main {
            p.brand { img src=(ICON.path()) alt="" width="40" height="40"; span { "Muster" } }
            h1 { "Sign in to the dashboard" }
            @if let Some(trouble) = form.trouble { p.trouble role="alert" { (trouble) } }
            @if ways.by_discord {
                p { a.button.main href="/sign-in/discord" { "Sign in with Discord" } }
                p.muted { "For those who operate this bot. Discord tells it who you are, no more." }
            }
            @if ways.by_discord && ways.by_token { p.or { "or" } }
            @if ways.by_token {
                form.sign-in method="post" action="/sign-in" {
                    input type="hidden" name="form_token" value=(form.form_token);
                    input type="hidden" name="next" value=(form.next);
                    label for="token" { "Dashboard token" }
                    input #token type="password" name="token" autocomplete="current-password"
                        required autofocus aria-describedby="token-hint";
                    p.muted #token-hint { "The value of DASHBOARD_TOKEN." }
                    button.main type="submit" { "Sign in" }
                }
            }
        }
    };
    document(theme, "Sign in · Muster", &body)
}

/// A page that says what went wrong, with the number under which the log knows it.
pub(crate) fn problem(status: StatusCode, words: &str, request_id: &str) -> String {
    let title = status.canonical_reason().unwrap_or("Something went wrong");
    let body = html! {
        main.alone #main {
            p.brand { img src=(ICON.path()) alt="" width="40" height="40"; span { "Muster" } }
            h1 { (title) }
            p { (words) }
            p.muted { "Request " code { (request_id) } }
            p { a.button href="/" { "To the dashboard" } }
        }
    };
    document(Theme::System, &format!("{title} · Muster"), &body).into_string()
}
