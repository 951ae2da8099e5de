//! `/security_status`: what should not have happened, who is kept out, by which rules.

use jiff::Timestamp;
use muster_domain::id::{GuildId, UserId};
use muster_vitals::limiter::RATES;
use muster_vitals::snapshot::{
    Blocked, Limiter, SecurityEvent, SecurityKind, SecurityRule, Snapshot, Subject, Verdict,
    percent as share,
};

use super::sheet::{Sheet, first};
use super::{colour, measured, until, ways};
use crate::custom_id::Action;
use crate::views::message::{Button, Message, Style};
use crate::views::pager::{PREVIOUS_NEXT, Pager};
use crate::views::text::{person, relative};
use crate::views::units::{bytes, lasting, number, percent};

/// Who is kept out, on one page: each takes three of a panel's forty components.
const PAGE: usize = 7;
const EVENTS_MAX: usize = 10;
const RULES_MAX: usize = 8;

/// Something about how the bot is set up that can be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was found, in a sentence of ours, which may have markdown.
    pub found: String,
    /// Whether that is as it should be.
    pub sound: bool,
}

/// Whether somebody was let in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifted {
    /// They were kept out, and are no longer.
    Lifted(Subject),
    /// They were not kept out.
    NotBlocked(Subject),
}

/// A page of who is kept out, with all else about security; with what was done just before.
#[must_use]
pub fn security(snapshot: &Snapshot, checks: &[Check], page: u32, done: Option<Lifted>) -> Message {
    let security = &snapshot.security;
    let last = security.blocked.len().div_ceil(PAGE).saturating_sub(1);
    let page = page.min(u32::try_from(last).unwrap_or(u32::MAX));
    let (verdict, words) = judged(snapshot, checks);
    let mut sheet = Sheet::new(colour(verdict));
    sheet.text([format!("## {words}")]);
    sheet.text(done.map(lifted));
    blocked(&mut sheet, snapshot, page);
    let newest = security.newest.iter().take(EVENTS_MAX).map(event);
    sheet.section("Events", counts(&security.counts));
    sheet.section("Newest", newest.collect());
    sheet.section("Set-up", checks.iter().map(check).collect());
    sheet.section("Rules", first(security.rules.iter().map(rule), RULES_MAX));
    sheet.section("Limits", limits(&snapshot.settings));
    sheet.section("Limiter", limiter(snapshot.limiter));
    sheet.text([measured(snapshot.at)]);
    let pages = Pager::new(page, security.blocked.len(), PAGE);
    sheet.row(pages.turns(PREVIOUS_NEXT, Action::SecurityPage).collect());
    sheet.buttons(ways(Action::SecurityPage(page)))
}

fn judged(snapshot: &Snapshot, checks: &[Check]) -> (Verdict, &'static str) {
    let security = &snapshot.security;
    let lately = security.counts.iter().any(|(_, _, hour)| *hour > 0);
    if checks.iter().any(|check| !check.sound) {
        (Verdict::Strained, "🟡 Something in the set-up needs a look")
    } else if !security.blocked.is_empty() {
        (Verdict::Strained, "🟡 Somebody is blocked")
    } else if lately {
        (Verdict::Healthy, "🟢 Quiet, with a few events")
    } else {
        (Verdict::Healthy, "🟢 Quiet: nothing in the last hour")
    }
}

fn lifted(lifted: Lifted) -> String {
    match lifted {
        Lifted::Lifted(subject) => format!("✅ {} is unblocked.", named(subject)),
        Lifted::NotBlocked(subject) => {
            format!("{} is not blocked; their time may be over.", named(subject))
        }
    }
}

fn named(subject: Subject) -> String {
    match subject {
        Subject::Member(member) => person(UserId::new(member)),
        Subject::Guild(guild) => format!("Server `{guild}`"),
    }
}

fn blocked(sheet: &mut Sheet, snapshot: &Snapshot, page: u32) {
    let all = &snapshot.security.blocked;
    let before = usize::try_from(page).unwrap_or(usize::MAX).saturating_mul(PAGE);
    let count = number(u64::try_from(all.len()).unwrap_or(u64::MAX));
    let heading = match all.len() {
        0 => return sheet.text(["Nobody is blocked.".to_owned()]),
        len if len <= PAGE => format!("### Blocked: {count}"),
        _ => format!("### Blocked: {count}, page {}", u64::from(page) + 1),
    };
    sheet.text([heading]);
    for one in all.iter().skip(before).take(PAGE) {
        sheet.beside(&kept_out(one, snapshot.at), lift(one.subject));
    }
}

fn kept_out(blocked: &Blocked, now: Timestamp) -> String {
    let left = lasting(until(now, blocked.until));
    format!("{} for another {left}: {}", named(blocked.subject), blocked.kind.name())
}

fn lift(subject: Subject) -> Button {
    let action = match subject {
        Subject::Member(member) => Action::LiftMember(UserId::new(member)),
        Subject::Guild(guild) => Action::LiftGuild(GuildId::new(guild)),
    };
    Button::new(Style::Secondary, "Unblock", action)
}

/// Kinds that have happened; of the others there is nothing to say.
fn counts(counts: &[(SecurityKind, u64, u64)]) -> Vec<String> {
    let happened = counts.iter().filter(|(_, all, _)| *all > 0);
    let lines: Vec<_> = happened
        .map(|(kind, all, hour)| {
            format!("{}: {} · {} in the last hour", kind.name(), number(*all), number(*hour))
        })
        .collect();
    if lines.is_empty() { vec!["None since the start".to_owned()] } else { lines }
}

fn event(event: &SecurityEvent) -> String {
    let who = event.member.map(|member| format!(" · {}", person(UserId::new(member))));
    let place = event.guild.map(|guild| format!(" · server `{guild}`"));
    let rest = [who, place].into_iter().flatten().collect::<String>();
    format!("{} {}{rest}", relative(event.at), event.kind.name())
}

fn check(check: &Check) -> String {
    format!("{} {}", if check.sound { "🟢" } else { "🟡" }, check.found)
}

fn rule(rule: &SecurityRule) -> String {
    let of_guilds = || format!(" beside taps, at most {} of each member", rule.each_max);
    format!(
        "{} × {} in {}{} → {} blocked for {}",
        number(rule.events.into()),
        rule.kind.name(),
        lasting(rule.within),
        if rule.of_guilds { of_guilds() } else { String::new() },
        if rule.of_guilds { "servers" } else { "members" },
        lasting(rule.blocked_for)
    )
}

/// How often what may come in; taps as the operator chose.
fn limits(settings: &[(&'static str, String)]) -> Vec<String> {
    let taps = settings.iter().find(|(name, _)| *name == "RATE_LIMIT_TAPS");
    let taps = taps.map(|(name, rate)| {
        format!("answers of a member: {} (`{name}`)", rate.replacen('/', " in ", 1))
    });
    let fixed = RATES.iter().map(|(what, rate)| {
        format!("{what}: {} in {}", number(rate.times().into()), lasting(rate.within()))
    });
    taps.into_iter().chain(fixed).collect()
}

fn limiter(limiter: Limiter) -> Vec<String> {
    let full = percent(share(limiter.entries, limiter.entries_max));
    vec![
        format!(
            "{} of {} entries · {full} · {}",
            number(limiter.entries),
            number(limiter.entries_max),
            bytes(limiter.bytes)
        ),
        format!("{} let through · {} refused", number(limiter.admitted), number(limiter.refused)),
        format!(
            "{} dropped idle · {} for others",
            number(limiter.expired),
            number(limiter.evicted)
        ),
    ]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use jiff::SignedDuration;

    use super::*;
    use crate::views::judged::check;
    use crate::views::operating::samples::{checks, longest, typical};
    use crate::views::samples::{NOW, texts, wrapped};

    #[test]
    fn who_is_kept_out_stands_first_with_the_time_left() {
        let panel = security(&typical(), &checks(), 0, None);
        expect![[r"
            ## 🟡 Something in the set-up needs a look
            ### Blocked: 1
            <@5> for another 4 min 10 s: rate limit burst
            ### Events
            rate limit burst: 12 · 4 in the last hour
            call without permission: 2 · 0 in the last hour
            ### Newest
            <t:1795780620:R> rate limit burst · <@5> · server `2`
            ### Set-up
            🟢 The file .env can be read by its owner alone.
            🟡 The lists of members are read.
            ### Rules
            5 × rate limit burst in 10 min → members blocked for 5 min
            ### Limits
            answers of a member: 5 in 5s (`RATE_LIMIT_TAPS`)
            commands, forms and panels of a member: 30 in 30 s
            codes of a member: 5 in 1 min
            suggestions while a member types: 100 in 30 s
            commands, forms and panels of a server: 600 in 1 min
            one command of a server: 120 in 1 min
            ### Limiter
            214 of 1,000 entries · 21.4 % · 24 KiB
            18,204 let through · 12 refused
            90 dropped idle · 0 for others
            -# Measured <t:1795780800:R>"]]
        .assert_eq(&wrapped(&texts(&panel)));
    }

    #[test]
    fn of_a_rule_for_servers_it_is_said_what_does_not_count() {
        let rules = muster_vitals::security::RULES;
        let said = rule(rules.iter().find(|rule| rule.of_guilds).unwrap());
        expect![
            "200 × rate limit burst in 10 min beside taps, at most 10 of each member → servers \
             blocked for 15 min"
        ]
        .assert_eq(&said);
    }

    #[test]
    fn everybody_who_is_kept_out_can_be_reached_page_by_page() {
        let snapshot = longest();
        let count = snapshot.security.blocked.len();
        let mut seen = 0;
        for page in 0..u32::try_from(count.div_ceil(PAGE)).unwrap() {
            let panel = security(&snapshot, &[], page, None);
            check(&panel).unwrap();
            seen += serde_json::to_string(&panel).unwrap().matches("Unblock").count();
        }
        assert_eq!(seen, count);
    }

    #[test]
    fn what_was_lifted_is_told_and_what_was_not_blocked_too() {
        let said = |done| texts(&security(&typical(), &[], 0, Some(done)));
        let member = Subject::Member(5);
        assert!(said(Lifted::Lifted(member)).contains("✅ <@5> is unblocked."));
        assert!(said(Lifted::NotBlocked(Subject::Guild(6))).contains("Server `6` is not blocked"));
    }

    #[test]
    fn the_verdict_follows_from_set_up_blocks_and_events() {
        let quiet = Snapshot { at: NOW, ..Snapshot::default() };
        let verdict = |snapshot: &Snapshot, checks: &[Check]| judged(snapshot, checks).1;
        assert_eq!(verdict(&quiet, &[]), "🟢 Quiet: nothing in the last hour");
        let bad = Check { found: "x".to_owned(), sound: false };
        assert_eq!(verdict(&quiet, &[bad]), "🟡 Something in the set-up needs a look");
        let mut busy = quiet.clone();
        busy.security.counts = vec![(SecurityKind::NotPermitted, 9, 1)];
        assert_eq!(verdict(&busy, &[]), "🟢 Quiet, with a few events");
        busy.security.blocked = vec![Blocked {
            subject: Subject::Member(1),
            kind: SecurityKind::NotPermitted,
            until: NOW + SignedDuration::from_mins(3),
        }];
        assert_eq!(verdict(&busy, &[]), "🟡 Somebody is blocked");
    }
}
