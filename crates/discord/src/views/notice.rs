//! News about an event, told to those whom it concerns.

use muster_domain::id::{DeliveryId, UserId};
use muster_domain::notice::News;
use muster_domain::sheet::Sheet;

use crate::custom_id::Action;
use crate::views::message::{AllowedMentions, Button, Message, Style};
use crate::views::post::{mention, mentions};
use crate::views::text::{full, length, plain, relative, shortened};

/// Characters of a message. (Discord docs: "Message", create)
const CONTENT_MAX: usize = 2_000;

/// One message of a piece of news.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// The event as it is now.
    pub sheet: &'a Sheet,
    /// What happened.
    pub news: News,
    /// Members to mention, at most 80; if there are none, the event's role is, or nobody.
    pub mentions: &'a [UserId],
    /// Which part it is, from 1.
    pub part: usize,
    /// How many parts there are.
    pub parts: usize,
}

/// The message. Its button carries the delivery, as the mark to find it again.
#[must_use]
pub fn notice(notice: &Notice<'_>, delivery: DeliveryId) -> Message {
    let event = &notice.sheet.event;
    let allowed_mentions = if notice.mentions.is_empty() {
        mentions(event)
    } else {
        AllowedMentions { users: notice.mentions.to_vec(), ..AllowedMentions::default() }
    };
    let show = Action::Show(event.id, Some(delivery));
    Message { allowed_mentions, ..Message::text(content(notice)) }.row(vec![Button::new(
        Style::Primary,
        "Show event",
        show,
    )])
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
        News::Promoted if notice.mentions.is_empty() => {
            format!("Many moved up from the waitlist of **{title}** on {when}.")
        }
        News::Promoted => format!("You have a place now: **{title}** on {when}, {away}."),
    }
}

fn part(notice: &Notice<'_>) -> String {
    if notice.parts > 1 { format!(" ({} of {})", notice.part, notice.parts) } else { String::new() }
}

fn mentioned(notice: &Notice<'_>, between: &str) -> String {
    let event = &notice.sheet.event;
    if notice.mentions.is_empty() {
        return event.mention.map(|role| mention(role, event.guild)).unwrap_or_default();
    }
    let mentions: Vec<_> = notice.mentions.iter().map(|user| format!("<@{user}>")).collect();
    mentions.join(between)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use jiff::Timestamp;
    use muster_domain::event::Span;
    use muster_domain::id::RoleId;
    use muster_domain::limits::MENTIONS_PER_MESSAGE_MAX;
    use muster_domain::text::Title;

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{GUILD, event, huge, sheet_of, texts, wrapped};

    const ALL: [News; 4] = [News::Moved, News::Cancelled, News::BackOn, News::Promoted];

    fn told(sheet: &Sheet, news: News, mentions: &[UserId]) -> Message {
        notice(&Notice { sheet, news, mentions, part: 1, parts: 1 }, DeliveryId::new(9))
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
    fn a_part_is_numbered() {
        let sheet = sheet_of(&event(), 0);
        let second = Notice { sheet: &sheet, news: News::Moved, mentions: &[], part: 2, parts: 3 };
        assert!(texts(&notice(&second, DeliveryId::new(1))).ends_with(" (2 of 3)"));
    }

    #[test]
    fn eighty_mentions_and_the_longest_title_fit_and_nobody_is_left_out() {
        let count = u64::try_from(MENTIONS_PER_MESSAGE_MAX).unwrap();
        let users: Vec<_> = (0..count).map(|n| UserId::new(huge(n))).collect();
        let mut event = event();
        let far: Timestamp = "9999-12-01T00:00:00Z".parse().unwrap();
        event.details.span = Span::new(far, far + jiff::SignedDuration::from_hours(1)).unwrap();
        for title in ["*".repeat(100), "𝕏".repeat(100), "ä".repeat(100)] {
            event.details.title = Title::parse(&title).unwrap();
            let sheet = sheet_of(&event, 0);
            for news in ALL {
                let longest = Notice { sheet: &sheet, news, mentions: &users, part: 5, parts: 5 };
                let message = notice(&longest, DeliveryId::new(u64::MAX));
                check(&message).unwrap();
                assert_eq!(texts(&message).matches("<@").count(), users.len(), "{title} {news:?}");
            }
        }
    }
}
