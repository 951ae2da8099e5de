//! The one panel of `/settings`: every setting with its present value and what it does.

pub mod clean_up;
pub mod times;

use jiff::Timestamp;
use muster_domain::id::{ChannelId, GuildId, RoleId};
use muster_domain::limits::{ORGANISER_ROLES_MAX, RETENTION_GRACE};
use muster_domain::settings::{GuildSettings, Language, Retention};
use muster_domain::zone::Zone;

use crate::custom_id::Action;
use crate::views::message::{
    Button, Component, EntitySelect, Message, Select, SelectOption, Style,
};
use crate::views::messages::{Key, Words};
use crate::views::post::mention;
use crate::views::timezone::local_time;

const BLUE: u32 = 0x58_65_F2;

/// Text and announcement channels, and forums. (Discord docs: "Channel Types")
const POSTING_CHANNELS: [u8; 3] = [0, 5, 15];

/// Those of them in which messages follow one another.
const TELLING_CHANNELS: [u8; 2] = [0, 5];

/// How long events can be kept that are over, beside [`FOR_EVER`].
const RETENTION_DAYS: [u32; 3] = [30, 90, 365];

/// What stands for keeping them for ever.
pub const FOR_EVER: &str = "ever";

/// The settings of a guild. `default_zone` is the operator's, which holds while the guild has none.
#[must_use]
pub fn panel(
    settings: &GuildSettings,
    guild: GuildId,
    default_zone: Option<&Zone>,
    now: Timestamp,
) -> Message {
    let words = Words::of(settings.language);
    let mut parts = vec![
        Component::text(words.plain(Key::SettingsTitle)),
        Component::separator(),
        zone(words, settings, default_zone, now),
    ];
    parts.extend(times::section(words, settings));
    parts.push(Component::separator());
    parts.extend(channel(words, settings));
    parts.extend(organisers(words, settings, guild));
    parts.extend(mention_role(words, settings, guild));
    parts.push(Component::separator());
    parts.extend(admin_channel(words, settings));
    parts.extend(switches(words, settings));
    parts.extend(clean_up::rule(words, settings));
    parts.extend(retention(words, settings));
    parts.extend(language(words, settings));
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// What a setting is now, and what it does.
fn setting(words: Words, key: Key, value: &str) -> Component {
    Component::text(words.filled(key, &[("value", value)]))
}

fn zone(
    words: Words,
    settings: &GuildSettings,
    default_zone: Option<&Zone>,
    now: Timestamp,
) -> Component {
    let value = match (&settings.zone, default_zone) {
        (Some(zone), _) => {
            let time = local_time(zone, now);
            words.filled(Key::SettingsZoneSet, &[("zone", zone.name()), ("time", &time)])
        }
        (None, Some(zone)) => words.filled(Key::SettingsZoneDefault, &[("zone", zone.name())]),
        (None, None) => words.plain(Key::SettingsZoneNone).to_owned(),
    };
    let text = words.filled(Key::SettingsZone, &[("value", &value)]);
    let change = words.plain(Key::SettingsZoneChange);
    Component::section(text, Button::new(Style::Primary, change, Action::SettingsZone))
}

fn channel(words: Words, settings: &GuildSettings) -> [Component; 2] {
    let value = channel_or(settings.channel, words.plain(Key::SettingsChannelNone));
    let select = EntitySelect::channel(
        Action::SettingsChannel,
        words.plain(Key::SettingsChannelPick),
        settings.channel,
        POSTING_CHANNELS.to_vec(),
    );
    let select = Component::row(vec![Component::ChannelSelect(select)]);
    [setting(words, Key::SettingsChannel, &value), select]
}

fn channel_or(channel: Option<ChannelId>, none: &str) -> String {
    channel.map_or_else(|| none.to_owned(), |channel| format!("<#{channel}>"))
}

fn organisers(words: Words, settings: &GuildSettings, guild: GuildId) -> [Component; 2] {
    let roles = &settings.organiser_roles;
    let value = if roles.is_empty() {
        words.plain(Key::SettingsOrganisersNone).to_owned()
    } else {
        mentions(roles, guild)
    };
    let none = words.plain(Key::SettingsOrganisersPick);
    let select = EntitySelect::roles(Action::SettingsOrganisers, none, roles, ORGANISER_ROLES_MAX);
    let select = Component::row(vec![Component::RoleSelect(select)]);
    [setting(words, Key::SettingsOrganisers, &value), select]
}

fn mention_role(words: Words, settings: &GuildSettings, guild: GuildId) -> [Component; 2] {
    let chosen = settings.mention_role;
    let value = match chosen.map(|role| (role, mention(role, guild))) {
        None => words.plain(Key::SettingsMentionNone).to_owned(),
        Some((role, everyone)) if role.get() == guild.get() => {
            format!("{everyone} {}", words.plain(Key::SettingsMentionEveryone))
        }
        Some((_, role)) => role,
    };
    let none = words.plain(Key::SettingsMentionPick);
    let select = EntitySelect::roles(Action::SettingsMention, none, chosen.as_slice(), 1);
    let select = Component::row(vec![Component::RoleSelect(select)]);
    [setting(words, Key::SettingsMention, &value), select]
}

fn admin_channel(words: Words, settings: &GuildSettings) -> [Component; 2] {
    let value = channel_or(settings.admin_channel, words.plain(Key::SettingsAdminNone));
    let select = EntitySelect::channel(
        Action::SettingsAdminChannel,
        words.plain(Key::SettingsAdminPick),
        settings.admin_channel,
        TELLING_CHANNELS.to_vec(),
    );
    let select = Component::row(vec![Component::ChannelSelect(select)]);
    [setting(words, Key::SettingsAdmin, &value), select]
}

/// What is either so or not, with one row of buttons: apart they would be too many components.
fn switches(words: Words, settings: &GuildSettings) -> [Component; 2] {
    let switches = [
        names_hidden(words, settings),
        leaderboards(words, settings),
        clean_up::threads(words, settings),
        nudges(words, settings),
    ];
    let texts = switches.each_ref().map(|(text, _)| text.as_str()).join("\n");
    [Component::text(texts), Component::buttons(switches.map(|(_, button)| button).into())]
}

/// A switch in words, and the button that turns it.
type Switch = (String, Button);

fn names_hidden(words: Words, settings: &GuildSettings) -> Switch {
    let (value, label) = if settings.names_hidden {
        (Key::SettingsNamesHidden, Key::SettingsNamesShow)
    } else {
        (Key::SettingsNamesShown, Key::SettingsNamesHide)
    };
    let text = words.filled(Key::SettingsNames, &[("value", words.plain(value))]);
    let action = Action::SettingsNamesHidden(!settings.names_hidden);
    (text, Button::new(Style::Primary, words.plain(label), action))
}

fn leaderboards(words: Words, settings: &GuildSettings) -> Switch {
    let (value, label) = if settings.leaderboards {
        (Key::SettingsLeaderboardsOn, Key::SettingsLeaderboardsStop)
    } else {
        (Key::SettingsLeaderboardsOff, Key::SettingsLeaderboardsStart)
    };
    let text = words.filled(Key::SettingsLeaderboards, &[("value", words.plain(value))]);
    let action = Action::SettingsLeaderboards(!settings.leaderboards);
    (text, Button::new(Style::Primary, words.plain(label), action))
}

fn nudges(words: Words, settings: &GuildSettings) -> Switch {
    let (value, label) = match (settings.nudges, settings.admin_channel) {
        (true, Some(_)) => (Key::SettingsNudgesOn, Key::SettingsNudgesStop),
        (true, None) => (Key::SettingsNudgesNowhere, Key::SettingsNudgesStop),
        (false, _) => (Key::SettingsNudgesOff, Key::SettingsNudgesStart),
    };
    let value =
        words.filled(value, &[("time", &settings.posts_at().strftime("%H:%M").to_string())]);
    let text = words.filled(Key::SettingsNudges, &[("value", &value)]);
    let action = Action::SettingsNudges(!settings.nudges);
    (text, Button::new(Style::Primary, words.plain(label), action))
}

fn retention(words: Words, settings: &GuildSettings) -> [Component; 2] {
    let value = kept_for(words, settings.retention.map(Retention::days));
    let grace = (RETENTION_GRACE.as_hours() / 24).to_string();
    let text = words.filled(Key::SettingsKept, &[("value", &value), ("days", &grace)]);
    let option = |days: Option<u32>| SelectOption {
        label: words.filled(Key::SettingsKeptOption, &[("value", &kept_for(words, days))]),
        value: days.map_or_else(|| FOR_EVER.to_owned(), |days| days.to_string()),
        ..SelectOption::default()
    };
    let options = RETENTION_DAYS.into_iter().map(Some);
    let options = std::iter::once(None).chain(options).map(option).collect();
    let pick = words.plain(Key::SettingsKeptPick);
    let select = Select::new(Action::SettingsRetention, pick, options);
    [Component::text(text), Component::row(vec![Component::Select(select)])]
}

fn kept_for(words: Words, days: Option<u32>) -> String {
    match days {
        Some(days) => words.filled(Key::SettingsKeptDays, &[("days", &days.to_string())]),
        None => words.plain(Key::SettingsKeptEver).to_owned(),
    }
}

/// Each language by its own name.
fn language(words: Words, settings: &GuildSettings) -> [Component; 2] {
    let name = |language| Words::of(language).plain(Key::SettingsLanguageName);
    let option = |language: Language| SelectOption {
        label: name(language).to_owned(),
        value: language.code().to_owned(),
        ..SelectOption::default()
    };
    let options = Language::ALL.into_iter().map(option).collect();
    let pick = words.plain(Key::SettingsLanguagePick);
    let select = Select::new(Action::SettingsLanguage, pick, options);
    let select = Component::row(vec![Component::Select(select)]);
    [setting(words, Key::SettingsLanguage, name(settings.language)), select]
}

fn mentions(roles: &[RoleId], guild: GuildId) -> String {
    let roles: Vec<_> = roles.iter().map(|role| mention(*role, guild)).collect();
    roles.join(", ")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::views::judged::check;
    use crate::views::message::AllowedMentions;
    use crate::views::samples::{GUILD, NOW, huge, texts, wrapped};

    fn chosen() -> GuildSettings {
        GuildSettings {
            channel: Some(ChannelId::new(3)),
            zone: Some(Zone::parse("Europe/Berlin").unwrap()),
            organiser_roles: vec![RoleId::new(7), RoleId::new(8)],
            mention_role: Some(RoleId::new(GUILD.get())),
            retention: Retention::parse(90).ok(),
            names_hidden: true,
            admin_channel: Some(ChannelId::new(4)),
            event_time: Some(jiff::civil::time(19, 45, 0, 0)),
            leaderboards: true,
            ..GuildSettings::default()
        }
    }

    #[test]
    fn a_new_guild_sees_what_holds_while_nothing_is_chosen() {
        let panel = panel(&GuildSettings::default(), GUILD, None, NOW);
        check(&panel).unwrap();
        expect![[r#"
            ## Settings
            Each choice is saved at once.
            **Time zone:** not set, so I ask everybody who creates an event
            -# "fri 8pm" is read in it, and days begin and end in it. Members can choose
                their own with `/timezone`.
            **Default event time:** none, so I ask
            **Default posting time:** 09:00
            -# The event time is for events given as a day only ("fri"), on the server's
                clock. At the posting time, series and the weekly schedule post their
                events; a series goes by its own time zone.
            **Channel for events:** where the command is used
            -# New events are posted there, unless their organiser chooses another channel.
            **Organisers:** no role
            -# Members with such a role can create and change events, and so can everybody
                with Manage Events or Manage Server.
            **Mention with new events:** nobody
            -# Notified once, when an event is posted, unless its organiser chooses another
                role. I mention @everyone only if you choose it here.
            **Channel for organisers:** none, so I tell an event's host, or its channel
            -# There I tell organisers when too few are coming, something went wrong, or
                nothing is planned.
            **Names on new events:** shown
            -# Where they are hidden, posts show numbers alone. Events that exist stay as
                they are.
            **Leaderboards:** off
            -# Whether a report that is shown to all names those who come most often.
                Organisers always see it.
            **Threads:** none
            -# I can open one on the post of each new event, for talk and for news of it. I
                need Create Public Threads for that.
            **Weekly nudge:** off
            -# On Mondays, in the channel for organisers, if nothing is planned for the
                week.
            **Posts of past events:** kept
            -# Answers are kept either way. A change applies to events that end from then
                on.
            **Past events:** kept for ever
            -# If you choose a number of days, older events are deleted for good, with all
                their answers. A change takes effect after 7 days.
            **Language:** English
            -# What I speak in this server. Only English so far."#]]
        .assert_eq(&wrapped(&texts(&panel)));
    }

    #[test]
    fn choices_are_shown_and_everyone_with_a_warning() {
        let shown = texts(&panel(&chosen(), GUILD, None, NOW));
        for value in [
            "**Time zone:** Europe/Berlin, where it is 13:00",
            "**Channel for events:** <#3>",
            "**Organisers:** <@&7>, <@&8>",
            "**Channel for organisers:** <#4>",
            "**Names on new events:** hidden",
            "**Default event time:** 19:45",
            "**Past events:** kept for 90 days",
            "**Mention with new events:** @everyone **Every new event notifies everybody",
        ] {
            assert!(shown.contains(value), "{value} in {shown}");
        }
    }

    #[test]
    fn the_operators_zone_holds_while_there_is_none() {
        let london = Zone::parse("Europe/London").unwrap();
        let panel = panel(&GuildSettings::default(), GUILD, Some(&london), NOW);
        assert!(texts(&panel).contains("not set, so Europe/London holds"));
    }

    #[test]
    fn the_panel_fits_with_as_many_roles_as_can_be() {
        let roles = (0..25).map(|n| RoleId::new(huge(n))).collect();
        let settings = GuildSettings { organiser_roles: roles, ..chosen() };
        check(&panel(&settings, GUILD, None, NOW)).unwrap();
    }

    #[test]
    fn nobody_is_notified_by_the_panel() {
        assert_eq!(panel(&chosen(), GUILD, None, NOW).allowed_mentions, AllowedMentions::default());
    }
}
