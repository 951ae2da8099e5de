//! How members are answered, and the connection to Discord.

use maud::{Markup, html};
use muster_vitals::snapshot::{ShardState, Snapshot};
use muster_vitals::targets::{COMMANDS_P99, REST_P95, TAPS_P99, WAITS_P95};

use super::marks::{Mark, Target, Timed, ago, facts, heading, latencies};
use super::verdict::state;
use crate::words;

/// Commands and shards that are shown; the others are few or alike.
const ROWS_MAX: usize = 20;

pub(super) fn part(snapshot: &Snapshot) -> Markup {
    let answers = &snapshot.answers;
    let target = Some(Target::P99(COMMANDS_P99));
    let mut rows = vec![Timed::new("taps", &answers.taps, Some(Target::P99(TAPS_P99)))];
    rows.extend(answers.commands.iter().take(ROWS_MAX).map(|command| Timed {
        failed: Some(command.failed),
        ..Timed::new(&command.name, &command.latency, target)
    }));
    let failed = answers.errors.saturating_add(answers.too_late);
    let aside = html! { span.aside { "over the last hour" } };
    html! {
        (heading("answers", "Answers", &aside))
        (facts(&[
            ("in the last minute", html! { (words::number(answers.each_minute)) }),
            ("members in it", html! { (words::number(answers.members_each_minute)) }),
            ("failed in it", html! { (words::number(answers.errors_each_minute)) }),
            ("failed in the last hour", html! { (words::number(answers.errors_last_hour)) }),
            ("failed since start", html! { (words::number(failed)) }),
            ("of these too late for Discord", html! { (words::number(answers.too_late)) }),
        ]))
        (latencies("From arrival to an answer taken by Discord", &rows))
    }
}

pub(super) fn discord(snapshot: &Snapshot) -> Markup {
    let discord = &snapshot.discord;
    let link = if discord.is_connected() {
        Mark::Good.tag("connected")
    } else {
        Mark::Bad.tag("not connected")
    };
    let rows = [
        Timed::new("requests", &discord.rest, Some(Target::P95(REST_P95))),
        Timed::new("waits for limits", &discord.waited, Some(Target::P95(WAITS_P95))),
    ];
    html! {
        (heading("discord", "Discord", &html! { span.aside { (link) } }))
        (facts(&[
            ("servers", html! { (words::number(discord.guilds)) }),
            ("answers with 429", html! { (words::number(discord.rate_limited)) }),
            ("invalid in 10 min", html! { (words::number(discord.invalid_lately)) " of 10,000" }),
        ]))
        (latencies("REST requests over the last hour", &rows))
        div.scroll tabindex="0" role="region" aria-label="Shards" {
            table {
                caption.quiet { "Shards" }
                thead { tr {
                    th scope="col" { "Shard" } th.words scope="col" { "state" }
                    th scope="col" { "latency" } th scope="col" { "last event" }
                } }
                tbody { @for shard in discord.shards.iter().take(ROWS_MAX) { tr {
                    th scope="row" { (shard.number) }
                    td.words { (mark(shard.state).tag(state(shard.state))) }
                    td { (shard.latency.map_or("–".to_owned(), words::took)) }
                    td {
                        @match shard.last_event {
                            Some(at) => (ago(snapshot.at, at)),
                            None => "none yet",
                        }
                    }
                } } }
            }
        }
        @if discord.shards.len() > ROWS_MAX {
            p.muted { "and " (discord.shards.len() - ROWS_MAX) " more shards" }
        }
    }
}

fn mark(state: ShardState) -> Mark {
    match state {
        ShardState::Down => Mark::Bad,
        ShardState::Entering => Mark::Warn,
        ShardState::Live => Mark::Good,
    }
}
