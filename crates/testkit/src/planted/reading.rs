//! The planted bugs of what people look up.

use muster_domain::roster::Place;
use muster_store::model::{
    Attendance, Happened, HistoryLine, Page, RosterLine, RosterPart, SignupWay,
};

use super::Planted;
use crate::plant::Plant;

impl Planted {
    /// The page of a log that was read.
    pub(crate) fn after_history(&self, mut page: Page<HistoryLine>) -> Page<HistoryLine> {
        let is_for_somebody = |line: &HistoryLine| {
            matches!(line.what, Happened::Signup { way: SignupWay::Organiser, .. })
        };
        if self.plant() == Plant::LogForgetsOrganisers {
            page.rows.retain(|line| !is_for_somebody(line));
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
        if self.plant() == Plant::AttendanceCountsTheWaitlist {
            let begun = &mut attendance.begun;
            begun.coming += std::mem::take(&mut begun.waiting);
        }
        attendance
    }
}
