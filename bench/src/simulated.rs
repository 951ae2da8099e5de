//! The simulated Discord of `crates/sim` in this process, which lives on while the program beside
//! it is killed, and `muster run` against it. Slower than the stand-in of `load`, and true: it
//! keeps Discord's limits and remembers what it took.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use muster_sim::ids::{AppId, ChannelId, GuildId, RoleId, UserId};
use muster_sim::world::{Accepted, Message, NewChannel, NewRole, Permissions, Way};
use muster_sim::{Sim, SimConfig, World, seed};

use crate::child::Child;
use crate::clock;
use crate::error::{BenchError, io, other};
use crate::folder::Folder;
use crate::machine::{self, Core};

/// How often it is looked whether the program has come online.
const LOOK: Duration = Duration::from_millis(1);

/// How long it may take to come online.
const ONLINE_LIMIT: Duration = Duration::from_mins(1);

/// Where an event can be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) guild: GuildId,
    pub(crate) channel: ChannelId,
    /// A role that anybody may mention.
    pub(crate) role: RoleId,
}

/// The simulated Discord, and where things are in it.
pub(crate) struct Simulated {
    pub(crate) sim: Sim,
    pub(crate) app: AppId,
    pub(crate) owner: UserId,
    /// Members of all guilds.
    pub(crate) members: Vec<UserId>,
    /// The channels: the first of each guild, the second of each, and so on.
    pub(crate) places: Vec<Place>,
}

impl Simulated {
    /// Starts it with so many guilds, so many channels in each, and these messages of the bot in
    /// each of them.
    pub(crate) async fn start(guilds: u64, channels: u64) -> Result<Self, BenchError> {
        let now = clock::today();
        let mut world = World::new(1, now);
        let owner = world.add_user("owner");
        let members: Vec<_> = (0..4).map(|n| world.add_user(&format!("member{n}"))).collect();
        let app = world.add_application("Muster", seed::TOKEN, owner);
        let mut rows = Vec::new();
        for number in 0..guilds {
            let guild = world.add_guild(&format!("Guild {number}"), owner);
            let role = world.add_role(
                guild,
                NewRole { mentionable: true, ..NewRole::named("Walkers", Permissions::NONE) },
            );
            for member in &members {
                world.join(guild, *member, &[role]);
            }
            world.install(app, guild, Permissions::BOT_CORE);
            rows.push(
                (0..channels)
                    .map(|n| {
                        let channel =
                            world.add_channel(guild, NewChannel::text(&format!("events-{n}")));
                        Place { guild, channel, role }
                    })
                    .collect::<Vec<_>>(),
            );
        }
        let turns = (0..usize::try_from(channels).unwrap_or_default())
            .flat_map(|turn| rows.iter().filter_map(move |row| row.get(turn).copied()));
        let places = turns.collect();
        let sim = muster_sim::start(world, SimConfig::default()).await;
        let sim = sim.map_err(|error| other(&error.to_string()))?;
        Ok(Self { sim, app, owner, members, places })
    }

    /// The place with this number, round and round.
    pub(crate) fn place(&self, number: u64) -> Result<Place, BenchError> {
        let count = self.places.len().max(1);
        let index = usize::try_from(number).unwrap_or_default() % count;
        self.places.get(index).copied().ok_or_else(|| other("there is no channel"))
    }

    /// Starts `muster run` in the folder; its log goes on where it was.
    pub(crate) fn muster(&self, program: &Path, folder: &Folder) -> Result<Child, BenchError> {
        self.muster_with(program, folder, &[])
    }

    /// The same with these variables beside the usual ones.
    pub(crate) fn muster_with(
        &self,
        program: &Path,
        folder: &Folder,
        variables: &[(&str, String)],
    ) -> Result<Child, BenchError> {
        let log = OpenOptions::new().create(true).append(true).open(folder.log());
        let log = log.map_err(io("the log"))?;
        let both = log.try_clone().map_err(io("the log"))?;
        let mut command = machine::on(Core::Measured, program);
        command
            .arg("run")
            .env("DISCORD_TOKEN", seed::TOKEN)
            .env("DISCORD_API_URL", self.sim.url())
            .env("DATABASE_URL", format!("sqlite:{}", folder.database().display()))
            .env("DEFAULT_TIMEZONE", "Europe/Berlin")
            .env("RATE_LIMIT_TAPS", "off")
            .env("HTTP_ADDR", "off")
            .env("BACKUP_INTERVAL", "off")
            .env("LOG", "info")
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(both);
        command.spawn().map(Child::of).map_err(io("the program"))
    }

    /// How often a bot has come online, by a new session or an old one.
    pub(crate) fn entries(&self) -> u64 {
        let counts = self.sim.counts();
        counts.identifies + counts.resumes
    }

    /// Waits until a bot has come online more often than this; returns how long that took.
    pub(crate) async fn online(&self, before: u64) -> Option<Duration> {
        let began = clock::now();
        let online = async {
            while self.entries() <= before {
                clock::rest(LOOK).await;
            }
        };
        clock::within(ONLINE_LIMIT, online).await.map(|()| began.elapsed())
    }

    /// How many messages were taken from the bot of its own accord in all places, ever. What it
    /// writes to its operator on a busy machine is none of them.
    pub(crate) fn taken(&self) -> usize {
        let places: BTreeSet<_> = self.places.iter().map(|place| place.channel).collect();
        let place = |what: &Accepted| {
            let Accepted::Created { way: Way::Bot, channel, .. } = what else { return None };
            Some(*channel)
        };
        let is_there = |what: &Accepted| place(what).is_some_and(|place| places.contains(&place));
        self.sim.world(|world| world.accepted().filter(|one| is_there(&one.what)).count())
    }

    /// What the bot wrote of its own accord and is there, channel by channel.
    pub(crate) fn written(&self) -> Vec<Message> {
        let bot = UserId::new(self.app.get());
        self.sim.world(|world| {
            let own = |message: &&Message| message.author == bot && message.origin.is_none();
            let channels = self.places.iter().flat_map(|place| world.messages(place.channel));
            channels.filter(own).cloned().collect()
        })
    }
}

/// Whether a bot wrote a message with its own token.
pub(crate) const fn is_message(what: &Accepted) -> bool {
    matches!(what, Accepted::Created { way: Way::Bot, .. })
}
