//! New deliveries: posts, notices and greetings that wait to be sent.

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::{ChannelId, DeliveryId, GuildId, InteractionId, RoleId, UserId};
use muster_domain::notice::{Direct, News, Notice, remind_role};
use muster_domain::reminder::Audience;
use muster_domain::text::Announcement;
use rusqlite::{Connection, params};

use super::report::{self, TOO_LATE};
use crate::port::Stored;
use crate::sqlite::columns::{Column, only, whole_ms};
use crate::sqlite::events::{read_post, set_delivery};
use crate::sqlite::{guilds, reminders};

/// The delivery of an event's post, due then.
pub(in crate::sqlite) fn post(db: &Connection, event: &Event, at: Timestamp) -> Stored<DeliveryId> {
    post_in(db, event, event.channel, None, at)
}

/// The same in another channel, as an interaction wants it.
pub(super) fn post_in(
    db: &Connection,
    event: &Event,
    channel: ChannelId,
    interaction: Option<InteractionId>,
    at: Timestamp,
) -> Stored<DeliveryId> {
    const SQL: &str = "
        INSERT INTO delivery (guild, event, kind, channel, lane, due_at, ready_at, interaction)
        VALUES (?1, ?2, 'post', ?3, ?3, ?4, ?4, ?5) RETURNING id";
    let (guild, id) = (Column(event.guild), Column(event.id));
    let params = params![guild, id, Column(channel), Column(at), interaction.map(Column)];
    let delivery = db.prepare_cached(SQL)?.query_row(params, only)?;
    set_delivery(db, event.id, delivery)?;
    Ok(delivery)
}

/// What news rest on.
#[derive(Clone, Copy)]
pub(in crate::sqlite) struct About<'a> {
    pub(in crate::sqlite) event: &'a Event,
    /// The version of the event that members know without them.
    pub(in crate::sqlite) known_version: u64,
    /// What an organiser says, if that is the news.
    pub(in crate::sqlite) words: Option<&'a Announcement>,
    /// Whom an organiser says it to, if that is the news.
    pub(in crate::sqlite) told: Option<Audience>,
    /// The role to mention where no members are, if it is not the event's.
    pub(in crate::sqlite) role: Option<RoleId>,
    /// Where it is told.
    pub(in crate::sqlite) place: Where,
    /// Of a reminder, what it is in the event's list.
    pub(in crate::sqlite) reminds: Option<Reminds>,
}

/// What a reminder is in the list of its event.
#[derive(Clone, Copy)]
pub(in crate::sqlite) struct Reminds {
    /// Its instant. When it is due is another question: messages to members are spread, and wait
    /// for the end of quiet hours.
    pub(in crate::sqlite) at: Timestamp,
    /// Whom it is for.
    pub(in crate::sqlite) audience: Audience,
}

/// Where news of an event are told.
#[derive(Clone, Copy)]
pub(in crate::sqlite) enum Where {
    /// In its thread, or where there is none beside its post.
    Thread,
    /// Beside its post.
    Channel,
}

impl<'a> About<'a> {
    /// News that nobody has put into words, about an event as it is.
    pub(in crate::sqlite) const fn event(event: &'a Event) -> Self {
        let (known_version, place) = (event.version, Where::Thread);
        Self { event, known_version, words: None, told: None, role: None, place, reminds: None }
    }
}

/// The delivery of one message of news.
pub(in crate::sqlite) fn notice(
    db: &Connection,
    about: About<'_>,
    notice: &Notice,
) -> Stored<DeliveryId> {
    const SQL: &str = "
        INSERT INTO delivery (guild, event, kind, channel, lane, news, part, parts, version,
          known_version, due_at, ready_at, words, role, reminds_at, audience)
        VALUES (?1, ?2, 'notice', ?3, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, ?12, ?13)
        RETURNING id";
    let event = about.event;
    let audience = about.reminds.map(|reminds| reminds.audience).or(about.told);
    let delivery: DeliveryId = db.prepare_cached(SQL)?.query_row(
        params![
            Column(event.guild),
            Column(event.id),
            Column(place_of(db, about, notice.news)?),
            Column(notice.news),
            Column(notice.part),
            Column(notice.parts),
            Column(event.version),
            Column(about.known_version),
            Column(whole_ms(notice.due)),
            about.words.map(Announcement::as_str),
            about.role.map(Column),
            about.reminds.map(|reminds| Column(whole_ms(reminds.at))),
            audience.map(|audience| reminders::audience(audience).0),
        ],
        only,
    )?;
    mentions(db, delivery, &notice.mentions)?;
    Ok(delivery)
}

/// The delivery of a reminder for those who have not answered, whoever they are by then.
pub(in crate::sqlite) fn unanswered(
    db: &Connection,
    about: About<'_>,
    due: Timestamp,
) -> Stored<()> {
    const MARK: &str = "UPDATE delivery SET unanswered = 1 WHERE id = ?1";
    let delivery = notice(db, about, &remind_role(due))?;
    db.prepare_cached(MARK)?.execute([Column(delivery)])?;
    Ok(())
}

/// The delivery of news to one member. Its channel is found when it is sent; until then the
/// member's own number is its lane.
pub(in crate::sqlite) fn direct(
    db: &Connection,
    about: About<'_>,
    direct: &Direct,
) -> Stored<DeliveryId> {
    const SQL: &str = "
        INSERT INTO delivery (guild, event, kind, lane, news, part, parts, version, known_version,
          due_at, ready_at, words, member, reminds_at)
        VALUES (?1, ?2, 'direct', ?3, ?4, 1, 1, ?5, ?6, ?7, ?7, ?8, ?3, ?9)
        RETURNING id";
    let event = about.event;
    let params = params![
        Column(event.guild),
        Column(event.id),
        Column(direct.member),
        Column(direct.news),
        Column(event.version),
        Column(about.known_version),
        Column(whole_ms(direct.due)),
        about.words.map(Announcement::as_str),
        about.reminds.map(|reminds| Column(whole_ms(reminds.at))),
    ];
    Ok(db.prepare_cached(SQL)?.query_row(params, only)?)
}

/// Notes a reminder that was due while nobody could send it, and that comes too late by now.
pub(in crate::sqlite) fn missed(
    db: &Connection,
    about: About<'_>,
    due: Timestamp,
    now: Timestamp,
) -> Stored<()> {
    let delivery = notice(db, about, &remind_role(due))?;
    left_out(db, delivery, TOO_LATE, now)?;
    report::missed(db, delivery, now)
}

/// Notes that nobody sends this delivery, and why.
pub(in crate::sqlite) fn left_out(
    db: &Connection,
    delivery: DeliveryId,
    reason: &'static str,
    now: Timestamp,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE delivery SET outcome = 'skipped', reason = ?3, ended_at = ?2 WHERE id = ?1";
    db.prepare_cached(SQL)?.execute(params![Column(delivery), Column(now), reason])?;
    Ok(())
}

/// Where a piece of news is told: what is for organisers alone in their own channel, if they have
/// one.
fn place_of(db: &Connection, about: About<'_>, news: News) -> Stored<ChannelId> {
    let event = about.event;
    let own = match news {
        News::TooFew => guilds::admin_channel(db, event.guild)?,
        News::Moved
        | News::Cancelled
        | News::BackOn
        | News::Promoted
        | News::Offered
        | News::Unseated
        | News::Told
        | News::Reminder => None,
    };
    if let Some(own) = own {
        return Ok(own);
    }
    let Some(post) = read_post(db, event.id)? else { return Ok(event.channel) };
    Ok(match about.place {
        Where::Thread => post.thread.unwrap_or(post.channel),
        Where::Channel => post.channel,
    })
}

fn mentions(db: &Connection, delivery: DeliveryId, members: &[UserId]) -> Stored<()> {
    const SQL: &str =
        "INSERT INTO delivery_mention (delivery, position, member) VALUES (?1, ?2, ?3)";
    let mut statement = db.prepare_cached(SQL)?;
    for (position, member) in members.iter().enumerate() {
        statement.execute(params![Column(delivery), Column(position), Column(*member)])?;
    }
    Ok(())
}

/// The greeting of a guild, whose channel is found when it is sent. Until then it has a lane of
/// its own.
pub(in crate::sqlite) fn greeting(db: &Connection, guild: GuildId, at: Timestamp) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO delivery (guild, kind, lane, due_at, ready_at)
        VALUES (?1, 'greeting', ?1, ?2, ?2)";
    db.prepare_cached(SQL)?.execute(params![Column(guild), Column(at)])?;
    Ok(())
}
