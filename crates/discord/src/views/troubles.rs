//! What organisers are told of what went wrong: what was missed, what failed, which channel is
//! broken and how to mend it, which post is gone.

use muster_domain::id::{ChannelId, DeliveryId};
use muster_domain::notice::News;
use muster_domain::rights::Permissions;
use muster_engine::discord::ChannelFound;
use muster_store::model::{
    Breakage, BrokenChannel, FailedCause, FailedLine, GonePost, MissedLine, Page, TroubleReport,
};

use crate::custom_id::Action;
use crate::views::message::{Button, Component, Message, Style};
use crate::views::messages::{Key, Words};
use crate::views::permissions;
use crate::views::text::{full, plain, shortened};

const ORANGE: u32 = 0xE6_7E_22;

/// Characters of a title in a line.
const TITLE_MAX: usize = 40;

/// Posts of which a report offers to post them again: with the doctor's, one row of buttons.
const POST_AGAIN_MAX: usize = 4;

/// Characters of a button's label, less than Discord's 80.
const LABEL_TITLE_MAX: usize = 30;

/// A report. Its button carries the delivery, as the mark to find it again.
#[must_use]
pub fn report(
    words: Words,
    report: &TroubleReport,
    channels: &[(ChannelId, ChannelFound)],
    delivery: DeliveryId,
) -> Message {
    let missed = |missed: &MissedLine| missed_line(words, missed);
    let broken =
        |broken: &BrokenChannel| broken_line(words, broken, found(channels, broken.channel));
    let parts = [
        listed(words, Key::TroubleMissed, &report.missed, missed),
        listed(words, Key::TroubleUnknown, &report.unknown, missed),
        listed(words, Key::TroubleBroken, &report.broken, broken),
        listed(words, Key::TroubleFailed, &report.failed, |failed| failed_line(words, failed)),
        listed(words, Key::TroubleGone, &report.gone, |gone| gone_line(words, gone)),
    ];
    let text = |key| Component::text(words.plain(key));
    let mut told = vec![text(Key::TroubleHeading)];
    let troubles: Vec<_> = parts.into_iter().flatten().map(Component::text).collect();
    let next_step = (!troubles.is_empty()).then(|| text(Key::TroubleNext));
    told.extend(report.empty_week.then(|| text(Key::TroubleWeek)));
    told.extend(troubles.into_iter().chain(next_step));
    told.push(Component::buttons(buttons(words, report, delivery)));
    // No embed: the permission for those may be what is missing.
    Message::panel(vec![Component::container(ORANGE, told)])
}

fn buttons(words: Words, report: &TroubleReport, delivery: DeliveryId) -> Vec<Button> {
    let doctor = words.plain(Key::TroubleDoctor);
    let doctor = Button::new(Style::Primary, doctor, Action::Doctor(Some(delivery)));
    let again = report.gone.rows.iter().take(POST_AGAIN_MAX).map(|gone| {
        let title = shortened(gone.title.as_str(), LABEL_TITLE_MAX);
        let label = words.filled(Key::TroubleAgain, &[("title", &title)]);
        Button::new(Style::Secondary, label, Action::PostAgain(gone.event))
    });
    std::iter::once(doctor).chain(again).collect()
}

fn found(channels: &[(ChannelId, ChannelFound)], channel: ChannelId) -> Option<ChannelFound> {
    channels.iter().find(|(known, _)| *known == channel).map(|(_, found)| *found)
}

/// A heading with its lines, and how many more there are; nothing without any.
fn listed<T>(
    words: Words,
    heading: Key,
    page: &Page<T>,
    line: impl Fn(&T) -> String,
) -> Option<String> {
    if page.total == 0 {
        return None;
    }
    let mut lines = vec![words.plain(heading).to_owned()];
    lines.extend(page.rows.iter().map(|row| format!("- {}", line(row))));
    let more = page.total.saturating_sub(page.rows.len());
    if more > 0 {
        lines.push(format!("- {}", words.counted(Key::TroubleMore, more)));
    }
    Some(lines.join("\n"))
}

fn missed_line(words: Words, missed: &MissedLine) -> String {
    let MissedLine { title, news, due, .. } = missed;
    let (title, when) = (named(title.as_str()), full(*due));
    let values = [("title", title.as_str()), ("what", what(words, *news)), ("when", &when)];
    words.filled(Key::TroubleMissedLine, &values)
}

fn failed_line(words: Words, failed: &FailedLine) -> String {
    let FailedLine { title, news, channel, cause, .. } = failed;
    let (key, channel) = match channel {
        Some(channel) => (Key::TroubleFailedLineIn, mentioned(*channel)),
        None => (Key::TroubleFailedLine, String::new()),
    };
    let (title, what, why) = (named(title.as_str()), what(words, *news), why(words, *cause));
    words.filled(key, &[("title", &title), ("what", what), ("channel", &channel), ("why", why)])
}

fn gone_line(words: Words, gone: &GonePost) -> String {
    let (title, channel) = (named(gone.title.as_str()), mentioned(gone.channel));
    words.filled(Key::TroubleGoneLine, &[("title", &title), ("channel", &channel)])
}

/// What is wrong with a channel, and what to do.
fn broken_line(words: Words, broken: &BrokenChannel, found: Option<ChannelFound>) -> String {
    let channel = broken.channel;
    let missing = found.map(ChannelFound::missing).unwrap_or_default();
    match (broken.breakage, found) {
        (Breakage::Gone, _) | (_, Some(ChannelFound::Gone)) => gone_channel(words, channel),
        (_, Some(ChannelFound::There { .. })) if missing.is_empty() => {
            words.filled(Key::TroubleChannelWorks, &[("channel", &mentioned(channel))])
        }
        (Breakage::Lacks, _) => lacks(words, channel, missing),
        (Breakage::Refuses, _) => cannot_write(words, channel, missing),
    }
}

/// A channel that does not exist any more, and what to do.
pub(super) fn gone_channel(words: Words, channel: ChannelId) -> String {
    words.filled(Key::TroubleChannelGone, &[("channel", &channel.to_string())])
}

/// A channel into which the bot may not write, and what to do.
pub(super) fn cannot_write(words: Words, channel: ChannelId, missing: Permissions) -> String {
    to_allow(words, Key::TroubleChannelClosed, channel, missing)
}

/// A channel in which posts lack something, and what to do.
pub(super) fn lacks(words: Words, channel: ChannelId, missing: Permissions) -> String {
    to_allow(words, Key::TroubleChannelLacks, channel, missing)
}

/// Says of a channel what is to be allowed there.
pub(super) fn to_allow(words: Words, key: Key, channel: ChannelId, missing: Permissions) -> String {
    let permissions = permissions::listed(words, missing);
    words.filled(key, &[("channel", &mentioned(channel)), ("permissions", &permissions)])
}

/// What a message would have told.
pub(super) fn what(words: Words, news: Option<News>) -> &'static str {
    words.plain(match news {
        None => Key::TroubleOfPost,
        Some(News::Moved) => Key::TroubleOfMoved,
        Some(News::Cancelled) => Key::TroubleOfCancelled,
        Some(News::BackOn) => Key::TroubleOfBack,
        Some(News::Promoted) => Key::TroubleOfPromoted,
        Some(News::Offered) => Key::TroubleOfOffered,
        Some(News::Unseated) => Key::TroubleOfUnseated,
        Some(News::TooFew) => Key::TroubleOfFew,
        Some(News::Told) => Key::TroubleOfTold,
        Some(News::Reminder) => Key::TroubleOfReminder,
    })
}

/// Why a message did not go out.
pub(super) fn why(words: Words, cause: FailedCause) -> &'static str {
    words.plain(match cause {
        FailedCause::ChannelGone => Key::TroubleWhyGone,
        FailedCause::Forbidden => Key::TroubleWhyForbidden,
        FailedCause::NoPost => Key::TroubleWhyPostless,
        FailedCause::Refused => Key::TroubleWhyRefused,
        FailedCause::Unclear => Key::TroubleWhyUnclear,
    })
}

/// A title in a line.
pub(super) fn named(title: &str) -> String {
    plain(&shortened(title, TITLE_MAX))
}

/// A channel in a line.
pub(super) fn mentioned(channel: ChannelId) -> String {
    format!("<#{channel}>")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use muster_domain::id::EventId;
    use muster_domain::text::Title;
    use muster_engine::create::ChannelKind;
    use muster_engine::limits::REPORT_LINES;

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{NOW, huge, page, texts, wrapped};

    fn title(text: &str) -> Title {
        Title::parse(text).unwrap()
    }

    fn sample(title: &Title, id: u64, rows: usize) -> TroubleReport {
        let (event, channel) = (EventId::new(id >> 1), ChannelId::new(id));
        let title = title.clone();
        let missed = MissedLine { event, title, news: Some(News::Promoted), due: NOW };
        let MissedLine { title, .. } = missed.clone();
        let failed = FailedLine {
            delivery: DeliveryId::new(7),
            event,
            title,
            news: None,
            channel: Some(channel),
            due: NOW,
            cause: FailedCause::Unclear,
            worth_it: true,
        };
        let gone = GonePost { event, title: failed.title.clone(), channel };
        let broken = BrokenChannel { channel, breakage: Breakage::Refuses, since: NOW };
        // Each event once, as their buttons must differ.
        let each = |row: usize| {
            let event = EventId::new((id >> 1) - u64::try_from(row).unwrap());
            GonePost { event, ..gone.clone() }
        };
        TroubleReport {
            missed: page(vec![missed.clone(); rows], rows + 37),
            unknown: page(vec![missed; rows], rows),
            failed: page(vec![failed; rows], rows),
            broken: page(vec![broken; rows], rows),
            gone: page((0..rows).map(each).collect(), rows),
            empty_week: false,
        }
    }

    fn there(permissions: Permissions) -> ChannelFound {
        ChannelFound::There { permissions, kind: ChannelKind::Messages }
    }

    #[test]
    fn a_week_without_anything_is_told_without_the_doctor_being_praised() {
        let nothing = sample(&title("Raid"), 2, 0);
        let missed = page(Vec::new(), 0);
        let idle = TroubleReport { missed, empty_week: true, ..nothing };
        let message = report(Words::usual(), &idle, &[], DeliveryId::new(9));
        check(&message).unwrap();
        expect![[r"
            ### Something needs your attention
            **Nothing is planned for this week.** `/event create` makes one event,
                `/schedule setup` a plan for every week. Switch this Monday message off in
                `/settings`."]]
        .assert_eq(&wrapped(&texts(&message)));
    }

    #[test]
    fn a_report_names_what_went_wrong_and_the_next_step() {
        let channels = [(ChannelId::new(2), there(Permissions::VIEW_CHANNEL))];
        let sample = sample(&title("Raid *night*"), 2, 1);
        let message = report(Words::usual(), &sample, &channels, DeliveryId::new(9));
        check(&message).unwrap();
        expect![[r"
            ### Something needs your attention
            **I was away, and these came too late to be sent:**
            - **Raid \*night\***: news of who moved up, due <t:1795780800:F>
            - … and 37 more
            **I left these reminders out, because I may not read who has their role.
                Whoever runs me can allow it (`MEMBER_LISTS=true`):**
            - **Raid \*night\***: news of who moved up, due <t:1795780800:F>
            **Something is wrong with channels:**
            - I may not send messages in <#2>: allow me *Send Messages*, *Embed Links* and
                *Read Message History* in that channel's permissions.
            **These did not go out:**
            - **Raid \*night\***: its post in <#2>. I cannot tell whether it arrived; check
                the channel before you send it again.
            **These posts were deleted; all answers are kept:**
            - **Raid \*night\*** in <#2>
            -# `/doctor` tests everything again and sends again what failed. It needs
                Manage Server."]]
        .assert_eq(&wrapped(&texts(&message)));
        let sent = serde_json::to_string(&message).unwrap();
        assert!(sent.contains("\"m1:D:9\"") && sent.contains("\"m1:p:1\""), "{sent}");
    }

    #[test]
    fn the_longest_report_fits() {
        for name in ["*".repeat(100), "𝕏".repeat(100), "ä".repeat(100)] {
            let report_of = sample(&title(&name), huge(0), REPORT_LINES);
            for found in [there(Permissions::default()), ChannelFound::Gone] {
                let channels = [(ChannelId::new(huge(0)), found)];
                let delivery = DeliveryId::new(u64::MAX >> 1);
                check(&report(Words::usual(), &report_of, &channels, delivery)).unwrap();
            }
        }
    }

    #[test]
    fn a_channel_is_described_as_it_is_now() {
        let broken =
            BrokenChannel { channel: ChannelId::new(2), breakage: Breakage::Refuses, since: NOW };
        let now = |found| broken_line(Words::usual(), &broken, found);
        assert_eq!(now(Some(there(Permissions::TO_POST))), "<#2> takes messages again");
        assert!(now(Some(ChannelFound::Gone)).contains("does not exist"));
        assert!(now(None).contains("allow me *View Channel* and *Send Messages* in"));
    }
}
