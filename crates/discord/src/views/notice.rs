//! News about an event, told to those whom it concerns.

use jiff::Timestamp;
use muster_domain::id::{ChannelId, DeliveryId, MessageId, RoleId, UserId};
use muster_domain::notice::News;
use muster_domain::reminder::{Placeholder, filled};
use muster_domain::sheet::Sheet;
use muster_domain::text::Announcement;

use crate::custom_id::Action;
use crate::views::message::{AllowedMentions, Button, Embed, Message, Style};
use crate::views::panel;
use crate::views::post::{mention, mentions_of};
use crate::views::text::{fitted, full, grouped, length, person, plain, relative, shortened};

/// Characters of a message. (Discord docs: "Message", create)
const CONTENT_MAX: usize = 2_000;

/// Characters that an embed shows of a reminder's words. Discord takes 4,096, and a name filled in
/// many times is longer than what an organiser wrote. (Discord docs: "Embed Limits")
const DESCRIPTION_MAX: usize = 2_000;

const BLUE: u32 = 0x58_65_F2;

/// One message of a piece of news.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// The event as it is now.
    pub sheet: &'a Sheet,
    /// What happened.
    pub news: News,
    /// What an organiser said, if that is the news.
    pub words: Option<&'a Announcement>,
    /// Members to mention, at most 80, unless the event hides who they are; if there are none, the
    /// role is.
    pub mentions: &'a [UserId],
    /// The role to mention; if there is none, the event's is, or nobody.
    pub role: Option<RoleId>,
    /// Which part it is, from 1.
    pub part: usize,
    /// How many parts there are.
    pub parts: usize,
}

/// The message. Its button carries the delivery, as the mark to find it again.
#[must_use]
pub fn notice(notice: &Notice<'_>, delivery: DeliveryId) -> Message {
    let event = &notice.sheet.event;
    // Names may have been hidden after it was planned.
    let mentions = if hides_names(notice) { &[] } else { notice.mentions };
    let notice = &Notice { mentions, ..*notice };
    let allowed_mentions = if notice.mentions.is_empty() && notice.news != News::TooFew {
        mentions_of(role_of(notice), event.guild)
    } else {
        AllowedMentions { users: notice.mentions.to_vec(), ..AllowedMentions::default() }
    };
    let show = Action::Show(event.id, Some(delivery));
    let mut buttons = vec![Button::new(Style::Primary, "Show event", show)];
    if notice.news == News::TooFew {
        buttons.push(Button::new(Style::Danger, "Cancel the event", Action::Cancel(event.id)));
    }
    let message = said(Message::text(content(notice)), notice);
    Message { allowed_mentions, ..message }.row(buttons)
}

/// Whether it may say of nobody that it is for them: who the organiser is, everybody may know.
fn hides_names(notice: &Notice<'_>) -> bool {
    notice.sheet.event.rules.names_hidden && notice.news != News::TooFew
}

/// The role to mention in the place of members. Where names are hidden nobody knows how few they
/// are: a role is not called together for one who moved up.
fn role_of(notice: &Notice<'_>) -> Option<RoleId> {
    let is_for_single = matches!(notice.news, News::Promoted | News::Offered | News::Unseated);
    let role = notice.role.or(notice.sheet.event.mention);
    role.filter(|_| !(is_for_single && hides_names(notice)))
}

/// News for one member, by direct message.
#[derive(Clone, Copy, Debug)]
pub struct Direct<'a> {
    /// The event as it is now.
    pub sheet: &'a Sheet,
    /// The message that is its post, and where it is, if there is one.
    pub post: Option<(ChannelId, MessageId)>,
    /// What happened.
    pub news: News,
    /// What an organiser said, if that is the news.
    pub words: Option<&'a Announcement>,
    /// Until when a place is held for them, if that is the news.
    pub held_until: Option<Timestamp>,
}

/// The message: nobody is mentioned, and there is a way to the event and one out. The latter
/// carries the delivery, as the mark to find it again.
#[must_use]
pub fn direct(direct: &Direct<'_>, delivery: DeliveryId) -> Message {
    let Direct { sheet, post, news, words, held_until } = *direct;
    let event = &sheet.event;
    let alone = Notice { sheet, news, words, mentions: &[], role: None, part: 1, parts: 1 };
    let title = shortened(event.details.title.as_str(), 100);
    let place = match post {
        Some((channel, message)) => panel::link(event.guild, channel, message),
        None => panel::channel_link(event.guild, event.channel),
    };
    let no_more = Action::NoDirect(event.guild, event.id, Some(delivery));
    let sentence = sentence_to_one(&alone, &plain(&title), held_until);
    said(Message::text(sentence), &alone).row(vec![
        Button::link("Go to the event", place),
        Button::new(Style::Secondary, "No more messages about it", no_more),
    ])
}

/// To one member, nobody is "many".
fn sentence_to_one(notice: &Notice<'_>, title: &str, held_until: Option<Timestamp>) -> String {
    let start = notice.sheet.event.details.span.start();
    let (when, away) = (full(start), relative(start));
    match notice.news {
        News::Promoted => format!("You have a place now: **{title}** on {when}, {away}."),
        News::Offered => format!(
            "A place is held for you: **{title}** on {when}. Answer the same again.{}",
            lapses(held_until)
        ),
        News::Unseated => unseated(title, &when),
        News::Moved
        | News::Cancelled
        | News::BackOn
        | News::TooFew
        | News::Told
        | News::Reminder => sentence(notice, title),
    }
}

/// The sentence comes first, as a phone shows the beginning. Eighty mentions leave room for little
/// more: then the title is shortened, and the mentions move together.
fn content(notice: &Notice<'_>) -> String {
    let mut content = String::new();
    for (title_max, between) in [(100, " "), (100, ""), (60, ""), (20, "")] {
        let title = shortened(notice.sheet.event.details.title.as_str(), title_max);
        let mentions = mentioned(notice, between);
        content = format!("{}{}\n{mentions}", sentence(notice, &plain(&title)), part(notice));
        if length(&content) <= CONTENT_MAX {
            break;
        }
    }
    content.trim_end().to_owned()
}

fn sentence(notice: &Notice<'_>, title: &str) -> String {
    let start = notice.sheet.event.details.span.start();
    let (when, away) = (full(start), relative(start));
    match notice.news {
        News::Moved => format!("**{title}** has a new time: {when}, {away}."),
        News::Cancelled => format!("**{title}** on {when} is cancelled."),
        News::BackOn => format!("**{title}** takes place after all: {when}, {away}."),
        News::Promoted if hides_names(notice) => format!(
            "Somebody moved up from the waitlist of **{title}** on {when}. *Show event* tells \
             whether you did."
        ),
        News::Promoted if notice.mentions.is_empty() => {
            format!("Many moved up from the waitlist of **{title}** on {when}.")
        }
        News::Promoted => format!("You have a place now: **{title}** on {when}, {away}."),
        News::Offered if hides_names(notice) => format!(
            "Somebody is offered a place from the waitlist of **{title}** on {when}. *Show event* \
             tells whether you are; the same answer again accepts it."
        ),
        News::Offered if notice.mentions.is_empty() => format!(
            "Many are offered a place from the waitlist of **{title}** on {when}. Look at the \
             event whether you are; the same answer again accepts it."
        ),
        News::Offered => format!(
            "A place is held for you: **{title}** on {when}. Answer the same again.{}",
            held_until(notice)
        ),
        News::Unseated if hides_names(notice) => format!(
            "Somebody has no place any more at **{title}** on {when} and is on the waitlist. *Show \
             event* tells whether you are."
        ),
        News::Unseated if notice.mentions.is_empty() => format!(
            "Many have no place any more at **{title}** on {when} and are on the waitlist. Look at \
             the event whether you are."
        ),
        News::Unseated => unseated(title, &when),
        News::TooFew => format!(
            "Fewer are coming to **{title}** on {when} than you wanted: {}. You can cancel it, \
             or let it take place.",
            enough(notice.sheet)
        ),
        News::Told => format!("About **{title}** on {when}, {away}:"),
        News::Reminder => format!("Reminder: **{title}** on {when}, {away}."),
    }
}

fn unseated(title: &str, when: &str) -> String {
    format!("There is no place for you at **{title}** on {when} now: you are on the waitlist.")
}

/// All who are told together were offered their places together.
fn held_until(notice: &Notice<'_>) -> String {
    let first = notice.mentions.first();
    let offered = &notice.sheet.offered.first;
    let entry = offered.iter().find(|entry| Some(&entry.member) == first);
    lapses(entry.and_then(|entry| entry.offered_until))
}

fn lapses(until: Option<Timestamp>) -> String {
    until.map(|until| format!(" It lapses {}.", relative(until))).unwrap_or_default()
}

/// "3 of 5".
fn enough(sheet: &Sheet) -> String {
    let coming = grouped(sheet.coming);
    match sheet.event.rules.minimum {
        Some(minimum) => format!("{coming} of {}", grouped(minimum.people.places())),
        None => coming,
    }
}

/// An organiser's words stand on a card, where mentions in them notify nobody and take no room.
fn said(message: Message, notice: &Notice<'_>) -> Message {
    let Some(words) = notice.words else { return message };
    let description = match notice.news {
        News::Reminder => {
            let value = |placeholder| value_of(placeholder, notice.sheet);
            fitted(&filled(words.as_str(), value), DESCRIPTION_MAX)
        }
        News::Moved
        | News::Cancelled
        | News::BackOn
        | News::Promoted
        | News::Offered
        | News::Unseated
        | News::TooFew
        | News::Told => words.as_str().to_owned(),
    };
    let card = Embed { description, color: BLUE, ..Embed::default() };
    Message { embeds: Some(vec![card]), ..message }
}

/// What stands for a placeholder in the text of a reminder.
fn value_of(placeholder: Placeholder, sheet: &Sheet) -> String {
    let event = &sheet.event;
    let start = event.details.span.start();
    match placeholder {
        Placeholder::Title => plain(event.details.title.as_str()),
        Placeholder::Start => full(start),
        Placeholder::Relative => relative(start),
        Placeholder::Host => person(event.host),
        Placeholder::Location => match &event.details.location {
            Some(location) => plain(location.as_str()),
            None => "a place to be told".to_owned(),
        },
        Placeholder::Count => grouped(sheet.coming),
    }
}

fn part(notice: &Notice<'_>) -> String {
    if notice.parts > 1 { format!(" ({} of {})", notice.part, notice.parts) } else { String::new() }
}

fn mentioned(notice: &Notice<'_>, between: &str) -> String {
    let event = &notice.sheet.event;
    if notice.mentions.is_empty() {
        return role_of(notice).map(|role| mention(role, event.guild)).unwrap_or_default();
    }
    let mentions: Vec<_> = notice.mentions.iter().map(|user| format!("<@{user}>")).collect();
    mentions.join(between)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use muster_domain::event::Span;
    use muster_domain::limits::MENTIONS_PER_MESSAGE_MAX;
    use muster_domain::text::Title;

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{GUILD, NOW, event, huge, sheet_of, texts, wrapped};

    const ALL: [News; 9] = [
        News::Moved,
        News::Cancelled,
        News::BackOn,
        News::Promoted,
        News::Offered,
        News::Unseated,
        News::TooFew,
        News::Told,
        News::Reminder,
    ];

    fn told(sheet: &Sheet, news: News, mentions: &[UserId]) -> Message {
        notice(
            &Notice { sheet, news, words: None, mentions, role: None, part: 1, parts: 1 },
            DeliveryId::new(9),
        )
    }

    #[test]
    fn each_piece_of_news_is_one_sentence_and_its_mentions() {
        let (sheet, both) = (sheet_of(&event(), 2), [UserId::new(4), UserId::new(5)]);
        let lines = ALL.map(|news| texts(&told(&sheet, news, &both)));
        expect![[r"
            **Raid \*night\*** has a new time: <t:1795804200:F>, <t:1795804200:R>.
            <@4> <@5>
            **Raid \*night\*** on <t:1795804200:F> is cancelled.
            <@4> <@5>
            **Raid \*night\*** takes place after all: <t:1795804200:F>, <t:1795804200:R>.
            <@4> <@5>
            You have a place now: **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>.
            <@4> <@5>
            A place is held for you: **Raid \*night\*** on <t:1795804200:F>. Answer the
                same again.
            <@4> <@5>
            There is no place for you at **Raid \*night\*** on <t:1795804200:F> now: you
                are on the waitlist.
            <@4> <@5>
            Fewer are coming to **Raid \*night\*** on <t:1795804200:F> than you wanted: 1.
                You can cancel it, or let it take place.
            <@4> <@5>
            About **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>:
            <@4> <@5>
            Reminder: **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>.
            <@4> <@5>"]]
        .assert_eq(&wrapped(&lines.join("\n")));
    }

    #[test]
    fn exactly_the_mentioned_are_notified_and_the_mark_is_there() {
        let (mut event, users) = (event(), [UserId::new(4)]);
        event.mention = Some(RoleId::new(7));
        let message = told(&sheet_of(&event, 1), News::Cancelled, &users);
        let expected = AllowedMentions { users: users.to_vec(), ..Default::default() };
        assert_eq!(message.allowed_mentions, expected);
        let sent = serde_json::to_string(&message).unwrap();
        assert!(sent.contains("\"m1:s:1:9\""), "{sent}");
    }

    #[test]
    fn too_many_are_told_through_the_role_or_not_at_all() {
        let mut event = event();
        let nobody = told(&sheet_of(&event, 0), News::Moved, &[]);
        assert_eq!(nobody.allowed_mentions, AllowedMentions::default());
        event.mention = Some(RoleId::new(GUILD.get()));
        let everyone = told(&sheet_of(&event, 0), News::Promoted, &[]);
        assert_eq!(everyone.allowed_mentions.parse, ["everyone"]);
        expect![[r"
            Many moved up from the waitlist of **Raid \*night\*** on <t:1795804200:F>.
            @everyone"]]
        .assert_eq(&wrapped(&texts(&everyone)));
    }

    #[test]
    fn where_names_are_hidden_the_role_is_called_or_nobody_and_the_organiser_is_asked() {
        let (mut event, users) = (event(), [UserId::new(4)]);
        (event.rules.names_hidden, event.mention) = (true, Some(RoleId::new(7)));
        let sheet = sheet_of(&event, 2);
        let lines = ALL.map(|news| {
            let message = told(&sheet, news, &users);
            let asked = if news == News::TooFew { &users[..] } else { &[] };
            assert_eq!(message.allowed_mentions.users, asked, "{news:?}");
            texts(&message)
        });
        expect![[r"
            **Raid \*night\*** has a new time: <t:1795804200:F>, <t:1795804200:R>.
            <@&7>
            **Raid \*night\*** on <t:1795804200:F> is cancelled.
            <@&7>
            **Raid \*night\*** takes place after all: <t:1795804200:F>, <t:1795804200:R>.
            <@&7>
            Somebody moved up from the waitlist of **Raid \*night\*** on <t:1795804200:F>.
                *Show event* tells whether you did.
            Somebody is offered a place from the waitlist of **Raid \*night\*** on
                <t:1795804200:F>. *Show event* tells whether you are; the same answer again
                accepts it.
            Somebody has no place any more at **Raid \*night\*** on <t:1795804200:F> and is
                on the waitlist. *Show event* tells whether you are.
            Fewer are coming to **Raid \*night\*** on <t:1795804200:F> than you wanted: 1.
                You can cancel it, or let it take place.
            <@4>
            About **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>:
            <@&7>
            Reminder: **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>.
            <@&7>"]]
        .assert_eq(&wrapped(&lines.join("\n")));
    }

    #[test]
    fn a_reminder_for_a_role_mentions_that_one() {
        let mut event = event();
        event.mention = Some(RoleId::new(7));
        let (sheet, role) = (sheet_of(&event, 0), Some(RoleId::new(8)));
        let news = News::Reminder;
        let notice =
            Notice { sheet: &sheet, news, words: None, mentions: &[], role, part: 1, parts: 1 };
        let message = super::notice(&notice, DeliveryId::new(1));
        assert_eq!(message.allowed_mentions.roles, [RoleId::new(8)]);
        assert!(texts(&message).ends_with("<@&8>"));
    }

    #[test]
    fn the_words_of_a_reminder_are_filled_in_and_of_no_other_news() {
        let sheet = sheet_of(&event(), 4);
        let words = "{title} {start} {relative} {host} {location} {count} {else}";
        let words = Announcement::parse(words).ok();
        let said = |news| {
            let words = words.as_ref();
            let (post, held_until) = (None, None);
            let said = Direct { sheet: &sheet, post, news, words, held_until };
            direct(&said, DeliveryId::new(9))
        };
        let description = |news| said(news).embeds.unwrap()[0].description.clone();
        assert_eq!(description(News::Told), words.as_ref().unwrap().as_str());
        expect![[r"
            Raid \*night\* <t:1795804200:F> <t:1795804200:R> <@4> a place to be told 2
                {else}"]]
        .assert_eq(&wrapped(&description(News::Reminder)));
    }

    #[test]
    fn what_is_filled_in_many_times_fits() {
        let mut event = event();
        event.details.title = Title::parse(&"*".repeat(100)).unwrap();
        let (sheet, users) = (sheet_of(&event, 2), [UserId::new(4)]);
        let words = Announcement::parse(&"{title}".repeat(140)).ok();
        let (news, words, mentions) = (News::Reminder, words.as_ref(), &users[..]);
        let full = Notice { sheet: &sheet, news, words, mentions, role: None, part: 1, parts: 1 };
        check(&notice(&full, DeliveryId::new(9))).unwrap();
    }

    #[test]
    fn to_one_member_it_has_a_way_to_the_event_and_one_out() {
        let (sheet, words) = (sheet_of(&event(), 2), Announcement::parse("Bring rope.").ok());
        let lines = ALL.map(|news| {
            let words = words.as_ref().filter(|_| news == News::Told);
            let post = Some((ChannelId::new(3), MessageId::new(8))).filter(|_| news == News::Told);
            let held_until = Some(NOW).filter(|_| news == News::Offered);
            let said = Direct { sheet: &sheet, post, news, words, held_until };
            let message = direct(&said, DeliveryId::new(9));
            check(&message).unwrap();
            assert_eq!(message.allowed_mentions, AllowedMentions::default());
            let sent = serde_json::to_string(&message).unwrap();
            assert!(sent.contains("\"m1:yx:") && sent.contains(":9\""), "{sent}");
            texts(&message)
        });
        expect![[r"
            **Raid \*night\*** has a new time: <t:1795804200:F>, <t:1795804200:R>.
            **Raid \*night\*** on <t:1795804200:F> is cancelled.
            **Raid \*night\*** takes place after all: <t:1795804200:F>, <t:1795804200:R>.
            You have a place now: **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>.
            A place is held for you: **Raid \*night\*** on <t:1795804200:F>. Answer the
                same again. It lapses <t:1795780800:R>.
            There is no place for you at **Raid \*night\*** on <t:1795804200:F> now: you
                are on the waitlist.
            Fewer are coming to **Raid \*night\*** on <t:1795804200:F> than you wanted: 1.
                You can cancel it, or let it take place.
            About **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>:
            Bring rope.
            Reminder: **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>."]]
        .assert_eq(&wrapped(&lines.join("\n")));
    }

    #[test]
    fn a_part_is_numbered() {
        let sheet = sheet_of(&event(), 0);
        let news = News::Moved;
        let second = Notice {
            sheet: &sheet,
            news,
            words: None,
            mentions: &[],
            role: None,
            part: 2,
            parts: 3,
        };
        assert!(texts(&notice(&second, DeliveryId::new(1))).ends_with(" (2 of 3)"));
    }

    #[test]
    fn eighty_mentions_and_the_longest_title_fit_and_nobody_is_left_out() {
        let count = u64::try_from(MENTIONS_PER_MESSAGE_MAX).unwrap();
        let users: Vec<_> = (0..count).map(|n| UserId::new(huge(n))).collect();
        let words = Announcement::parse(&"𝕏".repeat(Announcement::MAX)).unwrap();
        let mut event = event();
        let far: Timestamp = "9999-12-01T00:00:00Z".parse().unwrap();
        event.details.span = Span::new(far, far + jiff::SignedDuration::from_hours(1)).unwrap();
        for title in ["*".repeat(100), "𝕏".repeat(100), "ä".repeat(100)] {
            event.details.title = Title::parse(&title).unwrap();
            let sheet = sheet_of(&event, 0);
            for news in ALL {
                // Only the host is asked whether enough are coming.
                let users = if news == News::TooFew { &users[..1] } else { &users[..] };
                let (words, mentions) = (Some(&words), users);
                let role = None;
                let longest =
                    Notice { sheet: &sheet, news, words, mentions, role, part: 5, parts: 5 };
                let message = notice(&longest, DeliveryId::new(u64::MAX));
                check(&message).unwrap();
                assert_eq!(texts(&message).matches("<@").count(), users.len(), "{title} {news:?}");
            }
        }
    }
}
