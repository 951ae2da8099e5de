//! Lists, page by page: events that are coming up, and a member's own answers.

use jiff::Timestamp;
use muster_domain::event::{Event, Phase};
use muster_domain::roster::{Place, Signup};
use muster_domain::sheet::Sheet;
use muster_engine::limits::LIST_ROWS;
use muster_store::model::{Page, Post, Posted};

use crate::custom_id::Action;
use crate::views::message::{Button, Embed, Footer, Message, Style};
use crate::views::pager::{PREVIOUS_NEXT, Pager};
use crate::views::panel::link;
use crate::views::text::{grouped, length, plain, relative, shortened};

const BLUE: u32 = 0x58_65_F2;

/// Characters of an embed's description. (Discord docs: "Embed Limits")
const DESCRIPTION_MAX: usize = 4_096;

/// A page of the events that are coming up. `number` counts from 0.
#[must_use]
pub fn upcoming(page: &Page<Posted>, number: u32, organiser: bool, now: Timestamp) -> Message {
    if page.total == 0 {
        return nothing_planned(organiser);
    }
    let lines = |title_max| {
        let line = |row: &Posted| event_line(row, title_max, now);
        page.rows.iter().map(line).collect()
    };
    let mut buttons = pages(page.total, number, Action::ListPage);
    buttons.extend(organiser.then(to_called_off));
    listed("Coming up", page, number, lines).row(buttons)
}

fn nothing_planned(organiser: bool) -> Message {
    if organiser {
        let button = Button::new(Style::Primary, "Create an event", Action::New(None));
        let text = "Nothing is planned. `/event create` plans something.";
        Message::text(text).row(vec![button, to_called_off()])
    } else {
        Message::text("Nothing is planned yet.")
    }
}

fn to_called_off() -> Button {
    Button::new(Style::Secondary, "Cancelled", Action::CalledOffPage(0))
}

/// A page of the events that can be brought back. `number` counts from 0.
#[must_use]
pub fn called_off(page: &Page<Posted>, number: u32, now: Timestamp) -> Message {
    let back = Button::new(Style::Secondary, "Coming up", Action::ListPage(0));
    if page.total == 0 {
        let text = "Nothing was cancelled or taken back in the last 30 days.";
        return Message::text(text).row(vec![back]);
    }
    let lines = |title_max| {
        let line = |row: &Posted| event_line(row, title_max, now);
        page.rows.iter().map(line).collect()
    };
    let mut buttons = pages(page.total, number, Action::CalledOffPage);
    buttons.push(back);
    listed("Cancelled", page, number, lines).row(buttons)
}

/// A page of what a member has answered to events that are not over. `number` counts from 0.
#[must_use]
pub fn mine(page: &Page<(Posted, Signup)>, number: u32, now: Timestamp) -> Message {
    if page.total == 0 {
        return Message::text(
            "You have not answered any event that is coming up. `/event list` shows them.",
        );
    }
    let lines = |title_max| {
        let line = |(row, signup): &(Posted, Signup)| own_line(row, *signup, title_max, now);
        page.rows.iter().map(line).collect()
    };
    listed("My answers", page, number, lines).row(pages(page.total, number, Action::MinePage))
}

/// A page of what a member answered, beneath `heading`. `number` counts from 0.
pub(super) fn answered(
    heading: &str,
    page: &Page<(Posted, Signup)>,
    number: u32,
    now: Timestamp,
    action: impl Fn(u32) -> Action,
) -> Message {
    let lines = |title_max| {
        let line = |(row, signup): &(Posted, Signup)| own_line(row, *signup, title_max, now);
        let rows = page.rows.iter().map(line);
        std::iter::once(heading.to_owned()).chain(rows).collect()
    };
    listed("Attendance", page, number, lines).row(pages(page.total, number, action))
}

/// One card with the lines, whose titles are shortened as far as it takes.
pub(super) fn listed<T>(
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
            lines.push("There is nothing on this page any more.".to_owned());
        } else if more > 0 {
            lines.push(format!("+{} more", grouped(more)));
        }
        description = lines.join("\n");
        if length(&description) <= DESCRIPTION_MAX {
            break;
        }
    }
    let pager = Pager::new(number, page.total, LIST_ROWS);
    let footer = (!pager.is_only()).then(|| Footer { text: format!("Page {pager}") });
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
pub(super) fn pages(total: usize, number: u32, action: impl Fn(u32) -> Action) -> Vec<Button> {
    Pager::new(number, total, LIST_ROWS).turns(PREVIOUS_NEXT, action).collect()
}

fn event_line(row: &Posted, title_max: usize, now: Timestamp) -> String {
    let mut parts = vec![heading(&row.sheet.event, title_max), coming(&row.sheet)];
    parts.extend(phase(&row.sheet.event, now));
    parts.extend(post_link(&row.sheet.event, &row.post));
    parts.join(" · ")
}

fn own_line(row: &Posted, signup: Signup, title_max: usize, now: Timestamp) -> String {
    let event = &row.sheet.event;
    let mut parts = vec![answer(event, signup), heading(event, title_max)];
    parts.extend(phase(event, now));
    parts.extend(post_link(event, &row.post));
    parts.join(" · ")
}

fn answer(event: &Event, signup: Signup) -> String {
    let words = event.options.get(signup.option).map_or_else(String::new, |option| {
        let name = event.options.name_of(option);
        format!("{} {}", option.emoji, plain(&shortened(&name, 40)))
    });
    match signup.place {
        Place::Waiting => format!("{} (⏳ on the waitlist)", words.trim()),
        Place::Offered(until) => {
            format!("{} (🎟️ offered a place until {})", words.trim(), relative(until))
        }
        Place::Passed => format!("{} (⌛ missed an offer)", words.trim()),
        Place::Seated => words.trim().to_owned(),
    }
}

fn heading(event: &Event, title_max: usize) -> String {
    let title = plain(&shortened(event.details.title.as_str(), title_max));
    format!("**{title}** · <t:{}:f>", event.details.span.start().as_second())
}

fn coming(sheet: &Sheet) -> String {
    let coming = grouped(sheet.coming);
    let coming = match sheet.event.details.capacity {
        Some(capacity) => format!("{coming} of {} coming", grouped(capacity.places())),
        None => format!("{coming} coming"),
    };
    match sheet.waitlist.total {
        0 => coming,
        waiting => format!("{coming}, {} waiting", grouped(waiting)),
    }
}

fn phase(event: &Event, now: Timestamp) -> Option<String> {
    let words = match event.phase(now) {
        Phase::Open => return None,
        Phase::Closed => "answers closed",
        Phase::Running => "running now",
        Phase::Over => "over",
        Phase::Cancelled => "cancelled",
        Phase::Deleted => "deleted",
    };
    Some(words.to_owned())
}

fn post_link(event: &Event, post: &Post) -> Option<String> {
    match (post.message, post.gone_at) {
        (Some(message), None) => {
            Some(format!("[post]({})", link(event.guild, post.channel, message)))
        }
        (None, _) | (Some(_), Some(_)) => None,
    }
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
        let list = upcoming(&page(rows, 3), 0, false, NOW);
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
        .assert_eq(&wrapped(&texts(&mine(&page(rows, 2), 0, during))));
    }

    #[test]
    fn pages_lead_back_and_forth_only_where_there_is_something() {
        let rows = |count| (0..count).map(|_| posted(sheet_of(&event(), 0))).collect::<Vec<_>>();
        let first = upcoming(&page(rows(10), 25), 0, false, NOW);
        assert!(texts(&first).ends_with("+15 more\nPage 1 of 3"), "{}", texts(&first));
        let leads = |message: &Message, to| sent(message).contains(&format!("\"m1:lp:{to}\""));
        assert_eq!([leads(&first, 0), leads(&first, 1)], [false, true]);
        let middle = upcoming(&page(rows(10), 25), 1, false, NOW);
        assert_eq!([leads(&middle, 0), leads(&middle, 2)], [true, true]);
        let last = upcoming(&page(rows(5), 25), 2, false, NOW);
        assert_eq!([leads(&last, 1), leads(&last, 3)], [true, false]);
        assert!(!texts(&last).contains("more"));
    }

    #[test]
    fn a_page_that_has_emptied_leads_back_to_the_last_one() {
        let beyond = upcoming(&page(Vec::new(), 11), 7, false, NOW);
        assert!(texts(&beyond).contains("nothing on this page any more"));
        assert!(sent(&beyond).contains("\"m1:lp:1\""));
        assert!(
            sent(&upcoming(&page(Vec::new(), 1), u32::MAX, false, NOW)).contains("\"m1:lp:0\"")
        );
    }

    #[test]
    fn an_empty_list_says_what_to_do() {
        assert!(sent(&upcoming(&page(Vec::new(), 0), 0, true, NOW)).contains("/event create"));
        let member = upcoming(&page(Vec::new(), 0), 0, false, NOW);
        assert_eq!(
            (texts(&member).as_str(), member.components.len()),
            ("Nothing is planned yet.", 0)
        );
        assert!(sent(&mine(&page(Vec::new(), 0), 0, NOW)).contains("/event list"));
    }

    #[test]
    fn a_full_page_of_the_longest_events_fits() {
        let rows: Vec<_> = (0..10).map(|_| posted(sheet_of(&longest_event(), 50))).collect();
        check(&upcoming(&page(rows.clone(), 10_000), 999, true, NOW)).unwrap();
        let own = rows.into_iter().map(|row| (row, signup(3, Place::Waiting))).collect();
        check(&mine(&page(own, 10_000), 3, NOW)).unwrap();
    }
}
