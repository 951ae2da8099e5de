//! What members say beside their answers: a note, when they come and go, how they are told.

use jiff::Timestamp;

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
