//! What news say, to whom, and that it fits.

use expect_test::expect;
use jiff::Timestamp;
use muster_domain::event::Span;
use muster_domain::id::{ChannelId, MessageId};
use muster_domain::limits::MENTIONS_PER_MESSAGE_MAX;
use muster_domain::notice::HeldPlace;
use muster_domain::text::{Announcement, Title};

use super::*;
use crate::views::judged::check;
use crate::views::samples::{GUILD, NEWS, event, held, huge, sheet_of, texts, wrapped};

fn told(sheet: &Sheet, news: News, mentions: &[UserId]) -> Message {
    notice(Words::usual(), &Notice { mentions, ..Notice::of(sheet, news) }, DeliveryId::new(9))
}

#[test]
fn each_piece_of_news_is_one_sentence_and_its_mentions() {
    let (sheet, both) = (sheet_of(&event(), 2), [UserId::new(4), UserId::new(5)]);
    let lines = NEWS.map(|news| texts(&told(&sheet, news, &both)));
    expect![[r"
        **Raid \*night\*** has a new time: <t:1795804200:F>, <t:1795804200:R>.
        <@4> <@5>
        **Raid \*night\*** on <t:1795804200:F> is cancelled.
        <@4> <@5>
        **Raid \*night\*** takes place after all: <t:1795804200:F>, <t:1795804200:R>.
        <@4> <@5>
        You have a place now: **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>.
        <@4> <@5>
        A place is held for you: **Raid \*night\*** on <t:1795804200:F>. *Accept the
            place* or the same answer again takes it.
        <@4> <@5>
        You no longer have a place at **Raid \*night\*** on <t:1795804200:F>: you are
            on the waitlist now.
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
    let lines = NEWS.map(|news| {
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
            *Show event* shows whether it was you.
        Somebody is offered a place from the waitlist of **Raid \*night\*** on
            <t:1795804200:F>. If it is you, *Accept the place* takes it.
        Somebody lost their place at **Raid \*night\*** on <t:1795804200:F> and is on
            the waitlist now. *Show event* shows whether it was you.
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
    let notice = Notice { role, ..Notice::of(&sheet, News::Reminder) };
    let message = super::notice(Words::usual(), &notice, DeliveryId::new(1));
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
        let (post, held) = (None, None);
        let said = Direct { sheet: &sheet, post, news, words, held, is_waiting: false };
        direct(Words::usual(), &said, DeliveryId::new(9))
    };
    let description = |news| said(news).embeds.unwrap()[0].description.clone();
    assert_eq!(description(News::Told), words.as_ref().unwrap().as_str());
    expect![[r"
        Raid \*night\* <t:1795804200:F> <t:1795804200:R> <@4> a place to be announced 2
            {else}"]]
    .assert_eq(&wrapped(&description(News::Reminder)));
}

#[test]
fn what_is_filled_in_many_times_fits() {
    let mut event = event();
    event.details.title = Title::parse(&"*".repeat(100)).unwrap();
    let (sheet, users) = (sheet_of(&event, 2), [UserId::new(4)]);
    let words = Announcement::parse(&"{title}".repeat(140)).ok();
    let (words, mentions) = (words.as_ref(), &users[..]);
    let full = Notice { words, mentions, ..Notice::of(&sheet, News::Reminder) };
    check(&notice(Words::usual(), &full, DeliveryId::new(9))).unwrap();
}

#[test]
fn to_one_member_it_has_a_way_to_the_event_and_one_out() {
    let (sheet, words) = (sheet_of(&event(), 2), Announcement::parse("Bring rope.").ok());
    let lines = NEWS.map(|news| {
        let words = words.as_ref().filter(|_| news == News::Told);
        let post = Some((ChannelId::new(3), MessageId::new(8))).filter(|_| news == News::Told);
        let held = Some(held(4, 0)).filter(|_| news == News::Offered);
        let is_waiting = false;
        let said = Direct { sheet: &sheet, post, news, words, held, is_waiting };
        let message = direct(Words::usual(), &said, DeliveryId::new(9));
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
        A place under **Yes** is held for you: **Raid \*night\*** on <t:1795804200:F>.
            It expires <t:1795780800:R>. *Withdraw my answer* lets the next one have
            it.
        You no longer have a place at **Raid \*night\*** on <t:1795804200:F>: you are
            on the waitlist now.
        Fewer are coming to **Raid \*night\*** on <t:1795804200:F> than you wanted: 1.
            You can cancel it, or let it take place.
        About **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>:
        Bring rope.
        Reminder: **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>."]]
    .assert_eq(&wrapped(&lines.join("\n")));
}

#[test]
fn a_reminder_says_who_waits_for_a_place() {
    let (sheet, users) = (sheet_of(&event(), 2), [4, 5, 6].map(UserId::new));
    let reminds = |waiting| {
        let alone = Notice::of(&sheet, News::Reminder);
        let message = notice(
            Words::usual(),
            &Notice { mentions: &users, waiting, ..alone },
            DeliveryId::new(9),
        );
        assert_eq!(message.allowed_mentions.users, users);
        texts(&message)
    };
    expect![[r"
        Reminder: **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>.
        <@4> <@6>
        Without a place: <@5>
        Reminder: **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>.
        Without a place: <@4> <@5> <@6>"]]
    .assert_eq(&wrapped(&format!("{}\n{}", reminds(&users[1..2]), reminds(&users))));
    let said = Direct {
        sheet: &sheet,
        post: None,
        news: News::Reminder,
        words: None,
        held: None,
        is_waiting: true,
    };
    let told = Direct { news: News::Told, ..said };
    let [said, told] =
        [said, told].map(|said| texts(&direct(Words::usual(), &said, DeliveryId::new(9))));
    assert!(said.ends_with("<t:1795804200:R>. You have no place so far."), "{said}");
    assert!(told.ends_with("<t:1795804200:R>. You have no place so far:"), "{told}");
}

#[test]
fn what_is_said_to_some_says_so_where_nobody_is_mentioned() {
    let (sheet, users) = (sheet_of(&event(), 2), [4].map(UserId::new));
    let said = |audience, mentions| {
        let alone = Notice { mentions, audience, ..Notice::of(&sheet, News::Told) };
        texts(&notice(Words::usual(), &alone, DeliveryId::new(9)))
    };
    let named = said(Some(Audience::Waitlisted), &users);
    assert!(named.ends_with("<t:1795804200:R>:\n<@4>"), "{named}");
    let lines = [Audience::Going, Audience::Waitlisted, Audience::Expected];
    expect![[r"
        About **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>, for those with
            a place, or offered one:
        About **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>, for the
            waitlist:
        About **Raid \*night\*** on <t:1795804200:F>, <t:1795804200:R>:"]]
    .assert_eq(&wrapped(&lines.map(|audience| said(Some(audience), &[])).join("\n")));
}

#[test]
fn a_place_that_is_held_is_one_of_an_answer_where_there_is_more_than_one() {
    let mut event = event();
    let users = [4, 5, 6].map(UserId::new);
    let said = |event: &Event, held: &[HeldPlace]| {
        let sheet = sheet_of(event, 2);
        let alone = Notice { mentions: &users, held, ..Notice::of(&sheet, News::Offered) };
        texts(&notice(Words::usual(), &alone, DeliveryId::new(9)))
    };
    let one = [4, 5, 6].map(|member| held(member, 3));
    let several = [held(4, 0), held(5, 3), held(6, 0)];
    let mut lines = [&one, &several].map(|held| said(&event, held)).to_vec();
    event.rules.names_hidden = true;
    lines.push(said(&event, &one));
    event.rules.names_hidden = false;
    event.options = muster_domain::option_words::read("Yes 3, No").unwrap();
    lines.push(said(&event, &[4, 5, 6].map(|member| held(member, 0))));
    expect![[r"
        A place under **Mobile** is held for you: **Raid \*night\*** on
            <t:1795804200:F>. *Accept the place* or the same answer again takes it. It
            expires <t:1795780800:R>.
        <@4> <@5> <@6>
        A place is held for you: **Raid \*night\*** on <t:1795804200:F>. *Accept the
            place* or the same answer again takes it. It expires <t:1795780800:R>.
        **Yes:** <@4> <@6>
        **Mobile:** <@5>
        Somebody is offered a place under **Mobile** from the waitlist of **Raid
            \*night\*** on <t:1795804200:F>. If it is you, *Accept the place* takes it.
        A place is held for you: **Raid \*night\*** on <t:1795804200:F>. *Accept the
            place* or the same answer again takes it. It expires <t:1795780800:R>.
        <@4> <@5> <@6>"]]
    .assert_eq(&wrapped(&lines.join("\n")));
}

#[test]
fn a_part_is_numbered() {
    let sheet = sheet_of(&event(), 0);
    let second = Notice { part: 2, parts: 3, ..Notice::of(&sheet, News::Moved) };
    assert!(texts(&notice(Words::usual(), &second, DeliveryId::new(1))).ends_with(" (2 of 3)"));
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
        for news in NEWS {
            // Only the host is asked whether enough are coming.
            let users = if news == News::TooFew { &users[..1] } else { &users[..] };
            let says_so = matches!(news, News::Reminder | News::Told);
            let waiting = if says_so { &users[40..] } else { &[] };
            let (words, mentions, part, parts) = (Some(&words), users, 5, 5);
            let base = Notice::of(&sheet, news);
            let answers = [0, 3].into_iter().cycle();
            let held = users.iter().zip(answers).map(|(user, id)| held(user.get(), id));
            let held = held.filter(|_| news == News::Offered).collect::<Vec<_>>();
            let held = &held[..];
            let longest = Notice { words, mentions, waiting, held, part, parts, ..base };
            let message = notice(Words::usual(), &longest, DeliveryId::new(u64::MAX));
            check(&message).unwrap();
            assert_eq!(texts(&message).matches("<@").count(), users.len(), "{title} {news:?}");
        }
    }
}
