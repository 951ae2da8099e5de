//! Which messages there are, by the names that they have in the files.

/// Makes [`Key`] of the names of its messages: `SettingsZoneSet` is "settings.zone.set" in a file.
macro_rules! keys {
    ($($key:ident)+) => {
        /// Which message. One that no view says does not build, as it is dead code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Key {
            $($key,)+
        }

        /// Their names here, in order.
        pub(super) static NAMES: &[&str] = &[$(stringify!($key)),+];

        impl Key {
            /// All there are. For tests alone: that a message is used has to be seen elsewhere.
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$key),+];

            /// Its place among all.
            #[expect(clippy::as_conversions, reason = "the place of a variant")]
            pub(super) const fn index(self) -> usize {
                self as usize
            }
        }
    };
}

keys! {
    DateDay DateWeekday DateFull DateMonday DateTuesday DateWednesday DateThursday DateFriday
    DateSaturday DateSunday DateJanuary DateFebruary DateMarch DateApril DateMay DateJune DateJuly
    DateAugust DateSeptember DateOctober DateNovember DateDecember
    AnswersTitle AnswersAtOnce AnswersWaiting AnswersWaitingSeries AnswersSeries AnswersChange
    AnswersAgain AnswersAdd AnswersAsText AnswersBack AnswersTaken AnswersTakenHeld
    AnswersPeople AnswersPlaces AnswersUnlimited AnswersComing AnswersComingNot AnswersUnder
    AnswersUnderPlaces AnswersUnderHeld AnswersRoles AnswersRemoved AnswersRemovedLeft
    AnswersRemovedMore AnswersEdit AnswersCounts AnswersCountsStop AnswersCountsNot
    AnswersCountsStart AnswersTold AnswersToldStop AnswersToldNot AnswersToldStart AnswersGreen
    AnswersRed AnswersBlue AnswersGrey AnswersAllowed AnswersAllowedNone AnswersGranted
    AnswersGrantedNone AnswersAll AnswersUp AnswersDown AnswersRemove AnswersFormNew
    AnswersFormOne AnswersFormName AnswersFormEmoji AnswersFormEmojiHint AnswersFormPlacesHint
    AnswersFormPlacesNone AnswersFormHeading AnswersFormHeadingHint AnswersFormSharedHint
    AnswersFormTextHint AnswersPosted AnswersSeriesUnderstood AnswersSeriesPosted
    AnswersSeriesPostedOnce AnswersSeriesBack
    AttendanceTitle AttendanceNone AttendanceEvents AttendanceComing AttendanceWaiting
    AttendanceMaybe AttendanceNotComing AttendanceUnanswered AttendanceAbsent AttendanceNothing
    ChangedTitle ChangedStart ChangedEnd ChangedZone ChangedLocation ChangedPlaces
    ChangedPlacesUnder ChangedDescription ChangedGuests ChangedOffer ChangedClose ChangedMinimum
    ChangedAllowed ChangedDenied ChangedPriority ChangedMention ChangedHidden ChangedShown
    ChangedCheckInOff ChangedCheckIn ChangedCheckInCode ChangedPicture ChangedPictureNone
    ChangedAnswersAdded ChangedAnswersRemoved ChangedAnswersChanged ChangedAnswersOrder
    ChangedNone ChangedUnlimited ChangedCloseStart ChangedCloseBefore ChangedMinimumBefore
    ChangedMore
    DayToday DayYesterday DayHeading DayDate DayNone DayFirst DayUnanswered DaySilent
    DaySilentLately DayNamesHidden DayMore DayClosed DayMonday DayTuesday DayWednesday
    DayThursday DayFriday DaySaturday DaySunday DayJanuary DayFebruary DayMarch DayApril DayMay
    DayJune DayJuly DayAugust DaySeptember DayOctober DayNovember DayDecember
    DoctorTitle DoctorAgain DoctorNewer DoctorOlder DoctorChores DoctorSettings DoctorElsewhere
    DoctorRetry DoctorRetriedSent DoctorRetriedGoing DoctorRetriedRefused DoctorRetriedUnclear
    DoctorRetriedLate DoctorRetriedPostless DoctorRetriedNone DoctorWell DoctorWellTested
    DoctorWellNow DoctorMore
    DoctorFailed DoctorFailedLine DoctorFailedLineIn DoctorFailedLate DoctorTested
    DoctorTestedChannels DoctorTestedRoles DoctorUntested DoctorNext DoctorOfEvents
    DoctorOfOrganisers DoctorOfSeries DoctorSilent DoctorMentionGone DoctorMentionForbidden
    DoctorThreads DoctorMembers DoctorRoleUnknown DoctorRoleGone DoctorRoleManaged DoctorRolePower
    DoctorRoleForbidden DoctorRoleAbove DoctorOverdue DoctorPost DoctorClockBehind DoctorClockAhead
    DoctorDatabaseDamaged DoctorDatabaseBusy DoctorSpace DoctorDirect DoctorZone DoctorAdmin
    DoctorUndone DoctorUndoneThread DoctorUndoneName DoctorUndoneMessage DoctorUndoneArchive
    DoctorUndoneAllowed DoctorUndoneForbidden DoctorUnreadableSeries DoctorUnreadableSeriesSome
    DoctorUnreadableEvent DoctorUnreadableEventSome DoctorUnreadableDelivery
    DoctorUnreadableDeliverySome DoctorUnreadableSettings DoctorUnreadableRest
    DoorTaps DoorTapsNumber DoorSeconds DoorRequests DoorMember DoorGuild DoorOversized DoorAgain
    DoorFailed
    ExportIn ExportAnswers ExportEntries ExportCutAnswers ExportCutEntries
    FormNew FormEdit FormTitle FormWhen FormWhenHint FormDuration FormDurationHint
    FormDurationNone FormDescription FormPlaces FormPlacesHint FormPlacesNone FormLocation
    FormLocationWhere FormLocationHint FormPicture FormPictureAddress FormPictureHint
    GreetingText GreetingCreate GreetingSettings
    HelpTitle HelpEverybody HelpEverybodyCan HelpOrganisers HelpOrganisersCan HelpManagers
    HelpManagersCan HelpNextOrganiser HelpNextManager HelpNextBoth HelpNextZone HelpNextChannel
    ListPage ListPageAlone ListPageGone ListPrevious ListNext ListUpcoming ListUpcomingNone
    ListUpcomingNoneOrganiser ListUpcomingCreate ListOff ListOffNone ListOffPick ListComing
    ListComingOf ListWaiting ListPost ListClosed ListRunning ListOver ListCancelled ListDeleted
    ListSuggestionCancelled
    ListMine ListMineNone ListMineWaiting ListMineOffered ListMinePassed
    LogTitle LogEntries LogEmpty LogNewer LogOlder LogChanges LogBy LogEventCreated
    LogEventEdited LogEventCancelled LogEventRestored LogEventClosed LogEventReopened
    LogEventDeleted LogEventRules LogEventAnswers LogEventPicture LogUndoneEdited LogUndoneRules
    LogUndoneAnswers LogUndonePicture LogReminders LogReposted LogTold LogAnswered
    LogAnsweredAgain LogAnsweredChanged LogAnsweredWithdrew LogAnsweredNothing LogPromoted
    LogUnseated LogOffered LogPassed LogReassigned LogDetails LogErased LogCheckedIn LogPresent
    LogAbsent LogUnmarked LogAnswer LogAnswerGuests LogAnswerWaiting LogAnswerOffered
    LogAnswerPassed LogAnswerUnknown
    MembersTitle MembersAbout MembersGive MembersRemove MembersWho MembersWhoPick MembersNow
    MembersNowWaiting MembersNowOffered MembersNowPassed MembersNowNone MembersSwap
    MembersSwapPick MembersLose MembersLoseSwap MembersLoseGiveUp MembersLoseAnyway
    MembersSwapped MembersSwappedPlaces MembersSwappedWaits MembersSwappedAnswer
    NoticeMoved NoticeCancelled NoticeBack NoticeReminder NoticePromoted NoticePromotedMany
    NoticePromotedHidden NoticeOffered NoticeOfferedUnder NoticeOfferedShort NoticeOfferedMany
    NoticeOfferedHidden NoticeOfferedHiddenUnder NoticeOfferedAlone NoticeOfferedAloneUnder
    NoticeOfferedExpires NoticeOfferedDecline NoticeUnseated NoticeUnseatedMany
    NoticeUnseatedHidden NoticeFew NoticeFewOf NoticeTold NoticeToldWhom NoticeToldPlaceless
    NoticePlaceless NoticeWithout NoticePart NoticeNowhere NoticeShow NoticeGo NoticeStop
    NumberShared NumberGuests NumberOffer NumberClose NumberMinimum NumberMinimumBefore NumberTime
    OwnSeated OwnSeatedGuests OwnWaiting OwnWaitingGuests OwnPassed OwnPassedGuests
    OwnPassedAgain OwnHeld OwnHeldUnder OwnRank OwnRankAnswer OwnRankHeading OwnRoom OwnThat
    OwnAnswered OwnAccepted OwnAcceptedUnder OwnWithdrawn OwnUnchanged OwnUnheld
    OwnUnheldStranger OwnSame OwnSameWaiting OwnSameOffered OwnSamePassed OwnSameWithdraw
    OwnLose OwnLoseAnyway OwnAccept OwnWithdraw OwnUndirect OwnCalendar OwnNote OwnNoteNone
    OwnNoteChange OwnNoteTitle OwnNoteHint OwnTimes OwnTimesLate OwnTimesEarly OwnTimesBoth
    OwnTimesChange OwnArrives OwnArrivesHint OwnArrivesNone OwnLeaves OwnLeavesHint
    OwnLeavesNone OwnDirect OwnDirectStop OwnDirectNone OwnDirectStart OwnReminders OwnGuests
    OwnGuestsNone OwnGuestsMost OwnGuestsPick OwnGuestsAlone OwnGuestsBring
    PanelOwn PanelEverybody PanelCalendar PanelPost PanelThread PanelMarked PanelCode PanelEdit
    PanelLocation PanelClose PanelReopen PanelCancel PanelBringBack PanelMembers PanelAnswers
    PanelRules PanelPicture PanelTell PanelReminders PanelSeries PanelPostIt PanelPostAgain
    PanelPostBelow PanelUndo PanelUnderstood PanelCreated PanelCreatedPosted PanelPosting
    PanelPostingAgain PanelPostingMoved PanelPostingBack PanelPassedAnswers PanelPassedMinimum
    PanelPictured PanelPicturedNone PanelEdited PanelEditedClosed PanelEditedTold
    PanelEditedFollowing PanelPromoted PanelOffered PanelUnseated PanelCancelled
    PanelCancelledTold PanelCancelledKept PanelRestored PanelClosed PanelReopened PanelTakenBack
    PanelAsBefore PanelLeft PanelLeftMore
    PermissionView PermissionSend PermissionSendThreads PermissionEmbed PermissionAttach
    PermissionHistory PermissionMention PermissionThreads PermissionThreadsManage PermissionEvents
    PermissionServer PermissionSeveral
    PlanningSeveral PlanningDateless PlanningSeries PlanningSeriesMany PlanningSeriesEnded
    PlanningSeriesGoesOn PlanningSeriesChanged PlanningSeriesChangedSince PlanningDate PlanningDay
    PlanningDayMany PlanningDayNothing PlanningSkipDays PlanningSkipMany PlanningZone PlanningText
    PlanningLength PlanningField PlanningFieldLong PlanningFieldMany PlanningRuleEmpty
    PlanningRuleUnknown PlanningRuleOften PlanningRuleContradiction PlanningRuleMonth
    PlanningRuleClock PlanningRuleStart PlanningRuleOver PlanningRulePast PlanningRuleReadings
    PlanningRuleLong PlanningRuleInterval PlanningRuleCount PlanningRuleExcluded PlanningRuleAdded
    PlanningRuleBymonth PlanningRuleBymonthday PlanningRuleByday PlanningRuleWeekNth
    PlanningRuleWeekDay PlanningRulePosition PlanningRulePositionAlone PlanningRuleUnsupported
    PlanningRuleMalformed PlanningRuleTwice PlanningRuleEnds PlanningRuleMissing PlanningRuleZone
    PostCancelled PostDeleted PostHost PostErased PostClosesBefore PostClosesStart PostClosesEnd
    PostClosed PostRunning PostOver PostOff PostWhen PostWhenClose PostWhere PostPlaces
    PostPlacesTaken PostPlacesFull PostPlacesFree PostPlacesHeld PostAnswers PostAnswersGone
    PostAnswerGone PostShared PostNamesHidden PostFrom PostUntil PostExpires PostMore
    PostOffered PostWaitlist PostPassed PostPick PostCheckIn
    PresenceTitle PresenceNothing PresencePresent PresenceAbsent PresenceTakenBack
    PresenceCounts PresenceNobody PresencePageGone PresenceMarkAbsent PresenceMarkPresent
    PresenceAll PresenceRest PresenceRestAbsent PresenceCode PresenceCodeAbout PresenceCodeNew
    PresenceForm PresenceFormCode PresenceFormCodeHint PresenceHere PresenceHereAlready
    PrivacyExport PrivacyExportCut PrivacyConfirm PrivacyErase PrivacyDone PrivacyGoing
    RemindersTitle RemindersAll RemindersOfEvent RemindersOfEventGuild RemindersOfEventUsual
    RemindersOfGuild RemindersOfUsual RemindersUnlisted RemindersCount RemindersNone
    RemindersRemove RemindersFollow RemindersUsual RemindersAdded RemindersRemoved
    RemindersRemovedAt RemindersUndone RemindersReset RemindersLine RemindersSuggestion
    RemindersDue RemindersNever RemindersTimeStart RemindersTimeBefore RemindersTimeAfter
    RemindersTimeAt RemindersExpected RemindersGoing RemindersMaybe RemindersWaitlisted
    RemindersUnanswered RemindersUnansweredListed RemindersUnansweredRole RemindersEveryone
    RemindersRole RemindersThread RemindersChannel RemindersDirect
    QuestionMoment QuestionMomentNone QuestionChange QuestionBack QuestionOutdated
    QuestionOutdatedTitle QuestionOutdatedTime QuestionOutdatedPlaces QuestionOutdatedWhere
    QuestionOutdatedDescription QuestionOutdatedKept QuestionOutdatedOpen QuestionLocation
    QuestionUnlimited QuestionNone
    RefusalOrganiser RefusalManager RefusalServer RefusalEvent RefusalEventPost RefusalEventUnnamed
    RefusalEventLike RefusalForm RefusalPost RefusalUnknown RefusalOpen RefusalClosed RefusalRunning
    RefusalOver RefusalCancelled RefusalAnswer RefusalAnswerSeveral RefusalAnswerSeveralMore
    RefusalUnanswered RefusalUnansweredFirst RefusalComing RefusalSwapPlace RefusalSwapRoom
    RefusalRoom RefusalRoomNever RefusalGuests RefusalGuestsNone RefusalGuestsMost RefusalHidden
    RefusalStranger RefusalTheirs RefusalRoleEvent RefusalRoleDenied RefusalRoleAnswer
    RefusalRoleMore RefusalRoleSome RefusalOr RefusalChanged RefusalChangedSince
    RefusalAnsweredSince RefusalUndo RefusalUndoPast RefusalChangeOver RefusalChangeCancelled
    RefusalChangeNotCancelled RefusalChangeClosed RefusalChangeOpen RefusalChangeStart
    RefusalChangeEnd RefusalChangeNothing RefusalClosesPast RefusalClosesNow RefusalLooksPast
    RefusalRulesClose RefusalRulesOffer RefusalRulesMinimum RefusalRulesRoles RefusalEmptyTitle
    RefusalEmptyDescription RefusalEmptyLocation RefusalEmptyName RefusalEmptyNote
    RefusalEmptyMessage RefusalEmptyHeading RefusalLongTitle RefusalLongDescription
    RefusalLongLocation RefusalLongLocationLeft RefusalLongName RefusalLongNote RefusalLongMessage
    RefusalLongHeading RefusalIn RefusalPlaces RefusalPlacesUnread RefusalPeople RefusalPeopleUnread
    RefusalHours RefusalSpan RefusalWeek RefusalOptionsNone RefusalOptionsMany RefusalOptionsTwice
    RefusalOptionsNameless RefusalOptionsLong RefusalOptionsPlaces RefusalOptionsHeading
    RefusalOptionsShared RefusalOfferNone RefusalOfferMany RefusalOfferEver RefusalOfferTwice
    RefusalEditGone RefusalEditTwice RefusalEditPlaces RefusalEditRole RefusalEditShared
    RefusalEditHeading RefusalEditRoles RefusalEmoji RefusalPictureAddress RefusalPictureCharacters
    RefusalPictureLong RefusalDuring RefusalDuringArrives RefusalDuringLeaves RefusalDuringTurned
    RefusalChannelPost RefusalChannelLacks RefusalChannelKind RefusalChannelGone RefusalMention
    RefusalLists RefusalGivesGone RefusalGivesManaged RefusalGivesPower RefusalGivesYours
    RefusalGivesMine RefusalGivesAbove RefusalGivesUnknown RefusalToldNobody RefusalToldEnough
    RefusalReminder RefusalReminderTwice RefusalReminderDirect RefusalReminderFull
    RefusalReminderChanged RefusalReminderLate RefusalPlaceholder RefusalPresenceEarly
    RefusalPresenceClosed RefusalPresenceCode RefusalPresenceCodes RefusalPresenceCodeless
    RefusalPresencePlace RefusalTemplate RefusalTemplateTaken RefusalTemplateMany
    RefusalTemplateNewer RefusalTemplateGone RefusalTemplateChanged
    ReportWeek ReportMidweek ReportChoice ReportChoiceThis ReportChoiceLast ReportShow ReportShare
    ReportEvents ReportMembers ReportMore ReportNone ReportSummary ReportRecent ReportUp ReportDown
    ReportSteady ReportDays ReportDay ReportDayThere ReportAnswers ReportConsistent
    ReportConsistentLine ReportAbsent ReportUnanswered ReportFooter ReportFooterConsistent
    ReportEvent ReportEventAnswered ReportEventThere ReportEventOpen ReportEventFooter
    ReportEventSilent ReportOffered ReportWaiting ReportPassed ReportMember ReportMemberNone
    ReportMemberCame ReportMemberAbsent ReportMemberMore ReportMemberLess ReportMemberSame
    ReportMemberFooter ReportChartDays ReportChartWeeks ReportChartWeek ReportChartKinds
    ReportChartEvent ReportChartAnswer ReportChartWho ReportChartOne ReportChartMembers
    ReportChartEvents ReportChartAnswered ReportChartComing ReportChartCame ReportChartPresent
    ReportChartAbsent ReportChartOpen ReportAlt ReportAltPanel ReportAltHighest ReportAltLowest
    ReportAltLast ReportAltAlways ReportAltNothing ReportAltNumbers
    RosterEverybody RosterOffered RosterWaitlist RosterPassed RosterOther RosterAnswers
    RosterNobody RosterPageGone RosterLineOffered RosterLineWaiting RosterLinePassed RosterPick
    RosterPickMore RosterCopy RosterCopied
    RulesTitle RulesAtOnce RulesChange RulesGuests RulesGuestsNone RulesOffer RulesOfferNone
    RulesClose RulesClosePassed RulesCloseStart RulesCloseStartPassed RulesMinimum
    RulesMinimumPassed RulesMinimumNone RulesAllowed RulesAllowedNone RulesDenied
    RulesDeniedNone RulesPriority RulesPriorityNone RulesMention RulesMentionNone RulesHidden
    RulesHiddenShow RulesShown RulesShownHide RulesCheckInOff RulesCheckInButton
    RulesCheckInCode RulesPickOff RulesPickButton RulesPickCode RulesFormGuestsHint
    RulesFormGuestsNone RulesFormOfferHint RulesFormOfferNone RulesFormCloseHint
    RulesFormCloseNone RulesFormMinimumHint RulesFormMinimumNone RulesFormBeforeHint
    RulesFormBeforeNone
    ScheduleTitle ScheduleWeek ScheduleDay ScheduleDayToday ScheduleDayNothing ScheduleMore
    ScheduleSeries SchedulePick ScheduleDays SchedulePaused ScheduleResume ScheduleSetup
    ScheduleWalk ScheduleWalkDay ScheduleWalkPlan ScheduleWalkMore ScheduleWalkBack ScheduleWalkNext
    ScheduleWalkNothing ScheduleWalkDone ScheduleWalkEmpty ScheduleWalkReady SchedulePlanned
    SchedulePlannedNext SchedulePlannedOpen ScheduleCleared ScheduleClearedAgain ScheduleSkipped
    SchedulePosted SchedulePostedRefreshed SchedulePostedMoved SchedulePostedRestored
    SchedulePostedKept
    SeriesTitle SeriesRhythm SeriesTimesLong SeriesPosted SeriesEnded SeriesPostedDay
    SeriesPostedBefore SeriesPostedAhead SeriesPostedStart SeriesReminders SeriesRemindersMore
    SeriesRemindersNone
    SeriesRemarkMonths SeriesRemarkLeap SeriesRemarkFifth SeriesDates
    SeriesDatesNone SeriesDatePosted SeriesDatePostedCancelled SeriesDateAlone
    SeriesDateAloneCancelled SeriesPick SeriesPickSkipped SeriesEdit SeriesPosting SeriesEnd
    SeriesResume SeriesWeek SeriesAnswers SeriesBack SeriesPlace SeriesPlaceRole SeriesPlaceNobody
    SeriesPlaceChannelPick SeriesPlaceRolePick SeriesPlaceRoleNone SeriesOne SeriesOneSkip
    SeriesOneAlone SeriesOneNow SeriesOneBack SeriesOneSeries SeriesOneSkipped SeriesOneUnskipped
    SeriesOnePosted SeriesOnePosting SeriesWhich SeriesWhichOther SeriesForm SeriesFormDay
    SeriesFormTitle SeriesFormTimeHint SeriesFormDurationHint SeriesFormDurationExample
    SeriesFormDescription SeriesFormRepeat SeriesFormRepeatHint SeriesFormFields
    SeriesFormFieldsHint SeriesFormFieldsExample SeriesFormPosted SeriesFormPostedHint
    SettingsTitle SettingsZone SettingsZoneSet SettingsZoneDefault SettingsZoneNone
    SettingsZoneChange SettingsTimes SettingsTimesHint SettingsTimesAsk SettingsTimesChange
    SettingsTimesTitle SettingsTimesEvent SettingsTimesEventHint SettingsTimesPosting
    SettingsTimesPostingHint SettingsChannel SettingsChannelNone SettingsChannelPick
    SettingsOrganisers SettingsOrganisersNone SettingsOrganisersPick SettingsMention
    SettingsMentionEveryone SettingsMentionNone SettingsMentionPick SettingsAdmin
    SettingsAdminNone SettingsAdminPick SettingsNames SettingsNamesHidden SettingsNamesShown
    SettingsNamesHide SettingsNamesShow SettingsLeaderboards SettingsLeaderboardsOn
    SettingsLeaderboardsOff SettingsLeaderboardsStart SettingsLeaderboardsStop SettingsThreads
    SettingsThreadsOn SettingsThreadsOff SettingsThreadsStart SettingsThreadsStop SettingsNudges
    SettingsNudgesOn SettingsNudgesOff SettingsNudgesNowhere SettingsNudgesStart
    SettingsNudgesStop SettingsClean SettingsCleanKeep SettingsCleanKeepOption
    SettingsCleanArchive SettingsCleanArchiveOption SettingsCleanDelete
    SettingsCleanDeleteOption SettingsCleanPick SettingsCleanHours SettingsCleanHoursHint
    SettingsKept SettingsKeptDays SettingsKeptEver SettingsKeptOption SettingsKeptPick
    SettingsLanguage SettingsLanguageName SettingsLanguagePick
    SpanDays SpanHours SpanMinutes SpanShortDays SpanShortHours SpanShortMinutes
    TellingWhomGoing TellingWhomWaitlisted TellingWhomExpected TellingPickGoing
    TellingPickWaitlisted TellingPickExpected TellingTitle TellingPick TellingWords
    TellingWordsHint TellingWordsExample TellingMembers TellingPlaceless TellingReach
    TellingReachMany TellingReachHidden TellingReachPlaceless TellingReachDirect TellingNone
    TellingTaken TellingSent TellingSentChannel TellingSentDirect TellingSentMessages
    TellingSentMembers TellingSentFailed TellingSentClosed TellingWrite TellingWriteMore
    TellingProgress TellingBack
    TemplateSaved TemplateReplace TemplateReplaced TemplatePutBack TemplateNone TemplateList
    TemplateLine TemplateNewer TemplateDeleted TemplateUndo TemplateRestored TemplatePlaces
    TemplateLocation TemplateDescription TemplateImage TemplateMention TemplateReminders
    TemplateAnswers TemplateAnswersMore
    TroubleHeading TroubleNext TroubleWeek TroubleMissed TroubleUnknown TroubleBroken TroubleFailed
    TroubleGone TroubleMore TroubleMissedLine TroubleFailedLine TroubleFailedLineIn TroubleGoneLine
    TroubleOfPost TroubleOfMoved TroubleOfCancelled TroubleOfBack TroubleOfPromoted TroubleOfOffered
    TroubleOfUnseated TroubleOfFew TroubleOfTold TroubleOfReminder TroubleWhyGone
    TroubleWhyForbidden TroubleWhyPostless TroubleWhyRefused TroubleWhyUnclear
    TroubleChannelWorks TroubleChannelGone TroubleChannelClosed TroubleChannelLacks TroubleDoctor
    TroubleAgain
    UndoOvertaken
    WhenEmpty WhenLong WhenUnknown WhenDate WhenTime WhenPart WhenPast WhenTimeless WhenDayless
    WhenFar WhenWeekday WhenEnd WhenZoneSeveral WhenZoneUnknown WhenReadings WhenDurationEmpty
    WhenDurationUnknown WhenDurationUnit WhenDurationShort WhenDurationLong WhenCloseShort WhenClose
    WhenCheckShort WhenCheck WhenClockHalf WhenClockUnknown WhenReminderEmpty WhenReminderHalf
    WhenReminderUnknown WhenReminderEarly WhenReminderLate WhenQuiet WhenQuietEndless
    WhenPostingHalf WhenPostingUnknown WhenPostingEarly WhenZone WhenZoneNear
    WishesOpen WishesTitle WishesMentions WishesMentionsStop WishesMentionsNone
    WishesMentionsStart WishesDirect WishesDirectStop WishesDirectNone WishesDirectStart
    WishesQuiet WishesQuietZoneless WishesQuietNone WishesQuietHours WishesQuietChange
    WishesQuietHint WishesQuietEmpty
    ZoneAsk ZoneOwn ZoneGuild ZoneDefault ZoneNone ZoneChosen ZonePick ZoneOther ZoneForm ZoneName
    ZoneNameHint ZoneNameEmpty
}
