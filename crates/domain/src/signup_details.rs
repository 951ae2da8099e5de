//! What members say beside their answers: a note, when they come and go, how they are told.

use jiff::Timestamp;
use thiserror::Error;

use crate::event::Span;
use crate::text::Note;

/// What a member said beside an answer. The default is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignupDetails {
    /// A note for the organisers.
    pub note: Option<Note>,
    /// When they arrive, if later than the start.
    pub arrives: Option<Timestamp>,
    /// When they leave, if earlier than the end.
    pub leaves: Option<Timestamp>,
    /// Whether they want to be told by direct message, too.
    pub direct: bool,
}

/// What a member says anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DetailsChange {
    /// This note, or none.
    Note(Option<Note>),
    /// Comes late or goes early, or neither.
    Times {
        /// When they arrive, if later than the start.
        arrives: Option<Timestamp>,
        /// When they leave, if earlier than the end.
        leaves: Option<Timestamp>,
    },
    /// Whether they want to be told by direct message.
    Direct(bool),
}

/// Why times beside an answer were not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TimesError {
    /// Comes before the event begins, or when it is over.
    #[error("you can only arrive during the event")]
    Arrives,
    /// Goes before the event begins, or when it is over.
    #[error("you can only leave during the event")]
    Leaves,
    /// Goes before coming.
    #[error("you cannot leave before you arrive")]
    GoneBefore,
}

impl DetailsChange {
    /// Comes late or goes early, or neither, to an event of this span.
    pub fn times(
        span: Span,
        arrives: Option<Timestamp>,
        leaves: Option<Timestamp>,
    ) -> Result<Self, TimesError> {
        let is_outside = |at: &Timestamp| *at <= span.start() || *at >= span.end();
        match (arrives, leaves) {
            (Some(arrives), _) if is_outside(&arrives) => Err(TimesError::Arrives),
            (_, Some(leaves)) if is_outside(&leaves) => Err(TimesError::Leaves),
            (Some(arrives), Some(leaves)) if leaves <= arrives => Err(TimesError::GoneBefore),
            (arrives, leaves) => Ok(Self::Times { arrives, leaves }),
        }
    }
}

impl SignupDetails {
    /// The details with one of them changed.
    #[must_use]
    pub fn changed(&self, change: DetailsChange) -> Self {
        let mut after = self.clone();
        match change {
            DetailsChange::Note(note) => after.note = note,
            DetailsChange::Times { arrives, leaves } => {
                (after.arrives, after.leaves) = (arrives, leaves);
            }
            DetailsChange::Direct(direct) => after.direct = direct,
        }
        after
    }

    /// The details when the event has moved from one time to another. Where it begins and ends as
    /// much later or earlier, or at quite another time, so do these times; where it only becomes
    /// longer or shorter, they stay. What does not fit is kept all the same, so that moving an
    /// event back loses nothing: [`SignupDetails::within`] leaves it out.
    #[must_use]
    pub fn moved(&self, from: Span, to: Span) -> Self {
        let by = [to.start().duration_since(from.start()), to.end().duration_since(from.end())];
        let meet = from.start() < to.end() && to.start() < from.end();
        if by[0] != by[1] && meet {
            return self.clone();
        }
        let later = |at: Option<Timestamp>, by| at.and_then(|at| at.checked_add(by).ok());
        let (arrives, leaves) = (later(self.arrives, by[0]), later(self.leaves, by[1]));
        self.changed(DetailsChange::Times { arrives, leaves })
    }

    /// When the member comes late and leaves early, as far as that means something for an event of
    /// this span: what is within it, and nothing if one would leave before coming.
    #[must_use]
    pub fn times_within(&self, span: Span) -> (Option<Timestamp>, Option<Timestamp>) {
        let fitting = |at: &Timestamp| span.start() < *at && *at < span.end();
        match (self.arrives.filter(fitting), self.leaves.filter(fitting)) {
            (Some(arrives), Some(leaves)) if leaves <= arrives => (None, None),
            times => times,
        }
    }

    /// The details with the times that [`SignupDetails::times_within`] leaves.
    #[must_use]
    pub fn within(&self, span: Span) -> Self {
        let (arrives, leaves) = self.times_within(span);
        Self { arrives, leaves, ..self.clone() }
    }

    /// Whether a post looks the same with both.
    #[must_use]
    pub fn looks_like(&self, other: &Self) -> bool {
        (self.arrives, self.leaves) == (other.arrives, other.leaves)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_within_the_event_and_in_order() {
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        let span = Span::new(at(0), at(120)).unwrap();
        let times = |arrives: Option<i64>, leaves: Option<i64>| {
            DetailsChange::times(span, arrives.map(at), leaves.map(at)).map(drop)
        };
        for sound in [(None, None), (Some(1), None), (None, Some(119)), (Some(30), Some(31))] {
            assert_eq!(times(sound.0, sound.1), Ok(()));
        }
        for late in [-1, 0, 120, 121] {
            assert_eq!(times(Some(late), None), Err(TimesError::Arrives));
            assert_eq!(times(None, Some(late)), Err(TimesError::Leaves));
        }
        assert_eq!(times(Some(60), Some(60)), Err(TimesError::GoneBefore));
    }

    #[test]
    fn times_move_with_their_event() {
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        let span = |start, end| Span::new(at(start), at(end)).unwrap();
        let said = |arrives: Option<i64>, leaves: Option<i64>| SignupDetails {
            arrives: arrives.map(at),
            leaves: leaves.map(at),
            direct: true,
            ..SignupDetails::default()
        };
        let both = said(Some(30), Some(100));
        let from = span(0, 120);
        assert_eq!(both.moved(from, span(1_000, 1_120)), said(Some(1_030), Some(1_100)));
        assert_eq!(both.moved(from, span(30, 150)), said(Some(60), Some(130)), "a bit later");
        assert_eq!(both.moved(from, span(0, 240)), both, "longer");
        assert_eq!(both.moved(from, span(60, 120)), both, "shorter");
        assert_eq!(both.moved(from, span(1_000, 1_060)), said(Some(1_030), Some(1_040)));
        assert_eq!(both.moved(from, span(120, 180)), said(Some(150), Some(160)), "right after");
        assert_eq!(both.moved(from, span(-60, 0)), said(Some(-30), Some(-20)), "right before");
        for to in [span(1_000, 1_120), span(60, 90), span(0, 240), span(1_000, 1_020)] {
            assert_eq!(both.moved(from, to).moved(to, from), both, "there and back");
        }
        assert_eq!(said(None, None).moved(from, span(5, 9)), said(None, None));
    }

    #[test]
    fn times_that_do_not_fit_are_left_out() {
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        let said = |arrives: Option<i64>, leaves: Option<i64>| SignupDetails {
            arrives: arrives.map(at),
            leaves: leaves.map(at),
            direct: true,
            ..SignupDetails::default()
        };
        let within =
            |start, end| said(Some(30), Some(100)).within(Span::new(at(start), at(end)).unwrap());
        assert_eq!(within(0, 120), said(Some(30), Some(100)));
        assert_eq!(within(0, 100), said(Some(30), None), "they stay to the end now");
        assert_eq!(within(30, 120), said(None, Some(100)), "they are in time now");
        assert_eq!(within(100, 120), said(None, None));
        let crossed = said(Some(30), Some(20)).within(Span::new(at(0), at(60)).unwrap());
        assert_eq!(crossed, said(None, None), "nobody goes before they come");
    }

    #[test]
    fn a_change_leaves_the_rest_alone_and_only_times_are_shown() {
        let note = Note::parse("by bus").unwrap();
        let noted = SignupDetails::default().changed(DetailsChange::Note(Some(note.clone())));
        let told = noted.changed(DetailsChange::Direct(true));
        let arrives = Some(Timestamp::UNIX_EPOCH);
        let late = told.changed(DetailsChange::Times { arrives, leaves: None });
        assert_eq!(late, SignupDetails { note: Some(note), arrives, leaves: None, direct: true });
        assert_eq!([told.looks_like(&noted), late.looks_like(&told)], [true, false]);
    }
}
