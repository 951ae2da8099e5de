//! News, reminders, and what organisers say to those who are coming.

use muster_domain::id::{ChannelId, DeliveryId, MessageId};
use muster_domain::limits::MENTIONS_MAX;
use muster_domain::notice::{News, TOLD};
use muster_domain::reminder::Audience;
use muster_domain::rules::Minimum;
use muster_domain::text::Announcement;
use muster_engine::discord::{Direct, Notice};
use muster_engine::telling::Tellings;
use muster_store::model::{Progress, Reach, Telling};

use super::*;
use crate::views::samples::{NEWS, held, posted};
use crate::views::{notice, telling};

const HERE: DeliveryId = DeliveryId::new(9);

/// What an organiser wrote, with everything that is filled in.
fn said() -> Announcement {
    Announcement::parse("5 {title} {start} {relative} {host} {location} {count}").unwrap()
}

/// Sheets of which the names are shown or hidden, one way to come or several, with a minimum.
fn told_of() -> Vec<Sheet> {
    let mut one_way = without_letters();
    one_way.options = numbered(&option_words::read("A 3, ❌ B").unwrap());
    one_way.details.location = None;
    one_way.host = UserId::erased(1);
    one_way.rules.minimum = Some(Minimum {
        people: Capacity::parse(3).unwrap(),
        before_start: jiff::SignedDuration::from_hours(1),
    });
    let mut hidden = without_letters();
    hidden.rules.names_hidden = true;
    let events = [without_letters(), one_way, hidden];
    events.iter().map(|event| Sheet::of(event, &answered(event, &[0, 1]), |_| None)).collect()
}

#[test]
fn all_news_and_reminders_are_in_the_language_of_the_guild() {
    let (said, three) = (said(), [4, 5, 6].map(UserId::new));
    let of_one = three.map(|member| held(member.get(), 1));
    let of_several = [held(4, 0), held(5, 1), held(6, 1)];
    let crowd: Vec<_> = (0..80).map(|n| UserId::new(u64::MAX - n)).collect();
    for sheet in told_of() {
        for news in NEWS {
            for held in [&[][..], &of_one, &of_several] {
                for mentions in [&[][..], &three, &crowd] {
                    for (waiting, part) in [(0, 1), (1, 2), (mentions.len(), 2)] {
                        let held = if news == News::Offered { held } else { &[] };
                        let waiting = mentions.get(..waiting).unwrap_or_default();
                        let base = Notice::of(&sheet, news);
                        for audience in TOLD {
                            let (words, parts) = (Some(&said), 2);
                            let audience = Some(audience);
                            is_all_made_up(&notice::notice(
                                super::words(),
                                &Notice {
                                    words: words.filter(|_| news == News::Reminder),
                                    mentions,
                                    waiting,
                                    held,
                                    audience,
                                    part,
                                    parts,
                                    ..base
                                },
                                HERE,
                            ));
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn all_direct_messages_are_in_the_language_of_the_guild() {
    let said = said();
    for sheet in told_of() {
        for news in NEWS {
            for (is_waiting, held) in [(false, None), (true, None), (false, Some(held(4, 0)))] {
                let post = held.map(|_| (ChannelId::new(3), MessageId::new(8)));
                let words = Some(&said).filter(|_| news == News::Reminder);
                let told = Direct { sheet: &sheet, post, news, words, held, is_waiting };
                is_all_made_up(&notice::direct(super::words(), &told, HERE));
            }
        }
    }
}

#[test]
fn what_organisers_tell_is_in_the_language_of_the_guild() {
    let reach = |members, placeless, direct| Reach { members, placeless, direct };
    let reaches = [
        [reach(12, 3, 1), reach(9, 0, 1), reach(3, 3, 0)],
        [reach(MENTIONS_MAX + 1, 1, 0), Reach::default(), Reach::default()],
    ];
    for sheet in told_of() {
        for reaches in reaches {
            let tellings = Tellings { posted: posted(sheet.clone()), reaches, latest: None };
            is_all_made_up(&telling::form(words(), &tellings));
            is_all_made_up(&telling::progress(words(), &tellings));
            for (is_taken_back, sent) in [(true, 0), (false, 0), (false, 3)] {
                let parts = Progress { all: 4, sent, failed: 1 };
                let telling = Telling {
                    first: HERE,
                    audience: Audience::Going,
                    due: NOW,
                    is_taken_back,
                    parts,
                    direct: parts,
                };
                let tellings = Tellings { latest: Some(telling), ..tellings.clone() };
                is_all_made_up(&telling::progress(words(), &tellings));
            }
        }
    }
}
