//! The limiter, what should not happen, and who is kept out.

use maud::{Markup, PreEscaped, html};
use muster_vitals::limiter::RATES;
use muster_vitals::snapshot::{Blocked, SecurityEvent, Snapshot, Subject};

use super::frame::NO_TOKEN;
use super::marks::{Mark, ago, facts, heading, meter};
use crate::metrics::number as figure;
use crate::words;

/// Events that are shown.
const NEWEST: usize = 10;

pub(super) fn limiter(snapshot: &Snapshot) -> Markup {
    let limiter = &snapshot.limiter;
    let share = figure(limiter.entries) / figure(limiter.entries_max.max(1)) * 100.0;
    html! {
        (heading("limiter", "Limiter", &html! {}))
        ul.bars { li {
            span.name { "Entries" }
            // Above 80 % the idlest are dropped, so a full table is no fault.
            (meter(share, Mark::Note, &[80.0]))
            span.value {
                (words::number(limiter.entries)) " of " (words::number(limiter.entries_max))
            }
        } }
        (facts(&[
            ("let pass", html! { (words::number(limiter.admitted)) }),
            ("refused", html! { (words::number(limiter.refused)) }),
            ("dropped for others", html! { (words::number(limiter.evicted)) }),
            ("dropped as idle", html! { (words::number(limiter.expired)) }),
            ("memory", html! { (words::bytes(limiter.bytes)) }),
        ]))
        (limits(snapshot))
    }
}

/// How often what may come in; taps as the operator chose.
fn limits(snapshot: &Snapshot) -> Markup {
    let taps = snapshot.settings.iter().find(|(name, _)| *name == "RATE_LIMIT_TAPS");
    html! {
        details {
            summary { "Limits (" (RATES.len().saturating_add(usize::from(taps.is_some()))) ")" }
            ul.rules {
                @if let Some((name, rate)) = taps { li {
                    "Answers of a member: " (rate.replacen('/', " in ", 1)) " (" code { (name) } ")"
                } }
                @for (what, rate) in &RATES { li {
                    (words::capitalised(what)) ": " (words::number(rate.times().into())) " in "
                    (words::span(rate.within()))
                } }
            }
        }
    }
}

pub(super) fn security(snapshot: &Snapshot) -> Markup {
    let security = &snapshot.security;
    let lately = security.counts.iter().map(|(_, _, hour)| *hour).fold(0, u64::saturating_add);
    let aside = if security.blocked.is_empty() {
        Mark::Good.tag("nobody is blocked")
    } else {
        Mark::Note.tag(&format!("{} blocked", security.blocked.len()))
    };
    html! {
        (heading("security", "Security", &html! { span.aside { (aside) } }))
        (blocked(snapshot))
        h3 { "What should not happen: " (words::number(lately)) " in the last hour" }
        div.scroll tabindex="0" role="region" aria-label="Security events by kind" {
            table {
                caption.quiet { "Security events by kind" }
                thead { tr {
                    th scope="col" { "Kind" } th scope="col" { "last hour" }
                    th scope="col" { "since start" }
                } }
                tbody { @for (kind, whole, hour) in &security.counts { tr {
                    th scope="row" { (kind.name()) }
                    td { (words::number(*hour)) } td { (words::number(*whole)) }
                } } }
            }
        }
        details {
            summary { "The newest (" (security.newest.len().min(NEWEST)) ")" }
            ol.log { @for event in security.newest.iter().take(NEWEST) { li {
                (ago(snapshot.at, event.at)) " " span.what { (event.kind.name()) (by_whom(event)) }
            } } }
        }
        (rules(snapshot))
    }
}

fn by_whom(event: &SecurityEvent) -> Markup {
    html! {
        @if let Some(member) = event.member { " by member " code { (member) } }
        @if let Some(guild) = event.guild { " in server " code { (guild) } }
    }
}

fn blocked(snapshot: &Snapshot) -> Markup {
    html! {
        @if !snapshot.security.blocked.is_empty() {
            ul.blocked {
                @for one in &snapshot.security.blocked { (kept_out(snapshot, one)) }
            }
        }
    }
}

fn kept_out(snapshot: &Snapshot, blocked: &Blocked) -> Markup {
    let (kind, id) = match blocked.subject {
        Subject::Member(id) => ("member", id),
        Subject::Guild(id) => ("guild", id),
    };
    let who = words::subject(blocked.subject);
    let left = words::span(words::since(blocked.until, snapshot.at));
    html! {
        li {
            span.what { strong { (words::capitalised(&who)) } " for " (blocked.kind.name()) ", "
                (left) " left" }
            form.plain method="post" action="/lift" data-act="" {
                (PreEscaped(NO_TOKEN))
                input type="hidden" name="kind" value=(kind);
                input type="hidden" name="id" value=(id);
                button type="submit" aria-label=(format!("Unblock {who}")) { "Unblock" }
            }
        }
    }
}

fn rules(snapshot: &Snapshot) -> Markup {
    html! {
        details {
            summary { "Rules in force (" (snapshot.security.rules.len()) ")" }
            ul.rules { @for rule in &snapshot.security.rules { li {
                (words::capitalised(rule.kind.name())) ": " (words::number(rule.events.into()))
                " within " (words::span(rule.within)) " block a "
                (if rule.of_guilds { "server" } else { "member" }) " for "
                (words::span(rule.blocked_for))
                @if rule.of_guilds {
                    "; taps do not count, and of each member at most "
                    (words::number(rule.each_max.into()))
                }
            } } }
        }
    }
}
