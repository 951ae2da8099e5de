//! The planted bugs of what people look up, and of what they make of it.

use muster_domain::answer_option::Options;
use muster_domain::roster::Place;
use muster_store::model::{
    Attendance, HistoryLine, NewEvent, NewTemplate, Page, RosterLine, RosterPart,
};

use super::Planted;
use crate::plant::Plant;

impl Planted {
    /// The page of a log that was read.
    pub(crate) fn after_history(&self, mut page: Page<HistoryLine>) -> Page<HistoryLine> {
        if self.plant() == Plant::LogForgetsALine {
            page.rows.pop();
        }
        if self.plant() == Plant::LogOutOfOrder && page.rows.len() > 1 {
            page.rows.swap(0, 1);
        }
        page
    }

    /// The page of a roster that was read.
    pub(crate) fn after_roster(
        &self,
        part: RosterPart,
        mut page: Page<RosterLine>,
    ) -> Page<RosterLine> {
        if self.plant() == Plant::ExportForgetsTheWaitlist && part == RosterPart::Everyone {
            page.rows.retain(|line| line.signup.place != Place::Waiting);
        }
        page
    }

    /// What a member answered, in numbers.
    pub(crate) fn after_attendance(&self, mut attendance: Attendance) -> Attendance {
        if self.plant() == Plant::AttendanceForgetsSilence {
            let begun = &mut attendance.begun;
            begun.events -= begun.unanswered();
        }
        attendance
    }

    /// Before a template is saved.
    pub(crate) fn before_template(&self, mut new: NewTemplate) -> NewTemplate {
        if self.plant() == Plant::TemplateLosesHeadings {
            let options = &mut new.template.options;
            if let Ok(alone) = Options::new(options.iter().cloned().collect()) {
                *options = alone;
            }
        }
        new
    }

    /// Before an event is made like another one.
    pub(crate) fn before_copy(&self, mut new: NewEvent) -> NewEvent {
        if self.plant() == Plant::CopyLosesPlaces {
            new.details.capacity = None;
        }
        new
    }
}
