//! Every refusal in the words that people read.

mod of_domain;

use expect_test::expect;
use jiff::civil::{Weekday, date};
use muster_domain::answer_option::OptionsError;
use muster_domain::capacity::CapacityError;
use muster_domain::change::ChangeRefusal;
use muster_domain::duration::DurationError;
use muster_domain::grant::NotGiven;
use muster_domain::id::{ChannelId, EventId, RoleId, TemplateId, UserId};
use muster_domain::option_edit::OptionEditError;
use muster_domain::option_words::OptionWordsError;
use muster_domain::reminder::{
    QuietHoursError, ReminderTimeError, RemindersError, UnknownPlaceholder,
};
use muster_domain::rights::Permissions;
use muster_domain::roster::{Guests, NotSwapped};
use muster_domain::rules::{NotEligible, RulesError};
use muster_domain::signup_details::TimesError;
use muster_domain::text::{ImageUrlError, TemplateName, TextError};
use muster_domain::when::{TimeOfDayError, WhenError};
use muster_domain::zone::ZoneError;
use muster_engine::refusal::{CheckInRefusal, Field, NotLetIn, Number, TemplateRefusal};
use muster_engine::tap_limit::TapRate;

use super::*;
use crate::views::judged::check;
use crate::views::message::Message;
use crate::views::samples::{NOW, event, huge, wrapped};

/// What is read in the usual language.
fn words(refusal: &Refusal) -> String {
    said(Words::usual(), refusal)
}

const CHANNEL: ChannelId = ChannelId::new(3);

fn roles(count: u64) -> Vec<RoleId> {
    (0..count).map(|n| RoleId::new(huge(n))).collect()
}

fn not_a_time() -> TimeOfDayError {
    TimeOfDayError::NotUnderstood("at night".into())
}

fn plain_ones() -> Vec<Refusal> {
    use ChangeRefusal as Change;
    let phases = [Phase::Open, Phase::Closed, Phase::Running, Phase::Over, Phase::Cancelled];
    let changes = [
        Change::Over,
        Change::Cancelled,
        Change::NotCancelled,
        Change::AlreadyClosed,
        Change::AlreadyOpen,
        Change::Past,
        Change::Nothing,
        Change::Rules(RulesError::Offer(jiff::SignedDuration::from_secs(1))),
        Change::Options(OptionsError::TooMany(26)),
    ];
    let mut all = vec![
        Refusal::NotOrganiser,
        Refusal::NotManager,
        Refusal::GuildOnly,
        Refusal::NoSuchEvent,
        Refusal::NoSuchOption,
        Refusal::SeveralOptions(vec!["*".repeat(200); 25]),
        Refusal::NothingToWithdraw,
        Refusal::NoAnswerYet,
        Refusal::NoRoomForGuests,
        Refusal::NeverRoom("*".repeat(80), 10_000),
        Refusal::NotEligible(NotEligible::Event, roles(1)),
        Refusal::NotEligible(NotEligible::Event, roles(25)),
        Refusal::NotEligible(NotEligible::Option, roles(2)),
        Refusal::NotEligible(NotEligible::Denied, Vec::new()),
        Refusal::NotEligible(NotEligible::Guests(Guests::NONE), Vec::new()),
        Refusal::NotEligible(NotEligible::Guests(Guests::parse(1).unwrap()), Vec::new()),
        Refusal::Span,
        Refusal::DraftGone,
        Refusal::ChangedMeanwhile,
        Refusal::MayNotMention(muster_domain::id::RoleId::new(5)),
        Refusal::PostExists(EventId::new(1)),
        Refusal::RoleUnknown,
        Refusal::NobodyToTell,
        Refusal::HoursAfterEnd("*two* days".into()),
        Refusal::TimeOfDay(TimeOfDayError::WhichHalf("*at* 4".into())),
        Refusal::TimeOfDay(TimeOfDayError::NotUnderstood("soon".into())),
        Refusal::ReminderTime(ReminderTimeError::Empty),
        Refusal::ReminderTime(ReminderTimeError::WhichHalf("*at* 4".into())),
        Refusal::ReminderTime(ReminderTimeError::NotUnderstood("soon".into())),
        Refusal::ReminderTime(ReminderTimeError::TooEarly),
        Refusal::ReminderTime(ReminderTimeError::TooLate),
        Refusal::Reminders(RemindersError::Twice),
        Refusal::Reminders(RemindersError::Unreachable),
        Refusal::Reminders(RemindersError::Full),
        Refusal::NoSuchReminder,
        Refusal::Placeholder(UnknownPlaceholder("my_name".into())),
        Refusal::NeedsMemberLists,
        Refusal::RemindersChangedSince,
        Refusal::RemindersTooLate,
        Refusal::QuietHours(QuietHoursError::NoEnd),
        Refusal::QuietHours(QuietHoursError::Time(not_a_time())),
        Refusal::ToldEnough(NOW),
        Refusal::Template(TemplateRefusal::TooMany),
        Refusal::Template(TemplateRefusal::Gone),
        Refusal::Unknown,
    ];
    all.extend(phases.map(Refusal::AnswersClosed));
    all.extend(changes.map(Refusal::Change));
    all.extend(of_roles());
    all.extend(of_plans());
    all.extend(of_the_door());
    all
}

fn of_roles() -> [Refusal; 6] {
    [
        NotGiven::NoSuchRole,
        NotGiven::Managed,
        NotGiven::HasPower,
        NotGiven::NotYours,
        NotGiven::BotMayNot,
        NotGiven::AboveBot,
    ]
    .map(|why| Refusal::NotGiven(RoleId::new(5), why))
}

fn of_the_door() -> [Refusal; 3] {
    [
        Refusal::TooManyTaps(TapRate::DEFAULT),
        Refusal::NotLetIn(NotLetIn::TooMuch(muster_vitals::limiter::GUILD_RATE)),
        Refusal::NotLetIn(NotLetIn::Oversized),
    ]
}

fn of_plans() -> Vec<Refusal> {
    use jiff::civil::Weekday;
    use muster_domain::recurrence::{Frequency, Recurrence, RecurrenceError, Rule};
    use muster_domain::series::{ExtraFieldsError, PostingError, SeriesPlanError, SeriesRefusal};
    use muster_engine::refusal::PlanRefusal as Plan;

    let rule = Recurrence::new(Rule::every(Frequency::Daily)).unwrap();
    let given = "*".repeat(100);
    let all = [
        Plan::Repeat(RecurrenceError::Empty),
        Plan::Repeat(RecurrenceError::NotUnderstood { part: given.clone() }),
        Plan::WhichRepeat(vec![rule; 4]),
        Plan::NoOccurrence,
        Plan::NoSuchSeries,
        Plan::TooManySeries(None),
        Plan::TooManySeries(Some(Weekday::Monday)),
        Plan::Plan(SeriesPlanError::TextTooLong),
        Plan::Plan(SeriesPlanError::Length),
        Plan::Step(SeriesRefusal::Ended),
        Plan::Step(SeriesRefusal::GoesOn),
        Plan::Step(SeriesRefusal::NoSuchOccurrence),
        Plan::Step(SeriesRefusal::Rule(RecurrenceError::TooManyExcluded)),
        Plan::ChangedMeanwhile,
        Plan::ChangedSince(UserId::new(7)),
        Plan::Posting(PostingError::NotUnderstood(given.clone())),
        Plan::Posting(PostingError::WhichHalf("at 4".into())),
        Plan::Posting(PostingError::TooEarly),
        Plan::ExtraFields(ExtraFieldsError::NotAField("*".repeat(40))),
        Plan::ExtraFields(ExtraFieldsError::TooLong("*".repeat(40))),
        Plan::ExtraFields(ExtraFieldsError::TooMany),
        Plan::NoDay(given),
        Plan::SkipDays,
        Plan::TooManySkips,
        Plan::NoZone,
        Plan::NothingPlanned(Weekday::Sunday),
    ];
    all.into_iter().map(Refusal::Planning).collect()
}

fn of_parts_given(given: &str) -> Vec<Refusal> {
    vec![
        Refusal::OptionEdit(OptionEditError::NoSuchOption),
        Refusal::OptionEdit(OptionEditError::Twice(given.into())),
        Refusal::OptionEdit(OptionEditError::PlacesNeedComing),
        Refusal::OptionEdit(OptionEditError::GrantNeedsComing),
        Refusal::OptionEdit(OptionEditError::SharedPlacesNeedComing(given.into())),
        Refusal::OptionEdit(OptionEditError::SharedPlacesNeedHeading),
        Refusal::OptionEdit(OptionEditError::TooManyRoles(26)),
        Refusal::OptionEdit(OptionEditError::Options(OptionsError::None)),
        Refusal::OptionEdit(OptionEditError::Options(OptionsError::TooMany(26))),
        Refusal::OptionEdit(OptionEditError::Options(OptionsError::TooManyEver(51))),
        Refusal::Text(Field::Answer, TextError::Empty),
        Refusal::Text(Field::Group, TextError::TooLong { length: 41, max: 40 }),
        Refusal::NotAnEmoji(given.to_owned()),
        Refusal::GuestsNotPossible(given.to_owned()),
        Refusal::NoTimeInEvent(given.to_owned(), event().details.span),
        Refusal::Times(TimesError::Arrives, event().details.span),
        Refusal::Times(TimesError::Leaves, event().details.span),
        Refusal::Times(TimesError::GoneBefore, event().details.span),
        Refusal::NamesHidden,
        Refusal::NoSuchMember,
        Refusal::NothingOfTheirs(UserId::new(7)),
        Refusal::NotSwapped(NotSwapped::NoPlace),
        Refusal::NotSwapped(NotSwapped::NoRoom),
        Refusal::Text(Field::Note, TextError::TooLong { length: 101, max: 100 }),
        Refusal::Close(DurationError::TooShort),
        Refusal::Close(DurationError::NotUnderstood { part: given.to_owned() }),
        Refusal::ClosesInThePast(NOW),
        Refusal::Change(ChangeRefusal::ClosesInThePast(NOW)),
        Refusal::Change(ChangeRefusal::LooksInThePast(NOW)),
        Refusal::Change(ChangeRefusal::Past),
        Refusal::Change(ChangeRefusal::PastEnd),
        Refusal::Change(ChangeRefusal::PastUndone),
        Refusal::Change(ChangeRefusal::Options(OptionsError::TooManyEver(51))),
        Refusal::AnsweredSince(UserId::new(7)),
        Refusal::NotComing,
        Refusal::NoAnswerYet,
        Refusal::Image(ImageUrlError::NotAnAddress),
        Refusal::Image(ImageUrlError::TooLong { length: 9_000 }),
    ]
}

fn of_numbers(given: &str) -> Vec<Refusal> {
    let length = || DurationError::NotUnderstood { part: given.to_owned() };
    let span = event().details.span;
    let all = [
        (Number::Places, Refusal::CapacityNotANumber(given.to_owned())),
        (Number::SharedPlaces, Refusal::Capacity(CapacityError { given: 0 })),
        (Number::Guests, Refusal::GuestsNotPossible(given.to_owned())),
        (Number::Offer, Refusal::Duration(length())),
        (Number::CloseBefore, Refusal::Close(length())),
        (Number::Minimum, Refusal::Capacity(CapacityError { given: -5 })),
        (Number::Minimum, Refusal::CapacityNotANumber(given.to_owned())),
        (Number::MinimumBefore, Refusal::Close(length())),
        (Number::MinimumBefore, Refusal::Close(DurationError::TooShort)),
        (Number::Duration, Refusal::Duration(length())),
        (Number::Time, Refusal::TimeOfDay(TimeOfDayError::WhichHalf("8".into()))),
        (Number::UsualTime, Refusal::TimeOfDay(not_a_time())),
        (Number::PostingTime, Refusal::TimeOfDay(not_a_time())),
        (Number::Arrives, Refusal::NoTimeInEvent(given.to_owned(), span)),
        (Number::Leaves, Refusal::NoTimeInEvent(given.to_owned(), span)),
    ];
    all.into_iter().map(|(number, refusal)| number.refused()(refusal)).collect()
}

fn of_what_was_given(given: &str) -> Vec<Refusal> {
    let (part, name) = (given.to_owned(), given.to_owned());
    let cut: String = given.chars().take(TemplateName::MAX).collect();
    let template = TemplateName::parse(&cut).unwrap();
    vec![
        Refusal::Template(TemplateRefusal::NoneNamed(given.to_owned())),
        Refusal::Template(TemplateRefusal::NameTaken(
            template.clone(),
            EventId::new(1),
            TemplateId::new(2),
        )),
        Refusal::Template(TemplateRefusal::Newer(template)),
        Refusal::Template(TemplateRefusal::Changed),
        Refusal::Text(Field::TemplateName, TextError::TooLong { length: 51, max: 50 }),
        Refusal::NoEventLike(String::new()),
        Refusal::NoEventLike(given.to_owned()),
        Refusal::Text(Field::Title, TextError::Empty),
        Refusal::Text(Field::Description, TextError::TooLong { length: 2_500, max: 2_000 }),
        Refusal::Text(Field::Location, TextError::TooLong { length: 201, max: 200 }),
        Refusal::Text(Field::LocationAlone, TextError::TooLong { length: 201, max: 200 }),
        Refusal::Capacity(CapacityError { given: 0 }),
        Refusal::Capacity(CapacityError { given: 1_000_000_000 }),
        Refusal::Capacity(CapacityError { given: -5 }),
        Refusal::CapacityNotANumber(given.to_owned()),
        Refusal::Options(OptionWordsError::None),
        Refusal::Options(OptionWordsError::TooMany(30)),
        Refusal::Options(OptionWordsError::Twice(given.to_owned())),
        Refusal::Options(OptionWordsError::Label {
            words: given.to_owned(),
            error: TextError::TooLong { length: 81, max: 80 },
        }),
        Refusal::Options(OptionWordsError::BareHeading(given.to_owned())),
        Refusal::Options(OptionWordsError::SharedPlaces {
            words: given.to_owned(),
            error: CapacityError { given: 0 },
        }),
        Refusal::Options(OptionWordsError::Places {
            words: given.to_owned(),
            error: CapacityError { given: 0 },
        }),
        Refusal::Zone(ZoneError { given: given.to_owned() }),
        Refusal::Duration(DurationError::NotUnderstood { part: part.clone() }),
        Refusal::When(WhenError::NotUnderstood { part: part.clone() }),
        Refusal::When(WhenError::NoSuchDate { part: part.clone() }),
        Refusal::When(WhenError::NoSuchTime { part }),
        Refusal::When(WhenError::UnknownZone { name: name.clone() }),
        Refusal::When(WhenError::AmbiguousZone { name, instead: "\"UTC+8\" or \"UTC-6\"" }),
    ]
}

fn of_times() -> Vec<Refusal> {
    let said = Weekday::Monday;
    let times = [
        WhenError::Empty,
        WhenError::TooLong,
        WhenError::PartMismatch,
        WhenError::Past { at: NOW },
        WhenError::NoTime,
        WhenError::NoDay,
        WhenError::OutOfRange,
        WhenError::WeekdayMismatch { date: date(2026, 11, 27), said },
        WhenError::BadEnd,
        WhenError::TooManyReadings,
    ];
    let durations = [
        DurationError::Empty,
        DurationError::NoUnit { number: u64::MAX },
        DurationError::TooShort,
        DurationError::TooLong,
    ];
    times.map(Refusal::When).into_iter().chain(durations.map(Refusal::Duration)).collect()
}

fn of_check_in() -> Vec<Refusal> {
    let (closed, place) = (CheckInRefusal::Closed, CheckInRefusal::NoPlace);
    let code = [CheckInRefusal::WrongCode, CheckInRefusal::TooManyCodes, CheckInRefusal::NoCode];
    let all = [CheckInRefusal::NotYet(NOW), closed, place].into_iter().chain(code);
    all.map(Refusal::CheckIn).collect()
}

fn of_channels() -> Vec<Refusal> {
    let all = Permissions(!Permissions::ADMINISTRATOR.0);
    vec![
        Refusal::CannotPost(CHANNEL, Permissions::default()),
        Refusal::CannotPost(CHANNEL, Permissions::SEND_MESSAGES),
        Refusal::CannotPost(ChannelId::new(huge(0)), all),
        Refusal::WrongKindOfChannel(ChannelId::new(huge(0))),
        Refusal::ChannelGone(ChannelId::new(huge(0))),
    ]
}

/// All that there are, about what somebody wrote so.
pub(crate) fn every(given: &str) -> Vec<Refusal> {
    let mut all = plain_ones();
    all.extend(of_what_was_given(given));
    all.extend(of_parts_given(given));
    all.extend(of_numbers(given));
    all.extend(of_times());
    all.extend(of_channels());
    all.extend(of_check_in());
    all.extend(of_domain::refusals());
    all.extend(others(given));
    all
}

/// What the others leave out.
fn others(given: &str) -> Vec<Refusal> {
    const FIELDS: [Field; 9] = [
        Field::Title,
        Field::Description,
        Field::Location,
        Field::LocationAlone,
        Field::Answer,
        Field::Note,
        Field::Announcement,
        Field::Group,
        Field::TemplateName,
    ];
    let long = TextError::TooLong { length: 1_001, max: 1_000 };
    let texts = FIELDS.map(|field| [TextError::Empty, long].map(|why| Refusal::Text(field, why)));
    let nameless = OptionWordsError::Label { words: given.to_owned(), error: TextError::Empty };
    let mut all = vec![
        Refusal::NoEventThere,
        Refusal::SeveralOptions(vec![given.to_owned(); 2]),
        Refusal::ChangedSince(UserId::new(7)),
        Refusal::TooLateToUndo,
        Refusal::Options(nameless),
        Refusal::NoSuchWeek(given.to_owned()),
        Refusal::NotLetIn(NotLetIn::MemberUntil(NOW)),
        Refusal::NotLetIn(NotLetIn::GuildUntil(NOW)),
        Refusal::AnswersClosed(Phase::Deleted),
        Refusal::Change(ChangeRefusal::Deleted),
        Refusal::Change(ChangeRefusal::NotDeleted),
    ];
    all.extend(texts.into_iter().flatten());
    all
}

fn all_words(refusals: &[Refusal]) -> String {
    refusals.iter().map(words).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_refusal_is_a_short_sentence_that_fits() {
    let longest = "*".repeat(100);
    for refusal in every(&longest) {
        let words = words(&refusal);
        assert!((20..=500).contains(&words.chars().count()), "{words}");
        assert!(words.ends_with('.'), "{words}");
        assert!(!words.starts_with(char::is_lowercase), "{words}");
        check(&Message::text(words)).unwrap();
    }
    assert!(failed(Words::usual()).ends_with('.'));
}

#[test]
fn what_somebody_wrote_cannot_format_mention_or_link() {
    let given = "<@1> **x** [y](z)";
    for refusal in of_what_was_given(given).into_iter().chain(of_parts_given(given)) {
        let words = words(&refusal);
        assert!(!words.contains("<@1>") && !words.contains("**"), "{words}");
    }
}

#[test]
fn a_missing_permission_is_named_with_the_channel() {
    expect![[r"
        I cannot post in <#3>. Give my role View Channel, Send Messages, Embed Links
            and Read Message History there, or choose another channel.
        I cannot post in <#3>, as I lack Send Messages there. Allow it for my role in
            the channel's settings, or choose another channel."]]
    .assert_eq(&wrapped(&all_words(&of_channels()[..2])));
}

#[test]
fn a_wrong_zone_gets_the_nearest_names() {
    let zone = |given: &str| words(&Refusal::Zone(ZoneError { given: given.to_owned() }));
    expect![[r#"No time zone is called "Berl". Try `Europe/Berlin`."#]]
        .assert_eq(&wrapped(&zone("Berl")));
    expect![[r#"No time zone is called "Berlin \(Germany\)". Try `Europe/Berlin`."#]]
        .assert_eq(&wrapped(&zone("Berlin (Germany)")));
    expect![[r#"
        No time zone is called "New". Try `America/New_York`,
            `America/North_Dakota/New_Salem` or `Canada/Newfoundland`."#]]
    .assert_eq(&wrapped(&zone("New")));
    expect![[r#"
        No time zone is called "Middle Earth". Write it like `Europe/Berlin` or
            `America/New_York`: the continent and a large city."#]]
    .assert_eq(&wrapped(&zone("Middle Earth")));
}

#[test]
fn the_words_for_what_was_given() {
    expect![[r#"
        There is no template named "31 feb". `/template list` shows them all.
        There is a template named "31 feb" already. Save it under another name, or
            replace that one; events made from it stay as they are.
        A newer version of me saved the template "31 feb", and I cannot read it. Delete
            it and save it again, or ask whoever runs me to bring me up to date.
        That template was replaced or deleted meanwhile, so nothing was changed. Use
            `/template save` again.
        The name has 51 characters; 50 are possible. Please shorten it.
        Which event? Name it, or pick one from the suggestions that appear while you
            type.
        "31 feb" does not name just one event. Please pick one from the suggestions
            that appear while you type.
        The title is empty. Please write one.
        The description has 2,500 characters; 2,000 are possible. Please shorten it.
        The location has 201 characters; 200 are possible. I go on without it; the
            button Location adds a shorter one.
        The location has 201 characters; 200 are possible. Please shorten it.
        0 places are not possible. Choose 1 to 10,000, or leave it empty for no limit.
        1,000,000,000 places are not possible. Choose 1 to 10,000, or leave it empty
            for no limit.
        −5 places are not possible. Choose 1 to 10,000, or leave it empty for no limit.
        "31 feb" is not a number of places. Choose 1 to 10,000, or leave it empty for
            no limit.
        That names no answer. Write them with commas between, and a number for places,
            as in `Tank 2, Healer 3, Bench`.
        That is 30 answers, and an event offers 25 at most. Leave some out.
        The answer "31 feb" is there twice, and nobody could tell which. Write them
            with commas between, and a number for places, as in `Tank 2, Healer 3,
            Bench`.
        The answer "31 feb" is too long for a button. Write them with commas between,
            and a number for places, as in `Tank 2, Healer 3, Bench`.
        The heading "31 feb" has no answers. Write them after its colon, as in `Tank 2:
            Warrior, Paladin`, or leave the colon out.
        The heading "31 feb" has an impossible number of places. Write it as in `Tank
            2: Warrior, Paladin`.
        The answer "31 feb" has an impossible number of places. Write them with commas
            between, and a number for places, as in `Tank 2, Healer 3, Bench`.
        No time zone is called "31 feb". Write it like `Europe/Berlin` or
            `America/New_York`: the continent and a large city.
        "31 feb" is not a duration: write it like "90m", "2h 30m" or "3 days".
        I do not understand "31 feb" in a time: write it like "fri 8pm", "12 March
            20:00" or "in 2 hours".
        "31 feb" is not in the calendar: write another date, like "12 March 20:00".
        "31 feb" is not a time of day: write it like "8pm" or "20:00".
        No time zone is called "31 feb": write it like "Europe/Berlin" or "UTC+2".
        "31 feb" means several time zones: write "UTC+8" or "UTC-6" instead."#]]
    .assert_eq(&wrapped(&all_words(&of_what_was_given("31 feb"))));
}

#[test]
fn the_words_for_what_was_given_of_its_parts() {
    expect![[r#"
        The event does not offer that answer any more. Open the answers again.
        There is an answer "31 feb" already. Choose another name.
        An answer with places must count as coming. Clear its places first.
        Only an answer that counts as coming can give a role. Make it count as coming
            first.
        The heading "31 feb" has places, so an answer under it must count as coming.
            Clear the places of the heading first.
        Places for all under a heading need a heading. Write one, or clear them.
        26 roles are too many; 25 are possible. Choose fewer.
        An event needs at least one answer. Add another one before you remove it.
        26 answers are too many; an event offers at most 25. Remove some first.
        51 answers, removed ones included, are too many; 50 are possible. *Offer one
            again* under *Answers* and rename it, instead of adding another.
        The name is empty. Please write one.
        The heading has 41 characters; 40 are possible. Please shorten it.
        "31 feb" is not an emoji. Give one of your keyboard, or one of this server, or
            none.
        "31 feb" guests are not possible. Write a number from 0 to 10.
        "31 feb" is not a time during the event. It begins <t:1795804200:F> and ends
            <t:1795811400:F>: write a time between, as in `20:30`, or `15m`.
        You can only arrive during the event. It begins <t:1795804200:F> and ends
            <t:1795811400:F>: write a time between, as in `20:30`, or `15m`.
        You can only leave during the event. It begins <t:1795804200:F> and ends
            <t:1795811400:F>: write a time between, as in `20:30`, or `15m`.
        You cannot leave before you arrive. It begins <t:1795804200:F> and ends
            <t:1795811400:F>: write a time between, as in `20:30`, or `15m`.
        Names are hidden in this event; its organisers see them. The post says how many
            come; ask an organiser for more.
        That is not a member of this server. Choose somebody who is.
        <@7> has not answered this event. Nothing was changed.
        Nothing was changed: only who has a place under that answer can give it up.
            Please choose somebody else.
        Nothing was changed: with their guests there is no room for both where they
            would be, or one would get an answer that is no longer offered. Please
            choose somebody else.
        The note has 101 characters; 100 are possible. Please shorten it.
        That is too short. Say how long before the start answers close, as in `2h` or
            `1 day`.
        "31 feb" is not a duration: write it like "90m", "2h 30m" or "3 days". Say how
            long before the start answers close, as in `2h` or `1 day`.
        Answers would have closed at <t:1795780800:F>, before anybody could give one.
            Choose a later time, or say with `close` that they close later.
        With that, answers would be closed already, since <t:1795780800:F>. Write a
            shorter time before the start, or close them yourself with `/event close`.
        The minimum would have been checked <t:1795780800:F>, which has passed. Write a
            shorter time before the start, as in `2h` (a day if you leave it empty).
        The new start has passed already. Choose a later one.
        The new end has passed already. Choose a later one.
        It would begin or end in the past then, so nothing was undone. `/event edit`
            gives it another time.
        51 answers, removed ones included, are too many; 50 are possible. *Offer one
            again* under *Answers* and rename it, instead of adding another.
        <@7> has changed this answer since, so nothing was undone. *Members* changes it
            again.
        Answer first that you are coming; then you can add guests under *My answer*.
        You have not answered this event. Answer first, with the buttons on its post.
        I cannot show that picture: it is not an address that begins with https://.
            Copy the address of a picture; it begins with `https://`.
        I cannot show that picture: it has 9000 characters, 2048 are allowed. Copy the
            address of a picture; it begins with `https://`."#]]
    .assert_eq(&wrapped(&all_words(&of_parts_given("31 feb"))));
}

#[test]
fn a_wrong_number_is_named_by_what_stands_above_it() {
    expect![[r#"
        **Places:** "31 \*feb\*" is not a number of places. Choose 1 to 10,000, or
            leave it empty for no limit.
        **Places under the heading:** 0 places are not possible. Choose 1 to 10,000, or
            leave it empty for no limit.
        **Guests per member:** "31 \*feb\*" guests are not possible. Write a number
            from 0 to 10.
        **Time to accept a place:** "31 \*feb\*" is not a duration: write it like
            "90m", "2h 30m" or "3 days".
        **Answers close before the start:** "31 \*feb\*" is not a duration: write it
            like "90m", "2h 30m" or "3 days". Say how long before the start answers
            close, as in `2h` or `1 day`.
        **Minimum number coming:** −5 is not possible. Choose 1 to 10,000, or leave it
            empty for no minimum.
        **Minimum number coming:** "31 \*feb\*" is not a number of people. Choose 1 to
            10,000, or leave it empty for no minimum.
        **When to check that, before the start:** "31 \*feb\*" is not a duration: write
            it like "90m", "2h 30m" or "3 days". Say how long before the start the
            number is checked, as in `12h` or `1 day`.
        **When to check that, before the start:** That is too short. Say how long
            before the start the number is checked, as in `12h` or `1 day`.
        **Duration:** "31 \*feb\*" is not a duration: write it like "90m", "2h 30m" or
            "3 days".
        **Time:** "8" can be in the morning or in the evening: write it like "20:00".
        **Event time:** "at night" is not a time of day: write it like "20:00" or
            "8pm".
        **Posting time:** "at night" is not a time of day: write it like "20:00" or
            "8pm".
        **I come late:** "31 \*feb\*" is not a time during the event. It begins
            <t:1795804200:F> and ends <t:1795811400:F>: write a time between, as in
            `20:30`, or `15m`.
        **I leave early:** "31 \*feb\*" is not a time during the event. It begins
            <t:1795804200:F> and ends <t:1795811400:F>: write a time between, as in
            `20:30`, or `15m`."#]]
    .assert_eq(&wrapped(&all_words(&of_numbers("31 *feb*"))));
}

#[test]
fn the_words_for_times() {
    expect![[r#"
        Write when, for example "fri 8pm" or "tomorrow 19:30".
        That is too long for a time: write at most 200 characters, like "fri 8pm".
        The hour and the part of the day do not agree: write only the hour, like
            "20:00".
        That time is over: <t:1795780800:F>. Write a later one, like "tomorrow 19:30".
        The day is clear but not the time: add it, like "20:00" or "8pm".
        The day is missing: add it, like "next week friday 8pm" or "5 December 8pm".
        That is too far away: write a date within 10 years.
        27 November 2026 is a Friday, not a Monday: write only one of them.
        The end must come after the start and within 30 days: write it like "8pm to
            10pm".
        That can mean too many things: write am or pm, and the month by its name.
        Write how long, for example "90m" or "2h 30m".
        "18446744073709551615" of what? Write "18446744073709551615m" for minutes or
            "18446744073709551615h" for hours.
        That is too short: write at least 1 minute.
        That is too long: write at most 30 days."#]]
    .assert_eq(&wrapped(&all_words(&of_times())));
}
