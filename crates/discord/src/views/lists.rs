//! Lists, page by page: events that are coming up, and a member's own answers.

use jiff::Timestamp;
use muster_domain::event::{Event, Phase};
use muster_domain::roster::{Place, Signup};
use muster_domain::sheet::Sheet;
use muster_engine::limits::LIST_ROWS;
use muster_store::model::{Page, Post, Posted};

use crate::custom_id::Action;
use crate::views::message::{Button, Embed, Footer, Message, Style};
use crate::views::messages::{Key, Words};
use crate::views::pager::{Pager, back_and_forth};
use crate::views::panel::link;
use crate::views::text::{grouped, length, plain, relative, shortened};

const BLUE: u32 = 0x58_65_F2;

/// Characters of an embed's description. (Discord docs: "Embed Limits")
const DESCRIPTION_MAX: usize = 4_096;

/// A page of the events that are coming up. `number` counts from 0.
#[must_use]
pub fn upcoming(
    words: Words,
    page: &Page<Posted>,
    number: u32,
    organiser: bool,
    now: Timestamp,
) -> Message {
    if page.total == 0 {
        return nothing_planned(words, organiser);
    }
    let lines = |title_max| {
        let line = |row: &Posted| event_line(words, row, title_max, now);
        page.rows.iter().map(line).collect()
    };
    let mut buttons = pages(words, page.total, number, Action::ListPage);
    buttons.extend(organiser.then(|| to_called_off(words)));
    listed(words, words.plain(Key::ListUpcoming), page, number, lines).row(buttons)
}

fn nothing_planned(words: Words, organiser: bool) -> Message {
    if organiser {
        let label = words.plain(Key::ListUpcomingCreate);
        let button = Button::new(Style::Primary, label, Action::New(None));
        let text = words.plain(Key::ListUpcomingNoneOrganiser);
        Message::text(text).row(vec![button, to_called_off(words)])
    } else {
        Message::text(words.plain(Key::ListUpcomingNone))
    }
}

fn to_called_off(words: Words) -> Button {
    Button::new(Style::Secondary, words.plain(Key::ListOff), Action::CalledOffPage(0))
}

/// A page of the events that can be brought back. `number` counts from 0.
#[must_use]
pub fn called_off(words: Words, page: &Page<Posted>, number: u32, now: Timestamp) -> Message {
    let label = words.plain(Key::ListUpcoming);
    let back = Button::new(Style::Secondary, label, Action::ListPage(0));
    if page.total == 0 {
        return Message::text(words.plain(Key::ListOffNone)).row(vec![back]);
    }
    let lines = |title_max| {
        let line = |row: &Posted| event_line(words, row, title_max, now);
        page.rows.iter().map(line).collect()
    };
    let mut buttons = pages(words, page.total, number, Action::CalledOffPage);
    buttons.push(back);
    listed(words, words.plain(Key::ListOff), page, number, lines).row(buttons)
}

/// A page of what a member has answered to events that are not over. `number` counts from 0.
#[must_use]
pub fn mine(words: Words, page: &Page<(Posted, Signup)>, number: u32, now: Timestamp) -> Message {
    if page.total == 0 {
        return Message::text(words.plain(Key::ListMineNone));
    }
    let lines = |title_max| {
        let line =
            |(row, signup): &(Posted, Signup)| own_line(words, row, (*signup, title_max), now);
        page.rows.iter().map(line).collect()
    };
    let pages = pages(words, page.total, number, Action::MinePage);
    listed(words, words.plain(Key::ListMine), page, number, lines).row(pages)
}

/// A page of what a member answered, for organisers, beneath `heading`. `number` counts from 0.
pub(super) fn answered(
    (words, heading): (Words, &str),
    page: &Page<(Posted, Signup)>,
    number: u32,
    now: Timestamp,
    action: impl Fn(u32) -> Action,
) -> Message {
    let lines = |title_max| {
        let line =
            |(row, signup): &(Posted, Signup)| own_line(words, row, (*signup, title_max), now);
        let rows = page.rows.iter().map(line);
        std::iter::once(heading.to_owned()).chain(rows).collect()
    };
    let pages = pages(words, page.total, number, action);
    listed(words, words.plain(Key::AttendanceTitle), page, number, lines).row(pages)
}

/// One card with the lines, whose titles are shortened as far as it takes.
pub(super) fn listed<T>(
    words: Words,
    title: &str,
    page: &Page<T>,
    number: u32,
    lines: impl Fn(usize) -> Vec<String>,
) -> Message {
    let more = page.total.saturating_sub(first_of(number).saturating_add(page.rows.len()));
    let mut description = String::new();
    for title_max in [100, 60, 40] {
        let mut lines = lines(title_max);
        if lines.is_empty() {
            lines.push(words.plain(Key::ListPageGone).to_owned());
        } else if more > 0 {
            lines.push(words.counted(Key::PostMore, more));
        }
        description = lines.join("\n");
        if length(&description) <= DESCRIPTION_MAX {
            break;
        }
    }
    let pager = Pager::new(number, page.total, LIST_ROWS);
    let footer = (!pager.is_only()).then(|| Footer { text: pager.alone(words) });
    Message::card(Embed {
        title: title.to_owned(),
        description,
        color: BLUE,
        footer,
        ..Embed::default()
    })
}

/// How many rows stand on the pages before.
fn first_of(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX).saturating_mul(LIST_ROWS)
}

/// Back and forth, where there is more than this page.
pub(super) fn pages(
    words: Words,
    total: usize,
    number: u32,
    action: impl Fn(u32) -> Action,
) -> Vec<Button> {
    Pager::new(number, total, LIST_ROWS).turns(back_and_forth(words), action).collect()
}

fn event_line(words: Words, row: &Posted, title_max: usize, now: Timestamp) -> String {
    let mut parts = vec![heading(&row.sheet.event, title_max), coming(words, &row.sheet)];
    parts.extend(phase(words, &row.sheet.event, now).map(str::to_owned));
    parts.extend(post_link(words, &row.sheet.event, &row.post));
    parts.join(" · ")
}

fn own_line(
    words: Words,
    row: &Posted,
    (signup, title_max): (Signup, usize),
    now: Timestamp,
) -> String {
    let event = &row.sheet.event;
    let mut parts = vec![answer(words, event, signup), heading(event, title_max)];
    parts.extend(phase(words, event, now).map(str::to_owned));
    parts.extend(post_link(words, event, &row.post));
    parts.join(" · ")
}

fn answer(words: Words, event: &Event, signup: Signup) -> String {
    let option = event.options.get(signup.option).map_or_else(String::new, |option| {
        let name = event.options.name_of(option);
        format!("{} {}", option.emoji, plain(&shortened(&name, 40)))
    });
    let answer = option.trim();
    let (key, until) = match signup.place {
        Place::Seated => return answer.to_owned(),
        Place::Waiting => (Key::ListMineWaiting, String::new()),
        Place::Offered(until) => (Key::ListMineOffered, relative(until)),
        Place::Passed => (Key::ListMinePassed, String::new()),
    };
    words.filled(key, &[("answer", answer), ("away", &until)])
}

fn heading(event: &Event, title_max: usize) -> String {
    let title = plain(&shortened(event.details.title.as_str(), title_max));
    format!("**{title}** · <t:{}:f>", event.details.span.start().as_second())
}

fn coming(words: Words, sheet: &Sheet) -> String {
    let coming = match sheet.event.details.capacity {
        Some(capacity) => {
            let places = grouped(capacity.places());
            words.counted_with(Key::ListComingOf, sheet.coming, &[("places", &places)])
        }
        None => words.counted(Key::ListComing, sheet.coming),
    };
    match sheet.waitlist.total {
        0 => coming,
        waiting => format!("{coming}, {}", words.counted(Key::ListWaiting, waiting)),
    }
}

fn phase(words: Words, event: &Event, now: Timestamp) -> Option<&'static str> {
    let key = match event.phase(now) {
        Phase::Open => return None,
        Phase::Closed => Key::ListClosed,
        Phase::Running => Key::ListRunning,
        Phase::Over => Key::ListOver,
        Phase::Cancelled => Key::ListCancelled,
        Phase::Deleted => Key::ListDeleted,
    };
    Some(words.plain(key))
}

fn post_link(words: Words, event: &Event, post: &Post) -> Option<String> {
    let (message, None) = (post.message?, post.gone_at) else { return None };
    let there = link(event.guild, post.channel, message);
    Some(format!("[{}]({there})", words.plain(Key::ListPost)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use jiff::SignedDuration;
    use muster_domain::answer_option::OptionId;
    use muster_domain::capacity::Capacity;
    use muster_domain::roster::{Guests, Sequence};

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{
        NOW, event, longest_event, page, posted, sheet_of, texts, wrapped,
    };

    fn signup(option: u8, place: Place) -> Signup {
        let (option, guests) = (OptionId::new(option), Guests::NONE);
        Signup { option, place, since: Sequence(1), guests, priority: false }
    }

    fn sent(message: &Message) -> String {
        check(message).unwrap();
        serde_json::to_string(message).unwrap()
    }

    #[test]
    fn a_line_tells_title_time_counts_state_and_where_the_post_is() {
        let mut full = event();
        full.details.capacity = Some(Capacity::parse(1).unwrap());
        let mut closed = event();
        closed.closed_at = Some(NOW);
        let mut without_post = posted(sheet_of(&event(), 0));
        without_post.post.gone_at = Some(NOW);
        let rows = vec![posted(sheet_of(&full, 4)), posted(sheet_of(&closed, 3)), without_post];
        let list = upcoming(Words::usual(), &page(rows, 3), 0, false, NOW);
        expect![[r"
            Coming up
            **Raid \*night\*** · <t:1795804200:f> · 1 of 1 coming, 1 waiting ·
                [post](https://discord.com/channels/2/3/5)
            **Raid \*night\*** · <t:1795804200:f> · 1 coming · answers closed ·
                [post](https://discord.com/channels/2/3/5)
            **Raid \*night\*** · <t:1795804200:f> · 0 coming"]]
        .assert_eq(&wrapped(&texts(&list)));
        assert_eq!(list.components, []);
    }

    #[test]
    fn own_answers_come_with_place_or_waitlist() {
        let rows = vec![
            (posted(sheet_of(&event(), 1)), signup(0, Place::Seated)),
            (posted(sheet_of(&event(), 1)), signup(3, Place::Waiting)),
        ];
        let during = NOW + SignedDuration::from_hours(7);
        expect![[r"
            My answers
            ✅ Yes · **Raid \*night\*** · <t:1795804200:f> · running now ·
                [post](https://discord.com/channels/2/3/5)
            📱 Mobile (⏳ on the waitlist) · **Raid \*night\*** · <t:1795804200:f> · running
                now · [post](https://discord.com/channels/2/3/5)"]]
        .assert_eq(&wrapped(&texts(&mine(Words::usual(), &page(rows, 2), 0, during))));
    }

    #[test]
    fn pages_lead_back_and_forth_only_where_there_is_something() {
        let rows = |count| (0..count).map(|_| posted(sheet_of(&event(), 0))).collect::<Vec<_>>();
        let first = upcoming(Words::usual(), &page(rows(10), 25), 0, false, NOW);
        assert!(texts(&first).ends_with("+15 more\nPage 1 of 3"), "{}", texts(&first));
        let leads = |message: &Message, to| sent(message).contains(&format!("\"m1:lp:{to}\""));
        assert_eq!([leads(&first, 0), leads(&first, 1)], [false, true]);
        let middle = upcoming(Words::usual(), &page(rows(10), 25), 1, false, NOW);
        assert_eq!([leads(&middle, 0), leads(&middle, 2)], [true, true]);
        let last = upcoming(Words::usual(), &page(rows(5), 25), 2, false, NOW);
        assert_eq!([leads(&last, 1), leads(&last, 3)], [true, false]);
        assert!(!texts(&last).contains("more"));
    }

    #[test]
    fn a_page_that_has_emptied_leads_back_to_the_last_one() {
        let beyond = upcoming(Words::usual(), &page(Vec::new(), 11), 7, false, NOW);
        assert!(texts(&beyond).contains("nothing on this page any more"));
        assert!(sent(&beyond).contains("\"m1:lp:1\""));
        assert!(
            sent(&upcoming(Words::usual(), &page(Vec::new(), 1), u32::MAX, false, NOW))
                .contains("\"m1:lp:0\"")
        );
    }

    #[test]
    fn an_empty_list_says_what_to_do() {
        assert!(
            sent(&upcoming(Words::usual(), &page(Vec::new(), 0), 0, true, NOW))
                .contains("/event create")
        );
        let member = upcoming(Words::usual(), &page(Vec::new(), 0), 0, false, NOW);
        assert_eq!(
            (texts(&member).as_str(), member.components.len()),
            ("Nothing is planned yet.", 0)
        );
        assert!(sent(&mine(Words::usual(), &page(Vec::new(), 0), 0, NOW)).contains("/event list"));
    }

    #[test]
    fn a_full_page_of_the_longest_events_fits() {
        let rows: Vec<_> = (0..10).map(|_| posted(sheet_of(&longest_event(), 50))).collect();
        check(&upcoming(Words::usual(), &page(rows.clone(), 10_000), 999, true, NOW)).unwrap();
        let own = rows.into_iter().map(|row| (row, signup(3, Place::Waiting))).collect();
        check(&mine(Words::usual(), &page(own, 10_000), 3, NOW)).unwrap();
    }
}
