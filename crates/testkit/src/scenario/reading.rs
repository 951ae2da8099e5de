//! People who look things up beside all that happens, drawn apart so that they change nothing else.

use super::Story;
use crate::people::Person;
use crate::random::Random;

/// After one step in so many somebody reads the log of an event; in as many each has one exported,
/// and looks up what a member answered.
const READS_IN: u64 = 24;

impl Story {
    /// Perhaps somebody looks something up.
    pub(super) fn somebody_reads(&mut self, step: u64, readers: &mut Random) {
        let drawn = readers.below(READS_IN);
        let who = [self.stage.cast.owner, self.stage.cast.organiser];
        let Some(who) = readers.pick(&who).copied().filter(|_| drawn < 3) else { return };
        let random = self.stage.random(&format!("reader {step}"));
        let who = Person::new(&self.stage, who, random);
        match drawn {
            0 => drop(self.acts.spawn(who.reads_the_log())),
            1 => drop(self.acts.spawn(who.exports_an_event())),
            _ => drop(self.acts.spawn(who.looks_up_attendance())),
        }
    }
}
