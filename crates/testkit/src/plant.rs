//! Bugs planted on purpose at the ports, to see that the oracle finds them. Nothing of this is in
//! the product.

/// A planted bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plant {
    /// None: the product as it is.
    Nothing,
    /// A tap is answered before it is on the disk; a crash soon after loses it.
    AnsweredBeforeSaved,
    /// Who should wait gets a place although there is none.
    Overbooked,
    /// Who waits for one of the places that answers below a heading share gets one although there
    /// is none.
    OverbookedBelowAHeading,
    /// The waitlist is in another order than the answers came.
    WaitlistOutOfOrder,
    /// What an earlier tap said comes back after a later one.
    EarlierTapWins,
    /// A tap that is delivered again counts as a new one.
    RepeatCounts,
    /// Posts are never brought up to date.
    StaleForEver,
    /// An edit of a post is taken for done before it is.
    EditForgotten,
    /// Some interactions get two answers.
    AnsweredTwice,
    /// Some taps are never answered.
    NeverAnswered,
    /// The answer shows the post as it was before the tap.
    AnswerWithoutTheTap,
    /// News mention somebody whom they do not concern.
    StrangerMentioned,
    /// The attempt of a delivery is marked only after it.
    SentBeforeMarked,
    /// A delivery is never made.
    DeliveryForgotten,
    /// A delivery that should be tried again is given up.
    GivenUp,
    /// After one look in vain for a message, whether it was sent counts as unknown for good.
    GivenUpLooking,
    /// What is kept no longer is never let go.
    KeptForEver,
    /// A tap on a closed event is taken.
    ClosedEventTakesTaps,
    /// What an organiser answers for a member is put under somebody else.
    WrongMember,
    /// A change of an event's answers is told to be made and leaves no trace.
    OptionsForgotten,
    /// An answer that was removed takes answers still.
    RemovedStaysOpen,
    /// Roles that were given are never taken.
    RoleKept,
    /// What an organiser tells does not reach the first of those whom it is for.
    ToldToAllButOne,
    /// What a clock that was ahead brought about is left as it is.
    TimesNotMended,
    /// Once a clock was set back, reminders that left count as never sent.
    RemindsAgain,
    /// What Discord took without an answer is sent again without a look.
    SentWithoutALook,
    /// What was made of an occurrence is forgotten, and made again.
    OccurrenceTwice,
    /// That the post of an occurrence was sent is forgotten, and it is sent again.
    OccurrencePostedAgain,
    /// An occurrence that is due is passed over.
    OccurrenceForgotten,
    /// What nobody posted before it was over leaves no trace.
    MissedForgotten,
    /// A series keeps the offset from UTC that its zone had when it was made.
    SeriesOnAnOffset,
    /// A date is told to be left out and takes place.
    SkippedIsMade,
    /// A series is told to have ended and goes on.
    EndedGoesOn,
    /// A channel that refused is not left alone.
    RefusedAgain,
    /// A thread is taken for opened before it is.
    ThreadForgotten,
    /// What Discord took in a forum without an answer is sent again without a look.
    ForumPostedAgain,
    /// Where members get direct messages at the same instant, their channel is not reminded.
    SwallowedByDirect,
    /// A date that is moved is posted when it would have been.
    MovedKeepsItsPost,
    /// The last line of each page of a log is missing.
    LogForgetsALine,
    /// The log of an event has the latest two lines in the other order.
    LogOutOfOrder,
    /// Who waits is in no file of an event.
    ExportForgetsTheWaitlist,
    /// A table has cells that a spreadsheet takes for formulas.
    FormulasInTables,
    /// Events that a member did not answer are not counted.
    AttendanceForgetsSilence,
    /// A template has the answers of its event without the places that they share.
    TemplateLosesHeadings,
    /// A template that was deleted can be used.
    DeletedTemplateStays,
    /// An event that is made like another one has no limit.
    CopyLosesPlaces,
    /// A member is handed all answers of theirs but one.
    DataForgetsAnAnswer,
}

impl Plant {
    /// Every bug.
    pub const BUGS: [Self; 47] = [
        Self::AnsweredBeforeSaved,
        Self::Overbooked,
        Self::OverbookedBelowAHeading,
        Self::WaitlistOutOfOrder,
        Self::EarlierTapWins,
        Self::RepeatCounts,
        Self::StaleForEver,
        Self::EditForgotten,
        Self::AnsweredTwice,
        Self::NeverAnswered,
        Self::AnswerWithoutTheTap,
        Self::StrangerMentioned,
        Self::SentBeforeMarked,
        Self::DeliveryForgotten,
        Self::GivenUp,
        Self::GivenUpLooking,
        Self::KeptForEver,
        Self::ClosedEventTakesTaps,
        Self::WrongMember,
        Self::OptionsForgotten,
        Self::RemovedStaysOpen,
        Self::RoleKept,
        Self::ToldToAllButOne,
        Self::TimesNotMended,
        Self::RemindsAgain,
        Self::SentWithoutALook,
        Self::OccurrenceTwice,
        Self::OccurrencePostedAgain,
        Self::OccurrenceForgotten,
        Self::MissedForgotten,
        Self::SeriesOnAnOffset,
        Self::SkippedIsMade,
        Self::EndedGoesOn,
        Self::RefusedAgain,
        Self::ThreadForgotten,
        Self::ForumPostedAgain,
        Self::SwallowedByDirect,
        Self::MovedKeepsItsPost,
        Self::LogForgetsALine,
        Self::LogOutOfOrder,
        Self::ExportForgetsTheWaitlist,
        Self::FormulasInTables,
        Self::AttendanceForgetsSilence,
        Self::TemplateLosesHeadings,
        Self::DeletedTemplateStays,
        Self::CopyLosesPlaces,
        Self::DataForgetsAnAnswer,
    ];
}
