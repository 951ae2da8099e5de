//! The list of what was given up, newest first, each with why and a button to try it again.

use maud::{Markup, PreEscaped, html};

use super::frame::NO_TOKEN;
use super::marks::{Mark, ago, heading};
use crate::given_up::{Again, GivenUpRow, Shown};
use crate::words;

pub(super) fn part(shown: &Shown<'_>) -> Markup {
    let total = words::number(u64::try_from(shown.list.total).unwrap_or(u64::MAX));
    let aside = if shown.list.total == 0 {
        html! {}
    } else {
        html! { span.aside { (total) } }
    };
    html! {
        (heading("given-up", "Given up", &aside))
        @if let Some(done) = shown.done { p.done role="status" { (done.words()) } }
        p.muted {
            "What went out to nobody, or of which nobody knows whether it did, in all servers; the \
             latest first. Organisers see the same of their server in " code { "/doctor" }
            ", with what to mend."
        }
        @if shown.list.rows.is_empty() {
            p.none { (Mark::Good.icon()) "Nothing was given up." }
        }
        ul.given-up { @for row in &shown.list.rows { (line(row, shown)) } }
        @if shown.pages > 1 { (pager(shown)) }
    }
}

fn line(row: &GivenUpRow, shown: &Shown<'_>) -> Markup {
    html! {
        li {
            div {
                p.what { strong { (words::capitalised(row.what)) } " in server " code { (row.server) } }
                p { (row.why) }
                p.muted {
                    "due " (ago(shown.now, row.due)) " · given up " (ago(shown.now, row.at))
                    " · event " code { (row.event) }
                    @if let Some(channel) = row.channel { " · channel " code { (channel) } }
                }
            }
            @match row.again {
                Some(again) => (button(again, row, shown.page)),
                None => span.muted { "Its time has passed." },
            }
        }
    }
}

fn button(again: Again, row: &GivenUpRow, page: usize) -> Markup {
    let (kind, server, delivery) = match again {
        Again::Message { server, delivery } => ("message", server, Some(delivery)),
        Again::Chores { server } => ("chores", server, None),
    };
    html! {
        form.plain method="post" action="/try-again" {
            (PreEscaped(NO_TOKEN))
            input type="hidden" name="kind" value=(kind);
            input type="hidden" name="server" value=(server);
            @if let Some(delivery) = delivery {
                input type="hidden" name="delivery" value=(delivery);
            }
            input type="hidden" name="page" value=(page);
            button type="submit" aria-label=(format!("Try again: {}", row.what)) { "Try again" }
        }
    }
}

fn pager(shown: &Shown<'_>) -> Markup {
    let place = |page: usize| format!("/given-up?page={page}");
    let next = shown.page.saturating_add(1);
    html! {
        nav.pager aria-label="Pages" {
            @if let Some(newer) = shown.page.checked_sub(1) {
                a.button rel="prev" href=(place(newer)) { "Newer" }
            }
            span { "Page " (next) " of " (shown.pages) }
            @if next < shown.pages { a.button rel="next" href=(place(next)) { "Older" } }
        }
    }
}
