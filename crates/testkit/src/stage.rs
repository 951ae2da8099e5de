//! The stage of one run: Discord, the people in it, the machine of the bot, and who watches.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use muster_sim::ids::{AppId, ChannelId, GuildId, RoleId, UserId};
use muster_sim::world::{NewRole, Permissions};
use muster_sim::{Inside, SimClock, SimConfig, World, seed};
use serde_json::Value;

use crate::disk::Disk;
use crate::env::WallClock;
use crate::epoch::Epoch;
use crate::faults::Faults;
use crate::hands::Hands;
use crate::ledger::Ledger;
use crate::plant::Plant;
use crate::random::Random;
use crate::run::{Kind, Run};
use crate::season::Season;
use crate::trace::Trace;

/// Monday, 23 November 2026, 12:00 UTC: when every run begins.
const BEGIN_S: i64 = 1_795_435_200;

/// The privileged intent of who may list members (Discord docs: list of intents).
const MEMBERS_INTENT: u64 = 1 << 1;

/// Members who tap, beside the organisers.
const MEMBERS: usize = 10;

/// Who takes part, and where.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The bot's application.
    pub app: AppId,
    /// The guild.
    pub guild: GuildId,
    /// Its owner, who may do everything.
    pub owner: UserId,
    /// Another who may change events.
    pub organiser: UserId,
    /// Who taps.
    pub members: Vec<UserId>,
    /// Somebody who is there and never takes part.
    pub stranger: UserId,
    /// Where events are posted.
    pub channels: Vec<ChannelId>,
    /// A forum, in which only some kinds of stories have events.
    pub forum: ChannelId,
    /// A role that events may mention, and that some members have.
    pub role: RoleId,
    /// Who has it.
    pub players: Vec<UserId>,
    /// A role that answers give, and that nobody has otherwise.
    pub crew: RoleId,
}

impl Cast {
    /// The roles of a member.
    #[must_use]
    pub fn roles_of(&self, member: u64) -> Vec<u64> {
        let has_it = self.players.iter().any(|player| player.get() == member);
        has_it.then(|| self.role.get()).into_iter().collect()
    }
}

/// Frames by session and number.
type Swapped = BTreeMap<(String, u64), Value>;

/// The stage.
pub struct Stage {
    /// Everything in a run depends on this number alone.
    pub seed: u64,
    /// What the run is about.
    pub kind: Kind,
    /// When it begins.
    pub epoch: Epoch,
    /// Where clocks change soon, in a run about that.
    pub season: Option<Season>,
    /// Whether the bot may list the members of its guilds.
    pub lists_members: bool,
    /// Discord.
    pub inside: Arc<Inside>,
    /// Who takes part.
    pub cast: Cast,
    /// What happened.
    pub trace: Arc<Trace>,
    /// What goes wrong.
    pub faults: Arc<Faults>,
    /// The bot's disk.
    pub disk: Arc<Disk>,
    /// What was seen.
    pub ledger: Arc<Ledger>,
    /// The clock of the bot's machine.
    pub wall: Arc<WallClock>,
    /// A bug on purpose, or none.
    pub plant: Plant,
    /// Whether requests that were held up arrive even when the process that sent them is gone.
    pub late: bool,
    /// The application that runs now.
    pub(crate) hands: Hands,
    /// The token that Discord knows, and every life begins with.
    token: Mutex<String>,
    /// What interactions came out of order, by session and number.
    swapped: Mutex<Swapped>,
    /// Who wanted everything about them erased.
    nameless: Mutex<BTreeSet<u64>>,
    /// How the wall clock was set: when, and how many milliseconds it was ahead from then on.
    pub(crate) set: Mutex<Vec<(Duration, i64)>>,
}

impl Stage {
    /// Builds the stage of a seed, on a paused runtime.
    pub fn build(run: Run) -> io::Result<Self> {
        let Run { seed, kind, plant, late, lines_kept } = run;
        let season = (kind == Kind::Zones).then(|| Season::of_seed(seed)).flatten();
        let usual = Timestamp::from_second(BEGIN_S).unwrap_or(Timestamp::UNIX_EPOCH);
        let begin = season.as_ref().map_or(usual, |season| season.begin);
        let epoch = Epoch::at(begin);
        let (mut world, cast) = world(seed, begin);
        let lists_members = kind == Kind::Reminders && Random::stream(seed, "lists").below(2) == 0;
        if lists_members {
            world.edit_application(cast.app, |app| app.privileged |= MEMBERS_INTENT);
        }
        world.set_nonce_window(nonce_window(seed));
        let config = SimConfig { clock: SimClock::following(begin), ..SimConfig::default() };
        let faults = Arc::new(match kind {
            Kind::Deliveries | Kind::Places => Faults::around_deliveries(seed),
            Kind::Whole | Kind::Clocks | Kind::Zones | Kind::Reminders | Kind::Dates => {
                Faults::of_seed(seed)
            }
        });
        Ok(Self {
            seed,
            kind,
            epoch,
            season,
            lists_members,
            inside: Arc::new(Inside::new(world, config)),
            cast,
            trace: Arc::new(Trace::new(lines_kept)),
            ledger: Arc::new(Ledger::new(epoch, Arc::clone(&faults))),
            faults,
            disk: Arc::new(Disk::with_database()?),
            wall: Arc::new(WallClock::new(begin)),
            plant,
            late,
            hands: Hands::default(),
            token: Mutex::new(seed::TOKEN.to_owned()),
            swapped: Mutex::default(),
            nameless: Mutex::default(),
            set: Mutex::default(),
        })
    }

    /// A stream of random numbers of this run.
    #[must_use]
    pub fn random(&self, name: &str) -> Random {
        Random::stream(self.seed, name)
    }

    /// The token that Discord knows.
    pub(crate) fn token(&self) -> String {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Discord knows another token from now on.
    pub(crate) fn set_token(&self, token: String) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
    }

    /// A member wants everything about them erased.
    pub(crate) fn erases(&self, member: u64) {
        self.trace.note("person", format_args!("{member} wants to be erased"));
        self.ledger.lock().nameless.insert(member);
        self.nameless.lock().unwrap_or_else(PoisonError::into_inner).insert(member);
    }

    /// Whether a member ever wanted that: what was theirs may be nobody's.
    pub(crate) fn is_erased(&self, member: u64) -> bool {
        self.nameless.lock().unwrap_or_else(PoisonError::into_inner).contains(&member)
    }

    /// Discord has sent these in this order, and does so again when the session is resumed.
    pub(crate) fn remember_order(&self, session: &str, frames: &[Value]) {
        let mut swapped = self.swapped.lock().unwrap_or_else(PoisonError::into_inner);
        for frame in frames {
            let number = frame["s"].as_u64().unwrap_or_default();
            swapped.insert((session.to_owned(), number), frame.clone());
        }
    }

    /// What came in the place of this frame, if it was swapped.
    pub(crate) fn swapped_before(&self, session: &str, frame: &Value) -> Option<Value> {
        let key = (session.to_owned(), frame["s"].as_u64()?);
        self.swapped.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }

    /// How far the bot's clock may have been from the true time, in milliseconds.
    pub(crate) fn skew_ms(&self) -> i64 {
        self.times_set().iter().map(|(_, ahead)| ahead.abs()).max().unwrap_or_default()
    }

    /// Whether the bot's clock was right all the time from then to then.
    pub(crate) fn was_clock_right(&self, (from, to): (Duration, Duration)) -> bool {
        let set = self.times_set();
        let before = set.iter().rev().find(|(at, _)| *at <= from).is_none_or(|(_, ms)| *ms == 0);
        before && set.iter().all(|(at, ms)| *at < from || *at > to || *ms == 0)
    }

    /// Since when the bot's clock is right, if it is.
    pub(crate) fn right_since(&self) -> Duration {
        self.times_set().last().map_or(Duration::ZERO, |(at, _)| *at)
    }

    fn times_set(&self) -> Vec<(Duration, i64)> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets the clock of the bot's machine so far ahead of the true time; behind, if negative.
    pub fn set_clock(&self, ahead: jiff::SignedDuration) {
        self.trace.note("clock", format_args!("is set: {ahead:?}"));
        let ms = i64::try_from(ahead.as_millis()).unwrap_or(i64::MAX);
        let now = self.ledger.now();
        self.set.lock().unwrap_or_else(PoisonError::into_inner).push((now, ms));
        self.wall.set(ahead);
    }
}

/// How long Discord remembers a nonce, of which it says "a few minutes": one to ten.
fn nonce_window(seed: u64) -> jiff::SignedDuration {
    let mut random = Random::stream(seed, "nonces");
    let seconds = i64::try_from(random.below(540)).unwrap_or_default();
    jiff::SignedDuration::from_secs(60 + seconds)
}

/// What the bot may do in its guild.
pub(crate) fn rights() -> Permissions {
    Permissions::BOT_CORE | Permissions::MANAGE_ROLES | Permissions::CREATE_PUBLIC_THREADS
}

/// One guild with two channels for events, two organisers, and members who come and go.
fn world(seed: u64, begin: Timestamp) -> (World, Cast) {
    let demo = seed::demo(seed, begin);
    let mut world = demo.world;
    let mut members = demo.members;
    while members.len() <= MEMBERS {
        let id = world.add_user(&format!("member-{}", members.len()));
        world.join(demo.guild, id, &[]);
        members.push(id);
    }
    let role = NewRole { mentionable: true, ..NewRole::named("Players", Permissions::NONE) };
    let role = world.add_role(demo.guild, role);
    let players: Vec<UserId> = members.iter().step_by(3).copied().collect();
    for player in &players {
        world.edit_member(demo.guild, *player, |member| member.roles.extend([role]));
    }
    let crew = world.add_role(demo.guild, NewRole::named("Crew", Permissions::NONE));
    world.edit_role(demo.guild, crew, |role| role.position = 1);
    world.permit(demo.app, demo.guild, rights());
    let stranger = world.add_user("stranger");
    world.join(demo.guild, stranger, &[]);
    let cast = Cast {
        app: demo.app,
        guild: demo.guild,
        owner: demo.owner,
        organiser: demo.organiser,
        members,
        stranger,
        channels: vec![demo.events, demo.general],
        forum: demo.raids,
        role,
        players,
        crew,
    };
    (world, cast)
}
