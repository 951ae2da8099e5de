//! What the next connections, identifies, resumes and events will meet.

use std::collections::VecDeque;

/// The most steps of one kind that may be scripted at once.
const MAX_STEPS: usize = 1_000;

/// What a new connection meets instead of being greeted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greeting {
    /// It is open, and no HELLO comes.
    Silence,
    /// HELLO, and then a close with this code.
    Close(u16),
    /// HELLO, and then the connection is cut.
    Cut,
}

/// What an identify or a resume meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Op 9. Not `resumable` also ends the session that was to be resumed.
    Invalid {
        /// What op 9 says.
        resumable: bool,
    },
    /// A close with this code.
    Close(u16),
    /// The connection is cut.
    Cut,
    /// Nothing comes, neither READY nor a refusal.
    Silence,
    /// It works, and op 7 comes right after it.
    ThenReconnect,
}

/// What happens to an event on its way to a connected bot. A resume brings it as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventFault {
    /// It comes twice, with the same number.
    Twice,
    /// It does not come: its number is missing.
    Lost,
    /// It comes after so many later ones; not at all if there are fewer.
    Late {
        /// How many overtake it.
        by: u32,
    },
}

/// Steps that are still to come, first to last.
#[derive(Debug)]
pub(super) struct Steps<T>(VecDeque<(u32, T)>);

impl<T> Default for Steps<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T: Copy> Steps<T> {
    /// The next `times` get `step`, after those that were added before.
    pub(super) fn add(&mut self, times: u32, step: T) {
        if times > 0 && self.0.len() < MAX_STEPS {
            self.0.push_back((times, step));
        }
    }

    pub(super) fn take(&mut self) -> Option<T> {
        let (left, step) = self.0.front_mut()?;
        let step = *step;
        *left -= 1;
        if *left == 0 {
            self.0.pop_front();
        }
        Some(step)
    }
}

/// All that is scripted.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) greetings: Steps<Greeting>,
    pub(super) identifies: Steps<Entry>,
    pub(super) resumes: Steps<Entry>,
    pub(super) events: Steps<EventFault>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_come_in_order_as_often_as_asked_for() {
        let mut steps = Steps::default();
        steps.add(2, 'a');
        steps.add(0, 'b');
        steps.add(1, 'c');
        let taken: String = std::iter::from_fn(|| steps.take()).collect();
        assert_eq!(taken, "aac");
    }
}
