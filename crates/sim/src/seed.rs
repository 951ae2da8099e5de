//! The world of the demo: two clubs, seven people, one bot.

use jiff::{SignedDuration, Timestamp};

use crate::ids::{AppId, ChannelId, GuildId, RoleId, UserId};
use crate::world::{ChannelKind, NewChannel, NewRole, OverwriteTarget, Permissions, World};

/// The token of the demo's bot.
pub const TOKEN: &str = "demo.muster.token";

/// The demo's world and the ids that one needs to find one's way in it.
#[derive(Debug)]
pub struct Demo {
    /// The world.
    pub world: World,
    /// The application "Muster".
    pub app: AppId,
    /// "Lantern Club", where most things happen.
    pub guild: GuildId,
    /// The small second guild.
    pub second_guild: GuildId,
    /// Owner of both guilds; the page's first person.
    pub owner: UserId,
    /// A member with the role of organisers.
    pub organiser: UserId,
    /// Members without special roles.
    pub members: Vec<UserId>,
    /// The role of organisers.
    pub organisers: RoleId,
    /// Where events are posted.
    pub events: ChannelId,
    /// Where everybody talks.
    pub general: ChannelId,
    /// Where the bot may read but not write.
    pub announcements: ChannelId,
    /// What only organisers see.
    pub organisers_only: ChannelId,
    /// A forum, whose posts are raids.
    pub raids: ChannelId,
}

const NAMES: [(&str, &str, u32); 7] = [
    ("ada.lindqvist", "Ada Lindqvist", 0x0058_65f2),
    ("joao.pecanha", "João Peçanha", 0x003b_a55d),
    ("zofia.w", "Zofia Wójcik", 0x00eb_459e),
    ("mikko_h", "Mikko Hämäläinen", 0x00fa_a61a),
    ("thuy.ng", "Thùy Nguyễn", 0x00ed_4245),
    ("bea", "Bea", 0x0000_a8a8),
    ("oisin.b", "Oisín Byrne", 0x009b_59b6),
];

/// Builds the demo's world as of `now`. The same seed and instant give the same world.
#[must_use]
pub fn demo(seed: u64, now: Timestamp) -> Demo {
    let long_ago = now.checked_sub(SignedDuration::from_hours(24 * 400)).unwrap_or(now);
    let mut world = World::new(seed, long_ago);
    let people: Vec<UserId> = NAMES.iter().map(|name| person(&mut world, *name)).collect();
    let (owner, organiser) = match people.as_slice() {
        [owner, organiser, ..] => (*owner, *organiser),
        _ => (UserId::new(0), UserId::new(0)),
    };
    let members: Vec<UserId> = people.iter().copied().skip(2).collect();
    let app = world.add_application("Muster", TOKEN, owner);
    let bot = UserId::new(app.get());
    world.edit_user(bot, |bot| bot.color = 0x0058_65f2);

    let guild = world.add_guild("Lantern Club", owner);
    let organisers = add_roles(&mut world, guild);
    world.join(guild, organiser, &[organisers]);
    for member in &members {
        world.join(guild, *member, &[]);
    }
    world.install(app, guild, Permissions::BOT_CORE);
    let channels = add_channels(&mut world, guild, organisers, bot);

    let second_guild = world.add_guild("Sunday Rowers", owner);
    world.add_channel(second_guild, NewChannel::text("boathouse").topic("Who rows when"));
    world.join(second_guild, organiser, &[]);
    world.install(app, second_guild, Permissions::BOT_CORE);

    world.set_now(now);
    greet(&mut world, &channels, owner);
    world.take_changes();
    Demo {
        world,
        app,
        guild,
        second_guild,
        owner,
        organiser,
        members,
        organisers,
        events: channels.events,
        general: channels.general,
        announcements: channels.announcements,
        organisers_only: channels.organisers_only,
        raids: channels.raids,
    }
}

const FIRST_NAMES: [&str; 20] = [
    "Aino", "Bruno", "Chiara", "Dmitri", "Eszter", "Farid", "Greta", "Hiroshi", "Ines", "Jakub",
    "Kalinda", "Liam", "Maren", "Nuno", "Olu", "Pilar", "Quentin", "Rosa", "Sven", "Tala",
];
const LAST_NAMES: [&str; 25] = [
    "Abreu", "Berg", "Castillo", "Dahl", "Egger", "Fontaine", "Grant", "Hofer", "Ito", "Jansen",
    "Kaur", "Lund", "Moreau", "Novak", "Okafor", "Pereira", "Quist", "Rossi", "Sato", "Toth",
    "Ueda", "Vega", "Weiss", "Yilmaz", "Zeman",
];

/// Makes `count` people members of `guild` and returns them. After 500 of them first and last names
/// repeat, with an initial between them; the names for logging in are all different.
pub fn crowd(world: &mut World, guild: GuildId, count: usize) -> Vec<UserId> {
    let first = FIRST_NAMES.iter().copied();
    let names = first.flat_map(|first| LAST_NAMES.iter().map(move |last| (first, *last)));
    let add = |(n, (first, last)): (usize, (&str, &str))| {
        let round = n / (FIRST_NAMES.len() * LAST_NAMES.len());
        let id = world.add_user(&format!("{}.{}{n}", first.to_lowercase(), last.to_lowercase()));
        world.edit_user(id, |person| {
            person.global_name = Some(format!("{first}{} {last}", initial(round)));
        });
        world.join(guild, id, &[]);
        id
    };
    names.cycle().take(count).enumerate().map(add).collect()
}

/// Nothing at first, then a letter, then numbers.
fn initial(round: usize) -> String {
    let letter = round.checked_sub(1).and_then(|letter| ('A'..='Z').nth(letter));
    match letter {
        Some(letter) => format!(" {letter}."),
        None if round == 0 => String::new(),
        None => format!(" {round}"),
    }
}

struct Channels {
    welcome: ChannelId,
    events: ChannelId,
    general: ChannelId,
    announcements: ChannelId,
    organisers_only: ChannelId,
    raids: ChannelId,
}

fn person(world: &mut World, (username, name, color): (&str, &str, u32)) -> UserId {
    let id = world.add_user(username);
    world.edit_user(id, |person| {
        person.global_name = Some(name.into());
        person.color = color;
    });
    id
}

fn add_roles(world: &mut World, guild: GuildId) -> RoleId {
    let organisers = world.add_role(
        guild,
        NewRole {
            color: 0x00f1_c40f,
            mentionable: true,
            ..NewRole::named("Organisers", Permissions::MANAGE_EVENTS | Permissions::CREATE_EVENTS)
        },
    );
    let lanterns = NewRole { mentionable: true, ..NewRole::named("Lanterns", Permissions::NONE) };
    world.add_role(guild, NewRole { color: 0x003b_a55d, ..lanterns });
    organisers
}

fn add_channels(world: &mut World, guild: GuildId, organisers: RoleId, bot: UserId) -> Channels {
    let everyone = OverwriteTarget::Role(guild.everyone());
    let (nothing, view) = (Permissions::NONE, Permissions::VIEW_CHANNEL);
    let write = Permissions::SEND_MESSAGES;
    let category = |name: &str| NewChannel::text(name).kind(ChannelKind::Category);

    let information = world.add_channel(guild, category("Information"));
    let welcome = NewChannel::text("welcome").topic("Start here").under(information);
    let welcome = world.add_channel(guild, welcome.overwrite(everyone, nothing, write));
    let announcements = NewChannel::text("announcements")
        .kind(ChannelKind::Announcement)
        .topic("News by people only: Muster may not write here")
        .under(information)
        .overwrite(everyone, nothing, write)
        .overwrite(OverwriteTarget::Member(bot), nothing, write)
        .overwrite(OverwriteTarget::Role(organisers), write, nothing);
    let announcements = world.add_channel(guild, announcements);

    let club = world.add_channel(guild, category("Club"));
    let events = NewChannel::text("events").topic("What is on, and who comes").under(club);
    let events = world.add_channel(guild, events);
    let general = NewChannel::text("general").topic("Everything else").under(club);
    let general = world.add_channel(guild, general);
    let organisers_only = NewChannel::text("organisers")
        .topic("Planning")
        .under(club)
        .overwrite(everyone, nothing, view)
        .overwrite(OverwriteTarget::Role(organisers), view, nothing)
        .overwrite(OverwriteTarget::Member(bot), view, nothing);
    let organisers_only = world.add_channel(guild, organisers_only);
    let raids = NewChannel::forum("raids", &["Tonight", "Weekend"]);
    let raids = raids.topic("A post for every raid").under(club);
    let raids = world.add_channel(guild, raids);
    Channels { welcome, events, general, announcements, organisers_only, raids }
}

fn greet(world: &mut World, channels: &Channels, owner: UserId) {
    for (channel, text) in [
        (channels.welcome, "Welcome to the Lantern Club! Walks, games and long evenings."),
        (channels.general, "Try `/event create` in #events to plan something."),
    ] {
        world.seed_message(channel, owner, text);
    }
}
