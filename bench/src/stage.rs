//! Sets the stage: a folder with a database in which everything is as after a while of use, the
//! stand-in for Discord, and what is measured.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use futures_util::StreamExt as _;
use futures_util::stream;
use jiff::SignedDuration;
use muster_domain::id::{ChannelId, GuildId, MessageId};
use muster_store::model::DeliveryEnd;
use muster_store::port::{Deliveries as _, Events as _, Guilds as _};
use muster_store::sqlite::SqliteStore;

use crate::child::Child;
use crate::clock;
use crate::error::{BenchError, io, other};
use crate::folder::Folder;
use crate::load::Remote;
use crate::machine::{self, Core};
use crate::world::{self, CHANNEL, EVENTS, Habit, TOKEN};

/// Taps stored at the same time while a stage is set.
const AT_ONCE: usize = 512;

/// How large the world is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Guilds that the bot is in.
    pub(crate) guilds: u64,
    /// Events that are tapped in turn.
    pub(crate) events: u64,
    /// Members who answer each of them.
    pub(crate) members: u64,
    /// What they tap, and to how many places.
    pub(crate) habit: Habit,
    /// How many of them have answered each event before.
    pub(crate) answered: u64,
    /// Whether Discord speaks TLS.
    pub(crate) tls: bool,
    /// Taps of a day in which a few of the events get most of them; otherwise all in turn.
    pub(crate) day: Option<u64>,
}

impl Size {
    /// The usual events, answered by so many.
    pub(crate) const fn of(guilds: u64, members: u64) -> Self {
        let (answered, tls, day) = (members, false, None);
        let habit = Habit::AnyOption;
        Self { guilds, events: EVENTS, members, habit, answered, tls, day }
    }

    /// How many taps are stored before.
    const fn taps_before(self) -> u64 {
        self.events * self.answered
    }
}

/// A folder with a database, and the stand-in for Discord beside it.
pub(crate) struct Stage {
    folder: Folder,
    size: Size,
    events: Vec<u64>,
}

impl Stage {
    /// Sets it below `disk`, whose speed is part of what is measured.
    pub(crate) fn set(disk: &Path, size: Size) -> Result<Self, BenchError> {
        let folder = Folder::below(disk)?;
        let mut stage = Self { folder, size, events: Vec::new() };
        stage.events = clock::runtime()?.block_on(fill(&stage.database(), size))?;
        Ok(stage)
    }

    /// A copy of it on the same disk, for another run of the same.
    pub(crate) fn copied(&self, disk: &Path) -> Result<Self, BenchError> {
        let folder = Folder::below(disk)?;
        std::fs::copy(self.database(), folder.database()).map_err(io("the database's copy"))?;
        Ok(Self { folder, size: self.size, events: self.events.clone() })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The database's file.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.database()
    }

    /// The same stage, said to be of another size.
    pub(crate) fn with(self, size: Size) -> Self {
        Self { size, ..self }
    }

    /// Starts the stand-in; returns it with its address.
    pub(crate) fn discord(&self) -> Result<(Remote, String), BenchError> {
        self.discord_of(u64::MAX)
    }

    /// Starts the stand-in, where at most so many of the guilds become available.
    pub(crate) fn discord_of(&self, available: u64) -> Result<(Remote, String), BenchError> {
        let mut command = machine::on(Core::Load, &this_program()?);
        command.arg("discord").args(["--guilds", &self.size.guilds.to_string()]);
        command.args(["--available", &available.to_string()]);
        command.args(["--habit", &self.size.habit.to_string()]);
        self.add_world(&mut command);
        if let Some(taps) = self.size.day {
            command.args(["--day", &taps.to_string()]);
        }
        if self.size.tls {
            command.arg("--tls").arg(self.authority());
        }
        let mut discord = Remote::start(command)?;
        let address = discord.line()?;
        Ok((discord, address))
    }

    /// Starts the store alone, which takes the same loads.
    pub(crate) fn commits(&self) -> Result<Remote, BenchError> {
        self.writer("commits")
    }

    /// Starts what writes the same rows by SQLite alone.
    pub(crate) fn rows(&self) -> Result<Remote, BenchError> {
        self.writer("rows")
    }

    fn writer(&self, kind: &str) -> Result<Remote, BenchError> {
        let mut command = machine::on(Core::Measured, &this_program()?);
        command.arg(kind).arg("--database").arg(self.database());
        self.add_world(&mut command);
        Remote::start(command)
    }

    /// Starts the bot that stores nothing.
    pub(crate) fn answerer(&self, address: &str) -> Result<Child, BenchError> {
        let mut command = machine::on(Core::Measured, &this_program()?);
        command.args(["answerer", "--url", address]);
        command.args(["--members", &self.size.members.to_string()]);
        self.start(command)
    }

    /// Starts `muster run`.
    pub(crate) fn muster(&self, program: &Path, address: &str) -> Result<Child, BenchError> {
        self.start(self.muster_command(machine::on(Core::Measured, program), address))
    }

    /// Starts `muster run` with these variables beside the usual ones.
    pub(crate) fn muster_with(
        &self,
        mut command: Command,
        address: &str,
        variables: &[(&str, String)],
    ) -> Result<Child, BenchError> {
        command = self.muster_command(command, address);
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        self.start(command)
    }

    /// The arguments and variables of `muster run`, for a command that begins like this.
    pub(crate) fn muster_command(&self, mut command: Command, address: &str) -> Command {
        command
            .arg("run")
            .env("DISCORD_TOKEN", TOKEN)
            .env("DISCORD_API_URL", address)
            .env("DATABASE_URL", format!("sqlite:{}", self.database().display()))
            .env("RATE_LIMIT_TAPS", "off")
            .env("LOG", "warn");
        if self.size.tls {
            command.env("DISCORD_CA_FILE", self.authority());
        }
        command
    }

    /// Starts it in the folder, with its log in a file.
    pub(crate) fn start(&self, mut command: Command) -> Result<Child, BenchError> {
        let log = std::fs::File::create(self.folder.log()).map_err(io("the log"))?;
        let both = log.try_clone().map_err(io("the log"))?;
        command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(log).stderr(both);
        command.spawn().map(Child::of).map_err(io("the program"))
    }

    /// What was logged so far.
    pub(crate) fn logged(&self) -> Result<String, BenchError> {
        std::fs::read_to_string(self.folder.log()).map_err(io("the log"))
    }

    fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    fn add_world(&self, command: &mut Command) {
        let events: Vec<_> = self.events.iter().map(u64::to_string).collect();
        command.args(["--members", &self.size.members.to_string()]);
        command.args(["--events", &events.join(",")]);
        command.args(["--first-tap", &self.size.taps_before().to_string()]);
    }
}

fn this_program() -> Result<PathBuf, BenchError> {
    std::env::current_exe().map_err(io("this program"))
}

/// The program to be measured: beside this one, unless another is named.
pub(crate) fn program(named: Option<&Path>) -> Result<PathBuf, BenchError> {
    let beside = this_program()?.with_file_name("muster");
    let program = named.unwrap_or(&beside);
    program.canonicalize().map_err(|_| other("build it first: cargo build --release -p muster"))
}

/// Fills a database: guilds that were greeted, events that were posted, members who answered.
async fn fill(path: &Path, size: Size) -> Result<Vec<u64>, BenchError> {
    let store = SqliteStore::open(path)?;
    let now = clock::today();
    for number in 0..size.guilds {
        store.guild_arrived(GuildId::new(world::guild(number)), now).await?;
    }
    let mut events = Vec::new();
    for number in 0..size.events {
        let created =
            store.create_event(world::new_event_for(size.habit, number, now)?, now).await?;
        events.push(created.sheet.event.id.get());
        let lease = now + SignedDuration::from_secs(60);
        let claimed = store.claim(created.delivery, now, lease).await?;
        let claimed = claimed.ok_or(BenchError::Other("a new post could not be claimed".into()))?;
        let event = created.sheet.event;
        let (channel, message) =
            (ChannelId::new(CHANNEL), MessageId::new(world::message_id(event.id.get())));
        let end = DeliveryEnd::Sent { channel, message, version: event.version };
        world::is_ours(store.finish(&claimed, end, now).await?)?;
    }
    world::finish_greetings(&store).await?;
    let crowd = (size.members, size.habit);
    let taps = (0..size.taps_before())
        .map(|number| store.tap(world::stored_tap(number, &events, crowd, now)));
    let mut stored = stream::iter(taps).buffer_unordered(AT_ONCE);
    while let Some(tapped) = stored.next().await {
        tapped?;
    }
    drop(stored);
    store.close().await?;
    Ok(events)
}
