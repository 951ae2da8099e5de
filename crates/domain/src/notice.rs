//! Who is told what when an event changes: moved, cancelled, back on, promoted, unseated.

use jiff::Timestamp;

use crate::answer_option::OptionId;
use crate::event::{Event, Phase};
use crate::id::UserId;
use crate::limits::{
    DIRECT_GAP, DIRECT_TOGETHER, MENTIONS_MAX, MENTIONS_PER_MESSAGE_MAX, SECOND_THOUGHTS,
};
use crate::reminder::{self, Audience};
use crate::roster::Roster;

/// Whom an organiser can say something to, the usual ones first.
pub const TOLD: [Audience; 3] = [Audience::Expected, Audience::Going, Audience::Waitlisted];

/// A piece of news about an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum News {
    /// It begins or ends at another time.
    Moved,
    /// It was called off.
    Cancelled,
    /// It was called off and takes place after all.
    BackOn,
    /// Somebody got a place from the waitlist.
    Promoted,
    /// Somebody is offered a place from the waitlist.
    Offered,
    /// Somebody who had a place is in line again.
    Unseated,
    /// Fewer are coming than the organiser wanted.
    TooFew,
    /// An organiser says something, in their own words.
    Told,
    /// It begins soon, or began.
    Reminder,
}

/// One message of a piece of news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What happened.
    pub news: News,
    /// Members to mention, at most [`MENTIONS_PER_MESSAGE_MAX`]. Empty when there are more than
    /// [`MENTIONS_MAX`] in all, or the event hides who they are: then its role is mentioned, or
    /// nobody.
    pub mentions: Vec<UserId>,
    /// Which part it is, from 1.
    pub part: usize,
    /// How many parts there are.
    pub parts: usize,
    /// When it goes out.
    pub due: Timestamp,
}

/// A place that is held for a member to accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldPlace {
    /// For whom.
    pub member: UserId,
    /// Under which answer.
    pub option: OptionId,
    /// Until when.
    pub until: Timestamp,
}

/// A piece of news for one member, by direct message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direct {
    /// What happened.
    pub news: News,
    /// Whom it is for.
    pub member: UserId,
    /// When it goes out.
    pub due: Timestamp,
}

/// The news in a change from `before` to `after`: what is told to those who answered, except that
/// the event's own organiser answers for themselves. An event that is over has no news; one that is
/// deleted is as good as cancelled.
#[must_use]
pub fn news_of(before: &Event, after: &Event, now: Timestamp) -> Option<News> {
    let is_off = |event: &Event| event.cancelled_at.is_some() || event.deleted_at.is_some();
    match (is_off(before), is_off(after)) {
        _ if now >= before.details.span.end() => None,
        (false, true) => Some(News::Cancelled),
        (true, false) => Some(News::BackOn),
        (false, false) if before.details.span != after.details.span => Some(News::Moved),
        (false, false) | (true, true) => None,
    }
}

/// The messages that tell `news` to all who said that they come or may come, in order of the
/// roster; none if there is nobody.
#[must_use]
pub fn tell_answered(news: News, event: &Event, roster: &Roster, now: Timestamp) -> Vec<Notice> {
    let due = now.saturating_add(SECOND_THOUGHTS).unwrap_or(now);
    for_members(news, event, &who_is_told(event, roster), due)
}

/// The messages in which an organiser says something to these members, after a moment for second
/// thoughts; none if there is nobody.
#[must_use]
pub fn tell_words(event: &Event, members: &[UserId], now: Timestamp) -> Vec<Notice> {
    let due = now.saturating_add(SECOND_THOUGHTS).unwrap_or(now);
    for_members(News::Told, event, members, due)
}

/// All who said that they come or may come, in order of the roster. Their answer decides, also
/// while they wait for a place under it.
#[must_use]
pub fn who_is_told(event: &Event, roster: &Roster) -> Vec<UserId> {
    let told = event.options.iter().filter(|option| option.told);
    let mut members: Vec<_> = told.flat_map(|option| roster.column(option.id)).collect();
    let placeless = roster.offered().chain(roster.waitlist()).chain(roster.passed());
    members.extend(placeless.filter(|member| is_told(event, roster, *member)));
    members.retain(|member| !member.is_erased());
    members
}

/// Whether news are for who gave this member's answer.
pub(crate) fn is_told(event: &Event, roster: &Roster, member: UserId) -> bool {
    let signup = roster.signup(member);
    let option = signup.and_then(|signup| event.options.get(signup.option));
    option.is_some_and(|option| option.told)
}

/// The direct messages that tell `news` to those of `members` who want that, the first of them at
/// `from`. Discord takes many at once for spam, so that they are spread: [`DIRECT_TOGETHER`], then
/// after [`DIRECT_GAP`] as many again.
#[must_use]
pub fn tell_directly(
    news: News,
    members: &[UserId],
    wants: impl Fn(UserId) -> bool,
    from: Timestamp,
) -> Vec<Direct> {
    let wanted = members.iter().copied().filter(|member| !member.is_erased() && wants(*member));
    let direct = |(index, member): (usize, UserId)| {
        let gaps = i32::try_from(index / DIRECT_TOGETHER).unwrap_or(i32::MAX);
        let due = from.saturating_add(DIRECT_GAP.saturating_mul(gaps)).unwrap_or(from);
        Direct { news, member, due }
    };
    wanted.enumerate().map(direct).collect()
}

/// Whether a message that did not go out is still worth sending when an organiser asks for it: the
/// post of an event, or this news about it. A reminder that was due then is worth it for as long as
/// it would go out late by itself, also when its event is over.
#[must_use]
pub fn is_worth_retrying(
    event: &Event,
    news: Option<News>,
    due: Timestamp,
    now: Timestamp,
) -> bool {
    let is_over = now >= event.details.span.end();
    match event.phase(now) {
        Phase::Deleted => false,
        Phase::Cancelled => !is_over && news == Some(News::Cancelled),
        Phase::Open | Phase::Closed | Phase::Running | Phase::Over => match news {
            Some(News::Cancelled) => false,
            Some(News::Reminder) => reminder::is_worth_it(event, due, now),
            Some(
                News::Moved
                | News::BackOn
                | News::Promoted
                | News::Offered
                | News::Unseated
                | News::TooFew
                | News::Told,
            )
            | None => !is_over,
        },
    }
}

/// The messages that tell members of their promotion; none if there is nobody.
#[must_use]
pub fn tell_promoted(event: &Event, promoted: &[UserId], now: Timestamp) -> Vec<Notice> {
    for_members(News::Promoted, event, promoted, now)
}

/// The messages that tell members of the places that they are offered; none if there is nobody.
#[must_use]
pub fn tell_offered(event: &Event, offered: &[UserId], now: Timestamp) -> Vec<Notice> {
    for_members(News::Offered, event, offered, now)
}

/// The messages that tell members that they lost their places to the line, after a moment for
/// second thoughts; none if there is nobody.
#[must_use]
pub fn tell_unseated(event: &Event, unseated: &[UserId], now: Timestamp) -> Vec<Notice> {
    let due = now.saturating_add(SECOND_THOUGHTS).unwrap_or(now);
    for_members(News::Unseated, event, unseated, due)
}

/// The message that asks an event's organiser what to do, as too few are coming. Its post names
/// them in any case; if they are nobody any more, it mentions nobody.
#[must_use]
pub fn tell_too_few(host: UserId, now: Timestamp) -> Notice {
    let mentions = if host.is_erased() { Vec::new() } else { vec![host] };
    Notice { mentions, ..to_nobody(News::TooFew, now) }
}

/// The messages that remind members of an event; none if there is nobody.
#[must_use]
pub fn remind(event: &Event, members: &[UserId], due: Timestamp) -> Vec<Notice> {
    for_members(News::Reminder, event, members, due)
}

/// The message that reminds a whole role, whoever has it.
#[must_use]
pub const fn remind_role(due: Timestamp) -> Notice {
    to_nobody(News::Reminder, due)
}

/// A message without the name of anybody.
const fn to_nobody(news: News, due: Timestamp) -> Notice {
    Notice { news, mentions: Vec::new(), part: 1, parts: 1, due }
}

/// The messages for members of an event, which may hide who they are.
fn for_members(news: News, event: &Event, members: &[UserId], due: Timestamp) -> Vec<Notice> {
    if event.rules.names_hidden && members.iter().any(|member| !member.is_erased()) {
        return vec![to_nobody(news, due)];
    }
    parts(news, members, due)
}

fn parts(news: News, members: &[UserId], due: Timestamp) -> Vec<Notice> {
    let members: Vec<_> = members.iter().copied().filter(|member| !member.is_erased()).collect();
    if members.len() > MENTIONS_MAX {
        return vec![to_nobody(news, due)];
    }
    let chunks = members.chunks(MENTIONS_PER_MESSAGE_MAX);
    let parts = chunks.len();
    let notice = |(part, chunk): (usize, &[UserId])| Notice {
        news,
        mentions: chunk.to_vec(),
        part,
        parts,
        due,
    };
    (1..).zip(chunks).map(notice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::EventChange;
    use crate::event::Span;
    use crate::event::tests::{at, event};
    use crate::roster::{Answering, Moment, Sequence};

    fn roster_of(members: u64) -> Roster {
        let event = event();
        let mut roster = Roster::new(event.seating());
        let options: Vec<_> = event.options.iter().map(|option| option.id).collect();
        for member in 1..=members {
            let turn = usize::try_from(member).unwrap() % options.len();
            let moment = Moment { now: at(12), next: Sequence(member) };
            roster.answer(Answering::alone(UserId::new(member), options[turn]), moment);
        }
        roster
    }

    #[test]
    fn a_move_and_a_cancellation_are_news_and_a_new_title_is_not() {
        let before = event();
        let mut details = before.details.clone();
        details.title = crate::text::Title::parse("Other").unwrap();
        let renamed = before.change(&EventChange::Edit(details.clone()), at(12)).unwrap();
        assert_eq!(news_of(&before, &renamed, at(12)), None);
        details.span = Span::new(at(19), at(20)).unwrap();
        let moved = before.change(&EventChange::Edit(details), at(12)).unwrap();
        assert_eq!(news_of(&before, &moved, at(12)), Some(News::Moved));
        let cancelled = before.change(&EventChange::Cancel, at(12)).unwrap();
        assert_eq!(news_of(&before, &cancelled, at(12)), Some(News::Cancelled));
        assert_eq!(news_of(&cancelled, &before, at(12)), Some(News::BackOn));
        let deleted = before.change(&EventChange::Delete, at(12)).unwrap();
        assert_eq!(news_of(&before, &deleted, at(12)), Some(News::Cancelled));
        assert_eq!(news_of(&cancelled, &deleted, at(12)), None);
        assert_eq!(news_of(&deleted, &before, at(12)), Some(News::BackOn));
    }

    #[test]
    fn yes_maybe_and_mobile_are_told_after_a_moment_and_no_is_not() {
        let notices = tell_answered(News::Cancelled, &event(), &roster_of(4), at(12));
        let mentions: Vec<_> = notices[0].mentions.iter().map(|user| user.get()).collect();
        assert_eq!(mentions, [4, 2, 3]);
        assert_eq!(notices[0].due, at(12) + SECOND_THOUGHTS);
        assert!(
            tell_answered(News::Cancelled, &event(), &Roster::new(event().seating()), at(12))
                .is_empty()
        );
    }

    #[test]
    fn who_waits_for_an_answer_of_which_nobody_is_told_is_not_told() {
        let mut event = event();
        event.details.capacity = Some(crate::capacity::Capacity::parse(1).unwrap());
        let yes = event.options.iter().next().unwrap().id;
        let mut roster = Roster::new(event.seating());
        for member in 1..=2 {
            let moment = Moment { now: at(12), next: Sequence(member) };
            roster.answer(Answering::alone(UserId::new(member), yes), moment);
        }
        assert_eq!(roster.waitlist().collect::<Vec<_>>(), [UserId::new(2)]);
        let expected = |event: &Event| {
            crate::reminder::reminded(crate::reminder::Audience::Expected, event, &roster)
        };
        let both = [1, 2].map(UserId::new);
        assert_eq!((who_is_told(&event, &roster), expected(&event)), (both.into(), both.into()));
        let untold = crate::option_edit::OptionEdit::Told(yes, false);
        event.options = untold.made_on(&event.options).unwrap();
        assert!(who_is_told(&event, &roster).is_empty() && expected(&event).is_empty());
    }

    #[test]
    fn what_failed_is_worth_another_try_while_it_can_still_be_of_use() {
        let (event, now) = (event(), at(12));
        let worth = |event: &Event, news, now| is_worth_retrying(event, news, at(12), now);
        for news in [None, Some(News::Moved), Some(News::Told), Some(News::Reminder)] {
            assert!(worth(&event, news, now), "{news:?}");
            assert!(!worth(&event, news, event.details.span.end()), "{news:?}");
        }
        assert!(!worth(&event, Some(News::Cancelled), now), "it takes place");
        let late = event.details.span.start();
        assert!(!worth(&event, Some(News::Reminder), late), "nobody comes earlier by that");
        assert!(worth(&event, None, late));
        let thanks = |now| is_worth_retrying(&event, Some(News::Reminder), at(21), now);
        assert!(thanks(at(21)) && thanks(at(23)), "it was meant for after the end");
        assert!(!thanks(at(23) + SECOND_THOUGHTS), "for two hours");
        let cancelled = event.change(&EventChange::Cancel, now).unwrap();
        assert!(worth(&cancelled, Some(News::Cancelled), now));
        assert!(!worth(&cancelled, None, now));
        let deleted = event.change(&EventChange::Delete, now).unwrap();
        assert!(!worth(&deleted, Some(News::Cancelled), now));
    }

    #[test]
    fn who_was_erased_is_not_told() {
        let (bea, erased) = (UserId::new(7), UserId::erased(0));
        let mentions = |members: &[UserId]| -> Vec<_> {
            tell_promoted(&event(), members, at(12))
                .into_iter()
                .map(|notice| notice.mentions)
                .collect()
        };
        assert_eq!(mentions(&[erased, bea]), [vec![bea]]);
        assert_eq!(mentions(&[erased]), Vec::<Vec<_>>::new());
        assert_eq!(tell_too_few(erased, at(12)), to_nobody(News::TooFew, at(12)));
    }

    #[test]
    fn where_names_are_hidden_news_are_told_once_and_name_nobody_but_the_organiser() {
        let mut event = event();
        event.rules.names_hidden = true;
        let everyone: Vec<_> = (1..=200).map(UserId::new).collect();
        let told = [
            tell_words(&event, &everyone, at(12)),
            tell_promoted(&event, &everyone, at(12)),
            tell_offered(&event, &everyone, at(12)),
            tell_unseated(&event, &everyone, at(12)),
            remind(&event, &everyone, at(12)),
        ];
        for notices in &told {
            let [notice] = notices.as_slice() else { panic!("{notices:?}") };
            assert_eq!((notice.mentions.as_slice(), notice.parts), (&[][..], 1), "{notice:?}");
        }
        assert!(remind(&event, &[], at(12)).is_empty(), "of nobody there is no news");
        assert_eq!(tell_too_few(event.host, at(12)).mentions, [event.host]);
    }

    #[test]
    fn direct_messages_go_to_those_who_want_them_a_few_at_a_time() {
        let everyone: Vec<_> = (0..26).map(UserId::new).chain([UserId::erased(0)]).collect();
        let directs = tell_directly(News::Told, &everyone, |member| member.get() % 2 == 0, at(12));
        let first: Vec<_> = directs.iter().map(|direct| direct.member.get()).collect();
        assert_eq!(first, (0..26).step_by(2).collect::<Vec<_>>());
        let later = |direct: &Direct| direct.due.duration_since(at(12)).as_millis();
        assert_eq!(later(&directs[DIRECT_TOGETHER - 1]), 0);
        assert_eq!(later(&directs[DIRECT_TOGETHER]), DIRECT_GAP.as_millis());
        assert_eq!(later(&directs[2 * DIRECT_TOGETHER]), 2 * DIRECT_GAP.as_millis());
    }

    #[test]
    fn many_are_mentioned_in_numbered_parts_and_too_many_not_one_by_one() {
        let everyone: Vec<_> = (0..400).map(UserId::new).collect();
        let notices = tell_promoted(&event(), &everyone, at(12));
        let parts: Vec<_> = notices.iter().map(|n| (n.part, n.parts, n.mentions.len())).collect();
        assert_eq!(parts, [(1, 5, 80), (2, 5, 80), (3, 5, 80), (4, 5, 80), (5, 5, 80)]);
        let too_many: Vec<_> = (0..401).map(UserId::new).collect();
        let notices = tell_promoted(&event(), &too_many, at(12));
        assert_eq!((notices.len(), notices[0].mentions.len()), (1, 0));
    }
}
