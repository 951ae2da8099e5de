//! The one panel of `/settings`: every setting with its present value and what it does.

use jiff::Timestamp;
use muster_domain::id::{GuildId, RoleId};
use muster_domain::limits::{ORGANISER_ROLES_MAX, RETENTION_GRACE};
use muster_domain::settings::{GuildSettings, Retention};
use muster_domain::zone::Zone;

use crate::custom_id::Action;
use crate::views::message::{
    Button, Component, EntitySelect, Message, Select, SelectOption, Style,
};
use crate::views::post::mention;
use crate::views::text::counted;
use crate::views::timezone::local_time;

const BLUE: u32 = 0x58_65_F2;

/// Text and announcement channels. (Discord docs: "Channel Types")
const POSTING_CHANNELS: [u8; 2] = [0, 5];

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
    let mut parts = vec![
        Component::text("## Settings\nEach choice is kept at once."),
        Component::separator(),
        zone(settings, default_zone, now),
        Component::separator(),
    ];
    parts.extend(channel(settings));
    parts.extend(organisers(settings, guild));
    parts.extend(mention_role(settings, guild));
    parts.push(Component::separator());
    parts.extend(admin_channel(settings));
    parts.push(names_hidden(settings));
    parts.extend(retention(settings));
    Message::panel(vec![Component::container(BLUE, parts)])
}

fn zone(settings: &GuildSettings, default_zone: Option<&Zone>, now: Timestamp) -> Component {
    let value = match (&settings.zone, default_zone) {
        (Some(zone), _) => format!("{zone}, where it is {}", local_time(zone, now)),
        (None, Some(zone)) => format!("not set, so {zone} holds"),
        (None, None) => "not set, so I ask everybody who creates an event".to_owned(),
    };
    let text = format!(
        "**Time zone:** {value}\n-# \"fri 8pm\" is read in it, and days begin and end in it. \
         Members can choose their own with `/timezone`."
    );
    Component::section(text, Button::new(Style::Primary, "Change", Action::SettingsZone))
}

fn channel(settings: &GuildSettings) -> [Component; 2] {
    let value = match settings.channel {
        Some(channel) => format!("<#{channel}>"),
        None => "where the command is used".to_owned(),
    };
    let text = format!(
        "**Channel for events:** {value}\n-# New events are posted there, unless their organiser \
         chooses another channel."
    );
    let select = EntitySelect::channel(
        Action::SettingsChannel,
        "Where the command is used",
        settings.channel,
        POSTING_CHANNELS.to_vec(),
    );
    [Component::text(text), Component::row(vec![Component::ChannelSelect(select)])]
}

fn organisers(settings: &GuildSettings, guild: GuildId) -> [Component; 2] {
    let roles = &settings.organiser_roles;
    let value = if roles.is_empty() { "no role".to_owned() } else { mentions(roles, guild) };
    let text = format!(
        "**Organisers:** {value}\n-# Members with such a role can create and change events, and so \
         can everybody with Manage Events or Manage Server."
    );
    let select =
        EntitySelect::roles(Action::SettingsOrganisers, "No role", roles, ORGANISER_ROLES_MAX);
    [Component::text(text), Component::row(vec![Component::RoleSelect(select)])]
}

fn mention_role(settings: &GuildSettings, guild: GuildId) -> [Component; 2] {
    let chosen = settings.mention_role;
    let value = chosen.map_or_else(|| "nobody".to_owned(), |role| mention(role, guild));
    let everyone = if chosen.is_some_and(|role| role.get() == guild.get()) {
        " **Every new event notifies everybody who can see its channel.**"
    } else {
        ""
    };
    let text = format!(
        "**Mention with new events:** {value}{everyone}\n-# Notified once, when an event is \
         posted, unless its organiser chooses another role. I mention @everyone only if you choose \
         it here."
    );
    let select = EntitySelect::roles(Action::SettingsMention, "Nobody", chosen.as_slice(), 1);
    [Component::text(text), Component::row(vec![Component::RoleSelect(select)])]
}

fn admin_channel(settings: &GuildSettings) -> [Component; 2] {
    let value = match settings.admin_channel {
        Some(channel) => format!("<#{channel}>"),
        None => "the channel of the event".to_owned(),
    };
    let text = format!(
        "**Channel for organisers:** {value}\n-# What concerns organisers alone is told there: that \
         too few are coming."
    );
    let select = EntitySelect::channel(
        Action::SettingsAdminChannel,
        "The channel of the event",
        settings.admin_channel,
        POSTING_CHANNELS.to_vec(),
    );
    [Component::text(text), Component::row(vec![Component::ChannelSelect(select)])]
}

fn names_hidden(settings: &GuildSettings) -> Component {
    let (value, label, next) =
        if settings.names_hidden { ("hidden", "Show", 0) } else { ("shown", "Hide", 1) };
    let text = format!(
        "**Names on new events:** {value}\n-# Where they are hidden, posts show numbers alone. \
         Events that exist stay as they are."
    );
    let button = Button::new(Style::Primary, label, Action::SettingsNamesHidden(next));
    Component::section(text, button)
}

fn retention(settings: &GuildSettings) -> [Component; 2] {
    let value = kept_for(settings.retention.map(Retention::days));
    let days = RETENTION_GRACE.as_hours() / 24;
    let text = format!(
        "**Events that are over:** kept {value}\n-# Then they are deleted for good, with all their \
         answers. A choice takes effect {days} days after it was made."
    );
    let option = |days: Option<u32>| SelectOption {
        label: format!("Keep them {}", kept_for(days)),
        value: days.map_or_else(|| FOR_EVER.to_owned(), |days| days.to_string()),
        ..SelectOption::default()
    };
    let options = RETENTION_DAYS.into_iter().map(Some);
    let options = std::iter::once(None).chain(options).map(option).collect();
    let select = Select::new(Action::SettingsRetention, "Keep them otherwise", options);
    [Component::text(text), Component::row(vec![Component::Select(select)])]
}

fn kept_for(days: Option<u32>) -> String {
    days.map_or_else(
        || "for ever".to_owned(),
        |days| {
            format!("for {}", counted(usize::try_from(days).unwrap_or(usize::MAX), "day", "days"))
        },
    )
}

fn mentions(roles: &[RoleId], guild: GuildId) -> String {
    let roles: Vec<_> = roles.iter().map(|role| mention(*role, guild)).collect();
    roles.join(", ")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use muster_domain::id::ChannelId;

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
            ..GuildSettings::default()
        }
    }

    #[test]
    fn a_new_guild_sees_what_holds_while_nothing_is_chosen() {
        let panel = panel(&GuildSettings::default(), GUILD, None, NOW);
        check(&panel).unwrap();
        expect![[r#"
            ## Settings
            Each choice is kept at once.
            **Time zone:** not set, so I ask everybody who creates an event
            -# "fri 8pm" is read in it, and days begin and end in it. Members can choose
                their own with `/timezone`.
            **Channel for events:** where the command is used
            -# New events are posted there, unless their organiser chooses another channel.
            **Organisers:** no role
            -# Members with such a role can create and change events, and so can everybody
                with Manage Events or Manage Server.
            **Mention with new events:** nobody
            -# Notified once, when an event is posted, unless its organiser chooses another
                role. I mention @everyone only if you choose it here.
            **Channel for organisers:** the channel of the event
            -# What concerns organisers alone is told there: that too few are coming.
            **Names on new events:** shown
            -# Where they are hidden, posts show numbers alone. Events that exist stay as
                they are.
            **Events that are over:** kept for ever
            -# Then they are deleted for good, with all their answers. A choice takes
                effect 7 days after it was made."#]]
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
            "**Events that are over:** kept for 90 days",
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
