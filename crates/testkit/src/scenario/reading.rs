//! People who look things up beside all that happens, and who make further events of those that
//! there are; drawn apart so that they change nothing else.

use super::Story;
use crate::people::Person;
use crate::random::Random;

/// After one step in so many somebody reads the log of an event; in as many each has one exported,
/// looks up what a member answered, and asks for all that is kept about themselves.
const READS_IN: u64 = 24;

/// After one step in so many somebody saves an event as a template; in as many, copies one, and
/// brings one back that was called off.
const MAKES_IN: u64 = 50;

/// What is drawn for those who do so.
pub(super) struct Beside {
    readers: Random,
    makers: Random,
}

impl Beside {
    /// What is drawn for this story.
    pub(super) fn of(story: &Story) -> Self {
        Self { readers: story.stage.random("readers"), makers: story.stage.random("makers") }
    }
}

impl Story {
    /// Perhaps somebody looks something up.
    pub(super) fn somebody_reads(&mut self, step: u64, beside: &mut Beside) {
        let drawn = beside.readers.below(READS_IN);
        let reader = self.one_of_them(&format!("reader {step}"), &mut beside.readers);
        match (drawn, reader) {
            (0, Some(who)) => drop(self.acts.spawn(who.reads_the_log())),
            (1, Some(who)) => drop(self.acts.spawn(who.exports_an_event())),
            (2, Some(who)) => drop(self.acts.spawn(who.looks_up_attendance())),
            (3, _) => {
                let Some(who) = beside.readers.pick(&self.stage.cast.members).copied() else {
                    return;
                };
                let random = self.stage.random(&format!("reader {step}"));
                let who = Person::new(&self.stage, who, random);
                self.acts.spawn(who.asks_for_their_data());
            }
            _ => {}
        }
    }

    /// Perhaps somebody makes a further event.
    pub(super) fn somebody_makes(&mut self, step: u64, beside: &mut Beside) {
        let drawn = beside.makers.below(MAKES_IN);
        let maker = self.one_of_them(&format!("maker {step}"), &mut beside.makers);
        match (drawn, maker) {
            (0, Some(who)) => drop(self.acts.spawn(who.makes_a_template())),
            (1, Some(who)) => drop(self.acts.spawn(who.copies_an_event())),
            (2, Some(who)) => drop(self.acts.spawn(who.brings_back())),
            _ => {}
        }
    }

    /// An organiser, with this randomness.
    fn one_of_them(&self, name: &str, drawn: &mut Random) -> Option<Person> {
        let all = [self.stage.cast.owner, self.stage.cast.organiser];
        let who = drawn.pick(&all).copied()?;
        Some(Person::new(&self.stage, who, self.stage.random(name)))
    }
}
