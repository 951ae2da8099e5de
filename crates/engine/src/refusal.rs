//! The three kinds of failure, apart: what a person may read, what an operator must know, and bugs.

mod planning;

use jiff::Timestamp;
use muster_domain::capacity::CapacityError;
use muster_domain::change::ChangeRefusal;
use muster_domain::duration::DurationError;
use muster_domain::event::{Phase, Span};
use muster_domain::grant::NotGiven;
use muster_domain::id::{ChannelId, EventId, RoleId, TemplateId, UserId};
use muster_domain::option_edit::OptionEditError;
use muster_domain::option_words::OptionWordsError;
use muster_domain::reminder::{
    QuietHoursError, ReminderTimeError, RemindersError, UnknownPlaceholder,
};
use muster_domain::rights::Permissions;
use muster_domain::roster::NotSwapped;
use muster_domain::rules::NotEligible;
use muster_domain::signup_details::TimesError;
use muster_domain::text::{ImageUrlError, TemplateName, TextError};
use muster_domain::when::{TimeOfDayError, WhenError};
use muster_domain::zone::ZoneError;
use muster_store::StoreError;
use thiserror::Error;

pub use self::planning::PlanRefusal;
use crate::tap_limit::TapRate;

/// Which text a person gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The title of an event.
    Title,
    /// Its description.
    Description,
    /// Its location.
    Location,
    /// Its location, which was given alone.
    LocationAlone,
    /// The words on an answer.
    Answer,
    /// What a member says beside an answer.
    Note,
    /// What an organiser tells those who are coming.
    Announcement,
    /// The heading that answers share.
    Group,
    /// The name of a template.
    TemplateName,
}

/// Which number or time a person gave, of several in one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// How many can come to an event, or pick an answer.
    Places,
    /// How many can pick any answer under a heading.
    SharedPlaces,
    /// How many guests a member may bring.
    Guests,
    /// How long who comes up from the line has to accept.
    Offer,
    /// How long before the start answers close.
    CloseBefore,
    /// How few are too few.
    Minimum,
    /// How long before the start that is looked at.
    MinimumBefore,
    /// How long an event lasts.
    Duration,
    /// At which time of day each event of a series begins.
    Time,
    /// When events take place of which only the day is said.
    UsualTime,
    /// When posts of a series are made.
    PostingTime,
    /// When a member comes.
    Arrives,
    /// When a member goes.
    Leaves,
}

impl Number {
    /// The same refusal, which says that it is about this one.
    pub fn refused(self) -> impl FnOnce(Refusal) -> Refusal {
        move |refusal| Refusal::In(self, Box::new(refusal))
    }
}

/// Why something was not done, in terms that the person who asked can understand. Nothing was
/// changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// Only organisers may do this.
    NotOrganiser,
    /// Only those with Manage Server may do this.
    NotManager,
    /// It works in a server only.
    GuildOnly,
    /// There is no such event here, or it was deleted.
    NoSuchEvent,
    /// The message is about no event.
    NoEventThere,
    /// What was typed names no event; shortened to 100 characters.
    NoEventLike(String),
    /// The event takes no answers now.
    AnswersClosed(Phase),
    /// The event does not offer that option.
    NoSuchOption,
    /// More than one answer of the event fits the words; these are their names.
    SeveralOptions(Vec<String>),
    /// There is no answer to withdraw.
    NothingToWithdraw,
    /// The member has not answered the event.
    NoAnswerYet,
    /// Two members do not swap.
    NotSwapped(NotSwapped),
    /// Guests come with somebody who is coming, and the member has not said so.
    NotComing,
    /// The event's rules do not let the member answer so; with the roles that it asks for, at most
    /// [`muster_domain::limits::RULE_ROLES_MAX`].
    NotEligible(NotEligible, Vec<RoleId>),
    /// There is no room for so many guests, and the member's own place would be lost.
    NoRoomForGuests,
    /// There will never be room for so many under the answer of this name, which so many people at
    /// most can pick together.
    NeverRoom(String, usize),
    /// The change is not possible.
    Change(ChangeRefusal),
    /// Somebody else changed the event at the same moment.
    ChangedMeanwhile,
    /// This member changed the event since, so that nothing can be undone.
    ChangedSince(UserId),
    /// This member has given or changed the answer since that was to be put back.
    AnsweredSince(UserId),
    /// The time in which a change can be undone has passed.
    TooLateToUndo,
    /// The member taps too often.
    TooManyTaps(TapRate),
    /// The member is not let in with what they ask.
    NotLetIn(NotLetIn),
    /// Something is wrong with this number or time, of several that were given together.
    In(Number, Box<Self>),
    /// A text is empty or too long.
    Text(Field, TextError),
    /// The number of places is not possible.
    Capacity(CapacityError),
    /// The number of places is not a number; shortened to 100 characters.
    CapacityNotANumber(String),
    /// The answers that an event is to offer cannot be.
    Options(OptionWordsError),
    /// An answer cannot be changed so.
    OptionEdit(OptionEditError),
    /// What was given for an emoji is none; shortened to 100 characters.
    NotAnEmoji(String),
    /// The number of guests is none, or is too large; shortened to 100 characters.
    GuestsNotPossible(String),
    /// When answers close was not understood.
    Close(DurationError),
    /// Answers to a new event would have closed already.
    ClosesInThePast(Timestamp),
    /// The address of a picture is none.
    Image(ImageUrlError),
    /// The time was not understood, has passed, or does not exist.
    When(WhenError),
    /// The duration was not understood.
    Duration(DurationError),
    /// The end is before the start or too long after it.
    Span,
    /// The zone does not exist.
    Zone(ZoneError),
    /// Posts are cleaned away after a number of hours, which these words are not.
    HoursAfterEnd(String),
    /// A time of day was not understood.
    TimeOfDay(TimeOfDayError),
    /// The bot cannot post there; with what it lacks, as far as is known.
    CannotPost(ChannelId, Permissions),
    /// Events cannot be posted into that kind of channel.
    WrongKindOfChannel(ChannelId),
    /// The channel is not there, or the bot cannot see it.
    ChannelGone(ChannelId),
    /// Who asked may not notify that role.
    MayNotMention(RoleId),
    /// What was typed is no time while the event goes on; shortened to 100 characters.
    NoTimeInEvent(String, Span),
    /// Nobody comes and goes so.
    Times(TimesError, Span),
    /// Only organisers see who answered this event.
    NamesHidden,
    /// Nobody is coming, or may come, who could be told something.
    NobodyToTell,
    /// So much was told about this event that there is something new from then on only.
    ToldEnough(Timestamp),
    /// When a reminder is to go out was not understood.
    ReminderTime(ReminderTimeError),
    /// One more reminder is not possible.
    Reminders(RemindersError),
    /// The words of a reminder name something that cannot be filled in.
    Placeholder(UnknownPlaceholder),
    /// The members of a role are not known, as the operator has not switched that on.
    NeedsMemberLists,
    /// The reminders were changed since, so that nothing can be undone.
    RemindersChangedSince,
    /// The time in which a change of reminders can be undone has passed.
    RemindersTooLate,
    /// The words are no hours in which somebody is left in peace.
    QuietHours(QuietHoursError),
    /// Something about series or the weekly schedule.
    Planning(PlanRefusal),
    /// There is no such reminder.
    NoSuchReminder,
    /// This role cannot be given by an answer.
    NotGiven(RoleId, NotGiven),
    /// Discord did not say in time what there is to know of a role.
    RoleUnknown,
    /// What was typed names no week; shortened to 100 characters.
    NoSuchWeek(String),
    /// Nobody can be marked, or check in, so.
    CheckIn(CheckInRefusal),
    /// Who was chosen is not a member of this server.
    NoSuchMember,
    /// This member has not answered, so that nothing can be taken back for them.
    NothingOfTheirs(UserId),
    /// It cannot be done with a template.
    Template(TemplateRefusal),
    /// What was begun is no longer kept; begin again.
    DraftGone,
    /// The post is there already.
    PostExists(EventId),
    /// The button or form is not one of ours, or from a version before this one.
    Unknown,
}

/// Why nobody looks at what somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotLetIn {
    /// The member, or all of the guild together, ask for too much at once.
    TooMuch(TapRate),
    /// The member is kept out until then.
    MemberUntil(Timestamp),
    /// The guild is kept out until then; answers to events are not.
    GuildUntil(Timestamp),
    /// It is longer or more than Discord lets anybody send.
    Oversized,
}

/// Why something cannot be done with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateRefusal {
    /// What was typed is the name of no template; shortened to 100 characters.
    NoneNamed(String),
    /// There is this template of that name, in whatever case, so that the event was not saved under
    /// it.
    NameTaken(TemplateName, EventId, TemplateId),
    /// The guild has as many templates as it may have.
    TooMany,
    /// A newer version of Muster saved the template in a way that this one cannot read.
    Newer(TemplateName),
    /// The template was deleted for good, or was brought back before.
    Gone,
    /// Somebody replaced or deleted the template that was to be replaced.
    Changed,
}

/// Why somebody cannot be marked as having been there, or cannot check in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckInRefusal {
    /// It begins at this instant.
    NotYet(Timestamp),
    /// The event is over, was called off, or does not let members check in.
    Closed,
    /// The member has no place in it.
    NoPlace,
    /// The code is not that of this minute, nor of the one before.
    WrongCode,
    /// The member typed as many codes as one can within a minute
    /// (`muster_vitals::limiter::CODE_RATE`).
    TooManyCodes,
    /// Members do not check in to this event with a code.
    NoCode,
}

/// Something is broken on our side or Discord's. Has no words for members on purpose.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Fault {
    /// The store failed.
    #[error("store: {0}")]
    Store(#[from] StoreError),
}

/// Why a handler stopped.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// The person is told why.
    Refused(Refusal),
    /// The person is told that it failed, the operator why.
    Failed(Fault),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(Fault::Store(error))
    }
}
